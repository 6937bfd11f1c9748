//! `sysd.toml`: levels of rules, thresholds, what is passed over.

use crate::compile::Options;
use crate::diagnostic::{Severity, house_codes};
use crate::rules::{self, Thresholds};
use crate::words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why a configuration is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is no TOML, or has a key or value that is not known.
    #[error("{}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the place.
        message: String,
    },
    /// It names a rule that does not exist.
    #[error("there is no rule `{name}`{hint}")]
    UnknownRule {
        /// As written.
        name: String,
        /// `; did you mean …?`
        hint: String,
    },
}

/// The configuration of a project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// Paths to pass over, in the syntax of `.gitignore`.
    pub exclude: Vec<String>,
    /// At which severity a check fails.
    pub fail_on: Option<Level>,
    /// Rules to look at, by code, name or prefix; empty for all.
    pub select: Vec<String>,
    /// Rules to pass over, by code, name or prefix.
    pub ignore: Vec<String>,
    /// Severities other than the default, by code or name.
    pub rules: BTreeMap<String, Level>,
    /// Limits that rules compare with.
    pub thresholds: ThresholdTable,
}

/// A severity, or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
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

/// Thresholds, each as in [`Thresholds`].
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ThresholdTable {
    /// Share of capacity that must stay free at peak where the design states no headroom, from 0 to 1.
    pub headroom: Option<f64>,
    /// Longest chain of synchronous calls that passes.
    pub depth: Option<usize>,
    /// Product of retry attempts along a chain that passes.
    pub amplification: Option<f64>,
    /// Seconds within which a failure should be noticed.
    pub detection_s: Option<f64>,
}

const KEYS: [&str; 10] = [
    "exclude",
    "fail-on",
    "select",
    "ignore",
    "rules",
    "thresholds",
    "headroom",
    "depth",
    "amplification",
    "detection-s",
];

impl Config {
    /// Reads the text of a configuration.
    ///
    /// # Errors
    /// [`ConfigError`], with the nearest key or rule for one that is not known.
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        let config: Config = toml::from_str(text).map_err(|error| {
            let mut message = error.to_string();
            if let Some(unknown) =
                message.split("unknown field `").nth(1).and_then(|rest| rest.split('`').next())
                && let Some(near) = words::did_you_mean(unknown, KEYS)
            {
                message = format!("{}\n{near}", message.trim_end());
            }
            ConfigError::Malformed { path: path.to_path_buf(), message }
        })?;
        config.levels()?;
        Ok(config)
    }

    /// The configuration of the project with this root; the default where it has none.
    ///
    /// # Errors
    /// [`super::ProjectError`].
    pub fn of(root: &Path) -> Result<Config, super::ProjectError> {
        let path = root.join("sysd.toml");
        if !path.is_file() {
            return Ok(Config::default());
        }
        let bytes = super::read(&path)?;
        Ok(Config::parse(&String::from_utf8_lossy(&bytes), &path)?)
    }

    /// What the compiler is told.
    ///
    /// # Errors
    /// [`ConfigError::UnknownRule`].
    pub fn options(&self) -> Result<Options, ConfigError> {
        let default = Thresholds::default();
        let table = self.thresholds;
        Ok(Options {
            thresholds: Thresholds {
                headroom: table.headroom.unwrap_or(default.headroom),
                depth: table.depth.unwrap_or(default.depth),
                amplification: table.amplification.unwrap_or(default.amplification),
                detection_s: table.detection_s.unwrap_or(default.detection_s),
            },
            today: None,
            levels: self.levels()?,
        })
    }

    fn levels(&self) -> Result<Vec<(&'static str, Option<Severity>)>, ConfigError> {
        let mut levels = Vec::new();
        if !self.select.is_empty() {
            let selected = codes_of(&self.select)?;
            levels.extend(
                rules::all()
                    .map(|r| r.code.code)
                    .chain(house_codes())
                    .filter(|c| !selected.contains(c))
                    .map(|c| (c, None)),
            );
        }
        levels.extend(codes_of(&self.ignore)?.into_iter().map(|c| (c, None)));
        for (name, level) in &self.rules {
            for code in codes_of(std::slice::from_ref(name))? {
                levels.push((code, level.severity()));
            }
        }
        Ok(levels)
    }
}

/// The codes that names, codes, prefixes and `ALL` stand for.
fn codes_of(names: &[String]) -> Result<Vec<&'static str>, ConfigError> {
    let mut codes = Vec::new();
    for name in names {
        let upper = name.to_uppercase();
        let fitting: Vec<&'static str> = rules::all()
            .map(|r| r.code)
            .filter(|c| upper == "ALL" || c.code.starts_with(&upper) || rules::is_named(*c, name))
            .map(|c| c.code)
            // The rules of the house are known by their codes only: their names stand in the designs.
            .chain(house_codes().filter(|c| upper == "ALL" || c.starts_with(&upper)))
            .collect();
        if fitting.is_empty() {
            let known: Vec<&str> = rules::all().flat_map(|r| [r.code.name, r.code.code]).collect();
            let hint = words::did_you_mean(name, known).map(|h| format!("; {h}")).unwrap_or_default();
            return Err(ConfigError::UnknownRule { name: name.clone(), hint });
        }
        codes.extend(fitting);
    }
    Ok(codes)
}
