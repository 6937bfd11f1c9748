//! The structure function of a flow as its wiring says it: what it needs, and where one thing
//! stands in for another (semantics, section 4).
//!
//! Knows steps and blocks, but neither replicas nor probabilities.

use super::super::calls::{Calls, Cause, Hop, blocks_below, hands_over};
use super::guards::{Guards, ROOT, Scope};
use crate::model::{BlockId, BlockKind, ElementId, Flow, FlowId, Model, Operation, StepId, Trigger};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::BTreeSet;

/// One thing that a flow needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// The element.
    pub element: ElementId,
    /// What is done there.
    pub operation: Operation,
    /// Which copy is asked, where the step says so.
    pub from: Option<&'static str>,
    /// The step by which the flow comes to it.
    pub step: Option<StepId>,
}

/// A part of a structure function.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Fails with the element.
    Need(Need),
    /// Fails where both fail.
    Either {
        /// What is tried first.
        first: Vec<Item>,
        /// What stands in for it.
        then: Vec<Item>,
    },
}

/// What a flow needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wiring {
    /// Everything that must work.
    pub items: Vec<Item>,
    /// What the design does not say, and without which the wiring is not known: `feeds.of that holds what is
    /// read`.
    pub lacks: Vec<EcoString>,
}

impl Wiring {
    /// The wiring of a flow.
    pub fn of(model: &Model, id: FlowId) -> Wiring {
        let flow = model.flow(id);
        let calls = Calls::of(model, id);
        let mut walk = Walk {
            model,
            flow,
            calls: &calls,
            visible: vec![Visible::default(); calls.hops.len()],
            misses: flow.blocks.iter().filter_map(|b| missed_by(&b.kind)).collect(),
            through_cache: BTreeSet::new(),
            cached: Vec::new(),
        };
        walk.mark_visible();
        walk.collect()
    }

    /// Every need, in the order of the text.
    pub fn needs(&self) -> Vec<&Need> {
        let mut all = Vec::new();
        gather(&self.items, &mut all);
        all
    }
}

fn gather<'w>(items: &'w [Item], all: &mut Vec<&'w Need>) {
    for item in items {
        match item {
            Item::Need(need) => all.push(need),
            Item::Either { first, then } => {
                gather(first, all);
                gather(then, all);
            }
        }
    }
}

/// Whether a failure reaches the caller.
#[derive(Clone, Copy, Default)]
struct Visible {
    /// Of what the hop stands in.
    around: bool,
    /// Of the hop itself.
    hop: bool,
}

struct Walk<'w> {
    model: &'w Model,
    flow: &'w Flow,
    calls: &'w Calls,
    visible: Vec<Visible>,
    /// Reads with `on miss`.
    misses: BTreeSet<StepId>,
    /// Those whose miss passes through the cache itself.
    through_cache: BTreeSet<StepId>,
    /// Steps to an origin that a cache stands in for, with the read of that cache.
    cached: Vec<(StepId, StepId)>,
}

fn missed_by(kind: &BlockKind) -> Option<StepId> {
    match kind {
        BlockKind::OnMiss(read) => Some(*read),
        _ => None,
    }
}

/// The blocks around a hop that are not around its parent, from the inside out.
pub fn blocks_of(flow: &Flow, calls: &Calls, hop: &Hop) -> Vec<BlockId> {
    if hop.cause != Cause::Step || flow.step(hop.step).block.is_none() {
        return Vec::new();
    }
    let parent = hop.parent.and_then(|p| calls.hops.get(p));
    blocks_below(flow, hop.step, parent.filter(|p| p.cause == Cause::Step).map(|p| p.step))
}

impl Walk<'_> {
    fn mark_visible(&mut self) {
        let calls = self.calls;
        let steps = self.flow.steps.len();
        // A delivery stands behind the steps that hang under it.
        let (deliveries, implied): (Vec<usize>, Vec<usize>) = (steps..calls.hops.len())
            .partition(|at| calls.hops.get(*at).is_some_and(|h| h.cause == Cause::Delivery));
        for at in deliveries.into_iter().chain(0..steps).chain(implied) {
            let Some(hop) = calls.hops.get(at) else { continue };
            let around = self.is_visible_around(hop);
            let hop = around && hop.on_path && self.is_asked(hop);
            if let Some(mark) = self.visible.get_mut(at) {
                *mark = Visible { around, hop };
            }
        }
    }

    fn hop_is_visible(&self, at: usize) -> bool {
        self.visible.get(at).is_some_and(|v| v.hop)
    }

    fn is_visible_around(&mut self, hop: &Hop) -> bool {
        for block in blocks_of(self.flow, self.calls, hop) {
            match self.flow.block(block).kind {
                BlockKind::Compensate => return false,
                BlockKind::OnMiss(read) => {
                    if hop.from == self.flow.step(read).to {
                        self.through_cache.insert(read);
                    }
                    return self.hop_is_visible(read.index());
                }
                BlockKind::Nested(step) => return self.hop_is_visible(step.index()),
                _ => {}
            }
        }
        hop.parent.is_none_or(|p| self.hop_is_visible(p))
    }

    /// Whether the hop's own properties let its failure through.
    fn is_asked(&mut self, hop: &Hop) -> bool {
        if hop.cause != Cause::Step {
            return true;
        }
        let step = self.flow.step(hop.step);
        let to_broker = hands_over(self.model, hop);
        let taken_off = to_broker && matches!(step.props.word("via"), Some("outbox" | "cdc"));
        if step.props.has("optional") || taken_off || self.fills_the_cache(hop) {
            return false;
        }
        match step.props.word("fallback") {
            Some("default") => false,
            Some("cached") => {
                let read = self.missed(hop.step).next();
                self.cached.extend(read.map(|read| (hop.step, read)));
                read.is_some()
            }
            _ => true,
        }
    }

    /// The reads whose misses a step answers, the innermost first.
    fn missed(&self, step: StepId) -> impl Iterator<Item = StepId> + '_ {
        self.flow.enclosing(step).filter_map(|b| missed_by(&self.flow.block(b).kind))
    }

    /// A cache that is down is all misses: that it cannot be filled either changes nothing.
    fn fills_the_cache(&self, hop: &Hop) -> bool {
        hop.counts_as == Operation::Write
            && self.missed(hop.step).any(|read| self.flow.step(read).to == hop.to)
    }

    fn collect(&self) -> Wiring {
        let guards = Guards::of(self.flow, self.calls, &self.cached, |at| self.hop_is_visible(at));
        let mut needs: Vec<Vec<Item>> = vec![Vec::new(); guards.scopes()];
        let mut lacks = Vec::new();
        if self.flow.steps.is_empty() {
            lacks.push(eco_format!("a step of {}", self.flow.head.name));
        }
        let mut put = |scope: Scope, need: Need| {
            if let (false, Some(list)) = (self.is_people(need.element), needs.get_mut(scope)) {
                list.push(Item::Need(need));
            }
        };
        if let Some(Trigger::Messages(broker, _)) = self.flow.trigger {
            put(ROOT, Need { element: broker, operation: Operation::Consume, from: None, step: None });
        }
        for (at, (hop, visible)) in self.calls.hops.iter().zip(&self.visible).enumerate() {
            if hop.parent.is_none() && visible.around {
                let need =
                    Need { element: hop.from, operation: Operation::Call, from: None, step: Some(hop.step) };
                put(guards.scope_of_source(at), need);
            }
            if !visible.hop {
                continue;
            }
            if hop.cause == Cause::UnknownOrigin {
                let cache = &self.model.element(hop.from).head.name;
                lacks.push(eco_format!("{cache}.of that holds what is read"));
            } else if self.is_target_needed(hop) {
                put(guards.scope_of(at), self.need(hop));
            }
        }
        for (scope, read) in guards.caches() {
            let cache = self.flow.step(read).to;
            put(scope, Need { element: cache, operation: Operation::Read, from: None, step: Some(read) });
        }
        Wiring { items: guards.assemble(needs), lacks }
    }

    fn is_people(&self, element: ElementId) -> bool {
        self.model.element(element).kind == Kind::Actor
    }

    /// A cache with `on miss` is not needed, unless the miss goes through it.
    fn is_target_needed(&self, hop: &Hop) -> bool {
        hop.cause != Cause::Step || !self.misses.contains(&hop.step) || self.through_cache.contains(&hop.step)
    }

    fn need(&self, hop: &Hop) -> Need {
        let stated =
            (hop.cause == Cause::Step).then(|| self.flow.step(hop.step).props.word("from")).flatten();
        let from = match stated {
            Some("replica") => Some("replica"),
            Some("any") => Some("any"),
            _ => None,
        };
        Need { element: hop.to, operation: hop.counts_as, from, step: Some(hop.step) }
    }
}
