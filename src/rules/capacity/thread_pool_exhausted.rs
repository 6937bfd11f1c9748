//! More requests at once than there are slots.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP008", "thread-pool-exhausted", Warning, "thread_pool_exhausted");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let (have, need) = (ctx.value(facts.concurrency.0)?, ctx.value(facts.concurrency.1)?);
            // An overloaded element is said to be so; its slots are a consequence.
            if !element.props.has("concurrency")
                || need <= have
                || ctx.value(facts.utilization.peak).is_some_and(|share| share > 1.0)
            {
                return None;
            }
            let name = ctx.name(id);
            let replicas = ctx.value(facts.replicas.declared).unwrap_or(1.0);
            Some(
                Finding::new(
                    CODE,
                    element.props.get("concurrency").map_or(element.head.name_span, |p| p.span),
                    format!(
                        "`{name}` holds {} requests at once at peak, and has slots for {}",
                        count(need.ceil()),
                        count(have)
                    ),
                )
                .subject(name)
                .note("Little's law: load × residence time, the calls it waits for included".to_string())
                .help(format!("raise `concurrency` to {}, or wait less", count((need / replicas).ceil()))),
            )
        })
        .collect()
}
