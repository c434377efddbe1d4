//! The values that the template of a job sees, all but those that every page sees.
//!
//! In comes a job and the `Index`; out comes the template's name and its context. Whatever an input comes to depend on must
//! become part of its `key`.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Value};

use crate::catalogue::Format;
use crate::document::Document;
use crate::file::Url;
use crate::link::permalink;
use crate::plan::{Job, Period, Recipe};
use crate::site::{Catalogue, Order, PageId, Part, Shelf};
use crate::view::{Current, ListView, Named, SectionView, Titled, World, list_url, taxonomy_title};

use super::Index;
use super::fields::Fields;

/// What a template gets.
pub(super) struct Input<'a> {
    /// Its name.
    pub(super) template: String,
    /// Its variables, but for `whole`.
    context: Context,
    /// One more variable, to which the body is added: it becomes a value only once, because that costs as much as to fill it.
    whole: Option<(&'static str, Fields)>,
    /// What it is about, for errors.
    pub(super) document: String,
    /// The variable into which the body of this document goes as `content`; `content` is a variable itself.
    pub(super) content: Option<(&'static str, Option<&'a Document>)>,
}

impl<'a> Input<'a> {
    fn new(template: &str, document: impl ToString) -> Input<'a> {
        Input {
            template: template.to_string(),
            context: Context::new(),
            whole: None,
            document: document.to_string(),
            content: None,
        }
    }

    fn with<T: Serialize>(mut self, name: &'static str, value: &T) -> Input<'a> {
        self.context.insert(name, value);
        self
    }

    fn value(mut self, name: &'static str, value: Value) -> Input<'a> {
        self.context.insert_value(name, value);
        self
    }

    fn whole(mut self, name: &'static str, value: Fields) -> Input<'a> {
        self.whole = Some((name, value));
        self
    }

    fn content(mut self, name: &'static str, document: Option<&'a Document>) -> Input<'a> {
        self.content = Some((name, document));
        self
    }

    /// A variable that does not depend on a body.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.context.get(name)
    }

    /// All variables; `content` where there is a place for it.
    pub(super) fn into_context(self, content: Option<Value>) -> Context {
        let Input { mut context, mut whole, content: place, .. } = self;
        match (place, content) {
            (Some(("content", _)), Some(content)) => context.insert_value("content", content),
            (Some((name, _)), Some(content)) => {
                whole = whole.map(|(own, fields)| match own == name {
                    true => (own, fields.with("content", content)),
                    false => (own, fields),
                });
            }
            _ => {}
        }
        if let Some((name, fields)) = whole {
            context.insert_value(name, fields.into_value());
        }
        context
    }
}

/// Which documents of a list one output shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Extent {
    /// Those of this page, from 1.
    Page(usize),
    /// All of them.
    All,
}

impl Extent {
    /// The number of the page, and how many documents a page has.
    pub(super) fn of(self, ids: &[PageId], page_size: usize) -> (usize, usize) {
        match self {
            Extent::Page(number) => (number, page_size),
            Extent::All => (1, ids.len().max(1)),
        }
    }
}

/// A form other than HTML is not paged.
pub(super) fn extent(job: &Job, number: usize) -> Extent {
    if matches!(job.recipe, Recipe::Form(..)) { Extent::All } else { Extent::Page(number) }
}

/// The input of this job; one without a template for what has none.
pub(super) fn input<'a>(index: &'a Index, job: &Job) -> Input<'a> {
    let Recipe::Form(of, ending) = &job.recipe else { return made(index, job, &job.recipe) };
    let mut input = made(index, job, of);
    input.template = format!("{}.{ending}", input.template.trim_end_matches(".html"));
    input
}

fn made<'a>(index: &'a Index, job: &Job, recipe: &Recipe) -> Input<'a> {
    let world = index.world();
    match recipe {
        Recipe::Home => home(world),
        Recipe::Section(id, number) => section(index, *id, extent(job, *number)),
        Recipe::Document(id) => document(index, *id),
        Recipe::Taxonomy(id) => taxonomy(world, *id),
        Recipe::Term(taxonomy, id, number) => term(index, *taxonomy, *id, extent(job, *number)),
        Recipe::Archive(period, number) => archive_page(index, *period, *number),
        Recipe::Catalogue(shelf, order, number) => catalogue(world, *shelf, *order, *number),
        Recipe::NotFound => simple(world, "404", "404.html", "/404.html"),
        Recipe::Redirect { title, to } => redirect(world, job, title, to),
        Recipe::Template { template, values, current } | Recipe::Kit { template, values, current, .. } => {
            let input = Input::new(template, &job.path).with("current", current);
            values.iter().fold(input, |input, (name, value)| input.with(name, &**value))
        }
        Recipe::Form(..)
        | Recipe::Feed(..)
        | Recipe::CatalogueData(_)
        | Recipe::Sitemap(_)
        | Recipe::Robots
        | Recipe::Search(_)
        | Recipe::Bytes(_)
        | Recipe::Pieces(_)
        | Recipe::Slide(_)
        | Recipe::Copy(_)
        | Recipe::Cleaned(_)
        | Recipe::Picture(..) => Input::new("", &job.path),
    }
}

fn word(world: &World, key: &str) -> String {
    world.theme.strings.get(key).cloned().unwrap_or_else(|| key.to_string())
}

fn current(world: &World, template: &str, title: &str, url: &Url) -> Current {
    Current {
        template: template.to_string(),
        title: title.to_string(),
        url: world.href(url),
        permalink: permalink(&world.site.config, url),
        description: world.site.config.description.clone(),
        keywords: Vec::new(),
        breadcrumbs: Vec::new(),
        feed: world.atom("site", &Url::new("/")),
        languages: world.languages(&[]),
        ..Current::default()
    }
}

fn simple<'a>(world: &World, name: &str, template: &str, url: &str) -> Input<'a> {
    let title = word(world, "not_found");
    let url = Url::new(url);
    let last = Titled { title: title.clone(), url: world.href(&url) };
    let current = Current { breadcrumbs: world.breadcrumbs(None, Some(last)), ..current(world, name, &title, &url) };
    Input::new(template, url).with("current", &current)
}

fn home(world: &World) -> Input<'_> {
    let mut current = current(world, "home", "", &Url::new("/"));
    current.translations = world.editions.homes();
    current.forms = world.forms(&Url::new("/"), "home.html");
    let section = &world.site.sections[0];
    if let Some(summary) = section.document.as_ref().and_then(|d| d.front.summary.clone()) {
        current.description = summary;
    }
    Input::new("home.html", "/").with("current", &current).content("content", section.document.as_deref())
}

fn document(index: &Index, id: PageId) -> Input<'_> {
    let world = index.world();
    let page = &world.site.pages[id];
    let front = &page.document.front;
    let view = world.page(id);
    let template = world.page_template(id);
    let last = Titled { title: front.title.clone(), url: world.href(&page.url) };
    let section = &world.site.sections[page.section];
    let translations = world.translations(&page.document.path);
    let image = world.page_image(id);
    // All of it: what the others begin with costs too much to be thrown away for every document.
    let current = Current {
        template: "page".to_string(),
        title: front.title.clone(),
        url: world.href(&page.url),
        permalink: view.permalink.clone(),
        description: view.description.clone(),
        keywords: front.topics.iter().chain(&front.tags).cloned().collect(),
        breadcrumbs: world.breadcrumbs(Some(page.section), Some(last)),
        feed: world.atom("sections", &section.url),
        image: image.as_ref().map(|(url, _)| url.clone()),
        image_size: image.and_then(|(_, size)| size),
        languages: world.languages(&translations),
        translations,
        untranslated: world.original(&page.document.path),
        noindex: front.noindex,
        forms: world.forms(&page.url, &template),
    };
    Input::new(&template, &page.document.path)
        .with("current", &current)
        .whole("page", index.page(id, &view))
        .content("page", Some(&page.document))
}

/// Puts the items of a list in as shared values.
fn with_list<'a>(index: &Index, input: Input<'a>, list: &ListView, ids: &[PageId]) -> Input<'a> {
    let items: Vec<Value> = ids.iter().map(|id| index.summary(*id)).collect();
    input.whole("list", Fields::of(list).with("items", items))
}

/// The part of a list that page `number` shows.
pub(super) fn slice(ids: &[PageId], page_size: usize, number: usize) -> &[PageId] {
    let start = ((number - 1) * page_size).min(ids.len());
    &ids[start..(start + page_size).min(ids.len())]
}

fn section(index: &Index, id: usize, extent: Extent) -> Input<'_> {
    let world = index.world();
    let section = &world.site.sections[id];
    let (number, page_size) = extent.of(&section.pages, section.page_size);
    let template = world.section_template(id);
    let view = world.section(section);
    let url = list_url(&section.url, number);
    let mut list =
        world.list(&section.title, &view.entry.section.summary, &section.url, &section.pages, page_size, number);
    list.kind = section.kind;
    list.feeds = world.feeds("sections", &section.url);
    #[derive(Serialize)]
    struct OwnView<'a> {
        #[serde(flatten)]
        section: &'a SectionView,
        subsections: Vec<SectionView>,
    }
    let subsections = section.children.iter().map(|child| world.section(&world.site.sections[*child])).collect();
    let own = OwnView { section: &view, subsections };
    let translations = if number == 1 { world.section_translations(&section.name) } else { Vec::new() };
    let current = Current {
        description: view.entry.section.summary.clone(),
        keywords: view.entry.section.keywords.clone(),
        breadcrumbs: world.breadcrumbs(Some(id), None),
        feed: world.atom("sections", &section.url),
        languages: world.languages(&translations),
        translations,
        noindex: section.document.as_ref().is_some_and(|d| d.front.noindex),
        forms: world.forms(&section.url, &template),
        ..current(world, "section", &section.title, &url)
    };
    let input = Input::new(
        &template,
        section.document.as_ref().map_or_else(|| section.url.to_string(), |d| d.path.to_string()),
    )
    .with("current", &current)
    .with("section", &own)
    .content("list", section.document.as_deref());
    with_list(index, input, &list, slice(&section.pages, page_size, number))
}

fn taxonomy(world: &World, id: usize) -> Input<'_> {
    let taxonomy = &world.site.taxonomies[id];
    let title = taxonomy_title(taxonomy.name, &world.site.config.language);
    let url = Url::new(&format!("/{}/", taxonomy.name));
    let last = Titled { title: title.to_string(), url: world.href(&url) };
    #[derive(Serialize)]
    struct TermView {
        #[serde(flatten)]
        named: Named,
        count: usize,
    }
    #[derive(Serialize)]
    struct TaxonomyView {
        name: &'static str,
        title: &'static str,
        url: String,
        terms: Vec<TermView>,
    }
    let terms = taxonomy.terms.iter().map(|t| world.term(t)).map(|(named, count)| TermView { named, count }).collect();
    let view = TaxonomyView { name: taxonomy.name, title, url: world.href(&url), terms };
    let current =
        Current { breadcrumbs: world.breadcrumbs(None, Some(last)), ..current(world, "taxonomy", title, &url) };
    Input::new("taxonomy.html", url).with("current", &current).with("taxonomy", &view)
}

fn term(index: &Index, taxonomy: usize, id: usize, extent: Extent) -> Input<'_> {
    let world = index.world();
    let taxonomy = &world.site.taxonomies[taxonomy];
    let term = &taxonomy.terms[id];
    let (number, page_size) = extent.of(&term.pages, world.site.config.page_size);
    let title = taxonomy_title(taxonomy.name, &world.site.config.language);
    let url = list_url(&term.url, number);
    let mut list = world.list(&term.name, "", &term.url, &term.pages, page_size, number);
    let of = if taxonomy.name == "topics" { "topics" } else { "" };
    list.feeds = world.feeds(of, &term.url);
    let feed = world.atom(of, &term.url);
    let up = Titled { title: title.to_string(), url: world.href(&Url::new(&format!("/{}/", taxonomy.name))) };
    let mut breadcrumbs = world.breadcrumbs(None, Some(up.clone()));
    breadcrumbs.push(Titled { title: term.name.clone(), url: world.href(&term.url) });
    #[derive(Serialize)]
    struct TermView<'a> {
        taxonomy: Titled,
        taxonomy_name: &'a str,
        name: &'a str,
        url: String,
    }
    let view = TermView { taxonomy: up, taxonomy_name: taxonomy.name, name: &term.name, url: world.href(&term.url) };
    let current = Current {
        breadcrumbs,
        feed,
        keywords: vec![term.name.clone()],
        forms: world.forms(&term.url, "term.html"),
        ..current(world, "term", &term.name, &url)
    };
    let input = Input::new("term.html", &term.url).with("current", &current).with("term", &view);
    with_list(index, input, &list, slice(&term.pages, page_size, number))
}

#[derive(Serialize)]
struct ArchiveView {
    year: Option<i16>,
    month: Option<i8>,
}

/// All years with their months, newest first.
pub(super) fn years(world: &World, periods: &BTreeMap<Period, Vec<PageId>>) -> Value {
    #[derive(Serialize)]
    struct MonthView {
        month: i8,
        url: String,
        count: usize,
    }
    #[derive(Serialize)]
    struct YearView {
        year: i16,
        url: String,
        count: usize,
        months: Vec<MonthView>,
    }
    let mut years: BTreeMap<i16, YearView> = BTreeMap::new();
    // Years stand before their months; newest first.
    for (period, ids) in periods {
        if let Period::Year(year) = *period {
            let view = YearView { year, url: world.href(&period.url()), count: ids.len(), months: Vec::new() };
            years.insert(year, view);
        }
    }
    for (period, ids) in periods.iter().rev() {
        if let Period::Month(year, month) = *period
            && let Some(view) = years.get_mut(&year)
        {
            view.months.push(MonthView { month, url: world.href(&period.url()), count: ids.len() });
        }
    }
    Value::from_serializable(&years.into_values().rev().collect::<Vec<_>>())
}

fn archive_page(index: &Index, period: Period, number: usize) -> Input<'_> {
    let world = index.world();
    let page_size = world.site.config.page_size;
    let periods = index.archive();
    let ids: &[PageId] = periods.get(&period).map(Vec::as_slice).unwrap_or_default();
    let base = word(world, "archive");
    let title = match period {
        Period::All => base.clone(),
        Period::Year(year) => format!("{year}{}", word(world, "year_suffix")),
        Period::Month(year, month) if word(world, "month_suffix").is_empty() => format!("{year}-{month:02}"),
        Period::Month(year, month) => {
            format!("{year}{}{month}{}", word(world, "year_suffix"), word(world, "month_suffix"))
        }
    };
    let (year, month) = match period {
        Period::All => (None, None),
        Period::Year(year) => (Some(year), None),
        Period::Month(year, month) => (Some(year), Some(month)),
    };
    let url = list_url(&period.url(), number);
    let mut breadcrumbs = world.breadcrumbs(None, Some(Titled { title: base, url: world.href(&Period::All.url()) }));
    if period != Period::All {
        breadcrumbs.push(Titled { title: title.clone(), url: world.href(&period.url()) });
    }
    let list = world.list(&title, "", &period.url(), ids, page_size, number);
    let current = Current { breadcrumbs, ..current(world, "archive", &title, &url) };
    let view = Fields::of(&ArchiveView { year, month }).with("years", index.years().clone());
    let input = Input::new("archive.html", &url).with("current", &current).value("archive", view.into_value());
    with_list(index, input, &list, slice(ids, page_size, number))
}

fn catalogue(world: &World, shelf_id: usize, order: Order, number: usize) -> Input<'_> {
    let size = world.site.config.catalogue_page_size;
    let shelf = &world.site.catalogue.shelves[shelf_id];
    let root = Titled { title: word(world, "catalogue"), url: world.href(&Catalogue::url()) };
    let name = shelf_name(world, shelf);
    let title = match shelf.part {
        Part::All => root.title.clone(),
        _ => format!("{}{}{name}", root.title, word(world, "catalogue_of")),
    };
    // Every address has a title of its own.
    let by = word(world, &format!("catalogue_by_{}", order.name()));
    let full = if order == Order::Newest { title.clone() } else { format!("{title}{by}") };
    let mut breadcrumbs = world.breadcrumbs(None, Some(root));
    if shelf.part != Part::All {
        breadcrumbs.push(Titled { title: name, url: world.href(&shelf.url) });
    }
    let ids = shelf.pages(order);
    let list = world.list(&title, "", &shelf.url_by(order), ids, size, number);
    let is_first = shelf.part == Part::All && order == Order::Newest && number == 1;
    let translations = if is_first { world.catalogue_translations() } else { Vec::new() };
    let current = Current {
        breadcrumbs,
        description: word(world, "catalogue_intro"),
        languages: world.languages(&translations),
        translations,
        noindex: order != Order::Newest,
        ..current(world, "catalogue", &full, &list_url(&shelf.url_by(order), number))
    };
    let rows: Vec<_> = slice(ids, size, number).iter().filter_map(|id| world.record(*id)).collect();
    let view = Fields::of(&list).with("items", Value::from_serializable(&rows));
    Input::new("catalogue.html", &current.url)
        .with("current", &current)
        .with("catalogue", &catalogue_view(world, shelf_id, order))
        .value("list", view.into_value())
}

/// What a page of the catalogue says about itself and the other lists.
#[derive(Serialize)]
struct CatalogueView {
    part: &'static str,
    order: &'static str,
    orders: [Choice; Order::ALL.len()],
    all: Choice,
    categories: Vec<Choice>,
    years: Vec<Choice>,
    validities: Vec<Choice>,
    json: String,
    csv: String,
}

/// A link to another list or order.
#[derive(Serialize)]
struct Choice {
    name: String,
    url: String,
    current: bool,
}

fn catalogue_view(world: &World, shelf_id: usize, order: Order) -> CatalogueView {
    let shelves = &world.site.catalogue.shelves;
    let choice = |(id, shelf): (usize, &Shelf)| Choice {
        name: shelf_name(world, shelf),
        url: world.href(&shelf.url),
        current: id == shelf_id,
    };
    let of = |part: Part| shelves.iter().enumerate().filter(|(_, shelf)| shelf.part == part).map(choice).collect();
    let shelf = &shelves[shelf_id];
    CatalogueView {
        part: match shelf.part {
            Part::All => "all",
            Part::Category => "category",
            Part::Year => "year",
            Part::Validity => "validity",
        },
        order: order.name(),
        orders: Order::ALL.map(|other| Choice {
            name: other.name().to_string(),
            url: world.href(&shelf.url_by(other)),
            current: other == order,
        }),
        // The whole is the first shelf.
        all: choice((0, &shelves[0])),
        categories: of(Part::Category),
        years: of(Part::Year),
        validities: of(Part::Validity),
        json: world.href(&Format::Json.url()),
        csv: world.href(&Format::Csv.url()),
    }
}

fn shelf_name(world: &World, shelf: &Shelf) -> String {
    match shelf.part {
        Part::All => word(world, "catalogue_all"),
        Part::Category => shelf.name.clone(),
        Part::Year => format!("{}{}", shelf.name, word(world, "year_suffix")),
        Part::Validity => world.validity(&shelf.name),
    }
}

fn redirect<'a>(world: &World, job: &Job, title: &str, to: &Url) -> Input<'a> {
    let url = job.path.url();
    // Paths of outputs begin with the folder of the edition, URLs in it do not.
    let url = Url::new(url.as_str().strip_prefix(world.site.config.folder.as_str()).unwrap_or(url.as_str()));
    let mut current = current(world, "alias", title, &url);
    current.permalink = permalink(&world.site.config, to);
    Input::new("alias.html", url).with("current", &current).with("target", &world.href(to))
}
