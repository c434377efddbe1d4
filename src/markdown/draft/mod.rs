//! The body as far as it is written: events of the parser come in, one after the other, and HTML, plain text,
//! headings, references and problems grow. What a directive or a footnote encloses is written into a frame of its own.

mod fences;
mod headings;
mod html;
mod links;
mod notes;
mod text;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::directive::Fence;
use super::frame::{Frame, Point};
use super::origin::Origin;
use super::raw::Removed;
use super::{Body, Options, Outline, Piece, excerpt};
use crate::config::HtmlPolicy;
use crate::problem::Problem;
use headings::{Ids, OpenHeading};
use links::OpenImage;
use notes::Notes;
use text::escape_attribute;

/// Blocks in blocks, and emphasis in emphasis, are written up to this depth. No document of people comes near it, and
/// what reads HTML recursively should not have to.
const DEEPEST: usize = 100;

/// What the passes before parsing left behind.
pub(super) struct Given<'a> {
    /// The way back to the file.
    pub(super) origin: Origin<'a>,
    /// The text before marking.
    pub(super) cleaned: &'a str,
    /// Lines of directive fences in it.
    pub(super) fences: &'a [Range<usize>],
    /// The parsed text may hold marks or entities.
    pub(super) marked: bool,
    /// Ids that headings state themselves.
    pub(super) stated_ids: BTreeSet<String>,
    /// As the caller has them.
    pub(super) options: Options,
}

/// The body so far.
pub(super) struct Draft<'a> {
    given: Given<'a>,
    outline: Outline,
    body: Body,
    problems: Vec<Problem>,
    /// The last one is written to.
    frames: Vec<Frame>,
    fences: Vec<Fence>,
    open: Vec<Open>,
    blocks: usize,
    inlines: usize,
    too_deep: bool,
    // Plain text.
    line_start: usize,
    paragraphs: Vec<Range<usize>>,
    more: Option<usize>,
    /// Not 0 inside what no summary quotes.
    unquoted: usize,
    // Between words.
    last: Option<char>,
    pending: Option<Point>,
    at_paragraph_start: bool,
    // Text that waits until all of it is there, because a bare URL may reach over several events.
    has_urls: bool,
    held: String,
    held_from: Vec<(usize, usize)>,
    links: usize,
    // What is open at most once.
    heading: Option<OpenHeading>,
    image: Option<OpenImage>,
    table: Table,
    code_block: bool,
    html: String,
    html_from: Vec<(usize, usize)>,
    skipping: Option<String>,
    raw_links: usize,
    removed: Removed,
    ids: Ids,
    notes: Notes,
}

/// A tag that is open: whether its end is to be written.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Paragraph,
    Written,
    Hidden,
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
}

impl<'a> Draft<'a> {
    /// An empty draft. `has_urls` when the text holds `://` anywhere.
    pub(super) fn new(given: Given<'a>, has_urls: bool, size: usize) -> Draft<'a> {
        let mut root = Frame::default();
        root.out.reserve(size + size / 4);
        let body = Body { text: String::with_capacity(size), ..Body::default() };
        let ids = Ids { reserved: given.stated_ids.clone(), ..Ids::default() };
        Draft {
            given,
            outline: Outline::default(),
            body,
            problems: Vec::new(),
            frames: vec![root],
            fences: Vec::new(),
            open: Vec::new(),
            blocks: 0,
            inlines: 0,
            too_deep: false,
            line_start: 0,
            paragraphs: Vec::new(),
            more: None,
            unquoted: 0,
            last: None,
            pending: None,
            at_paragraph_start: false,
            has_urls,
            held: String::new(),
            held_from: Vec::new(),
            links: 0,
            heading: None,
            image: None,
            table: Table::default(),
            code_block: false,
            html: String::new(),
            html_from: Vec::new(),
            skipping: None,
            raw_links: 0,
            removed: Removed::new(),
            ids,
            notes: Notes::default(),
        }
    }

    /// Adds a problem that was found before parsing.
    pub(super) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Writes one event.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if !self.held.is_empty() && !matches!(event, Event::Text(_)) {
            self.flush();
        }
        match event {
            Event::Text(text) => self.text(&text, range),
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Code(code) => self.code(&code),
            Event::Html(html) => {
                self.html_from.push((self.html.len(), range.start));
                self.html.push_str(&html);
            }
            Event::InlineHtml(html) => self.inline_html(&html, range.start),
            Event::SoftBreak => self.pending = Some(self.frame().here()),
            Event::HardBreak => self.hard_break(),
            Event::Rule => {
                self.end_line();
                self.out().push_str("<hr>\n");
            }
            Event::FootnoteReference(name) => self.note_reference(&name),
            Event::TaskListMarker(done) => {
                let checked = if done { " checked" } else { "" };
                self.out().push_str(&format!("<input type=\"checkbox\" disabled{checked}> "));
            }
            // Mathematics is not switched on.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text, range),
        }
    }

    /// The body and everything that was wrong with it.
    pub(super) fn finish(mut self) -> (Outline, Body, Vec<Problem>) {
        self.flush();
        self.end_line();
        self.close_fences(0);
        let sanitise = self.given.options.html == HtmlPolicy::Sanitise;
        let mut pieces = self.frames.pop().unwrap_or_default().pieces(sanitise);
        self.write_notes(&mut pieces);
        self.body.pieces = pieces;
        self.outline.headings.shrink_to_fit();
        self.outline.excerpt = self.excerpt();
        self.body.text.truncate(self.body.text.trim_end().len());
        self.outline.words = excerpt::words(&self.body.text);
        (self.outline, self.body, self.problems)
    }

    fn excerpt(&self) -> String {
        let text = &self.body.text;
        match self.more {
            Some(more) => {
                let before = self.paragraphs.iter().filter(|p| p.start < more).map(|p| &text[p.start..p.end.min(more)]);
                excerpt::whole(before)
            }
            None => {
                let paragraphs = self.paragraphs.iter().map(|p| &text[p.clone()]);
                excerpt::excerpt(paragraphs, self.given.options.summary_length)
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let open = match tag {
            Tag::Paragraph => {
                self.end_line();
                self.at_paragraph_start = true;
                self.out().push_str("<p>");
                Open::Paragraph
            }
            Tag::Heading { level, id, classes, attrs } => self.start_heading(level, id, &classes, &attrs, range),
            Tag::BlockQuote(kind) => {
                self.end_line();
                match kind {
                    None => self.block("<blockquote>\n", &range),
                    Some(kind) => self.start_alert(kind, &range),
                }
            }
            Tag::CodeBlock(kind) => {
                self.end_line();
                self.unquoted += 1;
                self.code_block = true;
                self.start_code(kind);
                Open::Written
            }
            Tag::HtmlBlock => {
                self.end_line();
                self.html.clear();
                self.html_from.clear();
                Open::Written
            }
            Tag::List(start) => {
                self.end_line();
                let html = match start {
                    None => Cow::Borrowed("<ul>\n"),
                    Some(1) => Cow::Borrowed("<ol>\n"),
                    Some(start) => Cow::Owned(format!("<ol start=\"{start}\">\n")),
                };
                self.block(&html, &range)
            }
            Tag::Item => {
                self.end_line();
                self.at_paragraph_start = true;
                self.block("<li>", &range)
            }
            Tag::FootnoteDefinition(name) => self.start_note(&name, &range),
            Tag::DefinitionList => {
                self.end_line();
                self.block("<dl>\n", &range)
            }
            Tag::DefinitionListTitle => {
                self.end_line();
                self.block("<dt>", &range)
            }
            Tag::DefinitionListDefinition => {
                self.end_line();
                self.block("<dd>", &range)
            }
            Tag::Table(alignments) => {
                self.end_line();
                self.unquoted += 1;
                self.table = Table { alignments, ..Table::default() };
                self.block("<table>\n", &range)
            }
            Tag::TableHead => {
                self.table.head = true;
                self.table.column = 0;
                self.out().push_str("<thead>\n<tr>");
                Open::Written
            }
            Tag::TableRow => {
                let first = !std::mem::replace(&mut self.table.body, true);
                self.table.column = 0;
                self.out().push_str(if first { "<tbody>\n<tr>" } else { "<tr>" });
                Open::Written
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.inline("<em>", &range),
            Tag::Strong => self.inline("<strong>", &range),
            Tag::Strikethrough => self.inline("<del>", &range),
            Tag::Superscript => self.inline("<sup>", &range),
            Tag::Subscript => self.inline("<sub>", &range),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, &range),
            Tag::Image { dest_url, title, .. } => self.start_image(&dest_url, &title, &range),
            // Front matter was taken off before.
            Tag::MetadataBlock(_) => Open::Hidden,
        };
        self.open.push(open);
    }

    fn end(&mut self, tag: TagEnd) {
        self.close_fences(self.open.len());
        let written = self.open.pop().is_none_or(|open| open != Open::Hidden);
        match tag {
            TagEnd::Paragraph => {
                self.pending = None;
                self.at_paragraph_start = false;
                self.skipping = None;
                self.out().push_str("</p>\n");
                self.end_line();
            }
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(kind) => {
                self.end_block(if kind.is_some() { "</div>\n" } else { "</blockquote>\n" }, written);
            }
            TagEnd::CodeBlock => {
                self.code_block = false;
                self.out().push_str("</code></pre>\n");
                self.end_line();
                self.unquoted -= 1;
            }
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::List(ordered) => self.end_block(if ordered { "</ol>\n" } else { "</ul>\n" }, written),
            TagEnd::Item => {
                if !written && !self.out().ends_with('\n') {
                    self.out().push_str("<br>\n");
                }
                self.end_block("</li>\n", written);
            }
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::DefinitionList => self.end_block("</dl>\n", written),
            TagEnd::DefinitionListTitle => self.end_block("</dt>\n", written),
            TagEnd::DefinitionListDefinition => self.end_block("</dd>\n", written),
            TagEnd::Table => {
                let html = if self.table.body { "</tbody>\n</table>\n" } else { "</table>\n" };
                self.end_block(html, written);
                self.unquoted -= 1;
            }
            TagEnd::TableHead => {
                self.table.head = false;
                self.out().push_str("</tr>\n</thead>\n");
                self.end_line();
            }
            TagEnd::TableRow => {
                self.out().push_str("</tr>\n");
                self.end_line();
            }
            TagEnd::TableCell => {
                let html = if self.table.head { "</th>" } else { "</td>" };
                self.pending = None;
                self.last = None;
                self.table.column += 1;
                self.out().push_str(html);
                self.body.text.push(' ');
            }
            TagEnd::Emphasis => self.end_inline("</em>", written),
            TagEnd::Strong => self.end_inline("</strong>", written),
            TagEnd::Strikethrough => self.end_inline("</del>", written),
            TagEnd::Superscript => self.end_inline("</sup>", written),
            TagEnd::Subscript => self.end_inline("</sub>", written),
            TagEnd::Link => {
                if written {
                    self.links -= 1;
                    self.out().push_str("</a>");
                }
            }
            TagEnd::Image => self.end_image(),
            TagEnd::MetadataBlock(_) => {}
        }
    }

    fn block(&mut self, html: &str, range: &Range<usize>) -> Open {
        self.blocks += 1;
        if self.blocks > DEEPEST {
            self.report_depth(range);
            return Open::Hidden;
        }
        self.out().push_str(html);
        Open::Written
    }

    /// Its title is the theme's word, in the language of whoever shows the document.
    fn start_alert(&mut self, kind: BlockQuoteKind, range: &Range<usize>) -> Open {
        let (class, key, default) = alert(kind);
        let html = format!("<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">");
        let open = self.block(&html, range);
        if open == Open::Written {
            self.frame().put(Piece::Word { key, default });
            self.out().push_str("</p>\n");
        }
        open
    }

    fn end_block(&mut self, html: &str, written: bool) {
        self.blocks -= 1;
        self.at_paragraph_start = false;
        if written {
            self.out().push_str(html);
        }
        self.end_line();
    }

    fn inline(&mut self, html: &str, range: &Range<usize>) -> Open {
        if self.image.is_some() || self.skipping.is_some() {
            return Open::Hidden;
        }
        if self.inlines >= DEEPEST {
            self.report_depth(range);
            return Open::Hidden;
        }
        self.inlines += 1;
        self.out().push_str(html);
        Open::Written
    }

    fn end_inline(&mut self, html: &str, written: bool) {
        if written {
            self.inlines -= 1;
            self.out().push_str(html);
        }
    }

    fn report_depth(&mut self, range: &Range<usize>) {
        if !std::mem::replace(&mut self.too_deep, true) {
            let place = self.given.origin.place(range.start, range.start + 1);
            self.problems.push(Problem::new("text-too-deep").with("limit", DEEPEST).at(place));
        }
    }

    fn start_code(&mut self, kind: CodeBlockKind<'_>) {
        let info = match &kind {
            CodeBlockKind::Fenced(info) => self.plain(info),
            CodeBlockKind::Indented => Cow::Borrowed(""),
        };
        let language = info.split_whitespace().next().unwrap_or("");
        if language.is_empty() {
            self.out().push_str("<pre><code>");
        } else {
            let out = self.out();
            out.push_str("<pre><code class=\"language-");
            escape_attribute(language, out);
            out.push_str("\">");
        }
    }

    fn start_cell(&mut self) -> Open {
        let alignment = self.table.alignments.get(self.table.column).copied().unwrap_or(Alignment::None);
        // A class, not a style: pages are served with a policy that forbids styles in attributes.
        let class = match alignment {
            Alignment::None => "",
            Alignment::Left => " class=\"align-left\"",
            Alignment::Center => " class=\"align-center\"",
            Alignment::Right => " class=\"align-right\"",
        };
        let head = self.table.head;
        let out = self.out();
        out.push_str(if head { "<th" } else { "<td" });
        out.push_str(class);
        out.push('>');
        Open::Written
    }

    fn at_line_start(&self) -> bool {
        self.frames.last().is_none_or(|frame| frame.out.is_empty() || frame.out.ends_with('\n'))
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the frame of the body is taken in `finish` only")
    }

    fn out(&mut self) -> &mut String {
        &mut self.frame().out
    }
}

/// The class of an alert, and its title: the key of the theme's word and its default.
fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "alert_note", "说明"),
        BlockQuoteKind::Tip => ("tip", "alert_tip", "提示"),
        BlockQuoteKind::Important => ("important", "alert_important", "重要"),
        BlockQuoteKind::Warning => ("warning", "alert_warning", "警告"),
        BlockQuoteKind::Caution => ("caution", "alert_caution", "注意"),
    }
}
