//! One thing whose failure takes a flow down.

use crate::analysis::consistency::Ground;
use crate::analysis::reliability::single_points_in_no_flow;
use crate::analysis::{FailureKind, Remedy, SinglePoint};
use crate::diagnostic::Finding;
use crate::model::{ElementId, FlowId, Replicas};
use crate::rules::{Context, declare_rule};
use std::collections::{BTreeMap, BTreeSet};

declare_rule!("REL001", "single-point-of-failure", Error, "single_point_of_failure");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut points: BTreeMap<ElementId, Vec<(FlowId, &SinglePoint)>> = BTreeMap::new();
    for ((id, _), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        let own = |p: &&SinglePoint| matches!(p.kind, FailureKind::Instance | FailureKind::Element);
        for point in facts.reliability.single_points.iter().filter(own) {
            if let Some(element) = point.element {
                points.entry(element).or_default().push((id, point));
            }
        }
    }
    let mut findings: Vec<Finding> =
        points.into_iter().map(|(element, places)| finding(ctx, element, &places)).collect();
    findings.extend(single_points_in_no_flow(ctx.model).iter().filter_map(|point| idle(ctx, point)));
    findings
}

fn finding(ctx: &Context, element: ElementId, places: &[(FlowId, &SinglePoint)]) -> Finding {
    let mut flows: Vec<&str> = places.iter().map(|(id, _)| ctx.model.flow(*id).head.name.as_str()).collect();
    flows.dedup();
    let mut finding = about(ctx, element, remedy(places.iter().map(|(_, point)| *point)))
        .note(format!("its failure takes down {}", Context::some_of(&flows, 4)));
    let (mut ways, mut seen) = (Vec::new(), BTreeSet::new());
    for (id, point) in places.iter().take(3) {
        if let Some(step) = point.step {
            let flow = ctx.model.flow(*id);
            finding = finding.related(flow.step(step).span, format!("`{}` needs it here", flow.head.name));
            let way = ctx.way_to(*id, step);
            if seen.insert(way.clone()) {
                ways.push(format!("`{}` comes to it by `{way}`", flow.head.name));
            }
        }
    }
    finding.notes.extend(ways);
    ctx.resting_on(finding, &grounds(ctx, element))
}

/// A store that no flow comes to, judged by the replicas that it states.
fn idle(ctx: &Context, point: &SinglePoint) -> Option<Finding> {
    let element = point.element?;
    let finding = about(ctx, element, point.remedy.as_ref())
        .note("no flow comes to it, so that it is judged by the replicas that it states");
    Some(ctx.resting_on(finding, &grounds(ctx, element)))
}

fn about(ctx: &Context, element: ElementId, remedy: Option<&Remedy>) -> Finding {
    let name = ctx.name(element);
    let help = match remedy {
        Some(remedy) => {
            format!("the smallest change that removes it: {}", ctx.changes(&remedy.changes))
        }
        None => "give it a second replica that takes over, or an alternative: `on failure { … }`".to_string(),
    };
    let place = ctx.element(element).head.name_span;
    Finding::new(CODE, place, format!("`{name}` is a single point of failure")).subject(name).help(help)
}

/// A remedy is tried on the element itself, so that it is the same for every flow.
fn remedy<'p>(mut points: impl Iterator<Item = &'p SinglePoint>) -> Option<&'p Remedy> {
    points.find_map(|point| point.remedy.as_ref())
}

/// What the catalogue says, where it decides: that no other copy takes over from the leader.
fn grounds(ctx: &Context, id: ElementId) -> Vec<Ground> {
    let element = ctx.element(id);
    let copies = match element.replicas() {
        Some(Replicas::Fixed(n) | Replicas::Range(n, _)) => n,
        None => 1,
    };
    let stated = ["failover", "needs", "replication"].iter().any(|key| element.props.has(key));
    let known = element.tech().and_then(|technology| Some((technology, technology.auto_failover()?)));
    match known {
        Some((technology, known)) if copies > 1 && !stated => {
            vec![Ground::catalogue(technology, &known, known.value.token())]
        }
        _ => Vec::new(),
    }
}
