//! What a request pays when no connection is open yet: round trips by protocol, and the look-up of the name.

use super::calls::Calls;
use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, TIME, What};
use super::latency::FlowTimes;
use super::network_time::Wire;
use crate::model::{Flow, StepId};

/// The time that setting up the first connection of a flow adds to its answer.
///
/// TCP takes one round trip (RFC 9293), TLS 1.3 one more (RFC 8446), QUIC both in one (RFC 9000), the
/// upgrade to a WebSocket one more (RFC 6455).
pub fn cold(case: &mut Case<'_>, flow: &Flow, calls: &Calls, times: &FlowTimes<'_>) -> FactId {
    let name = &flow.head.name;
    let what = What::of(name, "cold_s", TIME).labelled("setting up the first connection");
    let first = calls.hops.iter().position(|h| h.on_path && h.parent.is_none());
    let Some(at) = first else { return case.graph.not_applicable(what) };
    let wire = match &times.wires[at] {
        Ok(wire) => wire,
        Err(missing) => {
            case.graph.alias(ecow::eco_format!("{name}.cold_s"), *missing);
            return *missing;
        }
    };
    let (mean, inputs) = (Wire::mean(wire), wire.inputs.clone());
    let round_trip = case.graph.formula(
        What::between("round trip of the first hop", TIME),
        "mean network time",
        inputs,
        |_| Ok(mean),
    );
    let trips = trips(case, flow, calls.hops[at].step);
    let trips = case.graph.constant(What::between("round trips of TCP, TLS and upgrade", NUMBER), trips);
    let mut parts =
        vec![case.graph.product(What::between("connection set-up", TIME), vec![trips, round_trip])];
    if let Some(dns) = case.model.network.as_ref().and_then(|n| n.props.quantity("dns")) {
        parts.push(case.stated("", "look-up of the name", dns, TIME));
    }
    case.graph.sum(what, parts)
}

fn trips(case: &Case<'_>, flow: &Flow, first: StepId) -> f64 {
    let protocol = along_run(case, flow, first, |s| s.props.word("protocol"));
    let encrypted = along_run(case, flow, first, |s| s.props.word("encrypted"));
    let secured = matches!(encrypted, Some("tls" | "mtls" | "end_to_end"));
    match protocol {
        Some("udp" | "rtp" | "rtcp") => 0.0,
        Some("quic" | "http3" | "webtransport") => 1.0,
        Some("websocket") => 2.0 + f64::from(u8::from(secured)),
        _ => 1.0 + f64::from(u8::from(secured)),
    }
}

/// What a step says, or the last hop of its run where requests pass through to it.
fn along_run<'m, T>(
    case: &Case<'_>,
    flow: &'m Flow,
    first: StepId,
    read: impl Fn(&'m crate::model::Step) -> Option<T>,
) -> Option<T> {
    let mut at = first;
    loop {
        let step = flow.step(at);
        if let Some(found) = read(step) {
            return Some(found);
        }
        let next = flow.steps.get(at.index() + 1)?;
        if next.run != step.run || !case.element(step.to).kind.passes_through() {
            return None;
        }
        at = StepId(at.0 + 1);
    }
}
