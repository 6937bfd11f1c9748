//! Words: those of the design, as its author explains them, and those of the field, where the document uses
//! them.

use super::{Cell, Grid, Rows};
use crate::compile::Design;
use crate::model::Declared;

/// Words of the field that every document uses in its headings.
const FIELD: &[(&str, &str)] = &[
    ("availability", "share of the time in which a flow gives its answer"),
    ("p50, p99", "the time within which 50% and 99% of the answers are there"),
    ("peak", "the busiest time that the estimate reckons with, as a multiple of the average"),
    ("utilization", "share of what an element can serve that is asked of it"),
];

/// Whether a design has what a word speaks of.
type Used = fn(&Design) -> bool;

/// Words of the field that stand only where the design has what they speak of.
const WHERE_USED: &[(&str, &str, Used)] = &[
    ("headroom", "share of the capacity that stays free at peak", |d| {
        d.lowered.model.workload.as_ref().is_some_and(|w| w.props.has("headroom"))
    }),
    ("horizon", "the time for which the design must reach without a rebuild", |d| {
        d.lowered.model.workload.as_ref().is_some_and(|w| w.props.has("horizon"))
    }),
    ("hit ratio", "share of the reads that a cache answers itself", |d| {
        d.analysis.base.elements.iter().any(|e| e.cache.is_some())
    }),
    ("zone", "a part of a region that fails on its own: a building, or several", |d| {
        d.analysis
            .base
            .flows
            .iter()
            .any(|f| f.reliability.cut_sets.iter().flat_map(|c| &c.events).any(|e| e.contains("zone")))
    }),
    ("single point of failure", "one thing whose failure alone takes a flow down", |d| {
        d.analysis.base.flows.iter().any(|f| !f.reliability.single_points.is_empty())
    }),
    ("stale", "older than the newest value that was written", |d| {
        d.analysis.base.flows.iter().any(|f| f.reads.iter().any(|r| r.staleness.is_some()))
    }),
    ("rpo, rto", "how much of what was written may be lost, and how long recovery may take", |d| {
        d.lowered.model.recovery.is_some()
    }),
];

pub(super) fn glossary(design: &Design) -> Rows {
    let model = &design.lowered.model;
    let mut grid = Grid::new(&["word", "meaning"]);
    let mut word = |head: &Declared, kind: &str| {
        let title = head.title.as_deref().unwrap_or("");
        let doc = head.doc.split("\n\n").next().unwrap_or("").replace('\n', " ");
        let meaning = match (title.is_empty(), doc.is_empty()) {
            (true, true) => return,
            (false, true) => title.to_string(),
            (true, false) => doc,
            (false, false) => format!("{title}: {doc}"),
        };
        grid.push(vec![Cell::Code(head.name.to_string()), Cell::Text(format!("{kind}: {meaning}"))]);
    };
    for group in &model.groups {
        word(&group.head, "group");
    }
    for datum in &model.data {
        word(&datum.head, "data");
    }
    for role in &model.roles {
        word(&role.head, "role");
    }
    if model.flows.iter().all(|f| f.steps.is_empty()) && model.data.is_empty() {
        return grid.finish();
    }
    let used =
        WHERE_USED.iter().filter(|(_, _, used)| used(design)).map(|(word, meaning, _)| (*word, *meaning));
    let mut field: Vec<(&str, &str)> = FIELD.iter().copied().chain(used).collect();
    field.sort_unstable();
    for (word, meaning) in field {
        grid.push(vec![Cell::Text(word.to_string()), Cell::Text(meaning.to_string())]);
    }
    grid.finish()
}
