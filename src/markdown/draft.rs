//! The body as far as it is written: events of the parser come in, one after the other, and HTML, plain text,
//! headings, references and problems grow. What a directive or a footnote encloses is written into a frame of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::address;
use super::chars::joins_without_space;
use super::directive::{self, Fence, Line};
use super::excerpt;
use super::frame::{Frame, Point};
use super::mark::{TOKEN, fence_number, unmark};
use super::origin::Origin;
use super::raw::{self, Removed, Token, Verdict};
use super::{Body, Heading, Options, Piece, Reference};
use crate::config::HtmlPolicy;
use crate::problem::{Place, Problem};

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

struct OpenHeading {
    level: u8,
    id: Option<String>,
    /// It is the first to state this id.
    owner: bool,
    classes: String,
    from: Point,
    references: usize,
    may_be_title: bool,
}

struct OpenImage {
    reference: Option<usize>,
    title: Option<String>,
    alt: String,
    depth: usize,
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
}

/// Footnotes: numbered as they are referred to.
#[derive(Default)]
struct Notes {
    order: Vec<String>,
    numbers: BTreeMap<String, usize>,
    seen: BTreeMap<usize, usize>,
    bodies: BTreeMap<usize, Vec<Piece>>,
    open: Vec<(usize, bool, Place)>,
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
    pub(super) fn finish(mut self) -> (Body, Vec<Problem>) {
        self.flush();
        self.end_line();
        self.close_fences(0);
        let sanitise = self.given.options.html == HtmlPolicy::Sanitise;
        let mut pieces = self.frames.pop().unwrap_or_default().pieces(sanitise);
        self.write_notes(&mut pieces);
        self.body.pieces = pieces;
        self.body.excerpt = self.excerpt();
        self.body.text.truncate(self.body.text.trim_end().len());
        self.body.words = excerpt::words(&self.body.text);
        (self.body, self.problems)
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

    // ---- text ----

    fn text(&mut self, text: &str, range: Range<usize>) {
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
    fn report_misplaced(&mut self, text: &str, range: &Range<usize>) {
        if !self.code_block && (text.starts_with(":::") || text.starts_with("：：：")) {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("misplaced-directive").at(place));
        }
    }

    /// Writes the text that waited, with its bare URLs as links.
    fn flush(&mut self) {
        let held = std::mem::take(&mut self.held);
        let from = std::mem::take(&mut self.held_from);
        let mut written = 0;
        while let Some(url) = address::find_url(&held, written) {
            self.visible(&held[written..url.start]);
            self.settle(&held[url.clone()]);
            let start = offset_of(&from, url.start);
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
    fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.given.marked { unmark(text, self.given.cleaned, self.given.fences) } else { Cow::Borrowed(text) }
    }

    /// Writes words into HTML and plain text.
    fn visible(&mut self, text: &str) {
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
    fn settle<'t>(&mut self, next: &'t str) -> &'t str {
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

    fn code(&mut self, code: &str) {
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

    fn hard_break(&mut self) {
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
    fn end_line(&mut self) {
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

    // ---- tags ----

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
                let html: &str = match kind {
                    None => "<blockquote>\n",
                    Some(kind) => alert(kind),
                };
                self.block(html, &range)
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
            self.problems.push(Problem::new("too-deep").with("limit", DEEPEST).at(place));
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

    // ---- headings ----

    fn start_heading(
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
            && self.body.title.is_none()
            && self.body.headings.is_empty();
        self.unquoted += 1;
        self.at_paragraph_start = true;
        self.heading = Some(OpenHeading {
            level: level as u8,
            id: stated,
            owner,
            classes: classes.iter().map(|class| self.plain(class)).collect::<Vec<_>>().join(" "),
            from: self.frame().here(),
            references: self.body.references.len(),
            may_be_title,
        });
        Open::Written
    }

    fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else { return };
        self.pending = None;
        self.at_paragraph_start = false;
        self.skipping = None;
        let text = self.body.text[self.line_start..].trim_matches(is_blank).replace('\n', " ");
        if heading.may_be_title && !text.is_empty() {
            self.frame().truncate(heading.from);
            self.body.references.truncate(heading.references);
            self.body.text.truncate(self.line_start);
            self.more = self.more.map(|more| more.min(self.line_start));
            self.body.title = Some(text);
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
            self.body.headings.push(Heading { level: heading.level, id, text });
        }
        self.end_line();
        self.unquoted -= 1;
    }

    // ---- links and pictures ----

    fn start_link(&mut self, kind: LinkType, destination: &str, title: &str, range: &Range<usize>) -> Open {
        if self.image.is_some() || self.skipping.is_some() {
            return Open::Hidden;
        }
        let mut destination = self.plain(destination);
        if kind == LinkType::Email {
            destination = format!("mailto:{destination}").into();
        }
        let place = self.given.origin.place(range.start, range.end);
        if self.refuses(&destination, &place) {
            return Open::Hidden;
        }
        let title = self.plain(title);
        let title = (!title.is_empty()).then(|| title.into_owned());
        let reference = self.refer(&destination, false, place);
        self.links += 1;
        self.frame().put(Piece::Link { reference, title });
        Open::Written
    }

    fn start_image(&mut self, destination: &str, title: &str, range: &Range<usize>) -> Open {
        if let Some(image) = &mut self.image {
            image.depth += 1;
            return Open::Hidden;
        }
        let destination = self.plain(destination);
        let place = self.given.origin.place(range.start, range.end);
        let refused = self.skipping.is_some() || self.refuses(&destination, &place);
        let title = self.plain(title);
        let title = (!title.is_empty()).then(|| title.into_owned());
        // A picture next to Han needs no space; one next to Latin gets it.
        self.settle("图");
        let reference = (!refused).then(|| self.refer(&destination, true, place));
        self.image = Some(OpenImage { reference, title, alt: String::new(), depth: 0 });
        Open::Hidden
    }

    fn end_image(&mut self) {
        match &mut self.image {
            Some(image) if image.depth > 0 => image.depth -= 1,
            _ => {
                let Some(image) = self.image.take() else { return };
                self.pending = None;
                self.last = Some('图');
                self.at_paragraph_start = false;
                match image.reference {
                    Some(reference) => self.frame().put(Piece::Image { reference, alt: image.alt, title: image.title }),
                    None => self.visible(&image.alt),
                }
            }
        }
    }

    fn refer(&mut self, destination: &str, image: bool, place: Place) -> usize {
        self.body.references.push(Reference { target: address::target(destination), image, place });
        self.body.references.len() - 1
    }

    /// Reports an address that may not be a link.
    fn refuses(&mut self, destination: &str, place: &Place) -> bool {
        let Some(scheme) = address::forbidden_scheme(destination) else { return false };
        self.problems.push(Problem::new("unsafe-link").with("scheme", scheme).at(place.clone()));
        true
    }

    // ---- raw HTML and directives ----

    fn html_block(&mut self) {
        let html = std::mem::take(&mut self.html);
        let from = std::mem::take(&mut self.html_from);
        let mut written = 0;
        for (at, end, number) in fences_in(&html) {
            let Some(line) = self.given.fences.get(number).cloned() else { continue };
            self.raw_block(&html[written..at], &from, written);
            // Inside a script, say, it is text, and goes with it.
            if self.skipping.is_none() {
                self.fence(line, offset_of(&from, at));
            }
            written = end;
        }
        self.raw_block(&html[written..], &from, written);
        self.skipping = None;
        self.raw_links = 0;
        (self.html, self.html_from) = (html, from);
    }

    /// A part of a block of raw HTML that begins at byte `at` of the block.
    fn raw_block(&mut self, html: &str, from: &[(usize, usize)], at: usize) {
        if html.trim_ascii().is_empty() {
            return;
        }
        let from: Vec<_> = from.iter().map(|&(start, offset)| (start.saturating_sub(at), offset + at.saturating_sub(start))).collect();
        let plain = self.plain(html);
        self.raw(&plain, &from, true);
        self.end_line();
    }

    fn inline_html(&mut self, html: &str, at: usize) {
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
        self.raw(&plain, &[(0, at)], false);
    }

    /// Writes raw HTML as the policy says. `from` maps offsets in it to offsets in the parsed text.
    fn raw(&mut self, html: &str, from: &[(usize, usize)], block: bool) {
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
                HtmlPolicy::Trust => self.trusted(token, from),
                HtmlPolicy::Sanitise => self.sanitised(at, token, from),
            },
        });
        if policy == HtmlPolicy::Escape && block && !html.trim_start().starts_with("<!--") {
            let out = self.out();
            out.truncate(out.trim_end().len());
            out.push_str("</p>\n");
        }
    }

    fn escaped(&mut self, token: &Token<'_>) {
        match token {
            Token::Text(text) => self.visible(text),
            Token::Open(tag) => self.visible(tag.source),
            Token::Close(_, source) => self.visible(source),
            Token::Comment(_) | Token::Declaration(_) => {}
        }
    }

    fn trusted(&mut self, token: Token<'_>, from: &[(usize, usize)]) {
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
                    self.put_address(&target, &tag.name, attribute.at, attribute.value.len(), from);
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

    fn sanitised(&mut self, at: usize, token: Token<'_>, from: &[(usize, usize)]) {
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
                let place_from = offset_of(from, at);
                match raw::verdict(&tag.name) {
                    Verdict::Keep if self.frame().enter(&tag.name, DEEPEST) => self.keep_tag(&tag, from),
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
    fn keep_tag(&mut self, tag: &raw::Tag<'_>, from: &[(usize, usize)]) {
        self.note_tag(&tag.name, true);
        self.note_anchors(tag);
        self.frame().raw = true;
        self.out().push_str(&format!("<{}", tag.name));
        for attribute in &tag.attributes {
            let place_from = offset_of(from, attribute.at);
            let range = place_from..place_from + attribute.value.len().max(1);
            if !raw::allows(&tag.name, &attribute.name) {
                self.report_removed(&attribute.name, &range);
            } else if raw::is_address(&attribute.name) {
                let target = raw::decoded(attribute.value);
                let place = self.given.origin.place(range.start, range.end);
                if !self.refuses(&target, &place) {
                    self.out().push_str(&format!(" {}=\"", attribute.name));
                    self.put_address(&target, &tag.name, attribute.at, attribute.value.len(), from);
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

    fn put_address(&mut self, target: &str, tag: &str, at: usize, length: usize, from: &[(usize, usize)]) {
        let start = offset_of(from, at);
        let place = self.given.origin.place(start, start + length);
        let reference = self.refer(target, tag == "img", place);
        self.frame().put(Piece::Address { reference });
    }

    /// Words between raw tags, as plain text.
    fn raw_text(&mut self, text: &str) {
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

    fn note_tag(&mut self, name: &str, opens: bool) {
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

    fn note_anchors(&mut self, tag: &raw::Tag<'_>) {
        let anchors = tag.attributes.iter().filter(|a| a.name == "id" || (a.name == "name" && tag.name == "a"));
        self.body.anchors.extend(anchors.map(|a| raw::decoded(a.value)));
    }

    /// Says once for each kind that something was taken out.
    fn report_removed(&mut self, what: &str, range: &Range<usize>) {
        if self.removed.insert(what.to_ascii_lowercase()) {
            let place = self.given.origin.place(range.start, range.end);
            self.problems.push(Problem::new("html-removed").with("what", what).at(place));
        }
    }

    /// Opens or closes a directive.
    fn fence(&mut self, line: Range<usize>, at: usize) {
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

    fn open_fence(&mut self, colons: usize, name: &str, title: &str, place: Place, at: usize) {
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
    fn close_fences(&mut self, depth: usize) {
        while self.fences.last().is_some_and(|fence| fence.base >= depth) {
            self.close_fence(true);
        }
    }

    fn close_fence(&mut self, missing: bool) {
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

    // ---- footnotes ----

    fn note_reference(&mut self, name: &str) {
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

    fn start_note(&mut self, name: &str, range: &Range<usize>) -> Open {
        self.end_line();
        self.unquoted += 1;
        let place = self.given.origin.place(range.start, range.end);
        let number = self.notes.number(self.plain(name).into_owned());
        let repeated = self.notes.bodies.contains_key(&number);
        if repeated {
            self.problems.push(Problem::new("duplicate-footnote").with("name", name).at(place.clone()));
        }
        self.notes.open.push((number, repeated, place));
        self.frames.push(Frame::default());
        Open::Written
    }

    fn end_note(&mut self) {
        self.end_line();
        self.unquoted -= 1;
        let Some((number, repeated, _)) = self.notes.open.pop() else { return };
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
    fn write_notes(&mut self, pieces: &mut Vec<Piece>) {
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

impl Notes {
    fn number(&mut self, name: String) -> usize {
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        self.order.push(name.clone());
        self.numbers.insert(name, self.order.len());
        self.order.len()
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

/// Anchors of headings.
#[derive(Default)]
struct Ids {
    /// Taken.
    used: BTreeSet<String>,
    /// Wanted again → the number to try next.
    next: BTreeMap<String, usize>,
    /// Kept for the headings that state them.
    reserved: BTreeSet<String>,
    /// Stated so far.
    stated: BTreeSet<String>,
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

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "<div class=\"alert alert-note\" role=\"note\">\n<p class=\"alert-title\">说明</p>\n",
        BlockQuoteKind::Tip => "<div class=\"alert alert-tip\" role=\"note\">\n<p class=\"alert-title\">提示</p>\n",
        BlockQuoteKind::Important => {
            "<div class=\"alert alert-important\" role=\"note\">\n<p class=\"alert-title\">重要</p>\n"
        }
        BlockQuoteKind::Warning => {
            "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\">警告</p>\n"
        }
        BlockQuoteKind::Caution => {
            "<div class=\"alert alert-caution\" role=\"note\">\n<p class=\"alert-title\">注意</p>\n"
        }
    }
}

/// Marks of directive fences in a block of raw HTML, outside comments: where each begins and ends, and its number.
fn fences_in(html: &str) -> Vec<(usize, usize, usize)> {
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

/// The offset in the parsed text of byte `at` of something that was put together from several events.
fn offset_of(from: &[(usize, usize)], at: usize) -> usize {
    let index = from.partition_point(|&(start, _)| start <= at);
    index.checked_sub(1).map_or(at, |index| from[index].1 + (at - from[index].0))
}

fn escape(text: &str, out: &mut String) {
    escape_with(text, out, |b| matches!(b, b'&' | b'<' | b'>'));
}

fn escape_attribute(text: &str, out: &mut String) {
    escape_with(text, out, |b| matches!(b, b'&' | b'<' | b'>' | b'"'));
}

/// Entities stay as they are written.
fn escape_raw(text: &str, out: &mut String) {
    escape_with(text, out, |b| matches!(b, b'<' | b'>'));
}

fn escape_with(text: &str, out: &mut String, special: impl Fn(u8) -> bool) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(&special) {
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
