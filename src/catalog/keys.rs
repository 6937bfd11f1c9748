//! The closed vocabulary: which keys the compiler reads from a technology, and which values each may have.

/// An enumeration whose variants are words of the data files.
macro_rules! tokens {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $token:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item])* $variant),+ }

        impl $name {
            /// Every word, in order of declaration.
            pub const TOKENS: &'static [&'static str] = &[$($token),+];

            /// The word of the data files.
            pub fn token(self) -> &'static str {
                match self { $($name::$variant => $token),+ }
            }

            /// The variant of a word; case, `-` and `_` make no difference.
            pub fn parse(word: &str) -> Option<Self> {
                $(if super::same_name(word, $token) { return Some($name::$variant); })+
                None
            }
        }
    };
}

tokens! {
    /// The data model of a technology, or its role where it holds no data.
    Class {
        /// Tables and joins.
        Relational = "relational",
        /// Documents.
        Document = "document",
        /// Rows of many columns by partition key.
        WideColumn = "wide_column",
        /// Values by key.
        KeyValue = "key_value",
        /// Nodes and edges.
        Graph = "graph",
        /// A text index.
        Search = "search",
        /// Places and shapes.
        Geospatial = "geospatial",
        /// Objects by name.
        Object = "object",
        /// Points over time.
        TimeSeries = "time_series",
        /// Nearest neighbours.
        Vector = "vector",
        /// Columns for analysis.
        Analytical = "analytical",
        /// Small data that others agree on: locks, leaders, membership.
        Coordination = "coordination",
        /// Messages that one consumer takes.
        Queue = "queue",
        /// Messages that every subscriber gets.
        Topic = "topic",
        /// Messages that stay and can be read again.
        Log = "log",
        /// Computation over streams or batches.
        Processor = "processor",
        /// Long-running, durable steps.
        Workflow = "workflow",
        /// A balancer or reverse proxy.
        Proxy = "proxy",
        /// An API gateway.
        Gateway = "gateway",
        /// A cache of responses.
        HttpCache = "http_cache",
        /// A content delivery network.
        Cdn = "cdn",
        /// Names to addresses.
        Dns = "dns",
        /// Something that runs code.
        Compute = "compute",
        /// A wire protocol.
        Protocol = "protocol",
        /// A service of somebody else.
        Outside = "outside",
        /// Identity and permissions.
        Auth = "auth",
        /// Metrics and logs.
        Observability = "observability",
    }
}

tokens! {
    /// How copies are kept.
    ReplicationMode {
        /// One copy.
        None = "none",
        /// The leader answers first and ships later.
        Async = "async",
        /// The leader waits for its followers.
        Synchronous = "synchronous",
        /// A majority acknowledges.
        Quorum = "quorum",
        /// The primary waits for the copies that are in sync.
        PrimaryBackup = "primary-backup",
        /// Every copy accepts writes.
        Leaderless = "leaderless",
        /// The provider's business.
        Managed = "managed",
        /// As the engine inside does it.
        Engine = "engine",
    }
}

tokens! {
    /// Whether a new leader is chosen without people.
    AutoFailover {
        /// Built in.
        Yes = "yes",
        /// Never.
        No = "no",
        /// A setting of the product.
        Option = "option",
        /// With another program beside it.
        Addon = "addon",
        /// There is no leader to replace.
        NotApplicable = "n/a",
    }
}

tokens! {
    /// Whether it spreads data over nodes by itself.
    Sharding {
        /// Built in.
        Yes = "yes",
        /// Never.
        No = "no",
        /// A setting of the product.
        Option = "option",
        /// With another mode or program.
        Addon = "addon",
        /// Clients do it.
        Client = "client",
    }
}

tokens! {
    /// How often a message arrives, the weakest promise first.
    Delivery {
        /// It may be lost.
        AtMostOnce = "at-most-once",
        /// It may arrive twice.
        AtLeastOnce = "at-least-once",
        /// Neither, within the limits that the fact states.
        ExactlyOnce = "exactly-once",
    }
}

tokens! {
    /// In which scope messages keep their order.
    MessageOrdering {
        /// None.
        None = "none",
        /// Messages of one key or group.
        PerKey = "per-key",
        /// Messages of one partition.
        PerPartition = "per-partition",
        /// One queue.
        PerQueue = "per-queue",
        /// One stream, as a whole.
        PerStream = "per-stream",
    }
}

tokens! {
    /// Whether consumed messages can be read again.
    Replay {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// With a setting of the product.
        Option = "option",
    }
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// One of these words.
    Token(&'static [&'static str]),
    /// A consistency model of the lattice, by any of its names.
    Model,
    /// An isolation level as a model of the lattice, or `none`.
    Isolation,
    /// Yes or no.
    Flag,
    /// A share of 1.
    Fraction,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// A plain number.
    Count,
}

/// A key that the compiler reads, as data files and `technology` items of a design may state it.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in data files; `_s` is seconds, `_bytes` is bytes.
    pub name: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// Another name that a design may use.
    pub also: &'static str,
    /// What it means.
    pub doc: &'static str,
}

impl Key {
    /// The key of that name, with or without the unit's ending, or by its other name.
    pub fn find(name: &str) -> Option<&'static Key> {
        let name = super::fold(name);
        KEYS.iter()
            .find(|key| key.name == name || key.short() == name || (!key.also.is_empty() && key.also == name))
    }

    /// The name as a design writes it, where values carry their unit: `retention_default`.
    pub fn short(&self) -> &'static str {
        match self.kind {
            KeyKind::Seconds => self.name.strip_suffix("_s").unwrap_or(self.name),
            KeyKind::Bytes => self.name.strip_suffix("_bytes").unwrap_or(self.name),
            _ => self.name,
        }
    }
}

const fn key(name: &'static str, kind: KeyKind, also: &'static str, doc: &'static str) -> Key {
    Key { name, kind, also, doc }
}

/// Every key, in the order in which it is shown.
pub const KEYS: &[Key] = &[
    key(
        "read_default",
        KeyKind::Model,
        "consistency",
        "what a read sees while nothing fails, with default settings",
    ),
    key("read_strongest", KeyKind::Model, "", "the strongest level that a read can ask for"),
    key("replica_read", KeyKind::Model, "", "what a read from a follower sees"),
    key(
        "txn_default",
        KeyKind::Isolation,
        "isolation",
        "what transactions are kept apart by, with default settings",
    ),
    key("txn_strongest", KeyKind::Isolation, "", "the strongest isolation that can be asked for"),
    key("replication", KeyKind::Token(ReplicationMode::TOKENS), "", "how copies are kept"),
    key(
        "auto_failover",
        KeyKind::Token(AutoFailover::TOKENS),
        "",
        "whether a new leader is chosen without people",
    ),
    key(
        "acked_survive_failover_default",
        KeyKind::Flag,
        "",
        "an acknowledged write survives a failover, with default settings",
    ),
    key(
        "acked_survive_failover_best",
        KeyKind::Flag,
        "",
        "an acknowledged write survives a failover, with the safest settings",
    ),
    key(
        "acked_survive_restart_default",
        KeyKind::Flag,
        "",
        "an acknowledged write survives a restart, with default settings",
    ),
    key(
        "acked_survive_restart_best",
        KeyKind::Flag,
        "",
        "an acknowledged write survives a restart, with the safest settings",
    ),
    key("backed_up_default", KeyKind::Flag, "", "the provider keeps backups, with default settings"),
    key("failover_loss_s", KeyKind::Seconds, "", "the last acknowledged writes that a failover may lose"),
    key("restart_loss_s", KeyKind::Seconds, "", "the last acknowledged writes that a restart may lose"),
    key("stale_s", KeyKind::Seconds, "", "how old a read may be by design"),
    key("single_writer", KeyKind::Flag, "", "one node accepts the writes of a shard"),
    key("sharded", KeyKind::Token(Sharding::TOKENS), "", "whether it spreads data over nodes by itself"),
    key("cross_shard_txn", KeyKind::Flag, "", "a transaction may span shards"),
    key("default_factor", KeyKind::Count, "factor", "copies of each datum, with default settings"),
    key(
        "min_in_sync_default",
        KeyKind::Count,
        "min_in_sync",
        "copies that must have a message before it counts",
    ),
    key("partitions_default", KeyKind::Count, "partitions", "partitions of a topic, with default settings"),
    key(
        "delivery_default",
        KeyKind::Token(Delivery::TOKENS),
        "delivery",
        "how often a message arrives, with default settings",
    ),
    key(
        "delivery_strongest",
        KeyKind::Token(Delivery::TOKENS),
        "",
        "the strongest delivery that can be asked for",
    ),
    key("ordering", KeyKind::Token(MessageOrdering::TOKENS), "", "in which scope messages keep their order"),
    key("replayable", KeyKind::Token(Replay::TOKENS), "", "whether consumed messages can be read again"),
    key(
        "retention_default_s",
        KeyKind::Seconds,
        "retention",
        "how long a message is kept, with default settings",
    ),
    key("retention_max_s", KeyKind::Seconds, "", "how long a message can be kept"),
    key(
        "visibility_default_s",
        KeyKind::Seconds,
        "visibility",
        "how long a taken message may stay unacknowledged",
    ),
    key("sla", KeyKind::Fraction, "availability", "the monthly uptime that the provider commits to"),
    key(
        "max_connections",
        KeyKind::Count,
        "connections",
        "connections that one node accepts, with default settings",
    ),
    key(
        "threads",
        KeyKind::Count,
        "concurrency",
        "requests that one node works on at once, with default settings",
    ),
    key(
        "pool_default",
        KeyKind::Count,
        "pool",
        "connections that one replica opens to a store, with default settings",
    ),
    key("max_item_bytes", KeyKind::Bytes, "", "the largest item"),
    key("max_message_bytes", KeyKind::Bytes, "", "the largest message"),
    key(
        "dataset_max_bytes",
        KeyKind::Bytes,
        "",
        "the most data that one cluster holds, with default settings",
    ),
    key(
        "idle_timeout_default_s",
        KeyKind::Seconds,
        "idle_timeout",
        "after which silence a connection is closed",
    ),
    key("request_timeout_default_s", KeyKind::Seconds, "timeout", "after which a request is given up"),
    key("ttl_default_s", KeyKind::Seconds, "ttl", "how long a response is cached where nothing else is said"),
];
