//! A migration that can break what is running.

use crate::diagnostic::Finding;
use crate::model::Migration;
use crate::rules::{Context, declare_rule};

declare_rule!("EVO001", "unsafe-migration", Warning, "unsafe_migration");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.model.migrations.iter().filter_map(finding).collect()
}

fn finding(migration: &Migration) -> Option<Finding> {
    let props = &migration.props;
    let mut gaps = Vec::new();
    if matches!(props.word("strategy"), Some("in_place")) {
        gaps.push("changes what is running");
    }
    if props.yes_no("backward_compatible") != Some(true) {
        gaps.push("is not said to be backward compatible");
    }
    if props.yes_no("zero_downtime") == Some(false) {
        gaps.push("needs a stop");
    }
    if props.yes_no("backup") != Some(true) {
        gaps.push("has no backup before it");
    }
    if !props.has("tested") {
        gaps.push("was tried nowhere");
    }
    let (last, first) = gaps.split_last()?;
    let list =
        if first.is_empty() { (*last).to_string() } else { format!("{} and {last}", first.join(", ")) };
    let name = &migration.head.name;
    Some(
        Finding::new(CODE, migration.head.name_span, format!("migration `{name}` {list}"))
            .subject(name.as_str())
            .help("expand, move over, contract: `strategy expand_contract, backward_compatible yes, zero_downtime yes, backup yes, tested staging`"),
    )
}
