//! Links from the top of the site → links from the page itself, so that a copy of the site works from any folder, also
//! from a disk without a server. In comes a page with its place; only addresses in its attributes change.

/// Attributes that hold an address.
const ATTRIBUTES: [&str; 5] = ["href", "src", "action", "poster", "data-index"];

/// The page at `path` below the output folder; `base` is the folder that `base_url` puts the site in.
pub(super) fn relative(html: &str, path: &str, base: &str) -> String {
    let up = "../".repeat(path.matches('/').count());
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("=\"") {
        let (before, value) = rest.split_at(at + 2);
        out.push_str(before);
        let end = value.find('"').unwrap_or(value.len());
        let (value, after) = value.split_at(end);
        let name = before[..at].rsplit(|c: char| c.is_whitespace() || c == '<').next().unwrap_or("");
        match name {
            "srcset" | "imagesrcset" => {
                let parts: Vec<String> = value.split(',').map(|part| one(part.trim(), &up, base)).collect();
                out.push_str(&parts.join(", "));
            }
            // `<meta http-equiv="refresh">` of a redirect.
            "content" if value.contains("url=/") => {
                let (delay, target) = value.split_once("url=").unwrap_or(("", value));
                out.push_str(&format!("{delay}url={}", one(target, &up, base)));
            }
            name if ATTRIBUTES.contains(&name) => out.push_str(&one(value, &up, base)),
            _ => out.push_str(value),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// One address, with what may follow it in a `srcset`.
fn one(value: &str, up: &str, base: &str) -> String {
    let Some(inside) = value.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) else {
        return value.to_string();
    };
    // `//host/…` is another site.
    if inside.starts_with('/') {
        return value.to_string();
    }
    let end = inside.find(['?', '#', ' ']).unwrap_or(inside.len());
    let (place, more) = inside.split_at(end);
    let index = if place.is_empty() || place.ends_with('/') { "index.html" } else { "" };
    format!("{up}{place}{index}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_from_the_top_become_addresses_from_the_page() {
        let check = |path: &str, html: &str, expected: &str| assert_eq!(relative(html, path, ""), expected, "{path}");
        check("index.html", "<a href=\"/\">", "<a href=\"index.html\">");
        check("notices/a/index.html", "<a href=\"/notices/?x=1#y\">", "<a href=\"../../notices/index.html?x=1#y\">");
        check("404.html", "<img src=\"/a/1.png\" alt=\"/a/\">", "<img src=\"a/1.png\" alt=\"/a/\">");
        check("a/index.html", "<img srcset=\"/1.png 1x,/2.png 2x\">", "<img srcset=\"../1.png 1x, ../2.png 2x\">");
        let refresh = "<meta content=\"0; url=/b/\"><link rel=\"canonical\" href=\"https://example.org/b/\">";
        check(
            "a/index.html",
            refresh,
            "<meta content=\"0; url=../b/index.html\"><link rel=\"canonical\" href=\"https://example.org/b/\">",
        );
        check(
            "a/index.html",
            "<a href=\"//example.org/\"><a href=\"#x\">=\"",
            "<a href=\"//example.org/\"><a href=\"#x\">=\"",
        );
        assert_eq!(
            relative("<a href=\"/gov/b/\"><a href=\"/c/\">", "x.html", "/gov"),
            "<a href=\"b/index.html\"><a href=\"/c/\">"
        );
    }
}
