//! A timeout that cuts off what would have come.

use crate::diagnostic::Finding;
use crate::math;
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("LAT007", "timeout-below-latency", Warning, "timeout_below_latency");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let target = ctx.element(hop.step.to);
        let stated = hop.step.props.get("timeout").or_else(|| target.props.get("timeout"));
        let Some(timeout) = stated else { continue };
        let Some(limit) = timeout.quantity().map(|q| q.value()) else { continue };
        // Of an exponential time, 1% is above mean × ln 100.
        let p99 = target
            .props
            .number("latency.p99")
            .or_else(|| target.props.number("latency.mean").map(|m| m * math::ln(100.0)));
        let Some(p99) = p99.filter(|p99| *p99 > limit) else { continue };
        if !seen.insert((timeout.span, hop.step.to)) {
            continue;
        }
        let name = ctx.name(hop.step.to);
        findings.push(
            Finding::new(
                CODE,
                timeout.span,
                format!(
                    "callers of `{name}` give up after {}, and 1% of its answers take longer than {}",
                    ctx.seconds(limit),
                    ctx.seconds(p99)
                ),
            )
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .help(format!(
                "wait a little longer than its p99.9, or make it faster: at least {}",
                ctx.seconds(p99)
            )),
        );
    }
    findings
}
