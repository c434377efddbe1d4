//! Every template with every shape and length of text: nothing outside its canvas, nothing below the floor, and all of
//! them render.

use std::sync::Arc;

use rayon::prelude::*;

use super::*;
use crate::config::Config;
use crate::document::{Activity, Document, FrontMatter, Tone};
use crate::file::Url;
use crate::markdown::Outline;
use crate::typeface::{self, Metrics};

const CANVASES: [(u32, u32, &str); 10] = [
    (1920, 1080, "hotel"),
    (1080, 1920, "elevator"),
    (1280, 800, "canteen"),
    (1024, 768, "board"),
    (192, 32, "led"),
    (512, 64, "led"),
    (256, 16, "led"),
    (1024, 48, "led"),
    (1920, 480, "corridor"),
    (2560, 1080, "lobby"),
];

fn site() -> Site {
    let mut config = Config::default();
    config.organisation.name = "示例市机关事务管理局".into();
    config.base_url = "https://jgswj.example.gov.cn".into();
    Site {
        config: Arc::new(config),
        now: jiff::Timestamp::UNIX_EPOCH,
        pages: vec![],
        sections: vec![],
        taxonomies: vec![],
        catalogue: Default::default(),
        hidden: vec![],
        changes: vec![],
        assets: Default::default(),
        videos: Default::default(),
        newest: Default::default(),
        aliases: vec![],
    }
}

fn page(front: FrontMatter, html: &str, text: &str) -> Page {
    let first_lines = html.split("</p>").next().unwrap_or_default().matches("<br").count() + 1;
    let document = Document {
        path: SourcePath::new("content/a.md"),
        source: Hash::of(b""),
        hash: Hash::of(b""),
        head: Hash::of(b""),
        front,
        outline: Outline { first_lines, ..Outline::default() },
        lines: text.lines().filter(|line| !line.is_empty()).map(str::to_string).collect(),
        body: None,
        problems: vec![],
    };
    let url = Url::new("/notices/a/");
    Page { document: Arc::new(document), url, section: 0, newer: None, older: None }
}

fn slogan(lines: &[&str], sub: &str, change: impl Fn(&mut FrontMatter)) -> Page {
    let mut front = FrontMatter { kind: Kind::Slogan, title: lines.join(" "), ..FrontMatter::default() };
    change(&mut front);
    let html = format!("<p>{}</p><p>{sub}</p>", lines.join("<br />\n"));
    page(front, &html, &format!("{}\n{sub}", lines.join("\n")))
}

/// Real texts from shortest to longest, in each design and kind.
fn samples() -> Vec<(String, Page)> {
    let mut samples = Vec::new();
    let texts: [(&str, &[&str], &str); 7] = [
        ("2", &["节俭"], ""),
        ("4", &["诚实守信", "立身之本"], "说过的话要算数，答应的事要办好。"),
        ("8", &["讲文明 树新风", "做文明有礼的机关人"], "一声问候暖人心，一次礼让见修养。"),
        ("16", &["公共场所不吸烟", "烟头不落地文明在身边"], "少一缕烟雾，多一份清新。"),
        ("3x4", &["拒绝超速", "拒绝酒驾", "拒绝疲劳驾驶"], "方向盘在你手里，一家人在等你。"),
        ("latin", &["办公室PM2.5低于35μg/m³", "室温不高于20℃“人走灯灭”"], "《节约能源法》第3条，2026年11月23日起。"),
        ("40", &["弘扬奉献友爱互助进步的志愿精神", "人人参与处处文明时时感恩让我们的城市更加美好𠮷祥"], "每月两小时。"),
    ];
    for (name, lines, sub) in texts {
        for design in DESIGNS {
            for motif in ["none", "bowl"] {
                let front = |front: &mut FrontMatter| {
                    front.screen.design = Some(design.into());
                    front.screen.motif = Some(motif.into());
                    front.series = (name != "2").then(|| "讲文明树新风".into());
                    front.attribution = match name {
                        "8" => Some("示例市机关事务管理局后勤服务中心 宣".into()),
                        "16" => Some("示例市机关事务管理局、示例市爱国卫生运动委员会办公室、示例市生态环境局、示例市文明办 联合宣传".into()),
                        _ => None,
                    };
                };
                samples.push((format!("slogan-{design}-{motif}-{name}"), slogan(lines, sub, front)));
            }
        }
    }
    for motif in &MOTIFS[1..] {
        let front = |front: &mut FrontMatter| {
            front.screen.design = Some("plain".into());
            front.screen.motif = Some(motif.to_string());
        };
        samples.push((format!("motif-{motif}"), slogan(&["志愿服务", "从我做起"], "", front)));
    }
    let solemn = |front: &mut FrontMatter| front.tone = Tone::Solemn;
    samples.push(("solemn".into(), slogan(&["铭记历史", "缅怀先烈", "珍爱和平"], "12月13日，国家公祭日。", solemn)));
    let notice = |title: &str, summary: &str, text: Option<&str>| {
        let date = jiff::civil::date(2026, 11, 23);
        let date = crate::document::Moment { at: jiff::Timestamp::UNIX_EPOCH, date, time: None };
        let mut front = FrontMatter { kind: Kind::Notice, title: title.into(), ..FrontMatter::default() };
        front.summary = Some(summary.into());
        front.date = Some(date);
        front.screen.text = text.map(str::to_string);
        page(front, "", "")
    };
    let long_title = "示例市机关事务管理局关于2026年冬季供暖期间进一步加强办公区用电用火安全管理和公共机构节能工作检查有关事项的紧急通知（第2号）";
    let summary = "为做好2026年冬季供暖期间的安全管理工作，请各科室、各中心于11月27日（星期五）18:00前完成自查，重点检查“飞线充电”、电暖器、库房堆物等问题，发现问题立即整改。";
    let marks = "《公共机构节能条例》（“双随机、一公开”《检查办法》）：“人走灯灭”，“随手关灯”。《通知》（见附件）、《名单》等。";
    samples.push(("notice-short".into(), notice("停水通知", "一号楼今天停水。", None)));
    samples.push((
        "notice".into(),
        notice("关于一号楼临时停水的通知", "7月22日14:00至20:00，因更换供水管道阀门，一号楼停止供水。", None),
    ));
    samples.push(("notice-long".into(), notice(long_title, &summary.repeat(4), None)));
    samples.push((
        "notice-300".into(),
        notice(long_title, &summary.repeat(4).chars().take(300).collect::<String>(), None),
    ));
    samples.push((
        "notice-marks".into(),
        notice("关于印发《“十五五”公共机构节约能源资源工作规划》（试行）的通知", marks, None),
    ));
    samples.push((
        "notice-text".into(),
        notice("关于一号楼临时停水的通知", "", Some("7月22日14:00至20:00一号楼临时停水，请提前储水。")),
    ));
    let report = |photo: bool, title: &str| {
        let mut front = FrontMatter { kind: Kind::Report, title: title.into(), ..FrontMatter::default() };
        let figures = [("参加人数", "128 人"), ("栽植苗木", "2400 株"), ("压沙面积", "30 亩")];
        front.activity = Some(Box::new(Activity {
            place: "城北义务植树基地".into(),
            figures: figures.map(|(a, b)| (a.to_string(), b.to_string())).to_vec(),
            ..Activity::default()
        }));
        if photo {
            let place = crate::problem::Place::file(&SourcePath::new("content/a.md"));
            front.image =
                Some(Box::new(crate::document::FileRef { target: "1.png".into(), title: String::new(), place }));
        }
        page(front, "", "")
    };
    samples.push(("report".into(), report(true, "干部职工参加义务植树、压沙活动")));
    samples.push(("report-plain".into(), report(false, "干部职工参加义务植树、压沙活动")));
    samples.push(("report-long".into(), report(true, &long_title.chars().take(40).collect::<String>())));
    samples
}

fn sample_site() -> Site {
    let mut site = site();
    let asset = crate::site::Asset {
        url: Url::new("/1.png"),
        size: 1,
        hash: crate::file::Hash::default(),
        pixels: Some((1600, 900)),
    };
    site.assets.insert(SourcePath::new("content/1.png"), asset);
    site
}

/// Every sample on every canvas, and the slates.
fn all(faces: &Faces) -> Vec<(String, Canvas, Slide)> {
    let site = sample_site();
    let samples = samples();
    let mut all = Vec::new();
    for (width, height, point) in CANVASES {
        let canvas = Canvas::of((width, height), point);
        for (name, page) in &samples {
            for (i, slide) in slides(page, canvas, &site, &Types::of(faces)).0.into_iter().enumerate() {
                all.push((format!("{width}x{height}-{name}-{i}"), canvas, slide));
            }
        }
        let organisation = &site.config.organisation;
        all.push((format!("{width}x{height}-standby-0"), canvas, standby(organisation, canvas, faces)));
        all.push((
            format!("{width}x{height}-solemn-day-0"),
            canvas,
            super::solemn("国家公祭日", organisation, canvas, faces),
        ));
    }
    all
}

/// Without a font, and with those of the machine where it has any.
fn all_faces() -> Vec<Arc<Faces>> {
    [Some(Arc::default()), typeface::tests::installed()].into_iter().flatten().collect()
}

/// The margin that televisions may cut: 5 % of each side, nothing on strips.
fn margin(canvas: Canvas) -> (f64, f64) {
    match canvas.shape {
        Shape::Strip => (0.0, 0.0),
        _ => (0.05 * f64::from(canvas.width), 0.05 * f64::from(canvas.height)),
    }
}

/// Left, top, right, bottom of the em boxes of a line.
fn box_of(line: &Text, faces: &Faces) -> (f64, f64, f64, f64) {
    let types = layout::Types::of(faces);
    let metrics: &dyn Metrics = match &line.pixels {
        Some(_) => &bitmap::Bitmap,
        None => types.of_role(line.role),
    };
    let gaps = line.text.chars().count().saturating_sub(1) as f64;
    let long = text::width(&line.text, metrics) * line.size + gaps * line.spacing;
    let left = match line.anchor {
        "middle" => line.x - long / 2.0,
        "end" => line.x - long,
        _ => line.x,
    };
    (left, line.y - 0.88 * line.size, left + long, line.y + 0.12 * line.size)
}

#[test]
fn no_text_is_outside_the_safe_area_or_below_the_floor() {
    for faces in all_faces() {
        for (name, canvas, slide) in all(&faces) {
            let (mx, my) = margin(canvas);
            for line in &slide.input.texts {
                let found = box_of(line, &faces);
                let (right, bottom) = (f64::from(canvas.width) - mx, f64::from(canvas.height) - my);
                let inside =
                    found.0 >= mx - 0.5 && found.2 <= right + 0.5 && found.1 >= my - 0.5 && found.3 <= bottom + 0.5;
                assert!(inside, "{name}: {} {found:?}", line.text);
                assert!(
                    line.size >= canvas.floor().min(f64::from(canvas.height)),
                    "{name}: {} at {}",
                    line.text,
                    line.size
                );
            }
        }
    }
}

#[test]
fn no_text_meets_another_or_a_picture() {
    for faces in all_faces() {
        for (name, _, slide) in all(&faces) {
            let texts = slide.input.texts.iter().map(|line| {
                // Without the white that every glyph has around it.
                let found = box_of(line, &faces);
                let air = 0.08 * line.size;
                (
                    line.text.as_str(),
                    (found.0 + 0.02 * line.size, found.1 + air, found.2 - 0.02 * line.size, found.3 - air),
                )
            });
            let motif = slide.input.motif.iter().map(|m| ("motif", (m.x, m.y, m.x + m.size, m.y + m.size)));
            let code = slide.input.qr.iter().map(|m| ("code", (m.x, m.y, m.x + m.size, m.y + m.size)));
            let photo = slide.input.photo.iter().map(|m| ("photo", (m.x, m.y, m.x + m.width, m.y + m.height)));
            let boxes: Vec<_> = texts.chain(motif).chain(code).chain(photo).collect();
            for (i, (one, a)) in boxes.iter().enumerate() {
                for (other, b) in &boxes[i + 1..] {
                    let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
                    assert!(apart, "{name}: {one} {a:?} and {other} {b:?}");
                }
            }
        }
    }
}

#[test]
fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
    for faces in all_faces() {
        for (name, _, slide) in all(&faces) {
            for line in &slide.input.texts {
                let first = line.text.chars().next().unwrap_or(' ');
                let last = line.text.chars().last().unwrap_or(' ');
                assert!(!"，。、；：？！）》」』】”’…—".contains(first), "{name}: {}", line.text);
                assert!(!"（《「『【“‘".contains(last), "{name}: {}", line.text);
            }
        }
    }
}

/// Everything that was asked to be shown is shown: no words are lost between title and lines.
#[test]
fn no_word_of_a_slogan_or_a_title_is_lost() {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    for faces in all_faces() {
        let site = sample_site();
        for (width, height, point) in CANVASES {
            let canvas = Canvas::of((width, height), point);
            for (name, page) in samples() {
                let wanted = match page.kind() {
                    Kind::Slogan => plain(&page.document.front.title),
                    _ if page.document.front.screen.text.is_some() => continue,
                    _ => plain(&page.document.front.title),
                };
                let slides = slides(&page, canvas, &site, &Types::of(&faces)).0;
                let roles = ["main", "title"];
                let of = |slide: &Slide| {
                    let lines = slide.input.texts.iter().filter(|line| roles.contains(&line.role));
                    plain(&lines.map(|line| line.text.as_str()).collect::<String>())
                };
                let shown = match canvas.shape {
                    Shape::Strip => slides.iter().map(of).collect::<String>(),
                    _ => slides.first().map(of).unwrap_or_default(),
                };
                assert_eq!(shown, wanted, "{width}x{height}-{name}");
            }
        }
    }
}

/// A summary of 300 characters is not cut: every page of it is there, on every screen but strips, which show titles.
#[test]
fn a_summary_of_three_hundred_characters_is_shown_whole() {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for faces in all_faces() {
        let site = sample_site();
        for (width, height, point) in CANVASES {
            let canvas = Canvas::of((width, height), point);
            for (name, page) in samples() {
                let wanted = page.document.front.summary.clone().unwrap_or_default();
                let is_long = wanted.chars().count() > 320;
                if page.kind() != Kind::Notice || canvas.shape == Shape::Strip || name == "notice-text" {
                    continue;
                }
                let slides = slides(&page, canvas, &site, &Types::of(&faces)).0;
                let lines = slides.iter().flat_map(|slide| &slide.input.texts).filter(|line| line.role == "summary");
                let shown: String = lines.map(|line| plain(&line.text)).collect();
                assert_eq!(shown == plain(&wanted), !is_long, "{width}x{height}-{name}: {shown}");
                assert_eq!(shown.ends_with('…'), is_long, "{width}x{height}-{name}");
            }
        }
    }
}

/// The ink itself, drawn as a screen draws it: white text on black, nothing lit outside the safe area.
#[test]
fn no_ink_lies_outside_the_safe_area() {
    let Some(faces) = typeface::tests::installed() else { return };
    let outlines = typeface::Outlines::new(faces.clone(), Box::new(crate::fonts::read));
    let tera = templates();
    let wrong: Vec<String> = all(&faces)
        .par_iter()
        .filter_map(|(name, canvas, slide)| {
            let mut context = tera::Context::new();
            context.insert("slide", &slide.input);
            let svg = tera.render("ink.svg", &context).expect("the template of the test renders");
            let svg = outlines.outline(&svg, 0.1).svg;
            // Small strips at their own pixels, the others small: a quarter of a pixel outside would not be seen either.
            let scale = if canvas.height <= 128 { 1.0 } else { 0.25 };
            let (width, height) = ((f64::from(canvas.width) * scale) as u32, (f64::from(canvas.height) * scale) as u32);
            let pixels = raster::pixels(svg.as_bytes(), (width, height)).expect("it is an SVG");
            let (mx, my) = margin(*canvas);
            let (mx, my) = ((mx * scale).floor() as u32, (my * scale).floor() as u32);
            let lit = |x: u32, y: u32| pixels[3 * (width * y + x) as usize] > 40;
            let outside = |x: u32, y: u32| x < mx || y < my || x >= width - mx || y >= height - my;
            let all = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            let bad = all().find(|&(x, y)| outside(x, y) && lit(x, y));
            let any = all().any(|(x, y)| lit(x, y));
            match (bad, any) {
                (Some(at), _) => Some(format!("{name}: ink at {at:?} of {width}x{height}")),
                (None, false) => Some(format!("{name}: no ink at all")),
                _ => None,
            }
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// On a strip of 16 pixels every pixel is on or off.
#[test]
fn small_strips_are_crisp() {
    let tera = templates();
    for (name, canvas, slide) in all(&Faces::default()) {
        if canvas.shape != Shape::Strip || canvas.height >= 24 {
            continue;
        }
        let pixels =
            raster::pixels(render(&tera, &slide).as_bytes(), (canvas.width, canvas.height)).expect("it is an SVG");
        let colours: std::collections::BTreeSet<&[u8]> = pixels.chunks(3).collect();
        assert_eq!(colours.len(), 2, "{name}: {colours:?}");
    }
}

fn templates() -> tera::Tera {
    let mut tera = tera::Tera::default();
    tera.autoescape_on(vec![".svg"]);
    let files: Vec<(String, String)> = THEME
        .get_dir("templates/slides")
        .expect("the theme has slide templates")
        .files()
        .map(|file| {
            let name = file.path().strip_prefix("templates").expect("found below templates");
            (name.to_string_lossy().into_owned(), file.contents_utf8().expect("templates are UTF-8").to_string())
        })
        .collect();
    let files = files.into_iter().chain([("ink.svg".to_string(), INK.to_string())]);
    tera.add_raw_templates(files.collect::<Vec<_>>()).expect("the slide templates are well formed");
    tera
}

/// The text of a slide alone, in the faces of the default theme.
const INK: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="{{ slide.width }}" height="{{ slide.height }}">
{% for line in slide.texts %}{% if line.pixels %}<path d="{{ line.pixels }}" fill="#fff" shape-rendering="crispEdges"/>
{% elif line.role in ["main", "title", "figure", "sub"] %}{{ <slide_serif line={line} fill="#fff" weight="900" /> }}
{% else %}{{ <slide_sans line={line} fill="#fff" /> }}{% endif %}{% endfor %}</svg>"##;

static THEME: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/themes/civic");

fn render(tera: &tera::Tera, slide: &Slide) -> String {
    let mut context = tera::Context::new();
    context.insert("slide", &slide.input);
    let sources = crate::file::Sources::default();
    context.insert("theme", &crate::theme::load(&sources, &Config::default()).0.settings);
    context.insert("photo", "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 9'%3E%3Crect width='16' height='9' fill='%23d9c9a0'/%3E%3Cpath d='M0 6c5-3 9 0 16-2v5H0z' fill='%23b79a5a'/%3E%3C/svg%3E");
    tera.render(&slide.input.template, &context).expect("every slide renders")
}

#[test]
fn every_slide_renders_to_well_formed_xml_without_outside_addresses() {
    let tera = templates();
    for (name, _, slide) in all(&Faces::default()) {
        let svg = render(&tera, &slide);
        let mut reader = quick_xml::Reader::from_str(&svg);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}\n{svg}"),
            }
        }
        let plain = svg.replace("http://www.w3.org/", "");
        assert!(!plain.contains("http"), "{name}");
    }
}

/// Draws the sheet that people look at, with the fonts of the machine: `node tests/browser/sheet.js` runs this and makes
/// pictures of it in Chromium.
#[test]
#[ignore = "writes pictures for people"]
#[allow(clippy::disallowed_methods, reason = "a tool for people, not part of any build")]
fn slide_sheet() {
    let tera = templates();
    let faces = typeface::tests::installed().unwrap_or_default();
    let outlines = typeface::Outlines::new(faces.clone(), Box::new(crate::fonts::read));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/slides");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("target can be written");
    let mut sheets: std::collections::BTreeMap<String, String> = Default::default();
    for (name, canvas, slide) in all(&faces) {
        let svg = outlines.outline(&render(&tera, &slide), 0.1).svg;
        std::fs::write(folder.join(format!("{name}.svg")), svg).expect("target can be written");
        let profile = name.split('-').next().unwrap_or_default();
        let width = match canvas.shape {
            Shape::Tall => 200,
            Shape::Strip => canvas.width.max(400),
            Shape::Wide | Shape::Banner => 340,
        };
        let short = name.trim_start_matches(profile).trim_start_matches('-');
        let figure = format!("<figure><img src='{name}.svg' width={width}><figcaption>{short}</figcaption></figure>");
        sheets.entry(profile.to_string()).or_default().push_str(&figure);
    }
    for (profile, figures) in &sheets {
        let page = format!(
            "<!doctype html><meta charset=utf-8><title>{profile}</title><style>body{{margin:8px;background:#888;font:11px sans-serif}}\
             figure{{display:inline-block;margin:3px}}img{{display:block;image-rendering:auto}}</style>{figures}"
        );
        std::fs::write(folder.join(format!("{profile}.html")), page).expect("target can be written");
    }
}
