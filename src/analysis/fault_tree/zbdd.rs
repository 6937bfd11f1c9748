//! Families of minimal cut sets as zero-suppressed decision diagrams (Minato 1993; Rauzy,
//! Reliability Engineering & System Safety 40, 1993).
//!
//! An element of a set is a pair (variable, count): so many replicas of it. A set holds at most
//! one count of a variable, and more replicas imply fewer, so {2 of a} is contained in {3 of a}.
//! Every family here is an antichain: no set contains another. Variables are numbered in their order.
//!
//! The operations do not recurse. An operation that needs the result of another one that is not
//! known yet puts it on a stack and is tried again later; results are kept, so the second try is short.

use rustc_hash::FxHashMap;

/// Index of a family.
pub(super) type Family = u32;
/// The family without sets: never.
pub(super) const NOTHING: Family = 0;
/// The family of the empty set: always.
pub(super) const UNIT: Family = 1;
/// No limit on the order of sets.
pub(super) const UNLIMITED: u32 = u32::MAX;

/// Sets with (var, count), and those without it. `low` may begin with a greater count of the same variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Branch {
    pub var: u32,
    pub count: u32,
    pub high: Family,
    pub low: Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    /// Minimal sets of both.
    Union(Family, Family),
    /// Sets of the first that contain no set of the second.
    Without(Family, Family),
    /// Minimal unions of a set of the first with a set of the second, up to an order.
    Product(Family, Family, u32),
    /// Sets up to an order.
    Trim(Family, u32),
}

/// Smallest and largest order of the sets of a family.
#[derive(Debug, Clone, Copy)]
struct Orders {
    least: u32,
    most: u32,
}

/// The work did not fit the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OverBudget;

/// An operation waits for another one.
struct Pending;

pub(super) struct Zbdd {
    branches: Vec<Branch>,
    orders: Vec<Orders>,
    index: FxHashMap<Branch, Family>,
    results: FxHashMap<Operation, Family>,
    waiting: Vec<Operation>,
    budget: usize,
}

/// A family seen at one variable: the sets without it, and by count those with it.
struct Cut {
    none: Family,
    some: Vec<(u32, Family)>,
}

impl Zbdd {
    pub fn new(budget: usize) -> Self {
        let terminal = Branch { var: u32::MAX, count: 0, high: NOTHING, low: NOTHING };
        let never = Orders { least: u32::MAX, most: 0 };
        Self {
            branches: vec![terminal, terminal],
            orders: vec![never, Orders { least: 0, most: 0 }],
            index: FxHashMap::default(),
            results: FxHashMap::default(),
            waiting: Vec::new(),
            budget,
        }
    }

    /// How many families and results there may be.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Families and results so far, which the budget limits.
    pub fn size(&self) -> usize {
        self.branches.len() + self.results.len()
    }

    /// Families built so far, those of later operations last; `high` and `low` stand before their branch.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The first branch of a family; of [`NOTHING`] and [`UNIT`] none.
    pub fn branch(&self, family: Family) -> Option<Branch> {
        if family <= UNIT { None } else { self.branches.get(family as usize).copied() }
    }

    /// Order of the smallest set; `u32::MAX` for [`NOTHING`].
    pub fn least_order(&self, family: Family) -> u32 {
        self.orders(family).least
    }

    fn orders(&self, family: Family) -> Orders {
        self.orders.get(family as usize).copied().unwrap_or(Orders { least: u32::MAX, most: 0 })
    }

    /// The family of the one set {`count` of `var`}.
    pub fn single(&mut self, var: u32, count: u32) -> Family {
        self.node(Branch { var, count, high: UNIT, low: NOTHING })
    }

    fn node(&mut self, branch: Branch) -> Family {
        if branch.high == NOTHING {
            return branch.low;
        }
        if let Some(known) = self.index.get(&branch) {
            return *known;
        }
        let (high, low) = (self.orders(branch.high), self.orders(branch.low));
        self.orders.push(Orders {
            least: high.least.saturating_add(branch.count).min(low.least),
            most: high.most.saturating_add(branch.count).max(low.most),
        });
        self.branches.push(branch);
        let family = self.branches.len() as Family - 1;
        self.index.insert(branch, family);
        family
    }

    pub fn union(&mut self, f: Family, g: Family) -> Result<Family, OverBudget> {
        self.run(Operation::Union(f, g))
    }

    pub fn product(&mut self, f: Family, g: Family, limit: u32) -> Result<Family, OverBudget> {
        self.run(Operation::Product(f, g, limit))
    }

    /// Union of many, pairwise, so that no long family is walked once per member.
    pub fn union_all(&mut self, mut families: Vec<Family>) -> Result<Family, OverBudget> {
        while families.len() > 1 {
            let mut next = Vec::with_capacity(families.len().div_ceil(2));
            for pair in families.chunks(2) {
                next.push(match *pair {
                    [f, g] => self.union(f, g)?,
                    [f] => f,
                    _ => NOTHING,
                });
            }
            families = next;
        }
        Ok(families.pop().unwrap_or(NOTHING))
    }

    fn run(&mut self, operation: Operation) -> Result<Family, OverBudget> {
        if let Ok(family) = self.ask(operation) {
            return Ok(family);
        }
        while let Some(&next) = self.waiting.last() {
            if self.size() > self.budget {
                self.waiting.clear();
                return Err(OverBudget);
            }
            // Each waits for the one above it, so that the one that succeeds is the last.
            if let Ok(family) = self.attempt(next) {
                self.results.insert(next, family);
                self.waiting.pop();
            }
        }
        Ok(self.ask(operation).unwrap_or(NOTHING))
    }

    /// A result that is plain or known; otherwise the operation is put on the stack.
    fn ask(&mut self, operation: Operation) -> Result<Family, Pending> {
        let operation = match self.plain(operation) {
            Ok(family) => return Ok(family),
            Err(operation) => operation,
        };
        if let Some(known) = self.results.get(&operation) {
            return Ok(*known);
        }
        self.waiting.push(operation);
        Err(Pending)
    }

    /// Results that need no work, else the operation in a normal form.
    fn plain(&self, operation: Operation) -> Result<Family, Operation> {
        match operation {
            Operation::Union(f, g) => match (f, g) {
                (NOTHING, other) | (other, NOTHING) => Ok(other),
                (UNIT, _) | (_, UNIT) => Ok(UNIT),
                _ if f == g => Ok(f),
                _ => Err(Operation::Union(f.min(g), f.max(g))),
            },
            Operation::Without(f, g) => match (f, g) {
                (NOTHING, _) | (_, UNIT) => Ok(NOTHING),
                (_, NOTHING) | (UNIT, _) => Ok(f),
                _ if f == g => Ok(NOTHING),
                _ if self.orders(g).least > self.orders(f).most => Ok(f),
                _ => Err(operation),
            },
            Operation::Product(f, g, limit) => {
                let (of, og) = (self.orders(f), self.orders(g));
                let limit = if of.most.saturating_add(og.most) <= limit { UNLIMITED } else { limit };
                if of.least > limit || og.least > limit || f == NOTHING || g == NOTHING {
                    return Ok(NOTHING);
                }
                match (f, g) {
                    (UNIT, other) | (other, UNIT) => self.plain(Operation::Trim(other, limit)),
                    _ if f == g => self.plain(Operation::Trim(f, limit)),
                    _ => Err(Operation::Product(f.min(g), f.max(g), limit)),
                }
            }
            Operation::Trim(f, limit) => {
                let orders = self.orders(f);
                if orders.most <= limit {
                    Ok(f)
                } else if orders.least > limit {
                    Ok(NOTHING)
                } else {
                    Err(operation)
                }
            }
        }
    }

    fn attempt(&mut self, operation: Operation) -> Result<Family, Pending> {
        match operation {
            Operation::Union(f, g) => self.try_union(f, g),
            Operation::Without(f, g) => self.try_without(f, g),
            Operation::Product(f, g, limit) => self.try_product(f, g, limit),
            Operation::Trim(f, limit) => self.try_trim(f, limit),
        }
    }

    fn first_variable(&self, f: Family, g: Family) -> u32 {
        let var = |family| self.branch(family).map_or(u32::MAX, |branch| branch.var);
        var(f).min(var(g))
    }

    fn cut(&self, family: Family, var: u32) -> Cut {
        let mut cut = Cut { none: family, some: Vec::new() };
        while let Some(branch) = self.branch(cut.none)
            && branch.var == var
        {
            cut.some.push((branch.count, branch.high));
            cut.none = branch.low;
        }
        cut
    }

    fn join(&mut self, var: u32, cut: &Cut) -> Family {
        cut.some
            .iter()
            .rev()
            .fold(cut.none, |low, (count, high)| self.node(Branch { var, count: *count, high: *high, low }))
    }

    /// Adds the sets with `count`, less those that contain a set without the variable or with a smaller count.
    fn add_minimal(&mut self, cut: &mut Cut, count: u32, family: Family) -> Result<(), Pending> {
        let mut left = self.ask(Operation::Without(family, cut.none))?;
        for at in 0..cut.some.len() {
            let smaller = cut.some.get(at).map_or(NOTHING, |(_, smaller)| *smaller);
            left = self.ask(Operation::Without(left, smaller))?;
        }
        if left != NOTHING {
            cut.some.push((count, left));
        }
        Ok(())
    }

    fn try_union(&mut self, f: Family, g: Family) -> Result<Family, Pending> {
        let var = self.first_variable(f, g);
        let (f, g) = (self.cut(f, var), self.cut(g, var));
        let mut result = Cut { none: self.ask(Operation::Union(f.none, g.none))?, some: Vec::new() };
        for count in counts(&f, &g) {
            let both = self.ask(Operation::Union(exactly(&f, count), exactly(&g, count)))?;
            self.add_minimal(&mut result, count, both)?;
        }
        Ok(self.join(var, &result))
    }

    fn try_without(&mut self, f: Family, g: Family) -> Result<Family, Pending> {
        let var = self.first_variable(f, g);
        let (f, g) = (self.cut(f, var), self.cut(g, var));
        let mut result = Cut { none: self.ask(Operation::Without(f.none, g.none))?, some: Vec::new() };
        for (count, with) in f.some {
            let mut left = self.ask(Operation::Without(with, g.none))?;
            for (_, other) in g.some.iter().filter(|(other, _)| *other <= count) {
                left = self.ask(Operation::Without(left, *other))?;
            }
            if left != NOTHING {
                result.some.push((count, left));
            }
        }
        Ok(self.join(var, &result))
    }

    fn try_product(&mut self, f: Family, g: Family, limit: u32) -> Result<Family, Pending> {
        let var = self.first_variable(f, g);
        let (f, g) = (self.cut(f, var), self.cut(g, var));
        let mut result = Cut { none: self.ask(Operation::Product(f.none, g.none, limit))?, some: Vec::new() };
        // Sets with at most so many replicas of the variable, the variable taken out.
        let (mut f_upto, mut g_upto) = (f.none, g.none);
        for count in counts(&f, &g) {
            if count > limit {
                break;
            }
            let rest = if limit == UNLIMITED { UNLIMITED } else { limit - count };
            let (f_now, g_now) = (exactly(&f, count), exactly(&g, count));
            let from_g = self.ask(Operation::Product(f_upto, g_now, rest))?;
            g_upto = self.ask(Operation::Union(g_upto, g_now))?;
            let from_f = self.ask(Operation::Product(f_now, g_upto, rest))?;
            f_upto = self.ask(Operation::Union(f_upto, f_now))?;
            let both = self.ask(Operation::Union(from_f, from_g))?;
            self.add_minimal(&mut result, count, both)?;
        }
        Ok(self.join(var, &result))
    }

    fn try_trim(&mut self, f: Family, limit: u32) -> Result<Family, Pending> {
        let var = self.first_variable(f, NOTHING);
        let f = self.cut(f, var);
        let mut result = Cut { none: self.ask(Operation::Trim(f.none, limit))?, some: Vec::new() };
        for (count, with) in f.some {
            if let Some(rest) = limit.checked_sub(count) {
                let left = self.ask(Operation::Trim(with, rest))?;
                if left != NOTHING {
                    result.some.push((count, left));
                }
            }
        }
        Ok(self.join(var, &result))
    }
}

fn exactly(cut: &Cut, count: u32) -> Family {
    cut.some.iter().find(|(own, _)| *own == count).map_or(NOTHING, |(_, family)| *family)
}

/// All counts of two cuts, ascending.
fn counts(f: &Cut, g: &Cut) -> Vec<u32> {
    let mut counts: Vec<u32> = f.some.iter().chain(&g.some).map(|(count, _)| *count).collect();
    counts.sort_unstable();
    counts.dedup();
    counts
}
