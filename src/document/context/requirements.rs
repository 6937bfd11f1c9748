//! Requirements with verdicts and evidence: what the system must do, what each flow promises, targets.

use super::flows::level;
use super::{Cell, Grid, Rows};
use crate::analysis::{Requirement, Status};
use crate::compile::Design;
use crate::document::cells::{link, message};
use crate::document::setting::Setting;
use std::collections::BTreeMap;

pub(super) struct Requirements {
    pub functional: Rows,
    pub promises: Rows,
    pub targets: Rows,
    pub unmet: Vec<String>,
}

pub(super) fn requirements(design: &Design, setting: &Setting) -> Requirements {
    let all = &design.analysis.base.requirements;
    Requirements {
        functional: functional(design, all, setting),
        promises: promises(design, all, setting),
        targets: targets(design, all),
        unmet: all.iter().filter(|r| r.status != Status::Met).map(|r| unmet(design, r, setting)).collect(),
    }
}

fn verdict(status: Status) -> String {
    match status {
        Status::Met => "✓ met".to_string(),
        Status::Violated => "✗ violated".to_string(),
        Status::NotEvaluated => "? not evaluated".to_string(),
    }
}

fn unmet(design: &Design, r: &Requirement, setting: &Setting) -> String {
    let flow = r.flow.map(|id| &design.lowered.model.flow(id).head);
    let name = flow.map_or_else(
        || message(&r.text),
        |head| {
            let metric = metric(r).unwrap_or(&r.text).replace('_', " ");
            format!("{} of {}", message(&metric), link(head.label(), setting.flow(&head.name).as_deref()))
        },
    );
    match r.status {
        Status::Violated if r.why.contains(r.actual.as_str()) || r.actual.is_empty() => {
            format!("{name} is violated: {}", message(&r.why))
        }
        Status::Violated => format!("{name} is violated: it is {}", message(&r.actual)),
        _ => format!("{name} is not evaluated: {}", message(&r.why)),
    }
}

fn functional(design: &Design, all: &[Requirement], setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["what it does", "by the flows", "verdict"]);
    for (written, r) in
        design.lowered.model.functional.iter().zip(all.iter().filter(|r| r.kind == "functional"))
    {
        let flows = written.flows.iter().map(|id| {
            let head = &design.lowered.model.flow(*id).head;
            (head.label().to_string(), setting.flow(&head.name))
        });
        grid.push(vec![
            Cell::Text(r.text.to_string()),
            Cell::Links(flows.collect()),
            Cell::Text(verdict(r.status)),
        ]);
    }
    grid.finish()
}

/// The last part of its name: `p99` of `view_feed.p99`.
fn metric(r: &Requirement) -> Option<&str> {
    if r.kind != "require" {
        return None;
    }
    r.id.rsplit('.').next()
}

/// What flows require: a row for each flow, a column for each thing that is required.
fn promises(design: &Design, all: &[Requirement], setting: &Setting) -> Rows {
    let required = || all.iter().filter_map(|r| Some((r.flow?, metric(r)?, r)));
    let mut columns: Vec<&str> = Vec::new();
    let mut cells: BTreeMap<_, BTreeMap<&str, Vec<&Requirement>>> = BTreeMap::new();
    for (flow, metric, r) in required() {
        if !columns.contains(&metric) {
            columns.push(metric);
        }
        cells.entry(flow).or_default().entry(metric).or_default().push(r);
    }
    let headings: Vec<String> = std::iter::once("flow".to_string())
        .chain(columns.iter().map(|c| c.replace('_', " ")))
        .chain(std::iter::once("verdict".to_string()))
        .collect();
    let mut grid = Grid::new(&headings);
    for (flow, of) in &cells {
        let head = &design.lowered.model.flow(*flow).head;
        let mut row = vec![Cell::Link(head.label().to_string(), setting.flow(&head.name))];
        for column in &columns {
            let texts: Vec<String> = of.get(column).into_iter().flatten().map(|r| promise(r)).collect();
            row.push(Cell::Number(texts.join("; ")));
        }
        let statuses = of.values().flatten().map(|r| r.status);
        let worst = statuses.max_by_key(|s| match s {
            Status::Met => 0,
            Status::NotEvaluated => 1,
            Status::Violated => 2,
        });
        row.push(Cell::Text(worst.map(verdict).unwrap_or_default()));
        grid.push(row);
    }
    grid.finish()
}

/// What is, and what is required.
fn promise(r: &Requirement) -> String {
    match r.status {
        Status::Met if r.actual == r.expected => level(&r.actual),
        Status::Met => format!("{} ({})", level(&r.actual), level(&r.expected)),
        Status::Violated => format!("✗ {} ({})", level(&r.actual), level(&r.expected)),
        Status::NotEvaluated => format!("? ({})", level(&r.expected)),
    }
}

/// Whatever no flow requires and is not functional.
fn targets(design: &Design, all: &[Requirement]) -> Rows {
    let mut grid = Grid::new(&["promise", "required", "actual", "verdict", "evidence"]);
    for r in all.iter().filter(|r| r.kind != "functional" && (r.flow.is_none() || metric(r).is_none())) {
        let under = r.scenario.map(|id| design.lowered.model.scenarios[id.index()].head.label().to_string());
        let text = under.map_or(r.text.to_string(), |under| format!("{} (under: {under})", r.text));
        let required = match r.kind {
            "target" => Cell::Code(r.expected.to_string()),
            _ => Cell::Number(r.expected.to_string()),
        };
        grid.push(vec![
            Cell::Text(text),
            required,
            Cell::Number(r.actual.to_string()),
            Cell::Text(verdict(r.status)),
            Cell::Message(evidence(r)),
        ]);
    }
    grid.finish()
}

/// What the verdict rests on, where the row does not say it already.
fn evidence(r: &Requirement) -> String {
    let said =
        r.why == "every condition holds" || (!r.actual.is_empty() && r.why.contains(r.actual.as_str()));
    if said { String::new() } else { r.why.to_string() }
}
