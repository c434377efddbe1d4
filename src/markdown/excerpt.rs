//! The automatic summary: plain paragraphs and a length go in, a text that ends where a reader would end comes out.
//! Also the count of words. Knows nothing of Markdown.

use super::chars::{is_han, joins_without_space, width};

/// Ends a sentence.
fn ends(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；')
}

/// The closing mark of an opening one; such pairs are never split.
fn closing(c: char) -> Option<char> {
    Some(match c {
        '《' => '》',
        '“' => '”',
        '‘' => '’',
        '（' => '）',
        '(' => ')',
        '【' => '】',
        '「' => '」',
        '『' => '』',
        '〔' => '〕',
        '〈' => '〉',
        _ => return None,
    })
}

/// The second mark of a pair.
fn closes(c: char) -> bool {
    matches!(c, '》' | '”' | '’' | '）' | ')' | '】' | '」' | '』' | '〕' | '〉')
}

/// Units of more than one character; any single character after a number is its unit anyway. Longer ones first.
const UNITS: &[&str] = &[
    "平方公里",
    "立方米",
    "平方米",
    "千瓦时",
    "万人次",
    "万千瓦",
    "亿元",
    "万元",
    "千元",
    "人次",
    "公里",
    "公斤",
    "公顷",
    "千米",
    "厘米",
    "毫米",
    "千克",
    "小时",
    "分钟",
    "周年",
    "年度",
    "月份",
    "余人",
    "余名",
    "余次",
    "多人",
    "多名",
    "多次",
    "个月",
    "季度",
    "km",
    "kg",
    "kWh",
    "cm",
    "mm",
    "MB",
    "GB",
];

/// Cuts the paragraphs to `length` display characters (a Han character is one, a Latin letter half of one).
///
/// Ends at 。！？； if one stands past the first quarter, never inside a pair of 《》“”（）, between a number and its unit
/// or in a Latin word; what is cut elsewhere ends with ……. Pairs too long to stay whole are closed again after it.
pub(super) fn excerpt<'a>(paragraphs: impl Iterator<Item = &'a str>, length: usize) -> String {
    let budget = length.saturating_mul(2);
    // A little more than the budget, so that the place of the cut sees what comes after it.
    let (text, columns) = joined(paragraphs, budget.saturating_add(64));
    if columns <= budget { text } else { cut(&text, budget) }
}

/// All paragraphs in full, as one line.
pub(super) fn whole<'a>(paragraphs: impl Iterator<Item = &'a str>) -> String {
    joined(paragraphs, usize::MAX).0
}

/// The paragraphs as one line, to the character that goes over `limit`, and its columns.
fn joined<'a>(paragraphs: impl Iterator<Item = &'a str>, limit: usize) -> (String, usize) {
    let mut out = String::new();
    let mut used = 0;
    for paragraph in paragraphs {
        let mut first_of_paragraph = true;
        for line in paragraph.split('\n').map(|line| line.trim()).filter(|line| !line.is_empty()) {
            if let (Some(before), Some(after)) = (out.chars().next_back(), line.chars().next())
                && needs_space(before, after, first_of_paragraph)
            {
                out.push(' ');
                used += 1;
            }
            for (at, c) in line.char_indices() {
                used += width(c);
                if used > limit {
                    out.push_str(&line[..at + c.len_utf8()]);
                    return (out, used);
                }
            }
            out.push_str(line);
            first_of_paragraph = false;
        }
    }
    (out, used)
}

fn needs_space(before: char, after: char, paragraph: bool) -> bool {
    if paragraph { !is_closing(before) } else { !joins_without_space(before, after) }
}

fn is_closing(c: char) -> bool {
    ends(c) || closes(c) || matches!(c, '，' | '、' | '：' | '…' | '—')
}

/// A place where the text may be cut.
#[derive(Clone, Copy)]
struct Cut {
    at: usize,
    columns: usize,
}

fn cut(text: &str, budget: usize) -> String {
    // Room for the ellipsis.
    let room = budget.saturating_sub(4);
    // Most are Han characters of three bytes.
    let mut chars: Vec<(usize, char)> = Vec::with_capacity(text.len() / 2);
    chars.extend(text.char_indices());
    let partners = partners(&chars);
    if let Some(end) = sentence(&chars, &partners, budget) {
        return text[..end].to_string();
    }
    let glued = glued(text, &chars);
    let (mut clause, mut word, mut inner) = (None, None, None);
    let mut used = 0;
    let mut enclosing: Option<usize> = None;
    for (index, &(offset, c)) in chars.iter().enumerate() {
        used += width(c);
        if used > budget {
            break;
        }
        let here = Cut { at: offset + c.len_utf8(), columns: used };
        if enclosing.is_none() && partners[index].is_some_and(|close| close > index) {
            enclosing = partners[index];
        }
        if enclosing == Some(index) {
            enclosing = None;
        }
        if glued[index] {
            continue;
        }
        if enclosing.is_some() {
            inner = if used <= room { Some(here) } else { inner };
            continue;
        }
        if used <= room {
            word = Some(here);
            if matches!(c, '，' | '、' | '：' | ',') {
                clause = Some(here);
            }
        }
    }
    let far = |cut: &Cut| cut.columns * 4 >= budget;
    let best = clause.filter(|cut: &Cut| cut.columns * 4 >= room * 3).or(word.filter(far)).or(inner).or(word);
    let Some(best) = best else { return String::new() };
    let kept =
        text[..best.at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '，' | '、' | '：' | ',' | ':'));
    let ellipsis = if kept.chars().next_back().is_none_or(|c| width(c) == 2) { "……" } else { "…" };
    format!("{kept}{ellipsis}{}", closers(&chars, &partners, kept.len()))
}

/// Where the last sentence ends that does so past the first quarter of the budget, outside of pairs.
fn sentence(chars: &[(usize, char)], partners: &[Option<usize>], budget: usize) -> Option<usize> {
    let (mut used, mut end) = (0, None);
    let mut enclosing: Option<usize> = None;
    for (index, &(offset, c)) in chars.iter().enumerate() {
        used += width(c);
        if used > budget {
            break;
        }
        if enclosing.is_none() {
            enclosing = partners[index].filter(|close| *close > index);
        }
        if enclosing == Some(index) {
            enclosing = None;
        }
        // 。” ends with the quote, not before it; inside the pair nothing ends.
        let ended = ends(c) || (closes(c) && index > 0 && ends(chars[index - 1].1));
        let is_glued = || chars.get(index + 1).is_some_and(|&(_, next)| sticks(c, next));
        if ended && enclosing.is_none() && used * 4 >= budget && !is_glued() {
            end = Some(offset + c.len_utf8());
        }
    }
    end
}

/// For each character of a pair the index of the other one; only for pairs that are whole.
fn partners(chars: &[(usize, char)]) -> Vec<Option<usize>> {
    let mut partners = vec![None; chars.len()];
    let mut open: Vec<(usize, char)> = Vec::new();
    for (index, &(_, c)) in chars.iter().enumerate() {
        if let Some(close) = closing(c) {
            open.push((index, close));
        } else if let Some(&(start, close)) = open.last()
            && close == c
        {
            open.pop();
            partners[start] = Some(index);
            partners[index] = Some(start);
        }
    }
    // What is still open at the end of what we looked at may be closed later: it counts as a pair that goes on.
    for (start, _) in open {
        partners[start] = Some(usize::MAX);
    }
    partners
}

/// The closing marks of pairs that are open at byte `at`, innermost first.
fn closers(chars: &[(usize, char)], partners: &[Option<usize>], at: usize) -> String {
    let end = chars.partition_point(|&(offset, _)| offset < at);
    let open = |index: &usize| partners[*index].is_some_and(|close| close > *index && close >= end);
    (0..end).rev().filter(open).filter_map(|index| closing(chars[index].1)).collect()
}

/// True for each character after which no cut may fall.
fn glued(text: &str, chars: &[(usize, char)]) -> Vec<bool> {
    let mut glued: Vec<bool> = chars.windows(2).map(|pair| sticks(pair[0].1, pair[1].1)).collect();
    glued.push(false);
    for (index, &(offset, c)) in chars.iter().enumerate() {
        let rest = text[offset + c.len_utf8()..].trim_start_matches(' ');
        if !is_digit(c) || rest.starts_with(is_digit) {
            continue;
        }
        let spaces = text.len() - offset - c.len_utf8() - rest.len();
        let unit = UNITS.iter().find(|unit| rest.starts_with(**unit)).map_or(1, |unit| unit.chars().count());
        for slot in glued.iter_mut().skip(index).take(spaces + unit) {
            *slot = true;
        }
    }
    glued
}

/// No cut between these two neighbours.
fn sticks(before: char, after: char) -> bool {
    let latin = |c: char| width(c) == 1 && !c.is_whitespace() && closing(c).is_none() && !closes(c);
    (latin(before) && latin(after))
        || width(after) == 0
        || before == '\u{200D}'
        || (before == after && matches!(before, '—' | '…'))
        || (matches!(before, '第' | '￥' | '¥' | '约' | '近' | '超') && is_digit(after))
        || (matches!(before, '年' | '月' | '日' | '时' | '～' | '—') && is_digit(after))
        || (is_digit(before) && matches!(after, '～' | '—' | '．' | '：'))
        // A closing mark or the end of a sentence belongs to what is before it.
        || is_closing(after)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(
            c,
            '０'
                ..='９'
                    | '一'
                    | '二'
                    | '三'
                    | '四'
                    | '五'
                    | '六'
                    | '七'
                    | '八'
                    | '九'
                    | '十'
                    | '百'
                    | '千'
                    | '万'
                    | '亿'
                    | '〇'
                    | '零'
                    | '两'
                    | '几'
        )
}

/// Han characters plus Latin words and numbers.
pub(super) fn words(text: &str) -> u32 {
    let mut count = 0_u32;
    let mut in_word = false;
    let bytes = text.as_bytes();
    let (mut at, mut one_by_one) = (0, 0);
    while at < bytes.len() {
        if at >= one_by_one
            && let Some(piece) = bytes[at..].first_chunk()
        {
            match han_of_plain(piece) {
                Some(han) => {
                    count += han;
                    in_word = false;
                    // Its last character may end behind the piece.
                    at += PIECE;
                    at += bytes[at..].iter().take_while(|byte| matches!(byte, 0x80..=0xBF)).count();
                    continue;
                }
                None => one_by_one = at + PIECE,
            }
        }
        let mut rest = text[at..].chars();
        let Some(c) = rest.next() else { break };
        at += c.len_utf8();
        if is_han(c) {
            count += 1;
            in_word = false;
        } else if !is_common_punctuation(c) && c.is_alphanumeric() {
            count += u32::from(!in_word);
            in_word = true;
        } else {
            // COVID-19, don't, 3.5 and 1,000 are one word each.
            in_word = in_word
                && matches!(c, '-' | '\'' | '’' | '.' | ',')
                && rest.next().is_some_and(|next| match c {
                    '.' | ',' => next.is_ascii_digit(),
                    _ => next.is_alphanumeric() && !is_han(next),
                });
        }
    }
    count
}

/// Bytes of a text that are looked at together.
const PIECE: usize = 48;

/// How many Han characters begin in the first `PIECE` bytes of this piece, when they are of U+4E00 to U+9FFF and everything
/// else that begins there is neither a letter nor a number: so it is nearly everywhere in a Chinese text.
fn han_of_plain(piece: &[u8; PIECE + 2]) -> Option<u32> {
    let (mut han, mut odd) = (0_u8, 0_u8);
    // Without branches, so that the compiler does many at a time; bytes inside of characters are neither.
    for at in 0..PIECE {
        let (a, b, c) = (piece[at], piece[at + 1], piece[at + 2]);
        let is_ascii = ((a | 0x20).wrapping_sub(b'a') < 26) | (a.wrapping_sub(b'0') < 10);
        let is_cjk = (a.wrapping_sub(0xE5) < 5) | ((a == 0xE4) & (b >= 0xB8));
        let is_mark = ((a == 0xE2) & (b == 0x80))
            // U+3000 to U+303F but for 々 and 〇
            | ((a == 0xE3) & (b == 0x80) & (c != 0x85) & (c != 0x87))
            | ((a == 0xEF) & (b == 0xBC) & ((c.wrapping_sub(0x81) < 15) | (c.wrapping_sub(0x9A) < 7)));
        han += u8::from(is_cjk);
        odd |= u8::from(is_ascii | ((a >= 0xC0) & !is_cjk & !is_mark));
    }
    (odd == 0).then_some(han.into())
}

/// Spares the table of letters the punctuation that makes a tenth of Chinese text.
fn is_common_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}
