//! Designs in the language against numbers worked by hand, closed forms and published cases.

mod aftermath;
mod capacity;
mod latency;
mod laws;
mod load;
mod names;
mod requirements;
mod visibility;

use super::{Analysis, Facts, analyse};
use crate::model::Model;
use crate::source::NoFiles;

/// The design of a text, which must be without a fault.
pub fn model(text: &str) -> Model {
    let lowered = crate::model::lower("test.sysd", text.as_bytes(), &NoFiles);
    let faults: Vec<&str> = lowered.findings.iter().map(|f| f.message.as_str()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    lowered.model
}

/// What follows from a text.
pub fn analysed(text: &str) -> Analysis {
    analyse(&model(text))
}

/// The base case of a text.
pub fn base(text: &str) -> Facts {
    analysed(text).base
}

/// The value of a named number; what it needs where it has none.
pub fn value(facts: &Facts, name: &str) -> Result<f64, String> {
    let id = facts.derivation.named(name).ok_or_else(|| format!("no number is named {name}"))?;
    let need = || facts.derivation.need(id).unwrap_or("nothing: it does not apply").to_owned();
    facts.value(id).ok_or_else(need)
}

/// Asserts a named number to a relative 1e-9.
pub fn assert_number(facts: &Facts, name: &str, expected: f64) {
    assert_near(facts, name, expected, 1e-9);
}

/// Asserts a named number to a relative error.
pub fn assert_near(facts: &Facts, name: &str, expected: f64, relative: f64) {
    let found = value(facts, name).unwrap_or_else(|need| panic!("{name} needs {need}"));
    let scale = expected.abs().max(f64::MIN_POSITIVE);
    assert!((found - expected).abs() <= relative * scale, "{name}: {found}, expected {expected}");
}

/// Asserts that a named number is missing, and what it needs.
pub fn assert_needs(facts: &Facts, name: &str, need: &str) {
    assert_eq!(value(facts, name), Err(need.to_owned()), "{name}");
}
