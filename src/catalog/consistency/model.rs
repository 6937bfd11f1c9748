//! The consistency models and their names.

/// An enumeration of models with their identifiers in `lattice.json`.
macro_rules! models {
    ($($(#[$doc:meta])* $variant:ident = $id:literal),+ $(,)?) => {
        /// A consistency or isolation model, as defined by the sources in `catalog/consistency/README.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Model { $($(#[$doc])* $variant),+ }

        impl Model {
            /// Every model, transactional ones first, the stronger ones before the weaker ones they imply.
            pub const ALL: &'static [Model] = &[$(Model::$variant),+];

            /// The identifier in the data file: `read-your-writes`.
            pub fn id(self) -> &'static str {
                match self { $(Model::$variant => $id),+ }
            }
        }
    };
}

models! {
    /// Strict serializable.
    StrictSerializable = "strict-serializable",
    /// Strong session serializable.
    StrongSessionSerializable = "strong-session-serializable",
    /// Session serializable.
    SessionSerializable = "session-serializable",
    /// Serializable.
    Serializable = "serializable",
    /// One-copy serializability.
    OneCopySerializable = "1SR",
    /// Update serializable.
    UpdateSerializable = "update-serializable",
    /// View serializable.
    ViewSerializable = "view-serializable",
    /// Strong snapshot isolation.
    StrongSnapshotIsolation = "strong-snapshot-isolation",
    /// Strong session snapshot isolation.
    StrongSessionSnapshotIsolation = "strong-session-snapshot-isolation",
    /// Snapshot isolation.
    SnapshotIsolation = "snapshot-isolation",
    /// Parallel snapshot isolation.
    ParallelSnapshotIsolation = "parallel-snapshot-isolation",
    /// Repeatable read.
    RepeatableRead = "repeatable-read",
    /// Prefix.
    Prefix = "prefix",
    /// Read atomicity without lost updates.
    Rola = "ROLA",
    /// Read atomic.
    ReadAtomic = "read-atomic",
    /// Causal cerone.
    CausalCerone = "causal-cerone",
    /// Forward consistent view.
    ForwardConsistentView = "forward-consistent-view",
    /// Consistent view.
    ConsistentView = "consistent-view",
    /// Cursor stability.
    CursorStability = "cursor-stability",
    /// Monotonic snapshot read.
    MonotonicSnapshotRead = "monotonic-snapshot-read",
    /// Monotonic view.
    MonotonicView = "monotonic-view",
    /// Monotonic atomic view.
    MonotonicAtomicView = "monotonic-atomic-view",
    /// Strong read committed.
    StrongReadCommitted = "strong-read-committed",
    /// Strong session read committed.
    StrongSessionReadCommitted = "strong-session-read-committed",
    /// Read committed.
    ReadCommitted = "read-committed",
    /// Strong read uncommitted.
    StrongReadUncommitted = "strong-read-uncommitted",
    /// Strong session read uncommitted.
    StrongSessionReadUncommitted = "strong-session-read-uncommitted",
    /// Read uncommitted.
    ReadUncommitted = "read-uncommitted",
    /// Item cut isolation.
    ItemCutIsolation = "item-cut-isolation",
    /// Predicate cut isolation.
    PredicateCutIsolation = "predicate-cut-isolation",
    /// Linearizable.
    Linearizable = "linearizable",
    /// Recency.
    Recency = "recency",
    /// Regular register.
    RegularRegister = "regular-register",
    /// Safe register.
    SafeRegister = "safe-register",
    /// Sequential.
    Sequential = "sequential",
    /// Causal.
    Causal = "causal",
    /// Pipelined RAM.
    Pram = "PRAM",
    /// Read your writes.
    ReadYourWrites = "read-your-writes",
    /// Monotonic reads.
    MonotonicReads = "monotonic-reads",
    /// Monotonic writes.
    MonotonicWrites = "monotonic-writes",
    /// Writes follow reads.
    WritesFollowReads = "writes-follow-reads",
    /// Eventual.
    Eventual = "eventual",
}

impl Model {
    /// The names that a design may use for a level.
    pub const USER_NAMES: &'static [&'static str] = &[
        "strict_serializable",
        "serializable",
        "snapshot_isolation",
        "repeatable_read",
        "read_committed",
        "read_uncommitted",
        "linearizable",
        "strong",
        "sequential",
        "causal",
        "pram",
        "read_your_writes",
        "monotonic_reads",
        "monotonic_writes",
        "writes_follow_reads",
        "eventual",
    ];

    /// The model of a name; case, `-` and `_` make no difference, and `strong` is linearizable.
    pub fn parse(name: &str) -> Option<Model> {
        if name.eq_ignore_ascii_case("strong") {
            return Some(Model::Linearizable);
        }
        Model::ALL.iter().copied().find(|model| crate::catalog::same_name(model.id(), name))
    }

    /// The model that a design means by `name`: only the names of [`Model::USER_NAMES`], as they are spelled.
    pub fn from_user(name: &str) -> Option<Model> {
        Model::USER_NAMES.contains(&name).then(|| Model::parse(name)).flatten()
    }

    /// The name as a design spells it: `read_your_writes`.
    pub fn name(self) -> String {
        crate::catalog::fold(self.id())
    }

    /// Whether it speaks about transactions (isolation) rather than about single reads and writes (recency).
    pub fn is_transactional(self) -> bool {
        self < Model::Linearizable
    }

    pub(super) fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.name())
    }
}
