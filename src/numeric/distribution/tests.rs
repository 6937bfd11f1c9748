//! The closed forms that distributions are held against.

use super::*;
use crate::numeric::queueing::Mmc;
use crate::numeric::testing::assert_close;

const SHARES: [f64; 4] = [0.5, 0.95, 0.99, 0.999];

/// The quantile of a distribution function by bisection.
fn root(cdf: impl Fn(f64) -> f64, q: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if cdf(middle) < q { low = middle } else { high = middle }
    }
    low
}

/// Compares all percentiles with a closed form, to the given relative error.
#[track_caller]
fn assert_law(distribution: &Distribution, quantile: impl Fn(f64) -> f64, tolerance: f64) {
    for q in SHARES {
        assert_close(distribution.quantile(q), quantile(q), tolerance);
    }
}

/// Erlang's distribution function: 1 - e^{-x} Σ xᵏ/k!, k < n.
fn erlang_cdf(n: u32, x: f64) -> f64 {
    let term = |k: u32| math::exp(f64::from(k) * math::ln(x) - math::ln_gamma(f64::from(k) + 1.0) - x);
    1.0 - (0..n).map(term).sum::<f64>()
}

#[test]
fn single_laws() {
    assert_law(&Distribution::exponential(0.008), |q| -0.008 * math::ln_1p(-q), 2e-4);
    let sigma = lognormal_sigma(0.008, 0.06);
    let lognormal = Distribution::lognormal(0.008, 0.06);
    assert_law(&lognormal, |q| 0.008 * math::exp(sigma * normal::quantile(q)), 2e-4);
    assert_close(lognormal.quantile(0.99), 0.06, 1e-4);
    assert_close(lognormal.measured_mean(), lognormal.mean(), 1e-4);
    assert_law(&Distribution::uniform(1.0, 5.0), |q| 1.0 + 4.0 * q, 1e-3);
    for q in SHARES {
        assert_eq!(Distribution::constant(0.25).quantile(q), 0.25);
    }
}

/// What is bounded by its parts never takes longer than they can.
#[test]
fn bounds_hold() {
    let part = Distribution::uniform(1.0, 5.0);
    assert_eq!(part.then(&part).quantile(1.0), 10.0);
    assert_eq!(part.fan_out(100.0).quantile(1.0), 5.0);
    // The sum of two: (t - 2)²/32 below its middle, 1 - (10 - t)²/32 above.
    assert_law(&part.then(&part), |q| if q <= 0.5 { 6.0 } else { 10.0 - (32.0 * (1.0 - q)).sqrt() }, 1e-3);
}

/// Narrow and very wide laws alike, over five decades of scale.
#[test]
fn lognormal_of_any_width() {
    for ratio in [1.000_001, 1.01, 1.5, 10.0, 1000.0, 1e5] {
        for p50 in [1e-6, 1e-3, 10.0] {
            let sigma = lognormal_sigma(p50, p50 * ratio);
            assert_law(
                &Distribution::lognormal(p50, p50 * ratio),
                |q| p50 * math::exp(sigma * normal::quantile(q)),
                1e-3,
            );
        }
    }
}

/// The sum of n exponentials is Erlang.
#[test]
fn sums_of_exponentials() {
    for n in [2, 3, 10, 64, 500] {
        let sum = Distribution::exponential(0.02).repeated(n);
        assert_law(&sum, |q| 0.02 * root(|x| erlang_cdf(n, x), q), 2e-3);
        assert_close(sum.mean(), 0.02 * f64::from(n), 1e-12);
        assert_close(sum.measured_mean(), sum.mean(), 1e-3);
    }
}

/// Exponentials of very different rates: the sum is hypoexponential.
#[test]
fn sum_of_unequal_exponentials() {
    for (a, b) in [(1.0, 1e-3), (0.1, 0.03), (5.0, 4.0)] {
        let sum = Distribution::exponential(a).then(&Distribution::exponential(b));
        let cdf = |t: f64| 1.0 - (a * math::exp(-t / a) - b * math::exp(-t / b)) / (a - b);
        assert_law(&sum, |q| root(cdf, q), 1e-3);
    }
}

/// The greatest of n exponentials: (1 - e^{-t})ⁿ, with the mean Hₙ.
#[test]
fn maxima_of_exponentials() {
    for n in [2.0, 10.0, 100.0, 5000.0] {
        let last = Distribution::exponential(1.0).fan_out(n);
        assert_law(&last, |q| -math::ln_1p(-math::pow(q, 1.0 / n)), 1e-3);
        let mut harmonic = 0.0;
        let mut i = n;
        while i >= 1.0 {
            harmonic += 1.0 / i;
            i -= 1.0;
        }
        assert_close(last.mean(), harmonic, 1e-3);
    }
    let (a, b) = (Distribution::exponential(1.0), Distribution::exponential(0.1));
    let cdf = |t: f64| math::exp_m1(-t) * math::exp_m1(-t / 0.1);
    assert_law(&Distribution::greatest(&[&a, &b]), |q| root(cdf, q), 1e-3);
}

/// A cache that answers 95% within a millisecond and sends the rest on: hyperexponential.
#[test]
fn branches_over_decades() {
    let (hit, miss) = (Distribution::exponential(0.001), Distribution::exponential(2.0));
    let both = Distribution::mixture(&[(0.95, &hit), (0.05, &miss)]);
    let cdf = |t: f64| 1.0 - 0.95 * math::exp(-t / 0.001) - 0.05 * math::exp(-t / 2.0);
    assert_law(&both, |q| root(cdf, q), 2e-3);
    assert_close(both.mean(), 0.95 * 0.001 + 0.05 * 2.0, 1e-12);
}

/// Constants stay exact through sums, branches and maxima.
#[test]
fn constants_are_exact() {
    let (fast, slow) = (Distribution::constant(0.001), Distribution::constant(0.01));
    let branch = Distribution::mixture(&[(0.9, &fast), (0.1, &slow)]);
    assert_eq!(branch.quantile(0.5), 0.001);
    assert_eq!(branch.quantile(0.9), 0.001);
    assert_eq!(branch.quantile(0.95), 0.01);
    let twice = branch.then(&branch);
    assert_eq!((twice.quantile(0.5), twice.quantile(0.95), twice.quantile(0.999)), (0.002, 0.011, 0.02));
    // At least one of ten is slow with the probability 1 - 0.9¹⁰ = 0.65.
    let fan = branch.fan_out(10.0);
    assert_eq!((fan.quantile(0.3), fan.quantile(0.5)), (0.001, 0.01));
    assert_close(fan.exceeds(0.001), 1.0 - math::powi(0.9, 10), 1e-12);
    assert_eq!(Distribution::greatest(&[&branch, &slow]).quantile(0.01), 0.01);
    assert_eq!(fast.repeated(0).quantile(0.99), 0.0);
    assert_close(fast.repeated(1000).quantile(0.99), 1.0, 1e-12);
}

/// A constant before a law moves it; a constant beside it cuts it off below.
#[test]
fn constants_with_laws() {
    let law = Distribution::exponential(0.01);
    let moved = Distribution::constant(0.5).then(&law);
    assert_law(&moved, |q| 0.5 - 0.01 * math::ln_1p(-q), 1e-4);
    let at_least = Distribution::greatest(&[&law, &Distribution::constant(0.01)]);
    assert_eq!(at_least.quantile(0.5), 0.01);
    assert_law(&at_least, |q| (-0.01 * math::ln_1p(-q)).max(0.01), 1e-3);
    let all = at_least.exceeds(0.0);
    assert_close(all, 1.0, 1e-12);
}

/// Wait and service of M/M/1 give the exponential response with the rate μ - λ; of M/M/c the known law.
#[test]
fn response_of_queues() {
    for queue in [
        Mmc { arrival: 75.0, service: 0.01, servers: 1 },
        Mmc { arrival: 2.0, service: 1.0, servers: 3 },
        Mmc { arrival: 1.0, service: 1.0, servers: 2 },
        Mmc { arrival: 95.0, service: 0.1, servers: 10 },
    ] {
        let wait = Distribution::waiting(queue.waiting().unwrap());
        assert_law(&wait, |q| queue.waiting().unwrap().quantile(q), 1e-3);
        let response = wait.then(&Distribution::exponential(queue.service));
        assert_law(&response, |q| queue.response_quantile(q).unwrap(), 1e-3);
        assert_close(response.mean(), queue.mean_response().unwrap(), 1e-12);
    }
}

/// Many branches one after the other: the number of slow ones is binomial. Points are merged, mass and mean kept.
#[test]
fn many_points_are_merged() {
    let mut sum = Distribution::constant(0.0);
    for i in 0..12 {
        let slow = Distribution::constant(0.01 * math::powi(1.37, i));
        sum = sum.then(&Distribution::mixture(&[(0.8, &Distribution::constant(0.001)), (0.2, &slow)]));
    }
    assert!(sum.points.len() <= MOST_POINTS);
    assert_close(sum.exceeds(0.0), 1.0, 1e-12);
    assert_close(sum.measured_mean(), sum.mean(), 1e-9);
}

/// A narrow part far above another keeps its place within half a cell.
#[test]
fn narrow_parts_of_a_branch() {
    let (near, far) = (Distribution::exponential(0.001), Distribution::lognormal(0.1, 0.101));
    let both = Distribution::mixture(&[(0.9, &near), (0.1, &far)]);
    let sigma = lognormal_sigma(0.1, 0.101);
    assert_close(both.quantile(0.99), 0.1 * math::exp(sigma * normal::quantile(0.9)), 5e-3);
}

proptest::proptest! {
    /// Mass is kept, means add up, and a later percentile is never earlier.
    #[test]
    fn laws_of_any_tree(seeds in proptest::collection::vec((0..5_u8, 1e-6..10.0_f64, 1.0..50.0_f64, 0.0..1.0_f64), 1..8)) {
        let mut tree = Distribution::constant(0.0);
        for (kind, scale, ratio, share) in seeds {
            let leaf = match kind {
                0 => Distribution::constant(scale),
                1 => Distribution::exponential(scale),
                2 => Distribution::uniform(scale, scale * ratio),
                _ => Distribution::lognormal(scale, scale * ratio),
            };
            tree = match kind {
                4 => Distribution::mixture(&[(share, &tree), (1.0 - share, &leaf)]),
                3 => Distribution::greatest(&[&tree, &leaf]),
                _ => tree.then(&leaf),
            };
        }
        proptest::prop_assert!((tree.exceeds(-1.0) - 1.0).abs() < 1e-9);
        proptest::prop_assert!((tree.exceeds(1e12)).abs() < 1e-9);
        proptest::prop_assert!((tree.measured_mean() / tree.mean() - 1.0).abs() < 5e-3 || tree.mean() == 0.0);
        let all = tree.percentiles();
        proptest::prop_assert!(all.p50 <= all.p95 && all.p95 <= all.p99 && all.p99 <= all.p999);
    }
}
