//! A target that nobody is told about when it is missed.

use crate::diagnostic::Finding;
use crate::model::Target;
use crate::rules::{Context, declare_rule};
use crate::syntax::{Expr, ExprKind};

declare_rule!("DOC011", "target-without-alert", Info, "target_without_alert");

fn check(ctx: &Context) -> Vec<Finding> {
    let model = ctx.model;
    let watched = |target: &Target, index: usize| {
        model.alerts.iter().any(|alert| {
            alert.target == Some(index)
                || alert.entity.is_some_and(|e| names(target).iter().any(|n| *n == model.entity_name(e)))
        })
    };
    let silent = model
        .targets
        .iter()
        .enumerate()
        .filter(|(i, t)| t.scenario.is_none() && is_live(ctx, t) && !watched(t, *i));
    silent
        .map(|(_, target)| {
            let name = &target.head.name;
            Finding::new(
                CODE,
                target.head.name_span,
                format!("nobody is alerted when target `{name}` is missed"),
            )
            .subject(name.as_str())
            .help(format!("add `alert {name} {{ … for 5 min }}`, or an alert on the flow that it speaks of"))
        })
        .collect()
}

/// Whether the target speaks of something that can be watched while the system runs: a flow.
fn is_live(ctx: &Context, target: &Target) -> bool {
    names(target).iter().any(|name| ctx.model.flow_named(name).is_some())
}

/// The first parts of the paths that a target compares: `view_feed` of `view_feed.p99`. Not of
/// `view_feed.rate.peak`: what is asked is nobody's failure, and no alert watches it.
fn names(target: &Target) -> Vec<String> {
    let mut found = Vec::new();
    for condition in &target.conditions {
        paths(condition, &mut found);
    }
    found
}

fn paths(expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Path(path) if path.names.get(1).is_some_and(|n| n.text == "rate") => {}
        ExprKind::Path(path) => found.extend(path.names.first().map(|n| n.text.to_string())),
        ExprKind::Binary(_, a, b) | ExprKind::Range(a, b) => {
            paths(a, found);
            paths(b, found);
        }
        ExprKind::Group(inner) | ExprKind::Unary(_, inner) => paths(inner, found),
        ExprKind::Call(_, items) | ExprKind::List(items) => items.iter().for_each(|e| paths(e, found)),
        ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Date(_) | ExprKind::Hole => {}
    }
}
