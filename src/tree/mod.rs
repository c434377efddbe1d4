//! TOML and YAML text → one tree of values, each with the byte range at which it stands.
//!
//! In goes a text file and the stretch of it to read, out comes a tree and problems: every syntax error with its place,
//! and what Chinese input methods leave behind (`标题：…`) put right with a note. Knows no keys and no documents.
//! Nothing here can fail: what could not be read is missing from the tree and `complete` is false.

mod decode;
mod lines;
mod repair;
mod toml;
mod yaml;

pub use decode::TextFile;

use serde_json::Value as Json;

use crate::problem::Problem;

/// A byte range of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Span {
    /// `start..end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }
}

/// The language in which a tree was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `key = "value"`
    Toml,
    /// `key: value`
    Yaml,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands in the file.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What can be written in both languages.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// YAML's empty value; the same as leaving out the key.
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    Text(String),
    /// A TOML date or time, as written. In YAML dates are text.
    Date(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

/// What `parse` makes of a text.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Always a table.
    pub root: Node,
    /// Syntax errors, and notes on what was put right.
    pub problems: Vec<Problem>,
    /// False when something could not be read, so that a missing key may only be hidden by a syntax error.
    pub complete: bool,
}

/// How many tables and lists may stand in each other.
pub const MAX_DEPTH: usize = 32;
/// How many bytes of TOML or YAML are read at most; anything longer is not something a person wrote.
pub const MAX_BYTES: usize = 1 << 20;
/// How many problems of one file are listed; after that, more of them help nobody.
pub const MAX_PROBLEMS: usize = 100;

/// Reads the stretch `span` of `file`.
pub fn parse(file: &TextFile, span: Span, syntax: Syntax) -> Tree {
    if span.end - span.start > MAX_BYTES {
        let problem = Problem::new("too-much-data").at(file.place(Span::new(span.start, span.start)));
        return Tree { root: empty(span), problems: vec![problem.with("limit", MAX_BYTES / 1024)], complete: false };
    }
    let mut tree = match syntax {
        Syntax::Toml => toml::parse(file, span),
        Syntax::Yaml => yaml::parse(file, span),
    };
    tree.problems.truncate(MAX_PROBLEMS);
    tree
}

/// Reads a whole file.
pub fn parse_all(file: &TextFile, syntax: Syntax) -> Tree {
    parse(file, Span::new(0, file.text.len()), syntax)
}

/// True when the text is one value of TOML: a number, a date, text in quotes, a list.
pub fn is_toml_value(text: &str) -> bool {
    text.len() <= MAX_BYTES && ::toml::de::DeValue::parse(text).is_ok()
}

impl Node {
    /// The value under this key, when this is a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.node),
            _ => None,
        }
    }

    /// The value without its places. Numbers that JSON lacks become null.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) => Json::from(*i),
            Value::Float(f) => Json::from(*f),
            Value::Text(t) | Value::Date(t) => Json::String(t.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Table(entries) => Json::Object(entries.iter().map(|e| (e.key.clone(), e.node.to_json())).collect()),
        }
    }
}

/// A table without entries.
fn empty(span: Span) -> Node {
    Node { span, value: Value::Table(Vec::new()) }
}

#[cfg(test)]
mod tests;
