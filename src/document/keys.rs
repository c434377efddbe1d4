//! The keys of front matter: names, shapes, defaults and documentation, in one place.

use crate::config::KINDS_ON_SCREENS;
use crate::fields::{Choice, Key, Shape};

// The tables are kept from rustfmt: a row for a key reads better than a column.

/// Shorthand for a table row.
macro_rules! key {
    ($name:literal, $zh:expr, $shape:expr, $default:expr, $example:literal, $doc_zh:literal, $doc_en:literal) => {
        key!(@ [] $name, $zh, $shape, $default, $example, $doc_zh, $doc_en)
    };
    (@ [$($only:literal)*] $name:literal, $zh:expr, $shape:expr, $default:expr, $example:literal, $doc_zh:literal, $doc_en:literal) => {
        Key {
            name: $name,
            zh: &$zh,
            shape: $shape,
            only: &[$($only),*],
            default: $default,
            example: $example,
            doc_zh: $doc_zh,
            doc_en: $doc_en,
        }
    };
}

const NONE: (&str, &str) = ("", "");
const TEXT: Shape = Shape::Text;
const TEXTS: Shape = Shape::List(&Shape::Text);

/// The top level of front matter.
#[rustfmt::skip]
pub const FRONT_MATTER: &[Key] = &[
    key!("title", ["标题"], TEXT, ("正文开头的一级标题", "the level-1 heading at the beginning"), "\"光盘行动 从这一餐做起\"",
        "标题。", "Title."),
    key!("kind", ["类型"], Shape::Choice(KINDS), ("按文件夹", "by folder"), "\"notice\"",
        "类型：通知公告、公益标语、活动报道或普通页面。", "Kind of document: notice, slogan, report or page."),
    key!("date", ["发布日期", "日期"], Shape::Date, ("通知和报道必填", "required for notices and reports"), "2026-09-01",
        "发布日期，印在页面上；重新生成不会改变它。", "Publication date, printed on the page; a rebuild never changes it."),
    key!("updated", ["更新日期"], Shape::Date, NONE, "2026-09-02",
        "最近一次值得读者知道的修改。", "Last change that readers should know of."),
    key!("publish", ["上线时间"], Shape::Date, ("发布日期", "`date`"), "2026-09-01 08:30:00",
        "从这一刻起可见。", "From this instant it is visible."),
    key!("expires", ["下线时间"], Shape::Date, ("不下线", "never"), "2026-12-31",
        "从这一刻起不再出现在任何输出里。", "From this instant it is in no output."),
    key!("draft", ["草稿"], Shape::Bool, ("false", "false"), "true",
        "草稿，只有加 --drafts 才输出。", "In outputs only with --drafts."),
    key!("slug", ["网址名"], TEXT, ("标题的拼音或文件名", "pinyin of the title or the file name"), "\"guangpan\"",
        "网址的最后一段。", "Last part of the URL."),
    key!("aliases", ["旧网址"], TEXTS, NONE, "[\"/old/guangpan/\"]",
        "以前的网址，会转到新网址。", "Old URLs that redirect here."),
    key!("topics", ["主题"], TEXTS, NONE, "[\"光盘行动\", \"勤俭节约\"]",
        "宣传主题，如光盘行动、控烟、志愿服务。", "Topics such as 光盘行动, 控烟, 志愿服务."),
    key!("series", ["系列"], TEXT, NONE, "\"讲文明树新风\"",
        "所属系列，如讲文明树新风、图说我们的价值观。", "Series such as 讲文明树新风, 图说我们的价值观."),
    key!("tags", ["标签"], TEXTS, NONE, "[\"食堂\"]", "标签。", "Tags."),
    key!("department", ["科室"], TEXT, NONE, "\"后勤服务中心\"", "负责的科室。", "Department in charge."),
    key!("source", ["来源"], TEXT, ("本机构", "the organisation"), "\"市机关事务局\"", "信息来源。", "Source of the information."),
    key!("author", ["作者"], TEXT, NONE, "\"办公室\"", "作者。", "Author."),
    key!("summary", ["摘要"], TEXT, ("取自正文", "cut from the body"), "\"一句话说明这篇内容。\"", "摘要，纯文字。", "Summary, plain text."),
    key!("image", ["题图"], TEXT, NONE, "\"1.jpg\"", "题图，文件放在正文旁边。", "Picture beside the file."),
    key!("image_alt", ["题图说明"], TEXT, NONE, "\"志愿者在路口引导行人\"", "题图的文字说明，读给看不见图的人。", "What the picture shows, for those who can't see it."),
    key!("video", ["视频"], TEXT, NONE, "\"1.mp4\"",
        "视频，MP4（H.264）文件放在正文旁边；网页上可以播放，屏幕上静音播完一遍，题图是它的封面。",
        "MP4 file (H.264) beside the text: visitors can play it, screens play it once through, muted; `image` is its poster."),
    key!("attachments", ["附件"], Shape::List(&Shape::Either(&[Shape::Text, Shape::Table(ATTACHMENT)])), NONE, "[\"登记表.docx\"]",
        "附件，文件放在正文旁边；可以写文件名，也可以写 { file = …, title = … }。", "Files beside the text: a name, or { file = …, title = … }."),
    key!("pinned", ["置顶"], Shape::Either(&[Shape::Bool, Shape::Date]), ("false", "false"), "true",
        "置顶：true，或者置顶到某个日期。", "Pinned: true, or until a date."),
    key!("weight", ["排序"], Shape::Int(-1_000_000, 1_000_000), ("0", "0"), "10",
        "排序用的整数，小的在前。", "Whole number for sorting, smaller first."),
    key!("template", ["模板"], TEXT, ("按类型", "by kind"), "\"wide.html\"", "模板文件名。", "Template file name."),
    key!("noindex", ["不收录"], Shape::Bool, ("false", "false"), "true",
        "请搜索引擎不要收录这一页（栏目则是它的列表页），也不列入网站地图文件。", "Asks search engines to leave this page (of a section: its lists) out; it is not in sitemap.xml either."),
    key!("channels", ["渠道"], Shape::List(&Shape::Choice(CHANNELS)), ("按类型", "by kind"), "[\"portal\", \"screens\"]",
        "发布到哪些渠道：门户、屏幕。", "Where it is published: portal, screens."),
    key!(@ ["notice"] "disclosure", ["信息公开"], Shape::Table(DISCLOSURE), NONE, "{ openness = \"主动公开\" }",
        "信息公开要素，只用于通知公告。", "Disclosure header, notices only."),
    key!(@ ["report"] "activity", ["活动"], Shape::Table(ACTIVITY), NONE, "{ place = \"机关大院\" }",
        "活动情况，只用于活动报道。", "What was done, reports only."),
    key!("screen", ["屏幕"], Shape::Table(SCREEN), NONE, "{ weight = 3 }",
        "在屏幕上怎样播放。", "When, where and how it plays on screens."),
    key!(@ ["slogan"] "attribution", ["落款"], TEXT, ("机构名称 + 宣", "the organisation + 宣"), "\"市机关事务局 宣\"",
        "标语的落款。", "Attribution of a slogan."),
    key!("tone", ["基调"], Shape::Choice(TONES), ("plain（日常）", "plain"), "\"festive\"",
        "基调：喜庆、日常或庄重；公祭日等日子不播喜庆内容。", "Tone; festive items don't play on solemn days."),
    key!(@ ["section"] "section", ["栏目"], Shape::Table(SECTION), NONE, "{ sort = \"date\" }",
        "栏目设置，只用于 _index.md。", "How the folder is listed, _index.md only."),
    key!("extra", ["附加", "其他"], Shape::Any, NONE, "{ colour = \"red\" }",
        "主题自用的内容，原样交给模板。", "Values for the theme, as they stand."),
];

const KINDS: &[Choice] = &[
    Choice { name: "notice", zh: &["通知公告", "通知", "公告"] },
    Choice { name: "slogan", zh: &["公益标语", "标语"] },
    Choice { name: "report", zh: &["活动报道", "报道"] },
    Choice { name: "page", zh: &["页面", "普通页面"] },
];
const _: () = assert!(KINDS_ON_SCREENS.len() + 1 == KINDS.len());

const CHANNELS: &[Choice] =
    &[Choice { name: "portal", zh: &["门户", "网站"] }, Choice { name: "screens", zh: &["屏幕", "电子屏"] }];

const TONES: &[Choice] = &[
    Choice { name: "festive", zh: &["喜庆"] },
    Choice { name: "plain", zh: &["日常"] },
    Choice { name: "solemn", zh: &["庄重"] },
];

/// An attachment that has a title of its own.
#[rustfmt::skip]
const ATTACHMENT: &[Key] = &[
    key!("file", ["文件"], TEXT, ("必填", "required"), "\"登记表.docx\"", "文件，放在正文旁边。", "File beside the text."),
    key!("title", ["标题", "名称"], TEXT, ("文件名", "the file name"), "\"报名登记表\"", "链接的文字。", "Words of the link."),
];

/// `[disclosure]`
#[rustfmt::skip]
pub const DISCLOSURE: &[Key] = &[
    key!("index_number", ["索引号"], TEXT, NONE, "\"11990000MB0000000J/2026-00012\"",
        "索引号，格式见 index_pattern（索引号格式）。", "Index number, see `index_pattern` in the configuration."),
    key!("openness", ["公开方式"], Shape::Choice(OPENNESS), ("主动公开", "public"), "\"主动公开\"",
        "公开方式；不是主动公开的不会出现在任何输出里。", "Openness; what is not public is in no output."),
    key!("publisher", ["发布机构"], TEXT, ("本机构", "the organisation"), "\"示例市机关事务管理局\"", "发布机构。", "Publisher."),
    key!("category", ["组配分类"], TEXT, NONE, "\"规章制度\"", "组配分类。", "Category."),
    key!("document_number", ["文件编号", "发文字号"], TEXT, NONE, "\"示机管发〔2026〕12号\"",
        "文件编号（发文字号）。", "Document number."),
    key!("written", ["成文日期"], Shape::Date, NONE, "2026-08-30",
        "成文日期，不能晚于发布日期。", "Date of writing, not after `date`."),
    key!("validity", ["有效性"], Shape::Choice(VALIDITY), NONE, "\"有效\"", "有效性：有效、失效或废止。", "Validity: valid, expired or repealed."),
];

const OPENNESS: &[Choice] = &[
    Choice { name: "public", zh: &["主动公开"] },
    Choice { name: "on-request", zh: &["依申请公开"] },
    Choice { name: "closed", zh: &["不予公开"] },
];

const VALIDITY: &[Choice] = &[
    Choice { name: "valid", zh: &["有效"] },
    Choice { name: "expired", zh: &["失效"] },
    Choice { name: "repealed", zh: &["废止"] },
];

/// `[activity]`
#[rustfmt::skip]
const ACTIVITY: &[Key] = &[
    key!("date", ["活动日期", "日期"], Shape::Date, NONE, "2026-08-30", "活动日期。", "Date of the activity."),
    key!("place", ["地点", "活动地点"], TEXT, NONE, "\"机关大院\"", "活动地点。", "Place."),
    key!("type", ["活动类别", "类别"], TEXT, NONE, "\"志愿服务\"", "活动类别。", "Type of activity."),
    key!("participants", ["人数", "参加人数"], Shape::Int(0, 10_000_000), NONE, "86", "参加人数。", "Number of participants."),
    key!("hours", ["时长"], Shape::Number(0.0, 10_000.0), NONE, "2.5", "活动时长，单位小时。", "Duration in hours."),
    key!("figures", ["数据"], Shape::Map(&Shape::Figure), NONE, "{ 植树 = \"120棵\" }",
        "活动数据：名称和带单位的数字。", "Figures: a name and a number with its unit."),
];

/// `[screen]`
#[rustfmt::skip]
const SCREEN: &[Key] = &[
    key!("on", ["在屏幕"], TEXTS, ("播放这一类型的所有屏幕", "every screen that shows this kind"), "[\"canteen\"]",
        "在哪些屏幕播放：屏幕编号、标签或点位。", "Screen ids, tags or points."),
    key!("from", ["开始"], Shape::Date, ("上线时间", "`publish`"), "2026-09-01", "从什么时候开始播放。", "From this instant."),
    key!("until", ["结束"], Shape::Date, ("下线时间；通知 90 天、报道 30 天", "`expires`, or 90 days for notices and 30 for reports"), "2026-10-08",
        "播放到什么时候为止（这一刻起不再播放）。", "Until this instant."),
    key!("days", ["日子"], TEXTS, ("每天", "every day"), "\"mon-fri\"",
        "在哪些日子播放：mon-fri、workdays（工作日）、holidays（节假日）、12-13（每年这一天）、lunar 01-01（农历）、last fri（每月最后一个周五）。",
        "Days: mon-fri, workdays, holidays, 12-13 for a date every year, lunar 01-01 for a lunar one, last fri of a month."),
    key!("hours", ["时段"], TEXTS, ("全天", "all day"), "[\"11:00-13:30\"]",
        "在一天的哪些时段播放；跨过零点的算开始的那一天。", "Spans of the day; one across midnight belongs to the day on which it starts."),
    key!("seconds", ["秒数"], Shape::Int(1, 600), ("屏幕的设置", "as the screen has it"), "12", "每张画面停留的秒数。", "Seconds a slide stays."),
    key!("weight", ["权重"], Shape::Int(1, 10), ("1", "1"), "3", "每轮播放次数的比重，1 到 10。", "Plays per loop, 1 to 10."),
    key!("priority", ["优先级"], Shape::Choice(PRIORITIES), ("normal（普通）", "normal"), "\"takeover\"",
        "插播时只播放插播的内容。", "While a takeover item is due, only takeover items play."),
    key!("text", ["文字"], TEXT, NONE, "\"按需取餐，少量多次\"", "屏幕上用的较短文字。", "A shorter text for the screen."),
    key!("evergreen", ["常青"], Shape::Bool, ("false", "false"), "true", "断网过期后仍可播放。", "May play when the feed is out of date."),
    key!("design", ["设计"], TEXT, ("由主题决定", "the theme's choice"), "\"paper-cut\"", "画面设计。", "Slide design."),
    key!("motif", ["图案"], TEXT, ("按主题", "by topic"), "\"lantern\"", "画面图案。", "Drawn motif."),
];

const PRIORITIES: &[Choice] = &[Choice { name: "normal", zh: &["普通"] }, Choice { name: "takeover", zh: &["插播"] }];

/// `[section]`
#[rustfmt::skip]
const SECTION: &[Key] = &[
    key!("sort", ["排序方式", "排序"], Shape::Choice(SORTS), ("date（日期）", "date"), "\"date\"",
        "文档的排列顺序：按日期（新的在前）、按排序值或按标题。", "Order of documents: date (newest first), weight or title."),
    key!("page_size", ["每页条数"], Shape::Int(1, 1000), ("全站设置", "as the site has it"), "20", "每页多少条。", "Documents on one page of the list."),
    key!("page_template", ["文章模板"], TEXT, ("按类型", "by kind"), "\"wide.html\"", "栏目下文档用的模板。", "Template of its documents."),
    key!("column_type", ["栏目类型"], TEXT, NONE, "\"通知公告\"", "网页标签 ColumnType 的值。", "Value of the ColumnType meta tag."),
    key!("hidden", ["隐藏"], Shape::Bool, ("false", "false"), "true", "不出现在菜单里。", "Not in the menu."),
    key!("defaults", ["默认"], Shape::Table(SECTION_DEFAULTS), NONE, "{ department = \"办公室\" }",
        "栏目和下级栏目里的文档没有写时用的值；下级栏目写的优先。", "What documents of the section and of sections below have unless they say otherwise; the nearest section wins."),
];

/// `[section.defaults]`
#[rustfmt::skip]
const SECTION_DEFAULTS: &[Key] = &[
    key!("topics", ["主题"], TEXTS, NONE, "[\"节约用水\"]", "主题。", "Topics."),
    key!("series", ["系列"], TEXT, NONE, "\"讲文明树新风\"", "系列。", "Series."),
    key!("department", ["科室"], TEXT, NONE, "\"办公室\"", "发布的科室。", "Department."),
    key!("source", ["来源"], TEXT, NONE, "\"市机关事务局\"", "来源。", "Source."),
    key!("author", ["作者"], TEXT, NONE, "\"综合科\"", "作者。", "Author."),
    key!("template", ["模板"], TEXT, ("按类型", "by kind"), "\"wide.html\"", "模板。", "Template."),
];

const SORTS: &[Choice] = &[
    Choice { name: "date", zh: &["日期"] },
    Choice { name: "weight", zh: &["排序"] },
    Choice { name: "title", zh: &["标题"] },
];
