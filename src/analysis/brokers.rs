//! Queues and topics: backlog and drain time, the outage that a consumer may have, partitions, polling.

use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, RATE, TIME, What};
use super::facts::{Load, QueueFacts};
use super::own_time::OwnTime;
use super::shape::Shape;
use super::shares::Receivers;
use crate::model::{ElementId, Operation, Props};
use ecow::eco_format;

/// What a broker's facts rest on.
pub struct Consumers<'c> {
    /// Who takes what.
    pub receivers: &'c Receivers,
    /// Loads by element.
    pub loads: &'c [Load],
    /// Shapes by element.
    pub shapes: &'c [Shape],
    /// Own times by element.
    pub own: &'c [OwnTime],
    /// Working nodes by element.
    pub nodes: &'c [FactId],
}

/// The facts of a broker; `None` for what is none.
pub fn queue(case: &mut Case<'_>, id: ElementId, with: &Consumers<'_>) -> Option<QueueFacts> {
    let element = case.element(id);
    if !element.kind.is_broker() {
        return None;
    }
    let name = &element.head.name;
    let consumers = with.receivers.consumers_of(id);
    let mut growths = Vec::new();
    let mut drains = Vec::new();
    for consumer in &consumers {
        let (growth, drain) = backlog(case, id, *consumer, with);
        growths.push(growth);
        drains.push(drain);
    }
    let growth_what = What::of(name, "queue.backlog_growth", RATE);
    let drain_what = What::of(name, "queue.drain_ratio", NUMBER)
        .labelled("time to drain over the length of the outage, slowest consumer");
    let (backlog_growth, drain_ratio) = if consumers.is_empty() {
        let need = eco_format!("a consumer of {name}");
        (case.graph.missing(growth_what, need.clone()), case.graph.missing(drain_what, need))
    } else {
        (case.graph.maximum(growth_what, growths), case.graph.maximum(drain_what, drains))
    };
    let outage = outage(case, id, with);
    let polling = polling(case, id, &consumers, with);
    let replicas = consumers.iter().map(|c| with.shapes[c.index()].declared).collect();
    let consumers_what =
        What::of(name, "queue.consumers", NUMBER).labelled("replicas of the largest consumer");
    let consuming = case.graph.maximum(consumers_what, replicas);
    let partitions = match element.props.quantity("partitions") {
        Some(n) => case.stated(eco_format!("{name}.partitions"), "partitions", n, NUMBER),
        None => case.graph.missing(What::of(name, "partitions", NUMBER), eco_format!("{name}.partitions")),
    };
    Some(QueueFacts {
        backlog_growth,
        drain_ratio,
        outage_survived: outage,
        consumers: consuming,
        partitions,
        polling,
    })
}

/// How fast a consumer's backlog grows at peak, and how long it takes to work off a second of outage.
fn backlog(
    case: &mut Case<'_>,
    broker: ElementId,
    consumer: ElementId,
    with: &Consumers<'_>,
) -> (FactId, FactId) {
    let name = case.name(consumer);
    let load = &with.loads[consumer.index()];
    let arriving = load.total.peak;
    let operation = if load.by_operation.contains_key(&Operation::Consume) {
        Operation::Consume
    } else {
        Operation::Call
    };
    let capacity = super::capacity::capacity_of(case, consumer, Some(operation), with.own);
    let mut nodes = with.nodes[consumer.index()];
    if let Some(partitions) = case.element(broker).props.quantity("partitions") {
        let full = eco_format!("{}.partitions", case.name(broker));
        let partitions = case.stated(full, "partitions", partitions, NUMBER);
        let what = What::between(eco_format!("replicas of {name} that have a partition"), NUMBER);
        nodes = case.graph.minimum(what, vec![nodes, partitions]);
    }
    let all = case
        .graph
        .product(What::between(eco_format!("what {name} takes in all"), RATE), vec![nodes, capacity]);
    let what = What::between(eco_format!("backlog of {name} at peak"), RATE);
    let growth = case.graph.formula(what, "max(0, arrivals - what is taken)", vec![arriving, all], |v| {
        Ok((v[0] - v[1]).max(0.0))
    });
    let average = load.total.average;
    let what = What::between(eco_format!("drain time of {name} for each second of outage"), NUMBER);
    let text = "arrivals / (what is taken - arrivals), on average";
    let drain = case.graph.formula(what, text, vec![average, all], |v| {
        if v[1] > v[0] { Ok(v[0] / (v[1] - v[0])) } else { Err(eco_format!("more capacity of {name}")) }
    });
    (growth, drain)
}

/// The longest outage of the consumers that loses nothing: retention, or until the queue is full.
fn outage(case: &mut Case<'_>, id: ElementId, with: &Consumers<'_>) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "queue.outage_survived_s", TIME);
    let mut limits = Vec::new();
    if let Some(keep) = element.props.quantity("retention") {
        limits.push(case.stated("", "retention", keep, TIME));
    }
    if let Some(length) = element.props.quantity("limit_length") {
        let length = case.stated("", "messages that may wait", length, NUMBER);
        let peak = with.loads[id.index()].total.peak;
        limits.push(case.graph.quotient(What::between("time until it is full, at peak", TIME), length, peak));
    }
    if limits.is_empty() {
        if element.props.word("retention") == Some("forever") {
            return case.graph.constant(what.labelled("messages are kept forever"), f64::INFINITY);
        }
        return case.graph.missing(what, eco_format!("{name}.retention"));
    }
    case.graph.minimum(what, limits)
}

/// Questions a second of consumers that ask whether there is something.
fn polling(
    case: &mut Case<'_>,
    id: ElementId,
    consumers: &[ElementId],
    with: &Consumers<'_>,
) -> Option<FactId> {
    let element = case.element(id);
    let every = element.props.quantity("poll")?;
    let every = case.stated("", "time between two questions", every, TIME);
    let replicas = consumers.iter().map(|c| with.nodes[c.index()]).collect();
    let replicas = case.graph.sum(What::between("replicas of all consumers", NUMBER), replicas);
    Some(case.graph.quotient(What::of(&element.head.name, "queue.polling", RATE), replicas, every))
}

/// What the rate limit of an element or flow admits in all; `None` where there is none.
pub fn admitted(case: &mut Case<'_>, name: &str, props: &Props) -> Option<FactId> {
    let limit = props.get("limit")?.block.as_ref()?;
    let rate = limit.quantity("rate")?;
    let rate = case.stated("", "rate that is admitted", rate, RATE);
    let what = What::of(name, "limit.admitted", RATE);
    let per = limit.get("rate").and_then(|p| p.value("per"));
    if per.is_none() {
        return Some(case.graph.sum(what, vec![rate]));
    }
    let Some(users) = case.model.workload.as_ref().and_then(|w| w.props.quantity("users")) else {
        return Some(case.graph.missing(what, "workload.users"));
    };
    let users = case.stated("", "users", users, NUMBER);
    Some(case.graph.product(what.labelled("admitted for all users together"), vec![rate, users]))
}
