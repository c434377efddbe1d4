//! The whole build on one screen: Sources → Documents → Site → Jobs → Outputs → Receipt.
//!
//! Two doors: `preview` goes as far as jobs and renders what it is asked for; `publish` renders everything and hands it to
//! `release`. Watching, serving and building call the same line; a warm memo only makes it shorter.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::config::{self, Config};
use crate::data;
use crate::document::{self, Document};
use crate::file::{Hash, OutputPath, SourcePath, Sources};
use crate::link;
use crate::memo::Memo;
use crate::plan::{self, Job};
use crate::problem::{self, Problem, Severity};
use crate::render::{self, Engine, Index, Rendered};
use crate::site;
use crate::theme;
use crate::view::World;

/// What a build depends on besides the files.
#[derive(Clone, Debug)]
pub struct Options {
    /// Settings from the environment and from `--set`: dotted key → value as text.
    pub overrides: Vec<(String, String)>,
    /// The instant for which the site is built.
    pub now: Timestamp,
    /// Drafts are shown too.
    pub drafts: bool,
}

/// The site up to its jobs.
#[derive(Debug)]
pub struct Preview {
    /// Settings.
    pub config: Arc<Config>,
    /// Everything that was wrong, sorted; severities as configured.
    pub problems: Vec<Problem>,
    /// All that templates may see; none when an error is too fundamental to go on (no configuration, no content).
    pub index: Option<Arc<Index>>,
    /// The templates; none when one of them can't be parsed.
    pub engine: Option<Arc<Engine>>,
    /// One job for each file.
    pub jobs: BTreeMap<OutputPath, Job>,
    /// The next instant at which anything changes.
    pub next_change: Option<Timestamp>,
    /// How many documents were parsed, and how many were taken from the memo.
    pub parsed: usize,
    /// See `parsed`.
    pub reused: usize,
}

impl Preview {
    /// True when an error stands against publishing.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|p| p.severity == Severity::Error)
    }

    /// Renders one job.
    pub fn render(&self, job: &Job) -> Result<Rendered, Vec<Problem>> {
        match (&self.engine, &self.index) {
            (Some(engine), Some(index)) => render::render(engine, index, job),
            _ => Err(Vec::new()),
        }
    }
}

/// The line up to the jobs. `found` are the problems that reading the sources brought.
pub fn preview(sources: &Sources, found: Vec<Problem>, options: &Options, memo: &mut Memo) -> Preview {
    let mut problems = found;
    let (config, more) = config::load(sources.find("civicast.toml"), sources.find("screens.toml"), &options.overrides);
    problems.extend(more);
    let config = Arc::new(config);

    let (documents, parsed) = documents(sources, &config, memo);
    let reused = documents.len() - parsed;
    problems.extend(documents.iter().flat_map(|d| d.problems.iter().cloned()));
    if documents.is_empty() {
        problems.push(Problem::new("empty-content").in_file(&SourcePath::new("content")));
    }

    let input = site::Input {
        config: config.clone(),
        documents: &documents,
        sources,
        now: options.now,
        drafts: options.drafts,
    };
    let (site, more) = site::build(&input);
    problems.extend(more);
    let (links, more) = link::resolve(&site);
    problems.extend(more);
    let (theme, more) = theme::load(sources, &config);
    problems.extend(more);
    let (data, more) = data::load(sources);
    problems.extend(more);

    let engine = engine(Arc::new(theme), memo, &mut problems);
    let next_change = site.next_change();
    let theme = engine.as_ref().map(|e| e.theme().clone()).unwrap_or_default();
    let world = World { site, links, theme, data, screens: Vec::new(), slides: BTreeMap::new(), solemn: false };
    let jobs = plan::plan(&world);
    let index = Arc::new(Index::new(Arc::new(world), sources));

    configured(&mut problems, &config);
    Preview { config, problems, index: Some(index), engine, jobs, next_change, parsed, reused }
}

/// All Markdown files below `content`, parsed or taken from the memo; and how many were parsed.
fn documents(sources: &Sources, config: &Config, memo: &mut Memo) -> (Vec<Arc<Document>>, usize) {
    let settings = document::settings_hash(config);
    let files: Vec<_> = sources.under("content/").filter(|s| s.path.extension() == "md").collect();
    let known = &memo.documents;
    let done: Vec<(Hash, Arc<Document>, bool)> = files
        .par_iter()
        .map(|source| {
            let key = Hash::of_parts([source.hash.0.as_slice(), settings.0.as_slice()]);
            match known.get(&source.path) {
                Some((hash, document)) if *hash == key => (key, document.clone(), false),
                _ => (key, Arc::new(document::parse(source, config)), true),
            }
        })
        .collect();
    let parsed = done.iter().filter(|(.., new)| *new).count();
    memo.documents = files.iter().zip(&done).map(|(s, (key, d, _))| (s.path.clone(), (*key, d.clone()))).collect();
    (done.into_iter().map(|(_, document, _)| document).collect(), parsed)
}

/// The parsed templates, from the memo when the theme is the same.
fn engine(theme: Arc<theme::Theme>, memo: &mut Memo, problems: &mut Vec<Problem>) -> Option<Arc<Engine>> {
    if let Some((hash, engine)) = &memo.engine
        && *hash == theme.hash
    {
        return Some(engine.clone());
    }
    let hash = theme.hash;
    match Engine::new(theme) {
        Ok(engine) => {
            let engine = Arc::new(engine);
            memo.engine = Some((hash, engine.clone()));
            Some(engine)
        }
        Err(more) => {
            problems.extend(more);
            None
        }
    }
}

/// Gives problems the severities of `[problems]`, drops those that are off, sorts.
fn configured(problems: &mut Vec<Problem>, config: &Config) {
    problems.retain_mut(|problem| match config.problems.get(problem.code) {
        None => true,
        Some(None) => false,
        Some(Some(severity)) => {
            problem.severity = *severity;
            true
        }
    });
    problem::sort(problems);
}
