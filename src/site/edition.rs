//! Which documents an edition shows: its own, and those of the main language that stand in for what is not translated.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{PageId, Site, content_path};
use crate::config::{Config, Language};
use crate::document::{Document, Kind};
use crate::file::SourcePath;

/// The documents of the main language: all without a language in their name.
pub fn main_documents(documents: &[Arc<Document>], config: &Config) -> Vec<Arc<Document>> {
    documents.iter().filter(|document| config.language_of(&document.path).is_none()).cloned().collect()
}

/// The documents of an edition, sorted by path: those in its language; of the kinds that fall back also those of the main
/// language that have no translation; and descriptions of the folders in which there is any of them.
pub fn documents_of(documents: &[Arc<Document>], config: &Config, language: &Language) -> Vec<Arc<Document>> {
    let is_own = |document: &Document| config.language_of(&document.path) == Some(language);
    let is_main = |document: &Document| config.language_of(&document.path).is_none();
    let translated: BTreeSet<SourcePath> =
        documents.iter().filter(|d| is_own(d)).map(|d| config.neutral(&d.path)).collect();
    let stands_in = |document: &Document| {
        is_main(document)
            && !translated.contains(&document.path)
            && language.fallback.iter().any(|kind| kind == document.front.kind.as_str())
    };
    let shown: Vec<&Arc<Document>> = documents.iter().filter(|d| is_own(d) || stands_in(d)).collect();
    let folders: BTreeSet<&str> =
        shown.iter().filter(|d| d.front.kind != Kind::Section).flat_map(|d| folders_above(&d.path)).collect();
    let describes = |document: &Document| {
        is_main(document)
            && document.front.kind == Kind::Section
            && !translated.contains(&document.path)
            && folders.contains(folder(&document.path))
    };
    documents.iter().filter(|d| is_own(d) || stands_in(d) || describes(d)).cloned().collect()
}

fn folder(path: &SourcePath) -> &str {
    content_path(path).rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Its folder, and all above.
fn folders_above(path: &SourcePath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder(path)), |folder| match folder.rsplit_once('/') {
        Some((up, _)) => Some(up),
        None => (!folder.is_empty()).then_some(""),
    })
}

impl Site {
    /// The page that answers to this path in the language of the edition: the translation, else the file itself.
    pub fn page_named(&self, path: &SourcePath) -> Option<PageId> {
        let code = self.config.folder.trim_start_matches('/');
        let translated = || {
            let stem = path.as_str().strip_suffix(".md").filter(|_| !code.is_empty())?;
            self.id_at(&SourcePath::new(&format!("{stem}.{code}.md")))
        };
        translated().or_else(|| self.id_at(path))
    }

    /// True for a document of the main language in another edition.
    pub fn is_untranslated(&self, path: &SourcePath) -> bool {
        !self.config.folder.is_empty() && self.config.language_of(path).is_none()
    }
}
