//! What overload does after a failure: the load of what is lost moves to what is left, which may fail of it.
//!
//! One thing fails: a replica of several, or an element of one replica or of somebody else. Its share
//! of the work moves: to the other replicas, from a cache to its origin, from a guarded call to its
//! alternative; and whoever calls what has failed tries again, as often as its `retry` says within budget and
//! breaker, so that what stands between is called again as well. Whatever is then asked for more than it can serve fails as a whole, and its load moves on, until
//! nothing changes (semantics, section 6). Of interest is what takes a flow down that the failure alone would
//! not.
//!
//! The work is linear in the hops: a trial evaluates the flows whose load moves, and pairs are tried only where
//! both move load to the same element, within [`MOST_PAIRS`]. Zones are not failed: a lost zone is a
//! number of its own.

use super::calls::{Calls, Cause};
use super::capacity::Capacity;
use super::case::Case;
use super::derivation::{Derivation, FactId, Unit};
use super::derive::What;
use super::facts::{Cascade, ElementFacts, FlowFacts, Lost, Overload};
use super::multiplicity::{Chances, multiplicities};
use super::overrides::Overrides;
use super::reliability::Structure;
use super::retries::{attempts, failing_factors};
use super::shape::{self, Shape};
use crate::model::{BlockKind, ElementId, FlowId, Guarded, Model, Operation};
use crate::schema::Kind;
use std::collections::{BTreeMap, BTreeSet};

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
    replicas: BTreeSet<ElementId>,
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
                Lost::Replica(id) => state.replicas.insert(*id),
                Lost::Element(id) => state.failed.insert(*id),
            };
        }
        let before = state.failed.clone();
        let mut overloads: Vec<Overload> = Vec::new();
        let mut pressed = BTreeSet::new();
        loop {
            let extra = self.extra(&state);
            let asked: BTreeSet<ElementId> =
                extra.load.keys().map(|(id, _)| *id).chain(state.replicas.iter().copied()).collect();
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
            overloads,
            flows,
        });
        Outcome { cascade, pressed }
    }

    /// What each element is asked for beyond its load at peak, by operation.
    fn extra(&mut self, state: &State) -> Extra {
        let lost: BTreeSet<ElementId> = state.failed.iter().chain(&state.replicas).copied().collect();
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
            let again = failing_factors(self.inputs.model.flow(id), calls, &after, &state.failed);
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
        for lost in state.failed.iter().chain(&state.replicas) {
            let at = lost.index();
            before.push((at, self.hits[at], self.failures[at]));
            let failed = state.failed.contains(lost);
            let hit = if failed { Some(0.0) } else { left_of_hits(self.inputs, *lost) };
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
        let left = self.nodes(id)? - f64::from(u8::from(state.replicas.contains(&id)));
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
            let single = |lost: &Lost| {
                let points = &self.inputs.flows[at].reliability.single_points;
                points.iter().any(|p| p.element == Some(lost.element()))
            };
            if structure.fails(&state.failed) && !structure.fails(before) && !trigger.iter().any(single) {
                down.push(FlowId(at as u32));
            }
        }
        down
    }
}

/// The hit ratio of a cache that has lost one of its replicas, each of which holds a part of the keys; `None`
/// where a copy stands in.
fn left_of_hits(inputs: &Inputs<'_>, cache: ElementId) -> Option<f64> {
    let copies = inputs.shapes[cache.index()].factor.and_then(|f| inputs.graph.value(f)).unwrap_or(1.0);
    let nodes = inputs.graph.value(inputs.capacities[cache.index()].nodes)?;
    let hit = inputs.graph.value(inputs.hits[cache.index()]?)?;
    (copies < 2.0 && nodes > 1.0).then(|| hit * (nodes - 1.0) / nodes)
}

/// For each element the flows that call it and try something again.
fn retried(model: &Model, calls: &[Calls]) -> BTreeMap<ElementId, BTreeSet<FlowId>> {
    let mut retried: BTreeMap<ElementId, BTreeSet<FlowId>> = BTreeMap::new();
    for ((id, flow), calls) in model.flows().zip(calls) {
        if flow.steps.iter().any(|step| attempts(&step.props).1 > 1.0) {
            for hop in &calls.hops {
                retried.entry(hop.to).or_default().insert(id);
            }
        }
    }
    retried
}

/// For each element the flows whose load moves elsewhere when it is lost: caches to their origins, guarded calls to
/// their alternatives.
fn moves(model: &Model, calls: &[Calls]) -> BTreeMap<ElementId, BTreeSet<FlowId>> {
    let mut moves: BTreeMap<ElementId, BTreeSet<FlowId>> = BTreeMap::new();
    for (id, flow) in model.flows() {
        for block in &flow.blocks {
            match block.kind {
                BlockKind::OnMiss(step) | BlockKind::OnFailure(Guarded::Step(step)) => {
                    moves.entry(flow.step(step).to).or_default().insert(id);
                }
                BlockKind::OnFailure(Guarded::Block(guarded)) => {
                    for (step, inner) in flow.steps() {
                        if flow.enclosing(step).any(|b| b == guarded) {
                            moves.entry(inner.to).or_default().insert(id);
                        }
                    }
                }
                _ => {}
            }
        }
        let through = calls[id.index()].hops.iter().filter(|h| h.cause == Cause::ReadThrough);
        for hop in through {
            moves.entry(hop.from).or_default().insert(id);
        }
    }
    moves
}
