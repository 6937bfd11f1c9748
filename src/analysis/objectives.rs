//! Service level objectives: what flows promise while they run, in a form that monitoring can watch.
//!
//! An objective is a share of good requests: those that succeed, or those that are quick enough. Promises come from
//! `require` of a flow, `availability` of the system and targets of the base case; of several about the same thing
//! the strictest counts.

use super::condition;
use super::facts::Facts;
use crate::model::{Entity, Flow, FlowId, Model};
use crate::quantity::UnitTable;
use crate::source::Span;
use crate::syntax::{BinaryOp, Expr, ExprKind};
use ecow::{EcoString, eco_format};

/// What makes a request good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Good {
    /// It succeeds.
    Success,
    /// It is answered within so many seconds.
    Answered(f64),
    /// Everything that it set off is done within so many seconds.
    Completed(f64),
}

/// An objective of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// The flow.
    pub flow: FlowId,
    /// `availability`, `p99`, `completed.p99`.
    pub metric: EcoString,
    /// What makes a request good.
    pub good: Good,
    /// The share of good requests that is promised, below 1.
    pub share: f64,
    /// What promises it: `require` or the name of a target, with its title.
    pub promised_by: EcoString,
    /// The place of the promise.
    pub span: Span,
}

/// What an alert of the design watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// A flow or an element.
    pub subject: Entity,
    /// `error_rate`, `p99`, `backlog` …
    pub metric: EcoString,
    /// How it is compared.
    pub op: BinaryOp,
    /// With what, in base units.
    pub limit: f64,
    /// For how long it must hold, in seconds.
    pub hold: f64,
    /// The condition as written.
    pub text: EcoString,
    /// Its place.
    pub span: Span,
}

/// Percentiles by name, as shares.
const PERCENTILES: [(&str, f64); 4] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

/// Every objective, flow by flow.
pub fn objectives(model: &Model, facts: &Facts, units: &UnitTable) -> Vec<Objective> {
    let mut found: Vec<Objective> = Vec::new();
    for (id, flow) in model.flows() {
        required(id, flow, &mut found);
        if let Some(share) = model.system.props.quantity("availability") {
            add(&mut found, (id, "availability"), share.value(), "the system", share.span);
        }
    }
    for target in model.targets.iter().filter(|t| t.scenario.is_none()) {
        let by = match &target.head.title {
            Some(title) => eco_format!("target {}: {title}", target.head.name),
            None => eco_format!("target {}", target.head.name),
        };
        for condition in &target.conditions {
            let Some((path, op, limit)) = compared(model, facts, units, condition) else { continue };
            let at_least = matches!(op, BinaryOp::Greater | BinaryOp::GreaterOrEqual);
            let at_most = matches!(op, BinaryOp::Less | BinaryOp::LessOrEqual);
            let Some((subject, metric)) = path.split_once('.') else { continue };
            if metric == "availability" && !at_least || metric != "availability" && !at_most {
                continue;
            }
            let flows: Vec<FlowId> = match model.flow_named(subject) {
                Some(id) => vec![id],
                None if subject == "all" => model.flows().map(|(id, _)| id).collect(),
                None => continue,
            };
            for flow in flows {
                add(&mut found, (flow, metric), limit, &by, target.head.span);
            }
        }
    }
    found.sort_by(|a, b| (a.flow, &a.metric).cmp(&(b.flow, &b.metric)));
    found
}

fn required(id: FlowId, flow: &Flow, found: &mut Vec<Objective>) {
    let blocks = flow.props.all("require").filter_map(|p| p.block.as_ref());
    for prop in blocks.flat_map(|b| &b.entries) {
        if let Some(limit) = prop.quantity() {
            add(found, (id, prop.key), limit.value(), "require", prop.span);
        }
    }
}

/// Adds an objective, or makes the one of the same thing stricter.
fn add(found: &mut Vec<Objective>, (flow, metric): (FlowId, &str), limit: f64, by: &str, span: Span) {
    let metric = metric.strip_prefix("latency_s.").unwrap_or(metric);
    let metric = metric.replace("completed_s.", "completed.");
    let percentile = |name: &str| PERCENTILES.iter().find(|(p, _)| *p == name).map(|(_, share)| *share);
    let (good, share) = match (metric.as_str(), metric.strip_prefix("completed.")) {
        ("availability", _) => (Good::Success, limit),
        (_, Some(name)) => match percentile(name) {
            Some(share) => (Good::Completed(limit), share),
            None => return,
        },
        (name, None) => match percentile(name) {
            Some(share) => (Good::Answered(limit), share),
            None => return,
        },
    };
    // All of them is no objective: it leaves no budget to burn.
    if !(share > 0.0 && share < 1.0) {
        return;
    }
    let new = Objective { flow, metric: metric.into(), good, share, promised_by: by.into(), span };
    let stricter = |old: &Objective| match (new.good, old.good) {
        (Good::Answered(a), Good::Answered(b)) | (Good::Completed(a), Good::Completed(b)) => a < b,
        _ => new.share > old.share,
    };
    match found.iter_mut().find(|o| o.flow == flow && o.metric == new.metric) {
        Some(old) if stricter(old) => *old = new,
        Some(_) => {}
        None => found.push(new),
    }
}

/// A condition that compares one number with a value: its name, the comparison, the value.
fn compared(
    model: &Model,
    facts: &Facts,
    units: &UnitTable,
    condition: &Expr,
) -> Option<(EcoString, BinaryOp, f64)> {
    let ExprKind::Binary(op, left, right) = &condition.kind else { return None };
    let limit = condition::value(model, &facts.derivation, units, right)?;
    Some((left.path()?.text(), *op, limit.value))
}

/// What the alerts of the design watch; those about a target watch the flows that it speaks of. What compares
/// no single number with a value is in the second list.
pub fn watches(model: &Model, facts: &Facts, units: &UnitTable) -> (Vec<Watch>, Vec<EcoString>) {
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for alert in &model.alerts {
        let subjects: Vec<Entity> = match (alert.entity, alert.target.and_then(|t| model.targets.get(t))) {
            (Some(entity), _) => vec![entity],
            (None, Some(target)) => {
                let paths = target.conditions.iter().filter_map(|c| compared(model, facts, units, c));
                let mut flows: Vec<FlowId> =
                    paths.filter_map(|(path, ..)| model.flow_named(path.split('.').next()?)).collect();
                flows.sort();
                flows.dedup();
                flows.into_iter().map(Entity::Flow).collect()
            }
            (None, None) => Vec::new(),
        };
        for (condition, hold) in &alert.conditions {
            let text = condition::text(condition);
            let Some((metric, op, limit)) = compared(model, facts, units, condition) else {
                left.push(eco_format!("{}: {text}", alert.subject));
                continue;
            };
            for subject in &subjects {
                found.push(Watch {
                    subject: *subject,
                    metric: metric.clone(),
                    op,
                    limit,
                    hold: hold.map_or(0.0, |h| h.value),
                    text: text.clone(),
                    span: alert.span,
                });
            }
            if subjects.is_empty() {
                left.push(eco_format!("{}: {text}", alert.subject));
            }
        }
    }
    (found, left)
}
