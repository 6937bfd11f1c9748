//! Conditions over computed numbers: `view_feed.p99 <= 250ms`, with arithmetic and units.

use super::derivation::{Derivation, FactId, Unit, show};
use super::names;
use crate::math;
use crate::model::Model;
use crate::quantity::{Dimension, Environment, EvalErrorKind, Lookup, Quantity, UnitTable, evaluate};
use crate::syntax::{BinaryOp, Expr, ExprKind, Path, UnaryOp};
use ecow::{EcoString, eco_format};
use std::cell::RefCell;

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Whether it holds; `Err` says what is missing.
    pub holds: Result<bool, EcoString>,
    /// The condition as text.
    pub expected: EcoString,
    /// The computed side, as text; empty where it has no value.
    pub actual: EcoString,
    /// The first computed number that it names.
    pub fact: Option<FactId>,
}

/// Where names of a condition are looked up.
struct Names<'n> {
    model: &'n Model,
    graph: &'n Derivation,
    units: &'n UnitTable,
    /// The numbers that were asked for.
    used: RefCell<Vec<FactId>>,
    /// What the first of them needs that has no value.
    need: RefCell<Option<EcoString>>,
}

impl Environment for Names<'_> {
    fn lookup(&self, path: &Path) -> Lookup {
        let text = path.text();
        if let Some(input) = self.model.inputs.iter().find(|i| i.head.name == text || i.head.short == text) {
            return Lookup::Value(input.scalar.quantity);
        }
        let Some(id) = names::find(self.model, self.graph, &text) else {
            if path.names.len() > 1 {
                self.need.borrow_mut().get_or_insert_with(|| eco_format!("a number named {text}"));
                return Lookup::Failed;
            }
            return Lookup::Unknown;
        };
        self.used.borrow_mut().push(id);
        match self.graph.value(id) {
            Some(value) => Lookup::Value(Quantity::new(value, dimension(self.graph.fact(id).unit))),
            None => {
                let need = self
                    .graph
                    .need(id)
                    .map_or_else(|| eco_format!("{text}, which does not apply"), EcoString::from);
                self.need.borrow_mut().get_or_insert(need);
                Lookup::Failed
            }
        }
    }

    fn units(&self) -> &UnitTable {
        self.units
    }
}

fn dimension(unit: Unit) -> Dimension {
    match unit {
        Unit::Of(dimension, _) => dimension,
        Unit::Share | Unit::Factor | Unit::Availability | Unit::Probability => Dimension::NONE,
    }
}

/// The value of an expression in a case; `None` where it has none.
pub fn value(model: &Model, graph: &Derivation, units: &UnitTable, expr: &Expr) -> Option<Quantity> {
    let names = Names { model, graph, units, used: RefCell::default(), need: RefCell::default() };
    evaluate(expr, &names).ok()
}

/// Whether a condition holds in a case.
pub fn judge(model: &Model, graph: &Derivation, units: &UnitTable, condition: &Expr) -> Outcome {
    let expected = text(condition);
    let names = Names { model, graph, units, used: RefCell::default(), need: RefCell::default() };
    let ExprKind::Binary(op, left, right) = &condition.kind else {
        let holds = Err("a comparison".into());
        return Outcome { holds, expected, actual: EcoString::new(), fact: None };
    };
    let sides = [left, right].map(|side| evaluate(side, &names));
    let Names { used, need, .. } = names;
    let used = used.into_inner();
    let fact = used.first().copied();
    let (holds, actual) = match sides {
        [Ok(a), Ok(b)] => (compare(*op, a, b), shown(graph, (left, right), fact, a)),
        [Err(error), _] | [_, Err(error)] => {
            let need = need.into_inner();
            let need = match error.kind {
                EvalErrorKind::Failed => need.unwrap_or_else(|| "a value".into()),
                other => eco_format!("a sound condition: {other}"),
            };
            (Err(need), EcoString::new())
        }
    };
    Outcome { holds, expected, actual, fact }
}

/// The value of one side of a condition where it rests on inputs and literals only.
pub fn constant(model: &Model, graph: &Derivation, units: &UnitTable, side: &Expr) -> Option<f64> {
    let names = Names { model, graph, units, used: RefCell::default(), need: RefCell::default() };
    let value = evaluate(side, &names).ok()?;
    names.used.into_inner().is_empty().then_some(value.value)
}

fn compare(op: BinaryOp, a: Quantity, b: Quantity) -> Result<bool, EcoString> {
    if a.dimension != b.dimension {
        return Err(eco_format!(
            "two sides that measure the same: {} and {} do not",
            a.dimension,
            b.dimension
        ));
    }
    let (a, b) = (a.value, b.value);
    let near = math::near(a, b);
    Ok(match op {
        BinaryOp::Less => a < b && !near,
        BinaryOp::LessOrEqual => a < b || near,
        BinaryOp::Greater => a > b && !near,
        BinaryOp::GreaterOrEqual => a > b || near,
        BinaryOp::NotEqual => !near,
        _ => near,
    })
}

/// The left side as text: as the number is printed where it is one, as a share or factor where the right side
/// is written as one, else with its unit.
fn shown(
    graph: &Derivation,
    (side, bound): (&Expr, &Expr),
    fact: Option<FactId>,
    value: Quantity,
) -> EcoString {
    let written = match &bound.kind {
        ExprKind::Number(number) if value.dimension == Dimension::NONE => number.text.chars().last(),
        _ => None,
    };
    match (&side.kind, fact, written) {
        (ExprKind::Path(_), Some(id), _) if graph.value(id) == Some(value.value) => graph.show(id).into(),
        (_, _, Some('%')) => show(value.value, Unit::Share).into(),
        (_, _, Some('x')) => show(value.value, Unit::Factor).into(),
        _ => show(value.value, Unit::Of(value.dimension, value.label.unwrap_or(""))).into(),
    }
}

/// An expression as it is written.
pub fn text(expr: &Expr) -> EcoString {
    let list = |items: &[Expr]| items.iter().map(|e| text(e).to_string()).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Number(number) => match &number.unit {
            Some(unit) if unit.text.starts_with('/') => eco_format!("{}{}", number.text, unit.text),
            Some(unit) => eco_format!("{} {}", number.text, unit.text),
            None => number.text.clone(),
        },
        ExprKind::Text(text) => eco_format!("\"{text}\""),
        ExprKind::Date(date) => date.clone(),
        ExprKind::Path(path) => path.text(),
        ExprKind::List(items) => eco_format!("[{}]", list(items)),
        ExprKind::Group(inner) => eco_format!("({})", text(inner)),
        ExprKind::Unary(UnaryOp::Negate, inner) => eco_format!("-{}", text(inner)),
        ExprKind::Binary(op, a, b) => eco_format!("{} {} {}", text(a), op.symbol(), text(b)),
        ExprKind::Range(a, b) => eco_format!("{} to {}", text(a), text(b)),
        ExprKind::Call(path, args) => eco_format!("{}({})", path.text(), list(args)),
        ExprKind::Hole => EcoString::new(),
    }
}
