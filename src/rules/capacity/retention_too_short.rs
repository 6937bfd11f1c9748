//! Messages that are deleted before an outage is over.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP013", "retention-too-short", Warning, "retention_too_short");

fn check(ctx: &Context) -> Vec<Finding> {
    let Some(rto) = ctx.model.recovery.as_ref().and_then(|r| r.props.get("rto")) else { return Vec::new() };
    let Some(longest) = rto.quantity().map(|q| q.value()) else { return Vec::new() };
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, _), facts)| {
            let survived = ctx.value(facts.queue?.outage_survived).filter(|time| *time < longest)?;
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "retention"),
                    format!(
                        "`{name}` loses messages when its consumers are down for more than {}",
                        ctx.seconds(survived)
                    ),
                )
                .subject(name)
                .related(rto.span, "so long may an outage take")
                .help("keep messages for longer, or allow more of them to wait"),
            )
        })
        .collect()
}
