//! What a quantity measures: exponents of time, data, money and length.
//!
//! Counts (users, requests, rows) are dimensionless on purpose: they document a
//! number and never block arithmetic. Knows nothing of units.

use std::fmt;

/// The exponents of the four base dimensions; all zero is a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension {
    /// Exponent of time (base unit: second).
    pub time: i8,
    /// Exponent of data (base unit: byte).
    pub data: i8,
    /// Exponent of money (base unit: US dollar).
    pub money: i8,
    /// Exponent of length (base unit: metre).
    pub length: i8,
}

impl Dimension {
    /// A plain number.
    pub const NONE: Dimension = Dimension { time: 0, data: 0, money: 0, length: 0 };
    /// A time.
    pub const TIME: Dimension = Dimension { time: 1, ..Dimension::NONE };
    /// A rate: 1/time.
    pub const RATE: Dimension = Dimension { time: -1, ..Dimension::NONE };
    /// An amount of data.
    pub const DATA: Dimension = Dimension { data: 1, ..Dimension::NONE };
    /// Bandwidth: data per time.
    pub const BANDWIDTH: Dimension = Dimension { data: 1, time: -1, ..Dimension::NONE };
    /// Money.
    pub const MONEY: Dimension = Dimension { money: 1, ..Dimension::NONE };
    /// A running cost: money per time.
    pub const COST: Dimension = Dimension { money: 1, time: -1, ..Dimension::NONE };
    /// A length.
    pub const LENGTH: Dimension = Dimension { length: 1, ..Dimension::NONE };

    /// Whether it is a plain number.
    pub fn is_none(self) -> bool {
        self == Dimension::NONE
    }

    /// The dimension of a product; `None` where an exponent leaves the range of `i8`.
    pub fn product(self, other: Dimension) -> Option<Dimension> {
        self.combine(other, i8::checked_add)
    }

    /// The dimension of a quotient; `None` where an exponent leaves the range of `i8`.
    pub fn quotient(self, other: Dimension) -> Option<Dimension> {
        self.combine(other, i8::checked_sub)
    }

    fn combine(self, other: Dimension, join: fn(i8, i8) -> Option<i8>) -> Option<Dimension> {
        Some(Dimension {
            time: join(self.time, other.time)?,
            data: join(self.data, other.data)?,
            money: join(self.money, other.money)?,
            length: join(self.length, other.length)?,
        })
    }

    /// The dimension of a square root; `None` where an exponent is odd.
    pub fn root(self) -> Option<Dimension> {
        let half = |e: i8| (e % 2 == 0).then_some(e / 2);
        Some(Dimension {
            time: half(self.time)?,
            data: half(self.data)?,
            money: half(self.money)?,
            length: half(self.length)?,
        })
    }

    /// The base unit that [`crate::quantity::Quantity::value`] is in: ``, `s`, `B/s`, `USD/B/s`, `/s`.
    pub fn base_unit(self) -> String {
        self.spell(["USD", "B", "m", "s"], "")
    }

    /// The exponents in words: `1/time`, `data/time`, `money/data/time`.
    pub fn formula(self) -> String {
        self.spell(["money", "data", "length", "time"], "1")
    }

    /// Writes the positive powers joined by `·`, then the negative ones each behind a `/`.
    fn spell(self, names: [&str; 4], empty_numerator: &str) -> String {
        let powers = [self.money, self.data, self.length, self.time];
        let mut text = String::new();
        for (name, power) in names.iter().zip(powers) {
            for _ in 0..power.max(0) {
                if !text.is_empty() {
                    text.push('·');
                }
                text.push_str(name);
            }
        }
        if text.is_empty() {
            text.push_str(empty_numerator);
        }
        for (name, power) in names.iter().zip(powers) {
            for _ in 0..i16::from(power).min(0).unsigned_abs() {
                text.push('/');
                text.push_str(name);
            }
        }
        text
    }
}

/// The dimension as it is named in a message: `a rate (1/time)`, `data per time`, `a plain number`.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Dimension::NONE => f.write_str("a plain number"),
            Dimension::TIME => f.write_str("a time"),
            Dimension::RATE => f.write_str("a rate (1/time)"),
            Dimension::DATA => f.write_str("data"),
            Dimension::BANDWIDTH => f.write_str("data per time"),
            Dimension::MONEY => f.write_str("money"),
            Dimension::COST => f.write_str("money per time"),
            Dimension::LENGTH => f.write_str("a length"),
            other => write!(f, "a quantity in {}", other.formula()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algebra_of_exponents() {
        assert_eq!(Dimension::DATA.quotient(Dimension::TIME), Some(Dimension::BANDWIDTH));
        assert_eq!(Dimension::RATE.product(Dimension::TIME), Some(Dimension::NONE));
        assert_eq!(Dimension::TIME.root(), None);
        let area = Dimension::LENGTH.product(Dimension::LENGTH);
        assert_eq!(area.and_then(Dimension::root), Some(Dimension::LENGTH));
        let extreme = Dimension { time: 127, ..Dimension::NONE };
        assert_eq!(extreme.product(Dimension::TIME), None);
    }

    #[test]
    fn names_and_formulas() {
        assert_eq!(Dimension::RATE.to_string(), "a rate (1/time)");
        assert_eq!(Dimension::RATE.base_unit(), "/s");
        let price = Dimension { money: 1, data: -1, time: -1, length: 0 };
        assert_eq!(price.base_unit(), "USD/B/s");
        assert_eq!(price.to_string(), "a quantity in money/data/time");
        let byte_seconds = Dimension { data: 1, time: 1, ..Dimension::NONE };
        assert_eq!(byte_seconds.base_unit(), "B·s");
    }
}
