//! What arrives at each element: by operation, by data, together; average and peak, without retries.

use super::calls::{Calls, Hop, touches};
use super::case::Case;
use super::derive::{RATE, What};
use super::facts::{Load, Rate};
use super::rates::Rates;
use crate::model::{DataId, ElementId, Operation, Touched};
use ecow::eco_format;
use std::collections::BTreeMap;

/// The hops that end in an element: flow and position.
pub type Arrivals = Vec<Vec<(usize, usize)>>;

/// Where the hops of every flow end.
pub fn arrivals(case: &Case<'_>, calls: &[Calls]) -> Arrivals {
    let mut arrivals = vec![Vec::new(); case.model.elements.len()];
    for (flow, calls) in calls.iter().enumerate() {
        for (at, hop) in calls.hops.iter().enumerate() {
            arrivals[hop.to.index()].push((flow, at));
        }
    }
    arrivals
}

/// The load of every element.
pub fn loads(case: &mut Case<'_>, calls: &[Calls], rates: &Rates, arrivals: &Arrivals) -> Vec<Load> {
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter().map(|id| load(case, calls, rates, id, &arrivals[id.index()])).collect()
}

fn load(case: &mut Case<'_>, calls: &[Calls], rates: &Rates, id: ElementId, ends: &[(usize, usize)]) -> Load {
    let mut by_operation: BTreeMap<Operation, Vec<Rate>> = BTreeMap::new();
    let mut by_data: BTreeMap<(DataId, Operation), Vec<Rate>> = BTreeMap::new();
    for (flow, at) in ends {
        let hop = &calls[*flow].hops[*at];
        let rate = rates.hops[*flow][*at];
        by_operation.entry(hop.counts_as).or_default().push(rate);
        for touched in touches(&case.model.flows[*flow], hop) {
            if let Touched::Data(data) = touched {
                by_data.entry((*data, hop.counts_as)).or_default().push(rate);
            }
        }
    }
    let name = case.name(id);
    let counted: Vec<Rate> = ends
        .iter()
        .filter(|(flow, at)| counts(case, &calls[*flow].hops[*at]))
        .map(|(flow, at)| rates.hops[*flow][*at])
        .collect();
    let total = total(case, name, &counted);
    let operations = by_operation.len();
    let by_operation = by_operation
        .into_iter()
        .map(|(op, parts)| {
            let metric = eco_format!("load.{}", op.word());
            if operations > 1 || op == Operation::Consume {
                return (op, sum(case, name, &metric, &parts));
            }
            case.graph.alias(eco_format!("{name}.{metric}.average"), total.average);
            case.graph.alias(eco_format!("{name}.{metric}.peak"), total.peak);
            (op, total)
        })
        .collect();
    let by_data = by_data
        .into_iter()
        .map(|((data, op), parts)| {
            let rate = match parts[..] {
                [only] => only,
                _ => {
                    let datum = &case.model.datum(data).head.short;
                    sum(case, name, &eco_format!("load.{datum}.{}", op.word()), &parts)
                }
            };
            ((data, op), rate)
        })
        .collect();
    Load { total, by_operation, by_data }
}

/// What is taken from a broker was published to it before: it counts once.
fn counts(case: &Case<'_>, hop: &Hop) -> bool {
    !(hop.counts_as == Operation::Consume && case.element(hop.to).kind.is_broker())
}

fn total(case: &mut Case<'_>, name: &str, parts: &[Rate]) -> Rate {
    if !parts.is_empty() {
        return sum(case, name, "load", parts);
    }
    let zero = case
        .graph
        .constant(What::of(name, "load.average", RATE).labelled(eco_format!("no flow touches {name}")), 0.0);
    case.graph.alias(eco_format!("{name}.load.peak"), zero);
    Rate { average: zero, peak: zero }
}

fn sum(case: &mut Case<'_>, name: &str, metric: &str, parts: &[Rate]) -> Rate {
    let averages = parts.iter().map(|r| r.average).collect();
    let peaks = parts.iter().map(|r| r.peak).collect();
    Rate {
        average: case.graph.sum(What::of(name, &eco_format!("{metric}.average"), RATE), averages),
        peak: case.graph.sum(What::of(name, &eco_format!("{metric}.peak"), RATE), peaks),
    }
}
