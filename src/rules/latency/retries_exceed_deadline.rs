//! Retries that cannot all happen before the caller gives up.

use crate::diagnostic::Finding;
use crate::math;
use crate::model::{Arrow, Prop, Step};
use crate::rules::{Context, declare_rule};

declare_rule!("LAT003", "retries-exceed-deadline", Warning, "retries_exceed_deadline");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| h.step.arrow == Arrow::Sync && !h.step.asynchronous) {
        let Some(retry) = hop.step.props.get("retry") else { continue };
        let attempts = retry.block.as_ref().and_then(|b| b.number("attempts")).unwrap_or(1.0);
        let Some(parent) = hop.step.parent.map(|id| hop.flow.step(id)).filter(|p| p.arrow == Arrow::Sync)
        else {
            continue;
        };
        let (Some(inner), Some(outer)) = (timeout(ctx, hop.step), timeout(ctx, parent)) else { continue };
        let pauses = pauses(retry, attempts);
        let total = inner * attempts + pauses;
        if inner > outer || total <= outer || attempts < 2.0 {
            continue;
        }
        let (name, target) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
        findings.push(
            Finding::new(
                CODE,
                retry.span,
                format!(
                    "`{name}` may try `{target}` for {}, and its own caller waits {}",
                    ctx.seconds(total),
                    ctx.seconds(outer)
                ),
            )
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .related(parent.span, "the caller waits here")
            .note(format!("{attempts} attempts × {} + {} of pauses", ctx.seconds(inner), ctx.seconds(pauses)))
            .help("fewer attempts, or a shorter timeout for each"),
        );
    }
    findings
}

/// Seconds between the attempts, where the first pause is stated.
fn pauses(retry: &Prop, attempts: f64) -> f64 {
    let block = retry.block.as_ref();
    let first = block.and_then(|b| b.number("backoff")).unwrap_or(0.0);
    let gaps = (attempts - 1.0).max(0.0);
    match block.and_then(|b| b.word("backoff")) {
        // first + 2·first + 4·first …
        Some("exponential") => first * (math::pow(2.0, gaps) - 1.0),
        Some("fixed") => first * gaps,
        _ => 0.0,
    }
}

fn timeout(ctx: &Context, step: &Step) -> Option<f64> {
    step.props.number("timeout").or_else(|| ctx.element(step.to).props.number("timeout"))
}
