//! `build`, `build --watch`, `check`, `theme check`: the whole line, once or again and again.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Now, Site, Trouble, is_broken, only, shown, standing, tally};
use crate::clock::Stopwatch;
use crate::memo::{Memo, Outputs};
use crate::message::Lang;
use crate::pipeline::{self, Preview, Published};
use crate::problem::{Fault, Severity};
use crate::release;
use crate::render::Cost;
use crate::report::{self, Args, Outcome, Voice, Volume};
use crate::watch::{Stopper, Watcher, Woken};

/// How to build.
#[derive(Clone, Debug)]
pub struct Build {
    /// Into this folder; the configuration's when absent.
    pub output: Option<PathBuf>,
    /// Survives a power cut.
    pub durable: bool,
    /// Also say how long each part took.
    pub timings: bool,
    /// The receipt is wanted, not only what it comes to.
    pub json: bool,
}

/// Builds once.
pub fn build(site: &Site, how: &Build, volume: Volume, memo: &mut Memo) -> Result<Outcome, Fault> {
    let clock = Stopwatch::start();
    let options = release::Options { durable: how.durable, ..release::Options::default() };
    let published = pipeline::publish(&site.folder, how.output.as_deref(), &site.options()?, options, memo)?;
    // The process ends here, and the system takes memory back faster than all of this is freed.
    let published = ManuallyDrop::new(published);
    Ok(told(site.lang, &published, how, volume, clock.elapsed()))
}

/// Builds whenever a source moves or an instant comes at which the site changes, until it is stopped. `ready` gets the
/// means to stop it. A fault ends it only at its first build; later (the disk is full, the folder is away) it is told once,
/// and the build is tried again.
pub fn watch(site: &Site, how: &Build, voice: &Voice, ready: impl FnOnce(Stopper)) -> Result<(), Fault> {
    let named = site.folder.clone();
    let site = site.standing()?;
    let output = how.output.as_deref().map(standing).transpose()?;
    let watcher = Watcher::new(&site.folder, &[&output.clone().unwrap_or_else(|| site.folder.join("public"))])?;
    ready(watcher.stopper());
    let mut memo = pipeline::remembered(&site.folder);
    let mut trouble = Trouble::default();
    let mut is_first = true;
    loop {
        let clock = Stopwatch::start();
        let options = release::Options { durable: how.durable, ..release::Options::default() };
        let built = site
            .options()
            .and_then(|wanted| pipeline::publish(&site.folder, output.as_deref(), &wanted, options, &mut memo));
        let next = match built {
            Err(fault) if is_first => return Err(fault),
            Err(fault) => Some(trouble.told(voice, &fault)),
            Ok(mut published) => {
                trouble = Trouble::default();
                let next = published.preview.next_change.filter(|_| matches!(site.now, Now::Clock));
                let zone = published.preview.config.zone.clone();
                // As the folder was called on the command line.
                if let Ok(below) = published.output.strip_prefix(&site.folder) {
                    published.output = named.join(below);
                }
                report::outcome(voice, &told(site.lang, &published, how, voice.volume, clock.elapsed()));
                match next {
                    Some(at) => report::say(voice, "watching-until", &[("at", super::local(at, &zone))]),
                    None => report::say(voice, "watching", &[]),
                }
                next
            }
        };
        is_first = false;
        if watcher.wait(next) == Woken::Stopped {
            return Ok(());
        }
    }
}

/// All that `build` checks and the strict rules; nothing is written.
pub fn check(site: &Site, memo: &mut Memo) -> Result<Outcome, Fault> {
    let clock = Stopwatch::start();
    let mut options = site.options()?;
    options.strict = true;
    let mut preview = pipeline::preview(&site.folder, &options, memo)?;
    prove(&mut preview)?;
    let said = verdict(site.lang, &preview, clock.elapsed());
    let mut outcome = Outcome { said, notes: true, ..only(preview.problems) };
    outcome.members.insert("documents".into(), json!(preview.parsed + preview.reused));
    outcome.members.insert("outputs".into(), json!(preview.jobs.len()));
    Ok(outcome)
}

/// Renders this site and the contract site with the theme, looks at every page of the latter, and tells only what is wrong
/// with the theme.
pub fn theme_check(site: &Site, memo: &mut Memo) -> Result<Outcome, Fault> {
    let clock = Stopwatch::start();
    let mut preview = site.preview(memo)?;
    prove(&mut preview)?;
    for contract in pipeline::contract(&site.folder, &site.options()?)? {
        preview.problems.extend(pipeline::audit(&contract));
        // What is wrong with the manifest and with settings was told of this site already.
        preview.problems.extend(contract.problems.into_iter().filter(|p| !p.code.starts_with("theme-setting")));
    }
    let is_about_themes =
        |code: &str| code.starts_with("theme-") || code == "missing-theme" || code.contains("template");
    let mut seen = std::collections::BTreeSet::new();
    preview.problems.retain(|p| is_about_themes(p.code) && seen.insert((p.code, p.place.clone(), p.args.clone())));
    pipeline::configured(&mut preview.problems, &preview.config);
    Ok(Outcome { said: verdict(site.lang, &preview, clock.elapsed()), ..only(preview.problems) })
}

/// Renders all jobs only to find what is wrong with them.
fn prove(preview: &mut Preview) -> Result<(), Fault> {
    let done = pipeline::render_all(preview, &Outputs::default(), None)?;
    preview.problems.extend(done.problems);
    pipeline::configured(&mut preview.problems, &preview.config);
    Ok(())
}

fn verdict(lang: Lang, preview: &Preview, took: Duration) -> Vec<(&'static str, Args)> {
    let code = match () {
        () if is_broken(&preview.problems) => "checked-broken",
        () if preview.problems.iter().any(|p| p.severity == Severity::Warning) => "checked-warnings",
        () => "checked-fine",
    };
    let mut args = vec![("tally", tally(&preview.problems, lang))];
    args.push(("documents", (preview.parsed + preview.reused).to_string()));
    args.push(("outputs", preview.jobs.len().to_string()));
    args.push(("time", report::seconds(lang, took)));
    vec![(code, args)]
}

/// What a build has to tell.
fn told(lang: Lang, published: &Published, how: &Build, volume: Volume, took: Duration) -> Outcome {
    let Published { preview, receipt, rendered, kept, costs, output } = published;
    let (rendered, kept) = (*rendered, *kept);
    let mut args = vec![("tally", tally(&preview.problems, lang))];
    args.push(("output", shown(output)));
    args.push(("time", report::seconds(lang, took)));
    let mut said = Vec::new();
    let code = match receipt {
        None => "broken-build",
        Some(receipt) => {
            args.push(("outputs", receipt.files.to_string()));
            args.push(("written", receipt.written.len().to_string()));
            args.push(("unchanged", receipt.unchanged.to_string()));
            args.push(("removed", receipt.removed.len().to_string()));
            if volume == Volume::Verbose {
                said.extend(receipt.written.iter().map(|path| ("file-written", vec![("path", path.to_string())])));
                said.extend(receipt.removed.iter().map(|path| ("file-removed", vec![("path", path.to_string())])));
            }
            if preview.problems.iter().any(|p| p.severity == Severity::Warning) {
                said.push(("built-warnings", args.clone()));
            }
            if receipt.written.is_empty() && receipt.removed.is_empty() { "nothing-changed" } else { "built" }
        }
    };
    if how.timings {
        for (name, time) in &preview.timings {
            said.push(("timing", vec![("name", (*name).to_string()), ("time", report::seconds(lang, *time))]));
        }
        let cost = |name: &dyn ToString, cost: &Cost| {
            let time = report::seconds(lang, cost.time);
            vec![("name", name.to_string()), ("count", cost.count.to_string()), ("time", time)]
        };
        said.extend(dearest(&costs.templates).iter().map(|(name, each)| ("timing-template", cost(name, each))));
        said.extend(dearest(&costs.functions).iter().map(|(name, each)| ("timing-function", cost(name, each))));
        said.push(("timing-reused", vec![("documents", preview.reused.to_string()), ("outputs", kept.to_string())]));
    }
    said.push((code, args));
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    let durations: serde_json::Map<String, Value> =
        preview.timings.iter().map(|(name, time)| ((*name).to_string(), json!(milliseconds(*time)))).collect();
    let mut members = serde_json::Map::new();
    if !how.json {
        return Outcome { said, members, ..only(preview.problems.clone()) };
    }
    members.insert("receipt".into(), json!(receipt));
    let counts = [
        ("parsed", preview.parsed),
        ("reused", preview.reused),
        ("rendered", rendered),
        ("kept", kept),
        ("outputs", receipt.as_ref().map_or(preview.jobs.len(), |receipt| receipt.files)),
        ("resized", preview.darkroom.developed()),
    ];
    members.extend(counts.map(|(name, count)| (name.to_string(), json!(count))));
    members.insert("read".into(), json!(preview.read));
    members.insert("output".into(), json!(shown(output)));
    members.insert("next_change".into(), json!(preview.next_change));
    members.insert("durations_ms".into(), durations.into());
    members.insert("templates_ms".into(), as_json(&costs.templates));
    members.insert("functions_ms".into(), as_json(&costs.functions));
    members.insert("total_ms".into(), json!(milliseconds(took)));
    Outcome { said, members, ..only(preview.problems.clone()) }
}

/// The most that is told of each kind.
const DEAREST: usize = 12;

/// What took longest, first.
fn dearest<N: ToString>(costs: &BTreeMap<N, Cost>) -> Vec<(&N, &Cost)> {
    let mut all: Vec<_> = costs.iter().collect();
    all.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.time));
    all.truncate(DEAREST);
    all
}

fn as_json<N: ToString>(costs: &BTreeMap<N, Cost>) -> Value {
    let one = |cost: &Cost| json!({ "count": cost.count, "ms": cost.time.as_secs_f64() * 1000.0 });
    costs.iter().map(|(name, cost)| (name.to_string(), one(cost))).collect::<serde_json::Map<_, _>>().into()
}
