//! Messages that come faster than they are worked off.

use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP012", "backlog-grows", Error, "backlog_grows");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let queue = facts.queue?;
            let growth = ctx.value(queue.backlog_growth).filter(|growth| *growth > 0.0)?;
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    element.head.name_span,
                    format!(
                        "at peak `{name}` grows by {}: its consumers are slower than its publishers",
                        Quantity::per_second(growth).labelled("msg").human()
                    ),
                )
                .subject(name)
                .note(format!("published at peak: {}", ctx.show(facts.load.total.peak)))
                .help("add consumers (and partitions for them), or make the work shorter"),
            )
        })
        .collect()
}
