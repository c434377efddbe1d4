//! The headings of a body.

use serde::{Serialize, Serializer};

/// A heading of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Heading<'a> {
    /// 1 to 6.
    pub level: u8,
    /// Anchor, unique in the document.
    pub id: &'a str,
    /// Plain text.
    pub text: &'a str,
}

/// Headings in order. All their words lie in one text: a large site has tens of thousands of headings, and each build
/// holds all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    words: String,
    rows: Vec<Row>,
}

/// Where in `words` the anchor and the text of a heading end; they begin where those before end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    id: u32,
    text: u32,
    level: u8,
}

impl Headings {
    /// Adds a heading. What lies beyond 4 GiB is left out; no file that is read is so long.
    pub fn push(&mut self, heading: Heading) {
        let id = self.words.len() + heading.id.len();
        let (Ok(id), Ok(text)) = (u32::try_from(id), u32::try_from(id + heading.text.len())) else { return };
        self.words.push_str(heading.id);
        self.words.push_str(heading.text);
        self.rows.push(Row { id, text, level: heading.level });
    }

    /// From the words of all headings and, for each, its level and the lengths of anchor and text in bytes; `None` when they do not
    /// fit each other.
    pub fn of_parts(words: String, parts: impl IntoIterator<Item = (u8, usize, usize)>) -> Option<Headings> {
        let parts = parts.into_iter();
        let mut rows = Vec::with_capacity(parts.size_hint().0);
        let mut end = 0usize;
        for (level, id, text) in parts {
            let id = end.checked_add(id)?;
            end = id.checked_add(text)?;
            if !words.is_char_boundary(id) || !words.is_char_boundary(end) {
                return None;
            }
            rows.push(Row { id: u32::try_from(id).ok()?, text: u32::try_from(end).ok()?, level });
        }
        (end == words.len()).then_some(Headings { words, rows })
    }

    /// The words of all headings, anchor before text.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Lets memory go that further headings would have taken.
    pub fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// In order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Heading<'_>> {
        let mut start = 0;
        self.rows.iter().map(move |row| {
            let (id, text) = (row.id as usize, row.text as usize);
            let heading = Heading { level: row.level, id: &self.words[start..id], text: &self.words[id..text] };
            start = text;
            heading
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// As a sequence of headings.
impl Serialize for Headings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_come_back_as_they_were_added_and_from_their_parts() {
        let given = [(2, "一", "一、目标"), (3, "", ""), (2, "b", "乙")];
        let given = given.map(|(level, id, text)| Heading { level, id, text });
        let mut headings = Headings::default();
        given.iter().for_each(|heading| headings.push(*heading));
        assert!(headings.iter().eq(given));
        let parts: Vec<_> = headings.iter().map(|h| (h.level, h.id.len(), h.text.len())).collect();
        assert_eq!(Headings::of_parts(headings.words().to_string(), parts), Some(headings));
    }

    #[test]
    fn parts_that_do_not_fit_the_words_give_nothing() {
        for (words, parts) in [("ab", (1, 1, 0)), ("ab", (1, 2, 1)), ("甲", (1, 1, 2)), ("ab", (1, usize::MAX, 2))] {
            assert_eq!(Headings::of_parts(words.to_string(), [parts]), None, "{words} {parts:?}");
        }
    }
}
