//! `screens list`, `screens at`, `screens day`: what plays, when and why, from the plan that the feeds are made of.

use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::{Value, json};

use super::{Now, Site, local, only};
use crate::fields::When;
use crate::memo::Memo;
use crate::pipeline::Preview;
use crate::problem::{Fault, Problem};
use crate::report::{Cell, Data, Outcome, Table, sentence};
use crate::screen::{self, ScreenPlan};

/// All screens.
pub fn screens_list(site: &Site, memo: &mut Memo) -> Result<Outcome, Fault> {
    let preview = site.preview(memo)?;
    let Some(index) = &preview.index else { return Ok(only(preview.problems)) };
    let mut table = Table::new(&[
        ("id", "column-id"),
        ("name", "column-name"),
        ("point", "column-point"),
        ("size", "column-size"),
        ("items", "column-items"),
        ("now", "column-now"),
        ("place", "column-place"),
    ]);
    for row in screen::list(&index.world().site, &preview.screens) {
        let (width, height) = row.size;
        let dark = || Cell::with(sentence(site.lang, "screen-dark", &[]), Value::Null);
        table.row([
            Cell::from(&row.id),
            Cell::from(&row.name),
            Cell::from(&row.point),
            Cell::with(format!("{width}×{height}"), json!([width, height])),
            Cell::with(row.items, row.items),
            row.now.map_or_else(dark, Cell::from),
            Cell::from(&row.place),
        ]);
    }
    Ok(Outcome { data: Data::Table(table), ..Outcome::default() })
}

/// What plays on a screen at the instant of the site, and why every other document doesn't.
pub fn screens_at(site: &Site, id: &str, memo: &mut Memo) -> Result<Outcome, Fault> {
    let preview = site.preview(memo)?;
    let Some(index) = &preview.index else { return Ok(only(preview.problems)) };
    let world = index.world();
    let plan = match plan_of(&preview, id) {
        Ok(plan) => plan,
        Err(problem) => return Ok(only(vec![*problem])),
    };
    let at = screen::at(&world.site, &preview.calendar, plan, world.site.now);
    let mut table = Table::new(&[
        ("plays", "column-plays"),
        ("kind", "column-kind"),
        ("title", "column-title"),
        ("why", "column-why"),
        ("file", "column-file"),
    ]);
    let (playing, others): (Vec<_>, Vec<_>) = at.rows.iter().partition(|row| row.verdict.plays);
    for row in playing.into_iter().chain(others) {
        let verdict = &row.verdict;
        table.row([
            Cell::with(if verdict.plays { "●" } else { "" }, verdict.plays),
            Cell::from(sentence(site.lang, kind_code(row.kind), &[])),
            Cell::from(&row.title),
            Cell::with(sentence(site.lang, verdict.code, &verdict.args), verdict.code),
            Cell::from(&row.path),
        ]);
    }
    for hidden in &world.site.hidden {
        let document = memo.documents.get(&hidden.path).map(|(_, document)| document);
        let Some(document) = document.filter(|document| document.front.on_screens) else { continue };
        let (state, _) = super::list::state(hidden.reason);
        let args = [("reason", sentence(site.lang, state, &[]))];
        table.row([
            Cell::with("", false),
            Cell::from(sentence(site.lang, kind_code(document.front.kind.as_str()), &[])),
            Cell::from(&hidden.title),
            Cell::with(sentence(site.lang, "screen-why-hidden", &args), "screen-why-hidden"),
            Cell::from(&hidden.path),
        ]);
    }
    let clock = |second: i64| {
        Timestamp::from_second(second)
            .map_or(String::new(), |t| t.to_zoned(preview.config.zone.clone()).strftime("%H:%M:%S").to_string())
    };
    let mut args =
        vec![("screen", plan.settings(&world.site).name.clone()), ("at", local(world.site.now, &preview.config.zone))];
    let code = match &at.title {
        None => "screen-at-dark",
        Some(title) => {
            args.extend([
                ("title", title.clone()),
                ("from", clock(at.from)),
                ("until", clock(at.until)),
                ("next", at.next.clone().unwrap_or_default()),
                ("position", at.position.0.to_string()),
                ("turns", at.position.1.to_string()),
            ]);
            "screen-at"
        }
    };
    let heading = sentence(site.lang, code, &args);
    let mut outcome = Outcome { data: Data::Tables(vec![(heading, table)]), ..Outcome::default() };
    outcome.members.insert("screen".into(), json!(id));
    outcome.members.insert("at".into(), json!(world.site.now));
    outcome.members.insert("answer".into(), json!(at));
    Ok(outcome)
}

/// The programme of a day; without a date of the present one.
pub fn screens_day(site: &Site, id: &str, date: Option<When>, memo: &mut Memo) -> Result<Outcome, Fault> {
    // Of another day, the site is taken as it is at noon: what went up by then plays, what went down doesn't.
    let noon = |date: When| Now::At(When { time: Some(Time::constant(12, 0, 0, 0)), ..date });
    let site = Site { now: date.map_or(site.now, noon), ..site.clone() };
    let preview = site.preview(memo)?;
    let Some(index) = &preview.index else { return Ok(only(preview.problems)) };
    let world = index.world();
    let plan = match plan_of(&preview, id) {
        Ok(plan) => plan,
        Err(problem) => return Ok(only(vec![*problem])),
    };
    let date = world.site.now.to_zoned(preview.config.zone.clone()).date();
    let mut tables = Vec::new();
    for row in screen::day(&world.site, plan, date) {
        let args = [
            ("from", row.from_text.clone()),
            ("until", row.until_text.clone()),
            ("seconds", row.loop_seconds.to_string()),
        ];
        let code = if row.items.is_empty() { "screen-day-dark" } else { "screen-day-loop" };
        let mut table = Table::new(&[
            ("kind", "column-kind"),
            ("title", "column-title"),
            ("turns", "column-turns"),
            ("seconds", "column-seconds"),
            ("share", "column-share"),
        ]);
        for item in &row.items {
            table.row([
                Cell::with(sentence(site.lang, kind_code(item.kind), &[]), item.kind),
                Cell::from(&item.title),
                Cell::with(item.turns, item.turns),
                Cell::with(item.seconds, item.seconds),
                Cell::with(format!("{}%", item.share), item.share),
            ]);
        }
        tables.push((sentence(site.lang, code, &args), table));
    }
    let mut outcome = Outcome { data: Data::Tables(tables), ..Outcome::default() };
    outcome.members.insert("screen".into(), json!(id));
    outcome.members.insert("date".into(), json!(date.to_string()));
    Ok(outcome)
}

/// The screens that play a document at some time ahead, by id.
pub(super) fn showing(preview: &Preview, page: crate::site::PageId) -> Vec<String> {
    let Some(index) = &preview.index else { return Vec::new() };
    let shows = |plan: &&ScreenPlan| plan.items.iter().any(|item| item.page == Some(page));
    preview.screens.iter().filter(shows).map(|plan| plan.settings(&index.world().site).id.clone()).collect()
}

fn plan_of<'p>(preview: &'p Preview, id: &str) -> Result<&'p ScreenPlan, Box<Problem>> {
    let site = preview.index.as_ref().map(|index| &index.world().site);
    let ids: Vec<&str> = preview.config.screens.iter().map(|screen| screen.id.as_str()).collect();
    let found = site.and_then(|site| preview.screens.iter().find(|plan| plan.settings(site).id == id));
    found.ok_or_else(|| Box::new(Problem::new("no-such-screen").with("screen", id).with("known", ids.join(" "))))
}

fn kind_code(kind: &str) -> &'static str {
    match kind {
        "slogan" => "kind-slogan",
        "notice" => "kind-notice",
        "report" => "kind-report",
        "solemn" => "kind-solemn",
        _ => "kind-standby",
    }
}
