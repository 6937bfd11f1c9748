//! Who receives what is published: which publishes start which flow, and how the consumers of a
//! queue share its messages by their replicas.

use super::calls::{Calls, Hop, is_called, touches};
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, What};
use crate::model::{ElementId, Flow, FlowId, Model, Operation, Touched, Trigger};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::{BTreeMap, BTreeSet};

/// A hop that hands a message to a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Publish {
    /// Its flow.
    pub flow: FlowId,
    /// Its position among the hops of the flow.
    pub hop: usize,
}

/// Who receives what.
#[derive(Debug, Default)]
pub struct Receivers {
    publishes: BTreeMap<FlowId, Vec<Publish>>,
    consumers: BTreeMap<ElementId, Vec<Consumer>>,
    starting: BTreeSet<Publish>,
    /// By flow: its broker and what takes the message from there.
    deliveries: BTreeMap<FlowId, (ElementId, Consumer)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Consumer {
    element: ElementId,
    /// What it takes; everything where it names nothing.
    words: Vec<EcoString>,
}

impl Receivers {
    /// Collects them from every flow.
    pub fn of(model: &Model, calls: &[Calls]) -> Receivers {
        let mut receivers = Receivers::default();
        let published = published(model, calls);
        for (id, flow) in model.flows() {
            let Some(hops) = calls.get(id.index()) else { continue };
            for hop in hops.hops.iter().filter(|h| h.operation == Operation::Consume) {
                let Some((broker, element)) = ends(model, hop) else { continue };
                let words = words(model, flow, hop);
                receivers.add(broker, Consumer { element, words });
            }
            let Some(Trigger::Messages(broker, word)) = &flow.trigger else { continue };
            let matches = |p: &&Publish| {
                let flow = model.flow(p.flow);
                let hops = &calls[p.flow.index()];
                let touched = touches(flow, &hops.hops[p.hop]);
                word.as_ref().is_none_or(|word| touched.iter().any(|t| is_called(model, t, word)))
            };
            let matching: Vec<Publish> =
                published.get(broker).into_iter().flatten().filter(matches).copied().collect();
            receivers.starting.extend(matching.iter().copied());
            receivers.publishes.insert(id, matching);
            if let Some(taken) = hops.delivery.and_then(|at| hops.hops.get(at)).and_then(|h| ends(model, h)) {
                let words = word.iter().cloned().collect();
                let consumer = Consumer { element: taken.1, words };
                receivers.add(*broker, consumer.clone());
                receivers.deliveries.insert(id, (*broker, consumer));
            }
        }
        receivers
    }

    fn add(&mut self, broker: ElementId, consumer: Consumer) {
        let known = self.consumers.entry(broker).or_default();
        if !known.contains(&consumer) {
            known.push(consumer);
        }
    }

    /// The publishes that start a flow.
    pub fn publishes_to(&self, flow: FlowId) -> &[Publish] {
        self.publishes.get(&flow).map_or(&[], Vec::as_slice)
    }

    /// Every flow that messages start, with the publishes that do.
    pub fn publishes_by_flow(&self) -> impl Iterator<Item = (FlowId, &[Publish])> {
        self.publishes.iter().map(|(flow, publishes)| (*flow, publishes.as_slice()))
    }

    /// Whether a publish starts a flow.
    pub fn starts_something(&self, publish: Publish) -> bool {
        self.starting.contains(&publish)
    }

    /// Every element that takes messages from a broker, once.
    pub fn consumers_of(&self, broker: ElementId) -> Vec<ElementId> {
        let mut all: Vec<ElementId> =
            self.consumers.get(&broker).into_iter().flatten().map(|c| c.element).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The share of a queue's messages that starts a flow; `None` where nothing else takes them.
    pub fn share_of_flow(&self, case: &mut Case<'_>, flow: FlowId) -> Option<FactId> {
        let (broker, consumer) = self.deliveries.get(&flow)?;
        self.share(case, *broker, consumer)
    }

    /// The share of a queue's messages that a hop within a flow takes.
    pub fn share_of_hop(&self, case: &mut Case<'_>, flow: FlowId, hop: &Hop) -> Option<FactId> {
        if hop.operation != Operation::Consume {
            return None;
        }
        let (broker, element) = ends(case.model, hop)?;
        let words = words(case.model, case.model.flow(flow), hop);
        self.share(case, broker, &Consumer { element, words })
    }

    fn share(&self, case: &mut Case<'_>, broker: ElementId, consumer: &Consumer) -> Option<FactId> {
        if case.element(broker).kind != Kind::Queue {
            return None;
        }
        let rivals = self.consumers.get(&broker)?;
        let overlaps = |c: &&Consumer| {
            c.words.is_empty()
                || consumer.words.is_empty()
                || c.words.iter().any(|w| consumer.words.contains(w))
        };
        let mut elements: Vec<ElementId> = rivals.iter().filter(overlaps).map(|c| c.element).collect();
        elements.sort_unstable();
        elements.dedup();
        if elements.len() < 2 {
            return None;
        }
        let own = replicas(case, consumer.element);
        let all: Vec<FactId> = elements.iter().map(|e| replicas(case, *e)).collect();
        let total = case.graph.sum(What::between("replicas of all consumers", NUMBER), all);
        let label = eco_format!("share of {} that {} takes", case.name(broker), case.name(consumer.element));
        Some(case.graph.quotient(What::between(label, Unit::Share), own, total))
    }
}

fn replicas(case: &mut Case<'_>, id: ElementId) -> FactId {
    let label = eco_format!("replicas of {}", case.name(id));
    match case.element(id).props.quantity("replicas") {
        Some(n) => case.stated("", &label, n, NUMBER),
        None => case.once,
    }
}

/// The broker and the consumer of a hop that consumes.
fn ends(model: &Model, hop: &Hop) -> Option<(ElementId, ElementId)> {
    let is_broker = |id: ElementId| model.element(id).kind.is_broker();
    match (is_broker(hop.from), is_broker(hop.to)) {
        (true, _) => Some((hop.from, hop.to)),
        (false, true) => Some((hop.to, hop.from)),
        (false, false) => None,
    }
}

fn words(model: &Model, flow: &Flow, hop: &Hop) -> Vec<EcoString> {
    let word = |t: &Touched| match t {
        Touched::Data(id) => model.datum(*id).head.short.clone(),
        Touched::Label(label, _) => label.clone(),
    };
    touches(flow, hop).iter().map(word).collect()
}

fn published(model: &Model, calls: &[Calls]) -> BTreeMap<ElementId, Vec<Publish>> {
    let mut published: BTreeMap<ElementId, Vec<Publish>> = BTreeMap::new();
    for (flow, _) in model.flows() {
        for (hop, at) in calls[flow.index()].hops.iter().zip(0..) {
            if hop.counts_as == Operation::Publish && model.element(hop.to).kind.is_broker() {
                published.entry(hop.to).or_default().push(Publish { flow, hop: at });
            }
        }
    }
    published
}
