//! Correctness of data: what each read is given along its path, what acknowledged writes survive, which anomalies
//! remain possible, and what messages do.
//!
//! Two axes are kept apart: what a read sees while nothing fails, and whether an acknowledged write survives a
//! failover and a restart. Facts that are not known are named, never guessed. The module says nothing to readers
//! beyond short labels; rules and reports make sentences of it.

pub mod caches;
pub mod ground;
pub mod invariants;
pub mod isolation;
mod loss_remedy;
pub mod messaging;
pub mod partition;
pub mod quorum;
pub mod reads;
pub mod store;
#[cfg(test)]
mod tests;
pub mod transactions;
mod verdicts;
pub mod writes;

pub use caches::{CacheFacts, ConflictFacts, DerivedSource};
pub use ground::{Ground, confidence};
pub use invariants::{GuardSite, InvariantFacts, ReadModifyWrite};
pub use isolation::{InForce, LevelSource};
pub use loss_remedy::{LossRemedy, loss_remedy};
pub use messaging::{BrokerFacts, ConsumerFacts, Order, RetryFacts};
pub use partition::PartitionFacts;
pub use quorum::Quorum;
pub use store::Unsupported;
pub use transactions::{AcrossShards, DualWrite, TransactionFacts};
pub(super) use verdicts::judge;
pub use writes::{Durability, Survival, WriteFacts};

use super::calls::{Calls, Crossings};
use super::facts::Read;
use super::shape::{Leadership, leadership};
use crate::model::{Element, ElementId, Model, Touched};
use crate::schema::Kind;
use ecow::EcoString;

/// Everything about the correctness of data but its reads, which stand with their flows.
#[derive(Clone, Debug, Default)]
pub struct Correctness {
    /// Acknowledged writes, flow by flow.
    pub writes: Vec<WriteFacts>,
    /// By element: what becomes of what it acknowledged; `None` for what keeps nothing.
    pub durability: Vec<Option<Durability>>,
    /// Required levels against partitions, flow by flow.
    pub partitions: Vec<PartitionFacts>,
    /// Invariants, in the model's order.
    pub invariants: Vec<InvariantFacts>,
    /// Reads followed by writes of the same datum, flow by flow.
    pub read_modify_writes: Vec<ReadModifyWrite>,
    /// Transaction blocks, flow by flow.
    pub transactions: Vec<TransactionFacts>,
    /// Writes to two places, flow by flow.
    pub dual_writes: Vec<DualWrite>,
    /// Queues and topics, in the model's order.
    pub brokers: Vec<BrokerFacts>,
    /// Steps that are tried again, flow by flow.
    pub retries: Vec<RetryFacts>,
    /// Caches and their origins.
    pub caches: Vec<CacheFacts>,
    /// Stores that hold what no store of record holds.
    pub derived_sources: Vec<DerivedSource>,
    /// Elements whose copies take writes at once, and what becomes of conflicts.
    pub conflicts: Vec<ConflictFacts>,
}

/// Everything about the correctness of data but its reads.
pub(super) fn correctness(model: &Model, calls: &[Calls]) -> Correctness {
    let crossings = Crossings::of(model, calls);
    let records = writes::Records::of(model);
    let mut found = Correctness {
        durability: model.elements.iter().map(writes::durability).collect(),
        invariants: invariants::invariants(model, calls),
        brokers: messaging::brokers(model, calls, &crossings),
        caches: caches::caches(model, calls, &crossings),
        derived_sources: caches::derived_sources(model, calls, &crossings, &records),
        conflicts: caches::conflicts(model),
        ..Correctness::default()
    };
    for ((id, _), calls) in model.flows().zip(calls) {
        found.writes.extend(writes::of_flow(model, id, calls, &records));
        found.partitions.extend(partition::of_flow(model, id));
        found.read_modify_writes.extend(invariants::read_modify_writes(model, id));
        found.transactions.extend(transactions::transactions(model, id));
        found.dual_writes.extend(transactions::dual_writes(model, id, calls));
        found.retries.extend(messaging::retries(model, id, calls));
    }
    found
}

/// The reads of every flow.
pub(super) fn reads(model: &Model, calls: &[Calls]) -> Vec<Vec<Read>> {
    let writers = reads::Writers::of(model, calls);
    model.flows().map(|(id, _)| reads::of_flow(model, id, &writers)).collect()
}

/// Whether one node takes the writes of each shard.
fn single_leader(element: &Element) -> bool {
    leadership(element) == Leadership::Single
}

/// What a step touches, as it is called.
fn data_word(model: &Model, touched: &Touched) -> EcoString {
    match touched {
        Touched::Data(id) => model.datum(*id).head.short.clone(),
        Touched::Label(label, _) => label.clone(),
    }
}

/// Whether an element is a store, cache or topic that keeps what a step touches.
fn keeps(element: &Element, touched: Option<&Touched>) -> bool {
    let Some(Touched::Data(data)) = touched else { return false };
    matches!(element.kind, Kind::Store | Kind::Cache | Kind::Topic) && element.holds().any(|d| d == *data)
}

/// Whether an element keeps records: a store, or a cache that fronts nothing.
fn is_record(model: &Model, id: ElementId) -> bool {
    let element = model.element(id);
    element.kind == Kind::Store || (element.kind == Kind::Cache && !element.props.has("of"))
}
