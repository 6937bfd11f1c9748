//! How many calls one arrival can become when everything below fails: the product of attempts along a chain.

use super::calls::Calls;
use crate::model::{Flow, Props};

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
        let own = if hop.cause == super::calls::Cause::Step { own } else { (1.0, 1.0) };
        products[at] = (above.0 * own.0, above.1 * own.1);
        worst = (f64::max(worst.0, products[at].0), f64::max(worst.1, products[at].1));
    }
    worst
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

/// Expected attempts with failure probability `p` and at most `n` of them: (1 - pⁿ) / (1 - p).
pub fn expected_attempts(p: f64, n: f64) -> f64 {
    if p >= 1.0 { n } else { (1.0 - crate::math::pow(p, n)) / (1.0 - p) }
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
