//! Whether a flow works while some elements are down: its structure function over whole elements.

use super::wiring::{Item, Wiring};
use crate::model::{ElementId, FlowId, Model};
use std::collections::BTreeSet;

/// The structure function of a flow.
pub struct Structure(Wiring);

impl Structure {
    /// Of a flow.
    pub fn of(model: &Model, flow: FlowId) -> Structure {
        Structure(Wiring::of(model, flow))
    }

    /// Every element that it names.
    pub fn elements(&self) -> impl Iterator<Item = ElementId> {
        self.0.needs().into_iter().map(|need| need.element)
    }

    /// Whether the flow fails with these elements wholly down and everything else up.
    pub fn fails(&self, down: &BTreeSet<ElementId>) -> bool {
        any_fails(&self.0.items, down)
    }
}

fn any_fails(items: &[Item], down: &BTreeSet<ElementId>) -> bool {
    items.iter().any(|item| match item {
        Item::Need(need) => down.contains(&need.element),
        Item::Either { first, then } => any_fails(first, down) && any_fails(then, down),
    })
}
