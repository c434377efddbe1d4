//! The preview over real HTTP on the loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::command::civicast;
use crate::site::Site;

/// A running preview; ends with the test.
struct Preview {
    child: Child,
    port: u16,
}

/// An answer: status, headers in lower case, body.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Preview {
    fn of(site: &Site, more: &[&str]) -> Preview {
        let arguments = [&["serve", "--port", "0"][..], more].concat();
        let mut child = civicast(site.path(), &arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut seen = String::new();
        let port = loop {
            let line = lines.next().unwrap_or_else(|| panic!("no address in:\n{seen}")).unwrap();
            if let Some((_, rest)) = line.split_once("http://127.0.0.1:") {
                break rest.split('/').next().unwrap().parse().unwrap();
            }
            seen.push_str(&line);
        };
        // Nobody reads on, and a full pipe would stop the program.
        std::thread::spawn(move || lines.for_each(drop));
        Preview { child, port }
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        self.ask_as(method, path, &format!("127.0.0.1:{}", self.port))
    }

    fn ask_as(&self, method: &str, path: &str, host: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes[at + 4..].to_vec() }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    fn state(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.get(&format!("/__civicast/state?path={path}")).body).unwrap()
    }

    /// Waits until the state of a page is as wanted.
    fn until(&self, path: &str, wanted: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let begun = Instant::now();
        loop {
            let state = self.state(path);
            if wanted(&state) {
                return state;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "still {state}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const NOW: [&str; 2] = ["--now", "2026-11-23 09:00"];

/// The page without the script of the preview.
fn without_script(page: &str) -> String {
    let at = page.find("<script src=\"/__civicast/live.js\"").expect("the script is there");
    assert_eq!(page[at..].matches('\n').count(), 1, "the script is one line at the end");
    page[..at].to_string()
}

#[test]
fn the_served_site_is_the_built_site_plus_one_script_in_pages() {
    let site = Site::with(&[("static/云.txt", "云"), ("static/a.bin", "\u{1}")]);
    site.build_well("2026-11-23 09:00");
    let preview = Preview::of(&site, &NOW);
    for (path, bytes) in site.outputs("public") {
        let address = civicast::file::encode_path(&format!("/{path}")).into_owned();
        let answer = preview.get(address.strip_suffix("index.html").unwrap_or(&address));
        assert_eq!(answer.status, 200, "{path}");
        let served = if path.ends_with(".html") { without_script(&answer.text()).into_bytes() } else { answer.body };
        assert!(served == bytes, "{path} is served otherwise than it is built");
    }
}

#[test]
fn answers_have_their_types_and_are_never_kept() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &NOW);
    let home = preview.get("/");
    assert!(home.head.contains("content-type: text/html; charset=utf-8"), "{}", home.head);
    assert!(home.head.contains("cache-control: no-store"), "{}", home.head);
    assert!(preview.get("/feed.xml").head.contains("xml; charset=utf-8"));
    let head = preview.ask("HEAD", "/");
    assert!(head.status == 200 && head.body.is_empty());
    assert_eq!(preview.ask("POST", "/").status, 405);
    let redirect = preview.get("/slogans?a=b");
    assert!(redirect.status == 307 && redirect.head.contains("location: /slogans/?a=b"), "{}", redirect.head);
    let missing = preview.get("/nowhere/");
    assert!(missing.status == 404 && missing.text().contains("<html"), "{}", missing.text());
}

#[test]
fn no_path_reaches_the_disk_and_no_foreign_name_the_preview() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &NOW);
    for path in [
        "/../civicast.toml",
        "/%2e%2e/civicast.toml",
        "/..%2fcivicast.toml",
        "//etc/passwd",
        "/content/slogans/water.md",
    ] {
        let answer = preview.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("base_url"), "{path}");
    }
    assert_eq!(preview.ask_as("GET", "/", "evil.example").status, 403);
}

#[test]
fn a_save_changes_the_page_and_a_broken_one_keeps_it_and_says_why() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &[&NOW[..], &["--lang", "zh"]].concat());
    let first = preview.until("/slogans/water/", |state| state["errors"] == 0);
    site.write("content/slogans/water.md", &crate::site::SLOGAN.replace("一滴水", "每一滴水"));
    let second = preview.until("/slogans/water/", |state| state["page"] != first["page"]);
    assert!(preview.get("/slogans/water/").text().contains("每一滴水"));

    site.write("content/slogans/water.md", &crate::site::SLOGAN.replace("topics", "topcis"));
    let broken = preview.until("/slogans/water/", |state| state["errors"] == 1);
    assert_eq!(broken["page"], second["page"]);
    let problem = &broken["problems"][0];
    assert_eq!(problem["place"], "content/slogans/water.md:4:1");
    assert!(problem["message"].as_str().unwrap().contains("topcis"), "{problem}");
    assert!(preview.get("/slogans/water/").text().contains("每一滴水"));

    site.write("content/slogans/water.md", crate::site::SLOGAN);
    preview.until("/slogans/water/", |state| state["errors"] == 0 && state["page"] == first["page"]);
}

#[test]
fn a_broken_template_is_found_on_pages_that_nobody_looks_at() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &NOW);
    let good = preview.until("/404.html", |state| state["errors"] == 0);
    site.write(
        "themes/civic/templates/404.html",
        "{% extends \"builtin:404.html\" %}{% block main %}{{ no.such.thing }}{% endblock %}",
    );
    let broken = preview.until("/", |state| state["errors"] == 1);
    assert_eq!(broken["problems"][0]["code"], "template-error");
    assert_eq!(preview.state("/404.html")["page"], good["page"], "the last good page stays");
}

#[test]
fn a_site_broken_from_the_start_is_served_as_far_as_it_goes() {
    let site = Site::with(&[("themes/civic/templates/home.html", "{% if %}")]);
    let preview = Preview::of(&site, &NOW);
    let home = preview.get("/");
    assert_eq!(home.status, 500);
    assert!(home.text().contains("/__civicast/live.js"));
    assert!(preview.state("/")["errors"].as_u64().unwrap() > 0);
    site.remove("themes/civic/templates/home.html");
    preview.until("/", |state| state["errors"] == 0);
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn a_site_in_a_folder_is_served_below_it() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &[&NOW[..], &["--base-url", "https://a.example.gov.cn/office"]].concat());
    let root = preview.get("/");
    assert!(root.status == 307 && root.head.contains("location: /office/"), "{}", root.head);
    assert_eq!(preview.get("/office/").status, 200);
    assert_eq!(preview.get("/office/slogans/water/").status, 200);
}

#[test]
fn the_page_changes_at_the_second_of_an_expiry() {
    let site = Site::with(&[]);
    let soon = jiff::Timestamp::from_second(jiff::Timestamp::now().as_second() + 6).unwrap();
    let front = format!("+++\ntitle = \"试验停水\"\ndate = 2026-01-01\nexpires = \"{soon}\"\n+++\n\n正文。\n");
    site.write("content/notices/trial.md", &front);
    let preview = Preview::of(&site, &[]);
    assert_eq!(preview.get("/notices/trial/").status, 200);
    let begun = Instant::now();
    while preview.get("/notices/trial/").status == 200 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never went");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(jiff::Timestamp::now() >= soon);
    assert!(!preview.get("/").text().contains("试验停水"));
}

#[test]
fn a_page_knows_its_screens_and_a_save_of_the_screen_text_changes_their_slides() {
    let led = "[[screen]]\nid = \"led\"\nname = \"条屏\"\npoint = \"led\"\nsize = [192, 32]\nshows = [\"notice\"]\n";
    let site = Site::with(&[("screens.toml", &format!("{}{led}", crate::site::SCREENS))]);
    let preview = Preview::of(&site, &[&NOW[..], &["--lang", "zh"]].concat());
    let state = preview.state("/slogans/water/");
    let screens = state["screens"].as_array().unwrap();
    assert_eq!(screens.len(), 1, "the strip shows no slogans: {state}");
    let hall = &screens[0];
    assert_eq!((&hall["id"], &hall["width"], &hall["height"]), (&"hall".into(), &1920.into(), &1080.into()));
    assert_eq!((&hall["plays"], &hall["why"]), (&true.into(), &"在播，权重 1".into()));
    assert!(state["words"]["next"].as_str().unwrap().contains("{when}"), "{state}");
    assert!(preview.state("/").get("screens").is_none());
    for script in ["/__civicast/frame.js", state["player"].as_str().unwrap()] {
        assert_eq!(preview.get(script).status, 200, "{script}");
    }
    // The frame finds the document in the feed by its address, and the slide there.
    let slide = |preview: &Preview| -> String {
        let address = format!("{}feed.json", hall["address"].as_str().unwrap());
        let feed: serde_json::Value = serde_json::from_slice(&preview.get(&address).body).unwrap();
        let item = feed["items"].as_array().unwrap().iter().find(|item| item["id"] == hall["item"]).unwrap().clone();
        item["_screen"]["slides"][0]["alt"].as_str().unwrap().to_string()
    };
    assert!(slide(&preview).contains("节约用水"));
    site.write(
        "content/slogans/water.md",
        &crate::site::SLOGAN.replacen(
            "\n+++\n\n",
            "\n[screen]\ntext = \"关紧水龙头\"\nhours = [\"11:00-13:30\"]\n+++\n\n",
            1,
        ),
    );
    let after = preview.until("/slogans/water/", |state| state["screens"][0]["plays"] == false);
    assert!(slide(&preview).contains("关紧水龙头"));
    assert!(after["screens"][0]["why"].as_str().unwrap().contains("11:00-13:30"), "{after}");
}

#[test]
fn events_tell_of_a_save() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &NOW);
    let mut stream = TcpStream::connect(("127.0.0.1", preview.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET /__civicast/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "data: hello"));
    site.write("content/slogans/water.md", &crate::site::SLOGAN.replace("一滴水", "滴水"));
    assert!(lines.any(|line| line == "data: moved"));
}

#[test]
fn a_busy_port_is_named_with_a_free_one() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &NOW);
    let port = preview.port.to_string();
    let second = crate::command::run(site.path(), &["serve", "--port", &port]);
    assert_eq!(second.code, 2);
    assert!(second.stderr.contains(&port) && second.stderr.contains("--port"), "{}", second.stderr);
}

#[test]
fn the_preview_sends_the_policy_of_the_theme_so_that_violations_are_seen_before_publishing() {
    let site = Site::with(&[]);
    let preview = Preview::of(&site, &[]);
    for path in ["/", "/nowhere/", "/robots.txt"] {
        let head = preview.get(path).head;
        assert!(head.contains("content-security-policy: default-src 'self';"), "{path}: {head}");
        assert!(head.contains("frame-ancestors 'self'"), "{path}: {head}");
        assert!(
            head.contains("referrer-policy: ") && head.contains("x-content-type-options: nosniff"),
            "{path}: {head}"
        );
    }
    // The same stands in the page itself, for servers that send no headers.
    assert!(preview.get("/").text().contains("http-equiv=\"Content-Security-Policy\""));
}

#[test]
fn kits_and_videos_come_piece_by_piece_and_videos_in_parts() {
    let film = std::fs::read(crate::site::repository().join("content/slogans/guangpan.mp4")).unwrap();
    let text = "+++\ntitle = \"节水短片\"\ndate = 2026-11-20\nvideo = \"1.mp4\"\n+++\n\n关紧水龙头。\n";
    let screens = format!("{}kit = true\n", crate::site::SCREENS);
    let site = Site::with(&[("content/slogans/film/index.md", text), ("screens.toml", &screens)]);
    std::fs::write(site.path().join("content/slogans/film/1.mp4"), &film).unwrap();
    site.build_well("2026-11-23 09:00");
    let preview = Preview::of(&site, &NOW);
    let kit = preview.get("/screens/hall/kit.zip");
    assert!(kit.status == 200 && kit.head.contains("application/zip"), "{}", kit.head);
    assert!(kit.body == site.outputs("public")["screens/hall/kit.zip"], "other than the built one");
    let path = format!("/screens/files/{}.mp4", civicast::file::sha256(&film));
    let whole = preview.get(&path);
    assert!(whole.status == 200 && whole.body == film && whole.head.contains("accept-ranges: bytes"), "{}", whole.head);
    let part = |range: &str| preview.ask_as("GET", &path, &format!("127.0.0.1:{}\r\nRange: {range}", preview.port));
    let middle = part("bytes=1000-1999");
    assert_eq!((middle.status, middle.body.as_slice()), (206, &film[1000..2000]));
    assert!(middle.head.contains(&format!("content-range: bytes 1000-1999/{}", film.len())), "{}", middle.head);
    assert_eq!(part("bytes=9999999-").status, 416);
}
