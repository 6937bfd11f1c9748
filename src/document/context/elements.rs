//! Elements with their numbers, neighbours and findings; the data.

use super::findings::{FindingEntry, entry};
use super::{Cell, Grid, Rows};
use crate::analysis::Facts;
use crate::compile::Design;
use crate::document::authored::authored;
use crate::document::cells::link;
use crate::document::setting::{Setting, anchor};
use crate::model::{DataId, Element, ElementId};
use crate::quantity::availability_percent;
use crate::report::summary::shown;
use crate::schema::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// An element.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ElementSection {
    /// The anchor of its section.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Its full name.
    pub name: String,
    /// Kind and technology in words.
    pub what: String,
    /// Its description; Markdown.
    pub doc: String,
    /// Its numbers.
    pub facts: Rows,
    /// Its neighbours: who calls it, whom it calls, what it holds; Markdown, a line each.
    pub neighbours: Vec<String>,
    /// Open findings about it.
    pub findings: Vec<FindingEntry>,
    /// The document that it is imported from, with a link; Markdown, empty where it is of this design.
    pub home: String,
}

pub(super) fn sections(design: &Design, setting: &Setting) -> Vec<ElementSection> {
    let elements = design.lowered.model.elements();
    elements.map(|(id, element)| section(design, id, element, setting)).collect()
}

fn section(design: &Design, id: ElementId, element: &Element, setting: &Setting) -> ElementSection {
    let name = element.head.name.as_str();
    let technology = element.tech().map(|t| format!(", {}", t.name)).unwrap_or_default();
    let findings = design.open_findings().filter(|f| f.subject.as_deref() == Some(name));
    ElementSection {
        anchor: anchor("element", name),
        title: element.head.label().to_string(),
        name: name.to_string(),
        what: format!("{}{technology}", element.kind.word()),
        doc: authored(&element.head.doc),
        facts: numbers(&design.analysis.base, id, element),
        neighbours: neighbours(design, id, element, setting),
        findings: findings.map(|f| entry(design, f, setting)).collect(),
        home: home(design, element, setting),
    }
}

/// A microsecond: a shorter wait is none.
const LEAST_WAIT: f64 = 1e-6;

/// The numbers of an element in one case.
pub(in crate::document) fn numbers(facts: &Facts, id: ElementId, element: &Element) -> Rows {
    let mut grid = Grid::new(&["number", ">value"]);
    if let Some(n) = facts.elements.get(id.index()).filter(|_| element.kind != Kind::Actor) {
        // How many replicas somebody else runs is not known; one stands for the whole.
        let of_others = element.kind == Kind::External || element.tech().is_some_and(|t| t.managed);
        let cache = n.cache.map(|(hit, _)| ("hit ratio", hit));
        let lasts = n.durability.map(|d| ("a datum outlives a year", d.durability));
        let after = n.after_outage.iter().flat_map(|after| {
            let ends = facts.value(after.time).is_some_and(f64::is_finite);
            let time = ends.then_some(("over an outage within", after.time));
            std::iter::once(("asked for after an outage, of what it can serve", after.utilization))
                .chain(time)
        });
        let rows = [
            ("load at peak", n.load.total.peak),
            ("one replica serves", n.capacity),
            ("replicas", n.replicas.declared),
            ("replicas needed at peak", n.replicas.required),
            ("replicas needed with a zone lost", n.replicas.required_zone_loss),
            ("utilization at peak", n.utilization.peak),
            ("utilization with a zone lost", n.utilization.zone_loss),
            ("requests in it at once", n.concurrency.1),
            ("mean wait", n.wait.0),
            ("memory needed", n.memory.1),
            ("written a day", n.storage.0),
            ("kept at the horizon", n.storage.1),
            ("disk full in", n.storage.2),
            ("availability", n.availability),
            ("recovery takes", n.recovery.time),
            ("cost", n.cost),
        ];
        for (label, fact) in rows.into_iter().chain(cache).chain(after).chain(lasts) {
            // A number that is nothing says nothing, but for the load: that nobody comes is worth knowing. Nor does
            // a wait far below what a network takes.
            let least = if label == "mean wait" { LEAST_WAIT } else { 0.0 };
            let says = facts.value(fact).is_some_and(|v| v > least || label == "load at peak");
            if says && !(label == "replicas" && of_others) {
                grid.push(vec![Cell::Text(label.to_string()), Cell::Number(shown(facts, fact))]);
            }
        }
    }
    grid.finish()
}

fn neighbours(design: &Design, id: ElementId, element: &Element, setting: &Setting) -> Vec<String> {
    let model = &design.lowered.model;
    let mut callers = BTreeSet::new();
    let mut callees = BTreeSet::new();
    let steps = model.flows.iter().flat_map(|f| f.steps.iter().map(|s| (s.from, s.to)));
    for (from, to) in steps.chain(model.relations.iter().map(|r| (r.from, r.to))).filter(|(a, b)| a != b) {
        if to == id {
            callers.insert(from);
        }
        if from == id {
            callees.insert(to);
        }
    }
    let names = |ids: &BTreeSet<ElementId>| {
        let links = ids.iter().map(|id| {
            let head = &model.element(*id).head;
            link(head.label(), setting.element(&head.name).as_deref())
        });
        links.collect::<Vec<_>>().join(", ")
    };
    let flows = model.flows.iter().filter(|f| f.steps.iter().any(|s| s.from == id || s.to == id));
    let flows: Vec<String> =
        flows.map(|f| link(f.head.label(), setting.flow(&f.head.name).as_deref())).collect();
    let held: Vec<String> =
        element.holds().map(|d| crate::document::cells::code(&model.datum(d).head.name)).collect();
    [
        ("Called by", names(&callers)),
        ("Calls", names(&callees)),
        ("In the flows", flows.join(", ")),
        ("Holds", held.join(", ")),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(label, text)| format!("{label}: {text}"))
    .collect()
}

fn home(design: &Design, element: &Element, setting: &Setting) -> String {
    if !element.head.imported {
        return String::new();
    }
    let path = &design.lowered.sources.file(element.head.span.file).path;
    match setting.other(path) {
        Some(to) => link(path, Some(&format!("{to}#{}", anchor("element", &element.head.short)))),
        None => crate::document::cells::code(path),
    }
}

pub(super) fn data(design: &Design, setting: &Setting) -> Rows {
    let model = &design.lowered.model;
    let mut grid = Grid::new(&["data", "what", ">size", "class", "kept", "held by"]);
    for (index, datum) in model.data.iter().enumerate() {
        let id = DataId(index as u32);
        let holders = model.elements().filter(|(_, e)| e.holds().any(|d| d == id));
        let keep = datum.props.get("keep").map(|p| match p.quantity() {
            Some(time) => time.quantity.human(),
            None => p.word().unwrap_or("").replace('_', " "),
        });
        grid.push(vec![
            Cell::Named(
                datum.head.name.to_string(),
                setting.section(&anchor("data", &datum.head.name)).map(|to| to.replace('#', "")),
            ),
            Cell::Text(datum.head.title.as_ref().map(ToString::to_string).unwrap_or_default()),
            Cell::Number(datum.size().map(|s| s.quantity.human()).unwrap_or_default()),
            Cell::Text(datum.class().unwrap_or("").replace('_', " ")),
            Cell::Number(keep.unwrap_or_default()),
            Cell::Links(
                holders.map(|(_, e)| (e.head.label().to_string(), setting.element(&e.head.name))).collect(),
            ),
        ]);
    }
    grid.finish()
}

/// An availability as text, from the distance to 1 where that is known.
pub(super) fn available(unavailability: Option<f64>) -> String {
    unavailability.map(availability_percent).unwrap_or_default()
}
