//! How soon reads see what a store acknowledged, where reads and writes ask some of its copies: t-visibility.
//!
//! The delays are stated (`replication { propagation { … } }`), else the store's own time and the network between its
//! zones. Knows nothing of levels of consistency: those are [`super::consistency`]'s.

use super::case::Case;
use super::consistency::quorum;
use super::derivation::{FactId, Operation, Unit};
use super::derive::{NUMBER, TIME, What};
use super::network_time::{Network, Wire};
use super::own_time::{self, Law, OwnTime};
use crate::model::{Element, ElementId};
use crate::numeric::visibility::{Delay, Store, Visibility as Sampled, Way};
use crate::quantity::{Quantity, percent};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The seed of every sample: the same design gives the same figures.
const SEED: u64 = 1;

/// How soon reads see what was acknowledged.
#[derive(Clone, Debug)]
pub struct Visibility {
    /// Share of the reads that see a write if they start when it is acknowledged.
    pub at_once: FactId,
    /// How long after that 99% of the reads see it (s).
    pub p99: FactId,
    /// How long after that 99.9% of the reads see it (s).
    pub p999: FactId,
    /// How far the sampling may err; `None` where it is exact or not evaluated.
    pub error: Option<SamplingError>,
}

/// How far what is sampled may be from what more samples would give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SamplingError {
    /// Sampled reads.
    pub samples: usize,
    /// Standard error of the share that is fresh at once.
    pub at_once: f64,
    /// The 95% interval of the time of 99% (s).
    pub p99: (f64, f64),
    /// The 95% interval of the time of 99.9% (s).
    pub p999: (f64, f64),
}

/// What was sampled already, in any case of the design.
#[derive(Default)]
pub struct Known(RefCell<FxHashMap<EcoString, Option<Rc<Sampled>>>>);

impl Known {
    /// Whether so much is kept that nothing more should be.
    pub fn is_full(&self) -> bool {
        self.0.borrow().len() >= 16
    }

    fn sample(&self, store: &Store) -> Option<Rc<Sampled>> {
        let key = eco_format!("{store:?}");
        if let Some(known) = self.0.borrow().get(&key) {
            return known.clone();
        }
        let found = store.sample(SEED).map(Rc::new);
        self.0.borrow_mut().insert(key, found.clone());
        found
    }
}

const NAMES: [(&str, Unit); 3] =
    [("visibility.at_once", Unit::Share), ("visibility.p99", TIME), ("visibility.p999", TIME)];

/// How soon reads of a store see what it acknowledged; `None` for what states no quorums.
pub fn visibility(case: &mut Case<'_>, id: ElementId, own: &OwnTime, known: &Known) -> Option<Visibility> {
    let element = case.element(id);
    if element.kind != Kind::Store {
        return None;
    }
    let found = match quorum::quorum(element)? {
        Ok(quorum) => quorum,
        Err(need) => return Some(missing(case, element, &need)),
    };
    let (Some(n), Some(r), Some(w)) = (found.n, found.r, found.w) else {
        if found.overlaps {
            return Some(always(case, element, &[]));
        }
        return Some(missing(case, element, &eco_format!("{}.replication.factor", element.head.name)));
    };
    let texts = found.grounds.iter().map(|ground| &ground.text);
    let labels = ["copies of each datum", "copies that a read waits for", "copies that a write waits for"];
    let counts: Vec<FactId> = [n, r, w]
        .into_iter()
        .zip(labels)
        .zip(texts)
        .map(|((count, label), text)| {
            let what = What::between(label, NUMBER);
            case.graph.put(what, Some(count as f64), Operation::Formula(text.clone()), Vec::new())
        })
        .collect();
    if found.overlaps {
        return Some(always(case, element, &counts));
    }
    if !case.overrides.failed_zones.is_empty() || case.overrides.is_failed(id) {
        let need = eco_format!("which copies of {} answer in this scenario", element.head.name);
        return Some(missing(case, element, &need));
    }
    Some(match store(case, id, (n, r, w), own) {
        Err(need) => missing(case, element, &need),
        Ok((store, mut inputs)) => match known.sample(&store) {
            None => missing(case, element, "quorums within the copies"),
            Some(sampled) => {
                inputs.splice(0..0, counts);
                facts(case, element, &sampled, &inputs)
            }
        },
    })
}

fn missing(case: &mut Case<'_>, element: &Element, need: &str) -> Visibility {
    let name = &element.head.name;
    let [at_once, p99, p999] =
        NAMES.map(|(metric, unit)| case.graph.missing(What::of(name, metric, unit), need));
    Visibility { at_once, p99, p999, error: None }
}

/// Reads meet writes: nothing is sampled.
fn always(case: &mut Case<'_>, element: &Element, counts: &[FactId]) -> Visibility {
    let name = &element.head.name;
    let text = "R + W > N: every read meets every write that was acknowledged before it";
    let mut of = |(metric, unit): (&str, Unit), value: f64| {
        case.graph.formula(What::of(name, metric, unit), text, counts.to_vec(), |_| Ok(value))
    };
    let [at_once, p99, p999] = [of(NAMES[0], 1.0), of(NAMES[1], 0.0), of(NAMES[2], 0.0)];
    Visibility { at_once, p99, p999, error: None }
}

/// The delays between a caller and a copy, with the numbers they rest on.
fn store(
    case: &mut Case<'_>,
    id: ElementId,
    (n, r, w): (u64, u64, u64),
    own: &OwnTime,
) -> Result<(Store, Vec<FactId>), EcoString> {
    let mut inputs = Vec::new();
    let stated =
        |leg: &str| case.element(id).props.at(&eco_format!("replication.propagation.{leg}")).is_some();
    let legs = ["write", "acknowledge", "request", "response"];
    let wires = if legs.iter().all(|leg| stated(leg)) { None } else { Some(wire(case, id)?) };
    let mut delays = Vec::with_capacity(4);
    let mut works = false;
    for leg in legs {
        let given = case.element(id).props.at(&eco_format!("replication.propagation.{leg}")).is_some();
        let works_here = !given && matches!(leg, "write" | "response");
        let law = if given {
            let (law, facts) =
                own_time::stated_law(case, id, &eco_format!("replication.propagation.{leg}"), leg);
            inputs.extend(facts);
            law
        } else if works_here {
            works = true;
            own.law
        } else {
            Law::Constant(0.0)
        };
        let need = || {
            let name = &case.element(id).head.name;
            let path = if given { eco_format!("replication.propagation.{leg}") } else { "latency".into() };
            eco_format!("{name}.{path}.p50")
        };
        let delay = match law {
            Law::Constant(time) => Delay::Constant(time),
            Law::Exponential(mean) => Delay::Exponential(mean),
            Law::Lognormal(median, sigma) => Delay::Lognormal(median, sigma),
            Law::Bounds(..) | Law::Unknown => return Err(need()),
        };
        delays.push((given, delay));
    }
    if works {
        inputs.push(own.mean);
    }
    let [write, acknowledge, request, response] = delays[..] else { return Err("four delays".into()) };
    let halves = half(wires.as_ref());
    inputs.extend(wires.into_iter().flat_map(|wire| wire.inputs));
    let way = |out: (bool, Delay), back: (bool, Delay)| Way {
        wire: halves.clone(),
        wired: (!out.0, !back.0),
        out: out.1,
        back: back.1,
    };
    let store = Store { n, r, w, write: way(write, acknowledge), read: way(request, response) };
    Ok((store, inputs))
}

/// One way of a round trip.
fn half(wire: Option<&Wire>) -> Vec<(f64, f64)> {
    wire.map(|wire| wire.parts.iter().map(|(p, time)| (*p, time / 2.0)).collect()).unwrap_or_default()
}

/// Between a caller beside one copy and any copy.
fn wire(case: &mut Case<'_>, id: ElementId) -> Result<Wire, EcoString> {
    Network::default().among(case, id).ok_or_else(|| {
        eco_format!("{}.replication.propagation, as its copies are in several regions", case.name(id))
    })
}

const MODEL: &str = "the WARS model of Bailis et al., VLDB 2012: no copy fails or waits, no repair helps";

fn facts(case: &mut Case<'_>, element: &Element, sampled: &Sampled, inputs: &[FactId]) -> Visibility {
    let name = &element.head.name;
    let share = sampled.fresh_after(0.0);
    let error = SamplingError {
        samples: sampled.trials(),
        at_once: sampled.error(share),
        p99: sampled.time_between(0.99),
        p999: sampled.time_between(0.999),
    };
    let samples = error.samples;
    let [shown, times @ ..] = NAMES;
    let text = format!("{samples} sampled reads, standard error {}; {MODEL}", percent(error.at_once));
    let at_once = case.graph.formula(What::of(name, shown.0, shown.1), &text, inputs.to_vec(), |_| Ok(share));
    let time = |seconds: f64| Quantity::seconds(seconds).human();
    let mut of = |(metric, unit): (&str, Unit), share: f64, (low, high): (f64, f64)| {
        let text = format!("{samples} sampled reads, 95% interval {} to {}; {MODEL}", time(low), time(high));
        let value = sampled.time(share);
        case.graph.formula(What::of(name, metric, unit), &text, inputs.to_vec(), |_| Ok(value))
    };
    let (p99, p999) = (of(times[0], 0.99, error.p99), of(times[1], 0.999, error.p999));
    Visibility { at_once, p99, p999, error: Some(error) }
}
