//! The blocks of properties: replication, shard, retry and so on.

use super::{Choice, Content, Measure, Scope, Type, prop, slot};

const COUNT: Type = Type::Quantity(Measure::Count);
const WHOLE: Type = Type::Quantity(Measure::Whole);
const SHARE: Type = Type::Quantity(Measure::Share);
const FACTOR: Type = Type::Quantity(Measure::Factor);
const TIME: Type = Type::Quantity(Measure::Time);
const DATA: Type = Type::Quantity(Measure::Data);
const RATE: Type = Type::Quantity(Measure::Rate);
const PRICE_OF: Type = Type::Quantity(Measure::Price);

const fn choice(word: &'static str, doc: &'static str) -> Choice {
    Choice { word, doc }
}

const fn properties(name: &'static str, properties: &'static [super::Property]) -> Scope {
    Scope { name, properties, content: Content::Properties }
}

/// `place { us.zone1 2 }`: keys are regions and zones.
pub const PLACE: Scope = Scope { name: "place", properties: &[], content: Content::Places };

/// `capacity { read 5k/s, write 2k/s }`.
pub const CAPACITY: Scope = properties(
    "capacity",
    &[
        prop("read", &[slot("rate", RATE)], "read 5k req/s", "Reads that one replica serves."),
        prop("write", &[slot("rate", RATE)], "write 2k req/s", "Writes that one replica serves."),
        prop("publish", &[slot("rate", RATE)], "publish 50k msg/s", "Messages that one replica accepts."),
        prop("consume", &[slot("rate", RATE)], "consume 100k msg/s", "Messages that one replica hands out."),
        prop("call", &[slot("rate", RATE)], "call 800 req/s", "Calls that one replica serves."),
    ],
);

/// `latency { p50 8ms, p99 60ms }`.
pub const LATENCY: Scope = properties(
    "latency",
    &[
        prop("p50", &[slot("time", TIME)], "p50 8ms", "Median; alone, the time is constant."),
        prop("p99", &[slot("time", TIME)], "p99 60ms", "99th percentile; with `p50`, the time is lognormal."),
        prop("mean", &[slot("time", TIME)], "mean 8ms", "Mean; the time is exponential."),
        prop("min", &[slot("time", TIME)], "min 1ms", "Hard lower bound."),
        prop("max", &[slot("time", TIME)], "max 5ms", "Hard upper bound."),
    ],
);

const RATE_LIMIT_ALGORITHM: &[Choice] = &[
    choice("token_bucket", "tokens refill at the rate; a burst may spend them at once"),
    choice("leaky_bucket", "requests leave at the rate"),
    choice("fixed_window", "a counter for each window"),
    choice("sliding_window", "a counter over the last window"),
];

/// `limit { rate 100/min per user, … }`.
pub const LIMIT: Scope = properties(
    "limit",
    &[
        prop(
            "rate",
            &[slot("rate", RATE), slot("per", Type::AnyWord).after("per").optional()],
            "rate 100/min per user",
            "What is admitted, for each of whom.",
        ),
        prop(
            "algorithm",
            &[slot("kind", Type::Word(RATE_LIMIT_ALGORITHM))],
            "algorithm token_bucket",
            "How it is counted.",
        ),
        prop("burst", &[slot("count", COUNT)], "burst 20", "How many may come at once."),
        prop(
            "counters",
            &[slot("element", Type::Element)],
            "counters redis_counters",
            "Where the counters live.",
        ),
    ],
);

/// `scaling vertical { limit 128 GB }`.
pub const SCALING: Scope = properties(
    "scaling",
    &[
        prop("limit", &[slot("size", DATA)], "limit 128 GB", "Memory of the largest machine."),
        prop(
            "capacity",
            &[slot("factor", FACTOR)],
            "capacity 4x",
            "How much more the largest machine serves.",
        ),
    ],
);

/// `auth jwt { lifetime 15 min, revocable yes }`.
pub const AUTH: Scope = properties(
    "auth",
    &[
        prop("lifetime", &[slot("time", TIME)], "lifetime 15 min", "How long a token is good."),
        prop(
            "revocable",
            &[slot("value", Type::YesNo)],
            "revocable yes",
            "Whether a token can be taken back before it ends.",
        ),
        prop("issuer", &[slot("element", Type::Element)], "issuer identity", "Who issues it."),
        prop("scopes", &[slot("words", Type::AnyWord).many()], "scopes read write", "What it allows."),
    ],
);

/// `price { storage 0.02 USD/GB/month, request 0.4 USD/M }`.
pub const PRICE: Scope = properties(
    "price",
    &[
        prop("storage", &[slot("price", PRICE_OF)], "storage 0.02 USD/GB/month", "For data kept."),
        prop("request", &[slot("price", PRICE_OF)], "request 0.4 USD/M", "For each request."),
        prop("read", &[slot("price", PRICE_OF)], "read 0.25 USD/M", "For each read."),
        prop("write", &[slot("price", PRICE_OF)], "write 1.25 USD/M", "For each write."),
        prop("egress", &[slot("price", PRICE_OF)], "egress 0.08 USD/GB", "For data that leaves."),
        prop("message", &[slot("price", PRICE_OF)], "message 0.4 USD/M", "For each message."),
    ],
);

/// `discovery { registry consul, heartbeat 5s, misses 3 }`.
pub const DISCOVERY: Scope = properties(
    "discovery",
    &[
        prop(
            "registry",
            &[slot("name", Type::AnyWord)],
            "registry consul",
            "The registry: an element or a technology.",
        ),
        prop(
            "heartbeat",
            &[slot("time", TIME)],
            "heartbeat 5s",
            "How often a replica says that it is alive.",
        ),
        prop("misses", &[slot("count", WHOLE)], "misses 3", "After how many missed beats it counts as dead."),
        prop("phi", &[slot("threshold", COUNT)], "phi 8", "Threshold of a phi-accrual detector."),
    ],
);

/// `health_check { every 5s, misses 3 }`.
pub const HEALTH_CHECK: Scope = properties(
    "health_check",
    &[
        prop("every", &[slot("time", TIME)], "every 5s", "How often a replica is asked."),
        prop(
            "misses",
            &[slot("count", WHOLE)],
            "misses 3",
            "After how many failures it gets no more requests.",
        ),
        prop("timeout", &[slot("time", TIME)], "timeout 1s", "How long an answer may take."),
        prop(
            "deep",
            &[slot("value", Type::YesNo)],
            "deep yes",
            "Whether the check calls the replica's own dependencies.",
        ),
    ],
);

const REPLICATION_MODE: &[Choice] = &[
    choice("synchronous", "a write waits for every copy"),
    choice("asynchronous", "copies follow; a failover may lose the tail"),
    choice("semi_synchronous", "a write waits for one copy"),
    choice("quorum", "reads and writes ask several copies"),
    choice("raft", "a majority agrees on each write"),
];
const LEADER: &[Choice] = &[
    choice("single", "one copy takes the writes"),
    choice("multi", "several copies take writes"),
    choice("none", "every copy takes writes"),
];
const CONFLICTS: &[Choice] = &[
    choice("last_write_wins", "the later time stamp wins, the other write is lost"),
    choice("crdt", "data types that merge without loss"),
    choice("application", "the application merges"),
];

/// `propagation { write { mean 10ms }, … }`.
pub const PROPAGATION: Scope = properties(
    "propagation",
    &[
        prop("write", &[], "write { mean 10ms }", "From the caller until a copy has the write.")
            .block(&LATENCY)
            .default("half the network time, and the store's own time"),
        prop("acknowledge", &[], "acknowledge { mean 1ms }", "From there until the caller knows.")
            .block(&LATENCY)
            .default("half the network time"),
        prop("request", &[], "request { mean 1ms }", "From the caller until a copy is read.")
            .block(&LATENCY)
            .default("half the network time"),
        prop("response", &[], "response { mean 1ms }", "From there until the caller has the answer.")
            .block(&LATENCY)
            .default("half the network time, and the store's own time"),
    ],
);

/// `replication { factor 3, mode asynchronous, … }`.
pub const REPLICATION: Scope = properties(
    "replication",
    &[
        prop("factor", &[slot("count", WHOLE)], "factor 3", "Copies of each datum.")
            .default("replicas / shards for stores with leaders or quorums, else the technology's, else 1"),
        prop(
            "mode",
            &[slot("kind", Type::Word(REPLICATION_MODE))],
            "mode quorum",
            "When a write is acknowledged.",
        ),
        prop(
            "leader",
            &[slot("kind", Type::Word(LEADER)), slot("region", Type::Region).after("in").optional()],
            "leader single in us",
            "Which copies take writes, and where the leader stands.",
        ),
        prop("lag", &[slot("time", TIME)], "lag 200ms", "How far copies are behind."),
        prop(
            "failure_rate",
            &[slot("rate", RATE)],
            "failure_rate 2%/year",
            "How often one copy is lost for good: what disks die, per year.",
        ),
        prop("repair", &[slot("time", TIME)], "repair 6h", "How long until a lost copy is made anew."),
        prop(
            "propagation",
            &[],
            "propagation { write { mean 10ms }, acknowledge { mean 1ms } }",
            "How long messages take between a caller and a copy: how soon reads of a partial quorum see a write.",
        )
        .block(&PROPAGATION),
        prop(
            "conflicts",
            &[slot("kind", Type::Word(CONFLICTS))],
            "conflicts last_write_wins",
            "What happens to concurrent writes.",
        ),
    ],
);

const STRATEGY: &[Choice] = &[
    choice("hash", "by a hash of the key"),
    choice("range", "by ranges of the key"),
    choice("geo", "by place"),
    choice("directory", "by a table"),
    choice("consistent_hash", "on a hash ring: few keys move when a node comes or goes"),
];

/// `shard { by user_id, strategy hash, count 64 }`.
pub const SHARD: Scope = properties(
    "shard",
    &[
        prop("by", &[slot("key", Type::Field)], "by user_id", "The key."),
        prop(
            "strategy",
            &[slot("kind", Type::Word(STRATEGY))],
            "strategy hash",
            "How the key chooses the shard.",
        ),
        prop("count", &[slot("count", WHOLE)], "count 64", "How many shards."),
        prop(
            "virtual_nodes",
            &[slot("count", WHOLE)],
            "virtual_nodes 256",
            "Points of each node on the ring.",
        ),
        prop(
            "keys",
            &[slot("count", Type::Quantity(Measure::Count))],
            "keys 10M",
            "How many different keys are asked for.",
        ),
        prop(
            "skew",
            &[slot("popularity", Type::Word(super::elements::SKEW)).optional(), slot("factor", FACTOR).optional()],
            "skew 1.5x",
            "Load of the hottest shard over the mean; or how popularity is spread over `keys`, from which it is computed: `keys 10M, skew zipf 0.9`.",
        )
        .default("1x"),
    ],
);

const QUORUM: &[Choice] = &[
    choice("one", "one copy"),
    choice("quorum", "a majority of the copies"),
    choice("all", "every copy"),
    choice("local_quorum", "a majority in the caller's region"),
];

/// `consistency { read quorum, write quorum }`.
pub const CONSISTENCY: Scope = properties(
    "consistency",
    &[
        prop(
            "read",
            &[slot("copies", Type::WordOrQuantity(QUORUM, Measure::Whole))],
            "read quorum",
            "How many copies a read asks.",
        ),
        prop(
            "write",
            &[slot("copies", Type::WordOrQuantity(QUORUM, Measure::Whole))],
            "write quorum",
            "How many copies a write waits for.",
        ),
    ],
);

/// `bloom_filter { over like, items 10bn, … }`.
pub const BLOOM_FILTER: Scope = properties(
    "bloom_filter",
    &[
        prop("over", &[slot("data", Type::Data)], "over like", "The data it answers for."),
        prop("items", &[slot("count", COUNT)], "items 10bn", "How many it holds."),
        prop(
            "false_positive",
            &[slot("share", SHARE)],
            "false_positive 1%",
            "Share of absent items that it takes for present.",
        ),
        prop(
            "absent",
            &[slot("share", SHARE)],
            "absent 90%",
            "Share of questions about items that are absent.",
        ),
    ],
);

/// `backup { every 24h, keep 30 day }`.
pub const BACKUP: Scope = properties(
    "backup",
    &[
        prop("every", &[slot("time", TIME)], "every 24h", "How often."),
        prop("keep", &[slot("time", TIME)], "keep 30 day", "How long each is kept."),
        prop("restore", &[slot("time", TIME)], "restore 2h", "How long a restore takes."),
    ],
);

const BACKOFF: &[Choice] = &[
    choice("none", "at once"),
    choice("fixed", "after the same time"),
    choice("exponential", "after a time that doubles"),
];

/// `retry { attempts 3, backoff exponential, jitter on, budget 10% }`.
pub const RETRY: Scope = properties(
    "retry",
    &[
        prop("attempts", &[slot("count", WHOLE)], "attempts 3", "How often it is tried, the first included."),
        prop(
            "backoff",
            &[slot("kind", Type::Word(BACKOFF)), slot("first", TIME).optional()],
            "backoff exponential 100ms",
            "When it is tried again.",
        ),
        prop("jitter", &[slot("value", Type::YesNo)], "jitter on", "Whether the wait is spread at random."),
        prop("budget", &[slot("share", SHARE)], "budget 10%", "Retries as a share of all calls, at most."),
    ],
);

/// `breaker { opens 50%, after 10s }`.
pub const BREAKER: Scope = properties(
    "breaker",
    &[
        prop("opens", &[slot("share", SHARE)], "opens 50%", "Share of failures at which calls stop."),
        prop("after", &[slot("time", TIME)], "after 10s", "When it tries again."),
        prop("window", &[slot("time", TIME)], "window 30s", "Over which time failures count."),
    ],
);

/// `stream { open 25 min, heartbeat 30s, idle_timeout 60s }`.
pub const STREAM: Scope = properties(
    "stream",
    &[
        prop("open", &[slot("time", TIME)], "open 25 min", "How long a connection stays open."),
        prop(
            "heartbeat",
            &[slot("time", TIME)],
            "heartbeat 30s",
            "How often each side says that it is there.",
        ),
        prop(
            "idle_timeout",
            &[slot("time", TIME)],
            "idle_timeout 60s",
            "When a silent connection is closed.",
        ),
    ],
);

const LOSS: &[Choice] = &[
    choice("none", "no acknowledged write is lost by a failover or a restart"),
    choice("tolerated", "a short tail may be lost"),
];
const UNDER: &[Choice] = &[choice("partition", "while the network is split")];

/// `require { p99 250ms, availability 99.95%, … }`.
pub const REQUIRE: Scope = properties(
    "require",
    &[
        prop("p50", &[slot("time", TIME)], "p50 80ms", "Median of the caller's answer, at most."),
        prop("p95", &[slot("time", TIME)], "p95 150ms", "95th percentile of the caller's answer, at most."),
        prop("p99", &[slot("time", TIME)], "p99 250ms", "99th percentile of the caller's answer, at most."),
        prop("p999", &[slot("time", TIME)], "p999 1s", "99.9th percentile of the caller's answer, at most."),
        prop("mean", &[slot("time", TIME)], "mean 100ms", "Mean of the caller's answer, at most."),
        prop(
            "availability",
            &[slot("share", SHARE)],
            "availability 99.95%",
            "Share of time in which the flow works, at least.",
        ),
        prop(
            "consistency",
            &[slot("level", Type::Level)],
            "consistency read_your_writes",
            "What each of its reads must be given.",
        ),
        prop(
            "loss",
            &[slot("kind", Type::Word(LOSS))],
            "loss none",
            "Whether acknowledged writes may be lost.",
        ),
        prop(
            "available",
            &[slot("under", Type::Word(UNDER)).after("under")],
            "available under partition",
            "It must answer while the network is split.",
        ),
        prop("revocable", &[slot("value", Type::YesNo)], "revocable yes", "Tokens must be revocable."),
        prop(
            "cost",
            &[slot("rate", Type::Quantity(Measure::MoneyRate))],
            "cost 5k USD/month",
            "What the design costs, at most.",
        ),
    ],
);

/// `migration … { strategy expand_contract, … }` and the tests it went through.
pub(super) const MIGRATION_STRATEGY: &[Choice] = &[
    choice("expand_contract", "add the new beside the old, move over, remove the old"),
    choice("rolling", "replica by replica"),
    choice("blue_green", "a second copy of everything, then a switch"),
    choice("in_place", "change what is running"),
    choice("dual_write", "write to old and new, then move the reads"),
    choice("strangler", "one service at a time takes over"),
    choice("big_bang", "everything at once"),
];
