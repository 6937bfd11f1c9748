//! The ground that every structure function stands on: the group of each element, and how likely
//! each replica, zone and region is down, as numbers with their sources.

use super::super::case::Case;
use super::super::derivation::{Assumed, FactId, Operation, Unit};
use super::super::derive::{TIME, What};
use super::super::placement::Zone;
use super::super::shape::Shape;
use super::group::{Group, by_majority};
use crate::model::{ElementId, RegionId};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;

/// Seconds of a Gregorian mean year, in which downtime is counted where nothing else is said.
const YEAR: f64 = 365.2425 * 86_400.0;

/// What the defaults are, with where they come from (semantics, section 4).
const INSTANCE: (f64, &str) = (
    0.995,
    "default of sysd; AWS commits to it for one instance (Amazon Compute SLA of 2022-05-05, instance level)",
);
const ZONE: (f64, &str) = (
    0.9995,
    "default of sysd, between those of an instance and of a region: no provider commits to a zone by itself",
);
const REGION: (f64, &str) = (
    0.9999,
    "default of sysd; AWS commits to it for instances in several zones of a region (Amazon Compute SLA of \
     2022-05-05, region level)",
);

/// A probability of being up, and of being down.
#[derive(Clone, Copy, Debug)]
pub struct Availability {
    /// The number in the graph.
    pub fact: FactId,
    /// 1 less its value; `None` where nothing is known.
    pub unavailability: Option<f64>,
}

/// What elements and domains are made of and how likely they fail.
pub struct Grounds {
    /// By element.
    pub groups: Vec<Group>,
    /// By element: of one replica, or of the whole where it is one; of people it is not asked.
    pub replicas: Vec<Option<Availability>>,
    /// By element: share of its failures that take all replicas at once.
    pub common_cause: Vec<f64>,
    /// By element: whether its copies agree by majority.
    pub majority: Vec<bool>,
    /// Whether the scenario fails the element, by element.
    pub failed: Vec<bool>,
    /// Zones that replicas live in.
    pub zones: FxHashMap<Zone, Availability>,
    /// Regions that replicas live in.
    pub regions: FxHashMap<RegionId, Availability>,
    /// Zones that the scenario fails.
    pub failed_zones: Vec<Zone>,
    /// Seconds of the year in which downtime is counted.
    pub year: FactId,
}

impl Grounds {
    /// The ground of a case.
    pub fn of(case: &mut Case<'_>, shapes: &[Shape]) -> Grounds {
        let model = case.model;
        let groups: Vec<Group> =
            model.elements().zip(shapes).map(|((id, _), shape)| Group::of(case, id, shape)).collect();
        let year = year(case);
        let mut grounds = Grounds {
            groups: Vec::new(),
            replicas: Vec::new(),
            common_cause: Vec::new(),
            majority: model.elements().zip(shapes).map(|((_, e), shape)| by_majority(e, shape)).collect(),
            failed: model.elements().map(|(id, _)| case.overrides.is_failed(id)).collect(),
            zones: FxHashMap::default(),
            regions: FxHashMap::default(),
            failed_zones: Vec::new(),
            year,
        };
        let mut instance = None;
        for (id, element) in model.elements() {
            let beta = element.props.number("common_cause").unwrap_or(0.0);
            grounds.common_cause.push(beta);
            let Some(group) = groups.get(id.index()) else { continue };
            grounds.replicas.push(replica(case, id, group, &mut instance));
            if let Group::Replicas { places, .. } = group {
                for zone in places.iter().filter_map(|p| p.zone) {
                    grounds.learn(case, zone);
                }
            }
        }
        grounds.groups = groups;
        grounds
    }

    /// The group of an element.
    pub fn group(&self, id: ElementId) -> Option<&Group> {
        self.groups.get(id.index())
    }

    /// How likely one replica is up; `None` for people.
    pub fn replica(&self, id: ElementId) -> Option<Availability> {
        self.replicas.get(id.index()).copied().flatten()
    }

    fn learn(&mut self, case: &mut Case<'_>, zone: Zone) {
        if self.zones.contains_key(&zone) {
            return;
        }
        if case.overrides.is_zone_failed(zone) {
            self.failed_zones.push(zone);
        }
        let known = self.zones.values().next().copied();
        let of_zone = known.unwrap_or_else(|| assumed(case, "zone", ZONE));
        self.zones.insert(zone, of_zone);
        let Some(region) = zone.0 else { return };
        self.regions.entry(region).or_insert_with(|| Self::region(case, region));
    }

    fn region(case: &mut Case<'_>, id: RegionId) -> Availability {
        let region = case.model.region(id);
        if let Some(stated) = region.props.quantity("availability") {
            let name = eco_format!("{}.availability", region.head.name);
            let fact = case.stated(name, "availability of the region", stated, Unit::Availability);
            return Availability { fact, unavailability: Some(1.0 - stated.value()) };
        }
        assumed(case, "region", REGION)
    }
}

fn year(case: &mut Case<'_>) -> FactId {
    let stated = case.model.assume.as_ref().and_then(|a| a.props.quantity("downtime_year"));
    match stated {
        Some(year) => {
            let fact = case.stated("", "year in which downtime is counted", year, TIME);
            // A figure of downtime means nothing without its year, so that it is listed wherever it is from.
            case.graph.assume(Assumed {
                what: "year in which downtime is counted".into(),
                value: year.value(),
                unit: TIME,
                source: "stated: `assume`; a month is a twelfth of it".into(),
            });
            fact
        }
        None => case.graph.assumed(
            What::between("year in which downtime is counted", TIME),
            "year in which downtime is counted",
            YEAR,
            "Gregorian mean year of 365.2425 days; a month is a twelfth of it",
        ),
    }
}

/// The availability of a replica, zone or region as the design assumes it, else the default.
fn assumed(case: &mut Case<'_>, of: &str, (default, source): (f64, &str)) -> Availability {
    let stated = case.model.assume.as_ref().and_then(|a| a.props.quantity(of));
    let subject = match of {
        "instance" => eco_format!("availability of an instance"),
        other => eco_format!("availability of a {other}"),
    };
    if let Some(stated) = stated {
        let fact = case.stated("", &subject, stated, Unit::Availability);
        let assumed = Assumed {
            what: subject,
            value: stated.value(),
            unit: Unit::Availability,
            source: "stated: `assume`".into(),
        };
        case.graph.assume(assumed);
        return Availability { fact, unavailability: Some(1.0 - stated.value()) };
    }
    let what = What::between(subject.clone(), Unit::Availability);
    let fact = case.graph.assumed(what, &subject, default, source);
    Availability { fact, unavailability: Some(1.0 - default) }
}

fn replica(
    case: &mut Case<'_>,
    id: ElementId,
    group: &Group,
    instance: &mut Option<Availability>,
) -> Option<Availability> {
    let element = case.element(id);
    let name = &element.head.name;
    let whole = match group {
        Group::People => return None,
        Group::Whole => true,
        Group::Replicas { .. } => false,
    };
    if let Some(stated) = element.props.quantity("availability") {
        let label = if whole { "availability of the whole" } else { "availability of one replica" };
        let fact = case.stated("", label, stated, Unit::Availability);
        return Some(Availability { fact, unavailability: Some(1.0 - stated.value()) });
    }
    if !whole {
        return Some(*instance.get_or_insert_with(|| assumed(case, "instance", INSTANCE)));
    }
    let what = What::between("availability that the provider commits to", Unit::Availability);
    let Some((technology, sla)) = element.tech().and_then(|t| Some((&t.name, t.sla()?))) else {
        let need: EcoString = eco_format!("{name}.availability");
        return Some(Availability { fact: case.graph.missing(what, need), unavailability: None });
    };
    let source = eco_format!("{technology}: {}", sla.source);
    let fact = case.graph.put(what, Some(sla.value), Operation::Catalogue(source), Vec::new());
    Some(Availability { fact, unavailability: Some(1.0 - sla.value) })
}
