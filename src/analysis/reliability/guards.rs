//! Which steps have an alternative, and which needs belong to the step, which to the alternative.
//!
//! A guard covers what it names and everything that is set off by it. What comes after the
//! alternative and starts where the alternative ends happens either way and is not covered.

use super::super::calls::{Calls, Hop};
use super::wiring::{Item, blocks_of};
use crate::model::{BlockId, BlockKind, ElementId, Flow, Guarded, StepId};
use rustc_hash::FxHashMap;

/// A list of needs: of the flow itself, of what is guarded, or of what stands in for it.
pub type Scope = usize;

/// The flow itself.
pub const ROOT: Scope = 0;

/// Something with an alternative. Its own needs are in scope 2g+1, those of the alternative in 2g+2.
struct Guard {
    what: Covered,
    /// Behind this step the alternative is over.
    end: StepId,
    /// Where the alternative starts, and where it leads.
    source: Option<ElementId>,
    reached: Vec<ElementId>,
    /// The read of the cache that is the alternative.
    cache: Option<StepId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Covered {
    Hop(usize),
    Block(BlockId),
}

/// The guards of a flow.
pub struct Guards<'w> {
    flow: &'w Flow,
    calls: &'w Calls,
    all: Vec<Guard>,
    /// Of a hop, the innermost first.
    of_hop: FxHashMap<usize, Vec<usize>>,
    of_block: FxHashMap<BlockId, usize>,
    /// The guard whose alternative a block is.
    alternative_of: FxHashMap<BlockId, usize>,
    parents: Vec<Scope>,
}

fn first_of(guard: usize) -> Scope {
    2 * guard + 1
}

fn then_of(guard: usize) -> Scope {
    2 * guard + 2
}

impl<'w> Guards<'w> {
    /// The guards of a flow; `cached` are steps with the read of the cache that stands in for them.
    pub fn of(
        flow: &'w Flow,
        calls: &'w Calls,
        cached: &[(StepId, StepId)],
        is_visible: impl Fn(usize) -> bool,
    ) -> Self {
        let mut all = Guards {
            flow,
            calls,
            all: Vec::new(),
            of_hop: FxHashMap::default(),
            of_block: FxHashMap::default(),
            alternative_of: FxHashMap::default(),
            parents: Vec::new(),
        };
        for (step, read) in cached {
            let what = Covered::Hop(step.index());
            all.open(Guard { what, end: *step, source: None, reached: Vec::new(), cache: Some(*read) });
        }
        all.open_alternatives();
        all.find_parents(&is_visible);
        all
    }

    /// How many scopes there are.
    pub fn scopes(&self) -> usize {
        2 * self.all.len() + 1
    }

    /// The alternatives that are caches, with the read of each.
    pub fn caches(&self) -> impl Iterator<Item = (Scope, StepId)> + '_ {
        self.all.iter().enumerate().filter_map(|(g, guard)| Some((then_of(g), guard.cache?)))
    }

    fn open(&mut self, guard: Guard) -> usize {
        let at = self.all.len();
        match guard.what {
            Covered::Hop(hop) => self.of_hop.entry(hop).or_default().push(at),
            Covered::Block(block) => {
                self.of_block.insert(block, at);
            }
        }
        self.all.push(guard);
        at
    }

    fn open_alternatives(&mut self) {
        let flow = self.flow;
        if !flow.blocks.iter().any(|b| matches!(b.kind, BlockKind::OnFailure(_))) {
            return;
        }
        let mut inside: FxHashMap<BlockId, Vec<StepId>> = FxHashMap::default();
        for (id, _) in flow.steps() {
            for block in flow.enclosing(id) {
                inside.entry(block).or_default().push(id);
            }
        }
        for (at, block) in flow.blocks.iter().enumerate() {
            let id = BlockId(at as u32);
            let (BlockKind::OnFailure(guarded), Some(steps)) = (&block.kind, inside.get(&id)) else {
                continue;
            };
            let (Some(first), Some(end)) = (steps.first(), steps.last()) else { continue };
            let source = flow.step(*first).from;
            let what = match guarded {
                Guarded::Step(step) => Covered::Hop(self.start_of_run(*step, source).index()),
                Guarded::Block(block) => Covered::Block(*block),
            };
            let reached = steps.iter().map(|s| flow.step(*s).to).collect();
            let guard = self.open(Guard { what, end: *end, source: Some(source), reached, cache: None });
            self.alternative_of.insert(id, guard);
        }
    }

    /// Of a run `a -> b -> c`, the hop from where the alternative starts; else the last.
    fn start_of_run(&self, last: StepId, source: ElementId) -> StepId {
        let run = self.flow.step(last).run;
        let mut hops = (run.0..=last.0).map(StepId);
        hops.find(|s| self.flow.step(*s).from == source).unwrap_or(last)
    }

    /// The scope of what a hop needs.
    pub fn scope_of(&self, at: usize) -> Scope {
        if self.all.is_empty() { ROOT } else { self.walk(at, true, None) }
    }

    /// The scope of the source of a hop that nothing sets off: outside the guard of the hop where the
    /// alternative starts from the same source.
    pub fn scope_of_source(&self, at: usize) -> Scope {
        if self.all.is_empty() {
            return ROOT;
        }
        let Some(hop) = self.calls.hops.get(at) else { return ROOT };
        let own = self.of_hop.get(&at).and_then(|g| g.last()).and_then(|g| self.all.get(*g));
        let elsewhere = own.is_some_and(|g| g.source.is_some_and(|s| s != hop.from));
        self.walk(at, elsewhere, None)
    }

    /// Outwards from a hop, or from a block around it, to the first guard.
    fn walk(&self, start: usize, within_own: bool, after: Option<BlockId>) -> Scope {
        let (mut at, mut inside, mut after) = (start, within_own, after);
        let mut below: Vec<&Hop> = Vec::new();
        // Every move goes to an earlier step or to the delivery, which has no parent.
        for _ in 0..=self.calls.hops.len() {
            let Some(hop) = self.calls.hops.get(at) else { return ROOT };
            if inside && let Some(guard) = self.guard_around(at, &below) {
                return first_of(guard);
            }
            let mut answers = None;
            for block in blocks_of(self.flow, self.calls, hop) {
                if after.is_some_and(|b| b != block) {
                    continue;
                }
                if after.take().is_none()
                    && let Some(guard) = self.of_block.get(&block)
                {
                    return first_of(*guard);
                }
                if let Some(guard) = self.alternative_of.get(&block) {
                    return then_of(*guard);
                }
                if let BlockKind::OnMiss(step) | BlockKind::Nested(step) = self.flow.block(block).kind {
                    answers = Some(step.index());
                    break;
                }
            }
            below.push(hop);
            let Some(outer) = answers.or(hop.parent) else { return ROOT };
            (at, inside, after) = (outer, true, None);
        }
        ROOT
    }

    /// The innermost guard of a hop that covers the hops below it.
    fn guard_around(&self, at: usize, below: &[&Hop]) -> Option<usize> {
        let covers = |guard: &&usize| {
            let Some(guard) = self.all.get(**guard) else { return false };
            !below.iter().any(|hop| hop.step > guard.end && guard.reached.contains(&hop.from))
        };
        self.of_hop.get(&at)?.iter().find(covers).copied()
    }

    fn find_parents(&mut self, is_visible: &impl Fn(usize) -> bool) {
        for (g, guard) in self.all.iter().enumerate() {
            let parent = match guard.what {
                Covered::Hop(hop) => {
                    let mut next =
                        self.of_hop.get(&hop).into_iter().flatten().skip_while(|n| **n != g).skip(1);
                    next.next().map_or_else(|| self.walk(hop, false, None), |next| first_of(*next))
                }
                Covered::Block(block) => self.parent_of_block(block, is_visible),
            };
            self.parents.push(parent);
        }
    }

    /// A block stands where its steps hang; where they hang in several scopes, in the flow itself, so that
    /// no failure is overlooked.
    fn parent_of_block(&self, block: BlockId, is_visible: &impl Fn(usize) -> bool) -> Scope {
        let mut parents = self.calls.hops.iter().enumerate().filter_map(|(at, hop)| {
            let inside = is_visible(at) && blocks_of(self.flow, self.calls, hop).contains(&block);
            inside.then(|| self.walk(at, false, Some(block)))
        });
        let first = parents.next().unwrap_or(ROOT);
        if parents.all(|p| p == first) { first } else { ROOT }
    }

    /// The needs of every scope as one list of parts.
    pub fn assemble(&self, mut needs: Vec<Vec<Item>>) -> Vec<Item> {
        // Inner guards first: a guard is put into its parent only when it is complete.
        let mut order: Vec<(usize, usize)> = (0..self.all.len()).map(|g| (self.depth(g), g)).collect();
        order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, guard) in order {
            let mut take = |scope: Scope| needs.get_mut(scope).map(std::mem::take).unwrap_or_default();
            let (first, then) = (take(first_of(guard)), take(then_of(guard)));
            let parent = self.parents.get(guard).copied().unwrap_or(ROOT);
            if let Some(list) = needs.get_mut(parent) {
                list.push(Item::Either { first, then });
            }
        }
        needs.into_iter().next().unwrap_or_default()
    }

    /// How many guards are around one. Parents lie further out, so the walk ends.
    fn depth(&self, guard: usize) -> usize {
        let mut scope = self.parents.get(guard).copied().unwrap_or(ROOT);
        let mut depth = 0;
        while scope != ROOT && depth <= self.all.len() {
            scope = self.parents.get((scope - 1) / 2).copied().unwrap_or(ROOT);
            depth += 1;
        }
        depth
    }
}
