//! Tables of keys, and the one reader that turns a tree into typed values by such a table.
//!
//! A `Key` has its English and Chinese names, the shape of its value, its default and its documentation; the same table
//! drives reading, "did you mean", the JSON Schema and the reference page. What is wrong becomes a problem with a place;
//! what is right comes out as `Fields`. Knows no document and no configuration.

use std::collections::BTreeMap;

use jiff::civil;
use jiff::tz::Offset;
use serde_json::Value as Json;

use crate::problem::{Place, Problem};
use crate::tree::{Entry, MAX_PROBLEMS, Node, Span, Syntax, TextFile, Value};

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// English name.
    pub name: &'static str,
    /// Chinese names; the first is the one that is shown.
    pub zh: &'static [&'static str],
    /// What its value may be.
    pub shape: Shape,
    /// Kinds of document that have it; empty for all.
    pub only: &'static [&'static str],
    /// What holds when it is absent, in Chinese and English; empty for "nothing".
    pub default: (&'static str, &'static str),
    /// A value as it is written in TOML.
    pub example: &'static str,
    /// What it is for, in Chinese.
    pub doc_zh: &'static str,
    /// What it is for, in English.
    pub doc_en: &'static str,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text. In YAML a number or a date without quotes is text, too.
    Text,
    /// `true` or `false`; `是` or `否`.
    Bool,
    /// A whole number, from and to.
    Int(i64, i64),
    /// A number, from and to.
    Number(f64, f64),
    /// A date, with or without time and zone.
    Date,
    /// One of these words.
    Choice(&'static [Choice]),
    /// A list; a single value stands for a list of one.
    List(&'static Shape),
    /// A list of exactly two whole numbers, from and to: a size.
    Pair(i64, i64),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A table with names of the author's own.
    Map(&'static Shape),
    /// Text or a number, kept as written: a figure with its unit.
    Figure,
    /// The first of these shapes that fits the form of the value.
    Either(&'static [Shape]),
    /// Whatever it is.
    Any,
}

/// One word of a choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// English word.
    pub name: &'static str,
    /// Chinese words.
    pub zh: &'static [&'static str],
}

/// A date as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub date: civil::Date,
    /// The time of day, when one was written.
    pub time: Option<civil::Time>,
    /// The offset from UTC, when one was written.
    pub offset: Option<Offset>,
}

/// A value that fits its shape.
#[derive(Clone, Debug)]
pub enum Typed {
    /// `Text` and `Figure`, without white space around it.
    Text(String),
    /// `Bool`
    Bool(bool),
    /// `Int`
    Int(i64),
    /// `Number`
    Number(f64),
    /// `Date`
    Date(When),
    /// `Choice`: its English word.
    Choice(&'static str),
    /// `List` and `Pair`
    List(Vec<Field>),
    /// `Table`
    Table(Fields),
    /// `Map`, in the order of the file.
    Map(Vec<(String, Field)>),
    /// `Any`
    Any(Json),
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Field {
    /// Where its key stands; where it stands itself when it has none.
    pub key_span: Span,
    /// Where it stands.
    pub span: Span,
    /// The value.
    pub value: Typed,
}

/// The values of a table by English name.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    keys: &'static [Key],
    fields: BTreeMap<&'static str, Field>,
    wrong: Vec<&'static str>,
    /// Keys that are not in the table, as they stand.
    pub unknown: Vec<(String, Json)>,
}

impl Fields {
    /// The field with this English name; `None` when it is absent or was wrong.
    pub fn get(&self, name: &str) -> Option<&Field> {
        debug_assert!(
            self.keys.is_empty() || self.keys.iter().any(|key| key.name == name),
            "no key {name} in its table"
        );
        self.fields.get(name)
    }
    /// True when the key was there but its value was wrong, which has been reported.
    pub fn was_wrong(&self, name: &str) -> bool {
        self.wrong.contains(&name)
    }
    /// Text that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            Typed::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
    /// Text that is not empty, as a value of its own.
    pub fn string(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_string)
    }
    /// A `Bool`.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name)?.value {
            Typed::Bool(b) => Some(b),
            _ => None,
        }
    }
    /// An `Int`.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name)?.value {
            Typed::Int(i) => Some(i),
            _ => None,
        }
    }
    /// A `Number`.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)?.value {
            Typed::Number(n) => Some(n),
            _ => None,
        }
    }
    /// A `Date`.
    pub fn date(&self, name: &str) -> Option<When> {
        match self.get(name)?.value {
            Typed::Date(when) => Some(when),
            _ => None,
        }
    }
    /// The English word of a `Choice`.
    pub fn choice(&self, name: &str) -> Option<&'static str> {
        match self.get(name)?.value {
            Typed::Choice(word) => Some(word),
            _ => None,
        }
    }
    /// The items of a `List`.
    pub fn list(&self, name: &str) -> Option<&[Field]> {
        match &self.get(name)?.value {
            Typed::List(items) => Some(items),
            _ => None,
        }
    }
    /// The texts of a list of texts.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let items = self.list(name)?.iter();
        Some(items.filter_map(|item| item.as_text()).filter(|text| !text.is_empty()).map(str::to_string).collect())
    }
    /// A `Table`.
    pub fn table(&self, name: &str) -> Option<&Fields> {
        match &self.get(name)?.value {
            Typed::Table(fields) => Some(fields),
            _ => None,
        }
    }
    /// A `Map`.
    pub fn map(&self, name: &str) -> Option<&[(String, Field)]> {
        match &self.get(name)?.value {
            Typed::Map(entries) => Some(entries),
            _ => None,
        }
    }
    /// An `Any`.
    pub fn any(&self, name: &str) -> Option<&Json> {
        match &self.get(name)?.value {
            Typed::Any(json) => Some(json),
            _ => None,
        }
    }
    /// The keys that were given, in the order of their names.
    pub fn given(&self) -> impl Iterator<Item = (&'static Key, &Field)> {
        let key = |name: &str| self.keys.iter().find(|key| key.name == name);
        self.fields.iter().filter_map(move |(name, field)| Some((key(name)?, field)))
    }
}

impl Field {
    /// Text, empty or not.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Typed::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The fields of a table.
    pub fn as_table(&self) -> Option<&Fields> {
        match &self.value {
            Typed::Table(fields) => Some(fields),
            _ => None,
        }
    }
}

/// Reads trees of one file.
pub struct Reader<'a> {
    /// The file, for places.
    pub file: &'a TextFile<'a>,
    /// Its language, for examples and fixes.
    pub syntax: Syntax,
    /// What was wrong.
    pub problems: Vec<Problem>,
    root: &'static [Key],
}

impl<'a> Reader<'a> {
    /// For a file whose top level has the keys `root`.
    pub fn new(file: &'a TextFile<'a>, syntax: Syntax, root: &'static [Key]) -> Reader<'a> {
        Reader { file, syntax, problems: Vec::new(), root }
    }

    /// Reads the top level.
    pub fn read(&mut self, node: &Node) -> Fields {
        self.table(node, self.root)
    }

    /// Adds a problem, up to the number that is worth reading.
    pub fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// All problems of a file: those of its tree and those of its values. Where both speak of one line, a value without
    /// quotes and a value of the wrong type are one mistake, and the reader knows better what belongs there.
    pub fn with_syntax(self, syntax: Vec<Problem>) -> Vec<Problem> {
        let line = |problem: &Problem| problem.place.as_ref().map(|place| place.line);
        let known: std::collections::BTreeSet<Option<u32>> = self.problems.iter().map(line).collect();
        let is_value = |problem: &Problem| matches!(problem.code, "bad-value" | "unquoted-text");
        let syntax = syntax.into_iter().filter(|problem| !(is_value(problem) && known.contains(&line(problem))));
        syntax.chain(self.problems).collect()
    }

    /// A problem at a span of the file.
    pub fn problem(&self, code: &'static str, span: Span) -> Problem {
        Problem::new(code).at(self.file.place(span))
    }

    /// The place of a span.
    pub fn place(&self, span: Span) -> Place {
        self.file.place(span)
    }

    /// The line of a span with another value in its place, as text in quotes where the language wants them.
    pub fn line_with_text(&self, span: Span, text: &str) -> Option<String> {
        let quoted = match self.file.slice(span).chars().next() {
            Some('\'') if !text.contains('\'') => format!("'{text}'"),
            Some('"') => quote(text),
            _ if self.syntax == Syntax::Yaml && is_plain_yaml(text) => text.to_string(),
            _ => quote(text),
        };
        self.file.line_with(span, &quoted)
    }

    fn table(&mut self, node: &Node, keys: &'static [Key]) -> Fields {
        let mut out = Fields { keys, ..Fields::default() };
        let Value::Table(entries) = &node.value else { return out };
        for entry in entries {
            let Some(key) = find(keys, &entry.key) else {
                self.unknown_key(keys, entry);
                out.unknown.push((entry.key.clone(), entry.node.to_json()));
                continue;
            };
            if let Some(first) = out.fields.get(key.name) {
                let problem = self.problem("duplicate-key", entry.key_span).with("key", both_names(key));
                let problem = problem.also(self.place(first.key_span));
                self.report(problem);
            } else if !matches!(entry.node.value, Value::Null) {
                match self.value(&entry.node, key.shape, key) {
                    Some(field) => {
                        out.fields.insert(key.name, Field { key_span: entry.key_span, ..field });
                    }
                    None => out.wrong.push(key.name),
                }
            }
        }
        out
    }

    fn value(&mut self, node: &Node, shape: Shape, key: &Key) -> Option<Field> {
        let field = |value: Typed| Some(Field { key_span: node.span, span: node.span, value });
        let value = match (shape, &node.value) {
            (Shape::Text, _) => self.text(node, key)?,
            (Shape::Figure, Value::Text(text) | Value::Date(text)) => Typed::Text(text.trim().to_string()),
            (Shape::Figure, Value::Int(_) | Value::Float(_)) => Typed::Text(self.file.slice(node.span).to_string()),
            (Shape::Bool, Value::Bool(b)) => Typed::Bool(*b),
            (Shape::Bool, Value::Text(text)) if text == "是" || text == "否" => Typed::Bool(text == "是"),
            (Shape::Int(low, high), Value::Int(i)) => {
                if *i < low || *i > high {
                    self.out_of_range(node, key, low, high);
                    return None;
                }
                Typed::Int(*i)
            }
            (Shape::Number(low, high), Value::Int(_) | Value::Float(_)) => {
                let number = match node.value {
                    Value::Int(i) => i as f64,
                    Value::Float(f) => f,
                    _ => return None,
                };
                if !(low..=high).contains(&number) {
                    self.out_of_range(node, key, low, high);
                    return None;
                }
                Typed::Number(number)
            }
            (Shape::Date, Value::Text(text) | Value::Date(text)) => Typed::Date(self.date(node, text, key)?),
            (Shape::Date, Value::Int(_) | Value::Float(_)) => {
                let text = self.file.slice(node.span).to_string();
                Typed::Date(self.date(node, &text, key)?)
            }
            (Shape::Choice(words), Value::Text(_) | Value::Bool(_) | Value::Int(_)) => {
                Typed::Choice(self.choice(node, words, key)?)
            }
            (Shape::List(inner), Value::List(items)) => {
                let given = items.iter().filter(|item| item.value != Value::Null);
                Typed::List(given.filter_map(|item| self.value(item, *inner, key)).collect())
            }
            (
                Shape::List(inner),
                Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Date(_) | Value::Table(_),
            ) if fits(*inner, &node.value, self.syntax) => {
                Typed::List(self.value(node, *inner, key).into_iter().collect())
            }
            (Shape::Pair(low, high), Value::List(items)) if items.len() == 2 => {
                let two: Vec<Field> = items.iter().filter_map(|i| self.value(i, Shape::Int(low, high), key)).collect();
                if two.len() < 2 {
                    return None;
                }
                Typed::List(two)
            }
            (Shape::Table(keys), Value::Table(_)) => Typed::Table(self.table(node, keys)),
            (Shape::Map(inner), Value::Table(entries)) => Typed::Map(self.map(entries, *inner, key)),
            (Shape::Any, _) => Typed::Any(node.to_json()),
            (Shape::Either(shapes), value) => match shapes.iter().find(|s| fits(**s, value, self.syntax)) {
                Some(shape) => return self.value(node, *shape, key),
                None => {
                    self.wrong_type(node, shape, key);
                    return None;
                }
            },
            _ => {
                self.wrong_type(node, shape, key);
                return None;
            }
        };
        field(value)
    }

    fn map(&mut self, entries: &[Entry], inner: Shape, key: &Key) -> Vec<(String, Field)> {
        let mut out = Vec::with_capacity(entries.len());
        for entry in entries {
            if let Some(mut field) = self.value(&entry.node, inner, key) {
                field.key_span = entry.key_span;
                out.push((entry.key.clone(), field));
            }
        }
        out
    }

    fn text(&mut self, node: &Node, key: &Key) -> Option<Typed> {
        match &node.value {
            Value::Text(text) => Some(Typed::Text(text.trim().to_string())),
            // YAML makes numbers of what a person wrote as text: 110, 2026, 00012.
            Value::Int(_) | Value::Float(_) | Value::Bool(_) if self.syntax == Syntax::Yaml => {
                Some(Typed::Text(self.file.slice(node.span).trim().to_string()))
            }
            _ => {
                self.wrong_type(node, Shape::Text, key);
                None
            }
        }
    }

    fn choice(&mut self, node: &Node, words: &'static [Choice], key: &Key) -> Option<&'static str> {
        let written = match &node.value {
            Value::Text(text) => text.trim().to_string(),
            _ => self.file.slice(node.span).to_string(),
        };
        let found = words.iter().find(|w| w.name == written || w.zh.contains(&written.as_str()));
        if found.is_none() && self.problems.len() < MAX_PROBLEMS {
            let all: Vec<&str> = words.iter().flat_map(|w| [w.name].into_iter().chain(w.zh.iter().copied())).collect();
            let shown: Vec<String> = words.iter().map(|w| both(w.name, w.zh)).collect();
            let problem = self.problem("unknown-value", node.span);
            let mut problem =
                problem.with("key", both_names(key)).with("found", &written).with("known", shown.join(" / "));
            // Between Chinese words a small slip can turn the meaning round: 不主动公开.
            if written.is_ascii()
                && let Some(near) = surely_meant(&written, &all)
                && let Some(line) = self.line_with_text(node.span, near)
            {
                problem = problem.fix(line);
            }
            self.report(problem);
        }
        found.map(|w| w.name)
    }

    fn date(&mut self, node: &Node, text: &str, key: &Key) -> Option<When> {
        let read = parse_date(text);
        if read.is_none() {
            let mut problem = self.problem("invalid-date", node.span);
            problem = problem.with("key", both_names(key)).with("found", text);
            if let Some(date) = guess_date(text)
                && let Some(line) = self.line_with_text(node.span, &date)
            {
                problem = problem.fix(line);
            }
            self.report(problem);
        }
        read
    }

    fn out_of_range(&mut self, node: &Node, key: &Key, low: impl ToString, high: impl ToString) {
        let found = self.file.slice(node.span).to_string();
        let problem = self.problem("out-of-range", node.span).with("key", both_names(key)).with("found", found);
        self.report(problem.with("low", low.to_string()).with("high", high.to_string()));
    }

    fn wrong_type(&mut self, node: &Node, shape: Shape, key: &Key) {
        let code = match shape {
            Shape::Text | Shape::Choice(_) | Shape::Figure => "expected-text",
            Shape::Bool => "expected-bool",
            Shape::Int(..) | Shape::Number(..) => "expected-number",
            Shape::Date => "expected-date",
            Shape::List(_) => "expected-list",
            Shape::Pair(..) => "expected-pair",
            Shape::Table(_) | Shape::Map(_) => "expected-table",
            Shape::Either(_) | Shape::Any => "expected-other",
        };
        let written = self.file.slice(node.span).lines().next().unwrap_or("");
        let found: String = written.chars().take(40).collect();
        let mut problem = self.problem(code, node.span).with("key", both_names(key)).with("found", &found);
        problem = problem.with("example", example(key, self.syntax));
        let fixed = match (shape, &node.value) {
            (Shape::Text, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Date(_)) => Some(quote(written)),
            (Shape::Bool, Value::Text(t)) => match t.to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "y" => Some("true".to_string()),
                "false" | "no" | "off" | "0" | "n" => Some("false".to_string()),
                _ => None,
            },
            (Shape::Bool, Value::Int(i @ (0 | 1))) => Some((*i == 1).to_string()),
            (Shape::Int(..), Value::Text(t)) => t.trim().parse::<i64>().ok().map(|i| i.to_string()),
            (Shape::Int(..), Value::Float(f)) if f.fract() == 0.0 && f.abs() < 1e15 => Some(format!("{f:.0}")),
            (Shape::Number(..), Value::Text(t)) => t.trim().parse::<f64>().ok().map(|_| t.trim().to_string()),
            _ => None,
        };
        if let Some(line) = fixed.and_then(|value| self.file.line_with(node.span, &value)) {
            problem = problem.fix(line);
        }
        self.report(problem);
    }

    fn unknown_key(&mut self, keys: &'static [Key], entry: &Entry) {
        // Looking for near names takes its time; beyond the last problem that is listed nobody reads them.
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        // In TOML a key written below a `[table]` belongs to that table, which surprises everybody once.
        if !std::ptr::eq(keys, self.root) && find(self.root, &entry.key).is_some() {
            let problem = self.problem("belongs-on-top", entry.key_span).with("key", &entry.key);
            return self.report(problem);
        }
        if let Some(home) = self.home_of(keys, &entry.key) {
            let problem = self.problem("misplaced-key", entry.key_span).with("key", &entry.key);
            return self
                .report(problem.with("table", home.name).with("table_zh", home.zh.first().unwrap_or(&home.name)));
        }
        let near: Vec<String> = nearest_keys(keys, &entry.key).into_iter().map(both_names).collect();
        let mut problem =
            self.problem("unknown-key", entry.key_span).with("key", &entry.key).with("near", near.join(" / "));
        let names: Vec<&str> = keys.iter().flat_map(|k| [k.name].into_iter().chain(k.zh.iter().copied())).collect();
        if let Some(name) = surely_meant(&entry.key, &names)
            && let Some(line) = self.file.line_with(entry.key_span, name)
        {
            problem = problem.fix(line);
        }
        self.report(problem);
    }

    /// The table in which a key that is not in `keys` is at home.
    fn home_of(&self, keys: &'static [Key], name: &str) -> Option<&'static Key> {
        self.root.iter().find(|key| match key.shape {
            Shape::Table(inner) => !std::ptr::eq(inner, keys) && find(inner, name).is_some(),
            _ => false,
        })
    }
}

/// The key with this English or Chinese name.
pub fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name || key.zh.contains(&name))
}

/// `title（标题）`
pub fn both_names(key: &Key) -> String {
    both(key.name, key.zh)
}

fn both(name: &str, zh: &[&str]) -> String {
    zh.first().map_or_else(|| name.to_string(), |zh| format!("{name}（{zh}）"))
}

/// The names nearest to `name`, best first, at most three.
pub fn nearest<'n>(name: &str, known: &[&'n str]) -> Vec<&'n str> {
    let mut scored: Vec<(f64, &str)> = known.iter().map(|k| (likeness(name, k), *k)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, known)| known).collect()
}

fn nearest_keys(keys: &'static [Key], name: &str) -> Vec<&'static Key> {
    let score = |key: &Key| key.zh.iter().chain([&key.name]).map(|n| likeness(name, n)).fold(0.0, f64::max);
    let mut scored: Vec<(f64, &Key)> = keys.iter().map(|key| (score(key), key)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, key)| key).collect()
}

/// The one name that `written` is a slip of, when there is no doubt.
fn surely_meant<'n>(written: &str, known: &[&'n str]) -> Option<&'n str> {
    let mut sure = known.iter().filter(|name| likeness(written, name) >= 0.75);
    let first = sure.next()?;
    sure.next().is_none().then_some(*first)
}

fn likeness(a: &str, b: &str) -> f64 {
    // Keys are short; what is longer than any key is like none of them.
    if a.len() > 200 {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(&a.to_lowercase().replace('-', "_"), b)
}

/// The key with an example, as a line of this language.
pub fn example(key: &Key, syntax: Syntax) -> String {
    match syntax {
        Syntax::Toml => format!("{} = {}", key.name, key.example),
        Syntax::Yaml => format!("{}: {}", key.name, key.example.replace(" = ", ": ")),
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_plain_yaml(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.contains([':', '#', '\n'])
        && !text.starts_with(|c: char| "-?,[]{}&*!|>'\"%@`".contains(c))
}

/// Reads a date in any of the forms that we promise: `2026-09-01`, `2026-09-01 08:30`, RFC 3339, `2026年9月1日`, the last
/// with `8:30` or `8时30分`. Years from 1900 to 2999.
pub fn parse_date(text: &str) -> Option<When> {
    let text: String = text.trim().chars().map(half_width_digit).collect();
    let (date_text, rest) = match text.find('日') {
        Some(at) => (&text[..at + '日'.len_utf8()], &text[at + '日'.len_utf8()..]),
        None => text.split_at_checked(10)?,
    };
    let date = if date_text.ends_with('日') { chinese_date(date_text)? } else { iso_date(date_text)? };
    if !(1900..=2999).contains(&date.year()) {
        return None;
    }
    let rest = match rest.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => rest.trim_start(),
    };
    if rest.is_empty() {
        return (text.len() == date_text.len()).then_some(When { date, time: None, offset: None });
    }
    let (time_text, offset) = split_offset(rest)?;
    Some(When { date, time: Some(clock_time(time_text)?), offset })
}

fn half_width_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '：' => ':',
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let good = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.parse().ok())?
}

fn civil_date(year: i16, month: i16, day: i16) -> Option<civil::Date> {
    civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn iso_date(text: &str) -> Option<civil::Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    civil_date(number(year, 4..=4)?, number(month, 2..=2)?, number(day, 2..=2)?)
}

fn chinese_date(text: &str) -> Option<civil::Date> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    civil_date(number(year.trim(), 4..=4)?, number(month.trim(), 1..=2)?, number(day.trim(), 1..=2)?)
}

/// `8:30`, `08:30:00`, `08:30:00.5`, `8时30分`, `8时`
fn clock_time(text: &str) -> Option<civil::Time> {
    let text = text.trim();
    let plain = match text.split_once(['时', '点']) {
        Some((hour, minutes)) => {
            let minutes = minutes.trim().trim_end_matches('分');
            format!("{}:{}", hour.trim(), if minutes.is_empty() { "00" } else { minutes })
        }
        None => text.to_string(),
    };
    let mut parts = plain.split(':');
    let (hour, minute) = (number(parts.next()?, 1..=2)?, number(parts.next()?, 2..=2)?);
    let second = match parts.next() {
        Some(second) => number(second.split('.').next()?, 2..=2)?,
        None => 0,
    };
    let small = |n: i16| i8::try_from(n).ok();
    if parts.next().is_some() {
        return None;
    }
    civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()
}

fn split_offset(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return Some((time, Some(Offset::UTC)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Some((text, None)) };
    let (hours, minutes) = text[at + 1..].split_once(':')?;
    let (hours, minutes) = (number(hours, 2..=2)?, number(minutes, 2..=2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    Some((text[..at].trim_end(), Some(Offset::from_seconds(sign * seconds).ok()?)))
}

/// What a date in another form surely means: `2026/9/1`, `2026.9.1`, `2026-9-1`, `20260901`.
fn guess_date(text: &str) -> Option<String> {
    let text: String = text.trim().chars().map(half_width_digit).collect();
    let parts: Vec<&str> = match text.len() {
        8 if text.bytes().all(|b| b.is_ascii_digit()) => vec![&text[..4], &text[4..6], &text[6..]],
        _ => text.split(['/', '.', '-', '年', '月']).map(|p| p.trim().trim_end_matches(['日', '号'])).collect(),
    };
    let [year, month, day] = parts[..] else { return None };
    let date = civil_date(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?)?;
    (1900..=2999).contains(&date.year()).then(|| date.to_string())
}

/// Whether a value has the form that a shape wants; its content may still be wrong.
fn fits(shape: Shape, value: &Value, syntax: Syntax) -> bool {
    match (shape, value) {
        (Shape::Bool, Value::Bool(_)) | (Shape::Any, _) => true,
        (Shape::Bool, Value::Text(text)) => text == "是" || text == "否",
        (Shape::Int(..), Value::Int(_)) | (Shape::Number(..), Value::Int(_) | Value::Float(_)) => true,
        (Shape::Date, Value::Text(_) | Value::Date(_)) => true,
        (Shape::Text, Value::Text(_)) | (Shape::Choice(_), Value::Text(_)) => true,
        (Shape::Text, Value::Int(_) | Value::Float(_)) => syntax == Syntax::Yaml,
        (Shape::Figure, Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Date(_)) => true,
        (Shape::List(inner), Value::List(items)) => items.iter().all(|item| fits(*inner, &item.value, syntax)),
        (Shape::Pair(..), Value::List(_)) => true,
        (Shape::Table(_) | Shape::Map(_), Value::Table(_)) => true,
        (Shape::Either(shapes), _) => shapes.iter().any(|s| fits(*s, value, syntax)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
