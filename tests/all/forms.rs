//! Pages in other forms, by templates with another ending: what is made, what is refused, what goes again.

use std::collections::BTreeMap;

use crate::command::run;
use crate::site::{CONFIG, Site, complaints, holding};

const NOW: &str = "2026-11-23 09:00";
const NOTICE: &str = "+++\ntitle = '关于\"节约\"的通知 <甲>'\ndate = \"2026-03-01 08:30\"\n[disclosure]\ncategory = \"通知\"\n+++\n\n一滴水，**一份情**。\n";
const JSON: &str = "{\"title\": {{ page.title | json }}, \"html\": {{ page.content | json }}}\n";

fn json(files: &BTreeMap<String, Vec<u8>>, path: &str) -> serde_json::Value {
    serde_json::from_slice(files.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", files.keys()))).unwrap()
}

#[test]
fn a_template_with_another_ending_makes_another_form_of_each_page_of_its_kind() {
    let site = Site::with(&[("content/notices/a.md", NOTICE), ("templates/notice.json", JSON)]);
    site.build_well(NOW);
    let files = site.outputs("public");
    let made = json(&files, "notices/a/index.json");
    assert_eq!(made["title"], "关于\"节约\"的通知 <甲>");
    assert_eq!(made["html"], "<p>一滴水，<strong>一份情</strong>。</p>\n");
    assert!(!files.contains_key("slogans/water/index.json"), "slogans have another template");
    let page = String::from_utf8(files["notices/a/index.html"].clone()).unwrap();
    assert!(
        page.contains("<link rel=\"alternate\" type=\"application/json\" href=\"/notices/a/index.json\""),
        "{page}"
    );

    // With its template it goes, and the page no longer names it.
    site.remove("templates/notice.json");
    let removed = site.build_well(NOW).receipt.unwrap().removed;
    assert_eq!(removed.iter().map(|path| path.as_str()).collect::<Vec<_>>(), ["notices/a/index.json"]);
    assert_eq!(holding(&site.outputs("public"), "index.json"), Vec::<String>::new());
}

#[test]
fn a_list_in_another_form_holds_all_documents_and_only_its_own_template_makes_it() {
    let site = Site::with(&[("templates/plans.html", "{% extends \"section.html\" %}\n")]);
    site.write("templates/plans.csv", "{% for item in list.items %}{{ item.title | csv }}\n{% endfor %}");
    site.write(
        "content/notices/_index.md",
        "+++\ntitle = \"通知\"\ntemplate = \"plans.html\"\n[section]\npage_size = 2\n+++\n",
    );
    for number in 1..=5 {
        let text = NOTICE.replace("2026-03-01", &format!("2026-03-0{number}")).replace("<甲>", &number.to_string());
        site.write(&format!("content/notices/n{number}.md"), &text);
    }
    site.build_well(NOW);
    let files = site.outputs("public");
    let text = String::from_utf8(files["notices/index.csv"].clone()).unwrap();
    assert_eq!(text.lines().count(), 5);
    assert_eq!(text.lines().next(), Some("\"关于\"\"节约\"\"的通知 5\""));
    assert!(files.contains_key("notices/page/3/index.html"));
    let forms: Vec<&String> = files.keys().filter(|path| path.ends_with("index.csv")).collect();
    assert_eq!(forms, ["notices/index.csv"]);
}

#[test]
fn a_copy_that_an_editor_left_is_no_form() {
    let site = Site::with(&[("content/notices/a.md", NOTICE)]);
    for name in ["notice.json~", "notice.html.bak", "notice.amp.html", ".notice.json.swp", "notice"] {
        site.write(&format!("templates/{name}"), "甲乙丙丁");
    }
    site.build_well(NOW);
    assert_eq!(holding(&site.outputs("public"), "甲乙丙丁"), Vec::<String>::new());
}

#[test]
fn a_file_in_the_place_of_a_page_or_form_is_an_error_and_nothing_is_published() {
    let linked = NOTICE.replace("一滴水", "[数据](index.json)一滴水");
    let site = Site::with(&[
        ("content/notices/a/index.md", &linked),
        ("content/notices/a/index.json", "{}"),
        ("templates/notice.json", JSON),
    ]);
    let found = |url: &str, path: &str| vec![format!("file-in-the-way Some(\"{path}\") [(\"url\", \"{url}\")]")];
    let built = site.build(NOW);
    assert!(built.receipt.is_none());
    assert_eq!(complaints(&built), found("/notices/a/index.json", "content/notices/a/index.json"));

    // A file that nothing links to is not published, so it is in nobody's way.
    site.write("content/notices/a/index.md", NOTICE);
    site.build_well(NOW);
    assert_eq!(json(&site.outputs("public"), "notices/a/index.json")["title"], "关于\"节约\"的通知 <甲>");

    // What stands in `static` always is: before a page that the program makes, and before another file.
    for taken in ["robots.txt", "notices/a/index.html", "notices/a/index.json", "screens/now.json"] {
        let path = format!("static/{taken}");
        site.write(&path, "甲");
        let built = site.build(NOW);
        assert_eq!(complaints(&built), found(&format!("/{taken}"), &path));
        site.remove(&path);
    }
    site.write("content/notices/a/index.md", &NOTICE.replace("一滴水", "[表](表.txt)一滴水"));
    site.write("content/notices/a/表.txt", "甲");
    site.write("static/notices/a/表.txt", "甲");
    let built = site.build(NOW);
    assert!(built.receipt.is_none());
    assert_eq!(complaints(&built).len(), 1, "{:?}", complaints(&built));
}

#[test]
fn an_old_address_in_the_place_of_a_form_or_page_is_an_error() {
    for alias in ["/notices/a/index.json", "/notices/a/index.html", "/robots.txt"] {
        let other = NOTICE.replacen("title", &format!("aliases = [\"{alias}\"]\ntitle"), 1);
        let site = Site::with(&[
            ("content/notices/a.md", NOTICE),
            ("content/notices/b.md", &other),
            ("templates/notice.json", JSON),
        ]);
        let built = site.build(NOW);
        assert!(built.receipt.is_none(), "{alias}");
        let told = complaints(&built);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("duplicate-url Some(\"content/notices/b.md:2"), "{told:?}");
    }
}

#[test]
fn a_value_that_was_not_escaped_is_an_error_with_its_template_and_nothing_is_published() {
    let bad = "{\"title\": \"{{ page.title }}\"}\n";
    let site = Site::with(&[("content/notices/a.md", NOTICE), ("templates/notice.json", bad)]);
    let built = site.build(NOW);
    assert!(built.receipt.is_none());
    let told = complaints(&built);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("template-output Some(\"templates/notice.json"), "{told:?}");
    assert!(told[0].contains("notices/a/index.json") && told[0].contains("节约"), "{told:?}");
}

#[test]
fn theme_check_renders_the_other_forms_too() {
    for (path, text, code) in [
        ("templates/notice.json", "{\n\"title\": {{ page.titel.words | json }}}\n", "template-error"),
        ("templates/notice.json", "{\"title\": \"{{ page.title }}\"\n", "template-output"),
        ("templates/section.ics", "BEGIN:VCALENDAR\nSUMMARY:{{ list.title }}\n", "template-output"),
        ("templates/home.xml", "<home><title>{{ site.title }}</home>\n", "template-output"),
        ("templates/report.vcf", "N:{{ page.title | ics }}\n", "template-output"),
    ] {
        let run = run(Site::with(&[(path, text)]).path(), &["theme", "check", "--json"]);
        let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let found = value["problems"].as_array().unwrap();
        assert!(
            found.iter().any(|problem| problem["code"] == code && problem["file"] == path),
            "{path}: {}",
            run.stdout
        );
        assert!(found.iter().all(|problem| problem["code"] == code), "{path}: {}", run.stdout);
    }
}

#[test]
fn why_explains_a_form_as_it_does_its_page() {
    let site = Site::with(&[("content/notices/a.md", NOTICE), ("templates/notice.json", JSON)]);
    site.write("civicast.toml", CONFIG);
    let run = run(site.path(), &["--lang", "en", "why", "/notices/a/index.json", "--now", NOW]);
    for words in ["a page in another form", "content/notices/a.md", "templates/notice.json"] {
        assert!(run.stdout.contains(words), "{words}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn the_calendar_of_the_example_holds_every_activity_in_lines_that_rfc_5545_allows() {
    let site = Site::example();
    site.build_well(NOW);
    let files = site.outputs("public");
    let text = String::from_utf8(files["reports/index.ics"].clone()).unwrap();
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(!line.contains(['\n', '\r']) && line.len() <= 75, "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    let values = |name: &str| -> Vec<&str> {
        unfolded.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
    };
    let begun = values("BEGIN").iter().filter(|name| **name == "VEVENT").count();
    assert!(begun >= 15, "{begun} events");
    let is_date = |text: &&&str| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    assert_eq!(values("DTSTART;VALUE=DATE").iter().filter(is_date).count(), begun);
    assert_eq!(values("DTSTAMP").iter().filter(|text| text.len() == 16 && text.ends_with('Z')).count(), begun);
    assert_eq!(values("UID").iter().collect::<std::collections::BTreeSet<_>>().len(), begun);
    for url in values("URL") {
        let path = url.strip_prefix("https://jgswj.example.gov.cn/").unwrap();
        assert!(files.contains_key(&format!("{path}index.html")), "{url}");
    }
    let notices = files.keys().filter(|path| path.starts_with("notices/") && path.ends_with("/index.json")).count();
    assert!(notices >= 20);
    let one = json(&files, "notices/civilised-city-plan/index.json");
    assert_eq!(one["disclosure"]["index_number"], "11990000MB0000000J/2021-00041");
}
