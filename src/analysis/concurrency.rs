//! Slots that are taken at once: Little's law with the residence time, own time, waiting and all that is
//! waited for.

use super::calls::Calls;
use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, TIME, What};
use super::facts::Rate;
use super::latency::{Basis, FlowTimes};
use super::load::Arrivals;
use super::network_time::Wire;
use super::rates::Rates;
use crate::catalog::Technology;
use crate::model::{ElementId, Flow};
use crate::schema::Kind;
use ecow::eco_format;

/// Slots that there are and slots that are needed at peak.
pub fn concurrency(
    case: &mut Case<'_>,
    id: ElementId,
    nodes: FactId,
    (calls, rates, arrivals): (&[Calls], &Rates, &Arrivals),
    times: &[FlowTimes<'_>],
    basis: &Basis<'_>,
) -> (FactId, FactId) {
    let element = case.element(id);
    let name = &element.head.name;
    if element.kind == Kind::Actor {
        let none = case.graph.not_applicable(What::of(name, "concurrency", NUMBER));
        return (none, none);
    }
    let declared = declared(case, id, nodes);
    let mut parts = Vec::new();
    for (flow, at) in &arrivals[id.index()] {
        let peak = rates.hops[*flow][*at].peak;
        let residence = residence(case, id, &calls[*flow], &times[*flow], (*flow, *at), basis);
        let label = eco_format!("calls of {} in {name} at once", case.model.flows[*flow].head.name);
        parts.push(case.graph.product(What::between(label, NUMBER), vec![peak, residence]));
    }
    let what = What::of(name, "concurrency.needed", NUMBER).labelled("Little's law: load × residence time");
    (declared, case.graph.sum(what, parts))
}

/// How long a call stays in an element: all but the time on the wire.
fn residence(
    case: &mut Case<'_>,
    id: ElementId,
    _calls: &Calls,
    times: &FlowTimes<'_>,
    (flow, at): (usize, usize),
    basis: &Basis<'_>,
) -> FactId {
    let name = case.name(id);
    let wire = times.wires[at].as_ref().map_or(0.0, Wire::mean);
    match &times.once[at] {
        Err(missing) => *missing,
        Ok(once) => {
            let mean = (once.mean() - wire).max(0.0);
            let label = eco_format!("residence in {name} in {}", case.model.flows[flow].head.name);
            let mut inputs = vec![basis.own[id.index()].mean];
            if basis.waits[id.index()].waiting.is_some() {
                inputs.push(basis.waits[id.index()].facts.0);
            }
            let own = case.value(basis.own[id.index()].mean).unwrap_or(0.0);
            let wait = basis.waits[id.index()].waiting.map_or(0.0, |w| w.mean());
            let below = (mean - own - wait).max(0.0);
            // Rounding is no call.
            let text = if below > 1e-9 * mean {
                let flow = &case.model.flows[flow].head.name;
                let what = What::between(eco_format!("what {name} waits for in {flow}"), TIME);
                let how =
                    eco_format!("the calls below it: `sysd why FILE {flow}.mean` shows them step by step");
                inputs.push(case.graph.formula(what, &how, Vec::new(), |_| Ok(below)));
                "mean own time + mean wait + what it waits for"
            } else {
                "mean own time + mean wait"
            };
            case.graph.formula(What::between(label, TIME), text, inputs, |_| Ok(mean))
        }
    }
}

fn declared(case: &mut Case<'_>, id: ElementId, nodes: FactId) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "concurrency.declared", NUMBER);
    if let Some(slots) = element.props.quantity("concurrency") {
        let slots = case.stated("", "slots of one replica", slots, NUMBER);
        return case.graph.product(what, vec![nodes, slots]);
    }
    match element.tech().and_then(Technology::threads) {
        Some(known) => {
            let slots = What::between("slots of one replica", NUMBER);
            let slots = case.graph.catalogued(slots, &known.fact, &known);
            case.graph.product(what, vec![nodes, slots])
        }
        None => case.graph.missing(what, eco_format!("{name}.concurrency")),
    }
}

/// What the writes of a flow hold at once at peak, by Little's law; `None` where nothing is held.
pub fn held(case: &mut Case<'_>, flow: &Flow, hops: &[Rate]) -> Option<FactId> {
    let mut parts = Vec::new();
    for ((_, step), rate) in flow.steps().zip(hops) {
        let Some(hold) = step.props.quantity("hold") else { continue };
        let hold = case.stated("", "time that it is held", hold, TIME);
        parts.push(case.graph.product(What::between("held at once", NUMBER), vec![rate.peak, hold]));
    }
    (!parts.is_empty()).then(|| case.graph.sum(What::of(&flow.head.name, "held", NUMBER), parts))
}
