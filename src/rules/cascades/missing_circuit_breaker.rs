//! A call to somebody else's system, or into code that others wrote, without a circuit breaker.

use crate::diagnostic::Finding;
use crate::model::{Arrow, Element, Value};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("CAS002", "missing-circuit-breaker", Warning, "missing_circuit_breaker");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let open = ctx.hops().filter(|hop| {
        let (source, target) = (ctx.element(hop.step.from), ctx.element(hop.step.to));
        hop.step.arrow == Arrow::Sync
            && (target.kind == Kind::External || runs_untrusted(target))
            && source.kind.is_compute()
            && !hop.step.props.has("breaker")
            && seen.insert((hop.step.from, hop.step.to))
    });
    open.map(|hop| {
        let (source, target) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
        Finding::new(CODE, hop.step.span, format!("`{source}` calls `{target}` without a circuit breaker"))
            .subject(source)
            .flow(hop.flow.head.name.as_str())
            .help("add `breaker { opens 50%, after 10s }` to the step, and say what is served meanwhile: `fallback …` or `on failure { … }`")
    })
    .collect()
}

/// Whether its code was written by others: it hangs when they like, as an outside system does.
fn runs_untrusted(element: &Element) -> bool {
    element.props.all("runs").any(|runs| runs.value("what") == Some(&Value::Word("untrusted")))
}
