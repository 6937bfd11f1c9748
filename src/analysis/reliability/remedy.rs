//! What would remove a single point of failure: the cheapest change that does, found by trying it.
//!
//! A change is tried on the element alone. That decides for every flow: structure functions are
//! monotone, so what no longer takes the element down no longer takes a flow down through it.

use super::super::change::Change;
use super::super::facts::{FailureKind, Remedy, SinglePoint};
use super::super::placement::Zone;
use super::grounds::Grounds;
use super::group::{Demand, Group, Place};
use super::holds::holds;
use super::tree::{Builder, Meaning};
use crate::model::{ElementId, Model, Operation};
use crate::schema::Kind;
use rustc_hash::FxHashMap;

/// Remedies of a ground, each tried once.
pub struct Remedies<'g> {
    model: &'g Model,
    grounds: &'g Grounds,
    of_replica: FxHashMap<ElementId, Option<Change>>,
    of_zone: FxHashMap<ElementId, Option<Change>>,
}

impl<'g> Remedies<'g> {
    /// Nothing tried yet.
    pub fn new(model: &'g Model, grounds: &'g Grounds) -> Self {
        Remedies { model, grounds, of_replica: FxHashMap::default(), of_zone: FxHashMap::default() }
    }

    /// The cheapest change that clears a single point; `failing` are the elements that it takes down.
    pub fn remedy(&mut self, point: &SinglePoint, failing: &[ElementId]) -> Option<Remedy> {
        let changes: Option<Vec<(ElementId, Change)>> = match point.kind {
            FailureKind::Provider => point.element.map(|e| vec![(e, Change::Alternative)]),
            FailureKind::Instance | FailureKind::Element => {
                let element = point.element?;
                self.for_replica(element).map(|change| vec![(element, change)])
            }
            FailureKind::Zone => {
                failing.iter().map(|e| Some((*e, self.for_zone(*e)?))).collect::<Option<Vec<_>>>()
            }
            FailureKind::Region | FailureKind::CommonCause => None,
        };
        changes.filter(|c| !c.is_empty()).map(|changes| Remedy { changes })
    }

    fn for_replica(&mut self, element: ElementId) -> Option<Change> {
        if let Some(known) = self.of_replica.get(&element) {
            return *known;
        }
        let found = self.candidates(element).into_iter().find(|(_, group)| {
            let own = |m: &Meaning| match m {
                Meaning::Replicas { element: of, .. } => *of == element,
                Meaning::Common(of) => *of == element,
                _ => false,
            };
            self.clears(element, group, own)
        });
        let change = found.map(|(change, _)| change);
        self.of_replica.insert(element, change);
        change
    }

    fn for_zone(&mut self, element: ElementId) -> Option<Change> {
        if let Some(known) = self.of_zone.get(&element) {
            return *known;
        }
        let group = self.grounds.group(element)?;
        let is_zone = |m: &Meaning| matches!(m, Meaning::Zone(_));
        let promoted = self.candidates(element).into_iter().find(|(change, _)| *change == Change::Failover);
        let promoted = promoted.filter(|(_, group)| self.clears(element, group, is_zone));
        let over_zones = |zones| {
            let spread = self.over_zones(element, group, zones)?;
            self.clears(element, &spread, is_zone).then(|| spread_over(zones, group, &spread))
        };
        let found = promoted.map(|(change, _)| change).or_else(|| (2..=3).find_map(over_zones));
        self.of_zone.insert(element, found);
        found
    }

    /// Whether none of these events alone takes down anything that is asked of the element.
    fn clears(&self, element: ElementId, group: &Group, of: impl Fn(&Meaning) -> bool) -> bool {
        let Group::Replicas { demands, .. } = group else { return false };
        let mut builder = Builder::new(self.model, self.grounds);
        builder.replace(element, group.clone());
        let failures: Vec<_> = demands.iter().map(|d| builder.demand_fails(element, *d)).collect();
        let mut events = builder.events_of(of);
        !events.any(|event| failures.iter().any(|f| holds(&builder.tree, *f, event)))
    }

    /// Changes of the replicas, the cheapest first.
    fn candidates(&self, element: ElementId) -> Vec<(Change, Group)> {
        let Some(group @ Group::Replicas { places, leader, .. }) = self.grounds.group(element) else {
            return Vec::new();
        };
        let total = group.total();
        let with = |count: u32, demand: Demand| {
            let mut places = places.clone();
            if let Some(first) = places.first_mut() {
                first.count += count.saturating_sub(total);
            }
            Group::Replicas { places, leader: None, demands: [demand; 3] }
        };
        let one = Demand::AtLeast(1);
        if leader.is_some() {
            return vec![(Change::Failover, with(total, one))];
        }
        let is_store = self.model.element(element).kind == Kind::Store;
        let stated = self.model.element(element).props.has("needs");
        if is_store && !stated && self.grounds.majority.get(element.index()).copied().unwrap_or(false) {
            return vec![(Change::Replicas(3), with(3, Demand::AtLeast(2)))];
        }
        match group.demand(Operation::Call, None) {
            Demand::AtLeast(1) if is_store && !stated => {
                vec![(Change::ReplicasWithFailover(2), with(2, one))]
            }
            Demand::AtLeast(needed) => {
                vec![(Change::Replicas(needed + 1), with(needed + 1, Demand::AtLeast(needed)))]
            }
            _ => Vec::new(),
        }
    }

    /// Every change of an element that is worth trying, with its group after it.
    pub fn changes(&self, element: ElementId) -> Vec<(Change, Group)> {
        let mut all = self.candidates(element);
        all.extend(self.one_more(element));
        let placed = |g: &&Group| matches!(g, Group::Replicas { places, .. } if places.iter().any(|p| p.zone.is_some()));
        let group = self.grounds.group(element).filter(placed);
        for zones in 2..=3 {
            if let Some(spread) = group.and_then(|g| self.over_zones(element, g, zones)) {
                let change = group.map(|before| spread_over(zones, before, &spread));
                all.extend(change.map(|change| (change, spread)));
            }
        }
        all
    }

    /// One replica more where there is one to spare already; of a majority, two.
    fn one_more(&self, element: ElementId) -> Option<(Change, Group)> {
        let group @ Group::Replicas { places, leader: None, .. } = self.grounds.group(element)? else {
            return None;
        };
        let Demand::AtLeast(needed) = group.demand(Operation::Call, None) else { return None };
        let total = group.total();
        let stated = self.model.element(element).props.has("needs");
        let votes = !stated && self.grounds.majority.get(element.index()).copied().unwrap_or(false);
        let more = if votes { total + 2 } else { total + 1 };
        let needed = if votes { more / 2 + 1 } else { needed };
        if total < needed || total == 1 {
            return None;
        }
        let mut places = places.clone();
        for _ in total..more {
            let emptiest = places.iter_mut().min_by_key(|place| place.count)?;
            emptiest.count += 1;
        }
        let demands = [Demand::AtLeast(needed); 3];
        Some((Change::Replicas(more), Group::Replicas { places, leader: None, demands }))
    }

    /// The group over so many zones, with as many replicas as leave enough when the fullest zone is gone.
    fn over_zones(&self, element: ElementId, group: &Group, zones: u32) -> Option<Group> {
        let Group::Replicas { places, .. } = group else { return None };
        let majority = self.grounds.majority.get(element.index()).copied().unwrap_or(false);
        let needed = match group.demand(Operation::Call, None) {
            Demand::AtLeast(n) => n,
            Demand::Leader => 1,
            _ => return None,
        };
        let (needed, least) =
            if majority { (2.max(needed), 3.max(group.total())) } else { (needed, group.total()) };
        let total = (least..=least.saturating_add(needed).saturating_mul(2))
            .find(|n| n - n.div_ceil(zones) >= needed || majority)?;
        let region = places.first().and_then(|p| p.zone).and_then(|z| z.0);
        let zone = |n: u32| -> Zone { (region, n) };
        let of = |n: u32| total / zones + u32::from(n < total % zones);
        let spread = (0..zones).map(|n| Place { zone: Some(zone(n + 1)), count: of(n) });
        let demand = Demand::AtLeast(if majority { total / 2 + 1 } else { needed });
        Some(Group::Replicas {
            places: spread.filter(|p| p.count > 0).collect(),
            leader: None,
            demands: [demand; 3],
        })
    }
}

fn spread_over(zones: u32, before: &Group, after: &Group) -> Change {
    let led = matches!(before, Group::Replicas { leader: Some(_), .. });
    Change::Zones { zones, replicas: after.total(), failover: led }
}
