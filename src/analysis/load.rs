//! What arrives at each element: by operation, by data, together; average and peak, without retries.

use super::calls::{Calls, Hop, touches};
use super::case::Case;
use super::derive::{RATE, What};
use super::facts::{Load, Rate};
use super::rates::Rates;
use crate::model::{DataId, ElementId, Operation, Props, Touched};
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
    let counting = counting(case, calls, rates, arrivals);
    let of = |id: ElementId| load(case, (calls, rates), id, &arrivals[id.index()], &counting);
    ids.into_iter().map(of).collect()
}

/// What arrives at an element, hop by hop.
fn arriving(case: &Case<'_>, calls: &[Calls], rates: &Rates, ends: &[(usize, usize)]) -> Vec<Rate> {
    let ends = ends.iter().filter(|(flow, at)| counts(case, &calls[*flow].hops[*at]));
    ends.map(|(flow, at)| rates.hops[*flow][*at]).collect()
}

/// What is counted where for rate limits: each request that arrives at what is limited is a write of its counter,
/// whether it is admitted or not.
type Counting = BTreeMap<ElementId, Vec<Rate>>;

fn counting(case: &Case<'_>, calls: &[Calls], rates: &Rates, arrivals: &Arrivals) -> Counting {
    let counters = |props: &Props| props.get("limit")?.block.as_ref()?.elements("counters").next();
    let mut counting = Counting::new();
    for (id, element) in case.model.elements() {
        if let Some(at) = counters(&element.props).filter(|at| *at != id) {
            let ends = &arrivals[id.index()];
            counting.entry(at).or_default().extend(arriving(case, calls, rates, ends));
        }
    }
    for (id, flow) in case.model.flows() {
        if let Some(at) = counters(&flow.props) {
            counting.entry(at).or_default().push(rates.flows[id.index()]);
        }
        for (step, of) in flow.steps() {
            if let Some(at) = counters(&of.props) {
                counting.entry(at).or_default().push(rates.hops[id.index()][step.index()]);
            }
        }
    }
    counting
}

fn load(
    case: &mut Case<'_>,
    (calls, rates): (&[Calls], &Rates),
    id: ElementId,
    ends: &[(usize, usize)],
    counting: &Counting,
) -> Load {
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
    let mut counted = arriving(case, calls, rates, ends);
    let counting = counting.get(&id).map_or(&[][..], Vec::as_slice);
    if !counting.is_empty() {
        by_operation.entry(Operation::Write).or_default().extend(counting);
        counted.extend(counting);
    }
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
