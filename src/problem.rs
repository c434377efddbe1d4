//! Words for what goes wrong: a `Problem` is an author's mistake and a plain value; a `Fault` is the system's no.
//!
//! A problem carries a code and the arguments of its message; the words stand in `message`, in both languages.
//! Printing happens in `report` only.

use std::fmt;

use crate::file::SourcePath;
use crate::message;
pub use crate::message::Severity;

/// Where: a stretch of one line in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: SourcePath,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How many characters are meant, at least 1.
    pub length: u32,
    /// The line as it stands in the file, without its end; empty when not known.
    pub text: String,
}

impl Place {
    /// The file as a whole.
    pub fn file(path: &SourcePath) -> Place {
        Place { path: path.clone(), line: 0, column: 0, length: 1, text: String::new() }
    }

    /// The byte range `start..end` of `text`, which is the whole decoded file at `path`. Offsets outside the text or
    /// inside a character are moved to the nearest boundary before them.
    pub fn of_span(path: &SourcePath, text: &str, start: usize, end: usize) -> Place {
        let start = floor_boundary(text, start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let end = floor_boundary(text, end.clamp(start, line_end));
        // Long lines (a page pasted without line breaks) are cut; the caret needs only its surroundings.
        let line = text[line_start..line_end].trim_end_matches('\r');
        Place {
            path: path.clone(),
            line: u32::try_from(text[..start].matches('\n').count() + 1).unwrap_or(u32::MAX),
            column: u32::try_from(text[line_start..start].chars().count() + 1).unwrap_or(u32::MAX),
            length: u32::try_from(text[start..end].chars().count()).unwrap_or(1).max(1),
            text: line.to_string(),
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.path),
            line => write!(f, "{}:{}:{}", self.path, line, self.column),
        }
    }
}

/// One mistake of an author (of text, theme or configuration).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable name, e.g. `unknown-key`; a row of `message::MESSAGES`.
    pub code: &'static str,
    /// From the table; the configuration's `[problems]` may change it.
    pub severity: Severity,
    /// Where, when there is a place.
    pub place: Option<Place>,
    /// Values for the `{names}` in the message and the hint.
    pub args: Vec<(&'static str, String)>,
    /// The line to write instead, when it is known for sure.
    pub fix: Option<String>,
    /// Further places that belong to it (the other owner of a URL).
    pub also: Vec<Place>,
}

impl Problem {
    /// A problem with the severity of its table row. An unknown code is a mistake of ours and shows as itself.
    pub fn new(code: &'static str) -> Problem {
        let severity = message::find(code).map_or(Severity::Error, |m| m.severity);
        Problem { code, severity, place: None, args: Vec::new(), fix: None, also: Vec::new() }
    }
    /// Adds the place.
    pub fn at(mut self, place: Place) -> Problem {
        self.place = Some(place);
        self
    }
    /// Adds the whole file as the place.
    pub fn in_file(self, path: &SourcePath) -> Problem {
        self.at(Place::file(path))
    }
    /// Adds a value for `{name}` of the message.
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Problem {
        self.args.push((name, value.to_string()));
        self
    }
    /// Adds the line to write instead.
    pub fn fix(mut self, line: impl Into<String>) -> Problem {
        self.fix = Some(line.into());
        self
    }
    /// Adds a further place.
    pub fn also(mut self, place: Place) -> Problem {
        self.also.push(place);
        self
    }
}

/// Sorts by file, line, column, code: the order in which people read and tests compare.
pub fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by(|a, b| (&a.place, a.code, &a.args).cmp(&(&b.place, b.code, &b.args)));
    problems.dedup();
}

/// The system's refusal: disk, port, permission. Stops the run.
#[derive(Clone, Debug)]
pub struct Fault {
    /// A row of `message::MESSAGES` that says what we were doing.
    pub code: &'static str,
    /// To which path or address.
    pub path: String,
    /// The system's reason.
    pub reason: String,
}

impl Fault {
    /// From what we were doing, to what, and the system's error.
    pub fn new(code: &'static str, path: impl fmt::Display, reason: impl fmt::Display) -> Fault {
        Fault { code, path: path.to_string(), reason: reason.to_string() }
    }
}
