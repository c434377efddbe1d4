//! Which URL belongs to whom: no two pages have the same one, and none has one of the program's.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{PageId, SectionId, Site};
use crate::config::Config;
use crate::file::{SourcePath, Url};
use crate::problem::{Place, Problem};

/// URLs that the program itself owns; documents and sections cannot have them.
const RESERVED: &[&str] = &[
    "screens",
    "search",
    "assets",
    "topics",
    "series",
    "tags",
    "departments",
    "archive",
    "page",
    "pictures",
    "disclosure",
];

/// True for the folders of the program, and of other languages.
pub(super) fn is_reserved(name: &str, config: &Config) -> bool {
    let is_edition = |code: &str| config.folder.is_empty() && code == name;
    RESERVED.contains(&name) || config.languages.iter().any(|language| is_edition(&language.code))
}

/// Finds URLs with two owners, and the aliases that are free.
pub(super) fn owners(site: &Site, problems: &mut Vec<Problem>) -> Vec<(Url, PageId)> {
    let mut owners = Owners { site, by_url: HashMap::with_capacity(site.sections.len() + site.pages.len()) };
    for (id, section) in site.sections.iter().enumerate() {
        owners.claim(section.url.as_str().into(), Owner::Section(id), problems);
    }
    for (id, page) in site.pages.iter().enumerate() {
        let owner = Owner::Page(id);
        if is_reserved(page.url.as_str().trim_matches('/'), &site.config) {
            problems.push(Problem::new("reserved-url").with("url", &page.url).at(owner.place(site)));
        }
        owners.claim(page.url.as_str().into(), owner, problems);
    }
    let mut aliases = Vec::new();
    for (id, page) in site.pages.iter().enumerate() {
        for (number, (alias, place)) in page.document.front.aliases.iter().enumerate() {
            let has_ending = alias.rsplit('/').next().is_some_and(|last| last.contains('.'));
            let url = if has_ending || alias.ends_with('/') { Url::new(alias) } else { Url::new(&format!("{alias}/")) };
            if is_reserved(url.as_str().trim_start_matches('/').split('/').next().unwrap_or(""), &site.config) {
                problems.push(Problem::new("reserved-url").with("url", &url).at(place.clone()));
            } else if owners.claim(url.as_str().to_string().into(), Owner::Alias(id, number), problems) {
                aliases.push((url, id));
            }
        }
    }
    aliases
}

/// Whose a URL is.
#[derive(Clone, Copy)]
enum Owner {
    Section(SectionId),
    Page(PageId),
    /// One of the page's aliases.
    Alias(PageId, usize),
}

impl Owner {
    /// Where the URL comes from.
    fn place(self, site: &Site) -> Place {
        let front = |id: PageId| &site.pages[id].document.front;
        match self {
            Owner::Section(id) => {
                let section = &site.sections[id];
                let folder = || SourcePath::new(&format!("content/{}", section.name));
                Place::file(&section.document.as_ref().map_or_else(folder, |d| d.path.clone()))
            }
            Owner::Page(id) => match (front(id).slug.as_deref(), &front(id).title_place) {
                (Some((_, place)), _) | (None, Some(place)) => place.clone(),
                (None, None) => Place::file(&site.pages[id].document.path),
            },
            Owner::Alias(id, number) => front(id).aliases[number].1.clone(),
        }
    }
}

/// Owners by URL. Compared without case: a file system that ignores case must not merge two pages.
struct Owners<'a> {
    site: &'a Site,
    by_url: HashMap<Cow<'a, str>, Owner>,
}

impl<'a> Owners<'a> {
    /// True when the URL was free; otherwise a problem names both.
    fn claim(&mut self, url: Cow<'a, str>, owner: Owner, problems: &mut Vec<Problem>) -> bool {
        let is_lower = !url.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii());
        let key = if is_lower { url.clone() } else { url.to_lowercase().into() };
        match self.by_url.entry(key) {
            Entry::Occupied(other) => {
                let problem = Problem::new("duplicate-url").with("url", url).at(owner.place(self.site));
                problems.push(problem.also(other.get().place(self.site)));
                false
            }
            Entry::Vacant(free) => {
                free.insert(owner);
                true
            }
        }
    }
}
