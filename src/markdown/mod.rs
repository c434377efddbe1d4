//! Markdown text → pieces of HTML with the references left open, headings, excerpt and counts. Knows no site: a link
//! becomes a `Reference` with its place, unresolved.

mod address;
mod chars;
mod clean;
mod directive;
mod draft;
mod excerpt;
mod frame;
mod headings;
mod mark;
mod origin;
mod raw;

use std::borrow::Cow;
use std::collections::BTreeSet;

use pulldown_cmark::Parser;

use crate::file::SourcePath;
use crate::problem::{Place, Problem};
use draft::{Draft, Given};
pub use headings::{Heading, Headings};
use origin::Origin;

/// A body, parsed: what only its own page and the search need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// In order.
    pub pieces: Vec<Piece>,
    /// All words as plain text, a line for each block: for search, screens and slogans (hard breaks are newlines).
    pub text: String,
    /// Its text was let go, because nobody was to ask for it; whoever does parses the document again.
    pub is_textless: bool,
}

/// What others may know of a body: a small part of it, and all that a site is put together from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// All headings in order, the title's level-1 heading left out when it became the title.
    pub headings: Headings,
    /// Further anchors that links may point to: ids and names in raw HTML.
    pub anchors: Vec<String>,
    /// What links and pictures point to.
    pub references: Vec<Reference>,
    /// Those of the references that are pictures without an alternative text.
    pub silent: Vec<usize>,
    /// The first level-1 heading as plain text, when the body begins with one; it is not among the pieces.
    pub title: Option<String>,
    /// Automatic summary, plain text.
    pub excerpt: String,
    /// How many lines the first paragraph has, by its hard breaks; 1 without any.
    pub first_lines: usize,
    /// Han characters plus Latin words and numbers.
    pub words: u32,
}

/// A stretch of a body. Everything that needs the site or the theme is its own piece; the rest is finished HTML.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Finished HTML.
    Html(String),
    /// The opening tag of a link; its end is in a later `Html`.
    Link {
        /// Index into `Body::references`.
        reference: usize,
        /// The `title` attribute, if any.
        title: Option<String>,
    },
    /// A picture.
    Image {
        /// Index into `Body::references`.
        reference: usize,
        /// Alternative text, plain.
        alt: String,
        /// The `title` attribute, if any.
        title: Option<String>,
    },
    /// Only the address, inside an attribute of an author's raw HTML: to be written percent-encoded and escaped,
    /// without quotes.
    Address {
        /// Index into `Body::references`.
        reference: usize,
    },
    /// An interface word of the theme, in the language of the edition that shows it.
    Word {
        /// Its key.
        key: &'static str,
        /// When the theme has none.
        default: &'static str,
    },
    /// `:::name title` … `:::`, rendered by the theme's `directives/<name>.html`.
    Directive {
        /// `notice`, `figure`, `gallery`, `steps`.
        name: String,
        /// The rest of the opening line.
        title: String,
        /// What stands between the fences.
        body: Vec<Piece>,
    },
}

/// What a link or a picture points to, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The destination, percent-decoded where it is relative.
    pub target: String,
    /// A picture, not a link.
    pub image: bool,
    /// Where it stands.
    pub place: Place,
}

/// What parsing depends on besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What happens to raw HTML.
    pub html: crate::config::HtmlPolicy,
    /// Display characters in the excerpt.
    pub summary_length: usize,
}

/// Parses the body of the file at `path`: `text` is the whole decoded file, the body begins at byte `start`, so that
/// places are right.
pub fn parse(path: &SourcePath, text: &str, start: usize, options: Options) -> (Outline, Body, Vec<Problem>) {
    let start = start.min(text.len());
    // A start inside a character would be a mistake of the caller; nothing is the safe reading of it.
    let source = text.get(start..).unwrap_or("");
    let cleaned = clean::clean(source);
    let marked = mark::mark(&cleaned.text);
    let given = Given {
        origin: Origin::new(path, text, start, [&cleaned.edits, &marked.edits]),
        cleaned: &cleaned.text,
        fences: &marked.fences,
        marked: matches!(marked.text, Cow::Owned(_)) || marked.text.contains("&#"),
        stated_ids: stated_ids(&cleaned.text),
        options,
    };
    let mut draft = Draft::new(given, marked.text.contains("://"), marked.text.len());
    if let Some((at, junk)) = cleaned.first {
        let place = Place::of_span(path, text, start + at, start + at + junk.len_utf8());
        let code = format!("U+{:04X}", u32::from(junk));
        draft.report(Problem::new("control-characters").with("character", code).with("count", cleaned.count).at(place));
    }
    for (event, range) in Parser::new_ext(&marked.text, syntax()).into_offset_iter() {
        draft.event(event, range);
    }
    let (mut outline, body, problems) = draft.finish();
    outline.silent = silent(&body.pieces);
    outline.first_lines = first_lines(&body.pieces);
    (outline, body, problems)
}

/// Pictures without an alternative text, those inside directives too; directives nest at most as deep as a draft allows.
fn silent(pieces: &[Piece]) -> Vec<usize> {
    let mut silent = Vec::new();
    let mut stack: Vec<&Piece> = pieces.iter().rev().collect();
    while let Some(piece) = stack.pop() {
        match piece {
            Piece::Image { reference, alt, .. } if alt.trim().is_empty() => silent.push(*reference),
            Piece::Directive { body, .. } => stack.extend(body.iter().rev()),
            _ => {}
        }
    }
    silent
}

fn first_lines(pieces: &[Piece]) -> usize {
    let mut lines = 1;
    for piece in pieces {
        if let Piece::Html(html) = piece {
            let end = html.find("</p>");
            lines += html[..end.unwrap_or(html.len())].matches("<br").count();
            if end.is_some() {
                break;
            }
        }
    }
    lines
}

fn syntax() -> pulldown_cmark::Options {
    use pulldown_cmark::Options as Syntax;
    Syntax::ENABLE_TABLES
        | Syntax::ENABLE_FOOTNOTES
        | Syntax::ENABLE_STRIKETHROUGH
        | Syntax::ENABLE_TASKLISTS
        | Syntax::ENABLE_HEADING_ATTRIBUTES
        | Syntax::ENABLE_DEFINITION_LIST
        | Syntax::ENABLE_GFM
}

/// Everything that looks like an anchor stated by a heading (`{#id}`), so that no earlier heading gets it by chance.
fn stated_ids(text: &str) -> BTreeSet<String> {
    // Most texts have no brace, and one byte is found faster than two.
    if !text.contains('{') {
        return BTreeSet::new();
    }
    let ends = |c: char| c.is_whitespace() || c == '}' || c == '{';
    text.split("{#").skip(1).filter_map(|rest| rest.find(ends).map(|end| rest[..end].to_string())).collect()
}

#[cfg(test)]
mod tests;
