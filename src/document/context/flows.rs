//! Flows: pictures, numbers, what each read is given, what takes the flow down.

use super::elements::available;
use super::failures::failures;
use super::findings::{FindingEntry, entry};
use super::{Cell, Grid, Picture, Rows};
use crate::analysis::{Facts, Read};
use crate::compile::Design;
use crate::document::authored::authored;
use crate::document::setting::{Setting, anchor};
use crate::model::FlowId;
use crate::quantity::Quantity;
use crate::report::summary::shown;
use crate::views::{View, ViewKind};
use schemars::JsonSchema;
use serde::Serialize;

/// A flow.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowSection {
    /// The anchor of its section.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Its full name.
    pub name: String,
    /// Its description; Markdown.
    pub doc: String,
    /// Its steps; null where it has none.
    pub picture: Option<Picture>,
    /// Where the time of its answer goes; null where that is not known.
    pub waterfall: Option<Picture>,
    /// Its numbers.
    pub facts: Rows,
    /// What its reads require and are given.
    pub reads: Rows,
    /// The path of each read, hop by hop.
    pub paths: Option<Picture>,
    /// What takes it down, the smallest combinations first.
    pub failures: Rows,
    /// What must work for it, as a reliability block diagram; null where nothing is needed.
    pub blocks: Option<Picture>,
    /// How it fails, as a fault tree; null where nothing is needed.
    pub fault_tree: Option<Picture>,
    /// How many smallest combinations there are in all, by their size, in words; empty where there are none.
    pub combinations: String,
    /// Open findings about it.
    pub findings: Vec<FindingEntry>,
}

pub(super) fn sections(design: &Design, setting: &Setting, views: &[&View]) -> Vec<FlowSection> {
    let flows = design.lowered.model.flows();
    flows.map(|(id, _)| section(design, id, setting, views)).collect()
}

fn section(design: &Design, id: FlowId, setting: &Setting, views: &[&View]) -> FlowSection {
    let model = &design.lowered.model;
    let head = &model.flow(id).head;
    let facts = &design.analysis.base;
    let numbers = facts.flows.get(id.index());
    let picture = |kind, alt: String| {
        let view = views.iter().find(|v| v.flow == Some(id) && v.kind == kind)?;
        Some(Picture { alt, ..Picture::of(view, head.label(), setting) })
    };
    let about = design.open_findings().filter(|f| {
        f.subject.as_deref() == Some(head.name.as_str())
            || (f.subject.is_none() && f.flow.as_deref() == Some(head.name.as_str()))
    });
    FlowSection {
        anchor: anchor("flow", &head.name),
        title: head.label().to_string(),
        name: head.name.to_string(),
        doc: authored(&head.doc),
        picture: picture(ViewKind::Sequence, format!("{}, step by step", head.label())),
        waterfall: picture(ViewKind::Latency, format!("{}: where the time goes", head.label())),
        facts: figures(facts, id),
        reads: reads(design, id, setting),
        paths: picture(ViewKind::Consistency, format!("{}: what its reads are given", head.label())),
        failures: numbers.map(|n| failures(&n.reliability.cut_sets)).unwrap_or_default(),
        blocks: picture(ViewKind::Blocks, format!("{}: what must work", head.label())),
        fault_tree: picture(ViewKind::FaultTree, format!("{}: how it fails", head.label())),
        combinations: numbers.map(|n| combinations(&n.reliability.cut_sets_by_order)).unwrap_or_default(),
        findings: about.map(|f| entry(design, f, setting)).collect(),
    }
}

/// The numbers of a flow in one case.
pub(in crate::document) fn figures(facts: &Facts, id: FlowId) -> Rows {
    let mut grid = Grid::new(&["number", ">value"]);
    let Some(n) = facts.flows.get(id.index()) else { return grid.finish() };
    let mut row = |label: &str, value: String| {
        if !value.is_empty() {
            grid.push(vec![Cell::Text(label.to_string()), Cell::Number(value)]);
        }
    };
    row("average arrivals", shown(facts, n.rate.average));
    row("arrivals at peak", shown(facts, n.rate.peak));
    row("median answer", shown(facts, n.latency.p50));
    row("p99 answer", shown(facts, n.latency.p99));
    let done = shown(facts, n.completed.p99);
    if done != shown(facts, n.latency.p99) {
        row("p99 until everything is done", done);
    }
    row("availability", available(facts.value(n.reliability.unavailability)));
    row("down a year", shown(facts, n.reliability.downtime));
    row(
        "requests that fail a day",
        facts.value(n.reliability.failed_per_day).map_or_else(String::new, crate::quantity::count),
    );
    let amplified = n.amplification.0 > 1.0;
    if amplified {
        row("calls that one request can become", crate::quantity::count(n.amplification.0));
    }
    grid.finish()
}

fn reads(design: &Design, id: FlowId, setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["read", "from", "required", "given", ">stale at most", "because of"]);
    for read in design.analysis.base.flows.get(id.index()).into_iter().flat_map(|n| &n.reads) {
        grid.push(read_cells(design, read, setting));
    }
    grid.finish()
}

/// Every read that requires something.
pub(super) fn required_reads(design: &Design, setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["flow", "read", "from", "required", "given", ">stale at most", "because of"]);
    for (flow, numbers) in design.lowered.model.flows.iter().zip(&design.analysis.base.flows) {
        for read in numbers.reads.iter().filter(|read| read.required.is_some()) {
            let mut row = vec![Cell::Link(flow.head.label().to_string(), setting.flow(&flow.head.name))];
            row.extend(read_cells(design, read, setting));
            grid.push(row);
        }
    }
    grid.finish()
}

fn read_cells(design: &Design, read: &Read, setting: &Setting) -> Vec<Cell> {
    let model = &design.lowered.model;
    let given = match (&read.provided, &read.needs) {
        (Some(levels), _) => levels.join(", "),
        (None, Some(needs)) => format!("not evaluated: needs {needs}"),
        (None, None) => String::new(),
    };
    let stale = match (read.staleness, &read.unbounded) {
        (Some(time), _) => Quantity::seconds(time).human(),
        (None, Some(why)) => format!("no bound: {why}"),
        (None, None) => String::new(),
    };
    let seen = design.analysis.base.seen_within(read.source).map(|time| Quantity::seconds(time).human());
    let stale = match seen {
        Some(time) => format!("{stale}; 99.9% of reads see a write after {time}"),
        None => stale,
    };
    let source = &model.element(read.source).head;
    let weakest = read.weakest.and_then(|at| read.path.get(at));
    let mark = if read.met == Some(false) { "✗ " } else { "" };
    vec![
        Cell::Code(read.data.to_string()),
        Cell::Link(source.label().to_string(), setting.element(&source.name)),
        Cell::Text(level(read.required.as_deref().unwrap_or(""))),
        Cell::Message(format!("{mark}{}", level(&given))),
        Cell::Number(stale),
        Cell::Message(
            weakest
                .map(|h| format!("{}: {}", model.element(h.element).head.label(), h.why))
                .unwrap_or_default(),
        ),
    ]
}

/// Consistency levels, and other single words, as words; in a sentence underscores belong to names.
pub(super) fn level(names: &str) -> String {
    let is_word = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let spoken = |part: &str| if is_word(part) { part.replace('_', " ") } else { part.to_string() };
    names.split(", ").map(spoken).collect::<Vec<_>>().join(", ")
}

fn combinations(by_order: &[f64]) -> String {
    let parts: Vec<String> = by_order
        .iter()
        .enumerate()
        .filter(|(_, n)| **n > 0.0)
        .take(3)
        .map(|(at, n)| {
            let plural = if *n == 1.0 { "" } else { "s" };
            let what = match at {
                0 => format!("part{plural} alone"),
                1 => format!("pair{plural}"),
                _ => format!("combination{plural} of {}", at + 1),
            };
            format!("{} {what}", crate::quantity::count(*n))
        })
        .collect();
    parts.join(", ")
}
