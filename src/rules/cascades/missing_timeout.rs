//! A call that may wait for ever.

use crate::diagnostic::Finding;
use crate::model::{Arrow, ElementId};
use crate::rules::{Context, Hop, declare_rule};
use crate::schema::Kind;
use crate::words;
use std::collections::BTreeMap;

declare_rule!("CAS001", "missing-timeout", Warning, "missing_timeout");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut unbounded: BTreeMap<ElementId, Vec<Hop>> = BTreeMap::new();
    for hop in ctx.hops() {
        let (source, target) = (ctx.element(hop.step.from), ctx.element(hop.step.to));
        // People give up by themselves; a broker's hand-over is bounded by its client.
        let counts =
            hop.step.arrow == Arrow::Sync && source.kind != Kind::Actor && target.kind != Kind::Actor;
        if counts && !source.kind.is_broker() && !bounded(ctx, &hop) {
            unbounded.entry(hop.step.to).or_default().push(hop);
        }
    }
    unbounded.into_iter().map(|(target, hops)| finding(ctx, target, &hops)).collect()
}

/// Whether the call ends by itself: a timeout of the step or of its target, or one of the hop before it
/// where the request only passes through.
fn bounded(ctx: &Context, hop: &Hop) -> bool {
    let step = hop.step;
    if step.props.has("timeout") || ctx.element(step.to).props.has("timeout") {
        return true;
    }
    let passes = ctx.element(step.from).kind.passes_through();
    passes
        && step
            .parent
            .is_some_and(|parent| bounded(ctx, &Hop { id: parent, step: hop.flow.step(parent), ..*hop }))
}

fn finding(ctx: &Context, target: ElementId, hops: &[Hop]) -> Finding {
    let name = ctx.name(target);
    let mut callers: Vec<&str> = hops.iter().map(|h| ctx.name(h.step.from)).collect();
    callers.sort_unstable();
    callers.dedup();
    let verb = if callers.len() == 1 { "waits" } else { "wait" };
    let message = format!("{} {verb} for `{name}` without a timeout", words::enumeration(&callers));
    let mut finding = Finding::new(CODE, ctx.element(target).head.name_span, message).subject(name);
    for hop in hops.iter().take(3) {
        finding = finding.related(hop.step.span, format!("called here, in `{}`", hop.flow.head.name));
    }
    finding.help(format!("say how long callers wait: `timeout 1s` in `{name}`, or in the step"))
}
