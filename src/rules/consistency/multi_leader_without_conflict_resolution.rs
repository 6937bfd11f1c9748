//! Several copies take writes, and nobody says what happens when they differ.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!(
    "CON006",
    "multi-leader-without-conflict-resolution",
    Error,
    "multi_leader_without_conflict_resolution"
);

fn check(ctx: &Context) -> Vec<Finding> {
    let open = ctx.facts().correctness.conflicts.iter().filter(|c| c.multi_leader && c.conflicts.is_none());
    open.map(|conflict| {
        let name = ctx.name(conflict.element);
        let finding = Finding::new(
            CODE,
            ctx.place(conflict.element, "replication"),
            format!("several leaders of `{name}` take writes, and nothing says what happens when they differ"),
        )
        .subject(name)
        .help("state `conflicts crdt`, `application` or `last_write_wins` in `replication`, or let one copy lead");
        ctx.resting_on(finding, &conflict.grounds)
    })
    .collect()
}
