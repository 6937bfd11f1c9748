//! Findings, each with the way to what it is about and to the page of its rule.

use crate::compile::Design;
use crate::diagnostic::Finding;
use crate::document::cells::{link, message};
use crate::document::setting::Setting;
use schemars::JsonSchema;
use serde::Serialize;

/// A finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingEntry {
    /// `REL001`.
    pub code: String,
    /// The code, with a link to the rule's page; Markdown.
    pub rule: String,
    /// The rule's name in words.
    pub name: String,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// What is wrong; Markdown.
    pub message: String,
    /// What to do; Markdown, empty where nothing is known.
    pub help: String,
    /// What it is about, with a link to its section; Markdown, empty where it is about no element or flow.
    pub subject: String,
    /// Full name of the element or flow that it is about; empty for none.
    pub about: String,
    /// Where it stands in the text: file, line, column.
    pub place: String,
    /// Why the author accepts it; empty for an open finding.
    pub reason: String,
    /// Until when; empty for no end.
    pub until: String,
}

pub(super) fn entry(design: &Design, finding: &Finding, setting: &Setting) -> FindingEntry {
    let about = finding.subject.clone().or_else(|| finding.flow.clone()).unwrap_or_default();
    let accepted = finding.accepted.as_ref();
    FindingEntry {
        code: finding.code.code.to_string(),
        rule: link(finding.code.code, setting.rule(finding.code).as_deref()),
        name: finding.code.name.replace('-', " "),
        severity: finding.severity.word(),
        message: message(&finding.message),
        help: message(finding.help.as_deref().unwrap_or("")),
        subject: subject(design, &about, setting),
        about,
        place: design.lowered.sources.location(finding.primary.span),
        reason: accepted.map(|a| a.reason.clone()).unwrap_or_default(),
        until: accepted.and_then(|a| a.until.clone()).unwrap_or_default(),
    }
}

fn subject(design: &Design, name: &str, setting: &Setting) -> String {
    let model = &design.lowered.model;
    if let Some(element) = model.elements.iter().find(|e| e.head.name == name) {
        return link(element.head.label(), setting.element(name).as_deref());
    }
    match model.flows.iter().find(|f| f.head.name == name) {
        Some(flow) => link(flow.head.label(), setting.flow(name).as_deref()),
        None => String::new(),
    }
}

pub(super) fn open(design: &Design, setting: &Setting) -> Vec<FindingEntry> {
    let mut open: Vec<&Finding> = design.open_findings().collect();
    open.sort_by_key(|f| std::cmp::Reverse(f.severity));
    open.into_iter().map(|f| entry(design, f, setting)).collect()
}

pub(super) fn accepted(design: &Design, setting: &Setting) -> Vec<FindingEntry> {
    design.findings.iter().filter(|f| f.accepted.is_some()).map(|f| entry(design, f, setting)).collect()
}
