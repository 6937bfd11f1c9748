//! What changed between two versions of a design: what is declared, what follows from it, and what breaks others.
//!
//! Both designs are compiled; everything here is read from their models, numbers and findings. Nothing depends on
//! order, formatting or file names: a design reordered or reformatted is the same design.

mod breaking;
mod inventory;
mod numbers;

use crate::analysis::{Requirement, Status};
use crate::compile::Design;
use crate::diagnostic::{Finding, fingerprint, nth};
use inventory::Inventory;
use std::collections::BTreeMap;

pub use breaking::Breaking;
pub use inventory::{Class, Key};
pub use numbers::NumberChange;

/// What changed.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// Things that came, went or changed, by class and name.
    pub things: Vec<ThingChange>,
    /// Steps and relations that came, went or changed, also with their flow as a whole.
    pub calls: Vec<ThingChange>,
    /// Elements that stand in another group: old and new name.
    pub moved: Vec<(String, String)>,
    /// Numbers that changed.
    pub numbers: Vec<NumberChange>,
    /// Requirements whose verdict changed, that came or went.
    pub requirements: Vec<RequirementChange>,
    /// Single points of failure that came, and the flows that they take down.
    pub new_points: Vec<(String, Vec<String>)>,
    /// Single points of failure that went.
    pub gone_points: Vec<(String, Vec<String>)>,
    /// Open findings that came.
    pub new_findings: Vec<Noted>,
    /// Open findings that went.
    pub gone_findings: Vec<Noted>,
    /// What breaks others.
    pub breaking: Vec<Breaking>,
}

/// A thing that changed.
#[derive(Clone, Debug)]
pub struct ThingChange {
    /// What it is and its name.
    pub key: Key,
    /// Its kind as a reader sees it: `store`, `flow`, `step`.
    pub kind: String,
    /// How it changed.
    pub change: Change,
}

/// How a thing changed.
#[derive(Clone, Debug)]
pub enum Change {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// What is stated of it changed: property, before, after; empty where it was or is not stated.
    Changed(Vec<(String, String, String)>),
}

/// A requirement that changed.
#[derive(Clone, Debug)]
pub struct RequirementChange {
    /// Its stable name.
    pub id: String,
    /// What is required, in words.
    pub text: String,
    /// The verdict before; `None` where it came.
    pub before: Option<Status>,
    /// The verdict after; `None` where it went.
    pub after: Option<Status>,
    /// What was expected and what was, before.
    pub was: (String, String),
    /// What is expected and what is, after.
    pub is: (String, String),
}

/// A finding with its place.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The finding.
    pub finding: Finding,
    /// Its file, line and column.
    pub place: (String, u32, u32),
    /// What identifies it.
    pub fingerprint: String,
}

impl Diff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
            && self.moved.is_empty()
            && self.numbers.is_empty()
            && self.requirements.is_empty()
            && self.new_points.is_empty()
            && self.gone_points.is_empty()
            && self.new_findings.is_empty()
            && self.gone_findings.is_empty()
    }
}

/// What changed from one design to the other; a design that is not there has nothing in it.
pub fn diff(old: Option<&Design>, new: Option<&Design>) -> Diff {
    let (before, after) =
        (old.map(Inventory::of).unwrap_or_default(), new.map(Inventory::of).unwrap_or_default());
    let moved = moved(&before, &after);
    let before = before.renamed(&moved);
    let all = changes(&before, &after);
    let calls = all.iter().filter(|c| c.key.class == Class::Step).cloned().collect();
    let things = all.into_iter().filter(|c| !is_told_by_its_flow(c, &before, &after)).collect();
    let (new_findings, gone_findings) = findings(old, new, &moved);
    let requirements = requirements(old, new, &moved);
    let points = (points(old, &moved), points(new, &[]));
    let breaking = match (old, new) {
        (Some(_), _) => breaking::breaking(&before, &after, &requirements),
        _ => Vec::new(),
    };
    Diff {
        things,
        calls,
        numbers: match (old, new) {
            (Some(old), Some(new)) => numbers::changes(old, new, &moved),
            _ => Vec::new(),
        },
        requirements,
        new_points: came(&points.0, &points.1),
        gone_points: came(&points.1, &points.0),
        new_findings,
        gone_findings,
        breaking,
        moved,
    }
}

/// Elements that went under one name and came under another with the same last part, where both are the only ones.
fn moved(before: &Inventory, after: &Inventory) -> Vec<(String, String)> {
    let lone = |here: &Inventory, there: &Inventory| -> BTreeMap<(String, String), Option<String>> {
        let mut found = BTreeMap::new();
        for (key, thing) in
            here.things.iter().filter(|(k, _)| k.class == Class::Element && !there.things.contains_key(*k))
        {
            let short = key.name.rsplit('.').next().unwrap_or(&key.name).to_string();
            let entry = found.entry((short, thing.kind.clone()));
            entry.and_modify(|e| *e = None).or_insert_with(|| Some(key.name.clone()));
        }
        found
    };
    let (went, came) = (lone(before, after), lone(after, before));
    let pairs = went.into_iter().filter_map(|(key, old)| Some((old?, came.get(&key)?.clone()?)));
    pairs.collect()
}

/// A name as it is after the move.
fn renamed<'a>(name: &'a str, moved: &'a [(String, String)]) -> &'a str {
    moved.iter().find(|(old, _)| old == name).map_or(name, |(_, new)| new.as_str())
}

/// A text in which moved elements are named in backticks or at the start of a dotted name.
fn renamed_in(text: &str, moved: &[(String, String)]) -> String {
    let mut text = text.to_string();
    for (old, new) in moved {
        text = text.replace(&format!("`{old}`"), &format!("`{new}`"));
    }
    text
}

fn changes(before: &Inventory, after: &Inventory) -> Vec<ThingChange> {
    let mut keys: Vec<&Key> = before.things.keys().chain(after.things.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut changes = Vec::new();
    for key in keys {
        let (kind, change) = match (before.things.get(key), after.things.get(key)) {
            (None, Some(new)) => (new.kind.clone(), Change::Added),
            (Some(old), None) => (old.kind.clone(), Change::Removed),
            (Some(old), Some(new)) => {
                let facts = inventory::changed(old, new);
                if facts.is_empty() {
                    continue;
                }
                (new.kind.clone(), Change::Changed(facts))
            }
            (None, None) => continue,
        };
        changes.push(ThingChange { key: key.clone(), kind, change });
    }
    changes
}

/// What came or went with its flow is not told again step by step.
fn is_told_by_its_flow(change: &ThingChange, before: &Inventory, after: &Inventory) -> bool {
    let lacks =
        |inventory: &Inventory| change.key.flow().is_some_and(|flow| !inventory.things.contains_key(&flow));
    match change.change {
        Change::Added => lacks(before),
        Change::Removed => lacks(after),
        Change::Changed(_) => false,
    }
}

/// A finding as it was said, and the same with moved elements under their new names.
#[derive(Clone)]
struct Said {
    noted: Noted,
    renamed: Finding,
}

fn noted(design: Option<&Design>, moved: &[(String, String)]) -> BTreeMap<String, Said> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = BTreeMap::new();
    let Some(design) = design else { return all };
    for found in design.open_findings() {
        let sources = &design.lowered.sources;
        let (start, file) = (sources.start(found.primary.span), sources.file(found.primary.span.file));
        let mut finding = found.clone();
        finding.message = renamed_in(&finding.message, moved);
        finding.subject = finding.subject.map(|s| renamed(&s, moved).to_string());
        let print = fingerprint(&finding);
        let count = seen.entry(print.clone()).or_insert(0);
        *count += 1;
        let print = nth(&print, *count);
        let place = (file.path.clone(), start.line, start.column);
        let noted = Noted { finding: found.clone(), place, fingerprint: print.clone() };
        all.insert(print, Said { noted, renamed: finding });
    }
    all
}

fn findings(
    old: Option<&Design>,
    new: Option<&Design>,
    moved: &[(String, String)],
) -> (Vec<Noted>, Vec<Noted>) {
    let (before, after) = (noted(old, moved), noted(new, &[]));
    let without = |here: &BTreeMap<String, Said>, there: &BTreeMap<String, Said>| -> Vec<Said> {
        here.iter().filter(|(print, _)| !there.contains_key(*print)).map(|(_, n)| n.clone()).collect()
    };
    let (came, went) = (without(&after, &before), without(&before, &after));
    // A rule that speaks once of an element names the first flow in which it shows, which follows the order
    // of the text: the same finding in another flow neither came nor went.
    let flowless = |said: &Said| {
        let mut finding = said.renamed.clone();
        finding.flow = None;
        // Of a circle the first is the subject; its sentence names them all.
        finding.subject = finding.subject.filter(|s| !finding.message.contains(&format!("`{s}`")));
        fingerprint(&finding)
    };
    let mut prints: Vec<String> = went.iter().map(flowless).collect();
    let mut new: Vec<Noted> = Vec::new();
    let mut kept: Vec<Said> = went;
    for said in came {
        match prints.iter().position(|print| *print == flowless(&said)) {
            Some(at) => {
                prints.remove(at);
                kept.remove(at);
            }
            None => new.push(said.noted),
        }
    }
    let mut kept: Vec<Noted> = kept.into_iter().map(|said| said.noted).collect();
    for list in [&mut new, &mut kept] {
        list.sort_by(|a, b| {
            (b.finding.severity, a.finding.code.code, &a.finding.message).cmp(&(
                a.finding.severity,
                b.finding.code.code,
                &b.finding.message,
            ))
        });
    }
    (new, kept)
}

fn judged(design: Option<&Design>, moved: &[(String, String)]) -> BTreeMap<String, Requirement> {
    let mut all = BTreeMap::new();
    let Some(design) = design else { return all };
    let scenarios = design.analysis.scenarios.iter();
    let cases =
        std::iter::once((None, &design.analysis.base)).chain(scenarios.map(|(id, facts)| (Some(*id), facts)));
    for (scenario, facts) in cases {
        // A target that holds under a scenario stands among those of the base case already.
        let twice = |r: &Requirement| {
            let base = &design.analysis.base.requirements;
            scenario.is_some() && base.iter().any(|b| b.scenario == scenario && b.id == r.id)
        };
        for requirement in facts.requirements.iter().filter(|r| !twice(r)) {
            // Functional requirements have no name but their text; their numbers follow the order of the text.
            let own = match requirement.kind {
                "functional" => requirement.text.to_string(),
                _ => match requirement.id.rsplit_once('.') {
                    Some((subject, metric)) => format!("{}.{metric}", renamed(subject, moved)),
                    None => requirement.id.to_string(),
                },
            };
            let id = match scenario {
                Some(id) => format!("{}: {own}", design.lowered.model.scenarios[id.index()].head.name),
                None => own,
            };
            all.insert(id, requirement.clone());
        }
    }
    all
}

fn requirements(
    old: Option<&Design>,
    new: Option<&Design>,
    moved: &[(String, String)],
) -> Vec<RequirementChange> {
    let (before, after) = (judged(old, moved), judged(new, &[]));
    let mut ids: Vec<&String> = before.keys().chain(after.keys()).collect();
    ids.sort();
    ids.dedup();
    let said = |r: Option<&Requirement>| {
        r.map(|r| (r.expected.to_string(), r.actual.to_string())).unwrap_or_default()
    };
    let mut changes = Vec::new();
    for id in ids {
        let (was, is) = (before.get(id), after.get(id));
        // Conditions of a target have no order.
        let promise = |r: &Requirement| {
            let mut parts: Vec<String> = r.expected.split(", ").map(str::to_string).collect();
            parts.sort();
            (r.status, parts)
        };
        if was.map(promise) == is.map(promise) {
            continue;
        }
        let text = is.or(was).map(|r| r.text.to_string()).unwrap_or_default();
        changes.push(RequirementChange {
            id: id.clone(),
            text,
            before: was.map(|r| r.status),
            after: is.map(|r| r.status),
            was: said(was),
            is: said(is),
        });
    }
    changes
}

/// Single points of failure, each with the flows that it takes down.
fn points(design: Option<&Design>, moved: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut points: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some(design) = design else { return points };
    for (flow, facts) in design.lowered.model.flows.iter().zip(&design.analysis.base.flows) {
        for point in &facts.reliability.single_points {
            let flows = points.entry(renamed(&point.event, moved).to_string()).or_default();
            flows.push(flow.head.name.to_string());
        }
    }
    for flows in points.values_mut() {
        flows.sort();
    }
    points
}

/// What is in the second and not in the first.
fn came(
    first: &BTreeMap<String, Vec<String>>,
    second: &BTreeMap<String, Vec<String>>,
) -> Vec<(String, Vec<String>)> {
    let new = second.iter().filter(|(name, _)| !first.contains_key(*name));
    new.map(|(name, flows)| (name.clone(), flows.clone())).collect()
}
