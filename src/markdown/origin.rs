//! Where things stand: offsets in the text that the parser saw → places in the file as the author has it.
//! Two passes change the text before parsing (`clean`, `mark`); each leaves an `Edits` with which an offset goes back.

use std::cell::Cell;

use crate::file::SourcePath;
use crate::problem::Place;

/// Lines longer than this are not copied into a place: a page pasted as one line would be copied for every link.
const LONGEST_SHOWN_LINE: usize = 2_000;

/// What a pass changed: from byte `.0` of the new text on, the old text goes on at byte `.1`. Sorted.
#[derive(Default)]
pub(super) struct Edits(Vec<(usize, usize)>);

impl Edits {
    /// Notes that the new text at `new` is the old text at `old`.
    pub(super) fn note(&mut self, new: usize, old: usize) {
        self.0.push((new, old));
    }

    /// The old offset of a new one; what was put in counts as the place before which it was put.
    pub(super) fn back(&self, new: usize) -> usize {
        let next = self.0.partition_point(|&(n, _)| n <= new);
        let (from, to) = next.checked_sub(1).map_or((0, 0), |i| self.0[i]);
        let limit = self.0.get(next).map_or(usize::MAX, |&(_, old)| old);
        (to + (new - from)).min(limit)
    }
}

/// The file, and the way back to it.
pub(super) struct Origin<'a> {
    path: &'a SourcePath,
    text: &'a str,
    start: usize,
    passes: [&'a Edits; 2],
    cursor: Cell<Cursor>,
}

#[derive(Clone, Copy)]
struct Cursor {
    at: usize,
    line: u32,
    column: u32,
    line_start: usize,
}

impl<'a> Origin<'a> {
    /// `passes` in the order in which they were made.
    pub(super) fn new(path: &'a SourcePath, text: &'a str, start: usize, passes: [&'a Edits; 2]) -> Origin<'a> {
        Origin { path, text, start, passes, cursor: Cell::new(Cursor { at: 0, line: 1, column: 1, line_start: 0 }) }
    }

    /// The place of a byte range of the parsed text. Cheap when asked in reading order, which is why it does not use
    /// `Place::of_span`: that counts from the beginning each time.
    pub(super) fn place(&self, start: usize, end: usize) -> Place {
        let (start, end) = (self.offset(start), self.offset(end));
        let cursor = self.advance(start);
        let meant = &self.text[start..end.max(start)];
        let meant = meant.split('\n').next().unwrap_or("");
        Place {
            path: self.path.clone(),
            line: cursor.line,
            column: cursor.column,
            length: characters(meant.as_bytes()).max(1),
            text: self.line(&cursor).trim_end_matches('\r').to_string(),
        }
    }

    /// The line that begins where the cursor's line begins; empty when it is long.
    fn line(&self, cursor: &Cursor) -> &str {
        if cursor.at - cursor.line_start > LONGEST_SHOWN_LINE {
            return "";
        }
        let rest = &self.text.as_bytes()[cursor.line_start..];
        let near = &rest[..rest.len().min(LONGEST_SHOWN_LINE)];
        match near.iter().position(|&b| b == b'\n') {
            Some(length) => &self.text[cursor.line_start..cursor.line_start + length],
            None if near.len() == rest.len() => &self.text[cursor.line_start..],
            None => "",
        }
    }

    fn offset(&self, parsed: usize) -> usize {
        let body = self.passes.iter().rev().fold(parsed, |at, pass| pass.back(at));
        let mut at = (self.start + body).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn advance(&self, to: usize) -> Cursor {
        let mut cursor = self.cursor.get();
        if to < cursor.at {
            cursor = Cursor { at: 0, line: 1, column: 1, line_start: 0 };
        }
        let bytes = self.text.as_bytes();
        while let Some(newline) = self.text[cursor.at..to].find('\n') {
            let at = cursor.at + newline + 1;
            cursor = Cursor { at, line: cursor.line.saturating_add(1), column: 1, line_start: at };
        }
        cursor.column = cursor.column.saturating_add(characters(&bytes[cursor.at..to]));
        cursor.at = to;
        self.cursor.set(cursor);
        cursor
    }
}

/// How many characters begin in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count()).unwrap_or(u32::MAX)
}
