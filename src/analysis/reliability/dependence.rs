//! How available a flow is where replicas do not fail independently.

use super::super::case::Case;
use super::super::fault_tree::{self, Options, Probability};
use super::super::overrides::Overrides;
use super::super::shape;
use super::grounds::Grounds;
use super::tree::Builder;
use super::wiring::Wiring;
use crate::model::{FlowId, Model};

/// The unavailability of some flows where the share `beta` of the failures of each replica strikes all of its group at
/// once, unless the design states another `common_cause`; `None` for a flow that is not evaluated.
pub fn with_common_cause(model: &Model, flows: &[FlowId], beta: f64) -> Vec<Option<f64>> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let mut grounds = Grounds::of(&mut case, &shapes);
    for ((_, element), own) in model.elements().zip(&mut grounds.common_cause) {
        if !element.props.has("common_cause") {
            *own = beta;
        }
    }
    let of_flow = |flow: &FlowId| {
        let wiring = Wiring::of(model, *flow);
        let mut builder = Builder::new(model, &grounds);
        let top = builder.any_fails(&wiring.items);
        if !builder.unknown.is_empty() || !wiring.lacks.is_empty() {
            return None;
        }
        match fault_tree::probability(&builder.tree, top, &Options::default()) {
            Probability::Exact { unavailability, .. } => Some(unavailability),
            Probability::Bounded(_) => None,
        }
    };
    flows.iter().map(of_flow).collect()
}
