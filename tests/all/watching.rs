//! Programs that run on: whatever happens to the folders under them, the last release stands, and they go on.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::command::civicast;
use crate::reader::read_all;
use crate::site::{CONFIG, SCREENS, SLOGAN, copy};

/// A `build --watch` in the folder `site` of a folder of its own; ends with the test.
struct Watching {
    above: tempfile::TempDir,
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

fn write(folder: &Path, path: &str, text: &str) {
    let disk = folder.join(path);
    std::fs::create_dir_all(disk.parent().unwrap()).unwrap();
    std::fs::write(disk, text).unwrap();
}

fn begin(site: &Path, title: &str) {
    write(site, "civicast.toml", &CONFIG.replace("\"测试局\"", &format!("\"{title}\"")));
    write(site, "screens.toml", SCREENS);
    write(site, "content/slogans/water.md", SLOGAN);
}

impl Watching {
    fn new() -> Watching {
        let above = tempfile::tempdir().unwrap();
        let site = above.path().join("site");
        begin(&site, "甲局");
        let arguments = ["build", "--watch", "--lang", "en", "--now", "2026-11-23 09:00"];
        let mut child = civicast(&site, &arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (lines, list) = (BufReader::new(child.stderr.take().unwrap()).lines(), said.clone());
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| list.lock().unwrap().push(line)));
        let watching = Watching { above, child, said };
        watching.until("the first release", || watching.holds("index.html", "甲局"));
        watching
    }

    fn site(&self) -> PathBuf {
        self.above.path().join("site")
    }

    fn holds(&self, path: &str, text: &str) -> bool {
        std::fs::read_to_string(self.site().join("public").join(path)).is_ok_and(|page| page.contains(text))
    }

    fn said(&self, text: &str) -> usize {
        self.said.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }

    fn until(&self, what: &str, wanted: impl Fn() -> bool) {
        let begun = Instant::now();
        while !wanted() {
            assert!(
                begun.elapsed() < Duration::from_secs(90),
                "waited for {what}; said:\n{}",
                self.said.lock().unwrap().join("\n")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// An edit is still noticed, and what came of it is whole.
    fn still_works(&self, word: &str) {
        write(&self.site(), "content/slogans/new.md", &SLOGAN.replace("节约用水", word));
        self.until(word, || self.holds("slogans/new/index.html", word) && self.holds("index.html", word));
        self.until("the end of the release", || !self.site().join("public/.civicast-stage").exists());
        read_all(&self.site().join("public")).unwrap();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_broken_build_leaves_the_last_release_and_the_next_good_one_replaces_it() {
    let watching = Watching::new();
    let before = read_all(&watching.site().join("public")).unwrap();
    write(&watching.site(), "content/slogans/bad.md", "+++\ntitel = \"x\"\n+++\n");
    watching.until("the error", || watching.said("nothing was written") == 1);
    let after = read_all(&watching.site().join("public")).unwrap();
    assert_eq!((before.pages, before.links, before.slides), (after.pages, after.links, after.slides));
    std::fs::remove_file(watching.site().join("content/slogans/bad.md")).unwrap();
    watching.still_works("文明出行");
}

#[test]
fn an_output_folder_that_is_taken_away_is_made_again() {
    let watching = Watching::new();
    for word in ["第一次", "第二次"] {
        std::fs::remove_dir_all(watching.site().join("public")).unwrap();
        watching.still_works(word);
    }
    // A file in its place is told, and the build goes on when it is gone.
    std::fs::remove_dir_all(watching.site().join("public")).unwrap();
    write(&watching.site(), "public", "a file");
    write(&watching.site(), "content/slogans/new.md", &SLOGAN.replace("一滴水", "每一滴水"));
    watching.until("the fault", || watching.said("cannot write") > 0);
    std::fs::remove_file(watching.site().join("public")).unwrap();
    watching.still_works("第三次");
}

#[test]
fn a_site_folder_that_is_taken_away_and_made_again_is_built_again() {
    let watching = Watching::new();
    // A build may be at work in it, and make a folder again that is gone.
    watching.until("the end of the folder", || {
        std::fs::remove_dir_all(watching.site()).is_ok() || !watching.site().exists()
    });
    watching.until("the fault", || {
        watching.said("the site folder cannot be opened") > 0 || watching.said("nothing was written") > 0
    });
    begin(&watching.site(), "乙局");
    watching.until("the new site", || watching.holds("index.html", "乙局"));
    watching.still_works("文明出行");
    // Moved away and back.
    let aside = watching.above.path().join("aside");
    std::fs::rename(watching.site(), &aside).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::rename(&aside, watching.site()).unwrap();
    watching.still_works("志愿服务");
    // Another folder in its place.
    std::fs::rename(watching.site(), &aside).unwrap();
    copy(&aside, &watching.site());
    watching.still_works("节约用电");
}

#[test]
fn a_thousand_files_that_come_at_once_are_all_there_in_the_end() {
    let watching = Watching::new();
    let site = watching.site();
    for n in 0..1_000 {
        write(&site, &format!("static/screens/many/{}/{n}.txt", n % 50), &n.to_string());
    }
    write(&site, "content/slogans/last.md", &SLOGAN.replace("节约用水", "最后一篇"));
    watching.until("the last document", || watching.holds("slogans/last/index.html", "最后一篇"));
    watching.until("all files", || {
        (0..1_000).all(|n| watching.holds(&format!("screens/many/{}/{n}.txt", n % 50), &n.to_string()))
    });
    std::fs::remove_dir_all(site.join("static")).unwrap();
    watching.until("their removal", || !site.join("public/screens/many").exists());
    watching.still_works("文明出行");
}
