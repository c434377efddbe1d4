//! The tree of the front matter → `FrontMatter`, with every rule that one file and the settings can decide.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use serde_json::Value as Json;

use super::keys::FRONT_MATTER;
use super::split::Split;
use super::{
    Activity, Disclosure, FileRef, FrontMatter, Kind, Moment, Openness, Pinned, SectionDefaults, SectionRules, SortBy,
    Tone,
};
use crate::config::{self, Config, IndexFault};
use crate::fields::{Field, Fields, Reader, Typed, When};
use crate::file::stays_inside;
use crate::problem::Problem;
use crate::schedule::{DayRule, HourSpan, ItemRules, Priority};
use crate::tree::{self, Span, TextFile};

/// The front matter, what was wrong, and whether all of its syntax was understood.
pub(super) fn read(
    file: &TextFile,
    split: &Split,
    kind_by_path: Kind,
    config: &Config,
) -> (FrontMatter, Vec<Problem>, bool) {
    let empty = Span::new(0, 0);
    let (span, syntax) = split.front.unwrap_or((empty, tree::Syntax::Toml));
    let tree = tree::parse(file, span, syntax);
    let mut reader = Reader::new(file, syntax, FRONT_MATTER);
    let fields = reader.read(&tree.root);
    let mut hand = Hand { fields: &fields, reader: &mut reader, zone: &config.zone, config };
    let front = hand.front_matter(kind_by_path, tree.complete);
    (front, reader.with_syntax(tree.problems), tree.complete)
}

/// What every step needs at hand.
struct Hand<'a, 'r> {
    fields: &'a Fields,
    reader: &'a mut Reader<'r>,
    zone: &'a TimeZone,
    config: &'a Config,
}

impl Hand<'_, '_> {
    fn front_matter(&mut self, kind_by_path: Kind, complete: bool) -> FrontMatter {
        let fields = self.fields;
        let kind = self.kind(kind_by_path);
        self.keys_of_other_kinds(kind);
        let (on_portal, on_screens) = self.channels(kind);
        let date = self.moment(fields, "date");
        let front = FrontMatter {
            title: one_line(fields.text("title").unwrap_or("")),
            title_place: fields.text("title").and(fields.get("title")).map(|field| self.reader.place(field.span)),
            kind,
            date,
            updated: self.moment(fields, "updated"),
            publish: self.moment(fields, "publish").or(date).map(|moment| moment.at),
            expires: self.moment(fields, "expires").map(|moment| moment.at),
            draft: fields.bool("draft").unwrap_or(false),
            slug: self.slug().map(Box::new),
            aliases: self.aliases(),
            topics: distinct(fields.texts("topics")),
            series: fields.string("series"),
            tags: distinct(fields.texts("tags")),
            department: fields.string("department"),
            source: fields.string("source"),
            author: fields.string("author"),
            summary: fields.text("summary").map(one_line),
            image: fields.get("image").and_then(|field| self.file_ref(field.as_text()?, "", field.span)).map(Box::new),
            image_alt: fields.text("image_alt").map(one_line).unwrap_or_default(),
            video: fields.get("video").and_then(|field| self.file_ref(field.as_text()?, "", field.span)).map(Box::new),
            attachments: self.attachments(),
            pinned: self.pinned(),
            weight: fields.int("weight").unwrap_or(0),
            template: fields.string("template"),
            noindex: fields.bool("noindex").unwrap_or(false),
            on_portal,
            on_screens,
            disclosure: fields
                .table("disclosure")
                .map(|table| self.disclosure(table, date))
                // In another kind it is an error, but even a forgiven one must not publish what is withheld.
                .filter(|disclosure| kind == Kind::Notice || disclosure.openness != Openness::Public)
                .map(Box::new),
            activity: fields.table("activity").filter(|_| kind == Kind::Report).map(|t| Box::new(self.activity(t))),
            screen: fields.table("screen").map(|table| self.screen(table)).into(),
            attribution: fields.string("attribution"),
            tone: match fields.choice("tone") {
                Some("festive") => Tone::Festive,
                Some("solemn") => Tone::Solemn,
                _ => Tone::Plain,
            },
            section: fields.table("section").map(section).into(),
            extra: Some(self.extra()).filter(|extra| !extra.is_null()).into(),
        };
        self.required_date(&front, complete);
        self.order_of_dates(&front);
        front
    }

    fn kind(&mut self, by_path: Kind) -> Kind {
        let given = match self.fields.choice("kind") {
            Some("notice") => Kind::Notice,
            Some("slogan") => Kind::Slogan,
            Some("report") => Kind::Report,
            Some("page") => Kind::Page,
            _ => return by_path,
        };
        if by_path == Kind::Section {
            let span = self.fields.get("kind").map_or(Span::default(), |field| field.key_span);
            let problem =
                self.reader.problem("wrong-kind-key", span).with("key", "kind（类型）").with("kind", "section");
            self.reader.report(problem.with("only", KIND_NAMES[..4].join(" / ")));
            return by_path;
        }
        given
    }

    fn keys_of_other_kinds(&mut self, kind: Kind) {
        for (key, field) in self.fields.given() {
            if !key.only.is_empty() && !key.only.contains(&kind.as_str()) {
                let problem = self.reader.problem("wrong-kind-key", field.key_span);
                let problem =
                    problem.with("key", crate::fields::both_names(key)).with("kind", shown_kind(kind.as_str()));
                let only: Vec<&str> = key.only.iter().map(|kind| shown_kind(kind)).collect();
                self.reader.report(problem.with("only", only.join(" / ")));
            }
        }
    }

    fn channels(&self, kind: Kind) -> (bool, bool) {
        let Some(given) = self.fields.list("channels") else {
            return (true, matches!(kind, Kind::Notice | Kind::Slogan | Kind::Report));
        };
        let has = |name: &str| given.iter().any(|item| matches!(item.value, Typed::Choice(word) if word == name));
        (has("portal"), has("screens"))
    }

    fn moment(&self, fields: &Fields, name: &str) -> Option<Moment> {
        moment(fields.date(name)?, self.zone)
    }

    fn slug(&mut self) -> Option<(String, crate::problem::Place)> {
        let field = self.fields.get("slug")?;
        let slug = self.fields.text("slug")?;
        let good = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let clean = slug.chars().all(good) && !slug.starts_with('.') && !slug.ends_with('.') && slug.len() <= 200;
        if clean {
            return Some((slug.to_string(), self.reader.place(field.span)));
        }
        let mut better = String::new();
        for c in slug.trim_matches(|c: char| !c.is_alphanumeric()).chars() {
            match c {
                _ if good(c) => better.push(c),
                _ if !better.ends_with('-') => better.push('-'),
                _ => {}
            }
        }
        let mut problem = self.reader.problem("bad-slug", field.span).with("found", slug);
        if !better.is_empty()
            && slug.len() <= 200
            && let Some(line) = self.reader.line_with_text(field.span, &better)
        {
            problem = problem.fix(line);
        }
        self.reader.report(problem);
        None
    }

    fn aliases(&mut self) -> Vec<(String, crate::problem::Place)> {
        let mut out: Vec<(String, crate::problem::Place)> = Vec::new();
        for field in self.fields.list("aliases").unwrap_or_default() {
            let Some(written) = field.as_text().filter(|text| !text.is_empty()) else { continue };
            let inner = written.strip_prefix('/').unwrap_or(written);
            let inner = inner.strip_suffix('/').unwrap_or(inner);
            if !stays_inside(inner) || inner.contains(['?', '#', '%', ':', '"', '<', '>', '|', '*']) {
                self.reader.report(self.reader.problem("bad-alias", field.span).with("found", written));
            } else {
                let path = if written.starts_with('/') { written.to_string() } else { format!("/{written}") };
                if !out.iter().any(|(known, _)| *known == path) || out.len() > 1000 {
                    out.push((path, self.reader.place(field.span)));
                }
            }
        }
        out
    }

    fn attachments(&mut self) -> Vec<FileRef> {
        let mut out = Vec::new();
        for field in self.fields.list("attachments").unwrap_or_default() {
            let file = match &field.value {
                Typed::Text(target) => self.file_ref(target, "", field.span),
                Typed::Table(table) => match table.get("file") {
                    Some(file) => self.file_ref(
                        file.as_text().unwrap_or(""),
                        &one_line(table.text("title").unwrap_or("")),
                        file.span,
                    ),
                    None => {
                        self.reader.report(self.reader.problem("attachment-without-file", field.span));
                        None
                    }
                },
                _ => None,
            };
            out.extend(file);
        }
        out
    }

    /// A file of the site: beside the document, or from the site folder when it begins with `/`.
    fn file_ref(&mut self, target: &str, title: &str, span: Span) -> Option<FileRef> {
        if target.is_empty() {
            return None;
        }
        let is_drive = target.as_bytes().get(1) == Some(&b':');
        if target.contains("://") || target.starts_with("//") || target.starts_with("data:") || is_drive {
            self.reader.report(self.reader.problem("not-in-site", span).with("found", target));
            return None;
        }
        if target.contains('\\') {
            let mut problem = self.reader.problem("backslash-in-path", span).with("found", target);
            if let Some(line) = self.reader.line_with_text(span, &target.replace('\\', "/")) {
                problem = problem.fix(line);
            }
            self.reader.report(problem);
            return None;
        }
        let resolved = self.reader.file.path.join(target);
        // Beside content and static files the site folder holds what is not for publication: screens.toml has contacts.
        let is_public = |path: &str| {
            (path.starts_with("content/") || path.starts_with("static/"))
                && !path.split('/').any(|p| p.starts_with('.'))
        };
        if !resolved.is_some_and(|path| is_public(path.as_str())) {
            self.reader.report(self.reader.problem("path-leaves-site", span).with("found", target));
            return None;
        }
        Some(FileRef { target: target.to_string(), title: title.to_string(), place: self.reader.place(span) })
    }

    fn pinned(&self) -> Pinned {
        match self.fields.get("pinned").map(|field| &field.value) {
            Some(Typed::Bool(true)) => Pinned::Always,
            Some(Typed::Date(when)) => moment(*when, self.zone).map_or(Pinned::No, |moment| Pinned::Until(moment.at)),
            _ => Pinned::No,
        }
    }

    fn disclosure(&mut self, table: &Fields, date: Option<Moment>) -> Disclosure {
        let openness = match table.choice("openness") {
            Some("on-request") => Openness::OnRequest,
            Some("closed") => Openness::Closed,
            // A wrong word must not publish anything: the problem stops the build, and if it is turned off, this holds.
            _ if table.was_wrong("openness") => Openness::Closed,
            _ => Openness::Public,
        };
        if let Some(field) = table.get("openness").filter(|_| openness != Openness::Public) {
            let found = self.reader.file.slice(field.span).to_string();
            self.reader.report(self.reader.problem("withheld", field.span).with("found", found));
        }
        let written = self.moment(table, "written");
        if let (Some(written), Some(date), Some(field)) = (written, date, table.get("written"))
            && written.date > date.date
        {
            let problem = self.reader.problem("written-after-date", field.span);
            self.reader.report(problem.with("written", written.date).with("date", date.date));
        }
        let index = table.get("index_number").filter(|_| table.text("index_number").is_some());
        if let Some(field) = index {
            self.index_number(field, date);
        }
        if let Some(field) = table.get("document_number") {
            self.document_number(field);
        }
        Disclosure {
            index_number: table.string("index_number").unwrap_or_default(),
            index_place: index.map(|field| self.reader.place(field.span)),
            openness,
            publisher: table.string("publisher").unwrap_or_default(),
            category: table.string("category").unwrap_or_default(),
            document_number: table.string("document_number").unwrap_or_default(),
            written,
            validity: match table.choice("validity") {
                Some("valid") => "有效".into(),
                Some("expired") => "失效".into(),
                Some("repealed") => "废止".into(),
                _ => String::new(),
            },
        }
    }

    fn index_number(&mut self, field: &Field, date: Option<Moment>) {
        let number = field.as_text().unwrap_or("");
        let pattern = &self.config.index_pattern;
        match pattern.verify(number) {
            Ok(Some(year)) => {
                if let Some(date) = date.filter(|date| date.date.year() != year) {
                    let problem = self.reader.problem("index-year", field.span).with("year", year);
                    self.reader.report(problem.with("date", date.date));
                }
            }
            Ok(None) => {}
            Err(IndexFault::Shape) => {
                let mut problem = self.reader.problem("bad-index-number", field.span).with("found", number);
                problem = problem.with("pattern", pattern.shown());
                let better = half_width(number).to_uppercase();
                if pattern.verify(&better).is_ok()
                    && let Some(line) = self.reader.line_with_text(field.span, &better)
                {
                    problem = problem.fix(line);
                }
                self.reader.report(problem);
            }
            Err(IndexFault::Code(fault)) => {
                let code = number.split('/').next().unwrap_or("");
                let problem = config::credit_code_problem(self.reader, field.span, number, code, fault);
                self.reader.report(problem);
            }
        }
    }

    fn document_number(&mut self, field: &Field) {
        let number = field.as_text().unwrap_or("");
        if number.is_empty() || is_document_number(number) {
            return;
        }
        let mut problem = self.reader.problem("bad-document-number", field.span).with("found", number);
        let better = mended_document_number(number);
        if is_document_number(&better)
            && let Some(line) = self.reader.line_with_text(field.span, &better)
        {
            problem = problem.fix(line);
        }
        self.reader.report(problem);
    }

    fn activity(&mut self, table: &Fields) -> Activity {
        let figures = table.map("figures").unwrap_or_default().iter();
        Activity {
            date: self.moment(table, "date"),
            place: table.string("place").unwrap_or_default(),
            kind: table.string("type").unwrap_or_default(),
            participants: table.int("participants").and_then(|i| u32::try_from(i).ok()),
            hours: table.number("hours"),
            figures: figures.filter_map(|(name, f)| Some((name.clone(), f.as_text()?.to_string()))).collect(),
        }
    }

    fn screen(&mut self, table: &Fields) -> ItemRules {
        let rules = ItemRules {
            on: distinct(table.texts("on")),
            from: self.moment(table, "from").map(|moment| moment.at),
            until: self.moment(table, "until").map(|moment| moment.at),
            days: self.rules(table, "days", DayRule::parse),
            hours: self.rules(table, "hours", HourSpan::parse),
            seconds: table.int("seconds").and_then(|i| u32::try_from(i).ok()),
            weight: table.int("weight").and_then(|i| u32::try_from(i).ok()).unwrap_or(0),
            priority: if table.choice("priority") == Some("takeover") { Priority::Takeover } else { Priority::Normal },
            text: table.string("text"),
            evergreen: table.bool("evergreen").unwrap_or(false),
            design: table.string("design"),
            motif: table.string("motif"),
        };
        if let (Some(from), Some(until), Some(field)) = (rules.from, rules.until, table.get("until"))
            && until <= from
        {
            self.reader.report(self.reader.problem("until-before-from", field.span));
        }
        rules
    }

    fn rules<T>(&mut self, table: &Fields, name: &str, parse: fn(&str) -> Result<T, &'static str>) -> Vec<T> {
        let mut out = Vec::new();
        for field in table.list(name).unwrap_or_default() {
            let Some(written) = field.as_text().filter(|text| !text.is_empty()) else { continue };
            match parse(written) {
                Ok(rule) => out.push(rule),
                Err(code) => self.reader.report(self.reader.problem(code, field.span).with("value", written)),
            }
        }
        out
    }

    /// `[extra]`, with the keys beside it that nobody knows: `unknown-key = "warning"` keeps them.
    fn extra(&mut self) -> Json {
        let mut object = match (self.fields.any("extra"), self.fields.get("extra")) {
            (Some(Json::Object(object)), _) => object.clone(),
            (Some(_), Some(field)) => {
                let problem = self.reader.problem("expected-table", field.span).with("key", "extra（附加）");
                let found = self.reader.file.slice(field.span).lines().next().unwrap_or("").to_string();
                self.reader.report(problem.with("found", found).with("example", "[extra]"));
                serde_json::Map::new()
            }
            _ => serde_json::Map::new(),
        };
        for (key, value) in &self.fields.unknown {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
        for (key, field) in self.fields.given() {
            if let Some(table) = field.as_table().filter(|table| !table.unknown.is_empty()) {
                let inner = object.entry(key.name).or_insert_with(|| Json::Object(serde_json::Map::new()));
                if let Json::Object(inner) = inner {
                    inner.extend(table.unknown.iter().cloned());
                }
            }
        }
        if object.is_empty() { Json::Null } else { Json::Object(object) }
    }

    fn required_date(&mut self, front: &FrontMatter, complete: bool) {
        let needed = matches!(front.kind, Kind::Notice | Kind::Report);
        if needed && front.date.is_none() && complete && !self.fields.was_wrong("date") {
            let problem = Problem::new("missing-date").in_file(&self.reader.file.path);
            self.reader.report(problem.with("kind", shown_kind(front.kind.as_str())));
        }
    }

    fn order_of_dates(&mut self, front: &FrontMatter) {
        if let (Some(publish), Some(expires), Some(field)) = (front.publish, front.expires, self.fields.get("expires"))
            && expires <= publish
        {
            let shown = |at: Timestamp| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            let problem = self.reader.problem("expires-before-publish", field.span);
            let problem = problem.with("expires", shown(expires)).with("publish", shown(publish));
            self.reader.report(problem);
        }
    }
}

const KIND_NAMES: [&str; 5] =
    ["notice（通知公告）", "slogan（公益标语）", "report（活动报道）", "page（页面）", "section（栏目）"];

fn shown_kind(kind: &str) -> &'static str {
    KIND_NAMES.iter().find(|name| name.starts_with(kind)).unwrap_or(&KIND_NAMES[3])
}

/// A date as written, in the site's zone. `None` only beyond the years that exist for the library.
fn moment(when: When, zone: &TimeZone) -> Option<Moment> {
    let local = when.date.to_datetime(when.time.unwrap_or(civil::Time::midnight()));
    let at = match when.offset {
        Some(offset) => offset.to_timestamp(local).ok()?,
        // A time that a change of clocks left out or doubled: the first instant that fits.
        None => local.to_zoned(zone.clone()).ok()?.timestamp(),
    };
    let here = at.to_zoned(zone.clone());
    Some(Moment { at, date: here.date(), time: when.time.map(|_| here.time()) })
}

fn section(table: &Fields) -> SectionRules {
    SectionRules {
        sort: match table.choice("sort") {
            Some("weight") => SortBy::Weight,
            Some("title") => SortBy::Title,
            _ => SortBy::Date,
        },
        page_size: table.int("page_size").and_then(|i| usize::try_from(i).ok()),
        page_template: table.string("page_template"),
        column_type: table.string("column_type").unwrap_or_default(),
        hidden: table.bool("hidden").unwrap_or(false),
        defaults: table.table("defaults").map(defaults).unwrap_or_default(),
    }
}

fn defaults(table: &Fields) -> SectionDefaults {
    SectionDefaults {
        topics: table.texts("topics").unwrap_or_default(),
        series: table.string("series"),
        department: table.string("department"),
        source: table.string("source"),
        author: table.string("author"),
        template: table.string("template"),
    }
}

/// Line breaks become spaces, or nothing between Chinese characters.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let joins_words = out.ends_with(|c: char| c.is_ascii()) || line.starts_with(|c: char| c.is_ascii());
        if !out.is_empty() && joins_words {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn distinct(texts: Option<Vec<String>>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    texts.unwrap_or_default().into_iter().filter(|text| seen.insert(text.clone())).collect()
}

fn half_width(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '—' | '–' => '-',
            _ => c,
        })
        .collect()
}

/// `机关代字〔2026〕12号` (GB/T 9704), and `2026年第12号` as announcements have it.
fn is_document_number(number: &str) -> bool {
    let serial = |text: &str| {
        let digits = text.strip_suffix('号').unwrap_or("");
        (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    };
    let year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let name = |text: &str| (1..=30).contains(&text.chars().count()) && text.chars().all(char::is_alphabetic);
    if let Some((agency, rest)) = number.split_once('〔') {
        return name(agency) && rest.split_once('〕').is_some_and(|(y, n)| year(y) && serial(n));
    }
    number.split_once("年第").is_some_and(|(before, n)| {
        before.len() >= 4 && before.is_char_boundary(before.len() - 4) && serial(n) && {
            let (agency, y) = before.split_at(before.len() - 4);
            year(y) && (agency.is_empty() || name(agency))
        }
    })
}

/// The certain mistakes put right: other brackets, 第, leading zeros, full-width digits, spaces.
fn mended_document_number(number: &str) -> String {
    let mut out = String::new();
    for c in half_width(number).chars() {
        match c {
            '[' | '(' | '【' | '［' | '（' | '{' | '<' | '《' | '「' => out.push('〔'),
            ']' | ')' | '】' | '］' | '）' | '}' | '>' | '》' | '」' => out.push('〕'),
            _ => out.push(c),
        }
    }
    let Some((head, tail)) = out.split_once('〕') else { return out };
    let tail = tail.strip_prefix('第').unwrap_or(tail).trim_start_matches('0');
    let end = if tail.ends_with('号') { "" } else { "号" };
    format!("{head}〕{tail}{end}")
}
