//! A site in two languages: editions, links between them, and what is not translated.

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use super::site::{Site, complaints, holding};

const NOW: &str = "2026-11-23 09:00";

const ENGLISH: &str = r#"
[[languages]]
code = "en"
name = "English"
title = "Test Bureau"
fallback = ["page"]
organisation = { name = "Test Bureau" }
"#;

fn bilingual(files: &[(&str, &str)]) -> Site {
    let site = Site::with(&[
        (
            "content/notices/heating.md",
            "+++\ntitle = \"供暖通知\"\ndate = 2026-11-01\ntopics = [\"供暖\"]\n+++\n\n今日供暖。见[说明](../help.md)。\n",
        ),
        (
            "content/notices/heating.en.md",
            "+++\ntitle = \"Heating\"\ndate = 2026-11-01\ntopics = [\"Heating\"]\n+++\n\nHeating starts today. See [help](../help.md), [the slogan](../slogans/water.md) and [the list](/en/notices/).\n",
        ),
        ("content/notices/only-chinese.md", "+++\ntitle = \"只有中文\"\ndate = 2026-11-02\n+++\n\n尚未翻译。\n"),
        ("content/help.md", "+++\ntitle = \"使用帮助\"\n+++\n\n帮助正文。\n"),
    ]);
    site.write("civicast.toml", &format!("{}{ENGLISH}[problems]\nmissing-disclosure = \"off\"\n", super::site::CONFIG));
    files.iter().for_each(|(path, text)| site.write(path, text));
    site
}

fn built(site: &Site) -> BTreeMap<String, Vec<u8>> {
    site.build_well(NOW);
    site.outputs("public")
}

fn page(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Html {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} is not there: {:?}", files.keys()));
    Html::parse_document(std::str::from_utf8(bytes).unwrap())
}

fn attributes(page: &Html, selector: &str, name: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|element| element.value().attr(name).map(str::to_string)).collect()
}

/// True for pages of the edition, and for the slides that stand for its documents.
fn is_english(path: &str) -> bool {
    path.starts_with("en/") || path.starts_with("screens/files/")
}

#[test]
fn a_translation_is_published_in_the_folder_of_its_language_and_only_there() {
    let files = built(&bilingual(&[]));
    let english = page(&files, "en/notices/heating/index.html");
    assert_eq!(attributes(&english, "html", "lang"), ["en"]);
    let elsewhere = holding(&files, "Heating starts today");
    assert!(elsewhere.iter().all(|path| is_english(path)), "{elsewhere:?}");
    assert!(!files.contains_key("notices/heating.en/index.html"));
    assert!(!files.contains_key("en/notices/only-chinese/index.html"));
    for path in
        ["en/index.html", "en/notices/index.html", "en/feed.xml", "en/sitemap.xml", "en/topics/heating/index.html"]
    {
        assert!(files.contains_key(path), "{path}");
    }
}

#[test]
fn each_language_names_the_other_and_itself() {
    let files = built(&bilingual(&[]));
    let expected = [
        "https://test.example.gov.cn/notices/heating/",
        "https://test.example.gov.cn/notices/heating/",
        "https://test.example.gov.cn/en/notices/heating/",
    ];
    for path in ["notices/heating/index.html", "en/notices/heating/index.html"] {
        let page = page(&files, path);
        assert_eq!(attributes(&page, "link[hreflang]", "href"), expected, "{path}");
        assert_eq!(attributes(&page, "link[hreflang]", "hreflang"), ["zh-CN", "x-default", "en"], "{path}");
    }
    // Without a translation the switch leads to the home page of the other language, and no search engine is told otherwise.
    let alone = page(&files, "notices/only-chinese/index.html");
    assert_eq!(attributes(&alone, "link[hreflang]", "href"), [""; 0]);
    assert_eq!(attributes(&alone, "a[hreflang=en]", "href"), ["/en/"]);
}

#[test]
fn a_kind_that_falls_back_is_shown_in_the_original_with_a_notice() {
    let files = built(&bilingual(&[]));
    let help = page(&files, "en/help/index.html");
    assert_eq!(attributes(&help, ".untranslated a", "href"), ["/help/"]);
    assert_eq!(attributes(&help, "link[rel=canonical]", "href"), ["https://test.example.gov.cn/help/"]);
    assert_eq!(attributes(&help, "h1", "lang"), ["zh-CN"]);
    assert_eq!(attributes(&page(&files, "help/index.html"), ".untranslated a", "href"), [""; 0]);
    let sitemap = String::from_utf8(files["en/sitemap.xml"].clone()).unwrap();
    assert!(!sitemap.contains("/en/help/") && sitemap.contains("/en/notices/heating/"), "{sitemap}");
}

#[test]
fn an_alert_speaks_the_language_of_its_document() {
    let note = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\n\n> [!NOTE]\n> 1\n\n> [!CAUTION]\n> 2\n");
    let site = bilingual(&[
        ("content/about.md", &note("概况")),
        ("content/about.en.md", &note("About")),
        ("content/help.md", &note("使用帮助")),
    ]);
    let files = built(&site);
    let titles = |path: &str| {
        let selector = Selector::parse(".alert-title").unwrap();
        page(&files, path).select(&selector).map(|title| title.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(titles("about/index.html"), ["说明", "注意"]);
    assert_eq!(titles("en/about/index.html"), ["Note", "Caution"]);
    // Help is not translated: its page in English shows the Chinese text.
    assert_eq!(titles("en/help/index.html"), ["说明", "注意"]);

    // A theme's own words reach both.
    site.write("themes/civic/strings/zh-CN.toml", "alert_note = \"备注 <甲>\"\n");
    let files = built(&site);
    for path in ["about/index.html", "en/help/index.html"] {
        let html = String::from_utf8(files[path].clone()).unwrap();
        assert!(html.contains("<p class=\"alert-title\">备注 &lt;甲&gt;</p>"), "{path}: {html}");
    }
}

#[test]
fn a_link_to_a_file_leads_to_its_translation_and_else_to_the_original() {
    let files = built(&bilingual(&[]));
    let links = attributes(&page(&files, "en/notices/heating/index.html"), ".prose a", "href");
    assert_eq!(links, ["/en/help/", "/slogans/water/", "/en/notices/"]);
    assert_eq!(attributes(&page(&files, "notices/heating/index.html"), ".prose a", "href"), ["/help/"]);
}

#[test]
fn robots_name_the_sitemaps_of_all_languages() {
    let files = built(&bilingual(&[]));
    let robots = String::from_utf8(files["robots.txt"].clone()).unwrap();
    let sitemaps: Vec<&str> = robots.lines().filter_map(|line| line.strip_prefix("Sitemap: ")).collect();
    assert_eq!(sitemaps, ["https://test.example.gov.cn/sitemap.xml", "https://test.example.gov.cn/en/sitemap.xml"]);
    assert!(!files.contains_key("en/robots.txt"));
}

#[test]
fn every_link_of_a_site_in_two_languages_leads_to_a_file_even_below_a_folder() {
    let site = bilingual(&[]);
    let config =
        site.read("civicast.toml").replace("https://test.example.gov.cn", "https://test.example.gov.cn/portal");
    site.write("civicast.toml", &config);
    let files = built(&site);
    let mut seen = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(std::str::from_utf8(bytes).unwrap());
        let links = ["href", "src"].into_iter().flat_map(|name| attributes(&page, &format!("[{name}]"), name));
        for link in links.filter(|link| link.starts_with('/')) {
            let bare = link.split(['#', '?']).next().unwrap();
            let inside = bare.strip_prefix("/portal/").unwrap_or_else(|| panic!("{path}: {link} leaves the site"));
            let file =
                if inside.is_empty() || inside.ends_with('/') { format!("{inside}index.html") } else { inside.into() };
            assert!(files.contains_key(&file), "{path}: {link}");
            seen += 1;
        }
    }
    assert!(seen > 100);
}

#[test]
fn a_translation_alone_changes_only_its_own_edition() {
    let site = bilingual(&[]);
    site.build_well(NOW);
    let text = site.read("content/notices/heating.en.md").replace("starts today", "starts tomorrow");
    site.write("content/notices/heating.en.md", &text);
    let receipt = site.build_well(NOW).receipt.unwrap();
    assert!(receipt.written.iter().all(|path| is_english(path.as_str())), "{:?}", receipt.written);
    assert!(receipt.written.iter().any(|path| path.as_str() == "en/notices/heating/index.html"));
    // And a translated title the page of the original too, which names it nowhere: nothing there changes.
    site.write("content/notices/heating.en.md", &text.replace("\"Heating\"\ndate", "\"Warm rooms\"\ndate"));
    let receipt = site.build_well(NOW).receipt.unwrap();
    assert!(receipt.written.iter().all(|path| is_english(path.as_str())), "{:?}", receipt.written);
}

#[test]
fn the_first_translation_of_a_document_changes_the_page_that_now_names_it() {
    let site = bilingual(&[]);
    site.build_well(NOW);
    site.write(
        "content/notices/only-chinese.en.md",
        "+++\ntitle = \"Now in English\"\ndate = 2026-11-02\n+++\n\nText.\n",
    );
    let receipt = site.build_well(NOW).receipt.unwrap();
    assert!(receipt.written.iter().any(|path| path.as_str() == "notices/only-chinese/index.html"));
    let cold = site.build_into("cold", NOW);
    assert_eq!(complaints(&cold), [""; 0]);
    assert_eq!(site.outputs("public"), site.outputs("cold"));
}

#[test]
fn a_folder_with_the_name_of_a_language_is_a_problem() {
    let site = bilingual(&[("content/en/x.md", "+++\ntitle = \"x\"\n+++\n\nx\n")]);
    let problems = complaints(&site.build(NOW));
    assert!(problems.iter().any(|problem| problem.starts_with("reserved-url")), "{problems:?}");
}
