//! Scenarios: what each changes, which verdicts change with it, and all of them side by side.

use super::{Cell, Grid, Rows};
use crate::analysis::{FactId, Facts, Status};
use crate::compile::Design;
use crate::document::authored::authored;
use crate::document::cells::{code, escape, message};
use crate::model::Change;
use crate::quantity::{availability_percent, count, percent};
use crate::report::summary::shown;
use crate::schema::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A scenario.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScenarioSection {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its description; Markdown.
    pub doc: String,
    /// What it changes, a line each; Markdown.
    pub changes: Vec<String>,
    /// Verdicts that differ from the base case, and those that only the scenario has.
    pub requirements: Rows,
    /// Functional requirements whose flows no longer keep what they promise.
    pub functions: Vec<String>,
    /// What can no longer be evaluated, and why, a line each; Markdown.
    pub lost: Vec<String>,
    /// What the scenario keeps, in a sentence.
    pub verdict: String,
}

pub(super) fn sections(design: &Design) -> Vec<ScenarioSection> {
    let model = &design.lowered.model;
    let cases = design.analysis.scenarios.iter();
    cases
        .map(|(id, facts)| {
            let scenario = &model.scenarios[id.index()];
            let (requirements, functions, lost) = changed(&design.analysis.base, facts);
            ScenarioSection {
                name: scenario.head.name.to_string(),
                title: scenario.head.label().to_string(),
                doc: authored(&scenario.head.doc),
                changes: scenario.changes.iter().map(|c| change(design, c)).collect(),
                requirements,
                functions,
                lost,
                verdict: verdict(facts),
            }
        })
        .collect()
}

pub(in crate::document) fn verdict(facts: &Facts) -> String {
    let of = |status| facts.requirements.iter().filter(|r| r.status == status).count();
    let (met, violated, open) = (of(Status::Met), of(Status::Violated), of(Status::NotEvaluated));
    let all = met + violated + open;
    if all == 0 {
        return String::new();
    }
    let mut parts = vec![format!("{met} of {all} requirements met")];
    if violated > 0 {
        parts.push(format!("{violated} violated"));
    }
    if open > 0 {
        parts.push(format!("{open} not evaluated"));
    }
    format!("{}.", parts.join(", "))
}

fn change(design: &Design, change: &Change) -> String {
    let model = &design.lowered.model;
    let element = |id: &crate::model::ElementId| code(&model.element(*id).head.name);
    match change {
        Change::Rate(None, factor) => format!("every rate × {}", count(factor.value())),
        Change::Rate(Some(flow), factor) => {
            format!("rate of {} × {}", code(&model.flow(*flow).head.name), count(factor.value()))
        }
        Change::Fail(entity, _) => format!("{} is down", code(&model.entity_name(*entity))),
        Change::Hit(id, share) => format!("{} serves {} of its reads", element(id), percent(share.value())),
        Change::Latency(id, factor) => {
            format!("{} takes {} times as long", element(id), count(factor.value()))
        }
        Change::Property(id, prop) => {
            format!("{}: {}", element(id), code(design.lowered.sources.text(prop.span)))
        }
    }
}

/// Verdicts that differ from the base case, with what can no longer be evaluated apart, by reason.
fn changed(base: &Facts, facts: &Facts) -> (Rows, Vec<String>, Vec<String>) {
    let mut functions = Vec::new();
    let mut grid = Grid::new(&["requirement", "base", "scenario", ">actual"]);
    let mut lost: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for r in &facts.requirements {
        // The base case judges what is promised in general; a target of the scenario itself has no base verdict.
        let before =
            base.requirements.iter().find(|b| b.id == r.id && b.scenario.is_none()).map(|b| b.status);
        if before == Some(r.status) {
            continue;
        }
        if r.status == Status::NotEvaluated {
            lost.entry(r.why.to_string()).or_default().push(r.text.to_string());
            continue;
        }
        if r.kind == "functional" {
            functions.push(r.text.to_string());
            continue;
        }
        let word = |s: Status| s.word().replace('_', " ");
        grid.push(vec![
            Cell::Text(r.text.to_string()),
            Cell::Text(before.map_or_else(|| "not promised".to_string(), word)),
            Cell::Text(word(r.status)),
            Cell::Number(if r.actual.is_empty() { r.why.to_string() } else { r.actual.to_string() }),
        ]);
    }
    // What only follows from another requirement that is lost says nothing new.
    lost.retain(|why, _| !why.ends_with("which is not evaluated"));
    let lines = lost.iter().map(|(why, texts)| {
        let named: Vec<String> = texts.iter().take(3).map(|t| escape(t)).collect();
        let more = if texts.len() > 3 { format!(" and {} more", texts.len() - 3) } else { String::new() };
        format!("{}{more}: {}", named.join(", "), message(why))
    });
    (grid.finish(), functions, lines.collect())
}

/// Numbers that differ from the base case in any scenario; a column for each, `=` where it is the same.
pub(super) fn side_by_side(design: &Design) -> Rows {
    let model = &design.lowered.model;
    let base = &design.analysis.base;
    let cases: Vec<&Facts> =
        std::iter::once(base).chain(design.analysis.scenarios.iter().map(|(_, facts)| facts)).collect();
    let titles = design.analysis.scenarios.iter().map(|(id, _)| model.scenarios[id.index()].head.label());
    let headings: Vec<String> = ["number".to_string(), ">as designed".to_string()]
        .into_iter()
        .chain(titles.map(|title| format!(">{title}")))
        .collect();
    let mut grid = Grid::new(&headings);
    let mut row =
        |label: String, number: &dyn Fn(&Facts) -> FactId, show: &dyn Fn(&Facts, FactId) -> String| {
            let values: Vec<Option<f64>> = cases.iter().map(|facts| facts.value(number(facts))).collect();
            if !values.iter().any(|v| differs(values[0], *v)) {
                return;
            }
            let cells = cases.iter().enumerate().map(|(at, facts)| match values[at] {
                None => "?".to_string(),
                value if at > 0 && !differs(values[0], value) => "=".to_string(),
                Some(_) => show(facts, number(facts)),
            });
            grid.push(std::iter::once(Cell::Text(label)).chain(cells.map(Cell::Number)).collect());
        };
    for (at, flow) in model.flows.iter().enumerate() {
        row(format!("p99 of {}", flow.head.label()), &|f| f.flows[at].latency.p99, &shown);
        let down = |f: &Facts, id| f.value(id).map(availability_percent).unwrap_or_default();
        row(
            format!("availability of {}", flow.head.label()),
            &|f| f.flows[at].reliability.unavailability,
            &down,
        );
    }
    for (at, element) in model.elements.iter().enumerate().filter(|(_, e)| e.kind != Kind::Actor) {
        let label = format!("utilization of {}", element.head.label());
        row(label, &|f| f.elements[at].utilization.peak, &shown);
    }
    row("cost".to_string(), &|f| f.cost, &shown);
    grid.finish()
}

/// Whether a reader would call two numbers different: by one part in a hundred.
fn differs(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a.is_finite() && b.is_finite() => (a - b).abs() > 0.01 * a.abs().max(b.abs()),
        (a, b) => a != b,
    }
}
