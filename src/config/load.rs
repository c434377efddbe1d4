//! Two files and what the command line says otherwise → `Config`, with everything checked that can be checked without
//! documents.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::keys::{CONFIG, KINDS_ON_SCREENS, SCREENS};
use super::{
    CodeFault, Config, HtmlPolicy, IndexPattern, Language, MenuEntry, Organisation, Pictures, Screen, credit_code_fault,
};
use crate::fields::{self, Field, Fields, Key, Reader, Shape, Typed};
use crate::file::{Source, SourcePath, stays_inside};
use crate::message::MESSAGES;
use crate::problem::{Problem, Severity};
use crate::tree::{self, Span, Syntax, TextFile};

/// Reads `civicast.toml` and `screens.toml`. `overrides` are keys and values from `--set` and the environment: the key as
/// a path (`organisation.name`, or with `_` for `.` as in environment variables), the value as text. Always gives a
/// configuration; with errors among the problems it is one to go on with, not one to build with.
pub fn load(
    civicast_toml: Option<&Source>,
    screens_toml: Option<&Source>,
    overrides: &[(String, String)],
) -> (Config, Vec<Problem>) {
    let mut config = Config::default();
    let mut problems = Vec::new();
    let mut complete = true;
    match civicast_toml {
        None => problems.push(Problem::new("missing-config").in_file(&SourcePath::new("civicast.toml"))),
        Some(source) => {
            match read(source, CONFIG, &mut problems, |fields, reader| apply(&mut config, fields, reader)) {
                Some(whole) => complete = whole,
                None => complete = false,
            }
        }
    }
    for (key, value) in overrides {
        override_key(&mut config, key, value, &mut problems);
    }
    if let Some(source) = civicast_toml.filter(|_| complete) {
        // A file that could not be read to its end may well have them.
        for (code, missing) in
            [("missing-site-title", config.title.is_empty()), ("missing-base-url", config.base_url.is_empty())]
        {
            if missing {
                problems.push(Problem::new(code).in_file(&source.path));
            }
        }
    }
    if let Some(source) = screens_toml {
        read(source, SCREENS, &mut problems, |fields, reader| screens(&mut config, fields, reader));
    }
    (config, problems)
}

/// Decodes, parses and reads a file, and hands its fields over. `None` when it can't be decoded; else whether all of its
/// syntax was understood.
fn read(
    source: &Source,
    keys: &'static [Key],
    problems: &mut Vec<Problem>,
    take: impl FnOnce(&Fields, &mut Reader),
) -> Option<bool> {
    let (file, mut notes) = match TextFile::decode(source) {
        Ok(decoded) => decoded,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    problems.append(&mut notes);
    let tree = tree::parse_all(&file, Syntax::Toml);
    let mut reader = Reader::new(&file, Syntax::Toml, keys);
    let fields = reader.read(&tree.root);
    take(&fields, &mut reader);
    problems.extend(reader.with_syntax(tree.problems));
    Some(tree.complete)
}

/// Reads one override as if it were a file of one line, so that it is checked like everything else.
fn override_key(config: &mut Config, key: &str, value: &str, problems: &mut Vec<Problem>) {
    let path = key_path(key);
    let shape = shape_at(&path);
    let dotted: Vec<String> = path.iter().map(|part| quote(part)).collect();
    let is_text = matches!(shape, Some(Shape::Text | Shape::Choice(_)));
    let written = if !is_text && tree::is_toml_value(value) { value.to_string() } else { quote(value) };
    let name = SourcePath::new(&format!("--set {key}={value}"));
    let file = TextFile::new(name, format!("{} = {written}", dotted.join(".")));
    let tree = tree::parse_all(&file, Syntax::Toml);
    let mut reader = Reader::new(&file, Syntax::Toml, CONFIG);
    let fields = reader.read(&tree.root);
    apply(config, &fields, &mut reader);
    // The line is ours, so a fix of it would help nobody.
    problems.extend(reader.with_syntax(tree.problems).into_iter().map(|problem| Problem { fix: None, ..problem }));
}

/// `organisation.name`, and `organisation_name` as it comes from the environment.
fn key_path(key: &str) -> Vec<String> {
    if key.contains('.') || fields::find(CONFIG, key).is_some() {
        return key.split('.').map(str::to_string).collect();
    }
    for table in CONFIG {
        if let Some(rest) = key.strip_prefix(table.name).and_then(|rest| rest.strip_prefix('_')) {
            match table.shape {
                Shape::Table(inner) if fields::find(inner, rest).is_some() => {
                    return vec![table.name.to_string(), rest.to_string()];
                }
                Shape::Map(Shape::Choice(_)) => return vec![table.name.to_string(), rest.replace('_', "-")],
                _ => {}
            }
        }
    }
    vec![key.to_string()]
}

fn shape_at(path: &[String]) -> Option<Shape> {
    let mut shape = fields::find(CONFIG, path.first()?)?.shape;
    for part in &path[1..] {
        shape = match shape {
            Shape::Table(keys) => fields::find(keys, part)?.shape,
            Shape::Map(inner) => *inner,
            _ => return None,
        };
    }
    Some(shape)
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Puts what was given over what the configuration holds.
fn apply(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    let text = |name: &str, target: &mut String| {
        if let Some(value) = fields.text(name) {
            *target = value.to_string();
        }
    };
    text("title", &mut config.title);
    text("description", &mut config.description);
    let size = |name: &str, target: &mut usize| {
        if let Some(value) = fields.int(name).and_then(|i| usize::try_from(i).ok()) {
            *target = value;
        }
    };
    size("page_size", &mut config.page_size);
    size("feed_limit", &mut config.feed_limit);
    size("catalogue_page_size", &mut config.catalogue_page_size);
    size("summary_length", &mut config.summary_length);
    config.feeds = choices(fields, "feeds").unwrap_or_else(|| std::mem::take(&mut config.feeds));
    config.feeds_of = choices(fields, "feeds_of").unwrap_or_else(|| std::mem::take(&mut config.feeds_of));
    config.archive = fields.bool("archive").unwrap_or(config.archive);
    config.catalogue = fields.bool("catalogue").unwrap_or(config.catalogue);
    config.first_page_redirect = fields.bool("first_page_redirect").unwrap_or(config.first_page_redirect);
    if let Some(bytes) = fields.int("max_text_bytes").and_then(|i| u64::try_from(i).ok()) {
        config.max_text_bytes = bytes;
    }
    if let Some(pictures) = fields.table("pictures") {
        apply_pictures(&mut config.pictures, pictures);
    }
    if let Some(word) = fields.choice("html") {
        config.html = match word {
            "escape" => HtmlPolicy::Escape,
            "trust" => HtmlPolicy::Trust,
            _ => HtmlPolicy::Sanitise,
        };
    }
    checked(fields, reader, "base_url", base_url_fault, |url| config.base_url = url);
    checked(fields, reader, "language", language_fault, |language| config.language = language);
    checked(fields, reader, "theme", theme_fault, |theme| config.theme = theme);
    checked(fields, reader, "output", output_fault, |output| config.output = output);
    time_zone(config, fields, reader);
    if let Some((field, text)) = fields.get("index_pattern").and_then(|f| Some((f, f.as_text()?))) {
        match IndexPattern::parse(text) {
            Some(pattern) => config.index_pattern = pattern,
            None => {
                let problem = reader.problem("bad-index-pattern", field.span).with("found", text);
                // The hint shows the braces that a pattern has.
                reader.report(problem.with("code", "{code}").with("year", "{year}").with("5", "{5}"));
            }
        }
    }
    if let Some(organisation) = fields.table("organisation") {
        apply_organisation(&mut config.organisation, organisation, reader);
    }
    if let Some(items) = fields.list("menu") {
        config.menu = menu(items, reader);
    }
    if let Some(items) = fields.list("links") {
        config.links = menu(items, reader);
    }
    if let Some(items) = fields.list("languages") {
        config.languages = languages(items, config, reader);
    }
    severities(config, fields, reader);
    pinyin(config, fields, reader);
    if let Some(fonts) = fields.texts("fonts") {
        config.fonts = fonts;
    }
    config.relative_links = fields.bool("relative_links").unwrap_or(config.relative_links);
    config.compress = fields.bool("compress").unwrap_or(config.compress);
    extra(config, fields, reader);
}

/// The code of what is wrong with a text and, where it is certain, the right text.
type Slip = (&'static str, Option<String>);

/// Takes a text when nothing is wrong with it.
fn checked(
    fields: &Fields,
    reader: &mut Reader,
    name: &str,
    fault: fn(&str) -> Option<Slip>,
    take: impl FnOnce(String),
) {
    let Some((field, text)) = fields.get(name).and_then(|f| Some((f, f.as_text()?))) else { return };
    match fault(text) {
        None => take(text.to_string()),
        Some((code, better)) => {
            let mut problem = reader.problem(code, field.span).with("found", text);
            if let Some(line) = better.and_then(|text| reader.line_with_text(field.span, &text)) {
                problem = problem.fix(line);
            }
            reader.report(problem);
        }
    }
}

fn base_url_fault(url: &str) -> Option<Slip> {
    let better = url.trim_end_matches('/').to_string();
    let Some(rest) = better.strip_prefix("https://").or_else(|| better.strip_prefix("http://")) else {
        let looks_like_host = url.contains('.') && !url.contains([':', ' ']);
        return Some(("bad-base-url", looks_like_host.then(|| format!("https://{better}"))));
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, "x"));
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let good_host = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && !name.starts_with(['.', '-'])
        && port.parse::<u16>().is_ok();
    let good_path = stays_inside(path) && !path.contains(['?', '#', '%', ' ', '"', '<', '>']);
    match (good_host && good_path, better == url) {
        (true, true) => None,
        (true, false) => Some(("bad-base-url", Some(better))),
        (false, _) => Some(("bad-base-url", None)),
    }
}

fn language_fault(language: &str) -> Option<Slip> {
    let good_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = language.split('-').next().unwrap_or("");
    let good = language.split('-').all(good_part) && (2..=3).contains(&first.len());
    let better = language.replace('_', "-");
    (!good).then(|| ("bad-language", (better != language).then_some(better)))
}

fn theme_fault(theme: &str) -> Option<Slip> {
    let good = stays_inside(theme) && !theme.contains('/') && !theme.starts_with('.');
    (!good).then_some(("bad-folder-name", None))
}

fn output_fault(output: &str) -> Option<Slip> {
    let first = output.split('/').next().unwrap_or("");
    // Whatever stands in the output folder may be removed by a build.
    let is_ours = ["content", "themes", "static", "data", ".civicast", ".git"].contains(&first.to_lowercase().as_str());
    (!stays_inside(output) || is_ours).then_some(("bad-output-folder", None))
}

fn time_zone(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    let Some((field, name)) = fields.get("timezone").and_then(|f| Some((f, f.as_text()?))) else { return };
    match TimeZone::get(name) {
        Ok(zone) => {
            config.timezone = name.to_string();
            config.zone = zone;
        }
        Err(_) => {
            let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let near = if name.len() < 100 { fields::nearest(name, &names).join(" / ") } else { String::new() };
            reader.report(reader.problem("unknown-time-zone", field.span).with("found", name).with("near", near));
        }
    }
}

fn apply_pictures(pictures: &mut Pictures, fields: &Fields) {
    if let Some(list) = fields.list("widths") {
        let width = |field: &Field| match field.value {
            Typed::Int(pixels) => u32::try_from(pixels).ok(),
            _ => None,
        };
        let widths: BTreeSet<u32> = list.iter().filter_map(width).collect();
        if !widths.is_empty() {
            pictures.widths = widths.into_iter().collect();
        }
    }
    if let Some(quality) = fields.int("quality").and_then(|i| u8::try_from(i).ok()) {
        pictures.quality = quality;
    }
    for (name, target) in [("max_bytes", &mut pictures.max_bytes), ("max_pixels", &mut pictures.max_pixels)] {
        if let Some(value) = fields.int(name).and_then(|i| u64::try_from(i).ok()) {
            *target = value;
        }
    }
}

fn apply_organisation(organisation: &mut Organisation, fields: &Fields, reader: &mut Reader) {
    let targets: [(&str, &mut String); 12] = [
        ("name", &mut organisation.name),
        ("short_name", &mut organisation.short_name),
        ("sponsor", &mut organisation.sponsor),
        ("operator", &mut organisation.operator),
        ("site_code", &mut organisation.site_code),
        ("icp", &mut organisation.icp),
        ("police", &mut organisation.police),
        ("credit_code", &mut organisation.credit_code),
        ("address", &mut organisation.address),
        ("phone", &mut organisation.phone),
        ("postcode", &mut organisation.postcode),
        ("email", &mut organisation.email),
    ];
    for (name, target) in targets {
        let fault: fn(&str) -> Option<&'static str> = match name {
            "site_code" => |code| (!is_digits(code, 10)).then_some("bad-site-code"),
            "postcode" => |code| (!is_digits(code, 6)).then_some("bad-postcode"),
            _ => |_| None,
        };
        let Some((field, text)) = fields.get(name).and_then(|f| Some((f, f.as_text()?))) else { continue };
        if text.is_empty() {
            continue;
        }
        if let Some(code) = fault(text) {
            reader.report(reader.problem(code, field.span).with("found", text));
        }
        if name == "credit_code"
            && let Some(fault) = credit_code_fault(text)
        {
            reader.report(credit_code_problem(reader, field.span, text, text, fault));
        }
        *target = text.to_string();
    }
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// The problem for a credit code that does not check; `written` is the whole value in which it stands.
pub(crate) fn credit_code_problem(reader: &Reader, span: Span, written: &str, code: &str, fault: CodeFault) -> Problem {
    let (name, check) = match fault {
        CodeFault::Shape => ("bad-credit-code", None),
        CodeFault::CreditCheck(check) => ("credit-code-check", Some(check)),
        CodeFault::OrganisationCheck(check) => ("organisation-code-check", Some(check)),
    };
    let mut problem = reader.problem(name, span).with("found", code);
    if let Some(check) = check {
        let written_check = code.chars().nth(if name == "credit-code-check" { 17 } else { 16 }).unwrap_or(' ');
        problem = problem.with("written", written_check).with("check", check);
    }
    let upper = written.to_uppercase();
    let code_upper = upper.get(..18).unwrap_or(&upper);
    if fault == CodeFault::Shape
        && credit_code_fault(code_upper).is_none()
        && let Some(line) = reader.line_with_text(span, &upper)
    {
        problem = problem.fix(line);
    }
    problem
}

fn menu(items: &[Field], reader: &mut Reader) -> Vec<MenuEntry> {
    let mut out = Vec::new();
    for item in items {
        let Some(fields) = item.as_table() else { continue };
        let below = links(fields.list("children").unwrap_or_default(), reader, |_| (String::new(), Vec::new()));
        let more = |fields: &Fields| (fields.string("role").unwrap_or_default(), below.clone());
        out.extend(links(std::slice::from_ref(item), reader, more));
    }
    out
}

/// Named links; `more` reads the role and the links below, which not every table of links has.
fn links(items: &[Field], reader: &mut Reader, more: impl Fn(&Fields) -> (String, Vec<MenuEntry>)) -> Vec<MenuEntry> {
    let mut out = Vec::new();
    for item in items {
        let Some(fields) = item.as_table() else { continue };
        let (role, children) = more(fields);
        let entry = MenuEntry {
            name: fields.string("name").unwrap_or_default(),
            url: fields.string("url").unwrap_or_default(),
            role,
            children,
        };
        let span = fields.get("url").map_or(item.span, |field| field.span);
        let known_scheme = ["http://", "https://", "mailto:", "tel:"].iter().any(|s| entry.url.starts_with(s));
        if entry.name.is_empty() || entry.url.is_empty() {
            reader.report(reader.problem("incomplete-link", item.span));
        } else if !known_scheme && (!entry.url.starts_with('/') || entry.url.starts_with("//")) {
            reader.report(reader.problem("bad-link-address", span).with("found", &entry.url));
        } else {
            out.push(entry);
        }
    }
    out
}

/// The other languages: each code once, and not that of the site itself.
fn languages(items: &[Field], config: &Config, reader: &mut Reader) -> Vec<Language> {
    let mut out: Vec<Language> = Vec::new();
    for item in items {
        let Some(fields) = item.as_table() else { continue };
        let code = fields.string("code").unwrap_or_default();
        let span = fields.get("code").map_or(item.span, |field| field.span);
        let is_lower = code.bytes().all(|byte| !byte.is_ascii_uppercase());
        if language_fault(&code).is_some() || !is_lower {
            let problem = reader.problem("bad-language-code", span).with("found", &code);
            let better = code.replace('_', "-").to_ascii_lowercase();
            let line = language_fault(&better).is_none().then(|| reader.line_with_text(span, &better)).flatten();
            reader.report(line.map_or(problem.clone(), |line| problem.fix(line)));
            continue;
        }
        if code.eq_ignore_ascii_case(&config.language) || out.iter().any(|other| other.code == code) {
            reader.report(reader.problem("duplicate-language", span).with("code", &code));
            continue;
        }
        let mut organisation = Organisation::default();
        if let Some(table) = fields.table("organisation") {
            apply_organisation(&mut organisation, table, reader);
        }
        out.push(Language {
            name: fields.string("name").unwrap_or_else(|| code.clone()),
            title: fields.string("title").unwrap_or_default(),
            description: fields.string("description").unwrap_or_default(),
            menu: fields.list("menu").map_or_else(Vec::new, |items| menu(items, reader)),
            links: fields.list("links").map_or_else(Vec::new, |items| menu(items, reader)),
            organisation,
            fallback: choices(fields, "fallback").unwrap_or_default(),
            code,
        });
    }
    out
}

fn severities(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    let codes: Vec<&str> = MESSAGES.iter().map(|m| m.code).collect();
    for (code, field) in fields.map("problems").unwrap_or_default() {
        if !codes.contains(&code.as_str()) {
            let near = fields::nearest(code, &codes).join(" / ");
            reader
                .report(reader.problem("unknown-problem-code", field.key_span).with("found", code).with("near", near));
        }
        let severity = match field.value {
            Typed::Choice("error") => Some(Severity::Error),
            Typed::Choice("warning") => Some(Severity::Warning),
            Typed::Choice("note") => Some(Severity::Note),
            _ => None,
        };
        config.problems.insert(code.clone(), severity);
    }
}

fn pinyin(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    for (words, field) in fields.map("pinyin").unwrap_or_default() {
        let spelling = field.as_text().unwrap_or("");
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if words.is_empty() || spelling.is_empty() || !spelling.chars().all(good) {
            reader.report(reader.problem("bad-pinyin", field.span).with("found", spelling));
        } else {
            config.pinyin.insert(words.clone(), spelling.to_string());
        }
    }
}

/// `[extra]`, with the keys beside it that nobody knows.
fn extra(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    match (fields.any("extra"), fields.get("extra")) {
        (Some(table @ serde_json::Value::Object(_)), _) => config.extra = table.clone(),
        (Some(_), Some(field)) => {
            reader.report(reader.problem("expected-table", field.span).with("key", "extra").with("example", "[extra]"));
        }
        _ => {}
    }
    if !fields.unknown.is_empty() {
        let mut object = config.extra.as_object().cloned().unwrap_or_default();
        for (key, value) in &fields.unknown {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
        config.extra = serde_json::Value::Object(object);
    }
}

/// What `[defaults]` sets for every screen.
struct Defaults {
    hours: Vec<(String, String)>,
    seconds: u32,
    shows: Vec<String>,
    min_share: BTreeMap<String, f64>,
}

fn screens(config: &mut Config, fields: &Fields, reader: &mut Reader) {
    let none = Fields::default();
    let given = fields.table("defaults").unwrap_or(&none);
    if let Some(days) = given.int("horizon_days").and_then(|i| u32::try_from(i).ok()) {
        config.horizon_days = days;
    }
    let all_kinds = || KINDS_ON_SCREENS.iter().map(|kind| kind.name.to_string()).collect();
    let defaults = Defaults {
        hours: hours(given, reader).unwrap_or_default(),
        seconds: seconds(given).unwrap_or(10),
        shows: choices(given, "shows").unwrap_or_else(all_kinds),
        min_share: shares(given, reader).unwrap_or_default(),
    };
    let mut ids: BTreeMap<String, Span> = BTreeMap::new();
    for item in fields.list("screen").unwrap_or_default() {
        let Some(fields) = item.as_table() else { continue };
        let Some(screen) = screen(fields, item.span, &defaults, reader) else { continue };
        let id_span = fields.get("id").map_or(item.span, |field| field.span);
        // Case does not count: /screens/Hall/ and /screens/hall/ are one folder on many servers.
        match ids.get(&screen.id.to_lowercase()) {
            Some(&first) => {
                let problem = reader.problem("duplicate-screen", id_span).with("id", &screen.id);
                reader.report(problem.also(reader.place(first)));
            }
            None => {
                ids.insert(screen.id.to_lowercase(), id_span);
                config.screens.push(screen);
            }
        }
    }
}

/// One `[[screen]]`; `None` when it lacks what it can't be without.
fn screen(fields: &Fields, span: Span, defaults: &Defaults, reader: &mut Reader) -> Option<Screen> {
    for key in ["id", "point", "size"] {
        if fields.get(key).is_none() && !fields.was_wrong(key) {
            reader.report(reader.problem("incomplete-screen", span).with("key", key));
        }
    }
    let id_field = fields.get("id")?;
    let id = id_field.as_text()?.to_string();
    if !is_screen_id(&id) {
        reader.report(reader.problem("bad-screen-id", id_field.span).with("found", &id));
        return None;
    }
    let side = |i: usize| match fields.list("size")?.get(i)?.value {
        Typed::Int(pixels) => u32::try_from(pixels).ok(),
        _ => None,
    };
    let size = (side(0)?, side(1)?);
    let shows = choices(fields, "shows").unwrap_or_else(|| defaults.shows.clone());
    let min_share = shares(fields, reader).unwrap_or_else(|| defaults.min_share.clone());
    if let (Some(field), Some(kind)) = (fields.get("min_share"), min_share.keys().find(|kind| !shows.contains(kind))) {
        reader.report(reader.problem("share-not-shown", field.span).with("kind", kind));
    }
    Some(Screen {
        name: fields.string("name").unwrap_or_else(|| id.clone()),
        id,
        point: fields.choice("point")?.to_string(),
        place: fields.string("place").unwrap_or_default(),
        size,
        tags: fields.texts("tags").unwrap_or_default(),
        shows,
        min_share,
        hours: hours(fields, reader).unwrap_or_else(|| defaults.hours.clone()),
        seconds: seconds(fields).unwrap_or(defaults.seconds),
        png: fields.bool("png").unwrap_or(false),
        kit: fields.bool("kit").unwrap_or(false),
        variant: fields.string("variant").unwrap_or_default(),
        contact: fields.string("contact").unwrap_or_default(),
    })
}

fn is_screen_id(id: &str) -> bool {
    // `files` and `player.js` stand beside the screens' folders.
    let reserved = ["files", "index", "player"].contains(&id.to_lowercase().as_str());
    let good = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    good && !reserved && (1..=64).contains(&id.len()) && !id.starts_with('-') && !id.ends_with('-')
}

fn seconds(fields: &Fields) -> Option<u32> {
    fields.int("seconds").and_then(|i| u32::try_from(i).ok())
}

fn choices(fields: &Fields, name: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let items = fields.list(name)?.iter().filter_map(|item| match item.value {
        Typed::Choice(word) => Some(word),
        _ => None,
    });
    Some(items.filter(|word| seen.insert(*word)).map(str::to_string).collect())
}

fn shares(fields: &Fields, reader: &mut Reader) -> Option<BTreeMap<String, f64>> {
    let entries = fields.map("min_share")?;
    let mut out = BTreeMap::new();
    for (written, field) in entries {
        let kind = KINDS_ON_SCREENS.iter().find(|k| k.name == written || k.zh.contains(&written.as_str()));
        match (kind, &field.value) {
            (Some(kind), Typed::Number(share)) => {
                out.insert(kind.name.to_string(), *share);
            }
            _ => {
                let known: Vec<&str> = KINDS_ON_SCREENS.iter().map(|kind| kind.name).collect();
                let problem = reader.problem("unknown-value", field.key_span).with("key", "min_share");
                reader.report(problem.with("found", written).with("known", known.join(" / ")));
            }
        }
    }
    if let Some(field) = fields.get("min_share").filter(|_| out.values().sum::<f64>() > 1.0 + 1e-9) {
        let sum = format!("{:.2}", out.values().sum::<f64>());
        reader.report(reader.problem("shares-over-one", field.span).with("sum", sum));
    }
    Some(out)
}

/// Opening hours as pairs of a rule of days and a span; one span for all days has the rule `every`.
fn hours(fields: &Fields, reader: &mut Reader) -> Option<Vec<(String, String)>> {
    let field = fields.get("hours")?;
    let given: Vec<(String, String, Span)> = match &field.value {
        Typed::Text(span) => vec![("every".to_string(), span.clone(), field.span)],
        Typed::Map(entries) => entries
            .iter()
            .filter_map(|(days, field)| Some((days.clone(), field.as_text()?.to_string(), field.span)))
            .collect(),
        _ => return None,
    };
    let mut out = Vec::new();
    for (days, hours, span) in given {
        if is_hour_span(&hours) {
            out.push((days, hours));
        } else {
            reader.report(reader.problem("bad-opening-hours", span).with("found", &hours));
        }
    }
    Some(out)
}

/// `07:30-19:00`; its meaning is for `schedule`, but the place of a slip is known only here.
fn is_hour_span(text: &str) -> bool {
    let time = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let digits = |t: &str, most: u8| (1..=2).contains(&t.len()) && t.parse::<u8>().is_ok_and(|n| n <= most);
        (digits(hour, 24) && minute.len() == 2 && digits(minute, 59)).then_some(())
    };
    text.split_once('-').is_some_and(|(from, until)| time(from).is_some() && time(until).is_some())
}
