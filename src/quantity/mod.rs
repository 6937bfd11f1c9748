//! Quantities: dimensions, units, uncertain values, the reading and printing of
//! numbers, and checked arithmetic.
//!
//! Everything here is pure arithmetic on data: the module knows nothing of files,
//! names or designs, and gives its errors as data without a place in the text.

mod date;
mod dimension;
mod evaluate;
pub mod functions;
mod literal;
mod print;
mod spread;
mod unit;
mod value;

pub use date::Date;
pub use dimension::Dimension;
pub use evaluate::{Environment, EvalError, EvalErrorKind, Lookup, NoNames, evaluate};
pub use literal::{LiteralError, parse, parse_literal, parse_number, split_literal};
pub use print::{InUnit, InUnitError, availability_percent, count, factor, percent, plain};
pub use spread::Spread;
pub use unit::{COUNTS, DAY, MAGNITUDES, MONTH, UNITS, Unit, UnitError, UnitRow, UnitTable, YEAR, singular};
pub use value::{Quantity, QuantityError};
