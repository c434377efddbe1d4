//! Many screens: a thousand of them, five hundred documents, sixty-two days. Makes the site in a folder that is removed
//! afterwards, draws and writes every feed and slide, and tells how long each part took, how many there are, and how large.
//!
//! usage: screens [SCREENS] [DOCUMENTS]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own that only measures"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use civicast::memo::Memo;
use civicast::pipeline::{Options, preview};
use civicast::plan::Recipe;
use civicast::render::Output;
use civicast::screen::ScreenPlan;
use rayon::prelude::*;

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (screens, documents) = (numbers.next().unwrap_or(1000), numbers.next().unwrap_or(500));
    let folder = std::env::temp_dir().join(format!("civicast-screens-{}", std::process::id()));
    make(&folder, screens, documents)?;
    let measured = measure(&folder);
    fs::remove_dir_all(&folder)?;
    measured
}

/// Feeds of all screens, from the files of the site to files on the disk.
fn measure(folder: &Path) -> io::Result<()> {
    let now = "2026-11-23T09:00:00+08:00".parse().map_err(io::Error::other)?;
    let options = Options { overrides: Vec::new(), now, drafts: false, strict: false };
    let began = Instant::now();
    let preview = preview(folder, &options, &mut Memo::default()).map_err(|fault| io::Error::other(fault.reason))?;
    let laid = began.elapsed();
    let problems: BTreeSet<&str> = preview.problems.iter().map(|problem| problem.code).collect();
    let jobs: Vec<_> = preview
        .jobs
        .iter()
        .filter(|job| {
            job.path.as_str().starts_with("screens/")
                && matches!(job.recipe, Recipe::Bytes(_) | Recipe::Pieces(_) | Recipe::Slide(_))
        })
        .collect();
    let written: Vec<Written> = jobs
        .par_iter()
        .map(|job| {
            let bytes = match &job.recipe {
                Recipe::Bytes(bytes) => bytes.to_vec(),
                Recipe::Pieces(pieces) => pieces.joined(),
                _ => match preview.render(job).map(|rendered| rendered.output) {
                    Ok(Output::Bytes(bytes)) => bytes.to_vec(),
                    _ => return Err(io::Error::other(format!("{} was not drawn", job.path))),
                },
            };
            let place = folder.join("out").join(job.path.as_str());
            fs::create_dir_all(place.parent().unwrap_or(folder))?;
            fs::write(place, &bytes)?;
            Ok(Written::new(job.path.as_str(), &bytes))
        })
        .collect::<io::Result<_>>()?;
    let took = began.elapsed();
    let of = |kind: &str| {
        let own: Vec<&Written> = written.iter().filter(|file| file.kind == kind).collect();
        (own.len(), own.iter().map(|file| file.bytes).sum::<u64>() / 1_000_000)
    };
    let shown: BTreeSet<usize> = preview.screens.iter().map(|plan| plan.shown()).collect();
    let asked = |plan: &ScreenPlan| plan.items.iter().map(|item| item.slides.len()).sum::<usize>();
    let pictures: Vec<&Written> = written.iter().filter(|file| file.kind == "svg").collect();
    let outlined = pictures.iter().filter(|file| file.outlined).count();
    for (part, time) in &preview.timings {
        println!("  {part:<10} {:>7.2} s", time.as_secs_f64());
    }
    println!("  {:<10} {:>7.2} s", "write", (took - laid).as_secs_f64());
    println!("  {:<10} {:>7.2} s", "all", took.as_secs_f64());
    println!(
        "{} screens in {} groups, peak memory {} MiB, problems {problems:?}",
        preview.screens.len(),
        shown.len(),
        peak_memory_mib(),
    );
    println!("feeds and pointers: {} files of {} MB", of("json").0, of("json").1);
    println!(
        "slides: {} on the lists of all screens, {} drawn and written ({outlined} of them outlined), {} MB",
        preview.screens.iter().map(asked).sum::<usize>(),
        pictures.len(),
        of("svg").1,
    );
    Ok(())
}

/// What is told of a file.
struct Written {
    kind: String,
    bytes: u64,
    /// It has shapes instead of text.
    outlined: bool,
}

impl Written {
    fn new(path: &str, bytes: &[u8]) -> Written {
        let kind = path.rsplit('.').next().unwrap_or_default().to_string();
        let has = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
        Written { outlined: kind == "svg" && has(b"<path") && !has(b"<text"), kind, bytes: bytes.len() as u64 }
    }
}

/// Of this process, where the system tells.
fn peak_memory_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Documents of three kinds with rules as authors write them, and screens of four sizes in ten places with different hours.
fn make(folder: &Path, screens: usize, documents: usize) -> io::Result<()> {
    let days = ["mon-fri", "sat,sun", "workdays", "12-13", "last fri", "lunar 12-30"];
    for i in 0..documents {
        let (kind, section) =
            [("slogan", "slogans"), ("slogan", "slogans"), ("notice", "notices"), ("report", "reports")][i % 4];
        let mut front = format!("+++\ntitle = \"{}第{}条\"\ndate = 2026-11-{:02}\n", topic(i), i + 1, 1 + i % 20);
        if kind == "notice" {
            front.push_str("[disclosure]\nopenness = \"主动公开\"\n");
        }
        let _ = write!(front, "[screen]\nweight = {}\n", 1 + i % 3);
        if i % 5 == 0 {
            let _ = writeln!(front, "days = [\"{}\"]", days[i / 5 % days.len()]);
        }
        if i % 7 == 0 {
            let _ = writeln!(front, "hours = [\"{:02}:00-{:02}:30\"]", 7 + i / 7 % 6 * 2, 8 + i / 7 % 6 * 2);
        }
        if i % 11 == 0 {
            let _ = writeln!(front, "on = [\"tag{}\"]", i / 11 % 10);
        }
        let body = "节约用水，从身边的小事做起。请各科室检查管线，发现跑冒滴漏及时报修。\n".repeat(3);
        let place = folder.join("content").join(section).join(format!("d{i:04}.md"));
        fs::create_dir_all(place.parent().unwrap_or(folder))?;
        fs::write(place, format!("{front}+++\n\n{body}"))?;
    }
    let mut list = String::from("[defaults]\nhorizon_days = 62\n");
    for i in 0..screens {
        let (width, height) = [(1920, 1080), (3840, 2160), (1080, 1920), (1280, 800)][i % 4];
        let _ = write!(
            list,
            "[[screen]]\nid = \"s{i}\"\nname = \"{}号屏\"\npoint = \"lobby\"\nplace = \"{}号楼\"\nsize = [{width}, {height}]\n\
             tags = [\"tag{}\"]\nshows = [\"slogan\", \"notice\", \"report\"]\nmin_share = {{ slogan = 0.5 }}\nhours = \"{:02}:00-22:00\"\n",
            i + 1,
            i / 10 + 1,
            i % 10,
            6 + i % 3,
        );
    }
    fs::write(folder.join("screens.toml"), list)?;
    fs::write(
        folder.join("civicast.toml"),
        "title = \"示例市机关\"\nbase_url = \"https://example.gov.cn\"\n[organisation]\nname = \"示例市机关事务管理局\"\n",
    )?;
    fs::create_dir_all(folder.join("data/holidays"))?;
    fs::write(folder.join("data/holidays/2026.toml"), include_str!("../data/holidays/2026.toml"))
}

fn topic(i: usize) -> &'static str {
    ["节约用水人人有责", "光盘行动从我做起", "垃圾分类举手之劳", "文明出行礼让行人", "节能降耗绿色办公"][i % 5]
}
