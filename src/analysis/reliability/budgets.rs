//! Error budgets: what each promise of an availability allows, and how much of that is spent.

use super::super::case::Case;
use super::super::condition;
use super::super::derivation::{FactId, Unit};
use super::super::derive::{NUMBER, TIME, What};
use super::super::facts::ErrorBudget;
use crate::model::{FlowId, Scalar};
use crate::quantity::UnitTable;
use crate::syntax::{BinaryOp, ExprKind};
use ecow::{EcoString, eco_format};

/// A month is a twelfth of the year in which downtime is counted.
pub fn downtime_month(case: &mut Case<'_>, id: FlowId, downtime: FactId) -> FactId {
    let name = &case.model.flow(id).head.name;
    let what = What::of(name, "downtime_month", TIME).labelled("downtime in a month");
    let months = case.graph.constant(What::between("months of a year", NUMBER), 12.0);
    case.graph.quotient(what, downtime, months)
}

/// Against the strictest availability that the flow requires.
pub fn budget_spent(case: &mut Case<'_>, id: FlowId, down: FactId) -> Option<FactId> {
    let flow = case.model.flow(id);
    let required = flow.props.all("require").filter_map(|p| p.block.as_ref()?.quantity("availability"));
    let strictest = required.max_by(|a, b| a.value().total_cmp(&b.value()))?;
    let required = stated(case, strictest);
    let what = What::of(&flow.head.name, "budget_spent", Unit::Share).labelled("share of the error budget");
    Some(share(case, what, down, required))
}

fn stated(case: &mut Case<'_>, required: &Scalar) -> FactId {
    case.stated("", "required availability", required, Unit::Availability)
}

fn share(case: &mut Case<'_>, what: What, down: FactId, required: FactId) -> FactId {
    case.graph.formula(what, "unavailability / (1 - required)", vec![down, required], |v| {
        if v[1] < 1.0 { Ok(v[0] / (1.0 - v[1])) } else { Err("a budget above 0".into()) }
    })
}

/// The budget of every promise about a flow: its own, those of the system, and targets of the base case.
pub fn budgets(case: &mut Case<'_>, id: FlowId, down: FactId, year: FactId) -> Vec<ErrorBudget> {
    promises(case, id)
        .into_iter()
        .map(|(promise, required)| {
            let label = eco_format!("availability that {promise} promises");
            let fact = case.graph.constant(What::between(label, Unit::Availability), required);
            let what = What::between(eco_format!("share of the error budget of {promise}"), Unit::Share);
            let spent = share(case, what, down, fact);
            let what = What::between(eco_format!("downtime a month that {promise} allows"), TIME);
            let text = "(1 - required) × year / 12";
            let allowed =
                case.graph.formula(what, text, vec![fact, year], |v| Ok((1.0 - v[0]) * v[1] / 12.0));
            ErrorBudget { promise, required, allowed_month: allowed, spent }
        })
        .collect()
}

fn promises(case: &Case<'_>, id: FlowId) -> Vec<(EcoString, f64)> {
    let model = case.model;
    let flow = model.flow(id);
    let own = eco_format!("{}.availability", flow.head.name);
    let required = flow.props.all("require").filter_map(|p| p.block.as_ref()?.number("availability"));
    let mut all: Vec<(EcoString, f64)> = required.map(|value| (own.clone(), value)).collect();
    if let Some(value) = model.system.props.number("availability") {
        all.push((eco_format!("{}.availability", model.system.head.name), value));
    }
    let units = UnitTable::new();
    for target in model.targets.iter().filter(|t| t.scenario.is_none()) {
        for wanted in &target.conditions {
            // Only a floor of the availability itself has a budget.
            let ExprKind::Binary(BinaryOp::GreaterOrEqual | BinaryOp::Greater, left, right) = &wanted.kind
            else {
                continue;
            };
            let ExprKind::Path(path) = &left.kind else { continue };
            let text = path.text();
            if text != own && text != "all.availability" {
                continue;
            }
            if let Some(value) = condition::constant(model, &case.graph, &units, right)
                && (0.0..=1.0).contains(&value)
            {
                all.push((target.head.name.clone(), value));
            }
        }
    }
    all
}
