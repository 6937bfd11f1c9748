//! Invariants and read-modify-writes: what guards them, and which anomalies remain.

use super::ground::{Ground, Needs};
use super::isolation::{self, InForce};
use super::{data_word, is_record};
use crate::analysis::calls::{Calls, touches};
use crate::analysis::shape::{Leadership, leadership};
use crate::catalog::consistency::Model as Level;
use crate::model::{DataId, Element, ElementId, Flow, FlowId, Invariant, Model, Operation, StepId, Touched};
use ecow::{EcoString, eco_format};

/// A write that could break an invariant.
#[derive(Clone, Debug)]
pub struct GuardSite {
    /// The flow.
    pub flow: FlowId,
    /// The step that writes.
    pub step: StepId,
    /// The store.
    pub element: ElementId,
    /// The isolation in force.
    pub level: Result<InForce, Needs>,
    /// Whether an update can be lost there, guard and level together.
    pub lost_update: Option<bool>,
    /// Whether write skew is possible there, guard and level together.
    pub write_skew: Option<bool>,
    /// Whether `guard serializable` is contradicted by the level in force.
    pub guard_contradicted: bool,
    /// Whether several leaders take writes of it at once without merging them.
    pub concurrent_leaders: bool,
    /// The facts.
    pub grounds: Vec<Ground>,
}

/// What keeps an invariant.
#[derive(Clone, Debug)]
pub struct InvariantFacts {
    /// The invariant, by its position in the model.
    pub invariant: usize,
    /// Its guard, if one is stated.
    pub guard: Option<EcoString>,
    /// Whether it spans several rows.
    pub several_rows: bool,
    /// Every write of its data.
    pub sites: Vec<GuardSite>,
    /// Whether it is kept: no lost update and, over several rows, no write skew at any site.
    pub kept: Option<bool>,
    /// What is missing, where that is not known.
    pub needs: Option<Needs>,
}

/// A read of a datum followed by a write of it in one flow, by one element, at one store.
#[derive(Clone, Debug)]
pub struct ReadModifyWrite {
    /// The flow.
    pub flow: FlowId,
    /// The step that reads.
    pub read: StepId,
    /// The step that writes.
    pub write: StepId,
    /// Who does both.
    pub by: ElementId,
    /// The store.
    pub store: ElementId,
    /// The datum.
    pub data: EcoString,
    /// Whether both stand in one transaction.
    pub transaction: bool,
    /// The guard of an invariant on the datum, if one is declared.
    pub guard: Option<EcoString>,
    /// Whether an update can be lost; `None` where that is not known.
    pub lost_update: Option<bool>,
    /// What is missing, where that is not known.
    pub needs: Option<Needs>,
    /// The facts. That the write depends on the read is inferred from their order.
    pub grounds: Vec<Ground>,
}

/// What keeps each invariant of a design.
pub fn invariants(model: &Model, calls: &[Calls]) -> Vec<InvariantFacts> {
    model.invariants.iter().enumerate().map(|(at, invariant)| facts(model, at, invariant, calls)).collect()
}

fn facts(model: &Model, at: usize, invariant: &Invariant, calls: &[Calls]) -> InvariantFacts {
    let guard: Option<EcoString> = invariant.props.word("guard").map(Into::into);
    let several_rows = invariant.props.word("rows") == Some("several") || invariant.on.len() > 1;
    let mut sites = Vec::new();
    for ((id, flow), calls) in model.flows().zip(calls) {
        for hop in calls.hops.iter().filter(|h| h.counts_as == Operation::Write) {
            let on_it = |data: &DataId| touches(flow, hop).contains(&Touched::Data(*data));
            if is_record(model, hop.to) && invariant.on.iter().any(on_it) {
                sites.push(site(model, (id, flow), hop.step, hop.to, invariant, guard.as_deref()));
            }
        }
    }
    let broken = |site: &GuardSite| {
        let skew = if several_rows { site.write_skew } else { Some(false) };
        either(site.lost_update, skew)
    };
    let kept = sites.iter().map(broken).fold(Some(false), either).map(|broken| !broken);
    let unknown = sites.iter().find(|s| broken(s).is_none());
    let needs = match (unknown, sites.is_empty()) {
        (Some(site), _) => Some(match &site.level {
            Err(need) => need.clone(),
            Ok(level) => {
                eco_format!("what {} lets through at {}", model.element(site.element).head.name, level.level)
            }
        }),
        (None, true) => Some("a flow that writes its data to a store".into()),
        (None, false) => None,
    };
    // What merges without loss is kept where it is merged, whatever store it ends in.
    let merges = matches!(guard.as_deref(), Some("crdt" | "ot"));
    let kept = if sites.is_empty() { merges.then_some(true) } else { kept };
    InvariantFacts {
        invariant: at,
        guard,
        several_rows,
        sites,
        needs: needs.filter(|_| kept.is_none()),
        kept,
    }
}

/// Three-valued or.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn site(
    model: &Model,
    (id, flow): (FlowId, &Flow),
    step: StepId,
    store: ElementId,
    invariant: &Invariant,
    guard: Option<&str>,
) -> GuardSite {
    let element = model.element(store);
    let level = isolation::in_force(flow, step, element);
    let mut grounds = level.as_ref().map(|l| l.grounds.clone()).unwrap_or_default();
    if let Some(prop) = invariant.props.get("guard") {
        let name = &invariant.head.name;
        grounds
            .insert(0, Ground::stated(eco_format!("{name}: guard {}", guard.unwrap_or_default()), prop.span));
    }
    let concurrent_leaders = concurrent_leaders(element) && !matches!(guard, Some("crdt" | "ot"));
    if concurrent_leaders && let Some(prop) = element.props.at("replication.leader") {
        grounds.push(Ground::property(element, prop, "multi"));
    }
    let (lost, skew) = by_level(&level);
    let guarded = |left: Option<bool>, excludes: &[&str]| match guard {
        Some(guard) if excludes.contains(&guard) => Some(false),
        _ => left,
    };
    // A version compared when writing sees the rows that are written, not those that were only read.
    let lost_update = guarded(lost, &["optimistic", "pessimistic", "unique", "crdt", "ot"]);
    let write_skew = guarded(skew, &["pessimistic", "unique", "crdt", "ot"]);
    let serializable = level.as_ref().is_ok_and(|l| l.set().satisfies(Level::Serializable));
    let guard_contradicted = guard == Some("serializable") && level.is_ok() && !serializable;
    GuardSite {
        flow: id,
        step,
        element: store,
        lost_update: if concurrent_leaders { Some(true) } else { lost_update },
        write_skew: if concurrent_leaders { Some(true) } else { write_skew },
        level,
        guard_contradicted,
        concurrent_leaders,
        grounds,
    }
}

fn by_level(level: &Result<InForce, Needs>) -> (Option<bool>, Option<bool>) {
    level.as_ref().map_or((None, None), |level| (level.lost_update, level.write_skew))
}

/// Several leaders that take writes of one datum at once: locks and versions of one do not bind the other.
fn concurrent_leaders(element: &Element) -> bool {
    let merges = matches!(element.props.word("replication.conflicts"), Some("crdt" | "application"));
    leadership(element) == Leadership::Multi && !merges
}

/// The read-modify-writes of a flow.
pub fn read_modify_writes(model: &Model, id: FlowId) -> Vec<ReadModifyWrite> {
    let flow = model.flow(id);
    let mut found = Vec::new();
    for (write_id, write) in flow.steps().filter(|(_, s)| s.operation == Operation::Write) {
        if !is_record(model, write.to) {
            continue;
        }
        for touched in &write.touches {
            let read = flow.steps().take_while(|(id, _)| *id < write_id).find(|(id, s)| {
                s.operation == Operation::Read
                    && !only_on_miss(flow, *id, write_id)
                    && (s.from, s.to) == (write.from, write.to)
                    && s.touches.contains(touched)
            });
            if let Some((read_id, _)) = read {
                found.push(read_modify_write(model, (id, flow), (read_id, write_id), touched));
            }
        }
    }
    found
}

/// Whether a read only fills a cache: it stands in an `on miss` in which the write does not.
fn only_on_miss(flow: &Flow, read: StepId, write: StepId) -> bool {
    let misses = |step: StepId| {
        flow.enclosing(step).find(|b| matches!(flow.block(*b).kind, crate::model::BlockKind::OnMiss(_)))
    };
    misses(read).is_some() && misses(read) != misses(write)
}

/// What the write itself says: one that compares a version loses nothing, and of one that is only repeatable it is
/// not known whether it depends on the read.
fn by_idempotence(step: &crate::model::Step, otherwise: Option<bool>) -> Option<bool> {
    match step.props.get("idempotent") {
        Some(prop) => (prop.word() == Some("version")).then_some(false),
        None => otherwise,
    }
}

fn read_modify_write(
    model: &Model,
    (id, flow): (FlowId, &Flow),
    (read, write): (StepId, StepId),
    touched: &Touched,
) -> ReadModifyWrite {
    let step = flow.step(write);
    let element = model.element(step.to);
    let around = |step| isolation::transaction(flow, step).map(|(block, _)| block);
    let transaction = around(write).is_some() && around(read) == around(write);
    let guard = guard_of(model, touched);
    let mut grounds =
        vec![Ground::inferred("a read of the same datum by the same element before the write", step.span)];
    let mut needs = None;
    let mut lost_update = Some(true);
    if transaction {
        match isolation::in_force(flow, write, element) {
            Ok(level) => {
                lost_update = level.lost_update;
                needs = lost_update.is_none().then(|| eco_format!("what {} lets through", level.level));
                grounds.extend(level.grounds);
            }
            Err(need) => {
                lost_update = None;
                needs = Some(need);
            }
        }
    }
    if lost_update == Some(true) && step.props.has("idempotent") {
        lost_update = by_idempotence(step, lost_update);
        needs = lost_update.is_none().then(|| "whether the write depends on the read".into());
        grounds
            .extend(step.props.get("idempotent").map(|p| Ground::stated("the write is idempotent", p.span)));
    }
    let guards = |g: &EcoString| g != "serializable";
    if let Some((guard, ground)) = guard.as_ref().filter(|(g, _)| guards(g)) {
        grounds.push(ground.clone());
        lost_update = Some(concurrent_leaders(element) && !matches!(guard.as_str(), "crdt" | "ot"));
        needs = None;
    }
    ReadModifyWrite {
        flow: id,
        read,
        write,
        by: step.from,
        store: step.to,
        data: data_word(model, touched),
        transaction,
        guard: guard.map(|(guard, _)| guard),
        lost_update,
        needs,
        grounds,
    }
}

fn guard_of(model: &Model, touched: &Touched) -> Option<(EcoString, Ground)> {
    let Touched::Data(data) = touched else { return None };
    let on = |invariant: &&Invariant| invariant.on.contains(data);
    model.invariants.iter().filter(on).find_map(|invariant| {
        let prop = invariant.props.get("guard")?;
        let guard: EcoString = prop.word()?.into();
        let ground = Ground::stated(eco_format!("{}: guard {guard}", invariant.head.name), prop.span);
        Some((guard, ground))
    })
}
