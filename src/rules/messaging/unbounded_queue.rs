//! A queue that grows until something breaks.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("MSG006", "unbounded-queue", Warning, "unbounded_queue");

fn check(ctx: &Context) -> Vec<Finding> {
    let brokers = ctx
        .facts()
        .correctness
        .brokers
        .iter()
        .filter(|b| !b.publishers.is_empty() && b.limit_length.is_none());
    let unbounded = brokers.filter(|b| match &b.retention_s {
        Ok((seconds, _)) => seconds.is_infinite() && !b.read_as_log,
        Err(_) => {
            ctx.element(b.element).kind == Kind::Queue
                && !ctx.element(b.element).tech().is_some_and(|t| t.managed)
        }
    });
    unbounded
        .map(|broker| {
            let name = ctx.name(broker.element);
            Finding::new(
                CODE,
                ctx.element(broker.element).head.name_span,
                format!("nothing bounds what waits in `{name}` while its consumers are down"),
            )
            .subject(name)
            .help("give it a `limit_length 1M msg` or a `retention 7 day`, and decide what happens when it is full")
        })
        .collect()
}
