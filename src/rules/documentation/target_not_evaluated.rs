//! A promise that could not be judged.

use crate::analysis::Status;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC002", "target-not-evaluated", Warning, "target_not_evaluated");

fn check(ctx: &Context) -> Vec<Finding> {
    let requirements = ctx.facts().requirements.iter();
    let open =
        requirements.filter(|r| r.status == Status::NotEvaluated && matches!(r.kind, "target" | "require"));
    open.map(|r| {
        let mut finding = Finding::new(CODE, r.span, format!("`{}` cannot be evaluated: {}", r.id, r.why))
            .subject(r.id.as_str())
            .help("state what it needs, or leave the promise out until it can be kept");
        finding.flow = r.flow.map(|f| ctx.model.flow(f).head.name.to_string());
        finding
    })
    .collect()
}
