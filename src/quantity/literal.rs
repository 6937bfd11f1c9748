//! Reading number literals: a number, perhaps with a magnitude, and a unit.

use super::unit::{MAGNITUDES, UnitError, UnitTable};
use super::value::{Quantity, QuantityError};
use crate::quantity::Unit;

/// Why a literal could not be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LiteralError {
    /// The unit is at fault.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The number is at fault.
    #[error("`{0}` is no number; a number is written `1200`, `1.2k`, `99.95%` or `3x`")]
    Number(String),
    /// It does not fit a double.
    #[error("`{0}` is too large to represent")]
    TooLarge(String),
    /// `3x req/s`, `5% users`: a factor or a share measures nothing.
    #[error("`{number}` is a plain number and takes no unit, found `{unit}`")]
    UnitOnFactor {
        /// The number with its suffix.
        number: String,
        /// The unit behind it.
        unit: String,
    },
}

/// Reads a number as it is written: digits (an underscore may stand between two of them), a fraction,
/// a decimal exponent, and a suffix `k M bn tn % x`.
///
/// # Errors
/// [`LiteralError::Number`] or [`LiteralError::TooLarge`].
pub fn parse_number(text: &str) -> Result<f64, LiteralError> {
    let wrong = || LiteralError::Number(text.to_owned());
    let (digits, power) = split_suffix(text);
    let digits = plain_digits(digits).ok_or_else(wrong)?;
    // One decimal conversion, so that `99.95%` is the double nearest to 0.9995.
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().map_err(|_| wrong())?;
    let value: f64 = format!("{mantissa}e{}", exponent.saturating_add(power)).parse().map_err(|_| wrong())?;
    if value.is_finite() { Ok(value) } else { Err(LiteralError::TooLarge(text.to_owned())) }
}

/// Splits off the suffix: the digits and the power of ten that it stands for.
fn split_suffix(text: &str) -> (&str, i32) {
    let mut suffixes = MAGNITUDES.iter().chain(&[("%", -2), ("x", 0)]);
    suffixes.find_map(|&(suffix, power)| Some((text.strip_suffix(suffix)?, power))).unwrap_or((text, 0))
}

/// The digits without underscores, if they are `D+ (. D+)? (e [+-]? D+)?`.
fn plain_digits(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let mut parts = mantissa.splitn(2, '.');
    let whole = parts.next()?;
    let fraction = parts.next();
    let grouped = |part: &str| {
        part.split('_').all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()))
    };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| plain(e.strip_prefix(['+', '-']).unwrap_or(e)));
    let fits = grouped(whole) && fraction.is_none_or(grouped) && exponent_fits;
    fits.then(|| text.replace('_', "").replace('E', "e"))
}

/// Reads a literal from the text of its number and the text of its unit (empty for none).
///
/// # Errors
/// [`LiteralError`] as data, with the nearest units for an unknown one.
pub fn parse_literal(number: &str, unit: &str, units: &UnitTable) -> Result<Quantity, LiteralError> {
    let value = parse_number(number)?;
    let unit_text = unit.trim();
    let unit = if unit_text.is_empty() { Unit::ONE } else { units.parse(unit_text)? };
    // `5%/day` and `2x/year` are rates; `5% users` says nothing.
    if number.ends_with(['%', 'x']) && !unit_text.is_empty() && !unit_text.starts_with('/') {
        return Err(LiteralError::UnitOnFactor { number: number.to_owned(), unit: unit_text.to_owned() });
    }
    Quantity::of(value, unit).map_err(|error| match error {
        QuantityError::TooLarge => LiteralError::TooLarge(format!("{number} {unit_text}")),
        _ => LiteralError::Number(number.to_owned()),
    })
}

/// Splits the text of a whole literal into its number and its unit: `5M users`, `5MB`, `20/day`, `99.95%`.
pub fn split_literal(text: &str) -> (&str, &str) {
    let number_end = number_length(text);
    let (number, rest) = text.split_at_checked(number_end).unwrap_or((text, ""));
    let word_end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let word = rest.get(..word_end).unwrap_or("");
    let is_magnitude = MAGNITUDES.iter().any(|(name, _)| *name == word) || word == "x";
    let suffix = if is_magnitude { word.len() } else { usize::from(rest.starts_with('%')) };
    let (number, unit) = text.split_at_checked(number.len() + suffix).unwrap_or((text, ""));
    (number, unit.trim())
}

/// The length in bytes of the digits, fraction and exponent at the start of the text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |mut at: usize| {
        while bytes.get(at).is_some_and(|b| b.is_ascii_digit() || *b == b'_') {
            at += 1;
        }
        at
    };
    let mut end = digits_from(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits_from(end + 1);
    }
    if bytes.get(end).is_some_and(|b| matches!(b, b'e' | b'E')) {
        let signed = end + 1 + usize::from(bytes.get(end + 1).is_some_and(|b| matches!(b, b'+' | b'-')));
        if bytes.get(signed).is_some_and(u8::is_ascii_digit) {
            end = digits_from(signed);
        }
    }
    end
}

/// Reads the text of a whole literal, which may have a minus sign; the inverse of [`Quantity::exact`].
///
/// # Errors
/// [`LiteralError`] as data.
pub fn parse(text: &str, units: &UnitTable) -> Result<Quantity, LiteralError> {
    let text = text.trim();
    let positive = text.strip_prefix('-');
    let (number, unit) = split_literal(positive.unwrap_or(text));
    let quantity = parse_literal(number, unit, units)?;
    Ok(if positive.is_some() { quantity.negated() } else { quantity })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Dimension;

    fn q(text: &str) -> Quantity {
        parse(text, &UnitTable::new()).unwrap()
    }

    #[test]
    fn numbers_as_they_are_written() {
        for (text, value) in [
            ("500", 500.0),
            ("2.5k", 2500.0),
            ("99.95%", 0.9995),
            ("3x", 3.0),
            ("0.02", 0.02),
            ("1_000_000", 1e6),
            ("365bn", 365e9),
            ("1.5tn", 1.5e12),
            ("1e-7", 1e-7),
        ] {
            assert_eq!(parse_number(text), Ok(value), "{text}");
        }
        for text in ["", "k", ".5", "5.", "1__0", "_1", "1_", "1e", "e5", "5kM", "1.2.3", "5%%", "١"] {
            assert_eq!(parse_number(text), Err(LiteralError::Number(text.to_owned())), "{text}");
        }
        assert!(matches!(parse_number("1e400"), Err(LiteralError::TooLarge(_))));
        assert!(matches!(parse_number("1e99999999999"), Err(LiteralError::Number(_))));
    }

    #[test]
    fn literals_of_the_language_page() {
        assert_eq!(q("500M users"), Quantity::number(5e8).labelled("users"));
        assert_eq!(q("2.5k req/s"), Quantity::per_second(2500.0).labelled("req"));
        assert_eq!(q("1.2 kB"), Quantity::bytes(1200.0));
        assert_eq!(q("200 MiB"), Quantity::bytes(200.0 * 1024.0 * 1024.0));
        assert_eq!(q("5MB"), q("5 MB"));
        assert_eq!(q("250ms"), Quantity::seconds(0.25));
        assert_eq!(q("20/day").value, 20.0 / 86_400.0);
        assert_eq!(q("5M/day").value, 5e6 / 86_400.0);
        assert_eq!(q("2%/day").dimension, Dimension::RATE);
        assert_eq!(q("0.4 USD/M").value, 0.4 / 1e6);
        assert_eq!(q("8 ms").value, 0.008);
    }

    #[test]
    fn faults_are_data() {
        let table = UnitTable::new();
        let error = parse("5 M users", &table).unwrap_err();
        assert!(matches!(error, LiteralError::Unit(_)), "{error}");
        assert!(matches!(parse("5 GiBs", &table), Err(LiteralError::Unit(UnitError::Unknown { .. }))));
        assert!(matches!(parse("3x req", &table), Err(LiteralError::UnitOnFactor { .. })));
        assert!(matches!(parse("1e300 EB", &table), Err(LiteralError::TooLarge(_))));
        for text in ["é", "", "-", "--5", "- 5 - 3", "5 s s", "5/"] {
            assert!(parse(text, &table).is_err(), "{text}");
        }
    }
}
