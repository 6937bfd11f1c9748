//! Machines that hold their containers only if all goes well.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP027", "no-room-on-nodes", Warning, "no_room_on_nodes");

fn check(ctx: &Context) -> Vec<Finding> {
    let pools = ctx.model.nodes.iter().zip(&ctx.facts().nodes);
    pools
        .filter_map(|(nodes, facts)| {
            let name = &nodes.head.name;
            let (there, least) = (ctx.value(facts.declared)?, ctx.value(facts.least)?);
            let required = ctx.value(facts.required)?;
            // Fewer than the least are an error of its own.
            if there < least {
                return None;
            }
            let left = ctx.value(facts.left).filter(|left| *left < required);
            let (message, more) = if there < required {
                let message = format!(
                    "{} may not hold its replicas at peak: packed perfectly they take {}, by first-fit {}",
                    super::nodes_of(name, there),
                    count(least),
                    count(required)
                );
                (message, required)
            } else {
                let left = left?;
                let message = format!(
                    "when a zone is lost, {} of the {} nodes of `{name}` are left, and its replicas take {}",
                    count(left),
                    count(there),
                    count(required)
                );
                (message, ctx.value(facts.required_zone_loss)?)
            };
            Some(
                Finding::new(CODE, nodes.head.name_span, message)
                    .subject(name)
                    .help(format!("{} nodes are enough, or replicas that ask for less", count(more))),
            )
        })
        .collect()
}
