//! The hops of a flow: its steps, and those that follow from a cache's policy or a trigger.
//!
//! Every analysis that walks a flow reads these; none walks the text's steps by itself.

use crate::model::{
    BlockId, BlockKind, ElementId, Flow, FlowId, Model, Operation, Step, StepId, Touched, Trigger,
};
use crate::schema::Kind;
use std::collections::BTreeSet;

/// Why there is a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is a step of the text.
    Step,
    /// A cache reads its origin on a miss.
    ReadThrough,
    /// A cache writes to its origin.
    WriteThrough,
    /// A cache writes to its origin later.
    WriteBack,
    /// A broker hands a message to what the flow starts with.
    Delivery,
    /// A cache of several origins, none of which holds what is touched.
    UnknownOrigin,
}

/// One hop.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    /// The step, or the one that sets it off.
    pub step: StepId,
    /// Why there is one.
    pub cause: Cause,
    /// Who calls.
    pub from: ElementId,
    /// Who is called.
    pub to: ElementId,
    /// What it does, as written.
    pub operation: Operation,
    /// What it counts as at its target.
    pub counts_as: Operation,
    /// The hop under which it hangs, by position.
    pub parent: Option<usize>,
    /// Whether its caller waits for it.
    pub waited: bool,
    /// Whether the answer waits for it: it and everything above it is waited for.
    pub on_path: bool,
    /// The cdn that it passes through as a read: what the cdn has goes no further.
    pub behind: Option<ElementId>,
}

/// Where each element stands in the flows: looked up once, so that no analysis searches every flow for every element.
#[derive(Clone, Debug, Default)]
pub struct Crossings(Vec<Vec<FlowId>>);

impl Crossings {
    /// Collects them from the hops of every flow.
    pub fn of(model: &Model, calls: &[Calls]) -> Crossings {
        let mut flows: Vec<Vec<FlowId>> = vec![Vec::new(); model.elements.len()];
        for ((id, _), calls) in model.flows().zip(calls) {
            for element in calls.hops.iter().flat_map(|hop| [hop.from, hop.to]) {
                let known = &mut flows[element.index()];
                if known.last() != Some(&id) {
                    known.push(id);
                }
            }
        }
        Crossings(flows)
    }

    /// The flows with a hop that begins or ends at an element, in the model's order.
    pub fn flows(&self, element: ElementId) -> &[FlowId] {
        &self.0[element.index()]
    }
}

/// The hops of a flow: its steps in the order of the text, then the others.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// The hops.
    pub hops: Vec<Hop>,
    /// The hop by which the trigger enters, where it is one of messages.
    pub delivery: Option<usize>,
}

impl Calls {
    /// The hops of a flow.
    pub fn of(model: &Model, id: FlowId) -> Calls {
        let flow = model.flow(id);
        let hops = flow.steps().map(|(id, step)| Hop {
            step: id,
            cause: Cause::Step,
            from: step.from,
            to: step.to,
            operation: step.operation,
            counts_as: counts_as(step.operation, model.element(step.to).kind),
            // A parent stands before its children; anything else would make a circle.
            parent: step.parent.filter(|p| p < &id).map(StepId::index),
            waited: false,
            on_path: false,
            behind: behind(model, flow, id, step),
        });
        let mut calls = Calls { hops: hops.collect(), delivery: None };
        calls.count_reads_of_cdns();
        calls.deliver(flow);
        calls.let_caches_call(model, flow);
        calls.mark_path(model, flow);
        calls
    }

    /// What passes through a cdn as a read is one at the cdn as well.
    fn count_reads_of_cdns(&mut self) {
        for at in 0..self.hops.len() {
            let Hop { behind: Some(cdn), parent: Some(parent), .. } = self.hops[at] else { continue };
            let above = &mut self.hops[parent];
            if above.to == cdn && above.counts_as == Operation::Call {
                above.counts_as = Operation::Read;
            }
        }
    }

    /// The hop of the trigger: `q ~> w consume x` where it is written, else one is added to whatever starts.
    fn deliver(&mut self, flow: &Flow) {
        let Some(Trigger::Messages(broker, _)) = &flow.trigger else { return };
        let takes = |s: &Step| s.operation == Operation::Consume && (s.from == *broker || s.to == *broker);
        if let Some((id, _)) = flow.steps().find(|(_, s)| takes(s) && s.parent.is_none()) {
            self.delivery = Some(id.index());
            return;
        }
        let Some((first, step)) = flow.steps().next() else { return };
        if step.from == *broker {
            self.delivery = Some(first.index());
            return;
        }
        let at = self.hops.len();
        for hop in self.hops.iter_mut().filter(|h| h.parent.is_none() && h.from == step.from) {
            hop.parent = Some(at);
        }
        self.hops.push(Hop {
            step: first,
            cause: Cause::Delivery,
            from: *broker,
            to: step.from,
            operation: Operation::Consume,
            counts_as: Operation::Consume,
            parent: None,
            waited: true,
            on_path: true,
            behind: None,
        });
        self.delivery = Some(at);
    }

    fn let_caches_call(&mut self, model: &Model, flow: &Flow) {
        let misses: BTreeSet<StepId> = flow.blocks.iter().filter_map(|b| miss_of(&b.kind)).collect();
        let called: BTreeSet<(usize, ElementId)> =
            self.hops.iter().filter_map(|h| Some((h.parent?, h.to))).collect();
        for (id, step) in flow.steps() {
            let cache = model.element(step.to);
            let Some(policy) = cache.props.word("policy") else { continue };
            if !matches!(cache.kind, Kind::Cache | Kind::Cdn) {
                continue;
            }
            let counts = counts_as(step.operation, Kind::Cache);
            let cause = match (policy, counts) {
                ("read_through", Operation::Read) if !misses.contains(&id) => Cause::ReadThrough,
                ("write_through" | "write_around", Operation::Write) => Cause::WriteThrough,
                ("write_back", Operation::Write) => Cause::WriteBack,
                _ => continue,
            };
            for (origin, cause) in origins(model, step, cause) {
                if called.contains(&(id.index(), origin)) {
                    continue;
                }
                let parent = Some(id.index());
                let operation = if cause == Cause::ReadThrough { Operation::Read } else { step.operation };
                let counts_as = counts_as(counts, model.element(origin).kind);
                self.hops.push(Hop {
                    step: id,
                    cause,
                    from: step.to,
                    to: origin,
                    operation,
                    counts_as,
                    parent,
                    waited: false,
                    on_path: false,
                    behind: None,
                });
            }
        }
    }

    /// A hop is on the path of the answer if everything above it is and its caller waits, or if it hands a
    /// message to a broker that must accept it.
    fn mark_path(&mut self, model: &Model, flow: &Flow) {
        for at in 0..self.hops.len() {
            let hop = self.hops[at];
            let parent = hop.parent.and_then(|p| self.hops.get(p));
            let own = match hop.cause {
                Cause::Delivery => true,
                Cause::WriteBack => false,
                Cause::ReadThrough | Cause::WriteThrough | Cause::UnknownOrigin => true,
                Cause::Step => self.delivery == Some(at) || starts(&hop) || waits(model, flow, &hop),
            };
            let waited = own && parent.is_none_or(|p| !hands_over(model, p));
            let on_path = waited && parent.is_none_or(|p| p.on_path);
            self.hops[at].waited = waited;
            self.hops[at].on_path = on_path;
        }
    }
}

/// Whether what follows a hop is off the caller's path because a broker has taken over.
pub fn hands_over(model: &Model, hop: &Hop) -> bool {
    model.element(hop.to).kind.is_broker() && hop.counts_as == Operation::Publish
}

/// A flow that starts by taking a message is what happens from there on.
fn starts(hop: &Hop) -> bool {
    hop.parent.is_none() && hop.operation == Operation::Consume
}

/// The cdn in front of a read that passes through it; `None` where the text itself says what happens on a miss.
fn behind(model: &Model, flow: &Flow, id: StepId, step: &Step) -> Option<ElementId> {
    let reads = step.operation == Operation::Read && model.element(step.from).kind == Kind::Cdn;
    let answers_a_miss = |block: BlockId| matches!(flow.block(block).kind, BlockKind::OnMiss(read) if flow.step(read).to == step.from);
    (reads && !flow.enclosing(id).any(answers_a_miss)).then_some(step.from)
}

fn waits(model: &Model, flow: &Flow, hop: &Hop) -> bool {
    let step = flow.step(hop.step);
    match step.arrow {
        crate::model::Arrow::Sync => true,
        // The broker must accept the message, unless the store hands it over later.
        crate::model::Arrow::Async => {
            model.element(hop.to).kind.is_broker()
                && !matches!(step.props.word("via"), Some("outbox" | "cdc"))
        }
    }
}

/// What a hop touches, as the step says that causes it.
pub fn touches<'f>(flow: &'f Flow, hop: &Hop) -> &'f [Touched] {
    if hop.cause == Cause::Delivery && flow.step(hop.step).operation != Operation::Consume {
        return &[];
    }
    &flow.step(hop.step).touches
}

/// The origins to which a cache passes what a step touches.
fn origins(model: &Model, step: &Step, cause: Cause) -> Vec<(ElementId, Cause)> {
    let all: Vec<ElementId> = model.element(step.to).props.elements("of").collect();
    if all.len() < 2 {
        return all.into_iter().map(|o| (o, cause)).collect();
    }
    let touched: Vec<_> = step.touches.iter().filter_map(data).collect();
    let holds = |o: &ElementId| model.element(*o).holds().any(|d| touched.contains(&d));
    let holders: Vec<ElementId> = all.iter().copied().filter(holds).collect();
    if holders.is_empty() {
        all.into_iter().map(|o| (o, Cause::UnknownOrigin)).collect()
    } else {
        holders.into_iter().map(|o| (o, cause)).collect()
    }
}

fn data(touched: &Touched) -> Option<crate::model::DataId> {
    match touched {
        Touched::Data(id) => Some(*id),
        Touched::Label(..) => None,
    }
}

fn miss_of(kind: &BlockKind) -> Option<StepId> {
    match kind {
        BlockKind::OnMiss(step) => Some(*step),
        _ => None,
    }
}

/// What an operation counts as at an element of this kind (semantics, section 1).
pub fn counts_as(operation: Operation, kind: Kind) -> Operation {
    match operation {
        Operation::Delete if !kind.is_broker() => Operation::Write,
        Operation::Call | Operation::Write | Operation::Delete if kind.is_broker() => Operation::Publish,
        Operation::Call if matches!(kind, Kind::Store | Kind::Cache) => Operation::Read,
        Operation::Push | Operation::Poll | Operation::Stream => Operation::Read,
        other => other,
    }
}

/// Whether a touched thing is meant by a word.
pub fn is_called(model: &Model, touched: &Touched, word: &str) -> bool {
    match touched {
        Touched::Data(id) => {
            let head = &model.datum(*id).head;
            head.short == word || head.name == word
        }
        Touched::Label(label, _) => label == word,
    }
}

/// The blocks around a step that are not around the hop it hangs under, from the inside out.
pub fn blocks_below(flow: &Flow, step: StepId, parent: Option<StepId>) -> Vec<BlockId> {
    let shared: Vec<BlockId> = parent.map(|p| flow.enclosing(p).collect()).unwrap_or_default();
    flow.enclosing(step).take_while(|b| !shared.contains(b)).collect()
}
