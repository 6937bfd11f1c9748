//! A decision that does not say why.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC005", "decision-without-reason", Warning, "decision_without_reason");

fn check(ctx: &Context) -> Vec<Finding> {
    let bare = ctx.model.decisions.iter().filter(|d| !d.props.has("because"));
    bare.map(|decision| {
        let name = &decision.head.name;
        Finding::new(CODE, decision.head.name_span, format!("decision `{name}` does not say why"))
            .subject(name.as_str())
            .help("add `because \"…\"`: the next reader must be able to tell whether it still holds")
    })
    .collect()
}
