//! The names under which targets, alerts and `sysd why` know the numbers of a design.
//!
//! Both spellings serve: those of the language (`posts.disk_full_in`, `view_feed.p99`) and those
//! of the report (`posts.storage.full_in_s`, `view_feed.latency_s.p99`).

use super::derivation::{Derivation, FactId};
use crate::model::Model;
use ecow::{EcoString, eco_format};

/// The number of this name; for `all.…` the one that is the least or the greatest, or one that is missing.
pub fn find(model: &Model, graph: &Derivation, name: &str) -> Option<FactId> {
    let Some((subject, metric)) = name.split_once('.') else {
        // An input (`let`) at the top of a design.
        return graph.named(name);
    };
    if subject == "all" && model.element_named("all").is_none() && model.flow_named("all").is_none() {
        return over_all(model, graph, &canonical(metric));
    }
    if let Some(id) = graph.named(name) {
        return Some(id);
    }
    let splits = name.match_indices('.').map(|(at, _)| name.split_at(at)).collect::<Vec<_>>();
    // The longest name that is declared is the subject; what is left is the number.
    splits.into_iter().rev().find_map(|(subject, rest)| {
        let full = full_name(model, subject)?;
        let metric = canonical(rest.trim_start_matches('.'));
        graph.named(&eco_format!("{full}.{metric}"))
    })
}

/// The full name of an element or flow, or of the few subjects that are neither.
fn full_name(model: &Model, subject: &str) -> Option<EcoString> {
    if let Some(id) = model.element_named(subject) {
        return Some(model.element(id).head.name.clone());
    }
    if let Some(id) = model.flow_named(subject) {
        return Some(model.flow(id).head.name.clone());
    }
    if let Some(nodes) = model.nodes.iter().find(|n| n.head.name == subject || n.head.short == subject) {
        return Some(nodes.head.name.clone());
    }
    matches!(subject, "total" | "workload" | "network").then(|| subject.into())
}

/// The least or greatest number of this kind over elements and flows; one without a value where there is one.
fn over_all(model: &Model, graph: &Derivation, metric: &str) -> Option<FactId> {
    let elements = model.elements.iter().map(|e| &e.head.name);
    let flows = model.flows.iter().map(|f| &f.head.name);
    let least = metric == "availability";
    let subjects: Vec<&EcoString> = if least { flows.collect() } else { elements.chain(flows).collect() };
    let mut best: Option<(f64, FactId)> = None;
    for subject in subjects {
        let Some(id) = graph.named(&eco_format!("{subject}.{metric}")) else { continue };
        let Some(value) = graph.value(id) else {
            // What does not apply to an element says nothing about all.
            if graph.need(id).is_some() {
                return Some(id);
            }
            continue;
        };
        let better = best.is_none_or(|(known, _)| if least { value < known } else { value > known });
        if better {
            best = Some((value, id));
        }
    }
    best.map(|(_, id)| id)
}

/// The report's spelling of a number as the graph knows it.
fn canonical(metric: &str) -> EcoString {
    let exact = match metric {
        "cost_per_month" => "cost",
        "cache.staleness_s" => "cache.staleness",
        "network.in_bytes_per_s" => "network.in",
        "network.out_bytes_per_s" => "network.out",
        "memory.declared_bytes" => "memory.declared",
        "memory.needed_bytes" => "memory.needed",
        "downtime_s_per_year" => "downtime",
        "downtime_s_per_month" => "downtime_month",
        "replicas" => "replicas.declared",
        "nodes" => "nodes.declared",
        "load" => "load.peak",
        "rate" => "rate.peak",
        "completed" => "completed.mean",
        "hit" | "hit_ratio" => "cache.hit_ratio",
        "staleness" => "cache.staleness",
        "visibility" => "visibility.p999",
        "visibility.p99_s" => "visibility.p99",
        "visibility.p999_s" => "visibility.p999",
        "after_outage.wait_s" => "after_outage.wait",
        "after_outage.time_s" => "after_outage.time",
        "concurrency" => "concurrency.needed",
        "connections" => "connections.needed",
        "memory" => "memory.needed",
        "wait" => "wait.mean",
        "latency" => "mean",
        "bytes_per_day" => "storage.bytes_per_day",
        "bytes_at_horizon" => "storage.bytes_at_horizon",
        _ => "",
    };
    if !exact.is_empty() {
        return exact.into();
    }
    let metric = metric.strip_suffix("_per_s").unwrap_or(metric);
    let parts: Vec<&str> = metric.split('.').collect();
    match parts[..] {
        ["wait_s", rest] => eco_format!("wait.{rest}"),
        ["latency", rest] => eco_format!("latency_s.{rest}"),
        ["load", "by_operation", op, rest] => eco_format!("load.{op}.{rest}"),
        _ => metric.into(),
    }
}
