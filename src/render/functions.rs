//! The functions of templates. Each asks the `Index` of the job that is being rendered and writes the question down.
//!
//! Tera keeps functions with the templates, which outlive a build, while the index belongs to one build; the two meet in a
//! slot of the rendering thread that is filled for the length of one job.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use tera::{Kwargs, State, Tera, Value};

use crate::catalogue::cell;
use crate::file::Hash;

use super::form;
use super::index::EDITION;
use super::index::{Index, Question};

struct Asking {
    index: Arc<Index>,
    asked: Vec<(Question, Hash)>,
    ticks: Ticks,
    costs: Costs,
}

/// A clock that only tells differences.
pub type Ticks = fn() -> Duration;

/// How often a template asked each of `QUESTIONS`, and how long the answers took.
pub type Costs = [Cost; QUESTIONS.len()];

/// How often something was done, and how long it took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How often.
    pub count: u32,
    /// How long, all times together.
    pub time: Duration,
}

impl Cost {
    /// Adds what was done elsewhere.
    pub fn add(&mut self, other: Cost) {
        self.count += other.count;
        self.time += other.time;
    }
}

/// What came of rendering besides the bytes.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) asked: Vec<(Question, Hash)>,
    pub(super) costs: Costs,
}

thread_local! {
    static ASKING: RefCell<Option<Asking>> = const { RefCell::new(None) };
}

/// Runs `render` with the functions answering from `index`; gives back what was asked.
pub(super) fn with_index<T>(index: &Arc<Index>, ticks: Ticks, render: impl FnOnce() -> T) -> (T, Heard) {
    let asking = Asking { index: index.clone(), asked: Vec::new(), ticks, costs: Costs::default() };
    let before = ASKING.with_borrow_mut(|slot| slot.replace(asking));
    let result = render();
    let asking = ASKING.with_borrow_mut(|slot| std::mem::replace(slot, before));
    let (mut asked, costs) = asking.map(|a| (a.asked, a.costs)).unwrap_or_default();
    asked.sort();
    asked.dedup();
    (result, Heard { asked, costs })
}

/// Questions whose answers are written down.
pub const QUESTIONS: [&str; 7] = ["pages", "related", "page", "section", "terms", "screens", "data"];

/// Adds the functions and filters to an engine.
pub(super) fn register(tera: &mut Tera) {
    for (at, name) in QUESTIONS.into_iter().enumerate() {
        tera.register_function(name, move |arguments: Kwargs, _: &State| ask(at, &arguments));
    }
    tera.register_function("asset", |arguments: Kwargs, _: &State| look_up("asset", "path", &arguments, Index::asset));
    tera.register_function("t", |arguments: Kwargs, _: &State| look_up("t", "key", &arguments, Index::word));
    tera.register_function("qr", |arguments: Kwargs, _: &State| qr(&arguments));
    tera.register_filter("json", |value: Value, _: Kwargs, _: &State| json(&value));
    tera.register_filter("csv", |value: Value, _: Kwargs, _: &State| Value::safe_string(&cell(&text(&value))));
    tera.register_filter("ics", |value: Value, _: Kwargs, _: &State| Value::safe_string(&form::ics(&text(&value))));
    tera.register_filter("ics_date", |value: Value, _: Kwargs, _: &State| ics_date(&value));
}

/// A value as JSON that is safe inside a `<script type="application/ld+json">` block.
fn json(value: &Value) -> tera::TeraResult<Value> {
    let text = serde_json::to_string(value).map_err(tera::Error::message)?;
    Ok(Value::safe_string(&text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")))
}

/// A date of a page (`iso` or `day`) as a calendar writes it.
fn ics_date(value: &Value) -> tera::TeraResult<Value> {
    let text = text(value);
    let date = form::ics_date(&text);
    date.map(|date| Value::safe_string(&date)).ok_or_else(|| tera::Error::message(format!("{text} is no date")))
}

/// A value as words; nothing for `none`.
fn text(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_string(),
        None if value.is_none() => String::new(),
        None => value.to_string(),
    }
}

/// The text as a QR code: an inline SVG, one unit a module, without the quiet zone's background. It depends on nothing but
/// the text.
fn qr(arguments: &Kwargs) -> tera::TeraResult<Value> {
    use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};
    let text = arguments.must_get::<&str>("text")?;
    // A text over the capacity of a QR code (2,953 bytes) has none.
    let code = fast_qr::QRBuilder::new(text).build();
    let svg = code.map_or(String::new(), |code| SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code));
    Ok(Value::safe_string(&svg))
}

/// What every page may depend on without asking.
fn look_up(
    function: &str,
    argument: &str,
    arguments: &Kwargs,
    find: impl FnOnce(&Index, &str) -> Result<Value, String>,
) -> tera::TeraResult<Value> {
    let Some(text) = arguments.get::<&str>(argument)? else {
        return Err(tera::Error::message(format!("{function}() needs {argument}=")));
    };
    ASKING.with_borrow(|slot| {
        let asking = slot.as_ref().ok_or_else(|| tera::Error::message("asked outside a page"))?;
        find(&asking.index, text).map_err(tera::Error::message)
    })
}

fn ask(at: usize, arguments: &Kwargs) -> tera::TeraResult<Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_string);
    let mut arguments: Vec<(String, String)> =
        arguments.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    ASKING.with_borrow_mut(|slot| {
        let asking = slot.as_mut().ok_or_else(|| tera::Error::message("asked outside a page"))?;
        let edition = asking.index.world().edition;
        arguments.extend((edition > 0).then(|| (EDITION.to_string(), edition.to_string())));
        arguments.sort();
        let question = Question { function: QUESTIONS[at].to_string(), arguments };
        let begun = (asking.ticks)();
        let (value, hash) = asking.index.answer(&question).map_err(tera::Error::message)?;
        asking.costs[at].add(Cost { count: 1, time: (asking.ticks)().saturating_sub(begun) });
        asking.asked.push((question, hash));
        Ok(value)
    })
}
