//! YAML → tree. Front matter uses a small part of YAML: keys, text, numbers, lists, tables. Anchors, aliases, merge keys
//! and tags are refused. Lines are mended first; an entry that YAML cannot read is reported and left out, and the rest
//! is read again, so that all mistakes come in one run.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::repair::{Edited, is_invisible, is_key_char};
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

/// Line by line: full-width colons after a key, a colon without its space, tabs as indent, full-width brackets around and
/// commas inside a list of one line. A line that continues the text above it is left alone.
fn mend(file: &TextFile, span: Span) -> Edited<'_> {
    let mut edited = Edited::new(file, span.start);
    let mut offset = span.start;
    // Lines indented more than this belong to a value that began further up.
    let mut text_until_indent: Option<usize> = None;
    // Brackets of a list or table that goes over several lines.
    let mut open_brackets = 0usize;
    for line in file.text[span.start..span.end].split_inclusive('\n') {
        mend_line(file, &mut edited, line, offset, &mut text_until_indent, &mut open_brackets);
        offset += line.len();
    }
    edited.copy_to(span.end);
    edited.notes.truncate(MAX_PROBLEMS);
    edited
}

fn mend_line(
    file: &TextFile,
    edited: &mut Edited,
    line: &str,
    offset: usize,
    text_until_indent: &mut Option<usize>,
    open_brackets: &mut usize,
) {
    let note = |edited: &mut Edited, code: &'static str, span: Span, fix: String| {
        if edited.notes.len() < MAX_PROBLEMS {
            let found = file.slice(span).to_string();
            edited.notes.push(Problem::new(code).at(file.place(span)).with("found", found).fix(fix));
        }
    };
    let content = line.trim_end();
    let body = content.trim_start_matches([' ', '\t', '\u{3000}', '\u{a0}']);
    let indent_text = &content[..content.len() - body.len()];
    let indent = indent_text.chars().count();
    let mut replacements: Vec<(Span, String, &'static str)> = Vec::new();
    for (at, c) in content.char_indices().filter(|(_, c)| is_invisible(*c)) {
        replacements.push((Span::new(offset + at, offset + at + c.len_utf8()), String::new(), "invisible-character"));
    }
    let continues = text_until_indent.is_some_and(|limit| indent > limit) || *open_brackets > 0;
    if body.is_empty() || (continues && *open_brackets == 0) {
        // Text: nothing but invisible characters is wrong with it.
    } else {
        *text_until_indent = None;
        if indent_text.contains(['\t', '\u{3000}', '\u{a0}']) && !body.starts_with('#') {
            let spaces = indent_text.replace('\t', "  ").replace(['\u{3000}', '\u{a0}'], " ");
            let code = if indent_text.contains('\t') { "yaml-tab" } else { "full-width-punctuation" };
            replacements.push((Span::new(offset, offset + indent_text.len()), spaces, code));
        }
        let start = offset + indent_text.len();
        let item = body.strip_prefix("- ").map_or(0, |rest| body.len() - rest.trim_start().len());
        let value_at = match *open_brackets {
            0 => separator(body, item, start, &mut replacements),
            _ => Some(0),
        };
        if let Some(at) = value_at {
            let value = body[at..].trim();
            list_punctuation(&body[at..], start + at, *open_brackets > 0, &mut replacements);
            *open_brackets = brackets(value, *open_brackets);
            let is_list_above = value.is_empty() || (at == item && item > 0);
            if *open_brackets == 0 && !is_list_above {
                *text_until_indent = Some(indent);
            }
        }
    }
    replacements.sort_by_key(|(span, _, _)| span.start);
    for (span, replacement, _) in &replacements {
        edited.replace(*span, replacement);
    }
    let mut codes: Vec<&'static str> = Vec::new();
    for (span, _, code) in &replacements {
        if !codes.contains(code) {
            codes.push(code);
            let mut fixed = content.to_string();
            for (span, replacement, _) in replacements.iter().rev() {
                fixed.replace_range(span.start - offset..span.end - offset, replacement);
            }
            note(edited, code, *span, fixed);
            if *code == "invisible-character"
                && let (Some(note), Some(c)) = (edited.notes.last_mut(), file.slice(*span).chars().next())
            {
                note.args.push(("character", format!("U+{:04X}", u32::from(c))));
            }
        }
    }
}

/// Finds the separator after the key of a line, mends it if need be, and says where the value begins in `body`.
fn separator(body: &str, item: usize, start: usize, out: &mut Vec<(Span, String, &'static str)>) -> Option<usize> {
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
            out.push((mark_span, ": ".into(), "missing-space"))
        }
        Some('：' | '＝') if item == 0 => {
            out.push((mark_span, if next_is_space { ":" } else { ": " }.into(), "full-width-colon"));
        }
        _ => return Some(item),
    }
    if let Some((open, inner, close)) = quoted {
        let first = start + item;
        out.push((Span::new(first, first + open), "\"".into(), "full-width-punctuation"));
        let last = first + open + inner;
        out.push((Span::new(last, last + close), "\"".into(), "full-width-punctuation"));
    }
    Some(after)
}

/// Inside `[…]`: full-width commas separate, full-width brackets bracket.
fn list_punctuation(text: &str, start: usize, inside: bool, out: &mut Vec<(Span, String, &'static str)>) {
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
            (None, '"' | '\'') if matches!(before, '[' | ',' | '，' | '［' | ' ') => quote = Some(c),
            (None, '#') if before == ' ' => break,
            (None, '，') => out.push((span, ", ".into(), "full-width-punctuation")),
            (None, '［') => out.push((span, "[".into(), "full-width-punctuation")),
            (None, '］') => out.push((span, "]".into(), "full-width-punctuation")),
            _ => {}
        }
        before = c;
    }
}

/// How many brackets are open after this text.
fn brackets(value: &str, mut open: usize) -> usize {
    if open == 0 && !value.starts_with(['[', '{', '［']) {
        return 0;
    }
    let mut quote = None;
    for c in value.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{' | '［') => open += 1,
            (None, ']' | '}' | '］') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    open
}

/// A table or list whose end has not been read.
enum Frame {
    List(Span, Vec<Node>),
    Table(Span, Vec<Entry>, Option<(String, Span)>),
}

/// Events → tree, with a stack of our own, so that depth is bounded by us.
struct Builder<'a> {
    file: &'a TextFile,
    edited: &'a Edited<'a>,
    text: &'a str,
    /// Where each character begins: the parser counts characters, we count bytes.
    starts: Vec<usize>,
    stack: Vec<Frame>,
    root: Option<Node>,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a TextFile, edited: &'a Edited<'a>, text: &'a str) -> Builder<'a> {
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
