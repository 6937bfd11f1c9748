//! A disk that is full before the horizon.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP005", "storage-full", Warning, "storage_full");

fn check(ctx: &Context) -> Vec<Finding> {
    let stated = ctx.model.workload.as_ref().and_then(|w| w.props.number("horizon"));
    // Without a horizon, a year: the time in which somebody orders disks.
    let horizon = stated.unwrap_or(365.0 * 86_400.0);
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, _), facts)| {
            let time = ctx.value(facts.storage.2).filter(|time| *time < horizon)?;
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "disk"),
                    format!("the disks of `{name}` are full in {}", ctx.seconds(time)),
                )
                .subject(name)
                .note(format!("{} a day, all copies and indexes included", ctx.show(facts.storage.0)))
                .help(
                    "give it more disk or more shards, keep data for a shorter time, or move old data away",
                ),
            )
        })
        .collect()
}
