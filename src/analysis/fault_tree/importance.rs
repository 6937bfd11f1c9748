//! Importance measures from the diagram.
//!
//! With P the probability of the top event, p that of one replica of the event, and P(1), P(0) the
//! probability of the top event given that this replica is down or up (Birnbaum 1969; the
//! definitions and names are those of NUREG/CR-3385 and of the Open-PSA tools):
//!
//! - Birnbaum B = dP/dp = P(1) - P(0)
//! - criticality = p · B / P
//! - risk achievement worth = P(1) / P
//! - risk reduction worth = P / P(0)
//!
//! All replicas of a group have the same importance; the figures are of one of them.

use super::diagram::{Diagram, Values, Weights, events_read};
use super::tree::{EventId, FaultTree};

/// Importance of one replica of an event. Where the top event cannot happen, all ratios are 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Importance {
    /// The event, or the group that the replica belongs to.
    pub event: EventId,
    /// dP/dp. A difference of probabilities where the event is shared: accurate relative to P.
    pub birnbaum: f64,
    /// Share of the probability of the top event that goes through this replica.
    pub criticality: f64,
    /// Factor by which P rises when the replica is down for certain.
    pub risk_achievement_worth: f64,
    /// Factor by which P falls when the replica never fails; infinite where it falls to 0.
    pub risk_reduction_worth: f64,
}

/// From this criticality on P(0) is computed anew: P - p·B would lose three digits and more.
const RECOMPUTE: f64 = 0.999;

/// Importance of every event of the diagram, the highest criticality first, then in order of events.
pub(super) fn importance(
    diagram: &Diagram,
    tree: &FaultTree,
    weights: &Weights,
    values: &Values,
) -> Vec<Importance> {
    let top = values.top().down;
    let derivatives = diagram.derivatives(values, weights);
    let mut all: Vec<Importance> = events_read(diagram, tree.events().len())
        .into_iter()
        .filter_map(|event| {
            let p = tree.get(event)?.unavailability;
            let birnbaum = derivatives.get(event.0 as usize).copied()?;
            let mut importance = Importance {
                event,
                birnbaum,
                criticality: 0.0,
                risk_achievement_worth: 0.0,
                risk_reduction_worth: 0.0,
            };
            if top > 0.0 {
                let criticality = (p * birnbaum / top).min(1.0);
                importance.criticality = criticality;
                importance.risk_achievement_worth = 1.0 + (1.0 - p) * birnbaum / top;
                importance.risk_reduction_worth = if criticality < RECOMPUTE {
                    1.0 / (1.0 - criticality)
                } else {
                    top / diagram.evaluate(&weights.with_one_up(event)).top().down
                };
            }
            Some(importance)
        })
        .collect();
    all.sort_by(|a, b| b.criticality.total_cmp(&a.criticality).then(a.event.cmp(&b.event)));
    all
}
