//! The space between two characters beside their widths, as Chinese typesetters have it: half of the em is taken from marks
//! that stand beside other marks or at the edge of a line (标点挤压), and a little is given between Han and Latin.

use skrifa::prelude::*;

use super::{Chain, Face, location};

/// Marks whose ink is at the left of their em.
const CLOSING: &str = "，。、；：）》」』】〕〉”’";
/// Marks whose ink is at the right of their em.
const OPENING: &str = "（《「『【〔〈“‘";
/// What belongs to the number before it: 2400株, 7月22日.
const AFTER_NUMBERS: &str = "年月日时分秒点元角个人次位名株棵亩平顷里米升吨克斤千百万亿度项条处只件张份台辆套间层栋楼号户家场期批组班天周岁倍成字公至";
/// What belongs to the number behind it: 第3期, 7月22日.
const BEFORE_NUMBERS: &str = "第年月日时分至";

/// What is taken from a mark.
const HALF: f64 = 0.5;
/// What is given between Han and Latin.
const BREATH: f64 = 0.125;

/// The air of the marks of a font: where a mark leaves half of its em empty. Fonts for Taiwan and Hong Kong put the ink of
/// 。 and ， in the middle; nothing can be taken there.
pub(super) fn airy(font: &FontRef, weight: u16, variable: bool) -> String {
    let location = location(font, weight, variable);
    let metrics = font.glyph_metrics(Size::unscaled(), &location);
    let em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1));
    let has_air = |c: &char| {
        let Some(glyph) = font.charmap().map(*c) else { return false };
        let (Some(wide), Some(ink)) = (metrics.advance_width(glyph), metrics.bounds(glyph)) else { return false };
        let air = if OPENING.contains(*c) { ink.x_min } else { wide - ink.x_max };
        wide > 0.95 * em && air > 0.45 * em
    };
    OPENING.chars().chain(CLOSING.chars()).filter(has_air).collect()
}

/// Between these two characters in em; none is the edge of the line.
pub(super) fn between(chain: &Chain, before: Option<char>, after: Option<char>) -> f64 {
    // Nearly all neighbours are two Han characters.
    if before.is_none_or(is_han) && after.is_none_or(is_han) {
        return 0.0;
    }
    let airy = |c: char| chain.face(c).is_some_and(|face| chain.faces.faces[face].is_airy(c));
    let (closes, opens) = (|c: char| CLOSING.contains(c), |c: char| OPENING.contains(c));
    match (before, after) {
        (None, Some(c)) if opens(c) && airy(c) => -HALF,
        (Some(c), None) if closes(c) && airy(c) => -HALF,
        (Some(a), Some(b)) if closes(a) && (closes(b) || opens(b)) && airy(a) => -HALF,
        (Some(a), Some(b)) if opens(a) && opens(b) && airy(b) => -HALF,
        // Text that no face draws is not set by us.
        (Some(a), Some(b)) if is_foreign(a, b) && chain.face(a).is_some() && chain.face(b).is_some() => BREATH,
        _ => 0.0,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// True for a Han character and a Latin one that don't belong together.
fn is_foreign(a: char, b: char) -> bool {
    let latin = |c: char| c.is_alphanumeric() && !is_han(c) && c < '\u{2e80}';
    match (is_han(a), is_han(b)) {
        (true, false) => latin(b) && !(b.is_ascii_digit() && BEFORE_NUMBERS.contains(a)),
        (false, true) => latin(a) && !(a.is_ascii_digit() && AFTER_NUMBERS.contains(b)),
        _ => false,
    }
}

impl Face {
    /// True when this mark leaves half of its em empty.
    pub(super) fn is_airy(&self, c: char) -> bool {
        self.airy.contains(c)
    }
}
