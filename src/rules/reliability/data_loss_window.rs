//! A failure that loses more than may be lost.

use crate::analysis::consistency::{Durability, loss_remedy};
use crate::diagnostic::Finding;
use crate::model::{Element, ElementId};
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("REL011", "data-loss-window", Error, "data_loss_window");

fn check(ctx: &Context) -> Vec<Finding> {
    let Some(rpo) = ctx.model.recovery.as_ref().and_then(|r| r.props.get("rpo")) else { return Vec::new() };
    let Some(limit) = rpo.quantity().map(|q| q.value()) else { return Vec::new() };
    let correctness = &ctx.facts().correctness;
    let kept = correctness.writes.iter().filter(|w| w.acknowledged && (w.only_holder || w.write_back));
    let written: BTreeSet<ElementId> = kept.map(|w| w.element).collect();
    let mut findings = Vec::new();
    for ((id, element), durability) in ctx.model.elements().zip(&correctness.durability) {
        let Some(durability) = durability.as_ref().filter(|_| written.contains(&id) && is_record(element))
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
        .help(help(element, durability, limit, window));
        findings.push(ctx.resting_on(finding, &grounds));
    }
    findings
}

/// A cache is one only where it has what its origin has not yet.
fn is_record(element: &Element) -> bool {
    element.kind != Kind::Cache || element.props.word("policy") == Some("write_back")
}

/// What bounds the loss depends on where it comes from: a lag, a restart, a cache, the time since the last backup.
fn help(element: &Element, durability: &Durability, limit: f64, window: f64) -> String {
    let changes = loss_remedy(element, durability, limit);
    let less = if window.is_finite() {
        format!("promise less: `rpo {}`", Quantity::seconds(window).human())
    } else {
        "keep a copy elsewhere".to_string()
    };
    if changes.is_empty() {
        let way = if element.kind == Kind::Cache {
            "use `policy write_through`"
        } else {
            "keep it in a store that waits for its copies"
        };
        return format!("{way}, or {less}");
    }
    let texts: Vec<String> = changes.iter().map(|change| format!("`{}`", change.text())).collect();
    format!("the smallest change that keeps it: {}; or {less}", texts.join(" and "))
}
