//! A change to an element that makes it fail less, and how a design states it.

use super::shape::{Leadership, leadership};
use crate::catalog::Technology;
use crate::model::{Element, Replicas};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};

/// A change to an element. Counts are of what one request depends on: replicas, or the copies of a datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// So that a survivor takes over from the leader.
    Failover,
    /// So many replicas.
    Replicas(u32),
    /// So many replicas, of which one takes over.
    ReplicasWithFailover(u32),
    /// So many replicas, over so many zones.
    Zones {
        /// Zones.
        zones: u32,
        /// Replicas.
        replicas: u32,
        /// Whether one of them has to take over from a leader, which none does today.
        failover: bool,
    },
    /// `on failure` or a fallback where the flow calls it.
    Alternative,
}

impl Change {
    /// As the design of this element states it: `replicas 2, failover automatic`.
    pub fn text(self, element: &Element) -> EcoString {
        let (count, zones, failover) = match self {
            Change::Failover => (None, None, true),
            Change::Replicas(n) => (Some(n), None, false),
            Change::ReplicasWithFailover(n) => (Some(n), None, true),
            Change::Zones { zones, replicas, failover } => (Some(replicas), Some(zones), failover),
            Change::Alternative => return "on failure { … }".into(),
        };
        let mut parts = count.map(|n| counted(element, n, zones)).unwrap_or_default();
        if failover {
            parts.push("failover automatic".into());
        }
        parts.join(", ").into()
    }
}

/// So many replicas or copies, over so many zones.
fn counted(element: &Element, count: u32, zones: Option<u32>) -> Vec<EcoString> {
    let mut parts = Vec::new();
    let shards = element.props.number("shard.count").map_or(1, |n| n.max(1.0) as u32);
    let nodes = count.saturating_mul(shards);
    let there = match element.replicas() {
        Some(Replicas::Fixed(n) | Replicas::Range(n, _)) => n,
        None => 0,
    };
    let by_factor = copies_by_factor(element);
    if by_factor && element.props.number("replication.factor") != Some(f64::from(count)) {
        parts.push(eco_format!("replication {{ factor {count} }}"));
    }
    // Nodes that keep the copies: more of them only where there are too few, and it is said how many there are.
    let enough = by_factor && (there == 0 || there >= nodes);
    // What names its places says by them where the replicas go.
    if element.props.has("place") {
        let over = zones.map(|z| eco_format!(" over {z} zones")).unwrap_or_default();
        if !enough || zones.is_some() {
            parts.push(eco_format!("{} replicas{over}", nodes.max(if by_factor { there } else { 0 })));
        }
        return parts;
    }
    if !enough {
        parts.push(match element.replicas() {
            Some(Replicas::Range(_, most)) => eco_format!("replicas {nodes} to {}", most.max(nodes)),
            _ => eco_format!("replicas {nodes}"),
        });
    }
    parts.extend(zones.map(|z| eco_format!("zones {z}")));
    parts
}

/// Whether the copies of a datum are counted by the replication factor, and not by the replicas.
fn copies_by_factor(element: &Element) -> bool {
    if element.props.has("needs") {
        return false;
    }
    let stated = element.props.quantity("replication.factor").is_some();
    match element.kind {
        Kind::Queue | Kind::Topic => stated,
        // With leaders, copies follow from replicas and shards. Else a technology may say how many it keeps, or
        // spread keys over its nodes.
        Kind::Store => {
            let technology = element.tech().filter(|_| element.props.at("shard.count").is_none());
            let known = |t: &Technology| {
                t.default_factor().is_some() || leadership(element) == Leadership::Leaderless
            };
            let led = matches!(leadership(element), Leadership::Single | Leadership::Multi);
            stated || !led && technology.is_some_and(known)
        }
        _ => false,
    }
}
