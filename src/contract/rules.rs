//! What every page of a theme must have: one function for each rule, from a page to what is wrong with it.

use std::collections::BTreeSet;

use super::html::Tag;
use crate::file::Url;
use crate::link::href;
use crate::view::World;

/// A finished page.
pub(super) struct Page<'a> {
    /// The site it belongs to.
    pub(super) world: &'a World,
    /// What it is.
    pub(super) kind: Kind,
    /// Its document.
    pub(super) document: Option<&'a crate::site::Page>,
    /// Its tags.
    pub(super) tags: Vec<Tag<'a>>,
    /// All of it.
    pub(super) html: &'a str,
}

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The list of a section.
    List,
    /// A document.
    Document,
    /// A redirect or a player: no chrome.
    Bare,
    /// Any other with the chrome of the portal.
    Other,
}

/// One thing that is wrong.
pub(super) struct Finding {
    /// A row of the messages.
    pub(super) code: &'static str,
    /// The stretch of HTML that is wrong; empty when something is missing.
    pub(super) text: String,
    /// Values of the message.
    pub(super) args: Vec<(&'static str, String)>,
}

fn finding(code: &'static str, text: &str, found: impl ToString) -> Finding {
    Finding { code, text: text.to_string(), args: vec![("found", found.to_string())] }
}

/// A rule.
pub(super) type Rule = fn(&Page) -> Vec<Finding>;

/// All rules.
pub(super) const RULES: [Rule; 9] = [balance, language, ids, pictures, origins, inline, escapes, meta, footer];

impl<'a> Page<'a> {
    fn starts(&self) -> impl Iterator<Item = &Tag<'a>> {
        self.tags.iter().filter(|tag| !tag.is_end)
    }

    fn meta(&self, name: &str) -> Option<&str> {
        self.starts().find(|tag| tag.name == "meta" && tag.get("name") == Some(name)).and_then(|tag| tag.get("content"))
    }
}

const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements whose end tag may be left out.
const OPTIONAL: [&str; 17] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rt", "rp",
    "body", "html",
];

/// Every element that begins ends, and in the right order.
fn balance(page: &Page) -> Vec<Finding> {
    let mut open: Vec<&Tag> = Vec::new();
    for tag in page.tags.iter().filter(|tag| !tag.is_empty && !VOID.contains(&tag.name.as_str())) {
        if !tag.is_end {
            open.push(tag);
            continue;
        }
        while open.last().is_some_and(|last| last.name != tag.name && OPTIONAL.contains(&last.name.as_str())) {
            open.pop();
        }
        match open.pop() {
            Some(last) if last.name == tag.name => {}
            // Only the first is told: all that follows is out of step too.
            Some(last) => return vec![finding("theme-unbalanced", last.text, format!("{} … {}", last.text, tag.text))],
            None => return vec![finding("theme-unbalanced", tag.text, tag.text)],
        }
    }
    let left = open.into_iter().find(|tag| !OPTIONAL.contains(&tag.name.as_str()));
    left.map(|tag| finding("theme-unbalanced", tag.text, tag.text)).into_iter().collect()
}

/// WCAG 3.1.1: the page says its language; and it has a title.
fn language(page: &Page) -> Vec<Finding> {
    let mut found = Vec::new();
    match page.starts().find(|tag| tag.name == "html") {
        Some(root) if root.get("lang").is_none_or(str::is_empty) => {
            found.push(finding("theme-no-language", root.text, root.text))
        }
        None => found.push(finding("theme-no-language", "", "<html>")),
        Some(_) => {}
    }
    if page.starts().find(|tag| tag.name == "title").is_none_or(|tag| tag.content.trim().is_empty()) {
        found.push(finding("theme-meta", "", "<title>"));
    }
    found
}

/// An id stands once in a page.
fn ids(page: &Page) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let twice = page.starts().filter(|tag| tag.get("id").is_some_and(|id| !seen.insert(id.to_string())));
    twice.map(|tag| finding("theme-duplicate-id", tag.text, tag.get("id").unwrap_or(""))).collect()
}

/// WCAG 1.1.1: every picture has an alternative text, an empty one if it is decoration.
fn pictures(page: &Page) -> Vec<Finding> {
    let silent = page.starts().filter(|tag| tag.name == "img" && tag.get("alt").is_none());
    silent.map(|tag| finding("theme-no-alt", tag.text, tag.text)).collect()
}

/// Nothing is fetched from elsewhere. Links that a reader follows are no requests.
fn origins(page: &Page) -> Vec<Finding> {
    let fetched = |tag: &Tag| -> Vec<String> {
        let names: &[&str] = match tag.name.as_str() {
            "a" | "area" | "form" => &[],
            "link"
                if tag.get("rel").is_some_and(|rel| {
                    ["canonical", "alternate", "prev", "next", "author", "license"].contains(&rel)
                }) =>
            {
                &[]
            }
            "link" => &["href"],
            "img" | "source" | "video" | "audio" | "iframe" | "script" | "embed" | "track" | "input" => {
                &["src", "srcset", "poster"]
            }
            "object" => &["data"],
            "image" | "use" => &["href", "xlink:href"],
            _ => &[],
        };
        names.iter().filter_map(|name| tag.get(name)).map(str::to_string).collect()
    };
    let base = &page.world.site.config.base_url;
    let is_outside = |address: &String| {
        address
            .split(',')
            .map(str::trim)
            .any(|one| (one.starts_with("//") || one.contains("://")) && !one.starts_with(base.as_str()))
    };
    let outside = page.starts().filter_map(|tag| Some((tag, fetched(tag).into_iter().find(is_outside)?)));
    outside.map(|(tag, address)| finding("theme-external", tag.text, address)).collect()
}

/// Nothing that a strict Content-Security-Policy forbids: scripts and styles in the page, handlers in attributes.
fn inline(page: &Page) -> Vec<Finding> {
    let is_data = |tag: &Tag| tag.get("type").is_some_and(|kind| kind.contains("json"));
    let is_wrong = |tag: &&Tag| {
        let is_script = tag.name == "script" && tag.get("src").is_none() && !is_data(tag);
        let is_handler = |(name, _): &(String, &str)| name.starts_with("on") && name.len() > 2;
        let is_code = |(_, value): &(String, &str)| value.trim_start().to_ascii_lowercase().starts_with("javascript:");
        // Inside of SVG pictures styles are attributes of their own, and those of `style` are blocked as well.
        is_script
            || tag.name == "style"
            || tag.get("style").is_some()
            || tag.attributes.iter().any(|a| is_handler(a) || is_code(a))
    };
    page.starts().filter(is_wrong).map(|tag| finding("theme-inline", tag.text, tag.text)).collect()
}

/// What is HTML stays HTML, and what is text stays text: a body that shows its tags was escaped twice, a title that opens a
/// tag was not escaped.
fn escapes(page: &Page) -> Vec<Finding> {
    let mut found = Vec::new();
    if page.html.contains("&lt;strong&gt;契约") || page.html.contains("&lt;p&gt;") || page.html.contains("&amp;lt;") {
        found.push(finding("theme-escaped-twice", "", "&lt;p&gt;"));
    }
    if let Some(tag) = page.tags.iter().find(|tag| tag.name == "契约" || tag.name == "contract") {
        found.push(finding("theme-not-escaped", "", tag.text));
    }
    found
}

/// 《政府网站发展指引》 附件 网页标签规范: tags of the site on every page, of the column on lists and documents, of the article
/// on documents with a date.
fn meta(page: &Page) -> Vec<Finding> {
    let organisation = &page.world.site.config.organisation;
    let mut wanted: Vec<(&str, Option<&str>)> =
        vec![("SiteName", None), ("SiteDomain", None), ("SiteIDCode", Some(&organisation.site_code))];
    if matches!(page.kind, Kind::List | Kind::Document) {
        wanted.extend(["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"].map(|name| (name, None)));
    }
    if let Some(own) = page.document.filter(|own| own.date().is_some()) {
        wanted.extend(["PubDate", "ContentSource", "Keywords", "Description", "Url"].map(|name| (name, None)));
        if !own.title().contains(['<', '&', '"']) {
            wanted.push(("ArticleTitle", Some(own.title())));
        }
    }
    let is_missing = |(name, value): &(&str, Option<&str>)| {
        let found = page.meta(name).map(str::trim);
        found.is_none_or(|found| found.is_empty() && *name != "Keywords")
            || value.is_some_and(|value| found != Some(value))
    };
    wanted
        .into_iter()
        .filter(is_missing)
        .map(|(name, _)| finding("theme-meta", "", format!("<meta name=\"{name}\">")))
        .collect()
}

/// What 《政府网站发展指引》 wants at the foot of every page: the office, how to reach it, its numbers, the site map and the two
/// marks.
fn footer(page: &Page) -> Vec<Finding> {
    if page.kind == Kind::Bare {
        return Vec::new();
    }
    let config = &page.world.site.config;
    let organisation = &config.organisation;
    let texts = [
        ("主办单位", &organisation.sponsor),
        ("承办单位", &organisation.operator),
        ("联系方式", &organisation.phone),
        ("网站标识码", &organisation.site_code),
        ("ICP备案号", &organisation.icp),
        ("公安备案号", &organisation.police),
    ];
    let body = page.html.find("<body").map_or("", |at| &page.html[at..]);
    let mut found: Vec<Finding> = texts
        .iter()
        .filter(|(_, text)| !body.contains(text.as_str()))
        .map(|(name, _)| finding("theme-footer", "", name))
        .collect();
    let links = |target: &str| page.starts().any(|tag| tag.name == "a" && tag.get("href") == Some(target));
    for link in config.links.iter().filter(|link| !link.role.is_empty() && !links(&link.url)) {
        found.push(finding("theme-footer", "", &link.name));
    }
    let map = page.world.theme.settings.get("sitemap_url").and_then(serde_json::Value::as_str).unwrap_or("/archive/");
    if !links(&href(config, &Url::new(map))) && !links(map) {
        found.push(finding("theme-footer", "", "网站地图"));
    }
    found
}
