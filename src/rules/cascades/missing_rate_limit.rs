//! A public entry that admits whatever comes.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("CAS007", "missing-rate-limit", Warning, "missing_rate_limit");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for entry in ctx.entries() {
        let (Some(first), Some(last)) = (entry.first(), entry.last()) else { continue };
        if ctx.element(first.step.from).props.word("trust") == Some("internal") {
            continue;
        }
        let limited = first.flow.props.has("limit")
            || entry.iter().any(|h| h.step.props.has("limit") || ctx.element(h.step.to).props.has("limit"));
        if limited || ctx.element(last.step.to).kind == Kind::External || !seen.insert(first.step.to) {
            continue;
        }
        let name = ctx.name(first.step.to);
        findings.push(
            Finding::new(CODE, ctx.element(first.step.to).head.name_span, format!("`{name}` admits whatever comes: it has no rate limit"))
                .subject(name)
                .flow(first.flow.head.name.as_str())
                .related(first.step.span, format!("`{}` enters here", ctx.name(first.step.from)))
                .help("add `limit { rate 100/min per user, algorithm token_bucket, burst 20 }` to it, to the flow or to the step"),
        );
    }
    findings
}
