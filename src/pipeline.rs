//! The whole build on one screen: Sources → Documents → Site → Jobs → Outputs → Receipt.
//!
//! Two doors: `preview` goes as far as jobs and renders what it is asked for; `publish` renders everything and hands it to
//! `release`. Watching, serving and building call the same line; a warm memo only makes it shorter.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::check;
use crate::clock::Stopwatch;
use crate::config::{self, Config};
use crate::data;
use crate::document::{self, Document};
use crate::file::{Content, Data, Hash, OutputPath, Piece, Receipt, Source, SourcePath, Sources, Url};
use crate::link;
use crate::markdown::Body;
use crate::memo::{self, Heads, Made, Memo, Outputs, Recall};
use crate::plan::{self, Drawing, Job, Pressed, Rank, Recipe};
use crate::problem::{self, Fault, Problem, Severity};
use crate::release::{self, Stage};
use crate::render::{self, Engine, Index, Output, Rendered};
use crate::schedule::Calendar;
use crate::schedule::calendar::{self, Mood};
use crate::screen::{self, ScreenPlan};
use crate::site::Site;
use crate::source::{self, Asked, ReadStats, Reading, SourceMap};
use crate::stamp::Stamps;
use crate::state;
use crate::theme;
use crate::typeface::Outlines;
use crate::video::{Flaw, Video};
use crate::view::{ScreenCard, World};

mod editions;
mod press;
mod videos;

use press::{Press, slide_url};

/// What a build depends on besides the files.
#[derive(Clone, Debug)]
pub struct Options {
    /// Settings from the environment and from `--set`: dotted key → value as text.
    pub overrides: Vec<(String, String)>,
    /// The instant for which the site is built.
    pub now: Timestamp,
    /// Drafts are shown too.
    pub drafts: bool,
    /// The strict rules of `check` too.
    pub strict: bool,
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
    /// The same for the editions in other languages.
    pub translations: Vec<Arc<Index>>,
    /// The templates; none when one of them can't be parsed.
    pub engine: Option<Arc<Engine>>,
    /// What slides are set in.
    pub outlines: Option<Arc<Outlines>>,
    /// One job for each file.
    pub jobs: BTreeMap<OutputPath, Job>,
    /// The next instant at which anything changes.
    pub next_change: Option<Timestamp>,
    /// How many documents were parsed, and how many were taken from the memo.
    pub parsed: usize,
    /// See `parsed`.
    pub reused: usize,
    /// What each screen plays, and when.
    pub screens: Vec<ScreenPlan>,
    /// Named days, holidays, make-up workdays.
    pub calendar: Calendar,
    /// Where the files lie that are copied.
    pub places: SourceMap,
    /// Files seen, opened, and known by their stamps.
    pub read: ReadStats,
    /// How long each part took, in order.
    pub timings: Vec<(&'static str, Duration)>,
}

/// A build, done.
#[derive(Debug)]
pub struct Published {
    /// The site; its problems include those of rendering.
    pub preview: Preview,
    /// What was written; none when an error stood against it.
    pub receipt: Option<Receipt>,
    /// Outputs that were rendered, and outputs that the memo knew.
    pub rendered: usize,
    /// See `rendered`.
    pub kept: usize,
    /// Where it was written.
    pub output: PathBuf,
}

impl Preview {
    /// True when an error stands against publishing.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|p| p.severity == Severity::Error)
    }

    /// What the template of this job may see.
    pub fn index_of(&self, job: &Job) -> Option<&Arc<Index>> {
        match job.edition {
            0 => self.index.as_ref(),
            edition => self.translations.get(edition - 1),
        }
    }

    /// By edition, that of the main language first.
    pub fn indexes(&self) -> Vec<&Index> {
        self.index.iter().chain(&self.translations).map(|index| &**index).collect()
    }

    /// The edition in whose language this document is written.
    pub fn site_of(&self, path: &SourcePath) -> Option<&Site> {
        let code = self.config.language_of(path).map_or("", |language| language.code.as_str());
        let sites = self.indexes().into_iter().map(|index| &index.world().site);
        sites.into_iter().find(|site| site.config.folder.trim_start_matches('/') == code)
    }

    /// Renders one job.
    pub fn render(&self, job: &Job) -> Result<Rendered, Vec<Problem>> {
        if let Recipe::Slide(drawing) = &job.recipe {
            let output = Output::Bytes(self.draw(drawing)?);
            return Ok(Rendered { output, questions: Vec::new() });
        }
        match (&self.engine, self.index_of(job)) {
            (Some(engine), Some(index)) => render::render(engine, index, job, &|document| self.body(document)),
            _ => Err(Vec::new()),
        }
    }

    /// The bytes of a slide's picture.
    fn draw(&self, drawing: &Drawing) -> Result<Arc<[u8]>, Vec<Problem>> {
        let (Some(engine), Some(outlines)) = (&self.engine, &self.outlines) else { return Err(Vec::new()) };
        let load = |path: &SourcePath| {
            let hash = self.index.as_ref().map(|index| index.source_hash(path)).unwrap_or_default();
            let source = Source { path: path.clone(), hash, size: 0, data: Data::OnDisk { pixels: None } };
            source::text(&self.places, &source).ok()
        };
        Press { engine, outlines, load: &load }.draw(drawing)
    }

    /// What is to be packed into a kit; problems of rendering it go into `wrong`.
    pub fn give(&self, content: &Content, wrong: &RefCell<Vec<Problem>>) -> std::io::Result<Piece> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        match content {
            Content::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
            Content::Source(source) => Ok(Piece::File(self.places.disk_path(source))),
            Content::Output(path) => match self.jobs.get(path).map(|job| self.render(job)) {
                Some(Ok(Rendered { output: Output::Bytes(bytes), .. })) => Ok(Piece::Bytes(bytes)),
                Some(Ok(Rendered { output: Output::Copy(source), .. })) => {
                    Ok(Piece::File(self.places.disk_path(&source)))
                }
                Some(Err(problems)) => {
                    wrong.borrow_mut().extend(problems);
                    Err(missing())
                }
                None | Some(Ok(Rendered { output: Output::Pack(_), .. })) => Err(missing()),
            },
        }
    }

    /// The body of a document that the memo gave without one.
    fn body(&self, document: &Document) -> Result<Arc<Body>, Box<Problem>> {
        let on_disk = Data::OnDisk { pixels: None };
        let mut source = Source { path: document.path.clone(), hash: document.source, size: 0, data: on_disk };
        let bytes = source::text(&self.places, &source)?;
        source.size = bytes.len() as u64;
        source.data = Data::Bytes(bytes);
        Ok(document::parse(&source, &self.config).body.unwrap_or_default())
    }
}

/// Reads the site in this folder and goes up to the jobs.
pub fn preview(site: &Path, options: &Options, memo: &mut Memo) -> Result<Preview, Fault> {
    let clock = Stopwatch::start();
    let mut reading = read(site, memo)?;
    let (config, problems) = configuration(&reading.sources, options);
    if memo.settle(document::settings_hash(&config)) {
        // What was parsed under other settings must be parsed again, so all texts are needed.
        reading = read(site, memo)?;
    }
    memo.known = reading.known;
    reading.problems.extend(problems);
    let read = clock.elapsed();
    let places = &reading.places;
    let sources = &reading.sources;
    let load = |path: &SourcePath| sources.get(path).and_then(|source| source::text(places, source).ok());
    let look = |path: &SourcePath| source::look(places, path, crate::video::read);
    let found = std::mem::take(&mut reading.problems);
    let asked = config.fonts.clone();
    let fonts = |memo: &mut Memo| press::outlines(site, &asked, memo);
    let mut preview =
        assemble(sources, found, config, options, memo, &Reach { load: &load, look: &look, fonts: &fonts });
    preview.places = reading.places;
    preview.read = reading.stats;
    preview.timings.insert(0, ("read", read));
    Ok(preview)
}

/// Reads all files, except texts whose document the memo still holds.
fn read(site: &Path, memo: &Memo) -> Result<Reading, Fault> {
    let holds = |path: &SourcePath, hash: Hash| memo.holds(path, hash);
    // The limit on texts is a setting, and settings are not read yet; the largest that may be set is asked for.
    source::read(site, &Asked { known: &memo.known, max_text_bytes: config::MAX_TEXT_BYTES, holds: &holds })
}

fn configuration(sources: &Sources, options: &Options) -> (Config, Vec<Problem>) {
    config::load(sources.find("civicast.toml"), sources.find("screens.toml"), &options.overrides)
}

/// Gives the bytes of a file that was left on disk.
pub type Load<'a> = dyn Fn(&SourcePath) -> Option<Arc<[u8]>> + Sync + 'a;

/// Gives what is in the file of a video.
pub type Look<'a> = dyn Fn(&SourcePath) -> Result<Result<Video, Flaw>, Box<Problem>> + Sync + 'a;

/// What the line asks for on its way, because it is large and seldom needed.
pub struct Reach<'a> {
    /// Bytes of files that were left on disk.
    pub load: &'a Load<'a>,
    /// What is in videos.
    pub look: &'a Look<'a>,
    /// What slides are set in; asked only where there are slides.
    pub fonts: &'a dyn Fn(&mut Memo) -> FontsFound,
}

/// What slides are set in, and fonts that are missing.
pub type FontsFound = (Arc<Outlines>, Vec<Problem>);

/// The line from sources to jobs: pure, but for the stopwatch, the pictures that slides show and the lengths of videos.
pub fn assemble(
    sources: &Sources,
    found: Vec<Problem>,
    config: Config,
    options: &Options,
    memo: &mut Memo,
    reach: &Reach,
) -> Preview {
    let clock = Stopwatch::start();
    let mut timings = Vec::new();
    let mut lap = |name| {
        let before: Duration = timings.iter().map(|(_, took): &(_, Duration)| *took).sum();
        timings.push((name, clock.elapsed().saturating_sub(before)));
    };
    let mut problems = found;
    let config = Arc::new(config);

    let (documents, parsed) = documents(sources, &config, memo, reach.load);
    let reused = documents.len() - parsed;
    problems.extend(documents.iter().flat_map(|d| d.problems.iter().cloned()));
    if documents.is_empty() {
        problems.push(Problem::new("empty-content").in_file(&SourcePath::new("content")));
    }
    lap("documents");

    let (mut sites, more) = editions::sites(&documents, sources, &config, options);
    problems.extend(more);
    let (links, more) = link::resolve(&sites);
    problems.extend(more);
    problems.extend(videos::videos(&mut sites, &links, sources, memo, reach.look));
    for (site, links) in sites.iter().zip(&links) {
        problems.extend(check::check(&check::Subject { site, links, sources }, options.strict));
    }
    lap("site");

    let (theme, more) = theme::load(sources, &config);
    problems.extend(more);
    let (data, more) = data::load(sources);
    problems.extend(more);
    let theme = Arc::new(theme);
    let data = Arc::new(data);
    let engine = engine(theme.clone(), memo, &mut problems);
    lap("theme");

    let (calendar, more) = calendar::load(sources);
    problems.extend(more);
    let (outlines, more) = match press::has_slides(&sites[0], &theme.portal_slides()) {
        true => (reach.fonts)(memo),
        false => Default::default(),
    };
    problems.extend(more);
    let (plans, more) = screen::plan(&sites[0], &calendar, outlines.faces());
    problems.extend(more);
    lap("screens");

    let mut worlds = editions::worlds(sites, links, &theme, &data, sources);
    let pressed = match &engine {
        Some(engine) => {
            let press = Press { engine, outlines: &outlines, load: reach.load };
            press.press(&mut worlds, &plans, sources, memo, &mut problems)
        }
        None => Pressed::default(),
    };
    for world in &mut worlds {
        world.solemn = calendar.mood(world.today) == Mood::Solemn;
        world.screens = plans.iter().map(|plan| card(plan, world, &pressed)).collect();
    }
    lap("slides");

    let mut jobs = BTreeMap::new();
    // The main language comes last: files that all editions share are its own.
    for world in worlds.iter().rev() {
        jobs.extend(plan::plan(world));
    }
    jobs.extend(plan::screens(&worlds[0], &plans, &calendar, &pressed));
    let next_change = next_change(&worlds, &plans, options.now);
    let mut indexes = worlds.into_iter().map(|world| Arc::new(Index::new(Arc::new(world), sources)));
    let index = indexes.next();
    let translations = indexes.collect();
    lap("plan");

    // A file that several editions show is reported once.
    let mut seen = std::collections::BTreeSet::new();
    problems.retain(|problem| {
        problem.place.is_none()
            || config.languages.is_empty()
            || seen.insert((problem.code, problem.place.clone(), problem.args.clone()))
    });

    configured(&mut problems, &config);
    Preview {
        config,
        problems,
        index,
        translations,
        engine,
        outlines: Some(outlines),
        jobs,
        next_change,
        parsed,
        reused,
        screens: plans,
        calendar,
        places: SourceMap::default(),
        read: ReadStats::default(),
        timings,
    }
}

/// A screen as the portal lists it. Its picture is one of the slides of its first loop of the day: not what plays at this
/// minute, so that a page does not change with every build; the screens take different ones, so that a list shows more.
fn card(plan: &ScreenPlan, world: &World, pressed: &Pressed) -> ScreenCard {
    // Screens are in the settings of the main language; cards of another edition differ in their words only.
    let screen = plan.settings(&world.site);
    let timeline = &plan.timeline;
    let plays = timeline.segments.iter().find_map(|segment| segment.plays).unwrap_or(timeline.standby);
    let entries = timeline.loops.get(plays).map(|looped| looped.entries.as_slice()).unwrap_or_default();
    let shown = entries
        .get((plan.screen * 5) % entries.len().max(1))
        .and_then(|entry| plan.items.get(entry.item as usize)?.slides.get(entry.slide as usize))
        .and_then(|slide| pressed.feed.svg.get(&slide.fingerprint));
    ScreenCard {
        id: screen.id.clone(),
        name: screen.name.clone(),
        point: screen.point.clone(),
        point_name: world
            .theme
            .strings
            .get(&format!("point_{}", screen.point))
            .cloned()
            .unwrap_or_else(|| screen.point.clone()),
        place: screen.place.clone(),
        width: screen.size.0,
        height: screen.size.1,
        url: world.file_href(&Url::new(&format!("/screens/{}/", screen.id))),
        slide: shown.map(|file| world.file_href(&slide_url(file))),
        shape: serde_json::to_value(plan.canvas.shape)
            .ok()
            .and_then(|v| v.as_str().map(str::to_string))
            .unwrap_or_default(),
        items: plan.items.len(),
        slides: plan.items.iter().map(|item| item.slides.len()).sum(),
    }
}

/// The next instant at which an output differs: a document goes up or down, or, where there are screens, the day ends and
/// timelines are laid out anew.
fn next_change(worlds: &[World], plans: &[ScreenPlan], now: Timestamp) -> Option<Timestamp> {
    let midnight = plans.first().and_then(|_| {
        let tomorrow = now.to_zoned(worlds[0].site.config.zone.clone()).tomorrow().ok()?;
        Some(tomorrow.start_of_day().ok()?.timestamp())
    });
    worlds.iter().filter_map(|world| world.site.next_change()).chain(midnight).min()
}

/// Builds the site into its output folder. With errors nothing is written.
pub fn publish(
    site: &Path,
    output: Option<&Path>,
    options: &Options,
    how: release::Options,
    memo: &mut Memo,
) -> Result<Published, Fault> {
    let mut preview = preview(site, options, memo)?;
    let output = output.map_or_else(|| site.join(&preview.config.output), Path::to_path_buf);
    let published =
        |preview, receipt, rendered, kept| Published { preview, receipt, rendered, kept, output: output.clone() };
    if preview.is_broken() {
        return Ok(published(preview, None, 0, 0));
    }
    let clock = Stopwatch::start();
    let folder = Hash::of(output.to_string_lossy().as_bytes());
    let stamps_name = format!("release-{}", folder.short(16));
    if memo.folder != Some(folder) {
        // What was made for another output folder says nothing about the files in this one.
        memo.folder = Some(folder);
        memo.outputs = remembered_outputs(site, folder);
    }
    let last =
        state::load(site, &stamps_name, state::program_version()).and_then(Stamps::from_bytes).unwrap_or_default();
    let stage = Stage::begin(site, &output, &last, how)?;
    let done = render_all(&preview, &memo.outputs, Some(&stage))?;
    preview.timings.push(("render", clock.elapsed()));
    if !done.problems.is_empty() {
        preview.problems.extend(done.problems);
        configured(&mut preview.problems, &preview.config);
        if preview.is_broken() {
            stage.abandon();
            return Ok(published(preview, None, done.rendered, done.kept));
        }
    }
    let clock = Stopwatch::start();
    let pointers: Vec<OutputPath> = ranked(&preview.jobs);
    let released = stage.commit(&pointers)?;
    if !how.dry {
        let saved = state::save(site, &stamps_name, state::program_version(), released.stamps.as_bytes());
        let saved = saved.and_then(|()| save(site, memo, done.made));
        let saved = saved.and_then(|()| remember(site, &output, options.now, &released.receipt));
        preview.problems.extend(saved.err().map(|problem| *problem));
    }
    preview.timings.push(("release", clock.elapsed()));
    Ok(published(preview, Some(released.receipt), done.rendered, done.kept))
}

/// What points to pages and slides, in order: feeds before the heads that name them. Pages of HTML are put in order by
/// `release` itself, new ones before those that may link to them.
fn ranked(jobs: &BTreeMap<OutputPath, Job>) -> Vec<OutputPath> {
    let of = |rank| jobs.values().filter(move |job| job.rank == rank && !job.path.as_str().ends_with(".html"));
    of(Rank::Page).chain(of(Rank::Pointer)).map(|job| job.path.clone()).collect()
}

/// What came of rendering everything.
#[derive(Default)]
pub struct Done {
    /// Template problems, each once.
    pub problems: Vec<Problem>,
    /// How outputs were made, for the next build.
    pub made: Outputs,
    /// Outputs that were rendered.
    pub rendered: usize,
    /// Outputs that the memo knew.
    pub kept: usize,
}

/// Renders all jobs in parallel into the stage; without a stage only to find problems.
pub fn render_all(preview: &Preview, before: &Outputs, stage: Option<&Stage>) -> Result<Done, Fault> {
    let recall = before.recall(preview.indexes());
    let jobs: Vec<&Job> = preview.jobs.values().collect();
    let results: Vec<Result<One, Fault>> =
        jobs.par_iter().enumerate().map(|(near, job)| render_one(preview, &recall, stage, job, near)).collect();
    let mut done = Done::default();
    let mut all = Vec::with_capacity(jobs.len());
    for (job, result) in jobs.iter().zip(results) {
        match result? {
            One::Kept(made) => {
                done.kept += 1;
                all.push((&job.path, made));
            }
            One::Rendered(made) => {
                done.rendered += 1;
                all.push((&job.path, made));
            }
            One::Wrong(problems) => done.problems.extend(problems),
        }
    }
    done.made = before.next(&all);
    // One broken template is one problem, not one for each page; the first document stands for all.
    let mut seen = std::collections::BTreeSet::new();
    done.problems.retain(|problem| seen.insert((problem.code, problem.place.clone())));
    Ok(done)
}

enum One {
    Kept(Made),
    Rendered(Made),
    Wrong(Vec<Problem>),
}

fn render_one(preview: &Preview, recall: &Recall, stage: Option<&Stage>, job: &Job, near: usize) -> Result<One, Fault> {
    let Some(index) = preview.index_of(job) else { return Ok(One::Wrong(Vec::new())) };
    let fingerprint = render::fingerprint(index, job);
    if let Some(stage) = stage
        && let Some(made) = recall.same(&job.path, near, fingerprint)
        && stage.keep(&job.path)?
    {
        return Ok(One::Kept(made));
    }
    match preview.render(job) {
        Err(problems) => Ok(One::Wrong(problems)),
        Ok(Rendered { output: Output::Copy(source), .. }) => {
            if let Some(stage) = stage {
                stage.copy(&job.path, &preview.places.disk_path(&source), fingerprint)?;
            }
            Ok(One::Rendered(Made::new(fingerprint, Vec::new())))
        }
        Ok(Rendered { output: Output::Pack(files), questions }) => {
            if let Some(stage) = stage {
                let wrong = RefCell::default();
                let packed = stage.pack(&job.path, &files, &|content| preview.give(content, &wrong));
                if !wrong.borrow().is_empty() {
                    return Ok(One::Wrong(wrong.into_inner()));
                }
                packed?;
            }
            Ok(One::Rendered(Made::new(fingerprint, questions)))
        }
        Ok(Rendered { output: Output::Bytes(bytes), questions }) => {
            if let Some(stage) = stage {
                stage.put(&job.path, &bytes)?;
            }
            Ok(One::Rendered(Made::new(fingerprint, questions)))
        }
    }
}

/// What a release did, as it is remembered for `why`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The instant for which the site was built.
    pub now: Timestamp,
    /// The output folder.
    pub output: String,
    /// Files that were new or had other bytes; the first of them when there are very many.
    pub written: Vec<String>,
    /// Files that are no longer produced; likewise.
    pub removed: Vec<String>,
    /// How many files stood there already.
    pub unchanged: usize,
}

/// Paths that an entry names at most of each kind: the first build of a large site would say nothing more.
const ENTRY_LIMIT: usize = 2_000;

fn remember(site: &Path, output: &Path, now: Timestamp, receipt: &Receipt) -> Result<(), Box<Problem>> {
    let some = |paths: &[OutputPath]| paths.iter().take(ENTRY_LIMIT).map(ToString::to_string).collect();
    let entry = Entry {
        now,
        output: output.display().to_string(),
        written: some(&receipt.written),
        removed: some(&receipt.removed),
        unchanged: receipt.unchanged,
    };
    state::append_receipt(site, &serde_json::json!(entry).to_string())
}

/// The releases of this site that are remembered, oldest first.
pub fn entries(site: &Path) -> Vec<Entry> {
    state::receipts(site).iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The memo that the last run left for this site; empty when there is none. What was made for an output folder is added
/// when `publish` knows the folder.
pub fn remembered(site: &Path) -> Memo {
    let version = state::program_version();
    let load = |name| state::load(site, name, version);
    let (known, heads) = rayon::join(
        || load("sources").and_then(Stamps::from_bytes).unwrap_or_default(),
        || Heads::from_blocks(load("documents"), load("documents-newer")),
    );
    let slides_block = load("slides").unwrap_or_default();
    let videos = videos::of_block(load("videos"));
    Memo { known, heads, videos, slides: memo::slides_of_block(&slides_block), slides_block, ..Memo::default() }
}

/// Names of the two blocks about the outputs in this folder.
fn outputs_names(folder: Hash) -> [String; 2] {
    ["outputs", "questions"].map(|name| format!("{name}-{}", folder.short(16)))
}

fn remembered_outputs(site: &Path, folder: Hash) -> Outputs {
    let [outputs, questions] = outputs_names(folder).map(|name| state::load(site, &name, state::program_version()));
    Outputs::from_blocks(outputs, questions)
}

/// Saves what differs from what was loaded.
fn save(site: &Path, memo: &mut Memo, made: Outputs) -> Result<(), Box<Problem>> {
    let version = state::program_version();
    let save = |name: &str, bytes: &[u8]| state::save(site, name, version, bytes);
    let heads = memo.heads.of(memo.settings, &memo.documents);
    let (has_base, has_newer) = heads.shared_with(&memo.heads);
    let (base, newer) = heads.as_blocks();
    if !has_base {
        save("documents", base)?;
    }
    if !has_newer {
        save("documents-newer", newer)?;
    }
    if let Some(folder) = memo.folder
        && made != memo.outputs
    {
        let (outputs, questions) = made.as_blocks();
        let [outputs_name, questions_name] = outputs_names(folder);
        save(&outputs_name, outputs)?;
        save(&questions_name, questions)?;
    }
    if !memo.videos.is_empty() {
        save("videos", &videos::as_block(&memo.videos))?;
    }
    let slides = memo::slides_as_block(&memo.slides);
    if slides != memo.slides_block {
        save("slides", &slides)?;
        memo.slides_block = slides;
    }
    if let Some(fonts) = memo.fonts.as_mut().filter(|fonts| fonts.is_new) {
        save("fonts", &fonts.as_bytes())?;
        fonts.is_new = false;
    }
    save("sources", memo.known.as_bytes())?;
    memo.heads = heads;
    memo.outputs = made;
    Ok(())
}

/// All Markdown files below `content`, parsed or taken from the memo; and how many were parsed.
fn documents(sources: &Sources, config: &Config, memo: &mut Memo, load: &Load) -> (Vec<Arc<Document>>, usize) {
    let files: Vec<&Source> = sources.under("content/").filter(|s| s.path.extension() == "md").collect();
    let settings = document::settings_hash(config);
    let done: Vec<(Arc<Document>, bool)> = files
        .par_iter()
        .enumerate()
        .map(|(near, source)| match remembered_document(memo, source, near) {
            Some(document) => (document, false),
            None => (Arc::new(parse(source, config, settings, load)), true),
        })
        .collect();
    let parsed = done.iter().filter(|(_, new)| *new).count();
    memo.documents = files.iter().zip(&done).map(|(s, (d, _))| (s.path.clone(), (s.hash, d.clone()))).collect();
    (done.into_iter().map(|(document, _)| document).collect(), parsed)
}

fn remembered_document(memo: &Memo, source: &Source, near: usize) -> Option<Arc<Document>> {
    let here = memo.documents.get(&source.path).filter(|(hash, _)| *hash == source.hash);
    match here {
        Some((_, document)) => Some(document.clone()),
        None => memo.heads.document(&source.path, source.hash, near).map(Arc::new),
    }
}

fn parse(source: &Source, config: &Config, settings: Hash, load: &Load) -> Document {
    match source.bytes() {
        Some(_) => document::parse_under(source, config, settings),
        // It was left on disk because the memo seemed to hold it.
        None => {
            let data = load(&source.path).map_or(Data::OnDisk { pixels: None }, Data::Bytes);
            document::parse_under(&Source { data, ..source.clone() }, config, settings)
        }
    }
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
pub fn configured(problems: &mut Vec<Problem>, config: &Config) {
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
