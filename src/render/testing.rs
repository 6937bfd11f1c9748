//! A plain stand-in for the layout and hand-made scenes, for tests of drawing alone.

use super::scene::*;
use crate::layout::{End, Graph, Layout, Point, Rect, Route, Size};

/// Boxes as rows one below the other, cards of a box side by side, edges with one bend at most. Not pretty.
pub(super) fn rows(graph: &Graph) -> Layout {
    let mut layout = Layout { groups: vec![Rect::default(); graph.groups.len()], ..Layout::default() };
    layout.nodes = vec![Rect::default(); graph.nodes.len()];
    let mut y = 0;
    place(graph, None, &mut layout, 0, &mut y);
    let rects = |end: End| match end {
        End::Node(at) => layout.nodes[at],
        End::Group(at) => layout.groups[at],
    };
    let middle = |r: Rect| Point { x: r.x + r.width / 2, y: r.y + r.height / 2 };
    let edges = graph.edges.iter().map(|edge| {
        let (a, b) = (middle(rects(edge.from)), rects(edge.to));
        let points =
            vec![a, Point { x: a.x, y: a.y + 40 }, Point { x: b.x, y: a.y + 40 }, Point { x: b.x, y: b.y }];
        let label = edge.label.map(|s| Rect { x: a.x, y: a.y + 40, width: s.width, height: s.height });
        Route { points, label }
    });
    let edges = edges.collect();
    layout.edges = edges;
    let right = layout.nodes.iter().chain(&layout.groups).map(|r| r.x + r.width).max().unwrap_or(0);
    layout.size = Size { width: right, height: y };
    layout
}

fn place(graph: &Graph, parent: Option<usize>, layout: &mut Layout, x: i32, y: &mut i32) {
    let mut right = x;
    let mut tallest = 0;
    for (at, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.parent == parent) {
        layout.nodes[at] = Rect { x: right, y: *y, width: node.size.width, height: node.size.height };
        right += node.size.width + 60;
        tallest = tallest.max(node.size.height + 60);
    }
    *y += tallest;
    for (at, group) in graph.groups.iter().enumerate().filter(|(_, group)| group.parent == parent) {
        let top = *y;
        *y += group.title.height + 8;
        place(graph, Some(at), layout, x + 16, y);
        let inside = |r: &&Rect| r.y >= top;
        let right = layout.nodes.iter().chain(&layout.groups).filter(inside).map(|r| r.x + r.width).max();
        let width = (right.unwrap_or(x) + 16 - x).max(group.title.width);
        layout.groups[at] = Rect { x, y: top, width, height: *y - top };
        *y += 16;
    }
}

/// Every kind, style and decoration once, and names that break careless writers.
pub(super) fn zoo() -> Diagram {
    let mut diagram = Diagram {
        id: "zoo".into(),
        title: "Every kind <once> & \"quoted\"".into(),
        subtitle: "with names that break careless writers".into(),
        footer: "zoo.sysd".into(),
        legend: true,
        ..Diagram::default()
    };
    diagram.boxes = vec![
        Boundary { id: "end".into(), title: "end".into(), note: "a keyword".into(), ..Boundary::default() },
        Boundary {
            id: "inner".into(),
            title: "داخل".into(),
            parent: Some("end".into()),
            ..Boundary::default()
        },
    ];
    for (at, kind) in CardKind::ALL.into_iter().enumerate() {
        let name =
            ["class", "a \"b\" [c] {d}", "emoji 🚀 name", "خدمة الملفات", "graph", "<&>", "Node"][at % 7];
        diagram.nodes.push(Card {
            id: format!("{}.{name}", kind.word()),
            title: name.into(),
            technology: kind.word().into(),
            size: if at % 3 == 0 { "64 GB, 12k req/s".into() } else { String::new() },
            kind,
            replicas: (at % 4 == 1).then_some(12),
            utilization: (at % 3 == 0).then_some(at as f64 / 16.0),
            mark: (at % 5 == 4).then(|| mark(Severity::Error)),
            parent: [None, Some("end".into()), Some("inner".into())][at % 3].clone(),
            link: Some(format!("#{at}")),
            ..Card::default()
        });
    }
    let ids: Vec<String> = diagram.nodes.iter().map(|card| card.id.clone()).collect();
    let styles = [ArrowStyle::Sync, ArrowStyle::Async, ArrowStyle::Replication, ArrowStyle::Relation];
    for (at, pair) in ids.windows(2).enumerate() {
        diagram.edges.push(Arrow {
            from: pair[0].clone(),
            to: pair[1].clone(),
            label: ["read 17k/s", "", "a|b; \"c\" #d", "end"][at % 4].into(),
            style: styles[at % 4],
            weight: (at % 3) as u8 + 1,
            back: at % 7 == 6,
            flagged: (at % 9 == 8).then(|| mark(Severity::Warning)),
            ..Arrow::default()
        });
    }
    diagram.edges.push(Arrow { from: ids[0].clone(), to: "end".into(), ..Arrow::default() });
    diagram.edges.push(Arrow {
        from: ids[2].clone(),
        to: ids[2].clone(),
        label: "self".into(),
        ..Arrow::default()
    });
    diagram
}

pub(super) fn mark(severity: Severity) -> Mark {
    Mark { severity, label: "single point of failure".into(), tooltip: "`a` is the only <one>".into() }
}

/// A photo network as an engineer would draw it: 21 cards in 7 boundaries, 31 arrows.
pub(super) fn photos() -> Diagram {
    let mut diagram = Diagram {
        id: "containers".into(),
        title: "Photo network: containers".into(),
        subtitle: "500M daily users; 99.95% promised for the home feed".into(),
        footer: "photos.sysd, version 3, checked with 2 findings".into(),
        legend: true,
        ..Diagram::default()
    };
    for (id, title, note, parent) in [
        ("clients", "Clients", "", ""),
        ("region", "us-east", "region, 3 zones", ""),
        ("edge", "Public edge", "", "region"),
        ("services", "Stateless services", "team feed", "region"),
        ("pipeline", "Media pipeline", "team media", "region"),
        ("data", "Data", "", "region"),
        ("outside", "Third parties", "", ""),
    ] {
        let parent = (!parent.is_empty()).then(|| parent.into());
        let kind = if id == "region" { BoundaryKind::Region } else { BoundaryKind::Group };
        let (id, title, note) = (id.into(), title.into(), note.into());
        diagram.boxes.push(Boundary { id, title, note, kind, parent, ..Boundary::default() });
    }
    diagram.nodes = photo_cards();
    diagram.edges = photo_arrows();
    diagram
}

/// Id, name, technology, size, kind, boundary, replicas, utilization.
type PhotoCard = (&'static str, &'static str, &'static str, &'static str, CardKind, &'static str, u32, f64);

fn photo_cards() -> Vec<Card> {
    use CardKind as K;
    #[rustfmt::skip]
    let cards: [PhotoCard; 21] = [
        ("user", "Member", "opens the app 12 times a day", "", K::Person, "clients", 0, -1.0),
        ("app", "Mobile app", "iOS, Android", "", K::Client, "clients", 0, -1.0),
        ("web", "Web app", "React", "", K::Client, "clients", 0, -1.0),
        ("cdn", "Photo CDN", "CloudFront", "95% hit", K::Cdn, "", 0, -1.0),
        ("lb", "Load balancer", "ALB", "208k req/s", K::Balancer, "edge", 3, 0.42),
        ("gw", "API gateway", "Envoy", "208k req/s", K::Gateway, "edge", 40, 0.65),
        ("auth", "Auth service", "Go", "17k req/s", K::Service, "services", 12, 0.31),
        ("feed", "Feed service", "Rust, axum", "69k req/s", K::Service, "services", 60, 0.58),
        ("post", "Post service", "Go", "3.5k req/s", K::Service, "services", 24, 0.22),
        ("search", "Search service", "Java", "8k req/s", K::Service, "services", 16, 0.74),
        ("media", "Media service", "Go", "1.2k req/s", K::Service, "pipeline", 20, 0.35),
        ("jobs", "Media jobs", "SQS", "1.2k msg/s", K::Queue, "pipeline", 0, -1.0),
        ("transcoder", "Transcoder", "FFmpeg", "1.2k msg/s", K::Worker, "pipeline", 80, 0.81),
        ("events", "Event log", "Kafka, 64 partitions", "90k msg/s", K::Topic, "data", 3, 0.4),
        ("fanout", "Fan-out worker", "Rust", "700k writes/s", K::Worker, "services", 48, 0.69),
        ("feeds", "Feed cache", "Redis Cluster", "2 TB, 95% hit", K::Cache, "data", 36, 0.62),
        ("posts", "Posts", "Cassandra, factor 3", "190 TB", K::Store, "data", 90, 0.55),
        ("users", "Users and follows", "PostgreSQL 17", "4 TB, 17k req/s", K::Store, "data", 1, 1.12),
        ("photos", "Photos", "S3", "12 PB", K::ObjectStore, "data", 0, -1.0),
        ("index", "Search index", "OpenSearch", "3 TB", K::SearchIndex, "data", 12, 0.48),
        ("push", "Push provider", "APNs, FCM", "99.9% promised", K::External, "outside", 0, -1.0),
    ];
    let card = |(id, title, technology, size, kind, parent, replicas, load): PhotoCard| {
        let findings = Mark {
            severity: Severity::Error,
            label: "single point of failure".into(),
            tooltip: "REL001: `users` has one replica; when it fails, sign-in and posting fail".into(),
        };
        Card {
            id: id.into(),
            title: title.into(),
            technology: technology.into(),
            size: size.into(),
            kind,
            replicas: (replicas > 0).then_some(replicas),
            utilization: (load >= 0.0).then_some(load),
            mark: (id == "users").then_some(findings),
            link: Some(format!("#{id}")),
            parent: (!parent.is_empty()).then(|| parent.into()),
            ..Card::default()
        }
    };
    cards.map(card).into()
}

fn photo_arrows() -> Vec<Arrow> {
    use ArrowStyle::{Async, Replication, Sync};
    #[rustfmt::skip]
    let arrows = [
        ("user", "app", "uses", Sync, 1), ("user", "web", "uses", Sync, 1), ("app", "cdn", "photos 1.2M/s", Sync, 3),
        ("web", "cdn", "photos", Sync, 2), ("app", "lb", "HTTPS 180k/s", Sync, 3), ("web", "lb", "HTTPS 28k/s", Sync, 2),
        ("cdn", "photos", "on miss 60k/s", Sync, 2), ("lb", "gw", "208k/s", Sync, 3), ("gw", "auth", "check token", Sync, 2),
        ("gw", "feed", "GET /v1/feed 69k/s", Sync, 3), ("gw", "post", "POST /v1/posts", Sync, 1),
        ("gw", "search", "GET /v1/search", Sync, 1), ("gw", "media", "upload", Sync, 1), ("auth", "users", "read", Sync, 1),
        ("feed", "feeds", "read 69k/s", Sync, 3), ("feed", "posts", "on miss, read", Sync, 1), ("feed", "users", "read follows", Sync, 1),
        ("post", "posts", "write 3.5k/s", Sync, 1), ("post", "events", "publish posted", Async, 1), ("media", "photos", "put original", Sync, 1),
        ("media", "jobs", "enqueue", Async, 1), ("jobs", "transcoder", "consume", Async, 1), ("transcoder", "photos", "put sizes", Sync, 1),
        ("transcoder", "events", "publish ready", Async, 1), ("events", "fanout", "consume posted", Async, 1), ("fanout", "feeds", "write 700k/s", Sync, 3),
        ("fanout", "users", "read followers", Sync, 1), ("events", "index", "index", Async, 1), ("search", "index", "query", Sync, 1),
        ("fanout", "push", "notify", Async, 1), ("posts", "posts", "3 copies", Replication, 1),
    ];
    let arrow = |(from, to, label, style, weight): (&str, &str, &str, ArrowStyle, u8)| Arrow {
        from: from.into(),
        to: to.into(),
        label: label.into(),
        style,
        weight,
        flagged: (from == "feed" && to == "posts").then(|| Mark {
            severity: Severity::Warning,
            label: "weakest read".into(),
            tooltip: "read from any replica: eventual, but the flow promises read_your_writes".into(),
        }),
        ..Arrow::default()
    };
    arrows.map(arrow).into()
}

/// Opening the home feed: every kind of frame and message.
pub(super) fn feed_sequence() -> Sequence {
    use MessageKind::{Async, Lost, Return, Sync};
    let participant = |(id, title, technology, kind): (&str, &str, &str, CardKind)| Participant {
        id: id.into(),
        title: title.into(),
        technology: technology.into(),
        kind,
        ..Participant::default()
    };
    let say = |from: &str, to: &str, label: &str, kind: MessageKind| {
        Item::Message(Message {
            from: from.into(),
            to: to.into(),
            label: label.into(),
            kind,
            activate: kind == Sync && from != to,
            deactivate: kind == Return,
            ..Message::default()
        })
    };
    let section = |title: &str, items: Vec<Item>| Section { title: title.into(), items };
    let frame = |kind, title: &str, sections| Item::Frame(Frame { kind, title: title.into(), sections });
    let mut weakest = say("feed", "posts", "read 20 posts, any replica", Sync);
    if let Item::Message(message) = &mut weakest {
        message.flagged = Some(mark(Severity::Warning));
    }
    let read = frame(
        FrameKind::Par,
        "",
        vec![
            section("posts", vec![weakest, say("posts", "feed", "20 posts", Return)]),
            section(
                "follows",
                vec![say("feed", "users", "read follows", Sync), say("users", "feed", "", Return)],
            ),
        ],
    );
    let miss =
        vec![read, say("feed", "feed", "merge and rank", Sync), say("feed", "cache", "write feed", Async)];
    let note = |over: &[&str], text: &str| {
        Item::Note(Note { over: over.iter().map(|id| (*id).into()).collect(), text: text.into() })
    };
    Sequence {
        id: "view_feed".into(),
        title: "Open the home feed".into(),
        subtitle: "69k req/s at peak; p99 within 250 ms".into(),
        footer: "photos.sysd, flow view_feed".into(),
        participants: [
            ("user", "Member", "", CardKind::Person),
            ("gw", "API gateway", "Envoy", CardKind::Gateway),
            ("feed", "Feed service", "Rust, axum", CardKind::Service),
            ("cache", "Feed cache", "Redis Cluster", CardKind::Cache),
            ("posts", "Posts", "Cassandra", CardKind::Store),
            ("users", "Users and follows", "PostgreSQL 17", CardKind::Store),
            ("events", "Event log", "Kafka", CardKind::Topic),
        ]
        .map(participant)
        .into(),
        items: vec![
            say("user", "gw", "GET /v1/feed", Sync),
            say("gw", "gw", "check the token", Sync),
            say("gw", "feed", "GET /v1/feed", Sync),
            say("feed", "cache", "read feed", Sync),
            frame(
                FrameKind::Alt,
                "",
                vec![
                    section("hit, 95%", vec![say("cache", "feed", "feed", Return)]),
                    section("miss, 5%", [vec![say("cache", "feed", "nothing", Return)], miss].concat()),
                ],
            ),
            say("feed", "gw", "20 posts", Return),
            say("gw", "user", "200, 38 kB", Return),
            note(&["feed", "posts"], "eventual reads: a post may be missing for up to 200 ms"),
            frame(
                FrameKind::Opt,
                "telemetry",
                vec![section("", vec![say("feed", "events", "publish viewed", Async)])],
            ),
            frame(
                FrameKind::Loop,
                "every 30 s",
                vec![section("", vec![say("gw", "user", "push", Lost), note(&["user"], "offline")])],
            ),
        ],
        ..Sequence::default()
    }
}

/// Charts with every decoration.
pub(super) fn charts() -> [Scene; 3] {
    let limit = |value: f64, label: &str| Limit { value, label: label.into() };
    let bar = |(label, value, severity): (&str, f64, Option<Severity>)| Bar {
        label: label.into(),
        value,
        text: format!("{:.0}%", value * 100.0),
        severity,
        range: (label == "Feed cache").then_some((0.4, 0.9)),
        ..Bar::default()
    };
    let stage = |(label, depth, start, length): (&str, u8, f64, f64)| Stage {
        label: label.into(),
        depth,
        start,
        length,
        text: format!("{length} ms"),
        hue: label.contains("osts").then_some(Hue::Green),
        severity: (length > 120.0).then_some(Severity::Warning),
        ..Stage::default()
    };
    let bars = BarChart {
        id: "utilization".into(),
        title: "Utilization at peak".into(),
        subtitle: "busiest resource of each element".into(),
        bars: [
            ("Users and follows", 1.12, Some(Severity::Error)),
            ("Transcoder", 0.81, Some(Severity::Warning)),
            ("Search service", 0.74, Some(Severity::Warning)),
            ("Fan-out worker", 0.69, None),
            ("Feed cache", 0.62, None),
            ("Auth service", 0.31, None),
        ]
        .map(bar)
        .into(),
        limits: vec![limit(0.7, "headroom 70%"), limit(1.0, "full")],
        footer: "photos.sysd".into(),
        ..BarChart::default()
    };
    let waterfall = Waterfall {
        id: "latency".into(),
        title: "Open the home feed: where 212 ms of 250 ms go".into(),
        stages: [
            ("network, member to edge", 0, 0.0, 40.0),
            ("API gateway", 0, 40.0, 6.0),
            ("Feed service", 0, 46.0, 126.0),
            ("read feed, Feed cache", 1, 52.0, 4.0),
            ("read 20 posts, Posts", 1, 56.0, 92.0),
            ("network, edge to member", 0, 172.0, 40.0),
        ]
        .map(stage)
        .into(),
        limits: vec![limit(250.0, "target 250 ms"), limit(212.0, "p99 212 ms")],
        ..Waterfall::default()
    };
    let series = |label: &str, values: &[f64]| Series {
        label: label.into(),
        values: values.into(),
        texts: values.iter().map(|value| format!("{value} TB")).collect(),
        hue: None,
    };
    let lines = LineChart {
        id: "growth".into(),
        title: "Storage over three years".into(),
        subtitle: "doubles every year".into(),
        ticks: ["now", "6 months", "1 year", "18 months", "2 years", "30 months", "3 years"]
            .map(Into::into)
            .into(),
        levels: vec![limit(0.0, "0"), limit(500.0, "500 TB"), limit(1000.0, "1 PB"), limit(1500.0, "1.5 PB")],
        series: vec![
            series("Posts", &[190.0, 269.0, 380.0, 537.0, 760.0, 1075.0, 1520.0]),
            series("Search index", &[30.0, 42.0, 60.0, 85.0, 120.0, 170.0, 240.0]),
            series("Users", &[4.0, 5.0, 8.0, f64::NAN, 16.0, 22.0, 32.0]),
        ],
        limits: vec![limit(1080.0, "disks of Posts full at 1.08 PB")],
        ..LineChart::default()
    };
    [Scene::Bars(bars), Scene::Waterfall(waterfall), Scene::Lines(lines)]
}

/// Names that mean something to XML, Mermaid, DOT, D2, `PlantUML`, Markdown or a terminal.
pub(super) const HOSTILE: [&str; 52] = [
    "end",
    "class",
    "subgraph",
    "graph TD",
    "style",
    "node",
    "\"quoted\"",
    "'single'",
    "back\\slash",
    "\\n",
    "a\nb",
    "tab\there",
    "<b>bold</b>",
    "&amp; &lt;",
    "a & b",
    "#35; #quot;",
    "semi;colon",
    "%% comment",
    "%{init: {}}%",
    "-- dashes --",
    "--> arrow",
    "-->|x|",
    "[brackets]",
    "{braces}",
    "(parens)",
    "((round))",
    "[[double]]",
    "]]>",
    "}}",
    "|pipe|",
    "$$x^2$$",
    "${HOME}",
    "`tick`",
    "1. list",
    "- list",
    "+ list",
    "# heading",
    "* star",
    "**bold** __u__",
    "//italic//",
    "~~strike~~",
    "<U+0041>",
    "!include x",
    "@enduml",
    "/' comment '/",
    "' comment",
    "wrap: text",
    "fa:fa-bolt",
    "javascript:alert(1)",
    "\u{202E}gnirts\u{0}",
    "مرحبا (عالم)",
    "👩‍💻 漢字 🚀",
];

/// A diagram of nothing but hostile names.
pub(super) fn hostile() -> Diagram {
    let mut diagram = Diagram { id: HOSTILE[14].into(), title: HOSTILE[6].into(), ..Diagram::default() };
    diagram.subtitle = HOSTILE[12].into();
    diagram.footer = HOSTILE[43].into();
    for (at, name) in HOSTILE.into_iter().enumerate() {
        let parent = (at > 3).then(|| format!("box {}", HOSTILE[at / 16]));
        if at % 16 == 0 {
            let id = format!("box {}", HOSTILE[at / 16]);
            diagram.boxes.push(Boundary {
                id,
                title: name.into(),
                note: HOSTILE[51 - at].into(),
                ..Boundary::default()
            });
        }
        diagram.nodes.push(Card {
            id: name.into(),
            title: name.into(),
            technology: HOSTILE[51 - at].into(),
            kind: CardKind::ALL[at % 20],
            mark: (at % 11 == 3).then(|| Mark { tooltip: name.into(), ..mark(Severity::Warning) }),
            link: Some(format!("#{name}")),
            tooltip: vec![name.into()],
            parent,
            ..Card::default()
        });
        let to = HOSTILE[(at + 7) % HOSTILE.len()];
        let (from, to, label) = (name.into(), to.into(), HOSTILE[(at + 3) % HOSTILE.len()].into());
        diagram.edges.push(Arrow { from, to, label, tooltip: vec![name.into()], ..Arrow::default() });
    }
    diagram
}

/// A sequence of nothing but hostile names.
pub(super) fn hostile_sequence() -> Sequence {
    let mut scene = Sequence { id: HOSTILE[14].into(), title: HOSTILE[12].into(), ..Sequence::default() };
    for name in HOSTILE.into_iter().step_by(6) {
        scene.participants.push(Participant {
            id: name.into(),
            technology: name.into(),
            ..Participant::default()
        });
    }
    for (at, label) in HOSTILE.into_iter().enumerate() {
        let lane = |at: usize| HOSTILE[at % 9 * 6].to_owned();
        let message = Message { from: lane(at), to: lane(at + 1), label: label.into(), ..Message::default() };
        let note = Note { over: vec![lane(at)], text: label.into() };
        let kinds = [
            FrameKind::Alt,
            FrameKind::Opt,
            FrameKind::Par,
            FrameKind::Loop,
            FrameKind::Critical,
            FrameKind::Break,
            FrameKind::Group,
        ];
        let section =
            Section { title: label.into(), items: vec![Item::Message(message.clone()), Item::Note(note)] };
        let sections = vec![section, Section { title: label.into(), items: vec![Item::Message(message)] }];
        scene.items.push(Item::Frame(Frame { kind: kinds[at % 7], title: label.into(), sections }));
    }
    scene
}
