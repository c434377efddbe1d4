//! All documents → the `Site`: URLs, sections, order, taxonomies, neighbours, and what is visible at the given instant.
//!
//! Pure: the instant is a value. What is hidden (drafts, not yet, no more, not public) is kept only as a `Hidden` row for
//! `list` and `why`; no other room ever sees such a document. Two owners of one URL are a problem that names both.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil;
use rayon::prelude::*;

use crate::config::Config;
use crate::document::{Document, Kind, Openness, Pinned, SectionDefaults, SortBy};
use crate::file::{Data, Hash, Source, SourcePath, Sources, Url, stays_inside};
use crate::picture;
use crate::problem::{Place, Problem};
use crate::slug;
use crate::video::Video;

mod catalogue;
mod edition;
mod owners;
mod taxonomy;

pub use catalogue::{Catalogue, Order, Part, Shelf};
pub use edition::{documents_of, main_documents};
pub use taxonomy::{Taxonomy, Term};

/// Position of a page in `Site::pages`.
pub type PageId = usize;
/// Position of a section in `Site::sections`.
pub type SectionId = usize;

/// The whole site at one instant.
#[derive(Clone, Debug)]
pub struct Site {
    /// Settings.
    pub config: Arc<Config>,
    /// The instant for which everything here is true.
    pub now: Timestamp,
    /// Visible documents, sorted by path.
    pub pages: Vec<Page>,
    /// Those of them that the portal shows, newest first.
    pub newest: Vec<PageId>,
    /// Sections, sorted by folder; the first is the home page.
    pub sections: Vec<Section>,
    /// topics, series, tags, departments, in this order.
    pub taxonomies: Vec<Taxonomy>,
    /// Documents with a disclosure header.
    pub catalogue: Catalogue,
    /// Documents that are in no output, with the reason.
    pub hidden: Vec<Hidden>,
    /// What goes up or down after `now`, sorted by instant.
    pub changes: Vec<Change>,
    /// Files that pages may refer to.
    pub assets: BTreeMap<SourcePath, Asset>,
    /// By path of the document: its video, known once links are resolved and the files have been looked at.
    pub videos: BTreeMap<SourcePath, Video>,
    /// Redirects: old path → page.
    pub aliases: Vec<(Url, PageId)>,
}

/// A visible document with what only the whole site knows.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the editor wrote.
    pub document: Arc<Document>,
    /// Where it is published; ends with `/`.
    pub url: Url,
    /// The section it belongs to.
    pub section: SectionId,
    /// The next newer one in its section's order.
    pub newer: Option<PageId>,
    /// The next older one.
    pub older: Option<PageId>,
}

impl Page {
    /// Its title.
    pub fn title(&self) -> &str {
        &self.document.front.title
    }
    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.document.front.kind
    }
    /// Its publication date in the site's zone.
    pub fn date(&self) -> Option<civil::Date> {
        self.document.front.date.map(|moment| moment.date)
    }
    /// The summary given, else the automatic one.
    pub fn summary(&self) -> &str {
        self.document.front.summary.as_deref().unwrap_or(&self.document.outline.excerpt)
    }
}

/// A folder of content (栏目).
#[derive(Clone, Debug)]
pub struct Section {
    /// Folder relative to `content`, empty for the home page.
    pub name: String,
    /// Title of `_index.md`, else the folder's name.
    pub title: String,
    /// Where its list is published.
    pub url: Url,
    /// `_index.md`, when there is one.
    pub document: Option<Arc<Document>>,
    /// Kind of most of its documents by its folder.
    pub kind: Kind,
    /// Its documents and those of the folders below, in order.
    pub pages: Vec<PageId>,
    /// Sections directly below.
    pub children: Vec<SectionId>,
    /// The section above; none for the home page.
    pub parent: Option<SectionId>,
    /// Documents on a list page.
    pub page_size: usize,
}

/// A document that is in no output.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// The file.
    pub path: SourcePath,
    /// Its title.
    pub title: String,
    /// Why.
    pub reason: HiddenReason,
    /// When this ends, if the clock can end it.
    pub until: Option<Timestamp>,
}

/// Why a document is in no output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenReason {
    /// `draft = true`
    Draft,
    /// `publish` is still to come.
    Future,
    /// `expires` has passed.
    Expired,
    /// `openness` is not 主动公开.
    NotPublic,
    /// Its section is hidden.
    Section,
    /// It has an error.
    Broken,
}

/// An instant at which the site changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// What happens.
    pub kind: ChangeKind,
    /// Which document.
    pub path: SourcePath,
    /// Its title.
    pub title: String,
}

/// What happens at a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It becomes visible.
    Up,
    /// It goes.
    Down,
    /// It is no longer pinned.
    Unpinned,
}

/// A file beside documents or in `static`.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Where it is published if something refers to it.
    pub url: Url,
    /// Bytes.
    pub size: u64,
    /// Of its bytes.
    pub hash: Hash,
    /// Width and height of a picture.
    pub pixels: Option<(u32, u32)>,
}

impl Asset {
    /// The sizes in which pages show it; none when it is no photo, or one that can't or must not be resized.
    pub fn variants(&self, path: &SourcePath, config: &Config) -> Option<picture::Set> {
        let is_bearable = self.size <= config.pictures.max_bytes;
        self.pixels
            .filter(|_| is_bearable)
            .and_then(|pixels| picture::Set::of(path, self.hash, pixels, &config.pictures))
    }
}

/// What the site is built from, besides the instant.
pub struct Input<'a> {
    /// Settings.
    pub config: Arc<Config>,
    /// All documents, sorted by path.
    pub documents: &'a [Arc<Document>],
    /// All files, for assets.
    pub sources: &'a Sources,
    /// The instant.
    pub now: Timestamp,
    /// Drafts are shown too.
    pub drafts: bool,
}

/// Puts the site together.
pub fn build(input: &Input) -> (Site, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut sections = sections(input, &mut problems);
    let folders: BTreeMap<String, SectionId> = sections.iter().enumerate().map(|(i, s)| (s.name.clone(), i)).collect();
    let closed = closed_folders(input, &sections);

    let mut site = Site {
        config: input.config.clone(),
        now: input.now,
        pages: Vec::new(),
        newest: Vec::new(),
        sections: Vec::new(),
        taxonomies: Vec::new(),
        catalogue: Catalogue::default(),
        hidden: Vec::new(),
        changes: Vec::new(),
        assets: assets(input),
        videos: BTreeMap::new(),
        aliases: Vec::new(),
    };
    let fate = |document: &Arc<Document>| {
        (Fate::of(document, input, &folders, &sections, &closed), changes(document, input.now))
    };
    let fates: Vec<(Fate, Vec<Change>)> = input.documents.par_iter().map(fate).collect();
    for (document, (fate, changes)) in input.documents.iter().zip(fates) {
        site.changes.extend(changes);
        match fate {
            Fate::Page(page) => site.pages.push(page),
            Fate::Hidden(reason, until) => site.hide(document, reason, until),
            Fate::Section => {}
        }
    }
    site.changes.sort();
    site.newest = newest(&site.pages);
    fill_sections(&mut sections, &site);
    site.sections = sections;
    for document in input.documents.iter().filter(|d| d.front.kind == Kind::Section) {
        if let Some(section) =
            site.sections.iter_mut().find(|s| s.document.as_ref().is_some_and(|d| d.path == document.path))
            && closed.contains_key(&section.name)
        {
            section.document = None;
        }
    }
    let shut = |name: &str| closed.keys().any(|folder| name == folder || name.starts_with(&format!("{folder}/")));
    site.drop_sections(shut);
    neighbours(&mut site);
    let mut more = Vec::new();
    let lists = || {
        let taxonomies = taxonomy::taxonomies(&site, &mut problems);
        (taxonomies, catalogue::catalogue(&site, &mut problems))
    };
    ((site.taxonomies, site.catalogue), site.aliases) = rayon::join(lists, || owners::owners(&site, &mut more));
    problems.extend(more);
    index_numbers(input.documents, &mut problems);
    (site, problems)
}

impl Site {
    /// The page of this document, when it is visible.
    pub fn page_at(&self, path: &SourcePath) -> Option<&Page> {
        self.id_at(path).map(|id| &self.pages[id])
    }

    /// Where it stands among `pages`, which are sorted by path.
    pub fn id_at(&self, path: &SourcePath) -> Option<PageId> {
        self.pages.binary_search_by(|page| page.document.path.cmp(path)).ok()
    }

    /// The next instant after `now` at which any document goes up or down.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.changes.iter().map(|change| change.at).find(|at| *at > self.now)
    }

    /// The section of this folder name.
    pub fn section_named(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// True when this page is pinned at this instant.
    pub fn is_pinned(&self, page: &Page) -> bool {
        match page.document.front.pinned {
            Pinned::No => false,
            Pinned::Always => true,
            Pinned::Until(until) => self.now < until,
        }
    }

    fn hide(&mut self, document: &Document, reason: HiddenReason, until: Option<Timestamp>) {
        self.hidden.push(Hidden { path: document.path.clone(), title: document.front.title.clone(), reason, until });
    }

    fn drop_sections(&mut self, shut: impl Fn(&str) -> bool) {
        if !self.sections.iter().any(|section| shut(&section.name)) {
            return;
        }
        let keep: Vec<bool> = self.sections.iter().map(|s| s.name.is_empty() || !shut(&s.name)).collect();
        let new_id: Vec<Option<SectionId>> = keep
            .iter()
            .scan(0, |next, kept| {
                let id = *next;
                *next += usize::from(*kept);
                Some(kept.then_some(id))
            })
            .collect();
        let mut index = 0;
        self.sections.retain(|_| {
            index += 1;
            keep[index - 1]
        });
        for section in &mut self.sections {
            section.parent = section.parent.and_then(|id| new_id[id]);
            section.children = section.children.iter().filter_map(|id| new_id[*id]).collect();
        }
        for page in &mut self.pages {
            page.section = new_id[page.section].unwrap_or(0);
        }
    }
}

/// A content path without its `content/`.
fn content_path(path: &SourcePath) -> &str {
    path.as_str().strip_prefix("content/").unwrap_or(path.as_str())
}

/// True for `x/index.md`, in any language: the folder is the document's own, with its files beside it.
fn is_bundle(path: &SourcePath, config: &Config) -> bool {
    content_path(path).contains('/') && config.neutral(path).name() == "index.md"
}

/// What becomes of a document at this instant.
enum Fate {
    Page(Page),
    Hidden(HiddenReason, Option<Timestamp>),
    /// It describes its folder.
    Section,
}

impl Fate {
    fn of(
        document: &Arc<Document>,
        input: &Input,
        folders: &BTreeMap<String, SectionId>,
        sections: &[Section],
        closed: &BTreeMap<String, Option<Timestamp>>,
    ) -> Fate {
        if let Some((reason, until)) = hidden_by_itself(document, input) {
            return Fate::Hidden(reason, until);
        }
        if document.front.kind == Kind::Section {
            return Fate::Section;
        }
        let home = home_folder(document, folders, &input.config);
        if let Some(until) = closed.get(home) {
            return Fate::Hidden(HiddenReason::Section, *until);
        }
        let section = folders.get(home).copied().unwrap_or(0);
        let document = &document.with_defaults(&defaults(section, sections));
        let url = page_url(document, &sections[section], &input.config);
        Fate::Page(Page { document: document.clone(), url, section, newer: None, older: None })
    }
}

/// What documents of a section have unless they say otherwise: the nearest section that gives a value wins.
fn defaults(section: SectionId, sections: &[Section]) -> SectionDefaults {
    let mut all = SectionDefaults::default();
    let mut at = Some(section);
    while let Some(section) = at.map(|id| &sections[id]) {
        if let Some(given) = section.document.as_ref().map(|document| &document.front.section.defaults) {
            all = all.or(given);
        }
        at = section.parent;
    }
    all
}

/// Pages on the portal, newest first; those without a date last, those of one instant by path.
fn newest(pages: &[Page]) -> Vec<PageId> {
    // Pages are sorted by path, so the position says the same. Dates are gathered first: documents lie far apart.
    let key = |(id, page): (PageId, &Page)| {
        let front = &page.document.front;
        front.on_portal.then(|| (Reverse(front.date.map(|moment| moment.at)), id))
    };
    let mut keys: Vec<(Reverse<Option<Timestamp>>, PageId)> = pages.par_iter().enumerate().filter_map(key).collect();
    keys.par_sort_unstable();
    keys.into_iter().map(|(_, id)| id).collect()
}

/// The folder whose section this document belongs to.
fn home_folder<'a>(document: &'a Document, folders: &BTreeMap<String, SectionId>, config: &Config) -> &'a str {
    let path = content_path(&document.path);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut folder =
        if is_bundle(&document.path, config) { folder.rsplit_once('/').map_or("", |(up, _)| up) } else { folder };
    while !folders.contains_key(folder) {
        folder = folder.rsplit_once('/').map_or("", |(up, _)| up);
    }
    folder
}

fn hidden_by_itself(document: &Document, input: &Input) -> Option<(HiddenReason, Option<Timestamp>)> {
    let front = &document.front;
    let closed = front.disclosure.as_ref().is_some_and(|d| d.openness != Openness::Public);
    match () {
        () if closed => Some((HiddenReason::NotPublic, None)),
        () if front.draft && !input.drafts => Some((HiddenReason::Draft, None)),
        () if front.expires.is_some_and(|at| at <= input.now) => Some((HiddenReason::Expired, None)),
        () if front.publish.is_some_and(|at| at > input.now) => Some((HiddenReason::Future, front.publish)),
        () => None,
    }
}

/// What the clock will change about this document after `now`.
fn changes(document: &Document, now: Timestamp) -> Vec<Change> {
    let front = &document.front;
    if front.draft || front.disclosure.as_ref().is_some_and(|d| d.openness != Openness::Public) {
        return Vec::new();
    }
    let unpinned = match front.pinned {
        Pinned::Until(at) => Some(at),
        Pinned::No | Pinned::Always => None,
    };
    let kinds = [(front.publish, ChangeKind::Up), (front.expires, ChangeKind::Down), (unpinned, ChangeKind::Unpinned)];
    let change = |(at, kind): (Option<Timestamp>, ChangeKind)| {
        let at = at.filter(|at| *at > now)?;
        Some(Change { at, kind, path: document.path.clone(), title: front.title.clone() })
    };
    kinds.into_iter().filter_map(change).collect()
}

/// Folders whose `_index.md` hides them, with the end if the clock brings one.
fn closed_folders(input: &Input, sections: &[Section]) -> BTreeMap<String, Option<Timestamp>> {
    let mut closed = BTreeMap::new();
    for section in sections.iter().filter(|s| !s.name.is_empty()) {
        if let Some((_, until)) = section.document.as_ref().and_then(|d| hidden_by_itself(d, input)) {
            closed.insert(section.name.clone(), until);
        }
    }
    let above: Vec<(String, Option<Timestamp>)> = sections
        .iter()
        .filter_map(|s| {
            let up = closed.iter().find(|(folder, _)| s.name.starts_with(&format!("{folder}/")))?;
            Some((s.name.clone(), *up.1))
        })
        .collect();
    closed.extend(above);
    closed
}

/// Every folder that holds documents (other than bundles), and all folders above.
fn sections(input: &Input, problems: &mut Vec<Problem>) -> Vec<Section> {
    let mut names: BTreeMap<String, Option<Arc<Document>>> = BTreeMap::from([(String::new(), None)]);
    let mut last = "";
    for document in input.documents {
        let path = content_path(&document.path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut name = if is_bundle(&document.path, &input.config) {
            folder.rsplit_once('/').map_or("", |(up, _)| up)
        } else {
            folder
        };
        if document.front.kind == Kind::Section {
            names.insert(folder.to_string(), Some(document.clone()));
        }
        // Most documents share the folder of the one before.
        if std::mem::replace(&mut last, name) == name {
            continue;
        }
        while !name.is_empty() {
            names.entry(name.to_string()).or_default();
            name = name.rsplit_once('/').map_or("", |(up, _)| up);
        }
    }
    let ids: BTreeMap<String, SectionId> = names.keys().enumerate().map(|(id, name)| (name.clone(), id)).collect();
    let mut sections: Vec<Section> = Vec::with_capacity(names.len());
    for (name, document) in names {
        let parent = (!name.is_empty()).then(|| ids[name.rsplit_once('/').map_or("", |(up, _)| up)]);
        let url = parent.map_or_else(
            || Url::new("/"),
            |up| Url::new(&format!("{}{}/", sections[up].url, folder_slug(&name, document.as_deref(), &input.config))),
        );
        if parent == Some(0) && owners::is_reserved(url.as_str().trim_matches('/'), &input.config) {
            let path =
                document.as_ref().map_or_else(|| SourcePath::new(&format!("content/{name}")), |d| d.path.clone());
            problems.push(Problem::new("reserved-url").with("url", &url).in_file(&path));
        }
        let front = document.as_ref().map(|d| &d.front);
        let title = front.map(|f| f.title.clone()).filter(|t| !t.is_empty()).unwrap_or_else(|| {
            if name.is_empty() {
                input.config.title.clone()
            } else {
                name.rsplit('/').next().unwrap_or(&name).to_string()
            }
        });
        sections.push(Section {
            title,
            url,
            kind: kind_of_folder(&name),
            pages: Vec::new(),
            children: Vec::new(),
            parent,
            page_size: front.and_then(|f| f.section.page_size).unwrap_or(input.config.page_size).max(1),
            name,
            document,
        });
    }
    for id in 1..sections.len() {
        if let Some(up) = sections[id].parent {
            sections[up].children.push(id);
        }
    }
    sections
}

fn kind_of_folder(name: &str) -> Kind {
    match name.split('/').next() {
        Some("notices") => Kind::Notice,
        Some("slogans") => Kind::Slogan,
        Some("reports") => Kind::Report,
        _ => Kind::Page,
    }
}

fn folder_slug(name: &str, document: Option<&Document>, config: &Config) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    match document.and_then(|d| d.front.slug.as_deref()) {
        Some((slug, _)) => slug.clone(),
        None => name_slug(last, last, config),
    }
}

/// The URL segment of a file or folder name: the name itself when it is ASCII, else pinyin of `title`.
fn name_slug(name: &str, title: &str, config: &Config) -> String {
    slug::ascii_stem_slug(name).unwrap_or_else(|| slug::slug(title, &config.pinyin))
}

fn page_url(document: &Document, section: &Section, config: &Config) -> Url {
    let path = &config.neutral(&document.path);
    let name = if is_bundle(path, config) { path.folder().rsplit('/').next().unwrap_or("") } else { path.stem() };
    let segment = match document.front.slug.as_deref() {
        Some((slug, _)) => slug.clone(),
        None => name_slug(name, if document.front.title.is_empty() { name } else { &document.front.title }, config),
    };
    // Folders between the section and the file that hold no documents of their own still separate URLs.
    Url::new(&format!("{}{segment}/", section.url))
}

/// Files below `content` and `static` that pages may show or link to.
fn assets(input: &Input) -> BTreeMap<SourcePath, Asset> {
    let of = |source: &Source, prefix: &str| {
        let rest = source.path.as_str().strip_prefix(prefix)?;
        // Documents are most of what there is, so they are left out before anybody looks into a file.
        if source.path.is_markdown() || !stays_inside(rest) {
            return None;
        }
        let pixels = match &source.data {
            Data::OnDisk { pixels } => *pixels,
            Data::Bytes(bytes) => svg_pixels(bytes),
        };
        Some((source.path.clone(), Asset { url: Url::new(rest), size: source.size, hash: source.hash, pixels }))
    };
    let content = input.sources.under("content/").filter_map(|s| of(s, "content/"));
    content.chain(input.sources.under("static/").filter_map(|s| of(s, "static/"))).collect()
}

/// Width and height of an SVG picture by its `viewBox`, else its `width` and `height`.
fn svg_pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let attribute = |name: &str| {
        let rest = &tag[tag.find(&format!(" {name}="))? + name.len() + 3..];
        rest.split(['"', '\'']).next().map(str::to_string)
    };
    let whole = |value: f64| (value > 0.0 && value < 100_000.0).then_some(value.round() as u32);
    if let Some(numbers) = attribute("viewBox") {
        let numbers: Vec<f64> = numbers.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        if let [_, _, width, height] = numbers[..] {
            return Some((whole(width)?, whole(height)?));
        }
    }
    let number = |name| whole(attribute(name)?.trim_end_matches("px").parse().ok()?);
    Some((number("width")?, number("height")?))
}

fn fill_sections(sections: &mut [Section], site: &Site) {
    for id in &site.newest {
        let mut at = Some(site.pages[*id].section);
        while let Some(section) = at {
            sections[section].pages.push(*id);
            at = sections[section].parent;
        }
    }
    let pinned: Vec<bool> = site.pages.par_iter().map(|page| site.is_pinned(page)).collect();
    let any_pinned = pinned.contains(&true);
    for section in sections {
        match section.document.as_ref().map(|d| d.front.section.sort).unwrap_or_default() {
            SortBy::Date => {}
            SortBy::Weight => section.pages.sort_by_key(|id| site.pages[*id].document.front.weight),
            SortBy::Title => section.pages.sort_by(|a, b| site.pages[*a].title().cmp(site.pages[*b].title())),
        }
        if any_pinned {
            section.pages.sort_by_key(|id| !pinned[*id]);
        }
    }
}

fn neighbours(site: &mut Site) {
    // By section: the last page so far.
    let mut last: Vec<Option<PageId>> = vec![None; site.sections.len()];
    for id in &site.newest {
        let newer = last[site.pages[*id].section].replace(*id);
        site.pages[*id].newer = newer;
        if let Some(newer) = newer {
            site.pages[newer].older = Some(*id);
        }
    }
}

/// No two documents share an index number, hidden ones included.
fn index_numbers(documents: &[Arc<Document>], problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, &Document> = BTreeMap::new();
    for document in documents {
        let Some(disclosure) = &document.front.disclosure else { continue };
        if disclosure.index_number.is_empty() {
            continue;
        }
        let place = |d: &Document| {
            d.front.disclosure.as_ref().and_then(|x| x.index_place.clone()).unwrap_or_else(|| Place::file(&d.path))
        };
        match seen.get(disclosure.index_number.as_str()) {
            Some(other) => problems.push(
                Problem::new("duplicate-index-number")
                    .with("number", &disclosure.index_number)
                    .with("other", &other.path)
                    .at(place(document))
                    .also(place(other)),
            ),
            None => {
                seen.insert(&disclosure.index_number, document);
            }
        }
    }
}
