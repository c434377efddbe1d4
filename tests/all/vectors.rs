//! `tests/vectors/at.json` holds the evaluator of the build; `tests/browser/at.test.js` holds the player to the same file.

use std::sync::Arc;

use civicast::schedule::{Entry, Loop, Playing, Segment, Timeline, at};
use serde_json::{Value, json};
use sha2::Digest;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/at.json");
const SEED: u32 = 20_261_123;

/// xorshift32, the same as in the test of the player.
struct Generator(u32);

impl Generator {
    fn next(&mut self, limit: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        i64::from(self.0) % limit
    }
}

fn looped(name: &str, entries: &[(u32, u32, u32)]) -> Arc<Loop> {
    let entries: Vec<Entry> = entries.iter().map(|&(item, slide, seconds)| Entry { item, slide, seconds }).collect();
    let seconds = entries.iter().map(|entry| i64::from(entry.seconds)).sum();
    Arc::new(Loop { name: name.into(), entries, seconds })
}

fn random(next: &mut Generator) -> Timeline {
    let mut loops = Vec::new();
    for i in 0..1 + next.next(4) {
        let mut entries = Vec::new();
        for _ in 0..1 + next.next(6) {
            entries.push((next.next(9) as u32, next.next(3) as u32, 1 + next.next(40) as u32));
        }
        loops.push(looped(&format!("l{i}"), &entries));
    }
    let from = 1_000_000 + next.next(1000);
    let mut segments = Vec::new();
    let mut now = from;
    for _ in 0..1 + next.next(8) {
        let until = now + 1 + next.next(300);
        let which = next.next(loops.len() as i64 + 1) as usize;
        segments.push(Segment { from: now, until, plays: (which < loops.len()).then_some(which) });
        now = until;
    }
    let standby = next.next(loops.len() as i64) as usize;
    Timeline { from, until: now, segments, loops, standby }
}

fn digest() -> String {
    let mut next = Generator(SEED);
    let mut hash = sha2::Sha256::new();
    for _ in 0..20_000 {
        let timeline = random(&mut next);
        for _ in 0..50 {
            let t = timeline.from - 100 + next.next(timeline.until - timeline.from + 200);
            hash.update(match at(&timeline, t) {
                Some(p) => {
                    let name = &timeline.loops[p.plays].name;
                    format!("{name} {} {} {} {}\n", p.entry, p.from, p.until, p.out_of_date)
                }
                None => "dark\n".into(),
            });
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cases() -> Vec<Timeline> {
    let day = 1_795_363_200; // 2026-11-23 00:00 in Shanghai
    let loops = vec![looped("one", &[(0, 0, 10)]), looped("two", &[(0, 0, 10), (1, 0, 7), (1, 1, 8)])];
    let segment = |from, until, plays| Segment { from: day + from, until: day + until, plays };
    let usual = vec![
        segment(0, 25_200, None),
        segment(25_200, 39_600, Some(0)),
        segment(39_600, 48_600, Some(1)),
        segment(48_600, 79_200, Some(0)),
        segment(79_200, 86_400, None),
    ];
    let always = vec![segment(0, 86_400, Some(1)), segment(86_400, 172_800, Some(1))];
    let short = vec![segment(0, 1, Some(0)), segment(1, 3, Some(1)), segment(3, 4, None)];
    let timeline = |segments: Vec<Segment>, standby| Timeline {
        from: day,
        until: segments.last().map_or(day, |segment| segment.until),
        segments,
        loops: loops.clone(),
        standby,
    };
    vec![timeline(usual, 0), timeline(always, 1), timeline(short, 1), timeline(vec![], 0)]
}

/// Every boundary of the timeline and of the first turns, a second before and after.
fn instants(timeline: &Timeline) -> Vec<i64> {
    let mut found = vec![timeline.from - 86_400, timeline.from - 1, timeline.until, timeline.until + 1_000_003];
    for segment in &timeline.segments {
        found.extend([segment.from, segment.from + 9, segment.from + 10, segment.from + 17, segment.from + 25]);
        found.extend([segment.until - 1, segment.until - 3]);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn answer(timeline: &Timeline, playing: Option<Playing>) -> Value {
    playing.map_or(Value::Null, |p| json!([timeline.loops[p.plays].name, p.entry, p.from, p.until, p.out_of_date]))
}

fn vectors() -> String {
    let cases: Vec<Value> = cases()
        .iter()
        .enumerate()
        .map(|(i, timeline)| {
            let name = |plays: usize| timeline.loops[plays].name.clone();
            let loops: serde_json::Map<String, Value> = timeline
                .loops
                .iter()
                .map(|l| (l.name.clone(), l.entries.iter().map(|e| json!([e.item, e.slide, e.seconds])).collect()))
                .collect();
            let line: Vec<Value> =
                timeline.segments.iter().map(|s| json!([s.from, s.until, s.plays.map(name)])).collect();
            let at: Vec<Value> =
                instants(timeline).into_iter().map(|t| json!([t, answer(timeline, at(timeline, t))])).collect();
            json!({
                "screen": {
                    "screen": format!("case-{i}"), "from": timeline.from, "until": timeline.until,
                    "loops": loops, "timeline": line, "standby": name(timeline.standby),
                },
                "at": at,
            })
        })
        .collect();
    let file = json!({ "cases": cases, "random": { "seed": SEED, "sha256": digest() } });
    serde_json::to_string_pretty(&file).expect("plain values serialise") + "\n"
}

#[test]
fn the_vector_file_holds_what_the_evaluator_says() {
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == vectors(), "the evaluator changed: look at it, then run `cargo test write_vectors -- --ignored`");
}

#[test]
#[ignore = "writes tests/vectors/at.json"]
fn write_vectors() {
    std::fs::write(FILE, vectors()).expect("the file can be written");
}
