//! Door for files that authors begin with: makes a file that was not there.
//!
//! In goes a folder, a path below it and bytes; it never overwrites, never removes and never leaves the folder.

#![expect(clippy::disallowed_methods, reason = "the door through which the first files of an author are made")]

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::file::{SourcePath, stays_inside};
use crate::problem::Fault;

/// True when there is no such folder, or nothing but hidden files (a fresh `.git`) in it.
pub fn is_free(folder: &Path) -> Result<bool, Fault> {
    let fault = |reason: io::Error| Fault::new("create-failed", folder.display(), reason);
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(reason) => return Err(fault(reason)),
    };
    entries.try_fold(true, |free, entry| {
        let name = entry.map_err(fault)?.file_name();
        Ok(free && name.to_string_lossy().starts_with('.'))
    })
}

/// Makes a file below the folder, with the folders on its way.
pub fn file(folder: &Path, path: &SourcePath, bytes: &[u8]) -> Result<(), Fault> {
    let disk = folder.join(path.as_str());
    let fault = |reason: io::Error| match reason.kind() {
        io::ErrorKind::AlreadyExists => Fault::new("file-exists", disk.display(), reason),
        _ => Fault::new("create-failed", disk.display(), reason),
    };
    if !stays_inside(path.as_str()) {
        return Err(fault(io::ErrorKind::InvalidInput.into()));
    }
    fs::create_dir_all(disk.parent().unwrap_or(folder)).map_err(fault)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(&disk).map_err(fault)?;
    file.write_all(bytes).map_err(fault)
}

#[cfg(test)]
mod tests {
    //! On a real folder.

    use super::*;

    #[test]
    fn a_file_that_exists_is_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = SourcePath::new("content/a.md");
        file(folder.path(), &path, b"one").expect("a new file");
        let fault = file(folder.path(), &path, b"two").expect_err("it exists");
        assert_eq!(fault.code, "file-exists");
        assert_eq!(std::fs::read(folder.path().join("content/a.md")).expect("it is there"), b"one");
        assert!(!is_free(folder.path()).expect("it can be looked at"));
    }

    #[test]
    fn a_folder_with_only_hidden_files_is_free() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(".git")).expect("a new folder");
        assert!(is_free(folder.path()).expect("it can be looked at"));
        assert!(is_free(&folder.path().join("none")).expect("it is not there"));
    }

    #[test]
    fn no_file_is_made_outside_the_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(file(folder.path(), &SourcePath::new("../a.md"), b"").is_err());
    }
}
