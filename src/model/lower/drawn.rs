//! Uncertain numbers: where they stand, and the design with other values in their place.
//!
//! One text is one number: an interval in an archetype, in `defaults` or in a `let` has the same value
//! wherever it is used.

use super::{Lowered, Lowerer};
use crate::diagnostic::{Finding, Severity};
use crate::model::{InputId, Model};
use crate::quantity::{Quantity, Spread, UnitTable};
use crate::source::Span;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A number that is given as `A to B`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uncertain {
    /// Its place: all of `A to B`.
    pub span: Span,
    /// Its median, with what it measures.
    pub quantity: Quantity,
    /// How uncertain it is.
    pub spread: Spread,
    /// The input (`let`) that it stands in.
    pub input: Option<InputId>,
}

/// Values in place of uncertain numbers, in base units, by place.
pub type Draws = FxHashMap<Span, f64>;

/// A design with other values in place of its uncertain numbers.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The model.
    pub model: Model,
    /// Units, with the currencies that the design declares.
    pub units: UnitTable,
    /// What cannot be computed with these values; the model lacks it.
    pub errors: Vec<Finding>,
    /// Numbers that lay outside what their property admits, and were taken at the limit.
    pub clipped: Vec<Span>,
}

impl Lowered {
    /// The design with these values in place of its uncertain numbers; those that are not named keep
    /// their medians. No text is read again.
    pub fn drawn(&self, draws: &Draws) -> Drawn {
        let mut lowerer = Lowerer::new(&self.files);
        lowerer.draws = Some(draws);
        lowerer.lower_all();
        let Lowerer { model, mut findings, unit_table, clipped, .. } = lowerer;
        findings.retain(|f| f.severity == Severity::Error);
        Drawn { model, units: unit_table, errors: findings, clipped }
    }
}

/// Uncertain numbers with the inputs that they stand in; what has one value only is certain.
pub(super) fn uncertain(model: &Model, met: BTreeMap<Span, Quantity>) -> Vec<Uncertain> {
    let within = |outer: Span, inner: Span| {
        outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
    };
    let input = |span: Span| {
        let at = model.inputs.iter().position(|input| within(input.scalar.span, span))?;
        Some(InputId(at as u32))
    };
    let spread = |quantity: Quantity| quantity.spread.filter(|spread| spread.low < spread.high);
    met.into_iter()
        .filter_map(|(span, quantity)| {
            Some(Uncertain { span, quantity, spread: spread(quantity)?, input: input(span) })
        })
        .collect()
}
