//! The index behind the portal's search: visible documents → small files that a browser loads one by one, without a server.
//!
//! A list for each term (see `terms`) names the documents that hold it; the lists lie in shards, by a hash of the term. The
//! text of each document is a file of its own, in which the browser makes sure that a hit really holds the words. All files
//! are scripts that call one function, so that the search works from a folder on disk and under a strict policy too.
//!
//! Documents are numbered by their day, and years lie in segments of their own. So an edit rewrites its text and the few
//! shards whose lists it changes; a new document rewrites shards of its own segment only. This room knows no templates and
//! no disk; texts are handed in.

mod lists;
mod terms;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde_json::json;

use crate::document::Document;
use crate::file::{Hash, Parts, Url};
use crate::site::{PageId, Site};

/// Documents that a segment holds at least before another year begins the next one.
const SEGMENT: usize = 2_000;
/// Documents for each shard of a segment: so a shard is about as large as three texts.
const SHARE: usize = 8;
/// Most shards of a segment.
const SHARDS: usize = 4_096;

/// The plan of the index for one site.
#[derive(Clone, Debug)]
pub struct Search {
    /// By time, the oldest first; documents without a date come before all.
    pub segments: Vec<Segment>,
}

/// Documents of some years.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its folder: the first year, or `0` for documents without a date.
    pub name: String,
    /// The first of January of its first year in days since 1970; 0 without dates.
    first_day: i64,
    /// Numbers for each day.
    slots: u64,
    /// How many files its lists are spread over.
    pub shards: usize,
    /// Documents with their numbers, ascending.
    pub entries: Vec<(u64, PageId)>,
    /// Of its documents and their numbers.
    key: Hash,
    built: OnceLock<Vec<Arc<[u8]>>>,
}

/// One file of the index, but for the manifest, which is ready with the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// Lists: segment, shard.
    Shard(usize, usize),
    /// The text of a document: segment, position among its entries.
    Text(usize, usize),
}

/// Gives the plain text of a document's body.
pub type Texts<'a, E> = dyn Fn(&Document) -> Result<String, E> + Sync + 'a;

impl Search {
    /// Numbers the documents that the portal shows.
    pub fn plan(site: &Site) -> Search {
        let mut undated = Vec::new();
        let mut years: BTreeMap<i16, Vec<PageId>> = BTreeMap::new();
        for (id, page) in site.pages.iter().enumerate().filter(|(_, page)| page.document.front.on_portal) {
            match page.date() {
                Some(date) => years.entry(date.year()).or_default().push(id),
                None => undated.push(id),
            }
        }
        let mut segments = Vec::new();
        if !undated.is_empty() {
            undated.sort_by_key(|id| &site.pages[*id].document.path);
            let entries = (0..).zip(undated).collect();
            segments.push(Segment::new("0".into(), 0, 1, entries, site));
        }
        let (mut first, mut pages) = (None, Vec::new());
        let last = years.keys().next_back().copied();
        for (year, ids) in years {
            let from = *first.get_or_insert(year);
            pages.extend(ids);
            if pages.len() >= SEGMENT || Some(year) == last {
                segments.push(dated(from, std::mem::take(&mut pages), site));
                first = None;
            }
        }
        Search { segments }
    }

    /// What the browser must know before it asks for anything else.
    pub fn manifest(&self) -> String {
        let segment = |s: &Segment| json!({ "name": s.name, "day": s.first_day, "slots": s.slots, "shards": s.shards, "count": s.entries.len() });
        script("manifest", &json!({ "segments": self.segments.iter().map(segment).collect::<Vec<_>>() }))
    }

    /// Where the manifest is published.
    pub fn manifest_url() -> Url {
        Url::new("/search/manifest.js")
    }

    /// All other files.
    pub fn files(&self) -> Vec<(Url, File)> {
        let mut files = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let path = |name: String| Url::new(&format!("/search/{}/{name}.js", segment.name));
            files.extend((0..segment.shards).map(|shard| (path(format!("s{shard}")), File::Shard(at, shard))));
            let texts = segment.entries.iter().enumerate();
            files.extend(texts.map(|(entry, (number, _))| (path(format!("t{number}")), File::Text(at, entry))));
        }
        files
    }

    /// Of all that a file depends on.
    pub fn key(&self, file: File, site: &Site) -> Hash {
        let mut parts = Parts::new();
        match file {
            File::Shard(segment, shard) => {
                let segment = &self.segments[segment];
                parts.text("shard").hash(segment.key).number(segment.shards as u64).number(shard as u64);
            }
            File::Text(segment, entry) => {
                let (number, id) = self.segments[segment].entries[entry];
                let page = &site.pages[id];
                parts.text("text").text(&self.segments[segment].name).number(number);
                parts.hash(page.document.hash).text(page.url.as_str());
            }
        }
        parts.finish()
    }

    /// Makes a file.
    pub fn file<E: Send>(&self, file: File, site: &Site, texts: &Texts<E>) -> Result<Arc<[u8]>, E> {
        match file {
            File::Shard(segment, shard) => {
                let segment = &self.segments[segment];
                segment.build(site, texts)?;
                Ok(segment.built.get().and_then(|shards| shards.get(shard)).cloned().unwrap_or_default())
            }
            File::Text(segment, entry) => {
                let segment = &self.segments[segment];
                let (number, id) = segment.entries[entry];
                let page = &site.pages[id];
                let front = &page.document.front;
                let date = front.date.map(|moment| moment.date.to_string());
                let text = searched(&page.document, &texts(&page.document)?);
                let value = json!([front.title, page.url.encoded(), front.kind, date, text]);
                Ok(script(&format!("{}/t{number}", segment.name), &value).into_bytes().into())
            }
        }
    }
}

/// A segment of documents with dates, from this year on.
fn dated(year: i16, pages: Vec<PageId>, site: &Site) -> Segment {
    let first_day = days(Date::new(year, 1, 1).unwrap_or_default());
    let mut by_day: BTreeMap<i64, Vec<PageId>> = BTreeMap::new();
    for id in pages {
        let day = site.pages[id].date().map_or(first_day, days);
        by_day.entry(day).or_default().push(id);
    }
    let most = by_day.values().map(Vec::len).max().unwrap_or(1);
    // Room for some more on the fullest day, so that the numbers of a segment rarely move.
    let slots = most.next_power_of_two().max(4) as u64;
    let mut entries = Vec::new();
    for (day, mut ids) in by_day {
        ids.sort_by_key(|id| {
            let document = &site.pages[*id].document;
            (document.front.date.map(|moment| moment.at), &document.path)
        });
        let from = (day - first_day).unsigned_abs() * slots;
        entries.extend((from..).zip(ids));
    }
    Segment::new(year.to_string(), first_day, slots, entries, site)
}

fn days(date: Date) -> i64 {
    i64::from(Date::constant(1970, 1, 1).until(date).map_or(0, |span| span.get_days()))
}

impl Segment {
    fn new(name: String, first_day: i64, slots: u64, entries: Vec<(u64, PageId)>, site: &Site) -> Segment {
        let mut parts = Parts::new();
        for (number, id) in &entries {
            parts.number(*number).hash(site.pages[*id].document.hash);
        }
        let shards = entries.len().div_ceil(SHARE).next_power_of_two().min(SHARDS);
        Segment { name, first_day, slots, shards, entries, key: parts.finish(), built: OnceLock::new() }
    }

    /// Makes all shards at once, on all threads; nothing when they are there already. Two callers at the same time do the
    /// same work and find the same: waiting for each other inside a pool of threads could wait for ever.
    pub fn build<E: Send>(&self, site: &Site, texts: &Texts<E>) -> Result<(), E> {
        if self.built.get().is_some() {
            return Ok(());
        }
        let lists = lists::gather(&self.entries, |id| {
            let document = &site.pages[id].document;
            let mut found = terms::of(&document.front.title, &searched(document, &texts(document)?));
            found.facets.push(format!("k:{}", document.front.kind.as_str()));
            found.facets.extend(document.front.topics.iter().map(|topic| format!("t:{topic}")));
            Ok(found)
        })?;
        let shards = lists.into_shards(self.shards);
        let named = shards.iter().enumerate();
        let made =
            named.map(|(at, text)| raw_script(&format!("{}/s{at}", self.name), text).into_bytes().into()).collect();
        // A second thread made the same.
        let _ = self.built.set(made);
        Ok(())
    }
}

/// The text in which words are looked for: the body and the numbers by which people ask for a document.
fn searched(document: &Document, body: &str) -> String {
    let mut text = body.trim().to_string();
    for disclosure in document.front.disclosure.iter() {
        for number in [&disclosure.document_number, &disclosure.index_number].into_iter().filter(|n| !n.is_empty()) {
            let _ = write!(text, "\n{number}");
        }
    }
    terms::composed(&text)
}

/// A call of the one function that the page has for files of the index.
fn script(name: &str, value: &serde_json::Value) -> String {
    // Old engines take these two for the end of a line, inside a string too.
    let value = value.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("civicastSearch(\"{name}\",{value});\n")
}

/// The same for a text that holds nothing a string of JavaScript would have to escape.
fn raw_script(name: &str, text: &str) -> String {
    format!("civicastSearch(\"{name}\",\"{text}\");\n")
}

#[cfg(test)]
mod tests;
