//! Links, pictures, raw HTML and directives, and the places of all of them.

use super::*;

#[test]
fn links_and_pictures_are_pieces_of_their_own() {
    let (body, _) = parsed("见[**甲**](../b.md#x \"题\")和![图*一*](1.png)。");
    let link = Piece::Link { reference: 0, title: Some("题".into()) };
    let image = Piece::Image { reference: 1, alt: "图一".into(), title: None };
    assert_eq!(
        body.pieces,
        [
            Piece::Html("<p>见".into()),
            link,
            Piece::Html("<strong>甲</strong></a>和".into()),
            image,
            Piece::Html("。</p>\n".into())
        ]
    );
    assert_eq!(body.outline.references[0].target, "../b.md#x");
    assert!(body.outline.references[1].image && !body.outline.references[0].image);
}

#[test]
fn plain_text_is_one_piece() {
    let (body, _) = parsed("甲\n\n- 乙\n\n> 丙\n");
    assert_eq!(body.pieces.len(), 1);
}

#[test]
fn references_know_their_place_in_the_file() {
    let text = "+++\ntitle = \"题\"\n+++\n甲**（乙）**[丙](c.md)\n\n> 丁![图](d.png) https://a.cn/甲\n";
    let start = text.rfind("+++").map_or(0, |at| at + 4);
    let (body, _) = parsed_at(text, start, SAFE);
    let places: Vec<_> =
        body.outline.references.iter().map(|r| (r.target.as_str(), r.place.to_string(), r.place.length)).collect();
    assert_eq!(
        places,
        [
            ("c.md", "content/a.md:4:9".to_string(), 9),
            ("d.png", "content/a.md:6:4".to_string(), 11),
            ("https://a.cn/", "content/a.md:6:16".to_string(), 13)
        ]
    );
    assert_eq!(body.outline.references[0].place.text, "甲**（乙）**[丙](c.md)");
}

#[test]
fn places_stay_right_after_junk_and_directives() {
    let (body, _) = parsed("\u{200B}甲\u{200B}\n\n:::notice 甲\n乙\u{200B}[丙](c.md)\n:::\n\n[丁](d.md)\n");
    let places: Vec<_> = body.outline.references.iter().map(|r| (r.place.line, r.place.column)).collect();
    assert_eq!(places, [(4, 3), (7, 1)]);
}

#[test]
fn relative_addresses_are_decoded_and_others_kept() {
    for (address, target) in [
        ("%E7%94%B2.md", "甲.md"),
        ("a%20b.pdf#%E4%B9%99", "a b.pdf#乙"),
        ("<a b.pdf>", "a b.pdf"),
        ("a%23b.md", "a%23b.md"),
        ("a%zz.md", "a%zz.md"),
        ("%FF.md", "%FF.md"),
        ("https://a.cn/%E7%94%B2", "https://a.cn/%E7%94%B2"),
        ("//a.cn/%20", "//a.cn/%20"),
        ("javascript%3Aalert(1)", "javascript%3Aalert(1)"),
        ("附件1:名单.docx", "附件1:名单.docx"),
        ("mailto:a@b.cn", "mailto:a@b.cn"),
    ] {
        assert_eq!(parsed(&format!("[x]({address})")).0.outline.references[0].target, target);
    }
    assert_eq!(parsed("<a@b.cn>").0.outline.references[0].target, "mailto:a@b.cn");
    assert_eq!(parsed("[x][甲]\n\n[甲]: b.md").0.outline.references[0].target, "b.md");
}

#[test]
fn bare_urls_are_links() {
    for (text, expected) in [
        ("见https://a.cn/b。", "见<a https://a.cn/b>https://a.cn/b</a>。"),
        ("网址http://a.cn，请", "网址<a http://a.cn>http://a.cn</a>，请"),
        ("（https://a.cn/b）", "（<a https://a.cn/b>https://a.cn/b</a>）"),
        ("(https://a.cn/b(c))", "(<a https://a.cn/b(c)>https://a.cn/b(c)</a>)"),
        ("https://a.cn/b.", "<a https://a.cn/b>https://a.cn/b</a>."),
        ("https://a.cn/甲", "<a https://a.cn/>https://a.cn/</a>甲"),
        ("https://a.cn/?a=1&b=2_3_4~5", "<a https://a.cn/?a=1&b=2_3_4~5>https://a.cn/?a=1&amp;b=2_3_4~5</a>"),
        ("**https://a.cn/**", "<strong><a https://a.cn/>https://a.cn/</a></strong>"),
        ("HTTPS://A.cn", "<a HTTPS://A.cn>HTTPS://A.cn</a>"),
        ("甲\nhttps://a.cn 乙", "甲\n<a https://a.cn>https://a.cn</a> 乙"),
        ("https://", "https://"),
        ("xhttps://a.cn", "xhttps://a.cn"),
        ("ftp://a.cn", "ftp://a.cn"),
        ("`https://a.cn`", "<code>https://a.cn</code>"),
        ("[https://a.cn](b.md)", "<a b.md>https://a.cn</a>"),
        ("<a href=\"b.md\">https://a.cn</a>", "<a href=\"@b.md\">https://a.cn</a>"),
        ("![https://a.cn](b.png)", "<img b.png alt=https://a.cn>"),
    ] {
        check_inline(text, expected);
    }
}

#[test]
fn unsafe_links_become_text_under_every_policy() {
    for address in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "&#1;javascript:alert(1)",
        "<  javascript:alert(1)>",
        "<java\u{3000}script:alert(1)>",
        "vbscript:x",
        "data:text/html;base64,AAAA",
        "DATA:image/png;base64,AAAA",
        "file:///C:/a.doc",
    ] {
        for html in [HtmlPolicy::Sanitise, HtmlPolicy::Escape, HtmlPolicy::Trust] {
            let (body, problems) = parsed_with(&format!("甲[**乙**]({address})丙"), Options { html, ..SAFE });
            assert_eq!(shown(&body), "<p>甲<strong>乙</strong>丙</p>\n", "{address}");
            assert!(codes(&problems).starts_with("unsafe-link 1:2+"), "{address}");
            let (body, problems) = parsed_with(&format!("甲![乙<]({address})丙"), Options { html, ..SAFE });
            assert_eq!(shown(&body), "<p>甲乙&lt;丙</p>\n", "{address}");
            assert!(body.outline.references.is_empty() && problems.len() == 1, "{address}");
        }
    }
    check_problems("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n", "unsafe-link 1:1+21");
}

#[test]
fn allowed_html_stays_and_its_addresses_are_references() {
    let (body, problems) = parsed(
        "<div class=\"x\" align=center>\n<img src='a%20b.png' alt=\"图\" width=200>\n<a href=\"../c.md?x=1&amp;y\" id=k>甲</a>\n</div>\n",
    );
    assert_eq!(
        shown(&body),
        "<div class=\"x\" align=\"center\">\n<img src=\"@a b.png\" alt=\"图\" width=\"200\">\n<a href=\"@../c.md?x=1&y\" id=\"k\">甲</a>\n</div>\n"
    );
    assert_eq!(codes(&problems), "");
    let references: Vec<_> =
        body.outline.references.iter().map(|r| (r.target.as_str(), r.image, r.place.line, r.place.column)).collect();
    assert_eq!(references, [("a b.png", true, 2, 11), ("../c.md?x=1&y", false, 3, 10)]);
    assert_eq!(body.outline.anchors, ["k"]);
    assert_eq!(body.text, "甲");
}

#[test]
fn html_that_is_not_allowed_is_removed_with_a_warning() {
    for (text, html, problems) in [
        ("甲<span style=\"color:red\">乙</span>\n", "<p>甲<span>乙</span></p>\n", "html-removed 1:15+9"),
        ("甲<b onclick=\"x()\">乙</b>\n", "<p>甲<b>乙</b></p>\n", "html-removed 1:14+3"),
        ("甲<script>alert(1)</script>乙\n", "<p>甲乙</p>\n", "html-removed 1:2+8"),
        ("<script>\nalert(1)\n\nx\n</script>\n\n甲\n", "<p>甲</p>\n", "html-removed 1:1+8"),
        ("<STYLE>p{}</style>\n\n甲\n", "<p>甲</p>\n", "html-removed 1:1+7"),
        ("<iframe src=\"x\"></iframe>\n\n甲\n", "<p>甲</p>\n", "html-removed 1:1+16"),
        ("<form action=\"x\">甲</form>\n", "甲\n", "html-removed 1:1+17"),
        ("甲<svg onload=x><g/></svg>乙\n", "<p>甲乙</p>\n", "html-removed 1:2+14"),
        ("甲<font color=red>乙</font>丙<font>丁</font>\n", "<p>甲乙丙丁</p>\n", "html-removed 1:2+16"),
        ("甲<input name=x>\n", "<p>甲</p>\n", "html-removed 1:2+14"),
        ("<a href=\"java&#115;cript:x\">甲</a>\n", "<p><a>甲</a></p>\n", "unsafe-link 1:10+17"),
        ("<img src=data:image/png;base64,AA alt=甲>\n", "<img alt=\"甲\">\n", "unsafe-link 1:10+24"),
    ] {
        check_problems(text, html, problems);
    }
}

#[test]
fn what_an_author_leaves_open_is_closed() {
    check("<div>\n\n甲**乙**[丙](a.md)\n", "<div>\n<p>甲<strong>乙</strong><a a.md>丙</a></p>\n</div>");
    check("甲</div></p>乙\n", "<p>甲乙</p>\n");
    check(
        ":::notice\n<div>\n:::\n\n- [x] 甲\n\n> [!TIP]\n> <u>乙</u>\n",
        "[notice||<div>\n</div>]\n<ul>\n<li><input type=\"checkbox\" disabled=\"\" checked=\"\"> 甲</li>\n</ul>\n\
         <div class=\"alert alert-tip\" role=\"note\">\n<p class=\"alert-title\">{alert_tip|提示}</p>\n<p><u>乙</u></p>\n</div>\n",
    );
}

#[test]
fn a_sanitised_document_keeps_what_is_ours() {
    let text = "<br>\n\n## 甲\n\n| 甲 |\n|-:|\n| [乙](a.md) |\n\n甲[^1]![图](b.png \"题\")\n\n[^1]: <b>注</b>\n";
    check(
        text,
        "<br>\n<h2 id=\"甲\">甲</h2>\n<table>\n<thead>\n<tr><th class=\"align-right\">甲</th></tr>\n</thead>\n<tbody>\n\
         <tr><td class=\"align-right\"><a a.md>乙</a></td></tr>\n</tbody>\n</table>\n\
         <p>甲<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup><img b.png alt=图 title=题></p>\n\
         <section class=\"footnotes\">\n<ol>\n<li id=\"fn-1\" value=\"1\"><p><b>注</b> \
         <a class=\"footnote-back\" href=\"#fnref-1\">↩</a></p>\n</li>\n</ol>\n</section>\n",
    );
}

#[test]
fn entities_do_not_forge_our_marks() {
    check("<b>甲&#xFDD1;0&#xFDD1;</b>[乙](a.md)\n", "<p><b>甲0</b><a a.md>乙</a></p>\n");
    check("<b title=\"&#64977;0&#64977\">甲</b>\n", "<p><b title=\"0\">甲</b></p>\n");
    check("<div>&#xFDD1;0&#xfdd1 &hearts;</div>\n", "<div>0 ♥</div>\n");
}

#[test]
fn comments_are_dropped() {
    check("甲<!-- 注 -->乙\n\n<!-- 注\n释 -->\n", "<p>甲乙</p>\n");
}

#[track_caller]
fn check_policy(html: HtmlPolicy, text: &str, expected: &str) {
    let (body, problems) = parsed_with(text, Options { html, ..SAFE });
    assert_eq!(shown(&body), expected, "{text}");
    assert_eq!(codes(&problems), "", "{text}");
}

#[test]
fn html_may_be_shown_as_text() {
    check_policy(HtmlPolicy::Escape, "甲<b>乙</b><!-- x -->", "<p>甲&lt;b&gt;乙&lt;/b&gt;</p>\n");
    check_policy(HtmlPolicy::Escape, "<div>\n甲\n</div>\n\n乙", "<p>&lt;div&gt;\n甲\n&lt;/div&gt;</p>\n<p>乙</p>\n");
}

#[test]
fn html_may_stay_as_it_is() {
    check_policy(
        HtmlPolicy::Trust,
        "<iframe style='x' src=\"v.html\"></iframe>\n\n甲<svg/><!-- x --><a onclick='f()' href=b.md>乙</a>",
        "<iframe style='x' src=\"@v.html\"></iframe>\n<p>甲<svg/><a onclick='f()' href=@b.md>乙</a></p>\n",
    );
}

#[test]
fn directives_hold_markdown() {
    check(
        ":::notice 重要 提示\n甲**乙。**丙\n\n- 丁\n:::\n后\n",
        "[notice|重要 提示|<p>甲<strong>乙。</strong>丙</p>\n<ul>\n<li>丁</li>\n</ul>\n]\n<p>后</p>\n",
    );
    check(
        "前\n:::gallery\n![a](1.png)\n![b](2.png)\n:::",
        "<p>前</p>\n[gallery||<p><img 1.png alt=a><img 2.png alt=b></p>\n]\n",
    );
    check("::: steps\r\n1. 甲\r\n:::\r\n", "[steps||<ol>\n<li>甲</li>\n</ol>\n]\n");
}

#[test]
fn directives_have_chinese_names_and_full_width_colons() {
    for (name, expected) in [
        ("提示", "[notice|提示|]\n"),
        ("注意", "[notice|注意|]\n"),
        ("图", "[figure||]\n"),
        ("图集", "[gallery||]\n"),
        ("步骤", "[steps||]\n"),
    ] {
        check(&format!(":::{name}\n:::\n"), expected);
        check(&format!("：：：{name}\n：：：\n"), expected);
    }
    check(":::注意 停电\n:::\n", "[notice|停电|]\n");
}

#[test]
fn directives_nest() {
    check(
        "::::steps\n:::notice 甲\n乙\n:::\n丙\n::::\n丁\n",
        "[steps||[notice|甲|<p>乙</p>\n]\n<p>丙</p>\n]\n<p>丁</p>\n",
    );
    check(":::steps\n:::notice\n乙\n:::\n:::\n", "[steps||[notice||<p>乙</p>\n]\n]\n");
}

#[test]
fn directives_stand_in_lists_and_quotes() {
    check(
        "1. 甲\n\n   :::notice\n   乙\n   :::\n2. 丙\n",
        "<ol>\n<li><p>甲</p>\n[notice||<p>乙</p>\n]\n</li>\n<li><p>丙</p>\n</li>\n</ol>\n",
    );
    check("> :::notice\n> 乙\n> :::\n", "<blockquote>\n[notice||<p>乙</p>\n]\n</blockquote>\n");
}

// A block of HTML reaches to the next empty line, and what is in it is HTML.
#[test]
fn directives_stand_between_html() {
    check("<div>\n:::notice\n甲\n:::\n<p>乙</p>\n</div>\n", "<div>\n[notice||\n甲\n]\n<p>乙</p>\n</div>\n");
}

#[test]
fn footnotes_and_reference_links_reach_through_directives() {
    let (body, _) = parsed(":::notice\n甲[^1] [乙][b]\n:::\n\n[^1]: 注\n\n[b]: c.md\n");
    assert!(shown(&body).starts_with("[notice||<p>甲<sup"), "{}", shown(&body));
    assert_eq!(body.outline.references[0].target, "c.md");
}

#[test]
fn fences_in_code_and_html_are_no_directives() {
    check("```\n:::notice\n```\n", "<pre><code>:::notice\n</code></pre>\n");
    check("    :::notice\n", "<pre><code>:::notice\n</code></pre>\n");
    check("- ```\n  :::x\n  ```\n", "<ul>\n<li><pre><code>:::x\n</code></pre>\n</li>\n</ul>\n");
    check("<!--\n:::notice\n-->\n", "");
    check("甲 :::notice\n", "<p>甲 :::notice</p>\n");
}

#[test]
fn an_unknown_directive_is_reported_with_the_nearest_name() {
    let (body, problems) = parsed("甲\n\n:::notcie 提示\n乙\n:::\n");
    assert_eq!(shown(&body), "<p>甲</p>\n<p>乙</p>\n");
    assert_eq!(codes(&problems), "unknown-directive 3:1+12");
    assert_eq!(problems[0].fix.as_deref(), Some(":::notice 提示"));
    let (_, problems) = parsed(":::视频\n:::\n");
    assert_eq!((codes(&problems).as_str(), &problems[0].fix), ("unknown-directive 1:1+5", &None));
}

#[test]
fn a_directive_without_an_end_is_reported_where_it_begins() {
    check_problems("甲\n\n:::notice 提示\n乙\n", "<p>甲</p>\n[notice|提示|<p>乙</p>\n]\n", "unclosed-directive 3:1+12");
    check_problems(
        "::::steps\n:::notice\n乙\n::::\n丙\n",
        "[steps||[notice||<p>乙</p>\n]\n]\n<p>丙</p>\n",
        "unclosed-directive 2:1+9",
    );
    check_problems("- :::notice\n", "<ul>\n<li>:::notice</li>\n</ul>\n", "misplaced-directive 1:3+9");
    check_problems(
        "- 甲\n  :::notice\n  乙\n\n丙\n",
        "<ul>\n<li>甲[notice||乙]\n</li>\n</ul>\n<p>丙</p>\n",
        "unclosed-directive 2:3+9",
    );
    check_problems("甲\n\n:::\n", "<p>甲</p>\n", "unopened-directive 3:1+3");
}
