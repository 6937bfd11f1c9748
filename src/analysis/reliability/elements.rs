//! Availability of each element as a whole, with the domains that its replicas live in.

use super::super::case::Case;
use super::super::derivation::{FactId, Unit};
use super::super::derive::What;
use super::super::fault_tree::{self, Options, Probability};
use super::grounds::Grounds;
use super::group::{Demand, Group, Place};
use super::tree::Builder;
use crate::model::{ElementId, Operation};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;

/// How likely an element works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElementReliability {
    /// Share of time in which what is asked of it works.
    pub availability: FactId,
    /// 1 less that, computed without cancellation.
    pub unavailability: FactId,
}

/// What two elements share where their availability is the same.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Kin {
    places: Vec<Place>,
    leader: Option<usize>,
    demand: Demand,
    down: u64,
    common_cause: u64,
}

impl Grounds {
    /// The availability of every element.
    pub fn elements(&self, case: &mut Case<'_>) -> Vec<ElementReliability> {
        let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
        let mut known = FxHashMap::default();
        ids.into_iter().map(|id| self.element(case, id, &mut known)).collect()
    }

    fn element(
        &self,
        case: &mut Case<'_>,
        id: ElementId,
        known: &mut FxHashMap<Kin, (f64, f64)>,
    ) -> ElementReliability {
        let name = case.name(id);
        let available = || What::of(name, "availability", Unit::Availability);
        let unavailable = || What::of(name, "unavailability", Unit::Probability);
        let (Some(group), Some(replica)) = (self.group(id), self.replica(id)) else {
            return ElementReliability {
                availability: case.graph.not_applicable(available()),
                unavailability: case.graph.constant(unavailable().labelled("people never fail"), 0.0),
            };
        };
        if self.failed.get(id.index()).copied().unwrap_or(false) {
            let label = eco_format!("{name} is down in this scenario");
            return ElementReliability {
                availability: case.graph.constant(available().labelled(label.clone()), 0.0),
                unavailability: case.graph.constant(unavailable().labelled(label), 1.0),
            };
        }
        if let Some(kin) = self.kin(id, group) {
            let (up, down) = *known.entry(kin).or_insert_with(|| self.probability(case, id));
            let inputs = self.inputs(group, replica.fact);
            let text = Self::text(group);
            let availability = case.graph.formula(available(), &text, inputs.clone(), |_| Ok(up));
            let unavailability = case.graph.formula(unavailable(), &text, inputs, |_| Ok(down));
            return ElementReliability { availability, unavailability };
        }
        case.graph.alias(eco_format!("{name}.availability"), replica.fact);
        let unavailability = case.graph.formula(unavailable(), "1 - availability", vec![replica.fact], |v| {
            Ok(replica.unavailability.unwrap_or(1.0 - v[0]))
        });
        ElementReliability { availability: replica.fact, unavailability }
    }

    /// `None` where the availability is that of the one replica.
    fn kin(&self, id: ElementId, group: &Group) -> Option<Kin> {
        let Group::Replicas { places, leader, .. } = group else { return None };
        if let [Place { zone: None, count: 1 }] = places[..] {
            return None;
        }
        Some(Kin {
            places: places.clone(),
            leader: *leader,
            demand: group.demand(Operation::Call, None),
            down: self.replica(id)?.unavailability?.to_bits(),
            common_cause: self.common_cause.get(id.index())?.to_bits(),
        })
    }

    fn probability(&self, case: &Case<'_>, id: ElementId) -> (f64, f64) {
        let mut builder = Builder::new(case.model, self);
        let demand = self.group(id).map_or(Demand::AtLeast(1), |g| g.demand(Operation::Call, None));
        let top = builder.demand_fails(id, demand);
        match fault_tree::probability(&builder.tree, top, &Options::default()) {
            Probability::Exact { unavailability, availability } => (availability, unavailability),
            // Not a number, which the graph takes as missing.
            Probability::Bounded(_) => (f64::NAN, f64::NAN),
        }
    }

    /// The numbers on which the availability of a group rests.
    fn inputs(&self, group: &Group, replica: FactId) -> Vec<FactId> {
        let mut inputs = vec![replica];
        if let Group::Replicas { places, .. } = group {
            for zone in places.iter().filter_map(|p| p.zone) {
                let zone_fact = self.zones.get(&zone).map(|a| a.fact);
                let region_fact = zone.0.and_then(|r| self.regions.get(&r)).map(|a| a.fact);
                for fact in zone_fact.into_iter().chain(region_fact) {
                    if !inputs.contains(&fact) {
                        inputs.push(fact);
                    }
                }
            }
        }
        inputs
    }

    fn text(group: &Group) -> EcoString {
        needs(group, Operation::Call, None)
    }
}

/// What must be up of a group for an operation: `2 of 3 up, over 3 zones`.
pub(super) fn needs(group: &Group, operation: Operation, from: Option<&str>) -> EcoString {
    let (total, places) = match group {
        Group::Replicas { places, .. } => (group.total(), places.len()),
        _ => (1, 1),
    };
    let needed = match group.demand(operation, from) {
        Demand::AtLeast(n) => eco_format!("{n} of {total} up"),
        Demand::Leader => eco_format!("the leader of {total} up"),
        Demand::LocalMajority => eco_format!("a majority of the copies in one region up"),
        Demand::Any | Demand::Follower => eco_format!("1 of {total} up"),
    };
    if places > 1 { eco_format!("{needed}, over {places} zones") } else { needed }
}
