//! Work that takes longer than a message stays hidden.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG008", "visibility-timeout-too-short", Warning, "visibility_timeout_too_short");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for broker in &ctx.facts().correctness.brokers {
        let Ok((visibility, ground)) = &broker.visibility_s else { continue };
        for consumer in broker.consumers.iter().filter(|c| c.triggered) {
            let facts = ctx.facts().flow(consumer.flow);
            let Some(p99) = ctx.value(facts.latency.p99).filter(|p99| p99 > visibility) else { continue };
            let name = ctx.name(broker.element);
            let finding = Finding::new(
                CODE,
                ctx.place(broker.element, "visibility"),
                format!(
                    "work on a message of `{name}` takes {} at p99, and it is handed out again after {}",
                    ctx.seconds(p99),
                    ctx.seconds(*visibility)
                ),
            )
            .subject(name)
            .flow(ctx.model.flow(consumer.flow).head.name.as_str())
            .help(format!("raise `visibility` above {}, or make the work shorter", ctx.seconds(p99 * 2.0)));
            findings.push(ctx.resting_on(finding, std::slice::from_ref(ground)));
        }
    }
    findings
}
