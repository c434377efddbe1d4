//! Where the parts of a slide stand, by kind and shape. All numbers are shares of the canvas; texts take the largest size
//! that fits.

use super::text::{self, Fitted, TextBox};
use super::{Bar, Canvas, Fields, Motif, Photo, Qr, Shape, SlideInput, Text};
use crate::document::Kind;
use crate::typeface::bitmap::{self, Bitmap};
use crate::typeface::{Chain, Faces, Metrics, Style};

/// The distance from the top of a line to its baseline, in em: Han glyphs fill their em box.
const ASCENT: f64 = 0.88;

/// What texts are measured with, by their part in the slide. The templates of the default theme set them in the same faces.
pub struct Types<'a> {
    pub(super) faces: &'a Faces,
    /// The slogan itself.
    main: Chain<'a>,
    /// Titles and figures.
    title: Chain<'a>,
    /// The sentence below a slogan.
    sub: Chain<'a>,
    /// Everything else.
    small: Chain<'a>,
    /// Text on strips.
    strip: Chain<'a>,
}

impl Types<'_> {
    /// What these fonts give; found once for many slides.
    pub fn of(faces: &Faces) -> Types<'_> {
        Types {
            faces,
            main: faces.chain(&[], Style::Song, 900),
            title: faces.chain(&[], Style::Song, 700),
            sub: faces.chain(&[], Style::Song, 500),
            small: faces.chain(&[], Style::Hei, 400),
            strip: faces.chain(&[], Style::Hei, 700),
        }
    }

    /// What a text of this role is measured with.
    #[cfg(test)]
    pub(super) fn of_role(&self, role: &str) -> &dyn Metrics {
        match role {
            "main" => &self.main,
            "title" | "figure" => &self.title,
            "sub" => &self.sub,
            _ => &self.small,
        }
    }

    /// Small strips have the bitmap face.
    fn on_strip(&self, canvas: Canvas) -> &dyn Metrics {
        if is_bitmap(canvas) { &Bitmap } else { &self.strip }
    }
}

/// The pages of an item, or its text that can't be shown legibly.
pub(super) fn compose(fields: &Fields, canvas: Canvas, types: &Types) -> Result<Vec<SlideInput>, String> {
    match (fields.kind, canvas.shape) {
        (_, Shape::Strip) => strip(fields, canvas, types),
        (Some(Kind::Slogan), _) => slogan(fields, canvas, types).map(|input| vec![input]),
        (Some(Kind::Report), _) => report(fields, canvas, types).map(|input| vec![input]),
        _ => notice(fields, canvas, types),
    }
}

/// What is shown when the layout has no room: the text alone, page by page, at the smallest legible size.
pub(super) fn pages(fields: &Fields, canvas: Canvas, types: &Types) -> Vec<SlideInput> {
    let words = match fields.kind {
        Some(Kind::Slogan) => fields.main.join(" "),
        _ => fields.title.clone(),
    };
    let mut page = Sheet::new(canvas, "slides/notice.svg", types);
    let metrics = if canvas.shape == Shape::Strip { types.on_strip(canvas) } else { &types.title };
    let area = page.inside();
    let size = if canvas.shape == Shape::Strip { strip_size(canvas) } else { page.floor * 1.4 };
    let body = TextBox { lines: usize::MAX, ..page.text_box(area.width, area.height, size, size) };
    let pages = text::paginate(&words, size, &body, metrics);
    if canvas.shape == Shape::Strip {
        page.input.template = "slides/strip.svg".into();
    }
    let place = |fitted: Fitted| {
        let mut page = page.clone();
        let top = area.y + (area.height - fitted.height) / 2.0;
        page.block("title", &fitted, area.x, top, body.leading, "start");
        page.finish(&words)
    };
    pages.into_iter().map(place).collect()
}

/// A rectangle.
#[derive(Clone, Copy, Debug)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    fn right(&self) -> f64 {
        self.x + self.width
    }
    fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// A slide being laid out.
#[derive(Clone)]
struct Sheet<'a> {
    input: SlideInput,
    types: &'a Types<'a>,
    /// Width and height of the canvas.
    w: f64,
    h: f64,
    /// Smallest legible size.
    floor: f64,
    /// Texts are set in the bitmap face.
    bitmap: bool,
}

impl<'a> Sheet<'a> {
    fn new(canvas: Canvas, template: &str, types: &'a Types<'a>) -> Sheet<'a> {
        let input = SlideInput {
            template: template.to_string(),
            width: canvas.width,
            height: canvas.height,
            shape: canvas.shape,
            texts: Vec::new(),
            bars: Vec::new(),
            motif: None,
            qr: None,
            photo: None,
            alt: String::new(),
        };
        Sheet {
            input,
            types,
            w: f64::from(canvas.width),
            h: f64::from(canvas.height),
            floor: canvas.floor(),
            bitmap: is_bitmap(canvas),
        }
    }

    fn tall(&self) -> bool {
        self.input.shape == Shape::Tall
    }

    /// The safe area: televisions cut up to 5 % of each side.
    fn inside(&self) -> Area {
        let (x, y) = match self.input.shape {
            Shape::Strip => (1.0, 1.0),
            Shape::Tall => (0.075 * self.w, 0.055 * self.h),
            Shape::Wide => (0.06 * self.w, 0.075 * self.h),
            // As wide as the pages of the portal.
            Shape::Banner => ((self.w - 1180.0) / 2.0, 0.1 * self.h),
        };
        Area { x, y, width: self.w - 2.0 * x, height: self.h - 2.0 * y }
    }

    fn text_box(&self, width: f64, height: f64, smallest: f64, largest: f64) -> TextBox {
        TextBox { width, height, lines: 1, smallest: smallest.max(self.floor), largest, leading: 1.3, tracking: 0.0 }
    }

    /// Puts fitted lines at `top`; `x` is the left edge, the middle or the right edge, as the anchor says.
    fn block(&mut self, role: &'static str, fitted: &Fitted, x: f64, top: f64, leading: f64, anchor: &'static str) {
        for (i, line) in fitted.lines.iter().enumerate() {
            let y = top + fitted.size * (ASCENT + leading * i as f64);
            self.line(role, line, (x, y), fitted.size, anchor, 0.0);
        }
    }

    fn line(&mut self, role: &'static str, text: &str, at: (f64, f64), size: f64, anchor: &'static str, spacing: f64) {
        let (x, y) = (tenth(at.0), tenth(at.1));
        let pixels = self.bitmap.then(|| self.pixels(text, anchor));
        let text = text.to_string();
        self.input.texts.push(Text { role, text, x, y, size, anchor, spacing: tenth(spacing), pixels });
    }

    /// The bitmap face, on whole pixels, in the middle of the height.
    fn pixels(&self, text: &str, anchor: &str) -> String {
        let wide = text::width(text, &Bitmap) * f64::from(bitmap::SIZE);
        let left = if anchor == "middle" { ((self.w - wide) / 2.0).floor().max(0.0) } else { 2.0 };
        bitmap::path(text, left as u32, self.input.height.saturating_sub(bitmap::SIZE) / 2)
    }

    fn bar(&mut self, role: &'static str, x: f64, y: f64, width: f64, height: f64) {
        self.input.bars.push(Bar { role, x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) });
    }

    fn motif(&mut self, name: &str, x: f64, y: f64, size: f64) {
        self.input.motif = Some(Motif { name: name.to_string(), x: tenth(x), y: tenth(y), size: tenth(size) });
    }

    fn finish(mut self, alt: &str) -> SlideInput {
        self.input.alt = alt.to_string();
        self.input
    }
}

/// Tenths of a pixel are exact enough, and keep the bytes of the SVG the same everywhere.
fn tenth(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

// ---- slogans ----

fn series_line(fields: &Fields) -> String {
    let advertisement = if fields.chinese { "公益广告" } else { "Public service" };
    if fields.series.is_empty() { advertisement.into() } else { format!("{} · {advertisement}", fields.series) }
}

fn slogan(fields: &Fields, canvas: Canvas, types: &Types) -> Result<SlideInput, String> {
    let template =
        if fields.solemn { "slides/solemn.svg".to_string() } else { format!("slides/slogan-{}.svg", fields.design) };
    let mut sheet = Sheet::new(canvas, &template, types);
    match sheet.tall() {
        true => tall_slogan(&mut sheet, fields)?,
        false => wide_slogan(&mut sheet, fields)?,
    }
    let words = [fields.main.join("，"), fields.sub.join("")].join("。");
    Ok(sheet.finish(words.trim_end_matches('。')))
}

fn too_long(fields: &Fields) -> String {
    fields.main.join(" ")
}

fn wide_slogan(sheet: &mut Sheet, fields: &Fields) -> Result<(), String> {
    let inside = sheet.inside();
    let h = sheet.h;
    let types = sheet.types;
    let centred = fields.solemn || (fields.design == "vermilion" && fields.motif.is_none());
    let left = match fields.design.as_str() {
        "plain" if !fields.solemn => inside.x + 0.045 * h,
        _ => inside.x,
    };
    // The paper-cut design always has its medallion.
    let has_art = !fields.solemn && (fields.motif.is_some() || fields.design == "paper-cut");
    let art = if has_art { (0.56 * h).min(0.33 * sheet.w) } else { 0.0 };
    if fields.solemn {
        if let Some(name) = &fields.motif {
            let size = 0.2 * h;
            sheet.motif(name, (sheet.w - size) / 2.0, 0.085 * h, size);
        }
    } else if has_art {
        let name = fields.motif.as_deref().unwrap_or("flower");
        let y = match fields.design.as_str() {
            "fresh" => 0.25 * h,
            "plain" => 0.26 * h,
            _ => (h - art) / 2.0,
        };
        sheet.motif(name, inside.right() - art, y, art);
    }
    let width = inside.right() - left - if has_art { art + 0.05 * h } else { 0.0 };
    let (x, anchor) = if centred { (sheet.w / 2.0, "middle") } else { (left, "start") };

    // Series at the top, attribution at the bottom, both as small as is legible.
    let small = (0.036 * h).max(sheet.floor).ceil();
    let series = series_line(fields);
    let series_top = if fields.solemn { None } else { Some(inside.y) };
    if let Some(top) = series_top {
        let spacing = spacing(&series, 0.12 * small, small, inside.right() - left, &types.small);
        sheet.line("series", &series, (x, top + ASCENT * small), small, anchor, spacing);
    }
    let foot = inside.bottom();
    let wide = inside.right() - left;
    let area = TextBox { lines: 2, tracking: 0.05, ..sheet.text_box(wide, 2.4 * small, small, small) };
    let loose = text::fit(&fields.attribution, &area, &types.small).filter(|fitted| fitted.lines.len() == 1);
    let area = TextBox { tracking: 0.0, ..area };
    let attribution = match loose {
        Some(fitted) => {
            let at = (x, foot - (1.0 - ASCENT) * small);
            sheet.line("attribution", &fields.attribution, at, small, anchor, 0.05 * small);
            fitted
        }
        None => {
            let fitted =
                text::fit(&fields.attribution, &area, &types.small).ok_or_else(|| fields.attribution.clone())?;
            sheet.block("attribution", &fitted, x, foot - fitted.height, 1.3, anchor);
            fitted
        }
    };
    let foot = foot - (attribution.height - small);

    // The main lines and the couplet are one block, a little above the middle.
    let top = match fields.solemn {
        true => 0.33 * h,
        false => inside.y + 2.2 * small,
    };
    let bottom = match fields.design.as_str() {
        // The land stands on a band that an attribution of two lines raises.
        "fresh" if !fields.solemn => 0.7 * h - (attribution.height - small),
        _ => foot - 2.2 * small,
    };
    let sub = sub_lines(fields, &sheet.text_box(width, 0.2 * h, 0.036 * h, 0.052 * h), 2, types)?;
    let gap = if sub.lines.is_empty() { 0.0 } else { 0.075 * h };
    let space = bottom - top - gap - sub.height;
    let shortest = fields.main.iter().map(|l| l.chars().count()).max().unwrap_or(1);
    let largest = if shortest <= 4 && fields.main.len() == 1 { 0.3 * h } else { 0.2 * h };
    let tracking = if shortest <= 4 { 0.1 } else { 0.03 };
    let main_box = TextBox { lines: 4, leading: 1.28, tracking, ..sheet.text_box(width, space, 0.055 * h, largest) };
    let main = text::fit_phrases(&fields.main, &main_box, &types.main)
        .or_else(|| {
            let smaller = TextBox { lines: 6, smallest: sheet.floor, tracking: 0.0, leading: 1.35, ..main_box };
            text::fit_phrases(&fields.main, &smaller, &types.main)
        })
        .ok_or_else(|| too_long(fields))?;
    let block = main.height + gap + sub.height;
    let start = top + ((bottom - top - block) * 0.46).max(0.0);
    for (i, line) in main.lines.iter().enumerate() {
        let y = start + main.size * (ASCENT + 1.28 * i as f64);
        sheet.line("main", line, (x, y), main.size, anchor, tracking * main.size);
    }
    if fields.design == "plain" && !fields.solemn {
        sheet.bar("accent", inside.x, start + 0.04 * main.size, 0.012 * h, main.height - 0.04 * main.size);
    }
    if !sub.lines.is_empty() {
        let rule = (0.11 * h, 0.004 * h);
        let rule_x = if centred { x - rule.0 / 2.0 } else { x };
        sheet.bar("rule", rule_x, start + main.height + gap * 0.48, rule.0, rule.1);
        sheet.block("sub", &sub, x, start + main.height + gap, 1.5, anchor);
    }
    Ok(())
}

/// A slogan as the banner of the home page: words at the left, artwork at the right, both within the width of a page.
pub(super) fn banner(fields: &Fields, types: &Types) -> Option<SlideInput> {
    let design =
        if fields.solemn { "slides/solemn.svg".into() } else { format!("slides/slogan-{}.svg", fields.design) };
    let mut sheet = Sheet::new(Canvas::BANNER, &design, types);
    let (inside, h) = (sheet.inside(), sheet.h);
    let plain = fields.design == "plain" && !fields.solemn;
    let left = if plain { inside.x + 0.07 * h } else { inside.x };
    let name = fields.motif.as_deref().or((fields.design == "paper-cut").then_some("flower"));
    let art = name.filter(|_| !fields.solemn).map_or(0.0, |name| {
        let size = if fields.design == "fresh" { 0.66 * h } else { 0.76 * h };
        let y = if fields.design == "fresh" { 0.15 * h } else { (h - size) / 2.0 };
        sheet.motif(name, inside.right() - size - 0.1 * h, y, size);
        size + 0.25 * h
    });
    let width = inside.right() - left - art;
    let small = 0.045 * h;
    let series = series_line(fields);
    let spacing = spacing(&series, 0.12 * small, small, width, &types.small);
    sheet.line("series", &series, (left, inside.y + ASCENT * small), small, "start", spacing);
    let foot = TextBox { ..sheet.text_box(width, 1.3 * small, small, small) };
    let attribution = text::fit(&fields.attribution, &foot, &types.small)?;
    sheet.block("attribution", &attribution, left, h - 0.095 * h, 1.3, "start");
    // The land of the fresh design lies below the words.
    let low = if fields.design == "fresh" && !fields.solemn { 0.77 } else { 0.84 };
    let (top, bottom) = (inside.y + 1.9 * small, low * h);
    let sub = sub_lines(fields, &sheet.text_box(width, 0.08 * h, 0.05 * h, 0.06 * h), 1, types).ok()?;
    let gap = if sub.lines.is_empty() { 0.0 } else { 0.09 * h };
    let space = bottom - top - gap - sub.height;
    let area = TextBox { lines: 3, leading: 1.24, tracking: 0.05, ..sheet.text_box(width, space, 0.1 * h, 0.22 * h) };
    let main = text::fit_phrases(&fields.main, &area, &types.main)?;
    let start = top + ((bottom - top - main.height - gap - sub.height) * 0.5).max(0.0);
    for (i, line) in main.lines.iter().enumerate() {
        let y = start + main.size * (ASCENT + 1.24 * i as f64);
        sheet.line("main", line, (left, y), main.size, "start", 0.05 * main.size);
    }
    if plain {
        sheet.bar("accent", inside.x, start + 0.04 * main.size, 0.02 * h, main.height - 0.04 * main.size);
    }
    if !sub.lines.is_empty() {
        sheet.bar("rule", left, start + main.height + gap * 0.45, 0.16 * h, 0.006 * h);
        sheet.block("sub", &sub, left, start + main.height + gap, 1.5, "start");
    }
    let words = fields.main.join("，");
    Some(sheet.finish(&words))
}

/// The wished space between characters, or less where the line has no room for it.
fn spacing(text: &str, wished: f64, size: f64, room: f64, metrics: &dyn Metrics) -> f64 {
    let gaps = text.chars().count().saturating_sub(1).max(1) as f64;
    ((room - text::width(text, metrics) * size) / gaps).clamp(0.0, wished)
}

/// The sentence below the slogan; empty when there is none.
fn sub_lines(fields: &Fields, area: &TextBox, lines: usize, types: &Types) -> Result<Fitted, String> {
    let empty = Fitted { size: area.smallest, lines: Vec::new(), width: 0.0, height: 0.0 };
    if fields.sub.is_empty() {
        return Ok(empty);
    }
    let area = TextBox { lines, leading: 1.5, ..*area };
    let together = fields.sub.join("");
    let by_line = (fields.sub.len() > 1).then(|| text::fit_phrases(&fields.sub, &area, &types.sub)).flatten();
    // A couplet that does not fit is left out rather than shrunk: the slogan is what counts. The text stays in `alt`.
    Ok(by_line.or_else(|| text::fit(&together, &area, &types.sub)).unwrap_or(empty))
}

fn tall_slogan(sheet: &mut Sheet, fields: &Fields) -> Result<(), String> {
    let inside = sheet.inside();
    let (w, h) = (sheet.w, sheet.h);
    let types = sheet.types;
    let small = sheet.floor;
    let middle = w / 2.0;
    let together = series_line(fields);
    let one_line = text::width(&together, &types.small) * small <= inside.width;
    let parts: Vec<String> = match one_line {
        true => vec![together],
        false => together.split(" · ").map(str::to_string).collect(),
    };
    let series = text::fit_phrases(
        &parts,
        &TextBox { lines: 2, ..sheet.text_box(inside.width, 3.0 * small, small, small) },
        &types.small,
    )
    .ok_or_else(|| too_long(fields))?;
    if !fields.solemn {
        sheet.block("series", &series, middle, inside.y, 1.3, "middle");
    }
    let foot_box = TextBox { lines: 5, ..sheet.text_box(inside.width, 7.0 * small, small, small) };
    let foot = text::fit(&fields.attribution, &foot_box, &types.small).ok_or_else(|| too_long(fields))?;
    let foot_top = inside.bottom() - foot.height;
    sheet.block("attribution", &foot, middle, foot_top, 1.3, "middle");

    let has_art = fields.motif.is_some() || (fields.design == "paper-cut" && !fields.solemn);
    let sub = sub_lines(fields, &sheet.text_box(inside.width, 0.2 * h, small, 1.1 * small), 4, types)?;
    let art = if has_art { 0.44 * w } else { 0.0 };
    let top = inside.y + series.height + 0.045 * h;
    let gap = 0.035 * h;
    let art_top = foot_top - gap - art;
    if has_art {
        sheet.motif(fields.motif.as_deref().unwrap_or("flower"), (w - art) / 2.0, art_top, art);
    }
    let art_gap = if has_art { art + gap } else { 0.0 };
    let ground = if fields.design == "fresh" && !fields.solemn && !has_art { 0.16 * h } else { 0.0 };
    let bottom = foot_top - gap - art_gap - ground;
    let sub_gap = if sub.lines.is_empty() { 0.0 } else { 0.045 * h };
    let space = bottom - top - sub_gap - sub.height;
    let used = match columns(fields, inside.width, space, 0.19 * w) {
        Some((size, columns)) => vertical(sheet, &columns, size, (top, space)),
        None => {
            let area = TextBox {
                lines: 6,
                leading: 1.35,
                tracking: 0.02,
                ..sheet.text_box(inside.width, space, small, 0.2 * w)
            };
            let main = text::fit_phrases(&fields.main, &area, &types.main).ok_or_else(|| too_long(fields))?;
            let start = top + (space - main.height) * 0.45;
            for (i, line) in main.lines.iter().enumerate() {
                let y = start + main.size * (ASCENT + 1.35 * i as f64);
                sheet.line("main", line, (middle, y), main.size, "middle", 0.02 * main.size);
            }
            start + main.height
        }
    };
    if !sub.lines.is_empty() {
        sheet.bar("rule", middle - 0.06 * w, used + sub_gap * 0.45, 0.12 * w, 0.0025 * h);
        sheet.block("sub", &sub, middle, used + sub_gap, 1.5, "middle");
    }
    Ok(())
}

/// Short slogans of Han characters alone are set in columns, right to left, as couplets have always been: the size and
/// the columns, or `None` when they don't suit.
fn columns(fields: &Fields, width: f64, height: f64, largest: f64) -> Option<(f64, Vec<String>)> {
    let columns: Vec<String> =
        fields.main.iter().flat_map(|line| line.split_whitespace()).map(str::to_string).collect();
    let longest = columns.iter().map(|column| column.chars().count()).max()?;
    let plain = columns.iter().all(|column| column.chars().all(text::is_han));
    if !plain || longest > 8 || columns.len() > 4 || longest < 2 || (longest == 2 && columns.len() > 2) {
        return None;
    }
    let by_height = height / (longest as f64 * COLUMN_STEP - (COLUMN_STEP - 1.0));
    let by_width = width / (columns.len() as f64 * COLUMN_GAP - (COLUMN_GAP - 1.0));
    let size = by_height.min(by_width).min(largest).floor();
    (size >= 0.1 * width).then_some((size, columns))
}

/// Distance of characters in a column, and of columns, as a multiple of the size.
const COLUMN_STEP: f64 = 1.1;
const COLUMN_GAP: f64 = 1.55;

/// Sets the columns and gives the bottom of the longest. Each character is placed by itself: every engine agrees on that.
fn vertical(sheet: &mut Sheet, columns: &[String], size: f64, (top, space): (f64, f64)) -> f64 {
    let longest = columns.iter().map(|column| column.chars().count()).max().unwrap_or(0) as f64;
    let height = size * (longest * COLUMN_STEP - (COLUMN_STEP - 1.0));
    let start = top + (space - height) * 0.45;
    let across = size * COLUMN_GAP * (columns.len() as f64 - 1.0);
    for (i, column) in columns.iter().enumerate() {
        let x = sheet.w / 2.0 + across / 2.0 - size * COLUMN_GAP * i as f64;
        for (j, c) in column.chars().enumerate() {
            let y = start + size * (ASCENT + COLUMN_STEP * j as f64);
            sheet.line("main", c.encode_utf8(&mut [0; 4]), (x, y), size, "middle", 0.0);
        }
    }
    start + height
}

// ---- notices ----

/// Characters of a summary that is shown whole.
const WHOLE_SUMMARY: usize = 320;

fn notice(fields: &Fields, canvas: Canvas, types: &Types) -> Result<Vec<SlideInput>, String> {
    let mut sheet =
        Sheet::new(canvas, if fields.solemn { "slides/notice-solemn.svg" } else { "slides/notice.svg" }, types);
    let inside = sheet.inside();
    let (h, tall) = (sheet.h, sheet.tall());
    let unit = if tall { sheet.w } else { h };
    let small = (0.036 * unit).max(sheet.floor).ceil();

    // Label and office at the top.
    let label = small * 1.15;
    let label_width = label * (fields.label.chars().count() as f64 * 1.15 + 1.0);
    sheet.bar("label", inside.x, inside.y, label_width, label * 1.8);
    let label_y = inside.y + label * (0.4 + ASCENT);
    sheet.line("label", &fields.label, (inside.x + label_width / 2.0, label_y), label, "middle", 0.15 * label);

    // Code at the bottom right, date and office at the bottom left.
    let code = 0.2 * unit;
    let mut foot_right = inside.right();
    if let Some((modules, path)) = super::qr(&fields.link) {
        let (x, y) = (inside.right() - code, inside.bottom() - code);
        sheet.input.qr = Some(Qr { x: tenth(x), y: tenth(y), size: tenth(code), modules, path });
        foot_right = x - 0.05 * unit;
    }
    let foot_width = foot_right - inside.x;
    let mut foot_top = inside.bottom();
    for (role, words) in [("date", &fields.date), ("office", &fields.office)] {
        let area = TextBox { lines: 2, ..sheet.text_box(foot_width, 4.0 * small, small, small) };
        if let Some(fitted) = text::fit(words, &area, &types.small).filter(|_| !words.is_empty()) {
            foot_top -= fitted.height;
            sheet.block(role, &fitted, inside.x, foot_top, 1.3, "start");
            foot_top -= 0.45 * small;
        }
    }
    let body_bottom = foot_top.min(inside.bottom() - code) - 0.6 * small;

    // Title, rule, summary between them.
    let top = inside.y + label * 1.8 + 0.045 * unit;
    let (title_lines, summary_lines) = if tall { (6, 7) } else { (3, 4) };
    let space = body_bottom - top;
    let title_box = TextBox {
        lines: title_lines,
        leading: 1.32,
        ..sheet.text_box(inside.width, space * 0.62, 0.045 * unit, if tall { 0.105 * unit } else { 0.112 * unit })
    };
    let title = text::fit(&fields.title, &title_box, &types.title).ok_or_else(|| fields.title.clone())?;
    let rule_y = top + title.height + 0.038 * unit;
    let summary_top = rule_y + 0.042 * unit;
    sheet.block("title", &title, inside.x, top, 1.32, "start");
    sheet.bar("rule", inside.x, rule_y, inside.width, (0.002 * unit).max(1.0));

    // The summary beside the code may not run into it.
    let summary_box = TextBox {
        lines: summary_lines,
        leading: 1.55,
        ..sheet.text_box(
            inside.width,
            body_bottom - summary_top,
            small * 1.05,
            if tall { 0.07 * unit } else { 0.056 * unit },
        )
    };
    let alt = |summary: &str| [fields.title.as_str(), summary].join("。");
    if fields.summary.is_empty() {
        return Ok(vec![sheet.finish(&fields.title)]);
    }
    if let Some(summary) = text::fit(&fields.summary, &summary_box, &types.small) {
        let mut page = sheet.clone();
        page.block("summary", &summary, inside.x, summary_top, 1.55, "start");
        return Ok(vec![page.finish(&alt(&fields.summary))]);
    }
    // A summary that the author shortened for the screen, or that is one, is shown whole, on as many pages as it takes;
    // more than that is cut to the pages that people will wait for.
    let pages = text::paginate(&fields.summary, summary_box.smallest.ceil(), &summary_box, &types.small);
    let whole = fields.shortened || fields.summary.chars().count() <= WHOLE_SUMMARY;
    let most = if whole { usize::MAX } else { 3 };
    let count = pages.len().min(most);
    let mut slides = Vec::new();
    for (i, mut summary) in pages.into_iter().take(most).enumerate() {
        let mut page = sheet.clone();
        let words = summary.lines.concat();
        if i + 1 == most
            && let Some(last) = summary.lines.last_mut()
        {
            last.pop();
            last.push('…');
        }
        page.block("summary", &summary, inside.x, summary_top, 1.55, "start");
        let number = format!("{}/{count}", i + 1);
        page.line("page", &number, (inside.right(), label_y), small, "end", 0.0);
        slides.push(page.finish(&alt(&words)));
    }
    Ok(slides)
}

// ---- reports ----

fn report(fields: &Fields, canvas: Canvas, types: &Types) -> Result<SlideInput, String> {
    let template = if fields.photo.is_some() { "slides/report.svg" } else { "slides/report-plain.svg" };
    let mut sheet = Sheet::new(canvas, template, types);
    let (w, h, tall) = (sheet.w, sheet.h, sheet.tall());
    let inside = sheet.inside();
    let unit = if tall { w } else { h };
    let small = (0.036 * unit).max(sheet.floor).ceil();
    let panel = match (&fields.photo, tall) {
        (Some(asset), true) => {
            let height = 0.42 * h;
            sheet.input.photo = Some(Photo { asset: asset.clone(), x: 0.0, y: 0.0, width: w, height: tenth(height) });
            let top = height + 0.025 * h;
            Area { x: inside.x, y: top, width: inside.width, height: inside.bottom() - top }
        }
        (Some(asset), false) => {
            let width = 0.62 * w;
            sheet.input.photo = Some(Photo { asset: asset.clone(), x: 0.0, y: 0.0, width: tenth(width), height: h });
            let left = width + 0.035 * w;
            Area { x: left, y: inside.y, width: 0.95 * w - left, height: inside.height }
        }
        (None, _) => inside,
    };
    sheet.line("label", &fields.label, (panel.x, panel.y + ASCENT * small), small, "start", 0.12 * small);
    sheet.bar("accent", panel.x, panel.y + 1.5 * small, 1.6 * small, 0.12 * small);

    // Date and place at the bottom.
    let mut foot_top = panel.bottom();
    // On a portrait screen the picture has taken the room of the place.
    let foot = [&fields.place, &fields.date];
    let foot = &foot[usize::from(tall)..];
    for words in foot.iter().rev().filter(|words| !words.is_empty()) {
        let area = TextBox { lines: 2, ..sheet.text_box(panel.width, 3.0 * small, small, small) };
        if let Some(fitted) = text::fit(words, &area, &types.small) {
            foot_top -= fitted.height;
            sheet.block("date", &fitted, panel.x, foot_top, 1.3, "start");
            foot_top -= 0.4 * small;
        }
    }

    // One figure beside a photo, up to three without one.
    let shown = if fields.photo.is_some() { 1 } else { 3 };
    let figures = &fields.figures[..fields.figures.len().min(shown)];
    let number = if tall { 0.16 * unit } else { 0.15 * unit };
    // Beside each other, on a portrait screen below each other.
    let (rows, columns) = if tall { (figures.len(), 1) } else { (figures.len().min(1), figures.len().max(1)) };
    let row = number + 1.6 * small;
    let air = 0.9 * small;
    let figures_top =
        foot_top - if tall { 0.02 } else { 0.05 } * unit - row * rows as f64 - air * rows.saturating_sub(1) as f64;
    let column = panel.width / columns as f64;
    for (i, (name, value, unit_name)) in figures.iter().enumerate() {
        let x = panel.x + column * (i % columns) as f64;
        let top = figures_top + (row + air) * (i / columns) as f64;
        let wanted = text::width(value, &types.title) * number
            + text::width(unit_name, &types.small) * small * 1.2
            + 0.4 * small;
        let size = (number * (column * 0.86 / wanted).min(1.0)).floor();
        let baseline = top + ASCENT * number;
        sheet.line("figure", value, (x, baseline), size, "start", 0.0);
        let after = x + text::width(value, &types.title) * size + 0.35 * small;
        sheet.line("unit", unit_name, (after, baseline), (small * 1.2).floor(), "start", 0.0);
        sheet.line("caption", name, (x, baseline + 1.6 * small), small, "start", 0.0);
    }

    let top = panel.y + if tall { 2.2 } else { 3.0 } * small;
    let space = figures_top - 0.045 * unit - top;
    let lines = if fields.photo.is_some() && !tall { 6 } else { 4 };
    let largest = match (fields.photo.is_some(), tall) {
        (true, false) => 0.085,
        (true, true) => 0.1,
        (false, _) => 0.115,
    } * unit;
    let area = TextBox { lines, leading: 1.35, ..sheet.text_box(panel.width, space, 0.04 * unit, largest) };
    let title = text::fit(&fields.title, &area, &types.title).ok_or_else(|| fields.title.clone())?;
    sheet.block("title", &title, panel.x, top, 1.35, "start");
    let said: Vec<String> = figures.iter().map(|(name, value, unit)| format!("{name}{value}{unit}")).collect();
    let alt = [fields.title.clone(), said.join("，")].join("。");
    Ok(sheet.finish(alt.trim_end_matches('。')))
}

// ---- strips ----

/// Strips so low that outlines would blur have the bitmap face.
fn is_bitmap(canvas: Canvas) -> bool {
    canvas.shape == Shape::Strip && canvas.height < 24
}

/// The size of text on a strip: one line, crisp, a little air above and below.
fn strip_size(canvas: Canvas) -> f64 {
    match is_bitmap(canvas) {
        true => f64::from(bitmap::SIZE),
        false => (f64::from(canvas.height) * 0.8).floor(),
    }
}

/// One line a slide: the phrases of a slogan together if they fit, else one after the other; other texts in pieces.
fn strip(fields: &Fields, canvas: Canvas, types: &Types) -> Result<Vec<SlideInput>, String> {
    let sheet = Sheet::new(canvas, "slides/strip.svg", types);
    let metrics = types.on_strip(canvas);
    let width = sheet.w - 4.0;
    let largest = strip_size(canvas);
    // A strip of 64 pixels hangs further away than one of 16: rather another slide than text that leaves most of it empty.
    let least = if sheet.h <= 128.0 { 0.45 } else { 0.3 };
    let smallest = sheet.floor.max((least * sheet.h).ceil()).min(largest);
    let area = TextBox { width, height: sheet.h, lines: 1, smallest, largest, leading: 1.0, tracking: 0.0 };
    let fits = |text: &str| text::fit_phrases(&[text.to_string()], &area, metrics).filter(|f| f.lines.len() == 1);
    let phrases: Vec<String> = match fields.kind {
        Some(Kind::Slogan) => fields.main.clone(),
        _ if fields.shortened && fields.kind == Some(Kind::Notice) => sentences(&fields.summary),
        _ => sentences(&fields.title),
    };
    let joined = phrases.join(" ");
    let legible = (smallest * 1.25).min(largest);
    let lines: Vec<Fitted> = match fits(&joined).filter(|fitted| fitted.size >= legible) {
        Some(fitted) => vec![fitted],
        None => {
            let pieces = |phrase: &String| match fits(phrase) {
                Some(fitted) => vec![fitted],
                None => text::paginate(phrase, smallest, &area, metrics),
            };
            phrases.iter().flat_map(pieces).collect()
        }
    };
    if lines.len() > 12 {
        return Err(joined);
    }
    // Slides of one item that follow each other have one size, so that the text does not jump.
    let size = lines.iter().map(|line| line.size).fold(f64::INFINITY, f64::min);
    let slide = |fitted: Fitted| {
        let mut page = sheet.clone();
        let words = fitted.lines.concat();
        let y = (sheet.h - size) / 2.0 + ASCENT * size;
        page.line("main", &words, (sheet.w / 2.0, y.round()), size, "middle", 0.0);
        page.finish(&words)
    };
    Ok(lines.into_iter().map(slide).collect())
}

/// A text in pieces that end at its punctuation; commas and full stops themselves are not needed on a strip.
fn sentences(text: &str) -> Vec<String> {
    let pieces = text.split(['，', '。', '；', '！', '？', ';', '\n']).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).map(str::to_string).collect()
}

// ---- slates ----

/// A slide with one text in the middle and perhaps a second below it.
pub(super) fn slate(template: &str, title: &str, below: Option<&str>, canvas: Canvas, types: &Types) -> SlideInput {
    let strip = canvas.shape == Shape::Strip;
    let metrics = if strip { types.on_strip(canvas) } else { &types.main };
    let mut sheet = Sheet::new(canvas, if strip { "slides/strip.svg" } else { template }, types);
    let inside = sheet.inside();
    let title = if title.is_empty() { "civicast" } else { title };
    let largest = if strip { strip_size(canvas) } else { 0.09 * sheet.w.min(sheet.h) };
    let area = TextBox {
        lines: if strip { 1 } else { 3 },
        tracking: if strip { 0.0 } else { 0.08 },
        ..sheet.text_box(inside.width, 0.4 * sheet.h, 0.0, largest)
    };
    let area = if strip { TextBox { height: sheet.h, ..area } } else { area };
    let smallest = area.smallest.min(area.largest);
    let area = TextBox { smallest, ..area };
    let fitted = text::fit(title, &area, metrics)
        .or_else(|| text::paginate(title, smallest, &area, metrics).into_iter().next())
        .unwrap_or(Fitted { size: smallest, lines: Vec::new(), width: 0.0, height: 0.0 });
    let top = (sheet.h - fitted.height) / 2.0;
    for (i, line) in fitted.lines.iter().enumerate() {
        let y = top + fitted.size * (ASCENT + 1.3 * i as f64);
        sheet.line("main", line, (sheet.w / 2.0, y), fitted.size, "middle", area.tracking * fitted.size);
    }
    if let Some(below) = below.filter(|_| !strip) {
        let small = sheet.floor;
        let area = TextBox { lines: 2, ..sheet.text_box(inside.width, 4.0 * small, small, small) };
        if let Some(fitted) = text::fit(below, &area, &types.small) {
            sheet.block("attribution", &fitted, sheet.w / 2.0, inside.bottom() - fitted.height, 1.3, "middle");
        }
    }
    if template.ends_with("solemn.svg") && !strip {
        let size = 0.2 * sheet.w.min(sheet.h);
        sheet.motif("candle", (sheet.w - size) / 2.0, 0.12 * sheet.h, size);
    }
    sheet.finish(title)
}
