//! One case from the model to its facts: the order in which the analyses build on one another.

use super::aftermath;
use super::brokers::{self, Consumers};
use super::calls::{Calls, Hop};
use super::capacity::{self, Capacity};
use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::What;
use super::facts::{ElementFacts, Facts, FlowFacts, Load, Percentiles};
use super::floor;
use super::growth::{self, Disk, Outlook, Used};
use super::hotspot;
use super::latency::{self, Basis, Clock, FlowTimes};
use super::multiplicity::{self, Chances};
use super::overload;
use super::overrides::Overrides;
use super::own_time::{self, OwnTime};
use super::rates::{self, Rates};
use super::reliability::{self, ElementReliability, Grounds};
use super::shape::{self, Shape};
use super::shares::{Publish, Receivers};
use super::storage::Filling;
use super::visibility::{self, Visibility};
use super::waiting::{self, Wait};
use super::waterfall;
use super::{
    cold, completed, concurrency, connections, consistency, cost, load, memory, network, nodes, retries,
    storage,
};
use crate::model::{ElementId, FlowId, InputId, Model, Operation};
use crate::schema::Kind;
use ecow::eco_format;

/// What arrives where.
struct Traffic {
    calls: Vec<Calls>,
    receivers: Receivers,
    multiplicity: Vec<Vec<FactId>>,
    rates: Rates,
    arrivals: load::Arrivals,
    loads: Vec<Load>,
}

/// What elements are and how busy they are.
struct Parts {
    shapes: Vec<Shape>,
    own: Vec<OwnTime>,
    hits: Vec<Option<FactId>>,
    capacities: Vec<Capacity>,
    waits: Vec<Wait>,
    grounds: Grounds,
    failing: Vec<ElementReliability>,
    seen: Vec<Option<Visibility>>,
}

/// What was computed already, in any case of the design.
#[derive(Default)]
pub struct Known {
    times: latency::Known,
    trees: reliability::Trees,
    visibility: visibility::Known,
    hottest: hotspot::Known,
}

impl Known {
    /// Whether so much is kept that nothing more would be.
    pub fn is_full(&self) -> bool {
        self.times.is_full() || self.trees.is_full() || self.visibility.is_full() || self.hottest.is_full()
    }
}

/// Every number of one case.
pub fn facts(model: &Model, overrides: &Overrides, known: &Known) -> Facts {
    let mut case = Case::new(model, overrides);
    // Also what nothing is computed from: a reader may ask for any input.
    for at in 0..model.inputs.len() {
        case.input(InputId(at as u32));
    }
    let outlook = growth::outlook(&mut case);
    let mut shapes = shape::shapes(&mut case);
    hotspot::fill(&mut case, &mut shapes, &known.hottest);
    let own = own_time::own_times(&mut case);
    let hits = memory::hit_ratios(&mut case, &shapes, &cache_reads(model, overrides));
    let grounds = Grounds::of(&mut case, &shapes);
    let failing = grounds.elements(&mut case);
    let traffic = traffic(&mut case, &hits, &failing);
    let capacities = capacities(&mut case, &shapes, &own, &traffic, &outlook);
    let waits = model
        .elements()
        .map(|(id, _)| {
            let i = id.index();
            waiting::wait(&mut case, id, &own[i], &capacities[i], &traffic.loads[i])
        })
        .collect();
    let seen = model
        .elements()
        .map(|(id, _)| visibility::visibility(&mut case, id, &own[id.index()], &known.visibility))
        .collect();
    let parts = Parts { shapes, own, hits, capacities, waits, grounds, failing, seen };
    let basis = Basis { shapes: &parts.shapes, own: &parts.own, waits: &parts.waits, hits: &parts.hits };
    let mut clock = Clock::new(basis, &known.times);
    let times: Vec<FlowTimes<'_>> =
        model.flows().map(|(id, _)| clock.times(&mut case, id, &traffic.calls[id.index()])).collect();
    assemble(case, &outlook, traffic, &parts, &times, &clock.basis, &known.trees)
}

/// Caches behind caches whose hit ratios follow from how often they are read: deeper chains are cut off here.
const CHAINED_CACHES: usize = 4;

/// How often each cache is read whose hit ratio follows from that; empty where there is none.
///
/// What reaches a cache follows from the hit ratios before it, so the load is computed once for each cache in a chain,
/// aside from the graph.
fn cache_reads(model: &Model, overrides: &Overrides) -> memory::Reads {
    let case = Case::new(model, overrides);
    let expiring: Vec<ElementId> =
        model.elements().map(|(id, _)| id).filter(|id| memory::expires(&case, *id)).collect();
    let mut reads = memory::Reads::new();
    if expiring.is_empty() {
        return reads;
    }
    for _ in 0..expiring.len().min(CHAINED_CACHES) {
        let mut aside = Case::new(model, overrides);
        let _ = growth::outlook(&mut aside);
        let shapes = shape::shapes(&mut aside);
        let hits = memory::hit_ratios(&mut aside, &shapes, &reads);
        let failing = Grounds::of(&mut aside, &shapes).elements(&mut aside);
        let loads = traffic(&mut aside, &hits, &failing).loads;
        let mut found = vec![None; loads.len()];
        for id in &expiring {
            let load = &loads[id.index()];
            let total = || aside.value(load.total.average).map(|_| 0.0);
            let read = load.by_operation.get(&Operation::Read).map(|rate| aside.value(rate.average));
            found[id.index()] = read.unwrap_or_else(total);
        }
        if found == reads {
            break;
        }
        reads = found;
    }
    reads
}

fn traffic(case: &mut Case<'_>, hits: &[Option<FactId>], failing: &[ElementReliability]) -> Traffic {
    let model = case.model;
    let calls: Vec<Calls> = model.flows().map(|(id, _)| Calls::of(model, id)).collect();
    let receivers = Receivers::of(model, &calls);
    let failures: Vec<FactId> = failing.iter().map(|e| e.unavailability).collect();
    let mut multiplicity = Vec::with_capacity(calls.len());
    for (id, _) in model.flows() {
        let calls = &calls[id.index()];
        let shares = |case: &mut Case<'_>, hop: &Hop| receivers.share_of_hop(case, id, hop);
        let chances = Chances { hits, failures: &failures, shares: &shares };
        multiplicity.push(multiplicity::multiplicities(case, id, calls, &chances));
    }
    let rates = rates::rates(case, &calls, &multiplicity, &receivers);
    let arrivals = load::arrivals(case, &calls);
    let loads = load::loads(case, &calls, &rates, &arrivals);
    Traffic { calls, receivers, multiplicity, rates, arrivals, loads }
}

fn capacities(
    case: &mut Case<'_>,
    shapes: &[Shape],
    own: &[OwnTime],
    traffic: &Traffic,
    outlook: &Outlook,
) -> Vec<Capacity> {
    let inputs = capacity::Inputs { calls: &traffic.calls, rates: &traffic.rates, own, outlook };
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    ids.into_iter()
        .map(|id| {
            let i = id.index();
            capacity::capacity(case, id, &shapes[i], &traffic.loads[i], &traffic.arrivals[i], &inputs)
        })
        .collect()
}

fn assemble(
    mut case: Case<'_>,
    outlook: &Outlook,
    traffic: Traffic,
    parts: &Parts,
    times: &[FlowTimes<'_>],
    basis: &Basis<'_>,
    trees: &reliability::Trees,
) -> Facts {
    let (mut elements, fillings) = elements(&mut case, outlook, &traffic, parts, times, basis);
    let inputs = aftermath::Inputs {
        calls: &traffic.calls,
        multiplicity: &traffic.multiplicity,
        rates: &traffic.rates.hops,
        capacities: &parts.capacities,
        elements: &elements,
    };
    let aftermaths = aftermath::aftermaths(&mut case, &inputs);
    for (element, after) in elements.iter_mut().zip(aftermaths) {
        element.after_outage = after;
    }
    let nodes = nodes::nodes(&mut case, &parts.capacities);
    let costs: Vec<FactId> = elements.iter().map(|e| e.cost).collect();
    let machines: Vec<FactId> = nodes.iter().filter_map(|n| n.cost).collect();
    let paid = nodes::billed(case.model);
    let total = cost::total(&mut case, &costs, &machines, &paid);
    let scales_to = scales_to(&mut case, parts);
    let limits = limits(&mut case, outlook, parts, &elements, &fillings);
    let flows = flows(&mut case, &traffic, parts, times, basis, trees);
    let correctness = consistency::correctness(case.model, &traffic.calls);
    let cascades = if *case.overrides == Overrides::default() {
        overload::cascades(&overload::Inputs {
            model: case.model,
            graph: &case.graph,
            calls: &traffic.calls,
            multiplicity: &traffic.multiplicity,
            hits: &parts.hits,
            shapes: &parts.shapes,
            capacities: &parts.capacities,
            elements: &elements,
            flows: &flows,
        })
    } else {
        Vec::new()
    };
    let feedback = traffic.rates.feedback;
    Facts {
        derivation: case.graph,
        elements,
        flows,
        nodes,
        cost: total,
        scales_to,
        limits,
        correctness,
        feedback,
        cascades,
        requirements: Vec::new(),
    }
}

fn elements(
    case: &mut Case<'_>,
    outlook: &Outlook,
    traffic: &Traffic,
    parts: &Parts,
    times: &[FlowTimes<'_>],
    basis: &Basis<'_>,
) -> (Vec<ElementFacts>, Vec<Option<Filling>>) {
    let nodes: Vec<FactId> = parts.capacities.iter().map(|c| c.nodes).collect();
    let networks = network::networks(case, &traffic.calls, &traffic.rates, &parts.hits);
    let connecting = connections::connecting(case, &traffic.calls, &traffic.rates);
    let consumers = Consumers {
        receivers: &traffic.receivers,
        loads: &traffic.loads,
        shapes: &parts.shapes,
        own: &parts.own,
        nodes: &nodes,
    };
    let ids: Vec<ElementId> = case.model.elements().map(|(id, _)| id).collect();
    let recoveries = parts.grounds.recoveries(case);
    let mut all = Vec::with_capacity(ids.len());
    let mut fillings = Vec::with_capacity(ids.len());
    for id in ids {
        let i = id.index();
        let load = &traffic.loads[i];
        let (storage, filling) = storage::storage(
            case,
            id,
            &parts.shapes[i],
            &traffic.arrivals[i],
            (&traffic.calls, &traffic.rates, outlook),
        );
        let spending = cost::Spending {
            nodes: parts.capacities[i].average_nodes,
            load,
            kept: storage.1,
            out: networks[i].1,
        };
        let cost = cost::cost(case, id, &spending);
        let memory = memory::memory(case, id, &parts.shapes[i]);
        memory::reads_spared(case, id, load);
        let capacity = &parts.capacities[i];
        all.push(ElementFacts {
            load: load.clone(),
            capacity: capacity.of_one,
            utilization: capacity.utilization,
            replicas: capacity.replicas,
            concurrency: concurrency::concurrency(
                case,
                id,
                capacity.nodes,
                (&traffic.calls, &traffic.rates, &traffic.arrivals),
                times,
                basis,
            ),
            wait: parts.waits[i].facts,
            storage,
            network: networks[i],
            memory,
            connections: connections::connections(case, id, &connecting, &nodes),
            queue: brokers::queue(case, id, &consumers),
            admitted: brokers::admitted(case, case.name(id), &case.element(id).props),
            cache: memory::cache_facts(case, id, &parts.hits),
            visibility: parts.seen[i].clone(),
            availability: parts.failing[i].availability,
            recovery: recoveries[i],
            after_outage: None,
            durability: reliability::durability(case, id, &parts.shapes[i], parts.grounds.year),
            cost,
        });
        fillings.push(filling);
    }
    (all, fillings)
}

/// The largest factor on all rates at which nothing is overloaded.
fn scales_to(case: &mut Case<'_>, parts: &Parts) -> FactId {
    let mut shares = Vec::new();
    for (id, element) in case.model.elements() {
        let share = parts.capacities[id.index()].stretched;
        // What a provider scales is overloaded only where the design says what it can take.
        let provided = shape::is_outside(element) && case.value(share).is_none();
        if element.kind != Kind::Actor && !provided && case.value(share) != Some(0.0) {
            shares.push(share);
        }
    }
    let what = What::of("total", "scales_to", super::Unit::Factor);
    let text = "1 / the greatest utilization at peak, with all that autoscaling allows";
    case.graph.formula(what, text, shares, |v| {
        let greatest = v.iter().copied().fold(0.0, f64::max);
        if greatest > 0.0 { Ok(1.0 / greatest) } else { Err("a load".into()) }
    })
}

fn limits(
    case: &mut Case<'_>,
    outlook: &Outlook,
    parts: &Parts,
    elements: &[ElementFacts],
    fillings: &[Option<Filling>],
) -> Vec<super::facts::Limit> {
    let mut used = Vec::new();
    let mut disks = Vec::new();
    for (i, facts) in elements.iter().enumerate() {
        let id = ElementId(i as u32);
        if case.element(id).kind == Kind::Actor {
            continue;
        }
        used.push(Used { element: id, what: "utilization", share: facts.utilization.peak });
        let wires = network::wires(case, id, parts.capacities[i].nodes, facts.network);
        let largest = growth::largest_machine(case, id, facts.utilization.peak);
        let pairs = [("connections", facts.connections), ("memory", facts.memory)];
        for (what, (there, needed)) in pairs {
            if case.value(there).is_some() && case.value(needed).is_some() {
                let label = eco_format!("share of the {what} of {} that is used", case.name(id));
                let share = case.graph.quotient(What::between(label, Unit::Share), needed, there);
                used.push(Used { element: id, what, share });
            }
        }
        used.extend(wires.map(|share| Used { element: id, what: "network", share }));
        used.extend(largest.map(|share| Used { element: id, what: "largest_machine", share }));
        let filling = fillings.get(i).and_then(Option::as_ref);
        disks.extend(filling.map(|filling| Disk { element: id, time: facts.storage.2, filling }));
    }
    growth::limits(case, outlook, &used, &disks)
}

fn flows(
    case: &mut Case<'_>,
    traffic: &Traffic,
    parts: &Parts,
    all_times: &[FlowTimes<'_>],
    basis: &Basis<'_>,
    trees: &reliability::Trees,
) -> Vec<FlowFacts> {
    let rates = &traffic.rates.flows;
    let reliability = reliability::evaluate(case, &parts.grounds, &parts.failing, rates, trees);
    let reads = consistency::reads(case.model, &traffic.calls);
    let completed =
        completed::completions(case, &traffic.calls, all_times, &traffic.receivers, &traffic.rates);
    let mut triggered = Triggered {
        traffic,
        times: all_times,
        basis,
        completed: &completed,
        known: vec![None; all_times.len()],
    };
    let ids: Vec<FlowId> = case.model.flows().map(|(id, _)| id).collect();
    let mut all = Vec::with_capacity(ids.len());
    for ((id, reliability), reads) in ids.into_iter().zip(reliability).zip(reads) {
        let i = id.index();
        let flow = case.model.flow(id);
        let (calls, times) = (&traffic.calls[i], &all_times[i]);
        let name = &flow.head.name;
        let steps = flow.steps.len();
        let inputs = latency::inputs(calls, times, basis, |hop| hop.on_path);
        let percentiles = latency::percentiles(case, name, "", &times.answer, (latency::TEXT, &inputs));
        let completed = if same(calls, &traffic.receivers, id) {
            alias_completed(case, name, percentiles);
            percentiles
        } else {
            let mut inputs = vec![percentiles.mean];
            inputs.extend(triggered.of(case, id));
            inputs.extend(latency::inputs(calls, times, basis, |hop| !hop.on_path));
            let text = completed[i].text();
            latency::percentiles(case, name, "completed.", &completed[i].time, (text, &inputs))
        };
        all.push(FlowFacts {
            rate: traffic.rates.flows[i],
            multiplicity: traffic.multiplicity[i][..steps].to_vec(),
            hops: traffic.rates.hops[i][..steps].to_vec(),
            latency: percentiles,
            bounds: latency::bounds(case, name, &times.bounds),
            cold: cold::cold(case, flow, calls, times),
            admitted: brokers::admitted(case, name, &flow.props),
            held: concurrency::held(case, flow, &traffic.rates.hops[i]),
            completed,
            reliability,
            amplification: retries::amplification(flow, calls),
            reads,
            waterfall: waterfall::waterfall(case, flow, calls, times, basis),
            network_floor: floor::network_floor(flow, calls, |at| times.wires.get(at)?.as_ref().ok()),
        });
    }
    all
}

/// The completions of flows that others set off, as numbers that the completion of those rests on.
struct Triggered<'t, 'b> {
    traffic: &'t Traffic,
    times: &'t [FlowTimes<'t>],
    basis: &'t Basis<'b>,
    completed: &'t [completed::Completion<'t>],
    known: Vec<Option<FactId>>,
}

impl Triggered<'_, '_> {
    /// Those that messages of a flow set off.
    fn of(&mut self, case: &mut Case<'_>, id: FlowId) -> Vec<FactId> {
        let by_flow = self.traffic.receivers.publishes_by_flow();
        let set_off = by_flow.filter(|(fed, from)| *fed != id && from.iter().any(|p| p.flow == id));
        let fed: Vec<FlowId> = set_off.map(|(fed, _)| fed).collect();
        fed.into_iter().map(|fed| self.number(case, fed)).collect()
    }

    fn number(&mut self, case: &mut Case<'_>, id: FlowId) -> FactId {
        let i = id.index();
        if let Some(known) = self.known[i] {
            return known;
        }
        let time = match &self.completed[i].time {
            // Flows that set each other off have no completion, so what follows ends.
            Err(missing) => return *missing,
            Ok(time) => time.percentiles().mean,
        };
        let mut inputs = latency::inputs(&self.traffic.calls[i], &self.times[i], self.basis, |_| true);
        inputs.extend(self.of(case, id));
        let label = eco_format!("mean completion of {}, which it sets off", case.model.flow(id).head.name);
        let what = What::between(label, super::derive::TIME);
        let found = case.graph.formula(what, latency::TEXT, inputs, |_| Ok(time));
        self.known[i] = Some(found);
        found
    }
}

/// Whether a flow is done when it has answered: it sets nothing off.
fn same(calls: &Calls, receivers: &Receivers, id: FlowId) -> bool {
    let publishes = |at| Publish { flow: id, hop: at };
    calls.hops.iter().all(|h| h.waited)
        && !(0..calls.hops.len()).any(|at| receivers.starts_something(publishes(at)))
}

fn alias_completed(case: &mut Case<'_>, name: &str, times: Percentiles) {
    let Percentiles { mean, p50, p95, p99, p999 } = times;
    for (metric, id) in [("mean", mean), ("p50", p50), ("p95", p95), ("p99", p99), ("p999", p999)] {
        case.graph.alias(eco_format!("{name}.completed.{metric}"), id);
        case.graph.alias(eco_format!("{name}.completed_s.{metric}"), id);
    }
}
