//! A flow that is available less than it promises.

use crate::analysis::{Importance, Requirement, Status, Unit};
use crate::diagnostic::Finding;
use crate::quantity::percent;
use crate::rules::{Context, declare_rule};

declare_rule!("REL002", "availability-below-target", Error, "availability_below_target");

fn check(ctx: &Context) -> Vec<Finding> {
    let violated = ctx
        .facts()
        .requirements
        .iter()
        .filter(|r| r.status == Status::Violated && speaks_of_availability(ctx, r));
    violated
        .map(|r| {
            let mut finding = Finding::new(
                CODE,
                r.span,
                format!("`{}` is {}, and {} is promised", r.id, r.actual, r.expected),
            )
            .subject(r.id.as_str());
            let mut help = "add redundancy where it counts most".to_string();
            if let Some(flow) = r.flow {
                finding.flow = Some(ctx.model.flow(flow).head.name.to_string());
                let reliability = &ctx.facts().flow(flow).reliability;
                finding = finding.note(format!("down {} a year", ctx.show(reliability.downtime)));
                let weak: Vec<&Importance> = reliability.importance.iter().take(3).collect();
                for event in &weak {
                    finding = finding.note(format!(
                        "`{}` has {} of the failures in it",
                        event.event,
                        percent(event.criticality)
                    ));
                }
                if let Some(first) = weak.first() {
                    help = format!(
                        "begin with `{}`: without its failures the flow would be down {} times less",
                        first.event,
                        factor(first.reduction)
                    );
                }
            }
            finding.help(help)
        })
        .collect()
}

fn speaks_of_availability(ctx: &Context, r: &Requirement) -> bool {
    r.fact.is_some_and(|id| ctx.facts().derivation.fact(id).unit == Unit::Availability)
}

/// `3.2`: how many times.
fn factor(value: f64) -> String {
    crate::quantity::count((value * 10.0).round() / 10.0)
}
