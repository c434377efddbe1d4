//! The bitmap face of LED strips that are less than 24 pixels high: 16 pixels an em, every pixel on or off.

use super::Metrics;

/// Height of a line in pixels.
pub const SIZE: u32 = 16;

/// Widths of the bitmap face.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bitmap;

impl Metrics for Bitmap {
    fn advance(&self, c: char) -> f64 {
        glyph(c).map_or(1.0, |glyph| glyph.get_width() as f64 / f64::from(SIZE))
    }
}

fn glyph(c: char) -> Option<&'static unifont::Glyph> {
    unifont::get_glyph(if c == '\u{a0}' { ' ' } else { c })
}

/// Characters that the face doesn't have.
pub fn missing(text: &str) -> Vec<char> {
    text.chars().filter(|c| !c.is_control() && glyph(*c).is_none()).collect()
}

/// A line as SVG path data whose left upper corner is at (`x`, `y`): a rectangle for each run of lit pixels in a row. A
/// character that the face doesn't have is a hollow square.
pub fn path(text: &str, x: u32, y: u32) -> String {
    let mut path = String::new();
    let mut left = x as usize;
    for c in text.chars() {
        let Some(glyph) = glyph(c) else {
            path.push_str(&format!("M{} {}h14v14h-14zm1 1v12h12v-12z", left + 1, y + 1));
            left += 16;
            continue;
        };
        for row in 0..SIZE as usize {
            let mut column = 0;
            while column < glyph.get_width() {
                let run = (column..glyph.get_width()).take_while(|&column| glyph.get_pixel(column, row)).count();
                if run > 0 {
                    path.push_str(&format!("M{} {}h{run}v1h-{run}z", left + column, y as usize + row));
                }
                column += run.max(1);
            }
        }
        left += glyph.get_width();
    }
    path
}
