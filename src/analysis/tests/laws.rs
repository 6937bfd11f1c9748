//! Laws that hold for every design: load is conserved, and scales with the rates.

use super::analysed;
use crate::analysis::{Facts, analyse};
use crate::model::ElementId;
use proptest::prelude::*;
use std::fmt::Write;

/// A step: which reached element calls which one, how often, in which block.
#[derive(Clone, Debug)]
struct Hop {
    from: prop::sample::Index,
    to: usize,
    how: u8,
    often: u8,
}

const SERVICES: usize = 5;

fn hops() -> impl Strategy<Value = Vec<Hop>> {
    let hop = (any::<prop::sample::Index>(), 0..SERVICES, 0u8..8, 1u8..5)
        .prop_map(|(from, to, how, often)| Hop { from, to, how, often });
    prop::collection::vec(hop, 1..12)
}

/// A design of five services, a cache, a topic and a worker, with these flows.
fn design(flows: &[(u16, Vec<Hop>)], factor: f64) -> String {
    let mut text =
        String::from("workload { peak 2x }\nactor u\ncache c { hit 80% }\ntopic t\nworker w\nstore s\n");
    for i in 0..SERVICES {
        let _ = writeln!(text, "service e{i} {{ replicas {}, capacity {}/s }}", i + 1, 100 * (i + 1));
    }
    for (f, (rate, hops)) in flows.iter().enumerate() {
        let _ = writeln!(text, "flow f{f} {{\n rate {rate}/s\n u -> e0");
        let mut reached = vec![0];
        for hop in hops {
            let from = *hop.from.get(&reached);
            let (to, n) = (hop.to, hop.often);
            let _ = match hop.how {
                0 => writeln!(text, "e{from} -> e{to} {{ times {n} }}"),
                1 => writeln!(text, "e{from} -> e{to} {{ fan_out {n} }}"),
                2 => writeln!(text, "e{from} -> e{to} {{ chance {}% }}", 10 * n),
                3 => writeln!(text, "chance {}% {{ e{from} -> e{to} }}", 20 * n),
                4 => writeln!(text, "repeat {n} {{ e{from} -> e{to} }}"),
                5 => writeln!(text, "e{from} -> c read x\non miss {{ e{from} -> s read x {{ times {n} }} }}"),
                6 => writeln!(text, "e{from} ~> t publish m {{ times {n} }}"),
                _ => writeln!(text, "e{from} ~> e{to}"),
            };
            if hop.how < 5 || hop.how == 7 {
                reached.push(to);
            }
        }
        let _ = writeln!(text, "}}");
    }
    let _ = writeln!(text, "flow taken {{ trigger t m, t ~> w consume m, w -> s write x {{ times 2 }} }}");
    let _ = writeln!(text, "scenario more {{ rate {factor}x }}");
    text
}

/// Loads of every element, from the hops that end in it.
fn by_hops(facts: &Facts, model: &crate::model::Model) -> Vec<f64> {
    let mut sums = vec![0.0; model.elements.len()];
    for (id, flow) in model.flows() {
        for (step, hop) in flow.steps().zip(&facts.flow(id).hops) {
            sums[step.1.to.index()] += facts.value(hop.peak).unwrap_or(f64::NAN);
        }
    }
    sums
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn load_is_conserved_and_scales(
        flows in prop::collection::vec((1u16..500, hops()), 1..4),
        factor in 1.5f64..40.0,
    ) {
        let text = design(&flows, factor);
        let model = super::model(&text);
        let analysis = analyse(&model);
        let base = &analysis.base;
        let scaled = &analysis.scenarios[0].1;
        let hops = by_hops(base, &model);
        for (i, sum) in hops.iter().enumerate() {
            let id = ElementId(i as u32);
            // Where nothing is published, what is taken is not known.
            let Some(load) = base.value(base.element(id).load.total.peak) else {
                prop_assert!(sum.is_nan());
                continue;
            };
            prop_assert!(near(load, *sum), "{}: {load} against {sum}", model.element(id).head.name);
            let more = scaled.value(scaled.element(id).load.total.peak).unwrap();
            prop_assert!(near(more, load * factor));
            if let (Some(a), Some(b)) = (
                base.value(base.element(id).utilization.peak),
                scaled.value(scaled.element(id).utilization.peak),
            ) {
                prop_assert!(near(b, a * factor));
            }
        }
        // What is published is taken, once.
        let t = model.element_named("t").unwrap();
        let w = model.element_named("w").unwrap();
        let of = |id| base.value(base.element(id).load.total.average);
        let published = of(t).unwrap();
        let taken = of(w);
        prop_assert!(taken.is_none_or(|taken| near(published, taken)));
    }

    /// The mean of an answer is the sum of what its steps take, whatever their distribution.
    #[test]
    fn means_add_up(times in prop::collection::vec(1u32..50, 1..8)) {
        let mut text = String::from("network { within_zone 0ms }\nactor u\n");
        let mut run = String::from("u");
        for (i, ms) in times.iter().enumerate() {
            let _ = writeln!(text, "service e{i} {{ latency {{ mean {ms}ms }} }}");
            let _ = write!(run, " -> e{i}");
        }
        let _ = writeln!(text, "flow f {{ {run} }}");
        let analysis = analysed(&text);
        let mean = analysis.base.value(analysis.base.flows[0].latency.mean).unwrap();
        let sum: f64 = times.iter().map(|ms| f64::from(*ms) / 1000.0).sum();
        prop_assert!(near(mean, sum));
    }
}
