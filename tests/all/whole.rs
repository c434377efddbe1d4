//! Whatever happens in the middle of a build, the output folder is whole: readers, kills, two builds at once, and disks that
//! refuse.
//!
//! `CIVICAST_LONG=1` runs the long form.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::command::{Run, civicast, run};
use crate::edits::{Random, picture};
use crate::reader::{Seen, read_all};
use crate::site::{CONFIG, SCREENS, Site, copy};

fn long() -> bool {
    std::env::var_os("CIVICAST_LONG").is_some()
}

/// A site whose every state builds, and whose every number comes once only: a page never looks again as it looked before.
struct Growing {
    site: Site,
    random: Random,
    next: usize,
    there: Vec<String>,
}

impl Growing {
    fn new(seed: u64) -> Growing {
        let site = Site::empty();
        site.write("screens.toml", SCREENS);
        let mut growing = Growing { site, random: Random(seed), next: 0, there: Vec::new() };
        growing.title();
        (0..12).for_each(|_| growing.add());
        growing
    }

    /// The title is on every page.
    fn title(&mut self) {
        self.next += 1;
        let text = CONFIG.replace("\"测试局\"", &format!("\"测试局{}\"", self.next));
        self.site.write(
            "civicast.toml",
            &(text + "[extra.theme]\nshare_slides = false\n[problems]\nmissing-disclosure = \"off\"\n"),
        );
    }

    fn add(&mut self) {
        self.next += 1;
        let n = self.next;
        let kind = self.random.one(&["notices", "slogans", "reports"]);
        let path = match self.random.below(2) {
            0 => format!("content/{kind}/n{n}.md"),
            _ => format!("content/{kind}/n{n}/index.md"),
        };
        let near = self.there.iter().find(|path| path.contains("slogans"));
        let up = if path.ends_with("index.md") { "../.." } else { ".." };
        let link = near.map_or(String::new(), |near| format!("见[前文]({up}/{})。", &near["content/".len()..]));
        let text = format!(
            "+++\ntitle = \"第{n}篇\"\ndate = 2026-{:02}-01\ntopics = [\"主题{n}\", \"节约\"]\n+++\n\n第{n}篇的文字。{}\n",
            1 + n % 10,
            if self.random.once_in(2) { link } else { String::new() },
        );
        self.site.write(&path, &text);
        if path.ends_with("index.md") && kind == "reports" {
            let disk = self.site.path().join(path.replace("index.md", "1.png"));
            std::fs::write(disk, picture(n)).unwrap();
            let more = text.replacen("+++\n\n", "image = \"1.png\"\nimage_alt = \"图\"\n+++\n\n", 1);
            self.site.write(&path, &more);
        }
        self.there.push(path);
    }

    /// What nobody refers to goes; links to it go with it.
    fn remove(&mut self) {
        if self.there.len() < 6 {
            return self.add();
        }
        let path = self.there.remove(self.random.below(self.there.len()));
        let name = path["content/".len()..].to_string();
        match path.strip_suffix("/index.md") {
            Some(folder) => std::fs::remove_dir_all(self.site.path().join(folder)).unwrap(),
            None => self.site.remove(&path),
        }
        for other in &self.there {
            let text = self.site.read(other);
            if text.contains(&name) {
                self.next += 1;
                let cut = text.find("见[前文]").unwrap();
                self.site.write(other, &format!("{}另{}\n", &text[..cut], self.next));
            }
        }
    }

    fn edit(&mut self) {
        match self.random.below(8) {
            0..=2 => self.add(),
            3..=4 => self.remove(),
            5 => self.title(),
            _ => {
                let path = self.random.one(&self.there);
                self.next += 1;
                let text = self.site.read(&path).replacen("title = \"", &format!("title = \"改{}", self.next), 1);
                self.site.write(&path, &text);
            }
        }
    }

    /// The files of the same site built from nothing elsewhere.
    fn cold(&self, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let copied = Site::empty();
        for name in civicast::source::INPUTS {
            copy(&self.site.path().join(name), &copied.path().join(name));
        }
        let built = run(copied.path(), &[&BUILD[..], arguments].concat());
        assert_eq!(built.code, 0, "{}", built.stderr);
        copied.all("public")
    }
}

const NOW: &str = "2026-11-23 09:00";
const BUILD: [&str; 3] = ["build", "--now", NOW];

/// Ends whoever watches this flag, also when the test panics.
struct Ends<'a>(&'a AtomicBool);
impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_reader_during_builds_meets_no_half_file_and_no_reference_to_what_is_not_there() {
    let mut growing = Growing::new(11);
    let public = growing.site.path().join("public");
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut rounds, mut all) = (0, Seen::default());
                    // Once more after the last build, so that something is read on the slowest machine too.
                    let mut last = false;
                    while !last {
                        last = stop.load(Ordering::SeqCst);
                        let seen = read_all(&public)?;
                        rounds += 1;
                        all.pages += seen.pages;
                        all.links += seen.links;
                        all.slides += seen.slides;
                    }
                    Ok::<_, String>((rounds, all))
                })
            })
            .collect();
        {
            let _ends = Ends(&stop);
            let now = std::cell::Cell::new(0);
            for _ in 0..if long() { 400 } else { 25 } {
                growing.edit();
                // A first release is met by a reader too.
                if growing.random.once_in(10) {
                    // It goes at once and not file by file, and no page of the next one looks like one of it.
                    let gone = public.with_extension("gone");
                    if std::fs::rename(&public, &gone).is_ok() {
                        std::fs::remove_dir_all(&gone).unwrap();
                    }
                    growing.title();
                }
                now.set(now.get() + 1);
                growing.site.build_well(NOW);
                if readers.iter().any(|reader| reader.is_finished()) {
                    break;
                }
            }
        }
        readers
            .into_iter()
            .map(|reader| reader.join().unwrap().unwrap_or_else(|wrong| panic!("{wrong}")))
            .collect::<Vec<_>>()
    });
    println!("{seen:?}");
    assert!(seen.iter().all(|(_, seen)| seen.pages > 20 && seen.links > 100 && seen.slides > 10), "{seen:?}");
}

#[test]
fn in_a_first_release_the_home_page_comes_after_everything_that_it_leads_to() {
    let site = Site::example();
    let journal = site.path().join("public/.civicast-stage/journal");
    // The journal stands there while files are moved; on a machine that is too busy to look in that time, it is tried again.
    let caught = (0..50).find_map(|_| {
        let _ = std::fs::remove_dir_all(site.path().join("public"));
        let mut child = civicast(site.path(), &BUILD).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut caught = None;
        while caught.is_none() && child.try_wait().unwrap().is_none() {
            caught = std::fs::read_to_string(&journal).ok();
            std::thread::sleep(Duration::from_micros(20));
        }
        assert!(child.wait().unwrap().success());
        caught
    });
    let journal = caught.expect("no journal was met in fifty builds");
    let moves: Vec<&str> = journal.lines().filter_map(|line| line.strip_prefix("move ")).collect();
    let home = moves.iter().position(|path| *path == "index.html").unwrap();
    assert!(moves.contains(&"site.webmanifest") && moves.contains(&"feed.xml"), "{moves:?}");
    let later: Vec<_> =
        moves[home + 1..].iter().filter(|path| !path.ends_with(".html.gz") && !path.ends_with(".html.br")).collect();
    assert!(later.is_empty(), "{later:?}");
}

#[test]
fn a_build_killed_at_any_moment_leaves_a_site_that_can_be_read_and_the_next_one_finishes_it() {
    let mut growing = Growing::new(12);
    let folder = growing.site.path().to_path_buf();
    let public = folder.join("public");
    assert_eq!(run(&folder, &BUILD).code, 0);
    let foreign = [("mine.txt", "mine"), ("notices/mine/too.txt", "mine")];
    for (path, text) in foreign {
        growing.site.write(&format!("public/{path}"), text);
    }
    let wanted = if long() { 300 } else { 12 };
    let (mut kills, mut releasing, mut recovering) = (0, 0, 0);
    let mut usual = Duration::from_millis(300);
    while kills < wanted {
        (0..1 + growing.random.below(3)).for_each(|_| growing.edit());
        // Every other edit changes every page, so that there is much to release.
        if growing.random.once_in(2) {
            growing.title();
        }
        // Kills in a row meet the recovery from the one before.
        for _ in 0..1 + growing.random.below(3) {
            let journal = public.join(".civicast-stage/journal");
            let was_releasing = journal.exists();
            let Some(took) = killed(&folder, &mut growing.random, usual, &journal) else {
                kills += 1;
                releasing += usize::from(journal.exists());
                recovering += usize::from(was_releasing);
                if let Err(wrong) = read_all(&public) {
                    panic!("after {kills} kills: {wrong}");
                }
                continue;
            };
            usual = took.clamp(Duration::from_millis(50), Duration::from_secs(3));
            break;
        }
        let built = run(&folder, &BUILD);
        assert_eq!(built.code, 0, "{}", built.stderr);
        let mut expected = growing.cold(&[]);
        for (path, text) in foreign {
            expected.insert(path.into(), text.into());
        }
        let got = growing.site.all("public");
        assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "after {kills} kills");
        assert!(got == expected, "after {kills} kills some file differs");
        let ours: Vec<String> = growing.site.all(".civicast").into_keys().collect();
        assert!(!ours.iter().any(|name| name.starts_with("draft-")), "{ours:?}");
    }
    println!(
        "{kills} kills, {releasing} in the middle of a release, {recovering} of a build that had to recover first"
    );
    assert!(releasing > 0, "no kill met a release");
}

/// Kills a build at a random moment: of its whole time, or right after it began to release. `Some` with its time when it had
/// ended before.
fn killed(folder: &Path, random: &mut Random, usual: Duration, journal: &Path) -> Option<Duration> {
    let begun = Instant::now();
    let mut child = civicast(folder, &BUILD).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if random.once_in(2) {
        let micros = usual.as_micros() as usize + 1;
        std::thread::sleep(Duration::from_micros(random.below(micros) as u64));
    } else {
        while !journal.exists() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(50));
        }
        std::thread::sleep(Duration::from_micros(random.below(8_000) as u64));
    }
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    ended.then(|| begun.elapsed())
}

#[test]
fn of_two_builds_at_once_the_second_waits_and_there_is_never_a_mix() {
    let mut growing = Growing::new(13);
    let titles = ["--set=title=甲", "--set=title=乙"];
    for _ in 0..if long() { 40 } else { 4 } {
        (0..4).for_each(|_| growing.edit());
        let expected = titles.map(|title| growing.cold(&[title]));
        let children: Vec<_> = titles
            .iter()
            .cycle()
            .take(4)
            .map(|title| {
                let arguments = [&BUILD[..], &[*title]].concat();
                civicast(growing.site.path(), &arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let got = growing.site.all("public");
        assert!(expected.contains(&got), "a mix of two builds");
        // And what they left of each other's memo misleads nobody.
        for (title, expected) in titles.iter().zip(&expected) {
            assert_eq!(run(growing.site.path(), &[&BUILD[..], &[*title]].concat()).code, 0);
            assert!(growing.site.all("public") == *expected, "{title} after both");
        }
    }
}

#[test]
fn a_build_that_has_waited_reads_the_sources_again() {
    let mut growing = Growing::new(14);
    let site = &growing.site;
    assert_eq!(run(site.path(), &BUILD).code, 0);
    // The lock of another build that is at work.
    let lock = std::fs::File::open(site.path().join("public")).unwrap();
    lock.lock().unwrap();
    let child = civicast(site.path(), &BUILD).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    growing.title();
    drop(lock);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(growing.site.all("public") == growing.cold(&[]));
}

// ---- disks that refuse ----

/// Insists on a fault that names this path, in both languages, and on the output as it was.
fn refused(site: &Site, path: &str, runs: impl Fn(&str) -> Run) {
    let before = site.all("public");
    let said = ["en", "zh"].map(|lang| {
        let run = runs(lang);
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(path), "{path} is not named in: {}", run.stderr);
        run.stderr
    });
    assert!(said[0].is_ascii() || !path.is_ascii(), "{}", said[0]);
    assert!(!said[1].is_ascii(), "{}", said[1]);
    let after = site.all("public");
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    assert!(before == after, "the old site was changed");
}

fn build_in(site: &Site, lang: &str) -> Run {
    run(site.path(), &[&["--lang", lang], &BUILD[..]].concat())
}

/// A small file system in memory over a folder; goes with the test. None where nobody may mount.
struct Mounted(std::path::PathBuf);

impl Mounted {
    fn over(folder: &Path, options: &str) -> Option<Mounted> {
        std::fs::create_dir_all(folder).unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(folder)
            .stderr(Stdio::null())
            .status();
        if status.is_ok_and(|status| status.success()) {
            return Some(Mounted(folder.to_path_buf()));
        }
        println!("skipped: only root may mount a file system");
        None
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_the_old_site_stays() {
    let mut growing = Growing::new(15);
    let public = growing.site.path().join("public");
    let Some(_disk) = Mounted::over(&public, "size=8m") else { return };
    assert_eq!(build_in(&growing.site, "en").code, 0);
    // All but a few blocks are taken.
    std::fs::write(public.join(".git-filler"), vec![0; 6 << 20]).unwrap();
    let mut filler = vec![0; 6 << 20];
    while std::fs::write(public.join(".git-filler"), &filler).is_ok() {
        filler.resize(filler.len() + 4096, 0);
    }
    growing.title();
    refused(&growing.site, "public", |lang| build_in(&growing.site, lang));
    std::fs::remove_file(public.join(".git-filler")).unwrap();
    assert_eq!(build_in(&growing.site, "en").code, 0);
    assert!(growing.site.all("public") == growing.cold(&[]));
}

#[test]
fn a_memo_that_cannot_be_kept_is_only_a_warning() {
    let mut growing = Growing::new(16);
    let Some(disk) = Mounted::over(&growing.site.path().join(".civicast"), "size=4k") else { return };
    for options in ["rw", "ro"] {
        disk.remount(options);
        growing.title();
        let built = build_in(&growing.site, "en");
        assert_eq!(built.code, 0, "{}", built.stderr);
        assert!(built.stderr.contains(".civicast"), "{}", built.stderr);
        assert!(growing.site.all("public") == growing.cold(&[]));
    }
}

#[test]
fn in_a_folder_that_only_can_be_read_the_old_site_stays() {
    let mut growing = Growing::new(17);
    let Some(disk) = Mounted::over(&growing.site.path().join("public"), "size=64m") else { return };
    assert_eq!(build_in(&growing.site, "en").code, 0);
    growing.title();
    disk.remount("ro");
    refused(&growing.site, "public", |lang| build_in(&growing.site, lang));
    disk.remount("rw");
    assert_eq!(build_in(&growing.site, "en").code, 0);
    assert!(growing.site.all("public") == growing.cold(&[]));
}

/// Runs as somebody without rights; none where that cannot be done.
#[cfg(unix)]
fn as_nobody(folder: &Path, arguments: &[&str]) -> Option<Run> {
    let program = civicast(folder, arguments);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program.get_program());
    // Nor does it inherit settings from the environment of the tests.
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().ok()?;
    let run = Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    if run.stderr.starts_with("setpriv:") {
        println!("skipped: {}", run.stderr.trim_end());
        return None;
    }
    Some(run)
}

#[cfg(unix)]
#[test]
fn without_permission_the_old_site_stays_and_an_unreadable_source_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path, mode: u32| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let mut growing = Growing::new(18);
    let folder = growing.site.path().to_path_buf();
    mode(&folder, 0o755);
    if as_nobody(&folder, &["--version"]).is_none() {
        return;
    }
    assert_eq!(build_in(&growing.site, "en").code, 0);
    growing.title();
    refused(&growing.site, "public", |lang| as_nobody(&folder, &[&["--lang", lang], &BUILD[..]].concat()).unwrap());
    let path = growing.there[0].clone();
    mode(&folder.join(&path), 0o000);
    let before = growing.site.all("public");
    let run = as_nobody(&folder, &[&["--lang", "en"], &BUILD[..]].concat()).unwrap();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains(&path), "{}", run.stderr);
    assert!(before == growing.site.all("public"));
}

#[test]
fn what_stands_in_the_way_is_named_and_the_old_site_stays() {
    let mut growing = Growing::new(19);
    assert_eq!(build_in(&growing.site, "en").code, 0);
    // A folder where a file should go, and a file where a folder should go.
    growing
        .site
        .write("content/notices/new.md", "+++\ntitle = \"新\"\nslug = \"new\"\ndate = 2026-01-01\n+++\n\n文字\n");
    for foreign in ["public/notices/new/index.html/mine.txt", "public/notices/new"] {
        growing.site.write(foreign, "mine");
        let path = foreign.trim_end_matches("/mine.txt").trim_start_matches("public/");
        refused(&growing.site, path, |lang| build_in(&growing.site, lang));
        match foreign.ends_with("new") {
            true => growing.site.remove(foreign),
            false => std::fs::remove_dir_all(growing.site.path().join("public/notices/new")).unwrap(),
        }
    }
    growing.title();
    assert_eq!(build_in(&growing.site, "en").code, 0);
    assert!(growing.site.all("public") == growing.cold(&[]));
}

#[test]
fn a_name_that_is_too_long_for_the_disk_is_told_and_the_old_site_stays() {
    let growing = Growing::new(20);
    assert_eq!(build_in(&growing.site, "en").code, 0);
    let before = growing.site.all("public");
    let slug = "长".repeat(100);
    growing.site.write(
        "content/notices/x.md",
        &format!("+++\ntitle = \"新\"\nslug = \"{slug}\"\ndate = 2026-01-01\n+++\n\n文字\n"),
    );
    for lang in ["en", "zh"] {
        let run = build_in(&growing.site, lang);
        assert!([1, 2].contains(&run.code), "{}", run.stderr);
        assert!(run.stderr.contains("content/notices/x.md") || run.stderr.contains(&slug), "{}", run.stderr);
    }
    assert!(before == growing.site.all("public"));
}

// ---- sources that are no files, or never rest ----

#[cfg(unix)]
#[test]
fn a_source_that_is_no_file_is_named_and_nobody_waits_for_it() {
    use std::os::unix::fs::symlink;
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    for place in [
        "civicast.toml",
        "screens.toml",
        "content/notices/x.md",
        "static/screens/x.txt",
        "templates/home.html",
        "data/x.json",
        "content/x.png",
    ] {
        for what in ["pipe", "socket", "loop", "folder"] {
            let site = Site::with(&[
                ("content/notices/x.png", "x"),
                ("static/screens/y.txt", "y"),
                ("templates/x.html", "x"),
                ("data/y.json", "1"),
            ]);
            let disk = site.path().join(place);
            let _ = std::fs::remove_file(&disk);
            let mut socket = None;
            match what {
                "pipe" => pipe(&disk),
                "socket" => socket = Some(std::os::unix::net::UnixListener::bind(&disk).unwrap()),
                "loop" => symlink(disk.file_name().unwrap(), &disk).unwrap(),
                _ => std::fs::create_dir(&disk).unwrap(),
            }
            let built = run(site.path(), &BUILD);
            drop(socket);
            // A folder may have any name; only where a file is needed is it a mistake.
            if what != "folder" {
                assert_eq!(built.code, 1, "{what} at {place}: {}", built.stderr);
                assert!(built.stderr.contains(place), "{what} at {place}: {}", built.stderr);
            } else if place == "civicast.toml" {
                assert_eq!(built.code, 1, "{what} at {place}: {}", built.stderr);
            }
        }
    }
}

#[test]
fn sources_that_change_during_builds_are_published_whole_or_told() {
    let site = Site::with(&[]);
    site.write("content/notices/_index.md", "+++\ntitle = \"通知\"\n+++\n");
    let stop = AtomicBool::new(false);
    let text = |n: usize| {
        let body = format!("第{n}版。").repeat(3_000);
        format!("+++\ntitle = \"第{n}版\"\ndate = 2026-01-01\n+++\n\n{body}\n")
    };
    let photo = |n: usize| vec![u8::try_from(n % 251).unwrap(); 300_000];
    let built = std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0.. {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let disk = site.path().join("content/notices/a.md");
                match n % 4 {
                    0 => drop(std::fs::remove_file(&disk)),
                    1 => {
                        std::fs::write(site.path().join("content/notices/.draft"), text(n)).unwrap();
                        std::fs::rename(site.path().join("content/notices/.draft"), &disk).unwrap();
                    }
                    _ => std::fs::write(&disk, text(n)).unwrap(),
                }
                std::fs::create_dir_all(site.path().join("static/screens")).unwrap();
                std::fs::write(site.path().join("static/screens/photo.bin"), photo(n)).unwrap();
            }
        });
        let _ends = Ends(&stop);
        let mut built = 0;
        for _ in 0..if long() { 200 } else { 15 } {
            let output = site.path().join("public");
            let options = civicast::pipeline::Options {
                overrides: Vec::new(),
                now: crate::site::at(NOW),
                drafts: false,
                strict: false,
            };
            let mut memo = civicast::pipeline::remembered(site.path());
            let published = civicast::pipeline::publish(
                site.path(),
                Some(&output),
                &options,
                civicast::release::Options::default(),
                &mut memo,
            );
            match published {
                Err(fault) => assert_eq!(fault.code, "source-changed", "{fault:?}"),
                Ok(published) if published.receipt.is_none() => {
                    let told = crate::site::complaints(&published);
                    assert!(told.iter().any(|told| told.contains("content/") || told.contains("static/")), "{told:?}");
                }
                Ok(_) => built += 1,
            }
            for (path, bytes) in site.outputs("public") {
                if path.ends_with("photo.bin") {
                    assert!(
                        bytes.iter().all(|byte| *byte == bytes[0]) && [0, 300_000].contains(&bytes.len()),
                        "a mixed {path}"
                    );
                } else if path == "notices/a/index.html" {
                    let page = String::from_utf8(bytes).unwrap();
                    let version = page.split("第").nth(1).unwrap().split("版").next().unwrap();
                    let others = page.matches('第').count() - page.matches(&format!("第{version}版")).count();
                    assert_eq!(others, 0, "{path} is of several versions");
                }
            }
        }
        built
    });
    println!("{built} builds worked while the sources changed");
    let published = site.build(NOW);
    assert!(published.receipt.is_some(), "{:?}", crate::site::complaints(&published));
}
