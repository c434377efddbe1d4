//! Rules and a window of time → half-open segments and loops; `at(timeline, t)` → slide. Mirrored by the player through
//! one shared vector file.
//!
//! In: rules as authors write them, the calendar, a zone, a window. Out: spans in UTC seconds, loops, positions. It knows
//! no document and no screen; `screen` puts them together.

use jiff::Timestamp;

pub mod calendar;
pub mod loops;
mod rules;
pub mod timeline;

pub use calendar::Calendar;
pub use rules::{DayRule, HourSpan};
pub use timeline::{Entry, Loop, Playing, Segment, Spans, Timeline, at};

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
