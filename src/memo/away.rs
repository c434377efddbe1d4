//! Documents of an earlier run that are left in their block on disk: where each lies in it, so that they are read when they
//! are asked for, a few by themselves or all of them one stretch after the other.

use std::fmt;
use std::sync::Arc;

use super::heads::SETTINGS;
use super::pack;
use super::table::Table;
use crate::file::{Hash, SourcePath};

/// The rows of the larger table of `Heads`, without the documents, and how to read those.
#[derive(Clone)]
pub(super) struct Away {
    rows: Table,
    /// How many bytes of the block are documents.
    end: u64,
    read: Arc<ReadPiece>,
}

/// Where a document begins in the block (u64), how long it is (u32), and the CRC-32 of its bytes (u32); little-endian.
const ROW: usize = 8 + 4 + 4;

/// Fills the buffer with the bytes of the block of the larger table from this place on; false when it has not so many.
pub type ReadPiece = dyn Fn(u64, &mut [u8]) -> bool + Send + Sync;

/// A stretch of the block: neighbours are read together.
#[derive(Default)]
pub struct Window {
    start: u64,
    bytes: Vec<u8>,
}

/// Bytes of a stretch; they stay in the cache until they have been used.
const STRETCH: u64 = 64 << 10;
/// No document without its body is longer; one that is said to be is damage.
const LONGEST: usize = 64 << 20;

impl Away {
    /// Of what `rows_of` gave in an earlier run; nothing when it is damaged.
    pub(super) fn from_block(rows: Vec<u8>, read: Arc<ReadPiece>) -> Option<Away> {
        let rows = Table::from_bytes(rows)?;
        let is_document = |row: &usize| rows.key(*row) != SETTINGS.as_bytes();
        let ends = (0..rows.len()).filter(is_document).filter_map(|row| {
            let (at, length, _) = fields(rows.record(row))?;
            at.checked_add(length as u64)
        });
        let end = ends.max().unwrap_or(0);
        Some(Away { rows, end, read })
    }

    /// The block of rows that goes with this larger table.
    pub(super) fn rows_of(base: &Table) -> Vec<u8> {
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

    pub(super) fn rows(&self) -> &Table {
        &self.rows
    }

    /// About how long the block is.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.end).unwrap_or(usize::MAX)
    }

    pub(super) fn is(&self, other: &Away) -> bool {
        self.rows.is(&other.rows)
    }

    /// The packed document of this file with this hash, if it is there and whole.
    pub(super) fn packed<'w>(
        &self,
        path: &SourcePath,
        source: Hash,
        near: usize,
        window: &'w mut Window,
    ) -> Option<&'w [u8]> {
        let (at, length, expected) = fields(self.rows.record(self.rows.find(path.as_str(), near)?))?;
        let packed = self.piece(at, length, window)?;
        (pack::source_of(packed) == Some(source) && sum(packed) == expected).then_some(packed)
    }

    fn piece<'w>(&self, at: u64, length: usize, window: &'w mut Window) -> Option<&'w [u8]> {
        let end = at.checked_add(length as u64).filter(|end| *end <= self.end && length <= LONGEST)?;
        if at < window.start || end > window.start + window.bytes.len() as u64 {
            let stretch = STRETCH.min(self.end - at).max(length as u64);
            window.bytes.resize(usize::try_from(stretch).ok()?, 0);
            window.start = at;
            if !(self.read)(at, &mut window.bytes) {
                window.bytes.clear();
                return None;
            }
        }
        let from = usize::try_from(at - window.start).ok()?;
        window.bytes.get(from..from + length)
    }
}

impl fmt::Debug for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Away with {:?}", self.rows)
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
    use crate::document::{self, Document};
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

    /// Reads this block as it would be read from a disk.
    fn reading(block: &[u8]) -> Arc<ReadPiece> {
        let block = block.to_vec();
        Arc::new(move |at, bytes| {
            let piece = usize::try_from(at).ok().and_then(|at| block.get(at..at.checked_add(bytes.len())?));
            piece.is_some_and(|piece| {
                bytes.copy_from_slice(piece);
                true
            })
        })
    }

    fn found(heads: &Heads, path: &SourcePath, source: Hash) -> Option<(String, bool)> {
        let (document, is_in_base) = heads.document(path, source, 0, &mut Window::default())?;
        Some((shown(&document), is_in_base))
    }

    #[test]
    fn documents_are_found_in_their_places_and_the_newer_ones_beside_them() {
        let (settings, mut all) = (Hash::of(b"s"), documents(300));
        let first = Heads::default().of(settings, &all);
        let (base, rows) = first.base_blocks().unwrap();
        let away = |newer: &[u8]| Heads::from_blocks(Some(rows.clone()), Some(newer.to_vec()), reading(base));
        all.extend([document("content/007.md", "+++\ntitle = \"新\"\n+++\n")]);
        // As the process that made the larger table goes on, and as a later one does.
        let second = [first.of(settings, &all), away(first.newer_block()).of(settings, &all)];
        assert_eq!(second[0].newer_block(), second[1].newer_block());
        assert!(second[0].shared_with(&first).0 && second[1].base_blocks().is_none());
        let heads = away(second[0].newer_block());
        assert_eq!(heads.settings(), settings);
        let mut window = Window::default();
        for (near, (path, (source, document))) in all.iter().enumerate() {
            let (found, is_in_base) = heads.document(path, *source, near, &mut window).unwrap();
            assert_eq!((shown(&found), is_in_base), (shown(document), path.as_str() != "content/007.md"));
            assert!(heads.holds(path, *source));
            assert_eq!(heads.document(path, Hash::of(b"other"), near, &mut window).map(|_| ()), None);
        }
        assert_eq!(found(&heads, &SourcePath::new("content/x.md"), settings), None);
        let (path, (source, changed)) = document("content/008.md", "+++\ntitle = \"又\"\n+++\n");
        let change = [(path, source, changed)];
        let newer = |heads: &Heads| heads.with(&change).map(|heads| heads.newer_block().to_vec());
        assert_eq!(newer(&heads), newer(&second[0]));
    }

    #[test]
    fn a_table_that_is_made_anew_holds_documents_that_were_left_on_disk() {
        let (settings, all) = (Hash::of(b"s"), documents(40));
        let first = Heads::default().of(settings, &all);
        let (base, rows) = first.base_blocks().unwrap();
        let heads = Heads::from_blocks(Some(rows), Some(first.newer_block().to_vec()), reading(base));
        let few: Documents = all.into_iter().skip(30).collect();
        let next = heads.of(settings, &few);
        assert!(next.base_blocks().is_some(), "three quarters of the rows are of no use any more");
        for (path, (source, document)) in &few {
            assert_eq!(found(&next, path, *source), Some((shown(document), true)));
        }
    }

    #[test]
    fn another_or_a_damaged_block_gives_no_document_rather_than_a_wrong_one() {
        let (settings, all) = (Hash::of(b"s"), documents(3));
        let heads = Heads::default().of(settings, &all);
        let ((base, rows), newer) = (heads.base_blocks().unwrap(), heads.newer_block());
        let away = |rows: &[u8], newer: &[u8], base: &[u8]| {
            Heads::from_blocks(Some(rows.to_vec()), Some(newer.to_vec()), reading(base))
        };
        let (path, (source, document)) = all.first_key_value().unwrap();
        let right = Some((shown(document), true));
        for at in 0..base.len() {
            let mut bytes = base.to_vec();
            bytes[at] ^= 1;
            for base in [&bytes[..], &base[..at]] {
                let found = found(&away(&rows, newer, base), path, *source);
                assert!(found.is_none() || found == right);
            }
        }
        let others = Heads::default().of(Hash::of(b"t"), &all);
        let with_others = away(&rows, others.of(Hash::of(b"t"), &documents(2)).newer_block(), base);
        assert_eq!((with_others.settings(), found(&with_others, path, *source)), (settings, right.clone()));
        assert!(Heads::from_blocks(None, Some(newer.to_vec()), reading(base)).is_empty());
        for at in 0..rows.len() {
            let mut bytes = rows.clone();
            bytes[at] ^= 0xff;
            let heads = away(&bytes, newer, base);
            all.iter().for_each(|(path, (source, _))| drop(found(&heads, path, *source)));
            drop(heads.with(&[]));
        }
    }
}
