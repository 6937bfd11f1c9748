//! Minimal cut sets: counted by order, then listed.
//!
//! Built bottom-up from the gates, independently of the diagram that gives the probability. A cut
//! set names groups and how many of their replicas (`psh 2 of 3`); each replica counts in its
//! order, and counts are those of sets of individually named replicas, so that they can be held
//! against a tool to which every replica is an event of its own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use super::arena::{Arena, Formula, Gate, Term};
use super::counting::binomial;
use super::order::{VariableOrder, postorder};
use super::tree::{EventId, FaultTree};
use super::zbdd::{Branch, Family, NOTHING, OverBudget, UNIT, UNLIMITED, Zbdd};

/// So many replicas of an event down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CutEvent {
    /// The event or group.
    pub event: EventId,
    /// Number of its replicas, at least 1; always 1 for a basic event.
    pub count: u32,
}

/// A minimal cut set: the top event holds where all of it is down, and no part of it suffices.
#[derive(Debug, Clone, PartialEq)]
pub struct CutSet {
    /// What must be down, in order of names.
    pub events: Vec<CutEvent>,
    /// Number of replicas and basic events in it.
    pub order: u32,
    /// Number of cut sets of individually named replicas that this one stands for.
    pub multiplicity: u128,
    /// Probability that *any* so many replicas of each group are down.
    pub probability: f64,
}

/// How many minimal cut sets there are, each choice of replicas counted by itself. Saturating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutSetCounts {
    /// Sets of order 1, 2, …; to the highest order that occurs, or to where counting ended.
    pub by_order: Vec<u128>,
    /// Sets of all orders; none where only low orders fit the budget.
    pub total: Option<u128>,
    /// As `total`, replicas of a group not told apart.
    pub grouped: Option<u128>,
}

/// The minimal cut sets of a top event.
#[derive(Debug, Clone, PartialEq)]
pub struct CutSets {
    /// Counted before anything is listed.
    pub counts: CutSetCounts,
    /// By order, then probability (likeliest first), then names. A top event that is always down
    /// has the empty set as its only one.
    pub sets: Vec<CutSet>,
    /// All sets up to this order are known; none where all orders are.
    pub known_to: Option<u32>,
    /// Whether `sets` is every known set up to the order asked for, or was cut at the number asked for.
    pub complete: bool,
}

/// Orders that are counted apart where the caller lists fewer.
const COUNTED_ORDERS: u32 = 16;

/// At most so many sets of one order are looked at to find the likeliest.
const LOOKED_AT: usize = 100_000;

pub(super) fn minimal_cut_sets(tree: &FaultTree, top: Formula, options: &Options) -> CutSets {
    let order = VariableOrder::new(&tree.arena, top);
    let all = std::iter::once((UNLIMITED, options.count_budget.min(options.budget)));
    let low = (1..=options.max_order).rev().map(|limit| (limit, options.budget));
    for (limit, budget) in all.chain(low) {
        let mut builder = Builder::new(&tree.arena, &order, limit, budget);
        if let Ok(family) = builder.family(top) {
            let known_to = (limit != UNLIMITED).then_some(limit);
            return Reader { tree, zbdd: &builder.zbdd, order: &order, tails: FxHashMap::default() }
                .read(family, known_to, options);
        }
    }
    let counts = CutSetCounts { by_order: Vec::new(), total: None, grouped: None };
    CutSets { counts, sets: Vec::new(), known_to: Some(0), complete: false }
}

/// Gates that sum as many contributions to the same threshold.
#[derive(PartialEq, Eq, Hash)]
struct Shape {
    at_least: u32,
    terms: usize,
    weight: u32,
}

struct Builder<'a> {
    arena: &'a Arena,
    /// By variable: its place in the order.
    rank: Vec<u32>,
    zbdd: Zbdd,
    limit: u32,
}

impl<'a> Builder<'a> {
    fn new(arena: &'a Arena, order: &VariableOrder, limit: u32, budget: usize) -> Self {
        let mut rank = vec![u32::MAX - 1; arena.variables()];
        for (at, var) in order.variables.iter().enumerate() {
            if let Some(rank) = rank.get_mut(*var as usize) {
                *rank = at as u32;
            }
        }
        Self { arena, rank, zbdd: Zbdd::new(budget), limit }
    }

    fn family(&mut self, top: Formula) -> Result<Family, OverBudget> {
        let mut done: FxHashMap<Formula, Family> = FxHashMap::default();
        let all = postorder(self.arena, top, |_| false);
        let mut alike: FxHashMap<Shape, usize> = FxHashMap::default();
        for shape in all.iter().filter_map(|formula| self.shape(*formula)) {
            *alike.entry(shape).or_default() += 1;
        }
        for formula in all {
            let before = self.zbdd.size();
            let family = self.gate(formula, &done)?;
            // Gates of one shape over parts of their own cost about the same: where the first of them shows that
            // all of them cannot fit, the others are not begun.
            let others = self.shape(formula).and_then(|shape| alike.remove(&shape));
            let cost = self.zbdd.size() - before;
            if others.is_some_and(|gates| cost.saturating_mul(gates) > self.zbdd.budget()) {
                return Err(OverBudget);
            }
            done.insert(formula, family);
        }
        Ok(done.get(&top).copied().unwrap_or(NOTHING))
    }

    /// What decides the cost of an at-least gate.
    fn shape(&self, formula: Formula) -> Option<Shape> {
        let Gate::Sum { at_least, terms } = self.arena.gate(formula) else { return None };
        Some(Shape {
            at_least: *at_least,
            terms: terms.len(),
            weight: terms.iter().map(|t| self.arena.weight(t)).sum(),
        })
    }

    fn gate(&mut self, formula: Formula, done: &FxHashMap<Formula, Family>) -> Result<Family, OverBudget> {
        let known = |input: &Formula| done.get(input).copied().unwrap_or(NOTHING);
        match self.arena.gate(formula) {
            Gate::False => Ok(NOTHING),
            Gate::True => Ok(UNIT),
            Gate::Down { var, at_least } => Ok(self.single(*var, *at_least)),
            Gate::Or(children) => self.zbdd.union_all(children.iter().map(known).collect()),
            Gate::And(children) => {
                let mut product = UNIT;
                for child in children.iter().map(known) {
                    product = self.zbdd.product(product, child, self.limit)?;
                }
                Ok(product)
            }
            Gate::Sum { at_least, terms } => self.sum(*at_least, terms, done),
        }
    }

    fn single(&mut self, var: u32, count: u32) -> Family {
        if count > self.limit {
            return NOTHING;
        }
        let rank = self.rank.get(var as usize).copied().unwrap_or(u32::MAX - 1);
        self.zbdd.single(rank, count)
    }

    /// Families of "the terms from here on contribute at least so much", the last terms first.
    /// Each is the union over what the first of these terms contributes.
    fn sum(
        &mut self,
        at_least: u32,
        terms: &[Term],
        done: &FxHashMap<Formula, Family>,
    ) -> Result<Family, OverBudget> {
        let known = |input: Formula| done.get(&input).copied().unwrap_or(NOTHING);
        let needed = self.needed(at_least, terms)?;
        let mut after: FxHashMap<u32, Family> = FxHashMap::default();
        after.insert(0, UNIT);
        for (term, needed) in terms.iter().zip(&needed).rev() {
            let rest = |missing: u32| after.get(&missing).copied().unwrap_or(NOTHING);
            let mut here: FxHashMap<u32, Family> = FxHashMap::default();
            here.insert(0, UNIT);
            for &Missing { amount: missing, limit } in needed {
                let mut choices = vec![rest(missing)];
                let (whole, weight) = match *term {
                    Term::One(formula) => (known(formula), 1),
                    Term::Replicas { var, domain } => {
                        let count = self.arena.count(var);
                        for own in 1..=count.min(missing).min(limit) {
                            let own_down = self.single(var, own);
                            choices.push(self.zbdd.product(own_down, rest(missing - own), limit)?);
                        }
                        (known(domain), count)
                    }
                };
                choices.push(self.zbdd.product(whole, rest(missing.saturating_sub(weight)), limit)?);
                let family = self.zbdd.union_all(choices)?;
                here.insert(missing, family);
            }
            after = here;
        }
        Ok(after.get(&at_least).copied().unwrap_or(NOTHING))
    }

    /// By term: the amounts that may still be missing before it, and that the terms from it on can give, each with
    /// the order that the sets from there on may have: where replicas down before it belong to no later term, their
    /// number is taken off the limit. A domain may be down for several terms, and takes nothing off.
    ///
    /// Each amount costs a family at least, so that where they alone are above the budget, nothing is begun.
    fn needed(&self, at_least: u32, terms: &[Term]) -> Result<Vec<Vec<Missing>>, OverBudget> {
        let mut work = 0_usize;
        let mut left: u32 = terms.iter().map(|term| self.arena.weight(term)).sum();
        let mut now = vec![Missing { amount: at_least, limit: self.limit }];
        let mut needed = Vec::with_capacity(terms.len());
        let apart = self.apart(terms);
        for term in terms {
            now.retain(|missing| missing.amount > 0 && missing.amount <= left);
            let weight = self.arena.weight(term);
            let mut next: Vec<Missing> = Vec::new();
            for &Missing { amount, limit } in &now {
                let few = match term {
                    Term::One(_) => 0,
                    Term::Replicas { .. } => weight.min(limit).min(amount),
                };
                work = work.saturating_add(few as usize + 1);
                if work > self.zbdd.budget() {
                    return Err(OverBudget);
                }
                let less = |own: u32| if apart && limit != UNLIMITED { limit - own } else { limit };
                next.extend((0..=few).map(|own| Missing { amount: amount - own, limit: less(own) }));
                next.push(Missing { amount: amount.saturating_sub(weight), limit });
            }
            next.sort_unstable_by(|a, b| a.amount.cmp(&b.amount).then(b.limit.cmp(&a.limit)));
            next.dedup_by_key(|missing| missing.amount);
            needed.push(std::mem::replace(&mut now, next));
            left -= weight;
        }
        Ok(needed)
    }
}

impl Builder<'_> {
    /// Whether each term is a group of its own, which no other term and no domain of theirs speaks of. Domains that
    /// are more than one gate over events are not looked into.
    fn apart(&self, terms: &[Term]) -> bool {
        let mut own = FxHashSet::default();
        let mut domains = Vec::new();
        for term in terms {
            match *term {
                Term::Replicas { var, domain } if own.insert(var) => domains.push(domain),
                _ => return false,
            }
        }
        let plain = |formula: Formula| match self.arena.gate(formula) {
            Gate::False | Gate::True => true,
            Gate::Down { var, .. } => !own.contains(var),
            _ => false,
        };
        domains.into_iter().all(|domain| match self.arena.gate(domain) {
            Gate::Or(inputs) | Gate::And(inputs) => inputs.iter().all(|input| plain(*input)),
            _ => plain(domain),
        })
    }
}

/// What terms still have to contribute, and up to which order the sets that do so are wanted.
#[derive(Clone, Copy)]
struct Missing {
    amount: u32,
    limit: u32,
}

struct Reader<'a> {
    tree: &'a FaultTree,
    zbdd: &'a Zbdd,
    order: &'a VariableOrder,
    tails: FxHashMap<CutEvent, f64>,
}

impl Reader<'_> {
    fn read(mut self, family: Family, known_to: Option<u32>, options: &Options) -> CutSets {
        let counts = self.counts(family, known_to, options);
        let mut sets = Vec::new();
        let mut complete = known_to.is_none_or(|order| order >= options.max_order);
        for order in 0..=known_to.unwrap_or(options.max_order).min(options.max_order) {
            let mut found = Vec::new();
            complete &= self.collect(family, order, LOOKED_AT.max(options.max_listed), &mut found);
            found.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| self.by_name(a, b)));
            complete &= sets.len() + found.len() <= options.max_listed;
            found.truncate(options.max_listed - sets.len());
            sets.append(&mut found);
        }
        CutSets { counts, sets, known_to, complete }
    }

    fn by_name(&self, a: &CutSet, b: &CutSet) -> std::cmp::Ordering {
        let names = |set: &CutSet| -> Vec<(&str, CutEvent)> {
            set.events.iter().map(|event| (self.name(event.event), *event)).collect()
        };
        names(a).cmp(&names(b))
    }

    fn name(&self, event: EventId) -> &str {
        self.tree.get(event).map_or("", |event| event.name.as_str())
    }

    fn event(&self, branch: Branch) -> CutEvent {
        let var = self.order.variables.get(branch.var as usize).copied().unwrap_or(u32::MAX);
        CutEvent { event: EventId(var), count: branch.count }
    }

    fn choices(&self, event: CutEvent) -> u128 {
        self.tree.get(event.event).map_or(0, |group| binomial_coefficient(group.count, event.count))
    }

    fn counts(&self, family: Family, known_to: Option<u32>, options: &Options) -> CutSetCounts {
        let reachable = self.reachable(family);
        let marked = reachable.iter().filter(|mark| **mark).count();
        let wanted = known_to.unwrap_or(options.max_order.max(COUNTED_ORDERS));
        // A row of counts per family is kept only where it is affordable.
        let orders =
            if marked.saturating_mul(wanted as usize) > options.budget { options.max_order } else { wanted };
        let width = orders as usize + 1;
        let mut rows: Vec<Vec<u128>> = vec![Vec::new(), vec![1]];
        let mut totals: Vec<(u128, u128)> = vec![(0, 0), (1, 1)];
        for (branch, mark) in self.zbdd.branches().iter().zip(&reachable).skip(2) {
            let (mut row, mut total) = (Vec::new(), (0, 0));
            if *mark {
                let choices = self.choices(self.event(*branch));
                let of = |family: Family| rows.get(family as usize).map_or(&[][..], Vec::as_slice);
                row = of(branch.low).to_vec();
                for (order, sets) in of(branch.high).iter().enumerate() {
                    let order = order + branch.count as usize;
                    if order < width {
                        row.resize(row.len().max(order + 1), 0);
                        if let Some(sum) = row.get_mut(order) {
                            *sum = sum.saturating_add(sets.saturating_mul(choices));
                        }
                    }
                }
                let sum = |family: Family| totals.get(family as usize).copied().unwrap_or((0, 0));
                let (high, low) = (sum(branch.high), sum(branch.low));
                total = (high.0.saturating_mul(choices).saturating_add(low.0), high.1.saturating_add(low.1));
            }
            rows.push(row);
            totals.push(total);
        }
        let by_order =
            rows.get(family as usize).map_or_else(Vec::new, |row| row.iter().skip(1).copied().collect());
        let total = totals.get(family as usize).copied().filter(|_| known_to.is_none());
        CutSetCounts { by_order, total: total.map(|total| total.0), grouped: total.map(|total| total.1) }
    }

    fn reachable(&self, family: Family) -> Vec<bool> {
        let mut marks = vec![false; self.zbdd.branches().len()];
        let mut stack = vec![family];
        while let Some(next) = stack.pop() {
            if let Some(mark) = marks.get_mut(next as usize)
                && !*mark
            {
                *mark = true;
                stack.extend(self.zbdd.branch(next).into_iter().flat_map(|branch| [branch.high, branch.low]));
            }
        }
        marks
    }

    /// All sets of exactly this order; false where there are more than `most`.
    fn collect(&mut self, family: Family, order: u32, most: usize, found: &mut Vec<CutSet>) -> bool {
        let mut stack: Vec<(Family, u32, Vec<CutEvent>)> = vec![(family, order, Vec::new())];
        while let Some((family, left, prefix)) = stack.pop() {
            if self.zbdd.least_order(family) > left {
                continue;
            }
            let Some(branch) = self.zbdd.branch(family) else {
                if left == 0 {
                    if found.len() == most {
                        return false;
                    }
                    found.push(self.cut_set(prefix, order));
                }
                continue;
            };
            if let Some(left) = left.checked_sub(branch.count) {
                let mut with = prefix.clone();
                with.push(self.event(branch));
                stack.push((branch.high, left, with));
            }
            stack.push((branch.low, left, prefix));
        }
        true
    }

    fn cut_set(&mut self, mut events: Vec<CutEvent>, order: u32) -> CutSet {
        events.sort_by(|a, b| self.name(a.event).cmp(self.name(b.event)).then(a.cmp(b)));
        let multiplicity =
            events.iter().fold(1_u128, |product, event| product.saturating_mul(self.choices(*event)));
        let probability = events.iter().map(|event| self.tail(*event)).product();
        CutSet { events, order, multiplicity, probability }
    }

    fn tail(&mut self, event: CutEvent) -> f64 {
        let tree = self.tree;
        *self.tails.entry(event).or_insert_with(|| at_least(tree, event))
    }
}

/// Probability that at least so many replicas of the event are down.
pub(super) fn at_least(tree: &FaultTree, event: CutEvent) -> f64 {
    let Some(group) = tree.get(event.event) else { return 0.0 };
    binomial(group.count, group.unavailability).iter().skip(event.count as usize).rev().sum()
}

fn binomial_coefficient(n: u32, k: u32) -> u128 {
    let mut result = 1_u128;
    for i in 0..k.min(n.saturating_sub(k)) {
        let Some(product) = result.checked_mul(u128::from(n - i)) else { return u128::MAX };
        result = product / u128::from(i + 1);
    }
    result
}
