//! Machines that cannot hold the containers that must run on them.

use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP026", "too-few-nodes", Error, "too_few_nodes");

fn check(ctx: &Context) -> Vec<Finding> {
    let pools = ctx.model.nodes.iter().zip(&ctx.facts().nodes);
    pools
        .filter_map(|(nodes, facts)| {
            let name = &nodes.head.name;
            if let Some(large) = facts.too_large {
                let large = ctx.name(large);
                let message = format!("a replica of `{large}` is larger than a node of `{name}`");
                let help = format!(
                    "larger nodes, or smaller replicas: what `{large}` asks for as `cpu` and `memory` must fit into what a node leaves free"
                );
                return Some(Finding::new(CODE, nodes.head.name_span, message).subject(name).help(help));
            }
            let (there, least) = (ctx.value(facts.declared)?, ctx.value(facts.least)?);
            let message = format!(
                "{} cannot hold its replicas at peak: no fewer than {} do",
                super::nodes_of(name, there),
                count(least)
            );
            (there < least).then(|| {
                Finding::new(CODE, nodes.head.name_span, message)
                    .subject(name)
                    .help("more nodes, larger ones, or replicas that ask for less")
            })
        })
        .collect()
}
