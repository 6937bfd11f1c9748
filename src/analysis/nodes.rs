//! Machines that run containers: how many of them hold the replicas, at least and by first-fit, with a zone lost and at
//! the horizon.

use super::capacity::Capacity;
use super::case::Case;
use super::demand;
use super::derivation::{FactId, Unit};
use super::derive::{COST, DATA, NUMBER, What};
use super::facts::NodesFacts;
use super::placement;
use crate::model::{ElementId, Model, Nodes, NodesId};
use crate::numeric::packing::{Alike, Sized, first_fit, least_bins};
use ecow::{EcoString, eco_format};

/// What is known of every group of machines.
pub fn nodes(case: &mut Case<'_>, capacities: &[Capacity]) -> Vec<NodesFacts> {
    let ids: Vec<NodesId> = (0..case.model.nodes.len()).map(|i| NodesId(i as u32)).collect();
    ids.into_iter().map(|id| pool(case, id, capacities)).collect()
}

/// The elements whose machines have a price.
pub fn billed(model: &Model) -> Vec<ElementId> {
    let priced = |id: ElementId| model.runs_on(id).is_some_and(|n| model.nodes[n.index()].props.has("cost"));
    model.elements().map(|(id, _)| id).filter(|id| priced(*id)).collect()
}

/// A resource of a machine of which each replica takes a part.
struct Resource {
    key: &'static str,
    unit: Unit,
    /// What one machine has for replicas.
    of_one: FactId,
    /// What a replica of each element takes.
    each: Vec<FactId>,
}

/// How many machines hold the replicas.
struct Packed {
    least: FactId,
    required: FactId,
    too_large: Option<ElementId>,
}

fn pool(case: &mut Case<'_>, id: NodesId, capacities: &[Capacity]) -> NodesFacts {
    let model = case.model;
    let nodes = &model.nodes[id.index()];
    let name = &nodes.head.name;
    let on: Vec<ElementId> =
        model.elements().map(|(id, _)| id).filter(|e| model.runs_on(*e) == Some(id)).collect();
    let resources = resources(case, nodes, &on);
    let peak: Vec<FactId> = on.iter().map(|id| capacities[id.index()].nodes).collect();
    let horizon: Vec<FactId> = on
        .iter()
        .map(|id| {
            let (now, then) =
                (capacities[id.index()].nodes, capacities[id.index()].replicas.required_horizon);
            let what = What::between(eco_format!("replicas of {} at the horizon", case.name(*id)), NUMBER);
            case.graph.maximum(what, vec![now, then])
        })
        .collect();
    let declared = declared(case, nodes);
    let packed = pack(case, name, "", &resources, &on, &peak);
    let required_horizon = pack(case, name, "_horizon", &resources, &on, &horizon).required;
    let used = used(case, name, &resources, &peak, declared);
    let (left, required_zone_loss) = zone_loss(case, nodes, declared, packed.required);
    let cost = nodes.props.quantity("cost").map(|each| {
        let each = case.stated("", "cost of one node", each, COST);
        case.graph.product(What::of(name, "cost", COST), vec![declared, each])
    });
    NodesFacts {
        declared,
        least: packed.least,
        required: packed.required,
        left,
        required_zone_loss,
        required_horizon,
        used,
        too_large: packed.too_large,
        on,
        cost,
    }
}

/// What machines have that replicas need: processors and memory, as far as the machines state them.
fn resources(case: &mut Case<'_>, nodes: &Nodes, on: &[ElementId]) -> Vec<Resource> {
    let name = &nodes.head.name;
    let reserved = nodes.props.quantity("reserved");
    let mut found = Vec::new();
    for (key, label, unit) in [("cpu", "processors", NUMBER), ("memory", "memory", DATA)] {
        let Some(stated) = nodes.props.quantity(key) else { continue };
        let mut of_one = case.stated("", &eco_format!("{label} of one node"), stated, unit);
        if let Some(share) = reserved {
            let share = case.stated("", "share that the system itself takes", share, Unit::Share);
            let what = What::between(eco_format!("{label} of one node for replicas"), unit);
            let text = eco_format!("{label} × (1 - reserved)");
            of_one = case.graph.formula(what, &text, vec![of_one, share], |v| Ok(v[0] * (1.0 - v[1])));
        }
        let each = on.iter().map(|id| {
            let element = case.element(*id);
            match element.props.quantity(key) {
                Some(n) => {
                    case.stated("", &eco_format!("{label} of one replica of {}", element.head.name), n, unit)
                }
                None => {
                    let need = eco_format!("{}.{key}", element.head.name);
                    case.graph.missing(What::between("", unit), need)
                }
            }
        });
        let each = each.collect();
        found.push(Resource { key, unit, of_one, each });
    }
    if found.is_empty() {
        let of_one =
            case.graph.missing(What::between("", NUMBER), eco_format!("{name}.cpu or {name}.memory"));
        found.push(Resource { key: "cpu", unit: NUMBER, of_one, each: vec![of_one; on.len()] });
    }
    found
}

/// Machines there are, less those that a scenario has taken down.
fn declared(case: &mut Case<'_>, nodes: &Nodes) -> FactId {
    let name = &nodes.head.name;
    let full = eco_format!("{name}.nodes.declared");
    let Some(count) = nodes.props.quantity("count") else {
        return case.graph.missing(What::of(name, "nodes.declared", NUMBER), eco_format!("{name}.count"));
    };
    let placed = placement::placed(case.model, &nodes.placement(), count.value() as u32);
    let left = placed.map(|placed| placement::survivors(case.overrides, &placed).0);
    match left.filter(|left| f64::from(*left) != count.value()) {
        None => case.stated(full, "nodes", count, NUMBER),
        Some(left) => {
            let all = case.stated("", "nodes", count, NUMBER);
            let what = What::of(name, "nodes.declared", NUMBER);
            case.graph
                .formula(what, "nodes less those in the failed zones", vec![all], |_| Ok(f64::from(left)))
        }
    }
}

/// The least machines that could hold so many replicas, and those that first-fit takes.
fn pack(
    case: &mut Case<'_>,
    name: &str,
    when: &str,
    resources: &[Resource],
    on: &[ElementId],
    counts: &[FactId],
) -> Packed {
    let mut inputs: Vec<FactId> = resources.iter().map(|r| r.of_one).collect();
    for (at, count) in counts.iter().enumerate() {
        inputs.push(*count);
        inputs.extend(resources.iter().map(|r| r.each[at]));
    }
    let kinds = resources.len();
    // Shares of a node by element: the count of its replicas, then a share for each resource.
    let shares = |v: &[f64]| -> Vec<(f64, Vec<f64>)> {
        let (of_one, rest) = v.split_at(kinds);
        rest.chunks_exact(kinds + 1)
            .map(|c| (c[0], c[1..].iter().zip(of_one).map(|(each, one)| each / one).collect()))
            .collect()
    };
    let missing = case.graph.first_missing(&inputs);
    let values: Vec<f64> = inputs.iter().filter_map(|id| case.value(*id)).collect();
    let things = if missing.is_none() { shares(&values) } else { Vec::new() };
    let large = things.iter().position(|(n, shares)| *n > 0.0 && shares.iter().any(|s| *s > 1.0 + 1e-9));
    let too_large = large.map(|at| on[at]);
    let fits = || match too_large {
        Some(id) => Err(eco_format!("a node that holds a replica of {}", case.name(id))),
        None => Ok(()),
    };
    let fits: Result<(), EcoString> = fits();
    let text = "the most that one resource asks for: Σ replicas × share of a node, rounded up, and more where large replicas share no node (the bound L₂)";
    let what = What::of(name, &eco_format!("nodes.least{when}"), NUMBER);
    let least = case.graph.formula(what, text, inputs.clone(), |_| {
        fits.clone()?;
        let of = |r: usize| least_bins(&things.iter().map(|(n, s)| (s[r], *n)).collect::<Vec<Alike>>());
        Ok((0..kinds).map(of).fold(0.0, f64::max))
    });
    let text = "first-fit: replicas by the greatest share of a node that they take, each into the first node with room";
    let what = What::of(name, &eco_format!("nodes.required{when}"), NUMBER);
    let required = case.graph.formula(what, text, inputs, |_| {
        fits.clone()?;
        let sized: Vec<Sized> =
            things.iter().map(|(n, s)| Sized { shares: s.clone(), count: *n as u64 }).collect();
        first_fit(&sized).map(|n| n as f64).ok_or_else(|| "a node that holds every replica".into())
    });
    Packed { least, required, too_large }
}

/// The share of each resource of all machines that replicas take.
fn used(
    case: &mut Case<'_>,
    name: &str,
    resources: &[Resource],
    counts: &[FactId],
    declared: FactId,
) -> Vec<(&'static str, FactId)> {
    let mut found = Vec::new();
    for Resource { key, unit, of_one, each } in resources {
        let parts: Vec<FactId> = counts
            .iter()
            .zip(each)
            .map(|(count, each)| {
                case.graph.product(What::between("replicas × each", *unit), vec![*count, *each])
            })
            .collect();
        let needed = case.graph.sum(What::of(name, &eco_format!("{key}.needed"), *unit), parts);
        let all = case
            .graph
            .product(What::of(name, &eco_format!("{key}.declared"), *unit), vec![declared, *of_one]);
        let what = What::of(name, &eco_format!("utilization.{key}"), Unit::Share);
        found.push((*key, case.graph.quotient(what, needed, all)));
    }
    found
}

/// Machines that are left when the fullest zone is lost, and how many there must be so that those hold every replica.
fn zone_loss(case: &mut Case<'_>, nodes: &Nodes, declared: FactId, required: FactId) -> (FactId, FactId) {
    let name = &nodes.head.name;
    let (left, more) = ("nodes.zone_loss", "nodes.required_zone_loss");
    let count = nodes.props.number("count").unwrap_or(0.0) as u32;
    let placed = placement::placed(case.model, &nodes.placement(), count).unwrap_or_default();
    let (_, counts) = placement::survivors(case.overrides, &placed);
    if counts.len() < 2 {
        let need = if nodes.props.has("zones") || nodes.props.has("in") {
            eco_format!("a second zone of {name}")
        } else {
            eco_format!("{name}.zones")
        };
        let missing = case.graph.missing(What::of(name, left, NUMBER), need);
        case.graph.alias(eco_format!("{name}.{more}"), missing);
        return (missing, missing);
    }
    let fullest = f64::from(counts.iter().copied().max().unwrap_or(0));
    let zones = counts.len() as f64;
    let text = "nodes less those of the fullest zone";
    let left = case.graph.formula(What::of(name, left, NUMBER), text, vec![declared], |v| Ok(v[0] - fullest));
    let zones = case.graph.constant(What::between("zones", NUMBER), zones);
    let text = "least n whose n - ⌈n / zones⌉ hold every replica, which start again there";
    let more = case.graph.formula(What::of(name, more, NUMBER), text, vec![required, zones], |v| {
        Ok(demand::with_zone_lost(v[0], v[1]))
    });
    (left, more)
}
