//! One `Job` → bytes. Tera lives here and nowhere else.
//!
//! A template sees the view of its page and may ask the `Index` further questions; each question is written down with the
//! hash of its answer, so that the memo knows when the same bytes would come out again. A template error is a Problem with
//! template, line, column and the document that was being rendered.

mod body;
mod fields;
mod form;
mod functions;
mod index;
mod input;
mod key;
mod packed;
mod relative;

use std::borrow::Cow;
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera, Value};

use crate::catalogue;
use crate::document::Document;
use crate::feed::{Channel, feed, robots, sitemap, sitemap_index};
use crate::file::{Content, Hash, Packed, SourcePath, Url};
use crate::link::{nearest, root_path};
use crate::markdown::Body;
use crate::plan::{Job, Recipe, Scope, sitemap_part, sitemap_parts};
use crate::problem::{Place, Problem};
use crate::search;
use crate::site::PageId;
use crate::slide::SlideInput;
use crate::theme::{LAYERS, Theme};

pub use functions::{Cost, Costs, QUESTIONS, Ticks};
pub use index::{Index, Question};
pub use packed::{PACKINGS, Packing, is_packed};

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
    /// The template; without one, what kind of output it is.
    pub template: Cow<'static, str>,
    /// What the answers to its questions cost, in the order of `QUESTIONS`.
    pub costs: Costs,
}

/// Bytes, or where they are.
#[derive(Debug)]
pub enum Output {
    /// Made here.
    Made(Vec<u8>),
    /// Made before, or shared with others.
    Bytes(Arc<[u8]>),
    /// To be copied from this source.
    Copy(SourcePath),
    /// To be packed into one file.
    Pack(Vec<Packed>),
}

impl Output {
    /// Its bytes, when they are in memory.
    pub fn into_bytes(self) -> Option<Arc<[u8]>> {
        match self {
            Output::Made(bytes) => Some(bytes.into()),
            Output::Bytes(bytes) => Some(bytes),
            Output::Copy(_) | Output::Pack(_) => None,
        }
    }
}

impl Engine {
    /// The engine of this theme: the one before when it is of the same theme.
    pub fn of(theme: Arc<Theme>, before: Option<Arc<Engine>>) -> Result<Arc<Engine>, Vec<Problem>> {
        match before.filter(|before| before.theme.hash == theme.hash) {
            Some(before) => Ok(before),
            None => Engine::new(theme).map(Arc::new),
        }
    }

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
        let mut text = Vec::new();
        self.template_into(&mut text, name, context, document)?;
        Ok(into_text(text))
    }

    /// The same behind what is in `out`. Templates write texts only, so the bytes are UTF-8.
    fn template_into(
        &self,
        out: &mut Vec<u8>,
        name: &str,
        context: &Context,
        document: &str,
    ) -> Result<(), Vec<Problem>> {
        if self.theme.template(name).is_none() {
            let near = nearest(name, self.theme.template_names().into_iter());
            let place = Place::file(&SourcePath::new(document));
            return Err(vec![Problem::new("missing-template").with("template", name).with("near", near).at(place)]);
        }
        self.tera
            .render_to(name, context, out)
            .map_err(|error| template_problems(&self.theme, &error, name, document, Some(context)))
    }
}

fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Names that a template error lists as being in scope.
const SCOPE: [&str; 15] = [
    "page",
    "list",
    "section",
    "term",
    "taxonomy",
    "archive",
    "catalogue",
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
    let problem = Problem::new("template-error").with("document", document).with("scope", scope(context));
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

fn scope(context: Option<&Context>) -> String {
    let is_known = |context: &Context, name: &str| context.contains_key(name) || matches!(name, "site" | "theme");
    let names = context.map(|context| SCOPE.into_iter().filter(|name| is_known(context, name)).collect::<Vec<_>>());
    names.unwrap_or_default().join("、")
}

fn plain(name: &str) -> &str {
    LAYERS.iter().find_map(|layer| name.strip_prefix(layer)).unwrap_or(name)
}

/// The SVG of a slide. `photo` is the picture that it shows, as a data URI.
pub fn slide(engine: &Engine, input: &SlideInput, photo: Option<&str>) -> Result<String, Vec<Problem>> {
    let mut context = Context::new();
    context.insert("slide", input);
    context.insert("theme", &engine.theme().settings);
    context.insert("photo", &photo);
    let document = input.photo.as_ref().map_or(input.template.as_str(), |photo| photo.asset.as_str());
    engine.template(&input.template, &context, document)
}

/// The hash of everything that the bytes of this job depend on, except the answers to its template's questions.
pub fn fingerprint(index: &Index, job: &Job) -> Hash {
    key::fingerprint(index, job)
}

/// The name of the template that renders this job; none for feeds, copies and ready bytes.
pub fn template_of(index: &Index, job: &Job) -> Option<String> {
    Some(input::input(index, job).template).filter(|name| !name.is_empty())
}

/// The names that the template of this job sees, for people.
pub fn scope_of(index: &Index, job: &Job) -> String {
    let content = Some(Value::safe_string(""));
    scope(Some(&input::input(index, job).into_context(content)))
}

/// Gives the body of a document that came without: it is read and parsed again.
pub type Bodies<'a> = dyn Fn(&Document) -> Result<Arc<Body>, Box<Problem>> + Sync + 'a;

/// Makes the bytes of a job.
pub fn render(
    engine: &Engine,
    index: &Arc<Index>,
    job: &Job,
    bodies: &Bodies,
    ticks: Ticks,
) -> Result<Rendered, Vec<Problem>> {
    let plain = |output, name: &'static str| Rendered {
        output,
        questions: Vec::new(),
        template: name.into(),
        costs: Costs::default(),
    };
    match &job.recipe {
        Recipe::Bytes(ready) => Ok(plain(Output::Bytes(ready.clone()), "ready")),
        Recipe::Pieces(pieces) => Ok(plain(Output::Made(pieces.joined()), "ready")),
        // The pipeline makes these: it has the files.
        Recipe::Picture(..) | Recipe::Cleaned(_) => Err(Vec::new()),
        // The hall draws slides, with fonts and photos; here are those that it has just drawn.
        Recipe::Slide(drawing) => {
            Ok(plain(Output::Bytes(drawing.bytes.as_deref().unwrap_or_default().into()), "slides"))
        }
        Recipe::Copy(source) => Ok(plain(Output::Copy(source.clone()), "copies")),
        Recipe::Feed(..) => Ok(plain(Output::Made(text(index, &job.recipe)), "feeds")),
        Recipe::CatalogueData(format) => {
            let text = catalogue::text(index.world(), *format);
            Ok(plain(Output::Made(text.into_bytes()), "catalogue"))
        }
        Recipe::Sitemap(_) | Recipe::Robots => Ok(plain(Output::Made(text(index, &job.recipe)), "sitemap")),
        Recipe::Search(file) => searched(index, *file, bodies).map(|bytes| plain(Output::Bytes(bytes), "search")),
        _ => {
            let (made, heard) = functions::with_index(index, ticks, || page(engine, index, job, bodies));
            let (template, text) = made?;
            let text = formed(engine, job, &template, placed(text, index, job))?;
            Ok(Rendered {
                output: finished(text, &job.recipe),
                questions: heard.asked,
                template: template.into(),
                costs: heard.costs,
            })
        }
    }
}

/// What a template made, as its ending wants it.
fn formed(engine: &Engine, job: &Job, template: &str, text: Vec<u8>) -> Result<Vec<u8>, Vec<Problem>> {
    let ending = template.rsplit('.').next().unwrap_or_default();
    if ending == "html" {
        return Ok(text);
    }
    form::formed(ending, into_text(text)).map(String::into_bytes).map_err(|reason| {
        let problem = Problem::new("template-output").with("template", template).with("document", &job.path);
        let problem = problem.with("ending", ending).with("reason", reason);
        vec![match engine.theme.template(template) {
            Some(template) => problem.in_file(&template.path),
            None => problem,
        }]
    })
}

/// The page with its links as the site wants them.
fn placed(html: Vec<u8>, index: &Index, job: &Job) -> Vec<u8> {
    let config = &index.world().site.config;
    if config.relative_links && matches!(job.path.as_str().rsplit('.').next(), Some("html" | "zip")) {
        relative::relative(&into_text(html), job.path.as_str(), root_path(config)).into_bytes()
    } else {
        html
    }
}

/// A page is ready; the page of a kit goes into its folder with the rest.
fn finished(page: Vec<u8>, recipe: &Recipe) -> Output {
    let Recipe::Kit { folder, files, .. } = recipe else { return Output::Made(page) };
    let inside = |name: &str, content| Packed { name: format!("{folder}/{name}"), content };
    let beside = files.iter().map(|file| inside(&file.name, file.content.clone()));
    Output::Pack(std::iter::once(inside("index.html", Content::Bytes(page.into()))).chain(beside).collect())
}

/// The name of the template, and what it gave.
fn page(engine: &Engine, index: &Arc<Index>, job: &Job, bodies: &Bodies) -> Result<(String, Vec<u8>), Vec<Problem>> {
    let input = input::input(index, job);
    let content = match input.content {
        Some((_, Some(document))) => Some(body::html(engine, index.world(), document, bodies)?),
        Some((_, None)) => Some(Value::safe_string("")),
        None => None,
    };
    // What surrounds a body takes some kilobytes.
    let mut out = Vec::with_capacity(content.as_ref().and_then(Value::as_str).map_or(0, str::len) + 4096);
    let (template, document) = (input.template.clone(), input.document.clone());
    let mut context = input.into_context(content);
    context.insert_value("site", index.site_value().clone());
    context.insert_value("theme", index.theme_value().clone());
    engine.template_into(&mut out, &template, &context, &document)?;
    Ok((template, out))
}

/// A file of the search index.
fn searched(index: &Index, file: search::File, bodies: &Bodies) -> Result<Arc<[u8]>, Vec<Problem>> {
    let world = index.world();
    let made =
        world.search.as_ref().map(|search| search.file(file, &world.site, &|document| text_of(document, bodies)));
    Ok(made.transpose().map_err(|problem| vec![*problem])?.unwrap_or_default())
}

/// The plain text of a body.
pub fn text_of(document: &Document, bodies: &Bodies) -> Result<String, Box<Problem>> {
    match &document.body {
        Some(body) if !body.is_textless => Ok(body.text.clone()),
        _ => bodies(document).map(|body| body.text.clone()),
    }
}

/// Feeds, sitemap, robots.
fn text(index: &Index, recipe: &Recipe) -> Vec<u8> {
    let world = index.world();
    match recipe {
        Recipe::Feed(scope, format) => {
            let (title, url, pages) = fed(index, *scope);
            feed(world, &Channel { title: &title, url: &url, pages: &pages }, *format).into_bytes()
        }
        Recipe::Sitemap(Some((start, end))) => sitemap(world, &index.sitemap_urls()[*start..*end]).into_bytes(),
        Recipe::Sitemap(None) => {
            let count = sitemap_parts(index.sitemap_urls().len()).len();
            let files: Vec<Url> = (0..count).map(sitemap_part).collect();
            sitemap_index(world, &files).into_bytes()
        }
        _ => robots(world).into_bytes(),
    }
}

/// Title, URL and documents of a feed: those with a date, newest first, up to the limit.
fn fed(index: &Index, scope: Scope) -> (String, Url, Vec<PageId>) {
    let site = &index.world().site;
    let dated = |ids: &[PageId]| {
        ids.iter().copied().filter(|id| site.pages[*id].date().is_some()).take(site.config.feed_limit).collect()
    };
    match scope {
        Scope::Site => (site.config.title.clone(), Url::new("/"), dated(&site.newest)),
        Scope::Section(id) => {
            let section = &site.sections[id];
            let title = format!("{} - {}", section.title, site.config.title);
            (title, section.url.clone(), dated(index.newest_of_section(id)))
        }
        Scope::Term(taxonomy, id) => {
            let term = &site.taxonomies[taxonomy].terms[id];
            (format!("{} - {}", term.name, site.config.title), term.url.clone(), dated(&term.pages))
        }
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
