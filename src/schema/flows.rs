//! Flows, their steps and the blocks that group steps.

use super::blocks::{BREAKER, LIMIT, REQUIRE, RETRY, STREAM};
use super::elements::{ALLOW, AUTH_PROPERTY, LIMIT_PROPERTY};
use super::{Choice, Content, Measure, Presence, Scope, Statement, Type, prop, slot};

const COUNT: Type = Type::Quantity(Measure::Count);
const SHARE: Type = Type::Quantity(Measure::Share);
const TIME: Type = Type::Quantity(Measure::Time);
const DATA: Type = Type::Quantity(Measure::Data);

const fn choice(word: &'static str, doc: &'static str) -> Choice {
    Choice { word, doc }
}

/// What a step does at its target, with what it counts as.
pub const OPERATIONS: &[Choice] = &[
    choice("call", "a request; on a store or cache it counts as a read, on a broker as a publish"),
    choice("read", "reads data"),
    choice("write", "writes data"),
    choice("delete", "deletes data; counts as a write"),
    choice("publish", "hands a message to a broker"),
    choice("consume", "takes a message from a broker"),
    choice("push", "sends to a client that did not ask; counts as a read"),
    choice("poll", "asks whether there is something new; counts as a read"),
    choice("stream", "keeps a connection open; counts as a read"),
];

const FALLBACK: &[Choice] = &[
    choice("cached", "serves the last known answer"),
    choice("default", "serves a fixed answer"),
    choice("fail", "gives up at once"),
];
const FROM: &[Choice] = &[
    choice("leader", "the copy that takes the writes"),
    choice("replica", "a copy that follows"),
    choice("any", "any copy"),
];
const ENCRYPTED: &[Choice] = &[
    choice("none", "in the clear"),
    choice("tls", "by TLS"),
    choice("mtls", "by TLS with certificates of both sides"),
    choice("end_to_end", "only the ends can read it"),
];
const VIA: &[Choice] = &[
    choice("outbox", "a table of messages in the same transaction, sent later"),
    choice("cdc", "from the store's change log"),
    choice("saga", "a chain of local transactions with compensations"),
    choice("two_phase", "two-phase commit"),
];

/// The properties of a step; steps and blocks may stand in it as well.
pub const STEP: Scope = Scope {
    name: "step",
    content: Content::Steps,
    properties: &[
        prop("times", &[slot("count", COUNT)], "times 3", "So many calls one after another.").default("1"),
        prop("fan_out", &[slot("count", COUNT)], "fan_out 20", "So many calls at once.").default("1"),
        prop(
            "pages",
            &[slot("count", COUNT)],
            "pages 50",
            "So many calls one after another, for the pages of a long answer.",
        )
        .default("1"),
        prop("chance", &[slot("share", SHARE)], "chance 5%", "How often the step happens.").default("100%"),
        prop("request", &[slot("size", DATA)], "request 2 kB", "Size of the request."),
        prop("response", &[slot("size", DATA)], "response photo.size", "Size of the answer."),
        prop(
            "timeout",
            &[slot("time", TIME)],
            "timeout 1s",
            "How long this caller waits; the element's own `timeout` is the default.",
        ),
        prop(
            "retry",
            &[],
            "retry { attempts 3, backoff exponential, jitter on, budget 10% }",
            "What happens when it fails.",
        )
        .block(&RETRY),
        prop("breaker", &[], "breaker { opens 50%, after 10s }", "A circuit breaker.").block(&BREAKER),
        prop(
            "fallback",
            &[slot("kind", Type::Word(FALLBACK))],
            "fallback cached",
            "What is served when it fails.",
        ),
        prop("optional", &[], "optional", "Its failure is tolerated."),
        prop(
            "by",
            &[slot("fields", Type::Field).many()],
            "by author",
            "The fields by which the data are looked for.",
        ),
        prop("from", &[slot("copy", Type::Word(FROM))], "from replica", "Which copy is read.")
            .default("the leader of a single-leader store"),
        prop(
            "idempotent",
            &[slot("key", Type::Field).after("by").optional()],
            "idempotent by request_id",
            "Doing it twice is doing it once.",
        ),
        prop(
            "consistency",
            &[slot("level", Type::Level)],
            "consistency eventual",
            "What this read requires, in place of the flow's requirement.",
        ),
        prop(
            "protocol",
            &[slot("name", Type::AnyWord)],
            "protocol grpc",
            "How they talk: http, grpc, websocket, rtmp, smtp …",
        ),
        prop(
            "encrypted",
            &[slot("kind", Type::Word(ENCRYPTED))],
            "encrypted tls",
            "Whether others can read it on the way.",
        ),
        AUTH_PROPERTY,
        prop("as", &[slot("role", Type::Role)], "as owner", "The role in which it acts."),
        prop(
            "via",
            &[slot("kind", Type::Word(VIA))],
            "via outbox",
            "How the hand-over is kept in step with the store.",
        ),
        prop(
            "stream",
            &[],
            "stream { open 25 min, heartbeat 30s, idle_timeout 60s }",
            "A long-lived connection: connections = rate × open.",
        )
        .block(&STREAM),
        prop("hold", &[slot("time", TIME)], "hold 10 min", "How long a write holds what it took."),
        prop("poll", &[slot("every", TIME).after("every")], "poll every 1s", "How often it asks."),
        prop("bulkhead", &[slot("count", COUNT)], "bulkhead 20", "Slots that this call may hold at most."),
        LIMIT_PROPERTY,
        ALLOW,
    ],
};

/// The properties of a flow; its steps stand beside them.
pub const FLOW: Scope = Scope {
    name: "flow",
    content: Content::Steps,
    properties: &[
        prop(
            "rate",
            &[slot("rate", Type::Quantity(Measure::Rate))],
            "rate dau * 12/day",
            "Average arrivals.",
        ),
        prop(
            "peak",
            &[slot("value", Type::Quantity(Measure::Any))],
            "peak 3x",
            "Peak over average, or an absolute rate.",
        )
        .default("`workload { peak }`, else 1x"),
        prop(
            "trigger",
            &[
                slot("broker", Type::Element).optional(),
                slot("message", Type::AnyWord).optional(),
                slot("every", TIME).after("every").optional(),
            ],
            "trigger events viewed",
            "What starts it: messages of a broker, or a clock (`trigger every 1h`).",
        ),
        prop("require", &[], "require { p99 250ms, availability 99.95% }", "What the flow promises.")
            .block(&REQUIRE),
        prop("owner", &[slot("team", Type::Text)], "owner \"feed team\"", "Who answers for it."),
        prop("limit", &[], "limit { rate 100/min per user }", "A rate limit on what is admitted.")
            .block(&LIMIT)
            .repeats(),
        prop("tags", &[slot("tags", Type::AnyWord).many()], "tags critical", "Free labels."),
        prop(
            "as",
            &[slot("role", Type::Role)],
            "as owner",
            "The role in which its steps act, unless they say otherwise.",
        ),
        ALLOW,
    ],
};

/// Blocks of steps. `on` takes one of its two words.
pub const BLOCKS: &[Statement] = &[
    block(
        "on",
        &[slot(
            "event",
            Type::Word(&[
                choice("miss", "the cache or cdn read just above did not have it"),
                choice("failure", "the step or block above failed: a working alternative"),
            ]),
        )],
        "on miss { api -> posts read post }",
        "Steps that run on a cache miss or on a failure.",
    ),
    block(
        "try",
        &[],
        "try { api -> a; api -> b }",
        "Groups steps, so that `on failure` guards them together.",
    ),
    block("parallel", &[], "parallel { api -> a; api -> b }", "Steps that run at once."),
    block(
        "chance",
        &[slot("share", SHARE)],
        "chance 5% { api -> audit }",
        "Steps that run with this probability.",
    ),
    block(
        "repeat",
        &[slot("count", COUNT)],
        "repeat 20 { api -> posts read post }",
        "Steps that run so many times, one after another.",
    ),
    block(
        "transaction",
        &[slot("level", Type::Level).optional()],
        "transaction serializable { api -> ledger write entry }",
        "Steps that commit together.",
    ),
    block(
        "compensate",
        &[],
        "compensate { api -> stock write reservation }",
        "What undoes the steps above when a later one fails.",
    ),
];

const fn block(
    word: &'static str,
    slots: &'static [super::Slot],
    example: &'static str,
    doc: &'static str,
) -> Statement {
    Statement { word, name: Presence::Never, title: Presence::Never, slots, block: Some(&BODY), doc, example }
}

const BODY: Scope = Scope { name: "block", properties: &[ALLOW], content: Content::Steps };
