//! `sysd.toml`: what is looked at, how grave it is, what is passed over.
//!
//! The closest file upwards from a design counts, alone: files are merged only where one says `extends`.
//! This file has the keys and their meaning; `layers` reads and joins files, `closest` finds them,
//! `choice` turns rules by name into codes.

mod choice;
mod closest;
mod documents;
mod layers;
mod show;

pub use choice::{Choice, is_of_house};
pub use closest::{Configs, Resolved};
pub(super) use closest::{matches, patterns};
pub use documents::{DocumentDiagrams, DocumentFlavour, DocumentLayout};
pub use layers::Origin;
pub use show::shown;

use crate::diagnostic::Severity;
use crate::rules::{Backing, Thresholds};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Why a configuration is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no TOML, or has a key or value that is not known, or files extend each other in a circle.
    #[error("{place}: {message}")]
    Malformed {
        /// File and line, or the argument.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// It names a rule that does not exist.
    #[error("{place}there is no rule `{name}`{hint}")]
    UnknownRule {
        /// `sysd.toml:3: `; empty for an argument.
        place: String,
        /// As written.
        name: String,
        /// `; did you mean …?`
        hint: String,
    },
    /// It passes over what cannot be passed over.
    #[error(
        "{place}`{name}` cannot be switched off: it is an error of the language, and a design that cannot \
         be read cannot be judged"
    )]
    NotSuppressible {
        /// `sysd.toml:3: `; empty for an argument.
        place: String,
        /// As written.
        name: String,
    },
    /// A pattern that cannot be read.
    #[error("{place}`{pattern}` is no pattern of paths: {message}")]
    Pattern {
        /// `sysd.toml:3: `; empty for an argument.
        place: String,
        /// As written.
        pattern: String,
        /// What is wrong.
        message: String,
    },
}

/// The keys of `sysd.toml`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(title = "sysd.toml")]
pub struct Config {
    /// A configuration that this one adds to, as a path from this file. Keys of this file win; lists are
    /// replaced, tables are joined key by key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Paths to pass over, from the folder of this file, in the syntax of `.gitignore`.
    pub exclude: Vec<String>,
    /// The severity from which on findings fail a check.
    pub fail_on: Option<Level>,
    /// Rules to look at: codes, names (also of rules of the house), prefixes such as `REL`, or `ALL`. Empty for all.
    pub select: Vec<String>,
    /// Rules to pass over, in the same words.
    pub ignore: Vec<String>,
    /// The file of known findings that are not reported again, from the folder of this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// The folder of the documents that `sysd ci` holds against the designs, from the folder of this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<String>,
    /// Which documents `sysd build` writes and `sysd ci` expects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<DocumentLayout>,
    /// For whom their Markdown is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flavour: Option<DocumentFlavour>,
    /// The form of their pictures in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagrams: Option<DocumentDiagrams>,
    /// Severities other than the default, by code, name or prefix.
    pub rules: BTreeMap<String, Level>,
    /// Limits that rules compare with.
    pub thresholds: ThresholdTable,
    /// How grave a finding may be that rests on facts of the catalogue, by their confidence.
    pub confidence: ConfidenceTable,
    /// Other settings for some paths; later ones win.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// A severity, or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Info,
    /// Nothing.
    #[serde(alias = "never")]
    #[value(name = "never")]
    Off,
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A severity, or off (`never` says the same)",
            "enum": ["error", "warning", "info", "off", "never"]
        })
    }
}

impl Level {
    /// The severity; `None` for off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Info => Some(Severity::Info),
            Level::Off => None,
        }
    }
}

/// Limits that rules compare with.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ThresholdTable {
    /// Share of capacity that must stay free at peak where the design states no headroom: from 0, below 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub headroom: Option<f64>,
    /// Longest chain of synchronous calls that passes.
    #[schemars(range(min = 1))]
    pub depth: Option<usize>,
    /// Product of retry attempts along a chain that passes.
    #[schemars(range(min = 1.0))]
    pub amplification: Option<f64>,
    /// Seconds within which a failure should be noticed.
    #[schemars(range(min = 0.0))]
    pub detection_s: Option<f64>,
}

impl ThresholdTable {
    /// These limits, and those of `base` where none is set.
    fn over(self, base: &Thresholds) -> Thresholds {
        Thresholds {
            headroom: self.headroom.unwrap_or(base.headroom),
            depth: self.depth.unwrap_or(base.depth),
            amplification: self.amplification.unwrap_or(base.amplification),
            detection_s: self.detection_s.unwrap_or(base.detection_s),
            backing: base.backing,
        }
    }

    /// The first key whose value means nothing, and what it may be.
    fn fault(self) -> Option<(&'static str, &'static str)> {
        let out = |value: Option<f64>, allowed: fn(f64) -> bool| value.is_some_and(|v| !allowed(v));
        if out(self.headroom, |v| (0.0..1.0).contains(&v)) {
            return Some(("headroom", "a share from 0, below 1"));
        }
        if self.depth == Some(0) {
            return Some(("depth", "a whole number from 1"));
        }
        if out(self.amplification, |v| v.is_finite() && v >= 1.0) {
            return Some(("amplification", "a number from 1"));
        }
        out(self.detection_s, |v| v.is_finite() && v > 0.0)
            .then_some(("detection-s", "a number of seconds above 0"))
    }
}

/// The gravest severity that a fact of the catalogue may back, by its confidence.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ConfidenceTable {
    /// Documented by whoever makes the technology.
    pub high: Option<Grade>,
    /// Measured or told by others.
    pub medium: Option<Grade>,
    /// A rule of thumb.
    pub low: Option<Grade>,
}

/// A severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// A hint.
    Info,
}

impl From<Grade> for Severity {
    fn from(grade: Grade) -> Severity {
        match grade {
            Grade::Error => Severity::Error,
            Grade::Warning => Severity::Warning,
            Grade::Info => Severity::Info,
        }
    }
}

impl From<Severity> for Grade {
    fn from(severity: Severity) -> Grade {
        match severity {
            Severity::Error => Grade::Error,
            Severity::Warning => Grade::Warning,
            Severity::Info => Grade::Info,
        }
    }
}

impl ConfidenceTable {
    fn over(self, base: Backing) -> Backing {
        Backing {
            high: self.high.map_or(base.high, Severity::from),
            medium: self.medium.map_or(base.medium, Severity::from),
            low: self.low.map_or(base.low, Severity::from),
        }
    }
}

/// Other settings for some paths.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Override {
    /// The paths, from the folder of this file, in the syntax of `.gitignore`.
    pub paths: Vec<String>,
    /// Rules to pass over.
    pub ignore: Vec<String>,
    /// Severities.
    pub rules: BTreeMap<String, Level>,
    /// Limits.
    pub thresholds: ThresholdTable,
    /// Severities by confidence.
    pub confidence: ConfidenceTable,
}

/// The JSON Schema of `sysd.toml`.
pub fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Config)).map(|text| text + "\n").unwrap_or_default()
}

#[cfg(test)]
mod tests;
