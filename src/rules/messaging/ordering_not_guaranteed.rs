//! An order that is asked for and not kept.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG004", "ordering-not-guaranteed", Warning, "ordering_not_guaranteed");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for broker in &ctx.facts().correctness.brokers {
        let name = ctx.name(broker.element);
        for consumer in &broker.consumers {
            let Some(why) = &consumer.disordered else { continue };
            let finding = Finding::new(
                CODE,
                ctx.place(broker.element, "ordering"),
                format!("messages of `{name}` may reach `{}` out of order", ctx.name(consumer.element)),
            )
            .subject(name)
            .flow(ctx.model.flow(consumer.flow).head.name.as_str())
            .note(why.to_string())
            .help("partition by the key that must be in order, with one consumer for each partition, or let the work order by a sequence number");
            let grounds = broker.order.as_ref().map(|(_, ground)| vec![ground.clone()]).unwrap_or_default();
            findings.push(ctx.resting_on(finding, &grounds));
        }
    }
    findings
}
