//! The functions that work on quantities of any dimension.

use super::{Body, Function, Parameter, ROW, Takes, parameter};
use crate::quantity::{Quantity, QuantityError};

const VALUES: &[Parameter] = &[parameter("value", Takes::Any)];

const COMMON: Function = Function { parameters: VALUES, result: None, source: "definition", ..ROW };

fn folded(
    values: &[Quantity],
    join: fn(Quantity, Quantity) -> Result<Quantity, QuantityError>,
) -> Result<Quantity, QuantityError> {
    match values {
        [first, rest @ ..] => rest.iter().try_fold(*first, |a, b| join(a, *b)),
        [] => Ok(Quantity::number(0.0)),
    }
}

fn single(
    values: &[Quantity],
    apply: fn(Quantity) -> Result<Quantity, QuantityError>,
) -> Result<Quantity, QuantityError> {
    apply(values.first().copied().unwrap_or_default())
}

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "min",
        repeats: true,
        doc: "the smallest of the values",
        formula: "min(a, b, …)",
        body: Body::Quantities(|values| folded(values, Quantity::least)),
        ..COMMON
    },
    Function {
        name: "max",
        repeats: true,
        doc: "the largest of the values",
        formula: "max(a, b, …)",
        body: Body::Quantities(|values| folded(values, Quantity::greatest)),
        ..COMMON
    },
    Function {
        name: "sum",
        repeats: true,
        doc: "the sum of the values",
        formula: "a + b + …",
        body: Body::Quantities(|values| folded(values, Quantity::plus)),
        ..COMMON
    },
    Function {
        name: "ceil",
        doc: "the next whole number up, of a plain number",
        formula: "⌈x⌉",
        body: Body::Quantities(|values| single(values, Quantity::ceil)),
        ..COMMON
    },
    Function {
        name: "floor",
        doc: "the next whole number down, of a plain number",
        formula: "⌊x⌋",
        body: Body::Quantities(|values| single(values, Quantity::floor)),
        ..COMMON
    },
    Function {
        name: "sqrt",
        doc: "the square root; the dimension is halved",
        formula: "√x",
        body: Body::Quantities(|values| single(values, Quantity::sqrt)),
        ..COMMON
    },
    Function {
        name: "log2",
        doc: "the logarithm to base 2 of a plain number",
        formula: "log₂ x",
        body: Body::Quantities(|values| single(values, Quantity::log2)),
        ..COMMON
    },
];
