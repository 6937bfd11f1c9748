//! A number with what it measures, and the checked arithmetic on it.
//!
//! Every operation either gives a finite number or says why not; nothing here
//! panics. Knows nothing of expressions or spans.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::dimension::Dimension;
use super::spread::Spread;
use super::unit::Unit;
use crate::math;

/// A value in base units (seconds, bytes, US dollars, metres and their quotients).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Quantity {
    /// The value; the median where it is uncertain. Always finite.
    pub value: f64,
    /// What it measures.
    pub dimension: Dimension,
    /// The word for what is counted, in the plural: it is printed and never checked.
    pub label: Option<&'static str>,
    /// How uncertain it is; only what is written as `A to B` has a spread, arithmetic drops it.
    pub spread: Option<Spread>,
}

/// Why an operation on quantities has no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QuantityError {
    /// Two sides that must measure the same do not.
    #[error("cannot {verb} {} and {}: `{}` and `{}`", sides.0.dimension, sides.1.dimension, sides.0, sides.1)]
    Mixed {
        /// What was tried: `add`, `subtract`, `compare`, …
        verb: &'static str,
        /// The left and the right side; boxed, because a result should stay small.
        sides: Box<(Quantity, Quantity)>,
    },
    /// Something else is measured than is asked for.
    #[error("expected {expected}, found {}: `{found}`", found.dimension)]
    Expected {
        /// What is asked for.
        expected: Dimension,
        /// What was found.
        found: Quantity,
    },
    /// Division by zero.
    #[error("`{0}` is divided by zero")]
    DivisionByZero(Quantity),
    /// The result does not fit a double, or its dimension has an exponent beyond reason.
    #[error("the result is too large to represent")]
    TooLarge,
    /// A root whose dimension has no half: `sqrt(3 s)`.
    #[error("the root of {}, `{found}`, has no unit", found.dimension)]
    NoRoot {
        /// What the root was asked of.
        found: Quantity,
    },
    /// An argument outside the range of a function.
    #[error("`{function}` needs {needs}, found `{found}`")]
    Range {
        /// The function.
        function: &'static str,
        /// What it needs, as in `a positive number`.
        needs: Cow<'static, str>,
        /// What was given.
        found: Quantity,
    },
    /// Arguments that are admitted each, and have no result together.
    #[error("`{function}` has no result: {why}")]
    Undefined {
        /// The function.
        function: &'static str,
        /// Why.
        why: &'static str,
    },
    /// `8 to 2`.
    #[error("the low end of `{} to {}` is above its high end", .0.0, .0.1)]
    Reversed(Box<(Quantity, Quantity)>),
}

type Result<T> = std::result::Result<T, QuantityError>;

impl Quantity {
    /// A certain value in base units without a label.
    pub const fn new(value: f64, dimension: Dimension) -> Quantity {
        Quantity { value, dimension, label: None, spread: None }
    }

    /// A plain number.
    pub const fn number(value: f64) -> Quantity {
        Quantity::new(value, Dimension::NONE)
    }

    /// A time in seconds.
    pub const fn seconds(value: f64) -> Quantity {
        Quantity::new(value, Dimension::TIME)
    }

    /// A rate per second.
    pub const fn per_second(value: f64) -> Quantity {
        Quantity::new(value, Dimension::RATE)
    }

    /// An amount of data in bytes.
    pub const fn bytes(value: f64) -> Quantity {
        Quantity::new(value, Dimension::DATA)
    }

    /// So many of a unit.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`] where the value in base units is not finite.
    pub fn of(number: f64, unit: Unit) -> Result<Quantity> {
        Ok(Quantity { label: unit.label, ..finite(unit.to_base(number), unit.dimension)? })
    }

    /// The same value, counted as `label`.
    #[must_use]
    pub fn labelled(self, label: &'static str) -> Quantity {
        Quantity { label: Some(label), ..self }
    }

    /// The uncertain value `low to high`.
    ///
    /// # Errors
    /// Mixed dimensions, or ends that are reversed.
    pub fn between(low: Quantity, high: Quantity) -> Result<Quantity> {
        let label = same(low, high, "span a range between")?;
        if low.value > high.value {
            return Err(QuantityError::Reversed(Box::new((low, high))));
        }
        let spread = Spread { low: low.value, high: high.value };
        let certain = Quantity { label, ..finite(spread.median(), low.dimension)? };
        Ok(Quantity { spread: (low.value < high.value).then_some(spread), ..certain })
    }

    /// The value at the quantile `u` in (0, 1) of its uncertainty; the value itself where it is certain.
    pub fn sample(self, u: f64) -> f64 {
        self.spread.map_or(self.value, |spread| spread.quantile(u))
    }

    /// The same quantity without its uncertainty.
    #[must_use]
    pub fn certain(self) -> Quantity {
        Quantity { spread: None, ..self }
    }

    /// The value, where the quantity measures what is asked for.
    ///
    /// # Errors
    /// [`QuantityError::Expected`] that names both dimensions.
    pub fn expect(self, expected: Dimension) -> Result<f64> {
        if self.dimension == expected {
            Ok(self.value)
        } else {
            Err(QuantityError::Expected { expected, found: self })
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// Mixed dimensions, or a result that is too large.
    pub fn plus(self, other: Quantity) -> Result<Quantity> {
        let label = same(self, other, "add")?;
        Ok(Quantity { label, ..finite(self.value + other.value, self.dimension)? })
    }

    /// The difference.
    ///
    /// # Errors
    /// Mixed dimensions, or a result that is too large.
    pub fn minus(self, other: Quantity) -> Result<Quantity> {
        let label = same(self, other, "subtract")?;
        Ok(Quantity { label, ..finite(self.value - other.value, self.dimension)? })
    }

    /// The product. A label is kept where the result is still a count or a rate of the same things.
    ///
    /// # Errors
    /// A result that is too large.
    pub fn times(self, other: Quantity) -> Result<Quantity> {
        let dimension = self.dimension.product(other.dimension).ok_or(QuantityError::TooLarge)?;
        let label = match (self.label, other.label) {
            (Some(label), None) if keeps_label(other.dimension, dimension) => Some(label),
            (None, Some(label)) if keeps_label(self.dimension, dimension) => Some(label),
            _ => None,
        };
        Ok(Quantity { label, ..finite(self.value * other.value, dimension)? })
    }

    /// The quotient. `500M users / 1 day` is a rate of users; `req / users` is a plain number.
    ///
    /// # Errors
    /// A division by zero, or a result that is too large.
    pub fn divided_by(self, other: Quantity) -> Result<Quantity> {
        if other.value == 0.0 {
            return Err(QuantityError::DivisionByZero(self));
        }
        let dimension = self.dimension.quotient(other.dimension).ok_or(QuantityError::TooLarge)?;
        let countable = dimension.is_none() || dimension == Dimension::RATE;
        let label = self.label.filter(|_| other.label.is_none() && countable);
        Ok(Quantity { label, ..finite(self.value / other.value, dimension)? })
    }

    /// The value with its sign changed.
    #[must_use]
    pub fn negated(self) -> Quantity {
        Quantity { value: -self.value, ..self.certain() }
    }

    /// The smaller of two.
    ///
    /// # Errors
    /// Mixed dimensions.
    pub fn least(self, other: Quantity) -> Result<Quantity> {
        same(self, other, "take the least of")?;
        Ok(if other.value < self.value { other } else { self }.certain())
    }

    /// The greater of two.
    ///
    /// # Errors
    /// Mixed dimensions.
    pub fn greatest(self, other: Quantity) -> Result<Quantity> {
        same(self, other, "take the greatest of")?;
        Ok(if other.value > self.value { other } else { self }.certain())
    }

    /// The next whole number up; of a plain number or a count.
    ///
    /// # Errors
    /// Anything that has a dimension: `ceil(1.5 s)` would depend on the base unit.
    pub fn ceil(self) -> Result<Quantity> {
        self.expect(Dimension::NONE)?;
        Ok(Quantity { value: self.value.ceil(), ..self.certain() })
    }

    /// The next whole number down; of a plain number or a count.
    ///
    /// # Errors
    /// Anything that has a dimension.
    pub fn floor(self) -> Result<Quantity> {
        self.expect(Dimension::NONE)?;
        Ok(Quantity { value: self.value.floor(), ..self.certain() })
    }

    /// The square root; the exponents of the dimension are halved.
    ///
    /// # Errors
    /// A negative value, or a dimension with an odd exponent.
    pub fn sqrt(self) -> Result<Quantity> {
        if self.value < 0.0 {
            return Err(QuantityError::Range {
                function: "sqrt",
                needs: "a number from 0".into(),
                found: self,
            });
        }
        let dimension = self.dimension.root().ok_or(QuantityError::NoRoot { found: self })?;
        finite(math::sqrt(self.value), dimension)
    }

    /// The logarithm to base 2 of a plain number.
    ///
    /// # Errors
    /// Anything that has a dimension, or is not positive.
    pub fn log2(self) -> Result<Quantity> {
        if self.expect(Dimension::NONE)? <= 0.0 {
            return Err(QuantityError::Range {
                function: "log2",
                needs: "a positive number".into(),
                found: self,
            });
        }
        finite(math::log2(self.value), Dimension::NONE)
    }

    /// How the two compare.
    ///
    /// # Errors
    /// Mixed dimensions.
    pub fn compare(self, other: Quantity) -> Result<Ordering> {
        same(self, other, "compare")?;
        Ok(self.value.partial_cmp(&other.value).unwrap_or(Ordering::Equal))
    }
}

/// A certain quantity, if the value is a number that can be written.
pub(super) fn finite(value: f64, dimension: Dimension) -> Result<Quantity> {
    // `-0` would print and compare as a second zero.
    let value = if value == 0.0 { 0.0 } else { value };
    if value.is_finite() { Ok(Quantity::new(value, dimension)) } else { Err(QuantityError::TooLarge) }
}

/// Whether things counted are still counted after a product with an unlabelled factor of `other`:
/// twice the users are users, requests per second times a second are requests.
fn keeps_label(other: Dimension, product: Dimension) -> bool {
    other.is_none() || product.is_none()
}

/// The label of two quantities of one dimension: what they agree on, or what one of them says.
fn same(left: Quantity, right: Quantity, verb: &'static str) -> Result<Option<&'static str>> {
    if left.dimension != right.dimension {
        return Err(QuantityError::Mixed { verb, sides: Box::new((left, right)) });
    }
    Ok(match (left.label, right.label) {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => a.or(b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{UnitTable, parse};

    fn q(text: &str) -> Quantity {
        parse(text, &UnitTable::new()).unwrap()
    }

    #[test]
    fn mixed_dimensions_name_both_sides() {
        assert_eq!(
            q("3 s").plus(q("4 GB")).unwrap_err().to_string(),
            "cannot add a time and data: `3 s` and `4 GB`"
        );
        assert_eq!(
            q("3 GB").expect(Dimension::RATE).unwrap_err().to_string(),
            "expected a rate (1/time), found data: `3 GB`"
        );
    }

    #[test]
    fn labels_follow_what_is_counted() {
        assert_eq!(q("2x").times(q("500M users")).unwrap().label, Some("users"));
        assert_eq!(q("500M users").times(q("20/day")).unwrap().label, None);
        assert_eq!(q("500M users").times(q("1.2 kB")).unwrap().label, None);
        assert_eq!(q("10 req/s").times(q("1 day")).unwrap().label, Some("req"));
        assert_eq!(q("500M users").divided_by(q("1 day")).unwrap().label, Some("users"));
        assert_eq!(q("10 req").divided_by(q("2 users")).unwrap().label, None);
        assert_eq!(q("10 req").plus(q("5")).unwrap().label, Some("req"));
        assert_eq!(q("10 req").plus(q("5 users")).unwrap().label, None);
    }

    #[test]
    fn results_are_finite_or_said_not_to_be() {
        assert_eq!(q("1e300").times(q("1e300")), Err(QuantityError::TooLarge));
        assert!(matches!(q("1 s").divided_by(q("0 s")), Err(QuantityError::DivisionByZero(_))));
        assert!(matches!(q("1").minus(q("2")).unwrap().sqrt(), Err(QuantityError::Range { .. })));
        assert!(matches!(q("0").log2(), Err(QuantityError::Range { .. })));
        assert!(q("1.5 s").ceil().is_err());
        assert_eq!(q("1.5 req").ceil().unwrap(), q("2 req"));
        let mut deep = q("1 B");
        let outcome = (0..200).try_for_each(|_| deep.times(q("1 B")).map(|product| deep = product));
        assert_eq!(outcome, Err(QuantityError::TooLarge));
    }

    #[test]
    fn uncertain_values_have_a_median() {
        let size = Quantity::between(q("200 kB"), q("3.2 MB")).unwrap();
        assert_eq!(size.value, 800_000.0);
        assert!(size.spread.is_some());
        assert_eq!(size.times(q("2")).unwrap().spread, None);
        assert!(matches!(Quantity::between(q("3"), q("2")), Err(QuantityError::Reversed(_))));
        assert_eq!(Quantity::between(q("3"), q("3")).unwrap(), q("3"));
    }
}
