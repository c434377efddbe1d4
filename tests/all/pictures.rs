//! Photos on their way to pages and slides: sizes, metadata, the cache, and what can't be published.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use civicast::message::{Lang, find};
use civicast::pipeline::Published;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, Rgb, RgbImage};

use crate::site::{Site, complaints, holding};

const NOW: &str = "2026-11-23 09:00";
/// What the EXIF of a test photo holds besides the orientation.
const PLACE: &str = "TESTCAM N39.5 E101.8";
const REPORT: &str = "+++\ntitle = \"植树\"\ndate = 2026-10-01\nimage = \"lead.jpg\"\nimage_alt = \"栽树\"\n+++\n\n正文。\n\n![正文图](body.jpg)\n\n:::gallery\n![甲](body.jpg)\n![乙](lead.jpg)\n:::\n\n[原图](lead.jpg)\n";

/// A JPEG of this size, fine-grained as a photo is, that must be turned right by 90 degrees, with a place in its EXIF.
fn photo(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x0f\0\x02\0\0\0\x14\0\0\0\x26");
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(PLACE.as_bytes());
    let mut grain = seed;
    let image = RgbImage::from_fn(width, height, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (grain >> 28) as u8;
        Rgb([(x * 200 / width) as u8 + noise, (y * 200 / height) as u8 + noise, 90 + noise])
    });
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(tiff).unwrap();
    encoder.write_image(&image, width, height, image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn write(site: &Site, path: &str, bytes: &[u8]) {
    let path = site.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn site() -> Site {
    let site = Site::with(&[("content/reports/trees/index.md", REPORT)]);
    write(&site, "content/reports/trees/lead.jpg", &photo(600, 400, 1));
    write(&site, "content/reports/trees/body.jpg", &photo(300, 200, 2));
    site
}

fn developed(published: &Published) -> usize {
    published.preview.darkroom.developed()
}

fn kept(site: &Site) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(site.path().join(".civicast/pictures")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn pictures(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).filter(|path| path.starts_with("pictures/")).collect()
}

#[test]
fn every_photo_of_a_page_comes_in_sizes_with_its_own_width_and_height() {
    let site = site();
    site.build_well(NOW);
    let files = site.outputs("public");
    let page = scraper::Html::parse_document(&site.read("public/reports/trees/index.html"));
    let select = |css: &str| scraper::Selector::parse(css).unwrap();
    let shown: Vec<_> = page.select(&select("main picture")).collect();
    assert_eq!(shown.len(), 4);
    for (number, picture) in shown.into_iter().enumerate() {
        let source = picture.select(&select("source")).next().unwrap().value();
        let image = picture.select(&select("img")).next().unwrap().value();
        assert_eq!(source.attr("type"), Some("image/webp"));
        assert!(source.attr("sizes").is_some_and(|sizes| !sizes.is_empty()));
        // The first is what a reader sees first.
        assert_eq!(image.attr("loading"), (number > 0).then_some("lazy"));
        let one = |path: &str, width: u32| {
            let decoded = image::load_from_memory(&files[path.trim_start_matches('/')]).unwrap();
            assert_eq!(decoded.width(), width, "{path}");
            assert!(decoded.height() > decoded.width(), "{path} lies on its side");
            decoded.height()
        };
        for part in source.attr("srcset").unwrap().split(", ") {
            let (path, width) = part.split_once(' ').unwrap();
            one(path, width.trim_end_matches('w').parse().unwrap());
        }
        let height = one(image.attr("src").unwrap(), image.attr("width").unwrap().parse().unwrap());
        assert_eq!(image.attr("height").unwrap(), height.to_string());
    }
    // 400 and 200 wide when upright: one WebP and one JPEG each.
    assert_eq!(pictures(&files).len(), 4);
    // Nothing links to the file of the second photo.
    assert!(files.contains_key("reports/trees/lead.jpg") && !files.contains_key("reports/trees/body.jpg"));
}

#[test]
fn no_byte_of_the_output_says_where_a_photo_was_taken() {
    let site = site();
    write(&site, "static/hall.jpg", &photo(100, 80, 3));
    site.build_well(NOW);
    let files = site.outputs("public");
    assert_eq!(holding(&files, PLACE), Vec::<String>::new());
    let mut photos = 0;
    for bytes in files.values() {
        let text = String::from_utf8_lossy(bytes);
        for part in text.split(";base64,").skip(1) {
            let end = part.find('"').unwrap();
            let data = base64::engine::general_purpose::STANDARD.decode(&part[..end]).unwrap();
            assert!(data.starts_with(&[0xff, 0xd8]));
            assert!(!data.windows(PLACE.len()).any(|window| window == PLACE.as_bytes()));
            photos += 1;
        }
    }
    assert!(photos >= 2, "the slides show no photo");
    assert!(files.contains_key("hall.jpg"));
    // Feeds and Open Graph name the resized picture.
    let named = |path: &str| {
        let text = String::from_utf8_lossy(&files[path]).into_owned();
        let at = text.find("https://test.example.gov.cn/pictures/").unwrap_or_else(|| panic!("{path} has no picture"));
        text[at + "https://test.example.gov.cn/".len()..].split('"').next().unwrap().to_string()
    };
    for path in ["feed.json", "reports/trees/index.html"] {
        assert!(files[&named(path)].starts_with(&[0xff, 0xd8]), "{path}");
    }
}

#[test]
fn a_second_build_resizes_nothing_wherever_it_goes() {
    let site = site();
    // Two photos for pages, one of them for two slides as well: the portal's and the screen's are the same.
    assert_eq!(developed(&site.build_well(NOW)), 3);
    assert_eq!(developed(&site.build_well(NOW)), 0);
    assert_eq!(developed(&site.build_into("elsewhere", NOW)), 0);
    std::fs::remove_dir_all(site.path().join("public")).unwrap();
    assert_eq!(developed(&site.build_well(NOW)), 0);
    assert_eq!(site.outputs("public"), site.outputs("elsewhere"));
    // Other text, other page, the same pictures.
    site.write("content/reports/trees/index.md", &REPORT.replace("正文。", "别的。"));
    assert_eq!(developed(&site.build_well(NOW)), 0);
    write(&site, "content/reports/trees/body.jpg", &photo(300, 200, 9));
    assert_eq!(developed(&site.build_well(NOW)), 1);
}

#[test]
fn what_is_kept_of_pictures_may_be_damaged_or_deleted_and_is_no_more_than_the_last_build_used() {
    let site = site();
    site.build_well(NOW);
    let first = site.outputs("public");
    let whole = kept(&site);
    assert_eq!(whole.len(), 3);
    for (number, path) in whole.iter().enumerate() {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, &bytes[..bytes.len() - number]).unwrap();
    }
    std::fs::remove_dir_all(site.path().join("public")).unwrap();
    assert_eq!(developed(&site.build_well(NOW)), 3);
    assert_eq!(site.outputs("public"), first);
    std::fs::remove_dir_all(site.path().join(".civicast")).unwrap();
    assert_eq!(developed(&site.build_well(NOW)), 3);
    assert_eq!(site.outputs("public"), first);

    // Another photo: what was kept of the old one goes; without the report all of it goes.
    write(&site, "content/reports/trees/body.jpg", &photo(300, 200, 9));
    site.build_well(NOW);
    let now = kept(&site);
    assert_eq!((now.len(), now.iter().filter(|path| whole.contains(path)).count()), (3, 2));
    std::fs::remove_dir_all(site.path().join("content/reports")).unwrap();
    site.build_well(NOW);
    assert_eq!(kept(&site), Vec::<PathBuf>::new());
}

#[test]
fn a_picture_that_cannot_be_published_is_a_problem_with_its_path_and_a_fix() {
    let whole = photo(600, 400, 1);
    // A PNG that promises 60,000 by 60,000 pixels.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    bomb.extend(crc32(&bomb[12..29]).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    let check = |name: &str, bytes: &[u8], settings: &str, code: &str| {
        let site = Site::with(&[("content/reports/a.md", &REPORT.replace("lead.jpg", name).replace("body.jpg", name))]);
        site.write("civicast.toml", &format!("{}\n{settings}", crate::site::CONFIG));
        write(&site, &format!("content/reports/{name}"), bytes);
        let published = site.build(NOW);
        assert!(published.receipt.is_none() && !site.path().join("public/index.html").exists(), "{name}");
        let found: Vec<_> = published.preview.problems.iter().filter(|p| p.code == code).collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", complaints(&published));
        let path = format!("content/reports/{name}");
        assert_eq!(found[0].place.as_ref().unwrap().path.as_str(), path);
        let row = find(code).unwrap();
        for lang in [Lang::Zh, Lang::En] {
            assert!(row.text(lang, &found[0].args).contains(&path) && !row.hint(lang, &found[0].args).is_empty());
        }
    };
    check("half.jpg", &whole[..whole.len() / 2], "", "cut-off-picture");
    check("text.jpg", b"this is no picture", "", "not-a-picture");
    check("empty.png", b"", "", "not-a-picture");
    check("bomb.png", &bomb, "", "picture-too-many-pixels");
    check("large.jpg", &whole, "[pictures]\nmax_bytes = 10000", "picture-too-large");
    check("wide.jpg", &whole, "[pictures]\nmax_pixels = 100000", "picture-too-many-pixels");
    check("phone.heic", b"\0\0\0\x18ftypheic", "", "picture-format");
}

/// CRC-32 as PNG has it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[test]
fn a_photo_in_a_slide_takes_what_its_rectangle_needs() {
    // The long form with a photo of 12 megapixels: CIVICAST_LONG=1
    let (width, height) = if std::env::var_os("CIVICAST_LONG").is_some() { (4000, 3000) } else { (2000, 1500) };
    let site = site();
    let large = photo(width, height, 5);
    let embedded = large.len() * 4 / 3;
    write(&site, "content/reports/trees/lead.jpg", &large);
    site.build_well(NOW);
    let files = site.outputs("public");
    let with_photo = files.iter().filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(";base64,"));
    let sizes: Vec<usize> = with_photo.map(|(_, bytes)| bytes.len()).collect();
    let largest = sizes.iter().copied().max().unwrap();
    assert!((50_000..440_000).contains(&largest) && largest * 2 < embedded, "{largest} of {embedded}");
}

#[test]
fn widths_and_quality_are_settings() {
    let site = site();
    site.write("civicast.toml", &format!("{}\n[图片]\n宽度 = [200, 100]\n质量 = 30\n", crate::site::CONFIG));
    site.build_well(NOW);
    let files = site.outputs("public");
    let widths: Vec<&str> = pictures(&files).iter().filter_map(|path| path.rsplit_once('-')).map(|p| p.1).collect();
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, ["100.webp", "100.webp", "200.jpg", "200.webp", "200.webp", "400.jpg"]);
}

#[test]
fn the_same_pictures_come_from_any_number_of_threads() {
    let sites = [site(), site()];
    let build = |site: &Site, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| site.build_well(NOW));
        site.outputs("public")
    };
    assert_eq!(build(&sites[0], 1), build(&sites[1], 7));
}

/// The example holds a photo as a phone makes it: lying on its side, with the place where it was taken.
#[test]
fn the_photo_of_a_phone_in_the_example_is_published_upright_and_says_nothing_of_its_place() {
    let source = std::fs::read(crate::site::repository().join("content/reports/friday-cleanup/2.jpg")).unwrap();
    let has = |bytes: &[u8], words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    assert!(has(&source, b"Exif") && has(&source, b"Example Phone"), "the source has lost its metadata");
    let lying = image::load_from_memory(&source).unwrap();
    assert_eq!((lying.width(), lying.height()), (1067, 1600));

    let site = Site::example();
    site.build_well(NOW);
    let files = site.outputs("public");
    let page = String::from_utf8(files["reports/friday-cleanup/index.html"].clone()).unwrap();
    let names: Vec<&String> =
        files.keys().filter(|name| name.starts_with("pictures/") && page.contains(name.as_str())).collect();
    let mut upright = 0;
    for name in names {
        let bytes = &files[name];
        assert!(!has(bytes, b"Exif") && !has(bytes, b"Example Phone"), "{name}");
        let picture = image::load_from_memory(bytes).unwrap().to_rgb8();
        if !name.ends_with(".jpg") {
            continue;
        }
        assert!(picture.width() > picture.height(), "{name} lies on its side");
        // The wall is above, the floor below, the yellow sign at the left.
        let at = |x: u32, y: u32| picture.get_pixel(picture.width() * x / 100, picture.height() * y / 100).0;
        let sign = at(20, 84);
        assert!(sign[0] > 180 && sign[2] < 120, "{name}: {sign:?}");
        assert!(at(80, 5)[0] > 200 && at(80, 95)[0] > 180, "{name}");
        upright += 1;
    }
    assert!(upright > 0, "the photo is on no page");
}
