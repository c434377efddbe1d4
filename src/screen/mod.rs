//! Screens: which documents each shows, when, and in which order.
//!
//! In: the site, the calendar. Out: one `ScreenPlan` for each screen, with slides, loops and a timeline in UTC seconds from
//! local midnight, and problems. Pure: what a screen shows is a function of its plan and the clock. Screens with the same
//! items, hours and shares are laid out once; pages are laid out once for each canvas.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Screen;
use crate::document::Kind;
use crate::file::{Hash, SourcePath};
use crate::problem::{Place, Problem};
use crate::schedule::loops::{Arrangement, MAX_TURNS, Rounded, Share, arrange};
use crate::schedule::timeline::{Candidate, Stretch, stretches};
use crate::schedule::{Calendar, Entry, HourSpan, Loop, Segment, Spans, Timeline};
use crate::site::{PageId, Site};
use crate::slide::{self, Canvas, Shape, Slide};
use crate::typeface::Faces;
use crate::video::Video;

mod advice;
mod explain;
mod window;

pub use explain::{
    At, CalendarDay, DayItem, DayRow, DayView, ListRow, Row, Verdict, at, calendar_days, day, day_view, list,
    now_showing, now_view, open_today, why,
};
use window::{ItemTimes, Window};

/// Everything about one screen.
#[derive(Clone, Debug)]
pub struct ScreenPlan {
    /// Index into `Config::screens`.
    pub screen: usize,
    /// What its slides are laid out on.
    pub canvas: Canvas,
    /// What some loop plays, in the order of the feed: pages by path, then the slates.
    pub items: Arc<Vec<ScreenItem>>,
    /// When which loop plays. Shared by screens that ask for the same.
    pub timeline: Arc<Timeline>,
    /// The next instant at which a document of this site goes up or down, UTC seconds.
    pub next_change: Option<i64>,
}

/// How far ahead pages look that say what a screen shows now: those of a site that is built every day are never out of date.
pub const SOON_SECONDS: i64 = 2 * 86400;

/// A document, or a slate, as a screen shows it.
#[derive(Clone, Debug)]
pub struct ScreenItem {
    /// The page; `None` for a slate.
    pub page: Option<PageId>,
    /// slogan, notice, report, standby, solemn
    pub kind: &'static str,
    /// Title of the page, or the words of the slate.
    pub title: String,
    /// Its pictures.
    pub slides: Arc<Vec<Slide>>,
    /// Seconds of each slide.
    pub seconds: Vec<u32>,
    /// May play when the feed is out of date.
    pub evergreen: bool,
}

impl ScreenPlan {
    /// The screen's settings.
    pub fn settings<'a>(&self, site: &'a Site) -> &'a Screen {
        &site.config.screens[self.screen]
    }

    /// What loops of today and tomorrow play, and the standby: each slide once.
    pub fn soon(&self) -> BTreeSet<(u32, u32)> {
        let until = self.timeline.from + SOON_SECONDS;
        let near = self.timeline.segments.iter().take_while(|segment| segment.from < until);
        let loops: BTreeSet<usize> = near.filter_map(|segment| segment.plays).chain([self.timeline.standby]).collect();
        let entries = loops.into_iter().filter_map(|at| self.timeline.loops.get(at)).flat_map(|l| &l.entries);
        entries.map(|entry| (entry.item, entry.slide)).collect()
    }

    /// A slide by the numbers of its item and of itself.
    pub fn slide(&self, (item, slide): (u32, u32)) -> Option<&Slide> {
        self.items.get(item as usize)?.slides.get(slide as usize)
    }

    /// Equal for screens that show the same: in plans of one build the same items are one value.
    pub fn shown(&self) -> usize {
        Arc::as_ptr(&self.items).addr()
    }
}

/// Plans all screens; their slides are laid out with these faces.
pub fn plan(site: &Site, calendar: &Calendar, faces: &Faces) -> (Vec<ScreenPlan>, Vec<Problem>) {
    let names_a_screen = || site.pages.iter().any(|page| !page.document.front.screen.on.is_empty());
    if site.config.screens.is_empty() && !names_a_screen() {
        return (Vec::new(), Vec::new());
    }
    let mut problems = Vec::new();
    let window = Window::new(site, calendar);
    let times = window.times(site, (0..site.pages.len()).filter(|&page| for_screens(site, page)));
    let profiles: Vec<Profile> =
        (0..site.config.screens.len()).map(|i| Profile::new(i, site, &times, &mut problems)).collect();
    let slides = all_slides(site, &profiles, &times, faces, &mut problems);
    let groups = groups(&profiles);
    let shown: Vec<Shown> =
        groups.par_iter().map(|group| Shown::new(&profiles[group[0]], site, &times, &slides, faces)).collect();
    let laid: Vec<Vec<Stretch>> = groups
        .par_iter()
        .zip(&shown)
        .map(|(group, shown)| shown.stretches(&profiles[group[0]], &window, site))
        .collect();
    let arranged = arrange_all(&shown, &laid);
    let plans: Vec<(Vec<ScreenPlan>, Vec<Problem>)> = groups
        .par_iter()
        .zip(&shown)
        .zip(&laid)
        .map(|((group, shown), laid)| {
            let built = Built::new(shown, laid, &arranged, &window, &profiles[group[0]], site);
            let plans = group.iter().map(|&i| built.plan(&profiles[i], site)).collect();
            let problems = group.iter().flat_map(|&i| built.problems(&profiles[i], site)).collect();
            (plans, problems)
        })
        .collect();
    let mut all = Vec::new();
    for (plans, found) in plans {
        all.extend(plans);
        problems.extend(found);
    }
    all.sort_by_key(|plan| plan.screen);
    problems.extend(advice::check(&advice::Subject {
        site,
        calendar,
        window: &window,
        profiles: &profiles,
        times: &times,
        slides: &slides,
        plans: &all,
    }));
    problems.extend(window.check(site, calendar));
    crate::problem::sort(&mut problems);
    (all, problems)
}

/// What a screen asks of the documents; screens with equal profiles share their timeline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    canvas: Canvas,
    /// Pages of its kinds that name it or name nobody, by path.
    pages: Vec<PageId>,
    hours: Vec<(crate::schedule::DayRule, HourSpan)>,
    seconds: u32,
    /// Number of the kind (`kind_number`), least share in millionths.
    min_share: Vec<(u32, u32)>,
    screen: usize,
}

impl Profile {
    fn new(index: usize, site: &Site, times: &[ItemTimes], problems: &mut Vec<Problem>) -> Profile {
        let screen = &site.config.screens[index];
        let mut hours = Vec::new();
        for (days, span) in &screen.hours {
            match (window::day_rule(days), HourSpan::parse(span)) {
                (Ok(days), Ok(span)) => hours.push((days, span)),
                (Err(code), _) => problems.push(in_screens(code).with("value", days)),
                (_, Err(code)) => problems.push(in_screens(code).with("value", span)),
            }
        }
        let share =
            |(kind, share): (&String, &f64)| Some((kind_number(kind)?, (share.clamp(0.0, 1.0) * 1e6).round() as u32));
        Profile {
            canvas: Canvas::of(screen.size, &screen.point),
            pages: times.iter().filter(|times| targets(screen, site, times.page)).map(|times| times.page).collect(),
            hours,
            seconds: screen.seconds.max(1),
            min_share: screen.min_share.iter().filter_map(share).collect(),
            screen: index,
        }
    }

    fn same_timeline(&self, other: &Profile) -> bool {
        (&self.canvas, &self.pages, &self.hours, self.seconds, &self.min_share)
            == (&other.canvas, &other.pages, &other.hours, other.seconds, &other.min_share)
    }
}

fn in_screens(code: &'static str) -> Problem {
    Problem::new(code).at(Place::file(&SourcePath::new("screens.toml")))
}

/// Kinds as numbers for loops, in the order of their importance on a screen.
const KINDS: [&str; 4] = ["slogan", "notice", "report", "page"];

fn kind_number(kind: &str) -> Option<u32> {
    KINDS.iter().position(|k| *k == kind).and_then(|i| u32::try_from(i).ok())
}

/// True when the screen shows this kind and the page names the screen, one of its tags, its point, or nobody.
pub(crate) fn targets(screen: &Screen, site: &Site, page: PageId) -> bool {
    let front = &site.pages[page].document.front;
    screen.shows.iter().any(|kind| kind == front.kind.as_str()) && names(screen, &front.screen.on)
}

fn names(screen: &Screen, on: &[String]) -> bool {
    on.is_empty() || on.iter().any(|name| *name == screen.id || *name == screen.point || screen.tags.contains(name))
}

/// Screens with the same timeline, in order of their first.
fn groups(profiles: &[Profile]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..profiles.len()).collect();
    order.sort_by(|&a, &b| profiles[a].cmp(&profiles[b]));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in order {
        match groups.last_mut() {
            Some(group) if profiles[group[0]].same_timeline(&profiles[i]) => group.push(i),
            _ => groups.push(vec![i]),
        }
    }
    groups
}

type Pictures = BTreeMap<(Canvas, PageId), Arc<Vec<Slide>>>;

/// Each page once for each canvas that some screen shows it on.
fn all_slides(
    site: &Site,
    profiles: &[Profile],
    times: &[ItemTimes],
    faces: &Faces,
    problems: &mut Vec<Problem>,
) -> Pictures {
    let wanted: BTreeSet<(Canvas, PageId)> =
        profiles.iter().flat_map(|profile| profile.pages.iter().map(|page| (profile.canvas, *page))).collect();
    let ever: BTreeSet<PageId> = times.iter().filter(|times| times.matters()).map(|times| times.page).collect();
    let wanted: Vec<(Canvas, PageId)> = wanted.into_iter().filter(|(_, page)| ever.contains(page)).collect();
    let types = slide::Types::of(faces);
    let made: Vec<_> =
        wanted.par_iter().map(|&(canvas, page)| slide::slides(&site.pages[page], canvas, site, &types)).collect();
    let mut pictures = Pictures::new();
    for (key, (slides, found)) in wanted.into_iter().zip(made) {
        problems.extend(found);
        pictures.insert(key, Arc::new(slides));
    }
    pictures
}

/// What a group of screens may play: pages with their times and pictures.
struct Shown<'a> {
    items: Vec<ScreenItem>,
    shares: Vec<Share>,
    times: Vec<&'a ItemTimes>,
    minimum: Vec<(u32, f64)>,
    faces: &'a Faces,
}

impl<'a> Shown<'a> {
    fn new(profile: &Profile, site: &Site, times: &'a [ItemTimes], slides: &Pictures, faces: &'a Faces) -> Shown<'a> {
        let mut shown = Shown {
            items: Vec::new(),
            shares: Vec::new(),
            times: Vec::new(),
            minimum: profile.min_share.iter().map(|&(kind, share)| (kind, f64::from(share) / 1e6)).collect(),
            faces,
        };
        let by_page: BTreeMap<PageId, &ItemTimes> = times.iter().map(|times| (times.page, times)).collect();
        for page in &profile.pages {
            let (Some(slides), Some(times)) = (slides.get(&(profile.canvas, *page)), by_page.get(page)) else {
                continue;
            };
            if slides.is_empty() {
                continue;
            }
            let front = &site.pages[*page].document.front;
            let given = front.screen.seconds.map(|seconds| seconds.max(1));
            let mut seconds: Vec<u32> =
                slides.iter().map(|slide| given.unwrap_or(profile.seconds.max(slide.reading_seconds))).collect();
            if let (Some(video), Some(first)) = (video(site, *page, profile.canvas), seconds.first_mut()) {
                *first = video.seconds();
            }
            shown.shares.push(Share {
                kind: kind_number(front.kind.as_str()).unwrap_or(3),
                weight: front.screen.weight.clamp(1, 10),
                seconds: seconds.iter().sum(),
            });
            shown.items.push(ScreenItem {
                page: Some(*page),
                kind: front.kind.as_str(),
                title: front.title.clone(),
                slides: slides.clone(),
                seconds,
                evergreen: front.screen.evergreen,
            });
            shown.times.push(times);
        }
        shown
    }

    fn stretches(&self, profile: &Profile, window: &Window, site: &Site) -> Vec<Stretch> {
        let candidates: Vec<Candidate<'_>> = self
            .times
            .iter()
            .map(|times| Candidate { spans: &times.spans, festive: times.festive, takeover: times.takeover })
            .collect();
        let open = window.open(&profile.hours);
        let named = |page: Option<PageId>, paths: &[SourcePath]| {
            page.is_some_and(|page| paths.contains(&site.pages[page].document.path))
        };
        let mut days = window.days.clone();
        for (day, mood) in days.iter_mut().zip(&window.moods) {
            if mood.items.is_empty() {
                continue;
            }
            let only = (0..).zip(&self.items).filter(|(_, item)| named(item.page, &mood.items)).map(|(i, _)| i);
            day.only = Some(only.collect());
        }
        stretches(&days, &open, &candidates)
    }

    /// Items that may play without a date: for the time after the feed's end, and when nothing else is due.
    fn evergreen(&self, window: &Window) -> Vec<u32> {
        let from = window.from();
        let always = (0..).zip(&self.times).filter(|(_, times)| times.always() && times.from <= from);
        let (takeover, normal): (Vec<_>, Vec<_>) = always.partition(|(_, times)| times.takeover);
        let chosen = if takeover.is_empty() { normal } else { takeover };
        chosen.into_iter().map(|(i, _)| i).collect()
    }
}

/// Arrangements by the hash of what they depend on, so that equal sets of items are arranged once for all screens.
type Arranged = BTreeMap<Hash, Arrangement>;

fn shares_of(shown: &Shown<'_>, set: &[u32]) -> Vec<Share> {
    set.iter().map(|&i| shown.shares[i as usize]).collect()
}

fn loop_key(shown: &Shown<'_>, set: &[u32]) -> Hash {
    let mut bytes = Vec::with_capacity(12 * set.len() + 12 * shown.minimum.len());
    for share in set.iter().map(|&i| shown.shares[i as usize]) {
        bytes.extend([share.kind, share.weight, share.seconds].into_iter().flat_map(u32::to_le_bytes));
    }
    let mut minimum = Vec::new();
    for (kind, share) in &shown.minimum {
        minimum.extend(kind.to_le_bytes());
        minimum.extend(share.to_bits().to_le_bytes());
    }
    Hash::of_parts([bytes.as_slice(), minimum.as_slice()])
}

fn arrange_all(shown: &[Shown<'_>], laid: &[Vec<Stretch>]) -> Arranged {
    let mut wanted = BTreeMap::new();
    for (shown, laid) in shown.iter().zip(laid) {
        let sets: BTreeSet<&Vec<u32>> = laid.iter().filter_map(|(_, _, set)| set.as_ref()).collect();
        wanted.extend(sets.into_iter().map(|set| (loop_key(shown, set), (shown, set))));
    }
    let wanted: Vec<_> = wanted.into_iter().collect();
    wanted.into_par_iter().map(|(key, (shown, set))| (key, arrange(&shares_of(shown, set), &shown.minimum))).collect()
}

/// The finished timeline of a group.
struct Built {
    items: Arc<Vec<ScreenItem>>,
    timeline: Arc<Timeline>,
    next_change: Option<i64>,
    /// First instant, kind, wanted, got.
    shortfalls: Vec<(i64, u32, f64, f64)>,
    /// First instant, turns of the loop, the furthest item, weight asked for, turns due, turns got, items away.
    rounded: Vec<(i64, usize, Option<PageId>, Rounded)>,
    /// First instant and turns of a loop with more items than it should have turns.
    long: Option<(i64, usize)>,
}

/// Before items are numbered for the feed: indices of `Shown::items`, and behind them the slates: one for standby, one for
/// each name of a solemn day.
const STANDBY: u32 = 1 << 31;
const SOLEMN: u32 = STANDBY + 1;

impl Built {
    fn new(
        shown: &Shown<'_>,
        laid: &[Stretch],
        arranged: &Arranged,
        window: &Window,
        profile: &Profile,
        site: &Site,
    ) -> Built {
        let mut drafts: Vec<Vec<Entry>> = Vec::new();
        let mut by_set: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut segments: Vec<Segment> = Vec::new();
        let (mut shortfalls, mut rounded, mut long) = (Vec::new(), Vec::new(), None);
        let solemn_names = window.solemn_names();
        let standby = shown.evergreen(window);
        let mut draft = |set: &[u32], turns: &[usize]| -> usize {
            if let Some(found) = by_set.get(set) {
                return *found;
            }
            drafts.push(entries(shown, set, turns, profile));
            by_set.insert(set.to_vec(), drafts.len() - 1);
            drafts.len() - 1
        };
        let mut keys: BTreeMap<&[u32], Hash> = BTreeMap::new();
        let standby = match standby.is_empty() {
            true => draft(&[STANDBY], &[0]),
            false => draft(&standby, &arrange(&shares_of(shown, &standby), &[]).turns),
        };
        let mut day = 0;
        for (from, until, set) in laid {
            while day + 1 < window.days.len() && window.days[day].until <= *from {
                day += 1;
            }
            let solemn = window.moods[day].solemn.as_deref();
            let slate = solemn.and_then(|name| (SOLEMN..).zip(&solemn_names).find(|(_, known)| **known == name));
            let plays = match (set, slate) {
                (None, _) => None,
                (Some(set), Some((slate, _))) if set.is_empty() => Some(draft(&[slate], &[0])),
                (Some(set), _) if set.is_empty() => Some(standby),
                (Some(set), _) => {
                    let key = *keys.entry(set).or_insert_with(|| loop_key(shown, set));
                    let arrangement = &arranged[&key];
                    let takeover = set.iter().any(|&i| shown.times[i as usize].takeover);
                    for short in arrangement.shortfalls.iter().filter(|_| solemn.is_none() && !takeover) {
                        shortfalls.push((*from, short.kind, short.wanted, short.got));
                    }
                    if let Some(found) = arrangement.rounded {
                        let page = shown.items[set[found.item] as usize].page;
                        rounded.push((*from, arrangement.turns.len(), page, found));
                    }
                    if set.len() > MAX_TURNS {
                        long.get_or_insert((*from, arrangement.turns.len()));
                    }
                    Some(draft(set, &arrangement.turns))
                }
            };
            match segments.last_mut() {
                Some(last) if last.plays == plays && last.until > window.days[day].from => last.until = *until,
                _ => segments.push(Segment { from: *from, until: *until, plays }),
            }
        }
        let (items, loops) = number(shown, drafts, window, profile, site);
        let timeline = Timeline { from: window.from(), until: window.until(), segments, loops, standby };
        let next_change =
            site.changes.iter().map(|change| change.at).find(|at| *at > site.now).map(|at| at.as_second());
        Built { items: Arc::new(items), timeline: Arc::new(timeline), next_change, shortfalls, rounded, long }
    }

    fn plan(&self, profile: &Profile, _site: &Site) -> ScreenPlan {
        ScreenPlan {
            screen: profile.screen,
            canvas: profile.canvas,
            items: self.items.clone(),
            timeline: self.timeline.clone(),
            next_change: self.next_change,
        }
    }

    /// What the loops could not do: for each kind the first time at which its share is missed, the item that is furthest
    /// from its weight, a loop that is longer than it should be.
    fn problems(&self, profile: &Profile, site: &Site) -> Vec<Problem> {
        let screen = &site.config.screens[profile.screen];
        let problem = |code, at: i64| {
            let when = jiff::Timestamp::from_second(at).unwrap_or(site.now).to_zoned(site.config.zone.clone());
            in_screens(code).with("screen", &screen.id).with("when", when.strftime("%Y-%m-%d %H:%M"))
        };
        let mut kinds = BTreeSet::new();
        let first = self.shortfalls.iter().filter(|(_, kind, _, _)| kinds.insert(*kind));
        let mut problems: Vec<Problem> = first
            .map(|&(at, kind, wanted, got)| {
                problem("screen-min-share", at)
                    .with("kind", KINDS[kind as usize])
                    .with("wanted", percent(wanted))
                    .with("got", percent(got))
            })
            .collect();
        let away = |found: &Rounded| (f64::from(found.got) - found.due).abs();
        if let Some((at, turns, page, found)) = self.rounded.iter().max_by(|a, b| away(&a.3).total_cmp(&away(&b.3))) {
            let file = page.map_or(String::new(), |page| site.pages[page].document.path.to_string());
            problems.push(
                problem("screen-weight-rounded", *at)
                    .with("file", file)
                    .with("due", (found.due * 10.0).round() / 10.0)
                    .with("got", found.got)
                    .with("turns", turns)
                    .with("items", found.items),
            );
        }
        if let Some((at, turns)) = self.long {
            problems.push(problem("screen-loop-long", at).with("turns", turns).with("most", MAX_TURNS));
        }
        problems
    }
}

/// A share in per cent with at most one decimal, rounded down so that a share that is missed never looks met.
fn percent(share: f64) -> f64 {
    (share * 1000.0 + 1e-6).floor() / 10.0
}

/// The slides of a loop in order, an item's slides behind each other.
fn entries(shown: &Shown<'_>, set: &[u32], turns: &[usize], profile: &Profile) -> Vec<Entry> {
    let slides = |item: u32| match shown.items.get(item as usize) {
        Some(found) => (0..).zip(&found.seconds).map(|(slide, &seconds)| Entry { item, slide, seconds }).collect(),
        None => vec![Entry { item, slide: 0, seconds: profile.seconds }],
    };
    turns.iter().flat_map(|&turn| slides(set[turn])).collect()
}

/// Leaves out what never plays, numbers the rest, and names the loops by their content.
fn number(
    shown: &Shown<'_>,
    drafts: Vec<Vec<Entry>>,
    window: &Window,
    profile: &Profile,
    site: &Site,
) -> (Vec<ScreenItem>, Vec<Arc<Loop>>) {
    let used: BTreeSet<u32> = drafts.iter().flatten().map(|entry| entry.item).collect();
    let numbers: BTreeMap<u32, u32> = used.iter().copied().zip(0..).collect();
    let organisation = &site.config.organisation;
    let solemn_names = window.solemn_names();
    let slate = |kind, slide: Slide| ScreenItem {
        page: None,
        kind,
        title: slide.input.alt.clone(),
        slides: Arc::new(vec![slide]),
        seconds: vec![profile.seconds],
        evergreen: true,
    };
    let item = |index: &u32| match *index {
        STANDBY => slate("standby", slide::standby(organisation, profile.canvas, shown.faces)),
        index if index >= SOLEMN => {
            let name = solemn_names.get((index - SOLEMN) as usize).copied().unwrap_or_default();
            slate("solemn", slide::solemn(name, organisation, profile.canvas, shown.faces))
        }
        index => shown.items[index as usize].clone(),
    };
    let items: Vec<ScreenItem> = used.iter().map(item).collect();
    let finish = |draft: Vec<Entry>| {
        let entries: Vec<Entry> =
            draft.into_iter().map(|entry| Entry { item: numbers[&entry.item], ..entry }).collect();
        // Names depend on what is seen, not on the numbers: the same loop keeps its name when another item comes or goes.
        let mut seen = Vec::with_capacity(36 * entries.len());
        for entry in &entries {
            seen.extend(items[entry.item as usize].slides[entry.slide as usize].fingerprint.0);
            seen.extend(entry.seconds.to_le_bytes());
        }
        let name = Hash::of(&seen).short(12);
        let seconds = entries.iter().map(|entry| i64::from(entry.seconds)).sum();
        Arc::new(Loop { name, entries, seconds })
    };
    let loops = drafts.into_iter().map(finish).collect();
    (items, loops)
}

/// The video that plays over the first slide of a page, for its own length. On a strip of text there is none.
pub fn video(site: &Site, page: PageId, canvas: Canvas) -> Option<&Video> {
    site.videos.get(&site.pages[page].document.path).filter(|_| canvas.shape != Shape::Strip)
}

/// True for documents that may be shown on screens at all.
fn for_screens(site: &Site, page: PageId) -> bool {
    let front = &site.pages[page].document.front;
    front.on_screens && matches!(front.kind, Kind::Slogan | Kind::Notice | Kind::Report)
}

/// True when the instant lies in the spans; the name reads well where rules are explained.
fn within(spans: &Spans, t: i64) -> bool {
    spans.contains(t)
}

#[cfg(test)]
mod tests;
