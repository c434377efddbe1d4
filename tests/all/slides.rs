//! Slides in real fonts, through the whole program. Where the machine has no Chinese font there is nothing to see; `tests/run`
//! installs some.

use std::collections::BTreeMap;
use std::path::Path;

use civicast::pipeline::{self, Options, Published};
use civicast::release;

use crate::site::{Site, at};

const PNG_SCREENS: &str = "[[screen]]\nid = \"hall\"\nname = \"大厅屏\"\npoint = \"lobby\"\nplace = \"一楼\"\n\
    size = [1280, 720]\nshows = [\"slogan\", \"notice\"]\npng = true\n";

fn build(site: &Site, fonts: Option<&str>) -> Published {
    let overrides = fonts.map(|fonts| ("fonts".to_string(), fonts.to_string())).into_iter().collect();
    let options = Options { overrides, now: at("2026-11-23 09:00"), drafts: false, strict: false };
    let mut memo = pipeline::remembered(site.path());
    let output = site.path().join("public");
    pipeline::publish(site.path(), Some(&output), &options, release::Options::default(), &mut memo).unwrap()
}

fn has_fonts(published: &Published) -> bool {
    published.preview.problems.iter().all(|problem| problem.code != "font-none")
}

fn slides(site: &Site, ending: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = site.path().join("public/screens/files");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

fn size_of(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!(&png[1..4], b"PNG");
    (number(16), number(20))
}

#[test]
fn slides_are_outlined_and_a_screen_that_asks_for_png_has_every_slide_at_its_pixels() {
    let site = Site::with(&[("screens.toml", PNG_SCREENS)]);
    let published = build(&site, None);
    if !has_fonts(&published) {
        return;
    }
    for (name, svg) in slides(&site, "svg") {
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.contains("<path") && !svg.contains("<text"), "{name} has text that is not outlined");
        assert!(svg.contains("<title>"), "{name} has no words for those who can't see it");
    }
    let feed: serde_json::Value = serde_json::from_str(&site.read("public/screens/hall/feed.json")).unwrap();
    for item in feed["items"].as_array().unwrap() {
        for slide in item["_screen"]["slides"].as_array().unwrap() {
            let name = slide["png"]["file"].as_str().unwrap().trim_start_matches("../files/");
            let png = std::fs::read(site.path().join("public/screens/files").join(name)).unwrap();
            assert_eq!(size_of(&png), (1280, 720));
            assert_eq!(png.len() as u64, slide["png"]["bytes"].as_u64().unwrap());
            assert_eq!(civicast::file::sha256(&png), slide["png"]["sha256"].as_str().unwrap());
        }
    }
    let page = site.read("public/slogans/water/index.html");
    let shared = page.split("property=\"og:image\" content=\"").nth(1).unwrap().split('"').next().unwrap();
    let shared = shared.trim_start_matches("https://test.example.gov.cn/");
    assert_eq!(size_of(&std::fs::read(site.path().join("public").join(shared)).unwrap()), (800, 450));
}

#[test]
fn slides_are_the_same_whatever_the_threads_and_a_second_process_draws_none_again() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let site = Site::with(&[("screens.toml", PNG_SCREENS)]);
        let published = pool.install(|| build(&site, None));
        let found = (slides(&site, "svg"), slides(&site, "png"));
        (site, has_fonts(&published), found)
    };
    let (site, fonts, one) = bytes(1);
    let (_, _, seven) = bytes(7);
    assert!(one == seven);
    let again = build(&site, None);
    assert!(again.receipt.unwrap().written.is_empty());
    // What was removed behind our back is drawn again, with the same bytes.
    if let Some(name) = one.1.keys().next().filter(|_| fonts) {
        std::fs::remove_file(site.path().join("public/screens/files").join(name)).unwrap();
        build(&site, None);
        assert!(slides(&site, "png") == one.1);
    }
}

#[test]
fn a_site_may_bring_its_own_font_and_a_character_that_it_lacks_is_named() {
    // A Latin font as the only one: every Han character is missing.
    let latin = ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf"];
    let Some(font) = latin.into_iter().find(|path| Path::new(path).exists()) else { return };
    let site = Site::with(&[]);
    std::fs::create_dir(site.path().join("fonts")).unwrap();
    std::fs::copy(font, site.path().join("fonts/a.ttf")).unwrap();
    let published = build(&site, Some("fonts/a.ttf"));
    let problem = published.preview.problems.iter().find(|problem| problem.code == "font-glyph-missing").unwrap();
    assert_eq!(problem.place.as_ref().unwrap().path.as_str(), "content/slogans/water.md");
    assert!(problem.args[0].1.contains("节 (U+8282)"), "{:?}", problem.args);
    let gone = build(&site, Some("fonts/b.ttf"));
    assert!(gone.preview.problems.iter().any(|problem| problem.code == "font-not-found"));
}

#[test]
fn without_a_font_text_stays_text() {
    let site = Site::with(&[("screens.toml", PNG_SCREENS)]);
    let published = build(&site, Some("none"));
    assert!(published.preview.problems.iter().all(|problem| !problem.code.starts_with("font-")));
    assert!(slides(&site, "png").is_empty());
    let words =
        slides(&site, "svg").into_values().any(|svg| String::from_utf8(svg).unwrap().contains(">节约用水</text>"));
    assert!(words);
}
