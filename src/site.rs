//! All documents → the `Site`: URLs, sections, order, taxonomies, neighbours, and what is visible at the given instant.
//!
//! Pure: the instant is a value. What is hidden (drafts, not yet, no more, not public) is kept only as a `Hidden` row for
//! `list` and `why`; no other room ever sees such a document. Two owners of one URL are a problem that names both.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil;

use crate::config::Config;
use crate::document::{Document, Kind, Openness, Pinned, SortBy};
use crate::file::{Data, Source, SourcePath, Sources, Url, stays_inside};
use crate::problem::{Place, Problem};
use crate::slug;

/// Position of a page in `Site::pages`.
pub type PageId = usize;
/// Position of a section in `Site::sections`.
pub type SectionId = usize;

/// The whole site at one instant.
#[derive(Debug)]
pub struct Site {
    /// Settings.
    pub config: Arc<Config>,
    /// The instant for which everything here is true.
    pub now: Timestamp,
    /// Visible documents, sorted by path.
    pub pages: Vec<Page>,
    /// Sections, sorted by folder; the first is the home page.
    pub sections: Vec<Section>,
    /// topics, series, tags, departments, in this order.
    pub taxonomies: Vec<Taxonomy>,
    /// Documents that are in no output, with the reason.
    pub hidden: Vec<Hidden>,
    /// What goes up or down after `now`, sorted by instant.
    pub changes: Vec<Change>,
    /// Files that pages may refer to.
    pub assets: BTreeMap<SourcePath, Asset>,
    /// By path of the document: its page.
    pub by_path: BTreeMap<SourcePath, PageId>,
    /// Redirects: old path → page.
    pub aliases: Vec<(Url, PageId)>,
}

/// A visible document with what only the whole site knows.
#[derive(Debug)]
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
    /// Up to five others that share topics, best first.
    pub related: Vec<PageId>,
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
        self.document.front.summary.as_deref().unwrap_or(&self.document.body.excerpt)
    }
}

/// A folder of content (栏目).
#[derive(Debug)]
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

/// A way of grouping documents.
#[derive(Debug)]
pub struct Taxonomy {
    /// topics, series, tags, departments.
    pub name: &'static str,
    /// By most documents, then by name.
    pub terms: Vec<Term>,
}

/// A group of documents.
#[derive(Debug)]
pub struct Term {
    /// As written.
    pub name: String,
    /// Where its list is published.
    pub url: Url,
    /// Newest first.
    pub pages: Vec<PageId>,
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
    /// Width and height of a picture.
    pub pixels: Option<(u32, u32)>,
}
