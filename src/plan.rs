//! `World` → jobs: one for each file of the output. Adding a kind of output is one place here.
//!
//! A job says what to make, not how: `render` makes the bytes from the world when they are wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::catalogue;
use crate::feed::{Format, changed};
use crate::file::{Content, Hash, OutputPath, Packed, Pieces, SourcePath, Url};
use crate::link::permalink;
use crate::message::{self, Lang};
use crate::picture;
use crate::problem::{Place, Problem};
use crate::schedule::Calendar;
use crate::screen::{self, ScreenPlan};
use crate::screenfeed::{self, Shared};
use crate::search::{self, Search};
use crate::site::{Order, Page, PageId, SectionId, Site};
use crate::slide::SlideInput;
use crate::view::{Current, ScreenCard, Titled, World, form_url, list_url};

mod list;

pub use list::JobList;

/// One file of the output.
#[derive(Clone, Debug)]
pub struct Job {
    /// Where it goes.
    pub path: OutputPath,
    /// What to make.
    pub recipe: Recipe,
    /// When it is written.
    pub rank: Rank,
    /// Of which edition it is; 0 is the main language.
    pub edition: usize,
}

/// The order of writing: nothing may point to what is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Pictures, slides, style sheets: nobody finds them without a page or a feed.
    File,
    /// Pages and feeds.
    Page,
    /// `head.json`: what a screen polls.
    Pointer,
}

/// What to make.
#[derive(Clone, Debug)]
pub enum Recipe {
    /// The home page.
    Home,
    /// A page of a section's list.
    Section(SectionId, usize),
    /// A document.
    Document(PageId),
    /// The same as another job, by a template with this ending: all documents of a list in one file.
    Form(Box<Recipe>, String),
    /// All terms of a taxonomy.
    Taxonomy(usize),
    /// A page of a term's list: taxonomy, term, number.
    Term(usize, usize, usize),
    /// A page of the archive.
    Archive(Period, usize),
    /// A page of a list of the disclosure catalogue: shelf, order, number.
    Catalogue(usize, Order, usize),
    /// All of the catalogue as data.
    CatalogueData(catalogue::Format),
    /// The page for URLs that nobody owns.
    NotFound,
    /// A page that leads to another.
    Redirect {
        /// Title of the other.
        title: String,
        /// Where the other is.
        to: Url,
    },
    /// Any template with a ready value under its own name: pages of screens.
    Template {
        /// Template name.
        template: String,
        /// Names and values of its variables.
        values: Vec<(&'static str, Arc<Value>)>,
        /// Title, URL and the like.
        current: Box<Current>,
    },
    /// A ZIP of a page, made by this template, and of files beside it.
    Kit {
        /// Template name.
        template: String,
        /// Names and values of its variables.
        values: Vec<(&'static str, Arc<Value>)>,
        /// Title, URL and the like.
        current: Box<Current>,
        /// The folder that it unpacks to; the page is its `index.html`.
        folder: String,
        /// What lies beside the page.
        files: Vec<Packed>,
    },
    /// A feed.
    Feed(Scope, Format),
    /// `sitemap.xml` or a part of it, from these positions of the sitemap's URLs; `None` is the index.
    Sitemap(Option<(usize, usize)>),
    /// `robots.txt`
    Robots,
    /// A file of the search index.
    Search(search::File),
    /// Ready bytes.
    Bytes(Arc<[u8]>),
    /// A picture of a slide.
    Slide(Arc<Drawing>),
    /// Ready bytes that are put together on their way out.
    Pieces(Pieces),
    /// A file as it is.
    Copy(SourcePath),
    /// The file of a picture without its metadata.
    Cleaned(SourcePath),
    /// A picture in another size: the source, its sizes, which of them.
    Picture(SourcePath, Arc<picture::Set>, usize),
}

/// What a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything with a date.
    Site,
    /// A section.
    Section(SectionId),
    /// A term: taxonomy, term.
    Term(usize, usize),
}

impl Scope {
    /// As `feeds_of` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Site => "site",
            Scope::Section(_) => "sections",
            Scope::Term(..) => "topics",
        }
    }
}

/// A stretch of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// Everything.
    All,
    /// A year.
    Year(i16),
    /// A month.
    Month(i16, i8),
}

impl Period {
    /// True when the date lies in it.
    pub fn holds(self, date: Date) -> bool {
        match self {
            Period::All => true,
            Period::Year(year) => date.year() == year,
            Period::Month(year, month) => date.year() == year && date.month() == month,
        }
    }

    /// Where its list is published.
    pub fn url(self) -> Url {
        match self {
            Period::All => Url::new("/archive/"),
            Period::Year(year) => Url::new(&format!("/archive/{year}/")),
            Period::Month(year, month) => Url::new(&format!("/archive/{year}/{month:02}/")),
        }
    }
}

/// Documents with a date, newest first, by period.
pub fn archive(world: &World) -> BTreeMap<Period, Vec<PageId>> {
    let mut periods: BTreeMap<Period, Vec<PageId>> = BTreeMap::from([(Period::All, Vec::new())]);
    for id in world.site.newest.iter().copied() {
        if let Some(date) = world.site.pages[id].date() {
            for period in [Period::All, Period::Year(date.year()), Period::Month(date.year(), date.month())] {
                periods.entry(period).or_default().push(id);
            }
        }
    }
    periods
}

/// The web manifest: name, colours and icons for a telephone's home screen. A theme has it as a template.
const MANIFEST: &str = "site.webmanifest";

/// Most URLs in one sitemap file (sitemaps.org).
const SITEMAP_LIMIT: usize = 50_000;

/// All jobs by their output path, those of every edition and of the screens; and what would be published where something
/// else already is.
pub fn plan(worlds: &[World], plans: &[ScreenPlan], calendar: &Calendar, pressed: &Pressed) -> (JobList, Vec<Problem>) {
    let Some(main) = worlds.first() else { return Default::default() };
    let mut jobs = Jobs::of(main);
    // The main language comes last: files that all editions share are its own.
    for world in worlds.iter().rev() {
        jobs.turn_to(world);
        edition(&mut jobs, world);
    }
    screens(&mut jobs, main, plans, calendar, pressed);
    jobs.finish()
}

fn edition(jobs: &mut Jobs, world: &World) {
    let site = &world.site;
    jobs.page(&Url::new("/"), Recipe::Home);
    jobs.forms(world, &Url::new("/"), "home.html", &Recipe::Home);
    jobs.page(&Url::new("/404.html"), Recipe::NotFound);
    for (id, page) in site.pages.iter().enumerate().filter(|(_, page)| page.document.front.on_portal) {
        jobs.document(world, id, &page.url);
    }
    jobs.feeds(site, &Url::new("/"), Scope::Site);
    for (id, section) in site.sections.iter().enumerate().skip(1) {
        for number in 1..=pages(section.pages.len(), section.page_size) {
            jobs.page(&list_url(&section.url, number), Recipe::Section(id, number));
        }
        jobs.forms(world, &section.url, &world.section_template(id), &Recipe::Section(id, 1));
        jobs.first_page(site, &section.url, &section.title);
        jobs.feeds(site, &section.url, Scope::Section(id));
    }
    for (taxonomy_id, taxonomy) in site.taxonomies.iter().enumerate() {
        jobs.page(&Url::new(&format!("/{}/", taxonomy.name)), Recipe::Taxonomy(taxonomy_id));
        for (term_id, term) in taxonomy.terms.iter().enumerate() {
            for number in 1..=pages(term.pages.len(), site.config.page_size) {
                jobs.page(&list_url(&term.url, number), Recipe::Term(taxonomy_id, term_id, number));
            }
            jobs.forms(world, &term.url, "term.html", &Recipe::Term(taxonomy_id, term_id, 1));
            jobs.first_page(site, &term.url, &term.name);
            if taxonomy.name == "topics" {
                jobs.feeds(site, &term.url, Scope::Term(taxonomy_id, term_id));
            }
        }
    }
    let periods = if site.config.archive { archive(world) } else { BTreeMap::new() };
    for (period, ids) in periods {
        for number in 1..=pages(ids.len(), site.config.page_size) {
            jobs.page(&list_url(&period.url(), number), Recipe::Archive(period, number));
        }
    }
    for (shelf_id, shelf) in site.catalogue.shelves.iter().enumerate() {
        for order in Order::ALL {
            for number in 1..=pages(shelf.pages(order).len(), site.config.catalogue_page_size) {
                jobs.page(&list_url(&shelf.url_by(order), number), Recipe::Catalogue(shelf_id, order, number));
            }
        }
    }
    for format in catalogue::Format::ALL.into_iter().filter(|_| !site.catalogue.is_empty()) {
        jobs.page(&format.url(), Recipe::CatalogueData(format));
    }
    for source in &world.links.used {
        if let Some(asset) = site.assets.get(source) {
            jobs.add(asset.url.output(), as_file(source), Rank::File);
        }
    }
    for (source, set) in &world.links.pictures {
        for (number, variant) in set.variants.iter().enumerate() {
            let recipe = Recipe::Picture(source.clone(), set.clone(), number);
            jobs.add(set.url(variant).output(), recipe, Rank::File);
        }
    }
    // What stands in `static` is published whether or not anything refers to it.
    for (source, asset) in site.assets.iter().filter(|(path, _)| path.as_str().starts_with("static/")) {
        jobs.add(asset.url.output(), as_file(source), Rank::File);
    }
    for (document, video) in &site.videos {
        if let Some(source) = world.links.videos.get(document) {
            let path = OutputPath::new(&format!("screens/{}", screenfeed::video_file(video)));
            // Named by its content: another document may have a file with the same bytes.
            if jobs.videos.insert(path.clone()) {
                jobs.add(path, Recipe::Copy(source.clone()), Rank::File);
            }
        }
    }
    // Without screens nobody asks for their player.
    let is_asked_for = |path: &OutputPath| !world.screens.is_empty() || !path.as_str().starts_with("screens/");
    for file in world.theme.statics.values().filter(|file| is_asked_for(&file.output)) {
        let recipe = match &file.bytes {
            Some(bytes) => Recipe::Bytes(bytes.clone()),
            None => Recipe::Copy(file.source.clone()),
        };
        jobs.add(file.output.clone(), recipe, Rank::File);
    }
    if let Some(search) = &world.search {
        jobs.search(world, search);
    }
    if world.theme.template(MANIFEST).is_some() {
        let url = Url::new("/");
        let current = Current {
            template: "manifest".into(),
            url: world.href(&url),
            permalink: permalink(&site.config, &url),
            ..Current::default()
        };
        jobs.page(&Url::new(&format!("/{MANIFEST}")), template(MANIFEST, Vec::new(), current));
    }
    if world.edition == 0 {
        jobs.page(&Url::new("/robots.txt"), Recipe::Robots);
    }
    let urls = world.sitemap.get_or_init(|| sitemap_urls(world)).len();
    if urls <= SITEMAP_LIMIT {
        jobs.page(&Url::new("/sitemap.xml"), Recipe::Sitemap(Some((0, urls))));
    } else {
        for (number, (start, end)) in sitemap_parts(urls).into_iter().enumerate() {
            jobs.page(&sitemap_part(number), Recipe::Sitemap(Some((start, end))));
        }
        jobs.page(&Url::new("/sitemap.xml"), Recipe::Sitemap(None));
    }
    // Old addresses come last: they give way to whatever is there.
    for (url, page) in &site.aliases {
        jobs.alias(url, &site.pages[*page]);
    }
}

/// The jobs that show the body of a document.
pub fn document(world: &World, id: PageId) -> impl Iterator<Item = Job> {
    let mut jobs = Jobs::of(world);
    jobs.document(world, id, &world.site.pages[id].url);
    jobs.finish().0.into_iter()
}

/// How a file of the site is published under its own name: a photo says where it was taken, and must not.
fn as_file(source: &SourcePath) -> Recipe {
    match picture::is_cleanable(source) {
        true => Recipe::Cleaned(source.clone()),
        false => Recipe::Copy(source.clone()),
    }
}

/// The jobs of screens: slides, feeds, heads, players, and the pages for people. Their URLs lie below `/screens/`.
fn screens(jobs: &mut Jobs, world: &World, plans: &[ScreenPlan], calendar: &Calendar, pressed: &Pressed) {
    let site = &world.site;
    let at = |path: &str| OutputPath::new(&format!("screens/{path}"));
    // The portal shows slides too, on a site without screens as well.
    for (name, drawing) in &pressed.files {
        jobs.add(at(&format!("files/{name}")), Recipe::Slide(drawing.clone()), Rank::File);
    }
    if plans.is_empty() {
        return;
    }
    let shown = each_once(site, plans, |plan| {
        let (day, days) = screen::day_view(site, calendar, plan);
        let values = [("day", json!(day)), ("calendar", json!(days))].map(|(name, value)| (name, Arc::new(value)));
        (Shared::new(plan, &pressed.feed, site), values)
    });
    for (plan, card) in plans.iter().zip(&world.screens) {
        let (shared, days) = &shown[&shows(site, plan)];
        let feed = shared.feed(plan, site);
        let head = screenfeed::head(plan, &feed, site);
        let head = Recipe::Bytes(head.into_bytes().into());
        jobs.add(at(&screenfeed::feed_file(&feed)), Recipe::Pieces(feed.clone()), Rank::File);
        jobs.add(at(&format!("{}/feed.json", card.id)), Recipe::Pieces(feed.clone()), Rank::Page);
        jobs.add(at(&format!("{}/head.json", card.id)), head, Rank::Pointer);
        let url = Url::new(&format!("/screens/{}/", card.id));
        let current = screen_page(world, card, "player", &url);
        let player = |kit: bool| vec![("screen", json!(card)), ("kit", json!(kit))];
        if plan.settings(site).kit {
            let files = kit_files(world, plan, pressed, &feed);
            let recipe = kit(&card.id, files, template("player.html", player(true), current.clone()));
            jobs.add(at(&format!("{}/kit.zip", card.id)), recipe, Rank::File);
        }
        jobs.page(&url, template("player.html", player(false), current));
        let url = Url::new(&format!("/screens/{}/day/", card.id));
        let current = Box::new(screen_page(world, card, "screen", &url));
        let values = [("screen", Arc::new(json!(card)))].into_iter().chain(days.iter().cloned()).collect();
        jobs.page(&url, Recipe::Template { template: "screen.html".into(), values, current });
    }
    let now = screenfeed::now(plans, &pressed.feed, site);
    jobs.add(at("now.json"), Recipe::Bytes(now.into_bytes().into()), Rank::Page);
    let url = Url::new("/screens/");
    let title = world.theme.strings.get("screens").cloned().unwrap_or_else(|| "电子屏".into());
    let last = Titled { title: title.clone(), url: world.href(&url) };
    let current = Current {
        template: "screens".into(),
        title,
        url: world.href(&url),
        permalink: permalink(&site.config, &url),
        description: site.config.description.clone(),
        breadcrumbs: world.breadcrumbs(None, Some(last)),
        feed: world.atom("site", &Url::new("/")),
        languages: world.languages(&[]),
        ..Current::default()
    };
    jobs.page(&url, template("screens.html", vec![("screens", json!(world.screens))], current));
}

/// Something of every plan, made once for screens that show the same. Screens whose devices take pictures name those of
/// their own size.
fn each_once<T: Send>(site: &Site, plans: &[ScreenPlan], make: impl Fn(&ScreenPlan) -> T + Sync) -> BTreeMap<Shows, T> {
    let different: BTreeMap<Shows, &ScreenPlan> = plans.iter().map(|plan| (shows(site, plan), plan)).collect();
    let different: Vec<(Shows, &ScreenPlan)> = different.into_iter().collect();
    let made: Vec<(Shows, T)> = different.into_par_iter().map(|(shows, plan)| (shows, make(plan))).collect();
    made.into_iter().collect()
}

/// Equal for screens with the same feed but for their own names.
type Shows = (usize, Option<(u32, u32)>);

fn shows(site: &Site, plan: &ScreenPlan) -> Shows {
    let screen = plan.settings(site);
    (plan.shown(), screen.png.then_some(screen.size))
}

/// Slides, rendered: what feeds call them, and how each file is drawn.
#[derive(Debug, Default)]
pub struct Pressed {
    /// What feeds say of them.
    pub feed: screenfeed::Files,
    /// By file name below `screens/files/`.
    pub files: BTreeMap<String, Arc<Drawing>>,
}

/// What a slide is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The SVG that screens show.
    Svg,
    /// An SVG for pages, where slides stand small: coarser outlines, a smaller photo, a third of the bytes.
    Small,
    /// A PNG of this width and height.
    Png(u32, u32),
}

/// A picture of a slide.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What is drawn.
    pub input: SlideInput,
    /// Hash of all that its bytes depend on.
    pub key: Hash,
    /// As what.
    pub form: Form,
    /// Its bytes, when they have just been made.
    pub bytes: Option<Arc<[u8]>>,
}

fn template(name: &str, values: Vec<(&'static str, Value)>, current: Current) -> Recipe {
    let values = values.into_iter().map(|(name, value)| (name, Arc::new(value))).collect();
    Recipe::Template { template: name.to_string(), values, current: Box::new(current) }
}

fn kit(id: &str, files: Vec<Packed>, page: Recipe) -> Recipe {
    match page {
        Recipe::Template { template, values, current } => {
            Recipe::Kit { template, values, current, folder: id.to_string(), files }
        }
        other => other,
    }
}

/// What a screen needs besides its page: the feed as a script, the player, every slide and video, and words for the person
/// who installs it.
fn kit_files(world: &World, plan: &ScreenPlan, pressed: &Pressed, feed: &Pieces) -> Vec<Packed> {
    let packed = |name: &str, content: Content| Packed { name: name.to_string(), content };
    let text = |name: &str, text: String| packed(name, Content::Bytes(text.into_bytes().into()));
    let mut files = vec![text("README.txt", kit_readme(world, plan)), text("feed.js", screenfeed::feed_script(feed))];
    for name in ["player.css", "player.js"] {
        if let Some(file) = world.theme.statics.get(&format!("screens/{name}")) {
            let source = || Content::Source(file.source.clone());
            files.push(packed(name, file.bytes.clone().map_or_else(source, Content::Bytes)));
        }
    }
    // By name, so that what two items share comes once and the order never changes.
    let mut pictures = BTreeSet::new();
    for slide in plan.items.iter().flat_map(|item| item.slides.iter()) {
        if let Some(file) = pressed.feed.svg.get(&slide.fingerprint) {
            pictures.insert(file.file.trim_start_matches("../").to_string());
        }
    }
    for page in plan.items.iter().filter_map(|item| item.page) {
        pictures.extend(screen::video(&world.site, page, plan.canvas).map(screenfeed::video_file));
    }
    let output = |name: &str| Content::Output(OutputPath::new(&format!("screens/{name}")));
    files.extend(pictures.iter().map(|name| packed(name, output(name))));
    files
}

/// With a byte order mark and the line ends of Windows, where it will be read.
fn kit_readme(world: &World, plan: &ScreenPlan) -> String {
    let site = &world.site;
    let screen = plan.settings(site);
    let day = |second: i64| {
        let at = Timestamp::from_second(second).unwrap_or(site.now).to_zoned(site.config.zone.clone());
        at.strftime("%Y-%m-%d").to_string()
    };
    let args = [
        ("name", screen.name.clone()),
        ("id", screen.id.clone()),
        ("from", day(plan.timeline.from)),
        // The last day that is planned, not the midnight after it.
        ("until", day(plan.timeline.until - 1)),
        ("size", format!("{}×{}", screen.size.0, screen.size.1)),
        ("url", permalink(&site.config, &Url::new(&format!("/screens/{}/kit.zip", screen.id)))),
    ];
    let lang = if site.config.language.starts_with("zh") { Lang::Zh } else { Lang::En };
    let text = message::find("kit-readme").map_or_else(String::new, |row| row.text(lang, &args));
    format!("\u{feff}{}\r\n", text.replace('\n', "\r\n"))
}

fn screen_page(world: &World, card: &ScreenCard, template: &str, url: &Url) -> Current {
    let config = &world.site.config;
    let up = Titled {
        title: world.theme.strings.get("screens").cloned().unwrap_or_else(|| "电子屏".into()),
        url: world.href(&Url::new("/screens/")),
    };
    let mut breadcrumbs = world.breadcrumbs(None, Some(up));
    breadcrumbs.push(Titled { title: card.name.clone(), url: world.href(url) });
    Current {
        template: template.to_string(),
        title: card.name.clone(),
        url: world.href(url),
        permalink: permalink(config, url),
        description: format!("{} · {}", card.name, card.place),
        breadcrumbs,
        feed: world.atom("site", &Url::new("/")),
        languages: world.languages(&[]),
        ..Current::default()
    }
}

/// First and last position of each part of a sitemap of so many URLs.
pub fn sitemap_parts(urls: usize) -> Vec<(usize, usize)> {
    (0..urls).step_by(SITEMAP_LIMIT).map(|start| (start, (start + SITEMAP_LIMIT).min(urls))).collect()
}

/// Where part `number` (from 0) of the sitemap is published.
pub fn sitemap_part(number: usize) -> Url {
    Url::new(&format!("/sitemap-{}.xml", number + 1))
}

/// Every page that search engines should know, with its last change.
pub fn sitemap_urls(world: &World) -> Vec<(Url, Option<Timestamp>)> {
    let site = &world.site;
    let mut urls = vec![(Url::new("/"), None)];
    urls.extend(
        site.sections
            .iter()
            .skip(1)
            .filter(|s| !s.document.as_ref().is_some_and(|d| d.front.noindex))
            .map(|s| (s.url.clone(), s.pages.iter().filter_map(|id| changed(&site.pages[*id])).max())),
    );
    // What stands in for a translation is at home in the main language.
    let own = |page: &&Page| {
        page.document.front.on_portal && !page.document.front.noindex && !site.is_untranslated(&page.document.path)
    };
    urls.extend(site.pages.iter().filter(own).map(|p| (p.url.clone(), changed(p))));
    urls.extend(site.taxonomies.iter().flat_map(|t| &t.terms).map(|t| (t.url.clone(), None)));
    // The pages of screens belong to the main language.
    if !world.screens.is_empty() && world.edition == 0 {
        urls.push((Url::new("/screens/"), None));
    }
    if site.config.archive {
        urls.push((Url::new("/archive/"), None));
    }
    // The other orders hold the same lines, so search engines are not sent there.
    urls.extend(site.catalogue.shelves.iter().map(|shelf| {
        let last = shelf.pages(Order::Newest).iter().filter_map(|id| changed(&site.pages[*id])).max();
        (shelf.url.clone(), last)
    }));
    urls.extend(world.search.iter().map(|_| (Url::new("/search/"), None)));
    urls
}

fn pages(items: usize, page_size: usize) -> usize {
    items.div_ceil(page_size).max(1)
}

/// The file of the site that wants a place which something else has, or another file.
fn in_the_way<'a>(one: &'a Recipe, other: &'a Recipe) -> Option<&'a SourcePath> {
    let file = |recipe: &'a Recipe| match recipe {
        Recipe::Copy(source) | Recipe::Cleaned(source) => Some(source),
        _ => None,
    };
    match (file(one), file(other)) {
        (Some(one), Some(other)) => (one != other).then_some(one),
        (one, other) => one.or(other),
    }
}

/// Jobs as they come; who gets a path is settled at the end, which costs less than to look for each.
struct Jobs {
    /// For an old address also what to say when it is no longer free.
    jobs: Vec<(Job, Option<Box<Problem>>)>,
    videos: BTreeSet<OutputPath>,
    edition: usize,
    /// Below which the pages of the edition lie.
    folder: String,
    problems: Vec<Problem>,
}

impl Jobs {
    fn of(world: &World) -> Jobs {
        let folder = world.site.config.folder.clone();
        Jobs { jobs: Vec::new(), videos: BTreeSet::new(), edition: world.edition, folder, problems: Vec::new() }
    }
    /// By path. Of two for one path the later has it, but an old address gives way.
    fn finish(mut self) -> (JobList, Vec<Problem>) {
        // Stable, so that those of one path stay in the order in which they came.
        self.jobs.par_sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let mut jobs: Vec<Job> = Vec::with_capacity(self.jobs.len());
        for (job, taken) in self.jobs {
            match (jobs.last_mut().filter(|before| before.path == job.path), taken) {
                (None, _) => jobs.push(job),
                (Some(_), Some(taken)) => self.problems.push(*taken),
                (Some(before), None) => {
                    if let Some(source) = in_the_way(&before.recipe, &job.recipe) {
                        let url = format!("/{}", job.path);
                        self.problems.push(Problem::new("file-in-the-way").with("url", url).in_file(source));
                    }
                    *before = job;
                }
            }
        }
        (JobList::of_sorted(jobs), self.problems)
    }
    /// What comes now is of this edition.
    fn turn_to(&mut self, world: &World) {
        self.edition = world.edition;
        self.folder.clone_from(&world.site.config.folder);
    }
    /// A file that all editions share.
    fn add(&mut self, path: OutputPath, recipe: Recipe, rank: Rank) {
        self.jobs.push((Job { path, recipe, rank, edition: self.edition }, None));
    }
    /// An old address of a page that leads to it.
    fn alias(&mut self, url: &Url, page: &Page) {
        let bare = |url: &str| url.trim_end_matches('/').to_string();
        let written = page.document.front.aliases.iter().find(|(alias, _)| bare(alias) == bare(url.as_str()));
        let place = written.map_or_else(|| Place::file(&page.document.path), |(_, place)| place.clone());
        let taken = Problem::new("duplicate-url").with("url", url).at(place);
        let recipe = Recipe::Redirect { title: page.title().to_string(), to: page.url.clone() };
        let job = Job { path: self.place(url), recipe, rank: Rank::Page, edition: self.edition };
        self.jobs.push((job, Some(taken.into())));
    }
    /// A page or feed of this edition.
    fn page(&mut self, url: &Url, recipe: Recipe) {
        self.add(self.place(url), recipe, Rank::Page);
    }
    /// The page of a document, in all its forms.
    fn document(&mut self, world: &World, id: PageId, url: &Url) {
        self.page(url, Recipe::Document(id));
        if world.theme.has_forms() {
            self.forms(world, url, &world.page_template(id), &Recipe::Document(id));
        }
    }
    /// A page in its other forms.
    fn forms(&mut self, world: &World, url: &Url, template: &str, recipe: &Recipe) {
        for ending in world.theme.forms(template) {
            self.page(&form_url(url, ending), Recipe::Form(Box::new(recipe.clone()), ending.to_string()));
        }
    }
    /// Where a file of this edition lies.
    fn place(&self, url: &Url) -> OutputPath {
        match self.folder.is_empty() {
            true => url.output(),
            false => Url::new(&format!("{}{url}", self.folder)).output(),
        }
    }
    /// The page of the search and the index behind it.
    fn search(&mut self, world: &World, search: &Search) {
        let url = Url::new("/search/");
        let title = world.theme.strings.get("search").cloned().unwrap_or_else(|| "检索".into());
        let current = Current {
            template: "search".into(),
            title: title.clone(),
            url: world.href(&url),
            permalink: permalink(&world.site.config, &url),
            description: world.theme.strings.get("search_intro").cloned().unwrap_or_default(),
            breadcrumbs: world.breadcrumbs(None, Some(Titled { title, url: world.href(&url) })),
            feed: world.href(&Url::new("/feed.xml")),
            languages: world.languages(&[]),
            ..Current::default()
        };
        let years: BTreeMap<i16, usize> = archive(world)
            .into_iter()
            .filter_map(|(period, ids)| if let Period::Year(year) = period { Some((year, ids.len())) } else { None })
            .collect();
        let years: Vec<Value> =
            years.into_iter().rev().map(|(year, count)| json!({ "year": year, "count": count })).collect();
        let values = vec![("years", json!(years)), ("manifest", json!(world.href(&Url::new("/search/manifest.js"))))];
        self.page(&url, template("search.html", values, current));
        self.page(&Search::manifest_url(), Recipe::Bytes(search.manifest().into_bytes().into()));
        for (url, file) in search.files() {
            self.add(self.place(&url), Recipe::Search(file), Rank::File);
        }
    }
    fn first_page(&mut self, site: &Site, url: &Url, title: &str) {
        if site.config.first_page_redirect {
            let recipe = Recipe::Redirect { title: title.to_string(), to: url.clone() };
            self.page(&Url::new(&format!("{url}page/1/")), recipe);
        }
    }
    fn feeds(&mut self, site: &Site, url: &Url, scope: Scope) {
        for format in Format::ALL.into_iter().filter(|format| site.config.makes_feed(format.name(), scope.name())) {
            self.page(&Url::new(&format!("{url}{}", format.file_name())), Recipe::Feed(scope, format));
        }
    }
}
