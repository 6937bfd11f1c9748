//! The seam to consistency: what each read is given along its path.

use super::case::Case;
use super::facts::{Facts, Read};
use super::requirements::{Question, Verdict};
use crate::model::Model;

/// The reads of every flow; none until they are evaluated.
pub fn reads(case: &mut Case<'_>) -> Vec<Vec<Read>> {
    case.model.flows.iter().map(|_| Vec::new()).collect()
}

/// The verdict on a promise about data; `None` where it is not evaluated here.
pub fn judge(_model: &Model, _facts: &Facts, _question: Question) -> Option<Verdict> {
    None
}
