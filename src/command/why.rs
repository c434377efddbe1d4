//! `why`: which files, template and rules made an output, or why a document is in no output at this instant.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::list::{kind, state};
use super::{Site, local, only};
use crate::document::{Document, FrontMatter, Openness};
use crate::file::{OutputPath, SourcePath, Sources, Url};
use crate::link::{base_path, nearest, permalink};
use crate::memo::Memo;
use crate::message::Lang;
use crate::pipeline::{self, Entry, Preview};
use crate::plan::{Job, Recipe, Scope, archive};
use crate::problem::{Fault, Problem};
use crate::render::{self, Index, Rendered};
use crate::report::{Cell, Data, Outcome, Table, sentence};
use crate::search;
use crate::site::{self, Hidden, PageId};

/// Rows of one kind after which only their number is said.
const MOST: usize = 20;

/// Explains a URL, an output path or the path of a source.
pub fn why(site: &Site, target: &str, memo: &mut Memo) -> Result<Outcome, Fault> {
    let preview = site.preview(memo)?;
    let job = wanted(&preview, target);
    let Some(index) = job.and_then(|job| preview.index_of(job)).or(preview.index.as_ref()) else {
        return Ok(only(preview.problems));
    };
    let mut answer = Answer { lang: site.lang, table: Table::new(&COLUMNS), preview: &preview, index };
    let indexes = preview.index.iter().chain(&preview.translations);
    let hidden: Vec<_> = indexes.flat_map(|index| would_be_at(index, memo)).collect();
    if let Some(job) = job {
        answer.job(job);
        answer.written(&pipeline::entries(&site.folder), job);
    } else if let Some((row, url)) = hidden.iter().find(|(row, url)| is_meant(&preview, row, url.as_ref(), target)) {
        answer.hidden(row, url.as_ref(), memo);
    } else {
        let urls: Vec<String> = preview.jobs.iter().map(|job| job.path.url().to_string()).collect();
        let near = nearest(&path_of(&preview, target), urls.iter().map(String::as_str));
        return Ok(only(vec![Problem::new("no-such-output").with("target", target).with("near", near)]));
    }
    Ok(Outcome { data: Data::Table(answer.table), ..Outcome::default() })
}

const COLUMNS: [(&str, &str); 2] = [("what", "column-what"), ("value", "column-value")];

/// The job that somebody means by a URL, an output path or a source.
fn wanted<'p>(preview: &'p Preview, target: &str) -> Option<&'p Job> {
    let source = SourcePath::new(target.trim_start_matches("./"));
    if let Some(site) = preview.site_of(&source) {
        let section = || site.sections.iter().find(|s| s.document.as_ref().is_some_and(|d| d.path == source));
        let url = site.page_at(&source).map(|page| &page.url).or_else(|| section().map(|section| &section.url));
        if let Some(url) = url {
            return preview.jobs.get(&Url::new(&format!("{}{url}", site.config.folder)).output());
        }
    }
    if let Some(job) = preview.jobs.iter().find(|job| matches!(&job.recipe, Recipe::Copy(from) if *from == source)) {
        return Some(job);
    }
    let path = path_of(preview, target);
    let bare = path.trim_start_matches('/');
    let below_output = bare.strip_prefix(&format!("{}/", preview.config.output)).unwrap_or(bare);
    let slash = if path.ends_with('/') { "" } else { "/" };
    let candidates =
        [Url::new(&path).output(), Url::new(&format!("{path}{slash}")).output(), OutputPath::new(below_output)];
    candidates.iter().find_map(|path| preview.jobs.get(path))
}

/// The site-absolute path in whatever was given: a whole address, a path with the site's folder, percent-encoded or not.
fn path_of(preview: &Preview, target: &str) -> String {
    let config = &preview.config;
    let rest = match target.strip_prefix(config.base_url.as_str()) {
        Some(rest) if !config.base_url.is_empty() => rest,
        _ => match target.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => target,
        },
    };
    let rest = rest.split(['#', '?']).next().unwrap_or("");
    let rest = rest.strip_prefix(base_path(config)).filter(|r| r.starts_with('/')).unwrap_or(rest);
    let path = percent_decoded(rest);
    if path.starts_with('/') { path } else { format!("/{path}") }
}

/// Decodes `%E4%B8%AD`; what is no valid encoding stays as it is.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok()).filter(|_| *first == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

/// The hidden documents with the URLs that they would have: the site is laid out once more as if nothing were hidden.
fn would_be_at(index: &Index, memo: &Memo) -> Vec<(Hidden, Option<Url>)> {
    let world = index.world();
    let config = &world.site.config;
    let rows: BTreeMap<&SourcePath, &Hidden> = world.site.hidden.iter().map(|row| (&row.path, row)).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let open = |document: &Arc<Document>| match rows.contains_key(&document.path) {
        false => document.clone(),
        true => Arc::new(Document { front: opened(&document.front), ..Document::clone(document) }),
    };
    let documents: Vec<Arc<Document>> = memo.documents.values().map(|(_, document)| open(document)).collect();
    let own = config.languages.iter().find(|language| language.code == config.folder.trim_start_matches('/'));
    let documents = match own {
        Some(language) => site::documents_of(&documents, config, language),
        None => site::main_documents(&documents, config),
    };
    let sources = Sources::default();
    let input = site::Input {
        config: config.clone(),
        documents: &documents,
        sources: &sources,
        now: world.site.now,
        drafts: true,
    };
    let (open, _) = site::build(&input);
    let url = |path: &SourcePath| {
        let section = || open.sections.iter().find(|s| s.document.as_ref().is_some_and(|d| d.path == *path));
        let url = open.page_at(path).map(|page| &page.url).or_else(|| section().map(|s| &s.url))?;
        Some(Url::new(&format!("{}{url}", config.folder)))
    };
    world.site.hidden.iter().map(|row| (row.clone(), url(&row.path))).collect()
}

fn opened(front: &FrontMatter) -> FrontMatter {
    let mut front = FrontMatter { draft: false, publish: None, expires: None, ..front.clone() };
    if let Some(disclosure) = &mut front.disclosure {
        disclosure.openness = Openness::Public;
    }
    front
}

fn is_meant(preview: &Preview, row: &Hidden, url: Option<&Url>, target: &str) -> bool {
    let path = path_of(preview, target);
    let same = |url: &Url| {
        url.as_str().trim_end_matches('/') == path.trim_end_matches('/')
            || format!("/{}", url.output()) == path.replacen(&format!("/{}/", preview.config.output), "/", 1)
    };
    row.path.as_str() == target.trim_start_matches("./") || url.is_some_and(same)
}

/// The rows of an answer.
struct Answer<'a> {
    lang: Lang,
    table: Table,
    preview: &'a Preview,
    index: &'a Arc<Index>,
}

impl Answer<'_> {
    fn fact(&mut self, code: &'static str, value: impl Into<Cell>) {
        let name = code.trim_start_matches("why-");
        self.table.row([Cell::with(sentence(self.lang, code, &[]), name), value.into()]);
    }

    /// At most `MOST` rows of a kind, then how many more there are.
    fn facts(&mut self, code: &'static str, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().collect();
        values.iter().take(MOST).for_each(|value| self.fact(code, value));
        if values.len() > MOST {
            let more = sentence(self.lang, "why-more", &[("count", (values.len() - MOST).to_string())]);
            self.fact(code, more);
        }
    }

    fn job(&mut self, job: &Job) {
        self.fact("why-output", &job.path);
        self.fact("why-url", permalink(&self.preview.config, &job.path.url()));
        let name = recipe(&job.recipe);
        self.fact("why-recipe", Cell::with(sentence(self.lang, name, &[]), name.trim_start_matches("recipe-")));
        let recipe = match &job.recipe {
            Recipe::Form(of, _) => &**of,
            own => own,
        };
        match recipe {
            Recipe::Document(id) => self.document(*id),
            Recipe::Copy(source) | Recipe::Cleaned(source) | Recipe::Picture(source, ..) => self.copied(source),
            Recipe::Redirect { to, .. } => {
                let (site, url) = (&self.index.world().site, job.path.url());
                let is_here = |alias: &Url| format!("{}{alias}", site.config.folder) == url.as_str();
                if let Some((_, page)) = site.aliases.iter().find(|(alias, _)| is_here(alias)) {
                    self.fact("why-source", &site.pages[*page].document.path);
                }
                self.fact("why-target", permalink(&self.index.world().site.config, to));
            }
            other => {
                let shown = self.shown(other, matches!(job.recipe, Recipe::Form(..)));
                self.facts("why-shows", shown);
            }
        }
        self.template(job);
    }

    /// When its bytes last changed, by the receipts of this site.
    fn written(&mut self, entries: &[Entry], job: &Job) {
        let holds = |entry: &&Entry| entry.written.iter().any(|path| path == job.path.as_str());
        if let Some(entry) = entries.iter().rev().find(holds) {
            let since = entries.iter().rev().take_while(|later| later.now != entry.now).count();
            let at = local(entry.now, &self.preview.config.zone);
            let args = [("at", at), ("output", entry.output.clone()), ("count", since.to_string())];
            self.fact("why-written", sentence(self.lang, "why-written-at", &args));
        }
    }

    /// What a document's page depends on besides its template.
    fn document(&mut self, id: PageId) {
        let index = self.index.clone();
        let page = &index.world().site.pages[id];
        self.front(&page.document);
        let section = &index.world().site.sections[page.section];
        self.fact("why-section", format!("{} {}", section.title, section.url));
        let links = &index.world().links;
        self.facts("why-screen", super::screens::showing(self.preview, id));
        self.facts("why-image", links.images.get(&page.document.path).map(ToString::to_string));
        self.facts(
            "why-attachment",
            links.attachments.get(&page.document.path).into_iter().flatten().map(ToString::to_string),
        );
    }

    fn front(&mut self, document: &Document) {
        let zone = &self.preview.config.zone;
        let front = &document.front;
        let (from, until) = (front.publish.map(|at| local(at, zone)), front.expires.map(|at| local(at, zone)));
        self.fact("why-source", &document.path);
        self.fact("why-title", &front.title);
        self.fact("why-kind", kind(self.lang, front.kind));
        self.facts("why-from", from);
        self.facts("why-until", until);
    }

    fn copied(&mut self, source: &SourcePath) {
        let index = self.index.clone();
        let world = index.world();
        self.fact("why-source", source);
        let asset = world.site.assets.get(source);
        let mut users: Vec<String> = Vec::new();
        for (path, image) in &world.links.images {
            users.extend((image == source).then(|| path.to_string()));
        }
        for (path, attachments) in &world.links.attachments {
            users.extend(attachments.contains(source).then(|| path.to_string()));
        }
        if let Some(asset) = asset {
            let mut hrefs = vec![crate::link::file_href(&self.preview.config, &asset.url)];
            let plain = world.links.pictures.get(source).map(|set| set.url(&set.plain()));
            hrefs.extend(plain.map(|url| crate::link::file_href(&self.preview.config, &url)));
            for (path, targets) in &world.links.bodies {
                let refers = targets.iter().any(
                    |t| matches!(t, crate::link::Target::Inside { href: to, .. } if to.split('#').next().is_some_and(|to| hrefs.iter().any(|href| href == to))),
                );
                users.extend(refers.then(|| path.to_string()));
            }
        }
        users.sort();
        users.dedup();
        self.facts("why-used-by", users);
    }

    /// The documents that a list or feed shows; `whole` when it is not paged.
    fn shown(&self, recipe: &Recipe, whole: bool) -> Vec<String> {
        let world = self.index.world();
        let site = &world.site;
        let part = |ids: &[PageId], size: usize, number: usize| -> Vec<PageId> {
            let size = if whole { ids.len() } else { size };
            ids.chunks(size.max(1)).nth(number - 1).unwrap_or_default().to_vec()
        };
        let limit = self.preview.config.feed_limit;
        let ids: Vec<PageId> = match recipe {
            Recipe::Section(id, number) => part(&site.sections[*id].pages, site.sections[*id].page_size, *number),
            Recipe::Term(taxonomy, id, number) => {
                part(&site.taxonomies[*taxonomy].terms[*id].pages, self.preview.config.page_size, *number)
            }
            Recipe::Archive(period, number) => archive(world)
                .get(period)
                .map(|ids| part(ids, self.preview.config.page_size, *number))
                .unwrap_or_default(),
            Recipe::Catalogue(shelf, order, number) => {
                part(site.catalogue.shelves[*shelf].pages(*order), self.preview.config.catalogue_page_size, *number)
            }
            Recipe::CatalogueData(_) => site.catalogue.newest().to_vec(),
            Recipe::Feed(Scope::Section(id), _) => site.sections[*id].pages.iter().copied().take(limit).collect(),
            Recipe::Feed(Scope::Term(taxonomy, id), _) => {
                site.taxonomies[*taxonomy].terms[*id].pages.iter().copied().take(limit).collect()
            }
            Recipe::Feed(Scope::Site, _) => site.newest.iter().copied().take(limit).collect(),
            Recipe::Search(search::File::Text(segment, entry)) => {
                let segment = world.search.as_ref().and_then(|search| search.segments.get(*segment));
                segment.and_then(|segment| segment.entries.get(*entry)).map(|(_, id)| *id).into_iter().collect()
            }
            _ => Vec::new(),
        };
        ids.into_iter().map(|id| site.pages[id].document.path.to_string()).collect()
    }

    /// Which template made it, from which file, and what it asked the site.
    fn template(&mut self, job: &Job) {
        let Some(name) = render::template_of(self.index, job) else { return };
        let file = self.index.world().theme.template(&name).map(|template| template.path.to_string());
        self.fact("why-template", file.unwrap_or(name));
        if let Ok(Rendered { questions, .. }) = self.preview.render(job) {
            let mut asked: Vec<String> = questions
                .iter()
                .map(|(question, _)| {
                    let arguments: Vec<String> =
                        question.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    format!("{}({})", question.function, arguments.join(", "))
                })
                .filter(|asked| !asked.starts_with("t(") && !asked.starts_with("asset("))
                .collect();
            asked.sort();
            asked.dedup();
            self.facts("why-asks", asked);
        }
    }

    fn hidden(&mut self, row: &Hidden, url: Option<&Url>, memo: &Memo) {
        let (code, name) = state(row.reason);
        self.fact("why-state", Cell::with(sentence(self.lang, code, &[]), name));
        if let Some((_, document)) = memo.documents.get(&row.path) {
            self.front(document);
        }
        self.facts("why-would-be", url.map(|url| permalink(&self.preview.config, url)));
        if let Some(at) = row.until {
            self.fact("why-ends", Cell::with(local(at, &self.preview.config.zone), json!(at)));
        }
    }
}

fn recipe(recipe: &Recipe) -> &'static str {
    match recipe {
        Recipe::Home => "recipe-home",
        Recipe::Section(..) => "recipe-section",
        Recipe::Document(_) => "recipe-document",
        Recipe::Form(..) => "recipe-form",
        Recipe::Taxonomy(_) => "recipe-taxonomy",
        Recipe::Term(..) => "recipe-term",
        Recipe::Archive(..) => "recipe-archive",
        Recipe::Catalogue(..) => "recipe-catalogue",
        Recipe::CatalogueData(_) => "recipe-catalogue-data",
        Recipe::NotFound => "recipe-not-found",
        Recipe::Redirect { .. } => "recipe-alias",
        Recipe::Template { .. } => "recipe-template",
        Recipe::Kit { .. } => "recipe-kit",
        Recipe::Feed(..) => "recipe-feed",
        Recipe::Sitemap(_) => "recipe-sitemap",
        Recipe::Robots => "recipe-robots",
        Recipe::Search(_) => "recipe-search",
        Recipe::Bytes(_) | Recipe::Pieces(_) => "recipe-bytes",
        Recipe::Slide(_) => "recipe-slide",
        Recipe::Copy(_) => "recipe-copy",
        Recipe::Cleaned(_) => "recipe-cleaned",
        Recipe::Picture(..) => "recipe-picture",
    }
}
