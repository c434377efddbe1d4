//! One `check` per feature: Markdown in, HTML out, with links and pictures written as plain tags.

use super::*;
use crate::config::HtmlPolicy;

const SAFE: Options = Options { html: HtmlPolicy::Sanitise, summary_length: 120 };

/// Outline and body together.
#[derive(Debug)]
struct Parsed {
    outline: Outline,
    pieces: Vec<Piece>,
    text: String,
}

fn parsed_at(text: &str, start: usize, options: Options) -> (Parsed, Vec<Problem>) {
    let (outline, Body { pieces, text, .. }, problems) = parse(&SourcePath::new("content/a.md"), text, start, options);
    (Parsed { outline, pieces, text }, problems)
}

fn parsed_with(text: &str, options: Options) -> (Parsed, Vec<Problem>) {
    parsed_at(text, 0, options)
}

fn parsed(text: &str) -> (Parsed, Vec<Problem>) {
    parsed_with(text, SAFE)
}

/// The pieces as one text.
fn shown(body: &Parsed) -> String {
    let mut out = String::new();
    show(&body.pieces, body, &mut out);
    out
}

fn show(pieces: &[Piece], body: &Parsed, out: &mut String) {
    let target = |reference: &usize| body.outline.references[*reference].target.replace('<', "&lt;");
    let titled = |title: &Option<String>| title.as_ref().map_or(String::new(), |title| format!(" title={title}"));
    for piece in pieces {
        match piece {
            Piece::Html(html) => out.push_str(html),
            Piece::Link { reference, title } => out.push_str(&format!("<a {}{}>", target(reference), titled(title))),
            Piece::Image { reference, alt, title } => {
                out.push_str(&format!("<img {} alt={alt}{}>", target(reference), titled(title)));
            }
            Piece::Address { reference } => out.push_str(&format!("@{}", target(reference))),
            Piece::Word { key, default } => out.push_str(&format!("{{{key}|{default}}}")),
            Piece::Directive { name, title, body: inner } => {
                out.push_str(&format!("[{name}|{title}|"));
                show(inner, body, out);
                out.push_str("]\n");
            }
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let (body, problems) = parsed(text);
    assert_eq!(shown(&body), expected, "{text}");
    assert_eq!(codes(&problems), "", "{text}");
}

/// A single paragraph, without its tags.
#[track_caller]
fn check_inline(text: &str, expected: &str) {
    check(text, &format!("<p>{expected}</p>\n"));
}

/// Problems as `code line:column length`, in one line.
fn codes(problems: &[Problem]) -> String {
    let one = |p: &Problem| {
        let place = p.place.as_ref().map_or(String::new(), |p| format!(" {}:{}+{}", p.line, p.column, p.length));
        format!("{}{place}", p.code)
    };
    problems.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check_problems(text: &str, html: &str, problems: &str) {
    let (body, found) = parsed(text);
    assert_eq!(shown(&body), html, "{text}");
    assert_eq!(codes(&found), problems, "{text}");
}

mod blocks;
mod emphasis;
mod hostile;
mod links;
