use std::collections::BTreeMap;

use super::*;

/// Hears of each step; an error stops the release there, as a kill would.
pub(super) type Watcher = Box<dyn Fn(&str) -> io::Result<()> + Sync + Send>;

/// A site folder with an output folder `public`, and what the last release remembered.
struct Site {
    folder: tempfile::TempDir,
    last: Stamps,
}

/// Outputs as text: path, bytes.
type Files<'a> = &'a [(&'a str, &'a str)];

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("content")).unwrap();
        Site { folder, last: Stamps::default() }
    }

    fn public(&self) -> PathBuf {
        self.folder.path().join("public")
    }

    fn write(&self, path: &str, text: &str) {
        let disk = self.public().join(path);
        fs::create_dir_all(disk.parent().unwrap()).unwrap();
        fs::write(disk, text).unwrap();
    }

    fn begin(&self) -> Result<Stage<'_>, Fault> {
        let options = Options { wait: Duration::from_millis(60), ..Options::default() };
        Stage::begin(self.folder.path(), &self.public(), &self.last, options)
    }

    fn try_release(&self, files: Files) -> Result<Released, Fault> {
        self.try_release_with(self.begin()?, files)
    }

    fn try_release_with(&self, stage: Stage, files: Files) -> Result<Released, Fault> {
        for (path, text) in files {
            stage.put(&OutputPath::new(path), text.as_bytes())?;
        }
        stage.commit(&[OutputPath::new("feed.json"), OutputPath::new("head.json")])
    }

    fn release(&mut self, files: Files) -> Receipt {
        let released = self.try_release(files).unwrap_or_else(|fault| panic!("{fault:?}"));
        self.last = released.stamps;
        released.receipt
    }

    /// Code of the fault that this release meets.
    fn fault(&self, files: Files) -> &'static str {
        self.try_release(files).map(|released| released.receipt).unwrap_err().code
    }

    /// What lies in the output folder, our manifest left out.
    fn tree(&self) -> BTreeMap<String, String> {
        tree(&self.public())
    }

    fn check(&self, files: Files) {
        assert_eq!(self.tree(), expected(files));
    }
}

fn expected(files: Files) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

/// Files with their text, links as `-> target`, empty folders with a slash at the end.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut tree = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_string();
        if path == manifest::NAME {
            continue;
        }
        if entry.file_type().is_file() {
            tree.insert(path, fs::read_to_string(entry.path()).unwrap());
        } else if entry.file_type().is_symlink() {
            tree.insert(path, format!("-> {}", fs::read_link(entry.path()).unwrap().display()));
        } else if fs::read_dir(entry.path()).unwrap().next().is_none() {
            tree.insert(path + "/", String::new());
        }
    }
    tree
}

fn paths(paths: &[OutputPath]) -> Vec<&str> {
    paths.iter().map(OutputPath::as_str).collect()
}

#[test]
fn the_folder_holds_exactly_the_files_of_the_newest_release() {
    let mut site = Site::new();
    let first = site.release(&[("index.html", "1"), ("a/index.html", "a"), ("a/1.png", "p"), ("feed.json", "f")]);
    assert_eq!(paths(&first.written), ["a/1.png", "a/index.html", "feed.json", "index.html"]);
    site.check(&[("index.html", "1"), ("a/index.html", "a"), ("a/1.png", "p"), ("feed.json", "f")]);

    let second = site.release(&[("index.html", "2"), ("b/index.html", "b"), ("feed.json", "f")]);
    assert_eq!(paths(&second.written), ["b/index.html", "index.html"]);
    assert_eq!(paths(&second.removed), ["a/1.png", "a/index.html"]);
    assert_eq!((second.unchanged, second.bytes, second.bytes_written), (1, 3, 2));
    site.check(&[("index.html", "2"), ("b/index.html", "b"), ("feed.json", "f")]);
}

#[test]
fn a_second_release_of_the_same_files_writes_nothing() {
    let files: Files = &[("index.html", "1"), ("a/index.html", "a")];
    let mut site = Site::new();
    site.release(files);
    for remembered in [true, false] {
        if !remembered {
            site.last = Stamps::default();
        }
        let node = |path: &str| Stamp::of(&fs::metadata(site.public().join(path)).unwrap());
        let before = (node("index.html"), node("a/index.html"));
        let receipt = site.try_release(files).unwrap().receipt;
        assert_eq!((receipt.written.len(), receipt.unchanged), (0, 2));
        assert_eq!(before, (node("index.html"), node("a/index.html")));
    }
}
