//! What is kept: bytes a day, bytes at the horizon, when the disk is full.

use super::calls::{Calls, touches};
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{BANDWIDTH, DATA, NUMBER, RATE, TIME, What};
use super::growth::Outlook;
use super::network::datum_size;
use super::rates::Rates;
use super::shape::Shape;
use crate::model::{DataId, ElementId, Operation, Touched};
use crate::quantity::DAY;
use crate::schema::Kind;
use ecow::eco_format;
use std::collections::BTreeMap;

/// Bytes a day, bytes at the horizon, seconds until the disk is full.
pub type Storage = (FactId, FactId, FactId);

/// What an element keeps of its writes (a store) or publishes (a queue or topic).
pub fn storage(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    ends: &[(usize, usize)],
    (calls, rates, outlook): (&[Calls], &Rates, &Outlook),
) -> Storage {
    let element = case.element(id);
    let name = &element.head.name;
    if element.kind != Kind::Store && !element.kind.is_broker() {
        let none = case.graph.not_applicable(What::of(name, "storage", DATA));
        return (none, none, none);
    }
    let (written, unsized_writes) = written(case, id, ends, calls, rates);
    let mut growths = Vec::new();
    let mut keeps = Vec::new();
    for (data, rates) in written {
        let part = datum_growth(case, id, shape, data, rates);
        let kept = kept(case, id, Some(data), part, outlook);
        let kept = existing(case, shape, data, kept, outlook);
        growths.push(part);
        keeps.push(kept);
    }
    if let Some(missing) = unsized_writes {
        growths.push(missing);
        keeps.push(missing);
    }
    let label = "average writes × size × factor × (1 + index overhead)";
    let growth = case.graph.sum(What::between(eco_format!("growth of {name}: {label}"), BANDWIDTH), growths);
    let day = What::of(name, "storage.bytes_per_day", DATA);
    let day = case.graph.formula(day, "bytes per second × 86 400 s", vec![growth], |v| Ok(v[0] * DAY));
    let horizon = case.graph.sum(What::of(name, "storage.bytes_at_horizon", DATA), keeps.clone());
    (day, horizon, full_in(case, id, shape, growth, &keeps, horizon))
}

/// Average rates at which each datum is written here, and what is missing where a write has no size.
fn written(
    case: &mut Case<'_>,
    id: ElementId,
    ends: &[(usize, usize)],
    calls: &[Calls],
    rates: &Rates,
) -> (BTreeMap<DataId, Vec<FactId>>, Option<FactId>) {
    let broker = case.element(id).kind.is_broker();
    let mut written: BTreeMap<DataId, Vec<FactId>> = BTreeMap::new();
    let mut missing = None;
    for (flow, at) in ends {
        let hop = &calls[*flow].hops[*at];
        let adds =
            if broker { hop.counts_as == Operation::Publish } else { hop.operation == Operation::Write };
        if !adds {
            continue;
        }
        let flow_of = &case.model.flows[*flow];
        let touched = touches(flow_of, hop);
        let mut sized = !touched.is_empty();
        for touched in touched {
            match touched {
                Touched::Data(data) if case.model.datum(*data).size().is_some() => {
                    written.entry(*data).or_default().push(rates.hops[*flow][*at].average);
                }
                _ => sized = false,
            }
        }
        if !sized && missing.is_none() {
            let what = touched.iter().find_map(|t| match t {
                Touched::Data(data) => {
                    let datum = case.model.datum(*data);
                    datum.size().is_none().then(|| eco_format!("{}.size", datum.head.name))
                }
                Touched::Label(label, _) => Some(eco_format!("data {label} with a size")),
            });
            let what = what.unwrap_or_else(|| {
                eco_format!(
                    "the data that {} {} to {}",
                    flow_of.head.name,
                    hop.operation.word(),
                    case.name(id)
                )
            });
            missing = Some(case.graph.missing(What::between("", DATA), what));
        }
    }
    (written, missing)
}

/// Bytes per second that the writes of one datum add.
fn datum_growth(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    data: DataId,
    rates: Vec<FactId>,
) -> FactId {
    let element = case.element(id);
    let datum = &case.model.datum(data).head.name;
    let writes = match rates[..] {
        [only] => only,
        _ => case.graph.sum(What::between(eco_format!("writes of {datum}"), RATE), rates),
    };
    let mut inputs = vec![writes];
    inputs.extend(datum_size(case, data));
    inputs.extend(shape.factor);
    if let Some(overhead) = element.props.quantity("index_overhead") {
        let overhead = case.stated("", "index overhead", overhead, Unit::Share);
        let what = What::between("1 + index overhead", NUMBER);
        inputs.push(case.graph.formula(what, "1 + index overhead", vec![overhead], |v| Ok(1.0 + v[0])));
    }
    case.graph.product(
        What::between(eco_format!("{datum} kept by {} per second", element.head.name), BANDWIDTH),
        inputs,
    )
}

/// Bytes of one datum at the horizon: growth × min(keep, horizon).
fn kept(
    case: &mut Case<'_>,
    id: ElementId,
    data: Option<DataId>,
    growth: FactId,
    outlook: &Outlook,
) -> FactId {
    let element = case.element(id);
    let keep = if element.kind.is_broker() {
        element.props.quantity("retention")
    } else {
        data.and_then(|d| case.model.datum(d).props.quantity("keep"))
    };
    let what = What::between(eco_format!("kept by {} at the horizon", element.head.name), DATA);
    match keep {
        None => case.graph.product(what, vec![growth, outlook.horizon]),
        Some(keep) => {
            let keep = case.stated("", "kept for", keep, TIME);
            // Without a horizon what is kept for a limited time is all there will be.
            let time = match case.value(outlook.horizon) {
                Some(_) => {
                    let what = What::between("min(keep, horizon)", TIME);
                    case.graph.minimum(what, vec![keep, outlook.horizon])
                }
                None => keep,
            };
            case.graph.product(what, vec![growth, time])
        }
    }
}

/// Adds what is there today, of data that outlives the horizon.
fn existing(case: &mut Case<'_>, shape: &Shape, data: DataId, kept: FactId, outlook: &Outlook) -> FactId {
    let datum = case.model.datum(data);
    let Some(count) = datum.props.quantity("count") else { return kept };
    let outlives = match (datum.props.number("keep"), case.value(outlook.horizon)) {
        (None, _) => true,
        (Some(keep), Some(horizon)) => keep >= horizon,
        (Some(_), None) => false,
    };
    if !outlives {
        return kept;
    }
    let mut inputs = vec![case.stated("", "how many there are today", count, NUMBER)];
    inputs.extend(datum_size(case, data));
    inputs.extend(shape.factor);
    let label = eco_format!("{} of today", datum.head.name);
    let today = case.graph.product(What::between(label.clone(), DATA), inputs);
    case.graph
        .sum(What::between(eco_format!("{label} and of the time to the horizon"), DATA), vec![today, kept])
}

/// When bytes per replica reach the disk; infinite where what expires keeps them below it.
fn full_in(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    growth: FactId,
    keeps: &[FactId],
    _horizon: FactId,
) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "storage.full_in_s", TIME);
    let Some(disk) = element.props.quantity("disk") else {
        let id = case.graph.missing(what, eco_format!("{name}.disk"));
        case.graph.alias(eco_format!("{name}.disk_full_in"), id);
        return id;
    };
    let disk = case.stated(eco_format!("{name}.disk"), "disk of one replica", disk, DATA);
    let _ = keeps;
    let text = "disk × replicas / bytes per second; never where nothing is added";
    let id = case.graph.formula(what, text, vec![disk, shape.declared, growth], |v| {
        Ok(if v[2] > 0.0 { v[0] * v[1] / v[2] } else { f64::INFINITY })
    });
    case.graph.alias(eco_format!("{name}.disk_full_in"), id);
    id
}
