//! A zone whose loss takes a flow down.

use crate::analysis::{Change, FailureKind, SinglePoint};
use crate::diagnostic::Finding;
use crate::model::{ElementId, FlowId};
use crate::rules::{Context, declare_rule};
use crate::source::Span;
use crate::words;
use std::collections::BTreeMap;

declare_rule!("REL003", "zone-not-survivable", Warning, "zone_not_survivable");

fn check(ctx: &Context) -> Vec<Finding> {
    let asked = ctx
        .model
        .recovery
        .as_ref()
        .and_then(|r| r.props.get("survives"))
        .map(|p| (p.word().unwrap_or("").to_string(), p.span));
    if asked.as_ref().is_some_and(|(word, _)| word == "none" || word == "instance") {
        return Vec::new();
    }
    let mut zones: BTreeMap<&str, Vec<(FlowId, &SinglePoint)>> = BTreeMap::new();
    for ((id, _), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        for point in facts.reliability.single_points.iter().filter(|p| p.kind == FailureKind::Zone) {
            zones.entry(point.event.as_str()).or_default().push((id, point));
        }
    }
    let asked = asked.map(|(_, span)| span);
    zones.into_iter().map(|(zone, places)| finding(ctx, zone, &places, asked)).collect()
}

fn finding(ctx: &Context, zone: &str, places: &[(FlowId, &SinglePoint)], asked: Option<Span>) -> Finding {
    let flows: Vec<&str> = places.iter().map(|(id, _)| ctx.model.flow(*id).head.name.as_str()).collect();
    let first = places.first().map(|(id, _)| ctx.model.flow(*id));
    let element = standing(ctx, places);
    let place = element.map(|id| ctx.element(id).head.name_span);
    let place = place.or(first.map(|flow| flow.head.name_span)).unwrap_or_default();
    let verb = if flows.len() == 1 { "is" } else { "are" };
    let zone = zone.trim_start_matches("zone ");
    let message = format!("when zone `{zone}` is lost, {} {verb} down", words::enumeration(&flows));
    let mut finding = Finding::new(CODE, place, message)
        .subject(element.map_or(zone, |id| ctx.name(id)))
        .help(help(ctx, places));
    if let Some(asked) = asked {
        finding = finding.related(asked, "it is to survive that");
    }
    for (id, point) in places {
        if let Some(step) = point.step {
            let flow = ctx.model.flow(*id);
            let text = format!("`{}` needs what stands there", flow.head.name);
            finding = finding.related(flow.step(step).span, text);
        }
    }
    finding
}

/// What stands in the zone: what the smallest change is about, else where the first flow goes into it.
fn standing(ctx: &Context, places: &[(FlowId, &SinglePoint)]) -> Option<ElementId> {
    let changed = places.iter().filter_map(|(_, point)| point.remedy.as_ref()).flat_map(|r| &r.changes);
    let entered = places.iter().find_map(|(id, point)| Some(ctx.model.flow(*id).step(point.step?).to));
    changed.map(|(element, _)| *element).next().or(entered)
}

/// What clears it for every flow, where that was found for each of them.
fn help(ctx: &Context, places: &[(FlowId, &SinglePoint)]) -> String {
    let remedies: Option<Vec<_>> = places.iter().map(|(_, point)| point.remedy.as_ref()).collect();
    let Some(remedies) = remedies else {
        return "spread what stands there over a second zone, with enough replicas in each".to_string();
    };
    let mut changes: BTreeMap<ElementId, Change> = BTreeMap::new();
    for (element, change) in remedies.into_iter().flat_map(|remedy| &remedy.changes) {
        changes.entry(*element).or_insert(*change);
    }
    let changes: Vec<(ElementId, Change)> = changes.into_iter().collect();
    format!("the smallest change that removes it: {}", ctx.changes(&changes))
}
