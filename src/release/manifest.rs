//! The list of files in the output folder that a release wrote: what may be replaced and removed.
//!
//! A text of sorted paths, so that two builds of one site leave the same bytes here too.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use crate::file::stays_inside;
use crate::problem::Fault;

/// Where it lies in the output folder.
pub(super) const NAME: &str = ".civicast-manifest";
const TITLE: &str = "civicast: the files of this folder that it wrote and may replace or remove";

/// The files of one release, sorted.
#[derive(Default)]
pub(super) struct Manifest {
    /// The file as it is; empty when there is none.
    pub(super) text: String,
    /// Start and end of each path in the text, as soon as somebody looks for one.
    ranges: OnceLock<Vec<(usize, usize)>>,
}

impl Manifest {
    /// Reads it from the output folder; absent is empty. Lines that could lead out of the folder are not believed.
    pub(super) fn read(output: &Path) -> Result<Manifest, Fault> {
        let disk = output.join(NAME);
        match fs::read(&disk) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes);
                let text = text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                Ok(Manifest { text, ranges: OnceLock::new() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
            Err(error) => Err(Fault::new("write-failed", disk.display(), error)),
        }
    }

    /// Of these sorted paths.
    pub(super) fn of_paths<'a>(paths: impl Iterator<Item = &'a str>) -> Manifest {
        let mut text = format!("{TITLE}\n");
        let mut ranges = Vec::new();
        for path in paths {
            ranges.push((text.len(), text.len() + path.len()));
            text.push_str(path);
            text.push('\n');
        }
        Manifest { text, ranges: ranges.into() }
    }

    fn ranges(&self) -> &[(usize, usize)] {
        self.ranges.get_or_init(|| {
            let text = &self.text;
            let mut ranges = Vec::new();
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                let path = line.trim_end_matches('\n');
                if start > 0 && stays_inside(path) && !path.starts_with(super::OURS) {
                    ranges.push((start, start + path.len()));
                }
                start += line.len();
            }
            // Ours is sorted; one that a person has touched need not be.
            if !ranges.is_sorted_by_key(|(start, end)| &text[*start..*end]) {
                ranges.sort_by_key(|(start, end)| &text[*start..*end]);
            }
            ranges
        })
    }

    /// True when the lines as they stand, whether they are believed or not, are exactly these.
    pub(super) fn has_lines<'a>(&self, mut lines: impl Iterator<Item = &'a [u8]>) -> bool {
        // What is left of it behind the title, with the break before each line.
        let text = self.text.as_bytes();
        let mut left = memchr::memchr(b'\n', text).map_or(&[][..], |end| &text[end..]);
        lines.all(|line| match left.strip_prefix(b"\n").and_then(|left| left.strip_prefix(line)) {
            Some(behind) => {
                left = behind;
                true
            }
            None => false,
        }) && matches!(left, [] | [b'\n'])
    }

    /// True when a release wrote this file.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.ranges().binary_search_by(|(start, end)| self.text[*start..*end].cmp(path)).is_ok()
    }

    /// The files in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.ranges().iter().map(|(start, end)| &self.text[*start..*end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_the_same_only_when_every_line_is() {
        let has = |text: &str, lines: &[&str]| {
            let manifest = Manifest { text: text.to_string(), ranges: OnceLock::new() };
            manifest.has_lines(lines.iter().map(|line| line.as_bytes()))
        };
        let ours = Manifest::of_paths(["a/1", "a/12", "b"].into_iter()).text;
        assert!(has(&ours, &["a/1", "a/12", "b"]));
        assert!(has(ours.trim_end(), &["a/1", "a/12", "b"]), "the last break is no line");
        for others in
            [&["a/1", "a/12"][..], &["a/1", "a/12", "b", "c"], &["a/1", "a/1", "b"], &["a/12", "a/1", "b"], &[]]
        {
            assert!(!has(&ours, others), "{others:?}");
        }
        assert!(!has(&format!("{ours}\n"), &["a/1", "a/12", "b"]), "an empty line is one");
        for empty in ["", TITLE, &format!("{TITLE}\n")] {
            assert!(has(empty, &[]) && !has(empty, &["a/1"]), "{empty:?}");
        }
    }
}
