//! Texts that nobody writes by accident: whatever comes, parsing ends soon, loses nothing silently and does not panic.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// Generous, because tests run unoptimised on busy machines; quadratic time is minutes here.
const SOON: Duration = Duration::from_secs(20);

#[track_caller]
fn ends_soon(name: &str, text: &str) -> (Parsed, Vec<Problem>) {
    let begin = Instant::now();
    let result = parsed(text);
    let taken = begin.elapsed();
    assert!(taken < SOON, "{name}: {taken:?}");
    result
}

#[test]
fn hostile_texts_end_soon() {
    let n = 30_000;
    for (name, text) in [
        ("quotes in a line", ">".repeat(10_000) + "甲"),
        ("quotes with blanks", "> ".repeat(10_000) + "甲"),
        ("lists in a line", "- ".repeat(10_000) + "甲"),
        ("numbered lists", "1. ".repeat(10_000) + "甲"),
        ("indented lists", (0..1_000).map(|i| " ".repeat(2 * i) + "- 甲\n").collect()),
        ("quotes on lines", (0..1_000).map(|i| ">".repeat(i) + "甲\n\n").collect()),
        ("brackets", "[".repeat(n)),
        ("bracket pairs", "[a](".repeat(n)),
        ("pictures", "![".repeat(n)),
        ("open pictures", "![a](b".repeat(n)),
        ("stars", "*甲".repeat(n)),
        ("star run", "*".repeat(n) + "甲"),
        ("stars and underscores", "*_甲".repeat(n)),
        ("stars and punctuation", "*（**".repeat(n)),
        ("nested emphasis", "*甲 **乙 ".repeat(10_000) + &"** *".repeat(10_000)),
        ("tildes", "~~甲~".repeat(n)),
        ("backticks", (0..1_500).map(|i| "`".repeat(i) + "a").collect()),
        ("backslashes", "\\".repeat(n)),
        ("open tags", "<a ".repeat(n)),
        ("open comments", "<!--".repeat(n)),
        ("inline comments", "a <!-- ".repeat(n)),
        ("declarations", "a <!A ".repeat(n)),
        ("instructions", "a <? ".repeat(n)),
        ("open divisions", "<div>\n".repeat(n)),
        ("nested divisions", "<div>".repeat(n)),
        ("nested spans", format!("甲{}", "<span>".repeat(n))),
        ("misnested tags", "<b><i></b></i>".repeat(10_000)),
        ("attributes", format!("<div {}>", "a=b ".repeat(n))),
        ("a long line", "甲".repeat(1_000_000)),
        ("a long line of words", "ab ".repeat(500_000)),
        ("links in a line", "[甲](b.md)".repeat(n)),
        ("addresses in a line", "https://a.cn/ 甲".repeat(n)),
        ("address parts", "://".repeat(n)),
        ("address with brackets", format!("https://a.cn/{}", ")".repeat(n))),
        ("address in many events", "https://a.cn/&a*".repeat(n)),
        ("directives", ":::notice\n".repeat(n)),
        ("unknown directives", "::::x\n".repeat(20_000) + &":::\n".repeat(20_000)),
        ("closed directives", ":::\n".repeat(n)),
        ("directive in quotes", "> :::notice\n\n".repeat(20_000)),
        ("same headings", "# 甲\n".repeat(n)),
        ("stated headings", "# 甲 {#a}\n".repeat(20_000)),
        ("open attributes", "{#".repeat(n)),
        ("footnotes", (0..20_000).map(|i| format!("甲[^{i}]\n\n[^{i}]: 乙\n\n")).collect()),
        ("footnote uses", "[^a]".repeat(n) + "\n\n[^a]: 乙"),
        ("open footnotes", "[^".repeat(n)),
        ("reference links", "[a]: b\n".repeat(n) + &"[a] ".repeat(n)),
        ("table", format!("{}\n{}\n", "|a".repeat(5_000), "|-".repeat(5_000))),
        ("table rows", "|a|b|\n|-|-|\n".to_string() + &"|甲|乙|\n".repeat(n)),
        (
            "wide table with short rows",
            format!("{}\n{}\n{}", "|a".repeat(1_000), "|-".repeat(1_000), "|\n".repeat(10_000)),
        ),
        ("entities", "&#1;&amp;".repeat(n)),
        ("junk", "\u{200B}甲\u{B}".repeat(n)),
        ("soft breaks", "甲\n".repeat(n)),
        ("soft breaks in Latin", "a\n*b*\n".repeat(n)),
        ("hard breaks", "甲  \n".repeat(n)),
        ("indented lines", "　　甲\n".repeat(n)),
        ("definition lists", "甲\n: 乙\n\n".repeat(20_000)),
        ("open pairs", "（".repeat(n)),
        ("carriage returns", "\r".repeat(n)),
        ("colons", ":".repeat(n)),
        ("blank prefix", (" ".repeat(10_000) + ":::\n").repeat(20)),
    ] {
        ends_soon(name, &text);
    }
}

#[test]
fn what_is_nested_too_deep_is_shown_flat_and_reported() {
    for text in
        [format!("{}甲", ">".repeat(10_000)), format!("{}甲", "- ".repeat(10_000)), "- 甲\n\n  > 乙\n".to_string()]
    {
        let (body, problems) = parsed(&text);
        assert!(body.text.contains('甲'), "{}", body.text);
        let html = shown(&body);
        assert_eq!(html.matches("<blockquote>").count(), html.matches("</blockquote>").count());
        assert!(html.matches("<blockquote>").count() + html.matches("<ul>").count() <= 100);
        assert_eq!(codes(&problems).starts_with("text-too-deep 1:"), text.len() > 100, "{}", codes(&problems));
    }
}

#[test]
fn directives_nested_without_end_stay_shallow() {
    let (body, problems) = parsed(&(":::notice\n".repeat(10_000) + "甲\n"));
    assert!(shown(&body).contains("<p>甲</p>"));
    assert_eq!(problems.iter().filter(|p| p.code == "text-too-deep").count(), 1);
    assert_eq!(problems.iter().filter(|p| p.code == "unclosed-directive").count(), 10_000);
}

/// Anything that Markdown, HTML, directives or Chinese text give a meaning to.
fn anything() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "*",
        "**",
        "~~",
        "~",
        "_",
        "`",
        "```\n",
        "\n",
        "\n\n",
        "    ",
        "  ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        "## ",
        "---\n",
        "===\n",
        "|",
        "|-|",
        "\n|-|-|\n",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "[^1]",
        "[^1]: ",
        "[a]: b",
        "<",
        ">",
        "</",
        "/>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<script>",
        "</script>",
        "<svg>",
        "<!--",
        "-->",
        "<!-- more -->",
        "<a href='",
        "'",
        "\"",
        "=",
        "&",
        "&amp;",
        "&#1;",
        "&#xFDD1;",
        "3",
        "{#a}",
        "{",
        "}",
        ":::",
        "：：：",
        "\n:::notice 甲\n",
        "\n:::\n",
        "\n::::steps\n",
        "\n::::\n",
        "\n> :::figure\n",
        ": ",
        "https://a.cn/",
        "javascript:",
        "甲",
        "乙",
        "。",
        "（",
        "）",
        "a",
        "1",
        " ",
        "\u{3000}",
        "\u{200B}",
        "\u{B}",
        "\0",
        "\u{FDD0}",
        "\u{FDD1}",
        "\u{A92F}",
        "\r\n",
        "\\",
        "- [x] ",
        "> [!NOTE]\n",
        "😀",
        "<?",
        "?>",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_an_invariant(text in anything(), start in 0_usize..8, length in 0_usize..30) {
        for html in [HtmlPolicy::Sanitise, HtmlPolicy::Escape, HtmlPolicy::Trust] {
            let (body, problems) = parsed_at(&text, start, Options { html, summary_length: length });
            let shown = shown(&body);
            prop_assert!(!shown.contains(|c: char| matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\0')), "{}", shown);
            prop_assert!(!body.text.contains(|c: char| matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\0')), "{}", body.text);
            if html == HtmlPolicy::Sanitise {
                prop_assert!(!shown.contains("<script") && !shown.contains("<svg"), "{}", shown);
            }
            let mut ids: Vec<_> = body.outline.headings.iter().map(|h| h.id).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), body.outline.headings.len());
            let places = body.outline.references.iter().map(|r| &r.place).chain(problems.iter().filter_map(|p| p.place.as_ref()));
            for place in places {
                let line = text.split('\n').nth(place.line as usize - 1);
                prop_assert!(line.is_some_and(|line| place.column as usize <= line.chars().count() + 1), "{:?}", place);
            }
            for problem in &problems {
                prop_assert!(crate::message::find(problem.code).is_some(), "{}", problem.code);
            }
        }
    }
}
