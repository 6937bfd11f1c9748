//! A capacity number that leans on a fact of the catalogue which nobody has confirmed.

use crate::analysis::FactId;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeMap;

declare_rule!("CAP019", "weak-capacity-fact", Info, "weak_capacity_fact");

fn check(ctx: &Context) -> Vec<Finding> {
    let graph = &ctx.facts().derivation;
    let doubtful = graph.doubtful();
    let doubt = |id: FactId| doubtful.get(id.0 as usize).copied().flatten();
    let mut findings = Vec::new();
    for ((id, element), facts) in ctx.model.elements().zip(&ctx.facts().elements) {
        if element.kind == Kind::Actor {
            continue;
        }
        let name = ctx.name(id);
        let numbers = [
            ("utilization", facts.utilization.peak),
            ("replicas", facts.replicas.required),
            ("connections", facts.connections.0),
            ("concurrency", facts.concurrency.0),
            ("storage", facts.storage.1),
            ("memory", facts.memory.0),
        ];
        let mut leaning: BTreeMap<FactId, Vec<&str>> = BTreeMap::new();
        for (what, number) in numbers {
            if ctx.value(number).is_some()
                && let Some(weak) = doubt(number)
            {
                leaning.entry(weak).or_default().push(what);
            }
        }
        let one = ctx.value(facts.replicas.declared) == Some(1.0);
        // Where there is one replica, that it keeps one copy is certain.
        for (weak, what) in leaning.into_iter().filter(|(weak, _)| !(one && ctx.value(*weak) == Some(1.0))) {
            let fact = graph.fact(weak);
            let label = if fact.label.is_empty() { &fact.name } else { &fact.label };
            let message = format!(
                "a fact of low confidence lies below the {} of `{name}`: {label} = {}",
                what.join(", "),
                ctx.show(weak)
            );
            findings.push(
                Finding::new(CODE, element.head.name_span, message)
                    .subject(name)
                    .note(graph.origin(weak))
                    .help(format!("state it for `{name}`, from a measurement of your own")),
            );
        }
    }
    findings
}
