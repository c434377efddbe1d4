//! Texts of `init` and `new`: the files that an author begins with.
//!
//! Pure: a date and names go in, paths and texts come out. What it writes must build without a problem; the tests of `init`
//! hold it to that.

use jiff::civil::Date;

use crate::config::{Config, IndexPattern};
use crate::document::Kind;
use crate::message::Lang;
use crate::slug;

/// A document that is to begin.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Notice, slogan, report or page.
    pub kind: Kind,
    /// Its title.
    pub title: &'a str,
    /// Today in the site's zone.
    pub date: Date,
    /// The next free index number; none when the pattern or the organisation's code doesn't give one.
    pub index_number: Option<String>,
}

/// Where a document of this kind and title begins, below the site folder.
pub fn path(draft: &Draft, config: &Config) -> String {
    let slug = slug::slug(draft.title, &config.pinyin);
    match draft.kind {
        Kind::Notice => format!("content/notices/{slug}.md"),
        Kind::Slogan => format!("content/slogans/{slug}.md"),
        // A report has photos, and they stand beside it.
        Kind::Report => format!("content/reports/{slug}/index.md"),
        Kind::Page | Kind::Section => format!("content/{slug}.md"),
    }
}

/// The text of a new document: front matter ready, the body begun.
pub fn document(draft: &Draft, config: &Config, lang: Lang) -> String {
    let mut front = vec![format!("title = {}", quoted(draft.title))];
    if draft.kind != Kind::Page {
        front.push(format!("date = {}", draft.date));
    }
    front.push("draft = true".to_string());
    if draft.kind != Kind::Page {
        front.push("topics = []".to_string());
    }
    match draft.kind {
        Kind::Notice => {
            front.extend(["summary = \"\"".to_string(), String::new(), "[disclosure]".to_string()]);
            front.extend(draft.index_number.iter().map(|number| format!("index_number = {}", quoted(number))));
            front.push(format!("openness = {}", quoted("主动公开")));
            front.push(format!("publisher = {}", quoted(&config.organisation.name)));
            front.push(format!("category = {}", quoted("通知")));
            front.push(format!("written = {}", draft.date));
            front.push(format!("validity = {}", quoted("有效")));
        }
        Kind::Report => {
            front.extend(["summary = \"\"".to_string(), String::new(), "[activity]".to_string()]);
            front.push(format!("date = {}", draft.date));
            front.push("place = \"\"".to_string());
            front.push("type = \"\"".to_string());
        }
        Kind::Slogan | Kind::Page | Kind::Section => {}
    }
    let body = match (draft.kind, lang) {
        (Kind::Slogan, _) => draft.title.split_whitespace().collect::<Vec<_>>().join("\\\n"),
        (_, Lang::Zh) => "正文从这里开始。写好以后删掉上面的 `draft = true`。".to_string(),
        (_, Lang::En) => "The text begins here. Remove `draft = true` above when it is ready.".to_string(),
    };
    format!("+++\n{}\n+++\n\n{body}\n", front.join("\n"))
}

/// The number after the largest one of this year, by the configured pattern.
pub fn next_index_number(config: &Config, year: i16, taken: &[&str]) -> Option<String> {
    let pattern = match &config.index_pattern {
        IndexPattern::CreditCode => "{code}/{year}-{5}",
        IndexPattern::Custom(pattern) => pattern,
        IndexPattern::Any => return None,
    };
    let code = &config.organisation.credit_code;
    if pattern.contains("{code}") && code.is_empty() {
        return None;
    }
    let filled = pattern.replace("{code}", code).replace("{year}", &format!("{year:04}"));
    let (before, rest) = filled.split_once('{')?;
    let (digits, after) = rest.split_once('}')?;
    let digits: usize = digits.parse().ok().filter(|digits| (1..=18).contains(digits))?;
    if after.contains('{') {
        return None;
    }
    let serial = |number: &&str| -> Option<u64> {
        number.strip_prefix(before)?.strip_suffix(after).filter(|serial| serial.len() == digits)?.parse().ok()
    };
    let next = taken.iter().filter_map(serial).max().unwrap_or(0) + 1;
    let next = format!("{next:0digits$}");
    (next.len() == digits).then(|| format!("{before}{next}{after}"))
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out + "\""
}

/// The files of a new site, each with its path; `today` is the date of its first documents.
pub fn site(today: Date) -> Vec<(&'static str, String)> {
    let year = today.year();
    let day = |text: &str| text.replace("{day}", &today.to_string()).replace("{year}", &year.to_string());
    vec![
        ("civicast.toml", CONFIG.to_string()),
        ("screens.toml", SCREENS.to_string()),
        (".gitignore", "/public/\n/.civicast/\n".to_string()),
        ("content/_index.md", HOME.to_string()),
        ("content/about.md", ABOUT.to_string()),
        ("content/notices/_index.md", NOTICES.to_string()),
        ("content/notices/first-notice.md", day(NOTICE)),
        ("content/slogans/_index.md", SLOGANS.to_string()),
        ("content/slogans/guangpan.md", day(SLOGAN)),
        ("content/reports/_index.md", REPORTS.to_string()),
        ("content/reports/first-report/index.md", day(REPORT)),
    ]
}

const CONFIG: &str = r#"# 站点设置。每一项的说明见 civicast schema config。
title = "示例单位"
description = "示例单位门户：通知公告、公益标语和活动报道"
# 网站的完整网址，发布之前改成真实的。
base_url = "https://www.example.gov.cn"

[organisation]
name = "示例单位"
sponsor = "示例单位"
operator = "示例单位办公室"
# 编造的统一社会信用代码，请换成本单位的；索引号以它开头。
credit_code = "11990000MB0000000J"
site_code = "9900000001"
icp = "示ICP备00000000号-1"
police = "示公网安备99000000000001号"
address = "示例市示例区示范路1号"
phone = "0999-0000000"

[[links]]
name = "我为政府网站找错"
url = "https://error.example.gov.cn/"
role = "find-error"

[[links]]
name = "党政机关网站标识"
url = "https://mark.example.gov.cn/"
role = "party-mark"
"#;

const SCREENS: &str = r#"# 电子屏。每一块屏一个 [[screen]]；id 用在网址里，只用小写字母、数字和连字符。
[defaults]
hours = "07:00-22:00"
seconds = 10

[[screen]]
id = "hall"
name = "大厅屏"
point = "lobby"
place = "一层大厅"
size = [1920, 1080]
tags = ["横屏"]
shows = ["slogan", "notice", "report"]
min_share = { slogan = 0.5 }
"#;

const HOME: &str = r#"+++
title = "示例单位"
summary = "示例单位门户网站，发布通知公告、公益标语和活动报道。"
+++

本网站发布示例单位的通知公告、公益标语和活动报道；同一份内容同时在电子屏播出。
"#;

const ABOUT: &str = r#"+++
title = "机构概况"
summary = "示例单位的职责和联系方式。"
+++

## 主要职责

在这里写本单位的职责。

## 联系我们

地址和电话写在 `civicast.toml` 的 `[organisation]` 里，页脚会自动显示。
"#;

const NOTICES: &str = r#"+++
title = "通知公告"
summary = "本单位发布的通知和公告。"
+++
"#;

const NOTICE: &str = r#"+++
title = "关于开通门户网站的通知"
date = {day}
summary = "本单位门户网站即日起开通，通知公告、活动报道和公益标语在网站和电子屏同步发布。"

[disclosure]
index_number = "11990000MB0000000J/{year}-00001"
openness = "主动公开"
publisher = "示例单位"
category = "通知"
written = {day}
validity = "有效"
+++

各科室：

本单位门户网站即日起开通。今后的通知公告、活动报道和公益标语在网站和各处电子屏同步发布，写一次，处处可见。现将有关事项通知如下。

## 一、稿件要求

稿件用 Markdown 书写，放在 `content` 文件夹的相应栏目里。标题、日期等写在文件开头的前置信息里。

## 二、发布流程

稿件经科室负责人审核后，由办公室统一生成、发布。发布前先运行 `civicast check` 检查。

特此通知。
"#;

const SLOGANS: &str = r#"+++
title = "公益标语"
summary = "在用的公益标语。"
+++
"#;

const SLOGAN: &str = r#"+++
title = "光盘行动 从这一餐做起"
date = {day}
topics = ["光盘行动"]
series = "讲文明树新风"
+++

光盘行动\
从这一餐做起

少取一勺不嫌少，吃净一碗正正好。
"#;

const REPORTS: &str = r#"+++
title = "活动报道"
summary = "本单位开展的活动。"
+++
"#;

const REPORT: &str = r#"+++
title = "干部职工清扫包联路段"
date = {day}
topics = ["卫生整治"]
summary = "干部职工清扫包联路段，清理杂物，整齐摆放共享单车。"

[activity]
date = {day}
place = "包联路段"
type = "卫生整治"
participants = 20
hours = 2
figures = { "清理杂物" = "3 车" }
+++

干部职工到包联路段开展卫生清扫，清理绿化带里的杂物，把倒伏的共享单车摆放整齐。

照片放在这个文件旁边，用 `![说明](1.jpg)` 引用，或者在前置信息里写 `image = "1.jpg"` 和 `image_alt`。
"#;

#[cfg(test)]
mod tests {
    //! Numbers and texts.

    use super::*;

    fn config(pattern: IndexPattern) -> Config {
        let mut config = Config { index_pattern: pattern, ..Config::default() };
        config.organisation.credit_code = "11990000MB0000000J".into();
        config
    }

    fn check(pattern: IndexPattern, taken: &[&str], expected: Option<&str>) {
        assert_eq!(next_index_number(&config(pattern), 2026, taken).as_deref(), expected);
    }

    #[test]
    fn the_next_index_number_follows_the_largest_of_its_year() {
        let taken = ["11990000MB0000000J/2026-00012", "11990000MB0000000J/2026-00070", "11990000MB0000000J/2025-00099"];
        check(IndexPattern::CreditCode, &taken, Some("11990000MB0000000J/2026-00071"));
        check(IndexPattern::CreditCode, &[], Some("11990000MB0000000J/2026-00001"));
        check(IndexPattern::Custom("示机〔{year}〕{3}号".into()), &["示机〔2026〕041号"], Some("示机〔2026〕042号"));
    }

    #[test]
    fn a_pattern_that_is_full_or_unknown_proposes_no_number() {
        check(IndexPattern::Any, &[], None);
        check(IndexPattern::Custom("{year}-{1}".into()), &["2026-9"], None);
    }

    #[test]
    fn a_title_with_quotes_stays_one_toml_string() {
        let draft =
            Draft { kind: Kind::Page, title: "a\"b\\c\n", date: Date::constant(2026, 1, 2), index_number: None };
        let text = document(&draft, &Config::default(), Lang::En);
        assert!(text.starts_with("+++\ntitle = \"a\\\"b\\\\c \"\n"), "{text}");
    }
}
