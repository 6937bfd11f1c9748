//! Decisions with their options, migrations, alerts, risks, assumptions.

use super::{Cell, Grid, Rows};
use crate::analysis::{Unit, derivation};
use crate::compile::Design;
use crate::document::authored::authored;
use crate::document::cells::{escape, link};
use crate::document::setting::Setting;
use crate::model::{Entity, Model, Record, Value};
use crate::quantity::DAY;
use schemars::JsonSchema;
use serde::Serialize;

/// A decision.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DecisionSection {
    /// Its number in the log, from 1, in four digits.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Status and date.
    pub status: String,
    /// The trade-off and the side taken; empty where none is stated.
    pub tradeoff: String,
    /// What it is about, with links; Markdown.
    pub about: String,
    /// What led to it; Markdown.
    pub doc: String,
    /// Why; Markdown.
    pub because: String,
    /// What else was looked at.
    pub options: Rows,
    /// Its file in the log of decisions.
    pub file: String,
}

/// A side of a trade-off as it is spelled in prose.
fn axis(name: &str) -> String {
    match name {
        "sql" => "SQL".to_string(),
        "nosql" => "NoSQL".to_string(),
        other => other.replace('_', " "),
    }
}

pub(super) fn decisions(design: &Design, setting: &Setting) -> Vec<DecisionSection> {
    let records = design.lowered.model.decisions.iter().enumerate();
    records.map(|(at, record)| decision(design, at, record, setting)).collect()
}

fn decision(design: &Design, at: usize, record: &Record, setting: &Setting) -> DecisionSection {
    let props = &record.props;
    let word = |key: &str| props.word(key).unwrap_or("").replace('_', " ");
    let date = props.get("date").and_then(|p| p.values.first()).and_then(|f| match &f.value {
        Value::Date(date) => Some(date.to_string()),
        _ => None,
    });
    let status: Vec<String> =
        [Some(word("status")).filter(|s| !s.is_empty()), date].into_iter().flatten().collect();
    let tradeoff = props.get("tradeoff").map(|p| {
        let side = |slot: &str| match p.value(slot) {
            Some(Value::Name(name)) => axis(name),
            _ => String::new(),
        };
        let chosen = axis(props.word("choose").unwrap_or(""));
        let taken = if chosen.is_empty() { String::new() } else { format!("; {chosen} is chosen") };
        format!("{} against {}{taken}", side("one"), side("other"))
    });
    let mut options = Grid::new(&["also looked at", "verdict"]);
    for option in props.all("option") {
        let name = option.word().unwrap_or("").replace('_', " ");
        let said = option.text().map(ToString::to_string).unwrap_or_default();
        options.push(vec![Cell::Text(name), Cell::Text(said)]);
    }
    let number = format!("{:04}", at + 1);
    DecisionSection {
        name: record.head.name.to_string(),
        title: record.head.label().to_string(),
        status: status.join(", "),
        tradeoff: tradeoff.unwrap_or_default(),
        about: about(design, record, setting),
        doc: authored(&record.head.doc),
        because: authored(&props.text("because").map(ToString::to_string).unwrap_or_default()),
        options: options.finish(),
        file: format!("{number}-{}.md", record.head.name.replace("_", "-").replace(".", "-")),
        number,
    }
}

fn about(design: &Design, record: &Record, setting: &Setting) -> String {
    let model = &design.lowered.model;
    let links = record.about.iter().map(|entity| match entity {
        Entity::Element(id) => {
            let head = &model.element(*id).head;
            link(head.label(), setting.element(&head.name).as_deref())
        }
        Entity::Flow(id) => {
            let head = &model.flow(*id).head;
            link(head.label(), setting.flow(&head.name).as_deref())
        }
        other => escape(&model.entity_name(*other)),
    });
    links.collect::<Vec<_>>().join(", ")
}

pub(super) fn migrations(design: &Design) -> Rows {
    let mut grid = Grid::new(&["migration", "on", "stated as"]);
    for migration in &design.lowered.model.migrations {
        let stated: Vec<String> = migration
            .props
            .entries
            .iter()
            .filter(|p| p.key != "allow")
            .map(|p| design.lowered.sources.text(p.span).split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        grid.push(vec![
            Cell::Text(migration.head.label().to_string()),
            Cell::Text(migration.on.map(|e| design.lowered.model.entity_name(e)).unwrap_or_default()),
            Cell::Text(stated.join(", ").replace('_', " ")),
        ]);
    }
    grid.finish()
}

pub(super) fn alerts(design: &Design) -> Rows {
    let mut grid = Grid::new(&["watches", "alert"]);
    for alert in &design.lowered.model.alerts {
        let conditions: Vec<String> = alert
            .conditions
            .iter()
            .map(|(condition, time)| {
                let text = design.lowered.sources.text(condition.span);
                time.map_or_else(|| text.to_string(), |time| format!("{text} for {}", time.human()))
            })
            .collect();
        grid.push(vec![Cell::Code(alert.subject.to_string()), Cell::Code(conditions.join(", "))]);
    }
    grid.finish()
}

pub(super) fn risks(model: &Model) -> Rows {
    let mut grid = Grid::new(&["risk", "likelihood", "impact", "what is done about it", "owner"]);
    for risk in &model.risks {
        let word = |key: &str| Cell::Text(risk.props.word(key).unwrap_or("").replace('_', " "));
        let text = |key: &str| Cell::Text(risk.props.text(key).map(ToString::to_string).unwrap_or_default());
        grid.push(vec![
            Cell::Text(risk.head.label().to_string()),
            word("likelihood"),
            word("impact"),
            text("mitigation"),
            text("owner"),
        ]);
    }
    grid.finish()
}

/// Defaults that were used, and assumptions in words.
pub(super) fn assumptions(design: &Design) -> Rows {
    let mut grid = Grid::new(&["assumption", ">value", "source"]);
    for a in design.analysis.base.derivation.assumptions() {
        let value = match a.unit {
            // A length of the year is told by its days.
            Unit::Of(..) if (a.value / DAY - 365.5).abs() < 1.0 => format!("{} days", a.value / DAY),
            unit => derivation::show(a.value, unit),
        };
        grid.push(vec![
            Cell::Text(a.what.to_string()),
            Cell::Number(value),
            Cell::Message(a.source.to_string()),
        ]);
    }
    for a in &design.lowered.model.assumptions {
        let source = a.source.as_ref().map(ToString::to_string).unwrap_or_default();
        grid.push(vec![Cell::Text(a.text.to_string()), Cell::Number(String::new()), Cell::Text(source)]);
    }
    grid.finish()
}
