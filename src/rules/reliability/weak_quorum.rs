//! A majority that tolerates less than its size suggests.

use crate::diagnostic::Finding;
use crate::model::{Element, ElementId, Entity, Placement, Replicas};
use crate::rules::{Context, declare_rule};

declare_rule!("REL008", "weak-quorum", Warning, "weak_quorum");

fn check(ctx: &Context) -> Vec<Finding> {
    let voting = ctx
        .model
        .elements()
        .filter(|(_, e)| matches!(e.props.word("replication.mode"), Some("quorum" | "raft")));
    voting.filter_map(|(id, element)| finding(ctx, id, element)).collect()
}

fn finding(ctx: &Context, id: ElementId, element: &Element) -> Option<Finding> {
    let replicas = match element.replicas() {
        Some(Replicas::Fixed(n)) => Some(f64::from(n)),
        _ => None,
    };
    let copies = element.props.number("replication.factor").or(replicas)?;
    let name = ctx.name(id);
    let place = ctx.place(id, "replication");
    if copies >= 3.0
        && let Some(found) = majority_in_one_zone(ctx, id, element, copies)
    {
        return Some(found);
    }
    let (message, help) = if copies == 1.0 {
        (format!("the only copy of `{name}` tolerates no failure"), "use three copies".to_string())
    } else if copies < 3.0 {
        (
            format!("{copies} copies of `{name}` tolerate no failure: their majority is all of them"),
            "use three copies".to_string(),
        )
    } else if copies % 2.0 == 0.0 {
        let less = copies - 1.0;
        (
            format!("{copies} copies of `{name}` tolerate as many failures as {less} would"),
            format!("use {less} copies, or {}", copies + 1.0),
        )
    } else {
        return None;
    };
    Some(Finding::new(CODE, place, message).subject(name).help(help))
}

/// Explicit places of which one holds a majority.
fn majority_in_one_zone(ctx: &Context, id: ElementId, element: &Element, copies: f64) -> Option<Finding> {
    let Placement::Explicit(places) = element.placement() else { return None };
    let (region, zone, _) = places.iter().find(|p| f64::from(p.2) > copies / 2.0)?;
    let name = ctx.name(id);
    let zone = ctx.model.entity_name(Entity::Zone(*region, *zone));
    Some(
        Finding::new(
            CODE,
            ctx.place(id, "place"),
            format!("the loss of `{zone}` takes the majority of `{name}`"),
        )
        .subject(name)
        .help("spread the copies so that no zone holds more than half of them"),
    )
}
