//! What a promise speaks of, so that exactly one rule speaks when it is broken.
//!
//! A target under a scenario was judged by the numbers of that scenario: what is told here rests on the name and
//! the unit of the number, never on its place in the graph of another case.

use crate::analysis::{Requirement, Status, Unit};
use crate::diagnostic::{Code, Finding};
use crate::quantity::Dimension;
use crate::rules::Context;

/// What a promise speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// How long an answer takes.
    Latency,
    /// How often a flow works.
    Availability,
    /// What the design costs.
    Cost,
    /// Any other number that a target names: utilization, time until a disk is full, room to grow.
    Other,
}

/// The percentiles and the mean of a time, as targets and `require` name them.
const TIMES: [&str; 5] = ["mean", "p50", "p95", "p99", "p999"];

/// What a promise speaks of; `None` where it speaks of no number.
fn subject(r: &Requirement) -> Option<Subject> {
    let (name, unit) = r.measure.as_ref()?;
    Some(match unit {
        // How long data lasts is counted in nines as well.
        Unit::Availability if !name.ends_with("durability") => Subject::Availability,
        Unit::Of(dimension, _) if dimension.money == 1 => Subject::Cost,
        // The time until a disk is full is a time as well.
        Unit::Of(dimension, _)
            if *dimension == Dimension::TIME
                && TIMES.iter().any(|time| name.ends_with(time) || r.id.ends_with(time)) =>
        {
            Subject::Latency
        }
        _ => Subject::Other,
    })
}

/// The broken promises of the case that speak of this.
pub(super) fn broken<'a>(ctx: &Context<'a>, of: Subject) -> impl Iterator<Item = &'a Requirement> {
    let requirements = ctx.facts().requirements.iter();
    requirements.filter(move |r| r.status == Status::Violated && subject(r) == Some(of))
}

/// Under which scenario a promise is broken: ` under `zone_loss``; empty for one about the design as it is.
pub(super) fn under(ctx: &Context, r: &Requirement) -> String {
    let scenario = r.scenario.map(|id| ctx.model.scenarios[id.index()].head.name.as_str());
    scenario.map_or_else(String::new, |name| format!(" under `{name}`"))
}

/// What a rule says of a broken promise: what is, under which scenario, and what was promised.
pub(super) fn finding(ctx: &Context, code: Code, r: &Requirement) -> Finding {
    let message = format!("`{}` is {}{}, and {} is promised", r.id, r.actual, under(ctx, r), r.expected);
    Finding::new(code, r.span, message).subject(r.id.as_str())
}
