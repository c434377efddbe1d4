//! A set of eligible items → the order in which they play.
//!
//! How often: in proportion to weight, then more for the kinds that must have a share of the seconds. In which order: the
//! turn goes to the kind, and in it to the item, that has waited most for its share, as long as the rest can still be
//! placed without a repeat. The result depends on the arguments alone.

use std::collections::BTreeSet;

/// Most turns in a loop, unless there are more items than that.
pub const MAX_TURNS: usize = 1000;

/// An item as a loop sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    /// Which kind, as a small number of the caller's.
    pub kind: u32,
    /// 1 to 10.
    pub weight: u32,
    /// Seconds of one turn with all its slides, at least 1.
    pub seconds: u32,
}

/// A minimum that no loop of these items can meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortfall {
    /// Which kind.
    pub kind: u32,
    /// Share of the seconds that was asked for.
    pub wanted: f64,
    /// Share that it has.
    pub got: f64,
}

/// An order of turns, by index of the items, and what it could not do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// Index of the item for each turn.
    pub turns: Vec<usize>,
    /// Minimum shares that are not met.
    pub shortfalls: Vec<Shortfall>,
}

/// Arranges the items so that every one plays, by weight, with these minimum shares of the seconds by kind.
pub fn arrange(items: &[Share], minimum: &[(u32, f64)]) -> Arrangement {
    if items.is_empty() {
        return Arrangement::default();
    }
    let plays = plays(items, minimum);
    let shortfalls = shortfalls(items, &plays, minimum);
    Arrangement { turns: order(items, &plays), shortfalls }
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

/// How often each item plays in the loop.
fn plays(items: &[Share], minimum: &[(u32, f64)]) -> Vec<u32> {
    let weights: Vec<f64> = items.iter().map(|item| f64::from(item.weight.max(1))).collect();
    let plain = by_weight(items, &weights);
    let present: Vec<(u32, f64)> =
        minimum.iter().copied().filter(|(kind, share)| *share > 0.0 && items.iter().any(|i| i.kind == *kind)).collect();
    if shortfalls(items, &plain, &present).is_empty() {
        return plain;
    }
    let rates = rates(items, &weights, &present);
    let most = MAX_TURNS.max(items.len());
    // Small loops first: they are what an editor expects to see. Large sets are sampled.
    let step = ((most - items.len()) / 24).max(1).min(items.len().div_ceil(8));
    for turns in (items.len()..=most).step_by(step).take(48) {
        let plays = apportion(&rates, turns);
        if shortfalls(items, &plays, &present).is_empty() {
            return plays;
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
    raise(items, apportion(&rates, roomy), &present, most, by_rate)
        .or_else(|| raise(items, vec![1; items.len()], &present, most, by_rate))
        .or_else(|| raise(items, vec![1; items.len()], &present, most, longest))
        .unwrap_or_else(|| best_effort(items, &rates, &present, most))
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

/// Whole numbers of turns, at least one each, that add up to `turns` (or to the number of items) in proportion to the
/// rates: largest remainders.
fn apportion(rates: &[f64], turns: usize) -> Vec<u32> {
    let total: f64 = rates.iter().sum();
    if total <= 0.0 {
        return vec![1; rates.len()];
    }
    let quota = |rate: f64, seats: f64, total: f64| rate * seats / total;
    // Items that are due less than one turn get one; the rest is shared by the others.
    let mut single = vec![false; rates.len()];
    let (mut seats, mut total) = (turns as f64, total);
    loop {
        let more: Vec<usize> =
            (0..rates.len()).filter(|&i| !single[i] && quota(rates[i], seats, total) <= 1.0).collect();
        if more.is_empty() {
            break;
        }
        for i in more {
            single[i] = true;
            seats -= 1.0;
            total -= rates[i];
        }
    }
    let mut plays: Vec<u32> = vec![1; rates.len()];
    let mut remainders: Vec<(f64, usize)> = Vec::new();
    for i in (0..rates.len()).filter(|&i| !single[i]) {
        let due = quota(rates[i], seats, total);
        plays[i] = due.floor() as u32;
        remainders.push((due.fract(), i));
    }
    let given: usize = plays.iter().map(|&plays| plays as usize).sum();
    remainders.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, i) in remainders.into_iter().take(turns.saturating_sub(given)) {
        plays[i] += 1;
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

/// The order of turns: `plays[i]` turns of item i, no item next to itself if that can be, the wrap-around included.
fn order(items: &[Share], plays: &[u32]) -> Vec<usize> {
    let total: usize = plays.iter().map(|&plays| plays as usize).sum();
    let most = (0..plays.len()).max_by_key(|&i| (plays[i], std::cmp::Reverse(i))).unwrap_or(0);
    match 2 * plays[most] as usize > total {
        true => around(items, plays, most),
        false => apart(items, plays),
    }
}

/// One item has more than half of the turns, so it must follow itself: the others stand alone between its turns, which
/// are spread evenly.
fn around(items: &[Share], plays: &[u32], most: usize) -> Vec<usize> {
    let mut others = plays.to_vec();
    others[most] = 0;
    let between = apart(items, &others);
    if between.is_empty() {
        return vec![most; plays[most] as usize];
    }
    let (turns, gaps) = (plays[most] as usize, between.len());
    let mut found = Vec::with_capacity(turns + gaps);
    for (gap, &other) in between.iter().enumerate() {
        let run = turns * (gap + 1) / gaps - turns * gap / gaps;
        found.extend(std::iter::repeat_n(most, run));
        found.push(other);
    }
    found
}

/// Turns for the kind with most credit, in it for the item whose turn is due first, with a guard that keeps what is left
/// placeable without a repeat whenever that is possible at all.
fn apart(items: &[Share], plays: &[u32]) -> Vec<usize> {
    let total: usize = plays.iter().map(|&plays| plays as usize).sum();
    let mut kinds: Vec<u32> = items.iter().map(|item| item.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kind_of: Vec<usize> = items.iter().map(|item| kinds.binary_search(&item.kind).unwrap_or(0)).collect();
    let mut kind_plays = vec![0i64; kinds.len()];
    let mut due: Vec<BTreeSet<(u64, usize)>> = vec![BTreeSet::new(); kinds.len()];
    for (i, &count) in plays.iter().enumerate().filter(|(_, count)| **count > 0) {
        kind_plays[kind_of[i]] += i64::from(count);
        due[kind_of[i]].insert((due_at(0, count), i));
    }
    let mut credit = vec![0i64; kinds.len()];
    let mut left: Vec<usize> = plays.iter().map(|&plays| plays as usize).collect();
    let mut most: BTreeSet<(usize, usize)> = left.iter().copied().enumerate().map(|(i, left)| (left, i)).collect();
    let mut turns: Vec<usize> = Vec::with_capacity(total);
    let mut by_credit: Vec<usize> = (0..kinds.len()).collect();
    while turns.len() < total {
        (0..kinds.len()).for_each(|kind| credit[kind] += kind_plays[kind]);
        by_credit.sort_by_key(|&kind| (std::cmp::Reverse(credit[kind]), kind));
        let guard = Guard::new(&most, &left, &turns, total);
        let first = |fits: &dyn Fn(usize) -> bool| {
            by_credit.iter().find_map(|&kind| due[kind].iter().find(|(_, i)| fits(*i)).map(|(_, i)| *i))
        };
        let chosen = first(&|i| guard.allows(i, left[i])).or_else(|| first(&|i| guard.previous != Some(i)));
        let Some(item) = chosen.or_else(|| first(&|_| true)) else { break };
        let kind = kind_of[item];
        credit[kind] -= i64::try_from(total).unwrap_or(i64::MAX);
        let done = plays[item] as usize - left[item];
        due[kind].remove(&(due_at(done, plays[item]), item));
        most.remove(&(left[item], item));
        left[item] -= 1;
        most.insert((left[item], item));
        if left[item] > 0 {
            due[kind].insert((due_at(done + 1, plays[item]), item));
        }
        turns.push(item);
    }
    turns
}

/// When the turn after `done` others is due, as a share of the loop in fixed point: the middle of its part.
fn due_at(done: usize, plays: u32) -> u64 {
    ((2 * done as u64 + 1) << 32) / (2 * u64::from(plays))
}

/// Says whether the turns that are left can still be placed after a choice.
///
/// After item `i` goes, r turns are left in a row whose left neighbour is `i` and whose right neighbour is the first turn
/// of the loop. An item fits in it at most ceil(s / 2) times without touching itself, where s is r less one for each end
/// at which it stands itself.
struct Guard {
    previous: Option<usize>,
    first: Option<usize>,
    after: usize,
    /// The three items with most turns left: enough to know the largest besides `i` and the first.
    largest: [(usize, usize); 3],
    first_left: usize,
}

impl Guard {
    fn new(most: &BTreeSet<(usize, usize)>, left: &[usize], turns: &[usize], total: usize) -> Guard {
        let mut largest = [(0, usize::MAX); 3];
        for (place, found) in largest.iter_mut().zip(most.iter().rev()) {
            *place = *found;
        }
        let first = turns.first().copied();
        Guard {
            previous: turns.last().copied(),
            first,
            after: total - turns.len() - 1,
            largest,
            first_left: first.map_or(0, |first| left[first]),
        }
    }

    fn allows(&self, item: usize, left: usize) -> bool {
        let first = self.first.unwrap_or(item);
        if self.previous == Some(item) || (self.after == 0 && first == item && self.previous.is_some()) {
            return false;
        }
        let room = |ends: usize| self.after.saturating_sub(ends).div_ceil(2);
        let others = self.largest.iter().find(|(_, i)| *i != item && *i != first).map_or(0, |(count, _)| *count);
        let own_ends = if item == first { 2 } else { 1 };
        others <= room(0) && left - 1 <= room(own_ends) && (item == first || self.first_left <= room(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(kind: u32, weight: u32, seconds: u32) -> Share {
        Share { kind, weight, seconds }
    }

    fn repeats(turns: &[usize]) -> usize {
        (0..turns.len()).filter(|&i| turns.len() > 1 && turns[i] == turns[(i + 1) % turns.len()]).count()
    }

    fn count(turns: &[usize], items: usize) -> Vec<usize> {
        (0..items).map(|i| turns.iter().filter(|&&turn| turn == i).count()).collect()
    }

    #[test]
    fn items_play_as_often_as_their_weights_say() {
        let items = [share(0, 3, 10), share(0, 1, 10), share(1, 2, 10)];
        let found = arrange(&items, &[]);
        assert_eq!(count(&found.turns, 3), [3, 1, 2]);
        assert_eq!(repeats(&found.turns), 0);
    }

    #[test]
    fn kinds_are_interleaved() {
        let items = [share(0, 1, 10), share(0, 1, 10), share(1, 1, 10), share(1, 1, 10)];
        let kinds: Vec<u32> = arrange(&items, &[]).turns.iter().map(|&i| items[i].kind).collect();
        assert_eq!(kinds, [0, 1, 0, 1]);
    }

    #[test]
    fn a_minimum_share_is_of_the_seconds() {
        let items = [share(0, 1, 10), share(0, 1, 10), share(1, 1, 30), share(1, 1, 30)];
        let found = arrange(&items, &[(0, 0.5)]);
        assert_eq!(found.shortfalls, []);
        let counts = count(&found.turns, 4);
        assert!(10 * (counts[0] + counts[1]) >= 30 * (counts[2] + counts[3]), "{counts:?}");
    }

    #[test]
    fn a_share_that_no_loop_can_meet_is_reported_with_what_it_got() {
        let items = [share(0, 1, 10), share(1, 1, 10)];
        let found = arrange(&items, &[(0, 0.7), (1, 0.7)]);
        assert!(!found.shortfalls.is_empty());
        let absent = arrange(&items, &[(2, 0.5)]);
        assert_eq!(absent.shortfalls, [Shortfall { kind: 2, wanted: 0.5, got: 0.0 }]);
        assert_eq!(absent.turns.len(), 2);
    }

    #[test]
    fn one_item_alone_follows_itself_and_a_heavy_one_is_spread() {
        assert_eq!(arrange(&[share(0, 7, 10)], &[]).turns, [0]);
        let found = arrange(&[share(0, 6, 10), share(0, 1, 10), share(0, 1, 10)], &[]);
        assert_eq!(found.turns, [0, 0, 0, 1, 0, 0, 0, 2]);
    }

    #[test]
    fn a_thousand_turns_are_the_most() {
        let items: Vec<Share> = (0..500).map(|i| share(i % 3, 1 + i % 10, 10)).collect();
        let found = arrange(&items, &[(0, 0.5)]);
        assert!(found.turns.len() <= MAX_TURNS);
        assert!(count(&found.turns, 500).iter().all(|&plays| plays > 0));
        assert_eq!((repeats(&found.turns), found.shortfalls), (0, vec![]));
    }

    fn any_items() -> impl Strategy<Value = Vec<Share>> {
        let item = (0u32..3, 1u32..=10, 3u32..=40).prop_map(|(kind, weight, seconds)| share(kind, weight, seconds));
        prop::collection::vec(item, 1..14)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn every_item_plays_by_weight_and_no_repeat_is_avoidable(items in any_items()) {
            let turns = arrange(&items, &[]).turns;
            let counts = count(&turns, items.len());
            let weight: u32 = items.iter().map(|item| item.weight).sum();
            for (item, plays) in items.iter().zip(&counts) {
                let due = turns.len() as f64 * f64::from(item.weight) / f64::from(weight);
                prop_assert!(*plays >= 1 && (*plays as f64 - due).abs() <= 1.0, "{} plays, due {}", plays, due);
            }
            let most = counts.iter().max().copied().unwrap_or(0);
            let unavoidable = if turns.len() == 1 { 0 } else { (2 * most).saturating_sub(turns.len()) };
            prop_assert_eq!(repeats(&turns), unavoidable, "{:?}", turns);
        }

        #[test]
        fn a_minimum_is_met_whenever_a_loop_can_meet_it(items in any_items(), least in 0.05f64..0.95) {
            let found = arrange(&items, &[(0, least)]);
            let counts = count(&found.turns, items.len());
            prop_assert!(counts.iter().all(|&plays| plays >= 1));
            // The most that any loop of the bounded length can give to kind 0: the others once, the longest as often as fits.
            let others: u32 = items.iter().filter(|item| item.kind != 0).map(|item| item.seconds).sum();
            let own: Vec<u32> = items.iter().filter(|item| item.kind == 0).map(|item| item.seconds).collect();
            let longest = own.iter().max().copied().unwrap_or(0);
            let spare = (MAX_TURNS - items.len()) as f64;
            let best = f64::from(own.iter().sum::<u32>()) + spare * f64::from(longest);
            let can = !own.is_empty() && best / (best + f64::from(others)) >= least;
            prop_assert_eq!(found.shortfalls.is_empty(), can, "{:?}", found.shortfalls);
            let most = counts.iter().max().copied().unwrap_or(0);
            let unavoidable = if found.turns.len() == 1 { 0 } else { (2 * most).saturating_sub(found.turns.len()) };
            prop_assert_eq!(repeats(&found.turns), unavoidable);
        }

        #[test]
        fn two_minimums_that_leave_room_are_both_met(items in any_items(), a in 0.1f64..0.45, b in 0.1f64..0.45) {
            let has = |kind| items.iter().any(|item| item.kind == kind);
            prop_assume!(has(0) && has(1));
            prop_assert_eq!(arrange(&items, &[(0, a), (1, b)]).shortfalls, vec![]);
        }
    }
}
