//! Style sheets, minified. In: text. Out: the same rules in fewer bytes, or why the sheet can't be read.

use minifier::css::minify;

/// A sheet without comments and needless spaces: what a browser makes of it stays the same (held by
/// `tests/browser/output.test.js`).
pub(super) fn minified(css: &str) -> Result<String, &'static str> {
    Ok(minify(css)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_loses_comments_and_spaces_and_nothing_else() {
        let css = "/* tokens */\n:root { --ink: #1b1e23; }\n.a > b , .c :is(b, i) { width: calc(100% - 3rem); text-autospace: normal; }\n\
                   @media print and (min-width: 3rem) { .a { display: none !important; } }\n";
        let expected = " :root{--ink:#1b1e23;}.a>b,.c :is(b,i){width:calc(100% - 3rem);text-autospace:normal;}\
                        @media print and (min-width:3rem){.a{display:none !important;}}";
        assert_eq!(minified(css), Ok(expected.to_string()));
    }
}
