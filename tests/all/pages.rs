//! Every page of the built example, parsed: the tags of 《政府网站发展指引》 (国办发〔2017〕47号, 网页标签规范), the footer, the
//! data for search engines; and the contrast of the colours that pages are set in.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};

use crate::site::{Site, repository};

/// A page as the tests ask about it.
struct Page {
    name: String,
    html: Html,
}

impl Page {
    fn all(&self, selector: &str, attribute: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_string).collect()
    }

    /// The values of `<meta name=…>`, whose names are case-sensitive in the rules.
    fn meta(&self, name: &str) -> Vec<String> {
        self.all(&format!("meta[name=\"{name}\"]"), "content")
    }

    fn text(&self, selector: &str) -> String {
        let selector = Selector::parse(selector).unwrap();
        self.html.select(&selector).flat_map(|element| element.text()).collect()
    }

    fn has(&self, selector: &str) -> bool {
        self.html.select(&Selector::parse(selector).unwrap()).next().is_some()
    }
}

fn example() -> Vec<Page> {
    let site = Site::example();
    site.build_well("2026-11-23 09:00");
    let pages = site.outputs("public").into_iter().filter(|(name, _)| name.ends_with(".html"));
    pages.map(|(name, bytes)| Page { name, html: Html::parse_document(&String::from_utf8(bytes).unwrap()) }).collect()
}

/// Pages of documents with a date, by what `civicast list` says of the sources.
fn articles() -> BTreeSet<String> {
    let published = Site::example().build_well("2026-11-23 09:00");
    let dated = |site: &civicast::site::Site| -> Vec<String> {
        let pages = site.pages.iter().filter(|page| page.date().is_some() && page.document.front.on_portal);
        let name = |url: &str| format!("{}{}index.html", site.config.folder, url);
        pages.map(|page| name(page.url.as_str()).trim_start_matches('/').to_string()).collect()
    };
    published.preview.indexes().iter().flat_map(|index| dated(&index.world().site)).collect()
}

/// Pages without the chrome of the portal: players, and what leads from an old address to the new one.
fn is_bare(name: &str) -> bool {
    let is_player = name.strip_prefix("screens/").is_some_and(|rest| {
        let parts: Vec<&str> = rest.split('/').collect();
        matches!(parts.as_slice(), [_, "index.html"])
    });
    is_player || name.starts_with("tzgg/")
}

const SITE: [&str; 3] = ["SiteName", "SiteDomain", "SiteIDCode"];
const COLUMN: [&str; 4] = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"];
const ARTICLE: [&str; 9] =
    ["ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url", "SiteName"];

#[test]
fn every_page_carries_the_tags_and_the_footer_of_the_rules_for_government_sites() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let articles = articles();
    for page in example() {
        let bare = !page.has("footer");
        // The English edition lies in a folder of its own.
        let english = page.name.strip_prefix("en/");
        // The folder says what a page is: one that lost its tags, or its footer, is still what it is.
        let kind = match english.unwrap_or(&page.name) {
            "index.html" | "404.html" => "home",
            name if is_bare(name) => "bare",
            name if articles.contains(&page.name) => {
                assert!(page.has("article"), "{name}");
                "article"
            }
            _ => "column",
        };
        assert_eq!(bare, kind == "bare", "{}: a footer where none belongs, or none where it does", page.name);
        *seen.entry(kind).or_default() += 1;
        let once = |names: &[&str]| {
            for name in names {
                let values = page.meta(name);
                assert!(values.len() == 1 && !values[0].trim().is_empty(), "{}: {name} is {values:?}", page.name);
            }
        };
        once(&SITE);
        if matches!(kind, "article" | "column") {
            once(&COLUMN);
        }
        if kind == "article" {
            once(&ARTICLE);
            assert_eq!(page.meta("ArticleTitle")[0], page.all("meta[property=\"og:title\"]", "content")[0]);
            let date = &page.meta("PubDate")[0];
            let shape: String = date.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
            assert_eq!(shape, "9999-99-99 99:99", "{}", page.name);
            assert_eq!(page.meta("Url"), page.all("link[rel=canonical]", "href"), "{}", page.name);
            for name in ["og:image:width", "og:image:height"] {
                let side = page.all(&format!("meta[property=\"{name}\"]"), "content");
                assert!(side.len() == 1 && side[0].parse::<u32>().is_ok(), "{}: {name} is {side:?}", page.name);
            }
        }
        if bare {
            continue;
        }
        let footer = page.text("footer");
        let codes = ["0999-0000000", "9900000001", "示ICP备00000000号-1", "示公网安备99000000000001号"];
        let names = [
            "主办单位：示例市机关事务管理局",
            "承办单位：示例市机关事务管理局信息中心",
            "网站地图",
            "党政机关网站标识",
            "我为政府网站找错",
        ];
        for words in codes.iter().chain(names.iter().filter(|_| english.is_none())) {
            assert!(footer.contains(words), "{}: no {words} in the footer", page.name);
        }
    }
    assert!(seen["article"] >= 50 && seen["column"] >= 50 && seen["bare"] >= 6 && seen["home"] >= 2, "{seen:?}");
}

#[test]
fn data_for_search_engines_is_valid_on_every_page_that_has_it() {
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for page in example() {
        let selector = Selector::parse("script[type=\"application/ld+json\"]").unwrap();
        for script in page.html.select(&selector) {
            let data: serde_json::Value = serde_json::from_str(&script.text().collect::<String>()).unwrap();
            assert_eq!(data["@context"], "https://schema.org", "{}", page.name);
            for node in data["@graph"].as_array().unwrap() {
                let kind = node["@type"].as_str().unwrap().to_string();
                let absolute = |key: &str| node[key].as_str().is_some_and(|url| url.starts_with("https://"));
                let filled = |key: &str| node[key].as_str().is_some_and(|text| !text.trim().is_empty());
                let good = match kind.as_str() {
                    "Article" | "NewsArticle" => filled("headline") && absolute("url"),
                    "GovernmentOrganization" => filled("name") && absolute("url") && filled("telephone"),
                    "BreadcrumbList" => {
                        let items = node["itemListElement"].as_array().unwrap();
                        items.iter().enumerate().all(|(i, item)| {
                            item["position"] == i + 1
                                && item["name"].as_str().is_some_and(|name| !name.is_empty())
                                && item["item"].as_str().is_some_and(|url| url.starts_with("https://"))
                        })
                    }
                    _ => filled("name") && absolute("url"),
                };
                assert!(good, "{}: {node}", page.name);
                *types.entry(kind).or_default() += 1;
            }
        }
    }
    for kind in ["Article", "NewsArticle", "GovernmentOrganization", "BreadcrumbList", "CollectionPage", "WebSite"] {
        assert!(types.contains_key(kind), "no page says {kind}: {types:?}");
    }
}

// ---- colours ----

/// `--name: #hex` of the rule of this selector.
fn tokens(css: &str, selector: &str) -> BTreeMap<String, [f64; 3]> {
    let start = css.find(&format!("\n{selector} {{")).unwrap_or_else(|| panic!("no rule {selector}"));
    let rule = &css[start..start + css[start..].find('}').unwrap()];
    let colour = |hex: &str| -> Option<[f64; 3]> {
        let wide: String = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_string() };
        let channel = |i: usize| u8::from_str_radix(wide.get(i..i + 2)?, 16).ok().map(f64::from);
        Some([channel(0)?, channel(2)?, channel(4)?])
    };
    rule.lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"))
        .filter_map(|(name, hex)| Some((name.to_string(), colour(hex.trim_end_matches(';'))?)))
        .collect()
}

/// WCAG 2.2, relative luminance and contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|c| {
            let c = c / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_of_the_theme_have_enough_contrast_in_every_variant() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    let css = std::fs::read_to_string(repository().join("themes/civic/static/css/site.css")).unwrap();
    let normal = tokens(&css, ":root");
    let with = |above: &[&str]| {
        let mut all = normal.clone();
        above.iter().for_each(|selector| all.extend(tokens(&css, selector)));
        all
    };
    // Text on its grounds: 4.5; borders that say where a field ends, and the mark of the focus: 3.
    let text = [
        ("ink", "paper"),
        ("ink", "mist"),
        ("ink-soft", "paper"),
        ("ink-soft", "mist"),
        ("accent", "paper"),
        ("accent", "mist"),
        ("deep", "paper"),
        ("deep", "mist"),
        ("link", "paper"),
        ("link", "mist"),
        ("on-deep", "deep"),
        ("on-deep", "deep-line"),
        ("on-deep-soft", "deep"),
    ];
    let marks = [("rule-strong", "paper"), ("focus", "paper"), ("focus", "mist")];
    for (variant, colours) in [
        ("normal", normal.clone()),
        ("large print", with(&[".large"])),
        ("solemn", with(&[".solemn"])),
        ("large print on a solemn day", with(&[".large", ".solemn"])),
    ] {
        for (pairs, least) in [(text.as_slice(), 4.5), (marks.as_slice(), 3.0)] {
            for (front, ground) in pairs {
                let found = contrast(colours[*front], colours[*ground]);
                assert!(found >= least, "{variant}: {front} on {ground} has {found:.2}, less than {least}");
            }
        }
    }
}
