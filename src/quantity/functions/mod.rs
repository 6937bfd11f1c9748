//! The functions of the expression language, in one declarative table.
//!
//! Help, completion, the reference and the evaluator read the same rows. The numbers
//! come from [`crate::numeric`]; a row only says what a function takes and gives. Knows
//! nothing of expressions or spans.

mod arithmetic;
mod queueing;
mod reference;
mod reliability;
mod sizing;

pub use reference::reference;

use super::dimension::Dimension;
use super::value::{Quantity, QuantityError, finite};

/// A function of the expression language.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// As it is called.
    pub name: &'static str,
    /// What it takes, in order; those with a default may be left out at the end.
    pub parameters: &'static [Parameter],
    /// Whether the last parameter may be given any number of times, at least once.
    pub repeats: bool,
    /// What the result measures; `None` where that follows from the arguments.
    pub result: Option<Dimension>,
    /// What it is, one line.
    pub doc: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
    /// Why there may be no result.
    pub undefined: &'static str,
    body: Body,
}

/// What a function takes.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Which values it admits.
    pub takes: Takes,
    /// Its value where it is left out, in base units.
    pub default: Option<f64>,
}

/// Which values a parameter admits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any quantity.
    Any,
    /// A plain number from 0.
    Number,
    /// A plain number above 0.
    Positive,
    /// A whole number from 0 to 10¹².
    Whole,
    /// A whole number from 1 to 10¹².
    Natural,
    /// A whole number from 1 to 10⁹: servers, replicas and parts.
    Servers,
    /// A whole number from 1 to 10 000: copies that are counted one by one.
    Copies,
    /// A share from 0 to 1.
    Share,
    /// A share between 0 and 1, neither included.
    Inside,
    /// A time above 0.
    Time,
    /// A time from 0.
    Delay,
    /// A rate from 0.
    Rate,
    /// A rate above 0.
    PositiveRate,
}

impl Takes {
    /// The dimension that is asked for; `None` for any.
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Takes::Any => None,
            Takes::Time | Takes::Delay => Some(Dimension::TIME),
            Takes::Rate | Takes::PositiveRate => Some(Dimension::RATE),
            _ => Some(Dimension::NONE),
        }
    }

    /// What is asked for, as it stands in a message.
    pub fn expectation(self) -> &'static str {
        match self {
            Takes::Any => "a quantity",
            Takes::Number => "a number from 0",
            Takes::Positive => "a number above 0",
            Takes::Whole => "a whole number from 0 to 1tn",
            Takes::Natural => "a whole number from 1 to 1tn",
            Takes::Servers => "a whole number from 1 to 1bn",
            Takes::Copies => "a whole number from 1 to 10 000",
            Takes::Share => "a share from 0% to 100%",
            Takes::Inside => "a share above 0% and below 100%",
            Takes::Time => "a time above 0",
            Takes::Delay => "a time from 0",
            Takes::Rate => "a rate from 0",
            Takes::PositiveRate => "a rate above 0",
        }
    }

    fn admits(self, value: f64) -> bool {
        let whole = value.fract() == 0.0;
        match self {
            Takes::Any => true,
            Takes::Number | Takes::Rate | Takes::Delay => value >= 0.0,
            Takes::Positive | Takes::Time | Takes::PositiveRate => value > 0.0,
            Takes::Whole => whole && (0.0..=1e12).contains(&value),
            Takes::Natural => whole && (1.0..=1e12).contains(&value),
            Takes::Servers => whole && (1.0..=1e9).contains(&value),
            Takes::Copies => whole && (1.0..=1e4).contains(&value),
            Takes::Share => (0.0..=1.0).contains(&value),
            Takes::Inside => value > 0.0 && value < 1.0,
        }
    }
}

/// How a result is computed from admitted arguments: values in base units, or whole quantities.
#[derive(Clone, Copy, Debug)]
enum Body {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    Three(fn(f64, f64, f64) -> f64),
    Four(fn(f64, f64, f64, f64) -> f64),
    Five(fn(f64, f64, f64, f64, f64) -> f64),
    Many(fn(&[f64]) -> f64),
    Quantities(fn(&[Quantity]) -> Result<Quantity, QuantityError>),
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum CallError {
    /// Too few or too many arguments.
    Arity {
        /// What it takes, as in `2 arguments (servers, offered)`.
        takes: String,
        /// How many there were.
        found: usize,
    },
    /// The argument at this position is at fault.
    Argument(usize, QuantityError),
    /// The arguments have no result together.
    Result(QuantityError),
}

/// What is computed, with its functions.
type Table = (&'static str, &'static [Function]);

const TABLES: &[Table] = &[
    ("Arithmetic", arithmetic::TABLE),
    ("Queues, concurrency and scaling", queueing::TABLE),
    ("Caches, filters, hashing and rate limits", sizing::TABLE),
    ("Availability, durability, quorums and retries", reliability::TABLE),
];

/// All functions, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().flat_map(|(_, table)| *table)
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

impl Function {
    /// How it is called: `erlang_c(servers, offered)`, `min(value, …)`, `downtime(availability, [period])`.
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.arguments())
    }

    fn arguments(&self) -> String {
        let mut names: Vec<String> = self
            .parameters
            .iter()
            .map(|p| if p.default.is_some() { format!("[{}]", p.name) } else { p.name.to_owned() })
            .collect();
        if self.repeats {
            names.push("…".to_owned());
        }
        names.join(", ")
    }

    /// The value for these arguments.
    ///
    /// # Errors
    /// [`CallError`] for a wrong number of arguments, an argument that is not admitted, or no result.
    pub fn call(&self, given: &[Quantity]) -> Result<Quantity, CallError> {
        let least = self.parameters.iter().filter(|p| p.default.is_none()).count();
        let fits = given.len() >= least && (self.repeats || given.len() <= self.parameters.len());
        if !fits {
            return Err(CallError::Arity { takes: self.arity(), found: given.len() });
        }
        let mut arguments = Vec::with_capacity(given.len().max(self.parameters.len()));
        for (at, &argument) in given.iter().enumerate() {
            let parameter = self.parameters.get(at).or(self.parameters.last());
            if let Some(parameter) = parameter {
                self.admit(*parameter, argument).map_err(|error| CallError::Argument(at, error))?;
            }
            arguments.push(argument);
        }
        for parameter in self.parameters.iter().skip(given.len()) {
            let dimension = parameter.takes.dimension().unwrap_or_default();
            arguments.extend(parameter.default.map(|value| Quantity::new(value, dimension)));
        }
        self.compute(&arguments).map_err(CallError::Result)
    }

    fn arity(&self) -> String {
        let names = self.arguments();
        match self.parameters.len() {
            _ if self.repeats => format!("at least {} ({names})", arguments(self.parameters.len())),
            n if self.parameters.iter().any(|p| p.default.is_some()) => {
                format!("up to {} ({names})", arguments(n))
            }
            n => format!("{} ({names})", arguments(n)),
        }
    }

    fn admit(&self, parameter: Parameter, argument: Quantity) -> Result<(), QuantityError> {
        if let Some(expected) = parameter.takes.dimension() {
            argument.expect(expected)?;
        }
        if parameter.takes.admits(argument.value) {
            return Ok(());
        }
        let needs = format!("{} as `{}`", parameter.takes.expectation(), parameter.name);
        Err(QuantityError::Range { function: self.name, needs: needs.into(), found: argument })
    }

    fn compute(&self, arguments: &[Quantity]) -> Result<Quantity, QuantityError> {
        if let Body::Quantities(apply) = self.body {
            return apply(arguments);
        }
        let values: Vec<f64> = arguments.iter().map(|argument| argument.value).collect();
        let value = match (self.body, values.as_slice()) {
            (Body::One(f), [a]) => f(*a),
            (Body::Two(f), [a, b]) => f(*a, *b),
            (Body::Three(f), [a, b, c]) => f(*a, *b, *c),
            (Body::Four(f), [a, b, c, d]) => f(*a, *b, *c, *d),
            (Body::Five(f), [a, b, c, d, e]) => f(*a, *b, *c, *d, *e),
            (Body::Many(f), values) => f(values),
            _ => f64::NAN,
        };
        let undefined = QuantityError::Undefined { function: self.name, why: self.undefined };
        finite(value, self.result.unwrap_or_default()).map_err(|_| undefined)
    }
}

fn arguments(n: usize) -> String {
    if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") }
}

const fn parameter(name: &'static str, takes: Takes) -> Parameter {
    Parameter { name, takes, default: None }
}

const fn optional(name: &'static str, takes: Takes, default: f64) -> Parameter {
    Parameter { name, takes, default: Some(default) }
}

/// What most rows share.
const ROW: Function = Function {
    name: "",
    parameters: &[],
    repeats: false,
    result: Some(Dimension::NONE),
    doc: "",
    formula: "",
    source: "",
    undefined: "the result is too large to represent",
    body: Body::Many(|_| f64::NAN),
};

/// Why a queue has no waiting time.
const UNSTABLE: &str = "the load reaches the servers, so the queue grows without end";

/// Seconds of the mean Gregorian year of 365.2425 days, the default of reliability figures.
const MEAN_YEAR: f64 = 365.2425 * super::unit::DAY;

#[cfg(test)]
mod tests;
