//! The short way of a preview: only bodies were edited since the last one, and nobody but their own pages can tell. The site
//! stays as it is, with the new documents in it; what shows them is rendered when it is asked for, as ever.
//!
//! What it gives is what the whole line would give, but for the instant in the pointers that screens poll. Where it cannot be
//! sure of that it does nothing, and the whole line runs.

use std::sync::Arc;

use super::patch::{edited, looks_the_same};
use super::{Options, Preview, Ready, parse};
use crate::document::{self, Document};
use crate::file::{Hash, Source, SourcePath};
use crate::memo::Memo;
use crate::render::Index;
use crate::search::Search;
use crate::site::PageId;
use crate::source;
use crate::view::World;

/// A document as it is now, and where it stands in the site.
struct Revised {
    id: PageId,
    path: SourcePath,
    source: Hash,
    document: Arc<Document>,
}

/// The preview after `last`, which was made of what had been read just before, with the same options but for the instant;
/// what was read comes back when there is no short way.
pub(super) fn revise(last: &Preview, ready: Ready, options: &Options, memo: &mut Memo) -> Result<Preview, Box<Ready>> {
    let Some((world, revised)) = revised(last, &ready, options, memo) else { return Err(ready.into()) };
    let index = Arc::new(Index::new(Arc::new(world), &ready.reading.sources));
    let parsed = revised.len();
    for Revised { path, source, document, .. } in revised {
        memo.documents.insert(path, (source, document));
    }
    Ok(Preview {
        config: last.config.clone(),
        problems: last.problems.clone(),
        index: Some(index),
        translations: Vec::new(),
        engine: last.engine.clone(),
        outlines: last.outlines.clone(),
        jobs: last.jobs.clone(),
        next_change: last.next_change,
        parsed,
        reused: memo.documents.len() - parsed,
        screens: last.screens.clone(),
        slides: last.slides,
        calendar: last.calendar.clone(),
        places: ready.reading.places,
        darkroom: last.darkroom.clone(),
        read: ready.reading.stats,
        timings: vec![("read", ready.took)],
    })
}

fn revised(last: &Preview, ready: &Ready, options: &Options, memo: &Memo) -> Option<(World, Vec<Revised>)> {
    let reading = &ready.reading;
    let is_plain = reading.problems.is_empty() && last.translations.is_empty() && !last.is_broken();
    let (index, engine) = (last.index.as_ref()?, last.engine.as_ref()?);
    let world = index.world();
    let is_same_time = options.now >= world.site.now
        && last.next_change.is_none_or(|change| options.now < change)
        && options.now.to_zoned(last.config.zone.clone()).date() == world.today;
    let settings = document::settings_hash(&last.config);
    if !is_plain || !is_same_time || settings != memo.settings {
        return None;
    }
    let paths = edited(&ready.before, &reading.sources)?;
    let load = |source: &Source| source::text(&reading.places, source).ok();
    let revise = |path: SourcePath| {
        let source = reading.sources.get(&path)?;
        let (_, was) = memo.documents.get(&path)?;
        let mut document = parse(source, &last.config, settings, &load);
        if !engine.theme().has_search() {
            document.forget_text();
        }
        // Problems have places, and those have moved.
        let is_told = last.problems.iter().any(|problem| problem.place.as_ref().is_some_and(|at| at.path == path));
        let is_fine = was.problems.is_empty() && document.problems.is_empty() && !is_told;
        if !is_fine || !looks_the_same(was, &document) {
            return None;
        }
        let id = world.site.id_at(&path)?;
        Some(Revised { id, path, source: source.hash, document: document.into() })
    };
    let revised: Vec<Revised> = paths.into_iter().map(revise).collect::<Option<_>>()?;
    let mut world = world.clone();
    world.site.now = options.now;
    for Revised { id, document, .. } in &revised {
        world.site.pages[*id].document = document.clone();
    }
    if let Some(before) = &world.search {
        let search = Search::plan(&world.site);
        // How many files there are depends on how long the texts are.
        if search.files() != before.files() || search.manifest() != before.manifest() {
            return None;
        }
        world.search = Some(search);
    }
    Some((world, revised))
}
