//! A design that costs more than it may.

use crate::analysis::{Requirement, Status, Unit};
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CAP018", "cost-above-budget", Error, "cost_above_budget");

fn check(ctx: &Context) -> Vec<Finding> {
    let money = |r: &&Requirement| {
        r.fact.is_some_and(|id| matches!(ctx.facts().derivation.fact(id).unit, Unit::Of(dimension, _) if dimension.money == 1))
    };
    let violated = ctx.facts().requirements.iter().filter(|r| r.status == Status::Violated).filter(money);
    violated
        .map(|r| {
            let mut dearest: Vec<(f64, &str)> = ctx
                .model
                .elements()
                .zip(&ctx.facts().elements)
                .filter_map(|((id, _), facts)| Some((ctx.value(facts.cost)?, ctx.name(id))))
                .collect();
            dearest.sort_by(|a, b| b.0.total_cmp(&a.0));
            let names: Vec<&str> = dearest.iter().take(3).map(|(_, name)| *name).collect();
            Finding::new(CODE, r.span, format!("`{}`: the design costs {}, and {} is promised", r.id, r.actual, r.expected))
                .subject(r.id.as_str())
                .note(format!("most of it: {}", words::enumeration(&names)))
                .help("look at the dearest elements first: fewer replicas, an autoscaling range, another technology")
        })
        .collect()
}
