//! Releases into real folders: order, kills at every step, foreign files, links, locks, full disks.

use std::collections::BTreeMap;

use super::*;

/// Hears of each step; an error stops the release there, as a kill would.
pub(super) type Watcher = Box<dyn Fn(&str, &str) -> io::Result<()> + Sync + Send>;

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
        // A process that another test is just starting holds a copy of our lock for a moment.
        let options = Options { wait: Duration::from_secs(2), ..Options::default() };
        Stage::begin(self.folder.path(), &self.public(), &self.last, options)
    }

    fn try_release(&self, files: Files) -> Result<Released, Fault> {
        self.try_release_with(self.begin()?, files)
    }

    fn try_release_with(&self, stage: Stage, files: Files) -> Result<Released, Fault> {
        for (path, text) in files {
            stage.put(&OutputPath::new(path), text.as_bytes())?;
        }
        let pointers = ["a/meeting.ics", "feed.json", "index.html.gz", "a/index.html.gz", "head.json"];
        stage.commit(&pointers.map(OutputPath::new))
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

// ---- order ----

/// All that a release does to the folder, in order, as `what path`.
fn heard(site: &mut Site, durable: bool, files: Files) -> Vec<String> {
    let heard = std::sync::Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    let released = {
        let mut stage = site.begin().unwrap();
        stage.options.durable = durable;
        stage.watcher = Some(Box::new(move |what, path| {
            list.lock().unwrap().push(format!("{what} {path}").trim_end().to_string());
            Ok(())
        }));
        site.try_release_with(stage, files).unwrap()
    };
    site.last = released.stamps;
    std::mem::take(&mut *heard.lock().unwrap())
}

/// Only the moves and the removals.
fn steps(site: &mut Site, files: Files) -> Vec<String> {
    let mut heard = heard(site, false, files);
    heard.retain(|step| step.starts_with("move") || step.starts_with("remove "));
    heard
}

#[test]
fn in_a_durable_release_everything_is_on_the_disk_before_what_refers_to_it() {
    let mut site = Site::new();
    site.release(&[("head.json", "1"), ("index.html", "1"), ("old.css", "1")]);
    let files: Files = &[("a/index.html", "2"), ("b/index.html", "2"), ("index.html", "2"), ("head.json", "2")];
    let heard = heard(&mut site, true, files);
    let first =
        |step: &str| heard.iter().position(|other| other == step).unwrap_or_else(|| panic!("{step}: {heard:#?}"));
    // The bytes, then the folders that name them, then the intention, then the intention's own name.
    let journal = first("journal");
    for step in [
        "sync file .civicast-stage/tree/a/index.html",
        "sync file .civicast-stage/tree/b/index.html",
        "sync file .civicast-stage/aside/0/0",
        "sync file .civicast-stage/aside/1/1",
        "sync file .civicast-stage/manifest",
        "sync folder .civicast-stage/tree/a",
        "sync folder .civicast-stage/tree",
        "sync folder .civicast-stage/aside/1",
        "sync folder .civicast-stage",
        "sync file .civicast-stage/journal.draft",
    ] {
        assert!(first(step) < journal, "{step} comes too late: {heard:#?}");
    }
    assert_eq!(
        heard[journal..],
        [
            "journal",
            "sync folder .civicast-stage",
            "sync folder",
            "move a",
            "move b",
            "sync folder",
            "move index.html",
            "sync folder",
            "move head.json",
            "sync folder",
            "remove old.css",
            "sync folder",
            "place manifest",
            "sync folder",
            "forget journal",
            "remove stage",
        ]
    );
}

#[test]
fn a_durable_release_puts_the_folders_that_it_made_on_the_disk_too() {
    let site = Site::new();
    let output = site.folder.path().join("deep/er/public");
    let heard = std::sync::Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    let options = Options { durable: true, ..Options::default() };
    let mut stage = Stage::begin(site.folder.path(), &output, &site.last, options).unwrap();
    stage.watcher = Some(Box::new(move |what, path| {
        list.lock().unwrap().push(format!("{what} {path}"));
        Ok(())
    }));
    site.try_release_with(stage, OLD).unwrap();
    let heard = heard.lock().unwrap();
    let root = fs::canonicalize(site.folder.path()).unwrap();
    for folder in ["deep/er", "deep", ""] {
        let step = format!("sync folder {}", root.join(folder).display());
        assert!(
            heard.iter().any(|heard| heard.trim_end_matches('/') == step.trim_end_matches('/')),
            "{step}: {heard:#?}"
        );
    }
}

#[test]
fn a_release_that_need_not_be_durable_waits_for_no_disk() {
    let mut site = Site::new();
    let heard = [heard(&mut site, false, OLD), heard(&mut site, false, NEW)].concat();
    assert!(heard.len() > 10 && !heard.iter().any(|step| step.starts_with("sync")), "{heard:#?}");
}

#[test]
fn new_files_come_first_then_pages_then_pointers_in_the_order_given_then_removals() {
    let mut site = Site::new();
    site.release(&[
        ("index.html", "1"),
        ("head.json", "1"),
        ("feed.json", "1"),
        ("old.css", "1"),
        ("a/index.html", "1"),
    ]);
    let steps = steps(
        &mut site,
        &[
            ("a/index.html", "2"),
            ("feed.json", "2"),
            ("head.json", "2"),
            ("index.html", "2"),
            ("new.css", "2"),
            ("z/index.html", "2"),
            ("s/new/feed.json", "2"),
        ],
    );
    assert_eq!(
        steps,
        [
            "move new.css",
            "move s",
            "move z",
            "move a/index.html",
            "move index.html",
            "move feed.json",
            "move head.json",
            "remove old.css",
            "remove stage",
        ]
    );
}

#[test]
fn a_first_release_moves_whole_folders() {
    let mut site = Site::new();
    let steps =
        steps(&mut site, &[("index.html", "1"), ("a/1/index.html", "1"), ("a/2/index.html", "1"), ("a/x.png", "1")]);
    assert_eq!(steps, ["move a", "move index.html", "remove stage"]);
}

#[test]
fn a_new_feed_is_there_before_the_pages_that_lead_to_it_and_a_packed_page_comes_after_its_page() {
    let mut site = Site::new();
    let first = steps(&mut site, &[("404.html", "1"), ("index.html", "1"), ("index.html.gz", "1"), ("feed.json", "1")]);
    assert_eq!(first, ["move feed.json", "move 404.html", "move index.html", "move index.html.gz", "remove stage"]);
    site.release(&[("a/index.html", "1"), ("index.html", "1"), ("feed.json", "1")]);
    let later: Files = &[
        ("a/index.html", "2"),
        ("a/index.html.gz", "2"),
        ("a/meeting.ics", "2"),
        ("a/new.html", "2"),
        ("feed.json", "2"),
        ("head.json", "2"),
        ("index.html", "2"),
    ];
    assert_eq!(
        steps(&mut site, later),
        [
            "move a/new.html",
            "move a/meeting.ics",
            "move head.json",
            "move a/index.html",
            "move index.html",
            "move feed.json",
            "move a/index.html.gz",
            "remove stage",
        ]
    );
}

#[test]
fn a_file_can_become_a_folder_and_a_folder_a_file() {
    let mut site = Site::new();
    for _ in 0..2 {
        for files in
            [&[("a", "file"), ("b/c/1", "x"), ("b/2", "x")] as Files, &[("a/x/1", "file"), ("a/2", "x"), ("b", "x")]]
        {
            site.release(files);
            site.check(files);
        }
    }
}

#[test]
fn a_reader_never_sees_a_reference_to_what_is_not_there() {
    let mut site = Site::new();
    let public = site.public();
    let stop = AtomicBool::new(false);
    let files = |n: usize| {
        let feed = format!("feeds/{n}.json");
        // The page names the one after it; each release has a new one.
        let pages: Vec<_> =
            (0..=n).map(|i| (format!("p{i}/index.html"), format!("p{}/index.html", (i + 1).min(n)))).collect();
        let mut all = vec![(feed.clone(), format!("feed {n}")), ("head.json".to_string(), feed)];
        all.extend(pages);
        all
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Once more after the last release, so that something is read on the slowest machine too.
            let mut last = false;
            while !last {
                last = stop.load(Ordering::Relaxed);
                let Ok(head) = fs::read_to_string(public.join("head.json")) else { continue };
                let feed = fs::read_to_string(public.join(&head));
                // The feed may be removed after the head was read; then there is a newer head.
                assert!(feed.is_ok() || fs::read_to_string(public.join("head.json")).unwrap() != head, "{head}");
                let mut page = "p0/index.html".to_string();
                for _ in 0..200 {
                    let next = fs::read_to_string(public.join(&page)).unwrap_or_else(|e| panic!("{page}: {e}"));
                    assert!(next.ends_with("index.html"), "half a file: {next:?}");
                    if next == page {
                        break;
                    }
                    page = next;
                }
            }
        });
        /// Ends the reader also when a release panics, so that the test fails instead of hanging.
        struct Ends<'a>(&'a AtomicBool);
        impl Drop for Ends<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let _ends = Ends(&stop);
        for n in 0..60 {
            let files = files(n);
            let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            site.release(&files);
        }
    });
}

// ---- kills ----

const OLD: Files = &[
    ("index.html", "old"),
    ("feed.json", "old"),
    ("head.json", "old"),
    ("gone/a/index.html", "old"),
    ("gone/b.png", "old"),
    ("file", "old"),
    ("folder/1/x", "old"),
    ("same.css", "same"),
];
const NEW: Files = &[
    ("index.html", "new"),
    ("feed.json", "new"),
    ("head.json", "new"),
    ("fresh/a/index.html", "new"),
    ("fresh/b.png", "new"),
    ("file/below", "new"),
    ("folder", "new"),
    ("same.css", "same"),
];

/// A release of `NEW` over `OLD` that is killed at the change with this number; `false` when it has fewer.
fn killed(at: usize, durable: bool) -> (Site, bool) {
    let mut site = Site::new();
    site.release(OLD);
    site.write("foreign/note.txt", "mine");
    site.write("gone/mine.txt", "mine");
    let mut stage = site.begin().unwrap();
    stage.options.durable = durable;
    stage.watcher = Some(dies(at));
    let died = match site.try_release_with(stage, NEW) {
        Ok(_) => false,
        Err(fault) => {
            assert!(fault.reason.contains("killed"), "{fault:?}");
            true
        }
    };
    (site, died)
}

/// Hears `at` changes and dies.
fn dies(at: usize) -> Watcher {
    let left = std::sync::atomic::AtomicUsize::new(at);
    Box::new(move |_, _| match left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
        Ok(_) => Ok(()),
        Err(_) => Err(io::Error::other("killed")),
    })
}

/// The files of a release and the foreign ones beside it.
fn with_foreign(files: Files) -> BTreeMap<String, String> {
    let mut tree = expected(files);
    tree.insert("foreign/note.txt".into(), "mine".into());
    tree.insert("gone/mine.txt".into(), "mine".into());
    tree
}

#[test]
fn after_a_kill_at_any_step_the_next_release_finds_all_or_nothing() {
    for durable in [false, true] {
        let mut deaths = 0;
        for at in 0.. {
            let (mut site, died) = killed(at, durable);
            for (path, text) in site.tree().iter().filter(|(path, _)| !path.starts_with(".civicast")) {
                let whole = [OLD, NEW].iter().any(|files| with_foreign(files).get(path) == Some(text));
                assert!(whole || path.ends_with('/'), "kill at {at}: {path} {text:?}");
            }
            drop(site.begin().unwrap());
            let tree = site.tree();
            assert!(tree == with_foreign(OLD) || tree == with_foreign(NEW), "kill at {at}: {tree:#?}");
            site.release(NEW);
            assert_eq!(site.tree(), with_foreign(NEW), "kill at {at}");
            site.release(OLD);
            assert_eq!(site.tree(), with_foreign(OLD), "kill at {at}");
            if !died {
                break;
            }
            deaths += 1;
        }
        assert!(deaths > 20, "only {deaths} steps");
    }
}

#[test]
fn a_kill_while_a_killed_release_is_being_finished_is_finished_too() {
    let last = (0..).find(|at| !killed(*at, false).1).unwrap();
    for at in (0..last).step_by(3) {
        for second in 0..last {
            let (mut site, _) = killed(at, false);
            let died = commit::recover(&site.public(), false, &*dies(second)).is_err();
            drop(site.begin().unwrap());
            let tree = site.tree();
            assert!(tree == with_foreign(OLD) || tree == with_foreign(NEW), "kill at {at}, {second}: {tree:#?}");
            site.release(NEW);
            assert_eq!(site.tree(), with_foreign(NEW), "kill at {at}, {second}");
            if !died {
                break;
            }
        }
    }
}

#[test]
fn a_kill_while_files_are_staged_leaves_the_old_site_and_no_litter() {
    let mut site = Site::new();
    site.release(OLD);
    let mut stage = site.begin().unwrap();
    stage.put(&OutputPath::new("half/x"), b"x").unwrap();
    stage.watcher = Some(dies(0));
    drop(stage);
    assert!(site.public().join(STAGE).exists());
    drop(site.begin().unwrap());
    site.check(OLD);
}

#[test]
fn a_killed_first_release_is_undone_or_finished_too() {
    for at in 0.. {
        let mut site = Site::new();
        site.write(".gitignore", "*");
        let mut stage = site.begin().unwrap();
        stage.watcher = Some(dies(at));
        let died = site.try_release_with(stage, OLD).is_err();
        let mut all = expected(OLD);
        all.insert(".gitignore".into(), "*".into());
        drop(site.begin().unwrap());
        assert!(site.tree() == all || site.tree() == expected(&[(".gitignore", "*")]), "kill at {at}");
        site.release(OLD);
        assert_eq!(site.tree(), all, "kill at {at}");
        if !died {
            break;
        }
    }
}

#[test]
fn a_damaged_journal_is_not_believed() {
    let (site, _) = killed(12, false);
    let journal = site.public().join(STAGE).join("journal");
    let text = fs::read_to_string(&journal).unwrap();
    for cut in (0..text.len()).step_by(7) {
        assert_eq!(commit::read_journal(&text[..cut]), None);
    }
    assert_eq!(commit::read_journal(&text.replace("index", "outdex")), None);
    assert!(commit::read_journal(&text).is_some());
    let hostile = commit::write_journal(&[commit::Step::Remove("../../x".into())]);
    assert_eq!(commit::read_journal(&hostile), None);
    assert_eq!(commit::read_journal(&commit::write_journal(&[])), Some(Vec::new()));
}

/// The child of the test below: releases for ever until it is killed.
#[test]
#[ignore = "runs for ever; started by the test of real kills"]
fn child_that_is_killed() {
    let Some(folder) = std::env::var_os("CIVICAST_TEST_FOLDER") else { return };
    let folder = PathBuf::from(folder);
    for n in 0.. {
        let last = Stamps::default();
        let Ok(stage) = Stage::begin(&folder, &folder.join("public"), &last, Options::default()) else { return };
        for (path, text) in generation(n) {
            stage.put(&OutputPath::new(&path), text.as_bytes()).unwrap();
        }
        stage.commit(&[OutputPath::new("head.json")]).unwrap();
    }
}

/// Each generation has other texts and partly other paths; `head.json` names the generation.
fn generation(n: u32) -> Vec<(String, String)> {
    let text = n.to_string();
    let mut files = vec![("head.json".into(), text.clone()), ("index.html".into(), text.clone())];
    for i in 0..12 {
        files.push((format!("p{}/index.html", i + n % 3), text.clone()));
        files.push((if n.is_multiple_of(2) { format!("x{i}") } else { format!("x{i}/y") }, text.clone()));
    }
    files
}

fn kill_for_real(times: u32) {
    let site = Site::new();
    fs::create_dir(site.public()).unwrap();
    fs::write(site.public().join(".gitignore"), "*").unwrap();
    let (mut finished, mut half_way) = (0, 0);
    for round in 0..times {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "release::tests::child_that_is_killed", "--ignored", "--nocapture"])
            .env("CIVICAST_TEST_FOLDER", site.folder.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // It is at work when the head is another one; then the system's own scheduling spreads the kills.
        let head = || fs::metadata(site.public().join("head.json")).map(|metadata| Stamp::of(&metadata)).ok();
        let (before, begun) = (head(), std::time::Instant::now());
        while head() == before && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_micros(100));
        }
        std::thread::sleep(Duration::from_micros(u64::from(round) * 7_919 % 9_000));
        child.kill().unwrap();
        child.wait().unwrap();
        half_way += u32::from(site.public().join(STAGE).join("journal").exists());
        drop(site.begin().unwrap());
        let mut tree = site.tree();
        tree.remove(".gitignore").expect("foreign files stay");
        let Some(head) = tree.get("head.json") else {
            assert!(tree.is_empty(), "{tree:#?}");
            continue;
        };
        finished += 1;
        let whole: BTreeMap<_, _> = generation(head.parse().unwrap()).into_iter().collect();
        assert_eq!(tree, whole, "round {round}");
    }
    assert_eq!(finished, times, "a release had ended before each kill");
    // About two in five do; of a few it may be none.
    assert!(times < 100 || half_way > 0, "no kill came between two steps of a commit");
}

#[test]
fn a_process_killed_at_a_random_instant_leaves_one_whole_generation() {
    kill_for_real(25);
}

#[test]
#[ignore = "long form of the test above"]
fn a_process_killed_600_times_leaves_one_whole_generation() {
    kill_for_real(600);
}

// ---- what is not ours ----

#[test]
fn foreign_files_are_never_touched() {
    let mut site = Site::new();
    site.release(OLD);
    site.write("mine.txt", "mine");
    site.write("gone/a/mine.txt", "mine");
    fs::create_dir(site.public().join("empty")).unwrap();
    site.release(&[("index.html", "x")]);
    site.check(&[("index.html", "x"), ("mine.txt", "mine"), ("gone/a/mine.txt", "mine"), ("empty/", "")]);
}

#[test]
fn a_foreign_file_where_an_output_should_go_stops_the_release() {
    let mut site = Site::new();
    site.release(OLD);
    site.write("mine", "mine");
    site.write("folder2/mine", "mine");
    let before = site.tree();
    for path in ["mine", "mine/below", "folder2", "folder2/mine"] {
        assert_eq!(site.fault(&[("index.html", "x"), (path, "x")]), "foreign-in-the-way", "{path}");
        assert_eq!(site.tree(), before, "{path}");
    }
}

#[test]
fn a_folder_that_civicast_did_not_make_is_refused() {
    let mut site = Site::new();
    site.write("thesis.doc", "mine");
    assert_eq!(site.fault(OLD), "foreign-output");
    site.check(&[("thesis.doc", "mine")]);
    fs::remove_file(site.public().join("thesis.doc")).unwrap();
    for (path, text) in [(".gitignore", "*"), (".git/config", "x"), ("CNAME", "x"), (".well-known/x", "y")] {
        site.write(path, text);
    }
    site.release(&[("index.html", "1")]);
    site.check(&[
        ("index.html", "1"),
        (".gitignore", "*"),
        (".git/config", "x"),
        ("CNAME", "x"),
        (".well-known/x", "y"),
    ]);
}

#[test]
fn what_is_ours_is_known_without_the_state_and_after_a_move() {
    let mut site = Site::new();
    site.release(OLD);
    site.last = Stamps::default();
    let moved = site.folder.path().join("elsewhere");
    fs::rename(site.public(), &moved).unwrap();
    fs::rename(&moved, site.public()).unwrap();
    site.release(NEW);
    site.check(NEW);
}

#[test]
fn two_releases_of_the_same_files_leave_the_same_bytes_in_hidden_files_too() {
    let list = |site: &Site| fs::read(site.public().join(manifest::NAME)).unwrap();
    let (mut cold, mut warm) = (Site::new(), Site::new());
    cold.release(NEW);
    warm.release(OLD);
    warm.release(NEW);
    assert_eq!(list(&cold), list(&warm));
}

#[test]
fn a_hostile_manifest_leads_nowhere() {
    let mut site = Site::new();
    site.release(OLD);
    let outside = site.folder.path().join("content/precious.md");
    fs::write(&outside, "mine").unwrap();
    fs::write(site.public().join(manifest::NAME), "x\n../content/precious.md\n/etc/passwd\nindex.html\n\u{fffd}\n")
        .unwrap();
    assert_eq!(site.fault(&[("same.css", "x")]), "foreign-in-the-way");
    site.release(&[("other", "x")]);
    assert_eq!(fs::read_to_string(outside).unwrap(), "mine");
    assert!(!site.public().join("index.html").exists());
}

#[test]
fn folders_of_sources_are_never_written_to() {
    let site = Site::new();
    let folder = site.folder.path();
    fs::create_dir_all(folder.join("content/a")).unwrap();
    let mut refused = vec![folder.to_path_buf(), folder.join(".."), PathBuf::from("/")];
    refused.extend(
        ["content", "content/a", "content/new/x", "themes", "static/x", "data", ".git", ".civicast/x"]
            .map(|p| folder.join(p)),
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("content/a"), folder.join("link")).unwrap();
        refused.extend([folder.join("link"), folder.join("link/new")]);
    }
    for output in refused {
        let fault = Stage::begin(folder, &output, &site.last, Options::default()).map(drop).unwrap_err();
        assert_eq!(fault.code, "output-unsafe", "{}", output.display());
    }
    assert_eq!(tree(folder).into_keys().collect::<Vec<_>>(), ["content/a/", "link"]);
}

#[cfg(unix)]
#[test]
fn links_inside_the_output_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let mut site = Site::new();
    site.release(OLD);
    let outside = site.folder.path().join("outside");
    fs::create_dir_all(outside.join("a")).unwrap();
    fs::write(outside.join("b.png"), "mine").unwrap();
    fs::write(outside.join("a/index.html"), "mine").unwrap();
    // A folder of ours was replaced by a link.
    fs::remove_dir_all(site.public().join("gone")).unwrap();
    symlink(&outside, site.public().join("gone")).unwrap();
    assert_eq!(site.fault(&[("gone/b.png", "new")]), "foreign-in-the-way");
    // A file of ours was replaced by a link.
    fs::remove_file(site.public().join("index.html")).unwrap();
    symlink(outside.join("b.png"), site.public().join("index.html")).unwrap();
    site.release(&[("index.html", "mine")]);
    assert_eq!(tree(&outside), expected(&[("a/index.html", "mine"), ("b.png", "mine")]));
    let link = format!("-> {}", outside.display());
    site.check(&[("index.html", "mine"), ("gone", &link)]);
}

#[cfg(unix)]
#[test]
fn the_output_folder_itself_may_be_a_link() {
    let mut site = Site::new();
    let web = site.folder.path().join("www");
    fs::create_dir(&web).unwrap();
    std::os::unix::fs::symlink(&web, site.public()).unwrap();
    site.release(NEW);
    assert_eq!(fs::read_to_string(web.join("index.html")).unwrap(), "new");
    assert!(site.public().is_symlink());
}

// ---- somebody changed our files ----

#[test]
fn a_file_changed_or_removed_by_hand_is_put_right() {
    let files: Files = &[("index.html", "1234"), ("a/b", "1")];
    let mut site = Site::new();
    site.release(files);
    // Same length, and at once: the stamp alone would not show it on a slow clock.
    site.write("index.html", "4321");
    assert!(!site.begin().unwrap().keep(&OutputPath::new("index.html")).unwrap());
    assert_eq!(paths(&site.release(files).written), ["index.html"]);
    fs::remove_dir_all(site.public().join("a")).unwrap();
    assert_eq!(paths(&site.release(files).written), ["a/b"]);
    site.check(files);
}

#[test]
fn a_file_of_the_last_release_can_be_kept_unseen() {
    let mut site = Site::new();
    site.release(&[("index.html", "1"), ("a", "2")]);
    let stage = site.begin().unwrap();
    assert!(stage.keep(&OutputPath::new("index.html")).unwrap());
    assert!(!stage.keep(&OutputPath::new("new")).unwrap());
    let receipt = stage.commit(&[]).unwrap().receipt;
    assert_eq!((receipt.unchanged, paths(&receipt.removed)), (1, vec!["a"]));
    site.check(&[("index.html", "1")]);
}

#[test]
fn a_file_is_kept_for_its_bytes_though_the_last_release_is_forgotten() {
    let mut site = Site::new();
    site.release(&[("index.html", "1"), ("old.html", "1")]);
    site.write("mine.html", "1");
    for remembered in [true, false] {
        if !remembered {
            site.last = Stamps::default();
        }
        let stage = site.begin().unwrap();
        let keeps =
            |path: &str, text: &str| stage.keep_bytes(&OutputPath::new(path), Hash::of(text.as_bytes()), 0).unwrap();
        assert!(keeps("index.html", "1"));
        // Of another build, not ours, not there.
        assert!(!keeps("old.html", "2") && !keeps("mine.html", "1") && !keeps("new.html", "1"));
    }
}

#[test]
fn a_copy_holds_the_bytes_that_were_hashed_or_nothing_is_released() {
    let site = Site::new();
    let photo = site.folder.path().join("photo");
    for bytes in [vec![1u8; 10], vec![7u8; 3 << 20], Vec::new()] {
        fs::write(&photo, &bytes).unwrap();
        let stage = site.begin().unwrap();
        let path = OutputPath::new("a/photo.jpg");
        let fault = stage.copy(&path, &photo, Hash::of(b"other")).unwrap_err();
        assert_eq!(fault.code, "source-changed");
        assert_eq!(stage.copy(&path, &photo, Hash::of(&bytes)).unwrap(), Put::Staged);
        stage.commit(&[]).unwrap();
        assert_eq!(fs::read(site.public().join("a/photo.jpg")).unwrap(), bytes);
        let stage = site.begin().unwrap();
        assert_eq!(stage.copy(&path, &photo, Hash::of(&bytes)).unwrap(), Put::Unchanged);
    }
    let fault = site.begin().unwrap().copy(&OutputPath::new("x"), &photo.join("none"), Hash::of(b"")).unwrap_err();
    assert_eq!(fault.code, "source-changed");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_source_is_never_waited_for() {
    let site = Site::new();
    let pipe = site.folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let fault = site.begin().unwrap().copy(&OutputPath::new("x"), &pipe, Hash::of(b"")).unwrap_err();
    assert_eq!(fault.code, "source-changed");
}

// ---- refusals ----

#[test]
fn names_that_a_file_system_cannot_hold_are_named() {
    let site = Site::new();
    let long = "长".repeat(86);
    for path in
        [long.as_str(), "../x", "/x", "a//b", "", "a/./b", "a\\b", "a\nb", ".civicast-manifest", ".civicast-stage/x"]
    {
        assert_eq!(site.fault(&[(path, "x")]), "output-name", "{path}");
    }
    let deep = "d/".repeat(2_200) + "x";
    assert_eq!(site.fault(&[(&deep, "x")]), "output-name");
    assert!(!site.public().exists());
}

#[test]
fn outputs_that_want_one_name_are_named() {
    let mut site = Site::new();
    for files in [
        &[("a", "1"), ("a", "1")] as Files,
        &[("a", "1"), ("a/b", "1")],
        &[("a/b", "1"), ("a", "1")],
        &[("A/x", "1"), ("a/X", "2")],
        &[("Ä", "1"), ("ä", "2")],
        &[("A", "1"), ("a/b", "2")],
    ] {
        assert_eq!(site.fault(files), "output-collision", "{files:?}");
    }
    site.release(&[("a", "1")]);
    assert_eq!(site.fault(&[("a", "1"), ("a", "1")]), "output-collision");
    assert_eq!(site.fault(&[("a", "1"), ("a/b", "1")]), "output-collision");
    site.check(&[("a", "1")]);
}

#[test]
fn a_second_release_into_the_same_folder_waits_and_then_says_so() {
    let mut site = Site::new();
    let first = site.begin().unwrap();
    assert_eq!(site.fault(OLD), "output-locked");
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let options = Options { wait: Duration::from_secs(20), ..Options::default() };
            let stage = Stage::begin(site.folder.path(), &site.public(), &site.last, options).unwrap();
            site.try_release_with(stage, OLD).unwrap();
        });
        std::thread::sleep(Duration::from_millis(60));
        // It had made the folder and takes it away again; the second makes its own.
        first.abandon();
        waiting.join().unwrap();
    });
    site.check(OLD);
    site.release(NEW);
    site.check(NEW);
}

#[test]
fn many_threads_may_put_at_once() {
    use rayon::prelude::*;
    let site = Site::new();
    let stage = site.begin().unwrap();
    (0..500).into_par_iter().for_each(|n| {
        stage.put(&OutputPath::new(&format!("{}/{}/{n}", n % 7, n % 3)), n.to_string().as_bytes()).unwrap();
    });
    let receipt = stage.commit(&[]).unwrap().receipt;
    assert_eq!((receipt.written.len(), site.tree().len()), (500, 500));
}

#[test]
fn given_up_or_dry_releases_leave_no_trace() {
    let mut site = Site::new();
    let stage = site.begin().unwrap();
    stage.put(&OutputPath::new("a/b"), b"x").unwrap();
    drop(stage);
    assert!(!site.public().exists());
    let dry = Options { dry: true, ..Options::default() };
    for already in [false, true] {
        if already {
            site.release(OLD);
        }
        let before = already.then(|| site.tree());
        let stage = Stage::begin(site.folder.path(), &site.public(), &site.last, dry).unwrap();
        let receipt = site.try_release_with(stage, NEW).unwrap().receipt;
        assert_eq!((receipt.written.len(), receipt.removed.len()), if already { (7, 4) } else { (8, 0) });
        assert_eq!(site.public().exists().then(|| site.tree()), before);
    }
}

#[test]
fn a_file_in_the_place_of_the_output_folder_is_a_fault() {
    let site = Site::new();
    fs::write(site.public(), "a file").unwrap();
    assert_eq!(site.fault(OLD), "write-failed");
    let below = Stage::begin(site.folder.path(), &site.public().join("x"), &site.last, Options::default());
    assert_eq!(below.map(drop).unwrap_err().code, "write-failed");
    assert_eq!(fs::read_to_string(site.public()).unwrap(), "a file");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_the_old_site_stays_and_the_fault_names_the_file() {
    let mut site = Site::new();
    fs::create_dir(site.public()).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(site.public())
        .stderr(std::process::Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Only root may mount; the rest of the behaviour is that of any failed write.
        return;
    }
    let big = "x".repeat(100 << 10);
    site.release(&[("a", &big), ("b", "1")]);
    let fault = site.try_release(&[("a", &big), ("b", "2"), ("c", &big), ("d", &big)]).map(drop).unwrap_err();
    let tree = site.tree();
    let after = site.try_release(&[("a", &big), ("b", "3")]).map(drop);
    let last = site.tree();
    std::process::Command::new("umount").arg(site.public()).status().unwrap();
    assert_eq!(fault.code, "write-failed");
    assert!(fault.path.ends_with("/d"), "{fault:?}");
    assert_eq!(tree, expected(&[("a", &big), ("b", "1")]));
    assert!(after.is_ok());
    assert_eq!(last, expected(&[("a", &big), ("b", "3")]));
}
