//! What the design costs: replicas, data kept, requests, bytes that leave. US dollars per second.

use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{COST, DATA, What};
use super::facts::Load;
use crate::model::{ElementId, Operation, Scalar};
use crate::schema::Kind;
use ecow::eco_format;

/// What the cost of an element rests on.
pub struct Spending<'s> {
    /// Replicas on average.
    pub nodes: FactId,
    /// Its load.
    pub load: &'s Load,
    /// Bytes kept at the horizon.
    pub kept: FactId,
    /// Bytes out at peak, and the load at average and at peak to bring them to the average.
    pub out: FactId,
}

/// The cost of an element; people cost nothing.
pub fn cost(case: &mut Case<'_>, id: ElementId, spending: &Spending<'_>) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "cost", COST);
    if element.kind == Kind::Actor {
        return case.graph.not_applicable(what);
    }
    let mut parts = Vec::new();
    if let Some(unit) = element.props.quantity("cost") {
        let unit = case.stated("", "cost of one replica", unit, COST);
        let label = eco_format!("replicas of {name}");
        parts.push(case.graph.product(What::between(label, COST), vec![spending.nodes, unit]));
    }
    prices(case, id, spending, &mut parts);
    if parts.is_empty() {
        return case.graph.missing(what, eco_format!("{name}.cost"));
    }
    case.graph.sum(what, parts)
}

fn prices(case: &mut Case<'_>, id: ElementId, spending: &Spending<'_>, parts: &mut Vec<FactId>) {
    let element = case.element(id);
    let Some(price) = element.props.get("price").and_then(|p| p.block.as_ref()) else { return };
    if let Some(per_byte) = price.quantity("storage") {
        let kept = match case.value(spending.kept) {
            None if case.graph.need(spending.kept).is_none() => {
                case.graph.missing(What::between("", DATA), eco_format!("what {} keeps", element.head.name))
            }
            _ => spending.kept,
        };
        parts.push(priced(case, "data kept at the horizon", per_byte, kept));
    }
    let load = spending.load;
    if let Some(per_request) = price.quantity("request") {
        parts.push(priced(case, "requests", per_request, load.total.average));
    }
    for (key, operation) in
        [("read", Operation::Read), ("write", Operation::Write), ("message", Operation::Publish)]
    {
        let (Some(each), Some(rate)) = (price.quantity(key), load.by_operation.get(&operation)) else {
            continue;
        };
        parts.push(priced(case, key, each, rate.average));
    }
    if let Some(per_byte) = price.quantity("egress") {
        let inputs = vec![spending.out, load.total.average, load.total.peak];
        let what = What::between("bytes out on average", super::derive::BANDWIDTH);
        let text = "bytes out at peak × average load / peak load";
        let out =
            case.graph.formula(what, text, inputs, |v| Ok(if v[2] > 0.0 { v[0] * v[1] / v[2] } else { 0.0 }));
        parts.push(priced(case, "data that leaves", per_byte, out));
    }
}

fn priced(case: &mut Case<'_>, what: &str, price: &Scalar, amount: FactId) -> FactId {
    let price =
        case.stated("", &eco_format!("price of {what}"), price, Unit::Of(price.quantity.dimension, ""));
    case.graph.product(What::between(eco_format!("cost of {what}"), COST), vec![price, amount])
}

/// The cost of the whole: of elements, and of the machines that run containers. What runs on machines that are paid
/// for and states no cost of its own is paid for with them.
pub fn total(case: &mut Case<'_>, costs: &[FactId], machines: &[FactId], paid: &[ElementId]) -> FactId {
    let billed: Vec<FactId> = case
        .model
        .elements()
        .filter(|(_, e)| e.kind != Kind::Actor)
        .map(|(id, _)| (id, costs[id.index()]))
        .filter(|(id, cost)| !(paid.contains(id) && case.value(*cost).is_none()))
        .map(|(_, cost)| cost)
        .chain(machines.iter().copied())
        .collect();
    case.graph.sum(What::of("total", "cost", COST), billed)
}
