//! A fan-out in which somebody is always slow.

use crate::diagnostic::Finding;
use crate::math;
use crate::model::Arrow;
use crate::quantity::{count, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("LAT004", "fan-out-tail", Warning, "fan_out_tail");

/// From so many calls at once, one in three requests waits for a call in the slowest percent.
const MANY: f64 = 40.0;

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| h.step.arrow == Arrow::Sync && !h.step.asynchronous) {
        let Some(fan_out) = hop.step.props.get("fan_out") else { continue };
        let Some(n) = fan_out.quantity().map(|q| q.value()).filter(|n| *n >= MANY) else { continue };
        let slow = 1.0 - math::pow(0.99, n);
        let target = ctx.name(hop.step.to);
        findings.push(
            Finding::new(
                CODE,
                fan_out.span,
                format!("{} of the requests wait for a call to `{target}` in its slowest percent", percent(slow)),
            )
            .subject(target)
            .flow(hop.flow.head.name.as_str())
            .note(format!("1 − 0.99^{} = {}", count(n), percent(slow)))
            .help("ask fewer at once, go on with most of the answers, or ask a second copy when the first is late"),
        );
    }
    findings
}
