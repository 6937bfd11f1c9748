//! Evaluation of expressions: literals, names, operators, functions.
//!
//! Knows no design: names are asked of an [`Environment`]. Evaluation never panics and
//! reports the first error of an expression with its place.

use super::functions::{self, CallError};
use super::{LiteralError, Quantity, QuantityError, UnitTable, parse_literal};
use crate::source::Span;
use crate::syntax::{BinaryOp, Expr, ExprKind, Path, UnaryOp};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// A number.
    Value(Quantity),
    /// Nothing of that name is declared.
    Unknown,
    /// It is declared, but has no value; the reason was reported where it stands.
    Failed,
}

/// Where names and units are looked up.
pub trait Environment {
    /// What a path stands for.
    fn lookup(&self, path: &Path) -> Lookup;
    /// The units.
    fn units(&self) -> &UnitTable;
    /// What an uncertain value counts as: its median, unless the environment samples it.
    fn uncertain(&self, _span: Span, value: Quantity) -> Quantity {
        value
    }
}

/// An environment without names: the calculator.
#[derive(Clone, Debug, Default)]
pub struct NoNames(pub UnitTable);

impl Environment for NoNames {
    fn lookup(&self, _path: &Path) -> Lookup {
        Lookup::Unknown
    }

    fn units(&self) -> &UnitTable {
        &self.0
    }
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq)]
pub struct EvalError {
    /// The part at fault.
    pub span: Span,
    /// What is at fault.
    pub kind: EvalErrorKind,
}

/// What is at fault.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvalErrorKind {
    /// A name that is declared nowhere and is no unit.
    #[error("there is no number named `{0}`")]
    UnknownName(String),
    /// A function that does not exist.
    #[error("there is no function `{0}`")]
    UnknownFunction(String),
    /// A literal that cannot be read.
    #[error("{0}")]
    Literal(LiteralError),
    /// Arithmetic that has no result.
    #[error("{0}")]
    Arithmetic(QuantityError),
    /// A function with too few or too many arguments.
    #[error("`{function}` takes {takes}, found {found}")]
    Arity {
        /// The function.
        function: String,
        /// What it takes, as in `2 arguments`.
        takes: String,
        /// How many there were.
        found: usize,
    },
    /// A string, date, list or condition where a number is asked for.
    #[error("expected a number, found {0}")]
    NotANumber(&'static str),
    /// Reported elsewhere already.
    #[error("has no value")]
    Failed,
}

/// The value of an expression.
///
/// # Errors
/// The first [`EvalError`], from left to right.
pub fn evaluate(expr: &Expr, names: &dyn Environment) -> Result<Quantity, EvalError> {
    let fail = |kind| Err(EvalError { span: expr.span, kind });
    let arithmetic = |result: Result<Quantity, QuantityError>| {
        result.map_err(|e| EvalError { span: expr.span, kind: EvalErrorKind::Arithmetic(e) })
    };
    match &expr.kind {
        ExprKind::Number(number) => {
            let unit = number.unit.as_ref().map_or("", |u| u.text.as_str());
            parse_literal(&number.text, unit, names.units())
                .map_err(|e| EvalError { span: expr.span, kind: EvalErrorKind::Literal(e) })
        }
        ExprKind::Path(path) => named(path, names),
        ExprKind::Group(inner) => evaluate(inner, names),
        ExprKind::Unary(UnaryOp::Negate, inner) => Ok(evaluate(inner, names)?.negated()),
        ExprKind::Range(low, high) => {
            let value = arithmetic(Quantity::between(evaluate(low, names)?, evaluate(high, names)?))?;
            Ok(names.uncertain(expr.span, value))
        }
        ExprKind::Binary(op, left, right) if !op.compares() => {
            let (a, b) = (evaluate(left, names)?, evaluate(right, names)?);
            arithmetic(match op {
                BinaryOp::Add => a.plus(b),
                BinaryOp::Subtract => a.minus(b),
                BinaryOp::Multiply => a.times(b),
                _ => a.divided_by(b),
            })
        }
        ExprKind::Call(path, args) => call(expr.span, path, args, names),
        ExprKind::Binary(..) => fail(EvalErrorKind::NotANumber("a condition")),
        ExprKind::Text(_) => fail(EvalErrorKind::NotANumber("a string")),
        ExprKind::Date(_) => fail(EvalErrorKind::NotANumber("a date")),
        ExprKind::List(_) => fail(EvalErrorKind::NotANumber("a list")),
        ExprKind::Hole => fail(EvalErrorKind::Failed),
    }
}

/// A declared name wins over a unit of the same spelling.
fn named(path: &Path, names: &dyn Environment) -> Result<Quantity, EvalError> {
    let fail = |kind| Err(EvalError { span: path.span, kind });
    match names.lookup(path) {
        Lookup::Value(value) => Ok(value),
        Lookup::Failed => fail(EvalErrorKind::Failed),
        Lookup::Unknown => match path.word().and_then(|word| names.units().unit(word)) {
            Some(unit) => Quantity::of(1.0, unit)
                .map_err(|e| EvalError { span: path.span, kind: EvalErrorKind::Arithmetic(e) }),
            None => fail(EvalErrorKind::UnknownName(path.text().to_string())),
        },
    }
}

fn call(span: Span, path: &Path, args: &[Expr], names: &dyn Environment) -> Result<Quantity, EvalError> {
    let values = args.iter().map(|arg| evaluate(arg, names)).collect::<Result<Vec<_>, _>>()?;
    let name = path.text();
    let fail = |span, kind| Err(EvalError { span, kind });
    let Some(function) = functions::find(&name) else {
        return fail(path.span, EvalErrorKind::UnknownFunction(name.to_string()));
    };
    match function.call(&values) {
        Ok(value) => Ok(value),
        Err(CallError::Arity { takes, found }) => {
            fail(span, EvalErrorKind::Arity { function: name.to_string(), takes, found })
        }
        Err(CallError::Argument(at, error)) => {
            let place = args.get(at).map_or(span, |arg| arg.span);
            fail(place, EvalErrorKind::Arithmetic(error))
        }
        Err(CallError::Result(error)) => fail(span, EvalErrorKind::Arithmetic(error)),
    }
}
