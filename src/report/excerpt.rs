//! One problem → an excerpt of its file with a caret under the place, the hint below and the line to write instead.
//!
//! annotate-snippets draws it; here the line is cut around the caret, because a page pasted without line breaks is one line
//! of a megabyte.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str};
use unicode_width::UnicodeWidthChar;

use super::message_and_hint;
use crate::message::{self, Lang, Severity};
use crate::problem::{Place, Problem};

/// Columns of a source line that are shown.
const SHOWN: usize = 100;
/// Columns shown before the caret of a line that is longer.
const BEFORE: usize = 30;

/// The excerpt, with styles; without the line end at its end.
pub(super) fn of(problem: &Problem, lang: Lang) -> String {
    let (reason, hint) = message_and_hint(problem, lang);
    let reason = normalize_untrusted_str(&reason);
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut main = level
        .with_name(name(problem.severity, lang))
        .primary_title(reason)
        .id(problem.code)
        .elements(Vec::<Origin>::new());
    let window = problem.place.as_ref().filter(|place| is_quoted(place)).map(Window::around);
    if let Some(place) = &problem.place {
        main = main.element(origin(place));
        if let Some(window) = &window {
            main = main.element(
                Snippet::source(window.text.as_str())
                    .line_start(place.line as usize)
                    .annotation(AnnotationKind::Primary.span(window.start..window.end)),
            );
        }
    }
    let fixed = fix(problem, window.as_ref());
    let hint = normalize_untrusted_str(&hint);
    let mut groups = Vec::new();
    match &fixed {
        Some((line, text, instead)) => {
            let title = if hint.is_empty() { message::say("write-instead", lang, &[]) } else { hint };
            let patch =
                Snippet::source(text.as_str()).line_start(*line).patch(Patch::new(0..text.len(), instead.as_str()));
            groups.push(main);
            groups.push(Level::HELP.with_name(help(lang)).secondary_title(title).element(patch));
        }
        None => {
            if !hint.is_empty() {
                main = main.element(Level::HELP.with_name(help(lang)).message(hint));
            }
            if let Some(lines) = problem.fix.as_ref().filter(|fix| fix.contains('\n')) {
                let title = message::say("write-instead", lang, &[]);
                let lines = normalize_untrusted_str(lines);
                main = main.element(Level::HELP.with_name(help(lang)).message(format!("{title}\n{lines}")));
            }
            groups.push(main);
        }
    }
    for place in &problem.also {
        groups.push(also(place, lang));
    }
    drawn(&groups)
}

/// Groups as text. Between a place and an excerpt that does not name it again, a mark of omission is drawn, and a title
/// without an excerpt gets a bar of its own; both would say nothing here.
pub(super) fn drawn(groups: &[Group]) -> String {
    let drawn = Renderer::styled().render(groups);
    let lines: Vec<&str> = drawn.split('\n').collect();
    let says_nothing = |at: usize| match plain(lines[at]).trim() {
        ":::" => true,
        "|" => at == 1,
        _ => false,
    };
    let kept: Vec<&str> = (0..lines.len()).filter(|at| !says_nothing(*at)).map(|at| lines[at]).collect();
    kept.join("\n")
}

fn plain(line: &str) -> String {
    let mut plain = anstream::StripStream::new(Vec::new());
    // Writing into a vector cannot fail.
    let _ = plain.write_all(line.as_bytes());
    String::from_utf8_lossy(&plain.into_inner()).into_owned()
}

/// What errors, warnings and notes are called.
pub(super) fn name(severity: Severity, lang: Lang) -> String {
    let code = match severity {
        Severity::Error => "word-error",
        Severity::Warning => "word-warning",
        Severity::Note => "word-note",
    };
    message::say(code, lang, &[])
}

/// What hints are called.
pub(super) fn help(lang: Lang) -> String {
    message::say("word-help", lang, &[])
}

fn origin(place: &Place) -> Origin<'_> {
    match place.line {
        0 => Origin::path(place.path.as_str()),
        line => Origin::path(place.path.as_str()).line(line as usize).char_column(place.column as usize),
    }
}

fn also(place: &Place, lang: Lang) -> Group<'static> {
    let title = message::say("also-here", lang, &[]);
    let mut group = Level::NOTE.with_name(name(Severity::Note, lang)).secondary_title(title).elements([owned(place)]);
    if is_quoted(place) {
        let window = Window::around(place);
        let marked = AnnotationKind::Primary.span(window.start..window.end);
        group = group.element(Snippet::source(window.text).line_start(place.line as usize).annotation(marked));
    }
    group
}

/// A line that is too long to be kept, or not text at all, is only named.
fn is_quoted(place: &Place) -> bool {
    place.line > 0 && !place.text.is_empty()
}

fn owned(place: &Place) -> Origin<'static> {
    let origin = Origin::path(place.path.to_string());
    if place.line == 0 { origin } else { origin.line(place.line as usize).char_column(place.column as usize) }
}

/// The line as it is and the line to write instead, when both are short enough to be shown whole. A fix of several lines
/// stands for no single line and is printed as it is.
fn fix<'p>(problem: &'p Problem, window: Option<&Window>) -> Option<(usize, String, &'p String)> {
    let (fix, place) = (problem.fix.as_ref()?, problem.place.as_ref()?);
    let is_whole = window.is_some_and(|window| window.text == place.text) && width(fix) <= SHOWN;
    (is_whole && !fix.contains('\n')).then(|| (place.line as usize, place.text.clone(), fix))
}

/// The part of a line around its caret, and where in it the caret stands, in bytes.
struct Window {
    text: String,
    start: usize,
    end: usize,
}

impl Window {
    fn around(place: &Place) -> Window {
        let text = place.text.as_str();
        let at = |column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        let start = at((place.column as usize).saturating_sub(1));
        let end = text[start..].char_indices().nth(place.length as usize).map_or(text.len(), |(at, _)| start + at);
        if width(text) <= SHOWN {
            return Window { text: text.to_string(), start, end };
        }
        let from = back(&text[..start], BEFORE);
        let until = from + forth(&text[from..], SHOWN);
        let (before, after) = (if from > 0 { "…" } else { "" }, if until < text.len() { "…" } else { "" });
        let moved = |at: usize| at.min(until) - from + before.len();
        Window { text: format!("{before}{}{after}", &text[from..until]), start: moved(start), end: moved(end) }
    }
}

/// The first so many columns of a line, with an ellipsis when there is more.
pub fn cut(text: &str, columns: usize) -> String {
    let until = forth(text, columns);
    if until < text.len() { format!("{}…", &text[..until]) } else { text.to_string() }
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Where the last so many columns of a text begin.
fn back(text: &str, columns: usize) -> usize {
    let mut left = columns;
    for (at, c) in text.char_indices().rev() {
        match left.checked_sub(c.width().unwrap_or(0)) {
            Some(rest) => left = rest,
            None => return at + c.len_utf8(),
        }
    }
    0
}

/// Where the first so many columns of a text end.
fn forth(text: &str, columns: usize) -> usize {
    let mut left = columns;
    for (at, c) in text.char_indices() {
        match left.checked_sub(c.width().unwrap_or(0)) {
            Some(rest) => left = rest,
            None => return at,
        }
    }
    text.len()
}
