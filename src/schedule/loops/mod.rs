//! A set of eligible items → the order in which they play.
//!
//! How often: in proportion to weight, then more for the kinds that must have a share of the seconds. In which order: the
//! turn goes to the kind, and in it to the item, that has waited most for its share, as long as the rest can still be
//! placed without a repeat. The result depends on the arguments alone.

use std::collections::BTreeSet;

mod counts;

use counts::counts;

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

/// An item whose turns are more than one away from what its weight asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounded {
    /// Index of the item that is furthest away.
    pub item: usize,
    /// Turns that its weight (and the minimum share of its kind) asks for in a loop of this length.
    pub due: f64,
    /// Turns that it has.
    pub got: u32,
    /// How many items are more than one turn away.
    pub items: usize,
}

/// An order of turns, by index of the items, and what it could not do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrangement {
    /// Index of the item for each turn.
    pub turns: Vec<usize>,
    /// Minimum shares that are not met.
    pub shortfalls: Vec<Shortfall>,
    /// Weights that a loop of bounded length, or one with these minimum shares, can't follow.
    pub rounded: Option<Rounded>,
}

/// Arranges the items so that every one plays, by weight, with these minimum shares of the seconds by kind.
pub fn arrange(items: &[Share], minimum: &[(u32, f64)]) -> Arrangement {
    if items.is_empty() {
        return Arrangement::default();
    }
    let counts = counts(items, minimum);
    Arrangement { turns: order(items, &counts.plays), shortfalls: counts.shortfalls, rounded: counts.rounded }
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

/// Turns for the kind with most credit, in it for the item that may go and is due first, with a guard that keeps what is
/// left placeable without a repeat whenever that is possible at all.
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
        due[kind_of[i]].insert((part(1, count), i));
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
        let now = part(turns.len(), u32::try_from(total).unwrap_or(u32::MAX));
        let may_go = |i: usize| part(plays[i] as usize - left[i], plays[i]) <= now;
        let first = |fits: &dyn Fn(usize) -> bool| {
            let of_kind = |kind: usize| {
                let mut fitting = due[kind].iter().map(|(_, i)| *i).filter(|&i| fits(i)).peekable();
                let soonest = fitting.peek().copied();
                fitting.find(|&i| may_go(i)).or(soonest)
            };
            by_credit.iter().find_map(|&kind| of_kind(kind))
        };
        let chosen = first(&|i| guard.allows(i, left[i])).or_else(|| first(&|i| guard.previous != Some(i)));
        let Some(item) = chosen.or_else(|| first(&|_| true)) else { break };
        let kind = kind_of[item];
        credit[kind] -= i64::try_from(total).unwrap_or(i64::MAX);
        let done = plays[item] as usize - left[item];
        due[kind].remove(&(part(done + 1, plays[item]), item));
        most.remove(&(left[item], item));
        left[item] -= 1;
        most.insert((left[item], item));
        if left[item] > 0 {
            due[kind].insert((part(done + 2, plays[item]), item));
        }
        turns.push(item);
    }
    turns
}

/// Where part `number` of a loop in `parts` equal parts begins, as a share of the loop in fixed point. Of an item with
/// n turns, each belongs into one of n parts: it may go when its part begins and is due when that ends.
fn part(number: usize, parts: u32) -> u64 {
    ((number as u64) << 32) / u64::from(parts)
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
        if self.previous == Some(item) {
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
    fn the_turns_of_an_item_are_spread_over_the_loop() {
        let items: Vec<Share> = [3, 1, 1, 1, 1, 1, 1].map(|weight| share(0, weight, 10)).into();
        let turns = arrange(&items, &[]).turns;
        let places: Vec<usize> = (0..turns.len()).filter(|&at| turns[at] == 0).collect();
        let gaps: Vec<usize> = (0..3).map(|i| (places[(i + 1) % 3] + 9 - places[i]) % 9).collect();
        assert_eq!(gaps, [3, 3, 3], "{turns:?}");
    }

    #[test]
    fn a_minimum_makes_the_loop_no_longer_than_it_must() {
        let items: Vec<Share> = (0..8).map(|i| share(u32::from(i > 0), 1, 10)).collect();
        let found = arrange(&items, &[(0, 0.4)]);
        assert_eq!((found.turns.len(), repeats(&found.turns)), (12, 0));
    }

    #[test]
    fn less_than_two_turns_away_is_said_too() {
        let items: Vec<Share> = (0..999).map(|i| share(0, if i == 0 { 4 } else { 1 }, 10)).collect();
        let rounded = arrange(&items, &[]).rounded.expect("it is far from its weight");
        assert!((rounded.got, rounded.items) == (2, 1) && (3.0..4.0).contains(&rounded.due), "{rounded:?}");
    }

    #[test]
    fn a_thousand_turns_are_the_most() {
        let items: Vec<Share> = (0..500).map(|i| share(i % 3, 1 + i % 10, 10)).collect();
        let found = arrange(&items, &[(0, 0.5)]);
        assert!(found.turns.len() <= MAX_TURNS);
        assert!(count(&found.turns, 500).iter().all(|&plays| plays > 0));
        assert_eq!((repeats(&found.turns), found.shortfalls), (0, vec![]));
    }

    /// All mixes of up to five items in two kinds with up to four turns each: no repeat but those that no order avoids.
    #[test]
    fn no_small_mix_has_a_repeat_that_can_be_avoided() {
        for items in 2..=5u32 {
            for mix in 0..8u32.pow(items) {
                let digits: Vec<u32> = (0..items).map(|i| mix / 8u32.pow(i) % 8).collect();
                let shares: Vec<Share> = digits.iter().map(|digit| share(digit / 4, 1, 10)).collect();
                let plays: Vec<u32> = digits.iter().map(|digit| digit % 4 + 1).collect();
                let turns = order(&shares, &plays);
                assert_eq!(count(&turns, shares.len()), plays.iter().map(|&n| n as usize).collect::<Vec<_>>());
                let most = plays.iter().max().copied().unwrap_or(0) as usize;
                assert_eq!(repeats(&turns), (2 * most).saturating_sub(turns.len()), "{shares:?} {plays:?}: {turns:?}");
            }
        }
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

        /// Any loop at all is the witness: what it gives to its kinds can be had, so it must be given when asked for.
        #[test]
        fn what_some_loop_gives_to_its_kinds_is_met_when_it_is_asked_for(
            (items, plays) in any_items().prop_flat_map(|items| {
                let plays = prop::collection::vec(prop_oneof![1u32..4, 1u32..30, 1u32..76], items.len());
                (Just(items), plays)
            }),
            kinds in prop::sample::subsequence(vec![0u32, 1, 2], 1..=3),
            percent in any::<bool>(),
        ) {
            let seconds = |kind: Option<u32>| -> f64 {
                let of_kind = items.iter().zip(&plays).filter(|(item, _)| kind.is_none_or(|kind| kind == item.kind));
                of_kind.map(|(item, plays)| f64::from(item.seconds * plays)).sum()
            };
            let share = |kind| {
                let share = seconds(Some(kind)) / seconds(None);
                (kind, if percent { (share * 100.0).floor() / 100.0 } else { share })
            };
            let minimum: Vec<(u32, f64)> = kinds.into_iter().map(share).filter(|(_, share)| *share > 0.0).collect();
            let found = arrange(&items, &minimum);
            prop_assert_eq!(&found.shortfalls, &vec![], "{:?} by {:?}", minimum, plays);
            prop_assert!(found.turns.len() <= MAX_TURNS);
            let counts = count(&found.turns, items.len());
            prop_assert!(counts.iter().all(|&plays| plays >= 1));
            let total: f64 = items.iter().zip(&counts).map(|(item, plays)| f64::from(item.seconds) * *plays as f64).sum();
            for (kind, share) in minimum {
                let own = items.iter().zip(&counts).filter(|(item, _)| item.kind == kind);
                let own: f64 = own.map(|(item, plays)| f64::from(item.seconds) * *plays as f64).sum();
                prop_assert!(own / total + 1e-9 >= share, "{} of {}", own, total);
            }
            // Within a kind turns follow the weights to one turn, or it is said that they don't.
            if found.rounded.is_none() {
                for kind in 0..3 {
                    let of_kind: Vec<_> = items.iter().zip(&counts).filter(|(item, _)| item.kind == kind).collect();
                    let least = of_kind.iter().map(|(i, n)| (**n as f64 - 1.0) / f64::from(i.weight)).fold(0.0, f64::max);
                    let most = of_kind.iter().map(|(i, n)| (**n as f64 + 1.0) / f64::from(i.weight)).fold(f64::MAX, f64::min);
                    prop_assert!(least <= most + 1e-6, "{:?} {:?}", of_kind, found.turns);
                }
            }
        }

        #[test]
        fn kinds_are_interleaved_evenly(items in any_items()) {
            let turns = arrange(&items, &[]).turns;
            let counts = count(&turns, items.len());
            let most = counts.iter().max().copied().unwrap_or(0);
            // An item that must follow itself, or a first and a last turn that must differ, bend the order of the kinds.
            prop_assume!(2 * most <= turns.len() && turns.len() > 2);
            for kind in 0..3 {
                let own = turns.iter().filter(|&&i| items[i].kind == kind).count();
                let mut so_far = 0usize;
                for (at, &turn) in turns.iter().enumerate() {
                    so_far += usize::from(items[turn].kind == kind);
                    let due = own as f64 * (at + 1) as f64 / turns.len() as f64;
                    prop_assert!((so_far as f64 - due).abs() <= 3.0, "kind {} at {}: {} of {}", kind, at, so_far, due);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// With more weight than a loop holds, turns still follow the weights to one turn, or it is said that they can't.
        #[test]
        fn large_sets_follow_the_weights_to_one_turn(
            items in prop::collection::vec((0u32..3, 1u32..=10).prop_map(|(kind, weight)| share(kind, weight, 10)), 100..900),
        ) {
            let found = arrange(&items, &[]);
            let counts = count(&found.turns, items.len());
            prop_assert!(found.turns.len() <= MAX_TURNS && counts.iter().all(|&plays| plays >= 1));
            let weight: u32 = items.iter().map(|item| item.weight).sum();
            let turns = found.turns.len() as f64;
            let due = |item: &Share| turns * f64::from(item.weight) / f64::from(weight);
            let away = items.iter().zip(&counts).map(|(item, &plays)| (plays as f64 - due(item)).abs()).fold(0.0, f64::max);
            // No choice of turns can do better than one for everybody and the rest rounded down.
            let least: f64 = items.iter().map(|item| (due(item) - 1.0).ceil().max(1.0)).sum();
            prop_assert_eq!(found.rounded.is_some(), away > 1.0 + 1e-6);
            prop_assert_eq!(away > 1.0 + 1e-6, least > turns, "{} away", away);
            prop_assert_eq!(repeats(&found.turns), 0);
        }
    }

    #[test]
    fn halves_that_leave_no_room_are_found() {
        // 3a + 7b = 5c, and nothing else will do.
        let items = [share(0, 1, 3), share(0, 1, 7), share(1, 1, 5)];
        let found = arrange(&items, &[(0, 0.5), (1, 0.5)]);
        assert_eq!(found.shortfalls, []);
        // A third kind that must play leaves less than two halves.
        let more = [share(0, 1, 3), share(0, 1, 7), share(1, 1, 5), share(2, 1, 9)];
        assert!(!arrange(&more, &[(0, 0.5), (1, 0.5)]).shortfalls.is_empty());
    }

    #[test]
    fn weights_that_a_full_loop_can_not_follow_are_said() {
        let mut items = vec![share(0, 1, 10); 999];
        items.push(share(0, 10, 10));
        let found = arrange(&items, &[]);
        assert_eq!((found.turns.len(), found.rounded.map(|r| (r.item, r.got, r.items))), (1000, Some((999, 1, 1))));
        assert_eq!(arrange(&items[..500], &[]).rounded, None);
    }
}
