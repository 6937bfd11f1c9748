//! `sysd export openslo`: objectives in the form of OpenSLO 1, a document for the service and one for each objective.
//!
//! The specification is at <https://github.com/OpenSLO/OpenSLO>. The queries are those of `sysd export prometheus`.

use super::prometheus::{promise, quoted};
use crate::analysis::objectives::{Good, Objective, objectives};
use crate::compile::Design;
use crate::model::FlowId;
use std::fmt::Write;

/// The objectives of a design, or of one of its flows, as YAML documents; empty where nothing is promised.
pub fn openslo(design: &Design, only: Option<FlowId>) -> Vec<String> {
    let model = &design.lowered.model;
    let found = objectives(model, &design.analysis.base, &design.lowered.units);
    let found: Vec<Objective> = found.into_iter().filter(|o| only.is_none_or(|f| f == o.flow)).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let system = super::json::system_name(design);
    let mut documents = vec![service(design, &system)];
    documents.extend(found.iter().map(|o| slo(design, &system, o)));
    documents
}

/// Names of OpenSLO: lower case, digits and `-`, at most 63 characters as in Kubernetes.
fn name(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept: String = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = kept.split('-').filter(|p| !p.is_empty()).collect();
    let mut name = parts.join("-");
    name.truncate(63);
    let name = name.trim_end_matches('-').to_string();
    if name.is_empty() { "unnamed".to_string() } else { name }
}

fn head(kind: &str, own: &str, title: &str) -> String {
    format!(
        "apiVersion: openslo/v1\nkind: {kind}\nmetadata:\n  name: {own}\n  displayName: {}\nspec:\n",
        quoted(title)
    )
}

fn service(design: &Design, system: &str) -> String {
    let mut out = head("Service", &name(system), &crate::views::system_title(design));
    let doc = design.lowered.model.system.head.doc.trim();
    let text = if doc.is_empty() { "Described by sysd." } else { doc };
    let _ = writeln!(out, "  description: {}", quoted(&cut(text)));
    out
}

/// At most 1050 characters, as the specification has it.
fn cut(text: &str) -> String {
    text.chars().take(1050).collect()
}

fn slo(design: &Design, system: &str, objective: &Objective) -> String {
    let flow = &design.lowered.model.flow(objective.flow).head;
    let own = name(&format!("{} {}", flow.name, objective.metric));
    let title = format!("{}: {}", flow.label(), objective.metric);
    let mut out = head("SLO", &own, &title);
    let of = format!("system={},flow={}", quoted(system), quoted(&flow.name));
    let (good, total) = match objective.good {
        Good::Success => (
            format!("sysd_flow_requests_total{{{of},outcome=\"success\"}}"),
            format!("sysd_flow_requests_total{{{of}}}"),
        ),
        Good::Answered(limit) => histogram("sysd_flow_duration_seconds", &of, limit),
        Good::Completed(limit) => histogram("sysd_flow_completion_seconds", &of, limit),
    };
    let description = format!("{} ({})", promise(objective), objective.promised_by);
    let _ = write!(
        out,
        "  description: {}\n  service: {}\n  indicator:\n    metadata:\n      name: {own}-share\n    spec:\n      ratioMetric:\n        counter: true\n",
        quoted(&cut(&description)),
        name(system)
    );
    for (what, query) in [("good", good), ("total", total)] {
        let _ = write!(
            out,
            "        {what}:\n          metricSource:\n            type: Prometheus\n            spec:\n              query: {}\n",
            quoted(&format!("sum({query})"))
        );
    }
    let _ = write!(
        out,
        "  timeWindow:\n    - duration: 30d\n      isRolling: true\n  budgetingMethod: Occurrences\n  objectives:\n    - displayName: {}\n      target: {}\n",
        quoted(&promise(objective)),
        objective.share
    );
    out
}

fn histogram(series: &str, of: &str, limit: f64) -> (String, String) {
    (format!("{series}_bucket{{{of},le=\"{limit}\"}}"), format!("{series}_count{{{of}}}"))
}
