//! A caller that gives up before its own call does.

use crate::diagnostic::Finding;
use crate::model::{Arrow, Step};
use crate::rules::{Context, Hop, declare_rule};
use std::collections::BTreeSet;

declare_rule!("LAT002", "timeout-inversion", Warning, "timeout_inversion");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| h.step.arrow == Arrow::Sync && !h.step.asynchronous) {
        let Some((outer, parent)) = deadline(ctx, &hop) else { continue };
        let Some(inner) = timeout(ctx, hop.step) else { continue };
        if inner <= outer || !seen.insert((hop.step.from, hop.step.to)) {
            continue;
        }
        let (name, target) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
        findings.push(
            Finding::new(
                CODE,
                hop.step.span,
                format!(
                    "`{name}` waits {} for `{target}`, and its own caller only {}",
                    ctx.seconds(inner),
                    ctx.seconds(outer)
                ),
            )
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .related(parent.span, "the caller waits here")
            .help(format!("let the inner timeout be shorter than {}", ctx.seconds(outer))),
        );
    }
    findings
}

/// How long the caller of a hop's source waits for it, and the step by which it does.
pub(in crate::rules) fn deadline<'a>(ctx: &Context<'a>, hop: &Hop<'a>) -> Option<(f64, &'a Step)> {
    let parent = hop.flow.step(hop.step.parent?);
    let waits = parent.arrow == Arrow::Sync && !ctx.element(parent.from).kind.passes_through();
    if waits { Some((timeout(ctx, parent)?, parent)) } else { None }
}

/// How long a step waits: its own timeout, else its target's.
fn timeout(ctx: &Context, step: &Step) -> Option<f64> {
    step.props.number("timeout").or_else(|| ctx.element(step.to).props.number("timeout"))
}
