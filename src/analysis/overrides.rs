//! What a scenario changes while the model stays as it is: rates, failures, hit ratios, slowness.

use crate::model::{ElementId, Entity, FlowId, GroupId, Model, RegionId, Scalar};
use std::collections::{BTreeMap, BTreeSet};

/// The changes of one case; the base case has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Factor on the rates of all flows.
    pub rate: Option<Scalar>,
    /// Factor on the rate of one flow, in place of the general one.
    pub rates: BTreeMap<FlowId, Scalar>,
    /// Elements that are down, those of failed groups and of wholly failed places included.
    pub failed: BTreeSet<ElementId>,
    /// Zones that are down, those of failed regions included.
    pub failed_zones: BTreeSet<(Option<RegionId>, u32)>,
    /// Regions that are down.
    pub failed_regions: BTreeSet<RegionId>,
    /// Hit ratios that are set.
    pub hits: BTreeMap<ElementId, Scalar>,
    /// Factors on the own time of elements.
    pub latency: BTreeMap<ElementId, Scalar>,
}

impl Overrides {
    /// The factor on the rate of a flow.
    pub fn rate_of(&self, flow: FlowId) -> Option<&Scalar> {
        self.rates.get(&flow).or(self.rate.as_ref())
    }

    /// Whether an element is down as a whole.
    pub fn is_failed(&self, element: ElementId) -> bool {
        self.failed.contains(&element)
    }

    /// Whether a zone is down.
    pub fn is_zone_failed(&self, zone: (Option<RegionId>, u32)) -> bool {
        self.failed_zones.contains(&zone) || zone.0.is_some_and(|r| self.failed_regions.contains(&r))
    }

    /// Takes something down: an element, a group with all in it, a zone, a region.
    pub fn fail(&mut self, model: &Model, entity: Entity) {
        match entity {
            Entity::Element(id) => {
                self.failed.insert(id);
            }
            Entity::Group(id) => {
                let inside = model.elements().filter(|(_, e)| within(model, e.group, id));
                self.failed.extend(inside.map(|(id, _)| id));
            }
            Entity::Region(id) => {
                self.failed_regions.insert(id);
                let zones = model.region(id).zones;
                self.failed_zones.extend((1..=zones).map(|n| (Some(id), n)));
            }
            Entity::Zone(region, n) => {
                self.failed_zones.insert((region, n));
            }
            _ => {}
        }
    }
}

fn within(model: &Model, group: Option<GroupId>, outer: GroupId) -> bool {
    // Parents stand before their children, so the chain ends.
    std::iter::successors(group, |g| model.group(*g).parent).take(model.groups.len()).any(|g| g == outer)
}
