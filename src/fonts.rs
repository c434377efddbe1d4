//! Door to font files: those that the site names, else the Chinese ones of the system.
//!
//! In: the site folder and its setting `fonts`. Out: which files and which fonts in them, and the stamps by which a later
//! run knows that nothing has changed without opening any of them. It chooses by name only; what the bytes hold is read in
//! `typeface`.

#![expect(clippy::disallowed_methods, reason = "the door through which fonts come in")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fontdb::{Database, FaceInfo, Source};

use crate::file::{SourcePath, stays_inside};
use crate::problem::Problem;
use crate::stamp::Stamp;

/// The value of the setting that means: no font, text stays text.
pub const NONE: &str = "none";

/// One font of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFile {
    /// Where the file lies.
    pub path: String,
    /// Number of the font in a collection.
    pub index: u32,
    /// Names of its family, the English one first.
    pub families: Vec<String>,
    /// 400 is regular, 700 bold.
    pub weight: u16,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// In order of preference.
    pub fonts: Vec<FontFile>,
    /// Files and folders whose change may change what is found.
    pub watched: Vec<(String, Stamp)>,
    /// Fonts that the site names and that are not there.
    pub problems: Vec<Problem>,
}

/// Families in the order in which they are taken, the first that is there; a Song and a Hei.
const FAMILIES: [&[&str]; 2] = [
    &[
        "Source Han Serif SC",
        "Source Han Serif CN",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "STZhongsong",
        "Songti SC",
        "STSong",
        "SimSun",
        "AR PL SungtiL GB",
        "AR PL UMing CN",
    ],
    &[
        "Source Han Sans SC",
        "Source Han Sans CN",
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "PingFang SC",
        "Microsoft YaHei",
        "DengXian",
        "Hiragino Sans GB",
        "STHeiti",
        "SimHei",
        "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei",
        "Droid Sans Fallback",
    ],
];

/// Families that are only asked for what the others don't have: rare characters and signs.
const RARE: [&str; 9] = [
    "HanaMinA",
    "HanaMinB",
    "Plangothic P1",
    "Plangothic P2",
    "Jigmo",
    "Jigmo2",
    "SimSun-ExtB",
    "BabelStone Han",
    "DejaVu Sans",
];

/// Weights that are asked of a family of the system.
const WEIGHTS: [u16; 3] = [400, 700, 900];

/// Finds the fonts of a site.
pub fn find(site: &Path, asked: &[String]) -> Found {
    match asked {
        [only] if only == NONE => Found::default(),
        [] => system(),
        asked => named(site, asked),
    }
}

/// True when every file and folder still looks as it did.
pub fn unchanged(watched: &[(String, Stamp)]) -> bool {
    watched.iter().all(|(path, stamp)| stamp_of(Path::new(path)) == *stamp)
}

/// The bytes of a font file; `None` when it can't be read any more. Read whole: outlines of a mapped file take eight times
/// as long.
pub fn read(path: &str) -> Option<Arc<[u8]>> {
    std::fs::read(path).ok().map(Arc::from)
}

/// A path that is not there has the stamp of nothing.
fn stamp_of(path: &Path) -> Stamp {
    std::fs::metadata(path).map(|metadata| Stamp::of(&metadata)).unwrap_or_default()
}

fn named(site: &Path, asked: &[String]) -> Found {
    let mut found = Found::default();
    for name in asked {
        let path = site.join(name);
        let problem = |code| Problem::new(code).with("path", name).in_file(&SourcePath::new("civicast.toml"));
        if !stays_inside(name) || !path.exists() {
            found.problems.push(problem("font-not-found"));
            continue;
        }
        let mut database = Database::new();
        match path.is_dir() {
            true => database.load_fonts_dir(&path),
            // A file that can't be read has no faces.
            false => drop(database.load_font_file(&path)),
        }
        let fonts = Fonts::of(&database).all();
        if fonts.is_empty() {
            found.problems.push(problem("font-unreadable"));
        }
        found.fonts.extend(fonts);
        found.watched.push((path.display().to_string(), stamp_of(&path)));
    }
    watch_files(&mut found);
    found
}

fn system() -> Found {
    let mut database = Database::new();
    database.load_system_fonts();
    let fonts = Fonts::of(&database);
    let mut found = Found::default();
    for families in FAMILIES {
        found.fonts.extend(
            families.iter().map(|family| fonts.family(family)).find(|faces| !faces.is_empty()).unwrap_or_default(),
        );
    }
    if !found.fonts.is_empty() {
        let rare = RARE.iter().filter_map(|family| fonts.family(family).into_iter().next());
        found.fonts.extend(rare);
    }
    // A font that is installed later shows itself in a folder that held fonts, or above it.
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for path in database.faces().filter_map(path_of) {
        folders.extend(path.ancestors().skip(1).take(3).map(Path::to_path_buf));
    }
    found.watched.extend(folders.into_iter().map(|path| (path.display().to_string(), stamp_of(&path))));
    watch_files(&mut found);
    found
}

fn watch_files(found: &mut Found) {
    let files: BTreeSet<&str> = found.fonts.iter().map(|font| font.path.as_str()).collect();
    let stamps: Vec<(String, Stamp)> =
        files.into_iter().map(|path| (path.to_string(), stamp_of(Path::new(path)))).collect();
    found.watched.extend(stamps);
}

fn path_of(face: &FaceInfo) -> Option<&Path> {
    match &face.source {
        Source::File(path) => Some(path),
        _ => None,
    }
}

/// Upright fonts by file, sorted, so that the order of a folder doesn't matter.
struct Fonts(BTreeMap<String, Vec<FontFile>>);

impl Fonts {
    fn of(database: &Database) -> Fonts {
        let mut files: BTreeMap<String, Vec<FontFile>> = BTreeMap::new();
        for face in database.faces().filter(|face| face.style == fontdb::Style::Normal) {
            let Some(path) = path_of(face).map(|path| path.display().to_string()) else { continue };
            let families = face.families.iter().map(|(name, _)| name.clone()).collect();
            let font = FontFile { path: path.clone(), index: face.index, families, weight: face.weight.0 };
            files.entry(path).or_default().push(font);
        }
        for fonts in files.values_mut() {
            fonts.sort_by_key(|font| font.index);
        }
        Fonts(files)
    }

    /// One font of each file: of a collection for several countries the simplified Chinese one.
    fn all(&self) -> Vec<FontFile> {
        let simplified = |font: &&FontFile| {
            let name = font.families.first().map(String::as_str).unwrap_or_default();
            [" SC", " CN", " GB"].iter().any(|ending| name.ends_with(ending)) && !name.contains("Mono")
        };
        self.0.values().filter_map(|fonts| fonts.iter().find(simplified).or(fonts.first()).cloned()).collect()
    }

    /// The fonts of a family that come nearest to the weights that slides use.
    fn family(&self, family: &str) -> Vec<FontFile> {
        let has = |font: &&FontFile| font.families.iter().any(|name| name == family);
        let fonts: Vec<&FontFile> = self.0.values().flatten().filter(has).collect();
        let mut found: Vec<FontFile> = Vec::new();
        for weight in WEIGHTS {
            let nearest = fonts.iter().min_by_key(|font| font.weight.abs_diff(weight));
            found.extend(nearest.filter(|font| !found.contains(font)).map(|font| (*font).clone()));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_that_is_not_there_or_no_font_is_a_problem_that_names_it() {
        let site = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(site.path().join("a.ttf"), "no font").expect("it can be written");
        let asked = ["gone.ttf", "a.ttf", "../b.ttf"].map(str::to_string);
        let found = find(site.path(), &asked);
        assert!(found.fonts.is_empty());
        let codes: Vec<_> = found.problems.iter().map(|p| (p.code, p.args[0].1.as_str())).collect();
        assert_eq!(
            codes,
            [("font-not-found", "gone.ttf"), ("font-unreadable", "a.ttf"), ("font-not-found", "../b.ttf")]
        );
    }

    #[test]
    fn without_fonts_on_purpose_nothing_is_looked_for() {
        let found = find(Path::new("/nowhere"), &[NONE.to_string()]);
        assert!(found.fonts.is_empty() && found.watched.is_empty() && found.problems.is_empty());
    }

    #[test]
    fn a_changed_file_is_noticed_by_its_stamp() {
        let site = tempfile::tempdir().expect("a temporary folder");
        let path = site.path().join("a.ttf");
        std::fs::write(&path, "one").expect("it can be written");
        let watched = [(path.display().to_string(), stamp_of(&path))];
        assert!(unchanged(&watched));
        std::fs::write(&path, "other").expect("it can be written");
        assert!(!unchanged(&watched));
    }
}
