//! Structure functions, availability, cut sets and importance of wide flows and of many flows.
//!
//! `cargo bench --bench reliability`; the flow over 200 elements of 40 replicas should take under 100 ms.

use criterion::{Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use sysd::analysis::fault_tree::{Options, analyse};
use sysd::analysis::reliability::fault_trees;
use sysd::model::{Model, lower};
use sysd::source::NoFiles;

fn model(text: &str) -> Model {
    lower("bench.sysd", text.as_bytes(), &NoFiles).model
}

/// One flow over 200 elements with 40 replicas each, in 3 regions of 3 zones.
fn wide(needs: u32) -> Model {
    let mut text =
        String::from("region a { zones 3 }\nregion b { zones 3 }\nregion c { zones 3 }\nactor user\n");
    for i in 0..200 {
        let _ = writeln!(text, "service s{i} {{ replicas 40, needs {needs}, in a b c }}");
    }
    text.push_str("flow f {\n user -> s0\n");
    for i in 1..200 {
        let _ = writeln!(text, " s{} -> s{i}", i / 3);
    }
    text.push('}');
    model(&text)
}

/// One flow over 40 fleets of 18 000 replicas in 3 zones, of which each needs half.
fn fleets() -> Model {
    let mut text = String::from("region a { zones 3 }\nactor user\n");
    for i in 0..40 {
        let _ = writeln!(text, "service s{i} {{ replicas 18000, in a, needs 9000 }}");
    }
    text.push_str("flow f {\n user -> s0\n");
    for i in 1..40 {
        let _ = writeln!(text, " s0 -> s{i}");
    }
    text.push('}');
    model(&text)
}

/// 10 000 elements and 3 000 flows of 5 steps.
fn many() -> Model {
    let mut text = String::from("region a { zones 3 }\nactor user\n");
    for i in 0..10_000 {
        let body = ["replicas 6, zones 3", "replicas 3, in a", "availability 99.9%"][i % 3];
        let _ = writeln!(text, "service s{i} {{ {body} }}");
    }
    for i in 0..3_000 {
        let at = |k: usize| (i * 3 + k * 7919) % 10_000;
        let _ = write!(text, "flow f{i} {{ user -> s{}", at(0));
        for k in 1..5 {
            let _ = write!(text, "; s{} -> s{}", at(0), at(k));
        }
        text.push_str(" }\n");
    }
    model(&text)
}

fn reliability(criterion: &mut Criterion) {
    let designs = [
        ("200 elements of 40 replicas", wide(1)),
        ("200 elements of 40 replicas, 25 needed", wide(25)),
        ("40 fleets of 18 000 replicas", fleets()),
        ("10 000 elements, 3 000 flows", many()),
    ];
    for (name, model) in designs {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                for flow in fault_trees(black_box(&model)) {
                    black_box(analyse(&flow.tree, flow.top, &Options::default()));
                }
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = reliability
}
criterion_main!(benches);
