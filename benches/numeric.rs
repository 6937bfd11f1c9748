//! How long the numerical kernels take; the budget of a chain of ten steps is a millisecond.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use sysd::numeric::cache::{Eviction, Popularity};
use sysd::numeric::distribution::Distribution;
use sysd::numeric::erlang;

fn kernels(c: &mut Criterion) {
    c.bench_function("chain of ten lognormal steps", |b| {
        b.iter(|| {
            let chain = (1..=10).map(|i| Distribution::lognormal(0.002 * f64::from(i), 0.02 * f64::from(i)));
            chain.reduce(|sum, step| sum.then(&step)).map(|sum| black_box(sum).percentiles())
        });
    });
    c.bench_function("fan-out of a hundred", |b| {
        let step = Distribution::lognormal(0.002, 0.02);
        b.iter(|| black_box(&step).fan_out(100.0));
    });
    c.bench_function("LRU hit ratio of ten billion items", |b| {
        b.iter(|| Popularity::zipf(black_box(1e10), 0.9).hit_ratio(1e8, Eviction::LeastRecentlyUsed));
    });
    c.bench_function("Erlang C of a million servers", |b| {
        b.iter(|| erlang::waiting_probability(black_box(1_000_000), 999_000.0));
    });
}

criterion_group!(benches, kernels);
criterion_main!(benches);
