//! What brokers promise about each message, and what happens when a message or a request comes twice.

use super::ground::{Ground, Needs};
use super::is_record;
use crate::analysis::calls::{Calls, Crossings, Hop};
use crate::catalog::{Class, Delivery, MessageOrdering, Technology};
use crate::model::{Element, ElementId, Flow, FlowId, Model, Operation, Replicas, StepId, Trigger};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::BTreeSet;

/// A setting that is in force, and why; or what would have to be known.
pub type Setting<T> = Result<(T, Ground), Needs>;

/// In which order messages arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Any.
    None,
    /// In order for each key or partition.
    Key,
    /// One order for all.
    Total,
}

/// What a broker does with messages.
#[derive(Clone, Debug)]
pub struct BrokerFacts {
    /// The broker.
    pub element: ElementId,
    /// How often a message arrives.
    pub delivery: Setting<Delivery>,
    /// Whether the delivery that is stated is above what the technology offers.
    pub delivery_unsupported: Option<(Delivery, Ground)>,
    /// The order that the technology (or the design, where it names none) keeps.
    pub order: Setting<Order>,
    /// The order that the design asks for.
    pub order_asked: Option<Order>,
    /// Partitions.
    pub partitions: Setting<u32>,
    /// Seconds for which messages are kept; infinite for ever.
    pub retention_s: Setting<f64>,
    /// Where messages go that cannot be processed.
    pub dead_letter: Option<ElementId>,
    /// Whether it is itself where such messages go.
    pub is_dead_letter: bool,
    /// Whether consumers acknowledge before they have done the work; `None` where that is not stated.
    pub ack_before_work: Option<bool>,
    /// Seconds for which a taken message stays hidden; `None` where neither design nor catalogue says.
    pub visibility_s: Setting<f64>,
    /// How many messages may wait, where a limit is stated.
    pub limit_length: Option<f64>,
    /// Whose receipt publishers wait for: `all`, `leader`, `none`.
    pub acks: Option<EcoString>,
    /// Copies that must be in sync.
    pub min_in_sync: Option<u32>,
    /// Whether a store's technology is used as a queue.
    pub table_as_queue: bool,
    /// Steps that publish to it: flow and step.
    pub publishers: Vec<(FlowId, StepId)>,
    /// Who takes messages, in each flow.
    pub consumers: Vec<ConsumerFacts>,
    /// Whether messages flow on to somebody who is not modelled as a consumer: it is read as a log.
    pub read_as_log: bool,
}

/// Somebody who takes messages from a broker.
#[derive(Clone, Debug)]
pub struct ConsumerFacts {
    /// The consumer.
    pub element: ElementId,
    /// The flow in which it takes them.
    pub flow: FlowId,
    /// The step by which it does, or the first one of the flow that messages start.
    pub step: StepId,
    /// What a second delivery would do again and is not idempotent.
    pub effects: Vec<StepId>,
    /// Whether a second delivery does nothing more.
    pub idempotent: bool,
    /// Whether the same message may come twice; `None` where the delivery is not known.
    pub duplicates: Option<bool>,
    /// Effects outside the broker's own transactions.
    pub leaves_broker: Vec<StepId>,
    /// Most replicas.
    pub replicas: u32,
    /// Why the order that is asked for is not kept; `None` where it is, or none is asked for.
    pub disordered: Option<EcoString>,
    /// Whether this flow is started by the broker's messages, so that its answer is the time of processing.
    pub triggered: bool,
}

/// A step that is tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryFacts {
    /// The flow.
    pub flow: FlowId,
    /// The step.
    pub step: StepId,
    /// How often it is tried.
    pub attempts: u32,
    /// What a second attempt would do again and is not idempotent; empty where there is nothing.
    pub effects: Vec<StepId>,
}

/// Every broker of a design.
pub fn brokers(model: &Model, calls: &[Calls], crossings: &Crossings) -> Vec<BrokerFacts> {
    let dead: BTreeSet<ElementId> =
        model.elements.iter().flat_map(|e| e.props.elements("dead_letter")).collect();
    let ids = model.elements().filter(|(_, e)| e.kind.is_broker()).map(|(id, _)| id);
    ids.map(|id| broker(model, calls, crossings.flows(id), id, dead.contains(&id))).collect()
}

fn broker(
    model: &Model,
    calls: &[Calls],
    flows: &[FlowId],
    id: ElementId,
    is_dead_letter: bool,
) -> BrokerFacts {
    let element = model.element(id);
    let delivery = delivery(element);
    let order = order(element);
    let order_asked = element.props.word("ordering").and_then(order_of);
    let partitions = counted(element, "partitions", Technology::partitions_default);
    let mut publishers = Vec::new();
    let mut consumers = Vec::new();
    let mut read_as_log = false;
    for flow_id in flows.iter().copied() {
        let (flow, calls) = (model.flow(flow_id), &calls[flow_id.index()]);
        for (at, hop) in calls.hops.iter().enumerate() {
            if hop.to == id && hop.counts_as == Operation::Publish {
                publishers.push((flow_id, hop.step));
            }
            read_as_log |= hop.to == id && hop.counts_as == Operation::Read;
            if hop.operation == Operation::Consume && (hop.from == id || hop.to == id) {
                let taker = if hop.from == id { hop.to } else { hop.from };
                consumers.push(consumer(model, (flow_id, flow), calls, at, taker, id));
            } else if calls.delivery == Some(at) && hop.from == id {
                consumers.push(consumer(model, (flow_id, flow), calls, at, hop.to, id));
            }
        }
    }
    for consumer in &mut consumers {
        let redelivers = |d: Delivery| d != Delivery::AtMostOnce;
        consumer.duplicates = delivery.as_ref().ok().map(|(d, _)| *d == Delivery::AtLeastOnce);
        if delivery.as_ref().is_ok_and(|(d, _)| !redelivers(*d)) {
            consumer.leaves_broker.clear();
        }
        consumer.disordered =
            disordered(order_asked, order.as_ref().ok(), partitions.as_ref().ok(), consumer.replicas);
    }
    BrokerFacts {
        element: id,
        delivery_unsupported: delivery_unsupported(element),
        delivery,
        order,
        order_asked,
        partitions: partitions.map(|(n, ground)| (n as u32, ground)),
        retention_s: retention(element),
        dead_letter: element.props.elements("dead_letter").next(),
        is_dead_letter,
        ack_before_work: element.props.word("ack").map(|word| word == "before_work"),
        visibility_s: counted(element, "visibility", Technology::visibility_default_s),
        limit_length: element.props.number("limit_length"),
        acks: element.props.word("acks").map(Into::into),
        min_in_sync: element.props.number("min_in_sync").map(|n| n as u32),
        table_as_queue: element.tech().is_some_and(keeps_tables),
        publishers,
        consumers,
        read_as_log,
    }
}

/// Whether it is a database first: nothing of it is made for messages.
fn keeps_tables(technology: &Technology) -> bool {
    let tables = [Class::Relational, Class::Document, Class::WideColumn];
    tables.into_iter().any(|class| technology.is(class))
        && ![Class::Queue, Class::Topic, Class::Log].into_iter().any(|class| technology.is(class))
}

fn delivery(element: &Element) -> Setting<Delivery> {
    if let Some(prop) = element.props.get("delivery")
        && let Some(delivery) = prop.word().and_then(Delivery::parse)
    {
        return Ok((delivery, Ground::property(element, prop, prop.word().unwrap_or_default())));
    }
    let known = element.tech().and_then(|t| Some((t, t.delivery_default()?)));
    let (technology, known) = known.ok_or_else(|| eco_format!("{}.delivery", element.head.name))?;
    Ok((known.value, Ground::catalogue(technology, &known, known.value.token())))
}

fn delivery_unsupported(element: &Element) -> Option<(Delivery, Ground)> {
    let stated = Delivery::parse(element.props.word("delivery")?)?;
    let technology = element.tech()?;
    let strongest = technology.delivery_strongest()?;
    let ground = Ground::catalogue(technology, &strongest, strongest.value.token());
    (stated > strongest.value).then_some((strongest.value, ground))
}

fn order_of(word: &str) -> Option<Order> {
    match word {
        "none" => Some(Order::None),
        "key" => Some(Order::Key),
        "total" => Some(Order::Total),
        _ => None,
    }
}

fn order(element: &Element) -> Setting<Order> {
    if let Some(technology) = element.tech()
        && let Some(known) = technology.ordering()
    {
        let order = match known.value {
            MessageOrdering::None => Order::None,
            MessageOrdering::PerKey | MessageOrdering::PerPartition => Order::Key,
            MessageOrdering::PerQueue | MessageOrdering::PerStream => Order::Total,
        };
        return Ok((order, Ground::catalogue(technology, &known, known.value.token())));
    }
    let stated = element.props.get("ordering").and_then(|p| Some((order_of(p.word()?)?, p)));
    let (order, prop) = stated.ok_or_else(|| eco_format!("{}.ordering", element.head.name))?;
    Ok((order, Ground::property(element, prop, prop.word().unwrap_or_default())))
}

fn counted(
    element: &Element,
    key: &str,
    default: impl Fn(&Technology) -> Option<crate::catalog::Known<f64>>,
) -> Setting<f64> {
    if let Some(prop) = element.props.get(key)
        && let Some(quantity) = prop.quantity()
    {
        return Ok((quantity.value(), Ground::property(element, prop, quantity.quantity.human())));
    }
    let known = element.tech().and_then(|t| Some((t, default(t)?)));
    let (technology, known) = known.ok_or_else(|| eco_format!("{}.{key}", element.head.name))?;
    Ok((known.value, Ground::catalogue(technology, &known, known.value)))
}

fn retention(element: &Element) -> Setting<f64> {
    if let Some(prop) = element.props.get("retention").filter(|p| p.word() == Some("forever")) {
        return Ok((f64::INFINITY, Ground::property(element, prop, "forever")));
    }
    counted(element, "retention", Technology::retention_default_s)
}

/// Why the order that is asked for is not kept.
fn disordered(
    asked: Option<Order>,
    kept: Option<&(Order, Ground)>,
    partitions: Option<&(f64, Ground)>,
    replicas: u32,
) -> Option<EcoString> {
    let asked = asked.filter(|order| *order != Order::None)?;
    let several = partitions.is_some_and(|(n, _)| *n > 1.0);
    let (kept, _) = kept?;
    // A partitioned log with one partition keeps one order for all.
    let one_partition = *kept == Order::Key && partitions.is_some_and(|(n, _)| *n <= 1.0);
    if *kept < asked && !one_partition {
        return Some("the broker does not keep that order".into());
    }
    if asked == Order::Total && several {
        return Some("several partitions".into());
    }
    // A partition is worked on by one consumer at a time; a queue hands out to all of them.
    let shared = replicas > 1 && (asked == Order::Total || (*kept == Order::Total && !several));
    (shared && *kept == Order::Total).then(|| eco_format!("{replicas} consumers work at once"))
}

fn consumer(
    model: &Model,
    (id, flow): (FlowId, &Flow),
    calls: &Calls,
    at: usize,
    element: ElementId,
    broker: ElementId,
) -> ConsumerFacts {
    let hop = &calls.hops[at];
    let consuming = flow.step(hop.step);
    let triggered = matches!(&flow.trigger, Some(Trigger::Messages(from, _)) if *from == broker);
    // Steps that a triggered flow begins with are the work, though they may hang under nothing.
    let works =
        |i: usize| below(calls, i, at) || (triggered && root(calls, i) != at && calls.delivery == Some(at));
    let all: Vec<&Hop> =
        calls.hops.iter().enumerate().filter(|(i, _)| *i != at && works(*i)).map(|(_, h)| h).collect();
    let whole = hop.operation == Operation::Consume && consuming.props.has("idempotent");
    let effects = if whole { Vec::new() } else { effects(model, flow, calls, &all) };
    let outside = |h: &&&Hop| has_effect(model, h) && !model.element(h.to).kind.is_broker();
    let leaves_broker: Vec<StepId> = unique(all.iter().filter(outside).map(|h| h.step));
    let replicas = match model.element(element).replicas() {
        Some(Replicas::Fixed(n) | Replicas::Range(_, n)) => n,
        None => 1,
    };
    ConsumerFacts {
        element,
        flow: id,
        step: hop.step,
        idempotent: effects.is_empty(),
        effects,
        duplicates: None,
        leaves_broker,
        replicas,
        disordered: None,
        triggered,
    }
}

fn unique(steps: impl Iterator<Item = StepId>) -> Vec<StepId> {
    let mut steps: Vec<StepId> = steps.collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// Whether a hop hangs, directly or not, under another.
fn below(calls: &Calls, mut at: usize, top: usize) -> bool {
    while let Some(parent) = calls.hops.get(at).and_then(|h| h.parent) {
        if parent == top {
            return true;
        }
        at = parent;
    }
    false
}

fn root(calls: &Calls, mut at: usize) -> usize {
    while let Some(parent) = calls.hops.get(at).and_then(|h| h.parent) {
        at = parent;
    }
    at
}

/// Whether a hop changes something that outlives it: a record, a message, something outside, what a person sees.
/// Deleting twice is deleting once.
fn has_effect(model: &Model, hop: &Hop) -> bool {
    let kind = model.element(hop.to).kind;
    match hop.operation {
        Operation::Delete if !kind.is_broker() => false,
        Operation::Push => true,
        Operation::Call => kind == Kind::External || kind.is_broker(),
        _ => match hop.counts_as {
            Operation::Write => is_record(model, hop.to),
            Operation::Publish => kind.is_broker(),
            _ => false,
        },
    }
}

/// The effects among hops that nothing makes idempotent: neither the step, nor one above it, nor its HTTP method.
fn effects(model: &Model, flow: &Flow, calls: &Calls, hops: &[&Hop]) -> Vec<StepId> {
    let safe = |hop: &Hop| {
        let step = flow.step(hop.step);
        if step.props.has("idempotent") || idempotent_method(step.title.as_deref()) {
            return true;
        }
        let mut above = hop.parent;
        while let Some(parent) = above.and_then(|p| calls.hops.get(p)) {
            if flow.step(parent.step).props.has("idempotent") {
                return true;
            }
            above = parent.parent;
        }
        false
    };
    unique(hops.iter().filter(|h| has_effect(model, h) && !safe(h)).map(|h| h.step))
}

/// Methods that RFC 9110, section 9.2.2, defines as idempotent.
fn idempotent_method(title: Option<&str>) -> bool {
    let method = title.and_then(|t| t.split_whitespace().next());
    matches!(method, Some("GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE"))
}

/// The steps of a flow that are tried again, with what that would do twice.
pub fn retries(model: &Model, id: FlowId, calls: &Calls) -> Vec<RetryFacts> {
    let flow = model.flow(id);
    let mut found = Vec::new();
    for (at, hop) in calls.hops.iter().enumerate().take(flow.steps.len()) {
        let attempts = flow.step(hop.step).props.number("retry.attempts").unwrap_or(1.0);
        if attempts < 2.0 {
            continue;
        }
        // What is behind a hand-over happens once for each message that the broker accepted.
        let inside = |i: usize| i == at || (below(calls, i, at) && calls.hops[i].waited);
        let hops: Vec<&Hop> =
            calls.hops.iter().enumerate().filter(|(i, _)| inside(*i)).map(|(_, h)| h).collect();
        let effects = effects(model, flow, calls, &hops);
        found.push(RetryFacts { flow: id, step: hop.step, attempts: attempts as u32, effects });
    }
    found
}
