//! Facts as plain data: a value, where it is from, how far it can be trusted, and what follows from it.

use std::collections::BTreeMap;
use std::fmt;

/// How far a fact can be trusted, and so what a finding may rest on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Hearsay or inference: backs a hint.
    Low,
    /// A secondary source: backs a warning.
    Medium,
    /// The primary source was read, or the design states it: backs an error.
    High,
}

impl Confidence {
    /// The word: `high`, `medium` or `low`.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Who says so.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Origin {
    /// The catalogue, for the technology as it comes.
    #[default]
    Catalogue,
    /// The catalogue, for the deployment variant of this name.
    Variant(String),
    /// The design itself; it wins over the catalogue.
    Stated,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(from = "toml::Value")]
pub enum FactValue {
    /// True or false.
    Flag(bool),
    /// A number; its unit is in the fact's name.
    Number(f64),
    /// Words.
    Text(String),
    /// Several values.
    List(Vec<FactValue>),
    /// Named values.
    Table(BTreeMap<String, FactValue>),
}

impl From<toml::Value> for FactValue {
    fn from(value: toml::Value) -> Self {
        match value {
            toml::Value::Boolean(flag) => FactValue::Flag(flag),
            toml::Value::Integer(number) => FactValue::Number(number as f64),
            toml::Value::Float(number) => FactValue::Number(number),
            toml::Value::String(text) => FactValue::Text(text),
            toml::Value::Datetime(date) => FactValue::Text(date.to_string()),
            toml::Value::Array(items) => FactValue::List(items.into_iter().map(Into::into).collect()),
            toml::Value::Table(items) => {
                FactValue::Table(items.into_iter().map(|(key, item)| (key, item.into())).collect())
            }
        }
    }
}

impl FactValue {
    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        if let FactValue::Number(number) = self { Some(*number) } else { None }
    }

    /// The flag, if it is one.
    pub fn flag(&self) -> Option<bool> {
        if let FactValue::Flag(flag) = self { Some(*flag) } else { None }
    }

    /// The words, if it is text.
    pub fn text(&self) -> Option<&str> {
        if let FactValue::Text(text) = self { Some(text) } else { None }
    }
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactValue::Flag(true) => f.write_str("yes"),
            FactValue::Flag(false) => f.write_str("no"),
            FactValue::Number(number) => write!(f, "{number}"),
            FactValue::Text(text) => f.write_str(text),
            FactValue::List(items) => separated(f, items.iter(), |f, item| write!(f, "{item}")),
            FactValue::Table(items) => separated(f, items.iter(), |f, (key, item)| match item {
                FactValue::List(_) | FactValue::Table(_) => write!(f, "{key} ({item})"),
                _ => write!(f, "{key} {item}"),
            }),
        }
    }
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}

/// One fact of one technology.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Where it stands: `limits.max_clients_default`.
    pub path: String,
    /// What is the case.
    pub value: FactValue,
    /// Where it was read; never empty.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// What to know beside the value.
    pub note: Option<String>,
    /// The day on which the source was read, or the fact entered: `2026-08-10`; none for what a design states.
    pub date: Option<String>,
    /// Who says so.
    pub origin: Origin,
}

/// Something that was looked for and is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Where it would stand.
    pub path: String,
    /// Why it is unknown: `not found`, `not applicable`.
    pub reason: String,
    /// What to know all the same.
    pub note: Option<String>,
}

/// A closed token or a number in SI units that the compiler computes with, and the facts it follows from.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The token, flag or number.
    pub value: FactValue,
    /// As weak as the weakest fact it follows from; low where no single fact states it.
    pub confidence: Confidence,
    /// Paths of the facts; empty where the entry as a whole is the ground.
    pub from: Vec<String>,
    /// Who says so.
    pub origin: Origin,
}

/// A value that can say where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// What a finding may rest on it.
    pub confidence: Confidence,
    /// The source, ready to print.
    pub source: String,
    /// Where it stands in the technology: a key such as `sla`, or the path of a fact.
    pub fact: String,
    /// Who says so.
    pub origin: Origin,
}

impl<T> Known<T> {
    /// The same knowledge about something computed from the value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        let Known { value, confidence, source, fact, origin } = self;
        Known { value: f(value), confidence, source, fact, origin }
    }
}
