//! What the build promises: the example is clean, time is true on disk, an edit touches what shows it, bytes are the same.

use std::collections::BTreeSet;

use crate::site::{SLOGAN, Site, complaints, holding};

/// The day on which the example is looked at in tests.
const NOW: &str = "2026-11-23 09:00";

const NOTICE: &str = "+++\ntitle = \"关于供水检修的通知\"\ndate = 2026-09-01\nexpires = \"2026-09-10 18:00\"\n[disclosure]\nindex_number = \"11990000MB0000000J/2026-00001\"\nwritten = 2026-09-01\n+++\n\n九月十日检修供水管道，请提前储水。\n";

#[test]
fn the_example_builds_without_a_complaint() {
    let site = Site::example();
    let published = site.build_well(NOW);
    let pages = published.preview.index.as_ref().unwrap().world().site.pages.len();
    assert!(pages >= 54, "only {pages} documents are visible");
    assert_eq!(published.preview.screens.len(), 6);
}

#[test]
fn the_example_never_shows_what_is_expired_a_draft_or_not_public() {
    let site = Site::example();
    site.build_well(NOW);
    let files = site.outputs("public");
    for hidden in ["临时停水", "征求意见草稿", "资产处置明细"] {
        assert_eq!(holding(&files, hidden), Vec::<String>::new(), "{hidden} leaked");
    }
    for path in files.keys() {
        assert!(
            !path.contains("water-outage") && !path.contains("reception-rules") && !path.contains("asset-disposal"),
            "{path}"
        );
    }
}

#[test]
fn every_screen_has_a_page_a_feed_and_a_head_that_names_it() {
    let site = Site::example();
    site.build_well(NOW);
    let files = site.outputs("public");
    for id in ["hotel", "hall", "elevator", "corridor", "canteen", "led"] {
        assert!(files.contains_key(&format!("screens/{id}/index.html")));
        let head: serde_json::Value = serde_json::from_slice(&files[&format!("screens/{id}/head.json")]).unwrap();
        let named = head["feed"].as_str().unwrap().trim_start_matches("../");
        let feed = &files[&format!("screens/{named}")];
        assert_eq!(head["sha256"], civicast::file::sha256(feed));
        assert_eq!(feed, &files[&format!("screens/{id}/feed.json")]);
        let feed: serde_json::Value = serde_json::from_slice(feed).unwrap();
        let validator = jsonschema::validator_for(&civicast::screenfeed::schema()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&feed).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        for item in feed["items"].as_array().unwrap() {
            for slide in item["_screen"]["slides"].as_array().unwrap() {
                let path = format!("screens/{}", slide["file"].as_str().unwrap().trim_start_matches("../"));
                assert_eq!(slide["sha256"], civicast::file::sha256(&files[&path]));
            }
        }
    }
}

#[test]
fn a_notice_is_everywhere_until_the_second_it_expires_and_then_nowhere() {
    let site = Site::with(&[("content/notices/water.md", NOTICE)]);
    let before = site.build_well("2026-09-10 17:59:59");
    let files = site.outputs("public");
    let title = "关于供水检修的通知";
    for path in [
        "index.html",
        "notices/index.html",
        "notices/water/index.html",
        "feed.xml",
        "rss.xml",
        "feed.json",
        "screens/hall/feed.json",
    ] {
        assert!(holding(&files, title).contains(&path.to_string()), "{path} does not show it before");
    }
    let change = &before.preview.index.as_ref().unwrap().world().site.changes[0];
    assert_eq!((change.at, change.title.as_str()), (crate::site::at("2026-09-10 18:00"), title));

    let after = site.build_well("2026-09-10 18:00");
    let files = site.outputs("public");
    assert_eq!(holding(&files, title), Vec::<String>::new());
    assert_eq!(holding(&files, "检修供水管道"), Vec::<String>::new());
    assert!(!site.path().join("public/notices/water").exists(), "an empty folder stays behind");
    let removed: Vec<String> = after.receipt.unwrap().removed.iter().map(ToString::to_string).collect();
    assert!(removed.contains(&"notices/water/index.html".to_string()));
}

#[test]
fn a_notice_appears_at_the_second_of_its_publish_and_not_before() {
    let text = NOTICE.replace("expires =", "publish =");
    let site = Site::with(&[("content/notices/water.md", &text)]);
    site.build_well("2026-09-10 17:59:59");
    assert_eq!(holding(&site.outputs("public"), "供水检修"), Vec::<String>::new());
    site.build_well("2026-09-10 18:00:00");
    assert!(!holding(&site.outputs("public"), "供水检修").is_empty());
}

#[test]
fn editing_a_slogan_changes_every_output_that_shows_it_and_no_other() {
    let other = SLOGAN.replace("节约用水", "节约用电").replace("一滴水，一份情", "随手关灯");
    let site = Site::with(&[("content/slogans/power.md", &other), ("content/notices/water.md", NOTICE)]);
    site.build_well(NOW);
    let before = site.outputs("public");
    let shown = holding(&before, "一滴水，一份情");
    assert!(shown.len() >= 3, "{shown:?}");

    site.write("content/slogans/water.md", &SLOGAN.replace("一滴水，一份情", "点滴之间见真情"));
    let published = site.build_well(NOW);
    let after = site.outputs("public");
    assert_eq!(holding(&after, "一滴水，一份情"), Vec::<String>::new());

    // What shows the text, what names a slide whose bytes changed, and heads, which name the feed and the time.
    let new_slides: Vec<String> = after.keys().filter(|path| !before.contains_key(*path)).cloned().collect();
    let changed: BTreeSet<String> =
        after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)).map(|(path, _)| path.clone()).collect();
    for path in &changed {
        let shows = holding(&after, "点滴之间见真情").contains(path);
        let names = new_slides.iter().any(|slide| {
            let name = slide.rsplit('/').next().unwrap().split('.').next().unwrap();
            path.contains(name) || String::from_utf8_lossy(&after[path]).contains(name)
        });
        // Lists of the search name documents by the pairs of characters that they hold.
        let lists = path.starts_with("search/") && path.contains("/s");
        assert!(shows || names || lists, "{path} changed without showing the slogan");
    }
    let written: BTreeSet<String> = published.receipt.unwrap().written.iter().map(ToString::to_string).collect();
    assert_eq!(written, changed, "the receipt tells another story than the disk");
    for untouched in ["notices/index.html", "404.html", "notices/feed.xml", "topics/index.html", "robots.txt"] {
        if before.contains_key(untouched) {
            assert!(!changed.contains(untouched), "{untouched} was touched");
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes_whatever_the_threads() {
    let site = Site::example();
    let with_threads = |threads: usize, output: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| site.build_into(output, NOW));
        std::fs::remove_dir_all(site.path().join(".civicast")).unwrap();
        site.outputs(output)
    };
    let one = with_threads(1, "one");
    let many = with_threads(7, "many");
    assert_eq!(one.keys().collect::<Vec<_>>(), many.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert!(bytes == &many[path], "{path} differs");
    }
}

#[test]
fn a_second_build_writes_nothing() {
    let site = Site::example();
    site.build_well(NOW);
    let again = site.build_well(NOW);
    let receipt = again.receipt.unwrap();
    assert_eq!((receipt.written.len(), receipt.removed.len(), again.rendered), (0, 0, 0));
}

#[test]
fn a_build_with_an_error_changes_nothing() {
    let site = Site::with(&[]);
    site.build_well(NOW);
    let before = site.outputs("public");
    site.write("content/notices/bad.md", "+++\ntitle = \"坏通知\"\ndate = \"2026-13-45\"\n+++\n正文\n");
    let broken = site.build(NOW);
    assert!(broken.receipt.is_none());
    assert!(complaints(&broken).iter().any(|c| c.contains("content/notices/bad.md:3")), "{:?}", complaints(&broken));
    assert_eq!(site.outputs("public"), before);
}

#[test]
fn a_template_error_changes_nothing_and_names_template_line_and_document() {
    let site = Site::with(&[]);
    site.build_well(NOW);
    let before = site.outputs("public");
    site.write("templates/slogan.html", "<p>{{ page.title }}</p>\n<p>{{ page.nosuch.thing }}</p>\n");
    let broken = site.build(NOW);
    assert!(broken.receipt.is_none());
    let problem = broken.preview.problems.iter().find(|p| p.code == "template-error").unwrap();
    assert_eq!(
        problem.place.as_ref().unwrap().to_string().split(':').take(2).collect::<Vec<_>>(),
        ["templates/slogan.html", "2"]
    );
    assert!(problem.args.iter().any(|(name, value)| *name == "document" && value == "content/slogans/water.md"));
    assert_eq!(site.outputs("public"), before);
}

#[test]
fn a_foreign_file_in_the_output_survives_and_a_foreign_folder_is_refused() {
    let site = Site::with(&[]);
    site.build_well(NOW);
    std::fs::write(site.path().join("public/verify.txt"), "theirs").unwrap();
    site.write("content/slogans/second.md", &SLOGAN.replace("节约用水", "节约粮食"));
    site.build_well(NOW);
    assert_eq!(site.read("public/verify.txt"), "theirs");

    site.write("elsewhere/precious.txt", "mine");
    let options =
        civicast::pipeline::Options { overrides: vec![], now: crate::site::at(NOW), drafts: false, strict: false };
    let mut memo = civicast::pipeline::remembered(site.path());
    let output = site.path().join("elsewhere");
    let refused = civicast::pipeline::publish(
        site.path(),
        Some(&output),
        &options,
        civicast::release::Options::default(),
        &mut memo,
    );
    assert_eq!(refused.unwrap_err().code, "foreign-output");
    assert_eq!(site.read("elsewhere/precious.txt"), "mine");
}

#[test]
fn an_alias_redirects_and_an_attachment_of_a_hidden_document_is_not_published() {
    let with_files = NOTICE
        .replace("expires = \"2026-09-10 18:00\"\n", "aliases = [\"/old/1.html\"]\nattachments = [\"form.txt\"]\n");
    let hidden = NOTICE
        .replace("expires = \"2026-09-10 18:00\"\n", "draft = true\nattachments = [\"secret.txt\"]\n")
        .replace("00001", "00002");
    let site = Site::with(&[
        ("content/notices/a/index.md", &with_files),
        ("content/notices/a/form.txt", "公开的表"),
        ("content/notices/b/index.md", &hidden),
        ("content/notices/b/secret.txt", "机密的表"),
    ]);
    site.build_well(NOW);
    let files = site.outputs("public");
    assert!(String::from_utf8_lossy(&files["old/1.html"]).contains("/notices/a/"));
    assert_eq!(holding(&files, "公开的表"), ["notices/a/form.txt"]);
    assert_eq!(holding(&files, "机密的表"), Vec::<String>::new());
}

#[test]
fn a_site_in_a_folder_of_its_host_links_below_that_folder() {
    let site = Site::with(&[("content/notices/water.md", NOTICE)]);
    site.write("civicast.toml", &crate::site::CONFIG.replace("gov.cn\"", "gov.cn/ju\""));
    site.build_well("2026-09-05 09:00");
    let home = site.read("public/index.html");
    assert!(home.contains("href=\"/ju/notices/water/\""), "links lack the folder");
    assert!(!home.contains("href=\"/notices/"), "a link leaves the folder");
    assert!(site.read("public/feed.xml").contains("https://test.example.gov.cn/ju/notices/water/"));
}

#[test]
fn a_section_gives_its_documents_and_those_below_what_they_do_not_say_themselves() {
    let index = |department: &str| {
        format!(
            "+++\ntitle = \"通知\"\n[section.defaults]\ndepartment = \"{department}\"\nsource = \"本局\"\ntopics = [\"后勤\"]\n+++\n"
        )
    };
    let notice = |more: &str| format!("+++\ntitle = \"停水\"\ndate = 2026-09-01\n{more}+++\n\n停水。\n");
    let site = Site::with(&[
        ("content/notices/_index.md", &index("办公室")),
        ("content/notices/plain.md", &notice("")),
        ("content/notices/own.md", &notice("department = \"车队\"\n")),
        ("content/notices/rules/_index.md", "+++\ntitle = \"规章\"\n[section.defaults]\nsource = \"法规科\"\n+++\n"),
        ("content/notices/rules/below.md", &notice("")),
    ]);
    let shows = |path: &str, words: &[&str]| {
        let page = site.read(&format!("public/notices/{path}/index.html"));
        words.iter().for_each(|word| assert!(page.contains(word), "{path} does not show {word}"));
    };
    site.build(NOW);
    shows("plain", &["办公室", "本局", "/topics/hou-qin/"]);
    shows("own", &["车队", "本局"]);
    shows("rules/below", &["办公室", "法规科"]);
    // Another default reaches every document that says nothing, in a warm build too, and only those.
    site.write("content/notices/_index.md", &index("总务科"));
    site.build(NOW);
    shows("plain", &["总务科"]);
    shows("rules/below", &["总务科"]);
    shows("own", &["车队"]);
    assert!(site.read("public/departments/index.html").contains("总务科"));
    assert!(!site.read("public/departments/index.html").contains("办公室"));
}

#[test]
fn the_kit_of_a_screen_is_the_same_bytes_until_the_screen_shows_something_else() {
    let site = Site::with(&[("screens.toml", &format!("{}kit = true\n", crate::site::SCREENS))]);
    let first = site.build_well(NOW);
    let kit = site.outputs("public").remove("screens/hall/kit.zip").unwrap();
    assert!(
        kit.starts_with(b"PK") && first.receipt.unwrap().written.iter().any(|path| path.as_str().ends_with("/kit.zip"))
    );
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&kit, "hall/index.html") && has(&kit, "window.civicastFeed = {") && has(&kit, "一滴水，一份情"));
    // Later on the same day nothing is written, and an independent build gives the same bytes.
    let again = site.build_well("2026-11-23 15:00").receipt.unwrap();
    assert!(!again.written.iter().any(|path| path.as_str().ends_with("/kit.zip")), "{:?}", again.written);
    site.build_into("other", "2026-11-23 18:00");
    assert!(site.outputs("other")["screens/hall/kit.zip"] == kit);
    site.write("content/slogans/water.md", &SLOGAN.replace("一滴水，一份情", "点滴之间见真情"));
    site.build_well(NOW);
    let changed = site.outputs("public").remove("screens/hall/kit.zip").unwrap();
    assert!(!has(&changed, "一滴水，一份情") && has(&changed, "点滴之间见真情"));
}

#[test]
fn a_video_is_published_once_under_its_hash_and_goes_with_its_document() {
    let film = std::fs::read(crate::site::repository().join("content/slogans/guangpan.mp4")).unwrap();
    let text = NOTICE.replace("expires =", "video = \"1.mp4\"\nexpires =");
    let site = Site::with(&[("content/notices/water/index.md", &text)]);
    std::fs::write(site.path().join("content/notices/water/1.mp4"), &film).unwrap();
    site.build_well("2026-09-10 17:00");
    let files = site.outputs("public");
    let name = format!("screens/files/{}.mp4", civicast::file::sha256(&film));
    assert!(files[&name] == film);
    assert_eq!(files.keys().filter(|path| path.ends_with(".mp4")).count(), 1);
    assert!(holding(&files, &format!("src=\"/{name}\"")).contains(&"notices/water/index.html".to_string()));
    let feed: serde_json::Value = serde_json::from_slice(&files["screens/hall/feed.json"]).unwrap();
    let slides =
        feed["items"].as_array().unwrap().iter().flat_map(|item| item["_screen"]["slides"].as_array().unwrap());
    let videos: Vec<&serde_json::Value> = slides.filter_map(|slide| slide.get("video")).collect();
    assert_eq!(videos.len(), 1);
    assert_eq!((&videos[0]["seconds"], &videos[0]["bytes"]), (&12.0.into(), &film.len().into()));
    site.build_well("2026-09-10 18:00");
    assert!(!site.path().join("public").join(name).exists());
}
