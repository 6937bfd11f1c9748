//! A level that holds only while callers stay with one server.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON016", "sticky-session-required", Warning, "sticky_session_required");

fn check(ctx: &Context) -> Vec<Finding> {
    let open = ctx
        .facts()
        .correctness
        .partitions
        .iter()
        .filter(|p| p.needs_affinity && !p.sticky && p.available_span.is_some());
    open.map(|facts| {
        let flow = ctx.model.flow(facts.flow);
        Finding::new(
            CODE,
            facts.level_span,
            format!(
                "`{}` can be kept under a partition only if callers stay with one server",
                facts.level.name()
            ),
        )
        .subject(flow.head.name.as_str())
        .flow(flow.head.name.as_str())
        .help("add `sticky by user_id` to the balancer or gateway on the way")
    })
    .collect()
}
