//! A transaction over two stores without two-phase commit.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CON010", "transaction-across-stores", Warning, "transaction_across_stores");

fn check(ctx: &Context) -> Vec<Finding> {
    let wide = ctx.facts().correctness.transactions.iter().filter(|t| t.stores.len() > 1 && !t.two_phase);
    wide.map(|facts| {
        let flow = ctx.model.flow(facts.flow);
        let names: Vec<&str> = facts.stores.iter().map(|id| ctx.name(*id)).collect();
        Finding::new(
            CODE,
            flow.block(facts.block).span,
            format!("one transaction cannot span {}", words::enumeration(&names)),
        )
        .subject(flow.head.name.as_str())
        .flow(flow.head.name.as_str())
        .help("say `via two_phase` on the steps if all of them take part, or use a saga with `compensate`")
    })
    .collect()
}
