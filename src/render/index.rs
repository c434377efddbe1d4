//! What templates may ask: titles, URLs, dates and summaries of all documents, never their bodies.
//!
//! Answers are made once for a build and shared. A `Question` is plain text, so it can be kept between builds and asked
//! again.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

use serde::{Deserialize, Serialize};
use tera::Value;

use crate::file::{Hash, SourcePath, Sources, Url};
use crate::plan::{Period, archive};
use crate::site::PageId;
use crate::view::World;

/// What a template asked: a function and its arguments, sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Question {
    /// Name of the function.
    pub function: String,
    /// Arguments as text.
    pub arguments: Vec<(String, String)>,
}

impl Question {
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
    site: (Value, Hash),
    theme: Value,
    summaries: Vec<OnceLock<(Value, Hash)>>,
    answers: RwLock<BTreeMap<Question, (Value, Hash)>>,
    archive: OnceLock<BTreeMap<Period, Vec<PageId>>>,
    hashes: BTreeMap<SourcePath, Hash>,
}

impl Index {
    /// Over this world; `sources` gives the hashes of files that are copied.
    pub fn new(world: Arc<World>, sources: &Sources) -> Index {
        let view = world.site_view();
        let site = (Value::from_serializable(&view), Hash::of_value(&view));
        let theme = Value::from_serializable(&world.theme.settings);
        let summaries = world.site.pages.iter().map(|_| OnceLock::new()).collect();
        let copied = world.site.assets.keys().chain(world.theme.statics.values().map(|file| &file.source));
        let hashes = copied.filter_map(|path| Some((path.clone(), sources.get(path)?.hash))).collect();
        Index { world, site, theme, summaries, answers: RwLock::default(), archive: OnceLock::new(), hashes }
    }

    /// What it answers about.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The variable `site`.
    pub fn site_value(&self) -> &Value {
        &self.site.0
    }

    /// The variable `theme`.
    pub fn theme_value(&self) -> &Value {
        &self.theme
    }

    /// Of what every page depends on: the variable `site` and the theme.
    pub fn base_hash(&self) -> Hash {
        Hash::of_parts([self.site.1.0.as_slice(), self.world.theme.hash.0.as_slice()])
    }

    /// The hash of a file that is copied.
    pub fn source_hash(&self, path: &SourcePath) -> Hash {
        self.hashes.get(path).copied().unwrap_or_default()
    }

    /// A document as lists show it.
    pub fn summary(&self, id: PageId) -> (Value, Hash) {
        let made = self.summaries[id].get_or_init(|| {
            let summary = self.world.summary(id);
            (Value::from_serializable(&summary), Hash::of_value(&summary))
        });
        made.clone()
    }

    /// Documents by period.
    pub fn archive(&self) -> &BTreeMap<Period, Vec<PageId>> {
        self.archive.get_or_init(|| archive(&self.world))
    }

    /// The answer and its hash; `Err` with the reason when the question makes no sense.
    pub fn answer(&self, question: &Question) -> Result<(Value, Hash), String> {
        // A poisoned lock means that another thread panicked while inserting a finished answer; what is there is whole.
        let known = self.answers.read().unwrap_or_else(|e| e.into_inner()).get(question).cloned();
        if let Some(answer) = known {
            return Ok(answer);
        }
        let answer = self.find(question)?;
        self.answers.write().unwrap_or_else(|e| e.into_inner()).insert(question.clone(), answer.clone());
        Ok(answer)
    }

    fn find(&self, question: &Question) -> Result<(Value, Hash), String> {
        match question.function.as_str() {
            "pages" => self.pages(question),
            "related" => self.related(question),
            "page" => {
                let path = question.text("path").ok_or("page() needs path=")?;
                let full = SourcePath::new(&format!("content/{path}"));
                Ok(self.world.site.by_path.get(&full).map_or((Value::none(), Hash::default()), |id| self.summary(*id)))
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
            "asset" => {
                let path = question.text("path").ok_or("asset() needs path=")?;
                let file =
                    self.world.theme.statics.get(path).ok_or_else(|| format!("the theme has no static file {path}"))?;
                Ok(plain(&self.world.href(&Url::new(file.output.as_str()))))
            }
            "t" => {
                let key = question.text("key").ok_or("t() needs key=")?;
                let word = self
                    .world
                    .theme
                    .strings
                    .get(key)
                    .ok_or_else(|| format!("no interface word “{key}” in strings/"))?;
                Ok(plain(word))
            }
            other => Err(format!("there is no function {other}()")),
        }
    }

    /// pages(section=, kind=, topic=, series=, tag=, department=, limit=, offset=)
    fn pages(&self, question: &Question) -> Result<(Value, Hash), String> {
        let site = &self.world.site;
        let mut ids: Vec<PageId> = match question.text("section") {
            Some(name) => {
                let section = site.section_named(name).map(|s| s.pages.clone());
                section.unwrap_or_default()
            }
            None => match question.text("topic").map(|t| (0, t)).or(question.text("series").map(|s| (1, s))) {
                Some((taxonomy, name)) => {
                    let term = site.taxonomies[taxonomy].terms.iter().find(|t| t.name == name);
                    term.map(|t| t.pages.clone()).unwrap_or_default()
                }
                None => site.newest(None),
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
        Ok(self.summaries(ids.into_iter().skip(offset).take(limit)))
    }

    /// related(path=page.path, limit=): others that share most topics, then the same kind, then the newest.
    fn related(&self, question: &Question) -> Result<(Value, Hash), String> {
        let path = question.text("path").ok_or("related() needs path=")?;
        let site = &self.world.site;
        let Some(own) = site.by_path.get(&SourcePath::new(path)).copied() else {
            return Ok(self.summaries([].into_iter()));
        };
        let front = &site.pages[own].document.front;
        let mut scores: BTreeMap<PageId, usize> = BTreeMap::new();
        for term in site.taxonomies.iter().take(2).flat_map(|t| &t.terms) {
            if front.topics.contains(&term.name) || front.series.as_ref() == Some(&term.name) {
                // The newest of each topic are enough, and keep the work bounded on large sites.
                for id in term.pages.iter().take(50).filter(|id| **id != own) {
                    let same_kind = usize::from(site.pages[*id].kind() == front.kind);
                    *scores.entry(*id).or_insert(same_kind) += 2;
                }
            }
        }
        let mut ids: Vec<(usize, PageId)> = scores.into_iter().map(|(id, score)| (score, id)).collect();
        let date = |id: PageId| site.pages[id].document.front.date.map(|d| d.at);
        ids.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| date(b.1).cmp(&date(a.1))).then_with(|| a.1.cmp(&b.1)));
        let limit = question.number("limit").unwrap_or(5);
        Ok(self.summaries(ids.into_iter().map(|(_, id)| id).take(limit)))
    }

    /// terms(taxonomy=, limit=)
    fn terms(&self, question: &Question) -> Result<(Value, Hash), String> {
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

    fn summaries(&self, ids: impl Iterator<Item = PageId>) -> (Value, Hash) {
        let (values, hashes): (Vec<Value>, Vec<Hash>) = ids.map(|id| self.summary(id)).unzip();
        (Value::from(values), Hash::of_parts(hashes.iter().map(|hash| hash.0.as_slice())))
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("pages", &self.summaries.len()).finish_non_exhaustive()
    }
}

fn plain<T: Serialize>(value: &T) -> (Value, Hash) {
    (Value::from_serializable(value), Hash::of_value(value))
}
