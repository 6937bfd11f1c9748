//! Retries that cannot all happen before the caller gives up.

use crate::analysis::pauses;
use crate::diagnostic::Finding;
use crate::model::{Arrow, Step};
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
        let pauses = pauses(&hop.step.props, attempts);
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

fn timeout(ctx: &Context, step: &Step) -> Option<f64> {
    step.props.number("timeout").or_else(|| ctx.element(step.to).props.number("timeout"))
}
