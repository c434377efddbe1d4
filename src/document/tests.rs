//! Tests: files as people write them → front matter and problems; hostile texts; an example for every message.

use std::collections::BTreeSet;

use super::*;
use crate::config;
use crate::file::Data;
use crate::message::{self, Lang};

const NOTICE: &str = "content/notices/a.md";

fn document(path: &str, text: &str) -> Document {
    parse(&Source::from_text(path, text), &Config::default())
}

/// Problems as `code line:column` or `code line:column → the line to write instead`.
fn shown(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let place = problem.place.as_ref().map_or(String::new(), |p| format!(" {}:{}", p.line, p.column));
        let fix = problem.fix.as_ref().map_or(String::new(), |fix| format!(" → {fix}"));
        format!("{}{place}{fix}", problem.code)
    };
    problems.iter().map(line).collect()
}

/// A text as `path`, and its problems.
#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) -> FrontMatter {
    let document = document(path, text);
    assert_eq!(shown(&document.problems), expected, "\n{text}");
    document.front
}

/// TOML front matter of a notice that lacks nothing.
#[track_caller]
fn check_notice(lines: &str, expected: &[&str]) -> FrontMatter {
    check(NOTICE, &format!("+++\ntitle = \"题\"\ndate = 2026-09-01\n{lines}\n+++\n正文"), expected)
}

/// Columns differ between languages, nothing else may.
fn without_places(front: &FrontMatter) -> String {
    let mut front = front.clone();
    let nowhere = Place::file(&SourcePath::new("x"));
    front.title_place = None;
    front.slug.iter_mut().for_each(|slug| slug.1 = nowhere.clone());
    front.aliases.iter_mut().for_each(|(_, place)| *place = nowhere.clone());
    front.image.as_deref_mut().into_iter().chain(&mut front.attachments).for_each(|file| file.place = nowhere.clone());
    front.disclosure.iter_mut().for_each(|disclosure| disclosure.index_place = None);
    format!("{front:?}")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

const ALL_KEYS_TOML: &str = r#"+++
title = "关于光盘行动的通知"
kind = "notice"
date = 2026-09-01
updated = "2026-09-02 08:30"
publish = 2026-09-01T08:30:00+08:00
expires = "2026年12月31日 8:30"
draft = true
noindex = true
slug = "guangpan"
aliases = ["/old/a/", "b.html"]
topics = ["光盘行动", "控烟"]
series = "讲文明树新风"
tags = ["食堂"]
department = "后勤服务中心"
source = "市局"
author = "办公室"
summary = "摘要。"
image = "1.jpg"
image_alt = "图"
attachments = ["表.docx", { file = "b.pdf", title = "名单" }]
pinned = "2026-10-01"
weight = -3
template = "wide.html"
channels = ["screens"]
tone = "festive"

[disclosure]
index_number = "11990000MB0000000J/2026-00012"
openness = "主动公开"
publisher = "示例市机关事务管理局"
category = "规章制度"
document_number = "示机管发〔2026〕12号"
written = 2026-08-30
validity = "有效"

[screen]
on = ["hall", "大厅"]
from = 2026-09-02
until = 2026-10-02
days = "mon-fri"
hours = ["11:00-13:30"]
seconds = 12
weight = 3
priority = "takeover"
text = "短文字"
evergreen = true
design = "paper-cut"
motif = "lantern"

[extra]
colour = "红"
+++
正文
"#;

const ALL_KEYS_YAML: &str = r#"---
标题: 关于光盘行动的通知
类型: 通知公告
发布日期: 2026年9月1日
更新日期: 2026-09-02 08:30
上线时间: 2026-09-01T08:30:00+08:00
下线时间: 2026年12月31日 8时30分
草稿: 是
不收录: 是
网址名: guangpan
旧网址: [/old/a/, b.html]
主题:
  - 光盘行动
  - 控烟
系列: 讲文明树新风
标签: 食堂
科室: 后勤服务中心
来源: 市局
作者: 办公室
摘要: 摘要。
题图: 1.jpg
题图说明: 图
附件:
  - 表.docx
  - 文件: b.pdf
    名称: 名单
置顶: 2026-10-01
排序: -3
模板: wide.html
渠道: [屏幕]
基调: 喜庆
信息公开:
  索引号: 11990000MB0000000J/2026-00012
  公开方式: 主动公开
  发布机构: 示例市机关事务管理局
  组配分类: 规章制度
  文件编号: 示机管发〔2026〕12号
  成文日期: 2026-08-30
  有效性: 有效
屏幕:
  在屏幕: [hall, 大厅]
  开始: 2026-09-02
  结束: 2026-10-02
  日子: mon-fri
  时段: ["11:00-13:30"]
  秒数: 12
  权重: 3
  优先级: 插播
  文字: 短文字
  常青: 是
  设计: paper-cut
  图案: lantern
附加:
  colour: 红
---
正文
"#;

#[test]
fn every_key_is_read_in_both_languages_and_syntaxes() {
    let toml = check(NOTICE, ALL_KEYS_TOML, &[]);
    assert_eq!(toml.title, "关于光盘行动的通知");
    assert_eq!(toml.kind, Kind::Notice);
    assert_eq!(toml.date.map(|m| (m.at, m.time)), Some((at("2026-08-31T16:00:00Z"), None)));
    assert_eq!(toml.updated.map(|m| m.at), Some(at("2026-09-02T00:30:00Z")));
    assert_eq!(toml.publish, Some(at("2026-09-01T00:30:00Z")));
    assert_eq!(toml.expires, Some(at("2026-12-31T00:30:00Z")));
    assert!(toml.draft && toml.noindex && !toml.on_portal && toml.on_screens);
    assert_eq!(toml.aliases.iter().map(|(a, _)| a.as_str()).collect::<Vec<_>>(), ["/old/a/", "/b.html"]);
    assert_eq!(toml.topics, ["光盘行动", "控烟"]);
    assert_eq!(toml.attachments[1].title, "名单");
    assert_eq!(toml.pinned, Pinned::Until(at("2026-09-30T16:00:00Z")));
    assert_eq!((toml.weight, toml.tone), (-3, Tone::Festive));
    let disclosure = toml.disclosure.as_ref().expect("there is one");
    assert_eq!(disclosure.index_number, "11990000MB0000000J/2026-00012");
    assert_eq!(disclosure.index_place.as_ref().map(|p| (p.line, p.column)), Some((29, 16)));
    assert_eq!((disclosure.openness, disclosure.validity.as_str()), (Openness::Public, "有效"));
    assert_eq!(toml.screen.on, ["hall", "大厅"]);
    assert_eq!(toml.screen.from, Some(at("2026-09-01T16:00:00Z")));
    assert_eq!((toml.screen.days.len(), toml.screen.hours.len()), (1, 1));
    assert_eq!((toml.screen.seconds, toml.screen.weight, toml.screen.evergreen), (Some(12), 3, true));
    assert_eq!(*toml.extra, serde_json::json!({ "colour": "红" }));
    let reference = without_places(&toml);
    assert_eq!(without_places(&check(NOTICE, ALL_KEYS_YAML, &[])), reference);
    // The names swapped: English in YAML, Chinese in TOML.
    let mut english_yaml = ALL_KEYS_YAML.to_string();
    let mut chinese_toml = ALL_KEYS_TOML.to_string();
    let mut tables = vec![FRONT_MATTER];
    tables.extend(FRONT_MATTER.iter().filter_map(|key| match key.shape {
        crate::fields::Shape::Table(keys) => Some(keys),
        _ => None,
    }));
    for key in tables.into_iter().flatten() {
        for zh in key.zh {
            english_yaml = english_yaml.replace(&format!("\n{zh}:"), &format!("\n{}:", key.name));
            english_yaml = english_yaml.replace(&format!("\n  {zh}:"), &format!("\n  {}:", key.name));
        }
        chinese_toml = chinese_toml.replace(&format!("\n[{}]", key.name), &format!("\n[{}]", key.zh[0]));
    }
    assert_eq!(without_places(&check(NOTICE, &english_yaml, &[])), reference);
    let (top, rest) = chinese_toml.split_once("\n[信息公开]").expect("the table");
    let (disclosure, rest) = rest.split_once("\n[屏幕]").expect("the table");
    let (screen, extra) = rest.split_once("\n[附加]").expect("the table");
    let swap = |text: &str, keys: &[crate::fields::Key]| {
        keys.iter().fold(text.to_string(), |text, key| {
            text.replace(&format!("\n{} = ", key.name), &format!("\n{} = ", key.zh[0]))
        })
    };
    let keys_of = |name: &str| match crate::fields::find(FRONT_MATTER, name).map(|key| key.shape) {
        Some(crate::fields::Shape::Table(keys)) => keys,
        _ => &[],
    };
    let (top, disclosure) = (swap(top, FRONT_MATTER), swap(disclosure, DISCLOSURE));
    let screen = swap(screen, keys_of("screen"));
    let chinese = format!("{top}\n[信息公开]{disclosure}\n[屏幕]{screen}\n[附加]{extra}");
    assert!(chinese.contains("\n标题 = ") && chinese.contains("\n图案 = ") && !chinese.contains("\nweight = "));
    assert_eq!(without_places(&check(NOTICE, &chinese, &[])), reference);
}

#[test]
fn a_report_has_its_activity_and_a_section_its_rules() {
    let text = "+++\ntitle = \"题\"\ndate = 2026-09-01\n[activity]\ndate = 2026-08-30\nplace = \"院内\"\ntype = \"植树\"\nparticipants = 86\nhours = 2.5\n[activity.figures]\n植树 = \"120棵\"\n面积 = 3.50\n+++\n";
    let activity = check("content/reports/a/index.md", text, &[]).activity.expect("there is one");
    assert_eq!((activity.place.as_str(), activity.kind.as_str()), ("院内", "植树"));
    assert_eq!((activity.participants, activity.hours), (Some(86), Some(2.5)));
    assert_eq!(activity.figures, [("植树".into(), "120棵".into()), ("面积".into(), "3.50".into())]);
    let text = "---\n标题: 通知\n栏目:\n  排序方式: 标题\n  每页条数: 5\n  文章模板: a.html\n  栏目类型: 通知公告\n  隐藏: true\n---\n";
    let section = check("content/notices/_index.md", text, &[]).section;
    assert_eq!((section.sort, section.page_size, section.hidden), (SortBy::Title, Some(5), true));
    assert_eq!((section.page_template.as_deref(), section.column_type.as_str()), (Some("a.html"), "通知公告"));
}

#[test]
fn the_folder_decides_the_kind_unless_the_front_matter_does() {
    let kinds = [
        ("content/notices/a.md", Kind::Notice),
        ("content/notices/b/index.md", Kind::Notice),
        ("content/slogans/a.md", Kind::Slogan),
        ("content/reports/a.md", Kind::Report),
        ("content/about.md", Kind::Page),
        ("content/notices.md", Kind::Page),
        ("content/notices/_index.md", Kind::Section),
        ("content/_index.md", Kind::Section),
    ];
    for (path, kind) in kinds {
        assert_eq!(document(path, "# x").front.kind, kind, "{path}");
    }
    assert_eq!(document("content/notices/a.md", "+++\n类型 = \"页面\"\n+++\n").front.kind, Kind::Page);
}

#[test]
fn channels_go_by_kind() {
    let channels = |path, front: &str| {
        let front = document(path, &format!("+++\ntitle = \"x\"\ndate = 2026-01-01\n{front}\n+++\n")).front;
        (front.on_portal, front.on_screens)
    };
    assert_eq!(channels("content/slogans/a.md", ""), (true, true));
    assert_eq!(channels("content/about.md", ""), (true, false));
    assert_eq!(channels("content/slogans/a.md", "channels = \"portal\""), (true, false));
    assert_eq!(channels("content/slogans/a.md", "渠道 = [\"电子屏\"]"), (false, true));
    assert_eq!(channels("content/slogans/a.md", "channels = []"), (false, false));
}

#[test]
fn dates_without_a_zone_are_in_the_zone_of_the_site() {
    let date = |text: &str| check_notice(&format!("publish = {text}"), &[]).publish;
    assert_eq!(date("2026-09-01"), Some(at("2026-08-31T16:00:00Z")));
    assert_eq!(date("\"2026-09-01 08:30\""), Some(at("2026-09-01T00:30:00Z")));
    assert_eq!(date("2026-09-01 08:30"), Some(at("2026-09-01T00:30:00Z")));
    assert_eq!(date("2026-09-01T08:30:00Z"), Some(at("2026-09-01T08:30:00Z")));
    assert_eq!(date("\"2026-09-01T08:30:00-05:30\""), Some(at("2026-09-01T14:00:00Z")));
    assert_eq!(date("2026年9月1日"), Some(at("2026-08-31T16:00:00Z")));
    assert_eq!(date("\"2026年9月1日 8:30\""), Some(at("2026-09-01T00:30:00Z")));
    assert_eq!(date("\"２０２６年０９月０１日　８：３０\""), Some(at("2026-09-01T00:30:00Z")));
    // A zone in which this half hour does not exist: the clocks go from 02:00 to 03:00.
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("zone data are in the binary");
    let config = Config { zone, ..Config::default() };
    let source = Source::from_text("content/a.md", "+++\ntitle = \"x\"\npublish = 2026-03-29 02:30:00\n+++\n");
    assert_eq!(parse(&source, &config).front.publish, Some(at("2026-03-29T01:30:00Z")));
}

#[test]
fn a_date_in_another_form_is_an_error_with_the_right_form() {
    check_notice("updated = \"2026/9/2\"", &["invalid-date 4:11 → updated = \"2026-09-02\""]);
    check_notice("updated = 2026.9.2", &["invalid-date 4:11 → updated = \"2026-09-02\""]);
    check_notice("updated = 20260902", &["invalid-date 4:11 → updated = \"2026-09-02\""]);
    check_notice("updated = \"2026年9月2号\"", &["invalid-date 4:11 → updated = \"2026-09-02\""]);
    check_notice("updated = \"2026-02-30\"", &["invalid-date 4:11"]);
    check_notice("updated = \"明天\"", &["invalid-date 4:11"]);
    check_notice("updated = 9999-12-31", &["invalid-date 4:11"]);
    check("content/a.md", "---\n标题: 题\n更新日期: 2026/9/2\n---\n", &["invalid-date 3:7 → 更新日期: 2026-09-02"]);
}

#[test]
fn a_title_may_come_from_the_first_heading() {
    let front = check("content/a.md", "\n# 题\n\n正文", &[]);
    assert_eq!((front.title.as_str(), front.title_place.map(|p| p.line)), ("题", Some(2)));
    check("content/a.md", "+++\ntitle = \"题\"\n+++\n# 题\n", &[]);
    check("content/a.md", "+++\ntitle = \"题\"\n+++\n# 又一题\n", &["two-titles 4:1"]);
    check("content/a.md", "正文", &["missing-title 0:0"]);
    check("content/a.md", "+++\ntitle = \"\"\n+++\n正文", &["missing-title 0:0"]);
}

#[test]
fn full_width_punctuation_is_put_right_with_a_note() {
    let front = check(
        "content/a.md",
        "---\n标题：通知：放假\n标签：［a，b］\n屏幕：\n  文字：短\n“科室”： 办公室\n---\n",
        &[
            "full-width-colon 2:3 → 标题: 通知：放假",
            "full-width-colon 3:3 → 标签: [a, b]",
            "full-width-punctuation 3:4 → 标签: [a, b]",
            "full-width-colon 4:3 → 屏幕:",
            "full-width-colon 5:5 →   文字: 短",
            "full-width-punctuation 6:1 → \"科室\": 办公室",
            "full-width-colon 6:5 → \"科室\": 办公室",
        ],
    );
    assert_eq!((front.title.as_str(), front.department.as_deref()), ("通知：放假", Some("办公室")));
    assert_eq!((front.tags, front.screen.text.as_deref()), (vec!["a".to_string(), "b".into()], Some("短")));
    let front = check(
        "content/a.md",
        "+++\n标题：“开展“光盘行动”的通知”\n标签 ＝ [“a”，\"b”、c]\n科室: \"办公室\"\n［屏幕］\n文字 = \"短”\n+++\n",
        &[
            "full-width-colon 2:3 → 标题 = \"开展“光盘行动”的通知\"",
            "full-width-punctuation 2:4 → 标题 = \"开展“光盘行动”的通知\"",
            "full-width-colon 3:4 → 标签 = [\"a\",\"b\",\"c\"]",
            "full-width-punctuation 3:7 → 标签 = [\"a\",\"b\",\"c\"]",
            "unquoted-text 3:15 → 标签 = [\"a\",\"b\",\"c\"]",
            "colon-for-equals 4:3 → 科室 = \"办公室\"",
            "full-width-punctuation 5:1 → [屏幕]",
            "full-width-punctuation 6:8 → 文字 = \"短\"",
        ],
    );
    assert_eq!(front.title, "开展“光盘行动”的通知");
    assert_eq!((front.tags.len(), front.screen.text.as_deref()), (3, Some("短")));
}

#[test]
fn text_that_continues_a_value_keeps_its_colons() {
    let front = check(
        "content/a.md",
        "---\ntitle: x\nsummary: |\n  时间：九点\n  地点:院内\ndepartment:\n  办公室\nauthor: 甲\n  时间：乙\n---\n",
        &[],
    );
    assert_eq!(front.summary.as_deref(), Some("时间：九点地点:院内"));
    assert_eq!(front.author.as_deref(), Some("甲 时间：乙"));
}

#[test]
fn unknown_keys_say_what_is_near_and_stay_in_extra() {
    let front = check_notice("titel = \"x\"\ncolour = \"红\"", &["unknown-key 4:1 → title = \"x\"", "unknown-key 5:1"]);
    assert_eq!(*front.extra, serde_json::json!({ "titel": "x", "colour": "红" }));
    let front = check_notice("[screen]\nsekonds = 3\nx = 1", &["unknown-key 5:1 → seconds = 3", "unknown-key 6:1"]);
    assert_eq!(*front.extra, serde_json::json!({ "screen": { "sekonds": 3, "x": 1 } }));
    let problem = &document(NOTICE, "---\n发布日其: 2026-01-01\n---\n# x").problems[0];
    assert_eq!(problem.fix.as_deref(), Some("发布日期: 2026-01-01"));
    let hint = message::find(problem.code).map(|m| m.hint(Lang::Zh, &problem.args)).unwrap_or_default();
    assert!(hint.starts_with("最接近的键：date（发布日期）"), "{hint}");
}

#[test]
fn a_key_in_the_wrong_table_is_told_where_it_belongs() {
    check_notice("[screen]\nweight = 1\ntags = [\"a\"]", &["belongs-on-top 6:1"]);
    check_notice("索引号 = \"x\"", &["misplaced-key 4:1"]);
    check_notice("[screen]\nopenness = \"主动公开\"", &["misplaced-key 5:1"]);
}

#[test]
fn wrong_types_come_with_the_line_to_write() {
    check_notice("summary = 12", &["expected-text 4:11 → summary = \"12\""]);
    check_notice("draft = \"yes\"", &["expected-bool 4:9 → draft = true"]);
    check_notice("weight = 08", &["expected-number 4:10 → weight = 8"]);
    check_notice("summary = 3px", &["bad-value 4:11"]);
    check_notice("weight = \"3\"", &["expected-number 4:10 → weight = 3"]);
    check_notice("tags = { a = 1 }", &["expected-list 4:8"]);
    check_notice("screen = 3", &["expected-table 4:10"]);
    check_notice("pinned = [1]", &["expected-other 4:10"]);
    check_notice("updated = [2026]", &["expected-date 4:11"]);
    check_notice("tone = \"festiv\"", &["unknown-value 4:8 → tone = \"festive\""]);
    check_notice("[screen]\nseconds = 6000\nweight = 0", &["out-of-range 5:11", "out-of-range 6:10"]);
    // YAML makes numbers of what a person means as text.
    let front =
        check("content/a.md", "---\ntitle: 110\ndepartment: 00012\nauthor: 2026-01-01\nsource: true\n---\n", &[]);
    assert_eq!((front.title.as_str(), front.department.as_deref()), ("110", Some("00012")));
    assert_eq!((front.author.as_deref(), front.source.as_deref()), (Some("2026-01-01"), Some("true")));
}

#[test]
fn dates_stand_in_their_order() {
    check_notice("[disclosure]\nwritten = 2026-09-01", &[]);
    check_notice("[disclosure]\nwritten = 2026-09-02", &["written-after-date 5:11"]);
    check_notice("expires = 2026-09-01", &["expires-before-publish 4:11"]);
    check_notice("publish = 2026-09-02 08:00\nexpires = 2026-09-02 08:01", &[]);
    check_notice("[screen]\nfrom = 2026-09-02\nuntil = 2026-09-02", &["until-before-from 6:9"]);
    check(NOTICE, "+++\ntitle = \"x\"\n+++\n", &["missing-date 0:0"]);
    check("content/slogans/a.md", "+++\ntitle = \"x\"\n+++\n", &[]);
    // One problem for one mistake.
    check(NOTICE, "+++\ntitle = \"x\"\ndate = \"x\"\n+++\n", &["invalid-date 3:8"]);
}

#[test]
fn keys_of_another_kind_are_refused() {
    let slogan = "+++\ntitle = \"x\"\n[disclosure]\npublisher = \"x\"\n+++\n";
    assert!(check("content/slogans/a.md", slogan, &["wrong-kind-key 3:2"]).disclosure.is_none());
    check_notice("[activity]\nplace = \"x\"", &["wrong-kind-key 4:2"]);
    check("content/_index.md", "+++\ntitle = \"x\"\nkind = \"page\"\n+++\n", &["wrong-kind-key 3:1"]);
}

#[test]
fn what_is_not_public_is_withheld_whatever_else_is_wrong() {
    let openness = |front: FrontMatter| front.disclosure.map(|d| d.openness);
    let text = "[disclosure]\nopenness = \"依申请公开\"";
    assert_eq!(openness(check_notice(text, &["withheld 5:12"])), Some(Openness::OnRequest));
    let text = "[disclosure]\nopenness = \"不公开\"";
    assert_eq!(openness(check_notice(text, &["unknown-value 5:12"])), Some(Openness::Closed));
    let report = "+++\ntitle = \"x\"\ndate = 2026-01-01\n[disclosure]\nopenness = \"closed\"\n+++\n";
    let front = check("content/reports/a.md", report, &["wrong-kind-key 4:2", "withheld 5:12"]);
    assert_eq!(openness(front), Some(Openness::Closed));
}

#[test]
fn index_numbers_are_verified() {
    let number = |number: &str, expected: &[&str]| {
        check_notice(&format!("[disclosure]\nindex_number = \"{number}\""), expected);
    };
    number("11990000MB0000000J/2026-00012", &[]);
    number("11990000MB0000000J/2025-00012", &["index-year 5:16"]);
    number("11990000MB0000000K/2026-00012", &["credit-code-check 5:16"]);
    number("11990000MB0000001J/2026-00012", &["organisation-code-check 5:16"]);
    number("11990000MB0000000J/2026-12", &["bad-index-number 5:16"]);
    number(
        "11990000mb0000000j／2026－00012",
        &["bad-index-number 5:16 → index_number = \"11990000MB0000000J/2026-00012\""],
    );
    let text =
        "+++\ntitle = \"x\"\ndate = 2026-01-01\n[disclosure]\nindex_number = \"11990000MB0000000K/2026-00012\"\n+++\n";
    let problem = &document(NOTICE, text).problems[0];
    let said = message::say(problem.code, Lang::En, &problem.args);
    assert!(said.ends_with("it is K, the first 17 ask for J"), "{said}");
    let config = Config { index_pattern: config::IndexPattern::Any, ..Config::default() };
    assert!(parse(&Source::from_text(NOTICE, &text.replace("11990000MB0000000K", "x")), &config).problems.is_empty());
}

#[test]
fn document_numbers_have_their_brackets() {
    let number = |number: &str, expected: &[&str]| {
        check_notice(&format!("[disclosure]\ndocument_number = \"{number}\""), expected);
    };
    number("示机管发〔2026〕12号", &[]);
    number("2026年第3号", &[]);
    number("", &[]);
    let right = "bad-document-number 5:19 → document_number = \"示机管发〔2026〕12号\"";
    for wrong in [
        "示机管发[2026]12号",
        "示机管发(2026)12号",
        "示机管发（2026）第012号",
        "示机管发【2026】12",
        "示机管发〔２０２６〕12 号",
    ] {
        number(wrong, &[right]);
    }
    number("十二号文", &["bad-document-number 5:19"]);
}

#[test]
fn slugs_and_old_urls_stay_inside() {
    check_notice("slug = \"a b/c\"", &["bad-slug 4:8 → slug = \"a-b-c\""]);
    check_notice("slug = \"..\"", &["bad-slug 4:8"]);
    assert_eq!(check_notice("slug = \"光盘-2026\"", &[]).slug.map(|slug| slug.0).as_deref(), Some("光盘-2026"));
    for alias in ["../x", "/a/../b", "https://a.cn/x", "/a?id=1", "//a", "/", "/a\\\\b"] {
        check_notice(&format!("aliases = [\"{alias}\"]"), &["bad-alias 4:12"]);
    }
}

#[test]
fn files_must_be_those_of_the_site() {
    let image =
        |target: &str, expected: &[&str]| check_notice(&format!("image = '{target}'"), expected).image.is_some();
    assert!(image("a/1.jpg", &[]) && image("../x.jpg", &[]) && image("/static/x.jpg", &[]));
    for target in
        ["../../../etc/passwd", "../../../x", "/screens.toml", "../../civicast.toml", "/content/.git/x", "/.civicast/x"]
    {
        assert!(!image(target, &["path-leaves-site 4:9"]), "{target}");
    }
    for target in ["https://a.cn/x.jpg", "//a.cn/x.jpg", "C:/x.jpg", "data:image/png;base64,x"] {
        assert!(!image(target, &["not-in-site 4:9"]), "{target}");
    }
    image("图\\1.jpg", &["backslash-in-path 4:9 → image = '图/1.jpg'"]);
    check_notice("attachments = [{ title = \"x\" }]", &["attachment-without-file 4:16"]);
}

#[test]
fn files_come_in_the_encodings_that_people_have() {
    let parse_bytes = |bytes: Vec<u8>| {
        let source = Source { data: Data::Bytes(bytes.into()), ..Source::from_text("content/a.md", "") };
        parse(&source, &Config::default())
    };
    let text = "---\r\n标题: 关于开展光盘行动的通知\r\n---\r\n\r\n各科室：请遵照执行。\r\n";
    let check_title = |bytes: Vec<u8>, expected: &[&str]| {
        let document = parse_bytes(bytes);
        assert_eq!(shown(&document.problems), expected);
        assert_eq!(document.front.title, "关于开展光盘行动的通知");
        assert_eq!(
            document.front.title_place.map(|p| (p.line, p.column, p.text)),
            Some((2, 5, "标题: 关于开展光盘行动的通知".into()))
        );
    };
    check_title(text.into(), &[]);
    check_title([b"\xEF\xBB\xBF", text.as_bytes()].concat(), &[]);
    check_title(encoding_rs::GB18030.encode(text).0.into_owned(), &["converted-encoding 0:0"]);
    let utf16 = |big: bool| {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect::<Vec<u8>>()
    };
    check_title(utf16(true), &["converted-encoding 0:0"]);
    check_title(utf16(false), &["converted-encoding 0:0"]);
    // One broken byte in UTF-8 must not turn the whole into something else.
    let mut broken = text.as_bytes().to_vec();
    let at = text.find("遵照").expect("it is there");
    broken[at + 1] = b'x';
    assert_eq!(shown(&parse_bytes(broken).problems), ["unreadable-text 5:1"]);
    assert_eq!(shown(&parse_bytes(b"PK\x03\x04\xff\xfe\x00\x81 \xff\n".to_vec()).problems), ["unreadable-text 1:1"]);
    assert_eq!(shown(&parse_bytes(Vec::new()).problems), ["missing-title 0:0"]);
    let on_disk =
        Source { data: Data::OnDisk { pixels: None }, size: 99 << 20, ..Source::from_text("content/a.md", "") };
    assert_eq!(shown(&parse(&on_disk, &Config::default()).problems), ["file-too-large 0:0"]);
}

#[test]
fn front_matter_may_stand_below_blank_lines_and_behind_odd_fences() {
    check("content/a.md", "\n\n+++\ntitle = \"x\"\n+++ \n正文", &[]);
    check("content/a.md", "\u{3000}\n---\ntitle: x\n---", &[]);
    check("content/a.md", "＋＋＋\ntitle = \"x\"\n＋＋＋\n", &["odd-fence 1:1 → +++", "odd-fence 3:1 → +++"]);
    check("content/a.md", "———\n标题: x\n---\n", &["odd-fence 1:1 → ---"]);
    // A rule of the text is no fence.
    check("content/a.md", "---\n\n# 题目\n\n正文。", &["missing-title 0:0"]);
    check("content/a.md", "————\n\n正文。\n", &["missing-title 0:0"]);
}

#[test]
fn a_missing_fence_is_shown_where_it_belongs() {
    let front = check(
        "content/a.md",
        "+++\ntitle = \"x\"\ntags = [\n  \"a\",\n]\n\n## 正文\n\n- 时间：九点\n",
        &["unclosed-front-matter 1:1 → ]\n+++"],
    );
    assert_eq!((front.title.as_str(), front.tags.len()), ("x", 1));
    let front = check(
        "content/a.md",
        "---\ntitle: x\n\n各科室：\n\n请。",
        &["unclosed-front-matter 1:1 → 各科室：\n---", "full-width-colon 4:4 → 各科室:", "unknown-key 4:1"],
    );
    assert_eq!(front.title, "x");
    check("content/a.md", "+++\ntitle = \"x\"\n---\n正文", &["odd-fence 3:1 → +++"]);
}

#[test]
fn all_syntax_errors_come_in_one_run() {
    check(
        NOTICE,
        "+++\ntitle = \"没有闭合\ndate = 2026-09-01\nsummary = 没有引号\ntags = [\"a\", \"b\"\nweight = 1\nimage\nsource = \nauthor = \"x\\q\"\nslug = 'a\n+++\n",
        &[
            "unclosed-string 2:9 → title = \"没有闭合\"",
            "unquoted-text 4:11 → summary = \"没有引号\"",
            "unclosed-bracket 5:8 → tags = [\"a\", \"b\"]",
            "missing-equals 7:6",
            "unclosed-string 10:8 → slug = 'a'",
            "missing-value 8:10",
            "bad-escape 9:13",
        ],
    );
    check(
        NOTICE,
        "---\ntitle: \"没有闭合\ndate: 2026-09-01\nsummary: a: b\ntags: [a, b\nauthor: *重要*\nslug:x\nscreen:\n\tweight: 1\ntone: \"\\q\"\n---\n",
        &[
            "unclosed-bracket 5:7 → tags: [a, b]",
            "missing-space 7:5 → slug: x",
            "yaml-tab 9:1 →   weight: 1",
            "unclosed-string 2:8 → title: \"没有闭合\"",
            "yaml-needs-quotes 4:11 → summary: \"a: b\"",
            "yaml-needs-quotes 6:9 → author: \"*重要*\"",
            "bad-escape 10:7",
        ],
    );
}

#[test]
fn what_yaml_has_beyond_plain_values_is_refused() {
    check("content/a.md", "---\ntitle: &x a\nauthor: *x\n---\n", &["yaml-anchor 2:8", "yaml-anchor 3:9"]);
    check("content/a.md", "---\ntitle: x\nscreen:\n  <<: 1\n---\n", &["yaml-anchor 4:3", "unknown-key 4:3"]);
    check("content/a.md", "---\ntitle: !!str 1\n---\n", &["yaml-tag 2:8"]);
    check("content/a.md", "---\n- title\n---\n", &["not-a-table 2:1"]);
    check(
        "content/a.md",
        "---\ntitle: x\nTitle: y\ntitle: z\n---\n",
        &["duplicate-key 4:1", "unknown-key 3:1 → title: y"],
    );
    check("content/a.md", "---\ntitle: x\n标题: y\n---\n", &["duplicate-key 3:1"]);
}

#[test]
fn invisible_characters_go_with_a_note() {
    let front = check("content/a.md", "---\ntitle: a\u{200b}b\u{b}\n---\n", &["invisible-character 2:9 → title: ab"]);
    assert_eq!(front.title, "ab");
    let front = check(
        "content/a.md",
        "+++\ntitle = \"a\u{200b}\u{1}b\"\n+++\n",
        &["invisible-character 2:11 → title = \"ab\""],
    );
    assert_eq!(front.title, "ab");
}

#[test]
fn the_hash_is_of_the_file_and_of_the_settings_that_matter() {
    let source = Source::from_text("content/a.md", "# x");
    let hash = |config: Config| parse(&source, &config).hash;
    let same = hash(Config::default());
    assert_eq!(hash(Config { title: "x".into(), page_size: 3, ..Config::default() }), same);
    assert_ne!(hash(Config { timezone: "Europe/Berlin".into(), ..Config::default() }), same);
    assert_ne!(hash(Config { summary_length: 3, ..Config::default() }), same);
    assert_ne!(hash(Config { html: config::HtmlPolicy::Trust, ..Config::default() }), same);
    assert_ne!(hash(Config { index_pattern: config::IndexPattern::Any, ..Config::default() }), same);
    assert_ne!(document("content/a.md", "# y").hash, same);
    assert_ne!(document("content/b.md", "# x").hash, same);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test is about time")]
fn hostile_texts_end_soon_and_without_panic() {
    let n = 20_000;
    let inner = [
        "[".repeat(n),
        "a = ".to_string() + &"[".repeat(n),
        "a = ".to_string() + &"{a=".repeat(n),
        "a = ".to_string() + &"[".repeat(n) + &"]".repeat(n),
        "a.".repeat(n) + "b = 1",
        format!("[{}b]", "a.".repeat(n)),
        "a = \"".to_string() + &"\\".repeat(n),
        "a = ".to_string() + &"“".repeat(n),
        "a = [".to_string() + &"“,".repeat(n / 2),
        "a = \"".to_string() + &"” ".repeat(n / 2),
        "a = \"\"\"".repeat(n / 4),
        "\u{200b}".repeat(n),
        "title = 1\n".repeat(n / 4),
        (0..n / 4).map(|i| format!("k{i} = 1\n")).collect(),
        "x\n".repeat(n),
        "a: ".repeat(n),
        "a: ".to_string() + &"{a: ".repeat(n / 2),
        "- ".repeat(n),
        "? ".repeat(n),
        "a: \"".to_string() + &"\\".repeat(n),
        "a: 'x\n".repeat(n / 8),
        "a: [x\n".repeat(n / 8),
        (0..200).map(|i| format!("{}a:\n", " ".repeat(i))).collect(),
        (0..n / 8).map(|i| format!("k{i}: *x\n")).collect(),
        (0..n / 8).map(|i| format!("k{i}: &x x\n")).collect(),
        "aliases: [".to_string() + &"a,".repeat(n) + "]",
        "aliases = [".to_string() + &"\"a..\",".repeat(n / 2) + "]",
        "attachments = [".to_string() + &"\"../../../a\",".repeat(n / 4) + "]",
        "attachments = [".to_string() + &"\"a\",".repeat(n / 2) + "]",
        "title: |\n".to_string() + &" x\n".repeat(n / 2),
        "&".repeat(n),
        "!".repeat(n),
        "%".repeat(n),
        "\0".repeat(n),
        "a:".repeat(n),
        "：".repeat(n),
        "：\n".repeat(n / 2),
        "# ".repeat(n),
    ];
    for text in &inner {
        for fence in ["+++", "---"] {
            for whole in [format!("{fence}\n{text}\n{fence}\nx"), format!("{fence}\n{text}"), text.clone()] {
                let start = std::time::Instant::now();
                let document = document(NOTICE, &whole);
                let taken = start.elapsed();
                let name: String = text.chars().take(20).collect();
                assert!(taken.as_millis() < 3000, "{fence} {name:?} took {taken:?}");
                assert!(document.problems.len() <= 4 * crate::tree::MAX_PROBLEMS, "{fence} {name:?}");
            }
        }
    }
}

#[test]
fn arbitrary_text_never_panics() {
    use proptest::prelude::*;
    let piece = prop::sample::select(vec![
        "+++\n",
        "---\n",
        "\n",
        "title",
        "标题",
        " = ",
        ": ",
        "：",
        "＝",
        "\"",
        "“",
        "”",
        "'",
        "[",
        "]",
        "{",
        "}",
        ",",
        "，",
        "、",
        "#",
        " ",
        "\t",
        "\u{3000}",
        "\u{200b}",
        "2026-09-01",
        "2026年",
        "true",
        "1",
        "-",
        "- ",
        "&",
        "*",
        "!",
        "|",
        ">",
        "\\",
        "[[",
        ".",
        "x",
        "screen",
        "屏幕",
        "disclosure",
        "days",
        "...",
        "\u{feff}",
        "😀",
        "\r\n",
        "日",
        "+",
        "Z",
    ]);
    let text = prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat());
    proptest!(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() }, |(text in text)| {
        for fence in ["", "+++\n", "---\n"] {
            let whole = format!("{fence}{text}\n{fence}");
            let document = document(NOTICE, &whole);
            for problem in &document.problems {
                prop_assert!(message::find(problem.code).is_some(), "{}", problem.code);
            }
            let _ = config::load(Some(&Source::from_text("civicast.toml", &text)), Some(&Source::from_text("screens.toml", &text)), &[]);
        }
    });
}

/// A text for every code, so that no row of the table is dead and no message lacks its values.
#[test]
fn every_code_of_the_group_has_an_example_that_fires_it() {
    let mut fired: BTreeSet<&str> = BTreeSet::from(["empty-content"]);
    let mut said: Vec<Problem> = document("content/a.md", "+++\ntitle = \"x\"\n+++\n# y").problems;
    let toml = |text: &str| document(NOTICE, &format!("+++\ntitle = \"x\"\ndate = 2026-01-01\n{text}\n+++\n")).problems;
    let yaml = |text: &str| document(NOTICE, &format!("---\ntitle: x\ndate: 2026-01-01\n{text}\n---\n")).problems;
    for text in [
        "标题 = 1",
        "summary：\"x\"",
        "summary = “x”",
        "summary: \"x\"",
        "summary = \"\u{200b}\"",
        "summary = \"x",
        "tags = [\"x\"",
        "summary = x",
        "summary",
        "summary =",
        "summary = \"\\q\"",
        "weight = 0x",
        "draft = 1 2",
        "summary = 3px",
        "tittle = 1",
        "openness = 1",
        "[screen]\ntitle = 1",
        "tone = \"x\"",
        "updated = \"x\"",
        "updated = [1]",
        "weight = 9999999999",
        "summary = 1",
        "draft = 3",
        "weight = \"x\"",
        "tags = true",
        "screen = 1",
        "pinned = 3.5",
        "kind = \"slogan\"\n[activity]",
        "slug = \"/\"",
        "aliases = \"..\"",
        "attachments = [{}]",
        "image = \"http://x\"",
        "image = 'a\\b'",
        "image = \"../../../x\"",
        "[disclosure]\nopenness = \"不予公开\"",
        "[disclosure]\nwritten = 2027-01-01",
        "[disclosure]\nindex_number = \"x\"",
        "[disclosure]\nindex_number = \"11990000MB0000000J/2020-00012\"",
        "[disclosure]\nindex_number = \"11990000MB0000000K/2026-00012\"",
        "[disclosure]\nindex_number = \"11990000MB0000001J/2026-00012\"",
        "[disclosure]\ndocument_number = \"x\"",
        "expires = 2020-01-01",
        "[screen]\nfrom = 2026-01-02\nuntil = 2026-01-01",
        "- x",
        "extra = 1",
        "a = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    ] {
        said.extend(toml(text));
    }
    for text in [
        "summary: a: b",
        "slug:x",
        "screen:\n\tweight: 1",
        "author: &x y",
        "author: !x y",
        "summary: x\n  x: y\n z",
        "? [a]\n: b",
    ] {
        said.extend(yaml(text));
    }
    for text in [
        "+++\ntitle = \"x\"\n",
        "＋＋＋\ntitle = \"x\"\n+++\n",
        "x",
        "---\n- x\n---\n",
        &format!("+++\n{}\n+++\n", "#".repeat(70_000)),
    ] {
        said.extend(document(NOTICE, text).problems);
    }
    let bytes = |bytes: &[u8]| Source { data: Data::Bytes(bytes.into()), ..Source::from_text(NOTICE, "") };
    said.extend(parse(&bytes(b"\xff\xff\xff"), &Config::default()).problems);
    said.extend(
        parse(&bytes(&encoding_rs::GB18030.encode("各科室：请遵照执行通知要求").0), &Config::default()).problems,
    );
    said.extend(parse(&Source { data: Data::OnDisk { pixels: None }, ..bytes(b"") }, &Config::default()).problems);
    let load = |civicast: Option<&str>, screens: &str| {
        let source = civicast.map(|text| Source::from_text("civicast.toml", text));
        config::load(source.as_ref(), Some(&Source::from_text("screens.toml", screens)), &[]).1
    };
    said.extend(load(None, ""));
    let screen = |text: &str| format!("[[screen]]\nid = \"a\"\npoint = \"lobby\"\nsize = [100, 100]\n{text}\n");
    for text in [
        "",
        "title = \"x\"\nbase_url = \"x\"",
        "language = \"中文\"",
        "theme = \"../x\"",
        "output = \"content\"",
        "index_pattern = \"x\"",
        "timezone = \"Asia/Shanghia\"",
        "organisation = { site_code = \"1\", postcode = \"1\", credit_code = \"1\" }",
        "menu = [{}]",
        "languages = [{ code = \"E N\" }, { code = \"en\" }, { code = \"en\" }]",
        "menu = [{ name = \"x\", url = \"x\" }]",
        "problems = { x = \"off\" }",
        "pinyin = { 单 = \"Dān\" }",
    ] {
        said.extend(load(Some(text), ""));
    }
    for text in [
        screen("") + &screen(""),
        "[[screen]]".into(),
        screen("").replace("\"a\"", "\"a b\""),
        screen("shows = \"notice\"\nmin_share = { slogan = 1 }"),
        screen("min_share = { slogan = 0.7, notice = 0.7 }"),
        screen("hours = \"7-8\""),
        screen("").replace("[100, 100]", "[100]"),
    ] {
        said.extend(load(Some("title = \"x\""), &text));
    }
    for problem in &said {
        fired.insert(problem.code);
        let message = message::find(problem.code).unwrap_or_else(|| panic!("no row for {}", problem.code));
        for text in [message.zh, message.en, message.hint_zh, message.hint_en] {
            for name in text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let given = problem.args.iter().any(|(arg, _)| *arg == name);
                assert!(given, "{} is said without {{{name}}}", problem.code);
            }
        }
    }
    let table = include_str!("../message.rs");
    let group = table
        .split("// ---- files and front matter")
        .nth(1)
        .and_then(|rest| rest.split("// ----").next())
        .unwrap_or("");
    let missing: Vec<&str> = group
        .lines()
        .filter_map(|line| {
            line.trim().split_once(" \"").filter(|(severity, _)| ["Error", "Warning", "Note"].contains(severity))
        })
        .filter_map(|(_, rest)| rest.split('"').next())
        .filter(|code| !fired.contains(code))
        .collect();
    assert!(missing.is_empty(), "no example fires {missing:?}");
}
