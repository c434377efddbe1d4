//! What each command does, between the flags of `main` and the words of `report`.
//!
//! In go plain structs; out comes an `Outcome` or a `Fault`. A command calls the line of the pipeline and tells of it; it
//! neither knows a flag nor prints.

mod begin;
mod build;
mod list;
mod screens;
mod why;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock;
use crate::config;
use crate::fields::{self, When};
use crate::file::SourcePath;
use crate::memo::Memo;
use crate::message::Lang;
use crate::pipeline::{self, Options, Preview};
use crate::problem::{Fault, Problem, Severity};
use crate::report::{self, Data, Outcome, Voice, sentence};
use crate::schema;
use crate::screenfeed;
use crate::source::{self, Asked};

pub use begin::{KINDS, eject, init, new};
pub use build::{Build, build, check, theme_check, watch};
pub use list::{Listed, list};
pub use screens::{screens_at, screens_day, screens_list};
pub(crate) use why::percent_decoded;
pub use why::why;

/// What nearly every command depends on.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder.
    pub folder: PathBuf,
    /// Settings from the environment and the command line, the stronger ones later.
    pub overrides: Vec<(String, String)>,
    /// The instant.
    pub now: Now,
    /// Drafts are shown too.
    pub drafts: bool,
    /// The language of what is said.
    pub lang: Lang,
}

/// For which instant.
#[derive(Clone, Copy, Debug)]
pub enum Now {
    /// The present one, each time it is asked for.
    Clock,
    /// As written; without an offset in the zone of the site.
    At(When),
}

impl Now {
    /// Reads an instant in any of the forms of front matter.
    pub fn parse(text: &str) -> Option<Now> {
        fields::parse_date(text).map(Now::At)
    }
}

impl Site {
    /// The options of a build at this moment.
    pub fn options(&self) -> Result<Options, Fault> {
        Ok(Options { overrides: self.overrides.clone(), now: self.instant()?, drafts: self.drafts, strict: false })
    }

    fn instant(&self) -> Result<Timestamp, Fault> {
        match self.now {
            Now::Clock => Ok(clock::now()),
            Now::At(when) => instant(when, || self.zone()),
        }
    }

    /// The zone of the site, from its configuration alone.
    fn zone(&self) -> Result<TimeZone, Fault> {
        let settings = match source::one(&self.folder, "civicast.toml") {
            Some(settings) => Some(settings),
            // Behind a link, or not there.
            None => {
                let (known, folders) = Default::default();
                let holds = |path: &SourcePath, _| path.is_markdown();
                let asked = Asked { known: &known, folders: &folders, max_text_bytes: 1 << 20, holds: &holds };
                source::read(&self.folder, &asked)?.sources.find("civicast.toml").cloned()
            }
        };
        Ok(config::load(settings.as_ref(), None, &self.overrides).0.zone)
    }

    /// The same site by its full path: the folder in which a program was started may be taken away and made again while it
    /// runs, and then only the path leads to the new one.
    pub(crate) fn standing(&self) -> Result<Site, Fault> {
        Ok(Site { folder: standing(&self.folder)?, ..self.clone() })
    }

    /// The site up to its jobs.
    pub(crate) fn preview(&self, memo: &mut Memo) -> Result<Preview, Fault> {
        pipeline::preview(&self.folder, &self.options()?, memo)
    }

    /// The same after `last`, which was made of what had been read just before.
    pub(crate) fn preview_after(&self, last: &Preview, memo: &mut Memo) -> Result<Preview, Fault> {
        pipeline::preview_after(last, &self.folder, &self.options()?, memo)
    }
}

/// The full path of a folder.
fn standing(folder: &Path) -> Result<PathBuf, Fault> {
    std::path::absolute(folder).map_err(|reason| Fault::new("site-missing", folder.display(), reason))
}

/// The fault that a program which runs on has met. It is told once, not at every try.
#[derive(Default)]
pub(crate) struct Trouble(Option<(&'static str, String, String)>);

impl Trouble {
    /// Between two tries when nothing moves.
    const AGAIN: jiff::SignedDuration = jiff::SignedDuration::from_secs(10);

    /// Tells a fault that is not the one told last, and gives the instant of the next try.
    pub(crate) fn told(&mut self, voice: &Voice, fault: &Fault) -> Timestamp {
        let this = (fault.code, fault.path.clone(), fault.reason.clone());
        if self.0.as_ref() != Some(&this) {
            report::fault(voice, fault);
            self.0 = Some(this);
        }
        clock::now().saturating_add(Trouble::AGAIN).unwrap_or(Timestamp::MAX)
    }
}

/// The instant that somebody wrote. A time that a change of clocks leaves out is the one after the gap.
fn instant(when: When, zone: impl FnOnce() -> Result<TimeZone, Fault>) -> Result<Timestamp, Fault> {
    let civil = when.date.to_datetime(when.time.unwrap_or(jiff::civil::Time::midnight()));
    let zone = match when.offset {
        Some(offset) => TimeZone::fixed(offset),
        None => zone()?,
    };
    let instant = zone.to_ambiguous_timestamp(civil).compatible();
    // Years 1900 to 2999 are far inside what an instant can hold.
    Ok(instant.unwrap_or_default())
}

/// An instant as people read it: in the zone of the site, to the minute.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// What is wrong, in numbers: `3 errors in 2 files, 1 warning`; empty when nothing is.
pub(crate) fn tally(problems: &[Problem], lang: Lang) -> String {
    let of = |severity| problems.iter().filter(move |p| p.severity == severity);
    let counted = |count: usize, one: &'static str, many: &'static str| {
        sentence(lang, if count == 1 { one } else { many }, &[("count", count.to_string())])
    };
    let files: BTreeSet<&SourcePath> = of(Severity::Error).filter_map(|p| Some(&p.place.as_ref()?.path)).collect();
    let (errors, warnings) = (of(Severity::Error).count(), of(Severity::Warning).count());
    let errors = (errors > 0).then(|| {
        let files = counted(files.len().max(1), "count-file", "count-files");
        let errors = counted(errors, "count-error", "count-errors");
        sentence(lang, "errors-in-files", &[("errors", errors), ("files", files)])
    });
    let warnings = (warnings > 0).then(|| counted(warnings, "count-warning", "count-warnings"));
    errors.into_iter().chain(warnings).collect::<Vec<_>>().join(&sentence(lang, "comma", &[]))
}

/// True when an error is among them.
fn is_broken(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

/// An outcome that only tells problems.
fn only(problems: Vec<Problem>) -> Outcome {
    Outcome { problems, ..Outcome::default() }
}

/// A path as sentences name it: without the `./` of the current folder.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// What can be had as a JSON Schema.
#[derive(Clone, Copy, Debug)]
pub enum Described {
    /// `civicast.toml`
    Config,
    /// The header of a document.
    FrontMatter,
    /// `screens.toml`
    Screens,
    /// What a screen polls.
    Feed,
}

/// A JSON Schema.
pub fn schema(what: Described) -> Outcome {
    let schema = match what {
        Described::Config => schema::config(),
        Described::FrontMatter => schema::front_matter(),
        Described::Screens => schema::screens(),
        Described::Feed => screenfeed::schema(),
    };
    // `{:#}` prints values with indentation.
    Outcome { data: Data::Text(format!("{schema:#}\n")), ..Outcome::default() }
}
