//! A case study under uncertainty: `cargo bench --bench estimate` prints the time of a sample.
//!
//! Ten thousand samples, the default, should take seconds.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use sysd::compile::{Design, Options, compile};
use sysd::estimate::{self, estimate};
use sysd::source::NoFiles;

/// A case study in which some inputs are intervals.
fn design(name: &str, text: &str, intervals: &[(&str, &str)]) -> Design {
    let mut text = text.to_string();
    for (written, interval) in intervals {
        assert!(text.contains(written), "{written}");
        text = text.replace(written, interval);
    }
    compile(name, text.as_bytes(), &NoFiles, &Options::default())
}

fn samples(criterion: &mut Criterion) {
    let loads = [
        ("500M users", "400M to 600M users"),
        ("8/day \"", "5/day to 12/day \""),
        ("let audience = 150", "let audience = 100 to 220"),
    ];
    let mut group = criterion.benchmark_group("estimate");
    group.sample_size(10).throughput(Throughput::Elements(100));
    let options = estimate::Options { samples: 100, ..estimate::Options::default() };
    let design = design("instagram", include_str!("../examples/case-studies/instagram.sysd"), &loads);
    group.bench_function("instagram", |b| {
        b.iter(|| black_box(estimate(&design.lowered, &design.analysis, &options)));
    });
    group.finish();
}

criterion_group!(benches, samples);
criterion_main!(benches);
