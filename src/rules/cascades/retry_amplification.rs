//! Retries that multiply along a chain.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAS003", "retry-amplification", Warning, "retry_amplification");

fn check(ctx: &Context) -> Vec<Finding> {
    let limit = ctx.thresholds.amplification;
    let flows = ctx.model.flows().zip(&ctx.facts().flows);
    flows
        .filter(|(_, facts)| facts.amplification.1 > limit)
        .map(|((_, flow), facts)| {
            let (worst, bounded) = facts.amplification;
            let retries = flow.steps.iter().filter_map(|s| s.props.get("retry"));
            let mut finding = Finding::new(
                CODE,
                flow.head.name_span,
                format!("one request of `{}` can become {} calls", flow.head.name, count(bounded)),
            )
            .subject(flow.head.name.as_str())
            .flow(flow.head.name.as_str());
            for retry in retries.take(4) {
                finding = finding.related(retry.span, "multiplies");
            }
            finding
                .note(format!(
                    "product of attempts along the chain: {}; bounded by budgets and breakers: {}",
                    count(worst),
                    count(bounded)
                ))
                .help("retry at one layer only, or give the retries a `budget 10%`")
        })
        .collect()
}
