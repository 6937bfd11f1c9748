//! SARIF 2.1.0, the form that code scanning reads.
//!
//! The standard: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what GitHub takes of it:
//! <https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning>. URIs are
//! relative to the root of the repository. Accepted findings stay, as suppressions with the author's reason.

use super::paths::paths;
use super::{Checked, Item, uri};
use crate::diagnostic::{Fix, Label, Severity};
use crate::rules;
use crate::source::Span;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// GitHub shows the alert of the same key again, wherever it has moved to.
const GITHUB_KEY: &str = "primaryLocationLineHash";
/// The same print under a name of its own, for tools that compare by every key.
const KEY: &str = "sysdFinding/v1";

pub(super) fn sarif(checked: &Checked) -> String {
    // By code and name: two designs may have different rules of the house under one code.
    let first: BTreeMap<(&str, &str), &Item> =
        checked.items.iter().rev().map(|item| (key(item), item)).collect();
    let index: BTreeMap<(&str, &str), usize> = first.keys().enumerate().map(|(i, k)| (*k, i)).collect();
    let rules: Vec<Value> = first.values().map(|item| rule(item)).collect();
    let results: Vec<Value> =
        checked.items.iter().map(|item| result(item, index.get(&key(item)).copied())).collect();
    let version = env!("CARGO_PKG_VERSION");
    let driver = json!({ "name": "sysd", "version": version, "semanticVersion": version, "rules": rules });
    let run = json!({
        "tool": { "driver": driver },
        // Tells the runs of several tools on one commit apart.
        "automationDetails": { "id": "sysd/" },
        "columnKind": "unicodeCodePoints",
        "invocations": [{ "executionSuccessful": true }],
        "results": results,
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{log:#}\n")
}

fn key<'a>(item: &Item<'a>) -> (&'a str, &'a str) {
    (item.finding.code.code, item.finding.code.name)
}

/// The page of the rule of a finding, in Markdown; of a rule of the house, what its design says of it.
fn page(item: &Item) -> Cow<'static, str> {
    let code = item.finding.code;
    if let Some((_, page)) = rules::page_of(code.code) {
        return page.into();
    }
    let house = rules::house::find(&item.design.lowered.model, code.name);
    house.map_or_else(
        || format!("# {}\n", code.name).into(),
        |(code, rule)| rules::house::page(code, rule, item.sources()).into(),
    )
}

/// A rule as its page describes it.
fn rule(item: &Item) -> Value {
    let code = item.finding.code;
    let page = page(item);
    let page = page.as_ref();
    let summary = match rules::summary(page) {
        "" => code.name.to_string(),
        text => text.replace('\n', " "),
    };
    let why = section(page, "## Why it matters");
    let full = if why.is_empty() { summary.clone() } else { format!("{summary} {why}") };
    let family: String = code.code.chars().take_while(char::is_ascii_alphabetic).collect();
    let known = rules::FAMILIES.iter().find(|(prefix, ..)| *prefix == family);
    let tag = known.map_or_else(
        || if family == "HSE" { "house".to_string() } else { "language".to_string() },
        |(_, title, _)| title.to_lowercase(),
    );
    json!({
        "id": code.code,
        "name": pascal(code.name),
        "shortDescription": { "text": summary },
        "fullDescription": { "text": full },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(code.severity) },
        "properties": { "tags": [tag], "problem.severity": problem(code.severity) },
    })
}

/// The paragraphs below a heading of a page, on one line.
fn section(page: &str, heading: &str) -> String {
    let below = page.split_once(heading).map_or("", |(_, rest)| rest);
    let text = below.split("\n## ").next().unwrap_or("");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `single-point-of-failure` as `SinglePointOfFailure`, the spelling of names in SARIF.
fn pascal(name: &str) -> String {
    let words = name.split('-').filter(|w| !w.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

fn result(item: &Item, rule: Option<usize>) -> Value {
    let finding = item.finding;
    let mut location = place(item, finding.primary.span);
    if let Some(subject) = &finding.subject {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": subject, "kind": "element" }]);
    }
    let mut value = json!({
        "ruleId": finding.code.code,
        "kind": "fail",
        "level": level(finding.severity),
        "message": { "text": message(item) },
        "locations": [location],
        "partialFingerprints": { GITHUB_KEY: item.fingerprint, KEY: item.fingerprint },
        "suppressions": suppressions(item),
    });
    if let Some(rule) = rule {
        value["ruleIndex"] = rule.into();
    }
    let related: Vec<Value> = finding.related.iter().enumerate().map(|(i, l)| related(item, l, i)).collect();
    set(&mut value, "relatedLocations", related);
    set(&mut value, "codeFlows", code_flows(item));
    set(&mut value, "fixes", finding.fixes.iter().map(|f| fix(item, f)).collect());
    value
}

/// Sets a list that is not empty.
fn set(value: &mut Value, key: &str, list: Vec<Value>) {
    if !list.is_empty() {
        value[key] = list.into();
    }
}

/// The sentence, the reasoning and the way out, as sentences: each ends with a full stop in SARIF.
fn message(item: &Item) -> String {
    let lines = std::iter::once(item.finding.message.as_str()).chain(item.explanation());
    let ended = lines.map(|line| format!("{}.", line.trim_end_matches('.')));
    ended.collect::<Vec<_>>().join("\n")
}

fn region(item: &Item, span: Span) -> Value {
    let (start, end) = (item.sources().start(span), item.sources().end(span));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn place(item: &Item, span: Span) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(item.path_of(span)) },
            "region": region(item, span),
        }
    })
}

fn related(item: &Item, label: &Label, index: usize) -> Value {
    let mut location = place(item, label.span);
    location["id"] = (index + 1).into();
    location["message"] = json!({ "text": label.text });
    location
}

/// The ways of requests to the place, so that a reader can walk them.
fn code_flows(item: &Item) -> Vec<Value> {
    let ways = paths(item).into_iter();
    ways.map(|way| {
        let locations: Vec<Value> = way
            .iter()
            .map(|hop| {
                let mut location = place(item, hop.span);
                location["message"] = json!({ "text": hop.text });
                json!({ "location": location })
            })
            .collect();
        json!({ "threadFlows": [{ "locations": locations }] })
    })
    .collect()
}

fn suppressions(item: &Item) -> Vec<Value> {
    let accepted = item.finding.accepted.iter();
    accepted
        .map(|acceptance| {
            let until = acceptance.until.as_ref().map(|d| format!(" (until {d})")).unwrap_or_default();
            json!({
                "kind": "inSource",
                "status": "accepted",
                "justification": format!("{}{until}", acceptance.reason),
                "location": place(item, acceptance.span),
            })
        })
        .collect()
}

fn fix(item: &Item, fix: &Fix) -> Value {
    let mut changes: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (span, text) in &fix.edits {
        let replacement =
            json!({ "deletedRegion": region(item, *span), "insertedContent": { "text": text } });
        changes.entry(item.path_of(*span)).or_default().push(replacement);
    }
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|(path, edits)| json!({ "artifactLocation": { "uri": uri(path) }, "replacements": edits }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}
