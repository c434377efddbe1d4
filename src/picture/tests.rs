//! Pictures made by the tests themselves: a photo has four corners of different colours, so that its orientation is seen.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, Rgb, RgbImage};

use super::*;

const RED: [u8; 3] = [200, 30, 30];
const GREEN: [u8; 3] = [30, 160, 60];
const BLUE: [u8; 3] = [40, 60, 200];
const YELLOW: [u8; 3] = [220, 200, 40];
/// What the EXIF of a test photo holds besides the orientation.
const MAKER: &[u8] = b"TESTCAM N39.5 E101.8";

/// Quarters: red, green above; blue, yellow below.
fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
}

/// A TIFF block with this orientation and a maker's note.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x0f\0\x02\0\0\0\x14\0\0\0\x26");
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(MAKER);
    tiff
}

/// A JPEG with this orientation and maker in its EXIF, a comment, and something behind its end.
fn photo(image: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 92);
    encoder.set_exif_metadata(exif(orientation)).unwrap();
    encoder.write_image(image, image.width(), image.height(), image::ExtendedColorType::Rgb8).unwrap();
    bytes.splice(2..2, [&[0xff, 0xfe, 0, 22][..], MAKER].concat());
    bytes.extend(MAKER);
    bytes
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

fn set(name: &str, pixels: (u32, u32)) -> Set {
    let settings = Pictures { widths: vec![40, 80], ..Pictures::default() };
    Set::of(&SourcePath::new(name), Hash::default(), pixels, &settings).unwrap()
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// Which colour a pixel is nearest to.
fn colour(image: &DynamicImage, x: f64, y: f64) -> [u8; 3] {
    let rgb = image.to_rgb8();
    let pixel = rgb.get_pixel((f64::from(rgb.width()) * x) as u32, (f64::from(rgb.height()) * y) as u32).0;
    let distance = |c: &[u8; 3]| c.iter().zip(pixel).map(|(a, b)| i32::from(*a).abs_diff(i32::from(b))).sum::<u32>();
    [RED, GREEN, BLUE, YELLOW].into_iter().min_by_key(distance).unwrap()
}

fn corners(bytes: &[u8]) -> [[u8; 3]; 4] {
    let image = image::load_from_memory(bytes).unwrap();
    [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)].map(|(x, y)| colour(&image, x, y))
}

#[test]
fn the_header_says_which_sizes_there_are() {
    let check = |name: &str, pixels: (u32, u32), expected: &[(u32, u32, Format)]| {
        let set = set(name, pixels);
        let got: Vec<_> = set.variants.iter().map(|v| (v.width, v.height, v.format)).collect();
        assert_eq!(got, expected, "{name} {pixels:?}");
    };
    use Format::{Jpeg, Png, Webp};
    check("a.jpg", (400, 300), &[(40, 30, Webp), (80, 60, Webp), (400, 300, Jpeg)]);
    check("a.JPEG", (60, 30), &[(40, 20, Webp), (60, 30, Webp), (60, 30, Jpeg)]);
    check("a.png", (20, 10), &[(20, 10, Webp), (20, 10, Png)]);
    check("a.jpg", (4000, 3000), &[(40, 30, Webp), (80, 60, Webp), (1200, 900, Jpeg)]);
    // Too long for WebP, not for JPEG.
    check("a.jpg", (80, 60_000), &[(80, 60_000, Jpeg)]);
}

#[test]
fn what_is_no_photo_or_too_large_has_no_sizes() {
    let check = |name: &str, pixels: (u32, u32)| {
        assert_eq!(Set::of(&SourcePath::new(name), Hash::default(), pixels, &Pictures::default()), None, "{name}");
    };
    check("a.svg", (100, 100));
    check("a.gif", (100, 100));
    check("a.heic", (100, 100));
    check("a.jpg", (0, 100));
    check("a.png", (65_000, 65_000));
}

#[test]
fn names_depend_on_the_bytes_and_on_all_that_changes_the_result() {
    let of = |hash: u8, settings: &Pictures| {
        let set = Set::of(&SourcePath::new("a.jpg"), Hash([hash; Hash::SIZE]), (2000, 1000), settings).unwrap();
        set.url(&set.plain()).to_string()
    };
    let usual = Pictures::default();
    let first = of(1, &usual);
    assert_eq!(first, of(1, &usual));
    assert_ne!(first, of(2, &usual));
    assert_ne!(first, of(1, &Pictures { quality: 70, ..usual.clone() }));
    assert_ne!(first, of(1, &Pictures { widths: vec![100], ..usual }));
}

#[test]
fn a_photo_is_turned_upright_by_each_orientation() {
    // Where the red, green, blue and yellow quarters of the file are seen (EXIF 2.3, tag 0x0112).
    let [r, g, b, y] = [RED, GREEN, BLUE, YELLOW];
    let seen: [[[u8; 3]; 4]; 8] = [
        [r, g, b, y],
        [g, r, y, b],
        [y, b, g, r],
        [b, y, r, g],
        [r, b, g, y],
        [b, r, y, g],
        [y, g, b, r],
        [g, y, r, b],
    ];
    for (orientation, expected) in (1..).zip(seen) {
        let bytes = photo(&quarters(120, 60), orientation);
        let pixels = if orientation > 4 { (60, 120) } else { (120, 60) };
        let set = set("a.jpg", pixels);
        for (variant, made) in set.variants.iter().zip(set.make(&bytes).unwrap()) {
            assert_eq!(corners(&made), expected, "orientation {orientation}, {variant:?}");
            let image = image::load_from_memory(&made).unwrap();
            assert_eq!((image.width(), image.height()), (variant.width, variant.height));
        }
        let cover = Cover { width: 30, height: 30 }.make(&bytes).unwrap();
        assert_eq!(corners(&cover), expected, "orientation {orientation} in a slide");
    }
}

#[test]
fn no_byte_of_the_metadata_is_left() {
    let bytes = photo(&quarters(120, 60), 6);
    assert_eq!(bytes.windows(MAKER.len()).filter(|window| *window == MAKER).count(), 3);
    let set = set("a.jpg", (60, 120));
    for made in set.make(&bytes).unwrap() {
        assert!(!holds(&made, MAKER) && !holds(&made, b"Exif"));
    }
    assert!(!holds(&Cover { width: 30, height: 30 }.make(&bytes).unwrap(), MAKER));
    let clean = cleaned(&bytes).unwrap();
    assert!(!holds(&clean, MAKER));
    // The same pixels, and still turned.
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
    assert_eq!(pixels(&clean), pixels(&bytes));
    assert_eq!(set.make(&clean).unwrap(), set.make(&bytes).unwrap());
    assert_eq!(cleaned(&clean).unwrap(), clean);
}

#[test]
fn metadata_is_cut_out_of_the_other_formats_too() {
    let check = |name: &str, bytes: &[u8], frames: usize| {
        assert!(holds(bytes, MAKER), "{name}");
        let clean = cleaned(bytes).unwrap();
        assert!(!holds(&clean, MAKER), "{name}");
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgba8();
        if frames > 0 {
            assert_eq!(pixels(&clean), pixels(bytes), "{name}");
        }
    };
    let image = DynamicImage::ImageRgb8(quarters(20, 10));
    let mut drawn = png(&image);
    let mut chunk = (MAKER.len() as u32 + 8).to_be_bytes().to_vec();
    chunk.extend(b"tEXtComment\0");
    chunk.extend(MAKER);
    chunk.extend([0; 4]);
    let start = drawn.windows(4).position(|w| w == b"IDAT").unwrap() - 4;
    drawn.splice(start..start, chunk);
    drawn.extend(MAKER);
    // The checksum of the chunk is wrong on purpose: it goes anyway, so compare what is left.
    let clean = cleaned(&drawn).unwrap();
    assert_eq!(clean, png(&image));

    let lossy = webp::Encoder::from_rgb(image.as_bytes(), 20, 10).encode(80.0).to_vec();
    let mut extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\x13\0\0\x09\0\0".to_vec();
    extended.extend(&lossy[12..]);
    extended.extend(b"EXIF\x14\0\0\0");
    extended.extend(MAKER);
    let size = (extended.len() as u32 - 8).to_le_bytes();
    extended[4..8].copy_from_slice(&size);
    check("a.webp", &extended, 1);

    let mut gif = b"GIF89a\x02\0\x01\0\x80\0\0\xff\0\0\0\0\xff".to_vec();
    gif.extend(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
    gif.extend(b"!\xfe\x14");
    gif.extend(MAKER);
    gif.extend(b"\0!\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x02\0\x01\0\0\x02\x02\x0c\x0a\0;");
    check("a.gif", &gif, 0);
    let clean = cleaned(&gif).unwrap();
    assert!(holds(&clean, b"NETSCAPE2.0") && clean.ends_with(b"\x02\x0c\x0a\0;"));
}

#[test]
fn half_a_picture_is_no_picture() {
    let noise = RgbImage::from_fn(120, 60, |x, y| Rgb([(x * 37 + y * 91) as u8, (x * y) as u8, (x ^ y) as u8]));
    for (name, bytes) in [("a.jpg", photo(&noise, 1)), ("a.png", png(&DynamicImage::ImageRgb8(noise.clone())))] {
        for cut in [3, 20, bytes.len() / 2, bytes.len() - MAKER.len() - 8] {
            let set = set(name, (120, 60));
            assert!(set.make(&bytes[..cut]).is_err(), "{name} cut at {cut}");
            assert!(cleaned(&bytes[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
    assert_eq!(set("a.jpg", (9, 9)).make(b"not a picture"), Err(Flaw::Foreign));
    assert_eq!(set("a.jpg", (9, 9)).make(b""), Err(Flaw::Foreign));
}

#[test]
fn transparency_stays_where_the_format_has_it_and_is_white_elsewhere() {
    let mut image = image::RgbaImage::from_pixel(100, 50, image::Rgba([200, 30, 30, 255]));
    (0..50).for_each(|y| (0..50).for_each(|x| image.put_pixel(x, y, image::Rgba([0, 0, 0, 0]))));
    let bytes = png(&DynamicImage::ImageRgba8(image));
    let made = set("a.png", (100, 50)).make(&bytes).unwrap();
    for bytes in &made {
        let image = image::load_from_memory(bytes).unwrap().to_rgba8();
        assert_eq!(image.get_pixel(image.width() / 4, image.height() / 2).0[3], 0);
        assert_eq!(image.get_pixel(image.width() * 3 / 4, image.height() / 2).0[3], 255);
    }
    let slide = image::load_from_memory(&Cover { width: 100, height: 50 }.make(&bytes).unwrap()).unwrap().to_rgb8();
    assert!(slide.get_pixel(20, 20).0.iter().all(|channel| *channel > 245));
}

#[test]
fn a_photo_covers_its_rectangle_in_a_slide_and_is_never_enlarged() {
    let check = |photo_size: (u32, u32), cover: (u32, u32), expected: (u32, u32)| {
        let bytes = photo(&quarters(photo_size.0, photo_size.1), 1);
        let made = Cover { width: cover.0, height: cover.1 }.make(&bytes).unwrap();
        let image = image::load_from_memory(&made).unwrap();
        assert_eq!((image.width(), image.height()), expected, "{photo_size:?} into {cover:?}");
        assert_eq!(corners(&made), [RED, GREEN, BLUE, YELLOW]);
    };
    check((200, 100), (50, 50), (50, 50));
    check((100, 200), (80, 20), (80, 20));
    check((60, 40), (240, 80), (60, 20));
}

#[test]
fn the_file_of_the_author_is_kept_where_it_is_smaller() {
    let bytes = png(&DynamicImage::ImageRgb8(quarters(100, 50)));
    let made = set("a.png", (100, 50)).make(&bytes).unwrap();
    assert!(made.last().unwrap().len() <= bytes.len());
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damaged_bytes_are_a_flaw_or_a_picture_and_never_a_panic(
        at in proptest::collection::vec((0usize..4000, 0u8..=255), 1..12),
        kind in 0usize..3,
    ) {
        let image = quarters(64, 48);
        let mut bytes = match kind {
            0 => photo(&image, 6),
            1 => png(&DynamicImage::ImageRgb8(image)),
            _ => webp::Encoder::from_rgb(&image, 64, 48).encode(80.0).to_vec(),
        };
        let length = bytes.len();
        at.iter().for_each(|(position, byte)| bytes[position % length] = *byte);
        let name = ["a.jpg", "a.png", "a.webp"][kind];
        let _ = cleaned(&bytes);
        // A header that was damaged may promise more pixels than may be decoded; who decodes has looked at it before.
        let size = imagesize::blob_size(&bytes).map_or(0, |size| size.width * size.height);
        if size < 1_000_000 {
            let _ = set(name, (64, 48)).make(&bytes);
        }
    }
}
