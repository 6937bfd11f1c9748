//! Concurrent writes of which all but one vanish.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON014", "last-write-wins-loses-updates", Warning, "last_write_wins_loses_updates");

fn check(ctx: &Context) -> Vec<Finding> {
    let lossy = ctx
        .facts()
        .correctness
        .conflicts
        .iter()
        .filter(|c| c.multi_leader && c.conflicts.as_deref() == Some("last_write_wins"));
    lossy
        .map(|conflict| {
            let name = ctx.name(conflict.element);
            let finding = Finding::new(
                CODE,
                ctx.place(conflict.element, "replication.conflicts"),
                format!("of two writes of `{name}` at once, the one with the earlier time stamp vanishes, though it was acknowledged"),
            )
            .subject(name)
            .help("use `conflicts crdt` or `application` where both must survive, or accept it with a reason");
            ctx.resting_on(finding, &conflict.grounds)
        })
        .collect()
}
