//! Printing: four significant digits for people, shortest round trip for machines.
//!
//! Both forms are read back by [`super::parse`]. Rounding is decimal and done by
//! the standard formatter, so the same value prints the same on every machine.

use std::fmt;

use super::dimension::Dimension;
use super::unit::{DAY, MAGNITUDES, MONTH, UnitError, UnitTable, YEAR, singular};
use super::value::Quantity;

/// Units to choose from, from small to large: value of one in base units, and name.
type Scale = &'static [(f64, &'static str)];

const TIMES: Scale = &[
    (1e-9, "ns"),
    (1e-6, "us"),
    (1e-3, "ms"),
    (1.0, "s"),
    (60.0, "min"),
    (3600.0, "h"),
    (DAY, "day"),
    (YEAR, "year"),
];
const SIZES: Scale =
    &[(1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"), (1e15, "PB"), (1e18, "EB")];
const LENGTHS: Scale = &[(1.0, "m"), (1e3, "km")];
/// Periods for rates that are slower than one in ten seconds, from short to long.
const PERIODS: Scale = &[(60.0, "min"), (3600.0, "h"), (DAY, "day"), (MONTH, "month"), (YEAR, "year")];

/// Price of stored data: always per gigabyte and month.
const STORAGE_PRICE: Dimension = Dimension { money: 1, data: -1, time: -1, length: 0 };
/// Price of transferred data: always per gigabyte.
const DATA_PRICE: Dimension = Dimension { money: 1, data: -1, time: 0, length: 0 };

/// Below this an unavailability says nothing that a reader could use, and prints as `100%`.
const LEAST_UNAVAILABILITY: f64 = 1e-30;

/// A value rounded to four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// At most four significant digits and no magnitude: `69.44`, `1234`, `0.0025`, `2.5e-7`.
pub fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { value.to_string() };
    }
    let scientific = format!("{value:.3e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Outside this range the zeros are harder to count than an exponent is to read.
    if !(-4..=15).contains(&exponent) {
        return format!("{}e{exponent}", trim(mantissa));
    }
    let places = (3 - exponent).max(0).unsigned_abs() as usize;
    let rounded: f64 = scientific.parse().unwrap_or(value);
    trim(&format!("{rounded:.places$}")).to_owned()
}

/// Drops trailing zeros of a fraction.
fn trim(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// From here on a number has no magnitude that a reader knows, and prints with an exponent.
const BEYOND_MAGNITUDES: f64 = 1e15;

/// A count with its magnitude: `500M`, `69.44k`, `4.2`, `365bn`; beyond them `1.151e22`.
pub fn count(value: f64) -> String {
    let size = rounded(value.abs());
    if size >= BEYOND_MAGNITUDES && size.is_finite() {
        let scientific = format!("{value:.3e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        return format!("{}e{exponent}", trim(mantissa));
    }
    let magnitude = MAGNITUDES.iter().rev().find(|(_, power)| size >= power_of_ten(*power));
    match magnitude {
        Some((name, power)) => {
            let scaled = plain(value / power_of_ten(*power));
            // A magnitude behind an exponent could not be read back.
            if scaled.contains('e') { plain(value) } else { format!("{scaled}{name}") }
        }
        None => plain(value),
    }
}

fn power_of_ten(power: i32) -> f64 {
    crate::math::powi(10.0, power.unsigned_abs())
}

/// A factor: `2.5x`.
pub fn factor(value: f64) -> String {
    format!("{}x", plain(value))
}

/// A fraction of 1 in percent: four significant digits, and between 90% and 100% as many
/// as the distance to 100% needs, so that 0.99998 is `99.998%` and never `100%`.
pub fn percent(fraction: f64) -> String {
    if fraction > 0.9 && fraction < 1.0 {
        return availability_percent(1.0 - fraction);
    }
    format!("{}%", plain(fraction * 100.0))
}

/// An availability in percent, from the unavailability that it leaves: three significant
/// digits of what is missing, exact also where the availability itself rounds to 1.
pub fn availability_percent(unavailability: f64) -> String {
    if !(unavailability > 0.0 && unavailability < 0.1) {
        return format!("{}%", plain((1.0 - unavailability) * 100.0));
    }
    if unavailability < LEAST_UNAVAILABILITY {
        return "100%".to_owned();
    }
    let digits = nines(unavailability);
    let (percents, fraction) = digits.split_at_checked(2).unwrap_or((&digits, ""));
    format!("{}%", trim(&format!("{percents}.{fraction}")))
}

/// Below it (eight nines) only the order of what is missing can be meant, and a reader counts nines.
const ONLY_NINES: f64 = 1e-8;

/// The decimals of 1 less something small, which is rounded to three significant digits: `99998`; of what is
/// smaller than [`ONLY_NINES`] to one, and upwards, so that it never looks better than it is.
fn nines(missing: f64) -> String {
    let three = format!("{missing:.2e}");
    let (mantissa, exponent) = three.split_once('e').unwrap_or((&three, "0"));
    let (mantissa, digits) = if missing < ONLY_NINES {
        (mantissa.parse::<f64>().unwrap_or(0.0).ceil().to_string(), 0)
    } else {
        (mantissa.to_owned(), 2)
    };
    let places = digits + exponent.parse::<i32>().unwrap_or(0).unsigned_abs() as usize;
    let digits: u128 = mantissa.replace('.', "").parse().unwrap_or(0);
    let whole = 10_u128.checked_pow(places as u32).unwrap_or(u128::MAX);
    format!("{:0places$}", whole.saturating_sub(digits))
}

/// The largest unit of the scale that leaves a number of at least 1, else the smallest.
fn scaled(value: f64, scale: Scale) -> (String, &'static str) {
    let size = rounded(value.abs());
    let fitting = scale.iter().rev().find(|(one, _)| size >= *one);
    let base = scale.iter().find(|(one, _)| *one == 1.0);
    let choice = if value == 0.0 { base } else { fitting.or(scale.first()) };
    choice.map_or_else(|| (count(value), ""), |(one, name)| (count(value / one), name))
}

impl Quantity {
    /// For people: at most four significant digits in a fitting unit, as in `69.44k req/s`,
    /// `3.5 min`, `36.5 TB`, `40k USD/month`.
    pub fn human(self) -> String {
        let (number, unit) = match self.dimension {
            // As many digits as the distance to 1 needs: 0.99998 is not 1.
            Dimension::NONE if self.label.is_none() && self.value > 0.999 && self.value < 1.0 => {
                (trim(&format!("0.{}", nines(1.0 - self.value))).to_owned(), String::new())
            }
            Dimension::NONE => (count(self.value), String::new()),
            Dimension::TIME => owned(scaled(self.value, TIMES)),
            Dimension::DATA => owned(scaled(self.value, SIZES)),
            Dimension::LENGTH => owned(scaled(self.value, LENGTHS)),
            Dimension::BANDWIDTH => {
                let (number, unit) = scaled(self.value, SIZES);
                (number, format!("{unit}/s"))
            }
            Dimension::RATE => rate(self.value),
            Dimension::COST => (count(self.value * MONTH), "USD/month".to_owned()),
            DATA_PRICE => (count(self.value * 1e9), "USD/GB".to_owned()),
            STORAGE_PRICE => (count(self.value * 1e9 * MONTH), "USD/GB/month".to_owned()),
            other => (count(self.value), other.base_unit()),
        };
        self.join(number, &unit)
    }

    /// For people, in prose: `2 years`, `250 µs`. What [`Quantity::human`] prints reads back in the language.
    pub fn spoken(self) -> String {
        let text = self.human();
        if self.dimension == Dimension::TIME { crate::words::spelled(&text) } else { text }
    }

    /// For machines: the shortest text that reads back as the same value, in base units.
    pub fn exact(self) -> String {
        let size = self.value.abs();
        let plain = size == 0.0 || (1e-5..1e21).contains(&size);
        let number = if plain { self.value.to_string() } else { format!("{:e}", self.value) };
        self.join(number, &self.dimension.base_unit())
    }

    /// The interval of an uncertain value, as in `200 kB to 3 MB`.
    pub fn interval(self) -> Option<String> {
        let spread = self.spread?;
        let end = |value| Quantity { value, spread: None, ..self }.human();
        Some(format!("{} to {}", end(spread.low), end(spread.high)))
    }

    /// Joins number, label and unit: `69.44k req/s`, `20/day`, `1 user`, `4.2`.
    fn join(self, number: String, unit: &str) -> String {
        let label = self.label.map_or("", |label| {
            let one = number == "1" && unit.is_empty();
            if one { singular(label) } else { label }
        });
        if label.is_empty() && (unit.is_empty() || unit.starts_with('/')) {
            return number + unit;
        }
        format!("{number} {label}{unit}")
    }

    /// The value in the unit that is asked for, as in `--in TB`; `%` and `x` are units here.
    ///
    /// # Errors
    /// A unit that does not exist, or that measures something else.
    pub fn in_unit(self, unit: &str, units: &UnitTable) -> Result<InUnit, InUnitError> {
        let name = unit.trim();
        if matches!(name, "%" | "x") {
            self.fits(Dimension::NONE, name)?;
            let number = if name == "%" { self.value * 100.0 } else { self.value };
            let text = if name == "%" { percent(self.value) } else { factor(self.value) };
            return Ok(InUnit { number, text });
        }
        let parsed = units.parse(name)?;
        self.fits(parsed.dimension, name)?;
        let number = parsed.from_base(self.value);
        let gap = if name.starts_with('/') { "" } else { " " };
        Ok(InUnit { number, text: format!("{}{gap}{name}", count(number)) })
    }

    fn fits(self, expected: Dimension, unit: &str) -> Result<(), InUnitError> {
        if self.dimension == expected {
            return Ok(());
        }
        Err(InUnitError::Dimension { unit: unit.to_owned(), expected, found: self })
    }
}

fn owned((number, unit): (String, &'static str)) -> (String, String) {
    (number, unit.to_owned())
}

/// A rate per second, or per the shortest period in which it happens at least once.
fn rate(value: f64) -> (String, String) {
    let size = rounded(value.abs());
    if size == 0.0 || size >= 0.1 {
        return (count(value), "/s".to_owned());
    }
    let period = PERIODS.iter().find(|(seconds, _)| rounded(size * seconds) >= 1.0).or(PERIODS.last());
    let (seconds, name) = period.copied().unwrap_or((1.0, "s"));
    (count(value * seconds), format!("/{name}"))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.human())
    }
}

/// A value in a unit that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct InUnit {
    /// The number, unrounded.
    pub number: f64,
    /// Number and unit for people, with at most four significant digits.
    pub text: String,
}

/// Why a value cannot be given in a unit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InUnitError {
    /// There is no such unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The unit measures something else.
    #[error("`{unit}` measures {expected}, the value is {}: `{found}`", found.dimension)]
    Dimension {
        /// The unit asked for.
        unit: String,
        /// What it measures.
        expected: Dimension,
        /// The value.
        found: Quantity,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantity::parse;

    fn q(text: &str) -> Quantity {
        parse(text, &UnitTable::new()).unwrap()
    }

    fn human(value: f64, dimension: Dimension) -> String {
        Quantity::new(value, dimension).human()
    }

    /// 11.51 sextillion is no number of trillions that a reader could count.
    #[test]
    fn beyond_trillions_numbers_have_an_exponent() {
        assert_eq!(count(1.151e22), "1.151e22");
        assert_eq!(count(-2e15), "-2e15");
        assert_eq!(count(999.9e12), "999.9tn");
        assert_eq!(
            Quantity::new(1.08e22, Dimension { data: 1, time: 1, ..Dimension::NONE }).human(),
            "1.08e22 B·s"
        );
        assert_eq!(parse("1.08e22 B", &UnitTable::new()).map(|q| q.value), Ok(1.08e22));
    }

    #[test]
    fn times_sizes_and_rates() {
        for (value, text) in [
            (0.008, "8 ms"),
            (1.44, "1.44 s"),
            (210.0, "3.5 min"),
            (59.999, "1 min"),
            (0.0, "0 s"),
            (2.5e-7, "250 ns"),
            (-0.25, "-250 ms"),
            (7.0 * DAY, "7 day"),
            (2.0 * YEAR, "2 year"),
            (5000.0 * YEAR, "5k year"),
        ] {
            assert_eq!(human(value, Dimension::TIME), text);
        }
        assert_eq!(human(36.5e12, Dimension::DATA), "36.5 TB");
        assert_eq!(human(1200.0, Dimension::DATA), "1.2 kB");
        assert_eq!(human(999_960.0, Dimension::DATA), "1 MB");
        assert_eq!(human(0.5, Dimension::DATA), "0.5 B");
        assert_eq!(human(1.2e9, Dimension::BANDWIDTH), "1.2 GB/s");
        assert_eq!(human(69_444.444, Dimension::RATE), "69.44k/s");
        assert_eq!(Quantity::per_second(69_444.444).labelled("req").human(), "69.44k req/s");
        assert_eq!(human(12.0 / DAY, Dimension::RATE), "12/day");
        assert_eq!(human(0.5, Dimension::RATE), "0.5/s");
        assert_eq!(human(2.0 / YEAR, Dimension::RATE), "2/year");
        assert_eq!(human(0.1 / YEAR, Dimension::RATE), "0.1/year");
    }

    #[test]
    fn money_counts_and_the_rest() {
        assert_eq!(q("40k USD/month").human(), "40k USD/month");
        assert_eq!(q("480k USD/year").human(), "39.45k USD/month");
        assert_eq!(q("0.023 USD/GB/month").human(), "0.023 USD/GB/month");
        assert_eq!(q("0.09 USD/GB").human(), "0.09 USD/GB");
        assert_eq!(q("500M users").human(), "500M users");
        assert_eq!(q("1 user").human(), "1 user");
        assert_eq!(q("4.2").human(), "4.2");
        assert_eq!(q("12 km").human(), "12 km");
        assert_eq!(q("1e30").human(), "1e30");
        assert_eq!(q("1000tn").human(), "1e15");
        assert_eq!(q("0.00025").human(), "0.00025");
        assert_eq!(q("0.0000025").human(), "2.5e-6");
        assert_eq!(q("999.96k").human(), "1M");
        assert_eq!(q("5 GB").times(q("3 s")).unwrap().human(), "15bn B·s");
    }

    #[test]
    fn availability_keeps_its_nines() {
        for (value, text) in [
            (0.999_873, "99.9873%"),
            (0.999_98, "99.998%"),
            (0.9995, "99.95%"),
            (0.95, "95%"),
            (1.0, "100%"),
            (0.5, "50%"),
            (0.0, "0%"),
            (2.5, "250%"),
            (0.000_5, "0.05%"),
        ] {
            assert_eq!(percent(value), text);
        }
        assert_eq!(availability_percent(1e-20), "99.999999999999999999%");
        assert_eq!(availability_percent(1.234_5e-7), "99.9999877%");
        // 1.25e-10 is missing: one digit of it, and never less than there is.
        assert_eq!(availability_percent(1.25e-10), "99.99999998%");
        assert_eq!(availability_percent(1e-9), "99.9999999%");
        assert_eq!(availability_percent(9.5e-10), "99.9999999%");
        assert_eq!(availability_percent(9.996e-4), "99.9%");
        assert_eq!(availability_percent(0.25), "75%");
        assert_eq!(availability_percent(0.0), "100%");
        assert_eq!(factor(2.5), "2.5x");
        assert_eq!(q("99.998%").human(), "0.99998");
        assert_eq!(q("99.95%").human(), "0.9995");
    }

    #[test]
    fn asked_for_in_a_unit() {
        let table = UnitTable::new();
        assert_eq!(
            q("36500 GB").in_unit("TB", &table).unwrap(),
            InUnit { number: 36.5, text: "36.5 TB".into() }
        );
        assert_eq!(q("300M req/day").in_unit("/s", &table).unwrap().text, "3.472k/s");
        assert_eq!(q("0.25").in_unit("%", &table).unwrap().text, "25%");
        assert_eq!(
            q("3 GB").in_unit("s", &table).unwrap_err().to_string(),
            "`s` measures a time, the value is data: `3 GB`"
        );
        assert!(matches!(q("3 GB").in_unit("GBs", &table), Err(InUnitError::Unit(_))));
    }

    fn any_quantity() -> impl Strategy<Value = Quantity> {
        let value = prop_oneof![
            any::<f64>(),
            (-1e6..1e6),
            (-300_i32..300).prop_map(|e| crate::math::pow(10.0, f64::from(e)))
        ];
        let power = -2..=2_i8;
        (value, power.clone(), power.clone(), power.clone(), power, any::<bool>())
            .prop_filter("a quantity is finite", |(value, ..)| value.is_finite())
            .prop_map(|(value, time, data, money, length, counted)| {
                let dimension = Dimension { time, data, money, length };
                let countable = counted && (dimension.is_none() || dimension == Dimension::RATE);
                Quantity { label: countable.then_some("users"), ..Quantity::new(value, dimension) }
            })
    }

    proptest! {
        #[test]
        fn exact_text_reads_back_as_the_same(quantity in any_quantity()) {
            prop_assert_eq!(parse(&quantity.exact(), &UnitTable::new()).unwrap(), quantity);
        }

        /// What people read is the same quantity to four digits, in the same dimension, and readable too.
        #[test]
        fn units_survive_printing(quantity in any_quantity()) {
            prop_assume!(quantity.value == 0.0 || (1e-250..1e250).contains(&quantity.value.abs()));
            let text = quantity.human();
            let back = parse(&text, &UnitTable::new()).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
            prop_assert_eq!(back.dimension, quantity.dimension, "{}", text);
            prop_assert_eq!(back.label, quantity.label);
            prop_assert!((back.value - quantity.value).abs() <= 5.01e-4 * quantity.value.abs(), "{} {}", text, quantity.value);
        }

        #[test]
        fn an_imperfect_availability_never_prints_as_perfect(exponent in 1.0..15.0_f64) {
            let text = percent(1.0 - crate::math::pow(10.0, -exponent));
            prop_assert_ne!(text, "100%");
        }
    }
}
