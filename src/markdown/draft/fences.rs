//! Directives as they open and close; each known one has a frame of its own.

use std::ops::Range;

use super::super::directive::{Fence, Line};
use super::super::frame::Frame;
use super::super::{Piece, directive};
use super::{DEEPEST, Draft};
use crate::config::HtmlPolicy;
use crate::problem::{Place, Problem};

impl Draft<'_> {
    /// Opens or closes a directive.
    pub(super) fn fence(&mut self, line: Range<usize>, at: usize) {
        self.end_line();
        let cleaned = self.given.cleaned;
        let written = &cleaned[line];
        let place = self.given.origin.place(at, at + written.len());
        match directive::read(written) {
            Line::Open { colons, name, title } => self.open_fence(colons, name, title, place, at),
            Line::Close { colons } => {
                // The container of the HTML block itself is already closed.
                match directive::closes(&self.fences, colons, self.open.len()) {
                    Some(index) => {
                        while self.fences.len() > index + 1 {
                            self.close_fence(true);
                        }
                        self.close_fence(false);
                    }
                    None => self.problems.push(Problem::new("unopened-directive").at(place)),
                }
            }
        }
    }

    pub(super) fn open_fence(&mut self, colons: usize, name: &str, title: &str, place: Place, at: usize) {
        let known = directive::known(name);
        if known.is_none() {
            self.problems.push(directive::unknown(name, place.clone()));
        }
        let too_deep = known.is_some() && self.blocks >= DEEPEST;
        if too_deep {
            self.report_depth(&(at..at + 1));
        }
        let known = known.filter(|_| !too_deep);
        let quoted = !matches!(known, Some("figure" | "gallery"));
        let title = directive::title(name, title);
        if known.is_some() {
            self.blocks += 1;
            self.frames.push(Frame::default());
            if !title.is_empty() {
                self.unquoted += 1;
                self.body.text.push_str(title);
                self.end_line();
                self.unquoted -= 1;
            }
            self.unquoted += usize::from(!quoted);
        }
        self.fences.push(Fence { colons, name: known, title: title.to_string(), quoted, place, base: self.open.len() });
    }

    /// Closes directives that were opened inside a block which now ends; they lack their fence.
    pub(super) fn close_fences(&mut self, depth: usize) {
        while self.fences.last().is_some_and(|fence| fence.base >= depth) {
            self.close_fence(true);
        }
    }

    pub(super) fn close_fence(&mut self, missing: bool) {
        let Some(fence) = self.fences.pop() else { return };
        self.end_line();
        if missing {
            let problem = Problem::new("unclosed-directive").with("colons", ":".repeat(fence.colons.min(20)));
            self.problems.push(problem.at(fence.place));
        }
        let Some(name) = fence.name else { return };
        self.blocks -= 1;
        self.unquoted -= usize::from(!fence.quoted);
        let sanitise = self.given.options.html == HtmlPolicy::Sanitise;
        let body = self.frames.pop().unwrap_or_default().pieces(sanitise);
        self.frame().put(Piece::Directive { name: name.to_string(), title: fence.title, body });
    }
}
