//! `init`, `new`, `theme eject`: files that did not exist before. Nothing that exists is ever touched.

use std::path::Path;

use serde_json::json;

use super::{Site, shown};
use crate::clock;
use crate::create;
use crate::document::Kind;
use crate::file::SourcePath;
use crate::memo::Memo;
use crate::problem::Fault;
use crate::report::Outcome;
use crate::scaffold;
use crate::theme;

/// The kinds that `new` makes, by all their names.
pub const KINDS: [(&str, Kind); 9] = [
    ("notice", Kind::Notice),
    ("slogan", Kind::Slogan),
    ("report", Kind::Report),
    ("page", Kind::Page),
    ("通知", Kind::Notice),
    ("通知公告", Kind::Notice),
    ("标语", Kind::Slogan),
    ("报道", Kind::Report),
    ("页面", Kind::Page),
];

/// A new site in an empty folder.
pub fn init(folder: &Path) -> Result<Outcome, Fault> {
    if !create::is_free(folder)? {
        return Err(Fault::new("folder-not-empty", folder.display(), ""));
    }
    let zone = crate::config::Config::default().zone;
    let today = clock::now().to_zoned(zone).date();
    let files = scaffold::site(today);
    for (path, text) in &files {
        create::file(folder, &SourcePath::new(path), text.as_bytes())?;
    }
    let said = vec![("initialised", vec![("path", shown(folder)), ("count", files.len().to_string())])];
    let mut outcome = Outcome { said, ..Outcome::default() };
    outcome.members.insert("files".into(), json!(files.iter().map(|(path, _)| path).collect::<Vec<_>>()));
    Ok(outcome)
}

/// A new document with its front matter ready.
pub fn new(site: &Site, kind: Kind, title: &str, memo: &mut Memo) -> Result<Outcome, Fault> {
    let preview = site.preview(memo)?;
    let config = &preview.config;
    let today = site.options()?.now.to_zoned(config.zone.clone()).date();
    let numbers: Vec<&str> = memo
        .documents
        .values()
        .filter_map(|(_, document)| Some(document.front.disclosure.as_ref()?.index_number.as_str()))
        .collect();
    let draft = scaffold::Draft {
        kind,
        title,
        date: today,
        index_number: scaffold::next_index_number(config, today.year(), &numbers),
    };
    let path = SourcePath::new(&scaffold::path(&draft, config));
    create::file(&site.folder, &path, scaffold::document(&draft, config, site.lang).as_bytes())?;
    let said = vec![("created", vec![("path", shown(&site.folder.join(path.as_str())))])];
    let mut outcome = Outcome { said, ..Outcome::default() };
    outcome.members.insert("file".into(), json!(path));
    Ok(outcome)
}

/// Copies the built-in theme into the site.
pub fn eject(folder: &Path) -> Result<Outcome, Fault> {
    let target = folder.join("themes/civic");
    if !create::is_free(&target)? {
        return Err(Fault::new("folder-not-empty", target.display(), ""));
    }
    let files = theme::builtin();
    for file in &files {
        let name = file.path.as_str().strip_prefix("builtin:").unwrap_or(file.path.as_str());
        let bytes = file.bytes().map(|bytes| &**bytes).unwrap_or_default();
        create::file(folder, &SourcePath::new(&format!("themes/{name}")), bytes)?;
    }
    let said = vec![("ejected", vec![("path", shown(&target)), ("count", files.len().to_string())])];
    Ok(Outcome { said, ..Outcome::default() })
}
