//! A retry that may do its work twice.

use crate::diagnostic::Finding;
use crate::model::Step;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG001", "non-idempotent-retry", Error, "non_idempotent_retry");

fn check(ctx: &Context) -> Vec<Finding> {
    let unsafe_retries =
        ctx.facts().correctness.retries.iter().filter(|r| r.attempts > 1 && !r.effects.is_empty());
    unsafe_retries
        .filter_map(|retry| {
            let flow = ctx.model.flow(retry.flow);
            let effect = flow.step(*retry.effects.first()?);
            let mut finding = Finding::new(
                CODE,
                flow.step(retry.step).span,
                format!("a retry may do `{}` twice: an answer that is lost looks like a failure", what(ctx, effect)),
            )
            .subject(ctx.name(flow.step(retry.step).from))
            .flow(flow.head.name.as_str());
            for id in retry.effects.iter().filter(|id| **id != retry.step).take(3) {
                finding = finding.related(flow.step(*id).span, "would be done again");
            }
            if let Some(prop) = flow.step(retry.step).props.get("retry") {
                finding = finding.related(prop.span, "tried again here");
            }
            Some(finding.help("let the target know the request again: `idempotent by request_id` on the step that has the effect"))
        })
        .collect()
}

/// The effect as a reader knows it: `write order`.
fn what(ctx: &Context, step: &Step) -> String {
    let data: Vec<&str> = step.data().map(|id| ctx.model.datum(id).head.short.as_str()).collect();
    if data.is_empty() {
        format!("{} {}", step.operation.word(), ctx.name(step.to))
    } else {
        format!("{} {}", step.operation.word(), data.join(", "))
    }
}
