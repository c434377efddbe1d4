//! What a template sees: one plain, serialisable value for each kind of page, made from the finished `World`.
//!
//! A view holds everything that its page shows, except the answers to questions that the template asks by itself. Equal
//! views (and equal bodies) give equal bytes; that is what fingerprints are made of.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use serde_json::Value;

use crate::config::{Config, MenuEntry};
use crate::document::{Document, FrontMatter, Kind, Moment};
use crate::file::{Hash, Parts, SourcePath, Url, media_type};
use crate::link::{self, Links, base_path, file_href, file_permalink, href, permalink, root_path};
use crate::search::Search;
use crate::site::{Catalogue, Page, PageId, Section, SectionId, Site, Term};
use crate::slide::slogan_lines;
use crate::theme::Theme;

mod edition;
mod values;

pub use edition::{Editions, Translation};
pub use values::*;

/// Everything that is known before the first page is rendered.
#[derive(Clone, Debug)]
pub struct World {
    /// Documents at one instant.
    pub site: Site,
    /// Their references, resolved.
    pub links: Links,
    /// Templates and static files.
    pub theme: Arc<Theme>,
    /// Values of `data/`.
    pub data: Arc<BTreeMap<String, Value>>,
    /// The screens as the portal shows them.
    pub screens: Vec<ScreenCard>,
    /// The picture (a slide) of a document.
    pub slides: BTreeMap<PageId, Picture>,
    /// The banner of the home page, and the slogan that it shows.
    pub banner: Option<(PageId, Picture)>,
    /// The index of the search; none when the theme has no page for it.
    pub search: Option<Search>,
    /// Its PNG, for sites that show a link.
    pub shared: BTreeMap<PageId, Picture>,
    /// Today is a day of mourning: the whole site in greys.
    pub solemn: bool,
    /// The day of the build in the zone of the site.
    pub today: Date,
    /// The languages of the site.
    pub editions: Arc<Editions>,
    /// Which of them this is; 0 is the main language.
    pub edition: usize,
    /// What search engines should know, with the last change of each, as soon as somebody has asked.
    pub sitemap: OnceLock<Vec<(Url, Option<Timestamp>)>>,
    /// By section: see `section_key`.
    section_keys: Vec<Hash>,
}

/// Of all that others and its own page show of a document, besides the settings: equal keys, equal values. Much cheaper
/// than the values, because the document is hashed when it is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Of its summary.
    pub summary: Hash,
    /// Of its title and URL: what its neighbours show.
    pub titled: Hash,
    /// Of its own page but for the neighbours, its body and the targets in it too.
    pub own: Hash,
}

/// Names of the four taxonomies for people.
pub fn taxonomy_title(name: &str, language: &str) -> &'static str {
    let zh = language.starts_with("zh");
    match (name, zh) {
        ("topics", true) => "主题",
        ("series", true) => "系列",
        ("tags", true) => "标签",
        ("departments", true) => "科室",
        ("topics", false) => "Topics",
        ("series", false) => "Series",
        ("tags", false) => "Tags",
        _ => "Departments",
    }
}

impl World {
    /// Of a site and its theme; screens and their pictures come later.
    pub fn new(site: Site, links: Links, theme: Arc<Theme>, data: Arc<BTreeMap<String, Value>>) -> World {
        let today = site.now.to_zoned(site.config.zone.clone()).date();
        let mut world = World {
            site,
            links,
            theme,
            data,
            screens: Vec::new(),
            slides: BTreeMap::new(),
            banner: None,
            search: None,
            shared: BTreeMap::new(),
            sitemap: OnceLock::new(),
            solemn: false,
            today,
            editions: Arc::default(),
            edition: 0,
            section_keys: Vec::new(),
        };
        world.section_keys = (0..world.site.sections.len())
            .map(|id| {
                let section = &world.site.sections[id];
                let template = section.document.as_ref().and_then(|d| d.front.section.page_template.as_deref());
                Hash::of_value(&(world.section_ref(section), world.breadcrumbs(Some(id), None), template))
            })
            .collect();
        world
    }

    fn config(&self) -> &Config {
        &self.site.config
    }

    /// A URL of this edition as it stands in an attribute.
    pub fn href(&self, url: &Url) -> String {
        href(self.config(), url)
    }

    /// The URL of a file that all editions share, as it stands in an attribute.
    pub fn file_href(&self, url: &Url) -> String {
        file_href(self.config(), url)
    }

    /// A date for pages.
    pub fn date(&self, moment: &Moment) -> DateView {
        let time = moment.time.unwrap_or(jiff::civil::Time::midnight());
        let date = moment.date;
        let offset = self.config().zone.to_offset(moment.at);
        let local = offset.to_datetime(moment.at);
        let minutes = offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let clock = local.time();
        DateView {
            iso: format!(
                "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
                local.date(),
                clock.hour(),
                clock.minute(),
                clock.second(),
                minutes.abs() / 60,
                minutes.abs() % 60
            ),
            day: date.to_string(),
            han: han_date(date),
            pub_date: format!("{date} {:02}:{:02}", time.hour(), time.minute()),
            year: date.year(),
            month: date.month(),
            day_of_month: date.day(),
            today: date == self.today,
        }
    }

    /// The site as every page sees it.
    pub fn site_view(&self) -> SiteView {
        let config = self.config();
        let top = || self.site.sections.iter().filter(|section| section.parent == Some(0));
        let mut organisation = config.organisation.clone();
        if organisation.short_name.is_empty() {
            organisation.short_name = organisation.name.clone();
        }
        let local = |entry: &MenuEntry| self.local_entry(entry);
        let menu = match config.menu.is_empty() {
            false => config.menu.iter().map(local).collect(),
            true => self.menu_of_sections(&self.site.sections[0].children, 2),
        };
        SiteView {
            title: config.title.clone(),
            description: config.description.clone(),
            base_url: config.base_url.clone(),
            base_path: base_path(config).to_string(),
            domain: config
                .base_url
                .split_once("://")
                .map_or("", |(_, r)| r)
                .split('/')
                .next()
                .unwrap_or("")
                .to_string(),
            language: config.language.clone(),
            organisation,
            menu,
            links: config.links.iter().map(local).collect(),
            sections: top().map(|section| self.section_entry(section)).collect(),
            extra: config.extra.clone(),
            solemn: self.solemn,
            languages: self.editions.homes(),
            catalogue_url: match self.site.catalogue.is_empty() {
                true => String::new(),
                false => self.href(&Catalogue::url()),
            },
            screens_url: if self.screens.is_empty() { String::new() } else { self.file_href(&Url::new("/screens/")) },
        }
    }

    /// An entry of a menu as it stands in the address bar, whatever the edition.
    fn local_entry(&self, entry: &MenuEntry) -> MenuEntry {
        MenuEntry {
            url: if entry.url.starts_with('/') { self.file_href(&Url::new(&entry.url)) } else { entry.url.clone() },
            children: entry.children.iter().map(|child| self.local_entry(child)).collect(),
            ..entry.clone()
        }
    }

    /// The menu of a site that writes none: its sections and, below each, the sections in it.
    fn menu_of_sections(&self, ids: &[SectionId], levels: usize) -> Vec<MenuEntry> {
        let shown = |section: &&Section| levels > 0 && !section.pages.is_empty() && !is_hidden(section);
        ids.iter()
            .map(|id| &self.site.sections[*id])
            .filter(shown)
            .map(|section| MenuEntry {
                name: section.title.clone(),
                url: self.href(&section.url),
                role: String::new(),
                children: self.menu_of_sections(&section.children, levels - 1),
            })
            .collect()
    }

    /// A section as menus mention it.
    pub fn section_entry(&self, section: &Section) -> SectionEntry {
        SectionEntry { section: self.section_ref(section), kind: section.kind, hidden: is_hidden(section) }
    }

    /// A section as its own page shows it.
    pub fn section(&self, section: &Section) -> SectionView {
        SectionView { entry: self.section_entry(section), count: section.pages.len() }
    }

    /// A section as its documents mention it.
    pub fn section_ref(&self, section: &Section) -> SectionRef {
        let front = section.document.as_ref().map(|d| &d.front);
        SectionRef {
            name: section.name.clone(),
            title: section.title.clone(),
            url: self.href(&section.url),
            column_type: front
                .map(|f| f.section.column_type.clone())
                .filter(|t| !t.is_empty())
                .unwrap_or_else(|| column_type(section.kind).to_string()),
            summary: front.and_then(|f| f.summary.clone()).unwrap_or_else(|| excerpt(section.document.as_deref())),
            keywords: front.map(|f| f.tags.clone()).unwrap_or_default(),
        }
    }

    /// A document as lists show it. Whatever this comes to depend on must become part of `Keys::summary`.
    pub fn summary(&self, id: PageId) -> Summary<'_> {
        let page = &self.site.pages[id];
        let front = &page.document.front;
        let (lines, sub) = if front.kind == Kind::Slogan { slogan_lines(page) } else { (Vec::new(), Vec::new()) };
        Summary {
            title: &front.title,
            url: self.href(&page.url),
            kind: front.kind,
            summary: page.summary(),
            image: self.image(page),
            pinned: self.site.is_pinned(page),
            lines,
            sub,
            attribution: front.attribution.as_deref().map_or_else(|| self.attribution().into(), Cow::Borrowed),
            slide: self.slides.get(&id).cloned(),
            banner: self.banner.iter().find(|(page, _)| *page == id).map(|(_, picture)| picture.clone()),
            activity: self.activity(page),
            disclosure: self.disclosure(page),
            tone: front.tone,
            language: self.site.is_untranslated(&page.document.path).then(|| self.editions.main_language()),
        }
    }

    /// See `Keys::summary`.
    fn summary_key(&self, id: PageId) -> Hash {
        let page = &self.site.pages[id];
        let front = &page.document.front;
        let mut parts = Parts::new();
        parts.hash(page.document.head).text(page.url.as_str()).hash(self.section_key(page.section));
        parts.number(u64::from(self.site.is_pinned(page))).number(u64::from(self.says_today(front)));
        for (taxonomy, words) in self.site.taxonomies.iter().zip(words_of(front)) {
            for term in words.iter().filter_map(|word| taxonomy.term(word)) {
                parts.text(term.url.as_str());
            }
        }
        if let Some(header) = &front.disclosure {
            parts.text(self.category_path(&header.category));
        }
        let image = front.image.as_ref().and_then(|_| self.links.images.get(&page.document.path));
        if let Some(asset) = image.and_then(|path| self.site.assets.get(path)) {
            let (width, height) = asset.pixels.unwrap_or_default();
            parts.text(asset.url.as_str()).hash(asset.hash).number(width.into()).number(height.into());
        }
        if let Some(slide) = self.slides.get(&id) {
            parts.text(&slide.url).text(&slide.small);
        }
        if let Some((_, banner)) = self.banner.as_ref().filter(|(page, _)| *page == id) {
            parts.text(&banner.url);
        }
        if let Some(shared) = self.shared.get(&id) {
            parts.text(&shared.url);
        }
        parts.finish()
    }

    /// The keys of a document.
    pub fn keys(&self, id: PageId) -> Keys {
        let page = &self.site.pages[id];
        let summary = self.summary_key(id);
        Keys {
            summary,
            titled: Parts::new().text(page.title()).text(page.url.as_str()).finish(),
            own: self.own_key(id, summary),
        }
    }

    /// The keys of all documents.
    pub fn all_keys(&self) -> Vec<Keys> {
        (0..self.site.pages.len()).into_par_iter().map(|id| self.keys(id)).collect()
    }

    /// True when a date of this document is the day of the build.
    fn says_today(&self, front: &FrontMatter) -> bool {
        let dates = [front.date, front.updated, front.activity.as_ref().and_then(|activity| activity.date)];
        let written = front.disclosure.as_ref().and_then(|disclosure| disclosure.written);
        dates.iter().chain([&written]).flatten().any(|moment| moment.date == self.today)
    }

    /// Of what documents and lists say about their section: itself, those above, the template it sets.
    pub fn section_key(&self, id: SectionId) -> Hash {
        self.section_keys.get(id).copied().unwrap_or_default()
    }

    /// A document on its own page. Whatever this comes to depend on must become part of `Keys`: what it takes from its
    /// neighbours of `titled`, all else of `own`.
    pub fn page(&self, id: PageId) -> PageView<'_> {
        let page = &self.site.pages[id];
        let document = &page.document;
        let front = &document.front;
        let titled = |id: PageId| Titled {
            title: self.site.pages[id].title().to_string(),
            url: self.href(&self.site.pages[id].url),
        };
        PageView {
            permalink: permalink(self.config(), &page.url),
            path: &document.path,
            description: cut(page.summary(), 120),
            source: front.source.as_deref().unwrap_or(&self.config().organisation.name),
            author: front.author.as_deref().unwrap_or_default(),
            video: self.video(id),
            attachments: self.attachments(document),
            weight: front.weight,
            toc: &document.outline.headings,
            words: document.outline.words,
            minutes: document.outline.words.div_ceil(400).max(1),
            newer: page.newer.map(titled),
            older: page.older.map(titled),
            extra: &front.extra,
        }
    }

    /// See `Keys::own`.
    fn own_key(&self, id: PageId, summary: Hash) -> Hash {
        let page = &self.site.pages[id];
        let mut parts = Parts::new();
        parts.hash(page.document.hash).hash(summary).hash(self.links.targets.get(id).copied().unwrap_or_default());
        for translation in self.translations(&page.document.path) {
            parts.text(&translation.language).text(&translation.url);
        }
        let attachments = match page.document.front.attachments.is_empty() {
            true => None,
            false => self.links.attachments.get(&page.document.path),
        };
        for path in attachments.into_iter().flatten() {
            if let Some(asset) = self.site.assets.get(path) {
                parts.text(path.as_str()).text(asset.url.as_str()).number(asset.size);
            }
        }
        if let Some(video) = self.site.videos.get(&page.document.path) {
            parts.text(&video.sha256);
        }
        parts.finish()
    }

    /// Of where the references of this document go.
    pub fn targets_key(&self, document: &Document) -> Hash {
        self.links.bodies.get(&document.path).map(|targets| link::targets_hash(targets)).unwrap_or_default()
    }

    fn attribution(&self) -> String {
        self.config().attribution()
    }

    fn image(&self, page: &Page) -> Option<Picture> {
        let path = self.links.images.get(&page.document.path)?;
        let asset = self.site.assets.get(path)?;
        let alt = page.document.front.image_alt.clone();
        Some(match self.links.pictures.get(path) {
            Some(set) => {
                let plain = set.plain();
                Picture {
                    url: self.file_href(&set.url(&plain)),
                    width: Some(plain.width),
                    height: Some(plain.height),
                    alt,
                    srcset: set.srcset(|url| self.file_href(url)),
                    small: String::new(),
                }
            }
            None => Picture {
                url: self.file_href(&asset.url),
                width: asset.pixels.map(|p| p.0),
                height: asset.pixels.map(|p| p.1),
                alt,
                srcset: String::new(),
                small: String::new(),
            },
        })
    }

    /// True when the page has a picture of its own that every site can show; drawings (SVG) are not.
    pub fn has_photo(&self, id: PageId) -> bool {
        let path = self.links.images.get(&self.site.pages[id].document.path);
        path.is_some_and(|path| path.extension() != "svg" && self.site.assets.contains_key(path))
    }

    /// The picture that stands for a page elsewhere, with scheme and host: its photo, its slide as PNG, else the icon.
    pub fn page_image(&self, id: PageId) -> Option<(String, Option<(u32, u32)>)> {
        let photo = self.has_photo(id).then(|| self.image(&self.site.pages[id])).flatten();
        let Some(picture) = photo.or_else(|| self.shared.get(&id).cloned()) else {
            // Without fonts there is no picture of the slide; the office's icon stands for every page.
            let icon = self.theme.statics.get("img/icon-512.png")?;
            return Some((file_permalink(self.config(), &Url::new(icon.output.as_str())), Some((512, 512))));
        };
        Some((self.absolute(&picture.url), picture.width.zip(picture.height)))
    }

    /// The document's own picture with scheme and host, for feeds.
    pub fn own_image(&self, id: PageId) -> Option<String> {
        Some(self.absolute(&self.image(&self.site.pages[id])?.url))
    }

    /// An attribute's URL of this site with scheme and host.
    fn absolute(&self, href: &str) -> String {
        let config = self.config();
        format!("{}{}", config.root_url(), href.strip_prefix(root_path(config)).unwrap_or(href))
    }

    fn video(&self, id: PageId) -> Option<VideoView> {
        let page = &self.site.pages[id];
        let video = self.site.videos.get(&page.document.path)?;
        let poster = self.image(page).or_else(|| self.slides.get(&id).cloned());
        let seconds = video.seconds();
        Some(VideoView {
            url: self.file_href(&Url::new(&format!("/screens/files/{}.mp4", video.sha256))),
            poster: poster.map(|picture| picture.url),
            width: Some(video.width).filter(|side| *side > 0),
            height: Some(video.height).filter(|side| *side > 0),
            length: format!("{}:{:02}", seconds / 60, seconds % 60),
            size: size(video.bytes),
        })
    }

    fn attachments(&self, document: &Document) -> Vec<Attachment> {
        let paths = self.links.attachments.get(&document.path).map(Vec::as_slice).unwrap_or_default();
        let of = |path: &SourcePath| {
            let asset = self.site.assets.get(path)?;
            let file = document.front.attachments.iter().find(|f| document.path.join(&f.target).as_ref() == Some(path));
            let title =
                file.map(|f| f.title.clone()).filter(|t| !t.is_empty()).unwrap_or_else(|| path.name().to_string());
            Some(Attachment {
                title,
                url: self.file_href(&asset.url),
                r#type: path.extension().to_uppercase(),
                size: size(asset.size),
            })
        };
        paths.iter().filter_map(of).collect()
    }

    fn activity(&self, page: &Page) -> Option<ActivityView> {
        let activity = page.document.front.activity.as_ref()?;
        let figure = |(name, value): &(String, String)| {
            let (number, unit) = split_unit(value);
            Figure { name: name.clone(), number, unit }
        };
        Some(ActivityView {
            date: activity.date.as_ref().map(|m| self.date(m)),
            place: activity.place.clone(),
            r#type: activity.kind.clone(),
            participants: activity.participants,
            hours: activity.hours,
            figures: activity.figures.iter().map(figure).collect(),
        })
    }

    /// The header table of 政府信息公开条例 practice, in the order in which offices print it.
    fn disclosure(&self, page: &Page) -> Option<DisclosureView> {
        let front = &page.document.front;
        let disclosure = front.disclosure.as_ref()?;
        let issued = front.date.as_ref().map(|m| self.date(m));
        let written = disclosure.written.as_ref().map(|m| self.date(m));
        let organisation = &self.config().organisation;
        let publisher =
            if disclosure.publisher.is_empty() { organisation.name.clone() } else { disclosure.publisher.clone() };
        let day = |date: &Option<DateView>| date.as_ref().map_or(String::new(), |d| d.day.clone());
        let openness = self.word("open_public", "主动公开");
        let validity = self.validity(&disclosure.validity);
        let category_url =
            self.site.catalogue.category(&disclosure.category).map_or(String::new(), |shelf| self.href(&shelf.url));
        let rows = [
            ("index_number", "索引号", disclosure.index_number.clone()),
            ("openness", "公开方式", openness.clone()),
            ("publisher", "发布机构", publisher.clone()),
            ("category", "组配分类", disclosure.category.clone()),
            ("file_number", "文件编号", disclosure.document_number.clone()),
            ("issued", "发文日期", day(&issued)),
            ("written", "成文日期", day(&written)),
            ("validity", "有效性", validity.clone()),
        ];
        let row = |(key, label, value): (&str, &str, String)| Row {
            label: self.word(&format!("disclosure_{key}"), label),
            value: if value.is_empty() { "—".to_string() } else { value },
            url: if key == "category" { category_url.clone() } else { String::new() },
        };
        Some(DisclosureView {
            index_number: disclosure.index_number.clone(),
            rows: rows.into_iter().map(row).collect(),
            openness,
            publisher,
            category: disclosure.category.clone(),
            document_number: disclosure.document_number.clone(),
            issued,
            written,
            validity,
            void: matches!(disclosure.validity.as_str(), "失效" | "废止"),
            category_url,
        })
    }

    /// 有效性 in the site's language.
    pub fn validity(&self, validity: &str) -> String {
        match validity {
            "有效" => self.word("validity_valid", "有效"),
            "失效" => self.word("validity_expired", "失效"),
            "废止" => self.word("validity_repealed", "废止"),
            other => other.to_string(),
        }
    }

    /// An interface word of the theme; `default` when the theme has none.
    pub fn word(&self, key: &str, default: &str) -> String {
        self.theme.strings.get(key).map_or(default, String::as_str).to_string()
    }

    /// An interface word in the language in which the document at `path` is written.
    pub fn word_in(&self, path: &SourcePath, key: &str, default: &str) -> String {
        let main = self.theme.main_strings.as_ref().filter(|_| self.site.is_untranslated(path));
        main.unwrap_or(&self.theme.strings).get(key).map_or(default, String::as_str).to_string()
    }

    /// A document as the catalogue lists it; none when it has no disclosure header. Whatever this comes to depend on must
    /// become part of `record_key`.
    pub fn record(&self, id: PageId) -> Option<RecordView> {
        let page = &self.site.pages[id];
        Some(RecordView {
            title: page.title().to_string(),
            url: self.href(&page.url),
            language: self.site.is_untranslated(&page.document.path).then(|| self.editions.main_language()),
            disclosure: self.disclosure(page)?,
        })
    }

    /// Of all that a document's line in the catalogue depends on, besides the settings: its text is not part of it.
    pub fn record_key(&self, id: PageId) -> Hash {
        let page = &self.site.pages[id];
        let front = &page.document.front;
        let mut parts = Parts::new();
        parts.text(page.title()).text(page.url.as_str());
        parts.number(u64::from(self.site.is_untranslated(&page.document.path)));
        parts.number(u64::from(self.says_today(front)));
        let Some(header) = &front.disclosure else { return parts.finish() };
        for moment in [&front.date, &header.written] {
            parts.number(moment.map_or(u64::MAX, |moment| moment.at.as_second().cast_unsigned()));
        }
        parts.text(&header.index_number).text(&header.publisher).text(&header.category);
        parts.text(&header.document_number).text(&header.validity).text(self.category_path(&header.category));
        parts.finish()
    }

    fn category_path(&self, category: &str) -> &str {
        self.site.catalogue.category(category).map_or("", |shelf| shelf.url.as_str())
    }

    /// The template of a document's page.
    pub fn page_template(&self, id: PageId) -> String {
        let page = &self.site.pages[id];
        let front = &page.document.front;
        let section = self.site.sections[page.section].document.as_ref();
        let by_section = || section.and_then(|document| document.front.section.page_template.clone());
        front.template.clone().or_else(by_section).unwrap_or_else(|| format!("{}.html", front.kind.as_str()))
    }

    /// The template of a section's list.
    pub fn section_template(&self, id: SectionId) -> String {
        let document = self.site.sections[id].document.as_ref();
        document.and_then(|document| document.front.template.clone()).unwrap_or_else(|| "section.html".into())
    }

    /// The other forms of the page at this URL, which this template makes.
    pub fn forms(&self, url: &Url, template: &str) -> Vec<FormView> {
        let form = |ending: &str| FormView {
            ending: ending.to_string(),
            r#type: media_type(ending).split(';').next().unwrap_or_default().to_string(),
            url: self.href(&form_url(url, ending)),
        };
        self.theme.forms(template).map(form).collect()
    }

    /// One page of a list.
    pub fn list(
        &self,
        title: &str,
        summary: &str,
        url: &Url,
        ids: &[PageId],
        page_size: usize,
        number: usize,
    ) -> ListView {
        let count_pages = ids.len().div_ceil(page_size).max(1);
        let at = |n: usize| self.href(&list_url(url, n));
        ListView {
            title: title.to_string(),
            summary: summary.to_string(),
            kind: ids.first().map_or(Kind::Page, |id| self.site.pages[*id].kind()),
            number,
            count_pages,
            total: ids.len(),
            pages: window(number, count_pages)
                .into_iter()
                .map(|n| PagerLink { number: n, url: if n == 0 { String::new() } else { at(n) }, current: n == number })
                .collect(),
            previous: (number > 1).then(|| at(number - 1)),
            next: (number < count_pages).then(|| at(number + 1)),
            feeds: None,
        }
    }

    /// The feeds of a list at this URL, one of `feeds_of`; empty addresses for formats that are not made.
    pub fn feeds(&self, of: &str, url: &Url) -> Option<Feeds> {
        let at = |format: &str, name: &str| match self.config().makes_feed(format, of) {
            true => self.href(&Url::new(&format!("{url}{name}"))),
            false => String::new(),
        };
        let feeds = Feeds { atom: at("atom", "feed.xml"), rss: at("rss", "rss.xml"), json: at("json", "feed.json") };
        [&feeds.atom, &feeds.rss, &feeds.json].iter().any(|url| !url.is_empty()).then_some(feeds)
    }

    /// The Atom feed of the list at this URL, else that of the site; empty when neither is made.
    pub fn atom(&self, of: &str, url: &Url) -> String {
        let has = |format: &str, of: &str| self.config().makes_feed(format, of);
        let own = ["atom", "rss", "json"].iter().any(|format| has(format, of));
        let (of, url) = if own { (of, url.as_str()) } else { ("site", "/") };
        if has("atom", of) { self.href(&Url::new(&[url, "feed.xml"].concat())) } else { String::new() }
    }

    /// A term as lists of terms show it.
    pub fn term(&self, term: &Term) -> (Named, usize) {
        (Named { name: term.name.clone(), url: self.href(&term.url) }, term.pages.len())
    }

    /// Home, the sections above, and the page itself.
    pub fn breadcrumbs(&self, section: Option<usize>, last: Option<Titled>) -> Vec<Titled> {
        let mut up = Vec::new();
        let mut at = section;
        while let Some(id) = at {
            let section = &self.site.sections[id];
            if section.parent.is_some() {
                up.push(Titled { title: section.title.clone(), url: self.href(&section.url) });
            }
            at = section.parent;
        }
        up.push(Titled {
            title: self.theme.strings.get("home").cloned().unwrap_or_else(|| "首页".into()),
            url: self.href(&Url::new("/")),
        });
        up.reverse();
        up.extend(last);
        up
    }
}

/// The URL of page `number` of a list.
pub fn list_url(url: &Url, number: usize) -> Url {
    if number <= 1 { url.clone() } else { Url::new(&format!("{url}page/{number}/")) }
}

/// The URL of another form of the page at this URL.
pub fn form_url(url: &Url, ending: &str) -> Url {
    Url::new(&format!("{url}index.{ending}"))
}

fn is_hidden(section: &Section) -> bool {
    section.document.as_ref().is_some_and(|d| d.front.section.hidden)
}

/// The words of a document in each taxonomy, in the order of `Site::taxonomies`.
pub fn words_of(front: &FrontMatter) -> [&[String]; 4] {
    [&front.topics, front.series.as_slice(), &front.tags, front.department.as_slice()]
}

fn excerpt(document: Option<&Document>) -> String {
    document.map_or(String::new(), |d| d.outline.excerpt.clone())
}

/// 栏目类型 by the kind of documents, as 《政府网站发展指引》 practice names them.
fn column_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Notice => "通知公告",
        Kind::Slogan => "专题专栏",
        Kind::Report => "工作动态",
        Kind::Page | Kind::Section => "概况信息",
    }
}

/// `2026年9月1日`
pub fn han_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// At most `limit` characters; an ellipsis replaces what is cut.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_string();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// `86 人` → (`86`, `人`); without a leading number all of it is the number.
fn split_unit(value: &str) -> (String, String) {
    let value = value.trim();
    let end = value.find(|c: char| !(c.is_ascii_digit() || ".,，%".contains(c))).unwrap_or(value.len());
    if end == 0 {
        (value.to_string(), String::new())
    } else {
        (value[..end].to_string(), value[end..].trim().to_string())
    }
}

/// `12 KB`, `1.5 MB`
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// First, last and the neighbours of `number`; 0 for a gap.
fn window(number: usize, count: usize) -> Vec<usize> {
    let mut out = Vec::new();
    for n in 1..=count {
        if n == 1 || n == count || n.abs_diff(number) <= 2 {
            out.push(n);
        } else if out.last() != Some(&0) {
            out.push(0);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_split_into_number_and_unit() {
        let check = |input: &str, number: &str, unit: &str| assert_eq!(split_unit(input), (number.into(), unit.into()));
        check("86 人", "86", "人");
        check("1200株", "1200", "株");
        check("98.5%", "98.5%", "");
        check("若干", "若干", "");
    }

    #[test]
    fn a_pager_shows_ends_and_neighbours_and_marks_gaps() {
        assert_eq!(window(1, 1), [1]);
        assert_eq!(window(5, 20), [1, 0, 3, 4, 5, 6, 7, 0, 20]);
        assert_eq!(window(2, 4), [1, 2, 3, 4]);
    }

    #[test]
    fn a_description_is_cut_by_characters_not_bytes() {
        assert_eq!(cut("一二三四五", 4), "一二三…");
        assert_eq!(cut("一二三四", 4), "一二三四");
    }
}
