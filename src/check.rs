//! One table of rules over the finished site: {code, strict, one-line doc, function}. Each returns problems; none changes
//! anything. Rules marked strict run in `civicast check` only.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::document::Kind;
use crate::file::{SourcePath, Sources};
use crate::link::Links;
use crate::picture::{self, is_cleanable, is_resizable};
use crate::problem::{Place, Problem, Severity};
use crate::site::{Asset, Page, Site};

/// What rules look at.
pub struct Subject<'a> {
    /// The site at its instant.
    pub site: &'a Site,
    /// Its references.
    pub links: &'a Links,
    /// All files.
    pub sources: &'a Sources,
}

/// One rule.
pub struct Rule {
    /// The code of the problems that it reports.
    pub code: &'static str,
    /// In `check` only, not in `build`.
    pub strict: bool,
    /// What it asks, in one line.
    pub doc: &'static str,
    run: fn(&Subject) -> Vec<Problem>,
}

/// All rules.
pub const RULES: &[Rule] = &[
    Rule {
        code: "missing-alt",
        strict: false,
        doc: "every picture in a text has an alternative text (GB/T 37668, WCAG 1.1.1)",
        run: missing_alt,
    },
    Rule {
        code: "missing-image-alt",
        strict: false,
        doc: "a title picture has a description (GB/T 37668, WCAG 1.1.1)",
        run: missing_image_alt,
    },
    Rule {
        code: "picture-too-large",
        strict: false,
        doc: "the file of a picture is not larger than [pictures] allows",
        run: picture_too_large,
    },
    Rule {
        code: "picture-too-many-pixels",
        strict: false,
        doc: "a picture has no more pixels than [pictures] allows",
        run: picture_too_many_pixels,
    },
    Rule {
        code: "not-a-picture",
        strict: false,
        doc: "the header of a picture can be read; the rest is read when it is resized",
        run: not_a_picture,
    },
    Rule {
        code: "picture-format",
        strict: false,
        doc: "a picture has a format that browsers show and that its metadata can be cut out of",
        run: picture_format,
    },
    Rule { code: "unsafe-svg", strict: false, doc: "an SVG picture holds no script", run: unsafe_svg },
    Rule {
        code: "missing-disclosure",
        strict: false,
        doc: "a notice has its disclosure header (政府信息公开条例)",
        run: missing_disclosure,
    },
    Rule {
        code: "heading-jump",
        strict: true,
        doc: "headings go down one level at a time (WCAG 1.3.1)",
        run: heading_jump,
    },
    Rule {
        code: "empty-section",
        strict: true,
        doc: "no section is empty (国办秘函〔2019〕19号: 空白栏目)",
        run: empty_section,
    },
    Rule {
        code: "missing-footer",
        strict: true,
        doc: "the footer has what 政府网站发展指引 asks for",
        run: missing_footer,
    },
    Rule {
        code: "late-report",
        strict: true,
        doc: "a report appears within two days of its activity",
        run: late_report,
    },
];

/// Runs the rules that are not off; the strict ones too when `strict`.
pub fn check(subject: &Subject, strict: bool) -> Vec<Problem> {
    let severities = &subject.site.config.problems;
    let runs = |rule: &&Rule| (strict || !rule.strict) && severities.get(rule.code) != Some(&None);
    RULES.par_iter().filter(runs).flat_map_iter(|rule| (rule.run)(subject)).collect()
}

fn missing_alt(subject: &Subject) -> Vec<Problem> {
    let outlines = subject.site.pages.iter().map(|page| &page.document.outline);
    outlines
        .flat_map(|outline| outline.silent.iter().filter_map(|reference| outline.references.get(*reference)))
        .map(|picture| Problem::new("missing-alt").with("target", &picture.target).at(picture.place.clone()))
        .collect()
}

fn missing_image_alt(subject: &Subject) -> Vec<Problem> {
    let without = subject.site.pages.iter().map(|p| &p.document.front).filter(|f| f.image_alt.trim().is_empty());
    without
        .filter_map(|front| front.image.as_ref())
        .map(|image| Problem::new("missing-image-alt").with("target", &image.target).at(image.place.clone()))
        .collect()
}

/// Files that pages, slides and links use, and what stands in `static`.
fn published<'a>(subject: &'a Subject) -> BTreeMap<&'a SourcePath, &'a Asset> {
    let links = subject.links;
    let statics = subject.site.assets.keys().filter(|path| path.as_str().starts_with("static/"));
    let used = links.used.iter().chain(links.pictures.keys()).chain(links.images.values()).chain(statics);
    used.filter_map(|path| subject.site.assets.get_key_value(path)).collect()
}

fn picture_too_large(subject: &Subject) -> Vec<Problem> {
    let limit = subject.site.config.pictures.max_bytes;
    let large = published(subject).into_iter().filter(|(path, asset)| is_cleanable(path) && asset.size > limit);
    large
        .map(|(path, asset)| {
            let problem = Problem::new("picture-too-large").with("target", path).with("size", size(asset.size));
            problem.with("limit", size(limit)).in_file(path)
        })
        .collect()
}

fn picture_too_many_pixels(subject: &Subject) -> Vec<Problem> {
    let settings = &subject.site.config.pictures;
    let problem = |(path, asset): (&SourcePath, &Asset)| {
        let pixels = asset.pixels.filter(|pixels| is_resizable(path) && picture::is_over(*pixels, settings))?;
        let problem = Problem::new("picture-too-many-pixels").with("target", path).with("width", pixels.0);
        Some(problem.with("height", pixels.1).with("limit", settings.max_pixels).in_file(path))
    };
    published(subject).into_iter().filter_map(problem).collect()
}

fn not_a_picture(subject: &Subject) -> Vec<Problem> {
    let broken = published(subject).into_iter().filter(|(path, asset)| is_cleanable(path) && asset.pixels.is_none());
    broken
        .map(|(path, _)| {
            let format = path.extension().to_uppercase();
            Problem::new("not-a-picture").with("target", path).with("format", format).in_file(path)
        })
        .collect()
}

fn picture_format(subject: &Subject) -> Vec<Problem> {
    let foreign = published(subject).into_keys().filter(|path| picture::is_foreign(path));
    foreign
        .map(|path| {
            let format = path.extension().to_uppercase();
            Problem::new("picture-format").with("target", path).with("format", format).in_file(path)
        })
        .collect()
}

/// `12 KB`, `1.5 MB`
fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// Marks of script in SVG text, in lower case.
const SCRIPT_MARKS: [&str; 6] = ["<script", "javascript:", "<foreignobject", "<iframe", "<embed", "<!entity"];

fn unsafe_svg(subject: &Subject) -> Vec<Problem> {
    let used =
        subject.links.used.iter().chain(subject.site.assets.keys().filter(|p| p.as_str().starts_with("static/")));
    used.filter(|path| path.extension() == "svg").filter_map(|path| svg_problem(subject, path)).collect()
}

fn svg_problem(subject: &Subject, path: &SourcePath) -> Option<Problem> {
    let Some(bytes) = subject.sources.get(path)?.bytes() else {
        // Too large to be looked at: not published unseen.
        return Some(Problem::new("unsafe-svg").with("mark", "?").in_file(path));
    };
    let text = String::from_utf8_lossy(bytes);
    let lower = text.to_ascii_lowercase();
    let mark = SCRIPT_MARKS
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| (at, (*mark).to_string())))
        .or_else(|| handler(&lower));
    let (at, mark) = mark?;
    Some(Problem::new("unsafe-svg").with("mark", &mark).at(Place::of_span(path, &text, at, at + mark.len())))
}

/// An attribute like `onload=`, with the space before it.
fn handler(lower: &str) -> Option<(usize, String)> {
    let mut from = 0;
    while let Some(found) = lower[from..].find("on") {
        let at = from + found;
        let name: String = lower[at..].chars().take_while(char::is_ascii_lowercase).collect();
        let rest = lower[at + name.len()..].trim_start();
        let before = lower[..at].chars().next_back();
        if name.len() > 3 && rest.starts_with('=') && before.is_some_and(|c| c.is_whitespace() || "\"'/".contains(c)) {
            return Some((at, name));
        }
        from = at + 2;
    }
    None
}

fn missing_disclosure(subject: &Subject) -> Vec<Problem> {
    // A header that could not be read may well have one.
    let readable = |page: &&Page| page.document.problems.iter().all(|problem| problem.severity != Severity::Error);
    let without = |page: &&Page| page.kind() == Kind::Notice && page.document.front.disclosure.is_none();
    let notices = subject.site.pages.iter().filter(without).filter(readable);
    notices.map(|page| Problem::new("missing-disclosure").in_file(&page.document.path)).collect()
}

fn heading_jump(subject: &Subject) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in &subject.site.pages {
        let mut above = 1;
        for heading in page.document.outline.headings.iter() {
            if heading.level > above + 1 {
                problems.push(
                    Problem::new("heading-jump")
                        .with("heading", heading.text)
                        .with("level", heading.level)
                        .with("above", above)
                        .in_file(&page.document.path),
                );
            }
            above = heading.level;
        }
    }
    problems
}

fn empty_section(subject: &Subject) -> Vec<Problem> {
    let empty = subject.site.sections.iter().skip(1).filter(|s| s.pages.is_empty());
    empty
        .map(|section| {
            let path = section
                .document
                .as_ref()
                .map_or_else(|| SourcePath::new(&format!("content/{}", section.name)), |d| d.path.clone());
            Problem::new("empty-section").with("title", &section.title).in_file(&path)
        })
        .collect()
}

fn missing_footer(subject: &Subject) -> Vec<Problem> {
    let organisation = &subject.site.config.organisation;
    let link = |role: &str| subject.site.config.links.iter().any(|l| l.role == role);
    let fields = [
        ("sponsor", "主办单位", !organisation.sponsor.is_empty()),
        ("operator", "承办单位", !organisation.operator.is_empty()),
        ("phone", "联系方式", !organisation.phone.is_empty() || !organisation.address.is_empty()),
        ("site_code", "网站标识码", !organisation.site_code.is_empty()),
        ("icp", "ICP备案号", !organisation.icp.is_empty()),
        ("police", "公安备案号", !organisation.police.is_empty()),
        ("role = \"find-error\"", "我为政府网站找错", link("find-error")),
        ("role = \"party-mark\"", "党政机关网站标识", link("party-mark")),
    ];
    let path = SourcePath::new("civicast.toml");
    let missing = fields.into_iter().filter(|(_, _, given)| !given);
    missing
        .map(|(key, name, _)| Problem::new("missing-footer").with("key", key).with("name", name).in_file(&path))
        .collect()
}

fn late_report(subject: &Subject) -> Vec<Problem> {
    let reports = subject.site.pages.iter().filter(|p| p.kind() == Kind::Report);
    reports
        .filter_map(|page| {
            let held = page.document.front.activity.as_ref()?.date?.date;
            let days = (page.date()? - held).get_days();
            (days > 2).then(|| Problem::new("late-report").with("days", days).in_file(&page.document.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message;

    #[test]
    fn every_rule_has_a_message_and_a_sentence() {
        for rule in RULES {
            assert!(message::find(rule.code).is_some(), "{} has no message", rule.code);
            assert!(rule.doc.len() > 10, "{} has no doc", rule.code);
        }
    }

    #[test]
    fn an_event_handler_is_found_and_an_ordinary_word_is_not() {
        assert!(handler("<svg onload=alert(1)>").is_some());
        assert!(handler("<svg a=\"1\"onclick = x>").is_some());
        assert!(handler("<text>on the road = long</text>").is_none());
        assert!(handler("<path d=\"m1 1\" version=\"1\"/>").is_none());
    }
}
