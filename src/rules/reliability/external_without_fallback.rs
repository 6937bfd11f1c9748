//! Somebody else's system without which flows are down.

use crate::analysis::FailureKind;
use crate::diagnostic::Finding;
use crate::model::{ElementId, FlowId, StepId};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use crate::words;
use std::collections::BTreeMap;

declare_rule!("REL009", "external-without-fallback", Warning, "external_without_fallback");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut outsiders: BTreeMap<ElementId, Vec<(FlowId, Option<StepId>)>> = BTreeMap::new();
    for ((id, _), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        for point in facts.reliability.single_points.iter().filter(|p| p.kind == FailureKind::Provider) {
            // Managed services are how a provider gives redundancy; externals are others' systems.
            if let Some(element) = point.element.filter(|e| ctx.element(*e).kind == Kind::External) {
                outsiders.entry(element).or_default().push((id, point.step));
            }
        }
    }
    outsiders.into_iter().filter_map(|(element, places)| finding(ctx, element, &places)).collect()
}

fn finding(ctx: &Context, element: ElementId, places: &[(FlowId, Option<StepId>)]) -> Option<Finding> {
    let name = ctx.name(element);
    let (first, step) = *places.first()?;
    let flow = ctx.model.flow(first);
    let flows: Vec<&str> = places.iter().map(|(id, _)| ctx.model.flow(*id).head.name.as_str()).collect();
    let verb = if flows.len() == 1 { "is" } else { "are" };
    let place = step.map_or(flow.head.name_span, |step| flow.step(step).span);
    let mut finding = Finding::new(
        CODE,
        place,
        format!("{} {verb} down whenever `{name}` is, and `{name}` is not yours", words::enumeration(&flows)),
    )
    .subject(name)
    .flow(flow.head.name.as_str());
    for (id, step) in places.iter().skip(1).take(3) {
        if let Some(step) = step {
            finding = finding.related(ctx.model.flow(*id).step(*step).span, "needed here as well");
        }
    }
    if let Some(share) = ctx.element(element).props.number("availability") {
        let down = (1.0 - share) * 365.2425 * 86_400.0;
        finding = finding.note(format!("it is down {} a year by its own promise", ctx.seconds(down)));
    }
    Some(finding.help("serve something else meanwhile: `fallback cached`, `on failure { … }`, or `optional` where the answer is useful without it"))
}
