//! An entry where nobody is asked who they are.

use crate::diagnostic::Finding;
use crate::model::Operation;
use crate::rules::{Context, Hop, declare_rule};
use std::collections::BTreeSet;

declare_rule!("SEC001", "unauthenticated-entry", Error, "unauthenticated_entry");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for entry in ctx.entries() {
        let (Some(first), Some(last)) = (entry.first(), entry.last()) else { continue };
        if asks(ctx, &entry) || only_public(ctx, &entry) || !seen.insert((first.step.from, last.step.to)) {
            continue;
        }
        let (caller, target) = (ctx.name(first.step.from), ctx.name(last.step.to));
        let stated = entry.iter().find_map(|h| ctx.element(h.step.to).props.get("auth"));
        let mut finding = Finding::new(
            CODE,
            last.step.span,
            format!("`{caller}` reaches `{target}` without being asked who it is"),
        )
        .subject(target)
        .flow(first.flow.head.name.as_str());
        if let Some(none) = stated {
            finding = finding.related(none.span, "nobody is asked here");
        }
        findings.push(
            finding.help("add `auth oidc` (or jwt, session, mtls …) to the entry's element or to the step; `auth none` in the step says that this way in is for everybody"),
        );
    }
    findings
}

/// Whether a step of the entry, or an element on it, asks who is there. `auth none` on a step answers as well: this
/// way in is for everybody. On an element it does not, since it would open every other way in with it.
fn asks(ctx: &Context, entry: &[Hop]) -> bool {
    let word = |props: &crate::model::Props| props.word("auth").is_some_and(|w| w != "none");
    entry.iter().any(|h| h.step.props.has("auth") || word(&ctx.element(h.step.to).props))
}

/// Whether everything that the entry touches is public, and only read.
fn only_public(ctx: &Context, entry: &[Hop]) -> bool {
    let Some(last) = entry.last() else { return false };
    let mut data = last.step.data().peekable();
    let reads = matches!(
        last.step.operation,
        Operation::Read | Operation::Call | Operation::Poll | Operation::Stream
    );
    data.peek().is_some() && reads && data.all(|id| ctx.model.datum(id).class() == Some("public"))
}
