//! What an element is made of: replicas, copies of each datum, shards, leaders, quorums.

use super::case::Case;
use super::derivation::{FactId, Operation};
use super::derive::{NUMBER, What};
use crate::catalog::{ReplicationMode, Sharding, Technology};
use crate::model::{Element, ElementId, Replicas};
use crate::schema::Kind;
use ecow::eco_format;

/// Who takes writes and who serves reads by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leadership {
    /// One node of each shard.
    Single,
    /// Several nodes take writes.
    Multi,
    /// Every node, by quorums.
    Leaderless,
    /// Nothing is known.
    Unknown,
}

/// What an element is made of.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Replicas as declared: the number, or the upper end of an autoscaling range.
    pub declared: FactId,
    /// The autoscaling range, if it is one.
    pub range: Option<(f64, f64)>,
    /// Copies of each datum; `None` for what keeps none.
    pub factor: Option<FactId>,
    /// Shards, where the number is fixed.
    pub shards: Option<FactId>,
    /// Who leads.
    pub leadership: Leadership,
    /// How many copies a read asks.
    pub read_quorum: Option<FactId>,
    /// Load of the hottest shard over the mean; filled in where loads are divided.
    pub skew: Option<FactId>,
}

/// What each element is made of.
pub fn shapes(case: &mut Case<'_>) -> Vec<Shape> {
    case.model
        .elements()
        .map(|(id, _)| id)
        .collect::<Vec<_>>()
        .into_iter()
        .map(|id| shape(case, id))
        .collect()
}

fn shape(case: &mut Case<'_>, id: ElementId) -> Shape {
    let element = case.element(id);
    let leadership = leadership(element);
    let stateful = element.kind.is_stateful();
    let shards = if stateful { shards(case, id) } else { None };
    let (declared, factor) = counts(case, id, leadership, shards);
    let quorum = leadership == Leadership::Leaderless && element.kind == Kind::Store;
    let read_quorum = factor.filter(|_| quorum).map(|f| read_quorum(case, id, f));
    let range = match element.replicas() {
        Some(Replicas::Range(lo, hi)) => Some((f64::from(lo), f64::from(hi))),
        _ => None,
    };
    Shape { declared, range, factor, shards, leadership, read_quorum, skew: None }
}

/// As stated; else by the mode; else as the technology does it.
pub fn leadership(element: &Element) -> Leadership {
    match element.props.word("replication.leader") {
        Some("single") => return Leadership::Single,
        Some("multi") => return Leadership::Multi,
        Some("none") => return Leadership::Leaderless,
        _ => {}
    }
    match element.props.word("replication.mode") {
        Some("raft" | "synchronous" | "semi_synchronous" | "asynchronous") => return Leadership::Single,
        Some("quorum") => return Leadership::Leaderless,
        _ => {}
    }
    let Some(technology) = element.tech() else { return Leadership::Unknown };
    match (technology.single_writer().map(|k| k.value), technology.replication().map(|k| k.value)) {
        (Some(true), _) => Leadership::Single,
        (_, Some(ReplicationMode::Leaderless)) => Leadership::Leaderless,
        _ => Leadership::Unknown,
    }
}

/// The number of shards, where it is fixed: stated, or 1 for a store that is not split.
fn shards(case: &mut Case<'_>, id: ElementId) -> Option<FactId> {
    let element = case.element(id);
    if let Some(n) = element.props.quantity("shard.count") {
        return Some(case.stated(eco_format!("{}.shard.count", element.head.name), "shards", n, NUMBER));
    }
    let split = element.props.has("shard") || splits_itself(element);
    (element.kind == Kind::Store && !split).then_some(case.once)
}

/// Whether the technology spreads data over nodes by itself.
fn splits_itself(element: &Element) -> bool {
    element.tech().and_then(Technology::sharded).is_some_and(|s| s.value == Sharding::Yes)
}

/// Whether every node leads a part of the data: consensus for each of many ranges.
pub fn all_lead(element: &Element) -> bool {
    let consensus = match element.props.word("replication.mode") {
        Some(mode) => matches!(mode, "raft" | "quorum"),
        None => element
            .tech()
            .and_then(Technology::replication)
            .is_some_and(|r| matches!(r.value, ReplicationMode::Quorum | ReplicationMode::Leaderless)),
    };
    consensus && splits_itself(element) && element.props.at("shard.count").is_none()
}

/// Replicas and copies of each datum; either may follow from the other.
fn counts(
    case: &mut Case<'_>,
    id: ElementId,
    leadership: Leadership,
    shards: Option<FactId>,
) -> (FactId, Option<FactId>) {
    let element = case.element(id);
    let name = &element.head.name;
    let stated = stated_replicas(case, id);
    if !element.kind.is_stateful() {
        return (stated.unwrap_or_else(|| one_replica(case, id)), None);
    }
    let factor_what = || What::of(name, "factor", NUMBER).labelled("copies of each datum");
    let led = matches!(leadership, Leadership::Single | Leadership::Multi) || copies_everywhere(element);
    let led = led && element.kind == Kind::Store;
    let factor = match (element.props.quantity("replication.factor"), stated, shards) {
        (Some(factor), _, _) => {
            case.stated(eco_format!("{name}.factor"), "copies of each datum", factor, NUMBER)
        }
        (None, Some(replicas), Some(shards)) if led => case.graph.quotient(factor_what(), replicas, shards),
        _ => default_factor(case, id, factor_what()),
    };
    let declared = match (stated, shards) {
        (Some(replicas), _) => replicas,
        (None, Some(shards)) if !is_outside(element) => {
            let what = What::of(name, "replicas.declared", NUMBER).labelled("factor × shards");
            case.graph.product(what, vec![factor, shards])
        }
        _ => one_replica(case, id),
    };
    (declared, Some(factor))
}

/// Whether it asks for quorums and nothing says over how many copies: then every node of a shard has one,
/// for a quorum of one copy is none.
fn copies_everywhere(element: &Element) -> bool {
    let known = element.tech().and_then(Technology::default_factor);
    element.props.word("replication.mode") == Some("quorum") && known.is_none_or(|k| k.value <= 1.0)
}

fn default_factor(case: &mut Case<'_>, id: ElementId, what: What) -> FactId {
    let element = case.element(id);
    let known = element.tech().filter(|_| element.kind != Kind::Cache).and_then(Technology::default_factor);
    match known {
        Some(known) => {
            let technology = element.tech().map_or("", |t| t.name.as_str());
            case.graph.catalogued(what, technology, &known)
        }
        None => case.graph.assumed(
            what,
            "copies of each datum where neither the design nor the catalogue says",
            1.0,
            "default of sysd",
        ),
    }
}

fn stated_replicas(case: &mut Case<'_>, id: ElementId) -> Option<FactId> {
    let element = case.element(id);
    let name = eco_format!("{}.replicas.declared", element.head.name);
    if let Some(place) = element.props.get("place").and_then(|p| p.block.as_ref()) {
        let placed: Vec<FactId> = place
            .entries
            .iter()
            .filter_map(|p| p.quantity())
            .map(|n| case.stated("", "replicas placed", n, NUMBER))
            .collect();
        if !placed.is_empty() {
            return Some(case.graph.sum(What::of(&element.head.name, "replicas.declared", NUMBER), placed));
        }
    }
    let value = element.props.get("replicas")?.value("count")?;
    let scalar = match value {
        crate::model::Value::Quantity(n) => n,
        crate::model::Value::Range(ends) => &ends.1,
        _ => return None,
    };
    Some(case.stated(name, "replicas", scalar, NUMBER))
}

/// Somebody else's, or run by a provider: it counts as one.
pub fn is_outside(element: &Element) -> bool {
    element.kind == Kind::External || element.tech().is_some_and(|t| t.managed)
}

fn one_replica(case: &mut Case<'_>, id: ElementId) -> FactId {
    let element = case.element(id);
    let what = What::of(&element.head.name, "replicas.declared", NUMBER);
    if is_outside(element) || element.kind == Kind::Actor {
        return case.graph.constant(what.labelled("it counts as one"), 1.0);
    }
    case.graph.assumed(what, "replicas where none are given", 1.0, "default of sysd")
}

fn read_quorum(case: &mut Case<'_>, id: ElementId, factor: FactId) -> FactId {
    let element = case.element(id);
    let what = || What::of(&element.head.name, "read_quorum", NUMBER).labelled("copies that a read asks");
    if let Some(n) = element.props.quantity("consistency.read") {
        return case.stated(
            eco_format!("{}.read_quorum", element.head.name),
            "copies that a read asks",
            n,
            NUMBER,
        );
    }
    match element.props.word("consistency.read") {
        Some("one") => case.graph.put(what(), Some(1.0), Operation::Stated, Vec::new()),
        Some("all") => case.graph.formula(what(), "every copy", vec![factor], |v| Ok(v[0])),
        Some("local_quorum") => {
            let regions = case.graph.constant(What::between("regions", NUMBER), regions(element));
            let text = "⌊copies in the region / 2⌋ + 1";
            case.graph.formula(what(), text, vec![factor, regions], |v| Ok((v[0] / v[1] / 2.0).floor() + 1.0))
        }
        _ => case.graph.formula(what(), "majority: ⌊factor / 2⌋ + 1", vec![factor], |v| {
            Ok((v[0] / 2.0).floor() + 1.0)
        }),
    }
}

fn regions(element: &Element) -> f64 {
    match element.placement() {
        crate::model::Placement::Regions(regions) => regions.len().max(1) as f64,
        crate::model::Placement::Explicit(places) => {
            let mut regions: Vec<_> = places.iter().filter_map(|p| p.0).collect();
            regions.sort_unstable();
            regions.dedup();
            regions.len().max(1) as f64
        }
        _ => 1.0,
    }
}
