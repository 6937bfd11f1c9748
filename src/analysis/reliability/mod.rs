//! Availability, cut sets and single points of failure, from the wiring of each flow.
//!
//! A wiring ([`wiring`], [`guards`]) says what a flow needs; a group ([`group`]) says what each
//! element is made of; [`grounds`] says how likely each part fails; [`tree`] joins the three into
//! a fault tree, whose analysis is pure mathematics and lives elsewhere. The meaning is that of
//! section 4 of the semantics. Knows no rule and writes no sentence for a reader.

mod budgets;
mod dependence;
mod durability;
mod elements;
mod flows;
mod grounds;
mod group;
mod guards;
mod holds;
mod idle;
mod improvement;
mod picture;
mod promises;
mod recovery;
mod remedy;
mod structure;
mod tree;
mod trees;
mod voting;
mod wiring;

use super::case::Case;
use super::fault_tree::{FaultTree, Formula};
use super::overrides::Overrides;
use super::shape;
use crate::model::{FlowId, Model};
use ecow::{EcoString, eco_format};
use tree::Builder;
use wiring::Wiring;

pub use dependence::with_common_cause;
pub use durability::durability;
pub use elements::ElementReliability;
pub use flows::evaluate;
pub use grounds::Grounds;
pub use idle::single_points_in_no_flow;
pub use improvement::{Improvement, improvements, improvements_to};
pub use picture::{Block, FaultKind, FaultNode, FlowPictures, pictures};
pub use promises::judge;
pub use structure::Structure;
pub use trees::Trees;
pub use voting::{Voters, voters};

/// The fault tree of a flow.
#[derive(Clone, Debug)]
pub struct FlowTree {
    /// The flow.
    pub flow: FlowId,
    /// The tree.
    pub tree: FaultTree,
    /// The top event: the flow fails.
    pub top: Formula,
    /// What is not known, as in `bank.availability`: the probabilities of the tree then mean nothing, its
    /// structure does.
    pub lacks: Option<EcoString>,
}

/// The fault tree of every flow.
pub fn fault_trees(model: &Model) -> Vec<FlowTree> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let trees = model.flows().map(|(flow, _)| {
        let wiring = Wiring::of(model, flow);
        let mut builder = Builder::new(model, &grounds);
        let top = builder.any_fails(&wiring.items);
        let unknown = builder.unknown.first().map(|e| eco_format!("{}.availability", case.name(*e)));
        FlowTree { flow, tree: builder.tree, top, lacks: unknown.or_else(|| wiring.lacks.first().cloned()) }
    });
    trees.collect()
}

#[cfg(test)]
mod tests;
