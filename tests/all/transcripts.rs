//! Each wrong input as the transcript that a person reads, in both languages; `SNAPSHOTS=overwrite` renews them.
//!
//! Before it is broken, the site is built; a broken one ends with exit code 1 and leaves the output as it was.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::command::run;
use crate::site::Site;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts").join(format!("{name}.md"))
}

/// Nobody waits longer than this for an answer about a broken site, also where machines are slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// Builds a good site, breaks it, and compares what is said with the golden transcript.
fn check(name: &str, breaks: impl FnOnce(&Site)) {
    let site = Site::with(&[]);
    let build = ["build", "--now", "2026-11-23 09:00"];
    assert_eq!(run(site.path(), &build).code, 0);
    let before = site.outputs("public");
    breaks(&site);
    let mut text = format!("# {name}\n");
    for lang in ["zh", "en"] {
        let begun = Instant::now();
        let run = run(site.path(), &[&build[..], &["--lang", lang]].concat());
        assert!(begun.elapsed() < PATIENCE, "{name} took {:?}", begun.elapsed());
        assert_eq!(run.stdout, "");
        text.push_str(&format!("\n```\n$ civicast build --lang {lang}\n{}? {}\n```\n", trimmed(&run.stderr), run.code));
        assert_eq!(run.code, 1, "{text}");
    }
    assert!(site.outputs("public") == before, "{name} changed the output");
    let expected = snapbox::Data::read_from(&golden(name), None);
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(text, expected.raw());
}

/// Without spaces at the ends of lines, which editors take away.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// A notice with these lines of front matter besides what every notice has.
fn notice(front: &str, body: &str) -> String {
    let disclosure = if front.contains("[disclosure]") { "" } else { "[disclosure]\nopenness = \"主动公开\"\n" };
    format!("+++\ntitle = \"关于停水的通知\"\ndate = 2026-11-20\n{front}\n{disclosure}+++\n\n{body}\n")
}

macro_rules! transcripts {
    ($($name:ident: |$site:ident| $breaks:block)*) => {
        /// Every golden transcript.
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $(#[test]
        fn $name() {
            check(stringify!($name), |$site| $breaks);
        })*
    };
}

transcripts! {
    an_unknown_key: |site| {
        site.write("content/notices/a.md", &notice("tilte = \"错字\"\ntopic = [\"节水\"]", "正文。"));
        site.write("content/slogans/b.md", "---\n标题: 节约\n发布日期: 2026-11-20\n主体: 节约\n---\n\n节约\n");
    }
    an_unknown_setting: |site| {
        site.write("civicast.toml", &format!("page_sise = 10\n{}", crate::site::CONFIG));
    }
    a_bad_date: |site| {
        site.write("content/notices/a.md", &notice("", "正文。").replace("2026-11-20", "\"2026-13-01\""));
        site.write("content/slogans/b.md", "---\n标题: 节约\n发布日期: 去年九月\n---\n\n节约\n");
    }
    an_expiry_before_its_publication: |site| {
        site.write("content/notices/a.md", &notice("expires = 2026-11-01", "正文。"));
    }
    a_bad_index_number: |site| {
        site.write("content/notices/a.md", &notice("[disclosure]\nindex_number = \"11990000MB0000000K/2026-00012\"", "正文。"));
        site.write("content/notices/b.md", &notice("slug = \"b\"\n[disclosure]\nindex_number = \"2026-12\"", "正文。"));
    }
    an_index_number_used_twice: |site| {
        let front = "[disclosure]\nindex_number = \"11990000MB0000000J/2026-00012\"";
        site.write("content/notices/a.md", &notice(front, "正文。"));
        site.write("content/notices/b.md", &notice(&format!("slug = \"b\"\n{front}"), "正文。"));
    }
    a_duplicate_url: |site| {
        site.write("content/notices/a.md", &notice("slug = \"water\"", "正文。"));
        site.write("content/notices/water.md", &notice("", "正文。"));
    }
    a_missing_image: |site| {
        site.write("content/notices/a.md", &notice("image = \"shui.png\"\nimage_alt = \"水表\"", "请看![水表](./shuibiao.png)。"));
    }
    a_broken_video: |site| {
        site.write("content/notices/a.md", &notice("video = \"a.mp4\"", "正文。"));
        site.write("content/notices/a.mp4", "RIFF");
        site.write("content/notices/b.md", &notice("slug = \"b\"\nvideo = \"shui.mp4\"", "正文。"));
        let cut = [b"\0\0\0\x10ftypisom\0\0\0\0".as_slice(), b"\0\x10\0\0mdat"].concat();
        std::fs::write(site.path().join("content/notices/shui.mp4"), cut).unwrap();
        site.write("content/notices/c.md", &notice("slug = \"c\"\nvideo = \"shiu.mp4\"", "正文。"));
    }
    a_picture_that_is_none: |site| {
        site.write("content/notices/a.md", &notice("image = \"photo.jpg\"\nimage_alt = \"水表\"", "正文。"));
        site.write("content/notices/photo.jpg", "no JPEG at all");
    }
    a_picture_that_is_cut_off: |site| {
        site.write("content/notices/a.md", &notice("", "请看![水表](cut.png)。"));
        let whole = include_bytes!("../../content/reports/planting/1.png");
        std::fs::write(site.path().join("content/notices/cut.png"), &whole[..whole.len() / 2]).unwrap();
    }
    a_picture_over_the_limits: |site| {
        site.write("civicast.toml", &format!("{}\n[图片]\n文件上限 = 20000\n像素上限 = 100000\n", crate::site::CONFIG));
        site.write("content/notices/a.md", &notice("", "请看![水表](large.png)和![照片](phone.heic)。"));
        site.write("content/notices/phone.heic", "ftypheic");
        let large = include_bytes!("../../content/reports/planting/1.png");
        std::fs::write(site.path().join("content/notices/large.png"), large).unwrap();
    }
    a_broken_link: |site| {
        site.write("content/notices/a.md", &notice("", "详见[节约用水](../slogans/watr.md)。"));
    }
    a_broken_anchor: |site| {
        site.write("content/notices/a.md", &notice("", "## 时间安排 {#plan}\n\n见[安排](#plna)。"));
    }
    an_unknown_directive: |site| {
        site.write("content/notices/a.md", &notice("", ":::notcie 提示\n注意。\n:::"));
    }
    unclosed_front_matter: |site| {
        site.write("content/notices/a.md", "+++\ntitle = \"关于停水的通知\"\ndate = 2026-11-20\n\n正文。\n");
    }
    text_that_is_neither_utf_8_nor_gb18030: |site| {
        site.write("content/notices/a.md", "");
        std::fs::write(site.path().join("content/notices/a.md"), b"+++\ntitle = \"a\"\n+++\n\n\xff\xfe\x80\x81\xff\n").unwrap();
    }
    a_template_error: |site| {
        site.write("themes/office/templates/notice.html", "{% extends \"builtin:notice.html\" %}\n{% block main %}{{ page.titel.x }}{% endblock %}\n");
        site.write("civicast.toml", &crate::site::CONFIG.replace("description", "theme = \"office\"\ndescription"));
        site.write("content/notices/a.md", &notice("", "正文。"));
    }
    a_template_that_does_not_parse: |site| {
        site.write("themes/office/templates/notice.html", "{% if page %}\n<p>{{ page.title </p>\n");
        site.write("civicast.toml", &crate::site::CONFIG.replace("description", "theme = \"office\"\ndescription"));
    }
    a_missing_theme: |site| {
        site.write("civicast.toml", &crate::site::CONFIG.replace("description", "theme = \"civix\"\ndescription"));
    }
    a_markdown_file_of_100_mb: |site| {
        site.write("content/notices/a.md", &notice("", "正文。"));
        let file = std::fs::OpenOptions::new().write(true).open(site.path().join("content/notices/a.md")).unwrap();
        file.set_len(100 << 20).unwrap();
    }
    ten_thousand_nested_quotes: |site| {
        site.write("content/notices/a.md", &notice("", &format!("{}深", "> ".repeat(10_000))));
    }
    ten_thousand_nested_lists: |site| {
        site.write("content/notices/a.md", &notice("", &format!("{}深", "- ".repeat(10_000))));
    }
    an_empty_content_folder: |site| {
        site.remove("content/slogans/water.md");
    }
    a_very_long_line: |site| {
        let line = format!("{}[坏](nirgends.md){}", "字".repeat(300_000), "字".repeat(300_000));
        site.write("content/notices/a.md", &notice("", &line));
    }
    a_file_that_is_not_a_file: |site| {
        site.write("content/notices/a.md", &notice("", "正文。"));
        #[cfg(unix)]
        std::os::unix::fs::symlink("../nowhere.md", site.path().join("content/notices/b.md")).unwrap();
    }
}

#[test]
fn every_transcript_has_its_test() {
    let folder = golden("x").parent().unwrap().to_path_buf();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        assert!(NAMES.contains(&name.as_str()), "nothing writes tests/transcripts/{name}.md");
    }
}
