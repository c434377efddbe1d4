//! References in bodies and front matter → URLs, or a problem with its place and the nearest names.
//!
//! In comes the finished `Site`; out comes a table of `Target`s for each page, in the order of its references. After this
//! room nothing is left to look up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::Serialize;

use crate::config::Config;
use crate::document::{Document, FileRef};
use crate::file::{Hash, SourcePath, Url, encode_path};
use crate::markdown::Reference;
use crate::picture;
use crate::problem::Problem;
use crate::site::{Asset, Site};

/// Where a reference goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "to", rename_all = "lowercase")]
pub enum Target {
    /// A page or file of this site.
    Inside {
        /// As it stands in the attribute: percent-encoded, with the site's folder and the anchor.
        href: String,
        /// Width and height of a picture.
        pixels: Option<(u32, u32)>,
        /// The attribute `srcset` of a picture's variants; empty when it has none.
        srcset: String,
    },
    /// Another site.
    Outside {
        /// As it stands in the attribute.
        href: String,
    },
    /// Nowhere: the words stay, the link goes. A problem was reported.
    Nowhere,
}

/// All references of a site, resolved.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// By path of the document: one target for each of its references.
    pub bodies: BTreeMap<SourcePath, Arc<Vec<Target>>>,
    /// By page: the hash of those of its document.
    pub targets: Vec<Hash>,
    /// By path of the document: its front matter's picture.
    pub images: BTreeMap<SourcePath, SourcePath>,
    /// By path of the document: its video. Published under its hash, beside the slides.
    pub videos: BTreeMap<SourcePath, SourcePath>,
    /// By path of the document: its attachments.
    pub attachments: BTreeMap<SourcePath, Vec<SourcePath>>,
    /// Files that visible documents refer to, and nothing else of `content`, are published.
    pub used: BTreeSet<SourcePath>,
    /// Pictures that pages show in variants of other sizes. The file itself is published only if something links to it.
    pub pictures: BTreeMap<SourcePath, Arc<picture::Set>>,
}

impl Target {
    /// A page or a file without variants.
    fn inside(href: String) -> Target {
        Target::Inside { href, pixels: None, srcset: String::new() }
    }
}

/// Resolves everything in all editions of a site, the one of the main language first.
pub fn resolve(sites: &[Site]) -> (Vec<Links>, Vec<Problem>) {
    let editions: Vec<Edition> = sites.iter().map(Edition::of).collect();
    let resolved = (0..editions.len()).map(|own| edition(&Known { own, editions: &editions }));
    let (links, problems): (Vec<Links>, Vec<Vec<Problem>>) = resolved.unzip();
    (links, problems.concat())
}

/// Resolves the references of one edition. Documents of sections take part like pages.
fn edition(known: &Known) -> (Links, Vec<Problem>) {
    let site = known.site();
    let documents: Vec<&Arc<Document>> = site
        .pages
        .iter()
        .map(|p| &p.document)
        .chain(site.sections.iter().filter_map(|s| s.document.as_ref()))
        .collect();
    // Most documents have links at most, so the rest is kept apart.
    let part = |document: &&Arc<Document>| {
        let mut part = known.document(document);
        let targets = std::mem::take(&mut part.targets);
        (targets_hash(&targets), targets, (!part.is_empty()).then(|| Box::new(part)))
    };
    let parts: Vec<(Hash, Vec<Target>, Option<Box<Part>>)> = documents.par_iter().map(part).collect();
    let targets = parts.iter().take(site.pages.len()).map(|(hash, ..)| *hash).collect();
    let mut links = Links { targets, ..Links::default() };
    let mut problems = Vec::new();
    let mut bodies = Vec::new();
    for (document, (_, targets, part)) in documents.iter().zip(parts) {
        if !targets.is_empty() {
            bodies.push((document.path.clone(), Arc::new(targets)));
        }
        let Some(part) = part else { continue };
        links.used.extend(part.used);
        for (path, set) in part.pictures {
            links.pictures.entry(path).or_insert_with(|| set.into());
        }
        if let Some(video) = part.video {
            links.videos.insert(document.path.clone(), video);
        }
        links.used.extend(part.attachments.iter().cloned());
        if let Some(image) = part.image {
            links.images.insert(document.path.clone(), image);
        }
        if !part.attachments.is_empty() {
            links.attachments.insert(document.path.clone(), part.attachments);
        }
        problems.extend(part.problems);
    }
    // Nearly sorted, which makes a map of it faster than row by row.
    links.bodies = bodies.into_iter().collect();
    (links, problems)
}

/// Of all that a page says about where its references go.
pub fn targets_hash(targets: &[Target]) -> Hash {
    if targets.is_empty() { Hash::default() } else { Hash::of_value(targets) }
}

/// The folder that `base_url` puts the edition in: empty, or `/folder`.
pub fn base_path(config: &Config) -> &str {
    let rest = config.base_url.split_once("://").map_or(config.base_url.as_str(), |(_, rest)| rest);
    rest.find('/').map_or("", |at| rest[at..].trim_end_matches('/'))
}

/// The folder of the whole site: files that all editions share, and screens, lie below it.
pub fn root_path(config: &Config) -> &str {
    base_path(config).strip_suffix(config.folder.as_str()).unwrap_or_default()
}

/// A URL of this site as it stands in an attribute.
pub fn href(config: &Config, url: &Url) -> String {
    [base_path(config), &url.encoded()].concat()
}

/// A URL of this site with scheme and host.
pub fn permalink(config: &Config, url: &Url) -> String {
    [config.base_url.as_str(), &url.encoded()].concat()
}

/// The URL of a file that all editions share, as it stands in an attribute.
pub fn file_href(config: &Config, url: &Url) -> String {
    [root_path(config), &url.encoded()].concat()
}

/// The URL of a file that all editions share, with scheme and host.
pub fn file_permalink(config: &Config, url: &Url) -> String {
    format!("{}{}", config.root_url(), url.encoded())
}

/// What the references of one edition can go to.
struct Known<'a> {
    /// Position of the edition.
    own: usize,
    /// All of them.
    editions: &'a [Edition<'a>],
}

/// By URL, a document or something else.
type ByUrl<'a> = BTreeMap<&'a str, Option<&'a Arc<Document>>>;

/// What references into an edition can go to.
struct Edition<'a> {
    site: &'a Site,
    /// See `by_url`.
    urls: OnceLock<ByUrl<'a>>,
    hidden: BTreeSet<&'a SourcePath>,
}

/// What kind of file would answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Any,
    File,
    Picture,
    Video,
}

#[derive(Default)]
struct Part {
    targets: Vec<Target>,
    image: Option<SourcePath>,
    video: Option<SourcePath>,
    attachments: Vec<SourcePath>,
    used: Vec<SourcePath>,
    pictures: Vec<(SourcePath, picture::Set)>,
    problems: Vec<Problem>,
}

impl Part {
    /// True when it says nothing.
    fn is_empty(&self) -> bool {
        let Part { targets, image, video, attachments, used, pictures, problems } = self;
        let files = image.is_none() && video.is_none() && attachments.is_empty() && used.is_empty();
        targets.is_empty() && files && pictures.is_empty() && problems.is_empty()
    }
}

impl<'a> Edition<'a> {
    fn of(site: &'a Site) -> Edition<'a> {
        Edition { site, urls: OnceLock::new(), hidden: site.hidden.iter().map(|h| &h.path).collect() }
    }

    /// What the edition has by URL: made when a reference asks for it, since most name a file.
    fn by_url(&self) -> &ByUrl<'a> {
        self.urls.get_or_init(|| Edition::urls_of(self.site))
    }

    fn urls_of(site: &'a Site) -> ByUrl<'a> {
        let mut by_url: ByUrl = BTreeMap::new();
        by_url.extend(site.sections.iter().map(|s| (s.url.as_str(), s.document.as_ref())));
        by_url.extend(site.pages.iter().map(|p| (p.url.as_str(), Some(&p.document))));
        by_url.extend(site.taxonomies.iter().flat_map(|t| &t.terms).map(|t| (t.url.as_str(), None)));
        by_url.extend(site.aliases.iter().map(|(url, _)| (url.as_str(), None)));
        by_url.extend(site.assets.values().map(|a| (a.url.as_str(), None)));
        // What the program makes by itself; further down the hierarchy anything may follow.
        let fixed = ["/screens/", "/search/", "/topics/", "/series/", "/tags/", "/departments/", "/sitemap.xml"];
        let feeds = [("atom", "/feed.xml"), ("rss", "/rss.xml"), ("json", "/feed.json")];
        by_url.extend(fixed.map(|url| (url, None)));
        by_url.extend(feeds.iter().filter(|feed| site.config.makes_feed(feed.0, "site")).map(|feed| (feed.1, None)));
        by_url.extend(site.config.archive.then_some(("/archive/", None)));
        by_url.extend(site.catalogue.shelves.iter().map(|shelf| (shelf.url.as_str(), None)));
        if !site.catalogue.is_empty() {
            by_url.extend(["/disclosure/catalog.json", "/disclosure/catalog.csv"].map(|url| (url, None)));
        }
        by_url
    }
}

impl<'a> Known<'a> {
    fn site(&self) -> &'a Site {
        self.editions[self.own].site
    }

    /// The edition itself, then the others.
    fn nearest_first(&self) -> impl Iterator<Item = &'a Edition<'a>> {
        let others = self.editions.iter().enumerate().filter(|(id, _)| *id != self.own).map(|(_, edition)| edition);
        std::iter::once(&self.editions[self.own]).chain(others)
    }

    /// The edition that a path of the whole site leads into, and the path inside it.
    fn edition_at<'p>(&self, path: &'p str) -> (&'a Edition<'a>, &'p str) {
        let inside = |edition: &'a Edition<'a>| {
            let folder = edition.site.config.folder.as_str();
            let rest = path.strip_prefix(folder).filter(|rest| rest.starts_with('/') && !folder.is_empty())?;
            Some((edition, rest))
        };
        self.editions.iter().find_map(inside).unwrap_or((&self.editions[0], path))
    }

    fn document(&self, document: &Document) -> Part {
        let mut part = Part::default();
        for reference in &document.outline.references {
            let target = self.reference(document, reference, &mut part);
            part.targets.push(target);
        }
        if let Some(image) = &document.front.image {
            part.image = self.file(document, image, Wanted::Picture, &mut part.problems);
            // One that only screens show is part of their slides.
            if let Some((path, asset)) = part.image.as_ref().and_then(|path| self.site().assets.get_key_value(path))
                && document.front.on_portal
            {
                self.shown(path, asset, &mut part);
            }
        }
        if let Some(video) = &document.front.video {
            part.video = self.file(document, video, Wanted::Video, &mut part.problems);
        }
        for file in &document.front.attachments {
            part.attachments.extend(self.file(document, file, Wanted::File, &mut part.problems));
        }
        part
    }

    fn reference(&self, document: &Document, reference: &Reference, part: &mut Part) -> Target {
        let target = reference.target.trim();
        let root = self.site().config.root_url();
        if let Some(rest) = target.strip_prefix(root).filter(|_| !root.is_empty())
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return self.site_path(document, if rest.is_empty() { "/" } else { rest }, reference, part);
        }
        if target.starts_with("//") || has_scheme(target) {
            return Target::Outside { href: target.to_string() };
        }
        if let Some(anchor) = target.strip_prefix('#') {
            return match self.anchor(document, anchor, reference, part) {
                true => Target::inside(format!("#{}", encode_path(anchor))),
                false => Target::Nowhere,
            };
        }
        if target.starts_with('/') {
            return self.site_path(document, target, reference, part);
        }
        self.relative(document, target, reference, part)
    }

    /// `../a.md#x`, `1.png`.
    fn relative(&self, document: &Document, target: &str, reference: &Reference, part: &mut Part) -> Target {
        let (path, anchor) = split_anchor(target);
        let path = path.split('?').next().unwrap_or(path);
        let published = |p: &SourcePath| p.as_str().starts_with("content/") || p.as_str().starts_with("static/");
        let Some(source) = document.path.join(path).filter(published) else {
            part.problems.push(Problem::new("path-leaves-site").with("found", target).at(reference.place.clone()));
            return Target::Nowhere;
        };
        if let Some(asset) = self.site().assets.get(&source) {
            return self.asset(&source, asset, reference, part);
        }
        // A folder's own document may be meant by the folder's name.
        let candidates = [
            source.clone(),
            SourcePath::new(&format!("{source}/index.md")),
            SourcePath::new(&format!("{source}/_index.md")),
        ];
        for (edition, candidate) in self.nearest_first().flat_map(|e| candidates.iter().map(move |c| (e, c))) {
            let site = edition.site;
            if let Some(page) = site.page_named(candidate).map(|id| &site.pages[id]) {
                return self.page(edition, &page.url, &page.document, anchor, reference, part);
            }
            let describes = |d: &Arc<Document>| d.path == *candidate || site.config.neutral(&d.path) == *candidate;
            if let Some(section) = site.sections.iter().find(|s| s.document.as_ref().is_some_and(describes)) {
                return Target::inside(href(&site.config, &section.url));
            }
        }
        if candidates.iter().any(|candidate| self.nearest_first().any(|edition| edition.hidden.contains(candidate))) {
            part.problems.push(Problem::new("link-to-hidden").with("target", target).at(reference.place.clone()));
            return Target::Nowhere;
        }
        self.broken(source.as_str(), target, reference, part)
    }

    /// `/notices/a/`, `/files/a.pdf`, `/en/notices/a/`: as it stands in the address bar, below the folder of the site.
    fn site_path(&self, document: &Document, target: &str, reference: &Reference, part: &mut Part) -> Target {
        let (whole, anchor) = split_anchor(target);
        let whole = whole.split('?').next().unwrap_or(whole);
        let (edition, path) = self.edition_at(whole);
        let config = &edition.site.config;
        let with_slash = format!("{path}/");
        for candidate in [path, with_slash.as_str()] {
            match edition.by_url().get(candidate) {
                Some(Some(document)) => {
                    return self.page(edition, &Url::new(candidate), document, anchor, reference, part);
                }
                Some(None) => {
                    if let Some((source, asset)) = edition.site.assets.iter().find(|(_, a)| a.url.as_str() == candidate)
                    {
                        return self.asset(source, asset, reference, part);
                    }
                    let anchor = anchor.map_or(String::new(), |a| format!("#{}", encode_path(a)));
                    let href = href(config, &Url::new(candidate));
                    return Target::inside(format!("{href}{anchor}"));
                }
                None => {}
            }
        }
        if path.starts_with("/screens/") || (config.archive && path.starts_with("/archive/")) {
            return Target::inside(href(config, &Url::new(path)));
        }
        if let Some(source) = path.strip_prefix('/').and_then(|p| document.path.join(&format!("/content/{p}")))
            && edition.hidden.contains(&source)
        {
            part.problems.push(Problem::new("link-to-hidden").with("target", target).at(reference.place.clone()));
            return Target::Nowhere;
        }
        self.broken(whole, target, reference, part)
    }

    fn page(
        &self,
        edition: &Edition,
        url: &Url,
        document: &Document,
        anchor: Option<&str>,
        reference: &Reference,
        part: &mut Part,
    ) -> Target {
        let base = href(&edition.site.config, url);
        match anchor {
            None => Target::inside(base),
            Some(anchor) => match self.anchor(document, anchor, reference, part) {
                true => Target::inside(format!("{base}#{}", encode_path(anchor))),
                false => Target::Nowhere,
            },
        }
    }

    fn asset(&self, path: &SourcePath, asset: &Asset, reference: &Reference, part: &mut Part) -> Target {
        let to = |url: &Url| file_href(&self.site().config, url);
        if !reference.image {
            part.used.push(path.clone());
            return Target::inside(to(&asset.url));
        }
        match self.shown(path, asset, part) {
            Some(set) => {
                let plain = set.plain();
                let pixels = Some((plain.width, plain.height));
                Target::Inside { href: to(&set.url(&plain)), pixels, srcset: set.srcset(to) }
            }
            None => Target::Inside { href: to(&asset.url), pixels: asset.pixels, srcset: String::new() },
        }
    }

    /// Notes that a page shows this picture: in its variants where it has any, else as it is.
    fn shown(&self, path: &SourcePath, asset: &Asset, part: &mut Part) -> Option<picture::Set> {
        let set = asset.variants(path, &self.site().config);
        match &set {
            Some(set) => part.pictures.push((path.clone(), set.clone())),
            None => part.used.push(path.clone()),
        }
        set
    }

    /// True when the document has this anchor; else reports it.
    fn anchor(&self, document: &Document, anchor: &str, reference: &Reference, part: &mut Part) -> bool {
        // The theme gives `top` and `main` to every page.
        if anchor.is_empty()
            || anchor == "top"
            || anchor == "main"
            || document.outline.headings.iter().any(|h| h.id == anchor)
            || document.outline.anchors.iter().any(|a| a == anchor)
        {
            return true;
        }
        let near = nearest(
            anchor,
            document.outline.headings.iter().map(|h| h.id).chain(document.outline.anchors.iter().map(String::as_str)),
        );
        part.problems.push(
            Problem::new("broken-anchor")
                .with("anchor", anchor)
                .with("near", near)
                .with("path", &document.path)
                .at(reference.place.clone()),
        );
        false
    }

    fn broken(&self, path: &str, target: &str, reference: &Reference, part: &mut Part) -> Target {
        let code = if reference.image { "missing-image" } else { "broken-link" };
        let near = match path.starts_with('/') {
            true => nearest(path, self.editions[0].by_url().keys().copied()),
            false => {
                let wanted = if reference.image { Wanted::Picture } else { Wanted::Any };
                self.nearest_source(path, wanted, &reference.place.path)
            }
        };
        part.problems.push(Problem::new(code).with("target", target).with("near", near).at(reference.place.clone()));
        Target::Nowhere
    }

    /// The nearest file of the site: pictures for a picture, files for an attachment, documents too for a link.
    fn nearest_source(&self, path: &str, wanted: Wanted, own: &SourcePath) -> String {
        let picture = |path: &SourcePath| {
            matches!(path.extension().as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "avif")
        };
        let files = self.site().assets.keys().filter(|path| match wanted {
            Wanted::Picture => picture(path),
            Wanted::Video => path.extension() == "mp4",
            Wanted::Any | Wanted::File => true,
        });
        let paths = self.site().pages.iter().map(|page| &page.document.path);
        let documents = paths.filter(|path| wanted == Wanted::Any && *path != own);
        nearest(path, documents.chain(files).map(SourcePath::as_str))
    }

    /// A file named in the front matter.
    fn file(
        &self,
        document: &Document,
        file: &FileRef,
        wanted: Wanted,
        problems: &mut Vec<Problem>,
    ) -> Option<SourcePath> {
        let Some(path) = document
            .path
            .join(&file.target)
            .filter(|p| p.as_str().starts_with("content/") || p.as_str().starts_with("static/"))
        else {
            problems.push(Problem::new("path-leaves-site").with("found", &file.target).at(file.place.clone()));
            return None;
        };
        if self.site().assets.contains_key(&path) {
            return Some(path);
        }
        let code = match wanted {
            Wanted::Picture => "missing-image",
            Wanted::Video => "missing-video",
            Wanted::Any | Wanted::File => "missing-attachment",
        };
        let near = self.nearest_source(path.as_str(), wanted, &document.path);
        problems.push(Problem::new(code).with("target", &file.target).with("near", near).at(file.place.clone()));
        None
    }
}

/// `mailto:`, `https:` …: letters, digits, `+-.` before a colon, and no slash before it.
fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn split_anchor(target: &str) -> (&str, Option<&str>) {
    match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    }
}

/// The candidate nearest to `wanted`, in words ready for a hint; empty when none is near.
pub fn nearest<'a>(wanted: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let last = |path: &str| path.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_string();
    let name = last(wanted);
    candidates
        .map(|candidate| {
            let whole = strsim::normalized_levenshtein(wanted, candidate);
            // A file in another folder with the same name is what is usually meant.
            let by_name = if last(candidate) == name { 0.95 } else { 0.0 };
            (if whole > by_name { whole } else { by_name }, candidate)
        })
        .filter(|(score, _)| *score > 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map_or(String::new(), |(_, candidate)| candidate.to_string())
}
