//! A majority that tolerates less than its size suggests.

use crate::analysis::reliability::{Voters, voters};
use crate::diagnostic::Finding;
use crate::model::Entity;
use crate::rules::{Context, declare_rule};

declare_rule!("REL008", "weak-quorum", Warning, "weak_quorum");

fn check(ctx: &Context) -> Vec<Finding> {
    let voting = voters(ctx.model).into_iter().filter(|v| states_copies(ctx, v));
    voting.filter_map(|voters| finding(ctx, &voters)).collect()
}

/// Where nothing says how many copies there are, or only the default of a technology does, nothing is concluded.
fn states_copies(ctx: &Context, voters: &Voters) -> bool {
    let element = ctx.element(voters.element);
    let props = &element.props;
    if props.quantity("replication.factor").is_some() {
        return true;
    }
    let asked = matches!(props.word("replication.mode"), Some("quorum" | "raft"));
    let by_default = element.tech().is_some_and(|t| t.default_factor().is_some());
    (props.has("replicas") || props.has("place")) && (asked || !by_default)
}

fn finding(ctx: &Context, voters: &Voters) -> Option<Finding> {
    let name = ctx.name(voters.element);
    let (copies, needed) = (voters.copies, voters.needed);
    let spare = copies.saturating_sub(needed);
    let (at, message, help) = if copies == 1 {
        let message = format!("the only copy of `{name}` tolerates no failure");
        ("replication", message, "use three copies".to_string())
    } else if copies == 2 && spare == 0 {
        let message = format!("2 copies of `{name}` tolerate no failure: their majority is all of them");
        ("replication", message, "use three copies".to_string())
    } else if spare == 0 {
        let message = format!("{copies} copies of `{name}` tolerate no failure: all of them must be up");
        ("replication", message, "let a majority of them be enough".to_string())
    } else if let Some((region, zone)) = voters.zone {
        let zone = ctx.model.entity_name(Entity::Zone(region, zone));
        let most = if spare == 1 { "one copy".to_string() } else { format!("{spare} copies") };
        let left = if needed == copies / 2 + 1 {
            format!("leaves `{name}` without its majority")
        } else {
            format!("leaves fewer than the {needed} of {copies} copies that `{name}` needs")
        };
        let help = format!("spread the copies so that no zone holds more than {most}");
        (spread(ctx, voters), format!("the loss of `{zone}` {left}"), help)
    } else if copies.is_multiple_of(2) && needed == copies / 2 + 1 {
        let (less, more) = (copies - 1, copies + 1);
        let message = format!("{copies} copies of `{name}` tolerate as many failures as {less} would");
        ("replication", message, format!("use {less} copies, or {more}"))
    } else {
        return None;
    };
    Some(Finding::new(CODE, ctx.place(voters.element, at), message).subject(name).help(help))
}

/// The property that says where the copies stand.
fn spread(ctx: &Context, voters: &Voters) -> &'static str {
    let props = &ctx.element(voters.element).props;
    ["place", "zones", "in"].into_iter().find(|key| props.has(key)).unwrap_or("replication")
}
