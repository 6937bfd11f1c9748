//! Data that must fit into memory and do not.

use crate::catalog::Technology;
use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("CAP022", "dataset-exceeds-memory", Warning, "dataset_exceeds_memory");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let in_memory = element.tech().is_some_and(Technology::keeps_data_in_memory);
            let memory = element.props.number("memory")? * ctx.value(facts.replicas.declared)?;
            let kept = ctx.value(facts.storage.1)?;
            if element.kind != Kind::Store || !in_memory || kept <= memory {
                return None;
            }
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "memory"),
                    format!(
                        "`{name}` keeps its data in memory: {} at the horizon, and it has {}",
                        ctx.show(facts.storage.1),
                        Quantity::bytes(memory).human()
                    ),
                )
                .subject(name)
                .help("give it more memory or nodes, keep data for a shorter time, or use a store on disk"),
            )
        })
        .collect()
}
