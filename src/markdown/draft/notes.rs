//! Footnotes: numbered as they are referred to, written after everything else.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::Piece;
use super::super::frame::Frame;
use super::{Draft, Open};
use crate::config::HtmlPolicy;
use crate::problem::Problem;

/// Footnotes: numbered as they are referred to.
#[derive(Default)]
pub(super) struct Notes {
    numbers: BTreeMap<String, usize>,
    /// Number → how often it was referred to.
    seen: BTreeMap<usize, usize>,
    /// Number → its text.
    bodies: BTreeMap<usize, Vec<Piece>>,
    /// Number of each definition that is open, and whether it repeats one.
    open: Vec<(usize, bool)>,
}

impl Draft<'_> {
    pub(super) fn note_reference(&mut self, name: &str) {
        let name = self.plain(name).into_owned();
        if self.image.is_some() || self.skipping.is_some() {
            return;
        }
        self.pending = None;
        let number = self.notes.number(name);
        let seen = self.notes.seen.entry(number).or_insert(0);
        *seen += 1;
        let id = note_reference_id(number, *seen);
        let html = format!("<sup class=\"footnote-ref\"><a href=\"#fn-{number}\" id=\"{id}\">{number}</a></sup>");
        self.out().push_str(&html);
    }

    pub(super) fn start_note(&mut self, name: &str, range: &Range<usize>) -> Open {
        self.end_line();
        self.unquoted += 1;
        let name = self.plain(name).into_owned();
        let number = self.notes.number(name.clone());
        let repeated = self.notes.bodies.contains_key(&number);
        if repeated {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("duplicate-footnote").with("name", name).at(place));
        }
        self.notes.open.push((number, repeated));
        self.frames.push(Frame::default());
        Open::Written
    }

    pub(super) fn end_note(&mut self) {
        self.end_line();
        self.unquoted -= 1;
        let Some((number, repeated)) = self.notes.open.pop() else { return };
        let mut frame = self.frames.pop().unwrap_or_default();
        if !repeated {
            let back = format!(" <a class=\"footnote-back\" href=\"#{}\">↩</a>", note_reference_id(number, 1));
            if frame.out.ends_with("</p>\n") {
                frame.out.truncate(frame.out.len() - "</p>\n".len());
                frame.out.push_str(&back);
                frame.out.push_str("</p>\n");
            } else {
                frame.out.push_str(&back);
            }
            let sanitise = self.given.options.html == HtmlPolicy::Sanitise;
            self.notes.bodies.insert(number, frame.pieces(sanitise));
        }
    }

    /// Writes the footnotes after everything else.
    pub(super) fn write_notes(&mut self, pieces: &mut Vec<Piece>) {
        let bodies = std::mem::take(&mut self.notes.bodies);
        if bodies.is_empty() {
            return;
        }
        let mut html = String::from("<section class=\"footnotes\">\n<ol>\n");
        for (number, body) in bodies {
            html.push_str(&format!("<li id=\"fn-{number}\" value=\"{number}\">"));
            for piece in body {
                match piece {
                    Piece::Html(more) => html.push_str(&more),
                    piece => {
                        push(pieces, std::mem::take(&mut html));
                        pieces.push(piece);
                    }
                }
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n</section>\n");
        push(pieces, html);
    }
}

impl Notes {
    /// The number of the note with this name.
    fn number(&mut self, name: String) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(name).or_insert(next)
    }
}

fn note_reference_id(number: usize, seen: usize) -> String {
    if seen == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{seen}") }
}

fn push(pieces: &mut Vec<Piece>, html: String) {
    match pieces.last_mut() {
        _ if html.is_empty() => {}
        Some(Piece::Html(last)) => last.push_str(&html),
        _ => pieces.push(Piece::Html(html)),
    }
}
