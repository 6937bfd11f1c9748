//! Messages that are acknowledged before their work is done.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG007", "acknowledged-before-work", Warning, "acknowledged_before_work");

fn check(ctx: &Context) -> Vec<Finding> {
    let early = ctx
        .facts()
        .correctness
        .brokers
        .iter()
        .filter(|b| b.ack_before_work == Some(true) && !b.consumers.is_empty());
    early
        .map(|broker| {
            let name = ctx.name(broker.element);
            Finding::new(
                CODE,
                ctx.place(broker.element, "ack"),
                format!("a consumer of `{name}` that crashes loses the message it was working on"),
            )
            .subject(name)
            .help("acknowledge when the work is done: `ack after_work`, and make the work idempotent")
        })
        .collect()
}
