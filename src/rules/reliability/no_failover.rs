//! A leader that nobody replaces.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("REL006", "no-failover", Warning, "no_failover");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, element) in ctx.model.elements().filter(|(_, e)| e.kind.is_stateful()) {
        let name = ctx.name(id);
        if element.props.word("failover.mode").or_else(|| element.props.word("failover")) == Some("none") {
            let message = format!("when the leader of `{name}` fails, nothing takes over");
            findings.push(
                Finding::new(CODE, ctx.place(id, "failover"), message)
                    .subject(name)
                    .help("let a replica take over: `replicas 2, failover automatic 30s`"),
            );
        }
    }
    findings
}
