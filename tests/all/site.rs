//! Small sites in temporary folders, and builds of them through the library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use civicast::pipeline::{self, Options, Published};
use civicast::release;
use jiff::Timestamp;

/// A site in a folder that goes when the test ends.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

/// Settings that every small site starts from.
pub(crate) const CONFIG: &str = r#"title = "测试局"
description = "测试用的门户"
base_url = "https://test.example.gov.cn"
[organisation]
name = "测试局"
"#;

/// One screen.
pub(crate) const SCREENS: &str = r#"[[screen]]
id = "hall"
name = "大厅屏"
point = "lobby"
place = "一楼"
size = [1920, 1080]
shows = ["slogan", "notice", "report"]
"#;

/// A slogan that always plays.
pub(crate) const SLOGAN: &str =
    "+++\ntitle = \"节约用水\"\ndate = 2026-01-01\ntopics = [\"节约\"]\n+++\n\n节约用水\n\n一滴水，一份情\n";

/// The example of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An instant in Asia/Shanghai: `2026-11-23 09:00`.
pub(crate) fn at(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    civil.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).unwrap().timestamp()
}

impl Site {
    /// With these files besides the usual settings and one slogan.
    pub(crate) fn with(files: &[(&str, &str)]) -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        site.write("civicast.toml", CONFIG);
        site.write("screens.toml", SCREENS);
        site.write("content/slogans/water.md", SLOGAN);
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// With nothing in it.
    pub(crate) fn empty() -> Site {
        Site { folder: tempfile::tempdir().unwrap() }
    }

    /// A copy of the repository's example. Its pictures are resized once for all tests.
    pub(crate) fn example() -> Site {
        static RESIZED: OnceLock<PathBuf> = OnceLock::new();
        let shelf = RESIZED.get_or_init(|| {
            let shelf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
            let site = Site::cold_example();
            copy(&shelf, &site.path().join(".civicast/pictures"));
            site.build("2026-11-23 09:00");
            copy(&site.path().join(".civicast/pictures"), &shelf);
            shelf
        });
        let site = Site::cold_example();
        copy(shelf, &site.path().join(".civicast/pictures"));
        site
    }

    fn cold_example() -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        for name in ["civicast.toml", "screens.toml", "content", "data", "static", "themes", "templates"] {
            copy(&repository().join(name), &site.path().join(name));
        }
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path().join(path)).unwrap();
    }

    /// Builds as a new process would: with what the last one left on disk.
    pub(crate) fn build(&self, now: &str) -> Published {
        self.build_into("public", now)
    }

    pub(crate) fn build_into(&self, output: &str, now: &str) -> Published {
        // What a test sees may not depend on the fonts of the machine.
        let overrides = vec![("fonts".to_string(), "none".to_string())];
        let options = Options { overrides, now: at(now), drafts: false, strict: false };
        let mut memo = pipeline::remembered(self.path());
        let output = self.path().join(output);
        pipeline::publish(self.path(), Some(&output), &options, release::Options::default(), &mut memo).unwrap()
    }

    /// Builds and insists that it worked without a warning.
    pub(crate) fn build_well(&self, now: &str) -> Published {
        let published = self.build(now);
        assert_eq!(complaints(&published), Vec::<String>::new());
        assert!(published.receipt.is_some());
        published
    }

    /// All files of the output by path, our own hidden ones too.
    pub(crate) fn all(&self, output: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path().join(output);
        let entries = walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_file()).map(|entry| {
            let path = entry.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_string();
            (path, std::fs::read(entry.path()).unwrap())
        });
        files.collect()
    }

    /// All files of the output by path, without our own hidden ones.
    pub(crate) fn outputs(&self, output: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path().join(output), "", &mut files);
        files
    }
}

/// Errors and warnings of a build, as text.
pub(crate) fn complaints(published: &Published) -> Vec<String> {
    let problems = published.preview.problems.iter().filter(|p| p.severity < civicast::problem::Severity::Note);
    problems.map(|p| format!("{} {:?} {:?}", p.code, p.place.as_ref().map(ToString::to_string), p.args)).collect()
}

/// Paths of the files in which `text` occurs.
pub(crate) fn holding(files: &BTreeMap<String, Vec<u8>>, text: &str) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    files.iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path.clone()).collect()
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with(".civicast-") || name == ".gitignore" {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        std::fs::copy(from, to).unwrap();
    }
}
