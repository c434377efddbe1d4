//! Door in: walks the folders of a site and gives every file as a `Source`.
//!
//! In goes the site folder and what is remembered of the last run; out come the sources, sorted, where they lie on disk, and
//! a problem for each file that cannot be had. It knows nothing of what the files mean. It never opens what is not an
//! ordinary file, never follows a link out of the site, and never trusts a stamp that a later write could share.

#![expect(clippy::disallowed_methods, reason = "this room is where files come in")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read as _, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use walkdir::WalkDir;

use folders::Folders;

use crate::file::{Data, Hash, Hasher, Source, SourcePath, Sources, is_litter, stays_inside};
use crate::problem::{self, Fault, Problem};
use crate::stamp::{Nearby, Row, Stamp, Stamps, as_text, nanoseconds};

mod folders;

/// What a site is made of: all else in its folder is nobody's business.
pub const INPUTS: [&str; 7] = ["civicast.toml", "screens.toml", "content", "static", "data", "templates", "themes"];

/// What `read` needs to know.
pub struct Asked<'a> {
    /// What the last run remembered; empty means that every file is read.
    pub known: &'a Stamps,
    /// The folders as the last run remembered them, `Reading::folders`; empty means that they are walked.
    pub folders: &'a Stamps,
    /// Text files up to this many bytes come into memory.
    pub max_text_bytes: u64,
    /// True when the caller still holds what it made of the text with this hash: then an unchanged file is not opened, and
    /// its data is `OnDisk` until somebody asks `text` for it.
    pub holds: &'a (dyn Fn(&SourcePath, Hash) -> bool + Sync),
}

/// What `read` found.
#[derive(Debug, Default)]
pub struct Reading {
    /// All files that could be had.
    pub sources: Sources,
    /// Where they lie.
    pub places: SourceMap,
    /// To be remembered for the next run.
    pub known: Stamps,
    /// Likewise; empty when the folders do not tell whether they hold other files.
    pub folders: Stamps,
    /// Files that could not be had, and why; sorted.
    pub problems: Vec<Problem>,
    /// How much work it was.
    pub stats: ReadStats,
}

/// How much work a reading was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ReadStats {
    /// Files seen.
    pub walked: usize,
    /// Files opened.
    pub read: usize,
    /// Files known by their stamp and not opened.
    pub reused: usize,
}

/// Where the sources of a site lie on disk.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    site: PathBuf,
    /// Only those whose real path is another one: names that are not in NFC, and files behind links.
    elsewhere: BTreeMap<SourcePath, PathBuf>,
}

impl SourceMap {
    /// The path to open or copy this source from.
    pub fn disk_path(&self, path: &SourcePath) -> PathBuf {
        self.elsewhere.get(path).cloned().unwrap_or_else(|| self.site.join(path.as_str()))
    }
}

/// A first look at a site: which files are still those that the last run remembered.
#[derive(Debug)]
pub struct Glance {
    root: PathBuf,
    now: i64,
    /// For each of the files that are known whether it stands; none when there may be others.
    stood: Option<Vec<bool>>,
}

/// Reads the site in this folder. A folder that cannot be opened at all is a fault; anything below it is a problem.
pub fn read(site: &Path, asked: &Asked) -> Result<Reading, Fault> {
    Ok(glance(site, asked.known, asked.folders)?.read(asked))
}

/// Looks at the files of the site in this folder without opening any; `known` and `folders` as in `Asked`. The fault is that
/// of `read`.
pub fn glance(site: &Path, known: &Stamps, folders: &Stamps) -> Result<Glance, Fault> {
    let missing = |reason: io::Error| Fault::new("site-missing", site.display(), reason);
    let root = fs::canonicalize(site).map_err(missing)?;
    fs::read_dir(&root).map_err(missing)?;
    let now = nanoseconds(SystemTime::now());
    let stood = folders::stand(&root, folders, known, now).then(|| {
        let folder = Folder::open(&root);
        let rows = (0..known.len()).into_par_iter().with_max_len(256);
        let stood = rows.map_init(Nearby::default, |nearby, index| {
            let said = folder.look(nearby, known.path_bytes(index), None);
            said.is_ok_and(|(stamp, is_file)| is_file && stands(&stamp, &known.row(index), now))
        });
        stood.collect()
    });
    Ok(Glance { root, now, stood })
}

impl Glance {
    /// True when every file is the one that is known.
    pub fn all_stand(&self) -> bool {
        self.stood.as_ref().is_some_and(|stood| stood.iter().all(|stands| *stands))
    }

    /// Reads the site; `asked` is about what was known at the first look.
    pub fn read(self, asked: &Asked) -> Reading {
        let Glance { root, now, stood } = self;
        let Walked { found, mut problems, folders } = match stood {
            Some(_) => Walked::again(asked),
            None => Walk::all(&root),
        };

        let folder = Folder::open(&root);
        // In pieces, so that a thread that becomes free meanwhile can take its share.
        let pieces = found.par_iter().enumerate().with_max_len(256);
        let had = pieces.map_init(Nearby::default, |nearby, (at, file)| {
            have(&folder, file, at, asked, |index| match &stood {
                Some(stood) => Ok(stood.get(index) == Some(&true)),
                None => {
                    let said = folder.look(nearby, file.path.as_str().as_bytes(), file.disk.as_deref());
                    ordinary(&file.path, said).map(|stamp| stands(&stamp, &asked.known.row(index), now))
                }
            })
        });
        let had: Vec<Result<Had, Box<Problem>>> = had.collect();

        let known = next_known(asked.known, &found, &had);
        let mut stats = ReadStats { walked: found.len(), ..ReadStats::default() };
        let mut sources = Vec::with_capacity(had.len());
        let mut elsewhere = BTreeMap::new();
        for (file, had) in found.into_iter().zip(had) {
            let Found { path, disk } = file;
            elsewhere.extend(disk.map(|disk| (path.clone(), disk)));
            let (row, data) = match had {
                Ok(Had::Known(index)) => {
                    stats.reused += 1;
                    let row = asked.known.row(index);
                    (row, Data::OnDisk { pixels: row.pixels })
                }
                Ok(Had::Read(read)) => {
                    stats.read += 1;
                    (read.row, read.data)
                }
                Err(problem) => {
                    problems.push(*problem);
                    continue;
                }
            };
            sources.push(Source { path, hash: row.hash, size: row.stamp.size, data });
        }
        problem::sort(&mut problems);
        let places = SourceMap { site: root, elsewhere };
        // A file that could not be had is not known, so the next walk would not be the same.
        let folders = if problems.is_empty() { folders } else { Stamps::default() };
        Reading { sources: Sources::of_sorted(sources), places, known, folders, problems, stats }
    }
}

/// The table to be remembered: the one before when nothing but stamps and bytes differ, with those replaced.
fn next_known(known: &Stamps, found: &[Found], had: &[Result<Had, Box<Problem>>]) -> Stamps {
    let is_at = |(at, (file, had)): (usize, (&Found, &Result<Had, _>))| match had {
        Ok(Had::Known(index)) => *index == at,
        Ok(Had::Read(_)) => known.path(at) == file.path.as_str(),
        Err(_) => false,
    };
    if found.len() == known.len() && found.iter().zip(had).enumerate().all(is_at) {
        let read = |(at, had): (usize, &Result<Had, _>)| match had {
            Ok(Had::Read(read)) => Some((at, read.row)),
            _ => None,
        };
        return known.with_rows(had.iter().enumerate().filter_map(read));
    }
    Stamps::from_sorted(found.iter().zip(had).filter_map(|(file, had)| match had {
        Ok(Had::Known(index)) => Some((file.path.as_str(), known.row(*index))),
        Ok(Had::Read(read)) => Some((file.path.as_str(), read.row)),
        Err(_) => None,
    }))
}

/// One text file of a site by itself, before anything else is read; `None` when it cannot be had, which `read` will say.
pub fn one(site: &Path, path: &str) -> Option<Source> {
    let path = SourcePath::new(path);
    let short = |file: &mut File, stamp: &Stamp| match stamp.size <= ONE_MAX_BYTES {
        true => read_whole(file, stamp.size),
        false => Err(io::ErrorKind::FileTooLarge.into()),
    };
    let (bytes, stamp) = settled(&path, || open(&site.join(path.as_str())), short).ok()?;
    Some(Source { path, hash: Hash::of(&bytes), size: stamp.size, data: Data::Bytes(bytes) })
}

/// Larger settings are read with all else.
const ONE_MAX_BYTES: u64 = 1 << 20;

/// The bytes of a source that `read` left on disk, provided that they are still the same.
pub fn text(places: &SourceMap, source: &Source) -> Result<Arc<[u8]>, Box<Problem>> {
    if let Some(bytes) = source.bytes() {
        return Ok(bytes.clone());
    }
    let open = || open(&places.disk_path(&source.path));
    let (bytes, _) = settled(&source.path, open, |file, stamp| read_whole(file, stamp.size))?;
    match Hash::of(&bytes) == source.hash {
        true => Ok(bytes),
        false => Err(about("file-changing", &source.path)),
    }
}

/// What `how` makes of a source that stays on disk, given its length; never in memory as a whole.
pub fn look<T>(
    places: &SourceMap,
    path: &SourcePath,
    how: impl Fn(&mut File, u64) -> io::Result<T>,
) -> Result<T, Box<Problem>> {
    let open = || open(&places.disk_path(path));
    settled(path, open, |file, stamp| how(file, stamp.size)).map(|(found, _)| found)
}

/// A source that stays on disk, opened for reading.
pub fn file(places: &SourceMap, path: &SourcePath) -> Result<File, Box<Problem>> {
    open(&places.disk_path(path)).map_err(|error| unreadable(path, &error))
}

/// A file that the walk came upon.
struct Found {
    path: SourcePath,
    /// Absent when it is the site folder and `path`.
    disk: Option<PathBuf>,
}

/// What a walk came upon, sorted.
struct Walked {
    found: Vec<Found>,
    problems: Vec<Problem>,
    folders: Stamps,
}

impl Walked {
    /// What the last walk came upon.
    fn again(asked: &Asked) -> Walked {
        let found =
            (0..asked.known.len()).map(|index| Found { path: SourcePath::new(asked.known.path(index)), disk: None });
        Walked { found: found.collect(), problems: Vec::new(), folders: asked.folders.clone() }
    }
}

struct Walk<'a> {
    root: &'a Path,
    found: Vec<Found>,
    problems: Vec<Problem>,
    folders: Folders,
    /// How often a folder was entered through a link.
    entered: BTreeMap<PathBuf, u32>,
}

/// Folders with links to each other double the paths at each level; nobody who means well enters one folder so often.
const ENTERED_MAX: u32 = 16;

impl Walk<'_> {
    /// Walks all of `INPUTS`.
    fn all(root: &Path) -> Walked {
        let mut walk = Walk {
            root,
            found: Vec::new(),
            problems: Vec::new(),
            folders: Folders::default(),
            entered: BTreeMap::new(),
        };
        walk.folders.enter(root, "");
        INPUTS.iter().for_each(|name| walk.input(name));
        let Walk { mut found, mut problems, mut folders, .. } = walk;
        problems.extend(drop_twins(&mut found));
        if found.iter().any(|file| file.disk.is_some()) || !problems.is_empty() {
            folders.doubt();
        }
        let folders = folders.stamps(root, &found);
        Walked { found, problems, folders }
    }

    /// Walks one of `INPUTS`; absent is fine.
    fn input(&mut self, name: &str) {
        let start = self.root.join(name);
        if let Err(error) = fs::symlink_metadata(&start) {
            if error.kind() != io::ErrorKind::NotFound {
                self.problems.push(*unreadable(&SourcePath::new(name), &error));
            }
            return;
        }
        let mut entries = WalkDir::new(start).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) if self.skips(entry.path(), entry.file_name(), entry.file_type().is_dir()) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Ok(entry) => {
                    let enter = self.meet(&entry);
                    if !enter && entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Err(error) => self.refused(&error),
            }
        }
    }

    /// Hidden files and litter; `.well-known` is a name that the web itself prescribes (RFC 8615).
    fn skips(&self, path: &Path, name: &OsStr, is_folder: bool) -> bool {
        let well_known = is_folder && name == ".well-known" && path.starts_with(self.root.join("static"));
        !well_known && is_litter(&name.to_string_lossy())
    }

    /// Notes a file, or the problem with it; for a folder, whether to go in.
    fn meet(&mut self, entry: &walkdir::DirEntry) -> bool {
        let path = match self.name(entry.path()) {
            Ok(path) => path,
            Err(problem) => {
                self.problems.push(*problem);
                return false;
            }
        };
        let mut disk = None;
        if entry.path_is_symlink() {
            self.folders.doubt();
            match self.follow(&path, entry.path(), entry.file_type().is_dir()) {
                Ok(target) => disk = Some(target),
                Err(problem) => {
                    self.problems.push(*problem);
                    return false;
                }
            }
        }
        match entry.file_type() {
            kind if kind.is_dir() => {
                match self.below(entry.path()) {
                    Some(below) if below == path.as_str() => self.folders.enter(self.root, below),
                    _ => self.folders.doubt(),
                }
                return true;
            }
            kind if kind.is_file() => {
                let plain = self.below(entry.path()) == Some(path.as_str());
                let disk = disk.or_else(|| (!plain).then(|| entry.path().to_path_buf()));
                self.found.push(Found { path, disk });
            }
            _ => self.problems.push(*about("not-a-file", &path)),
        }
        false
    }

    /// A path below the root as it is written: the walk adds names to it, so it need not be taken apart.
    fn below<'p>(&self, disk: &'p Path) -> Option<&'p str> {
        disk.to_str()?.strip_prefix(self.root.to_str()?)?.strip_prefix(std::path::MAIN_SEPARATOR)
    }

    /// The name under which the site knows this path.
    fn name(&self, disk: &Path) -> Result<SourcePath, Box<Problem>> {
        if let Some(text) = self.below(disk).filter(|text| std::path::MAIN_SEPARATOR == '/' && stays_inside(text)) {
            return Ok(SourcePath::new(text));
        }
        let below = disk.strip_prefix(self.root).unwrap_or(disk);
        let Some(text) = below.to_str() else {
            return Err(about("path-not-utf8", &SourcePath::new(&below.to_string_lossy())));
        };
        let text =
            if std::path::MAIN_SEPARATOR == '/' { text.into() } else { text.replace(std::path::MAIN_SEPARATOR, "/") };
        match stays_inside(&text) {
            true => Ok(SourcePath::new(&text)),
            // Shown escaped: the name may hold what moves the cursor of a terminal.
            false => Err(about("bad-file-name", &SourcePath::new(&text.escape_debug().to_string()))),
        }
    }

    /// Where a link leads, when it may be followed.
    fn follow(&mut self, path: &SourcePath, link: &Path, is_folder: bool) -> Result<PathBuf, Box<Problem>> {
        let target = fs::canonicalize(link).map_err(|error| unreadable(path, &error))?;
        let leaves = || Box::new(about("link-leaves-site", path).with("target", target.display()));
        let below = target.strip_prefix(self.root).map_err(|_| leaves())?;
        let hidden = below.iter().any(|part| part.to_string_lossy().starts_with('.'));
        if hidden || is_output(self.root, below) {
            return Err(leaves());
        }
        if is_folder {
            let from = link.parent().map_or_else(|| Ok(self.root.to_path_buf()), fs::canonicalize);
            let times = self.entered.entry(target.clone()).or_insert(0);
            *times += 1;
            if *times > ENTERED_MAX || from.is_ok_and(|from| from.starts_with(&target)) {
                return Err(about("link-loop", path));
            }
        }
        Ok(target)
    }

    /// What the walk could not enter or follow.
    fn refused(&mut self, error: &walkdir::Error) {
        let disk = error.path().unwrap_or(self.root);
        if disk.file_name().is_some_and(|name| is_litter(&name.to_string_lossy())) {
            return;
        }
        let problem = match (self.name(disk), error.loop_ancestor(), error.io_error()) {
            (Err(problem), ..) => problem,
            (Ok(path), Some(_), _) => about("link-loop", &path),
            // A link to itself, and a link to nothing: the link is there, so nothing vanished.
            (Ok(path), None, Some(reason)) if is_loop(reason) => about("link-loop", &path),
            (Ok(path), None, Some(reason)) if disk.is_symlink() => {
                Box::new(about("unreadable-file", &path).with("reason", reason))
            }
            (Ok(path), None, Some(reason)) => unreadable(&path, reason),
            (Ok(path), None, None) => Box::new(about("unreadable-file", &path).with("reason", error)),
        };
        self.problems.push(*problem);
    }
}

/// True when the path below the site lies in a folder that an earlier build wrote: a link into it would feed a build
/// with its own output.
fn is_output(root: &Path, below: &Path) -> bool {
    below.ancestors().any(|folder| root.join(folder).join(".civicast-manifest").exists())
}

/// Sorts, and takes out all but the first of the files whose names differ in their Unicode form only.
fn drop_twins(found: &mut Vec<Found>) -> Vec<Problem> {
    found.sort_by(|a, b| (&a.path, &a.disk).cmp(&(&b.path, &b.disk)));
    let mut problems = Vec::new();
    found.dedup_by(|later, first| {
        let twins = later.path == first.path;
        if twins {
            problems.push(*about("same-name-twice", &first.path));
        }
        twins
    });
    problems
}

/// A file that could be had.
enum Had {
    /// It is the one of this row of what is known.
    Known(usize),
    /// It was opened.
    Read(Box<Read>),
}

/// What is in a file.
struct Read {
    row: Row,
    data: Data,
}

/// Time stamps of some file systems count in steps of two seconds (FAT) or of the server's clock (NFS).
const RACY_NANOSECONDS: i64 = 2_000_000_000;

/// The folder of the site.
struct Folder<'a> {
    path: &'a Path,
    /// It, open, to look at what is in it; without it every path is looked up whole, which only takes longer.
    #[cfg(target_os = "linux")]
    open: Option<File>,
}

impl Folder<'_> {
    fn open(path: &Path) -> Folder<'_> {
        Folder {
            path,
            #[cfg(target_os = "linux")]
            open: File::open(path).ok(),
        }
    }

    /// `open`, by a shorter way where there is one.
    fn open_file(&self, file: &Found) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        if let (Some(folder), None) = (&self.open, &file.disk) {
            use rustix::fs::{Mode, OFlags, openat};
            let how = OFlags::RDONLY | OFlags::CLOEXEC | CAREFULLY;
            return Ok(openat(folder, file.path.as_str(), how, Mode::empty())?.into());
        }
        match &file.disk {
            Some(disk) => open(disk),
            None => open(&self.path.join(file.path.as_str())),
        }
    }

    /// What the system says about a file, and whether it is an ordinary one; `disk` where it does not lie below the folder
    /// under its path, `nearby` the same in calls for neighbours.
    fn look<'p>(&self, nearby: &mut Nearby<'p>, path: &'p [u8], disk: Option<&Path>) -> io::Result<(Stamp, bool)> {
        #[cfg(target_os = "linux")]
        if let (Some(open), None) = (&self.open, disk) {
            return nearby.look(open, path);
        }
        let disk = match disk {
            Some(disk) => disk.to_path_buf(),
            None => self.path.join(as_text(path)?),
        };
        fs::symlink_metadata(disk).map(|metadata| (Stamp::of(&metadata), metadata.is_file()))
    }
}

/// The file that was found as number `at`, which is about where it stands in what is known; `stands` tells whether it is
/// still the one of a row.
fn have(
    folder: &Folder,
    file: &Found,
    at: usize,
    asked: &Asked,
    stands: impl FnOnce(usize) -> Result<bool, Box<Problem>>,
) -> Result<Had, Box<Problem>> {
    let path = &file.path;
    if let Some(index) = asked.known.position_near(path.as_str(), at) {
        let row = asked.known.row(index);
        let is_needed = || is_text(path) && row.stamp.size <= asked.max_text_bytes;
        if stands(index)? && ((asked.holds)(path, row.hash) || !is_needed()) {
            return Ok(Had::Known(index));
        }
    }
    let ((hash, data), stamp) = settled(
        path,
        || folder.open_file(file),
        |file, stamp| {
            if is_text(path) && stamp.size <= asked.max_text_bytes {
                let bytes = read_whole(file, stamp.size)?;
                return Ok((Hash::of(&bytes), Data::Bytes(bytes)));
            }
            let pixels = if is_picture(path) { pixels(file)? } else { None };
            Ok((hash_of(file, stamp.size)?, Data::OnDisk { pixels }))
        },
    )?;
    let pixels = if let Data::OnDisk { pixels } = data { pixels } else { None };
    let racy = stamp.is_within(RACY_NANOSECONDS, nanoseconds(SystemTime::now()));
    Ok(Had::Read(Box::new(Read { row: Row { stamp, hash, pixels, racy }, data })))
}

/// True when the file is, beyond doubt, still the one of this row.
fn stands(stamp: &Stamp, row: &Row, now: i64) -> bool {
    *stamp == row.stamp && !row.racy && !stamp.is_within(RACY_NANOSECONDS, now)
}

/// Templates are text whatever their ending: it says what they make.
fn is_text(path: &SourcePath) -> bool {
    let path_text = path.as_str();
    let is_template =
        path_text.starts_with("templates/") || (path_text.starts_with("themes/") && path_text.contains("/templates/"));
    is_template || has_ending(path, "md toml yaml yml json csv tsv txt html xml svg css js webmanifest ics tera")
}

fn is_picture(path: &SourcePath) -> bool {
    has_ending(path, "png jpg jpeg gif webp avif heic heif bmp tif tiff jxl")
}

fn has_ending(path: &SourcePath, endings: &str) -> bool {
    let extension = path.extension();
    endings.split(' ').any(|ending| ending == extension)
}

/// Opens a file and reads it with `how` until its stamp is the same before and after.
fn settled<T>(
    path: &SourcePath,
    open: impl Fn() -> io::Result<File>,
    how: impl Fn(&mut File, &Stamp) -> io::Result<T>,
) -> Result<(T, Stamp), Box<Problem>> {
    for pause_ms in [5, 50, 0] {
        let mut file = open().map_err(|error| unreadable(path, &error))?;
        let before = ordinary(path, Stamp::of_open(&file))?;
        let value = match how(&mut file, &before) {
            // It grew or shrank under our hands.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
            other => Some(other.map_err(|error| unreadable(path, &error))?),
        };
        let after = ordinary(path, Stamp::of_open(&file))?;
        match value {
            Some(value) if before == after => return Ok((value, after)),
            _ => std::thread::sleep(Duration::from_millis(pause_ms)),
        }
    }
    Err(about("file-changing", path))
}

/// Without waiting for the other end of a pipe and without following a link that was put there since the walk.
#[cfg(unix)]
const CAREFULLY: rustix::fs::OFlags = rustix::fs::OFlags::NOFOLLOW.union(rustix::fs::OFlags::NONBLOCK);

/// Opens a file for reading, carefully where the system can.
fn open(disk: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, CAREFULLY.bits().cast_signed());
    options.open(disk)
}

/// The stamp of an ordinary file, of what the system said about it.
fn ordinary(path: &SourcePath, said: io::Result<(Stamp, bool)>) -> Result<Stamp, Box<Problem>> {
    match said {
        Ok((stamp, true)) => Ok(stamp),
        Ok((_, false)) => Err(about("not-a-file", path)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// The first `size` bytes; a file that holds fewer is an unexpected end, and one that holds more has another stamp.
fn read_whole(file: &mut File, size: u64) -> io::Result<Arc<[u8]>> {
    let size = usize::try_from(size).map_err(io::Error::other)?;
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, size).collect();
    // Nobody else has it yet.
    file.read_exact(Arc::make_mut(&mut bytes))?;
    Ok(bytes)
}

fn hash_of(file: &mut File, size: u64) -> io::Result<Hash> {
    let mut hasher = Hasher::default();
    match hasher.add_all(file.take(size))? {
        count if count == size => Ok(hasher.finish()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The size in the header of a picture as it is seen, upright; leaves the file at its beginning.
fn pixels(file: &mut File) -> io::Result<Option<(u32, u32)>> {
    let size = upright(file).or_else(|| {
        // Formats that are not decoded here.
        file.rewind().ok()?;
        let size = imagesize::reader_size(BufReader::new(&*file)).ok()?;
        Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
    });
    file.rewind()?;
    Ok(size)
}

/// By the same library that will decode it, so that both agree.
fn upright(file: &File) -> Option<(u32, u32)> {
    use image::metadata::Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    use image::{ImageDecoder, ImageReader};
    let mut decoder = ImageReader::new(BufReader::new(file)).with_guessed_format().ok()?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    match decoder.orientation() {
        Ok(Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH) => Some((height, width)),
        _ => Some((width, height)),
    }
}

fn about(code: &'static str, path: &SourcePath) -> Box<Problem> {
    Box::new(Problem::new(code).with("path", path).in_file(path))
}

fn unreadable(path: &SourcePath, error: &io::Error) -> Box<Problem> {
    match error.kind() {
        // It was no link during the walk.
        _ if is_loop(error) => about("not-a-file", path),
        io::ErrorKind::NotFound => about("file-vanished", path),
        _ => Box::new(about("unreadable-file", path).with("reason", error)),
    }
}

/// The system's answer to a link that leads to itself, and to a link that was asked not to be followed.
fn is_loop(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    return false;
}

#[cfg(test)]
mod tests;
