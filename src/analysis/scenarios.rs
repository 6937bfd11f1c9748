//! Scenarios: what they change, as overrides of one case and properties of a changed model.

use super::overrides::Overrides;
use crate::model::{Change, Model, Origin, Scenario};

/// The model and the overrides under a scenario; the model is copied only where a property changes.
pub fn apply(model: &Model, scenario: &Scenario) -> (Option<Model>, Overrides) {
    let mut overrides = Overrides::default();
    let mut changed: Option<Model> = None;
    for change in &scenario.changes {
        match change {
            Change::Rate(None, factor) => overrides.rate = Some(factor.clone()),
            Change::Rate(Some(flow), factor) => {
                overrides.rates.insert(*flow, factor.clone());
            }
            Change::Fail(entity, _) => overrides.fail(model, *entity),
            Change::Hit(cache, share) => {
                overrides.hits.insert(*cache, share.clone());
            }
            Change::Latency(element, factor) => {
                overrides.latency.insert(*element, factor.clone());
            }
            Change::Property(element, prop) => {
                let model = changed.get_or_insert_with(|| model.clone());
                let mut prop = prop.clone();
                prop.origin = Origin::Scenario;
                // The first of a key wins.
                model.elements[element.index()].props.entries.insert(0, prop);
            }
        }
    }
    (changed, overrides)
}
