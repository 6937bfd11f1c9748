//! A caller whose dependencies share all its slots.

use crate::diagnostic::Finding;
use crate::model::{Arrow, ElementId};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

declare_rule!("CAS011", "missing-bulkhead", Info, "missing_bulkhead");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut dependencies: BTreeMap<ElementId, BTreeSet<ElementId>> = BTreeMap::new();
    for hop in ctx.hops().filter(|h| h.step.arrow == Arrow::Sync && !h.step.props.has("bulkhead")) {
        dependencies.entry(hop.step.from).or_default().insert(hop.step.to);
    }
    let mixed = dependencies.into_iter().filter(|(caller, targets)| {
        let element = ctx.element(*caller);
        let outside = targets.iter().filter(|t| ctx.element(**t).kind == Kind::External).count();
        element.kind.is_compute()
            && element.props.has("concurrency")
            && !element.props.has("bulkhead")
            && outside > 0
            && targets.len() > outside
    });
    mixed
        .map(|(caller, targets)| {
            let name = ctx.name(caller);
            let outside: Vec<&str> = targets
                .iter()
                .filter(|t| ctx.element(**t).kind == Kind::External)
                .map(|t| ctx.name(*t))
                .collect();
            Finding::new(
                CODE,
                ctx.place(caller, "concurrency"),
                format!(
                    "calls of `{name}` to {} may take the slots of all others",
                    words::enumeration(&outside)
                ),
            )
            .subject(name)
            .help("set some slots apart: `bulkhead 20` in the step, or in the element for each dependency")
        })
        .collect()
}
