//! The documents that the page of a document mentions besides itself: its neighbours; one document of each section, and one
//! that makes the disclosure catalogue.

use rayon::prelude::*;

use super::table::Table;
use crate::file::SourcePath;
use crate::site::{PageId, Site};

/// By path of the document.
#[derive(Clone, Debug, Default)]
pub struct Company {
    table: Table,
}

/// The row of the sections; no document has this path.
const SECTIONS: &str = "";
/// Stands between two paths.
const BETWEEN: char = '\n';

impl Company {
    /// Of a whole site.
    pub fn of_site(site: &Site) -> Company {
        let path = |id: PageId| site.pages[id].document.path.as_str();
        let joined = |ids: &mut dyn Iterator<Item = PageId>| {
            ids.map(path).collect::<Vec<_>>().join(BETWEEN.encode_utf8(&mut [0; 4]))
        };
        let sections = site.sections.iter().filter_map(|section| section.pages.first().copied());
        let of_sections = joined(&mut sections.chain(site.catalogue.newest().first().copied()));
        let of_page = |id: PageId| {
            let page = &site.pages[id];
            (path(id), joined(&mut page.newer.into_iter().chain(page.older)))
        };
        let pages = (0..site.pages.len()).into_par_iter().map(of_page);
        let rows: Vec<(&str, String)> = rayon::iter::once((SECTIONS, of_sections)).chain(pages).collect();
        Company { table: Table::from_sorted(&rows) }
    }

    /// Of what `as_bytes` gave in an earlier run; nothing when it is damaged.
    pub fn from_bytes(bytes: Option<Vec<u8>>) -> Company {
        Company { table: bytes.and_then(Table::from_bytes).unwrap_or_default() }
    }

    /// As one block, to be saved.
    pub fn as_bytes(&self) -> &[u8] {
        self.table.as_bytes()
    }

    /// Those of a document; `None` when it is not known.
    pub fn of(&self, document: &SourcePath) -> Option<Vec<SourcePath>> {
        self.row(document.as_str())
    }

    /// One of each section, and one of the catalogue.
    pub fn of_sections(&self) -> impl Iterator<Item = SourcePath> {
        self.row(SECTIONS).into_iter().flatten()
    }

    fn row(&self, key: &str) -> Option<Vec<SourcePath>> {
        let text = std::str::from_utf8(self.table.record(self.table.find(key, 0)?)).ok()?;
        Some(text.split(BETWEEN).filter(|path| !path.is_empty()).map(SourcePath::new).collect())
    }
}
