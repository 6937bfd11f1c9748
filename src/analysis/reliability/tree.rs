//! From a wiring to a fault tree: replicas, zones, regions and shared causes as events, each
//! one variable however often it is needed.

use super::super::fault_tree::{BetaFactor, EventId, FaultTree, Formula, Part};
use super::super::placement::Zone;
use super::grounds::Grounds;
use super::group::{Demand, Group, Place};
use super::wiring::{Item, Need};
use crate::model::{ElementId, Entity, Model, RegionId};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;

/// The probability that stands for one that is not known, so that cut sets can be found; no number that
/// rests on it is given out.
const UNKNOWN: f64 = 0.5;

/// What an event of a tree stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Replicas of an element.
    Replicas {
        /// The element.
        element: ElementId,
        /// Whether these are all that its group has.
        all: bool,
        /// Their zone, where others of the group live elsewhere.
        zone: Option<Zone>,
    },
    /// A cause that takes all replicas of an element at once.
    Common(ElementId),
    /// Something outside, as a whole.
    Provider(ElementId),
    /// A zone.
    Zone(Zone),
    /// A region.
    Region(RegionId),
}

/// A fault tree with the meaning of its events.
pub struct Builder<'g> {
    model: &'g Model,
    grounds: &'g Grounds,
    /// The tree.
    pub tree: FaultTree,
    /// What each event stands for, in the tree's order.
    pub meanings: Vec<Meaning>,
    /// Elements whose availability is not known.
    pub unknown: Vec<ElementId>,
    /// Groups as they would be after a change.
    replaced: FxHashMap<ElementId, Group>,
    zones: FxHashMap<Zone, Formula>,
    regions: FxHashMap<RegionId, Formula>,
    groups: FxHashMap<ElementId, Events>,
    demanded: FxHashMap<(ElementId, Demand), Formula>,
}

/// The events of an element.
#[derive(Clone)]
struct Events {
    /// All replicas but a leader that stands apart.
    parts: Vec<(Part, Option<Zone>)>,
    /// The leader's failure, domains included.
    leader: Option<Formula>,
}

impl<'g> Builder<'g> {
    /// An empty tree over a ground.
    pub fn new(model: &'g Model, grounds: &'g Grounds) -> Self {
        Builder {
            model,
            grounds,
            tree: FaultTree::new(),
            meanings: Vec::new(),
            unknown: Vec::new(),
            replaced: FxHashMap::default(),
            zones: FxHashMap::default(),
            regions: FxHashMap::default(),
            groups: FxHashMap::default(),
            demanded: FxHashMap::default(),
        }
    }

    /// The design.
    pub fn model(&self) -> &'g Model {
        self.model
    }

    /// Sees an element as it would be after a change; before anything is built of it.
    pub fn replace(&mut self, element: ElementId, group: Group) {
        self.replaced.insert(element, group);
    }

    /// What an element is made of here.
    pub fn group(&self, element: ElementId) -> Option<&Group> {
        self.replaced.get(&element).or_else(|| self.grounds.group(element))
    }

    /// The events whose meaning is of a kind.
    pub fn events_of(&self, kind: impl Fn(&Meaning) -> bool) -> impl Iterator<Item = EventId> {
        let found: Vec<EventId> =
            self.tree.ids().zip(&self.meanings).filter(|(_, m)| kind(m)).map(|(id, _)| id).collect();
        found.into_iter()
    }

    /// What an event stands for.
    pub fn meaning(&self, event: EventId) -> Option<Meaning> {
        self.meanings.get(event.index()).copied()
    }

    /// An event as a reader sees it; of a group, how many of its replicas: `psh 2 of 3 in us.zone1`.
    pub fn text(&self, event: EventId, down: Option<u32>) -> EcoString {
        let Some(known) = self.tree.get(event) else { return EcoString::new() };
        let (Some(down), true) = (down, known.count > 1) else { return known.name.as_str().into() };
        let place = known.name.find(" in ").unwrap_or(known.name.len());
        let (name, place) = known.name.split_at(place);
        eco_format!("{name} {down} of {}{place}", known.count)
    }

    /// The failure of any of the items.
    pub fn any_fails(&mut self, items: &[Item]) -> Formula {
        let failures: Vec<Formula> = items.iter().map(|item| self.fails(item)).collect();
        self.tree.or(failures)
    }

    fn fails(&mut self, item: &Item) -> Formula {
        match item {
            Item::Need(need) => self.need_fails(need),
            Item::Either { first, then } => {
                let both = [self.any_fails(first), self.any_fails(then)];
                self.tree.and(both)
            }
        }
    }

    /// The failure of what is needed of an element.
    pub fn need_fails(&mut self, need: &Need) -> Formula {
        let demand = self.group(need.element).map(|g| g.demand(need.operation, need.from));
        demand.map_or(Formula::FALSE, |demand| self.demand_fails(need.element, demand))
    }

    /// The failure of a demand on an element.
    pub fn demand_fails(&mut self, element: ElementId, demand: Demand) -> Formula {
        if let Some(known) = self.demanded.get(&(element, demand)) {
            return *known;
        }
        let formula = self.build(element, demand);
        self.demanded.insert((element, demand), formula);
        formula
    }

    fn build(&mut self, element: ElementId, demand: Demand) -> Formula {
        if self.grounds.failed.get(element.index()).copied().unwrap_or(false) {
            return Formula::TRUE;
        }
        match self.group(element) {
            None | Some(Group::People) => Formula::FALSE,
            Some(Group::Whole) => self.whole(element),
            Some(Group::Replicas { places, leader, .. }) => {
                let (places, leader) = (places.clone(), *leader);
                let events = self.events(element, &places, leader);
                self.replicas_fail(&events, demand)
            }
        }
    }

    fn replicas_fail(&mut self, events: &Events, demand: Demand) -> Formula {
        let parts: Vec<Part> = events.parts.iter().map(|(part, _)| *part).collect();
        match (demand, events.leader) {
            (Demand::AtLeast(needed), None) => self.tree.group_fails(&parts, needed),
            (Demand::Leader | Demand::AtLeast(_), Some(leader)) => leader,
            (Demand::Any, Some(leader)) => {
                let followers = self.tree.group_fails(&parts, 1);
                self.tree.and([leader, followers])
            }
            (Demand::LocalMajority, _) => self.local_majority_fails(&events.parts),
            (Demand::Leader | Demand::Any | Demand::Follower, _) => self.tree.group_fails(&parts, 1),
        }
    }

    /// No region has a majority of its own copies.
    fn local_majority_fails(&mut self, parts: &[(Part, Option<Zone>)]) -> Formula {
        let region = |zone: &Option<Zone>| zone.and_then(|z| z.0);
        let mut regions: Vec<Option<RegionId>> = parts.iter().map(|(_, zone)| region(zone)).collect();
        regions.dedup();
        regions.sort_unstable();
        regions.dedup();
        let mut failures = Vec::new();
        for of in regions {
            let local: Vec<Part> = parts.iter().filter(|(_, z)| region(z) == of).map(|(p, _)| *p).collect();
            let copies: u32 =
                local.iter().map(|p| self.tree.get(p.event).map_or(0, |event| event.count)).sum();
            failures.push(self.tree.group_fails(&local, copies / 2 + 1));
        }
        self.tree.and(failures)
    }

    fn whole(&mut self, element: ElementId) -> Formula {
        let unavailability = self.unavailability(element);
        let name = self.model.element(element).head.name.to_string();
        let event = self.event(name, 1, unavailability, Meaning::Provider(element));
        event.map_or(Formula::FALSE, |event| self.tree.down(event))
    }

    fn unavailability(&mut self, element: ElementId) -> f64 {
        match self.grounds.replica(element).and_then(|r| r.unavailability) {
            Some(unavailability) => unavailability,
            None => {
                if !self.unknown.contains(&element) {
                    self.unknown.push(element);
                }
                UNKNOWN
            }
        }
    }

    /// Adds an event; the schema lets no other numbers pass than probabilities and counts from 1.
    fn event(&mut self, name: String, count: u32, down: f64, meaning: Meaning) -> Option<EventId> {
        let event = self.tree.replicas(name, count, down.clamp(0.0, 1.0)).ok()?;
        self.meanings.push(meaning);
        Some(event)
    }

    fn events(&mut self, element: ElementId, places: &[Place], leader: Option<usize>) -> Events {
        if let Some(known) = self.groups.get(&element) {
            return known.clone();
        }
        let total: u32 = places.iter().map(|p| p.count).sum();
        let down = self.unavailability(element);
        let beta = self.grounds.common_cause.get(element.index()).copied().unwrap_or(0.0);
        let split = if total > 1 {
            BetaFactor::split(down, beta)
        } else {
            BetaFactor { independent: down, common: 0.0 }
        };
        let common = self.common(element, split.common);
        let mut events = Events { parts: Vec::new(), leader: None };
        for (at, place) in places.iter().enumerate() {
            let domain = self.domain(place.zone, common);
            let apart = u32::from(leader == Some(at));
            if apart == 1 {
                let meaning = Meaning::Replicas { element, all: false, zone: None };
                let failure = self.replicas(element, (1, split.independent), meaning, "");
                let failure = failure.map_or(Formula::FALSE, |event| self.tree.down(event));
                events.leader = Some(self.tree.or([failure, domain]));
            }
            let count = place.count.saturating_sub(apart);
            if count == 0 {
                continue;
            }
            let followers = leader.is_some();
            let zone = place.zone.filter(|_| places.len() > 1);
            let meaning = Meaning::Replicas { element, all: count == total, zone };
            let suffix = if followers { " follower" } else { "" };
            if let Some(event) = self.replicas(element, (count, split.independent), meaning, suffix) {
                events.parts.push((Part { event, domain }, place.zone));
            }
        }
        self.groups.insert(element, events.clone());
        events
    }

    fn replicas(
        &mut self,
        element: ElementId,
        (count, down): (u32, f64),
        meaning: Meaning,
        suffix: &str,
    ) -> Option<EventId> {
        let name = format!("{}{suffix}", self.model.element(element).head.name);
        let name = match meaning {
            Meaning::Replicas { zone: Some((region, n)), .. } => {
                format!("{name} in {}", self.model.entity_name(Entity::Zone(region, n)))
            }
            _ => name,
        };
        self.event(name, count, down, meaning)
    }

    fn common(&mut self, element: ElementId, down: f64) -> Formula {
        if down == 0.0 {
            return Formula::FALSE;
        }
        let name = format!("{} common cause", self.model.element(element).head.name);
        let event = self.event(name, 1, down, Meaning::Common(element));
        event.map_or(Formula::FALSE, |event| self.tree.down(event))
    }

    /// What takes all replicas of a place at once: their zone, its region, a common cause.
    fn domain(&mut self, zone: Option<Zone>, common: Formula) -> Formula {
        let Some(zone) = zone else { return common };
        let zone_down = self.zone(zone);
        let region_down = zone.0.map_or(Formula::FALSE, |region| self.region(region));
        self.tree.or([zone_down, region_down, common])
    }

    fn zone(&mut self, zone: Zone) -> Formula {
        if let Some(known) = self.zones.get(&zone) {
            return *known;
        }
        let down = self.grounds.zones.get(&zone).and_then(|z| z.unavailability).unwrap_or(0.0);
        let formula = if self.grounds.failed_zones.contains(&zone) {
            Formula::TRUE
        } else {
            let name = format!("zone {}", self.model.entity_name(Entity::Zone(zone.0, zone.1)));
            let event = self.event(name, 1, down, Meaning::Zone(zone));
            event.map_or(Formula::FALSE, |event| self.tree.down(event))
        };
        self.zones.insert(zone, formula);
        formula
    }

    fn region(&mut self, region: RegionId) -> Formula {
        if let Some(known) = self.regions.get(&region) {
            return *known;
        }
        let down = self.grounds.regions.get(&region).and_then(|r| r.unavailability).unwrap_or(0.0);
        let name = format!("region {}", self.model.region(region).head.name);
        let event = self.event(name, 1, down, Meaning::Region(region));
        let formula = event.map_or(Formula::FALSE, |event| self.tree.down(event));
        self.regions.insert(region, formula);
        formula
    }
}
