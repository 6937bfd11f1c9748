//! More consumers than there are partitions.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP011", "idle-consumers", Warning, "idle_consumers");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, _), facts)| {
            let queue = facts.queue?;
            let (consumers, partitions) = (ctx.value(queue.consumers)?, ctx.value(queue.partitions)?);
            if consumers <= partitions {
                return None;
            }
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "partitions"),
                    format!(
                        "{} consumers share {} partitions of `{name}`: {} of them get nothing",
                        count(consumers),
                        count(partitions),
                        count(consumers - partitions)
                    ),
                )
                .subject(name)
                .help(format!("use {} partitions or more, or fewer consumers", count(consumers))),
            )
        })
        .collect()
}
