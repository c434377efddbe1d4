//! Jobs → outputs: all of them, in parallel, into the stage of a release, or nowhere to find what is wrong. What the memo
//! knows is not rendered again.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use rayon::prelude::*;

use crate::clock::Stopwatch;
use crate::document::Document;
use crate::file::{Hash, OutputPath};
use crate::memo::{Made, Outputs, Recall};
use crate::plan::{Job, Rank, Recipe};
use crate::problem::{Fault, Problem};
use crate::release::{self, Stage};
use crate::render::{self, Cost, Output, Packing, Rendered};
use crate::search;

use super::Preview;

/// What came of rendering everything.
#[derive(Default)]
pub struct Done {
    /// Template problems, each once.
    pub problems: Vec<Problem>,
    /// How outputs were made, in ascending order of path, for the next build.
    pub made: Vec<(OutputPath, Made)>,
    /// Outputs that were rendered.
    pub rendered: usize,
    /// Outputs that the memo knew.
    pub kept: usize,
    /// What rendering cost.
    pub costs: Costs,
}

/// What rendering cost, in time of the threads that did it.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    /// By template, with all that it includes and asks; for outputs without one, by what they are.
    pub templates: BTreeMap<Cow<'static, str>, Cost>,
    /// By function that templates ask.
    pub functions: BTreeMap<&'static str, Cost>,
}

impl Costs {
    fn add(&mut self, template: Cow<'static, str>, time: Duration, functions: &render::Costs) {
        self.templates.entry(template).or_default().add(Cost { count: 1, time });
        for (name, cost) in render::QUESTIONS.iter().zip(functions).filter(|(_, cost)| cost.count > 0) {
            self.functions.entry(name).or_default().add(*cost);
        }
    }
}

/// Renders all jobs in parallel into the stage; without a stage only to find problems.
pub fn render_all(preview: &Preview, before: &Outputs, stage: Option<&Stage>) -> Result<Done, Fault> {
    let recall = before.recall(preview.indexes());
    let jobs: Vec<&Job> = preview.jobs.iter().collect();
    index_texts(preview, &recall, &jobs);
    // In small pieces: a thread that becomes free can take a piece that nobody has begun, but no part of one.
    let pieces = jobs.par_iter().enumerate().with_max_len(32);
    let results: Vec<Result<One, Fault>> =
        pieces.map(|(near, job)| render_one(preview, &recall, stage, job, near)).collect();
    let mut done = Done { made: Vec::with_capacity(jobs.len()), ..Done::default() };
    for (job, result) in jobs.iter().zip(results) {
        match result? {
            One::Kept(made) => {
                done.kept += 1;
                done.made.push((job.path.clone(), made));
            }
            One::Rendered(made, spent) => {
                done.rendered += 1;
                done.costs.add(spent.template, spent.time, &spent.functions);
                done.made.push((job.path.clone(), made));
            }
            One::Wrong(problems) => done.problems.extend(problems),
        }
    }
    // One broken template is one problem, not one for each page; the first document stands for all.
    let mut seen = std::collections::BTreeSet::new();
    done.problems.retain(|problem| seen.insert((problem.code, problem.place.clone())));
    Ok(done)
}

/// Makes the lists of the search before anything else, all threads at one segment: inside the jobs below, each thread would
/// make them for itself. What fails here fails again as a job, with its place.
fn index_texts(preview: &Preview, recall: &Recall, jobs: &[&Job]) {
    let mut stale = std::collections::BTreeSet::new();
    for (near, job) in jobs.iter().enumerate() {
        if let Recipe::Search(search::File::Shard(segment, _)) = job.recipe
            && let Some(index) = preview.index_of(job)
            && recall.same(&job.path, near, render::fingerprint(index, job)).is_none()
        {
            stale.insert((job.edition, segment));
        }
    }
    let text = |document: &Document| render::text_of(document, &|document| preview.body(document));
    let indexes = preview.indexes();
    for (edition, segment) in stale {
        let world = indexes[edition].world();
        if let Some(search) = &world.search {
            let _ = search.segments[segment].build(&world.site, &text);
        }
    }
}

enum One {
    Kept(Made),
    Rendered(Made, Box<Spent>),
    Wrong(Vec<Problem>),
}

/// What one output cost.
struct Spent {
    template: Cow<'static, str>,
    time: Duration,
    functions: render::Costs,
}

fn render_one(preview: &Preview, recall: &Recall, stage: Option<&Stage>, job: &Job, near: usize) -> Result<One, Fault> {
    let Some(index) = preview.index_of(job) else { return Ok(One::Wrong(Vec::new())) };
    let fingerprint = render::fingerprint(index, job);
    let mut missing = None;
    if let Some(stage) = stage
        && let Some(made) = recall.same(&job.path, near, fingerprint)
        && stage.keep_bytes(&job.path, made.bytes(), near)?
    {
        match missing_packed(preview, stage, job)? {
            none if none.is_empty() => return Ok(One::Kept(made)),
            some => missing = Some(some),
        }
    }
    let clock = Stopwatch::start();
    let Rendered { output, questions, template, costs } = match preview.render(job) {
        Ok(rendered) => rendered,
        Err(problems) => return Ok(One::Wrong(problems)),
    };
    let spent = Spent { template, time: clock.elapsed(), functions: costs };
    let bytes = match (stage, output) {
        // Nobody will look for it in an output folder.
        (None, _) => Hash::default(),
        (Some(stage), Output::Copy(source)) => {
            stage.copy(&job.path, &preview.places.disk_path(&source), fingerprint)?;
            fingerprint
        }
        (Some(stage), Output::Pack(files)) => {
            let wrong = RefCell::default();
            let packed = stage.pack(&job.path, &files, &|content| preview.give(content, &wrong));
            if !wrong.borrow().is_empty() {
                return Ok(One::Wrong(wrong.into_inner()));
            }
            packed?.1
        }
        (Some(stage), Output::Made(bytes)) => put(preview, stage, job, &bytes, missing)?,
        (Some(stage), Output::Bytes(bytes)) => put(preview, stage, job, &bytes, missing)?,
    };
    Ok(One::Rendered(Made::new(fingerprint, bytes, questions), spent.into()))
}

/// Stages these bytes, if they do not stand there, and their compressed forms; `missing` are those that were found missing
/// where the bytes themselves stand. Gives the hash of the bytes.
fn put(
    preview: &Preview,
    stage: &Stage,
    job: &Job,
    bytes: &[u8],
    missing: Option<Vec<(OutputPath, Packing)>>,
) -> Result<Hash, Fault> {
    let hash = Hash::of(bytes);
    let missing = match missing {
        Some(missing) => missing,
        None => match stage.put_hashed(&job.path, bytes, hash)? {
            release::Put::Unchanged => missing_packed(preview, stage, job)?,
            release::Put::Staged => packed_forms(preview, job),
        },
    };
    for (path, packing) in missing {
        stage.put(&path, &packing.pack(bytes))?;
    }
    Ok(hash)
}

/// The compressed forms in which an output is written too. What a screen polls has none: it is small, and first of all
/// current.
pub(super) fn packed_forms(preview: &Preview, job: &Job) -> Vec<(OutputPath, Packing)> {
    let is_packed = preview.config.compress
        && job.rank != Rank::Pointer
        && !matches!(job.recipe, Recipe::Copy(_))
        && render::is_packed(job.path.as_str());
    let beside = |packing: Packing| (OutputPath::new(&format!("{}{}", job.path, packing.ending)), packing);
    if is_packed { render::PACKINGS.map(beside).into() } else { Vec::new() }
}

/// Keeps the compressed forms that the last release left, and gives those that it did not.
fn missing_packed(preview: &Preview, stage: &Stage, job: &Job) -> Result<Vec<(OutputPath, Packing)>, Fault> {
    let mut missing = Vec::new();
    for (path, packing) in packed_forms(preview, job) {
        if !stage.keep(&path)? {
            missing.push((path, packing));
        }
    }
    Ok(missing)
}
