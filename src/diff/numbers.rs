//! Computed numbers that changed.

use super::inventory::near;
use crate::analysis::{Derivation, FactId, names};
use crate::compile::Design;
use crate::model::Model;
use crate::schema::{ELEMENT_NUMBERS, FLOW_NUMBERS, NODES_NUMBERS, Number};
use std::collections::BTreeMap;

/// A number that changed.
#[derive(Clone, Debug)]
pub struct NumberChange {
    /// As `sysd why` knows it, after the change: `view_feed.p99`.
    pub name: String,
    /// The element or flow that it is about; `total` for the whole.
    pub subject: String,
    /// Its value before, in base units; `None` where it was not known.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// As text before: `180 ms`.
    pub was: String,
    /// After.
    pub is: String,
    /// Whether a reader of a summary wants it; the others are for machines.
    pub headline: bool,
}

/// Numbers that other numbers of the table repeat.
const TWICE: [&str; 2] = ["unavailability", "utilization"];

/// What a summary shows.
const HEADLINES: [&str; 15] = [
    "availability",
    "budget_spent",
    "completed.p99",
    "connections.needed",
    "cost",
    "disk_full_in",
    "hit",
    "nodes.required",
    "nodes.required_zone_loss",
    "p50",
    "p99",
    "rate.peak",
    "replicas.required",
    "scales_to",
    "utilization.peak",
];

/// What has numbers: flows first, then elements, then the machines that they run on.
struct Numbered {
    order: u8,
    numbers: &'static [Number],
    names: fn(&Model) -> Vec<&str>,
}

const KINDS: [Numbered; 3] = [
    Numbered {
        order: 0,
        numbers: FLOW_NUMBERS,
        names: |model| model.flows.iter().map(|f| f.head.name.as_str()).collect(),
    },
    Numbered {
        order: 1,
        numbers: ELEMENT_NUMBERS,
        names: |model| model.elements.iter().map(|e| e.head.name.as_str()).collect(),
    },
    Numbered {
        order: 2,
        numbers: NODES_NUMBERS,
        names: |model| model.nodes.iter().map(|n| n.head.name.as_str()).collect(),
    },
];

/// Numbers of what is in both designs, by subject in the order of the new one.
pub(super) fn changes(old: &Design, new: &Design, moved: &[(String, String)]) -> Vec<NumberChange> {
    let back: BTreeMap<&str, &str> = moved.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
    let (before, after) = (&old.lowered.model, &new.lowered.model);
    let mut subjects: Vec<_> =
        KINDS.iter().flat_map(|kind| (kind.names)(after).into_iter().map(move |name| (name, kind))).collect();
    subjects.sort_by_key(|(name, kind)| (kind.order, *name));
    let mut changes = Vec::new();
    let mut look = |(subject, number): (&str, &str), was: Option<FactId>, is: Option<FactId>| {
        let (Some(was), Some(is)) = (was, is) else { return };
        let graphs = (&old.analysis.base.derivation, &new.analysis.base.derivation);
        changes.extend(change((subject, number), (graphs.0, was), (graphs.1, is)));
    };
    for number in ["cost", "scales_to"] {
        let name = format!("total.{number}");
        let was = old.analysis.base.derivation.named(&name);
        look(("total", number), was, new.analysis.base.derivation.named(&name));
    }
    for (subject, kind) in subjects {
        let known = back.get(subject).copied().unwrap_or(subject);
        if !(kind.names)(before).contains(&known) {
            continue;
        }
        for number in kind.numbers.iter().filter(|n| !TWICE.contains(&n.name)) {
            let was = names::find(before, &old.analysis.base.derivation, &format!("{known}.{}", number.name));
            let is = names::find(after, &new.analysis.base.derivation, &format!("{subject}.{}", number.name));
            look((subject, number.name), was, is);
        }
    }
    changes
}

fn change(
    (subject, number): (&str, &str),
    (old, was): (&Derivation, FactId),
    (new, is): (&Derivation, FactId),
) -> Option<NumberChange> {
    let (before, after) = (old.value(was), new.value(is));
    let same = match (before, after) {
        (Some(a), Some(b)) => near(a, b) || (a.is_infinite() && b.is_infinite()),
        (None, None) => true,
        // What stops or begins to apply is told by what is stated.
        _ => old.need(was).is_none() && new.need(is).is_none(),
    };
    if same {
        return None;
    }
    let (was, is) = (old.show(was), new.show(is));
    let headline = HEADLINES.contains(&number) && was != is;
    let (name, subject) = (format!("{subject}.{number}"), subject.to_string());
    Some(NumberChange { name, subject, before, after, was, is, headline })
}
