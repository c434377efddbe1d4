//! The tables of keys → JSON Schemas, so that editors complete and check what people write, and the reference page.
//! The same tables drive reading, so neither can promise what the program does not do.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use crate::config::{CONFIG, SCREENS};
use crate::document::FRONT_MATTER;
use crate::fields::{Choice, Key, Shape};
use crate::message::Lang;

/// JSON Schema (draft 2020-12) of front matter.
pub fn front_matter() -> Json {
    document("civicast front matter 前置信息", FRONT_MATTER)
}

/// JSON Schema (draft 2020-12) of `civicast.toml`.
pub fn config() -> Json {
    document("civicast.toml", CONFIG)
}

/// JSON Schema (draft 2020-12) of `screens.toml`.
pub fn screens() -> Json {
    document("screens.toml", SCREENS)
}

/// The reference page of all keys, as Markdown.
pub fn reference(lang: Lang) -> String {
    let say = |zh, en| pick(lang, zh, en);
    let mut out = String::new();
    let title = say("键参考", "Reference of keys");
    let about = say(
        "本页由程序里的键表生成。每个键的英文名和中文名都可以用，在 TOML 和 YAML 里都一样；同一个键只写一个名字。",
        "This page is generated from the tables in the program. Every key may be written by its English or its Chinese \
         name, in TOML and in YAML; use one name for a key.",
    );
    let _ = write!(out, "# {title}\n\n{about}\n");
    let dates = say(
        "日期写成 `2026-09-01`、`2026-09-01 08:30`、`2026-09-01T08:30:00+08:00` 或 `2026年9月1日`（后面可以加 `8:30`）；没有时区的按站点时区理解。",
        "Dates are `2026-09-01`, `2026-09-01 08:30`, `2026-09-01T08:30:00+08:00` or `2026年9月1日` (which `8:30` may \
         follow); without a zone they are in that of the site.",
    );
    let _ = write!(out, "\n{dates}\n");
    section(&mut out, lang, say("前置信息", "Front matter"), FRONT_MATTER);
    section(&mut out, lang, "`civicast.toml`", CONFIG);
    section(&mut out, lang, "`screens.toml`", SCREENS);
    out
}

fn pick<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn document(title: &str, keys: &[Key]) -> Json {
    let mut schema = table(keys);
    if let Json::Object(object) = &mut schema {
        object.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        object.insert("title".into(), title.into());
    }
    schema
}

fn table(keys: &[Key]) -> Json {
    let mut properties = Map::new();
    for key in keys {
        let mut schema = shape(key.shape);
        if let Json::Object(object) = &mut schema {
            object.insert("description".into(), format!("{} {}", key.doc_zh, key.doc_en).into());
        }
        for name in names(key) {
            properties.insert(name.to_string(), schema.clone());
        }
    }
    // Two names of one key are a duplicate.
    let once: Vec<Json> = keys.iter().flat_map(pairs).map(|pair| json!({ "not": { "required": pair } })).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false, "allOf": once })
}

fn names(key: &Key) -> impl Iterator<Item = &'static str> {
    [key.name].into_iter().chain(key.zh.iter().copied())
}

fn pairs(key: &Key) -> Vec<[&'static str; 2]> {
    let names: Vec<&str> = names(key).collect();
    names.iter().enumerate().flat_map(|(i, a)| names[i + 1..].iter().map(move |b| [*a, *b])).collect()
}

/// What `fields::parse_date` reads.
const DATE: &str = "^\\s*(\\d{4}-\\d{2}-\\d{2}|\\d{4}年\\d{1,2}月\\d{1,2}日)([Tt ]*\\d{1,2}(:|：|时|点).*)?$";

fn shape(shape_of: Shape) -> Json {
    match shape_of {
        Shape::Text => json!({ "type": ["string", "number"] }),
        Shape::Bool => json!({ "enum": [true, false, "是", "否"] }),
        Shape::Int(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Shape::Number(low, high) => json!({ "type": "number", "minimum": low, "maximum": high }),
        Shape::Date => json!({ "type": "string", "pattern": DATE }),
        Shape::Choice(words) => json!({ "enum": all_words(words) }),
        Shape::List(inner) => json!({ "anyOf": [{ "type": "array", "items": shape(*inner) }, shape(*inner)] }),
        Shape::Pair(low, high) => {
            let side = json!({ "type": "integer", "minimum": low, "maximum": high });
            json!({ "type": "array", "items": side, "minItems": 2, "maxItems": 2 })
        }
        Shape::Table(keys) => table(keys),
        Shape::Map(inner) => json!({ "type": "object", "additionalProperties": shape(*inner) }),
        Shape::Figure => json!({ "type": ["string", "number"] }),
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(|s| shape(*s)).collect::<Vec<_>>() }),
        Shape::Any => json!({ "type": "object" }),
    }
}

fn all_words(words: &[Choice]) -> Vec<&'static str> {
    words.iter().flat_map(|word| [word.name].into_iter().chain(word.zh.iter().copied())).collect()
}

/// A table of keys, and after it the tables inside it.
fn section(out: &mut String, lang: Lang, title: &str, keys: &'static [Key]) {
    let _ = write!(out, "\n## {title}\n\n");
    rows(out, lang, keys);
    for key in keys {
        if let Some((inner, is_list)) = inner_table(key.shape) {
            let (open, close) = if is_list { ("[[", "]]") } else { ("[", "]") };
            let zh = key.zh.first().unwrap_or(&key.name);
            let _ = write!(out, "\n### `{open}{}{close}` `{open}{zh}{close}`\n\n", key.name);
            let _ = write!(out, "{}\n\n", pick(lang, key.doc_zh, key.doc_en));
            rows(out, lang, inner);
        }
    }
}

fn inner_table(shape: Shape) -> Option<(&'static [Key], bool)> {
    match shape {
        Shape::Table(keys) => Some((keys, false)),
        Shape::List(inner) => inner_table(*inner).map(|(keys, _)| (keys, true)),
        Shape::Either(shapes) => shapes.iter().find_map(|shape| inner_table(*shape)),
        _ => None,
    }
}

fn rows(out: &mut String, lang: Lang, keys: &[Key]) {
    out.push_str(pick(
        lang,
        "| 键 | 中文名 | 值 | 默认 | 说明 | 例子 |\n|---|---|---|---|---|---|\n",
        "| key | Chinese names | value | default | meaning | example |\n|---|---|---|---|---|---|\n",
    ));
    for key in keys {
        let zh: Vec<String> = key.zh.iter().map(|name| format!("`{name}`")).collect();
        let cells = [
            format!("`{}`", key.name),
            zh.join(pick(lang, "、", ", ")),
            value_in_words(lang, key.shape),
            pick(lang, key.default.0, key.default.1).to_string(),
            pick(lang, key.doc_zh, key.doc_en).to_string(),
            format!("`{} = {}`", key.name, key.example),
        ];
        let _ = writeln!(out, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
}

fn value_in_words(lang: Lang, shape: Shape) -> String {
    let say = |zh: &str, en: &str| pick(lang, zh, en).to_string();
    match shape {
        Shape::Text => say("文字", "text"),
        Shape::Bool => say("true 或 false（是、否）", "true or false (是, 否)"),
        Shape::Int(low, high) => match lang {
            Lang::Zh => format!("整数，{low} 到 {high}"),
            Lang::En => format!("whole number, {low} to {high}"),
        },
        Shape::Number(low, high) => match lang {
            Lang::Zh => format!("数，{low} 到 {high}"),
            Lang::En => format!("number, {low} to {high}"),
        },
        Shape::Date => say("日期", "date"),
        Shape::Choice(words) => {
            let word = |w: &Choice| match w.zh.first() {
                Some(zh) => format!("`{}` {zh}", w.name),
                None => format!("`{}`", w.name),
            };
            words.iter().map(word).collect::<Vec<_>>().join(pick(lang, "、", ", "))
        }
        Shape::List(inner) => match lang {
            Lang::Zh => format!("列表：{}", value_in_words(lang, *inner)),
            Lang::En => format!("list: {}", value_in_words(lang, *inner)),
        },
        Shape::Pair(..) => say("两个整数的列表", "list of two whole numbers"),
        Shape::Table(_) => say("表，见下", "table, see below"),
        Shape::Map(inner) => match lang {
            Lang::Zh => format!("名称 → {}", value_in_words(lang, *inner)),
            Lang::En => format!("name → {}", value_in_words(lang, *inner)),
        },
        Shape::Figure => say("文字或数字", "text or number"),
        Shape::Either(shapes) => {
            let words: Vec<String> = shapes.iter().map(|shape| value_in_words(lang, *shape)).collect();
            words.join(pick(lang, "，或者", ", or "))
        }
        Shape::Any => say("表，随意", "table, anything"),
    }
}

#[cfg(test)]
mod tests;
