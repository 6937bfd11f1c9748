//! Messages that may vanish, and a flow that counts on them.

use crate::catalog::Delivery;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG003", "message-loss", Warning, "message_loss");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for broker in &ctx.facts().correctness.brokers {
        let name = ctx.name(broker.element);
        let Ok((Delivery::AtMostOnce, ground)) = &broker.delivery else { continue };
        let writes = broker.consumers.iter().find(|c| !c.effects.is_empty());
        let Some(consumer) = writes else { continue };
        let flow = ctx.model.flow(consumer.flow);
        let finding = Finding::new(
            CODE,
            ctx.place(broker.element, "delivery"),
            format!("`{name}` may lose messages on which `{}` acts", ctx.name(consumer.element)),
        )
        .subject(name)
        .flow(flow.head.name.as_str())
        .related(flow.step(consumer.step).span, "acts on them here")
        .help("use `delivery at_least_once` with idempotent work, or say why a loss does no harm");
        findings.push(ctx.resting_on(finding, std::slice::from_ref(ground)));
    }
    findings
}
