//! A dependency that hangs would take all slots of its caller.

use crate::analysis::blast::{Waiting, waiting};
use crate::diagnostic::Finding;
use crate::quantity::{Quantity, count};
use crate::rules::{Context, declare_rule};

declare_rule!("CAS009", "slow-dependency-exhausts-callers", Warning, "slow_dependency_exhausts_callers");

fn check(ctx: &Context) -> Vec<Finding> {
    waiting(ctx.model, ctx.facts()).iter().filter_map(|w| finding(ctx, w)).collect()
}

/// Little's law with the timeout as the time a slot is held.
fn finding(ctx: &Context, wait: &Waiting) -> Option<Finding> {
    let full_after = wait.full_after()?;
    let (name, target) = (ctx.name(wait.caller), ctx.name(wait.target));
    let flow = ctx.model.flow(wait.at.0);
    Some(
        Finding::new(
            CODE,
            flow.step(wait.at.1).span,
            format!("if `{target}` hangs, all slots of `{name}` are taken"),
        )
        .subject(name)
        .flow(flow.head.name.as_str())
        .note(format!(
            "{} × {} = {} slots held at peak, and there are {}: they are taken after {}",
            Quantity::per_second(wait.rate).human(),
            Quantity::seconds(wait.timeout).human(),
            count(wait.held()),
            wait.slots.map(count).unwrap_or_default(),
            Quantity::seconds(full_after).human(),
        ))
        .help(
            "shorten the timeout, add a `breaker` or a `bulkhead` to the step, or give the caller more slots",
        ),
    )
}
