//! Replicas that stand in one zone.

use crate::diagnostic::Finding;
use crate::model::{Element, ElementId, Placement, Replicas};
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("REL005", "replicas-share-fate", Warning, "replicas_share_fate");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.model.elements().filter_map(|(id, element)| finding(ctx, id, element)).collect()
}

fn finding(ctx: &Context, id: ElementId, element: &Element) -> Option<Finding> {
    let count = match element.replicas() {
        Some(Replicas::Fixed(n) | Replicas::Range(n, _)) => n,
        None => 0,
    };
    let (zones, place) = match element.placement() {
        Placement::Nowhere => return None,
        Placement::Zones(n) => (n, ctx.place(id, "zones")),
        Placement::Regions(regions) => {
            (regions.iter().map(|r| ctx.model.region(*r).zones).sum(), ctx.place(id, "in"))
        }
        Placement::Explicit(places) => {
            let distinct: BTreeSet<_> = places.iter().map(|p| (p.0, p.1)).collect();
            (distinct.len() as u32, ctx.place(id, "place"))
        }
    };
    let total = match element.placement() {
        Placement::Explicit(places) => places.iter().map(|p| p.2).sum(),
        _ => count,
    };
    if total < 2 || zones > 1 {
        return None;
    }
    let name = ctx.name(id);
    Some(
        Finding::new(CODE, place, format!("all {total} replicas of `{name}` stand in one zone"))
            .subject(name)
            .help("spread them over two zones or more: `zones 3`, or a region with several zones"),
    )
}
