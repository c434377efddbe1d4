//! Raw HTML: its tags and attributes as tokens, what of it is allowed, and the sanitiser as the last wall.
//! HTML text goes in, tokens or safe HTML come out; knows no Markdown and writes no problems.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use super::address::SCHEMES;

/// A part of raw HTML.
pub(super) enum Token<'a> {
    /// Words between tags, entities as written.
    Text(&'a str),
    /// `<name …>`, with its source.
    Open(Tag<'a>),
    /// `</name>`, name in lower case, with its source.
    Close(String, &'a str),
    /// What stands between `<!--` and `-->`.
    Comment(&'a str),
    /// `<!…>` or `<?…>`, with its source.
    Declaration(&'a str),
}

/// An opening tag.
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: String,
    /// In order.
    pub(super) attributes: Vec<Attribute<'a>>,
    /// As written.
    pub(super) source: &'a str,
}

/// An attribute of a tag.
pub(super) struct Attribute<'a> {
    /// In lower case.
    pub(super) name: String,
    /// Without quotes, entities as written; empty when there is none.
    pub(super) value: &'a str,
    /// Byte offset of the value in the HTML.
    pub(super) at: usize,
}

/// Calls `each` with every token and its byte offset. What cannot be a whole tag is text.
pub(super) fn walk<'a>(html: &'a str, mut each: impl FnMut(usize, Token<'a>)) {
    let mut at = 0;
    let mut text = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let Some((end, token)) = tag_at(html, start) else {
            at = start + 1;
            continue;
        };
        // A tag or comment that never ends: everything up to the end is as it stands, so nothing is read twice.
        let Some(token) = token else { break };
        if text < start {
            each(text, Token::Text(&html[text..start]));
        }
        each(start, token);
        (at, text) = (end, end);
    }
    if text < html.len() {
        each(text, Token::Text(&html[text..]));
    }
}

/// The tag at `start`, where there is a `<`, and the byte after it. `None` when the `<` is only a character;
/// `Some((_, None))` when something begins that never ends.
fn tag_at(html: &str, start: usize) -> Option<(usize, Option<Token<'_>>)> {
    let rest = &html[start..];
    if let Some(comment) = rest.strip_prefix("<!--") {
        let (length, skipped) = comment.find("-->").map_or((comment.len(), 0), |i| (i, 3));
        return Some((start + 4 + length + skipped, Some(Token::Comment(&comment[..length]))));
    }
    match *rest.as_bytes().get(1)? {
        b'!' | b'?' => Some(match rest.find('>') {
            Some(end) => (start + end + 1, Some(Token::Declaration(&rest[..=end]))),
            None => (html.len(), None),
        }),
        b'/' if rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) => Some(match rest.find('>') {
            Some(end) => (start + end + 1, Some(Token::Close(name_of(&rest[2..end]), &rest[..=end]))),
            None => (html.len(), None),
        }),
        b if b.is_ascii_alphabetic() => Some(open_tag(html, start)),
        _ => None,
    }
}

fn name_of(text: &str) -> String {
    text.split(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).next().unwrap_or("").to_ascii_lowercase()
}

fn open_tag(html: &str, start: usize) -> (usize, Option<Token<'_>>) {
    let bytes = html.as_bytes();
    let name = name_of(&html[start + 1..]);
    let mut at = start + 1 + name.len();
    let mut attributes = Vec::new();
    loop {
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace() || **b == b'/').count();
        match bytes.get(at) {
            None => return (html.len(), None),
            Some(b'>') => {
                let source = &html[start..=at];
                return (at + 1, Some(Token::Open(Tag { name, attributes, source })));
            }
            Some(_) => {
                let Some((end, attribute)) = attribute_at(html, at) else { return (html.len(), None) };
                attributes.push(attribute);
                at = end;
            }
        }
    }
}

fn attribute_at(html: &str, start: usize) -> Option<(usize, Attribute<'_>)> {
    let bytes = html.as_bytes();
    // A name may begin with `=`; browsers see it so.
    let length = 1 + bytes[start + 1..]
        .iter()
        .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>' | b'='))
        .count();
    let name = html.get(start..start + length)?.to_ascii_lowercase();
    let blanks = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let end = start + length;
    let equals = end + blanks(end);
    if bytes.get(equals) != Some(&b'=') {
        return Some((end, Attribute { name, value: "", at: end }));
    }
    let value = equals + 1 + blanks(equals + 1);
    let (from, to, after) = match *bytes.get(value)? {
        quote @ (b'"' | b'\'') => {
            let length = bytes[value + 1..].iter().position(|&b| b == quote)?;
            (value + 1, value + 1 + length, value + 2 + length)
        }
        _ => {
            let length = bytes[value..].iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count();
            (value, value + length, value + length)
        }
    };
    Some((after, Attribute { name, value: &html[from..to], at: from }))
}

/// The character references that occur in addresses and short texts, decoded. What is not decoded is escaped again
/// where it is written, so leaving one out is never unsafe.
pub(super) fn decoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest reference that we know has eleven characters.
        let end = rest.bytes().take(12).position(|b| b == b';');
        let c = end.and_then(|end| character(&rest[1..end]));
        match (c, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(reference: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let c = match reference {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "colon" => ':',
        "Tab" => '\t',
        "NewLine" => '\n',
        "ensp" | "emsp" | "thinsp" => ' ',
        "middot" => '·',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        "mdash" => '—',
        _ => match reference.strip_prefix('#')? {
            hex if hex.starts_with(['x', 'X']) => number(&hex[1..], 16)?,
            decimal => number(decimal, 10)?,
        },
    };
    (!matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\0')).then_some(c)
}

/// `text` without numeric references to noncharacters, which the sanitiser would decode: they are our marks.
pub(super) fn without_marks(text: &str) -> Cow<'_, str> {
    if !text.contains("&#") {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or("").to_string();
    for part in parts {
        let (digits, radix) = part.strip_prefix(['x', 'X']).map_or((part, 10), |hex| (hex, 16));
        let after = digits.trim_start_matches(|c: char| c.is_digit(radix));
        let number = u32::from_str_radix(&digits[..digits.len() - after.len()], radix);
        match number {
            Ok(0xFDD0..=0xFDEF) => out.push_str(after.strip_prefix(';').unwrap_or(after)),
            _ => {
                out.push_str("&#");
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

/// What happens to a tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It stays.
    Keep,
    /// It goes, what it encloses stays.
    Unwrap,
    /// It goes with everything up to its end.
    Drop,
}

/// The verdict on the tag with this name.
pub(super) fn verdict(name: &str) -> Verdict {
    if TAGS.iter().any(|row| row.0 == name) {
        Verdict::Keep
    } else if DROPPED.contains(&name) {
        Verdict::Drop
    } else {
        Verdict::Unwrap
    }
}

/// True when an attribute of this name may stand in this tag.
pub(super) fn allows(tag: &str, attribute: &str) -> bool {
    GENERIC.contains(&attribute)
        || attribute.starts_with("aria-")
        || TAGS.iter().any(|row| row.0 == tag && row.1.contains(&attribute))
}

/// True when the value of this attribute is an address.
pub(super) fn is_address(attribute: &str) -> bool {
    matches!(attribute, "href" | "src" | "poster")
}

/// True when the element begins a line of its own in plain text.
pub(super) fn is_block(tag: &str) -> bool {
    BLOCKS.contains(&tag)
}

/// True when the element has no content and no end.
pub(super) fn is_void(tag: &str) -> bool {
    matches!(tag, "br" | "col" | "hr" | "img" | "source" | "wbr")
}

/// True when an element of this name ends before the next one of the same name begins.
pub(super) fn ends_itself(tag: &str) -> bool {
    matches!(tag, "dd" | "dt" | "li" | "p" | "td" | "th" | "tr")
}

/// Elements whose content is of no use, or dangerous, without them.
const DROPPED: &[&str] = &[
    "script",
    "style",
    "iframe",
    "object",
    "svg",
    "math",
    "template",
    "textarea",
    "select",
    "title",
    "noscript",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "applet",
    "frameset",
];

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];

const GENERIC: &[&str] = &["class", "id", "title", "lang", "dir", "role"];

/// Allowed elements with the attributes that only they may have.
const TAGS: &[(&str, &[&str])] = &[
    ("a", &["href", "name", "target"]),
    ("abbr", &[]),
    ("address", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("audio", &["src", "controls", "loop", "muted", "preload"]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &["open"]),
    ("dfn", &[]),
    ("div", &["align"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &["align"]),
    ("h2", &["align"]),
    ("h3", &["align"]),
    ("h4", &["align"]),
    ("h5", &["align"]),
    ("h6", &["align"]),
    ("header", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "width", "height", "loading", "align"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("ol", &["start", "type", "reversed"]),
    ("p", &["align"]),
    ("pre", &[]),
    ("q", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &[]),
    ("small", &[]),
    ("source", &["src", "type"]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &["align", "border", "width"]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan", "align", "valign", "headers", "width"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "align", "valign", "headers", "scope", "width"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &["align", "valign"]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("video", &["src", "poster", "controls", "width", "height", "loop", "muted", "autoplay", "playsinline", "preload"]),
    ("wbr", &[]),
];

/// HTML that is safe whatever stood in it before: the same allow-list through an HTML parser, which also closes what
/// was left open.
pub(super) fn sanitise(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    // The check boxes of task lists are ours; an author's `input` does not get this far.
    let own: (&str, &[&str]) = ("input", &["type", "checked", "disabled"]);
    let rows = || TAGS.iter().copied().chain([own]);
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(rows().map(|row| row.0).collect())
        .tag_attributes(rows().map(|row| (row.0, row.1.iter().copied().collect())).collect::<HashMap<_, HashSet<_>>>())
        .generic_attributes(GENERIC.iter().copied().collect())
        .generic_attribute_prefixes(HashSet::from(["aria-"]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .url_schemes(SCHEMES.iter().copied().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// What was taken out of a document, so that each kind is reported once.
pub(super) type Removed = BTreeSet<String>;
