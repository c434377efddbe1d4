//! `data/calendar.toml` and `data/holidays/<year>.toml` → the `Calendar`: named days with a mood, statutory holidays and
//! make-up workdays (国务院办公厅 announces them year by year, so they are data), and lunar dates from the library.
//!
//! In: sources. Out: a value and problems with places. It decides nothing about screens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::{Date, Weekday};
use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::rules::DayRule;
use crate::file::{Source, SourcePath, Sources};
use crate::problem::{Place, Problem};

/// What is known about days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    /// Named days, in the order written.
    pub days: Vec<NamedDay>,
    /// Statutory holidays by year; a year that is absent is unknown.
    pub years: BTreeMap<i16, Year>,
}

/// A day with a name and a mood.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedDay {
    /// 国家公祭日
    pub name: String,
    /// When.
    pub on: Vec<DayRule>,
    /// How the office looks on that day.
    pub mood: Mood,
    /// Documents that alone play on a solemn day; empty: all that are not festive.
    pub items: Vec<SourcePath>,
    /// Where it stands.
    pub place: Place,
}

/// How the office looks on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// 喜庆
    Festive,
    /// 日常
    #[default]
    Plain,
    /// 庄重: nothing festive plays, pages are grey.
    Solemn,
}

/// The statutory arrangement of one year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Days off by name of the holiday.
    pub off: BTreeMap<Date, String>,
    /// Weekend days that are workdays (调休).
    pub work: BTreeSet<Date>,
}

/// A date of the lunar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lunar {
    /// 1 to 12.
    pub month: i8,
    /// A leap month (闰月).
    pub leap: bool,
    /// 1 to 30.
    pub day: i8,
    /// Days of this month: 29 or 30.
    pub days: i8,
}

/// A month of the lunar calendar.
#[derive(Clone, Copy, Debug)]
struct LunarMonth {
    first: Date,
    month: i8,
    leap: bool,
    days: i8,
}

/// The months of a lunar year, in order; none far from the library's tables, where it panics and nobody schedules slogans.
fn lunar_months(year: i16) -> Arc<[LunarMonth]> {
    // The library computes the moon anew at each call, and every rule asks about the same few years.
    static KNOWN: RwLock<BTreeMap<i16, Arc<[LunarMonth]>>> = RwLock::new(BTreeMap::new());
    if !(1899..=2200).contains(&year) {
        return Arc::default();
    }
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&year) {
        return known.clone();
    }
    let months = tyme4rs::tyme::lunar::LunarYear::from_year(isize::from(year)).get_months();
    let month = |month: &tyme4rs::tyme::lunar::LunarMonth| {
        let first = month.get_first_julian_day().get_solar_day();
        let first = Date::new(
            i16::try_from(first.get_year()).ok()?,
            i8::try_from(first.get_month()).ok()?,
            i8::try_from(first.get_day()).ok()?,
        );
        Some(LunarMonth {
            first: first.ok()?,
            month: i8::try_from(month.get_month()).ok()?,
            leap: month.is_leap(),
            days: i8::try_from(month.get_day_count()).ok()?,
        })
    };
    let months: Arc<[LunarMonth]> = months.iter().filter_map(month).collect();
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(year, months.clone());
    months
}

/// Reads the calendar files that there are; none is fine.
pub fn load(sources: &Sources) -> (Calendar, Vec<Problem>) {
    let mut calendar = Calendar::default();
    let mut problems = Vec::new();
    if let Some(source) = sources.find("data/calendar.toml") {
        Reader::new(source, &mut problems).days(&mut calendar);
    }
    for source in sources.under("data/holidays/").filter(|source| source.path.extension() == "toml") {
        Reader::new(source, &mut problems).year(&mut calendar);
    }
    (calendar, problems)
}

impl Calendar {
    /// True on days on which offices work. A year without a file counts by the days of the week; `knows` tells.
    pub fn is_workday(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.years.get(&date.year()) {
            Some(year) => year.work.contains(&date) || (!weekend && !year.off.contains_key(&date)),
            None => !weekend,
        }
    }

    /// True when the statutory arrangement of the date's year is known.
    pub fn knows(&self, date: Date) -> bool {
        self.years.contains_key(&date.year())
    }

    /// The statutory holiday of this date.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.years.get(&date.year())?.off.get(&date).map(String::as_str)
    }

    /// The named days of this date, in the order written.
    pub fn named(&self, date: Date) -> impl Iterator<Item = &NamedDay> {
        self.days.iter().filter(move |day| day.on.iter().any(|rule| rule.matches(date, self)))
    }

    /// The mood of this date: solemn wins over festive, festive over plain.
    pub fn mood(&self, date: Date) -> Mood {
        let moods: Vec<Mood> = self.named(date).map(|day| day.mood).collect();
        [Mood::Solemn, Mood::Festive].into_iter().find(|mood| moods.contains(mood)).unwrap_or_default()
    }

    /// The lunar date; `None` for years that the library doesn't cover.
    pub fn lunar(&self, date: Date) -> Option<Lunar> {
        // A lunar year begins in January or February of the year whose number it bears.
        [date.year(), date.year() - 1].into_iter().find_map(|year| {
            let months = lunar_months(year);
            let month = months[..months.partition_point(|month| month.first <= date)].last()?;
            let day = i8::try_from((date - month.first).get_days() + 1).ok()?;
            (day <= month.days).then_some(Lunar { month: month.month, leap: month.leap, day, days: month.days })
        })
    }

    /// The statutory arrangement of 2026 alone, for tests.
    #[cfg(test)]
    pub(crate) fn of_2026() -> Calendar {
        let text = include_str!("../../data/holidays/2026.toml");
        let (calendar, problems) = load(&[Source::from_text("data/holidays/2026.toml", text)].into_iter().collect());
        assert_eq!(problems, []);
        calendar
    }
}

/// One file being read.
struct Reader<'a> {
    path: &'a SourcePath,
    text: String,
    problems: &'a mut Vec<Problem>,
}

const DAY_KEYS: [&str; 4] = ["name", "on", "mood", "items"];
const HOLIDAY_KEYS: [&str; 4] = ["name", "first", "last", "work"];

type Table<'i> = DeTable<'i>;
type Value<'i> = Spanned<DeValue<'i>>;

impl<'a> Reader<'a> {
    fn new(source: &'a Source, problems: &'a mut Vec<Problem>) -> Reader<'a> {
        let bytes = source.bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_string();
        Reader { path: &source.path, text, problems }
    }

    fn problem(&mut self, code: &'static str, span: std::ops::Range<usize>) -> &mut Problem {
        let place = Place::of_span(self.path, &self.text, span.start, span.end);
        self.problems.push(Problem::new(code).at(place));
        self.problems.last_mut().expect("the problem was pushed on the line above")
    }

    /// The tables of the list `name`, each with its span. Anything else at the top but `source` is a mistake.
    fn tables(&mut self, name: &str, mut each: impl FnMut(&mut Self, &Table<'_>, std::ops::Range<usize>)) {
        let text = self.text.clone();
        let table = match DeTable::parse(&text) {
            Ok(table) => table,
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let reason = error.message().to_string();
                self.problem("calendar-syntax", span).args.push(("reason", reason));
                return;
            }
        };
        for (key, value) in table.get_ref() {
            let rows = (key.get_ref() == name).then(|| value.get_ref().as_array()).flatten();
            match (rows, key.get_ref().as_ref()) {
                (Some(rows), _) => {
                    for row in rows {
                        match row.get_ref().as_table() {
                            Some(table) => each(self, table, row.span()),
                            None => self.expected(row.span(), "[[…]]"),
                        }
                    }
                }
                (None, "source") => {}
                (None, key_name) => self.unknown(key.span(), key_name, &[name, "source"]),
            }
        }
    }

    fn unknown(&mut self, span: std::ops::Range<usize>, key: &str, known: &[&str]) {
        let problem = self.problem("calendar-key", span);
        problem.args.push(("key", key.to_string()));
        problem.args.push(("known", known.join(", ")));
    }

    fn expected(&mut self, span: std::ops::Range<usize>, what: &str) {
        self.problem("calendar-value", span).args.push(("expected", what.to_string()));
    }

    fn keys(&mut self, table: &Table<'_>, known: &[&str]) {
        for (key, _) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                self.unknown(key.span(), key.get_ref(), known);
            }
        }
    }

    fn text(&mut self, table: &Table<'_>, key: &'static str, span: &std::ops::Range<usize>) -> String {
        match table.get(key) {
            Some(value) => match value.get_ref().as_str() {
                Some(text) => return text.to_string(),
                None => self.expected(value.span(), "\"…\""),
            },
            None => self.problem("calendar-missing", span.clone()).args.push(("key", key.to_string())),
        }
        String::new()
    }

    /// A text, or a list of texts, each with its span; TOML dates count as texts.
    fn texts(&mut self, value: Option<&Value<'_>>) -> Vec<(String, std::ops::Range<usize>)> {
        let Some(value) = value else { return Vec::new() };
        let single = std::slice::from_ref(value);
        let list = value.get_ref().as_array().map_or(single, |list| &list[..]);
        let mut texts = Vec::new();
        for value in list {
            match (value.get_ref().as_str(), value.get_ref().as_datetime()) {
                (Some(text), _) => texts.push((text.to_string(), value.span())),
                (_, Some(date)) => texts.push((date.to_string(), value.span())),
                _ => self.expected(value.span(), "\"…\""),
            }
        }
        texts
    }

    fn days(mut self, calendar: &mut Calendar) {
        self.tables("day", |reader, table, span| {
            reader.keys(table, &DAY_KEYS);
            let name = reader.text(table, "name", &span);
            let mut on = Vec::new();
            for (text, span) in reader.texts(table.get("on")) {
                match DayRule::parse(&text) {
                    Ok(rule) => on.push(rule),
                    Err(code) => reader.problem(code, span).args.push(("value", text)),
                }
            }
            if table.get("on").is_none() {
                reader.problem("calendar-missing", span.clone()).args.push(("key", "on".into()));
            }
            let mood = reader.mood(table.get("mood"));
            let items = reader.texts(table.get("items")).into_iter().map(|(text, _)| SourcePath::new(&text)).collect();
            let place = Place::of_span(reader.path, &reader.text, span.start, span.end);
            calendar.days.push(NamedDay { name, on, mood, items, place });
        });
    }

    fn mood(&mut self, value: Option<&Value<'_>>) -> Mood {
        let Some(value) = value else { return Mood::Plain };
        match value.get_ref().as_str() {
            Some("festive" | "喜庆") => Mood::Festive,
            Some("plain" | "日常") => Mood::Plain,
            Some("solemn" | "庄重") => Mood::Solemn,
            _ => {
                self.expected(value.span(), "festive, plain, solemn");
                Mood::Plain
            }
        }
    }

    fn year(mut self, calendar: &mut Calendar) {
        let Ok(number) = self.path.stem().parse::<i16>() else {
            self.problem("holiday-file-name", 0..0);
            return;
        };
        let mut year = Year::default();
        self.tables("holiday", |reader, table, span| {
            reader.keys(table, &HOLIDAY_KEYS);
            let name = reader.text(table, "name", &span);
            let first = reader.date(table, "first").or_else(|| {
                let missing = table.get("first").is_none();
                missing.then(|| reader.problem("calendar-missing", span.clone()).args.push(("key", "first".into())));
                None
            });
            let last = reader.date(table, "last").or(first);
            if let (Some(first), Some(last)) = (first, last) {
                // A holiday of more than a month is a slip of the pen, and would otherwise be walked day by day.
                let days = first.until(last).map_or(-1, |span| span.get_days());
                match (0..=31).contains(&days) {
                    true => year.off.extend(
                        first.series(jiff::ToSpan::days(1)).take_while(|d| *d <= last).map(|d| (d, name.clone())),
                    ),
                    false => reader.expected(table.get("last").map_or(span.clone(), Spanned::span), "first ≤ last"),
                }
            }
            for (text, span) in reader.texts(table.get("work")) {
                match text.parse() {
                    Ok(date) => drop(year.work.insert(date)),
                    Err(_) => reader.expected(span, "2026-01-04"),
                }
            }
        });
        calendar.years.insert(number, year);
    }

    fn date(&mut self, table: &Table<'_>, key: &str) -> Option<Date> {
        let (text, span) = self.texts(table.get(key)).into_iter().next()?;
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                self.expected(span, "2026-01-01");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(text: &str, expected: &[(&str, u32, u32)]) {
        let (_, problems) = load(&[Source::from_text("data/calendar.toml", text)].into_iter().collect());
        let found: Vec<_> = problems
            .iter()
            .map(|p| (p.code, p.place.as_ref().map_or(0, |p| p.line), p.place.as_ref().map_or(0, |p| p.column)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_mistake_has_its_place() {
        check("[[day]]\nname = \"国庆\"\non = \"10-01\"\nmood = \"festive\"\n", &[]);
        check("[[day]]\nname = \"国庆\"\non = \"10-41\"\n", &[("bad-day-rule", 3, 6)]);
        check("[[day]]\nname = 3\non = \"10-01\"\n", &[("calendar-value", 2, 8)]);
        check("[[day]]\nname = \"x\"\non = \"10-01\"\nmod = \"plain\"\n", &[("calendar-key", 4, 1)]);
        check("[[days]]\nname = \"x\"\n", &[("calendar-key", 1, 3)]);
        check("[[day]]\nname = \"x\"\n", &[("calendar-missing", 1, 1)]);
        check("[[day]\n", &[("calendar-syntax", 1, 7)]);
        check("[[day]]\nname = \"x\"\non = \"10-01\"\nmood = \"sad\"\n", &[("calendar-value", 4, 8)]);
    }

    #[test]
    fn holidays_agree_with_the_lunar_calendar() {
        let calendar = Calendar::of_2026();
        let lunar = |d: Date| calendar.lunar(d).map(|l| (l.month, l.day));
        assert_eq!(lunar(date(2026, 2, 17)), Some((1, 1)));
        assert_eq!(calendar.holiday(date(2026, 2, 17)), Some("春节"));
        assert_eq!(lunar(date(2026, 6, 19)), Some((5, 5)));
        assert_eq!(calendar.holiday(date(2026, 6, 19)), Some("端午节"));
        assert_eq!(lunar(date(2026, 9, 25)), Some((8, 15)));
        assert_eq!(calendar.holiday(date(2026, 9, 25)), Some("中秋节"));
        assert!(calendar.is_workday(date(2026, 2, 28)));
        assert!(!calendar.is_workday(date(2026, 2, 23)));
        assert!(!calendar.knows(date(2027, 1, 1)));
    }

    #[test]
    fn every_make_up_workday_is_on_a_weekend_and_no_day_is_both() {
        let year = &Calendar::of_2026().years[&2026];
        assert_eq!((year.off.len(), year.work.len()), (33, 6));
        for day in &year.work {
            assert!(matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
            assert!(!year.off.contains_key(day), "{day}");
        }
    }

    /// The library's own answer, a day at a time.
    fn computed(date: Date) -> Option<Lunar> {
        use tyme4rs::tyme::solar::SolarDay;
        // The library panics far from its tables; nobody schedules slogans there.
        if !(1900..=2200).contains(&date.year()) {
            return None;
        }
        let month = usize::try_from(date.month()).ok()?;
        let day = usize::try_from(date.day()).ok()?;
        let lunar = SolarDay::new(isize::from(date.year()), month, day).ok()?.get_lunar_day();
        let month = lunar.get_lunar_month();
        Some(Lunar {
            month: i8::try_from(month.get_month()).ok()?,
            leap: month.is_leap(),
            day: i8::try_from(lunar.get_day()).ok()?,
            days: i8::try_from(month.get_day_count()).ok()?,
        })
    }

    #[test]
    fn every_lunar_date_is_the_librarys() {
        let calendar = Calendar::default();
        for (first, last) in [(date(1900, 1, 1), date(1901, 3, 1)), (date(2019, 12, 1), date(2036, 3, 1))] {
            for day in first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last) {
                assert_eq!(calendar.lunar(day), computed(day), "{day}");
            }
        }
    }

    #[test]
    fn the_lunar_calendar_ends_without_a_panic() {
        let calendar = Calendar::default();
        assert_eq!(calendar.lunar(date(1, 1, 1)), None);
        assert_eq!(calendar.lunar(date(9999, 12, 31)), None);
        assert!(calendar.lunar(date(1900, 1, 1)).is_some());
        assert!(calendar.lunar(date(2200, 12, 31)).is_some());
    }

    #[test]
    fn solemn_wins_over_festive() {
        let text = "[[day]]\nname='a'\non='12-13'\nmood='festive'\n[[day]]\nname='b'\non='12-13'\nmood='solemn'\n";
        let (calendar, _) = load(&[Source::from_text("data/calendar.toml", text)].into_iter().collect());
        assert_eq!(calendar.mood(date(2026, 12, 13)), Mood::Solemn);
        assert_eq!(calendar.mood(date(2026, 12, 14)), Mood::Plain);
    }
}
