//! The fault tree core against published cases, enumeration and closed forms.
#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

mod exhaustive;
mod published;
mod scale;

use super::*;

/// Relative comparison; both 0 is equal.
fn close(actual: f64, expected: f64, relative: f64) {
    let error = (actual - expected).abs();
    assert!(error <= relative * expected.abs(), "{actual:e} is not {expected:e} within {relative:e}");
}

fn unavailability(analysis: &Analysis) -> f64 {
    match analysis.probability {
        Probability::Exact { unavailability, .. } => unavailability,
        Probability::Bounded(bounds) => panic!("not exact: {bounds:?}"),
    }
}
