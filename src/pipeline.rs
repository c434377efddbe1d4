//! The whole build on one screen: Sources → Documents → Site → Jobs → Outputs → Receipt.
//!
//! Two doors: `preview` goes as far as jobs and renders what it is asked for; `publish` renders everything and hands it to
//! `release`. Watching, serving and building call the same line; a warm memo only makes it shorter.

mod darkroom;
mod editions;
mod keep;
mod last;
mod patch;
mod press;
mod produce;
mod publish;
mod revise;
mod short;
mod videos;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::check;
use crate::clock::{self, Stopwatch};
use crate::config::{self, Config};
use crate::contract;
use crate::data;
use crate::document::{self, Document};
use crate::file::{Content, Data, Hash, Piece, Source, SourcePath, Sources, Url};
use crate::link;
use crate::markdown::Body;
use crate::memo::{Company, Memo, Window};
use crate::picture;
use crate::plan::{self, Drawing, Job, JobList, Pressed, Recipe};
use crate::problem::{self, Fault, Problem, Severity};
use crate::render::{self, Engine, Index, Output, Rendered};
use crate::schedule::Calendar;
use crate::schedule::calendar::{self, Mood};
use crate::screen::{self, ScreenPlan};
use crate::search::Search;
use crate::site::{Asset, Site};
use crate::slide::Photo;
use crate::source::{self, Asked, Glance, ReadStats, Reading, SourceMap};
use crate::stamp::Stamps;
use crate::theme;
use crate::typeface::Outlines;
use crate::video::{Flaw, Video};
use crate::view::{ScreenCard, World};

use press::{Press, file_url};

pub use darkroom::Darkroom;
pub use keep::{Entry, entries, remembered};
use keep::{load_heads, load_known};
use patch::Edit;
pub use produce::{Costs, Done, render_all};
pub use publish::{Published, publish};

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
    pub jobs: JobList,
    /// The next instant at which anything changes.
    pub next_change: Option<Timestamp>,
    /// How many documents were parsed, and how many were taken from the memo.
    pub parsed: usize,
    /// See `parsed`.
    pub reused: usize,
    /// What each screen plays, and when.
    pub screens: Vec<ScreenPlan>,
    /// How many slides were made.
    pub slides: usize,
    /// Named days, holidays, make-up workdays.
    pub calendar: Calendar,
    /// Where the files lie that are copied.
    pub places: SourceMap,
    /// Where pictures are made.
    pub darkroom: Arc<Darkroom>,
    /// Files seen, opened, and known by their stamps.
    pub read: ReadStats,
    /// How long each part took, in order.
    pub timings: Vec<(&'static str, Duration)>,
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
            let (output, costs) = (Output::Bytes(self.draw(drawing)?), render::Costs::default());
            return Ok(Rendered { output, questions: Vec::new(), template: "slides".into(), costs });
        }
        match (&self.engine, self.index_of(job)) {
            (_, Some(index)) if matches!(job.recipe, Recipe::Cleaned(_) | Recipe::Picture(..)) => {
                let bytes = self.picture(index, &job.recipe).map_err(|problem| vec![*problem])?;
                let (output, costs) = (Output::Made(bytes), render::Costs::default());
                Ok(Rendered { output, questions: Vec::new(), template: "pictures".into(), costs })
            }
            (Some(engine), Some(index)) => {
                render::render(engine, index, job, &|document| self.body(document), clock::ticks)
            }
            _ => Err(Vec::new()),
        }
    }

    /// The bytes of a slide's picture.
    fn draw(&self, drawing: &Drawing) -> Result<Arc<[u8]>, Vec<Problem>> {
        let (Some(engine), Some(outlines), Some(index)) = (&self.engine, &self.outlines, &self.index) else {
            return Err(Vec::new());
        };
        let photo = |photo: &Photo| match index.world().site.assets.get(&photo.asset) {
            Some(asset) => self.darkroom.photo(photo, asset, &self.config, &|| self.file(index, &photo.asset)),
            None => Ok(None),
        };
        Press { engine, outlines, photo: &photo }.draw(drawing)
    }

    /// The bytes of a picture in one of its sizes, or of its file without metadata.
    fn picture(&self, index: &Index, recipe: &Recipe) -> Result<Vec<u8>, Box<Problem>> {
        match recipe {
            Recipe::Picture(path, set, number) => self.darkroom.variant(path, set, *number, &|| self.file(index, path)),
            Recipe::Cleaned(path) => {
                picture::cleaned(&self.file(index, path)?).map_err(|flaw| darkroom::broken(path, flaw))
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The bytes of a file of the site.
    fn file(&self, index: &Index, path: &SourcePath) -> Result<Arc<[u8]>, Box<Problem>> {
        let data = Data::OnDisk { pixels: None };
        source::text(&self.places, &Source { path: path.clone(), hash: index.source_hash(path), size: 0, data })
    }

    /// What is to be packed into a kit; problems of rendering it go into `wrong`.
    pub fn give(&self, content: &Content, wrong: &RefCell<Vec<Problem>>) -> std::io::Result<Piece> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        match content {
            Content::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
            Content::Source(source) => Ok(Piece::File(self.places.disk_path(source))),
            Content::Output(path) => match self.jobs.get(path).map(|job| self.render(job)) {
                Some(Ok(Rendered { output: Output::Copy(source), .. })) => {
                    Ok(Piece::File(self.places.disk_path(&source)))
                }
                Some(Ok(Rendered { output, .. })) => output.into_bytes().map(Piece::Bytes).ok_or_else(missing),
                Some(Err(problems)) => {
                    wrong.borrow_mut().extend(problems);
                    Err(missing())
                }
                None => Err(missing()),
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
    let ready = ready(site, options, memo)?;
    Ok(go_on(site, ready, options, memo, false))
}

/// The same after `last`, the preview of what was read just before under the same options but for the instant.
pub fn preview_after(last: &Preview, site: &Path, options: &Options, memo: &mut Memo) -> Result<Preview, Fault> {
    let ready = ready(site, options, memo)?;
    let revised = revise::revise(last, ready, options, memo);
    Ok(revised.unwrap_or_else(|ready| go_on(site, *ready, options, memo, false)))
}

/// The files and the settings: all that a build depends on besides the instant.
#[derive(Default)]
struct Ready {
    reading: Reading,
    config: Config,
    /// The files as the memo knew them before.
    before: Stamps,
    /// The theme, where somebody has read it already.
    themed: Option<Themed>,
    /// What was edited, when it was the bodies of a few documents and nothing else.
    edit: Option<Edit>,
    /// The company that pages keep, if `edit` wants to know.
    company: Company,
    took: Duration,
}

/// A theme, and what is wrong with it.
#[derive(Clone)]
struct Themed {
    theme: Arc<theme::Theme>,
    problems: Vec<Problem>,
}

impl Themed {
    fn of(sources: &Sources, config: &Config) -> Themed {
        let (theme, problems) = theme::load(sources, config);
        Themed { theme: Arc::new(theme), problems }
    }
}

/// Reads all files but documents that the memo may hold.
fn ready(site: &Path, options: &Options, memo: &mut Memo) -> Result<Ready, Fault> {
    let clock = Stopwatch::start();
    let glance = glance(site, memo)?;
    Ok(read_rest(glance, options, memo, &clock))
}

/// Looks which files are those that the memo knows.
fn glance(site: &Path, memo: &mut Memo) -> Result<Glance, Fault> {
    load_known(site, memo);
    source::glance(site, &memo.known, &memo.folders)
}

/// The rest of `ready`, after a look that began when the clock was started.
fn read_rest(glance: Glance, options: &Options, memo: &mut Memo, clock: &Stopwatch) -> Ready {
    // What the memo turns out not to hold after all is read when it is parsed.
    let may_hold = |path: &SourcePath, hash: Hash| memo.may_hold(path, hash);
    // The limit on texts is a setting, and settings are not read yet; the largest that may be set is asked for.
    let asked =
        Asked { known: &memo.known, folders: &memo.folders, max_text_bytes: config::MAX_TEXT_BYTES, holds: &may_hold };
    let mut reading = glance.read(&asked);
    let (config, problems) = configuration(&reading.sources, options);
    reading.problems.extend(problems);
    let before = std::mem::replace(&mut memo.known, std::mem::take(&mut reading.known));
    let folders = std::mem::take(&mut reading.folders);
    memo.folders_are_new |= folders != memo.folders;
    memo.folders = folders;
    Ready { reading, config, before, took: clock.elapsed(), ..Ready::default() }
}

/// From the files to the jobs; `keeps` when what was parsed will be kept for the next run.
fn go_on(site: &Path, ready: Ready, options: &Options, memo: &mut Memo, keeps: bool) -> Preview {
    let Ready { mut reading, config, themed, took, .. } = ready;
    load_heads(site, memo);
    memo.settle(document::settings_hash(&config));
    let places = &reading.places;
    let load = |source: &Source| source::text(places, source).ok();
    let look = |path: &SourcePath| source::look(places, path, crate::video::read);
    let found = std::mem::take(&mut reading.problems);
    let darkroom = Arc::new(Darkroom::new(Some(site)));
    let asked = config.fonts.clone();
    let fonts = |memo: &mut Memo| press::outlines(site, &asked, memo);
    let reach = Reach { load: &load, look: &look, fonts: &fonts, darkroom: &darkroom, keeps };
    let themed = themed.unwrap_or_else(|| Themed::of(&reading.sources, &config));
    let mut preview = assemble(&mut reading.sources, found, (config, themed), options, memo, &reach);
    preview.places = reading.places;
    preview.read = reading.stats;
    preview.timings.insert(0, ("read", took));
    preview
}

/// The contract site under the theme of this site, at each of its instants: what themes are measured by.
pub fn contract(site: &Path, options: &Options) -> Result<Vec<Preview>, Fault> {
    let Ready { reading, config: own, .. } = ready(site, options, &mut Memo::default())?;
    let load = |source: &Source| -> Option<Arc<[u8]>> { Some(contract::bytes(&source.path).into()) };
    let previews = contract::INSTANTS.iter().filter_map(|instant| instant.parse().ok()).map(|now| {
        let mut sources = contract::sources(&reading.sources);
        let (config, found) = contract::config(&own, &sources);
        let options = Options { now, drafts: false, strict: false, overrides: Vec::new() };
        let fonts = |memo: &mut Memo| press::outlines(site, &own.fonts, memo);
        // The contract has no videos.
        let look = |path: &SourcePath| Err(Box::new(Problem::new("unreadable-file").in_file(path)));
        let darkroom = Arc::new(Darkroom::new(None));
        let reach = Reach { load: &load, look: &look, fonts: &fonts, darkroom: &darkroom, keeps: false };
        let themed = Themed::of(&sources, &config);
        assemble(&mut sources, found, (config, themed), &options, &mut Memo::default(), &reach)
    });
    Ok(previews.collect())
}

/// Renders every job of a contract site and tells what is wrong with the theme, each thing once.
pub fn audit(preview: &Preview) -> Vec<Problem> {
    // Slides were rendered on the way here; they and other pictures say nothing about templates.
    let is_picture = |job: &&Job| matches!(job.recipe, Recipe::Slide(_) | Recipe::Picture(..) | Recipe::Cleaned(_));
    let jobs: Vec<&Job> = preview.jobs.iter().filter(|job| !is_picture(job)).collect();
    let found: Vec<Problem> = jobs
        .par_iter()
        .with_max_len(8)
        .flat_map_iter(|job| match (preview.render(job), preview.index_of(job)) {
            (Err(problems), _) => problems,
            (Ok(Rendered { output, .. }), Some(index)) => match output.into_bytes() {
                Some(bytes) => contract::audit(index, job, &String::from_utf8_lossy(&bytes)),
                None => Vec::new(),
            },
            (Ok(_), None) => Vec::new(),
        })
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    let said = |problem: &Problem| {
        let found = problem.args.iter().find(|(name, _)| *name == "found").map(|(_, value)| value.clone());
        (
            problem.code,
            problem.place.clone(),
            found.filter(|_| problem.place.as_ref().is_none_or(|place| place.line == 0)),
        )
    };
    found.into_iter().filter(|problem| seen.insert(said(problem))).collect()
}

fn configuration(sources: &Sources, options: &Options) -> (Config, Vec<Problem>) {
    config::load(sources.find("civicast.toml"), sources.find("screens.toml"), &options.overrides)
}

/// Gives the bytes of a file that was left on disk.
pub type Open<'a> = dyn Fn(&Source) -> Option<Arc<[u8]>> + Sync + 'a;

/// Gives what is in the file of a video.
pub type Look<'a> = dyn Fn(&SourcePath) -> Result<Result<Video, Flaw>, Box<Problem>> + Sync + 'a;

/// What the line asks for on its way, because it is large and seldom needed.
pub struct Reach<'a> {
    /// Bytes of files that were left on disk.
    pub load: &'a Open<'a>,
    /// What is in videos.
    pub look: &'a Look<'a>,
    /// What slides are set in; asked only where there are slides.
    pub fonts: &'a dyn Fn(&mut Memo) -> FontsFound,
    /// Where photos are resized.
    pub darkroom: &'a Arc<Darkroom>,
    /// The heads of the documents will be kept for the next run.
    pub keeps: bool,
}

/// What slides are set in, and fonts that are missing.
pub type FontsFound = (Arc<Outlines>, Vec<Problem>);

/// The line from sources to jobs: pure, but for the stopwatch, the pictures that slides show and the lengths of videos.
fn assemble(
    sources: &mut Sources,
    found: Vec<Problem>,
    (config, themed): (Config, Themed),
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

    let Themed { theme, problems: more } = themed;
    problems.extend(more);
    let parse = |source: &Source, settings| {
        let mut document = parse(source, &config, settings, reach.load);
        if !theme.has_search() {
            document.forget_text();
        }
        document
    };
    let (documents, rows, origins) = documents(sources, &config, memo, &parse);
    let sources = &*sources;
    let parsed = origins.iter().filter(|origin| **origin == Origin::File).count();
    let reused = documents.len() - parsed;
    problems.extend(documents.iter().flat_map(|d| d.problems.iter().cloned()));
    if documents.is_empty() {
        problems.push(Problem::new("empty-content").in_file(&SourcePath::new("content")));
    }
    lap("documents");

    // The site is put together by one thread, so the others may parse templates and pack what the next run will want to know.
    let (keeps, before) = (reach.keeps, memo.engine.take());
    let templates = || Engine::of(theme.clone(), before);
    let pack = || {
        memo.documents = rows.into_iter().collect();
        let is_known = |at: usize| origins[at] == Origin::Heads;
        keeps.then(|| memo.heads.pack(memo.settings, &memo.documents, &is_known))
    };
    let aside = || rayon::join(templates, pack);
    let (made, (engine, heads)) = rayon::join(|| editions::sites(&documents, sources, &config, options), aside);
    memo.next_heads = heads;
    let (mut sites, more) = made;
    problems.extend(more);
    let (links, more) = link::resolve(&sites);
    problems.extend(more);
    problems.extend(videos::videos(&mut sites, &links, sources, memo, reach.look));
    for (site, links) in sites.iter().zip(&links) {
        problems.extend(check::check(&check::Subject { site, links, sources }, options.strict));
    }
    lap("site");

    let (data, more) = data::load(sources);
    problems.extend(more);
    let data = Arc::new(data);
    let engine = match engine {
        Ok(engine) => {
            memo.engine = Some(engine.clone());
            Some(engine)
        }
        Err(more) => {
            problems.extend(more);
            None
        }
    };
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
            let shown = worlds.iter().flat_map(|world| world.links.images.values());
            let assets = shown.filter_map(|path| Some((path.clone(), worlds.first()?.site.assets.get(path)?.clone())));
            let assets: BTreeMap<SourcePath, Asset> = assets.collect();
            let (open, darkroom) = (reach.load, reach.darkroom);
            let photo = |photo: &Photo| match assets.get(&photo.asset) {
                Some(asset) => darkroom.photo(photo, asset, &config, &|| {
                    let vanished = || Problem::new("file-vanished").with("path", &photo.asset).in_file(&photo.asset);
                    sources.get(&photo.asset).and_then(open).ok_or_else(|| Box::new(vanished()))
                }),
                None => Ok(None),
            };
            let press = Press { engine, outlines: &outlines, photo: &photo };
            press.press(&mut worlds, &plans, sources, memo, &mut problems)
        }
        None => Pressed::default(),
    };
    for world in &mut worlds {
        world.search = world.theme.has_search().then(|| Search::plan(&world.site));
        world.solemn = calendar.mood(world.today) == Mood::Solemn;
        world.screens = plans.iter().map(|plan| card(plan, world, &pressed)).collect();
    }
    lap("slides");

    // While one thread plans, the other begins what every page is known by.
    let keys = || worlds.iter().map(World::all_keys).collect::<Vec<_>>();
    let (keys, (jobs, more)) = rayon::join(keys, || plan::plan(&worlds, &plans, &calendar, &pressed));
    problems.extend(more);
    let next_change = next_change(&worlds, &plans, options.now);
    let indexes = worlds.into_iter().zip(keys).map(|(world, keys)| Index::new(Arc::new(world), sources).keyed(keys));
    let mut indexes = indexes.map(Arc::new);
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
        slides: pressed.files.len(),
        calendar,
        places: SourceMap::default(),
        darkroom: reach.darkroom.clone(),
        read: ReadStats::default(),
        timings,
    }
}

/// A screen as the portal lists it. What it plays now is the loop of this stretch of the day, and its picture a slide of it:
/// not what plays at this second, so that a page does not change with every build; the screens take different ones, so that
/// a list shows more.
fn card(plan: &ScreenPlan, world: &World, pressed: &Pressed) -> ScreenCard {
    // Screens are in the settings of the main language; cards of another edition differ in their words only.
    let screen = plan.settings(&world.site);
    let timeline = &plan.timeline;
    let (now, playing) = screen::now_view(plan, world.site.now, &world.site.config.zone);
    let next = || timeline.segments.iter().find_map(|segment| segment.plays);
    let plays = playing.or_else(next).unwrap_or(timeline.standby);
    let entries = timeline.loops.get(plays).map(|looped| looped.entries.as_slice()).unwrap_or_default();
    let shown = entries
        .get((plan.screen * 5) % entries.len().max(1))
        .and_then(|entry| plan.items.get(entry.item as usize)?.slides.get(entry.slide as usize))
        .and_then(|slide| pressed.feed.small.get(&slide.fingerprint));
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
        slide: shown.map(|name| world.file_href(&file_url(name))),
        shape: serde_json::to_value(plan.canvas.shape)
            .ok()
            .and_then(|v| v.as_str().map(str::to_string))
            .unwrap_or_default(),
        open: screen::open_today(plan, &world.site.config.zone),
        items: plan.items.len(),
        slides: plan.items.iter().map(|item| item.slides.len()).sum(),
        kit: match screen.kit {
            true => world.file_href(&Url::new(&format!("/screens/{}/kit.zip", screen.id))),
            false => String::new(),
        },
        now,
    }
}

/// The next instant at which an output differs: a document goes up or down, or, where there are screens, another loop begins
/// to play, or the day ends and timelines are laid out anew.
fn next_change(worlds: &[World], plans: &[ScreenPlan], now: Timestamp) -> Option<Timestamp> {
    let midnight = plans.first().and_then(|_| {
        let tomorrow = now.to_zoned(worlds[0].site.config.zone.clone()).tomorrow().ok()?;
        Some(tomorrow.start_of_day().ok()?.timestamp())
    });
    let turns = plans.iter().filter_map(|plan| {
        let segments = plan.timeline.segments.iter().map(|segment| segment.from);
        Timestamp::from_second(segments.into_iter().find(|from| *from > now.as_second())?).ok()
    });
    worlds.iter().filter_map(|world| world.site.next_change()).chain(midnight).chain(turns).min()
}

/// Where a document comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It was parsed.
    File,
    /// This process has had it before.
    Memory,
    /// The larger table of heads.
    Heads,
    /// The smaller one.
    NewerHeads,
}

/// All Markdown files below `content`, parsed or taken from the memo; the same as they are remembered; where they come from.
/// Their texts go as they are parsed: nobody reads them again.
fn documents(
    sources: &mut Sources,
    config: &Config,
    memo: &mut Memo,
    parse: &(dyn Fn(&Source, Hash) -> Document + Sync),
) -> (Vec<Arc<Document>>, Vec<Remembered>, Vec<Origin>) {
    let files: Vec<&mut Source> = sources.under_mut("content/").filter(|s| s.path.is_markdown()).collect();
    let settings = document::settings_hash(config);
    let one = |window: &mut Window, (near, source): (usize, &mut Source)| {
        let remembered = remembered_document(memo, source, near, window);
        let (document, origin) = remembered.unwrap_or_else(|| (Arc::new(parse(source, settings)), Origin::File));
        source.data = Data::OnDisk { pixels: None };
        ((source.path.clone(), (source.hash, document)), origin)
    };
    // In small pieces, so that no thread has a large one left when the others are done. Heads that lie beside each other are
    // read together, and unpacked in a fraction of the time that parsing takes.
    let together = if memo.heads.is_empty() { 32 } else { 256 };
    let pieces = files.into_par_iter().enumerate().with_max_len(together);
    let (rows, origins): (Vec<Remembered>, Vec<Origin>) = pieces.map_init(Window::default, one).unzip();
    let documents = rows.iter().map(|(_, (_, document))| document.clone()).collect();
    (documents, rows, origins)
}

/// A row of `Memo::documents`.
type Remembered = (SourcePath, (Hash, Arc<Document>));

fn remembered_document(
    memo: &Memo,
    source: &Source,
    near: usize,
    window: &mut Window,
) -> Option<(Arc<Document>, Origin)> {
    let here = memo.documents.get(&source.path).filter(|(hash, _)| *hash == source.hash);
    if let Some((_, document)) = here {
        return Some((document.clone(), Origin::Memory));
    }
    let (document, is_in_base) = memo.heads.document(&source.path, source.hash, near, window)?;
    Some((Arc::new(document), if is_in_base { Origin::Heads } else { Origin::NewerHeads }))
}

fn parse(source: &Source, config: &Config, settings: Hash, load: &Open) -> Document {
    match source.bytes() {
        Some(_) => document::parse_under(source, config, settings),
        // It was left on disk because the memo seemed to hold it.
        None => {
            let data = load(source).map_or(Data::OnDisk { pixels: None }, Data::Bytes);
            document::parse_under(&Source { data, ..source.clone() }, config, settings)
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
