//! Folders that stand as they were walked need not be walked again.
//!
//! POSIX has every file that comes, goes or takes another name mark its folder with the time (`open`, `unlink`, `rename`,
//! `mkdir`, `symlink`). So when all folders of the last walk still have their stamps, the same names are in them. This is
//! relied on only where the file system is one that keeps to it, where no link was met, and where every file could be had.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use super::{Found, RACY_NANOSECONDS};
use crate::file::Hash;
use crate::stamp::{Row, Stamp, Stamps, nanoseconds};

/// The folders that a walk has entered.
#[derive(Default)]
pub(super) struct Folders {
    rows: Vec<Entered>,
    /// Something was met whose coming and going the folders do not tell.
    is_vague: bool,
}

struct Entered {
    /// Below the site.
    path: String,
    stamp: Stamp,
    device: u64,
    /// It had changed so shortly before that a later change may have given it the same stamp.
    racy: bool,
}

/// What the system says about the folder, and on which device it is.
#[cfg(target_os = "linux")]
fn look(folder: &Path) -> Option<(Stamp, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
    Some((Stamp::of(&metadata), metadata.dev()))
}

#[cfg(not(target_os = "linux"))]
fn look(_: &Path) -> Option<(Stamp, u64)> {
    None
}

/// True when the file system of this folder is known to mark folders: those that Linux keeps on disks of its own and in memory,
/// but none that belongs to another system or another machine.
#[cfg(target_os = "linux")]
pub(super) fn is_marked(folder: &Path) -> bool {
    /// ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs, ramfs, overlay: `statfs(2)`.
    const MARKED: [u32; 8] =
        [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0x0102_1994, 0x8584_58f6, 0x794c_7630];
    rustix::fs::statfs(folder).is_ok_and(|said| MARKED.iter().any(|kind| i128::from(*kind) == i128::from(said.f_type)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_marked(_: &Path) -> bool {
    false
}

impl Folders {
    /// Notes a folder before its names are read; `path` is below the site, empty for the site itself.
    pub(super) fn enter(&mut self, site: &Path, path: &str) {
        match look(&site.join(path)) {
            Some((stamp, device)) => {
                let racy = stamp.is_within(RACY_NANOSECONDS, nanoseconds(SystemTime::now()));
                self.rows.push(Entered { path: path.to_string(), stamp, device, racy });
            }
            None => self.is_vague = true,
        }
    }

    /// Something was met that folders do not tell of.
    pub(super) fn doubt(&mut self) {
        self.is_vague = true;
    }

    /// To be remembered with these files, which were found; empty when nothing may be relied on.
    pub(super) fn stamps(mut self, site: &Path, found: &[Found]) -> Stamps {
        let is_one = self.rows.windows(2).all(|pair| pair[0].device == pair[1].device);
        if self.is_vague || !is_one || !is_marked(site) {
            return Stamps::default();
        }
        let ends = found.iter().scan(0u32, |end, file| {
            *end = end.saturating_add(u32::try_from(file.path.as_str().len()).unwrap_or(u32::MAX));
            Some(*end)
        });
        let text: String = found.iter().map(|file| file.path.as_str()).collect();
        let hash = bond((ends, text.as_bytes()));
        self.rows.sort_by(|a, b| a.path.cmp(&b.path));
        let row = |folder: Entered| (folder.path, Row { stamp: folder.stamp, hash, pixels: None, racy: folder.racy });
        Stamps::from_sorted(self.rows.into_iter().map(row))
    }
}

/// True when the walk would find exactly the files of `known` again.
#[cfg(target_os = "linux")]
pub(super) fn stand(site: &Path, folders: &Stamps, known: &Stamps, now: i64) -> bool {
    use rayon::prelude::*;

    use crate::stamp::Nearby;

    let Ok(open) = File::open(site) else { return false };
    let looks = (0..folders.len()).into_par_iter().with_max_len(256).map_init(Nearby::default, |nearby, index| {
        let row = folders.row(index);
        let stamp = match folders.path(index) {
            "" => look(site).map(|(stamp, _)| stamp),
            // Whatever is there instead of a folder has another stamp.
            path => nearby.look(&open, path.as_bytes()).ok().map(|(stamp, _)| stamp),
        };
        stamp == Some(row.stamp) && !row.racy && !row.stamp.is_within(RACY_NANOSECONDS, now)
    });
    !folders.is_empty() && folders.row(0).hash == bond(known.names()) && looks.all(|same| same)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn stand(_: &Path, _: &Stamps, _: &Stamps, _: i64) -> bool {
    false
}

/// Ties folders to the files that were found in them, as `Stamps::names` tells them: both are remembered by themselves.
fn bond((ends, text): (impl Iterator<Item = u32>, &[u8])) -> Hash {
    let mut places = Vec::with_capacity(4 * ends.size_hint().0);
    ends.for_each(|end| places.extend(end.to_le_bytes()));
    Hash::of_parts([places.as_slice(), text])
}
