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

    // ---- screens (schedule, screen, slide) ----
    Error "bad-day-rule" {
        zh: "“{value}”不是能看懂的日子", en: "\u{201c}{value}\u{201d} is not a rule of days",
        hint_zh: "可以写：mon-fri、周一至周五、workdays、工作日、节假日、12-13、2026-10-01、lunar 01-01、农历01-01、last fri、最后一个周五",
        hint_en: "write one of: mon-fri, sat,sun, workdays, holidays, 12-13, 2026-10-01, lunar 01-01, last fri, 2nd sun of 5",
    }
    Error "bad-hours" {
        zh: "“{value}”不是能看懂的时段", en: "\u{201c}{value}\u{201d} is not a span of hours",
        hint_zh: "写成 11:00-13:30；跨过零点写成 22:00-06:00，整天写成 00:00-24:00", hint_en: "write 11:00-13:30, or 22:00-06:00 across midnight, or 00:00-24:00 for the whole day",
    }
    Error "calendar-syntax" {
        zh: "日历文件的写法不对：{reason}", en: "this calendar file can't be read: {reason}",
        hint_zh: "日历文件是 TOML：每个日子以 [[day]] 开头，每个假期以 [[holiday]] 开头", hint_en: "calendar files are TOML: every day begins with [[day]], every holiday with [[holiday]]",
    }
    Error "calendar-key" {
        zh: "日历里没有“{key}”这一项", en: "there is no key \u{201c}{key}\u{201d} in a calendar",
        hint_zh: "可以用的有：{known}", hint_en: "known keys: {known}",
    }
    Error "calendar-value" {
        zh: "这里的值不对，应当是 {expected}", en: "this value is wrong; expected {expected}",
        hint_zh: "", hint_en: "",
    }
    Error "calendar-missing" {
        zh: "缺少“{key}”", en: "\u{201c}{key}\u{201d} is missing",
        hint_zh: "补上 {key} = …", hint_en: "add {key} = …",
    }
    Error "holiday-file-name" {
        zh: "节假日文件要以年份命名", en: "a holiday file is named after its year",
        hint_zh: "改名为 data/holidays/2026.toml 这样的名字", hint_en: "rename it to something like data/holidays/2026.toml",
    }
    Warning "holiday-year-missing" {
        zh: "没有 {year} 年的节假日安排，“工作日”“节假日”只能按周一至周五推算（用到的有：{used}）",
        en: "the holidays of {year} are not known, so workdays are taken to be Monday to Friday (used by {used})",
        hint_zh: "按国务院办公厅的通知新建 data/holidays/{year}.toml", hint_en: "add data/holidays/{year}.toml from the State Council's announcement",
    }
    Warning "calendar-item-unknown" {
        zh: "日历“{name}”点名的文稿 {item} 不存在，或者现在不对外发布", en: "calendar day \u{201c}{name}\u{201d} names {item}, which does not exist or is not published now",
        hint_zh: "写文稿的路径，例如 content/slogans/mingji-lishi.md", hint_en: "write the path of the document, such as content/slogans/mingji-lishi.md",
    }
    Warning "calendar-items-ignored" {
        zh: "“{name}”不是庄重的日子，items 不起作用", en: "\u{201c}{name}\u{201d} is not a solemn day, so its items have no effect",
        hint_zh: "要在当天只播这些文稿，加上 mood = \"solemn\"；否则在文稿的 [screen] 里写 days", hint_en: "add mood = \"solemn\" to play only these, or write `days` in the documents' [screen]",
    }
    Warning "screen-target-unknown" {
        zh: "没有哪块屏幕的编号、标签或位置类型是“{target}”，这篇文稿不会因它上屏", en: "no screen has the id, tag or point \u{201c}{target}\u{201d}",
        hint_zh: "屏幕编号、标签和位置类型见 screens.toml：{known}", hint_en: "screens.toml has: {known}",
    }
    Warning "screen-min-share" {
        zh: "屏幕“{screen}”的 {kind} 占比做不到 {wanted}%，从 {when} 起只有 {got}%", en: "screen \u{201c}{screen}\u{201d} can't give {kind} {wanted}% of its time; from {when} it is {got}%",
        hint_zh: "增加这一类内容，或者在 screens.toml 里调低 min_share", hint_en: "add items of this kind or lower min_share in screens.toml",
    }
    Warning "screen-too-short" {
        zh: "每屏 {seconds} 秒太短，这段文字至少要 {needed} 秒才读得完", en: "{seconds} seconds are too short; reading this text takes {needed}",
        hint_zh: "把 [screen] 里的 seconds 改为 {needed}，或者在 text 里写短一些", hint_en: "set `seconds = {needed}` in [screen], or give a shorter `text`",
    }
    Warning "screen-text-too-long" {
        zh: "文字太长，在 {size} 的屏幕上放不下又看得清：{text}", en: "this text does not fit legibly on a screen of {size}: {text}",
        hint_zh: "在 [screen] 里用 text 写一句短的，或者用换行把标语分成短句", hint_en: "give a shorter `text` in [screen], or break the slogan into shorter lines",
    }
    Warning "screen-design-unknown" {
        zh: "没有叫“{value}”的屏幕样式或图案", en: "there is no slide design or motif \u{201c}{value}\u{201d}",
        hint_zh: "可以用的有：{known}", hint_en: "known: {known}",
    }
    Warning "screen-never-plays" {
        zh: "on 里写的 {on} 都不播放{kind}类内容，这篇文稿不会上屏", en: "none of {on} shows documents of kind {kind}, so this one will not be on any screen",
        hint_zh: "在 screens.toml 里给屏幕的 shows 加上 {kind}，或者改写 on", hint_en: "add {kind} to `shows` of the screen in screens.toml, or change `on`",
    }
    Note "screen-why-plays" { zh: "在播，权重 {weight}", en: "plays, weight {weight}", hint_zh: "", hint_en: "" }
    Note "screen-why-kind" { zh: "这块屏只播 {shows}，不播 {kind}", en: "this screen shows {shows}, not {kind}", hint_zh: "", hint_en: "" }
    Note "screen-why-target" { zh: "只在 {on} 播放", en: "plays only on {on}", hint_zh: "", hint_en: "" }
    Note "screen-why-early" { zh: "{from} 才上屏", en: "goes up at {from}", hint_zh: "", hint_en: "" }
    Note "screen-why-late" { zh: "{until} 已经下屏", en: "went down at {until}", hint_zh: "", hint_en: "" }
    Note "screen-why-days" { zh: "今天不是它的播放日", en: "today is not one of its days", hint_zh: "", hint_en: "" }
    Note "screen-why-hours" { zh: "不在播放时段 {hours} 内", en: "outside its hours {hours}", hint_zh: "", hint_en: "" }
    Note "screen-why-festive" { zh: "{day}，喜庆类内容停播", en: "festive items rest on {day}", hint_zh: "", hint_en: "" }
    Note "screen-why-not-named" { zh: "{day}，只播日历点名的内容", en: "on {day} only the items named in the calendar play", hint_zh: "", hint_en: "" }
    Note "screen-why-takeover" { zh: "让位给插播“{title}”", en: "gives way to the takeover \u{201c}{title}\u{201d}", hint_zh: "", hint_en: "" }
    Note "screen-why-dark" { zh: "不在这块屏的开屏时间内", en: "the screen is dark at this hour", hint_zh: "", hint_en: "" }

    // ---- the site (site, link, check) ----
    Error "duplicate-url" {
        zh: "两个文件要用同一个网址 {url}", en: "two files want the same URL {url}",
        hint_zh: "在其中一个文件的前置信息里写一个不同的 slug（网址名）", hint_en: "give one of them a different `slug` in its front matter",
    }

    // ---- themes and rendering (theme, render) ----

    // ---- writing and serving: faults and what the program says (source, release, state, serve, watch, report) ----
}
