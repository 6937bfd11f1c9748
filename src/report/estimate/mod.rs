//! `sysd estimate`: a design under uncertainty, for people, for documents and for machines.

pub mod json;
pub mod text;

use crate::analysis::{FactId, Facts};
use crate::compile::Design;
use crate::estimate::{Estimate, Number, Swing};

/// A design under uncertainty, with what moves its numbers.
pub struct Estimated<'d> {
    /// The design.
    pub design: &'d Design,
    /// The samples.
    pub estimate: &'d Estimate,
    /// One input at a time.
    pub swings: &'d [Swing],
    /// The numbers that are shown with what moves them.
    pub about: Vec<String>,
}

/// More tornadoes than this say less than a report of one number each.
const MOST_ABOUT: usize = 5;

/// The numbers whose movers a reader wants to see: those that targets speak of, else what the whole costs and
/// carries, else the busiest element.
pub fn about(design: &Design, estimate: &Estimate) -> Vec<String> {
    let facts = &design.analysis.base;
    let varies = |name: &str| estimate.numbers.iter().any(|n| n.name == name && n.varies());
    let targets = facts.requirements.iter().filter(|r| r.kind == "target" && r.scenario.is_none());
    let asked = targets.chain(facts.requirements.iter().filter(|r| r.kind == "require"));
    let mut names: Vec<String> = Vec::new();
    for id in asked.filter_map(|r| r.fact) {
        let name = facts.derivation.fact(id).name.to_string();
        if varies(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        let whole = [facts.cost, facts.scales_to].map(|id| facts.derivation.fact(id).name.to_string());
        names.extend(whole.into_iter().filter(|name| varies(name)));
    }
    if names.is_empty() {
        let busiest = estimate.numbers.iter().filter(|n| n.varies() && n.name.ends_with(".utilization.peak"));
        let most =
            busiest.max_by(|a, b| a.median_case.unwrap_or(0.0).total_cmp(&b.median_case.unwrap_or(0.0)));
        names.extend(most.map(|n| n.name.clone()));
    }
    names.truncate(MOST_ABOUT);
    names
}

/// The numbers that a report shows, in its order, of those that vary.
fn reported<'e>(facts: &Facts, estimate: &'e Estimate) -> Vec<&'e Number> {
    let mut ids: Vec<FactId> = Vec::new();
    for n in &facts.elements {
        ids.extend([
            n.load.total.peak,
            n.utilization.peak,
            n.replicas.required,
            n.concurrency.1,
            n.wait.0,
            n.storage.1,
            n.storage.2,
            n.network.0,
            n.network.1,
            n.memory.1,
            n.cost,
        ]);
        ids.extend(n.cache.map(|(hit, _)| hit));
    }
    for n in &facts.flows {
        ids.extend([n.rate.peak, n.latency.p50, n.latency.p99, n.completed.p99, n.reliability.availability]);
    }
    ids.extend([facts.cost, facts.scales_to]);
    let mut found = Vec::new();
    for id in ids {
        let name = facts.derivation.fact(id).name.as_str();
        let number = estimate.numbers.iter().find(|n| n.name == name && n.varies());
        if let Some(number) = number.filter(|n| !found.iter().any(|f: &&Number| f.name == n.name)) {
            found.push(number);
        }
    }
    found
}
