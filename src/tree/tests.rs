//! Tests: text in both languages → trees, places and problems.

use super::*;
use crate::file::{Source, SourcePath};
use crate::problem::{Place, Severity};

fn read(text: &str, syntax: Syntax) -> (TextFile<'_>, Tree) {
    let file = TextFile::new(SourcePath::new("x"), text.to_string());
    let tree = parse_all(&file, syntax);
    (file, tree)
}

/// The values as JSON and the codes of the problems.
#[track_caller]
fn check(text: &str, syntax: Syntax, json: &str, codes: &[&str]) {
    let (_, tree) = read(text, syntax);
    assert_eq!(tree.root.to_json().to_string(), json, "\n{text}");
    assert_eq!(tree.problems.iter().map(|p| p.code).collect::<Vec<_>>(), codes, "\n{text}");
    let errors = tree.problems.iter().any(|p| p.severity == Severity::Error);
    assert_eq!(tree.complete, !errors, "\n{text}");
}

#[test]
fn both_languages_give_the_same_tree_in_the_order_of_the_file() {
    let json = r#"{"题":"x","n":3,"f":1.5,"b":true,"l":["a",2],"t":{"z":1,"a":"y"}}"#;
    check("题 = \"x\"\nn = 3\nf = 1.5\nb = true\nl = [\"a\", 2]\n[t]\nz = 1\na = 'y'", Syntax::Toml, json, &[]);
    check("题: x\nn: 3\nf: 1.5\nb: true\nl: [a, 2]\nt:\n  z: 1\n  a: 'y'\n", Syntax::Yaml, json, &[]);
    check("# 只有注释\n", Syntax::Toml, "{}", &[]);
    check("# 只有注释\n", Syntax::Yaml, "{}", &[]);
    check("", Syntax::Yaml, "{}", &[]);
}

#[test]
fn every_value_knows_where_it_stands() {
    let (file, tree) = read("标题：“开幕”\n\n[屏幕]\n日子 = [\"周一\", 2026-09-01]", Syntax::Toml);
    let slice = |node: Option<&Node>| node.map(|node| file.slice(node.span).to_string());
    assert_eq!(slice(tree.root.get("标题")), Some("“开幕”".into()));
    let days = tree.root.get("屏幕").and_then(|node| node.get("日子"));
    assert_eq!(slice(days), Some("[\"周一\", 2026-09-01]".into()));
    let Some(Value::List(items)) = days.map(|node| &node.value) else { panic!("a list") };
    assert_eq!(slice(items.get(1)), Some("2026-09-01".into()));
    assert_eq!(items[1].value, Value::Date("2026-09-01".into()));
    let (file, tree) = read("标题：开幕\n屏幕:\n  日子：［周一，'周二'］\n", Syntax::Yaml);
    let slice = |node: Option<&Node>| node.map(|node| file.slice(node.span).to_string());
    assert_eq!(slice(tree.root.get("标题")), Some("开幕".into()));
    let days = tree.root.get("屏幕").and_then(|node| node.get("日子"));
    let Some(Value::List(items)) = days.map(|node| &node.value) else { panic!("a list") };
    assert_eq!(slice(items.get(1)), Some("'周二'".into()));
}

#[test]
fn a_stretch_of_a_file_has_the_places_of_the_file() {
    let file = TextFile::new(SourcePath::new("x"), "+++\na = 1\nb = \"\n+++\n");
    let tree = parse(&file, Span::new(4, 16), Syntax::Toml);
    assert_eq!(tree.root.get("a").map(|node| file.slice(node.span)), Some("1"));
    assert_eq!(tree.problems[0].place.as_ref().map(|p| (p.line, p.column)), Some((3, 5)));
}

#[test]
fn yaml_text_stays_text_and_numbers_are_numbers() {
    check(
        "a: 2026-09-01\nb: 11:00-13:30\nc: 'true'\nd: \"1\"\ne: ~\nf:\ng: 1e3\nh: no\ni: 0x10\n",
        Syntax::Yaml,
        r#"{"a":"2026-09-01","b":"11:00-13:30","c":"true","d":"1","e":null,"f":null,"g":1000.0,"h":"no","i":"0x10"}"#,
        &[],
    );
    check(
        "a: “引号”是内容\nb: 【通知】放假\nc: a、b，c\nd: [x, “y”]\n",
        Syntax::Yaml,
        r#"{"a":"“引号”是内容","b":"【通知】放假","c":"a、b，c","d":["x","“y”"]}"#,
        &[],
    );
    check("a: |\n  一：二\n  三\nb: >\n  四\n  五\n", Syntax::Yaml, r#"{"a":"一：二\n三\n","b":"四 五\n"}"#, &[]);
}

#[test]
fn toml_text_keeps_its_full_width_punctuation() {
    check(
        "a = \"：，“”［］\" # ：，\nb = '''\n“，\n'''\nc = \"\"\"x：\"\"\"\n",
        Syntax::Toml,
        "{\"a\":\"：，“”［］\",\"b\":\"“，\\n\",\"c\":\"x：\"}",
        &[],
    );
    check(
        "a = ‘x’\nb = 「y」\nc = “say \"hi\"”",
        Syntax::Toml,
        r#"{"a":"x","b":"y","c":"say \"hi\""}"#,
        &["full-width-punctuation", "full-width-punctuation", "full-width-punctuation"],
    );
    check(
        "a = [\n  “x”，\n  'y', # 注\n]\nb = ｛ c ＝ 1 ｝",
        Syntax::Toml,
        r#"{"a":["x","y"],"b":{"c":1}}"#,
        &["full-width-punctuation", "full-width-punctuation"],
    );
    check("a.b.c = 1\n[[x]]\ny = 1\n[[x]]\ny = 2\n", Syntax::Toml, r#"{"a":{"b":{"c":1}},"x":[{"y":1},{"y":2}]}"#, &[]);
}

#[test]
fn what_was_not_closed_is_closed_where_it_must_end() {
    check("a = [\n  \"x\",\n  \"y\"\nb = 1", Syntax::Toml, r#"{"a":["x","y"],"b":1}"#, &["unclosed-bracket"]);
    check("a = { b = 1\nc = 2", Syntax::Toml, r#"{"a":{"b":1},"c":2}"#, &["unclosed-bracket"]);
    check("a = [\"x, \"y\"]\nb = 1", Syntax::Toml, r#"{"a":["x, ","y\""],"b":1}"#, &["unquoted-text"]);
    check("a = \"\"\"x\nb = 1", Syntax::Toml, "{\"a\":\"x\\nb = 1\"}", &["unclosed-string"]);
    check("a: [x,\n  y\nb: 1\n", Syntax::Yaml, r#"{"a":["x","y"],"b":1}"#, &["unclosed-bracket"]);
    check("a: {b: [x\nc: 1\n", Syntax::Yaml, r#"{"a":{"b":["x"]},"c":1}"#, &["unclosed-bracket"]);
}

#[test]
fn depth_and_size_have_their_limits() {
    let nested = |depth: usize| format!("a: {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(MAX_DEPTH - 1), Syntax::Yaml).1.problems.is_empty());
    assert_eq!(read(&nested(MAX_DEPTH + 1), Syntax::Yaml).1.problems[0].code, "too-deep");
    let nested = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(MAX_DEPTH - 1), Syntax::Toml).1.problems.is_empty());
    assert_eq!(read(&nested(MAX_DEPTH + 1), Syntax::Toml).1.problems[0].code, "too-deep");
    let (_, tree) = read(&"#".repeat(MAX_BYTES + 1), Syntax::Toml);
    assert_eq!((tree.problems[0].code, tree.complete), ("too-much-data", false));
}

#[test]
fn places_are_those_that_an_editor_shows() {
    let file = TextFile::new(SourcePath::new("x"), "一二\r\n三四五\r六");
    assert_eq!(file.text, "一二\n三四五\n六");
    let at = file.text.find("四").expect("it is there");
    let place = file.place(Span::new(at, at + 3));
    assert_eq!((place.line, place.column, place.length, place.text.as_str()), (2, 2, 1, "三四五"));
    assert_eq!(place, Place::of_span(&file.path, &file.text, at, at + 3));
    let end = file.place(Span::new(999, 9999));
    assert_eq!((end.line, end.column, end.length), (3, 2, 1));
    assert_eq!(file.line_with(Span::new(at, at + 3), "4").as_deref(), Some("三4五"));
    assert_eq!(file.line_with(Span::new(at, file.text.len()), "4"), None);
    let empty = TextFile::new(SourcePath::new("x"), String::new());
    assert_eq!((empty.place(Span::new(5, 6)).line, empty.place(Span::new(5, 6)).column), (1, 1));
}

#[test]
fn short_gb18030_texts_are_recognised() {
    for text in ["标题", "公益标语：光盘行动", "title: 通知\n"] {
        let source = Source {
            data: crate::file::Data::Bytes(encoding_rs::GB18030.encode(text).0.into_owned().into()),
            ..Source::from_text("x", "")
        };
        let decoded = TextFile::decode(&source).map(|(file, notes)| (file.text, notes.len()));
        assert_eq!(decoded.ok(), Some((text.into(), 1)));
    }
}
