//! A failure that loses more than may be lost.

use crate::diagnostic::Finding;
use crate::model::ElementId;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("REL011", "data-loss-window", Error, "data_loss_window");

fn check(ctx: &Context) -> Vec<Finding> {
    let Some(rpo) = ctx.model.recovery.as_ref().and_then(|r| r.props.get("rpo")) else { return Vec::new() };
    let Some(limit) = rpo.quantity().map(|q| q.value()) else { return Vec::new() };
    let correctness = &ctx.facts().correctness;
    let written: BTreeSet<ElementId> =
        correctness.writes.iter().filter(|w| w.acknowledged && w.only_holder).map(|w| w.element).collect();
    let mut findings = Vec::new();
    for ((id, element), durability) in ctx.model.elements().zip(&correctness.durability) {
        let Some(durability) =
            durability.as_ref().filter(|_| written.contains(&id) && element.kind != Kind::Cache)
        else {
            continue;
        };
        let name = ctx.name(id);
        let window = match durability.worst_window_s() {
            Ok(Some(window)) if window > limit => window,
            Ok(_) => continue,
            Err(needs) => {
                ctx.lacks(format!("the loss window of {name}"), needs.as_str());
                continue;
            }
        };
        let lost = if window.is_finite() {
            format!("the last {} of writes", ctx.seconds(window))
        } else {
            "all of them".to_string()
        };
        let allowed = if limit == 0.0 { "nothing".to_string() } else { ctx.seconds(limit) };
        let grounds = durability.grounds();
        let finding = Finding::new(
            CODE,
            element.head.name_span,
            format!("a failure of `{name}` may lose {lost}, and {allowed} may be lost"),
        )
        .subject(name)
        .related(rpo.span, "promised here")
        .help("replicate synchronously (`mode synchronous`, `quorum` or `raft`), or promise less");
        findings.push(ctx.resting_on(finding, &grounds));
    }
    findings
}
