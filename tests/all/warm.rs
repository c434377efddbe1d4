//! A warm build leaves the same bytes as a cold one, after any edits, whoever kept the memo and whatever happened to it.
//!
//! `CIVICAST_LONG=1` runs the long form; `CIVICAST_SEED=n` one life of a site, to see again what failed.

use std::collections::BTreeMap;
use std::path::Path;

use civicast::memo::Memo;
use civicast::pipeline::{self, Options, Preview, Published};
use civicast::plan::{Job, Rank};
use civicast::problem::{Fault, Severity};
use civicast::release;
use civicast::render::Output;

use crate::edits::{Editor, Random, Wanted};
use crate::site::{Site, at, copy};

/// Who builds: what the memo comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Builder {
    /// A new process: the memo is what lies in `.civicast/`.
    Process,
    /// A program that runs on and holds its memo.
    Held,
}

/// What a build left: its files when it worked, else the problems that stood against it.
type Outcome = Result<BTreeMap<String, Vec<u8>>, Vec<String>>;

fn options(wanted: &Wanted) -> Options {
    Options { overrides: wanted.overrides.clone(), now: at(wanted.now), drafts: wanted.drafts, strict: false }
}

fn publish(site: &Path, output: &str, wanted: &Wanted, memo: &mut Memo) -> Result<Published, Fault> {
    pipeline::publish(site, Some(&site.join(output)), &options(wanted), release::Options::default(), memo)
}

/// Everything that is told and differs from build to build only by what it is about.
fn told(published: &Published) -> Vec<String> {
    let problems = published.preview.problems.iter().filter(|problem| problem.code != "state-not-saved");
    problems.map(|problem| format!("{problem:?}")).collect()
}

/// The site built from nothing, elsewhere.
fn cold(site: &Site, wanted: &Wanted) -> Result<(Published, Outcome), Fault> {
    let copied = Site::empty();
    for name in civicast::source::INPUTS {
        copy(&site.path().join(name), &copied.path().join(name));
    }
    let published = publish(copied.path(), "public", wanted, &mut Memo::default())?;
    let outcome = match published.receipt {
        Some(_) => Ok(copied.all("public")),
        None => Err(told(&published)),
    };
    Ok((published, outcome))
}

/// One life of a site: `edits` builds, each after some edits and compared. Gives how many of them worked, and how often which
/// errors stood against one.
fn life(seed: u64, edits: usize) -> (usize, BTreeMap<&'static str, usize>) {
    let site = Site::with(&[]);
    let mut editor = Editor::new(site.path(), seed);
    let mut who = Random(seed ^ 0xb11d);
    // Some lives have builders of one kind only, so that nobody puts right what the other leaves wrong.
    let kinds: &[Builder] = match seed % 3 {
        0 => &[Builder::Process],
        1 => &[Builder::Held],
        _ => &[Builder::Process, Builder::Held],
    };
    let mut held = Memo::default();
    let mut story: Vec<String> = Vec::new();
    let (mut good, mut errors) = (0, BTreeMap::new());
    for _ in 0..edits {
        // Sometimes several things happen between two builds.
        for _ in 0..1 + if who.once_in(4) { who.below(4) } else { 0 } {
            story.push(editor.edit());
        }
        let kind = who.one(kinds);
        let output = if who.once_in(8) { "second" } else { "public" };
        story.push(format!("{kind:?} builds into {output}"));
        let before = site.all(output);
        let mut new = Memo::default();
        let memo = if kind == Builder::Held { &mut held } else { &mut new };
        if kind == Builder::Process {
            *memo = pipeline::remembered(site.path());
        }
        let warm = publish(site.path(), output, &editor.wanted, memo);
        let tale = || {
            let last = story.len().saturating_sub(40);
            format!("CIVICAST_SEED={seed}, after {} edits:\n{}", story.len(), story[last..].join("\n"))
        };
        let (warm, (cold, expected)) = match (warm, cold(&site, &editor.wanted)) {
            (Ok(warm), Ok(cold)) => (warm, cold),
            (Err(warm), Err(cold)) => {
                assert_eq!(warm.code, cold.code, "{}", tale());
                continue;
            }
            (warm, cold) => panic!("warm {:?}, cold {:?}\n{}", warm.map(drop), cold.map(drop), tale()),
        };
        assert_eq!(told(&warm), told(&cold), "problems differ: {}", tale());
        assert_eq!(warm.preview.next_change, cold.preview.next_change, "{}", tale());
        let after = site.all(output);
        match expected {
            Ok(files) => {
                good += 1;
                same(&after, &files, &tale);
            }
            Err(_) => {
                let found = warm.preview.problems.iter().filter(|problem| problem.severity == Severity::Error);
                let mut places = Vec::new();
                for problem in found {
                    *errors.entry(problem.code).or_default() += 1;
                    places.extend(problem.place.as_ref().map(|place| place.path.to_string()));
                }
                same(&after, &before, &tale);
                if who.once_in(2) {
                    story.push(editor.heal(&places));
                }
            }
        }
    }
    (good, errors)
}

fn same(got: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, tale: &dyn Fn() -> String) {
    assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{}", tale());
    for (path, bytes) in got {
        if *bytes != expected[path] {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let at = bytes.iter().zip(&expected[path]).take_while(|(a, b)| a == b).count();
            let near = |bytes: &[u8]| text(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]);
            panic!("{path} differs: warm …{}…, cold …{}…\n{}", near(bytes), near(&expected[path]), tale());
        }
    }
}

#[test]
fn a_warm_build_equals_a_cold_one_after_any_edits() {
    let set = |name: &str| std::env::var(name).ok();
    let (lives, edits) = if set("CIVICAST_LONG").is_some() { (24, 90) } else { (3, 40) };
    let seeds: Vec<u64> = match set("CIVICAST_SEED") {
        Some(seed) => vec![seed.parse().unwrap()],
        None => (1..=lives).collect(),
    };
    let begun = std::time::Instant::now();
    let mut errors: BTreeMap<&str, usize> = BTreeMap::new();
    let mut good = 0;
    for seed in &seeds {
        let (worked, found) = life(*seed, edits);
        good += worked;
        found.into_iter().for_each(|(code, count)| *errors.entry(code).or_default() += count);
    }
    let all = seeds.len() * edits;
    println!("{good} of {all} builds worked in {:?}; errors: {errors:?}", begun.elapsed());
    assert!(
        good * 2 > all || seeds.len() == 1,
        "only {good} of {all} states could be built: the edits show too little; {errors:?}"
    );
}

/// Everything that a preview shows, by path; pointers tell the instant at which they were made, and nobody looks at them here.
fn shown(preview: &Preview) -> BTreeMap<String, String> {
    let jobs = preview.jobs.iter().filter(|job| job.rank != Rank::Pointer);
    let bytes = |job: &Job| match preview.render(job).map(|rendered| rendered.output) {
        Ok(Output::Copy(source)) => source.to_string(),
        Ok(Output::Pack(files)) => format!("{files:?}"),
        Ok(output) => String::from_utf8_lossy(&output.into_bytes().unwrap_or_default()).into_owned(),
        Err(problems) => format!("{problems:?}"),
    };
    jobs.map(|job| (job.path.to_string(), bytes(job))).collect()
}

#[test]
fn a_preview_after_an_edited_body_equals_one_made_from_nothing() {
    let mut short = 0;
    for seed in 0..if std::env::var_os("CIVICAST_LONG").is_some() { 60 } else { 4 } {
        let site = Site::with(&[]);
        let mut editor = Editor::new(site.path(), seed);
        let mut who = Random(seed ^ 0x5e7e);
        let mut memo = Memo::default();
        let mut last: Option<(Preview, Options)> = None;
        let mut story = Vec::new();
        for _ in 0..12 {
            // Bodies above all: with every other edit the whole line runs.
            story.push(if who.once_in(6) { editor.edit() } else { body(&site, &mut who) });
            let options = options(&editor.wanted);
            let fits =
                |last: &&(Preview, Options)| (&last.1.overrides, last.1.drafts) == (&options.overrides, options.drafts);
            let preview = match last.as_ref().filter(fits) {
                Some((last, ..)) => pipeline::preview_after(last, site.path(), &options, &mut memo),
                None => pipeline::preview(site.path(), &options, &mut memo),
            };
            let cold = pipeline::preview(site.path(), &options, &mut Memo::default());
            let (Ok(preview), Ok(cold)) = (preview, cold) else {
                last = None;
                continue;
            };
            let tale = format!("seed {seed}:\n{}", story.join("\n"));
            assert_eq!(format!("{:?}", preview.problems), format!("{:?}", cold.problems), "{tale}");
            if !cold.is_broken() {
                assert!(shown(&preview) == shown(&cold), "{tale}");
                assert_eq!(preview.next_change, cold.next_change, "{tale}");
            }
            short += usize::from(preview.timings.len() == 1);
            last = Some((preview, options));
        }
    }
    assert!(short > 2, "only {short} previews took the short way");
}

/// Two documents of which little but the body changes, again and again.
fn body(site: &Site, who: &mut Random) -> String {
    let path = who.one(&["content/notices/长文.md", "content/reports/长文.md"]);
    let more =
        who.one(&["又一段。", "**再**多几个", "又一段。", "## 又一节", "[没有](nowhere.md)", "> [!NOTE]\n> 提示"]);
    let long = "请各科室按时报送。".repeat(40);
    let text = format!("+++\ntitle = \"长文\"\ndate = 2026-11-02\n+++\n\n{long}\n\n{}\n\n{more}\n", who.below(1_000));
    site.write(path, &text);
    format!("{path} ends with {more:?}")
}
