//! A limit that admits more than can be served.

use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP015", "rate-limit-above-capacity", Warning, "rate_limit_above_capacity");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, _), facts)| {
            let admitted = ctx.value(facts.admitted?)?;
            let capacity = ctx.value(facts.capacity)? * ctx.value(facts.replicas.declared)?;
            if admitted <= capacity {
                return None;
            }
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "limit"),
                    format!(
                        "the limit of `{name}` admits {}, and {} can be served",
                        Quantity::per_second(admitted).human(),
                        Quantity::per_second(capacity).human()
                    ),
                )
                .subject(name)
                .help("lower the limit, or add a limit for all callers together: it must refuse before the element breaks"),
            )
        })
        .collect()
}
