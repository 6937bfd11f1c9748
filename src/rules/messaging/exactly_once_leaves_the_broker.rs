//! Exactly once, and an effect outside the broker.

use crate::catalog::Delivery;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG012", "exactly-once-leaves-the-broker", Warning, "exactly_once_leaves_the_broker");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for broker in &ctx.facts().correctness.brokers {
        let Ok((Delivery::ExactlyOnce, ground)) = &broker.delivery else { continue };
        for consumer in broker.consumers.iter().filter(|c| !c.idempotent) {
            let flow = ctx.model.flow(consumer.flow);
            let Some(effect) = consumer.leaves_broker.first().map(|id| flow.step(*id)) else { continue };
            let name = ctx.name(broker.element);
            let finding = Finding::new(
                CODE,
                effect.span,
                format!("exactly once ends at `{name}`: this effect may happen twice"),
            )
            .subject(name)
            .flow(flow.head.name.as_str())
            .related(ctx.place(broker.element, "delivery"), "promised here")
            .help("let the work notice: `idempotent by message_id` on the step");
            findings.push(ctx.resting_on(finding, std::slice::from_ref(ground)));
        }
    }
    findings
}
