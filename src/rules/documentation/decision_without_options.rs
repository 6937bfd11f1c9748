//! A decision that names nothing else that was looked at.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC006", "decision-without-options", Info, "decision_without_options");

fn check(ctx: &Context) -> Vec<Finding> {
    let bare = ctx.model.decisions.iter().filter(|d| !d.props.has("option"));
    bare.map(|decision| {
        let name = &decision.head.name;
        Finding::new(
            CODE,
            decision.head.name_span,
            format!("decision `{name}` names no option that was not taken"),
        )
        .subject(name.as_str())
        .help("add `option NAME \"rejected: …\"` for what else was looked at")
    })
    .collect()
}
