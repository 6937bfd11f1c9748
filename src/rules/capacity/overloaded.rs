//! An element that is asked for more than it can serve.

use crate::diagnostic::Finding;
use crate::quantity::{count, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP001", "overloaded", Error, "overloaded");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let share = ctx.value(facts.utilization.peak).filter(|share| *share > 1.0)?;
            let name = ctx.name(id);
            let one = ctx.value(facts.replicas.declared) == Some(1.0);
            let replicas = if one { "replica" } else { "replicas" };
            let each = if one { "" } else { " each" };
            let mut finding = Finding::new(CODE, element.head.name_span, format!("`{name}` is asked for {} what it can serve", times(share)))
                .subject(name)
                .note(format!(
                    "load at peak {}; {} {replicas} of {}{each}",
                    ctx.show(facts.load.total.peak),
                    ctx.show(facts.replicas.declared),
                    ctx.show(facts.capacity)
                ));
            if let Some(replicas) = element.props.get("replicas") {
                finding = finding.related(replicas.span, "so many there are");
            }
            Some(match ctx.value(facts.replicas.required) {
                Some(n) => finding.help(format!("raise `replicas` to {}, or make one of them serve more", count(n))),
                None => finding.help("more replicas do not help here: split the data over shards, read from replicas, or take load away by a cache"),
            })
        })
        .collect()
}

/// `150% of`, and from ten times on `23 times`.
fn times(share: f64) -> String {
    if share < 10.0 { format!("{} of", percent(share)) } else { format!("{} times", count(share.round())) }
}
