//! Random sites against a second evaluator, which knows no spans, no segments and no loops: it asks the clock on the wall
//! and walks the rules. Two thousand sites in every run, ten thousand with CIVICAST_LONG=1.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::*;

/// A rule of days as written, and what it means, said once more.
type Days = (&'static str, fn(Date) -> bool);

const DAYS: [Days; 8] = [
    ("mon-fri", |date| date.weekday().to_monday_zero_offset() < 5),
    ("sat,sun", |date| date.weekday().to_monday_zero_offset() >= 5),
    ("workdays", works),
    ("holidays", |date| !works(date)),
    ("12-13", |date| (date.month(), date.day()) == (12, 13)),
    ("lunar 12-30", |date| [(2026, 2, 16), (2027, 2, 5)].contains(&(date.year(), date.month(), date.day()))),
    ("last fri", |date| {
        date.weekday() == jiff::civil::Weekday::Friday
            && date.checked_add(jiff::ToSpan::days(7)).is_ok_and(|next| next.month() != date.month())
    }),
    ("2nd sun of 11", |date| {
        (date.month(), date.weekday()) == (11, jiff::civil::Weekday::Sunday) && (8..15).contains(&date.day())
    }),
];

/// Offices work: the statutory arrangement of 2026 as announced, Monday to Friday in other years.
fn works(date: Date) -> bool {
    let weekday = date.weekday().to_monday_zero_offset() < 5;
    let day = (date.month(), date.day());
    let off = |from: (i8, i8), until: (i8, i8)| (from..=until).contains(&day);
    let holiday = off((1, 1), (1, 3))
        || off((2, 15), (2, 23))
        || off((4, 4), (4, 6))
        || off((5, 1), (5, 5))
        || off((6, 19), (6, 21))
        || off((9, 25), (9, 27))
        || off((10, 1), (10, 7));
    let make_up = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)].contains(&day);
    if date.year() == 2026 { make_up || (weekday && !holiday) } else { weekday }
}

const HOURS: [(&str, u32, u32); 6] = [
    ("11:00-13:30", 660, 810),
    ("22:00-06:00", 1320, 1800),
    ("08:00-18:00", 480, 1080),
    ("00:30-02:15", 30, 135),
    ("02:00-03:00", 120, 180),
    ("23:30-24:00", 1410, 1440),
];

/// A document as the second evaluator sees it.
#[derive(Clone, Debug)]
struct Item {
    title: String,
    kind: usize,
    from: i64,
    until: Option<i64>,
    days: Vec<usize>,
    hours: Vec<usize>,
    weight: u32,
    seconds: Option<u32>,
    tone: Tone,
    takeover: bool,
    evergreen: bool,
    /// It is the one that the calendar names for 12-13.
    named: bool,
    /// Only on the first screen.
    first_only: bool,
}

#[derive(Clone, Debug)]
struct Case {
    zone: &'static str,
    now: Timestamp,
    horizon: u32,
    items: Vec<Item>,
    /// Of the first screen; the second is always open.
    hours: Vec<(usize, usize)>,
    min_share: Vec<(usize, f64)>,
}

/// Instants from which sites are built: around turns of the year, of the clocks, days of mourning, make-up workdays.
const STARTS: [(&str, &str); 9] = [
    ("Asia/Shanghai", "2026-11-23T09:00:00+08:00"),
    ("Asia/Shanghai", "2026-12-10T23:59:59+08:00"),
    ("Asia/Shanghai", "2026-09-17T00:00:00+08:00"),
    ("Asia/Shanghai", "2026-02-12T12:00:00+08:00"),
    ("Asia/Shanghai", "2026-12-28T08:00:00+08:00"),
    ("Europe/Berlin", "2026-03-27T10:00:00+01:00"),
    ("Europe/Berlin", "2026-10-23T10:00:00+02:00"),
    ("Africa/Cairo", "2026-10-28T10:00:00+03:00"),
    ("America/Havana", "2026-10-30T10:00:00-04:00"),
];

fn any_item() -> impl Strategy<Value = Item> {
    let rules = (
        prop::sample::subsequence((0..DAYS.len()).collect::<Vec<_>>(), 0..3),
        prop::sample::subsequence((0..HOURS.len()).collect::<Vec<_>>(), 0..3),
    );
    let flags = (any::<bool>(), any::<bool>(), 0u32..12, any::<bool>());
    let window = (-30i64..200, prop::option::of(1i64..400), 0i64..7200);
    (0usize..3, rules, 1u32..=10, prop::option::of(3u32..40), 0usize..3, flags, window).prop_map(
        |(kind, (days, hours), weight, seconds, tone, (evergreen, bare, takeover, first_only), (start, long, odd))| {
            Item {
                title: String::new(),
                kind,
                from: start * 3600 + odd,
                until: long.map(|long| (start + long) * 3600 + odd / 3),
                days: if bare { vec![] } else { days },
                hours: if bare { vec![] } else { hours },
                weight,
                seconds,
                tone: [Tone::Plain, Tone::Festive, Tone::Solemn][tone],
                takeover: takeover == 0,
                evergreen,
                named: false,
                first_only,
            }
        },
    )
}

fn any_case() -> impl Strategy<Value = Case> {
    let hours = prop::collection::vec((0..DAYS.len() + 1, 0..HOURS.len()), 0..3);
    let horizon = prop_oneof![8 => 1u32..8, 1 => Just(62u32)];
    let shares = prop::sample::subsequence(vec![(0usize, 0.5), (1, 0.2), (2, 0.25)], 0..=2);
    (
        prop::sample::select(STARTS.to_vec()),
        horizon,
        prop::collection::vec(any_item(), 1..9),
        hours,
        shares,
        any::<bool>(),
    )
        .prop_map(|((zone, now), horizon, mut items, hours, min_share, named)| {
            for (i, item) in items.iter_mut().enumerate() {
                item.title = format!("项{i}");
            }
            items[0].named = named;
            if named {
                items[0].kind = 0;
            }
            Case { zone, now: now.parse().expect("well formed"), horizon, items, hours, min_share }
        })
}

impl Case {
    fn zone(&self) -> TimeZone {
        TimeZone::get(self.zone).expect("the zone data is in the binary")
    }

    fn site(&self) -> Site {
        let second = |offset: i64| Timestamp::from_second(self.now.as_second() + offset).ok();
        let front = |item: &Item| {
            let (path, mut front) = slogan(&item.title, |_| {});
            front.kind = [Kind::Slogan, Kind::Notice, Kind::Report][item.kind];
            front.publish = second(-86_400 * 20);
            front.screen.from = second(item.from);
            front.screen.until = item.until.and_then(second);
            front.screen.days = item.days.iter().map(|&i| DayRule::parse(DAYS[i].0).expect("well formed")).collect();
            front.screen.hours =
                item.hours.iter().map(|&i| HourSpan::parse(HOURS[i].0).expect("well formed")).collect();
            front.screen.weight = item.weight;
            front.screen.seconds = item.seconds;
            front.screen.evergreen = item.evergreen;
            front.screen.on = if item.first_only { vec!["first".into()] } else { vec![] };
            front.tone = item.tone;
            if item.takeover {
                front.screen.priority = Priority::Takeover;
            }
            (if item.named { "content/slogans/mourn.md".into() } else { path }, front)
        };
        let mut first = screen("first");
        first.tags = vec![];
        let days = |&day: &usize| DAYS.get(day).map_or(String::new(), |(text, _)| text.to_string());
        first.hours = self.hours.iter().map(|(day, hours)| (days(day), HOURS[*hours].0.to_string())).collect();
        first.min_share = self.min_share.iter().map(|&(kind, share)| (KINDS[kind].to_string(), share)).collect();
        let mut site = site_at(self.now, vec![first, screen("second")], self.items.iter().map(front).collect());
        let config = Arc::get_mut(&mut site.config).expect("nobody else has it");
        config.zone = self.zone();
        config.horizon_days = self.horizon;
        site
    }

    /// Date and minute on a clock on the wall that never goes back.
    fn wall(&self, t: i64) -> (Date, u32) {
        let zone = self.zone();
        let at = Timestamp::from_second(t).expect("in range");
        let civil = at.to_zoned(zone.clone()).datetime();
        let minute = |civil: jiff::civil::DateTime| {
            u32::try_from(i32::from(civil.hour()) * 60 + i32::from(civil.minute())).expect("positive")
        };
        match zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Fold { before, .. } if before.to_timestamp(civil).is_ok_and(|first| first < at) => {
                // The hour comes a second time: the clock stays at what it showed last before it was set back.
                let set_back = zone
                    .preceding(at.checked_add(jiff::ToSpan::seconds(1)).expect("in range"))
                    .next()
                    .expect("it was set back")
                    .timestamp();
                let last = set_back.checked_sub(jiff::ToSpan::seconds(1)).expect("in range").to_zoned(zone).datetime();
                (last.date(), minute(last))
            }
            _ => (civil.date(), minute(civil)),
        }
    }

    /// By the rules of days and hours, those of yesterday whose hours reach into today included.
    fn by_rules(&self, t: i64, days: &[usize], hours: &[usize]) -> bool {
        let (today, minute) = self.wall(t);
        let on = |date: Date| days.is_empty() || days.iter().any(|&i| DAYS[i].1(date));
        let within = |minute: u32| match hours.is_empty() {
            true => minute < 1440,
            false => hours.iter().any(|&i| (HOURS[i].1..HOURS[i].2).contains(&minute)),
        };
        (on(today) && within(minute)) || (on(today.yesterday().expect("not the first day")) && within(minute + 1440))
    }

    /// What plays on a screen at an instant: `None` is dark, a slate stands by its words.
    fn expected(&self, first_screen: bool, t: i64) -> Option<BTreeSet<String>> {
        let open = |&(day, hours): &(usize, usize)| {
            let days: Vec<usize> = if day < DAYS.len() { vec![day] } else { vec![] };
            self.by_rules(t, &days, &[hours])
        };
        if first_screen && !self.hours.is_empty() && !self.hours.iter().any(open) {
            return None;
        }
        let (today, _) = self.wall(t);
        let solemn = match (today.month(), today.day()) {
            (12, 13) => Some("国家公祭日"),
            (9, 30) => Some("烈士纪念日"),
            _ => None,
        };
        let here = |item: &&Item| first_screen || !item.first_only;
        let now = self.now.as_second();
        let end = |item: &Item| match (item.until, item.kind) {
            (Some(until), _) => Some(now + until),
            // Ninety and thirty days from its publication, by the clock on the wall.
            (None, kind @ (1 | 2)) => {
                let published = Timestamp::from_second(now - 86_400 * 20).expect("in range").to_zoned(self.zone());
                let days = if kind == 1 { 90 } else { 30 };
                Some(published.checked_add(jiff::ToSpan::days(days)).expect("in range").timestamp().as_second())
            }
            _ => None,
        };
        let eligible = |item: &&Item| {
            t >= now + item.from
                && end(item).is_none_or(|until| t < until)
                && self.by_rules(t, &item.days, &item.hours)
                && !(solemn.is_some() && item.tone == Tone::Festive)
                && (solemn != Some("国家公祭日") || item.named)
        };
        let all: Vec<&Item> = self.items.iter().filter(here).filter(eligible).collect();
        if all.is_empty()
            && let Some(name) = solemn
        {
            return Some(BTreeSet::from([name.to_string()]));
        }
        let midnight = self.now.to_zoned(self.zone()).start_of_day().expect("it has one").timestamp().as_second();
        let always = |item: &&Item| {
            item.evergreen
                && end(item).is_none()
                && item.days.is_empty()
                && item.hours.is_empty()
                && item.tone != Tone::Festive
                && now + item.from <= midnight
        };
        let chosen = if all.is_empty() { self.items.iter().filter(here).filter(always).collect() } else { all };
        let takeovers: Vec<&Item> = chosen.iter().copied().filter(|item| item.takeover).collect();
        let chosen = if takeovers.is_empty() { chosen } else { takeovers };
        match chosen.is_empty() {
            true => Some(BTreeSet::from([OFFICE.to_string()])),
            false => Some(chosen.into_iter().map(|item| item.title.clone()).collect()),
        }
    }
}

/// Titles in the loop that plays at an instant.
fn playing(plan: &ScreenPlan, t: i64) -> Option<BTreeSet<String>> {
    let found = position(&plan.timeline, t)?;
    assert!(found.from <= t && t < found.until, "{found:?} at {t}");
    let entries = &plan.timeline.loops[found.plays].entries;
    Some(entries.iter().map(|entry| plan.items[entry.item as usize].title.clone()).collect())
}

/// Every loop: each item with all its slides in order, turns by weight within a kind, no repeat that can be avoided,
/// minimum shares met or the miss reported.
fn check_loops(case: &Case, plan: &ScreenPlan, said: &BTreeSet<&str>) {
    let weight =
        |item: &ScreenItem| case.items.iter().find(|known| known.title == item.title).map_or(1, |known| known.weight);
    for looped in &plan.timeline.loops {
        let mut turns: Vec<u32> = Vec::new();
        let mut entries = looped.entries.as_slice();
        while let Some(first) = entries.first() {
            let item = &plan.items[first.item as usize];
            let slides: Vec<(u32, u32)> =
                entries.iter().take(item.slides.len()).map(|entry| (entry.item, entry.slide)).collect();
            assert_eq!(slides, (0..item.slides.len()).map(|slide| (first.item, slide as u32)).collect::<Vec<_>>());
            turns.push(first.item);
            entries = &entries[item.slides.len()..];
        }
        assert_eq!(looped.seconds, looped.entries.iter().map(|entry| i64::from(entry.seconds)).sum::<i64>());
        assert!(!turns.is_empty() && turns.len() <= 1000);
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        turns.iter().for_each(|turn| *counts.entry(*turn).or_default() += 1);
        let repeats = (0..turns.len()).filter(|&i| turns.len() > 1 && turns[i] == turns[(i + 1) % turns.len()]).count();
        let most = counts.values().copied().max().unwrap_or(0);
        let unavoidable = if turns.len() == 1 { 0 } else { (2 * most).saturating_sub(turns.len()) };
        assert_eq!(repeats, unavoidable, "{turns:?}");
        // Some number of turns for a weight of one suits every item of a kind to within one turn.
        for kind in ["slogan", "notice", "report"] {
            let own = counts.iter().filter(|(item, _)| plan.items[**item as usize].kind == kind);
            let own: Vec<(f64, f64)> =
                own.map(|(item, count)| (*count as f64, f64::from(weight(&plan.items[*item as usize])))).collect();
            let least = own.iter().map(|(count, weight)| (count - 1.0) / weight).fold(0.0, f64::max);
            let upper = own.iter().map(|(count, weight)| (count + 1.0) / weight).fold(f64::MAX, f64::min);
            assert!(least <= upper + 1e-6 || said.contains("screen-weight-rounded"), "{own:?}");
        }
    }
}

fn check_minimum(case: &Case, plan: &ScreenPlan, said: &BTreeSet<&str>) {
    for segment in plan.timeline.segments.iter().filter_map(|segment| segment.plays).collect::<BTreeSet<_>>() {
        let looped = &plan.timeline.loops[segment];
        let kinds: BTreeSet<&str> = looped.entries.iter().map(|entry| plan.items[entry.item as usize].kind).collect();
        for &(kind, least) in &case.min_share {
            let own = looped.entries.iter().filter(|entry| plan.items[entry.item as usize].kind == KINDS[kind]);
            let own: i64 = own.map(|entry| i64::from(entry.seconds)).sum();
            let met = own as f64 + 1e-6 >= least * looped.seconds as f64;
            // Shares of 0.5, 0.2 and 0.25 leave room, so they can be met wherever the kinds are there.
            let possible = case.min_share.iter().all(|(kind, _)| kinds.contains(KINDS[*kind]));
            assert!(met || !possible, "{kind}: {own} of {}", looped.seconds);
            let slate_or_alone = looped.entries.iter().all(|entry| plan.items[entry.item as usize].page.is_none());
            assert!(
                met || slate_or_alone || said.contains("screen-min-share") || !ordinary(case, plan, segment),
                "not said"
            );
        }
    }
}

/// The loop plays at some time outside of takeovers, days of mourning and standby, where a missed share is reported.
fn ordinary(case: &Case, plan: &ScreenPlan, plays: usize) -> bool {
    let looped = &plan.timeline.loops[plays];
    let takeover = looped.entries.iter().any(|entry| {
        let title = &plan.items[entry.item as usize].title;
        case.items.iter().any(|item| item.title == *title && item.takeover)
    });
    let solemn = |t: i64| matches!(case.wall(t).0, date if [(12, 13), (9, 30)].contains(&(date.month(), date.day())));
    let at: Vec<i64> = plan
        .timeline
        .segments
        .iter()
        .filter(|segment| segment.plays == Some(plays))
        .map(|segment| segment.from)
        .collect();
    !takeover && plays != plan.timeline.standby && !at.into_iter().all(solemn)
}

/// What people are told (`screens at`, the frame beside a page in `serve`) is what plays.
fn check_reasons(site: &Site, calendar: &Calendar, plan: &ScreenPlan, t: i64) {
    let when = Timestamp::from_second(t).expect("in range");
    let told = at(site, calendar, plan, when);
    let found = position(&plan.timeline, t);
    let title = |at: &crate::schedule::Playing| {
        let entry = plan.timeline.loops[at.plays].entries[at.entry];
        plan.items[entry.item as usize].title.clone()
    };
    assert_eq!(told.title, found.as_ref().map(title), "at {t}");
    if let Some(found) = found {
        assert_eq!((told.from, told.until), (found.from, found.until), "at {t}");
        assert_eq!(told.next, position(&plan.timeline, found.until).as_ref().map(title), "after {t}");
    }
    let said: BTreeSet<String> =
        told.rows.iter().filter(|row| row.verdict.plays).map(|row| row.title.clone()).collect();
    let slate = |at: &crate::schedule::Playing| {
        plan.timeline.loops[at.plays].entries.iter().all(|entry| plan.items[entry.item as usize].page.is_none())
    };
    match found {
        // Nothing is due: standby, a slate, or dark.
        Some(at) if said.is_empty() => assert!(at.plays == plan.timeline.standby || slate(&at), "at {t}"),
        Some(_) => assert_eq!(Some(said), playing(plan, t), "at {t}"),
        None => assert_eq!(said, BTreeSet::new(), "dark at {t}"),
    }
    for (page, row) in told.rows.iter().filter_map(|row| Some((site.id_at(&row.path)?, row))) {
        if let Some(verdict) = why(site, calendar, plan, page, when) {
            assert_eq!(verdict.plays, row.verdict.plays, "{} at {t}: {} {}", row.path, verdict.code, row.verdict.code);
        }
    }
}

fn check_case(case: &Case, seconds: &[i64]) {
    let site = case.site();
    let calendar = calendar();
    let (plans, problems) = plan(&site, &calendar);
    let said: BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
    for (index, plan) in plans.iter().enumerate() {
        let timeline = &plan.timeline;
        let mut now = timeline.from;
        for segment in &timeline.segments {
            assert!(segment.from == now && segment.until > now, "a gap at {now}");
            now = segment.until;
        }
        assert_eq!(now, timeline.until);
        let edges = timeline.segments.iter().flat_map(|segment| [segment.from, segment.until - 1]);
        let some = seconds.iter().map(|second| timeline.from + second % (timeline.until - timeline.from));
        for (number, t) in edges.take(120).chain(some).enumerate() {
            assert_eq!(playing(plan, t), case.expected(index == 0, t), "screen {index} at {t}, {:?}", case.wall(t));
            // Reasons are slower than answers.
            if number % 7 == 0 {
                check_reasons(&site, &calendar, plan, t);
            }
        }
        check_loops(case, plan, &said);
    }
    check_minimum(case, &plans[0], &said);
    let feed = |plans: &[ScreenPlan], i: usize| {
        screenfeed::Shared::new(&plans[i], &files(plans), &site).feed(&plans[i], &site).joined()
    };
    let (again, _) = plan(&site, &calendar);
    (0..plans.len()).for_each(|i| assert!(feed(&plans, i) == feed(&again, i), "not the same bytes"));
}

fn cases() -> u32 {
    #[allow(clippy::disallowed_methods, reason = "the long form of a test")]
    let long = std::env::var_os("CIVICAST_LONG").is_some();
    if long { 10_000 } else { 2_000 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn random_sites_play_what_the_clock_on_the_wall_and_the_rules_allow(
        case in any_case(),
        seconds in prop::collection::vec(0i64..62 * 86_400, 12),
    ) {
        check_case(&case, &seconds);
    }
}
