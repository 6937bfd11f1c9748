//! Connections that one replica of an element accepts, and those that are opened to it: the pools of its
//! callers and long-lived streams.

use super::calls::Calls;
use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, TIME, What};
use super::rates::Rates;
use crate::catalog::Technology;
use crate::model::{ElementId, StepId};
use crate::schema::Kind;
use ecow::eco_format;
use std::collections::BTreeSet;

/// Pools and streams that end in each element.
pub struct Connecting {
    /// Callers with a pool.
    pools: Vec<BTreeSet<ElementId>>,
    /// Open connections of each stream, in all.
    streams: Vec<Vec<FactId>>,
}

/// Collects them from every hop.
pub fn connecting(case: &mut Case<'_>, calls: &[Calls], rates: &Rates) -> Connecting {
    let count = case.model.elements.len();
    let mut pools = vec![BTreeSet::new(); count];
    let mut streams = vec![Vec::new(); count];
    for (at, calls) in calls.iter().enumerate() {
        let flow = &case.model.flows[at];
        for (position, hop) in calls.hops.iter().enumerate() {
            if case.element(hop.from).props.has("pool") {
                pools[hop.to.index()].insert(hop.from);
            }
            let Some(open) = stream_of(case, flow, hop.step) else { continue };
            let open = case.stated("", "time that it stays open", open, TIME);
            let peak = rates.hops[at][position].peak;
            let label = eco_format!("open connections of {} to {}", case.name(hop.from), case.name(hop.to));
            let held = case.graph.product(What::between(label, NUMBER), vec![peak, open]);
            streams[hop.to.index()].push(held);
        }
    }
    Connecting { pools, streams }
}

/// The stream of a hop: of its step, or of the run's last step where requests pass through to it.
fn stream_of<'m>(
    case: &Case<'m>,
    flow: &'m crate::model::Flow,
    step: StepId,
) -> Option<&'m crate::model::Scalar> {
    let mut at = step;
    loop {
        let current = flow.step(at);
        if let Some(open) = current.props.quantity("stream.open") {
            return Some(open);
        }
        let next = flow.steps.get(at.index() + 1)?;
        if next.run != current.run || !case.element(current.to).kind.passes_through() {
            return None;
        }
        at = StepId(at.0 + 1);
    }
}

/// Connections that one replica accepts, and those that it must hold.
pub fn connections(
    case: &mut Case<'_>,
    id: ElementId,
    connecting: &Connecting,
    nodes: &[FactId],
) -> (FactId, FactId) {
    let element = case.element(id);
    let name = &element.head.name;
    let declared = declared(case, id);
    let mut parts = Vec::new();
    if matches!(element.kind, Kind::Store | Kind::Cache | Kind::Queue | Kind::Topic | Kind::External) {
        for caller in &connecting.pools[id.index()] {
            let Some(pool) = case.element(*caller).props.quantity("pool") else { continue };
            let pool = case.stated("", "pool of one replica", pool, NUMBER);
            let label = eco_format!("pools of {}", case.name(*caller));
            parts.push(case.graph.product(What::between(label, NUMBER), vec![nodes[caller.index()], pool]));
        }
    }
    if !connecting.streams[id.index()].is_empty() {
        let all = case.graph.sum(
            What::between(eco_format!("open connections of {name}"), NUMBER),
            connecting.streams[id.index()].clone(),
        );
        let label = eco_format!("open connections of one replica of {name}");
        parts.push(case.graph.quotient(What::between(label, NUMBER), all, nodes[id.index()]));
    }
    let needed = What::of(name, "connections.needed", NUMBER).labelled("connections of one replica");
    let needed =
        if parts.is_empty() { case.graph.not_applicable(needed) } else { case.graph.sum(needed, parts) };
    (declared, needed)
}

fn declared(case: &mut Case<'_>, id: ElementId) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "connections.declared", NUMBER);
    if let Some(n) = element.props.quantity("connections") {
        let full = eco_format!("{name}.connections.declared");
        return case.stated(full, "connections that one replica accepts", n, NUMBER);
    }
    match element.tech().and_then(Technology::max_connections) {
        Some(known) => case.graph.catalogued(what, &known.fact, &known),
        None => case.graph.missing(what, eco_format!("{name}.connections")),
    }
}
