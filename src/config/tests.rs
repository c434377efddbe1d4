//! Tests: settings in both languages, and what is refused.

use super::*;
use crate::file::Source;
use crate::problem::Problem;

fn shown(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let place = problem.place.as_ref().map_or(String::new(), |p| format!(" {}:{}", p.line, p.column));
        let fix = problem.fix.as_ref().map_or(String::new(), |fix| format!(" → {fix}"));
        format!("{}{place}{fix}", problem.code)
    };
    problems.iter().map(line).collect()
}

/// `civicast.toml` below a title and an address, and its problems.
#[track_caller]
fn check(text: &str, expected: &[&str]) -> Config {
    let text = format!("title = \"站\"\nbase_url = \"https://a.cn\"\n{text}");
    let (config, problems) = load(Some(&Source::from_text("civicast.toml", &text)), None, &[]);
    assert_eq!(shown(&problems), expected, "\n{text}");
    config
}

/// `screens.toml` and its problems.
#[track_caller]
fn check_screens(text: &str, expected: &[&str]) -> Config {
    let site = Source::from_text("civicast.toml", "title = \"站\"\nbase_url = \"https://a.cn\"");
    let (config, problems) = load(Some(&site), Some(&Source::from_text("screens.toml", text)), &[]);
    assert_eq!(shown(&problems), expected, "\n{text}");
    config
}

fn overridden(text: &str, overrides: &[(&str, &str)]) -> (Config, Vec<String>) {
    let overrides: Vec<(String, String)> = overrides.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let (config, problems) = load(Some(&Source::from_text("civicast.toml", text)), None, &overrides);
    (config, shown(&problems))
}

const ALL: &str = r#"
title = "示例市机关事务管理局"
description = "门户"
base_url = "https://jgswj.example.gov.cn/a"
language = "zh-Hant-TW"
timezone = "Europe/Berlin"
theme = "red"
output = "dist/site"
page_size = 5
feed_limit = 6
summary_length = 70
html = "escape"
max_text_bytes = 2048
index_pattern = "{code}/{year}-{3}"
fonts = "fonts"

[organisation]
name = "全称"
short_name = "简称"
sponsor = "主办"
operator = "承办"
site_code = "9900000001"
icp = "示ICP备00000000号-1"
police = "示公网安备99000000000001号"
credit_code = "11990000MB0000000J"
address = "地址"
phone = "0999-0000000"
postcode = "999000"
email = "a@example.gov.cn"

[[menu]]
name = "首页"
url = "/"
children = [{ name = "公示", url = "/notices/" }]

[[links]]
name = "找错"
url = "https://example.gov.cn/"
role = "find-error"

[problems]
unknown-key = "warning"
missing-date = "off"

[pinyin]
单位 = "danwei"

[extra]
motto = "为民服务"
"#;

#[test]
fn every_key_is_read_by_both_its_names() {
    let (english, problems) = load(Some(&Source::from_text("civicast.toml", ALL)), None, &[]);
    assert_eq!(shown(&problems), [""; 0]);
    assert_eq!((english.title.as_str(), english.description.as_str()), ("示例市机关事务管理局", "门户"));
    assert_eq!((english.language.as_str(), english.timezone.as_str()), ("zh-Hant-TW", "Europe/Berlin"));
    assert_eq!(english.zone.iana_name(), Some("Europe/Berlin"));
    assert_eq!((english.theme.as_str(), english.output.as_str()), ("red", "dist/site"));
    assert_eq!((english.page_size, english.feed_limit, english.summary_length), (5, 6, 70));
    assert_eq!((english.html, english.max_text_bytes), (HtmlPolicy::Escape, 2048));
    assert_eq!(english.index_pattern, IndexPattern::Custom("{code}/{year}-{3}".into()));
    assert_eq!(
        (english.organisation.operator.as_str(), english.organisation.email.as_str()),
        ("承办", "a@example.gov.cn")
    );
    assert_eq!(english.menu[0].children[0].url, "/notices/");
    assert_eq!((english.menu.len(), english.links[0].role.as_str()), (1, "find-error"));
    assert_eq!(english.problems.get("unknown-key"), Some(&Some(Severity::Warning)));
    assert_eq!(english.problems.get("missing-date"), Some(&None));
    assert_eq!(english.pinyin.get("单位").map(String::as_str), Some("danwei"));
    assert_eq!(
        (english.fonts.as_slice(), &english.extra),
        (["fonts".to_string()].as_slice(), &serde_json::json!({ "motto": "为民服务" }))
    );
    let mut text = ALL.to_string();
    for (line, keys) in ALL.lines().map(|line| (line, CONFIG)) {
        if let Some(key) = keys.iter().find(|key| line.starts_with(&format!("{} =", key.name))) {
            text = text.replacen(&format!("\n{} =", key.name), &format!("\n{} =", key.zh[0]), 1);
        }
    }
    for key in CONFIG {
        text = text.replace(&format!("[{}]", key.name), &format!("[{}]", key.zh[0]));
        if let crate::fields::Shape::Table(keys) = key.shape {
            for key in keys {
                text = text.replacen(&format!("\n{} =", key.name), &format!("\n{} =", key.zh[0]), 1);
            }
        }
    }
    assert!(
        text.contains("[机构]\n名称 =") && text.contains("[[菜单]]") && text.contains("统一社会信用代码 ="),
        "{text}"
    );
    let (chinese, problems) = load(Some(&Source::from_text("civicast.toml", &text)), None, &[]);
    assert_eq!(shown(&problems), [""; 0]);
    assert_eq!(format!("{chinese:?}"), format!("{english:?}"));
}

#[test]
fn a_site_without_a_file_or_a_title_is_told_so() {
    let (_, problems) = load(None, None, &[]);
    assert_eq!(shown(&problems), ["missing-config 0:0"]);
    let (config, problems) = overridden("", &[]);
    assert_eq!(problems, ["missing-site-title 0:0", "missing-base-url 0:0"]);
    assert_eq!((config.page_size, config.timezone.as_str()), (20, "Asia/Shanghai"));
    // A syntax error may hide the title.
    assert_eq!(overridden("title = \"站", &[("base_url", "http://a")]).1, ["unclosed-string 1:9 → title = \"站\""]);
}

#[test]
fn addresses_of_the_site_are_clean() {
    let fault = |url: &str, expected: &[&str]| {
        let text = format!("title = \"x\"\nbase_url = \"{url}\"");
        let (_, problems) = load(Some(&Source::from_text("civicast.toml", &text)), None, &[]);
        let shown: Vec<String> = shown(&problems).into_iter().filter(|p| !p.starts_with("missing-base-url")).collect();
        assert_eq!(shown, expected, "{url}");
    };
    for url in ["https://a.cn", "http://localhost:8020", "https://a.cn/b", "https://市.cn", "http://127.0.0.1/x/y"] {
        fault(url, &[]);
    }
    fault("https://a.cn/", &["bad-base-url 2:12 → base_url = \"https://a.cn\""]);
    fault("www.a.cn", &["bad-base-url 2:12 → base_url = \"https://www.a.cn\""]);
    for url in [
        "ftp://a.cn",
        "https://",
        "https://a.cn/?x",
        "https://a.cn/#x",
        "https://a b",
        "https://u:p@a.cn",
        "https://a.cn/../b",
        "a",
    ] {
        fault(url, &["bad-base-url 2:12"]);
    }
}

#[test]
fn wrong_settings_are_refused_with_reasons() {
    check("tittle = 1\n主題 = 2", &["unknown-key 3:1 → title = 1", "unknown-key 4:1"]);
    check("timezone = \"Asia/Shanghia\"", &["unknown-time-zone 3:12"]);
    check("output = \"Content/x\"", &["bad-output-folder 3:10"]);
    check("output = \"../x\"", &["bad-output-folder 3:10"]);
    check("theme = \"a/b\"", &["bad-folder-name 3:9"]);
    check("language = \"zh_CN\"", &["bad-language 3:12 → language = \"zh-CN\""]);
    check("index_pattern = \"{n}\"", &["bad-index-pattern 3:17"]);
    check("page_size = 0", &["out-of-range 3:13"]);
    check("[organisation]\ncredit_code = \"11990000MB0000000K\"", &["credit-code-check 4:15"]);
    check(
        "[organisation]\ncredit_code = \"11990000mb0000000j\"",
        &["bad-credit-code 4:15 → credit_code = \"11990000MB0000000J\""],
    );
    check("[organisation]\nsite_code = \"99\"\npostcode = \"1\"", &["bad-site-code 4:13", "bad-postcode 5:12"]);
    check("[[menu]]\nname = \"x\"", &["incomplete-link 3:1"]);
    check("[[menu]]\nname = \"x\"\nurl = \"javascript:x\"", &["bad-link-address 5:7"]);
    check(
        "[[menu]]\nname = \"x\"\nurl = \"/\"\nchildren = [{ name = \"y\", url = \"y\" }]",
        &["bad-link-address 6:33"],
    );
    check("[problems]\nunknown-kye = \"off\"", &["unknown-problem-code 4:1"]);
    check("[problems]\nunknown-key = \"loud\"", &["unknown-value 4:15"]);
    check("extra = 3", &["expected-table 3:9"]);
    let config = check("[organisation]\npage_size = 3", &["belongs-on-top 4:1"]);
    assert_eq!(config.page_size, 20);
}

#[test]
fn the_command_line_overrides_the_file() {
    let file = "title = \"站\"\nbase_url = \"https://a.cn\"\npage_size = 5";
    let overrides = [
        ("title", "另一站 = 2"),
        ("page_size", "7"),
        ("organisation.name", "局"),
        ("organisation_phone", "110"),
        ("机构.地址", "路"),
        ("problems.unknown-key", "warning"),
        ("problems_missing_date", "off"),
        ("fonts", "[\"a\", \"b\"]"),
        ("pinyin.单", "shan"),
    ];
    let (config, problems) = overridden(file, &overrides);
    assert_eq!(problems, [""; 0]);
    assert_eq!((config.title.as_str(), config.page_size), ("另一站 = 2", 7));
    let organisation = &config.organisation;
    assert_eq!(
        (organisation.name.as_str(), organisation.phone.as_str(), organisation.address.as_str()),
        ("局", "110", "路")
    );
    assert_eq!(config.problems.len(), 2);
    assert_eq!((config.fonts.len(), config.pinyin.len()), (2, 1));
    let (config, problems) = load(
        Some(&Source::from_text("civicast.toml", file)),
        None,
        &[("page_size".into(), "many".into()), ("pagesize".into(), "1".into()), ("title".into(), "\u{1}\"\n".into())],
    );
    assert_eq!(
        shown(&problems).iter().map(|p| p.split(' ').next().unwrap_or("")).collect::<Vec<_>>(),
        ["expected-number", "unknown-key"]
    );
    assert_eq!(problems[0].place.as_ref().map(|p| p.path.as_str()), Some("--set page_size=many"));
    assert_eq!((config.page_size, config.base_url.as_str()), (5, "https://a.cn"));
}

const SCREENS_TOML: &str = r#"
[defaults]
hours = "07:00-22:00"
seconds = 12
horizon_days = 30

[[screen]]
id = "hall"
name = "一号楼大厅屏"
point = "lobby"
place = "一号楼一层"
size = [1920, 1080]
tags = ["大厅", "横屏"]
shows = ["slogan", "notice"]
min_share = { slogan = 0.5 }
hours = { mon-fri = "07:30-19:00", sat-sun = "09:00-17:00" }
contact = "值班室"

[[屏幕]]
编号 = "LED-1"
点位 = "条屏"
尺寸 = [192, 32]
图片 = true
离线包 = true
样式 = "大字"
秒数 = 5
"#;

#[test]
fn screens_have_their_settings_and_the_defaults() {
    let text = SCREENS_TOML.replace("[[屏幕]]", "[[screen]]");
    let config = check_screens(&text, &[]);
    assert_eq!((config.horizon_days, config.screens.len()), (30, 2));
    let hall = &config.screens[0];
    assert_eq!((hall.id.as_str(), hall.point.as_str(), hall.size, hall.seconds), ("hall", "lobby", (1920, 1080), 12));
    assert_eq!((hall.shows.join(","), hall.min_share.get("slogan")), ("slogan,notice".into(), Some(&0.5)));
    assert_eq!(hall.hours, [("mon-fri".into(), "07:30-19:00".into()), ("sat-sun".into(), "09:00-17:00".into())]);
    let led = &config.screens[1];
    assert_eq!((led.id.as_str(), led.name.as_str(), led.point.as_str()), ("LED-1", "LED-1", "led"));
    assert_eq!((led.png, led.kit, led.variant.as_str(), led.seconds), (true, true, "大字", 5));
    assert_eq!(led.hours, [("every".into(), "07:00-22:00".into())]);
    assert_eq!(led.shows, ["slogan", "notice", "report"]);
    // The two names of one list are a duplicate, too.
    check_screens(SCREENS_TOML, &["duplicate-key 19:3"]);
}

#[test]
fn wrong_screens_are_refused_with_reasons() {
    let one = |lines: &str| format!("[[screen]]\nid = \"a\"\npoint = \"lobby\"\nsize = [100, 100]\n{lines}\n");
    check_screens("[[screen]]\nname = \"x\"", &["incomplete-screen 1:1"; 3]);
    check_screens(&(one("") + &one("").replace("\"a\"", "\"A\"")), &["duplicate-screen 7:6"]);
    for id in ["a b", "大厅", "-a", "", "files", "a/b"] {
        check_screens(&one("").replace("\"a\"", &format!("\"{id}\"")), &["bad-screen-id 2:6"]);
    }
    check_screens(&one("").replace("lobby", "loby"), &["unknown-value 3:9 → point = \"lobby\""]);
    check_screens(&one("").replace("[100, 100]", "[100]"), &["expected-pair 4:8"]);
    check_screens(&one("").replace("[100, 100]", "[100, 1]"), &["out-of-range 4:14"]);
    check_screens(&one("").replace("[100, 100]", "\"100x100\""), &["expected-pair 4:8"]);
    check_screens(&one("shows = [\"slogans\"]"), &["unknown-value 5:10 → shows = [\"slogan\"]"]);
    check_screens(&one("min_share = { slogan = 0.6, notice = 0.5 }"), &["shares-over-one 5:13"]);
    check_screens(&one("min_share = { slogan = 1.5 }"), &["out-of-range 5:24"]);
    check_screens(&one("min_share = { slogen = 0.5 }"), &["unknown-value 5:15"]);
    check_screens(&one("shows = \"notice\"\nmin_share = { 标语 = 0.5 }"), &["share-not-shown 6:13"]);
    check_screens(&one("hours = \"7点\""), &["bad-opening-hours 5:9"]);
    check_screens(&one("hours = { mon-fri = \"07:00-25:00\" }"), &["bad-opening-hours 5:21"]);
    check_screens(
        "[[screen]]\nid = \"a\nsize = [1",
        &[
            "unclosed-string 2:6 → id = \"a\"",
            "unclosed-bracket 3:8 → size = [1]",
            "expected-pair 3:8",
            "incomplete-screen 1:1",
        ],
    );
}
