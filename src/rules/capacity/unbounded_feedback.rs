//! Messages that cause ever more messages.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CAP021", "unbounded-feedback", Error, "unbounded_feedback");

fn check(ctx: &Context) -> Vec<Finding> {
    let rings = ctx.facts().feedback.iter();
    rings
        .filter_map(|ring| {
            let first = *ring.flows.first()?;
            let names: Vec<&str> = ring.flows.iter().map(|id| ctx.model.flow(*id).head.name.as_str()).collect();
            let flow = ctx.model.flow(first);
            Some(
                Finding::new(
                    CODE,
                    flow.head.name_span,
                    format!("each message causes {} more of its kind, through {}", count(ring.radius), words::enumeration(&names)),
                )
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .help("break the circle, or let each message cause less than one: the load has no bound otherwise"),
            )
        })
        .collect()
}
