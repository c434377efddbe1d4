//! The days ahead, and when each document may play in them: rules of the front matter and the calendar → spans in UTC
//! seconds, resolved in the site's zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::for_screens;
use crate::document::{Kind, Tone};
use crate::file::SourcePath;
use crate::problem::Problem;
use crate::schedule::calendar::Mood;
use crate::schedule::timeline::{Day, second_of, spans_of};
use crate::schedule::{Calendar, DayRule, HourSpan, Priority, Spans};
use crate::site::{PageId, Site};

/// The days for which timelines are laid out.
pub(super) struct Window<'a> {
    pub(super) days: Vec<Day>,
    pub(super) moods: Vec<DayMood>,
    calendar: &'a Calendar,
    zone: TimeZone,
}

/// What the calendar says about a day.
#[derive(Clone, Debug, Default)]
pub(super) struct DayMood {
    /// Name of the solemn day.
    pub(super) solemn: Option<String>,
    /// Documents that alone play.
    pub(super) items: Vec<SourcePath>,
}

/// When one document may play.
#[derive(Clone, Debug)]
pub(super) struct ItemTimes {
    pub(super) page: PageId,
    /// By its own rules, within the window.
    pub(super) spans: Spans,
    /// UTC seconds; the beginning of time when it has no start.
    pub(super) from: i64,
    /// UTC seconds; `None` when it is open.
    pub(super) until: Option<i64>,
    pub(super) festive: bool,
    pub(super) takeover: bool,
    pub(super) evergreen: bool,
    /// It has no rules of days or hours.
    pub(super) any_time: bool,
}

impl ItemTimes {
    /// True when some screen may have to show it: in the window, or after the feed's end.
    pub(super) fn matters(&self) -> bool {
        !self.spans.is_empty() || self.always()
    }

    /// True when it can be shown without knowing the time: evergreen, with no end, no hours, no days, and on solemn days too.
    pub(super) fn always(&self) -> bool {
        self.evergreen && self.until.is_none() && self.any_time && !self.festive
    }
}

/// A rule of days as `screens.toml` has it; empty means every day.
pub(super) fn day_rule(text: &str) -> Result<DayRule, &'static str> {
    if text.is_empty() { Ok(DayRule::Every) } else { DayRule::parse(text) }
}

/// Days that notices and reports stay up when nothing else says so.
const NOTICE_DAYS: i64 = 90;
const REPORT_DAYS: i64 = 30;

/// Days ahead within which a missing holiday year is a warning.
const SOON: usize = 31;

impl<'a> Window<'a> {
    pub(super) fn new(site: &Site, calendar: &'a Calendar) -> Window<'a> {
        Window::of_days(site, calendar, usize::try_from(site.config.horizon_days.clamp(1, 400)).unwrap_or(62))
    }

    /// So many days from that of the site's instant on.
    pub(super) fn of_days(site: &Site, calendar: &'a Calendar, count: usize) -> Window<'a> {
        let zone = site.config.zone.clone();
        let first = site.now.to_zoned(zone.clone()).date();
        let dates: Vec<Date> = first.series(1.day()).take(count).collect();
        let mood = |date: &Date| {
            let solemn: Vec<_> = calendar.named(*date).filter(|day| day.mood == Mood::Solemn).collect();
            let items = solemn.iter().flat_map(|day| day.items.iter().cloned()).collect();
            DayMood { solemn: solemn.first().map(|day| day.name.clone()), items }
        };
        let moods: Vec<DayMood> = dates.iter().map(mood).collect();
        let day = |(date, mood): (&Date, &DayMood)| Day {
            date: *date,
            from: second_of(*date, 0, &zone),
            until: second_of(*date, 1440, &zone),
            solemn: mood.solemn.is_some(),
            only: None,
        };
        let days = dates.iter().zip(&moods).map(day).collect();
        Window { days, moods, calendar, zone }
    }

    /// Local midnight of the first day, UTC seconds.
    pub(super) fn from(&self) -> i64 {
        self.days.first().map_or(0, |day| day.from)
    }

    /// Local midnight after the last day.
    pub(super) fn until(&self) -> i64 {
        self.days.last().map_or(0, |day| day.until)
    }

    /// Names of the solemn days ahead, each once, in order.
    pub(super) fn solemn_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.moods.iter().filter_map(|mood| mood.solemn.as_deref()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The days of the window on which one of the rules matches; the day before it too, whose hours may reach into it.
    fn dates(&self, rules: &[DayRule]) -> Vec<Date> {
        let before = self.days.first().and_then(|day| day.date.yesterday().ok());
        let dates = before.into_iter().chain(self.days.iter().map(|day| day.date));
        dates.filter(|date| rules.is_empty() || rules.iter().any(|rule| rule.matches(*date, self.calendar))).collect()
    }

    /// When a screen is open. Without hours it never closes.
    pub(super) fn open(&self, hours: &[(DayRule, HourSpan)]) -> Spans {
        if hours.is_empty() {
            return Spans::new(vec![(self.from(), self.until())]);
        }
        let mut intervals = Vec::new();
        for (days, span) in hours {
            let dates = self.dates(std::slice::from_ref(days));
            intervals.extend(spans_of(dates.into_iter(), &[*span], &self.zone).iter());
        }
        Spans::new(intervals).clip(self.from(), self.until())
    }

    /// The times of these documents, in their order.
    pub(super) fn times(&self, site: &Site, pages: impl Iterator<Item = PageId>) -> Vec<ItemTimes> {
        // Few rules are written by many documents: each combination is walked once.
        type Rules<'a> = (&'a [DayRule], &'a [HourSpan]);
        let mut known: Vec<(Rules, Spans)> = Vec::new();
        let mut times = Vec::new();
        for page in pages {
            let rules = &site.pages[page].document.front.screen;
            let key = (rules.days.as_slice(), rules.hours.as_slice());
            let at = known.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                known.push((key, spans_of(self.dates(key.0).into_iter(), key.1, &self.zone)));
                known.len() - 1
            });
            times.push(self.item(site, page, &known[at].1));
        }
        times
    }

    fn item(&self, site: &Site, page: PageId, rule_spans: &Spans) -> ItemTimes {
        let front = &site.pages[page].document.front;
        let second = |at: Timestamp| at.as_second();
        let (from, until) = bounds(site, page, &self.zone);
        let spans = rule_spans
            .clip(self.from(), self.until())
            .clip(from.map_or(i64::MIN, second), until.map_or(i64::MAX, second));
        ItemTimes {
            page,
            spans,
            from: from.map_or(i64::MIN, second),
            until: until.map(second),
            festive: front.tone == Tone::Festive,
            takeover: front.screen.priority == Priority::Takeover,
            evergreen: front.screen.evergreen,
            any_time: front.screen.days.is_empty() && front.screen.hours.is_empty(),
        }
    }

    /// What is missing in the calendar for the rules of this site.
    pub(super) fn check(&self, site: &Site, calendar: &Calendar) -> Vec<Problem> {
        let mut problems = Vec::new();
        // Offices learn next year's holidays only some weeks ahead: early on it is a note, a month before a warning.
        let mut missing: Vec<(usize, Date)> =
            self.days.iter().map(|day| day.date).enumerate().filter(|(_, date)| !calendar.knows(*date)).collect();
        missing.dedup_by_key(|(_, date)| date.year());
        for (ahead, date) in missing {
            let used = users(site, date, &self.zone);
            if !used.is_empty() {
                let mut names = used[..used.len().min(3)].join("、");
                if used.len() > 3 {
                    names.push('…');
                }
                let code = if ahead < SOON { "holiday-year-missing" } else { "holiday-year-soon" };
                problems.push(Problem::new(code).with("year", date.year()).with("from", date).with("used", names));
            }
        }
        for day in &calendar.days {
            if !day.items.is_empty() && day.mood != Mood::Solemn {
                problems.push(Problem::new("calendar-items-ignored").at(day.place.clone()).with("name", &day.name));
            }
            for item in day.items.iter().filter(|item| site.id_at(item).is_none()) {
                let problem = Problem::new("calendar-item-unknown").at(day.place.clone());
                problems.push(problem.with("name", &day.name).with("item", item));
            }
        }
        problems
    }
}

/// When a document may play at most: `[screen] from` and `until`, else by kind; never before `publish` or after `expires`.
pub(super) fn bounds(site: &Site, page: PageId, zone: &TimeZone) -> (Option<Timestamp>, Option<Timestamp>) {
    let front = &site.pages[page].document.front;
    let publish = front.publish.or(front.date.map(|date| date.at));
    let from = [front.screen.from, publish].into_iter().flatten().max();
    let days = match front.kind {
        Kind::Notice => Some(NOTICE_DAYS),
        Kind::Report => Some(REPORT_DAYS),
        _ => None,
    };
    let by_kind = || {
        let start = publish?.to_zoned(zone.clone());
        start.checked_add(days?.days()).ok().map(|until| until.timestamp())
    };
    let until = front.screen.until.or(front.expires).or_else(by_kind);
    (from, [until, front.expires].into_iter().flatten().min())
}

/// Who uses the statutory calendar on or after this date: files that still play then, and screens.
fn users(site: &Site, date: Date, zone: &TimeZone) -> Vec<String> {
    let start = second_of(date, 0, zone);
    let plays = |&page: &PageId| bounds(site, page, zone).1.is_none_or(|until| until.as_second() > start);
    let pages = (0..site.pages.len()).filter(|&page| for_screens(site, page)).filter(plays);
    let pages = pages.map(|page| &site.pages[page].document);
    let pages = pages.filter(|document| document.front.screen.days.iter().any(DayRule::needs_holidays));
    let screens =
        site.config.screens.iter().filter(|screen| {
            screen.hours.iter().any(|(days, _)| day_rule(days).is_ok_and(|rule| rule.needs_holidays()))
        });
    pages
        .map(|document| document.path.to_string())
        .chain(screens.map(|screen| format!("screens.toml [{}]", screen.id)))
        .collect()
}
