//! The fingerprint of a job: of all that its input depends on, found without making the input.
//!
//! Documents and lists are many, so their keys are put together from hashes that were made once: of the head of a document
//! when it was parsed, of a section, of the settings. What there are few of is made and hashed as it is.

use crate::file::{Content, Hash, Packed, Parts};
use crate::picture::RECIPE;
use crate::plan::{Job, Period, Recipe, Scope};
use crate::site::{Order, PageId};

use super::index::Index;
use super::input::{Extent, extent, input, slice};

/// See `render::fingerprint`.
pub(super) fn fingerprint(index: &Index, job: &Job) -> Hash {
    let world = index.world();
    let mut parts = Parts::new();
    let recipe = match &job.recipe {
        Recipe::Form(of, ending) => {
            parts.text("form").text(ending);
            &**of
        }
        own => own,
    };
    match recipe {
        Recipe::Bytes(bytes) => return Hash::of(bytes),
        Recipe::Pieces(pieces) => return Hash::of(pieces.sha256.as_bytes()),
        Recipe::Copy(source) => return index.source_hash(source),
        Recipe::Search(file) => {
            return world.search.as_ref().map_or(Hash::default(), |search| search.key(*file, &world.site));
        }
        Recipe::Slide(drawing) => return drawing.key,
        Recipe::Cleaned(source) => {
            return parts.text("cleaned").number(RECIPE.into()).hash(index.source_hash(source)).finish();
        }
        Recipe::Picture(_, set, number) => {
            return parts.text("picture").hash(set.key).number(*number as u64).finish();
        }
        Recipe::Document(id) => {
            let page = &world.site.pages[*id];
            let titled = |id: Option<PageId>| id.map_or(Hash::default(), |id| index.keys(id).titled);
            parts.text("document").hash(index.keys(*id).own).hash(titled(page.newer)).hash(titled(page.older));
        }
        Recipe::Section(id, number) => section(index, *id, extent(job, *number), &mut parts),
        Recipe::Term(taxonomy, id, number) => term(index, (*taxonomy, *id), extent(job, *number), &mut parts),
        Recipe::Archive(period, number) => archive(index, *period, *number, &mut parts),
        Recipe::Catalogue(shelf, order, number) => catalogue(index, (*shelf, *order), *number, &mut parts),
        Recipe::CatalogueData(format) => {
            parts.text("catalogue data").text(format.url().as_str());
            for id in world.site.catalogue.newest() {
                parts.hash(world.record_key(*id)).text(world.site.pages[*id].summary());
            }
        }
        Recipe::Feed(scope, format) => feed(index, *scope, format.file_name(), &mut parts),
        Recipe::Sitemap(range) => sitemap(index, *range, &mut parts),
        Recipe::Robots => {
            parts.text("robots");
        }
        Recipe::Kit { folder, files, .. } => {
            parts.text("kit").text(folder);
            for Packed { name, content } in files {
                let hash = match content {
                    Content::Bytes(bytes) => Hash::of(bytes),
                    Content::Source(source) => index.source_hash(source),
                    // Its name is the hash of its bytes.
                    Content::Output(_) => Hash::default(),
                };
                parts.text(name).hash(hash);
            }
            whole(index, job, &mut parts);
        }
        // A form is never one of a form.
        Recipe::Form(..) => return Hash::default(),
        Recipe::Home | Recipe::Taxonomy(_) | Recipe::NotFound | Recipe::Redirect { .. } | Recipe::Template { .. } => {
            whole(index, job, &mut parts);
        }
    }
    parts.hash(index.base_hash()).finish()
}

/// Of the finished input.
fn whole(index: &Index, job: &Job, parts: &mut Parts) {
    let input = input(index, job);
    parts.text(&input.template);
    let names = ["current", "taxonomy", "target"].into_iter();
    let more = match &job.recipe {
        Recipe::Template { values, .. } | Recipe::Kit { values, .. } => values.as_slice(),
        _ => &[],
    };
    for name in names.chain(more.iter().map(|(name, _)| *name)) {
        if let Some(value) = input.get(name) {
            parts.text(name).hash(Hash::of_value(value));
        }
    }
    if let Some((_, Some(document))) = input.content {
        parts.hash(document.hash).hash(index.world().targets_key(document));
    }
}

fn section(index: &Index, id: usize, extent: Extent, parts: &mut Parts) {
    let world = index.world();
    let section = &world.site.sections[id];
    parts.text("section").hash(world.section_key(id)).number(section.kind as u64).number(section.page_size as u64);
    for translation in world.section_translations(&section.name) {
        parts.text(&translation.language).text(&translation.url);
    }
    if let Some(document) = &section.document {
        parts.hash(document.hash).hash(world.targets_key(document));
    }
    for child in &section.children {
        let below = &world.site.sections[*child];
        parts.hash(world.section_key(*child)).number(below.kind as u64).number(below.pages.len() as u64);
    }
    list(index, &section.pages, extent, section.page_size, parts);
}

fn term(index: &Index, (taxonomy, id): (usize, usize), extent: Extent, parts: &mut Parts) {
    let site = &index.world().site;
    let taxonomy = &site.taxonomies[taxonomy];
    let term = &taxonomy.terms[id];
    parts.text("term").text(taxonomy.name).text(&term.name).text(term.url.as_str());
    list(index, &term.pages, extent, site.config.page_size, parts);
}

fn archive(index: &Index, period: Period, number: usize, parts: &mut Parts) {
    let ids = index.archive().get(&period).map(Vec::as_slice).unwrap_or_default();
    parts.text("archive").text(period.url().as_str()).hash(index.years_key());
    list(index, ids, Extent::Page(number), index.world().site.config.page_size, parts);
}

/// Every page names all lists, and no page says how long another is.
fn catalogue(index: &Index, (shelf, order): (usize, Order), number: usize, parts: &mut Parts) {
    let world = index.world();
    let shelves = &world.site.catalogue.shelves;
    let ids = shelves[shelf].pages(order);
    parts.text("catalogue").number(shelf as u64).number(order as u64).number(number as u64).number(ids.len() as u64);
    for shelf in shelves {
        parts.text(&shelf.name).text(shelf.url.as_str());
    }
    for translation in world.catalogue_translations() {
        parts.text(&translation.language).text(&translation.url);
    }
    for id in slice(ids, world.site.config.catalogue_page_size, number) {
        parts.hash(world.record_key(*id));
    }
}

fn list(index: &Index, ids: &[PageId], extent: Extent, page_size: usize, parts: &mut Parts) {
    let kind = ids.first().map_or(u64::MAX, |id| index.world().site.pages[*id].kind() as u64);
    let (number, size) = extent.of(ids, page_size);
    parts.number(kind).number(ids.len() as u64).number(number as u64);
    for id in slice(ids, size, number) {
        parts.hash(index.summary_key(*id));
    }
}

fn feed(index: &Index, scope: Scope, format: &str, parts: &mut Parts) {
    let (title, url, pages) = super::fed(index, scope);
    parts.text(format).text(&title).text(url.as_str());
    for id in pages {
        parts.hash(index.summary_key(id));
    }
}

fn sitemap(index: &Index, range: Option<(usize, usize)>, parts: &mut Parts) {
    let urls = index.sitemap_urls();
    parts.text("sitemap").number(urls.len() as u64);
    if let Some((start, end)) = range {
        for (url, at) in &urls[start..end] {
            parts.text(url.as_str()).number(at.map_or(u64::MAX, |at| at.as_second().cast_unsigned()));
        }
    }
}
