//! A load that autoscaling cannot follow.

use crate::diagnostic::Finding;
use crate::model::Replicas;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP023", "replicas-above-autoscaling-range", Warning, "replicas_above_autoscaling_range");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let Some(Replicas::Range(_, most)) = element.replicas() else { return None };
            let horizon = ctx.value(facts.replicas.required_horizon).map(|n| (n, "at the horizon"));
            let now = ctx.value(facts.replicas.required).map(|n| (n, "at peak"));
            let (needed, when) = [now, horizon].into_iter().flatten().find(|(n, _)| *n > f64::from(most))?;
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "replicas"),
                    format!("`{name}` needs {} replicas {when}, and may have {most}", count(needed)),
                )
                .subject(name)
                .help(format!("raise the upper end of the range to {}", count(needed))),
            )
        })
        .collect()
}
