//! YAML, line by line, before it is parsed: full-width colons after a key, a colon without its space, tabs as indent,
//! full-width brackets and commas of lists, a bracket that was not closed. A line that continues the text above it is left
//! alone.

use super::repair::{Edited, is_invisible, is_key_char};
use super::{MAX_PROBLEMS, Span, TextFile};
use crate::problem::Problem;

/// The stretch `span` of a file, mended; its notes say what was done.
pub(super) fn mend<'a>(file: &'a TextFile, span: Span) -> Edited<'a> {
    let mut lines = Lines {
        file,
        edited: Edited::new(file, span.start),
        text_below: None,
        closers: Vec::new(),
        opening: 0,
        end: span.start,
    };
    let mut offset = span.start;
    for line in file.text[span.start..span.end].split_inclusive('\n') {
        lines.line(line.trim_end(), offset);
        offset += line.len();
    }
    lines.close_brackets();
    lines.edited.copy_to(span.end);
    lines.edited
}

/// One thing put in place of another.
struct Swap {
    span: Span,
    with: String,
    code: &'static str,
}

impl Swap {
    fn new(span: Span, with: impl Into<String>, code: &'static str) -> Swap {
        Swap { span, with: with.into(), code }
    }
}

/// What has to be known of the lines above.
struct Lines<'a> {
    file: &'a TextFile<'a>,
    edited: Edited<'a>,
    /// Lines indented more than this belong to a text that began further up.
    text_below: Option<usize>,
    /// What closes the brackets that are open, innermost last.
    closers: Vec<char>,
    /// Where the outermost of them stands.
    opening: usize,
    /// End of the last line with text.
    end: usize,
}

const BLANKS: [char; 4] = [' ', '\t', '\u{3000}', '\u{a0}'];

impl Lines<'_> {
    fn line(&mut self, content: &str, offset: usize) {
        let body = content.trim_start_matches(BLANKS);
        let indent_text = &content[..content.len() - body.len()];
        let indent = indent_text.chars().count();
        let after_key = body.trim_start_matches(is_key_char);
        if indent == 0 && after_key.len() < body.len() && after_key.starts_with([':', '：']) {
            // A bracket further up was never closed; that is one mistake, not one for every line below.
            self.close_brackets();
        }
        let mut swaps: Vec<Swap> = Vec::new();
        for (at, c) in content.char_indices().filter(|(_, c)| is_invisible(*c)) {
            let at = offset + at;
            swaps.push(Swap::new(Span::new(at, at + c.len_utf8()), "", "invisible-character"));
        }
        let is_text = self.closers.is_empty() && self.text_below.is_some_and(|limit| indent > limit);
        if !body.is_empty() && !is_text {
            self.text_below = None;
            if indent_text.contains(&BLANKS[1..]) && !body.starts_with('#') {
                let code = if indent_text.contains('\t') { "yaml-tab" } else { "full-width-punctuation" };
                let spaces = indent_text.replace('\t', "  ").replace(BLANKS, " ");
                swaps.push(Swap::new(Span::new(offset, offset + indent_text.len()), spaces, code));
            }
            self.entry(body, indent, offset + indent_text.len(), &mut swaps);
        }
        if !body.is_empty() {
            self.end = offset + content.len();
        }
        self.apply(content, offset, swaps);
    }

    /// A line that is not just text: a key and its value, an item of a list, or what stands between brackets.
    fn entry(&mut self, body: &str, indent: usize, start: usize, swaps: &mut Vec<Swap>) {
        let item = body.strip_prefix("- ").map_or(0, |rest| body.len() - rest.trim_start().len());
        let inside = !self.closers.is_empty();
        let value_at = if inside { Some(0) } else { separator(body, item, start, swaps) };
        let Some(at) = value_at else { return };
        let value = body[at..].trim();
        list_punctuation(&body[at..], start + at, inside, swaps);
        if inside || value.starts_with(['[', '{', '［']) {
            if !inside {
                self.opening = start + at + body[at..].len() - body[at..].trim_start().len();
            }
            brackets(value, &mut self.closers);
        }
        let is_list_above = value.is_empty() || (at == item && item > 0);
        if self.closers.is_empty() && !is_list_above {
            self.text_below = Some(indent);
        }
    }

    fn close_brackets(&mut self) {
        let Some(outermost) = self.closers.first() else { return };
        let place = self.file.place(Span::new(self.opening, self.opening + 1));
        let mut problem = Problem::new("unclosed-bracket").at(place).with("found", outermost);
        let closing: String = self.closers.drain(..).rev().collect();
        if !self.file.text[self.opening..self.end].contains('\n')
            && let Some(line) = self.file.line_with(Span::new(self.end, self.end), &closing)
        {
            problem = problem.fix(line);
        }
        self.edited.replace(Span::new(self.end, self.end), &closing);
        self.edited.notes.push(problem);
    }

    /// Makes the swaps of a line, with one note for each kind of them.
    fn apply(&mut self, content: &str, offset: usize, mut swaps: Vec<Swap>) {
        if swaps.is_empty() {
            return;
        }
        swaps.sort_by_key(|swap| swap.span.start);
        let mut fixed = String::with_capacity(content.len());
        let mut at = 0;
        for Swap { span, with, .. } in &swaps {
            fixed.push_str(&content[at..span.start - offset]);
            fixed.push_str(with);
            at = span.end - offset;
            self.edited.replace(*span, with);
        }
        fixed.push_str(&content[at..]);
        let mut codes: Vec<&'static str> = Vec::new();
        for Swap { span, code, .. } in &swaps {
            if codes.contains(code) || self.edited.notes.len() >= MAX_PROBLEMS {
                continue;
            }
            codes.push(code);
            let found = self.file.slice(*span);
            let character = found.chars().next().map_or(0, u32::from);
            let problem = Problem::new(code).at(self.file.place(*span)).with("found", found);
            self.edited.notes.push(problem.with("character", format!("U+{character:04X}")).fix(&fixed));
        }
    }
}

/// Finds the separator after the key of a line, mends it if need be, and says where the value begins in `body`.
fn separator(body: &str, item: usize, start: usize, out: &mut Vec<Swap>) -> Option<usize> {
    let rest = &body[item..];
    let mut key_length = rest.find(|c: char| !is_key_char(c)).unwrap_or(rest.len());
    // A key in full-width quotes.
    let quoted = rest.strip_prefix(['“', '”', '＂']).and_then(|r| {
        let inner = r.find(|c: char| !is_key_char(c))?;
        let close = r[inner..].chars().next().filter(|c| matches!(c, '“' | '”' | '＂'))?;
        Some((rest.len() - r.len(), inner, close.len_utf8()))
    });
    if let Some((open, inner, close)) = quoted {
        key_length = open + inner + close;
    }
    let gap = rest[key_length..].len() - rest[key_length..].trim_start_matches([' ', '\u{3000}']).len();
    let at = item + key_length + gap;
    let mark = body[at..].chars().next();
    if key_length == 0 || !matches!(mark, Some(':' | '：' | '＝')) {
        // A list item, a quoted key, or text: where its value begins doesn't matter beyond that.
        return (item > 0).then_some(item).or_else(|| body.find(": ").map(|i| i + 1));
    }
    // `- 时间：九点` is an item of text, as `8:30` is a time.
    let is_number = rest[..key_length].chars().all(|c| c.is_ascii_digit());
    let after = at + mark.map_or(0, char::len_utf8);
    let next_is_space = body[after..].chars().next().is_none_or(|c| c == ' ' || c == '\t');
    let mark_span = Span::new(start + at, start + after);
    match mark {
        _ if is_number => return Some(item),
        Some(':') if next_is_space => {}
        Some(':') if item == 0 && !body[after..].starts_with("//") => {
            out.push(Swap::new(mark_span, ": ", "missing-space"))
        }
        Some('：' | '＝') if item == 0 => {
            out.push(Swap::new(mark_span, if next_is_space { ":" } else { ": " }, "full-width-colon"));
        }
        _ => return Some(item),
    }
    if let Some((open, inner, close)) = quoted {
        let first = start + item;
        out.push(Swap::new(Span::new(first, first + open), "\"", "full-width-punctuation"));
        let last = first + open + inner;
        out.push(Swap::new(Span::new(last, last + close), "\"", "full-width-punctuation"));
    }
    Some(after)
}

/// Inside `[…]`: full-width commas separate, full-width brackets bracket.
fn list_punctuation(text: &str, start: usize, inside: bool, out: &mut Vec<Swap>) {
    let trimmed = text.trim();
    let lead = text.len() - text.trim_start().len();
    let is_list = trimmed.starts_with('[') || (trimmed.starts_with('［') && trimmed.ends_with('］'));
    if !inside && !is_list {
        return;
    }
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in trimmed.char_indices() {
        let span = Span::new(start + lead + at, start + lead + at + c.len_utf8());
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if opens_quote(before) => quote = Some(c),
            (None, '#') if before == ' ' => break,
            (None, '，') => out.push(Swap::new(span, ", ", "full-width-punctuation")),
            (None, '［') => out.push(Swap::new(span, "[", "full-width-punctuation")),
            (None, '］') => out.push(Swap::new(span, "]", "full-width-punctuation")),
            _ => {}
        }
        before = c;
    }
}

/// Opens and closes brackets as this text does.
fn brackets(value: &str, closers: &mut Vec<char>) {
    let mut quote = None;
    let mut before = ' ';
    for c in value.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if opens_quote(before) => quote = Some(c),
            (None, '#') if before == ' ' => break,
            (None, '[' | '［') => closers.push(']'),
            (None, '{') => closers.push('}'),
            (None, ']' | '}' | '］') => {
                closers.pop();
                if closers.is_empty() {
                    break;
                }
            }
            _ => {}
        }
        before = c;
    }
}

/// In YAML a quote opens a text only at its beginning.
fn opens_quote(before: char) -> bool {
    matches!(before, '[' | '{' | ',' | '，' | '［' | ' ')
}
