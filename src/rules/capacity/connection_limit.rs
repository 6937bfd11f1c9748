//! More connections than an element accepts.

use crate::analysis::consistency::Ground;
use crate::diagnostic::Finding;
use crate::quantity::count;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP007", "connection-limit", Error, "connection_limit");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let (have, need) = (ctx.value(facts.connections.0)?, ctx.value(facts.connections.1)?);
            if need <= have {
                return None;
            }
            let name = ctx.name(id);
            let place = if element.props.has("connections") {
                ctx.place(id, "connections")
            } else {
                element.head.name_span
            };
            let finding = Finding::new(
                CODE,
                place,
                format!(
                    "{} connections are opened to a replica of `{name}`, which accepts {}",
                    count(need),
                    count(have)
                ),
            )
            .subject(name)
            .help("shrink the pools of its callers, put a connection pooler between, or raise the limit");
            let known = element.tech().and_then(|t| t.max_connections().map(|k| (t, k)));
            Some(match known {
                Some((technology, known)) if !element.props.has("connections") => {
                    ctx.resting_on(finding, &[Ground::catalogue(technology, &known, count(known.value))])
                }
                _ => finding,
            })
        })
        .collect()
}
