//! A risk about which nothing is done.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC007", "risk-without-mitigation", Warning, "risk_without_mitigation");

fn check(ctx: &Context) -> Vec<Finding> {
    let open = ctx.model.risks.iter().filter(|r| !r.props.has("mitigation"));
    open.map(|risk| {
        let name = &risk.head.name;
        Finding::new(CODE, risk.head.name_span, format!("risk `{name}` has no mitigation"))
            .subject(name.as_str())
            .help("say what is done about it: `mitigation \"…\"`, even if it is \"accepted, because …\"")
    })
    .collect()
}
