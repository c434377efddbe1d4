//! `list`: documents as a table, or what goes up and down next.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Site, local, only};
use crate::document::{Document, Kind};
use crate::file::SourcePath;
use crate::memo::Memo;
use crate::message::Lang;
use crate::pipeline::Preview;
use crate::problem::{Fault, Severity};
use crate::report::{Cell, Data, Outcome, Table, sentence};
use crate::site::{Change, ChangeKind, Hidden, HiddenReason};

/// Which documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// All, with their state.
    All,
    /// Not yet visible.
    Future,
    /// No more visible.
    Expired,
    /// Drafts.
    Drafts,
    /// Not documents but what happens to them next.
    Changes,
}

/// Lists documents.
pub fn list(site: &Site, which: Listed, memo: &mut Memo) -> Result<Outcome, Fault> {
    let preview = site.preview(memo)?;
    let table = match which {
        Listed::Changes => changes(site.lang, &preview),
        _ => documents(site.lang, &preview, memo, which),
    };
    // A list is for looking; of what is wrong only errors matter here, because they leave documents out.
    let errors = preview.problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    Ok(Outcome { data: Data::Table(table), ..only(errors) })
}

fn changes(lang: Lang, preview: &Preview) -> Table {
    let mut table = Table::new(&[
        ("at", "column-at"),
        ("change", "column-change"),
        ("title", "column-title"),
        ("file", "column-file"),
    ]);
    let sites = preview.indexes().into_iter().map(|index| &index.world().site);
    // What another edition shows for want of a translation changes there too, but is one change.
    let changes: BTreeSet<&Change> = sites.flat_map(|site| &site.changes).collect();
    for change in changes {
        let (code, name) = match change.kind {
            ChangeKind::Up => ("change-up", "up"),
            ChangeKind::Down => ("change-down", "down"),
            ChangeKind::Unpinned => ("change-unpinned", "unpinned"),
        };
        table.row([
            instant(change.at, preview),
            Cell::with(sentence(lang, code, &[]), name),
            Cell::from(&change.title),
            Cell::from(&change.path),
        ]);
    }
    table
}

fn documents(lang: Lang, preview: &Preview, memo: &Memo, which: Listed) -> Table {
    let mut table = Table::new(&[
        ("state", "column-state"),
        ("date", "column-date"),
        ("kind", "column-kind"),
        ("until", "column-until"),
        ("title", "column-title"),
        ("url", "column-url"),
        ("file", "column-file"),
    ]);
    let sites = preview.indexes().into_iter().map(|index| &index.world().site);
    let hidden: BTreeMap<&SourcePath, &Hidden> = sites.flat_map(|site| &site.hidden).map(|h| (&h.path, h)).collect();
    let documents = memo.documents.values().map(|(_, document)| document);
    for document in documents.filter(|d| d.front.kind != Kind::Section) {
        let row = hidden.get(&document.path);
        let wanted = match which {
            Listed::All | Listed::Changes => true,
            Listed::Future => row.is_some_and(|h| h.reason == HiddenReason::Future),
            Listed::Expired => row.is_some_and(|h| h.reason == HiddenReason::Expired),
            Listed::Drafts => document.front.draft,
        };
        if !wanted {
            continue;
        }
        let (code, name) = row.map_or(("state-visible", "visible"), |h| state(h.reason));
        let until = match row {
            Some(hidden) => hidden.until,
            None => document.front.expires,
        };
        table.row([
            Cell::with(sentence(lang, code, &[]), name),
            date(document),
            kind(lang, document.front.kind),
            until.map_or(Cell::with("", Value::Null), |at| instant(at, preview)),
            Cell::from(&document.front.title),
            url(preview, &document.path).map_or(Cell::with("", Value::Null), Cell::from),
            Cell::from(&document.path),
        ]);
    }
    table
}

/// Where a document is, below the folder of the site.
fn url(preview: &Preview, path: &SourcePath) -> Option<String> {
    let site = preview.site_of(path)?;
    Some(format!("{}{}", site.config.folder, site.page_at(path)?.url))
}

/// The code of the word for a reason, and its name in JSON.
pub(super) fn state(reason: HiddenReason) -> (&'static str, &'static str) {
    match reason {
        HiddenReason::Draft => ("state-draft", "draft"),
        HiddenReason::Future => ("state-future", "future"),
        HiddenReason::Expired => ("state-expired", "expired"),
        HiddenReason::NotPublic => ("state-not-public", "not-public"),
        HiddenReason::Section => ("state-section", "section"),
        HiddenReason::Broken => ("state-broken", "broken"),
    }
}

/// The word for a kind.
pub(super) fn kind(lang: Lang, kind: Kind) -> Cell {
    let code = match kind {
        Kind::Notice => "kind-notice",
        Kind::Slogan => "kind-slogan",
        Kind::Report => "kind-report",
        Kind::Page => "kind-page",
        Kind::Section => "kind-section",
    };
    Cell::with(sentence(lang, code, &[]), kind.as_str())
}

fn date(document: &Document) -> Cell {
    document.front.date.map_or(Cell::with("", Value::Null), |moment| Cell::from(moment.date))
}

fn instant(at: Timestamp, preview: &Preview) -> Cell {
    Cell::with(local(at, &preview.config.zone), json!(at))
}
