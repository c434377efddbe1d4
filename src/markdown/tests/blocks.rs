//! Blocks, line breaks, headings, plain text and summaries.

use super::*;

#[test]
fn tables_have_their_alignment_as_a_class() {
    check(
        "| 左 | 中 | 右 | 无 |\n|:-|:-:|-:|-|\n| 1 | 2 | 3 | **四** |\n",
        "<table>\n<thead>\n<tr><th class=\"align-left\">左</th><th class=\"align-center\">中</th><th class=\"align-right\">右</th>\
         <th>无</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"align-left\">1</td><td class=\"align-center\">2</td>\
         <td class=\"align-right\">3</td><td><strong>四</strong></td></tr>\n</tbody>\n</table>\n",
    );
}

#[test]
fn footnotes_are_numbered_as_they_are_referred_to_and_stand_at_the_end() {
    check(
        "甲[^b]乙[^a]丙[^b]\n\n[^a]: 一\n\n[^b]: 二[链](c.md)\n\n末\n",
        "<p>甲<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup>乙\
         <sup class=\"footnote-ref\"><a href=\"#fn-2\" id=\"fnref-2\">2</a></sup>丙\
         <sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1-2\">1</a></sup></p>\n<p>末</p>\n\
         <section class=\"footnotes\">\n<ol>\n\
         <li id=\"fn-1\" value=\"1\"><p>二<a c.md>链</a> <a class=\"footnote-back\" href=\"#fnref-1\">↩</a></p>\n</li>\n\
         <li id=\"fn-2\" value=\"2\"><p>一 <a class=\"footnote-back\" href=\"#fnref-2\">↩</a></p>\n</li>\n\
         </ol>\n</section>\n",
    );
}

#[test]
fn a_footnote_defined_twice_is_reported() {
    let (body, problems) = parsed("甲[^a]\n\n[^a]: 一\n\n[^a]: 二\n");
    assert!(shown(&body).contains("一"));
    assert_eq!(codes(&problems), "duplicate-footnote 5:1+7");
}

#[test]
fn task_lists_have_boxes() {
    check(
        "- [x] 甲\n- [ ] 乙\n",
        "<ul>\n<li><input type=\"checkbox\" disabled checked> 甲</li>\n<li><input type=\"checkbox\" disabled> 乙</li>\n</ul>\n",
    );
}

#[test]
fn lists_may_begin_anywhere_and_be_loose() {
    check("3. 甲\n4. 乙\n", "<ol start=\"3\">\n<li>甲</li>\n<li>乙</li>\n</ol>\n");
    check("- 甲\n\n  乙\n", "<ul>\n<li><p>甲</p>\n<p>乙</p>\n</li>\n</ul>\n");
}

#[test]
fn definition_lists() {
    check("索引号\n: 统一编号\n", "<dl>\n<dt>索引号</dt>\n<dd>统一编号</dd>\n</dl>\n");
}

#[test]
fn alerts_have_a_title_of_the_theme() {
    for (kind, class, title) in [
        ("NOTE", "note", "说明"),
        ("TIP", "tip", "提示"),
        ("IMPORTANT", "important", "重要"),
        ("WARNING", "warning", "警告"),
        ("CAUTION", "caution", "注意"),
    ] {
        check(
            &format!("> [!{kind}]\n> 请**提前。**到场\n"),
            &format!(
                "<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{{alert_{class}|{title}}}</p>\n\
                 <p>请<strong>提前。</strong>到场</p>\n</div>\n"
            ),
        );
    }
}

#[test]
fn code_is_shown_as_it_stands() {
    check(
        "```rust extra\nlet a = 1 < 2;\n```\n",
        "<pre><code class=\"language-rust\">let a = 1 &lt; 2;\n</code></pre>\n",
    );
    check("    甲\n", "<pre><code>甲\n</code></pre>\n");
    check_inline("`a < b`", "<code>a &lt; b</code>");
}

#[test]
fn templates_in_a_text_are_ordinary_characters() {
    check_inline("{{ site.title }} {% if x %}", "{{ site.title }} {% if x %}");
    check("```\n{{ x }}\n```\n", "<pre><code>{{ x }}\n</code></pre>\n");
}

#[test]
fn quotes_and_dots_are_not_made_smart() {
    check_inline("\"甲\" -- 乙...", "\"甲\" -- 乙...");
}

#[test]
fn a_line_break_between_han_characters_leaves_no_space() {
    for (text, expected) in [
        ("甲\n乙", "甲乙"),
        ("甲，\n乙", "甲，乙"),
        ("甲\n（乙）", "甲（乙）"),
        ("他说：\n“好”", "他说：“好”"),
        ("“好”\n他说", "“好”他说"),
        ("甲**乙**\n**丙**丁", "甲<strong>乙</strong><strong>丙</strong>丁"),
        ("甲\n<b>乙</b>", "甲<b>乙</b>"),
        ("かな\nカナ", "かなカナ"),
        ("甲\n![图](a.png)\n乙", "甲<img a.png alt=图>乙"),
    ] {
        check_inline(text, expected);
    }
}

#[test]
fn a_line_break_beside_latin_or_hangul_is_a_space() {
    for (text, expected) in [
        ("甲\nWord", "甲\nWord"),
        ("Word\n甲", "Word\n甲"),
        ("one\ntwo", "one\ntwo"),
        ("甲\n2026", "甲\n2026"),
        ("한국\n어", "한국\n어"),
        ("甲\n*word*", "甲\n<em>word</em>"),
        ("甲\n`乙`", "甲<code>乙</code>"),
        ("甲\n[word](a.md)", "甲\n<a a.md>word</a>"),
        ("it’s “good”\n“yes”", "it’s “good”\n“yes”"),
    ] {
        check_inline(text, expected);
    }
    assert_eq!(parsed("甲\nWord\n乙\n丙").0.text, "甲 Word 乙丙");
}

#[test]
fn hard_breaks_stay_in_html_and_text() {
    check_inline("甲\\\n乙  \n丙", "甲<br>\n乙<br>\n丙");
    assert_eq!(parsed("甲\\\n乙").0.text, "甲\n乙");
}

#[test]
fn ideographic_indents_are_taken_off() {
    check("　　甲乙\n", "<p>甲乙</p>\n");
    check("　　**甲**乙\n", "<p><strong>甲</strong>乙</p>\n");
    check("\u{A0}\u{A0}甲\n", "<p>甲</p>\n");
    check("姓　名\n", "<p>姓　名</p>\n");
}

#[test]
fn an_ideographic_indent_does_not_make_another_block() {
    check("　　# 甲\n", "<p># 甲</p>\n");
    check("　　- 甲\n", "<p>- 甲</p>\n");
    check("　　1. 甲\n", "<p>1. 甲</p>\n");
    check("　　> 甲\n", "<p>&gt; 甲</p>\n");
}

#[test]
fn an_indented_line_begins_a_paragraph() {
    check("　　甲。\n　　乙。\n丙。\n", "<p>甲。</p>\n<p>乙。丙。</p>\n");
    check("- 甲\n　　乙\n", "<ul>\n<li>甲乙</li>\n</ul>\n");
    assert_eq!(parsed("　　甲。\n　　乙。").0.text, "甲。\n乙。");
}

#[test]
fn headings_have_anchors_that_keep_chinese() {
    let (body, problems) =
        parsed("## 一、工作目标\n### Step 1: **Go!**\n## 一、工作目标\n## ！\n## 甲 {#own .big}\n## own\n");
    assert_eq!(
        shown(&body),
        "<h2 id=\"一工作目标\">一、工作目标</h2>\n<h3 id=\"step-1-go\">Step 1: <strong>Go!</strong></h3>\n\
         <h2 id=\"一工作目标-1\">一、工作目标</h2>\n<h2 id=\"section\">！</h2>\n<h2 id=\"own\" class=\"big\">甲</h2>\n\
         <h2 id=\"own-1\">own</h2>\n"
    );
    let last = body.outline.headings.iter().last();
    assert_eq!(last, Some(Heading { level: 2, id: "own-1", text: "own" }));
    assert_eq!(body.outline.headings.iter().nth(1).unwrap().text, "Step 1: Go!");
    assert_eq!(codes(&problems), "");
}

#[test]
fn a_stated_anchor_wins_over_an_earlier_heading() {
    let (body, _) = parsed("## 甲\n## 乙 {#甲}\n");
    assert_eq!(body.outline.headings.iter().map(|h| h.id).collect::<Vec<_>>(), ["甲-1", "甲"]);
}

#[test]
fn two_headings_that_state_one_anchor_are_reported() {
    let (body, problems) = parsed("## 甲 {#a}\n## 乙 {#a}\n");
    assert_eq!(body.outline.headings.iter().nth(1).unwrap().id, "a-1");
    assert_eq!(codes(&problems), "duplicate-anchor 2:1+9");
}

#[test]
fn other_attributes_of_headings_are_refused() {
    check_problems("## 甲 {onclick=x}\n", "<h2 id=\"甲\">甲</h2>\n", "html-removed 1:1+16");
}

#[test]
fn a_first_heading_of_level_one_is_the_title() {
    let (body, _) = parsed("<!-- 注 -->\n\n# **关于**[甲](b.md)的通知\n\n正文\n\n# 乙\n");
    assert_eq!(body.outline.title.as_deref(), Some("关于甲的通知"));
    assert_eq!(shown(&body), "<p>正文</p>\n<h1 id=\"乙\">乙</h1>\n");
    assert_eq!(body.text, "正文\n乙");
    assert_eq!(body.outline.references, []);
    assert_eq!(parsed("正文\n\n# 乙\n").0.outline.title, None);
    assert_eq!(parsed("标题\n===\n\n正文").0.outline.title.as_deref(), Some("标题"));
}

#[test]
fn text_is_a_line_for_each_block() {
    let text = "# 题\n\n甲*乙*[丙](a.md)`丁`\n续\n\n- 一\n- 二\n  - 三\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```\ncode\n```\n\n\
                > 引\n\n![图](a.png)\n\n末[^1]\n\n[^1]: 注\n";
    assert_eq!(parsed(text).0.text, "甲乙丙丁续\n一\n二\n三\na b\n1 2\ncode\n引\n末\n注");
}

#[test]
fn words_are_han_characters_and_latin_words() {
    for (text, words) in [
        ("", 0),
        ("甲乙丙。", 3),
        ("2026年9月1日", 6),
        ("COVID-19 and don't", 3),
        ("共3.5万、1,000人", 5),
        ("`代码`和**重点**", 5),
        ("“，。！”", 0),
    ] {
        assert_eq!(parsed(text).0.outline.words, words, "{text}");
    }
}

#[track_caller]
fn check_excerpt(text: &str, length: usize, expected: &str) {
    let (body, _) = parsed_with(text, Options { summary_length: length, ..SAFE });
    assert_eq!(body.outline.excerpt, expected, "{text}");
}

#[test]
fn a_short_text_is_its_own_summary() {
    check_excerpt("**甲乙**，[丙](a.md)丁。", 10, "甲乙，丙丁。");
    check_excerpt("", 10, "");
    check_excerpt("甲\n乙", 10, "甲乙");
}

#[test]
fn a_summary_skips_headings_tables_code_and_footnotes() {
    let text = "# 题\n\n## 一\n\n| a |\n|-|\n\n```\nx\n```\n\n甲。[^1]\n\n:::notice 提示\n乙。\n:::\n\n:::figure\n![图](a.png)\n\n图注\n:::\n\n[^1]: 注\n";
    check_excerpt(text, 20, "甲。乙。");
}

#[test]
fn a_summary_ends_with_a_sentence_if_it_can() {
    check_excerpt("一二三四五。六七八九十一二三四五", 10, "一二三四五。");
    check_excerpt("一二三四！六七八？九十一二三四五", 10, "一二三四！六七八？");
    check_excerpt("甲乙丙丁；戊己庚辛壬癸子丑", 8, "甲乙丙丁；");
    check_excerpt("他说：“好的。”接着又说了很多很多话", 12, "他说：“好的。”");
}

#[test]
fn a_sentence_that_ends_too_soon_is_no_summary() {
    check_excerpt("好。一二三四五六七八九十一二三四五六七八九十一二三", 20, "好。一二三四五六七八九十一二三四五六……");
}

#[test]
fn a_summary_cuts_at_a_clause_if_one_is_near() {
    check_excerpt("一二三四五六七，八九十一二三四五", 10, "一二三四五六七……");
}

#[test]
fn a_summary_never_splits_a_pair() {
    check_excerpt("按照国务院关于《机关事务管理条例》要求", 12, "按照国务院关于……");
    check_excerpt("各单位要把“光盘行动进行到底”落到实处", 12, "各单位要把……");
    check_excerpt("办公室（一号楼二层东侧房间）负责登记", 10, "办公室……");
    check_excerpt("“一二三四五六七八九十一二三四五六七八”", 10, "“一二三四五六七……”");
}

#[test]
fn a_summary_never_splits_a_number_from_its_unit_or_a_word() {
    check_excerpt("今年甲乙丙丁共节电1200千瓦时左右并且", 11, "今年甲乙丙丁共节电……");
    check_excerpt("今年甲乙丙丁戊完成100%覆盖全市各单位", 12, "今年甲乙丙丁戊完成……");
    check_excerpt("使用甲乙丙丁戊平台WordPress发布信息内容", 12, "使用甲乙丙丁戊平台……");
    check_excerpt("会议定于甲乙丙丁2026年9月1日在一号楼召开", 12, "会议定于甲乙丙丁……");
}

#[test]
fn latin_letters_are_half_as_wide() {
    check_excerpt("abcdefghij klmnop", 8, "abcdefghij…");
    check_excerpt("abcdefgh", 4, "abcdefgh");
}

#[test]
fn an_author_may_end_the_summary() {
    check_excerpt("甲乙丙丁戊己。\n\n<!-- more -->\n\n庚辛。", 3, "甲乙丙丁戊己。");
    check_excerpt("甲乙<!-- more -->丙丁。", 100, "甲乙");
}

#[test]
fn a_summary_joins_lines_and_blocks() {
    check_excerpt("甲：\n\n- 乙\n- 丙\n\nWord\n", 20, "甲：乙 丙 Word");
    check_excerpt("甲\\\n乙  \nword", 20, "甲乙 word");
}

#[test]
fn characters_pasted_from_word_are_removed_and_noted() {
    check_problems("甲\u{200B}乙\u{1}\u{FFFE}丙\u{FEFF}\u{FDD1}丁\n", "<p>甲乙丙丁</p>\n", "control-characters 1:2+1");
    check_problems("a\u{B}b 甲\u{B}乙\n", "<p>a b 甲乙</p>\n", "control-characters 1:2+1");
    check_problems(
        "甲\u{200B}**\u{200B}（乙）**丙",
        "<p>甲<strong>（乙）</strong>丙</p>\n",
        "control-characters 1:2+1",
    );
    let (_, problems) = parsed("甲\n乙\u{200B}丙\u{200B}");
    let args = vec![("character", "U+200B".to_string()), ("count", "2".to_string())];
    assert_eq!((codes(&problems).as_str(), &problems[0].args), ("control-characters 2:2+1", &args));
    check("\u{FEFF}甲\r\n乙\r\n", "<p>甲乙</p>\n");
    check_inline("👨\u{200D}👩", "👨\u{200D}👩");
}

/// Words by their definition, one character after the other.
fn counted(text: &str) -> u32 {
    let is_han = crate::markdown::chars::is_han;
    let is_mark = |c: char| matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}');
    let (mut count, mut in_word) = (0, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_letter = !is_han(c) && !is_mark(c) && c.is_alphanumeric();
        count += u32::from(is_han(c) || (is_letter && !in_word));
        let goes_on = rest.peek().is_some_and(|next| match c {
            '.' | ',' => next.is_ascii_digit(),
            '-' | '\'' | '’' => next.is_alphanumeric() && !is_han(*next),
            _ => false,
        });
        in_word = is_letter || (in_word && goes_on);
    }
    count
}

proptest::proptest! {
    #[test]
    fn words_are_counted_alike_one_by_one_and_many_at_a_time(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "通知公告", "请各科室于周五前报送", "，", "。", "、", "“", "”", "’", "…", "—", "：", "（", "！", "　", "\n", " ",
                "a", "7", "-", ".", ",", "'", "１", "Ａ", "々", "〇", "〆", "〡", "㐀", "䶵", "䷀", "一", "鿿", "豈", "𠀀", "²", "⁰", "é",
                "か", "カ", "한", "😀", "\u{301}", "~", "@", "、、、、、、、、、、、、、、、、",
            ]),
            0..60,
        ),
    ) {
        let text = parts.concat();
        proptest::prop_assert_eq!(crate::markdown::excerpt::words(&text), counted(&text));
    }
}
