//! Text → the part of a URL: pinyin by words, Latin letters and digits as they are, words joined by `-`.
//!
//! A title or a file name goes in, a segment of `[a-z0-9-]` comes out, never empty. Whether it is free is the affair of
//! `site`.

mod phrases;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use crate::file::sha256;
use phrases::{FIRM, FIRST, PHRASES};

/// Longer slugs are cut at a syllable.
const LONGEST: usize = 60;
/// An author's own segment may be as long as most file systems allow in any script.
const LONGEST_SEGMENT_BYTES: usize = 200;

/// The slug of a title. `dictionary` maps texts to their slugs and goes before all else (`海珠` → `haizhu`).
pub fn slug(text: &str, dictionary: &BTreeMap<String, String>) -> String {
    let mut slug = String::new();
    for syllable in syllables(text, dictionary) {
        let joined = slug.len() + usize::from(!slug.is_empty()) + syllable.len();
        if joined > LONGEST && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&syllable[..syllable.len().min(LONGEST)]);
    }
    let slug = slug.trim_matches('-');
    match slug.is_empty() {
        // A published address must not change with a hash that is our own affair.
        true => format!("p-{}", &sha256(text.as_bytes())[..8]),
        false => slug.to_string(),
    }
}

/// The slug of a topic, series or tag; the same rule, so that a topic and a page of the same name look alike.
pub fn topic_slug(text: &str, dictionary: &BTreeMap<String, String>) -> String {
    slug(text, dictionary)
}

/// The slug of an ASCII file name without its ending: lower case, everything but letters and digits becomes `-`.
/// `None` when the name has other characters or nothing would be left; then it is a text for `slug`.
pub fn ascii_stem_slug(stem: &str) -> Option<String> {
    if !stem.is_ascii() {
        return None;
    }
    let slug = dashed(stem);
    (!slug.is_empty()).then_some(slug)
}

/// A segment that an author wrote: letters and digits of any script, `-`, `_`, `.` and `~`, in NFC. `None` when it
/// cannot be the name of a folder everywhere: dots at an end, other characters, names that Windows reserves.
pub fn clean_segment(segment: &str) -> Option<String> {
    let segment: String = segment.trim().nfc().collect();
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~') || is_mark(c);
    let fits = !segment.is_empty()
        && segment.len() <= LONGEST_SEGMENT_BYTES
        && segment.chars().all(allowed)
        && !segment.starts_with('.')
        && !segment.ends_with('.')
        && !segment.contains("..");
    (fits && !is_reserved(&segment)).then_some(segment)
}

/// Combining marks, which NFC leaves where no composed character exists.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn is_reserved(segment: &str) -> bool {
    let name = segment.split('.').next().unwrap_or("").to_ascii_lowercase();
    let port =
        |prefix: &str| name.strip_prefix(prefix).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul") || port("com") || port("lpt")
}

/// Lower case, runs of anything but `[a-z0-9]` as one `-`, none at the ends.
fn dashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte.to_ascii_lowercase()));
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Syllables and Latin words in order.
fn syllables<'a>(text: &'a str, dictionary: &'a BTreeMap<String, String>) -> impl Iterator<Item = String> + 'a {
    let longest = dictionary.keys().map(String::len).max().unwrap_or(0);
    let mut rest = text;
    let mut waiting: Vec<String> = Vec::new();
    std::iter::from_fn(move || {
        while waiting.is_empty() && !rest.is_empty() {
            let (length, mut found) = match own_reading(rest, dictionary, longest) {
                Some((length, slug)) => (length, vec![slug]),
                None => reading(rest),
            };
            rest = &rest[length..];
            found.reverse();
            waiting = found;
        }
        waiting.pop()
    })
}

/// What the dictionary says about the beginning of `rest`: how many bytes it covers, and their slug.
fn own_reading(rest: &str, dictionary: &BTreeMap<String, String>, longest: usize) -> Option<(usize, String)> {
    let ends = (1..=longest.min(rest.len())).rev().filter(|&end| rest.is_char_boundary(end));
    let mut hits = ends.filter_map(|end| dictionary.get(&rest[..end]).map(|slug| (end, dashed(slug))));
    hits.find(|(_, slug)| !slug.is_empty())
}

/// The syllables of the beginning of `rest`: of a known word, of one character, or a Latin word.
fn reading(rest: &str) -> (usize, Vec<String>) {
    let latin = latin_word(rest);
    if !latin.1.is_empty() {
        return (latin.0, vec![latin.1]);
    }
    let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(WORDS.longest).collect();
    for (start, end) in ends.windows(2).map(|pair| (pair[0], pair[1])).rev() {
        let overlapped = || !FIRM.contains(&&rest[..end]) && FIRST.iter().any(|word| rest[start..].starts_with(word));
        if let Some(syllables) = WORDS.readings.get(&rest[..end])
            && !overlapped()
        {
            return (end, syllables.split(' ').map(str::to_string).collect());
        }
    }
    let c = rest.chars().next().unwrap_or(' ');
    (ends.first().copied().unwrap_or(rest.len()), syllable(c).into_iter().collect())
}

/// The Latin word at the beginning of `rest`, in lower-case ASCII: full-width letters and accents are made plain.
fn latin_word(rest: &str) -> (usize, String) {
    let mut word = String::new();
    let mut length = 0;
    for c in rest.chars() {
        // An apostrophe inside a word is no separator: don't → dont.
        let skipped = matches!(c, '\'' | '’') && !word.is_empty();
        let plain: String = if c.is_alphanumeric() {
            std::iter::once(c).nfkd().filter(char::is_ascii_alphanumeric).collect()
        } else {
            String::new()
        };
        // 〇, ㈠ and ㎡ decompose too, but are no letters of a word.
        if !skipped && (plain.is_empty() || c.to_pinyin().is_some()) {
            break;
        }
        word.push_str(&plain.to_ascii_lowercase());
        length += c.len_utf8();
    }
    (length, word)
}

fn syllable(c: char) -> Option<String> {
    if let Some(&(_, reading)) = CHARACTERS.iter().find(|&&(character, _)| character == c) {
        return Some(reading.to_string());
    }
    let plain = c.to_pinyin()?.plain();
    // ü is typed as v. Rare interjections have other letters; only ASCII goes into a URL.
    let ascii: String =
        plain.chars().map(|c| if c == 'ü' { 'v' } else { c }).filter(char::is_ascii_lowercase).collect();
    (!ascii.is_empty()).then_some(ascii)
}

/// Characters that stand alone in official texts otherwise than the crate reads them.
const CHARACTERS: &[(char, &str)] = &[('〇', "ling")];

struct Words {
    readings: HashMap<&'static str, &'static str>,
    /// Characters of the longest word.
    longest: usize,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    readings: PHRASES.iter().copied().collect(),
    longest: PHRASES.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(slug(text, &BTreeMap::new()), expected, "{text}");
    }

    #[test]
    fn characters_are_read_as_in_their_word() {
        for (text, expected) in [
            ("重庆", "chong-qing"),
            ("银行", "yin-hang"),
            ("朝阳", "chao-yang"),
            ("西藏", "xi-zang"),
            ("长春", "chang-chun"),
            ("重阳节敬老活动", "chong-yang-jie-jing-lao-huo-dong"),
            ("文明行动", "wen-ming-xing-dong"),
            ("会计", "kuai-ji"),
            ("调整调休调查", "tiao-zheng-tiao-xiu-diao-cha"),
            ("音乐快乐", "yin-yue-kuai-le"),
            ("重要重复", "zhong-yao-chong-fu"),
            ("长期成长局长", "chang-qi-cheng-zhang-ju-zhang"),
            ("还款", "huan-kuan"),
            ("都市", "du-shi"),
            ("单位单县", "dan-wei-shan-xian"),
            ("覆盖率", "fu-gai-lv"),
            ("率先", "shuai-xian"),
            ("角色", "jue-se"),
            ("参加人参", "can-jia-ren-shen"),
            ("规划数据", "gui-hua-shu-ju"),
            ("中奖", "zhong-jiang"),
            ("处理办事处", "chu-li-ban-shi-chu"),
            ("干部干净", "gan-bu-gan-jing"),
            ("应急应用响应", "ying-ji-ying-yong-xiang-ying"),
            ("传达传记", "chuan-da-zhuan-ji"),
            ("质量", "zhi-liang"),
            ("下降投降", "xia-jiang-tou-xiang"),
            ("广场工厂", "guang-chang-gong-chang"),
            ("绿色出行", "lv-se-chu-xing"),
            ("网站标识码", "wang-zhan-biao-zhi-ma"),
            ("光盘行动倡议书", "guang-pan-xing-dong-chang-yi-shu"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn a_word_is_not_seen_across_the_border_of_two_others() {
        for (text, expected) in [
            ("创建行动", "chuang-jian-xing-dong"),
            ("本行政区域", "ben-xing-zheng-qu-yu"),
            ("大会计划", "da-hui-ji-hua"),
            ("百余人参观", "bai-yu-ren-can-guan"),
            ("银行动态", "yin-hang-dong-tai"),
            ("部长期间", "bu-chang-qi-jian"),
            ("落实了解决方案", "luo-shi-le-jie-jue-fang-an"),
            ("发行业务", "fa-xing-ye-wu"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn every_phrase_has_a_syllable_for_each_character_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (word, reading) in PHRASES {
            assert_eq!(word.chars().count(), reading.split(' ').count(), "{word}");
            assert!(reading.bytes().all(|b| b.is_ascii_lowercase() || b == b' '), "{word}");
            assert!(seen.insert(word), "{word}");
        }
        assert!(PHRASES.len() >= 250);
    }

    #[test]
    fn latin_words_and_numbers_stay_and_the_rest_separates() {
        check("2026年节能宣传周", "2026-nian-jie-neng-xuan-chuan-zhou");
        check("COVID-19 防控", "covid-19-fang-kong");
        check("《Ｗｉｆｉ６》使用说明", "wifi6-shi-yong-shuo-ming");
        check("Café & don't", "cafe-dont");
        check("二〇二六", "er-ling-er-liu");
        check("面积100㎡", "mian-ji-100");
    }

    #[test]
    fn a_long_title_is_cut_at_a_syllable() {
        let title = "关于进一步加强全市机关事务管理系统精神文明建设工作的实施意见";
        let slug = slug(title, &BTreeMap::new());
        assert_eq!(slug, "guan-yu-jin-yi-bu-jia-qiang-quan-shi-ji-guan-shi-wu-guan-li");
        assert!(slug.len() <= LONGEST);
        check(&"a".repeat(500), &"a".repeat(60));
    }

    #[test]
    fn a_slug_is_never_empty() {
        for text in ["", "！！！", "——", "😀", "\u{200B}", "---"] {
            let slug = slug(text, &BTreeMap::new());
            assert!(slug.starts_with("p-") && slug.len() == 10, "{text}: {slug}");
        }
        assert_ne!(slug("！", &BTreeMap::new()), slug("？", &BTreeMap::new()));
    }

    #[test]
    fn the_dictionary_goes_before_all_else() {
        let dictionary = BTreeMap::from([("单".into(), "shan".into()), ("海珠区".into(), "Hai Zhu".into())]);
        assert_eq!(slug("海珠区单先生", &dictionary), "hai-zhu-shan-xian-sheng");
        assert_eq!(topic_slug("名单", &dictionary), "ming-dan");
        assert_eq!(slug("单位", &dictionary), "shan-wei");
    }

    #[test]
    fn file_names_in_ascii_become_their_own_slug() {
        assert_eq!(ascii_stem_slug("My_Report 2026 (final)").as_deref(), Some("my-report-2026-final"));
        assert_eq!(ascii_stem_slug("guang-pan").as_deref(), Some("guang-pan"));
        assert_eq!(ascii_stem_slug("通知"), None);
        assert_eq!(ascii_stem_slug("___"), None);
    }

    #[test]
    fn a_segment_of_an_author_is_taken_or_refused() {
        for good in ["guang-pan", "光盘行动", "v1.2", "a_b~c", "console"] {
            assert_eq!(clean_segment(good).as_deref(), Some(good));
        }
        assert_eq!(clean_segment(" e\u{301} ").as_deref(), Some("é"));
        for bad in [
            "", "a/b", "..", "a..b", ".git", "a.", "a b", "a\u{0}b", "a\\b", "a?b", "a%20b", "con", "NUL.txt", "com1",
            "a#b", "a:b",
        ] {
            assert_eq!(clean_segment(bad), None, "{bad}");
        }
        assert_eq!(clean_segment(&"长".repeat(100)), None);
    }

    #[test]
    fn a_hundred_thousand_characters_take_no_time() {
        let text = "重庆银行a".repeat(20_000);
        assert!(slug(&text, &BTreeMap::new()).starts_with("chong-qing-yin-hang-a-"));
    }
}
