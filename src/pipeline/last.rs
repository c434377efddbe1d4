//! The last release, by what it was made from and how long it holds: when all of that is the same and its files still stand,
//! there is nothing to parse, to plan or to render.
//!
//! Only a release without a problem is remembered here, since problems must be told again, and only one whose files depend
//! on nothing but the sources and the day.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::file::{Hash, Parts};
use crate::memo::Company;
use crate::plan::{Job, Recipe};
use crate::problem::Problem;
use crate::stamp::Stamps;
use crate::state;

use super::{Options, Preview};

/// What there is to know of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Last {
    inputs: String,
    /// Of the stamps of its files.
    outputs: String,
    /// Of the company that its pages keep: a build with other settings, or into another folder, leaves another.
    company: String,
    /// The instants for which it was made and would come out the same: the second is not one of them.
    from: Timestamp,
    until: Timestamp,
    /// No output but the page of a document shows its body.
    pub(super) only_pages_show_bodies: bool,
    pub(super) next_change: Option<Timestamp>,
    pub(super) documents: usize,
}

impl Last {
    /// Of a release that was just made; none when a later build could differ although nothing moved.
    pub(super) fn of(
        preview: &Preview,
        inputs: Hash,
        options: &Options,
        outputs: &Stamps,
        company: Hash,
    ) -> Option<Last> {
        let tomorrow = options.now.to_zoned(preview.config.zone.clone()).tomorrow().ok()?.start_of_day().ok()?;
        // Screens say when they were built, and slides depend on the fonts of the machine.
        let is_pure = preview.problems.is_empty() && preview.screens.is_empty() && preview.slides == 0;
        is_pure.then(|| Last {
            inputs: inputs.to_string(),
            outputs: Hash::of(outputs.as_bytes()).to_string(),
            company: company.to_string(),
            from: options.now,
            until: preview.next_change.into_iter().chain([tomorrow.timestamp()]).min().unwrap_or(options.now),
            // A compressed page is a second file that shows the body.
            only_pages_show_bodies: !preview.config.compress
                && preview.jobs.iter().all(|job| shows_no_body(preview, job)),
            next_change: preview.next_change,
            documents: preview.parsed + preview.reused,
        })
    }

    /// The one into this output folder, when it holds at this instant and left these stamps.
    pub(super) fn find(site: &Path, folder: Hash, now: Timestamp, outputs: &Stamps) -> Option<Last> {
        Last::at(site, folder, now).filter(|last| last.outputs == Hash::of(outputs.as_bytes()).to_string())
    }

    fn at(site: &Path, folder: Hash, now: Timestamp) -> Option<Last> {
        let bytes = state::load(site, &name(folder), state::program_version())?;
        let last: Last = serde_json::from_slice(&bytes).ok()?;
        (last.from..last.until).contains(&now).then_some(last)
    }

    /// True when there is one into this output folder that holds at this instant, provided that its files stand.
    pub(super) fn may_hold(site: &Path, folder: Hash, now: Timestamp) -> bool {
        Last::at(site, folder, now).is_some()
    }

    /// True when there is one into this output folder, whatever it holds for: without one there is no short way.
    pub(super) fn exists(site: &Path, folder: Hash) -> bool {
        state::load(site, &name(folder), state::program_version()).is_some_and(|bytes| !bytes.is_empty())
    }

    /// True when it was made from these inputs.
    pub(super) fn is_of(&self, inputs: Hash) -> bool {
        self.inputs == inputs.to_string()
    }

    /// True when this is the company that its pages keep.
    pub(super) fn keeps(&self, company: &Company) -> bool {
        self.company == Hash::of(company.as_bytes()).to_string()
    }

    /// The one that came after it, from these inputs, with these stamps of its files.
    pub(super) fn with(self, inputs: Hash, outputs: &Stamps) -> Last {
        Last { inputs: inputs.to_string(), outputs: Hash::of(outputs.as_bytes()).to_string(), ..self }
    }

    /// Saves it, or that there is none.
    pub(super) fn save(last: Option<Last>, site: &Path, folder: Hash) -> Result<(), Box<Problem>> {
        // One that holds no longer is of no use, and costs less than looking whether there is one.
        let text = last.map_or_else(String::new, |last| serde_json::json!(last).to_string());
        state::save(site, &name(folder), state::program_version(), &[text.as_bytes()])
    }
}

fn name(folder: Hash) -> String {
    format!("last-{}", folder.short(16))
}

/// A kind of output that is new here has to say whether it shows bodies of documents other than its own.
fn shows_no_body(preview: &Preview, job: &Job) -> bool {
    match &job.recipe {
        Recipe::Home
        | Recipe::Section(..)
        | Recipe::Document(_)
        | Recipe::Form(..)
        | Recipe::Taxonomy(_)
        | Recipe::Term(..)
        | Recipe::Archive(..)
        | Recipe::Catalogue(..)
        | Recipe::CatalogueData(_)
        | Recipe::NotFound
        | Recipe::Redirect { .. }
        | Recipe::Feed(..)
        | Recipe::Sitemap(_)
        | Recipe::Robots
        | Recipe::Slide(_)
        | Recipe::Copy(_)
        | Recipe::Cleaned(_)
        | Recipe::Picture(..) => true,
        // One without values of its own sees what others see of a document.
        Recipe::Template { values, .. } => values.is_empty(),
        Recipe::Kit { .. } | Recipe::Pieces(_) | Recipe::Search(_) => false,
        // Files of the theme.
        Recipe::Bytes(_) => preview
            .index
            .as_ref()
            .is_some_and(|index| index.world().theme.statics.values().any(|file| file.output == job.path)),
    }
}

/// Of every file and every option that a build depends on, but for the instant.
pub(super) fn inputs<'a>(files: impl Iterator<Item = (&'a [u8], Hash)>, options: &Options) -> Hash {
    let mut parts = Parts::new();
    parts.text(&format!("{:?}{}{}", options.overrides, options.drafts, options.strict));
    for (path, hash) in files {
        parts.bytes(path).hash(hash);
    }
    parts.finish()
}
