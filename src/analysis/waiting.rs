//! Waiting at each element, at peak: M/M/c exactly, lognormal and constant service by Allen and Cunneen.

use super::capacity::Capacity;
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, TIME, What};
use super::facts::Load;
use super::own_time::{Law, OwnTime};
use crate::model::ElementId;
use crate::numeric::queueing::{Mmc, Waiting};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};

/// Waiting at an element.
pub struct Wait {
    /// Mean, 99th percentile, probability.
    pub facts: (FactId, FactId, FactId),
    /// Its distribution; `None` where nothing is known of it or there is none.
    pub waiting: Option<Waiting>,
    /// Whether the element is overloaded: there is no steady state, and no latency.
    pub overloaded: bool,
}

/// The waiting of one element.
pub fn wait(case: &mut Case<'_>, id: ElementId, own: &OwnTime, capacity: &Capacity, load: &Load) -> Wait {
    let name = case.name(id);
    if case.element(id).kind == Kind::Actor {
        let none = case.graph.not_applicable(What::of(name, "wait", TIME));
        return Wait { facts: (none, none, none), waiting: None, overloaded: false };
    }
    match queue(case, id, own, capacity, load) {
        Ok((utilization, servers, service)) => waits(case, id, own.law, utilization, servers, service),
        Err(missing) => {
            for metric in ["wait.mean", "wait.p99", "wait.probability"] {
                case.graph.alias(eco_format!("{name}.{metric}"), missing);
            }
            Wait { facts: (missing, missing, missing), waiting: None, overloaded: false }
        }
    }
}

/// Utilization of the servers, how many there are, and how long one serves; or what is missing.
fn queue(
    case: &mut Case<'_>,
    id: ElementId,
    own: &OwnTime,
    capacity: &Capacity,
    load: &Load,
) -> Result<(FactId, FactId, FactId), FactId> {
    let element = case.element(id);
    let name = &element.head.name;
    let servers_what = What::of(name, "servers", NUMBER);
    if let Some(slots) = element.props.quantity("concurrency") {
        let slots = case.stated("", "slots of one replica", slots, NUMBER);
        let nodes = with_a_partition(case, name, capacity);
        let servers = case.graph.product(servers_what, vec![nodes, slots]);
        let inputs = vec![load.total.peak, own.mean, servers];
        let what = What::between(eco_format!("utilization of the slots of {name}"), Unit::Share);
        let text = "load at peak × mean own time / servers";
        let utilization = case.graph.formula(what, text, inputs, |v| {
            if v[2] > 0.0 {
                Ok(v[0] * v[1] / v[2])
            } else {
                Err(eco_format!("a replica of {name} that is up"))
            }
        });
        return known(case, utilization, servers, own.mean);
    }
    let serving = match &capacity.demand {
        Some(demand) => {
            let demand = demand.clone();
            let what = What::between(eco_format!("serving nodes of {name}"), NUMBER);
            let text =
                "nodes, or the leaders where only they serve; of consumers those that have a partition";
            case.graph.formula(what, text, vec![capacity.nodes], |v| Ok(demand.working(v[0].max(1.0))))
        }
        None => capacity.nodes,
    };
    if let Some(missing) = case.graph.first_missing(&[capacity.of_one, own.mean, serving]) {
        return Err(missing);
    }
    let inputs = vec![serving, capacity.of_one, own.mean];
    let text = "serving nodes × max(1, ⌈capacity × mean own time⌉)";
    let servers = case.graph.formula(servers_what, text, inputs, |v| {
        // A product such as 1000 × 0.008 must not become one server more by rounding.
        Ok(v[0] * (v[1] * v[2] * (1.0 - 1e-12)).ceil().max(1.0))
    });
    let what = What::between(eco_format!("service time of one server of {name}"), TIME);
    let text = "servers / (serving nodes × capacity)";
    let service = case.graph.formula(what, text, vec![servers, serving, capacity.of_one], |v| {
        if v[1] * v[2] > 0.0 { Ok(v[0] / (v[1] * v[2])) } else { Err(eco_format!("{name}.capacity above 0")) }
    });
    known(case, capacity.utilization.peak, servers, service)
}

/// The nodes that work: of what only consumes no more than there are partitions.
fn with_a_partition(case: &mut Case<'_>, name: &str, capacity: &Capacity) -> FactId {
    let Some(demand) = capacity.demand.clone() else { return capacity.nodes };
    let bounded = case.value(capacity.nodes).is_some_and(|nodes| demand.partitions() < nodes);
    if !bounded {
        return capacity.nodes;
    }
    let what = What::between(eco_format!("replicas of {name} that have a partition"), NUMBER);
    let text = "min(replicas, partitions)";
    case.graph.formula(what, text, vec![capacity.nodes], |v| Ok(v[0].min(demand.partitions()).max(1.0)))
}

fn known(
    case: &Case<'_>,
    utilization: FactId,
    servers: FactId,
    service: FactId,
) -> Result<(FactId, FactId, FactId), FactId> {
    match case.graph.first_missing(&[utilization, servers, service]) {
        Some(missing) => Err(missing),
        None => Ok((utilization, servers, service)),
    }
}

fn waits(
    case: &mut Case<'_>,
    id: ElementId,
    law: Law,
    utilization: FactId,
    servers: FactId,
    service: FactId,
) -> Wait {
    let name = case.name(id);
    let value = |id: FactId| case.value(id).unwrap_or(0.0);
    let (rho, c, s) = (value(utilization), value(servers), value(service));
    let overloaded = rho >= 1.0;
    let waiting = solve(rho, c, s, law);
    let exponential = matches!(law, Law::Exponential(_));
    let chance = case.graph.formula(
        What::of(name, "wait.probability", Unit::Probability),
        "Erlang C of that many servers, offered utilization × servers",
        vec![utilization, servers],
        |_| waiting.map(|w| w.probability).ok_or_else(|| need(name)),
    );
    let mut inputs = vec![chance, utilization, servers, service];
    if !exponential && case.value(chance).is_some() {
        let what = What::between("squared coefficient of variation of the service, cs²", NUMBER);
        inputs.push(case.graph.constant(what, law.variability()));
    }
    let mut fact = |metric: &str, texts: [&str; 2], value: &dyn Fn(Waiting) -> f64| {
        let text = texts[usize::from(!exponential)];
        case.graph.formula(What::of(name, metric, TIME), text, inputs.clone(), |_| {
            waiting.map(value).ok_or_else(|| need(name))
        })
    };
    let mean = fact("wait.mean", MEAN, &Waiting::mean);
    let facts = (mean, fact("wait.p99", P99, &|w| w.quantile(0.99)), chance);
    Wait { facts, waiting, overloaded }
}

/// The mean wait where services are exponential (M/M/c), and where they are not.
const MEAN: [&str; 2] = [
    "probability × service time / (servers × (1 - utilization))",
    "probability × service time / (servers × (1 - utilization)) × (1 + cs²) / 2 (Allen and Cunneen: an approximation)",
];
/// The same of its 99th percentile.
const P99: [&str; 2] = [
    "ln(probability / 1%) × service time / (servers × (1 - utilization)), at least 0",
    "ln(probability / 1%) × service time / (servers × (1 - utilization)) × (1 + cs²) / 2, at least 0 (Allen and Cunneen: an approximation)",
];

fn need(name: &str) -> EcoString {
    eco_format!("a utilization of {name} below 100%")
}

/// The waiting time; `None` where the queue has no steady state.
pub fn solve(utilization: f64, servers: f64, service: f64, law: Law) -> Option<Waiting> {
    if service <= 0.0 || utilization == 0.0 {
        return (utilization < 1.0).then_some(Waiting { probability: 0.0, mean_if_waiting: 0.0 });
    }
    let servers = servers.round().max(1.0);
    let queue = Mmc { arrival: utilization * servers / service, service, servers: servers as u64 };
    let waiting = queue.waiting()?;
    Some(match law {
        Law::Exponential(_) => waiting,
        other => waiting.with_variability(1.0, other.variability()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case `mm3-pdq`: λ = 2, S = 1, three servers: 4/9 wait, 4/9 s on average.
    #[test]
    fn three_servers() {
        let waiting = solve(2.0 / 3.0, 3.0, 1.0, Law::Exponential(1.0)).unwrap();
        assert!((waiting.probability / (4.0 / 9.0) - 1.0).abs() < 1e-9);
        assert!((waiting.mean() / (4.0 / 9.0) - 1.0).abs() < 1e-9);
    }

    /// Pollaczek and Khinchine: constant service waits half as long as exponential service.
    #[test]
    fn constant_service_halves_the_wait() {
        let constant = solve(0.8, 1.0, 1.0, Law::Constant(1.0)).unwrap();
        assert!((constant.mean() / 2.0 - 1.0).abs() < 1e-9);
        assert!(solve(1.0, 1.0, 1.0, Law::Constant(1.0)).is_none());
    }
}
