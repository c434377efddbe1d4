//! Words for people: every message in Chinese and English, in one table.
//!
//! A row has a code, a severity, the message and the hint in both languages, with `{name}` for values. Nothing else in
//! the program holds text that a user reads, except the documentation of keys in `config` and of flags in `main`.

use crate::problem::Severity;

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    #[default]
    En,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// Stable name in kebab case.
    pub code: &'static str,
    /// Unless the configuration says otherwise.
    pub severity: Severity,
    /// The reason, in Chinese.
    pub zh: &'static str,
    /// The reason, in English.
    pub en: &'static str,
    /// What to do, in Chinese; empty when the reason says it all.
    pub hint_zh: &'static str,
    /// What to do, in English.
    pub hint_en: &'static str,
}

impl Message {
    /// The reason with its values filled in.
    pub fn text(&self, lang: Lang, args: &[(&'static str, String)]) -> String {
        fill(pick(lang, self.zh, self.en), args)
    }
    /// The hint with its values filled in; empty when there is none.
    pub fn hint(&self, lang: Lang, args: &[(&'static str, String)]) -> String {
        fill(pick(lang, self.hint_zh, self.hint_en), args)
    }
}

/// The row with this code.
pub fn find(code: &str) -> Option<&'static Message> {
    MESSAGES.iter().find(|m| m.code == code)
}

/// The reason of the row with this code, filled in; the code itself when there is no such row.
pub fn say(code: &str, lang: Lang, args: &[(&'static str, String)]) -> String {
    find(code).map_or_else(|| code.to_string(), |m| m.text(lang, args))
}

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn fill(template: &str, args: &[(&'static str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        let name = &rest[open + 1..open + close];
        out.push_str(&rest[..open]);
        // A value whose sentence is conditional may be empty; a missing one too.
        out.push_str(args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v));
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

macro_rules! messages {
    ($($severity:ident $code:literal { zh: $zh:literal, en: $en:literal, hint_zh: $hz:literal, hint_en: $he:literal $(,)? })*) => {
        /// All rows, grouped by the room that uses them.
        pub const MESSAGES: &[Message] = &[$(Message {
            code: $code, severity: Severity::$severity, zh: $zh, en: $en, hint_zh: $hz, hint_en: $he,
        }),*];
    };
}

messages! {
    // ---- files and front matter (source, tree, fields, config, document) ----

    // ---- Markdown (markdown, slug) ----
    Error "unknown-directive" {
        zh: "没有名为“{name}”的组件", en: "there is no directive called `{name}`",
        hint_zh: "可用的名称：{known}", hint_en: "the known ones: {known}",
    }
    Error "unclosed-directive" {
        zh: "这个组件没有结束", en: "this directive is never closed",
        hint_zh: "在组件内容之后另起一行，写上 {colons}", hint_en: "write {colons} on a line of its own after its content",
    }
    Error "unopened-directive" {
        zh: "这一行结束了一个没有开始的组件", en: "this line closes a directive that was never opened",
        hint_zh: "删去这一行，或检查前面组件的冒号个数", hint_en: "remove the line, or count the colons of the directive before it",
    }
    Error "misplaced-directive" {
        zh: "组件不能写在这里，已按原文显示", en: "a directive cannot stand here; it is shown as text",
        hint_zh: "在它前面空一行", hint_en: "leave an empty line before it",
    }
    Error "unsafe-link" {
        zh: "不允许使用 {scheme}: 开头的地址", en: "addresses that begin with {scheme}: are not allowed",
        hint_zh: "改用 http(s) 地址，或把文件放在本文旁边再写它的文件名", hint_en: "use an http(s) address, or put the file beside this one and write its name",
    }
    Warning "html-removed" {
        zh: "HTML 中的 {what} 不允许使用，已去掉", en: "{what} is not allowed in HTML and was removed",
        hint_zh: "改用 Markdown 或组件来写", hint_en: "write it as Markdown or as a directive",
    }
    Note "control-characters" {
        zh: "去掉了 {count} 个看不见的字符，第一个是 {character}", en: "removed {count} invisible characters, the first is {character}",
        hint_zh: "这类字符多半是从 Word 粘贴带来的，可先粘贴为纯文本", hint_en: "they mostly come from Word; paste as plain text",
    }
    Warning "too-deep" {
        zh: "嵌套超过 {limit} 层，更深的内容不再缩进", en: "nested more than {limit} levels; what is deeper is shown flat",
        hint_zh: "检查这里的 > 或列表缩进", hint_en: "check the > or the list indents here",
    }
    Warning "duplicate-anchor" {
        zh: "两个标题写了同一个锚点 {anchor}", en: "two headings state the same anchor {anchor}",
        hint_zh: "给其中一个标题换一个锚点", hint_en: "give one of them another anchor",
    }
    Warning "duplicate-footnote" {
        zh: "脚注 [^{name}] 写了两次，只保留第一次", en: "footnote [^{name}] is defined twice; the first one counts",
        hint_zh: "给其中一条脚注换一个名称", hint_en: "give one of them another name",
    }

    // ---- screens (schedule, screen, slide) ----

    // ---- the site (site, link, check) ----
    Error "duplicate-url" {
        zh: "两个文件要用同一个网址 {url}", en: "two files want the same URL {url}",
        hint_zh: "在其中一个文件的前置信息里写一个不同的 slug（网址名）", hint_en: "give one of them a different `slug` in its front matter",
    }

    // ---- themes and rendering (theme, render) ----

    // ---- writing and serving: faults and what the program says (source, release, state, serve, watch, report) ----
}
