//! Outlines of glyphs as SVG path data, in units of their font with y downwards, each drawn once.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::prelude::*;

use super::{Face, Faces, location};

/// By face and character; nothing for a glyph that could not be drawn.
type Glyphs = BTreeMap<(usize, char), Option<Arc<Glyph>>>;

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

    /// The outline of a character in the face of this number; `None` when its file can't be read any more.
    pub(super) fn glyph(&self, face: usize, c: char) -> Option<Arc<Glyph>> {
        let known = self.glyphs.read().ok().and_then(|glyphs| glyphs.get(&(face, c)).cloned());
        if let Some(known) = known {
            return known;
        }
        let drawn = self.faces.faces.get(face).and_then(|face| draw(face, c, &self.file(&face.path)?)).map(Arc::new);
        if let Ok(mut glyphs) = self.glyphs.write() {
            glyphs.insert((face, c), drawn.clone());
        }
        drawn
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

fn draw(face: &Face, c: char, bytes: &[u8]) -> Option<Glyph> {
    let font = FontRef::from_index(bytes, face.index).ok()?;
    let glyph = font.charmap().map(c)?;
    let location = location(&font, face.weight, face.variable);
    let mut pen = Pen::default();
    let outline = font.outline_glyphs().get(glyph)?;
    outline.draw(DrawSettings::unhinted(Size::unscaled(), &location), &mut pen).ok()?;
    Some(pen.glyph)
}

/// Writes relative commands with whole numbers: half the bytes of absolute ones.
#[derive(Default)]
struct Pen {
    glyph: Glyph,
    started: bool,
    at: (i32, i32),
    contour: (i32, i32),
    command: char,
}

impl Pen {
    fn point(x: f32, y: f32) -> (i32, i32) {
        (x.round() as i32, -y.round() as i32)
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
        let point = Pen::point(x, y);
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
        let point = Pen::point(x, y);
        match (point.0 == self.at.0, point.1 == self.at.1) {
            (true, true) => {}
            (false, true) => self.put('h', &[point]),
            (true, false) => self.put('v', &[point]),
            (false, false) => self.put('l', &[point]),
        }
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('q', &[Pen::point(x1, y1), Pen::point(x, y)]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('c', &[Pen::point(x1, y1), Pen::point(x2, y2), Pen::point(x, y)]);
    }
    fn close(&mut self) {
        self.glyph.rest.push('z');
        (self.at, self.command) = (self.contour, 'z');
    }
}
