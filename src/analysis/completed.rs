//! The completion of everything that a flow sets off: hand-overs, queue waits, triggered flows.
//!
//! What nobody waits for runs beside the rest: the whole is done when the last of them is. Times
//! are composed from the end, so that what follows a hand-over runs at once with what it set off.

use super::calls::{Calls, Cause, hands_over};
use super::case::Case;
use super::compose::{Answers, Duration, Timed};
use super::derive::{TIME, What};
use super::latency::{FlowTimes, Leaves};
use super::rates::Rates;
use super::scope::{Item, units};
use super::shared::Shared;
use super::shares::{Publish, Receivers};
use crate::model::{BlockId, BlockKind, Flow, FlowId};
use rustc_hash::FxHashMap;

/// Deeper trees than this are composed as if nothing in them ran beside the rest: far above any design.
const DEEPEST: usize = 200;

/// The completion of a flow.
#[derive(Clone)]
pub struct Completion<'k> {
    /// How long it takes.
    pub time: Timed<Shared<'k>>,
    /// Whether what it sets off follows the answer, so that their means add up.
    follows: bool,
}

impl Completion<'_> {
    /// How it is computed.
    pub fn text(&self) -> &'static str {
        if self.follows {
            "the answer, and then what it sets off (of several at once the slowest): by convolution; means add up"
        } else {
            "done when the last is: what nobody waits for runs beside the rest of the answer from its hand-over on; by the distribution of the greatest"
        }
    }
}

/// The completion of every flow.
pub fn completions<'k>(
    case: &mut Case<'_>,
    calls: &[Calls],
    times: &[FlowTimes<'k>],
    receivers: &Receivers,
    rates: &Rates,
) -> Vec<Completion<'k>> {
    let mut started: FxHashMap<(usize, usize), Vec<FlowId>> = FxHashMap::default();
    for (fed, publishes) in receivers.publishes_by_flow() {
        for Publish { flow, hop } in publishes {
            started.entry((flow.index(), *hop)).or_default().push(fed);
        }
    }
    let mut done: Vec<Option<Completion<'k>>> = vec![None; calls.len()];
    // What is started stands behind what starts it.
    for group in rates.groups.iter().rev() {
        for id in group {
            let circular = group.len() > 1 || receivers.publishes_to(*id).iter().any(|p| p.flow == *id);
            let time = if circular {
                let need = "an end: the flow sets itself off again";
                Completion { time: Err(case.graph.missing(What::between("", TIME), need)), follows: false }
            } else {
                complete(case, *id, calls, times, &started, &done)
            };
            done[id.index()] = Some(time);
        }
    }
    done.into_iter()
        .map(|time| time.unwrap_or_else(|| Completion { time: Ok(Shared::zero()), follows: false }))
        .collect()
}

fn complete<'k>(
    case: &Case<'_>,
    id: FlowId,
    calls: &[Calls],
    times: &[FlowTimes<'k>],
    started: &FxHashMap<(usize, usize), Vec<FlowId>>,
    done: &[Option<Completion<'k>>],
) -> Completion<'k> {
    let i = id.index();
    let flow = case.model.flow(id);
    let FlowTimes { alone, misses, passed, .. } = &times[i];
    let leaves = Leaves { alone, misses, passed, case, flow };
    let mut walk = Walk {
        case,
        flow,
        id: i,
        calls: &calls[i],
        times: &times[i],
        leaves,
        started,
        done,
        branches: vec![false; calls[i].hops.len()],
    };
    walk.mark();
    if !walk.branches.iter().any(|b| *b) {
        return Completion { time: times[i].answer.clone(), follows: false };
    }
    if let Some(branch) = walk.at_the_end(&times[i].scopes.top) {
        let time = times[i].answer.clone().and_then(|answer| Ok(answer.then(&branch?)));
        return Completion { time, follows: true };
    }
    Completion { time: walk.sequence(&times[i].scopes.top, &Shared::zero(), 0), follows: false }
}

struct Walk<'w, 'm, 'k> {
    case: &'w Case<'m>,
    flow: &'w Flow,
    id: usize,
    calls: &'w Calls,
    times: &'w FlowTimes<'k>,
    leaves: Leaves<'w, 'm, Shared<'k>>,
    started: &'w FxHashMap<(usize, usize), Vec<FlowId>>,
    done: &'w [Option<Completion<'k>>],
    /// Whether something below a hop, or set off by it, runs beside the rest.
    branches: Vec<bool>,
}

impl<'k> Walk<'_, '_, 'k> {
    fn mark(&mut self) {
        for at in &self.times.scopes.order {
            let hop = &self.calls.hops[*at];
            let sets_off = self.started.contains_key(&(self.id, *at));
            if sets_off || !hop.waited {
                self.branches[*at] = true;
            }
        }
        // Order puts what is below first, so one pass carries the marks up.
        for at in &self.times.scopes.order {
            if let (true, Some(parent)) = (self.branches[*at], self.calls.hops[*at].parent) {
                self.branches[parent] = true;
            }
        }
    }

    /// What runs on when the answer is given, where only the very last thing that a flow does sets something
    /// off: its completion is then the answer and that, one after the other.
    fn at_the_end(&self, items: &[Item]) -> Option<Timed<Shared<'k>>> {
        let mut items = items;
        loop {
            let (last, before) = items.split_last()?;
            let Item::Hop(at) = last else { return None };
            if before.iter().any(|item| self.sets_off(item)) {
                return None;
            }
            let hop = &self.calls.hops[*at];
            let plain = ["times", "fan_out", "pages", "chance"];
            let props = &self.flow.step(hop.step).props;
            if hop.cause != Cause::Step || plain.iter().any(|key| props.has(key)) {
                return None;
            }
            if !hop.waited {
                return Some(self.call(*at, &Shared::zero(), 0));
            }
            if hands_over(self.case.model, hop) {
                return Some(self.after(*at, &Shared::zero(), 0));
            }
            items = &self.times.scopes.below[*at];
        }
    }

    fn sets_off(&self, item: &Item) -> bool {
        match item {
            Item::Hop(at) => self.branches[*at],
            Item::Block(_, inner) => inner.iter().any(|item| self.sets_off(item)),
        }
    }

    /// From the start of these items until everything is done, given how long what follows takes.
    fn sequence(&self, items: &[Item], rest: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        let mut rest = rest.clone();
        for unit in units(self.flow, items).into_iter().rev() {
            rest = self.unit(unit, &rest, depth)?;
        }
        Ok(rest)
    }

    fn unit(&self, unit: &[Item], rest: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        let Some((first, answers)) = unit.split_first() else { return Ok(rest.clone()) };
        let beyond = rest;
        let mut rest = rest.clone();
        for answer in answers.iter().rev() {
            if let Item::Block(id, inner) = answer {
                rest = self.block(*id, inner, &rest, depth)?;
            }
        }
        match first {
            Item::Hop(at) => self.hop(*at, &rest, beyond, depth),
            Item::Block(id, inner) => self.block(*id, inner, &rest, depth),
        }
    }

    /// A hop and `rest`, which follows it with the answers to its misses and failures; `beyond` is what follows those.
    fn hop(&self, at: usize, rest: &Shared<'k>, beyond: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        let hop = &self.calls.hops[at];
        let step = self.flow.step(hop.step);
        let is_step = hop.cause == Cause::Step;
        let number = |key: &str| if is_step { step.props.number(key).unwrap_or(1.0) } else { 1.0 };
        let repeats = number("times") * number("pages");
        let chance = match hop.cause {
            Cause::ReadThrough => self.leaves.miss(at)?,
            _ => number("chance"),
        };
        // What a cdn has goes no further: of several calls each by itself.
        let passed = self.leaves.through(at);
        let single = number("fan_out") == 1.0 && repeats == 1.0;
        let each = if single { 1.0 } else { passed };
        let once = || -> Timed<Shared<'k>> { Ok(self.times.once[at].clone()?.by_chance(each)) };
        let time = if !self.branches[at] || depth > DEEPEST {
            once()?.at_once(number("fan_out")).times(repeats).then(rest)
        } else if hop.waited {
            // Only the last of several calls in a row leaves its branches running into what follows.
            let once = once()?;
            let many = number("fan_out");
            let before = once.at_once(many).times((repeats - 1.0).max(0.0));
            let last = if many == 1.0 {
                let called = self.call(at, rest, depth)?;
                if each < 1.0 { called.or(each, rest) } else { called }
            } else {
                let answered = once.at_once(many).then(rest);
                let called = self.call(at, &Shared::zero(), depth)?.by_chance(each);
                Shared::all(&[answered, called.at_once(many)])
            };
            before.then(&last)
        } else {
            let branch = self.call(at, &Shared::zero(), depth)?.by_chance(each);
            Shared::all(&[branch.at_once(number("fan_out")).times(repeats), rest.clone()])
        };
        let time = if single && passed < 1.0 { time.or(passed, beyond) } else { time };
        if chance >= 1.0 {
            return Ok(time);
        }
        Ok(time.or(chance, rest))
    }

    /// One call with all that follows from it.
    fn call(&self, at: usize, rest: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        Ok(self.times.alone[at].clone()?.then(&self.after(at, rest, depth)?))
    }

    /// What follows when a hop has been served.
    fn after(&self, at: usize, rest: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        let mut after = vec![self.sequence(&self.times.scopes.below[at], rest, depth + 1)?];
        if hands_over(self.case.model, &self.calls.hops[at]) {
            for flow in self.started.get(&(self.id, at)).into_iter().flatten() {
                if let Some(done) = &self.done[flow.index()] {
                    after.push(done.time.clone()?);
                }
            }
        }
        Ok(if after.len() == 1 { after.remove(0) } else { Shared::all(&after) })
    }

    fn block(&self, id: BlockId, inner: &[Item], rest: &Shared<'k>, depth: usize) -> Timed<Shared<'k>> {
        let by_chance = |p: f64| -> Timed<Shared<'k>> {
            let taken = self.sequence(inner, rest, depth)?;
            if p >= 1.0 {
                return Ok(taken);
            }
            Ok(taken.or(p.max(0.0), rest))
        };
        match &self.flow.block(id).kind {
            BlockKind::Compensate => Ok(rest.clone()),
            BlockKind::OnFailure(guarded) if !self.leaves.is_down(*guarded) => Ok(rest.clone()),
            BlockKind::OnMiss(read) => by_chance(self.leaves.miss(read.index())?),
            BlockKind::Chance(p) => by_chance(p.value()),
            BlockKind::Repeat(n) => {
                let zero = Shared::zero();
                let once = self.sequence(inner, &zero, depth)?;
                Ok(once.times(n.value()).then(rest))
            }
            BlockKind::Parallel => {
                let zero = Shared::zero();
                let mut branches = Vec::new();
                for unit in units(self.flow, inner) {
                    branches.push(self.unit(unit, &zero, depth)?);
                }
                Ok(Shared::all(&branches).then(rest))
            }
            BlockKind::OnFailure(_) | BlockKind::Try | BlockKind::Transaction(_) | BlockKind::Nested(_) => {
                self.sequence(inner, rest, depth)
            }
        }
    }
}
