//! A machine that cannot become larger in time.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP014", "vertical-ceiling", Warning, "vertical_ceiling");

fn check(ctx: &Context) -> Vec<Finding> {
    let horizon = ctx.model.workload.as_ref().and_then(|w| w.props.number("horizon"));
    let limits = ctx.facts().limits.iter().filter(|l| l.what == "largest_machine");
    limits
        .filter_map(|limit| {
            let time = ctx.value(limit.time).filter(|time| horizon.is_none_or(|h| *time < h))?;
            let name = ctx.name(limit.element);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(limit.element, "scaling"),
                    format!("the largest machine is too small for `{name}` in {}", ctx.seconds(time)),
                )
                .subject(name)
                .help("split the work before that: shards, replicas for reads, or another store"),
            )
        })
        .collect()
}
