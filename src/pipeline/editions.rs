//! The languages of a site go down the line side by side: each has a `Site` and a `World` of its own, over the same documents,
//! theme and data.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Options;
use crate::config::Config;
use crate::document::Document;
use crate::file::Sources;
use crate::link::Links;
use crate::problem::Problem;
use crate::site::{self, Site};
use crate::theme::Theme;
use crate::view::{Editions, World};

/// The site in each of its languages, the main one first.
pub(super) fn sites(
    documents: &[Arc<Document>],
    sources: &Sources,
    config: &Arc<Config>,
    options: &Options,
) -> (Vec<Site>, Vec<Problem>) {
    let build = |config: Arc<Config>, documents: &[Arc<Document>]| {
        site::build(&site::Input { config, documents, sources, now: options.now, drafts: options.drafts })
    };
    let main = match config.languages.is_empty() {
        true => build(config.clone(), documents),
        false => build(config.clone(), &site::main_documents(documents, config)),
    };
    let editions = config
        .languages
        .iter()
        .map(|language| build(Arc::new(config.edition(language)), &site::documents_of(documents, config, language)));
    let (sites, problems): (Vec<Site>, Vec<Vec<Problem>>) = std::iter::once(main).chain(editions).unzip();
    (sites, problems.concat())
}

/// What pages of each edition may show, the main language first.
pub(super) fn worlds(
    sites: Vec<Site>,
    links: Vec<Links>,
    theme: &Arc<Theme>,
    data: &Arc<BTreeMap<String, serde_json::Value>>,
    sources: &Sources,
) -> Vec<World> {
    let main_name = theme.strings.get("language_name").map_or("中文", String::as_str);
    let editions = Arc::new(Editions::of(&sites, main_name));
    let world = |(edition, (site, links)): (usize, (Site, Links))| {
        let theme = match edition {
            0 => theme.clone(),
            _ => Arc::new(theme.in_language(sources, &site.config)),
        };
        let mut world = World::new(site, links, theme, data.clone());
        world.editions = editions.clone();
        world.edition = edition;
        world
    };
    sites.into_iter().zip(links).enumerate().map(world).collect()
}
