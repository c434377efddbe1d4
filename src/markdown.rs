//! Markdown text → pieces of HTML with the references left open, headings, excerpt and counts. Knows no site: a link
//! becomes a `Reference` with its place, unresolved.

use crate::problem::{Place, Problem};

/// A body, parsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// In order.
    pub pieces: Vec<Piece>,
    /// All headings in order, the title's level-1 heading left out when it became the title.
    pub headings: Vec<Heading>,
    /// What links and pictures point to.
    pub references: Vec<Reference>,
    /// The first level-1 heading as plain text, when the body begins with one; it is not among the pieces.
    pub title: Option<String>,
    /// Automatic summary, plain text.
    pub excerpt: String,
    /// All words as plain text, a line for each block: for search, screens and slogans (hard breaks are newlines).
    pub text: String,
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

/// A heading of the body.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Anchor, unique in the document.
    pub id: String,
    /// Plain text.
    pub text: String,
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
pub fn parse(path: &crate::file::SourcePath, text: &str, start: usize, options: Options) -> (Body, Vec<Problem>) {
    let _ = (path, text, start, options);
    (Body::default(), Vec::new())
}
