//! Reading real folders: what is a source, what stays on disk, what is never opened, what is read again.

use super::*;

/// A site folder with these files.
fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(path, text)| write(folder.path(), path, text.as_bytes()));
    folder
}

fn write(site: &Path, path: &str, bytes: &[u8]) {
    let disk = site.join(path);
    fs::create_dir_all(disk.parent().unwrap()).unwrap();
    fs::write(disk, bytes).unwrap();
}

fn read_with(site: &Path, known: &Stamps, holds: bool) -> Reading {
    read(site, &Asked { known, folders: &Stamps::default(), max_text_bytes: 1000, holds: &|_, _| holds }).unwrap()
}

fn read_all(site: &Path) -> Reading {
    read_with(site, &Stamps::default(), false)
}

/// Paths of the sources.
fn paths(reading: &Reading) -> Vec<&str> {
    reading.sources.iter().map(|source| source.path.as_str()).collect()
}

/// Problems as `code path`.
fn problems(reading: &Reading) -> Vec<String> {
    let path = |problem: &Problem| problem.place.as_ref().map(|place| place.path.to_string()).unwrap_or_default();
    reading.problems.iter().map(|problem| format!("{} {}", problem.code, path(problem))).collect()
}

fn text_of(reading: &Reading, path: &str) -> String {
    String::from_utf8(reading.sources.find(path).unwrap().bytes().unwrap().to_vec()).unwrap()
}

/// Sets the time of the last write, as programs do that keep times when they copy.
fn set_modified(path: &Path, seconds_ago: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds_ago)).unwrap();
}

/// The table as it would be had all files been read long after they were written.
fn settled_long_ago(known: &Stamps) -> Stamps {
    Stamps::from_sorted(known.iter().map(|(path, row)| (path.to_string(), Row { racy: false, ..row })))
}

#[test]
fn only_the_folders_and_files_of_a_site_are_read_in_order() {
    let site = site(&[
        ("civicast.toml", "c"),
        ("screens.toml", "s"),
        ("content/b.md", "b"),
        ("content/a/index.md", "a"),
        ("static/x.css", "x"),
        ("data/d.csv", "d"),
        ("themes/t/theme.toml", "t"),
        ("README.md", "no"),
        ("public/index.html", "no"),
        ("target/x", "no"),
        (".civicast/x", "no"),
    ]);
    let reading = read_all(site.path());
    assert_eq!(
        paths(&reading),
        [
            "civicast.toml",
            "content/a/index.md",
            "content/b.md",
            "data/d.csv",
            "screens.toml",
            "static/x.css",
            "themes/t/theme.toml"
        ]
    );
    assert_eq!(problems(&reading), [""; 0]);
    assert_eq!(text_of(&reading, "content/b.md"), "b");
    assert_eq!(reading.sources.find("content/b.md").unwrap().hash, Hash::of(b"b"));
    assert_eq!(reading.stats, ReadStats { walked: 7, read: 7, reused: 0 });
}

#[test]
fn hidden_files_and_litter_are_no_content() {
    let site = site(&[
        ("content/a.md", ""),
        ("content/.a.md.swp", ""),
        ("content/a.md~", ""),
        ("content/.DS_Store", ""),
        ("content/Thumbs.db", ""),
        ("content/~$报告.docx", ""),
        ("content/#a.md#", ""),
        ("content/4913", ""),
        ("content/.hidden/a.md", ""),
        ("static/.well-known/security.txt", ""),
        ("content/.well-known/x", ""),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("nobody@nowhere.1:2", site.path().join("content/.#a.md")).unwrap();
    let reading = read_all(site.path());
    assert_eq!(paths(&reading), ["content/a.md", "static/.well-known/security.txt"]);
    assert_eq!(problems(&reading), [""; 0]);
}

#[test]
fn pictures_and_large_files_stay_on_disk_with_hash_and_size_in_pixels() {
    let site = site(&[
        ("content/long.md", &"x".repeat(1001)),
        ("static/form.pdf", "pdf"),
        ("content/broken.png", "no picture"),
    ]);
    // The smallest header that tells a size: signature, length and name of the first chunk, width, height.
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x07\x80\0\0\x04\x38\x08\x06\0\0\0";
    write(site.path(), "content/photo.PNG", png);
    let reading = read_all(site.path());
    let on_disk = |path: &str| match &reading.sources.find(path).unwrap().data {
        Data::OnDisk { pixels } => *pixels,
        Data::Bytes(_) => panic!("{path} is in memory"),
    };
    assert_eq!(on_disk("content/photo.PNG"), Some((1920, 1080)));
    assert_eq!(
        (on_disk("content/broken.png"), on_disk("content/long.md"), on_disk("static/form.pdf")),
        (None, None, None)
    );
    let photo = reading.sources.find("content/photo.PNG").unwrap();
    assert_eq!((photo.hash, photo.size), (Hash::of(png), png.len() as u64));
    let again = read_with(site.path(), &settled_long_ago(&reading.known), false);
    assert_eq!(again.sources.find("content/photo.PNG").unwrap().hash, Hash::of(png));
}

#[test]
fn unchanged_files_are_not_opened_when_nobody_needs_them() {
    let site = site(&[("content/a.md", "a"), ("content/b.pdf", "b")]);
    let first = read_all(site.path());
    let racy = read_with(site.path(), &first.known, true);
    assert_eq!(racy.stats, ReadStats { walked: 2, read: 2, reused: 0 }, "they were written just now");

    std::thread::sleep(Duration::from_millis(2_050));
    let known = read_with(site.path(), &first.known, true).known;
    let kept = read_with(site.path(), &known, true);
    assert_eq!(kept.stats, ReadStats { walked: 2, read: 0, reused: 2 });
    assert_eq!((&kept.known, kept.sources.find("content/a.md").unwrap().hash), (&known, Hash::of(b"a")));
    let source = kept.sources.find("content/a.md").unwrap();
    assert_eq!((source.bytes(), &*text(&kept.places, source).unwrap()), (None, b"a" as &[u8]));

    let needed = read_with(site.path(), &known, false);
    assert_eq!(needed.stats, ReadStats { walked: 2, read: 1, reused: 1 });
    assert_eq!(text_of(&needed, "content/a.md"), "a");

    write(site.path(), "content/a.md", b"A");
    assert_eq!(text(&kept.places, source).unwrap_err().code, "file-changing");
}

#[cfg(unix)]
#[test]
fn a_change_is_seen_though_size_and_time_are_the_same() {
    let site = site(&[("content/a.md", "old"), ("content/b.md", "old")]);
    for name in ["a", "b"] {
        set_modified(&site.path().join(format!("content/{name}.md")), 3600);
    }
    let known = settled_long_ago(&read_all(site.path()).known);
    let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    let (a, b) = (site.path().join("content/a.md"), site.path().join("content/b.md"));
    let (time_a, time_b) = (modified(&a), modified(&b));
    std::thread::sleep(Duration::from_millis(2_050));
    // Written in place, and by an editor that renames.
    fs::write(&a, "new").unwrap();
    fs::write(site.path().join("draft"), "new").unwrap();
    fs::rename(site.path().join("draft"), &b).unwrap();
    for (path, time) in [(&a, time_a), (&b, time_b)] {
        OpenOptions::new().write(true).open(path).unwrap().set_modified(time).unwrap();
    }
    std::thread::sleep(Duration::from_millis(2_050));
    let reading = read_with(site.path(), &known, true);
    assert_eq!(
        (reading.stats.read, text_of(&reading, "content/a.md"), text_of(&reading, "content/b.md")),
        (2, "new".into(), "new".into())
    );
}

#[test]
fn a_file_hashed_right_after_it_was_written_is_not_trusted_later() {
    let site = site(&[("content/a.md", "old")]);
    let known = read_all(site.path()).known;
    assert!(known.find("content/a.md").unwrap().racy);
    std::thread::sleep(Duration::from_millis(2_050));
    assert_eq!(read_with(site.path(), &known, true).stats.read, 1);
}

#[test]
fn names_are_nfc_and_files_are_still_found_on_disk() {
    let nfd = "content/cafe\u{301}.md";
    let site = site(&[(nfd, "x")]);
    let reading = read_all(site.path());
    assert_eq!(paths(&reading), ["content/caf\u{e9}.md"]);
    let path = SourcePath::new("content/caf\u{e9}.md");
    assert_eq!(fs::read(reading.places.disk_path(&path)).unwrap(), b"x");
    write(site.path(), "content/caf\u{e9}.md", b"y");
    let reading = read_all(site.path());
    assert_eq!(problems(&reading), ["same-name-twice content/caf\u{e9}.md"]);
    assert_eq!(reading.sources.len(), 1);
}

#[test]
fn a_site_that_is_not_there_is_a_fault() {
    let site = site(&[("file", "")]);
    for missing in ["none", "file"] {
        let none = Stamps::default();
        let asked = Asked { known: &none, folders: &none, max_text_bytes: 1, holds: &|_, _| false };
        assert_eq!(read(&site.path().join(missing), &asked).unwrap_err().code, "site-missing");
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_that_leave_the_site_are_named_and_not_followed() {
        let outside = site(&[("secret.md", "secret"), ("folder/x.md", "secret")]);
        let site = site(&[
            ("content/a.md", "a"),
            (".git/config", "secret"),
            ("public/.civicast-manifest", ""),
            ("public/x/y", ""),
        ]);
        let content = site.path().join("content");
        symlink(outside.path().join("secret.md"), content.join("1.md")).unwrap();
        symlink(outside.path().join("folder"), content.join("2")).unwrap();
        symlink("/", content.join("3")).unwrap();
        symlink("../.git", content.join("4")).unwrap();
        symlink("../public/x", content.join("5")).unwrap();
        symlink(outside.path(), site.path().join("data")).unwrap();
        let reading = read_all(site.path());
        assert_eq!(paths(&reading), ["content/a.md"]);
        let leaves = ["content/1.md", "content/2", "content/3", "content/4", "content/5", "data"];
        assert_eq!(problems(&reading), leaves.map(|path| format!("link-leaves-site {path}")));
    }

    #[test]
    fn links_inside_the_site_are_followed() {
        let site = site(&[("content/a.md", "a"), ("photos/1.jpg", "p")]);
        symlink("a.md", site.path().join("content/b.md")).unwrap();
        symlink("../photos", site.path().join("content/p")).unwrap();
        let reading = read_all(site.path());
        assert_eq!(
            (paths(&reading), problems(&reading)),
            (vec!["content/a.md", "content/b.md", "content/p/1.jpg"], vec![])
        );
        assert_eq!(text_of(&reading, "content/b.md"), "a");
    }

    #[test]
    fn loops_and_links_to_nothing_are_problems() {
        let site = site(&[("content/a/a.md", "a")]);
        let content = site.path().join("content");
        symlink("..", content.join("a/up")).unwrap();
        symlink(site.path(), content.join("site")).unwrap();
        symlink("self", content.join("self")).unwrap();
        symlink("nothing", content.join("nothing.md")).unwrap();
        let reading = read_all(site.path());
        assert_eq!(paths(&reading), ["content/a/a.md"]);
        assert_eq!(
            problems(&reading),
            [
                "link-loop content/a/up",
                "unreadable-file content/nothing.md",
                "link-loop content/self",
                "link-loop content/site"
            ]
        );
    }

    #[test]
    fn links_that_double_the_paths_at_each_level_come_to_an_end() {
        let site = site(&[("content/0/a.md", "a")]);
        for n in 1..30 {
            let folder = site.path().join(format!("content/{n}"));
            fs::create_dir(&folder).unwrap();
            for link in ["x", "y", "z"] {
                symlink(format!("../{}", n - 1), folder.join(link)).unwrap();
            }
        }
        let reading = read_all(site.path());
        assert!(reading.sources.len() < 30 * 20, "{}", reading.sources.len());
        assert!(problems(&reading).iter().any(|problem| problem.starts_with("link-loop")));
    }

    #[test]
    fn pipes_and_sockets_are_never_opened() {
        let site = site(&[("content/a.md", "a")]);
        let made = std::process::Command::new("mkfifo").arg(site.path().join("content/pipe.md")).status();
        assert!(made.unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(site.path().join("content/socket")).unwrap();
        symlink("pipe.md", site.path().join("content/link.md")).unwrap();
        let reading = read_all(site.path());
        assert_eq!(paths(&reading), ["content/a.md"]);
        assert_eq!(
            problems(&reading),
            ["not-a-file content/link.md", "not-a-file content/pipe.md", "not-a-file content/socket"]
        );
    }

    /// The walk saw a file; before it is opened it becomes something else.
    #[test]
    fn what_becomes_a_pipe_or_a_link_after_the_walk_is_not_opened() {
        let site = site(&[("content/a.md", "a")]);
        let path = SourcePath::new("content/a.md");
        let disk = site.path().join("content/a.md");
        let read =
            || settled(&path, || open(&disk), |file, stamp| read_whole(file, stamp.size)).map(|(bytes, _)| bytes);
        assert_eq!(*read().unwrap(), *b"a");
        fs::rename(&disk, site.path().join("b")).unwrap();
        assert_eq!(read().unwrap_err().code, "file-vanished");
        symlink("../b", &disk).unwrap();
        assert_eq!(read().unwrap_err().code, "not-a-file");
        fs::remove_file(&disk).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&disk).status().unwrap().success());
        assert_eq!(read().unwrap_err().code, "not-a-file");
        fs::remove_file(&disk).unwrap();
        fs::create_dir(&disk).unwrap();
        assert_eq!(read().unwrap_err().code, "not-a-file");
    }

    #[test]
    fn a_file_that_is_written_while_it_is_read_is_read_again() {
        let site = site(&[("content/a.md", "first")]);
        let path = SourcePath::new("content/a.md");
        let disk = site.path().join("content/a.md");
        let times = std::sync::atomic::AtomicUsize::new(0);
        let read = |writes: usize| {
            settled(
                &path,
                || open(&disk),
                |file, stamp| {
                    let bytes = read_whole(file, stamp.size)?;
                    if times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < writes {
                        fs::write(&disk, format!("{} and more", String::from_utf8_lossy(&bytes))).unwrap();
                    }
                    Ok(bytes)
                },
            )
        };
        assert_eq!(*read(1).unwrap().0, *b"first and more");
        assert_eq!(read(100).unwrap_err().code, "file-changing");
    }

    #[test]
    fn names_that_are_not_text_or_hold_control_characters_are_problems() {
        let site = site(&[("content/a\\b.md", ""), ("content/a\u{1b}[2Jb.md", ""), ("content/ok.md", "")]);
        fs::write(site.path().join("content").join(OsStr::from_bytes(b"\xd0\xc2.md")), "").unwrap();
        let reading = read_all(site.path());
        assert_eq!(paths(&reading), ["content/ok.md"]);
        assert_eq!(
            problems(&reading),
            [
                "bad-file-name content/a\\\\b.md",
                "bad-file-name content/a\\u{1b}[2Jb.md",
                "path-not-utf8 content/\u{fffd}\u{fffd}.md"
            ]
        );
    }

    #[test]
    fn folders_deeper_than_the_system_can_name_are_problems_and_the_rest_is_read() {
        let site = site(&[("content/a.md", "a")]);
        // Made one in the other, since no path as long as that can be opened.
        let name = "d".repeat(250);
        let deep = format!("cd content && for i in $(seq 20); do mkdir {name} && cd -P {name} || exit 1; done");
        let shell = std::process::Command::new("sh").arg("-c").arg(deep).current_dir(site.path()).status();
        assert!(shell.unwrap().success());
        let reading = read_all(site.path());
        assert_eq!(paths(&reading), ["content/a.md"]);
        assert_eq!(reading.problems.len(), 1);
        assert_eq!(reading.problems[0].code, "unreadable-file");
        // The test's own folder is too deep for its removal as well.
        let _ = std::process::Command::new("rm").arg("-rf").arg(site.path()).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn neighbours_are_seen_as_they_are_by_their_whole_paths() {
    let names: Vec<String> = (0..8)
        .flat_map(|n| [format!("a/{n}.md"), format!("a/{n}/index.html"), format!("a/b/{n}/x"), format!("{n}")])
        .chain(["a/b".to_string(), "missing/1".to_string(), "a/9.md".to_string(), "a/link.md".to_string()])
        .collect();
    let files: Vec<(&str, &str)> = names[..32].iter().map(|name| (name.as_str(), "x")).collect();
    let site = site(&files);
    std::os::unix::fs::symlink("0.md", site.path().join("a/link.md")).unwrap();
    let folder = File::open(site.path()).unwrap();
    let mut sorted = names.clone();
    sorted.sort();
    let shuffled: Vec<String> = (0..names.len()).map(|n| names[n * 7 % names.len()].clone()).collect();
    for order in [names, sorted, shuffled] {
        let mut nearby = Nearby::default();
        for path in &order {
            let path = path.as_bytes();
            let seen = nearby.look(&folder, path).map_err(|error| error.kind());
            assert_eq!(seen, Stamp::below(&folder, path).map_err(|error| error.kind()), "{path:?}");
        }
    }
}

/// False where temporary files lie on a file system whose folders are walked every time.
#[cfg(target_os = "linux")]
fn folders_are_marked() -> bool {
    folders::is_marked(&std::env::temp_dir())
}

/// What the next reading is told of this one, and whether it walks again.
#[cfg(target_os = "linux")]
fn walks_again(site: &Path, last: &Reading) -> bool {
    !folders::stand(&fs::canonicalize(site).unwrap(), &last.folders, &last.known, nanoseconds(SystemTime::now()))
}

#[cfg(target_os = "linux")]
#[test]
fn folders_that_stand_are_not_walked_again_and_any_coming_or_going_is_seen() {
    if !folders_are_marked() {
        return;
    }
    let files = [("civicast.toml", "c"), ("content/a.md", "a"), ("content/b/1.md", "1"), ("static/x.css", "x")];
    type Change = fn(&Path) -> io::Result<()>;
    let changes: [(&str, Change); 9] = [
        ("a file more", |site| fs::write(site.join("content/b/2.md"), "2")),
        ("a file less", |site| fs::remove_file(site.join("content/b/1.md"))),
        ("another name", |site| fs::rename(site.join("content/a.md"), site.join("content/c.md"))),
        ("moved", |site| fs::rename(site.join("content/a.md"), site.join("static/a.md"))),
        ("a folder more", |site| fs::create_dir(site.join("content/b/c"))),
        ("a folder of another name", |site| fs::rename(site.join("content/b"), site.join("content/z"))),
        ("a new input", |site| fs::write(site.join("screens.toml"), "")),
        ("a link instead of a file", |site| {
            fs::remove_file(site.join("content/a.md"))?;
            std::os::unix::fs::symlink("b/1.md", site.join("content/a.md"))
        }),
        ("a file instead of a folder", |site| {
            fs::remove_dir_all(site.join("content/b"))?;
            fs::write(site.join("content/b"), "b")
        }),
    ];
    let sites: Vec<_> = changes.iter().map(|(what, change)| (what, change, site(&files))).collect();
    std::thread::sleep(Duration::from_millis(2_050));
    for (what, change, site) in sites {
        let path = site.path();
        let first = read_all(path);
        assert!(!walks_again(path, &first), "{what}: nothing came or went");
        // Other bytes in a file are no business of folders, and are seen all the same.
        fs::write(path.join("content/a.md"), "other").unwrap();
        assert!(!walks_again(path, &first), "{what}: only bytes differ");
        let asked = Asked { known: &first.known, folders: &first.folders, max_text_bytes: 1000, holds: &|_, _| true };
        let second = read(path, &asked).unwrap();
        assert_eq!((text_of(&second, "content/a.md"), paths(&second)), ("other".to_string(), paths(&first)));
        assert_eq!(second.folders, first.folders);
        change(path).unwrap();
        assert!(walks_again(path, &second), "{what}");
        let asked = Asked { known: &second.known, folders: &second.folders, max_text_bytes: 1000, holds: &|_, _| true };
        let third = read(path, &asked).unwrap();
        assert_eq!(paths(&third), paths(&read_all(path)), "{what}");
        assert!(walks_again(path, &third), "{what}: it is too young to be known by its stamp");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn folders_are_relied_on_only_where_they_tell_everything() {
    if !folders_are_marked() {
        return;
    }
    let plain = [("content/a.md", "a")];
    type Make = fn(&Path);
    let vague: [(&str, Make); 4] = [
        ("a link", |site| std::os::unix::fs::symlink("a.md", site.join("content/link.md")).unwrap()),
        ("a name in another form", |site| write(site, "content/e\u{301}.md", b"")),
        ("a name that is no text", |site| {
            use std::os::unix::ffi::OsStrExt;
            fs::write(site.join("content").join(OsStr::from_bytes(b"\xff.md")), "").unwrap();
        }),
        ("a pipe", |site| {
            let made = std::process::Command::new("mkfifo").arg(site.join("content/pipe.md")).status();
            assert!(made.unwrap().success());
        }),
    ];
    let sites: Vec<_> = vague.iter().map(|(what, make)| (what, make, site(&plain))).collect();
    sites.iter().for_each(|(_, make, site)| make(site.path()));
    let (young, old) = (site(&plain), site(&plain));
    std::thread::sleep(Duration::from_millis(2_050));
    sites.iter().for_each(|(what, _, site)| assert!(read_all(site.path()).folders.is_empty(), "{what}"));
    let first = read_all(old.path());
    assert!(!walks_again(old.path(), &first));
    // Remembered of another walk, or nothing of files.
    let others = Reading { known: Stamps::default(), ..read_all(old.path()) };
    assert!(walks_again(old.path(), &others));
    assert!(walks_again(old.path(), &Reading { folders: Stamps::default(), ..read_all(old.path()) }));
    write(young.path(), "content/b.md", b"b");
    assert!(walks_again(young.path(), &read_all(young.path())), "a folder that was just changed");
}
