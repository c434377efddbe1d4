//! Documents by the words of their front matter: topics, series, tags and departments.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{PageId, Site};
use crate::document::Document;
use crate::file::Url;
use crate::problem::Problem;
use crate::slug;

/// A way of grouping documents.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// topics, series, tags, departments.
    pub name: &'static str,
    /// By most documents, then by name.
    pub terms: Vec<Term>,
    /// Positions in `terms`, by name.
    by_name: Vec<usize>,
}

impl Taxonomy {
    /// Puts the terms in order.
    pub fn new(name: &'static str, mut terms: Vec<Term>) -> Taxonomy {
        terms.sort_by(|a, b| b.pages.len().cmp(&a.pages.len()).then_with(|| a.name.cmp(&b.name)));
        let mut by_name: Vec<usize> = (0..terms.len()).collect();
        by_name.sort_by(|a, b| terms[*a].name.cmp(&terms[*b].name));
        Taxonomy { name, terms, by_name }
    }

    /// The term of this name.
    pub fn term(&self, name: &str) -> Option<&Term> {
        self.position(name).map(|id| &self.terms[id])
    }

    /// Where the term of this name stands in `terms`.
    pub fn position(&self, name: &str) -> Option<usize> {
        let at = self.by_name.binary_search_by(|id| self.terms[*id].name.as_str().cmp(name)).ok()?;
        Some(self.by_name[at])
    }
}

/// A group of documents.
#[derive(Clone, Debug)]
pub struct Term {
    /// As written.
    pub name: String,
    /// Where its list is published.
    pub url: Url,
    /// Newest first.
    pub pages: Vec<PageId>,
}

/// The four ways of grouping documents.
pub(super) fn taxonomies(site: &Site, problems: &mut Vec<Problem>) -> Vec<Taxonomy> {
    let table: [(&'static str, Words); 4] = [
        ("topics", |d| &d.front.topics),
        ("series", |d| d.front.series.as_slice()),
        ("tags", |d| &d.front.tags),
        ("departments", |d| d.front.department.as_slice()),
    ];
    // All four of a document at once, because it lies far away from the next one.
    let grouped = |ids: &[PageId]| {
        let mut terms: [Terms; 4] = Default::default();
        for id in ids {
            let document = &site.pages[*id].document;
            for (terms, (_, words)) in terms.iter_mut().zip(&table) {
                for word in words(document) {
                    let pages = terms.entry(word.as_str()).or_default();
                    if pages.last() != Some(id) {
                        pages.push(*id);
                    }
                }
            }
        }
        terms
    };
    let parts: Vec<[Terms; 4]> = site.newest.par_chunks(TOGETHER).map(grouped).collect();
    let mut terms: [Terms; 4] = Default::default();
    for part in parts {
        for (terms, part) in terms.iter_mut().zip(part) {
            part.into_iter().for_each(|(word, pages)| terms.entry(word).or_default().extend(pages));
        }
    }
    let made = table.iter().zip(terms).map(|((name, _), terms)| taxonomy(site, name, terms));
    let (all, found): (Vec<Taxonomy>, Vec<Vec<Problem>>) = made.unzip();
    problems.extend(found.into_iter().flatten());
    all
}

/// The words of a document in one taxonomy.
type Words = fn(&Document) -> &[String];

/// By word, the documents that have it.
type Terms<'a> = BTreeMap<&'a str, Vec<PageId>>;

/// Documents that one thread groups.
const TOGETHER: usize = 1024;

fn taxonomy(site: &Site, name: &'static str, terms: Terms) -> (Taxonomy, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut list = Vec::new();
    for (word, pages) in terms {
        let part = slug::slug(word, &site.config.pinyin);
        if let Some(other) = taken.insert(part.clone(), word) {
            // The first by path; a term has at least one page.
            let path = &site.pages[pages.iter().copied().min().unwrap_or(0)].document.path;
            problems.push(
                Problem::new("duplicate-term").with("a", other).with("b", word).with("slug", &part).in_file(path),
            );
        }
        list.push(Term { name: word.to_string(), url: Url::new(&format!("/{name}/{part}/")), pages });
    }
    (Taxonomy::new(name, list), problems)
}
