//! One `Source` → one `Document`: front matter typed, body as pieces. Knows one file and the settings, nothing else, so
//! the result can be kept by the hash of its inputs.

mod front;
mod keys;
mod rare;
mod split;

pub use keys::{DISCLOSURE, FRONT_MATTER};
pub use rare::{Plain, Rare};

use std::sync::Arc;

use jiff::{Timestamp, civil};
use serde::Serialize;

use crate::config::Config;
use crate::file::{Hash, Parts, Source, SourcePath};
use crate::markdown::{self, Body, Outline};
use crate::problem::{Place, Problem};
use crate::schedule::ItemRules;
use crate::tree::{Span, TextFile};

/// What an editor wrote, understood.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file it came from.
    pub path: SourcePath,
    /// Hash of the file alone.
    pub source: Hash,
    /// Hash of the file and of the settings that parsing depends on.
    pub hash: Hash,
    /// Hash of what others may show of it: the front matter, the summary, the lines of a slogan. An edit of the body
    /// leaves it as it is.
    pub head: Hash,
    /// Typed front matter with defaults that one file can know.
    pub front: FrontMatter,
    /// What others may know of the text.
    pub outline: Outline,
    /// The lines of a slogan, without empty ones; other kinds have none here.
    pub lines: Vec<String>,
    /// The text itself; none when the document came from the memo, which keeps no bodies: then `parse` gives it again.
    pub body: Option<Arc<Body>>,
    /// What was wrong or put right.
    pub problems: Vec<Problem>,
}

/// Reads a Markdown file. Never fails: what is wrong is among the problems, and what could be understood is there.
pub fn parse(source: &Source, config: &Config) -> Document {
    parse_under(source, config, settings_hash(config))
}

/// The same for many files: `settings` is the `settings_hash` of the configuration.
pub fn parse_under(source: &Source, config: &Config, settings: Hash) -> Document {
    let mut document = Document {
        path: source.path.clone(),
        source: source.hash,
        hash: hash(source, settings),
        head: Hash::default(),
        front: FrontMatter { kind: Kind::by_path(config.neutral(&source.path).as_str()), ..FrontMatter::default() },
        outline: Outline::default(),
        lines: Vec::new(),
        body: None,
        problems: Vec::new(),
    };
    match decode(source, config) {
        Ok((file, notes)) => {
            document.problems = notes;
            let front = read(&mut document, &file, config);
            document.head = head(&document, front, settings);
        }
        Err(problem) => document.problems.push(*problem),
    }
    document
}

fn decode<'s>(source: &'s Source, config: &Config) -> Result<(TextFile<'s>, Vec<Problem>), Box<Problem>> {
    if source.size > config.max_text_bytes && source.bytes().is_some() {
        let megabytes = format!("{:.1}", source.size as f64 / 1_048_576.0);
        return Err(Problem::new("file-too-large").in_file(&source.path).with("size", megabytes).into());
    }
    TextFile::decode(source)
}

/// Fills the document and gives its front matter as it stands in the file.
fn read<'a>(document: &mut Document, file: &'a TextFile<'a>, config: &Config) -> &'a str {
    let (split, problems) = split::split(file);
    document.problems.extend(problems);
    let (front, mut problems, complete) = front::read(file, &split, document.front.kind, config);
    document.front = front;
    document.problems.append(&mut problems);
    let options = markdown::Options { html: config.html, summary_length: config.summary_length };
    let (outline, body, mut problems) = markdown::parse(&document.path, &file.text, split.body, options);
    document.problems.append(&mut problems);
    settle_title(document, &outline, file, split.body, complete);
    if document.front.kind == Kind::Slogan {
        let lines = body.text.lines().map(str::trim);
        document.lines = lines.filter(|line| !line.is_empty()).map(str::to_string).collect();
    }
    document.outline = outline;
    document.body = Some(Arc::new(body));
    split.front.and_then(|(span, _)| file.text.get(span.start..span.end)).unwrap_or_default()
}

impl Document {
    /// Lets the plain text of the body go: half of what a document holds, and only the search asks for it.
    pub fn forget_text(&mut self) {
        if let Some(body) = self.body.as_mut().and_then(Arc::get_mut) {
            body.text = String::new();
            body.is_textless = true;
        }
    }
}

/// The title of the front matter, else the first heading.
fn settle_title(document: &mut Document, outline: &Outline, file: &TextFile, body_start: usize, complete: bool) {
    let front = &mut document.front;
    let heading = outline.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    match (front.title.is_empty(), heading) {
        (true, Some(heading)) => {
            front.title = heading.to_string();
            front.title_place = Some(heading_place(file, body_start));
        }
        // A syntax error may hide the title; one problem is enough.
        (true, None) if complete => document.problems.push(Problem::new("missing-title").in_file(&document.path)),
        (false, Some(heading)) if heading != front.title => {
            let problem = Problem::new("two-titles").at(heading_place(file, body_start));
            document.problems.push(problem.with("title", &front.title).with("heading", heading));
        }
        _ => {}
    }
}

/// The body begins with its level-1 heading, after blank lines.
fn heading_place(file: &TextFile, body_start: usize) -> Place {
    let body = &file.text[body_start..];
    let start = body_start + body.len() - body.trim_start().len();
    let end = file.text[start..].find('\n').map_or(file.text.len(), |length| start + length);
    file.place(Span::new(start, end))
}

/// Of the settings that parsing depends on.
pub fn settings_hash(config: &Config) -> Hash {
    let settings = [
        config.timezone.clone(),
        format!("{:?}", config.html),
        config.summary_length.to_string(),
        config.max_text_bytes.to_string(),
        format!("{:?}", config.index_pattern),
        // A language in the name of a file is not part of what it is called.
        config.languages.iter().map(|language| language.code.as_str()).collect::<Vec<_>>().join(" "),
        // `unknown-key` off or a warning keeps the key in `extra`.
        format!("{:?}", config.problems.get("unknown-key")),
    ];
    Hash::of_parts(settings.iter().map(|s| s.as_bytes()))
}

fn hash(source: &Source, settings: Hash) -> Hash {
    let mut parts = Parts::new();
    parts.hash(source.hash).text(source.path.as_str()).hash(settings).finish()
}

fn head(document: &Document, front: &str, settings: Hash) -> Hash {
    let mut parts = Parts::new();
    // A title may come from the body, and so do the lines of a slogan; all else that is shown stands in the front matter.
    parts.text(document.path.as_str()).hash(settings).text(front).text(&document.front.title);
    parts.text(&document.outline.excerpt).number(document.outline.first_lines as u64);
    for line in &document.lines {
        parts.text(line);
    }
    parts.finish()
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
    /// The kind that a file has by its place: `_index.md` describes its folder, everything else goes by the section.
    pub fn by_path(path: &str) -> Kind {
        let below = path.strip_prefix("content/").unwrap_or(path);
        match below.split_once('/') {
            _ if path.ends_with("/_index.md") || path == "_index.md" => Kind::Section,
            Some(("notices", _)) => Kind::Notice,
            Some(("slogans", _)) => Kind::Slogan,
            Some(("reports", _)) => Kind::Report,
            _ => Kind::Page,
        }
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    pub slug: Option<Box<(String, Place)>>,
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
    pub image: Option<Box<FileRef>>,
    /// 题图说明
    pub image_alt: String,
    /// 视频
    pub video: Option<Box<FileRef>>,
    /// 附件
    pub attachments: Vec<FileRef>,
    /// 置顶
    pub pinned: Pinned,
    /// 排序
    pub weight: i64,
    /// Template file name, else by kind.
    pub template: Option<String>,
    /// 不收录: not for search engines.
    pub noindex: bool,
    /// 渠道: shown on the portal.
    pub on_portal: bool,
    /// 渠道: shown on screens.
    pub on_screens: bool,
    /// 信息公开; notices only.
    pub disclosure: Option<Box<Disclosure>>,
    /// 活动; reports only.
    pub activity: Option<Box<Activity>>,
    /// 屏幕
    pub screen: Rare<ItemRules>,
    /// 落款
    pub attribution: Option<String>,
    /// 基调
    pub tone: Tone,
    /// Sections only (`_index.md`): how documents of the folder are listed.
    pub section: Rare<SectionRules>,
    /// 附加: what the theme needs beyond the table.
    pub extra: Rare<serde_json::Value>,
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
    /// `defaults`: what documents of the folder and of folders below have unless they say otherwise.
    pub defaults: SectionDefaults,
}

/// `[section.defaults]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SectionDefaults {
    /// 主题
    pub topics: Vec<String>,
    /// 系列
    pub series: Option<String>,
    /// 科室
    pub department: Option<String>,
    /// 来源
    pub source: Option<String>,
    /// 作者
    pub author: Option<String>,
    /// Template file name.
    pub template: Option<String>,
}

impl SectionDefaults {
    /// These values, and where there are none the others.
    pub fn or(self, other: &SectionDefaults) -> SectionDefaults {
        SectionDefaults {
            topics: if self.topics.is_empty() { other.topics.clone() } else { self.topics },
            series: self.series.or_else(|| other.series.clone()),
            department: self.department.or_else(|| other.department.clone()),
            source: self.source.or_else(|| other.source.clone()),
            author: self.author.or_else(|| other.author.clone()),
            template: self.template.or_else(|| other.template.clone()),
        }
    }
}

impl Document {
    /// The document with what it does not say itself taken from its folder. The hashes tell the two apart.
    pub fn with_defaults(self: &Arc<Document>, defaults: &SectionDefaults) -> Arc<Document> {
        if *defaults == SectionDefaults::default() {
            return self.clone();
        }
        let mut document = Document::clone(self);
        let front = &mut document.front;
        if front.topics.is_empty() {
            front.topics.clone_from(&defaults.topics);
        }
        let pairs = [
            (&mut front.series, &defaults.series),
            (&mut front.department, &defaults.department),
            (&mut front.source, &defaults.source),
            (&mut front.author, &defaults.author),
            (&mut front.template, &defaults.template),
        ];
        for (own, default) in pairs {
            if own.is_none() {
                own.clone_from(default);
            }
        }
        let given = Hash::of_value(defaults);
        for hash in [&mut document.hash, &mut document.head] {
            *hash = Hash::of_parts([hash.0.as_slice(), given.0.as_slice()]);
        }
        Arc::new(document)
    }
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
            video: None,
            attachments: Vec::new(),
            pinned: Pinned::No,
            weight: 0,
            template: None,
            noindex: false,
            on_portal: true,
            on_screens: false,
            disclosure: None,
            activity: None,
            screen: Rare::default(),
            attribution: None,
            tone: Tone::Plain,
            section: Rare::default(),
            extra: Rare::default(),
        }
    }
}

#[cfg(test)]
mod tests;
