//! A screen's plan → the text of its `feed.json` (JSON Feed 1.1 with the schedule in `_screen`) and of its `head.json`, and
//! the JSON Schema of the feed.
//!
//! In: the plan, the site, and for each slide the file that it became. Out: text. It decides nothing about time. The same
//! inputs and day give the same bytes; only the head changes with the time of the build.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::file::{Hash, Pieces, Sha256};
use crate::schedule::{Loop, Timeline};
use crate::screen::{self, SOON_SECONDS, ScreenItem, ScreenPlan};
use crate::site::{PageId, Site};
use crate::video::Video;

/// Version of the schedule format. Players keep the last good feed when they meet another.
pub const FORMAT: u32 = 1;

/// A slide as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlideFile {
    /// Address relative to the screen's folder: `../files/<sha256>.svg`.
    pub file: String,
    /// SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
    /// Length.
    pub bytes: u64,
}

/// What slides became.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// By fingerprint of the slide.
    pub svg: BTreeMap<Hash, SlideFile>,
    /// By fingerprint, width and height.
    pub png: BTreeMap<(Hash, (u32, u32)), SlideFile>,
    /// The small ones of pages, by fingerprint: name below `screens/files/`.
    pub small: BTreeMap<Hash, String>,
}

/// What screens that show the same have in common: nearly all of their feeds. It is made, and hashed, once for all of them
/// and stands first in their texts; the few fields that differ follow.
#[derive(Clone, Debug)]
pub struct Shared {
    text: Arc<[u8]>,
    hash: Sha256,
}

impl Shared {
    /// From the plan of one of the screens. A slide without a file is left out with its address empty, which players skip;
    /// `render` gives all of them unless a template failed.
    pub fn new(plan: &ScreenPlan, files: &Files, site: &Site) -> Shared {
        let folder = format!("{}/screens/", site.config.base_url);
        let items: Vec<Value> = plan.items.iter().map(|item| entry(item, plan, files, site, &folder)).collect();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "language": site.config.language,
            "items": items,
        });
        let schedule = json!({
            "format": FORMAT,
            "timezone": site.config.timezone,
            "from": plan.timeline.from,
            "until": plan.timeline.until,
            "standby": plan.timeline.loops[plan.timeline.standby].name,
            "next_change": plan.next_change,
        });
        // Loops and segments are by far the most of it; they go straight into the text.
        let mut text = feed.to_string();
        text.truncate(text.len() - 1);
        text.push_str(",\"_screen\":");
        text.push_str(&schedule.to_string());
        text.truncate(text.len() - 1);
        write_loops(&mut text, &plan.timeline);
        write_segments(&mut text, &plan.timeline);
        let mut hash = Sha256::default();
        hash.add(text.as_bytes());
        Shared { text: text.into_bytes().into(), hash }
    }

    /// The bytes of the `feed.json` of one of these screens.
    pub fn feed(&self, plan: &ScreenPlan, site: &Site) -> Pieces {
        let screen = plan.settings(site);
        let folder = format!("{}/screens/{}/", site.config.base_url, screen.id);
        let own = json!({ "screen": screen.id, "size": [screen.size.0, screen.size.1] }).to_string();
        let feed = json!({
            "title": screen.name,
            "home_page_url": folder,
            "feed_url": format!("{folder}feed.json"),
        });
        let end = format!(",{}}},{}\n", &own[1..own.len() - 1], &feed.to_string()[1..]);
        let mut hash = self.hash.clone();
        hash.add(end.as_bytes());
        Pieces { pieces: vec![self.text.clone(), end.into_bytes().into()], sha256: hash.finish() }
    }
}

/// The text of `now.json`, from which pages of the portal tell what each screen shows: today and tomorrow of all screens in a
/// few kilobytes. `slides` are the number of a title, a file below `files/` (empty where there is none) and seconds, `loops`
/// slides by their numbers, `screens` segments like those of a feed with numbers of loops.
pub fn now(plans: &[ScreenPlan], files: &Files, site: &Site) -> String {
    let mut titles: Numbered<&str> = Numbered::default();
    let mut slides: Numbered<(usize, &str, u32)> = Numbered::default();
    let mut loops: Numbered<Vec<usize>> = Numbered::default();
    // Screens that show the same have their loops written once.
    let mut known: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut screens = Map::new();
    let mut window = (i64::MIN, i64::MAX);
    for plan in plans {
        let timeline = &plan.timeline;
        let until = timeline.until.min(timeline.from + SOON_SECONDS);
        window = (window.0.max(timeline.from), window.1.min(until));
        let mut write = |at: usize| {
            let entries = timeline.loops.get(at).map_or(&[][..], |looped| &looped.entries);
            let turns: Vec<usize> = entries
                .iter()
                .map(|entry| {
                    let title = titles.number(plan.items[entry.item as usize].title.as_str());
                    let slide = plan.slide((entry.item, entry.slide));
                    let file = slide.and_then(|slide| files.small.get(&slide.fingerprint)).map_or("", String::as_str);
                    slides.number((title, file.trim_end_matches(".svg"), entry.seconds))
                })
                .collect();
            loops.number(turns)
        };
        let mut number = |at: usize| *known.entry((plan.shown(), at)).or_insert_with(|| write(at));
        let near = timeline.segments.iter().take_while(|segment| segment.from < until);
        let near: Vec<Value> =
            near.map(|segment| json!([segment.from, segment.until, segment.plays.map(&mut number)])).collect();
        screens
            .insert(plan.settings(site).id.clone(), json!({ "timeline": near, "standby": number(timeline.standby) }));
    }
    let now = json!({
        "format": FORMAT, "from": window.0, "until": window.1,
        "titles": titles.values, "slides": slides.values, "loops": loops.values, "screens": screens,
    });
    now.to_string() + "\n"
}

/// Values in the order in which they came first, each once.
#[derive(Default)]
struct Numbered<T> {
    values: Vec<T>,
    numbers: BTreeMap<T, usize>,
}

impl<T: Ord + Clone> Numbered<T> {
    /// The number of a value; a new one is added.
    fn number(&mut self, value: T) -> usize {
        let next = self.values.len();
        *self.numbers.entry(value.clone()).or_insert_with(|| {
            self.values.push(value);
            next
        })
    }
}

/// `,"loops":{"<name>":[[item,slide,seconds],…],…}`, each name once, by name.
fn write_loops(text: &mut String, timeline: &Timeline) {
    let loops: BTreeMap<&str, &Loop> = timeline.loops.iter().map(|looped| (looped.name.as_str(), &**looped)).collect();
    text.push_str(",\"loops\":{");
    for (i, (name, looped)) in loops.into_iter().enumerate() {
        text.push_str(if i > 0 { ",\"" } else { "\"" });
        text.push_str(name);
        text.push_str("\":[");
        for (j, entry) in looped.entries.iter().enumerate() {
            text.push_str(if j > 0 { ",[" } else { "[" });
            push_number(text, i64::from(entry.item), ',');
            push_number(text, i64::from(entry.slide), ',');
            push_number(text, i64::from(entry.seconds), ']');
        }
        text.push(']');
    }
    text.push('}');
}

/// `,"timeline":[[from,until,"<name>"],…]`
fn write_segments(text: &mut String, timeline: &Timeline) {
    text.push_str(",\"timeline\":[");
    for (i, segment) in timeline.segments.iter().enumerate() {
        text.push_str(if i > 0 { ",[" } else { "[" });
        push_number(text, segment.from, ',');
        push_number(text, segment.until, ',');
        match segment.plays {
            Some(plays) => {
                text.push('"');
                text.push_str(&timeline.loops[plays].name);
                text.push_str("\"]");
            }
            None => text.push_str("null]"),
        }
    }
    text.push(']');
}

fn push_number(text: &mut String, number: i64, then: char) {
    use std::fmt::Write;
    // Writing into a String cannot fail.
    let _ = write!(text, "{number}");
    text.push(then);
}

fn entry(item: &ScreenItem, plan: &ScreenPlan, files: &Files, site: &Site, folder: &str) -> Value {
    let screen = plan.settings(site);
    let mut slides: Vec<Value> = item
        .slides
        .iter()
        .map(|slide| {
            let file = files.svg.get(&slide.fingerprint);
            let mut value = json!({
                "file": file.map(|file| file.file.as_str()).unwrap_or_default(),
                "sha256": file.map(|file| file.sha256.as_str()).unwrap_or_default(),
                "bytes": file.map_or(0, |file| file.bytes),
                "alt": slide.input.alt,
            });
            if let Some(png) = files.png.get(&(slide.fingerprint, screen.size)).filter(|_| screen.png) {
                value["png"] = json!({ "file": png.file, "sha256": png.sha256, "bytes": png.bytes });
            }
            value
        })
        .collect();
    // The video plays over its first slide, which is its poster.
    let video = item.page.and_then(|page| screen::video(site, page, plan.canvas));
    if let (Some(video), Some(first)) = (video, slides.first_mut()) {
        first["video"] = json!({
            "file": format!("../{}", video_file(video)),
            "sha256": video.sha256,
            "bytes": video.bytes,
            "type": "video/mp4",
            "seconds": video.milliseconds as f64 / 1000.0,
        });
    }
    let text = item.slides.iter().map(|slide| slide.input.alt.as_str()).collect::<Vec<_>>().join("\n");
    let image = item
        .slides
        .first()
        .and_then(|slide| files.svg.get(&slide.fingerprint))
        .map(|file| absolute(folder, &file.file));
    let schedule = json!({
        "kind": item.kind,
        "seconds": item.seconds.iter().sum::<u32>(),
        "slides": slides,
        "evergreen": item.evergreen,
    });
    let mut entry = Map::new();
    let page = item.page.map(|page| &site.pages[page]);
    let address = item.page.map(|page| item_id(site, page));
    let slate =
        || format!("{folder}#{}", item.slides.first().map_or(item.kind.into(), |slide| slide.fingerprint.short(12)));
    entry.insert("id".into(), json!(address.clone().unwrap_or_else(slate)));
    if let Some(address) = address.filter(|_| page.is_some_and(|page| page.document.front.on_portal)) {
        entry.insert("url".into(), json!(address));
    }
    entry.insert("title".into(), json!(item.title));
    entry.insert("content_text".into(), json!(text));
    if let Some(image) = image {
        entry.insert("image".into(), json!(image));
    }
    if let Some(page) = page {
        let front = &page.document.front;
        if let Some(date) = front.date {
            entry.insert(
                "date_published".into(),
                json!(date.at.to_zoned(site.config.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()),
            );
        }
        let tags: Vec<&String> = front.topics.iter().chain(&front.tags).collect();
        if !tags.is_empty() {
            entry.insert("tags".into(), json!(tags));
        }
    }
    entry.insert("_screen".into(), schedule);
    Value::Object(entry)
}

/// The `id` of a document in feeds: its address.
pub fn item_id(site: &Site, page: PageId) -> String {
    format!("{}{}", site.config.base_url, site.pages[page].url.encoded())
}

/// `../files/x` seen from a screen's folder below `https://host/screens/`.
fn absolute(screens: &str, file: &str) -> String {
    format!("{screens}{}", file.trim_start_matches("../"))
}

/// Where a video is published, relative to `screens/`.
pub fn video_file(video: &Video) -> String {
    format!("files/{}.mp4", video.sha256)
}

/// The feed as a script for a page that is opened from a folder, where nothing can be fetched. Its files lie in the folder
/// beside the page.
pub fn feed_script(feed: &Pieces) -> String {
    // Inside a string of JSON these quotes would stand behind a backslash.
    let feed = String::from_utf8_lossy(&feed.joined()).trim_end().replace("\"file\":\"../files/", "\"file\":\"files/");
    // In ES5 these two end a line, in JSON they don't.
    let feed = feed.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    format!("window.civicastFeed = {feed};\n")
}

/// Where this feed is published a second time under its own hash, relative to `screens/`. The head names this one: at no
/// moment, and from no cache, does a head meet a feed that it doesn't mean.
pub fn feed_file(feed: &Pieces) -> String {
    format!("files/{}.json", feed.sha256)
}

/// The text of `head.json`: the one small file that players poll.
pub fn head(plan: &ScreenPlan, feed: &Pieces, site: &Site) -> String {
    let head = json!({
        "format": FORMAT,
        "screen": plan.settings(site).id,
        "feed": format!("../{}", feed_file(feed)),
        "sha256": feed.sha256,
        "bytes": feed.len(),
        "issued": site.now.as_second(),
        "until": plan.timeline.until,
    });
    head.to_string() + "\n"
}

/// The JSON Schema of `feed.json`.
pub fn schema() -> Value {
    let text = json!({ "type": "string" });
    let instant = json!({ "type": "integer", "description": "UTC seconds" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let positive = json!({ "type": "integer", "minimum": 1 });
    let hash = json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let name = json!({ "type": "string", "pattern": "^[0-9a-f]{12}$" });
    let file = json!({ "type": "string", "minLength": 1 });
    let video = json!({
        "type": "object",
        "description": "Plays over this slide, muted; the slide is its poster, and stays when it can't be played.",
        "required": ["file", "sha256", "bytes", "type", "seconds"],
        "properties": {
            "file": file, "sha256": hash, "bytes": positive, "type": { "const": "video/mp4" },
            "seconds": { "type": "number", "exclusiveMinimum": 0 },
        },
    });
    let png = json!({
        "type": "object",
        "description": "The same slide at the screen's exact pixels, when the screen asks for PNG",
        "required": ["file", "sha256", "bytes"],
        "properties": { "file": file, "sha256": hash, "bytes": positive },
    });
    let slide = json!({
        "type": "object",
        "required": ["file", "sha256", "bytes", "alt"],
        "properties": {
            "file": file, "sha256": hash, "bytes": positive, "alt": text, "png": png,
            "video": video,
        },
    });
    let item_schedule = json!({
        "type": "object",
        "required": ["kind", "seconds", "slides", "evergreen"],
        "properties": {
            "kind": { "enum": ["slogan", "notice", "report", "standby", "solemn"] },
            "seconds": positive,
            "slides": { "type": "array", "minItems": 1, "items": slide },
            "evergreen": { "type": "boolean" },
        },
    });
    let item = json!({
        "type": "object",
        "required": ["id", "title", "content_text", "_screen"],
        "properties": {
            "id": { "type": "string", "format": "uri" }, "url": { "type": "string", "format": "uri" },
            "title": text, "content_text": text, "image": { "type": "string", "format": "uri" },
            "date_published": { "type": "string", "format": "date-time" },
            "tags": { "type": "array", "items": text }, "_screen": item_schedule,
        },
    });
    let entry = json!({ "type": "array", "prefixItems": [count, count, positive], "minItems": 3, "maxItems": 3 });
    let segment = json!({
        "type": "array", "minItems": 3, "maxItems": 3,
        "prefixItems": [instant, instant, { "anyOf": [name, { "type": "null" }] }],
    });
    let schedule = json!({
        "type": "object",
        "required": ["format", "screen", "size", "timezone", "from", "until", "loops", "timeline", "standby", "next_change"],
        "properties": {
            "format": { "const": FORMAT },
            "screen": { "type": "string", "pattern": "^[A-Za-z0-9-]+$" },
            "size": { "type": "array", "prefixItems": [positive, positive], "minItems": 2, "maxItems": 2 },
            "timezone": text, "from": instant, "until": instant,
            "loops": {
                "type": "object", "propertyNames": name,
                "additionalProperties": { "type": "array", "minItems": 1, "items": entry },
            },
            "timeline": { "type": "array", "items": segment },
            "standby": name,
            "next_change": { "type": ["integer", "null"] },
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "civicast screen feed",
        "description": "JSON Feed 1.1 with a screen's schedule in _screen. Unknown fields are ignored.",
        "type": "object",
        "required": ["version", "title", "items", "_screen"],
        "properties": {
            "version": { "const": "https://jsonfeed.org/version/1.1" },
            "title": text, "home_page_url": text, "feed_url": text, "language": text,
            "items": { "type": "array", "items": item },
            "_screen": schedule,
        },
    })
}
