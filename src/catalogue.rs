//! The disclosure catalogue as data: `catalog.json` and `catalog.csv`, with the rows that its pages show.
//!
//! A spreadsheet runs what looks like a formula, so a cell of the CSV never does; the JSON holds the words as they are.

use serde_json::{Value, json};

use crate::file::Url;
use crate::link::permalink;
use crate::site::{Catalogue, PageId};
use crate::view::{DateView, RecordView, World};

/// Formats of the whole catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `catalog.json`
    Json,
    /// `catalog.csv`
    Csv,
}

impl Format {
    /// Both.
    pub const ALL: [Format; 2] = [Format::Json, Format::Csv];

    /// Where it is published.
    pub fn url(self) -> Url {
        let name = match self {
            Format::Json => "catalog.json",
            Format::Csv => "catalog.csv",
        };
        Url::new(&format!("{}{name}", Catalogue::url()))
    }
}

/// The whole catalogue as text, newest first.
pub fn text(world: &World, format: Format) -> String {
    let records = world.site.catalogue.newest().iter().filter_map(|id| Some((*id, world.record(*id)?)));
    match format {
        Format::Json => json_text(world, records),
        Format::Csv => csv_text(world, records),
    }
}

fn json_text(world: &World, records: impl Iterator<Item = (PageId, RecordView)>) -> String {
    let config = &world.site.config;
    let given = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let day = |date: &Option<DateView>| date.as_ref().map(|date| date.day.clone());
    let items: Vec<Value> = records
        .map(|(id, record)| {
            let header = &record.disclosure;
            json!({
                "index_number": given(&header.index_number),
                "title": record.title,
                "summary": given(world.site.pages[id].summary()),
                "url": permalink(config, &world.site.pages[id].url),
                "publisher": given(&header.publisher),
                "category": given(&header.category),
                "document_number": given(&header.document_number),
                "written": day(&header.written),
                "issued": day(&header.issued),
                "openness": header.openness,
                "validity": given(&header.validity),
                "void": header.void,
            })
        })
        .collect();
    let whole = json!({
        "title": world.word("catalogue", "信息公开目录"),
        "publisher": config.organisation.name,
        "url": permalink(config, &Catalogue::url()),
        "language": config.language,
        "count": items.len(),
        "items": items,
    });
    format!("{whole:#}\n")
}

/// RFC 4180 in UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding.
fn csv_text(world: &World, records: impl Iterator<Item = (PageId, RecordView)>) -> String {
    let heads = [
        ("disclosure_index_number", "索引号"),
        ("disclosure_title", "名称"),
        ("disclosure_publisher", "发布机构"),
        ("disclosure_category", "组配分类"),
        ("disclosure_file_number", "文件编号"),
        ("disclosure_written", "成文日期"),
        ("disclosure_issued", "发文日期"),
        ("disclosure_openness", "公开方式"),
        ("disclosure_validity", "有效性"),
        ("disclosure_summary", "内容概述"),
        ("disclosure_address", "网址"),
    ];
    let day = |date: Option<DateView>| date.map_or(String::new(), |date| date.day);
    let mut out = format!("\u{feff}{}", line(heads.map(|(key, default)| world.word(key, default))));
    for (id, record) in records {
        let page = &world.site.pages[id];
        let header = record.disclosure;
        out.push_str(&line([
            header.index_number,
            record.title,
            header.publisher,
            header.category,
            header.document_number,
            day(header.written),
            day(header.issued),
            header.openness,
            header.validity,
            page.summary().to_string(),
            permalink(&world.site.config, &page.url),
        ]));
    }
    out
}

fn line<const N: usize>(cells: [String; N]) -> String {
    format!("{}\r\n", cells.map(|text| cell(&text)).join(","))
}

/// A text as one cell of a CSV file. One that a spreadsheet would run as a formula begins with an apostrophe, which makes it
/// text; the full-width signs are the same to a spreadsheet that is set to Chinese.
pub fn cell(text: &str) -> String {
    let is_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let guard = if text.trim_start_matches([' ', '\u{3000}']).starts_with(is_formula) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_with_a_comma_a_quote_or_a_new_line_is_quoted() {
        assert_eq!(cell("关于用水的通知"), "关于用水的通知");
        assert_eq!(cell("甲,乙"), "\"甲,乙\"");
        assert_eq!(cell("“甲”\"乙\""), "\"“甲”\"\"乙\"\"\"");
        assert_eq!(cell("甲\r\n乙"), "\"甲\r\n乙\"");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "  =1"] {
            assert!(cell(text).starts_with('\''), "{text:?} is {}", cell(text));
        }
        assert_eq!(cell("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        assert_eq!(cell("甲=乙"), "甲=乙");
    }
}
