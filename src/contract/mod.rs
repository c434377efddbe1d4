//! The contract that a theme has to keep: a site with every case a portal meets, and what every page of it must have.
//!
//! `sources` is that site under a theme; whoever renders it hands each page to `audit`, which gives what is wrong with the
//! page as problems with the template's place. Knows no disk; the rules stand in `rules`, one function each.

mod html;
mod rules;

use crate::config::{self, Config};
use crate::file::{Data, Hash, Source, SourcePath, Sources};
use crate::plan::{Job, Recipe};
use crate::problem::{Place, Problem};
use crate::render::{self, Index};
use crate::theme::{LAYERS, Theme};

/// Files of the contract site by path.
const FILES: &[(&str, &str)] = &[
    ("civicast.toml", include_str!("site/civicast.toml")),
    ("screens.toml", include_str!("site/screens.toml")),
    ("data/calendar.toml", include_str!("site/calendar.toml")),
    ("content/_index.md", include_str!("site/home.md")),
    ("content/about.md", include_str!("site/about.md")),
    ("content/empty.md", "+++\ntitle = \"没有正文的页面\"\n+++\n"),
    ("content/guides/_index.md", "+++\ntitle = \"空的栏目\"\n+++\n"),
    ("content/notices/_index.md", include_str!("site/notices.md")),
    ("content/notices/everything.md", include_str!("site/everything.md")),
    ("content/notices/bare.md", "+++\ntitle = \"没有文号的通知\"\ndate = 2026-11-20\n+++\n\n请各科室照办。\n"),
    ("content/notices/void.md", include_str!("site/void.md")),
    (
        "content/notices/expired.md",
        "+++\ntitle = \"已经到期的通知\"\ndate = 2026-01-01\nexpires = 2026-02-01\n+++\n\n到期。\n",
    ),
    ("content/notices/draft.md", "+++\ntitle = \"草稿\"\ndate = 2026-01-01\ndraft = true\n+++\n\n草稿。\n"),
    ("content/notices/rules/_index.md", "+++\ntitle = \"栏目下的栏目\"\n+++\n\n规章制度。\n"),
    ("content/notices/rules/one.md", "+++\ntitle = \"下级栏目的通知\"\ndate = 2025-03-04\n+++\n\n照办。\n"),
    ("content/reports/_index.md", "+++\ntitle = \"活动报道\"\n+++\n"),
    ("content/reports/photos/index.md", include_str!("site/report.md")),
    ("content/reports/words.md", "+++\ntitle = \"没有照片的报道\"\ndate = 2026-10-10\n+++\n\n活动如期举行。\n"),
    ("content/slogans/_index.md", "+++\ntitle = \"公益标语\"\n+++\n"),
    ("content/slogans/lines.md", include_str!("site/slogan.md")),
    ("content/slogans/short.md", "+++\ntitle = \"节约用水\"\ndate = 2026-02-01\n+++\n\n节约用水\n"),
];

/// Files that are bytes: a picture of the built-in theme stands for photos, a few words for an attachment.
const PICTURES: [&str; 3] =
    ["content/reports/photos/1.png", "content/reports/photos/2.png", "content/reports/photos/3.png"];
const ATTACHMENT: (&str, &[u8]) = ("content/notices/list.csv", b"a,b\n1,2\n");
/// So many short notices make several pages of a list.
const MANY: usize = 24;

/// The contract site with the templates and themes of this one.
pub fn sources(site: &Sources) -> Sources {
    let mut sources = Sources::default();
    for layer in ["templates/", "themes/"] {
        site.under(layer).for_each(|source| sources.insert(source.clone()));
    }
    FILES.iter().for_each(|(path, text)| sources.insert(Source::from_text(path, text)));
    for number in 1..=MANY {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let text = format!(
            "+++\ntitle = \"第{number}号通知\"\ndate = 2025-{month:02}-{day:02}\ntopics = [\"节约\"]\n\n\
             [disclosure]\ncategory = \"{}\"\n+++\n\n照办。\n",
            ["后勤", "机关内部事务管理与公共服务保障类规范性文件及其解读材料"][number % 2]
        );
        sources.insert(Source::from_text(&format!("content/notices/many-{number:02}.md"), &text));
    }
    for path in PICTURES {
        let bytes = picture();
        let data = Data::OnDisk { pixels: Some((192, 192)) };
        sources.insert(Source { path: SourcePath::new(path), hash: Hash::of(&bytes), size: bytes.len() as u64, data });
    }
    let (path, bytes) = ATTACHMENT;
    let data = Data::OnDisk { pixels: None };
    sources.insert(Source { path: SourcePath::new(path), hash: Hash::of(bytes), size: bytes.len() as u64, data });
    sources
}

/// The settings of the contract site, with the theme of this one and what it sets for the theme.
pub fn config(site: &Config, sources: &Sources) -> (Config, Vec<Problem>) {
    let (mut config, problems) = config::load(sources.find("civicast.toml"), sources.find("screens.toml"), &[]);
    config.theme.clone_from(&site.theme);
    config.language.clone_from(&site.language);
    if let Some(own) = site.extra.get("theme") {
        config.extra = serde_json::json!({ "theme": own });
    }
    (config, problems)
}

/// The bytes of a file of the contract site that is not text.
pub fn bytes(path: &SourcePath) -> Vec<u8> {
    if path.as_str() == ATTACHMENT.0 { ATTACHMENT.1.to_vec() } else { picture() }
}

fn picture() -> Vec<u8> {
    let files = crate::theme::builtin();
    let icon = files.iter().find(|file| file.path.name() == "icon-192.png").and_then(Source::bytes);
    icon.map(|bytes| bytes.to_vec()).unwrap_or_default()
}

/// Instants for which the contract is looked at: an ordinary day, and a day of mourning.
pub const INSTANTS: [&str; 2] = ["2026-11-23T01:00:00Z", "2026-12-13T02:00:00Z"];

/// What is wrong with a page that came of this job.
pub fn audit(index: &Index, job: &Job, html: &str) -> Vec<Problem> {
    if !job.path.as_str().ends_with(".html") {
        return Vec::new();
    }
    let template = render::template_of(index, job).unwrap_or_default();
    let page = rules::Page {
        world: index.world(),
        kind: kind(job),
        document: document(job, index),
        tags: html::tags(html),
        html,
    };
    let scope = render::scope_of(index, job);
    let found = rules::RULES.iter().flat_map(|rule| rule(&page));
    found
        .map(|finding| {
            let mut problem = Problem::new(finding.code)
                .with("template", &template)
                .with("document", &job.path)
                .with("scope", &scope);
            problem.args.extend(finding.args);
            match place(&index.world().theme, &template, &finding.text) {
                Some(place) => problem.at(place),
                None => problem,
            }
        })
        .collect()
}

fn kind(job: &Job) -> rules::Kind {
    match &job.recipe {
        Recipe::Section(..) | Recipe::Catalogue(..) => rules::Kind::List,
        Recipe::Document(_) => rules::Kind::Document,
        Recipe::Redirect { .. } => rules::Kind::Bare,
        Recipe::Template { template, .. } if template == "player.html" => rules::Kind::Bare,
        _ => rules::Kind::Other,
    }
}

fn document<'a>(job: &Job, index: &'a Index) -> Option<&'a crate::site::Page> {
    if let Recipe::Document(id) = job.recipe { index.world().site.pages.get(id) } else { None }
}

/// Where a stretch of HTML comes from: the place in the templates that agrees with it for the longest way, else the file of
/// the template as a whole.
fn place(theme: &Theme, name: &str, text: &str) -> Option<Place> {
    let own = theme.template(name)?;
    if text.is_empty() {
        return Some(Place::file(&own.path));
    }
    let start = text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    let opening = &text[..start];
    let mut best: Option<(usize, bool, Place)> = None;
    for layer in LAYERS {
        for template in theme.templates.iter().filter(|(key, _)| key.starts_with(layer)).map(|(_, template)| template) {
            for (at, _) in template.text.match_indices(opening) {
                let same = template.text[at..].bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
                let rank = (same, template.path == own.path);
                if best.as_ref().is_none_or(|(length, is_own, _)| rank > (*length, *is_own)) {
                    let place = Place::of_span(&template.path, &template.text, at, at + same);
                    best = Some((rank.0, rank.1, place));
                }
            }
        }
    }
    best.map(|(_, _, place)| place).or_else(|| Some(Place::file(&own.path)))
}
