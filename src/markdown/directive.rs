//! Directives: their names, and the fences that open and close them. A line goes in, what it means comes out; how the
//! content is rendered is the theme's affair.

use crate::problem::{Place, Problem};

/// The directives, each with its Chinese names.
const NAMES: &[(&str, &[&str])] =
    &[("notice", &["提示", "注意"]), ("figure", &["图"]), ("gallery", &["图集"]), ("steps", &["步骤"])];

/// What a fence line says.
pub(super) enum Line<'a> {
    /// `:::name title`
    Open {
        /// How many colons.
        colons: usize,
        /// As written.
        name: &'a str,
        /// The rest of the line.
        title: &'a str,
    },
    /// `:::`
    Close {
        /// How many colons.
        colons: usize,
    },
}

/// A directive that is open.
pub(super) struct Fence {
    /// How many colons opened it.
    pub(super) colons: usize,
    /// `None` when it is unknown: its content stands as if it were not there.
    pub(super) name: Option<&'static str>,
    /// Its title.
    pub(super) title: String,
    /// Its content may be quoted in summaries.
    pub(super) quoted: bool,
    /// Where it was opened.
    pub(super) place: Place,
    /// How many blocks of Markdown were open around it.
    pub(super) base: usize,
}

/// Reads a fence line; full-width colons count as colons.
pub(super) fn read(line: &str) -> Line<'_> {
    let rest = line.trim_start_matches([':', '：']);
    let colons = line[..line.len() - rest.len()].chars().count();
    let rest = rest.trim();
    if rest.is_empty() {
        return Line::Close { colons };
    }
    let (name, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Line::Open { colons, name, title: title.trim() }
}

/// The English name of a directive, by that or by a Chinese one.
pub(super) fn known(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, others)| known.eq_ignore_ascii_case(name) || others.contains(&name)).map(|row| row.0)
}

/// The title to show: `:::注意` without one says 注意.
pub(super) fn title<'a>(name: &'a str, title: &'a str) -> &'a str {
    if title.is_empty() && matches!(name, "提示" | "注意") { name } else { title }
}

/// The problem of a name that nobody knows.
pub(super) fn unknown(name: &str, place: Place) -> Problem {
    let known: Vec<&str> =
        NAMES.iter().flat_map(|(name, others)| [*name].into_iter().chain(others.iter().copied())).collect();
    let shown: String = name.chars().take(40).collect();
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, &shown.to_lowercase()), *known))
        .filter(|(distance, known)| {
            *distance <= known.chars().count().div_ceil(2).min(3) && *distance < known.chars().count()
        })
        .min();
    let mut problem = Problem::new("unknown-directive").with("name", &shown).with("known", known.join("、"));
    if let Some((_, nearest)) = nearest {
        problem = problem.with("nearest", nearest).fix(place.text.replacen(&shown, nearest, 1));
    }
    problem.at(place)
}

/// Which of the open directives a closing fence with so many colons ends: the innermost with as many, else simply the
/// innermost. Only those that were opened in the same block (`depth`) can be meant.
pub(super) fn closes(open: &[Fence], colons: usize, depth: usize) -> Option<usize> {
    let here = open.iter().rev().take(100).take_while(|fence| fence.base == depth);
    let same = here.clone().position(|fence| fence.colons == colons);
    same.or_else(|| here.clone().next().map(|_| 0)).map(|back| open.len() - 1 - back)
}
