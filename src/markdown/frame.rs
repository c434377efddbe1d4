//! A stretch of HTML as it is being written, with places where something that is not HTML stands. In the end it
//! becomes pieces; when it holds raw HTML of an author, it goes through the sanitiser on the way.

use std::borrow::Cow;

use super::mark::TOKEN;
use super::{Piece, raw};

/// HTML and what stands between.
#[derive(Default)]
pub(super) struct Frame {
    /// Finished HTML.
    pub(super) out: String,
    /// In order: where in `out` a piece stands.
    marks: Vec<(usize, Piece)>,
    /// An author's HTML is in it.
    pub(super) raw: bool,
    /// Names of the author's elements that are open.
    elements: Vec<String>,
}

/// A point in a frame to come back to.
#[derive(Clone, Copy)]
pub(super) struct Point {
    at: usize,
    marks: usize,
}

impl Frame {
    /// Puts a piece after what is written.
    pub(super) fn put(&mut self, piece: Piece) {
        self.marks.push((self.out.len(), piece));
    }

    /// The point after what is written.
    pub(super) fn here(&self) -> Point {
        Point { at: self.out.len(), marks: self.marks.len() }
    }

    /// Inserts HTML at a point.
    pub(super) fn insert(&mut self, point: Point, html: &str) {
        self.out.insert_str(point.at, html);
        for (at, _) in &mut self.marks[point.marks..] {
            *at += html.len();
        }
    }

    /// Takes away everything after a point.
    pub(super) fn truncate(&mut self, point: Point) {
        self.out.truncate(point.at);
        self.marks.truncate(point.marks);
    }

    /// True when nothing is written.
    pub(super) fn is_empty(&self) -> bool {
        self.out.is_empty() && self.marks.is_empty()
    }

    /// Notes that an author's element begins; false when it would lie deeper than `deepest`.
    pub(super) fn enter(&mut self, element: &str, deepest: usize) -> bool {
        // A second <li> or <p> ends the first one without a word.
        let ends_itself = self.elements.last().is_some_and(|last| last == element) && raw::ends_itself(element);
        if raw::is_void(element) || ends_itself {
            return true;
        }
        if self.elements.len() >= deepest {
            return false;
        }
        self.elements.push(element.to_string());
        true
    }

    /// Notes that an author's element ends; false when it never began.
    pub(super) fn leave(&mut self, element: &str) -> bool {
        let Some(index) = self.elements.iter().rposition(|open| open == element) else { return false };
        self.elements.truncate(index);
        true
    }

    /// The pieces; `sanitise` when raw HTML has to pass the sanitiser.
    pub(super) fn pieces(self, sanitise: bool) -> Vec<Piece> {
        if sanitise && self.raw { self.sanitised() } else { self.split() }
    }

    fn split(mut self) -> Vec<Piece> {
        if self.marks.is_empty() {
            // It is kept until its page is written, and so is what it grew beyond its length.
            self.out.shrink_to_fit();
            return if self.out.is_empty() { Vec::new() } else { vec![Piece::Html(self.out)] };
        }
        let mut pieces = Vec::with_capacity(self.marks.len() * 2 + 1);
        let mut from = 0;
        for (at, piece) in self.marks.drain(..) {
            push_html(&mut pieces, &self.out[from..at]);
            pieces.push(piece);
            from = at;
        }
        push_html(&mut pieces, &self.out[from..]);
        pieces
    }

    /// Pieces go through the sanitiser as tokens in forms that it knows: a link as a link, a picture as a picture.
    fn sanitised(self) -> Vec<Piece> {
        let mut html = String::with_capacity(self.out.len() + self.marks.len() * 32);
        let mut from = 0;
        for (number, (at, piece)) in self.marks.iter().enumerate() {
            html.push_str(&self.out[from..*at]);
            from = *at;
            html.push_str(&token(piece, number));
        }
        html.push_str(&self.out[from..]);
        let safe = raw::sanitise(&html);
        let mut pieces = Vec::new();
        let mut rest = safe.as_str();
        while let Some((before, number, after)) = next_token(rest) {
            let piece = self.marks.get(number).map(|(_, piece)| piece.clone());
            let (before, after) = match &piece {
                Some(piece) => unwrapped(piece, before, after),
                None => (before, after),
            };
            push_html(&mut pieces, before);
            pieces.extend(piece);
            rest = after;
        }
        push_html(&mut pieces, rest);
        pieces
    }
}

fn push_html(pieces: &mut Vec<Piece>, html: &str) {
    match pieces.last_mut() {
        _ if html.is_empty() => {}
        Some(Piece::Html(last)) => last.push_str(html),
        _ => pieces.push(Piece::Html(html.to_string())),
    }
}

const LINK: (&str, &str) = ("<a href=\"", "\">");
const IMAGE: (&str, &str) = ("<img src=\"", "\">");
const BARE: (&str, &str) = ("", "");

fn wrapping(piece: &Piece) -> (&'static str, &'static str) {
    match piece {
        Piece::Link { .. } => LINK,
        Piece::Image { .. } => IMAGE,
        Piece::Html(_) | Piece::Address { .. } | Piece::Word { .. } | Piece::Directive { .. } => BARE,
    }
}

fn token(piece: &Piece, number: usize) -> Cow<'static, str> {
    let (before, after) = wrapping(piece);
    format!("{before}{TOKEN}{number}{TOKEN}{after}").into()
}

fn next_token(html: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = html.split_once(TOKEN)?;
    let (number, after) = rest.split_once(TOKEN)?;
    // Tokens are ours alone, and their numbers too; a number that is none would be a mistake of ours and shows nothing.
    Some((before, number.parse().unwrap_or(usize::MAX), after))
}

fn unwrapped<'a>(piece: &Piece, before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let (head, tail) = wrapping(piece);
    (before.strip_suffix(head).unwrap_or(before), after.strip_prefix(tail).unwrap_or(after))
}
