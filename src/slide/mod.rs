//! What a document looks like on a screen: pages of it as plain values, each of which a template of the theme turns into
//! one SVG picture.
//!
//! In: a page, the pixel size, the organisation. Out: `Slide`s whose texts are already broken, sized and placed. Colours
//! and artwork belong to the templates; nothing here draws.

use serde::Serialize;

use crate::config::Organisation;
use crate::document::Kind;
use crate::file::{Hash, SourcePath};
use crate::problem::Problem;
use crate::site::{Page, Site};
use crate::typeface::{Faces, bitmap};

mod layout;
pub mod raster;
pub mod text;

pub use layout::Types;

/// The pixels that slides are laid out on. Screens of the same proportions share it, and so share their slides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Canvas {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Which of the layouts.
    pub shape: Shape,
}

/// Which of the layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// 16:9, 16:10, 4:3
    Wide,
    /// 9:16
    Tall,
    /// LED strips: text alone, at the screen's own pixels.
    Strip,
    /// The banner of the home page: a ground without end, words and artwork in its middle.
    Banner,
}

impl Canvas {
    /// For a screen of this size. Pictures scale, so the shorter side becomes 1080; a strip keeps its pixels.
    pub fn of(size: (u32, u32), point: &str) -> Canvas {
        let (width, height) = (size.0.max(1), size.1.max(1));
        let short = width.min(height);
        if u64::from(width) >= 3 * u64::from(height) || (point == "led" && height <= 128) || short < 200 {
            return Canvas { width, height, shape: Shape::Strip };
        }
        let shape = if width < height { Shape::Tall } else { Shape::Wide };
        let scaled = |side: u32| {
            (u64::from(side) * 1080)
                .checked_rem(u64::from(short))
                .map(|rest| (rest, u64::from(side) * 1080 / u64::from(short)))
        };
        match (scaled(width), scaled(height)) {
            // Only when the proportions stay exactly the same.
            (Some((0, width)), Some((0, height))) => Canvas { width: width as u32, height: height as u32, shape },
            _ => Canvas { width, height, shape },
        }
    }

    /// The canvas of pictures on the portal.
    pub const PORTAL: Canvas = Canvas { width: 1920, height: 1080, shape: Shape::Wide };

    /// The banner of the home page, shown pixel for pixel; narrow windows see less of its ground at both sides.
    pub const BANNER: Canvas = Canvas { width: 3200, height: 400, shape: Shape::Banner };

    /// Han characters below this many pixels can't be read: 3.5 % of the height, 16 px on strips.
    pub fn floor(&self) -> f64 {
        match self.shape {
            Shape::Strip => 16.0,
            _ => (0.035 * f64::from(self.height)).ceil(),
        }
    }
}

/// Everything that a slide template sees, as the variable `slide`. Lengths are pixels of the canvas; `y` of a text is its
/// baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlideInput {
    /// Template of the theme: `slides/slogan-vermilion.svg`.
    pub template: String,
    /// Canvas.
    pub width: u32,
    /// Canvas.
    pub height: u32,
    /// wide, tall, strip
    pub shape: Shape,
    /// Texts in reading order.
    pub texts: Vec<Text>,
    /// Lines and bars that belong to the text: `role` says which.
    pub bars: Vec<Bar>,
    /// Drawn motif and its square; `name` is never empty.
    pub motif: Option<Motif>,
    /// Code with the page's address.
    pub qr: Option<Qr>,
    /// Photo and the rectangle that it fills. `render` gives its bytes as the variable `photo` (a data URI).
    pub photo: Option<Photo>,
    /// The words of the slide, for those who can't see it.
    pub alt: String,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Text {
    /// series, main, sub, attribution, label, title, summary, date, office, figure, unit, caption, page
    pub role: &'static str,
    /// Words.
    pub text: String,
    /// Anchor point.
    pub x: f64,
    /// Baseline.
    pub y: f64,
    /// Font size.
    pub size: f64,
    /// start, middle, end
    pub anchor: &'static str,
    /// Space between characters in pixels.
    pub spacing: f64,
    /// On strips of less than 24 pixels: the lit pixels of the bitmap face as SVG path data; the text is drawn with it.
    pub pixels: Option<String>,
}

/// A filled rectangle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// accent, rule, label
    pub role: &'static str,
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
}

/// A drawn motif in a square.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Motif {
    /// One of `MOTIFS`.
    pub name: String,
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Side.
    pub size: f64,
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Qr {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Side without the quiet zone.
    pub size: f64,
    /// Modules on a side.
    pub modules: usize,
    /// SVG path in modules: one rectangle for each run of dark modules.
    pub path: String,
}

/// A photo that fills a rectangle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Photo {
    /// The file below the site folder.
    pub asset: SourcePath,
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
}

/// One picture of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Slide {
    /// What the template sees.
    pub input: SlideInput,
    /// `Hash::of_value` of the input: equal fingerprint, equal picture.
    pub fingerprint: Hash,
    /// Seconds that reading takes: 3, and a quarter for each Han character.
    pub reading_seconds: u32,
}

impl Slide {
    fn new(input: SlideInput) -> Slide {
        let reading = 3.0 + 0.25 * f64::from(text::han_count(&input.alt));
        Slide { fingerprint: Hash::of_value(&input), reading_seconds: reading.ceil() as u32, input }
    }
}

impl From<SlideInput> for Slide {
    fn from(input: SlideInput) -> Slide {
        Slide::new(input)
    }
}

/// Designs of slogans.
pub const DESIGNS: [&str; 4] = ["vermilion", "fresh", "paper-cut", "plain"];

/// Drawn motifs. `none` leaves the place empty.
pub const MOTIFS: [&str; 11] =
    ["none", "bowl", "zebra", "no-smoking", "hands", "sapling", "lantern", "candle", "lamp", "broom", "heart"];

/// Which motif goes with which topic when the author names none; the first topic that has one decides.
const MOTIF_OF_TOPIC: [(&str, &str); 12] = [
    ("光盘行动", "bowl"),
    ("文明餐桌", "bowl"),
    ("文明出行", "zebra"),
    ("控烟", "no-smoking"),
    ("志愿服务", "hands"),
    ("绿色行动", "sapling"),
    ("公共机构节能", "lamp"),
    ("勤俭节约", "bowl"),
    ("卫生整治", "broom"),
    ("创城", "broom"),
    ("尊老爱幼", "heart"),
    ("诚实守信", "hands"),
];

/// The slides of a page on this canvas, and what can't be shown well.
pub fn slides(page: &Page, canvas: Canvas, site: &Site, types: &Types) -> (Vec<Slide>, Vec<Problem>) {
    let fields = Fields::of(page, site);
    let mut problems = Vec::new();
    let inputs = match layout::compose(&fields, canvas, types) {
        Ok(inputs) => inputs,
        Err(longest) => {
            problems.push(
                Problem::new("screen-text-too-long")
                    .in_file(&page.document.path)
                    .with("size", format!("{}×{}", canvas.width, canvas.height))
                    .with("text", longest.chars().take(40).collect::<String>()),
            );
            layout::pages(&fields, canvas, types)
        }
    };
    let missing = missing(&inputs, types.faces);
    if !missing.is_empty() {
        problems.push(Problem::new("font-glyph-missing").in_file(&page.document.path).with("characters", missing));
    }
    (inputs.into_iter().map(Slide::new).collect(), problems)
}

/// Characters of slides that no face has, each once.
fn missing(inputs: &[SlideInput], faces: &Faces) -> String {
    let of = |text: &Text| match (&text.pixels, faces.is_empty()) {
        (Some(_), _) => bitmap::missing(&text.text),
        // Without a font, text stays text: the device has the glyph or has not.
        (None, true) => Vec::new(),
        (None, false) => faces.missing(&text.text),
    };
    let characters: std::collections::BTreeSet<char> =
        inputs.iter().flat_map(|input| &input.texts).flat_map(of).collect();
    let named = |c: char| format!("{c} (U+{:04X})", u32::from(c));
    characters.into_iter().map(named).collect::<Vec<_>>().join("、")
}

/// The 1920×1080 picture of a slogan, notice or report for the portal; `None` for other kinds.
pub fn portal(page: &Page, site: &Site, types: &Types) -> (Option<Slide>, Vec<Problem>) {
    if !matches!(page.kind(), Kind::Slogan | Kind::Notice | Kind::Report) {
        return (None, Vec::new());
    }
    let (slides, problems) = slides(page, Canvas::PORTAL, site, types);
    (slides.into_iter().next(), problems)
}

/// The banner of a slogan; `None` where its words have no room.
pub fn banner(page: &Page, site: &Site, faces: &Faces) -> Option<Slide> {
    let input = layout::banner(&Fields::of(page, site), &layout::Types::of(faces))?;
    (page.kind() == Kind::Slogan).then(|| Slide::new(input))
}

/// What a screen shows when nothing else can play: the organisation's name.
pub fn standby(organisation: &Organisation, canvas: Canvas, faces: &Faces) -> Slide {
    Slide::new(layout::slate("slides/standby.svg", &organisation.name, None, canvas, &layout::Types::of(faces)))
}

/// What a screen shows on a solemn day on which nothing may play: the name of the day.
pub fn solemn(name: &str, organisation: &Organisation, canvas: Canvas, faces: &Faces) -> Slide {
    let types = layout::Types::of(faces);
    Slide::new(layout::slate("slides/solemn.svg", name, Some(&organisation.name), canvas, &types))
}

/// The main lines of a slogan and what stands below them: the first paragraph by its hard breaks, then the rest. Without
/// a body, the title at its spaces.
pub fn slogan_lines(page: &Page) -> (Vec<String>, Vec<String>) {
    let mut main = page.document.lines.clone();
    if main.is_empty() {
        return (page.title().split_whitespace().map(str::to_string).collect(), Vec::new());
    }
    let sub = main.split_off(page.document.outline.first_lines.min(main.len()));
    // Lines that were only wrapped in the source have run together; the title still knows where they part.
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    if main.len() == 1 && plain(&main[0]) == plain(page.title()) {
        main = page.title().split_whitespace().map(str::to_string).collect();
    }
    (main, sub)
}

/// The words and pictures of a page, as slides use them.
#[derive(Clone, Debug, Default)]
struct Fields {
    kind: Option<Kind>,
    design: String,
    motif: Option<String>,
    solemn: bool,
    series: String,
    chinese: bool,
    main: Vec<String>,
    sub: Vec<String>,
    attribution: String,
    label: String,
    title: String,
    summary: String,
    office: String,
    date: String,
    place: String,
    figures: Vec<(String, String, String)>,
    photo: Option<SourcePath>,
    link: String,
    shortened: bool,
}

impl Fields {
    fn of(page: &Page, site: &Site) -> Fields {
        let front = &page.document.front;
        let organisation = &site.config.organisation;
        let (main, sub) = match (&front.screen.text, page.kind()) {
            (Some(text), Kind::Slogan) => {
                (text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_string).collect(), Vec::new())
            }
            (None, Kind::Slogan) => slogan_lines(page),
            _ => Default::default(),
        };
        let short = front.screen.text.clone().filter(|_| page.kind() != Kind::Slogan);
        let report = page.kind() == Kind::Report;
        let chinese = site.config.language.starts_with("zh");
        let date = if report { front.activity.as_ref().and_then(|a| a.date).or(front.date) } else { front.date };
        Fields {
            kind: Some(page.kind()),
            design: design(page),
            motif: motif(page),
            solemn: front.tone == crate::document::Tone::Solemn,
            series: front.series.clone().unwrap_or_default(),
            main,
            sub,
            attribution: front.attribution.clone().unwrap_or_else(|| site.config.attribution()),
            chinese,
            label: match (chinese, report) {
                (true, true) => "活动报道",
                (true, false) => "通知",
                (false, true) => "Report",
                (false, false) => "Notice",
            }
            .into(),
            title: match (&short, report) {
                (Some(text), true) => text.clone(),
                _ => page.title().to_string(),
            },
            summary: match (&short, report) {
                (Some(text), false) => text.clone(),
                _ => page.summary().to_string(),
            },
            shortened: short.is_some(),
            office: match &front.department {
                Some(department) if !organisation.name.is_empty() => department.clone(),
                _ => organisation.name.clone(),
            },
            date: date.map_or(String::new(), |d| match chinese {
                true => format!("{}年{}月{}日", d.date.year(), d.date.month(), d.date.day()),
                false => d.date.to_string(),
            }),
            place: front.activity.as_ref().map(|a| a.place.clone()).unwrap_or_default(),
            figures: figures(page),
            photo: photo(page, site),
            link: format!("{}{}", site.config.base_url, page.url.encoded()),
        }
    }
}

/// The author's design, else by series, topic and tone.
fn design(page: &Page) -> String {
    let front = &page.document.front;
    let chosen = front.screen.design.as_deref().filter(|design| DESIGNS.contains(design));
    let green = ["绿色行动", "公共机构节能", "控烟", "光盘行动"];
    let by_topic = || match front.series.as_deref() {
        Some("图说我们的价值观") => "paper-cut",
        _ if front.tone == crate::document::Tone::Festive => "vermilion",
        _ if front.topics.iter().any(|topic| green.contains(&topic.as_str())) => "fresh",
        Some("讲文明树新风") => "vermilion",
        _ => "plain",
    };
    chosen.unwrap_or_else(by_topic).to_string()
}

/// The author's motif, else by topic and tone. A motif that nobody drew is none (and a problem of the plan).
fn motif(page: &Page) -> Option<String> {
    let front = &page.document.front;
    let by_topic = || {
        let topic =
            front.topics.iter().find_map(|t| MOTIF_OF_TOPIC.iter().find(|(topic, _)| t == topic).map(|(_, m)| *m));
        match front.tone {
            crate::document::Tone::Festive => Some("lantern"),
            crate::document::Tone::Solemn => Some("candle"),
            crate::document::Tone::Plain => topic,
        }
    };
    let chosen = front.screen.motif.as_deref().or_else(by_topic)?;
    MOTIFS[1..].contains(&chosen).then(|| chosen.to_string())
}

/// Name, number and unit of a report's figures; the number of people when it has none.
fn figures(page: &Page) -> Vec<(String, String, String)> {
    let Some(activity) = &page.document.front.activity else { return Vec::new() };
    let split = |(name, value): &(String, String)| {
        let value = value.trim();
        let end = value.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(value.len());
        (name.clone(), value[..end].to_string(), value[end..].trim().to_string())
    };
    let figures: Vec<_> = activity.figures.iter().map(split).filter(|(_, number, _)| !number.is_empty()).collect();
    match (figures.is_empty(), activity.participants) {
        (true, Some(people)) => vec![("参加人数".into(), people.to_string(), "人".into())],
        _ => figures,
    }
}

/// The page's picture, when it is one that a slide can hold.
fn photo(page: &Page, site: &Site) -> Option<SourcePath> {
    let image = page.document.front.image.as_ref()?;
    let path = page.document.path.join(&image.target)?;
    let known = site.assets.get(&path)?;
    let drawable = matches!(path.extension().as_str(), "png" | "jpg" | "jpeg" | "svg" | "webp");
    (drawable && known.size > 0).then_some(path)
}

/// The dark modules of a QR code as an SVG path, and its side in modules. `None` when the text is too long for one.
fn qr(link: &str) -> Option<(usize, String)> {
    let code = fast_qr::QRBuilder::new(link).ecl(fast_qr::ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|&x| code[y][x].value()).count();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    Some((code.size, path))
}

#[cfg(test)]
mod tests;
