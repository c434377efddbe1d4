//! The short ways of `publish`: nothing moved since the last release, or only the bodies of a few documents. What they leave
//! is what the whole line would leave; when they cannot be sure of that, they do nothing and say so.

use std::path::Path;
use std::sync::Arc;

use crate::clock::Stopwatch;
use crate::file::Hash;
use crate::memo::{Memo, Outputs};
use crate::problem::{Fault, Problem};
use crate::release::{self, Released, Stage};
use crate::render::Engine;
use crate::schedule::Calendar;
use crate::source::SourceMap;
use crate::stamp::Stamps;
use crate::state;

use super::keep::{self, DOCUMENTS, SOURCES};
use super::last::Last;
use super::patch::{self, Before};
use super::publish::Inputs;
use super::{Costs, Darkroom, Options, Preview, Published, Ready, Themed};

/// One build, as far as a short way needs to know it.
pub(super) struct Short<'a, 's> {
    pub(super) site: &'a Path,
    pub(super) output: &'a Path,
    /// Of the output folder.
    pub(super) folder: Hash,
    pub(super) inputs: Inputs,
    /// Of the files of the last release.
    pub(super) stamps: &'s Stamps,
    pub(super) options: &'a Options,
    pub(super) how: release::Options,
}

/// What becomes of the output folder on the way.
pub(super) struct Turn<'s> {
    /// Begun ahead; gone when a way has used it.
    pub(super) ahead: Option<Stage<'s>>,
    /// Another build into the folder had to end first, so that what was read is too old for any way.
    pub(super) waited: bool,
}

impl<'s> Short<'_, 's> {
    /// Publishes, if there is a short way.
    pub(super) fn publish(
        &self,
        ready: &Ready,
        memo: &mut Memo,
        turn: &mut Turn<'s>,
    ) -> Result<Option<Published>, Fault> {
        if !ready.reading.problems.is_empty() || self.how.dry {
            return Ok(None);
        }
        let Some(last) = Last::find(self.site, self.folder, self.options.now, self.stamps) else { return Ok(None) };
        if last.is_of(self.inputs.now) {
            return self.unchanged(ready, last, memo, turn);
        }
        match last.is_of(self.inputs.before) && last.only_pages_show_bodies {
            true => self.patched(ready, last, memo, turn),
            false => Ok(None),
        }
    }

    fn begin(&self, turn: &mut Turn<'s>) -> Result<Option<Stage<'s>>, Fault> {
        let stage = match turn.ahead.take() {
            Some(ahead) => ahead,
            None => Stage::begin(self.site, self.output, self.stamps, self.how)?,
        };
        turn.waited = stage.waited();
        match stage.waited() {
            true => Ok(None),
            false => Ok(Some(stage)),
        }
    }

    fn unchanged(
        &self,
        ready: &Ready,
        last: Last,
        memo: &mut Memo,
        turn: &mut Turn<'s>,
    ) -> Result<Option<Published>, Fault> {
        let clock = Stopwatch::start();
        let Some(stage) = self.begin(turn)? else { return Ok(None) };
        let Some(released) = stage.replace(&[])? else { return Ok(None) };
        let mut preview = preview(ready, &last, 0);
        // Files that were too young to be known by their stamps have grown older.
        let mut saved = Ok(());
        if ready.before != memo.known {
            saved = self.save(SOURCES, &[memo.known.as_bytes()]);
        }
        saved = saved.and_then(|()| keep::save_folders(self.site, memo));
        if *self.stamps != released.stamps {
            saved = saved.and_then(|()| self.save_release(last, &released));
        }
        saved = saved.and_then(|()| keep::remember(self.site, self.output, self.options.now, &released.receipt));
        preview.problems.extend(saved.err().map(|problem| *problem));
        preview.timings.push(("release", clock.elapsed()));
        Ok(Some(self.published(preview, released, 0)))
    }

    fn patched(
        &self,
        ready: &Ready,
        last: Last,
        memo: &mut Memo,
        turn: &mut Turn<'s>,
    ) -> Result<Option<Published>, Fault> {
        let Some(edit) = &ready.edit else { return Ok(None) };
        let clock = Stopwatch::start();
        keep::load_outputs(self.site, self.folder, memo);
        let (sources, config) = (&ready.reading.sources, Arc::new(ready.config.clone()));
        let company = &ready.company;
        if !last.keeps(company) {
            return Ok(None);
        }
        let (outputs, earlier, engine) = (&memo.outputs, &memo.heads, &mut memo.engine);
        let themed = ready.themed.clone().unwrap_or_else(|| Themed::of(sources, &config));
        let before = Before { earlier, outputs, company, themed: &themed };
        let engine = || {
            *engine = Engine::of(themed.theme.clone(), engine.take()).ok();
            engine.clone()
        };
        let Some(patch) = patch::patch(edit, sources, &config, self.options, &before, engine) else { return Ok(None) };
        let pages: Vec<_> =
            patch.pages.iter().map(|(path, bytes, fingerprint)| (path, *fingerprint, Hash::of(bytes))).collect();
        let Some(outputs) = memo.outputs.with(&pages) else { return Ok(None) };
        let Some(heads) = memo.heads.with(&patch.documents) else { return Ok(None) };
        let rendered = clock.elapsed();
        let clock = Stopwatch::start();
        let Some(stage) = self.begin(turn)? else { return Ok(None) };
        let pages: Vec<_> = patch.pages.iter().map(|(path, bytes, _)| (path, &**bytes)).collect();
        let Some(released) = stage.replace(&pages)? else { return Ok(None) };
        memo.heads = heads;
        let mut preview = preview(ready, &last, patch.documents.len());
        let saved = self.save_patch(last, &released, memo, outputs);
        let saved = saved.and_then(|()| keep::save_folders(self.site, memo));
        let saved = saved.and_then(|()| keep::remember(self.site, self.output, self.options.now, &released.receipt));
        preview.problems.extend(saved.err().map(|problem| *problem));
        preview.timings.extend([("render", rendered), ("release", clock.elapsed())]);
        Ok(Some(self.published(preview, released, patch.pages.len())))
    }

    fn save_patch(
        &self,
        last: Last,
        released: &Released,
        memo: &mut Memo,
        outputs: Outputs,
    ) -> Result<(), Box<Problem>> {
        let (first, second) = rayon::join(
            || self.save(SOURCES, &[memo.known.as_bytes()]).and(self.save(DOCUMENTS[1], &[memo.heads.newer_block()])),
            || {
                self.save(&keep::outputs_names(self.folder)[0], &outputs.as_blocks().0)
                    .and(self.save_release(last, released))
            },
        );
        memo.outputs = outputs;
        first.and(second)
    }

    fn save_release(&self, last: Last, released: &Released) -> Result<(), Box<Problem>> {
        keep::save_stamps(self.site, self.folder, &released.stamps)?;
        Last::save(Some(last.with(self.inputs.now, &released.stamps)), self.site, self.folder)
    }

    fn save(&self, name: &str, bytes: &[&[u8]]) -> Result<(), Box<Problem>> {
        state::save(self.site, name, state::program_version(), bytes)
    }

    fn published(&self, preview: Preview, released: Released, rendered: usize) -> Published {
        Published {
            preview,
            rendered,
            kept: released.receipt.files - rendered,
            receipt: Some(released.receipt),
            costs: Costs::default(),
            output: self.output.to_path_buf(),
        }
    }
}

/// Of a site that nobody needed to put together.
fn preview(ready: &Ready, last: &Last, parsed: usize) -> Preview {
    Preview {
        config: Arc::new(ready.config.clone()),
        problems: Vec::new(),
        index: None,
        translations: Vec::new(),
        engine: None,
        outlines: None,
        jobs: Default::default(),
        next_change: last.next_change,
        parsed,
        reused: last.documents.saturating_sub(parsed),
        screens: Vec::new(),
        slides: 0,
        calendar: Calendar::default(),
        places: SourceMap::default(),
        darkroom: Arc::new(Darkroom::new(None)),
        read: ready.reading.stats,
        timings: vec![("read", ready.took)],
    }
}
