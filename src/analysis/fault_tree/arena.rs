//! Gates: an arena of failure formulas that shares equal gates and simplifies as it builds.
//!
//! Variables are numbers with a count of interchangeable replicas; the arena knows neither their
//! names nor their probabilities. Every gate is monotone, so every structure function is coherent.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// A failure formula of one arena: true means down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(pub(super) u32);

impl Formula {
    /// Never down.
    pub const FALSE: Self = Self(0);
    /// Always down.
    pub const TRUE: Self = Self(1);
}

/// One summand of [`Gate::Sum`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// Contributes 1 where the formula holds.
    One(Formula),
    /// Contributes the number of replicas of the variable that are down, or all of them where the domain is down.
    Replicas {
        /// Number of the variable.
        var: u32,
        /// What takes all replicas down at once.
        domain: Formula,
    },
}

/// A gate over formulas that were built before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Never.
    False,
    /// Always.
    True,
    /// At least so many replicas of the variable are down.
    Down {
        /// Number of the variable.
        var: u32,
        /// Threshold, 1 to the count of the variable.
        at_least: u32,
    },
    /// All of them.
    And(Vec<Formula>),
    /// Any of them.
    Or(Vec<Formula>),
    /// The contributions of the terms add up to at least the threshold.
    Sum {
        /// Threshold, from 1 to the sum of all contributions.
        at_least: u32,
        /// Summands, in ascending order; a repeated one counts repeatedly.
        terms: Vec<Term>,
    },
}

/// A nested gate of the same kind is merged into its parent up to this many children. Merging
/// longer ones would make a chain of n gates cost n²/2 edges.
const FLATTEN: usize = 32;

#[derive(Debug, Clone)]
pub(super) struct Arena {
    gates: Vec<Gate>,
    /// By hash of a gate: the last formula with it; `earlier` leads on to the others of that hash.
    index: FxHashMap<u64, Formula>,
    earlier: Vec<Formula>,
    counts: Vec<u32>,
    edges: usize,
}

impl Default for Arena {
    fn default() -> Self {
        let mut arena = Self {
            gates: Vec::new(),
            index: FxHashMap::default(),
            earlier: Vec::new(),
            counts: Vec::new(),
            edges: 0,
        };
        arena.intern(Gate::False);
        arena.intern(Gate::True);
        arena
    }
}

impl Arena {
    pub fn variable(&mut self, count: u32) -> u32 {
        self.counts.push(count);
        self.counts.len() as u32 - 1
    }

    pub fn count(&self, var: u32) -> u32 {
        self.counts.get(var as usize).copied().unwrap_or(0)
    }

    pub fn variables(&self) -> usize {
        self.counts.len()
    }

    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    pub fn len(&self) -> usize {
        self.gates.len()
    }

    /// Gates and their inputs: the measure of the budget.
    pub fn edges(&self) -> usize {
        self.edges
    }

    /// The gate of a formula; a formula of another arena that is not in this one reads as never.
    pub fn gate(&self, formula: Formula) -> &Gate {
        self.gates.get(formula.0 as usize).unwrap_or(&Gate::False)
    }

    fn intern(&mut self, gate: Gate) -> Formula {
        let hash = FxBuildHasher.hash_one(&gate);
        let latest = self.index.get(&hash).copied();
        let mut known = latest;
        while let Some(formula) = known {
            if *self.gate(formula) == gate {
                return formula;
            }
            // The first formula of a hash leads to itself.
            known = self.earlier.get(formula.0 as usize).copied().filter(|earlier| *earlier != formula);
        }
        let formula = Formula(self.gates.len() as u32);
        self.edges += 1 + match &gate {
            Gate::And(children) | Gate::Or(children) => children.len(),
            Gate::Sum { terms, .. } => 2 * terms.len(),
            _ => 0,
        };
        self.gates.push(gate);
        self.earlier.push(latest.unwrap_or(formula));
        self.index.insert(hash, formula);
        formula
    }

    pub fn down(&mut self, var: u32, at_least: u32) -> Formula {
        if at_least == 0 {
            Formula::TRUE
        } else if at_least > self.count(var) {
            Formula::FALSE
        } else {
            self.intern(Gate::Down { var, at_least })
        }
    }

    pub fn and(&mut self, children: Vec<Formula>) -> Formula {
        self.junction(children, true)
    }

    pub fn or(&mut self, children: Vec<Formula>) -> Formula {
        self.junction(children, false)
    }

    fn junction(&mut self, children: Vec<Formula>, all: bool) -> Formula {
        let (neutral, absorbing) =
            if all { (Formula::TRUE, Formula::FALSE) } else { (Formula::FALSE, Formula::TRUE) };
        let mut flat = Vec::with_capacity(children.len());
        for child in children {
            match self.gate(child) {
                Gate::And(inner) if all && inner.len() <= FLATTEN => flat.extend_from_slice(inner),
                Gate::Or(inner) if !all && inner.len() <= FLATTEN => flat.extend_from_slice(inner),
                _ if child == absorbing => return absorbing,
                _ if child == neutral => {}
                _ => flat.push(child),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        self.merge_nested(&mut flat, all);
        match flat[..] {
            [] => neutral,
            [only] => only,
            _ => self.intern(if all { Gate::And(flat) } else { Gate::Or(flat) }),
        }
    }

    /// Thresholds on the same sum are nested events: the highest of a conjunction and the lowest
    /// of a disjunction say it all.
    fn merge_nested(&self, flat: &mut Vec<Formula>, all: bool) {
        if !self.may_nest(flat) {
            return;
        }
        let mut best: FxHashMap<(u32, &[Term]), (u32, Formula)> = FxHashMap::default();
        let mut merged = false;
        for &child in flat.iter() {
            let (key, threshold) = match self.gate(child) {
                Gate::Down { var, at_least } if self.count(*var) > 1 => ((*var, &[][..]), *at_least),
                Gate::Sum { at_least, terms } => ((u32::MAX, &terms[..]), *at_least),
                _ => continue,
            };
            let entry = best.entry(key).or_insert((threshold, child));
            merged |= entry.1 != child;
            if (threshold > entry.0) == all {
                *entry = (threshold, child);
            }
        }
        if merged {
            let kept: Vec<Formula> = best.values().map(|(_, formula)| *formula).collect();
            flat.retain(|child| match self.gate(*child) {
                Gate::Down { var, .. } if self.count(*var) > 1 => kept.contains(child),
                Gate::Sum { .. } => kept.contains(child),
                _ => true,
            });
        }
    }

    /// Whether two thresholds might be on the same sum, judged by its first term alone.
    fn may_nest(&self, children: &[Formula]) -> bool {
        let mut first = Vec::new();
        for child in children {
            match self.gate(*child) {
                Gate::Down { var, .. } if self.count(*var) > 1 => {
                    first.push(Term::Replicas { var: *var, domain: Formula::FALSE });
                }
                Gate::Sum { terms, .. } => first.extend(terms.first()),
                _ => {}
            }
        }
        first.sort_unstable();
        first.windows(2).any(|pair| pair.first() == pair.last())
    }

    /// The most that a term contributes.
    pub fn weight(&self, term: &Term) -> u32 {
        match term {
            Term::One(_) => 1,
            Term::Replicas { var, .. } => self.count(*var),
        }
    }

    pub fn sum(&mut self, at_least: u32, mut terms: Vec<Term>) -> Formula {
        let mut threshold = at_least;
        let mut total = 0_u32;
        terms.retain_mut(|term| {
            *term = self.normal_term(*term);
            let weight = self.weight(term);
            match term {
                Term::One(Formula::TRUE) | Term::Replicas { domain: Formula::TRUE, .. } => {
                    threshold = threshold.saturating_sub(weight);
                    false
                }
                Term::One(Formula::FALSE) => false,
                _ => {
                    total = total.saturating_add(weight);
                    weight > 0
                }
            }
        });
        if threshold == 0 {
            return Formula::TRUE;
        }
        if threshold > total {
            return Formula::FALSE;
        }
        if let [Term::Replicas { var, domain }] = terms[..] {
            let own = self.down(var, threshold);
            return self.or(vec![domain, own]);
        }
        let units = terms.iter().all(|term| matches!(term, Term::One(_)));
        if units && (threshold == 1 || threshold == total) {
            return self.extremes(&terms, threshold == total);
        }
        terms.sort_unstable();
        self.intern(Gate::Sum { at_least: threshold, terms })
    }

    /// A sum at its highest or lowest threshold as a conjunction or disjunction; none for one between.
    pub fn as_junction(&mut self, at_least: u32, terms: &[Term]) -> Option<Formula> {
        let total = terms.iter().fold(0_u32, |sum, term| sum.saturating_add(self.weight(term)));
        (at_least == 1 || at_least == total).then(|| self.extremes(terms, at_least == total))
    }

    fn extremes(&mut self, terms: &[Term], all: bool) -> Formula {
        let children = terms.iter().map(|term| self.extreme(term, all)).collect();
        self.junction(children, all)
    }

    /// A single replica is a unit, so that equal terms look equal.
    fn normal_term(&mut self, term: Term) -> Term {
        match term {
            Term::Replicas { var, domain } if self.count(var) == 1 => {
                let own = self.down(var, 1);
                Term::One(self.or(vec![domain, own]))
            }
            other => other,
        }
    }

    /// "The term contributes all it can" or "anything at all".
    fn extreme(&mut self, term: &Term, all: bool) -> Formula {
        match *term {
            Term::One(formula) => formula,
            Term::Replicas { var, domain } => {
                let own = self.down(var, if all { self.count(var) } else { 1 });
                self.or(vec![domain, own])
            }
        }
    }

    /// Calls `visit` with each formula directly below a gate.
    pub fn inputs(&self, formula: Formula, mut visit: impl FnMut(Formula)) {
        match self.gate(formula) {
            Gate::And(children) | Gate::Or(children) => children.iter().copied().for_each(visit),
            Gate::Sum { terms, .. } => {
                for term in terms {
                    match *term {
                        Term::One(input) | Term::Replicas { domain: input, .. } => visit(input),
                    }
                }
            }
            Gate::False | Gate::True | Gate::Down { .. } => {}
        }
    }

    /// Calls `visit` with each variable that a gate reads itself.
    pub fn own_variables(&self, formula: Formula, mut visit: impl FnMut(u32)) {
        match self.gate(formula) {
            Gate::Down { var, .. } => visit(*var),
            Gate::Sum { terms, .. } => {
                for term in terms {
                    if let Term::Replicas { var, .. } = term {
                        visit(*var);
                    }
                }
            }
            _ => {}
        }
    }
}
