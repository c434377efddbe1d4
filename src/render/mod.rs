//! One `Job` → bytes. Tera lives here and nowhere else.
//!
//! A template sees the view of its page and may ask the `Index` further questions; each question is written down with the
//! hash of its answer, so that the memo knows when the same bytes would come out again. A template error is a Problem with
//! template, line, column and the document that was being rendered.

mod body;
mod functions;
mod index;

use std::sync::Arc;

use serde::Serialize;
use tera::{Context, ErrorKind, Tera, Value};

use crate::feed::{Channel, feed, robots, sitemap, sitemap_index};
use crate::file::{Hash, SourcePath, Url};
use crate::link::{nearest, permalink};
use crate::plan::{Job, Period, Recipe, Scope, archive, sitemap_part, sitemap_parts, sitemap_urls};
use crate::problem::{Place, Problem};
use crate::site::PageId;
use crate::slide::SlideInput;
use crate::theme::{LAYERS, Theme};
use crate::view::{Current, Feeds, ListView, Named, SectionView, Titled, World, taxonomy_title};

pub use index::{Index, Question};

/// The templates of a theme, parsed.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
    theme: Arc<Theme>,
}

/// What came of a job.
#[derive(Debug)]
pub struct Rendered {
    /// The bytes, or the file to copy.
    pub output: Output,
    /// What the template asked, with the hash of each answer.
    pub questions: Vec<(Question, Hash)>,
}

/// Bytes, or where they are.
#[derive(Debug)]
pub enum Output {
    /// Made here.
    Bytes(Arc<[u8]>),
    /// To be copied from this source.
    Copy(SourcePath),
}

impl Engine {
    /// Parses all templates at once (each addition checks the whole set again).
    pub fn new(theme: Arc<Theme>) -> Result<Engine, Vec<Problem>> {
        let mut tera = Tera::new();
        tera.autoescape_on(vec![".html", ".xml", ".svg"]);
        functions::register(&mut tera);
        // Before any template is added, a fallback prefix cannot be refused.
        tera.set_fallback_prefixes(LAYERS).map_err(|error| template_problems(&theme, &error, "", "", None))?;
        let templates = theme.templates.iter().map(|(name, template)| (name.as_str(), &*template.text));
        match tera.add_raw_templates(templates) {
            Ok(()) => Ok(Engine { tera, theme }),
            Err(error) => Err(template_problems(&theme, &error, "", "", None)),
        }
    }

    /// The theme that the templates are of.
    pub fn theme(&self) -> &Arc<Theme> {
        &self.theme
    }

    /// Renders one template with this context.
    pub fn template(&self, name: &str, context: &Context, document: &str) -> Result<String, Vec<Problem>> {
        if self.theme.template(name).is_none() {
            let near = nearest(name, self.theme.template_names().into_iter());
            let place = Place::file(&SourcePath::new(document));
            return Err(vec![Problem::new("missing-template").with("template", name).with("near", near).at(place)]);
        }
        self.tera
            .render(name, context)
            .map_err(|error| template_problems(&self.theme, &error, name, document, Some(context)))
    }
}

/// Names that a template error lists as being in scope.
const SCOPE: [&str; 14] = [
    "page",
    "list",
    "section",
    "term",
    "taxonomy",
    "archive",
    "directive",
    "image",
    "slide",
    "screen",
    "content",
    "current",
    "site",
    "theme",
];

fn template_problems(
    theme: &Theme,
    error: &tera::Error,
    name: &str,
    document: &str,
    context: Option<&Context>,
) -> Vec<Problem> {
    match error.kind() {
        // What is wrong between templates (a block without a parent, an unknown filter) comes as one text of reports.
        ErrorKind::Msg(text) if text.contains("\n") && text.starts_with("error: ") => {
            text.split("\n\n").filter_map(|report| reported(theme, report)).collect()
        }
        _ => vec![template_problem(theme, error, name, document, context)],
    }
}

/// A problem from Tera's report: `error: REASON`, then `--> FILE:LINE:COLUMN`.
fn reported(theme: &Theme, report: &str) -> Option<Problem> {
    let (first, rest) = report.strip_prefix("error: ")?.split_once('\n')?;
    let place = rest.trim_start().strip_prefix("--> ")?.lines().next()?;
    let mut parts = place.rsplitn(3, ':');
    let column: usize = parts.next()?.parse().ok()?;
    let line: usize = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let problem =
        Problem::new("template-error").with("template", plain(name)).with("reason", first.trim_end_matches('.'));
    let Some(template) = theme.templates.get(name) else { return Some(problem) };
    let start: usize = template.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let inside: usize = template.text[start..].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let at = start + inside;
    let end = template.text[at..].find(['\n', '}']).map_or(template.text.len(), |found| at + found);
    Some(problem.at(Place::of_span(&template.path, &template.text, at, end)))
}

fn template_problem(
    theme: &Theme,
    error: &tera::Error,
    name: &str,
    document: &str,
    context: Option<&Context>,
) -> Problem {
    let scope = context.map_or(String::new(), |c| {
        SCOPE
            .into_iter()
            .filter(|name| c.contains_key(name) || matches!(*name, "site" | "theme"))
            .collect::<Vec<_>>()
            .join("、")
    });
    let problem = Problem::new("template-error").with("document", document).with("scope", scope);
    let file = |name: &str| theme.templates.get(name).or_else(|| theme.template(name));
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let reason = report.message().trim_end_matches('.').to_string();
            let problem = problem.with("template", plain(report.filename())).with("reason", reason);
            match file(report.filename()) {
                Some(template) => {
                    let range = report.span().range.clone();
                    problem.at(Place::of_span(&template.path, &template.text, range.start, range.end))
                }
                None => problem,
            }
        }
        ErrorKind::MissingParent { current, parent } => {
            let problem = problem
                .with("template", plain(current))
                .with("reason", format!("extends {parent}, which does not exist"));
            match file(current) {
                Some(template) => problem.in_file(&template.path),
                None => problem,
            }
        }
        other => {
            let problem = problem.with("template", plain(name)).with("reason", other);
            match file(name) {
                Some(template) => problem.in_file(&template.path),
                None => problem,
            }
        }
    }
}

fn plain(name: &str) -> &str {
    LAYERS.iter().find_map(|layer| name.strip_prefix(layer)).unwrap_or(name)
}

/// The SVG of a slide. `photo` is the picture that it shows, as a data URI.
pub fn slide(engine: &Engine, input: &SlideInput, photo: Option<&str>) -> Result<String, Vec<Problem>> {
    let mut context = Context::new();
    context.insert("slide", input);
    context.insert("photo", &photo);
    let document = input.photo.as_ref().map_or(input.template.as_str(), |photo| photo.asset.as_str());
    engine.template(&input.template, &context, document)
}

/// A template's whole input: its name, the values it gets, and the hash of all of them.
struct Input {
    template: String,
    context: Context,
    /// Hashes of the parts; `fingerprint` is made of them.
    parts: Vec<Hash>,
    /// What it is about, for errors.
    document: String,
    /// A body to render into a value before the template itself.
    body: Option<BodyOf>,
}

enum BodyOf {
    /// `page.content`
    Page(PageId),
    /// `list.content` or `content`
    Section(usize, &'static str),
}

impl Input {
    fn new(template: &str, document: impl ToString) -> Input {
        Input {
            template: template.to_string(),
            context: Context::new(),
            parts: vec![Hash::of(template.as_bytes())],
            document: document.to_string(),
            body: None,
        }
    }

    fn with<T: Serialize>(mut self, name: &'static str, value: &T) -> Input {
        self.parts.push(Hash::of_value(value));
        self.context.insert(name, value);
        self
    }

    fn body(mut self, hash: Hash, body: BodyOf) -> Input {
        self.parts.push(hash);
        self.body = Some(body);
        self
    }
}

/// The hash of everything that the bytes of this job depend on, except the answers to its template's questions.
pub fn fingerprint(index: &Index, job: &Job) -> Hash {
    match &job.recipe {
        Recipe::Bytes(bytes) => Hash::of(bytes),
        Recipe::Copy(source) => index.source_hash(source),
        // Feeds, sitemap and robots are quicker to make than to compare.
        Recipe::Feed(..) | Recipe::Sitemap(_) | Recipe::Robots => Hash::of(&text(index.world(), &job.recipe)),
        _ => {
            let input = input(index, job);
            let parts = input.parts.iter().map(|hash| hash.0.as_slice());
            Hash::of_parts(parts.chain([index.base_hash().0.as_slice()]))
        }
    }
}

/// The name of the template that renders this job; none for feeds, copies and ready bytes.
pub fn template_of(index: &Index, job: &Job) -> Option<String> {
    Some(input(index, job).template).filter(|name| !name.is_empty())
}

/// Makes the bytes of a job.
pub fn render(engine: &Engine, index: &Arc<Index>, job: &Job) -> Result<Rendered, Vec<Problem>> {
    let bytes = |bytes: Vec<u8>| Rendered { output: Output::Bytes(bytes.into()), questions: Vec::new() };
    match &job.recipe {
        Recipe::Bytes(ready) => Ok(Rendered { output: Output::Bytes(ready.clone()), questions: Vec::new() }),
        Recipe::Copy(source) => Ok(Rendered { output: Output::Copy(source.clone()), questions: Vec::new() }),
        Recipe::Feed(..) | Recipe::Sitemap(_) | Recipe::Robots => Ok(bytes(text(index.world(), &job.recipe))),
        _ => {
            let (html, questions) = functions::with_index(index, || page(engine, index, job));
            html.map(|html| Rendered { output: Output::Bytes(html.into_bytes().into()), questions })
        }
    }
}

fn page(engine: &Engine, index: &Arc<Index>, job: &Job) -> Result<String, Vec<Problem>> {
    let mut input = input(index, job);
    let world = index.world();
    match input.body.take() {
        None => {}
        Some(BodyOf::Page(id)) => {
            let document = &world.site.pages[id].document;
            let html = body::html(engine, world, document)?;
            let page = input.context.remove("page").and_then(Value::into_map).unwrap_or_default();
            let mut page = page;
            page.insert("content".into(), Value::safe_string(&html));
            let qr = qr(&permalink(&world.site.config, &world.site.pages[id].url));
            page.insert("qr".into(), Value::safe_string(&qr));
            input.context.insert_value("page", page.into());
        }
        Some(BodyOf::Section(id, name)) => {
            let html = match &world.site.sections[id].document {
                Some(document) => body::html(engine, world, document)?,
                None => String::new(),
            };
            if name == "content" {
                input.context.insert_value("content", Value::safe_string(&html));
            } else {
                let mut list = input.context.remove(name).and_then(Value::into_map).unwrap_or_default();
                list.insert("content".into(), Value::safe_string(&html));
                input.context.insert_value(name, list.into());
            }
        }
    }
    input.context.insert_value("site", index.site_value().clone());
    input.context.insert_value("theme", index.theme_value().clone());
    engine.template(&input.template, &input.context, &input.document)
}

/// The page's address as an inline SVG, one unit a module, without the quiet zone's background.
fn qr(address: &str) -> String {
    use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};
    // An address over the capacity of a QR code (2,953 bytes) has none.
    fast_qr::QRBuilder::new(address)
        .build()
        .map_or(String::new(), |code| SvgBuilder::default().shape(Shape::Square).margin(2).to_str(&code))
}

fn input(index: &Index, job: &Job) -> Input {
    let world = index.world();
    match &job.recipe {
        Recipe::Home => home(world),
        Recipe::Section(id, number) => section(index, *id, *number),
        Recipe::Document(id) => document(world, *id),
        Recipe::Taxonomy(id) => taxonomy(world, *id),
        Recipe::Term(taxonomy, id, number) => term(index, *taxonomy, *id, *number),
        Recipe::Archive(period, number) => archive_page(index, *period, *number),
        Recipe::NotFound => simple(world, "404", "404.html", "/404.html"),
        Recipe::Alias(id) => alias(world, *id),
        Recipe::Template { template, values, current } => {
            let input = Input::new(template, &job.path).with("current", current);
            values.iter().fold(input, |input, (name, value)| input.with(name, &**value))
        }
        Recipe::Feed(..) | Recipe::Sitemap(_) | Recipe::Robots | Recipe::Bytes(_) | Recipe::Copy(_) => {
            Input::new("", &job.path)
        }
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
        feed: world.href(&Url::new("/feed.xml")),
        image: None,
    }
}

fn simple(world: &World, name: &str, template: &str, url: &str) -> Input {
    let title = word(world, "not_found");
    let url = Url::new(url);
    let last = Titled { title: title.clone(), url: world.href(&url) };
    let current = Current { breadcrumbs: world.breadcrumbs(None, Some(last)), ..current(world, name, &title, &url) };
    Input::new(template, url).with("current", &current)
}

fn home(world: &World) -> Input {
    let mut current = current(world, "home", "", &Url::new("/"));
    let section = &world.site.sections[0];
    let hash = section.document.as_ref().map_or(Hash::default(), |d| body_hash(world, d));
    if let Some(summary) = section.document.as_ref().and_then(|d| d.front.summary.clone()) {
        current.description = summary;
    }
    Input::new("home.html", "/").with("current", &current).body(hash, BodyOf::Section(0, "content"))
}

fn body_hash(world: &World, document: &crate::document::Document) -> Hash {
    let targets = world.links.bodies.get(&document.path).map(|targets| Hash::of_value(&**targets)).unwrap_or_default();
    Hash::of_parts([document.hash.0.as_slice(), targets.0.as_slice()])
}

fn document(world: &World, id: PageId) -> Input {
    let page = &world.site.pages[id];
    let front = &page.document.front;
    let view = world.page(id);
    let last = Titled { title: front.title.clone(), url: view.summary.url.clone() };
    let section = &world.site.sections[page.section];
    let absolute = |url: &str| {
        format!(
            "{}{}",
            world.site.config.base_url,
            url.strip_prefix(crate::link::base_path(&world.site.config)).unwrap_or(url)
        )
    };
    let current = Current {
        description: view.description.clone(),
        keywords: front.topics.iter().chain(&front.tags).cloned().collect(),
        breadcrumbs: world.breadcrumbs(Some(page.section), Some(last)),
        feed: world.href(&Url::new(&format!("{}feed.xml", section.url))),
        image: view.summary.image.as_ref().or(view.summary.slide.as_ref()).map(|p| absolute(&p.url)),
        ..current(world, "page", &front.title, &page.url)
    };
    let by_section = section.document.as_ref().and_then(|d| d.front.section.page_template.clone());
    let by_kind = || format!("{}.html", front.kind.as_str());
    let template = front.template.clone().or(by_section).unwrap_or_else(by_kind);
    Input::new(&template, &page.document.path)
        .with("current", &current)
        .with("page", &view)
        .body(body_hash(world, &page.document), BodyOf::Page(id))
}

/// Puts the items of a list in as shared values.
fn with_list(index: &Index, mut input: Input, list: &ListView, ids: &[PageId]) -> Input {
    let mut view = Value::from_serializable(list).into_map().unwrap_or_default();
    let items: Vec<Value> = ids
        .iter()
        .map(|id| {
            let (value, hash) = index.summary(*id);
            input.parts.push(hash);
            value
        })
        .collect();
    view.insert("items".into(), Value::from(items));
    input.parts.push(Hash::of_value(list));
    input.context.insert_value("list", view.into());
    input
}

fn slice(ids: &[PageId], page_size: usize, number: usize) -> &[PageId] {
    let start = ((number - 1) * page_size).min(ids.len());
    &ids[start..(start + page_size).min(ids.len())]
}

fn section(index: &Index, id: usize, number: usize) -> Input {
    let world = index.world();
    let section = &world.site.sections[id];
    let view = world.section(section);
    let url = crate::view::list_url(&section.url, number);
    let mut list =
        world.list(&section.title, &view.section.summary, &section.url, &section.pages, section.page_size, number);
    list.kind = section.kind;
    list.feeds = Some(world.feeds(&section.url));
    #[derive(Serialize)]
    struct OwnView<'a> {
        #[serde(flatten)]
        section: &'a SectionView,
        subsections: Vec<SectionView>,
    }
    let subsections = section.children.iter().map(|child| world.section(&world.site.sections[*child])).collect();
    let own = OwnView { section: &view, subsections };
    let current = Current {
        description: view.section.summary.clone(),
        keywords: view.section.keywords.clone(),
        breadcrumbs: world.breadcrumbs(Some(id), None),
        feed: world.href(&Url::new(&format!("{}feed.xml", section.url))),
        ..current(world, "section", &section.title, &url)
    };
    let hash = section.document.as_ref().map_or(Hash::default(), |d| body_hash(world, d));
    let template =
        section.document.as_ref().and_then(|d| d.front.template.clone()).unwrap_or_else(|| "section.html".into());
    let input = Input::new(
        &template,
        section.document.as_ref().map_or_else(|| section.url.to_string(), |d| d.path.to_string()),
    )
    .with("current", &current)
    .with("section", &own)
    .body(hash, BodyOf::Section(id, "list"));
    with_list(index, input, &list, slice(&section.pages, section.page_size, number))
}

fn taxonomy(world: &World, id: usize) -> Input {
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

fn term(index: &Index, taxonomy: usize, id: usize, number: usize) -> Input {
    let world = index.world();
    let page_size = world.site.config.page_size;
    let taxonomy = &world.site.taxonomies[taxonomy];
    let term = &taxonomy.terms[id];
    let title = taxonomy_title(taxonomy.name, &world.site.config.language);
    let url = crate::view::list_url(&term.url, number);
    let mut list = world.list(&term.name, "", &term.url, &term.pages, page_size, number);
    let mut feed = world.href(&Url::new("/feed.xml"));
    if taxonomy.name == "topics" {
        let feeds: Feeds = world.feeds(&term.url);
        feed.clone_from(&feeds.atom);
        list.feeds = Some(feeds);
    }
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
    let current =
        Current { breadcrumbs, feed, keywords: vec![term.name.clone()], ..current(world, "term", &term.name, &url) };
    let input = Input::new("term.html", &term.url).with("current", &current).with("term", &view);
    with_list(index, input, &list, slice(&term.pages, page_size, number))
}

fn archive_page(index: &Index, period: Period, number: usize) -> Input {
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
    #[derive(Serialize)]
    struct ArchiveView {
        year: Option<i16>,
        month: Option<i8>,
        years: Vec<YearView>,
    }
    let mut years: Vec<YearView> = Vec::new();
    for (period, ids) in periods.iter().rev() {
        match period {
            Period::All => {}
            Period::Year(year) => years.push(YearView {
                year: *year,
                url: world.href(&period.url()),
                count: ids.len(),
                months: Vec::new(),
            }),
            Period::Month(..) => {}
        }
    }
    for (period, ids) in periods.iter().rev() {
        if let Period::Month(year, month) = period
            && let Some(view) = years.iter_mut().find(|y| y.year == *year)
        {
            view.months.push(MonthView { month: *month, url: world.href(&period.url()), count: ids.len() });
        }
    }
    let (year, month) = match period {
        Period::All => (None, None),
        Period::Year(year) => (Some(year), None),
        Period::Month(year, month) => (Some(year), Some(month)),
    };
    let url = crate::view::list_url(&period.url(), number);
    let mut breadcrumbs = world.breadcrumbs(None, Some(Titled { title: base, url: world.href(&Period::All.url()) }));
    if period != Period::All {
        breadcrumbs.push(Titled { title: title.clone(), url: world.href(&period.url()) });
    }
    let list = world.list(&title, "", &period.url(), ids, page_size, number);
    let current = Current { breadcrumbs, ..current(world, "archive", &title, &url) };
    let input =
        Input::new("archive.html", &url).with("current", &current).with("archive", &ArchiveView { year, month, years });
    with_list(index, input, &list, slice(ids, page_size, number))
}

fn alias(world: &World, id: usize) -> Input {
    let (url, page) = &world.site.aliases[id];
    let page = &world.site.pages[*page];
    let mut current = current(world, "alias", page.title(), url);
    current.permalink = permalink(&world.site.config, &page.url);
    Input::new("alias.html", url).with("current", &current).with("target", &world.href(&page.url))
}

/// Feeds, sitemap, robots.
fn text(world: &World, recipe: &Recipe) -> Vec<u8> {
    let site = &world.site;
    let limit = site.config.feed_limit;
    match recipe {
        Recipe::Feed(scope, format) => {
            let newest;
            let (title, url, pages): (String, Url, &[PageId]) = match scope {
                Scope::Site => {
                    newest = archive(world).remove(&Period::All).unwrap_or_default();
                    (site.config.title.clone(), Url::new("/"), &newest)
                }
                Scope::Section(id) => {
                    let section = &site.sections[*id];
                    let mut ids: Vec<PageId> =
                        section.pages.iter().copied().filter(|id| site.pages[*id].date().is_some()).collect();
                    ids.sort_by_key(|id| std::cmp::Reverse(site.pages[*id].document.front.date.map(|d| d.at)));
                    newest = ids;
                    (format!("{} - {}", section.title, site.config.title), section.url.clone(), &newest)
                }
                Scope::Term(taxonomy, id) => {
                    let term = &site.taxonomies[*taxonomy].terms[*id];
                    (format!("{} - {}", term.name, site.config.title), term.url.clone(), &term.pages)
                }
            };
            let pages = &pages[..pages.len().min(limit)];
            feed(world, &Channel { title: &title, url: &url, pages }, *format).into_bytes()
        }
        Recipe::Sitemap(Some((start, end))) => sitemap(world, &sitemap_urls(world)[*start..*end]).into_bytes(),
        Recipe::Sitemap(None) => {
            let count = sitemap_parts(sitemap_urls(world).len()).len();
            let files: Vec<Url> = (0..count).map(sitemap_part).collect();
            sitemap_index(world, &files).into_bytes()
        }
        _ => robots(world).into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::file::Sources;
    use crate::message::{Lang, find};

    #[test]
    fn every_template_of_the_built_in_theme_parses() {
        let (theme, problems) = crate::theme::load(&Sources::default(), &Config::default());
        assert!(problems.is_empty(), "{problems:?}");
        if let Err(problems) = Engine::new(Arc::new(theme)) {
            let words: Vec<String> = problems
                .iter()
                .map(|p| {
                    format!("{:?}: {}", p.place, find(p.code).map_or_else(String::new, |m| m.text(Lang::En, &p.args)))
                })
                .collect();
            panic!("{}", words.join("\n"));
        }
    }
}
