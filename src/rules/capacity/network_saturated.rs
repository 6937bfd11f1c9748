//! More data than the network of an element carries.

use crate::diagnostic::Finding;
use crate::quantity::{Dimension, Quantity};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP006", "network-saturated", Warning, "network_saturated");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let line = element.props.number("network")? * ctx.value(facts.replicas.declared)?;
            let flows = [("in", facts.network.0), ("out", facts.network.1)];
            let (way, fact) =
                flows.into_iter().find(|(_, fact)| ctx.value(*fact).is_some_and(|rate| rate > line))?;
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "network"),
                    format!("{} {way} at peak are more than the network of `{name}` carries", ctx.show(fact)),
                )
                .subject(name)
                .note(format!(
                    "{} replicas carry {}",
                    ctx.show(facts.replicas.declared),
                    Quantity::new(line, Dimension::BANDWIDTH).human()
                ))
                .help("add replicas, put a cdn or a cache in front, or send less"),
            )
        })
        .collect()
}
