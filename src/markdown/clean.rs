//! First pass: what people paste from Word without seeing it. Control characters, zero-width junk and noncharacters
//! are taken out, so that later passes may use noncharacters as marks of their own.

use std::borrow::Cow;

use super::chars::width;
use super::origin::Edits;

/// A text without invisible junk.
pub(super) struct Cleaned<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// The way back.
    pub(super) edits: Edits,
    /// What was found first: where, and which character. `None` when nothing was taken out.
    pub(super) first: Option<(usize, char)>,
    /// How many characters were taken out.
    pub(super) count: usize,
}

/// Takes the junk out of `text`.
pub(super) fn clean(text: &str) -> Cleaned<'_> {
    let mut cleaned = Cleaned { text: Cow::Borrowed(text), edits: Edits::default(), first: None, count: 0 };
    let Some((mut at, mut junk)) = next_junk(text, 0) else { return cleaned };
    // A byte-order mark at the very start is how Windows marks UTF-8; not worth a word.
    if !(at == 0 && junk == '\u{FEFF}') {
        cleaned.first = Some((at, junk));
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    loop {
        out.push_str(&text[copied..at]);
        copied = at + junk.len_utf8();
        cleaned.count += 1;
        if is_line_break(junk) && separates_words(&out, &text[copied..]) {
            out.push(' ');
        }
        cleaned.edits.note(out.len(), copied);
        match next_junk(text, copied) {
            Some(next) => (at, junk) = next,
            None => break,
        }
        cleaned.first = cleaned.first.or(Some((at, junk)));
    }
    out.push_str(&text[copied..]);
    cleaned.text = Cow::Owned(out);
    cleaned
}

/// Word writes Shift+Enter as U+000B.
fn is_line_break(c: char) -> bool {
    matches!(c, '\u{B}' | '\u{C}')
}

fn separates_words(before: &str, after: &str) -> bool {
    let narrow = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && width(c) == 1);
    narrow(before.chars().next_back()) && narrow(after.chars().next())
}

/// The next character to take out, at or after byte `from`.
fn next_junk(text: &str, from: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        // Two tests per byte pass over everything but a few lead bytes; only those are looked at as characters.
        if SUSPECT[usize::from(bytes[at])] && text.is_char_boundary(at) {
            let c = text[at..].chars().next()?;
            if is_junk(c) {
                return Some((at, c));
            }
        }
        at += 1;
    }
    None
}

/// Bytes with which junk can begin.
static SUSPECT: [bool; 256] = suspects();

const fn suspects() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D)
            || byte == 0x7F
            || byte == 0xC2
            || byte == 0xE2
            || byte == 0xEF
            || byte == 0xF0
            || byte == 0xF3
            || byte == 0xF4;
        byte += 1;
    }
    table
}

fn is_junk(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200B}' | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE,
    }
}
