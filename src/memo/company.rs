//! The documents that the page of a document mentions besides itself: its neighbours; one document of each section, and one
//! that makes the disclosure catalogue.

use super::table::Table;
use crate::file::SourcePath;
use crate::site::{PageId, Site};

/// By path of the document.
#[derive(Clone, Debug, Default)]
pub struct Company {
    /// The rows (u32, little-endian) of those that it mentions.
    table: Table,
}

/// The row of the sections; no document has this path, so it is the first.
const SECTIONS: &str = "";
const ROW: usize = 4;

impl Company {
    /// Of a whole site.
    pub fn of_site(site: &Site) -> Company {
        let rows = |ids: &mut dyn Iterator<Item = PageId>| -> Vec<u8> {
            ids.flat_map(|id| u32::try_from(id + 1).unwrap_or(u32::MAX).to_le_bytes()).collect()
        };
        let sections = site.sections.iter().filter_map(|section| section.pages.first().copied());
        let of_sections = rows(&mut sections.chain(site.catalogue.newest().first().copied()));
        // Sorted by path, as the table is.
        let of_pages = site
            .pages
            .iter()
            .map(|page| (page.document.path.as_str(), rows(&mut page.newer.into_iter().chain(page.older))));
        let rows: Vec<(&str, Vec<u8>)> = std::iter::once((SECTIONS, of_sections)).chain(of_pages).collect();
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
        let path = |row: &[u8]| {
            let row = u32::from_le_bytes(row.try_into().ok()?) as usize;
            let key = std::str::from_utf8((row < self.table.len()).then(|| self.table.key(row))?).ok()?;
            Some(SourcePath::new(key))
        };
        self.table.record(self.table.find(key, 0)?).chunks(ROW).map(path).collect()
    }
}
