//! `sysd report`: the numbers of a design as tables, for the terminal and for Markdown.

use super::table::Table;
use crate::analysis::{FactId, Facts};
use crate::compile::Design;
use crate::quantity::{availability_percent, count};
use crate::schema::Kind;
use crate::words::spelled;
use std::fmt::Write;

/// A heading and the table below it.
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The table; never empty.
    pub table: Table,
}

/// The report for a terminal.
pub fn text(design: &Design) -> String {
    let mut out = format!("{}\n", crate::views::system_title(design));
    for section in sections(design, &design.analysis.base) {
        let _ = write!(out, "\n{}\n\n{}", section.title, section.table.text());
    }
    out
}

/// The report for a document.
pub fn markdown(design: &Design) -> String {
    let mut out = format!("# {}\n", crate::views::system_title(design));
    for section in sections(design, &design.analysis.base) {
        let _ = write!(out, "\n## {}\n\n{}", section.title, section.table.markdown());
    }
    out
}

/// The sections that have something to show.
pub fn sections(design: &Design, facts: &Facts) -> Vec<Section> {
    let all = [
        ("Requirements", requirements(facts)),
        ("Load and capacity", capacity(design, facts)),
        ("Nodes", super::nodes::table(design, facts)),
        ("Storage and cost", storage(design, facts)),
        ("What breaks first", limits(design, facts)),
        ("Flows", flows(design, facts)),
        ("Reads", reads(design, facts)),
        ("Assumptions", assumptions(design, facts)),
    ];
    let with_rows = all.into_iter().filter(|(_, table)| !table.rows.is_empty());
    with_rows.map(|(title, table)| Section { title, table: table.without_empty_columns() }).collect()
}

/// A number as a reader sees it; empty where it is not evaluated.
pub fn shown(facts: &Facts, id: FactId) -> String {
    if facts.value(id).is_some() { spelled(&facts.derivation.show(id)) } else { String::new() }
}

/// Requirements with their verdicts.
pub fn requirements(facts: &Facts) -> Table {
    let mut table = Table::new(&["requirement", "kind", "verdict", "expected", "actual", "why"]);
    for r in &facts.requirements {
        table.rows.push(vec![
            r.text.to_string(),
            r.kind.to_string(),
            r.status.word().replace('_', " "),
            r.expected.to_string(),
            r.actual.to_string(),
            r.why.to_string(),
        ]);
    }
    table
}

/// Load, capacity and replicas by element.
pub fn capacity(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&[
        "element",
        ">average",
        ">peak",
        ">one serves",
        ">utilization",
        ">without a zone",
        ">replicas",
        ">needed",
        ">needed without a zone",
        ">needed at the horizon",
    ]);
    let rows = design.lowered.model.elements.iter().zip(&facts.elements);
    for (element, n) in rows.filter(|(e, _)| e.kind != Kind::Actor) {
        let number = |id| facts.value(id).map(count).unwrap_or_default();
        table.rows.push(vec![
            element.head.name.to_string(),
            shown(facts, n.load.total.average),
            shown(facts, n.load.total.peak),
            shown(facts, n.capacity),
            shown(facts, n.utilization.peak),
            shown(facts, n.utilization.zone_loss),
            number(n.replicas.declared),
            number(n.replicas.required),
            number(n.replicas.required_zone_loss),
            number(n.replicas.required_horizon),
        ]);
    }
    table
}

/// What is kept, moved and paid by element.
pub fn storage(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&[
        "element",
        ">a day",
        ">at the horizon",
        ">disk full in",
        ">in",
        ">out",
        ">memory needed",
        ">hit ratio",
        ">cost",
    ]);
    for (element, n) in design.lowered.model.elements.iter().zip(&facts.elements) {
        let row = vec![
            element.head.name.to_string(),
            shown(facts, n.storage.0),
            shown(facts, n.storage.1),
            shown(facts, n.storage.2),
            shown(facts, n.network.0),
            shown(facts, n.network.1),
            shown(facts, n.memory.1),
            n.cache.map(|(hit, _)| shown(facts, hit)).unwrap_or_default(),
            shown(facts, n.cost),
        ];
        if row.iter().skip(1).any(|cell| !cell.is_empty()) {
            table.rows.push(row);
        }
    }
    table
}

/// What growth uses up, the first first: how much is used today, the factor on today's peak at which nothing is left,
/// and when that is.
pub fn limits(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&["element", "limit", ">used today", ">reached at", ">in"]);
    for limit in &facts.limits {
        let Some(time) = facts.value(limit.time).filter(|time| time.is_finite()) else { continue };
        table.rows.push(vec![
            design.lowered.model.element(limit.element).head.name.to_string(),
            limit.what.replace('_', " "),
            limit.used.map(|used| shown(facts, used)).unwrap_or_default(),
            facts.room(limit).map(crate::quantity::factor).unwrap_or_default(),
            if time > 0.0 { shown(facts, limit.time) } else { "now".to_string() },
        ]);
    }
    table
}

/// Rates, latency and availability by flow.
pub fn flows(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&[
        "flow",
        ">average",
        ">peak",
        ">p50",
        ">p99",
        ">completed p99",
        ">availability",
        ">down a month",
        ">down a year",
        "single points of failure",
    ]);
    for (flow, n) in design.lowered.model.flows.iter().zip(&facts.flows) {
        let down = facts.value(n.reliability.unavailability).map(availability_percent).unwrap_or_default();
        let points: Vec<&str> = n.reliability.single_points.iter().map(|p| p.event.as_str()).collect();
        table.rows.push(vec![
            flow.head.name.to_string(),
            shown(facts, n.rate.average),
            shown(facts, n.rate.peak),
            shown(facts, n.latency.p50),
            shown(facts, n.latency.p99),
            shown(facts, n.completed.p99),
            down,
            shown(facts, n.reliability.downtime_month),
            shown(facts, n.reliability.downtime),
            points.join(", "),
        ]);
    }
    table
}

fn time(seconds: Option<f64>) -> String {
    seconds.map(|s| crate::quantity::Quantity::seconds(s).human()).unwrap_or_default()
}

/// What each read requires and is given.
pub fn reads(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&[
        "flow",
        "read",
        "from",
        "required",
        "given",
        ">stale at most",
        ">99.9% see a write after",
        "weakest hop",
    ]);
    let model = &design.lowered.model;
    for (flow, n) in model.flows.iter().zip(&facts.flows) {
        for read in &n.reads {
            let given = match (&read.provided, &read.needs) {
                (Some(levels), _) => levels.join(", "),
                (None, Some(needs)) => format!("not evaluated: needs {needs}"),
                (None, None) => String::new(),
            };
            let weakest = read.weakest.and_then(|i| read.path.get(i));
            table.rows.push(vec![
                flow.head.name.to_string(),
                read.data.to_string(),
                model.element(read.source).head.name.to_string(),
                read.required.as_ref().map(ToString::to_string).unwrap_or_default(),
                given,
                time(read.staleness),
                time(facts.seen_within(read.source)),
                weakest
                    .map(|h| format!("{}: {}", model.element(h.element).head.name, h.why))
                    .unwrap_or_default(),
            ]);
        }
    }
    table
}

/// Defaults that were used, and assumptions in words.
pub fn assumptions(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&["assumption", ">value", "source"]);
    for a in facts.derivation.assumptions() {
        let value = crate::analysis::derivation::show(a.value, a.unit);
        table.rows.push(vec![a.what.to_string(), value, a.source.to_string()]);
    }
    for a in &design.lowered.model.assumptions {
        let source = a.source.as_ref().map(ToString::to_string).unwrap_or_default();
        table.rows.push(vec![a.text.to_string(), String::new(), source]);
    }
    table
}
