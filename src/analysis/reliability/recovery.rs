//! How long a failure goes unnoticed, and how long it takes until another replica answers. What is
//! lost meanwhile is a matter of consistency and judged there.

use super::super::case::Case;
use super::super::derivation::FactId;
use super::super::derive::{NUMBER, TIME, What};
use super::super::facts::Recovery;
use super::super::shape::{Leadership, is_outside, leadership};
use super::grounds::Grounds;
use super::group::{Demand, Group};
use crate::model::{ElementId, Operation};
use crate::numeric::reliability::phi_detection_time;
use crate::schema::Kind;
use ecow::eco_format;
use std::collections::BTreeMap;

impl Grounds {
    /// The recovery of every element.
    pub fn recoveries(&self, case: &mut Case<'_>) -> Vec<Recovery> {
        let checks = health_checks(case);
        let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
        ids.into_iter()
            .map(|id| {
                let detection = detection(case, id, checks.get(&id).copied());
                Recovery { detection, time: self.recovery_time(case, id, detection) }
            })
            .collect()
    }

    fn recovery_time(&self, case: &mut Case<'_>, id: ElementId, detection: FactId) -> FactId {
        let element = case.element(id);
        let name = &element.head.name;
        let what = || What::of(name, "recovery_time", TIME).labelled("until another replica answers");
        let Some(group @ Group::Replicas { leader, .. }) = self.group(id) else {
            return case.graph.not_applicable(what());
        };
        let spare = match group.demand(Operation::Call, None) {
            Demand::AtLeast(n) => group.total() > n,
            Demand::Leader => false,
            _ => true,
        };
        if !spare || leader.is_some() {
            return case.graph.missing(what(), eco_format!("something that takes over for {name}"));
        }
        match element.props.get("failover").and_then(|f| f.quantity()) {
            // Nobody takes over: the copies that are left go on answering, and nobody waits to notice.
            None if leadership(element) == Leadership::Leaderless && element.kind == Kind::Store => {
                let what = what().labelled("every copy answers: without a leader nothing fails over");
                case.graph.constant(what, 0.0)
            }
            Some(time) => {
                let time = case.stated("", "time of the failover", time, TIME);
                case.graph.sum(what(), vec![detection, time])
            }
            // Stateless replicas and caches share the work: what is noticed is over. A leader must be replaced.
            None if element.kind != Kind::Store => {
                case.graph.alias(eco_format!("{name}.recovery_time"), detection);
                detection
            }
            None => case.graph.missing(what(), eco_format!("the time of {name}.failover")),
        }
    }
}

/// The slowest health check of the balancers that send requests to an element, with the balancer.
fn health_checks(case: &Case<'_>) -> BTreeMap<ElementId, ElementId> {
    let mut checks: BTreeMap<ElementId, (f64, ElementId)> = BTreeMap::new();
    let model = case.model;
    let hops = model.flows.iter().flat_map(|f| &f.steps).map(|s| (s.from, s.to));
    for (from, to) in hops.chain(model.relations.iter().map(|r| (r.from, r.to))) {
        let props = &model.element(from).props;
        let (Some(every), Some(misses)) =
            (props.number("health_check.every"), props.number("health_check.misses"))
        else {
            continue;
        };
        let time = every * misses;
        let known = checks.entry(to).or_insert((time, from));
        if time > known.0 {
            *known = (time, from);
        }
    }
    checks.into_iter().map(|(to, (_, from))| (to, from)).collect()
}

/// How long it takes until a dead replica is known to be dead.
fn detection(case: &mut Case<'_>, id: ElementId, balancer: Option<ElementId>) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = || What::of(name, "detection_time", TIME);
    if element.kind == Kind::Actor || is_outside(element) {
        return case.graph.not_applicable(what());
    }
    let props = &element.props;
    if let Some(heartbeat) = props.quantity("discovery.heartbeat") {
        let every = case.stated("", "time between two heartbeats", heartbeat, TIME);
        if let Some(phi) = props.quantity("discovery.phi") {
            let threshold = case.stated("", "threshold of the phi-accrual detector", phi, NUMBER);
            let text = "threshold · ln 10 · mean interval (phi-accrual detector with exponential gaps)";
            return case
                .graph
                .formula(what(), text, vec![threshold, every], |v| Ok(phi_detection_time(v[0], v[1])));
        }
        if let Some(misses) = props.quantity("discovery.misses") {
            let misses = case.stated("", "missed heartbeats", misses, NUMBER);
            return case.graph.product(what().labelled("heartbeat × misses"), vec![every, misses]);
        }
        return case.graph.missing(what(), eco_format!("{name}.discovery.misses"));
    }
    let checked = balancer.map(|b| &case.element(b).props);
    let check =
        checked.and_then(|p| Some((p.quantity("health_check.every")?, p.quantity("health_check.misses")?)));
    match check {
        Some((every, misses)) => {
            let every = case.stated("", "time between two health checks", every, TIME);
            let misses = case.stated("", "failed health checks", misses, NUMBER);
            case.graph.product(what().labelled("health check × misses"), vec![every, misses])
        }
        None => case.graph.missing(what(), eco_format!("{name}.discovery or a health check before it")),
    }
}
