//! A message that may come twice, and work that does not notice.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG002", "duplicate-delivery", Error, "duplicate_delivery");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for broker in &ctx.facts().correctness.brokers {
        for consumer in broker.consumers.iter().filter(|c| c.duplicates == Some(true) && !c.idempotent) {
            let flow = ctx.model.flow(consumer.flow);
            let Some(effect) = consumer.effects.first().map(|id| flow.step(*id)) else { continue };
            let (worker, source) = (ctx.name(consumer.element), ctx.name(broker.element));
            let mut finding = Finding::new(
                CODE,
                effect.span,
                format!("`{source}` may deliver a message twice, and `{worker}` then does this twice"),
            )
            .subject(worker)
            .flow(flow.head.name.as_str())
            .related(ctx.element(broker.element).head.name_span, "delivers at least once");
            finding = finding.help("let the work notice: `idempotent by message_id` on the step");
            let grounds =
                broker.delivery.as_ref().map(|(_, ground)| vec![ground.clone()]).unwrap_or_default();
            findings.push(ctx.resting_on(finding, &grounds));
        }
    }
    findings
}
