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

    // ---- the site (site, link, check) ----
    Error "duplicate-url" {
        zh: "两个文件要用同一个网址 {url}", en: "two files want the same URL {url}",
        hint_zh: "在其中一个文件的前置信息里写一个不同的 slug（网址名）", hint_en: "give one of them a different `slug` in its front matter",
    }

    // ---- themes and rendering (theme, render) ----

    // ---- writing and serving: faults and what the program says (source, release, state, serve, watch, report) ----
    Error "site-missing" {
        zh: "站点文件夹打不开：{path}（{reason}）", en: "the site folder cannot be opened: {path} ({reason})",
        hint_zh: "请检查 --site 的路径；新建站点用 civicast init", hint_en: "check the path after --site; `civicast init` makes a new site",
    }
    Error "unreadable-file" {
        zh: "读不了 {path}：{reason}", en: "cannot read {path}: {reason}",
        hint_zh: "请检查文件权限；如果是链接，请检查它指向的文件还在不在", hint_en: "check the permissions; if it is a link, check that what it points to exists",
    }
    Error "file-vanished" {
        zh: "{path} 在读取之前不见了", en: "{path} was gone before it could be read",
        hint_zh: "如果是有意删除，再生成一次即可", hint_en: "if you removed it on purpose, just build again",
    }
    Error "file-changing" {
        zh: "{path} 正在被别的程序写入，读不到完整内容", en: "{path} is being written by another program and could not be read whole",
        hint_zh: "等复制或保存完成后再生成一次", hint_en: "build again when copying or saving has finished",
    }
    Error "not-a-file" {
        zh: "{path} 不是普通文件（是管道、套接字或设备），没有打开它", en: "{path} is not an ordinary file (a pipe, socket or device); it was not opened",
        hint_zh: "请把它移出站点文件夹", hint_en: "move it out of the site folder",
    }
    Error "link-leaves-site" {
        zh: "链接 {path} 指向站点内容之外的 {target}，没有读取", en: "the link {path} leads to {target}, outside the contents of the site; it was not followed",
        hint_zh: "请把文件本身复制进来，不要用链接", hint_en: "copy the file itself into the site instead of linking to it",
    }
    Error "link-loop" {
        zh: "链接 {path} 绕回到自己所在的文件夹", en: "the link {path} leads back to a folder that it lies in",
        hint_zh: "请删除这个链接", hint_en: "remove this link",
    }
    Error "path-not-utf8" {
        zh: "文件名不是 UTF-8 编码，无法识别：{path}", en: "the name of this file is not UTF-8: {path}",
        hint_zh: "请给文件改名（常见于从旧压缩包解压出来的文件）", hint_en: "rename the file (old ZIP archives often unpack to such names)",
    }
    Error "bad-file-name" {
        zh: "文件名里有反斜杠或控制字符：{path}", en: "the name of this file contains a backslash or a control character: {path}",
        hint_zh: "请给文件改名", hint_en: "rename the file",
    }
    Error "same-name-twice" {
        zh: "两个文件的名字看起来完全一样，只是 Unicode 写法不同：{path}", en: "two files have the same name, written in different Unicode forms: {path}",
        hint_zh: "请删除其中一个（常见于在苹果电脑和其他电脑之间复制）", hint_en: "remove one of them (this happens when files are copied between Macs and other computers)",
    }
    Error "output-unsafe" {
        zh: "不能把 {path} 作为输出文件夹：它就是站点的内容文件夹，或者包含、位于其中（{reason}）", en: "{path} cannot be the output folder: it is, contains or lies in a folder of the site's own contents ({reason})",
        hint_zh: "请另选一个文件夹，例如 public", hint_en: "choose another folder, for example public",
    }
    Error "foreign-output" {
        zh: "{path} 里已有不是 civicast 生成的文件（例如 {reason}），没有写入", en: "{path} holds files that civicast did not make (for example {reason}); nothing was written",
        hint_zh: "请换一个输出文件夹，或者先把它清空", hint_en: "choose another output folder, or empty this one",
    }
    Error "foreign-in-the-way" {
        zh: "{path} 不是 civicast 生成的，但这里要写一个同名的输出文件；没有改动任何文件", en: "{path} was not made by civicast, but an output needs its place; nothing was changed",
        hint_zh: "请移走它，或者给对应的页面改网址", hint_en: "move it away, or give the page another URL",
    }
    Error "output-locked" {
        zh: "另一个 civicast 正在写 {path}", en: "another civicast is writing to {path}",
        hint_zh: "等它完成后再生成一次", hint_en: "build again when it has finished",
    }
    Error "output-name" {
        zh: "输出文件不能叫这个名字：{path}（{reason}）", en: "an output file cannot have this name: {path} ({reason})",
        hint_zh: "请在前置信息里写一个较短的、只含普通字符的 slug（网址名）", hint_en: "give the page a shorter `slug` of ordinary characters in its front matter",
    }
    Error "output-collision" {
        zh: "两个输出文件争用一个名字：{path} 和 {reason}", en: "two output files want the same name: {path} and {reason}",
        hint_zh: "请给其中一个改网址名；只差大小写的名字在有些系统上是同一个文件", hint_en: "rename one of them; names that differ only in case are one file on some systems",
    }
    Error "write-failed" {
        zh: "写不了 {path}：{reason}", en: "cannot write {path}: {reason}",
        hint_zh: "原有的网站没有改动；请检查磁盘空间和文件夹权限", hint_en: "the site as it was still stands; check the free space and the permissions of the folder",
    }
    Error "finish-failed" {
        zh: "新内容已备好，但换上时在 {path} 处失败：{reason}", en: "the new files are ready, but putting them in place failed at {path}: {reason}",
        hint_zh: "排除原因后再生成一次，会从断点继续", hint_en: "remove the cause and build again; it goes on from there",
    }
    Error "source-changed" {
        zh: "{path} 在生成过程中被改动，没有发布", en: "{path} was changed while the site was being built; nothing was published",
        hint_zh: "再生成一次即可", hint_en: "just build again",
    }
    Warning "state-not-saved" {
        zh: "记不下本次生成的状态（{path}：{reason}），下次生成会慢一些", en: "the state of this build could not be saved ({path}: {reason}); the next build will be slower",
        hint_zh: "请检查站点文件夹下 .civicast 的权限和磁盘空间", hint_en: "check the permissions of .civicast in the site folder and the free space",
    }
    Error "watch-failed" {
        zh: "无法监视 {path} 的改动：{reason}", en: "cannot watch {path} for changes: {reason}",
        hint_zh: "如果提示监视数量已满，请调大系统的 fs.inotify.max_user_watches", hint_en: "if the limit of watches is reached, raise fs.inotify.max_user_watches",
    }
}
