//! One thing whose failure takes a flow down.

use crate::analysis::{FailureKind, SinglePoint};
use crate::diagnostic::Finding;
use crate::model::{ElementId, FlowId};
use crate::rules::{Context, declare_rule};
use crate::words;
use std::collections::BTreeMap;

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
    points.into_iter().map(|(element, places)| finding(ctx, element, &places)).collect()
}

fn finding(ctx: &Context, element: ElementId, places: &[(FlowId, &SinglePoint)]) -> Finding {
    let name = ctx.name(element);
    let mut flows: Vec<&str> = places.iter().map(|(id, _)| ctx.model.flow(*id).head.name.as_str()).collect();
    flows.dedup();
    let all = flows.len();
    flows.truncate(4);
    let rest = if all > flows.len() { format!(" and {} more", all - flows.len()) } else { String::new() };
    let mut finding = Finding::new(
        CODE,
        ctx.element(element).head.name_span,
        format!("`{name}` is a single point of failure"),
    )
    .subject(name)
    .note(format!("its failure takes down {}{rest}", words::enumeration(&flows)));
    for (id, point) in places.iter().take(3) {
        if let Some(step) = point.step {
            let flow = ctx.model.flow(*id);
            finding = finding.related(flow.step(step).span, format!("`{}` needs it here", flow.head.name));
        }
    }
    let remedy = places.iter().find_map(|(_, point)| point.remedy.as_ref());
    let help = match remedy.map(|r| r.changes.as_slice()) {
        Some(changes) if !changes.is_empty() => {
            let texts: Vec<String> =
                changes.iter().map(|(id, change)| format!("{}: {}", ctx.name(*id), change.text())).collect();
            format!("the smallest change that removes it: {}", texts.join("; "))
        }
        _ => "give it a second replica that takes over, or an alternative: `on failure { … }`".to_string(),
    };
    finding.help(help)
}
