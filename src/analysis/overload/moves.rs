//! Where the load goes when something is lost.

use super::Inputs;
use crate::analysis::calls::{Calls, Cause};
use crate::analysis::retries::attempts;
use crate::model::{BlockKind, ElementId, FlowId, Guarded, Model};
use std::collections::{BTreeMap, BTreeSet};

/// The hit ratio of a cache that has lost so many of its replicas, each of which holds a part of the keys; `None`
/// where a copy stands in.
pub fn left_of_hits(inputs: &Inputs<'_>, cache: ElementId, lost: f64) -> Option<f64> {
    let copies = inputs.shapes[cache.index()].factor.and_then(|f| inputs.graph.value(f)).unwrap_or(1.0);
    let nodes = inputs.graph.value(inputs.capacities[cache.index()].nodes)?;
    let hit = inputs.graph.value(inputs.hits[cache.index()]?)?;
    (copies < 2.0 && nodes > lost).then(|| hit * (nodes - lost) / nodes)
}

/// For each element the flows that call it and try something again.
pub fn retried(model: &Model, calls: &[Calls]) -> BTreeMap<ElementId, BTreeSet<FlowId>> {
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
pub fn moves(model: &Model, calls: &[Calls]) -> BTreeMap<ElementId, BTreeSet<FlowId>> {
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
