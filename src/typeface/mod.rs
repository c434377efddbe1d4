//! Fonts as values: how wide characters are, which face has them, their outlines, and the bitmap face of small LED strips.
//!
//! In: bytes of font files that a door has read. Out: a `Face` for each weight, small enough to be kept between runs, with
//! the widths of all its characters; and `Outlines`, which draws with them. Without any face there is a table of widths.
//! It knows nothing of slides, and never opens a file.

use serde::{Deserialize, Serialize};
use skrifa::prelude::*;
use unicode_width::UnicodeWidthChar;

use crate::file::Hash;

pub mod bitmap;
mod outline;
mod spacing;
mod svg;

pub use outline::Outlines;
pub use svg::Outlined;

/// How wide characters are, in em.
pub trait Metrics: Sync {
    /// The advance of this character.
    fn advance(&self, c: char) -> f64;

    /// Space between two characters beside their advances; none is the edge of the line.
    fn between(&self, _before: Option<char>, _after: Option<char>) -> f64 {
        0.0
    }
}

/// Widths without a font: Han 1.0, Latin by a table that is a little generous, so that text never runs out of its box.
#[derive(Clone, Copy, Debug, Default)]
pub struct Table;

impl Metrics for Table {
    fn advance(&self, c: char) -> f64 {
        match c {
            // Quotation marks, dashes and the middle dot have a full em in Chinese fonts.
            '“' | '”' | '‘' | '’' | '…' | '—' | '·' | '℃' | '　' => 1.0,
            ' ' | '!' | '\'' | ',' | '.' | ':' | ';' | '|' | 'i' | 'j' | 'l' => 0.31,
            '(' | ')' | '[' | ']' | '{' | '}' | 'f' | 't' | 'r' | '-' | 'I' | 'J' | '`' | '"' | '/' | '\\' => 0.42,
            'm' | 'M' | 'W' | '%' | '@' => 0.95,
            'w' | 'G' | 'O' | 'Q' | 'N' | 'H' | 'D' | 'U' | '&' => 0.79,
            'A'..='Z' => 0.68,
            'a'..='z' | '0'..='9' => 0.6,
            c if c.is_ascii() => 0.6,
            c => match c.width() {
                Some(0) | None => 0.0,
                Some(1) => 0.75,
                Some(_) => 1.0,
            },
        }
    }
}

/// The two families of Chinese type that slides are set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Style {
    /// 宋体, serif
    Song,
    /// 黑体, sans-serif
    Hei,
}

impl Style {
    /// What a family of this name is, by the words that names of fonts use.
    pub fn of(family: &str) -> Style {
        const SONG: [&str; 11] = ["serif", "song", "sung", "ming", "simsun", "fang", "kai", "宋", "明", "仿", "楷"];
        let name = family.to_lowercase();
        let is_song = !name.contains("sans") && SONG.iter().any(|word| name.contains(word));
        if is_song { Style::Song } else { Style::Hei }
    }
}

/// One weight of one font: what it has, and how wide that is. Small: the outlines stay in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Face {
    /// The file, as the door names it.
    pub path: String,
    /// Number of the font in a collection.
    pub index: u32,
    /// Names of its family.
    pub families: Vec<String>,
    /// Song or Hei.
    pub style: Style,
    /// 400 is regular, 700 bold.
    pub weight: u16,
    /// The weight is a place on the axis of a variable font.
    pub variable: bool,
    /// Units of an em.
    pub units: u16,
    /// Hash of the file's bytes, in hexadecimal.
    pub hash: String,
    /// First character, how many follow each other, and the width of each in units; ascending.
    runs: Vec<(u32, u32, u16)>,
    /// Marks that leave half of their em empty.
    airy: String,
}

/// Weights that slides use; a variable font is cut at these.
const WEIGHTS: [u16; 4] = [400, 500, 700, 900];

impl Face {
    /// The faces of the font at `index` in a file: one, or one for each weight when the font is variable. None when the
    /// bytes are no font that can be drawn.
    pub fn parse(path: &str, index: u32, families: &[String], weight: u16, bytes: &[u8]) -> Vec<Face> {
        let Ok(font) = FontRef::from_index(bytes, index) else { return Vec::new() };
        if font.outline_glyphs().format().is_none() {
            return Vec::new();
        }
        let hash = Hash::of(bytes).to_string();
        let style = families.first().map_or(Style::Hei, |family| Style::of(family));
        let weights: Vec<u16> = match font.axes().get_by_tag(Tag::new(b"wght")) {
            Some(axis) => {
                let range = axis.min_value()..=axis.max_value();
                WEIGHTS.into_iter().filter(|weight| range.contains(&f32::from(*weight))).collect()
            }
            None => Vec::new(),
        };
        let variable = !weights.is_empty();
        let weights = if variable { weights } else { vec![weight] };
        let units = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1);
        let face = |weight: u16| Face {
            path: path.to_string(),
            index,
            families: families.to_vec(),
            style,
            weight,
            variable,
            units,
            hash: hash.clone(),
            runs: runs(&font, weight, variable),
            airy: spacing::airy(&font, weight, variable),
        };
        weights.into_iter().map(face).collect()
    }

    /// The width of a character in units; `None` when the face doesn't have it.
    pub fn advance(&self, c: char) -> Option<u16> {
        let c = u32::from(c);
        let after = self.runs.partition_point(|(first, _, _)| *first <= c);
        let (first, count, width) = *self.runs.get(after.checked_sub(1)?)?;
        (c - first < count).then_some(width)
    }

    /// True when it can set Chinese text.
    pub fn is_chinese(&self) -> bool {
        "的一是通知公告，。“”《》0A".chars().all(|c| self.advance(c).is_some())
    }
}

fn location(font: &FontRef, weight: u16, variable: bool) -> skrifa::instance::Location {
    let settings = variable.then_some(("wght", f32::from(weight)));
    font.axes().location(settings)
}

fn runs(font: &FontRef, weight: u16, variable: bool) -> Vec<(u32, u32, u16)> {
    let location = location(font, weight, variable);
    let widths = font.glyph_metrics(Size::unscaled(), &location);
    let mut mappings: Vec<(u32, GlyphId)> =
        font.charmap().mappings().filter(|(_, glyph)| glyph.to_u32() != 0).collect();
    mappings.sort_unstable();
    let mut runs: Vec<(u32, u32, u16)> = Vec::new();
    for (c, glyph) in mappings {
        let width = widths.advance_width(glyph).unwrap_or(0.0).round().clamp(0.0, f32::from(u16::MAX)) as u16;
        match runs.last_mut() {
            Some((first, count, of_run)) if *first + *count > c => {}
            Some((first, count, of_run)) if *first + *count == c && *of_run == width => *count += 1,
            _ => runs.push((c, 1, width)),
        }
    }
    runs
}

/// All faces that slides may be set in.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Faces {
    /// In the order in which they are asked for a character.
    pub faces: Vec<Face>,
}

impl Faces {
    /// Equal hash, equal measures and outlines.
    pub fn hash(&self) -> Hash {
        let part = |face: &Face| format!("{} {} {} {}", face.hash, face.index, face.weight, face.variable).into_bytes();
        let parts: Vec<Vec<u8>> = self.faces.iter().map(part).collect();
        Hash::of_parts(parts.iter().map(Vec::as_slice))
    }

    /// True when there is nothing to measure and draw with.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The faces in which text of these families, style and weight is set: named families first, then the style, then
    /// everything else, each by the nearest weight.
    pub fn chain(&self, families: &[&str], style: Style, weight: u16) -> Chain<'_> {
        let named = |face: &Face| {
            families.iter().position(|family| face.families.iter().any(|own| own.eq_ignore_ascii_case(family)))
        };
        let mut order: Vec<usize> = (0..self.faces.len()).collect();
        order.sort_by_key(|&at| {
            let face = &self.faces[at];
            // What can't set Chinese is only there for the odd sign, whatever its name.
            let other = !face.is_chinese();
            let near = face.weight.abs_diff(weight);
            (other, named(face).unwrap_or(usize::MAX), face.style != style, near, at)
        });
        Chain { faces: self, order }
    }

    /// Characters of a text that no face has.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let has = |c: char| c.is_whitespace() || c.is_control() || self.faces.iter().any(|f| f.advance(c).is_some());
        text.chars().filter(|c| !has(*c)).collect()
    }
}

/// Faces in the order in which they are asked for a character.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    faces: &'a Faces,
    order: Vec<usize>,
}

impl Chain<'_> {
    /// The number of the first face that has this character.
    fn face(&self, c: char) -> Option<usize> {
        self.order.iter().copied().find(|&at| self.faces.faces[at].advance(c).is_some())
    }
}

impl Metrics for Chain<'_> {
    fn advance(&self, c: char) -> f64 {
        let found = self.order.iter().find_map(|&at| {
            let face = &self.faces.faces[at];
            Some(f64::from(face.advance(c)?) / f64::from(face.units))
        });
        found.unwrap_or_else(|| Table.advance(c))
    }

    fn between(&self, before: Option<char>, after: Option<char>) -> f64 {
        spacing::between(self, before, after)
    }
}

#[cfg(test)]
pub(crate) mod tests;
