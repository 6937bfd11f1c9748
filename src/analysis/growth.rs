//! Growth, horizon and headroom: how much more the design must carry, and what breaks first.

use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, TIME, What};
use super::facts::{Limit, PATH};
use super::storage::Filling;
use crate::math;
use crate::quantity::{DAY, MONTH, YEAR};
use ecow::eco_format;

/// What the workload says about the future.
pub struct Outlook {
    /// Share of the capacity kept free at peak.
    pub headroom: FactId,
    /// How the load multiplies in `period` seconds; missing where not given.
    pub growth: FactId,
    /// The time in which it does.
    pub period: f64,
    /// How far the design must reach, in seconds; missing where not given.
    pub horizon: FactId,
    /// The load at the horizon over today's, or what is missing for it.
    pub factor: Result<FactId, FactId>,
}

/// Reads the workload.
pub fn outlook(case: &mut Case<'_>) -> Outlook {
    let props = case.model.workload.as_ref().map(|w| &w.props);
    let at = |key: &str| props.and_then(|p| p.quantity(key));
    let headroom = match at("headroom") {
        Some(share) => case.stated("workload.headroom", "headroom", share, Unit::Share),
        None => case.graph.assumed(
            What::of("workload", "headroom", Unit::Share),
            "headroom where none is given",
            0.0,
            "default of sysd",
        ),
    };
    let growth = match at("growth") {
        Some(factor) => case.stated("workload.growth", "growth", factor, NUMBER),
        None => case.graph.missing(What::of("workload", "growth", NUMBER), "workload.growth"),
    };
    let horizon = match at("horizon") {
        Some(time) => case.stated("workload.horizon", "horizon", time, TIME),
        None => case.graph.missing(What::of("workload", "horizon", TIME), "workload.horizon"),
    };
    let per = props.and_then(|p| p.get("growth")).and_then(|p| p.value("per"));
    let period = match per {
        Some(crate::model::Value::Name(word)) => period_of(word),
        Some(crate::model::Value::Word(word)) => period_of(word),
        _ => YEAR,
    };
    let what = What::of("workload", "growth_to_horizon", NUMBER).labelled("load at the horizon over today's");
    let factor = case.graph.formula(
        what,
        &eco_format!("growth ^ (horizon / {} days)", period / DAY),
        vec![growth, horizon],
        |v| if v[0] > 0.0 { Ok(math::pow(v[0], v[1] / period)) } else { Err("a growth above 0".into()) },
    );
    let factor = if case.value(factor).is_some() { Ok(factor) } else { Err(factor) };
    Outlook { headroom, growth, period, horizon, factor }
}

fn period_of(word: &str) -> f64 {
    match word {
        "day" => DAY,
        "week" => 7.0 * DAY,
        "month" => MONTH,
        _ => YEAR,
    }
}

/// How far each limit is used up at peak, with the facts that say so.
pub struct Used {
    /// The element.
    pub element: crate::model::ElementId,
    /// What is used up.
    pub what: &'static str,
    /// The share of it that is used at peak today.
    pub share: FactId,
}

/// A disk that fills.
pub struct Disk<'d> {
    /// The element.
    pub element: crate::model::ElementId,
    /// When it is full.
    pub time: FactId,
    /// How it fills.
    pub filling: &'d Filling,
}

/// When growth brings each limit, the first first; what does not grow or is not known is left out.
pub fn limits(case: &mut Case<'_>, outlook: &Outlook, used: &[Used], disks: &[Disk<'_>]) -> Vec<Limit> {
    let mut limits = Vec::new();
    let horizon = case.value(outlook.horizon);
    let period = outlook.period;
    if let Some(growth) = case.value(outlook.growth).filter(|g| *g > 1.0) {
        for Used { element, what, share } in used {
            let Some(today) = case.value(*share).filter(|s| *s > 0.0) else { continue };
            let label = eco_format!("time until {what} of {} is used up", case.name(*element));
            let name = eco_format!("limits.{what}");
            let fact = What::of(case.name(*element), &name, TIME).labelled(label);
            let text = "ln(1 / share used) / ln(growth) × period; 0 where it is used up";
            let time = case.graph.formula(fact, text, vec![*share, outlook.growth], |v| {
                Ok((-math::ln(v[0]) / math::ln(v[1]) * period).max(0.0))
            });
            let path = path(horizon, |at| today * math::pow(growth, at / period));
            limits.push(Limit { element: *element, what, used: Some(*share), time, path });
        }
    }
    for disk in disks.iter().filter(|d| case.value(d.time).is_some_and(f64::is_finite)) {
        let path = path(horizon, |at| disk.filling.share(at));
        limits.push(Limit { element: disk.element, what: "disk", used: None, time: disk.time, path });
    }
    let at = |l: &Limit| case.value(l.time).unwrap_or(f64::INFINITY);
    limits.sort_by(|a, b| at(a).total_cmp(&at(b)).then(a.element.cmp(&b.element)).then(a.what.cmp(b.what)));
    limits
}

/// A share at equal distances from today to the horizon.
fn path(horizon: Option<f64>, share: impl Fn(f64) -> f64) -> Vec<f64> {
    let Some(horizon) = horizon else { return Vec::new() };
    (0..=PATH).map(|step| share(horizon * step as f64 / PATH as f64)).collect()
}

/// The share of the largest machine that is used at peak, for what grows by larger machines.
pub fn largest_machine(
    case: &mut Case<'_>,
    id: crate::model::ElementId,
    utilization: FactId,
) -> Option<FactId> {
    let element = case.element(id);
    if element.props.word("scaling") != Some("vertical") {
        return None;
    }
    let factor = element.props.quantity("scaling.capacity")?;
    let factor = case.stated("", "capacity of the largest machine over this one", factor, NUMBER);
    let what = What::of(&element.head.name, "utilization.largest_machine", Unit::Share);
    Some(case.graph.quotient(what, utilization, factor))
}
