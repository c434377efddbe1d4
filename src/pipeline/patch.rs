//! The short way when only bodies were edited since the last release: the pages that show them are rendered in a small site of
//! their own, made of the few documents that such a page mentions, and everything else stays.
//!
//! It proves itself: in the small site as it was before the edit, the input of every such page must have the fingerprint that
//! the last build of the whole site wrote down. Where that fails, where a page asks for more than the small site knows, or
//! where anything else moved, there is no short way and the whole line runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::data;
use crate::document::{self, Document, Kind};
use crate::file::{Hash, OutputPath, SourcePath, Sources};
use crate::link;
use crate::memo::{Company, Heads, Outputs, Window};
use crate::plan::{self, Job};
use crate::render::{self, Engine, Index};
use crate::schedule::calendar::{self, Mood};
use crate::stamp::Stamps;
use crate::theme::Theme;

use super::{Options, Themed, clock, editions};

/// More edited bodies than this are no longer few.
const MOST: usize = 16;

/// What the short way needs from the last build.
pub(super) struct Before<'a> {
    pub(super) earlier: &'a Heads,
    pub(super) outputs: &'a Outputs,
    pub(super) company: &'a Company,
    pub(super) themed: &'a Themed,
}

/// What came of it.
pub(super) struct Patch {
    /// The documents as they are now, by path with the hash of the file.
    pub(super) documents: Vec<(SourcePath, Hash, Arc<Document>)>,
    /// The pages that show them, and the fingerprints of their inputs.
    pub(super) pages: Vec<(OutputPath, Arc<[u8]>, Hash)>,
}

/// The paths of what differs from the last build, when it is a few documents and nothing else.
pub(super) fn edited(known: &Stamps, sources: &Sources) -> Option<Vec<SourcePath>> {
    let mut edited = Vec::new();
    if known.len() != sources.len() {
        return None;
    }
    for ((path, row), source) in known.iter().zip(sources.iter()) {
        if path != source.path.as_str() {
            return None;
        }
        if row.hash != source.hash {
            let is_document = path.starts_with("content/") && source.path.is_markdown();
            if !is_document || edited.len() == MOST {
                return None;
            }
            edited.push(source.path.clone());
        }
    }
    (!edited.is_empty()).then_some(edited)
}

/// Edited documents by path.
type Documents = BTreeMap<SourcePath, Arc<Document>>;

/// Documents whose bodies were edited.
pub(super) struct Edit {
    /// As they were, without their bodies.
    old: Documents,
    /// As they are.
    new: Documents,
}

/// Parses what was edited; `None` when more than bodies was.
pub(super) fn edit(
    paths: &[SourcePath],
    sources: &Sources,
    config: &Config,
    known: &Stamps,
    earlier: &Heads,
) -> Option<Edit> {
    let settings = document::settings_hash(config);
    // With several languages a page mentions its translations too.
    if earlier.settings() != settings || !config.languages.is_empty() {
        return None;
    }
    let (mut old, mut new) = (Documents::new(), Documents::new());
    for path in paths {
        let source = sources.get(path)?;
        let (was, _) = earlier.document(path, known.find(path.as_str())?.hash, 0, &mut Window::default())?;
        let is = document::parse_under(source, config, settings);
        if !is.problems.is_empty() || !looks_the_same(&was, &is) {
            return None;
        }
        old.insert(path.clone(), Arc::new(was));
        new.insert(path.clone(), Arc::new(is));
    }
    Some(Edit { old, new })
}

/// Renders the pages of the edited documents; `None` when there is no short way. Another thread sees to the templates
/// meanwhile.
pub(super) fn patch(
    edit: &Edit,
    sources: &Sources,
    config: &Arc<Config>,
    options: &Options,
    before: &Before,
    engine: impl FnOnce() -> Option<Arc<Engine>> + Send,
) -> Option<Patch> {
    let Edit { old, new } = edit;
    let (small, engine) = rayon::join(|| small_site((old, new), sources, config, options, before), engine);
    let (index, jobs) = small?;
    let engine = engine?;
    let mut pages = Vec::new();
    for job in jobs {
        let bodies = |document: &Document| Ok(document.body.clone().unwrap_or_default());
        let rendered = render::render(&engine, &index, &job, &bodies, clock::ticks).ok()?;
        let bytes = rendered.output.into_bytes()?;
        if !rendered.questions.is_empty() {
            return None;
        }
        pages.push((job.path.clone(), bytes, render::fingerprint(&index, &job)));
    }
    let documents = new.iter().map(|(path, document)| (path.clone(), document.source, document.clone())).collect();
    Some(Patch { documents, pages })
}

/// The small site with the edited documents as they are, and the jobs of their pages; `None` when with the documents as they
/// were it is not what the whole site was.
fn small_site(
    (old, new): (&Documents, &Documents),
    sources: &Sources,
    config: &Arc<Config>,
    options: &Options,
    before: &Before,
) -> Option<(Arc<Index>, Vec<Job>)> {
    let others = others(old, sources, before)?;
    let small = Small::new(sources, config, options, before)?;
    let index = |edited: &Documents| small.index(others.iter().chain(edited), options);
    let (was, is) = rayon::join(|| index(old), || index(new));
    let (was, is) = (was?, is?);
    for job in small.jobs(&was, old) {
        let fingerprint = before.outputs.fingerprint_without_questions(&job.path)?;
        if render::fingerprint(&was, &job) != fingerprint {
            return None;
        }
    }
    let jobs = small.jobs(&is, new);
    Some((is, jobs))
}

/// True when nobody but the document's own page can tell one from the other.
pub(super) fn looks_the_same(was: &Document, is: &Document) -> bool {
    let (a, b) = (&was.outline, &is.outline);
    let targets = |document: &Document| -> Vec<(String, bool)> {
        document.outline.references.iter().map(|reference| (reference.target.clone(), reference.image)).collect()
    };
    is.front.kind != Kind::Section
        && was.head == is.head
        && a.headings == b.headings
        && a.anchors == b.anchors
        && a.silent == b.silent
        && a.title == b.title
        && targets(was) == targets(is)
}

/// The documents that pages of the edited ones mention: their neighbours, what they link to, one of each section (a menu
/// shows sections that have something), and all that describe a folder.
fn others(edited: &Documents, sources: &Sources, before: &Before) -> Option<Documents> {
    let mut paths: BTreeSet<SourcePath> = before.company.of_sections().collect();
    paths.extend(sources.under("content/").filter(|s| s.path.name() == "_index.md").map(|s| s.path.clone()));
    for (path, document) in edited {
        paths.extend(before.company.of(path)?);
        let targets = document.outline.references.iter().filter_map(|reference| {
            let target = reference.target.split('#').next().unwrap_or_default();
            path.join(target).filter(|path| path.is_markdown() && sources.get(path).is_some())
        });
        paths.extend(targets);
    }
    let others = paths.into_iter().filter(|path| !edited.contains_key(path)).map(|path| {
        let (document, _) = before.earlier.document(&path, sources.get(&path)?.hash, 0, &mut Window::default())?;
        Some((path, Arc::new(document)))
    });
    others.collect()
}

/// What the small site has in common with the whole one.
struct Small<'a> {
    sources: &'a Sources,
    config: &'a Arc<Config>,
    theme: Arc<Theme>,
    data: Arc<BTreeMap<String, serde_json::Value>>,
    is_solemn: bool,
}

impl<'a> Small<'a> {
    fn new(sources: &'a Sources, config: &'a Arc<Config>, options: &Options, before: &Before) -> Option<Small<'a>> {
        let Themed { theme, problems } = before.themed;
        let (data, more) = data::load(sources);
        let (calendar, most) = calendar::load(sources);
        if !(problems.is_empty() && more.is_empty() && most.is_empty()) {
            return None;
        }
        let today = options.now.to_zoned(config.zone.clone()).date();
        let data = Arc::new(data);
        Some(Small { sources, config, theme: theme.clone(), data, is_solemn: calendar.mood(today) == Mood::Solemn })
    }

    fn index<'d>(
        &self,
        documents: impl Iterator<Item = (&'d SourcePath, &'d Arc<Document>)>,
        options: &Options,
    ) -> Option<Arc<Index>> {
        let sorted: BTreeMap<&SourcePath, &Arc<Document>> = documents.collect();
        let documents: Vec<Arc<Document>> = sorted.into_values().cloned().collect();
        let (sites, problems) = editions::sites(&documents, self.sources, self.config, options);
        let (links, more) = link::resolve(&sites);
        if !(problems.is_empty() && more.is_empty()) {
            return None;
        }
        let mut world = editions::worlds(sites, links, &self.theme, &self.data, self.sources).into_iter().next()?;
        world.solemn = self.is_solemn;
        Some(Arc::new(Index::new(Arc::new(world), self.sources)))
    }

    /// The outputs that show these documents; those that are hidden have none.
    fn jobs(&self, index: &Index, documents: &Documents) -> Vec<Job> {
        let site = &index.world().site;
        let ids = documents.keys().filter_map(|path| site.id_at(path));
        ids.filter(|id| site.pages[*id].document.front.on_portal)
            .flat_map(|id| plan::document(index.world(), id))
            .collect()
    }
}
