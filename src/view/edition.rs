//! The languages of a site as pages mention them: where the same page is in another language.

use std::collections::BTreeMap;

use serde::Serialize;

use super::World;
use crate::config::Config;
use crate::file::{SourcePath, Url};
use crate::link::{href, permalink};
use crate::site::{Catalogue, Site};

/// Where a page is in a language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Translation {
    /// BCP 47
    pub language: String,
    /// The language in itself: 中文, English.
    pub name: String,
    /// As in an attribute.
    pub url: String,
    /// With scheme and host.
    pub permalink: String,
}

/// All editions of a site, the one of the main language first; none when it has one language only.
#[derive(Debug, Default)]
pub struct Editions(Vec<Edition>);

#[derive(Debug)]
struct Edition {
    home: Translation,
    /// By the path without its language.
    pages: BTreeMap<SourcePath, Translation>,
    /// By folder.
    sections: BTreeMap<String, Translation>,
    /// The disclosure catalogue, when there is one.
    catalogue: Option<Translation>,
}

impl Editions {
    /// Of these sites; `main` is the name of the main language in itself.
    pub fn of(sites: &[Site], main: &str) -> Editions {
        if sites.len() < 2 {
            return Editions::default();
        }
        Editions(sites.iter().map(|site| Edition::of(site, main)).collect())
    }

    /// The home pages.
    pub fn homes(&self) -> Vec<Translation> {
        self.0.iter().map(|edition| edition.home.clone()).collect()
    }

    /// BCP 47
    pub fn main_language(&self) -> String {
        self.0.first().map(|edition| edition.home.language.clone()).unwrap_or_default()
    }

    fn all(&self, find: impl Fn(&Edition) -> Option<&Translation>) -> Vec<Translation> {
        let found: Vec<Translation> = self.0.iter().filter_map(find).cloned().collect();
        if found.len() > 1 { found } else { Vec::new() }
    }
}

impl Edition {
    fn of(site: &Site, main: &str) -> Edition {
        let config = &site.config;
        let at = |url: &Url| Translation {
            language: config.language.clone(),
            name: name(config, main),
            url: href(config, url),
            permalink: permalink(config, url),
        };
        let own = site
            .pages
            .iter()
            .filter(|page| page.document.front.on_portal && !site.is_untranslated(&page.document.path));
        Edition {
            home: at(&Url::new("/")),
            pages: own.map(|page| (config.neutral(&page.document.path), at(&page.url))).collect(),
            sections: site.sections.iter().map(|section| (section.name.clone(), at(&section.url))).collect(),
            catalogue: (!site.catalogue.is_empty()).then(|| at(&Catalogue::url())),
        }
    }
}

fn name(config: &Config, main: &str) -> String {
    let own = config.languages.iter().find(|language| language.code == config.folder.trim_start_matches('/'));
    own.map_or_else(|| main.to_string(), |language| language.name.clone())
}

impl World {
    /// Where the switch between languages leads from a page with these translations.
    pub fn languages(&self, translations: &[Translation]) -> Vec<Translation> {
        let same = |home: Translation| {
            let exact = translations.iter().find(|translation| translation.language == home.language);
            exact.cloned().unwrap_or(home)
        };
        self.editions.homes().into_iter().map(same).collect()
    }

    /// Where this document is in the languages that have it; none when it is in one only.
    pub fn translations(&self, path: &SourcePath) -> Vec<Translation> {
        if self.editions.0.is_empty() {
            return Vec::new();
        }
        let neutral = self.site.config.neutral(path);
        self.editions.all(|edition| edition.pages.get(&neutral))
    }

    /// The same for a section, by its folder.
    pub fn section_translations(&self, folder: &str) -> Vec<Translation> {
        self.editions.all(|edition| edition.sections.get(folder))
    }

    /// The same for the disclosure catalogue.
    pub fn catalogue_translations(&self) -> Vec<Translation> {
        self.editions.all(|edition| edition.catalogue.as_ref())
    }

    /// Where a document that this edition shows untranslated is at home.
    pub fn original(&self, path: &SourcePath) -> Option<Translation> {
        let main = self.editions.0.first().filter(|_| self.site.is_untranslated(path))?;
        main.pages.get(path).cloned()
    }
}
