//! A warm build leaves the same bytes as a cold one, after any edits.

use proptest::prelude::*;

use crate::site::{CONFIG, SCREENS, Site};

/// One edit of a site.
#[derive(Clone, Debug)]
enum Edit {
    Write(usize, usize, usize),
    Remove(usize),
    Rename(usize, usize),
    Config(usize),
    Screens(usize),
    Template(usize),
    Data(usize),
    Asset(usize),
    Clock(usize),
}

const PATHS: [&str; 7] = [
    "content/notices/a.md",
    "content/notices/b/index.md",
    "content/slogans/c.md",
    "content/reports/d.md",
    "content/about.md",
    "content/notices/_index.md",
    "content/notices/deep/e.md",
];
const TITLES: [&str; 4] = ["光盘行动", "文明出行", "节约用电", "志愿服务"];
const BODIES: [&str; 5] = [
    "**注意：**请遵守。",
    "# 另一个标题\n\n文字",
    ":::notice 提示\n内容\n:::",
    "第一行\\\n第二行\n\n下联",
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
];
const CLOCKS: [&str; 4] = ["2026-11-23 09:00", "2026-11-23 09:00:01", "2026-11-24 00:00", "2026-12-13 10:00"];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        6 => (0..PATHS.len(), 0..TITLES.len(), 0..BODIES.len() * 4).prop_map(|(p, t, b)| Edit::Write(p, t, b)),
        1 => (0..PATHS.len()).prop_map(Edit::Remove),
        1 => (0..PATHS.len(), 0..PATHS.len()).prop_map(|(a, b)| Edit::Rename(a, b)),
        1 => (0..3usize).prop_map(Edit::Config),
        1 => (0..3usize).prop_map(Edit::Screens),
        1 => (0..3usize).prop_map(Edit::Template),
        1 => (0..3usize).prop_map(Edit::Data),
        1 => (0..3usize).prop_map(Edit::Asset),
        2 => (0..CLOCKS.len()).prop_map(Edit::Clock),
    ];
    proptest::collection::vec(edit, 1..8)
}

fn apply(site: &Site, edit: &Edit, now: &mut &'static str) {
    let path = |p: usize| site.path().join(PATHS[p]);
    match edit {
        Edit::Write(p, t, b) => {
            let more = match b / BODIES.len() {
                0 => "",
                1 => "draft = true\n",
                2 => "expires = \"2026-11-23 09:00:01\"\n",
                _ => "topics = [\"节约\", \"文明\"]\npinned = true\n",
            };
            let date = if PATHS[*p].ends_with("_index.md") { String::new() } else { format!("date = 2026-0{}-01\n{more}", p + 1) };
            site.write(PATHS[*p], &format!("+++\ntitle = \"{}\"\n{date}+++\n\n{}\n", TITLES[*t], BODIES[b % BODIES.len()]));
        }
        Edit::Remove(p) => drop(std::fs::remove_file(path(*p))),
        Edit::Rename(a, b) => {
            if path(*a).exists() {
                std::fs::create_dir_all(path(*b).parent().unwrap()).unwrap();
                std::fs::rename(path(*a), path(*b)).unwrap();
            }
        }
        Edit::Config(n) => site.write("civicast.toml", &format!("page_size = {}\nsummary_length = {}\n{CONFIG}", n + 1, 40 + n)),
        Edit::Screens(n) => site.write("screens.toml", &SCREENS.replace("1920, 1080", ["1920, 1080", "1080, 1920", "192, 32"][*n])),
        Edit::Template(n) => match n {
            0 => drop(std::fs::remove_file(site.path().join("templates/slogan.html"))),
            n => site.write("templates/slogan.html", &format!("<!doctype html><title>{n}</title>{{{{ page.content }}}}{{% for p in pages(kind='notice', limit={n}) %}}{{{{ p.title }}}}{{% endfor %}}{{{{ data(name='x') }}}}")),
        },
        Edit::Data(n) => site.write("data/x.json", &format!("{{\"n\": {n}}}")),
        Edit::Asset(n) => site.write("static/files/a.txt", &format!("文件{n}")),
        Edit::Clock(n) => *now = CLOCKS[*n],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_warm_build_equals_a_cold_one_after_any_edits(edits in edits()) {
        let site = Site::with(&[]);
        let mut now = CLOCKS[0];
        site.build(now);
        let mut last = site.outputs("public");
        for edit in &edits {
            apply(&site, edit, &mut now);
            let warm = site.build(now);
            let cold_site = Site::with(&[]);
            std::fs::remove_dir_all(cold_site.path().join("content")).unwrap();
            copy_inputs(&site, &cold_site);
            let cold = cold_site.build(now);
            prop_assert_eq!(warm.receipt.is_some(), cold.receipt.is_some(), "{:?}", edit);
            if warm.receipt.is_some() {
                last = cold_site.outputs("public");
            }
            let got = site.outputs("public");
            prop_assert_eq!(got.keys().collect::<Vec<_>>(), last.keys().collect::<Vec<_>>(), "{:?}", edit);
            for (path, bytes) in &got {
                prop_assert!(bytes == &last[path], "{} differs after {:?}", path, edit);
            }
        }
    }
}

fn copy_inputs(from: &Site, to: &Site) {
    for name in ["civicast.toml", "screens.toml", "content", "static", "data", "templates"] {
        crate::site::copy(&from.path().join(name), &to.path().join(name));
    }
}
