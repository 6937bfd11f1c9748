//! What transactions span, and writes to two places that no transaction spans.

use super::ground::{Ground, Needs, needs};
use super::is_record;
use crate::analysis::calls::{Calls, Hop, hands_over, touches};
use crate::model::{
    BlockId, BlockKind, Element, ElementId, Flow, FlowId, Model, Operation, Step, StepId, Touched,
};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};

/// What a transaction block spans.
#[derive(Clone, Debug)]
pub struct TransactionFacts {
    /// The flow.
    pub flow: FlowId,
    /// The block.
    pub block: BlockId,
    /// Its level, if one is stated.
    pub level: Option<EcoString>,
    /// The stores it reads and writes.
    pub stores: Vec<ElementId>,
    /// Whether each step that leaves the first store says `via two_phase`.
    pub two_phase: bool,
    /// Steps in it that call somebody else while it is open: services, externals.
    pub calls: Vec<StepId>,
    /// Steps in it that publish to a broker without an outbox.
    pub publishes: Vec<StepId>,
    /// Sharded stores of it whose steps may touch several shards.
    pub across_shards: Vec<AcrossShards>,
}

/// A sharded store that a transaction may touch on several shards.
#[derive(Clone, Debug)]
pub struct AcrossShards {
    /// The store.
    pub element: ElementId,
    /// Whether its transactions may span shards; `None` where that is not known.
    pub supported: Option<bool>,
    /// What is missing, where that is not known.
    pub needs: Option<Needs>,
    /// Why several shards may be touched: `item is kept by item_id, not by user_id`.
    pub why: EcoString,
    /// The facts.
    pub grounds: Vec<Ground>,
}

/// Two writes of one piece of work, to two places, that may part when one of them fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DualWrite {
    /// The flow.
    pub flow: FlowId,
    /// The earlier write.
    pub first: StepId,
    /// The later write.
    pub second: StepId,
    /// The two places.
    pub places: (ElementId, ElementId),
    /// Whether one of them is a broker.
    pub broker: bool,
    /// Whether one of them is declared `optional`: its failure is tolerated.
    pub optional: bool,
    /// Whether a broker hands the work out again when it fails, so that both happen in the end.
    pub redelivered: bool,
}

/// The transaction blocks of a flow.
pub fn transactions(model: &Model, id: FlowId) -> Vec<TransactionFacts> {
    let flow = model.flow(id);
    let blocks = flow.blocks.iter().enumerate().map(|(at, block)| (BlockId(at as u32), block));
    blocks
        .filter_map(|(at, block)| match &block.kind {
            BlockKind::Transaction(level) => Some(transaction(model, (id, flow), at, level.clone())),
            _ => None,
        })
        .collect()
}

fn transaction(
    model: &Model,
    (id, flow): (FlowId, &Flow),
    block: BlockId,
    level: Option<EcoString>,
) -> TransactionFacts {
    let inside: Vec<(StepId, &Step)> =
        flow.steps().filter(|(step, _)| flow.enclosing(*step).any(|b| b == block)).collect();
    let mut stores: Vec<ElementId> = Vec::new();
    let mut calls = Vec::new();
    let mut publishes = Vec::new();
    for (step_id, step) in &inside {
        match model.element(step.to).kind {
            Kind::Store if !stores.contains(&step.to) => stores.push(step.to),
            Kind::Store | Kind::Cache | Kind::Actor => {}
            Kind::Queue | Kind::Topic if !handed_over_safely(step) => publishes.push(*step_id),
            Kind::Queue | Kind::Topic => {}
            _ => calls.push(*step_id),
        }
    }
    let leaves = |s: &Step| model.element(s.to).kind == Kind::Store && stores.first() != Some(&s.to);
    let two_phase =
        inside.iter().filter(|(_, s)| leaves(s)).all(|(_, s)| s.props.word("via") == Some("two_phase"));
    let across_shards =
        stores.iter().filter_map(|store| across_shards(model, flow, *store, &inside)).collect();
    TransactionFacts { flow: id, block, level, stores, two_phase, calls, publishes, across_shards }
}

fn handed_over_safely(step: &Step) -> bool {
    matches!(step.props.word("via"), Some("outbox" | "cdc" | "saga" | "two_phase"))
}

fn across_shards(
    model: &Model,
    flow: &Flow,
    store: ElementId,
    inside: &[(StepId, &Step)],
) -> Option<AcrossShards> {
    let element = model.element(store);
    let shards = element.props.get("shard")?;
    if element.props.number("shard.count") == Some(1.0) {
        return None;
    }
    let steps: Vec<(StepId, &Step)> = inside.iter().copied().filter(|(_, s)| s.to == store).collect();
    let why = several_shards(model, flow, element, &steps)?;
    let mut grounds =
        vec![Ground::property(element, shards, element.props.word("shard.by").unwrap_or_default())];
    let known = element.tech().and_then(|t| Some((t, t.cross_shard_txn()?)));
    grounds.extend(known.as_ref().map(|(t, k)| Ground::catalogue(t, k, if k.value { "yes" } else { "no" })));
    let supported = known.map(|(_, known)| known.value);
    let needs = supported.is_none().then(|| needs(element, "cross_shard_txn"));
    Some(AcrossShards { element: store, supported, needs, why, grounds })
}

/// Why steps of one transaction may touch several shards; `None` where they all follow the shard's key, and where
/// that is not known.
fn several_shards(
    model: &Model,
    flow: &Flow,
    element: &Element,
    steps: &[(StepId, &Step)],
) -> Option<EcoString> {
    let by = element.props.word("shard.by");
    for (id, step) in steps {
        if by.is_none() {
            break;
        }
        for touched in &step.touches {
            let Touched::Data(data) = touched else { continue };
            let key = model.datum(*data).props.word("key");
            if let (Some(key), Some(by)) = (key, by)
                && key != by
            {
                let name = &model.datum(*data).head.short;
                return Some(eco_format!("{name} is kept by {key}, the shards by {by}"));
            }
        }
        let many =
            ["fan_out", "times"].into_iter().find(|key| step.props.number(key).is_some_and(|n| n > 1.0));
        let repeats = flow.enclosing(*id).any(|b| matches!(flow.block(b).kind, BlockKind::Repeat(_)));
        if step.operation == Operation::Write && (many.is_some() || repeats) {
            return Some(eco_format!("{} for several keys", many.unwrap_or("repeat")));
        }
    }
    None
}

/// The dual writes of a flow: each later place against the first one, within one piece of work.
pub fn dual_writes(model: &Model, id: FlowId, calls: &Calls) -> Vec<DualWrite> {
    let flow = model.flow(id);
    if flow.blocks.iter().any(|b| matches!(b.kind, BlockKind::Compensate)) {
        return Vec::new();
    }
    let mut works: Vec<(Option<usize>, Vec<&Hop>)> = Vec::new();
    for (at, hop) in calls.hops.iter().enumerate() {
        if !is_dual_candidate(model, flow, hop) {
            continue;
        }
        let work = work_of(model, calls, at);
        match works.iter_mut().find(|(of, _)| *of == work) {
            Some((_, hops)) => hops.push(hop),
            None => works.push((work, vec![hop])),
        }
    }
    let mut found = Vec::new();
    for (work, mut hops) in works {
        hops.sort_by_key(|hop| hop.step);
        let Some((first, rest)) = hops.split_first() else { continue };
        let mut seen = vec![first.to];
        for second in rest {
            if seen.contains(&second.to) {
                continue;
            }
            seen.push(second.to);
            let broker = |hop: &Hop| model.element(hop.to).kind.is_broker();
            let optional = |hop: &Hop| flow.step(hop.step).props.has("optional");
            found.push(DualWrite {
                flow: id,
                first: first.step,
                second: second.step,
                places: (first.to, second.to),
                broker: broker(first) || broker(second),
                optional: optional(first) || optional(second),
                redelivered: work.is_some() || flow.trigger.is_some(),
            });
        }
    }
    // Two messages to two brokers are no record that could part from another.
    found.retain(|dual| {
        !(model.element(dual.places.0).kind.is_broker() && model.element(dual.places.1).kind.is_broker())
    });
    found
}

fn is_dual_candidate(model: &Model, flow: &Flow, hop: &Hop) -> bool {
    let writes = hop.counts_as == Operation::Write && is_record(model, hop.to);
    let publishes = hop.counts_as == Operation::Publish && model.element(hop.to).kind.is_broker();
    let failure = flow.enclosing(hop.step).any(|b| matches!(flow.block(b).kind, BlockKind::OnFailure(_)));
    let step = flow.step(hop.step);
    let fills = touches(flow, hop).is_empty() && hop.cause != crate::analysis::calls::Cause::Step;
    (writes || publishes) && !handed_over_safely(step) && !failure && !fills
}

/// The hand-over under which a hop is done; `None` for the caller's own work.
fn work_of(model: &Model, calls: &Calls, at: usize) -> Option<usize> {
    let mut above = calls.hops.get(at)?.parent;
    while let Some(parent) = above {
        let hop = calls.hops.get(parent)?;
        if hands_over(model, hop) || hop.operation == Operation::Consume {
            return Some(parent);
        }
        above = hop.parent;
    }
    None
}
