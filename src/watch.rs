//! Waits until something moved in the sources of a site, or until a given instant.
//!
//! What moved is ignored on purpose: whoever wakes reads the site again and sees. One save makes many events, so it waits
//! until they settle.

#![expect(clippy::disallowed_methods, reason = "this room asks the system what moved, and the clock on the wall")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use notify::event::{AccessKind, AccessMode, MetadataKind, ModifyKind, RenameMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::file::is_litter;
use crate::problem::Fault;

/// Why the wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// A source was written, made, renamed or removed.
    Moved,
    /// The instant has come.
    Time,
    /// Somebody called `Stopper::stop`.
    Stopped,
}

/// Watches the folder of one site.
pub struct Watcher {
    site: PathBuf,
    signals: Mutex<Receiver<Signal>>,
    sender: Sender<Signal>,
    system: Mutex<RecommendedWatcher>,
    /// The site folder and the folders of sources that are watched. One that was taken away and made again is another,
    /// of which the system says nothing until it is watched too.
    watched: Mutex<BTreeMap<PathBuf, Identity>>,
}

/// What tells a folder from another one of its name: its place on the disk, and when it was made.
type Identity = (u64, u64, Option<std::time::SystemTime>);

/// Ends the wait from another thread.
#[derive(Clone)]
pub struct Stopper(Sender<Signal>);

enum Signal {
    Moved,
    /// The same, and whoever wrote has closed the file or given it its name.
    Saved,
    /// The same, and a folder of sources may be a new one.
    MovedAtTop,
    Stop,
}

/// The folders watched with all that is in them; the site folder itself is watched for its own files only, so that
/// `target` and `node_modules` cost nothing.
const FOLDERS: [&str; 5] = ["content", "static", "data", "templates", "themes"];
/// Quiet for this long: the save is over.
const SETTLE: Duration = Duration::from_millis(30);
/// The same after a file was closed or named: what still comes belongs to another file of the same save.
const SETTLE_SAVED: Duration = Duration::from_millis(5);
/// Somebody who writes without a pause is not waited for longer.
const SETTLE_MAX: Duration = Duration::from_millis(300);
/// The clock may be set and the machine may sleep meanwhile, and the site folder itself may be taken away and made again: so
/// one looks this often.
const LOOK: Duration = Duration::from_secs(2);

impl Watcher {
    /// Begins to watch. What lies in the `ignored` folders (the output, when it lies among the sources' folders) never wakes anybody.
    pub fn new(site: &Path, ignored: &[&Path]) -> Result<Watcher, Fault> {
        let site = std::fs::canonicalize(site).map_err(|reason| Fault::new("watch-failed", site.display(), reason))?;
        let ignored: Vec<PathBuf> = ignored.iter().map(|path| real(&site.join(path))).collect();
        let (sender, signals) = mpsc::channel();
        let (to, root) = (sender.clone(), site.clone());
        let hear = move |event: notify::Result<Event>| {
            if let Some(signal) = signal_of(&root, &ignored, &event) {
                // Nobody listens any more: the program is ending.
                let _ = to.send(signal);
            }
        };
        // Links that leave the site are not sources; following one to `/` would watch the whole machine.
        let config = Config::default().with_follow_symlinks(false);
        let fault = |error: notify::Error| Fault::new("watch-failed", site.display(), error);
        let system = Mutex::new(RecommendedWatcher::new(hear, config).map_err(fault)?);
        let watched = Mutex::default();
        let watcher = Watcher { site, signals: Mutex::new(signals), sender, system, watched };
        watcher.enter_folders()?;
        Ok(watcher)
    }

    /// Something to end the wait with.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Waits until a source moved and is quiet again, or until this instant by the clock on the wall.
    pub fn wait(&self, until: Option<Timestamp>) -> Woken {
        let signals = self.signals.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left =
                until.map(|until| Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default());
            if left == Some(Duration::ZERO) {
                return Woken::Time;
            }
            match signals.recv_timeout(left.unwrap_or(LOOK).min(LOOK)) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return Woken::Stopped,
                Ok(signal) => return self.settle(&signals, signal),
                // A folder that cannot be watched yet is tried again at the next look.
                Err(RecvTimeoutError::Timeout) => {
                    if let Ok(true) = self.enter_folders() {
                        return Woken::Moved;
                    }
                }
            }
        }
    }

    fn settle(&self, signals: &Receiver<Signal>, first: Signal) -> Woken {
        let begun = Instant::now();
        let mut next = Ok(first);
        while let Ok(signal) = next {
            let settle = if let Signal::Saved = signal { SETTLE_SAVED } else { SETTLE };
            match signal {
                Signal::Stop => return Woken::Stopped,
                // A watch that fails now will be tried again at the next event; the wake is due in any case.
                Signal::MovedAtTop => drop(self.enter_folders()),
                Signal::Moved | Signal::Saved => {}
            }
            let left = SETTLE_MAX.saturating_sub(begun.elapsed());
            if left.is_zero() {
                break;
            }
            next = signals.recv_timeout(settle.min(left));
        }
        Woken::Moved
    }

    /// Watches the folders that are there now; one that is watched already stays so. True when there was a new one.
    fn enter_folders(&self) -> Result<bool, Fault> {
        let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = FOLDERS.iter().map(|name| (self.site.join(name), RecursiveMode::Recursive));
        let all = std::iter::once((self.site.clone(), RecursiveMode::NonRecursive)).chain(folders);
        let mut is_new = false;
        for (folder, mode) in all {
            let Some(identity) = identity(&folder) else {
                watched.remove(&folder);
                continue;
            };
            if watched.get(&folder) == Some(&identity) {
                continue;
            }
            // The old watch, if there is one, is of a folder that is gone.
            let _ = system.unwatch(&folder);
            let fault = |error: notify::Error| Fault::new("watch-failed", folder.display(), error);
            system.watch(&folder, mode).map_err(fault)?;
            watched.insert(folder, identity);
            is_new = true;
        }
        Ok(is_new)
    }
}

/// None when there is no folder of this name.
fn identity(folder: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
    let made = metadata.created().ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino(), made))
    }
    #[cfg(not(unix))]
    Some((0, 0, made))
}

impl Stopper {
    /// Ends this wait, or the next one.
    pub fn stop(&self) {
        // Nobody waits any more: then nothing is left to stop.
        let _ = self.0.send(Signal::Stop);
    }
}

/// Whether an event is one to wake for.
fn signal_of(site: &Path, ignored: &[PathBuf], event: &notify::Result<Event>) -> Option<Signal> {
    // When the system lost count of events, anything may have moved.
    let Ok(event) = event else { return Some(Signal::MovedAtTop) };
    if event.need_rescan() {
        return Some(Signal::MovedAtTop);
    }
    let is_saved = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => return None,
        _ => false,
    };
    // The site folder itself went, or got another name.
    if event.paths.iter().any(|path| path == site)
        && matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
    {
        return Some(Signal::MovedAtTop);
    }
    let ours = |path: &&PathBuf| {
        let Ok(below) = path.strip_prefix(site) else { return false };
        !ignored.iter().any(|folder| path.starts_with(folder))
            && !below.iter().any(|name| name != ".well-known" && is_litter(&name.to_string_lossy()))
    };
    let below: Vec<&Path> = event.paths.iter().filter(ours).filter_map(|path| path.strip_prefix(site).ok()).collect();
    let is_input = |path: &&Path| {
        let first = path.iter().next().unwrap_or_default();
        FOLDERS.iter().any(|name| first == *name) || ["civicast.toml", "screens.toml"].iter().any(|name| first == *name)
    };
    let inputs: Vec<&Path> = below.into_iter().filter(is_input).collect();
    match inputs.iter().any(|path| FOLDERS.iter().any(|name| path.as_os_str() == *name)) {
        true => Some(Signal::MovedAtTop),
        false if inputs.is_empty() => None,
        false => Some(if is_saved { Signal::Saved } else { Signal::Moved }),
    }
}

/// As the events will name it; a folder that does not exist yet keeps its name.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn site() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("content/notices")).unwrap();
        fs::write(folder.path().join("content/a.md"), "a").unwrap();
        fs::create_dir_all(folder.path().join("public")).unwrap();
        fs::create_dir_all(folder.path().join("static/built")).unwrap();
        folder
    }

    fn soon(ms: i64) -> Option<Timestamp> {
        Some(Timestamp::now() + jiff::SignedDuration::from_millis(ms))
    }

    /// What a watcher of this site makes of a change.
    fn check(change: impl FnOnce(&Path), expected: Woken) {
        let site = site();
        let watcher = Watcher::new(site.path(), &[Path::new("static/built")]).unwrap();
        change(site.path());
        // Long enough for a busy machine to deliver an event, since "nothing came" cannot be waited for.
        let until = if expected == Woken::Time { soon(250) } else { soon(20_000) };
        assert_eq!(watcher.wait(until), expected);
    }

    #[test]
    fn a_written_source_wakes() {
        check(|site| fs::write(site.join("content/a.md"), "b").unwrap(), Woken::Moved);
        check(|site| fs::write(site.join("content/notices/new.md"), "b").unwrap(), Woken::Moved);
        check(|site| fs::write(site.join("civicast.toml"), "b").unwrap(), Woken::Moved);
        check(|site| fs::remove_file(site.join("content/a.md")).unwrap(), Woken::Moved);
    }

    #[test]
    fn an_editor_that_writes_by_rename_wakes() {
        check(
            |site| {
                fs::write(site.join("content/.a.md.draft"), "b").unwrap();
                fs::rename(site.join("content/.a.md.draft"), site.join("content/a.md")).unwrap();
            },
            Woken::Moved,
        );
    }

    #[test]
    fn output_litter_and_reading_do_not_wake() {
        check(|site| fs::write(site.join("public/index.html"), "b").unwrap(), Woken::Time);
        check(|site| fs::write(site.join("static/built/x.css"), "b").unwrap(), Woken::Time);
        check(|site| fs::write(site.join("content/.a.md.swp"), "b").unwrap(), Woken::Time);
        check(|site| fs::write(site.join("README.md"), "b").unwrap(), Woken::Time);
        check(|site| drop(fs::read(site.join("content/a.md")).unwrap()), Woken::Time);
    }

    #[test]
    fn files_in_a_folder_made_later_wake() {
        let site = site();
        let watcher = Watcher::new(site.path(), &[]).unwrap();
        for name in ["themes", "content"] {
            let _ = fs::remove_dir_all(site.path().join(name));
            fs::create_dir(site.path().join(name)).unwrap();
            assert_eq!(watcher.wait(soon(20_000)), Woken::Moved);
            while watcher.wait(soon(250)) == Woken::Moved {}
            fs::create_dir(site.path().join(name).join("deep")).unwrap();
            assert_eq!(watcher.wait(soon(20_000)), Woken::Moved, "{name}/deep");
            fs::write(site.path().join(name).join("deep/a.md"), "x").unwrap();
            assert_eq!(watcher.wait(soon(20_000)), Woken::Moved, "{name}/deep/a.md");
        }
    }

    #[test]
    fn many_saves_in_a_row_do_not_wake_for_each() {
        let site = site();
        let watcher = Watcher::new(site.path(), &[]).unwrap();
        for n in 0..50 {
            fs::write(site.path().join(format!("content/{n}.md")), "x").unwrap();
        }
        assert_eq!(watcher.wait(soon(20_000)), Woken::Moved);
        // A busy machine may pause between two of them for longer than a save takes to settle.
        let mut woken = 1;
        while watcher.wait(soon(250)) == Woken::Moved {
            woken += 1;
        }
        assert!(woken < 10, "{woken}");
    }

    #[test]
    fn a_writer_without_a_pause_is_not_waited_for_for_ever() {
        let site = site();
        let watcher = Watcher::new(site.path(), &[]).unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    fs::write(site.path().join("content/a.md"), "x").unwrap();
                    std::thread::sleep(Duration::from_millis(2));
                }
            });
            let begun = Instant::now();
            assert_eq!(watcher.wait(None), Woken::Moved);
            assert!(begun.elapsed() < Duration::from_secs(5));
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }

    #[test]
    fn a_site_that_is_taken_away_and_made_again_is_watched_again() {
        let above = tempfile::tempdir().unwrap();
        let site = above.path().join("site");
        fs::create_dir_all(site.join("content")).unwrap();
        let watcher = Watcher::new(&site, &[]).unwrap();
        for _ in 0..2 {
            fs::remove_dir_all(&site).unwrap();
            assert_eq!(watcher.wait(soon(20_000)), Woken::Moved);
            fs::create_dir_all(site.join("content/notices")).unwrap();
            while watcher.wait(soon(20_000)) == Woken::Moved && watcher.watched.lock().unwrap().len() < 2 {}
            // What was still on its way.
            while watcher.wait(soon(300)) == Woken::Moved {}
            fs::write(site.join("content/notices/a.md"), "a").unwrap();
            assert_eq!(watcher.wait(soon(20_000)), Woken::Moved);
        }
    }

    #[test]
    fn a_thousand_files_at_once_wake_a_few_times_and_the_last_one_is_not_missed() {
        let site = site();
        let watcher = Watcher::new(site.path(), &[]).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for n in 0..1_000 {
                    let folder = site.path().join(format!("content/{}", n % 40));
                    fs::create_dir_all(&folder).unwrap();
                    fs::write(folder.join(format!("{n}.md")), "a").unwrap();
                }
            });
            let (mut wakes, mut seen) = (0, 0);
            while seen < 1_000 {
                assert_eq!(watcher.wait(soon(20_000)), Woken::Moved);
                wakes += 1;
                seen = walkdir::WalkDir::new(site.path().join("content"))
                    .into_iter()
                    .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.depth() == 2 && entry.file_type().is_file()))
                    .count();
            }
            writer.join().unwrap();
            assert!(wakes < 200, "{wakes} wakes");
        });
    }

    #[test]
    fn the_instant_and_the_stopper_end_the_wait() {
        let site = site();
        let watcher = Watcher::new(site.path(), &[]).unwrap();
        assert_eq!(watcher.wait(soon(-1_000)), Woken::Time);
        assert_eq!(watcher.wait(soon(30)), Woken::Time);
        let stopper = watcher.stopper();
        std::thread::scope(|scope| {
            scope.spawn(move || stopper.stop());
            assert_eq!(watcher.wait(None), Woken::Stopped);
        });
        assert_eq!(Watcher::new(&site.path().join("none"), &[]).map(drop).unwrap_err().code, "watch-failed");
    }
}
