//! A call to somebody else while a transaction is open.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON017", "call-inside-transaction", Warning, "call_inside_transaction");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for facts in &ctx.facts().correctness.transactions {
        let flow = ctx.model.flow(facts.flow);
        for id in facts.calls.iter().chain(&facts.publishes) {
            let step = flow.step(*id);
            findings.push(
                Finding::new(
                    CODE,
                    step.span,
                    format!("a transaction stays open while `{}` waits for `{}`", ctx.name(step.from), ctx.name(step.to)),
                )
                .subject(ctx.name(step.from))
                .flow(flow.head.name.as_str())
                .related(flow.block(facts.block).span, "opened here")
                .help("call before or after it, or hand over by an outbox: locks are held while you wait, and what was called cannot be rolled back"),
            );
        }
    }
    findings
}
