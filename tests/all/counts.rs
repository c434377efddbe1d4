//! How much a build does, in counts and never in times: `benches/compare` measures, this holds what it measures.

use civicast::pipeline::Published;

use crate::site::{Site, copy, repository};

const DOCUMENTS: usize = 1_000;
const TOPICS: usize = 20;
const DEPARTMENTS: usize = 12;

/// The lean site of `benches/compare`, with documents that are quick to make.
fn lean() -> Site {
    let site = Site::with(&[]);
    std::fs::remove_file(site.path().join("screens.toml")).unwrap();
    std::fs::remove_file(site.path().join("content/slogans/water.md")).unwrap();
    std::fs::copy(repository().join("benches/civicast.toml"), site.path().join("civicast.toml")).unwrap();
    copy(&repository().join("benches/lean"), &site.path().join("themes/lean"));
    for number in 0..DOCUMENTS {
        site.write(&path(number), &document(number, &format!("第{number}号")));
    }
    site
}

fn path(number: usize) -> String {
    let section = ["notices", "reports", "slogans"][number % 3];
    format!("content/{section}/{number:04}.md")
}

fn document(number: usize, title: &str) -> String {
    let (year, month, day) = (2021 + number % 5, 1 + number / 5 % 12, 1 + number / 60 % 28);
    let topics = (number % TOPICS, (number + 7) % TOPICS);
    let department = number % DEPARTMENTS;
    format!(
        "+++\ntitle = \"{title}\"\ndate = {year}-{month:02}-{day:02}\ntopics = [\"t{}\", \"t{}\"]\ndepartment = \"d{department}\"\n+++\n\n## 要求\n\n{}\n",
        topics.0,
        topics.1,
        "请各科室按时报送。".repeat(30)
    )
}

const NOW: &str = "2026-11-23 09:00";

/// Documents parsed, outputs rendered, files written, files removed.
fn check(published: &Published, expected: [usize; 4]) {
    let receipt = published.receipt.as_ref().unwrap_or_else(|| panic!("{:?}", published.preview.problems));
    let counts = [published.preview.parsed, published.rendered, receipt.written.len(), receipt.removed.len()];
    assert_eq!(counts, expected, "{:?}", receipt.written);
}

/// The same, without putting the site together: by a short way.
fn check_short(published: &Published, expected: [usize; 4]) {
    assert!(published.preview.index.is_none(), "the whole site was put together");
    check(published, expected);
}

/// What stands in `public` is what a build without any memory makes.
fn is_as_cold(site: &Site) {
    let cold = Site::with(&[]);
    std::fs::remove_file(cold.path().join("screens.toml")).unwrap();
    std::fs::remove_dir_all(cold.path().join("content")).unwrap();
    for name in ["civicast.toml", "content", "themes"] {
        copy(&site.path().join(name), &cold.path().join(name));
    }
    cold.build(NOW);
    let (warm, cold) = (site.outputs("public"), cold.outputs("public"));
    assert_eq!(warm.keys().collect::<Vec<_>>(), cold.keys().collect::<Vec<_>>());
    for (path, bytes) in &warm {
        assert!(*bytes == cold[path], "{path} differs");
    }
}

#[test]
fn a_build_does_what_has_changed_and_no_more() {
    let site = lean();
    let first = site.build(NOW);
    let all = first.receipt.as_ref().unwrap().files;
    check(&first, [DOCUMENTS, all, all, 0]);

    // Nothing has changed.
    check_short(&site.build(NOW), [0, 0, 0, 0]);

    // A body: the page that shows it.
    let edited = format!("{}\n末尾加一句。\n", document(501, "第501号"));
    site.write(&path(501), &edited);
    check_short(&site.build(NOW), [1, 1, 1, 0]);
    check_short(&site.build(NOW), [0, 0, 0, 0]);

    // Three bodies in three sections.
    for number in [0, 502, 999] {
        let text = document(number, &format!("第{number}号"));
        site.write(&path(number), &format!("{text}\n又一段。\n"));
    }
    check_short(&site.build(NOW), [3, 3, 3, 0]);
    is_as_cold(&site);

    // A title: its page, its two neighbours, the lists of its section, its department and its two topics.
    site.write(&path(501), &edited.replace("第501号", "新的标题"));
    check(&site.build(NOW), [1, 7, 7, 0]);

    // A heading is shown by its page only, but others might link to it, so the whole site is put together.
    site.write(&path(501), &edited.replace("第501号", "新的标题").replace("## 要求", "## 时间"));
    check(&site.build(NOW), [1, 1, 1, 0]);

    // A file of the output that somebody removed comes back; nothing else is touched.
    let page = site.path().join("public/notices/0501/index.html");
    let bytes = std::fs::read(&page).unwrap();
    std::fs::remove_file(&page).unwrap();
    check(&site.build(NOW), [0, 1, 1, 0]);
    assert_eq!(std::fs::read(&page).unwrap(), bytes);

    // The same when a body is edited meanwhile.
    std::fs::remove_file(&page).unwrap();
    site.write(&path(0), &format!("{}\n再一段。\n", document(0, "第0号")));
    check(&site.build(NOW), [1, 2, 2, 0]);
    is_as_cold(&site);

    // The memo may go at any time, in whole or in part.
    for name in ["company", "documents", "sources"] {
        std::fs::remove_file(site.path().join(".civicast").join(name)).unwrap();
        site.write(&path(3), &format!("{}\n没有 {name}。\n", document(3, "第3号")));
        site.build(NOW);
        is_as_cold(&site);
    }
    std::fs::remove_dir_all(site.path().join(".civicast")).unwrap();
    check(&site.build(NOW), [DOCUMENTS, all, 0, 0]);
    check(&site.build(NOW), [0, 0, 0, 0]);
}

#[test]
fn where_no_file_has_moved_nothing_but_the_settings_is_opened() {
    let site = lean();
    let all = site.build(NOW).receipt.unwrap().files;
    // Files that were written just now are known by their bytes only.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert!(site.build(NOW).preview.read.read > DOCUMENTS);
    let still = || {
        let published = site.build(NOW);
        check_short(&published, [0, 0, 0, 0]);
        assert_eq!(published.receipt.as_ref().unwrap().files, all);
        let read = published.preview.read;
        assert_eq!((read.read, read.reused), (0, read.walked));
        assert!(read.walked > DOCUMENTS);
        assert_eq!(published.preview.config.title, "比较用门户");
    };
    still();

    // An output that was removed, or has other bytes, although no source has moved.
    let page = site.path().join("public/notices/0501/index.html");
    let bytes = std::fs::read(&page).unwrap();
    std::fs::remove_file(&page).unwrap();
    check(&site.build(NOW), [0, 1, 1, 0]);
    std::fs::write(&page, "<p>").unwrap();
    check(&site.build(NOW), [0, 1, 1, 0]);
    assert_eq!(std::fs::read(&page).unwrap(), bytes);

    // Another day, and another output folder.
    check(&site.build("2026-11-24 09:00"), [0, 0, 0, 0]);
    check(&site.build_into("elsewhere", NOW), [0, all, all, 0]);
    // The folder of the site has a new name in it.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    site.build(NOW);
    still();

    // Other settings.
    let settings = site.read("civicast.toml");
    site.write("civicast.toml", &settings.replace("比较用门户", "对比用门户"));
    assert!(site.build(NOW).receipt.unwrap().written.len() > DOCUMENTS);
    is_as_cold(&site);
}

#[test]
fn a_day_later_nothing_is_taken_for_granted() {
    let site = lean();
    site.write(
        "content/notices/9999.md",
        "+++\ntitle = \"将到期\"\ndate = 2026-11-20\nexpires = \"2026-11-23 12:00\"\n+++\n\n正文\n",
    );
    site.build(NOW);
    check(&site.build(NOW), [0, 0, 0, 0]);
    let later = site.build("2026-11-23 12:00");
    assert_eq!(later.receipt.unwrap().removed.len(), 1);
    let earlier = site.build(NOW);
    assert!(earlier.receipt.unwrap().written.iter().any(|path| path.as_str() == "notices/9999/index.html"));
}

#[test]
fn the_catalogue_takes_part_in_a_build_only_when_what_it_shows_has_changed() {
    let site = lean();
    let headed = |number: usize, title: &str| {
        let year = 2021 + number % 5;
        let header =
            format!("[disclosure]\nindex_number = \"11990000MB0000000J/{year}-{number:05}\"\ncategory = \"通知\"\n");
        let text = document(number, title).replacen("\n+++\n\n", &format!("\n{header}+++\n\n"), 1);
        text.replacen("date = 2", "summary = \"摘要\"\ndate = 2", 1)
    };
    for number in (0..DOCUMENTS).step_by(3) {
        site.write(&path(number), &headed(number, &format!("第{number}号")));
    }
    let first = site.build(NOW);
    let files = &first.receipt.as_ref().unwrap().written;
    let in_catalogue = files.iter().filter(|path| path.as_str().starts_with("disclosure/")).count();
    // 334 notices, 50 on a page: the whole and its one category have 7 pages each, and each of five years has 2; in four
    // orders. No validity is given. And two files of data.
    assert_eq!(in_catalogue, (7 + 7 + 5 * 2) * 4 + 2);

    // A body: its page, by the short way, which puts no site together.
    let edited = format!("{}\n末尾加一句。\n", headed(501, "第501号"));
    site.write(&path(501), &edited);
    check_short(&site.build(NOW), [1, 1, 1, 0]);
    is_as_cold(&site);

    // A title: the seven pages that show it without a catalogue, both files of data, and one page in each order of the whole,
    // of its category and of its year. Where its name moves to another page, both pages change.
    site.write(&path(501), &edited.replace("第501号", "阿号"));
    let built = site.build(NOW);
    let written = &built.receipt.as_ref().unwrap().written;
    let touched = written.iter().filter(|path| path.as_str().starts_with("disclosure/")).count();
    assert!((2 + 3 * 4..in_catalogue / 2).contains(&touched), "{written:?}");
    assert_eq!(written.len() - touched, 7, "{written:?}");
    is_as_cold(&site);
}

#[test]
fn an_edited_body_is_made_again_in_every_form_and_nothing_else_is() {
    let site = lean();
    site.write("templates/notice.json", "{\"title\": {{ page.title | json }}, \"html\": {{ page.content | json }}}");
    site.write("templates/section.csv", "{% for item in list.items %}{{ item.title | csv }}\n{% endfor %}");
    site.build(NOW);
    site.write(&path(501), &format!("{}\n末尾加一句。\n", document(501, "第501号")));
    check_short(&site.build(NOW), [1, 2, 2, 0]);
    assert!(site.read("public/notices/0501/index.json").contains("末尾加一句"));
    // A title: the seven pages of before, the forms of its page and its section; those of its neighbours come out the same.
    site.write(&path(501), &document(501, "新的标题"));
    check(&site.build(NOW), [1, 11, 9, 0]);
}
