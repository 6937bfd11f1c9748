//! Code Quality of GitLab: a JSON list; GitLab compares branches by the fingerprints.
//!
//! The form: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. Accepted
//! findings are left out, since GitLab knows no suppressions.

use super::{Checked, Item};
use crate::diagnostic::Severity;
use serde_json::{Value, json};

pub(super) fn gitlab(checked: &Checked) -> String {
    let rows: Vec<Value> = checked.open().map(row).collect();
    format!("{:#}\n", Value::from(rows))
}

fn row(item: &Item) -> Value {
    let finding = item.finding;
    let (start, end) = (item.start(), item.end());
    json!({
        "type": "issue",
        "check_name": finding.code.name,
        "description": format!("{} {}", finding.code.code, finding.message),
        "content": { "body": item.explanation().join("\n\n") },
        "categories": ["Bug Risk"],
        "fingerprint": item.fingerprint,
        "severity": match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        "location": {
            "path": item.path(),
            "lines": { "begin": start.line, "end": end.line },
        },
    })
}
