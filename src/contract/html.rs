//! HTML as a row of tags, for rules that look at finished pages. Knows as much of the syntax as those rules need: comments,
//! text that holds no tags, attributes with and without quotes.

/// One tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    /// In lower case.
    pub(super) name: String,
    /// `</name>`
    pub(super) is_end: bool,
    /// `<name/>`
    pub(super) is_empty: bool,
    /// Names in lower case; values as they stand.
    pub(super) attributes: Vec<(String, &'a str)>,
    /// The whole tag as it stands.
    pub(super) text: &'a str,
    /// What follows up to the next tag, for elements that hold text only.
    pub(super) content: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| *value)
    }
}

/// Elements whose content is text, whatever it looks like.
const TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// All tags in order.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let Some(end) = is_tag.then(|| end_of_tag(rest)).flatten() else {
            rest = &rest[1..];
            continue;
        };
        let mut tag = tag(&rest[..end]);
        rest = &rest[end..];
        if !tag.is_end && TEXT.contains(&tag.name.as_str()) {
            let close = format!("</{}", tag.name);
            let until = rest.to_ascii_lowercase().find(&close).unwrap_or(rest.len());
            tag.content = &rest[..until];
            rest = &rest[until..];
        }
        tags.push(tag);
    }
    tags
}

/// The position after the `>` that ends the tag at the beginning of this text.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn tag(text: &str) -> Tag<'_> {
    let is_end = text.starts_with("</");
    let inside = text.trim_start_matches('<').trim_start_matches('/').trim_end_matches('>');
    let is_empty = !is_end && inside.ends_with('/');
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    Tag { name: name.to_ascii_lowercase(), is_end, is_empty, attributes: attributes(rest), text, content: "" }
}

fn attributes(text: &str) -> Vec<(String, &str)> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        let after = rest[end..].trim_start();
        let (value, next) = match after.strip_prefix('=') {
            None => ("", after),
            Some(value) => one_value(value.trim_start()),
        };
        if !name.is_empty() {
            out.push((name, value));
        }
        // A stray sign would never end.
        rest = if next.len() < rest.len() { next.trim_start() } else { "" };
    }
    out
}

fn one_value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = &text[1..];
            let end = inside.find(quote).unwrap_or(inside.len());
            (&inside[..end], inside.get(end + 1..).unwrap_or(""))
        }
        _ => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_comments_and_text_are_told_apart() {
        let html = "<!doctype html><!-- <b> --><A href='x>y' hidden data-x=1>a < b</a><br/><script>if (a < b) \"</b>\"</script><img alt=\"\">";
        let shown: Vec<String> = tags(html)
            .iter()
            .map(|t| {
                let attributes: Vec<String> = t.attributes.iter().map(|(n, v)| format!(" {n}={v}")).collect();
                format!(
                    "{}{}{}{}",
                    if t.is_end { "/" } else { "" },
                    t.name,
                    attributes.concat(),
                    if t.is_empty { "/" } else { "" }
                )
            })
            .collect();
        assert_eq!(shown, ["a href=x>y hidden= data-x=1", "/a", "br/", "script", "/script", "img alt="]);
    }

    #[test]
    fn no_broken_markup_panics() {
        for html in ["<", "</", "<a", "<a b", "<a b=", "<a b='", "<a =x>", "<a ==>", "<script>", "<é>", "<a/ / =\"\" >"]
        {
            tags(html);
        }
    }
}
