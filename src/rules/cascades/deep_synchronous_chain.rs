//! A long chain of elements that wait for each other.

use crate::diagnostic::Finding;
use crate::model::{Arrow, Flow, StepId};
use crate::rules::{Context, declare_rule};

declare_rule!("CAS006", "deep-synchronous-chain", Warning, "deep_synchronous_chain");

fn check(ctx: &Context) -> Vec<Finding> {
    let limit = ctx.thresholds.depth;
    let flows = ctx.model.flows.iter();
    flows
        .filter_map(|flow| {
            let chain = longest_chain(ctx, flow);
            if chain.len() <= limit {
                return None;
            }
            let last = flow.step(*chain.last()?);
            let names: Vec<&str> = chain.iter().map(|id| ctx.name(flow.step(*id).to)).collect();
            Some(
                Finding::new(
                    CODE,
                    last.span,
                    format!("`{}` waits through {} calls, one inside the other", flow.head.name, chain.len()),
                )
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .note(names.join(" -> "))
                .help("hand over by a message where the caller need not wait, or let one element gather what the others need"),
            )
        })
        .collect()
}

/// The longest chain of synchronous hops, without those that only pass requests on.
fn longest_chain(ctx: &Context, flow: &Flow) -> Vec<StepId> {
    let mut best: Vec<StepId> = Vec::new();
    for (id, step) in flow.steps() {
        if step.arrow != Arrow::Sync || step.asynchronous {
            continue;
        }
        let up = std::iter::successors(Some(id), |at| flow.step(*at).parent);
        let mut chain: Vec<StepId> = up
            .take_while(|at| flow.step(*at).arrow == Arrow::Sync)
            .filter(|at| !ctx.element(flow.step(*at).to).kind.passes_through())
            .collect();
        chain.reverse();
        if chain.len() > best.len() {
            best = chain;
        }
    }
    best
}
