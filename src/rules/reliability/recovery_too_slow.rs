//! A failure that takes longer to recover from than promised.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("REL012", "recovery-too-slow", Error, "recovery_too_slow");

fn check(ctx: &Context) -> Vec<Finding> {
    let Some(rto) = ctx.model.recovery.as_ref().and_then(|r| r.props.get("rto")) else { return Vec::new() };
    let Some(limit) = rto.quantity().map(|q| q.value()) else { return Vec::new() };
    let mut findings = Vec::new();
    for ((id, element), facts) in ctx.model.elements().zip(&ctx.facts().elements) {
        let Some(time) = ctx.value(facts.recovery.time).filter(|time| *time > limit) else { continue };
        let name = ctx.name(id);
        let mut finding = Finding::new(
            CODE,
            element.props.get("failover").map_or(element.head.name_span, |p| p.span),
            format!("`{name}` is back after {}, and {} is promised", ctx.seconds(time), ctx.seconds(limit)),
        )
        .subject(name)
        .related(rto.span, "promised here");
        let detection = ctx.value(facts.recovery.detection);
        if let Some(detection) = detection {
            finding = finding.note(format!("{} of it until the failure is noticed", ctx.seconds(detection)));
        }
        findings.push(finding.help(help(ctx, limit, time, detection.unwrap_or(0.0))));
    }
    findings
}

/// What is left of the promise for each half; where one of them alone takes longer, that half.
fn help(ctx: &Context, limit: f64, time: f64, detection: f64) -> String {
    let failover = time - detection;
    let notice = || format!("notice the failure within {}", ctx.seconds(limit - failover));
    let take_over = || format!("take over within {}", ctx.seconds(limit - detection));
    match (detection < limit, failover < limit) {
        (true, true) if failover > 0.0 => format!("{}, or {}", notice(), take_over()),
        (true, false) => format!("{}: the failover alone takes {}", take_over(), ctx.seconds(failover)),
        (_, true) => format!("{}, with shorter intervals or fewer misses", notice()),
        (false, false) => {
            format!("notice the failure and take over within {} in all", ctx.seconds(limit))
        }
    }
}
