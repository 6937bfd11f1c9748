//! One case under analysis: the model, what a scenario overrides, and the graph being filled.

use super::derivation::{Derivation, Fact, FactId, Operation, Unit};
use super::derive::{NUMBER, What};
use super::overrides::Overrides;
use crate::model::{Element, ElementId, InputId, Model, Scalar};
use ecow::EcoString;

/// The case that an analysis works on.
pub struct Case<'a> {
    /// The design.
    pub model: &'a Model,
    /// What differs from it.
    pub overrides: &'a Overrides,
    /// Where numbers are written.
    pub graph: Derivation,
    /// The number 1: how often a step happens that nothing multiplies.
    pub once: FactId,
    inputs: Vec<Option<FactId>>,
}

impl<'a> Case<'a> {
    /// A case with an empty graph.
    pub fn new(model: &'a Model, overrides: &'a Overrides) -> Case<'a> {
        // What an element and a step come to in designs of every kind; room that is not used costs nothing.
        let steps: usize = model.flows.iter().map(|f| f.steps.len()).sum();
        let mut graph = Derivation::with_capacity(model.elements.len() * 32 + steps * 10 + 64);
        let once = graph.constant(What::between("once", NUMBER), 1.0);
        Case { model, overrides, graph, once, inputs: vec![None; model.inputs.len()] }
    }

    /// The number of an input (`let`).
    pub fn input(&mut self, id: InputId) -> Option<FactId> {
        if let Some(known) = self.inputs.get(id.index())? {
            return Some(*known);
        }
        let input = self.model.input(id);
        let fact = Fact {
            name: input.head.name.clone(),
            label: EcoString::new(),
            value: Some(input.scalar.value()),
            unit: if input.percent { Unit::Share } else { unit_of(&input.scalar) },
            operation: Operation::Input(input.note.clone().unwrap_or_default()),
            inputs: Vec::new(),
            span: Some(input.scalar.span),
        };
        let node = self.graph.add(fact);
        self.inputs[id.index()] = Some(node);
        Some(node)
    }

    /// A number as the design states it, with the inputs that it names.
    pub fn stated(&mut self, name: impl Into<EcoString>, label: &str, scalar: &Scalar, unit: Unit) -> FactId {
        let inputs = scalar.inputs.iter().filter_map(|i| self.input(*i)).collect();
        self.graph.add(Fact {
            name: name.into(),
            label: label.into(),
            value: Some(scalar.value()),
            unit,
            operation: Operation::Stated,
            inputs,
            span: Some(scalar.span),
        })
    }

    /// The full name of an element.
    pub fn name(&self, id: ElementId) -> &'a str {
        &self.model.element(id).head.name
    }

    /// The element of a handle.
    pub fn element(&self, id: ElementId) -> &'a Element {
        self.model.element(id)
    }

    /// The value of a number.
    pub fn value(&self, id: FactId) -> Option<f64> {
        self.graph.value(id)
    }
}

/// The unit in which a stated number is printed.
pub fn unit_of(scalar: &Scalar) -> Unit {
    Unit::Of(scalar.quantity.dimension, scalar.quantity.label.unwrap_or(""))
}
