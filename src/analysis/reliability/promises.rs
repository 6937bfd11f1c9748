//! Verdicts on `recovery { rto survives }`, from structure, recovery times and the capacity
//! that is left.

use super::super::derivation::FactId;
use super::super::facts::{Facts, FailureKind, Status};
use super::super::requirements::{Question, Verdict};
use super::super::shape::is_outside;
use super::wiring::Wiring;
use crate::model::{ElementId, Model, Placement};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::BTreeMap;

/// The verdict on a promise that the structure of flows decides; `None` where it is not evaluated here.
pub fn judge(model: &Model, facts: &Facts, question: Question) -> Option<Verdict> {
    let recovery = model.recovery.as_ref()?;
    match question {
        Question::Rto => {
            let limit = recovery.props.number("rto")?;
            let needed = needed(model);
            Some(within(model, facts, limit, needed.keys().copied()))
        }
        Question::Survives => Some(survives(model, facts, recovery.props.word("survives")?)),
        _ => None,
    }
}

/// Elements that a flow needs, with one flow that does; nobody's people and providers are among them.
fn needed(model: &Model) -> BTreeMap<ElementId, EcoString> {
    let mut all = BTreeMap::new();
    for (id, flow) in model.flows() {
        for need in Wiring::of(model, id).needs() {
            let element = model.element(need.element);
            if element.kind != Kind::Actor && !is_outside(element) {
                all.entry(need.element).or_insert_with(|| flow.head.name.clone());
            }
        }
    }
    all
}

/// Whether every element is back within `limit` seconds: one that is not decides; else one that is unknown.
fn within(model: &Model, facts: &Facts, limit: f64, elements: impl Iterator<Item = ElementId>) -> Verdict {
    let graph = &facts.derivation;
    let mut worst: Option<(f64, ElementId, FactId)> = None;
    let mut lacks = None;
    for id in elements {
        let fact = facts.element(id).recovery.time;
        match graph.value(fact) {
            Some(value) if worst.is_none_or(|w| value > w.0) => worst = Some((value, id, fact)),
            Some(_) => {}
            None => lacks = lacks.or_else(|| graph.need(fact)),
        }
    }
    let shown = |(_, id, fact): (f64, ElementId, FactId)| {
        eco_format!("{} ({})", graph.show(fact), model.element(id).head.name)
    };
    match (worst, lacks) {
        (Some(worst), _) if worst.0 > limit => {
            let actual = shown(worst);
            Verdict::of(false, actual.clone(), eco_format!("the longest is {actual}"))
        }
        (_, Some(need)) => Verdict::needs(need),
        (Some(worst), None) => {
            let actual = shown(worst);
            Verdict::of(true, actual.clone(), eco_format!("the longest is {actual}"))
        }
        (None, None) => {
            Verdict::of(true, "nothing to recover", "no element of a flow has anything to recover")
        }
    }
}

/// Both structure and capacity must hold with the domain gone.
fn survives(model: &Model, facts: &Facts, domain: &str) -> Verdict {
    let kinds: &[FailureKind] = match domain {
        "instance" => &[FailureKind::Instance, FailureKind::Element],
        "zone" => &[FailureKind::Instance, FailureKind::Element, FailureKind::Zone],
        "region" => &[FailureKind::Instance, FailureKind::Element, FailureKind::Zone, FailureKind::Region],
        _ => return Verdict::of(true, "nothing is promised", "nothing is promised"),
    };
    for (flow, numbers) in model.flows.iter().zip(&facts.flows) {
        let points = &numbers.reliability.single_points;
        if let Some(point) = points.iter().find(|p| kinds.contains(&p.kind)) {
            let why = eco_format!("{} fails with {}", flow.head.name, point.event);
            return Verdict::of(false, why.clone(), why);
        }
    }
    let needed = needed(model);
    let homeless = needed.keys().map(|id| model.element(*id)).find(|e| match e.placement() {
        Placement::Nowhere => domain != "instance",
        Placement::Zones(_) => domain == "region",
        _ => false,
    });
    if let Some(element) = homeless {
        let key = if domain == "region" { "in" } else { "zones" };
        return Verdict::needs(eco_format!("{}.{key}", element.head.name));
    }
    match domain {
        "zone" | "region" => capacity_left(model, facts, domain, needed.keys().copied()),
        _ => Verdict::of(true, "no replica takes a flow down", "no replica takes a flow down by itself"),
    }
}

fn capacity_left(
    model: &Model,
    facts: &Facts,
    domain: &str,
    elements: impl Iterator<Item = ElementId>,
) -> Verdict {
    let graph = &facts.derivation;
    let mut lacks = None;
    let mut fullest: Option<(f64, EcoString)> = None;
    for id in elements {
        let utilization = &facts.element(id).utilization;
        let fact = if domain == "zone" { utilization.zone_loss } else { utilization.region_loss };
        match graph.value(fact) {
            Some(share) if fullest.as_ref().is_none_or(|f| share > f.0) => {
                let text = eco_format!(
                    "{} is used to {} without a {domain}",
                    model.element(id).head.name,
                    graph.show(fact)
                );
                fullest = Some((share, text));
            }
            Some(_) => {}
            None => lacks = lacks.or_else(|| graph.need(fact)),
        }
    }
    match (fullest, lacks) {
        (Some((share, text)), _) if share > 1.0 => Verdict::of(false, text.clone(), text),
        (_, Some(need)) => Verdict {
            status: Status::NotEvaluated,
            actual: EcoString::new(),
            why: eco_format!("every flow stands without a {domain}; the load on what is left needs {need}"),
        },
        (Some((_, text)), None) => Verdict::of(true, text.clone(), text),
        (None, None) => {
            let text = eco_format!("no {domain} takes a flow down");
            Verdict::of(true, text.clone(), text)
        }
    }
}
