//! What a flow promises while the network is split, against what its levels can offer then.

use crate::catalog::consistency::{Availability, Model as Level};
use crate::model::{Flow, FlowId, Model, StepId};
use crate::schema::Kind;
use crate::source::Span;

/// A level that a flow requires, and whether it can be had under a partition.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionFacts {
    /// The flow.
    pub flow: FlowId,
    /// The step that requires the level; `None` for the flow itself.
    pub step: Option<StepId>,
    /// The level.
    pub level: Level,
    /// Where it is required.
    pub level_span: Span,
    /// Where availability under partition is required; `None` where it is not.
    pub available_span: Option<Span>,
    /// What can at best be had; `None` where no class is published.
    pub class: Option<Availability>,
    /// Whether callers stay with one server.
    pub sticky: bool,
    /// Whether the two requirements contradict each other; `None` where that is not known.
    pub contradiction: Option<bool>,
    /// Whether the level can be kept under a partition only if callers stay with one server.
    pub needs_affinity: bool,
}

/// Every level that a flow requires.
pub fn of_flow(model: &Model, id: FlowId) -> Vec<PartitionFacts> {
    let flow = model.flow(id);
    let own = flow.props.at("require.consistency").map(|p| (None, p));
    let steps = flow.steps().filter_map(|(id, s)| Some((Some(id), s.props.get("consistency")?)));
    let available_span = flow.props.at("require.available").map(|p| p.span);
    let sticky = sticky(model, flow);
    let levels = own.into_iter().chain(steps);
    levels
        .filter_map(|(step, prop)| {
            let level = Level::from_user(prop.word()?)?;
            let class = level.availability();
            let contradiction = match (available_span, class) {
                (None, _) => Some(false),
                (Some(_), None) => None,
                (Some(_), Some(Availability::Unavailable)) => Some(true),
                (Some(_), Some(Availability::Sticky)) => Some(!sticky),
                (Some(_), Some(Availability::Total)) => Some(false),
            };
            let needs_affinity = class == Some(Availability::Sticky);
            let level_span = prop.span;
            Some(PartitionFacts {
                flow: id,
                step,
                level,
                level_span,
                available_span,
                class,
                sticky,
                contradiction,
                needs_affinity,
            })
        })
        .collect()
}

/// Whether a balancer or gateway that the flow passes sends the same caller to the same server.
fn sticky(model: &Model, flow: &Flow) -> bool {
    flow.steps.iter().any(|step| {
        let element = model.element(step.to);
        matches!(element.kind, Kind::Balancer | Kind::Gateway) && element.props.has("sticky")
    })
}
