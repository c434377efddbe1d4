//! Documents of an earlier run, without their bodies, by path; unpacked one by one when they are asked for.
//!
//! Two tables: the documents as they were when the larger one was written, and those that differ since. So an edit writes a
//! small block, whatever the size of the site; and the larger one is left on disk (`Away`). A row is good for one hash of the
//! file, so a table that is too old, or belongs to the other of the two, does no harm.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::away::{Away, ReadPiece, Window};
use super::pack;
use super::table::Table;
use crate::document::Document;
use crate::file::{Hash, SourcePath};

/// See above.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    base: Base,
    newer: Table,
}

/// The larger table.
#[derive(Clone, Debug)]
enum Base {
    /// It was just made.
    Here(Table),
    /// Its documents are on disk.
    Away(Away),
}

impl Default for Base {
    fn default() -> Base {
        Base::Here(Table::default())
    }
}

impl Base {
    /// A table with the same keys and the same settings.
    fn rows(&self) -> &Table {
        match self {
            Base::Here(table) => table,
            Base::Away(away) => away.rows(),
        }
    }

    /// Length in bytes.
    fn len(&self) -> usize {
        match self {
            Base::Here(table) => table.as_bytes().len(),
            Base::Away(away) => away.len(),
        }
    }

    fn is(&self, other: &Base) -> bool {
        match (self, other) {
            (Base::Here(one), Base::Here(other)) => one.is(other),
            (Base::Away(one), Base::Away(other)) => one.is(other),
            _ => false,
        }
    }

    fn packed<'a>(&'a self, path: &SourcePath, source: Hash, near: usize, window: &'a mut Window) -> Option<&'a [u8]> {
        match self {
            Base::Here(table) => packed_in(table, path, source, near),
            Base::Away(away) => away.packed(path, source, near, window),
        }
    }
}

/// The row that holds the hash of the settings under which the documents were parsed; no document has this path.
pub(super) const SETTINGS: &str = "";
/// The newer table may be an eighth of the other, and of a small site all of it.
const NEWER_PART: usize = 8;
const NEWER_FREE: usize = 16 << 10;

impl Heads {
    /// Of what an earlier run left: the rows of `base_blocks`, `newer_block`, and how to read the block that goes with the
    /// rows. A block that is damaged is as good as none.
    pub fn from_blocks(rows: Option<Vec<u8>>, newer: Option<Vec<u8>>, read: Arc<ReadPiece>) -> Heads {
        let base = rows.and_then(|rows| Away::from_block(rows, read)).map(Base::Away).unwrap_or_default();
        let newer = newer.and_then(Table::from_bytes).unwrap_or_default();
        match settings_of(base.rows()) == settings_of(&newer) {
            true => Heads { base, newer },
            false => Heads { base, newer: Table::default() },
        }
    }

    /// The larger table and where its documents lie in it, to be saved; none when it is the one that was saved before.
    pub fn base_blocks(&self) -> Option<(&[u8], Vec<u8>)> {
        match &self.base {
            Base::Here(table) => Some((table.as_bytes(), Away::rows_of(table))),
            Base::Away(_) => None,
        }
    }

    /// The smaller table, to be saved.
    pub fn newer_block(&self) -> &[u8] {
        self.newer.as_bytes()
    }

    /// Which of the two tables are still the other's, and need not be saved again.
    pub fn shared_with(&self, other: &Heads) -> (bool, bool) {
        (self.base.is(&other.base), self.newer.is(&other.newer))
    }

    /// The settings under which the documents were parsed.
    pub fn settings(&self) -> Hash {
        settings_of(self.base.rows())
    }

    /// True when no document is here.
    pub fn is_empty(&self) -> bool {
        self.base.rows().len() == 0 && self.newer.len() == 0
    }

    /// True when the document of this file with this hash is here, or may be: nobody has looked at what is on disk.
    pub fn holds(&self, path: &SourcePath, source: Hash) -> bool {
        let in_base = || match &self.base {
            Base::Here(table) => packed_in(table, path, source, 0).is_some(),
            Base::Away(away) => away.rows().find(path.as_str(), 0).is_some(),
        };
        packed_in(&self.newer, path, source, 0).is_some() || in_base()
    }

    /// The document of this file with this hash, and whether it is in the larger table. `near` is its position among all
    /// documents, which is likely the position of its row; `window` is for all calls of one thread.
    pub fn document(
        &self,
        path: &SourcePath,
        source: Hash,
        near: usize,
        window: &mut Window,
    ) -> Option<(Document, bool)> {
        if let Some(packed) = packed_in(&self.newer, path, source, 0) {
            return Some((pack::unpack(path, packed)?, false));
        }
        Some((pack::unpack(path, self.base.packed(path, source, near + 1, window)?)?, true))
    }

    /// What of it is in memory.
    fn packed(&self, path: &SourcePath, source: Hash, near: usize) -> Option<&[u8]> {
        let in_base = || match &self.base {
            Base::Here(table) => packed_in(table, path, source, near + 1),
            Base::Away(_) => None,
        };
        packed_in(&self.newer, path, source, 0).or_else(in_base)
    }

    /// With these documents added or replaced; `None` when the newer table would grow too large.
    pub fn with(&self, documents: &[(SourcePath, Hash, Arc<Document>)]) -> Option<Heads> {
        let newer = newer_with(&self.newer, self.settings(), self.base.len(), documents)?;
        Some(Heads { base: self.base.clone(), newer })
    }

    /// The heads of these documents. Those with problems are left out, because problems are not kept: they are parsed again.
    pub fn of(&self, settings: Hash, documents: &BTreeMap<SourcePath, (Hash, Arc<Document>)>) -> Heads {
        self.pack(settings, documents, &|_| false).into_heads()
    }

    /// The first half of `of`, for which all threads can be used; `is_known` of a position among the documents when
    /// `document` has just found it in the larger table.
    pub fn pack(
        &self,
        settings: Hash,
        documents: &BTreeMap<SourcePath, (Hash, Arc<Document>)>,
        is_known: &(dyn Fn(usize) -> bool + Sync),
    ) -> PackedHeads {
        let known = if self.settings() == settings { self.clone() } else { Heads::default() };
        let has_base = known.base.rows().len() > 0;
        let kept: Vec<(&SourcePath, Hash, &Document, bool)> = documents
            .iter()
            .enumerate()
            .map(|(at, (path, (source, document)))| (path, *source, &**document, has_base && is_known(at)))
            .filter(|(.., document, is_known)| *is_known || document.problems.is_empty())
            .collect();
        let row = |(near, (path, source, document, _)): (usize, &(&SourcePath, Hash, &Document, bool))| {
            let packed = known.packed(path, *source, near);
            (path.as_str().to_string(), packed.map_or_else(|| pack::pack(document), <[u8]>::to_vec))
        };
        let all = || PackedHeads { settings, beside: None, rows: kept.par_iter().enumerate().map(row).collect() };
        if !has_base {
            return all();
        }
        let changed = |window: &mut Window, (near, kept): (usize, &(&SourcePath, Hash, &Document, bool))| {
            let (path, source, _, is_known) = kept;
            let is_there = *is_known || known.base.packed(path, *source, near + 1, window).is_some();
            (!is_there).then(|| row((near, kept)))
        };
        let looked = kept.par_iter().enumerate().with_max_len(256).map_init(Window::default, changed);
        let changed: Vec<(String, Vec<u8>)> = looked.flatten_iter().collect();
        let bytes: usize = changed.iter().map(|(path, packed)| path.len() + packed.len()).sum();
        let is_loose = known.base.rows().len() > 2 * (kept.len() + 1);
        if bytes <= NEWER_FREE + known.base.len() / NEWER_PART && !is_loose {
            return PackedHeads { settings, beside: Some(known), rows: changed };
        }
        all()
    }
}

/// Documents as bytes, not yet in a table.
#[derive(Debug)]
pub struct PackedHeads {
    settings: Hash,
    /// The heads whose larger table stays; without them the rows make a new one.
    beside: Option<Heads>,
    rows: Vec<(String, Vec<u8>)>,
}

impl PackedHeads {
    /// The second half of `Heads::of`, for one thread.
    pub fn into_heads(self) -> Heads {
        let made = table(self.settings, self.rows);
        match self.beside {
            None => Heads { base: Base::Here(made), newer: table(self.settings, Vec::new()) },
            Some(known) if made == known.newer => known,
            Some(known) => Heads { newer: made, ..known },
        }
    }
}

/// The newer table with these documents added or replaced, as long as it is small beside the other, of `base` bytes.
fn newer_with(
    newer: &Table,
    settings: Hash,
    base: usize,
    documents: &[(SourcePath, Hash, Arc<Document>)],
) -> Option<Table> {
    let text = |row: usize| String::from_utf8_lossy(newer.key(row)).into_owned();
    let mut rows: BTreeMap<String, Vec<u8>> =
        (0..newer.len()).map(|row| (text(row), newer.record(row).to_vec())).collect();
    rows.insert(SETTINGS.to_string(), settings.0.to_vec());
    rows.extend(documents.iter().map(|(path, _, document)| (path.as_str().to_string(), pack::pack(document))));
    let bytes: usize = rows.iter().map(|(path, packed)| path.len() + packed.len()).sum();
    let fits = bytes <= NEWER_FREE + base / NEWER_PART;
    fits.then(|| Table::from_sorted(&rows.into_iter().collect::<Vec<_>>()))
}

fn packed_in<'a>(table: &'a Table, path: &SourcePath, source: Hash, near: usize) -> Option<&'a [u8]> {
    let packed = table.record(table.find(path.as_str(), near)?);
    (pack::source_of(packed) == Some(source)).then_some(packed)
}

fn table(settings: Hash, mut rows: Vec<(String, Vec<u8>)>) -> Table {
    rows.insert(0, (SETTINGS.to_string(), settings.0.to_vec()));
    Table::from_sorted(&rows)
}

fn settings_of(table: &Table) -> Hash {
    let row = table.find(SETTINGS, 0).map(|row| table.record(row));
    row.and_then(|bytes| bytes.try_into().ok()).map(Hash).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::document;
    use crate::file::Source;

    const RICH: &str = "+++\ntitle = \"关于用水的通知\"\ndate = 2026-09-01\nupdated = \"2026-09-02 08:30\"\nexpires = \"2026-10-01 18:00\"\nslug = \"water\"\naliases = [\"/old/1.html\"]\ntopics = [\"节水\", \"通知\"]\nseries = \"节约\"\ntags = [\"水\"]\ndepartment = \"后勤科\"\nsource = \"来源\"\nauthor = \"作者\"\nsummary = \"摘要\"\nimage = \"1.png\"\nimage_alt = \"图\"\nvideo = \"1.mp4\"\nattachments = [\"a.pdf\"]\npinned = 2026-09-20\nweight = -3\ntone = \"solemn\"\n[disclosure]\nindex_number = \"1\"\nwritten = 2026-08-30\n[screen]\non = [\"hall\"]\ndays = [\"mon-fri\", \"lunar 01-01\", \"12-13\", \"last fri\", \"2026-10-01\", \"workdays\"]\nhours = [\"11:00-13:30\"]\nseconds = 12\nweight = 4\npriority = \"takeover\"\ntext = \"节水\"\nevergreen = true\n[extra]\nx = [1, { y = \"z\" }]\n+++\n\n## 一 {#one}\n\n见[乙](b.md#x)与![](2.png)。\n\n<a id=\"k\"></a>\n";

    fn document(path: &str, text: &str) -> (SourcePath, (Hash, Arc<Document>)) {
        let config = Config { index_pattern: crate::config::IndexPattern::Any, ..Config::default() };
        let source = Source::from_text(path, text);
        (source.path.clone(), (source.hash, Arc::new(document::parse(&source, &config))))
    }

    fn shown(document: &Document) -> String {
        format!("{:?}", Document { body: None, ..document.clone() })
    }

    #[test]
    fn a_document_comes_back_as_it_was() {
        for (path, text) in [
            ("content/notices/a.md", RICH),
            (
                "content/slogans/s.md",
                "+++\ntitle = \"节约用水\"\nattribution = \"宣\"\n+++\n一滴水\\\n一份情\n\n随手关\n",
            ),
            ("content/notices/_index.md", "+++\ntitle = \"通知\"\n[section]\nsort = \"weight\"\npage_size = 7\n+++\n"),
            (
                "content/reports/r.md",
                "+++\ntitle = \"r\"\ndate = 2026-01-02\n[activity]\ndate = 2026-01-01\nplace = \"院\"\nparticipants = 86\nhours = 1.5\nfigures = { \"捡拾\" = \"3 袋\" }\n+++\n文\n",
            ),
        ] {
            let (path, (source, document)) = document(path, text);
            assert_eq!(document.problems, [], "{path}");
            let heads =
                Heads::default().of(Hash::of(b"s"), &BTreeMap::from([(path.clone(), (source, document.clone()))]));
            let (again, is_in_base) = heads.document(&path, source, 0, &mut Window::default()).expect("it was kept");
            assert!(is_in_base);
            assert_eq!(shown(&again), shown(&document));
            assert!(!heads.holds(&path, Hash::of(b"other")));
        }
    }

    #[test]
    fn no_cut_or_changed_bytes_panic() {
        let (path, (_, document)) = document("content/notices/a.md", RICH);
        let whole = pack::pack(&document);
        for cut in 0..whole.len() {
            assert!(pack::unpack(&path, &whole[..cut]).is_none());
        }
        for at in 0..whole.len() {
            for flip in [1, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                let _ = pack::unpack(&path, &bytes);
            }
        }
    }

    #[test]
    fn an_edit_rewrites_only_the_smaller_table() {
        let settings = Hash::of(b"s");
        let text = |n: usize| format!("+++\ntitle = \"{n}\"\n+++\n{}\n", "文".repeat(40));
        let mut documents: BTreeMap<_, _> =
            (0..200).map(|n| document(&format!("content/{n:03}.md"), &text(n))).collect();
        let first = Heads::default().of(settings, &documents);
        documents.extend([document("content/007.md", "+++\ntitle = \"new\"\n+++\n")]);
        documents.remove(&SourcePath::new("content/008.md"));
        let second = first.of(settings, &documents);
        assert!(first.shared_with(&second).0);
        assert_eq!(second.newer.len(), 2);
        for (near, (path, (source, document))) in documents.iter().enumerate() {
            let (again, is_in_base) = second.document(path, *source, near, &mut Window::default()).unwrap();
            assert_eq!((shown(&again), is_in_base), (shown(document), path.as_str() != "content/007.md"));
        }
        // Other settings, and nothing of it is good any more.
        assert!(!first.shared_with(&first.of(Hash::of(b"t"), &documents)).0);
    }

    #[test]
    fn a_document_with_a_problem_is_parsed_again_and_tells_it_again() {
        let (path, (source, document)) = document("content/a.md", "+++\ntitel = \"x\"\n+++\n");
        assert!(!document.problems.is_empty());
        let heads = Heads::default().of(Hash::default(), &BTreeMap::from([(path.clone(), (source, document))]));
        assert!(!heads.holds(&path, source));
    }
}
