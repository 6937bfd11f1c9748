//! Two writers of whom one loses.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON004", "lost-update", Error, "lost_update");

fn check(ctx: &Context) -> Vec<Finding> {
    let correctness = &ctx.facts().correctness;
    let mut findings: Vec<Finding> = Vec::new();
    for facts in &correctness.invariants {
        let head = &ctx.model.invariants[facts.invariant].head;
        for site in facts.sites.iter().filter(|s| s.lost_update == Some(true)) {
            let flow = ctx.model.flow(site.flow);
            let store = ctx.name(site.element);
            let finding = Finding::new(
                CODE,
                flow.step(site.step).span,
                format!("two writers of `{store}` at once may break `{}`: one update is lost", head.label()),
            )
            .subject(store)
            .flow(flow.head.name.as_str())
            .related(head.name_span, "must stay true")
            .help("add a guard: `guard optimistic` (compare a version), `pessimistic` (lock) or `unique`, or raise the isolation");
            findings.push(ctx.resting_on(finding, &site.grounds));
        }
    }
    for facts in correctness.read_modify_writes.iter().filter(|f| f.lost_update == Some(true)) {
        let flow = ctx.model.flow(facts.flow);
        let store = ctx.name(facts.store);
        if findings.iter().any(|f| f.primary.span == flow.step(facts.write).span) {
            continue;
        }
        let finding = Finding::new(
            CODE,
            flow.step(facts.write).span,
            format!("`{}` reads `{}` from `{store}` and writes it back: of two at once, one update is lost", ctx.name(facts.by), facts.data),
        )
        .subject(store)
        .flow(flow.head.name.as_str())
        .related(flow.step(facts.read).span, "read here")
        .help("compare a version when writing (`idempotent by version`, or an `invariant` with `guard optimistic`), lock, or raise the isolation");
        findings.push(ctx.resting_on(finding, &facts.grounds));
    }
    findings
}
