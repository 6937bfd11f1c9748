//! A design that does not say what it is for.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC008", "missing-goals", Info, "missing_goals");

fn check(ctx: &Context) -> Vec<Finding> {
    let model = ctx.model;
    if model.flows.is_empty() || !model.goals.is_empty() || !model.functional.is_empty() {
        return Vec::new();
    }
    let span = model.system.head.span;
    vec![
        Finding::new(CODE, span, "the design does not say what it is for")
            .help("add a `goal \"…\"`, or a `functional \"…\" via FLOW` for what people can do"),
    ]
}
