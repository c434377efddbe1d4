//! First pass: what people paste from Word without seeing it. Control characters, zero-width junk and noncharacters
//! are taken out, so that later passes may use noncharacters as marks of their own.

use std::borrow::Cow;

use super::chars::{find_byte, width};
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
    if !may_have_junk(text) {
        return cleaned;
    }
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

/// True when a character to take out may be there. Looks at many bytes at a time, because nearly every text has none.
fn may_have_junk(text: &str) -> bool {
    let bytes = text.as_bytes();
    let lead = |byte: u8| is_control(byte) | (byte == 0xC2) | (byte >= 0xF0);
    // Full-width punctuation begins with the same byte as some junk; the second byte tells.
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let pair = |first: u8, second: u8| {
        u8::from(first == 0xEF) & (u8::from(second == 0xB7) | u8::from(second == 0xBB) | u8::from(second == 0xBF))
    };
    find_byte(bytes, 0, lead) < bytes.len()
        || pairs.fold(0, |found, (&first, &second)| found | pair(first, second)) != 0
        || memchr::memmem::find(bytes, "\u{200B}".as_bytes()).is_some()
}

fn is_control(byte: u8) -> bool {
    ((byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')) | (byte == 0x7F)
}

/// The next character to take out, at or after byte `from`.
fn next_junk(text: &str, from: usize) -> Option<(usize, char)> {
    text[from..].char_indices().find(|(_, c)| is_junk(*c)).map(|(at, c)| (from + at, c))
}

fn is_junk(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{200B}' | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_junk_is_overlooked() {
        for c in ('\0'..=char::MAX).filter(|c| is_junk(*c)) {
            for text in [format!("{c}"), format!("{}，“{c}”", "甲".repeat(40))] {
                assert!(may_have_junk(&text), "{c:?}");
            }
        }
        assert!(!may_have_junk(&"甲，“乙”。\tA\r\n１Ａ…—".repeat(9)));
    }
}
