//! Words for people: every message in Chinese and English, in one table.
//!
//! A row has a code, a severity, the message and the hint in both languages, with `{name}` for values. Nothing else in
//! the program holds text that a user reads, except the documentation of keys in `config` and of flags in `main`.

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build writes nothing.
    Error,
    /// The build goes on and says so.
    Warning,
    /// Something was put right on the way.
    Note,
}

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
    /// The hint with its values filled in; empty when there is none. A clause (up to a semicolon) that names a value which
    /// is empty or missing is left out, so “the nearest is:” never stands there alone.
    pub fn hint(&self, lang: Lang, args: &[(&'static str, String)]) -> String {
        let hint = pick(lang, self.hint_zh, self.hint_en);
        let given =
            |clause: &&str| names(clause).all(|name| args.iter().any(|(n, value)| *n == name && !value.is_empty()));
        let (mark, glue) = match lang {
            Lang::Zh => ('；', "；"),
            Lang::En => (';', ";"),
        };
        let clauses: Vec<&str> = hint.split(mark).filter(given).collect();
        fill(clauses.join(glue).trim(), args)
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

/// The `{names}` in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
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

    Error "duplicate-term" {
        zh: "“{a}”和“{b}”会得到同一个网址名 {slug}", en: "“{a}” and “{b}” would get the same URL name {slug}",
        hint_zh: "在 civicast.toml 的 [pinyin] 里给其中一个另写网址名，例如 \"{b}\" = \"{slug}-2\"", hint_en: "give one of them another name under [pinyin] in civicast.toml, e.g. \"{b}\" = \"{slug}-2\"",
    }
    Error "reserved-url" {
        zh: "网址 {url} 由程序自己使用，不能给文档或栏目", en: "the URL {url} belongs to the program itself",
        hint_zh: "换一个文件名，或写一个不同的 slug（网址名）", hint_en: "choose another file name or `slug`",
    }
    Error "duplicate-index-number" {
        zh: "索引号 {number} 已被 {other} 使用", en: "index number {number} is already used by {other}",
        hint_zh: "索引号全站唯一；`civicast new notice 标题` 会给出下一个可用的号", hint_en: "index numbers are unique; `civicast new notice TITLE` proposes the next free one",
    }

    Error "path-leaves-site" {
        zh: "路径 {target} 指向站点文件夹之外", en: "the path {target} leads out of the site folder",
        hint_zh: "只能使用站点文件夹里的文件，写相对于本文件的路径", hint_en: "use files of the site folder only, with a path relative to this file",
    }
    Error "broken-link" {
        zh: "链接 {target} 没有对应的文件或页面", en: "nothing answers to the link {target}",
        hint_zh: "最接近的是：{near}", hint_en: "the nearest is: {near}",
    }
    Error "broken-anchor" {
        zh: "{path} 里没有锚点 #{anchor}", en: "{path} has no anchor #{anchor}",
        hint_zh: "最接近的是：{near}", hint_en: "the nearest is: {near}",
    }
    Error "missing-image" {
        zh: "找不到图片 {target}", en: "there is no picture {target}",
        hint_zh: "把图片放到 Markdown 文件旁边；最接近的是：{near}", hint_en: "put the picture beside the Markdown file; the nearest is: {near}",
    }
    Error "missing-attachment" {
        zh: "找不到附件 {target}", en: "there is no attachment {target}",
        hint_zh: "把附件放到 Markdown 文件旁边；最接近的是：{near}", hint_en: "put the file beside the Markdown file; the nearest is: {near}",
    }
    Warning "link-to-hidden" {
        zh: "链接 {target} 指向目前不公开的文档（草稿、未上线、已下线或非主动公开），已只保留文字", en: "the link {target} goes to a document that is not visible (draft, not yet, expired or not public); only its words are kept",
        hint_zh: "去掉这个链接，或等那篇文档上线", hint_en: "remove the link, or wait until that document is visible",
    }

    Warning "missing-alt" {
        zh: "图片 {target} 没有替代文字", en: "the picture {target} has no alternative text",
        hint_zh: "在方括号里写出图上有什么：![干部职工在沙地上栽树]({target})", hint_en: "say between the brackets what it shows: ![people planting trees]({target})",
    }
    Warning "missing-image-alt" {
        zh: "题图 {target} 没有说明", en: "the title picture {target} has no description",
        hint_zh: "加一行 image_alt（题图说明），写出图上有什么", hint_en: "add `image_alt` and say what it shows",
    }
    Error "unsafe-svg" {
        zh: "SVG 图片里有脚本或外部内容：{mark}", en: "the SVG picture holds script or foreign content: {mark}",
        hint_zh: "请从绘图软件重新导出，不带脚本；或改用 PNG", hint_en: "export it again without script, or use PNG",
    }
    Warning "missing-disclosure" {
        zh: "通知没有信息公开表头", en: "the notice has no disclosure header",
        hint_zh: "在前置信息里加 [disclosure]（信息公开），至少写索引号和成文日期", hint_en: "add a [disclosure] table with at least `index_number` and `written`",
    }
    Warning "heading-jump" {
        zh: "标题“{heading}”是第 {level} 级，上一个标题是第 {above} 级，跳级了", en: "the heading “{heading}” has level {level} after level {above}",
        hint_zh: "标题一级一级往下用：## 之后是 ###", hint_en: "go down one level at a time: ### after ##",
    }
    Warning "empty-section" {
        zh: "栏目“{title}”是空的", en: "the section “{title}” is empty",
        hint_zh: "空白栏目会在检查中扣分：补充内容，或删除这个文件夹", hint_en: "empty sections fail inspections: add a document or remove the folder",
    }
    Warning "missing-footer" {
        zh: "页脚缺少“{name}”", en: "the footer lacks {name}",
        hint_zh: "在 civicast.toml 里填写 {key}", hint_en: "give {key} in civicast.toml",
    }
    Note "late-report" {
        zh: "报道在活动之后 {days} 天才发布", en: "the report appears {days} days after the activity",
        hint_zh: "活动信息一般应在两个工作日内发布", hint_en: "activities are usually reported within two working days",
    }

    // ---- themes and rendering (theme, render) ----

    Error "missing-theme" {
        zh: "没有名为 {theme} 的主题", en: "there is no theme called {theme}",
        hint_zh: "主题放在 themes/{theme}/；不写 theme 就用内置主题 civic；最接近的是：{near}", hint_en: "themes stand in themes/{theme}/; without `theme` the built-in civic is used; the nearest is: {near}",
    }
    Error "theme-file" {
        zh: "主题文件有语法错误：{reason}", en: "the theme file has a syntax error: {reason}", hint_zh: "", hint_en: "",
    }
    Error "data-file" {
        zh: "数据文件读不懂：{reason}", en: "the data file can't be understood: {reason}", hint_zh: "", hint_en: "",
    }
    Error "template-error" {
        zh: "模板 {template} 出错：{reason}", en: "template {template}: {reason}",
        hint_zh: "正在渲染 {document}；可用的变量：{scope}", hint_en: "while rendering {document}; in scope: {scope}",
    }
    Error "missing-template" {
        zh: "没有模板 {template}", en: "there is no template {template}",
        hint_zh: "最接近的是：{near}", hint_en: "the nearest is: {near}",
    }

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
