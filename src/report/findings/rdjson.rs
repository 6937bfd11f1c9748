//! Diagnostics for reviewdog.
//!
//! The form: <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>. Columns count bytes of UTF-8
//! there, from 1. Accepted findings are left out.

use super::{Checked, Item};
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::source::{SourceMap, Span};
use serde_json::{Value, json};

pub(super) fn rdjson(checked: &Checked) -> String {
    let diagnostics: Vec<Value> = checked.open().map(diagnostic).collect();
    let whole = json!({ "source": { "name": "sysd" }, "diagnostics": diagnostics });
    format!("{whole:#}\n")
}

fn diagnostic(item: &Item) -> Value {
    let finding = item.finding;
    let sources = item.sources();
    let mut message = vec![finding.message.as_str()];
    message.extend(item.explanation());
    let location = |span: Span| json!({ "path": item.path_of(span), "range": range(sources, span) });
    let related = finding.related.iter();
    let mut value = json!({
        "message": message.join("\n"),
        "location": location(finding.primary.span),
        "severity": match finding.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        "code": { "value": finding.code.code },
    });
    if !finding.related.is_empty() {
        let related: Vec<Value> =
            related.map(|l| json!({ "message": l.text, "location": location(l.span) })).collect();
        value["related_locations"] = related.into();
    }
    let suggestions: Vec<Value> = finding
        .fixes
        .iter()
        .filter_map(|fix| suggestion(fix, finding.primary.span))
        .map(|(span, text)| json!({ "range": range(sources, span), "text": text }))
        .collect();
    if !suggestions.is_empty() {
        value["suggestions"] = suggestions.into();
    }
    value
}

/// A fix that reviewdog can offer: safe, in one place, in the file of the finding.
fn suggestion(fix: &Fix, primary: Span) -> Option<(Span, &str)> {
    match fix.edits.as_slice() {
        [(span, text)] if fix.applicability == Applicability::Safe && span.file == primary.file => {
            Some((*span, text))
        }
        _ => None,
    }
}

fn range(sources: &SourceMap, span: Span) -> Value {
    let file = sources.file(span.file);
    let place = |offset: u32| {
        let line = file.position(offset).line;
        json!({ "line": line, "column": offset.min(file.text.len() as u32) - file.line_start(line) + 1 })
    };
    json!({ "start": place(span.start), "end": place(span.end) })
}
