//! An SVG with `<text>` → the same picture with the outlines of its text, so that every device shows the same glyphs.
//!
//! Templates write plain `<text>` with `x`, `y`, `font-family`, `font-size`, `font-weight`, `text-anchor` and
//! `letter-spacing`, on the element or on a group around it. A glyph that comes more than once is defined once. What is more
//! than that (`<tspan>`, `dx`, several `x`) stays text and is reported.

use std::collections::BTreeMap;
use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Metrics, Outlines, Style};

/// An SVG without text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlined {
    /// The picture.
    pub svg: String,
    /// Words that stayed text.
    pub kept: Vec<String>,
}

impl Outlines {
    /// Replaces the text of an SVG by outlines whose points lie on a grid of this many pixels.
    pub fn outline(&self, svg: &str, grid: f64) -> Outlined {
        if self.faces().is_empty() || !svg.contains("<text") {
            return Outlined { svg: svg.to_string(), kept: Vec::new() };
        }
        let (pieces, kept) = self.pieces(svg, grid);
        Outlined { svg: self.write(svg, &pieces), kept }
    }

    /// The SVG cut into what stays as it is and lines of text.
    fn pieces(&self, svg: &str, grid: f64) -> (Vec<Piece>, Vec<String>) {
        let mut reader = Reader::from_str(svg);
        let mut pieces = Vec::new();
        let mut kept = Vec::new();
        let mut around = vec![Font::default()];
        let (mut copied, mut before) = (0, 0);
        let mut root = true;
        while let Ok(event) = reader.read_event() {
            let here = reader.buffer_position() as usize;
            match event {
                Event::Eof => break,
                Event::Start(tag) if tag.name().as_ref() == "text" => {
                    let font = around.last().cloned().unwrap_or_default().with(&tag);
                    let Some((inside, end, words)) = words(&mut reader, here, svg) else { break };
                    let line = words.as_deref().and_then(|words| Line::new(self, &tag, font, words, grid));
                    match line {
                        Some(line) => {
                            pieces.push(Piece::Raw(copied, before));
                            pieces.push(Piece::Line(line));
                            copied = end;
                        }
                        None => kept.push(words.unwrap_or_else(|| svg[here..inside].to_string())),
                    }
                }
                Event::Start(tag) => {
                    let font = around.last().cloned().unwrap_or_default().with(&tag);
                    around.push(font);
                    if std::mem::take(&mut root) {
                        pieces.push(Piece::Raw(copied, here));
                        pieces.push(Piece::Definitions);
                        copied = here;
                    }
                }
                Event::End(_) => {
                    around.pop();
                }
                _ => {}
            }
            before = reader.buffer_position() as usize;
        }
        pieces.push(Piece::Raw(copied, svg.len()));
        (pieces, kept)
    }

    fn write(&self, svg: &str, pieces: &[Piece]) -> String {
        let mut count: BTreeMap<Key, usize> = BTreeMap::new();
        let lines = pieces.iter().filter_map(|piece| if let Piece::Line(line) = piece { Some(line) } else { None });
        for placed in lines.flat_map(|line| &line.glyphs) {
            *count.entry(placed.key()).or_default() += 1;
        }
        // A reference takes some thirty bytes: what is shorter is written out each time.
        let is_long = |key: &Key| self.glyph(key.0, key.1, key.2).is_some_and(|glyph| glyph.rest.len() > 60);
        let shared: BTreeMap<Key, usize> =
            count.into_iter().filter(|(key, n)| *n > 1 && is_long(key)).map(|(key, _)| key).zip(0..).collect();
        let mut out = String::with_capacity(svg.len() * 4);
        for piece in pieces {
            match piece {
                Piece::Raw(from, until) => out.push_str(&svg[*from..*until]),
                Piece::Definitions => self.define(&mut out, &shared),
                Piece::Line(line) => self.line(&mut out, line, &shared),
            }
        }
        out
    }

    fn define(&self, out: &mut String, shared: &BTreeMap<Key, usize>) {
        if shared.is_empty() {
            return;
        }
        out.push_str("<defs xmlns:xlink=\"http://www.w3.org/1999/xlink\">");
        for (key, number) in shared {
            if let Some(glyph) = self.glyph(key.0, key.1, key.2) {
                let _ =
                    write!(out, "<path id=\"_{number}\" d=\"M{} {}{}\"/>", glyph.start.0, glyph.start.1, glyph.rest);
            }
        }
        out.push_str("</defs>");
    }

    fn line(&self, out: &mut String, line: &Line, shared: &BTreeMap<Key, usize>) {
        // Glyphs of one face share a scale; a line changes it only where a character comes from another face.
        for run in line.glyphs.chunk_by(|a, b| a.face == b.face) {
            let scale = line.size / f64::from(run[0].em);
            let (mut path, mut uses) = (String::new(), String::new());
            for placed in run {
                let glyph = self.glyph(placed.face, placed.c, placed.em).filter(|glyph| !glyph.rest.is_empty());
                let Some(glyph) = glyph else { continue };
                let x = (placed.x / scale).round() as i32;
                match shared.get(&placed.key()) {
                    Some(number) if x == 0 => {
                        let _ = write!(uses, "<use xlink:href=\"#_{number}\"/>");
                    }
                    Some(number) => {
                        let _ = write!(uses, "<use xlink:href=\"#_{number}\" x=\"{x}\"/>");
                    }
                    None => {
                        let _ = write!(path, "M{} {}{}", x + glyph.start.0, glyph.start.1, glyph.rest);
                    }
                }
            }
            let place = format!(
                " transform=\"{}translate({} {}) scale({})\"",
                line.transform,
                decimal(line.x, 2),
                decimal(line.y, 2),
                decimal(scale, 6)
            );
            match (path.is_empty(), uses.is_empty()) {
                (true, true) => {}
                (false, true) => {
                    let _ = write!(out, "<path{place}{} d=\"{path}\"/>", line.attributes);
                }
                (no_path, _) => {
                    let path = if no_path { String::new() } else { format!("<path d=\"{path}\"/>") };
                    let name = " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
                    let _ = write!(out, "<g{name}{place}{}>{path}{uses}</g>", line.attributes);
                }
            }
        }
        for (x, c) in &line.missing {
            let (x, y) = (decimal(line.x + x, 2), decimal(line.y, 2));
            let place =
                if line.transform.is_empty() { String::new() } else { format!(" transform=\"{}\"", line.transform) };
            let c = quick_xml::escape::escape(c.encode_utf8(&mut [0; 4]) as &str).into_owned();
            let _ = write!(
                out,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"{place}{}>{c}</text>",
                line.size, line.attributes
            );
        }
    }
}

enum Piece {
    Raw(usize, usize),
    /// Where glyphs that come more than once are defined.
    Definitions,
    Line(Line),
}

/// What text inherits.
#[derive(Clone, Debug)]
struct Font {
    families: String,
    size: Option<f64>,
    weight: u16,
    anchor: f64,
    spacing: f64,
}

impl Default for Font {
    fn default() -> Font {
        Font { families: "sans-serif".into(), size: None, weight: 400, anchor: 0.0, spacing: 0.0 }
    }
}

impl Font {
    fn with(mut self, tag: &BytesStart) -> Font {
        for (name, value) in attributes(tag) {
            match name.as_str() {
                "font-family" => self.families = value,
                "font-size" => self.size = length(&value),
                "font-weight" => {
                    self.weight = match value.as_str() {
                        "normal" => 400,
                        "bold" => 700,
                        other => other.parse().unwrap_or(400),
                    }
                }
                "text-anchor" => {
                    self.anchor = match value.as_str() {
                        "middle" => 0.5,
                        "end" => 1.0,
                        _ => 0.0,
                    }
                }
                "letter-spacing" => self.spacing = length(&value).unwrap_or(0.0),
                _ => {}
            }
        }
        self
    }
}

/// Of a glyph: its face, its character, and in how many parts of an em it is drawn.
type Key = (usize, char, u16);

/// A character, the face it is drawn in, and its distance from the start of the line.
struct Placed {
    face: usize,
    c: char,
    em: u16,
    x: f64,
}

impl Placed {
    fn key(&self) -> Key {
        (self.face, self.c, self.em)
    }
}

struct Line {
    x: f64,
    y: f64,
    size: f64,
    glyphs: Vec<Placed>,
    missing: Vec<(f64, char)>,
    transform: String,
    /// Everything that is not about type: colour, opacity, class.
    attributes: String,
}

impl Line {
    fn new(outlines: &Outlines, tag: &BytesStart, font: Font, words: &str, grid: f64) -> Option<Line> {
        let mut line = Line {
            x: 0.0,
            y: 0.0,
            size: font.size.filter(|size| *size > 0.0)?,
            glyphs: Vec::new(),
            missing: Vec::new(),
            transform: String::new(),
            attributes: String::new(),
        };
        for (name, value) in attributes(tag) {
            match name.as_str() {
                "x" => line.x = length(&value)?,
                "y" => line.y = length(&value)?,
                "transform" => line.transform = format!("{value} "),
                "dx" | "dy" | "rotate" | "textLength" | "writing-mode" | "style" | "dominant-baseline" => return None,
                "font-family" | "font-size" | "font-weight" | "text-anchor" | "letter-spacing" | "xml:space" => {}
                _ => {
                    let value = quick_xml::escape::escape(value.as_str()).into_owned();
                    let _ = write!(line.attributes, " {name}=\"{value}\"");
                }
            }
        }
        let families: Vec<&str> = font.families.split(',').map(|name| name.trim().trim_matches(['\'', '"'])).collect();
        let style = families.first().map_or(Style::Hei, |family| Style::of(family));
        let chain = outlines.faces().chain(&families, style, font.weight);
        let words: Vec<char> = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
        let mut x = chain.between(None, words.first().copied()) * line.size;
        for (i, &c) in words.iter().enumerate() {
            match chain.face(c) {
                _ if c.is_whitespace() => {}
                Some(face) => line.glyphs.push(Placed { face, c, em: outlines.em(face, line.size, grid), x }),
                None => line.missing.push((x, c)),
            }
            let next = words.get(i + 1).copied();
            x += (chain.advance(c) + chain.between(Some(c), next)) * line.size;
            x += next.map_or(0.0, |_| font.spacing);
        }
        // Browsers count the space after the last character too when they centre; the layout doesn't.
        line.x -= font.anchor * x;
        Some(line)
    }
}

/// Where the inside of an element of text ends, where the element ends, and its words; none when it holds elements.
fn words(reader: &mut Reader<&[u8]>, start: usize, svg: &str) -> Option<(usize, usize, Option<String>)> {
    let (mut depth, mut plain, mut until) = (1, true, start);
    while depth > 0 {
        match reader.read_event().ok()? {
            Event::Start(_) => (depth, plain) = (depth + 1, false),
            Event::End(_) => depth -= 1,
            Event::Eof => return None,
            Event::Text(_) | Event::GeneralRef(_) => {}
            _ => plain = false,
        }
        if depth > 0 {
            until = reader.buffer_position() as usize;
        }
    }
    let words = plain.then(|| quick_xml::escape::unescape(&svg[start..until]).ok()).flatten();
    Some((until, reader.buffer_position() as usize, words.map(|words| words.into_owned())))
}

fn attributes(tag: &BytesStart) -> Vec<(String, String)> {
    let read = |attribute: quick_xml::events::attributes::Attribute| {
        let value = quick_xml::escape::unescape(&attribute.value).ok()?.into_owned();
        Some((attribute.key.as_ref().to_string(), value))
    };
    tag.attributes().filter_map(|attribute| read(attribute.ok()?)).collect()
}

fn length(text: &str) -> Option<f64> {
    text.trim().trim_end_matches("px").parse().ok().filter(|number: &f64| number.is_finite())
}

/// With at most so many digits after the point, and none that say nothing.
fn decimal(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.to_string() }
}
