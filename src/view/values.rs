//! The values that templates see, as they are serialised: one for each kind of page and for what pages are made of.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::Translation;
use crate::config::{MenuEntry, Organisation};
use crate::document::{Kind, Rare, Tone};
use crate::file::SourcePath;
use crate::markdown::Headings;

/// A screen as the portal lists it.
#[derive(Clone, Debug, Serialize)]
pub struct ScreenCard {
    /// In URLs.
    pub id: String,
    /// For people.
    pub name: String,
    /// Type of place.
    pub point: String,
    /// The same in the site's language.
    pub point_name: String,
    /// Where it hangs.
    pub place: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Its player.
    pub url: String,
    /// Its first slide in its own proportions.
    pub slide: Option<String>,
    /// wide, tall, strip
    pub shape: String,
    /// When it is on today: `07:30–19:00`, several with `、`; empty when it stays dark.
    pub open: String,
    /// How many items it shows.
    pub items: usize,
    /// How many slides they have together.
    pub slides: usize,
    /// The ZIP of the screen for a USB stick; empty where none is made.
    pub kit: String,
    /// What it plays at the instant of the build: the stretch of the day in which the same loop goes round.
    pub now: NowView,
}

/// A stretch of the day of a screen.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NowView {
    /// 2026-11-23
    pub date: String,
    /// `07:30`; the end of the day is `24:00`.
    pub from: String,
    /// See `from`.
    pub until: String,
    /// The first titles of the loop; none while the screen is dark.
    pub titles: Vec<String>,
    /// How many items the loop has.
    pub items: usize,
}

/// A picture with its place in the site.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Picture {
    /// As in an attribute.
    pub url: String,
    /// Pixels, when known.
    pub width: Option<u32>,
    /// Pixels, when known.
    pub height: Option<u32>,
    /// Alternative text.
    pub alt: String,
    /// The attribute `srcset` of its WebP variants; empty when it has none.
    pub srcset: String,
    /// Of a slide: a lighter file for lists, where it stands small; empty for other pictures.
    pub small: String,
}

/// A date in the forms that pages print.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DateView {
    /// `2026-09-01T08:30:00+08:00`
    pub iso: String,
    /// `2026-09-01`
    pub day: String,
    /// `2026年9月1日`
    pub han: String,
    /// `2026-09-01 08:30`: PubDate of 《政府网站发展指引》 附件 网页标签规范.
    #[serde(rename = "pub")]
    pub pub_date: String,
    /// 2026
    pub year: i16,
    /// 9
    pub month: i8,
    /// 1
    pub day_of_month: i8,
    /// The day of the build.
    pub today: bool,
}

/// A named link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// Words.
    pub name: String,
    /// As in an attribute.
    pub url: String,
}

/// A titled link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Titled {
    /// Words.
    pub title: String,
    /// As in an attribute.
    pub url: String,
}

/// A section as its documents mention it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionRef {
    /// Folder; empty for home.
    pub name: String,
    /// Its title.
    pub title: String,
    /// As in an attribute.
    pub url: String,
    /// 栏目类型
    pub column_type: String,
    /// What it is about.
    pub summary: String,
    /// Its keywords.
    pub keywords: Vec<String>,
}

/// A section as menus mention it. How many documents it has is a question of its own: else a new document would
/// change every page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionEntry {
    /// What its documents mention.
    #[serde(flatten)]
    pub section: SectionRef,
    /// Kind of its documents.
    pub kind: Kind,
    /// Not in the menu.
    pub hidden: bool,
}

/// A section as its own page and the answer to `section()` show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SectionView {
    /// What menus mention.
    #[serde(flatten)]
    pub entry: SectionEntry,
    /// How many documents.
    pub count: usize,
}

/// A document as lists show it, without `date`, `section`, `topics`, `series` and `department`: those are values that many
/// documents share, and `render` adds them.
#[derive(Clone, Debug, Serialize)]
pub struct Summary<'a> {
    /// Its title.
    pub title: &'a str,
    /// As in an attribute.
    pub url: String,
    /// notice, slogan, report, page.
    pub kind: Kind,
    /// Given or automatic.
    pub summary: &'a str,
    /// 题图
    pub image: Option<Picture>,
    /// 置顶
    pub pinned: bool,
    /// Main lines of a slogan.
    pub lines: Vec<String>,
    /// The couplet or sentence below.
    pub sub: Vec<String>,
    /// 落款
    pub attribution: Cow<'a, str>,
    /// Its slide.
    pub slide: Option<Picture>,
    /// Its banner, when it is the slogan of the home page.
    pub banner: Option<Picture>,
    /// 活动
    pub activity: Option<ActivityView>,
    /// 信息公开
    pub disclosure: Option<DisclosureView>,
    /// 基调
    pub tone: Tone,
    /// Of its words, when it is not the language of the edition.
    pub language: Option<String>,
}

/// 活动
#[derive(Clone, Debug, Serialize)]
pub struct ActivityView {
    /// 活动日期
    pub date: Option<DateView>,
    /// 地点
    pub place: String,
    /// 活动类别
    pub r#type: String,
    /// 人数
    pub participants: Option<u32>,
    /// 时长
    pub hours: Option<f64>,
    /// Named figures.
    pub figures: Vec<Figure>,
}

/// A figure of an activity.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// 参加人数
    pub name: String,
    /// 86
    pub number: String,
    /// 人
    pub unit: String,
}

/// 信息公开
#[derive(Clone, Debug, Serialize)]
pub struct DisclosureView {
    /// 索引号
    pub index_number: String,
    /// 公开方式, in the site's language.
    pub openness: String,
    /// 发布机构
    pub publisher: String,
    /// 组配分类
    pub category: String,
    /// 文件编号
    pub document_number: String,
    /// 发文日期
    pub issued: Option<DateView>,
    /// 成文日期
    pub written: Option<DateView>,
    /// 有效性, in the site's language.
    pub validity: String,
    /// 失效 or 废止
    pub void: bool,
    /// The list of its category in the catalogue, as in an attribute; empty when there is none.
    pub category_url: String,
    /// All of it as label and value, "—" for what is not given.
    pub rows: Vec<Row>,
}

/// A line of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Label in the site's language.
    pub label: String,
    /// Value.
    pub value: String,
    /// Where the value leads, as in an attribute; empty when it leads nowhere.
    pub url: String,
}

/// A line of the disclosure catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct RecordView {
    /// 信息名称
    pub title: String,
    /// As in an attribute.
    pub url: String,
    /// Of its words, when it is not the language of the edition.
    pub language: Option<String>,
    /// What its header says.
    pub disclosure: DisclosureView,
}

/// An attachment.
#[derive(Clone, Debug, Serialize)]
pub struct Attachment {
    /// Words of the link.
    pub title: String,
    /// As in an attribute.
    pub url: String,
    /// `CSV`
    pub r#type: String,
    /// `12 KB`
    pub size: String,
}

/// A video, muted or not at the visitor's choice.
#[derive(Clone, Debug, Serialize)]
pub struct VideoView {
    /// As in an attribute.
    pub url: String,
    /// What stands there until it plays: the document's picture, else its slide; as in an attribute.
    pub poster: Option<String>,
    /// Pixels; absent when the file does not say.
    pub width: Option<u16>,
    /// Pixels.
    pub height: Option<u16>,
    /// `0:12`
    pub length: String,
    /// `3 MB`
    pub size: String,
}

/// What a document's own page shows besides the summary and the body; `render` adds `tags` and `updated`.
#[derive(Clone, Debug, Serialize)]
pub struct PageView<'a> {
    /// With scheme and host.
    pub permalink: String,
    /// The file.
    pub path: &'a SourcePath,
    /// At most 120 characters, for meta tags.
    pub description: String,
    /// 来源
    pub source: &'a str,
    /// 作者
    pub author: &'a str,
    /// 视频
    pub video: Option<VideoView>,
    /// 附件
    pub attachments: Vec<Attachment>,
    /// 排序
    pub weight: i64,
    /// Headings of the body.
    pub toc: &'a Headings,
    /// Han characters plus Latin words.
    pub words: u32,
    /// At 400 characters a minute.
    pub minutes: u32,
    /// The next newer document of the section.
    pub newer: Option<Titled>,
    /// The next older one.
    pub older: Option<Titled>,
    /// 附加
    pub extra: &'a Rare<Value>,
}

/// The site as every page sees it.
#[derive(Clone, Debug, Serialize)]
pub struct SiteView {
    /// Name.
    pub title: String,
    /// One sentence.
    pub description: String,
    /// Scheme, host, folder.
    pub base_url: String,
    /// Folder only: empty or `/folder`.
    pub base_path: String,
    /// Host.
    pub domain: String,
    /// BCP 47
    pub language: String,
    /// The office.
    pub organisation: Organisation,
    /// Main menu.
    pub menu: Vec<MenuEntry>,
    /// Named links.
    pub links: Vec<MenuEntry>,
    /// Sections below home.
    pub sections: Vec<SectionEntry>,
    /// 附加
    pub extra: Value,
    /// Greys today.
    pub solemn: bool,
    /// The overview of screens; empty when there are none.
    pub screens_url: String,
    /// The disclosure catalogue; empty when there is none.
    pub catalogue_url: String,
    /// The languages of the site, the main one first; empty when it has one only.
    pub languages: Vec<Translation>,
}

/// The page itself, whatever it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Current {
    /// page, section, home, taxonomy, term, archive, screens, screen, 404.
    pub template: String,
    /// Title of the page alone; empty on the home page.
    pub title: String,
    /// As in an attribute.
    pub url: String,
    /// With scheme and host.
    pub permalink: String,
    /// For the meta tag.
    pub description: String,
    /// For the meta tag.
    pub keywords: Vec<String>,
    /// Home first, this page last.
    pub breadcrumbs: Vec<Titled>,
    /// The most specific Atom feed; empty when there is none.
    pub feed: String,
    /// With scheme and host.
    pub image: Option<String>,
    /// Its width and height, when they are known.
    pub image_size: Option<(u32, u32)>,
    /// The same page in the languages that have it, this one included; empty when it is in one only.
    pub translations: Vec<Translation>,
    /// Where the switch between languages leads: the same page, or the home page of a language that does not have it.
    pub languages: Vec<Translation>,
    /// What is shown here for want of a translation: the page in its own language.
    pub untranslated: Option<Translation>,
    /// Search engines are asked to leave it out.
    pub noindex: bool,
    /// The same page in other forms.
    pub forms: Vec<FormView>,
}

/// A page in another form than HTML.
#[derive(Clone, Debug, Serialize)]
pub struct FormView {
    /// `ics`
    pub ending: String,
    /// `text/calendar`
    pub r#type: String,
    /// As in an attribute.
    pub url: String,
}

/// A list of documents; `render` adds the `items` of the page.
#[derive(Clone, Debug, Serialize)]
pub struct ListView {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Kind of its documents.
    pub kind: Kind,
    /// Which page, from 1.
    pub number: usize,
    /// How many pages.
    pub count_pages: usize,
    /// How many documents.
    pub total: usize,
    /// Links to pages; number 0 is a gap.
    pub pages: Vec<PagerLink>,
    /// As in an attribute.
    pub previous: Option<String>,
    /// As in an attribute.
    pub next: Option<String>,
    /// Feeds of this list.
    pub feeds: Option<Feeds>,
}

/// Addresses of the feeds of a list; empty for a format that the site does not have.
#[derive(Clone, Debug, Serialize)]
pub struct Feeds {
    /// RFC 4287
    pub atom: String,
    /// RSS 2.0
    pub rss: String,
    /// JSON Feed 1.1
    pub json: String,
}

/// A link to a page of a list.
#[derive(Clone, Debug, Serialize)]
pub struct PagerLink {
    /// From 1; 0 is a gap.
    pub number: usize,
    /// As in an attribute.
    pub url: String,
    /// This page.
    pub current: bool,
}
