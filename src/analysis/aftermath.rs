//! What an element faces when it is back after an outage: the calls that failed meanwhile come again, with their
//! retries, on top of what arrives.
//!
//! The outage lasts at least as long as callers keep trying, and takes all of the element; calls to it fail by their
//! timeouts. Who has budgets and breakers tries accordingly less. Of callers with slots no more calls are open at
//! once than they have. Everything is at peak.

use super::calls::{Calls, Cause};
use super::capacity::Capacity;
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, RATE, TIME, What};
use super::facts::{ElementFacts, Rate};
use super::retries::{attempts, failing_factors, has_a_way_out, pauses};
use crate::model::{ElementId, Flow, FlowId, Model, Operation, Props, Step, StepId};
use crate::numeric::retry_storm::{Course, RetryStorm};
use ecow::eco_format;
use std::collections::{BTreeMap, BTreeSet};

/// The share of all calls that retries may be by the usual budget (Site Reliability Engineering, chapter 21).
pub const USUAL_BUDGET: f64 = 0.1;

/// What an element faces when it is back.
#[derive(Clone, Debug)]
pub struct Aftermath {
    /// Calls a second while every one of them is tried as often as it may be.
    pub load: FactId,
    /// That over what it can serve.
    pub utilization: FactId,
    /// Calls that failed while it was down and come again.
    pub backlog: FactId,
    /// So many of them at once, at most: what their callers can hold open.
    pub at_once: FactId,
    /// The longest wait for an answer (s).
    pub wait: FactId,
    /// Time until nothing of the outage is left, at most (s); infinite where it may keep itself up.
    pub time: FactId,
    /// The share of the peak load below which the overload ends by itself.
    pub ends_below: FactId,
    /// The least time that a caller who tries again waits for one attempt (s); infinite where none gives up.
    pub patience: f64,
    /// How it goes on; `None` where not evaluated.
    pub course: Option<Course>,
    /// What the utilization would be if no retry were more than [`USUAL_BUDGET`] of the calls.
    pub with_budget: Option<f64>,
    /// The calls that come again.
    pub again: Vec<Again>,
}

/// Calls that are tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// The flow and the step by which they reach the element.
    pub at: (FlowId, StepId),
    /// Calls a second at peak, each counted once.
    pub rate: f64,
    /// Attempts that each becomes while all of them fail.
    pub attempts: f64,
    /// How long each goes on, until its last attempt begins (s).
    pub tries_for: f64,
}

/// What the analysis reads.
pub struct Inputs<'i> {
    /// The hops of each flow.
    pub calls: &'i [Calls],
    /// How often each hop happens for one arrival.
    pub multiplicity: &'i [Vec<FactId>],
    /// How often each hop happens.
    pub rates: &'i [Vec<Rate>],
    /// What is asked of elements.
    pub capacities: &'i [Capacity],
    /// Their numbers.
    pub elements: &'i [ElementFacts],
}

/// What each element faces; `None` for what nobody calls again.
pub fn aftermaths(case: &mut Case<'_>, inputs: &Inputs<'_>) -> Vec<Option<Aftermath>> {
    let mut returning: BTreeMap<ElementId, Vec<Returning>> = BTreeMap::new();
    for (id, flow) in case.model.flows() {
        if flow.steps.iter().any(|step| attempts(&step.props).1 > 1.0) {
            for (target, call) in of_flow(case, inputs, id, flow) {
                returning.entry(target).or_default().push(call);
            }
        }
    }
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter()
        .map(|id| {
            let calls = returning.remove(&id).filter(|calls| calls.iter().any(|c| c.attempts > 1.0))?;
            Some(aftermath(case, inputs, id, &calls))
        })
        .collect()
}

/// Calls to an element that fail and come again.
struct Returning {
    at: (FlowId, StepId),
    caller: ElementId,
    operation: Operation,
    rate: FactId,
    attempts: f64,
    /// The same if retries had the usual budget.
    budgeted: f64,
    tries_for: Option<f64>,
    /// The least time that anyone waits who tries again; infinite where nobody gives up.
    patience: f64,
}

/// The calls of a flow that come again when their target is back.
fn of_flow(case: &Case<'_>, inputs: &Inputs<'_>, id: FlowId, flow: &Flow) -> Vec<(ElementId, Returning)> {
    let calls = &inputs.calls[id.index()];
    let often: Vec<Option<f64>> = inputs.multiplicity[id.index()].iter().map(|m| case.value(*m)).collect();
    let targets: BTreeSet<ElementId> = calls.hops.iter().map(|hop| hop.to).collect();
    let mut found = Vec::new();
    for target in targets {
        let failed = BTreeSet::from([target]);
        let now = failing_factors(flow, calls, &often, &failed, |props| attempts(props).1);
        let budgeted =
            failing_factors(flow, calls, &often, &failed, |props| attempts(props).1.min(1.0 + USUAL_BUDGET));
        for (at, hop) in calls.hops.iter().enumerate() {
            if hop.to != target || now[at] <= 1.0 {
                continue;
            }
            let (tries_for, patience) = keeps_trying(case.model, flow, calls, at);
            let call = Returning {
                at: (id, hop.step),
                caller: hop.from,
                operation: hop.counts_as,
                rate: inputs.rates[id.index()][at].peak,
                attempts: now[at],
                budgeted: budgeted[at],
                tries_for,
                patience,
            };
            found.push((target, call));
        }
    }
    found
}

/// How long the calls of a hop go on until the last attempt begins, and the least time that anyone waits who tries
/// again. An attempt lasts as long as its timeout, and no longer than what is below it tries; no time where neither
/// is known.
fn keeps_trying(model: &Model, flow: &Flow, calls: &Calls, at: usize) -> (Option<f64>, f64) {
    let (mut sent, mut patience) = (0.0, f64::INFINITY);
    // An answer that is late anywhere below fails the call that is tried again.
    let mut soonest = f64::INFINITY;
    let mut below: Option<f64> = None;
    let mut next = Some(at);
    // Parents stand before their children, or deliver to them once: the way up ends.
    for _ in 0..=calls.hops.len() {
        let Some(hop) = next.and_then(|at| calls.hops.get(at)) else { break };
        let step = flow.step(hop.step);
        let timeout = timeout(model, step).filter(|_| hop.cause == Cause::Step);
        soonest = soonest.min(timeout.unwrap_or(f64::INFINITY));
        let attempt = match (timeout, below) {
            (Some(timeout), Some(below)) => Some(timeout.min(below)),
            (timeout, below) => timeout.or(below),
        };
        let (stated, bounded) = if hop.cause == Cause::Step { attempts(&step.props) } else { (1.0, 1.0) };
        let pauses = pauses(&step.props, stated);
        if bounded > 1.0 {
            let Some(attempt) = attempt else { return (None, patience) };
            let share = (bounded - 1.0) / (stated - 1.0);
            sent += share * ((stated - 1.0) * attempt + pauses);
            patience = soonest;
        }
        below = attempt.map(|attempt| stated * attempt + pauses);
        next = hop.parent.filter(|_| hop.waited && !has_a_way_out(flow, hop.step));
    }
    (Some(sent), patience)
}

/// How long the caller of a step waits.
fn timeout(model: &Model, step: &Step) -> Option<f64> {
    step.props.number("timeout").or_else(|| model.element(step.to).props.number("timeout"))
}

fn aftermath(case: &mut Case<'_>, inputs: &Inputs<'_>, id: ElementId, calls: &[Returning]) -> Aftermath {
    let name = case.name(id);
    let facts = &inputs.elements[id.index()];
    let peak = facts.load.total.peak;
    let mut more = vec![peak];
    let mut waiting: BTreeMap<ElementId, Vec<FactId>> = BTreeMap::new();
    for call in calls {
        let flow = &case.model.flow(call.at.0).head.name;
        let factor = case.graph.formula(
            What::between(eco_format!("attempts that a call of {flow} to {name} becomes"), Unit::Factor),
            "the product of attempts along the chain while all calls fail, within budgets and breakers",
            Vec::new(),
            |_| Ok(call.attempts),
        );
        let what = What::between(eco_format!("calls of {flow} to {name} that are tried again"), RATE);
        let text = "calls at peak × (attempts - 1)";
        more.push(case.graph.formula(what, text, vec![call.rate, factor], |v| Ok(v[0] * (v[1] - 1.0))));
        waiting.entry(call.caller).or_default().push(come_again(case, id, call));
    }
    let load = case.graph.sum(What::of(name, "after_outage.load", RATE), more);
    let utilization = utilization(case, inputs, id, load, |call| call.attempts, calls);
    let parts: Vec<FactId> = waiting.values().flatten().copied().collect();
    let backlog = What::of(name, "after_outage.backlog", NUMBER)
        .labelled("calls that failed while it was down and come again");
    let backlog = case.graph.sum(backlog, parts);
    let open: Vec<FactId> =
        waiting.into_iter().map(|(caller, parts)| at_once(case, inputs, caller, parts, calls)).collect();
    let what =
        What::of(name, "after_outage.at_once", NUMBER).labelled("of which so many come at once at most");
    let at_once = case.graph.sum(what, open);
    let patience = calls.iter().map(|c| c.patience).fold(f64::INFINITY, f64::min);
    let admitted = facts.admitted.and_then(|id| case.value(id)).unwrap_or(f64::INFINITY);
    let mut storm = None;
    let numbers = vec![load, peak, facts.utilization.peak, utilization, backlog, at_once];
    let text = "at most: what comes again at once / what it can serve";
    let wait = case.graph.formula(What::of(name, "after_outage.wait", TIME), text, numbers.clone(), |v| {
        if v[2] <= 0.0 || v[1] <= 0.0 {
            return Err(eco_format!("a load of {name}"));
        }
        let serves = v[1] / v[2];
        // What a rate limit turns away waits for nothing.
        let (capacity, at_once) = if admitted < serves { (admitted, 0.0) } else { (serves, v[5]) };
        let found =
            RetryStorm { arrivals: v[1], capacity, attempts: v[3] / v[2], backlog: v[4], at_once, patience };
        storm = Some(found);
        Ok(found.wait())
    });
    let text = "backlog / (what it can serve - load at peak); where callers give up sooner, backlog × attempts / (what it can serve - load of all attempts), and never where that is below 0";
    let what = What::of(name, "after_outage.time", TIME).labelled("time until nothing of the outage is left");
    let time = case.graph.formula(what, text, [&[wait][..], &numbers].concat(), |_| {
        storm.map(|s| s.time()).ok_or_else(|| eco_format!("a load of {name}"))
    });
    let what = What::of(name, "after_outage.ends_below", Unit::Share)
        .labelled("share of the peak load below which all attempts can be served");
    let ends_below =
        case.graph.formula(what, "1 / utilization after the outage, at most 1", vec![utilization], |v| {
            if v[0] > 0.0 { Ok((1.0 / v[0]).min(1.0)) } else { Err(eco_format!("a load of {name}")) }
        });
    let with_budget = operations_utilization(case, inputs, id, |call| call.budgeted, calls);
    let again = calls
        .iter()
        .filter_map(|c| {
            let (rate, tries_for) = (case.value(c.rate)?, c.tries_for?);
            Some(Again { at: c.at, rate, attempts: c.attempts, tries_for })
        })
        .collect();
    let course = storm.map(|s| s.course());
    Aftermath {
        load,
        utilization,
        backlog,
        at_once,
        wait,
        time,
        ends_below,
        patience,
        course,
        with_budget,
        again,
    }
}

/// The calls of a hop that failed while its target was down and come again.
fn come_again(case: &mut Case<'_>, id: ElementId, call: &Returning) -> FactId {
    let name = case.name(id);
    let flow = &case.model.flow(call.at.0).head.name;
    let what = What::between(eco_format!("how long a call of {flow} to {name} is tried again"), TIME);
    let tries_for = match call.tries_for {
        Some(time) => {
            let text = "attempts before the last × timeout + pauses, along the chain";
            case.graph.formula(what, text, Vec::new(), |_| Ok(time))
        }
        None => case.graph.missing(what, eco_format!("a timeout of the calls of {flow} to {name}")),
    };
    let what = What::between(eco_format!("calls of {flow} that come again"), NUMBER);
    case.graph.product(what, vec![call.rate, tries_for])
}

/// Of the calls of a caller that come again those that it can hold open at once: its slots, or its bulkhead for these
/// calls.
fn at_once(
    case: &mut Case<'_>,
    inputs: &Inputs<'_>,
    caller: ElementId,
    mut parts: Vec<FactId>,
    calls: &[Returning],
) -> FactId {
    let element = case.element(caller);
    let name = &element.head.name;
    let all =
        case.graph.sum(What::between(eco_format!("calls of {name} that come again"), NUMBER), parts.clone());
    if !element.kind.is_compute() {
        return all;
    }
    let facts = &inputs.elements[caller.index()];
    let replicas = facts.replicas.declared;
    let of = |props: &Props| props.number("bulkhead");
    let of_steps = calls.iter().filter(|c| c.caller == caller).map(|c| {
        let step = case.model.flow(c.at.0).step(c.at.1);
        of(&step.props).or_else(|| of(&element.props)).unwrap_or(f64::INFINITY)
    });
    let bulkheads: f64 = of_steps.sum();
    parts = vec![all];
    parts.extend(case.value(facts.concurrency.0).map(|_| facts.concurrency.0));
    if bulkheads.is_finite() {
        let slots = case.graph.formula(
            What::between(eco_format!("slots of {name} for these calls"), NUMBER),
            &eco_format!("replicas × bulkhead ({bulkheads})"),
            vec![replicas],
            |v| Ok(v[0] * bulkheads),
        );
        parts.extend(case.value(slots).map(|_| slots));
    }
    let what = What::between(eco_format!("calls of {name} that can be open at once"), NUMBER);
    case.graph.minimum(what, parts)
}

/// The utilization with every call become its attempts.
fn utilization(
    case: &mut Case<'_>,
    inputs: &Inputs<'_>,
    id: ElementId,
    load: FactId,
    attempts: impl Fn(&Returning) -> f64,
    calls: &[Returning],
) -> FactId {
    let name = case.name(id);
    let peak = inputs.elements[id.index()].utilization.peak;
    let all = inputs.elements[id.index()].load.total.peak;
    let found = operations_utilization(case, inputs, id, attempts, calls);
    let what = What::of(name, "after_outage.utilization", Unit::Share);
    let text = "utilization at peak × load after the outage / load at peak, by operation";
    case.graph.formula(what, text, vec![peak, load, all], |_| {
        found.ok_or_else(|| eco_format!("{name}.capacity above 0"))
    })
}

/// The utilization of an element whose operations are asked for more often.
fn operations_utilization(
    case: &Case<'_>,
    inputs: &Inputs<'_>,
    id: ElementId,
    attempts: impl Fn(&Returning) -> f64,
    calls: &[Returning],
) -> Option<f64> {
    let capacity = &inputs.capacities[id.index()];
    let mut more: BTreeMap<Operation, f64> = BTreeMap::new();
    for call in calls {
        *more.entry(call.operation).or_insert(0.0) += case.value(call.rate)? * (attempts(call) - 1.0);
    }
    let mut demand = capacity.demand.clone()?;
    for (operation, added) in more {
        let of = |at: &usize| capacity.operations.get(*at) == Some(&operation);
        let parts: Vec<usize> = (0..demand.parts.len()).filter(of).collect();
        let total: f64 = parts.iter().map(|at| demand.parts[*at].load).sum();
        for at in parts {
            let part = &mut demand.parts[at];
            part.load += if total > 0.0 { added * part.load / total } else { 0.0 };
        }
    }
    Some(demand.utilization(case.value(capacity.nodes).filter(|n| *n >= 1.0)?, 1.0))
}
