//! Typed questions to a technology. `None` is "unknown"; it is never the good case.

use super::consistency::{Anomaly, IsolationLevel, Model, Phenomenon, Prevention, isolation};
use super::fact::{Confidence, FactValue, Known, Origin};
use super::keys::{AutoFailover, Delivery, MessageOrdering, Replay, ReplicationMode, Sharding};
use super::technology::Technology;

/// A measured throughput of named hardware: good for "within ten times?", never a capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// `read`, `write` or `any`.
    pub operation: String,
    /// Per second.
    pub per_s: f64,
    /// What is counted: `records of 100 bytes`.
    pub unit: String,
    /// What did it: `node`, `queue`, `cluster of 3`.
    pub scope: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// The facts it follows from.
    pub from: Vec<String>,
}

/// A limit that no number of nodes lifts: per partition, shard, prefix or key.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionLimit {
    /// To what it applies: `partition`, `prefix`, `shard`, `object`.
    pub scope: String,
    /// `read`, `write` or `any`.
    pub operation: String,
    /// Per second.
    pub per_s: f64,
    /// What is counted: `write units`, `requests`, `bytes`.
    pub unit: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// The facts it follows from.
    pub from: Vec<String>,
}

/// What keeps transactions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// There are no transactions over several items.
    None,
    /// A model of the lattice.
    Level(Model),
}

impl Isolation {
    /// The model, where there is one.
    pub fn model(self) -> Option<Model> {
        match self {
            Isolation::None => None,
            Isolation::Level(model) => Some(model),
        }
    }
}

/// Getters that differ only in key and kind.
macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $key:literal, $read:expr;)+) => {
        impl Technology {
            $($(#[$doc])*
            pub fn $name(&self) -> Option<Known<$kind>> {
                self.known($key, $read)
            })+
        }
    };
}

fn model(value: &FactValue) -> Option<Model> {
    Model::parse(value.text()?)
}

fn isolation_of(value: &FactValue) -> Option<Isolation> {
    let word = value.text()?;
    if word == "none" { Some(Isolation::None) } else { Model::parse(word).map(Isolation::Level) }
}

getters! {
    /// What a read sees while nothing fails, with default settings (axis 1).
    read_default: Model = "read_default", model;
    /// The strongest level that a read can ask for.
    read_strongest: Model = "read_strongest", model;
    /// What a read from a follower sees.
    replica_read: Model = "replica_read", model;
    /// What keeps transactions apart with default settings.
    txn_default: Isolation = "txn_default", isolation_of;
    /// The strongest isolation that can be asked for.
    txn_strongest: Isolation = "txn_strongest", isolation_of;
    /// How copies are kept.
    replication: ReplicationMode = "replication", |v| ReplicationMode::parse(v.text()?);
    /// Whether a new leader is chosen without people.
    auto_failover: AutoFailover = "auto_failover", |v| AutoFailover::parse(v.text()?);
    /// Whether an acknowledged write survives a failover as deployed (axis 2).
    acked_survive_failover_default: bool = "acked_survive_failover_default", FactValue::flag;
    /// Whether an acknowledged write survives a failover with the safest settings.
    acked_survive_failover_best: bool = "acked_survive_failover_best", FactValue::flag;
    /// Whether an acknowledged write survives a restart as deployed (axis 2).
    acked_survive_restart_default: bool = "acked_survive_restart_default", FactValue::flag;
    /// Whether an acknowledged write survives a restart with the safest settings.
    acked_survive_restart_best: bool = "acked_survive_restart_best", FactValue::flag;
    /// Whether the provider keeps backups as deployed.
    backed_up_default: bool = "backed_up_default", FactValue::flag;
    /// Seconds of acknowledged writes that a failover may lose.
    failover_loss_s: f64 = "failover_loss_s", FactValue::number;
    /// Seconds of acknowledged writes that a restart may lose.
    restart_loss_s: f64 = "restart_loss_s", FactValue::number;
    /// Seconds by which a read may be old by design, such as the refresh interval of a search index.
    stale_s: f64 = "stale_s", FactValue::number;
    /// Whether one node accepts the writes of a shard.
    single_writer: bool = "single_writer", FactValue::flag;
    /// Whether it spreads data over nodes by itself.
    sharded: Sharding = "sharded", |v| Sharding::parse(v.text()?);
    /// Whether a transaction may span shards.
    cross_shard_txn: bool = "cross_shard_txn", FactValue::flag;
    /// Copies of each datum with default settings.
    default_factor: f64 = "default_factor", FactValue::number;
    /// Copies that must have a message before it counts.
    min_in_sync_default: f64 = "min_in_sync_default", FactValue::number;
    /// Partitions of a topic with default settings.
    partitions_default: f64 = "partitions_default", FactValue::number;
    /// How often a message arrives, as deployed.
    delivery_default: Delivery = "delivery_default", |v| Delivery::parse(v.text()?);
    /// The strongest delivery that can be asked for.
    delivery_strongest: Delivery = "delivery_strongest", |v| Delivery::parse(v.text()?);
    /// In which scope messages keep their order.
    ordering: MessageOrdering = "ordering", |v| MessageOrdering::parse(v.text()?);
    /// Whether consumed messages can be read again.
    replayable: Replay = "replayable", |v| Replay::parse(v.text()?);
    /// Seconds for which a message is kept with default settings.
    retention_default_s: f64 = "retention_default_s", FactValue::number;
    /// Seconds for which a message can be kept at most.
    retention_max_s: f64 = "retention_max_s", FactValue::number;
    /// Seconds for which a taken message may stay unacknowledged before it is given to another consumer.
    visibility_default_s: f64 = "visibility_default_s", FactValue::number;
    /// The monthly uptime that the provider commits to, as a share of 1, of the weakest deployment unless a variant
    /// says more. A commitment of 100% is a threshold for credits and is not given.
    sla: f64 = "sla", FactValue::number;
    /// Connections that one node accepts with default settings.
    max_connections: f64 = "max_connections", FactValue::number;
    /// Requests that one node works on at once with default settings.
    threads: f64 = "threads", FactValue::number;
    /// Connections that one replica opens to a store with default settings.
    pool_default: f64 = "pool_default", FactValue::number;
    /// Bytes of the largest item.
    max_item_bytes: f64 = "max_item_bytes", FactValue::number;
    /// Bytes of the largest message.
    max_message_bytes: f64 = "max_message_bytes", FactValue::number;
    /// Bytes of data that one cluster holds with default settings.
    dataset_max_bytes: f64 = "dataset_max_bytes", FactValue::number;
    /// Seconds of silence after which a connection is closed.
    idle_timeout_default_s: f64 = "idle_timeout_default_s", FactValue::number;
    /// Seconds after which a request is given up.
    request_timeout_default_s: f64 = "request_timeout_default_s", FactValue::number;
    /// Seconds for which a response is cached where nothing else is said.
    ttl_default_s: f64 = "ttl_default_s", FactValue::number;
}

impl Technology {
    /// The isolation levels that the database offers under their own names, measured by Hermitage where it was, else
    /// as the catalogue states them.
    pub fn isolation_levels(&self) -> Option<Known<Vec<IsolationLevel>>> {
        let fact = self.facts.get("isolation.levels");
        if let Some(levels) = isolation::levels_of(&self.id) {
            return Some(Known {
                value: levels,
                confidence: fact.map_or(Confidence::High, |fact| fact.confidence),
                source: isolation::SOURCE.to_owned(),
                fact: "isolation.levels".to_owned(),
                origin: Origin::Catalogue,
            });
        }
        let fact = fact?;
        let FactValue::List(items) = &fact.value else { return None };
        Some(Known {
            value: items.iter().filter_map(IsolationLevel::from_fact).collect(),
            confidence: fact.confidence,
            source: fact.source.clone(),
            fact: fact.path.clone(),
            origin: fact.origin.clone(),
        })
    }

    /// The level that a design means by `name` (`serializable`, `snapshot_isolation`, …); `None` where the levels are
    /// unknown or none of them answers to it.
    pub fn isolation_level(&self, name: &str) -> Option<Known<IsolationLevel>> {
        let known = self.isolation_levels()?;
        let level = isolation::choose(&known.value, name)?.clone();
        Some(known.map(|_| level))
    }

    /// The level that transactions run at where nothing is said.
    pub fn default_isolation_level(&self) -> Option<Known<IsolationLevel>> {
        let known = self.isolation_levels()?;
        let told = self.facts.get("isolation.default").and_then(|fact| fact.value.text());
        // The fact may explain itself in brackets: `repeatable read (REPEATABLE-READ)`.
        let name = told.and_then(|text| text.split(" (").next());
        let marked = known.value.iter().find(|level| level.default);
        let level =
            marked.or_else(|| known.value.iter().find(|level| Some(level.name.as_str()) == name))?.clone();
        Some(known.map(|_| level))
    }

    /// Whether transactions at the level that a design calls `level`, or at the default level, let the phenomenon
    /// happen. Measurement answers first, then the model; `None` where neither decides, for a level that is not
    /// offered, and for stale reads, which are a matter of the path and not of isolation.
    pub fn possible(&self, phenomenon: Phenomenon, level: Option<&str>) -> Option<Known<bool>> {
        let anomaly = match phenomenon {
            Phenomenon::LostUpdate => Anomaly::P4,
            Phenomenon::WriteSkew => Anomaly::G2Item,
            Phenomenon::StaleRead => return None,
        };
        let measured = match level {
            Some(name) => self.isolation_level(name),
            None => self.default_isolation_level(),
        };
        if let Some(known) = measured {
            return Some(known.map(|level| level.prevents(anomaly) != Prevention::Yes));
        }
        let isolation = self.isolation_at(level)?;
        let possible = match isolation.value {
            Isolation::None => true,
            Isolation::Level(model) => model.allows(phenomenon)?,
        };
        Some(isolation.map(|_| possible))
    }

    /// The isolation at a level by its model: at most the strongest that is offered.
    fn isolation_at(&self, level: Option<&str>) -> Option<Known<Isolation>> {
        let Some(name) = level else { return self.txn_default() };
        let (model, strongest) = (Model::from_user(name)?, self.txn_strongest()?);
        let offered = strongest.value.model().is_some_and(|strongest| strongest.implies(model));
        offered.then(|| strongest.map(|_| Isolation::Level(model)))
    }

    /// The measured throughput of reads or writes, else that of any operation.
    pub fn anchor(&self, operation: &str) -> Option<Known<Anchor>> {
        let find = |operation: &str| self.anchors.iter().find(|anchor| anchor.operation == operation);
        let anchor = find(operation).or_else(|| find("any"))?.clone();
        Some(self.rated("anchors", anchor.confidence, &anchor.from.clone(), anchor))
    }

    /// The limits on reads or writes that more nodes do not lift.
    pub fn limits_on(&self, operation: &str) -> Vec<Known<PartitionLimit>> {
        let concerns = |limit: &&PartitionLimit| limit.operation == operation || limit.operation == "any";
        let known = |limit: &PartitionLimit| {
            self.rated("partition_limits", limit.confidence, &limit.from, limit.clone())
        };
        self.partition_limits.iter().filter(concerns).map(known).collect()
    }

    fn rated<T>(&self, fact: &str, confidence: Confidence, from: &[String], value: T) -> Known<T> {
        let source = self.sources(from);
        Known { value, confidence, source, fact: fact.to_owned(), origin: Origin::Catalogue }
    }
}
