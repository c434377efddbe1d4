//! The tree checks itself: floors, opening comments, room names, and what may not be committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Floors from the bottom up. Within `Work` a room may import words and the rooms before it; `Doors` import words only.
const WORDS: &[&str] = &["message", "file", "problem", "tree", "fields", "config", "stamp"];
const WORK: &[&str] = &[
    "markdown",
    "picture",
    "slug",
    "video",
    "schedule",
    "document",
    "scaffold",
    "schema",
    "site",
    "link",
    "theme",
    "data",
    "check",
    "typeface",
    "slide",
    "search",
    "view",
    "feed",
    "catalogue",
    "screen",
    "screenfeed",
    "plan",
    "render",
    "contract",
];
const DOORS: &[&str] = &["clock", "create", "source", "fonts", "release", "state", "watch"];
const HALL: &[&str] = &["memo", "pipeline"];
const FRONT: &[&str] = &["report", "command", "serve", "main", "lib"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The first segment below `src`, without ending: `render` for `src/render/body.rs`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_string()
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files.into_iter().map(|path| (room(&path), path.clone(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// What a room may import: everything below its floor, and by its floor's own rule.
fn allowed(room: &str) -> Vec<&'static str> {
    let up_to = |floor: &'static [&'static str]| {
        let own = floor.iter().position(|name| *name == room);
        floor[..own.map_or(0, |at| at + 1)].to_vec()
    };
    let mut names: Vec<&'static str> = Vec::new();
    if WORDS.contains(&room) {
        return up_to(WORDS);
    }
    names.extend(WORDS);
    if WORK.contains(&room) {
        names.extend(up_to(WORK));
    } else if DOORS.contains(&room) {
        names.extend(up_to(DOORS).into_iter().filter(|name| *name == room || *name == "clock"));
    } else if HALL.contains(&room) {
        names.extend(WORK);
        names.extend(DOORS);
        names.extend(up_to(HALL));
    } else {
        names.extend(WORK);
        names.extend(DOORS);
        names.extend(HALL);
        names.extend(FRONT);
    }
    names
}

/// Code without its tests: a test may build its input with whatever it likes.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]").map_or(text, |at| &text[..at])
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        if path.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let allowed = allowed(&room);
        for part in without_tests(&text).split("crate::").skip(1) {
            // `use crate::{a, b}` names several rooms at once.
            let names: Vec<String> = match part.strip_prefix('{') {
                Some(list) => list
                    .split('}')
                    .next()
                    .unwrap_or("")
                    .split(',')
                    .map(|n| n.trim().split("::").next().unwrap_or("").to_string())
                    .collect(),
                None => vec![part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()],
            };
            for name in names.into_iter().filter(|n| !n.is_empty() && n.chars().next().is_some_and(char::is_lowercase))
            {
                if !allowed.contains(&name.as_str()) {
                    wrong.push(format!("{} imports {name}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that climb:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_on_a_floor_and_every_floor_has_its_rooms() {
    let known: Vec<&str> = [WORDS, WORK, DOORS, HALL, FRONT].concat();
    let rooms: Vec<String> = sources().into_iter().map(|(room, ..)| room).collect();
    for room in &rooms {
        assert!(known.contains(&room.as_str()), "{room} stands on no floor");
        assert!(!["utils", "util", "common", "misc", "helpers"].contains(&room.as_str()), "{room} says nothing");
    }
    for name in known {
        assert!(rooms.iter().any(|room| room == name), "there is no room {name}");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn the_map_of_rooms_in_architecture_is_complete_and_short() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(text.lines().count() <= 120, "ARCHITECTURE.md has {} lines", text.lines().count());
    for name in [WORDS, WORK, DOORS, HALL, FRONT].concat() {
        assert!(text.contains(&format!("`{name}`")), "ARCHITECTURE.md does not mention `{name}`");
    }
}

#[test]
fn no_committed_text_names_a_machine_path() {
    // Written in two parts so that this file does not find itself.
    let marks = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let listed = std::process::Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Ok(listed) = listed else { return };
    for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|n| !n.is_empty()) {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        for mark in marks {
            assert!(!text.contains(mark), "{name} names a path of a machine: {mark}");
        }
    }
}

#[test]
fn long_files_are_a_surprise_worth_a_look() {
    let mut long: BTreeMap<usize, String> = BTreeMap::new();
    for (_, path, text) in sources() {
        let lines = without_tests(&text).lines().count();
        if lines > 450 {
            long.insert(lines, path.display().to_string());
        }
    }
    for (lines, path) in long.iter().rev() {
        println!("{lines} lines: {path}");
    }
}
