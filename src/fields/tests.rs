//! Tests: what a table of keys makes of a tree.

use super::*;

fn when(year: i16, month: i8, day: i8) -> When {
    When { date: civil::date(year, month, day), time: None, offset: None }
}

#[test]
fn dates_are_read_in_all_the_forms_that_we_promise() {
    let day = when(2026, 9, 1);
    let at = |hour, minute, second| When { time: Some(civil::time(hour, minute, second, 0)), ..day };
    let cases = [
        ("2026-09-01", day),
        (" 2026-09-01 ", day),
        ("2026-09-01 08:30", at(8, 30, 0)),
        ("2026-09-01T08:30", at(8, 30, 0)),
        ("2026-09-01  8:30:15", at(8, 30, 15)),
        ("2026-09-01T08:30:15.123", at(8, 30, 15)),
        ("2026-09-01T08:30:00Z", When { offset: Some(Offset::UTC), ..at(8, 30, 0) }),
        ("2026-09-01T08:30:00+08:00", When { offset: Some(jiff::tz::offset(8)), ..at(8, 30, 0) }),
        ("2026-09-01 08:30 -08:00", When { offset: Some(jiff::tz::offset(-8)), ..at(8, 30, 0) }),
        ("2026年9月1日", day),
        ("2026年09月01日", day),
        ("2026 年 9 月 1 日", day),
        ("2026年9月1日 8:30", at(8, 30, 0)),
        ("2026年9月1日8时30分", at(8, 30, 0)),
        ("2026年9月1日8点", at(8, 0, 0)),
        ("２０２６年９月１日　８：３０", at(8, 30, 0)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_date(text), Some(expected), "{text}");
    }
    let wrong = [
        "",
        "2026",
        "2026-9-1",
        "2026-13-01",
        "2026-02-29",
        "2026-09-01x",
        "2026-09-01 25:00",
        "2026-09-01 08",
        "2026-09-01 08:30:61",
        "2026-09-01T08:30+8",
        "2026-09-01T08:30+99:00",
        "1026-09-01",
        "2026年9月",
        "2026年9月1日晚",
        "日",
        "2026年日",
        "-026-09-01",
        "2026-09-0１日",
    ];
    for text in wrong {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn a_slip_is_known_only_when_there_is_no_doubt() {
    assert_eq!(surely_meant("titel", &["title", "date"]), Some("title"));
    assert_eq!(surely_meant("Title", &["title", "date"]), Some("title"));
    assert_eq!(surely_meant("page-size", &["page_size"]), Some("page_size"));
    assert_eq!(surely_meant("发布日起", &["发布日期", "更新日期"]), Some("发布日期"));
    assert_eq!(surely_meant("until1", &["until2", "until3"]), None);
    assert_eq!(surely_meant("x", &["title"]), None);
    assert_eq!(nearest("sreies", &["title", "series", "tags", "weight"])[0], "series");
}

#[test]
fn choices_in_chinese_are_never_guessed() {
    const KEYS: &[Key] = &[Key {
        name: "openness",
        zh: &["公开方式"],
        shape: Shape::Choice(&[Choice { name: "public", zh: &["主动公开"] }]),
        only: &[],
        default: ("", ""),
        example: "\"主动公开\"",
        doc_zh: "",
        doc_en: "",
    }];
    let read = |text: &str| {
        let file = TextFile::new(crate::file::SourcePath::new("x"), text.to_string());
        let tree = crate::tree::parse_all(&file, Syntax::Toml);
        let mut reader = Reader::new(&file, Syntax::Toml, KEYS);
        let fields = reader.read(&tree.root);
        (fields.choice("openness"), fields.was_wrong("openness"), reader.problems.pop().and_then(|p| p.fix))
    };
    assert_eq!(read("公开方式 = \"主动公开\""), (Some("public"), false, None));
    assert_eq!(read("openness = \"不主动公开\""), (None, true, None));
    assert_eq!(read("openness = \"pubilc\""), (None, true, Some("openness = \"public\"".into())));
    assert_eq!(read(""), (None, false, None));
}
