//! `theme check`: the contract site finds each fault that is planted into a theme, with its place, and passes civic.

use crate::command::run;
use crate::site::Site;

/// The codes and places that `theme check` reports for a site with these files more.
fn faults(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let site = Site::with(files);
    let run = run(site.path(), &["theme", "check", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let problems = value["problems"].as_array().unwrap();
    assert_eq!(run.code, i32::from(problems.iter().any(|p| p["severity"] == "error")), "{}", run.stdout);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("").to_string();
    problems.iter().map(|p| (text(&p["code"]), format!("{}:{}:{}", text(&p["file"]), p["line"], p["column"]))).collect()
}

/// One fault in one file of the site's own layer is found, and told with this code at this place; nothing else is told.
fn check(path: &str, text: &str, code: &str, place: &str) {
    let found = faults(&[(path, text)]);
    assert!(
        found.contains(&(code.to_string(), format!("{path}:{place}"))),
        "{code} at {path}:{place} is not in {found:?}"
    );
    assert!(found.iter().all(|(found, _)| found == code), "{found:?}");
}

/// `about.html`-like pages: the smallest page that keeps the contract, with room for a fault.
fn page(main: &str) -> String {
    format!("{{% extends \"builtin:page.html\" %}}\n{{% block main %}}\n{main}\n{{% endblock main %}}\n")
}

const PAGE: &str = "templates/page.html";
const BODY: &str = "<h1>{{ page.title }}</h1>{{ page.content }}";

#[test]
fn civic_keeps_the_contract() {
    assert_eq!(faults(&[]), []);
}

#[test]
fn an_unknown_variable_is_found_with_its_line_and_column() {
    check(PAGE, &page("<p>{{ page.titel.length }}</p>"), "template-error", "3:12");
}

#[test]
fn a_template_that_is_not_there_is_found() {
    check(PAGE, "{% extends \"nowhere.html\" %}\n", "template-error", "null:null");
}

#[test]
fn an_included_template_that_is_not_there_is_found() {
    let found = faults(&[(PAGE, &page("{% include \"partials/nowhere.html\" %}"))]);
    assert!(found.iter().any(|(code, place)| code == "template-error" && place.starts_with(PAGE)), "{found:?}");
}

#[test]
fn tags_that_do_not_match_are_found() {
    check(PAGE, &page(&format!("<div class=\"mine\"><section>{BODY}</div>")), "theme-unbalanced", "3:19");
}

#[test]
fn a_page_without_its_language_is_found() {
    let base = include_str!("../../themes/civic/templates/base.html").replace(" lang=\"{{ site.language }}\"", "");
    check("templates/base.html", &base, "theme-no-language", "2:1");
}

#[test]
fn a_government_tag_that_is_missing_is_found() {
    let meta = include_str!("../../themes/civic/templates/partials/meta.html");
    let without = meta.replace("<meta name=\"SiteIDCode\" content=\"{{ site.organisation.site_code }}\">\n", "");
    assert_ne!(meta, without);
    let found = faults(&[("templates/partials/meta.html", &without)]);
    assert!(found.len() > 3 && found.iter().all(|(code, _)| code == "theme-meta"), "{found:?}");
}

#[test]
fn a_picture_without_an_alternative_text_is_found() {
    check(PAGE, &page(&format!("{BODY}\n<img src=\"{{{{ asset(path='img/mark.svg') }}}}\">")), "theme-no-alt", "4:1");
}

#[test]
fn a_request_to_another_site_is_found() {
    let text = page(&format!("{BODY}\n<img alt=\"\" src=\"https://cdn.example.org/x.png\">"));
    check(PAGE, &text, "theme-external", "4:1");
}

#[test]
fn a_font_or_style_of_another_site_is_found() {
    let text = "{% extends \"builtin:page.html\" %}\n{% block head %}<link rel=\"stylesheet\" href=\"//fonts.example.org/a.css\">{% endblock head %}\n";
    check(PAGE, text, "theme-external", "2:17");
}

#[test]
fn a_script_in_the_page_is_found() {
    check(PAGE, &page(&format!("{BODY}\n<script>alert(1)</script>")), "theme-inline", "4:1");
}

#[test]
fn a_handler_and_a_style_in_an_attribute_are_found() {
    check(PAGE, &page(&format!("{BODY}\n<p onclick=\"x()\">a</p>")), "theme-inline", "4:1");
    check(PAGE, &page(&format!("{BODY}\n<p style=\"color: red\">a</p>")), "theme-inline", "4:1");
}

#[test]
fn a_body_that_is_escaped_twice_is_found() {
    let notice = "{% extends \"builtin:notice.html\" %}\n{% block main %}<h1>{{ page.title }}</h1>\n{{ page.content ~ \"\" }}{% endblock main %}\n";
    let found = faults(&[("templates/notice.html", notice)]);
    assert!(
        found.iter().any(|(code, place)| code == "theme-escaped-twice" && place.starts_with("templates/notice.html")),
        "{found:?}"
    );
}

#[test]
fn a_title_that_is_taken_for_a_tag_is_found() {
    let notice = "{% extends \"builtin:notice.html\" %}\n{% block main %}<h1>{{ page.title | safe }}</h1>{{ page.content }}{% endblock main %}\n";
    let found = faults(&[("templates/notice.html", notice)]);
    assert!(
        found.iter().any(|(code, place)| code == "theme-not-escaped" && place.starts_with("templates/notice.html")),
        "{found:?}"
    );
}

#[test]
fn what_is_missing_in_the_footer_is_found() {
    let footer = include_str!("../../themes/civic/templates/partials/footer.html");
    let without = footer.replace("{{ organisation.sponsor }}", "");
    assert_ne!(footer, without);
    let found = faults(&[("templates/partials/footer.html", &without)]);
    assert!(!found.is_empty() && found.iter().all(|(code, _)| code == "theme-footer"), "{found:?}");
}

#[test]
fn an_id_that_stands_twice_is_found() {
    check(PAGE, &page(&format!("{BODY}\n<p id=\"main\">a</p>")), "theme-duplicate-id", "4:1");
}

#[test]
fn a_theme_for_another_engine_is_found() {
    let check = |text: &str, line: &str| {
        let found = faults(&[("civicast.toml", &with_theme("")), ("themes/mine/theme.toml", text)]);
        assert_eq!(found, [("theme-engine".to_string(), format!("themes/mine/theme.toml:{line}:1"))], "{text}");
    };
    check("name = \"mine\"\nmin_engine = \"99.0\"\n", "2");
    check("name = \"mine\"\n\nmax_engine = \"0.0.9\"\n", "3");
    check("name = \"mine\"\nmin_engine = 1\n", "2");
}

#[test]
fn a_setting_of_the_wrong_type_is_found_in_the_theme_and_in_the_site() {
    let manifest = "name = \"mine\"\n[settings.rows]\ntype = \"integer\"\ndefault = \"ten\"\n";
    let found = faults(&[("civicast.toml", &with_theme("")), ("themes/mine/theme.toml", manifest)]);
    assert_eq!(found, [("theme-setting".to_string(), "themes/mine/theme.toml:2:1".to_string())]);
    let manifest = manifest.replace("\"ten\"", "10");
    let own = with_theme("[extra.theme]\nrows = \"many\"\n");
    let found = faults(&[("civicast.toml", &own), ("themes/mine/theme.toml", &manifest)]);
    assert_eq!(found.first().map(|f| f.0.as_str()), Some("theme-setting"), "{found:?}");
    let own = with_theme("[extra.theme]\nrow = 3\n");
    let found = faults(&[("civicast.toml", &own), ("themes/mine/theme.toml", &manifest)]);
    assert!(!found.is_empty() && found.iter().all(|f| f.0 == "theme-setting-unknown"), "{found:?}");
}

#[test]
fn a_template_can_extend_the_one_that_it_hides_through_all_layers() {
    let site = Site::with(&[
        ("civicast.toml", &with_theme("")),
        ("themes/mine/theme.toml", "name = \"mine\"\n"),
        (
            "themes/mine/templates/base.html",
            "{% extends \"builtin:base.html\" %}{% block head %}<meta name=\"x-theme\" content=\"1\">{% endblock head %}",
        ),
        (
            "templates/base.html",
            "{% extends \"theme:base.html\" %}{% block head %}{{ super() }}<meta name=\"x-site\" content=\"1\">{% endblock head %}",
        ),
    ]);
    assert_eq!(run(site.path(), &["theme", "check"]).code, 0);
    assert_eq!(run(site.path(), &["build"]).code, 0);
    let page = site.read("public/slogans/index.html");
    assert!(page.contains("x-theme\" content=\"1\"><meta name=\"x-site\""), "{page}");
    assert!(page.contains("class=\"footer\""), "the built-in page is below");
}

fn with_theme(more: &str) -> String {
    format!("theme = \"mine\"\n{}{more}", crate::site::CONFIG)
}
