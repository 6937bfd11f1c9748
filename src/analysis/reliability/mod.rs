//! Availability, cut sets and single points of failure, from the wiring of each flow.
//!
//! A wiring ([`wiring`], [`guards`]) says what a flow needs; a group ([`group`]) says what each
//! element is made of; [`grounds`] says how likely each part fails; [`tree`] joins the three into
//! a fault tree, whose analysis is pure mathematics and lives elsewhere. The meaning is that of
//! section 4 of the semantics. Knows no rule and writes no sentence for a reader.

mod elements;
mod flows;
mod grounds;
mod group;
mod guards;
mod holds;
mod tree;
mod wiring;

use super::case::Case;
use super::facts::Facts;
use super::fault_tree::{FaultTree, Formula};
use super::overrides::Overrides;
use super::requirements::{Question, Verdict};
use super::shape;
use crate::model::{FlowId, Model};
use tree::Builder;
use wiring::Wiring;

pub use elements::ElementReliability;
pub use flows::evaluate;
pub use grounds::Grounds;

/// The fault tree of every flow, with its top event: the flow fails.
pub fn fault_trees(model: &Model) -> Vec<(FlowId, FaultTree, Formula)> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let trees = model.flows().map(|(id, _)| {
        let mut builder = Builder::new(model, &grounds);
        let top = builder.any_fails(&Wiring::of(model, id).items);
        (id, builder.tree, top)
    });
    trees.collect()
}

/// The verdict on a promise that the structure of flows decides; `None` where it is not evaluated here.
pub fn judge(_model: &Model, _facts: &Facts, _question: Question) -> Option<Verdict> {
    None
}

#[cfg(test)]
mod tests;
