//! What to fix first: the change that buys a flow the most availability, found by trying changes
//! where the flow is most sensitive; and the changes, one after the other, that keep a promise.

use super::super::case::Case;
use super::super::change::Change;
use super::super::fault_tree::{self, Importance, Options, Probability};
use super::super::overrides::Overrides;
use super::super::shape;
use super::grounds::Grounds;
use super::group::Group;
use super::remedy::Remedies;
use super::tree::{Builder, Meaning};
use super::wiring::Wiring;
use crate::model::{ElementId, FlowId, Model};

/// So many elements are tried, the most critical first: each costs an evaluation of the flow.
const TRIED: usize = 8;

/// So many changes one after the other are tried to keep a promise.
const STEPS: usize = 4;

/// A change, and what the flow's unavailability would be after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Improvement {
    /// The element to change.
    pub element: ElementId,
    /// The change.
    pub change: Change,
    /// Unavailability of the flow before it.
    pub before: f64,
    /// Unavailability of the flow after it; exact.
    pub after: f64,
}

/// Changes that make a flow more available, the one that buys the most first. Empty where the flow is not
/// evaluated: what is not known cannot be weighed.
pub fn improvements(model: &Model, flow: FlowId) -> Vec<Improvement> {
    with_trials(model, flow, |trials| {
        let found = trials.improvements();
        found.into_iter().map(|(improvement, _)| improvement).collect()
    })
}

/// The changes that bring a flow's unavailability down to `limit`: at each step the one that buys the most. The last
/// of them may fall short of it, where nothing that is tried buys more.
pub fn improvements_to(model: &Model, flow: FlowId, limit: f64) -> Vec<Improvement> {
    with_trials(model, flow, |trials| {
        let mut steps = Vec::new();
        while steps.len() < STEPS {
            let Some((best, group)) = trials.improvements().into_iter().next() else { break };
            trials.changed.push((best.element, group));
            steps.push(best);
            if best.after <= limit {
                break;
            }
        }
        steps
    })
}

fn with_trials(
    model: &Model,
    flow: FlowId,
    read: impl FnOnce(&mut Trials<'_>) -> Vec<Improvement>,
) -> Vec<Improvement> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let wiring = Wiring::of(model, flow);
    if !wiring.lacks.is_empty() {
        return Vec::new();
    }
    read(&mut Trials { model, grounds: &grounds, wiring: &wiring, changed: Vec::new() })
}

/// A flow with some of its elements changed.
struct Trials<'t> {
    model: &'t Model,
    grounds: &'t Grounds,
    wiring: &'t Wiring,
    changed: Vec<(ElementId, Group)>,
}

impl Trials<'_> {
    fn builder(&self) -> Builder<'_> {
        let mut builder = Builder::new(self.model, self.grounds);
        for (element, group) in &self.changed {
            builder.replace(*element, group.clone());
        }
        builder
    }

    /// Changes of elements that were not changed yet, with their groups after it, the one that buys the most first.
    fn improvements(&self) -> Vec<(Improvement, Group)> {
        let mut builder = self.builder();
        let top = builder.any_fails(&self.wiring.items);
        if !builder.unknown.is_empty() {
            return Vec::new();
        }
        let analysis = fault_tree::analyse(&builder.tree, top, &Options::default());
        let Probability::Exact { unavailability: before, .. } = analysis.probability else {
            return Vec::new();
        };
        let remedies = Remedies::new(self.model, self.grounds);
        let mut found = Vec::new();
        for element in self.critical(&builder, &analysis.importance).into_iter().take(TRIED) {
            for (change, group) in remedies.changes(element) {
                if let Some(after) = self.unavailability_with(element, &group).filter(|after| *after < before)
                {
                    found.push((Improvement { element, change, before, after }, group));
                }
            }
        }
        found.sort_by(|(a, _), (b, _)| a.after.total_cmp(&b.after).then(a.element.cmp(&b.element)));
        found
    }

    fn critical(&self, builder: &Builder<'_>, importance: &[Importance]) -> Vec<ElementId> {
        let mut critical: Vec<ElementId> = Vec::new();
        for importance in importance {
            if let Some(Meaning::Replicas { element, .. }) = builder.meaning(importance.event)
                && !critical.contains(&element)
                && !self.changed.iter().any(|(changed, _)| *changed == element)
            {
                critical.push(element);
            }
        }
        critical
    }

    fn unavailability_with(&self, element: ElementId, group: &Group) -> Option<f64> {
        let mut builder = self.builder();
        builder.replace(element, group.clone());
        let top = builder.any_fails(&self.wiring.items);
        match fault_tree::probability(&builder.tree, top, &Options::default()) {
            Probability::Exact { unavailability, .. } => Some(unavailability),
            Probability::Bounded(_) => None,
        }
    }
}
