//! A level that cannot be kept while the network is split, and an answer that must come all the same.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON007", "consistency-against-availability", Error, "consistency_against_availability");

fn check(ctx: &Context) -> Vec<Finding> {
    let contradicting = ctx.facts().correctness.partitions.iter().filter(|p| p.contradiction == Some(true));
    contradicting
        .filter_map(|facts| {
            let flow = ctx.model.flow(facts.flow);
            let available = facts.available_span?;
            Some(
                Finding::new(
                    CODE,
                    available,
                    format!("`{}` cannot answer while the network is split and give `{}`", flow.head.name, facts.level.name()),
                )
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .related(facts.level_span, "the level is required here")
                .note(format!("class of `{}`: {}", facts.level.name(), facts.class.map_or("not published", |c| c.word())))
                .help("give up one of the two: a weaker level (`read_your_writes` with sticky callers, `eventual`), or the answer under partition"),
            )
        })
        .collect()
}
