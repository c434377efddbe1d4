//! The documentation is true: its commands run, its examples are good, its mistakes get the messages that it prints, and
//! what it names exists.
//!
//! A comment before a code block says what the block is:
//! `file: PATH` a source of the site · `mistake: PATH` one that is wrong; the next ```text is what `check` says ·
//! `front: KIND` lines of front matter · `config`, `screens` lines of the two settings files ·
//! `result: PATH` lines that stand in this output. Blocks marked ```sh are commands of the reader; a ```text after one is
//! its whole output. There `…` stands for any text (alone: any lines), and a digit for any digit.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use civicast::message::Lang;

use crate::site::{Site, repository};

const GUIDES: [&str; 10] = [
    "README.md",
    "README.zh-CN.md",
    "docs/editor.md",
    "docs/editor.zh-CN.md",
    "docs/themes.md",
    "docs/themes.zh-CN.md",
    "docs/screens.md",
    "docs/screens.zh-CN.md",
    "docs/server.md",
    "docs/server.zh-CN.md",
];

/// A code block with the comment before it.
struct Block {
    language: String,
    mark: String,
    text: String,
    line: usize,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut open, mut mark) = (false, String::new());
    for (number, line) in markdown.lines().enumerate() {
        if let Some(language) = line.strip_prefix("```") {
            if !open {
                let (language, mark) = (language.to_string(), std::mem::take(&mut mark));
                blocks.push(Block { language, mark, text: String::new(), line: number + 1 });
            }
            open = !open;
        } else if open {
            let block = blocks.last_mut().expect("an open block is the last one");
            block.text.push_str(line);
            block.text.push('\n');
        } else if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            mark = comment.to_string();
        } else if !line.is_empty() {
            mark.clear();
        }
    }
    assert!(!open, "a code block is not closed");
    blocks
}

/// What stands outside of code blocks.
fn prose(markdown: &str) -> String {
    let mut open = false;
    let keep = |line: &&str| {
        let fence = line.starts_with("```");
        open ^= fence;
        !open && !fence
    };
    markdown.lines().filter(keep).collect::<Vec<_>>().join("\n")
}

/// Where the commands of one guide run.
struct Shell {
    _site: Site,
    folder: PathBuf,
    lang: &'static str,
    output: String,
}

impl Shell {
    fn new(guide: &str) -> Shell {
        let site = Site::example();
        let lang = if guide.ends_with(".zh-CN.md") { "zh" } else { "en" };
        let mut shell = Shell { folder: site.path().to_path_buf(), _site: site, lang, output: String::new() };
        // Editors begin with an empty folder, authors of themes with a new site; the others look at the example.
        if guide.starts_with("docs/editor") {
            shell.folder.push("new");
            std::fs::create_dir_all(&shell.folder).unwrap();
        } else if guide.starts_with("docs/themes") {
            shell.line("civicast init new");
            shell.folder.push("new");
        }
        shell
    }

    fn command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_civicast"));
        command.args(arguments).current_dir(&self.folder).env("CIVICAST_LANG", self.lang);
        command.env("CIVICAST_FONTS", "none");
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
        command
    }

    /// Runs to the end: what it prints and whether it was content.
    fn run(&self, arguments: &[String]) -> (String, bool) {
        let done = self.command(arguments).output().unwrap();
        let text = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (text, done.status.success())
    }

    /// Runs what ends only by Ctrl-C until it says that it is ready.
    fn start(&self, mut arguments: Vec<String>) -> String {
        if arguments[0] == "serve" {
            arguments.extend(["--port", "0"].map(String::from));
        }
        let mut child = self.command(&arguments).spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            let is_ready = line.contains("Ctrl-C");
            said.push_str(&with_port(&line));
            said.push('\n');
            if is_ready {
                break;
            }
        }
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(ended.is_none(), "{arguments:?} ended: {said}");
        said
    }

    /// One line of a ```sh block.
    fn line(&mut self, line: &str) {
        let words = words(line);
        let arguments = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => return,
            ["cd", folder] => {
                self.folder = self.folder.join(folder);
                assert!(self.folder.is_dir(), "cd {folder}");
                return;
            }
            ["bash", script] => {
                assert!(repository().join(script).is_file(), "{script}");
                return;
            }
            ["mv", from, to] => {
                std::fs::rename(self.folder.join(from), self.folder.join(to)).unwrap();
                return;
            }
            ["cargo", "install", "--path", ".", "--locked"] => return,
            ["cargo", "run", "--release", "--", ..] => words[4..].to_vec(),
            ["civicast", ..] => words[1..].to_vec(),
            _ => panic!("what is `{line}`?"),
        };
        let endless = arguments[0] == "serve" || arguments.iter().any(|word| word == "--watch");
        let said = if endless {
            self.start(arguments)
        } else {
            let (said, fine) = self.run(&arguments);
            assert!(fine, "`{line}` failed:\n{said}");
            said
        };
        self.output.push_str(&said);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        // Whatever picture it shows lies beside it.
        let picture = path.with_file_name("1.png");
        if text.contains("1.png") && !picture.exists() {
            std::fs::copy(repository().join("content/reports/planting/1.png"), picture).unwrap();
        }
    }
}

/// Words between spaces; double quotes hold words together; what follows ` #` is a remark.
fn words(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = if line.starts_with('#') { "" } else { line.split(" # ").next().unwrap_or(line) };
    let mut words = Vec::new();
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_string());
        } else {
            words.extend(part.split_whitespace().map(str::to_string));
        }
    }
    words
}

/// The port that was free becomes the one that readers see.
fn with_port(line: &str) -> String {
    let Some((before, after)) = line.split_once("127.0.0.1:") else { return line.to_string() };
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}127.0.0.1:8020{after}")
}

/// `…` is any text, a digit any digit.
fn line_fits(expected: &str, actual: &str) -> bool {
    match expected.split_once('…') {
        None => same(expected, actual),
        Some((before, after)) => {
            let Some((start, _)) = split_at_char(actual, before.chars().count()) else { return false };
            let rest = &actual[start.len()..];
            same(before, start)
                && rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| line_fits(after, &rest[at..]))
        }
    }
}

fn split_at_char(text: &str, count: usize) -> Option<(&str, &str)> {
    let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(count)?;
    Some(text.split_at(at))
}

fn same(a: &str, b: &str) -> bool {
    let equal = |(a, b): (char, char)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
    a.chars().count() == b.chars().count() && a.chars().zip(b.chars()).all(equal)
}

/// A line that is `…` alone is any number of lines.
fn fits(expected: &[&str], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((&"…", rest)) => (0..=actual.len()).any(|skip| fits(rest, &actual[skip..])),
        Some((first, rest)) => {
            actual.split_first().is_some_and(|(line, more)| line_fits(first, line) && fits(rest, more))
        }
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

fn follow(guide: &str) {
    let text = read(guide);
    let mut shell = Shell::new(guide);
    let mut expects: Option<bool> = None; // a ```text that follows: the whole output?
    for block in blocks(&text) {
        let at = format!("{guide}:{}", block.line);
        let (kind, value) = block.mark.split_once(": ").unwrap_or((&block.mark, ""));
        match (kind, block.language.as_str()) {
            ("file", _) => shell.write(value, &block.text),
            ("mistake", _) => {
                shell.write(value, &block.text);
                shell.output = shell.run(&["check", "--now", "2026-11-23 09:00"].map(String::from)).0;
                std::fs::remove_file(shell.folder.join(value)).unwrap();
                expects = Some(false);
                continue;
            }
            ("result", _) => {
                // `civicast new` dates what it makes by the day on which the test runs, in the site's zone.
                let now = jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap();
                let today = now.date().max(jiff::civil::date(2026, 11, 24));
                let (said, fine) = shell.run(&["build", "--now", &format!("{today} 23:59")].map(String::from));
                assert!(fine, "{at}: {said}");
                let output = std::fs::read_to_string(shell.folder.join("public").join(value)).unwrap();
                let missing: Vec<&str> = block.text.lines().filter(|line| !output.contains(line)).collect();
                assert!(missing.is_empty(), "{at}: not in {value}: {missing:#?}");
            }
            ("front" | "config" | "screens", "toml" | "yaml") => {} // all together, in another test
            ("", "sh") => {
                shell.output.clear();
                block.text.lines().for_each(|line| shell.line(line));
                expects = Some(true);
                continue;
            }
            ("", "text") => {
                let Some(whole) = expects else { continue };
                let mut expected = lines(&block.text);
                if !whole {
                    expected.insert(0, "…");
                    expected.push("…");
                }
                assert!(fits(&expected, &lines(&shell.output)), "{at}: it says\n{}", shell.output);
            }
            // Commands of other programs, their settings, and pieces of templates.
            ("", "console" | "nginx" | "json" | "html") => {}
            (kind, language) => panic!("{at}: ```{language} with the mark “{kind}” is checked by nothing"),
        }
        expects = None;
    }
}

#[test]
fn the_commands_of_the_readmes_run() {
    follow("README.md");
    follow("README.zh-CN.md");
}

#[test]
fn the_editors_guide_leads_to_a_published_site_and_shows_real_messages() {
    follow("docs/editor.zh-CN.md");
    follow("docs/editor.md");
}

#[test]
fn the_guides_for_themes_and_screens_can_be_followed() {
    for guide in ["docs/themes.md", "docs/themes.zh-CN.md", "docs/screens.md", "docs/screens.zh-CN.md"] {
        follow(guide);
    }
}

/// A document around lines of front matter.
fn around(kind: &str, language: &str, text: &str) -> String {
    let fence = if language == "yaml" { "---" } else { "+++" };
    let assign = if language == "yaml" { ": " } else { " = " };
    let lacks =
        |names: &[&str]| !text.lines().any(|line| names.iter().any(|n| line.starts_with(&format!("{n}{assign}"))));
    let above = text.split("\n[").next().unwrap_or(text);
    let mut head = String::new();
    if kind != "section" && (lacks(&["title", "标题"]) || !above.contains('=') && language == "toml") {
        head.push_str(&format!("title{assign}\"例\"\n"));
    }
    if kind != "section" && (lacks(&["date", "发布日期"]) || text.starts_with('[')) {
        head.push_str(&format!("date{assign}2026-11-23\n"));
    }
    format!("{fence}\n{head}{text}{fence}\n\n正文。\n")
}

#[test]
fn every_piece_of_settings_in_the_guides_is_good() {
    let shell = Shell { lang: "en", ..Shell::new("docs/editor.md") };
    let (said, fine) = shell.run(&["init", "s"].map(String::from));
    assert!(fine, "{said}");
    let site = shell.folder.join("s");
    let shell = Shell { folder: site.clone(), ..shell };
    let config = std::fs::read_to_string(site.join("civicast.toml")).unwrap();
    let mut count = 0;
    for guide in GUIDES {
        for block in blocks(&read(guide)) {
            count += 1;
            let (kind, value) = block.mark.split_once(": ").unwrap_or((&block.mark, ""));
            match kind {
                "front" => {
                    let folder = format!("content/{value}s/part-{count}");
                    let name = if value == "section" { "_index.md" } else { "index.md" };
                    shell.write(&format!("{folder}/{name}"), &around(value, &block.language, &block.text));
                    for file in ["1.png", "登记表.docx", "报名表.csv", "form.docx", "form.csv"] {
                        if block.text.contains(file) {
                            let picture = repository().join("content/reports/planting/1.png");
                            std::fs::copy(picture, site.join(&folder).join(file)).unwrap();
                        }
                    }
                }
                "config" => {
                    shell.write("civicast.toml", &format!("{}\n{config}\n{}", top(&block.text), tables(&block.text)))
                }
                "screens" => shell.write("screens.toml", &block.text),
                _ => continue,
            }
            // Settings are looked at one by one, front matter all together.
            if matches!(kind, "config" | "screens") {
                let (said, fine) = shell.run(&["check", "--now", "2026-11-23"].map(String::from));
                assert!(fine, "{guide}:{}: {said}", block.line);
                shell.write("civicast.toml", &config);
            }
        }
    }
    let (said, fine) = shell.run(&["check", "--now", "2026-11-23"].map(String::from));
    assert!(fine, "{said}");
}

/// Lines before the first table, for the top of a TOML file.
fn top(text: &str) -> &str {
    if text.starts_with('[') { "" } else { text.split("\n[").next().unwrap_or(text) }
}

fn tables(text: &str) -> &str {
    text.strip_prefix(top(text)).unwrap_or("")
}

/// Every `code` of the prose, without the rows of other programs' flags.
fn named(markdown: &str) -> Vec<String> {
    let prose = prose(markdown);
    prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_string).collect()
}

/// Commands with their flags, from the program's own help.
fn commands() -> BTreeMap<String, BTreeSet<String>> {
    let help = |path: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_civicast"));
        let done = command.args(path).arg("--help").env("CIVICAST_LANG", "en").output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let mut known = BTreeMap::new();
    let mut queue: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(path) = queue.pop() {
        let text = help(&path.iter().map(String::as_str).collect::<Vec<_>>());
        let flags =
            text.split_whitespace().filter(|word| word.starts_with('-')).map(|w| w.trim_end_matches(',').to_string());
        known.insert(path.join(" "), flags.collect());
        let subs = text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(""));
        for sub in subs.lines().filter_map(|line| line.split_whitespace().next()) {
            queue.push(path.iter().cloned().chain([sub.to_string()]).collect());
        }
    }
    known
}

#[test]
fn every_command_and_flag_that_the_guides_name_exists() {
    let commands = commands();
    let all: BTreeSet<&String> = commands.values().flatten().collect();
    for guide in GUIDES.iter().chain(&["CHANGELOG.md"]) {
        for code in named(&read(guide)) {
            let words = words(&code);
            if code.starts_with("--") && code[2..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                assert!(all.contains(&words[0]), "{guide}: no flag {code}");
            } else if words.first().is_some_and(|word| word == "civicast") && words.len() > 1 {
                let path: Vec<&str> =
                    words[1..].iter().map(String::as_str).take_while(|w| !w.starts_with('-')).collect();
                let found = (0..=path.len()).rev().find_map(|n| commands.get(&path[..n].join(" ")).filter(|_| n > 0));
                let flags = found.unwrap_or_else(|| panic!("{guide}: no command {code}"));
                for flag in words.iter().filter(|word| word.starts_with('-')) {
                    assert!(flags.contains(flag), "{guide}: {code} has no {flag}");
                }
            }
        }
    }
}

#[test]
fn every_file_that_the_guides_name_exists() {
    let templates = repository().join("themes/civic/templates");
    let mut written: BTreeSet<String> = BTreeSet::new();
    for guide in GUIDES {
        written
            .extend(blocks(&read(guide)).into_iter().filter_map(|b| Some(b.mark.strip_prefix("file: ")?.to_string())));
    }
    for guide in GUIDES.iter().chain(&["CHANGELOG.md"]) {
        let text = read(guide);
        let folder = repository().join(guide).parent().unwrap().to_path_buf();
        for target in prose(&text).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or("");
            let outside = target.contains("://") || target.starts_with('#') || file.is_empty();
            // Links that are shown as examples stand in `code`.
            let example = named(&text).iter().any(|code| code.contains(&format!("]({target})")));
            assert!(outside || example || folder.join(file).exists(), "{guide}: no file {target}");
        }
        for code in named(&text) {
            let plain = !code.contains([' ', '<', '*', '{', '(', ':', '…', '=']) && !code.starts_with(['/', '.', '-']);
            let first = code.split('/').next().unwrap_or("");
            let exists = match first {
                _ if !plain || !code.contains('/') => true,
                "content" => repository().join(&code).exists() || written.contains(&code),
                "src" | "tests" | "docs" | "data" | "themes" => repository().join(&code).exists(),
                "directives" | "slides" | "partials" => templates.join(&code).exists(),
                _ => true,
            };
            assert!(exists, "{guide}: there is no {code}");
        }
    }
}

/// English name → Chinese names of every key, from the tables.
fn keys() -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in civicast::schema::reference(Lang::Zh).lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let name = cells[0].trim_matches(['|', ' ', '`']).to_string();
        keys.entry(name).or_default().extend(cells[1].split('、').map(|name| name.trim_matches('`').to_string()));
    }
    keys
}

#[test]
fn every_key_that_the_guides_name_in_both_languages_is_one() {
    let keys = keys();
    for guide in ["README.zh-CN.md", "docs/editor.zh-CN.md", "docs/screens.zh-CN.md"] {
        let text = read(guide);
        for line in prose(&text).lines() {
            // `key`（中文名）, and rows that begin with | `key` | `中文名` |
            for (at, _) in line.match_indices("`（") {
                let name = line[..at].rsplit('`').next().unwrap_or("");
                let chinese = line[at + "`（".len()..].split('）').next().unwrap_or("");
                let is_key = !name.is_empty()
                    && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    && !chinese.contains(['，', '。', '、', '`']);
                assert!(
                    !is_key || keys.get(name).is_some_and(|names| names.contains(chinese)),
                    "{guide}: `{name}`（{chinese}）"
                );
            }
            let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_start_matches("| ")).collect();
            if let [name, chinese, ..] = cells.as_slice()
                && let (Some(name), Some(chinese)) = (code(name), code(chinese))
                && !chinese.is_ascii()
            {
                assert!(keys.get(name).is_some_and(|names| names.contains(chinese)), "{guide}: `{name}` | `{chinese}`");
            }
        }
    }
}

/// The text of a cell that is one piece of code.
fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`').filter(|inner| !inner.contains('`'))
}

#[test]
fn the_guide_for_themes_names_every_template_function_setting_and_value() {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let templates = repository().join("themes/civic/templates");
    for folder in ["", "directives", "slides"] {
        for entry in std::fs::read_dir(templates.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_file() {
                wanted.insert(relative(&entry, &templates));
            }
        }
    }
    let theme: toml::Table = read("themes/civic/theme.toml").parse().unwrap();
    wanted.extend(theme["settings"].as_table().unwrap().keys().cloned());
    let functions = read("src/render/functions.rs");
    let list = functions.split("const QUESTIONS").nth(1).and_then(|rest| rest.split(';').nth(1)).unwrap();
    wanted.extend(list.split('"').skip(1).step_by(2).map(|name| format!("{name}(")));
    let others = functions.split("register_function(\"").skip(1).filter_map(|rest| rest.split('"').next());
    wanted.extend(others.map(|name| format!("{name}(")));
    let values = read("src/view/values.rs");
    let serialised = values.split("\npub struct ").skip(1);
    for fields in serialised.filter_map(|text| text.split("\n}").next()) {
        // Fields of a flattened struct stand among those of its owner; the owner's name for it is not seen.
        let fields = fields.replace("#[serde(flatten)]\n    pub ", "");
        let names = fields.lines().filter_map(|line| line.strip_prefix("    pub "));
        wanted.extend(names.filter_map(|line| Some(line.split(':').next()?.trim_start_matches("r#").to_string())));
    }
    wanted.remove("pub_date"); // templates see it as `pub`
    assert!(wanted.len() > 120, "found only {}", wanted.len());
    for guide in ["docs/themes.md", "docs/themes.zh-CN.md"] {
        let text = read(guide);
        let missing: Vec<&String> = wanted.iter().filter(|name| !has_word(&text, name)).collect();
        assert!(missing.is_empty(), "{guide} lacks {missing:?}");
    }
}

fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/")
}

/// The word with nothing that could belong to a longer name around it.
fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inside) && (word.ends_with('(') || !after.is_some_and(inside))
    })
}

#[test]
fn pictures_of_the_readmes_are_small() {
    for name in ["home.png", "hall.png"] {
        let mut bytes = Vec::new();
        std::fs::File::open(repository().join("docs/images").join(name)).unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes.len() < 200_000, "{name} has {} bytes", bytes.len());
    }
}

#[test]
fn a_line_fits_by_its_words_not_by_its_figures() {
    assert!(line_fits("wrote ./public: 532 files, in …", "wrote ./public: 540 files, in 4.5 s"));
    assert!(!line_fits("wrote ./public: 532 files, in …", "wrote ./public: 0 files, in 4.5 s"));
    assert!(!line_fits("生成 61 个文件到 …：写入", "生成 61 个文件到 ./public，写入"));
    assert!(fits(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(!fits(&["a", "…", "d"], &["a", "b", "c"]));
}
