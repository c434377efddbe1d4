//! Files below `data/` → values that templates ask for by name: `data/contacts.toml` is `contacts`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::file::{Source, Sources};
use crate::problem::{Place, Problem};

/// All data files by name without folder `data` and ending.
pub fn load(sources: &Sources) -> (BTreeMap<String, Value>, Vec<Problem>) {
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    for source in sources.under("data/") {
        let Some(parse) = parser(&source.path.extension()) else { continue };
        let name = source.path.as_str().trim_start_matches("data/");
        let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
        let text = source.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let Some(text) = text.map(|t| t.trim_start_matches('\u{feff}')) else {
            problems.push(Problem::new("unreadable-text").in_file(&source.path));
            continue;
        };
        match parse(text, source) {
            Ok(value) => {
                values.insert(name.to_string(), value);
            }
            Err(problem) => problems.push(*problem),
        }
    }
    (values, problems)
}

type Parser = fn(&str, &Source) -> Result<Value, Box<Problem>>;

fn parser(ending: &str) -> Option<Parser> {
    match ending {
        "toml" => Some(toml_value),
        "json" => Some(json_value),
        "csv" => Some(csv_value),
        _ => None,
    }
}

fn toml_value(text: &str, source: &Source) -> Result<Value, Box<Problem>> {
    let fail = |reason: &str, place| Box::new(Problem::new("data-file").with("reason", reason).at(place));
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let span = error.span().unwrap_or(0..0);
        fail(error.message(), Place::of_span(&source.path, text, span.start, span.end))
    })?;
    serde_json::to_value(table).map_err(|error| fail(&error.to_string(), Place::file(&source.path)))
}

fn json_value(text: &str, source: &Source) -> Result<Value, Box<Problem>> {
    serde_json::from_str(text).map_err(|error| {
        let start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = start + error.column().saturating_sub(1);
        let reason = error.to_string();
        let reason = reason.split(" at line").next().unwrap_or(&reason).to_string();
        Box::new(Problem::new("data-file").with("reason", reason).at(Place::of_span(&source.path, text, at, at + 1)))
    })
}

/// A list of rows; a row is a map by the names of the first line.
fn csv_value(text: &str, source: &Source) -> Result<Value, Box<Problem>> {
    let fail = |error: csv::Error| {
        let at = error.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
        Box::new(Problem::new("data-file").with("reason", &error).at(Place::of_span(&source.path, text, at, at + 1)))
    };
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().map_err(fail)?.iter().map(str::to_string).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(fail)?;
        let row = names.iter().cloned().zip(record.iter().map(Value::from)).collect();
        rows.push(Value::Object(row));
    }
    Ok(Value::Array(rows))
}
