//! Door to the clock: the instant a build is for, and how long its steps took.
//!
//! Everything that depends on time takes the instant as a value; it comes from here once, through the front.

#![expect(clippy::disallowed_methods, reason = "this room is the clock")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The present instant.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Time since some instant in the life of this process; not moved by changes of the clock.
pub fn ticks() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}

/// Measures how long something took; not moved by changes of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to count.
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
