//! An element that growth outruns before the horizon.

use crate::diagnostic::Finding;
use crate::model::Replicas;
use crate::quantity::{count, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP004", "outgrown-before-horizon", Warning, "outgrown_before_horizon");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let share = ctx.value(facts.utilization.horizon).filter(|share| *share > 1.0)?;
            if ctx.value(facts.utilization.peak).is_none_or(|peak| peak > 1.0)
                || matches!(element.replicas(), Some(Replicas::Range(..)))
            {
                return None;
            }
            let name = ctx.name(id);
            let mut finding = Finding::new(
                CODE,
                element.head.name_span,
                format!("at the horizon `{name}` is asked for {} of what it can serve", percent(share)),
            )
            .subject(name);
            let limit = ctx.facts().limits.iter().find(|l| l.element == id && l.what == "utilization");
            if let Some(time) = limit.and_then(|l| ctx.value(l.time)) {
                finding = finding.note(format!("full in {}", ctx.seconds(time)));
            }
            if let Some(growth) = ctx.model.workload.as_ref().and_then(|w| w.props.get("growth")) {
                finding = finding.related(growth.span, "the load grows so");
            }
            Some(match ctx.value(facts.replicas.required_horizon) {
                Some(n) => finding.help(format!(
                    "plan for {} replicas, or let it scale: `replicas {} to {}`",
                    count(n),
                    ctx.show(facts.replicas.declared),
                    count(n)
                )),
                None => finding.help("plan for more shards, or another way to serve the load"),
            })
        })
        .collect()
}
