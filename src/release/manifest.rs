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

    /// The lines as they stand, whether they are believed or not.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.strip_suffix('\n').unwrap_or(&self.text).split('\n').skip(1)
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
