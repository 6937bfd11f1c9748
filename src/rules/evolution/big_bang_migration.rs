//! A migration that moves everything at once.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("EVO004", "big-bang-migration", Warning, "big_bang_migration");

fn check(ctx: &Context) -> Vec<Finding> {
    let all_at_once = ctx.model.migrations.iter().filter(|m| m.props.word("strategy") == Some("big_bang"));
    all_at_once
        .map(|migration| {
            let name = &migration.head.name;
            let place = migration.props.get("strategy").map_or(migration.head.name_span, |p| p.span);
            Finding::new(CODE, place, format!("migration `{name}` moves everything at once"))
                .subject(name.as_str())
                .help("move one part at a time behind a stable entry: `strategy strangler`")
        })
        .collect()
}
