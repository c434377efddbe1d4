//! Rows → columns of the right width: a Chinese character takes two. The same rows are objects in `--json`.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::sentence;
use crate::message::Lang;

/// Rows with named columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// For each column its key in JSON and the code of its heading.
    columns: Vec<(&'static str, &'static str)>,
    rows: Vec<Vec<Cell>>,
}

/// One cell: what people read, and what programs read when that is something else.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    value: Option<Value>,
}

impl<T: std::fmt::Display> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell { text: text.to_string(), value: None }
    }
}

impl Cell {
    /// A cell whose JSON value is not its text.
    pub fn with(text: impl std::fmt::Display, value: impl Into<Value>) -> Cell {
        Cell { text: text.to_string(), value: Some(value.into()) }
    }
}

impl Table {
    /// An empty table with these columns: key in JSON, code of the heading.
    pub fn new(columns: &[(&'static str, &'static str)]) -> Table {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, with a cell for each column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As aligned lines; a table without rows says so.
    pub fn text(&self, lang: Lang) -> String {
        if self.rows.is_empty() {
            return sentence(lang, "nothing-to-list", &[]) + "\n";
        }
        let heads: Vec<String> = self.columns.iter().map(|(_, code)| sentence(lang, code, &[])).collect();
        let cells: Vec<Vec<String>> = self.rows.iter().map(|row| row.iter().map(one_line).collect()).collect();
        let widths: Vec<usize> = (0..heads.len())
            .map(|at| cells.iter().chain([&heads]).filter_map(|row| row.get(at)).map(|c| c.width()).max().unwrap_or(0))
            .collect();
        let mut out = String::new();
        for row in [&heads].into_iter().chain(&cells) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// As a list of objects.
    pub fn json(&self) -> Value {
        let object = |row: &Vec<Cell>| -> Map<String, Value> {
            let keys = self.columns.iter().map(|(key, _)| (*key).to_string());
            let values = row.iter().map(|cell| cell.value.clone().unwrap_or_else(|| Value::String(cell.text.clone())));
            keys.zip(values).collect()
        };
        self.rows.iter().map(object).map(Value::Object).collect()
    }
}

/// A title may hold whatever its author typed; a row is one line.
fn one_line(cell: &Cell) -> String {
    cell.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
