//! A release that begins before anybody knows what it will hold: every file of the release before is looked at while the
//! sources are read, and most of them stay.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::{Lies, Options, RACY_NANOSECONDS, Record, Released, Stage, is_hash_of, manifest};
use crate::file::OutputPath;
use crate::problem::Fault;
use crate::stamp::{Nearby, Stamps, nanoseconds};

impl<'a> Stage<'a> {
    /// Begins before anybody knows what is to be released, with a look at every file of the release before, so that this
    /// is done while the sources are read. `None` when there is nothing to look at, when another release is at it, or when
    /// anything is wrong with the folder: `begin` will say so.
    pub fn ahead(site: &Path, output: &Path, last: &'a Stamps, options: Options) -> Option<Stage<'a>> {
        if options.dry || last.is_empty() || !output.join(manifest::NAME).is_file() {
            return None;
        }
        let mut stage = Stage::begin(site, output, last, Options { wait: Duration::ZERO, ..options }).ok()?;
        stage.look_at_all();
        stage.has_files_of_last();
        Some(stage)
    }

    /// Notes for each file of the release before whether it stands there.
    fn look_at_all(&mut self) {
        let (stage, last, now) = (&*self, self.last, nanoseconds(SystemTime::now()));
        let rows = (0..last.len()).into_par_iter().with_max_len(256);
        let looked = rows.map_init(Nearby::default, |nearby, index| {
            let row = last.row(index);
            let stands = stage.look(nearby, last.path_bytes(index)).is_ok_and(|seen| seen == (row.stamp, true));
            match row.racy {
                false => (stands, None),
                // Its stamp proves nothing; its bytes do, and once it is old enough, its stamp will.
                true if stands && is_hash_of(&stage.output.join(last.path(index)), &row.stamp, row.hash) => {
                    (true, (!row.stamp.is_within(RACY_NANOSECONDS, now)).then_some(index))
                }
                true => (false, None),
            }
        });
        let (stood, settled): (Vec<bool>, Vec<Option<usize>>) = looked.unzip();
        (self.stood, self.settled) = (stood, settled.into_iter().flatten().collect());
    }

    /// A release of the files of the release before, with these bytes in these places. `None`, and nothing is done, when one of
    /// the others does not stand there any more as it was left, or one of the places is not of that release.
    pub fn replace(mut self, files: &[(&OutputPath, &[u8])]) -> Result<Option<Released>, Fault> {
        if self.stood.is_empty() {
            self.look_at_all();
        }
        let replaced: Option<BTreeSet<usize>> =
            files.iter().map(|(path, _)| self.last.position(path.as_str())).collect();
        let Some(replaced) = replaced else { return Ok(None) };
        for index in (0..self.last.len()).filter(|index| !replaced.contains(index)) {
            if !self.stood[index] {
                return Ok(None);
            }
            *self.kept[index].get_mut() = true;
        }
        if !self.has_files_of_last() {
            return Ok(None);
        }
        for (path, bytes) in files {
            self.put(path, bytes)?;
        }
        self.commit(&[]).map(Some)
    }

    /// True when the list in the output folder names exactly the files of the release before.
    fn has_files_of_last(&self) -> bool {
        *self.has_last.get_or_init(|| self.manifest.has_lines(self.last.paths_as_bytes()))
    }

    /// True when a release wrote this file: as the list in the output folder says.
    pub(super) fn is_ours(&self, path: &str) -> bool {
        match self.has_last.get() {
            // One file is found in our own table faster than the list is taken apart.
            Some(true) => self.last.position(path).is_some(),
            _ => self.manifest.holds(path),
        }
    }

    /// Notes that the files are those of the release before, when they are; else adds those that are kept to the records.
    pub(super) fn settle_kept(&mut self, records: &mut Vec<Record>) {
        let at: Vec<Option<usize>> = records.iter().map(|record| self.last.position(record.path.as_str())).collect();
        let known: BTreeSet<usize> = at.iter().flatten().copied().collect();
        let is_kept = |index: &usize| self.kept[*index].load(Ordering::Relaxed);
        self.keeps_rest = !self.last.is_empty()
            && known.len() == records.len()
            && (0..self.last.len()).all(|index| is_kept(&index) != known.contains(&index))
            && self.has_files_of_last();
        if !self.keeps_rest {
            records.extend((0..self.last.len()).filter(is_kept).map(|index| {
                let row = self.last.row(index);
                let path = OutputPath::new(self.last.path(index));
                Record { path, hash: row.hash, stamp: row.stamp, lies: Lies::There }
            }));
        }
    }

    /// The stamps of the release before that are still of use.
    pub(super) fn last_settled(&self) -> Stamps {
        self.last.settled(&self.settled)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Put;
    use super::*;
    use crate::file::Hash;

    struct Site {
        folder: tempfile::TempDir,
        last: Stamps,
    }

    const FILES: [&str; 3] = ["a/1.html", "a/2.html", "index.html"];

    impl Site {
        /// A folder with a release of `FILES`, old enough to be known by their stamps.
        fn new() -> Site {
            let mut site = Site { folder: tempfile::tempdir().unwrap(), last: Stamps::default() };
            for _ in 0..2 {
                let stage = site.begin();
                for path in FILES {
                    stage.put(&OutputPath::new(path), b"1").unwrap();
                }
                let stamps = stage.commit(&[]).unwrap().stamps;
                site.last = stamps;
                std::thread::sleep(Duration::from_millis(40));
            }
            site
        }

        fn begin(&self) -> Stage<'_> {
            Stage::begin(self.folder.path(), &self.public(), &self.last, Options::default()).unwrap()
        }

        fn public(&self) -> std::path::PathBuf {
            self.folder.path().join("public")
        }

        fn ahead(&self) -> Option<Stage<'_>> {
            // A process that another test is just starting holds a copy of our lock for a moment.
            (0..100).find_map(|_| {
                let stage = Stage::ahead(self.folder.path(), &self.public(), &self.last, Options::default());
                if stage.is_none() {
                    std::thread::sleep(Duration::from_millis(5));
                }
                stage
            })
        }
    }

    #[test]
    fn what_stands_still_is_released_as_it_was() {
        let site = Site::new();
        let released = site.ahead().unwrap().replace(&[]).unwrap().unwrap();
        let receipt = &released.receipt;
        assert_eq!((receipt.files, receipt.unchanged, receipt.bytes), (3, 3, 3));
        assert_eq!(released.stamps, site.last);
    }

    #[test]
    fn a_file_too_young_for_its_stamp_is_known_by_its_bytes_and_later_by_its_stamp() {
        let mut site = Site::new();
        let racy = |stamps: &Stamps| stamps.iter().filter(|(_, row)| row.racy).count();
        // A release that a busy machine holds up is too old; one of many is not.
        for number in 0..100 {
            let stage = site.begin();
            for path in FILES {
                stage.put(&OutputPath::new(path), format!("{number:03}").as_bytes()).unwrap();
            }
            let stamps = stage.commit(&[]).unwrap().stamps;
            site.last = stamps;
            if racy(&site.last) == FILES.len() {
                break;
            }
        }
        assert_eq!(racy(&site.last), 3);
        std::thread::sleep(Duration::from_millis(40));
        let released = site.ahead().unwrap().replace(&[]).unwrap().unwrap();
        assert_eq!((released.receipt.unchanged, racy(&released.stamps)), (3, 0));
        // The same length at a time that the stamp does not tell from the other.
        let index = site.public().join("index.html");
        let time = fs::metadata(&index).unwrap().modified().unwrap();
        fs::write(&index, "new").unwrap();
        fs::File::options().write(true).open(&index).unwrap().set_modified(time).unwrap();
        let row = |path: &str| {
            let mut row = site.last.find(path).unwrap();
            if path == "index.html" {
                row.stamp = crate::stamp::Stamp::of(&fs::metadata(&index).unwrap());
            }
            row
        };
        let rows = FILES.map(|path| (path, row(path)));
        let fooled = Site { folder: site.folder, last: Stamps::from_sorted(rows) };
        assert!(fooled.ahead().unwrap().replace(&[]).unwrap().is_none());
    }

    #[test]
    fn what_was_changed_or_removed_by_hand_does_not_stand_and_is_put_right() {
        for change in [
            (|public| fs::write(public.join("a/1.html"), "2")) as fn(&Path) -> std::io::Result<()>,
            |public| fs::remove_file(public.join("a/1.html")),
            |public| fs::remove_dir_all(public.join("a")),
        ] {
            let site = Site::new();
            change(&site.public()).unwrap();
            assert!(site.ahead().unwrap().replace(&[]).unwrap().is_none());
            assert!(site.begin().replace(&[]).unwrap().is_none());
            let stage = site.ahead().unwrap();
            for path in FILES {
                stage.put(&OutputPath::new(path), b"1").unwrap();
            }
            stage.commit(&[]).unwrap();
            assert!(FILES.iter().all(|path| fs::read(site.public().join(path)).unwrap() == b"1"));
        }
    }

    #[test]
    fn files_of_another_release_do_not_stand_still() {
        let site = Site::new();
        let other = Stage::begin(site.folder.path(), &site.public(), &site.last, Options::default()).unwrap();
        assert!(FILES.iter().all(|path| other.keep(&OutputPath::new(path)).unwrap()));
        other.put(&OutputPath::new("new.html"), b"1").unwrap();
        other.commit(&[]).unwrap();
        assert!(site.ahead().unwrap().replace(&[]).unwrap().is_none(), "the list of files names one more");
    }

    #[test]
    fn all_but_some_files_stay_and_those_take_other_bytes() {
        let replace = |stage: Stage, path: &str| stage.replace(&[(&OutputPath::new(path), b"22".as_slice())]).unwrap();
        assert!(replace(Site::new().ahead().unwrap(), "new.html").is_none(), "not of the release before");
        for (begin, path) in
            [(Site::begin as fn(&Site) -> Stage<'_>, "a/1.html"), (|site| site.ahead().unwrap(), "a/2.html")]
        {
            let site = Site::new();
            let released = replace(begin(&site), path).unwrap();
            let receipt = &released.receipt;
            assert_eq!((receipt.unchanged, receipt.written.len(), receipt.bytes, receipt.bytes_written), (2, 1, 4, 2));
            assert_eq!(receipt.files, 3);
            let files = released.stamps.iter().map(|(path, row)| (path, row.hash == Hash::of(b"22")));
            assert!(files.eq(FILES.map(|name| (name, name == path))));
            assert_eq!(fs::read(site.public().join(path)).unwrap(), b"22");
            // As the whole line would have left it.
            let again = Stage::begin(site.folder.path(), &site.public(), &released.stamps, Options::default()).unwrap();
            for name in FILES {
                let bytes: &[u8] = if name == path { b"22" } else { b"1" };
                assert_eq!(again.put(&OutputPath::new(name), bytes).unwrap(), Put::Unchanged);
            }
            let stamps = again.commit(&[]).unwrap().stamps;
            let seen = |stamps: &Stamps| stamps.iter().map(|(_, row)| (row.stamp, row.hash)).collect::<Vec<_>>();
            assert_eq!(seen(&stamps), seen(&released.stamps));
        }
    }

    #[test]
    fn nobody_begins_ahead_where_there_was_no_release_or_another_one_is_at_it_or_for_nothing() {
        let site = Site::new();
        let (folder, public) = (site.folder.path(), site.public());
        let ahead = |output: &Path, last: &Stamps, options| Stage::ahead(folder, output, last, options).is_some();
        assert!(!ahead(&public, &Stamps::default(), Options::default()));
        assert!(!ahead(&folder.join("other"), &site.last, Options::default()));
        assert!(!folder.join("other").exists());
        assert!(!ahead(&public, &site.last, Options { dry: true, ..Options::default() }));
        let held = site.begin();
        assert!(!ahead(&public, &site.last, Options::default()));
        held.abandon();
        assert!(site.ahead().is_some());
    }
}
