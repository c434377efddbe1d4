//! Nothing that an author writes gets script into a page or a file from outside into the output.

use crate::site::{Site, complaints, holding};

const NOW: &str = "2026-11-23 09:00";

fn slogan(body: &str) -> String {
    format!("+++\ntitle = \"试验\"\ndate = 2026-01-01\n+++\n\n{body}\n")
}

#[test]
fn no_script_survives_in_any_page() {
    let attacks = [
        "<script>alert(1)</script>文字",
        "<ScRiPt src=//evil.example/x.js></sCrIpT>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>1</script></svg>",
        "<a href=\"javascript:alert(1)\">点</a>",
        "<a href=\"jAvA&#x09;script:alert(1)\">点</a>",
        "<iframe src=\"https://evil.example\"></iframe>",
        "<style>body{background:url(javascript:1)}</style>",
        "<math><mtext><img src=1 onerror=alert(1)></mtext></math>",
        "<form action=\"https://evil.example\"><input name=a></form>",
        "<div style=\"position:fixed\">字</div>",
        "<base href=\"https://evil.example/\">",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<object data=x></object><embed src=x>",
        "<details open ontoggle=alert(1)>字</details>",
    ];
    for attack in attacks {
        let site = Site::with(&[("content/slogans/x.md", &slogan(attack))]);
        let published = site.build(NOW);
        if published.receipt.is_none() {
            assert!(!complaints(&published).is_empty());
            continue;
        }
        let page = site.read("public/slogans/x/index.html").to_lowercase();
        let html = scraper::Html::parse_document(&page);
        for element in html.select(&scraper::Selector::parse("*").unwrap()) {
            let element = element.value();
            for (name, value) in element.attrs() {
                assert!(!name.starts_with("on"), "{attack} left {name}");
                assert!(!value.trim_start().starts_with("javascript:"), "{attack} left {value}");
            }
            if element.name() == "script" {
                let kind = element.attr("type").unwrap_or("");
                let own =
                    element.attr("src").is_some_and(|src| src.starts_with("/assets/")) || kind == "application/ld+json";
                assert!(own, "{attack} left a script");
            }
            assert!(
                !["iframe", "object", "embed", "base", "style", "math"].contains(&element.name()),
                "{attack} left <{}>",
                element.name()
            );
        }
        assert_eq!(holding(&site.outputs("public"), "evil.example"), Vec::<String>::new(), "{attack}");
    }
}

#[test]
fn unsafe_addresses_in_markdown_are_errors_or_lose_their_link() {
    for link in [
        "[点](javascript:alert(1))",
        "[点](JaVaScRiPt:alert(1))",
        "[点](data:text/html,<b>x</b>)",
        "![图](data:image/svg+xml,<svg/>)",
        "<javascript:alert(1)>",
        "[点][a]\n\n[a]: vbscript:x",
    ] {
        let site = Site::with(&[("content/slogans/x.md", &slogan(link))]);
        let published = site.build(NOW);
        assert!(
            published.preview.problems.iter().any(|p| p.code == "unsafe-link"),
            "{link}: {:?}",
            complaints(&published)
        );
        if published.receipt.is_some() {
            let page = site.read("public/slogans/x/index.html").to_lowercase();
            assert!(
                !page.contains("href=\"javascript:")
                    && !page.contains("href=\"data:")
                    && !page.contains("src=\"data:")
                    && !page.contains("href=\"vbscript:"),
                "{link}"
            );
        }
    }
}

#[test]
fn template_syntax_in_a_text_is_only_text() {
    let body = "{{ config }} {% include \"base.html\" %} {# x #}\n\n```\n{{ site.organisation }} {% raw %}\n```\n";
    let site = Site::with(&[("content/slogans/x.md", &slogan(body))]);
    site.write("content/slogans/y.md", "+++\ntitle = \"{{ site.title }}{% raw %}\"\ndate = 2026-01-01\n+++\n\n字\n");
    let published = site.build(NOW);
    assert!(published.receipt.is_some(), "{:?}", complaints(&published));
    let page = site.read("public/slogans/x/index.html");
    assert!(page.contains("{{ config }} {% include"));
    assert!(page.contains("{% raw %}"));
    assert!(site.read("public/slogans/y/index.html").contains("{{ site.title }}"));
}

#[test]
fn no_path_leads_out_of_the_site() {
    let front = |line: &str| format!("+++\ntitle = \"试验\"\ndate = 2026-01-01\n{line}\n+++\n\n字\n");
    for line in [
        "slug = \"../../etc/passwd\"",
        "slug = \"..\"",
        "slug = \"a/b\"",
        "aliases = [\"/../../etc/passwd\"]",
        "aliases = [\"../x\"]",
        "image = \"../../../etc/passwd\"",
        "image = \"/etc/passwd\"",
        "attachments = [\"../../../etc/passwd\"]",
        "attachments = [\"/etc/passwd\"]",
        "attachments = [\"../../civicast.toml\"]",
        "template = \"../../../etc/passwd\"",
    ] {
        let site = Site::with(&[("content/slogans/x.md", &front(line))]);
        let published = site.build(NOW);
        assert!(published.receipt.is_none(), "{line} was accepted");
        let named = complaints(&published).iter().any(|c| c.contains("content/slogans/x.md"));
        assert!(named, "{line}: {:?}", complaints(&published));
    }
    for body in [
        "[a](../../../etc/passwd)",
        "![a](../../../etc/passwd)",
        "[a](../../civicast.toml)",
        "<img src=\"../../../etc/passwd\" alt=\"x\">",
    ] {
        let site = Site::with(&[("content/slogans/x.md", &slogan(body))]);
        assert!(site.build(NOW).receipt.is_none(), "{body} was accepted");
    }
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_does_not_lead_out_of_the_site() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.md"), "+++\ntitle = \"绝密\"\n+++\n绝密内容\n").unwrap();
    std::fs::write(outside.path().join("secret.txt"), "绝密内容").unwrap();
    let site = Site::with(&[]);
    symlink(outside.path().join("secret.md"), site.path().join("content/secret.md")).unwrap();
    symlink(outside.path(), site.path().join("content/out")).unwrap();
    let published = site.build(NOW);
    assert!(complaints(&published).iter().any(|c| c.starts_with("link-leaves-site")), "{:?}", complaints(&published));
    assert_eq!(holding(&site.outputs("public"), "绝密"), Vec::<String>::new());
}

#[test]
fn an_svg_with_script_is_refused() {
    for svg in [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>",
    ] {
        let site = Site::with(&[("content/slogans/x.md", &slogan("![图](x.svg)")), ("content/slogans/x.svg", svg)]);
        let published = site.build(NOW);
        assert!(published.preview.problems.iter().any(|p| p.code == "unsafe-svg"));
        assert!(published.receipt.is_none());
    }
}
