//! The preview: answers from the newest jobs, renders what is asked for, and tells browsers when something changed.
//!
//! A save runs the same line as a build, with a warm memo. If it brings errors, the last good pages stay and the browser
//! shows the problems; everything is rendered in the background, so that a broken template is found on pages that nobody
//! looks at. What it serves is the built page plus one script.

mod answer;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use rayon::prelude::*;
use tokio::sync::broadcast;

use crate::clock::Stopwatch;
use crate::command::{Now, Site, Trouble};
use crate::file::{Hash, OutputPath, Source};
use crate::memo::{Made, Memo, Outputs, Recall};
use crate::pipeline::{self, Preview};
use crate::plan::{Job, Recipe};
use crate::problem::{Fault, Problem, Severity};
use crate::release;
use crate::render::{self, Output, Rendered};
use crate::report::{self, Voice};
use crate::source;
use crate::watch::{Stopper, Watcher, Woken};

/// Where to listen.
#[derive(Clone, Debug)]
pub struct Address {
    /// A name or an address.
    pub host: String,
    /// The port; 0 takes any that is free.
    pub port: u16,
    /// Open the browser.
    pub open: bool,
}

/// Serves until somebody presses Ctrl-C.
pub fn serve(site: &Site, address: &Address, voice: &Voice) -> Result<(), Fault> {
    let site = &site.standing()?;
    let mut memo = Memo::default();
    let watcher = Watcher::new(&site.folder, &[&site.folder.join("public")])?;
    let server = Arc::new(Server::new(*voice, site.preview(&mut memo)?));
    server.prove_in_background();
    let failed = |reason: std::io::Error| Fault::new("serve-failed", &address.host, reason);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = listen(address).await?;
        let local = listener.local_addr().map_err(failed)?;
        let url = server.url(local);
        report::problems(voice, &server.problems());
        report::say(voice, "serving", &[("url", url.clone())]);
        if address.open && !open_browser(&url) {
            report::say(voice, "browser-failed", &[("url", url)]);
        }
        let (fresh, site) = (server.clone(), site.clone());
        std::thread::spawn(move || fresh.keep_fresh(&site, &watcher, memo));
        let app = answer::routes(server.clone(), local.ip().is_loopback());
        tokio::select! {
            ended = axum::serve(listener, app) => ended.map_err(failed),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

/// Runs work that can be stopped, and stops it at Ctrl-C: what is being written is finished first.
pub fn until_stopped<T>(work: impl FnOnce(fn(Stopper)) -> T) -> T {
    work(|stopper| {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            // Without a runtime there is no handler either, and Ctrl-C ends the process as usual.
            if let Ok(runtime) = runtime
                && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
            {
                stopper.stop();
            }
        });
    })
}

/// Ports after the wanted one that are tried for the hint.
const NEARBY: u16 = 50;

async fn listen(address: &Address) -> Result<tokio::net::TcpListener, Fault> {
    let Address { host, port, .. } = address;
    let at = |port: u16| tokio::net::TcpListener::bind((host.as_str(), port));
    let reason = match at(*port).await {
        Ok(listener) => return Ok(listener),
        Err(reason) => reason,
    };
    let name = format!("{host}:{port}");
    if reason.kind() != std::io::ErrorKind::AddrInUse {
        return Err(Fault::new("serve-failed", name, reason));
    }
    for free in port.saturating_add(1)..=port.saturating_add(NEARBY) {
        if at(free).await.is_ok() {
            return Err(Fault::new("port-busy", name, free));
        }
    }
    Err(Fault::new("port-busy", name, 0))
}

fn open_browser(url: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/c", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = std::process::Command::new(program);
    command.args(arguments).arg(url).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    command.spawn().is_ok()
}

/// All that answers are made from.
struct Server {
    voice: Voice,
    stand: RwLock<Stand>,
    /// Grows with every reading of the site; work for an older one is given up.
    generation: AtomicU64,
    /// How outputs were made that rendered without a problem.
    proven: Mutex<Outputs>,
    /// Browsers listen here; the value is the generation.
    moved: broadcast::Sender<u64>,
}

/// What browsers see.
struct Stand {
    /// The newest one without errors before rendering; at the start, whatever there is.
    newest: Arc<Shown>,
    /// The last one of which every job rendered.
    good: Option<Arc<Shown>>,
    /// Of the newest reading, which may be one that is not shown.
    problems: Arc<Vec<Problem>>,
}

/// A preview with the pages that were asked for.
struct Shown {
    preview: Preview,
    pages: Mutex<BTreeMap<OutputPath, Arc<[u8]>>>,
}

impl Shown {
    fn new(preview: Preview) -> Arc<Shown> {
        Arc::new(Shown { preview, pages: Mutex::default() })
    }

    /// The bytes of an output; `None` when there is no such output or it cannot be rendered.
    fn bytes(&self, path: &OutputPath) -> Option<Arc<[u8]>> {
        let job = self.preview.jobs.get(path)?;
        if let Some(bytes) = locked(&self.pages).get(path) {
            return Some(bytes.clone());
        }
        let bytes = match self.preview.render(job).ok()? {
            // Files are large and quick to read; pages are small and slow to make.
            Rendered { output: Output::Copy(source), .. } => return self.file(job, &source),
            Rendered { output, .. } => output.into_bytes()?,
        };
        if is_picture(job) {
            return Some(bytes);
        }
        locked(&self.pages).insert(path.clone(), bytes.clone());
        Some(bytes)
    }

    /// An output that is too large for the memory, as a file to send piece by piece: videos and kits.
    fn large(&self, path: &OutputPath) -> Option<File> {
        let job = self.preview.jobs.get(path)?;
        let places = &self.preview.places;
        match &job.recipe {
            Recipe::Copy(source) if source.extension() == "mp4" => source::file(places, source).ok(),
            Recipe::Kit { .. } => match self.preview.render(job).ok()?.output {
                Output::Pack(files) => {
                    release::packed(&files, &|content| self.preview.give(content, &RefCell::default())).ok()
                }
                Output::Made(_) | Output::Bytes(_) | Output::Copy(_) => None,
            },
            _ => None,
        }
    }

    fn file(&self, job: &Job, path: &crate::file::SourcePath) -> Option<Arc<[u8]>> {
        let hash = render::fingerprint(self.preview.index_of(job)?, job);
        let source = Source { path: path.clone(), hash, size: 0, data: crate::file::Data::OnDisk { pixels: None } };
        source::text(&self.preview.places, &source).ok()
    }
}

impl Server {
    fn new(voice: Voice, preview: Preview) -> Server {
        let problems = Arc::new(preview.problems.clone());
        let stand = Stand { newest: Shown::new(preview), good: None, problems };
        Server {
            voice,
            stand: RwLock::new(stand),
            generation: AtomicU64::new(0),
            proven: Mutex::default(),
            moved: broadcast::Sender::new(16),
        }
    }

    /// Where a browser finds the home page.
    fn url(&self, local: SocketAddr) -> String {
        let host = if local.ip().is_unspecified() { "localhost".to_string() } else { local.ip().to_string() };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        format!("http://{host}:{}{}/", local.port(), crate::link::base_path(&self.newest().preview.config))
    }

    fn read<T>(&self, look: impl FnOnce(&Stand) -> T) -> T {
        look(&self.stand.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn newest(&self) -> Arc<Shown> {
        self.read(|stand| stand.newest.clone())
    }

    fn problems(&self) -> Arc<Vec<Problem>> {
        self.read(|stand| stand.problems.clone())
    }

    /// The bytes of an output: of the newest preview, or of the last good one where the newest cannot be rendered.
    fn bytes(&self, path: &OutputPath) -> Option<Arc<[u8]>> {
        let (newest, good) = self.read(|stand| (stand.newest.clone(), stand.good.clone()));
        match newest.bytes(path) {
            None if newest.preview.jobs.has(path) => good.and_then(|good| good.bytes(path)),
            bytes => bytes,
        }
    }

    /// See `Shown::large`.
    fn large(&self, path: &OutputPath) -> Option<File> {
        self.newest().large(path)
    }

    /// Reads the site again whenever something moved or the clock changes it.
    fn keep_fresh(self: &Arc<Server>, site: &Site, watcher: &Watcher, mut memo: Memo) {
        // With an instant of its own, the site stands still however late it gets.
        let follows_clock = matches!(site.now, Now::Clock);
        let mut next: Option<Timestamp> = self.newest().preview.next_change.filter(|_| follows_clock);
        let mut trouble = Trouble::default();
        // The preview of what was read last, if it is shown.
        let mut last = Some(self.newest());
        while watcher.wait(next) != Woken::Stopped {
            let clock = Stopwatch::start();
            let read = match &last {
                Some(last) => site.preview_after(&last.preview, &mut memo),
                None => site.preview(&mut memo),
            };
            match read {
                Err(fault) => next = Some(trouble.told(&self.voice, &fault)),
                Ok(preview) => {
                    trouble = Trouble::default();
                    next = preview.next_change.filter(|_| follows_clock);
                    let args = vec![
                        ("parsed", preview.parsed.to_string()),
                        ("time", report::seconds(self.voice.lang, clock.elapsed())),
                    ];
                    report::problems(&self.voice, &preview.problems);
                    let code = if preview.is_broken() { "kept-last-good" } else { "refreshed" };
                    report::say(&self.voice, code, &args);
                    let is_shown = !preview.is_broken();
                    self.show(preview);
                    last = is_shown.then(|| self.newest());
                }
            }
        }
    }

    /// Puts a new preview in place; one with errors only brings its problems.
    fn show(self: &Arc<Server>, preview: Preview) {
        let generation = self.generation.fetch_add(1, Ordering::SeqCst) + 1;
        {
            let mut stand = self.stand.write().unwrap_or_else(PoisonError::into_inner);
            stand.problems = Arc::new(preview.problems.clone());
            // Nothing good was ever shown: the newest is as good as any.
            if !preview.is_broken() || (stand.good.is_none() && stand.newest.preview.is_broken()) {
                stand.newest = Shown::new(preview);
            }
        }
        let _ = self.moved.send(generation);
        self.prove_in_background();
    }

    fn prove_in_background(self: &Arc<Server>) {
        let server = self.clone();
        let generation = self.generation.load(Ordering::SeqCst);
        std::thread::spawn(move || {
            // Until something is known to be good, nothing stands when a template breaks.
            if server.read(|stand| stand.good.is_some()) {
                std::thread::sleep(HEAD_START);
            }
            server.prove(generation);
        });
    }

    /// Renders all that is not known to render, to find what is wrong with templates.
    fn prove(&self, generation: u64) {
        let mut proven = locked(&self.proven);
        let is_old = || self.generation.load(Ordering::SeqCst) != generation;
        if is_old() {
            return;
        }
        let shown = self.newest();
        let recall = proven.recall(shown.preview.indexes());
        let results: Vec<(&Job, Proof)> = shown
            .preview
            .jobs
            .iter()
            .filter(|job| {
                use Recipe::{Bytes, Copy, Pieces, Search, Slide};
                !matches!(job.recipe, Copy(_) | Bytes(_) | Pieces(_) | Slide(_) | Search(_)) && !is_picture(job)
            })
            .collect::<Vec<_>>()
            .into_par_iter()
            .enumerate()
            .map(|(near, job)| {
                (job, if is_old() { Proof::Unknown } else { prove_one(&shown.preview, &recall, job, near) })
            })
            .collect();
        if is_old() {
            return;
        }
        let mut problems = shown.preview.problems.clone();
        let before = problems.len();
        let mut seen = std::collections::BTreeSet::new();
        let mut all = Vec::new();
        for (job, proof) in results {
            match proof {
                Proof::Unknown => {}
                Proof::Fine(made) => all.push((job.path.clone(), made)),
                Proof::Wrong(more) => {
                    problems.extend(more.into_iter().filter(|p| seen.insert((p.code, p.place.clone()))));
                }
            }
        }
        let next = proven.next(&all);
        *proven = next;
        let found = problems.len() > before;
        pipeline::configured(&mut problems, &shown.preview.config);
        let is_good = !problems.iter().any(|p| p.severity == Severity::Error);
        {
            let mut stand = self.stand.write().unwrap_or_else(PoisonError::into_inner);
            if is_old() {
                return;
            }
            if is_good {
                stand.good = Some(shown.clone());
            }
            // A newer reading with errors is not shown, and its problems stay.
            if found && Arc::ptr_eq(&stand.newest, &shown) && *stand.problems == shown.preview.problems {
                stand.problems = Arc::new(problems.clone());
            }
        }
        if found {
            report::problems(&self.voice, &problems);
            let _ = self.moved.send(generation);
        }
    }
}

/// The page that is open in a browser is asked for again first: after an edited template all others are rendered too, and
/// that takes every core.
const HEAD_START: Duration = Duration::from_millis(200);

/// Pictures are made when they are asked for, and kept on disk.
fn is_picture(job: &Job) -> bool {
    matches!(job.recipe, Recipe::Picture(..) | Recipe::Cleaned(_))
}

enum Proof {
    Fine(Made),
    Wrong(Vec<Problem>),
    /// Given up.
    Unknown,
}

fn prove_one(preview: &Preview, recall: &Recall, job: &Job, near: usize) -> Proof {
    let Some(index) = preview.index_of(job) else { return Proof::Unknown };
    let fingerprint: Hash = render::fingerprint(index, job);
    if let Some(made) = recall.same(&job.path, near, fingerprint) {
        return Proof::Fine(made);
    }
    match preview.render(job) {
        // Nothing is kept on disk for the preview, so nobody asks for the hash of the bytes.
        Ok(rendered) => Proof::Fine(Made::new(fingerprint, Hash::default(), rendered.questions)),
        Err(problems) => Proof::Wrong(problems),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
