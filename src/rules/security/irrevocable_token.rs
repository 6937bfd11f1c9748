//! A token that cannot be taken back.

use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("SEC008", "irrevocable-token", Warning, "irrevocable_token");

/// A token that lives longer than a day should be revocable, asked or not.
const LONG: f64 = 86_400.0;

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let required = hop.flow.props.at("require.revocable").filter(|p| p.yes_no() == Some(true));
        for auth in
            [hop.step.props.get("auth"), ctx.element(hop.step.to).props.get("auth")].into_iter().flatten()
        {
            let block = auth.block.as_ref();
            let revocable = block.and_then(|b| b.yes_no("revocable"));
            let lifetime = block.and_then(|b| b.number("lifetime"));
            let long = lifetime.is_some_and(|t| t > LONG);
            if auth.word() != Some("jwt")
                || revocable == Some(true)
                || (required.is_none() && !long)
                || !seen.insert(auth.span)
            {
                continue;
            }
            let message = match lifetime {
                Some(time) => format!(
                    "a token is good for {} and cannot be taken back",
                    Quantity::seconds(time).human()
                ),
                None => "a token cannot be taken back before it ends".to_string(),
            };
            let name = ctx.name(hop.step.to);
            let mut finding =
                Finding::new(CODE, auth.span, message).subject(name).flow(hop.flow.head.name.as_str());
            if let Some(required) = required {
                finding = finding.related(required.span, "tokens must be revocable");
            }
            findings.push(finding.help("keep a list of revoked tokens and say so (`revocable yes`), or use short tokens with a session behind them"));
        }
    }
    findings
}
