//! A level above what the technology can give.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CON011", "unsupported-level", Error, "unsupported_level");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        for read in &facts.reads {
            let Some(unsupported) = &read.unsupported else { continue };
            let name = ctx.name(read.source);
            let strongest = if unsupported.strongest.is_empty() {
                "nothing".to_string()
            } else {
                words::enumeration(&unsupported.strongest)
            };
            let finding = Finding::new(
                CODE,
                flow.step(read.step).span,
                format!(
                    "`{}` is asked of `{name}`, which gives {strongest} at most",
                    unsupported.level.name()
                ),
            )
            .subject(name)
            .flow(flow.head.name.as_str())
            .help("ask for what it can give, or keep the data in a store that gives the level");
            findings.push(ctx.resting_on(finding, &unsupported.grounds));
        }
    }
    findings
}
