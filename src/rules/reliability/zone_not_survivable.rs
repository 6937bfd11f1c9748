//! A zone whose loss takes a flow down.

use crate::analysis::FailureKind;
use crate::diagnostic::Finding;
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
    let mut zones: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (flow, facts) in ctx.model.flows.iter().zip(&ctx.facts().flows) {
        for point in facts.reliability.single_points.iter().filter(|p| p.kind == FailureKind::Zone) {
            zones.entry(point.event.as_str()).or_default().push(&flow.head.name);
        }
    }
    zones
        .into_iter()
        .map(|(zone, flows)| finding(ctx, zone, &flows, asked.as_ref().map(|(_, span)| *span)))
        .collect()
}

fn finding(ctx: &Context, zone: &str, flows: &[&str], asked: Option<Span>) -> Finding {
    let first = flows.first().copied().unwrap_or("");
    let shown: Vec<&str> = flows.iter().take(4).copied().collect();
    let rest = if flows.len() > shown.len() {
        format!(" and {} more", flows.len() - shown.len())
    } else {
        String::new()
    };
    let place = asked
        .or_else(|| ctx.model.flow_named(first).map(|id| ctx.model.flow(id).head.name_span))
        .unwrap_or_default();
    let verb = if flows.len() == 1 { "is" } else { "are" };
    let zone = zone.trim_start_matches("zone ");
    Finding::new(
        CODE,
        place,
        format!("when zone `{zone}` is lost, {}{rest} {verb} down", words::enumeration(&shown)),
    )
    .subject(zone)
    .flow(first)
    .help("spread what stands there over a second zone, with enough replicas in each")
}
