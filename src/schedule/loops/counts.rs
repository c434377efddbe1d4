//! How often each item plays in a loop: by weight within one turn, with the minimum shares of the seconds by kind whenever
//! a loop of bounded length can meet them.
//!
//! A minimum share goes before weights, every item plays at least once, and what could not be kept is said.

use super::{MAX_TURNS, Rounded, Share, Shortfall};

/// Turns of each item, and what they could not do.
pub(super) struct Counts {
    pub(super) plays: Vec<u32>,
    pub(super) shortfalls: Vec<Shortfall>,
    pub(super) rounded: Option<Rounded>,
}

/// How often each item plays. `items` is not empty.
pub(super) fn counts(items: &[Share], minimum: &[(u32, f64)]) -> Counts {
    let weights: Vec<f64> = items.iter().map(|item| f64::from(item.weight.max(1))).collect();
    let present: Vec<(u32, f64)> =
        minimum.iter().copied().filter(|(kind, share)| *share > 0.0 && items.iter().any(|i| i.kind == *kind)).collect();
    let plain = by_weight(items, &weights);
    let (plays, rates) = match shortfalls(items, &plain, &present).is_empty() {
        true => (plain, weights),
        false => with_minimum(items, &weights, &present),
    };
    Counts { shortfalls: shortfalls(items, &plays, minimum), rounded: rounded(&plays, &rates), plays }
}

/// Turns with the minimum shares, and the rates that were aimed at.
fn with_minimum(items: &[Share], weights: &[f64], present: &[(u32, f64)]) -> (Vec<u32>, Vec<f64>) {
    let rates = rates(items, weights, present);
    let most = MAX_TURNS.max(items.len());
    // Small loops first: they are what an editor expects to see. Large sets are sampled.
    let step = ((most - items.len()) / 24).max(1).min(items.len().div_ceil(8));
    for turns in (items.len()..=most).step_by(step).take(48) {
        let plays = apportion(&rates, turns);
        if shortfalls(items, &plays, present).is_empty() {
            return (plays, rates);
        }
    }
    let roomy = items.len() + (most - items.len()) * 3 / 4;
    let by_rate = |kind: u32, plays: &[u32]| {
        let waits = |i: &usize| (f64::from(plays[*i]) + 0.5) / rates[*i];
        (0..items.len()).filter(|&i| items[i].kind == kind).min_by(|a, b| waits(a).total_cmp(&waits(b)))
    };
    let longest = |kind: u32, plays: &[u32]| {
        let of_kind = (0..items.len()).filter(|&i| items[i].kind == kind);
        of_kind.max_by_key(|&i| (items[i].seconds, std::cmp::Reverse((plays[i], i))))
    };
    let plays = raise(items, apportion(&rates, roomy), present, most, by_rate)
        .or_else(|| raise(items, vec![1; items.len()], present, most, by_rate))
        .or_else(|| raise(items, vec![1; items.len()], present, most, longest))
        .or_else(|| exactly(items, present, most))
        .unwrap_or_else(|| best_effort(items, &rates, present, most));
    (plays, rates)
}

/// The item that is furthest from its rate, when that is more than a turn.
fn rounded(plays: &[u32], rates: &[f64]) -> Option<Rounded> {
    let turns: f64 = plays.iter().map(|&plays| f64::from(plays)).sum();
    let total: f64 = rates.iter().sum();
    let off = |(item, (&got, rate)): (usize, (&u32, &f64))| {
        let due = rate * turns / total;
        let away = (f64::from(got) - due).abs();
        (away > 1.0 + TOLERANCE).then_some((away, Rounded { item, due, got, items: 0 }))
    };
    let all: Vec<(f64, Rounded)> = plays.iter().zip(rates).enumerate().filter_map(off).collect();
    let items = all.len();
    let (_, worst) = all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.item.cmp(&a.1.item)))?;
    Some(Rounded { items, ..worst })
}

/// Rounding of shares such as 0.1 + 0.2 must not look like a shortfall.
const TOLERANCE: f64 = 1e-9;

fn shortfalls(items: &[Share], plays: &[u32], minimum: &[(u32, f64)]) -> Vec<Shortfall> {
    let mut total = 0u64;
    let mut own = vec![0u64; minimum.len()];
    for (item, plays) in items.iter().zip(plays) {
        let seconds = u64::from(item.seconds) * u64::from(*plays);
        total += seconds;
        if let Some(at) = minimum.iter().position(|(kind, _)| *kind == item.kind) {
            own[at] += seconds;
        }
    }
    let share = |(&(kind, wanted), own): (&(u32, f64), u64)| Shortfall { kind, wanted, got: own as f64 / total as f64 };
    minimum.iter().zip(own).map(share).filter(|s| s.got + TOLERANCE < s.wanted).collect()
}

/// The weights themselves when the loop stays within its bounds, else scaled to them.
fn by_weight(items: &[Share], weights: &[f64]) -> Vec<u32> {
    let divisor = items.iter().fold(0, |divisor, item| greatest_common_divisor(divisor, item.weight.max(1)));
    let plays: Vec<u32> = items.iter().map(|item| item.weight.max(1) / divisor).collect();
    match plays.iter().map(|&plays| plays as usize).sum::<usize>() <= MAX_TURNS {
        true => plays,
        false => apportion(weights, MAX_TURNS.max(items.len())),
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Turns for each item per second of the loop, so that kinds with a minimum have at least that and the others share the
/// rest as their weights say.
fn rates(items: &[Share], weights: &[f64], minimum: &[(u32, f64)]) -> Vec<f64> {
    let mut kinds: Vec<u32> = items.iter().map(|item| item.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let natural = |kind: u32| -> f64 {
        items
            .iter()
            .zip(weights)
            .filter(|(item, _)| item.kind == kind)
            .map(|(item, w)| w * f64::from(item.seconds))
            .sum()
    };
    let least = |kind: u32| minimum.iter().find(|(k, _)| *k == kind).map_or(0.0, |(_, share)| *share);
    // Kinds that would get less than their minimum are fixed at it, until the others fit into what is left.
    let mut fixed: Vec<u32> = Vec::new();
    let share_of = |kind: u32, fixed: &[u32]| -> f64 {
        if fixed.contains(&kind) {
            return least(kind);
        }
        let taken: f64 = fixed.iter().map(|&kind| least(kind)).sum();
        let free: f64 = kinds.iter().filter(|kind| !fixed.contains(kind)).map(|&kind| natural(kind)).sum();
        (1.0 - taken).max(0.0) * natural(kind) / free
    };
    while let Some(&kind) =
        kinds.iter().find(|kind| !fixed.contains(kind) && share_of(**kind, &fixed) + TOLERANCE < least(**kind))
    {
        fixed.push(kind);
    }
    let rate = |(item, weight): (&Share, &f64)| weight * share_of(item.kind, &fixed) / natural(item.kind);
    items.iter().zip(weights).map(rate).collect()
}

/// Whole numbers of turns that add up to `turns` (or to the number of items): at least one each, and none more than one
/// away from its share of the rates whenever the ones leave room for that.
fn apportion(rates: &[f64], turns: usize) -> Vec<u32> {
    let total: f64 = rates.iter().sum();
    if total <= 0.0 {
        return vec![1; rates.len()];
    }
    let due: Vec<f64> = rates.iter().map(|rate| rate * turns as f64 / total).collect();
    let mut plays: Vec<u32> = due.iter().map(|due| ((due - 1.0).ceil() as u32).max(1)).collect();
    let mut given: usize = plays.iter().map(|&plays| plays as usize).sum();
    // What is left goes to those who lack most, at most one turn each.
    let lacks = |i: usize, plays: &[u32]| due[i] - f64::from(plays[i]);
    let mut by_lack: Vec<usize> = (0..rates.len()).collect();
    by_lack.sort_by(|&a, &b| lacks(b, &plays).total_cmp(&lacks(a, &plays)).then(a.cmp(&b)));
    for &i in by_lack.iter().take(turns.saturating_sub(given)) {
        plays[i] += 1;
    }
    // The ones took too much: those give who have most for their weight.
    while given > turns {
        let part = |i: &usize| due[*i] / f64::from(plays[*i]);
        let Some(i) = (0..rates.len()).filter(|&i| plays[i] > 1).min_by(|a, b| part(a).total_cmp(&part(b))) else {
            break;
        };
        plays[i] -= 1;
        given -= 1;
    }
    plays
}

/// Adds turns to the kind that lacks most, to the item that `pick` names, until the minimums are met; `None` past `most`
/// turns.
fn raise(
    items: &[Share],
    mut plays: Vec<u32>,
    minimum: &[(u32, f64)],
    most: usize,
    pick: impl Fn(u32, &[u32]) -> Option<usize>,
) -> Option<Vec<u32>> {
    let mut turns: usize = plays.iter().map(|&plays| plays as usize).sum();
    loop {
        let missing = shortfalls(items, &plays, minimum);
        let Some(worst) = missing.iter().max_by(|a, b| (a.wanted - a.got).total_cmp(&(b.wanted - b.got))) else {
            return Some(plays);
        };
        if turns >= most {
            return None;
        }
        let chosen = pick(worst.kind, &plays)?;
        plays[chosen] += 1;
        turns += 1;
    }
}

/// Nothing meets the minimums: the longest loop by the wanted rates, every item once at least.
fn best_effort(items: &[Share], rates: &[f64], minimum: &[(u32, f64)], most: usize) -> Vec<u32> {
    let asked: f64 = minimum.iter().map(|(_, share)| share).sum();
    let turns = if asked >= 1.0 - TOLERANCE { most.min(items.len() * 8).max(items.len()) } else { most };
    apportion(rates, turns)
}

/// Seconds that the search below adds to one kind at most, and steps that it takes: it is asked only when two or more
/// minimums leave hardly any room, and must not hold up a build.
const MOST_SECONDS: usize = 120_000;
const MOST_STEPS: u32 = 4_000_000;

/// Turns that meet minimums which leave so little room that only certain sums of seconds do, such as one half and one half.
///
/// A kind without a minimum plays once: more of it only takes from the others. For each length of the loop the least
/// seconds of each kind follow, what is left over is dealt out in every way, and for each kind the fewest turns that fill
/// exactly so many seconds are known.
fn exactly(items: &[Share], minimum: &[(u32, f64)], most: usize) -> Option<Vec<u32>> {
    let spare = most - items.len();
    let kinds: Vec<Filling> = minimum.iter().map(|(kind, _)| Filling::new(items, *kind, spare)).collect();
    let once: usize = items.iter().map(|item| item.seconds as usize).sum();
    let longest = once + kinds.iter().map(|kind| kind.fewest.len() - 1).sum::<usize>();
    let mut steps = MOST_STEPS;
    for seconds in once..=longest {
        let least = |(kind, (_, share)): (&Filling, &(u32, f64))| {
            let wanted = ((share - TOLERANCE) * seconds as f64).ceil().max(0.0) as usize;
            wanted.saturating_sub(kind.once)
        };
        let least: Vec<usize> = kinds.iter().zip(minimum).map(least).collect();
        let Some(left) = (seconds - once).checked_sub(least.iter().sum()) else { continue };
        if let Some(extra) = deal(&kinds, &least, left, spare, &mut steps) {
            let mut plays = vec![1; items.len()];
            kinds.iter().zip(extra).for_each(|(kind, extra)| kind.add(extra, &mut plays));
            if shortfalls(items, &plays, minimum).is_empty() {
                return Some(plays);
            }
        }
        if steps == 0 {
            return None;
        }
    }
    None
}

/// Seconds for each kind, beyond one turn of every item: at least `least`, `left` more in all, in at most `spare` turns.
fn deal(kinds: &[Filling], least: &[usize], left: usize, spare: usize, steps: &mut u32) -> Option<Vec<usize>> {
    let turns = |seconds: usize| kinds[0].fewest.get(seconds).copied().flatten().map(usize::from);
    if kinds.len() == 1 {
        let seconds = least[0] + left;
        return (turns(seconds)? <= spare).then(|| vec![seconds]);
    }
    for more in 0..=left {
        *steps = steps.checked_sub(1)?;
        let seconds = least[0] + more;
        if let Some(turns) = turns(seconds).filter(|turns| *turns <= spare)
            && let Some(mut rest) = deal(&kinds[1..], &least[1..], left - more, spare - turns, steps)
        {
            rest.insert(0, seconds);
            return Some(rest);
        }
    }
    None
}

/// The fewest turns by which the items of one kind fill exactly so many seconds.
struct Filling {
    /// Seconds of one turn of every item.
    once: usize,
    /// By seconds: the fewest turns, if these seconds can be filled.
    fewest: Vec<Option<u16>>,
    /// By seconds: the item of the last turn.
    last: Vec<usize>,
    seconds: Vec<u32>,
}

impl Filling {
    fn new(items: &[Share], kind: u32, spare: usize) -> Filling {
        let own: Vec<usize> = (0..items.len()).filter(|&i| items[i].kind == kind).collect();
        let seconds: Vec<u32> = items.iter().map(|item| item.seconds.max(1)).collect();
        let longest = own.iter().map(|&i| seconds[i] as usize).max().unwrap_or(0);
        let limit = (longest * spare).min(MOST_SECONDS);
        let mut fewest: Vec<Option<u16>> = vec![None; limit + 1];
        let mut last = vec![0; limit + 1];
        fewest[0] = Some(0);
        let mut different = own.clone();
        different.sort_by_key(|&i| (seconds[i], i));
        different.dedup_by_key(|i| seconds[*i]);
        for sum in 1..=limit {
            for &i in &different {
                let Some(before) = sum.checked_sub(seconds[i] as usize).and_then(|before| fewest[before]) else {
                    continue;
                };
                if fewest[sum].is_none_or(|turns| before + 1 < turns) {
                    fewest[sum] = Some(before + 1);
                    last[sum] = i;
                }
            }
        }
        Filling { once: own.iter().map(|&i| seconds[i] as usize).sum(), fewest, last, seconds }
    }

    /// Adds the turns that fill these seconds.
    fn add(&self, mut seconds: usize, plays: &mut [u32]) {
        while seconds > 0 {
            let item = self.last[seconds];
            plays[item] += 1;
            seconds -= self.seconds[item] as usize;
        }
    }
}
