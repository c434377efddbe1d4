//! Words: into HTML, into plain text, or into a picture's description; what a line break between them was.

use std::borrow::Cow;
use std::ops::Range;

use super::super::chars::joins_without_space;
use super::super::mark::unmark;
use super::super::{Piece, address};
use super::{Draft, Open};
use crate::problem::Problem;

impl Draft<'_> {
    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        let text = self.plain(text);
        if (self.at_paragraph_start || self.pending.is_some()) && text.starts_with([':', '：']) {
            self.report_misplaced(&text, &range);
        }
        if self.code_block {
            escape(&text, &mut self.frame().out);
            self.body.text.push_str(&text);
        } else if self.has_urls && self.links == 0 && self.raw_links == 0 && self.image.is_none() {
            self.held_from.push((self.held.len(), range.end - text.len().min(range.end)));
            self.held.push_str(&text);
        } else {
            self.visible(&text);
        }
    }

    /// A fence at the beginning of a line would have become a mark; after `- ` or `## ` it is text.
    pub(super) fn report_misplaced(&mut self, text: &str, range: &Range<usize>) {
        if !self.code_block && (text.starts_with(":::") || text.starts_with("：：：")) {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("misplaced-directive").at(place));
        }
    }

    /// Writes the text that waited, with its bare URLs as links.
    pub(super) fn flush(&mut self) {
        let held = std::mem::take(&mut self.held);
        let from = std::mem::take(&mut self.held_from);
        let mut written = 0;
        while let Some(url) = address::find_url(&held, written) {
            self.visible(&held[written..url.start]);
            self.settle(&held[url.clone()]);
            let start = Parts { starts: &from, base: 0 }.offset(url.start);
            let place = self.given.origin.place(start, start + url.len());
            let reference = self.refer(&held[url.clone()], false, place);
            self.frame().put(Piece::Link { reference, title: None });
            self.visible(&held[url.clone()]);
            self.out().push_str("</a>");
            written = url.end;
        }
        self.visible(&held[written..]);
        // The memory is used again.
        (self.held, self.held_from) = (held, from);
        self.held.clear();
        self.held_from.clear();
    }

    /// Text without marks.
    pub(super) fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.given.marked { unmark(text, self.given.cleaned, self.given.fences) } else { Cow::Borrowed(text) }
    }

    /// Writes words into HTML and plain text.
    pub(super) fn visible(&mut self, text: &str) {
        let mut text = text;
        if self.skipping.is_some() {
            return;
        }
        if self.at_paragraph_start {
            // Indents of typed paragraphs; the theme indents.
            text = text.trim_start_matches(['\u{3000}', '\u{A0}']);
        }
        if self.pending.is_some() {
            text = self.settle(text);
        }
        if text.is_empty() {
            return;
        }
        self.at_paragraph_start = false;
        self.last = text.chars().next_back();
        match &mut self.image {
            Some(image) => image.alt.push_str(text),
            None => {
                let frame = self.frames.last_mut().expect("the frame of the body is taken in `finish` only");
                escape(text, &mut frame.out);
                self.body.text.push_str(text);
            }
        }
    }

    /// Decides what a line break was, now that `next` is what follows it; gives the text without its indent.
    pub(super) fn settle<'t>(&mut self, next: &'t str) -> &'t str {
        let text = next.trim_start_matches('\u{3000}');
        let Some(point) = self.pending else { return next };
        let Some(first) = text.chars().next() else { return text };
        self.pending = None;
        // People begin each paragraph with two ideographic spaces and leave no empty line between them.
        let new_paragraph =
            text.len() < next.len() && self.open.last() == Some(&Open::Paragraph) && self.image.is_none();
        if new_paragraph {
            self.frame().insert(point, "</p>\n<p>");
            self.end_line();
        } else if self.last.is_some_and(|last| !joins_without_space(last, first)) {
            match &mut self.image {
                Some(image) => image.alt.push(' '),
                None => {
                    self.frame().insert(point, "\n");
                    self.body.text.push(' ');
                }
            }
        }
        text
    }

    pub(super) fn code(&mut self, code: &str) {
        let code = self.plain(code);
        if self.skipping.is_some() {
            return;
        }
        self.settle(&code);
        self.at_paragraph_start = false;
        self.last = code.chars().next_back();
        if let Some(image) = &mut self.image {
            image.alt.push_str(&code);
            return;
        }
        let out = self.out();
        out.push_str("<code>");
        escape(&code, out);
        out.push_str("</code>");
        self.body.text.push_str(&code);
    }

    pub(super) fn hard_break(&mut self) {
        self.pending = None;
        self.last = None;
        if let Some(image) = &mut self.image {
            image.alt.push(' ');
            return;
        }
        self.out().push_str("<br>\n");
        self.body.text.push('\n');
        // The next line may be indented as a paragraph is.
        self.at_paragraph_start = true;
    }

    /// Ends the line of plain text that a block makes.
    pub(super) fn end_line(&mut self) {
        self.pending = None;
        self.last = None;
        let text = &mut self.body.text;
        let kept = text[self.line_start..].trim_end().len();
        text.truncate(self.line_start + kept);
        if kept == 0 {
            return;
        }
        if self.unquoted == 0 {
            self.paragraphs.push(self.line_start..text.len());
        }
        text.push('\n');
        self.line_start = text.len();
    }
}

/// Where the parts of something stand that was put together from several events.
#[derive(Clone, Copy)]
pub(super) struct Parts<'p> {
    /// For each part where it begins in the whole, and in the parsed text.
    pub(super) starts: &'p [(usize, usize)],
    /// Where in the whole we begin to count.
    pub(super) base: usize,
}

impl Parts<'_> {
    /// The offset in the parsed text of byte `at`.
    pub(super) fn offset(&self, at: usize) -> usize {
        let at = self.base + at;
        let index = self.starts.partition_point(|&(start, _)| start <= at);
        index.checked_sub(1).map_or(at, |index| self.starts[index].1 + (at - self.starts[index].0))
    }
}

pub(super) fn escape(text: &str, out: &mut String) {
    escape_at(text, out, |rest| memchr::memchr3(b'&', b'<', b'>', rest));
}

pub(super) fn escape_attribute(text: &str, out: &mut String) {
    escape_with(text, out, |b| matches!(b, b'&' | b'<' | b'>' | b'"'));
}

/// Entities stay as they are written.
pub(super) fn escape_raw(text: &str, out: &mut String) {
    escape_at(text, out, |rest| memchr::memchr2(b'<', b'>', rest));
}

pub(super) fn escape_with(text: &str, out: &mut String, special: impl Fn(u8) -> bool) {
    escape_at(text, out, |rest| rest.iter().position(|byte| special(*byte)));
}

/// `next` finds the next byte that is not written as it is.
fn escape_at(text: &str, out: &mut String, next: impl Fn(&[u8]) -> Option<usize>) {
    let mut rest = text;
    while let Some(at) = next(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
