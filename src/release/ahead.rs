//! A release that begins before anybody knows what it will hold: every file of the release before is looked at while the
//! sources are read, and most of them stay.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::{Lies, Options, RACY_NANOSECONDS, Record, Released, Stage, Standing, check_name, is_hash_of, manifest};
use crate::file::{OutputPath, OutputRecord, Receipt};
use crate::problem::Fault;
use crate::stamp::{Stamps, nanoseconds};

impl<'a> Stage<'a> {
    /// Begins before anybody knows what is to be released, with a look at every file of the release before, so that this
    /// is done while the sources are read. `None` when there is nothing to look at, when another release is at it, or when
    /// anything is wrong with the folder: `begin` will say so.
    pub fn ahead(site: &Path, output: &Path, last: &'a Stamps, options: Options) -> Option<Stage<'a>> {
        if options.dry || last.is_empty() || !output.join(manifest::NAME).is_file() {
            return None;
        }
        let mut stage = Stage::begin(site, output, last, Options { wait: Duration::ZERO, ..options }).ok()?;
        let now = nanoseconds(SystemTime::now());
        let look = |index: usize| {
            let row = last.row(index);
            let stands = stage.look(last.path(index)).is_ok_and(|seen| seen == (row.stamp, true));
            match row.racy {
                false => (stands, None),
                // Its stamp proves nothing; its bytes do, and once it is old enough, its stamp will.
                true if stands && is_hash_of(&stage.output.join(last.path(index)), &row.stamp, row.hash) => {
                    (true, (!row.stamp.is_within(RACY_NANOSECONDS, now)).then_some(index))
                }
                true => (false, None),
            }
        };
        let looked = (0..last.len()).into_par_iter().with_max_len(256).map(look);
        let (stood, settled): (Vec<bool>, Vec<Option<usize>>) = looked.unzip();
        (stage.stood, stage.settled) = (stood, settled.into_iter().flatten().collect());
        Some(stage)
    }

    /// A release of exactly the files of the release before, when all of them were seen ahead to stand as it left them.
    pub fn stands_still(&self) -> Option<Released> {
        let all = !self.stood.is_empty() && self.stood.iter().all(|stood| *stood);
        if !all || !self.manifest.paths().eq(self.last.iter().map(|(path, _)| path)) {
            return None;
        }
        let file = |index: usize| {
            let row = self.last.row(index);
            OutputRecord { path: OutputPath::new(self.last.path(index)), hash: row.hash, size: row.stamp.size }
        };
        let files: Vec<OutputRecord> = (0..self.last.len()).into_par_iter().map(file).collect();
        let bytes = files.iter().map(|file| file.size).sum();
        let receipt = Receipt { unchanged: files.len(), bytes, files, ..Receipt::default() };
        Some(Released { receipt, stamps: self.last.settled(&self.settled) })
    }

    /// Adds every file of the release before, as it left it, but those at these paths. `false` when one of the others does not
    /// stand there any more, or one of the paths is not of that release: then nothing may be relied on.
    pub fn keep_all_but(&self, paths: &BTreeSet<&str>) -> Result<bool, Fault> {
        if !paths.iter().all(|path| self.last.position(path).is_some()) {
            return Ok(false);
        }
        let keep = |index: usize| -> Result<Option<Record>, Fault> {
            let path = OutputPath::new(self.last.path(index));
            check_name(&path)?;
            let hash = self.last.row(index).hash;
            Ok(match self.standing(&path, hash, None) {
                Standing::Same(stamp) => Some(Record { path, hash, stamp, lies: Lies::There }),
                _ => None,
            })
        };
        let others = (0..self.last.len()).into_par_iter().filter(|index| !paths.contains(self.last.path(*index)));
        let kept: Option<Vec<Record>> = others.map(keep).collect::<Result<Option<Vec<Record>>, Fault>>()?;
        let all = kept.is_some();
        self.records.lock().expect("no thread panics while it holds this lock").extend(kept.into_iter().flatten());
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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
        let released = site.ahead().unwrap().stands_still().unwrap();
        assert_eq!((released.receipt.unchanged, released.receipt.bytes), (3, 3));
        assert_eq!(released.receipt.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), FILES);
        assert_eq!(released.stamps, site.last);
    }

    #[test]
    fn a_file_too_young_for_its_stamp_is_known_by_its_bytes_and_later_by_its_stamp() {
        let mut site = Site::new();
        let stage = site.begin();
        for path in FILES {
            stage.put(&OutputPath::new(path), b"2").unwrap();
        }
        let stamps = stage.commit(&[]).unwrap().stamps;
        site.last = stamps;
        let racy = |stamps: &Stamps| stamps.iter().filter(|(_, row)| row.racy).count();
        assert_eq!(racy(&site.last), 3);
        std::thread::sleep(Duration::from_millis(40));
        let released = site.ahead().unwrap().stands_still().unwrap();
        assert_eq!((released.receipt.unchanged, racy(&released.stamps)), (3, 0));
        // The same length at a time that the stamp does not tell from the other.
        let index = site.public().join("index.html");
        let time = fs::metadata(&index).unwrap().modified().unwrap();
        fs::write(&index, "3").unwrap();
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
        assert!(fooled.ahead().unwrap().stands_still().is_none());
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
            let stage = site.ahead().unwrap();
            assert!(stage.stands_still().is_none());
            assert!(!stage.keep_all_but(&BTreeSet::new()).unwrap());
            stage.abandon();
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
        assert!(other.keep_all_but(&BTreeSet::new()).unwrap());
        other.put(&OutputPath::new("new.html"), b"1").unwrap();
        other.commit(&[]).unwrap();
        assert!(site.ahead().unwrap().stands_still().is_none(), "the list of files names one more");
    }

    #[test]
    fn all_but_some_files_stay_and_those_take_other_bytes() {
        let site = Site::new();
        let stage = site.ahead().unwrap();
        assert!(!stage.keep_all_but(&BTreeSet::from(["new.html"])).unwrap(), "not of the release before");
        assert!(stage.keep_all_but(&BTreeSet::from(["a/2.html"])).unwrap());
        stage.put(&OutputPath::new("a/2.html"), b"2").unwrap();
        let released = stage.commit(&[]).unwrap();
        assert_eq!((released.receipt.unchanged, released.receipt.written.len()), (2, 1));
        assert_eq!(fs::read(site.public().join("a/2.html")).unwrap(), b"2");
        assert_eq!(released.stamps.len(), 3);
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
