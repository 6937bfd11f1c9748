//! The only copy of data that must not be lost.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("REL014", "only-copy-not-durable", Error, "only_copy_not_durable");

fn check(ctx: &Context) -> Vec<Finding> {
    let correctness = &ctx.facts().correctness;
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for write in correctness.writes.iter().filter(|w| w.acknowledged && w.only_holder) {
        let flow = ctx.model.flow(write.flow);
        let Some(required) = flow.props.at("require.loss").filter(|p| p.word() == Some("none")) else {
            continue;
        };
        let Some(Some(durability)) = correctness.durability.get(write.element.index()) else { continue };
        if durability.loses() != Some(true) || !seen.insert(write.element) {
            continue;
        }
        let name = ctx.name(write.element);
        let grounds = durability.grounds();
        let finding = Finding::new(CODE, flow.step(write.step).span, format!("what `{name}` acknowledges may be lost, and nothing else keeps it"))
            .subject(name)
            .flow(flow.head.name.as_str())
            .related(required.span, "nothing may be lost")
            .help("write to a store that keeps what it acknowledges, with a copy that has it too (`mode synchronous`, `quorum`, `raft`)");
        findings.push(ctx.resting_on(finding, &grounds));
    }
    findings
}
