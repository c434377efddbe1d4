//! Terms of many documents → for each term the ascending numbers of its documents, as text, spread over shards.
//!
//! A shard is one text: term, tab, list, tab, term, tab, list … The list of all documents may be followed by `!` and the
//! list of those that have the term in their title. `static/js/search.js` reads it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;

use super::terms::{self, Found, Term};
use crate::site::PageId;

/// Numbers of documents.
#[derive(Debug, Default)]
struct List {
    all: Vec<u64>,
    title: Vec<u64>,
}

/// By term.
#[derive(Debug, Default)]
pub(super) struct Lists {
    terms: HashMap<Term, List, BuildHasherDefault<Spread>>,
    facets: HashMap<String, List>,
}

/// Documents that one thread takes at a time.
const SOME: usize = 256;

/// Gathers the terms of all entries, which are in ascending order.
pub(super) fn gather<E: Send>(
    entries: &[(u64, PageId)],
    terms: impl Fn(PageId) -> Result<Found, E> + Sync,
) -> Result<Lists, E> {
    let parts: Vec<Lists> = entries
        .par_chunks(SOME)
        .map(|some| {
            let mut lists = Lists::default();
            for (number, id) in some {
                lists.add(*number, terms(*id)?);
            }
            Ok(lists)
        })
        .collect::<Result<_, E>>()?;
    let mut parts = parts.into_iter();
    let mut whole = parts.next().unwrap_or_default();
    parts.for_each(|part| whole.append(part));
    Ok(whole)
}

impl Lists {
    fn add(&mut self, number: u64, found: Found) {
        for term in found.all {
            self.terms.entry(term).or_default().all.push(number);
        }
        for term in found.title {
            self.terms.entry(term).or_default().title.push(number);
        }
        for facet in found.facets {
            self.facets.entry(facet).or_default().all.push(number);
        }
    }

    /// Adds what a later stretch of documents gave.
    fn append(&mut self, later: Lists) {
        later.terms.into_iter().for_each(|(term, list)| self.terms.entry(term).or_default().append(list));
        later.facets.into_iter().for_each(|(facet, list)| self.facets.entry(facet).or_default().append(list));
    }

    /// The text of each shard. Lists stand in the order of their terms, so the same lists give the same texts.
    pub(super) fn into_shards(self, count: usize) -> Vec<String> {
        let mut shards: Vec<Vec<(String, List)>> = (0..count).map(|_| Vec::new()).collect();
        let of_terms = self.terms.into_iter().map(|(term, list)| (term.text(), list));
        of_terms.chain(self.facets).for_each(|(term, list)| shards[terms::shard(&term, count)].push((term, list)));
        shards.into_par_iter().map(text).collect()
    }
}

fn text(mut lists: Vec<(String, List)>) -> String {
    lists.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut out = String::new();
    for (term, list) in lists {
        if !out.is_empty() {
            out.push('\t');
        }
        // A topic may hold anything; what would end the string or the entry can't be asked for either.
        out.extend(term.chars().map(|c| if c.is_control() || "\"\\\u{2028}\u{2029}".contains(c) { ' ' } else { c }));
        out.push('\t');
        encode(&list.all, &mut out);
        if !list.title.is_empty() {
            out.push('!');
            encode(&list.title, &mut out);
        }
    }
    out
}

impl List {
    fn append(&mut self, later: List) {
        self.all.extend(later.all);
        self.title.extend(later.title);
    }
}

/// Six bits a character.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Ascending numbers as text: the distances from one to the next, or, after a point, the first number and then a bit for
/// each number from there on, whichever is shorter.
pub(super) fn encode(numbers: &[u64], out: &mut String) {
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return };
    let bits = ((last - first) / 6 + 1) as usize;
    if bits < numbers.len() {
        out.push('.');
        digits(*first, out);
        let mut map = vec![0u8; bits];
        for number in numbers {
            let at = number - first;
            map[(at / 6) as usize] |= 1 << (at % 6);
        }
        out.extend(map.into_iter().map(|six| char::from(DIGITS[usize::from(six)])));
        return;
    }
    let mut next = 0;
    for number in numbers {
        digits(number - next, out);
        next = number + 1;
    }
}

/// Five bits a character, the lowest first; the sixth bit says that there are more.
fn digits(mut number: u64, out: &mut String) {
    while number >= 32 {
        out.push(char::from(DIGITS[32 + (number % 32) as usize]));
        number /= 32;
    }
    out.push(char::from(DIGITS[number as usize]));
}

/// Spreads packed terms over a table; the standard hasher would take longer than all else here, and terms come from our
/// own editors.
#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }
    fn write_u64(&mut self, number: u64) {
        self.0 =
            (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
pub(super) fn decode(text: &str) -> Vec<u64> {
    let value = |c: char| DIGITS.iter().position(|d| char::from(*d) == c).expect("a digit") as u64;
    let mut chars = text.trim_start_matches('.').chars();
    let mut number = || {
        let (mut sum, mut unit) = (0, 1);
        loop {
            let digit = value(chars.next()?);
            sum += digit % 32 * unit;
            unit *= 32;
            if digit < 32 {
                return Some(sum);
            }
        }
    };
    if !text.starts_with('.') {
        let mut next = 0;
        return std::iter::from_fn(|| {
            let at = next + number()?;
            next = at + 1;
            Some(at)
        })
        .collect();
    }
    let first = number().expect("a first number");
    let bits = chars.flat_map(|c| (0..6).map(move |bit| value(c) >> bit & 1 == 1));
    (first..).zip(bits).filter(|(_, set)| *set).map(|(number, _)| number).collect()
}
