//! The seam to the structure functions: availability of elements, of guarded steps, of flows.
//!
//! Until they are evaluated, every number here says what it needs.

use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{TIME, What};
use super::facts::{Facts, Reliability};
use super::requirements::{Question, Verdict};
use crate::model::{ElementId, Model};
use ecow::eco_format;

/// The unavailability of each element, for the steps that run on its failure; 1 where the scenario fails it.
pub fn unavailability(case: &mut Case<'_>) -> Vec<FactId> {
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter()
        .map(|id| {
            let name = case.name(id);
            let what = What::of(name, "unavailability", Unit::Probability);
            if case.overrides.is_failed(id) {
                return case
                    .graph
                    .constant(what.labelled(eco_format!("{name} is down in this scenario")), 1.0);
            }
            case.graph.missing(what, eco_format!("the availability of {name}"))
        })
        .collect()
}

/// The availability of each element as a whole.
pub fn elements(case: &mut Case<'_>) -> Vec<FactId> {
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter()
        .map(|id| {
            let name = case.name(id);
            let what = What::of(name, "availability", Unit::Availability);
            case.graph.missing(what, eco_format!("the structure of {name}"))
        })
        .collect()
}

/// The reliability of every flow.
pub fn evaluate(case: &mut Case<'_>) -> Vec<Reliability> {
    let names: Vec<_> = case.model.flows().map(|(_, f)| f.head.name.clone()).collect();
    names
        .into_iter()
        .map(|name| {
            let mut missing = |metric, unit| {
                case.graph.missing(What::of(&name, metric, unit), eco_format!("the structure of {name}"))
            };
            Reliability {
                availability: missing("availability", Unit::Availability),
                unavailability: missing("unavailability", Unit::Probability),
                downtime: missing("downtime", TIME),
                single_points: Vec::new(),
                cut_sets: Vec::new(),
                cut_sets_by_order: Vec::new(),
                importance: Vec::new(),
                inexact: None,
            }
        })
        .collect()
}

/// The verdict on a promise that the structure of flows decides; `None` where it is not evaluated here.
pub fn judge(_model: &Model, _facts: &Facts, _question: Question) -> Option<Verdict> {
    None
}
