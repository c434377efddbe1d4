//! Where the documents of an earlier run lie in their block, so that a few of them can be had without reading the block.

use std::sync::Arc;

use super::heads::{SETTINGS, newer_with, settings_of};
use super::pack;
use super::table::Table;
use crate::document::Document;
use crate::file::{Hash, SourcePath};

/// The rows of the larger table of `Heads`, without the documents; and the smaller table.
#[derive(Clone, Debug)]
pub struct Directory {
    rows: Table,
    newer: Table,
}

/// Where a document begins in the block (u64), how long it is (u32), and the CRC-32 of its bytes (u32); little-endian.
const ROW: usize = 8 + 4 + 4;

/// Gives this many bytes of the block of the larger table from this place on.
pub type ReadPiece<'a> = dyn Fn(u64, usize) -> Option<Vec<u8>> + Sync + 'a;

impl Directory {
    /// Of what `of_table` and `Heads::as_blocks` gave in an earlier run; nothing when one is damaged or of other settings.
    pub fn from_blocks(rows: Option<Vec<u8>>, newer: Option<Vec<u8>>) -> Option<Directory> {
        let directory = Directory { rows: Table::from_bytes(rows?)?, newer: Table::from_bytes(newer?)? };
        (settings_of(&directory.rows) == settings_of(&directory.newer)).then_some(directory)
    }

    /// The block that goes with this larger table.
    pub(super) fn of_table(base: &Table) -> Vec<u8> {
        let row = |row: usize| {
            let (key, place) = (String::from_utf8_lossy(base.key(row)).into_owned(), base.record_place(row));
            let record = base.record(row);
            if key == SETTINGS {
                return (key, record.to_vec());
            }
            let length = u32::try_from(place.len()).unwrap_or(u32::MAX);
            let parts = [&(place.start as u64).to_le_bytes()[..], &length.to_le_bytes(), &sum(record).to_le_bytes()];
            (key, parts.concat())
        };
        let rows: Vec<(String, Vec<u8>)> = (0..base.len()).map(row).collect();
        Table::from_sorted(&rows).as_bytes().to_vec()
    }

    /// The settings under which the documents were parsed.
    pub fn settings(&self) -> Hash {
        settings_of(&self.rows)
    }

    /// The document of this file with this hash, if it is there and whole.
    pub fn document(&self, path: &SourcePath, source: Hash, read: &ReadPiece) -> Option<Document> {
        if let Some(row) = self.newer.find(path.as_str(), 0)
            && pack::source_of(self.newer.record(row)) == Some(source)
        {
            return pack::unpack(path, self.newer.record(row));
        }
        let row = self.rows.record(self.rows.find(path.as_str(), 0)?);
        let (at, length, expected) = fields(row)?;
        let bytes = read(at, length)?;
        let is_whole = sum(&bytes) == expected && pack::source_of(&bytes) == Some(source);
        is_whole.then(|| pack::unpack(path, &bytes)).flatten()
    }

    /// The smaller table with these documents added or replaced; `None` when it would grow too large, as `Heads::with`.
    pub fn with(&self, documents: &[(SourcePath, Hash, Arc<Document>)]) -> Option<Vec<u8>> {
        let end = |row: usize| {
            fields(self.rows.record(row))
                .map_or(0, |(at, length, _)| usize::try_from(at).unwrap_or(0).saturating_add(length))
        };
        let base = (0..self.rows.len()).map(end).max().unwrap_or(0);
        Some(newer_with(&self.newer, self.settings(), base, documents)?.as_bytes().to_vec())
    }
}

fn fields(row: &[u8]) -> Option<(u64, usize, u32)> {
    let row: &[u8; ROW] = row.try_into().ok()?;
    let (at, rest) = row.split_first_chunk::<8>()?;
    let (length, sum) = rest.split_first_chunk::<4>()?;
    let sum = u32::from_le_bytes(sum.try_into().ok()?);
    Some((u64::from_le_bytes(*at), u32::from_le_bytes(*length) as usize, sum))
}

fn sum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Config;
    use crate::document;
    use crate::file::Source;
    use crate::memo::Heads;

    type Documents = BTreeMap<SourcePath, (Hash, Arc<Document>)>;

    fn document(path: &str, text: &str) -> (SourcePath, (Hash, Arc<Document>)) {
        let source = Source::from_text(path, text);
        (source.path.clone(), (source.hash, Arc::new(document::parse(&source, &Config::default()))))
    }

    fn documents(count: usize) -> Documents {
        (0..count)
            .map(|n| document(&format!("content/{n:03}.md"), &format!("+++\ntitle = \"第{n}\"\n+++\n文\n")))
            .collect()
    }

    fn shown(document: &Document) -> String {
        format!("{:?}", Document { body: None, ..document.clone() })
    }

    fn piece(block: &[u8], at: u64, length: usize) -> Option<Vec<u8>> {
        block.get(at as usize..at as usize + length).map(<[u8]>::to_vec)
    }

    #[test]
    fn a_document_is_found_in_its_place_or_among_the_newer_ones() {
        let (settings, mut all) = (Hash::of(b"s"), documents(100));
        let first = Heads::default().of(settings, &all);
        all.extend([document("content/007.md", "+++\ntitle = \"新\"\n+++\n")]);
        let second = first.of(settings, &all);
        assert!(second.shared_with(&first).0);
        let (base, newer) = second.as_blocks();
        let directory = Directory::from_blocks(Some(second.directory()), Some(newer.to_vec())).unwrap();
        assert_eq!(directory.settings(), settings);
        for (path, (source, document)) in &all {
            let found = directory.document(path, *source, &|at, length| piece(base, at, length)).unwrap();
            assert_eq!(shown(&found), shown(document));
            assert!(directory.document(path, Hash::of(b"other"), &|at, length| piece(base, at, length)).is_none());
        }
        assert!(directory.document(&SourcePath::new("content/x.md"), settings, &|_, _| None).is_none());
        let (path, (source, changed)) = document("content/008.md", "+++\ntitle = \"又\"\n+++\n");
        let change = [(path, source, changed)];
        assert_eq!(directory.with(&change), second.with(&change).map(|heads| heads.as_blocks().1.to_vec()));
    }

    #[test]
    fn another_or_a_damaged_block_gives_no_document_rather_than_a_wrong_one() {
        let (settings, all) = (Hash::of(b"s"), documents(3));
        let heads = Heads::default().of(settings, &all);
        let (base, newer) = heads.as_blocks();
        let directory = Directory::from_blocks(Some(heads.directory()), Some(newer.to_vec())).unwrap();
        let (path, (source, document)) = all.first_key_value().unwrap();
        for at in 0..base.len() {
            let mut bytes = base.to_vec();
            bytes[at] ^= 1;
            if let Some(found) = directory.document(path, *source, &|at, length| piece(&bytes, at, length)) {
                assert_eq!(shown(&found), shown(document));
            }
            let cut = directory.document(path, *source, &|from, length| piece(&base[..at], from, length));
            assert!(cut.is_none_or(|found| shown(&found) == shown(document)));
        }
        let others = Heads::default().of(Hash::of(b"t"), &all);
        assert!(Directory::from_blocks(Some(heads.directory()), Some(others.as_blocks().1.to_vec())).is_none());
        assert!(Directory::from_blocks(None, Some(newer.to_vec())).is_none());
        let rows = heads.directory();
        for at in 0..rows.len() {
            let mut bytes = rows.clone();
            bytes[at] ^= 0xff;
            if let Some(directory) = Directory::from_blocks(Some(bytes), Some(newer.to_vec())) {
                all.iter().for_each(|(path, (source, _))| {
                    drop(directory.document(path, *source, &|at, length| piece(base, at, length)));
                });
                drop(directory.with(&[]));
            }
        }
    }
}
