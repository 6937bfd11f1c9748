//! A limit of the technology for each partition.

use crate::analysis::consistency::Ground;
use crate::diagnostic::Finding;
use crate::model::Operation;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP020", "partition-limit", Warning, "partition_limit");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((id, element), facts) in ctx.model.elements().zip(&ctx.facts().elements) {
        let Some(technology) = element.tech() else { continue };
        let parts = element.props.number("shard.count").or_else(|| element.props.number("partitions"));
        let Some(parts) = parts else { continue };
        for (operation, word) in
            [(Operation::Read, "read"), (Operation::Write, "write"), (Operation::Publish, "write")]
        {
            let Some(load) = facts.load.by_operation.get(&operation).and_then(|rate| ctx.value(rate.peak))
            else {
                continue;
            };
            let skew = element.props.number("shard.skew").unwrap_or(1.0);
            let each = load * skew / parts;
            for limit in technology.limits_on(word).into_iter().filter(|l| {
                l.value.unit.contains("request")
                    || l.value.unit.contains("unit")
                    || l.value.unit.contains("record")
            }) {
                if each <= limit.value.per_s {
                    continue;
                }
                let name = ctx.name(id);
                let finding = Finding::new(
                    CODE,
                    element
                        .props
                        .get("shard")
                        .or_else(|| element.props.get("partitions"))
                        .map_or(element.head.name_span, |p| p.span),
                    format!(
                        "each {} of `{name}` gets {} {} at peak, and takes {}",
                        limit.value.scope,
                        Quantity::per_second(each).human(),
                        operation.word(),
                        Quantity::per_second(limit.value.per_s).human()
                    ),
                )
                .subject(name)
                .help("use more partitions, or a key that spreads better");
                let ground = Ground::catalogue(
                    technology,
                    &limit,
                    format!("{} {} per second", limit.value.per_s, limit.value.unit),
                );
                findings.push(ctx.resting_on(finding, &[ground]));
            }
        }
    }
    findings
}
