//! The way that a request takes to the place of a finding: from the entry of the flow, step by step.
//!
//! It reads the call tree of the model and computes nothing.

use super::Item;
use crate::model::{Flow, Model, Step, StepId};
use crate::source::Span;

/// One hop on the way: its place, and what it is as a reader knows it.
pub(super) struct Hop {
    pub(super) span: Span,
    pub(super) text: String,
}

/// The way through each flow in which the finding marks a step; ways of one hop show nothing new and are
/// left out, and of each flow only the first marked step counts.
pub(super) fn paths(item: &Item) -> Vec<Vec<Hop>> {
    let finding = item.finding;
    let marks: Vec<Span> =
        std::iter::once(finding.primary.span).chain(finding.related.iter().map(|l| l.span)).collect();
    let model = &item.design.lowered.model;
    let mut found = Vec::new();
    for flow in &model.flows {
        let marked = flow.steps().find(|(_, step)| marks.iter().any(|mark| lies_in(*mark, step)));
        if let Some((last, _)) = marked {
            let way = way_to(model, flow, last);
            if way.len() > 1 {
                found.push(way);
            }
        }
    }
    found
}

fn lies_in(mark: Span, step: &Step) -> bool {
    let span = step.span;
    mark.file == span.file && mark.start < mark.end && span.start <= mark.start && mark.end <= span.end
}

fn way_to(model: &Model, flow: &Flow, last: StepId) -> Vec<Hop> {
    let mut way: Vec<Hop> = std::iter::successors(Some(last), |id| flow.step(*id).parent)
        .map(|id| {
            let step = flow.step(id);
            let name = |element| &model.element(element).head.name;
            let title = step.title.as_ref().map(|t| format!(": {t}")).unwrap_or_default();
            let text = format!("`{} {} {}`{title}", name(step.from), step.arrow.symbol(), name(step.to));
            Hop { span: step.span, text }
        })
        .collect();
    way.reverse();
    way
}
