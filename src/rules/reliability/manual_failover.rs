//! A failover that waits for people.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("REL007", "manual-failover", Warning, "manual_failover");

fn check(ctx: &Context) -> Vec<Finding> {
    let manual = ctx.model.elements().filter(|(_, e)| e.props.word("failover") == Some("manual"));
    manual
        .map(|(id, element)| {
            let name = ctx.name(id);
            let time = element
                .props
                .number("failover")
                .map(|t| format!(" for {}", ctx.seconds(t)))
                .unwrap_or_default();
            Finding::new(
                CODE,
                ctx.place(id, "failover"),
                format!("when `{name}` fails, it is down{time} until people promote a replica"),
            )
            .subject(name)
            .help("let a failover manager do it: `failover automatic 30s`")
        })
        .collect()
}
