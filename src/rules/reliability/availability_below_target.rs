//! A flow that is available less than it promises.

use crate::analysis::reliability::improvements_to;
use crate::analysis::{Change, Requirement};
use crate::diagnostic::Finding;
use crate::model::{ElementId, FlowId};
use crate::quantity::{availability_percent, percent};
use crate::rules::promises::{self, Subject, broken};
use crate::rules::{Context, declare_rule};

declare_rule!("REL002", "availability-below-target", Error, "availability_below_target");

fn check(ctx: &Context) -> Vec<Finding> {
    broken(ctx, Subject::Availability)
        .map(|r| {
            let mut finding = promises::finding(ctx, CODE, r);
            let mut help = "add redundancy where it counts most".to_string();
            // What the flow does as it is says nothing of a scenario.
            if let Some(id) = r.flow.or_else(|| flow_of(ctx, r)).filter(|_| r.scenario.is_none()) {
                let flow = ctx.model.flow(id);
                finding.flow = Some(flow.head.name.to_string());
                let reliability = &ctx.facts().flow(id).reliability;
                let month = ctx.show(reliability.downtime_month);
                finding =
                    finding.note(format!("down {} a year, {month} a month", ctx.show(reliability.downtime)));
                for event in reliability.importance.iter().take(3) {
                    let share = percent(event.criticality);
                    finding =
                        finding.note(format!("`{}` has a part in {share} of the failures", event.event));
                }
                if let Some(way) = way_out(ctx, id, r) {
                    help = way;
                }
            }
            finding.help(help)
        })
        .collect()
}

/// The flow whose availability a requirement was judged by, as that of `all.availability` is the least of them.
fn flow_of(ctx: &Context, r: &Requirement) -> Option<FlowId> {
    let mut flows = ctx.model.flows().zip(&ctx.facts().flows);
    flows.find(|(_, facts)| Some(facts.reliability.availability) == r.fact).map(|((id, _), _)| id)
}

/// The changes that buy the most, one after the other, until the promise is kept.
fn way_out(ctx: &Context, flow: FlowId, r: &Requirement) -> Option<String> {
    let limit = promised(ctx, r);
    let steps = improvements_to(ctx.model, flow, limit.unwrap_or(1.0));
    let last = steps.last()?;
    let changes: Vec<(ElementId, Change)> = steps.iter().map(|s| (s.element, s.change)).collect();
    let after = availability_percent(last.after);
    let keeps = match limit {
        Some(limit) if last.after > limit => ", still short of it",
        _ => "",
    };
    let what =
        if steps.len() == 1 { "the change that buys the most" } else { "the changes that buy the most" };
    Some(format!("{what}: {} ({after} then{keeps})", ctx.changes(&changes)))
}

/// The unavailability that a `require` of the flow allows.
fn promised(ctx: &Context, r: &Requirement) -> Option<f64> {
    let flow = ctx.model.flow(r.flow?);
    let required = flow.props.all("require").filter_map(|p| p.block.as_ref()?.number("availability"));
    required.max_by(f64::total_cmp).map(|required| 1.0 - required)
}
