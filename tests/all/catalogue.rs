//! The disclosure catalogue: what is on its pages and in its data, and where there is none.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use crate::site::{CONFIG, Site, holding};

const NOW: &str = "2026-11-23 09:00";

fn notice(title: &str, date: &str, header: &str) -> String {
    format!("+++\ntitle = {title:?}\ndate = {date}\n[disclosure]\n{header}\n+++\n\n正文。\n")
}

/// A site of these notices: file name, title, date, header.
fn site(notices: &[(&str, &str, &str, &str)]) -> Site {
    let site = Site::with(&[]);
    site.write("civicast.toml", &format!("index_pattern = \"any\"\n{CONFIG}"));
    for (name, title, date, header) in notices {
        site.write(&format!("content/notices/{name}.md"), &notice(title, date, header));
    }
    site
}

fn page(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Html {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    Html::parse_document(std::str::from_utf8(bytes).unwrap())
}

fn texts(root: ElementRef, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    root.select(&selector).map(|element| element.text().collect::<String>().trim().to_string()).collect()
}

/// The cells of every row of a catalogue page.
fn rows(html: &Html) -> Vec<Vec<String>> {
    let rows = Selector::parse("table.catalogue tbody tr").unwrap();
    html.select(&rows).map(|row| texts(row, "td, th")).collect()
}

fn records(csv: &[u8]) -> Vec<Vec<String>> {
    let text = csv.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|record| record.unwrap().iter().map(str::to_string).collect()).collect()
}

#[test]
fn page_csv_and_json_of_the_example_have_the_same_rows() {
    let site = Site::example();
    site.build_well(NOW);
    let files = site.outputs("public");
    let shown = rows(&page(&files, "disclosure/index.html"));
    assert!(shown.len() >= 20);
    let records = records(&files["disclosure/catalog.csv"]);
    let json: serde_json::Value = serde_json::from_slice(&files["disclosure/catalog.json"]).unwrap();
    assert_eq!(json["count"], shown.len());
    let keys = [
        "index_number",
        "title",
        "publisher",
        "category",
        "document_number",
        "written",
        "issued",
        "openness",
        "validity",
    ];
    for ((row, record), item) in shown.iter().zip(&records[1..]).zip(json["items"].as_array().unwrap()) {
        for (at, key) in keys.iter().enumerate() {
            let text = item[key].as_str().unwrap_or("");
            assert_eq!(record[at], text);
            assert_eq!(row[at], if text.is_empty() { "—" } else { text });
        }
        assert_eq!(record[9], item["summary"].as_str().unwrap());
        assert_eq!(record[10], item["url"].as_str().unwrap());
    }
    assert_eq!(records.len(), shown.len() + 1);

    // The same rows in every order, and those of a list on no other.
    let sorted = |path: &str| rows(&page(&files, path)).into_iter().collect::<BTreeSet<_>>();
    for order in ["oldest", "number", "name"] {
        let html = page(&files, &format!("disclosure/{order}/index.html"));
        assert_eq!(rows(&html).into_iter().collect::<BTreeSet<_>>(), sorted("disclosure/index.html"), "{order}");
        assert_eq!(texts(html.root_element(), "th[aria-sort]").len(), 1, "{order}");
    }
    let is_void = |row: &Vec<String>| row[8] == "废止";
    assert!(rows(&page(&files, "disclosure/validity/repealed/index.html")).iter().all(is_void));
    assert!(!rows(&page(&files, "disclosure/validity/valid/index.html")).iter().any(is_void));
}

#[test]
fn the_catalogue_is_paged_and_only_its_main_order_is_for_search_engines() {
    let notices: Vec<(String, String)> = (1..=5).map(|n| (format!("n{n}"), format!("2026-03-{n:02}"))).collect();
    let rows_of: Vec<(&str, &str, &str, &str)> = notices
        .iter()
        .map(|(name, date)| (name.as_str(), name.as_str(), date.as_str(), "category = \"通知\""))
        .collect();
    let site = site(&rows_of);
    site.write("civicast.toml", &format!("index_pattern = \"any\"\ncatalogue_page_size = 2\n{CONFIG}"));
    site.build_well(NOW);
    let files = site.outputs("public");
    let titles = |path: &str| rows(&page(&files, path)).into_iter().map(|row| row[1].clone()).collect::<Vec<_>>();
    assert_eq!(titles("disclosure/index.html"), ["n5", "n4"]);
    assert_eq!(titles("disclosure/page/3/index.html"), ["n1"]);
    assert_eq!(titles("disclosure/oldest/page/2/index.html"), ["n3", "n4"]);
    assert_eq!(titles("disclosure/category/tong-zhi/oldest/index.html"), ["n1", "n2"]);
    let robots = |path: &str| {
        let html = page(&files, path);
        html.select(&Selector::parse("meta[name=robots]").unwrap()).count()
    };
    assert_eq!([robots("disclosure/index.html"), robots("disclosure/page/2/index.html")], [0, 0]);
    assert_eq!(robots("disclosure/oldest/index.html"), 1);
    let sitemap = String::from_utf8(files["sitemap.xml"].clone()).unwrap();
    assert!(sitemap.contains("/disclosure/year/2026/</loc>") && !sitemap.contains("/oldest/"));
}

#[test]
fn what_is_on_request_a_draft_or_expired_is_in_no_file_of_the_catalogue() {
    let site = site(&[
        ("open", "公开的文件", "2026-03-01", "index_number = \"1\""),
        ("asked", "依申请的文件", "2026-03-01", "index_number = \"2\"\nopenness = \"依申请公开\""),
        ("closed", "不公开的文件", "2026-03-01", "index_number = \"3\"\nopenness = \"不予公开\""),
    ]);
    let draft = notice("草稿文件", "2026-03-01", "index_number = \"4\"").replacen("date", "draft = true\ndate", 1);
    site.write("content/notices/draft.md", &draft);
    site.build(NOW);
    let files = site.outputs("public");
    assert!(holding(&files, "公开的文件").iter().any(|path| path == "disclosure/catalog.csv"));
    for title in ["依申请的文件", "不公开的文件", "草稿文件"] {
        assert_eq!(holding(&files, title), Vec::<String>::new());
    }
}

#[test]
fn a_site_without_headers_has_no_catalogue_and_nobody_links_to_one() {
    let bare = "+++\ntitle = \"没有要素\"\ndate = 2026-03-01\n+++\n\n正文。\n";
    let has_catalogue = |site: &Site| {
        site.build(NOW);
        let files = site.outputs("public");
        files.keys().any(|path| path.starts_with("disclosure/")) || !holding(&files, "/disclosure/").is_empty()
    };
    let other = Site::with(&[("content/notices/bare.md", bare)]);
    assert!(!has_catalogue(&other));
    // With the first header it comes, with the last it goes.
    other.write("content/notices/headed.md", &notice("有要素", "2026-03-01", "category = \"通知\""));
    assert!(has_catalogue(&other));
    other.remove("content/notices/headed.md");
    assert!(!has_catalogue(&other));
    // It can be switched off.
    let off = site(&[("a", "甲", "2026-03-01", "category = \"通知\"")]);
    assert!(has_catalogue(&off));
    off.write("civicast.toml", &format!("index_pattern = \"any\"\ncatalogue = false\n{CONFIG}"));
    assert!(!has_catalogue(&off));
}

#[test]
fn a_title_that_a_spreadsheet_would_run_is_text_in_the_csv() {
    let site = site(&[("a", "=HYPERLINK(\"x\",1)，甲\"乙\"", "2026-03-01", "publisher = \"+86\"")]);
    site.build_well(NOW);
    let files = site.outputs("public");
    let bytes = &files["disclosure/catalog.csv"];
    assert!(bytes.ends_with(b"\r\n"));
    assert!(bytes.windows(2).all(|pair| (pair[1] == b'\n') == (pair[0] == b'\r')));
    let records = records(bytes);
    assert_eq!([&records[1][1], &records[1][2]], ["'=HYPERLINK(\"x\",1)，甲\"乙\"", "'+86"]);
    let json: serde_json::Value = serde_json::from_slice(&files["disclosure/catalog.json"]).unwrap();
    assert_eq!(json["items"][0]["title"], "=HYPERLINK(\"x\",1)，甲\"乙\"");
}

#[test]
fn the_header_of_a_notice_leads_to_its_category_and_speaks_the_language_of_the_edition() {
    let site = site(&[("a", "甲", "2026-03-01", "category = \"通知\"\nvalidity = \"废止\"")]);
    let english = notice("A", "2026-03-01", "category = \"Notices\"\nvalidity = \"废止\"");
    site.write("content/notices/a.en.md", &english);
    let languages = "[[languages]]\ncode = \"en\"\nname = \"English\"\ntitle = \"Office\"\n";
    site.write("civicast.toml", &format!("index_pattern = \"any\"\n{CONFIG}{languages}"));
    site.build_well(NOW);
    let files = site.outputs("public");
    let links = |path: &str| {
        let html = page(&files, path);
        let links = Selector::parse(".disclosure a").unwrap();
        html.select(&links).filter_map(|link| link.attr("href").map(str::to_string)).collect::<Vec<_>>()
    };
    assert_eq!(links("notices/a/index.html"), ["/disclosure/category/tong-zhi/"]);
    assert_eq!(links("en/notices/a/index.html"), ["/en/disclosure/category/notices/"]);
    let english = page(&files, "en/disclosure/index.html");
    assert_eq!(rows(&english)[0][7..], ["Public", "Repealed"]);
    assert_eq!(texts(english.root_element(), "h1"), ["Disclosure catalogue"]);
    let hreflang = Selector::parse("link[hreflang=zh-CN]").unwrap();
    let other = english.select(&hreflang).next().unwrap().attr("href").unwrap();
    assert!(other.ends_with(".cn/disclosure/"), "{other}");
}
