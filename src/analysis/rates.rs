//! Arrivals at each flow: stated, by a clock, or by the messages that others publish.
//!
//! Messages may set off flows that publish again: λ = γ + Pᵀλ, solved for each group of flows
//! that feed one another; where each message causes one or more of its kind there is no answer.

use super::calls::Calls;
use super::case::Case;
use super::derivation::FactId;
use super::derive::{NUMBER, RATE, TIME, What};
use super::facts::{Feedback, Rate};
use super::shares::{Publish, Receivers};
use crate::math;
use crate::model::{ElementId, FlowId, Scalar, Trigger};
use crate::quantity::Dimension;
use ecow::{EcoString, eco_format};
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The rates of flows and of their hops.
pub struct Rates {
    /// By flow.
    pub flows: Vec<Rate>,
    /// By flow and hop.
    pub hops: Vec<Vec<Rate>>,
    /// Flows that feed themselves with no end.
    pub feedback: Vec<Feedback>,
    /// Flows that feed one another, what feeds before what is fed.
    pub groups: Vec<Vec<FlowId>>,
}

/// Solves the rates of every flow.
pub fn rates(
    case: &mut Case<'_>,
    calls: &[Calls],
    multiplicity: &[Vec<FactId>],
    receivers: &Receivers,
) -> Rates {
    let mut solver = Solver {
        calls,
        multiplicity,
        receivers,
        flows: vec![None; calls.len()],
        hops: calls.iter().map(|_| Vec::new()).collect(),
        feedback: Vec::new(),
    };
    let groups = solver.groups();
    for group in &groups {
        solver.solve(case, group);
    }
    let once = case.once;
    let flows = solver.flows.into_iter().map(|r| r.unwrap_or(Rate { average: once, peak: once })).collect();
    Rates { flows, hops: solver.hops, feedback: solver.feedback, groups }
}

struct Solver<'s> {
    calls: &'s [Calls],
    multiplicity: &'s [Vec<FactId>],
    receivers: &'s Receivers,
    flows: Vec<Option<Rate>>,
    hops: Vec<Vec<Rate>>,
    feedback: Vec<Feedback>,
}

/// How a flow starts.
enum Start<'m> {
    Stated(&'m Scalar),
    Clock(&'m Scalar),
    Messages(ElementId, Option<&'m EcoString>),
    Unknown,
}

fn start<'m>(case: &Case<'m>, id: FlowId) -> Start<'m> {
    let flow = case.model.flow(id);
    match (flow.props.quantity("rate"), &flow.trigger) {
        (Some(rate), _) => Start::Stated(rate),
        (None, Some(Trigger::Clock(every))) => Start::Clock(every),
        (None, Some(Trigger::Messages(broker, word))) => Start::Messages(*broker, word.as_ref()),
        (None, None) => Start::Unknown,
    }
}

impl Solver<'_> {
    /// Flows that feed one another, what feeds before what is fed.
    fn groups(&self) -> Vec<Vec<FlowId>> {
        let mut graph = DiGraph::<(), ()>::with_capacity(self.calls.len(), 0);
        for _ in self.calls {
            graph.add_node(());
        }
        for (fed, publishes) in self.receivers.publishes_by_flow() {
            for publish in publishes {
                let nodes = (NodeIndex::new(publish.flow.index()), NodeIndex::new(fed.index()));
                graph.update_edge(nodes.0, nodes.1, ());
            }
        }
        let mut groups = tarjan_scc(&graph);
        groups.reverse();
        let flow = |n: NodeIndex| FlowId(n.index() as u32);
        groups.into_iter().map(|g| g.into_iter().map(flow).collect()).collect()
    }

    fn solve(&mut self, case: &mut Case<'_>, group: &[FlowId]) {
        let circular = group.len() > 1 || self.feeds(group[0], group[0]);
        if circular {
            self.solve_circle(case, group);
        } else {
            let rate = match start(case, group[0]) {
                Start::Messages(broker, word) => self.received(case, group[0], broker, word),
                other => stated_rate(case, group[0], &other),
            };
            self.settle(case, group[0], rate);
        }
    }

    fn feeds(&self, from: FlowId, to: FlowId) -> bool {
        self.receivers.publishes_to(to).iter().any(|p| p.flow == from)
    }

    /// Keeps the rate of a flow and derives those of its hops.
    fn settle(&mut self, case: &mut Case<'_>, id: FlowId, rate: Rate) {
        self.flows[id.index()] = Some(rate);
        let flow = case.model.flow(id);
        let mut hops = Vec::with_capacity(self.calls[id.index()].hops.len());
        for (at, hop) in self.calls[id.index()].hops.iter().enumerate() {
            let factor = self.multiplicity[id.index()][at];
            if factor == case.once {
                hops.push(rate);
                continue;
            }
            let label = eco_format!(
                "{}: {} to {} {}",
                flow.head.name,
                case.name(hop.from),
                case.name(hop.to),
                hop.operation.word()
            );
            let average = case
                .graph
                .product(What::between(eco_format!("{label}, average"), RATE), vec![rate.average, factor]);
            let peak = case
                .graph
                .product(What::between(eco_format!("{label}, peak"), RATE), vec![rate.peak, factor]);
            hops.push(Rate { average, peak });
        }
        self.hops[id.index()] = hops;
    }

    /// The rate of a flow that messages start, all of whose publishers are known.
    fn received(
        &mut self,
        case: &mut Case<'_>,
        id: FlowId,
        broker: ElementId,
        word: Option<&EcoString>,
    ) -> Rate {
        let publishes = self.receivers.publishes_to(id).to_vec();
        if publishes.is_empty() {
            return no_publisher(case, id, broker, word);
        }
        let share = self.receivers.share_of_flow(case, id);
        let rate_of = |p: &Publish| self.hops[p.flow.index()][p.hop];
        let averages = publishes.iter().map(|p| rate_of(p).average).collect();
        let peaks = publishes.iter().map(|p| rate_of(p).peak).collect();
        let average = message_rate(case, id, "average", averages, share);
        let peak = match case.model.flow(id).props.quantity("peak") {
            Some(peak) => peak_from(case, id, average, peak),
            None => message_rate(case, id, "peak", peaks, share),
        };
        Rate { average, peak }
    }

    fn solve_circle(&mut self, case: &mut Case<'_>, group: &[FlowId]) {
        let (inside, inputs) = self.matrix(case, group);
        let sources: Vec<[Option<FactId>; 2]> = group.iter().map(|f| self.source(case, *f, group)).collect();
        let missing = inputs.iter().chain(sources.iter().flatten().flatten()).copied();
        let missing = case.graph.first_missing(&missing.collect::<Vec<_>>());
        if let (None, Some(inside)) = (missing, &inside) {
            let radius = spectral_radius(inside);
            if radius >= 1.0 {
                self.feedback.push(Feedback { flows: group.to_vec(), radius });
            }
        }
        let at_peak = |peak: usize| {
            let inside = inside.as_ref()?;
            let gamma = sources.iter().map(|s| s[peak].map_or(Some(0.0), |id| case.graph.value(id)));
            solve_rates(inside, gamma.collect::<Option<Vec<f64>>>()?)
        };
        let solved = [at_peak(0), at_peak(1)];
        for (i, id) in group.iter().enumerate() {
            let mut rate = [case.once; 2];
            for (peak, metric) in ["rate.average", "rate.peak"].into_iter().enumerate() {
                let what = What::of(&case.model.flow(*id).head.name, metric, RATE);
                rate[peak] = match (missing, &solved[peak]) {
                    (Some(missing), _) => missing,
                    (None, None) => case
                        .graph
                        .missing(what, "a feedback in which each message causes less than one of its kind"),
                    (None, Some(lambda)) => {
                        let value = lambda[i];
                        let mut inputs = inputs.clone();
                        inputs.extend(sources.iter().filter_map(|s| s[peak]));
                        case.graph
                            .formula(what, "λ = γ + Pᵀλ (traffic equations)", inputs, |_| Ok(value))
                    }
                };
            }
            self.settle(case, *id, Rate { average: rate[0], peak: rate[1] });
        }
    }

    /// How often an arrival at each flow of a group causes one at each other, and the numbers that say so.
    fn matrix(&self, case: &mut Case<'_>, group: &[FlowId]) -> (Option<Vec<Vec<f64>>>, Vec<FactId>) {
        let mut inside = vec![vec![0.0; group.len()]; group.len()];
        let mut inputs = Vec::new();
        for (to, id) in group.iter().enumerate() {
            let share = self.receivers.share_of_flow(case, *id);
            inputs.extend(share);
            for publish in self.receivers.publishes_to(*id) {
                let Some(from) = group.iter().position(|f| *f == publish.flow) else { continue };
                let factor = self.multiplicity[publish.flow.index()][publish.hop];
                inputs.push(factor);
                let (Some(n), Some(share)) = (case.value(factor), share.map_or(Some(1.0), |s| case.value(s)))
                else {
                    return (None, inputs);
                };
                inside[from][to] += n * share;
            }
        }
        (Some(inside), inputs)
    }

    /// What reaches a flow of a circle from outside of it: average and peak.
    fn source(&mut self, case: &mut Case<'_>, id: FlowId, group: &[FlowId]) -> [Option<FactId>; 2] {
        let publishes: Vec<Publish> =
            self.receivers.publishes_to(id).iter().filter(|p| !group.contains(&p.flow)).copied().collect();
        if publishes.is_empty() {
            return [None; 2];
        }
        let share = self.receivers.share_of_flow(case, id);
        let mut sums = [None; 2];
        for (peak, sum) in sums.iter_mut().enumerate() {
            let rate = |p: &Publish| self.hops[p.flow.index()][p.hop];
            let inputs = publishes.iter().map(|p| if peak == 0 { rate(p).average } else { rate(p).peak });
            let what = What::between("messages from outside the circle", RATE);
            let total = case.graph.sum(what, inputs.collect());
            *sum = Some(match share {
                Some(share) => {
                    let what = What::between("its share of the messages from outside the circle", RATE);
                    case.graph.product(what, vec![total, share])
                }
                None => total,
            });
        }
        sums
    }
}

fn no_publisher(case: &mut Case<'_>, id: FlowId, broker: ElementId, word: Option<&EcoString>) -> Rate {
    let name = &case.model.flow(id).head.name;
    let message = word.map_or("something", |w| w.as_str());
    let need = eco_format!("a publish of {message} to {}, or {name}.rate", case.name(broker));
    let mut missing = |metric| case.graph.missing(What::of(name, metric, RATE), need.clone());
    Rate { average: missing("rate.average"), peak: missing("rate.peak") }
}

fn message_rate(
    case: &mut Case<'_>,
    id: FlowId,
    which: &str,
    inputs: Vec<FactId>,
    share: Option<FactId>,
) -> FactId {
    let flow = case.model.flow(id);
    let what = What::of(&flow.head.name, &eco_format!("rate.{which}"), RATE)
        .labelled(eco_format!("messages that start {}, {which}", flow.head.name));
    let rate = match share {
        None => case.graph.sum(what, inputs),
        Some(share) => {
            let all = case.graph.sum(What::between(eco_format!("messages, {which}"), RATE), inputs);
            case.graph.product(what, vec![all, share])
        }
    };
    // A scenario's factor on this very flow; the general factor has come with the messages.
    match case.overrides.rates.get(&id) {
        Some(factor) => {
            let factor = case.stated("", "factor of the scenario", factor, NUMBER);
            let what = What::between(eco_format!("{} in the scenario, {which}", flow.head.name), RATE);
            case.graph.product(what, vec![rate, factor])
        }
        None => rate,
    }
}

fn stated_rate(case: &mut Case<'_>, id: FlowId, start: &Start<'_>) -> Rate {
    let flow = case.model.flow(id);
    let name = flow.head.name.clone();
    let factor = case.overrides.rate_of(id);
    let base = match start {
        Start::Stated(rate) => {
            let own = if factor.is_some() { EcoString::new() } else { eco_format!("{name}.rate.average") };
            case.stated(own, &eco_format!("arrivals of {name}"), rate, RATE)
        }
        Start::Clock(every) => {
            let every = case.stated("", "period", every, TIME);
            case.graph.formula(
                What::between(eco_format!("arrivals of {name}"), RATE),
                "1 / period",
                vec![every],
                |v| {
                    if v[0] > 0.0 { Ok(1.0 / v[0]) } else { Err("a period above 0".into()) }
                },
            )
        }
        Start::Messages(..) | Start::Unknown => {
            let mut missing =
                |metric| case.graph.missing(What::of(&name, metric, RATE), eco_format!("{name}.rate"));
            return Rate { average: missing("rate.average"), peak: missing("rate.peak") };
        }
    };
    let average = match factor {
        Some(factor) => {
            let factor = case.stated("", "factor of the scenario", factor, NUMBER);
            case.graph.product(What::of(&name, "rate.average", RATE), vec![base, factor])
        }
        None => {
            case.graph.alias(eco_format!("{name}.rate.average"), base);
            base
        }
    };
    let peak = match (flow.props.quantity("peak"), start) {
        (Some(peak), _) => peak_from(case, id, average, peak),
        (None, Start::Clock(_)) => {
            case.graph.alias(eco_format!("{name}.rate.peak"), average);
            average
        }
        (None, _) => {
            let factor = default_peak(case);
            case.graph.product(What::of(&name, "rate.peak", RATE), vec![average, factor])
        }
    };
    Rate { average, peak }
}

/// The peak as the flow states it: a factor on its average, or a rate of its own.
fn peak_from(case: &mut Case<'_>, id: FlowId, average: FactId, peak: &Scalar) -> FactId {
    let name = &case.model.flow(id).head.name;
    let what = What::of(name, "rate.peak", RATE);
    if peak.quantity.dimension != Dimension::RATE {
        let factor = case.stated("", "peak over average", peak, NUMBER);
        return case.graph.product(what, vec![average, factor]);
    }
    let stated = case.stated("", &eco_format!("peak of {name}"), peak, RATE);
    match case.overrides.rate_of(id) {
        Some(factor) => {
            let factor = case.stated("", "factor of the scenario", factor, NUMBER);
            case.graph.product(what, vec![stated, factor])
        }
        None => case.graph.product(what, vec![stated]),
    }
}

fn default_peak(case: &mut Case<'_>) -> FactId {
    let stated = case.model.workload.as_ref().and_then(|w| w.props.quantity("peak"));
    if let Some(known) = case.graph.named("workload.peak") {
        return known;
    }
    match stated {
        Some(peak) => case.stated("workload.peak", "peak over average", peak, NUMBER),
        None => case.graph.assumed(
            What::of("workload", "peak", NUMBER),
            "peak over average where none is given",
            1.0,
            "default of sysd: the load is taken as even",
        ),
    }
}

/// Solves λ = γ + Pᵀλ; `None` where the feedback has no end.
///
/// I - Pᵀ has an inverse without negative entries exactly if Gauss's elimination without exchange meets
/// positive pivots only (Berman and Plemmons, Nonnegative Matrices, theorem 6.2.3): then, and only
/// then, the spectral radius of P is below 1.
fn solve_rates(inside: &[Vec<f64>], mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    let entry = |i: usize, j: usize| f64::from(u8::from(i == j)) - inside[j][i];
    let mut rows: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
    for pivot in 0..n {
        if rows[pivot][pivot] <= 1e-12 {
            return None;
        }
        for below in pivot + 1..n {
            let factor = rows[below][pivot] / rows[pivot][pivot];
            if factor != 0.0 {
                let eliminated = rows[pivot].clone();
                for (entry, known) in rows[below].iter_mut().zip(&eliminated).skip(pivot) {
                    *entry -= factor * known;
                }
                right[below] -= factor * right[pivot];
            }
        }
    }
    for pivot in (0..n).rev() {
        let known: f64 = (pivot + 1..n).map(|j| rows[pivot][j] * right[j]).sum();
        right[pivot] = (right[pivot] - known) / rows[pivot][pivot];
    }
    Some(right)
}

/// The spectral radius of a matrix without negative entries: how many of its kind a message causes.
///
/// Power iteration on P + I, which has no second eigenvalue of the same size; squared in place so that
/// 60 rounds stand for 2⁶⁰ steps.
fn spectral_radius(inside: &[Vec<f64>]) -> f64 {
    let n = inside.len();
    let mut power: Vec<Vec<f64>> = inside.to_vec();
    for (i, row) in power.iter_mut().enumerate() {
        row[i] += 1.0;
    }
    // The radius is the limit of the norm of (P + I) to the k, to the power 1/k (Gelfand).
    let (mut log, mut steps) = (0.0, 1.0);
    for _ in 0..60 {
        let norm = power.iter().flatten().copied().fold(0.0, f64::max);
        if norm <= 0.0 {
            return 0.0;
        }
        log += math::ln(norm) / steps;
        let scaled: Vec<Vec<f64>> = power.iter().map(|row| row.iter().map(|x| x / norm).collect()).collect();
        let entry = |i: usize, j: usize| (0..n).map(|k| scaled[i][k] * scaled[k][j]).sum();
        power = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
        steps *= 2.0;
    }
    math::exp(log) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A loop with factor 1/4 multiplies what comes in by 1/(1 - 1/4).
    #[test]
    fn a_loop_sums_a_geometric_series() {
        let solved = solve_rates(&[vec![0.25]], vec![300.0]).unwrap();
        assert!((solved[0] / 400.0 - 1.0).abs() < 1e-12);
    }

    /// Jackson, "Networks of waiting lines" (1957), worked by hand: λ₁ = 10 + λ₂/2, λ₂ = λ₁ · 0.8.
    #[test]
    fn two_flows_feed_one_another() {
        let solved = solve_rates(&[vec![0.0, 0.8], vec![0.5, 0.0]], vec![10.0, 0.0]).unwrap();
        assert!((solved[0] / (10.0 / 0.6) - 1.0).abs() < 1e-12);
        assert!((solved[1] / (8.0 / 0.6) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn no_answer_from_radius_one_on() {
        assert_eq!(solve_rates(&[vec![1.0]], vec![1.0]), None);
        assert_eq!(solve_rates(&[vec![0.0, 2.0], vec![0.65, 0.0]], vec![1.0, 1.0]), None);
    }

    /// The eigenvalues of [[0, a], [b, 0]] are ±√(ab); of a triangular matrix the diagonal.
    #[test]
    fn spectral_radius_of_known_matrices() {
        for (matrix, radius) in [
            (vec![vec![1.3]], 1.3),
            (vec![vec![0.0, 2.0], vec![8.0, 0.0]], 4.0),
            (vec![vec![0.5, 7.0], vec![0.0, 0.25]], 0.5),
        ] {
            let found = spectral_radius(&matrix);
            assert!((found / radius - 1.0).abs() < 1e-9, "{found} for {radius}");
        }
    }
}
