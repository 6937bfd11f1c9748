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
            let factor = count(ring.radius);
            let message = if names.len() == 1 {
                format!("each message causes {factor} more of its kind, through {}", words::enumeration(&names))
            } else {
                // The spectral radius is the mean factor of one step, not that of the whole way round.
                format!("messages multiply by {factor} with each step of a circle through {}", words::enumeration(&names))
            };
            Some(
                Finding::new(CODE, flow.head.name_span, message)
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .help("break the circle, or let each message cause less than one: the load has no bound otherwise"),
            )
        })
        .collect()
}
