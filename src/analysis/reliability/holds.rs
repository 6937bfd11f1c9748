//! Whether a failure follows from one event alone.

use super::super::fault_tree::{EventId, FaultTree, Formula, Gate, Term};
use rustc_hash::FxHashMap;

/// Whether the formula holds where one replica of the event is down and nothing else.
pub fn holds(tree: &FaultTree, formula: Formula, event: EventId) -> bool {
    Down { tree, event, known: FxHashMap::default() }.holds(formula)
}

struct Down<'t> {
    tree: &'t FaultTree,
    event: EventId,
    known: FxHashMap<Formula, bool>,
}

impl Down<'_> {
    fn holds(&mut self, formula: Formula) -> bool {
        if let Some(known) = self.known.get(&formula) {
            return *known;
        }
        let tree = self.tree;
        let holds = match tree.gate(formula) {
            Gate::False => false,
            Gate::True => true,
            Gate::Down { var, at_least } => tree.is_variable(self.event, *var) && *at_least <= 1,
            Gate::And(inputs) => inputs.iter().all(|i| self.holds(*i)),
            Gate::Or(inputs) => inputs.iter().any(|i| self.holds(*i)),
            Gate::Sum { at_least, terms } => {
                let down: u32 = terms.iter().map(|t| self.down(t)).fold(0, u32::saturating_add);
                down >= *at_least
            }
        };
        self.known.insert(formula, holds);
        holds
    }

    fn down(&mut self, term: &Term) -> u32 {
        match *term {
            Term::One(input) => u32::from(self.holds(input)),
            Term::Replicas { var, domain } => {
                if self.holds(domain) {
                    return self.tree.events().get(var as usize).map_or(0, |e| e.count);
                }
                u32::from(self.tree.is_variable(self.event, var))
            }
        }
    }
}
