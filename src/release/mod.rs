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

#![expect(clippy::disallowed_methods, reason = "this room is where files go out")]

mod ahead;
mod commit;
mod folder;
mod kit;
mod manifest;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use crate::file::{Hash, Hasher, OutputPath, Packed, Receipt, stays_inside};
use crate::problem::Fault;
use crate::stamp::{Nearby, Stamp, Stamps, as_text};
pub use kit::{Give, packed, zip};
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
    /// It, open, to look at what is in it.
    #[cfg(target_os = "linux")]
    folder: Option<File>,
    /// `TREE` in it, open as soon as there is one.
    #[cfg(target_os = "linux")]
    tree: OnceLock<File>,
    last: &'a Stamps,
    /// For each row of `last` whether the very file stood there when it was looked at ahead; empty when nobody has looked.
    stood: Vec<bool>,
    /// Rows of `last` that were racy and need be no longer.
    settled: Vec<usize>,
    /// For each row of `last` whether the file is part of this release too, as it stands.
    kept: Vec<AtomicBool>,
    /// The files of `last` that are not among the records stay, and there are no others.
    keeps_rest: bool,
    /// The list in the output folder names exactly the files of `last`, as soon as somebody has asked.
    has_last: OnceLock<bool>,
    options: Options,
    manifest: Manifest,
    /// Held until the end; taken by the second of two processes after the first.
    lock: Option<File>,
    /// Another release was at it when this one wanted to begin.
    waited: bool,
    /// Folders made on the way to the output folder, outermost first.
    made: Vec<PathBuf>,
    records: Mutex<Vec<Record>>,
    /// Whether a folder below the output can be reached without following a link.
    folders: Mutex<HashMap<String, bool>>,
    /// Folders of the stage that are there already.
    staged_folders: Mutex<HashSet<String>>,
    /// Names for files of the stage that will replace others.
    next_name: AtomicU64,
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
    lies: Lies,
}

/// Where a file of the release lies until the commit.
enum Lies {
    /// In its place, with the right bytes.
    There,
    /// In the stage under its own path, so that a folder that is new can be moved as a whole.
    InTree,
    /// In the stage under this name, because a file of ours stands in its place and will be replaced.
    Aside(String),
    /// Nowhere, because nothing is written.
    Nowhere,
}

impl Record {
    fn is_written(&self) -> bool {
        !matches!(self.lies, Lies::There)
    }
}

/// What stands in the place of a file.
enum Standing {
    /// It, with exactly its bytes.
    Same(Stamp),
    /// A file that a release wrote, with other bytes.
    Other,
    /// Nothing, or something that is not ours.
    Nothing,
}

/// The stage inside the output folder; hidden and gone after the release.
const STAGE: &str = ".civicast-stage";
/// New files under their own paths.
const TREE: &str = ".civicast-stage/tree";
/// Files that will replace others, under numbers.
const ASIDE: &str = ".civicast-stage/aside";
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
            #[cfg(target_os = "linux")]
            folder: None,
            #[cfg(target_os = "linux")]
            tree: OnceLock::new(),
            last,
            stood: Vec::new(),
            settled: Vec::new(),
            kept: (0..last.len()).map(|_| AtomicBool::new(false)).collect(),
            keeps_rest: false,
            has_last: OnceLock::new(),
            options,
            manifest: Manifest::default(),
            lock: None,
            waited: false,
            made: Vec::new(),
            records: Mutex::default(),
            folders: Mutex::default(),
            staged_folders: Mutex::default(),
            next_name: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            #[cfg(test)]
            watcher: None,
        };
        if !options.dry {
            let folder::Locked { lock, waited, made } = folder::lock(&stage.output, options.wait)?;
            (stage.lock, stage.waited, stage.made) = (Some(lock), waited, made);
            folder::check_ours(&stage.output)?;
            commit::recover(&stage.output, options.durable, &|_, _| Ok(()))?;
        } else if stage.output.exists() {
            folder::check_ours(&stage.output)?;
        }
        #[cfg(target_os = "linux")]
        {
            // Without it every path is looked up whole, which only takes longer.
            stage.folder = File::open(&stage.output).ok();
        }
        stage.manifest = Manifest::read(&stage.output)?;
        Ok(stage)
    }

    /// True when another release into this folder had to end first: what the caller knew before it may be older than what now
    /// stands here.
    pub fn waited(&self) -> bool {
        self.waited
    }

    /// Adds a file with these bytes.
    pub fn put(&self, path: &OutputPath, bytes: &[u8]) -> Result<Put, Fault> {
        self.put_hashed(path, bytes, Hash::of(bytes))
    }

    /// Adds a file with these bytes, whose hash is known.
    pub fn put_hashed(&self, path: &OutputPath, bytes: &[u8], hash: Hash) -> Result<Put, Fault> {
        check_name(path)?;
        let standing = self.standing(path, hash, Some(bytes.len() as u64));
        self.add(path, hash, bytes.len() as u64, standing, |file| file.write_all(bytes))
    }

    /// Adds a copy of the file `from`, whose bytes have this hash; they never are in memory as a whole.
    pub fn copy(&self, path: &OutputPath, from: &Path, hash: Hash) -> Result<Put, Fault> {
        check_name(path)?;
        let changed = |reason: io::Error| Fault::new("source-changed", from.display(), reason);
        let size = fs::metadata(from).map_err(changed)?.len();
        let standing = self.standing(path, hash, Some(size));
        if let Standing::Same(_) = standing {
            return self.add(path, hash, size, standing, |_| Ok(()));
        }
        let mut source = open(from).map_err(changed)?;
        let mut is_same = true;
        let added = self.add(path, hash, size, standing, |file| {
            is_same = copy_and_hash(&mut source, file, size)? == hash;
            if is_same { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
        });
        if is_same { added } else { Err(changed(io::ErrorKind::InvalidData.into())) }
    }

    /// Adds a ZIP of these files, each of which `give` gives when its turn comes. Its hash is known only when it has been written,
    /// and is given too.
    pub fn pack(&self, path: &OutputPath, files: &[Packed], give: &Give) -> Result<(Put, Hash), Fault> {
        check_name(path)?;
        let mut hash = Hash::default();
        let mut fill = |file: &mut File| -> io::Result<()> {
            zip(&mut *file, files, give)?;
            hash = kit::hash_of(file)?;
            Ok(())
        };
        if self.options.dry {
            let measured = tempfile::tempfile().and_then(|mut file| {
                fill(&mut file)?;
                Ok(file.metadata()?.len())
            });
            let size = measured.map_err(|reason| self.refused(path, reason))?;
            let put = self.add(path, hash, size, self.standing(path, hash, Some(size)), |_| Ok(()))?;
            return Ok((put, hash));
        }
        let name = self.aside_name();
        let aside = format!("{ASIDE}/{name}");
        let disk = self.output.join(&aside);
        let stamp = self.write(&aside, fill).map_err(|reason| self.refused(path, reason))?;
        let (lies, stamp) = match self.standing(path, hash, Some(stamp.size)) {
            Standing::Other => (Lies::Aside(name), stamp),
            Standing::Same(there) => {
                // What is left here goes with the stage.
                let _ = fs::remove_file(&disk);
                (Lies::There, there)
            }
            Standing::Nothing => {
                let stamp = self.move_to_tree(&disk, path).map_err(|reason| self.refused(path, reason))?;
                (Lies::InTree, stamp)
            }
        };
        let put = if let Lies::There = lies { Put::Unchanged } else { Put::Staged };
        self.note(Record { path: path.clone(), hash, stamp, lies });
        Ok((put, hash))
    }

    fn move_to_tree(&self, disk: &Path, path: &OutputPath) -> io::Result<Stamp> {
        let tree = format!("{TREE}/{path}");
        if let Some((folder, _)) = tree.rsplit_once('/') {
            self.make_staged_folder(folder)?;
        }
        let tree = self.output.join(tree);
        fs::rename(disk, &tree)?;
        Ok(Stamp::of(&fs::symlink_metadata(&tree)?))
    }

    /// Adds the file as the last release left it, when it still stands there. `false` when it does not (somebody removed
    /// or changed it, or the last release is not remembered): then it must be `put`.
    ///
    /// The last release into this folder need not be the last build: a caller whose own memory may stem from another build
    /// asks `keep_bytes`.
    pub fn keep(&self, path: &OutputPath) -> Result<bool, Fault> {
        match self.last.find(path.as_str()) {
            Some(row) => self.keep_bytes(path, row.hash, usize::MAX),
            None => check_name(path).map(|()| false),
        }
    }

    /// Adds the file that stands there when a release wrote it and its bytes have this hash; `false` when it must be `put`. `near`
    /// is about where it was among all files of the last release.
    pub fn keep_bytes(&self, path: &OutputPath, hash: Hash, near: usize) -> Result<bool, Fault> {
        if let Some(index) = self.last.position_near(path.as_str(), near)
            && self.stood.get(index) == Some(&true)
            && self.last.row(index).hash == hash
        {
            self.kept[index].store(true, Ordering::Relaxed);
            return Ok(true);
        }
        check_name(path)?;
        let Standing::Same(stamp) = self.standing(path, hash, None) else { return Ok(false) };
        self.note(Record { path: path.clone(), hash, stamp, lies: Lies::There });
        Ok(true)
    }

    /// Makes the release public: new files first, then new pages, then new `pointers`, then the pages that were there and the
    /// home page, then the other pointers in the order given (a feed before the head that names it), then removals. After a
    /// fault the next `begin` either finishes or undoes it, never half.
    pub fn commit(mut self, pointers: &[OutputPath]) -> Result<Released, Fault> {
        commit::commit(&mut self, pointers)
    }

    /// Gives up the release and leaves everything as it was.
    pub fn abandon(self) {}

    /// Compares the file in the output folder with bytes of this hash and, if known, size; by its stamp if possible.
    fn standing(&self, path: &OutputPath, hash: Hash, size: Option<u64>) -> Standing {
        let index = self.last.position(path.as_str());
        let row = index.map(|index| self.last.row(index));
        if let (Some(index), Some(row)) = (index, row)
            && self.stood.get(index) == Some(&true)
        {
            return if row.hash == hash { Standing::Same(row.stamp) } else { Standing::Other };
        }
        // Nothing of ours: the usual case of a first release.
        if row.is_none() && !self.is_ours(path.as_str()) {
            return Standing::Nothing;
        }
        let Ok((stamp, is_file)) = self.look(&mut Nearby::default(), path.as_str().as_bytes()) else {
            return Standing::Nothing;
        };
        // The very file that a release wrote, so the list of ours need not be asked.
        if let Some(row) = row.filter(|row| row.stamp == stamp && !row.racy && is_file) {
            return if row.hash == hash { Standing::Same(stamp) } else { Standing::Other };
        }
        let disk = self.output.join(path.as_str());
        if !is_file || !self.is_ours(path.as_str()) || !self.is_reached_without_links(path.as_str()) {
            return Standing::Nothing;
        }
        match size.is_none_or(|size| size == stamp.size) && is_hash_of(&disk, &stamp, hash) {
            true => Standing::Same(stamp),
            false => Standing::Other,
        }
    }

    /// What the system says about a path of the output, and whether it is an ordinary file; `nearby` is the same in calls for
    /// neighbours.
    fn look<'p>(&self, nearby: &mut Nearby<'p>, path: &'p [u8]) -> io::Result<(Stamp, bool)> {
        #[cfg(target_os = "linux")]
        if let Some(folder) = &self.folder {
            return nearby.look(folder, path);
        }
        let metadata = fs::symlink_metadata(self.output.join(as_text(path)?))?;
        Ok((Stamp::of(&metadata), metadata.is_file()))
    }

    /// Remembers every answer, since most files share a few folders.
    fn is_reached_without_links(&self, path: &str) -> bool {
        let mut folders = self.folders.lock().expect("no thread panics while it holds this lock");
        folder::is_reached_without_links(&self.output, path, &mut folders)
    }

    /// Notes the file, written into the stage unless it stands in its place already.
    fn add(
        &self,
        path: &OutputPath,
        hash: Hash,
        size: u64,
        standing: Standing,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<Put, Fault> {
        let (lies, written) = match standing {
            Standing::Same(stamp) => (Lies::There, Ok(stamp)),
            _ if self.options.dry => (Lies::Nowhere, Ok(Stamp { size, ..Stamp::default() })),
            Standing::Nothing => (Lies::InTree, self.write(&format!("{TREE}/{path}"), fill)),
            Standing::Other => {
                let name = self.aside_name();
                let written = self.write(&format!("{ASIDE}/{name}"), fill);
                (Lies::Aside(name), written)
            }
        };
        let stamp = written.map_err(|reason| self.refused(path, reason))?;
        let put = if let Lies::There = lies { Put::Unchanged } else { Put::Staged };
        self.note(Record { path: path.clone(), hash, stamp, lies });
        Ok(put)
    }

    /// Writes a new file into the stage; `path` is below the output folder.
    fn write(&self, path: &str, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Stamp> {
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.make_staged_folder(folder)?;
        }
        let mut file = self.create(path)?;
        let settle = |file: &File| {
            self.observe("sync file", path)?;
            file.sync_all()
        };
        let filled = fill(&mut file).and_then(|()| if self.options.durable { settle(&file) } else { Ok(()) });
        filled.and_then(|()| Stamp::of_open(&file)).map(|(stamp, _)| stamp).inspect_err(|_| {
            // A whole folder of the stage may be moved at once; no half file may lie in it.
            let _ = fs::remove_file(self.output.join(path));
        })
    }

    /// Most pages have a folder of their own, so asking the system first whether it is there would be one call too many.
    fn make_staged_folder(&self, folder: &str) -> io::Result<()> {
        let lock = || self.staged_folders.lock().expect("no thread panics while it holds this lock");
        if !lock().contains(folder) {
            self.make(folder)?;
            lock().insert(folder.to_string());
        }
        Ok(())
    }

    /// Makes a folder below the output folder, and those above it.
    fn make(&self, folder: &str) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Some((open, rest)) = self.short_way_to(folder)
            && rustix::fs::mkdirat(open, rest, rustix::fs::Mode::from_raw_mode(0o777)).is_ok()
        {
            return Ok(());
        }
        fs::create_dir_all(self.output.join(folder))
    }

    /// Makes a file below the output folder where there is none.
    fn create(&self, path: &str) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        if let Some((open, rest)) = self.short_way_to(path) {
            use rustix::fs::{Mode, OFlags, openat};
            let how = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            return Ok(openat(open, rest, how, Mode::from_raw_mode(0o666))?.into());
        }
        OpenOptions::new().read(true).write(true).create_new(true).open(self.output.join(path))
    }

    /// A folder from which the system looks up a path of the output with fewer steps than from the root, and the rest of the
    /// path; none when the whole path is one that the system could not look up: later it will have to.
    #[cfg(target_os = "linux")]
    fn short_way_to<'p>(&self, path: &'p str) -> Option<(&File, &'p str)> {
        const PATH_MAX: usize = 4096;
        if self.output.as_os_str().len() + 1 + path.len() >= PATH_MAX {
            return None;
        }
        let staged = path.strip_prefix(TREE).and_then(|rest| rest.strip_prefix('/'));
        match staged.and_then(|rest| Some((self.open_tree()?, rest))) {
            Some(way) => Some(way),
            None => self.folder.as_ref().map(|folder| (folder, path)),
        }
    }

    #[cfg(target_os = "linux")]
    fn open_tree(&self) -> Option<&File> {
        if self.tree.get().is_none() {
            // Of two threads that come first, one has opened it for nothing.
            let _ = self.tree.set(File::open(self.output.join(TREE)).ok()?);
        }
        self.tree.get()
    }

    /// Some folders, since a file system lets only one thread at a time into each.
    fn aside_name(&self) -> String {
        let number = self.next_name.fetch_add(1, Ordering::Relaxed);
        format!("{}/{number}", number % 32)
    }

    fn note(&self, record: Record) {
        self.records.lock().expect("no thread panics while it holds this lock").push(record);
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

/// Opens an ordinary file, and nothing else: whoever opens a pipe waits for its other end.
fn open(disk: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(disk)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// True when the file has these bytes and did not change meanwhile.
fn is_hash_of(disk: &Path, stamp: &Stamp, hash: Hash) -> bool {
    let same = || -> io::Result<bool> {
        let mut file = open(disk)?;
        let mut hasher = Hasher::default();
        hasher.add_all((&mut file).take(stamp.size))?;
        Ok(hasher.finish() == hash && Stamp::of(&file.metadata()?) == *stamp)
    };
    // One that cannot be read is not the same, and will be replaced.
    same().unwrap_or(false)
}

/// Copies exactly `size` bytes and gives their hash; shares the blocks where the file system can.
fn copy_and_hash(from: &mut File, to: &mut File, size: u64) -> io::Result<Hash> {
    let mut hasher = Hasher::default();
    #[cfg(target_os = "linux")]
    if size >= 1 << 20 && rustix::fs::ioctl_ficlone(&*to, &*from).is_ok() {
        // The clone is what becomes public, so the clone is hashed: `from` may have changed meanwhile.
        hasher.add_all(to)?;
        return Ok(hasher.finish());
    }
    let mut buffer = vec![0; 256 << 10];
    let mut from = from.take(size + 1);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hasher.finish()),
            n => {
                hasher.add(&buffer[..n]);
                to.write_all(&buffer[..n])?;
            }
        }
    }
}
