//! What is to be drawn, as plain data: the contract between whoever knows a design and the renderers.
//!
//! Every text is final and unescaped: any characters, any script, no markup. Things name each
//! other by id. No scene is wrong: an arrow to an unknown id is left out, of two things
//! with one id the first counts, a parent that is unknown or in a ring counts as none.

mod chart;
mod sequence;

pub use crate::diagnostic::Severity;
pub use crate::layout::Direction;
pub use chart::{Bar, BarChart, Limit, LineChart, Series, Stage, Waterfall};
pub use sequence::{Frame, FrameKind, Item, Message, MessageKind, Note, Participant, Section, Sequence};

/// Anything that makes one picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Cards in boundaries, with arrows.
    Diagram(Diagram),
    /// Messages between lifelines.
    Sequence(Sequence),
    /// Horizontal bars.
    Bars(BarChart),
    /// Stages of one duration, one after another.
    Waterfall(Waterfall),
    /// Lines over time.
    Lines(LineChart),
}

/// Boxes and arrows.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Diagram {
    /// Stable name of the view, as `containers`; anchors and ids begin with it.
    pub id: String,
    /// Heading; empty for none.
    pub title: String,
    /// One quiet line under the heading; empty for none.
    pub subtitle: String,
    /// Main reading direction.
    pub direction: Direction,
    /// Cards, in source order.
    pub nodes: Vec<Card>,
    /// Boundaries, in source order.
    pub boxes: Vec<Boundary>,
    /// Arrows, in source order.
    pub edges: Vec<Arrow>,
    /// The author's wishes for the placement.
    pub hints: Vec<Placing>,
    /// Whether to explain the shapes, colours and lines in use; the text is made from what is drawn.
    pub legend: bool,
    /// One quiet line at the bottom, such as the file and its version; empty for none.
    pub footer: String,
    /// Description for screen readers; empty: generated from cards and arrows.
    pub desc: String,
}

/// One thing of the design.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Card {
    /// Stable name, unique among cards and boundaries, as `media.api`.
    pub id: String,
    /// The name shown in bold; empty: the id.
    pub title: String,
    /// Second line: the technology or role, as `Rust, axum`; empty for none.
    pub technology: String,
    /// Third line: size and load, as `64 GB, 12k req/s`; empty for none. It does not repeat [`Card::replicas`].
    pub size: String,
    /// Further lines below a rule, as the fields of a data entity.
    pub rows: Vec<String>,
    /// What it is: decides icon, hue and shape.
    pub kind: CardKind,
    /// The hue where the author's style overrides the one of the kind.
    pub hue: Option<Hue>,
    /// How many of it run: two and more are drawn as a stack with `×12`.
    pub replicas: Option<u32>,
    /// The busiest resource as a share of its limit, 0.0 to 1.0 and above: a thin bar.
    pub utilization: Option<f64>,
    /// The finding that it wears.
    pub mark: Option<Mark>,
    /// Preferred place along the reading direction, 0 (clients) to 9 (stores); `None`: the one of the kind.
    pub rank: Option<u8>,
    /// Where a click leads: a section anchor (`#store-posts`), a path or a web address.
    pub link: Option<String>,
    /// Lines of the tooltip, after the full name.
    pub tooltip: Vec<String>,
    /// The id of the boundary that it stands in.
    pub parent: Option<String>,
    /// Whether it is planned or of another system: drawn with a dashed border.
    pub dashed: bool,
    /// What became of it between two versions.
    pub change: Option<Change>,
}

/// What became of a part between two versions of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It came.
    Added,
    /// It is stated otherwise.
    Changed,
    /// It went: drawn as a ghost.
    Removed,
}

impl Change {
    /// The word for it in legends and texts.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
    }
}

/// What a card stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CardKind {
    /// A person or role.
    Person,
    /// A client program: mobile app, browser, device.
    Client,
    /// A long-running service.
    #[default]
    Service,
    /// A background worker.
    Worker,
    /// A function started by each call.
    Function,
    /// A scheduled job.
    Job,
    /// A load balancer.
    Balancer,
    /// An API gateway.
    Gateway,
    /// A content delivery network.
    Cdn,
    /// A database.
    Store,
    /// A store of objects or files.
    ObjectStore,
    /// A search engine or index.
    SearchIndex,
    /// A cache.
    Cache,
    /// A queue with one consumer group each.
    Queue,
    /// A topic or log with subscribers.
    Topic,
    /// A system of somebody else.
    External,
    /// A whole system, as in a context view.
    System,
    /// A folded group that links to its own view.
    Group,
    /// A region or zone as a card.
    Region,
    /// A data entity.
    Entity,
    /// A gate of a fault tree: all of its inputs.
    AllGate,
    /// A gate of a fault tree: any of its inputs.
    AnyGate,
    /// A gate of a fault tree: so many of its inputs.
    VoteGate,
}

impl CardKind {
    /// Every kind, in the order of legends.
    pub const ALL: [CardKind; 23] = [
        CardKind::Person,
        CardKind::Client,
        CardKind::External,
        CardKind::System,
        CardKind::Group,
        CardKind::Cdn,
        CardKind::Balancer,
        CardKind::Gateway,
        CardKind::Service,
        CardKind::Worker,
        CardKind::Function,
        CardKind::Job,
        CardKind::Queue,
        CardKind::Topic,
        CardKind::Cache,
        CardKind::Store,
        CardKind::ObjectStore,
        CardKind::SearchIndex,
        CardKind::Entity,
        CardKind::Region,
        CardKind::AllGate,
        CardKind::AnyGate,
        CardKind::VoteGate,
    ];

    /// The word for it in legends and descriptions.
    pub fn word(self) -> &'static str {
        match self {
            CardKind::Person => "person",
            CardKind::Client => "client",
            CardKind::Service => "service",
            CardKind::Worker => "worker",
            CardKind::Function => "function",
            CardKind::Job => "job",
            CardKind::Balancer => "load balancer",
            CardKind::Gateway => "gateway",
            CardKind::Cdn => "CDN",
            CardKind::Store => "store",
            CardKind::ObjectStore => "object store",
            CardKind::SearchIndex => "search index",
            CardKind::Cache => "cache",
            CardKind::Queue => "queue",
            CardKind::Topic => "topic",
            CardKind::External => "external system",
            CardKind::System => "system",
            CardKind::Group => "group",
            CardKind::Region => "region",
            CardKind::Entity => "data",
            CardKind::AllGate => "and: all of these",
            CardKind::AnyGate => "or: any of these",
            CardKind::VoteGate => "so many of these",
        }
    }

    /// The hue of its family.
    pub fn hue(self) -> Hue {
        match self {
            CardKind::Person
            | CardKind::Client
            | CardKind::External
            | CardKind::AllGate
            | CardKind::AnyGate
            | CardKind::VoteGate => Hue::Slate,
            CardKind::Service
            | CardKind::Worker
            | CardKind::Function
            | CardKind::Job
            | CardKind::System
            | CardKind::Group => Hue::Blue,
            CardKind::Balancer | CardKind::Gateway | CardKind::Cdn => Hue::Magenta,
            CardKind::Store
            | CardKind::ObjectStore
            | CardKind::SearchIndex
            | CardKind::Region
            | CardKind::Entity => Hue::Green,
            CardKind::Cache => Hue::Orange,
            CardKind::Queue | CardKind::Topic => Hue::Violet,
        }
    }

    /// The usual place along the reading direction; `None` where it says nothing.
    pub fn rank(self) -> Option<u8> {
        match self {
            CardKind::Person => Some(0),
            CardKind::Client => Some(1),
            CardKind::Cdn => Some(2),
            CardKind::Balancer => Some(3),
            CardKind::Gateway => Some(4),
            CardKind::Service | CardKind::Function | CardKind::System => Some(5),
            CardKind::Queue | CardKind::Topic => Some(6),
            CardKind::Worker | CardKind::Job => Some(7),
            CardKind::Cache => Some(8),
            CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex => Some(9),
            CardKind::External | CardKind::Group | CardKind::Region | CardKind::Entity => None,
            CardKind::AllGate | CardKind::AnyGate | CardKind::VoteGate => None,
        }
    }
}

/// The six hues of the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hue {
    /// People, clients and systems of others.
    Slate,
    /// Compute.
    Blue,
    /// The edge: CDN, balancers, gateways.
    Magenta,
    /// Messaging.
    Violet,
    /// Caches.
    Orange,
    /// Stores and data.
    Green,
}

impl Hue {
    /// Every hue, in the order of legends.
    pub const ALL: [Hue; 6] = [Hue::Slate, Hue::Magenta, Hue::Blue, Hue::Violet, Hue::Orange, Hue::Green];

    /// The word used in `style`.
    pub fn word(self) -> &'static str {
        match self {
            Hue::Slate => "slate",
            Hue::Blue => "blue",
            Hue::Magenta => "magenta",
            Hue::Violet => "violet",
            Hue::Orange => "orange",
            Hue::Green => "green",
        }
    }
}

/// A finding drawn on a card or an arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How grave.
    pub severity: Severity,
    /// What the legend says, as `single point of failure`.
    pub label: String,
    /// The full sentence for the tooltip.
    pub tooltip: String,
}

/// A named area around cards and other boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Boundary {
    /// Stable name, unique among cards and boundaries.
    pub id: String,
    /// The name in its title band; empty: the id.
    pub title: String,
    /// A quiet word after the name, as the owner or `3 zones`; empty for none.
    pub note: String,
    /// What it is.
    pub kind: BoundaryKind,
    /// The id of the boundary that it stands in.
    pub parent: Option<String>,
    /// Where a click leads.
    pub link: Option<String>,
    /// Lines of the tooltip, after the full name.
    pub tooltip: Vec<String>,
    /// What became of it between two versions.
    pub change: Option<Change>,
}

/// What a boundary stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum BoundaryKind {
    /// A group of the design.
    #[default]
    Group,
    /// The system as a whole.
    System,
    /// A region.
    Region,
    /// A zone of a region.
    Zone,
    /// What lies inside or outside a trust border.
    Trust,
}

impl BoundaryKind {
    /// The word for it in descriptions.
    pub fn word(self) -> &'static str {
        match self {
            BoundaryKind::Group => "group",
            BoundaryKind::System => "system",
            BoundaryKind::Region => "region",
            BoundaryKind::Zone => "zone",
            BoundaryKind::Trust => "trust zone",
        }
    }
}

/// A directed relation between cards or boundaries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Arrow {
    /// Stable name, unique among arrows; empty: made from its ends.
    pub id: String,
    /// The id of the card or boundary where it starts.
    pub from: String,
    /// The id of the card or boundary that its head points at.
    pub to: String,
    /// One verb or protocol and the load, as `read 17k/s`; empty for none.
    pub label: String,
    /// How the caller is bound to the answer.
    pub style: ArrowStyle,
    /// Width by traffic: 1 (thin) to 3 (most); other values are clamped.
    pub weight: u8,
    /// The finding that it wears, as the weakest consistency hop.
    pub flagged: Option<Mark>,
    /// Whether it runs against the reading direction (an answer, a push back): drawn dashed and outside.
    pub back: bool,
    /// Where a click leads.
    pub link: Option<String>,
    /// Lines of the tooltip, after the ends and the label.
    pub tooltip: Vec<String>,
    /// What became of it between two versions.
    pub change: Option<Change>,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ArrowStyle {
    /// The caller waits: solid.
    #[default]
    Sync,
    /// The caller goes on: dashed.
    Async,
    /// Copies of data: a double line.
    Replication,
    /// A relation without traffic, as one entity that refers to another: thin, with an open head.
    Relation,
}

impl ArrowStyle {
    /// The word for it in legends.
    pub fn word(self) -> &'static str {
        match self {
            ArrowStyle::Sync => "synchronous",
            ArrowStyle::Async => "asynchronous",
            ArrowStyle::Replication => "replication",
            ArrowStyle::Relation => "relation",
        }
    }
}

/// An author's wish for the placement; ids are those of cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placing {
    /// The first card stands left of the second.
    LeftOf(String, String),
    /// The first card stands above the second.
    Above(String, String),
    /// The card's top left corner keeps this place, x and y in pixels from the content's top left corner.
    Pin(String, i32, i32),
}
