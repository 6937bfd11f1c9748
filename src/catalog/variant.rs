//! Deployment variants: settings of an element, and the facts that they replace.

use std::collections::BTreeMap;

use super::fact::Derived;
use super::getters::PartitionLimit;

/// What an element says about a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Stated {
    /// The bare word: `multi_az`.
    Flag,
    /// A word: `aof everysec`.
    Word(String),
    /// A number: `min_in_sync 2`.
    Number(f64),
}

impl From<bool> for Stated {
    /// `multi_az yes` is the bare word, `multi_az no` the word `no`.
    fn from(yes: bool) -> Stated {
        if yes { Stated::Flag } else { Stated::Word("no".to_owned()) }
    }
}

/// When a setting selects a variant.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// One of these words; a flag is `yes`. `or_unstated`: silence selects it too, as the default of the technology.
    OneOf {
        /// The words.
        words: Vec<String>,
        /// Whether silence counts.
        or_unstated: bool,
    },
    /// At least this number.
    AtLeast(f64),
}

impl Condition {
    /// Reads `everysec`, `raft | quorum`, `all or unstated`, `>= 3`; `None` for a bound that is no number.
    pub(super) fn parse(text: &str) -> Option<Condition> {
        if let Some(bound) = text.strip_prefix(">=") {
            return bound.trim().parse().ok().map(Condition::AtLeast);
        }
        let (words, or_unstated) = match text.strip_suffix(" or unstated") {
            Some(words) => (words, true),
            None => (text, false),
        };
        let words = words.split('|').map(|word| word.trim().to_owned()).collect();
        Some(Condition::OneOf { words, or_unstated })
    }

    /// Whether the element's words meet it.
    pub fn holds(&self, stated: Option<&Stated>) -> bool {
        match (self, stated) {
            (Condition::OneOf { or_unstated, .. }, None) => *or_unstated,
            (Condition::AtLeast(_), None | Some(Stated::Flag | Stated::Word(_))) => false,
            (Condition::AtLeast(bound), Some(Stated::Number(number))) => number >= bound,
            (Condition::OneOf { words, .. }, Some(stated)) => {
                let word = match stated {
                    Stated::Flag => "yes".to_owned(),
                    Stated::Word(word) => super::fold(word),
                    Stated::Number(number) => number.to_string(),
                };
                words.contains(&word)
            }
        }
    }
}

/// A deployment variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name: `aof everysec`.
    pub name: String,
    /// The settings that select it; all must hold.
    pub when: BTreeMap<String, Condition>,
    /// The alias of the technology that selects it by name, folded.
    pub alias: Option<String>,
    /// What it means, in words.
    pub why: String,
    /// What it replaces, by key.
    pub set: BTreeMap<String, Derived>,
    /// Limits that it brings.
    pub partition_limits: Vec<PartitionLimit>,
}

impl Variant {
    /// Whether the element's settings select it.
    pub fn holds(&self, stated: &dyn Fn(&str) -> Option<Stated>) -> bool {
        self.when.iter().all(|(key, condition)| condition.holds(stated(key).as_ref()))
    }
}
