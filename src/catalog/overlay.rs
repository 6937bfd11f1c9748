//! What a design states about a technology: it wins over the catalogue and stays recognisable as its own.

use super::consistency::Model;
use super::fact::{Confidence, Derived, Fact, FactValue, Origin};
use super::keys::{KEYS, Key, KeyKind};
use super::technology::Technology;

/// One fact of a `technology` item. Values are in SI units: seconds, bytes, shares of 1.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedFact {
    /// A key (`max_connections`, `retention_default`), or the path of a free fact (`limits.max_keys`).
    pub key: String,
    /// What the design says.
    pub value: FactValue,
    /// Where the author has it from, if the design says so.
    pub source: Option<String>,
}

/// Why a stated fact was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverlayProblem {
    /// No such key; these are near.
    UnknownKey {
        /// As written.
        key: String,
        /// The nearest names.
        nearest: Vec<&'static str>,
    },
    /// The key does not take this word.
    UnknownWord {
        /// As written.
        key: String,
        /// As written.
        word: String,
        /// What it takes.
        allowed: Vec<&'static str>,
    },
    /// The key takes another kind of value.
    WrongKind {
        /// As written.
        key: String,
        /// What it takes: `a number of seconds`.
        expected: &'static str,
    },
}

/// The result of [`Technology::overlaid`].
#[derive(Clone, Debug, PartialEq)]
pub struct Overlaid {
    /// With every fact that could be taken.
    pub technology: Technology,
    /// One problem for each fact that could not, in order.
    pub problems: Vec<OverlayProblem>,
}

impl Technology {
    /// The technology with what the design states added or replaced.
    pub fn overlaid(&self, facts: &[StatedFact]) -> Overlaid {
        let mut technology = self.clone();
        let mut problems = Vec::new();
        for stated in facts {
            if let Err(problem) = technology.state(stated) {
                problems.push(problem);
            }
        }
        Overlaid { technology, problems }
    }

    fn state(&mut self, stated: &StatedFact) -> Result<(), OverlayProblem> {
        if let Some(key) = Key::find(&stated.key) {
            let value = checked(key, stated)?;
            let derived =
                Derived { value, confidence: Confidence::High, from: Vec::new(), origin: Origin::Stated };
            self.unknown.remove(&format!("normalised.{}", key.name));
            self.normalised.insert(key.name.to_owned(), derived);
            return Ok(());
        }
        if !stated.key.contains('.') {
            let names = KEYS.iter().map(Key::short);
            let nearest = crate::words::nearest(&super::fold(&stated.key), names);
            return Err(OverlayProblem::UnknownKey { key: stated.key.clone(), nearest });
        }
        self.unknown.remove(&stated.key);
        let fact = Fact {
            path: stated.key.clone(),
            value: stated.value.clone(),
            source: stated.source.clone().unwrap_or_else(|| "stated by the design".to_owned()),
            confidence: Confidence::High,
            note: None,
            date: None,
            origin: Origin::Stated,
        };
        self.facts.insert(stated.key.clone(), fact);
        Ok(())
    }
}

/// The value in the spelling of the data files.
fn checked(key: &Key, stated: &StatedFact) -> Result<FactValue, OverlayProblem> {
    let wrong = |expected| OverlayProblem::WrongKind { key: stated.key.clone(), expected };
    let number = |expected| match stated.value.number() {
        Some(number) if number.is_finite() && number >= 0.0 => Ok(FactValue::Number(number)),
        _ => Err(wrong(expected)),
    };
    match key.kind {
        KeyKind::Seconds => number("a duration"),
        KeyKind::Bytes => number("an amount of data"),
        KeyKind::Count => number("a number"),
        KeyKind::Fraction => match stated.value.number() {
            Some(share) if (0.0..=1.0).contains(&share) => Ok(FactValue::Number(share)),
            _ => Err(wrong("a share between 0% and 100%")),
        },
        KeyKind::Flag => match &stated.value {
            FactValue::Flag(flag) => Ok(FactValue::Flag(*flag)),
            FactValue::Text(word) if word == "yes" || word == "true" => Ok(FactValue::Flag(true)),
            FactValue::Text(word) if word == "no" || word == "false" => Ok(FactValue::Flag(false)),
            _ => Err(wrong("`yes` or `no`")),
        },
        KeyKind::Token(tokens) => {
            word(stated, tokens, |word| tokens.iter().find(|token| super::same_name(token, word)).copied())
        }
        KeyKind::Model => word(stated, Model::USER_NAMES, |word| Model::parse(word).map(Model::id)),
        KeyKind::Isolation => word(stated, Model::USER_NAMES, |word| {
            if word == "none" { Some("none") } else { Model::parse(word).map(Model::id) }
        }),
    }
}

fn word(
    stated: &StatedFact,
    allowed: &[&'static str],
    find: impl Fn(&str) -> Option<&'static str>,
) -> Result<FactValue, OverlayProblem> {
    let written = match &stated.value {
        FactValue::Text(text) => text.clone(),
        FactValue::Flag(true) => "yes".to_owned(),
        FactValue::Flag(false) => "no".to_owned(),
        other => other.to_string(),
    };
    find(&super::fold(&written)).map(|token| FactValue::Text(token.to_owned())).ok_or_else(|| {
        OverlayProblem::UnknownWord { key: stated.key.clone(), word: written, allowed: allowed.to_vec() }
    })
}
