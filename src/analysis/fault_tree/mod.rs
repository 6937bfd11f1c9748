//! Exact fault tree analysis: what must be down for the top event, and how likely that is.
//!
//! Pure mathematics. The module knows events with a probability and gates over them; it must
//! not know elements, zones or flows. Everything is failure logic: *true* means *down*.
//!
//! Two independent roads lead from one tree:
//!
//! - [`probability`](compile): the tree is compiled into a decision diagram with independent
//!   parts ([`diagram`]), on which the probability of the top event and the importance of every
//!   event are sums and products of positive terms, exact up to the rounding of each term.
//! - [`cut_sets`]: the minimal cut sets, bottom-up, in a zero-suppressed diagram ([`zbdd`]);
//!   counted before they are listed.
//!
//! Replicas of one group that are interchangeable are one variable with a count, not as many
//! Boolean variables, so that 40 replicas cost 41 branches at worst and not 2^40 states.
//! Where a tree is too large for its budget, [`bounds`] gives proven bounds, marked as such.

mod arena;
mod bounds;
mod common_cause;
mod compile;
mod counting;
mod cut_sets;
mod diagram;
mod importance;
mod open_psa;
mod order;
mod tree;
mod zbdd;

use diagram::{Values, Weights};

pub use arena::{Formula, Gate, Term};
pub use bounds::{Bounds, Method};
pub use common_cause::{BetaFactor, CommonCauseGroup};
pub use cut_sets::{CutEvent, CutSet, CutSetCounts, CutSets};
pub use importance::Importance;
pub use open_psa::open_psa;
pub use tree::{Event, EventId, FaultTree, FaultTreeError, Part};

/// How much work an analysis may do and how much of its result is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Largest size of a diagram, counted in edges. The default, ten million, is about 200 MB.
    pub budget: usize,
    /// Cut sets are listed up to this order; each replica counts. Default 3.
    pub max_order: u32,
    /// At most so many cut sets are listed, the lowest orders and then the likeliest first. Default 1000.
    pub max_listed: usize,
    /// Cut sets beyond `max_order` are counted too where their diagram fits this. Default 100 000, some
    /// tens of milliseconds.
    pub count_budget: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { budget: 10_000_000, max_order: 3, max_listed: 1000, count_budget: 100_000 }
    }
}

/// The probability of the top event.
#[derive(Debug, Clone, PartialEq)]
pub enum Probability {
    /// Exact: both sides are sums of products of positive terms, so each keeps its relative accuracy.
    Exact {
        /// Probability that the top event holds (down).
        unavailability: f64,
        /// Probability that it does not (up).
        availability: f64,
    },
    /// The tree did not fit the budget; the truth is proven to lie between the bounds.
    Bounded(Bounds),
}

/// Everything that is computed of one top event.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Probability of the top event.
    pub probability: Probability,
    /// Minimal cut sets: counts, then the list.
    pub cut_sets: CutSets,
    /// Importance of each event under the top event, the highest criticality first;
    /// empty where the probability is only bounded.
    pub importance: Vec<Importance>,
}

/// Probability of `top`, exact within `options.budget`, else bounds from the cut sets.
pub fn probability(tree: &FaultTree, top: Formula, options: &Options) -> Probability {
    let Some(diagram) = compile::compile(tree, top, options.budget) else {
        return Probability::Bounded(bounds::bounds(tree, top, options));
    };
    exact(&diagram.evaluate(&Weights::new(tree)))
}

/// Minimal cut sets of `top`.
pub fn cut_sets(tree: &FaultTree, top: Formula, options: &Options) -> CutSets {
    cut_sets::minimal_cut_sets(tree, top, options)
}

/// Probability, minimal cut sets and importance of `top`.
pub fn analyse(tree: &FaultTree, top: Formula, options: &Options) -> Analysis {
    let cut_sets = cut_sets(tree, top, options);
    let Some(diagram) = compile::compile(tree, top, options.budget) else {
        let bounds = bounds::bounds(tree, top, options);
        return Analysis { probability: Probability::Bounded(bounds), cut_sets, importance: Vec::new() };
    };
    let weights = Weights::new(tree);
    let values = diagram.evaluate(&weights);
    let importance = importance::importance(&diagram, tree, &weights, &values);
    Analysis { probability: exact(&values), cut_sets, importance }
}

/// Both sides are sums of positive terms and each is exact to a few roundings; from the smaller one the larger
/// follows to the last bit, and never passes 1.
fn exact(values: &Values) -> Probability {
    let top = values.top();
    if top.down <= top.up {
        Probability::Exact { unavailability: top.down, availability: 1.0 - top.down }
    } else {
        Probability::Exact { unavailability: 1.0 - top.up, availability: top.up }
    }
}

#[cfg(test)]
mod tests;
