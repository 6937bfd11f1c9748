//! A call that crosses an ocean while somebody waits.

use crate::diagnostic::Finding;
use crate::model::{Arrow, ElementId, Placement, RegionId};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use crate::words;
use std::collections::BTreeSet;

declare_rule!("LAT005", "synchronous-call-between-regions", Warning, "synchronous_call_between_regions");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| h.step.arrow == Arrow::Sync && !h.step.asynchronous) {
        let (from, to) = (regions(ctx, hop.step.from), regions(ctx, hop.step.to));
        let apart = !from.is_empty() && !to.is_empty() && from.iter().any(|region| !to.contains(region));
        if !apart
            || ctx.element(hop.step.from).kind == Kind::Actor
            || !seen.insert((hop.step.from, hop.step.to))
        {
            continue;
        }
        let (source, target) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
        let alone: Vec<&str> = from
            .iter()
            .filter(|r| !to.contains(r))
            .map(|r| ctx.model.region(*r).head.name.as_str())
            .collect();
        findings.push(
            Finding::new(
                CODE,
                hop.step.span,
                format!(
                    "from {}, `{source}` waits for `{target}` in another region",
                    words::enumeration(&alone)
                ),
            )
            .subject(source)
            .flow(hop.flow.head.name.as_str())
            .help("keep a replica in each region and read there, or hand over by a message"),
        );
    }
    findings
}

/// The regions in which an element stands.
fn regions(ctx: &Context, id: ElementId) -> Vec<RegionId> {
    match ctx.element(id).placement() {
        Placement::Regions(regions) => regions,
        Placement::Explicit(places) => {
            let mut regions: Vec<RegionId> = places.into_iter().filter_map(|p| p.0).collect();
            regions.sort();
            regions.dedup();
            regions
        }
        _ => Vec::new(),
    }
}
