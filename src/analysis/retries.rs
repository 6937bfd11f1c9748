//! How many calls one arrival can become when everything below fails: the product of attempts along a chain.

use super::calls::{Calls, Cause};
use crate::math;
use crate::model::{BlockKind, ElementId, Flow, Guarded, Props, StepId};
use std::collections::BTreeSet;

/// The worst product of attempts along a chain of waited calls, and the same with budgets and breakers.
///
/// Source: Site Reliability Engineering, chapter 22: three layers of four attempts are 64.
pub fn amplification(flow: &Flow, calls: &Calls) -> (f64, f64) {
    let mut products: Vec<(f64, f64)> = vec![(1.0, 1.0); calls.hops.len()];
    let mut worst = (1.0, 1.0);
    for at in 0..calls.hops.len() {
        let hop = &calls.hops[at];
        if !hop.waited {
            continue;
        }
        let above = hop.parent.and_then(|p| products.get(p)).copied().unwrap_or((1.0, 1.0));
        let own = attempts(&flow.step(hop.step).props);
        let own = if hop.cause == Cause::Step { own } else { (1.0, 1.0) };
        products[at] = (above.0 * own.0, above.1 * own.1);
        worst = (f64::max(worst.0, products[at].0), f64::max(worst.1, products[at].1));
    }
    worst
}

/// How many times as often each hop happens when these elements fail every call: the attempts (`tries`, as bounded by
/// budgets and breakers) of it and of everything above it whose calls fail.
///
/// A call fails where its target does, or where a call fails that it waits for and that has no way out (`optional`,
/// `fallback`, `on failure`). What happens for a share of the calls only, as the read behind a miss, fails that
/// share; a call that has failed fails again, since its cause is still there, so that a share `p` with `n` attempts
/// is `1 + p (n - 1)` calls.
pub fn failing_factors(
    flow: &Flow,
    calls: &Calls,
    multiplicity: &[Option<f64>],
    failed: &BTreeSet<ElementId>,
    tries: impl Fn(&Props) -> f64,
) -> Vec<f64> {
    let hops = &calls.hops;
    let often = |at: usize| multiplicity.get(at).copied().flatten().unwrap_or(0.0);
    // A parent may stand behind its children, as a delivery does: from the leaves up, by depth.
    let depth = |at: usize| std::iter::successors(Some(at), |at| hops[*at].parent).take(hops.len()).count();
    let mut order: Vec<(usize, usize)> = (0..hops.len()).map(|at| (depth(at), at)).collect();
    order.sort_unstable();
    let mut fails: Vec<f64> = hops.iter().map(|h| f64::from(u8::from(failed.contains(&h.to)))).collect();
    for (_, at) in order.iter().rev() {
        let hop = &hops[*at];
        let Some(parent) = hop.parent.filter(|_| hop.waited && !has_a_way_out(flow, hop.step)) else {
            continue;
        };
        let share = if often(parent) > 0.0 { (often(*at) / often(parent)).min(1.0) } else { 0.0 };
        fails[parent] = 1.0 - (1.0 - fails[parent]) * (1.0 - fails[*at] * share);
    }
    let mut factors = vec![1.0; hops.len()];
    for (_, at) in order {
        let hop = &hops[at];
        let own = if hop.cause == Cause::Step { tries(&flow.step(hop.step).props) } else { 1.0 };
        let above = hop.parent.map_or(1.0, |parent| factors[parent]);
        factors[at] = above * (1.0 + fails[at] * (own - 1.0));
    }
    factors
}

/// Whether its caller goes on when a step fails.
pub fn has_a_way_out(flow: &Flow, step: StepId) -> bool {
    let props = &flow.step(step).props;
    props.has("optional")
        || props.has("fallback")
        || flow.blocks.iter().any(|block| match &block.kind {
            BlockKind::OnFailure(Guarded::Step(guarded)) => *guarded == step,
            BlockKind::OnFailure(Guarded::Block(guarded)) => flow.enclosing(step).any(|b| b == *guarded),
            _ => false,
        })
}

/// Attempts of a step: as stated, and bounded by its budget (a share of all calls) and its breaker (which
/// lets calls stop).
pub fn attempts(props: &Props) -> (f64, f64) {
    let attempts = props.number("retry.attempts").unwrap_or(1.0).max(1.0);
    let bounded = match props.number("retry.budget") {
        Some(budget) => attempts.min(1.0 + budget),
        None => attempts,
    };
    (attempts, if props.has("breaker") { 1.0 } else { bounded })
}

/// Seconds of pauses between so many attempts, where the first pause is stated.
pub fn pauses(props: &Props, attempts: f64) -> f64 {
    let first = props.number("retry.backoff").unwrap_or(0.0);
    let gaps = (attempts - 1.0).max(0.0);
    match props.word("retry.backoff") {
        // first + 2·first + 4·first …
        Some("exponential") => first * (math::pow(2.0, gaps) - 1.0),
        Some("fixed") => first * gaps,
        _ => 0.0,
    }
}

/// Expected attempts with failure probability `p` and at most `n` of them: (1 - pⁿ) / (1 - p).
pub fn expected_attempts(p: f64, n: f64) -> f64 {
    if p >= 1.0 { n } else { (1.0 - math::pow(p, n)) / (1.0 - p) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: with p = 1/2 and three attempts 1 + 1/2 + 1/4.
    #[test]
    fn expected_attempts_sum_a_geometric_series() {
        assert!((expected_attempts(0.5, 3.0) / 1.75 - 1.0).abs() < 1e-12);
        assert_eq!(expected_attempts(1.0, 4.0), 4.0);
        assert_eq!(expected_attempts(0.0, 4.0), 1.0);
    }
}
