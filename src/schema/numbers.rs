//! The names of computed numbers that targets, alerts and rules of the house may compare.
//!
//! The analyses put a number under each of these names; a test holds the two together.

use super::Measure;

/// A computed number of an element or a flow.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// The name behind that of the element or flow: `utilization.peak`.
    pub name: &'static str,
    /// What it measures.
    pub measure: Measure,
    /// What it is, one line.
    pub doc: &'static str,
}

const fn number(name: &'static str, measure: Measure, doc: &'static str) -> Number {
    Number { name, measure, doc }
}

/// Numbers of elements.
pub const ELEMENT_NUMBERS: &[Number] = &[
    number("availability", Measure::Share, "share of time in which the whole works"),
    number("unavailability", Measure::Share, "one less the availability, with all its digits"),
    number("utilization", Measure::Factor, "load over capacity at peak"),
    number("utilization.average", Measure::Factor, "at average load"),
    number("utilization.peak", Measure::Factor, "at peak"),
    number("utilization.zone_loss", Measure::Factor, "at peak with the fullest zone lost"),
    number("utilization.region_loss", Measure::Factor, "at peak with the fullest region lost"),
    number("utilization.horizon", Measure::Factor, "at peak at the horizon"),
    number("load.average", Measure::Rate, "what arrives"),
    number("load.peak", Measure::Rate, "what arrives at peak"),
    number("capacity", Measure::Rate, "what one replica serves"),
    number("replicas", Measure::Count, "how many there are"),
    number("replicas.required", Measure::Count, "needed at peak with the headroom"),
    number("replicas.required_zone_loss", Measure::Count, "needed when a zone is lost"),
    number("replicas.required_horizon", Measure::Count, "needed at the horizon"),
    number("concurrency.declared", Measure::Count, "slots there are"),
    number("concurrency.needed", Measure::Count, "slots in use at peak"),
    number("connections.declared", Measure::Count, "connections that one replica accepts"),
    number("connections.needed", Measure::Count, "connections that it must hold"),
    number("wait.mean", Measure::Time, "mean wait for a free server"),
    number("wait.p99", Measure::Time, "99th percentile of that wait"),
    number("wait.probability", Measure::Share, "how often a request waits"),
    number("storage.bytes_per_day", Measure::Data, "what a day adds"),
    number("storage.bytes_at_horizon", Measure::Data, "what is kept at the horizon"),
    number("disk_full_in", Measure::Time, "time until the disk is full"),
    number("memory.declared", Measure::Data, "memory there is"),
    number("memory.needed", Measure::Data, "memory in use"),
    number("network.in", Measure::DataRate, "bytes that come in at peak"),
    number("network.out", Measure::DataRate, "bytes that go out at peak"),
    number("hit", Measure::Share, "hit ratio of a cache"),
    number("staleness", Measure::Time, "how old an answer of a cache may be"),
    number("visibility.at_once", Measure::Share, "reads of a partial quorum that see a write at once"),
    number(
        "visibility.p99",
        Measure::Time,
        "how long after its acknowledgement 99% of the reads see a write",
    ),
    number("visibility.p999", Measure::Time, "how long after it 99.9% of the reads do"),
    number("detection_time", Measure::Time, "time until a dead replica is noticed"),
    number("recovery_time", Measure::Time, "time until another replica answers"),
    number(
        "after_outage.load",
        Measure::Rate,
        "what arrives when it is back and all that failed is tried again",
    ),
    number("after_outage.utilization", Measure::Factor, "that load over what it can serve"),
    number("after_outage.backlog", Measure::Count, "calls that failed while it was down and come again"),
    number("after_outage.at_once", Measure::Count, "so many of them at once, at most"),
    number("after_outage.wait", Measure::Time, "the longest wait for an answer then"),
    number("after_outage.time", Measure::Time, "time until nothing of the outage is left, at most"),
    number(
        "after_outage.ends_below",
        Measure::Share,
        "share of the peak load below which retries cannot keep it overloaded",
    ),
    number("durability", Measure::Share, "probability that a datum outlives a year"),
    number("loss_per_year", Measure::Share, "one less the durability, with all its digits"),
    number("mean_time_to_loss", Measure::Time, "time until every copy of a datum is lost"),
    number("cost", Measure::MoneyRate, "what all replicas cost"),
];

/// Numbers of machines that run containers.
pub const NODES_NUMBERS: &[Number] = &[
    number("nodes", Measure::Count, "how many there are"),
    number("nodes.least", Measure::Count, "no fewer hold the replicas at peak"),
    number("nodes.required", Measure::Count, "so many are enough: first-fit, the largest replicas first"),
    number("nodes.zone_loss", Measure::Count, "how many are left when the fullest zone is lost"),
    number("nodes.required_zone_loss", Measure::Count, "so many are enough when a zone is lost"),
    number("nodes.required_horizon", Measure::Count, "so many are enough at the horizon"),
    number("cpu.needed", Measure::Count, "processors that the replicas ask for at peak"),
    number("memory.needed", Measure::Data, "memory that they ask for"),
    number("utilization.cpu", Measure::Factor, "the share of all processors that they ask for"),
    number("utilization.memory", Measure::Factor, "the share of all memory"),
    number("cost", Measure::MoneyRate, "what all of them cost"),
];

/// Numbers of flows.
pub const FLOW_NUMBERS: &[Number] = &[
    number("mean", Measure::Time, "mean of the caller's answer"),
    number("p50", Measure::Time, "its median"),
    number("p95", Measure::Time, "its 95th percentile"),
    number("p99", Measure::Time, "its 99th percentile"),
    number("p999", Measure::Time, "its 99.9th percentile"),
    number("min", Measure::Time, "least time that it can take"),
    number("max", Measure::Time, "greatest time that it can take, without waiting"),
    number("completed.mean", Measure::Time, "mean completion of everything it set off"),
    number("completed.p50", Measure::Time, "its median"),
    number("completed.p95", Measure::Time, "its 95th percentile"),
    number("completed.p99", Measure::Time, "its 99th percentile"),
    number("completed.p999", Measure::Time, "its 99.9th percentile"),
    number("availability", Measure::Share, "share of time in which it works"),
    number("unavailability", Measure::Share, "one less the availability, with all its digits"),
    number("downtime", Measure::Time, "time a year in which it does not work"),
    number("downtime_month", Measure::Time, "time a month in which it does not work"),
    number("budget_spent", Measure::Factor, "share of the error budget that is spent"),
    number("failed_per_day", Measure::Count, "requests that fail in a day"),
    number("rate.average", Measure::Rate, "arrivals"),
    number("rate.peak", Measure::Rate, "arrivals at peak"),
];
