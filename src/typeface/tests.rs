//! The outliner against the installed Chinese fonts, where there are any, and against hand-made faces.

use std::sync::Arc;

use super::*;

/// The Chinese fonts of this machine; `tests/run` installs some. `None` where nobody did.
pub(crate) fn installed() -> Option<Arc<Faces>> {
    let found = crate::fonts::find(std::path::Path::new("."), &[]);
    let faces: Vec<Face> = found
        .fonts
        .iter()
        .flat_map(|f| {
            Face::parse(&f.path, f.index, &f.families, f.weight, &crate::fonts::read(&f.path).unwrap_or_default())
        })
        .collect();
    (!faces.is_empty()).then(|| Arc::new(Faces { faces }))
}

fn outlines() -> Option<Outlines> {
    installed().map(|faces| Outlines::new(faces, Box::new(crate::fonts::read)))
}

#[test]
fn names_of_families_tell_song_from_hei() {
    for (name, style) in [
        ("Noto Serif SC", Style::Song),
        ("serif", Style::Song),
        ("SimSun", Style::Song),
        ("方正小标宋", Style::Song),
        ("KaiTi", Style::Song),
        ("Noto Sans CJK SC", Style::Hei),
        ("sans-serif", Style::Hei),
        ("Microsoft YaHei", Style::Hei),
    ] {
        assert_eq!(Style::of(name), style, "{name}");
    }
}

#[test]
fn han_characters_are_an_em_wide_and_latin_as_the_font_says() {
    let Some(faces) = installed() else { return };
    let hei = faces.chain(&[], Style::Hei, 400);
    for c in "中国，。“”《》".chars() {
        assert_eq!(hei.advance(c), 1.0, "{c}");
    }
    assert!(hei.advance('i') < hei.advance('M'));
    assert_eq!(faces.missing("中文 PM2.5"), Vec::<char>::new());
    assert_eq!(faces.missing("甲\u{10ffff}"), ['\u{10ffff}']);
}

/// Widths of lines in em, with the fonts of the machine.
fn check_width(text: &str, expected: f64) {
    let Some(faces) = installed() else { return };
    let hei = faces.chain(&[], Style::Hei, 400);
    let found = crate::slide::text::width(text, &hei);
    assert!((found - expected).abs() < 1e-9, "{text}: {found}");
}

#[test]
fn marks_beside_marks_and_at_the_edges_of_a_line_give_up_half_of_their_em() {
    check_width("文明", 2.0);
    check_width("讲，文", 3.0);
    check_width("讲文，", 2.5);
    check_width("《条例》", 3.0);
    check_width("见《条例》（试行）的", 9.5);
    check_width("讲：“文明”，树", 7.0);
    check_width("（“文”）树", 4.5);
    // This one has no side.
    check_width("好！”树", 4.0);
}

#[test]
fn han_and_latin_have_a_little_air_between_them_numbers_and_their_units_have_none() {
    let Some(faces) = installed() else { return };
    let hei = faces.chain(&[], Style::Hei, 400);
    let air = |text: &str| {
        let plain: f64 = text.chars().map(|c| hei.advance(c)).sum();
        ((crate::slide::text::width(text, &hei) - plain) * 1000.0).round() / 1000.0
    };
    for (text, expected) in
        [("用Wi的", 0.25), ("低于35μg", 0.125), ("栽2400株", 0.125), ("7月22日14:00至", 0.0), ("第3期", 0.0)]
    {
        assert_eq!(air(text), expected, "{text}");
    }
}

/// What is measured is what is drawn: the marks stand at the edges of the line.
#[test]
fn squeezed_marks_are_drawn_where_they_were_measured() {
    let Some(outlines) = outlines() else { return };
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"120\"><g font-family=\"sans-serif\"><text x=\"100\" y=\"98\" font-size=\"100\" fill=\"#fff\">《口》，（口</text></g></svg>";
    let pixels =
        crate::slide::raster::pixels(outlines.outline(svg, 0.1).svg.as_bytes(), (600, 120)).expect("it is an SVG");
    let lit = |x: usize| (0..120).any(|y| pixels[3 * (600 * y + x)] > 128);
    let columns: Vec<usize> = (0..600).filter(|&x| lit(x)).collect();
    let (first, last) = (columns[0], columns[columns.len() - 1]);
    // 0.5 + 1 + 0.5 + 0.5 + 1 + 1 em from 100 on.
    assert!((100..115).contains(&first) && (530..550).contains(&last), "{first} to {last}");
}

/// Outlines, drawn, cover the same pixels as the text that a browser would draw: here, that the ink lies where it must.
#[test]
fn text_becomes_outlines_of_the_same_size_and_place() {
    let Some(outlines) = outlines() else { return };
    let svg = |anchor: &str, x: u32| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"100\"><title>口口</title><g font-family=\"Noto Serif SC, serif\"><text x=\"{x}\" y=\"88\" font-size=\"100\" font-weight=\"700\" text-anchor=\"{anchor}\" fill=\"#fff\">口口</text></g></svg>"
        )
    };
    for (anchor, x) in [("start", 100), ("middle", 200), ("end", 300)] {
        let outlined = outlines.outline(&svg(anchor, x), 0.1);
        assert_eq!(outlined.kept, Vec::<String>::new());
        assert!(!outlined.svg.contains("<text") && outlined.svg.contains("<title>口口</title>"));
        assert_eq!(outlined.svg.matches("<use").count(), 2, "a glyph that comes twice is defined once");
        let pixels = crate::slide::raster::pixels(outlined.svg.as_bytes(), (400, 100)).expect("it is an SVG");
        let lit = |x: usize| (0..100).any(|y| pixels[3 * (400 * y + x)] > 128);
        let columns: Vec<usize> = (0..400).filter(|&x| lit(x)).collect();
        let (first, last) = (columns[0], columns[columns.len() - 1]);
        assert!((105..130).contains(&first) && (270..295).contains(&last), "{anchor}: {first} to {last}");
    }
}

/// Lists show slides at a fifth of their size, screens at up to twice theirs: at these sizes nobody sees the grid.
#[test]
fn points_on_a_grid_look_as_those_of_the_font_at_the_size_they_are_shown() {
    let Some(outlines) = outlines() else { return };
    let text = |size: u32, weight: u32, y: u32, words: &str| {
        format!(
            "<text x='20' y='{y}' font-size='{size}' font-weight='{weight}' font-family='Noto Serif SC,serif' fill='#fff'>{words}</text>"
        )
    };
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='1000' height='400'>{}{}{}</svg>",
        text(180, 900, 180, "勤俭一家"),
        text(52, 500, 280, "多打一通电话，多听一会儿家常。"),
        text(38, 400, 360, "示例市机关事务管理局 宣")
    );
    let exact = outlines.outline(&svg, 0.001).svg;
    for (grid, width, height, most) in [(0.1, 2000, 800, 1.5), (3.0, 200, 80, 20.0)] {
        let outlined = outlines.outline(&svg, grid).svg;
        let drawn = |svg: &str| crate::slide::raster::pixels(svg.as_bytes(), (width, height)).expect("it is an SVG");
        let (one, other) = (drawn(&exact), drawn(&outlined));
        let off: f64 = one.iter().zip(&other).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        let lit = one.iter().filter(|level| **level > 0).count() as f64;
        assert!(off / lit < most, "grid {grid}: lit pixels are off by {:.2} of 255", off / lit);
        assert!(outlined.len() < exact.len(), "{} against {}", outlined.len(), exact.len());
    }
    let small = outlines.outline(&svg, 3.0).svg.len();
    assert!(small * 2 < exact.len(), "{small} against {}", exact.len());
}

#[test]
fn what_is_more_than_plain_text_stays_text_and_is_reported() {
    let Some(outlines) = outlines() else { return };
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><text x='1' y='2' font-size='9'>甲<tspan>乙</tspan></text>\
               <text x='1 2' y='2' font-size='9'>丙&amp;</text></svg>";
    let outlined = outlines.outline(svg, 0.1);
    assert_eq!(outlined.svg, svg);
    assert_eq!(outlined.kept, ["甲<tspan>乙</tspan>", "丙&"]);
}

#[test]
fn a_character_that_no_face_has_stays_text_alone() {
    let Some(outlines) = outlines() else { return };
    let svg =
        "<svg xmlns='http://www.w3.org/2000/svg'><text x='10' y='2' font-size='8' fill='red'>甲\u{10ffff}</text></svg>";
    let outlined = outlines.outline(svg, 0.1).svg;
    assert!(outlined.contains("<text x=\"18\" y=\"2\" font-size=\"8\" fill=\"red\">\u{10ffff}</text>"), "{outlined}");
    assert!(outlined.contains("<path transform="), "{outlined}");
}

#[test]
fn without_a_face_nothing_changes() {
    let svg = "<svg><text x='1' y='2' font-size='9'>甲</text></svg>";
    assert_eq!(Outlines::default().outline(svg, 0.1), Outlined { svg: svg.into(), kept: vec![] });
}

#[test]
fn the_bitmap_face_has_pixels_in_whole_numbers() {
    assert_eq!(bitmap::path("-", 3, 5), "M5 14h4v1h-4z");
    assert_eq!(width("停水A", &bitmap::Bitmap), 2.5);
    assert_eq!(bitmap::missing("停水\u{20000}"), ['\u{20000}']);
}

fn width(text: &str, metrics: &dyn Metrics) -> f64 {
    text.chars().map(|c| metrics.advance(c)).sum()
}
