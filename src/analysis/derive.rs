//! How numbers are put together: arithmetic on facts that keeps its inputs.
//!
//! A missing input makes a missing result: what comes back is then the missing number
//! itself, so that its need is found at once. Knows no design.

use super::derivation::{Assumed, Derivation, Fact, FactId, Operation, Unit};
use crate::catalog::{Confidence, Known};
use crate::quantity::Dimension;
use ecow::{EcoString, eco_format};

/// A plain number.
pub const NUMBER: Unit = Unit::Of(Dimension::NONE, "");
/// Something per second.
pub const RATE: Unit = Unit::Of(Dimension::RATE, "");
/// Seconds.
pub const TIME: Unit = Unit::Of(Dimension::TIME, "");
/// Bytes.
pub const DATA: Unit = Unit::Of(Dimension::DATA, "");
/// Bytes per second.
pub const BANDWIDTH: Unit = Unit::Of(Dimension::BANDWIDTH, "");
/// US dollars per second.
pub const COST: Unit = Unit::Of(Dimension::COST, "");

/// What a number is: its name, its words, what it measures.
#[derive(Clone, Debug)]
pub struct What {
    name: EcoString,
    label: EcoString,
    unit: Unit,
}

impl What {
    /// A number that targets and `sysd why` know: `api` and `load.peak`.
    pub fn of(subject: &str, metric: &str, unit: Unit) -> What {
        What { name: eco_format!("{subject}.{metric}"), label: EcoString::new(), unit }
    }

    /// A number in between.
    pub fn between(label: impl Into<EcoString>, unit: Unit) -> What {
        What { name: EcoString::new(), label: label.into(), unit }
    }

    /// The same with words beside the name.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<EcoString>) -> What {
        self.label = label.into();
        self
    }
}

impl Derivation {
    /// Adds a number with its value; one that is not a number counts as missing.
    pub fn put(
        &mut self,
        what: What,
        value: Option<f64>,
        operation: Operation,
        inputs: Vec<FactId>,
    ) -> FactId {
        let What { name, label, unit } = what;
        let value = value.filter(|v| !v.is_nan());
        self.add(Fact { name, label, value, unit, operation, inputs, span: None })
    }

    /// A number of the catalogue; `owner` stands before its source.
    pub fn catalogued(&mut self, what: What, owner: &str, known: &Known<f64>) -> FactId {
        let source = eco_format!("{owner}: {}", known.source);
        let id = self.put(what, Some(known.value), Operation::Catalogue(source), Vec::new());
        if known.confidence == Confidence::Low {
            self.doubt(id);
        }
        id
    }

    /// A number that could not be evaluated, and what it needs; the same need is one node.
    pub fn missing(&mut self, what: What, need: impl Into<EcoString>) -> FactId {
        let need = need.into();
        let id = match self.needed(&need) {
            Some(id) => id,
            None => {
                let id =
                    self.put(What::between("", NUMBER), None, Operation::Needs(need.clone()), Vec::new());
                self.remember_need(need, id);
                id
            }
        };
        self.alias(what.name, id);
        id
    }

    /// A number that does not apply: it has no value and needs nothing.
    pub fn not_applicable(&mut self, what: What) -> FactId {
        let id = match self.needed("") {
            Some(id) => id,
            None => {
                let id =
                    self.put(What::between("does not apply", NUMBER), None, Operation::Constant, Vec::new());
                self.remember_need(EcoString::new(), id);
                id
            }
        };
        self.alias(what.name, id);
        id
    }

    /// A number known without arithmetic: nothing touches it, so it is 0.
    pub fn constant(&mut self, what: What, value: f64) -> FactId {
        self.put(what, Some(value), Operation::Constant, Vec::new())
    }

    /// A documented default.
    pub fn assumed(&mut self, what: What, subject: &str, value: f64, source: &str) -> FactId {
        let unit = what.unit;
        let id = self.assume(Assumed { what: subject.into(), value, unit, source: source.into() });
        self.put(what, Some(value), Operation::Assumed(id), Vec::new())
    }

    /// The first input that has no value.
    pub fn first_missing(&self, inputs: &[FactId]) -> Option<FactId> {
        inputs.iter().copied().find(|i| self.value(*i).is_none())
    }

    /// A number by a formula over its inputs; `Err` says what it needs beyond them.
    pub fn formula(
        &mut self,
        what: What,
        text: &str,
        inputs: Vec<FactId>,
        compute: impl FnOnce(&[f64]) -> Result<f64, EcoString>,
    ) -> FactId {
        self.combine(what, |graph| Operation::Formula(graph.text(text)), inputs, compute)
    }

    /// The sum of the inputs; 0 of none.
    pub fn sum(&mut self, what: What, inputs: Vec<FactId>) -> FactId {
        self.combine(what, |_| Operation::Sum, inputs, |v| Ok(v.iter().sum()))
    }

    /// The product of the inputs.
    pub fn product(&mut self, what: What, inputs: Vec<FactId>) -> FactId {
        self.combine(what, |_| Operation::Product, inputs, |v| Ok(v.iter().product()))
    }

    /// The first input divided by the second.
    pub fn quotient(&mut self, what: What, dividend: FactId, divisor: FactId) -> FactId {
        self.combine(
            what,
            |_| Operation::Quotient,
            vec![dividend, divisor],
            |v| {
                if v[1] == 0.0 { Err("a divisor above 0".into()) } else { Ok(v[0] / v[1]) }
            },
        )
    }

    /// The first input less the others.
    pub fn difference(&mut self, what: What, inputs: Vec<FactId>) -> FactId {
        let compute = |v: &[f64]| match v {
            [] => Ok(0.0),
            [first, rest @ ..] => Ok(first - rest.iter().sum::<f64>()),
        };
        self.combine(what, |_| Operation::Difference, inputs, compute)
    }

    /// The greatest of the inputs; 0 of none.
    pub fn maximum(&mut self, what: What, inputs: Vec<FactId>) -> FactId {
        let compute = |v: &[f64]| Ok(v.iter().copied().reduce(f64::max).unwrap_or(0.0));
        self.combine(what, |_| Operation::Max, inputs, compute)
    }

    /// The least of the inputs; 0 of none.
    pub fn minimum(&mut self, what: What, inputs: Vec<FactId>) -> FactId {
        let compute = |v: &[f64]| Ok(v.iter().copied().reduce(f64::min).unwrap_or(0.0));
        self.combine(what, |_| Operation::Min, inputs, compute)
    }

    fn combine(
        &mut self,
        what: What,
        operation: impl FnOnce(&mut Derivation) -> Operation,
        inputs: Vec<FactId>,
        compute: impl FnOnce(&[f64]) -> Result<f64, EcoString>,
    ) -> FactId {
        if let Some(missing) = self.first_missing(&inputs) {
            self.alias(what.name, missing);
            return missing;
        }
        let values: Vec<f64> = inputs.iter().filter_map(|i| self.value(*i)).collect();
        match compute(&values) {
            Ok(value) if !value.is_nan() => {
                let operation = operation(self);
                self.put(what, Some(value), operation, inputs)
            }
            Ok(_) => self.missing(what, "numbers that can be represented"),
            Err(need) => self.missing(what, need),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(graph: &mut Derivation, value: f64) -> FactId {
        graph.put(What::between("given", RATE), Some(value), Operation::Stated, Vec::new())
    }

    #[test]
    fn a_missing_input_makes_a_missing_result_whose_need_is_traced() {
        let mut graph = Derivation::default();
        let load = given(&mut graph, 800.0);
        let capacity = graph.missing(What::of("api", "capacity", RATE), "api.capacity");
        let utilization = graph.quotient(What::of("api", "utilization.peak", Unit::Share), load, capacity);
        assert_eq!(graph.value(utilization), None);
        assert_eq!(graph.need(utilization), Some("api.capacity"));
        assert_eq!(graph.named("api.utilization.peak"), Some(utilization));
    }

    #[test]
    fn every_operation_keeps_its_inputs() {
        let mut graph = Derivation::default();
        let (a, b) = (given(&mut graph, 6.0), given(&mut graph, 4.0));
        let what = |name: &str| What::of("x", name, RATE);
        let results = [
            (graph.sum(what("sum"), vec![a, b]), 10.0),
            (graph.product(what("product"), vec![a, b]), 24.0),
            (graph.quotient(what("quotient"), a, b), 1.5),
            (graph.difference(what("difference"), vec![a, b]), 2.0),
            (graph.maximum(what("max"), vec![a, b]), 6.0),
            (graph.minimum(what("min"), vec![a, b]), 4.0),
        ];
        for (id, value) in results {
            assert_eq!(graph.value(id), Some(value));
            assert_eq!(graph.fact(id).inputs, [a, b]);
        }
    }

    #[test]
    fn dividing_by_nothing_is_a_need() {
        let mut graph = Derivation::default();
        let (a, zero) = (given(&mut graph, 6.0), given(&mut graph, 0.0));
        let id = graph.quotient(What::of("x", "y", RATE), a, zero);
        assert_eq!(graph.need(id), Some("a divisor above 0"));
    }
}
