//! A promise that is kept only while replicas fail independently.

use crate::analysis::Status;
use crate::analysis::reliability::with_common_cause;
use crate::diagnostic::Finding;
use crate::model::FlowId;
use crate::quantity::availability_percent;
use crate::rules::{Context, declare_rule};

declare_rule!("REL017", "common-cause-ignored", Info, "common_cause_ignored");

/// The least share of common causes that IEC 61508-6 gives for redundant parts outside the logic.
const LEAST: f64 = 0.01;

fn check(ctx: &Context) -> Vec<Finding> {
    let facts = ctx.facts();
    let mut kept = Vec::new();
    for requirement in facts.requirements.iter().filter(|r| r.status == Status::Met) {
        let Some(id) = requirement.flow else { continue };
        if requirement.fact != Some(facts.flow(id).reliability.availability) {
            continue;
        }
        if let Some(promised) = promised(ctx, id) {
            kept.push((id, promised, requirement));
        }
    }
    if kept.is_empty() {
        return Vec::new();
    }
    let flows: Vec<FlowId> = kept.iter().map(|(id, ..)| *id).collect();
    let after = with_common_cause(ctx.model, &flows, LEAST);
    let broken = kept.into_iter().zip(after).filter_map(|(kept, after)| {
        let after = after?;
        (after > 1.0 - kept.1).then_some((kept, after))
    });
    broken
        .map(|((id, _, requirement), after)| {
            let flow = ctx.model.flow(id).head.name.as_str();
            let message = format!(
                "`{}` keeps its promise only while replicas fail independently: where 1% of their failures strike all at once, it is {}",
                requirement.id,
                availability_percent(after)
            );
            Finding::new(CODE, requirement.span, message)
                .subject(requirement.id.as_str())
                .flow(flow)
                .note("replicas run the same release and the same configuration, and one mistake is on all of them")
                .help("promise what that allows, give the flow an alternative that shares nothing, or state `common_cause 0%` where replicas share nothing")
        })
        .collect()
}

/// The strictest availability that a flow requires.
fn promised(ctx: &Context, id: FlowId) -> Option<f64> {
    let required = ctx.model.flow(id).props.all("require");
    required.filter_map(|p| p.block.as_ref()?.number("availability")).max_by(f64::total_cmp)
}
