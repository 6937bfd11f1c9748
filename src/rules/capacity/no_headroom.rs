//! An element that is nearly full at peak.

use crate::diagnostic::Finding;
use crate::quantity::{count, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP002", "no-headroom", Warning, "no_headroom");

fn check(ctx: &Context) -> Vec<Finding> {
    let stated = ctx.model.workload.as_ref().and_then(|w| w.props.number("headroom"));
    let headroom = stated.unwrap_or(ctx.thresholds.headroom);
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let share = ctx.value(facts.utilization.peak).filter(|s| *s > 1.0 - headroom && *s <= 1.0)?;
            let name = ctx.name(id);
            let least = 1.0 - headroom;
            let finding = Finding::new(
                CODE,
                element.head.name_span,
                format!(
                    "`{name}` is {} full at peak, and {} is to stay free",
                    percent(share),
                    percent(headroom)
                ),
            )
            .subject(name);
            Some(match ctx.value(facts.replicas.declared) {
                Some(n) if element.kind.is_compute() => {
                    finding.help(format!("raise `replicas` to {}", count((n * share / least).ceil())))
                }
                _ => finding.help("add replicas or shards, or take load away by a cache"),
            })
        })
        .collect()
}
