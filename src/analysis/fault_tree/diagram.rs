//! The compiled diagram, its probabilities and their derivatives.
//!
//! An ordered decision diagram in which a part that is independent of its neighbours is a node of
//! its own: decisions on shared variables (Shannon expansion, one branch per number of replicas
//! down), and conjunctions, disjunctions and thresholds of *independent* inputs below them
//! (AND/OR decision diagrams; Mateescu, Dechter & Marinescu, JAIR 33, 2008). Nodes stand after
//! their inputs, so that each sweep is one pass over a vector.
//!
//! Each node has two values, the probabilities of down and of up. Both are sums of products of
//! positive numbers; nowhere is 1 - x formed from a computed x, so a probability of 1e-30 keeps
//! its relative accuracy.

use super::counting::{self, Pools, binomial};
use super::tree::{EventId, FaultTree};

/// Index of a node.
pub(super) type NodeId = u32;
/// The node that is never down.
pub(super) const NEVER: NodeId = 0;
/// The node that is always down.
pub(super) const ALWAYS: NodeId = 1;

/// What a decision asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selector {
    /// The number of replicas of an event that are down; one branch for 0 to its count.
    Event(EventId),
    /// Another node, independent of all branches; two branches, up and down.
    Node(NodeId),
}

/// A summand of a threshold over independent inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// Contributes 1 where the node is down.
    One(NodeId),
    /// Contributes the replicas that are down, or all of them where the domain is down.
    Replicas {
        /// The replicas, read by no other part.
        event: EventId,
        /// What takes all of them down.
        domain: NodeId,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Never,
    Always,
    Decide { selector: Selector, branches: Vec<NodeId> },
    All(Vec<NodeId>),
    Any(Vec<NodeId>),
    Threshold { at_least: u32, inputs: Vec<Input> },
}

/// Probabilities of a node: `down + up = 1` up to rounding, each accurate on its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub down: f64,
    pub up: f64,
}

const CERTAIN: Value = Value { down: 1.0, up: 0.0 };
const IMPOSSIBLE: Value = Value { down: 0.0, up: 1.0 };

#[derive(Debug, Clone)]
pub(super) struct Diagram {
    pub nodes: Vec<Node>,
    pub top: NodeId,
}

/// Distribution of the number of replicas down, per event.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    /// By event: probability of 0, 1, … replicas down.
    pub counts: Vec<Vec<f64>>,
    /// By event: the same with one replica left out, one entry less.
    others: Vec<Vec<f64>>,
    /// By event: probability of one replica.
    unavailability: Vec<f64>,
    /// The event of which one replica is kept up.
    kept_up: Option<EventId>,
}

impl Weights {
    pub fn new(tree: &FaultTree) -> Self {
        let events = tree.events();
        Self {
            counts: events.iter().map(|e| binomial(e.count, e.unavailability)).collect(),
            others: events.iter().map(|e| binomial(e.count - 1, e.unavailability)).collect(),
            unavailability: events.iter().map(|e| e.unavailability).collect(),
            kept_up: None,
        }
    }

    /// The weights with one replica of the event kept up.
    pub fn with_one_up(&self, event: EventId) -> Self {
        let mut weights = self.clone();
        let at = event.0 as usize;
        if let (Some(counts), Some(others)) = (weights.counts.get_mut(at), self.others.get(at)) {
            *counts = others.iter().copied().chain([0.0]).collect();
        }
        weights.kept_up = Some(event);
        weights
    }

    /// Probability of one replica.
    pub fn unavailability(&self, event: EventId) -> Option<f64> {
        self.unavailability.get(event.0 as usize).copied()
    }

    /// Whether one of the event's replicas is kept up.
    pub fn kept_up(&self, event: EventId) -> bool {
        self.kept_up == Some(event)
    }

    /// Probability of 0, 1, … replicas down.
    pub fn counts(&self, event: EventId) -> &[f64] {
        self.counts.get(event.0 as usize).map_or(&[1.0], Vec::as_slice)
    }

    /// The same with one replica left out.
    pub fn others(&self, event: EventId) -> &[f64] {
        self.others.get(event.0 as usize).map_or(&[1.0], Vec::as_slice)
    }
}

/// The values of all nodes.
pub(super) struct Values {
    values: Vec<Value>,
    top: NodeId,
}

impl Values {
    pub fn get(&self, node: NodeId) -> Value {
        self.values.get(node as usize).copied().unwrap_or(IMPOSSIBLE)
    }

    pub fn top(&self) -> Value {
        self.get(self.top)
    }
}

impl Diagram {
    /// One pass from the inputs to the top.
    pub fn evaluate(&self, weights: &Weights) -> Values {
        let mut pools = Pools::default();
        let mut done = Values { values: Vec::with_capacity(self.nodes.len()), top: self.top };
        for node in &self.nodes {
            let value = match node {
                Node::Never => IMPOSSIBLE,
                Node::Always => CERTAIN,
                Node::All(inputs) => inputs.iter().fold(CERTAIN, |sum, input| {
                    let value = done.get(*input);
                    Value { down: sum.down * value.down, up: sum.up + sum.down * value.up }
                }),
                Node::Any(inputs) => inputs.iter().fold(IMPOSSIBLE, |sum, input| {
                    let value = done.get(*input);
                    Value { down: sum.down + sum.up * value.down, up: sum.up * value.up }
                }),
                Node::Decide { selector, branches } => decide(*selector, branches, &done, weights),
                Node::Threshold { at_least, inputs } => {
                    counting::value(*at_least, inputs, &done, weights, &mut pools)
                }
            };
            done.values.push(value);
        }
        done
    }

    /// Derivative of the probability of the top event by the probability of *one* replica of each
    /// event (Birnbaum importance): one pass from the top to the inputs.
    pub fn derivatives(&self, values: &Values, weights: &Weights) -> Vec<f64> {
        let mut pools = Pools::default();
        let mut of_nodes = vec![0.0; self.nodes.len()];
        let mut of_events = vec![0.0; weights.counts.len()];
        if let Some(top) = of_nodes.get_mut(self.top as usize) {
            *top = 1.0;
        }
        for (at, node) in self.nodes.iter().enumerate().rev() {
            let here = of_nodes.get(at).copied().unwrap_or(0.0);
            if here == 0.0 {
                continue;
            }
            let mut sink = Sink { here, nodes: &mut of_nodes, events: &mut of_events };
            match node {
                Node::Never | Node::Always => {}
                Node::All(inputs) => sink.junction(inputs, |input| values.get(input).down),
                Node::Any(inputs) => sink.junction(inputs, |input| values.get(input).up),
                Node::Decide { selector, branches } => sink.decide(*selector, branches, values, weights),
                Node::Threshold { at_least, inputs } => {
                    let found = counting::derivatives(*at_least, inputs, values, weights, &mut pools);
                    for (input, (of_replica, of_node)) in inputs.iter().zip(found) {
                        sink.add_input(input, of_replica, of_node);
                    }
                }
            }
        }
        of_events
    }
}

fn decide(selector: Selector, branches: &[NodeId], values: &Values, weights: &Weights) -> Value {
    let of_node;
    let shares = match selector {
        Selector::Event(event) => weights.counts(event),
        Selector::Node(node) => {
            let value = values.get(node);
            of_node = [value.up, value.down];
            &of_node
        }
    };
    branches.iter().zip(shares).fold(Value { down: 0.0, up: 0.0 }, |sum, (branch, share)| {
        let value = values.get(*branch);
        Value { down: sum.down + share * value.down, up: sum.up + share * value.up }
    })
}

/// Where derivatives add up on their way down.
struct Sink<'a> {
    here: f64,
    nodes: &'a mut [f64],
    events: &'a mut [f64],
}

impl Sink<'_> {
    fn add_node(&mut self, node: NodeId, factor: f64) {
        if let Some(sum) = self.nodes.get_mut(node as usize) {
            *sum += self.here * factor;
        }
    }

    fn add_input(&mut self, input: &Input, of_replica: f64, of_node: f64) {
        match *input {
            Input::One(node) => self.add_node(node, of_node),
            Input::Replicas { event, domain } => {
                self.add_event(event, of_replica);
                self.add_node(domain, of_node);
            }
        }
    }

    fn add_event(&mut self, event: EventId, factor: f64) {
        if let Some(sum) = self.events.get_mut(event.0 as usize) {
            *sum += self.here * factor;
        }
    }

    /// Product of all the others, by products from both ends: no division by a value that may be 0.
    fn junction(&mut self, inputs: &[NodeId], value: impl Fn(NodeId) -> f64) {
        let mut after = vec![1.0; inputs.len() + 1];
        let mut product = 1.0;
        for (slot, input) in after.iter_mut().rev().skip(1).zip(inputs.iter().rev()) {
            product *= value(*input);
            *slot = product;
        }
        let mut before = 1.0;
        for (input, after) in inputs.iter().zip(after.iter().skip(1)) {
            self.add_node(*input, before * after);
            before *= value(*input);
        }
    }

    fn decide(&mut self, selector: Selector, branches: &[NodeId], values: &Values, weights: &Weights) {
        match selector {
            Selector::Event(event) => {
                for (branch, share) in branches.iter().zip(weights.counts(event)) {
                    self.add_node(*branch, *share);
                }
                let steps = branches.iter().zip(branches.iter().skip(1)).zip(weights.others(event));
                let sum = steps.map(|((fewer, more), share)| share * rise(*fewer, *more, values)).sum();
                self.add_event(event, sum);
            }
            Selector::Node(node) => {
                let [up, down] = branches[..] else { return };
                let value = values.get(node);
                self.add_node(up, value.up);
                self.add_node(down, value.down);
                self.add_node(node, rise(up, down, values));
            }
        }
    }
}

/// How much likelier the top of a branch is with one more replica down, from whichever side is smaller.
fn rise(fewer: NodeId, more: NodeId, values: &Values) -> f64 {
    let (fewer, more) = (values.get(fewer), values.get(more));
    let rise = if fewer.down < fewer.up { more.down - fewer.down } else { fewer.up - more.up };
    rise.max(0.0)
}

/// Events that some node reads, in order.
pub(super) fn events_read(diagram: &Diagram, events: usize) -> Vec<EventId> {
    let mut read = vec![false; events];
    let mut mark = |event: EventId| {
        if let Some(read) = read.get_mut(event.0 as usize) {
            *read = true;
        }
    };
    for node in &diagram.nodes {
        match node {
            Node::Decide { selector: Selector::Event(event), .. } => mark(*event),
            Node::Threshold { inputs, .. } => {
                for input in inputs {
                    if let Input::Replicas { event, .. } = input {
                        mark(*event);
                    }
                }
            }
            _ => {}
        }
    }
    (0..events as u32).map(EventId).filter(|event| read.get(event.0 as usize) == Some(&true)).collect()
}
