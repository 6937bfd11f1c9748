//! The own time of an element for one call: unloaded, without the calls that it makes.

use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, TIME, What};
use crate::math;
use crate::model::{Element, ElementId, Scalar};
use crate::numeric::normal;
use crate::schema::Kind;
use ecow::eco_format;

/// How the own time is distributed; seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Always the same.
    Constant(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal with this median and sigma.
    Lognormal(f64, f64),
    /// Only bounds are known.
    Bounds(f64, f64),
    /// Nothing is known.
    Unknown,
}

impl Law {
    /// The squared coefficient of variation: variance over squared mean.
    pub fn variability(self) -> f64 {
        match self {
            Law::Exponential(_) => 1.0,
            Law::Lognormal(_, sigma) => math::exp_m1(sigma * sigma),
            Law::Constant(_) | Law::Bounds(..) | Law::Unknown => 0.0,
        }
    }
}

/// The own time of an element.
#[derive(Clone, Copy, Debug)]
pub struct OwnTime {
    /// Its mean.
    pub mean: FactId,
    /// Its distribution, slowed down by the scenario.
    pub law: Law,
}

/// The own time of every element.
pub fn own_times(case: &mut Case<'_>) -> Vec<OwnTime> {
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    let mut pass = None;
    ids.into_iter().map(|id| own_time(case, id, &mut pass)).collect()
}

fn own_time(case: &mut Case<'_>, id: ElementId, pass: &mut Option<FactId>) -> OwnTime {
    let element = case.element(id);
    let name = &element.head.name;
    let slow = case.overrides.latency.get(&id);
    let factor = slow.map_or(1.0, Scalar::value);
    let Some((law, text, parts)) = typical(element, "latency", factor) else {
        return without_mean(case, id, factor, pass);
    };
    let mut inputs: Vec<FactId> =
        parts.into_iter().map(|(label, scalar)| case.stated("", label, scalar, TIME)).collect();
    if let Some(slow) = slow {
        inputs.push(case.stated("", "factor of the scenario", slow, NUMBER));
    }
    let value = mean_of(law);
    let what = What::of(name, "latency.mean", TIME).labelled(eco_format!("mean own time of {name}"));
    let mean = case.graph.formula(what, text, inputs, |_| value.ok_or_else(|| "a time".into()));
    OwnTime { mean, law }
}

/// A law with the formula of its mean, and the numbers that state it.
type Typical<'m> = (Law, &'static str, Vec<(&'static str, &'m Scalar)>);

/// What a block of latencies says of the typical time; `None` where it says none.
fn typical<'m>(element: &'m Element, path: &str, factor: f64) -> Option<Typical<'m>> {
    let at = |key: &str| element.props.quantity(&eco_format!("{path}.{key}"));
    Some(match (at("mean"), at("p50"), at("p99")) {
        (Some(mean), _, _) => (Law::Exponential(mean.value() * factor), "mean", vec![("mean", mean)]),
        (None, Some(p50), Some(p99)) if p99.value() > p50.value() && p50.value() > 0.0 => {
            let sigma = math::ln(p99.value() / p50.value()) / normal::Z99;
            let law = Law::Lognormal(p50.value() * factor, sigma);
            (law, "lognormal: p50 × exp(σ²/2), σ = ln(p99/p50) / 2.3263", vec![("p50", p50), ("p99", p99)])
        }
        (None, Some(p50), _) => (Law::Constant(p50.value() * factor), "constant", vec![("p50", p50)]),
        (None, None, _) => return None,
    })
}

/// A law that a block of latencies states, and its numbers; unknown where it says nothing typical.
pub fn stated_law(case: &mut Case<'_>, id: ElementId, path: &str, label: &str) -> (Law, Vec<FactId>) {
    let Some((law, _, parts)) = typical(case.element(id), path, 1.0) else {
        return (Law::Unknown, Vec::new());
    };
    let fact = |(key, scalar): (&str, &Scalar)| case.stated("", &eco_format!("{label} {key}"), scalar, TIME);
    (law, parts.into_iter().map(fact).collect())
}

/// The mean of a law, where it has one.
pub fn mean_of(law: Law) -> Option<f64> {
    match law {
        Law::Constant(t) | Law::Exponential(t) => Some(t),
        Law::Lognormal(median, sigma) => Some(median * math::exp(sigma * sigma / 2.0)),
        Law::Bounds(lo, hi) if lo == hi => Some(lo),
        Law::Bounds(..) | Law::Unknown => None,
    }
}

/// Nothing says what is typical: bounds, what only passes requests on, or a need.
fn without_mean(case: &mut Case<'_>, id: ElementId, factor: f64, pass: &mut Option<FactId>) -> OwnTime {
    let element = case.element(id);
    let name = &element.head.name;
    let bounds = (element.props.number("latency.min"), element.props.number("latency.max"));
    let what = What::of(name, "latency.mean", TIME);
    if bounds.0.is_some() || bounds.1.is_some() {
        let law =
            Law::Bounds(bounds.0.unwrap_or(0.0) * factor, bounds.1.map_or(f64::INFINITY, |hi| hi * factor));
        let mean = case.graph.missing(what, eco_format!("{name}.latency.p50"));
        return OwnTime { mean, law };
    }
    if element.kind.passes_through() {
        let zero = *pass.get_or_insert_with(|| {
            case.graph.assumed(
                What::between("own time of what passes requests on", TIME),
                "latency of balancers, gateways and cdns where none is given",
                0.0,
                "default of sysd: they are taken as fast against what they stand before",
            )
        });
        return OwnTime { mean: zero, law: Law::Constant(0.0) };
    }
    if element.kind == Kind::Actor {
        let zero = case.graph.constant(what.labelled("people's own time does not count"), 0.0);
        return OwnTime { mean: zero, law: Law::Constant(0.0) };
    }
    let mean = case.graph.missing(what, eco_format!("{name}.latency"));
    OwnTime { mean, law: Law::Unknown }
}
