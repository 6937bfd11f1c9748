//! A cache too small for what is asked of it.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("CAP009", "cache-below-working-set", Warning, "cache_below_working_set");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements =
        ctx.model.elements().zip(&ctx.facts().elements).filter(|((_, e), _)| e.kind == Kind::Cache);
    elements
        .filter_map(|((id, _), facts)| {
            let (have, need) = (ctx.value(facts.memory.0)?, ctx.value(facts.memory.1)?);
            if need <= have {
                return None;
            }
            let name = ctx.name(id);
            let mut finding = Finding::new(
                CODE,
                ctx.place(id, "memory"),
                format!("`{name}` has {} and its items take {}", ctx.show(facts.memory.0), ctx.show(facts.memory.1)),
            )
            .subject(name);
            if let Some((hit, _)) = facts.cache {
                finding = finding.note(format!("hit ratio {}", ctx.show(hit)));
            }
            Some(finding.help("give it more memory or replicas, or cache less; a computed hit ratio tells what the rest costs"))
        })
        .collect()
}
