//! Findings as JSON, whole or line by line; the field names are the contract (`sysd schema check`).

use super::{Checked, Item};
use crate::diagnostic::Severity;
use crate::report::json::{Finding, finding};
use schemars::JsonSchema;
use serde::Serialize;

/// The name of this form; it changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "sysd-check/1";

/// What a check found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Check {
    /// The form: `sysd-check/1`.
    pub schema: &'static str,
    /// Whether findings at or above `--fail-on` are open.
    pub failed: bool,
    /// The files that were checked.
    pub files: Vec<String>,
    /// How many findings there are.
    pub totals: Totals,
    /// Every finding, by path, place and code; accepted ones are among them.
    pub findings: Vec<Finding>,
}

/// Numbers of findings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Totals {
    /// Open errors.
    pub errors: usize,
    /// Open warnings.
    pub warnings: usize,
    /// Open hints.
    pub infos: usize,
    /// Accepted by their authors.
    pub accepted: usize,
    /// Left out, since a baseline or an earlier version has them.
    pub known: usize,
}

/// The JSON Schema of `check --output-format json`.
pub fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Check)).map(|text| text + "\n").unwrap_or_default()
}

pub(super) fn json(checked: &Checked) -> String {
    let open = |severity| checked.open().filter(|i| i.finding.severity == severity).count();
    let check = Check {
        schema: SCHEMA,
        failed: checked.failed(),
        files: checked.paths.iter().map(|p| (*p).to_string()).collect(),
        totals: Totals {
            errors: open(Severity::Error),
            warnings: open(Severity::Warning),
            infos: open(Severity::Info),
            accepted: checked.items.len() - checked.open().count(),
            known: checked.known,
        },
        findings: checked.items.iter().map(row).collect(),
    };
    // Plain data with text keys: writing it cannot fail.
    serde_json::to_string_pretty(&check).map(|text| text + "\n").unwrap_or_default()
}

pub(super) fn lines(checked: &Checked) -> String {
    let rows = checked.items.iter().map(|item| serde_json::to_string(&row(item)).unwrap_or_default() + "\n");
    rows.collect()
}

fn row(item: &Item) -> Finding {
    Finding { fingerprint: item.fingerprint.clone(), ..finding(item.finding, item.sources()) }
}
