//! A text → the terms under which it is found: its characters, its pairs of neighbours, and triples of Latin letters and
//! digits. `static/js/search.js` of the theme cuts a query in the same way; the two must agree.

use unicode_normalization::UnicodeNormalization;

/// One, two or three characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term(u64);

const BITS: u32 = 21;

impl Term {
    fn new(chars: &[char]) -> Term {
        Term(chars.iter().fold(0, |packed, c| packed << BITS | u64::from(u32::from(*c))))
    }

    /// Its characters.
    pub(super) fn text(self) -> String {
        let part = |at: u32| char::from_u32((self.0 >> (at * BITS) & ((1 << BITS) - 1)) as u32).filter(|c| *c != '\0');
        [part(2), part(1), part(0)].into_iter().flatten().collect()
    }
}

/// What one document is found under.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Terms of title and text, sorted.
    pub(super) all: Vec<Term>,
    /// Terms of the title, sorted.
    pub(super) title: Vec<Term>,
    /// `k:` and the kind, `t:` and a topic.
    pub(super) facets: Vec<String>,
}

/// The terms of a document.
pub(super) fn of(title: &str, text: &str) -> Found {
    let mut in_title = Vec::with_capacity(title.len());
    add(&composed(title), &mut in_title);
    settle(&mut in_title);
    let mut all = Vec::with_capacity(text.len());
    all.extend(&in_title);
    add(text, &mut all);
    settle(&mut all);
    Found { all, title: in_title, facets: Vec::new() }
}

fn settle(terms: &mut Vec<Term>) {
    terms.sort_unstable();
    terms.dedup();
}

fn add(text: &str, out: &mut Vec<Term>) {
    // The last characters of the run that is being read.
    let (mut before, mut last) = (None, None);
    each_folded(text, |c| {
        if !is_word(c) {
            (before, last) = (None, None);
            return;
        }
        out.push(Term::new(&[c]));
        if let Some(last) = last {
            out.push(Term::new(&[last, c]));
            if let Some(before) = before.filter(|before: &char| [*before, last, c].iter().all(char::is_ascii)) {
                out.push(Term::new(&[before, last, c]));
            }
        }
        (before, last) = (last, Some(c));
    });
}

/// Characters put together from a letter and its marks where Unicode has one for both, as a query has them.
pub(super) fn composed(text: &str) -> String {
    if unicode_normalization::is_nfc(text) { text.to_string() } else { text.nfc().collect() }
}

/// Calls with every character in the form in which characters are compared: compatibility forms resolved (full width,
/// circled, Roman numerals as one sign), lower case, each character for itself.
fn each_folded(text: &str, mut act: impl FnMut(char)) {
    for c in text.chars() {
        match c {
            'A'..='Z' => act(c.to_ascii_lowercase()),
            '\0'..='\x7f' | '\u{4e00}'..='\u{9fff}' => act(c),
            _ => std::iter::once(c).nfkc().flat_map(char::to_lowercase).for_each(&mut act),
        }
    }
}

/// The folded form of a text.
#[cfg(test)]
pub(super) fn folded(text: &str) -> String {
    let mut out = String::new();
    each_folded(text, |c| out.push(c));
    out
}

/// True for characters that make terms: letters and digits of all scripts, no punctuation, spaces, symbols. Both sides go
/// by this table, whatever version of Unicode each of them has.
pub(super) fn is_word(c: char) -> bool {
    match c {
        '0'..='9' | 'a'..='z' => true,
        '\u{4e00}'..='\u{9fff}' => true,
        '\0'..='\u{bf}' | '\u{d7}' | '\u{f7}' => false,
        '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}' => false,
        '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' => false,
        '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffff}' => false,
        '\u{1f000}'..='\u{1faff}' | '\u{e0000}'.. => false,
        _ => true,
    }
}

/// Where the lists of a term lie.
pub(super) fn shard(term: &str, shards: usize) -> usize {
    term.chars().fold(0, |hash: u64, c| (hash * 8191 + u64::from(u32::from(c))) % 1_000_003) as usize % shards
}
