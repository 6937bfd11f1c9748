//! Large designs stay exact; `cargo bench --bench reliability` says how long they take.

use super::super::{Grounds, Trees, evaluate};
use crate::analysis::case::Case;
use crate::analysis::facts::Reliability;
use crate::analysis::{Overrides, shape};
use crate::model::Model;
use std::fmt::Write;

/// The reliability of the flows of a model, and their unavailability.
fn evaluated(model: &Model) -> (Vec<Reliability>, Vec<Option<f64>>) {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let elements = grounds.elements(&mut case);
    let flows = evaluate(&mut case, &grounds, &elements, &[], &Trees::default());
    let down = flows.iter().map(|f| case.value(f.unavailability)).collect();
    (flows, down)
}

/// 200 elements with 40 replicas each, in 3 regions of 3 zones.
#[test]
fn a_wide_flow() {
    let mut text =
        String::from("region a { zones 3 }\nregion b { zones 3 }\nregion c { zones 3 }\nactor user\n");
    for i in 0..200 {
        let _ = writeln!(text, "service s{i} {{ replicas 40, in a b c }}");
    }
    let _ = writeln!(text, "flow f {{\n user -> s0");
    for i in 1..200 {
        let _ = writeln!(text, " s{} -> s{i}", i / 3);
    }
    text.push('}');
    let (flows, down) = evaluated(&crate::analysis::tests::model(&text));
    assert!(down[0].is_some_and(|d| d > 0.0 && d < 1.0), "{down:?}");
    assert!(flows[0].inexact.is_none());
}

/// A thousand elements, 300 flows of 5 steps.
#[test]
fn many_flows() {
    let (elements, count) = (1_000, 300);
    let mut text = String::from("region a { zones 3 }\nregion b { zones 3 }\nactor user\n");
    for i in 0..elements {
        let body = match i % 5 {
            0 => "replicas 6, zones 3",
            1 => "replicas 4, in a b",
            2 => "replicas 3, in a",
            3 => "availability 99.9%",
            _ => "replicas 2, needs 2",
        };
        let kind = if i % 7 == 0 { "store" } else { "service" };
        let _ = writeln!(text, "{kind} s{i} {{ {body} }}");
    }
    for i in 0..count {
        let _ = writeln!(text, "flow f{i} {{");
        let at = |k: usize| (i * 3 + k * 7919) % elements;
        let _ = writeln!(text, " user -> s{}", at(0));
        for k in 1..5 {
            let _ = writeln!(text, " s{} -> s{}", at(0), at(k));
            if i % 10 == 0 && k == 4 {
                let _ = writeln!(text, " on failure {{ s{} -> s{} }}", at(0), at(5));
            }
        }
        text.push_str("}\n");
    }
    let (flows, down) = evaluated(&crate::analysis::tests::model(&text));
    assert_eq!(flows.len(), count);
    assert!(down.iter().all(|d| d.is_some_and(|d| d > 0.0 && d < 1.0)));
    assert!(flows.iter().all(|f| f.inexact.is_none()));
}
