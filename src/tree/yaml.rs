//! YAML → tree. Front matter uses a small part of YAML: keys, text, numbers, lists, tables. Anchors, aliases, merge keys
//! and tags are refused. Lines are mended first; an entry that YAML cannot read is reported and left out, and the rest
//! is read again, so that all mistakes come in one run.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::lines::mend;
use super::repair::Edited;
use super::{Entry, MAX_DEPTH, MAX_PROBLEMS, Node, Span, TextFile, Tree, Value, empty};
use crate::problem::{Problem, Severity};

/// How often the text is read again after an entry was left out.
const MAX_ROUNDS: usize = 20;

pub(super) fn parse(file: &TextFile, span: Span) -> Tree {
    let mut edited = mend(file, span);
    let mut problems = std::mem::take(&mut edited.notes);
    let mut text = edited.text.clone();
    for _ in 0..MAX_ROUNDS {
        let mut builder = Builder::new(file, &edited, &text);
        match builder.read() {
            Ok(mut root) => {
                root.span = span;
                problems.append(&mut builder.problems);
                let complete = problems.iter().all(|p| p.severity != Severity::Error);
                return Tree { root, problems, complete };
            }
            Err(error) => {
                let at = byte_offset(&text, error.marker().index());
                let entry = entry_around(&text, at);
                problems.push(syntax_error(file, &edited, &text, &error, at, entry));
                blank(&mut text, entry);
            }
        }
    }
    Tree { root: empty(span), problems, complete: false }
}

fn byte_offset(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

/// The top-level entry in which the byte `at` stands: from a line without indent to the next one.
fn entry_around(text: &str, at: usize) -> Span {
    let at = at.min(text.len());
    let mut start = 0;
    let mut end = text.len();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let begins_entry = line.starts_with(|c: char| !c.is_whitespace() && c != '#' && c != ']' && c != '}');
        if begins_entry && offset <= at {
            start = offset;
        } else if begins_entry && offset > at {
            end = offset;
            break;
        }
        offset += line.len();
    }
    Span::new(start, end)
}

/// Blanks an entry, keeping every offset.
fn blank(text: &mut String, entry: Span) {
    let spaces: String = text[entry.start..entry.end]
        .chars()
        .flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8()))
        .collect();
    text.replace_range(entry.start..entry.end, &spaces);
}

fn syntax_error(file: &TextFile, edited: &Edited, text: &str, error: &ScanError, at: usize, entry: Span) -> Problem {
    let info = error.info();
    let written = text[entry.start..entry.end].trim_end();
    let place = file.place(edited.original_span(at.max(entry.start), at.max(entry.start)));
    let colon = written.find(": ");
    let value = colon.map(|i| written[i + 2..].trim()).unwrap_or("");
    let one_line = !written.contains('\n');
    let with_value = |value: &str| colon.map(|i| format!("{}: {value}", &written[..i]));
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\''))
        && !value[1..].contains(quote)
    {
        let start = edited.original(entry.start + written.len() - value.len());
        let problem = Problem::new("unclosed-string").at(file.place(Span::new(start, start + 1)));
        return match with_value(&format!("{value}{quote}")) {
            Some(line) if one_line => problem.fix(line),
            _ => problem,
        };
    }
    if let Some(bracket) = value.chars().next().filter(|c| matches!(c, '[' | '{')) {
        let close = if bracket == '[' { ']' } else { '}' };
        if !value.contains(close) {
            let start = entry.start + colon.map_or(0, |i| i + 2);
            let start = start + text[start..].len() - text[start..].trim_start().len();
            let start = edited.original(start);
            let problem = Problem::new("unclosed-bracket").at(file.place(Span::new(start, start + 1)));
            let problem = problem.with("found", close);
            return match with_value(&format!("{value}{close}")) {
                Some(line) if one_line => problem.fix(line),
                _ => problem,
            };
        }
    }
    if info.contains("escape") {
        return Problem::new("bad-escape").at(place).with("found", first_line(value));
    }
    if info.contains("tab") {
        return Problem::new("yaml-tab").at(place);
    }
    match with_value(&quoted_yaml(value)) {
        Some(line) if one_line && !value.is_empty() => {
            Problem::new("yaml-needs-quotes").at(place).with("found", first_line(value)).fix(line)
        }
        _ => Problem::new("yaml-syntax").at(place).with("found", first_line(written)),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").chars().take(60).collect()
}

fn quoted_yaml(text: &str) -> String {
    let text = text.trim_matches('"');
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A table or list whose end has not been read.
enum Frame {
    List(Span, Vec<Node>),
    Table(Span, Vec<Entry>, Option<(String, Span)>),
}

/// Events → tree, with a stack of our own, so that depth is bounded by us.
struct Builder<'a> {
    file: &'a TextFile<'a>,
    edited: &'a Edited<'a>,
    text: &'a str,
    /// Where each character begins: the parser counts characters, we count bytes.
    starts: Vec<usize>,
    stack: Vec<Frame>,
    root: Option<Node>,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a TextFile<'a>, edited: &'a Edited<'a>, text: &'a str) -> Builder<'a> {
        let starts = text.char_indices().map(|(at, _)| at).collect();
        Builder { file, edited, text, starts, stack: Vec::new(), root: None, problems: Vec::new() }
    }

    fn read(&mut self) -> Result<Node, ScanError> {
        let mut depth = 0usize;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event?;
            let (start, end) = (self.bytes(span.start.index()), self.bytes(span.end.index()));
            let span = self.edited.original_span(start, end);
            match event {
                Event::Alias(_) => {
                    self.refuse("yaml-anchor", span);
                    self.add(Node { span, value: Value::Null });
                }
                Event::Scalar(text, style, anchor, tag) => {
                    if anchor != 0 {
                        self.refuse("yaml-anchor", span);
                    }
                    if tag.is_some() {
                        self.refuse("yaml-tag", span);
                    }
                    let is_key = matches!(self.stack.last(), Some(Frame::Table(_, _, None)));
                    if is_key {
                        self.key(text.into_owned(), span);
                    } else {
                        let value =
                            if style == ScalarStyle::Plain { plain(&text) } else { Value::Text(text.into_owned()) };
                        self.add(Node { span, value });
                    }
                }
                Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag)
                    if anchor != 0 || tag.is_some() =>
                {
                    self.refuse(if anchor != 0 { "yaml-anchor" } else { "yaml-tag" }, span);
                    return Ok(self.give_up(span));
                }
                Event::SequenceStart(..) | Event::MappingStart(..) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        self.problems.push(Problem::new("too-deep").at(self.file.place(span)).with("limit", MAX_DEPTH));
                        return Ok(self.give_up(span));
                    }
                    if matches!(self.stack.last(), Some(Frame::Table(_, _, None))) {
                        // A table or list as a key: nothing we read has one.
                        self.problems.push(Problem::new("yaml-syntax").at(self.file.place(span)).with("found", "?"));
                        return Ok(self.give_up(span));
                    }
                    self.stack.push(match event {
                        Event::SequenceStart(..) => Frame::List(span, Vec::new()),
                        _ => Frame::Table(span, Vec::new(), None),
                    });
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    depth -= 1;
                    self.close(span);
                }
                Event::DocumentEnd => break,
                Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            }
        }
        Ok(self.finish())
    }

    fn bytes(&self, chars: usize) -> usize {
        self.starts.get(chars).copied().unwrap_or(self.text.len())
    }

    fn refuse(&mut self, code: &'static str, span: Span) {
        if self.problems.len() < MAX_PROBLEMS {
            let found = first_line(self.file.slice(span));
            self.problems.push(Problem::new(code).at(self.file.place(span)).with("found", found));
        }
    }

    fn key(&mut self, key: String, span: Span) {
        if key == "<<" {
            self.refuse("yaml-anchor", span);
        }
        if let Some(Frame::Table(_, _, waiting)) = self.stack.last_mut() {
            *waiting = Some((key, span));
        }
    }

    fn add(&mut self, node: Node) {
        match self.stack.last_mut() {
            None => self.root = self.root.take().or(Some(node)),
            Some(Frame::List(_, items)) => items.push(node),
            Some(Frame::Table(_, entries, waiting)) => {
                if let Some((key, key_span)) = waiting.take() {
                    entries.push(Entry { key, key_span, node });
                }
            }
        }
    }

    fn close(&mut self, end: Span) {
        let node = match self.stack.pop() {
            Some(Frame::List(start, items)) => {
                Node { span: Span::new(start.start, end.end), value: Value::List(items) }
            }
            Some(Frame::Table(start, entries, _)) => {
                let entries = self.without_duplicates(entries);
                Node { span: Span::new(start.start, end.end), value: Value::Table(entries) }
            }
            None => return,
        };
        self.add(node);
    }

    fn without_duplicates(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut seen = std::collections::BTreeMap::new();
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            match seen.get(&entry.key) {
                Some(&first) if self.problems.len() < MAX_PROBLEMS => {
                    let problem = Problem::new("duplicate-key").at(self.file.place(entry.key_span));
                    self.problems.push(problem.with("key", &entry.key).also(self.file.place(first)));
                }
                Some(_) => {}
                None => {
                    seen.insert(entry.key.clone(), entry.key_span);
                    kept.push(entry);
                }
            }
        }
        kept
    }

    /// Closes all that is open and keeps what was read.
    fn give_up(&mut self, at: Span) -> Node {
        while !self.stack.is_empty() {
            self.close(at);
        }
        self.finish()
    }

    fn finish(&mut self) -> Node {
        match self.root.take() {
            None | Some(Node { value: Value::Null, .. }) => empty(Span::default()),
            Some(node @ Node { value: Value::Table(_), .. }) => node,
            Some(node) => {
                let found = first_line(self.file.slice(node.span));
                self.problems.push(Problem::new("not-a-table").at(self.file.place(node.span)).with("found", found));
                empty(node.span)
            }
        }
    }
}

/// A scalar without quotes, by the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().map_or(Value::Text(text.into()), Value::Int);
    }
    let is_float = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    match text.parse::<f64>() {
        Ok(number) if is_float => Value::Float(number),
        _ => Value::Text(text.to_string()),
    }
}
