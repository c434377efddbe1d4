//! Words for settings: `civicast.toml` and `screens.toml` as typed values, with defaults.
//!
//! Two source files go in, a `Config` and problems come out. The keys, their Chinese names and documentation are tables of
//! `fields::Key` (`keys`); unknown keys, wrong types and "did you mean" come from there.

mod codes;
mod edition;
mod keys;
mod load;

pub use codes::{CodeFault, IndexFault, credit_code_fault};
pub use keys::{CONFIG, KINDS_ON_SCREENS, SCREENS};
pub(crate) use load::credit_code_problem;
pub use load::load;

use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::problem::Severity;

/// The most that `max_text_bytes` may be: a text of this size still comes into memory.
pub const MAX_TEXT_BYTES: u64 = 64 << 20;

/// Everything from `civicast.toml` plus the screens.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the site, in titles and headers.
    pub title: String,
    /// One sentence about the site.
    pub description: String,
    /// `https://host` or `https://host/folder`, no trailing slash.
    pub base_url: String,
    /// BCP 47 language of the site.
    pub language: String,
    /// IANA name of the zone in which dates without a zone are meant.
    pub timezone: String,
    /// The zone itself.
    pub zone: TimeZone,
    /// Folder name below `themes/`, or `civic`, the one in the binary.
    pub theme: String,
    /// Output folder relative to the site, unless `--output` says otherwise.
    pub output: String,
    /// Documents on a list page.
    pub page_size: usize,
    /// Entries in Atom, RSS and JSON feeds.
    pub feed_limit: usize,
    /// Formats of feeds: `atom`, `rss`, `json`.
    pub feeds: Vec<String>,
    /// Lists that have feeds: `site`, `sections`, `topics`.
    pub feeds_of: Vec<String>,
    /// Whether there are pages for years and months.
    pub archive: bool,
    /// Whether documents with a disclosure header are listed in a catalogue.
    pub catalogue: bool,
    /// Documents on a page of the catalogue.
    pub catalogue_page_size: usize,
    /// Whether the first page of a list answers at `page/1/` too.
    pub first_page_redirect: bool,
    /// Characters in automatic summaries.
    pub summary_length: usize,
    /// What happens to raw HTML in Markdown.
    pub html: HtmlPolicy,
    /// Size limit of one text file in bytes.
    pub max_text_bytes: u64,
    /// How photos are resized.
    pub pictures: Pictures,
    /// Number scheme of disclosure index numbers.
    pub index_pattern: IndexPattern,
    /// Who publishes.
    pub organisation: Organisation,
    /// Main menu: entries in order; empty means the sections.
    pub menu: Vec<MenuEntry>,
    /// Links of the footer and other named links: 找错, 党政机关标识, …
    pub links: Vec<MenuEntry>,
    /// Other languages, each an edition of the portal in a folder of its own.
    pub languages: Vec<Language>,
    /// Where the edition that these settings are of lies below the site: empty, or `/en`. `base_url` includes it.
    pub folder: String,
    /// Severity by code; `None` is off.
    pub problems: BTreeMap<String, Option<Severity>>,
    /// Corrected readings for URLs: text → its slug.
    pub pinyin: BTreeMap<String, String>,
    /// Font files or folders for measuring and outlining slides; empty means the system's.
    pub fonts: Vec<String>,
    /// Pages link to each other relatively, so that a copy works from a folder on disk.
    pub relative_links: bool,
    /// Text outputs are written compressed too.
    pub compress: bool,
    /// Values for the theme, as they stand.
    pub extra: serde_json::Value,
    /// Screens from `screens.toml`, in the order they stand there.
    pub screens: Vec<Screen>,
    /// How many days ahead timelines are laid out.
    pub horizon_days: u32,
}

/// How photos are resized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    /// Widths of the variants in pixels, ascending, at least one.
    pub widths: Vec<u32>,
    /// Of WebP and JPEG, 1 to 100.
    pub quality: u8,
    /// Largest file of a picture in bytes.
    pub max_bytes: u64,
    /// Most pixels of a picture: what one picture may take in memory follows from it.
    pub max_pixels: u64,
}

impl Default for Pictures {
    fn default() -> Pictures {
        Pictures { widths: vec![480, 800, 1200, 1600], quality: 80, max_bytes: 40 << 20, max_pixels: 120_000_000 }
    }
}

/// The office behind the site. Empty strings mean "not given"; `check` reports those a government site must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Full name.
    pub name: String,
    /// Short name; the full one when empty.
    pub short_name: String,
    /// 主办单位
    pub sponsor: String,
    /// 承办单位
    pub operator: String,
    /// 网站标识码, ten digits.
    pub site_code: String,
    /// ICP 备案号
    pub icp: String,
    /// 公安备案号
    pub police: String,
    /// 统一社会信用代码 (GB 32100), 18 characters.
    pub credit_code: String,
    /// Postal address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Postal code.
    pub postcode: String,
    /// E-mail.
    pub email: String,
}

/// A named link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MenuEntry {
    /// Words of the link.
    pub name: String,
    /// Where it goes: a site path or a full address.
    pub url: String,
    /// What it is for, when the theme treats it specially: `find-error`, `party-mark`.
    pub role: String,
    /// The menu below it, one level deep.
    pub children: Vec<MenuEntry>,
}

/// Another language of the site: `a.en.md` stands beside `a.md`, and the edition is published below `/en/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// BCP 47, lower case in names of files and folders: `en`, `zh-hant`.
    pub code: String,
    /// Its name in itself, for the switch between languages.
    pub name: String,
    /// Name of the site; the one of the main language when empty.
    pub title: String,
    /// One sentence about the site, likewise.
    pub description: String,
    /// Main menu; empty means the sections.
    pub menu: Vec<MenuEntry>,
    /// Named links; empty means those of the main language.
    pub links: Vec<MenuEntry>,
    /// The office in this language; what is empty stays as it is in the main language.
    pub organisation: Organisation,
    /// Kinds of documents that are shown in the main language, with a notice, while they have no translation.
    pub fallback: Vec<String>,
}

/// What happens to raw HTML in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum HtmlPolicy {
    /// Through the allow-list.
    #[default]
    Sanitise,
    /// Shown as text.
    Escape,
    /// As it is: for sites whose every author is trusted.
    Trust,
}

/// How disclosure index numbers look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexPattern {
    /// 18-character credit code with both check digits (GB 32100, GB 11714), `/`, year, `-`, five digits.
    CreditCode,
    /// A pattern of our own small kind: `{code}` any letters and digits, `{year}` four digits, `{n}` n digits as in `{5}`,
    /// everything else literal.
    Custom(String),
    /// Anything goes.
    Any,
}

/// One display point.
#[derive(Clone, Debug, Serialize)]
pub struct Screen {
    /// In URLs: letters, digits, `-`.
    pub id: String,
    /// For people.
    pub name: String,
    /// Type of place: lobby, hotel, elevator, corridor, canteen, window, led, board.
    pub point: String,
    /// Where it hangs.
    pub place: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Groups that items may name.
    pub tags: Vec<String>,
    /// Kinds shown, in the order written.
    pub shows: Vec<String>,
    /// Least share of the seconds of every loop, by kind, 0.0 to 1.0.
    pub min_share: BTreeMap<String, f64>,
    /// Opening hours as written: rule of days → span of hours. Resolved by `schedule`.
    pub hours: Vec<(String, String)>,
    /// Seconds a slide stays when its item doesn't say.
    pub seconds: u32,
    /// Also PNG slides.
    pub png: bool,
    /// Also a ZIP for a USB stick.
    pub kit: bool,
    /// Theme variant of the slides; empty for the theme's own choice.
    pub variant: String,
    /// Never published.
    #[serde(skip)]
    pub contact: String,
}

impl Config {
    /// True when lists of this scope (one of `feeds_of`) have a feed in this format (one of `feeds`).
    pub fn makes_feed(&self, format: &str, scope: &str) -> bool {
        self.feeds.iter().any(|name| name == format) && self.feeds_of.iter().any(|name| name == scope)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: String::new(),
            description: String::new(),
            base_url: String::new(),
            language: "zh-CN".into(),
            timezone: "Asia/Shanghai".into(),
            // The zone data is in the binary, so the name is always known; UTC+8 says the same if it ever were not.
            zone: TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(jiff::tz::offset(8))),
            theme: "civic".into(),
            output: "public".into(),
            page_size: 20,
            feed_limit: 30,
            feeds: ["atom", "rss", "json"].map(String::from).into(),
            feeds_of: ["site", "sections", "topics"].map(String::from).into(),
            archive: true,
            catalogue: true,
            catalogue_page_size: 50,
            first_page_redirect: false,
            summary_length: 120,
            html: HtmlPolicy::Sanitise,
            max_text_bytes: 8 << 20,
            pictures: Pictures::default(),
            index_pattern: IndexPattern::CreditCode,
            organisation: Organisation::default(),
            menu: Vec::new(),
            links: Vec::new(),
            languages: Vec::new(),
            folder: String::new(),
            problems: BTreeMap::new(),
            pinyin: BTreeMap::new(),
            fonts: Vec::new(),
            relative_links: false,
            compress: false,
            extra: serde_json::Value::Null,
            screens: Vec::new(),
            horizon_days: 62,
        }
    }
}

#[cfg(test)]
mod tests;
