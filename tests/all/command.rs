//! The binary as a person runs it: arguments in, what it said and its exit code out.

use std::path::Path;
use std::process::{Command, Stdio};

/// What came of a run.
pub(crate) struct Run {
    /// Exit code.
    pub(crate) code: i32,
    /// Data.
    pub(crate) stdout: String,
    /// Talk.
    pub(crate) stderr: String,
}

/// The binary, in this folder, with nothing of the tester's language or settings.
pub(crate) fn civicast(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_civicast"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CIVICAST_") || text.starts_with("LC_") || text == "LANG" {
            command.env_remove(&name);
        }
    }
    // What a test sees may not depend on the fonts of the machine.
    command.env("CIVICAST_FONTS", "none");
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = civicast(folder, arguments).output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

use crate::site::Site;

#[test]
fn a_new_site_checks_and_builds_without_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init", "site"]).code, 0);
    let site = folder.path().join("site");
    let check = run(&site, &["check", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    assert_eq!(value["problems"], serde_json::json!([]), "{}", check.stdout);
    assert_eq!(run(&site, &["build"]).code, 0);
    let again = run(folder.path(), &["init", "site"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
}

#[test]
fn a_new_document_of_each_kind_checks_without_a_problem_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["init", "."]);
    for kind in ["notice", "slogan", "report", "page", "通知公告"] {
        let title = format!("关于{kind}的“一次”试验");
        let made = run(folder.path(), &["new", kind, &title]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        assert_eq!(run(folder.path(), &["new", kind, &title]).code, 2);
    }
    let check = run(folder.path(), &["check", "--drafts", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    let errors: Vec<_> = value["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error").collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_setting_of_the_environment_yields_to_the_command_line() {
    let site = Site::with(&[]);
    let robots = |command: &mut Command| {
        assert!(command.output().unwrap().status.success());
        site.read("public/robots.txt")
    };
    let mut build = civicast(site.path(), &["build"]);
    let text = robots(build.env("CIVICAST_BASE_URL", "https://env.example.gov.cn"));
    assert!(text.contains("https://env.example.gov.cn/"), "{text}");
    let mut build = civicast(site.path(), &["build", "--base-url", "https://flag.example.gov.cn"]);
    let text = robots(build.env("CIVICAST_BASE_URL", "https://env.example.gov.cn"));
    assert!(text.contains("https://flag.example.gov.cn/"), "{text}");
    let mut build = civicast(site.path(), &["build", "--set", "organisation.name=另一个局"]);
    robots(&mut build);
    assert!(site.read("public/index.html").contains("另一个局"));
}

#[test]
fn json_is_one_object_with_problems_receipt_and_durations() {
    let site = Site::with(&[("content/a.md", "+++\ntopcis = [\"字\"]\ntitle = \"字\"\n+++\n")]);
    let broken = run(site.path(), &["build", "--json"]);
    assert_eq!(broken.code, 1);
    let value: serde_json::Value = serde_json::from_str(&broken.stdout).unwrap();
    let problem = &value["problems"][0];
    assert_eq!(problem["code"], "unknown-key");
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["column"]),
        (&"content/a.md".into(), &2.into(), &1.into())
    );
    assert!(value["receipt"].is_null());
    site.remove("content/a.md");
    let value: serde_json::Value = serde_json::from_str(&run(site.path(), &["build", "--json"]).stdout).unwrap();
    assert!(!value["receipt"]["written"].as_array().unwrap().is_empty());
    assert!(value["durations_ms"]["read"].is_number());
}

#[test]
fn a_fault_ends_with_2_and_says_what_to_do() {
    let site = Site::with(&[("public/mine.txt", "not yours")]);
    let refused = run(site.path(), &["--lang", "zh", "build"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("不是 civicast 生成的文件") && refused.stderr.contains("提示"),
        "{}",
        refused.stderr
    );
    assert_eq!(site.read("public/mine.txt"), "not yours");
    assert_eq!(run(site.path(), &["build", "--now", "tomorrow"]).code, 2);
    assert_eq!(run(site.path(), &["--site", "nowhere", "build"]).code, 2);
}

#[test]
fn the_ejected_theme_builds_the_same_pages() {
    let site = Site::with(&[]);
    let now = ["build", "--now", "2026-11-23 09:00"];
    assert_eq!(run(site.path(), &now).code, 0);
    let before = site.outputs("public");
    assert_eq!(run(site.path(), &["theme", "eject"]).code, 0);
    assert_eq!(run(site.path(), &now).code, 0);
    assert!(before == site.outputs("public"));
    assert_eq!(run(site.path(), &["theme", "check"]).code, 0);
    assert_eq!(run(site.path(), &["theme", "eject"]).code, 2);
}

#[test]
fn why_explains_what_is_there_and_what_is_not() {
    let notice =
        |more: &str| format!("+++\ntitle = \"试验\"\nslug = \"trial\"\ndate = 2026-11-01\n{more}\n+++\n\n正文。\n");
    let site = Site::with(&[("content/notices/a.md", &notice("expires = 2026-12-01"))]);
    let ask = |target: &str, now: &str| run(site.path(), &["why", target, "--now", now]);
    let there = ask("https://test.example.gov.cn/notices/trial/", "2026-11-23").stdout;
    assert!(there.contains("content/notices/a.md") && there.contains("2026-12-01 00:00"), "{there}");
    assert_eq!(there, ask("public/notices/trial/index.html", "2026-11-23").stdout);
    assert_eq!(there, ask("content/notices/a.md", "2026-11-23").stdout);
    let gone = ask("/notices/trial", "2026-12-02");
    assert_eq!(gone.code, 0, "{}", gone.stderr);
    assert!(gone.stdout.contains("expired"), "{}", gone.stdout);
    let unknown = ask("/notices/trail/", "2026-11-23");
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("/notices/trial/"), "{}", unknown.stderr);
}

#[test]
fn list_changes_announces_the_instant_of_an_expiry() {
    let site = Site::with(&[(
        "content/notices/a.md",
        "+++\ntitle = \"停水通知\"\ndate = 2026-11-01\nexpires = \"2026-12-01 08:30\"\n+++\n\n正文。\n",
    )]);
    let listed = run(site.path(), &["list", "--changes", "--now", "2026-11-23", "--lang", "zh"]).stdout;
    let row = listed.lines().find(|line| line.contains("停水通知")).unwrap_or_else(|| panic!("{listed}"));
    assert!(row.starts_with("2026-12-01 08:30") && row.contains("下线"), "{row}");
}

#[test]
fn help_completions_and_manual_exist_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, word) in [("zh", "用法"), ("en", "Usage")] {
        let help = run(folder.path(), &["--lang", lang, "build", "--help"]);
        assert!(help.code == 0 && help.stdout.contains(word), "{}", help.stdout);
    }
    assert!(run(folder.path(), &["completions", "bash"]).stdout.contains("_civicast"));
    assert!(run(folder.path(), &["man"]).stdout.contains(".TH"));
    for what in ["config", "front-matter", "screens", "feed"] {
        let schema = run(folder.path(), &["schema", what]);
        assert!(serde_json::from_str::<serde_json::Value>(&schema.stdout).is_ok(), "{what}");
    }
}
