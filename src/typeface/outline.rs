//! Outlines of glyphs as SVG path data with y downwards, in whole parts of an em: as many as the size asks for, at most those
//! of the font. Each is drawn once for each number of parts.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::prelude::*;

use super::{Face, Faces, location};

/// By face, character and parts of an em; nothing for a glyph that could not be drawn.
type Glyphs = BTreeMap<(usize, char, u16), Option<Arc<Glyph>>>;

/// Gives the bytes of a font file.
type Load = dyn Fn(&str) -> Option<Arc<[u8]>> + Send + Sync;

/// Draws with the faces of a site. Files are asked for when a glyph of theirs is first drawn; both are kept.
pub struct Outlines {
    faces: Arc<Faces>,
    load: Box<Load>,
    files: RwLock<BTreeMap<String, Option<Arc<[u8]>>>>,
    glyphs: RwLock<Glyphs>,
}

/// Path data of a glyph: where it begins, and everything after that relative to it. Both empty for a blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) start: (i32, i32),
    pub(super) rest: String,
}

impl Outlines {
    /// With these faces, whose files `load` reads.
    pub fn new(faces: Arc<Faces>, load: Box<Load>) -> Outlines {
        Outlines { faces, load, files: RwLock::default(), glyphs: RwLock::default() }
    }

    /// The faces that are drawn with.
    pub fn faces(&self) -> &Arc<Faces> {
        &self.faces
    }

    /// The outline of a character in the face of this number, in so many parts of an em; `None` when its file can't be read
    /// any more.
    pub(super) fn glyph(&self, face: usize, c: char, em: u16) -> Option<Arc<Glyph>> {
        let known = self.glyphs.read().ok().and_then(|glyphs| glyphs.get(&(face, c, em)).cloned());
        if let Some(known) = known {
            return known;
        }
        let of_face = |face: &Face| draw(face, c, em, &self.file(&face.path)?);
        let drawn = self.faces.faces.get(face).and_then(of_face).map(Arc::new);
        if let Ok(mut glyphs) = self.glyphs.write() {
            glyphs.insert((face, c, em), drawn.clone());
        }
        drawn
    }

    /// Parts of an em that a face is drawn in at this size, for a grid of so many pixels.
    pub(super) fn em(&self, face: usize, size: f64, grid: f64) -> u16 {
        let units = self.faces.faces.get(face).map_or(1000, |face| face.units);
        // The thinnest strokes of Song faces are a thirtieth of an em: with fewer parts they would vanish. A multiple of
        // eight, so that texts of nearly the same size share their outlines.
        let parts = ((size / grid / 8.0).ceil() * 8.0).clamp(32.0, f64::from(units.max(32)));
        parts as u16
    }

    fn file(&self, path: &str) -> Option<Arc<[u8]>> {
        if let Some(known) = self.files.read().ok().and_then(|files| files.get(path).cloned()) {
            return known;
        }
        // One thread reads, the others wait for it: a file is tens of megabytes.
        let mut files = self.files.write().ok()?;
        files.entry(path.to_string()).or_insert_with(|| (self.load)(path)).clone()
    }
}

impl Default for Outlines {
    fn default() -> Outlines {
        Outlines::new(Arc::default(), Box::new(|_| None))
    }
}

impl std::fmt::Debug for Outlines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlines").field("faces", &self.faces.faces.len()).finish_non_exhaustive()
    }
}

fn draw(face: &Face, c: char, em: u16, bytes: &[u8]) -> Option<Glyph> {
    let font = FontRef::from_index(bytes, face.index).ok()?;
    let glyph = font.charmap().map(c)?;
    let location = location(&font, face.weight, face.variable);
    let mut pen = Pen { scale: f32::from(em) / f32::from(face.units.max(1)), ..Pen::default() };
    let outline = font.outline_glyphs().get(glyph)?;
    outline.draw(DrawSettings::unhinted(Size::unscaled(), &location), &mut pen).ok()?;
    Some(pen.glyph)
}

/// How far off its chord, in parts of an em, a curve may run and still be written as that chord.
const SLACK: f64 = 0.75;

/// Writes relative commands with whole numbers: half the bytes of absolute ones.
#[derive(Default)]
struct Pen {
    /// Parts of the em for each unit of the font.
    scale: f32,
    glyph: Glyph,
    started: bool,
    at: (i32, i32),
    contour: (i32, i32),
    command: char,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> (i32, i32) {
        ((x * self.scale).round() as i32, -(y * self.scale).round() as i32)
    }

    /// A curve whose control points lie as good as on the straight line between its ends is that line.
    fn is_straight(&self, controls: &[(i32, i32)], end: (i32, i32)) -> bool {
        let (dx, dy) = (f64::from(end.0 - self.at.0), f64::from(end.1 - self.at.1));
        let length = dx.hypot(dy);
        controls.iter().all(|control| {
            let (x, y) = (f64::from(control.0 - self.at.0), f64::from(control.1 - self.at.1));
            let along = if length > 0.0 { (x * dx + y * dy) / length } else { x.hypot(y) };
            (-SLACK..=length + SLACK).contains(&along) && (x * dy - y * dx).abs() <= SLACK * length
        })
    }

    fn straight(&mut self, point: (i32, i32)) {
        match (point.0 == self.at.0, point.1 == self.at.1) {
            (true, true) => {}
            (false, true) => self.put('h', &[point]),
            (true, false) => self.put('v', &[point]),
            (false, false) => self.put('l', &[point]),
        }
    }

    fn put(&mut self, command: char, points: &[(i32, i32)]) {
        let rest = &mut self.glyph.rest;
        let again = self.command == command;
        if !again {
            rest.push(command);
            self.command = command;
        }
        let mut first = !again;
        for point in points {
            for (number, axis) in [(point.0 - self.at.0, 'x'), (point.1 - self.at.1, 'y')] {
                if (command == 'h' && axis == 'y') || (command == 'v' && axis == 'x') {
                    continue;
                }
                if !first && number >= 0 {
                    rest.push(' ');
                }
                rest.push_str(&number.to_string());
                first = false;
            }
        }
        if let Some(last) = points.last() {
            self.at = *last;
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let point = self.point(x, y);
        if self.started {
            // Each move writes its letter; what follows it without one is a relative line.
            self.command = ' ';
            self.put('m', &[point]);
            self.command = 'l';
        } else {
            // Behind the absolute move that stands before it, a line without its letter would be absolute too.
            self.started = true;
            self.glyph.start = point;
            self.command = ' ';
        }
        (self.at, self.contour) = (point, point);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let point = self.point(x, y);
        self.straight(point);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (control, point) = (self.point(x1, y1), self.point(x, y));
        match self.is_straight(&[control], point) {
            true => self.straight(point),
            false => self.put('q', &[control, point]),
        }
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, point) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        match self.is_straight(&[first, second], point) {
            true => self.straight(point),
            false => self.put('c', &[first, second, point]),
        }
    }
    fn close(&mut self) {
        self.glyph.rest.push('z');
        (self.at, self.command) = (self.contour, 'z');
    }
}
