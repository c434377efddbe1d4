//! Random edits of a site: all that an editor, a theme author or an accident may do between two builds.
//!
//! In goes a number; out comes always the same life of a site. Most states build, some do not: links break, templates fail.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::site::{CONFIG, SCREENS};

/// Random numbers that are the same again for the same seed (SplitMix64).
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// What a build is asked for besides the files.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) now: &'static str,
    pub(crate) drafts: bool,
    pub(crate) overrides: Vec<(String, String)>,
}

/// Documents come and go at these places.
const DOCUMENTS: [&str; 19] = [
    "content/notices/a.en.md",
    "content/slogans/c.en.md",
    "content/reports/h/index.en.md",
    "content/notices/a.md",
    "content/notices/b/index.md",
    "content/notices/b.md",
    "content/notices/deep/e.md",
    "content/notices/deep/er/f.md",
    "content/slogans/c.md",
    "content/slogans/节约.md",
    "content/slogans/water.md",
    "content/slogans/g/index.md",
    "content/reports/d.md",
    "content/reports/h/index.md",
    "content/reports/i/index.md",
    "content/about.md",
    "content/help.md",
    "content/other/j.md",
    "content/other/k/index.md",
];
const SECTIONS: [&str; 6] = [
    "content/_index.md",
    "content/notices/_index.md",
    "content/notices/deep/_index.md",
    "content/slogans/_index.md",
    "content/reports/_index.md",
    "content/other/_index.md",
];
const FOLDERS: [&str; 8] = [
    "content/notices/deep",
    "content/notices/b",
    "content/reports/h",
    "content/reports/i",
    "content/other",
    "content/news",
    "content/slogans/g",
    "content/notices/deep/er",
];
const ASSETS: [&str; 8] = [
    "content/notices/b/1.png",
    "content/notices/b/表.csv",
    "content/notices/1.png",
    "content/reports/h/1.png",
    "content/reports/h/2.png",
    "content/reports/i/1.png",
    "content/slogans/g/1.png",
    "content/notices/a.txt",
];
const TITLES: [&str; 8] =
    ["光盘行动", "文明出行", "节约用电", "志愿服务", "讲文明 树新风", "关于用水的通知", "A & <B>", "节约用水"];
const TOPICS: [&str; 5] = ["节约", "文明", "志愿服务", "控烟", "A/B & C"];
const BODIES: [&str; 22] = [
    "**注意：**请遵守。",
    "# 另一个标题\n\n文字",
    "## 一、要求 {#yao}\n\n文字。\n\n## 二、时间\n\n[上文](#yao)",
    ":::notice 提示\n内容\n:::",
    "第一行\\\n第二行\n\n下联",
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
    "见[一](../notices/a.md)、[二](../slogans/c.md)。",
    "见[三](../reports/h/index.md#yao)。",
    "见[四](b/index.md)和[五](deep/e.md)。",
    "![图](1.png)",
    "![图](b/1.png)",
    ":::gallery\n![一](1.png)\n![二](2.png)\n:::",
    ":::steps\n1. 一\n2. 二\n:::",
    "<details><summary>甲</summary>乙</details>",
    "<script>x()</script>文字",
    "脚注[^1]。\n\n[^1]: 说明",
    "[外](https://example.com/?a=1&b=2) `code`",
    "附件见[表](表.csv)。",
    "- 一\n- 二\n  - 三\n\n> 引文",
    "一滴水，一份情。珍惜每一滴水，从拧紧水龙头做起，从你我做起，让节约成为习惯。",
    "```\n{{ x }}\n```",
    "第一段。\n\n第二段，稍长一些的文字，用来看摘要怎样截断；没有别的意思。",
];
const TEMPLATES: [&str; 16] = [
    "templates/slogan.html",
    "templates/notice.html",
    "templates/report.html",
    "templates/home.html",
    "templates/section.html",
    "templates/base.html",
    "templates/wide.html",
    "templates/notice.json",
    "templates/wide.txt",
    "templates/section.ics",
    "templates/catalogue.html",
    "templates/directives/notice.html",
    "templates/partials/image.html",
    "templates/slides/slogan-fresh.svg",
    "themes/own/templates/page.html",
    "themes/civic/templates/term.html",
];
/// Around publications, expiries, midnights, a day of mourning and the end of the year; the clock may go back.
const CLOCKS: [&str; 12] = [
    "2026-11-23 09:00",
    "2026-11-23 09:00:01",
    "2026-11-23 10:30",
    "2026-11-23 23:59:59",
    "2026-11-24 00:00",
    "2026-11-30 12:00",
    "2026-12-12 23:59:59",
    "2026-12-13 00:00",
    "2026-12-13 10:00",
    "2026-12-14 00:00",
    "2026-12-31 23:59:59",
    "2027-01-01 08:00",
];

/// Errors that random edits make all the time.
const LENIENT: [&str; 15] = [
    "broken-link",
    "broken-anchor",
    "link-to-hidden",
    "unknown-key",
    "missing-title",
    "missing-date",
    "missing-image",
    "missing-attachment",
    "path-leaves-site",
    "invalid-date",
    "missing-theme",
    "bad-index-number",
    "duplicate-index-number",
    "written-after-date",
    "duplicate-term",
];

/// Whoever edits.
pub(crate) struct Editor {
    site: PathBuf,
    pub(crate) random: Random,
    pub(crate) wanted: Wanted,
    /// States of our own folder and of the output folder, to come back to.
    attic: tempfile::TempDir,
    kept: BTreeSet<&'static str>,
    /// The configuration lets nothing pass; not for long, or nearly no state would build.
    strict: bool,
    /// Without screens and slides: then builds may take their short ways.
    lean: bool,
}

impl Editor {
    /// Of the site in this folder. It begins with some documents of each kind.
    pub(crate) fn new(site: &Path, seed: u64) -> Editor {
        let wanted = Wanted { now: CLOCKS[0], drafts: false, overrides: Vec::new() };
        let attic = tempfile::tempdir().unwrap();
        let mut editor = Editor {
            site: site.to_path_buf(),
            random: Random(seed),
            wanted,
            attic,
            kept: BTreeSet::new(),
            strict: false,
            lean: seed.is_multiple_of(2),
        };
        editor.config();
        editor.screens();
        (0..10).for_each(|_| drop(editor.document()));
        (0..4).for_each(|_| drop(editor.asset()));
        editor
    }

    /// One edit; gives what it was.
    pub(crate) fn edit(&mut self) -> String {
        if self.strict && self.random.once_in(3) {
            return self.config();
        }
        match self.random.below(100) {
            0..=25 => self.document(),
            26..=37 => self.change_in_place(),
            38..=43 => self.remove(),
            44..=50 => self.rename(),
            51..=53 => self.move_folder(),
            54..=57 => self.asset(),
            58..=61 => self.section(),
            62..=65 => self.config(),
            66..=70 => self.screens(),
            71..=76 => self.template(),
            77..=79 => self.theme(),
            80..=83 => self.data(),
            84..=92 => self.clock(),
            93..=94 => self.options(),
            95 => self.touch(),
            _ => self.accident(),
        }
    }

    /// Takes away what errors were found in, so that a life is not broken for ever.
    pub(crate) fn heal(&mut self, paths: &[String]) -> String {
        for path in paths {
            match path.as_str() {
                "civicast.toml" => {
                    while self.strict {
                        self.config();
                    }
                }
                path => drop(fs::remove_file(self.at(path))),
            }
        }
        format!("heal {paths:?}")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.site.join(path)
    }

    /// Writes a file in one of the ways in which programs write files.
    fn write(&mut self, path: &str, bytes: &[u8]) -> String {
        let disk = self.at(path);
        let Some(folder) = disk.parent() else { return "nowhere".into() };
        // A file may stand where a folder is wanted, and the other way round.
        if fs::create_dir_all(folder).is_err() || disk.is_dir() {
            return format!("no room for {path}");
        }
        let how = self.random.below(4);
        match how {
            0 => {
                let draft = folder.join(".draft~");
                fs::write(&draft, bytes).unwrap();
                fs::rename(&draft, &disk).unwrap();
            }
            // A program that sets the time back, as archives and some synchronisers do.
            1 => {
                let before = fs::metadata(&disk).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
                fs::write(&disk, bytes).unwrap();
                fs::File::options().write(true).open(&disk).unwrap().set_modified(before).unwrap();
            }
            _ => fs::write(&disk, bytes).unwrap(),
        }
        format!("write {path} {}", ["by rename", "with the old time", "in place", "in place"][how])
    }

    fn front(&mut self) -> String {
        let random = &mut self.random;
        let mut front = format!("title = \"{}\"\n", random.one(&TITLES));
        front += &format!("date = 2026-{:02}-{:02}\n", 1 + random.below(11), 1 + random.below(22));
        let lines = [
            "draft = true",
            "expires = \"2026-11-23 09:00:01\"",
            "expires = \"2026-12-13\"",
            "publish = \"2026-11-24 00:00\"",
            "publish = \"2026-11-23 10:30\"",
            "pinned = true",
            "pinned = 2026-12-13",
            "series = \"讲文明树新风\"",
            "tags = [\"常设\", \"食堂\"]",
            "department = \"后勤科\"",
            "summary = \"另写的摘要。\"",
            "image = \"1.png\"\nimage_alt = \"图\"",
            "weight = 5",
            "aliases = [\"/old/1.html\"]",
            "slug = \"same\"",
            "template = \"wide.html\"",
            "channels = [\"portal\"]",
            "channels = [\"screens\"]",
            "attachments = [\"表.csv\"]",
            "tone = \"festive\"",
            "tone = \"solemn\"",
            "updated = 2026-11-22",
            "extra = { colour = \"red\" }",
        ];
        // One key must not stand twice.
        let mut chosen: Vec<&str> = (0..random.below(4)).map(|_| random.one(&lines)).collect();
        if random.once_in(2) {
            chosen.push("topics = [\"节约\", \"文明\"]");
        } else if random.once_in(2) {
            let topic = random.one(&TOPICS);
            front += &format!("topics = [\"{topic}\"]\n");
        }
        let mut keys = BTreeSet::new();
        chosen.retain(|line| keys.insert(line.split(' ').next().unwrap().to_string()));
        chosen.iter().for_each(|line| front += &format!("{line}\n"));
        let tables = [
            "[screen]\nweight = 3\nseconds = 6\n",
            "[screen]\ndays = [\"mon-fri\"]\nhours = [\"11:00-13:30\"]\n",
            "[screen]\non = [\"大厅\"]\nuntil = 2026-12-13\n",
            "[screen]\npriority = \"takeover\"\nfrom = \"2026-11-23 10:30\"\nuntil = \"2026-11-24\"\n",
            "[screen]\ndays = [\"holidays\", \"12-13\"]\nevergreen = true\n",
            "[screen]\ntext = \"短文字\"\ndesign = \"paper-cut\"\n",
        ];
        if random.once_in(3) {
            front += random.one(&tables);
        }
        front
    }

    /// The disclosure header of a notice.
    fn header(&mut self) -> String {
        let random = &mut self.random;
        let lines = [
            "category = \"通知\"",
            "category = \"规章制度\"",
            "validity = \"有效\"",
            "validity = \"废止\"",
            "publisher = \"另一个局\"",
            "document_number = \"测管发〔2026〕1号\"",
            "written = 2026-01-01",
            "openness = \"依申请公开\"",
        ];
        let mut keys = BTreeSet::new();
        let mut header = format!("[disclosure]\nindex_number = \"N/2026-{:05}\"\n", random.below(9000));
        for line in (0..random.below(5)).map(|_| random.one(&lines)).collect::<Vec<_>>() {
            if keys.insert(line.split(' ').next()) {
                header += &format!("{line}\n");
            }
        }
        header
    }

    fn text(&mut self) -> String {
        let bodies: Vec<&str> = (0..1 + self.random.below(3)).map(|_| self.random.one(&BODIES)).collect();
        bodies.join("\n\n")
    }

    /// A document is made or written anew.
    fn document(&mut self) -> String {
        let path = self.random.one(&DOCUMENTS);
        let mut front = self.front();
        if path.contains("notices") && self.random.once_in(2) {
            front += &self.header();
        }
        let text = self.text();
        let whole = match self.random.below(20) {
            0 => format!("+++\ntitel = \"x\"\n{front}+++\n\n{text}\n"),
            1 => {
                format!("---\n标题: {}\n发布日期: 2026-05-01\n主题: [节约]\n---\n\n{text}\n", self.random.one(&TITLES))
            }
            2 => format!("{text}\n"),
            _ => format!("+++\n{front}+++\n\n{text}\n"),
        };
        self.write(path, whole.as_bytes())
    }

    /// A few letters are changed and the size stays.
    fn change_in_place(&mut self) -> String {
        let there: Vec<&str> =
            DOCUMENTS.iter().chain(&SECTIONS).copied().filter(|path| self.at(path).is_file()).collect();
        if there.is_empty() {
            return self.document();
        }
        let path = self.random.one(&there);
        let text = fs::read_to_string(self.at(path)).unwrap();
        let swaps = [
            ("文", "字"),
            ("字", "文"),
            ("节约", "文明"),
            ("文明", "节约"),
            ("1", "2"),
            ("2", "1"),
            ("true", "false"),
            ("水", "电"),
        ];
        let (from, to) = self.random.one(&swaps);
        let changed = match self.random.below(3) {
            0 => text.replacen(from, to, 1),
            1 => text.replace(from, to),
            _ => format!("{text}\n又一段。\n"),
        };
        format!("change in {}", self.write(path, changed.as_bytes()))
    }

    fn remove(&mut self) -> String {
        let all: Vec<&str> = DOCUMENTS.iter().chain(&SECTIONS).chain(&ASSETS).copied().collect();
        let path = self.random.one(&all);
        let removed = fs::remove_file(self.at(path)).is_ok();
        format!("remove {path}: {removed}")
    }

    /// A document gets another's name; two change places.
    fn rename(&mut self) -> String {
        let (a, b) = (self.random.one(&DOCUMENTS), self.random.one(&DOCUMENTS));
        let (from, to) = (self.at(a), self.at(b));
        if !from.is_file() || to.is_dir() || fs::create_dir_all(to.parent().unwrap()).is_err() {
            return format!("nothing to rename at {a}");
        }
        if a != b && to.is_file() && self.random.once_in(2) {
            let aside = self.at("content/.aside");
            fs::rename(&from, &aside).unwrap();
            fs::rename(&to, &from).unwrap();
            fs::rename(&aside, &to).unwrap();
            return format!("{a} and {b} change places");
        }
        fs::rename(&from, &to).unwrap();
        format!("rename {a} to {b}")
    }

    fn move_folder(&mut self) -> String {
        let (a, b) = (self.random.one(&FOLDERS), self.random.one(&FOLDERS));
        let (from, to) = (self.at(a), self.at(b));
        if self.random.once_in(4) {
            let removed = fs::remove_dir_all(&from).is_ok();
            return format!("remove folder {a}: {removed}");
        }
        let _ = fs::create_dir_all(to.parent().unwrap());
        let moved = fs::rename(&from, &to).is_ok();
        format!("move folder {a} to {b}: {moved}")
    }

    fn asset(&mut self) -> String {
        let path = self.random.one(&ASSETS);
        let bytes = match path.ends_with(".png") {
            true => picture(self.random.below(4)),
            false => format!("名称,数量\n甲,{}\n", self.random.below(3)).into_bytes(),
        };
        self.write(path, &bytes)
    }

    fn section(&mut self) -> String {
        let path = self.random.one(&SECTIONS);
        let rules = [
            "",
            "[section]\nsort = \"title\"\npage_size = 2\n",
            "[section]\nhidden = true\n",
            "[section]\nsort = \"weight\"\npage_template = \"wide.html\"\n",
            "[section]\ncolumn_type = \"通知公告\"\n",
        ];
        let text = format!(
            "+++\ntitle = \"{}\"\n{}+++\n\n{}\n",
            self.random.one(&TITLES),
            self.random.one(&rules),
            self.random.one(&BODIES)
        );
        self.write(path, text.as_bytes())
    }

    fn config(&mut self) -> String {
        let random = &mut self.random;
        let mut text = String::new();
        let lines = [
            "page_size = 2",
            "summary_length = 15",
            "feed_limit = 3",
            "html = \"escape\"",
            "language = \"en\"",
            "theme = \"own\"",
            "index_pattern = \"any\"",
            "fonts = [\"none\"]",
            "timezone = \"America/New_York\"",
            "catalogue = false",
            "catalogue_page_size = 2",
        ];
        lines.iter().filter(|_| random.once_in(5)).for_each(|line| text += &format!("{line}\n"));
        let base = CONFIG.replace(".cn\"", if random.once_in(4) { ".cn/office\"" } else { ".cn\"" });
        let base = base.replace("\"测试局\"", if random.once_in(5) { "\"另一个局\"" } else { "\"测试局\"" });
        text += &base;
        let tables = [
            "",
            "home_notices = 1\ncampaign = \"slogans/c.md\"\n",
            "portal_slides = []\n",
            "[pinyin]\n节约 = \"save\"\n",
            "[[menu]]\nname = \"通知\"\nurl = \"/notices/\"\n",
            "[extra.other]\nmotto = \"为民\"\n",
            "[[languages]]\ncode = \"en\"\nname = \"English\"\ntitle = \"Office\"\n",
        ];
        // Large pictures take the most of the time, so they are rare.
        let slides = if self.lean { "portal_slides = []\n" } else { "" };
        let table = random.one(&tables);
        let table = if self.lean && table == slides { "" } else { table };
        text += &format!("[extra.theme]\nshare_slides = {}\n{slides}{table}", random.once_in(10));
        self.strict = random.once_in(8);
        if !self.strict {
            text += "[problems]\n";
            LENIENT.iter().for_each(|code| text += &format!("{code} = \"warning\"\n"));
        }
        self.write("civicast.toml", text.as_bytes())
    }

    fn screens(&mut self) -> String {
        let sizes = ["1920, 1080", "1080, 1920", "192, 32", "1280, 800"];
        let first = SCREENS.replace("1920, 1080", self.random.one(&sizes));
        let more = [
            "tags = [\"大厅\"]\n",
            "hours = { mon-fri = \"07:30-19:00\", sat-sun = \"09:00-17:00\" }\n",
            "seconds = 5\nmin_share = { slogan = 0.5 }\n",
            "",
        ];
        let mut text = first + self.random.one(&more);
        match self.random.below(5) {
            0 => text += "[[screen]]\nid = \"led\"\npoint = \"led\"\nsize = [192, 32]\nshows = [\"slogan\"]\n",
            1 => text += "[defaults]\nhorizon_days = 7\n",
            2 => text = text.replace("\"hall\"", "\"canteen\""),
            3 => text += "[[screen]]\nid = \"small\"\npoint = \"lobby\"\nsize = [160, 90]\npng = true\n",
            _ => {}
        }
        if self.lean || self.random.once_in(6) {
            text.clear();
        }
        self.write("screens.toml", text.as_bytes())
    }

    fn template(&mut self) -> String {
        let path = self.random.one(&TEMPLATES);
        if self.random.once_in(3) {
            let removed = fs::remove_file(self.at(path)).is_ok();
            return format!("remove {path}: {removed}");
        }
        let name = path.split_once("templates/").unwrap().1;
        let n = self.random.below(3);
        let text = if path.ends_with("base.html") {
            format!(
                "{{% extends \"builtin:base.html\" %}}{{% block head %}}<meta name=\"theme-color\" content=\"#00000{n}\">{{% endblock head %}}"
            )
        } else if path.ends_with(".json") {
            let values =
                ["page.title", "page.content", "page.disclosure", "page.newer", "pages(kind='notice', limit=2)"];
            format!("{{\"{n}\": {{{{ {} | json }}}}}}", self.random.one(&values))
        } else if path.ends_with(".ics") {
            let title = self.random.one(&["item.title | ics", "item.title", "item.date.iso | ics_date"]);
            format!(
                "BEGIN:VCALENDAR\nX-N:{n}\n{{% for item in list.items %}}SUMMARY:{{{{ {title} }}}}\n{{% endfor %}}END:VCALENDAR\n"
            )
        } else if path.ends_with("catalogue.html") {
            format!(
                "{n}{{% for item in list.items %}}{{{{ item.title }}}}{{{{ item.disclosure.validity }}}}{{% endfor %}}{{{{ site.catalogue_url }}}}"
            )
        } else if name.starts_with("directives/") {
            format!("<aside>{n} {{{{ directive.title }}}}{{{{ directive.body | safe }}}}</aside>")
        } else if name.starts_with("partials/") {
            format!("<img class=\"n{n}\" src=\"{{{{ image.url }}}}\" alt=\"{{{{ image.alt }}}}\">")
        } else if path.ends_with(".svg") {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{{{{ slide.width }}}}\" height=\"{{{{ slide.height }}}}\"><text>{n}{{{{ slide.alt }}}}</text></svg>"
            )
        } else {
            let asks = [
                "{% for p in pages(kind='notice', limit=2) %}{{ p.title }}{{ p.summary }}{% endfor %}",
                "{% for p in pages(topic='节约') %}{{ p.title }}{{ p.url }}{% endfor %}",
                "{% for t in terms(taxonomy='topics') %}{{ t.name }}{{ t.count }}{% endfor %}",
                "{% set p = page(path='about.md') %}{% if p %}{{ p.title }}{% endif %}",
                "{% set s = section(name='notices') %}{% if s %}{{ s.title }}{{ s.count }}{% endif %}",
                "{{ data(name='x') | json | safe }}",
                "{% for s in screens() %}{{ s.id }}{{ s.items }}{% endfor %}",
                "{{ t(key='home') }}{{ asset(path='css/site.css') }}",
                "{% for s in site.sections %}{{ s.title }}{% endfor %}{{ site.solemn }}{{ theme.home_notices }}",
                "{{ current.title }}{{ current.url }}{{ current.image }}",
                "{{ no.such.thing }}",
            ];
            let which = if self.random.once_in(8) { asks.len() - 1 } else { self.random.below(asks.len() - 1) };
            let page = "{% if current.template == 'page' %}{{ page.title }}{{ page.content | safe }}{% if page.newer %}{{ page.newer.title }}{% endif %}{% for r in related(path=page.path, limit=2) %}{{ r.title }}{% endfor %}{% endif %}";
            format!("<!doctype html><title>{n}</title>{page}{}", asks[which])
        };
        self.write(path, text.as_bytes())
    }

    fn theme(&mut self) -> String {
        let n = self.random.below(3);
        let files = [
            ("themes/own/theme.toml", format!("name = \"own\"\n[settings.n]\ndefault = {n}\nhelp = \"x\"\n")),
            ("themes/own/strings/zh-CN.toml", format!("home = \"首页{n}\"\n")),
            ("themes/civic/strings/zh-CN.toml", format!("home = \"主页{n}\"\n")),
            ("themes/own/static/css/own.css", format!("a{{order:{n}}}")),
            ("themes/civic/static/css/site.css", format!("b{{order:{n}}}")),
            ("themes/own/static/screens/own.txt", format!("{n}")),
            ("static/files/a.txt", format!("文件{n}")),
            ("static/robots-extra.txt", format!("{n}")),
        ];
        let (path, text) = self.random.one(&files);
        if self.random.once_in(4) {
            let removed = fs::remove_file(self.at(path)).is_ok();
            return format!("remove {path}: {removed}");
        }
        self.write(path, text.as_bytes())
    }

    fn data(&mut self) -> String {
        let n = self.random.below(3);
        let files = [
            ("data/x.json", format!("{{\"n\": {n}}}")),
            ("data/y.csv", format!("甲,乙\n1,{n}\n")),
            (
                "data/calendar.toml",
                format!(
                    "[[day]]\nname = \"公祭日\"\non = \"12-13\"\nmood = \"solemn\"\n[[day]]\nname = \"某日{n}\"\non = \"11-2{n}\"\nmood = \"festive\"\n"
                ),
            ),
            (
                "data/holidays/2026.toml",
                format!("[[holiday]]\nname = \"元旦\"\nfirst = 2026-01-01\nlast = 2026-01-0{}\n", n + 1),
            ),
        ];
        let (path, text) = self.random.one(&files);
        if self.random.once_in(4) {
            let removed = fs::remove_file(self.at(path)).is_ok();
            return format!("remove {path}: {removed}");
        }
        self.write(path, text.as_bytes())
    }

    fn clock(&mut self) -> String {
        self.wanted.now = self.random.one(&CLOCKS);
        format!("it is {}", self.wanted.now)
    }

    fn options(&mut self) -> String {
        match self.random.below(3) {
            0 => self.wanted.drafts = !self.wanted.drafts,
            1 => self.wanted.overrides = vec![("title".into(), "别名".into())],
            _ => self.wanted.overrides.clear(),
        }
        format!("{:?}", self.wanted)
    }

    /// Times change, bytes do not.
    fn touch(&mut self) -> String {
        let path = self.random.one(&DOCUMENTS);
        if let Ok(file) = fs::File::options().write(true).open(self.at(path)) {
            file.set_modified(SystemTime::now()).unwrap();
        }
        format!("touch {path}")
    }

    /// Something happens to what we keep, or to the output.
    fn accident(&mut self) -> String {
        match self.random.below(9) {
            0 => {
                let _ = fs::remove_dir_all(self.at(".civicast"));
                "the memo is deleted".into()
            }
            1 => {
                let _ = fs::remove_dir_all(self.at("public"));
                "the output is deleted".into()
            }
            2 => self.damage(),
            3 => {
                let (a, b) = (self.block(), self.block());
                let (Some(a), Some(b)) = (a, b) else { return "no blocks to swap".into() };
                let (first, second) = (fs::read(&a).unwrap(), fs::read(&b).unwrap());
                fs::write(&a, second).unwrap();
                fs::write(&b, first).unwrap();
                format!("{} and {} change places", a.display(), b.display())
            }
            4 => self.put_away(".civicast"),
            5 => self.bring_back(".civicast"),
            6 => self.mix(),
            7 => self.tamper(),
            _ => match self.random.below(2) {
                0 => self.put_away("public"),
                _ => self.bring_back("public"),
            },
        }
    }

    fn block(&mut self) -> Option<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.at(".civicast"))
            .ok()?
            .map(|entry| entry.unwrap().path())
            .filter(|p| p.is_file())
            .collect();
        files.sort();
        (!files.is_empty()).then(|| self.random.one(&files))
    }

    /// A bit of our own folder flips, or a file of it is cut.
    fn damage(&mut self) -> String {
        let Some(file) = self.block() else { return "nothing to damage".into() };
        let mut bytes = fs::read(&file).unwrap();
        if bytes.is_empty() {
            return "nothing to damage".into();
        }
        let at = self.random.below(bytes.len());
        match self.random.once_in(2) {
            true => bytes[at] ^= 1 << self.random.below(8),
            false => bytes.truncate(at),
        }
        fs::write(&file, bytes).unwrap();
        format!("damage {} at {at}", file.display())
    }

    /// Keeps a state of a folder for later.
    fn put_away(&mut self, name: &'static str) -> String {
        let kept = self.attic.path().join(name);
        let _ = fs::remove_dir_all(&kept);
        crate::site::copy(&self.at(name), &kept);
        self.kept.insert(name);
        format!("{name} is put away")
    }

    /// A folder is as it was some time ago.
    fn bring_back(&mut self, name: &'static str) -> String {
        if !self.kept.contains(name) {
            return self.put_away(name);
        }
        let _ = fs::remove_dir_all(self.at(name));
        crate::site::copy(&self.attic.path().join(name), &self.at(name));
        format!("{name} is as it was")
    }

    /// One block of the memo is as it was, the others are not.
    fn mix(&mut self) -> String {
        let Some(file) = self.block() else { return "no block".into() };
        let old = self.attic.path().join(".civicast").join(file.file_name().unwrap());
        let brought = fs::copy(&old, &file).is_ok();
        format!("{} is as it was: {brought}", file.display())
    }

    /// Somebody writes into the output.
    fn tamper(&mut self) -> String {
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(self.at("public")).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() && !entry.file_name().to_string_lossy().starts_with('.') {
                files.push(entry.into_path());
            }
        }
        if files.is_empty() {
            return "nothing to tamper with".into();
        }
        let file = self.random.one(&files);
        match self.random.below(3) {
            0 => fs::remove_file(&file).unwrap(),
            1 => {
                // The same size and the same time of writing.
                let metadata = fs::metadata(&file).unwrap();
                let mut bytes = fs::read(&file).unwrap();
                if let Some(byte) = bytes.last_mut() {
                    *byte ^= 1;
                }
                fs::write(&file, bytes).unwrap();
                let open = fs::File::options().write(true).open(&file).unwrap();
                open.set_modified(metadata.modified().unwrap()).unwrap();
            }
            _ => fs::write(&file, "x").unwrap(),
        }
        format!("tamper with {}", file.display())
    }
}

/// A small photo of one of four colours.
pub(crate) fn picture(n: usize) -> Vec<u8> {
    let colour = [[200u8, 30, 30], [30, 200, 30], [30, 30, 200], [120, 120, 120]][n % 4];
    let mut bytes = std::io::Cursor::new(Vec::new());
    let size = 40 + 10 * u32::try_from(n % 4).unwrap();
    let picture = image::RgbImage::from_fn(size, 30, |x, y| {
        image::Rgb(colour.map(|c| c.wrapping_add(u8::try_from((x * y) % 50).unwrap())))
    });
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
