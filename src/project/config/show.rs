//! The configuration that is in force, as a `sysd.toml` of its own; on request with the origin of each key.

use super::closest::Resolved;
use super::layers::Origin;
use super::{ConfidenceTable, Config, Grade, Level, ThresholdTable};
use crate::rules::Thresholds;
use std::fmt::Write;
use toml::{Table, Value};

/// The configuration with every default filled in.
pub fn shown(resolved: &Resolved, origins: bool) -> String {
    let full = filled(&resolved.config);
    // Plain data with text keys: it is always a table.
    let table = Table::try_from(&full).unwrap_or_default();
    let (tables, keys): (Vec<_>, Vec<_>) =
        table.iter().partition(|(key, value)| value.is_table() || *key == "overrides");
    let mut out = String::new();
    for (key, value) in keys {
        line(&mut out, key, value, origins.then(|| resolved.origin(key)));
    }
    for (key, value) in tables {
        let Value::Table(inner) = value else {
            overrides(&mut out, key, value, origins.then(|| resolved.origin(key)));
            continue;
        };
        if inner.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n[{key}]");
        for (name, value) in inner {
            line(&mut out, name, value, origins.then(|| resolved.origin(&format!("{key}.{name}"))));
        }
    }
    out
}

fn filled(config: &Config) -> Config {
    let default = Thresholds::default();
    let limits = config.thresholds.over(&default);
    let backing = config.confidence.over(default.backing);
    Config {
        fail_on: Some(config.fail_on.unwrap_or(Level::Error)),
        thresholds: ThresholdTable {
            headroom: Some(limits.headroom),
            depth: Some(limits.depth),
            amplification: Some(limits.amplification),
            detection_s: Some(limits.detection_s),
        },
        confidence: ConfidenceTable {
            high: Some(Grade::from(backing.high)),
            medium: Some(Grade::from(backing.medium)),
            low: Some(Grade::from(backing.low)),
        },
        ..config.clone()
    }
}

fn line(out: &mut String, key: &str, value: &Value, origin: Option<Origin>) {
    let text = format!("{key} = {value}");
    let _ = match origin {
        Some(origin) => writeln!(out, "{text:<36} # {origin}"),
        None => writeln!(out, "{text}"),
    };
}

fn overrides(out: &mut String, key: &str, value: &Value, origin: Option<Origin>) {
    if let Some(origin) = origin {
        let _ = write!(out, "\n# {origin}");
    }
    let table = Table::from_iter([(key.to_string(), value.clone())]);
    let _ = write!(out, "\n{}", toml::to_string(&table).unwrap_or_default());
}
