//! Door to our own folder `.civicast/`: what makes the next run faster, and the receipts of past ones.
//!
//! Named blocks of bytes go in and come out whole or not at all. The folder may be deleted, damaged or unwritable at any
//! time: then the next run is slower, and nothing else. It knows nothing of what the bytes mean.

#![expect(clippy::disallowed_methods, reason = "this room keeps our own folder")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use rayon::prelude::*;

use crate::file::Hash;
use crate::problem::Problem;
use crate::stamp::Stamp;

/// Our folder in the folder of a site.
pub const FOLDER: &str = ".civicast";
/// Grows by a line a run; past this size the older half goes.
const RECEIPTS_MAX: u64 = 1 << 20;
const RECEIPTS: &str = "receipts.jsonl";
const MAGIC: &[u8; 8] = b"civicast";
/// Magic, version (u32), hash of the rest.
const HEAD: usize = 8 + 4 + Hash::SIZE;

/// A number that another build of this program does not share: what one build of it remembers, another must not trust.
pub fn program_version() -> u32 {
    // Asked once: a program that is replaced while it runs goes on as what it was.
    static VERSION: OnceLock<u32> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let version = Hash::of(env!("CARGO_PKG_VERSION").as_bytes());
        let program =
            std::env::current_exe().and_then(fs::metadata).map(|metadata| Stamp::of(&metadata)).unwrap_or_default();
        let parts = [version.0.as_slice(), &program.size.to_le_bytes(), &program.modified.to_le_bytes()];
        let hash = Hash::of_parts(parts);
        u32::from_le_bytes([hash.0[0], hash.0[1], hash.0[2], hash.0[3]])
    })
}

/// What was saved under this name by the same version of its format; `None` when there is nothing, or it is damaged.
pub fn load(site: &Path, name: &str, version: u32) -> Option<Vec<u8>> {
    let disk = file(site, name);
    // Whoever opens a pipe waits for its other end.
    let size = fs::metadata(&disk).ok().filter(fs::Metadata::is_file)?.len();
    let mut file = File::open(&disk).ok()?;
    let mut head = [0; HEAD];
    file.read_exact(&mut head).ok()?;
    if head[..8] != *MAGIC || head[8..12] != version.to_le_bytes() {
        return None;
    }
    let body = body_of(file, usize::try_from(size).ok()?.saturating_sub(HEAD))?;
    (head[12..] == Hash::of(&body).0).then_some(body)
}

/// The rest of the file, of about `size` bytes.
fn body_of(mut file: File, size: usize) -> Option<Vec<u8>> {
    // One byte more, so that the end is met without asking for more memory. A damaged file may claim any size.
    let mut body = Vec::new();
    body.try_reserve_exact(size.checked_add(1)?).ok()?;
    file.read_to_end(&mut body).ok()?;
    Some(body)
}

/// A saved block of which only pieces are wanted. Nothing tells whether they are what was saved: whoever asks has to know.
pub struct Pieces(Mutex<File>);

/// The block under this name, saved by the same version of its format.
pub fn pieces(site: &Path, name: &str, version: u32) -> Option<Pieces> {
    let disk = file(site, name);
    fs::metadata(&disk).ok().filter(fs::Metadata::is_file)?;
    let mut file = File::open(&disk).ok()?;
    let mut head = [0; HEAD];
    file.read_exact(&mut head).ok()?;
    (head[..8] == *MAGIC && head[8..12] == version.to_le_bytes()).then(|| Pieces(Mutex::new(file)))
}

impl Pieces {
    /// Fills this with the bytes of the block from this place on; false when it ends before.
    pub fn read(&self, at: u64, bytes: &mut [u8]) -> bool {
        let (Some(start), Ok(mut file)) = (at.checked_add(HEAD as u64), self.0.lock()) else { return false };
        file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(bytes)).is_ok()
    }
}

/// Saves these bytes as one block, replacing the one before in one step. Where that is not possible there is a warning.
pub fn save(site: &Path, name: &str, version: u32, bytes: &[&[u8]]) -> Result<(), Box<Problem>> {
    save_all(site, version, &[(name, bytes.to_vec())])
}

/// A block to be saved: its name, and its bytes in parts.
pub type Block<'a> = (&'a str, Vec<&'a [u8]>);

/// Saves these blocks as `save` does, side by side.
pub fn save_all(site: &Path, version: u32, blocks: &[Block]) -> Result<(), Box<Problem>> {
    let folder = site.join(FOLDER);
    let _lock = lock(&folder).map_err(|reason| not_saved(&folder, &reason))?;
    let saved = blocks.par_iter().with_max_len(1).map(|(name, bytes)| {
        let hash = Hash::of_joined(bytes);
        let head: [&[u8]; 3] = [MAGIC, &version.to_le_bytes(), &hash.0];
        let parts = [head.as_slice(), bytes].concat();
        write(&folder, name, &parts).map_err(|reason| not_saved(&folder.join(name), &reason))
    });
    saved.collect::<Vec<_>>().into_iter().collect()
}

/// Where resized pictures are kept, one file for all sizes of a picture.
const PICTURES: &str = "pictures";

fn picture_name(key: Hash) -> String {
    format!("{PICTURES}/{}", key.short(32))
}

/// What was kept of the picture with this key; `None` when there is nothing, or it is damaged.
pub fn picture(site: &Path, key: Hash, version: u32) -> Option<Vec<u8>> {
    load(site, &picture_name(key), version)
}

/// Keeps what was made of the picture with this key.
pub fn keep_picture(site: &Path, key: Hash, version: u32, bytes: &[u8]) -> Result<(), Box<Problem>> {
    save(site, &picture_name(key), version, &[bytes])
}

/// True when anything is kept of any picture.
pub fn has_pictures(site: &Path) -> bool {
    file(site, PICTURES).exists()
}

/// Drops what is kept of all other pictures. One that can't be dropped is tried again the next time.
pub fn keep_pictures(site: &Path, used: &BTreeSet<Hash>) {
    let folder = file(site, PICTURES);
    let names: BTreeSet<String> = used.iter().map(|key| key.short(32)).collect();
    let Ok(entries) = fs::read_dir(&folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        if !names.contains(entry.file_name().to_string_lossy().as_ref()) {
            let _ = fs::remove_file(entry.path());
        }
    }
    if names.is_empty() {
        let _ = fs::remove_dir(folder);
    }
}

/// Adds a line of JSON to the receipts of this site. One that a killed process wrote in part stands by itself.
pub fn append_receipt(site: &Path, json: &str) -> Result<(), Box<Problem>> {
    let folder = site.join(FOLDER);
    let disk = folder.join(RECEIPTS);
    let written = || -> io::Result<()> {
        // Before they are read, or the line that another process adds meanwhile would be lost.
        let _lock = lock(&folder)?;
        // What stands there may belong to another user, or be no file: then a new one takes its place.
        match fs::symlink_metadata(&disk).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len()) {
            Some(size) if size <= RECEIPTS_MAX && append(&disk, size, json).is_ok() => Ok(()),
            is_file => {
                let old = is_file.and_then(|_| fs::read(&disk).ok()).unwrap_or_default();
                let kept = newer_half(&old);
                write(&folder, RECEIPTS, &[kept, break_after(kept), json.as_bytes(), b"\n"])
            }
        }
    };
    written().map_err(|reason| not_saved(&disk, &reason))
}

/// The newer lines of receipts that have become too many.
fn newer_half(receipts: &[u8]) -> &[u8] {
    if receipts.len() as u64 <= RECEIPTS_MAX {
        return receipts;
    }
    let half = &receipts[receipts.len() / 2..];
    memchr::memchr(b'\n', half).map_or(&[], |end| &half[end + 1..])
}

/// What has to stand between these receipts and the next one: a line that was written in part has no end.
fn break_after(receipts: &[u8]) -> &'static [u8] {
    if matches!(receipts, [] | [.., b'\n']) { b"" } else { b"\n" }
}

/// Adds a line to this file of so many bytes.
fn append(disk: &Path, size: u64, line: &str) -> io::Result<()> {
    let mut file = File::options().read(true).append(true).open(disk)?;
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(size.saturating_sub(1)))?;
    file.read_to_end(&mut last)?;
    // At once, so that it is there or not.
    file.write_all(&[break_after(&last), line.as_bytes(), b"\n"].concat())
}

/// The receipts that are remembered, a line of JSON each, oldest first.
pub fn receipts(site: &Path) -> Vec<String> {
    let disk = file(site, RECEIPTS);
    let is_file = fs::symlink_metadata(&disk).is_ok_and(|metadata| metadata.is_file());
    let bytes = if is_file { fs::read(disk).unwrap_or_default() } else { Vec::new() };
    String::from_utf8_lossy(&bytes).lines().map(str::to_string).collect()
}

fn file(site: &Path, name: &str) -> PathBuf {
    site.join(FOLDER).join(name)
}

fn not_saved(path: &Path, reason: &io::Error) -> Box<Problem> {
    Box::new(Problem::new("state-not-saved").with("path", path.display()).with("reason", reason))
}

const DRAFT: &str = "draft-";

/// Holds our folder against other processes and clears away what a killed one was writing. Where folders cannot be locked,
/// nobody clears away, because the other process may be alive.
fn lock(folder: &Path) -> io::Result<Option<File>> {
    make(folder)?;
    let Ok(lock) = File::open(folder) else { return Ok(None) };
    if lock.lock().is_err() {
        return Ok(None);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(DRAFT) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(Some(lock))
}

/// Makes this folder, but not the one that it is to lie in: a site that was moved away meanwhile must not come back as an
/// empty shell in its old place.
fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn write(folder: &Path, name: &str, parts: &[&[u8]]) -> io::Result<()> {
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(ignore, "*\n")?;
    }
    let mut draft = tempfile::Builder::new().prefix(DRAFT).tempfile_in(folder)?;
    parts.iter().try_for_each(|part| draft.write_all(part))?;
    let target = folder.join(name);
    match draft.persist(&target) {
        Err(error) if error.error.kind() == io::ErrorKind::NotFound => {
            make(target.parent().unwrap_or(folder))?;
            error.file.persist(&target).map_err(|error| error.error)?;
        }
        persisted => drop(persisted.map_err(|error| error.error)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_loaded_by_the_same_version_only() {
        let site = tempfile::tempdir().unwrap();
        assert_eq!(load(site.path(), "memo", 1), None);
        for bytes in [b"first".as_slice(), b"", &[7; 100_000]] {
            save(site.path(), "memo", 1, &[&bytes[..bytes.len() / 2], &bytes[bytes.len() / 2..]]).unwrap();
            assert_eq!(load(site.path(), "memo", 1).as_deref(), Some(bytes));
            assert_eq!(load(site.path(), "memo", 2), None);
        }
        let mut names: Vec<_> =
            fs::read_dir(site.path().join(FOLDER)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".gitignore", "memo"]);
        assert_eq!(fs::read_to_string(site.path().join(".civicast/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn pieces_of_a_block_are_those_of_the_whole() {
        let site = tempfile::tempdir().unwrap();
        save(site.path(), "memo", 1, &[b"0123456789"]).unwrap();
        let pieces = super::pieces(site.path(), "memo", 1).unwrap();
        for (at, length, expected) in
            [(0, 10, Some("0123456789")), (3, 2, Some("34")), (10, 0, Some("")), (9, 2, None), (u64::MAX, 1, None)]
        {
            let mut bytes = vec![0; length];
            let is_read = pieces.read(at, &mut bytes);
            assert_eq!(is_read.then_some(bytes.as_slice()), expected.map(str::as_bytes));
        }
        assert!(super::pieces(site.path(), "memo", 2).is_none() && super::pieces(site.path(), "other", 1).is_none());
    }

    #[test]
    fn a_site_that_was_moved_away_does_not_come_back() {
        let above = tempfile::tempdir().unwrap();
        let site = above.path().join("site");
        assert!(save(&site, "memo", 1, &[b"x"]).is_err());
        assert!(append_receipt(&site, "{}").is_err());
        assert!(!site.exists());
    }

    #[test]
    fn any_damage_makes_it_nothing() {
        let site = tempfile::tempdir().unwrap();
        save(site.path(), "memo", 1, &[b"some bytes"]).unwrap();
        let disk = site.path().join(".civicast/memo");
        let whole = fs::read(&disk).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&disk, &bytes).unwrap();
            assert_eq!(load(site.path(), "memo", 1), None, "byte {at}");
            fs::write(&disk, &whole[..at]).unwrap();
            assert_eq!(load(site.path(), "memo", 1), None, "cut at {at}");
        }
        fs::remove_file(&disk).unwrap();
        fs::create_dir(&disk).unwrap();
        assert_eq!(load(site.path(), "memo", 1), None);
    }

    #[test]
    fn what_a_killed_process_was_writing_is_cleared_away() {
        let site = tempfile::tempdir().unwrap();
        save(site.path(), "memo", 1, &[b"x"]).unwrap();
        fs::write(site.path().join(".civicast/draft-Ab12"), "half").unwrap();
        append_receipt(site.path(), "{}").unwrap();
        assert!(!site.path().join(".civicast/draft-Ab12").exists());
        assert_eq!(load(site.path(), "memo", 1).as_deref(), Some(&b"x"[..]));
    }

    #[test]
    fn receipts_of_several_processes_are_all_kept() {
        let site = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for n in 0..4 {
                let site = site.path();
                scope.spawn(move || (0..10).for_each(|i| append_receipt(site, &format!("{n} {i}")).unwrap()));
            }
        });
        assert_eq!(receipts(site.path()).len(), 40);
    }

    #[test]
    fn a_receipt_that_was_written_in_part_does_not_spoil_the_next_one() {
        let site = tempfile::tempdir().unwrap();
        append_receipt(site.path(), "1").unwrap();
        let disk = site.path().join(".civicast/receipts.jsonl");
        fs::write(&disk, "1\n2, but").unwrap();
        append_receipt(site.path(), "3").unwrap();
        append_receipt(site.path(), "4").unwrap();
        assert_eq!(fs::read_to_string(&disk).unwrap(), "1\n2, but\n3\n4\n");
        // The same when there are too many.
        fs::write(&disk, ["1\n".repeat(600_000).as_str(), "2, but"].concat()).unwrap();
        append_receipt(site.path(), "3").unwrap();
        let kept = receipts(site.path());
        assert_eq!(kept[kept.len() - 3..], ["1", "2, but", "3"]);
        assert!(kept.len() < 310_000);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_holds_no_receipts_and_is_replaced() {
        let site = tempfile::tempdir().unwrap();
        append_receipt(site.path(), "1").unwrap();
        let disk = site.path().join(".civicast/receipts.jsonl");
        fs::remove_file(&disk).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &disk).unwrap();
        assert_eq!(receipts(site.path()), [""; 0]);
        append_receipt(site.path(), "2").unwrap();
        assert_eq!(receipts(site.path()), ["2"]);
    }

    #[test]
    fn a_state_folder_that_cannot_be_written_is_a_warning() {
        let site = tempfile::tempdir().unwrap();
        fs::write(site.path().join(FOLDER), "a file").unwrap();
        let problem = save(site.path(), "memo", 1, &[b"x"]).unwrap_err();
        assert_eq!((problem.code, problem.severity), ("state-not-saved", crate::problem::Severity::Warning));
        assert!(append_receipt(site.path(), "{}").is_err());
        assert_eq!(receipts(site.path()), [""; 0]);
    }

    #[test]
    fn receipts_are_kept_in_order_and_the_oldest_are_forgotten() {
        let site = tempfile::tempdir().unwrap();
        let long = "x".repeat(1 << 18);
        for n in 0..12 {
            append_receipt(site.path(), &format!("{n} {long}")).unwrap();
        }
        let kept = receipts(site.path());
        let numbers: Vec<_> = kept.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(numbers.last(), Some(&"11"));
        assert!(kept.len() >= 2 && kept.len() <= 6 && kept.iter().all(|line| line.ends_with(&long)), "{numbers:?}");
    }
}
