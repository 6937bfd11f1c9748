//! Erlang's formulas for the loss and the waiting probability of `c` servers.
//!
//! Source: A. K. Erlang (1917); the recursion on B in R. B. Cooper, Introduction to
//! Queueing Theory, 2nd ed. (1981), chapter 3.

use crate::math;

/// Below this a probability is given as 0: no observation could tell the two apart.
pub const NEGLIGIBLE: f64 = 1e-15;

/// The probability that a call finds all `servers` busy and is lost, with `offered` Erlangs
/// (arrival rate × service time): exact, results below [`NEGLIGIBLE`] are 0.
///
/// B(n) = aB(n-1) / (n + aB(n-1)), B(0) = 1. An error at the start of the recursion shrinks by n/a a
/// step while n < a, so it starts a safe distance (e⁻⁴²) below the load instead of at 0: with a
/// million servers it takes ten thousand steps.
pub fn loss_probability(servers: u64, offered: f64) -> f64 {
    recursion(servers, offered, NEGLIGIBLE)
}

fn recursion(servers: u64, offered: f64, stop_below: f64) -> f64 {
    if servers == 0 {
        return 1.0;
    }
    if offered <= 0.0 {
        return 0.0;
    }
    let busiest = offered.min(servers as f64);
    // Σ ln(a/n) over the steps must reach 42; far above the servers every step counts for ln(a/c).
    let steps = (9.2 * math::sqrt(offered)).min(42.0 / math::ln(offered / busiest)) + 1.0;
    let start = (busiest - steps).floor().max(0.0);
    let mut blocked = (1.0 - start / offered).clamp(f64::MIN_POSITIVE, 1.0);
    // Offered loads beyond 2⁵³ are not told apart by a double and would not advance.
    let mut n = start as u64;
    while n < servers {
        n += 1;
        let carried = offered * blocked;
        blocked = carried / (n as f64 + carried);
        if blocked < stop_below {
            return 0.0;
        }
    }
    blocked
}

/// The probability that a call has to wait for one of `servers`, with `offered` Erlangs: exact for
/// M/M/c; 1 where the load reaches the servers, 0 below [`NEGLIGIBLE`].
///
/// C = B / (1 - ρ(1 - B)) with ρ = offered / servers.
pub fn waiting_probability(servers: u64, offered: f64) -> f64 {
    let load = offered / servers as f64;
    if servers == 0 || load >= 1.0 {
        return 1.0;
    }
    // B falls with every server and C ≤ B/(1-ρ), so the recursion may stop where C can no longer count.
    let blocked = recursion(servers, offered, NEGLIGIBLE * (1.0 - load));
    let waits = blocked / (1.0 - load * (1.0 - blocked));
    if waits < NEGLIGIBLE { 0.0 } else { waits }
}

/// The load in Erlangs that `servers` carry with the given loss probability: the inverse of
/// [`loss_probability`], to about 1 part in 10¹²; not a number for a loss below [`NEGLIGIBLE`], which
/// is not told from none.
pub fn offered_load(servers: u64, loss: f64) -> f64 {
    if servers == 0 || loss < NEGLIGIBLE {
        return f64::NAN;
    }
    let (mut low, mut high) = (0.0, 1.0_f64.max(servers as f64));
    while loss_probability(servers, high) < loss && high < 1e15 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if loss_probability(servers, middle) < loss { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `erlangb-15-1pct` (erlang.com calculator manual): 15 lines carry 8.108 Erlangs at 1% loss.
    #[test]
    fn published_traffic_at_one_percent() {
        assert!((offered_load(15, 0.01) - 8.108).abs() < 0.0005);
        assert!(offered_load(15, 1e-20).is_nan());
    }

    /// The definition, B = (aᶜ/c!) / Σ aᵏ/k!, summed directly.
    fn by_definition(servers: u64, offered: f64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..=servers {
            term *= offered / k as f64;
            sum += term;
        }
        term / sum
    }

    #[test]
    fn recursion_equals_the_definition() {
        for servers in [1, 2, 5, 15, 40, 100] {
            for load in [0.1, 0.5, 0.9, 1.0, 1.5, 4.0] {
                let offered = load * servers as f64;
                let expected = by_definition(servers, offered);
                if expected > NEGLIGIBLE {
                    assert_close(loss_probability(servers, offered), expected, 1e-12);
                }
            }
        }
    }

    /// Starting late gives what the whole recursion from 0 gives.
    #[test]
    fn late_start_equals_the_whole_recursion() {
        for (servers, offered) in [
            (100_000, 99_000.0),
            (100_000, 50_000.0),
            (50_000, 200_000.0),
            (100_000, 100_500.0),
            (100_000, 103_000.0),
            (101_000, 1e5),
        ] {
            let mut whole = 1.0;
            for n in 1..=servers {
                whole = offered * whole / (n as f64 + offered * whole);
            }
            assert_close(loss_probability(servers, offered), whole, 1e-11);
        }
        // Far beyond the servers nearly all is lost, and few steps tell: B ≈ 1 - c/a.
        assert_close(loss_probability(1_000_000_000_000, 1e15), 0.999, 1e-9);
        assert_close(loss_probability(1_000_000_000_000, 1e300), 1.0, 1e-15);
        // Heavy traffic: at a = c, B ≈ √(2/(πc)) (Jagerman 1974), to order 1/√c.
        let huge = loss_probability(10_000_000_000, 1e10);
        assert_close(huge, (2.0 / (std::f64::consts::PI * 1e10)).sqrt(), 1e-4);
    }

    #[test]
    fn waiting_at_the_edges() {
        assert_close(waiting_probability(3, 2.0), 4.0 / 9.0, 1e-14);
        assert_close(waiting_probability(1, 0.75), 0.75, 1e-15);
        assert_eq!(waiting_probability(4, 4.0), 1.0);
        assert_eq!(waiting_probability(0, 1.0), 1.0);
        assert_eq!(waiting_probability(1000, 10.0), 0.0);
        assert_eq!(waiting_probability(5, 0.0), 0.0);
    }
}
