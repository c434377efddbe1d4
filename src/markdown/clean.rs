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
    const MANY: usize = 32;
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        // Bytes instead of truth values: the compiler makes one step of it.
        while let Some(chunk) = bytes.get(at..at + MANY + 2)
            && (0..MANY).fold(0, |found, i| found | u8::from(may_begin(chunk[i], chunk[i + 1], chunk[i + 2]))) == 0
        {
            at += MANY;
        }
        let end = (at + MANY).min(bytes.len());
        while at < end {
            let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
            if may_begin(bytes[at], byte(at + 1), byte(at + 2)) {
                let c = text[at..].chars().next()?;
                if is_junk(c) {
                    return Some((at, c));
                }
            }
            at += 1;
        }
    }
    None
}

/// True when junk may begin with these bytes. The first is never one in the middle of a character. Full-width punctuation
/// and quotation marks begin with the same byte as some junk, hence the others.
#[inline(always)]
fn may_begin(first: u8, second: u8, third: u8) -> bool {
    ((first < b' ') & (first != b'\t') & (first != b'\n') & (first != b'\r'))
        | (first == 0x7F)
        | (first == 0xC2)
        | (first >= 0xF0)
        | ((first == 0xE2) & (second == 0x80) & (third == 0x8B))
        | ((first == 0xEF) & ((second == 0xB7) | (second == 0xBB) | (second == 0xBF)))
}

fn is_junk(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200B}' | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE,
    }
}
