//! How often each hop happens for one arrival at its flow.
//!
//! A step inherits what its parent has; `times`, `fan_out`, `pages`, `chance` and the blocks
//! around it multiply. What runs on a miss or a failure runs once for each miss or failure of
//! the step that it answers.

use super::calls::{Calls, Cause, Hop, blocks_below};
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, What};
use crate::model::{BlockId, BlockKind, ElementId, Flow, FlowId, Guarded, StepId};
use ecow::eco_format;

/// What multiplicities rest on besides the flow's text.
pub struct Chances<'c> {
    /// Hit ratio of each element that is a cache or cdn.
    pub hits: &'c [Option<FactId>],
    /// Unavailability of each element.
    pub failures: &'c [FactId],
    /// The share of a queue's messages that a consumer takes, where there are several.
    pub shares: &'c dyn Fn(&mut Case<'_>, &Hop) -> Option<FactId>,
}

/// How often each hop happens.
pub fn multiplicities(case: &mut Case<'_>, id: FlowId, calls: &Calls, chances: &Chances<'_>) -> Vec<FactId> {
    let mut walk = Walk { flow: case.model.flow(id), calls, chances, known: vec![None; calls.hops.len()] };
    // Steps that a trigger starts hang under its delivery, which may stand behind them.
    if let Some(at) = calls.delivery.filter(|at| calls.hops[*at].cause == Cause::Delivery) {
        walk.known[at] = Some(case.once);
    }
    (0..calls.hops.len()).map(|at| walk.of(case, at)).collect()
}

struct Walk<'w> {
    flow: &'w Flow,
    calls: &'w Calls,
    chances: &'w Chances<'w>,
    known: Vec<Option<FactId>>,
}

impl Walk<'_> {
    fn of(&mut self, case: &mut Case<'_>, at: usize) -> FactId {
        if let Some(known) = self.known[at] {
            return known;
        }
        let hop = self.calls.hops[at];
        // Parents and guarded steps stand earlier in the text, so they are known by now.
        let above = hop.parent.and_then(|p| self.known[p]).unwrap_or(case.once);
        let mut factors = vec![above];
        match hop.cause {
            Cause::Step => self.factors_of_step(case, at, &mut factors),
            Cause::ReadThrough => factors.push(self.miss(case, hop.from)),
            Cause::UnknownOrigin => {
                let need = eco_format!("{}.of that holds what is read", case.name(hop.from));
                factors.push(case.graph.missing(What::between("", NUMBER), need));
            }
            Cause::WriteThrough | Cause::WriteBack | Cause::Delivery => {}
        }
        let known = Self::product(case, &hop, factors);
        self.known[at] = Some(known);
        known
    }

    fn product(case: &mut Case<'_>, hop: &Hop, mut factors: Vec<FactId>) -> FactId {
        factors.retain(|f| *f != case.once);
        match factors[..] {
            [] => case.once,
            [only] => only,
            _ => {
                let label = eco_format!("{} to {} for one arrival", case.name(hop.from), case.name(hop.to));
                case.graph.product(What::between(label, NUMBER), factors)
            }
        }
    }

    fn factors_of_step(&self, case: &mut Case<'_>, at: usize, factors: &mut Vec<FactId>) {
        let hop = &self.calls.hops[at];
        self.own(case, hop.step, factors);
        // A cdn of which no hit ratio is known passes everything on.
        if let Some(cdn) = hop.behind
            && self.chances.hits[cdn.index()].is_some_and(|hit| case.value(hit).is_some())
        {
            factors.push(self.miss(case, cdn));
        }
        // The rate of a flow that messages start is already its share of them.
        if self.calls.delivery != Some(at) {
            factors.extend((self.chances.shares)(case, hop));
        }
        let parent = hop.parent.and_then(|p| self.calls.hops.get(p)).filter(|p| p.cause == Cause::Step);
        for block in blocks_below(self.flow, hop.step, parent.map(|p| p.step)) {
            if let Some(base) = self.factor_of_block(case, block, hop, factors) {
                factors[0] = base;
                break;
            }
        }
    }

    /// Adds what a block multiplies; gives the number to start from where the block answers another step.
    fn factor_of_block(
        &self,
        case: &mut Case<'_>,
        block: BlockId,
        hop: &Hop,
        factors: &mut Vec<FactId>,
    ) -> Option<FactId> {
        match &self.flow.block(block).kind {
            BlockKind::OnMiss(read) => {
                factors.push(self.miss(case, self.flow.step(*read).to));
                self.restart(hop, *read)
            }
            BlockKind::OnFailure(Guarded::Step(step)) => {
                factors.push(self.chances.failures[self.flow.step(*step).to.index()]);
                self.restart(hop, *step)
            }
            BlockKind::OnFailure(Guarded::Block(guarded)) => {
                factors.push(self.failure_of_block(case, *guarded));
                if let BlockKind::Chance(p) = &self.flow.block(*guarded).kind {
                    factors.push(case.stated("", "chance", p, Unit::Share));
                }
                None
            }
            BlockKind::Nested(step) => self.restart(hop, *step),
            BlockKind::Chance(p) => {
                factors.push(case.stated("", "chance", p, Unit::Share));
                None
            }
            BlockKind::Repeat(n) => {
                factors.push(case.stated("", "repeat", n, NUMBER));
                None
            }
            BlockKind::Compensate => {
                factors.push(
                    case.graph.constant(What::between("runs only to undo what has failed", NUMBER), 0.0),
                );
                None
            }
            BlockKind::Try | BlockKind::Parallel | BlockKind::Transaction(_) => None,
        }
    }

    /// The multiplicity of the step that a block answers, unless the hop hangs under it and has it already.
    fn restart(&self, hop: &Hop, answered: StepId) -> Option<FactId> {
        let mut above = hop.parent;
        while let Some(at) = above {
            if at == answered.index() {
                return None;
            }
            above = self.calls.hops.get(at).and_then(|h| h.parent);
        }
        self.known.get(answered.index()).copied().flatten()
    }

    fn own(&self, case: &mut Case<'_>, id: StepId, factors: &mut Vec<FactId>) {
        let props = &self.flow.step(id).props;
        for key in ["times", "fan_out", "pages"] {
            if let Some(n) = props.quantity(key) {
                factors.push(case.stated("", key, n, NUMBER));
            }
        }
        if let Some(p) = props.quantity("chance") {
            factors.push(case.stated("", "chance", p, Unit::Share));
        }
        if let (Some(every), Some(open)) = (props.quantity("poll"), props.quantity("stream.open")) {
            let open = case.stated("", "time that it stays open", open, super::derive::TIME);
            let every = case.stated("", "time between two questions", every, super::derive::TIME);
            let polls = case.graph.quotient(What::between("polls for one arrival", NUMBER), open, every);
            factors.push(polls);
        }
    }

    fn miss(&self, case: &mut Case<'_>, cache: ElementId) -> FactId {
        match self.chances.hits.get(cache.index()).copied().flatten() {
            Some(hit) => {
                let label = eco_format!("misses of {}", case.name(cache));
                case.graph.formula(What::between(label, Unit::Share), "1 - hit ratio", vec![hit], |v| {
                    Ok(1.0 - v[0])
                })
            }
            None => {
                let need = eco_format!("{}.hit", case.name(cache));
                case.graph.missing(What::between("", Unit::Share), need)
            }
        }
    }

    /// The chance that something in a guarded block fails.
    fn failure_of_block(&self, case: &mut Case<'_>, block: BlockId) -> FactId {
        let inside = |s: StepId| self.flow.enclosing(s).any(|b| b == block);
        let mut targets: Vec<ElementId> =
            self.flow.steps().filter(|(id, _)| inside(*id)).map(|(_, s)| s.to).collect();
        targets.sort_unstable();
        targets.dedup();
        let failures: Vec<FactId> = targets.iter().map(|t| self.chances.failures[t.index()]).collect();
        case.graph.formula(
            What::between("chance that one of the guarded steps fails", Unit::Probability),
            "1 - product of (1 - unavailability), each element once",
            failures,
            |v| Ok(1.0 - v.iter().map(|u| 1.0 - u).product::<f64>()),
        )
    }
}
