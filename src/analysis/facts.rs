//! The facts of a design by element and flow: handles into the derivation graph and plain
//! structures that rules, diagrams and documents read alike.

use super::change::Change;
use super::derivation::{Derivation, FactId};
use crate::model::{DataId, ElementId, FlowId, Operation, RegionId, ScenarioId, StepId};
use ecow::EcoString;
use std::collections::BTreeMap;

/// Average and peak of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Average, per second.
    pub average: FactId,
    /// At peak, per second.
    pub peak: FactId,
}

/// Flows that set off one another without end: each message causes one or more of its kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The flows of the circle.
    pub flows: Vec<FlowId>,
    /// How many of its kind each message causes: the spectral radius, from 1.
    pub radius: f64,
}

/// What arrives at an element.
#[derive(Clone, Debug)]
pub struct Load {
    /// All operations together.
    pub total: Rate,
    /// By what it counts as (read, write, publish, consume, call).
    pub by_operation: BTreeMap<Operation, Rate>,
    /// By datum and operation.
    pub by_data: BTreeMap<(DataId, Operation), Rate>,
}

/// Utilization of an element.
#[derive(Clone, Copy, Debug)]
pub struct Utilization {
    /// At average load.
    pub average: FactId,
    /// At peak.
    pub peak: FactId,
    /// At peak with the fullest zone lost.
    pub zone_loss: FactId,
    /// At peak with the fullest region lost, with all that autoscaling allows.
    pub region_loss: FactId,
    /// At peak at the horizon.
    pub horizon: FactId,
}

/// Replicas of an element.
#[derive(Clone, Copy, Debug)]
pub struct ReplicaCounts {
    /// Declared (or the default).
    pub declared: FactId,
    /// Needed at peak with the headroom.
    pub required: FactId,
    /// Needed so that the survivors of a lost zone carry the peak.
    pub required_zone_loss: FactId,
    /// Needed at the horizon.
    pub required_horizon: FactId,
}

/// What a queue or topic holds and loses.
#[derive(Clone, Copy, Debug)]
pub struct QueueFacts {
    /// Messages a second by which the backlog of the slowest consumer grows at peak; 0 where it does not.
    pub backlog_growth: FactId,
    /// Time to drain over the length of an outage, of the slowest consumer, at average load.
    pub drain_ratio: FactId,
    /// The longest outage of the consumers (s) that loses nothing.
    pub outage_survived: FactId,
    /// Replicas of the largest consumer.
    pub consumers: FactId,
    /// Partitions.
    pub partitions: FactId,
    /// Questions a second, where consumers poll.
    pub polling: Option<FactId>,
}

/// What follows the failure of a replica.
#[derive(Clone, Copy, Debug)]
pub struct Recovery {
    /// Seconds until the failure is noticed.
    pub detection: FactId,
    /// Seconds until another replica answers, detection included.
    pub time: FactId,
}

/// How long replicated data lasts.
#[derive(Clone, Copy, Debug)]
pub struct DataDurability {
    /// Probability that a datum outlives a year.
    pub durability: FactId,
    /// 1 less that, without cancellation.
    pub loss: FactId,
    /// Mean seconds until every copy of a datum is lost.
    pub time: FactId,
}

/// Every number of machines that run containers.
#[derive(Clone, Debug)]
pub struct NodesFacts {
    /// How many there are.
    pub declared: FactId,
    /// No fewer hold the replicas at peak.
    pub least: FactId,
    /// So many are enough: first-fit.
    pub required: FactId,
    /// How many are left when the fullest zone is lost.
    pub left: FactId,
    /// So many are enough when the fullest zone is lost.
    pub required_zone_loss: FactId,
    /// So many are enough at the horizon.
    pub required_horizon: FactId,
    /// The share of each resource of all of them that replicas take: `cpu`, `memory`.
    pub used: Vec<(&'static str, FactId)>,
    /// An element of which a replica fits none of them.
    pub too_large: Option<ElementId>,
    /// The elements whose replicas they hold.
    pub on: Vec<ElementId>,
    /// What they cost (USD/s), where that is given.
    pub cost: Option<FactId>,
}

/// Every number of an element.
#[derive(Clone, Debug)]
pub struct ElementFacts {
    /// What arrives.
    pub load: Load,
    /// What one replica serves, per second.
    pub capacity: FactId,
    /// Utilization.
    pub utilization: Utilization,
    /// Replicas.
    pub replicas: ReplicaCounts,
    /// Concurrency: slots there are and slots needed.
    pub concurrency: (FactId, FactId),
    /// Waiting: mean (s), 99th percentile (s), probability.
    pub wait: (FactId, FactId, FactId),
    /// Bytes a day, bytes at the horizon, seconds until the disk is full.
    pub storage: (FactId, FactId, FactId),
    /// Bytes per second in and out.
    pub network: (FactId, FactId),
    /// Memory: bytes there are and bytes needed.
    pub memory: (FactId, FactId),
    /// Connections that one replica accepts, and those that it must hold.
    pub connections: (FactId, FactId),
    /// What a queue or topic holds and loses; `None` for what is none.
    pub queue: Option<QueueFacts>,
    /// What its rate limit admits in all, per second; `None` where it has none.
    pub admitted: Option<FactId>,
    /// Cache: hit ratio, staleness bound (s); `None` for what is no cache.
    pub cache: Option<(FactId, FactId)>,
    /// How soon its reads see what it acknowledged; `None` for what states no quorums.
    pub visibility: Option<super::visibility::Visibility>,
    /// Availability of the element as a whole.
    pub availability: FactId,
    /// Recovery from the failure of a replica.
    pub recovery: Recovery,
    /// What it faces when it is back after an outage; `None` for what nobody calls again.
    pub after_outage: Option<super::aftermath::Aftermath>,
    /// How long what a store keeps lasts; `None` for what is no store.
    pub durability: Option<DataDurability>,
    /// Cost per second (USD/s); reports print it per month.
    pub cost: FactId,
}

/// Percentiles and mean of a time, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Percentiles {
    /// Mean.
    pub mean: FactId,
    /// Median.
    pub p50: FactId,
    /// 95th percentile.
    pub p95: FactId,
    /// 99th percentile.
    pub p99: FactId,
    /// 99.9th percentile.
    pub p999: FactId,
}

/// A way in which a flow can fail that has no smaller part which also does.
#[derive(Clone, Debug, PartialEq)]
pub struct CutSet {
    /// Names of the events: `zone us.zone1`, `db`, `psh 2 of 3`.
    pub events: Vec<EcoString>,
    /// How many things must fail, each replica counted.
    pub order: u32,
    /// Its probability; `None` where that of one of its events is not known.
    pub probability: Option<f64>,
    /// Of two things: the zone or region that both of them live in, so that they are nearly one.
    pub shared: Option<EcoString>,
}

/// The kinds of single points of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureKind {
    /// What all replicas of an element share, by the design's own account: `common_cause`.
    CommonCause,
    /// One replica of several.
    Instance,
    /// An element with one replica, or all of it.
    Element,
    /// A zone.
    Zone,
    /// A region.
    Region,
    /// A provider outside.
    Provider,
}

/// What removes a single point of failure; it was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What to change; all of it is needed.
    pub changes: Vec<(ElementId, Change)>,
}

/// A single point of failure of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct SinglePoint {
    /// Its name as cut sets print it.
    pub event: EcoString,
    /// What it is.
    pub kind: FailureKind,
    /// The element, where it is one.
    pub element: Option<ElementId>,
    /// The step by which the flow reaches it.
    pub step: Option<StepId>,
    /// The cheapest change that removes it; `None` where none of those that are tried does.
    pub remedy: Option<Remedy>,
}

/// What a promise of an availability allows.
#[derive(Clone, Debug)]
pub struct ErrorBudget {
    /// The promise: `pay.availability`, or the name of a target.
    pub promise: EcoString,
    /// The availability that is promised.
    pub required: f64,
    /// Seconds a month that may be lost.
    pub allowed_month: FactId,
    /// Share of it that is spent: unavailability over 1 less the promise.
    pub spent: FactId,
}

/// How much an event matters to a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// The event.
    pub event: EcoString,
    /// Birnbaum: ∂P(top)/∂p.
    pub birnbaum: f64,
    /// Criticality: Birnbaum · p / P(top).
    pub criticality: f64,
    /// Risk achievement worth: P(top | down) / P(top).
    pub achievement: f64,
    /// Risk reduction worth: P(top) / P(top | never down).
    pub reduction: f64,
}

/// What a flow's failure looks like.
#[derive(Clone, Debug)]
pub struct Reliability {
    /// Share of time in which the flow works.
    pub availability: FactId,
    /// 1 − availability, computed without cancellation.
    pub unavailability: FactId,
    /// Seconds a year by the stated convention.
    pub downtime: FactId,
    /// Seconds a month, a twelfth of that year.
    pub downtime_month: FactId,
    /// What each promise of its availability allows, and how much of that is spent.
    pub budgets: Vec<ErrorBudget>,
    /// Requests that fail in a day, at the average rate.
    pub failed_per_day: FactId,
    /// Share of the error budget that is spent: unavailability over 1 less the required availability; `None`
    /// where none is required.
    pub budget_spent: Option<FactId>,
    /// Single points of failure of every kind.
    pub single_points: Vec<SinglePoint>,
    /// Minimal cut sets up to order 3, each replica counted.
    pub cut_sets: Vec<CutSet>,
    /// How many minimal cut sets there are of order 1, 2, 3 …
    pub cut_sets_by_order: Vec<f64>,
    /// Importance of each event, most important first.
    pub importance: Vec<Importance>,
    /// `None` where the numbers are exact; else why they are not, and the proven bounds of the unavailability.
    pub inexact: Option<(EcoString, f64, f64)>,
}

/// What a read is given along its path.
#[derive(Clone, Debug)]
pub struct Read {
    /// The step that reads.
    pub step: StepId,
    /// What it reads, as written.
    pub data: EcoString,
    /// The element at the end of the path that holds it.
    pub source: ElementId,
    /// The level required, if any.
    pub required: Option<EcoString>,
    /// Where it is required: the step or the flow.
    pub required_span: Option<crate::source::Span>,
    /// The strongest models that it is given, as names; `None` where not evaluated.
    pub provided: Option<Vec<EcoString>>,
    /// Whether the requirement is met; `None` where nothing is required or evaluated.
    pub met: Option<bool>,
    /// Upper bound of the staleness (s), where one can be computed.
    pub staleness: Option<f64>,
    /// Why the staleness has no bound.
    pub unbounded: Option<EcoString>,
    /// What is missing, where it was not evaluated.
    pub needs: Option<EcoString>,
    /// The hops, from the reader to the source.
    pub path: Vec<ReadHop>,
    /// The hop that weakens it most.
    pub weakest: Option<usize>,
    /// Whether the requirement would be met if the strongest level of the technology were asked for.
    pub attainable: bool,
    /// The level that was asked of the store and is above what its technology offers.
    pub unsupported: Option<super::consistency::Unsupported>,
    /// The quorums of the store, where it states them.
    pub quorum: Option<super::consistency::Quorum>,
    /// What a finding may rest on all this: the weakest of the grounds.
    pub confidence: crate::catalog::Confidence,
}

/// A hop on the path of a read.
#[derive(Clone, Debug)]
pub struct ReadHop {
    /// The element.
    pub element: ElementId,
    /// The models that it gives, as names.
    pub level: Vec<EcoString>,
    /// Why: `cache with ttl 60s`, `replica, lag 200 ms`.
    pub why: EcoString,
    /// The models as a set.
    pub strength: crate::catalog::consistency::ModelSet,
    /// The facts it rests on.
    pub grounds: Vec<super::consistency::Ground>,
}

/// Every number of a flow.
#[derive(Clone, Debug)]
pub struct FlowFacts {
    /// Arrivals.
    pub rate: Rate,
    /// How often each step happens for one arrival.
    pub multiplicity: Vec<FactId>,
    /// Hop load of each step.
    pub hops: Vec<Rate>,
    /// The caller's answer.
    pub latency: Percentiles,
    /// Hard bounds of the answer (s), without waiting: least and greatest.
    pub bounds: (FactId, FactId),
    /// What its rate limit admits in all, per second; `None` where it has none.
    pub admitted: Option<FactId>,
    /// What its writes hold at once at peak (seats, stock); `None` where nothing is held.
    pub held: Option<FactId>,
    /// What setting up the first connection adds (s), where none is open yet.
    pub cold: FactId,
    /// The completion of everything it set off.
    pub completed: Percentiles,
    /// Reliability.
    pub reliability: Reliability,
    /// Worst product of attempts along a chain, and the same bounded by budgets and breakers.
    pub amplification: (f64, f64),
    /// Its reads.
    pub reads: Vec<Read>,
    /// What each step spends of the caller's latency, from the first to the last.
    pub waterfall: Vec<Spent>,
    /// What the network alone takes of the answer, at least.
    pub network_floor: NetworkFloor,
}

/// What the network alone takes of an answer, in seconds: no machine, however fast, makes it less.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NetworkFloor {
    /// Of its mean.
    pub mean: f64,
    /// Of its median, at least.
    pub p50: f64,
    /// Of its 95th percentile, at least.
    pub p95: f64,
    /// Of its 99th percentile, at least.
    pub p99: f64,
    /// Of its 99.9th percentile, at least.
    pub p999: f64,
}

/// What time is spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpentOn {
    /// On the wire.
    Network,
    /// Waiting for a free server.
    Wait,
    /// At work.
    Work,
    /// Until the slowest of several calls at once is done: the whole of a fan-out, or what the slowest branch
    /// takes beyond the longest one.
    Slowest,
}

impl SpentOn {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            SpentOn::Network => "network",
            SpentOn::Wait => "wait",
            SpentOn::Work => "work",
            SpentOn::Slowest => "slowest",
        }
    }
}

/// What one step spends of the answer. Where nothing runs at once, all of them add up to the mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Spent {
    /// The step.
    pub step: StepId,
    /// On what.
    pub what: SpentOn,
    /// Mean seconds, from the start of the flow.
    pub start: f64,
    /// Mean seconds over all requests: what one in ten takes counts with a tenth of its time.
    pub mean: f64,
}

/// How a requirement fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It holds.
    Met,
    /// It does not hold.
    Violated,
    /// It could not be evaluated.
    NotEvaluated,
}

impl Status {
    /// As in the report.
    pub fn word(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Violated => "violated",
            Status::NotEvaluated => "not_evaluated",
        }
    }
}

/// A requirement and its verdict.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Stable name: `view_feed.p99`, `fast_feed`, `functional.1`.
    pub id: EcoString,
    /// `functional`, `require`, `target`, `invariant` or `recovery`.
    pub kind: &'static str,
    /// What is required, in words.
    pub text: EcoString,
    /// The verdict.
    pub status: Status,
    /// What is expected, as text with units.
    pub expected: EcoString,
    /// What is, as text with units; empty where not evaluated.
    pub actual: EcoString,
    /// Why: the derivation's last line, or what is needed.
    pub why: EcoString,
    /// The flow it is about.
    pub flow: Option<FlowId>,
    /// The scenario under which it was judged.
    pub scenario: Option<ScenarioId>,
    /// The number it was judged by, in the graph of the case in which it was judged.
    pub fact: Option<FactId>,
    /// The name and unit of that number, which mean the same in every case.
    pub measure: Option<(EcoString, super::derivation::Unit)>,
    /// Its place.
    pub span: crate::source::Span,
}

/// A limit that growth will meet: what breaks, and when.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The element.
    pub element: ElementId,
    /// `utilization`, `disk`, `connections`, `memory`, `network` or `largest_machine`.
    pub what: &'static str,
    /// The share of it that is used at peak today; `None` for what fills.
    pub used: Option<FactId>,
    /// Seconds from today; 0 where it is met already.
    pub time: FactId,
    /// The share that is used, from today to the horizon at [`PATH`] equal distances; empty without a horizon.
    pub path: Vec<f64>,
}

/// How many steps from today to the horizon the path of a limit has.
pub const PATH: usize = 12;

/// What fails first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    /// One replica of several.
    Replica(ElementId),
    /// All of an element.
    Element(ElementId),
    /// A zone: of a region, or one of those that `zones N` shares.
    Zone((Option<RegionId>, u32)),
}

impl Lost {
    /// The element; `None` for a zone.
    pub fn element(self) -> Option<ElementId> {
        match self {
            Lost::Replica(id) | Lost::Element(id) => Some(id),
            Lost::Zone(_) => None,
        }
    }
}

/// An element that is asked for more than what is left of it can serve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overload {
    /// The element.
    pub element: ElementId,
    /// Utilization of what is left.
    pub utilization: f64,
    /// What it is asked for, per second at peak.
    pub load: f64,
    /// What of it are calls that are tried again because something else has failed.
    pub retries: f64,
    /// Replicas that are left.
    pub left: f64,
}

/// A failure that takes flows down by overload, not by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Cascade {
    /// What fails first: one or two things.
    pub trigger: Vec<Lost>,
    /// What a lost zone takes of the elements whose load moves or that are overloaded: how many replicas of how many.
    pub taken: Vec<(ElementId, f64, f64)>,
    /// What is overloaded then, in this order.
    pub overloads: Vec<Overload>,
    /// The flows that are down in the end.
    pub flows: Vec<FlowId>,
}

/// Everything that was computed for one case (the base case or a scenario).
#[derive(Clone, Debug)]
pub struct Facts {
    /// The graph.
    pub derivation: Derivation,
    /// By element, in the model's order.
    pub elements: Vec<ElementFacts>,
    /// By flow, in the model's order.
    pub flows: Vec<FlowFacts>,
    /// By machines that run containers, in the model's order.
    pub nodes: Vec<NodesFacts>,
    /// Cost of the whole (USD/s).
    pub cost: FactId,
    /// Largest factor on all rates at which nothing is overloaded.
    pub scales_to: FactId,
    /// When each limit is met, by growth, the first first.
    pub limits: Vec<Limit>,
    /// What acknowledged writes survive, which anomalies remain, what messages do.
    pub correctness: super::consistency::Correctness,
    /// Flows that set off one another without end.
    pub feedback: Vec<Feedback>,
    /// The smallest failures that take a flow down by overload; of the base case only.
    pub cascades: Vec<Cascade>,
    /// Every requirement with its verdict.
    pub requirements: Vec<Requirement>,
}

impl Facts {
    /// The numbers of an element.
    pub fn element(&self, id: ElementId) -> &ElementFacts {
        &self.elements[id.index()]
    }

    /// The numbers of a flow.
    pub fn flow(&self, id: FlowId) -> &FlowFacts {
        &self.flows[id.index()]
    }

    /// Where the copies that reads and writes of an element ask may miss each other: how long after its
    /// acknowledgement 99.9% of the reads see a write (s).
    pub fn seen_within(&self, id: ElementId) -> Option<f64> {
        self.value(self.element(id).visibility.as_ref()?.p999).filter(|time| *time > 0.0)
    }

    /// The factor on today's peak load at which a limit is reached.
    pub fn room(&self, limit: &Limit) -> Option<f64> {
        Some(1.0 / self.value(limit.used?).filter(|used| *used > 0.0)?)
    }

    /// The value of a fact.
    pub fn value(&self, id: FactId) -> Option<f64> {
        self.derivation.value(id)
    }
}
