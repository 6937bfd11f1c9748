//! A dependency that hangs would take all slots of its caller.

use crate::diagnostic::Finding;
use crate::model::{Arrow, ElementId};
use crate::quantity::{Quantity, count};
use crate::rules::{Context, Hop, declare_rule};
use std::collections::BTreeMap;

declare_rule!("CAS009", "slow-dependency-exhausts-callers", Warning, "slow_dependency_exhausts_callers");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut demand: BTreeMap<(ElementId, ElementId), (f64, f64, Hop)> = BTreeMap::new();
    for hop in ctx.hops() {
        let step = hop.step;
        let guarded = step.props.has("breaker") || step.props.has("bulkhead");
        let timeout = step.props.number("timeout").or_else(|| ctx.element(step.to).props.number("timeout"));
        // Behind a hand-over nobody waits: the backlog grows, and no caller is held.
        if step.arrow != Arrow::Sync
            || step.asynchronous
            || guarded
            || !ctx.element(step.from).kind.is_compute()
        {
            continue;
        }
        let (Some(timeout), Some(rate)) = (timeout, ctx.hop_peak(&hop)) else { continue };
        let seen = demand.entry((step.from, step.to)).or_insert((0.0, timeout, hop));
        seen.0 += rate;
        seen.1 = seen.1.max(timeout);
    }
    demand
        .into_iter()
        .filter_map(|((from, _), (rate, timeout, hop))| finding(ctx, from, rate, timeout, &hop))
        .collect()
}

/// Little's law with the timeout as the time a slot is held.
fn finding(ctx: &Context, from: ElementId, rate: f64, timeout: f64, hop: &Hop) -> Option<Finding> {
    let caller = ctx.element(from);
    if caller.props.has("bulkhead") {
        return None;
    }
    let slots = ctx.value(ctx.facts().element(from).concurrency.0)?;
    let held = rate * timeout;
    if held <= slots {
        return None;
    }
    let (name, target) = (ctx.name(from), ctx.name(hop.step.to));
    Some(
        Finding::new(CODE, hop.step.span, format!("if `{target}` hangs, all slots of `{name}` are taken"))
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .note(format!(
                "{} × {} = {} slots held at peak, and there are {}",
                Quantity::per_second(rate).human(),
                Quantity::seconds(timeout).human(),
                count(held),
                count(slots)
            ))
            .help("shorten the timeout, add a `breaker` or a `bulkhead` to the step, or give the caller more slots"),
    )
}
