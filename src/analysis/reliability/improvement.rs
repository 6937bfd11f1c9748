//! What to fix first: the change that buys a flow the most availability, found by trying changes
//! where the flow is most sensitive.

use super::super::case::Case;
use super::super::facts::Change;
use super::super::fault_tree::{self, Options, Probability};
use super::super::overrides::Overrides;
use super::super::shape;
use super::grounds::Grounds;
use super::remedy::Remedies;
use super::tree::{Builder, Meaning};
use super::wiring::Wiring;
use crate::model::{ElementId, FlowId, Model};

/// So many elements are tried, the most critical first: each costs an evaluation of the flow.
const TRIED: usize = 8;

/// A change, and what the flow's unavailability would be after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Improvement {
    /// The element to change.
    pub element: ElementId,
    /// The change.
    pub change: Change,
    /// Unavailability of the flow as it is.
    pub before: f64,
    /// Unavailability of the flow after it; exact.
    pub after: f64,
}

/// Changes that make a flow more available, the one that buys the most first. Empty where the flow is not
/// evaluated: what is not known cannot be weighed.
pub fn improvements(model: &Model, flow: FlowId) -> Vec<Improvement> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let wiring = Wiring::of(model, flow);
    let mut builder = Builder::new(model, &grounds);
    let top = builder.any_fails(&wiring.items);
    if !builder.unknown.is_empty() || !wiring.lacks.is_empty() {
        return Vec::new();
    }
    let analysis = fault_tree::analyse(&builder.tree, top, &Options::default());
    let Probability::Exact { unavailability: before, .. } = analysis.probability else { return Vec::new() };
    let mut critical: Vec<ElementId> = Vec::new();
    for importance in &analysis.importance {
        if let Some(Meaning::Replicas { element, .. }) = builder.meaning(importance.event)
            && !critical.contains(&element)
        {
            critical.push(element);
        }
    }
    let remedies = Remedies::new(model, &grounds);
    let mut found = Vec::new();
    for element in critical.into_iter().take(TRIED) {
        for (change, group) in remedies.changes(element) {
            let mut changed = Builder::new(model, &grounds);
            changed.replace(element, group);
            let top = changed.any_fails(&wiring.items);
            let probability = fault_tree::probability(&changed.tree, top, &Options::default());
            if let Probability::Exact { unavailability: after, .. } = probability
                && after < before
            {
                found.push(Improvement { element, change, before, after });
            }
        }
    }
    found.sort_by(|a, b| a.after.total_cmp(&b.after).then(a.element.cmp(&b.element)));
    found
}
