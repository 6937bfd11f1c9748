//! Designs whose distributions have closed forms, against what is read off the samples.

use super::*;
use crate::analysis::analyse_with;
use crate::math;
use crate::numeric::normal;
use crate::source::NoFiles;

fn lowered(text: &str) -> (Lowered, Analysis) {
    let lowered = crate::model::lower("test.sysd", text.as_bytes(), &NoFiles);
    let faults: Vec<&str> = lowered.findings.iter().map(|f| f.message.as_str()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let analysis = analyse_with(&lowered.model, &lowered.units);
    (lowered, analysis)
}

fn estimated(text: &str, samples: usize) -> Estimate {
    let (lowered, analysis) = lowered(text);
    estimate(&lowered, &analysis, &Options { samples, ..Options::default() })
}

fn number<'e>(estimate: &'e Estimate, name: &str) -> &'e Number {
    estimate.numbers.iter().find(|n| n.name == name).unwrap_or_else(|| panic!("no number is named {name}"))
}

/// The σ of the logarithm of the lognormal number with this 90% interval.
fn sigma(low: f64, high: f64) -> f64 {
    math::ln(high / low) / 2.0 / normal::Z95
}

const PRODUCT: &str = "let dau = 1000 to 4000 users \"guess\"
    let each = 0.01/s to 0.05/s \"guess\"
    actor u; service api { replicas 2, capacity 100 req/s }
    target calm { api.utilization <= 80% }
    flow ask { rate dau * each, u -> api }";

/// A product of lognormal numbers is lognormal: medians multiply, variances of logarithms add.
#[test]
fn products_have_the_percentiles_of_their_closed_form() {
    let found = estimated(PRODUCT, 4000);
    let (a, b) = (sigma(1000.0, 4000.0), sigma(0.01, 0.05));
    let (median, spread) = (2000.0 * math::sqrt(0.0005), math::sqrt(a * a + b * b));
    let load = number(&found, "api.load.peak");
    for ((q, percentile), error) in [0.05, 0.5, 0.95].iter().zip(load.percentiles).zip(load.errors) {
        let exact = median * math::exp(spread * normal::quantile(*q));
        let off = (percentile.expect("a percentile") / exact - 1.0).abs();
        assert!(off < 0.03, "{q}: {percentile:?}, expected {exact}");
        assert!(error.is_some_and(|e| e > 0.0 && e < 0.03 * exact), "{error:?}");
    }
    assert!((load.median_case.expect("a value") / median - 1.0).abs() < 1e-9);
    let (c, d) = (math::exp_m1(a * a), math::exp_m1(b * b));
    let all = (1.0 + c) * (1.0 + d) - 1.0;
    for (share, expected) in load.explained.iter().zip([c / all, d / all]) {
        assert!((share.share - expected).abs() < 0.03, "{share:?}, expected {expected}");
    }
    // What is linear in another number has its shares.
    let utilization = number(&found, "api.utilization.peak");
    assert!(
        (utilization.percentiles[1].expect("a median") * 200.0 / load.percentiles[1].expect("a median")
            - 1.0)
            .abs()
            < 1e-9
    );
}

/// P(dau × each ≤ 160/s) of the same product.
#[test]
fn a_target_holds_with_the_probability_of_its_closed_form() {
    let found = estimated(PRODUCT, 4000);
    let (a, b) = (sigma(1000.0, 4000.0), sigma(0.01, 0.05));
    let z = math::ln(160.0 / (2000.0 * math::sqrt(0.0005))) / math::sqrt(a * a + b * b);
    let exact = math::normal_cdf(z);
    let chance = &found.chances[0];
    assert!((chance.met - exact).abs() < 0.01, "{chance:?}, expected {exact}");
    assert!((chance.met + chance.violated - 1.0).abs() < 1e-12 && chance.open == 0.0);
    assert!(chance.error > 0.0 && chance.error < 0.01);
}

/// A sum: each part explains its own variance, (e^{σ²} - 1) times the square of its mean.
#[test]
fn sums_are_explained_by_the_variance_of_their_parts() {
    let found = estimated(
        "let a = 10/s to 30/s \"guess\"; let b = 20/s to 40/s \"guess\"
         actor u; service api; flow ask { rate a + b, u -> api }",
        4000,
    );
    let variance = |low: f64, high: f64| {
        let s = sigma(low, high);
        low * high * math::exp(s * s) * math::exp_m1(s * s)
    };
    let (a, b) = (variance(10.0, 30.0), variance(20.0, 40.0));
    let load = number(&found, "api.load.average");
    for (share, expected) in load.explained.iter().zip([a / (a + b), b / (a + b)]) {
        assert!((share.share - expected).abs() < 0.03, "{share:?}, expected {expected}");
    }
}

/// An interval whose low end is not positive is normal: mean 5, of which 5% lie below 0 and are taken as 0.
#[test]
fn intervals_through_zero_are_normal_and_stay_within_what_a_property_admits() {
    let found = estimated("actor u; service api; flow ask { rate 0/s to 10/s, u -> api }", 2000);
    let load = number(&found, "api.load.average");
    assert!((load.percentiles[1].expect("a median") - 5.0).abs() < 0.02);
    assert!((load.percentiles[2].expect("a percentile") - 10.0).abs() < 0.05);
    assert!((found.inputs[0].clipped as f64 / 2000.0 - 0.05).abs() < 0.002, "{}", found.inputs[0].clipped);
    assert_eq!(found.inputs[0].name, "ask.rate.average");
}

/// M/M/1 with λ = 50 to 200/s against 120/s: overloaded in P(λ ≥ 120), where there is no latency.
#[test]
fn an_overload_counts_as_above_all_latencies() {
    let found = estimated(
        "actor u; service api { concurrency 1, capacity 120/s, latency { mean 8.333333333333333ms } }
         target fast { ask.p99 <= 1s }
         flow ask { rate 50/s to 200/s, u -> api }",
        2000,
    );
    let steady = math::normal_cdf(math::ln(120.0 / 100.0) / sigma(50.0, 200.0));
    let p99 = number(&found, "ask.p99");
    assert!((p99.evaluated - steady).abs() < 0.002, "{}, expected {steady}", p99.evaluated);
    assert_eq!(p99.percentiles[2], None);
    assert!(p99.percentiles[1].is_some());
    assert_eq!(p99.needs.as_deref(), Some("a utilization of api below 100%"));
    assert!(p99.explained.is_empty());
    assert!((found.chances[0].open - (1.0 - steady)).abs() < 0.002);
}

/// One text is one number: two services of an archetype have the same capacity in every sample.
#[test]
fn one_interval_is_one_number_wherever_it_is_used() {
    let found = estimated(
        "archetype tier = service { capacity 50/s to 150/s }
         actor u; tier a; tier b; flow ask { rate 10/s, u -> a -> b }",
        1000,
    );
    assert_eq!(found.inputs.len(), 1);
    let (a, b) = (number(&found, "a.utilization.peak"), number(&found, "b.utilization.peak"));
    assert_eq!(a.percentiles, b.percentiles);
    assert!(a.explained[0].share > 0.99, "{:?}", a.explained);
}

/// The root of a number below 0 is none: P(n < 0) of the samples are in no figure.
#[test]
fn values_without_a_meaning_are_counted_and_left_out() {
    let found = estimated(
        "let n = -2 to 8 \"guess\"
         actor u; service api; flow ask { rate sqrt(n) * 1/s, u -> api }",
        2000,
    );
    let below = math::normal_cdf(-3.0 / (5.0 / normal::Z95));
    let failed: usize = found.failed.iter().map(|f| f.samples).sum();
    assert!((failed as f64 / 2000.0 - below).abs() < 0.003, "{failed}, expected {below}");
    assert!(found.failed[0].why.contains("sqrt"), "{:?}", found.failed);
    assert!(number(&found, "api.load.average").explained.is_empty());
}

#[test]
fn the_same_seed_gives_the_same_figures_on_any_number_of_threads() {
    let (lowered, analysis) = lowered(PRODUCT);
    let run = |seed, threads| {
        let threads = NonZero::new(threads).expect("a thread");
        format!("{:?}", estimate(&lowered, &analysis, &Options { samples: 200, seed, threads }))
    };
    assert_eq!(run(3, 1), run(3, 1));
    assert_eq!(run(3, 1), run(3, 4));
    assert_ne!(run(3, 1), run(4, 1));
}

/// One input at a time: 1000 and 4000 users at the median of the other input.
#[test]
fn swings_are_the_whole_analysis_at_the_ends() {
    let (lowered, analysis) = lowered(PRODUCT);
    let swings = swings(&lowered, &analysis);
    let ends = swings[0].of("api.load.peak").expect("two ends");
    let each = math::sqrt(0.0005);
    for (found, users) in ends.iter().zip([1000.0, 4000.0]) {
        assert!((found / (users * each) - 1.0).abs() < 1e-9, "{ends:?}");
    }
    assert_eq!(swings[1].input, "each");
    assert_eq!(swings[1].of("nothing.there"), None);
}

#[test]
fn inputs_are_named_after_what_they_give() {
    let (lowered, analysis) = lowered(
        "let both = (1/s to 2/s) + (3/s to 4/s) \"guess\"; let sure = 5 to 5
         actor u; service api { capacity 100/s to 200/s }
         data item { size 1 kB to 2 kB }
         flow ask { rate both, u -> api \"x\" { request item.size } }",
    );
    let names = draw::names(&lowered, &analysis.base.derivation);
    assert_eq!(names[..3], ["both (1/s to 2/s)", "both (3/s to 4/s)", "api.capacity"]);
    assert_eq!(names.len(), 4);
}
