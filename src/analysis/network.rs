//! Bytes per second in and out of each element: hop load × sizes of requests and answers.

use super::calls::{Calls, Cause, Hop};
use super::case::Case;
use super::derivation::FactId;
use super::derive::{BANDWIDTH, DATA, What};
use super::rates::Rates;
use crate::model::{ElementId, Flow, Operation, Step, StepId, Touched};
use crate::schema::Kind;
use ecow::eco_format;

/// Request and answer of a hop, in bytes per second at peak.
#[derive(Clone, Copy)]
struct Traffic {
    request: FactId,
    response: FactId,
}

/// Bytes per second at peak: in and out, by element.
pub fn networks(
    case: &mut Case<'_>,
    calls: &[Calls],
    rates: &Rates,
    hits: &[Option<FactId>],
) -> Vec<(FactId, FactId)> {
    let count = case.model.elements.len();
    let mut into: Vec<Vec<FactId>> = vec![Vec::new(); count];
    let mut out: Vec<Vec<FactId>> = vec![Vec::new(); count];
    let mut served: Vec<Vec<FactId>> = vec![Vec::new(); count];
    let nothing = case.graph.constant(What::between("no bytes", BANDWIDTH), 0.0);
    for (at, calls) in calls.iter().enumerate() {
        for (position, hop) in calls.hops.iter().enumerate() {
            let peak = rates.hops[at][position].peak;
            let traffic = traffic(case, &case.model.flows[at], hop, peak, nothing);
            into[hop.to.index()].push(traffic.request);
            out[hop.from.index()].push(traffic.request);
            out[hop.to.index()].push(traffic.response);
            into[hop.from.index()].push(traffic.response);
            served[hop.to.index()].push(traffic.response);
        }
    }
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter()
        .map(|id| {
            let name = case.name(id);
            let i = id.index();
            if let Some(hit) = hits[i] {
                offload(case, id, hit, std::mem::take(&mut served[i]));
            }
            let mut total = |metric, parts: &mut Vec<FactId>| {
                parts.retain(|p| *p != nothing);
                case.graph.sum(What::of(name, metric, BANDWIDTH), std::mem::take(parts))
            };
            (total("network.in", &mut into[i]), total("network.out", &mut out[i]))
        })
        .collect()
}

/// What a cache or cdn serves in place of its origin.
fn offload(case: &mut Case<'_>, id: ElementId, hit: FactId, served: Vec<FactId>) {
    let name = case.name(id);
    let total = case.graph.sum(What::between(eco_format!("answers of {name}"), BANDWIDTH), served);
    let what = What::of(name, "cache.offload", BANDWIDTH).labelled("served in place of the origin");
    case.graph.product(what, vec![hit, total]);
}

fn traffic(case: &mut Case<'_>, flow: &Flow, hop: &Hop, peak: FactId, nothing: FactId) -> Traffic {
    let step = payload_step(case, flow, hop);
    let (request, response) = sizes(case, flow, hop, flow.step(step));
    if let (None, None) = (request, response) {
        // Labels and bare calls have no size: nothing is concluded from them.
        let need = eco_format!(
            "a request or response of {} to {} in {}",
            case.name(hop.from),
            case.name(hop.to),
            flow.head.name
        );
        let missing = case.graph.missing(What::between("", BANDWIDTH), need);
        return Traffic { request: missing, response: missing };
    }
    let mut bytes = |size: Option<FactId>, word: &str| match size {
        None => nothing,
        Some(size) => {
            let label =
                eco_format!("{}: {word} of {} to {}", flow.head.name, case.name(hop.from), case.name(hop.to));
            case.graph.product(What::between(label, BANDWIDTH), vec![peak, size])
        }
    };
    Traffic { request: bytes(request, "requests"), response: bytes(response, "answers") }
}

/// The step that says what a hop carries: through balancers, gateways and cdns the sizes of the run's last
/// hop cover the whole run.
fn payload_step(case: &Case<'_>, flow: &Flow, hop: &Hop) -> StepId {
    let mut at = hop.step;
    if hop.cause != Cause::Step {
        return at;
    }
    while case.element(flow.step(at).to).kind.passes_through() {
        let next = StepId(at.0 + 1);
        let run = flow.step(at).run;
        match flow.steps.get(next.index()) {
            Some(step) if step.run == run => at = next,
            _ => break,
        }
    }
    at
}

/// Sizes of request and answer: as stated, else what is touched in the direction in which it goes.
fn sizes(case: &mut Case<'_>, flow: &Flow, hop: &Hop, step: &Step) -> (Option<FactId>, Option<FactId>) {
    let mut stated = |key: &str| {
        step.props.quantity(key).map(|size| case.stated("", &eco_format!("size of the {key}"), size, DATA))
    };
    let (request, response) = (stated("request"), stated("response"));
    let touched = touched_size(case, flow, step);
    let carries_out = match hop.operation {
        Operation::Write | Operation::Publish | Operation::Push | Operation::Consume => true,
        Operation::Read | Operation::Poll | Operation::Stream => false,
        // A call may carry what it names either way; only what is stated counts.
        Operation::Call | Operation::Delete => {
            let reads = matches!(case.element(hop.to).kind, Kind::Store | Kind::Cache);
            return if reads { (request, response.or(touched)) } else { (request, response) };
        }
    };
    if carries_out { (request.or(touched), response) } else { (request, response.or(touched)) }
}

/// The size of everything that a step touches, where each has one.
fn touched_size(case: &mut Case<'_>, _flow: &Flow, step: &Step) -> Option<FactId> {
    let mut sizes = Vec::new();
    for touched in &step.touches {
        let Touched::Data(id) = touched else { return None };
        sizes.push(datum_size(case, *id)?);
    }
    match sizes[..] {
        [] => None,
        [only] => Some(only),
        _ => Some(case.graph.sum(What::between("size of what is touched", DATA), sizes)),
    }
}

/// The size of one of a datum.
pub fn datum_size(case: &mut Case<'_>, id: crate::model::DataId) -> Option<FactId> {
    let datum = case.model.datum(id);
    let name = eco_format!("{}.size", datum.head.name);
    if let Some(known) = case.graph.named(&name) {
        return Some(known);
    }
    let size = datum.size()?;
    Some(case.stated(name, "size of one", size, DATA))
}

/// The share of the network of an element that is used at peak, in the busier direction.
pub fn wires(
    case: &mut Case<'_>,
    id: ElementId,
    nodes: FactId,
    (into, out): (FactId, FactId),
) -> Option<FactId> {
    let element = case.element(id);
    let name = &element.head.name;
    let one = element.props.quantity("network")?;
    let one = case.stated("", "network of one replica", one, BANDWIDTH);
    let all = case.graph.product(What::of(name, "network.declared", BANDWIDTH), vec![one, nodes]);
    let busier = case.graph.maximum(What::between("the busier direction", BANDWIDTH), vec![into, out]);
    Some(case.graph.quotient(
        What::of(name, "network.utilization", super::derivation::Unit::Share),
        busier,
        all,
    ))
}
