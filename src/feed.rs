//! Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1 of a list of documents, `sitemap.xml` and `robots.txt`, as text.
//!
//! The instants in them are those of the documents, never of the build, so that nothing changes when nothing changed.

use jiff::Timestamp;
use quick_xml::escape::escape;
use serde_json::{Value, json};

use crate::file::Url;
use crate::link::permalink;
use crate::site::{Page, PageId};
use crate::view::World;

/// Formats of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `feed.xml`
    Atom,
    /// `rss.xml`
    Rss,
    /// `feed.json`
    Json,
}

impl Format {
    /// All three.
    pub const ALL: [Format; 3] = [Format::Atom, Format::Rss, Format::Json];

    /// As `feeds` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Atom => "atom",
            Format::Rss => "rss",
            Format::Json => "json",
        }
    }

    /// File name below the URL of the list.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Atom => "feed.xml",
            Format::Rss => "rss.xml",
            Format::Json => "feed.json",
        }
    }
}

/// What a feed is about.
pub struct Channel<'a> {
    /// Title of the feed.
    pub title: &'a str,
    /// The list that it feeds.
    pub url: &'a Url,
    /// Documents, newest first, already limited.
    pub pages: &'a [PageId],
}

/// The feed as text.
pub fn feed(world: &World, channel: &Channel, format: Format) -> String {
    match format {
        Format::Atom => atom(world, channel),
        Format::Rss => rss(world, channel),
        Format::Json => json_feed(world, channel),
    }
}

fn atom(world: &World, channel: &Channel) -> String {
    let config = &world.site.config;
    let home = permalink(config, channel.url);
    let own = permalink(config, &Url::new(&format!("{}feed.xml", channel.url)));
    let pages = || channel.pages.iter().map(|id| &world.site.pages[*id]);
    // A feed without entries still needs an instant (RFC 4287 4.1.1); the epoch says "never".
    let updated = pages().filter_map(changed).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{}</id>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n<updated>{}</updated>\n<author><name>{}</name></author>\n",
        escape(&config.language),
        escape(channel.title),
        escape(&home),
        escape(&home),
        escape(&own),
        updated,
        escape(&config.organisation.name)
    );
    for page in pages() {
        let url = permalink(config, &page.url);
        out.push_str(&format!(
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}\"/>\n",
            escape(page.title()),
            escape(&url),
            escape(&url)
        ));
        let published = page.document.front.date.map(|d| d.at);
        if let Some(at) = published {
            out.push_str(&format!("<published>{at}</published>\n"));
        }
        out.push_str(&format!("<updated>{}</updated>\n", changed(page).unwrap_or(Timestamp::UNIX_EPOCH)));
        for topic in &page.document.front.topics {
            out.push_str(&format!("<category term=\"{}\"/>\n", escape(topic)));
        }
        out.push_str(&format!("<summary>{}</summary>\n</entry>\n", escape(page.summary())));
    }
    out.push_str("</feed>\n");
    out
}

fn rss(world: &World, channel: &Channel) -> String {
    let config = &world.site.config;
    let home = permalink(config, channel.url);
    let own = permalink(config, &Url::new(&format!("{}rss.xml", channel.url)));
    let about = if config.description.is_empty() { &config.title } else { &config.description };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n<language>{}</language>\n<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{}\"/>\n",
        escape(channel.title),
        escape(&home),
        escape(about),
        escape(&config.language),
        escape(&own)
    );
    for id in channel.pages {
        let page = &world.site.pages[*id];
        let url = permalink(config, &page.url);
        out.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{}</link>\n<guid>{}</guid>\n",
            escape(page.title()),
            escape(&url),
            escape(&url)
        ));
        if let Some(date) = page.document.front.date {
            let zoned = date.at.to_zoned(config.zone.clone());
            out.push_str(&format!("<pubDate>{}</pubDate>\n", zoned.strftime("%a, %d %b %Y %H:%M:%S %z")));
        }
        for topic in &page.document.front.topics {
            out.push_str(&format!("<category>{}</category>\n", escape(topic)));
        }
        out.push_str(&format!("<description>{}</description>\n</item>\n", escape(page.summary())));
    }
    out.push_str("</channel></rss>\n");
    out
}

fn json_feed(world: &World, channel: &Channel) -> String {
    let config = &world.site.config;
    let items: Vec<Value> = channel.pages.iter().map(|id| json_item(world, *id)).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": permalink(config, channel.url),
        "feed_url": permalink(config, &Url::new(&format!("{}feed.json", channel.url))),
        "language": config.language,
        "authors": [{ "name": config.organisation.name }],
        "items": items,
    });
    format!("{feed:#}\n")
}

fn json_item(world: &World, id: PageId) -> Value {
    let page = &world.site.pages[id];
    let front = &page.document.front;
    let config = &world.site.config;
    let url = permalink(config, &page.url);
    let mut item = json!({ "id": url, "url": url, "title": page.title(), "summary": page.summary(), "content_text": page.summary() });
    let zoned = |at: Timestamp| at.to_zoned(config.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    if let Some(date) = front.date {
        item["date_published"] = zoned(date.at).into();
    }
    if let Some(updated) = front.updated {
        item["date_modified"] = zoned(updated.at).into();
    }
    if let Some(image) = world.own_image(id) {
        item["image"] = image.into();
    }
    if !front.topics.is_empty() {
        item["tags"] = front.topics.clone().into();
    }
    item
}

/// When a document was last changed for its readers.
pub fn changed(page: &Page) -> Option<Timestamp> {
    let front = &page.document.front;
    front.updated.or(front.date).map(|moment| moment.at)
}

/// A `sitemap.xml` (sitemaps.org 0.9) of these URLs with their last change.
pub fn sitemap(world: &World, urls: &[(Url, Option<Timestamp>)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (url, at) in urls {
        let at = at.map_or(String::new(), |at| format!("<lastmod>{at}</lastmod>"));
        out.push_str(&format!("<url><loc>{}</loc>{at}</url>\n", escape(permalink(&world.site.config, url))));
    }
    out.push_str("</urlset>\n");
    out
}

/// A sitemap index over these files.
pub fn sitemap_index(world: &World, files: &[Url]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for url in files {
        out.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(permalink(&world.site.config, url))));
    }
    out.push_str("</sitemapindex>\n");
    out
}

/// `robots.txt`: everything may be read; where the sitemaps of all languages are.
pub fn robots(world: &World) -> String {
    let homes = world.editions.homes();
    let mut sitemaps: Vec<String> = homes.iter().map(|home| format!("{}sitemap.xml", home.permalink)).collect();
    if sitemaps.is_empty() {
        sitemaps.push(permalink(&world.site.config, &Url::new("/sitemap.xml")));
    }
    let lines: String = sitemaps.iter().map(|sitemap| format!("Sitemap: {sitemap}\n")).collect();
    format!("User-agent: *\nAllow: /\n{lines}")
}
