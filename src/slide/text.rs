//! Fitting Chinese text: characters → units that stay whole → lines → the largest size that fits a box.
//!
//! Widths come from `typeface::Metrics`: of real fonts, or of a table in which a Han character is 1.0 em wide. Lines break by the rules of GB/T 15834 and CLREQ: no closing mark at a line start, no opening mark at a
//! line end, numbers with their units and Latin words whole.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_width::UnicodeWidthChar;

use crate::typeface::Metrics;

/// The width of a line in em.
pub fn width(text: &str, metrics: &dyn Metrics) -> f64 {
    let edges = metrics.between(None, text.chars().next()) + metrics.between(text.chars().last(), None);
    inner_width(text, metrics) + edges
}

/// The width of a text within a line.
fn inner_width(text: &str, metrics: &dyn Metrics) -> f64 {
    let pairs = text.chars().zip(text.chars().skip(1));
    let between: f64 = pairs.map(|(a, b)| metrics.between(Some(a), Some(b))).sum();
    text.chars().map(|c| metrics.advance(c)).sum::<f64>() + between
}

/// Han characters of a text; they decide how long it takes to read.
pub fn han_count(text: &str) -> u32 {
    u32::try_from(text.chars().filter(|&c| is_han(c)).count()).unwrap_or(u32::MAX)
}

/// True for Han characters, the rare planes included.
pub fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Marks that may not begin a line.
const NO_START: &str = "，。、；：？！…—·）》」』】〕〉”’％‰℃°!),.:;?]}%~～/";
/// Marks that may not end a line.
const NO_END: &str = "（《「『【〔〈“‘([{¥￥$#№第约";
/// What follows a number and belongs to it.
const UNITS: &str = "年月日时分秒点元角个人次位名株棵亩平顷里米升吨克斤千百万亿度瓦项条处只件张份台辆套间层栋楼号户家场期批组班天周岁倍成字米公℃%％‰";
/// Marks after which a line break reads naturally.
const PHRASE_END: &str = "，。；：？！、,;:?!";

/// A stretch of text that stays on one line.
#[derive(Clone, Debug, PartialEq)]
struct Unit {
    text: String,
    /// Width in em.
    width: f64,
    /// A space stood before it: written only when it does not begin a line.
    space: f64,
    /// What stands between it and the one before when it does not begin a line, with the space.
    gap: f64,
    /// A break after it is a good one.
    phrase_end: bool,
}

/// Cuts a text into units.
fn units(text: &str, metrics: &dyn Metrics) -> Vec<Unit> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
    let mut clusters: Vec<(String, bool)> = Vec::new();
    let mut space = false;
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            space = true;
            at += 1;
            continue;
        }
        let end = cluster_end(&chars, at);
        clusters.push((chars[at..end].iter().collect(), std::mem::take(&mut space)));
        at = end;
    }
    let mut units: Vec<Unit> = Vec::new();
    for (cluster, space) in clusters {
        let glued = !space && units.last().is_some_and(|last| glue(&last.text, &cluster));
        match units.last_mut().filter(|_| glued) {
            Some(last) => last.text.push_str(&cluster),
            None => {
                let space = if space { 0.31 } else { 0.0 };
                units.push(Unit { text: cluster, width: 0.0, space, gap: space, phrase_end: false })
            }
        }
    }
    let next_spaces: Vec<bool> = units.iter().skip(1).map(|unit| unit.space > 0.0).chain([true]).collect();
    let mut before: Option<char> = None;
    for (unit, spaced) in units.iter_mut().zip(next_spaces) {
        if let Some(before) = before.filter(|_| unit.space == 0.0) {
            unit.gap = metrics.between(Some(before), unit.text.chars().next());
        }
        before = unit.text.chars().last();
        unit.width = inner_width(&unit.text, metrics);
        unit.phrase_end = spaced || unit.text.ends_with(|c| PHRASE_END.contains(c));
    }
    units
}

/// The end of the run of Latin letters, digits and what joins them that begins at `start`; one character otherwise.
fn cluster_end(chars: &[char], start: usize) -> usize {
    let word = |c: char| c.is_alphanumeric() && c.width() != Some(2);
    if !word(chars[start]) {
        // A pair of dashes or of dots is one mark.
        let pair = matches!(chars[start], '—' | '…') && chars.get(start + 1) == Some(&chars[start]);
        return start + if pair { 2 } else { 1 };
    }
    let mut end = start + 1;
    while end < chars.len() {
        let joins = ".,:：/-_@+×".contains(chars[end]) && chars.get(end + 1).is_some_and(|&c| word(c));
        if !word(chars[end]) && !joins {
            break;
        }
        end += 1;
    }
    // A number keeps its unit of one or two characters: 2400株, 20℃, 15厘米.
    if chars[end - 1].is_ascii_digit() {
        let two = chars.get(end).is_some_and(|c| "厘毫千公平分".contains(*c));
        let unit = |at: usize| chars.get(at).is_some_and(|c| UNITS.contains(*c));
        if two && unit(end + 1) {
            return end + 2;
        }
        if unit(end) {
            return end + 1;
        }
    }
    end
}

/// True when no line may break between the two.
fn glue(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().last(), after.chars().next()) else { return false };
    // A date stays whole: 2026年9月1日.
    let date = matches!(last, '年' | '月') && first.is_ascii_digit() && before.chars().any(|c| c.is_ascii_digit());
    NO_START.contains(first) || NO_END.contains(last) || date
}

/// Lines and the size at which they are set.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Font size in pixels.
    pub size: f64,
    /// In order, without spaces at their ends.
    pub lines: Vec<String>,
    /// Width of the widest line in pixels.
    pub width: f64,
    /// Height of all lines in pixels, the last without its leading.
    pub height: f64,
}

/// What a text must fit.
#[derive(Clone, Copy, Debug)]
pub struct TextBox {
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
    /// At most this many lines.
    pub lines: usize,
    /// Smallest legible size.
    pub smallest: f64,
    /// Largest size that looks right.
    pub largest: f64,
    /// Distance of baselines as a multiple of the size.
    pub leading: f64,
    /// Extra space between characters in em.
    pub tracking: f64,
}

impl TextBox {
    fn height_of(&self, lines: usize, size: f64) -> f64 {
        size * (1.0 + self.leading * (lines.max(1) - 1) as f64)
    }

    fn fits(&self, lines: &[String], size: f64, metrics: &dyn Metrics) -> bool {
        lines.len() <= self.lines
            && self.height_of(lines.len(), size) <= self.height + 0.01
            && lines.iter().all(|line| self.line_width(line, size, metrics) <= self.width + 0.01)
    }

    fn line_width(&self, line: &str, size: f64, metrics: &dyn Metrics) -> f64 {
        let gaps = line.chars().count().saturating_sub(1) as f64;
        size * (width(line, metrics) + gaps * self.tracking)
    }

    fn fitted(&self, lines: Vec<String>, size: f64, metrics: &dyn Metrics) -> Fitted {
        let width = lines.iter().map(|line| self.line_width(line, size, metrics)).fold(0.0, f64::max);
        Fitted { size, width, height: self.height_of(lines.len(), size), lines }
    }

    /// Whole pixels from the largest to the smallest: the largest at which `lines_at(size)` fits.
    fn largest_fit(&self, metrics: &dyn Metrics, lines_at: impl Fn(f64) -> Vec<String>) -> Option<Fitted> {
        let (mut low, mut high) = (self.smallest.ceil() as u32, self.largest.max(self.smallest).floor() as u32);
        let fits = |size: u32| self.fits(&lines_at(f64::from(size)), f64::from(size), metrics);
        if low > high || !fits(low) {
            return None;
        }
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match fits(middle) {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        let size = f64::from(low);
        Some(self.fitted(lines_at(size), size, metrics))
    }
}

/// A running text at the largest size that fits, its lines balanced. `None` when it is illegible in this box.
pub fn fit(text: &str, area: &TextBox, metrics: &dyn Metrics) -> Option<Fitted> {
    let units = units(text, metrics);
    let fitted = area.largest_fit(metrics, |size| wrap(&units, area.width / size, area.tracking))?;
    // A sentence or two reads better in whole phrases, even a little smaller.
    if (2..=3).contains(&fitted.lines.len()) {
        let phrases = phrases(&units);
        let whole = area.largest_fit(metrics, |size| wrap(&phrases, area.width / size, area.tracking));
        if let Some(whole) = whole.filter(|whole| whole.size >= 0.76 * fitted.size) {
            let lines = balance(&phrases, area.width / whole.size, whole.lines.len(), area.tracking);
            return Some(area.fitted(lines.map_or(whole.lines, |found| found.lines), whole.size, metrics));
        }
    }
    let at = |size: f64| balance(&units, area.width / size, fitted.lines.len(), area.tracking);
    let Some(largest) = at(fitted.size) else { return Some(fitted) };
    // Lines that are full to the brim tear words; a little smaller, they need not.
    let least = area.smallest.max(0.85 * fitted.size);
    let sizes = (1..).map(|less| fitted.size - f64::from(less)).take_while(|size| *size >= least);
    let mut best = (largest, fitted.size);
    for size in sizes {
        if best.0.worst < TORN {
            break;
        }
        if let Some(found) = at(size).filter(|found| found.worst < best.0.worst) {
            best = (found, size);
        }
    }
    Some(area.fitted(best.0.lines, best.1, metrics))
}

/// Units joined up to the end of each phrase.
fn phrases(units: &[Unit]) -> Vec<Unit> {
    let mut joined: Vec<Unit> = Vec::new();
    for unit in units {
        match joined.last_mut().filter(|last| !last.phrase_end) {
            Some(last) => {
                last.width += unit.gap + unit.width;
                if unit.space > 0.0 {
                    last.text.push(' ');
                }
                last.text.push_str(&unit.text);
                last.phrase_end = unit.phrase_end;
            }
            None => joined.push(unit.clone()),
        }
    }
    joined
}

/// A slogan: the author's lines, then its spaces, then anywhere that is allowed. A finer division is taken only when it
/// makes the text much larger. `None` when even that is illegible.
pub fn fit_phrases(phrases: &[String], area: &TextBox, metrics: &dyn Metrics) -> Option<Fitted> {
    let whole = phrases.to_vec();
    let split: Vec<String> = phrases.iter().flat_map(|p| p.split_whitespace()).map(str::to_string).collect();
    let as_written = area.largest_fit(metrics, |_| whole.clone());
    let at_spaces = area.largest_fit(metrics, |_| split.clone());
    let phrase_units: Vec<Vec<Unit>> = phrases.iter().map(|phrase| units(phrase, metrics)).collect();
    let broken = area.largest_fit(metrics, |size| {
        phrase_units.iter().flat_map(|units| wrap(units, area.width / size, area.tracking)).collect()
    });
    let mut best = as_written;
    // A phrase of more than ten characters is long for one breath: it may break sooner.
    let longest = phrases.iter().map(|phrase| width(phrase, metrics)).fold(0.0, f64::max);
    let inside = if longest > 10.5 { 1.5 } else { 2.4 };
    for (finer, gain) in [(at_spaces, 1.3), (broken, inside)] {
        best = match (best, finer) {
            (Some(best), Some(finer)) if finer.size > best.size * gain => Some(finer),
            (None, finer) => finer,
            (best, _) => best,
        };
    }
    best.map(|best| rebalance(best, &phrase_units, area, metrics))
}

/// Lines that were broken inside a phrase are evened out within it.
fn rebalance(fitted: Fitted, phrases: &[Vec<Unit>], area: &TextBox, metrics: &dyn Metrics) -> Fitted {
    let mut lines = Vec::new();
    for units in phrases {
        let greedy = wrap(units, area.width / fitted.size, area.tracking);
        let balanced = balance(units, area.width / fitted.size, greedy.len(), area.tracking);
        lines.extend(balanced.map_or(greedy, |found| found.lines));
    }
    if lines.len() == fitted.lines.len() && lines != fitted.lines {
        area.fitted(lines, fitted.size, metrics)
    } else {
        fitted
    }
}

/// The pages of a long text at one size: each at most `area.lines` lines.
pub fn paginate(text: &str, size: f64, area: &TextBox, metrics: &dyn Metrics) -> Vec<Fitted> {
    let limit = area.width / size;
    let cut = |unit: Unit| -> Vec<Unit> {
        if unit.width <= limit {
            return vec![unit];
        }
        // A web address may be longer than a line; here it may break anywhere rather than run out of the picture.
        let piece =
            |c: char| Unit { text: c.into(), width: metrics.advance(c), space: 0.0, gap: 0.0, phrase_end: false };
        unit.text.chars().map(piece).collect()
    };
    let units: Vec<Unit> = units(text, metrics).into_iter().flat_map(cut).collect();
    let lines = wrap(&units, limit, area.tracking);
    let fit = ((area.height / size - 1.0) / area.leading + 1.001).floor().max(1.0) as usize;
    let most = area.lines.min(fit).max(1);
    // Whole words; and where a page is one line, a single character at the end would be a page.
    let lines = balance(&units, limit, lines.len(), area.tracking).map_or(lines, |found| found.lines);
    // Pages of nearly the same length, so that the last is not a single line.
    let pages = lines.len().div_ceil(most).max(1);
    let each = lines.len().div_ceil(pages).max(1);
    lines.chunks(each).map(|lines| area.fitted(lines.to_vec(), size, metrics)).collect()
}

/// Breaks greedily into lines of at most `limit` em; only a single unit that is wider than that stands over.
fn wrap(units: &[Unit], limit: f64, tracking: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut filled = 0.0;
    for unit in units {
        let own = unit.width + tracking * unit.text.chars().count() as f64;
        match lines.last_mut() {
            Some(line) if filled + unit.gap + own - tracking <= limit + 1e-6 => {
                if unit.space > 0.0 {
                    line.push(' ');
                }
                line.push_str(&unit.text);
                filled += unit.gap + own;
            }
            _ => {
                lines.push(unit.text.clone());
                filled = own;
            }
        }
    }
    lines
}

/// Lines, and the cost of the worst break between them.
struct Balanced {
    lines: Vec<String>,
    worst: f64,
}

/// Breaks into exactly `count` lines of at most `limit` em, as even as possible, at phrase ends where that costs little.
fn balance(units: &[Unit], limit: f64, count: usize, tracking: f64) -> Option<Balanced> {
    const MOST_UNITS: usize = 400;
    if count < 2 || units.len() > MOST_UNITS {
        return None;
    }
    // Widths and gaps of the units before each, so that a line's width is a difference.
    let mut sums = vec![(0.0, 0.0)];
    for unit in units {
        let (width, space) = sums.last().copied().unwrap_or_default();
        sums.push((width + unit.width + tracking * unit.text.chars().count() as f64, space + unit.gap));
    }
    let line_width = |from: usize, until: usize| -> f64 {
        sums[until].0 - sums[from].0 + (sums[until].1 - sums[from + 1].1) - tracking
    };
    let target = line_width(0, units.len()) / count as f64;
    let costs = break_costs(units);
    // best[k][i]: least cost of the first i units in k lines, and where the last of them begins.
    let mut best = vec![vec![(f64::INFINITY, 0usize); units.len() + 1]; count + 1];
    best[0][0] = (0.0, 0);
    for lines in 1..=count {
        for until in lines..=units.len() {
            let mut from = until;
            while from > lines - 1 {
                from -= 1;
                let width = line_width(from, until);
                if width > limit + 1e-6 {
                    break;
                }
                let uneven = (width - target) / target.max(1.0);
                let cost = best[lines - 1][from].0 + uneven * uneven + costs[until];
                if cost < best[lines][until].0 {
                    best[lines][until] = (cost, from);
                }
            }
        }
    }
    if !best[count][units.len()].0.is_finite() {
        return None;
    }
    let mut lines = Vec::new();
    let mut until = units.len();
    let mut worst = 0.0;
    for k in (1..=count).rev() {
        let from = best[k][until].1;
        lines.push(join(&units[from..until]));
        worst = costs[from].max(worst);
        until = from;
    }
    lines.reverse();
    Some(Balanced { lines, worst })
}

/// What a break costs that tears a word, or something in quotation marks.
const TORN: f64 = 0.5;

/// What it costs to break before each unit and after the last: nothing at the end of a phrase, much inside a word.
fn break_costs(units: &[Unit]) -> Vec<f64> {
    let mut open = 0;
    let mut costs = vec![0.0];
    for (at, unit) in units.iter().enumerate() {
        open += unit.text.chars().filter(|&c| "“《（‘【".contains(c)).count();
        open = open.saturating_sub(unit.text.chars().filter(|&c| "”》）’】".contains(c)).count());
        costs.push(match units.get(at + 1) {
            Some(next) if !unit.phrase_end => break_cost(unit, next, open > 0),
            _ => 0.0,
        });
    }
    costs
}

fn break_cost(before: &Unit, after: &Unit, is_quoted: bool) -> f64 {
    // Words in quotation marks or brackets stay together if there is another way.
    let quoted = if is_quoted { TORN } else { 0.0 };
    let in_words = match (before.text.chars().next_back(), after.text.chars().next()) {
        (Some(last), Some(first)) if PAIRS.contains(&(last, first)) => 0.6,
        // 的 and 和 belong to what stands before and after them.
        (Some('和' | '与' | '及' | '、'), _) | (_, Some('的' | '了' | '等')) => 0.3,
        (Some('的' | '于' | '对'), _) | (_, Some('和' | '与' | '及')) => 0.05,
        _ => 0.12,
    };
    quoted + in_words
}

/// Neighbours in `WORDS`.
static PAIRS: LazyLock<BTreeSet<(char, char)>> =
    LazyLock::new(|| WORDS.iter().flat_map(|word| word.chars().zip(word.chars().skip(1))).collect());

/// Words of titles of offices that must not be torn if there is another way: a line break can't know all words of the
/// language, but these are nine tenths of what notices and reports are called.
const WORDS: [&str; 145] = [
    "进一步",
    "加强",
    "加快",
    "推进",
    "提升",
    "确保",
    "不高于",
    "不低于",
    "高于",
    "低于",
    "不超过",
    "超过",
    "委员会",
    "办公室",
    "办公区",
    "后勤",
    "爱国",
    "运动",
    "生态",
    "环境",
    "联合",
    "紧急通知",
    "供水",
    "管道",
    "阀门",
    "整改",
    "资源",
    "关于",
    "通知",
    "公告",
    "通报",
    "工作",
    "管理",
    "安全",
    "检查",
    "临时",
    "停水",
    "停电",
    "办公",
    "公共",
    "机构",
    "节能",
    "节约",
    "能源",
    "冬季",
    "夏季",
    "春季",
    "秋季",
    "供暖",
    "期间",
    "用电",
    "用火",
    "有关",
    "事项",
    "紧急",
    "开展",
    "活动",
    "干部",
    "职工",
    "参加",
    "义务",
    "植树",
    "压沙",
    "志愿",
    "服务",
    "文明",
    "奉献",
    "友爱",
    "互助",
    "进步",
    "精神",
    "人人",
    "处处",
    "时时",
    "感恩",
    "我们",
    "城市",
    "更加",
    "美好",
    "示例市",
    "机关",
    "事务",
    "管理局",
    "场所",
    "吸烟",
    "烟头",
    "落地",
    "光盘",
    "行动",
    "厉行",
    "反对",
    "浪费",
    "垃圾",
    "分类",
    "绿色",
    "出行",
    "低碳",
    "生活",
    "卫生",
    "整治",
    "创建",
    "单位",
    "中心",
    "科室",
    "部门",
    "人员",
    "时间",
    "地点",
    "安排",
    "节日",
    "假期",
    "值班",
    "国庆",
    "中秋",
    "春节",
    "元旦",
    "清明",
    "端午",
    "食堂",
    "会议",
    "学习",
    "培训",
    "演练",
    "消防",
    "疏散",
    "车辆",
    "驾驶",
    "宣传",
    "教育",
    "慰问",
    "退休",
    "老人",
    "儿童",
    "社区",
    "基地",
    "参观",
    "走访",
    "评比",
    "公示",
    "名单",
    "资产",
    "处置",
    "方案",
    "做好",
    "今冬",
];

fn join(units: &[Unit]) -> String {
    let mut line = String::new();
    for (i, unit) in units.iter().enumerate() {
        if i > 0 && unit.space > 0.0 {
            line.push(' ');
        }
        line.push_str(&unit.text);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeface::Table;
    use proptest::prelude::*;

    fn area(width: f64, height: f64, lines: usize) -> TextBox {
        TextBox { width, height, lines, smallest: 10.0, largest: 100.0, leading: 1.25, tracking: 0.0 }
    }

    fn check_units(text: &str, expected: &[&str]) {
        let found: Vec<String> = units(text, &Table).into_iter().map(|unit| unit.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_keep_their_units_and_words_stay_whole() {
        check_units("栽梭梭2400株", &["栽", "梭", "梭", "2400株"]);
        check_units("不高于20℃，关窗", &["不", "高", "于", "20℃，", "关", "窗"]);
        check_units("2026年9月1日14:00起", &["2026年9月1日", "14:00", "起"]);
        check_units("露出15厘米左右", &["露", "出", "15厘米", "左", "右"]);
        check_units("使用Wi-Fi 6网络", &["使", "用", "Wi-Fi", "6", "网", "络"]);
        check_units("第3期", &["第3期"]);
    }

    #[test]
    fn closing_marks_stay_with_what_they_close_and_opening_ones_with_what_follows() {
        check_units("讲“文明”，树新风。", &["讲", "“文", "明”，", "树", "新", "风。"]);
        check_units("《条例》（试行）", &["《条", "例》", "（试", "行）"]);
        check_units("为了——明天", &["为", "了——", "明", "天"]);
    }

    #[test]
    fn a_text_takes_the_largest_size_at_which_it_fits() {
        let found = fit("讲文明树新风", &area(300.0, 200.0, 1), &Table).map(|f| (f.size, f.lines));
        assert_eq!(found, Some((50.0, vec!["讲文明树新风".to_string()])));
        let found = fit("讲文明树新风", &area(300.0, 300.0, 2), &Table).map(|f| (f.size, f.lines));
        assert_eq!(found, Some((100.0, vec!["讲文明".to_string(), "树新风".to_string()])));
    }

    #[test]
    fn lines_are_balanced_and_prefer_phrase_ends() {
        let found = fit("少取一勺不嫌少，吃净一碗正正好。", &area(1100.0, 250.0, 2), &Table).map(|f| f.lines);
        assert_eq!(found, Some(vec!["少取一勺不嫌少，".to_string(), "吃净一碗正正好。".to_string()]));
    }

    #[test]
    fn a_title_is_a_little_smaller_rather_than_torn_inside_a_word() {
        let found = fit("关于公共机构节能工作的通知书", &area(700.0, 230.0, 2), &Table);
        // At 100 both lines would be full: 关于公共机构节｜能工作的通知书
        let lines = ["关于公共机构节能", "工作的通知书"].map(str::to_string).to_vec();
        assert_eq!(found.map(|f| (f.size, f.lines)), Some((87.0, lines)));
        // Where even that does not help, size goes before words.
        let found = fit("公共机构节能", &area(300.0, 230.0, 2), &Table);
        assert_eq!(found.map(|f| f.size), Some(100.0));
    }

    #[test]
    fn a_slogan_breaks_where_its_author_broke_it() {
        let phrases = ["光盘行动".to_string(), "从这一餐做起".to_string()];
        assert_eq!(fit_phrases(&phrases, &area(900.0, 300.0, 3), &Table).map(|f| f.lines), Some(phrases.to_vec()));
        let phrases = ["讲文明 树新风".to_string()];
        let found = fit_phrases(&phrases, &area(300.0, 800.0, 4), &Table).map(|f| f.lines);
        assert_eq!(found, Some(vec!["讲文明".to_string(), "树新风".to_string()]));
    }

    #[test]
    fn what_does_not_fit_legibly_is_refused_not_shrunk() {
        assert_eq!(fit(&"字".repeat(500), &area(300.0, 100.0, 3), &Table), None);
        assert_eq!(fit_phrases(&["字".repeat(500)], &area(300.0, 100.0, 3), &Table), None);
    }

    #[test]
    fn pages_are_of_even_length() {
        let pages = paginate(&"字".repeat(50), 10.0, &area(100.0, 50.0, 4), &Table);
        assert_eq!(pages.iter().map(|page| page.lines.len()).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn a_long_text_takes_bounded_time() {
        let text = "公共机构节约能源，从我做起。".repeat(20_000);
        assert_eq!(fit(&text, &area(1000.0, 500.0, 4), &Table), None);
        assert!(paginate(&text, 20.0, &area(1000.0, 500.0, 4), &Table).len() > 1000);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_or_begins_or_ends_wrongly(text in "[一-十a-c0-9，。“”（）《》、 ]{1,60}", width in 120.0f64..900.0) {
            let area = area(width, 400.0, 8);
            if let Some(found) = fit(&text, &area, &Table) {
                prop_assert!(found.width <= width + 0.02);
                prop_assert!(found.height <= 400.02);
                let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert_eq!(plain(&found.lines.concat()), plain(&text));
                for (i, line) in found.lines.iter().enumerate() {
                    prop_assert!(!line.is_empty());
                    let spaced = |c: char| text.contains(&format!(" {c}"));
                    let first = line.chars().next().unwrap_or(' ');
                    prop_assert!(i == 0 || !NO_START.contains(first) || spaced(first), "{:?}", found.lines);
                }
            }
        }
    }
}
