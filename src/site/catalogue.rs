//! The disclosure catalogue (信息公开目录): which documents stand on which of its lists, in each order.
//!
//! 政府信息公开条例 wants a catalogue with index number, name, summary and date of everything that is published by itself. A
//! shelf is one of its lists: all of it, or one category, year or validity. Every order is made here, so that a reader can
//! sort without a script.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{PageId, Site};
use crate::document::Disclosure;
use crate::file::Url;
use crate::problem::Problem;
use crate::slug;

/// All lists of the catalogue: the whole first, then categories, years and validities; none when no document has a header.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// In the order in which pages name them.
    pub shelves: Vec<Shelf>,
}

/// One list of the catalogue.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// What its documents have in common.
    pub part: Part,
    /// The category, the year or the validity as written; empty for the whole.
    pub name: String,
    /// Where its first page is published.
    pub url: Url,
    /// By the position of the order.
    pages: [Vec<PageId>; Order::ALL.len()],
}

/// What the documents of a shelf have in common. The order is that of the shelves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Nothing: all of them.
    All,
    /// 组配分类
    Category,
    /// The year of 发文日期.
    Year,
    /// 有效性
    Validity,
}

/// An order of a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// By date, the newest first.
    Newest,
    /// By date, the oldest first.
    Oldest,
    /// By index number.
    Number,
    /// By title, as a dictionary has it: Chinese by pinyin.
    Name,
}

impl Order {
    /// All of them, the one at the address of the shelf itself first.
    pub const ALL: [Order; 4] = [Order::Newest, Order::Oldest, Order::Number, Order::Name];

    /// In URLs and templates.
    pub fn name(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Oldest => "oldest",
            Order::Number => "number",
            Order::Name => "name",
        }
    }
}

impl Catalogue {
    /// Where it is published.
    pub fn url() -> Url {
        Url::new("/disclosure/")
    }

    /// True when no document has a disclosure header.
    pub fn is_empty(&self) -> bool {
        self.shelves.is_empty()
    }

    /// All documents, newest first.
    pub fn newest(&self) -> &[PageId] {
        self.shelves.first().map_or(&[], |all| all.pages(Order::Newest))
    }

    /// The shelf of this category.
    pub fn category(&self, name: &str) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| shelf.part == Part::Category && shelf.name == name)
    }
}

impl Shelf {
    /// Its documents in this order.
    pub fn pages(&self, order: Order) -> &[PageId] {
        Order::ALL.iter().position(|other| *other == order).map_or(&[], |at| &self.pages[at])
    }

    /// Where its first page in this order is published.
    pub fn url_by(&self, order: Order) -> Url {
        match order {
            Order::Newest => self.url.clone(),
            other => Url::new(&format!("{}{}/", self.url, other.name())),
        }
    }
}

/// The validities in the order of shelves, and their names in URLs.
const VALIDITIES: [(&str, &str); 3] = [("有效", "valid"), ("失效", "expired"), ("废止", "repealed")];

/// Of the documents that the portal shows.
pub(super) fn catalogue(site: &Site, problems: &mut Vec<Problem>) -> Catalogue {
    let is_listed = |id: &PageId| site.config.catalogue && header(site, *id).is_some();
    let ids: Vec<PageId> = site.newest.iter().copied().filter(is_listed).collect();
    let mut shelves: BTreeMap<Place, Shelf> = BTreeMap::new();
    let categories = categories(site, &ids, problems);
    for (at, order) in Order::ALL.into_iter().enumerate() {
        for id in sorted(site, &ids, order) {
            for (place, name) in places(site, id, &categories) {
                let shelf = shelves.entry(place).or_insert_with_key(|place| place.shelf(name));
                shelf.pages[at].push(id);
            }
        }
    }
    Catalogue { shelves: shelves.into_values().collect() }
}

fn header(site: &Site, id: PageId) -> Option<&Disclosure> {
    site.pages[id].document.front.disclosure.as_deref()
}

/// By category: its name in URLs. Two categories that would get the same one are a problem.
fn categories<'a>(site: &'a Site, ids: &[PageId], problems: &mut Vec<Problem>) -> BTreeMap<&'a str, String> {
    let mut categories: BTreeMap<&str, String> = BTreeMap::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for id in ids {
        let Some(category) = header(site, *id).map(|header| header.category.as_str()) else { continue };
        if category.is_empty() || categories.contains_key(category) {
            continue;
        }
        let part = slug::slug(category, &site.config.pinyin);
        if let Some(other) = taken.insert(part.clone(), category) {
            let problem = Problem::new("duplicate-term").with("a", other).with("b", category).with("slug", &part);
            problems.push(problem.in_file(&site.pages[*id].document.path));
        }
        categories.insert(category, part);
    }
    categories
}

/// Where a shelf stands among the others of its part: the newest year first, categories by their names in URLs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    part: Part,
    rank: i32,
    slug: String,
}

impl Place {
    fn new(part: Part, rank: i32, slug: impl ToString) -> Place {
        Place { part, rank, slug: slug.to_string() }
    }

    fn shelf(&self, name: String) -> Shelf {
        let below = match self.part {
            Part::All => String::new(),
            Part::Category => format!("category/{}/", self.slug),
            Part::Year => format!("year/{}/", self.slug),
            Part::Validity => format!("validity/{}/", self.slug),
        };
        Shelf {
            part: self.part,
            name,
            url: Url::new(&format!("{}{below}", Catalogue::url())),
            pages: Default::default(),
        }
    }
}

/// The shelves on which a document stands, and their names.
fn places(site: &Site, id: PageId, categories: &BTreeMap<&str, String>) -> Vec<(Place, String)> {
    let mut places = vec![(Place::new(Part::All, 0, ""), String::new())];
    let header = header(site, id);
    let category = header.map_or("", |header| &header.category);
    places.extend(categories.get(category).map(|slug| (Place::new(Part::Category, 0, slug), category.to_string())));
    places.extend(site.pages[id].date().map(|date| {
        let year = date.year();
        (Place::new(Part::Year, -i32::from(year), year), year.to_string())
    }));
    let validity = header.map_or("", |header| &header.validity);
    let known = VALIDITIES.iter().zip(0..).find(|((word, _), _)| *word == validity);
    places.extend(known.map(|((word, slug), rank)| (Place::new(Part::Validity, rank, slug), (*word).to_string())));
    places
}

/// The documents in this order; `ids` are the newest first. What has no date or no number comes last.
fn sorted(site: &Site, ids: &[PageId], order: Order) -> Vec<PageId> {
    let mut sorted = ids.to_vec();
    match order {
        Order::Newest => {}
        Order::Oldest => sorted.sort_by_key(|id| {
            let date = site.pages[*id].document.front.date.map(|moment| moment.at);
            (date.is_none(), date)
        }),
        Order::Number => sorted.sort_by_key(|id| {
            let number = header(site, *id).map_or("", |header| header.index_number.as_str());
            (number.is_empty(), number)
        }),
        Order::Name => sorted.par_sort_by_cached_key(|id| {
            let title = site.pages[*id].title();
            (slug::slug(title, &site.config.pinyin), title)
        }),
    }
    sorted
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::document::parse;
    use crate::file::{Source, Sources};
    use crate::site::{Input, build};

    /// A site of notices with these headers: file name, title, date, lines of the header.
    fn site(notices: &[(&str, &str, &str, &str)]) -> (Site, Vec<Problem>) {
        let config = Arc::new(Config::default());
        let mut documents: Vec<_> = notices
            .iter()
            .map(|(name, title, date, header)| {
                let text = format!("+++\ntitle = \"{title}\"\ndate = {date}\n[disclosure]\n{header}\n+++\n\n正文。\n");
                let source = Source::from_text(&format!("content/notices/{name}.md"), &text);
                Arc::new(parse(&source, &config))
            })
            .collect();
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        build(&Input { config, documents: &documents, sources: &Sources::default(), now, drafts: false })
    }

    fn titles(site: &Site, url: &str, order: Order) -> Vec<String> {
        let shelf = site.catalogue.shelves.iter().find(|shelf| shelf.url.as_str() == url).unwrap();
        shelf.pages(order).iter().map(|id| site.pages[*id].title().to_string()).collect()
    }

    const THREE: [(&str, &str, &str, &str); 3] = [
        ("a", "重庆来访", "2026-03-01", "index_number = \"2\"\ncategory = \"通知\"\nvalidity = \"有效\""),
        ("b", "安全检查", "2025-03-01", "index_number = \"10\"\ncategory = \"规章\"\nvalidity = \"废止\""),
        ("c", "用水通知", "2026-02-01", "category = \"通知\""),
    ];

    #[test]
    fn each_order_of_a_shelf_is_its_own() {
        let (site, _) = site(&THREE);
        assert_eq!(titles(&site, "/disclosure/", Order::Newest), ["重庆来访", "用水通知", "安全检查"]);
        assert_eq!(titles(&site, "/disclosure/", Order::Oldest), ["安全检查", "用水通知", "重庆来访"]);
        // By text, as the numbers of one scheme have the same length; what has none is last.
        assert_eq!(titles(&site, "/disclosure/", Order::Number), ["安全检查", "重庆来访", "用水通知"]);
        // 重 is read chóng here.
        assert_eq!(titles(&site, "/disclosure/", Order::Name), ["安全检查", "重庆来访", "用水通知"]);
        assert_eq!(titles(&site, "/disclosure/category/tong-zhi/", Order::Oldest), ["用水通知", "重庆来访"]);
    }

    #[test]
    fn a_document_stands_on_the_shelves_of_what_its_header_says() {
        let (site, _) = site(&THREE);
        let urls: Vec<&str> = site.catalogue.shelves.iter().map(|shelf| shelf.url.as_str()).collect();
        let expected = [
            "/disclosure/",
            "/disclosure/category/gui-zhang/",
            "/disclosure/category/tong-zhi/",
            "/disclosure/year/2026/",
            "/disclosure/year/2025/",
            "/disclosure/validity/valid/",
            "/disclosure/validity/repealed/",
        ];
        assert_eq!(urls, expected);
    }

    #[test]
    fn what_is_not_open_to_everybody_is_on_no_shelf() {
        let (site, _) = site(&[("a", "甲", "2026-03-01", "openness = \"依申请公开\"")]);
        assert!(site.catalogue.is_empty());
    }

    #[test]
    fn two_categories_with_one_address_are_a_problem() {
        let (_, problems) =
            site(&[("a", "甲", "2026-03-01", "category = \"公示\""), ("b", "乙", "2026-03-02", "category = \"公式\"")]);
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["duplicate-term"]);
    }
}
