//! Words for noticing that a file has changed without reading it: a `Stamp` is what the system says about a file, and
//! `Stamps` is a table of path → stamp and hash from an earlier run.
//!
//! Plain values; the doors `source` and `release` fill them. The table is one block of bytes that is searched as it is,
//! so loading it costs no parsing; `state` keeps it between runs, and a damaged block is no table rather than a wrong one.

use std::sync::Arc;

use crate::file::Hash;

/// What the system says about a file. Equal stamps mean equal bytes, unless the row is racy (`Row::racy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Length in bytes.
    pub size: u64,
    /// Time of the last write in nanoseconds since 1970.
    pub modified: i64,
    /// On Unix the time of the last change of bytes, name or rights, which no program can set back; elsewhere 0.
    pub changed: i64,
    /// On Unix the number of the file on its device, which an editor that writes by rename changes; elsewhere 0.
    pub node: u64,
}

impl Stamp {
    /// From what the system said.
    pub fn of(metadata: &std::fs::Metadata) -> Stamp {
        let modified = metadata.modified().ok().map_or(0, nanoseconds);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
            Stamp { size: metadata.len(), modified, changed, node: metadata.ino() }
        }
        #[cfg(not(unix))]
        Stamp { size: metadata.len(), modified, changed: 0, node: 0 }
    }

    /// What the system says about an open file, and whether it is an ordinary one.
    pub fn of_open(file: &std::fs::File) -> std::io::Result<(Stamp, bool)> {
        #[cfg(target_os = "linux")]
        return Ok(Stamp::said(&rustix::fs::fstat(file)?));
        #[cfg(not(target_os = "linux"))]
        file.metadata().map(|metadata| (Stamp::of(&metadata), metadata.is_file()))
    }

    /// What the system says about this path below an open folder, without following a link, and whether it is an ordinary
    /// file. A long way to the folder costs nothing, which counts when there are many files.
    #[cfg(target_os = "linux")]
    pub fn below(folder: impl std::os::fd::AsFd, path: &[u8]) -> std::io::Result<(Stamp, bool)> {
        // Not `statx`: it says more, which takes a tenth longer.
        Ok(Stamp::said(&rustix::fs::statat(folder, path, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?))
    }

    #[cfg(target_os = "linux")]
    fn said(said: &rustix::fs::Stat) -> (Stamp, bool) {
        use rustix::fs::FileType;
        // The types of these numbers differ from processor to processor.
        fn number<T: Default>(of: impl TryInto<T>) -> T {
            of.try_into().unwrap_or_default()
        }
        let time = |seconds: i64, nanoseconds: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
        let stamp = Stamp {
            size: number(said.st_size),
            modified: time(number(said.st_mtime), number(said.st_mtime_nsec)),
            changed: time(number(said.st_ctime), number(said.st_ctime_nsec)),
            node: number(said.st_ino),
        };
        (stamp, FileType::from_raw_mode(said.st_mode) == FileType::RegularFile)
    }

    /// True when the file was written less than `window` nanoseconds from `now` (before or after it): then the clock of the file system may be
    /// too coarse to give a later write another stamp.
    pub fn is_within(&self, window: i64, now: i64) -> bool {
        [self.modified, self.changed].iter().any(|time| now.saturating_sub(*time).saturating_abs() < window)
    }
}

/// Looks at one file after the other below an open folder. Neighbours are looked up from the folder that they share, since
/// each step of a path costs as much as half a look.
#[derive(Debug, Default)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "elsewhere whole paths are looked up"))]
pub struct Nearby<'p> {
    /// Path of the folder that is open beside the outer one, with its slash.
    prefix: &'p [u8],
    #[cfg(target_os = "linux")]
    open: Option<std::os::fd::OwnedFd>,
    /// The path before; how much of it is the folder that it shares with the one before it, and how many in a row share that.
    last: &'p [u8],
    shared: usize,
    count: u32,
}

/// So many neighbours are worth opening a folder for.
#[cfg(target_os = "linux")]
const NEIGHBOURS: u32 = 4;

#[cfg(target_os = "linux")]
impl<'p> Nearby<'p> {
    /// `Stamp::below` for this path below the folder, which is the same in all calls.
    pub fn look(&mut self, folder: impl std::os::fd::AsFd, path: &'p [u8]) -> std::io::Result<(Stamp, bool)> {
        let shared = self.shared_with_last(path);
        self.count = if shared == self.shared { self.count.saturating_add(1) } else { 1 };
        self.shared = shared;
        self.last = path;
        if self.count >= NEIGHBOURS && shared != self.prefix.len() {
            self.prefix = &path[..shared];
            self.open = open_folder(&folder, self.prefix);
        }
        match (&self.open, path.strip_prefix(self.prefix)) {
            (Some(open), Some(rest)) => Stamp::below(open, rest),
            _ => Stamp::below(folder, path),
        }
    }

    /// Length of the longest path of a folder, with its slash, that the path and the one before it begin with.
    fn shared_with_last(&self, path: &[u8]) -> usize {
        // Most share the folder that is open, which is compared as a whole.
        let known = self.prefix.len();
        match (path.strip_prefix(self.prefix), self.last.strip_prefix(self.prefix)) {
            (Some(rest), Some(last)) => known + shared_folder(last, rest),
            _ => shared_folder(self.last, path),
        }
    }
}

/// Where a look goes through it, as it would go through its path; none when it is the outer folder, or cannot be opened.
#[cfg(target_os = "linux")]
fn open_folder(outer: impl std::os::fd::AsFd, path: &[u8]) -> Option<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags, openat};
    if path.is_empty() {
        return None;
    }
    openat(outer, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok()
}

/// Length of the longest path of a folder, with its slash, that both paths begin with.
#[cfg(target_os = "linux")]
fn shared_folder(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    one[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1)
}

/// A path of a table as text, for systems on which whole paths are looked up.
///
/// # Errors
/// What is not UTF-8 is of no table.
pub fn as_text(path: &[u8]) -> std::io::Result<&str> {
    std::str::from_utf8(path).map_err(|_| std::io::ErrorKind::InvalidFilename.into())
}

/// Nanoseconds since 1970; negative before, cut at the ends of what fits.
pub fn nanoseconds(time: std::time::SystemTime) -> i64 {
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
    }
}

/// What is remembered about one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its stamp when it was hashed.
    pub stamp: Stamp,
    /// Hash of its bytes.
    pub hash: Hash,
    /// Width and height when it is a picture.
    pub pixels: Option<(u32, u32)>,
    /// It was written so shortly before it was hashed that an equal stamp proves nothing.
    pub racy: bool,
}

/// A table of path → `Row`, sorted by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamps {
    /// Number of rows (u32), the rows, then all paths as one text; integers little-endian. Shared, since most tables are the
    /// one of the run before.
    bytes: Arc<Vec<u8>>,
}

const HEAD: usize = 4;
/// End of the path in the text (4) and hash.
const NAMED: usize = 4 + Hash::SIZE;
/// These, stamp (4 × 8), pixels (2 × 4), flags (1).
const ROW: usize = NAMED + 32 + 8 + 1;
const RACY: u8 = 1;
const PICTURE: u8 = 2;

impl Default for Stamps {
    fn default() -> Stamps {
        Stamps { bytes: Arc::new(vec![0; HEAD]) }
    }
}

impl Stamps {
    /// From rows in ascending order of path. A row out of order or repeated is left out: it would only be hashed again.
    pub fn from_sorted<P: AsRef<str>>(rows: impl IntoIterator<Item = (P, Row)>) -> Stamps {
        let rows = rows.into_iter();
        let mut text = String::new();
        let mut bytes = Vec::with_capacity(HEAD + rows.size_hint().0 * ROW);
        bytes.extend([0; HEAD]);
        let (mut count, mut last) = (0u32, 0usize);
        for (path, row) in rows {
            let path = path.as_ref();
            let Ok(end) = u32::try_from(text.len() + path.len()) else { break };
            if count > 0 && text[last..] >= *path {
                continue;
            }
            last = text.len();
            text.push_str(path);
            bytes.extend(end.to_le_bytes());
            push_row(&mut bytes, &row);
            count += 1;
        }
        bytes[..HEAD].copy_from_slice(&count.to_le_bytes());
        bytes.extend(text.as_bytes());
        Stamps { bytes: Arc::new(bytes) }
    }

    /// The table of these rows, in ascending order of path: this one with some rows replaced when it has the same paths.
    pub fn next<P: AsRef<str>>(&self, rows: &[(P, Row)]) -> Stamps {
        if rows.len() != self.len() || !rows.iter().enumerate().all(|(i, (path, _))| path.as_ref() == self.path(i)) {
            return Stamps::from_sorted(rows.iter().map(|(path, row)| (path, *row)));
        }
        let rows = rows.iter().enumerate().map(|(index, (_, row))| (index, *row));
        self.with_rows(rows)
    }

    /// The same table with these rows at these indexes, which are below `len`.
    pub fn with_rows(&self, rows: impl Iterator<Item = (usize, Row)>) -> Stamps {
        let mut next = self.clone();
        for (index, row) in rows.filter(|(index, row)| self.row(*index) != *row) {
            let mut bytes = Vec::with_capacity(ROW);
            push_row(&mut bytes, &row);
            let at = HEAD + index * ROW + 4;
            Arc::make_mut(&mut next.bytes)[at..at + bytes.len()].copy_from_slice(&bytes);
        }
        next
    }

    /// The same table, in which the stamps of the rows with these indexes are to be trusted.
    pub fn settled(&self, rows: &[usize]) -> Stamps {
        let mut next = self.clone();
        for index in rows.iter().filter(|index| **index < self.len()) {
            let flags = HEAD + index * ROW + ROW - 1;
            Arc::make_mut(&mut next.bytes)[flags] &= !RACY;
        }
        next
    }

    /// True when both tables are about the same files with the same bytes, whatever their stamps.
    pub fn same_files(&self, other: &Stamps) -> bool {
        // The end of the path and the hash.
        let named = |index: usize| HEAD + index * ROW..HEAD + index * ROW + NAMED;
        let text = HEAD + self.len() * ROW;
        Arc::ptr_eq(&self.bytes, &other.bytes)
            || self.len() == other.len()
                && self.bytes[text..] == other.bytes[text..]
                && (0..self.len()).all(|index| self.bytes[named(index)] == other.bytes[named(index)])
    }

    /// All paths in order.
    pub fn paths_as_bytes(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.path_bytes(index))
    }

    /// Where each path ends in the text of all of them, and this text: what tells the files of one table from those of another.
    pub fn names(&self) -> (impl Iterator<Item = u32>, &[u8]) {
        let text = HEAD + self.len() * ROW;
        let end = |row: &[u8]| u32::from_le_bytes([row[0], row[1], row[2], row[3]]);
        (self.bytes[HEAD..text].chunks_exact(ROW).map(end), &self.bytes[text..])
    }

    /// Length in bytes of all files together.
    pub fn size(&self) -> u64 {
        let at = |index: usize| HEAD + index * ROW + NAMED;
        let size = |index: usize| self.bytes[at(index)..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        (0..self.len()).map(size).sum()
    }

    /// From what `as_bytes` gave in an earlier run; `None` when it is damaged.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Stamps> {
        let count = u32::from_le_bytes(bytes.get(..HEAD)?.try_into().ok()?) as usize;
        let text = std::str::from_utf8(bytes.get(HEAD + count.checked_mul(ROW)?..)?).ok()?;
        let (mut start, mut last) = (0, None);
        for row in bytes[HEAD..HEAD + count * ROW].chunks_exact(ROW) {
            let end = u32::from_le_bytes(row[..4].try_into().ok()?) as usize;
            let path = text.get(start..end)?;
            if last.is_some_and(|last| last >= path) {
                return None;
            }
            (start, last) = (end, Some(path));
        }
        (start == text.len()).then(|| Stamps { bytes: Arc::new(bytes) })
    }

    /// The table as one block, to be saved.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many files are remembered.
    pub fn len(&self) -> usize {
        u32::from_le_bytes(self.bytes[..HEAD].try_into().expect("four bytes are cut out")) as usize
    }

    /// True when nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is remembered about this path.
    pub fn find(&self, path: &str) -> Option<Row> {
        self.position(path).map(|index| self.row(index))
    }

    /// Which row is about this path.
    pub fn position(&self, path: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.path_bytes(middle).cmp(path.as_bytes()) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The same, at once when it is this row: whoever goes through files in order knows about which it will be.
    pub fn position_near(&self, path: &str, near: usize) -> Option<usize> {
        let (len, path_bytes) = (self.len(), path.as_bytes());
        if near < len && self.path_bytes(near) == path_bytes {
            return Some(near);
        }
        self.position(path)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Row)> {
        (0..self.len()).map(|i| (self.path(i), self.row(i)))
    }

    /// Path and hash of all rows in order.
    pub fn files(&self) -> impl Iterator<Item = (&[u8], Hash)> {
        (0..self.len()).map(|i| (self.path_bytes(i), self.hash(i)))
    }

    /// Path of the row with this index, which is below `len`.
    pub fn path(&self, index: usize) -> &str {
        std::str::from_utf8(self.path_bytes(index)).expect("checked in `from_bytes`, made from text in `from_sorted`")
    }

    /// The same as bytes: `path` makes sure each time that they are text, which takes a while for many.
    pub fn path_bytes(&self, index: usize) -> &[u8] {
        let text = HEAD + self.len() * ROW;
        let start = if index == 0 { 0 } else { self.end(index - 1) };
        &self.bytes[text + start..text + self.end(index)]
    }

    fn hash(&self, index: usize) -> Hash {
        let at = HEAD + index * ROW + 4;
        Hash(self.bytes[at..at + Hash::SIZE].try_into().expect("the bytes of a hash are cut out"))
    }

    fn end(&self, index: usize) -> usize {
        let at = HEAD + index * ROW;
        u32::from_le_bytes(self.bytes[at..at + 4].try_into().expect("four bytes are cut out")) as usize
    }

    /// The row with this index, which is below `len`.
    pub fn row(&self, index: usize) -> Row {
        let at = HEAD + index * ROW;
        let row = &self.bytes[at + NAMED..at + ROW];
        let long = |i: usize| <[u8; 8]>::try_from(&row[i * 8..8 + i * 8]).expect("eight bytes are cut out");
        let short =
            |i: usize| u32::from_le_bytes(row[32 + i * 4..36 + i * 4].try_into().expect("four bytes are cut out"));
        let flags = row[40];
        Row {
            stamp: Stamp {
                size: u64::from_le_bytes(long(0)),
                modified: i64::from_le_bytes(long(1)),
                changed: i64::from_le_bytes(long(2)),
                node: u64::from_le_bytes(long(3)),
            },
            hash: self.hash(index),
            pixels: (flags & PICTURE != 0).then(|| (short(0), short(1))),
            racy: flags & RACY != 0,
        }
    }
}

fn push_row(bytes: &mut Vec<u8>, row: &Row) {
    bytes.extend(row.hash.0);
    bytes.extend(row.stamp.size.to_le_bytes());
    bytes.extend(row.stamp.modified.to_le_bytes());
    bytes.extend(row.stamp.changed.to_le_bytes());
    bytes.extend(row.stamp.node.to_le_bytes());
    let (width, height) = row.pixels.unwrap_or((0, 0));
    bytes.extend(width.to_le_bytes());
    bytes.extend(height.to_le_bytes());
    bytes.push(if row.racy { RACY } else { 0 } | if row.pixels.is_some() { PICTURE } else { 0 });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u8) -> Row {
        Row {
            stamp: Stamp { size: u64::from(n), modified: -i64::from(n), changed: i64::from(n) << 40, node: 7 },
            hash: Hash([n; Hash::SIZE]),
            pixels: n.is_multiple_of(2).then_some((u32::from(n), 9)),
            racy: n.is_multiple_of(3),
        }
    }

    #[test]
    fn every_row_is_found_again_after_saving() {
        let paths: Vec<String> = (100..200).map(|n| format!("content/通知{n}.md")).collect();
        let stamps = Stamps::from_sorted(paths.iter().zip(100u8..).map(|(path, n)| (path, row(n))));
        let stamps = Stamps::from_bytes(stamps.as_bytes().to_vec()).expect("undamaged");
        assert_eq!(stamps.len(), 100);
        for (path, n) in paths.iter().zip(100u8..) {
            assert_eq!(stamps.find(path), Some(row(n)));
            for near in [0, usize::from(n) - 100, 99, usize::MAX] {
                assert_eq!(stamps.position_near(path, near), Some(usize::from(n) - 100));
            }
        }
        let files: Vec<_> = stamps.files().collect();
        assert_eq!(files, stamps.iter().map(|(path, row)| (path.as_bytes(), row.hash)).collect::<Vec<_>>());
        let (ends, text) = stamps.names();
        assert!(ends.map(|end| &text[..end as usize]).eq((1..=100).map(|n| &text[..paths[..n].concat().len()])));
        assert_eq!(text, paths.concat().as_bytes());
        assert_eq!(stamps.find("content/"), None);
        assert_eq!(stamps.find("z"), None);
        assert_eq!(stamps.iter().map(|(path, _)| path.to_string()).collect::<Vec<_>>(), paths);
    }

    #[test]
    fn the_next_table_is_the_one_of_its_rows() {
        let last = Stamps::from_sorted([("a", row(1)), ("b", row(2)), ("文", row(3))]);
        for rows in [
            vec![("a", row(1)), ("b", row(2)), ("文", row(3))],
            vec![("a", row(1)), ("b", row(7)), ("文", row(4))],
            vec![("a", row(1)), ("c", row(2)), ("文", row(3))],
            vec![("a", row(5)), ("b", row(2))],
            vec![],
        ] {
            assert_eq!(last.next(&rows), Stamps::from_sorted(rows));
        }
    }

    #[test]
    fn the_same_files_may_have_other_stamps_and_settled_rows_are_trusted() {
        let last = Stamps::from_sorted([("a", row(3)), ("b", row(6)), ("文", row(1))]);
        let touched = Stamps::from_sorted([("a", Row { racy: false, ..row(3) }), ("b", row(6)), ("文", row(1))]);
        assert!(last != touched && last.same_files(&touched));
        assert_eq!(last.settled(&[0]), touched);
        assert_eq!(last.settled(&[]), last);
        for other in [
            Stamps::from_sorted([("a", row(3)), ("b", row(7)), ("文", row(1))]),
            Stamps::from_sorted([("a", row(3)), ("c", row(6)), ("文", row(1))]),
            Stamps::from_sorted([("a", row(3)), ("b", row(6))]),
        ] {
            assert!(!last.same_files(&other));
        }
    }

    #[test]
    fn no_damaged_block_panics_and_a_cut_one_is_refused() {
        let whole = Stamps::from_sorted([("a", row(1)), ("b", row(2)), ("文", row(3))]).bytes.to_vec();
        for cut in 0..whole.len() {
            assert_eq!(Stamps::from_bytes(whole[..cut].to_vec()), None);
        }
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            if let Some(stamps) = Stamps::from_bytes(bytes) {
                assert!(stamps.iter().count() <= 3 && stamps.find("b").is_none_or(|row| row.stamp.size < u64::MAX));
            }
        }
    }

    #[test]
    fn a_file_written_at_the_instant_of_reading_is_racy() {
        let stamp = Stamp { modified: 10_000, changed: 10_000, ..Stamp::default() };
        assert!(stamp.is_within(100, 10_050));
        assert!(stamp.is_within(100, 9_950));
        assert!(!stamp.is_within(100, 10_100));
        assert!(Stamp { changed: 20_000, ..stamp }.is_within(100, 20_000));
    }
}
