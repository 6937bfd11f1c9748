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
        if let Some(detection) = ctx.value(facts.recovery.detection) {
            finding = finding.note(format!("{} of it until the failure is noticed", ctx.seconds(detection)));
        }
        findings.push(finding.help("notice failures sooner, or make the failover faster"));
    }
    findings
}
