//! Raw HTML of the author: kept, written anew from the allow-list, or shown as text; its addresses become references.

use std::ops::Range;

use super::super::chars::joins_without_space;
use super::super::mark::{TOKEN, fence_number};
use super::super::raw::{Token, Verdict};
use super::super::{Piece, address, raw};
use super::text::{Parts, escape_raw};
use super::{DEEPEST, Draft, Open};
use crate::config::HtmlPolicy;
use crate::problem::Problem;

impl Draft<'_> {
    pub(super) fn html_block(&mut self) {
        let html = std::mem::take(&mut self.html);
        let from = std::mem::take(&mut self.html_from);
        let mut written = 0;
        for (at, end, number) in fences_in(&html) {
            let Some(line) = self.given.fences.get(number).cloned() else { continue };
            self.raw_block(&html[written..at], Parts { starts: &from, base: written });
            // Inside a script, say, it is text, and goes with it.
            if self.skipping.is_none() {
                self.fence(line, Parts { starts: &from, base: 0 }.offset(at));
            }
            written = end;
        }
        self.raw_block(&html[written..], Parts { starts: &from, base: written });
        self.skipping = None;
        self.raw_links = 0;
        (self.html, self.html_from) = (html, from);
    }

    fn raw_block(&mut self, html: &str, parts: Parts<'_>) {
        if !html.trim_ascii().is_empty() {
            let plain = self.plain(html);
            self.raw(&plain, parts, true);
            self.end_line();
        }
    }

    pub(super) fn inline_html(&mut self, html: &str, at: usize) {
        if self.image.is_some() {
            return;
        }
        if let Some(line) = fence_number(html).and_then(|number| self.given.fences.get(number)) {
            let place = self.given.origin.place(at, at + html.len());
            self.problems.push(Problem::new("misplaced-directive").at(place));
            let cleaned = self.given.cleaned;
            self.visible(&cleaned[line.clone()]);
            return;
        }
        let plain = self.plain(html);
        self.raw(&plain, Parts { starts: &[(0, at)], base: 0 }, false);
    }

    /// Writes raw HTML as the policy says. `parts` says where it stands.
    pub(super) fn raw(&mut self, html: &str, parts: Parts<'_>, block: bool) {
        let policy = self.given.options.html;
        if policy == HtmlPolicy::Escape && block && !html.trim_start().starts_with("<!--") {
            self.out().push_str("<p>");
        }
        raw::walk(html, |at, token| match token {
            Token::Comment(comment) => {
                if comment.trim() == "more" && self.more.is_none() {
                    self.more = Some(self.body.text.trim_end().len());
                }
            }
            // What was dropped leaves its line end behind.
            Token::Text(text) if block && text.trim_ascii().is_empty() && self.at_line_start() => {}
            token => match policy {
                HtmlPolicy::Escape => self.escaped(&token),
                HtmlPolicy::Trust => self.trusted(token, parts),
                HtmlPolicy::Sanitise => self.sanitised(at, token, parts),
            },
        });
        if policy == HtmlPolicy::Escape && block && !html.trim_start().starts_with("<!--") {
            let out = self.out();
            out.truncate(out.trim_end().len());
            out.push_str("</p>\n");
        }
    }

    pub(super) fn escaped(&mut self, token: &Token<'_>) {
        match token {
            Token::Text(text) => self.visible(text),
            Token::Open(tag) => self.visible(tag.source),
            Token::Close(_, source) => self.visible(source),
            Token::Comment(_) | Token::Declaration(_) => {}
        }
    }

    pub(super) fn trusted(&mut self, token: Token<'_>, parts: Parts<'_>) {
        match token {
            Token::Text(text) => {
                self.out().push_str(text);
                self.raw_text(text);
            }
            Token::Open(tag) => {
                self.note_tag(&tag.name, true);
                let start = tag.source.as_ptr().addr();
                let mut written = 0;
                for attribute in tag.attributes.iter().filter(|a| raw::is_address(&a.name) && !a.value.is_empty()) {
                    let target = raw::decoded(attribute.value);
                    if address::forbidden_scheme(&target).is_some() {
                        continue;
                    }
                    let at = attribute.value.as_ptr().addr() - start;
                    self.out().push_str(&tag.source[written..at]);
                    self.put_address(&target, &tag.name, attribute.at, attribute.value.len(), parts);
                    written = at + attribute.value.len();
                }
                self.out().push_str(&tag.source[written..]);
                self.note_anchors(&tag);
            }
            Token::Close(name, source) => {
                self.note_tag(&name, false);
                self.out().push_str(source);
            }
            Token::Comment(_) | Token::Declaration(_) => {}
        }
    }

    pub(super) fn sanitised(&mut self, at: usize, token: Token<'_>, parts: Parts<'_>) {
        if let Some(until) = &self.skipping {
            if matches!(&token, Token::Close(name, _) if name == until) {
                self.skipping = None;
            }
            return;
        }
        match token {
            Token::Text(text) => {
                self.frame().raw = true;
                escape_raw(&raw::without_marks(text), &mut self.frame().out);
                self.raw_text(text);
            }
            Token::Open(tag) => {
                let place_from = parts.offset(at);
                match raw::verdict(&tag.name) {
                    Verdict::Keep if self.frame().enter(&tag.name, DEEPEST) => self.keep_tag(&tag, parts),
                    Verdict::Keep => self.report_depth(&(place_from..place_from + tag.source.len())),
                    verdict => {
                        self.report_removed(&format!("<{}>", tag.name), &(place_from..place_from + tag.source.len()));
                        if verdict == Verdict::Drop && !tag.source.ends_with("/>") {
                            self.skipping = Some(tag.name);
                        }
                    }
                }
            }
            Token::Close(name, _) => {
                if raw::verdict(&name) == Verdict::Keep && self.frame().leave(&name) {
                    self.note_tag(&name, false);
                    self.frame().raw = true;
                    self.out().push_str(&format!("</{name}>"));
                }
            }
            Token::Comment(_) | Token::Declaration(_) => {}
        }
    }

    /// Writes an allowed tag anew, with its allowed attributes.
    pub(super) fn keep_tag(&mut self, tag: &raw::Tag<'_>, parts: Parts<'_>) {
        self.note_tag(&tag.name, true);
        self.note_anchors(tag);
        self.frame().raw = true;
        self.out().push_str(&format!("<{}", tag.name));
        for attribute in &tag.attributes {
            let place_from = parts.offset(attribute.at);
            let range = place_from..place_from + attribute.value.len().max(1);
            if !raw::allows(&tag.name, &attribute.name) {
                self.report_removed(&attribute.name, &range);
            } else if raw::is_address(&attribute.name) {
                let target = raw::decoded(attribute.value);
                let place = self.given.origin.place(range.start, range.end);
                if !self.refuses(&target, &place) {
                    self.out().push_str(&format!(" {}=\"", attribute.name));
                    self.put_address(&target, &tag.name, attribute.at, attribute.value.len(), parts);
                    self.out().push('"');
                }
            } else {
                let out = self.out();
                out.push_str(&format!(" {}=\"", attribute.name));
                out.push_str(&raw::without_marks(attribute.value).replace('"', "&quot;").replace('<', "&lt;"));
                out.push('"');
            }
        }
        self.out().push('>');
    }

    pub(super) fn put_address(&mut self, target: &str, tag: &str, at: usize, length: usize, parts: Parts<'_>) {
        let start = parts.offset(at);
        let place = self.given.origin.place(start, start + length);
        let reference = self.refer(target, tag == "img", place);
        self.frame().put(Piece::Address { reference });
    }

    /// Words between raw tags, as plain text.
    pub(super) fn raw_text(&mut self, text: &str) {
        for (index, word) in raw::decoded(text).split_ascii_whitespace().enumerate() {
            let first = word.chars().next();
            let apart = index > 0 || text.starts_with(|c: char| c.is_ascii_whitespace());
            if apart
                && let (Some(last), Some(first)) = (self.last, first)
                && !joins_without_space(last, first)
            {
                self.body.text.push(' ');
            }
            self.body.text.push_str(word);
            self.last = word.chars().next_back();
        }
    }

    pub(super) fn note_tag(&mut self, name: &str, opens: bool) {
        match (name, opens) {
            ("a", true) => self.raw_links += 1,
            ("a", false) => self.raw_links = self.raw_links.saturating_sub(1),
            ("br", _) => {
                self.body.text.push('\n');
                self.last = None;
            }
            // Inside a paragraph of Markdown a block's tag cannot stand; its text goes on.
            _ if raw::is_block(name) && self.open.last() != Some(&Open::Paragraph) => self.end_line(),
            _ => {}
        }
    }

    pub(super) fn note_anchors(&mut self, tag: &raw::Tag<'_>) {
        let anchors = tag.attributes.iter().filter(|a| a.name == "id" || (a.name == "name" && tag.name == "a"));
        self.outline.anchors.extend(anchors.map(|a| raw::decoded(a.value)));
    }

    /// Says once for each kind that something was taken out.
    pub(super) fn report_removed(&mut self, what: &str, range: &Range<usize>) {
        if self.removed.insert(what.to_ascii_lowercase()) {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("html-removed").with("what", what).at(place));
        }
    }
}

/// Marks of directive fences in a block of raw HTML, outside comments: where each begins and ends, and its number.
pub(super) fn fences_in(html: &str) -> Vec<(usize, usize, usize)> {
    let mut fences = Vec::new();
    if html.contains(TOKEN) {
        raw::walk(html, |at, token| {
            if let Token::Declaration(source) = token
                && let Some(number) = fence_number(source)
            {
                fences.push((at, at + source.len(), number));
            }
        });
    }
    fences
}
