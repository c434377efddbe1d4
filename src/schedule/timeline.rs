//! Spans of time as sorted half-open intervals of UTC seconds, the timeline of a screen, and what it plays at an instant.
//!
//! `at` is the evaluator: pure, and the player's JavaScript mirrors it line by line (`tests/vectors/at.json`).

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::rules::HourSpan;

/// A set of instants: sorted, disjoint, half-open `[from, until)` in UTC seconds, never touching each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans(Vec<(i64, i64)>);

impl Spans {
    /// From intervals in any order; empty ones vanish, touching ones merge.
    pub fn new(mut intervals: Vec<(i64, i64)>) -> Spans {
        intervals.retain(|(from, until)| from < until);
        intervals.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::with_capacity(intervals.len());
        for (from, until) in intervals {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        Spans(merged)
    }

    /// The intervals in order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().copied()
    }

    /// True when no instant belongs to it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Only what lies in `[from, until)`.
    pub fn clip(&self, from: i64, until: i64) -> Spans {
        Spans(self.0.iter().map(|&(a, b)| (a.max(from), b.min(until))).filter(|(a, b)| a < b).collect())
    }

    /// What belongs to both.
    pub fn and(&self, other: &Spans) -> Spans {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Vec::new();
        while let (Some(&&(a_from, a_until)), Some(&&(b_from, b_until))) = (a.peek(), b.peek()) {
            both.push((a_from.max(b_from), a_until.min(b_until)));
            let _ = if a_until <= b_until { a.next() } else { b.next() };
        }
        Spans::new(both)
    }

    /// True when the instant belongs to it.
    pub fn contains(&self, t: i64) -> bool {
        let after = self.0.partition_point(|&(from, _)| from <= t);
        after > 0 && t < self.0[after - 1].1
    }
}

/// The second at which a minute of a civil day begins, on a clock that never goes back: a minute that daylight saving skips
/// begins with the jump, one that comes twice begins the first time. Minutes beyond 1440 are on the next day.
pub fn second_of(date: Date, minute: u16, zone: &TimeZone) -> i64 {
    let days = jiff::ToSpan::days(i64::from(minute / 1440));
    let minute = minute % 1440;
    let date = date.checked_add(days).unwrap_or(date);
    let (hour, minute) = (i8::try_from(minute / 60).unwrap_or(0), i8::try_from(minute % 60).unwrap_or(0));
    let civil = date.at(hour, minute, 0, 0);
    let instant = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil),
        // By the later offset the skipped minute lies before the jump, so the jump is the next transition.
        AmbiguousOffset::Gap { after, .. } => after
            .to_timestamp(civil)
            .map(|earlier| zone.following(earlier).next().map_or(earlier, |jump| jump.timestamp())),
    };
    instant.map_or(0, |instant| instant.as_second())
}

/// The instants of these hours on these days.
pub fn spans_of(days: impl Iterator<Item = Date>, hours: &[HourSpan], zone: &TimeZone) -> Spans {
    let all_day = [HourSpan::DAY];
    let hours = if hours.is_empty() { &all_day } else { hours };
    let mut intervals = Vec::new();
    for date in days {
        for span in hours {
            intervals.push((second_of(date, span.from, zone), second_of(date, span.until, zone)));
        }
    }
    Spans::new(intervals)
}

/// One slide's turn in a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Index into the screen's items.
    pub item: u32,
    /// Index into the item's slides.
    pub slide: u32,
    /// How long it stays, at least 1.
    pub seconds: u32,
}

/// An ordered list of slides that repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loop {
    /// Hash of the entries, twelve hexadecimal digits.
    pub name: String,
    /// In order; never empty in a plan.
    pub entries: Vec<Entry>,
    /// The sum of the entries' seconds.
    pub seconds: i64,
}

/// A span of time in which one loop plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// UTC seconds.
    pub from: i64,
    /// UTC seconds, exclusive.
    pub until: i64,
    /// Index into the timeline's loops; `None` is dark.
    pub plays: Option<usize>,
}

/// All that a screen plays from `from` until `until`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// First instant, UTC seconds: local midnight of the day of the build.
    pub from: i64,
    /// Exclusive; afterwards the standby loop plays.
    pub until: i64,
    /// Without gaps from `from` to `until`.
    pub segments: Vec<Segment>,
    /// Each loop once.
    pub loops: Vec<Arc<Loop>>,
    /// Index of the loop that plays when nothing else can.
    pub standby: usize,
}

/// What a screen shows at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Playing {
    /// Index into the timeline's loops.
    pub plays: usize,
    /// Index into the loop's entries.
    pub entry: usize,
    /// When this slide went up, UTC seconds.
    pub from: i64,
    /// When it goes down, UTC seconds.
    pub until: i64,
    /// The timeline does not reach this instant, so the standby loop plays.
    pub out_of_date: bool,
}

/// What plays at instant `t`; `None` is dark.
pub fn at(timeline: &Timeline, t: i64) -> Option<Playing> {
    if t < timeline.from || t >= timeline.until || timeline.segments.is_empty() {
        let limit = if t < timeline.from { timeline.from } else { i64::MAX };
        return turn(timeline, timeline.standby, timeline.from, limit, t, true);
    }
    let after = timeline.segments.partition_point(|segment| segment.from <= t);
    let segment = timeline.segments[after.max(1) - 1];
    turn(timeline, segment.plays?, segment.from, segment.until, t, false)
}

fn turn(timeline: &Timeline, plays: usize, start: i64, limit: i64, t: i64, out_of_date: bool) -> Option<Playing> {
    let looped = timeline.loops.get(plays).filter(|looped| looped.seconds > 0)?;
    let position = (t - start).rem_euclid(looped.seconds);
    let mut begin = 0;
    let mut entry = 0;
    while begin + i64::from(looped.entries[entry].seconds) <= position {
        begin += i64::from(looped.entries[entry].seconds);
        entry += 1;
    }
    let from = t - position + begin;
    let until = (from + i64::from(looped.entries[entry].seconds)).min(limit);
    Some(Playing { plays, entry, from, until, out_of_date })
}

/// A document as the timeline sees it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// When its own rules let it play.
    pub spans: &'a Spans,
    /// Drops out on solemn days.
    pub festive: bool,
    /// While it is eligible, only such items play.
    pub takeover: bool,
}

/// A day of the window.
#[derive(Clone, Debug)]
pub struct Day {
    /// The civil date.
    pub date: Date,
    /// Local midnight, UTC seconds.
    pub from: i64,
    /// The next local midnight.
    pub until: i64,
    /// Festive items drop out.
    pub solemn: bool,
    /// Only these candidates play (by index, sorted), when the calendar names some.
    pub only: Option<Vec<u32>>,
}

/// A stretch of one day with the candidates that may play in it; `None` is dark.
pub type Stretch = (i64, i64, Option<Vec<u32>>);

/// Which candidates play when: rules 1 to 4 of the design, in order, day by day. Neighbours with the same answer on the
/// same day are one stretch.
pub fn stretches(days: &[Day], open: &Spans, candidates: &[Candidate<'_>]) -> Vec<Stretch> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let (from, until) = (first.from, last.until);
    // (instant, which, begins): which == candidates.len() is the screen's own opening.
    let mut events: Vec<(i64, u32, bool)> = Vec::new();
    let count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    for (which, spans) in (0..).zip(candidates.iter().map(|candidate| candidate.spans)).chain([(count, open)]) {
        for (begins, ends) in spans.clip(from, until).iter() {
            events.push((begins, which, true));
            events.push((ends, which, false));
        }
    }
    events.sort_unstable();
    let mut playing = std::collections::BTreeSet::new();
    let mut is_open = false;
    let mut next = 0;
    let mut found: Vec<Stretch> = Vec::new();
    for day in days {
        let mut now = day.from;
        let day_start = found.len();
        while now < day.until {
            while next < events.len() && events[next].0 <= now {
                let (_, which, begins) = events[next];
                match (which == count, begins) {
                    (true, _) => is_open = begins,
                    (false, true) => drop(playing.insert(which)),
                    (false, false) => drop(playing.remove(&which)),
                }
                next += 1;
            }
            let ends = events.get(next).map_or(day.until, |event| event.0.min(day.until));
            let answer = is_open.then(|| eligible(day, &playing, candidates));
            match found[day_start..].last_mut() {
                Some(last) if last.2 == answer => last.1 = ends,
                _ => found.push((now, ends, answer)),
            }
            now = ends;
        }
    }
    found
}

fn eligible(day: &Day, playing: &std::collections::BTreeSet<u32>, candidates: &[Candidate<'_>]) -> Vec<u32> {
    let candidate = |which: u32| &candidates[which as usize];
    let fits = |which: &u32| {
        let festive = day.solemn && candidate(*which).festive;
        !festive && day.only.as_ref().is_none_or(|only| only.binary_search(which).is_ok())
    };
    let all: Vec<u32> = playing.iter().copied().filter(fits).collect();
    match all.iter().any(|&which| candidate(which).takeover) {
        true => all.into_iter().filter(|&which| candidate(which).takeover).collect(),
        false => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").expect("the zone data is in the binary")
    }

    fn timeline() -> Timeline {
        let entries = vec![Entry { item: 0, slide: 0, seconds: 10 }, Entry { item: 1, slide: 0, seconds: 5 }];
        let looped = Arc::new(Loop { name: "a".into(), entries, seconds: 15 });
        let segment = |from, until, plays| Segment { from, until, plays };
        let segments = vec![segment(1000, 1100, None), segment(1100, 1120, Some(0)), segment(1120, 1200, Some(0))];
        Timeline { from: 1000, until: 1200, segments, loops: vec![looped], standby: 0 }
    }

    fn check(t: i64, expected: Option<(usize, i64, i64, bool)>) {
        assert_eq!(at(&timeline(), t).map(|p| (p.entry, p.from, p.until, p.out_of_date)), expected, "at {t}");
    }

    #[test]
    fn a_segment_begins_at_its_second_and_ends_before_its_last() {
        check(1099, None);
        check(1100, Some((0, 1100, 1110, false)));
        check(1109, Some((0, 1100, 1110, false)));
        check(1110, Some((1, 1110, 1115, false)));
        check(1115, Some((0, 1115, 1120, false)));
        check(1120, Some((0, 1120, 1130, false)));
        check(1199, Some((0, 1195, 1200, false)));
    }

    #[test]
    fn outside_the_timeline_the_standby_loop_plays() {
        check(999, Some((1, 995, 1000, true)));
        check(1200, Some((0, 1195, 1205, true)));
        check(-1, Some((0, -5, 5, true)));
    }

    fn any_timeline() -> impl Strategy<Value = Timeline> {
        let turns = prop::collection::vec(1u32..20, 1..5);
        let segments = prop::collection::vec((1i64..80, prop::option::of(0usize..3)), 0..6);
        (prop::collection::vec(turns, 3), segments, 0usize..3, 0i64..1000).prop_map(|(loops, parts, standby, from)| {
            let looped = |turns: Vec<u32>| {
                let entries: Vec<Entry> =
                    (0..).zip(turns).map(|(item, seconds)| Entry { item, slide: 0, seconds }).collect();
                let seconds = entries.iter().map(|entry| i64::from(entry.seconds)).sum();
                Arc::new(Loop { name: String::new(), entries, seconds })
            };
            let mut segments = Vec::new();
            let mut until = from;
            for (long, plays) in parts {
                segments.push(Segment { from: until, until: until + long, plays });
                until += long;
            }
            Timeline { from, until, segments, loops: loops.into_iter().map(looped).collect(), standby }
        })
    }

    /// A second evaluator: somebody who stands before the screen from the beginning of each segment with a watch.
    fn watched(timeline: &Timeline, begins: i64, ends: i64, plays: usize, seen: &mut Vec<(i64, Option<Playing>)>) {
        let entries = &timeline.loops[plays].entries;
        let out_of_date = begins >= timeline.until;
        let (mut now, mut entry) = (begins, 0);
        while now < ends {
            let until = now + i64::from(entries[entry].seconds);
            for t in now..until.min(ends) {
                let until = if out_of_date { until } else { until.min(ends) };
                seen.push((t, Some(Playing { plays, entry, from: now, until, out_of_date })));
            }
            now = until;
            entry = (entry + 1) % entries.len();
        }
    }

    proptest! {
        /// Spans against the sets of seconds that they mean.
        #[test]
        fn spans_are_sets_of_seconds(
            a in prop::collection::vec((0i64..40, 0i64..40), 0..7),
            b in prop::collection::vec((0i64..40, 0i64..40), 0..7),
            (from, until) in (0i64..40, 0i64..40),
        ) {
            let inside = |all: &[(i64, i64)], t: i64| all.iter().any(|(from, until)| (*from..*until).contains(&t));
            let (one, other) = (Spans::new(a.clone()), Spans::new(b.clone()));
            let (both, clipped) = (one.and(&other), one.clip(from, until));
            for t in -1..42 {
                prop_assert_eq!(one.contains(t), inside(&a, t), "at {}", t);
                prop_assert_eq!(both.contains(t), inside(&a, t) && inside(&b, t), "both at {}", t);
                prop_assert_eq!(clipped.contains(t), inside(&a, t) && (from..until).contains(&t), "clipped at {}", t);
            }
            for spans in [one, both, clipped] {
                let all: Vec<_> = spans.iter().collect();
                prop_assert!(all.iter().all(|(from, until)| from < until) && all.windows(2).all(|w| w[0].1 < w[1].0));
                prop_assert_eq!(spans.is_empty(), all.is_empty());
            }
        }

        #[test]
        fn every_second_shows_what_somebody_with_a_watch_sees(timeline in any_timeline()) {
            let mut seen = Vec::new();
            for segment in &timeline.segments {
                match segment.plays {
                    Some(plays) => watched(&timeline, segment.from, segment.until, plays, &mut seen),
                    None => seen.extend((segment.from..segment.until).map(|t| (t, None))),
                }
            }
            // Afterwards standby goes on as if it had begun with the timeline: its loop fits a whole number of times.
            let long = timeline.loops[timeline.standby].seconds;
            let mut after = Vec::new();
            let begins = timeline.from + (timeline.until - timeline.from).div_euclid(long) * long;
            watched(&Timeline { until: begins, ..timeline.clone() }, begins, begins + 3 * long, timeline.standby, &mut after);
            seen.extend(after.into_iter().filter(|(t, _)| *t >= timeline.until));
            for (t, wanted) in seen {
                prop_assert_eq!(at(&timeline, t), wanted, "at {}", t);
            }
            // And before, but not beyond its first instant.
            for t in timeline.from - 100..timeline.from {
                let found = at(&timeline, t).expect("it is never dark before the timeline");
                prop_assert!(found.out_of_date && found.plays == timeline.standby);
                prop_assert!(found.from <= t && t < found.until && found.until <= timeline.from);
                let entries = &timeline.loops[timeline.standby].entries;
                let before: i64 = entries[..found.entry].iter().map(|entry| i64::from(entry.seconds)).sum();
                prop_assert_eq!((found.from - before - timeline.from).rem_euclid(long), 0);
                let ends = found.from + i64::from(entries[found.entry].seconds);
                prop_assert_eq!(found.until, ends.min(timeline.from));
            }
        }
    }

    #[test]
    fn hours_across_midnight_belong_to_the_day_on_which_they_start() {
        let hours = [HourSpan { from: 1320, until: 1800 }];
        let spans = spans_of([date(2026, 11, 23)].into_iter(), &hours, &shanghai());
        let from = second_of(date(2026, 11, 23), 1320, &shanghai());
        assert_eq!(spans.iter().collect::<Vec<_>>(), [(from, from + 8 * 3600)]);
        assert!(spans.contains(from) && !spans.contains(from - 1));
        assert!(spans.contains(from + 8 * 3600 - 1) && !spans.contains(from + 8 * 3600));
    }

    #[test]
    fn whole_days_in_a_row_are_one_span() {
        let days = date(2026, 11, 23).series(jiff::ToSpan::days(1)).take(3);
        assert_eq!(spans_of(days, &[], &shanghai()).iter().count(), 1);
    }

    #[test]
    fn a_day_of_23_hours_is_whole() {
        let berlin = TimeZone::get("Europe/Berlin").expect("the zone data is in the binary");
        let day = spans_of([date(2026, 3, 29)].into_iter(), &[], &berlin);
        assert_eq!(day.iter().map(|(from, until)| until - from).collect::<Vec<_>>(), [23 * 3600]);
    }

    /// Each instant of the days on which the clocks change, asked by a clock on the wall that never goes back.
    #[test]
    fn hours_on_days_on_which_the_clocks_change_follow_the_clock_on_the_wall() {
        // Forward and back in the night, at midnight in both directions, and half an hour at a time.
        let days = [
            ("Europe/Berlin", date(2026, 3, 29)),
            ("Europe/Berlin", date(2026, 10, 25)),
            ("Africa/Cairo", date(2026, 4, 24)),
            ("Africa/Cairo", date(2026, 10, 29)),
            ("America/Havana", date(2026, 3, 8)),
            ("America/Havana", date(2026, 11, 1)),
            ("Australia/Lord_Howe", date(2026, 4, 5)),
            ("Australia/Lord_Howe", date(2026, 10, 4)),
            ("Asia/Shanghai", date(2026, 11, 23)),
        ];
        for (name, day) in days {
            let zone = TimeZone::get(name).expect("the zone data is in the binary");
            let begins = second_of(day, 0, &zone);
            let ends = second_of(day, 1440, &zone);
            assert_eq!(ends, second_of(day.tomorrow().expect("not the last day"), 0, &zone), "{name}");
            for (from, until) in
                [(0, 1440), (60, 120), (90, 135), (110, 150), (130, 170), (0, 30), (1380, 1440), (1320, 1800)]
            {
                let spans = spans_of([day].into_iter(), &[HourSpan { from, until }], &zone);
                // The hours of this day that lie on it, minute by minute; the clock shows what it showed latest.
                let mut shown = 0;
                for t in (begins..ends).step_by(60) {
                    let civil = jiff::Timestamp::from_second(t).expect("in range").to_zoned(zone.clone()).datetime();
                    assert_eq!(civil.date(), day, "{name}: {civil}");
                    shown = shown.max(
                        u16::try_from(civil.hour()).expect("0 to 23") * 60
                            + u16::try_from(civil.minute()).expect("0 to 59"),
                    );
                    assert_eq!(spans.contains(t), (from..until).contains(&shown), "{name} {civil} {from}-{until}");
                }
            }
        }
    }

    #[test]
    fn a_takeover_silences_the_others_and_a_solemn_day_the_festive() {
        let all = Spans::new(vec![(0, 200)]);
        let short = Spans::new(vec![(50, 60)]);
        let candidate = |spans, festive, takeover| Candidate { spans, festive, takeover };
        let candidates = [candidate(&all, false, false), candidate(&all, true, false), candidate(&short, false, true)];
        let day = |from, until, solemn, only| Day { date: date(2026, 1, 1), from, until, solemn, only };
        let days = [day(0, 100, false, None), day(100, 150, true, None), day(150, 200, true, Some(vec![2]))];
        assert_eq!(
            stretches(&days, &Spans::new(vec![(10, 190)]), &candidates),
            [
                (0, 10, None),
                (10, 50, Some(vec![0, 1])),
                (50, 60, Some(vec![2])),
                (60, 100, Some(vec![0, 1])),
                (100, 150, Some(vec![0])),
                (150, 190, Some(vec![])),
                (190, 200, None),
            ]
        );
    }
}
