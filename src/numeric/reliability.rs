//! Availability of independent parts, retries, tails of fan-outs and failure detection.
//!
//! Everything here assumes independent parts; a design with shared parts is evaluated
//! exactly elsewhere. Sources: R. Barlow, F. Proschan, Mathematical Theory of
//! Reliability (1965); J. Dean, L. Barroso, The Tail at Scale, CACM 56(2) (2013);
//! N. Hayashibara et al., The φ Accrual Failure Detector, SRDS 2004.

use crate::math;

/// The probability that at least one of `n` parts is up, each with the availability `a`: 1 - (1-a)ⁿ.
pub fn parallel(a: f64, n: f64) -> f64 {
    -math::exp_m1(n * math::ln_1p(-a))
}

/// The probability that at least `k` of `n` parts are up, each with the availability `a`.
pub fn at_least(k: u64, n: u64, a: f64) -> f64 {
    // The smaller of the two sums keeps its digits; all terms are positive.
    if k as f64 > n as f64 * a { binomial_sum(k, n, n, a) } else { 1.0 - fewer_than(k, n, a) }
}

/// The probability that fewer than `k` of `n` parts are up: the unavailability of k of n, to its
/// own relative accuracy also where it is tiny.
pub fn fewer_than(k: u64, n: u64, a: f64) -> f64 {
    if k == 0 {
        return 0.0;
    }
    if k > n {
        return 1.0;
    }
    if k as f64 > n as f64 * a {
        return 1.0 - binomial_sum(k, n, n, a);
    }
    binomial_sum(0, k - 1, n, a)
}

/// Σ C(n, i) aⁱ (1-a)ⁿ⁻ⁱ for i from `low` to `high`, from the largest term outwards.
fn binomial_sum(low: u64, high: u64, n: u64, a: f64) -> f64 {
    if low > high {
        return 0.0;
    }
    if a <= 0.0 {
        return if low == 0 { 1.0 } else { 0.0 };
    }
    if a >= 1.0 {
        return if high >= n { 1.0 } else { 0.0 };
    }
    let peak = ((n as f64 + 1.0) * a).floor().clamp(low as f64, high as f64) as u64;
    let odds = a / (1.0 - a);
    let top = binomial_term(peak, n, a);
    let (mut sum, mut term) = (top, top);
    for i in peak..high {
        term *= (n - i) as f64 / (i + 1) as f64 * odds;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    term = top;
    for i in (low + 1..=peak).rev() {
        term *= i as f64 / (n - i + 1) as f64 / odds;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum.min(1.0)
}

/// C(n, i) aⁱ (1-a)ⁿ⁻ⁱ: as a product where that neither overflows nor vanishes, else by logarithms.
fn binomial_term(i: u64, n: u64, a: f64) -> f64 {
    let chosen = i.min(n - i);
    if chosen <= 500 {
        let ways = (0..chosen).fold(1.0, |c, j| c * ((n - j) as f64 / (chosen - j) as f64));
        let product = ways * math::pow(a, i as f64) * math::pow(1.0 - a, (n - i) as f64);
        if ways.is_finite() && product.is_normal() {
            return product;
        }
    }
    let (whole, up) = (n as f64, i as f64);
    let ways = math::ln_gamma(whole + 1.0) - math::ln_gamma(up + 1.0) - math::ln_gamma(whole - up + 1.0);
    math::exp(ways + up * math::ln(a) + (whole - up) * math::ln_1p(-a))
}

/// The expected number of attempts when each of at most `attempts` fails with probability `p`:
/// (1 - pⁿ) / (1 - p).
pub fn expected_attempts(p: f64, attempts: f64) -> f64 {
    if p >= 1.0 {
        return attempts;
    }
    if p <= 0.0 {
        return 1.0;
    }
    -math::exp_m1(attempts * math::ln(p)) / (1.0 - p)
}

/// The calls that reach the last of so many layers when each tries so often and everything fails.
pub fn amplification(attempts: f64, layers: f64) -> f64 {
    math::pow(attempts, layers)
}

/// The retries of each following second where `offered` exceeds `capacity` and every failure is
/// tried again in the next second: r(t+1) = max(0, offered + r(t) - capacity).
pub fn retry_growth(offered: f64, capacity: f64, seconds: usize) -> Vec<f64> {
    let grow = |retries: &mut f64, _| {
        *retries = (offered + *retries - capacity).max(0.0);
        Some(*retries)
    };
    (0..seconds).scan(0.0, grow).collect()
}

/// The share of requests to `n` servers at once that meet at least one slow one: 1 - (1-p)ⁿ.
pub fn tail_at_scale(n: f64, p: f64) -> f64 {
    -math::exp_m1(n * math::ln_1p(-p))
}

/// The quantile that each of `n` calls at once must meet so that all of them meet `target`: target^(1/n).
pub fn required_quantile(n: f64, target: f64) -> f64 {
    math::pow(target, 1.0 / n)
}

/// The time in seconds after which a φ accrual detector suspects a silent node, for heartbeats with
/// exponential gaps: φ·ln 10·mean.
pub fn phi_detection_time(threshold: f64, mean_interval: f64) -> f64 {
    threshold * std::f64::consts::LN_10 * mean_interval
}

/// The suspicion φ after a silence in seconds, for heartbeats with normal gaps:
/// -log₁₀ (1 - Φ((t - mean)/sd)).
pub fn phi(silence: f64, mean_interval: f64, deviation: f64) -> f64 {
    let z = (silence - mean_interval) / deviation;
    if z < 30.0 {
        return -math::log10(math::normal_cdf(-z));
    }
    // Mills' ratio: 1 - Φ(z) = φ(z)/z · (1 - 1/z² + …); what is left out is below 4e-6 of the tail at z = 30.
    let ln_tail = -z * z / 2.0 - math::ln(z * math::sqrt(std::f64::consts::TAU)) - 1.0 / (z * z);
    -ln_tail / std::f64::consts::LN_10
}

/// The extra capacity that lets `zones - lost` zones carry everything: N/(N-k) - 1; infinite where
/// none is left.
pub fn overprovision(zones: f64, lost: f64) -> f64 {
    if lost >= zones { f64::INFINITY } else { zones / (zones - lost) - 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    #[test]
    fn k_of_n_equals_the_enumeration() {
        for n in 1..=10_u32 {
            for a in [0.0, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0] {
                for k in 0..=n + 1 {
                    let (mut up, mut down) = (0.0, 0.0);
                    for state in 0..1_u32 << n {
                        let i = state.count_ones();
                        let p = math::powi(a, i) * math::powi(1.0 - a, n - i);
                        if i >= k { up += p } else { down += p }
                    }
                    if up > 0.0 {
                        assert_close(at_least(k.into(), n.into(), a), up, 1e-12);
                    }
                    if down > 0.0 {
                        assert_close(fewer_than(k.into(), n.into(), a), down, 1e-12);
                    }
                }
            }
        }
    }

    #[test]
    fn large_groups_keep_their_digits() {
        // All 10 000 down: (1-a)ⁿ by logarithms; one of two: (1-a)².
        assert_close(fewer_than(1, 200, 0.9), 1e-200, 1e-11);
        assert_close(fewer_than(1, 2, 0.999_999), math::powi(1.0 - 0.999_999, 2), 1e-12);
        // Median of a symmetric binomial with an odd number of trials.
        assert_close(at_least(50_001, 100_001, 0.5), 0.5, 1e-9);
        assert_close(at_least(600, 1000, 0.5) + fewer_than(600, 1000, 0.5), 1.0, 1e-12);
    }

    /// Cases `retry-64` and `retry-growth` (Site Reliability Engineering, chapter 22).
    #[test]
    fn retries_of_the_sre_book() {
        assert_eq!(amplification(4.0, 3.0), 64.0);
        assert_eq!(retry_growth(10_100.0, 10_000.0, 3), [100.0, 200.0, 300.0]);
        assert_eq!(retry_growth(9_000.0, 10_000.0, 2), [0.0, 0.0]);
    }

    #[test]
    fn expected_attempts_equal_the_sum() {
        for (p, n) in [(0.0, 3), (0.1, 4), (0.9, 10), (1.0, 5), (1.0 - 1e-12, 3)] {
            let sum: f64 = (0..n).map(|i| math::powi(p, i)).sum();
            assert_close(expected_attempts(p, f64::from(n)), sum, 1e-4);
            if p < 0.99 {
                assert_close(expected_attempts(p, f64::from(n)), sum, 1e-12);
            }
        }
    }

    /// Cases `tail-100` (Dean and Barroso 2013) and `tail-required-quantile`.
    #[test]
    fn tail_of_a_hundred_servers() {
        assert!((tail_at_scale(100.0, 0.01) - 0.63).abs() < 0.005);
        assert_close(tail_at_scale(100.0, 0.01), 0.633_967_658_726_770_9, 1e-12);
        assert!((required_quantile(100.0, 0.99) - 0.999_899_5).abs() < 1e-7);
    }

    /// Cases `phi-normal` (normal table) and `phi-cassandra` (PHI_FACTOR = 1/ln 10).
    #[test]
    fn suspicion_of_silent_nodes() {
        for (z, share) in [(0.6, 0.7257), (1.5, 0.9332), (2.0, 0.97725), (2.5, 0.99379)] {
            assert!((math::normal_cdf(z) - share).abs() < 5e-5, "{z}");
            assert_close(phi(1.0 + z, 1.0, 1.0), -math::log10(1.0 - math::normal_cdf(z)), 1e-12);
        }
        // Akka's printed .9379 at z = 2.5 is a slip for .99379.
        assert!((math::normal_cdf(2.5) - 0.9379).abs() > 0.05);
        assert!((phi_detection_time(8.0, 1.0) - 18.42).abs() < 0.005);
    }

    /// Case `static-stability-3az` (Weiss and Furr): three zones run at two thirds, half again as much is bought.
    #[test]
    fn static_stability_of_three_zones() {
        assert_close(overprovision(3.0, 1.0), 0.5, 1e-12);
        assert!((1.0 / (1.0 + overprovision(3.0, 1.0)) - 0.66).abs() < 0.007);
        assert_eq!(overprovision(1.0, 1.0), f64::INFINITY);
    }
}
