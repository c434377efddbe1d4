//! Door out: makes the output folder hold exactly the files of a release.
//!
//! Files come in one by one, from many threads, into a stage inside the output folder, so that they are on the same file
//! system; those that stand there already with the right bytes are left alone. `commit` then moves the new ones into place in
//! an order in which no reader meets a reference to something that is not there. It decides nothing about the files; it
//! deletes only what a release wrote.
//!
//! What we wrote is listed in `.civicast-manifest` inside the output folder and not in the state folder, because the state
//! may be deleted at any time and an output folder may be moved or published from several sites; a web server that hides
//! hidden files does not show it, and it says nothing that the files themselves don't. The list holds paths only: a file
//! that somebody changed by hand after we wrote it is still ours by its path, and is put right or removed.

mod commit;
mod folder;
mod manifest;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::file::{Hash, OutputPath, Receipt, stays_inside};
use crate::problem::Fault;
use crate::stamp::{Stamp, Stamps};
use manifest::Manifest;

/// How a release is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Everything is on the disk, not only in its cache, before anything points to it: slower, survives a power cut.
    pub durable: bool,
    /// Nothing is written; the receipt says what would be.
    pub dry: bool,
    /// How long to wait for another release into the same folder.
    pub wait: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options { durable: false, dry: false, wait: Duration::from_secs(20) }
    }
}

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new or has other bytes, and lies in the stage.
    Staged,
    /// It stands in the output folder with these bytes.
    Unchanged,
}

/// What a release leaves behind.
#[derive(Clone, Debug)]
pub struct Released {
    /// What was done.
    pub receipt: Receipt,
    /// To be given to the next `Stage::begin` for the same output folder. Without it every file is compared.
    pub stamps: Stamps,
}

/// A release in the making. Dropped without `commit`, it leaves everything as it was.
pub struct Stage<'a> {
    /// The real path of the output folder.
    output: PathBuf,
    last: &'a Stamps,
    options: Options,
    manifest: Manifest,
    /// Held until the end; taken by the second of two processes after the first.
    lock: Option<File>,
    /// Folders made on the way to the output folder, outermost first.
    made: Vec<PathBuf>,
    records: Mutex<Vec<Record>>,
    /// Whether a folder below the output can be reached without following a link.
    folders: Mutex<HashMap<String, bool>>,
    /// The stage is gone, or belongs to the journal.
    ended: AtomicBool,
    #[cfg(test)]
    watcher: Option<tests::Watcher>,
}

/// One file of the release.
struct Record {
    path: OutputPath,
    hash: Hash,
    stamp: Stamp,
    staged: bool,
}

/// The stage inside the output folder; hidden and gone after the release.
const STAGE: &str = ".civicast-stage";
/// Our own files in an output folder begin with this.
const OURS: &str = ".civicast-";
/// On Linux a change within the same tick of the system's clock may leave the stamp as it is; a tick is at most 10 ms.
const RACY_NANOSECONDS: i64 = if cfg!(unix) { 20_000_000 } else { 2_000_000_000 };

impl<'a> Stage<'a> {
    /// Opens the output folder for a release of the site in folder `site`: refuses folders that hold sources or foreign
    /// files, waits for another release to end, and finishes or undoes one that was killed. `last` is what the release before left.
    pub fn begin(site: &Path, output: &Path, last: &'a Stamps, options: Options) -> Result<Stage<'a>, Fault> {
        let output = folder::safe(site, output)?;
        let mut stage = Stage {
            output,
            last,
            options,
            manifest: Manifest::default(),
            lock: None,
            made: Vec::new(),
            records: Mutex::default(),
            folders: Mutex::default(),
            ended: AtomicBool::new(false),
            #[cfg(test)]
            watcher: None,
        };
        if !options.dry {
            let (lock, made) = folder::lock(&stage.output, options.wait)?;
            (stage.lock, stage.made) = (Some(lock), made);
            folder::check_ours(&stage.output)?;
            commit::recover(&stage.output, options.durable, &|_, _| Ok(()))?;
        } else if stage.output.exists() {
            folder::check_ours(&stage.output)?;
        }
        stage.manifest = Manifest::read(&stage.output)?;
        Ok(stage)
    }

    /// Adds a file with these bytes.
    pub fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Put, Fault> {
        check_name(path)?;
        let hash = Hash::of(bytes);
        if let Some(stamp) = self.standing(path, hash, bytes.len() as u64) {
            return Ok(self.note(path, hash, stamp, false));
        }
        let unstaged = Stamp { size: bytes.len() as u64, ..Stamp::default() };
        let stamp = match self.options.dry {
            true => unstaged,
            false => self.write(path, |file| file.write_all(bytes)).map_err(|reason| self.refused(path, reason))?,
        };
        Ok(self.note(path, hash, stamp, true))
    }

    /// Adds a copy of the file `from`, whose bytes have this hash; they never are in memory as a whole.
    pub fn copy(&self, path: &OutputPath, from: &Path, hash: Hash) -> Result<Put, Fault> {
        check_name(path)?;
        let size = fs::metadata(from).map_err(|reason| Fault::new("source-changed", from.display(), reason))?.len();
        if let Some(stamp) = self.standing(path, hash, size) {
            return Ok(self.note(path, hash, stamp, false));
        }
        if self.options.dry {
            return Ok(self.note(path, hash, Stamp { size, ..Stamp::default() }, true));
        }
        let mut source = File::open(from).map_err(|reason| Fault::new("source-changed", from.display(), reason))?;
        let mut changed = false;
        let written = self.write(path, |file| {
            changed = copy_and_hash(&mut source, file, size)? != hash;
            if changed { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) }
        });
        match written {
            Ok(stamp) => Ok(self.note(path, hash, stamp, true)),
            Err(reason) if changed => Err(Fault::new("source-changed", from.display(), reason)),
            Err(reason) => Err(self.refused(path, reason)),
        }
    }

    /// Adds the file as the last release left it, when it still stands there. `false` when it does not (somebody removed or changed it,
    /// or the last release is not remembered): then it must be `put`.
    pub fn keep(&self, path: &OutputPath) -> Result<bool, Fault> {
        check_name(path)?;
        let Some(row) = self.last.find(path.as_str()) else { return Ok(false) };
        let stamp = self.standing(path, row.hash, row.stamp.size);
        Ok(stamp.map(|stamp| self.note(path, row.hash, stamp, false)).is_some())
    }

    /// Makes the release public: new files first, then pages, then the `pointers` in the order given (a feed before the
    /// head that names it), then removals. After a fault the next `begin` either finishes or undoes it, never half.
    pub fn commit(mut self, pointers: &[OutputPath]) -> Result<Released, Fault> {
        commit::commit(&mut self, pointers)
    }

    /// Gives up the release and leaves everything as it was.
    pub fn abandon(self) {}

    /// The stamp of the file in the output folder if it is ours and has exactly these bytes.
    fn standing(&self, path: &OutputPath, hash: Hash, size: u64) -> Option<Stamp> {
        if !self.manifest.holds(path.as_str()) {
            return None;
        }
        let disk = self.output.join(path.as_str());
        let metadata = fs::symlink_metadata(&disk).ok()?;
        let stamp = Stamp::of(&metadata);
        if !metadata.is_file() || stamp.size != size {
            return None;
        }
        if let Some(row) = self.last.find(path.as_str())
            && row.stamp == stamp
            && !row.racy
        {
            return (row.hash == hash).then_some(stamp);
        }
        let mut file = File::open(&disk).ok().filter(|_| self.is_reached_without_links(path.as_str()))?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader((&mut file).take(size)).ok()?;
        (Hash(*hasher.finalize().as_bytes()) == hash && Stamp::of(&file.metadata().ok()?) == stamp).then_some(stamp)
    }

    /// Remembers every answer, since most files share a few folders.
    fn is_reached_without_links(&self, path: &str) -> bool {
        let mut folders = self.folders.lock().expect("no thread panics while it holds this lock");
        folder::is_reached_without_links(&self.output, path, &mut folders)
    }

    /// Writes a new file into the stage.
    fn write(&self, path: &OutputPath, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Stamp> {
        let disk = self.staged(path.as_str());
        let create = || OpenOptions::new().read(true).write(true).create_new(true).open(&disk);
        let mut file = match create() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(disk.parent().unwrap_or(&disk))?;
                create()?
            }
            other => other?,
        };
        let filled = fill(&mut file).and_then(|()| if self.options.durable { file.sync_all() } else { Ok(()) });
        filled.and_then(|()| Ok(Stamp::of(&file.metadata()?))).inspect_err(|_| {
            // A whole folder of the stage may be moved at once; no half file may lie in it.
            let _ = fs::remove_file(&disk);
        })
    }

    fn staged(&self, path: &str) -> PathBuf {
        let mut staged = self.output.join(STAGE);
        staged.push("files");
        staged.push(path);
        staged
    }

    fn note(&self, path: &OutputPath, hash: Hash, stamp: Stamp, staged: bool) -> Put {
        let record = Record { path: path.clone(), hash, stamp, staged };
        self.records.lock().expect("no thread panics while it holds this lock").push(record);
        if staged { Put::Staged } else { Put::Unchanged }
    }

    /// The fault of a write into the stage, named by the file that was meant.
    fn refused(&self, path: &OutputPath, reason: io::Error) -> Fault {
        match reason.kind() {
            // The stage was empty: another output of this release has the name or uses it as a folder.
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => Fault::new("output-collision", path, path),
            io::ErrorKind::InvalidFilename => Fault::new("output-name", path, reason),
            _ => Fault::new("write-failed", self.output.join(path.as_str()).display(), reason),
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        #[cfg(test)]
        if self.watcher.is_some() {
            // Killed: nobody cleans up.
            return;
        }
        if self.ended.load(Ordering::Relaxed) || self.options.dry || self.lock.is_none() {
            return;
        }
        // Nobody can be told; what is left here, the next release removes.
        let _ = fs::remove_dir_all(self.output.join(STAGE));
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The names that a file system and we allow; the rest are mistakes that `plan` should have found.
fn check_name(path: &OutputPath) -> Result<(), Fault> {
    const NAME_MAX: usize = 255;
    let wrong = |reason: &str| Err(Fault::new("output-name", path, reason));
    match path.as_str() {
        text if !stays_inside(text) => wrong("\\ . .."),
        text if text.starts_with(OURS) => wrong(OURS),
        text if text.split('/').any(|part| part.len() > NAME_MAX) => wrong("> 255"),
        _ => Ok(()),
    }
}

/// Copies exactly `size` bytes and gives their hash; shares the blocks where the file system can.
fn copy_and_hash(from: &mut File, to: &mut File, size: u64) -> io::Result<Hash> {
    let mut hasher = blake3::Hasher::new();
    #[cfg(target_os = "linux")]
    if size >= 1 << 20 && rustix::fs::ioctl_ficlone(&*to, &*from).is_ok() {
        // The clone is what becomes public, so the clone is hashed: `from` may have changed meanwhile.
        hasher.update_reader(to)?;
        return Ok(Hash(*hasher.finalize().as_bytes()));
    }
    let mut buffer = vec![0; 256 << 10];
    let mut from = from.take(size + 1);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(Hash(*hasher.finalize().as_bytes())),
            n => {
                hasher.update(&buffer[..n]);
                to.write_all(&buffer[..n])?;
            }
        }
    }
}
