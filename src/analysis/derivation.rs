//! The derivation graph: every number with its value, unit, operation, inputs and sources.
//!
//! An analysis writes into the graph; a renderer only reads it. A number that could not be
//! evaluated is a node too, without a value, and says what it needs.

use crate::quantity::{Dimension, Quantity, availability_percent, factor, percent, plain};
use crate::source::Span;
use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// A node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

/// An assumption, by its position in [`Derivation::assumptions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssumptionId(pub u32);

/// What a number measures: its dimension, and how it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A dimension, with the thing that is counted (`req`, `users`; may be empty).
    Of(Dimension, &'static str),
    /// A share, printed in percent.
    Share,
    /// How many times as much, printed as `2.5x`.
    Factor,
    /// An availability, printed in percent with as many nines as it has.
    Availability,
    /// A probability, printed as such (`3.6e-4`).
    Probability,
}

/// How a number came about.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Stated in the design.
    Stated,
    /// An input of the design: `let`, with its note.
    Input(EcoString),
    /// Taken from the catalogue: technology, path of the fact, source.
    Catalogue(EcoString),
    /// A documented default.
    Assumed(AssumptionId),
    /// The sum of the inputs.
    Sum,
    /// The first input less the others.
    Difference,
    /// The product of the inputs.
    Product,
    /// The first input divided by the second.
    Quotient,
    /// The largest input.
    Max,
    /// The smallest input.
    Min,
    /// A formula over the inputs, as text with its source: `Erlang C (M/M/c): …`.
    Formula(EcoString),
    /// Known to be nothing or none: no flow touches it, so its load is 0.
    Constant,
    /// Could not be evaluated: what it needs, as in `api.capacity`.
    Needs(EcoString),
}

/// A number of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its name as `sysd why` and targets know it: `api.utilization.peak`; empty for a number in between.
    pub name: EcoString,
    /// What it is in words: `load of api at peak`; empty where the name says it.
    pub label: EcoString,
    /// Its value in SI base units; `None` where it could not be evaluated.
    pub value: Option<f64>,
    /// What it measures.
    pub unit: Unit,
    /// How it came about.
    pub operation: Operation,
    /// The numbers it rests on.
    pub inputs: Vec<FactId>,
    /// The text it rests on, where it is stated.
    pub span: Option<Span>,
}

/// A documented default that was used.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumed {
    /// What is assumed: `availability of an instance`.
    pub what: EcoString,
    /// The value, in SI base units.
    pub value: f64,
    /// What it measures.
    pub unit: Unit,
    /// Where the value comes from.
    pub source: EcoString,
}

/// A value with its unit, as text.
pub fn show(value: f64, unit: Unit) -> String {
    if value == f64::INFINITY {
        return "never".to_owned();
    }
    match unit {
        Unit::Of(dimension, "") => Quantity::new(value, dimension).spoken(),
        Unit::Of(dimension, label) => Quantity::new(value, dimension).labelled(label).spoken(),
        Unit::Share => percent(value),
        Unit::Factor => factor(value),
        // Exact enough: the parts that need the distance to 1 keep the unavailability as a number of its own.
        Unit::Availability => availability_percent(1.0 - value),
        Unit::Probability => plain(value),
    }
}

/// The graph.
#[derive(Clone, Debug, Default)]
pub struct Derivation {
    facts: Vec<Fact>,
    names: FxHashMap<EcoString, FactId>,
    needs: FxHashMap<EcoString, FactId>,
    /// Texts of formulas: a few hundred, of which each stands at thousands of numbers.
    texts: FxHashSet<EcoString>,
    assumptions: Vec<Assumed>,
    /// Numbers from the catalogue whose source is of low confidence.
    doubts: BTreeSet<FactId>,
}

impl Derivation {
    /// An empty graph with room for so many numbers.
    pub fn with_capacity(numbers: usize) -> Derivation {
        let mut graph = Derivation::default();
        graph.facts.reserve(numbers);
        graph.names.reserve(numbers);
        graph
    }

    /// Adds a number; a name that is taken keeps its first owner.
    pub fn add(&mut self, fact: Fact) -> FactId {
        let id = FactId(self.facts.len() as u32);
        if !fact.name.is_empty() {
            self.names.entry(fact.name.clone()).or_insert(id);
        }
        self.facts.push(fact);
        id
    }

    /// Gives a number one more name; a name that is taken keeps its first owner, an empty one is none.
    pub fn alias(&mut self, name: EcoString, id: FactId) {
        if !name.is_empty() {
            self.names.entry(name).or_insert(id);
        }
    }

    /// The text of a formula, stored once.
    pub(super) fn text(&mut self, text: &str) -> EcoString {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let stored = EcoString::from(text);
        self.texts.insert(stored.clone());
        stored
    }

    /// The node of a need, where there is one already.
    pub(super) fn needed(&self, need: &str) -> Option<FactId> {
        self.needs.get(need).copied()
    }

    /// Keeps the node of a need.
    pub(super) fn remember_need(&mut self, need: EcoString, id: FactId) {
        self.needs.insert(need, id);
    }

    /// Notes that the source of a number is of low confidence.
    pub(super) fn doubt(&mut self, id: FactId) {
        self.doubts.insert(id);
    }

    /// For each number the one of low confidence that it leans on, if there is one. Inputs are older than what
    /// rests on them, so one pass does.
    pub fn doubtful(&self) -> Vec<Option<FactId>> {
        let mut leaning: Vec<Option<FactId>> = Vec::with_capacity(self.facts.len());
        for (id, fact) in self.iter() {
            let own = self.doubts.contains(&id).then_some(id);
            let inputs = || fact.inputs.iter().find_map(|i| leaning.get(i.0 as usize).copied().flatten());
            leaning.push(own.or_else(inputs));
        }
        leaning
    }

    /// Where a number of the catalogue comes from; empty for others.
    pub fn origin(&self, id: FactId) -> String {
        match &self.fact(id).operation {
            Operation::Catalogue(source) => format!("the catalogue has it from {source}"),
            _ => String::new(),
        }
    }

    /// The number of a handle.
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    /// Its value.
    pub fn value(&self, id: FactId) -> Option<f64> {
        self.fact(id).value
    }

    /// The number of this name.
    pub fn named(&self, name: &str) -> Option<FactId> {
        self.names.get(name).copied()
    }

    /// Every name, sorted: for candidates and completion.
    pub fn names(&self) -> Vec<&EcoString> {
        let mut names: Vec<_> = self.names.keys().collect();
        names.sort();
        names
    }

    /// Every number with its handle, in the order of computation.
    pub fn iter(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts.iter().enumerate().map(|(i, f)| (FactId(i as u32), f))
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// Notes a default that is used; the same default is noted once.
    pub fn assume(&mut self, assumed: Assumed) -> AssumptionId {
        let known = self.assumptions.iter().position(|a| a.what == assumed.what && a.value == assumed.value);
        let at = known.unwrap_or_else(|| {
            self.assumptions.push(assumed);
            self.assumptions.len() - 1
        });
        AssumptionId(at as u32)
    }

    /// The defaults that were used, in the order of their first use.
    pub fn assumptions(&self) -> &[Assumed] {
        &self.assumptions
    }

    /// The number as text with its unit: `69.44k req/s`, `99.95%`, `3.6e-4`; what it needs where it has no
    /// value.
    pub fn show(&self, id: FactId) -> String {
        let fact = self.fact(id);
        match fact.value {
            Some(value) => show(value, fact.unit),
            None => match self.need(id) {
                Some(need) => format!("not evaluated: needs {need}"),
                None => "does not apply".to_owned(),
            },
        }
    }

    /// What a number needs that is not there: its own need, or the first one below it.
    pub fn need(&self, id: FactId) -> Option<&str> {
        let mut at = id;
        loop {
            let fact = self.fact(at);
            if fact.value.is_some() {
                return None;
            }
            if let Operation::Needs(what) = &fact.operation {
                return Some(what);
            }
            at = *fact.inputs.iter().find(|i| self.fact(**i).value.is_none())?;
        }
    }
}
