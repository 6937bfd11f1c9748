//! A transaction over shards that cannot have one.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON009", "transaction-across-shards", Warning, "transaction_across_shards");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for facts in &ctx.facts().correctness.transactions {
        let flow = ctx.model.flow(facts.flow);
        for across in facts.across_shards.iter().filter(|a| a.supported != Some(true)) {
            let name = ctx.name(across.element);
            if across.supported.is_none() {
                ctx.lacks(
                    format!("transactions over shards of {name}"),
                    across.needs.as_deref().unwrap_or("what its technology promises"),
                );
                continue;
            }
            let finding = Finding::new(
                CODE,
                flow.block(facts.block).span,
                format!("the transaction touches several shards of `{name}`, which has none across them"),
            )
            .subject(name)
            .flow(flow.head.name.as_str())
            .note(across.why.to_string())
            .help("keep what changes together under one shard key, or use a saga with `compensate`");
            findings.push(ctx.resting_on(finding, &across.grounds));
        }
    }
    findings
}
