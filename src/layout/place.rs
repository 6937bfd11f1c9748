//! Placement: which item stands in which line of its box, and in which order.
//!
//! Boxes are improved one at a time against everything outside, from the leaves to the root and back, by threshold
//! accepting (Dueck, Scheuer 1990: like annealing, without an exponential in the decision); small drawings get a pass
//! over the whole as well. What is better is up to `cost`.

use super::arrange::{Lines, Plan};
use super::cost::{Bench, CROSSING_LIMIT, Terms, Whole};
use super::tree::Tree;
use super::{Direction, Graph};
use crate::numeric::random::Rng;

/// Passes over all boxes.
const SWEEPS: usize = 8;
/// How much worse a change may be at first, in pixels of edge length: about two crossings.
const HEAT: i64 = 300;
/// The same for the pass over the whole, which only has to loosen what the boxes settled for.
const WHOLE_HEAT: i64 = 250;

/// Comparisons that one run of trials may cost: below a second.
const LOOKS: usize = 400_000_000;
/// Changes looked at for one that is worth routing.
const VARIATIONS: usize = 200;

/// The placement of one graph.
pub(super) struct Placer<'a> {
    pub(super) terms: Terms<'a>,
    /// Boxes with something to arrange.
    busy: Vec<usize>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(graph: &'a Graph, tree: &'a Tree, strict: bool) -> Self {
        let busy = tree.boxes.iter().copied().filter(|&b| tree.children[b].len() > 1).collect();
        Self { terms: Terms::new(graph, tree, strict), busy }
    }

    /// The first guess: items by rank in every box, in source order inside a rank, in about as many lines as columns.
    /// Lines lie across the reading direction; for two seeds in three those of every other level along it.
    pub(super) fn first_plan(&self, seed: u64) -> Plan {
        let tree = self.terms.tree;
        let mut plan: Plan = vec![Lines::default(); tree.root() + 1];
        for &item in &tree.boxes {
            let mut children = tree.children[item].clone();
            children.sort_by_key(|&c| self.terms.ranks[c].unwrap_or(500) / 100);
            let per_line = children.len().isqrt().max(1);
            let lists: Vec<Vec<usize>> = children.chunks(per_line).map(<[usize]>::to_vec).collect();
            let along = self.terms.graph.direction == Direction::Down;
            let turned = match seed % 3 {
                0 => false,
                1 => !tree.depth[item].is_multiple_of(2),
                _ => tree.depth[item].is_multiple_of(2),
            };
            plan[item] = Lines::from_lists(along != turned, &lists);
        }
        plan
    }

    /// Improves a plan: so many trials box by box, and so many with the whole in view.
    pub(super) fn improve(&self, plan: &mut Plan, rng: &mut Rng, trials: usize, whole_trials: usize) {
        let items: usize = self.busy.iter().map(|&b| self.terms.tree.children[b].len()).sum::<usize>().max(1);
        for sweep in 0..SWEEPS {
            let mut order = self.busy.clone();
            if sweep % 2 == 0 {
                order.reverse();
            }
            let heat = |done: usize| HEAT * share(SWEEPS - done) / share(SWEEPS);
            for item in order {
                let part = trials * self.terms.tree.children[item].len() / items / SWEEPS;
                self.improve_box(plan, item, rng, part, (heat(sweep), heat(sweep + 1)), sweep == 0);
            }
        }
        if self.terms.links.len() <= CROSSING_LIMIT {
            self.improve_whole(plan, rng, whole_trials);
        }
    }

    /// A plan one change away that costs at most so much more; none if none is found soon.
    pub(super) fn vary(&self, plan: &Plan, slack: i64, judge: &mut Whole, rng: &mut Rng) -> Option<Plan> {
        let most = judge.cost(plan) + slack;
        let mut trial = plan.clone();
        for _ in 0..VARIATIONS {
            let item = *self.busy.get(rng.below(self.busy.len()))?;
            if shake(&mut trial[item], rng) && judge.cost(&trial) <= most {
                return Some(trial);
            }
            trial[item].clone_from(&plan[item]);
        }
        None
    }

    fn improve_whole(&self, plan: &mut Plan, rng: &mut Rng, trials: usize) {
        if self.busy.is_empty() {
            return;
        }
        let trials = affordable(trials, self.terms.links.len(), self.terms.tree.root());
        let mut judge = Whole::new(&self.terms);
        let mut current = judge.cost(plan);
        let (mut best, mut best_plan) = (current, plan.clone());
        let mut before = Lines::default();
        for trial in 0..trials {
            let item = self.busy[rng.below(self.busy.len())];
            before.clone_from(&plan[item]);
            if !shake(&mut plan[item], rng) {
                continue;
            }
            let cost = judge.cost(plan);
            if cost < current + threshold(trial, trials, (WHOLE_HEAT, 0)) {
                current = cost;
                if cost < best {
                    best = cost;
                    best_plan.clone_from(plan);
                }
            } else {
                std::mem::swap(&mut plan[item], &mut before);
            }
        }
        *plan = best_plan;
    }

    fn improve_box(
        &self,
        plan: &mut Plan,
        item: usize,
        rng: &mut Rng,
        trials: usize,
        heat: (i64, i64),
        alone: bool,
    ) {
        let mut bench = Bench::new(&self.terms, plan, item, alone);
        let mut lines = plan[item].clone();
        let trials = affordable(trials, bench.lines(), lines.order.len());
        let mut current = bench.cost(&lines);
        let (mut best, mut best_lines) = (current, lines.clone());
        let mut before = lines.clone();
        for trial in 0..trials {
            before.clone_from(&lines);
            if !shake(&mut lines, rng) {
                continue;
            }
            let cost = bench.cost(&lines);
            if cost < current + threshold(trial, trials, heat) {
                current = cost;
                if cost < best {
                    best = cost;
                    best_lines.clone_from(&lines);
                }
            } else {
                std::mem::swap(&mut lines, &mut before);
            }
        }
        plan[item] = best_lines;
    }
}

/// Trials that can be paid for, each of which compares every line with every other and with every card.
fn affordable(trials: usize, lines: usize, cards: usize) -> usize {
    let lines_compared = lines.min(CROSSING_LIMIT);
    trials.min(LOOKS / (lines_compared * (lines_compared / 2 + cards) + lines + 16 * cards + 1))
}

fn share(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How much worse a trial may be: falls linearly.
fn threshold(trial: usize, trials: usize, (from, to): (i64, i64)) -> i64 {
    from - (from - to) * share(trial) / share(trials).max(1)
}

/// One random change of a box; false if it came to nothing.
fn shake(lines: &mut Lines, rng: &mut Rng) -> bool {
    let count = lines.order.len();
    if count < 2 {
        return false;
    }
    match rng.below(16) {
        0..=5 => {
            let (a, b) = (rng.below(count), rng.below(count));
            lines.order.swap(a, b);
            a != b
        }
        6..=11 => move_item(lines, rng),
        12 => {
            lines.rows = !lines.rows;
            true
        }
        13 => {
            // Break a line, or join two.
            let at = 1 + rng.below(count - 1);
            lines.starts[at] = !lines.starts[at];
            true
        }
        14 => move_line(lines, rng),
        _ => {
            let lists = lines.to_lists();
            let at = rng.below(lists.len());
            let mut lists = lists;
            lists[at].reverse();
            *lines = Lines::from_lists(lines.rows, &lists);
            true
        }
    }
}

fn move_item(lines: &mut Lines, rng: &mut Rng) -> bool {
    let mut lists = lines.to_lists();
    let line = rng.below(lists.len());
    let at = rng.below(lists[line].len());
    let item = lists[line].remove(at);
    if rng.below(5) == 0 {
        let to = rng.below(lists.len() + 1);
        lists.insert(to, vec![item]);
    } else {
        let to = rng.below(lists.len());
        let at = rng.below(lists[to].len() + 1);
        lists[to].insert(at, item);
    }
    let changed = Lines::from_lists(lines.rows, &lists);
    let different = changed != *lines;
    *lines = changed;
    different
}

fn move_line(lines: &mut Lines, rng: &mut Rng) -> bool {
    let mut lists = lines.to_lists();
    if lists.len() < 2 {
        return false;
    }
    let (a, b) = (rng.below(lists.len()), rng.below(lists.len()));
    if rng.below(2) == 0 {
        lists.swap(a, b);
    } else {
        let line = lists.remove(a);
        lists.insert(b, line);
    }
    *lines = Lines::from_lists(lines.rows, &lists);
    a != b
}
