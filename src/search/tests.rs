//! The index on small sites: what a document is found under, what an edit rewrites.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use proptest::prelude::*;

use super::lists::decode;
use super::terms::folded;
use super::*;
use crate::config::Config;
use crate::document;
use crate::file::{Source, Sources};
use crate::site;

fn site_of(files: &[(String, String)]) -> Site {
    let config = Arc::new(Config::default());
    let mut sources = Sources::default();
    files.iter().for_each(|(path, text)| sources.insert(Source::from_text(path, text)));
    let documents: Vec<Arc<Document>> =
        sources.under("content/").map(|source| Arc::new(document::parse(source, &config))).collect();
    let now = "2026-11-23T01:00:00Z".parse().expect("an instant");
    site::build(&site::Input { config, documents: &documents, sources: &sources, now, drafts: false }).0
}

fn notice(name: &str, date: &str, title: &str, body: &str) -> (String, String) {
    let text = format!("+++\ntitle = \"{title}\"\ndate = {date}\ntopics = [\"节水\"]\n+++\n\n{body}\n");
    (format!("content/notices/{name}.md"), text)
}

fn body(document: &Document) -> Result<String, Infallible> {
    Ok(document.body.as_ref().map_or(String::new(), |body| body.text.clone()))
}

/// All files by path.
fn files(site: &Site) -> BTreeMap<String, String> {
    let search = Search::plan(site);
    let made = search.files().into_iter().map(|(path, file)| {
        let Ok(bytes) = search.file(file, site, &body);
        (path.to_string(), String::from_utf8(bytes.to_vec()).expect("text"))
    });
    made.chain([("manifest".to_string(), search.manifest())]).collect()
}

/// Titles of the documents under a term: all, and those that have it in their title.
fn found(site: &Site, term: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let search = Search::plan(site);
    let (mut all, mut title) = (BTreeSet::new(), BTreeSet::new());
    for (at, segment) in search.segments.iter().enumerate() {
        let file = File::Shard(at, terms::shard(term, segment.shards));
        let Ok(bytes) = search.file(file, site, &body);
        let text = std::str::from_utf8(&bytes).expect("text");
        let inside = text.split('"').nth(3).expect("a string");
        let parts: Vec<&str> = inside.split('\t').collect();
        let Some(pair) = parts.chunks(2).find(|pair| pair[0] == term) else { continue };
        let (numbers, of_titles) = pair[1].split_once('!').unwrap_or((pair[1], ""));
        let name = |number: u64| {
            let entry = segment.entries.iter().find(|(n, _)| *n == number).expect("a document has the number");
            site.pages[entry.1].title().to_string()
        };
        all.extend(decode(numbers).into_iter().map(name));
        title.extend(decode(of_titles).into_iter().map(name));
    }
    (all, title)
}

#[test]
fn a_document_is_found_by_its_characters_pairs_latin_triples_and_facets() {
    let site = site_of(&[
        notice("a", "2026-03-01", "节约用水", "一段简单的文本，ＣｉｖｉＣ 2026。"),
        notice("b", "2024-05-06", "停电", "节水从我做起。"),
    ]);
    let check = |term: &str, all: &[&str], title: &[&str]| {
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(found(&site, term), (set(all), set(title)), "{term}");
    };
    check("段简", &["节约用水"], &[]);
    check("节", &["停电", "节约用水"], &["节约用水"]);
    check("用水", &["节约用水"], &["节约用水"]);
    check("civ", &["节约用水"], &[]);
    check("026", &["节约用水"], &[]);
    check("的文", &["节约用水"], &[]);
    // Not across a comma, and not in the order of the query alone.
    check("本c", &[], &[]);
    check("水节", &[], &[]);
    check("t:节水", &["停电", "节约用水"], &[]);
    check("k:notice", &["停电", "节约用水"], &[]);
}

#[test]
fn an_edit_of_a_body_rewrites_its_text_and_the_shards_of_the_words_that_changed() {
    let many = |last: &str| -> Vec<(String, String)> {
        let text = |n: usize| format!("第{n}号通知，请各科室{}。", char::from_u32(0x4e00 + n as u32 * 7).expect("Han"));
        let mut files: Vec<_> = (0..300)
            .map(|n| notice(&format!("{n}"), &format!("2026-{:02}-{:02}", n % 9 + 1, n % 27 + 1), "通知", &text(n)))
            .collect();
        files[7].1 = files[7].1.replace("请各科室", last);
        files
    };
    let (before, after) = (files(&site_of(&many("请各科室"))), files(&site_of(&many("请各处室"))));
    let changed: Vec<&String> = before.keys().filter(|path| before[*path] != after[*path]).collect();
    assert_eq!(before.len(), after.len());
    // Its text, and at most: 各科 科室 科 各处 处室 处.
    assert!(changed.len() <= 7 && changed.iter().any(|path| path.contains("/t")), "{changed:?}");
}

#[test]
fn a_new_document_moves_no_other_number() {
    let files_with = |more: &[(String, String)]| {
        let day = |n: usize| format!("2026-02-{:02}", n + 1);
        let mut all: Vec<_> = (0..20).map(|n| notice(&format!("{n}"), &day(n), "通知", "甲")).collect();
        all.extend_from_slice(more);
        files(&site_of(&all))
    };
    let before = files_with(&[]);
    let after = files_with(&[notice("new", "2026-02-10", "新通知", "乙")]);
    let texts = before.iter().filter(|(path, _)| path.contains("/t"));
    texts.for_each(|(path, text)| assert_eq!(Some(text), after.get(path), "{path}"));
}

#[test]
fn years_lie_in_segments_of_their_own_once_there_are_enough() {
    let years = |count: usize| {
        let entries = (0..count * 3).map(|n| notice(&format!("{n}"), &format!("{}-01-02", 2020 + n % 3), "通知", "甲"));
        let site = site_of(&entries.collect::<Vec<_>>());
        Search::plan(&site).segments.iter().map(|s| (s.name.clone(), s.entries.len())).collect::<Vec<_>>()
    };
    assert_eq!(years(3), [("2020".to_string(), 9)]);
    assert_eq!(years(1_200), [("2020".to_string(), 2_400), ("2022".to_string(), 1_200)]);
}

#[test]
fn forms_of_the_same_character_are_one() {
    let check = |input: &str, expected: &str| assert_eq!(folded(input), expected);
    check("ＣＩＶＩＣ２０２６", "civic2026");
    check("①②Ⅷ㎡", "12viiim2");
    check("通知，第３号", "通知,第3号");
}

proptest! {
    #[test]
    fn a_list_of_numbers_comes_back(numbers in proptest::collection::btree_set(0u64..5_000, 0..400), far in 0u64..1 << 40) {
        for offset in [0, far] {
            let numbers: Vec<u64> = numbers.iter().map(|n| n + offset).collect();
            let mut text = String::new();
            lists::encode(&numbers, &mut text);
            prop_assert_eq!(decode(&text), numbers);
        }
    }
}
