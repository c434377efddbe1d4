//! What templates may ask: titles, URLs, dates and summaries of all documents, never their bodies.
//!
//! Answers are made once for a build and shared. A `Question` is plain text, so it can be kept between builds and asked
//! again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, RwLock};

use jiff::Timestamp;
use serde::Serialize;
use tera::Value;

use crate::config::Config;
use crate::document::Moment;
use crate::file::{Hash, Parts, SourcePath, Sources, Url};
use crate::plan::{Period, archive, sitemap_urls};
use crate::site::{PageId, SectionId};
use crate::view::{Keys, PageView, SiteView, World, words_of};

use super::fields::Fields;

/// What a template asked: a function and its arguments, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// Name of the function.
    pub function: String,
    /// Arguments as text.
    pub arguments: Vec<(String, String)>,
}

/// The argument that says which edition was asked; none for the main language.
pub(super) const EDITION: &str = "edition";

/// Stands between the parts of a question as text: the unit separator of ASCII.
const BETWEEN: char = '\u{1f}';

impl Question {
    /// As one text, to be kept between builds.
    pub fn to_text(&self) -> String {
        let mut text = self.function.clone();
        for part in self.arguments.iter().flat_map(|(name, value)| [name, value]) {
            text.push(BETWEEN);
            text.push_str(part);
        }
        text
    }

    /// From its text. An argument that holds a separator makes it another question, with another answer at worst.
    pub fn from_text(text: &str) -> Option<Question> {
        let mut parts = text.split(BETWEEN).map(str::to_string);
        let function = parts.next()?;
        let mut arguments = Vec::new();
        while let Some(name) = parts.next() {
            arguments.push((name, parts.next()?));
        }
        Some(Question { function, arguments })
    }

    /// Which edition was asked.
    pub fn edition(&self) -> usize {
        self.number(EDITION).unwrap_or_default()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
    fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }
}

/// Answers for one world.
pub struct Index {
    world: Arc<World>,
    site: Value,
    theme: Value,
    base: Hash,
    sections: Vec<OnceLock<Value>>,
    /// By taxonomy and term.
    terms: Vec<Vec<OnceLock<Value>>>,
    summaries: Vec<OnceLock<Value>>,
    dates: RwLock<HashMap<Moment, Value>>,
    keys: Vec<OnceLock<Keys>>,
    answers: RwLock<BTreeMap<Question, Arc<(Answer, Hash)>>>,
    archive: OnceLock<BTreeMap<Period, Vec<PageId>>>,
    years: OnceLock<(Value, Hash)>,
    newest: Vec<OnceLock<Vec<PageId>>>,
    hashes: BTreeMap<SourcePath, Hash>,
}

/// What was found; summaries become values when somebody wants to see them.
enum Answer {
    Pages(Vec<PageId>),
    Page(Option<PageId>),
    Plain(Value),
}

impl Index {
    /// Over this world; `sources` gives the hashes of files that are copied.
    pub fn new(world: Arc<World>, sources: &Sources) -> Index {
        let view = world.site_view();
        let site = &world.site;
        let copied = site.assets.keys().chain(world.theme.statics.values().map(|file| &file.source));
        Index {
            site: Value::from_serializable(&view),
            theme: Value::from_serializable(&world.theme.settings),
            base: base(&world, &view),
            sections: unset(site.sections.len()),
            terms: site.taxonomies.iter().map(|taxonomy| unset(taxonomy.terms.len())).collect(),
            summaries: unset(site.pages.len()),
            dates: RwLock::default(),
            keys: unset(site.pages.len()),
            answers: RwLock::default(),
            archive: OnceLock::new(),
            years: OnceLock::new(),
            newest: unset(site.sections.len()),
            hashes: copied.filter_map(|path| Some((path.clone(), sources.get(path)?.hash))).collect(),
            world,
        }
    }

    /// With the keys of every document, which somebody has made already.
    pub fn keyed(self, keys: Vec<Keys>) -> Index {
        Index { keys: keys.into_iter().map(OnceLock::from).collect(), ..self }
    }

    /// What it answers about.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The variable `site`.
    pub fn site_value(&self) -> &Value {
        &self.site
    }

    /// The variable `theme`.
    pub fn theme_value(&self) -> &Value {
        &self.theme
    }

    /// Of what every page depends on: the settings, the variable `site`, the theme with its words and files.
    pub fn base_hash(&self) -> Hash {
        self.base
    }

    /// The hash of a file that is copied.
    pub fn source_hash(&self, path: &SourcePath) -> Hash {
        self.hashes.get(path).copied().unwrap_or_default()
    }

    /// A document as lists show it.
    pub fn summary(&self, id: PageId) -> Value {
        let make = || {
            let page = &self.world.site.pages[id];
            let [topics, series, _, department] = words_of(&page.document.front);
            Fields::of(&self.world.summary(id))
                .with("topics", self.named(0, topics))
                .with("series", first(self.named(1, series)))
                .with("department", first(self.named(3, department)))
                .with("section", self.section_ref(page.section))
                .with("date", self.date(page.document.front.date.as_ref()))
                .into_value()
        };
        self.summaries[id].get_or_init(make).clone()
    }

    /// Of all that a summary depends on.
    pub fn summary_key(&self, id: PageId) -> Hash {
        self.keys(id).summary
    }

    /// Of all that is shown of a document.
    pub(super) fn keys(&self, id: PageId) -> &Keys {
        self.keys[id].get_or_init(|| self.world.keys(id))
    }

    /// A document on its own page, all but its body.
    pub(super) fn page(&self, id: PageId, view: &PageView) -> Fields {
        let front = &self.world.site.pages[id].document.front;
        let [_, _, tags, _] = words_of(front);
        let page = Fields::of_map(&self.summary(id)).and(view);
        page.with("tags", self.named(2, tags)).with("updated", self.date(front.updated.as_ref()))
    }

    /// A date in the forms that pages print: many documents have the same.
    fn date(&self, moment: Option<&Moment>) -> Value {
        let Some(moment) = moment else { return Value::none() };
        // Poisoned or not: what is there is whole.
        if let Some(date) = self.dates.read().unwrap_or_else(|e| e.into_inner()).get(moment) {
            return date.clone();
        }
        let date = Value::from_serializable(&self.world.date(moment));
        self.dates.write().unwrap_or_else(|e| e.into_inner()).insert(*moment, date.clone());
        date
    }

    /// The terms of these words, as links.
    fn named(&self, taxonomy: usize, words: &[String]) -> Vec<Value> {
        let Some(all) = self.world.site.taxonomies.get(taxonomy) else { return Vec::new() };
        let value = |id: usize| {
            let make = || Value::from_serializable(&self.world.term(&all.terms[id]).0);
            self.terms[taxonomy][id].get_or_init(make).clone()
        };
        words.iter().filter_map(|word| all.position(word)).map(value).collect()
    }

    fn section_ref(&self, id: SectionId) -> Value {
        let make = || Value::from_serializable(&self.world.section_ref(&self.world.site.sections[id]));
        self.sections[id].get_or_init(make).clone()
    }

    /// Documents by period.
    pub fn archive(&self) -> &BTreeMap<Period, Vec<PageId>> {
        self.archive.get_or_init(|| archive(&self.world))
    }

    /// All years of the archive with their months, for templates.
    pub(super) fn years(&self) -> &Value {
        &self.years_and_key().0
    }

    /// Of `years`.
    pub(super) fn years_key(&self) -> Hash {
        self.years_and_key().1
    }

    fn years_and_key(&self) -> &(Value, Hash) {
        self.years.get_or_init(|| {
            let years = super::input::years(&self.world, self.archive());
            let hash = Hash::of_value(&years);
            (years, hash)
        })
    }

    /// The documents of a section, newest first, whatever the order of its list.
    pub(super) fn newest_of_section(&self, id: SectionId) -> &[PageId] {
        self.newest[id].get_or_init(|| {
            let site = &self.world.site;
            let is_inside = |page: &PageId| {
                let mut at = Some(site.pages[*page].section);
                while let Some(section) = at.filter(|section| *section != id) {
                    at = site.sections[section].parent;
                }
                at.is_some()
            };
            site.newest.iter().copied().filter(is_inside).collect()
        })
    }

    /// Every page that search engines should know.
    pub(super) fn sitemap_urls(&self) -> &[(Url, Option<Timestamp>)] {
        self.world.sitemap.get_or_init(|| sitemap_urls(&self.world))
    }

    /// The answer and its hash; `Err` with the reason when the question makes no sense.
    pub fn answer(&self, question: &Question) -> Result<(Value, Hash), String> {
        let answer = self.known(question)?;
        let value = match &answer.0 {
            Answer::Pages(ids) => ids.iter().map(|id| self.summary(*id)).collect::<Vec<_>>().into(),
            Answer::Page(id) => id.map_or_else(Value::none, |id| self.summary(id)),
            Answer::Plain(value) => value.clone(),
        };
        Ok((value, answer.1))
    }

    /// Only the hash of the answer.
    pub fn answer_key(&self, question: &Question) -> Result<Hash, String> {
        Ok(self.known(question)?.1)
    }

    fn known(&self, question: &Question) -> Result<Arc<(Answer, Hash)>, String> {
        // A poisoned lock means that another thread panicked while inserting a finished answer; what is there is whole.
        if let Some(answer) = self.answers.read().unwrap_or_else(|e| e.into_inner()).get(question) {
            return Ok(answer.clone());
        }
        let answer = self.find(question)?;
        let hash = match &answer {
            Answer::Pages(ids) => {
                let mut parts = Parts::new();
                for id in ids {
                    parts.hash(self.summary_key(*id));
                }
                parts.finish()
            }
            Answer::Page(id) => id.map_or(Hash::default(), |id| self.summary_key(id)),
            Answer::Plain(value) => Hash::of_value(value),
        };
        let answer = Arc::new((answer, hash));
        // What is asked about one page is asked once; keeping it would only fill memory.
        if question.function != "related" {
            self.answers.write().unwrap_or_else(|e| e.into_inner()).insert(question.clone(), answer.clone());
        }
        Ok(answer)
    }

    fn find(&self, question: &Question) -> Result<Answer, String> {
        match question.function.as_str() {
            "pages" => Ok(Answer::Pages(self.pages(question))),
            "related" => self.related(question).map(Answer::Pages),
            "page" => {
                let path = question.text("path").ok_or("page() needs path=")?;
                Ok(Answer::Page(self.world.site.page_named(&SourcePath::new(&format!("content/{path}")))))
            }
            "section" => {
                let name = question.text("name").ok_or("section() needs name=")?;
                Ok(plain(&self.world.site.section_named(name).map(|s| self.world.section(s))))
            }
            "terms" => self.terms(question),
            "screens" => Ok(plain(&self.world.screens)),
            "data" => {
                let name = question.text("name").ok_or("data() needs name=")?;
                Ok(plain(&self.world.data.get(name)))
            }
            other => Err(format!("there is no function {other}()")),
        }
    }

    /// The published URL of a static file of the theme. No question: it is part of what every page depends on.
    pub(super) fn asset(&self, path: &str) -> Result<Value, String> {
        let file = self.world.theme.statics.get(path).ok_or_else(|| format!("the theme has no static file {path}"))?;
        Ok(Value::normal_string(&self.world.file_href(&Url::new(file.output.as_str()))))
    }

    /// An interface word in the site's language. No question, for the same reason.
    pub(super) fn word(&self, key: &str) -> Result<Value, String> {
        let word = self.world.theme.strings.get(key).ok_or_else(|| format!("no interface word “{key}” in strings/"))?;
        Ok(Value::normal_string(word))
    }

    /// pages(section=, kind=, topic=, series=, tag=, department=, limit=, offset=)
    fn pages(&self, question: &Question) -> Vec<PageId> {
        let site = &self.world.site;
        let mut ids: Vec<PageId> = match question.text("section") {
            Some(name) => {
                let section = site.section_named(name).map(|s| s.pages.clone());
                section.unwrap_or_default()
            }
            None => match question.text("topic").map(|t| (0, t)).or(question.text("series").map(|s| (1, s))) {
                Some((taxonomy, name)) => {
                    site.taxonomies[taxonomy].term(name).map(|t| t.pages.clone()).unwrap_or_default()
                }
                None => site.newest.clone(),
            },
        };
        let front = |id: &PageId| &site.pages[*id].document.front;
        if let Some(kind) = question.text("kind") {
            ids.retain(|id| front(id).kind.as_str() == kind);
        }
        if let Some(topic) = question.text("topic") {
            ids.retain(|id| front(id).topics.iter().any(|t| t == topic));
        }
        if let Some(series) = question.text("series") {
            ids.retain(|id| front(id).series.as_deref() == Some(series));
        }
        if let Some(tag) = question.text("tag") {
            ids.retain(|id| front(id).tags.iter().any(|t| t == tag));
        }
        if let Some(department) = question.text("department") {
            ids.retain(|id| front(id).department.as_deref() == Some(department));
        }
        if question.text("section").is_none() {
            ids.sort_by_key(|id| !site.is_pinned(&site.pages[*id]));
        }
        let limit = question.number("limit").unwrap_or(usize::MAX);
        let offset = question.number("offset").unwrap_or(0);
        ids.into_iter().skip(offset).take(limit).collect()
    }

    /// related(path=page.path, limit=): others that share most topics, then the same kind, then the newest.
    fn related(&self, question: &Question) -> Result<Vec<PageId>, String> {
        let path = question.text("path").ok_or("related() needs path=")?;
        let site = &self.world.site;
        let Some(own) = site.id_at(&SourcePath::new(path)) else {
            return Ok(Vec::new());
        };
        let front = &site.pages[own].document.front;
        let mut scores: BTreeMap<PageId, usize> = BTreeMap::new();
        let terms = site.taxonomies.iter().zip(words_of(front)).take(2);
        for term in terms.flat_map(|(taxonomy, words)| words.iter().filter_map(|word| taxonomy.term(word))) {
            // The newest of each topic are enough, and keep the work bounded on large sites.
            for id in term.pages.iter().take(50).filter(|id| **id != own) {
                let same_kind = usize::from(site.pages[*id].kind() == front.kind);
                *scores.entry(*id).or_insert(same_kind) += 2;
            }
        }
        let mut ids: Vec<(usize, PageId)> = scores.into_iter().map(|(id, score)| (score, id)).collect();
        let date = |id: PageId| site.pages[id].document.front.date.map(|d| d.at);
        ids.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| date(b.1).cmp(&date(a.1))).then_with(|| a.1.cmp(&b.1)));
        let limit = question.number("limit").unwrap_or(5);
        Ok(ids.into_iter().map(|(_, id)| id).take(limit).collect())
    }

    /// terms(taxonomy=, limit=)
    fn terms(&self, question: &Question) -> Result<Answer, String> {
        let name = question.text("taxonomy").ok_or("terms() needs taxonomy=")?;
        let taxonomy = self.world.site.taxonomies.iter().find(|t| t.name == name);
        let taxonomy = taxonomy.ok_or_else(|| format!("there is no taxonomy {name}"))?;
        let limit = question.number("limit").unwrap_or(usize::MAX);
        let terms: Vec<serde_json::Value> = taxonomy
            .terms
            .iter()
            .take(limit)
            .map(|term| self.world.term(term))
            .map(|(named, count)| serde_json::json!({ "name": named.name, "url": named.url, "count": count }))
            .collect();
        Ok(plain(&terms))
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("pages", &self.summaries.len()).finish_non_exhaustive()
    }
}

fn plain<T: Serialize>(value: &T) -> Answer {
    Answer::Plain(Value::from_serializable(value))
}

fn unset<T>(count: usize) -> Vec<OnceLock<T>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

fn first(values: Vec<Value>) -> Value {
    values.into_iter().next().unwrap_or_else(Value::none)
}

/// Screens are left out of the settings: what pages show of them are answers.
fn base(world: &World, view: &SiteView) -> Hash {
    let settings = Config { screens: Vec::new(), ..Config::clone(&world.site.config) };
    let mut parts = Parts::new();
    parts.text(&format!("{settings:?}")).hash(Hash::of_value(view)).hash(world.theme.hash).finish()
}
