//! What is kept: bytes a day, bytes at the horizon, when the disk is full.

use super::calls::{Calls, touches};
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{BANDWIDTH, DATA, NUMBER, RATE, TIME, What};
use super::growth::Outlook;
use super::network::datum_size;
use super::rates::Rates;
use super::shape::Shape;
use crate::catalog::Technology;
use crate::math;
use crate::model::{DataId, ElementId, Operation, Touched};
use crate::quantity::DAY;
use crate::schema::Kind;
use ecow::eco_format;
use std::collections::BTreeMap;

/// Bytes a day, bytes at the horizon, seconds until the disk is full.
pub type Storage = (FactId, FactId, FactId);

/// How the disks of an element fill.
pub struct Filling {
    /// Bytes that they hold.
    room: f64,
    /// Bytes that are there today.
    today: f64,
    /// What is written, and how it grows.
    series: Series,
}

impl Filling {
    /// The share of the disks that is used in so many seconds.
    pub fn share(&self, at: f64) -> f64 {
        if self.room > 0.0 { (self.today + self.series.held(at)) / self.room } else { f64::INFINITY }
    }
}

/// Bytes a second of each datum today with the time for which each is kept, and how the rates grow.
#[derive(Clone)]
struct Series {
    parts: Vec<(f64, f64)>,
    rising: Rising,
}

/// How the rates of writes grow: by `factor` in each `period` seconds, day by day.
#[derive(Clone, Copy)]
struct Rising {
    factor: f64,
    period: f64,
}

impl Rising {
    /// Seconds of today's writes that are written between two times: the integral of factor^(t/period).
    fn between(self, from: f64, to: f64) -> f64 {
        if self.is_level() {
            return to - from;
        }
        let rate = math::ln(self.factor) / self.period;
        math::exp(rate * from) * math::exp_m1(rate * (to - from)) / rate
    }

    fn is_level(self) -> bool {
        self.factor == 1.0 || self.factor <= 0.0
    }
}

impl Series {
    /// Bytes that are held in so many seconds, without what is there today.
    fn held(&self, at: f64) -> f64 {
        self.parts.iter().map(|(bytes, keep)| bytes * self.rising.between((at - keep).max(0.0), at)).sum()
    }

    /// When an amount is reached; infinite where it never is.
    ///
    /// Between two of the times for which data are kept the bytes held are `a·x - b` of x = factor^(t/period), or of
    /// x = t where nothing grows: a line, whose crossing is exact.
    fn time_to_reach(mut self, amount: f64) -> f64 {
        self.parts.sort_by(|a, b| a.1.total_cmp(&b.1));
        let Series { parts, rising } = &self;
        let mut start = 0.0;
        for at in 0..=parts.len() {
            let end = parts.get(at).map_or(f64::INFINITY, |p| p.1);
            let (expiring, filling) = parts.split_at(at);
            let bytes = |parts: &[(f64, f64)]| parts.iter().map(|p| p.0).sum::<f64>();
            let time = if rising.is_level() {
                let settled: f64 = expiring.iter().map(|(bytes, keep)| bytes * keep).sum();
                (amount - settled) / bytes(filling)
            } else {
                let rate = math::ln(rising.factor) / rising.period;
                let held = |p: &(f64, f64)| -p.0 * math::exp_m1(-rate * p.1);
                let slope = (bytes(filling) + expiring.iter().map(held).sum::<f64>()) / rate;
                math::ln((amount + bytes(filling) / rate) / slope) / rate
            };
            // Rounding may place a crossing at the very start of a stretch a little before it.
            if self.held(start) >= amount {
                return start;
            }
            if time >= start && time <= end {
                return time;
            }
            start = end;
            if start.is_infinite() {
                break;
            }
        }
        f64::INFINITY
    }
}

/// What an element keeps of its writes (a store) or publishes (a queue or topic).
pub fn storage(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    ends: &[(usize, usize)],
    (calls, rates, outlook): (&[Calls], &Rates, &Outlook),
) -> (Storage, Option<Filling>) {
    let element = case.element(id);
    let name = &element.head.name;
    if element.kind != Kind::Store && !element.kind.is_broker() {
        let none = case.graph.not_applicable(What::of(name, "storage", DATA));
        return ((none, none, none), None);
    }
    let (written, unsized_writes) = written(case, id, ends, calls, rates);
    let mut parts = Vec::new();
    for (data, rates) in written {
        let growth = datum_growth(case, id, shape, data, rates);
        let keep = keep(case, id, data);
        let today = today(case, shape, data, keep, outlook);
        parts.push(Part { growth, keep, today });
    }
    let mut growths: Vec<FactId> = parts.iter().map(|p| p.growth).collect();
    let mut keeps: Vec<FactId> = parts.iter().map(|p| kept(case, id, p, outlook)).collect();
    growths.extend(unsized_writes);
    keeps.extend(unsized_writes);
    let label = "average writes × size × factor × (1 + index overhead)";
    let growth = case.graph.sum(What::between(eco_format!("growth of {name}: {label}"), BANDWIDTH), growths);
    let day = What::of(name, "storage.bytes_per_day", DATA);
    let day = case.graph.formula(day, "bytes per second × 86 400 s", vec![growth], |v| Ok(v[0] * DAY));
    let horizon = case.graph.sum(What::of(name, "storage.bytes_at_horizon", DATA), keeps);
    let (full, filling) = full_in(case, id, shape, (growth, outlook), &parts);
    ((day, horizon, full), filling)
}

/// What is kept of one datum.
struct Part {
    /// Bytes per second.
    growth: FactId,
    /// For how long each is kept; `None`: forever.
    keep: Option<FactId>,
    /// Bytes that are there today.
    today: Option<FactId>,
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

/// For how long a datum is kept: as it says itself; in a queue or topic its retention.
fn keep(case: &mut Case<'_>, id: ElementId, data: DataId) -> Option<FactId> {
    let element = case.element(id);
    if !element.kind.is_broker() {
        let keep = case.model.datum(data).props.quantity("keep")?;
        return Some(case.stated("", "kept for", keep, TIME));
    }
    if let Some(retention) = element.props.quantity("retention") {
        return Some(case.stated("", "retention", retention, TIME));
    }
    if element.props.has("retention") {
        return None;
    }
    let known = element.tech().and_then(Technology::retention_default_s)?;
    Some(case.graph.catalogued(What::between("retention", TIME), &known.fact, &known))
}

/// How rates of writes grow; level where the workload says nothing.
fn rising(case: &Case<'_>, outlook: &Outlook) -> Rising {
    Rising { factor: case.value(outlook.growth).unwrap_or(1.0), period: outlook.period }
}

/// Bytes of one datum at the horizon: what is written in the last min(keep, horizon), and what is there today.
fn kept(case: &mut Case<'_>, id: ElementId, part: &Part, outlook: &Outlook) -> FactId {
    let label = eco_format!("kept by {} at the horizon", case.name(id));
    let rising = rising(case, outlook);
    let time = match (part.keep, case.value(outlook.horizon)) {
        (None, _) => outlook.horizon,
        // Without a horizon what is kept for a limited time is all there will be.
        (Some(keep), None) => keep,
        (Some(keep), Some(_)) => {
            case.graph.minimum(What::between("min(keep, horizon)", TIME), vec![keep, outlook.horizon])
        }
    };
    let time = match case.value(outlook.horizon) {
        Some(_) if !rising.is_level() => {
            let what = What::between("that time in seconds of today's writes, which grow", TIME);
            let days = rising.period / DAY;
            let text = eco_format!(
                "({days} days / ln growth) × (growth^(horizon / {days} days) - growth^((horizon - time) / {days} days))"
            );
            case.graph.formula(what, &text, vec![time, outlook.growth, outlook.horizon], |v| {
                Ok(rising.between((v[2] - v[0]).max(0.0), v[2]))
            })
        }
        _ => time,
    };
    let added = case.graph.product(What::between(label.clone(), DATA), vec![part.growth, time]);
    match part.today {
        Some(today) => case.graph.sum(What::between(label, DATA), vec![today, added]),
        None => added,
    }
}

/// What is there today, of data that outlives the horizon.
fn today(
    case: &mut Case<'_>,
    shape: &Shape,
    data: DataId,
    keep: Option<FactId>,
    outlook: &Outlook,
) -> Option<FactId> {
    let datum = case.model.datum(data);
    let count = datum.props.quantity("count")?;
    let expires = match (keep.and_then(|k| case.value(k)), case.value(outlook.horizon)) {
        (None, _) => false,
        (Some(keep), Some(horizon)) => keep < horizon,
        (Some(_), None) => true,
    };
    if expires {
        return None;
    }
    let mut inputs = vec![case.stated("", "how many there are today", count, NUMBER)];
    inputs.extend(datum_size(case, data));
    inputs.extend(shape.factor);
    Some(case.graph.product(What::between(eco_format!("{} of today", datum.head.name), DATA), inputs))
}

/// When bytes per replica reach the disk; infinite where what expires keeps them below it.
fn full_in(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    (growth, outlook): (FactId, &Outlook),
    parts: &[Part],
) -> (FactId, Option<Filling>) {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "storage.full_in_s", TIME);
    let alias = eco_format!("{name}.disk_full_in");
    let Some(disk) = element.props.quantity("disk") else {
        let id = case.graph.missing(what, eco_format!("{name}.disk"));
        case.graph.alias(alias, id);
        return (id, None);
    };
    let disk = case.stated(eco_format!("{name}.disk"), "disk of one replica", disk, DATA);
    let value = |id: Option<FactId>, none: f64| id.and_then(|id| case.value(id)).unwrap_or(none);
    let rising = rising(case, outlook);
    let kept = parts.iter().map(|p| (value(Some(p.growth), 0.0), value(p.keep, f64::INFINITY)));
    let series = Series { parts: kept.collect(), rising };
    let today: f64 = parts.iter().map(|p| value(p.today, 0.0)).sum();
    let mut inputs = vec![disk, shape.declared, growth];
    inputs.extend(parts.iter().flat_map(|p| [p.keep, p.today]).flatten());
    let text: ecow::EcoString = if rising.is_level() {
        "when Σ bytes per second × min(time, keep) reaches disk × replicas, with writes as today".into()
    } else {
        inputs.push(outlook.growth);
        eco_format!(
            "when Σ bytes per second × the integral of growth^(t / {} days) over the last min(time, keep) reaches disk × replicas",
            rising.period / DAY
        )
    };
    let room = value(Some(disk), 0.0) * value(Some(shape.declared), 0.0);
    let filling = Filling { room, today, series: series.clone() };
    let id = case.graph.formula(what, &text, inputs, |v| Ok(series.time_to_reach(v[0] * v[1] - today)));
    case.graph.alias(alias, id);
    (id, Some(filling))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(parts: Vec<(f64, f64)>) -> Series {
        Series { parts, rising: Rising { factor: 1.0, period: 1.0 } }
    }

    /// By hand: 3 B/s kept for 10 s and 1 B/s kept forever: 40 B after 10 s, then 1 B/s.
    #[test]
    fn what_expires_stops_growing() {
        let series = level(vec![(1.0, f64::INFINITY), (3.0, 10.0)]);
        assert_eq!(series.clone().time_to_reach(20.0), 5.0);
        assert_eq!(series.clone().time_to_reach(50.0), 20.0);
        assert_eq!(series.clone().time_to_reach(0.0), 0.0);
        assert_eq!(level(vec![(3.0, 10.0)]).time_to_reach(31.0), f64::INFINITY);
        assert_eq!(level(Vec::new()).time_to_reach(5.0), f64::INFINITY);
        assert!((series.held(20.0) - 50.0).abs() < 1e-12);
    }

    /// Closed form: 1 B/s that doubles every 10 s has written 10/ln 2 · (2^{t/10} - 1) bytes. What is kept for 5 s only
    /// is reached later, and where the rate halves instead no more than 10/ln 2 = 14.4 B are ever written.
    #[test]
    fn writes_that_grow_fill_sooner() {
        let ln2 = math::ln(2.0);
        let doubling = Rising { factor: 2.0, period: 10.0 };
        let forever = Series { parts: vec![(1.0, f64::INFINITY)], rising: doubling };
        assert!((forever.held(30.0) - 10.0 / ln2 * 7.0).abs() < 1e-9);
        assert!((forever.time_to_reach(10.0 / ln2 * 7.0) - 30.0).abs() < 1e-9);
        let expiring = Series { parts: vec![(1.0, 5.0), (0.5, 40.0)], rising: doubling };
        for at in [1.0, 5.0, 17.0, 39.0, 40.0, 63.0] {
            let amount = expiring.held(at);
            assert!((expiring.clone().time_to_reach(amount) - at).abs() < 1e-9, "{at}");
        }
        // The same by summing second by second.
        let steps = 40_000;
        let sum: f64 = (0..steps)
            .map(|i| (58.0 + 5.0 * (f64::from(i) + 0.5) / f64::from(steps)) / 10.0)
            .map(|x| math::exp(x * ln2))
            .sum();
        let few = Series { parts: vec![(1.0, 5.0)], rising: doubling };
        assert!((few.held(63.0) / (sum * 5.0 / f64::from(steps)) - 1.0).abs() < 1e-8);
        let halving =
            Series { parts: vec![(1.0, f64::INFINITY)], rising: Rising { factor: 0.5, period: 10.0 } };
        assert_eq!(halving.clone().time_to_reach(14.5), f64::INFINITY);
        assert!((halving.clone().time_to_reach(10.0 / ln2 * 0.875) - 30.0).abs() < 1e-9);
    }
}
