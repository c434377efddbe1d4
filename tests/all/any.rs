//! The properties that the fuzz targets look for exceptions to, with random bytes; and large texts of one kind, of which
//! none may take more than its length allows.

use proptest::prelude::*;

use crate::properties;

/// Fragments that mean something to one of the readers.
fn fragments(of: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        8 => prop::sample::select(of).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

const TOML: &[&str] = &[
    "+++\n",
    "---\n",
    "title",
    "标题",
    " = ",
    ": ",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "\n",
    "# ",
    "1",
    "-1",
    "1e9",
    "9999999999999999999",
    "2026-01-01",
    "2026-13-01",
    "2026-02-30 25:00",
    "true",
    "date",
    "topics",
    "expires",
    "pinned",
    "screen",
    "disclosure",
    "section",
    "extra",
    "a.b.c",
    "- ",
    "  ",
    "\t",
    "&a ",
    "*a",
    "!!binary ",
    "|",
    ">",
    "\u{3000}",
    "：",
    "“",
    "”",
    "=",
    "\\u0000",
    "\\",
    "甲",
];
const SETTINGS: &[&str] = &[
    "title = \"a\"\n",
    "base_url = \"https://a.cn\"\n",
    "page_size = ",
    "timezone = \"Asia/",
    "index_pattern = \"{code}/{5}\"\n",
    "[organisation]\n",
    "credit_code = \"11990000MB0000000J\"\n",
    "[[menu]]\n",
    "[problems]\n",
    "broken-link = \"off\"\n",
    "[pinyin]\n",
    "甲 = \"",
    "[extra]\n",
    "\0",
    "[defaults]\n",
    "[[screen]]\n",
    "id = \"hall\"\n",
    "point = \"lobby\"\n",
    "size = [1920, 1080]\n",
    "size = [",
    "99999",
    "hours = \"",
    "07:00-22:00",
    "mon-fri = ",
    "\"",
    "\n",
    "]",
    "{",
    "}",
    "min_share = { slogan = 0.5 }\n",
    "0",
    "-",
    "1e400",
    "nan",
];
const RULES: &[&str] = &[
    "\0",
    "[defaults]\nhorizon_days = 7\n",
    "[[screen]]\nid = \"a\"\npoint = \"lobby\"\nsize = [1920, 1080]\n",
    "[[screen]]\nid = \"b\"\npoint = \"led\"\nsize = [192, 32]\n",
    "hours = \"",
    "hours = { mon-fri = \"07:30-19:00\", ",
    "12-13 = ",
    "\"22:00-02:00\"",
    "\"00:00-24:00\"",
    "\"24:00-00:00\"",
    " }\n",
    "\"\n",
    "[screen]\n",
    "days = [",
    "\"mon-fri\"",
    "\"lunar 12-30\"",
    "\"lunar 13-31\"",
    "\"last fri\"",
    "\"9th mon\"",
    "\"02-29\"",
    "\"workdays\"",
    "\"2026-11-24\"",
    ", ",
    "]\n",
    "from = ",
    "until = ",
    "2026-11-23",
    "9999-12-31",
    "0001-01-01",
    "2026-12-13 08:00",
    "\n",
    "seconds = 600\n",
    "seconds = 1\n",
    "weight = 10\n",
    "priority = \"takeover\"\n",
    "[[day]]\nname = \"甲\"\n",
    "on = \"",
    "mood = \"solemn\"\n",
    "items = [\"slogans/a.md\"]\n",
    "min_share = { slogan = 0.9, notice = 0.9 }\n",
    "evergreen = true\n",
    "text = \"甲\"\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_is_read(bytes in fragments(TOML)) {
        properties::front_matter(&bytes);
        properties::front_matter(&[b"+++\n", &bytes[..], b"\n+++\n"].concat());
        properties::front_matter(&[b"---\n", &bytes[..], b"\n---\n"].concat());
    }

    #[test]
    fn any_configuration_is_read(bytes in fragments(SETTINGS)) {
        properties::config(&bytes);
    }

    #[test]
    fn any_rules_make_a_timeline_without_gaps(bytes in fragments(RULES)) {
        properties::schedule(&bytes);
    }

    #[test]
    fn any_block_of_the_memo_is_taken_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        properties::memo(&bytes);
    }

    #[test]
    fn any_bytes_are_a_body(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        properties::markdown(&bytes);
    }
}

#[test]
fn the_corpus_of_the_fuzzer_holds() {
    let corpus = crate::site::repository().join("fuzz/corpus");
    type Holds = fn(&[u8]);
    let checks: [(&str, Holds); 5] = [
        ("front_matter", properties::front_matter),
        ("markdown", properties::markdown),
        ("config", properties::config),
        ("schedule", properties::schedule),
        ("memo", properties::memo),
    ];
    for (name, check) in checks {
        let mut count = 0;
        for entry in std::fs::read_dir(corpus.join(name)).unwrap() {
            check(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count > 0, "no corpus for {name}");
    }
}

/// Time that this thread ran, not the time that it waited for other programs.
#[cfg(target_os = "linux")]
fn ran() -> std::time::Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    std::time::Duration::from_nanos(text.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// A text that is four times as long takes four times as long; where time is quadratic, sixteen times.
#[cfg(target_os = "linux")]
#[test]
fn large_texts_of_one_kind_take_time_by_their_length() {
    let size = if std::env::var_os("CIVICAST_LONG").is_some() { 2 << 20 } else { 96 << 10 };
    type Reads = fn(&str);
    let readers: [(&str, Reads); 2] = [
        ("a document", |text| {
            let source = civicast::file::Source::from_text("content/notices/a.md", text);
            drop(civicast::document::parse(&source, &civicast::config::Config::default()));
        }),
        ("a configuration", |text| {
            let source = civicast::file::Source::from_text("civicast.toml", text.trim_start_matches("+++\n"));
            drop(civicast::config::load(Some(&source), None, &[]));
        }),
    ];
    let mut slowest = Vec::new();
    let mut wrong = Vec::new();
    for (begin, part) in LARGE {
        for (what, read) in readers {
            let took = |times: usize| {
                let text = format!("{begin}{}\n+++\n---\n", part.repeat(times * size / 4 / part.len()));
                let begun = ran();
                read(&text);
                ran() - begun
            };
            let (quarter, whole) = (took(1), took(4));
            slowest.push((whole, *begin, *part, what));
            if whole > 9 * quarter + std::time::Duration::from_millis(150) {
                wrong.push(format!("{begin:?} then {part:?} as {what}: {quarter:?}, four times as much {whole:?}"));
            }
        }
    }
    slowest.sort();
    slowest.reverse();
    println!("slowest of {size} bytes: {:?}", &slowest[..6]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Beginnings, and what comes after them again and again.
#[cfg(target_os = "linux")]
#[rustfmt::skip]
const LARGE: &[(&str, &str)] = &[
    ("", "["), ("", "!["), ("", "[a]("), ("", "*a **b "), ("", "*"), ("", "_a_"), ("", "`"), ("", "``a`"), ("", "> "), ("", "- a\n"), ("", "1. "), ("", "|a"),
    ("", "|a|b|\n|-|-|\n|c|d|\n"), ("|a|b|\n|-|-|\n", "|c|d|\n"), ("", "|\n"), ("", "<b>"), ("", "<!--"), ("", "<a "), ("", "&amp;"), ("", "\\"), ("", "甲"), ("", "，"),
    ("", "a.cn/b "), ("", "https://a.cn/"), ("", "[a]: b\n"), ("", "[^a]"), ("", "[^a]: b\n\n"), ("", "# a\n"), ("", "# a {#a}\n"), ("", ":::notice\n"), ("", ":::\n"),
    ("", "~~a~"), ("", "a\n"), ("", "a\\\n"), ("", "\n"), ("", "{{"), ("", "$"), ("", "\u{0}"), ("", "\u{3000}"), ("", "\r"), ("", "::"), ("", "```\n"), ("", "- [ ] a\n"),
    ("", "<div>\n"), ("", "<details><summary>a</summary>\n"), ("", "**a：**b"), ("", "![a](1.png)\n\n"),
    ("+++\na = ", "["), ("+++\na = ", "{a="), ("+++\n", "a."), ("+++\n", "[a]\n"), ("+++\n", "[[a]]\n"), ("+++\n", "a = 1\n"), ("+++\na = \"", "甲"), ("+++\na = [", "1,"),
    ("---\na: ", "["), ("---\na: ", "{a: "), ("---\n", "- "), ("---\n", "? "), ("---\n", "a:\n "), ("---\na: &a b\nc: ", "*a "), ("---\n", "a: b\n"), ("---\na: \"", "甲"),
    ("---\na: |\n", " a\n"), ("---\na: &a [x, x]\n", "b: &b [*a, *a]\n"), ("---\n", "!!"), ("---\n", "# a\n"), ("", "标题：甲\n"), ("+++\n", "标题 = “甲”\n"),
];
