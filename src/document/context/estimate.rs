//! The capacity estimation: inputs, and the arithmetic from them to loads, replicas, storage and cost.
//!
//! The steps are read off the derivation graph, each number once, in the order in which it can be redone by
//! hand.

use super::{Cell, Grid, Rows};
use crate::analysis::{Derivation, FactId, Operation};
use crate::compile::Design;
use crate::document::cells::{code, message};
use crate::document::setting::Setting;
use crate::quantity::Quantity;
use crate::schema::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Longer sums are cut: the rest is no longer redone by hand.
const MOST_TERMS: usize = 12;

/// The arithmetic of an element, or of all flows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Arithmetic {
    /// What is computed.
    pub title: String,
    /// The name of the element; empty for the flows.
    pub name: String,
    /// The steps, each of which uses only inputs and steps before it.
    pub steps: Vec<Step>,
}

/// One step of the arithmetic.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// What it gives; Markdown.
    pub what: String,
    /// Its value.
    pub value: String,
    /// How it comes about, with numbers; Markdown.
    pub how: String,
}

pub(super) fn inputs(design: &Design) -> Rows {
    let mut grid = Grid::new(&["input", "written", ">value", "where it comes from"]);
    for input in &design.lowered.model.inputs {
        let written = design.lowered.sources.text(input.scalar.span);
        let value = input.scalar.quantity.human();
        grid.push(vec![
            Cell::Code(input.head.name.to_string()),
            Cell::Code(written.to_string()),
            Cell::Number(if value == written || written.ends_with('%') { String::new() } else { value }),
            Cell::Text(input.note.as_ref().map(ToString::to_string).unwrap_or_default()),
        ]);
    }
    grid.finish()
}

pub(super) fn workload(design: &Design) -> Rows {
    let mut grid = Grid::new(&["workload", "stated as"]);
    let Some(workload) = &design.lowered.model.workload else { return grid.finish() };
    for prop in &workload.props.entries {
        let written = design.lowered.sources.text(prop.span);
        let value = written.strip_prefix(prop.key).unwrap_or(written).trim();
        grid.push(vec![Cell::Text(prop.key.replace('_', " ")), Cell::Number(value.to_string())]);
    }
    grid.finish()
}

pub(super) fn limits(design: &Design, setting: &Setting) -> Rows {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let mut grid = Grid::new(&["limit of", "what is used up", ">used today", ">reached at", ">in"]);
    // What lies behind these is met after a rebuild.
    for limit in facts.limits.iter().take(12) {
        let Some(time) = facts.value(limit.time).filter(|t| t.is_finite()) else { continue };
        let head = &model.element(limit.element).head;
        grid.push(vec![
            Cell::Link(head.label().to_string(), setting.element(&head.name)),
            Cell::Text(limit.what.replace('_', " ")),
            Cell::Number(limit.used.map(|used| facts.derivation.show(used)).unwrap_or_default()),
            Cell::Number(facts.room(limit).map(crate::quantity::factor).unwrap_or_default()),
            Cell::Number(if time > 0.0 { Quantity::seconds(time).human() } else { "now".to_string() }),
        ]);
    }
    grid.finish()
}

pub(super) fn arithmetic(design: &Design) -> Vec<Arithmetic> {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let mut walk = Walk { design, graph: &facts.derivation, seen: BTreeSet::new(), steps: Vec::new() };
    for flow in &facts.flows {
        walk.visit(flow.rate.average);
        walk.visit(flow.rate.peak);
    }
    let mut all = vec![Arithmetic { title: "Arrivals".to_string(), name: String::new(), steps: walk.take() }];
    for (element, n) in model.elements.iter().zip(&facts.elements).filter(|(e, _)| e.kind != Kind::Actor) {
        let roots = [
            n.load.total.peak,
            n.utilization.peak,
            n.replicas.required,
            n.memory.1,
            n.storage.0,
            n.storage.1,
            n.storage.2,
            n.cost,
        ];
        for root in roots.into_iter().filter(|id| facts.value(*id).is_some_and(|v| v != 0.0)) {
            walk.visit(root);
        }
        all.push(Arithmetic {
            title: element.head.label().to_string(),
            name: element.head.name.to_string(),
            steps: walk.take(),
        });
    }
    walk.visit(facts.cost);
    all.push(Arithmetic { title: "In all".to_string(), name: String::new(), steps: walk.take() });
    all.retain(|part| !part.steps.is_empty());
    all
}

struct Walk<'a> {
    design: &'a Design,
    graph: &'a Derivation,
    seen: BTreeSet<FactId>,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn take(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    /// Writes what a number rests on, then the number; what is stated, assumed or looked up is no step.
    fn visit(&mut self, root: FactId) {
        let mut open = vec![(root, false)];
        while let Some((id, below_done)) = open.pop() {
            let fact = self.graph.fact(id);
            if below_done {
                self.steps.push(self.step(id));
                continue;
            }
            if fact.inputs.is_empty() || fact.value.is_none() || !self.seen.insert(id) {
                continue;
            }
            open.push((id, true));
            open.extend(fact.inputs.iter().rev().map(|input| (*input, false)));
        }
    }

    fn step(&self, id: FactId) -> Step {
        let fact = self.graph.fact(id);
        Step { what: self.what(id), value: self.graph.show(id), how: self.how(&fact.operation, id) }
    }

    /// What a number is called.
    fn what(&self, id: FactId) -> String {
        let fact = self.graph.fact(id);
        if fact.name.is_empty() { message(&fact.label) } else { code(&fact.name) }
    }

    /// A number with what it is called: `95M/day (photos_a_day)`.
    fn term(&self, id: FactId) -> String {
        let what = self.what(id);
        let value = message(&self.graph.show(id));
        if what.is_empty() { value } else { format!("{value} ({what})") }
    }

    fn how(&self, operation: &Operation, id: FactId) -> String {
        let fact = self.graph.fact(id);
        let shown = fact.inputs.iter().take(MOST_TERMS).map(|i| self.term(*i));
        let terms: Vec<String> = shown.collect();
        let left_out = fact.inputs.len() - terms.len();
        let joined = |symbol: &str| {
            let more = if left_out > 0 { format!("{symbol}… ({left_out} more)") } else { String::new() };
            format!("{}{more}", terms.join(symbol))
        };
        match operation {
            Operation::Sum | Operation::Product | Operation::Max | Operation::Min
                if fact.inputs.len() == 1 =>
            {
                format!("as {}", self.what(fact.inputs[0]))
            }
            Operation::Sum => joined(" + "),
            Operation::Difference => joined(" − "),
            Operation::Product => joined(" × "),
            Operation::Quotient => joined(" ÷ "),
            Operation::Max => format!("the largest of {}", joined(", ")),
            Operation::Min => format!("the smallest of {}", joined(", ")),
            Operation::Formula(text) => format!("{}, with {}", message(text), joined(", ")),
            Operation::Stated | Operation::Input(_) => {
                let written = fact.span.map(|s| self.design.lowered.sources.text(s)).unwrap_or_default();
                format!("{}, with {}", code(written), joined(", "))
            }
            _ => joined(", "),
        }
    }
}
