//! What follows from a design: load, capacity, latency, reliability, consistency.
//!
//! Analyses write numbers into one derivation graph and plain facts beside it; they write
//! no sentence for a reader and open no file.

pub mod aftermath;
pub mod blast;
mod brokers;
mod calls;
mod capacity;
mod case;
mod change;
mod cold;
mod completed;
mod compose;
mod concurrency;
pub mod condition;
mod connections;
pub mod consistency;
mod cost;
mod demand;
pub mod derivation;
pub mod derive;
pub mod facts;
pub mod fault_tree;
mod floor;
mod growth;
mod hotspot;
mod latency;
mod load;
mod memory;
mod multiplicity;
pub mod names;
mod network;
mod network_time;
mod nodes;
pub mod objectives;
mod overload;
mod overrides;
mod own_time;
mod placement;
mod rates;
pub mod reliability;
pub mod requirements;
mod retries;
mod run;
mod scenarios;
mod scope;
mod shape;
mod shared;
mod shares;
mod storage;
#[cfg(test)]
mod tests;
pub mod visibility;
mod waiting;
mod waterfall;

pub use change::Change;
pub use derivation::{Assumed, AssumptionId, Derivation, Fact, FactId, Operation, Unit, show as show_value};
pub use facts::*;
pub use overrides::Overrides;
pub use retries::{expected_attempts, pauses};

use crate::model::{Model, ScenarioId};
use crate::quantity::UnitTable;

/// Everything that follows from a design: the base case, and each scenario.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The design as it stands.
    pub base: Facts,
    /// The same under each scenario, in the model's order.
    pub scenarios: Vec<(ScenarioId, Facts)>,
}

/// The design as a scenario changes its properties; `None` where it changes none.
pub fn changed_model(model: &Model, scenario: ScenarioId) -> Option<Model> {
    scenarios::apply(model, model.scenarios.get(scenario.index())?).0
}

/// Computes everything that follows from a design, whose conditions use the built-in units.
pub fn analyse(model: &Model) -> Analysis {
    analyse_with(model, &UnitTable::new())
}

/// Computes everything that follows from a design; `units` are those of its conditions, with its currencies.
pub fn analyse_with(model: &Model, units: &UnitTable) -> Analysis {
    Analyser::default().analyse(model, units, |_| true)
}

/// Computes designs that differ in some numbers, and keeps what they share from one to the next: what a
/// number does not touch is not computed again. Sharing never changes a result.
#[derive(Default)]
pub struct Analyser {
    known: run::Known,
}

impl Analyser {
    /// Everything that follows from a design, under those scenarios that are asked for.
    pub fn analyse(
        &mut self,
        model: &Model,
        units: &UnitTable,
        asked: impl Fn(ScenarioId) -> bool,
    ) -> Analysis {
        if self.known.is_full() {
            self.known = run::Known::default();
        }
        let known = &self.known;
        let base = run::facts(model, &Overrides::default(), known);
        let ids = (0..model.scenarios.len()).map(|i| ScenarioId(i as u32)).filter(|id| asked(*id));
        let scenarios = ids.map(|id| {
            let (changed, overrides) = scenarios::apply(model, &model.scenarios[id.index()]);
            (id, run::facts(changed.as_ref().unwrap_or(model), &overrides, known))
        });
        let mut analysis = Analysis { base, scenarios: scenarios.collect() };
        requirements::judge_all(model, units, &mut analysis);
        analysis
    }
}
