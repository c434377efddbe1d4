//! Words for people, or `--json`: the only room that prints.
//!
//! In go problems, faults, tables and codes of sentences; out come lines in the chosen language. Data goes to stdout, talk
//! to stderr. It decides nothing: what is an error and what is written stands fixed before it is called.

mod excerpt;
mod table;

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use annotate_snippets::{Group, Level, normalize_untrusted_str};
use serde_json::{Value, json};

use crate::message::{self, Lang, Severity};
use crate::problem::{Fault, Place, Problem};

pub use excerpt::cut;
pub use table::{Cell, Table};

/// How to speak.
#[derive(Clone, Copy, Debug, Default)]
pub struct Voice {
    /// The language.
    pub lang: Lang,
    /// One JSON object on stdout instead of words.
    pub json: bool,
    /// How much to say.
    pub volume: Volume,
}

/// How much to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Errors and faults only.
    Quiet,
    /// Problems and a line about what was done.
    #[default]
    Normal,
    /// Every file too.
    Verbose,
}

/// Values for the `{names}` of a sentence.
pub type Args = Vec<(&'static str, String)>;

/// What a command has to tell.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What is wrong with the site.
    pub problems: Vec<Problem>,
    /// Notes are shown too, not only counted.
    pub notes: bool,
    /// What was asked for: goes to stdout.
    pub data: Data,
    /// Sentences about what was done, in order.
    pub said: Vec<(&'static str, Args)>,
    /// Further members of the JSON object.
    pub members: serde_json::Map<String, Value>,
}

/// What a command was asked for.
#[derive(Debug, Default)]
pub enum Data {
    /// Nothing but doing.
    #[default]
    None,
    /// Text as it is: a schema, a manual page.
    Text(String),
    /// Rows.
    Table(Table),
    /// Several tables, each after its heading.
    Tables(Vec<(String, Table)>),
}

/// Problems printed in full; of the rest there is a count for each code.
const IN_FULL: usize = 50;

/// Prints what a command has to tell. True when there is no error in it.
pub fn outcome(voice: &Voice, outcome: &Outcome) -> bool {
    if voice.json {
        print(&format!("{}\n", as_json(voice.lang, outcome)));
    } else {
        match &outcome.data {
            Data::None => {}
            Data::Text(text) => print(text),
            Data::Table(table) => print(&table.text(voice.lang)),
            Data::Tables(tables) => tables.iter().for_each(|(heading, table)| {
                let rows = if table.is_empty() { String::new() } else { table.text(voice.lang) };
                print(&format!("{heading}\n{rows}\n"));
            }),
        }
        match outcome.notes {
            true => problems(&Voice { volume: Volume::Verbose, ..*voice }, &outcome.problems),
            false => problems(voice, &outcome.problems),
        }
        outcome.said.iter().for_each(|(code, args)| say(voice, code, args));
    }
    !outcome.problems.iter().any(|p| p.severity == Severity::Error)
}

/// Prints problems to stderr, grouped by file as they are sorted. Notes, which ask for nothing, are only counted unless
/// everything is to be said.
pub fn problems(voice: &Voice, problems: &[Problem]) {
    if voice.json {
        return;
    }
    let shown = |p: &&Problem| match p.severity {
        Severity::Error => true,
        Severity::Warning => voice.volume > Volume::Quiet,
        Severity::Note => voice.volume > Volume::Normal,
    };
    let (errors, others): (Vec<&Problem>, Vec<&Problem>) =
        problems.iter().filter(shown).partition(|p| p.severity == Severity::Error);
    // When not all can be shown, errors come before warnings; else the order of the files stands.
    let (full, rest): (Vec<&Problem>, Vec<&Problem>) = if errors.len() + others.len() <= IN_FULL {
        (problems.iter().filter(shown).collect(), Vec::new())
    } else {
        let mut full: Vec<&Problem> = errors.into_iter().chain(others).collect();
        let rest = full.split_off(IN_FULL);
        (full, rest)
    };
    let mut text = String::new();
    for problem in full {
        text.push_str(&excerpt::of(problem, voice.lang));
        text.push_str("\n\n");
    }
    text.push_str(&counts(voice.lang, &rest));
    talk(&text);
    let notes = problems.iter().filter(|p| p.severity == Severity::Note).count();
    if notes > 0 && voice.volume == Volume::Normal {
        let code = if notes == 1 { "note-hidden" } else { "notes-hidden" };
        say(voice, code, &[("count", notes.to_string())]);
    }
}

/// How many more there are of each code.
fn counts(lang: Lang, rest: &[&Problem]) -> String {
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    rest.iter().for_each(|p| *by_code.entry(p.code).or_default() += 1);
    if by_code.is_empty() {
        return String::new();
    }
    let mut text = sentence(lang, "more-problems", &[("count", rest.len().to_string())]) + "\n";
    by_code.iter().for_each(|(code, count)| text.push_str(&format!("  {count:>7}  {code}\n")));
    text + "\n"
}

/// Prints one sentence of the table of messages to stderr, unless quiet.
pub fn say(voice: &Voice, code: &'static str, args: &[(&'static str, String)]) {
    if voice.volume > Volume::Quiet && !voice.json {
        talk(&format!("{}\n", sentence(voice.lang, code, args)));
    }
}

/// A sentence of the table of messages, without control characters that values may have brought in.
pub fn sentence(lang: Lang, code: &'static str, args: &[(&'static str, String)]) -> String {
    normalize_untrusted_str(&message::say(code, lang, args))
}

/// Prints what stopped the run.
pub fn fault(voice: &Voice, fault: &Fault) {
    let args = fault_args(fault);
    let reason = message::say(fault.code, voice.lang, &args);
    let hint = message::find(fault.code).map_or(String::new(), |m| m.hint(voice.lang, &args));
    if voice.json {
        let fault =
            json!({ "code": fault.code, "path": fault.path, "reason": fault.reason, "message": reason, "hint": hint });
        return print(&format!("{}\n", json!({ "fault": fault })));
    }
    mistake(voice, &reason, &hint);
}

/// Prints a mistake in the command line itself, in the form of a fault.
pub fn misuse(voice: &Voice, code: &'static str, args: &[(&'static str, String)]) {
    let hint = message::find(code).map_or(String::new(), |m| m.hint(voice.lang, args));
    mistake(voice, &message::say(code, voice.lang, args), &hint);
}

/// A text of the table of messages that has no values: a heading, a help text.
pub fn words(code: &str, lang: Lang) -> String {
    message::say(code, lang, &[])
}

fn mistake(voice: &Voice, reason: &str, hint: &str) {
    let (reason, hint) = (normalize_untrusted_str(reason), normalize_untrusted_str(hint));
    let title = Level::ERROR.with_name(excerpt::name(Severity::Error, voice.lang)).primary_title(reason);
    let mut group = Group::with_title(title);
    if !hint.is_empty() {
        group = group.element(Level::HELP.with_name(excerpt::help(voice.lang)).message(hint));
    }
    talk(&format!("{}\n", excerpt::drawn(&[group])));
}

fn fault_args(fault: &Fault) -> Args {
    vec![("path", fault.path.clone()), ("reason", fault.reason.clone())]
}

/// Prints text to stdout as it is; a reader that went away is nobody's problem.
pub fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints text to stderr as it is.
pub fn talk(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// A duration as people say it.
pub fn seconds(lang: Lang, time: Duration) -> String {
    let (code, value) = match time {
        short if short < Duration::from_secs(1) => ("milliseconds", format!("{}", short.as_millis())),
        long => ("seconds", format!("{:.1}", long.as_secs_f64())),
    };
    sentence(lang, code, &[("value", value)])
}

fn as_json(lang: Lang, outcome: &Outcome) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("problems".into(), outcome.problems.iter().map(|p| problem_json(p, lang)).collect());
    match &outcome.data {
        Data::None => {}
        Data::Text(text) => {
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
            object.insert("data".into(), value);
        }
        Data::Table(table) => {
            object.insert("rows".into(), table.json());
        }
        Data::Tables(tables) => {
            let all = tables.iter().map(|(heading, table)| json!({ "name": heading, "rows": table.json() })).collect();
            object.insert("tables".into(), all);
        }
    }
    object.extend(outcome.members.clone());
    Value::Object(object)
}

/// A problem as an object with its words in this language: for `--json` and for the overlay in the browser.
pub fn problem_json(problem: &Problem, lang: Lang) -> Value {
    let (message, hint) = message_and_hint(problem, lang);
    let place = |place: &Place| json!({ "file": place.path, "line": place.line, "column": place.column });
    json!({
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.as_ref().map(|p| p.path.as_str()),
        "line": problem.place.as_ref().map(|p| p.line).filter(|line| *line > 0),
        "column": problem.place.as_ref().map(|p| p.column).filter(|column| *column > 0),
        "length": problem.place.as_ref().filter(|p| p.line > 0).map(|p| p.length),
        "message": message,
        "hint": Some(hint).filter(|hint| !hint.is_empty()),
        "fix": problem.fix,
        "also": problem.also.iter().map(place).collect::<Vec<_>>(),
    })
}

/// Message and hint of a problem.
fn message_and_hint(problem: &Problem, lang: Lang) -> (String, String) {
    let hint = message::find(problem.code).map_or(String::new(), |m| m.hint(lang, &problem.args));
    (message::say(problem.code, lang, &problem.args), hint)
}

#[cfg(test)]
mod tests;
