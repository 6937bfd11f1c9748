//! A level that would be had by a setting which nobody states.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON012", "level-not-stated", Warning, "level_not_stated");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        for read in
            facts.reads.iter().filter(|r| r.met == Some(false) && r.attainable && r.unsupported.is_none())
        {
            let name = ctx.name(read.source);
            let required = read.required.as_deref().unwrap_or("");
            findings.push(
                Finding::new(
                    CODE,
                    flow.step(read.step).span,
                    format!("`{name}` gives `{required}` only by a setting that the design does not state"),
                )
                .subject(name)
                .flow(flow.head.name.as_str())
                .help(format!(
                    "state it: `consistency {required}` in the step or in `{name}`, or its quorums"
                )),
            );
        }
    }
    findings
}
