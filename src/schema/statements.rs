//! Statements: everything that stands at the top of a file and is not an element.

use super::blocks::MIGRATION_STRATEGY;
use super::elements::ALLOW;
use super::flows::FLOW;
use super::{Choice, Content, Measure, Presence, Property, Scope, Slot, Statement, Type, prop, slot};
use Presence::{Never, Optional, Required};

const SHARE: Type = Type::Quantity(Measure::Share);
const FACTOR: Type = Type::Quantity(Measure::Factor);
const TIME: Type = Type::Quantity(Measure::Time);
const WHOLE: Type = Type::Quantity(Measure::Whole);

const fn choice(word: &'static str, doc: &'static str) -> Choice {
    Choice { word, doc }
}

const fn scope(name: &'static str, properties: &'static [Property], content: Content) -> Scope {
    Scope { name, properties, content }
}

const SYSTEM_STATUS: &[Choice] = &[
    choice("draft", "being written"),
    choice("proposed", "under review"),
    choice("accepted", "agreed"),
    choice("live", "running"),
    choice("retired", "no longer running"),
];

/// The body of `system`.
pub const SYSTEM: Scope = scope(
    "system",
    &[
        prop("owner", &[slot("team", Type::Text)], "owner \"feed team\"", "Who answers for it."),
        prop(
            "status",
            &[slot("status", Type::Word(SYSTEM_STATUS))],
            "status draft",
            "Where the design stands.",
        ),
        prop("version", &[slot("version", Type::Text)], "version \"3\"", "Version of the design."),
        prop(
            "supersedes",
            &[slot("file", Type::Text)],
            "supersedes \"first_sketch.sysd\"",
            "The earlier version of this design, as a path from this file: its document says what has changed since.",
        ),
        prop("tags", &[slot("tags", Type::AnyWord).many()], "tags payments", "Free labels."),
        prop(
            "availability",
            &[slot("share", SHARE)],
            "availability 99.95%",
            "What the whole promises, at least.",
        ),
        ALLOW,
    ],
    Content::Properties,
);

/// The body of `technology`.
pub const TECHNOLOGY: Scope = scope("technology", &[], Content::Facts);

const GROUP: Scope = scope(
    "group",
    &[
        prop("owner", &[slot("team", Type::Text)], "owner \"media team\"", "Who answers for what is inside."),
        prop(
            "trust",
            &[slot(
                "zone",
                Type::Word(&[
                    choice("internal", "inside your trust boundary"),
                    choice("partner", "a party with a contract"),
                    choice("external", "outside your trust boundary"),
                ]),
            )],
            "trust internal",
            "The trust zone of what is inside.",
        ),
        prop("tags", &[slot("tags", Type::AnyWord).many()], "tags pci", "Free labels."),
        ALLOW,
    ],
    Content::Elements,
);

const REGION: Scope = scope(
    "region",
    &[
        prop("zones", &[slot("count", WHOLE)], "zones 3", "How many zones it has: `zone1`, `zone2` …")
            .default("1"),
        prop("availability", &[slot("share", SHARE)], "availability 99.99%", "Of the whole region."),
        prop(
            "zone_availability",
            &[slot("share", SHARE)],
            "zone_availability 99.95%",
            "Of each of its zones.",
        ),
    ],
    Content::Properties,
);

const NODES: Scope = scope(
    "nodes",
    &[
        prop("count", &[slot("count", WHOLE)], "count 12", "How many there are."),
        prop("cpu", &[slot("count", Type::Quantity(Measure::Count))], "cpu 16", "Processors of one."),
        prop("memory", &[slot("size", Type::Quantity(Measure::Data))], "memory 64 GB", "Memory of one."),
        prop(
            "reserved",
            &[slot("share", SHARE)],
            "reserved 10%",
            "Share of each that the system itself takes: its kernel, its agents.",
        )
        .default("0"),
        prop(
            "in",
            &[slot("regions", Type::Region).many()],
            "in us",
            "Regions; they spread evenly over their zones.",
        ),
        prop("zones", &[slot("count", WHOLE)], "zones 3", "So many zones, without naming a region."),
        prop("cost", &[slot("rate", Type::Quantity(Measure::MoneyRate))], "cost 300 USD/month", "Of one."),
        ALLOW,
    ],
    Content::Properties,
);

const CLASS: &[Choice] = &[
    choice("public", "anybody may see it"),
    choice("internal", "for the organisation"),
    choice("personal", "about a person"),
    choice("financial", "money or means of payment"),
    choice("secret", "passwords, keys"),
];
const KEEP: &[Choice] = &[choice("forever", "never deleted")];

const DATUM: Scope = scope(
    "data",
    &[
        prop("size", &[slot("size", Type::Quantity(Measure::Data))], "size 1.2 kB", "Size of one."),
        prop("key", &[slot("field", Type::Field)], "key user_id", "The field that identifies it."),
        prop("class", &[slot("class", Type::Word(CLASS))], "class personal", "How it must be protected."),
        prop(
            "keep",
            &[slot("time", Type::WordOrQuantity(KEEP, Measure::Time))],
            "keep forever",
            "How long it is kept.",
        )
        .default("the horizon"),
        prop(
            "fields",
            &[slot("fields", Type::AnyWord).many()],
            "fields author taken_at place",
            "Its fields; `by`, `key` and `index` must then name one.",
        ),
        prop(
            "states",
            &[slot("states", Type::AnyWord).many()],
            "states placed -> paid -> delivered",
            "The states it passes through.",
        ),
        prop(
            "count",
            &[slot("count", Type::Quantity(Measure::Count))],
            "count 500M",
            "How many there are today.",
        ),
        ALLOW,
    ],
    Content::Properties,
);

const CONDITIONS: Scope = scope("target", &[ALLOW], Content::Conditions);

const GUARD: &[Choice] = &[
    choice("optimistic", "a version is compared when writing"),
    choice("pessimistic", "a lock is taken before reading"),
    choice("unique", "a unique key refuses the second"),
    choice("serializable", "the transaction's isolation keeps it"),
    choice("crdt", "a data type that merges without loss"),
    choice("ot", "operational transformation"),
];

const INVARIANT: Scope = scope(
    "invariant",
    &[
        prop("on", &[slot("data", Type::Data).many()], "on seat", "The data it speaks of."),
        prop("guard", &[slot("kind", Type::Word(GUARD))], "guard optimistic", "What keeps it."),
        prop(
            "rows",
            &[slot(
                "count",
                Type::Word(&[choice("one", "one row"), choice("several", "several rows at once")]),
            )],
            "rows several",
            "Whether it spans several rows.",
        ),
        ALLOW,
    ],
    Content::Properties,
);

const SURVIVES: &[Choice] = &[
    choice("none", "nothing"),
    choice("instance", "any one replica"),
    choice("zone", "any one zone"),
    choice("region", "any one region"),
];

const RECOVERY: Scope = scope(
    "recovery",
    &[
        prop("rpo", &[slot("time", TIME)], "rpo 0s", "How much acknowledged work may be lost."),
        prop("rto", &[slot("time", TIME)], "rto 60s", "How long it may be down after a failure."),
        prop(
            "survives",
            &[slot("domain", Type::Word(SURVIVES))],
            "survives zone",
            "The largest failure that must not take it down.",
        ),
    ],
    Content::Properties,
);

const WORKLOAD: Scope = scope(
    "workload",
    &[
        prop("peak", &[slot("factor", FACTOR)], "peak 3x", "Peak over average, for every flow.")
            .default("1x"),
        prop(
            "growth",
            &[
                slot("factor", Type::Quantity(Measure::Growth)),
                slot("per", Type::AnyWord).after("per").optional(),
            ],
            "growth 2x per year",
            "How the load grows, and with it what is written.",
        ),
        prop("horizon", &[slot("time", TIME)], "horizon 3 year", "How far the design must reach."),
        prop("headroom", &[slot("share", SHARE)], "headroom 30%", "Share of the capacity kept free at peak.")
            .default("0"),
        prop(
            "users",
            &[slot("count", Type::Quantity(Measure::Count))],
            "users dau",
            "How many people use it.",
        ),
    ],
    Content::Properties,
);

const SCENARIO: Scope = scope(
    "scenario",
    &[
        prop(
            "rate",
            &[slot("flow", Type::Flow).optional(), slot("factor", FACTOR)],
            "rate checkout 15x",
            "Multiplies the rate of all flows, or of one.",
        )
        .repeats(),
        prop(
            "fail",
            &[slot("what", Type::Failable).many()],
            "fail us.zone1",
            "Takes elements, zones or regions down.",
        )
        .repeats(),
        prop(
            "hit",
            &[slot("cache", Type::Element), slot("share", SHARE)],
            "hit feeds 0%",
            "Sets the hit ratio of a cache.",
        )
        .repeats(),
        prop(
            "latency",
            &[slot("element", Type::Element), slot("factor", FACTOR)],
            "latency api 2x",
            "Slows an element down.",
        )
        .repeats(),
    ],
    Content::Changes,
);

const ASSUME: Scope = scope(
    "assume",
    &[
        prop(
            "instance",
            &[slot("share", SHARE)],
            "instance 99.5%",
            "Availability of a replica where none is given.",
        ),
        prop("zone", &[slot("share", SHARE)], "zone 99.95%", "Availability of a zone where none is given."),
        prop(
            "region",
            &[slot("share", SHARE)],
            "region 99.99%",
            "Availability of a region where none is given.",
        ),
        prop(
            "downtime_year",
            &[slot("time", TIME)],
            "downtime_year 365 day",
            "The year in which downtime is counted.",
        )
        .default("365.2425 days"),
        prop(
            "source",
            &[slot("text", Type::Text)],
            "source \"circular 215\"",
            "Where the assumption comes from.",
        ),
    ],
    Content::Properties,
);

const NETWORK: Scope = scope(
    "network",
    &[
        prop("within_zone", &[slot("time", TIME)], "within_zone 0.25ms", "One way and back within a zone.")
            .default("0.25 ms"),
        prop(
            "between_zones",
            &[slot("time", TIME)],
            "between_zones 0.5ms",
            "One way and back between zones of a region.",
        )
        .default("0.5 ms"),
        prop("dns", &[slot("time", TIME)], "dns 20ms", "A name look-up of a cold connection."),
    ],
    Content::Network,
);

const DECISION_STATUS: &[Choice] = &[
    choice("proposed", "under discussion"),
    choice("accepted", "agreed"),
    choice("rejected", "not taken"),
    choice("superseded", "replaced by another"),
];

const DECISION: Scope = scope(
    "decision",
    &[
        prop("status", &[slot("status", Type::Word(DECISION_STATUS))], "status accepted", "Where it stands."),
        prop("date", &[slot("date", Type::Date)], "date 2026-03-01", "When it was taken."),
        prop(
            "about",
            &[slot("subjects", Type::AnyWord).many()],
            "about posts",
            "The elements, data or flows it speaks of.",
        ),
        prop(
            "tradeoff",
            &[slot("one", Type::AnyWord), slot("other", Type::AnyWord).after("vs")],
            "tradeoff consistency vs availability",
            "The two things that pull apart.",
        ),
        prop("choose", &[slot("side", Type::AnyWord)], "choose availability", "The side it takes."),
        prop(
            "because",
            &[slot("reason", Type::Text)],
            "because \"reads outnumber writes\"",
            "Why; Markdown.",
        ),
        prop(
            "option",
            &[slot("name", Type::AnyWord), slot("verdict", Type::Text).optional()],
            "option postgres \"rejected: write volume\"",
            "What else was looked at.",
        )
        .repeats(),
        prop(
            "supersedes",
            &[slot("decision", Type::AnyWord)],
            "supersedes posts_in_postgres",
            "The decision it replaces.",
        ),
        ALLOW,
    ],
    Content::Properties,
);

const DEGREE: &[Choice] = &[choice("low", "low"), choice("medium", "medium"), choice("high", "high")];

const RISK: Scope = scope(
    "risk",
    &[
        prop("likelihood", &[slot("degree", Type::Word(DEGREE))], "likelihood high", "How likely."),
        prop("impact", &[slot("degree", Type::Word(DEGREE))], "impact medium", "How bad."),
        prop(
            "mitigation",
            &[slot("text", Type::Text)],
            "mitigation \"pull for the top accounts\"",
            "What is done about it.",
        ),
        prop("about", &[slot("subjects", Type::AnyWord).many()], "about feeds", "What it threatens."),
        prop("owner", &[slot("team", Type::Text)], "owner \"feed team\"", "Who watches it."),
        ALLOW,
    ],
    Content::Properties,
);

const ACCESS: Scope = scope("access", &[], Content::Access);

const MIGRATION: Scope = scope(
    "migration",
    &[
        prop(
            "strategy",
            &[slot("kind", Type::Word(MIGRATION_STRATEGY))],
            "strategy expand_contract",
            "How it is carried out.",
        ),
        prop(
            "backward_compatible",
            &[slot("value", Type::YesNo)],
            "backward_compatible yes",
            "Old code works with the new schema.",
        ),
        prop("zero_downtime", &[slot("value", Type::YesNo)], "zero_downtime yes", "Nobody notices."),
        prop("backup", &[slot("value", Type::YesNo)], "backup yes", "A backup is taken before."),
        prop("tested", &[slot("where", Type::AnyWord)], "tested staging", "Where it was tried."),
        prop("about", &[slot("subjects", Type::AnyWord).many()], "about catalog", "What it changes."),
        ALLOW,
    ],
    Content::Properties,
);

const VIEW_KIND: Type = Type::AnyWord;
const VIEW: Scope = scope(
    "view",
    &[
        prop(
            "include",
            &[
                slot("kind", VIEW_KIND).after("kind").optional(),
                slot("tag", VIEW_KIND).after("tag").optional(),
                slot("what", Type::Subject).optional().many(),
            ],
            "include cdn api media",
            "What it shows.",
        )
        .repeats(),
        prop(
            "exclude",
            &[
                slot("kind", VIEW_KIND).after("kind").optional(),
                slot("tag", VIEW_KIND).after("tag").optional(),
                slot("what", Type::Subject).optional().many(),
            ],
            "exclude kind actor",
            "What it leaves out.",
        )
        .repeats(),
        prop("of", &[slot("flows", Type::Flow).many()], "of upload", "Only what these flows touch.")
            .repeats(),
        prop(
            "left",
            &[slot("a", Type::Element), slot("b", Type::Element).after("of")],
            "left api of posts",
            "A wish for the layout.",
        )
        .repeats(),
        prop(
            "above",
            &[slot("a", Type::Element), slot("b", Type::Element)],
            "above api posts",
            "A wish for the layout.",
        )
        .repeats(),
        prop(
            "pin",
            &[
                slot("a", Type::Element),
                slot("x", Type::Quantity(Measure::Count)),
                slot("y", Type::Quantity(Measure::Count)),
            ],
            "pin api 100 40",
            "A fixed place.",
        )
        .repeats(),
        prop(
            "direction",
            &[slot("kind", Type::Word(&[choice("down", "top to bottom"), choice("right", "left to right")]))],
            "direction right",
            "The reading direction.",
        ),
    ],
    Content::Properties,
);

const STYLE: Scope = scope(
    "style",
    &[
        prop(
            "color",
            &[slot(
                "color",
                Type::Word(&[
                    choice("blue", "blue"),
                    choice("green", "green"),
                    choice("orange", "orange"),
                    choice("purple", "purple"),
                    choice("red", "red"),
                    choice("grey", "grey"),
                ]),
            )],
            "color blue",
            "The hue.",
        ),
        prop(
            "shape",
            &[slot(
                "shape",
                Type::Word(&[
                    choice("card", "a card"),
                    choice("cylinder", "a cylinder"),
                    choice("person", "a person"),
                    choice("hexagon", "a hexagon"),
                ]),
            )],
            "shape cylinder",
            "The shape.",
        ),
        prop("icon", &[slot("icon", Type::AnyWord)], "icon database", "The glyph."),
    ],
    Content::Properties,
);

const RULE: Scope = scope(
    "rule",
    &[prop(
        "severity",
        &[slot(
            "severity",
            Type::Word(&[
                choice("error", "fails the check"),
                choice("warning", "is shown"),
                choice("info", "is worth knowing"),
            ]),
        )],
        "severity error",
        "How grave a breach is.",
    )
    .default("warning")],
    Content::Rules,
);

const ALERT: Scope = scope("alert", &[], Content::Alert);

const fn statement(
    word: &'static str,
    (name, title): (Presence, Presence),
    slots: &'static [Slot],
    block: Option<&'static Scope>,
    example: &'static str,
    doc: &'static str,
) -> Statement {
    Statement { word, name, title, slots, block, doc, example }
}

/// Every statement, in the order of the reference.
pub const STATEMENTS: &[Statement] = &[
    statement(
        "system",
        (Optional, Optional),
        &[],
        Some(&SYSTEM),
        "system instagram \"Instagram\" { status draft }",
        "Names the system of this file.",
    ),
    statement(
        "import",
        (Never, Required),
        &[slot("name", Type::AnyWord).after("as").optional()],
        None,
        "import \"payments.sysd\" as payments",
        "Brings in the names of another file.",
    ),
    statement(
        "archetype",
        (Required, Never),
        &[],
        None,
        "archetype web_tier = service { replicas 6, zones 3 }",
        "A new keyword: a kind of element with properties given.",
    ),
    statement(
        "defaults",
        (Never, Never),
        &[slot("keyword", Type::AnyWord)],
        None,
        "defaults service { timeout 1s }",
        "Properties for every element of a kind in this file, or for every `data`, `decision` or `risk`. What a declaration or its archetype says wins.",
    ),
    statement(
        "technology",
        (Required, Never),
        &[],
        Some(&TECHNOLOGY),
        "technology mydb: relational { read_default linearizable }",
        "Adds to, or overrides, the catalogue of technologies.",
    ),
    statement(
        "currency",
        (Required, Never),
        &[slot("rate", Type::Quantity(Measure::Money)).optional()],
        None,
        "currency EUR 1.08 USD",
        "Declares a currency by its rate.",
    ),
    statement(
        "let",
        (Required, Never),
        &[],
        None,
        "let dau = 500M users \"Meta Q4 2023\"",
        "Names an input; the note says where the number comes from.",
    ),
    statement(
        "group",
        (Required, Optional),
        &[],
        Some(&GROUP),
        "group media \"Media\" { service api }",
        "A boundary in diagrams, an owner, a scope of names.",
    ),
    statement(
        "region",
        (Required, Optional),
        &[],
        Some(&REGION),
        "region us { zones 3 }",
        "A place; its zones are `us.zone1`, `us.zone2` …",
    ),
    statement(
        "nodes",
        (Required, Optional),
        &[],
        Some(&NODES),
        "nodes workers \"Machines\" { count 12, cpu 16, memory 64 GB, reserved 10%, zones 3 }",
        "Machines of one size that run containers: elements with `runs containers on workers`, or with `runs containers` where there are no others. How many of them hold the replicas is computed from `cpu` and `memory` of both.",
    ),
    statement(
        "data",
        (Required, Optional),
        &[],
        Some(&DATUM),
        "data post \"A photo post\" { size 1.2 kB, key user_id, class personal }",
        "A kind of data.",
    ),
    statement(
        "flow",
        (Required, Optional),
        &[],
        Some(&FLOW),
        "flow view_feed \"Open the home feed\" { user -> api -> posts read post }",
        "A request on its way through the system.",
    ),
    statement(
        "goal",
        (Never, Required),
        &[],
        None,
        "goal \"People see their friends' photos within a second\"",
        "What the system is for.",
    ),
    statement(
        "non_goal",
        (Never, Required),
        &[],
        None,
        "non_goal \"Video longer than a minute\"",
        "What it is not for.",
    ),
    statement(
        "functional",
        (Never, Required),
        &[slot("flows", Type::Flow).after("via").optional().many()],
        None,
        "functional \"Upload and view photos\" via upload view_feed",
        "A functional requirement and the flows that meet it.",
    ),
    statement(
        "target",
        (Required, Optional),
        &[slot("scenario", Type::Scenario).after("under").optional()],
        Some(&CONDITIONS),
        "target fast_feed \"Low latency\" { view_feed.p99 <= 250ms }",
        "A promise about anything that the report computes.",
    ),
    statement(
        "invariant",
        (Required, Optional),
        &[],
        Some(&INVARIANT),
        "invariant one_seat \"A seat is sold once\" { on seat, guard optimistic }",
        "What must never be untrue of the data.",
    ),
    statement(
        "recovery",
        (Never, Never),
        &[],
        Some(&RECOVERY),
        "recovery { rpo 0s, rto 60s, survives zone }",
        "What must hold after a failure.",
    ),
    statement(
        "workload",
        (Never, Never),
        &[],
        Some(&WORKLOAD),
        "workload { peak 3x, growth 2x per year, horizon 3 year, headroom 30% }",
        "Load and growth for every flow.",
    ),
    statement(
        "scenario",
        (Required, Optional),
        &[],
        Some(&SCENARIO),
        "scenario black_friday \"Ten times the traffic\" { rate 10x }",
        "What if: re-runs every analysis. Any property of an element may be given another value: `api.replicas 4`.",
    ),
    statement(
        "alert",
        (Never, Never),
        &[slot("subject", Type::AnyWord)],
        Some(&ALERT),
        "alert view_feed { error_rate > 1% for 5 min }",
        "When somebody is called.",
    ),
    statement(
        "assume",
        (Never, Optional),
        &[],
        Some(&ASSUME),
        "assume { instance 99.5%, zone 99.95% }",
        "Availability where none is given; or, with a text, an assumption and its source.",
    ),
    statement(
        "network",
        (Never, Never),
        &[],
        Some(&NETWORK),
        "network { within_zone 0.25ms, us eu 80ms }",
        "Round-trip times.",
    ),
    statement(
        "decision",
        (Required, Optional),
        &[],
        Some(&DECISION),
        "decision posts_in_cassandra \"Posts live in Cassandra\" { status accepted }",
        "A decision, checked against the design.",
    ),
    statement(
        "risk",
        (Required, Optional),
        &[],
        Some(&RISK),
        "risk celebrity \"One account with 100M followers\" { likelihood high }",
        "What could go wrong, and what is done about it.",
    ),
    statement(
        "role",
        (Required, Optional),
        &[],
        None,
        "role owner",
        "A role that people or services act in.",
    ),
    statement(
        "access",
        (Never, Never),
        &[slot("data", Type::Data).many()],
        Some(&ACCESS),
        "access post { owner may read write }",
        "Who may do what to the data.",
    ),
    statement(
        "migration",
        (Required, Optional),
        &[slot("on", Type::Subject).after("on").optional()],
        Some(&MIGRATION),
        "migration add_wishlist \"Add the wishlist table\" on catalog { strategy expand_contract }",
        "A change of schema or data.",
    ),
    statement(
        "view",
        (Required, Optional),
        &[],
        Some(&VIEW),
        "view media \"Media path\" { include cdn api media }",
        "A diagram of its own.",
    ),
    statement(
        "style",
        (Never, Never),
        &[slot("by", Type::AnyWord), slot("name", Type::AnyWord).optional()],
        Some(&STYLE),
        "style kind store { color blue }",
        "Colours and shapes by `kind`, `tag` or name.",
    ),
    statement(
        "rule",
        (Required, Optional),
        &[],
        Some(&RULE),
        "rule no_direct_store \"Clients never reach a store\" { forbid actor -> store }",
        "A rule of the house.",
    ),
];
