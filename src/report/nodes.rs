//! Machines that run containers, for people and for programs: how many there are, how many are needed.

use super::summary::shown;
use super::table::Table;
use crate::analysis::Facts;
use crate::compile::Design;
use crate::model::Model;
use crate::quantity::{MONTH, count};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// Machines of one size that run containers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Nodes {
    /// Its title.
    pub title: String,
    /// The elements whose replicas they hold.
    pub holds: Vec<String>,
    /// How many there are.
    pub declared: Option<f64>,
    /// No fewer hold the replicas at peak.
    pub least: Option<f64>,
    /// So many are enough at peak: first-fit, the largest replicas first.
    pub required: Option<f64>,
    /// So many are enough when the fullest zone is lost.
    pub required_zone_loss: Option<f64>,
    /// So many are enough at the horizon.
    pub required_horizon: Option<f64>,
    /// The share of each resource of all of them that replicas take: `cpu`, `memory`.
    pub utilization: IndexMap<&'static str, Option<f64>>,
    /// What they cost a month.
    pub cost_per_month: Option<f64>,
}

/// Machines by name.
pub fn nodes(model: &Model, facts: &Facts) -> IndexMap<String, Nodes> {
    let pools = model.nodes.iter().zip(&facts.nodes);
    pools
        .map(|(nodes, n)| {
            let value = |id| facts.value(id);
            let row = Nodes {
                title: nodes.head.label().to_string(),
                holds: n.on.iter().map(|id| model.element(*id).head.name.to_string()).collect(),
                declared: value(n.declared),
                least: value(n.least),
                required: value(n.required),
                required_zone_loss: value(n.required_zone_loss),
                required_horizon: value(n.required_horizon),
                utilization: n.used.iter().map(|(key, id)| (*key, value(*id))).collect(),
                cost_per_month: n.cost.and_then(value).map(|cost| cost * MONTH),
            };
            (nodes.head.name.to_string(), row)
        })
        .collect()
}

/// Machines as a table.
pub fn table(design: &Design, facts: &Facts) -> Table {
    let mut table = Table::new(&[
        "nodes",
        "hold",
        ">there are",
        ">at least",
        ">needed",
        ">needed without a zone",
        ">needed at the horizon",
        ">processors",
        ">memory",
        ">cost",
    ]);
    let model = &design.lowered.model;
    for (nodes, n) in model.nodes.iter().zip(&facts.nodes) {
        let number = |id| facts.value(id).map(count).unwrap_or_default();
        let used = |key: &str| {
            let found = n.used.iter().find(|(known, _)| *known == key);
            found.map(|(_, id)| shown(facts, *id)).unwrap_or_default()
        };
        let on: Vec<&str> = n.on.iter().map(|id| model.element(*id).head.name.as_str()).collect();
        table.rows.push(vec![
            nodes.head.name.to_string(),
            on.join(", "),
            number(n.declared),
            number(n.least),
            number(n.required),
            number(n.required_zone_loss),
            number(n.required_horizon),
            used("cpu"),
            used("memory"),
            n.cost.map(|cost| shown(facts, cost)).unwrap_or_default(),
        ]);
    }
    table
}
