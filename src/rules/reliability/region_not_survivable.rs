//! A region whose loss takes a flow down, where it must not.

use crate::analysis::FailureKind;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;
use std::collections::BTreeMap;

declare_rule!("REL004", "region-not-survivable", Warning, "region_not_survivable");

fn check(ctx: &Context) -> Vec<Finding> {
    let Some(survives) = ctx
        .model
        .recovery
        .as_ref()
        .and_then(|r| r.props.get("survives"))
        .filter(|p| p.word() == Some("region"))
    else {
        return Vec::new();
    };
    let mut regions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (flow, facts) in ctx.model.flows.iter().zip(&ctx.facts().flows) {
        for point in facts.reliability.single_points.iter().filter(|p| p.kind == FailureKind::Region) {
            regions.entry(point.event.as_str()).or_default().push(&flow.head.name);
        }
    }
    regions
        .into_iter()
        .map(|(region, flows)| {
            let region = region.trim_start_matches("region ");
            let verb = if flows.len() == 1 { "is" } else { "are" };
            Finding::new(
                CODE,
                survives.span,
                format!("when region `{region}` is lost, {} {verb} down", words::enumeration(&flows)),
            )
            .subject(region)
            .help(
                "put replicas and a copy of the data into a second region, or promise less: `survives zone`",
            )
        })
        .collect()
}
