//! Copies beside the record: caches that nobody refreshes, indexes without a record, leaders without merging.

use super::ground::{Ground, Needs, needs};
use super::reads::time_to_live;
use super::writes::Records;
use crate::analysis::calls::{Calls, Crossings, touches};
use crate::analysis::shape::{Leadership, leadership};
use crate::catalog::ReplicationMode;
use crate::model::{DataId, ElementId, FlowId, Model, Operation, StepId, Touched};
use crate::schema::Kind;
use ecow::EcoString;
use std::collections::BTreeSet;

/// How a cache keeps up with what it fronts.
#[derive(Clone, Debug)]
pub struct CacheFacts {
    /// The cache or cdn.
    pub element: ElementId,
    /// What it fronts.
    pub of: Vec<ElementId>,
    /// Its policy, if stated.
    pub policy: Option<EcoString>,
    /// Seconds for which an entry serves, as stated or by default.
    pub ttl_s: Option<f64>,
    /// The fact behind it.
    pub ttl_ground: Option<Ground>,
    /// Writes of what it fronts that neither go through it nor touch it in the same flow.
    pub unseen_writes: Vec<(FlowId, StepId)>,
    /// Whether it acknowledges writes before the origin has them.
    pub write_back: bool,
}

/// A store that can be rebuilt from elsewhere, and nothing it could be rebuilt from.
#[derive(Clone, Debug)]
pub struct DerivedSource {
    /// The search index, cache or vector index.
    pub element: ElementId,
    /// What only it holds.
    pub data: Vec<DataId>,
    /// Why it is no store of record.
    pub why: &'static str,
}

/// An element whose copies take writes at once.
#[derive(Clone, Debug)]
pub struct ConflictFacts {
    /// The element.
    pub element: ElementId,
    /// Whether the design says `leader multi`; else every copy takes writes by the technology's nature.
    pub multi_leader: bool,
    /// `last_write_wins`, `crdt` or `application`, where stated.
    pub conflicts: Option<EcoString>,
    /// What would have to be known, where it is not stated.
    pub needs: Option<Needs>,
    /// The facts.
    pub grounds: Vec<Ground>,
}

/// Every cache and cdn that fronts something.
pub fn caches(model: &Model, calls: &[Calls], crossings: &Crossings) -> Vec<CacheFacts> {
    let fronting = |kind: Kind| matches!(kind, Kind::Cache | Kind::Cdn);
    let all = model.elements().filter(|(_, e)| fronting(e.kind) && e.props.has("of"));
    all.map(|(id, element)| {
        let of: Vec<ElementId> = element.props.elements("of").collect();
        let policy: Option<EcoString> = element.props.word("policy").map(Into::into);
        let (ttl_s, ttl_ground) = time_to_live(element);
        let unseen_writes = unseen(model, calls, crossings, id, &of);
        let write_back = policy.as_deref() == Some("write_back");
        CacheFacts { element: id, of, policy, ttl_s, ttl_ground, unseen_writes, write_back }
    })
    .collect()
}

/// Writes to an origin in flows that never touch the cache by a write or a delete.
fn unseen(
    model: &Model,
    calls: &[Calls],
    crossings: &Crossings,
    cache: ElementId,
    of: &[ElementId],
) -> Vec<(FlowId, StepId)> {
    let read = read_there(model, calls, crossings.flows(cache), cache);
    let mut found = Vec::new();
    let reached: BTreeSet<FlowId> = of.iter().flat_map(|origin| crossings.flows(*origin)).copied().collect();
    for id in reached {
        let (flow, calls) = (model.flow(id), &calls[id.index()]);
        let writes = |to: ElementId| calls.hops.iter().any(|h| h.to == to && h.counts_as == Operation::Write);
        if writes(cache) {
            continue;
        }
        for hop in calls.hops.iter().filter(|h| of.contains(&h.to) && h.counts_as == Operation::Write) {
            let touched = touches(flow, hop);
            if read.is_empty() || touched.iter().any(|t| read.contains(t)) {
                found.push((id, hop.step));
            }
        }
    }
    found
}

fn read_there(model: &Model, calls: &[Calls], flows: &[FlowId], cache: ElementId) -> Vec<Touched> {
    let mut read = Vec::new();
    for (flow, calls) in flows.iter().map(|id| (model.flow(*id), &calls[id.index()])) {
        for hop in calls.hops.iter().filter(|h| h.to == cache && h.counts_as == Operation::Read) {
            read.extend(touches(flow, hop).iter().cloned());
        }
    }
    read
}

/// Stores that hold what no store of record holds, and to which callers write it: what messages, a clock or a write to
/// a record elsewhere in the flow bring is derived.
pub fn derived_sources(
    model: &Model,
    calls: &[Calls],
    crossings: &Crossings,
    records: &Records,
) -> Vec<DerivedSource> {
    let why = |id: ElementId| {
        let element = model.element(id);
        match element.kind {
            Kind::Cache => Some("cache"),
            Kind::Store if element.tech().is_some_and(crate::catalog::Technology::is_derived_store) => {
                Some("index")
            }
            _ => None,
        }
    };
    let mut found = Vec::new();
    for (id, element) in model.elements() {
        let Some(why_it) = why(id) else { continue };
        let recorded = |data: DataId| records.of_data(data).iter().any(|e| *e != id && why(*e).is_none());
        let flows = crossings.flows(id);
        let data: Vec<DataId> =
            element.holds().filter(|d| !recorded(*d) && written_first(model, calls, flows, id, *d)).collect();
        if !data.is_empty() {
            found.push(DerivedSource { element: id, data, why: why_it });
        }
    }
    found
}

/// Whether some flow that people start is answered after it wrote this datum here, and to no record before.
fn written_first(model: &Model, calls: &[Calls], flows: &[FlowId], id: ElementId, data: DataId) -> bool {
    let reached = flows.iter().map(|id| (model.flow(*id), &calls[id.index()]));
    reached.filter(|(flow, _)| flow.trigger.is_none()).any(|(flow, calls)| {
        let writes = calls.hops.iter().filter(|h| h.on_path && h.counts_as == Operation::Write);
        let first = writes
            .filter(|h| matches!(model.element(h.to).kind, Kind::Store | Kind::Cache))
            .min_by_key(|h| h.step);
        first.is_some_and(|h| h.to == id && touches(flow, h).contains(&Touched::Data(data)))
    })
}

/// Elements whose copies take writes at once.
pub fn conflicts(model: &Model) -> Vec<ConflictFacts> {
    let mut found = Vec::new();
    for (id, element) in model.elements().filter(|(_, e)| matches!(e.kind, Kind::Store | Kind::Cache)) {
        let leads = leadership(element);
        let leaderless = leads == Leadership::Leaderless;
        if leads != Leadership::Multi && !leaderless {
            continue;
        }
        let mut grounds = Vec::new();
        if let Some(prop) = element.props.at("replication.leader") {
            grounds.push(Ground::property(element, prop, prop.word().unwrap_or_default()));
        } else if let Some(technology) = element.tech()
            && let Some(known) = technology.replication()
            && known.value == ReplicationMode::Leaderless
        {
            grounds.push(Ground::catalogue(technology, &known, known.value.token()));
        }
        let stated = element.props.at("replication.conflicts");
        let conflicts: Option<EcoString> = stated.and_then(|p| p.word()).map(Into::into);
        grounds.extend(stated.map(|p| Ground::property(element, p, p.word().unwrap_or_default())));
        let needs = conflicts.is_none().then(|| needs(element, "conflicts"));
        let multi_leader = leads == Leadership::Multi;
        found.push(ConflictFacts { element: id, multi_leader, conflicts, needs, grounds });
    }
    found
}
