//! Emphasis and strikethrough beside Chinese characters and punctuation, after the rules of the CJK-friendly amendment
//! (tats-u/markdown-cjk-friendly); comrak, which has it built in, is the second opinion.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_all(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        check_inline(text, expected);
    }
}

#[test]
fn strong_words_may_begin_or_end_with_chinese_punctuation() {
    check_all(&[
        ("**注意：**请", "<strong>注意：</strong>请"),
        ("讲文明**“树新风”**活动", "讲文明<strong>“树新风”</strong>活动"),
        ("**《条例》**落实", "<strong>《条例》</strong>落实"),
        ("已**加粗。**正文**（二）**尾", "已<strong>加粗。</strong>正文<strong>（二）</strong>尾"),
        ("**注意（重要）**请各单位", "<strong>注意（重要）</strong>请各单位"),
        ("**文明就餐。**不浪费", "<strong>文明就餐。</strong>不浪费"),
        ("**“德城”**建设", "<strong>“德城”</strong>建设"),
        ("按**《办法》**办", "按<strong>《办法》</strong>办"),
        ("甲**，乙**丙", "甲<strong>，乙</strong>丙"),
        ("甲**（乙**丙", "甲<strong>（乙</strong>丙"),
        ("甲**乙）**丙", "甲<strong>乙）</strong>丙"),
        ("甲**【乙】**丙", "甲<strong>【乙】</strong>丙"),
        ("甲**……**乙", "甲<strong>……</strong>乙"),
        ("甲**——**乙", "甲<strong>——</strong>乙"),
        ("时间**：**地点", "时间<strong>：</strong>地点"),
        ("共**100%**完成", "共<strong>100%</strong>完成"),
        ("共**￥100**元", "共<strong>￥100</strong>元"),
        ("用**C#**写", "用<strong>C#</strong>写"),
        ("有**“Hello”**字样", "有<strong>“Hello”</strong>字样"),
        ("有**\"Hello\"**字样", "有<strong>\"Hello\"</strong>字样"),
        ("第**①**条", "第<strong>①</strong>条"),
        ("**甲**：**乙**", "<strong>甲</strong>：<strong>乙</strong>"),
        ("**甲：****乙：**丙", "<strong>甲：****乙：</strong>丙"),
    ]);
}

#[test]
fn single_asterisks_follow_the_same_rule() {
    check_all(&[
        ("*注意：*请", "<em>注意：</em>请"),
        ("甲*《乙》*丙", "甲<em>《乙》</em>丙"),
        ("***注意：***请", "<em><strong>注意：</strong></em>请"),
        ("甲***《乙》***丙", "甲<em><strong>《乙》</strong></em>丙"),
        ("甲*乙**（丙）**丁*戊", "甲<em>乙<strong>（丙）</strong>丁</em>戊"),
        ("**甲*（乙）*丙。**丁", "<strong>甲<em>（乙）</em>丙。</strong>丁"),
    ]);
}

#[test]
fn strikethrough_follows_the_same_rule() {
    check_all(&[
        ("~~已废止。~~新", "<del>已废止。</del>新"),
        ("甲~~《乙》~~丙", "甲<del>《乙》</del>丙"),
        ("a~~a()~~甲", "a<del>a()</del>甲"),
        ("甲~~()a~~a", "甲<del>()a</del>a"),
        ("~~a~~：~~a~~", "<del>a</del>：<del>a</del>"),
        ("甲**~~乙。~~**丙", "甲<strong><del>乙。</del></strong>丙"),
        ("甲~~**乙。**~~丙", "甲<del><strong>乙。</strong></del>丙"),
    ]);
}

#[test]
fn a_single_tilde_is_a_range_and_no_delimiter() {
    check_all(&[
        ("每批 5~10 人、20~30 人", "每批 5~10 人、20~30 人"),
        ("（~5）和（6~）", "（~5）和（6~）"),
        ("~甲~ 乙", "~甲~ 乙"),
        ("气温 -5~3℃，最低~-8", "气温 -5~3℃，最低~-8"),
    ]);
}

#[test]
fn cjk_reaches_beyond_han() {
    check_all(&[
        ("これは**重要です。**次", "これは<strong>重要です。</strong>次"),
        ("**스크립트(script)**라고", "<strong>스크립트(script)</strong>라고"),
        ("**이 [링크](a)**만", "<strong>이 <a a>링크</a></strong>만"),
        ("ᅡ**(a)**", "ᅡ<strong>(a)</strong>"),
        ("**(k)**ᄏ", "<strong>(k)</strong>ᄏ"),
        ("𰻞𰻞**(面)**馆", "𰻞𰻞<strong>(面)</strong>馆"),
        ("𠮟**(正)**", "𠮟<strong>(正)</strong>"),
        ("a**〽**a", "a<strong>〽</strong>a"),
        ("a**㊗**a", "a<strong>㊗</strong>a"),
        ("a**🈂**a", "a<strong>🈂</strong>a"),
        ("a**｡**a", "a<strong>｡</strong>a"),
        ("a**～**a", "a<strong>～</strong>a"),
    ]);
}

#[test]
fn variation_selectors_go_with_the_character_before_them() {
    check_all(&[
        ("葛\u{E0100}**(正)**城", "葛\u{E0100}<strong>(正)</strong>城"),
        ("塚\u{FE00}**(U+585A)** 塚", "塚\u{FE00}<strong>(U+585A)</strong> 塚"),
        ("羽\u{FE00}~~()a~~a", "羽\u{FE00}<del>()a</del>a"),
        ("〽\u{FE0E}**(庵点)**は", "〽\u{FE0E}<strong>(庵点)</strong>は"),
        ("a**a〰\u{FE0E}**a", "a<strong>a〰\u{FE0E}</strong>a"),
        ("**“\u{FE01}Git”\u{FE01}**Hub", "<strong>“\u{FE01}Git”\u{FE01}</strong>Hub"),
        ("正体字。\u{FE01}_Traditional._", "正体字。\u{FE01}<em>Traditional.</em>"),
        ("正体字。\u{FE00}__Hong Kong.__", "正体字。\u{FE00}<strong>Hong Kong.</strong>"),
    ]);
}

#[test]
fn without_cjk_beside_it_commonmark_holds() {
    check_all(&[
        ("a**(b)**c", "a**(b)**c"),
        ("a**a«**a", "a**a«**a"),
        ("a**∇a**a", "a**∇a**a"),
        ("a**⭐a**a", "a**⭐a**a"),
        ("a**a🀄**a", "a**a🀄**a"),
        ("a*\"b\"*c", "a*\"b\"*c"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("甲 ** 乙 **", "甲 ** 乙 **"),
        ("**甲， **乙", "**甲， **乙"),
        ("甲** 乙**", "甲** 乙**"),
    ]);
}

#[test]
fn underscores_keep_their_rule() {
    check_all(&[
        ("__注意__：事项", "<strong>注意</strong>：事项"),
        ("注意：__事项__", "注意：<strong>事项</strong>"),
        ("甲__乙__丙", "甲__乙__丙"),
        ("甲_乙_丙", "甲_乙_丙"),
        ("甲_（乙）_丙", "甲_（乙）_丙"),
        ("（_乙_）", "（<em>乙</em>）"),
        ("snake_case_name", "snake_case_name"),
    ]);
}

#[test]
fn delimiters_that_touch_each_other_keep_seeing_each_other() {
    check_all(&[
        ("甲**__乙__**丙", "甲<strong><strong>乙</strong></strong>丙"),
        ("甲**_乙。_**丙", "甲<strong><em>乙。</em></strong>丙"),
        ("甲*__（乙）__*丙", "甲<em><strong>（乙）</strong></em>丙"),
    ]);
}

#[test]
fn what_is_no_emphasis_is_left_alone() {
    check_all(&[
        ("甲\\***（乙）**丙", "甲*<strong>（乙）</strong>丙"),
        ("甲\\*\\*（乙）\\*\\*丙", "甲**（乙）**丙"),
        ("甲`**（乙）**`丙", "甲<code>**（乙）**</code>丙"),
        ("甲**`（乙）`**丙", "甲<strong><code>（乙）</code></strong>丙"),
        ("甲``a`**。**b``丙", "甲<code>a`**。**b</code>丙"),
        ("我**这个`code`**吗", "我<strong>这个<code>code</code></strong>吗"),
        ("甲**[乙](a.md)**丙", "甲<strong><a a.md>乙</a></strong>丙"),
        ("甲[**（乙）**](a.md)丙", "甲<a a.md><strong>（乙）</strong></a>丙"),
        ("[甲](a**（b）**c.md)", "<a a**（b）**c.md>甲</a>"),
        ("[甲](<a~b.md> \"题**（乙）**\")", "<a a~b.md title=题**（乙）**>甲</a>"),
        ("![图**（一）**甲](a.png)", "<img a.png alt=图（一）甲>"),
        ("甲**<https://a.cn/~b>**丙", "甲<strong><a https://a.cn/~b>https://a.cn/~b</a></strong>丙"),
        ("<https://a.cn/**（x>", "<a https://a.cn/**（x>https://a.cn/**（x</a>"),
        ("甲**&amp;**乙", "甲<strong>&amp;</strong>乙"),
        ("甲**<b>乙</b>**丙", "甲<strong><b>乙</b></strong>丙"),
        ("<b title=\"**（x）**y\">甲</b>", "<b title=\"**（x）**y\">甲</b>"),
    ]);
}

#[test]
fn emphasis_works_in_every_block() {
    check("- **甲：**乙", "<ul>\n<li><strong>甲：</strong>乙</li>\n</ul>\n");
    check("1. 见**《甲》**第", "<ol>\n<li>见<strong>《甲》</strong>第</li>\n</ol>\n");
    check(">**甲：**乙", "<blockquote>\n<p><strong>甲：</strong>乙</p>\n</blockquote>\n");
    check("## **甲：**乙", "<h2 id=\"甲乙\"><strong>甲：</strong>乙</h2>\n");
    check(
        "|甲**（一）**乙|**丙：**丁|\n|-|-|\n",
        "<table>\n<thead>\n<tr><th>甲<strong>（一）</strong>乙</th><th><strong>丙：</strong>丁</th></tr>\n</thead>\n</table>\n",
    );
    check("甲**乙。\n丙。**丁", "<p>甲<strong>乙。丙。</strong>丁</p>\n");
    check("***\n", "<hr>\n");
    check("* 甲\n* 乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n");
    check("~~~\n**（甲）**乙\n~~~\n", "<pre><code>**（甲）**乙\n</code></pre>\n");
}

#[test]
fn word_joiners_of_the_author_survive() {
    check_inline("甲\u{2060}**（乙）**\u{2060}丙", "甲\u{2060}<strong>（乙）</strong>\u{2060}丙");
    check_inline("甲\u{A92F}**（乙）**丙", "甲\u{A92F}<strong>（乙）</strong>丙");
}

#[test]
fn marks_leave_no_trace() {
    let (body, _) = parsed("## 甲**（一）**乙 {#a~b}\n\n```a~b\n甲**（x\n```\n\n[^a**（]: 注\n\n甲[^a**（]");
    let everything = format!("{}{}{}{:?}", shown(&body), body.text, body.outline.excerpt, body.outline.headings);
    assert!(!everything.contains(|c| matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\u{A92F}')), "{everything}");
    assert!(everything.contains("class=\"language-a~b\""), "{everything}");
    assert!(everything.contains("fn-1"), "{everything}");
}

/// The same paragraph by comrak, in our spelling of HTML.
fn second_opinion(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.cjk_friendly_emphasis = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}

/// Text that stays one paragraph, whatever stands in it.
fn mixture() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "*",
        "*",
        "**",
        "**",
        "***",
        "_",
        "__",
        "甲",
        "乙丙",
        "。",
        "（",
        "）",
        "《",
        "》",
        "“",
        "”",
        "：",
        "a",
        "b",
        "1",
        "(",
        ")",
        ".",
        "!",
        " ",
        "が",
        "가",
        "\u{FE00}",
        "\u{E0100}",
        "😀",
        "—",
        "…",
        "`",
        "\\",
    ]);
    prop::collection::vec(part, 1..24).prop_map(|parts| format!("甲{}乙", parts.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_mixtures_read_as_comrak_reads_them(text in mixture()) {
        let (body, _) = parsed(&text);
        prop_assert_eq!(shown(&body).replace("&quot;", "\""), second_opinion(&text).replace("&quot;", "\""));
    }
}
