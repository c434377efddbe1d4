//! What authors should know about their `[screen]` tables: names that nobody has, seconds too short to read, and documents
//! that will never be on any screen, each with the reason.
//!
//! In: the plans and what they were made of. Out: problems in the files of the documents. It decides nothing about plans.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::window::{ItemTimes, Window, bounds};
use super::{Pictures, Profile, ScreenPlan};
use crate::problem::Problem;
use crate::schedule::{Calendar, Spans};
use crate::site::{PageId, Site};
use crate::slide;

/// What is looked at.
pub(super) struct Subject<'a> {
    pub(super) site: &'a Site,
    pub(super) calendar: &'a Calendar,
    pub(super) window: &'a Window<'a>,
    pub(super) profiles: &'a [Profile],
    pub(super) times: &'a [ItemTimes],
    pub(super) slides: &'a Pictures,
    pub(super) plans: &'a [ScreenPlan],
}

/// Days that are searched for one on which a document plays: long enough for the 29th of February.
const SEARCHED_DAYS: usize = 1500;

/// All advice.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let names = names(subject.site);
    let reading = reading_seconds(subject.slides);
    let mut problems = Vec::new();
    for page in subject.times.iter().map(|times| times.page) {
        problems.extend(written(subject, page, &names, reading.get(&page).copied()));
    }
    if !subject.profiles.is_empty() {
        problems.extend(never(subject));
    }
    problems
}

/// What `on` may name.
fn names(site: &Site) -> BTreeSet<&str> {
    let screens = site.config.screens.iter();
    let tags = site.config.screens.iter().flat_map(|screen| screen.tags.iter().map(String::as_str));
    screens.flat_map(|screen| [screen.id.as_str(), screen.point.as_str()]).chain(tags).collect()
}

/// The longest time that a slide of each page takes to read.
fn reading_seconds(slides: &Pictures) -> BTreeMap<PageId, u32> {
    let mut reading = BTreeMap::new();
    for ((_, page), slides) in slides {
        let most = slides.iter().map(|slide| slide.reading_seconds).max().unwrap_or(0);
        let entry = reading.entry(*page).or_insert(0);
        *entry = most.max(*entry);
    }
    reading
}

/// Mistakes that stand in the front matter itself.
fn written(subject: &Subject<'_>, page: PageId, known: &BTreeSet<&str>, reading: Option<u32>) -> Vec<Problem> {
    let document = &subject.site.pages[page].document;
    let rules = &document.front.screen;
    let problem = |code| Problem::new(code).in_file(&document.path);
    let mut problems = Vec::new();
    for target in rules.on.iter().filter(|target| !known.contains(target.as_str())) {
        let names: Vec<&str> = known.iter().copied().collect();
        problems.push(problem("screen-target-unknown").with("target", target).with("known", names.join("、")));
    }
    if let (Some(seconds), Some(needed)) = (rules.seconds, reading)
        && seconds < needed
    {
        problems.push(problem("screen-too-short").with("seconds", seconds).with("needed", needed));
    }
    let drawn = [(&rules.design, slide::DESIGNS.as_slice()), (&rules.motif, slide::MOTIFS.as_slice())];
    for (name, known) in drawn.into_iter().filter_map(|(name, known)| Some((name.as_ref()?, known))) {
        if !known.contains(&name.as_str()) {
            problems.push(problem("screen-design-unknown").with("value", name).with("known", known.join("、")));
        }
    }
    problems
}

/// Documents that are on no screen in the days ahead, and will not be later.
fn never(subject: &Subject<'_>) -> Vec<Problem> {
    let site = subject.site;
    let played: BTreeSet<PageId> =
        subject.plans.iter().flat_map(|plan| plan.items.iter().filter_map(|item| item.page)).collect();
    let mut problems = Vec::new();
    let mut later: Vec<&ItemTimes> = Vec::new();
    for times in subject.times {
        let document = &site.pages[times.page].document;
        let problem = |code| Problem::new(code).in_file(&document.path);
        let rules = &document.front.screen;
        if times.evergreen && !times.always() {
            problems.push(problem("screen-evergreen-limited"));
        }
        if played.contains(&times.page) {
            continue;
        }
        if times.until.is_some_and(|until| until <= times.from) {
            let (from, until) = written_bounds(site, times.page);
            problems.push(problem("screen-never-from").with("from", from).with("until", until));
        } else if times.until.is_some_and(|until| until <= subject.window.from()) {
            // It was on screens and is over: nothing to say.
        } else if subject.profiles.iter().any(|profile| profile.pages.contains(&times.page)) {
            later.push(times);
        } else if !rules.on.is_empty() && rules.on.iter().all(|name| names(site).contains(name.as_str())) {
            let kind = document.front.kind.as_str();
            problems.push(problem("screen-never-plays").with("kind", kind).with("on", rules.on.join("、")));
        }
    }
    if !later.is_empty() {
        problems.extend(never_eligible(subject, &later));
    }
    problems
}

fn written_bounds(site: &Site, page: PageId) -> (String, String) {
    let zone = &site.config.zone;
    let text = |at: Option<Timestamp>| {
        at.map_or("…".to_string(), |at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
    };
    let (from, until) = bounds(site, page, zone);
    (text(from), text(until))
}

/// Why none of these documents, which some screen shows by kind and name, is played: looked for over years ahead.
fn never_eligible(subject: &Subject<'_>, unplayed: &[&ItemTimes]) -> Vec<Problem> {
    let site = subject.site;
    let window = Window::of_days(site, subject.calendar, SEARCHED_DAYS);
    let far = window.times(site, unplayed.iter().map(|times| times.page));
    let mut open: Vec<Option<Spans>> = vec![None; subject.profiles.len()];
    let mut problems = Vec::new();
    for (near, far) in unplayed.iter().zip(&far) {
        let document = &site.pages[far.page].document;
        let problem = |code| Problem::new(code).in_file(&document.path);
        let (from, until) = written_bounds(site, far.page);
        if far.spans.is_empty() {
            problems.push(problem("screen-never-days").with("from", from).with("until", until));
            continue;
        }
        let screens: Vec<usize> =
            (0..subject.profiles.len()).filter(|&i| subject.profiles[i].pages.contains(&far.page)).collect();
        let mut seen: Vec<(i64, i64)> = Vec::new();
        for &i in &screens {
            let open = open[i].get_or_insert_with(|| window.open(&subject.profiles[i].hours));
            seen.extend(far.spans.and(open).iter());
        }
        let ids: Vec<&str> = screens.iter().map(|&i| site.config.screens[i].id.as_str()).collect();
        match Spans::new(seen).iter().last() {
            None => problems.push(problem("screen-never-open").with("screens", ids.join("、"))),
            // It was due in the days ahead, will not be later, and yet something else always went before it.
            Some((_, last)) if last <= subject.window.until() && !near.spans.is_empty() => {
                problems.push(problem("screen-never-turn").with("until", until).with("by", before_it(subject, near)));
            }
            Some(_) => {}
        }
    }
    problems
}

/// What goes before a document whenever it is due: takeovers, or days of mourning.
fn before_it(subject: &Subject<'_>, times: &ItemTimes) -> String {
    let due = |from: i64, until: i64| !times.spans.clip(from, until).is_empty();
    let days = subject.window.days.iter().zip(&subject.window.moods);
    let solemn = days.filter(|(day, _)| due(day.from, day.until)).filter_map(|(_, mood)| mood.solemn.as_deref());
    let mut by: Vec<&str> = Vec::new();
    for name in solemn {
        if !by.contains(&name) {
            by.push(name);
        }
    }
    let takeovers = subject.times.iter().filter(|other| other.takeover && !other.spans.and(&times.spans).is_empty());
    by.extend(takeovers.map(|other| subject.site.pages[other.page].document.front.title.as_str()));
    by.truncate(3);
    by.join("、")
}
