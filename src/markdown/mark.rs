//! Second pass: marks that make pulldown-cmark read the text as we mean it. It has no option for CJK-friendly emphasis
//! and none for directives, but it tells a character's neighbours apart, and it finds the blocks.
//!
//! - A delimiter run that the CJK-friendly amendment (tats-u/markdown-cjk-friendly) reads otherwise than CommonMark
//!   gets neighbours that make CommonMark read it the same way.
//! - The line of a directive fence becomes a processing instruction, which begins and ends a block anywhere.
//!
//! All marks are noncharacters, which `clean` has taken out of the text, so `unmark` can take every one away again,
//! wherever it ended up: in text, code, an address or raw HTML.

use std::borrow::Cow;
use std::ops::Range;

use super::chars::{find_byte, is_cjk, is_ideographic_selector, is_plain_letter, is_text_selector};
use super::origin::Edits;

/// Reads as a letter.
const LETTER: char = '\u{FDD0}';
/// Reads as a letter; the punctuation after it is ours too.
const LETTER_THEN: char = '\u{FDD2}';
/// Reads as a letter; the punctuation before it is ours too.
const LETTER_AFTER: char = '\u{FDD3}';
/// Reads as punctuation. It may stand in a text (Kayah Li), hence its company.
const PUNCTUATION: char = '\u{A92F}';
/// Begins and ends the number of something held apart; see `raw` for those, here: a directive's line.
pub(super) const TOKEN: char = '\u{FDD1}';

/// A text with marks.
pub(super) struct Marked<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// The way back to the cleaned text.
    pub(super) edits: Edits,
    /// Lines that look like directive fences, as ranges of the cleaned text; their numbers are in the marks.
    pub(super) fences: Vec<Range<usize>>,
}

/// Puts the marks into the cleaned `text`.
pub(super) fn mark(text: &str) -> Marked<'_> {
    let mut pass = Pass { text, out: String::new(), copied: 0, edits: Edits::default(), fences: Vec::new() };
    let bytes = text.as_bytes();
    pass.fence(0);
    let mut at = pass.copied;
    while at < bytes.len() {
        at = match bytes[at] {
            b'\n' => {
                pass.fence(at + 1);
                pass.copied.max(at + 1)
            }
            b'*' | b'_' | b'~' => pass.runs(at),
            // The next character, whatever it is, stands for itself. Inside code this is wrong and does no harm.
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at + 2,
            // All bytes of a run of Chinese stand for themselves.
            _ => find_byte(bytes, at + 1, is_mark),
        };
    }
    pass.finish()
}

/// Bytes at which `mark` looks.
fn is_mark(byte: u8) -> bool {
    (byte == b'\n') | (byte == b'*') | (byte == b'_') | (byte == b'~') | (byte == b'\\')
}

struct Pass<'a> {
    text: &'a str,
    out: String,
    /// The text is in `out` up to here.
    copied: usize,
    edits: Edits,
    fences: Vec<Range<usize>>,
}

/// How a neighbour has to look.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Own,
    Letter,
    Punctuation,
}

impl<'a> Pass<'a> {
    /// Marks the line that begins at `line` if it is a directive fence.
    fn fence(&mut self, line: usize) {
        let Some(fence) = fence_at(self.text, line) else { return };
        self.copy(fence.start);
        let number = self.fences.len();
        self.out.push_str(&format!("<?{TOKEN}{number}{TOKEN}?>"));
        self.copied = fence.end;
        self.edits.note(self.out.len(), fence.end);
        self.fences.push(fence);
    }

    /// Marks the delimiter runs from `at` on that touch each other; gives the byte after them.
    fn runs(&mut self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut right = Look::Own;
        let mut first = true;
        loop {
            let byte = bytes[at];
            let end = at + bytes[at..].iter().take_while(|&&b| b == byte).count();
            let (left, next_right) = looks(self.text, at, end);
            self.gap(at, right, left, !first);
            right = next_right;
            first = false;
            at = end;
            if !matches!(bytes.get(at), Some(b'*' | b'_' | b'~')) {
                self.gap(at, right, Look::Own, false);
                return at;
            }
        }
    }

    /// Writes what stands between two neighbours at `at`: `before` is how the right side looks to what is before,
    /// `after` how the left side looks to what is after. Between two runs each sees punctuation of its own.
    fn gap(&mut self, at: usize, before: Look, after: Look, between_runs: bool) {
        let marks: &[char] = match (before, after) {
            (Look::Own, Look::Own) => return,
            (Look::Letter, Look::Own) if between_runs => &[LETTER_THEN, PUNCTUATION],
            (Look::Own, Look::Letter) if between_runs => &[PUNCTUATION, LETTER_AFTER],
            (_, Look::Punctuation) => &[LETTER_THEN, PUNCTUATION],
            _ => &[LETTER],
        };
        self.copy(at);
        self.out.extend(marks);
        self.edits.note(self.out.len(), at);
    }

    fn copy(&mut self, to: usize) {
        self.out.push_str(&self.text[self.copied..to]);
        self.copied = to;
    }

    fn finish(mut self) -> Marked<'a> {
        let text = match self.out.is_empty() {
            true => Cow::Borrowed(self.text),
            false => {
                self.copy(self.text.len());
                Cow::Owned(self.out)
            }
        };
        Marked { text, edits: self.edits, fences: self.fences }
    }
}

/// How the neighbours of the run `start..end` have to look on its left and on its right.
///
/// The amendment says: where one neighbour is CJK and the other is no white space, a run of `*` or `~` can both open
/// and close. Without a CJK neighbour it says what CommonMark says. `_` differs only after a variation selector.
fn looks(text: &str, start: usize, end: usize) -> (Look, Look) {
    const UNCHANGED: (Look, Look) = (Look::Own, Look::Own);
    let mut before = text[..start].chars().rev();
    let (previous, next) = (before.next(), text[end..].chars().next());
    if previous.is_some_and(is_plain_letter) && next.is_some_and(is_plain_letter) {
        return UNCHANGED;
    }
    // A single ~ is the Chinese sign for a range (约~10人), not a delimiter; between letters it is none anyway.
    if &text[start..end] == "~" {
        return (Look::Letter, Look::Letter);
    }
    let (Some(previous), Some(next)) = (previous, next) else { return UNCHANGED };
    if is_edge(previous) || is_edge(next) {
        return UNCHANGED;
    }
    let base = if is_text_selector(previous) { before.next().unwrap_or(' ') } else { previous };
    let selected = is_text_selector(previous);
    let byte = text.as_bytes()[start];
    match byte {
        b'_' if selected && is_punctuation(base) => (Look::Punctuation, Look::Own),
        b'_' => UNCHANGED,
        b'~' if end - start > 2 => UNCHANGED,
        _ if begins_quote(text, start, previous) => UNCHANGED,
        _ if is_cjk(next) || is_cjk(base) || is_ideographic_selector(previous) => (Look::Letter, Look::Letter),
        _ if selected && is_punctuation(base) && !is_cjk_quote(base, previous) => (Look::Punctuation, Look::Own),
        _ => UNCHANGED,
    }
}

/// White space, or the edge of a table cell.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || c == '|'
}

/// Only needed before a variation selector, which follows few kinds of punctuation.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3020}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}

/// Quotes that the selector U+FE01 makes full-width.
fn is_cjk_quote(base: char, selector: char) -> bool {
    selector == '\u{FE01}' && matches!(base, '“' | '”' | '‘' | '’')
}

/// True when the `>` before the run is the marker of a block quote, so that the run begins a line.
fn begins_quote(text: &str, start: usize, previous: char) -> bool {
    if previous != '>' {
        return false;
    }
    let before = text[..start].trim_end_matches(['>', ' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

/// The directive fence on the line that begins at `line`: from its first colon to the end of the line.
fn fence_at(text: &str, line: usize) -> Option<Range<usize>> {
    let rest = &text.as_bytes()[line..];
    let indent = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'>')).count();
    let start = line + indent;
    let at_fence = match rest.get(indent) {
        Some(b':') => text[start..].starts_with(":::"),
        // ： begins with EF; typed with a Chinese keyboard.
        Some(0xEF) => text[start..].starts_with("：：："),
        _ => false,
    };
    if !at_fence {
        return None;
    }
    let length = text[start..].find(['\n', '\r']).unwrap_or(text.len() - start);
    Some(start..start + length)
}

/// The number of the fence whose mark this block of HTML is.
pub(super) fn fence_number(html: &str) -> Option<usize> {
    html.trim_start().strip_prefix("<?")?.strip_prefix(TOKEN)?.split_once(TOKEN)?.0.parse().ok()
}

/// `marked` without marks; fence marks become the lines they stand for. `cleaned` is the text before marking.
pub(super) fn unmark<'a>(marked: &'a str, cleaned: &str, fences: &[Range<usize>]) -> Cow<'a, str> {
    let bytes = marked.as_bytes();
    // Both in one go: texts are short.
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let is_mark = |first: u8, second: u8| u8::from(first == MARKS[0]) & u8::from(second == MARKS[1]);
    let found = pairs.fold(0, |found, (&first, &second)| found | is_mark(first, second) | u8::from(is_control(first)));
    if found == 0 && !bytes.last().is_some_and(|byte| is_control(*byte)) {
        return Cow::Borrowed(marked);
    }
    let mut out = String::with_capacity(marked.len());
    let mut rest = marked;
    while let Some(at) = rest.find(is_mark_or_control) {
        let c = rest[at..].chars().next().unwrap_or(LETTER);
        let mut before = &rest[..at];
        rest = &rest[at + c.len_utf8()..];
        match c {
            LETTER_THEN => rest = rest.strip_prefix(PUNCTUATION).unwrap_or(rest),
            LETTER_AFTER => before = before.strip_suffix(PUNCTUATION).unwrap_or(before),
            TOKEN => {
                if let (Some(head), Some((number, tail))) = (before.strip_suffix("<?"), rest.split_once(TOKEN))
                    && let Some(fence) = number.parse().ok().and_then(|n: usize| fences.get(n))
                    && let Some(tail) = tail.strip_prefix("?>")
                {
                    out.push_str(head);
                    out.push_str(&cleaned[fence.clone()]);
                    (before, rest) = ("", tail);
                }
            }
            // Control characters arrive here as entities (`&#1;`).
            _ => {}
        }
        out.push_str(before);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The bytes with which all marks begin in UTF-8.
const MARKS: [u8; 2] = *b"\xEF\xB7";

fn is_control(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}

fn is_mark_or_control(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}')
}
