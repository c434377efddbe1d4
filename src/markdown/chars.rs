//! Kinds of characters that Chinese typography asks about: CJK for emphasis, wide for line breaks, Han for counting.
//! A character goes in, a yes or no comes out; knows nothing of Markdown.

use unicode_width::UnicodeWidthChar;

/// A CJK character as the CJK-friendly amendment to CommonMark defines it: East Asian Width W, F or H without default
/// emoji presentation, or script Hangul.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        // Hangul, the won sign, angle brackets, the hexagram symbols that Unicode 16 made wide.
        0x1100..=0x11FF | 0x20A9 | 0x2329..=0x232A | 0x2630..=0x2637 | 0x268A..=0x268F
        // Radicals, CJK punctuation without U+303F, kana, bopomofo, Hangul letters, enclosed forms.
        | 0x2E80..=0x2E99 | 0x2E9B..=0x2EF3 | 0x2F00..=0x2FD5 | 0x2FF0..=0x303E | 0x3041..=0x3096 | 0x3099..=0x30FF
        | 0x3105..=0x312F | 0x3131..=0x318E | 0x3190..=0x31E5 | 0x31EF..=0x321E | 0x3220..=0x3247
        // Ideographs, Yi, Hangul syllables.
        | 0x3250..=0xA48C | 0xA490..=0xA4C6 | 0xA960..=0xA97C | 0xAC00..=0xD7A3 | 0xD7B0..=0xD7C6 | 0xD7CB..=0xD7FB
        | 0xF900..=0xFAFF
        // Vertical, small, full-width and half-width forms.
        | 0xFE10..=0xFE19 | 0xFE30..=0xFE52 | 0xFE54..=0xFE66 | 0xFE68..=0xFE6B | 0xFF01..=0xFFBE | 0xFFC2..=0xFFC7
        | 0xFFCA..=0xFFCF | 0xFFD2..=0xFFD7 | 0xFFDA..=0xFFDC | 0xFFE0..=0xFFE6 | 0xFFE8..=0xFFEE
        // Tangut, Khitan, kana supplements, counting rods, enclosed ideographs, the ideographic planes.
        | 0x16FE0..=0x16FE4 | 0x16FF0..=0x16FF6 | 0x17000..=0x18CD5 | 0x18CFF..=0x18D1E | 0x18D80..=0x18DF2
        | 0x1AFF0..=0x1AFF3 | 0x1AFF5..=0x1AFFB | 0x1AFFD..=0x1AFFE | 0x1B000..=0x1B122 | 0x1B132
        | 0x1B150..=0x1B152 | 0x1B155 | 0x1B164..=0x1B167 | 0x1B170..=0x1B2FB | 0x1D300..=0x1D356 | 0x1D360..=0x1D376
        | 0x1F200 | 0x1F202 | 0x1F210..=0x1F219 | 0x1F21B..=0x1F22E | 0x1F230..=0x1F231 | 0x1F237 | 0x1F23B
        | 0x1F240..=0x1F248 | 0x1F260..=0x1F265 | 0x20000..=0x3FFFD)
}

/// A letter for sure, so that no rule about punctuation applies to it. False only costs time.
#[inline]
pub(super) fn is_plain_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// A variation selector other than the one that asks for an emoji.
pub(super) fn is_text_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0E}')
}

/// A variation selector of the ideographic database.
pub(super) fn is_ideographic_selector(c: char) -> bool {
    matches!(c, '\u{E0100}'..='\u{E01EF}')
}

/// A Han character, 〇 and 々 included.
#[inline]
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3005}' | '\u{3007}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

/// Columns of the display: 2 for wide characters, 0 for combining ones.
#[inline]
pub(super) fn width(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\u{4E00}'..='\u{9FFF}' => 2,
        // Chinese fonts set these on a full square, though Unicode leaves their width open.
        '“' | '”' | '‘' | '’' | '…' | '—' => 2,
        _ => c.width().unwrap_or(0),
    }
}

/// True when a line break between these two leaves no space: both are wide, and neither is Hangul, which is written
/// with spaces. Quotes, dashes and ellipses, whose width is open, go with a wide neighbour.
pub(super) fn joins_without_space(before: char, after: char) -> bool {
    match (is_wide(before), is_wide(after)) {
        (true, true) => true,
        (true, false) => is_open_width(after),
        (false, true) => is_open_width(before),
        (false, false) => false,
    }
}

fn is_wide(c: char) -> bool {
    is_han(c) || (c.width() == Some(2) && !is_hangul(c))
}

fn is_open_width(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '\u{2500}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7FB}'
        | '\u{FFA0}'..='\u{FFDC}')
}

/// Where the first byte from `from` on stands that `is` looks for, else the end. Many bytes are tried at a time, so `is`
/// must be cheap and without branches.
#[inline(always)]
pub(super) fn find_byte(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> usize {
    const MANY: usize = 32;
    let mut at = from.min(bytes.len());
    for chunk in bytes[at..].as_chunks::<MANY>().0 {
        // Bytes instead of truth values: the compiler makes one step of it.
        if chunk.iter().fold(0, |found, &byte| found | u8::from(is(byte))) != 0 {
            break;
        }
        at += MANY;
    }
    at + bytes[at..].iter().position(|&byte| is(byte)).unwrap_or(bytes.len() - at)
}
