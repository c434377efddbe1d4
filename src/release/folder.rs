//! The output folder before anything is written: may it be used, is it ours, and is nobody else at it.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

use super::{OURS, manifest};
use crate::problem::Fault;

/// Folders of the site whose files are sources, or belong to others.
const SOURCES: [&str; 6] = ["content", "static", "data", "themes", ".civicast", ".git"];

/// What may lie in an output folder before its first release, because it is there for its host: version control, GitHub
/// Pages, proofs of ownership, the root of a disk.
const WELCOME: [&str; 6] = ["CNAME", ".well-known", ".nojekyll", ".htaccess", ".DS_Store", "lost+found"];

/// Only where folders cannot be locked.
const LOCK: &str = ".civicast-lock";

/// The real path of the output folder, provided that no source of the site lies in it or around it.
pub(super) fn safe(site: &Path, output: &Path) -> Result<PathBuf, Fault> {
    let fault = |reason: io::Error| Fault::new("write-failed", output.display(), reason);
    let real = real_path(output).map_err(fault)?;
    let site = fs::canonicalize(site).map_err(|reason| Fault::new("site-missing", site.display(), reason))?;
    let unsafe_for = |what: &Path| Fault::new("output-unsafe", output.display(), what.display());
    if site.starts_with(&real) {
        return Err(unsafe_for(&site));
    }
    for name in SOURCES {
        // A folder of sources may itself be a link; both ends are out of bounds.
        let folder = site.join(name);
        let target = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
        if real.starts_with(&folder) || real.starts_with(&target) || target.starts_with(&real) {
            return Err(unsafe_for(&folder));
        }
    }
    Ok(real)
}

/// Links resolved in the part of the path that exists; the rest must be plain names.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    let mut existing = std::path::absolute(path)?;
    let mut rest = Vec::new();
    loop {
        match fs::canonicalize(&existing) {
            Ok(mut real) => {
                real.extend(rest.iter().rev());
                return Ok(real);
            }
            // A link to nothing exists as a link; making a folder "there" would be making it elsewhere.
            Err(error) if error.kind() != io::ErrorKind::NotFound || existing.is_symlink() => return Err(error),
            Err(error) => match existing.components().next_back() {
                Some(Component::Normal(name)) => {
                    rest.push(name.to_os_string());
                    existing.pop();
                }
                _ => return Err(error),
            },
        }
    }
}

/// Makes the output folder and gives the folders that were missing, outermost first.
fn make(output: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut missing: Vec<PathBuf> =
        output.ancestors().take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
    missing.reverse();
    fs::create_dir_all(output).map_err(|reason| Fault::new("write-failed", output.display(), reason))?;
    Ok(missing)
}

/// The output folder, held.
pub(super) struct Locked {
    /// Until it is dropped.
    pub(super) lock: File,
    /// Somebody else held it first.
    pub(super) waited: bool,
    /// Folders made on the way to it, outermost first.
    pub(super) made: Vec<PathBuf>,
}

/// Takes the lock of the output folder, waiting at most `wait` for another release. The folder is made if it is missing.
///
/// The folder itself is what is locked, so that no lock file is left behind; where a system cannot lock folders (Windows,
/// network shares), a hidden file in it.
pub(super) fn lock(output: &Path, wait: Duration) -> Result<Locked, Fault> {
    let begun = Instant::now();
    let (mut made, mut waited) = (Vec::new(), false);
    loop {
        // Again each time: the release that we wait for may have made the folder, and removes it when it gives up.
        made.extend(make(output)?);
        let fault = |reason: io::Error| Fault::new("write-failed", output.display(), reason);
        let mut file = match File::open(output) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && begun.elapsed() < wait => continue,
            other => other.map_err(fault)?,
        };
        let mut answer = file.try_lock();
        if let Err(TryLockError::Error(_)) = answer {
            let disk = output.join(LOCK);
            file = OpenOptions::new().create(true).truncate(false).write(true).open(disk).map_err(fault)?;
            answer = file.try_lock();
        }
        match answer {
            Ok(()) if is_same(&file, output) => return Ok(Locked { lock: file, waited, made }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if begun.elapsed() >= wait => {
                return Err(Fault::new("output-locked", output.display(), ""));
            }
            Err(TryLockError::WouldBlock) => {
                waited = true;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::Error(reason)) => return Err(fault(reason)),
        }
    }
}

/// True when the locked file is still the one that others will lock.
fn is_same(file: &File, output: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let here = |path: &Path| fs::metadata(path).map(|m| (m.dev(), m.ino())).ok();
        let mine = file.metadata().map(|m| (m.dev(), m.ino())).ok();
        mine.is_some() && (mine == here(output) || mine == here(&output.join(LOCK)))
    }
    #[cfg(not(unix))]
    output.exists()
}

/// Refuses a folder that holds files and never saw a release.
pub(super) fn check_ours(output: &Path) -> Result<(), Fault> {
    let fault = |reason: io::Error| Fault::new("write-failed", output.display(), reason);
    if fs::symlink_metadata(output.join(manifest::NAME)).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(());
    }
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(output).map_err(fault)? {
        names.push(entry.map_err(fault)?.file_name().to_string_lossy().into_owned());
    }
    // A first release that was killed has a stage and no manifest yet.
    if names.iter().any(|name| name == super::STAGE) {
        return Ok(());
    }
    names.sort();
    let is_foreign = |name: &&String| {
        name.as_str() == manifest::NAME
            || !(WELCOME.contains(&name.as_str()) || name.starts_with(".git") || name.starts_with(OURS))
    };
    match names.iter().find(is_foreign) {
        Some(name) => Err(Fault::new("foreign-output", output.display(), name)),
        None => Ok(()),
    }
}

/// True when every folder between the output folder and this file is a real folder.
pub(super) fn is_reached_without_links(output: &Path, path: &str, known: &mut HashMap<String, bool>) -> bool {
    path.match_indices('/').all(|(end, _)| {
        let folder = &path[..end];
        if let Some(real) = known.get(folder) {
            return *real;
        }
        let real = fs::symlink_metadata(output.join(folder)).is_ok_and(|metadata| metadata.is_dir());
        known.insert(folder.to_string(), real);
        real
    })
}
