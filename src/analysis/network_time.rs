//! Network time of a hop, one way and back, by where the two ends stand.

use super::calls::Hop;
use super::case::Case;
use super::derivation::FactId;
use super::derive::{TIME, What};
use super::placement::{self, Zone};
use super::shape::{Leadership, Shape};
use crate::model::{ElementId, Operation, RegionId, Value};
use crate::schema::Kind;
use ecow::eco_format;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The default within a zone and between zones of a region, and where they come from.
const WITHIN_ZONE: f64 = 0.25e-3;
const BETWEEN_ZONES: f64 = 0.5e-3;

/// How long a hop is on the wire: times with their probabilities, and the numbers they rest on.
#[derive(Clone, Debug)]
pub struct Wire {
    /// Probability and seconds; the probabilities add up to 1.
    pub parts: Vec<(f64, f64)>,
    /// The facts.
    pub inputs: Vec<FactId>,
}

impl Wire {
    /// Its mean, in seconds.
    pub fn mean(&self) -> f64 {
        self.parts.iter().map(|(p, t)| p * t).sum()
    }
}

/// The network of a design: computed once for each pair of elements.
#[derive(Default)]
pub struct Network {
    known: FxHashMap<(ElementId, ElementId, bool), Result<Wire, FactId>>,
    within: Option<(FactId, f64)>,
    between: Option<(FactId, f64)>,
    spreads: FxHashMap<ElementId, Option<Vec<(Zone, f64)>>>,
}

impl Network {
    /// The network time of a hop; `Err` is the number that is missing.
    pub fn wire(
        &mut self,
        case: &mut Case<'_>,
        hop: &Hop,
        shapes: &[Shape],
        step_from: Option<&str>,
    ) -> Result<Wire, FactId> {
        let target = case.element(hop.to);
        let led = target.kind.is_stateful() && shapes[hop.to.index()].leadership == Leadership::Single;
        let writes = matches!(hop.counts_as, Operation::Write | Operation::Publish);
        let to_leader = led && (writes || !matches!(step_from, Some("replica" | "any")));
        let key = (hop.from, hop.to, to_leader);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let wire = self.compute(case, hop, to_leader);
        self.known.insert(key, wire.clone());
        wire
    }

    /// Between a caller beside one replica of an element and any replica of it; `None` where they are in several
    /// regions.
    pub fn among(&mut self, case: &mut Case<'_>, id: ElementId) -> Option<Wire> {
        let Some(zones) = self.spread(case, id) else { return Some(self.within_zone(case)) };
        let one = by_region(&zones).len() == 1;
        one.then(|| self.zones(case, &zones, &zones))
    }

    fn compute(&mut self, case: &mut Case<'_>, hop: &Hop, to_leader: bool) -> Result<Wire, FactId> {
        for (end, other) in [(hop.from, hop.to), (hop.to, hop.from)] {
            if case.element(end).kind == Kind::Actor {
                return self.of_people(case, end, other, to_leader);
            }
        }
        let (Some(from), Some(to)) = (self.spread(case, hop.from), self.spread(case, hop.to)) else {
            return Ok(self.within_zone(case));
        };
        let regional = |zones: &[(Zone, f64)]| zones.iter().all(|((r, _), _)| r.is_some());
        if regional(&from) != regional(&to) {
            return Ok(self.within_zone(case));
        }
        let mut parts: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        let mut inputs = Vec::new();
        for (region, share, zones) in by_region(&from) {
            let target = if to_leader { leader_region(case, hop.to, &to)? } else { None };
            let wire = self.of_region(case, region, &zones, &to, target)?;
            for (p, t) in wire.parts {
                parts.entry(t.to_bits()).or_insert((0.0, t)).0 += p * share;
            }
            for input in wire.inputs {
                if !inputs.contains(&input) {
                    inputs.push(input);
                }
            }
        }
        Ok(Wire { parts: parts.into_values().collect(), inputs })
    }

    /// Between people and an element: what is theirs, and for those whose region holds none of it (or not its leader)
    /// the way to the nearest that does.
    fn of_people(
        &mut self,
        case: &mut Case<'_>,
        people: ElementId,
        other: ElementId,
        to_leader: bool,
    ) -> Result<Wire, FactId> {
        let own = rtt(case, people);
        let homes = case.element(people).homes();
        let placed = self.spread(case, other).filter(|to| to.iter().all(|((r, _), _)| r.is_some()));
        let (Some(to), false) = (placed, homes.is_empty()) else { return Ok(own) };
        let leader = if to_leader { leader_region(case, other, &to)? } else { None };
        let base = own.mean();
        let mut wire = Wire { parts: Vec::new(), inputs: own.inputs };
        for (region, share) in homes.into_iter().filter(|home| home.1 > 0.0) {
            let away = nearest(case, region, &to, leader)?;
            let time = base + away.map_or(0.0, |(seconds, _)| seconds);
            match wire.parts.iter_mut().find(|(_, t)| *t == time) {
                Some((p, _)) => *p += share,
                None => wire.parts.push((share, time)),
            }
            wire.inputs.extend(away.map(|(_, fact)| fact).filter(|fact| !wire.inputs.contains(fact)));
        }
        Ok(wire)
    }

    /// From the callers of one region: to the target's replicas there, else to the nearest region.
    fn of_region(
        &mut self,
        case: &mut Case<'_>,
        region: Option<RegionId>,
        zones: &[(Zone, f64)],
        to: &[(Zone, f64)],
        leader: Option<RegionId>,
    ) -> Result<Wire, FactId> {
        let here: Vec<(Zone, f64)> = to.iter().filter(|((r, _), _)| *r == region).copied().collect();
        let stays = leader.is_none() || leader == region;
        if stays && !here.is_empty() {
            return Ok(self.zones(case, zones, &here));
        }
        match farther(case, region, to, leader)? {
            Some((seconds, fact)) => Ok(Wire { parts: vec![(1.0, seconds)], inputs: vec![fact] }),
            None => Ok(self.within_zone(case)),
        }
    }

    /// Between replicas of one region, each of which calls any of the others.
    fn zones(&mut self, case: &mut Case<'_>, from: &[(Zone, f64)], to: &[(Zone, f64)]) -> Wire {
        let total = |zones: &[(Zone, f64)]| zones.iter().map(|(_, n)| n).sum::<f64>();
        let (all_from, all_to) = (total(from), total(to));
        let share = |zone: Zone| to.iter().find(|(z, _)| *z == zone).map_or(0.0, |(_, n)| n / all_to);
        let same: f64 = from.iter().map(|(zone, n)| n / all_from * share(*zone)).sum();
        let mut wire = Wire { parts: Vec::new(), inputs: Vec::new() };
        if same > 0.0 {
            let (fact, seconds) = self.within(case);
            wire.parts.push((same, seconds));
            wire.inputs.push(fact);
        }
        if same < 1.0 {
            let (fact, seconds) = self.between(case);
            wire.parts.push((1.0 - same, seconds));
            wire.inputs.push(fact);
        }
        wire
    }

    fn within_zone(&mut self, case: &mut Case<'_>) -> Wire {
        let (fact, seconds) = self.within(case);
        Wire { parts: vec![(1.0, seconds)], inputs: vec![fact] }
    }

    fn within(&mut self, case: &mut Case<'_>) -> (FactId, f64) {
        *self
            .within
            .get_or_insert_with(|| setting(case, "within_zone", "network time within a zone", WITHIN_ZONE))
    }

    fn between(&mut self, case: &mut Case<'_>) -> (FactId, f64) {
        *self.between.get_or_insert_with(|| {
            setting(case, "between_zones", "network time between zones of a region", BETWEEN_ZONES)
        })
    }

    /// The zones of an element with the replicas in each, those that are down left out.
    fn spread(&mut self, case: &Case<'_>, id: ElementId) -> Option<Vec<(Zone, f64)>> {
        let computed = || {
            let element = case.element(id);
            let count = case
                .graph
                .named(&eco_format!("{}.replicas.declared", element.head.name))
                .and_then(|id| case.value(id))
                .unwrap_or(1.0);
            let placed = placement::spread(case.model, element, count as u32)?;
            let up = placed.into_iter().filter(|(zone, n)| *n > 0 && !case.overrides.is_zone_failed(*zone));
            let up: Vec<(Zone, f64)> = up.map(|(zone, n)| (zone, f64::from(n))).collect();
            (!up.is_empty()).then_some(up)
        };
        self.spreads.entry(id).or_insert_with(computed).clone()
    }
}

/// A region, its share of the replicas, and its zones.
type Regional = (Option<RegionId>, f64, Vec<(Zone, f64)>);

fn by_region(zones: &[(Zone, f64)]) -> Vec<Regional> {
    let all: f64 = zones.iter().map(|(_, n)| n).sum();
    let mut regions: BTreeMap<Option<RegionId>, Vec<(Zone, f64)>> = BTreeMap::new();
    for (zone, n) in zones {
        regions.entry(zone.0).or_default().push((*zone, *n));
    }
    let share = |zones: &[(Zone, f64)]| zones.iter().map(|(_, n)| n).sum::<f64>() / all;
    regions.into_iter().map(|(region, zones)| (region, share(&zones), zones)).collect()
}

/// The region of the leader: stated, or the only one; `None` where there are no regions.
fn leader_region(
    case: &mut Case<'_>,
    id: ElementId,
    zones: &[(Zone, f64)],
) -> Result<Option<RegionId>, FactId> {
    let element = case.element(id);
    let stated = element.props.at("replication.leader").and_then(|p| p.value("region"));
    if let Some(Value::Entity(crate::model::Entity::Region(region))) = stated {
        return Ok(Some(*region));
    }
    let mut regions: Vec<Option<RegionId>> = zones.iter().map(|((r, _), _)| *r).collect();
    regions.sort_unstable();
    regions.dedup();
    match regions[..] {
        [only] => Ok(only),
        _ => {
            let need = eco_format!("{}.replication.leader in a region", element.head.name);
            Err(case.graph.missing(What::between("", TIME), need))
        }
    }
}

/// The way from a region to the nearest of an element, or to its leader; `None` where it is there.
fn nearest(
    case: &mut Case<'_>,
    region: RegionId,
    to: &[(Zone, f64)],
    leader: Option<RegionId>,
) -> Result<Option<(f64, FactId)>, FactId> {
    let here = match leader {
        Some(leader) => leader == region,
        None => to.iter().any(|((r, _), _)| *r == Some(region)),
    };
    if here { Ok(None) } else { farther(case, Some(region), to, leader) }
}

/// The shortest way to another region that holds an element, or to that of its leader.
fn farther(
    case: &mut Case<'_>,
    region: Option<RegionId>,
    to: &[(Zone, f64)],
    leader: Option<RegionId>,
) -> Result<Option<(f64, FactId)>, FactId> {
    let mut targets: Vec<RegionId> = match leader {
        Some(leader) => vec![leader],
        None => to.iter().filter_map(|((r, _), _)| *r).collect(),
    };
    targets.sort_unstable();
    targets.dedup();
    let mut nearest: Option<(f64, FactId)> = None;
    for target in targets {
        let (seconds, fact) = distance(case, region, target)?;
        if nearest.is_none_or(|(best, _)| seconds < best) {
            nearest = Some((seconds, fact));
        }
    }
    Ok(nearest)
}

fn distance(case: &mut Case<'_>, from: Option<RegionId>, to: RegionId) -> Result<(f64, FactId), FactId> {
    let between = |a, b| case.model.distances.iter().find(|d| d.between == (a, b) || d.between == (b, a));
    let known = from.and_then(|from| between(from, to));
    match known {
        Some(distance) => {
            let names = (
                &case.model.region(distance.between.0).head.name,
                &case.model.region(distance.between.1).head.name,
            );
            let label = eco_format!("network time between {} and {}", names.0, names.1);
            let fact = case.stated("", &label, &distance.time, TIME);
            Ok((distance.time.value(), fact))
        }
        None => {
            let to = &case.model.region(to).head.name;
            let from = from.map_or("elsewhere", |r| &case.model.region(r).head.name);
            let need = eco_format!("the network time between {from} and {to}");
            Err(case.graph.missing(What::between("", TIME), need))
        }
    }
}

fn rtt(case: &mut Case<'_>, actor: ElementId) -> Wire {
    let element = case.element(actor);
    match element.props.quantity("rtt") {
        Some(time) => {
            let label = eco_format!("network time of {}", element.head.name);
            let fact = case.stated("", &label, time, TIME);
            Wire { parts: vec![(1.0, time.value())], inputs: vec![fact] }
        }
        None => Wire { parts: vec![(1.0, 0.0)], inputs: Vec::new() },
    }
}

fn setting(case: &mut Case<'_>, key: &str, label: &str, default: f64) -> (FactId, f64) {
    let stated = case.model.network.as_ref().and_then(|n| n.props.quantity(key));
    match stated {
        Some(time) => (case.stated(eco_format!("network.{key}"), label, time, TIME), time.value()),
        None => {
            let what = What::of("network", key, TIME).labelled(label);
            let source = "default of sysd: the order of magnitude that cloud providers publish";
            (case.graph.assumed(what, label, default, source), default)
        }
    }
}
