//! Headings: their anchors, and the one that becomes the title.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{CowStr, HeadingLevel};

use super::super::Heading;
use super::super::frame::Point;
use super::text::escape_attribute;
use super::{Draft, Open};
use crate::problem::Problem;

pub(super) struct OpenHeading {
    pub(super) level: u8,
    pub(super) id: Option<String>,
    /// It is the first to state this id.
    pub(super) owner: bool,
    pub(super) classes: String,
    pub(super) from: Point,
    pub(super) references: usize,
    pub(super) may_be_title: bool,
}

impl Draft<'_> {
    pub(super) fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<CowStr<'_>>,
        classes: &[CowStr<'_>],
        attributes: &[(CowStr<'_>, Option<CowStr<'_>>)],
        range: Range<usize>,
    ) -> Open {
        self.end_line();
        for (name, _) in attributes {
            self.report_removed(name, &range);
        }
        let stated = id.as_ref().map(|id| self.plain(id).into_owned());
        let owner = stated.as_ref().is_some_and(|id| self.ids.stated.insert(id.clone()));
        if let Some(id) = stated.as_ref().filter(|_| !owner) {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("duplicate-anchor").with("anchor", id).at(place));
        }
        let may_be_title = level == HeadingLevel::H1
            && self.open.is_empty()
            && self.frames.len() == 1
            && self.frame().is_empty()
            && self.outline.title.is_none()
            && self.outline.headings.is_empty();
        self.unquoted += 1;
        self.at_paragraph_start = true;
        self.heading = Some(OpenHeading {
            level: level as u8,
            id: stated,
            owner,
            classes: classes.iter().map(|class| self.plain(class)).collect::<Vec<_>>().join(" "),
            from: self.frame().here(),
            references: self.outline.references.len(),
            may_be_title,
        });
        Open::Written
    }

    pub(super) fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else { return };
        self.pending = None;
        self.at_paragraph_start = false;
        self.skipping = None;
        let text = self.body.text[self.line_start..].trim_matches(is_blank).replace('\n', " ");
        if heading.may_be_title && !text.is_empty() {
            self.frame().truncate(heading.from);
            self.outline.references.truncate(heading.references);
            self.body.text.truncate(self.line_start);
            self.more = self.more.map(|more| more.min(self.line_start));
            self.outline.title = Some(text);
        } else {
            let id = self.ids.take(heading.id.as_deref().unwrap_or(&anchor(&text)), heading.owner);
            let mut opening = format!("<h{} id=\"", heading.level);
            escape_attribute(&id, &mut opening);
            if !heading.classes.is_empty() {
                opening.push_str("\" class=\"");
                escape_attribute(&heading.classes, &mut opening);
            }
            opening.push_str("\">");
            self.frame().insert(heading.from, &opening);
            self.out().push_str(&format!("</h{}>\n", heading.level));
            self.outline.headings.push(Heading { level: heading.level, id: &id, text: &text });
        }
        self.end_line();
        self.unquoted -= 1;
    }
}

/// Anchors of headings.
#[derive(Default)]
pub(super) struct Ids {
    /// Taken.
    pub(super) used: BTreeSet<String>,
    /// Wanted again → the number to try next.
    pub(super) next: BTreeMap<String, usize>,
    /// Kept for the headings that state them.
    pub(super) reserved: BTreeSet<String>,
    /// Stated so far.
    pub(super) stated: BTreeSet<String>,
}

impl Ids {
    /// `wanted`, or `wanted-1` and so on when it is taken. The first heading that states an anchor has it.
    fn take(&mut self, wanted: &str, owner: bool) -> String {
        if (owner || !self.reserved.contains(wanted)) && self.used.insert(wanted.to_string()) {
            return wanted.to_string();
        }
        let mut number = self.next.get(wanted).copied().unwrap_or(1);
        loop {
            let id = format!("{wanted}-{number}");
            number += 1;
            if !self.reserved.contains(&id) && self.used.insert(id.clone()) {
                self.next.insert(wanted.to_string(), number);
                return id;
            }
        }
    }
}

/// The anchor of a heading: letters of all scripts, digits, `-` and `_`; spaces become `-`.
pub(super) fn anchor(text: &str) -> String {
    let mut anchor = String::with_capacity(text.len());
    for c in text.trim_matches(is_blank).chars() {
        match c {
            '-' | '_' => anchor.push(c),
            _ if c.is_whitespace() => anchor.push('-'),
            _ if c.is_alphanumeric() => anchor.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if anchor.is_empty() { "section".to_string() } else { anchor }
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}
