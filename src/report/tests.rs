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
