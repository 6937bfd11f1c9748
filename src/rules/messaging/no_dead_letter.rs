//! Messages that cannot be processed have nowhere to go.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("MSG005", "no-dead-letter", Warning, "no_dead_letter");

fn check(ctx: &Context) -> Vec<Finding> {
    let brokers = ctx.facts().correctness.brokers.iter();
    let open = brokers.filter(|b| b.dead_letter.is_none() && !b.is_dead_letter && !b.consumers.is_empty());
    open.filter(|b| ctx.element(b.element).kind == Kind::Queue)
        .map(|broker| {
            let name = ctx.name(broker.element);
            Finding::new(
                CODE,
                ctx.element(broker.element).head.name_span,
                format!("a message of `{name}` that cannot be processed comes back for ever, or is lost"),
            )
            .subject(name)
            .help("name a queue for such messages: `dead_letter failed`, and watch it")
        })
        .collect()
}
