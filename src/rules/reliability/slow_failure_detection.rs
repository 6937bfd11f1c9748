//! A failure that is noticed late.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("REL010", "slow-failure-detection", Warning, "slow_failure_detection");

fn check(ctx: &Context) -> Vec<Finding> {
    let limit = ctx.thresholds.detection_s;
    let mut findings = Vec::new();
    for (id, element) in ctx.model.elements() {
        for block in ["health_check", "discovery"] {
            let every = element
                .props
                .number(&format!("{block}.every"))
                .or_else(|| element.props.number(&format!("{block}.heartbeat")));
            let misses = element.props.number(&format!("{block}.misses"));
            let (Some(every), Some(misses)) = (every, misses) else { continue };
            let time = every * misses;
            if time <= limit {
                continue;
            }
            let name = ctx.name(id);
            findings.push(
                Finding::new(
                    CODE,
                    ctx.place(id, block),
                    format!("`{name}` notices a dead replica after {}", ctx.seconds(time)),
                )
                .subject(name)
                .note(format!(
                    "{} × {misses} misses; until then its share of the requests fails",
                    ctx.seconds(every)
                ))
                .help(format!(
                    "ask more often or tolerate fewer misses: at most {} in all",
                    ctx.seconds(limit)
                )),
            );
        }
    }
    findings
}
