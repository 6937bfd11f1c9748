//! Two writes of which only one may happen.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON003", "dual-write", Warning, "dual_write");

fn check(ctx: &Context) -> Vec<Finding> {
    let open = ctx.facts().correctness.dual_writes.iter().filter(|d| !d.optional && !d.redelivered);
    open.map(|dual| {
        let flow = ctx.model.flow(dual.flow);
        let (first, second) = (ctx.name(dual.places.0), ctx.name(dual.places.1));
        let way = if dual.broker {
            "`via outbox` or `via cdc` on the hand-over"
        } else {
            "`via saga` with a `compensate` block, or `via two_phase`"
        };
        Finding::new(
            CODE,
            flow.step(dual.second).span,
            format!("a crash between them leaves `{first}` written and `{second}` not"),
        )
        .subject(second)
        .flow(flow.head.name.as_str())
        .related(flow.step(dual.first).span, "written first")
        .help(format!("tie the two together: {way}"))
    })
    .collect()
}
