//! Where the answer's time goes: on the wire, waiting, at work; means, from the start of the flow.
//!
//! Means of sums and branches add up, so each step has its part of the whole. What runs at once does
//! not: there the parts are shown beside each other, and the time until the slowest is done ends them.

use super::calls::{Calls, Cause, Hop};
use super::case::Case;
use super::compose::{Answers, Composed, has_alternative};
use super::facts::{Spent, SpentOn};
use super::latency::{Basis, FlowTimes, Leaves};
use super::network_time::Wire;
use super::own_time;
use super::scope::{Item, units};
use super::shared::Shared;
use crate::model::{BlockId, BlockKind, Flow, Guarded, StepId};
use crate::numeric::queueing::Waiting;

/// Where the answer's time goes. What is not known counts as no time.
pub fn waterfall(
    case: &Case<'_>,
    flow: &Flow,
    calls: &Calls,
    times: &FlowTimes<'_>,
    basis: &Basis<'_>,
) -> Vec<Spent> {
    let FlowTimes { alone, misses, passed, .. } = times;
    let leaves = Leaves { alone, misses, passed, case, flow };
    let composed = Composed::again(flow, calls, &times.scopes, &leaves, times.once.clone());
    let mut walk =
        Walk { flow, calls, times, basis, leaves: &leaves, composed, spent: Vec::new(), todo: Vec::new() };
    walk.todo.push((&times.scopes.top, 0.0, 1.0));
    while let Some((items, start, weight)) = walk.todo.pop() {
        walk.sequence(items, start, weight);
    }
    let mut spent = walk.spent;
    spent.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.step.cmp(&b.step)).then(a.what.cmp(&b.what)));
    spent
}

type Times<'k> = Leaves<'k, 'k, Shared<'k>>;

struct Walk<'w> {
    flow: &'w Flow,
    calls: &'w Calls,
    times: &'w FlowTimes<'w>,
    basis: &'w Basis<'w>,
    leaves: &'w Times<'w>,
    composed: Composed<'w, Shared<'w>, Times<'w>>,
    spent: Vec<Spent>,
    /// What calls set off: where it starts, and how often it happens. Trees may be deep, so this is no recursion.
    todo: Vec<(&'w [Item], f64, f64)>,
}

impl<'w> Walk<'w> {
    fn sequence(&mut self, items: &'w [Item], start: f64, weight: f64) -> f64 {
        units(self.flow, items).into_iter().fold(start, |cursor, unit| self.unit(unit, cursor, weight))
    }

    /// A step or block with what answers it; gives its end.
    fn unit(&mut self, unit: &'w [Item], start: f64, weight: f64) -> f64 {
        let Some((first, rest)) = unit.split_first() else { return start };
        match first {
            Item::Hop(at) => self.hop(*at, unit, rest, start, weight),
            Item::Block(..) => self.blocks(unit, start, weight),
        }
    }

    fn blocks(&mut self, items: &'w [Item], start: f64, weight: f64) -> f64 {
        items.iter().fold(start, |cursor, item| match item {
            Item::Block(id, inner) => self.block(*id, inner, cursor, weight),
            Item::Hop(_) => cursor,
        })
    }

    fn hop(&mut self, at: usize, unit: &[Item], rest: &'w [Item], start: f64, weight: f64) -> f64 {
        let hop = &self.calls.hops[at];
        if !hop.waited {
            return start;
        }
        let is_step = hop.cause == Cause::Step;
        let props = &self.flow.step(hop.step).props;
        if is_step && props.number("fan_out").is_some_and(|n| n != 1.0) {
            let mean = weight * self.mean(unit);
            self.spend(hop.step, SpentOn::Slowest, start, mean);
            return start + mean;
        }
        let number = |key: &str| if is_step { props.number(key).unwrap_or(1.0) } else { 1.0 };
        let missed = if hop.cause == Cause::ReadThrough { self.leaves.miss(at).unwrap_or(1.0) } else { 1.0 };
        let weight =
            weight * missed * self.leaves.through(at) * number("times") * number("pages") * number("chance");
        let stands_in =
            is_step && self.leaves.is_down(Guarded::Step(hop.step)) && has_alternative(self.flow, rest);
        let end = if stands_in { start } else { self.call(hop, at, start, weight) };
        self.blocks(rest, end, weight)
    }

    /// One call: on the wire, waiting, at work, and then what it sets off.
    fn call(&mut self, hop: &Hop, at: usize, start: f64, weight: f64) -> f64 {
        let to = hop.to.index();
        let wire = self.times.wires[at].as_ref().map_or(0.0, Wire::mean);
        let wait = self.basis.waits[to].waiting.map_or(0.0, Waiting::mean);
        let work = own_time::mean_of(self.basis.own[to].law).unwrap_or(0.0);
        let mut cursor = start;
        for (what, mean) in [(SpentOn::Network, wire), (SpentOn::Wait, wait), (SpentOn::Work, work)] {
            self.spend(hop.step, what, cursor, weight * mean);
            cursor += weight * mean;
        }
        self.todo.push((&self.times.scopes.below[at], cursor, weight));
        self.times.once[at].as_ref().map_or(cursor, |t| start + weight * t.mean())
    }

    fn block(&mut self, id: BlockId, inner: &'w [Item], start: f64, weight: f64) -> f64 {
        let weight = match &self.flow.block(id).kind {
            BlockKind::Compensate => return start,
            BlockKind::OnFailure(guarded) if !self.leaves.is_down(*guarded) => return start,
            BlockKind::Parallel => return self.parallel(id, inner, start, weight),
            BlockKind::OnMiss(read) => weight * self.leaves.miss(read.index()).unwrap_or(1.0),
            BlockKind::Chance(p) => weight * p.value(),
            BlockKind::Repeat(n) => weight * n.value(),
            BlockKind::OnFailure(_) | BlockKind::Try | BlockKind::Transaction(_) | BlockKind::Nested(_) => {
                weight
            }
        };
        self.sequence(inner, start, weight)
    }

    /// Branches beside each other; what the slowest takes beyond the longest is shown at their end.
    fn parallel(&mut self, id: BlockId, inner: &'w [Item], start: f64, weight: f64) -> f64 {
        let mut longest = start;
        for unit in units(self.flow, inner) {
            longest = longest.max(self.unit(unit, start, weight));
        }
        let whole = self.composed.block(id, inner).ok().flatten().map_or(0.0, |t| weight * t.mean());
        let beyond = start + whole - longest;
        // Rounding is no waiting.
        if beyond <= 1e-9 * whole {
            return longest;
        }
        if let Some(step) = inner.iter().find_map(|item| first_step(self.calls, item)) {
            self.spend(step, SpentOn::Slowest, longest, beyond);
        }
        longest + beyond
    }

    fn mean(&self, unit: &[Item]) -> f64 {
        self.composed.unit(unit).ok().flatten().map_or(0.0, |t| t.mean())
    }

    fn spend(&mut self, step: StepId, what: SpentOn, start: f64, mean: f64) {
        if mean > 0.0 {
            self.spent.push(Spent { step, what, start, mean });
        }
    }
}

fn first_step(calls: &Calls, item: &Item) -> Option<StepId> {
    match item {
        Item::Hop(at) => Some(calls.hops[*at].step),
        Item::Block(_, inner) => inner.iter().find_map(|item| first_step(calls, item)),
    }
}
