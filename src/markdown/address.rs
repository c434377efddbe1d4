//! Addresses: which schemes may stand in a link, how an address is kept in a `Reference`, and where a bare URL in
//! running text begins and ends.

use std::borrow::Cow;
use std::ops::Range;

/// Schemes that may leave the house. A list of the allowed: what is not on it is no link.
pub(super) const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "sms", "ftp"];

/// The scheme that keeps `address` from being a link, in lower case; `None` when it may be one.
///
/// Browsers skip white space and control characters and ignore case, so does this.
pub(super) fn forbidden_scheme(address: &str) -> Option<String> {
    let scheme = scheme(address)?;
    (!SCHEMES.contains(&scheme.as_str())).then_some(scheme)
}

/// What to keep of an address as written: relative ones are percent-decoded, because they name files.
pub(super) fn target(address: &str) -> String {
    let address = address.trim();
    if scheme(address).is_some() || address.starts_with("//") {
        return address.to_string();
    }
    let decoded = percent_decoded(address);
    // `javascript%3A…` names a file, but decoded it would be read as an address with a scheme.
    match scheme(&decoded) {
        Some(_) => address.to_string(),
        None => decoded.into_owned(),
    }
}

fn scheme(address: &str) -> Option<String> {
    let mut scheme = String::new();
    for c in address.chars().filter(|c| !c.is_control() && !c.is_whitespace()) {
        match c {
            ':' => return (!scheme.is_empty()).then_some(scheme),
            'a'..='z' | 'A'..='Z' => scheme.push(c.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(c),
            _ => return None,
        }
    }
    None
}

/// Percent-decoded, but for what would change its meaning: `#`, `?` and control characters stay encoded.
fn percent_decoded(address: &str) -> Cow<'_, str> {
    if !address.contains('%') {
        return Cow::Borrowed(address);
    }
    let bytes = address.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let value = (bytes[at] == b'%')
            .then(|| address.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .flatten();
        match value {
            Some(byte) if byte >= 0x20 && !matches!(byte, b'#' | b'?' | 0x7F) => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(address), Cow::Owned)
}

/// The first bare URL in `text` at or after byte `from`.
///
/// It begins with `http://` or `https://` and ends before white space, Chinese characters and punctuation; closing
/// punctuation at its end is not part of it, nor is a bracket that it does not open.
pub(super) fn find_url(text: &str, mut from: usize) -> Option<Range<usize>> {
    while let Some(found) = memchr::memchr(b':', &text.as_bytes()[from..]) {
        let colon = from + found;
        if !text[colon..].starts_with("://") {
            from = colon + 1;
            continue;
        }
        from = colon + 3;
        let Some(start) = ["https", "http"].iter().find_map(|scheme| scheme_before(text, colon, scheme)) else {
            continue;
        };
        let end = from + url_length(&text[from..]);
        let host = text[from..end].split(['/', '?', '#', ':', '@']).next().unwrap_or("");
        if host.bytes().any(|b| b.is_ascii_alphanumeric()) {
            return Some(start..end);
        }
    }
    None
}

fn scheme_before(text: &str, colon: usize, scheme: &str) -> Option<usize> {
    let start = colon.checked_sub(scheme.len())?;
    let matches = text.get(start..colon)?.eq_ignore_ascii_case(scheme);
    let free = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (matches && free).then_some(start)
}

fn url_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = bytes
        .iter()
        .position(|b| {
            !b.is_ascii_graphic() || matches!(b, b'<' | b'>' | b'"' | b'`' | b'\\' | b'{' | b'}' | b'|' | b'^')
        })
        .unwrap_or(bytes.len());
    let mut open = Brackets::of(&bytes[..end]);
    while let Some(&last) = bytes[..end].last() {
        match last {
            b'.' | b',' | b':' | b';' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' => {}
            b')' if open.round < 0 => open.round += 1,
            b']' if open.square < 0 => open.square += 1,
            _ => break,
        }
        end -= 1;
    }
    end
}

/// Opening minus closing brackets.
struct Brackets {
    round: isize,
    square: isize,
}

impl Brackets {
    fn of(bytes: &[u8]) -> Brackets {
        let count = |byte: u8| bytes.iter().filter(|&&b| b == byte).count().cast_signed();
        Brackets { round: count(b'(') - count(b')'), square: count(b'[') - count(b']') }
    }
}
