//! Rules of the house: what each says, whether the design keeps it, where it does not.

use super::findings::{FindingEntry, entry};
use super::overview::many;
use super::{Cell, Grid, Rows};
use crate::compile::Design;
use crate::diagnostic::Code;
use crate::document::authored::authored;
use crate::document::setting::{Setting, house_anchor};
use crate::model::house::HouseRule;
use crate::rules::house::codes;
use schemars::JsonSchema;
use serde::Serialize;

/// A rule of the house.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HouseRuleSection {
    /// The anchor of its section.
    pub anchor: String,
    /// `HSE001`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its name in designs, as `allow` knows it.
    pub name: String,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// Its description; Markdown.
    pub doc: String,
    /// What it says, as it is written; Markdown.
    pub clauses: String,
    /// Where it is stated: file, line, column.
    pub place: String,
    /// Whether the design keeps it, in a sentence.
    pub verdict: String,
    /// Where it does not.
    pub findings: Vec<FindingEntry>,
    /// Where the author accepts that it does not.
    pub accepted: Vec<FindingEntry>,
}

/// Each rule with its code; a rule beyond the last code is left out, as it is of the findings.
fn coded(design: &Design) -> impl Iterator<Item = (Code, &HouseRule)> {
    let model = &design.lowered.model;
    codes(model).into_iter().zip(&model.house_rules).filter_map(|(code, rule)| Some((code?, rule)))
}

/// A table of the rules.
pub(super) fn table(design: &Design, setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["rule", "what it says", "severity", "verdict"]);
    for (code, rule) in coded(design) {
        let clauses: Vec<&str> = rule.clauses.iter().map(|c| design.lowered.sources.text(c.span)).collect();
        grid.push(vec![
            Cell::Link(rule.head.label().to_string(), setting.rule(code)),
            Cell::Code(clauses.join("; ")),
            Cell::Text(code.severity.word().to_string()),
            Cell::Text(verdict(design, code)),
        ]);
    }
    grid.finish()
}

fn verdict(design: &Design, code: Code) -> String {
    let of = |open: bool| {
        design.findings.iter().filter(|f| f.code.code == code.code && f.is_open() == open).count()
    };
    match (of(true), of(false)) {
        (0, 0) => "✓ kept".to_string(),
        (0, accepted) => format!("✓ kept, {} accepted", many(accepted, "exception")),
        (open, 0) => format!("✗ broken at {}", many(open, "place")),
        (open, accepted) => format!("✗ broken at {}, {accepted} more accepted", many(open, "place")),
    }
}

/// Each rule as its page shows it.
pub(super) fn sections(design: &Design, setting: &Setting) -> Vec<HouseRuleSection> {
    if design.lowered.model.house_rules.is_empty() {
        return Vec::new();
    }
    let setting = &Setting { document_file: setting.flavour.index().to_string(), ..setting.clone() };
    let section = |(code, rule): (Code, &HouseRule)| {
        let found = design.findings.iter().filter(|f| f.code.code == code.code);
        let (open, accepted): (Vec<_>, Vec<_>) = found.partition(|f| f.is_open());
        let clauses = rule.clauses.iter().map(|c| design.lowered.sources.text(c.span));
        HouseRuleSection {
            anchor: house_anchor(code),
            code: code.code.to_string(),
            title: rule.head.label().to_string(),
            name: rule.head.short.to_string(),
            severity: code.severity.word(),
            doc: authored(&rule.head.doc),
            clauses: clauses.map(indented).collect::<Vec<_>>().join("\n"),
            place: design.lowered.sources.location(rule.head.name_span),
            verdict: verdict(design, code),
            findings: open.into_iter().map(|f| entry(design, f, setting)).collect(),
            accepted: accepted.into_iter().map(|f| entry(design, f, setting)).collect(),
        }
    };
    coded(design).map(section).collect()
}

/// A piece of a design as a block of code, which nothing in it can end.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {}", line.trim_start())).collect::<Vec<_>>().join("\n")
}
