//! The time of a flow's answer: distributions over its call tree, and hard bounds.

use super::calls::{Calls, Cause, Hop};
use super::case::Case;
use super::compose::{Answers, Composed, Timed};
use super::derivation::FactId;
use super::derive::{TIME, What};
use super::facts::Percentiles;
use super::network_time::{Network, Wire};
use super::own_time::{Law, OwnTime};
use super::scope::Scopes;
use super::shape::Shape;
use super::shared::{self, Memo, Shared};
use super::waiting::Wait;
use crate::math;
use crate::model::{ElementId, Flow, FlowId, Guarded, Operation};
use crate::numeric::distribution::Distribution;
use crate::numeric::interval::Interval;
use crate::numeric::normal;
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What times rest on.
pub struct Basis<'b> {
    /// Shapes by element.
    pub shapes: &'b [Shape],
    /// Own times by element.
    pub own: &'b [OwnTime],
    /// Waiting by element.
    pub waits: &'b [Wait],
    /// Hit ratios by element.
    pub hits: &'b [Option<FactId>],
}

/// Distributions that were computed already, in any case of the design: elements of one making have one.
#[derive(Default)]
pub struct Known {
    services: RefCell<FxHashMap<ServiceKey, Rc<Distribution>>>,
    hops: RefCell<FxHashMap<HopKey, Rc<Distribution>>>,
    memo: Memo,
}

impl Known {
    /// Whether so much is kept that sums are kept no longer.
    pub fn is_full(&self) -> bool {
        self.services.borrow().len() + self.hops.borrow().len() > shared::KEPT || self.memo.is_full()
    }
}

/// The bits of a law and of a waiting time.
type ServiceKey = (u8, u64, u64, u64, u64);
/// The times on the wire with their probabilities, the service, the time between two polls.
type HopKey = (Vec<(u64, u64)>, *const Distribution, u64);

/// Times of elements and hops, computed once.
pub struct Clock<'b> {
    /// What they rest on.
    pub basis: Basis<'b>,
    known: &'b Known,
    network: Network,
    service: Vec<Option<Timed<Rc<Distribution>>>>,
}

/// The times of one flow.
pub struct FlowTimes<'k> {
    /// Its call tree.
    pub scopes: Scopes,
    /// Each hop by itself.
    pub alone: Vec<Timed<Shared<'k>>>,
    /// Each hop with all that its callee waits for, once.
    pub once: Vec<Timed<Shared<'k>>>,
    /// On the wire, by hop.
    pub wires: Vec<Timed<Wire>>,
    /// The answer.
    pub answer: Timed<Shared<'k>>,
    /// Its hard bounds, without waiting.
    pub bounds: Timed<Interval>,
    /// Misses of the caches that it reads.
    pub misses: Vec<Option<Timed<f64>>>,
    /// The share of the calls of each hop that a cdn before it lets through.
    pub passed: Vec<f64>,
}

impl<'b> Clock<'b> {
    /// A clock for a case.
    pub fn new(basis: Basis<'b>, known: &'b Known) -> Clock<'b> {
        let service = vec![None; basis.own.len()];
        Clock { basis, known, network: Network::default(), service }
    }

    /// Waiting and work at an element.
    fn service(&mut self, case: &mut Case<'_>, id: ElementId) -> Timed<Rc<Distribution>> {
        if let Some(known) = &self.service[id.index()] {
            return known.clone();
        }
        let time = self.serve(case, id);
        self.service[id.index()] = Some(time.clone());
        time
    }

    fn serve(&self, case: &mut Case<'_>, id: ElementId) -> Timed<Rc<Distribution>> {
        let (own, wait) = (&self.basis.own[id.index()], &self.basis.waits[id.index()]);
        let law = match own.law {
            Law::Constant(t) => (0, t, 0.0),
            Law::Exponential(mean) => (1, mean, 0.0),
            Law::Lognormal(median, sigma) => (2, median, sigma),
            Law::Bounds(..) | Law::Unknown => return Err(own.mean),
        };
        if wait.overloaded {
            return Err(wait.facts.0);
        }
        if wait.waiting.is_none() && own.law != Law::Constant(0.0) {
            unloaded(case);
        }
        let waiting = wait.waiting.filter(|w| w.probability > 0.0);
        let (p, mean) = waiting.map_or((0.0, 0.0), |w| (w.probability, w.mean_if_waiting));
        let key = (law.0, law.1.to_bits(), law.2.to_bits(), p.to_bits(), mean.to_bits());
        if let Some(known) = self.known.services.borrow().get(&key) {
            return Ok(known.clone());
        }
        let work = work(own.law);
        let time = Rc::new(waiting.map_or_else(|| work.clone(), |w| Distribution::waiting(w).then(&work)));
        self.known.services.borrow_mut().insert(key, time.clone());
        Ok(time)
    }

    /// The times of a flow.
    pub fn times(&mut self, case: &mut Case<'_>, id: FlowId, calls: &Calls) -> FlowTimes<'b> {
        let flow = case.model.flow(id);
        let scopes = Scopes::of(flow, calls);
        let mut alone = Vec::with_capacity(calls.hops.len());
        let mut wires = Vec::with_capacity(calls.hops.len());
        let mut misses = Vec::with_capacity(calls.hops.len());
        let mut passed = Vec::with_capacity(calls.hops.len());
        for hop in &calls.hops {
            let from = flow.step(hop.step).props.word("from");
            let wire = self.network.wire(case, hop, self.basis.shapes, from);
            let time = self.alone(case, hop, &wire);
            alone.push(time.map(|t| self.known.memo.share(t)));
            wires.push(wire);
            misses.push(self.miss(case, hop));
            passed.push(self.passed(case, hop));
        }
        let answers = Leaves { alone: &alone, misses: &misses, passed: &passed, case, flow };
        let composed = Composed::of(flow, calls, &scopes, &answers);
        let (mut answer, once) = (composed.answer(), composed.once);
        if flow.steps.is_empty() {
            let need = eco_format!("a step of {}", flow.head.name);
            answer = Err(case.graph.missing(What::between("", TIME), need));
        }
        let bounds = self.bounds(case, flow, calls, &scopes, &wires, (&misses, &passed));
        FlowTimes { scopes, alone, once, wires, answer, bounds, misses, passed }
    }

    fn alone(&mut self, case: &mut Case<'_>, hop: &Hop, wire: &Timed<Wire>) -> Timed<Rc<Distribution>> {
        let service = self.service(case, hop.to)?;
        let wire = wire.as_ref().map_err(|missing| *missing)?;
        // A consumer that asks every so often finds a message after any part of that time.
        let broker = case.element(hop.from);
        let consumes = hop.operation == Operation::Consume && broker.kind.is_broker();
        let every = broker.props.number("poll").filter(|_| consumes).unwrap_or(0.0);
        let bits = wire.parts.iter().map(|(p, t)| (p.to_bits(), t.to_bits())).collect();
        // The cache keeps every service that it gave out, so no address is used twice.
        let key: HopKey = (bits, Rc::as_ptr(&service), every.to_bits());
        if let Some(known) = self.known.hops.borrow().get(&key) {
            return Ok(known.clone());
        }
        let constants: Vec<Distribution> =
            wire.parts.iter().map(|(_, t)| Distribution::constant(*t)).collect();
        let parts: Vec<(f64, &Distribution)> =
            wire.parts.iter().zip(&constants).map(|((p, _), d)| (*p, d)).collect();
        let mut time = Distribution::mixture(&parts).then(&service);
        if every > 0.0 {
            time = Distribution::uniform(0.0, every).then(&time);
        }
        let time = Rc::new(time);
        self.known.hops.borrow_mut().insert(key, time.clone());
        Ok(time)
    }

    fn miss(&self, case: &mut Case<'_>, hop: &Hop) -> Option<Timed<f64>> {
        let cache = if hop.cause == Cause::ReadThrough { hop.from } else { hop.to };
        let hit = self.basis.hits[cache.index()]?;
        Some(case.value(hit).map(|h| 1.0 - h).ok_or(hit))
    }

    /// The share of a hop's calls that a cdn before it lets through; one without a hit ratio passes everything on.
    fn passed(&self, case: &Case<'_>, hop: &Hop) -> f64 {
        let hit = hop.behind.and_then(|cdn| case.value(self.basis.hits[cdn.index()]?));
        hit.map_or(1.0, |hit| 1.0 - hit)
    }

    fn bounds(
        &self,
        case: &mut Case<'_>,
        flow: &Flow,
        calls: &Calls,
        scopes: &Scopes,
        wires: &[Timed<Wire>],
        (misses, passed): (&[Option<Timed<f64>>], &[f64]),
    ) -> Timed<Interval> {
        let within = |at: usize| -> Timed<Interval> {
            let own = &self.basis.own[calls.hops[at].to.index()];
            let wire = wires[at].as_ref().map_err(|missing| *missing)?;
            let times = || wire.parts.iter().map(|(_, t)| *t);
            let wire = Interval::between(times().fold(f64::INFINITY, f64::min), times().fold(0.0, f64::max));
            match own.law {
                Law::Constant(t) => Ok(wire.then(Interval::exactly(t))),
                Law::Bounds(lo, hi) => Ok(wire.then(Interval::between(lo, hi))),
                Law::Exponential(_) | Law::Lognormal(..) | Law::Unknown => Err(own.mean),
            }
        };
        let alone: Vec<Timed<Interval>> = (0..calls.hops.len()).map(within).collect();
        let answers = Leaves { alone: &alone, misses, passed, case, flow };
        Composed::of(flow, calls, scopes, &answers).answer()
    }
}

/// What a walk asks, answered from tables.
pub struct Leaves<'l, 'm, T> {
    /// Each hop by itself.
    pub alone: &'l [Timed<T>],
    /// Misses by hop.
    pub misses: &'l [Option<Timed<f64>>],
    /// What cdns let through, by hop.
    pub passed: &'l [f64],
    /// The case.
    pub case: &'l Case<'m>,
    /// The flow.
    pub flow: &'l Flow,
}

impl<T: Clone> Leaves<'_, '_, T> {
    fn missed(&self, at: usize) -> Timed<f64> {
        self.misses.get(at).copied().flatten().unwrap_or(Ok(1.0))
    }

    /// The share of a hop's calls that a cdn before it lets through.
    pub fn through(&self, at: usize) -> f64 {
        self.passed.get(at).copied().unwrap_or(1.0)
    }

    fn down(&self, guarded: Guarded) -> bool {
        let failed = |id| self.case.overrides.is_failed(id);
        match guarded {
            Guarded::Step(step) => failed(self.flow.step(step).to),
            Guarded::Block(block) => self
                .flow
                .steps()
                .any(|(id, step)| failed(step.to) && self.flow.enclosing(id).any(|b| b == block)),
        }
    }
}

impl<'k> Answers<Shared<'k>> for Leaves<'_, '_, Shared<'k>> {
    fn alone(&self, at: usize) -> Timed<Shared<'k>> {
        self.alone[at].clone()
    }

    fn miss(&self, at: usize) -> Timed<f64> {
        self.missed(at)
    }

    fn passed(&self, at: usize) -> f64 {
        self.through(at)
    }

    fn is_down(&self, guarded: Guarded) -> bool {
        self.down(guarded)
    }
}

impl Answers<Interval> for Leaves<'_, '_, Interval> {
    fn alone(&self, at: usize) -> Timed<Interval> {
        self.alone[at]
    }

    fn miss(&self, at: usize) -> Timed<f64> {
        self.missed(at)
    }

    fn passed(&self, at: usize) -> f64 {
        self.through(at)
    }

    fn is_down(&self, guarded: Guarded) -> bool {
        self.down(guarded)
    }
}

/// The distribution of an own time; of one that has none, no time at all.
fn work(law: Law) -> Distribution {
    match law {
        Law::Constant(t) => Distribution::constant(t),
        Law::Exponential(mean) => Distribution::exponential(mean),
        Law::Lognormal(median, sigma) => {
            Distribution::lognormal(median, median * math::exp(normal::Z99 * sigma))
        }
        Law::Bounds(..) | Law::Unknown => Distribution::constant(0.0),
    }
}

fn unloaded(case: &mut Case<'_>) {
    case.graph.assume(super::derivation::Assumed {
        what: "waiting where the load, or capacity and concurrency, are not given".into(),
        value: 0.0,
        unit: TIME,
        source: "such elements are taken as unloaded".into(),
    });
}

/// Everything that the times of a flow rest on: each number once, in the order of the hops.
pub fn inputs(
    calls: &Calls,
    times: &FlowTimes<'_>,
    basis: &Basis<'_>,
    which: impl Fn(&Hop) -> bool,
) -> Vec<FactId> {
    let mut inputs = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (at, hop) in calls.hops.iter().enumerate() {
        if !which(hop) {
            continue;
        }
        let to = hop.to.index();
        let mut add = |id: FactId| {
            if seen.insert(id) {
                inputs.push(id);
            }
        };
        if let Ok(wire) = &times.wires[at] {
            wire.inputs.iter().for_each(|id| add(*id));
        }
        add(basis.own[to].mean);
        if basis.waits[to].waiting.is_some() {
            add(basis.waits[to].facts.0);
        }
        if let (Some(Ok(_)), Some(hit)) = (times.misses[at], basis.hits[to]) {
            add(hit);
        }
        if let Some(hit) = hop.behind.filter(|_| times.passed[at] < 1.0).and_then(|c| basis.hits[c.index()]) {
            add(hit);
        }
    }
    inputs
}

/// How times of flows are computed.
pub const TEXT: &str =
    "call tree: sums by convolution, branches mixed by probability, the greatest of what runs at once";

/// Mean and percentiles of a time as facts.
pub fn percentiles(
    case: &mut Case<'_>,
    flow: &str,
    prefix: &str,
    time: &Timed<Shared<'_>>,
    (text, inputs): (&str, &[FactId]),
) -> Percentiles {
    let figures = time.as_ref().map(|t| t.percentiles());
    let mut fact = |metric: &str, value: fn(&crate::numeric::distribution::Percentiles) -> f64| {
        let name = eco_format!("{prefix}{metric}");
        let long: EcoString = match prefix {
            "" => eco_format!("{flow}.latency_s.{metric}"),
            _ => eco_format!("{flow}.completed_s.{metric}"),
        };
        let what = What::of(flow, &name, TIME);
        let id = match &figures {
            Ok(figures) => {
                let operation = super::derivation::Operation::Formula(case.graph.text(text));
                case.graph.put(what, Some(value(figures)), operation, inputs.to_vec())
            }
            Err(missing) => {
                case.graph.alias(eco_format!("{flow}.{name}"), **missing);
                **missing
            }
        };
        case.graph.alias(long, id);
        id
    };
    Percentiles {
        mean: fact("mean", |f| f.mean),
        p50: fact("p50", |f| f.p50),
        p95: fact("p95", |f| f.p95),
        p99: fact("p99", |f| f.p99),
        p999: fact("p999", |f| f.p999),
    }
}

/// The hard bounds of a flow's answer as facts.
pub fn bounds(case: &mut Case<'_>, flow: &str, bounds: &Timed<Interval>) -> (FactId, FactId) {
    let mut fact = |metric: &str, value: fn(&Interval) -> f64| {
        let what = What::of(flow, metric, TIME);
        match bounds {
            Ok(bounds) if value(bounds).is_finite() => {
                let text = "interval sums over the call tree, without waiting";
                case.graph.formula(what, text, Vec::new(), |_| Ok(value(bounds)))
            }
            Ok(_) => case.graph.missing(what, eco_format!("an upper bound of every latency of {flow}")),
            Err(missing) => {
                case.graph.alias(eco_format!("{flow}.{metric}"), *missing);
                *missing
            }
        }
    };
    (fact("min", |b| b.low), fact("max", |b| b.high))
}
