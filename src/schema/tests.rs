//! Tests: the tables of keys test themselves; schemas and reference pages are what they say.

use super::*;
use crate::fields::Reader;
use crate::file::SourcePath;
use crate::tree::{self, Syntax, TextFile};

/// Every table of keys that there is, with a name for messages.
fn all_tables() -> Vec<(&'static str, &'static [Key])> {
    let mut tables = vec![("front matter", FRONT_MATTER), ("civicast.toml", CONFIG), ("screens.toml", SCREENS)];
    for i in 0..tables.len() {
        for key in tables[i].1 {
            tables.extend(inner_table(key.shape).map(|(keys, _)| (key.name, keys)));
        }
    }
    tables
}

#[test]
fn every_key_has_names_documentation_and_an_example_that_is_read() {
    for (table, keys) in all_tables() {
        for key in keys {
            assert!(!key.zh.is_empty() && !key.doc_zh.is_empty() && !key.doc_en.is_empty(), "{table}: {}", key.name);
            for name in names(key) {
                let text = format!("{name} = {}", key.example);
                let file = TextFile::new(SourcePath::new("example.toml"), text.clone());
                let tree = tree::parse_all(&file, Syntax::Toml);
                let mut reader = Reader::new(&file, Syntax::Toml, keys);
                let fields = reader.read(&tree.root);
                assert!(tree.problems.is_empty(), "{text}: {:?}", tree.problems);
                assert!(reader.problems.is_empty(), "{text}: {:?}", reader.problems);
                assert!(fields.get(key.name).is_some(), "{text}");
                // The example is shown for YAML too, where it must mean the same.
                let yaml = crate::fields::example(key, Syntax::Yaml).replacen(key.name, name, 1);
                let file = TextFile::new(SourcePath::new("example.yaml"), yaml.clone());
                let tree = tree::parse_all(&file, Syntax::Yaml);
                let mut reader = Reader::new(&file, Syntax::Yaml, keys);
                let fields = reader.read(&tree.root);
                assert!(
                    tree.problems.is_empty() && reader.problems.is_empty(),
                    "{yaml}: {:?}",
                    (tree.problems, reader.problems)
                );
                assert!(fields.get(key.name).is_some(), "{yaml}");
            }
        }
    }
}

#[test]
fn no_name_stands_for_two_keys_of_one_table() {
    for (table, keys) in all_tables() {
        let mut seen = std::collections::BTreeSet::new();
        for name in keys.iter().flat_map(names) {
            assert!(seen.insert(name), "{table}: {name}");
        }
    }
}

#[test]
fn schemas_accept_what_the_examples_say_and_refuse_unknown_keys() {
    for (schema, keys) in [(front_matter(), FRONT_MATTER), (config(), CONFIG), (screens(), SCREENS)] {
        let validator = jsonschema::validator_for(&schema).expect("our schema is a schema");
        for key in keys {
            for name in names(key) {
                let file = TextFile::new(SourcePath::new("example.toml"), format!("{name} = {}", key.example));
                let json = tree::parse_all(&file, Syntax::Toml).root.to_json();
                assert!(
                    validator.is_valid(&json),
                    "{json}: {:?}",
                    validator.iter_errors(&json).map(|e| e.to_string()).collect::<Vec<_>>()
                );
            }
        }
        assert!(!validator.is_valid(&json!({ "no such key": 1 })));
    }
}

#[test]
fn schemas_refuse_wrong_values_and_both_names_of_a_key() {
    let validator = jsonschema::validator_for(&front_matter()).expect("our schema is a schema");
    let refused = [
        json!({ "title": "a", "标题": "b" }),
        json!({ "draft": "maybe" }),
        json!({ "date": "2026/9/1" }),
        json!({ "屏幕": { "权重": 11 } }),
        json!({ "screen": { "wieght": 1 } }),
        json!({ "信息公开": { "公开方式": "公开" } }),
    ];
    for json in refused {
        assert!(!validator.is_valid(&json), "{json}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE=1 writes the pages again; that is the test's own door")]
fn the_reference_pages_are_those_in_docs() {
    let pages = [
        ("docs/reference.md", Lang::En, include_str!("../../docs/reference.md")),
        ("docs/reference.zh-CN.md", Lang::Zh, include_str!("../../docs/reference.zh-CN.md")),
    ];
    for (path, lang, page) in pages {
        let text = reference(lang);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path), &text)
                .expect("docs can be written");
        } else {
            assert!(text == page, "{path} is not what the tables say; run the tests once with UPDATE=1");
        }
    }
}
