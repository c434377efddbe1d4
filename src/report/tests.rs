//! What people read, as text.

use super::*;
use crate::file::SourcePath;

/// `[mark]` in the line is the place.
fn problem(line: &str) -> Problem {
    let (before, rest) = line.split_once('[').expect("the test line has a mark");
    let (marked, after) = rest.split_once(']').expect("the mark ends");
    let text = format!("\n{before}{marked}{after}\n");
    let start = 1 + before.len();
    let place = Place::of_span(&SourcePath::new("content/notices/a.md"), &text, start, start + marked.len());
    Problem::new("broken-link").with("target", marked).with("near", "../b.md").at(place)
}

fn check(problem: &Problem, lang: Lang, expected: &str) {
    let mut plain = anstream::StripStream::new(Vec::new());
    plain.write_all(excerpt::of(problem, lang).as_bytes()).expect("a vector takes everything");
    let shown = String::from_utf8(plain.into_inner()).expect("the report is text");
    assert_eq!(shown, expected.trim_matches('\n'), "\n{shown}\n");
}

#[test]
fn the_caret_stands_under_chinese_text() {
    check(
        &problem("请看[../c.md]。"),
        Lang::Zh,
        "
错误[broken-link]: 链接 ../c.md 没有对应的文件或页面
 --> content/notices/a.md:2:3
  |
2 | 请看../c.md。
  |     ^^^^^^^
  |
  = 提示: 最接近的是：../b.md
",
    );
}

#[test]
fn a_line_that_is_known_to_be_right_stands_below() {
    let problem = problem("[topcis] = [\"光盘行动\"]").fix("topics = [\"光盘行动\"]");
    check(
        &problem,
        Lang::En,
        "
error[broken-link]: nothing answers to the link topcis
 --> content/notices/a.md:2:1
  |
2 | topcis = [\"光盘行动\"]
  | ^^^^^^
  |
help: the nearest is: ../b.md
  |
2 - topcis = [\"光盘行动\"]
2 + topics = [\"光盘行动\"]
  |
",
    );
}

#[test]
fn a_line_without_end_is_cut_around_the_caret_and_keeps_its_column() {
    let line = format!("{}[坏]{}", "字".repeat(1000), "尾".repeat(1000));
    check(
        &problem(&line),
        Lang::Zh,
        &format!(
            "
错误[broken-link]: 链接 坏 没有对应的文件或页面
 --> content/notices/a.md:2:1001
  |
2 | …{}坏{}…
  |  {}^^
  |
  = 提示: 最接近的是：../b.md
",
            "字".repeat(15),
            "尾".repeat(34),
            " ".repeat(30)
        ),
    );
}

#[test]
fn a_file_as_a_whole_has_no_excerpt_and_control_characters_reach_no_terminal() {
    let problem = Problem::new("broken-link").with("target", "a\u{1b}[31mb").in_file(&SourcePath::new("civicast.toml"));
    check(
        &problem,
        Lang::En,
        "
error[broken-link]: nothing answers to the link a␛[31mb
--> civicast.toml
",
    );
}

#[test]
fn the_rest_of_very_many_problems_is_counted_by_code() {
    let rest = [Problem::new("broken-link"), Problem::new("broken-link"), Problem::new("missing-alt")];
    let text = counts(Lang::En, &rest.iter().collect::<Vec<_>>());
    assert_eq!(text, "3 more problems, by code:\n        2  broken-link\n        1  missing-alt\n\n");
}

#[test]
fn columns_of_a_table_stand_straight_under_chinese_text() {
    let mut table = Table::new(&[("title", "column-title"), ("url", "column-url")]);
    table.row(["光盘行动".into(), "/a/".into()]);
    table.row(["ab\nc".into(), Cell::with("", Value::Null)]);
    assert_eq!(table.text(Lang::Zh), "标题      网址\n光盘行动  /a/\nab c\n");
    assert_eq!(table.json(), json!([{ "title": "光盘行动", "url": "/a/" }, { "title": "ab\nc", "url": null }]));
}
