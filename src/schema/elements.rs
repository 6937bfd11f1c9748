//! Elements: their keywords and the properties that they share or own.

use super::blocks::{
    AUTH, BACKUP, BLOOM_FILTER, CAPACITY, CONSISTENCY, DISCOVERY, HEALTH_CHECK, LATENCY, LIMIT, PLACE, PRICE,
    REPLICATION, SCALING, SHARD,
};
use super::{Choice, Content, Kinds, Measure, Property, Scope, Slot, Type, prop, slot};

/// The kinds of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Where traffic starts; never fails.
    Actor,
    /// Stateless compute that answers requests.
    Service,
    /// Compute that takes work from a queue or topic.
    Worker,
    /// Compute that is started for each call.
    Function,
    /// Compute that runs by a clock.
    Job,
    /// Spreads requests over replicas.
    Balancer,
    /// The entry of an API.
    Gateway,
    /// Caches content near the users.
    Cdn,
    /// Keeps data.
    Store,
    /// Keeps copies of data in memory.
    Cache,
    /// Hands each message to one consumer.
    Queue,
    /// Hands each message to every consumer group.
    Topic,
    /// Not yours: has an availability, cannot be scaled.
    External,
}

impl Kind {
    /// The keyword.
    pub fn word(self) -> &'static str {
        ELEMENT_KEYWORDS[self as usize].word
    }

    /// The kind of this keyword.
    pub fn of(word: &str) -> Option<Kind> {
        ELEMENT_KEYWORDS.iter().find(|k| k.word == word).map(|k| k.kind)
    }

    /// Whether requests only pass through: balancer, gateway and cdn.
    pub fn passes_through(self) -> bool {
        matches!(self, Kind::Balancer | Kind::Gateway | Kind::Cdn)
    }

    /// Whether it keeps state: store, cache, queue and topic.
    pub fn is_stateful(self) -> bool {
        matches!(self, Kind::Store | Kind::Cache | Kind::Queue | Kind::Topic)
    }

    /// Whether it takes messages: queue and topic.
    pub fn is_broker(self) -> bool {
        matches!(self, Kind::Queue | Kind::Topic)
    }

    /// Whether it is stateless compute: service, worker, function and job.
    pub fn is_compute(self) -> bool {
        matches!(self, Kind::Service | Kind::Worker | Kind::Function | Kind::Job)
    }
}

/// A keyword that declares an element.
#[derive(Clone, Copy, Debug)]
pub struct ElementKeyword {
    /// The keyword.
    pub word: &'static str,
    /// The kind.
    pub kind: Kind,
    /// One line of documentation.
    pub doc: &'static str,
}

const fn element(word: &'static str, kind: Kind, doc: &'static str) -> ElementKeyword {
    ElementKeyword { word, kind, doc }
}

/// The keywords of elements, in the order of [`Kind`].
pub const ELEMENT_KEYWORDS: &[ElementKeyword] = &[
    element("actor", Kind::Actor, "People or devices: where traffic starts. Never fails."),
    element("service", Kind::Service, "Compute that answers requests; stateless."),
    element("worker", Kind::Worker, "Compute that takes its work from a queue or topic."),
    element("function", Kind::Function, "Compute that is started for each call."),
    element("job", Kind::Job, "Compute that is started by a clock."),
    element("balancer", Kind::Balancer, "Spreads requests over replicas; requests pass through it."),
    element(
        "gateway",
        Kind::Gateway,
        "The entry of an API: routes, limits, authenticates; requests pass through it.",
    ),
    element("cdn", Kind::Cdn, "Caches content near the users; requests pass through it."),
    element("store", Kind::Store, "Keeps data; its technology says which kind of store it is."),
    element("cache", Kind::Cache, "Keeps copies of data of another element."),
    element("queue", Kind::Queue, "Hands each message to one consumer."),
    element("topic", Kind::Topic, "Hands each message to every consumer group that subscribes."),
    element("external", Kind::External, "Somebody else's system: has an availability, cannot be scaled."),
];

const fn kinds(list: &[Kind]) -> Kinds {
    let (mut bits, mut i) = (0, 0);
    while i < list.len() {
        bits |= 1 << list[i] as u32;
        i += 1;
    }
    Kinds(bits)
}

const STATEFUL: Kinds = kinds(&[Kind::Store, Kind::Cache, Kind::Queue, Kind::Topic]);
const BROKERS: Kinds = kinds(&[Kind::Queue, Kind::Topic]);
const BALANCERS: Kinds = kinds(&[Kind::Balancer, Kind::Gateway]);
const CACHING: Kinds = kinds(&[Kind::Cache, Kind::Cdn]);
const HOLDERS: Kinds = kinds(&[Kind::Store, Kind::Topic, Kind::Cache]);

const fn choice(word: &'static str, doc: &'static str) -> Choice {
    Choice { word, doc }
}

const FAILOVER: &[Choice] = &[
    choice("automatic", "a survivor takes over without people; the time is how long that takes"),
    choice("manual", "people promote a survivor; the time is how long that takes"),
    choice("none", "nothing takes over"),
];
const TRUST: &[Choice] = &[
    choice("internal", "inside your trust boundary"),
    choice("partner", "a party with a contract"),
    choice("external", "outside your trust boundary"),
];
const RUNS: &[Choice] =
    &[choice("untrusted", "runs code that others wrote"), choice("containers", "runs in containers")];
const SANDBOX: &[Choice] = &[
    choice("sandbox", "isolated from the host and from each other"),
    choice("container", "a container alone: shares the host's kernel"),
    choice("microvm", "a small virtual machine for each"),
];
const SCALING_KIND: &[Choice] =
    &[choice("horizontal", "by more replicas"), choice("vertical", "by a larger machine")];
const AUTH_KIND: &[Choice] = &[
    choice("none", "nobody is asked who they are"),
    choice("session", "a session kept on the server"),
    choice("basic", "a password with each request"),
    choice("api_key", "a shared secret"),
    choice("jwt", "a signed token that carries its claims"),
    choice("oauth", "OAuth 2.0"),
    choice("oidc", "OpenID Connect"),
    choice("mtls", "certificates of both sides"),
];
const LAYER: &[Slot] = &[slot("layer", Type::Quantity(Measure::Whole))];
const ALGORITHM: &[Choice] = &[
    choice("round_robin", "each replica in turn"),
    choice("least_connections", "the replica with the fewest open requests"),
    choice("ip_hash", "by the caller's address"),
    choice("consistent_hash", "by a key, on a hash ring"),
    choice("power_of_two", "the less loaded of two drawn at random"),
    choice("random", "any replica"),
];
const POLICY: &[Choice] = &[
    choice("cache_aside", "the application reads the origin on a miss and fills the cache"),
    choice("read_through", "the cache reads the origin on a miss"),
    choice("write_through", "a write goes to cache and origin before it is acknowledged"),
    choice("write_back", "a write is acknowledged by the cache and reaches the origin later"),
    choice("write_around", "a write goes to the origin and leaves the cache alone"),
];
const EVICTION: &[Choice] = &[
    choice("lru", "least recently used"),
    choice("lfu", "least frequently used"),
    choice("fifo", "first in, first out"),
    choice("random", "any entry"),
];
const DELIVERY: &[Choice] = &[
    choice("at_most_once", "a message may be lost, never doubled"),
    choice("at_least_once", "a message may be doubled, never lost"),
    choice("exactly_once", "neither, inside the broker"),
];
const ORDERING: &[Choice] = &[
    choice("none", "any order"),
    choice("key", "in order for each key"),
    choice("total", "one order for all"),
];
const FOREVER: &[Choice] = &[choice("forever", "never deleted")];
const ACKS: &[Choice] = &[
    choice("all", "every in-sync replica has it"),
    choice("leader", "the leader has it"),
    choice("none", "nobody was asked"),
];
const ACK: &[Choice] = &[
    choice("before_work", "acknowledged on receipt: a crash loses the message"),
    choice("after_work", "acknowledged when the work is done: a crash repeats it"),
];
/// How popularity is spread over items or keys.
pub(super) const SKEW: &[Choice] =
    &[choice("zipf", "popularity falls as a power of the rank"), choice("uniform", "all equally popular")];

const COUNT: Type = Type::Quantity(Measure::Count);
const WHOLE: Type = Type::Quantity(Measure::Whole);
const SHARE: Type = Type::Quantity(Measure::Share);
const TIME: Type = Type::Quantity(Measure::Time);
const DATA: Type = Type::Quantity(Measure::Data);

/// The `allow` property, the same wherever it stands.
pub(super) const ALLOW: Property = prop(
    "allow",
    &[
        slot("rule", Type::Rule),
        slot("reason", Type::Text).optional(),
        slot("until", Type::Date).after("until").optional(),
    ],
    "allow single_point_of_failure \"the switch is mandated\" until 2027-06-30",
    "Accepts a finding about this declaration. The reason is required; an `allow` that matches nothing is a finding.",
)
.repeats();

/// The `limit` property, the same on elements, flows and steps.
pub(super) const LIMIT_PROPERTY: Property = prop(
    "limit",
    &[],
    "limit { rate 100/min per user, algorithm token_bucket, burst 20 }",
    "A rate limit on what is admitted.",
)
.block(&LIMIT)
.repeats();

/// The `auth` property, the same on elements and steps.
pub(super) const AUTH_PROPERTY: Property = prop(
    "auth",
    &[slot("kind", Type::Word(AUTH_KIND))],
    "auth jwt { lifetime 15 min, revocable yes }",
    "How callers prove who they are.",
)
.block(&AUTH);

/// The body of an element.
pub const ELEMENT: Scope = Scope {
    name: "element",
    content: Content::Properties,
    properties: &[
        prop("replicas", &[slot("count", Type::Range(Measure::Whole))], "replicas 12", "How many instances there are; `4 to 40` is an autoscaling range.")
            .default("1"),
        prop("needs", &[slot("count", WHOLE)], "needs 2", "How many replicas must be up.")
            .default("1 for stateless compute, the majority for quorum and raft stores"),
        prop("in", &[slot("regions", Type::Region).many(), slot("share", SHARE).optional()], "in us eu", "Regions; replicas spread evenly over their zones. For an actor: `in us 60%`, where the traffic comes from; whoever is far from the nearest replica pays the way there.")
            .repeats(),
        prop("zones", &[slot("count", WHOLE)], "zones 3", "So many zones, without naming a region; shared by all elements written so."),
        prop("place", &[], "place { us.zone1 2, us.zone2 1 }", "So many replicas in each zone.").block(&PLACE),
        prop("capacity", &[slot("rate", Type::Quantity(Measure::Rate))], "capacity 800 req/s", "What ONE replica serves; a block splits it by operation.")
            .or_block(&CAPACITY),
        prop("latency", &[], "latency { p50 8ms, p99 60ms }", "The element's OWN time for one call, unloaded, without the calls it makes.")
            .block(&LATENCY),
        prop("concurrency", &[slot("count", COUNT)], "concurrency 200", "Threads or slots of one replica."),
        prop("memory", &[slot("size", DATA)], "memory 16 GB", "Memory of one replica; of a container what it asks for."),
        prop("cpu", &[slot("count", COUNT)], "cpu 8", "Processors of one replica; of a container the part of a machine that it asks for."),
        prop("disk", &[slot("size", DATA)], "disk 2 TB", "Disk of one replica."),
        prop("network", &[slot("rate", Type::Quantity(Measure::DataRate))], "network 10 Gbit/s", "Network of one replica."),
        prop("pool", &[slot("count", COUNT)], "pool 10", "Connections that one replica opens to each store it uses."),
        prop("connections", &[slot("count", COUNT)], "connections 500", "Connections that one replica accepts."),
        prop("availability", &[slot("share", SHARE)], "availability 99.9%", "Of ONE replica; for externals and managed services, of the whole."),
        prop("failover", &[slot("mode", Type::Word(FAILOVER)), slot("time", TIME).optional()], "failover automatic 30s", "What happens when the leader fails, and how long it takes."),
        prop("timeout", &[slot("time", TIME)], "timeout 2s", "How long callers wait for THIS element: the default of the hops into it."),
        prop("contention", &[slot("share", SHARE)], "contention 3%", "Serial share of the work (Gunther's α)."),
        prop("coherency", &[slot("share", SHARE)], "coherency 0.01%", "Cost of keeping replicas coherent (Gunther's β)."),
        prop("common_cause", &[slot("share", SHARE)], "common_cause 10%", "Share of failures that hit all replicas at once (beta factor)."),
        prop("bulkhead", &[slot("count", COUNT)], "bulkhead 20", "Slots that each dependency may hold at most."),
        prop("runs", &[slot("what", Type::Word(RUNS)), slot("in", Type::Word(SANDBOX)).after("in").optional(), slot("on", Type::Nodes).after("on").optional()], "runs untrusted in sandbox", "What kind of code it runs, and how it is isolated; `runs containers on workers` says on which machines.")
            .repeats(),
        LIMIT_PROPERTY,
        prop("scaling", &[slot("kind", Type::Word(SCALING_KIND))], "scaling vertical { limit 128 GB }", "How it grows.").block(&SCALING),
        prop("cost", &[slot("rate", Type::Quantity(Measure::MoneyRate))], "cost 210 USD/month", "Of one replica."),
        prop("public", &[], "public", "Reachable from outside."),
        prop("trust", &[slot("zone", Type::Word(TRUST))], "trust internal", "The trust zone it belongs to."),
        AUTH_PROPERTY,
        prop("price", &[], "price { storage 0.02 USD/GB/month, request 0.4 USD/M }", "What use costs.").block(&PRICE),
        prop("discovery", &[], "discovery { registry consul, heartbeat 5s, misses 3 }", "How callers learn which replicas are alive.").block(&DISCOVERY),
        prop("owner", &[slot("team", Type::Text)], "owner \"feed team\"", "Who answers for it."),
        prop("tags", &[slot("tags", Type::AnyWord).many()], "tags pci critical", "Free labels, for views, styles and rules of the house."),
        prop("rtt", &[slot("time", TIME)], "rtt 40ms", "Network time between these people and the system.")
            .on(kinds(&[Kind::Actor]))
            .default("0"),
        prop("layer", LAYER, "layer 7", "4 balances connections, 7 balances requests.").on(BALANCERS),
        prop("algorithm", &[slot("kind", Type::Word(ALGORITHM)), slot("key", Type::Field).after("by").optional()], "algorithm consistent_hash by document_id", "How a replica is chosen.").on(BALANCERS),
        prop("health_check", &[], "health_check { every 5s, misses 3 }", "How dead replicas are found.").block(&HEALTH_CHECK).on(BALANCERS),
        prop("sticky", &[slot("key", Type::Field).after("by")], "sticky by user_id", "The same caller reaches the same replica.").on(BALANCERS),
        prop("replication", &[], "replication { factor 3, mode quorum }", "How copies are kept.").block(&REPLICATION).on(STATEFUL),
        prop("shard", &[], "shard { by user_id, strategy hash, count 64 }", "How data is split.").block(&SHARD).on(STATEFUL),
        prop("holds", &[slot("data", Type::Data).many()], "holds post comment", "The data kept here.").on(HOLDERS).repeats(),
        prop("consistency", &[slot("level", Type::Level)], "consistency strong", "What reads are given; a block sets read and write levels.")
            .or_block(&CONSISTENCY)
            .on(kinds(&[Kind::Store, Kind::Cache])),
        prop("isolation", &[slot("level", Type::Level)], "isolation serializable", "Isolation of its transactions.").on(kinds(&[Kind::Store])),
        prop("index", &[slot("fields", Type::Field).after("by").many()], "index by email", "A secondary index.").on(kinds(&[Kind::Store])).repeats(),
        prop("bloom_filter", &[], "bloom_filter { over like, items 10bn, false_positive 1%, absent 90% }", "Answers \"certainly not there\" without a read.").block(&BLOOM_FILTER).on(kinds(&[Kind::Store, Kind::Cache])),
        prop("backup", &[], "backup { every 24h, keep 30 day }", "Copies for the day when all replicas are wrong.").block(&BACKUP).on(STATEFUL),
        prop("durability", &[slot("share", SHARE)], "durability 99.999999999%", "What a provider promises: the share of data that outlives a year.").on(kinds(&[Kind::Store])),
        prop("index_overhead", &[slot("share", Type::Quantity(Measure::Factor))], "index_overhead 20%", "What indexes add to the data's size.").on(STATEFUL).default("0"),
        prop("of", &[slot("origin", Type::Element).many()], "of posts", "What it fronts.").on(CACHING),
        prop("policy", &[slot("kind", Type::Word(POLICY))], "policy cache_aside", "How reads and writes pass between cache and origin.").on(CACHING),
        prop("flush", &[slot("time", TIME)], "flush 5s", "With `policy write_back`: how long a write may wait before the origin has it.").on(CACHING),
        prop("eviction", &[slot("kind", Type::Word(EVICTION))], "eviction lru", "What goes when memory is full.").on(CACHING).default("lru"),
        prop("ttl", &[slot("time", TIME)], "ttl 60s", "How long an entry serves before it must be read again.").on(CACHING),
        prop("hit", &[slot("share", SHARE)], "hit 95%", "Share of reads served by the cache. What passes through a cdn as a read goes on for the rest only; a call is never served by one.").on(CACHING),
        prop("items", &[slot("count", COUNT)], "items 50M", "How many different items are asked for.").on(CACHING),
        prop("item_size", &[slot("size", DATA)], "item_size 2 kB", "Size of one item in memory.").on(CACHING),
        prop("skew", &[slot("kind", Type::Word(SKEW)), slot("exponent", COUNT).optional()], "skew zipf 0.9", "How popularity is spread over items.").on(CACHING),
        prop("delivery", &[slot("kind", Type::Word(DELIVERY))], "delivery at_least_once", "What the broker promises about each message.").on(BROKERS),
        prop("ordering", &[slot("kind", Type::Word(ORDERING)), slot("key", Type::Field).after("by").optional()], "ordering key", "In which order messages arrive.").on(BROKERS),
        prop("partitions", &[slot("count", WHOLE)], "partitions 64", "How many consumers of a group can work at once.").on(BROKERS),
        prop("retention", &[slot("time", Type::WordOrQuantity(FOREVER, Measure::Time))], "retention 7 day", "How long messages are kept.").on(BROKERS),
        prop("dead_letter", &[slot("element", Type::Element)], "dead_letter failed", "Where messages go that cannot be processed.").on(BROKERS),
        prop("limit_length", &[slot("count", COUNT)], "limit_length 1M msg", "How many messages may wait.").on(BROKERS),
        prop("acks", &[slot("kind", Type::Word(ACKS))], "acks all", "Whose receipt the publisher waits for.").on(BROKERS),
        prop("min_in_sync", &[slot("count", WHOLE)], "min_in_sync 2", "How many replicas must be in sync to accept a write.").on(BROKERS),
        prop("ack", &[slot("kind", Type::Word(ACK))], "ack after_work", "When consumers acknowledge.").on(BROKERS),
        prop("visibility", &[slot("time", TIME)], "visibility 30s", "How long a message taken stays hidden from others.").on(BROKERS),
        prop("poll", &[slot("every", TIME).after("every")], "poll every 1s", "How often each consumer asks.").on(BROKERS),
        ALLOW,
    ],
};
