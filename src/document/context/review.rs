//! What changed since the version that a design supersedes: findings that are gone, promises, numbers.

use super::flows::level;
use super::overview::many;
use super::{Cell, Grid, Rows};
use crate::analysis::Status;
use crate::compile::Design;
use crate::diagnostic::{Code, Severity};
use crate::diff::{Diff, Noted, NumberChange};
use crate::document::cells::link;
use crate::document::earlier::Earlier;
use crate::document::setting::Setting;
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What changed since an earlier version.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct ReviewSection {
    /// Which version it is and how many of its findings are gone, in a sentence; Markdown.
    pub summary: String,
    /// Findings that are gone, by rule, the gravest first.
    pub findings: Rows,
    /// Promises of both whose verdict differs.
    pub promises: Rows,
    /// Numbers of what is in both that differ.
    pub numbers: Rows,
}

/// What a reader of a document wants of the numbers that changed, and how it is called there.
const NUMBERS: [(&str, &str); 8] = [
    ("availability", "availability"),
    ("p99", "p99"),
    ("completed.p99", "p99 until everything is done"),
    ("utilization.peak", "utilization at peak"),
    ("hit", "hit ratio"),
    ("disk_full_in", "disk full in"),
    ("cost", "cost"),
    ("scales_to", "room to grow"),
];

pub(super) fn review(design: &Design, setting: &Setting) -> Option<ReviewSection> {
    let earlier = setting.earlier.as_ref()?;
    let name = link(&earlier.title, setting.other(&earlier.path).as_deref());
    let Some(diff) = &earlier.diff else {
        let summary =
            format!("It supersedes {name}, which has errors of the language and cannot be compared.");
        return Some(ReviewSection { summary, ..ReviewSection::default() });
    };
    Some(ReviewSection {
        summary: summary(&name, earlier, diff),
        findings: findings(&diff.gone_findings, setting),
        promises: promises(diff),
        numbers: numbers(design, &diff.numbers, setting),
    })
}

fn summary(name: &str, earlier: &Earlier, diff: &Diff) -> String {
    let gone = diff.gone_findings.len();
    let what = match (earlier.open, gone) {
        (0, _) => "no finding is open in it".to_string(),
        (open, 0) => format!("none of its {} is gone", many(open, "open finding")),
        (1, _) => format!("its one open finding is gone ({})", by_severity(&diff.gone_findings)),
        (open, gone) if open == gone => {
            format!("all {open} of its open findings are gone ({})", by_severity(&diff.gone_findings))
        }
        (open, gone) => {
            let verb = if gone == 1 { "is" } else { "are" };
            format!("{gone} of its {open} open findings {verb} gone ({})", by_severity(&diff.gone_findings))
        }
    };
    let new = match diff.new_findings.len() {
        0 => String::new(),
        1 => format!("; one is new ({})", by_severity(&diff.new_findings)),
        n => format!("; {n} are new ({})", by_severity(&diff.new_findings)),
    };
    format!("It supersedes {name}: {what}{new}.")
}

/// How many there are of each severity.
fn by_severity(findings: &[Noted]) -> String {
    let of = |severity| findings.iter().filter(|n| n.finding.severity == severity).count();
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "hint")];
    let parts = words.into_iter().map(|(severity, word)| (of(severity), word)).filter(|(n, _)| *n > 0);
    parts.map(|(n, word)| many(n, word)).collect::<Vec<_>>().join(", ")
}

fn findings(gone: &[Noted], setting: &Setting) -> Rows {
    let mut kinds: BTreeMap<(Reverse<Severity>, &str), Vec<&Noted>> = BTreeMap::new();
    for noted in gone {
        let key = (Reverse(noted.finding.severity), noted.finding.code.code);
        kinds.entry(key).or_default().push(noted);
    }
    let mut grid = Grid::new(&["severity", "rule", "what was wrong", ">places"]);
    for of in kinds.values() {
        let Some(first) = of.first().map(|noted| &noted.finding) else { continue };
        grid.push(vec![
            Cell::Text(first.severity.word().to_string()),
            // The house may have given up a rule since.
            Cell::Link(first.code.code.to_string(), setting.rule(first.code).filter(|_| of_sysd(first.code))),
            Cell::Message(first.message.clone()),
            Cell::Number(of.len().to_string()),
        ]);
    }
    grid.finish()
}

fn of_sysd(code: Code) -> bool {
    crate::rules::page_of(code.code).is_some()
}

fn promises(diff: &Diff) -> Rows {
    let mut grid = Grid::new(&["promise", "before", "now"]);
    for r in &diff.requirements {
        let (Some(before), Some(after)) = (r.before, r.after) else { continue };
        // Those under a scenario begin with its name.
        if before == after || r.id.contains(": ") {
            continue;
        }
        let verdict = |status: Status, actual: &str| {
            let word = level(status.word());
            if actual.is_empty() { word } else { format!("{word}: {}", level(actual)) }
        };
        grid.push(vec![
            Cell::Text(r.text.clone()),
            Cell::Number(verdict(before, &r.was.1)),
            Cell::Number(verdict(after, &r.is.1)),
        ]);
    }
    grid.finish()
}

fn numbers(design: &Design, changes: &[NumberChange], setting: &Setting) -> Rows {
    let model = &design.lowered.model;
    let subject = |name: &str| {
        if let Some(flow) = model.flows.iter().find(|f| f.head.name == name) {
            return Cell::Link(flow.head.label().to_string(), setting.flow(name));
        }
        match model.elements.iter().find(|e| e.head.name == name) {
            Some(element) => Cell::Link(element.head.label().to_string(), setting.element(name)),
            None => Cell::Text("the whole".to_string()),
        }
    };
    let of = |change: &NumberChange, number: &str| change.name == format!("{}.{number}", change.subject);
    let mut grid = Grid::new(&["of", "number", ">before", ">now"]);
    for change in changes.iter().filter(|c| c.headline) {
        let Some((number, word)) = NUMBERS.iter().find(|(number, _)| of(change, number)) else { continue };
        // Where nothing goes on after the answer, both ends are one.
        let repeats = |other: &NumberChange| {
            other.subject == change.subject
                && of(other, "p99")
                && (&other.was, &other.is) == (&change.was, &change.is)
        };
        if *number == "completed.p99" && changes.iter().any(repeats) {
            continue;
        }
        let value = |known: Option<f64>, text: &str| match known {
            Some(_) => text.to_string(),
            None => "?".to_string(),
        };
        grid.push(vec![
            subject(&change.subject),
            Cell::Text((*word).to_string()),
            Cell::Number(value(change.before, &change.was)),
            Cell::Number(value(change.after, &change.is)),
        ]);
    }
    grid.finish()
}
