//! From a full stage to a public release, so that a kill at any instant leaves something that can be finished.
//!
//! First the steps are worked out, without a change to the folder: what may fail for a reason of ours fails here. Then the
//! journal is written: from that instant on the release will be finished, by us or by the next one. Each step can be done
//! twice. A stage without a journal is litter and is removed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use super::manifest::{self, Manifest};
use super::{ASIDE, Lies, RACY_NANOSECONDS, Record, Released, STAGE, Stage, TREE, folder};
use rayon::prelude::*;

use crate::file::{Hash, OutputPath, Receipt, stays_inside};
use crate::problem::Fault;
use crate::stamp::{Nearby, Row, Stamp, Stamps, nanoseconds};

/// One change to the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A file, or a folder that is not there yet, from the stage to its place.
    Move(String),
    /// A file from its number in the stage to its place, where another one stands.
    Replace {
        /// In the stage.
        name: String,
        /// In the output folder.
        path: String,
    },
    /// A file of an earlier release goes.
    Remove(String),
    /// A folder goes if it is empty.
    RemoveFolder(String),
    /// All before this is on the disk before anything after it begins; nothing unless `durable`.
    Settle,
}

/// Order of the moves: whoever refers to something comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Pictures, styles, slides: they refer to nothing.
    Ordinary,
    /// Nothing public refers to them yet.
    NewPage,
    /// A new feed, calendar or screen folder with such: it refers to pages, and the pages that follow may refer to it.
    NewPointer(usize),
    /// A new page at the top, the home page above all: where readers begin, so it refers to all the others.
    NewTopPage,
    /// May refer to new pages.
    ChangedPage,
    /// In the order that the caller gave.
    Pointer(usize),
}

/// Does all of `Stage::commit`.
pub(super) fn commit(stage: &mut Stage, pointers: &[OutputPath]) -> Result<Released, Fault> {
    let mut records = std::mem::take(stage.records.get_mut().expect("no thread panics while it holds this lock"));
    stage.settle_kept(&mut records);
    records.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let all = || Manifest::of_paths(records.iter().map(|record| record.path.as_str()));
    // None when the files are those of the release before.
    let next = (!stage.keeps_rest).then(all).filter(|next| next.text != stage.manifest.text);
    if next.is_some() {
        check_collisions(&records)?;
    }
    let gone: BTreeSet<&str> = match &next {
        Some(next) => stage.manifest.paths().filter(|path| !next.holds(path)).collect(),
        None => BTreeSet::new(),
    };
    let steps = plan(stage, &records, &gone, pointers)?;
    let receipt = receipt_of(stage, &records, &gone);
    if stage.options.dry {
        stage.ended.store(true, Ordering::Relaxed);
        return Ok(Released { receipt, stamps: stage.last.clone() });
    }
    if next.is_some() || !steps.is_empty() {
        let run = Run {
            output: &stage.output,
            durable: stage.options.durable,
            made: &stage.made,
            watch: &|what, path| stage.observe(what, path),
        };
        run.write_ahead(&steps, next.as_ref())
            .map_err(|reason| Fault::new("write-failed", stage.output.join(STAGE).display(), reason))?;
        // Past this point the stage is not ours to throw away.
        stage.ended.store(true, Ordering::Relaxed);
        run.finish(&steps)?;
    }
    stage.ended.store(true, Ordering::Relaxed);
    let stamps = stamps_of(stage, &records, &steps);
    Ok(Released { receipt, stamps })
}

/// Finishes or undoes what a killed release left in this folder.
pub(super) fn recover(output: &Path, durable: bool, watch: &Watch) -> Result<(), Fault> {
    let disk = output.join(STAGE);
    if fs::symlink_metadata(&disk).is_err() {
        return Ok(());
    }
    let run = Run { output, durable, made: &[], watch };
    let journal = super::open(&disk.join(JOURNAL)).and_then(io::read_to_string);
    match journal.ok().as_deref().and_then(read_journal) {
        Some(steps) => run.finish(&steps),
        None => run.remove_stage(),
    }
}

impl Stage<'_> {
    #[cfg(not(test))]
    pub(super) fn observe(&self, _: &str, _: &str) -> io::Result<()> {
        Ok(())
    }
    /// Tests stop here, as if killed.
    #[cfg(test)]
    pub(super) fn observe(&self, what: &str, path: &str) -> io::Result<()> {
        self.watcher.as_ref().map_or(Ok(()), |watcher| watcher(what, path))
    }
}

/// Two outputs with one name, names that differ in case only, and a file that is a folder of another.
fn check_collisions(records: &[Record]) -> Result<(), Fault> {
    let collision = |a: &str, b: &str| Err(Fault::new("output-collision", a, b));
    let mut folded: HashMap<String, &str> = HashMap::with_capacity(records.len());
    for record in records {
        let path = record.path.as_str();
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            return collision(other, path);
        }
    }
    let mut last = "";
    for record in records {
        let path = record.path.as_str();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder == last {
            continue;
        }
        last = folder;
        let above = path.match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(file) = above.into_iter().find_map(|folder| folded.get(&folder.to_lowercase())) {
            return collision(file, path);
        }
    }
    Ok(())
}

/// What is moved at once.
struct Unit {
    rank: Rank,
    /// What has to go before.
    before: Vec<Step>,
    step: Step,
}

/// All steps in order. Looks at the folder and changes nothing; finds what is in the way.
fn plan(stage: &Stage, records: &[Record], gone: &BTreeSet<&str>, pointers: &[OutputPath]) -> Result<Vec<Step>, Fault> {
    let pointers: HashMap<&str, usize> = pointers.iter().enumerate().map(|(i, path)| (path.as_str(), i)).collect();
    let written: Vec<&Record> = records.iter().filter(|record| record.is_written()).collect();
    // A chunk of neighbours shares its folders.
    let chunks = written.par_chunks(256).map(|chunk| {
        let mut look = Look { stage, gone, folders: HashMap::new() };
        chunk.iter().map(|record| look.unit(record, &pointers)).collect::<Result<Vec<_>, _>>()
    });
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    for (name, unit) in chunks.collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        let rank = unit.rank;
        let known = units.entry(name).or_insert(unit);
        known.rank = known.rank.max(rank);
    }
    let mut ordered: Vec<Unit> = units.into_values().collect();
    ordered.sort_by_key(|unit| unit.rank);

    let mut steps = Vec::new();
    // What is referred to is on the disk before what refers to it.
    let mut bounds =
        [Rank::NewPointer(0), Rank::NewTopPage, Rank::ChangedPage, Rank::Pointer(0)].into_iter().peekable();
    for unit in ordered {
        if bounds.next_if(|bound| unit.rank >= *bound).is_some() {
            while bounds.next_if(|bound| unit.rank >= *bound).is_some() {}
            steps.push(Step::Settle);
        }
        steps.extend(unit.before);
        steps.push(unit.step);
    }
    if !gone.is_empty() {
        steps.push(Step::Settle);
        // An old feed goes before the slides that it names, an old page before its pictures.
        let refers = |path: &&&str| [".html", ".htm", ".json", ".xml"].iter().any(|ending| path.ends_with(ending));
        let (first, rest): (Vec<&&str>, Vec<&&str>) = gone.iter().partition(refers);
        steps.extend(first.into_iter().chain(rest).map(|path| Step::Remove((*path).to_string())));
        steps.extend(emptied(gone).into_iter().map(Step::RemoveFolder));
    }
    Ok(steps)
}

fn rank(path: &str, is_folder: bool, is_new: bool, pointers: &HashMap<&str, usize>) -> Rank {
    // It may be read instead of the page that it holds, which comes no later.
    let is_packed_page = [".html.gz", ".html.br"].iter().any(|ending| path.ends_with(ending));
    match pointers.get(path) {
        Some(order) if is_folder || (is_new && !is_packed_page) => Rank::NewPointer(*order),
        Some(order) => Rank::Pointer(*order),
        None if !(path.ends_with(".html") || path.ends_with(".htm")) => Rank::Ordinary,
        None if is_new && !is_folder && !path.contains('/') => Rank::NewTopPage,
        None if is_new => Rank::NewPage,
        None => Rank::ChangedPage,
    }
}

/// The folders above removed files, deepest first.
fn emptied(gone: &BTreeSet<&str>) -> Vec<String> {
    let above: BTreeSet<&str> =
        gone.iter().flat_map(|path| path.match_indices('/').map(|(end, _)| &path[..end])).collect();
    // In ascending order a folder stands before those in it.
    above.into_iter().rev().map(str::to_string).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum There {
    Nothing,
    Folder,
    /// A file, a link, anything.
    Other,
}

/// Looks at the output folder while planning.
struct Look<'a> {
    stage: &'a Stage<'a>,
    gone: &'a BTreeSet<&'a str>,
    folders: HashMap<String, There>,
}

impl Look<'_> {
    /// What is to be moved for this file: the file, or the outermost folder above it that is not there yet.
    fn unit(&mut self, record: &Record, pointers: &HashMap<&str, usize>) -> Result<(String, Unit), Fault> {
        let path = record.path.as_str();
        let unit = |name: &str, is_new: bool, before: Vec<Step>| {
            let rank = rank(path, name != path, is_new, pointers);
            let step = match &record.lies {
                Lies::Aside(number) => Step::Replace { name: number.clone(), path: path.to_string() },
                _ => Step::Move(name.to_string()),
            };
            Ok((name.to_string(), Unit { rank, before, step }))
        };
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            match self.folder(folder)? {
                There::Folder => {}
                // It was there when the file was put: the step will make it again.
                There::Nothing if matches!(record.lies, Lies::Aside(_)) => return unit(path, true, Vec::new()),
                There::Nothing => return unit(folder, true, Vec::new()),
                There::Other if self.gone.contains(folder) => {
                    return unit(folder, true, vec![Step::Remove(folder.to_string())]);
                }
                There::Other => return Err(self.in_the_way(folder)),
            }
        }
        match self.there(path)? {
            There::Nothing => unit(path, true, Vec::new()),
            There::Other if self.stage.is_ours(path) => unit(path, false, Vec::new()),
            There::Other => Err(self.in_the_way(path)),
            There::Folder => unit(path, true, self.clear(path)?),
        }
    }

    fn folder(&mut self, folder: &str) -> Result<There, Fault> {
        if let Some(there) = self.folders.get(folder) {
            return Ok(*there);
        }
        let there = self.there(folder)?;
        self.folders.insert(folder.to_string(), there);
        Ok(there)
    }

    fn there(&self, path: &str) -> Result<There, Fault> {
        let disk = self.stage.output.join(path);
        match fs::symlink_metadata(&disk) {
            Ok(metadata) if metadata.is_dir() => Ok(There::Folder),
            Ok(_) => Ok(There::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(There::Nothing),
            Err(error) => Err(Fault::new("write-failed", disk.display(), error)),
        }
    }

    /// The steps that take a folder of ours away, to make room for a file of its name.
    fn clear(&self, folder: &str) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        for entry in walkdir::WalkDir::new(self.stage.output.join(folder)).contents_first(true) {
            let entry = entry.map_err(|error| Fault::new("write-failed", folder, error))?;
            let below = entry.path().strip_prefix(&self.stage.output).unwrap_or(entry.path());
            let path = below.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
            match entry.file_type().is_dir() {
                true => steps.push(Step::RemoveFolder(path)),
                false if self.gone.contains(path.as_str()) => steps.push(Step::Remove(path)),
                false => return Err(self.in_the_way(&path)),
            }
        }
        Ok(steps)
    }

    fn in_the_way(&self, path: &str) -> Fault {
        Fault::new("foreign-in-the-way", self.stage.output.join(path).display(), "")
    }
}

fn receipt_of(stage: &Stage, records: &[Record], gone: &BTreeSet<&str>) -> Receipt {
    let staged = || records.iter().filter(|record| record.is_written());
    let sizes = |records: &[Record]| records.iter().map(|record| record.stamp.size).sum::<u64>();
    let (files, bytes) = match stage.keeps_rest {
        // All files of the release before, some of them with other bytes.
        true => {
            let before = |record: &Record| stage.last.find(record.path.as_str()).map_or(0, |row| row.stamp.size);
            let replaced: u64 = records.iter().map(before).sum();
            (stage.last.len(), stage.last.size().saturating_sub(replaced) + sizes(records))
        }
        false => (records.len(), sizes(records)),
    };
    let written: Vec<OutputPath> = staged().map(|record| record.path.clone()).collect();
    Receipt {
        removed: gone.iter().map(|path| OutputPath::new(path)).collect(),
        unchanged: files - written.len(),
        bytes_written: staged().map(|record| record.stamp.size).sum(),
        bytes,
        written,
        files,
    }
}

/// The stamps of the files as they stand now: a file moved by its own name has a new time of change.
fn stamps_of(stage: &Stage, records: &[Record], steps: &[Step]) -> Stamps {
    let moved: HashSet<&str> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Move(path) | Step::Replace { path, .. } => Some(path.as_str()),
            _ => None,
        })
        .collect();
    let now = nanoseconds(SystemTime::now());
    let rows = records.par_iter().map_init(Nearby::default, |nearby, record| {
        let path = record.path.as_str();
        let stamp = match record.is_written() && moved.contains(path) {
            true => stage.look(nearby, path.as_bytes()).map_or(Stamp::default(), |(stamp, _)| stamp),
            false => record.stamp,
        };
        let racy = stamp.size != record.stamp.size || stamp.is_within(RACY_NANOSECONDS, now);
        (path, Row { stamp: Stamp { size: record.stamp.size, ..stamp }, hash: record.hash, pixels: None, racy })
    });
    let rows: Vec<(&str, Row)> = rows.collect();
    match stage.keeps_rest {
        true => {
            let at = |(path, row): &(&str, Row)| Some((stage.last.position(path)?, *row));
            stage.last_settled().with_rows(rows.iter().filter_map(at))
        }
        false => stage.last.next(&rows),
    }
}

const JOURNAL: &str = "journal";
const JOURNAL_DRAFT: &str = "journal.draft";
const MANIFEST: &str = "manifest";

/// The steps as lines, with a last line that proves them whole.
pub(super) fn write_journal(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        let (verb, path) = match step {
            Step::Move(path) => ("move", path.as_str()),
            Step::Replace { name, path } => {
                writeln!(text, "replace {name} {path}").expect("text takes every line");
                continue;
            }
            Step::Remove(path) => ("remove", path.as_str()),
            Step::RemoveFolder(path) => ("remove-folder", path.as_str()),
            Step::Settle => ("settle", ""),
        };
        writeln!(text, "{verb} {path}").expect("text takes every line");
    }
    let hash = Hash::of(text.as_bytes());
    text + &format!("end {hash}\n")
}

/// `None` unless it is whole, and leads nowhere outside.
pub(super) fn read_journal(text: &str) -> Option<Vec<Step>> {
    let (lines, end) =
        text.trim_end_matches('\n').rsplit_once('\n').map_or(("", text.trim_end_matches('\n')), |(a, b)| (a, b));
    let lines = if lines.is_empty() { String::new() } else { format!("{lines}\n") };
    if end.strip_prefix("end ")? != Hash::of(lines.as_bytes()).to_string() {
        return None;
    }
    let step = |line: &str| match line.split_once(' ')? {
        ("settle", "") => Some(Step::Settle),
        ("replace", names) => {
            let (name, path) = names.split_once(' ').filter(|(name, path)| stays_inside(name) && stays_inside(path))?;
            Some(Step::Replace { name: name.to_string(), path: path.to_string() })
        }
        (verb, path) if stays_inside(path) => match verb {
            "move" => Some(Step::Move(path.to_string())),
            "remove" => Some(Step::Remove(path.to_string())),
            "remove-folder" => Some(Step::RemoveFolder(path.to_string())),
            _ => None,
        },
        _ => None,
    };
    lines.lines().map(step).collect()
}

/// Hears what is about to be changed, and where.
pub(super) type Watch<'a> = dyn Fn(&str, &str) -> io::Result<()> + 'a;

/// Carries out steps in one output folder.
struct Run<'a> {
    output: &'a Path,
    durable: bool,
    /// Folders that this release made on the way to the output folder.
    made: &'a [PathBuf],
    /// Hears of every change before it is made; an error stops everything where it is.
    watch: &'a Watch<'a>,
}

impl Run<'_> {
    /// Puts the intention on disk. When this returns, the release will be finished whatever happens.
    fn write_ahead(&self, steps: &[Step], manifest: Option<&Manifest>) -> io::Result<()> {
        let stage = self.output.join(STAGE);
        (self.watch)("stage", "")?;
        fs::create_dir_all(&stage)?;
        if let Some(manifest) = manifest {
            (self.watch)("manifest", "")?;
            self.write(&stage.join(MANIFEST), manifest.text.as_bytes())?;
        }
        if self.durable {
            for entry in walkdir::WalkDir::new(&stage).contents_first(true) {
                let entry = entry?;
                if entry.file_type().is_dir() {
                    self.sync_folder(entry.path())?;
                }
            }
        }
        (self.watch)("journal draft", "")?;
        self.write(&stage.join(JOURNAL_DRAFT), write_journal(steps).as_bytes())?;
        (self.watch)("journal", "")?;
        fs::rename(stage.join(JOURNAL_DRAFT), stage.join(JOURNAL))?;
        if self.durable {
            self.sync_folder(&stage)?;
            self.sync_folder(self.output)?;
            for folder in self.made.iter().rev() {
                self.sync_folder(folder.parent().unwrap_or(folder))?;
            }
        }
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let below = folder.strip_prefix(self.output).unwrap_or(folder);
        (self.watch)("sync folder", &below.to_string_lossy())?;
        sync_folder(folder)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        if !self.durable {
            return Ok(());
        }
        (self.watch)("sync file", &path.strip_prefix(self.output).unwrap_or(path).to_string_lossy())?;
        file.sync_all()
    }

    /// Carries out what the journal says and takes the stage away. May be begun again after any of its steps.
    fn finish(&self, steps: &[Step]) -> Result<(), Fault> {
        let mut touched: BTreeSet<PathBuf> = BTreeSet::new();
        let mut links = HashMap::new();
        for step in steps {
            let path = match step {
                Step::Settle => "",
                Step::Move(path) | Step::Replace { path, .. } | Step::Remove(path) | Step::RemoveFolder(path) => path,
            };
            let done = match step {
                Step::Settle => self.settle(&mut touched),
                _ => self.step(step, path, &mut links),
            };
            done.map_err(|reason| Fault::new("finish-failed", self.output.join(path).display(), reason))?;
            if self.durable && *step != Step::Settle {
                touched.extend(self.output.join(path).parent().map(Path::to_path_buf));
            }
        }
        let settled = self.settle(&mut touched).and_then(|()| self.place_manifest());
        settled.map_err(|reason| Fault::new("finish-failed", self.output.join(manifest::NAME).display(), reason))?;
        self.remove_stage()
    }

    fn step(&self, step: &Step, path: &str, links: &mut HashMap<String, bool>) -> io::Result<()> {
        let to = self.output.join(path);
        match step {
            Step::Move(_) => self.place(&self.output.join(TREE).join(path), &to, path, links),
            Step::Replace { name, .. } => self.place(&self.output.join(ASIDE).join(name), &to, path, links),
            Step::Remove(_) => {
                (self.watch)("remove", path)?;
                match folder::is_reached_without_links(self.output, path, links) {
                    true => gone(fs::remove_file(&to), &to),
                    false => Ok(()),
                }
            }
            Step::RemoveFolder(_) => {
                (self.watch)("remove folder", path)?;
                if folder::is_reached_without_links(self.output, path, links) && fs::remove_dir(&to).is_ok() {
                    links.clear();
                }
                // A folder that is not empty has something foreign in it and stays.
                Ok(())
            }
            Step::Settle => Ok(()),
        }
    }

    /// From the stage to its place; what is no longer in the stage was placed before a kill.
    fn place(&self, from: &Path, to: &Path, path: &str, links: &mut HashMap<String, bool>) -> io::Result<()> {
        (self.watch)("move", path)?;
        if !folder::is_reached_without_links(self.output, path, links) {
            if fs::symlink_metadata(from).is_err() {
                return Ok(());
            }
            // Somebody removed the folder since the plan, or put a link there, which is not followed.
            links.clear();
            fs::create_dir_all(to.parent().unwrap_or(self.output))?;
            if !folder::is_reached_without_links(self.output, path, links) {
                return Err(io::ErrorKind::NotADirectory.into());
            }
        }
        match move_into(from, to) {
            Err(_) if fs::symlink_metadata(from).is_err() => Ok(()),
            other => other,
        }
    }

    fn settle(&self, touched: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        for folder in std::mem::take(touched) {
            if self.durable && folder.exists() {
                self.sync_folder(&folder)?;
            }
        }
        Ok(())
    }

    fn place_manifest(&self) -> io::Result<()> {
        (self.watch)("place manifest", "")?;
        match fs::rename(self.output.join(STAGE).join(MANIFEST), self.output.join(manifest::NAME)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        if self.durable { self.sync_folder(self.output) } else { Ok(()) }
    }

    /// The journal goes first: without it the rest is litter.
    fn remove_stage(&self) -> Result<(), Fault> {
        let stage = self.output.join(STAGE);
        let fault = |reason: io::Error| Fault::new("finish-failed", stage.display(), reason);
        (self.watch)("forget journal", "").map_err(fault)?;
        let _ = fs::remove_file(stage.join(JOURNAL));
        (self.watch)("remove stage", "").map_err(fault)?;
        let removed = match fs::symlink_metadata(&stage) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&stage),
            Ok(_) => fs::remove_file(&stage),
            Err(_) => Ok(()),
        };
        removed.map_err(fault)
    }
}

/// Renames; when a folder stands there already (made since the plan), moves what is in it one by one.
fn move_into(from: &Path, to: &Path) -> io::Result<()> {
    let error = match fs::rename(from, to) {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    if !is_folder(from) || !is_folder(to) {
        return Err(error);
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        move_into(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// What is gone already, or is a folder now, needs no removal.
fn gone(removed: io::Result<()>, disk: &Path) -> io::Result<()> {
    match removed {
        Err(error) => match fs::symlink_metadata(disk) {
            Ok(metadata) if !metadata.is_dir() => Err(error),
            _ => Ok(()),
        },
        Ok(()) => Ok(()),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
/// Elsewhere folders cannot be opened, and need not be.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
