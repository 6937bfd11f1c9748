//! How many copies there are, how many a read asks and a write waits for.

use super::ground::{Ground, Needs};
use crate::model::{Element, Placement, Replicas};
use crate::numeric::quorum as kernel;
use ecow::eco_format;

/// Copies of a datum, copies that a read asks, copies that a write waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Quorum {
    /// Copies, where known.
    pub n: Option<u64>,
    /// Copies that a read asks, where known.
    pub r: Option<u64>,
    /// Copies that a write waits for, where known.
    pub w: Option<u64>,
    /// Whether every read quorum meets every write quorum.
    pub overlaps: bool,
    /// Whether any two write quorums meet, which orders writes; `None` where not known.
    pub orders_writes: Option<bool>,
    /// Probability that a read returns one of the last 1, 2 and 3 versions, each on W copies and spread no further.
    pub fresh_within: Option<[f64; 3]>,
    /// The facts.
    pub grounds: Vec<Ground>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Copies(u64),
    Majority,
    LocalMajority,
    All,
}

/// Copies of each datum, as stated or known; `None` where nobody says. That of a single leader without word on
/// copies is its replicas.
pub fn copies(element: &Element) -> Option<(u64, Ground)> {
    if let Some(prop) = element.props.at("replication.factor") {
        let n = prop.quantity()?.value() as u64;
        return Some((n, Ground::property(element, prop, n)));
    }
    let shards = element.props.number("shard.count").map_or(1, |n| n as u64).max(1);
    if super::single_leader(element)
        && let (Some(replicas), Some(prop)) = (element.replicas(), element.props.get("replicas"))
    {
        let (Replicas::Fixed(n) | Replicas::Range(n, _)) = replicas;
        let n = u64::from(n) / shards;
        return Some((n.max(1), Ground::property(element, prop, n)));
    }
    let technology = element.tech()?;
    let known = technology.default_factor()?;
    let n = known.value as u64;
    Some((n, Ground::catalogue(technology, &known, n)))
}

/// The quorums of a store that states them; `None` where it states none.
pub fn quorum(element: &Element) -> Option<Result<Quorum, Needs>> {
    element.props.at("consistency.read").or_else(|| element.props.at("consistency.write"))?;
    let name = &element.head.name;
    let Some((read, read_ground)) = asked(element, "read") else {
        return Some(Err(eco_format!("{name}.consistency.read")));
    };
    let Some((write, write_ground)) = asked(element, "write") else {
        return Some(Err(eco_format!("{name}.consistency.write")));
    };
    let known = copies(element);
    let regions = regions(element);
    let n = known.as_ref().map(|(n, _)| *n);
    let count = |asked| counted(asked, n, regions);
    let (r, w) = (count(read), count(write));
    let overlaps = match (n, r, w) {
        (Some(n), Some(r), Some(w)) => kernel::overlaps(n, r.min(n), w.min(n)),
        // Two majorities of any number meet, and all copies meet whatever is asked.
        _ if read == Asked::All || write == Asked::All => true,
        _ if read == Asked::Majority && write == Asked::Majority => true,
        _ => return Some(Err(eco_format!("{name}.replication.factor"))),
    };
    let orders_writes = match (n, w) {
        (Some(n), Some(w)) => Some(kernel::orders_writes(n, w)),
        _ => matches!(write, Asked::Majority | Asked::All).then_some(true),
    };
    let fresh_within = match (n, r, w) {
        (Some(n), Some(r), Some(w)) if r <= n && w <= n => {
            Some([1, 2, 3].map(|k| kernel::fresh_within(n, r, w, k)))
        }
        _ => None,
    };
    let grounds = known.map(|(_, g)| g).into_iter().chain([read_ground, write_ground]).collect();
    Some(Ok(Quorum { n, r, w, overlaps, orders_writes, fresh_within, grounds }))
}

fn asked(element: &Element, side: &str) -> Option<(Asked, Ground)> {
    let prop = element.props.at(&format!("consistency.{side}"))?;
    let asked = match (prop.quantity(), prop.word()) {
        (Some(n), _) => Asked::Copies(n.value() as u64),
        (None, Some("one")) => Asked::Copies(1),
        (None, Some("quorum")) => Asked::Majority,
        (None, Some("local_quorum")) => Asked::LocalMajority,
        (None, Some("all")) => Asked::All,
        _ => return None,
    };
    let value = match asked {
        Asked::Copies(n) => eco_format!("{n}"),
        _ => prop.word().unwrap_or_default().into(),
    };
    Some((asked, Ground::property(element, prop, value)))
}

/// A majority in one region is counted among its own copies, so that copies of others are never presumed to answer.
fn counted(asked: Asked, n: Option<u64>, regions: u64) -> Option<u64> {
    match asked {
        Asked::Copies(count) => Some(count),
        Asked::Majority => n.map(kernel::majority),
        Asked::LocalMajority => n.map(|n| kernel::majority(n / regions)),
        Asked::All => n,
    }
}

fn regions(element: &Element) -> u64 {
    let count = match element.placement() {
        Placement::Regions(regions) => regions.len(),
        Placement::Explicit(places) => {
            let mut regions: Vec<_> = places.iter().filter_map(|place| place.0).collect();
            regions.sort_unstable();
            regions.dedup();
            regions.len()
        }
        Placement::Nowhere | Placement::Zones(_) => 1,
    };
    count.max(1) as u64
}
