//! Proven bounds where a tree is too large for an exact result.
//!
//! Every gate is monotone and events are independent, so the structure function is coherent and
//! its minimal cut sets are increasing functions of independent (hence associated) variables.
//!
//! - Upper bound: P(top) ≤ P(a known cut set holds) + P(an unknown one holds). The first is at most
//!   1 - Π(1 - P(cut set)) by the theorem of Esary & Proschan (Technometrics 5, 1963; Barlow &
//!   Proschan, *Statistical Theory of Reliability and Life Testing*, 1975, theorem 2.3.1). An
//!   unknown cut set has more than k events where all up to order k are known, so it needs more
//!   than k basic events down at once: a Poisson-binomial tail.
//! - Lower bound: the top event holds where any of some known cut sets holds. The likeliest single
//!   one bounds from below, and so does S1 - S2 of the likeliest m (Bonferroni), for any m.

use super::Options;
use super::arena::Formula;
use super::cut_sets::{CutEvent, CutSet, CutSets, at_least, minimal_cut_sets};
use super::order::VariableOrder;
use super::tree::FaultTree;

/// How bounds were found; part of what must be printed beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// From all minimal cut sets: Esary–Proschan above, Bonferroni below.
    AllCutSets,
    /// From the minimal cut sets up to an order, with the chance of more simultaneous failures added above.
    CutSetsUpTo {
        /// That order.
        order: u32,
    },
}

/// Proven bounds of a probability that was not computed exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The unavailability is not below this.
    pub lower: f64,
    /// The unavailability is not above this.
    pub upper: f64,
    /// Where they come from.
    pub method: Method,
}

/// Pairs of so many cut sets are intersected for the lower bound: 500 make 125 000 pairs.
const PAIRED: usize = 500;

/// At most so many cut sets enter the bounds.
const LISTED: usize = 20_000;

pub(super) fn bounds(tree: &FaultTree, top: Formula, options: &Options) -> Bounds {
    // The bounds need every set of the orders they speak of, however few the caller wants listed.
    let options = Options { max_listed: LISTED, ..options.clone() };
    let known = minimal_cut_sets(tree, top, &options);
    let all_listed = known.counts.total == Some(listed(&known.sets));
    let order = if all_listed { None } else { Some(complete_order(&known)) };
    let used = known.sets.iter().filter(|set| order.is_none_or(|order| set.order <= order));
    // Adding up what each set adds keeps the digits that 1 - Π(1 - p) would lose.
    let any = used.fold(0.0, |any, set| any + (1.0 - any) * set.probability);
    let beyond = order.map_or(0.0, |order| more_than(tree, top, order));
    let upper = (any + beyond).min(1.0);
    let method = order.map_or(Method::AllCutSets, |order| Method::CutSetsUpTo { order });
    Bounds { lower: lower(tree, &known.sets).min(upper), upper, method }
}

fn listed(sets: &[CutSet]) -> u128 {
    sets.iter().fold(0, |sum, set| sum.saturating_add(set.multiplicity))
}

/// The highest order up to which every set is in the list.
fn complete_order(known: &CutSets) -> u32 {
    let listed_of = |order: u32| {
        let sets = known.sets.iter().filter(|set| set.order == order);
        sets.fold(0_u128, |sum, set| sum.saturating_add(set.multiplicity))
    };
    let complete = |order: &u32| {
        let counted = known.counts.by_order.get(*order as usize - 1).copied().unwrap_or(0);
        known.known_to.is_none_or(|known_to| *order <= known_to) && listed_of(*order) == counted
    };
    (1..=known.counts.by_order.len() as u32).take_while(complete).count() as u32
}

/// Probability that more than `order` basic events under `top` are down at once.
fn more_than(tree: &FaultTree, top: Formula, order: u32) -> f64 {
    let mut exactly = vec![0.0; order as usize + 1];
    if let Some(none) = exactly.first_mut() {
        *none = 1.0;
    }
    let mut more = 0.0;
    for var in VariableOrder::new(&tree.arena, top).variables {
        let Some(event) = tree.events().get(var as usize) else { continue };
        for _ in 0..event.count {
            let p = event.unavailability;
            more += exactly.last().copied().unwrap_or(0.0) * p;
            for at in (0..exactly.len()).rev() {
                let fewer = at.checked_sub(1).and_then(|at| exactly.get(at)).copied().unwrap_or(0.0);
                if let Some(share) = exactly.get_mut(at) {
                    *share = *share * (1.0 - p) + fewer * p;
                }
            }
        }
    }
    more
}

fn lower(tree: &FaultTree, sets: &[CutSet]) -> f64 {
    let mut likeliest: Vec<&CutSet> = sets.iter().collect();
    likeliest.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    likeliest.truncate(PAIRED);
    let mut best = 0.0_f64;
    let (mut singles, mut pairs) = (0.0, 0.0);
    for (at, set) in likeliest.iter().enumerate() {
        singles += set.probability;
        pairs += likeliest.iter().take(at).map(|other| both(tree, set, other)).sum::<f64>();
        best = best.max(set.probability).max(singles - pairs);
    }
    best
}

/// Probability that two cut sets hold at once: of a common group the greater count is needed.
fn both(tree: &FaultTree, a: &CutSet, b: &CutSet) -> f64 {
    let count =
        |set: &CutSet, event| set.events.iter().find(|own| own.event == event).map_or(0, |own| own.count);
    let only_b = b.events.iter().filter(|own| count(a, own.event) == 0);
    let needed =
        a.events.iter().map(|own| CutEvent { event: own.event, count: own.count.max(count(b, own.event)) });
    needed.chain(only_b.copied()).map(|event| at_least(tree, event)).product()
}
