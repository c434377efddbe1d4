//! One `Source` → one `Document`: front matter typed, body as pieces. Knows one file and the settings, nothing else, so
//! the result can be kept by the hash of its inputs.

use std::sync::Arc;

use jiff::{Timestamp, civil};
use serde::Serialize;

use crate::file::{Hash, SourcePath};
use crate::markdown::Body;
use crate::problem::{Place, Problem};
use crate::schedule::ItemRules;

/// What an editor wrote, understood.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file it came from.
    pub path: SourcePath,
    /// Hash of the file and of the settings that parsing depends on.
    pub hash: Hash,
    /// Typed front matter with defaults that one file can know.
    pub front: FrontMatter,
    /// The text.
    pub body: Arc<Body>,
    /// What was wrong or put right.
    pub problems: Vec<Problem>,
}

/// Kinds of document. The order is the order of sections in menus when nothing else says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// 通知公告
    Notice,
    /// 公益标语
    Slogan,
    /// 活动报道
    Report,
    /// An ordinary page.
    Page,
    /// `_index.md`: describes its folder.
    Section,
}

impl Kind {
    /// The name used in front matter, templates and feeds.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Notice => "notice",
            Kind::Slogan => "slogan",
            Kind::Report => "report",
            Kind::Page => "page",
            Kind::Section => "section",
        }
    }
}

/// A date as written, and the instant it means in the site's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant; midnight of the site's zone when no time was written.
    pub at: Timestamp,
    /// The civil date in the site's zone.
    pub date: civil::Date,
    /// The time of day in the site's zone, when one was written.
    pub time: Option<civil::Time>,
}

/// 公开方式
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
pub enum Openness {
    /// 主动公开
    #[default]
    Public,
    /// 依申请公开: in no output.
    OnRequest,
    /// 不予公开: in no output.
    Closed,
}

/// 信息公开: the disclosure header of a notice (政府信息公开条例). Empty text means "not given" and prints "—".
#[derive(Clone, Debug, Default)]
pub struct Disclosure {
    /// 索引号
    pub index_number: String,
    /// Where the index number stands, for problems that need the whole site.
    pub index_place: Option<Place>,
    /// 公开方式
    pub openness: Openness,
    /// 发布机构; the organisation when empty.
    pub publisher: String,
    /// 组配分类
    pub category: String,
    /// 文件编号
    pub document_number: String,
    /// 成文日期
    pub written: Option<Moment>,
    /// 有效性: 有效, 失效, 废止, or empty.
    pub validity: String,
}

/// 活动: what a report reports.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// 活动日期
    pub date: Option<Moment>,
    /// 地点
    pub place: String,
    /// 活动类别
    pub kind: String,
    /// 人数
    pub participants: Option<u32>,
    /// 时长 in hours
    pub hours: Option<f64>,
    /// Named figures with unit as written, in order.
    pub figures: Vec<(String, String)>,
}

/// A file named by a document: a picture or an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// As written, relative to the document.
    pub target: String,
    /// Words for the link; the file name when empty.
    pub title: String,
    /// Where it stands.
    pub place: Place,
}

/// 置顶
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pinned {
    /// Not pinned.
    #[default]
    No,
    /// For as long as it is visible.
    Always,
    /// Until this instant.
    Until(Timestamp),
}

/// The header of a document, typed. What is absent has the default of the table in the reference.
#[derive(Clone, Debug)]
pub struct FrontMatter {
    /// `title`, else the first level-1 heading, else empty (a problem).
    pub title: String,
    /// Where the title stands.
    pub title_place: Option<Place>,
    /// `kind`, else by folder.
    pub kind: Kind,
    /// Publication date; never re-stamped.
    pub date: Option<Moment>,
    /// Last change that readers should know of.
    pub updated: Option<Moment>,
    /// From this instant it is visible; start of `date` when absent; `None` is always.
    pub publish: Option<Timestamp>,
    /// From this instant it is in no output; `None` is never.
    pub expires: Option<Timestamp>,
    /// In outputs only with `--drafts`.
    pub draft: bool,
    /// URL name as given, with its place.
    pub slug: Option<(String, Place)>,
    /// Old site-absolute paths, normalised to begin with `/`, each with its place.
    pub aliases: Vec<(String, Place)>,
    /// 主题
    pub topics: Vec<String>,
    /// 系列
    pub series: Option<String>,
    /// 标签
    pub tags: Vec<String>,
    /// 科室
    pub department: Option<String>,
    /// 来源
    pub source: Option<String>,
    /// 作者
    pub author: Option<String>,
    /// 摘要; the automatic one is in the body.
    pub summary: Option<String>,
    /// 题图
    pub image: Option<FileRef>,
    /// 题图说明
    pub image_alt: String,
    /// 附件
    pub attachments: Vec<FileRef>,
    /// 置顶
    pub pinned: Pinned,
    /// 排序
    pub weight: i64,
    /// Template file name, else by kind.
    pub template: Option<String>,
    /// 渠道: shown on the portal.
    pub on_portal: bool,
    /// 渠道: shown on screens.
    pub on_screens: bool,
    /// 信息公开; notices only.
    pub disclosure: Option<Disclosure>,
    /// 活动; reports only.
    pub activity: Option<Activity>,
    /// 屏幕
    pub screen: ItemRules,
    /// 落款
    pub attribution: Option<String>,
    /// 基调
    pub tone: Tone,
    /// Sections only (`_index.md`): how documents of the folder are listed.
    pub section: SectionRules,
    /// 附加: what the theme needs beyond the table.
    pub extra: serde_json::Value,
}

/// 基调
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// 喜庆
    Festive,
    /// 日常
    #[default]
    Plain,
    /// 庄重
    Solemn,
}

/// Order of documents in a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SortBy {
    /// Newest first.
    #[default]
    Date,
    /// Smallest weight first, then newest.
    Weight,
    /// By title.
    Title,
}

/// What `_index.md` may set for its folder (`[section]` table).
#[derive(Clone, Debug, Default)]
pub struct SectionRules {
    /// `sort`
    pub sort: SortBy,
    /// `page_size`; the configuration's when absent.
    pub page_size: Option<usize>,
    /// `page_template`: template of its documents.
    pub page_template: Option<String>,
    /// `column_type`: 栏目类型 for the ColumnType meta tag.
    pub column_type: String,
    /// Not in the menu.
    pub hidden: bool,
}

impl Default for FrontMatter {
    fn default() -> FrontMatter {
        FrontMatter {
            title: String::new(),
            title_place: None,
            kind: Kind::Page,
            date: None,
            updated: None,
            publish: None,
            expires: None,
            draft: false,
            slug: None,
            aliases: Vec::new(),
            topics: Vec::new(),
            series: None,
            tags: Vec::new(),
            department: None,
            source: None,
            author: None,
            summary: None,
            image: None,
            image_alt: String::new(),
            attachments: Vec::new(),
            pinned: Pinned::No,
            weight: 0,
            template: None,
            on_portal: true,
            on_screens: false,
            disclosure: None,
            activity: None,
            screen: ItemRules::default(),
            attribution: None,
            tone: Tone::Plain,
            section: SectionRules::default(),
            extra: serde_json::Value::Null,
        }
    }
}
