//! TOML → tree. First a walk over the text mends what has one meaning only (full-width punctuation, a quote or bracket
//! that was not closed, text without quotes) and says so; then the `toml` crate parses what came out.

use ::toml::de::{DeTable, DeValue};

use super::repair::{Edited, half_width, is_invisible, is_key_char, is_open_quote};
use super::{Entry, MAX_DEPTH, MAX_PROBLEMS, Node, Span, TextFile, Tree, Value, empty};
use crate::problem::Problem;

pub(super) fn parse(file: &TextFile, span: Span) -> Tree {
    let mut mender = Mender::new(file, span);
    mender.document();
    let Mender { edited, pending, complete, .. } = mender;
    let (table, errors) = DeTable::parse_recoverable(&edited.text);
    let mut problems = finish(&edited, pending);
    let mut converter = Converter { edited: &edited, file, problems: Vec::new() };
    let mut root = converter.table(table.get_ref(), 0);
    problems.append(&mut converter.problems);
    let mut lines_with_errors: Vec<u32> =
        problems.iter().filter(|p| p.severity == crate::problem::Severity::Error).map(line_of).collect();
    let mut whole = complete && problems.is_empty();
    for error in errors.iter().filter(|e| !is_key_in_chinese(e, &edited.text)).take(MAX_PROBLEMS) {
        whole = false;
        let problem = syntax_error(file, &edited, error);
        // The first error of a line is the cause, the others are what follows from it.
        if !lines_with_errors.contains(&line_of(&problem)) {
            lines_with_errors.push(line_of(&problem));
            problems.push(problem);
        }
    }
    root.span = span;
    Tree { root, complete: whole || problems.iter().all(|p| p.severity != crate::problem::Severity::Error), problems }
}

fn line_of(problem: &Problem) -> u32 {
    problem.place.as_ref().map_or(0, |place| place.line)
}

/// The `toml` crate refuses letters beyond ASCII in bare keys, but reads them; we allow them.
fn is_key_in_chinese(error: &::toml::de::Error, text: &str) -> bool {
    error.message().starts_with("invalid unquoted key")
        && error.span().and_then(|s| text.get(s)).is_some_and(|key| !key.is_empty() && key.chars().all(is_key_char))
}

/// Which of our codes says what the parser means, by the beginning of its message.
const SYNTAX_CODES: &[(&str, &str)] = &[
    ("duplicate key", "duplicate-key"),
    ("cannot extend", "duplicate-key"),
    ("key with no value", "missing-equals"),
    ("missing assignment", "missing-equals"),
    ("unclosed", "unclosed-bracket"),
    ("invalid basic string", "unclosed-string"),
    ("invalid literal string", "unclosed-string"),
    ("invalid multi-line", "unclosed-string"),
    ("missing escaped value", "bad-escape"),
    ("too few unicode", "bad-escape"),
    ("invalid value", "bad-escape"),
    ("invalid date", "invalid-date"),
    ("invalid time", "invalid-date"),
    ("invalid", "bad-value"),
    ("unexpected leading zero", "bad-value"),
    ("redundant", "bad-value"),
    ("cannot recurse", "too-deep"),
    ("recursion limit", "too-deep"),
];

fn syntax_error(file: &TextFile, edited: &Edited, error: &::toml::de::Error) -> Problem {
    let message = error.message();
    let range = error.span().unwrap_or(0..0);
    let found = edited.text.get(range.clone()).unwrap_or("").trim();
    let code = match SYNTAX_CODES.iter().find(|(start, _)| message.starts_with(start)) {
        _ if message.starts_with("string values must be quoted") && found.is_empty() => "missing-value",
        _ if message.starts_with("string values must be quoted") => "unquoted-text",
        Some((_, code)) => code,
        None => "toml-syntax",
    };
    let place = file.place(edited.original_span(range.start, range.end));
    Problem::new(code).at(place).with("found", shortened(found)).with("key", shortened(found))
}

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= 40 { line.to_string() } else { line.chars().take(39).chain(['…']).collect() }
}

/// Problems of the walk get their line to write instead when the whole line has been mended.
fn finish(edited: &Edited, pending: Vec<Pending>) -> Vec<Problem> {
    let mut out: Vec<Problem> = Vec::new();
    for Pending { problem, at } in pending {
        let Some(at) = at else {
            out.push(problem);
            continue;
        };
        let line_start = edited.text[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = edited.text[at..].find('\n').map_or(edited.text.len(), |i| at + i);
        let same_line = out.last().is_some_and(|last| last.code == problem.code && line_of(last) == line_of(&problem));
        // One note for a line is enough, however many characters of it were full-width.
        if !same_line && line_end - line_start < 4096 {
            let fixed = edited.text[line_start..line_end].trim_end().to_string();
            out.push(problem.fix(fixed));
        }
        if out.len() >= MAX_PROBLEMS {
            break;
        }
    }
    out
}

struct Pending {
    problem: Problem,
    /// Offset in the mended text of what was mended, when it stands in the line of the problem.
    at: Option<usize>,
}

/// The walk. `pos` is an offset in the file; everything before it has been copied or replaced.
struct Mender<'a> {
    file: &'a TextFile<'a>,
    pos: usize,
    end: usize,
    edited: Edited<'a>,
    pending: Vec<Pending>,
    complete: bool,
    /// Up to here no full-width quote has its partner.
    unclosed_until: usize,
}

impl<'a> Mender<'a> {
    fn new(file: &'a TextFile<'a>, span: Span) -> Mender<'a> {
        let edited = Edited::new(file, span.start);
        Mender { file, pos: span.start, end: span.end, edited, pending: Vec::new(), complete: true, unclosed_until: 0 }
    }

    fn document(&mut self) {
        while self.pos < self.end {
            self.blanks();
            match self.peek() {
                None | Some('\n' | '#') => {}
                Some('[' | '［') => self.header(),
                Some(_) => self.key_and_value(),
            }
            self.rest_of_line();
        }
        self.edited.copy_to(self.end);
    }

    fn rest(&self) -> &'a str {
        &self.file.text[self.pos..self.end]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn line(&self) -> &'a str {
        self.rest().split('\n').next().unwrap_or("")
    }

    fn mend(&mut self, code: &'static str, span: Span, replacement: &str) {
        self.edited.replace(span, replacement);
        self.pos = self.pos.max(span.end);
        if self.is_full() {
            // Finding a place takes time by the length of its line; nobody would read of it.
            return;
        }
        let found = shortened(self.file.slice(span));
        let character = found.chars().next().map_or(0, u32::from);
        let problem = Problem::new(code).at(self.file.place(span)).with("found", found);
        let problem = problem.with("character", format!("U+{character:04X}"));
        self.note(problem, Some(self.edited.text.len()));
    }

    fn is_full(&self) -> bool {
        self.pending.len() >= 10 * MAX_PROBLEMS
    }

    fn note(&mut self, problem: Problem, at: Option<usize>) {
        if !self.is_full() {
            self.pending.push(Pending { problem, at });
        }
    }

    fn take(&mut self, c: char) {
        self.pos += c.len_utf8();
    }

    /// One character of punctuation, made half-width if need be.
    fn punctuation(&mut self, replacement: char) {
        let Some(c) = self.peek() else { return };
        if c == replacement {
            self.take(c);
        } else {
            self.mend("full-width-punctuation", Span::new(self.pos, self.pos + c.len_utf8()), &replacement.to_string());
        }
    }

    /// Spaces; ideographic ones become plain ones without a word, characters that nobody sees go with a note.
    fn blanks(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' => self.take(c),
                _ if half_width(c) == Some(' ') => {
                    self.edited.replace(Span::new(self.pos, self.pos + c.len_utf8()), " ");
                    self.take(c);
                }
                _ if is_invisible(c) => self.invisible(c),
                _ => break,
            }
        }
    }

    fn invisible(&mut self, c: char) {
        self.mend("invisible-character", Span::new(self.pos, self.pos + c.len_utf8()), "");
    }

    /// To the start of the next line, mending nothing but invisible characters.
    fn rest_of_line(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                _ if is_invisible(c) => self.invisible(c),
                _ => self.take(c),
            }
            if c == '\n' {
                break;
            }
        }
    }

    fn header(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                '\n' | '#' => break,
                '"' | '\'' => self.quoted(c, false),
                _ if is_open_quote(c) => self.foreign_quoted(c),
                _ if half_width(c).is_some_and(|h| matches!(h, '[' | ']' | '.')) => {
                    self.punctuation(half_width(c).unwrap_or(c));
                }
                _ if is_invisible(c) => self.invisible(c),
                _ => self.take(c),
            }
        }
    }

    fn key_and_value(&mut self) {
        let start = self.pos;
        self.key();
        let before_separator = self.pos;
        match self.peek() {
            Some('=') => self.take('='),
            Some(c @ ('＝' | '：' | ':')) => {
                let spaced = self.file.text[..before_separator].ends_with(' ');
                let next_is_space = self.rest()[c.len_utf8()..].starts_with(' ');
                let replacement = match (spaced, next_is_space) {
                    (true, true) => "=",
                    (true, false) => "= ",
                    (false, true) => " =",
                    (false, false) => " = ",
                };
                let code = if c == ':' { "colon-for-equals" } else { "full-width-colon" };
                self.mend(code, Span::new(self.pos, self.pos + c.len_utf8()), replacement);
            }
            _ => return self.no_separator(start),
        }
        self.blanks();
        self.value(Within::Line, 0);
    }

    /// A line that is no `key = value`. The parser would read nothing after it, so it is left out here.
    fn no_separator(&mut self, start: usize) {
        self.complete = false;
        let has_key = self.file.text[start..].starts_with(|c: char| is_key_char(c) || matches!(c, '"' | '\''));
        if has_key && self.peek().is_some_and(|c| matches!(c, '"' | '\'') || is_open_quote(c)) {
            let replacement = if self.file.text[..self.pos].ends_with(' ') { "= " } else { " = " };
            self.mend("missing-equals", Span::new(self.pos, self.pos), replacement);
            return self.value(Within::Line, 0);
        }
        let line_end = self.pos + self.line().len();
        let span = Span::new(start, line_end);
        let written = self.file.slice(span).trim_end();
        let (code, at) = if has_key && !written.contains([' ', '-']) {
            ("missing-equals", Span::new(start + written.len(), start + written.len()))
        } else {
            ("toml-syntax", Span::new(start, start + written.len()))
        };
        let problem = Problem::new(code).at(self.file.place(at)).with("found", shortened(written));
        self.note(problem, None);
        self.edited.replace(span, "");
        self.pos = line_end;
    }

    fn key(&mut self) {
        loop {
            self.blanks();
            match self.peek() {
                Some(quote @ ('"' | '\'')) => self.quoted(quote, false),
                Some(c) if is_open_quote(c) => self.foreign_quoted(c),
                Some(c) if is_key_char(c) => {
                    while let Some(c) = self.peek().filter(|c| is_key_char(*c)) {
                        self.take(c);
                    }
                }
                _ => {}
            }
            self.blanks();
            match self.peek() {
                Some('.') => self.take('.'),
                Some('．') => self.punctuation('.'),
                _ => return,
            }
        }
    }

    fn value(&mut self, within: Within, depth: usize) {
        match self.peek() {
            None | Some('\n') => {}
            Some(c @ ('"' | '\'')) => self.quoted(c, within != Within::Line),
            Some(c) if is_open_quote(c) => self.foreign_quoted(c),
            // The parser refuses this depth itself.
            Some(_) if depth > 90 => self.pos = self.end,
            Some('[' | '［') => self.array(depth),
            Some('{' | '｛') => self.inline_table(depth),
            Some(_) => self.bare(within),
        }
    }

    fn array(&mut self, depth: usize) {
        let opening = self.pos;
        self.punctuation('[');
        loop {
            self.blanks();
            match self.peek() {
                None => return self.close_bracket(opening),
                Some(']' | '］') => return self.punctuation(']'),
                Some(',' | '，') => self.punctuation(','),
                Some('、') => self.punctuation(','),
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.pos += self.peek().map_or(0, char::len_utf8);
                    }
                }
                Some('\n') => {
                    if self.next_line_is_an_entry() {
                        return self.close_bracket(opening);
                    }
                    self.take('\n');
                }
                Some('=') => return,
                Some(_) => {
                    let before = self.pos;
                    self.value(Within::Array, depth + 1);
                    if self.pos == before {
                        return;
                    }
                }
            }
        }
    }

    fn inline_table(&mut self, depth: usize) {
        let opening = self.pos;
        self.punctuation('{');
        loop {
            self.blanks();
            match self.peek() {
                None => return self.close_brace(opening),
                Some('}' | '｝') => return self.punctuation('}'),
                Some(',' | '，') => self.punctuation(','),
                Some('\n') => {
                    if self.next_line_is_an_entry() {
                        return self.close_brace(opening);
                    }
                    self.take('\n');
                }
                Some(_) => {
                    let before = self.pos;
                    self.key();
                    match self.peek() {
                        Some('=') => self.take('='),
                        Some('＝' | '：' | ':') => self.punctuation('='),
                        _ => return,
                    }
                    self.blanks();
                    self.value(Within::InlineTable, depth + 1);
                    if self.pos == before {
                        return;
                    }
                }
            }
        }
    }

    fn close_bracket(&mut self, opening: usize) {
        self.close(opening, "]");
    }

    fn close_brace(&mut self, opening: usize) {
        self.close(opening, "}");
    }

    fn close(&mut self, opening: usize, bracket: &str) {
        let problem = Problem::new("unclosed-bracket").at(self.file.place(Span::new(opening, opening + 1)));
        let one_line = !self.file.text[opening..self.pos].contains('\n');
        self.edited.replace(Span::new(self.pos, self.pos), bracket);
        let at = one_line.then_some(self.edited.text.len());
        self.note(problem.with("found", bracket), at);
        self.complete = false;
    }

    /// At a line end inside brackets: does the next line with text begin an entry or a table of its own?
    fn next_line_is_an_entry(&self) -> bool {
        let Some(line) = self.rest().split('\n').find(|line| !line.trim().is_empty()) else { return true };
        let line = line.trim_start();
        let after_key = line.trim_start_matches(is_key_char);
        let has_key = after_key.len() < line.len() && after_key.trim_start().starts_with(['=', '＝', '：']);
        let is_header = line.starts_with('[') && line.trim_end().ends_with(']') && !line.contains([',', '"', '\'']);
        has_key || (is_header && line.trim_matches(['[', ']', ' ']).chars().all(|c| is_key_char(c) || c == '.'))
    }

    /// A string in quotes of TOML. One that is not closed is closed at the end of its line.
    fn quoted(&mut self, quote: char, in_brackets: bool) {
        let opening = self.pos;
        let triple = String::from_iter([quote; 3]);
        if self.rest().starts_with(&triple) {
            self.pos += 3;
            return self.multi_line(opening, quote, &triple);
        }
        self.take(quote);
        while let Some(c) = self.peek() {
            match c {
                '\n' => break,
                '\\' if quote == '"' => {
                    self.take(c);
                    if let Some(next) = self.peek().filter(|c| *c != '\n') {
                        self.take(next);
                    }
                }
                _ if c == quote => return self.take(c),
                _ if is_invisible(c) => self.invisible(c),
                _ => self.take(c),
            }
        }
        self.unclosed(opening, quote, in_brackets);
    }

    fn unclosed(&mut self, opening: usize, quote: char, in_brackets: bool) {
        let written = self.file.text[opening..self.pos].trim_end();
        if let Some(span) = closed_by_input_method(written, in_brackets) {
            self.pos = opening + span.start;
            return self.mend(
                "full-width-punctuation",
                Span::new(opening + span.start, opening + span.end),
                &quote.to_string(),
            );
        }
        let bracket = usize::from(in_brackets && written.ends_with([']', '}']));
        self.pos = opening + written.len() - bracket;
        let problem = Problem::new("unclosed-string").at(self.file.place(Span::new(opening, opening + 1)));
        self.edited.replace(Span::new(self.pos, self.pos), &quote.to_string());
        self.note(problem, Some(self.edited.text.len()));
        self.complete = false;
    }

    fn multi_line(&mut self, opening: usize, quote: char, triple: &str) {
        while let Some(c) = self.peek() {
            if self.rest().starts_with(triple) {
                self.pos += 3;
                while self.peek() == Some(quote) {
                    self.take(quote);
                }
                return;
            }
            match c {
                '\\' if quote == '"' => {
                    self.take(c);
                    if let Some(next) = self.peek() {
                        self.take(next);
                    }
                }
                _ if is_invisible(c) => self.invisible(c),
                _ => self.take(c),
            }
        }
        let problem = Problem::new("unclosed-string").at(self.file.place(Span::new(opening, opening + 3)));
        self.edited.replace(Span::new(self.end, self.end), triple);
        self.note(problem, None);
        self.complete = false;
    }

    /// `“…”` where a string of TOML must stand. Quotes inside are part of the text when they pair.
    fn foreign_quoted(&mut self, open: char) {
        let opening = self.pos;
        let closing = if self.pos < self.unclosed_until { None } else { closing_quote(self.line()) };
        let Some((start, length)) = closing else {
            // Looking again for each of the others on this line would take the square of its length.
            self.unclosed_until = self.unclosed_until.max(self.pos + self.line().len());
            self.pos += open.len_utf8();
            return;
        };
        let inside = &self.rest()[open.len_utf8()..start];
        let text = quoted_toml(inside);
        self.mend("full-width-punctuation", Span::new(opening, opening + start + length), &text);
    }

    /// A value without quotes: fine when TOML knows it, else it is text that lacks its quotes.
    fn bare(&mut self, within: Within) {
        let line = self.line();
        let stop = |c: char| match within {
            Within::Line => c == '#',
            Within::Array => matches!(c, ',' | '，' | '、' | ']' | '］' | '#'),
            Within::InlineTable => matches!(c, ',' | '，' | '}' | '｝' | '#'),
        };
        let cut = line.find(stop).unwrap_or(line.len());
        let text = line[..cut].trim_end_matches(|c: char| c.is_whitespace() || is_invisible(c));
        if text.is_empty() {
            return;
        }
        let span = Span::new(self.pos, self.pos + text.len());
        if DeValue::parse(text).is_ok() {
            self.pos = span.end;
        } else if is_written_date(text) {
            // The reader of dates knows better what to say about it.
            self.edited.replace(span, &quoted_toml(text));
            self.pos = span.end;
        } else if text.is_ascii() && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
            // A number that is none, or text that begins like one: which of them, its key knows.
            let problem = Problem::new("bad-value").at(self.file.place(span)).with("found", shortened(text));
            self.edited.replace(span, &quoted_toml(text));
            self.note(problem, None);
            self.pos = span.end;
        } else {
            self.mend("unquoted-text", span, &quoted_toml(text));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Line,
    Array,
    InlineTable,
}

/// Where the quote that opens `line` is closed: byte offset and length of the closing quote.
fn closing_quote(line: &str) -> Option<(usize, usize)> {
    let mut depth = 0usize;
    for (at, c) in line.char_indices() {
        match c {
            '“' | '‘' | '「' | '『' => depth += 1,
            '”' | '’' | '」' | '』' | '＂' | '＇' if at == 0 => depth = 1,
            '”' | '’' | '」' | '』' | '＂' | '＇' => depth -= 1,
            // Opened by the input method, closed by hand.
            '"' if depth == 1 && separates(&line[at + 1..]) => return Some((at, 1)),
            _ => {}
        }
        if depth == 0 {
            return Some((at, c.len_utf8()));
        }
    }
    None
}

/// `"…”`: the full-width quote that closes a string opened by hand. In brackets what follows it must separate.
fn closed_by_input_method(written: &str, in_brackets: bool) -> Option<Span> {
    let ends = |at: usize, c: char| {
        let rest = written[at + c.len_utf8()..].trim_start();
        rest.is_empty() || rest.starts_with('#') || (in_brackets && separates(rest))
    };
    let found = written.char_indices().find(|(at, c)| is_open_quote(*c) && ends(*at, *c));
    found.map(|(at, c)| Span::new(at, at + c.len_utf8()))
}

/// After a value: the end of the line, a comment, or what separates in brackets.
fn separates(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|c| matches!(c, '#' | ',' | '，' | '、' | ']' | '］' | '}' | '｝'))
}

fn is_written_date(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(['-', '/', '年', '.'])
        && text.chars().all(|c| c.is_ascii_digit() || " -/.:+TZ年月日时分".contains(c))
}

/// As a basic string of TOML.
fn quoted_toml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ if is_invisible(c) => {}
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// From the values of the `toml` crate to ours.
struct Converter<'a> {
    edited: &'a Edited<'a>,
    file: &'a TextFile<'a>,
    problems: Vec<Problem>,
}

impl Converter<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.edited.original_span(range.start, range.end)
    }

    fn table(&mut self, table: &DeTable, depth: usize) -> Node {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.node(value.get_ref(), value.span(), depth + 1),
            })
            .collect();
        // The crate sorts by name; people read in the order of the file.
        entries.sort_by_key(|entry| entry.key_span.start);
        Node { span: Span::default(), value: Value::Table(entries) }
    }

    fn node(&mut self, value: &DeValue, range: std::ops::Range<usize>, depth: usize) -> Node {
        let span = self.span(range);
        if depth > MAX_DEPTH {
            if self.problems.is_empty() {
                self.problems.push(Problem::new("too-deep").at(self.file.place(span)).with("limit", MAX_DEPTH));
            }
            return Node { span, ..empty(span) };
        }
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => self.integer(number, span),
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(0.0)),
            DeValue::Boolean(b) => Value::Bool(*b),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item.get_ref(), item.span(), depth + 1)).collect())
            }
            DeValue::Table(table) => self.table(table, depth).value,
        };
        Node { span, value }
    }

    fn integer(&mut self, number: &::toml::de::DeInteger, span: Span) -> Value {
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(integer) => Value::Int(integer),
            // Too long for a whole number of any use; its reader says what range it wants.
            Err(_) => Value::Text(self.file.slice(span).to_string()),
        }
    }
}
