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
    // files
    Error "file-too-large" {
        zh: "文件有 {size} MB，超过文本文件的上限", en: "the file has {size} MB, more than a text file may have",
        hint_zh: "把它拆成几篇，或者在 civicast.toml 里调大 max_text_bytes（文本文件上限）", hint_en: "split it, or raise `max_text_bytes` in civicast.toml",
    }
    Error "unreadable-text" {
        zh: "第 {line} 行有读不出的字节：既不是 UTF-8，也不是 GB18030", en: "line {line} has bytes that are neither UTF-8 nor GB18030",
        hint_zh: "用编辑器打开，另存为 UTF-8 编码；如果这是 Word 文档，请把文字复制到文本文件里", hint_en: "open it in an editor and save it as UTF-8; if it is a Word document, paste its text into a text file",
    }
    Note "converted-encoding" {
        zh: "文件是 {encoding} 编码，已按 {encoding} 读取", en: "the file is in {encoding} and was read as such",
        hint_zh: "建议另存为 UTF-8", hint_en: "better save it as UTF-8",
    }
    Error "too-much-data" {
        zh: "这一段超过 {limit} KB，没有读取", en: "this is over {limit} KB and was not read",
        hint_zh: "前置信息只放标题、日期这些内容，正文写在它后面", hint_en: "front matter holds title, date and the like; the text comes after it",
    }
    // syntax
    Note "full-width-colon" {
        zh: "这里用了全角的“{found}”，已按半角处理", en: "a full-width `{found}` stands here and was read as the half-width one",
        hint_zh: "前置信息的键后面用半角的冒号（YAML）或等号（TOML）", hint_en: "write the half-width colon (YAML) or equals sign (TOML) after a key",
    }
    Note "full-width-punctuation" {
        zh: "这里用了全角标点“{found}”，已按半角处理", en: "full-width punctuation `{found}` was read as half-width",
        hint_zh: "前置信息和配置里的引号、逗号、方括号要用半角", hint_en: "quotes, commas and brackets of settings are half-width",
    }
    Note "colon-for-equals" {
        zh: "TOML 的键和值之间用 =，这里写成了冒号，已按 = 处理", en: "TOML has `=` between key and value; the colon was read as `=`",
        hint_zh: "把冒号改成 =", hint_en: "write `=`",
    }
    Note "missing-space" {
        zh: "冒号后面少了空格，已按有空格处理", en: "the space after the colon is missing and was put in",
        hint_zh: "在冒号后面加一个空格", hint_en: "put a space after the colon",
    }
    Note "invisible-character" {
        zh: "这一行有看不见的字符 {character}，已去掉", en: "an invisible character {character} stands in this line and was left out",
        hint_zh: "多半是从 Word 或网页粘贴来的，删掉即可", hint_en: "it probably came from Word or a web page; delete it",
    }
    Error "unclosed-string" {
        zh: "引号没有闭合", en: "the quote is not closed",
        hint_zh: "在文字末尾补上同样的引号", hint_en: "put the same quote at the end of the text",
    }
    Error "unclosed-bracket" {
        zh: "括号没有闭合，缺少 {found}", en: "the bracket is not closed; {found} is missing",
        hint_zh: "在列表或表的末尾补上括号", hint_en: "put the closing bracket at the end of the list or table",
    }
    Error "unquoted-text" {
        zh: "文字 {found} 没有加引号", en: "the text {found} lacks its quotes",
        hint_zh: "TOML 里的文字要放在半角双引号里：标题 = \"……\"", hint_en: "text in TOML stands in double quotes: title = \"…\"",
    }
    Error "duplicate-key" {
        zh: "{key} 写了两次", en: "{key} is given twice",
        hint_zh: "只保留一个；中文名和英文名是同一个键", hint_en: "keep one of them; the Chinese and the English name are one key",
    }
    Error "missing-equals" {
        zh: "键后面缺少 =", en: "`=` is missing after the key",
        hint_zh: "写成：标题 = \"……\"", hint_en: "write: title = \"…\"",
    }
    Error "missing-value" {
        zh: "= 后面没有值", en: "there is no value after `=`",
        hint_zh: "写上值，或者删掉这一行", hint_en: "write a value or delete the line",
    }
    Error "bad-escape" {
        zh: "双引号里的反斜杠 \\ 后面不是可用的转义", en: "the backslash in the quoted text is not followed by a known escape",
        hint_zh: "想写反斜杠本身就写两个：\\\\；路径请用 /", hint_en: "for a backslash itself write two; write paths with /",
    }
    Error "bad-value" {
        zh: "{found} 不是能看懂的值", en: "{found} is not a value that can be read",
        hint_zh: "文字放在双引号里，数字和 true、false 不加引号", hint_en: "put text in double quotes; numbers, true and false have none",
    }
    Error "too-deep" {
        zh: "嵌套超过 {limit} 层", en: "nested more than {limit} levels deep",
        hint_zh: "去掉多余的括号或缩进", hint_en: "remove brackets or indentation",
    }
    Error "toml-syntax" {
        zh: "这一行不符合 TOML 的写法", en: "this line is not TOML",
        hint_zh: "每行写一个“键 = 值”，文字加双引号，列表用 [\"…\", \"…\"]", hint_en: "one `key = value` a line, text in double quotes, lists as [\"…\", \"…\"]",
    }
    Error "yaml-syntax" {
        zh: "这里不符合 YAML 的写法：{found}", en: "this is not YAML: {found}",
        hint_zh: "每行写一个“键: 值”，下级内容用空格缩进、上下对齐", hint_en: "one `key: value` a line; what belongs below is indented with spaces, evenly",
    }
    Error "yaml-needs-quotes" {
        zh: "值 {found} 里有 YAML 的特殊符号，要加引号", en: "the value {found} holds characters with a meaning in YAML and needs quotes",
        hint_zh: "把整个值放进半角双引号", hint_en: "put the whole value in double quotes",
    }
    Error "yaml-tab" {
        zh: "YAML 不能用制表符缩进", en: "YAML is not indented with tabs",
        hint_zh: "改成空格，每级两个", hint_en: "use two spaces for each level",
    }
    Error "yaml-anchor" {
        zh: "不支持 YAML 的锚点、引用和合并：{found}", en: "anchors, aliases and merge keys of YAML are not supported: {found}",
        hint_zh: "把内容直接写出来；如果 & 或 * 是文字的一部分，请加双引号", hint_en: "write the value itself; if & or * is part of a text, put it in double quotes",
    }
    Error "yaml-tag" {
        zh: "不支持 YAML 的类型标记：{found}", en: "tags of YAML are not supported: {found}",
        hint_zh: "去掉感叹号开头的标记；如果它是文字的一部分，请加双引号", hint_en: "remove the tag that begins with `!`; if it is part of a text, put it in double quotes",
    }
    Error "not-a-table" {
        zh: "这里应该是“键: 值”的形式，写的却是：{found}", en: "keys and values belong here, not: {found}",
        hint_zh: "写成：标题: ……；如果没有前置信息，请删掉开头的 ---", hint_en: "write `title: …`; if there is no front matter, delete the `---` at the beginning",
    }
    // keys and values
    Error "unknown-key" {
        zh: "没有 {key} 这个键", en: "there is no key {key}",
        hint_zh: "最接近的键：{near}；主题自用的内容写在 [extra]（附加）下", hint_en: "nearest keys: {near}; what the theme needs beyond them goes under [extra]",
    }
    Error "misplaced-key" {
        zh: "{key} 不能写在这里，它属于 {table}（{table_zh}）", en: "{key} does not belong here but in {table}",
        hint_zh: "把它移到 [{table}] 下面", hint_en: "move it below [{table}]",
    }
    Error "belongs-on-top" {
        zh: "{key} 写到了下级的表里，它属于最上层", en: "{key} stands inside a table but belongs on the top level",
        hint_zh: "在 TOML 里，写在 [表名] 下面的键都属于那个表：把它移到第一个 [表名] 之前；在 YAML 里去掉缩进", hint_en: "in TOML all keys below a [table] belong to it: move this one above the first [table]; in YAML remove its indentation",
    }
    Error "unknown-value" {
        zh: "{key} 不能是“{found}”", en: "{key} cannot be `{found}`",
        hint_zh: "可以写：{known}", hint_en: "it may be: {known}",
    }
    Error "invalid-date" {
        zh: "{key} 的日期“{found}”看不懂", en: "{key} is no date: `{found}`",
        hint_zh: "写成 2026-09-01、2026-09-01 08:30 或 2026年9月1日", hint_en: "write 2026-09-01, 2026-09-01 08:30, 2026-09-01T08:30:00+08:00 or 2026年9月1日",
    }
    Error "out-of-range" {
        zh: "{key} 是 {found}，应在 {low} 到 {high} 之间", en: "{key} is {found}; it must be from {low} to {high}",
        hint_zh: "换一个 {low} 到 {high} 之间的数", hint_en: "choose a number from {low} to {high}",
    }
    Error "expected-text" {
        zh: "{key} 应该是文字，这里写的是 {found}", en: "{key} must be text, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-bool" {
        zh: "{key} 应该是 true 或 false，这里写的是 {found}", en: "{key} must be true or false, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-number" {
        zh: "{key} 应该是数字，这里写的是 {found}", en: "{key} must be a number, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-date" {
        zh: "{key} 应该是日期，这里写的是 {found}", en: "{key} must be a date, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-list" {
        zh: "{key} 应该是列表，这里写的是 {found}", en: "{key} must be a list, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-pair" {
        zh: "{key} 应该是两个数，这里写的是 {found}", en: "{key} must be two numbers, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-table" {
        zh: "{key} 下面应该是“键和值”，这里写的是 {found}", en: "{key} must be a table of keys and values, not {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    Error "expected-other" {
        zh: "{key} 不能写成 {found}", en: "{key} cannot be {found}",
        hint_zh: "例如：{example}", hint_en: "for example: {example}",
    }
    // civicast.toml
    Error "missing-config" {
        zh: "这个文件夹里没有 civicast.toml，不是一个站点", en: "there is no civicast.toml in this folder: it is not a site",
        hint_zh: "用 civicast init 新建一个站点，或者用 --site 指明站点文件夹", hint_en: "make a new site with `civicast init`, or name the folder of one with `--site`",
    }
    Error "empty-content" {
        zh: "content 文件夹里没有任何文档", en: "there is no document in the folder `content`",
        hint_zh: "用 civicast new notice \"标题\" 写第一篇", hint_en: "write the first one with `civicast new notice \"title\"`",
    }
    Error "missing-site-title" {
        zh: "没有写网站名称", en: "the site has no title",
        hint_zh: "在 civicast.toml 里加一行：title = \"……\"", hint_en: "add a line to civicast.toml: title = \"…\"",
    }
    Warning "missing-base-url" {
        zh: "没有写网站网址，订阅和站点地图里的链接会不完整", en: "the site has no base_url: links in feeds and the sitemap will be incomplete",
        hint_zh: "在 civicast.toml 里加一行：base_url = \"https://……\"", hint_en: "add a line to civicast.toml: base_url = \"https://…\"",
    }
    Error "bad-base-url" {
        zh: "网址“{found}”不对", en: "`{found}` cannot be the address of the site",
        hint_zh: "以 http:// 或 https:// 开头，末尾不带斜杠，也不带 ? 和 #", hint_en: "begin with http:// or https://, with no slash at the end and no `?` or `#`",
    }
    Error "bad-language" {
        zh: "“{found}”不是语言代码", en: "`{found}` is not a language code",
        hint_zh: "例如 zh-CN", hint_en: "for example zh-CN",
    }
    Error "bad-language-code" {
        zh: "“{found}”不能作语言代码", en: "`{found}` cannot be the code of a language",
        hint_zh: "用小写的 BCP 47 代码，例如 en、zh-hant；文件名和网址里都用它", hint_en: "use a lower-case BCP 47 code such as en or zh-hant; names of files and URLs have it",
    }
    Error "duplicate-language" {
        zh: "语言“{code}”已经有了", en: "the site has the language `{code}` already",
        hint_zh: "每种语言写一次；主要语言写在 language 里", hint_en: "write each language once; the main one is the setting language",
    }
    Error "bad-folder-name" {
        zh: "“{found}”不能作主题名", en: "`{found}` cannot be the name of a theme",
        hint_zh: "写 themes/ 下的文件夹名，不带斜杠", hint_en: "write the name of a folder below themes/, without slashes",
    }
    Error "bad-output-folder" {
        zh: "“{found}”不能作输出文件夹", en: "`{found}` cannot be the output folder",
        hint_zh: "写站点文件夹里的一个单独的文件夹，例如 public；不能是 content、themes、static、data", hint_en: "name a folder of its own inside the site, such as public; not content, themes, static or data",
    }
    Error "bad-index-pattern" {
        zh: "索引号格式“{found}”看不懂", en: "the pattern of index numbers `{found}` cannot be understood",
        hint_zh: "写 credit-code（信用代码）、any（任意），或者用 {code}、{year}、{5} 组成的格式", hint_en: "write credit-code, any, or a pattern of {code}, {year} and {5}",
    }
    Error "unknown-time-zone" {
        zh: "没有“{found}”这个时区", en: "there is no time zone `{found}`",
        hint_zh: "最接近的：{near}；国内写 Asia/Shanghai", hint_en: "nearest: {near}",
    }
    Warning "bad-site-code" {
        zh: "网站标识码“{found}”不是十位数字", en: "the site identification code `{found}` does not have ten digits",
        hint_zh: "核对网站标识码", hint_en: "check the code",
    }
    Warning "bad-postcode" {
        zh: "邮政编码“{found}”不是六位数字", en: "the postal code `{found}` does not have six digits",
        hint_zh: "核对邮政编码", hint_en: "check the postal code",
    }
    Error "bad-credit-code" {
        zh: "统一社会信用代码“{found}”应为 18 位数字和大写字母（不用 I、O、S、V、Z）", en: "the credit code `{found}` must have 18 digits and capital letters (no I, O, S, V, Z)",
        hint_zh: "对照证书核对", hint_en: "compare it with the certificate",
    }
    Error "credit-code-check" {
        zh: "统一社会信用代码“{found}”的最后一位校验不符（GB 32100）：写的是 {written}，按前 17 位算应是 {check}", en: "the last character of the credit code `{found}` does not check (GB 32100): it is {written}, the first 17 ask for {check}",
        hint_zh: "对照证书核对，多半是前面某一位写错了", hint_en: "compare it with the certificate; probably one of the others is wrong",
    }
    Error "organisation-code-check" {
        zh: "统一社会信用代码“{found}”第 9 到 17 位的组织机构代码校验不符（GB 11714）：第 17 位写的是 {written}，应是 {check}", en: "the organisation code in places 9 to 17 of `{found}` does not check (GB 11714): place 17 is {written}, it should be {check}",
        hint_zh: "对照证书核对，多半是第 9 到 16 位里有一位写错了", hint_en: "compare it with the certificate; probably one of places 9 to 16 is wrong",
    }
    Error "incomplete-link" {
        zh: "链接要有 name（名称）和 url（网址）", en: "a link needs `name` and `url`",
        hint_zh: "例如：name = \"首页\"，url = \"/\"", hint_en: "for example: name = \"Home\", url = \"/\"",
    }
    Error "bad-link-address" {
        zh: "链接地址“{found}”不对", en: "`{found}` is not an address for a link",
        hint_zh: "站内路径以 / 开头，站外网址以 https:// 开头", hint_en: "a path of the site begins with /, another site with https://",
    }
    Warning "unknown-problem-code" {
        zh: "没有代码为 {found} 的问题", en: "there is no problem with the code {found}",
        hint_zh: "最接近的：{near}", hint_en: "nearest: {near}",
    }
    Error "bad-pinyin" {
        zh: "拼音“{found}”只能用小写字母、数字和连字符", en: "the spelling `{found}` may have small letters, digits and hyphens only",
        hint_zh: "例如：单位 = \"danwei\"", hint_en: "for example: 单位 = \"danwei\"",
    }
    // screens.toml
    Error "duplicate-screen" {
        zh: "两块屏幕用了同一个编号 {id}", en: "two screens have the id {id}",
        hint_zh: "每块屏幕的 id（编号）要不同，大小写不算区别", hint_en: "give each its own id; case does not count",
    }
    Error "incomplete-screen" {
        zh: "这块屏幕没有写 {key}", en: "this screen lacks `{key}`",
        hint_zh: "每块屏幕都要有 id（编号）、point（点位）和 size（尺寸）", hint_en: "each screen needs `id`, `point` and `size`",
    }
    Error "bad-screen-id" {
        zh: "屏幕编号“{found}”不能用在网址里", en: "the screen id `{found}` cannot be used in a URL",
        hint_zh: "只用英文字母、数字和连字符，不以连字符开头或结尾；files、index、player 已有他用", hint_en: "letters, digits and hyphens, no hyphen at either end; files, index and player are taken",
    }
    Warning "share-not-shown" {
        zh: "min_share（最低占比）里的 {kind} 不在这块屏幕的播放内容里", en: "`min_share` names {kind}, which this screen does not show",
        hint_zh: "把它加进 shows（播放内容），或者去掉占比", hint_en: "add it to `shows` or drop its share",
    }
    Error "shares-over-one" {
        zh: "最低占比合计 {sum}，超过了 1", en: "the least shares add up to {sum}, more than 1",
        hint_zh: "调小到合计不超过 1", hint_en: "make them add up to 1 at most",
    }
    Error "bad-opening-hours" {
        zh: "“{found}”不是能看懂的时段", en: "`{found}` is not a span of hours",
        hint_zh: "写成 07:30-19:00", hint_en: "write 07:30-19:00",
    }
    // front matter
    Note "odd-fence" {
        zh: "前置信息的分隔线写成了 {found}，已按标准写法处理", en: "the fence of the front matter is {found}; it was read as the usual one",
        hint_zh: "TOML 用 +++，YAML 用 ---，都是三个半角符号", hint_en: "TOML has +++, YAML has ---",
    }
    Error "unclosed-front-matter" {
        zh: "前置信息没有结束的 {fence}", en: "the front matter has no closing {fence}",
        hint_zh: "在第 {line} 行“{text}”后面另起一行写 {fence}", hint_en: "put a line {fence} after line {line}, `{text}`",
    }
    Error "missing-title" {
        zh: "没有标题", en: "there is no title",
        hint_zh: "在前置信息里写 title（标题），或者在正文开头写一级标题：# ……", hint_en: "write `title` in the front matter, or begin the text with a heading: # …",
    }
    Warning "two-titles" {
        zh: "前置信息的标题是“{title}”，正文的一级标题是“{heading}”，页面只显示前一个", en: "the front matter has the title `{title}`, the text begins with `{heading}`; the page shows the first one only",
        hint_zh: "只保留一个；正文里的小标题从二级（##）开始", hint_en: "keep one of them; headings in the text begin at ##",
    }
    Error "missing-date" {
        zh: "{kind}要有发布日期", en: "a {kind} needs its publication date",
        hint_zh: "在前置信息里写 date（发布日期），例如 date = 2026-09-01；没有注明日期的信息检查时视为没有更新", hint_en: "write it in the front matter: date = 2026-09-01",
    }
    Error "wrong-kind-key" {
        zh: "{key} 不用在 {kind} 里，只用在：{only}", en: "{key} has no place in a {kind}, only in: {only}",
        hint_zh: "删掉它，或者改 kind（类型）", hint_en: "remove it, or change `kind`",
    }
    Error "bad-slug" {
        zh: "网址名“{found}”不能用在网址里", en: "`{found}` cannot be part of a URL",
        hint_zh: "用字母、数字、汉字和连字符，不带空格和斜杠", hint_en: "use letters, digits and hyphens, without spaces and slashes",
    }
    Error "bad-alias" {
        zh: "旧网址“{found}”不是站内路径", en: "`{found}` is not a path of this site",
        hint_zh: "写成 /old/page/ 这样，不带域名、..、? 和 #", hint_en: "write it like /old/page/, without host, `..`, `?` and `#`",
    }
    Error "attachment-without-file" {
        zh: "附件没有写 file（文件）", en: "the attachment lacks `file`",
        hint_zh: "例如：file = \"登记表.docx\"，title = \"登记表\"", hint_en: "for example: file = \"form.docx\", title = \"Form\"",
    }
    Error "not-in-site" {
        zh: "“{found}”不是站点里的文件", en: "`{found}` is not a file of this site",
        hint_zh: "把文件放在正文旁边，只写文件名；站外的链接写在正文里", hint_en: "put the file beside the text and write its name; links to other sites go into the text",
    }
    Error "backslash-in-path" {
        zh: "路径“{found}”用了反斜杠", en: "the path `{found}` has backslashes",
        hint_zh: "改用 /", hint_en: "write / instead",
    }
    Error "path-leaves-site" {
        zh: "“{found}”不在 content 或 static 文件夹里，不能发布", en: "`{found}` is outside of the folders content and static and cannot be published",
        hint_zh: "把文件放在正文旁边，只写文件名", hint_en: "put the file beside the text and write its name",
    }
    Note "withheld" {
        zh: "公开方式是 {found}，这份文件不会出现在任何输出里", en: "openness is {found}: the document is in no output",
        hint_zh: "要公开就写 主动公开", hint_en: "to publish it write 主动公开",
    }
    Error "written-after-date" {
        zh: "成文日期 {written} 晚于发布日期 {date}", en: "the date of writing {written} is after the publication date {date}",
        hint_zh: "核对这两个日期", hint_en: "check both dates",
    }
    Warning "index-year" {
        zh: "索引号里的年份 {year} 与发布日期 {date} 不是同一年", en: "the year {year} of the index number is not that of the publication date {date}",
        hint_zh: "核对索引号；往年的文件补发可以不改", hint_en: "check the number; for an older document published late it may be right",
    }
    Error "bad-index-number" {
        zh: "索引号“{found}”不符合格式 {pattern}", en: "the index number `{found}` does not have the form {pattern}",
        hint_zh: "例如 11990000MB0000000J/2026-00012；格式在 civicast.toml 的 index_pattern（索引号格式）里设置", hint_en: "for example 11990000MB0000000J/2026-00012; the form is set by `index_pattern` in civicast.toml",
    }
    Error "bad-document-number" {
        zh: "文件编号“{found}”不符合“机关代字〔年份〕序号”的写法", en: "the document number `{found}` is not of the form 机关代字〔2026〕12号",
        hint_zh: "例如 示机管发〔2026〕12号：年份用六角括号〔〕，序号不加“第”，不补零", hint_en: "for example 示机管发〔2026〕12号: the year in 〔〕, the number without 第 and without leading zeros",
    }
    Error "expires-before-publish" {
        zh: "下线时间 {expires} 不晚于上线时间 {publish}，永远不会显示", en: "it expires at {expires}, not after {publish}, when it is published: it would never be seen",
        hint_zh: "把 expires（下线时间）改到上线之后", hint_en: "set `expires` to a later time",
    }
    Error "until-before-from" {
        zh: "屏幕播放的结束时间不晚于开始时间", en: "on screens it ends no later than it begins",
        hint_zh: "把 until（结束）改到 from（开始）之后", hint_en: "set `until` after `from`",
    }

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
    Error "text-too-deep" {
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
    Note "holiday-year-soon" {
        zh: "还没有 {year} 年的节假日安排；{from} 起，“工作日”“节假日”暂按周一至周五推算（用到的有：{used}）",
        en: "the holidays of {year} are not known yet; from {from} workdays are taken to be Monday to Friday (used by {used})",
        hint_zh: "国务院办公厅发布通知后，新建 data/holidays/{year}.toml", hint_en: "add data/holidays/{year}.toml when the State Council has announced them",
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
    Warning "screen-weight-rounded" {
        zh: "屏幕“{screen}”从 {when} 起的一轮有 {turns} 次，{items} 篇文稿的次数与权重相差超过一次；相差最多的是 {file}：应播 {due} 次，实播 {got} 次",
        en: "on screen \u{201c}{screen}\u{201d} a loop has {turns} turns from {when}, in which {items} documents are more than one turn away from their weight; most of all {file}: due {due}, got {got}",
        hint_zh: "减少上屏的文稿，缩小权重的差距，或者调低 min_share", hint_en: "put fewer documents on this screen, choose weights that are closer, or lower min_share",
    }
    Warning "screen-loop-long" {
        zh: "屏幕“{screen}”从 {when} 起有 {turns} 篇文稿轮播，超过 {most} 篇；每篇都播，权重不起作用", en: "screen \u{201c}{screen}\u{201d} has {turns} documents in a loop from {when}, more than {most}; each plays once and weights have no effect",
        hint_zh: "用 on 把文稿分到不同的屏幕，或者用 until 让旧文稿下屏", hint_en: "spread documents over screens with `on`, or take old ones down with `until`",
    }
    Warning "screen-too-short" {
        zh: "每屏 {seconds} 秒太短，这段文字至少要 {needed} 秒才读得完", en: "{seconds} seconds are too short; reading this text takes {needed}",
        hint_zh: "把 [screen] 里的 seconds 改为 {needed}，或者在 text 里写短一些", hint_en: "set `seconds = {needed}` in [screen], or give a shorter `text`",
    }
    Warning "screen-text-too-long" {
        zh: "文字太长，在 {size} 的屏幕上放不下又看得清：{text}", en: "this text does not fit legibly on a screen of {size}: {text}",
        hint_zh: "在 [screen] 里用 text 写一句短的，或者用换行把标语分成短句", hint_en: "give a shorter `text` in [screen], or break the slogan into shorter lines",
    }
    Warning "font-glyph-missing" {
        zh: "所用的字体里没有这些字：{characters}；屏幕上可能显示为方框", en: "the fonts have no glyph for {characters}; screens may show an empty box",
        hint_zh: "在 civicast.toml 的 fonts 里加一个收有这些字的字体文件，或者换一种写法", hint_en: "add a font that has them to `fonts` in civicast.toml, or write it differently",
    }
    Warning "font-not-found" {
        zh: "找不到字体文件 {path}", en: "there is no font file {path}",
        hint_zh: "fonts 里写站点文件夹下的字体文件或文件夹，例如 fonts/NotoSerifSC-Bold.otf", hint_en: "`fonts` names font files or folders below the site folder, such as fonts/NotoSerifSC-Bold.otf",
    }
    Warning "font-unreadable" {
        zh: "{path} 不是能用的字体文件", en: "{path} is no font that can be used",
        hint_zh: "请用 TTF、OTF、TTC 或 OTC 格式的字体", hint_en: "use a TTF, OTF, TTC or OTC font",
    }
    Note "font-none" {
        zh: "没有中文字体可用：幻灯片里的文字没有转成轮廓，要靠放映设备自己的字体；也不生成 PNG", en: "there is no Chinese font here: text of slides stays text and needs the fonts of each device; no PNG is made",
        hint_zh: "安装中文字体（例如 fonts-noto-cjk），或者在 civicast.toml 里写 fonts；确实不要轮廓，写 fonts = [\"none\"]", hint_en: "install a Chinese font (such as fonts-noto-cjk) or set `fonts` in civicast.toml; `fonts = [\"none\"]` says that text is meant to stay text",
    }
    Warning "slide-text-kept" {
        zh: "幻灯片模板 {template} 里的这些文字没能转成轮廓：{text}", en: "text of the slide template {template} could not be outlined: {text}",
        hint_zh: "<text> 里只写文字，位置用一个 x 和一个 y，不用 tspan、dx、dy 和 style", hint_en: "keep plain text in <text>, placed by one x and one y, without tspan, dx, dy or style",
    }
    Warning "slide-not-drawn" {
        zh: "用模板 {template} 画不出 PNG 图片：{reason}", en: "no PNG could be drawn with the slide template {template}: {reason}",
        hint_zh: "请检查模板写出的 SVG", hint_en: "check the SVG that the template writes",
    }
    Warning "screen-design-unknown" {
        zh: "没有叫“{value}”的屏幕样式或图案", en: "there is no slide design or motif \u{201c}{value}\u{201d}",
        hint_zh: "可以用的有：{known}", hint_en: "known: {known}",
    }
    Warning "screen-never-plays" {
        zh: "on 里写的 {on} 都不播放{kind}类内容，这篇文稿不会上屏", en: "none of {on} shows documents of kind {kind}, so this one will not be on any screen",
        hint_zh: "在 screens.toml 里给屏幕的 shows 加上 {kind}，或者改写 on", hint_en: "add {kind} to `shows` of the screen in screens.toml, or change `on`",
    }
    Warning "screen-never-from" {
        zh: "从 {from} 上屏，到 {until} 已经下屏，这篇文稿不会上屏", en: "it goes up at {from} and down at {until}, so it will never be on a screen",
        hint_zh: "改写 [screen] 里的 from 和 until，或者 publish 和 expires", hint_en: "correct `from` and `until` in [screen], or `publish` and `expires`",
    }
    Warning "screen-never-days" {
        zh: "从 {from} 到 {until}，没有一天符合 days，这篇文稿不会上屏", en: "no day from {from} to {until} is one of its `days`, so it will never be on a screen",
        hint_zh: "改写 [screen] 里的 days，或者改写起止时间", hint_en: "change `days` in [screen], or its first and last day",
    }
    Warning "screen-never-open" {
        zh: "它的播放时段里，播它的屏幕（{screens}）都关着，这篇文稿不会上屏", en: "the screens that show it ({screens}) are all dark in its hours, so it will never be on a screen",
        hint_zh: "改写 [screen] 里的 hours，或者 screens.toml 里屏幕的 hours", hint_en: "change `hours` in [screen], or the hours of the screens in screens.toml",
    }
    Warning "screen-never-turn" {
        zh: "到 {until} 为止，每次该播时都让位给“{by}”，这篇文稿不会上屏", en: "until {until} \u{201c}{by}\u{201d} always goes before it, so it will never be on a screen",
        hint_zh: "延长 until，换一天，或者缩短插播", hint_en: "extend `until`, choose another day, or shorten the takeover",
    }
    Warning "screen-evergreen-limited" {
        zh: "写了 evergreen，又限定了截止时间、日期、时段或者是喜庆内容；待机和节目单过期以后不会播它", en: "it is evergreen but has an end, days, hours or is festive, so it does not play on standby or when the feed is out of date",
        hint_zh: "去掉 evergreen，或者去掉限定（通知和报道到期都会下屏，不能常青）", hint_en: "remove `evergreen`, or remove what limits it (notices and reports always have an end)",
    }
    Note "screen-why-hidden" { zh: "没有发布：{reason}", en: "not published: {reason}", hint_zh: "", hint_en: "" }
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

    Error "file-in-the-way" {
        zh: "这个文件要发布到 {url}，但那里已有别的页面或文件", en: "this file would be published as {url}, where another page or file is",
        hint_zh: "给它换个名字，正文里的链接也改过来", hint_en: "rename it, and the links to it",
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
    Error "missing-video" {
        zh: "找不到视频 {target}", en: "there is no video {target}",
        hint_zh: "把视频放到 Markdown 文件旁边；最接近的是：{near}", hint_en: "put the video beside the Markdown file; the nearest is: {near}",
    }
    Error "video-not-mp4" {
        zh: "{target} 不是 MP4 视频", en: "{target} is no MP4 video",
        hint_zh: "转成 MP4（H.264）：{command}", hint_en: "convert it to MP4 (H.264): {command}",
    }
    Error "video-cut-short" {
        zh: "视频 {target} 不完整，文件的后半部分缺失", en: "the video {target} is incomplete; the end of the file is missing",
        hint_zh: "重新复制或重新导出这个文件", hint_en: "copy or export the file again",
    }
    Error "video-without-picture" {
        zh: "{target} 里只有声音，没有画面", en: "{target} holds sound but no picture",
        hint_zh: "换一个有画面的视频；音频可以放在 attachments（附件）里", hint_en: "use a video with a picture; sound can go into `attachments`",
    }
    Error "video-without-length" {
        zh: "视频 {target} 的文件头没有写时长，屏幕不知道要播多久", en: "the header of the video {target} does not say how long it is, so a screen can't plan it",
        hint_zh: "重新封装一遍：{command}", hint_en: "write it anew: {command}",
    }
    Warning "video-codec" {
        zh: "视频 {target} 的编码是 {codec}，不少屏幕放不了，会改为显示封面", en: "the video {target} is coded as {codec}, which many screens can't play; they will show the poster",
        hint_zh: "转成 H.264：{command}", hint_en: "convert it to H.264: {command}",
    }
    Warning "video-large" {
        zh: "视频 {target} 有 {size} MB，超过 {limit} MB 的屏幕不预先下载：断网时只显示封面", en: "the video {target} has {size} MB; screens don't fetch more than {limit} MB ahead, so without network they show the poster",
        hint_zh: "压小一些：{command}", hint_en: "make it smaller: {command}",
    }
    Error "broken-picture" {
        zh: "图片 {target} 读不出来：{reason}", en: "the picture {target} cannot be read: {reason}",
        hint_zh: "用看图软件打开看看；打不开就重新拷贝或导出一份，能打开就另存为 JPEG", hint_en: "open it in a viewer; if that fails, copy or export it again, else save it as a JPEG",
    }
    Error "not-a-picture" {
        zh: "{target} 不是 {format} 图片", en: "{target} is no {format} picture",
        hint_zh: "用看图软件打开看看；打不开就重新拷贝或导出一份，能打开就另存为 JPEG", hint_en: "open it in a viewer; if that fails, copy or export it again, else save it as a JPEG",
    }
    Error "cut-off-picture" {
        zh: "图片 {target} 不完整：还没到末尾就断了", en: "the picture {target} is not whole: it ends too early",
        hint_zh: "多半是没有拷贝完，请重新拷贝一份", hint_en: "it was probably not copied to its end; copy it again",
    }
    Error "picture-too-large" {
        zh: "图片 {target} 有 {size}，超过上限 {limit}", en: "the picture {target} has {size}, over the limit of {limit}",
        hint_zh: "另存为小一些的 JPEG，或在 [pictures] 里提高 max_bytes", hint_en: "save it as a smaller JPEG, or raise `max_bytes` in [pictures]",
    }
    Error "picture-too-many-pixels" {
        zh: "图片 {target} 有 {width}×{height} 像素，超过上限 {limit}", en: "the picture {target} has {width}×{height} pixels, over the limit of {limit}",
        hint_zh: "缩小以后再用，或在 [pictures] 里提高 max_pixels（解码一亿像素约需 1 GB 内存）", hint_en: "use a smaller one, or raise `max_pixels` in [pictures] (decoding 100 million pixels takes about 1 GB of memory)",
    }
    Error "picture-format" {
        zh: "图片 {target} 的格式 {format} 不能发布：多数浏览器不显示，里面的拍摄地点也去不掉", en: "the picture {target} is {format}, which cannot be published: most browsers do not show it, and the place where it was taken cannot be cut out",
        hint_zh: "另存为 JPEG 或 PNG", hint_en: "save it as JPEG or PNG",
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
    Error "template-output" {
        zh: "模板 {template} 写出的 {document} 不是合格的 {ending} 文件：{reason}", en: "what template {template} made for {document} is no {ending} file: {reason}",
        hint_zh: "每个值都要经过与结尾相配的过滤器，例如 page.title | json、page.title | ics", hint_en: "put every value through the filter of its ending, e.g. page.title | json, page.title | ics",
    }
    Error "theme-engine" {
        zh: "主题 {theme} 要求程序版本 {wanted}，现在是 {version}", en: "theme {theme} wants engine {wanted}, this is {version}",
        hint_zh: "换一个版本的主题或程序，或者改 theme.toml 的 min_engine、max_engine", hint_en: "use another version of the theme or the program, or change min_engine, max_engine in theme.toml",
    }
    Warning "theme-css" {
        zh: "样式表有语法错误：{reason}", en: "the style sheet breaks the syntax: {reason}",
        hint_zh: "改正后才会压缩；现在原样发布", hint_en: "it is published as it is until this is put right, and not minified",
    }
    Error "theme-setting" {
        zh: "主题设置 {setting} 应为 {wanted}，写的是 {found}", en: "the theme's setting {setting} wants {wanted}, found {found}",
        hint_zh: "改成 {wanted}", hint_en: "write {wanted}",
    }
    Warning "theme-setting-unknown" {
        zh: "主题没有设置 {setting}", en: "the theme has no setting {setting}",
        hint_zh: "最接近的是：{near}", hint_en: "the nearest is: {near}",
    }
    Error "theme-unbalanced" {
        zh: "{document} 的标签没有配对：{found}", en: "tags of {document} don't match: {found}",
        hint_zh: "出自模板 {template}；可用的变量：{scope}", hint_en: "made by template {template}; in scope: {scope}",
    }
    Error "theme-no-language" {
        zh: "{document} 没有写明语言：{found}", en: "{document} doesn't say its language: {found}",
        hint_zh: "在 <html> 上写 lang；出自模板 {template}", hint_en: "give <html> its lang; made by template {template}",
    }
    Error "theme-duplicate-id" {
        zh: "{document} 里 id “{found}” 出现两次", en: "the id “{found}” stands twice in {document}",
        hint_zh: "出自模板 {template}；可用的变量：{scope}", hint_en: "made by template {template}; in scope: {scope}",
    }
    Error "theme-no-alt" {
        zh: "{document} 的图片没有替代文字：{found}", en: "a picture of {document} has no alternative text: {found}",
        hint_zh: "写 alt，装饰图写空的；出自模板 {template}；可用的变量：{scope}", hint_en: "write alt, empty for decoration; made by template {template}; in scope: {scope}",
    }
    Error "theme-external" {
        zh: "{document} 向别的网站取东西：{found}", en: "{document} fetches from another site: {found}",
        hint_zh: "把文件放进主题的 static/；出自模板 {template}", hint_en: "put the file into static/ of the theme; made by template {template}",
    }
    Error "theme-inline" {
        zh: "{document} 里有内容安全策略不允许的脚本或样式：{found}", en: "{document} holds a script or style that the Content-Security-Policy forbids: {found}",
        hint_zh: "移到 static/ 的文件里；出自模板 {template}；可用的变量：{scope}", hint_en: "move it to a file in static/; made by template {template}; in scope: {scope}",
    }
    Error "theme-escaped-twice" {
        zh: "{document} 把正文的标签当文字显示：{found}", en: "{document} shows the tags of a body as text: {found}",
        hint_zh: "正文是现成的 HTML，用 page.content；出自模板 {template}；可用的变量：{scope}", hint_en: "a body is finished HTML, use page.content; made by template {template}; in scope: {scope}",
    }
    Error "theme-not-escaped" {
        zh: "{document} 把文字当成了标签：{found}", en: "{document} takes text for a tag: {found}",
        hint_zh: "去掉 | safe；出自模板 {template}；可用的变量：{scope}", hint_en: "take away | safe; made by template {template}; in scope: {scope}",
    }
    Error "theme-meta" {
        zh: "{document} 缺少 {found}", en: "{document} lacks {found}",
        hint_zh: "《政府网站发展指引》要求的标签，内容不能空；出自模板 {template}；可用的变量：{scope}", hint_en: "a tag that government sites must have, not empty; made by template {template}; in scope: {scope}",
    }
    Error "theme-footer" {
        zh: "{document} 的页脚缺少{found}", en: "the footer of {document} lacks {found}",
        hint_zh: "《政府网站发展指引》要求每页都有；出自模板 {template}；可用的变量：{scope}", hint_en: "every page of a government site must have it; made by template {template}; in scope: {scope}",
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

    // ---- files that authors begin with (create, command) ----
    Error "file-exists" {
        zh: "{path} 已经存在，没有改动它", en: "{path} exists already and was left alone",
        hint_zh: "换一个标题，或先把原来的文件改名", hint_en: "choose another title, or rename the file that is there",
    }
    Error "folder-not-empty" {
        zh: "{path} 不是空文件夹，没有写入任何文件", en: "{path} is not an empty folder; nothing was written",
        hint_zh: "换一个新的文件夹名", hint_en: "give the name of a new folder",
    }
    Error "create-failed" {
        zh: "建不了 {path}：{reason}", en: "cannot make {path}: {reason}",
        hint_zh: "请检查文件夹权限和磁盘空间", hint_en: "check the permissions of the folder and the free space",
    }
    Error "no-such-output" {
        zh: "输出里没有 {target}", en: "there is no output {target}",
        hint_zh: "最接近的是：{near}；也可以写源文件的路径，例如 content/about.md", hint_en: "the nearest is: {near}; the path of a source file works too, e.g. content/about.md",
    }
    Error "no-such-screen" {
        zh: "没有名为 {screen} 的屏幕", en: "there is no screen called {screen}",
        hint_zh: "现有的屏幕：{known}", hint_en: "the screens are: {known}",
    }

    // ---- the command line (main) ----
    Error "usage-now" {
        zh: "读不懂的时刻：{value}", en: "cannot understand the instant {value}",
        hint_zh: "写成 2026-10-01、2026-10-01 09:00 或 2026-10-01T09:00:00+08:00", hint_en: "write 2026-10-01, 2026-10-01 09:00 or 2026-10-01T09:00:00+08:00",
    }
    Error "usage-set" {
        zh: "--set 要写成 键=值，不能是 {value}", en: "--set takes KEY=VALUE, not {value}",
        hint_zh: "例如 --set page_size=10", hint_en: "for example --set page_size=10",
    }
    Error "usage-unknown-argument" {
        zh: "没有参数 {argument}", en: "there is no argument {argument}",
        hint_zh: "你是不是要写 {near}；civicast --help 列出所有参数", hint_en: "did you mean {near}; civicast --help lists all arguments",
    }
    Error "usage-unknown-command" {
        zh: "没有命令 {argument}", en: "there is no command {argument}",
        hint_zh: "你是不是要写 {near}；civicast --help 列出所有命令", hint_en: "did you mean {near}; civicast --help lists all commands",
    }
    Error "usage-invalid-value" {
        zh: "{argument} 的值不能是“{value}”", en: "{argument} cannot be “{value}”",
        hint_zh: "可以写：{known}；civicast --help 有说明", hint_en: "it can be: {known}; see civicast --help",
    }
    Error "usage-missing" {
        zh: "缺少 {argument}", en: "{argument} is missing",
        hint_zh: "写法：{usage}", hint_en: "usage: {usage}",
    }
    Error "usage-conflict" {
        zh: "{argument} 不能和 {other} 一起用", en: "{argument} cannot be used with {other}",
        hint_zh: "只保留其中一个", hint_en: "keep only one of them",
    }
    Error "usage-other" {
        zh: "命令写得不对：{reason}", en: "the command line is not right: {reason}",
        hint_zh: "civicast --help 有说明", hint_en: "see civicast --help",
    }
    Error "port-busy" {
        zh: "{path} 已经被别的程序占用", en: "{path} is in use by another program",
        hint_zh: "换一个端口：--port {reason}", hint_en: "choose another port: --port {reason}",
    }
    Error "serve-failed" {
        zh: "预览服务器出错（{path}）：{reason}", en: "the preview server failed ({path}): {reason}",
        hint_zh: "", hint_en: "",
    }

    // ---- what the program says (report) ----
    Note "word-error" { zh: "错误", en: "error", hint_zh: "", hint_en: "" }
    Note "word-warning" { zh: "警告", en: "warning", hint_zh: "", hint_en: "" }
    Note "word-note" { zh: "说明", en: "note", hint_zh: "", hint_en: "" }
    Note "word-help" { zh: "提示", en: "help", hint_zh: "", hint_en: "" }
    Note "write-instead" { zh: "可以改成：", en: "write instead:", hint_zh: "", hint_en: "" }
    Note "also-here" { zh: "另一处在这里", en: "the other one is here", hint_zh: "", hint_en: "" }
    Note "note-hidden" { zh: "另有 1 条说明，civicast check 会列出", en: "and 1 note; civicast check shows it", hint_zh: "", hint_en: "" }
    Note "notes-hidden" { zh: "另有 {count} 条说明，civicast check 会列出", en: "and {count} notes; civicast check shows them", hint_zh: "", hint_en: "" }
    Note "more-problems" { zh: "还有 {count} 个问题没有列出，按代码计数：", en: "{count} more problems, by code:", hint_zh: "", hint_en: "" }
    Note "seconds" { zh: "{value} 秒", en: "{value} s", hint_zh: "", hint_en: "" }
    Note "milliseconds" { zh: "{value} 毫秒", en: "{value} ms", hint_zh: "", hint_en: "" }
    Note "built" { zh: "生成 {outputs} 个文件到 {output}：写入 {written}，未变 {unchanged}，删除 {removed}，用时 {time}", en: "wrote {output}: {outputs} files, {written} written, {unchanged} unchanged, {removed} removed, in {time}", hint_zh: "", hint_en: "" }
    Note "nothing-changed" { zh: "没有变化：{output} 里的 {outputs} 个文件都是最新的，用时 {time}", en: "nothing changed: {outputs} files in {output} are up to date, in {time}", hint_zh: "", hint_en: "" }
    Note "broken-build" { zh: "没有写入任何文件：{tally}", en: "nothing was written: {tally}", hint_zh: "", hint_en: "" }
    Note "comma" { zh: "，", en: ", ", hint_zh: "", hint_en: "" }
    Note "errors-in-files" { zh: "{files}里有 {errors}", en: "{errors} in {files}", hint_zh: "", hint_en: "" }
    Note "count-file" { zh: "{count} 个文件", en: "{count} file", hint_zh: "", hint_en: "" }
    Note "count-files" { zh: "{count} 个文件", en: "{count} files", hint_zh: "", hint_en: "" }
    Note "count-error" { zh: "{count} 个错误", en: "{count} error", hint_zh: "", hint_en: "" }
    Note "count-errors" { zh: "{count} 个错误", en: "{count} errors", hint_zh: "", hint_en: "" }
    Note "count-warning" { zh: "{count} 个警告", en: "{count} warning", hint_zh: "", hint_en: "" }
    Note "count-warnings" { zh: "{count} 个警告", en: "{count} warnings", hint_zh: "", hint_en: "" }
    Note "built-warnings" { zh: "有 {tally}", en: "{tally}", hint_zh: "", hint_en: "" }
    Note "checked-fine" { zh: "检查完毕，没有问题：{documents} 篇文档，{outputs} 个输出文件，用时 {time}", en: "checked, no problem: {documents} documents, {outputs} output files, in {time}", hint_zh: "", hint_en: "" }
    Note "checked-warnings" { zh: "检查完毕，没有错误，有 {tally}：{documents} 篇文档，{outputs} 个输出文件，用时 {time}", en: "checked, no error, {tally}: {documents} documents, {outputs} output files, in {time}", hint_zh: "", hint_en: "" }
    Note "checked-broken" { zh: "检查完毕：{tally}，用时 {time}", en: "checked: {tally}, in {time}", hint_zh: "", hint_en: "" }
    Note "file-written" { zh: "写入 {path}", en: "wrote {path}", hint_zh: "", hint_en: "" }
    Note "file-removed" { zh: "删除 {path}", en: "removed {path}", hint_zh: "", hint_en: "" }
    Note "timing" { zh: "{name}：{time}", en: "{name}: {time}", hint_zh: "", hint_en: "" }
    Note "timing-template" { zh: "  {name}：{count} 个，{time}", en: "  {name}: {count}, {time}", hint_zh: "", hint_en: "" }
    Note "timing-function" { zh: "  函数 {name}()：{count} 次，{time}", en: "  function {name}(): {count} times, {time}", hint_zh: "", hint_en: "" }
    Note "timing-reused" { zh: "沿用：{documents} 篇文档，{outputs} 个输出文件", en: "reused: {documents} documents, {outputs} output files", hint_zh: "", hint_en: "" }
    Note "watching" { zh: "等待改动，按 Ctrl-C 结束", en: "waiting for changes, Ctrl-C ends", hint_zh: "", hint_en: "" }
    Note "watching-until" { zh: "等待改动，{at} 有内容上线或下线，按 Ctrl-C 结束", en: "waiting for changes, something goes up or down at {at}, Ctrl-C ends", hint_zh: "", hint_en: "" }
    Note "initialised" { zh: "新站点建好了：{path}（{count} 个文件）。下一步：civicast --site {path} serve --open", en: "made a new site: {path} ({count} files). Next: civicast --site {path} serve --open", hint_zh: "", hint_en: "" }
    Note "created" { zh: "建好了 {path}，写完后去掉 draft = true", en: "made {path}; remove draft = true when it is ready", hint_zh: "", hint_en: "" }
    Note "ejected" { zh: "内置主题复制到 {path}（{count} 个文件），现在用的就是它", en: "copied the built-in theme to {path} ({count} files); it is now the one in use", hint_zh: "", hint_en: "" }
    Note "serving" { zh: "预览地址 {url}，按 Ctrl-C 结束", en: "preview at {url}, Ctrl-C ends", hint_zh: "", hint_en: "" }
    Note "refreshed" { zh: "已更新：重新解析 {parsed} 篇，用时 {time}", en: "refreshed: {parsed} documents parsed again, in {time}", hint_zh: "", hint_en: "" }
    Note "kept-last-good" { zh: "有错误，浏览器里仍是上一次的好页面", en: "there are errors; the browser keeps the last good pages", hint_zh: "", hint_en: "" }
    Note "browser-failed" { zh: "打不开浏览器，请自己打开 {url}", en: "no browser could be opened; open {url} yourself", hint_zh: "", hint_en: "" }
    Note "overlay-title" { zh: "{tally}，页面还是上一次的样子", en: "{tally}; the page is still the last good one", hint_zh: "", hint_en: "" }
    Note "overlay-warnings" { zh: "有 {tally}", en: "{tally}", hint_zh: "", hint_en: "" }
    Note "overlay-close" { zh: "收起", en: "close", hint_zh: "", hint_en: "" }
    Note "frame-title" { zh: "电子屏", en: "Screen", hint_zh: "", hint_en: "" }
    Note "frame-fold" { zh: "收起", en: "Hide", hint_zh: "", hint_en: "" }
    Note "frame-own" { zh: "这一篇", en: "This document", hint_zh: "", hint_en: "" }
    Note "frame-live" { zh: "实时画面", en: "Live", hint_zh: "", hint_en: "" }
    Note "frame-back" { zh: "上一张", en: "Previous slide", hint_zh: "", hint_en: "" }
    Note "frame-on" { zh: "下一张", en: "Next slide", hint_zh: "", hint_en: "" }
    Note "frame-seconds" { zh: "一次播 {seconds} 秒", en: "{seconds} seconds a turn", hint_zh: "", hint_en: "" }
    Note "frame-next" { zh: "下次播出：{when}", en: "Next turn: {when}", hint_zh: "", hint_en: "" }
    Note "frame-up" { zh: "现在", en: "now", hint_zh: "", hint_en: "" }
    Note "frame-day" { zh: "这块屏的全天安排", en: "The whole day of this screen", hint_zh: "", hint_en: "" }
    Note "overlay-none" { zh: "这个网址没有页面", en: "nothing is published at this address", hint_zh: "", hint_en: "" }
    Note "nothing-to-list" { zh: "（没有）", en: "(none)", hint_zh: "", hint_en: "" }
    Note "column-at" { zh: "时间", en: "at", hint_zh: "", hint_en: "" }
    Note "column-change" { zh: "变化", en: "change", hint_zh: "", hint_en: "" }
    Note "column-title" { zh: "标题", en: "title", hint_zh: "", hint_en: "" }
    Note "column-file" { zh: "文件", en: "file", hint_zh: "", hint_en: "" }
    Note "column-state" { zh: "状态", en: "state", hint_zh: "", hint_en: "" }
    Note "column-date" { zh: "日期", en: "date", hint_zh: "", hint_en: "" }
    Note "column-kind" { zh: "类型", en: "kind", hint_zh: "", hint_en: "" }
    Note "column-until" { zh: "到", en: "until", hint_zh: "", hint_en: "" }
    Note "column-url" { zh: "网址", en: "url", hint_zh: "", hint_en: "" }
    Note "column-what" { zh: "项目", en: "what", hint_zh: "", hint_en: "" }
    Note "column-value" { zh: "内容", en: "value", hint_zh: "", hint_en: "" }
    Note "column-id" { zh: "id", en: "id", hint_zh: "", hint_en: "" }
    Note "column-name" { zh: "名称", en: "name", hint_zh: "", hint_en: "" }
    Note "column-point" { zh: "类型", en: "point", hint_zh: "", hint_en: "" }
    Note "column-size" { zh: "像素", en: "pixels", hint_zh: "", hint_en: "" }
    Note "column-items" { zh: "内容", en: "items", hint_zh: "", hint_en: "" }
    Note "column-now" { zh: "正在播放", en: "now", hint_zh: "", hint_en: "" }
    Note "column-place" { zh: "地点", en: "place", hint_zh: "", hint_en: "" }
    Note "column-plays" { zh: "在播", en: "on", hint_zh: "", hint_en: "" }
    Note "column-why" { zh: "原因", en: "why", hint_zh: "", hint_en: "" }
    Note "column-turns" { zh: "次数", en: "turns", hint_zh: "", hint_en: "" }
    Note "column-seconds" { zh: "秒", en: "seconds", hint_zh: "", hint_en: "" }
    Note "column-share" { zh: "占比", en: "share", hint_zh: "", hint_en: "" }
    Note "kind-solemn" { zh: "纪念", en: "solemn", hint_zh: "", hint_en: "" }
    Note "kind-standby" { zh: "待机", en: "standby", hint_zh: "", hint_en: "" }
    Note "why-screen" { zh: "电子屏", en: "screen", hint_zh: "", hint_en: "" }
    Note "screen-dark" { zh: "（关屏）", en: "(dark)", hint_zh: "", hint_en: "" }
    Note "screen-at" { zh: "{screen}，{at}：正在播放“{title}”（{from} 到 {until}），接下来是“{next}”；循环第 {position} 个，共 {turns} 个", en: "{screen}, {at}: “{title}” ({from} to {until}), then “{next}”; turn {position} of {turns} in the loop", hint_zh: "", hint_en: "" }
    Note "screen-at-dark" { zh: "{screen}，{at}：不在开屏时间", en: "{screen}, {at}: dark", hint_zh: "", hint_en: "" }
    Note "screen-day-loop" { zh: "{from}–{until}  循环 {seconds} 秒", en: "{from}–{until}  a loop of {seconds} s", hint_zh: "", hint_en: "" }
    Note "screen-day-dark" { zh: "{from}–{until}  关屏", en: "{from}–{until}  dark", hint_zh: "", hint_en: "" }
    Note "change-up" { zh: "上线", en: "goes up", hint_zh: "", hint_en: "" }
    Note "change-down" { zh: "下线", en: "goes down", hint_zh: "", hint_en: "" }
    Note "change-unpinned" { zh: "取消置顶", en: "no longer pinned", hint_zh: "", hint_en: "" }
    Note "state-visible" { zh: "可见", en: "visible", hint_zh: "", hint_en: "" }
    Note "state-draft" { zh: "草稿", en: "draft", hint_zh: "", hint_en: "" }
    Note "state-future" { zh: "未上线", en: "not yet", hint_zh: "", hint_en: "" }
    Note "state-expired" { zh: "已下线", en: "expired", hint_zh: "", hint_en: "" }
    Note "state-not-public" { zh: "非主动公开", en: "not public", hint_zh: "", hint_en: "" }
    Note "state-section" { zh: "栏目隐藏", en: "section hidden", hint_zh: "", hint_en: "" }
    Note "state-broken" { zh: "有错误", en: "broken", hint_zh: "", hint_en: "" }
    Note "kind-notice" { zh: "通知公告", en: "notice", hint_zh: "", hint_en: "" }
    Note "kind-slogan" { zh: "公益标语", en: "slogan", hint_zh: "", hint_en: "" }
    Note "kind-report" { zh: "活动报道", en: "report", hint_zh: "", hint_en: "" }
    Note "kind-page" { zh: "页面", en: "page", hint_zh: "", hint_en: "" }
    Note "kind-section" { zh: "栏目", en: "section", hint_zh: "", hint_en: "" }
    Note "why-output" { zh: "输出文件", en: "output", hint_zh: "", hint_en: "" }
    Note "why-url" { zh: "网址", en: "url", hint_zh: "", hint_en: "" }
    Note "why-recipe" { zh: "这是", en: "it is", hint_zh: "", hint_en: "" }
    Note "why-source" { zh: "源文件", en: "source", hint_zh: "", hint_en: "" }
    Note "why-title" { zh: "标题", en: "title", hint_zh: "", hint_en: "" }
    Note "why-kind" { zh: "类型", en: "kind", hint_zh: "", hint_en: "" }
    Note "why-from" { zh: "上线", en: "up since", hint_zh: "", hint_en: "" }
    Note "why-until" { zh: "下线", en: "down at", hint_zh: "", hint_en: "" }
    Note "why-section" { zh: "栏目", en: "section", hint_zh: "", hint_en: "" }
    Note "why-image" { zh: "题图", en: "picture", hint_zh: "", hint_en: "" }
    Note "why-attachment" { zh: "附件", en: "attachment", hint_zh: "", hint_en: "" }
    Note "why-target" { zh: "转到", en: "goes to", hint_zh: "", hint_en: "" }
    Note "why-shows" { zh: "列出", en: "lists", hint_zh: "", hint_en: "" }
    Note "why-used-by" { zh: "引用它的", en: "used by", hint_zh: "", hint_en: "" }
    Note "why-template" { zh: "模板", en: "template", hint_zh: "", hint_en: "" }
    Note "why-asks" { zh: "模板查询", en: "template asks", hint_zh: "", hint_en: "" }
    Note "why-written" { zh: "上次写入", en: "last written", hint_zh: "", hint_en: "" }
    Note "why-written-at" {
        zh: "{at}，写到 {output}；此后构建 {count} 次未变", en: "{at} into {output}; unchanged in {count} builds since",
        hint_zh: "", hint_en: "",
    }
    Note "why-state" { zh: "不在输出里", en: "not published", hint_zh: "", hint_en: "" }
    Note "why-would-be" { zh: "公开后的网址", en: "would be at", hint_zh: "", hint_en: "" }
    Note "why-ends" { zh: "到这时为止", en: "until", hint_zh: "", hint_en: "" }
    Note "why-more" { zh: "……还有 {count} 项", en: "… and {count} more", hint_zh: "", hint_en: "" }
    Note "recipe-home" { zh: "首页", en: "the home page", hint_zh: "", hint_en: "" }
    Note "recipe-section" { zh: "栏目列表", en: "a section's list", hint_zh: "", hint_en: "" }
    Note "recipe-document" { zh: "文档页", en: "a document's page", hint_zh: "", hint_en: "" }
    Note "recipe-form" { zh: "网页的另一种格式", en: "a page in another form", hint_zh: "", hint_en: "" }
    Note "recipe-taxonomy" { zh: "分类总表", en: "all terms of a taxonomy", hint_zh: "", hint_en: "" }
    Note "recipe-term" { zh: "分类列表", en: "a term's list", hint_zh: "", hint_en: "" }
    Note "recipe-archive" { zh: "归档", en: "a page of the archive", hint_zh: "", hint_en: "" }
    Note "recipe-catalogue" { zh: "信息公开目录", en: "a page of the disclosure catalogue", hint_zh: "", hint_en: "" }
    Note "recipe-catalogue-data" { zh: "信息公开目录的数据文件", en: "the disclosure catalogue as data", hint_zh: "", hint_en: "" }
    Note "recipe-not-found" { zh: "找不到页面时显示的页", en: "the page for unknown addresses", hint_zh: "", hint_en: "" }
    Note "recipe-alias" { zh: "旧网址的转向页", en: "a redirect from an old address", hint_zh: "", hint_en: "" }
    Note "recipe-template" { zh: "屏幕页", en: "a page of screens", hint_zh: "", hint_en: "" }
    Note "recipe-kit" { zh: "屏幕的离线包", en: "a screen's kit", hint_zh: "", hint_en: "" }
    Note "kit-readme" {
        zh: "{name} 离线播放包（{size}）\n\
            \n\
            节目从 {from} 排到 {until}。之后只播标为“常青”的内容，请在到期前换新的包。\n\
            \n\
            一、播放\n\
            1. 先解压。把解压出来的文件夹 {id} 复制到屏幕主机的硬盘上；也可以留在 U 盘上，但 U 盘一直读容易坏。\n\
            2. 打开文件夹，双击 index.html，用 Chrome、Edge 或其他 Chromium 内核的浏览器打开。\n\
            3. 按 F11 全屏。不需要网络。\n\
            \n\
            二、开机自动播放\n\
            在系统的“启动”里加一条命令（路径换成实际位置）：\n\
            Windows：  msedge.exe --kiosk file:///D:/{id}/index.html --edge-kiosk-type=fullscreen --no-first-run\n\
            Linux：    chromium --kiosk --noerrdialogs --no-first-run file:///opt/{id}/index.html\n\
            \n\
            三、时钟\n\
            播什么由主机的时钟决定，请把日期、时间和时区设准。时钟早于 {from} 时只播常青内容。\n\
            \n\
            四、看以后播什么\n\
            在地址后面加上时间：  index.html?at={until}T10:00\n\
            加快来看：  index.html?speed=60\n\
            \n\
            五、更新\n\
            新的包在 {url}\n\
            下载后解压，整个替换文件夹 {id}，再重新打开 index.html。",
        en: "{name}: kit for a screen without network ({size})\n\
            \n\
            The programme runs from {from} to {until}. After that only evergreen items play; replace the kit in time.\n\
            \n\
            1. Play\n\
            Unpack first. Copy the folder {id} to the disk of the screen's computer (it also plays from the stick, but sticks\n\
            wear out). Open the folder, open index.html in Chrome, Edge or another browser built on Chromium, press F11.\n\
            \n\
            2. Start with the computer (put in the real path)\n\
            Windows:  msedge.exe --kiosk file:///D:/{id}/index.html --edge-kiosk-type=fullscreen --no-first-run\n\
            Linux:    chromium --kiosk --noerrdialogs --no-first-run file:///opt/{id}/index.html\n\
            \n\
            3. Clock\n\
            The computer's clock decides what plays: set date, time and zone. Before {from} only evergreen items play.\n\
            \n\
            4. Look ahead\n\
            index.html?at={until}T10:00 shows that instant, index.html?speed=60 a day in 24 minutes.\n\
            \n\
            5. Update\n\
            The newest kit is at {url}\n\
            Unpack it, replace the whole folder {id}, open index.html again.",
        hint_zh: "", hint_en: "",
    }
    Note "recipe-feed" { zh: "订阅源", en: "a feed", hint_zh: "", hint_en: "" }
    Note "recipe-sitemap" { zh: "站点地图", en: "the sitemap", hint_zh: "", hint_en: "" }
    Note "recipe-robots" { zh: "搜索引擎规则", en: "rules for search engines", hint_zh: "", hint_en: "" }
    Note "recipe-search" { zh: "检索索引的文件", en: "a file of the search index", hint_zh: "", hint_en: "" }
    Note "recipe-bytes" { zh: "主题或程序的文件", en: "a file of the theme or the program", hint_zh: "", hint_en: "" }
    Note "recipe-slide" { zh: "幻灯片的图片", en: "picture of a slide", hint_zh: "", hint_en: "" }
    Note "recipe-cleaned" { zh: "去掉拍摄信息的图片文件", en: "the file of a picture without its metadata", hint_zh: "", hint_en: "" }
    Note "recipe-picture" { zh: "缩小的图片", en: "a picture in another size", hint_zh: "", hint_en: "" }
    Note "recipe-copy" { zh: "原样复制的文件", en: "a file copied as it is", hint_zh: "", hint_en: "" }

    // ---- help of the command line (main): help-COMMAND and help-COMMAND-ARGUMENT ----
    Note "help" { zh: "一稿通：一份 Markdown，同时成为门户网站和电子屏节目", en: "One Markdown tree becomes a static portal and the feeds of electronic screens", hint_zh: "", hint_en: "" }
    Note "help-usage" { zh: "用法", en: "Usage", hint_zh: "", hint_en: "" }
    Note "help-commands" { zh: "命令", en: "Commands", hint_zh: "", hint_en: "" }
    Note "help-options" { zh: "选项", en: "Options", hint_zh: "", hint_en: "" }
    Note "help-global-options" { zh: "通用选项", en: "Options of every command", hint_zh: "", hint_en: "" }
    Note "help-arguments" { zh: "参数", en: "Arguments", hint_zh: "", hint_en: "" }
    Note "help-help" { zh: "显示帮助", en: "Print help", hint_zh: "", hint_en: "" }
    Note "help-version" { zh: "显示版本", en: "Print version", hint_zh: "", hint_en: "" }
    Note "help-site" { zh: "站点文件夹，默认是当前文件夹", en: "Folder of the site [default: the current folder]", hint_zh: "", hint_en: "" }
    Note "help-set" { zh: "改一项设置，可以写多次，例如 --set page_size=10", en: "Override a setting, e.g. --set page_size=10; may be repeated", hint_zh: "", hint_en: "" }
    Note "help-lang" { zh: "消息的语言：zh 或 en，默认按系统语言", en: "Language of messages: zh or en [default: by locale]", hint_zh: "", hint_en: "" }
    Note "help-json" { zh: "输出一个 JSON 对象", en: "Print one JSON object", hint_zh: "", hint_en: "" }
    Note "help-quiet" { zh: "只说错误", en: "Say only errors", hint_zh: "", hint_en: "" }
    Note "help-verbose" { zh: "逐个文件说明", en: "Say every file", hint_zh: "", hint_en: "" }
    Note "help-init" { zh: "新建站点：设置、屏幕和每种内容的例子", en: "Make a new site: settings, screens, an example of each kind", hint_zh: "", hint_en: "" }
    Note "help-init-folder" { zh: "新站点的文件夹，必须是空的或还不存在", en: "Folder of the new site; must be empty or not exist", hint_zh: "", hint_en: "" }
    Note "help-new" { zh: "新建一篇文档：前置信息、网址名和索引号都备好", en: "Make a document with its front matter, slug and index number ready", hint_zh: "", hint_en: "" }
    Note "help-new-kind" { zh: "类型：notice 通知、slogan 标语、report 报道、page 页面", en: "Kind: notice, slogan, report or page", hint_zh: "", hint_en: "" }
    Note "help-new-title" { zh: "标题", en: "Title", hint_zh: "", hint_en: "" }
    Note "help-build" { zh: "生成网站和屏幕节目", en: "Build the portal and the feeds of the screens", hint_zh: "", hint_en: "" }
    Note "help-build-output" { zh: "输出文件夹，默认按设置（public）", en: "Output folder [default: the setting, public]", hint_zh: "", hint_en: "" }
    Note "help-build-now" { zh: "按这个时刻生成，例如 2026-10-01 09:00；默认是现在", en: "Build for this instant, e.g. 2026-10-01 09:00 [default: the clock]", hint_zh: "", hint_en: "" }
    Note "help-build-base-url" { zh: "网站的完整网址，代替设置里的", en: "Full address of the site instead of the configured one", hint_zh: "", hint_en: "" }
    Note "help-build-drafts" { zh: "草稿也输出", en: "Drafts too", hint_zh: "", hint_en: "" }
    Note "help-build-watch" { zh: "有改动或到了上下线时刻就重新生成", en: "Build again whenever something moves or goes up or down", hint_zh: "", hint_en: "" }
    Note "help-build-durable" { zh: "全部写到磁盘上才换新，断电也不丢，较慢", en: "Survive a power cut; slower", hint_zh: "", hint_en: "" }
    Note "help-build-timings" { zh: "说明每一步用时", en: "Say how long each part took", hint_zh: "", hint_en: "" }
    Note "help-serve" { zh: "预览：改动保存后浏览器自动更新", en: "Preview in the browser, live", hint_zh: "", hint_en: "" }
    Note "help-serve-host" { zh: "监听的地址，默认 127.0.0.1", en: "Address to listen on [default: 127.0.0.1]", hint_zh: "", hint_en: "" }
    Note "help-serve-port" { zh: "端口，默认 8020", en: "Port [default: 8020]", hint_zh: "", hint_en: "" }
    Note "help-serve-now" { zh: "显示这个时刻的网站", en: "Show the site at this instant", hint_zh: "", hint_en: "" }
    Note "help-serve-drafts" { zh: "草稿也显示", en: "Drafts too", hint_zh: "", hint_en: "" }
    Note "help-serve-base-url" { zh: "网站的完整网址，代替设置里的", en: "Full address of the site instead of the configured one", hint_zh: "", hint_en: "" }
    Note "help-serve-open" { zh: "打开浏览器", en: "Open the browser", hint_zh: "", hint_en: "" }
    Note "help-check" { zh: "检查：生成时的检查，加上更慢、更严的规则；不写文件", en: "Everything build checks, and stricter rules; writes nothing", hint_zh: "", hint_en: "" }
    Note "help-check-now" { zh: "按这个时刻检查", en: "Check for this instant", hint_zh: "", hint_en: "" }
    Note "help-check-drafts" { zh: "草稿也检查", en: "Drafts too", hint_zh: "", hint_en: "" }
    Note "help-list" { zh: "列出文档", en: "List documents", hint_zh: "", hint_en: "" }
    Note "help-list-future" { zh: "只列还没上线的", en: "Only those not yet visible", hint_zh: "", hint_en: "" }
    Note "help-list-expired" { zh: "只列已下线的", en: "Only those that have expired", hint_zh: "", hint_en: "" }
    Note "help-list-drafts" { zh: "只列草稿", en: "Only drafts", hint_zh: "", hint_en: "" }
    Note "help-list-changes" { zh: "接下来什么时候有什么上线、下线", en: "What goes up or down next, and when", hint_zh: "", hint_en: "" }
    Note "help-list-now" { zh: "按这个时刻", en: "At this instant", hint_zh: "", hint_en: "" }
    Note "help-screens" { zh: "屏幕上放什么、什么时候、为什么", en: "What plays on the screens, when and why", hint_zh: "", hint_en: "" }
    Note "help-screens-list" { zh: "列出屏幕", en: "List the screens", hint_zh: "", hint_en: "" }
    Note "help-screens-at" { zh: "某一时刻放什么", en: "What plays at an instant", hint_zh: "", hint_en: "" }
    Note "help-screens-at-screen" { zh: "屏幕的 id", en: "Id of the screen", hint_zh: "", hint_en: "" }
    Note "help-screens-at-instant" { zh: "时刻，默认是现在", en: "Instant [default: the clock]", hint_zh: "", hint_en: "" }
    Note "help-screens-day" { zh: "一天的节目表", en: "The programme of a day", hint_zh: "", hint_en: "" }
    Note "help-screens-day-screen" { zh: "屏幕的 id", en: "Id of the screen", hint_zh: "", hint_en: "" }
    Note "help-screens-day-date" { zh: "日期，默认是今天", en: "Date [default: today]", hint_zh: "", hint_en: "" }
    Note "help-why" { zh: "某个网址由哪些文件、模板、规则而来，或者为什么现在没有", en: "What made this output, or why it is not there now", hint_zh: "", hint_en: "" }
    Note "help-why-target" { zh: "网址、输出文件或源文件", en: "URL, output path or source file", hint_zh: "", hint_en: "" }
    Note "help-why-now" { zh: "按这个时刻", en: "At this instant", hint_zh: "", hint_en: "" }
    Note "help-why-drafts" { zh: "草稿也算", en: "Drafts too", hint_zh: "", hint_en: "" }
    Note "help-theme" { zh: "主题", en: "The theme", hint_zh: "", hint_en: "" }
    Note "help-theme-check" { zh: "用主题渲染全部页面，报告模板的问题", en: "Render everything and report problems of templates", hint_zh: "", hint_en: "" }
    Note "help-theme-eject" { zh: "把内置主题复制到 themes/civic 以便修改", en: "Copy the built-in theme to themes/civic for changing", hint_zh: "", hint_en: "" }
    Note "help-schema" { zh: "JSON Schema，供编辑器提示和核对", en: "JSON Schemas for editors", hint_zh: "", hint_en: "" }
    Note "help-schema-what" { zh: "config、front-matter、screens 或 feed", en: "config, front-matter, screens or feed", hint_zh: "", hint_en: "" }
    Note "help-completions" { zh: "命令行补全脚本", en: "Completions for a shell", hint_zh: "", hint_en: "" }
    Note "help-completions-shell" { zh: "bash、zsh、fish、powershell 或 elvish", en: "bash, zsh, fish, powershell or elvish", hint_zh: "", hint_en: "" }
    Note "help-man" { zh: "手册页（roff）", en: "Manual page (roff)", hint_zh: "", hint_en: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_in_kebab_case_in_both_languages_with_the_same_values() {
        let mut seen = std::collections::BTreeSet::new();
        for row in MESSAGES {
            assert!(seen.insert(row.code), "{} stands twice", row.code);
            assert!(row.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", row.code);
            assert!(!row.zh.is_empty() && !row.en.is_empty(), "{} lacks a language", row.code);
            // A table may be named in its own language.
            let values = |text| names(text).filter(|n| !n.ends_with("_zh")).collect::<std::collections::BTreeSet<_>>();
            assert_eq!(values(row.zh), values(row.en), "{}", row.code);
            assert_eq!(row.hint_zh.is_empty(), row.hint_en.is_empty(), "{} has a hint in one language only", row.code);
        }
    }

    #[test]
    fn a_clause_of_a_hint_without_its_value_is_left_out() {
        let row = find("missing-image").expect("a row of the table");
        let hint = |near: &str| row.hint(Lang::Zh, &[("near", near.to_string())]);
        assert!(hint("a.png").contains("a.png"));
        assert!(!hint("").is_empty() && !hint("").contains("最接近"), "{}", hint(""));
    }
}
