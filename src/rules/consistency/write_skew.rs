//! Two transactions that each keep a rule and together break it.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON005", "write-skew", Warning, "write_skew");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for facts in ctx.facts().correctness.invariants.iter().filter(|f| f.several_rows) {
        let head = &ctx.model.invariants[facts.invariant].head;
        for site in facts.sites.iter().filter(|s| s.write_skew == Some(true) && s.lost_update != Some(true)) {
            let flow = ctx.model.flow(site.flow);
            let store = ctx.name(site.element);
            let finding = Finding::new(
                CODE,
                flow.step(site.step).span,
                format!("two transactions on `{store}` may each keep `{}` and break it together", head.label()),
            )
            .subject(store)
            .flow(flow.head.name.as_str())
            .related(head.name_span, "must stay true over several rows")
            .help("use `transaction serializable`, or lock the rows that the decision rests on: `guard pessimistic`");
            findings.push(ctx.resting_on(finding, &site.grounds));
        }
    }
    findings
}
