//! The keys of `civicast.toml` and `screens.toml`: names, shapes, defaults and documentation, in one place.

use crate::fields::{Choice, Key, Shape};

// The tables are kept from rustfmt: a row for a key reads better than a column.

/// Shorthand for a table row: most keys need no more than this.
macro_rules! key {
    ($name:literal, $zh:expr, $shape:expr, $default:expr, $example:literal, $doc_zh:literal, $doc_en:literal) => {
        Key {
            name: $name,
            zh: &$zh,
            shape: $shape,
            only: &[],
            default: $default,
            example: $example,
            doc_zh: $doc_zh,
            doc_en: $doc_en,
        }
    };
}

const NONE: (&str, &str) = ("", "");
const TEXT: Shape = Shape::Text;

/// `civicast.toml`
#[rustfmt::skip]
pub const CONFIG: &[Key] = &[
    key!("title", ["站点名称", "标题"], TEXT, ("必填", "required"), "\"示例市机关事务管理局\"",
        "网站名称，显示在页头和网页标题里。", "Name of the site, in the header and in page titles."),
    key!("description", ["站点说明", "说明"], TEXT, NONE, "\"机关事务管理局门户网站\"",
        "用一句话介绍网站。", "One sentence about the site."),
    key!("base_url", ["网址"], TEXT, NONE, "\"https://jgswj.example.gov.cn\"",
        "网站的完整网址，以 http:// 或 https:// 开头，末尾不带斜杠；可以带一级目录。",
        "Full address of the site, with http:// or https://, without a slash at the end; a folder may follow the host."),
    key!("language", ["语言"], TEXT, ("zh-CN", "zh-CN"), "\"zh-CN\"",
        "网站的语言代码（BCP 47）。", "Language of the site (BCP 47)."),
    key!("timezone", ["时区"], TEXT, ("Asia/Shanghai", "Asia/Shanghai"), "\"Asia/Shanghai\"",
        "没有写时区的日期都按这个时区理解。", "The zone in which dates without a zone are meant (IANA name)."),
    key!("theme", ["网站主题"], TEXT, ("civic（程序自带）", "civic (in the program)"), "\"civic\"",
        "themes/ 下的主题文件夹名。", "Folder name below themes/."),
    key!("output", ["输出目录"], TEXT, ("public", "public"), "\"public\"",
        "输出文件夹，相对于站点文件夹。", "Output folder, relative to the site folder."),
    key!("page_size", ["每页条数"], Shape::Int(1, 1000), ("20", "20"), "20",
        "列表页每页显示多少条。", "Documents on one page of a list."),
    key!("feed_limit", ["订阅条数"], Shape::Int(1, 1000), ("30", "30"), "30",
        "Atom、RSS 和 JSON 订阅里最多多少条。", "Entries in the Atom, RSS and JSON feeds."),
    key!("feeds", ["订阅格式"], Shape::List(&Shape::Choice(FEED_FORMATS)), ("全部", "all"), "[\"rss\"]",
        "生成哪几种订阅：atom、rss、json。空列表表示都不生成。", "Formats of the feeds: atom, rss, json. An empty list means none."),
    key!("feeds_of", ["订阅范围"], Shape::List(&Shape::Choice(FEED_SCOPES)), ("全部", "all"), "[\"site\", \"sections\"]",
        "为哪些列表生成订阅：site（全站）、sections（栏目）、topics（主题）。", "Lists that have feeds: site, sections, topics."),
    key!("archive", ["归档"], Shape::Bool, ("是", "true"), "false",
        "是否生成按年月归档的页面。", "Whether there are pages for every year and month."),
    key!("catalogue", ["公开目录"], Shape::Bool, ("是", "true"), "false",
        "有公开要素的文件是否汇总成信息公开目录（/disclosure/）。", "Whether documents with a disclosure header are listed in the disclosure catalogue at /disclosure/."),
    key!("catalogue_page_size", ["目录每页条数"], Shape::Int(1, 1000), ("50", "50"), "50",
        "信息公开目录每页多少条。", "Documents on one page of the disclosure catalogue."),
    key!("first_page_redirect", ["首页跳转"], Shape::Bool, ("否", "false"), "true",
        "列表第一页在 page/1/ 也能打开（跳转）。从 Hugo 或 Zola 迁来的网站用它保住旧链接。",
        "The first page of a list answers at page/1/ too, as a redirect: keeps old links of a site that came from Hugo or Zola."),
    key!("summary_length", ["摘要字数"], Shape::Int(10, 1000), ("120", "120"), "120",
        "自动摘要的字数。", "Display characters in automatic summaries."),
    key!("html", ["HTML处理", "html处理"], Shape::Choice(HTML), ("sanitise（过滤）", "sanitise"), "\"sanitise\"",
        "正文里的 HTML 怎样处理：过滤、按文字显示，或者原样保留（只用于每位作者都可信的网站）。",
        "What happens to raw HTML in a text: filtered, shown as text, or kept as it is (only if every author is trusted)."),
    key!("max_text_bytes", ["文本文件上限"], Shape::Int(1024, 64 << 20), ("8388608", "8388608"), "8388608",
        "一个文本文件最多多少字节；超过的不读取。", "Largest text file that is read, in bytes."),
    key!("pictures", ["图片"], Shape::Table(PICTURES), NONE, "{ widths = [480, 1200], quality = 80 }",
        "照片怎样缩小、多大算过大。", "How photos are resized, and which are too large."),
    key!("index_pattern", ["索引号格式"], TEXT, ("credit-code（信用代码）", "credit-code"), "\"{code}/{year}-{5}\"",
        "信息公开索引号的格式：credit-code（信用代码，18 位统一社会信用代码/年-5 位流水号，核对校验码）、any（任意），或者自定格式：{code} 表示字母和数字，{year} 表示四位年份，{5} 表示五位数字，其余照写。",
        "Form of disclosure index numbers: credit-code (18-character credit code, slash, year, hyphen, 5 digits, check digits verified), any, or a pattern: {code} letters and digits, {year} four digits, {5} five digits, all else as it stands."),
    key!("organisation", ["机构", "单位"], Shape::Table(ORGANISATION), NONE, "{ name = \"示例市机关事务管理局\" }",
        "网站的主办机构。", "The office behind the site."),
    key!("menu", ["菜单"], Shape::List(&Shape::Table(MENU)), ("各栏目", "the sections"), "[{ name = \"首页\", url = \"/\" }]",
        "主菜单，按书写顺序；不写就用各栏目。", "Main menu in order; the sections when absent."),
    key!("links", ["链接"], Shape::List(&Shape::Table(MENU)), NONE, "[{ name = \"网站找错\", url = \"https://zfwzgl.www.gov.cn/\", role = \"find-error\" }]",
        "页脚等处的链接：网站找错、党政机关标识、友情链接等。", "Links of the footer and other named links."),
    key!("languages", ["其他语言"], Shape::List(&Shape::Table(LANGUAGE)), NONE, "[{ code = \"en\", name = \"English\" }]",
        "中文之外的语言，每种一个 [[languages]]：文稿旁边放 a.en.md，就有了 /en/ 下的英文版。",
        "Languages besides the main one, a [[languages]] for each: a.en.md beside a.md is published below /en/."),
    key!("problems", ["问题级别"], Shape::Map(&Shape::Choice(SEVERITY)), NONE, "{ unknown-key = \"warning\" }",
        "调整某类问题的级别：键是问题代码，值是 error（错误）、warning（警告）、note（提示）或 off（关闭）。",
        "Severity of a kind of problem: its code, and error, warning, note or off."),
    key!("pinyin", ["拼音"], Shape::Map(&TEXT), NONE, "{ 单位 = \"danwei\" }",
        "更正网址里的读音：词语和它的写法。", "Corrected readings for URLs: words and how they are spelt."),
    key!("fonts", ["字体"], Shape::List(&TEXT), ("系统字体", "the system's"), "[\"fonts\"]",
        "幻灯片文字用的字体文件或文件夹，在站点文件夹下；[\"none\"] 表示不转轮廓，文字仍是文字。",
        "Font files or folders below the site folder that slides are set and outlined in; [\"none\"]: text stays text."),
    key!("relative_links", ["相对链接"], Shape::Bool, ("否", "no"), "true",
        "页面之间用相对链接，整个网站拷到 U 盘或任何文件夹里双击就能看。",
        "Pages link to each other relatively, so a copy of the site opens from a USB stick or any folder, without a server."),
    key!("compress", ["预压缩"], Shape::Bool, ("否", "no"), "true",
        "在文本文件旁边另写 .gz 和 .br，供 nginx、Caddy 直接发送；见 docs/server.zh-CN.md。",
        "Writes .gz and .br beside text files, for nginx and Caddy to send as they are; see docs/server.md."),
    key!("extra", ["附加", "其他"], Shape::Any, NONE, "{ motto = \"为民服务\" }",
        "主题自用的内容，原样交给模板。", "Values for the theme, as they stand."),
];

/// `[pictures]`
#[rustfmt::skip]
const PICTURES: &[Key] = &[
    key!("widths", ["宽度"], Shape::List(&Shape::Int(16, 8192)), ("[480, 800, 1200, 1600]", "[480, 800, 1200, 1600]"), "[480, 800, 1200, 1600]",
        "每张照片输出哪几种宽度（像素）；从不放大。", "Widths in pixels in which every photo is published; never enlarged."),
    key!("quality", ["质量"], Shape::Int(1, 100), ("80", "80"), "80",
        "WebP 和 JPEG 的质量，1 到 100。", "Quality of WebP and JPEG, 1 to 100."),
    key!("max_bytes", ["文件上限"], Shape::Int(1024, 1 << 30), ("41943040", "41943040"), "41943040",
        "一张图片最多多少字节。", "Largest file of a picture, in bytes."),
    key!("max_pixels", ["像素上限"], Shape::Int(1024, 1 << 30), ("120000000（1.2 亿）", "120000000"), "120000000",
        "一张图片最多多少像素（宽乘以高）；更大的不解码。", "Most pixels (width times height) of a picture; larger ones are not decoded."),
];

/// `[organisation]`
#[rustfmt::skip]
const ORGANISATION: &[Key] = &[
    key!("name", ["名称", "全称"], TEXT, NONE, "\"示例市机关事务管理局\"", "机构全称。", "Full name."),
    key!("short_name", ["简称"], TEXT, ("全称", "the full name"), "\"市机关事务局\"", "机构简称。", "Short name."),
    key!("sponsor", ["主办单位"], TEXT, NONE, "\"示例市机关事务管理局\"", "页脚的主办单位。", "Sponsor (主办单位), in the footer."),
    key!("operator", ["承办单位"], TEXT, NONE, "\"示例市机关事务管理局信息中心\"", "页脚的承办单位。", "Operator (承办单位), in the footer."),
    key!("site_code", ["网站标识码"], TEXT, NONE, "\"9900000001\"", "政府网站标识码，十位数字。", "Government site identification code (网站标识码), ten digits."),
    key!("icp", ["ICP备案号", "ICP备案", "icp备案号"], TEXT, NONE, "\"示ICP备00000000号-1\"", "ICP 备案号。", "ICP record number."),
    key!("police", ["公安备案号", "公安备案"], TEXT, NONE, "\"示公网安备99000000000001号\"", "公安备案号。", "Police record number (公安备案号)."),
    key!("credit_code", ["统一社会信用代码", "信用代码"], TEXT, NONE, "\"11990000MB0000000J\"",
        "统一社会信用代码，18 位，核对校验码。", "Unified social credit code (GB 32100), 18 characters, check digits verified."),
    key!("address", ["地址"], TEXT, NONE, "\"示例市示例区示范路1号\"", "通信地址。", "Postal address."),
    key!("phone", ["电话", "联系电话"], TEXT, NONE, "\"0999-0000000\"", "联系电话。", "Telephone."),
    key!("postcode", ["邮编", "邮政编码"], TEXT, NONE, "\"999000\"", "邮政编码。", "Postal code."),
    key!("email", ["邮箱", "电子邮箱"], TEXT, NONE, "\"jgswj@example.gov.cn\"", "电子邮箱。", "E-mail address."),
];

/// `[[menu]]` and `[[links]]`
#[rustfmt::skip]
const MENU: &[Key] = &[
    key!("name", ["名称"], TEXT, ("必填", "required"), "\"通知公告\"", "链接的文字。", "Words of the link."),
    key!("url", ["网址", "链接"], TEXT, ("必填", "required"), "\"/notices/\"",
        "站内路径（以 / 开头）或者完整网址。", "A site path that begins with / or a full address."),
    key!("role", ["用途"], TEXT, NONE, "\"find-error\"",
        "主题特别处理的用途，例如 find-error（网站找错）、party-mark（党政机关标识）。",
        "What it is for, when the theme treats it specially: find-error, party-mark."),
    key!("children", ["下级"], Shape::List(&Shape::Table(MENU_BELOW)), NONE, "[{ name = \"讲文明树新风\", url = \"/series/jiang-wen-ming-shu-xin-feng/\" }]",
        "下一级菜单，只有一级。", "The menu below this entry, one level deep."),
];

/// `children` of `[[menu]]`
#[rustfmt::skip]
const MENU_BELOW: &[Key] = &[
    key!("name", ["名称"], TEXT, ("必填", "required"), "\"讲文明树新风\"", "链接的文字。", "Words of the link."),
    key!("url", ["网址", "链接"], TEXT, ("必填", "required"), "\"/series/jiang-wen-ming-shu-xin-feng/\"",
        "站内路径（以 / 开头）或者完整网址。", "A site path that begins with / or a full address."),
];

/// `[[languages]]`
#[rustfmt::skip]
const LANGUAGE: &[Key] = &[
    key!("code", ["代码", "语言"], TEXT, ("必填", "required"), "\"en\"",
        "语言代码（BCP 47，小写），用在文件名（a.en.md）和网址（/en/）里。",
        "Language code (BCP 47, lower case), in file names (a.en.md) and URLs (/en/)."),
    key!("name", ["名称"], TEXT, ("同代码", "the code"), "\"English\"", "语言自己的名称，用在语言切换里。", "Its name in itself, for the switch between languages."),
    key!("title", ["站点名称", "标题"], TEXT, ("站点名称", "title of the site"), "\"Example Bureau\"", "这种语言的网站名称。", "Name of the site in this language."),
    key!("description", ["站点说明", "说明"], TEXT, ("站点说明", "description of the site"), "\"Portal of the Example Bureau\"", "这种语言的网站说明。", "One sentence about the site in this language."),
    key!("menu", ["菜单"], Shape::List(&Shape::Table(MENU)), ("各栏目", "the sections"), "[{ name = \"Notices\", url = \"/en/notices/\" }]",
        "这种语言的主菜单。", "Main menu of this language."),
    key!("links", ["链接"], Shape::List(&Shape::Table(MENU)), ("站点的链接", "links of the site"), "[{ name = \"Feedback\", url = \"/en/feedback/\" }]",
        "这种语言的页脚链接。", "Named links of this language."),
    key!("organisation", ["机构", "单位"], Shape::Table(ORGANISATION), ("站点的机构", "organisation of the site"), "{ name = \"Example Bureau\" }",
        "机构的译名和地址；没有写的沿用站点的。", "The office in this language; what is not given stays as it is."),
    key!("fallback", ["未译显示"], Shape::List(&Shape::Choice(KINDS)), NONE, "[\"notice\"]",
        "哪些类型的文稿在没有译文时照原文显示，并加说明；其他的不进入这种语言的版面。",
        "Kinds of documents that are shown untranslated, with a notice; others are left out of this edition."),
];

const KINDS: &[Choice] = &[
    Choice { name: "notice", zh: &["通知公告", "通知", "公告"] },
    Choice { name: "slogan", zh: &["公益标语", "标语"] },
    Choice { name: "report", zh: &["活动报道", "报道"] },
    Choice { name: "page", zh: &["页面"] },
];

const HTML: &[Choice] = &[
    Choice { name: "sanitise", zh: &["过滤", "sanitize"] },
    Choice { name: "escape", zh: &["按文字显示"] },
    Choice { name: "trust", zh: &["原样"] },
];

const FEED_FORMATS: &[Choice] =
    &[Choice { name: "atom", zh: &[] }, Choice { name: "rss", zh: &[] }, Choice { name: "json", zh: &[] }];

const FEED_SCOPES: &[Choice] = &[
    Choice { name: "site", zh: &["全站"] },
    Choice { name: "sections", zh: &["栏目"] },
    Choice { name: "topics", zh: &["主题"] },
];

const SEVERITY: &[Choice] = &[
    Choice { name: "error", zh: &["错误"] },
    Choice { name: "warning", zh: &["警告"] },
    Choice { name: "note", zh: &["提示"] },
    Choice { name: "off", zh: &["关闭"] },
];

/// `screens.toml`
#[rustfmt::skip]
pub const SCREENS: &[Key] = &[
    key!("defaults", ["默认"], Shape::Table(DEFAULTS), NONE, "{ seconds = 10 }",
        "没有单独写明的屏幕都用这里的值。", "Values for every screen that doesn't say otherwise."),
    key!("screen", ["屏幕"], Shape::List(&Shape::Table(SCREEN)), NONE, "[{ id = \"hall\", name = \"一号楼大厅屏\" }]",
        "一块屏幕，每块一个 [[screen]]。", "A screen; one [[screen]] for each."),
];

const HOURS: Shape = Shape::Either(&[Shape::Text, Shape::Map(&Shape::Text)]);
const SHARE: Shape = Shape::Map(&Shape::Number(0.0, 1.0));
const SHOWS: Shape = Shape::List(&Shape::Choice(KINDS_ON_SCREENS));

/// `[defaults]`
#[rustfmt::skip]
const DEFAULTS: &[Key] = &[
    key!("hours", ["时段", "开放时间"], HOURS, ("全天", "all day"), "\"07:00-22:00\"",
        "亮屏时段；之外熄屏。可以按日子分别写。", "Opening hours; dark outside them. May be given by days."),
    key!("seconds", ["秒数"], Shape::Int(1, 600), ("10", "10"), "10",
        "每张画面停留的秒数。", "Seconds a slide stays."),
    key!("horizon_days", ["排期天数"], Shape::Int(1, 400), ("62", "62"), "62",
        "节目单提前排多少天：断网这么多天，屏幕仍能按计划播放。", "How many days ahead the timeline is laid out."),
    key!("shows", ["播放内容", "播放"], SHOWS, ("全部", "all"), "[\"slogan\", \"notice\", \"report\"]",
        "播放哪些类型。", "Kinds shown."),
    key!("min_share", ["最低占比"], SHARE, NONE, "{ slogan = 0.5 }",
        "某类内容至少占每轮时长的多少（0 到 1）。", "Least share of the seconds of every loop, by kind, 0 to 1."),
];

/// `[[screen]]`
#[rustfmt::skip]
const SCREEN: &[Key] = &[
    key!("id", ["编号"], TEXT, ("必填", "required"), "\"hall\"",
        "屏幕编号，用在网址里：英文字母、数字和连字符。", "In URLs: letters, digits, hyphens."),
    key!("name", ["名称"], TEXT, ("同编号", "the id"), "\"一号楼大厅屏\"", "屏幕名称。", "Name for people."),
    key!("point", ["点位", "点位类型"], Shape::Choice(POINTS), ("必填", "required"), "\"lobby\"",
        "点位的类型，按类型统计覆盖面。", "Type of place, counted in coverage."),
    key!("place", ["位置", "地点"], TEXT, NONE, "\"一号楼一层\"", "安装位置。", "Where it hangs."),
    key!("size", ["尺寸", "分辨率"], Shape::Pair(16, 16384), ("必填", "required"), "[1920, 1080]",
        "宽和高，单位像素。", "Width and height in pixels."),
    key!("tags", ["标签"], Shape::List(&TEXT), NONE, "[\"大厅\", \"横屏\"]",
        "分组用的标签，内容可以按标签指定屏幕。", "Groups that items may name."),
    key!("shows", ["播放内容", "播放"], SHOWS, ("全部", "all"), "[\"slogan\", \"notice\", \"report\"]",
        "播放哪些类型。", "Kinds shown."),
    key!("min_share", ["最低占比"], SHARE, NONE, "{ slogan = 0.5 }",
        "某类内容至少占每轮时长的多少（0 到 1），合计不超过 1。", "Least share of the seconds of every loop, by kind; 1 in all at most."),
    key!("hours", ["时段", "开放时间"], HOURS, ("[defaults] 的时段", "hours of [defaults]"), "{ mon-fri = \"07:30-19:00\", sat-sun = \"09:00-17:00\" }",
        "亮屏时段，可以按日子分别写。", "Opening hours, for all days or by days."),
    key!("seconds", ["秒数"], Shape::Int(1, 600), ("[defaults] 的秒数", "seconds of [defaults]"), "10",
        "每张画面停留的秒数。", "Seconds a slide stays."),
    key!("png", ["图片", "输出图片"], Shape::Bool, ("false", "false"), "true",
        "同时输出 PNG 图片，给只能放图片的设备。", "Also PNG slides, for devices that only show pictures."),
    key!("kit", ["离线包"], Shape::Bool, ("false", "false"), "true",
        "同时输出 U 盘用的压缩包。", "Also a ZIP for a USB stick."),
    key!("variant", ["样式"], TEXT, ("由主题决定", "the theme's choice"), "\"large\"",
        "幻灯片的主题样式。", "Theme variant of the slides."),
    key!("contact", ["联系人"], TEXT, NONE, "\"值班室\"", "联系人，不会发布。", "Never published."),
];

const POINTS: &[Choice] = &[
    Choice { name: "lobby", zh: &["大厅"] },
    Choice { name: "hotel", zh: &["宾馆"] },
    Choice { name: "elevator", zh: &["电梯"] },
    Choice { name: "corridor", zh: &["走廊"] },
    Choice { name: "canteen", zh: &["食堂"] },
    Choice { name: "window", zh: &["窗口"] },
    Choice { name: "led", zh: &["条屏", "LED"] },
    Choice { name: "board", zh: &["宣传栏"] },
];

/// Kinds of document that a screen can show.
pub const KINDS_ON_SCREENS: &[Choice] = &[
    Choice { name: "slogan", zh: &["公益标语", "标语"] },
    Choice { name: "notice", zh: &["通知公告", "通知", "公告"] },
    Choice { name: "report", zh: &["活动报道", "报道"] },
];
