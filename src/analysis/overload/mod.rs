//! What overload does after a failure: the load of what is lost moves to what is left, which may fail of it.
//!
//! One thing fails: a replica of several, an element of one replica or of somebody else, or a zone with all that
//! stands in it. Its share of the work moves: to the other replicas, from a cache to its origin, from a guarded call to its
//! alternative; and whoever calls what has failed tries again, as often as its `retry` says within budget and
//! breaker, so that what stands between is called again as well. Whatever is then asked for more than it can serve fails as a whole, and its load moves on, until
//! nothing changes (semantics, section 6). Of interest is what takes a flow down that the failure alone would
//! not.
//!
//! The work is linear in the hops: a trial evaluates the flows whose load moves, and pairs are tried only where
//! both move load to the same element, within [`MOST_PAIRS`]; zones are tried one by one.

use crate::analysis::calls::Calls;
use crate::analysis::capacity::Capacity;
use crate::analysis::case::Case;
use crate::analysis::derivation::{Derivation, FactId, Unit};
use crate::analysis::derive::What;
use crate::analysis::facts::{Cascade, ElementFacts, FailureKind, FlowFacts, Lost, Overload};
use crate::analysis::multiplicity::{Chances, multiplicities};
use crate::analysis::overrides::Overrides;
use crate::analysis::reliability::Structure;
use crate::analysis::retries::{attempts, failing_factors};
use crate::analysis::shape::{self, Shape};
use crate::model::{ElementId, Entity, FlowId, Model, Operation};
use crate::schema::Kind;
use std::collections::{BTreeMap, BTreeSet};

mod moves;
mod zones;

use moves::{left_of_hits, moves, retried};

/// So many pairs are tried.
const MOST_PAIRS: usize = 2_000;

/// Rounding must not overload what is exactly full.
const SLACK: f64 = 1e-9;

/// What the analysis reads.
pub struct Inputs<'i> {
    /// The design.
    pub model: &'i Model,
    /// Every number.
    pub graph: &'i Derivation,
    /// The hops of each flow.
    pub calls: &'i [Calls],
    /// How often each hop happens for one arrival.
    pub multiplicity: &'i [Vec<FactId>],
    /// Hit ratios of caches.
    pub hits: &'i [Option<FactId>],
    /// What elements are made of.
    pub shapes: &'i [Shape],
    /// What is asked of them.
    pub capacities: &'i [Capacity],
    /// Their numbers.
    pub elements: &'i [ElementFacts],
    /// The numbers of flows.
    pub flows: &'i [FlowFacts],
}

/// The smallest failures that take a flow down by overload: single ones, then pairs.
pub fn cascades(inputs: &Inputs<'_>) -> Vec<Cascade> {
    let overrides = Overrides::default();
    let mut trials = Trials::new(inputs, &overrides);
    let units = trials.units();
    let mut found = Vec::new();
    let mut receivers: BTreeMap<ElementId, Vec<Lost>> = BTreeMap::new();
    for unit in units {
        let outcome = trials.run(&[unit]);
        if let Some(cascade) = outcome.cascade {
            found.push(cascade);
            continue;
        }
        for element in outcome.pressed {
            receivers.entry(element).or_default().push(unit);
        }
    }
    let mut tried = BTreeSet::new();
    zones::cascades(&mut trials, &mut found);
    for units in receivers.values() {
        for (at, first) in units.iter().enumerate() {
            for second in &units[at + 1..] {
                if tried.len() == MOST_PAIRS {
                    return found;
                }
                if first.element() != second.element() && tried.insert((*first, *second)) {
                    found.extend(trials.run(&[*first, *second]).cascade);
                }
            }
        }
    }
    found
}

struct Trials<'i, 'o> {
    inputs: &'i Inputs<'i>,
    /// Where trials write their numbers; nobody reads them but the trial.
    scratch: Case<'o>,
    hits: Vec<Option<FactId>>,
    failures: Vec<FactId>,
    /// Flows whose load moves when an element is lost.
    moves: BTreeMap<ElementId, BTreeSet<FlowId>>,
    /// Flows with retries, by the elements that they call.
    retried: BTreeMap<ElementId, BTreeSet<FlowId>>,
    structures: Vec<Structure>,
    /// Flows that need an element.
    needing: BTreeMap<ElementId, BTreeSet<usize>>,
}

/// What a trial comes to.
struct Outcome {
    cascade: Option<Cascade>,
    /// Elements that are asked for more, or have fewer replicas, than before.
    pressed: BTreeSet<ElementId>,
}

/// What elements are asked for beyond their load at peak.
#[derive(Default)]
struct Extra {
    /// By operation.
    load: BTreeMap<(ElementId, Operation), f64>,
    /// What of it are calls that are tried again.
    retries: BTreeMap<ElementId, f64>,
}

/// What is lost in a trial.
#[derive(Default)]
struct State {
    /// How many replicas of what is not lost as a whole.
    replicas: BTreeMap<ElementId, f64>,
    failed: BTreeSet<ElementId>,
}

impl<'i> Trials<'i, 'i> {
    fn new(inputs: &'i Inputs<'i>, overrides: &'i Overrides) -> Trials<'i, 'i> {
        let mut scratch = Case::new(inputs.model, overrides);
        let mut constant = |value: f64| scratch.graph.constant(What::between("", Unit::Share), value);
        let hits = inputs
            .hits
            .iter()
            .map(|hit| hit.and_then(|id| inputs.graph.value(id)).map(&mut constant))
            .collect();
        let failures = inputs
            .elements
            .iter()
            .map(|e| constant(1.0 - inputs.graph.value(e.availability).unwrap_or(1.0)))
            .collect();
        let structures: Vec<Structure> =
            inputs.model.flows().map(|(id, _)| Structure::of(inputs.model, id)).collect();
        let mut needing: BTreeMap<ElementId, BTreeSet<usize>> = BTreeMap::new();
        for (at, structure) in structures.iter().enumerate() {
            for element in structure.elements() {
                needing.entry(element).or_default().insert(at);
            }
        }
        let moves = moves(inputs.model, inputs.calls);
        let retried = retried(inputs.model, inputs.calls);
        Trials { inputs, scratch, hits, failures, moves, retried, structures, needing }
    }
}

impl Trials<'_, '_> {
    /// What fails by itself: one replica of several, or the whole where there is one, or it is somebody else's.
    fn units(&self) -> Vec<Lost> {
        let mut units = Vec::new();
        for (id, element) in self.inputs.model.elements() {
            if element.kind == Kind::Actor {
                continue;
            }
            let nodes = self.nodes(id);
            if shape::is_outside(element) || nodes.is_some_and(|n| n < 2.0) {
                if self.moves.contains_key(&id) || self.retried.contains_key(&id) {
                    units.push(Lost::Element(id));
                }
            } else if nodes.is_some() {
                units.push(Lost::Replica(id));
            }
        }
        units
    }

    /// Replicas that can work at peak: what autoscaling allows.
    fn nodes(&self, id: ElementId) -> Option<f64> {
        let shape = &self.inputs.shapes[id.index()];
        let id =
            if shape.range.is_some() { shape.declared } else { self.inputs.capacities[id.index()].nodes };
        self.inputs.graph.value(id)
    }

    fn run(&mut self, trigger: &[Lost]) -> Outcome {
        let mut state = State::default();
        for lost in trigger {
            match lost {
                Lost::Replica(id) => {
                    state.replicas.insert(*id, 1.0);
                }
                Lost::Element(id) => {
                    state.failed.insert(*id);
                }
                Lost::Zone(zone) => self.lose_zone(*zone, &mut state),
            }
        }
        let before = state.failed.clone();
        let mut overloads: Vec<Overload> = Vec::new();
        let mut pressed = BTreeSet::new();
        loop {
            let extra = self.extra(&state);
            let asked: BTreeSet<ElementId> =
                extra.load.keys().map(|(id, _)| *id).chain(state.replicas.keys().copied()).collect();
            let new: Vec<Overload> = asked
                .iter()
                .filter(|id| !state.failed.contains(id))
                .filter_map(|id| self.overload(*id, &state, &extra))
                .collect();
            pressed.extend(asked);
            if new.is_empty() {
                break;
            }
            state.failed.extend(new.iter().map(|o| o.element));
            overloads.extend(new);
        }
        let flows = self.flows_down(trigger, &before, &state);
        let cascade = (!flows.is_empty() && !overloads.is_empty()).then(|| Cascade {
            trigger: trigger.to_vec(),
            taken: Vec::new(),
            overloads,
            flows,
        });
        Outcome { cascade, pressed }
    }

    /// What each element is asked for beyond its load at peak, by operation.
    fn extra(&mut self, state: &State) -> Extra {
        let lost: BTreeSet<ElementId> = state.failed.iter().chain(state.replicas.keys()).copied().collect();
        let mut flows: BTreeSet<FlowId> =
            lost.iter().filter_map(|id| self.moves.get(id)).flatten().copied().collect();
        flows.extend(state.failed.iter().filter_map(|id| self.retried.get(id)).flatten());
        let mut extra = Extra::default();
        for id in flows {
            let Some(rate) = self.inputs.graph.value(self.inputs.flows[id.index()].rate.peak) else {
                continue;
            };
            let before = self.multiplicities(id, &State::default());
            let after = self.multiplicities(id, state);
            let calls = &self.inputs.calls[id.index()];
            let again = failing_factors(self.inputs.model.flow(id), calls, &after, &state.failed, |props| {
                attempts(props).1
            });
            for (at, hop) in calls.hops.iter().enumerate() {
                let known = self.inputs.graph.value(self.inputs.multiplicity[id.index()][at]);
                let (Some(known), Some(before), Some(after)) = (known, before[at], after[at]) else {
                    continue;
                };
                // Shares of a queue's consumers are in the known number only; they divide out.
                let now = if before > 0.0 { known * after / before } else { known + after };
                let (added, retries) = (now * again[at] - known, now * (again[at] - 1.0));
                if added > 0.0 && rate > 0.0 {
                    *extra.load.entry((hop.to, hop.counts_as)).or_insert(0.0) += rate * added;
                    *extra.retries.entry(hop.to).or_insert(0.0) += rate * retries;
                }
            }
        }
        extra
    }

    fn multiplicities(&mut self, id: FlowId, state: &State) -> Vec<Option<f64>> {
        let mut before = Vec::new();
        for lost in state.failed.iter().chain(state.replicas.keys()) {
            let at = lost.index();
            before.push((at, self.hits[at], self.failures[at]));
            let failed = state.failed.contains(lost);
            let hit = if failed { Some(0.0) } else { left_of_hits(self.inputs, *lost, state.replicas[lost]) };
            if let (Some(known), Some(hit)) = (&mut self.hits[at], hit) {
                *known = self.scratch.graph.constant(What::between("", Unit::Share), hit);
            }
            if failed {
                self.failures[at] = self.scratch.once;
            }
        }
        let chances = Chances { hits: &self.hits, failures: &self.failures, shares: &|_, _| None };
        let ids = multiplicities(&mut self.scratch, id, &self.inputs.calls[id.index()], &chances);
        let values = ids.into_iter().map(|id| self.scratch.value(id)).collect();
        // Backwards, so that what was lost twice gets back what it had at first.
        for (at, hit, failure) in before.into_iter().rev() {
            (self.hits[at], self.failures[at]) = (hit, failure);
        }
        values
    }

    /// Whether an element is asked for more than it can serve, which it was not before.
    fn overload(&self, id: ElementId, state: &State, extra: &Extra) -> Option<Overload> {
        let graph = self.inputs.graph;
        let capacity = &self.inputs.capacities[id.index()];
        let facts = &self.inputs.elements[id.index()];
        if graph.value(facts.utilization.peak).is_none_or(|u| u > 1.0 + SLACK) {
            return None;
        }
        let left = self.nodes(id)? - state.replicas.get(&id).copied().unwrap_or(0.0);
        let mut demand = capacity.demand.clone()?;
        let mut load = graph.value(facts.load.total.peak)?;
        for ((_, operation), added) in
            extra.load.range((id, Operation::Call)..).take_while(|((e, _), _)| *e == id)
        {
            load += added;
            let of = |at: &usize| capacity.operations.get(*at) == Some(operation);
            let parts: Vec<usize> = (0..demand.parts.len()).filter(of).collect();
            let total: f64 = parts.iter().map(|at| demand.parts[*at].load).sum();
            for (nth, at) in parts.iter().enumerate() {
                let part = &mut demand.parts[*at];
                let share = if total > 0.0 { part.load / total } else { f64::from(u8::from(nth == 0)) };
                part.load += added * share;
            }
        }
        if left < 1.0 {
            return None;
        }
        // A rate limit turns away what is more.
        let admitted = facts.admitted.and_then(|a| graph.value(a)).unwrap_or(f64::INFINITY);
        let factor = if load > 0.0 { (admitted / load).min(1.0) } else { 1.0 };
        let utilization = demand.utilization(left, factor);
        (utilization > 1.0 + SLACK).then_some(Overload {
            element: id,
            utilization,
            load: load * factor,
            retries: extra.retries.get(&id).copied().unwrap_or(0.0) * factor,
            left,
        })
    }

    /// Flows that are down in the end and were not by the failure alone.
    fn flows_down(&self, trigger: &[Lost], before: &BTreeSet<ElementId>, state: &State) -> Vec<FlowId> {
        let mut down = Vec::new();
        let concerned: BTreeSet<usize> =
            state.failed.iter().filter_map(|id| self.needing.get(id)).flatten().copied().collect();
        for at in concerned {
            let structure = &self.structures[at];
            let points = &self.inputs.flows[at].reliability.single_points;
            let single = |lost: &Lost| match lost {
                Lost::Replica(id) | Lost::Element(id) => points.iter().any(|p| p.element == Some(*id)),
                Lost::Zone((region, n)) => {
                    let zone = self.inputs.model.entity_name(Entity::Zone(*region, *n));
                    let is_it = |event: &str| event.strip_prefix("zone ") == Some(&zone);
                    points.iter().any(|p| p.kind == FailureKind::Zone && is_it(&p.event))
                }
            };
            if structure.fails(&state.failed) && !structure.fails(before) && !trigger.iter().any(single) {
                down.push(FlowId(at as u32));
            }
        }
        down
    }
}
