//! Layers of a theme → one set of templates, static files, interface words and settings.
//!
//! From top to bottom: the site's own `templates/`, the named theme below `themes/`, the theme inside the binary. A file
//! above hides the file of the same name below; a template can still extend the hidden one as `builtin:NAME` or
//! `theme:NAME`. In come sources; out comes a map and a hash.

mod css;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::config::Config;
use crate::file::{Data, Hash, OutputPath, Source, SourcePath, Sources};
use crate::link::nearest;
use crate::problem::{Place, Problem};

/// The default theme.
static CIVIC: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/civic");

/// A theme, ready for rendering.
#[derive(Debug, Default)]
pub struct Theme {
    /// By layer and name (`builtin:notice.html`, `theme:notice.html`, `site:notice.html`): the file and its text.
    pub templates: BTreeMap<String, Template>,
    /// By name without ending, the endings of templates that are not HTML.
    forms: BTreeMap<String, BTreeSet<String>>,
    /// By name below `static` (`css/site.css`): where it is published and its bytes.
    pub statics: BTreeMap<String, StaticFile>,
    /// Interface words of the site's language, by key.
    pub strings: BTreeMap<String, String>,
    /// Those of the main language, in the theme of another edition: for documents that are not translated.
    pub main_strings: Option<BTreeMap<String, String>>,
    /// Settings: defaults of `theme.toml`, then `[extra.theme]` of the site.
    pub settings: serde_json::Value,
    /// Of all templates, words and settings, and of the names of static files.
    pub hash: Hash,
}

/// One template.
#[derive(Clone, Debug)]
pub struct Template {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: Arc<str>,
}

/// One static file.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// Where it is published, with a hash in its name unless a fixed name is needed.
    pub output: OutputPath,
    /// Which file it is.
    pub source: SourcePath,
    /// Its bytes when they are in memory, else it is copied from `source`.
    pub bytes: Option<Arc<[u8]>>,
    /// Of its published bytes.
    pub hash: Hash,
}

/// Layers of templates, the one that wins first.
pub const LAYERS: [&str; 3] = ["site:", "theme:", "builtin:"];

impl Theme {
    /// The template that answers to this name, by the order of layers.
    pub fn template(&self, name: &str) -> Option<&Template> {
        LAYERS.iter().find_map(|layer| self.templates.get(&format!("{layer}{name}")))
    }

    /// Other forms of the page that this template makes, by the endings of the templates beside it: where there is a
    /// `section.ics`, `section.html` has `ics`. An ending is letters and digits, so that copies of editors are none.
    pub fn forms(&self, template: &str) -> impl Iterator<Item = &str> {
        let forms = template.strip_suffix(".html").and_then(|stem| self.forms.get(stem));
        forms.into_iter().flatten().map(String::as_str)
    }

    /// True when any template has other forms.
    pub fn has_forms(&self) -> bool {
        !self.forms.is_empty()
    }

    /// Puts a template in; `key` is its layer and its name.
    fn insert(&mut self, key: String, template: Template) {
        let name = key.split_once(':').map_or(key.as_str(), |(_, name)| name);
        if let Some((stem, ending)) = name.rsplit_once('.')
            && ending != "html"
            && !ending.is_empty()
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            self.forms.entry(stem.to_string()).or_default().insert(ending.to_string());
        }
        self.templates.insert(key, template);
    }

    /// Kinds of documents whose slide pages of the portal show: the setting `portal_slides`.
    pub fn portal_slides(&self) -> Vec<&str> {
        let kinds = self.settings.get("portal_slides").and_then(serde_json::Value::as_array);
        kinds.into_iter().flatten().filter_map(serde_json::Value::as_str).collect()
    }

    /// The slogan whose banner stands on the home page: the setting `campaign`; none when the first one does.
    pub fn campaign(&self) -> Option<&str> {
        self.settings.get("campaign").and_then(serde_json::Value::as_str).filter(|path| !path.is_empty())
    }

    /// The Content-Security-Policy of its pages: the setting `policy`; empty when it wants none.
    pub fn policy(&self) -> &str {
        self.settings.get("policy").and_then(serde_json::Value::as_str).unwrap_or("")
    }

    /// True when the portal has a search of its own: the setting `search_url` names it, and there is a page for it.
    pub fn has_search(&self) -> bool {
        let url = self.settings.get("search_url").and_then(serde_json::Value::as_str);
        url == Some("/search/") && self.template("search.html").is_some()
    }

    /// Other sites are given the slide of a page as a PNG when it has no photo: the setting `share_slides`.
    pub fn shares_slides(&self) -> bool {
        self.settings.get("share_slides").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }

    /// The same theme with the interface words of an edition.
    pub fn in_language(&self, sources: &Sources, config: &Config) -> Theme {
        let name = format!("strings/{}.toml", config.language);
        let builtin = builtin();
        let layers = builtin
            .iter()
            .filter(|source| strip(source, "builtin:civic/") == name)
            .chain(sources.find(&format!("themes/{}/{name}", config.theme)));
        // What is wrong in them was reported when the theme was checked; a word that is missing stays as it is.
        let words = layers.flat_map(|source| strings(source, &mut Vec::new()));
        let mut strings = self.strings.clone();
        strings.extend(words);
        let mut theme = Theme {
            templates: self.templates.clone(),
            forms: self.forms.clone(),
            statics: self.statics.clone(),
            strings,
            main_strings: Some(self.strings.clone()),
            settings: self.settings.clone(),
            hash: Hash::default(),
        };
        theme.hash = hash(&theme);
        theme
    }

    /// All names without layers, sorted.
    pub fn template_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.templates.keys().filter_map(|key| Some(key.split_once(':')?.1)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// The theme inside the binary, as sources below `builtin:civic/`.
pub fn builtin() -> Vec<Source> {
    fn walk(dir: &Dir, out: &mut Vec<Source>) {
        for file in dir.files() {
            // Names inside the binary are our own and always text.
            let path = file.path().to_string_lossy().replace('\\', "/");
            out.push(Source {
                path: SourcePath::new(&format!("builtin:civic/{path}")),
                hash: Hash::of(file.contents()),
                size: file.contents().len() as u64,
                data: Data::Bytes(file.contents().into()),
            });
        }
        dir.dirs().for_each(|dir| walk(dir, out));
    }
    let mut out = Vec::new();
    walk(&CIVIC, &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

/// Puts the layers together.
pub fn load(sources: &Sources, config: &Config) -> (Theme, Vec<Problem>) {
    let builtin = builtin();
    let named = format!("themes/{}/", config.theme);
    let mut problems = Vec::new();
    if config.theme != "civic" && sources.under(&named).next().is_none() {
        let themes = sources.under("themes/").filter_map(|s| s.path.as_str().split('/').nth(1)).chain(["civic"]);
        let place = Place::file(&SourcePath::new("civicast.toml"));
        problems.push(
            Problem::new("missing-theme")
                .with("theme", &config.theme)
                .with("near", nearest(&config.theme, themes))
                .at(place),
        );
    }
    let builtin_files = || builtin.iter().map(|s| ("builtin", strip(s, "builtin:civic/"), s));
    let named_files = || sources.under(&named).map(|s| ("theme", strip(s, &named), s));
    let own_files = || {
        let templates = sources.under("templates/").map(|s| ("site", s.path.as_str().to_string(), s));
        templates.collect::<Vec<_>>().into_iter()
    };

    let mut theme = Theme::default();
    let mut statics: BTreeMap<String, &Source> = BTreeMap::new();
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut settings: BTreeMap<String, Setting> = BTreeMap::new();
    for (layer, name, source) in builtin_files().chain(named_files()).chain(own_files()) {
        if let Some(template) = name.strip_prefix("templates/") {
            add_template(&mut theme, layer, template, source, &mut problems);
        } else if let Some(file) = name.strip_prefix("static/") {
            statics.insert(file.to_string(), source);
        } else if name == format!("strings/{}.toml", config.language)
            || (layer == "builtin" && name == "strings/zh-CN.toml" && words.is_empty())
        {
            words.extend(strings(source, &mut problems));
        } else if name == "theme.toml" {
            settings.extend(manifest(source, &mut problems));
        }
    }
    theme.statics = publish(&statics, &mut problems);
    theme.strings = words;
    theme.settings = settled(&settings, config, sources, &mut problems);
    theme.hash = hash(&theme);
    (theme, problems)
}

fn strip(source: &Source, prefix: &str) -> String {
    source.path.as_str().strip_prefix(prefix).unwrap_or(source.path.as_str()).to_string()
}

fn add_template(theme: &mut Theme, layer: &str, name: &str, source: &Source, problems: &mut Vec<Problem>) {
    let Some(bytes) = source.bytes() else {
        problems.push(Problem::new("file-too-large").in_file(&source.path));
        return;
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        problems.push(Problem::new("unreadable-text").in_file(&source.path));
        return;
    };
    let template = Template { path: source.path.clone(), text: text.trim_start_matches('\u{feff}').into() };
    theme.insert(format!("{layer}:{name}"), template);
}

fn table(source: &Source, problems: &mut Vec<Problem>) -> toml::Table {
    let text = source.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let place = Place::of_span(&source.path, text, span.start, span.end);
            problems.push(Problem::new("theme-file").with("reason", error.message()).at(place));
            toml::Table::new()
        }
    }
}

fn strings(source: &Source, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let table = table(source, problems);
    table.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_string()))).collect()
}

/// A setting of a theme.
#[derive(Debug)]
struct Setting {
    /// One of `TYPES`; none when `theme.toml` gives a default only.
    kind: Option<String>,
    default: serde_json::Value,
}

/// What a setting may be.
const TYPES: [&str; 5] = ["text", "bool", "integer", "number", "list"];

fn is_of_type(kind: &str, value: &serde_json::Value) -> bool {
    match kind {
        "text" => value.is_string(),
        "bool" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "list" => value.is_array(),
        _ => true,
    }
}

/// `theme.toml`: the versions of the engine that the theme is for, and `[settings]`: name → default, or
/// name → { type, default, help }.
fn manifest(source: &Source, problems: &mut Vec<Problem>) -> Vec<(String, Setting)> {
    let mut table = table(source, problems);
    let text = source.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    problems.extend(engine_problem(&table, source, text));
    let Some(toml::Value::Table(settings)) = table.remove("settings") else { return Vec::new() };
    let mut out = Vec::new();
    for (name, value) in settings {
        let (kind, default) = match value {
            toml::Value::Table(mut details) if details.contains_key("default") => {
                let kind = details.get("type").map(|kind| kind.as_str().unwrap_or("").to_string());
                (kind, details.remove("default"))
            }
            other => (None, Some(other)),
        };
        let default = default.and_then(|default| serde_json::to_value(default).ok()).unwrap_or_default();
        let wrong = |wanted: &str, found: &dyn std::fmt::Display| {
            let problem =
                Problem::new("theme-setting").with("setting", &name).with("wanted", wanted).with("found", found);
            problem.at(key_place(&source.path, text, &name))
        };
        match &kind {
            Some(kind) if !TYPES.contains(&kind.as_str()) => problems.push(wrong(&TYPES.join("/"), kind)),
            Some(kind) if !is_of_type(kind, &default) => problems.push(wrong(kind, &default)),
            _ => {}
        }
        out.push((name, Setting { kind, default }));
    }
    out
}

/// `min_engine` and `max_engine`: `0.2` means any 0.2.x.
fn engine_problem(table: &toml::Table, source: &Source, text: &str) -> Option<Problem> {
    let version = env!("CARGO_PKG_VERSION");
    let numbers = |text: &str| -> Option<Vec<u32>> { text.split('.').map(|part| part.parse().ok()).collect() };
    let own = numbers(version)?;
    let fits = |key: &str, text: &str| {
        let Some(wanted) = numbers(text) else { return false };
        let own = &own[..wanted.len().min(own.len())];
        if key == "min_engine" { own >= wanted.as_slice() } else { own <= wanted.as_slice() }
    };
    for (key, sign) in [("min_engine", "≥"), ("max_engine", "≤")] {
        let Some(value) = table.get(key) else { continue };
        let given = value.as_str().unwrap_or("?").to_string();
        if !value.is_str() || !fits(key, &given) {
            let name = table.get("name").and_then(toml::Value::as_str).unwrap_or("");
            let problem = Problem::new("theme-engine").with("theme", name).with("wanted", format!("{sign} {given}"));
            return Some(problem.with("version", version).at(key_place(&source.path, text, key)));
        }
    }
    None
}

/// The line that gives this key, else the file. TOML values keep no places, and a manifest is short.
fn key_place(path: &SourcePath, text: &str, key: &str) -> Place {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let named = bare.strip_prefix("[settings.").unwrap_or(bare).trim_start_matches('"');
        let rest = named.strip_prefix(key).map(|rest| rest.trim_start_matches('"').trim_start());
        if rest.is_some_and(|rest| rest.starts_with(['=', ']'])) {
            return Place::of_span(path, text, start + line.len() - bare.len(), start + line.trim_end().len());
        }
        start += line.len();
    }
    Place::file(path)
}

/// The defaults, and what the site says otherwise in `[extra.theme]`.
fn settled(
    settings: &BTreeMap<String, Setting>,
    config: &Config,
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> serde_json::Value {
    let mut values: serde_json::Map<String, serde_json::Value> =
        settings.iter().map(|(name, setting)| (name.clone(), setting.default.clone())).collect();
    let Some(serde_json::Value::Object(own)) = config.extra.get("theme") else { return values.into() };
    let path = SourcePath::new("civicast.toml");
    let text =
        sources.get(&path).and_then(Source::bytes).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    for (name, value) in own {
        let place = || key_place(&path, text, name);
        match settings.get(name) {
            None => {
                let near = nearest(name, settings.keys().map(String::as_str));
                let problem = Problem::new("theme-setting-unknown").with("setting", name).with("near", near);
                problems.push(problem.at(place()));
            }
            Some(Setting { kind: Some(kind), .. }) if !is_of_type(kind, value) => {
                let problem = Problem::new("theme-setting").with("setting", name).with("wanted", kind);
                problems.push(problem.with("found", value).at(place()));
                continue;
            }
            Some(_) => {}
        }
        values.insert(name.clone(), value.clone());
    }
    values.into()
}

/// Gives every file its published name. Style sheets come last, because their `url()`s get the new names of the others; they
/// are minified.
fn publish(statics: &BTreeMap<String, &Source>, problems: &mut Vec<Problem>) -> BTreeMap<String, StaticFile> {
    let mut out: BTreeMap<String, StaticFile> = BTreeMap::new();
    let (sheets, others): (Vec<_>, Vec<_>) =
        statics.iter().partition(|(name, _)| name.ends_with(".css") && fixed_name(name).is_none());
    for (name, source) in others {
        let output = fixed_name(name).unwrap_or_else(|| hashed_name(name, source.hash));
        let file =
            StaticFile { output, source: source.path.clone(), bytes: source.bytes().cloned(), hash: source.hash };
        out.insert(name.clone(), file);
    }
    for (name, source) in sheets {
        let text = source.bytes().map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
        let text = css::minified(&text).unwrap_or_else(|reason| {
            problems.push(Problem::new("theme-css").in_file(&source.path).with("reason", reason));
            text
        });
        let text = with_hashed_urls(&text, name, &out);
        let hash = Hash::of(text.as_bytes());
        let file = StaticFile {
            output: hashed_name(name, hash),
            source: source.path.clone(),
            bytes: Some(text.into_bytes().into()),
            hash,
        };
        out.insert(name.clone(), file);
    }
    out
}

/// `screens/x` stays `screens/x` (players ask for it by name for years); `root/x` goes to the top.
fn fixed_name(name: &str) -> Option<OutputPath> {
    if name.starts_with("screens/") {
        Some(OutputPath::new(name))
    } else {
        name.strip_prefix("root/").map(OutputPath::new)
    }
}

fn hashed_name(name: &str, hash: Hash) -> OutputPath {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let slash = if folder.is_empty() { "" } else { "/" };
    let dot = if ending.is_empty() { "" } else { "." };
    OutputPath::new(&format!("assets/{folder}{slash}{stem}.{}{dot}{ending}", hash.short(10)))
}

/// Replaces the file names in relative `url(…)`s by the published ones; folders stay as they are.
fn with_hashed_urls(css: &str, name: &str, statics: &BTreeMap<String, StaticFile>) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find("url(") {
        out.push_str(&rest[..at + 4]);
        rest = &rest[at + 4..];
        let Some(end) = rest.find(')') else { break };
        let inner = rest[..end].trim().trim_matches(['"', '\'']);
        let target = SourcePath::new(&format!("x/{name}")).join(inner);
        match target.and_then(|t| statics.get(t.as_str().strip_prefix("x/")?)) {
            Some(file) => {
                let folder = inner.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
                let published = file.output.as_str().rsplit('/').next().unwrap_or("");
                out.push_str(&format!("{folder}{published}"));
            }
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn hash(theme: &Theme) -> Hash {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for (name, template) in &theme.templates {
        parts.push(name.clone().into_bytes());
        parts.push(template.text.as_bytes().to_vec());
    }
    for (name, file) in &theme.statics {
        parts.push(format!("{name} {}", file.output).into_bytes());
    }
    parts.push(Hash::of_value(&theme.strings).0.to_vec());
    parts.push(Hash::of_value(&theme.main_strings).0.to_vec());
    parts.push(Hash::of_value(&theme.settings).0.to_vec());
    Hash::of_parts(parts.iter().map(Vec::as_slice))
}
