//! A design that costs more than it may.

use crate::diagnostic::Finding;
use crate::rules::promises::{Subject, broken, under};
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CAP018", "cost-above-budget", Error, "cost_above_budget");

fn check(ctx: &Context) -> Vec<Finding> {
    broken(ctx, Subject::Cost)
        .map(|r| {
            let mut dearest: Vec<(f64, &str)> = ctx
                .model
                .elements()
                .zip(&ctx.facts().elements)
                .filter_map(|((id, _), facts)| Some((ctx.value(facts.cost)?, ctx.name(id))))
                .collect();
            dearest.sort_by(|a, b| b.0.total_cmp(&a.0));
            let names: Vec<&str> = dearest.iter().take(3).map(|(_, name)| *name).collect();
            Finding::new(CODE, r.span, format!("`{}`: the design costs {}{}, and {} is promised", r.id, r.actual, under(ctx, r), r.expected))
                .subject(r.id.as_str())
                .note(format!("most of it: {}", words::enumeration(&names)))
                .help("look at the dearest elements first: fewer replicas, an autoscaling range, another technology")
        })
        .collect()
}
