//! Boundaries at the exact second, random sites, and the feed against its schema. Sites are built in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::config::Config;
use crate::document::{Document, FrontMatter, Moment, Tone};
use crate::file::{Source, Url};
use crate::markdown::Outline;
use crate::schedule::{DayRule, Priority, at as position};
use crate::screenfeed::{self, Files, SlideFile};
use crate::site::Page;

mod random;

/// Without a font, widths come from the table.
fn plan(site: &Site, calendar: &Calendar) -> (Vec<ScreenPlan>, Vec<Problem>) {
    super::plan(site, calendar, &Faces::default())
}

fn instant(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().expect("the instants of these tests are well formed")
}

/// A slogan that plays always; tests change what they are about.
fn slogan(name: &str, change: impl FnOnce(&mut FrontMatter)) -> (String, FrontMatter) {
    let mut front = FrontMatter {
        title: name.into(),
        kind: Kind::Slogan,
        on_screens: true,
        publish: Some(instant("2026-01-01T00:00")),
        ..FrontMatter::default()
    };
    change(&mut front);
    (format!("content/slogans/{name}.md"), front)
}

fn screen(id: &str) -> Screen {
    Screen {
        id: id.into(),
        name: "大厅屏".into(),
        point: "lobby".into(),
        place: String::new(),
        size: (1920, 1080),
        tags: vec!["大厅".into()],
        shows: vec!["slogan".into(), "notice".into(), "report".into()],
        min_share: BTreeMap::new(),
        hours: vec![],
        seconds: 10,
        png: false,
        kit: false,
        variant: String::new(),
        contact: String::new(),
    }
}

fn site(now: &str, screens: Vec<Screen>, documents: Vec<(String, FrontMatter)>) -> Site {
    site_at(instant(now), screens, documents)
}

fn site_at(now: Timestamp, screens: Vec<Screen>, documents: Vec<(String, FrontMatter)>) -> Site {
    let mut config = Config { screens, base_url: "https://example.gov.cn".into(), ..Config::default() };
    config.organisation.name = "示例市机关事务管理局".into();
    let mut documents = documents;
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    let pages: Vec<Page> = documents
        .into_iter()
        .map(|(path, front)| {
            let path = SourcePath::new(&path);
            let url = Url::new(&format!("/slogans/{}/", path.stem()));
            let hash = Hash::of(path.as_str().as_bytes());
            let outline = Outline { first_lines: 1, ..Outline::default() };
            let (source, head, lines, body, problems) = (hash, hash, vec![], None, vec![]);
            let document = Document { path, source, hash, head, front, outline, lines, body, problems };
            Page { document: Arc::new(document), url, section: 0, newer: None, older: None }
        })
        .collect();
    Site {
        config: Arc::new(config),
        now,
        newest: Vec::new(),
        pages,
        sections: vec![],
        taxonomies: vec![],
        catalogue: Default::default(),
        hidden: vec![],
        changes: vec![],
        assets: BTreeMap::new(),
        videos: BTreeMap::new(),
        aliases: vec![],
    }
}

fn calendar() -> Calendar {
    let days = "[[day]]\nname='国家公祭日'\non='12-13'\nmood='solemn'\nitems=['content/slogans/mourn.md']\n\
                [[day]]\nname='烈士纪念日'\non='09-30'\nmood='solemn'\n";
    let year = include_str!("../../data/holidays/2026.toml");
    let sources = [Source::from_text("data/calendar.toml", days), Source::from_text("data/holidays/2026.toml", year)];
    let (calendar, problems) = crate::schedule::calendar::load(&sources.into_iter().collect());
    assert_eq!(problems, []);
    calendar
}

/// Titles in the loop that plays at each instant; `None` is dark.
fn check(documents: Vec<(String, FrontMatter)>, hours: &[(&str, &str)], expected: &[(&str, Option<&[&str]>)]) {
    let mut lobby = screen("hall");
    lobby.hours = hours.iter().map(|(days, span)| (days.to_string(), span.to_string())).collect();
    let now = expected.first().expect("every check asks for an instant").0;
    let site = site(now, vec![lobby], documents);
    let (plans, _) = plan(&site, &calendar());
    for (when, wanted) in expected {
        let t = instant(when).as_second();
        let found = position(&plans[0].timeline, t).map(|playing| {
            let entries = &plans[0].timeline.loops[playing.plays].entries;
            let titles: BTreeSet<&str> =
                entries.iter().map(|e| plans[0].items[e.item as usize].title.as_str()).collect();
            titles.into_iter().collect::<Vec<_>>()
        });
        assert_eq!(found.as_deref(), *wanted, "at {when}");
    }
}

const OFFICE: &str = "示例市机关事务管理局";

#[test]
fn an_item_plays_from_the_second_it_is_published_until_the_second_it_expires() {
    let item = slogan("甲", |front| {
        front.publish = Some(instant("2026-11-23T08:30"));
        front.expires = Some(instant("2026-11-25T17:00:05"));
    });
    check(
        vec![item, slogan("乙", |_| {})],
        &[],
        &[
            ("2026-11-23T08:29:59", Some(&["乙"])),
            ("2026-11-23T08:30:00", Some(&["乙", "甲"])),
            ("2026-11-25T17:00:04", Some(&["乙", "甲"])),
            ("2026-11-25T17:00:05", Some(&["乙"])),
        ],
    );
    // Of two ends the earlier one counts.
    let two_ends = |until: &str, expires: &str| {
        slogan("甲", |front| {
            (front.screen.until, front.expires) = (Some(instant(until)), Some(instant(expires)));
        })
    };
    for ends in [two_ends("2026-11-25T18:00", "2026-11-25T17:00"), two_ends("2026-11-25T17:00", "2026-11-25T18:00")] {
        let expected: [(&str, Option<&[&str]>); 2] =
            [("2026-11-25T16:59:59", Some(&["乙", "甲"])), ("2026-11-25T17:00:00", Some(&["乙"]))];
        check(vec![ends, slogan("乙", |_| {})], &[], &expected);
    }
}

#[test]
fn hours_and_days_are_half_open_and_hours_may_cross_midnight() {
    let lunch = slogan("午餐", |front| {
        front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")];
        front.screen.days = vec![DayRule::parse("mon-fri").expect("well formed")];
    });
    let night = slogan("夜班", |front| {
        front.screen.hours = vec![HourSpan::parse("22:00-06:00").expect("well formed")];
        front.screen.days = vec![DayRule::parse("fri").expect("well formed")];
    });
    check(
        vec![lunch, night],
        &[],
        &[
            ("2026-11-23T10:59:59", Some(&[OFFICE])),
            ("2026-11-23T11:00:00", Some(&["午餐"])),
            ("2026-11-23T13:29:59", Some(&["午餐"])),
            ("2026-11-23T13:30:00", Some(&[OFFICE])),
            ("2026-11-27T22:00:00", Some(&["夜班"])),
            ("2026-11-28T05:59:59", Some(&["夜班"])),
            ("2026-11-28T06:00:00", Some(&[OFFICE])),
            ("2026-11-28T12:00:00", Some(&[OFFICE])),
            ("2026-11-28T22:00:00", Some(&[OFFICE])),
        ],
    );
}

#[test]
fn the_night_before_the_first_day_reaches_into_it() {
    let night =
        slogan("夜班", |front| front.screen.hours = vec![HourSpan::parse("22:00-06:00").expect("well formed")]);
    check(vec![night], &[], &[("2026-11-23T03:00", Some(&["夜班"])), ("2026-11-23T06:00", Some(&[OFFICE]))]);
}

#[test]
fn a_screen_is_dark_outside_its_hours() {
    check(
        vec![slogan("甲", |_| {})],
        &[("mon-fri", "07:30-19:00"), ("sat-sun", "09:00-17:00")],
        &[
            ("2026-11-23T07:29:59", None),
            ("2026-11-23T07:30:00", Some(&["甲"])),
            ("2026-11-23T18:59:59", Some(&["甲"])),
            ("2026-11-23T19:00:00", None),
            ("2026-11-28T07:30:00", None),
            ("2026-11-28T09:00:00", Some(&["甲"])),
        ],
    );
}

#[test]
fn a_solemn_day_rests_the_festive_and_plays_only_what_the_calendar_names() {
    let festive = slogan("喜", |front| front.tone = Tone::Festive);
    let mourn = ("content/slogans/mourn.md".to_string(), slogan("悼", |front| front.tone = Tone::Solemn).1);
    check(
        vec![festive.clone(), slogan("平", |_| {}), mourn],
        &[],
        &[
            ("2026-12-12T23:59:59", Some(&["喜", "平", "悼"])),
            ("2026-12-13T00:00:00", Some(&["悼"])),
            ("2026-12-13T23:59:59", Some(&["悼"])),
            ("2026-12-14T00:00:00", Some(&["喜", "平", "悼"])),
        ],
    );
    check(
        vec![festive.clone(), slogan("平", |_| {})],
        &[],
        &[("2026-09-29T12:00", Some(&["喜", "平"])), ("2026-09-30T12:00", Some(&["平"]))],
    );
    // Nothing that may play: the slate with the name of the day.
    check(vec![festive], &[], &[("2026-09-30T12:00", Some(&["烈士纪念日"])), ("2026-10-01T00:00", Some(&["喜"]))]);
}

#[test]
fn a_festive_day_of_the_calendar_rests_nobody() {
    let days = "[[day]]\nname='元旦'\non='01-01'\nmood='festive'\nitems=['content/slogans/喜.md']\n";
    let sources = [Source::from_text("data/calendar.toml", days)];
    let (calendar, problems) = crate::schedule::calendar::load(&sources.into_iter().collect());
    assert_eq!(problems, []);
    let festive = slogan("喜", |front| front.tone = Tone::Festive);
    let site = site("2026-12-31T09:00", vec![screen("hall")], vec![festive, slogan("平", |_| {})]);
    let (plans, _) = plan(&site, &calendar);
    let timeline = &plans[0].timeline;
    let playing = position(timeline, instant("2027-01-01T09:00").as_second()).expect("the screen is always on");
    assert_eq!(timeline.loops[playing.plays].entries.len(), 2);
}

#[test]
fn each_solemn_day_has_a_slate_with_its_own_name() {
    let mut site =
        site("2026-09-25T09:00", vec![screen("hall")], vec![slogan("喜", |front| front.tone = Tone::Festive)]);
    Arc::get_mut(&mut site.config).expect("nobody else has it").horizon_days = 90;
    let (plans, _) = plan(&site, &calendar());
    let shown = |when: &str| now_showing(&plans[0], instant(when)).map(|(title, _)| title);
    assert_eq!(shown("2026-09-30T00:00:00").as_deref(), Some("烈士纪念日"));
    assert_eq!(shown("2026-12-13T23:59:59").as_deref(), Some("国家公祭日"));
    assert_eq!(shown("2026-12-14T00:00:00").as_deref(), Some("喜"));
}

#[test]
fn standby_plays_only_what_is_right_at_any_time() {
    let ever = |name: &str, change: fn(&mut FrontMatter)| {
        slogan(name, |front| {
            front.screen.evergreen = true;
            change(front);
        })
    };
    let lunch = ever("午餐", |front| front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")]);
    let monday = ever("周一", |front| front.screen.days = vec![DayRule::parse("mon").expect("well formed")]);
    let festive = ever("喜", |front| front.tone = Tone::Festive);
    let documents = vec![lunch, monday, festive];
    // Monday 23 November; the feed ends at midnight before 24 January.
    check(
        documents.clone(),
        &[],
        &[
            ("2026-11-23T12:00", Some(&["午餐", "周一", "喜"])),
            ("2026-11-24T12:00", Some(&["午餐", "喜"])),
            ("2027-01-24T12:00", Some(&[OFFICE])),
        ],
    );
    let found = problems_of(vec![screen("a")], documents, "2026-11-23T09:00");
    assert_eq!(found.iter().filter(|p| p.starts_with("screen-evergreen-limited")).count(), 3, "{found:?}");
}

#[test]
fn workdays_follow_the_make_up_saturdays() {
    let work = slogan("班", |front| front.screen.days = vec![DayRule::Workdays]);
    let rest = slogan("休", |front| front.screen.days = vec![DayRule::Holidays]);
    check(
        vec![work, rest],
        &[],
        &[
            ("2026-09-20T09:00", Some(&["班"])),
            ("2026-10-01T09:00", Some(&["休"])),
            ("2026-10-08T09:00", Some(&["班"])),
            ("2026-10-10T09:00", Some(&["班"])),
            ("2026-10-11T09:00", Some(&["休"])),
        ],
    );
}

#[test]
fn lunar_new_years_eve_is_found_in_either_length_of_month() {
    let eve = slogan("除夕", |front| front.screen.days = vec![DayRule::parse("lunar 12-30").expect("well formed")]);
    check(
        vec![eve],
        &[],
        &[
            ("2026-02-15T23:59:59", Some(&[OFFICE])),
            ("2026-02-16T00:00:00", Some(&["除夕"])),
            ("2026-02-17T00:00:00", Some(&[OFFICE])),
        ],
    );
}

#[test]
fn a_takeover_plays_alone() {
    let urgent = slogan("急", |front| {
        front.screen.priority = Priority::Takeover;
        front.screen.from = Some(instant("2026-11-23T10:00"));
        front.screen.until = Some(instant("2026-11-23T10:30"));
    });
    check(
        vec![urgent, slogan("平", |_| {})],
        &[],
        &[
            ("2026-11-23T09:59:59", Some(&["平"])),
            ("2026-11-23T10:00:00", Some(&["急"])),
            ("2026-11-23T10:29:59", Some(&["急"])),
            ("2026-11-23T10:30:00", Some(&["平"])),
        ],
    );
}

#[test]
fn after_the_end_of_the_feed_only_evergreen_items_without_an_end_play() {
    let ever = slogan("常", |front| front.screen.evergreen = true);
    let ends = slogan("限", |front| {
        front.screen.evergreen = true;
        front.expires = Some(instant("2027-06-01T00:00"));
    });
    check(
        vec![ever, ends, slogan("平", |_| {})],
        &[],
        &[
            ("2026-11-23T09:00", Some(&["常", "平", "限"])),
            ("2027-01-23T23:59:59", Some(&["常", "平", "限"])),
            ("2027-01-24T00:00:00", Some(&["常"])),
            ("2030-01-01T00:00:00", Some(&["常"])),
        ],
    );
}

#[test]
fn notices_stay_ninety_days_and_reports_thirty_when_nothing_else_says_so() {
    let dated = |name, kind| {
        let (path, mut front) = slogan(name, |_| {});
        front.kind = kind;
        front.publish = Some(instant("2026-10-01T00:00"));
        (path, front)
    };
    check(
        vec![dated("告", Kind::Notice), dated("报", Kind::Report), slogan("平", |_| {})],
        &[],
        &[
            ("2026-10-30T23:59:59", Some(&["告", "平", "报"])),
            ("2026-10-31T00:00:00", Some(&["告", "平"])),
            ("2026-12-29T23:59:59", Some(&["告", "平"])),
            ("2026-12-30T00:00:00", Some(&["平"])),
        ],
    );
}

fn problems_of(screens: Vec<Screen>, documents: Vec<(String, FrontMatter)>, now: &str) -> Vec<String> {
    let (_, problems) = plan(&site(now, screens, documents), &calendar());
    problems
        .iter()
        .map(|p| format!("{} {}", p.code, crate::message::say(p.code, crate::message::Lang::Zh, &p.args)))
        .collect()
}

#[test]
fn a_year_without_a_holiday_file_is_a_warning_when_a_rule_needs_it() {
    let work = || slogan("班", |front| front.screen.days = vec![DayRule::Workdays]);
    let found = problems_of(vec![screen("a")], vec![work()], "2026-12-10T09:00");
    assert!(found[0].starts_with("holiday-year-missing 没有 2027 年"), "{found:?}");
    let without = problems_of(vec![screen("a")], vec![slogan("平", |_| {})], "2026-12-10T09:00");
    assert!(!without.iter().any(|p| p.starts_with("holiday")), "{without:?}");
    let over = slogan("止", |front| {
        front.screen.days = vec![DayRule::Workdays];
        front.screen.until = Some(instant("2027-01-01T00:00"));
    });
    let ended = problems_of(vec![screen("a")], vec![over], "2026-12-10T09:00");
    assert!(!ended.iter().any(|p| p.starts_with("holiday")), "{ended:?}");
    // Early on it is a note, so that a silent miss is impossible and nobody is blamed before the announcement.
    let early = problems_of(vec![screen("a")], vec![work()], "2026-11-23T09:00");
    assert!(early.iter().any(|p| p.starts_with("holiday-year-soon 还没有 2027 年")), "{early:?}");
}

#[test]
fn what_can_not_be_done_is_said_with_the_reason() {
    let mut wants = screen("hall");
    wants.min_share.insert("notice".into(), 0.5);
    let odd = slogan("平", |front| {
        front.screen.on = vec!["大堂".into()];
        front.screen.design = Some("blue".into());
    });
    let long = slogan("长", |front| {
        front.title = "公共机构节约能源从我做起从现在做起".into();
        front.screen.seconds = Some(3);
    });
    let found = problems_of(vec![wants], vec![odd, long], "2026-11-23T09:00");
    let codes: Vec<&str> =
        found.iter().filter_map(|p| p.split(' ').next()).filter(|c| *c != "calendar-item-unknown").collect();
    assert_eq!(
        codes,
        ["screen-design-unknown", "screen-target-unknown", "screen-too-short", "screen-min-share"],
        "{found:?}"
    );
}

/// Codes and files of the problems of one document on a screen that is open from 7 to 22.
fn never(change: impl FnOnce(&mut FrontMatter)) -> Vec<&'static str> {
    let mut hall = screen("hall");
    hall.hours = vec![(String::new(), "07:00-22:00".into())];
    let takeover = slogan("急", |front| {
        front.screen.priority = Priority::Takeover;
        front.screen.from = Some(instant("2026-11-25T00:00"));
        front.screen.until = Some(instant("2026-11-27T00:00"));
    });
    let site = site("2026-11-23T09:00", vec![hall], vec![slogan("甲", change), takeover]);
    let (_, problems) = plan(&site, &calendar());
    problems
        .into_iter()
        .filter(|p| p.place.as_ref().is_some_and(|place| place.path.as_str().ends_with("甲.md")))
        .map(|p| p.code)
        .collect()
}

#[test]
fn a_document_that_will_never_be_on_a_screen_is_told_why() {
    let days = |text: &str| vec![DayRule::parse(text).expect("well formed")];
    let hours = |text: &str| vec![HourSpan::parse(text).expect("well formed")];
    assert_eq!(never(|_| {}), Vec::<&str>::new());
    assert_eq!(
        never(|front| {
            front.screen.from = Some(instant("2026-12-02T00:00"));
            front.screen.until = Some(instant("2026-12-01T00:00"));
        }),
        ["screen-never-from"]
    );
    assert_eq!(
        never(|front| {
            front.screen.days = days("12-13");
            front.screen.until = Some(instant("2026-12-13T00:00"));
        }),
        ["screen-never-days"]
    );
    assert_eq!(never(|front| front.screen.days = days("02-29")), Vec::<&str>::new());
    assert_eq!(never(|front| front.screen.hours = hours("22:00-07:00")), ["screen-never-open"]);
    assert_eq!(never(|front| front.screen.hours = hours("21:59-07:00")), Vec::<&str>::new());
    // Only while the takeover plays, and on a day of mourning.
    assert_eq!(
        never(|front| {
            front.screen.from = Some(instant("2026-11-25T08:00"));
            front.screen.until = Some(instant("2026-11-26T20:00"));
        }),
        ["screen-never-turn"]
    );
    assert_eq!(
        never(|front| {
            front.screen.days = days("2026-12-13");
            front.tone = Tone::Festive;
        }),
        ["screen-never-turn"]
    );
    // It is over, or it comes later than the feed reaches: nothing is wrong.
    assert_eq!(never(|front| front.screen.until = Some(instant("2026-11-01T00:00"))), Vec::<&str>::new());
    assert_eq!(never(|front| front.screen.from = Some(instant("2027-05-01T00:00"))), Vec::<&str>::new());
}

#[test]
fn weights_that_a_loop_can_not_follow_and_loops_that_are_too_long_are_said() {
    let many = |count: usize| -> Vec<(String, FrontMatter)> {
        let heavy = slogan("重", |front| front.screen.weight = 10);
        (0..count).map(|i| slogan(&format!("{i:04}"), |_| {})).chain([heavy]).collect()
    };
    let code =
        |found: &[String]| found.iter().map(|p| p.split(' ').next().unwrap_or("").to_string()).collect::<Vec<_>>();
    let rounded = problems_of(vec![screen("a")], many(995), "2026-11-23T09:00");
    assert!(code(&rounded).contains(&"screen-weight-rounded".to_string()), "{rounded:?}");
    assert!(rounded.iter().any(|p| p.contains("重.md：应播 10 次，实播 5 次")), "{rounded:?}");
    let long = problems_of(vec![screen("a")], many(1001), "2026-11-23T09:00");
    assert!(code(&long).contains(&"screen-loop-long".to_string()), "{long:?}");
    let fine = problems_of(vec![screen("a")], many(300), "2026-11-23T09:00");
    assert!(!code(&fine).iter().any(|c| c.starts_with("screen-")), "{fine:?}");
}

#[test]
fn a_day_of_mourning_is_one_entry_in_the_calendar() {
    let mourn = (
        "content/slogans/mourn.md".to_string(),
        slogan("悼", |front| front.screen.days = vec![DayRule::Annual(12, 13)]).1,
    );
    let ends = slogan("止", |front| front.screen.until = Some(instant("2026-12-13T12:00")));
    let site = site("2026-12-11T09:00", vec![screen("hall")], vec![mourn, ends, slogan("平", |_| {})]);
    let calendar = calendar();
    let (plans, _) = plan(&site, &calendar);
    let days: BTreeMap<String, CalendarDay> =
        calendar_days(&site, &calendar, &plans[0]).into_iter().map(|day| (day.date.clone(), day)).collect();
    let quiet = |date: &str| days[date].up.is_empty() && days[date].down.is_empty();
    assert!(quiet("2026-12-12") && quiet("2026-12-13") && quiet("2026-12-15"));
    let instead = super::explain::Instead { solemn: true, plays: vec!["悼".into()], count: 1, rests: 2 };
    assert_eq!((days["2026-12-13"].instead.clone(), days["2026-12-13"].items), (Some(instead), 1));
    assert_eq!((days["2026-12-14"].up.clone(), days["2026-12-14"].down.clone()), (vec![], vec!["止".to_string()]));
    assert!(days["2026-12-14"].instead.is_none());
}

#[test]
fn what_rests_at_weekends_has_not_gone_down() {
    let work = slogan("班", |front| {
        front.screen.days = vec![DayRule::parse("mon-fri").expect("well formed")];
        front.screen.until = Some(instant("2026-12-02T00:00"));
    });
    let site = site("2026-11-27T09:00", vec![screen("hall")], vec![work, slogan("平", |_| {})]);
    let calendar = calendar();
    let (plans, _) = plan(&site, &calendar);
    let days = calendar_days(&site, &calendar, &plans[0]);
    let said = |number: usize| {
        let day = &days[number];
        [&day.up, &day.down, &day.returns, &day.pauses].map(|titles| titles.concat())
    };
    assert_eq!(said(1), ["", "", "", "班"]);
    assert_eq!(said(3), ["", "", "班", ""]);
    assert_eq!(said(5), ["", "班", "", ""]);
}

#[test]
fn the_page_of_a_screen_with_hundreds_of_items_lists_them_once_and_quiet_days_together() {
    let rule = |text: &str| vec![DayRule::parse(text).expect("well formed")];
    let item = |i: usize| {
        slogan(&format!("{i:03}"), |front| match i % 3 {
            0 => front.screen.days = rule("mon-fri"),
            1 => front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")],
            _ => {}
        })
    };
    let site = site("2026-11-23T09:00", vec![screen("hall")], (0..300).map(item).collect());
    let calendar = calendar();
    let (plans, _) = plan(&site, &calendar);
    let (today, days) = day_view(&site, &calendar, &plans[0]);
    let rows: Vec<(usize, usize, usize, usize)> =
        today.rows.iter().map(|row| (row.count, row.items.len(), row.up.len(), row.down.len())).collect();
    assert_eq!(rows, [(200, 200, 0, 0), (300, 0, 100, 0), (200, 0, 0, 100)]);
    // Every day is in one entry, in order.
    assert_eq!(days.iter().map(|day| day.days).sum::<usize>(), 62);
    let spans: Vec<String> = days.iter().take(3).map(|day| format!("{}{}", day.han, day.last_weekday)).collect();
    assert_eq!(spans, ["11月23日周五", "11月28日周日", "11月30日周五"]);
    let weekend = &days[1];
    assert_eq!((weekend.days, weekend.counts.pauses, weekend.pauses.len()), (2, 100, 40));
    let mourning = days.iter().find(|day| day.date == "2026-12-13").expect("it has its own entry");
    assert_eq!((mourning.days, &*mourning.last, mourning.instead.is_some()), (1, "2026-12-13", true));
}

fn files(plans: &[ScreenPlan]) -> Files {
    let slides = plans.iter().flat_map(|plan| plan.items.iter()).flat_map(|item| item.slides.iter());
    let file = |slide: &Slide, ending: &str| {
        let sha256 = crate::file::sha256(format!("{}{ending}", slide.fingerprint).as_bytes());
        SlideFile { file: format!("../files/{sha256}.{ending}"), sha256, bytes: 1000 }
    };
    let mut files = Files::default();
    for slide in slides {
        files.svg.insert(slide.fingerprint, file(slide, "svg"));
        files.png.insert((slide.fingerprint, (3840, 2160)), file(slide, "png"));
    }
    files
}

#[test]
fn a_screen_that_asks_for_png_finds_each_slide_at_its_own_pixels_beside_the_svg() {
    let png = Screen { png: true, size: (3840, 2160), ..screen("hall") };
    let site = site("2026-11-23T09:00", vec![png, screen("lobby")], vec![slogan("甲", |_| {})]);
    let (plans, _) = plan(&site, &calendar());
    let files = files(&plans);
    let schema = jsonschema::validator_for(&screenfeed::schema()).expect("the schema is a schema");
    let slide = |plan: &ScreenPlan| {
        let feed: serde_json::Value =
            serde_json::from_slice(&screenfeed::Shared::new(plan, &files, &site).feed(plan, &site).joined())
                .expect("it is JSON");
        assert!(schema.is_valid(&feed), "{feed}");
        feed["items"][0]["_screen"]["slides"][0].clone()
    };
    let (hall, lobby) = (slide(&plans[0]), slide(&plans[1]));
    assert!(hall["file"].as_str().is_some_and(|file| file.ends_with(".svg")));
    assert!(hall["png"]["file"].as_str().is_some_and(|file| file.ends_with(".png")));
    assert_ne!(hall["png"]["sha256"], hall["sha256"]);
    assert_eq!(lobby["png"], serde_json::Value::Null);
}

#[test]
fn the_feed_is_valid_by_its_schema_and_the_same_all_day() {
    let documents = || {
        vec![
            slogan("甲", |front| {
                front.date =
                    Some(Moment { at: instant("2026-01-01T00:00"), date: jiff::civil::date(2026, 1, 1), time: None })
            }),
            slogan("乙", |front| front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")]),
        ]
    };
    let mut hall = screen("hall");
    hall.hours = vec![(String::new(), "07:00-22:00".into())];
    let build = |now: &str| {
        let site = site(now, vec![hall.clone()], documents());
        let (plans, _) = plan(&site, &calendar());
        let feed = screenfeed::Shared::new(&plans[0], &files(&plans), &site).feed(&plans[0], &site);
        assert_eq!(feed.sha256, crate::file::sha256(&feed.joined()));
        let head = screenfeed::head(&plans[0], &feed, &site);
        (String::from_utf8(feed.joined()).expect("JSON is text"), head)
    };
    let (morning, head) = build("2026-11-23T00:00:00");
    let (evening, later) = build("2026-11-23T23:59:59");
    assert_eq!(morning, evening);
    assert_ne!(head, later);
    let value: serde_json::Value = serde_json::from_str(&morning).expect("the feed is JSON");
    let validator = jsonschema::validator_for(&screenfeed::schema()).expect("the schema is one");
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut broken = value.clone();
    broken["_screen"]["timeline"][0][2] = serde_json::json!("no such loop");
    assert!(!validator.is_valid(&broken));
    assert_eq!(value["_screen"]["from"], instant("2026-11-23T00:00").as_second());
    assert_eq!(value["_screen"]["until"], instant("2027-01-24T00:00").as_second());
}

#[test]
fn the_reason_is_given_for_every_document() {
    let documents = vec![
        slogan("播", |_| {}),
        slogan("晚", |front| front.screen.from = Some(instant("2026-12-01T00:00"))),
        slogan("早", |front| front.screen.until = Some(instant("2026-11-01T00:00"))),
        slogan("时", |front| front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")]),
        slogan("日", |front| front.screen.days = vec![DayRule::parse("sat").expect("well formed")]),
        slogan("屏", |front| front.screen.on = vec!["led".into()]),
    ];
    let site = site("2026-11-23T09:00", vec![screen("hall")], documents);
    let calendar = calendar();
    let (plans, _) = plan(&site, &calendar);
    let answer = at(&site, &calendar, &plans[0], site.now);
    assert_eq!(answer.title.as_deref(), Some("播"));
    let codes: BTreeMap<&str, &str> = answer.rows.iter().map(|row| (row.title.as_str(), row.verdict.code)).collect();
    let expected = [
        ("播", "screen-why-plays"),
        ("晚", "screen-why-early"),
        ("早", "screen-why-late"),
        ("时", "screen-why-hours"),
        ("日", "screen-why-days"),
        ("屏", "screen-why-target"),
    ];
    assert_eq!(codes, expected.into_iter().collect());
    assert!(answer.rows.iter().all(|row| crate::message::find(row.verdict.code).is_some()));
}

#[test]
fn a_day_lists_its_segments_from_midnight_to_midnight() {
    let lunch =
        slogan("午餐", |front| front.screen.hours = vec![HourSpan::parse("11:00-13:30").expect("well formed")]);
    let mut hall = screen("hall");
    hall.hours = vec![(String::new(), "07:00-22:00".into())];
    let site = site("2026-11-23T09:00", vec![hall], vec![lunch, slogan("平", |_| {})]);
    let (plans, _) = plan(&site, &calendar());
    let rows = day(&site, &plans[0], jiff::civil::date(2026, 11, 23));
    let text: Vec<String> =
        rows.iter().map(|row| format!("{}-{} {}", row.from_text, row.until_text, row.items.len())).collect();
    assert_eq!(text, ["00:00-07:00 0", "07:00-11:00 1", "11:00-13:30 2", "13:30-22:00 1", "22:00-24:00 0"]);
}

#[test]
fn screens_that_ask_for_the_same_share_their_pictures_and_loops() {
    let mut large = screen("large");
    large.size = (3840, 2160);
    let site = site("2026-11-23T09:00", vec![screen("a"), large], vec![slogan("甲", |_| {})]);
    let (plans, _) = plan(&site, &calendar());
    assert!(Arc::ptr_eq(&plans[0].items[0].slides, &plans[1].items[0].slides));
    assert_eq!(plans[0].timeline, plans[1].timeline);
}

#[test]
fn screens_whose_slides_last_longer_have_loops_of_their_own() {
    let of_seconds = |id: &str, seconds: u32| Screen {
        seconds,
        min_share: BTreeMap::from([("slogan".to_string(), 0.5)]),
        ..screen(id)
    };
    let notice = slogan("通", |front| {
        front.kind = Kind::Notice;
        front.publish = Some(instant("2026-11-01T00:00"));
        front.screen.seconds = Some(30);
    });
    let screens = vec![of_seconds("quick", 10), of_seconds("slow", 60)];
    let site = site("2026-11-23T09:00", screens, vec![notice, slogan("平", |_| {})]);
    let (plans, _) = plan(&site, &calendar());
    let turns = |plan: &ScreenPlan| {
        let playing = position(&plan.timeline, instant("2026-11-23T09:00").as_second()).expect("always on");
        plan.timeline.loops[playing.plays].entries.len()
    };
    assert_eq!(plans.iter().map(turns).collect::<Vec<_>>(), [4, 2]);
}

/// Titles that each screen shows.
fn shown_on(plans: &[ScreenPlan]) -> Vec<Vec<&str>> {
    plans
        .iter()
        .map(|plan| plan.items.iter().filter(|i| i.page.is_some()).map(|i| i.title.as_str()).collect())
        .collect()
}

#[test]
fn a_screen_shows_the_kinds_that_it_is_for_and_what_names_it_or_one_of_its_tags() {
    let mut slogans_only = screen("slogans");
    slogans_only.shows = vec!["slogan".into()];
    slogans_only.tags = vec!["电梯".into()];
    let on = |name: &str, places: &[&str]| {
        slogan(name, |front| front.screen.on = places.iter().map(|place| place.to_string()).collect())
    };
    let notice = slogan("通", |front| front.kind = Kind::Notice);
    let documents = vec![notice, on("名", &["hall"]), on("签", &["电梯"]), on("众", &[])];
    let site = site("2026-01-05T09:00", vec![screen("hall"), slogans_only], documents);
    let (plans, _) = plan(&site, &calendar());
    assert_eq!(shown_on(&plans), [vec!["众", "名", "通"], vec!["众", "签"]]);
}

#[test]
fn every_slide_of_an_item_plays_in_its_turn() {
    let words = "请各科室于本周五下班前将自查情况报综合科，逾期未报的在月度例会上说明原因。".repeat(4);
    let long = slogan("长", |front| front.screen.text = Some(words.clone()));
    let mut strip = screen("strip");
    strip.size = (960, 96);
    let site = site("2026-01-05T09:00", vec![strip], vec![long, slogan("平", |_| {})]);
    let (plans, _) = plan(&site, &calendar());
    let plan = &plans[0];
    let (item, long) = plan.items.iter().enumerate().find(|(_, item)| item.title == "长").expect("it is shown");
    assert!(long.slides.len() > 1, "one slide is too few to see anything");
    let playing = position(&plan.timeline, instant("2026-01-05T09:00").as_second()).expect("always on");
    let slides: BTreeSet<u32> = plan.timeline.loops[playing.plays]
        .entries
        .iter()
        .filter(|entry| entry.item as usize == item)
        .map(|entry| entry.slide)
        .collect();
    assert_eq!(slides.len(), long.slides.len());
}
