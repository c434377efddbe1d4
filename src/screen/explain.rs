//! What screens show, for people: rows for `screens list`, `screens at`, `screens day`, the day pages of the portal.
//!
//! Everything is read from the same plan and the same evaluator as the feed. Returns plain values; `report` and the
//! templates print them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::window::{Window, bounds, day_rule};
use super::{ScreenPlan, for_screens, names, within};
use crate::file::SourcePath;
use crate::link::href;
use crate::schedule::calendar::Mood;
use crate::schedule::timeline::{Day, second_of, spans_of};
use crate::schedule::{self, Calendar, HourSpan, Playing, Priority, Spans};
use crate::site::{PageId, Site};
use crate::view::NowView;

/// A row of `screens list`.
#[derive(Clone, Debug, Serialize)]
pub struct ListRow {
    /// In URLs.
    pub id: String,
    /// For people.
    pub name: String,
    /// Type of place.
    pub point: String,
    /// Where it hangs.
    pub place: String,
    /// Pixels.
    pub size: (u32, u32),
    /// Items in its feed.
    pub items: usize,
    /// Pictures in its feed.
    pub slides: usize,
    /// Different loops in the days ahead.
    pub loops: usize,
    /// Title of what plays at the site's instant; `None` when it is dark.
    pub now: Option<String>,
}

/// The rows of `screens list`, in the order of `screens.toml`.
pub fn list(site: &Site, plans: &[ScreenPlan]) -> Vec<ListRow> {
    let row = |plan: &ScreenPlan| {
        let screen = plan.settings(site);
        ListRow {
            id: screen.id.clone(),
            name: screen.name.clone(),
            point: screen.point.clone(),
            place: screen.place.clone(),
            size: screen.size,
            items: plan.items.len(),
            slides: plan.items.iter().map(|item| item.slides.len()).sum(),
            loops: plan.timeline.loops.len(),
            now: now_showing(plan, site.now).map(|(title, _)| title),
        }
    };
    plans.iter().map(row).collect()
}

/// Title of what plays at an instant, and the position; `None` when dark.
pub fn now_showing(plan: &ScreenPlan, t: Timestamp) -> Option<(String, Playing)> {
    let playing = schedule::at(&plan.timeline, t.as_second())?;
    let entry = plan.timeline.loops[playing.plays].entries[playing.entry];
    Some((plan.items[entry.item as usize].title.clone(), playing))
}

/// The answer of `screens at`.
#[derive(Clone, Debug, Serialize)]
pub struct At {
    /// Title of what plays; `None` when the screen is dark.
    pub title: Option<String>,
    /// Index of the slide within its item, from 0, and how many it has.
    pub slide: (u32, usize),
    /// When it went up, UTC seconds.
    pub from: i64,
    /// When it goes down, UTC seconds.
    pub until: i64,
    /// What comes next.
    pub next: Option<String>,
    /// Position in the loop, from 1, and how many turns it has.
    pub position: (usize, usize),
    /// Name of the loop.
    pub loop_name: String,
    /// Every document for screens, and why it is or isn't in the loop.
    pub rows: Vec<Row>,
}

/// One document of `screens at`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The file.
    pub path: SourcePath,
    /// Its title.
    pub title: String,
    /// slogan, notice, report
    pub kind: &'static str,
    /// Why it plays or doesn't.
    pub verdict: Verdict,
}

/// Why an item plays or doesn't: `code` is a row of `message::MESSAGES`, with its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// screen-why-…
    pub code: &'static str,
    /// Values of the message.
    pub args: Vec<(&'static str, String)>,
    /// In the loop.
    pub plays: bool,
}

fn no(code: &'static str, args: Vec<(&'static str, String)>) -> Verdict {
    Verdict { code, args, plays: false }
}

/// What plays on a screen at an instant, and why each document is or isn't eligible.
pub fn at(site: &Site, calendar: &Calendar, plan: &ScreenPlan, t: Timestamp) -> At {
    let second = t.as_second();
    let mut rows: Vec<Row> = (0..site.pages.len())
        .filter(|&page| for_screens(site, page))
        .map(|page| {
            let document = &site.pages[page].document;
            let verdict = verdict(site, calendar, plan, page, t);
            Row {
                path: document.path.clone(),
                title: document.front.title.clone(),
                kind: document.front.kind.as_str(),
                verdict,
            }
        })
        .collect();
    let takeover = |row: &Row| {
        row.verdict.plays
            && site.page_at(&row.path).is_some_and(|page| page.document.front.screen.priority == Priority::Takeover)
    };
    if let Some(by) = rows.iter().find(|row| takeover(row)).map(|row| row.title.clone()) {
        for row in &mut rows {
            if row.verdict.plays && !takeover(row) {
                row.verdict = no("screen-why-takeover", vec![("title", by.clone())]);
            }
        }
    }
    let dark = At {
        title: None,
        slide: (0, 0),
        from: second,
        until: second,
        next: None,
        position: (0, 0),
        loop_name: String::new(),
        rows,
    };
    let Some(playing) = schedule::at(&plan.timeline, second) else {
        let after = plan.timeline.segments.iter().find(|segment| segment.from > second && segment.plays.is_some());
        return At { until: after.map_or(plan.timeline.until, |segment| segment.from), ..dark };
    };
    let looped = &plan.timeline.loops[playing.plays];
    let entry = looped.entries[playing.entry];
    let item = &plan.items[entry.item as usize];
    At {
        title: Some(item.title.clone()),
        slide: (entry.slide, item.slides.len()),
        from: playing.from,
        until: playing.until,
        next: Timestamp::from_second(playing.until).ok().and_then(|t| now_showing(plan, t)).map(|(title, _)| title),
        position: (playing.entry + 1, looped.entries.len()),
        loop_name: looped.name.clone(),
        ..dark
    }
}

/// Why a document is or isn't in the loop of a screen at an instant; `None` for kinds that this screen never shows and for
/// documents that are not for screens at all.
pub fn why(site: &Site, calendar: &Calendar, plan: &ScreenPlan, page: PageId, t: Timestamp) -> Option<Verdict> {
    if !for_screens(site, page) || !super::targets(plan.settings(site), site, page) {
        return None;
    }
    let found = verdict(site, calendar, plan, page, t);
    let playing = schedule::at(&plan.timeline, t.as_second());
    let entries = playing.map(|playing| plan.timeline.loops[playing.plays].entries.as_slice()).unwrap_or_default();
    let plays = entries.iter().any(|entry| plan.items[entry.item as usize].page == Some(page));
    match (found.plays, plays, now_showing(plan, t)) {
        (true, false, Some((title, _))) => Some(no("screen-why-takeover", vec![("title", title)])),
        _ => Some(found),
    }
}

/// The first rule that keeps a document from playing, in the order of the design.
fn verdict(site: &Site, calendar: &Calendar, plan: &ScreenPlan, page: PageId, t: Timestamp) -> Verdict {
    let screen = plan.settings(site);
    let document = &site.pages[page].document;
    let rules = &document.front.screen;
    let zone = &site.config.zone;
    let kind = document.front.kind.as_str();
    let local = |t: Timestamp| t.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    if !screen.shows.iter().any(|shown| shown == kind) {
        return no("screen-why-kind", vec![("kind", kind.to_string()), ("shows", screen.shows.join("、"))]);
    }
    if !names(screen, &rules.on) {
        return no("screen-why-target", vec![("on", rules.on.join("、"))]);
    }
    let (from, until) = bounds(site, page, zone);
    if let Some(from) = from.filter(|from| t < *from) {
        return no("screen-why-early", vec![("from", local(from))]);
    }
    if let Some(until) = until.filter(|until| t >= *until) {
        return no("screen-why-late", vec![("until", local(until))]);
    }
    let today = t.to_zoned(zone.clone()).date();
    let both: Vec<Date> = today.yesterday().into_iter().chain([today]).collect();
    let dates: Vec<Date> = both
        .into_iter()
        .filter(|date| rules.days.is_empty() || rules.days.iter().any(|rule| rule.matches(*date, calendar)))
        .collect();
    let second = t.as_second();
    if !within(&spans_of(dates.iter().copied(), &rules.hours, zone), second) {
        return match dates.contains(&today) {
            true => no("screen-why-hours", vec![("hours", hours_text(&rules.hours))]),
            false => no("screen-why-days", vec![]),
        };
    }
    let solemn: Vec<_> = calendar.named(today).filter(|day| day.mood == Mood::Solemn).collect();
    if let Some(day) = solemn.first() {
        if document.front.tone == crate::document::Tone::Festive {
            return no("screen-why-festive", vec![("day", day.name.clone())]);
        }
        let mut named = solemn.iter().flat_map(|day| &day.items).peekable();
        if named.peek().is_some() && !named.any(|path| *path == document.path) {
            return no("screen-why-not-named", vec![("day", day.name.clone())]);
        }
    }
    if !is_open(site, calendar, plan, t) {
        return no("screen-why-dark", vec![]);
    }
    Verdict { code: "screen-why-plays", args: vec![("weight", rules.weight.clamp(1, 10).to_string())], plays: true }
}

fn hours_text(hours: &[HourSpan]) -> String {
    hours.iter().map(HourSpan::to_string).collect::<Vec<_>>().join("、")
}

fn is_open(site: &Site, calendar: &Calendar, plan: &ScreenPlan, t: Timestamp) -> bool {
    let screen = plan.settings(site);
    let today = t.to_zoned(site.config.zone.clone()).date();
    let open = |(days, span): &(String, String)| {
        let (Ok(rule), Ok(span)) = (day_rule(days), HourSpan::parse(span)) else { return false };
        let dates = today.yesterday().into_iter().chain([today]).filter(|date| rule.matches(*date, calendar));
        within(&spans_of(dates, &[span], &site.config.zone), t.as_second())
    };
    screen.hours.is_empty() || screen.hours.iter().any(open)
}

/// A stretch of a day in which one loop plays.
#[derive(Clone, Debug, Serialize)]
pub struct DayRow {
    /// UTC seconds.
    pub from: i64,
    /// UTC seconds, exclusive.
    pub until: i64,
    /// `07:30` in the site's zone.
    pub from_text: String,
    /// `24:00` at the end of the day.
    pub until_text: String,
    /// Seconds of the loop; 0 when dark.
    pub loop_seconds: i64,
    /// Name of the loop; empty when dark.
    pub loop_name: String,
    /// What plays in it: title, kind, page address (empty for slates), turns in the loop, seconds in the loop.
    pub items: Vec<DayItem>,
    /// How many they are, also where they are not listed.
    pub count: usize,
    /// There was a loop before on this day: `up` and `down` say what is different.
    pub follows: bool,
    /// Titles that did not play in the loop before.
    pub up: Vec<String>,
    /// Titles of the loop before that do not play.
    pub down: Vec<String>,
}

/// An item of a loop.
#[derive(Clone, Debug, Serialize)]
pub struct DayItem {
    /// Its title.
    pub title: String,
    /// slogan, notice, report, standby, solemn
    pub kind: &'static str,
    /// 标语, 通知, 报道, 待机
    pub kind_name: &'static str,
    /// Site-absolute address; empty for slates.
    pub url: String,
    /// How often it comes in one loop.
    pub turns: u32,
    /// Its seconds in one loop.
    pub seconds: u32,
    /// Its share of the loop's seconds in per cent.
    pub share: u32,
}

fn kind_name(kind: &str) -> &'static str {
    match kind {
        "slogan" => "标语",
        "notice" => "通知",
        "report" => "报道",
        _ => "待机",
    }
}

/// A day of a screen as `screen.html` sees it: the variable `day`.
#[derive(Clone, Debug, Serialize)]
pub struct DayView {
    /// 2026-11-23
    pub date: String,
    /// 11月23日
    pub han: String,
    /// 周一
    pub weekday: &'static str,
    /// 1 for Monday, 7 for Sunday.
    pub weekday_number: i8,
    /// Names of the day.
    pub names: Vec<String>,
    /// Its segments.
    pub rows: Vec<DayRow>,
}

/// The day of the site's instant and the days ahead: the variables `day` and `calendar` of `screen.html`.
pub fn day_view(site: &Site, calendar: &Calendar, plan: &ScreenPlan) -> (DayView, Vec<CalendarDay>) {
    let days = calendar_days(site, calendar, plan);
    let today = site.now.to_zoned(site.config.zone.clone()).date();
    let (han, weekday, names) =
        days.first().map_or((String::new(), "", Vec::new()), |day| (day.han.clone(), day.weekday, day.names.clone()));
    let mut rows = day(site, plan, today);
    // What comes after the first loop is told by what is different; many items are not listed again and again.
    for row in rows.iter_mut().filter(|row| row.follows && row.count > MOST_REPEATED) {
        row.items = Vec::new();
    }
    let weekday_number = weekday_number(today);
    (DayView { date: today.to_string(), han, weekday, weekday_number, names, rows }, folded(days))
}

/// Items of a loop that the page of a day lists again for every loop of the day.
const MOST_REPEATED: usize = 60;
/// Titles that a day of the calendar lists of each kind of change.
const MOST_TITLES: usize = 40;

/// Days on which nothing changes are one entry with the day before them, and long lists are cut.
fn folded(days: Vec<CalendarDay>) -> Vec<CalendarDay> {
    let quiet = |day: &CalendarDay| {
        let changes = [&day.up, &day.down, &day.returns, &day.pauses];
        changes.into_iter().all(Vec::is_empty) && day.instead.is_none() && day.names.is_empty()
    };
    let mut found: Vec<CalendarDay> = Vec::new();
    for day in days {
        let same = |last: &&mut CalendarDay| {
            let plain = last.instead.is_none() && last.names.is_empty();
            plain && (last.items, last.mood, last.workday) == (day.items, day.mood, day.workday)
        };
        match found.last_mut().filter(|last| quiet(&day) && same(last)) {
            Some(last) => {
                (last.last, last.days) = (day.last, last.days + 1);
                (last.last_han, last.last_weekday) = (day.last_han, day.last_weekday);
                last.last_weekday_number = day.last_weekday_number;
            }
            None => found.push(day),
        }
    }
    for day in &mut found {
        for titles in [&mut day.up, &mut day.down, &mut day.returns, &mut day.pauses] {
            titles.truncate(MOST_TITLES);
        }
        if let Some(instead) = &mut day.instead {
            instead.plays.truncate(MOST_TITLES);
        }
    }
    found
}

/// The segments of a day. A day outside the timeline has none.
pub fn day(site: &Site, plan: &ScreenPlan, date: Date) -> Vec<DayRow> {
    let zone = &site.config.zone;
    let (from, until) = (second_of(date, 0, zone), second_of(date, 1440, zone));
    let inside = plan.timeline.segments.iter().filter(|segment| segment.from >= from && segment.until <= until);
    let mut rows: Vec<DayRow> = inside
        .map(|segment| {
            let looped = segment.plays.map(|plays| &plan.timeline.loops[plays]);
            let items = looped.map(|looped| items_of(site, plan, looped)).unwrap_or_default();
            DayRow {
                from: segment.from,
                until: segment.until,
                from_text: clock(segment.from, until, zone),
                until_text: clock(segment.until, until, zone),
                loop_seconds: looped.map_or(0, |looped| looped.seconds),
                loop_name: looped.map(|looped| looped.name.clone()).unwrap_or_default(),
                count: items.len(),
                items,
                follows: false,
                up: vec![],
                down: vec![],
            }
        })
        .collect();
    let mut before: Option<BTreeSet<String>> = None;
    for row in rows.iter_mut().filter(|row| row.loop_seconds > 0) {
        let titles: BTreeSet<String> = row.items.iter().map(|item| item.title.clone()).collect();
        if let Some(before) = &before {
            row.follows = true;
            row.up = titles.difference(before).cloned().collect();
            row.down = before.difference(&titles).cloned().collect();
        }
        before = Some(titles);
    }
    rows
}

/// When a screen is on, on the day on which its timeline begins, for people: `07:30–19:00`. Asks nothing of the site but
/// its zone, so it is right for every edition.
pub fn open_today(plan: &ScreenPlan, zone: &TimeZone) -> String {
    let timeline = &plan.timeline;
    let Ok(begins) = Timestamp::from_second(timeline.from) else { return String::new() };
    let ends = second_of(begins.to_zoned(zone.clone()).date(), 1440, zone);
    let today = timeline.segments.iter().filter(|segment| segment.until <= ends && segment.plays.is_some());
    let open = Spans::new(today.map(|segment| (segment.from, segment.until)).collect());
    let text = |(from, until): (i64, i64)| format!("{}–{}", clock(from, ends, zone), clock(until, ends, zone));
    open.iter().map(text).collect::<Vec<_>>().join("、")
}

/// The stretch of the day that an instant lies in, and the loop that plays in it. Asks nothing of the site but its zone, as
/// `open_today`.
pub fn now_view(plan: &ScreenPlan, now: Timestamp, zone: &TimeZone) -> (NowView, Option<usize>) {
    let second = now.as_second();
    let found = plan.timeline.segments.iter().find(|segment| (segment.from..segment.until).contains(&second));
    let Some(segment) = found else { return (NowView::default(), None) };
    let date = now.to_zoned(zone.clone()).date();
    let ends = second_of(date, 1440, zone);
    let entries = segment.plays.and_then(|plays| plan.timeline.loops.get(plays)).map_or(&[][..], |l| &l.entries);
    let mut order: Vec<u32> = Vec::new();
    for entry in entries {
        if !order.contains(&entry.item) {
            order.push(entry.item);
        }
    }
    let view = NowView {
        date: date.to_string(),
        from: clock(segment.from, ends, zone),
        until: clock(segment.until, ends, zone),
        titles: order.iter().take(3).map(|item| plan.items[*item as usize].title.clone()).collect(),
        items: order.len(),
    };
    (view, segment.plays)
}

/// `07:30`; `24:00` for the end of the day.
fn clock(second: i64, day_ends: i64, zone: &TimeZone) -> String {
    match Timestamp::from_second(second) {
        Ok(_) if second == day_ends => "24:00".to_string(),
        Ok(t) => t.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
        Err(_) => String::new(),
    }
}

fn items_of(site: &Site, plan: &ScreenPlan, looped: &schedule::Loop) -> Vec<DayItem> {
    let mut order: Vec<u32> = Vec::new();
    let mut counts: std::collections::BTreeMap<u32, (u32, u32)> = std::collections::BTreeMap::new();
    for entry in &looped.entries {
        let count = counts.entry(entry.item).or_insert_with(|| {
            order.push(entry.item);
            (0, 0)
        });
        count.0 += u32::from(entry.slide == 0);
        count.1 += entry.seconds;
    }
    let item = |index: u32| {
        let (turns, seconds) = counts[&index];
        let item = &plan.items[index as usize];
        DayItem {
            title: item.title.clone(),
            kind: item.kind,
            kind_name: kind_name(item.kind),
            url: item.page.map(|page| href(&site.config, &site.pages[page].url)).unwrap_or_default(),
            turns,
            seconds,
            share: u32::try_from(i64::from(seconds) * 100 / looped.seconds.max(1)).unwrap_or(0),
        }
    };
    order.into_iter().map(item).collect()
}

/// A day of the calendar of what goes up and down on a screen.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarDay {
    /// 2026-11-23
    pub date: String,
    /// 11月23日
    pub han: String,
    /// 周一
    pub weekday: &'static str,
    /// 1 for Monday, 7 for Sunday.
    pub weekday_number: i8,
    /// Names of the day: 国庆节
    pub names: Vec<String>,
    /// festive, plain, solemn
    pub mood: Mood,
    /// Offices work.
    pub workday: bool,
    /// How many items play at some time of the day; slates don't count.
    pub items: usize,
    /// Titles that play for the first time in these days.
    pub up: Vec<String>,
    /// Titles that played on the ordinary day before, and whose time is over.
    pub down: Vec<String>,
    /// Titles that come back after some days without them.
    pub returns: Vec<String>,
    /// Titles that rest for now.
    pub pauses: Vec<String>,
    /// How many titles each of the four has, also where they are not all listed.
    pub counts: Counts,
    /// The last day of those that this entry is about.
    pub last: String,
    /// The same as `han`.
    pub last_han: String,
    /// The same as `weekday`.
    pub last_weekday: &'static str,
    /// The same as `weekday_number`.
    pub last_weekday_number: i8,
    /// How many days they are.
    pub days: usize,
    /// The whole day belongs to a day of mourning or a takeover; then nothing goes up or down.
    pub instead: Option<Instead>,
}

/// Numbers of titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// See `CalendarDay`.
    pub up: usize,
    /// See `CalendarDay`.
    pub down: usize,
    /// See `CalendarDay`.
    pub returns: usize,
    /// See `CalendarDay`.
    pub pauses: usize,
}

/// What plays on a day instead of the ordinary items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Instead {
    /// It is a day of mourning; else a takeover.
    pub solemn: bool,
    /// Titles that play, slates included.
    pub plays: Vec<String>,
    /// How many they are, also where they are not all listed.
    pub count: usize,
    /// How many items of the ordinary day before rest.
    pub rests: usize,
}

/// The days of the timeline with what goes up and down. A day of mourning or of a takeover is one entry, and the ordinary
/// day after it is compared with the one before it: what only rested has gone neither down nor up.
pub fn calendar_days(site: &Site, calendar: &Calendar, plan: &ScreenPlan) -> Vec<CalendarDay> {
    let window = Window::new(site, calendar);
    let days: Vec<DayItems> = window
        .days
        .iter()
        .zip(&window.moods)
        .map(|(day, mood)| day_items(site, plan, day, mood.solemn.is_some()))
        .collect();
    let mut last: BTreeMap<u32, usize> = BTreeMap::new();
    for (number, day) in days.iter().enumerate().filter(|(_, day)| day.instead.is_none()) {
        last.extend(day.documents.iter().map(|&item| (item, number)));
    }
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    let mut before: Option<&BTreeSet<u32>> = None;
    // Weekends at the end of the window must not look like the end of an item.
    let ends = |item: &u32| {
        let until = plan.items[*item as usize].page.and_then(|page| bounds(site, page, &site.config.zone).1);
        until.is_some_and(|until| until.as_second() <= window.until())
    };
    let titles = |items: Vec<u32>| items.iter().map(|&i| plan.items[i as usize].title.clone()).collect::<Vec<_>>();
    let mut found = Vec::new();
    for (number, (day, shown)) in window.days.iter().zip(&days).enumerate() {
        let (date, weekday) = (day.date.to_string(), weekday_name(day.date));
        let han = format!("{}月{}日", day.date.month(), day.date.day());
        let mut row = CalendarDay {
            last: date.clone(),
            last_han: han.clone(),
            last_weekday: weekday,
            last_weekday_number: weekday_number(day.date),
            days: 1,
            date,
            han,
            weekday,
            weekday_number: weekday_number(day.date),
            names: names_of(calendar, day.date),
            mood: calendar.mood(day.date),
            workday: calendar.is_workday(day.date),
            items: shown.documents.len(),
            up: vec![],
            down: vec![],
            returns: vec![],
            pauses: vec![],
            counts: Counts::default(),
            instead: None,
        };
        match (shown.instead, before) {
            (Some(solemn), _) => {
                let rests = before.map_or(0, |before| before.difference(&shown.documents).count());
                let plays = titles(shown.all.iter().copied().collect());
                row.instead = Some(Instead { solemn, count: plays.len(), plays, rests });
            }
            (None, Some(before)) => {
                let (returns, up) = shown.documents.difference(before).partition(|&item| seen.contains(item));
                let (pauses, down) =
                    before.difference(&shown.documents).partition(|item| last.get(item) > Some(&number) || !ends(item));
                (row.up, row.returns, row.down, row.pauses) =
                    (titles(up), titles(returns), titles(down), titles(pauses));
            }
            (None, None) => {}
        }
        row.counts =
            Counts { up: row.up.len(), down: row.down.len(), returns: row.returns.len(), pauses: row.pauses.len() };
        if shown.instead.is_none() {
            before = Some(&shown.documents);
            seen.extend(&shown.documents);
        }
        found.push(row);
    }
    found
}

/// What plays on one day.
struct DayItems {
    all: BTreeSet<u32>,
    /// Without slates.
    documents: BTreeSet<u32>,
    /// The whole day belongs to a day of mourning (true) or to a takeover (false).
    instead: Option<bool>,
}

fn day_items(site: &Site, plan: &ScreenPlan, day: &Day, solemn: bool) -> DayItems {
    let all = items_between(plan, day.from, day.until);
    let page = |item: &u32| plan.items[*item as usize].page;
    let documents: BTreeSet<u32> = all.iter().copied().filter(|item| page(item).is_some()).collect();
    let takeover = |item: &u32| {
        page(item).is_some_and(|page| site.pages[page].document.front.screen.priority == Priority::Takeover)
    };
    let taken = !documents.is_empty() && documents.iter().all(takeover);
    let instead = (!all.is_empty() && (solemn || taken)).then_some(solemn);
    DayItems { all, documents, instead }
}

/// Indices of what plays at some time of these seconds.
fn items_between(plan: &ScreenPlan, from: i64, until: i64) -> BTreeSet<u32> {
    let segments = &plan.timeline.segments;
    let first = segments.partition_point(|segment| segment.until <= from);
    let inside = segments[first..].iter().take_while(|segment| segment.from < until);
    let loops: BTreeSet<usize> = inside.filter_map(|segment| segment.plays).collect();
    loops.into_iter().flat_map(|plays| plan.timeline.loops[plays].entries.iter().map(|entry| entry.item)).collect()
}

fn weekday_number(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

fn weekday_name(date: Date) -> &'static str {
    const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    WEEKDAYS[usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)]
}

fn names_of(calendar: &Calendar, date: Date) -> Vec<String> {
    let holiday = calendar.holiday(date).map(str::to_string).into_iter();
    let mut names: Vec<String> = Vec::new();
    for name in holiday.chain(calendar.named(date).map(|named| named.name.clone())) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
