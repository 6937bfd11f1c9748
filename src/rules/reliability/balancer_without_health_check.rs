//! A balancer that goes on sending to the dead.

use crate::diagnostic::Finding;
use crate::model::{ElementId, Replicas};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeMap;

declare_rule!("REL016", "balancer-without-health-check", Warning, "balancer_without_health_check");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut targets: BTreeMap<ElementId, ElementId> = BTreeMap::new();
    for hop in ctx.hops() {
        let several = matches!(ctx.element(hop.step.to).replicas(), Some(Replicas::Fixed(n) | Replicas::Range(n, _)) if n > 1);
        if ctx.element(hop.step.from).kind == Kind::Balancer && several {
            targets.entry(hop.step.from).or_insert(hop.step.to);
        }
    }
    targets
        .into_iter()
        .filter(|(balancer, _)| {
            let element = ctx.element(*balancer);
            !element.props.has("health_check")
                && !element.props.has("discovery")
                && !element.tech().is_some_and(|t| t.managed)
        })
        .map(|(balancer, target)| {
            let (name, behind) = (ctx.name(balancer), ctx.name(target));
            Finding::new(
                CODE,
                ctx.element(balancer).head.name_span,
                format!("`{name}` does not notice when a replica of `{behind}` is dead"),
            )
            .subject(name)
            .help("add `health_check { every 5s, misses 3 }`")
        })
        .collect()
}
