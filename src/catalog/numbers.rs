//! Orders of magnitude that estimates start from: memory, disk, network.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::fact::Confidence;

const TEXT: &str = include_str!("../../catalog/numbers.toml");

#[derive(Deserialize)]
struct NumbersText {
    numbers: Vec<NumberText>,
    sources: BTreeMap<String, SourceText>,
}

#[derive(Deserialize)]
struct NumberText {
    name: String,
    value: f64,
    most: Option<f64>,
    unit: String,
    source: String,
}

#[derive(Deserialize)]
struct SourceText {
    text: String,
    confidence: Confidence,
}

/// One order of magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its name: `data_centre_round_trip`.
    pub name: String,
    /// In `unit`; the lower end where the source gives a range.
    pub value: f64,
    /// The upper end of the range.
    pub most: Option<f64>,
    /// `s` or `B/s`.
    pub unit: String,
    /// Where it was read.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// Every number, in the order of the data file.
pub fn numbers() -> &'static [Number] {
    static NUMBERS: OnceLock<Vec<Number>> = OnceLock::new();
    NUMBERS.get_or_init(|| {
        let Ok(NumbersText { numbers, sources }) = toml::from_str(TEXT) else { return Vec::new() };
        let number = |text: NumberText| {
            let source = sources.get(&text.source)?;
            let NumberText { name, value, most, unit, .. } = text;
            Some(Number {
                name,
                value,
                most,
                unit,
                source: source.text.clone(),
                confidence: source.confidence,
            })
        };
        numbers.into_iter().filter_map(number).collect()
    })
}

impl Number {
    /// The number of that name.
    pub fn find(name: &str) -> Option<&'static Number> {
        numbers().iter().find(|number| number.name == name)
    }
}
