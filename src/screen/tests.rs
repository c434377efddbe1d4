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
        now: instant(now),
        newest: Vec::new(),
        by_path: pages.iter().enumerate().map(|(i, page)| (page.document.path.clone(), i)).collect(),
        pages,
        sections: vec![],
        taxonomies: vec![],
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
        let feed: serde_json::Value = serde_json::from_str(&screenfeed::feed(plan, &files, &site)).expect("it is JSON");
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
        let feed = screenfeed::feed(&plans[0], &files(&plans), &site);
        let head = screenfeed::head(&plans[0], &feed, &site);
        (feed, head)
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

/// 1,000 screens with 500 items for 62 days; `cargo test --release many_screens -- --ignored` tells how long.
#[test]
#[ignore = "a measure, not a check"]
#[allow(clippy::disallowed_methods, reason = "measures time for people")]
fn many_screens() {
    let rules = ["mon-fri", "sat-sun", "workdays", "12-13", "last fri", "lunar 01-01"];
    let documents = (0..500)
        .map(|i| {
            slogan(&format!("公益标语第{i:03}条"), |front| {
                front.kind = [Kind::Slogan, Kind::Slogan, Kind::Notice, Kind::Report][i % 4];
                front.screen.until = Some(instant("2027-06-01T00:00"));
                front.screen.weight = 1 + (i % 10) as u32;
                if i % 5 == 0 {
                    front.screen.days = vec![DayRule::parse(rules[i / 5 % 6]).expect("well formed")];
                }
                if i % 7 == 0 {
                    let from = 7 + i % 12;
                    front.screen.hours =
                        vec![HourSpan::parse(&format!("{from:02}:00-{:02}:30", from + 1)).expect("well formed")];
                }
                if i % 11 == 0 {
                    front.screen.on = vec![format!("tag{}", i % 20)];
                }
            })
        })
        .collect();
    let screens = (0..1000)
        .map(|i| {
            let mut one = screen(&format!("s{i}"));
            one.size = [(1920, 1080), (3840, 2160), (1080, 1920), (1280, 800)][i % 4];
            one.tags = vec![format!("tag{}", i % 20)];
            one.hours = vec![(String::new(), format!("{:02}:00-22:00", 6 + i % 3))];
            one.min_share.insert("slogan".into(), 0.5);
            one
        })
        .collect();
    let site = site("2026-11-23T09:00", screens, documents);
    let began = std::time::Instant::now();
    let (plans, problems) = plan(&site, &calendar());
    let planned = began.elapsed();
    let files = files(&plans);
    let bytes: usize = plans.iter().map(|plan| screenfeed::feed(plan, &files, &site).len()).sum();
    let pictures: BTreeSet<Hash> = files.svg.keys().copied().collect();
    panic!(
        "planned {planned:?}, feeds {:?}, {bytes} bytes, {} pictures, {} problems",
        began.elapsed(),
        pictures.len(),
        problems.len()
    );
}

fn any_document(name: usize) -> impl Strategy<Value = (String, FrontMatter)> {
    let days = prop::sample::subsequence(vec!["mon-fri", "sat", "workdays", "12-13", "last fri"], 0..3);
    let hours = prop::sample::subsequence(vec!["11:00-13:30", "22:00-06:00", "08:00-18:00"], 0..3);
    (0usize..3, 1u32..=10, 0i64..20, 1i64..60, days, hours, any::<bool>(), 0u8..12).prop_map(
        move |(kind, weight, start, long, days, hours, evergreen, tone)| {
            slogan(&format!("项{name}"), |front| {
                front.kind = [Kind::Slogan, Kind::Notice, Kind::Report][kind];
                let from = instant("2026-11-20T08:30").as_second() + start * 86_400;
                front.screen.from = Timestamp::from_second(from).ok();
                front.screen.until = Timestamp::from_second(from + long * 40_000).ok();
                front.screen.weight = weight;
                front.screen.days = days.iter().map(|rule| DayRule::parse(rule).expect("well formed")).collect();
                front.screen.hours = hours.iter().map(|span| HourSpan::parse(span).expect("well formed")).collect();
                front.screen.evergreen = evergreen;
                front.tone = [Tone::Plain, Tone::Festive, Tone::Solemn][usize::from(tone) % 3];
                if tone == 11 {
                    front.screen.priority = Priority::Takeover;
                }
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// What the timeline plays at an instant is what the reasons of `screens at` say, which walk the rules one by one.
    #[test]
    fn the_timeline_plays_exactly_what_the_rules_allow(
        documents in (1usize..7).prop_flat_map(|n| (0..n).map(any_document).collect::<Vec<_>>()),
        seconds in prop::collection::vec(0i64..62 * 86_400, 12),
    ) {
        let mut hall = screen("hall");
        hall.hours = vec![("mon-fri".into(), "07:30-19:00".into()), ("sat-sun".into(), "21:00-02:00".into())];
        let site = site("2026-11-23T09:00", vec![hall], documents);
        let calendar = calendar();
        let (plans, _) = plan(&site, &calendar);
        let start = plans[0].timeline.from;
        for t in seconds.into_iter().map(|second| start + second) {
            let answer = at(&site, &calendar, &plans[0], Timestamp::from_second(t).expect("within the tests' years"));
            let allowed: BTreeSet<&str> =
                answer.rows.iter().filter(|row| row.verdict.plays).map(|row| row.title.as_str()).collect();
            let dark = answer.rows.iter().any(|row| row.verdict.code == "screen-why-dark");
            match position(&plans[0].timeline, t) {
                None => prop_assert!(allowed.is_empty()),
                Some(playing) => {
                    let entries = &plans[0].timeline.loops[playing.plays].entries;
                    let items = entries.iter().map(|entry| &plans[0].items[entry.item as usize]);
                    let titles: BTreeSet<&str> = items.clone().map(|item| item.title.as_str()).collect();
                    prop_assert!(!dark);
                    if allowed.is_empty() {
                        prop_assert!(items.clone().all(|item| item.evergreen));
                    } else {
                        prop_assert_eq!(titles, allowed);
                    }
                    prop_assert!(playing.from <= t && t < playing.until);
                }
            }
        }
        // The segments follow each other without gap from midnight to midnight.
        let timeline = &plans[0].timeline;
        let mut now = timeline.from;
        for segment in &timeline.segments {
            prop_assert_eq!(segment.from, now);
            prop_assert!(segment.until > segment.from);
            now = segment.until;
        }
        prop_assert_eq!(now, timeline.until);
    }
}
