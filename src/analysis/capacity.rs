//! Utilization and replicas of each element, at average, at peak, with a zone lost, at the horizon.

use super::calls::Calls;
use super::case::Case;
use super::demand::{self, Demand, Leaders, Part, Serving};
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, RATE, What};
use super::facts::{Load, Rate, ReplicaCounts, Utilization};
use super::growth::Outlook;
use super::own_time::OwnTime;
use super::placement;
use super::rates::Rates;
use super::shape::{Leadership, Shape};
use crate::model::{Element, ElementId, Operation};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::BTreeMap;

/// What capacity says about an element.
pub struct Capacity {
    /// What one replica serves.
    pub of_one: FactId,
    /// Utilization.
    pub utilization: Utilization,
    /// Replicas.
    pub replicas: ReplicaCounts,
    /// Nodes that work at peak.
    pub nodes: FactId,
    /// Nodes that are paid for on average.
    pub average_nodes: FactId,
    /// Utilization at peak with all that autoscaling allows.
    pub stretched: FactId,
    /// What is asked, as plain numbers; `None` where something is missing.
    pub demand: Option<Demand>,
    /// The operation of each part of the demand.
    pub operations: Vec<Operation>,
}

/// What the analysis of capacity reads.
pub struct Inputs<'i> {
    /// The hops of each flow.
    pub calls: &'i [Calls],
    /// Their rates.
    pub rates: &'i Rates,
    /// Own times by element.
    pub own: &'i [OwnTime],
    /// Growth, horizon and headroom.
    pub outlook: &'i Outlook,
}

/// A part of the load as facts.
struct PartFacts {
    operation: Operation,
    rate: Rate,
    capacity: FactId,
    copies: Option<FactId>,
    is_write: bool,
    serving: Serving,
    /// The partitions that its consumers share.
    partitions: Option<FactId>,
}

/// The capacity of one element.
pub fn capacity(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    load: &Load,
    ends: &[(usize, usize)],
    inputs: &Inputs<'_>,
) -> Capacity {
    let parts = parts(case, id, shape, load, ends, inputs);
    let sizing = Sizing::of(case, id, shape, parts);
    let capacity = sizing.capacity(case, load, inputs);
    sizing.finish(case, shape, capacity, inputs.outlook)
}

fn parts(
    case: &mut Case<'_>,
    id: ElementId,
    shape: &Shape,
    load: &Load,
    ends: &[(usize, usize)],
    inputs: &Inputs<'_>,
) -> Vec<PartFacts> {
    let element = case.element(id);
    let mut parts = Vec::new();
    for (operation, rate) in &load.by_operation {
        if element.kind == Kind::Actor || (*operation == Operation::Consume && element.kind.is_broker()) {
            continue;
        }
        let capacity = capacity_of(case, id, Some(*operation), inputs.own);
        let is_write = matches!(operation, Operation::Write | Operation::Publish) && shape.factor.is_some();
        let mut add = |rate, copies, serving, partitions| {
            parts.push(PartFacts {
                operation: *operation,
                rate,
                capacity,
                copies,
                is_write,
                serving,
                partitions,
            });
        };
        if is_write {
            add(*rate, shape.factor, Serving::All, None);
        } else if *operation == Operation::Consume {
            for (partitions, rate) in consumed(case, id, *rate, ends, inputs) {
                let serving = partitions.map_or(Serving::All, |(_, count)| Serving::Partitions(count));
                add(rate, None, serving, partitions.map(|(fact, _)| fact));
            }
        } else if is_led(element, shape) && *operation == Operation::Read {
            for (serving, rate) in reads_by_copy(case, id, *rate, ends, inputs) {
                add(rate, None, serving, None);
            }
        } else {
            add(*rate, shape.read_quorum.filter(|_| *operation == Operation::Read), Serving::All, None);
        }
    }
    parts
}

/// Whether reads and writes meet at one leader of each shard.
fn is_led(element: &Element, shape: &Shape) -> bool {
    shape.leadership == Leadership::Single
        && matches!(element.kind, Kind::Store | Kind::Cache)
        && !super::shape::all_lead(element)
}

/// The partitions of a topic, as a number of the graph and as such; `None` where it states none.
type Partitions = Option<(FactId, u64)>;

/// What is consumed, by the partitions of where it comes from: more consumers than partitions take nothing off the
/// others.
fn consumed(
    case: &mut Case<'_>,
    id: ElementId,
    all: Rate,
    ends: &[(usize, usize)],
    inputs: &Inputs<'_>,
) -> Vec<(Partitions, Rate)> {
    let mut brokers: BTreeMap<ElementId, Vec<Rate>> = BTreeMap::new();
    for (flow, at) in ends {
        let hop = &inputs.calls[*flow].hops[*at];
        if hop.counts_as == Operation::Consume {
            brokers.entry(hop.from).or_default().push(inputs.rates.hops[*flow][*at]);
        }
    }
    let name = case.name(id);
    let one = brokers.len() == 1;
    let mut found = Vec::new();
    for (broker, rates) in brokers {
        let owner = case.element(broker);
        let stated = owner.props.quantity("partitions").filter(|n| n.value() >= 1.0);
        let partitions = stated.map(|n| {
            let full = eco_format!("{}.partitions", owner.head.name);
            (case.stated(full, "partitions", n, NUMBER), n.value() as u64)
        });
        let rate = if one {
            all
        } else {
            let what = || What::between(eco_format!("what {name} takes from {}", owner.head.name), RATE);
            let average = case.graph.sum(what(), rates.iter().map(|r| r.average).collect());
            Rate { average, peak: case.graph.sum(what(), rates.iter().map(|r| r.peak).collect()) }
        };
        found.push((partitions, rate));
    }
    found
}

/// The reads of a store with one leader: which copy each of them asks.
fn reads_by_copy(
    case: &mut Case<'_>,
    id: ElementId,
    all: Rate,
    ends: &[(usize, usize)],
    inputs: &Inputs<'_>,
) -> Vec<(Serving, Rate)> {
    let mut groups: [(Serving, &str, Vec<Rate>); 3] = [
        (Serving::Leaders, "leader", Vec::new()),
        (Serving::Followers, "replicas", Vec::new()),
        (Serving::All, "any copy", Vec::new()),
    ];
    for (flow, at) in ends {
        let hop = &inputs.calls[*flow].hops[*at];
        if hop.counts_as != Operation::Read {
            continue;
        }
        let from = case.model.flows[*flow].step(hop.step).props.word("from");
        let group = match from {
            Some("replica") => 1,
            Some("any") => 2,
            _ => 0,
        };
        groups[group].2.push(inputs.rates.hops[*flow][*at]);
    }
    let mut used: Vec<_> = groups.into_iter().filter(|g| !g.2.is_empty()).collect();
    if let [(serving, _, _)] = used[..] {
        return vec![(serving, all)];
    }
    let name = case.name(id);
    let mut sum = |which: &str, ids: Vec<FactId>| {
        case.graph.sum(What::between(eco_format!("reads of {name} from {which}"), RATE), ids)
    };
    used.drain(..)
        .map(|(serving, which, rates)| {
            let average = sum(which, rates.iter().map(|r| r.average).collect());
            let peak = sum(which, rates.iter().map(|r| r.peak).collect());
            (serving, Rate { average, peak })
        })
        .collect()
}

/// What one replica serves: stated, for this operation where it is split; else concurrency / mean own time.
pub fn capacity_of(
    case: &mut Case<'_>,
    id: ElementId,
    operation: Option<Operation>,
    own: &[OwnTime],
) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let metric = match operation {
        Some(op) if element.props.get("capacity").is_some_and(|p| p.block.is_some()) => {
            eco_format!("capacity.{}", op.word())
        }
        _ => EcoString::from("capacity"),
    };
    let full = eco_format!("{name}.{metric}");
    if let Some(known) = case.graph.named(&full) {
        return known;
    }
    if let Some(stated) = element.props.quantity(&metric) {
        return case.stated(full, "what one replica serves", stated, RATE);
    }
    let concurrency = element.props.quantity("concurrency");
    match concurrency.filter(|_| metric == "capacity") {
        Some(slots) => {
            let slots = case.stated("", "slots of one replica", slots, NUMBER);
            let what = What::of(name, "capacity", RATE).labelled("concurrency / mean own time");
            case.graph.quotient(what, slots, own[id.index()].mean)
        }
        None => case.graph.missing(What::of(name, &metric, RATE), full),
    }
}

/// An element whose load and making are known, ready to be sized.
struct Sizing {
    id: ElementId,
    parts: Vec<PartFacts>,
    inputs: Vec<FactId>,
    missing: Option<FactId>,
    text: &'static str,
    base: Base,
}

#[derive(Clone, Copy)]
struct Base {
    skew: f64,
    leaders: Leaders,
    scaling: Option<(f64, f64)>,
    least: f64,
    declared: f64,
}

/// Which of the two rates of a part is meant.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Average,
    Peak,
}

impl Sizing {
    fn of(case: &mut Case<'_>, id: ElementId, shape: &Shape, parts: Vec<PartFacts>) -> Sizing {
        let element = case.element(id);
        let mut inputs = Vec::new();
        let usl = element.props.number("contention").is_some() || element.props.number("coherency").is_some();
        let scaling = usl.then(|| {
            let alpha = element.props.number("contention").unwrap_or(0.0);
            (alpha, element.props.number("coherency").unwrap_or(0.0))
        });
        for key in ["contention", "coherency"] {
            if let Some(share) = element.props.quantity(key) {
                inputs.push(case.stated("", key, share, Unit::Share));
            }
        }
        // Reads and writes may share a capacity and a factor: each is named once.
        for fact in
            parts.iter().flat_map(|p| [Some(p.capacity), p.copies, p.partitions]).flatten().chain(shape.skew)
        {
            if !inputs.contains(&fact) {
                inputs.push(fact);
            }
        }
        let led = is_led(element, shape);
        let factor = shape.factor.and_then(|f| case.value(f)).unwrap_or(1.0);
        let stated_factor =
            element.props.has("replication") && element.props.at("replication.factor").is_some();
        let shards = shape.shards.and_then(|s| case.value(s));
        let leaders = match (led, shards) {
            (false, _) => Leaders::None,
            (true, Some(shards)) => {
                inputs.extend(shape.shards);
                Leaders::Fixed(shards)
            }
            (true, None) => {
                inputs.extend(shape.factor);
                Leaders::Each(factor)
            }
        };
        let least = match (shape.factor, led) {
            (None, _) => 1.0,
            (Some(_), true) if stated_factor => factor * shards.unwrap_or(1.0),
            (Some(_), true) => shards.unwrap_or(1.0),
            (Some(_), false) => factor,
        };
        let missing = case.graph.first_missing(&inputs);
        let skew = shape.skew.and_then(|s| case.value(s)).unwrap_or(1.0);
        let declared = case.value(shape.declared).unwrap_or(f64::INFINITY);
        let text = text(&parts, led, scaling.is_some());
        Sizing { id, parts, inputs, missing, text, base: Base { skew, leaders, scaling, least, declared } }
    }

    /// The capacity of one replica for the mix at peak.
    fn capacity(&self, case: &mut Case<'_>, load: &Load, inputs: &Inputs<'_>) -> FactId {
        let element = case.element(self.id);
        let split = element.props.get("capacity").is_some_and(|p| p.block.is_some());
        if !split {
            return capacity_of(case, self.id, None, inputs.own);
        }
        let name = &element.head.name;
        let what = What::of(name, "capacity", RATE).labelled("what one replica serves of the mix at peak");
        let mut ids: Vec<FactId> = vec![load.total.peak];
        ids.extend(self.parts.iter().flat_map(|p| [p.rate.peak, p.capacity]));
        case.graph.formula(what, "load / Σ (load / capacity), by operation", ids, |v| {
            let needed: f64 = v[1..].chunks_exact(2).map(|c| c[0] / c[1]).sum();
            if needed > 0.0 { Ok(v[0] / needed) } else { Err(eco_format!("a load of {name}")) }
        })
    }

    fn demand(&self, case: &Case<'_>, when: When) -> Option<Demand> {
        let part = |p: &PartFacts| {
            let load = if when == When::Peak { p.rate.peak } else { p.rate.average };
            Some(Part {
                load: case.value(load)?,
                capacity: case.value(p.capacity).filter(|c| *c > 0.0)?,
                copies: p.copies.map_or(Some(1.0), |c| case.value(c))?,
                is_write: p.is_write,
                serving: p.serving,
            })
        };
        let parts = self.parts.iter().map(part).collect::<Option<Vec<_>>>()?;
        let Base { skew, leaders, scaling, least, declared } = self.base;
        Some(Demand { parts, skew, leaders, scaling, least, declared })
    }

    /// Everything that a number of this element rests on, for one of the two rates.
    fn all_inputs(&self, when: When) -> Vec<FactId> {
        let rate = |p: &PartFacts| if when == When::Peak { p.rate.peak } else { p.rate.average };
        self.parts.iter().map(rate).chain(self.inputs.iter().copied()).collect()
    }

    fn utilization(
        &self,
        case: &mut Case<'_>,
        metric: &str,
        when: When,
        nodes: FactId,
        growth: Option<FactId>,
    ) -> FactId {
        let name = case.name(self.id);
        let what = What::of(name, metric, Unit::Share);
        if self.parts.is_empty() {
            return case.graph.constant(what.labelled(eco_format!("nothing calls {name}")), 0.0);
        }
        let mut inputs = vec![nodes];
        inputs.extend(growth);
        inputs.extend(self.all_inputs(when));
        let demand = self.demand(case, when);
        let grown = growth.is_some();
        let text =
            if grown { eco_format!("{}; each load × its growth", self.text) } else { self.text.into() };
        case.graph.formula(what, &text, inputs, |v| {
            let demand = demand.ok_or_else(|| eco_format!("{name}.capacity above 0"))?;
            if v[0] < 1.0 {
                return Err(eco_format!("a replica of {name} that is up"));
            }
            Ok(demand.utilization(v[0], if grown { v[1] } else { 1.0 }))
        })
    }

    fn required(
        &self,
        case: &mut Case<'_>,
        metric: &str,
        when: When,
        headroom: FactId,
        growth: Option<FactId>,
    ) -> FactId {
        let name = case.name(self.id);
        let what = What::of(name, metric, NUMBER);
        let mut inputs = vec![headroom];
        inputs.extend(growth);
        inputs.extend(self.all_inputs(when));
        let demand = self.demand(case, when);
        let grown = growth.is_some();
        let text = if self.base.least > 1.0 {
            "least n that holds every shard and copy, with utilization(n) ≤ 1 - headroom"
        } else {
            "least n with utilization(n) ≤ 1 - headroom"
        };
        case.graph.formula(what, text, inputs, |v| {
            let demand = demand.ok_or_else(|| eco_format!("{name}.capacity above 0"))?;
            let factor = if grown { v[1] } else { 1.0 };
            demand.required(1.0 - v[0], factor).ok_or_else(|| bound(name, demand.leaders))
        })
    }

    fn finish(self, case: &mut Case<'_>, shape: &Shape, capacity: FactId, outlook: &Outlook) -> Capacity {
        let name = case.name(self.id);
        let element = case.element(self.id);
        if element.kind == Kind::Actor {
            return not_applicable(case, name, capacity, shape);
        }
        let required = self.required(case, "replicas.required", When::Peak, outlook.headroom, None);
        let required_horizon = match outlook.factor {
            Ok(factor) => {
                self.required(case, "replicas.required_horizon", When::Peak, outlook.headroom, Some(factor))
            }
            Err(missing) => {
                case.graph.alias(eco_format!("{name}.replicas.required_horizon"), missing);
                missing
            }
        };
        let nodes = self.nodes(case, shape, required, "at peak");
        let zones = Zones::of(case, self.id, nodes);
        let required_zone_loss = self.required_zone_loss(case, required, &zones, outlook);
        // What scales by itself has grown to what the loss requires, as far as it may.
        let zones = match shape.range {
            Some(_) => {
                let nodes = self.nodes(case, shape, required_zone_loss, "when a zone is lost");
                Zones::of(case, self.id, nodes)
            }
            None => zones,
        };
        let horizon = self.horizon(case, shape, required_horizon, outlook);
        let average_nodes = match shape.range {
            Some(_) => {
                let required =
                    self.required(case, "replicas.required_average", When::Average, outlook.headroom, None);
                self.nodes(case, shape, required, "on average")
            }
            None => shape.declared,
        };
        let peak = self.utilization(case, "utilization.peak", When::Peak, nodes, None);
        case.graph.alias(eco_format!("{name}.utilization"), peak);
        let stretched = match shape.range {
            Some(_) => self.utilization(case, "utilization.stretched", When::Peak, shape.declared, None),
            None => peak,
        };
        let utilization = Utilization {
            average: self.utilization(case, "utilization.average", When::Average, nodes, None),
            peak,
            zone_loss: match zones.left {
                Ok(left) => self.utilization(case, "utilization.zone_loss", When::Peak, left, None),
                Err(missing) => missing,
            },
            region_loss: match left_without_a_region(case, self.id, shape.declared) {
                Ok(left) => self.utilization(case, "utilization.region_loss", When::Peak, left, None),
                Err(missing) => missing,
            },
            horizon,
        };
        let declared = shape.declared;
        let replicas = ReplicaCounts { declared, required, required_zone_loss, required_horizon };
        let demand = self.missing.is_none().then(|| self.demand(case, When::Peak)).flatten();
        let operations = self.parts.iter().map(|p| p.operation).collect();
        Capacity {
            of_one: capacity,
            utilization,
            replicas,
            nodes,
            average_nodes,
            stretched,
            demand,
            operations,
        }
    }

    fn horizon(&self, case: &mut Case<'_>, shape: &Shape, required: FactId, outlook: &Outlook) -> FactId {
        match outlook.factor {
            Ok(factor) => {
                let nodes = self.nodes(case, shape, required, "at the horizon");
                self.utilization(case, "utilization.horizon", When::Peak, nodes, Some(factor))
            }
            Err(missing) => {
                case.graph.alias(eco_format!("{}.utilization.horizon", case.name(self.id)), missing);
                missing
            }
        }
    }

    fn required_zone_loss(
        &self,
        case: &mut Case<'_>,
        required: FactId,
        zones: &Zones,
        outlook: &Outlook,
    ) -> FactId {
        let name = case.name(self.id);
        match zones.left {
            Err(missing) => {
                case.graph.alias(eco_format!("{name}.replicas.required_zone_loss"), missing);
                missing
            }
            Ok(_) => {
                let count = f64::from(zones.count);
                let zones = case.graph.constant(What::between("zones", NUMBER), count);
                let what = What::of(name, "replicas.required_zone_loss", NUMBER);
                let text = "least n, at least as required, whose n - ⌈n / zones⌉ carry the load";
                let demand = self.demand(case, When::Peak);
                case.graph.formula(what, text, vec![required, zones, outlook.headroom], |v| {
                    let left = demand.and_then(|d| d.surviving(1.0 - v[2], 1.0)).unwrap_or(v[0]);
                    Ok(demand::with_zone_lost(left, v[1]).max(v[0]))
                })
            }
        }
    }

    /// How many nodes work: as declared, within an autoscaling range as many as are required, less what a
    /// scenario has taken down.
    fn nodes(&self, case: &mut Case<'_>, shape: &Shape, required: FactId, when: &str) -> FactId {
        let name = case.name(self.id);
        let declared = match shape.range {
            None => shape.declared,
            Some((lo, hi)) => {
                let what = What::between(eco_format!("replicas of {name} {when}"), NUMBER);
                // What no number of replicas carries runs with all there may be.
                match case.value(required) {
                    Some(_) => case.graph.formula(
                        what,
                        "replicas required, within the autoscaling range",
                        vec![required, shape.declared],
                        |v| Ok(v[0].clamp(lo.min(hi), hi)),
                    ),
                    None => shape.declared,
                }
            }
        };
        if case.overrides.is_failed(self.id) {
            let what = What::between(eco_format!("{name} is down in this scenario"), NUMBER);
            return case.graph.constant(what, 0.0);
        }
        if case.overrides.failed_zones.is_empty() && case.overrides.failed_regions.is_empty() {
            return declared;
        }
        let Some(count) = case.value(declared) else { return declared };
        let Some(placed) = placement::spread(case.model, case.element(self.id), count as u32) else {
            return declared;
        };
        let (left, _) = placement::survivors(case.overrides, &placed);
        if f64::from(left) == count {
            return declared;
        }
        let what = What::between(eco_format!("replicas of {name} outside the failed zones"), NUMBER);
        case.graph
            .formula(what, "replicas less those in the failed zones", vec![declared], |_| Ok(f64::from(left)))
    }
}

/// The zones of an element, and what is left when the fullest is lost.
struct Zones {
    count: u32,
    left: Result<FactId, FactId>,
}

impl Zones {
    fn of(case: &mut Case<'_>, id: ElementId, nodes: FactId) -> Zones {
        let name = case.name(id);
        let element = case.element(id);
        let none = |case: &mut Case<'_>, need: EcoString| {
            let what = What::of(name, "utilization.zone_loss", Unit::Share);
            Zones { count: 1, left: Err(case.graph.missing(what, need)) }
        };
        if super::shape::is_outside(element) {
            return none(case, eco_format!("the zones of {name}, which its provider knows"));
        }
        // What is left is spread as it was declared; a scenario's failed zones hold nothing.
        let Some(total) = case.value(nodes) else { return Zones { count: 1, left: Err(nodes) } };
        let declared = element.replicas().map_or(total, |r| match r {
            crate::model::Replicas::Fixed(n) => f64::from(n),
            crate::model::Replicas::Range(..) => total,
        });
        let Some(placed) = placement::spread(case.model, element, declared as u32) else {
            return none(case, eco_format!("{name}.zones"));
        };
        let (left, counts) = placement::survivors(case.overrides, &placed);
        if counts.len() < 2 {
            return none(case, eco_format!("a second zone of {name}"));
        }
        let fullest = counts.iter().copied().max().unwrap_or(0);
        let what = What::between(eco_format!("replicas of {name} with the fullest zone lost"), NUMBER);
        let text = "replicas less those of the fullest zone";
        let left =
            case.graph.formula(what, text, vec![nodes], |_| Ok(f64::from(left.saturating_sub(fullest))));
        Zones { count: counts.len() as u32, left: Ok(left) }
    }
}

/// The replicas that are left when the region that holds the most of them is lost.
fn left_without_a_region(case: &mut Case<'_>, id: ElementId, nodes: FactId) -> Result<FactId, FactId> {
    let name = case.name(id);
    let element = case.element(id);
    let missing = |case: &mut Case<'_>, need: EcoString| {
        Err(case.graph.missing(What::of(name, "utilization.region_loss", Unit::Share), need))
    };
    if super::shape::is_outside(element) {
        return missing(case, eco_format!("the regions of {name}, which its provider knows"));
    }
    let Some(total) = case.value(nodes) else { return Err(nodes) };
    let placed = placement::spread(case.model, element, total as u32).unwrap_or_default();
    let mut regions = std::collections::BTreeMap::new();
    for ((region, n), count) in placed {
        if let Some(region) = region
            && !case.overrides.is_zone_failed((Some(region), n))
        {
            *regions.entry(region).or_insert(0_u32) += count;
        }
    }
    regions.retain(|_, count| *count > 0);
    if regions.len() < 2 {
        return missing(case, eco_format!("a second region of {name}"));
    }
    let all: u32 = regions.values().sum();
    let fullest = regions.values().copied().max().unwrap_or(0);
    let what = What::between(eco_format!("replicas of {name} with the fullest region lost"), NUMBER);
    let text = "replicas less those of the fullest region";
    Ok(case.graph.formula(what, text, vec![nodes], |_| Ok(f64::from(all - fullest))))
}

fn not_applicable(case: &mut Case<'_>, name: &str, capacity: FactId, shape: &Shape) -> Capacity {
    let none = case.graph.not_applicable(What::of(name, "utilization", Unit::Share));
    Capacity {
        of_one: capacity,
        utilization: Utilization {
            average: none,
            peak: none,
            zone_loss: none,
            region_loss: none,
            horizon: none,
        },
        replicas: ReplicaCounts {
            declared: shape.declared,
            required: none,
            required_zone_loss: none,
            required_horizon: none,
        },
        nodes: shape.declared,
        average_nodes: shape.declared,
        stretched: none,
        demand: None,
        operations: Vec::new(),
    }
}

fn bound(name: &str, leaders: Leaders) -> EcoString {
    match leaders {
        Leaders::None => eco_format!("more capacity of one replica of {name}: more of them do not help"),
        Leaders::Fixed(_) | Leaders::Each(_) => eco_format!("more shards of {name}: it is leader-bound"),
    }
}

fn text(parts: &[PartFacts], led: bool, scaled: bool) -> &'static str {
    let copies = parts.iter().any(|p| p.copies.is_some());
    let partitioned = parts.iter().any(|p| p.partitions.is_some());
    match (led, copies, scaled) {
        (_, _, false) if partitioned => "load / (min(replicas, partitions) × capacity), by operation",
        (_, _, true) => {
            "load × copies / (nodes × capacity) × (1 + α(n - 1) + βn(n - 1)), by operation; hottest shard × skew (Gunther's USL)"
        }
        (true, ..) => {
            "writes / (shards × write capacity) + reads of the leader / (shards × read capacity), or the followers' if they are busier; hottest shard × skew"
        }
        (false, true, _) => {
            "(writes × factor / write capacity + reads × quorum / read capacity) / nodes; hottest shard × skew"
        }
        (false, false, _) if parts.len() > 1 => "Σ load / (replicas × capacity), by operation",
        (false, false, _) => "load / (replicas × capacity)",
    }
}
