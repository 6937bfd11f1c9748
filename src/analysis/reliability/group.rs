//! What an element is made of, for its failure: so many replicas here and there, and how many
//! of them must be up for whom.
//!
//! A request to a store that keeps fewer copies than it has nodes concerns one key, so the
//! group is then the copies of that key. Knows no flow and no probability.

use super::super::case::Case;
use super::super::placement::{self, Zone};
use super::super::shape::{Leadership, Shape, is_outside};
use crate::catalog::{AutoFailover, ReplicationMode};
use crate::model::{Element, ElementId, Entity, Operation};
use crate::schema::Kind;

/// What must be up of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// So many replicas.
    AtLeast(u32),
    /// The leader.
    Leader,
    /// Any follower of the leader.
    Follower,
    /// The leader or any follower.
    Any,
    /// A majority of the copies in any one of its regions.
    LocalMajority,
}

/// Replicas that live in the same domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The zone; `None` where nothing is said.
    pub zone: Option<Zone>,
    /// How many.
    pub count: u32,
}

/// What an element is for its failure.
#[derive(Clone, Debug, PartialEq)]
pub enum Group {
    /// It stands for people, who never fail.
    People,
    /// It is somebody else's, or run by a provider: one whole.
    Whole,
    /// Replicas of its own.
    Replicas {
        /// Where they live.
        places: Vec<Place>,
        /// Where the leader lives, as a position in `places`, if only one replica answers as long as nobody
        /// is promoted.
        leader: Option<usize>,
        /// What must be up for reads, for writes, and for anything else.
        demands: [Demand; 3],
    },
}

impl Group {
    /// The group of an element.
    pub fn of(case: &Case<'_>, id: ElementId, shape: &Shape) -> Group {
        let element = case.element(id);
        if element.kind == Kind::Actor {
            return Group::People;
        }
        if is_outside(element) {
            return Group::Whole;
        }
        let counts = Counts::of(case, element, shape);
        let places = counts.places(case, element);
        let total: u32 = places.iter().map(|p| p.count).sum();
        let demands = demands(element, shape, total, spans_regions(&places));
        let leader = demands.contains(&Demand::Leader).then(|| leader(element, &places));
        Group::Replicas { places, leader, demands }
    }

    /// What an operation demands; `from` says which copy is asked.
    pub fn demand(&self, operation: Operation, from: Option<&str>) -> Demand {
        let Group::Replicas { demands: [read, write, other], leader, .. } = self else {
            return Demand::AtLeast(1);
        };
        match (operation, from) {
            (Operation::Read, Some("replica")) if leader.is_some() => Demand::Follower,
            (Operation::Read, Some("any")) if leader.is_some() => Demand::Any,
            (Operation::Read, Some("replica" | "any")) => Demand::AtLeast(1),
            (Operation::Read, _) => *read,
            (Operation::Write, _) => *write,
            _ => *other,
        }
    }

    /// All replicas together.
    pub fn total(&self) -> u32 {
        match self {
            Group::People | Group::Whole => 1,
            Group::Replicas { places, .. } => places.iter().map(|p| p.count).sum(),
        }
    }
}

/// How many nodes there are, and on how many of them one request depends.
struct Counts {
    nodes: u32,
    copies: u32,
}

impl Counts {
    fn of(case: &Case<'_>, element: &Element, shape: &Shape) -> Counts {
        let whole = |id| case.value(id).map(|v: f64| v.round().clamp(1.0, 1e9) as u32);
        // Of an autoscaling range only the lower end is always there.
        let declared =
            shape.range.map(|r| r.0.max(1.0) as u32).or_else(|| whole(shape.declared)).unwrap_or(1);
        let factor = shape.factor.and_then(whole);
        let stated = element.props.quantity("replication.factor").is_some();
        let counted = element.props.has("replicas") || element.props.has("place");
        let nodes = match factor {
            Some(factor) if stated && !counted => declared.max(factor),
            _ => declared,
        };
        if element.props.has("needs") {
            return Counts { nodes, copies: nodes };
        }
        let copies = match element.kind {
            Kind::Store => store_copies(element, shape, nodes, factor, whole),
            Kind::Queue | Kind::Topic if stated => factor.unwrap_or(nodes),
            _ => nodes,
        };
        Counts { nodes, copies: copies.clamp(1, nodes) }
    }

    fn places(&self, case: &Case<'_>, element: &Element) -> Vec<Place> {
        let Some(spread) = placement::spread(case.model, element, self.nodes) else {
            return vec![Place { zone: None, count: self.copies }];
        };
        let held: Vec<(Zone, u32)> = spread.into_iter().filter(|(_, n)| *n > 0).collect();
        let total: u32 = held.iter().map(|(_, n)| n).sum();
        let kept = if self.copies < total { copies_over(&held, self.copies) } else { held };
        kept.into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(zone, count)| Place { zone: Some(zone), count })
            .collect()
    }
}

/// The copies of one key, spread over the zones as evenly as the nodes there allow.
fn copies_over(held: &[(Zone, u32)], copies: u32) -> Vec<(Zone, u32)> {
    let mut kept: Vec<(Zone, u32)> = held.iter().map(|(zone, _)| (*zone, 0)).collect();
    let mut left = copies;
    while left > 0 {
        let before = left;
        for ((_, kept), (_, there)) in kept.iter_mut().zip(held) {
            if left > 0 && *kept < *there {
                *kept += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    kept
}

fn store_copies(
    element: &Element,
    shape: &Shape,
    nodes: u32,
    factor: Option<u32>,
    whole: impl Fn(super::super::derivation::FactId) -> Option<u32>,
) -> u32 {
    let shards = shape.shards.and_then(whole).unwrap_or(1).max(1);
    if element.props.quantity("replication.factor").is_some() {
        return factor.unwrap_or(nodes);
    }
    let known = element.tech().and_then(|t| t.default_factor()).is_some();
    let by_technology =
        shape.leadership == Leadership::Leaderless && element.props.word("replication.leader").is_none();
    if known || element.props.word("replication.mode") == Some("quorum") {
        return factor.unwrap_or(nodes);
    }
    // A technology that spreads keys over its nodes, where nothing says how often: the default of the
    // semantics, 1. Replicas of any other store are copies of it.
    if by_technology { factor.unwrap_or(1) } else { nodes / shards }
}

fn spans_regions(places: &[Place]) -> bool {
    let mut regions = places.iter().map(|p| p.zone.and_then(|z| z.0));
    let first = regions.next();
    regions.any(|r| Some(r) != first)
}

/// Where the leader stands: in its stated region, else with the first replicas.
fn leader(element: &Element, places: &[Place]) -> usize {
    let region = element.props.at("replication.leader").and_then(|p| {
        p.entities().find_map(|e| match e {
            Entity::Region(region) => Some(region),
            _ => None,
        })
    });
    let there = |p: &Place| region.is_some() && p.zone.and_then(|z| z.0) == region;
    places.iter().position(there).unwrap_or(0)
}

/// What reads, writes and other operations demand of a group of `total` (semantics, section 4).
fn demands(element: &Element, shape: &Shape, total: u32, several_regions: bool) -> [Demand; 3] {
    let at_least = |n: f64| Demand::AtLeast((n.round() as u32).clamp(1, total.max(1)));
    if let Some(needs) = element.props.number("needs") {
        return [at_least(needs); 3];
    }
    match element.kind {
        Kind::Queue | Kind::Topic => [at_least(element.props.number("min_in_sync").unwrap_or(1.0)); 3],
        Kind::Store => match agreement(element, shape) {
            Agreement::Majority => quorums(element, total, several_regions),
            Agreement::Promotes => [Demand::AtLeast(1); 3],
            Agreement::Leader if total > 1 => [Demand::Leader; 3],
            Agreement::Leader => [Demand::AtLeast(1); 3],
        },
        _ => [Demand::AtLeast(1); 3],
    }
}

fn quorums(element: &Element, total: u32, several_regions: bool) -> [Demand; 3] {
    let of = |key: &str| {
        if let Some(n) = element.props.number(key) {
            return Demand::AtLeast((n.round() as u32).clamp(1, total.max(1)));
        }
        match element.props.word(key) {
            Some("one") => Demand::AtLeast(1),
            Some("all") => Demand::AtLeast(total.max(1)),
            Some("local_quorum") if several_regions => Demand::LocalMajority,
            _ => Demand::AtLeast(total / 2 + 1),
        }
    };
    let (read, write) = (of("consistency.read"), of("consistency.write"));
    // What both reads and writes need is up where anything may be asked.
    [read, write, read.max(write)]
}

/// Whether it is a store whose copies agree by majority.
pub fn by_majority(element: &Element, shape: &Shape) -> bool {
    element.kind == Kind::Store && agreement(element, shape) == Agreement::Majority
}

/// How the copies of a store agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreement {
    /// By majorities or quorums.
    Majority,
    /// Another copy takes over from the leader, or every copy leads.
    Promotes,
    /// Only the leader answers.
    Leader,
}

fn agreement(element: &Element, shape: &Shape) -> Agreement {
    let promotes = || {
        let stated = element.props.word("failover");
        let built_in = || {
            let known = element.tech().and_then(|t| t.auto_failover());
            known.is_some_and(|k| k.value == AutoFailover::Yes)
        };
        match stated {
            Some(mode) => matches!(mode, "automatic" | "manual"),
            None => built_in(),
        }
    };
    let led = || if promotes() { Agreement::Promotes } else { Agreement::Leader };
    match (element.props.word("replication.mode"), element.props.word("replication.leader")) {
        (Some("raft" | "quorum"), _) | (None, Some("none")) => Agreement::Majority,
        (_, Some("multi")) => Agreement::Promotes,
        (Some(_), _) => led(),
        (None, _) => match shape.leadership {
            Leadership::Leaderless => Agreement::Majority,
            _ if element.tech().and_then(|t| t.replication()).is_some_and(|k| by_quorum(k.value)) => {
                Agreement::Majority
            }
            _ => led(),
        },
    }
}

fn by_quorum(mode: ReplicationMode) -> bool {
    matches!(mode, ReplicationMode::Quorum | ReplicationMode::Leaderless)
}
