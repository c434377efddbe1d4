//! Jobs → outputs → receipt: the line to its end, into an output folder, with what the next build will want to know.
//!
//! Two threads from the beginning: one reads the site while the other takes the output folder and looks at what the release
//! before left there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::clock::Stopwatch;
use crate::config::{self, Config};
use crate::file::{Hash, OutputPath, Receipt};
use crate::memo::{Company, Memo};
use crate::plan::{Job, Rank, Recipe};
use crate::problem::Fault;
use crate::release::{self, Stage};
use crate::render::Engine;
use crate::source::{self, ReadStats, Reading};

use super::keep::{
    Left, company, load_company, load_heads, load_outputs, remember, remembered_stamps, save, save_heads,
};
use super::last::{self, Last};
use super::patch::{self, Edit};
use super::produce::{Costs, Done, packed_forms, render_all};
use super::short::{Short, Turn};
use super::{Darkroom, Options, Preview, Ready, Themed, configured, glance, go_on, read_rest};

/// A build, done.
#[derive(Debug)]
pub struct Published {
    /// The site; its problems include those of rendering.
    pub preview: Preview,
    /// What was written; none when an error stood against it.
    pub receipt: Option<Receipt>,
    /// Outputs that were rendered, and outputs that the memo knew.
    pub rendered: usize,
    /// See `rendered`.
    pub kept: usize,
    /// What rendering cost.
    pub costs: Costs,
    /// Where it was written.
    pub output: PathBuf,
}

/// Hashes of all that a build depends on, as it is and as the memo knew it before.
#[derive(Clone, Copy)]
pub(super) struct Inputs {
    pub(super) now: Hash,
    pub(super) before: Hash,
}

/// Builds the site into its output folder. With errors nothing is written.
pub fn publish(
    site: &Path,
    output: Option<&Path>,
    options: &Options,
    how: release::Options,
    memo: &mut Memo,
) -> Result<Published, Fault> {
    publish_or_rest(site, output, options, how, memo, true)
}

/// The same; where no file has moved and `may_rest`, nothing but the settings is read.
fn publish_or_rest(
    site: &Path,
    output: Option<&Path>,
    options: &Options,
    how: release::Options,
    memo: &mut Memo,
    may_rest: bool,
) -> Result<Published, Fault> {
    let wanted = output;
    let output_of = |config: &Config| wanted.map_or_else(|| site.join(&config.output), Path::to_path_buf);
    // The folder to write to is a setting, so while all files are read, the other thread reads the settings by themselves.
    let (guess, remembered) = (OnceLock::new(), OnceLock::new());
    let read = || {
        let clock = Stopwatch::start();
        let glance = glance(site, memo)?;
        let may_rest = may_rest && !how.dry && glance.all_stand();
        let may_hold = |ready: &Ready| Last::may_hold(site, name_of(&output_of(&ready.config)), options.now);
        let ready = may_rest.then(|| rested(site, options, memo, &clock)).flatten();
        if let Some(ready) = ready.filter(may_hold) {
            let now = last::inputs(memo.known.files(), options);
            return Ok((ready, Inputs { now, before: now }, true));
        }
        let mut ready = read_rest(glance, options, memo, &clock);
        let inputs =
            || last::inputs(ready.reading.sources.iter().map(|s| (s.path.as_str().as_bytes(), s.hash)), options);
        if memo.known.same_files(&ready.before) {
            let now = inputs();
            return Ok((ready, Inputs { now, before: now }, false));
        }
        // Something has changed, so what was made of the outputs will be wanted, and the theme.
        let before = || last::inputs(ready.before.files(), options);
        let folder = name_of(&output_of(&ready.config));
        let load = || {
            let edit = few_bodies(site, folder, &ready, memo);
            load_outputs(site, folder, memo);
            let company = if edit.is_some() { load_company(site) } else { Company::default() };
            (edit, company)
        };
        let themed = || Themed::of(&ready.reading.sources, &ready.config);
        let aside = || rayon::join(themed, || (before(), inputs()));
        let ((edit, company), (themed, (before, now))) = rayon::join(load, aside);
        if edit.is_some() {
            // The page will be rendered, and the other thread still has outputs to look at.
            memo.engine = Engine::of(themed.theme.clone(), memo.engine.take()).ok();
        }
        (ready.edit, ready.company, ready.themed) = (edit, company, Some(themed));
        Ok((ready, Inputs { now, before }, false))
    };
    let ahead = || {
        let settings = source::one(site, "civicast.toml");
        let output = guess.get_or_init(|| output_of(&config::load(settings.as_ref(), None, &options.overrides).0));
        Stage::ahead(site, output, remembered.get_or_init(|| remembered_stamps(site, name_of(output))), how)
    };
    let (read, ahead) = rayon::join(read, ahead);
    let (ready, inputs, is_rested) = read?;
    let output = output_of(&ready.config);
    let folder = name_of(&output);
    let other = OnceLock::new();
    // A wrong guess is let go at once.
    let is_right = guess.get() == Some(&output);
    let ahead = ahead.filter(|_| is_right);
    let stamps = match remembered.get().filter(|_| is_right) {
        Some(stamps) => stamps,
        None => other.get_or_init(|| remembered_stamps(site, folder)),
    };
    let mut turn = Turn { ahead, waited: false };
    let short = Short { site, output: &output, folder, inputs, stamps, options, how };
    if let Some(published) = short.publish(&ready, memo, &mut turn)? {
        // Freeing it need not be waited for.
        rayon::spawn(|| drop(ready));
        return Ok(published);
    }
    if turn.waited {
        return publish(site, wanted, options, how, memo);
    }
    if is_rested {
        drop(turn);
        return publish_or_rest(site, wanted, options, how, memo, false);
    }
    load_outputs(site, folder, memo);
    let mut preview = go_on(site, ready, options, memo, !how.dry);
    if preview.is_broken() {
        return Ok(Published { preview, receipt: None, rendered: 0, kept: 0, costs: Costs::default(), output });
    }
    let clock = Stopwatch::start();
    let stage = match turn.ahead {
        Some(ahead) => ahead,
        None => Stage::begin(site, &output, stamps, how)?,
    };
    if stage.waited() {
        // The other build may have read newer sources than we did; ours must not go over them.
        stage.abandon();
        return publish(site, wanted, options, how, memo);
    }
    let packed = memo.next_heads.take();
    let aside = || (ranked(&preview), packed.map(|packed| save_heads(site, &memo.heads, packed)));
    let (done, (pointers, kept_heads)) = rayon::join(|| render_all(&preview, &memo.outputs, Some(&stage)), aside);
    let heads_saved = kept_heads.map_or(Ok(()), |(heads, saved)| {
        memo.heads = heads;
        saved
    });
    let Done { problems, made, rendered, kept, costs } = done?;
    preview.timings.push(("render", clock.elapsed()));
    if !problems.is_empty() {
        preview.problems.extend(problems);
        configured(&mut preview.problems, &preview.config);
        if preview.is_broken() {
            stage.abandon();
            return Ok(Published { preview, receipt: None, rendered, kept, costs, output });
        }
    }
    let clock = Stopwatch::start();
    let before = &memo.outputs;
    let aside = || rayon::join(|| before.next(&made), || company(&preview));
    let (released, (made, company)) = rayon::join(|| stage.commit(&pointers), aside);
    let released = released?;
    if !how.dry {
        let left = Left { stamps: &released.stamps, company: &company, made };
        let last = || Last::of(&preview, inputs.now, options, &released.stamps, Hash::of(company.as_bytes()));
        let (saved, last) = rayon::join(|| heads_saved.and_then(|()| save(site, folder, memo, left)), last);
        let saved = saved.and_then(|()| Last::save(last, site, folder));
        let saved = saved.and_then(|()| remember(site, &output, options.now, &released.receipt));
        preview.darkroom.keep_only(|| used_pictures(&preview));
        preview.problems.extend(saved.err().map(|problem| *problem));
    }
    preview.timings.push(("release", clock.elapsed()));
    Ok(Published { preview, receipt: Some(released.receipt), rendered, kept, costs, output })
}

/// The settings of a site of which every file is the one that is known; `None` when they are not, or nothing good.
fn rested(site: &Path, options: &Options, memo: &Memo, clock: &Stopwatch) -> Option<Ready> {
    let [settings, screens] = ["civicast.toml", "screens.toml"].map(|name| {
        let known = memo.known.find(name).map(|row| row.hash);
        let source = known.and_then(|_| source::one(site, name));
        (source.as_ref().map(|source| source.hash) == known).then_some(source)
    });
    let (config, problems) = config::load(settings?.as_ref(), screens?.as_ref(), &options.overrides);
    let files = memo.known.len();
    let stats = ReadStats { walked: files, read: 0, reused: files };
    let reading = Reading { stats, ..Reading::default() };
    let before = memo.known.clone();
    problems.is_empty().then(|| Ready { reading, config, before, took: clock.elapsed(), ..Ready::default() })
}

/// What was edited, when it was bodies only and that may be of use.
fn few_bodies(site: &Path, folder: Hash, ready: &Ready, memo: &mut Memo) -> Option<Edit> {
    let (known, sources) = (&ready.before, &ready.reading.sources);
    let paths = patch::edited(known, sources).filter(|_| Last::exists(site, folder))?;
    load_heads(site, memo);
    patch::edit(&paths, sources, &ready.config, known, &memo.heads)
}

/// By which what is remembered about an output folder is found.
fn name_of(output: &Path) -> Hash {
    Hash::of(output.to_string_lossy().as_bytes())
}

/// Keys of all that this build needed of the darkroom.
fn used_pictures(preview: &Preview) -> BTreeSet<Hash> {
    let site = preview.index.as_ref().map(|index| &index.world().site);
    let of = |job: &Job| match &job.recipe {
        Recipe::Picture(_, set, _) => Some(set.key),
        Recipe::Slide(drawing) => {
            let photo = drawing.input.photo.as_ref()?;
            Darkroom::key(photo, site?.assets.get(&photo.asset)?, &preview.config)
        }
        _ => None,
    };
    preview.jobs.iter().filter_map(of).collect()
}

/// What points to pages and slides, in order: feeds before the heads that name them. Pages of HTML are put in order by
/// `release` itself, new ones before those that may link to them.
fn ranked(preview: &Preview) -> Vec<OutputPath> {
    let (mut pages, mut packed, mut pointers) = (Vec::new(), Vec::new(), Vec::new());
    for job in preview.jobs.iter() {
        match job.rank {
            Rank::File => {}
            Rank::Pointer => pointers.push(job.path.clone()),
            Rank::Page => {
                if !job.path.as_str().ends_with(".html") {
                    pages.push(job.path.clone());
                }
                // A compressed page may be read instead of the page itself, so it comes no earlier.
                packed.extend(packed_forms(preview, job).into_iter().map(|(path, _)| path));
            }
        }
    }
    [pages, packed, pointers].concat()
}
