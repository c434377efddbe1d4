//! What somebody sees who reads the output folder as a web server and screens do, at any moment, also during a build.
//!
//! A file may go between the reading of a page that refers to it and its own reading. So when something is missing, whatever
//! referred to it is read once more: only if it still says the same was there ever a reference to nothing. Two old files that
//! refer to each other cannot go at once, so a file that is itself on its way out is forgiven, and no other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use civicast::file::sha256;
use serde_json::Value;

/// How much was seen, so that a test can insist that something was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) pages: usize,
    pub(crate) links: usize,
    pub(crate) slides: usize,
}

/// Goes from the home page to everything that it leads to, then from the head of each screen to its slides.
pub(crate) fn read_all(public: &Path) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let mut open = vec![public.join("index.html")];
    let mut known: BTreeSet<PathBuf> = open.iter().cloned().collect();
    while let Some(page) = open.pop() {
        let Ok(bytes) = std::fs::read(&page) else { continue };
        let text = String::from_utf8(bytes).map_err(|_| format!("{} is not text", page.display()))?;
        if !text.trim_end().ends_with("</html>") {
            return Err(format!(
                "{} is half a page: …{:?}",
                page.display(),
                text.chars().rev().take(80).collect::<String>()
            ));
        }
        seen.pages += 1;
        for target in references(&text).into_iter().map(|url| file_of(public, url)) {
            seen.links += 1;
            if !target.is_file() && still_says(&page, text.as_bytes()) {
                return Err(format!("{} refers to {}, which is not there", page.display(), target.display()));
            }
            if target.extension().is_some_and(|ending| ending == "html") && known.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    for screen in std::fs::read_dir(public.join("screens")).into_iter().flatten().filter_map(Result::ok) {
        seen.slides += read_screen(&screen.path())?;
    }
    Ok(seen)
}

/// The head, the feed that it names, and the slides that the feed names; how many slides there are.
fn read_screen(folder: &Path) -> Result<usize, String> {
    let mut slides = 0;
    let head = folder.join("head.json");
    if let Ok(text) = std::fs::read(&head) {
        let value: Value = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", head.display()))?;
        let feed = folder.join(value["feed"].as_str().unwrap_or_default());
        match std::fs::read(&feed) {
            Ok(bytes) if Some(sha256(&bytes).as_str()) != value["sha256"].as_str() => {
                return Err(format!("{} is not what {} means", feed.display(), head.display()));
            }
            Ok(bytes) => slides += read_feed(folder, &feed, &bytes)?,
            Err(_) if still_says(&head, &text) => {
                return Err(format!("{} names {}, which is not there", head.display(), feed.display()));
            }
            Err(_) => {}
        }
    }
    let feed = folder.join("feed.json");
    if let Ok(bytes) = std::fs::read(&feed) {
        slides += read_feed(folder, &feed, &bytes)?;
    }
    Ok(slides)
}

fn read_feed(folder: &Path, feed: &Path, bytes: &[u8]) -> Result<usize, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| format!("{}: {error}", feed.display()))?;
    let slides: Vec<&Value> = value["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["_screen"]["slides"].as_array())
        .flatten()
        .collect();
    for slide in &slides {
        let file = folder.join(slide["file"].as_str().unwrap_or_default());
        match std::fs::read(&file) {
            Ok(bytes) if Some(sha256(&bytes).as_str()) == slide["sha256"].as_str() => {}
            Ok(_) => return Err(format!("{} is not what {} means", file.display(), feed.display())),
            Err(_) if still_says(feed, bytes) => {
                return Err(format!("{} names {}, which is not there", feed.display(), file.display()));
            }
            Err(_) => {}
        }
    }
    Ok(slides.len())
}

/// True when a file says the same as before and is not being removed: a file that is stays, one that goes is gone soon.
fn still_says(file: &Path, before: &[u8]) -> bool {
    let says = || std::fs::read(file).is_ok_and(|again| again == before);
    if !says() {
        return false;
    }
    let goes = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        !file.exists()
    });
    !goes
}

/// Addresses on this site in a page.
fn references(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for mark in [" href=\"/", " src=\"/", " href=/", " src=/"] {
        for (at, _) in page.match_indices(mark) {
            let rest = &page[at + mark.len() - 1..];
            let end = rest.find(['"', '#', '?', ' ', '>']).unwrap_or(rest.len());
            if !rest.starts_with("//") {
                found.push(&rest[..end]);
            }
        }
    }
    found
}

fn file_of(public: &Path, url: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = url.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    let path = String::from_utf8(bytes).unwrap();
    let path = path.trim_start_matches('/');
    match path.is_empty() || path.ends_with('/') {
        true => public.join(path).join("index.html"),
        false => public.join(path),
    }
}
