//! What every syntax needs to mend a text before it is parsed: edits that remember where each byte came from, and the
//! characters that Chinese input methods and Word leave behind.

use super::{Span, TextFile};
use crate::problem::Problem;

/// A text in the making, with the way back from its offsets to those of the file.
pub(super) struct Edited<'a> {
    file: &'a TextFile<'a>,
    /// The mended text.
    pub(super) text: String,
    /// (offset in `text`, offset in the file) at the start of each run that was copied or put in, ascending.
    runs: Vec<(usize, usize)>,
    /// How far the file has been copied.
    at: usize,
    /// Notes on what was put right.
    pub(super) notes: Vec<Problem>,
}

impl<'a> Edited<'a> {
    pub(super) fn new(file: &'a TextFile<'a>, start: usize) -> Edited<'a> {
        Edited { file, text: String::new(), runs: vec![(0, start)], at: start, notes: Vec::new() }
    }

    /// Copies the file up to `end`.
    pub(super) fn copy_to(&mut self, end: usize) {
        if end > self.at {
            self.text.push_str(&self.file.text[self.at..end]);
            self.at = end;
        }
    }

    /// Copies up to `span` and puts `replacement` in its place.
    pub(super) fn replace(&mut self, span: Span, replacement: &str) {
        self.copy_to(span.start);
        self.runs.push((self.text.len(), span.start));
        self.text.push_str(replacement);
        self.at = self.at.max(span.end);
        self.runs.push((self.text.len(), self.at));
    }

    /// The offset in the file of an offset in the mended text.
    pub(super) fn original(&self, at: usize) -> usize {
        let index = self.runs.partition_point(|&(here, _)| here <= at) - 1;
        let (here, there) = self.runs[index];
        let limit = self.runs.get(index + 1).map_or(usize::MAX, |&(_, next)| next);
        (there + (at - here)).min(limit.max(there))
    }

    /// The span in the file of a span in the mended text.
    pub(super) fn original_span(&self, start: usize, end: usize) -> Span {
        Span::new(self.original(start), self.original(end))
    }
}

/// Half-width for the full-width punctuation that has a meaning in TOML and YAML.
pub(super) fn half_width(c: char) -> Option<char> {
    Some(match c {
        '：' => ':',
        '＝' => '=',
        '，' => ',',
        '［' | '【' => '[',
        '］' | '】' => ']',
        '｛' => '{',
        '｝' => '}',
        '＃' => '#',
        '．' => '.',
        '\u{3000}' | '\u{a0}' => ' ',
        _ => return None,
    })
}

/// The quotes of Chinese input methods, by which quotes may close them.
pub(super) fn is_open_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '＂' | '‘' | '’' | '＇' | '「' | '『')
}

/// Characters that nobody can see and nobody meant: control characters from Word, zero-width marks, bidi overrides.
/// (U+200D stays: it joins emoji.)
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A word as keys are written: letters of any script, digits, `_`, `-`.
pub(super) fn is_key_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}
