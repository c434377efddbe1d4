//! Rules of days and spans of hours: text as authors write it → values, and whether a date matches. Knows the calendar
//! only as an argument.

use jiff::civil::{Date, Weekday};

use super::calendar::Calendar;

/// One rule of days, e.g. `mon-fri`, `workdays`, `12-13`, `lunar 01-01`, `last fri`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayRule {
    /// Every day.
    Every,
    /// These days of the week; bit 0 is Monday.
    Week(u8),
    /// Days on which people work by the statutory calendar, make-up workdays (调休) included.
    Workdays,
    /// The other days: weekends and statutory holidays.
    Holidays,
    /// This one date.
    Date(Date),
    /// A date that returns every year: month, day.
    Annual(i8, i8),
    /// A lunar date that returns every year: month, day. Day 30 of a month of 29 days is its last day, so that
    /// `lunar 12-30` is always New Year's Eve (除夕). Leap months don't count.
    Lunar(i8, i8),
    /// The first (1) to fifth (5) or last (-1) such weekday of every month, or of the month given.
    Nth {
        /// 1 to 5, or -1 for the last.
        nth: i8,
        /// Which day of the week; 0 is Monday.
        weekday: u8,
        /// Only in this month, 1 to 12.
        month: Option<i8>,
    },
}

/// Names of the days of the week, English and Chinese, Monday first.
const WEEKDAYS: [[&str; 5]; 7] = [
    ["mon", "monday", "周一", "星期一", "一"],
    ["tue", "tuesday", "周二", "星期二", "二"],
    ["wed", "wednesday", "周三", "星期三", "三"],
    ["thu", "thursday", "周四", "星期四", "四"],
    ["fri", "friday", "周五", "星期五", "五"],
    ["sat", "saturday", "周六", "星期六", "六"],
    ["sun", "sunday", "周日", "星期日", "日"],
];

const ORDINALS: [(&str, i8); 17] = [
    ("1st", 1),
    ("2nd", 2),
    ("3rd", 3),
    ("4th", 4),
    ("5th", 5),
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("fourth", 4),
    ("fifth", 5),
    ("last", -1),
    ("第一个", 1),
    ("第二个", 2),
    ("第三个", 3),
    ("第四个", 4),
    ("第五个", 5),
    ("最后一个", -1),
];

impl DayRule {
    /// Reads a rule as written. The error is a code of `message::MESSAGES` for a rule that can't be understood.
    pub fn parse(text: &str) -> Result<DayRule, &'static str> {
        let text = text.trim().to_lowercase().replace(['–', '—', '－', '～', '~', '至'], "-").replace('，', ",");
        match text.as_str() {
            "every" | "daily" | "all" | "every day" | "每天" | "每日" => return Ok(DayRule::Every),
            "workdays" | "工作日" => return Ok(DayRule::Workdays),
            "holidays" | "节假日" | "休息日" => return Ok(DayRule::Holidays),
            "weekends" | "周末" => return Ok(DayRule::Week(0b110_0000)),
            _ => {}
        }
        if let Some(rest) = text.strip_prefix("lunar").or_else(|| text.strip_prefix("农历")) {
            return lunar(rest.trim()).ok_or("bad-day-rule");
        }
        date(&text).or_else(|| annual(&text)).or_else(|| nth(&text)).or_else(|| week(&text)).ok_or("bad-day-rule")
    }

    /// True when the rule means this date.
    pub fn matches(&self, date: Date, calendar: &Calendar) -> bool {
        match *self {
            DayRule::Every => true,
            DayRule::Week(days) => days & (1 << weekday_index(date.weekday())) != 0,
            DayRule::Workdays => calendar.is_workday(date),
            DayRule::Holidays => !calendar.is_workday(date),
            DayRule::Date(only) => date == only,
            DayRule::Annual(month, day) => (date.month(), date.day()) == (month, day),
            DayRule::Lunar(month, day) => calendar.lunar(date).is_some_and(|lunar| {
                !lunar.leap
                    && lunar.month == month
                    && (lunar.day == day || (day > lunar.days && lunar.day == lunar.days))
            }),
            DayRule::Nth { nth, weekday, month } => {
                weekday_index(date.weekday()) == weekday
                    && month.is_none_or(|month| date.month() == month)
                    && match nth {
                        -1 => date.day() + 7 > date.days_in_month(),
                        nth => (date.day() - 1) / 7 + 1 == nth,
                    }
            }
        }
    }

    /// True when the answer depends on the statutory calendar of the year.
    pub fn needs_holidays(&self) -> bool {
        matches!(self, DayRule::Workdays | DayRule::Holidays)
    }
}

fn weekday_index(weekday: Weekday) -> u8 {
    u8::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

fn weekday(text: &str) -> Option<Weekday> {
    // The single characters stand only behind an earlier "周": 周一至五.
    let index = WEEKDAYS.iter().position(|names| names.contains(&text) || (text == "周天" && names[0] == "sun"))?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

/// `mon`, `mon-fri`, `fri-mon`, `mon,wed`, `周一-周五`, `周一-五`.
fn week(text: &str) -> Option<DayRule> {
    if WEEKDAYS.iter().any(|names| names[4] == text) {
        return None;
    }
    let mut days = 0u8;
    for part in text.split([',', '、']) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (weekday(first.trim())?, weekday(last.trim())?);
        let mut day = first;
        loop {
            days |= 1 << weekday_index(day);
            if day == last {
                break;
            }
            day = day.next();
        }
    }
    Some(DayRule::Week(days))
}

/// `2026-11-23`, `2026年11月23日`.
fn date(text: &str) -> Option<DayRule> {
    let plain = text.replace(['年', '月'], "-");
    let mut parts = plain.trim_end_matches('日').split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(DayRule::Date)
}

/// `12-13`, `12月13日`. 29 February is a date; it comes every fourth year.
fn annual(text: &str) -> Option<DayRule> {
    let (month, day) = month_day(text)?;
    Date::new(2024, month, day).ok()?;
    Some(DayRule::Annual(month, day))
}

fn lunar(text: &str) -> Option<DayRule> {
    let (month, day) = month_day(text)?;
    ((1..=12).contains(&month) && (1..=30).contains(&day)).then_some(DayRule::Lunar(month, day))
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let plain = text.replace('月', "-");
    let (month, day) = plain.trim_end_matches('日').split_once('-')?;
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i8>().ok()).flatten();
    Some((number(month)?, number(day)?))
}

/// `last fri`, `2nd sun`, `2nd sun of 5`, `最后一个周五`, `5月第二个周日`.
fn nth(text: &str) -> Option<DayRule> {
    let (month, text) = match (text.split_once(" of "), text.split_once("月第"), text.split_once("月最后")) {
        (Some((rule, month)), _, _) => (Some(month.trim().parse().ok()?), rule.to_string()),
        (_, Some((month, rest)), _) => (Some(month.trim().parse().ok()?), format!("第{rest}")),
        (_, _, Some((month, rest))) => (Some(month.trim().parse().ok()?), format!("最后{rest}")),
        _ => (None, text.to_string()),
    };
    if month.is_some_and(|month: i8| !(1..=12).contains(&month)) {
        return None;
    }
    let (nth, rest) =
        ORDINALS.iter().find_map(|(name, nth)| text.strip_prefix(name).map(|rest| (*nth, rest.trim())))?;
    Some(DayRule::Nth { nth, weekday: weekday(rest).filter(|_| rest.chars().count() > 1).map(weekday_index)?, month })
}

/// A span of the day in minutes from midnight; `until` may be beyond 24:00 when it crosses midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourSpan {
    /// 0 to 1439.
    pub from: u16,
    /// Greater than `from`, at most `from` + 1440.
    pub until: u16,
}

impl HourSpan {
    /// The whole day.
    pub const DAY: HourSpan = HourSpan { from: 0, until: 1440 };

    /// Reads `11:00-13:30`. The error is a code of `message::MESSAGES`.
    pub fn parse(text: &str) -> Result<HourSpan, &'static str> {
        let text = text.trim().replace('：', ":").replace(['–', '—', '－', '～', '~', '至'], "-");
        let (from, until) = text.split_once('-').ok_or("bad-hours")?;
        let (from, until) = (minutes(from).ok_or("bad-hours")?, minutes(until).ok_or("bad-hours")?);
        if from >= 1440 || from == until {
            return Err("bad-hours");
        }
        // An end before the start is on the next day: the span belongs to the day on which it starts.
        Ok(HourSpan { from, until: if until < from { until + 1440 } else { until } })
    }
}

impl std::fmt::Display for HourSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let until = if self.until > 1440 { self.until - 1440 } else { self.until };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, until / 60, until % 60)
    }
}

/// `7:30`, `07:30`, `24:00`.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as civil;

    fn check(rule: &str, date: Date, expected: bool) {
        let rule = DayRule::parse(rule).expect("the rule of this test is well formed");
        assert_eq!(rule.matches(date, &Calendar::of_2026()), expected, "{rule:?} on {date}");
    }

    #[test]
    fn days_of_the_week_may_be_a_span_that_wraps_or_a_list() {
        check("mon-fri", civil(2026, 11, 23), true);
        check("mon-fri", civil(2026, 11, 28), false);
        check("sat-mon", civil(2026, 11, 23), true);
        check("sat-mon", civil(2026, 11, 24), false);
        check("mon, wed", civil(2026, 11, 25), true);
        check("weekends", civil(2026, 11, 27), false);
        check("周末", civil(2026, 11, 28), true);
        check("weekends", civil(2026, 11, 29), true);
        check("周一至周五", civil(2026, 11, 27), true);
        check("周一-五", civil(2026, 11, 28), false);
    }

    #[test]
    fn a_make_up_saturday_is_a_workday_and_the_holiday_it_pays_for_is_not() {
        check("workdays", civil(2026, 10, 10), true);
        check("workdays", civil(2026, 9, 20), true);
        check("workdays", civil(2026, 10, 5), false);
        check("holidays", civil(2026, 10, 5), true);
        check("holidays", civil(2026, 10, 10), false);
        check("workdays", civil(2026, 11, 23), true);
    }

    #[test]
    fn yearly_lunar_and_nth_weekday_dates_return() {
        check("12-13", civil(2026, 12, 13), true);
        check("12月13日", civil(2027, 12, 13), true);
        check("lunar 01-01", civil(2026, 2, 17), true);
        check("农历08-15", civil(2026, 9, 25), true);
        check("lunar 05-05", civil(2026, 6, 19), true);
        // 2025 has its sixth month twice; the leap month (闰六月) doesn't count.
        check("lunar 06-15", civil(2025, 7, 9), true);
        check("lunar 06-15", civil(2025, 8, 8), false);
        check("last fri", civil(2026, 11, 27), true);
        check("last fri", civil(2026, 11, 20), false);
        // The last day of the month and a week before it.
        check("last fri", civil(2026, 7, 31), true);
        check("last fri", civil(2026, 7, 24), false);
        // The last day of the second week.
        check("2nd sun", civil(2026, 6, 14), true);
        check("3rd sun", civil(2026, 6, 14), false);
        check("2nd sun of 5", civil(2026, 5, 10), true);
        check("2nd sun of 5", civil(2026, 6, 14), false);
        check("5月第二个周日", civil(2026, 5, 10), true);
    }

    #[test]
    fn new_years_eve_is_day_30_even_in_a_month_of_29_days() {
        check("lunar 12-30", civil(2026, 2, 16), true);
        check("lunar 12-29", civil(2026, 2, 16), true);
        check("lunar 12-30", civil(2027, 2, 5), true);
        check("lunar 12-30", civil(2027, 2, 4), false);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in
            ["", "foo", "mon-foo", "13-01", "02-30", "lunar 13-01", "6th fri", "一", "last", "0-0", "2nd sun of 13"]
        {
            assert_eq!(DayRule::parse(text), Err("bad-day-rule"), "{text}");
        }
        assert_eq!(DayRule::parse("02-29"), Ok(DayRule::Annual(2, 29)));
    }

    #[test]
    fn hours_may_cross_midnight() {
        assert_eq!(HourSpan::parse("11:00-13:30"), Ok(HourSpan { from: 660, until: 810 }));
        assert_eq!(HourSpan::parse("22:00-06:00"), Ok(HourSpan { from: 1320, until: 1800 }));
        assert_eq!(HourSpan::parse("0:00－24:00"), Ok(HourSpan::DAY));
        assert_eq!(HourSpan::parse("00:00-24:00"), Ok(HourSpan::DAY));
        assert_eq!(HourSpan::parse("7：30—9：00"), Ok(HourSpan { from: 450, until: 540 }));
        for text in ["", "7-9", "25:00-26:00", "07:60-08:00", "08:00-08:00", "24:00-01:00", "a-b"] {
            assert_eq!(HourSpan::parse(text), Err("bad-hours"), "{text}");
        }
    }
}
