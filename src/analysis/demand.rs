//! Utilization as a function of the number of nodes: plain numbers, no graph.
//!
//! The one place that says how work lands on nodes; facts, replicas required and the horizon
//! all ask it.

use crate::numeric::queueing;

/// Which nodes serve a part of the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// Every node.
    All,
    /// One leader of each shard.
    Leaders,
    /// The nodes that follow.
    Followers,
    /// As many nodes as there are partitions at most: one consumer of a group takes one or more of them.
    Partitions(u64),
}

/// How many leaders there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leaders {
    /// Nobody leads: every node serves.
    None,
    /// One for each of so many shards.
    Fixed(f64),
    /// One for each so many nodes: shards grow with the nodes.
    Each(f64),
}

/// A part of the load: one operation.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Per second.
    pub load: f64,
    /// What one node serves, per second.
    pub capacity: f64,
    /// On how many nodes one lands: the factor of a write, the quorum of a read.
    pub copies: f64,
    /// Whether it lands on copies of one shard (a write), whoever leads.
    pub is_write: bool,
    /// Who serves it.
    pub serving: Serving,
}

/// What is asked of an element.
#[derive(Clone, Debug)]
pub struct Demand {
    /// By operation.
    pub parts: Vec<Part>,
    /// Load of the hottest shard over the mean.
    pub skew: f64,
    /// Who leads.
    pub leaders: Leaders,
    /// Gunther's contention and coherency.
    pub scaling: Option<(f64, f64)>,
    /// Fewest nodes that hold what must be held.
    pub least: f64,
    /// Nodes as declared: beyond them more followers of the same leaders take no writes off them.
    pub declared: f64,
}

/// A number of nodes beyond any design; where it does not help, none does.
const MANY: f64 = 1e12;
/// Rounding of sums must not ask for one more replica: far below any stated digit.
const TOLERANCE: f64 = 1e-9;

impl Demand {
    /// Utilization of the busiest nodes, of `nodes` nodes (at least 1), with all loads times `factor`.
    pub fn utilization(&self, nodes: f64, factor: f64) -> f64 {
        let leaders = self.leaders(nodes);
        let followers = nodes - leaders;
        let (mut leading, mut following) = (0.0, 0.0);
        for part in &self.parts {
            let cost = part.load * factor / part.capacity;
            if part.is_write {
                // A write lands on its copies, but never on fewer nodes than one for each shard.
                let share = match self.leaders {
                    Leaders::None => part.copies.min(nodes) / nodes,
                    Leaders::Each(_) => (part.copies / nodes).min(1.0 / leaders),
                    Leaders::Fixed(_) => (part.copies / nodes.min(self.declared)).min(1.0 / leaders),
                };
                leading += cost * share;
                following += cost * share;
                continue;
            }
            match part.serving {
                Serving::All => {
                    let share = part.copies.min(nodes) / nodes;
                    leading += cost * share;
                    following += cost * share;
                }
                Serving::Partitions(partitions) => leading += cost / nodes.min(partitions as f64).max(1.0),
                Serving::Leaders => leading += cost / leaders,
                Serving::Followers if followers > 0.0 => following += cost / followers,
                Serving::Followers => leading += cost / leaders,
            }
        }
        let followed = followers > 0.0 && self.leaders != Leaders::None;
        let busiest = if followed { leading.max(following) } else { leading };
        busiest * self.skew * self.slowdown(nodes)
    }

    /// How many times slower a node is than one alone, by the Universal Scalability Law.
    pub fn slowdown(&self, nodes: f64) -> f64 {
        self.scaling.map_or(1.0, |(alpha, beta)| nodes / queueing::usl(nodes, alpha, beta))
    }

    /// How many nodes lead.
    pub fn leaders(&self, nodes: f64) -> f64 {
        match self.leaders {
            Leaders::None => nodes,
            Leaders::Fixed(shards) => shards.min(nodes),
            Leaders::Each(factor) => (nodes / factor).max(1.0),
        }
    }

    /// How many of `nodes` nodes serve: the leaders, and of consumers no more than have a partition.
    pub fn working(&self, nodes: f64) -> f64 {
        self.leaders(nodes).min(self.partitions().max(1.0))
    }

    /// How many nodes can work: of what only consumes as many as there are partitions, else any number.
    pub fn partitions(&self) -> f64 {
        let most = |part: &Part| match part.serving {
            Serving::Partitions(partitions) => partitions as f64,
            _ => f64::INFINITY,
        };
        let most = self.parts.iter().map(most).reduce(f64::max);
        most.unwrap_or(f64::INFINITY)
    }

    /// The least number of nodes with a utilization of at most `target`, which hold what must be held;
    /// `None` where no number helps.
    pub fn required(&self, target: f64, factor: f64) -> Option<f64> {
        self.serving(target, factor, self.least)
    }

    /// The least number of nodes that carry the load while some of the copies are lost.
    pub fn surviving(&self, target: f64, factor: f64) -> Option<f64> {
        let leaders = if let Leaders::Fixed(shards) = self.leaders { shards } else { 1.0 };
        self.serving(target, factor, leaders)
    }

    fn serving(&self, target: f64, factor: f64, least: f64) -> Option<f64> {
        let fits = |n: f64| self.utilization(n, factor) <= target * (1.0 + TOLERANCE);
        let least = least.max(1.0).ceil();
        if fits(least) {
            return Some(least);
        }
        let most = self.scaling.map_or(MANY, |(a, b)| queueing::usl_peak(a, b).floor().clamp(least, MANY));
        if !fits(most) {
            return None;
        }
        let (mut below, mut fitting) = (least, most);
        while fitting - below > 1.0 {
            let middle = f64::midpoint(below, fitting).floor();
            if fits(middle) {
                fitting = middle;
            } else {
                below = middle;
            }
        }
        Some(fitting)
    }
}

/// The least number of replicas of which so many are left when the fullest of `zones` zones is lost.
pub fn with_zone_lost(required: f64, zones: f64) -> f64 {
    let mut n = (required * zones / (zones - 1.0)).floor().max(required);
    while n - (n / zones).ceil() < required {
        n += 1.0;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(load: f64) -> Demand {
        let part = Part { load, capacity: 800.0, copies: 1.0, is_write: false, serving: Serving::All };
        Demand {
            parts: vec![part],
            skew: 1.0,
            leaders: Leaders::None,
            scaling: None,
            least: 1.0,
            declared: 4.0,
        }
    }

    #[test]
    fn stateless_replicas_divide_the_load() {
        let demand = calls(2400.0);
        assert!((demand.utilization(6.0, 1.0) / 0.5 - 1.0).abs() < 1e-12);
        assert_eq!(demand.required(1.0, 1.0), Some(3.0));
        assert_eq!(demand.required(0.7, 1.0), Some(5.0));
        assert_eq!(demand.required(1.0, 10.0), Some(30.0));
    }

    /// Case `static-stability-3az`: three zones tolerate 66%, one half more than needed.
    #[test]
    fn three_zones_tolerate_two_thirds() {
        assert_eq!(with_zone_lost(4.0, 3.0), 6.0);
        assert_eq!(with_zone_lost(5.0, 3.0), 8.0);
        assert_eq!(with_zone_lost(1.0, 3.0), 2.0);
        assert_eq!(with_zone_lost(3.0, 2.0), 6.0);
    }

    /// By hand: 4 nodes, one leader; 900 writes at 2000/s a node, 300 leader reads at 1000/s.
    #[test]
    fn a_leader_carries_reads_and_every_write() {
        let write =
            Part { load: 900.0, capacity: 2000.0, copies: 4.0, is_write: true, serving: Serving::All };
        let read =
            Part { load: 300.0, capacity: 1000.0, copies: 1.0, is_write: false, serving: Serving::Leaders };
        let mut demand = Demand {
            parts: vec![write, read],
            skew: 1.0,
            leaders: Leaders::Fixed(1.0),
            scaling: None,
            least: 1.0,
            declared: 4.0,
        };
        assert!((demand.utilization(4.0, 1.0) / 0.75 - 1.0).abs() < 1e-12);
        assert_eq!(demand.required(0.5, 1.0), None);
        demand.parts[1].serving = Serving::Followers;
        // Followers: 0.45 of writes and 300/3/1000 of reads.
        assert!((demand.utilization(4.0, 1.0) / 0.55 - 1.0).abs() < 1e-12);
    }

    /// By hand: 6 nodes, factor 3, quorum 2: 600·3/(6·1000) + 900·2/(6·600) = 0.3 + 0.5.
    #[test]
    fn quorums_cost_their_copies() {
        let write =
            Part { load: 600.0, capacity: 1000.0, copies: 3.0, is_write: true, serving: Serving::All };
        let read = Part { load: 900.0, capacity: 600.0, copies: 2.0, is_write: false, serving: Serving::All };
        let parts = vec![write, read];
        let demand =
            Demand { parts, skew: 1.0, leaders: Leaders::None, scaling: None, least: 3.0, declared: 6.0 };
        assert!((demand.utilization(6.0, 1.0) / 0.8 - 1.0).abs() < 1e-12);
        assert_eq!(demand.required(0.8, 1.0), Some(6.0));
    }

    /// Case `usl-specsdm91`: throughput peaks at 96.5 nodes; beyond it more of them make it worse.
    #[test]
    fn more_replicas_than_the_peak_do_not_help() {
        let mut demand = calls(800.0 * 20.0);
        demand.scaling = Some((0.027_728_5, 0.000_104_4));
        assert!(demand.required(1.0, 1.0).is_some_and(|n| n > 20.0 && n < 97.0));
        assert_eq!(demand.required(1.0, 2.0), None);
    }
}
