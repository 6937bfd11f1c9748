//! Structure functions against numbers worked by hand and against exhaustive enumeration.

mod exhaustive;
mod picture;
mod recovery;
mod remedy;
mod scale;
mod structure;

use crate::analysis::tests::{assert_number, base};
use crate::analysis::{Facts, FailureKind};

/// The facts of a text in which no default of sysd for a replica, zone or region takes part.
fn facts(text: &str) -> Facts {
    base(&format!("assume {{ instance 100%, zone 100%, region 100% }}\n{text}"))
}

/// Asserts the unavailability of the flow `f`.
fn assert_down(text: &str, expected: f64) {
    assert_number(&facts(text), "f.unavailability", expected);
}

/// The single points of failure of the first flow.
fn points(facts: &Facts) -> Vec<(String, FailureKind)> {
    let reliability = &facts.flows[0].reliability;
    reliability.single_points.iter().map(|p| (p.event.to_string(), p.kind)).collect()
}

/// The cut sets of the first flow.
fn cuts(facts: &Facts) -> Vec<String> {
    let sets = &facts.flows[0].reliability.cut_sets;
    sets.iter().map(|c| c.events.join(" & ")).collect()
}
