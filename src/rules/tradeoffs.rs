//! What an element does against the side of a trade-off that a decision chose.
//!
//! Every axis looks at facts of the design only: properties, technology, steps, computed numbers. A decision may
//! speak of several elements, of which one that follows it is enough where the others serve it.

use crate::analysis::Facts;
use crate::catalog::Class;
use crate::model::{ElementId, Operation, Record, Replicas, Value};
use crate::quantity::percent;
use crate::rules::Context;
use crate::schema::Kind;
use crate::source::Span;

/// A place that stands against a decision, and what it does.
pub(super) type Against = (Span, String);

/// Below this share of its capacity in use at peak, machines mostly wait for work.
const IDLE: f64 = 0.2;

/// Where more than this share of requests finds no free server, waiting decides the latency.
const WAITING: f64 = 0.5;

/// The levels of a read that every replica, or a majority, must agree on.
const AGREED: [&str; 4] = ["strong", "linearizable", "strict_serializable", "serializable"];

/// The axis of a decision and the side that it takes.
#[derive(Clone, Copy)]
pub(super) struct Sides<'d> {
    chosen: &'d str,
    given_up: &'d str,
}

impl<'d> Sides<'d> {
    /// Of a decision that chooses `chosen`; what it gives up is empty where the trade-off is not named.
    pub fn of(decision: &'d Record, chosen: &'d str) -> Sides<'d> {
        let tradeoff = decision.props.get("tradeoff");
        let side = |slot: &str| match tradeoff.and_then(|t| t.value(slot)) {
            Some(Value::Name(name)) => name.as_str(),
            _ => "",
        };
        let (one, other) = (side("one"), side("other"));
        Sides { chosen, given_up: if one == chosen { other } else { one } }
    }

    /// What stands against it among the elements that the decision speaks of.
    pub fn against(self, ctx: &Context, elements: &[ElementId]) -> Option<Against> {
        if elements.iter().any(|id| self.follows(ctx, *id)) {
            return None;
        }
        elements.iter().find_map(|id| match (self.chosen, self.given_up) {
            ("sql" | "nosql", _) => data_model(ctx, *id, self.chosen),
            ("consistency", _) => weak(ctx, *id),
            ("availability", _) => refuses(ctx, *id),
            ("horizontal" | "vertical", _) => grown(ctx, *id, self.chosen),
            ("push" | "pull", _) => polled(ctx, *id, self.chosen),
            ("memory", "latency") => remembered(ctx, *id).map(|what| (ctx.element(*id).head.name_span, what)),
            ("latency", "memory") => read_from_disk(ctx, *id),
            ("throughput", "latency") => idle(ctx, *id),
            ("latency", "throughput") => waiting(ctx, *id),
            ("accuracy", "latency") => approximate(ctx, *id),
            ("latency", "accuracy") => agreed(ctx, *id),
            _ => None,
        })
    }

    /// Whether an element does what was chosen, so that the others may serve it.
    fn follows(self, ctx: &Context, id: ElementId) -> bool {
        let element = ctx.element(id);
        match (self.chosen, self.given_up) {
            ("sql", _) => element.kind == Kind::Store && relational(ctx, id) == Some(true),
            ("nosql", _) => element.kind == Kind::Store && relational(ctx, id) == Some(false),
            ("latency", "memory") => remembered(ctx, id).is_some(),
            ("throughput", "latency") => peak(ctx.facts(), id).is_some_and(|share| share >= IDLE),
            ("latency", "accuracy") => approximate(ctx, id).is_some(),
            _ => false,
        }
    }
}

fn relational(ctx: &Context, id: ElementId) -> Option<bool> {
    ctx.element(id).tech().map(|t| t.is(Class::Relational))
}

/// SQL against NoSQL: the class of the technology.
fn data_model(ctx: &Context, id: ElementId, chosen: &str) -> Option<Against> {
    let element = ctx.element(id);
    let name = ctx.name(id);
    let what = match (chosen, relational(ctx, id).filter(|_| element.kind == Kind::Store)?) {
        ("sql", false) => format!("`{name}` is no relational store"),
        ("nosql", true) => format!("`{name}` is a relational store"),
        _ => return None,
    };
    Some((element.head.name_span, what))
}

/// Against consistency: eventual reads, or a failover that loses what was acknowledged.
fn weak(ctx: &Context, id: ElementId) -> Option<Against> {
    let element = ctx.element(id);
    let name = ctx.name(id);
    let asynchronous = element.props.word("replication.mode") == Some("asynchronous")
        && element.props.word("failover.mode") == Some("automatic");
    if element.props.word("consistency") == Some("eventual") {
        return Some((ctx.place(id, "consistency"), format!("`{name}` gives eventual reads")));
    }
    (asynchronous && element.kind == Kind::Store).then(|| {
        let what = "may lose acknowledged writes in a failover: its copies follow asynchronously";
        (ctx.place(id, "replication"), format!("`{name}` {what}"))
    })
}

/// Against availability: a level that no side of a split network can give.
fn refuses(ctx: &Context, id: ElementId) -> Option<Against> {
    let level = ctx.element(id).props.word("consistency")?;
    let strict = matches!(level, "linearizable" | "strict_serializable" | "serializable");
    let what = format!("`{}` must refuse to answer while the network is split", ctx.name(id));
    strict.then(|| (ctx.place(id, "consistency"), what))
}

/// Horizontal against vertical: how the element grows.
fn grown(ctx: &Context, id: ElementId, chosen: &str) -> Option<Against> {
    let element = ctx.element(id);
    let name = ctx.name(id);
    let several = element.replicas().is_some_and(|r| matches!(r, Replicas::Fixed(n) if n > 1));
    match chosen {
        "horizontal" if element.props.word("scaling") == Some("vertical") => {
            Some((ctx.place(id, "scaling"), format!("`{name}` grows by a larger machine")))
        }
        "vertical" if several && !element.kind.is_stateful() => {
            Some((ctx.place(id, "replicas"), format!("`{name}` grows by more replicas")))
        }
        _ => None,
    }
}

/// Pull against push: how the element is asked, or asks.
fn polled(ctx: &Context, id: ElementId, chosen: &str) -> Option<Against> {
    let name = ctx.name(id);
    let mut hops = ctx.hops().filter(|h| h.step.to == id || h.step.from == id);
    match chosen {
        "push" => hops
            .find(|h| h.step.operation == Operation::Poll || h.step.props.has("poll"))
            .map(|h| (h.step.span, format!("`{name}` is polled")))
            .or_else(|| ctx.element(id).props.get("poll").map(|p| (p.span, format!("`{name}` is polled")))),
        _ => hops
            .find(|h| h.step.operation == Operation::Push)
            .map(|h| (h.step.span, format!("`{name}` is pushed to"))),
    }
}

/// What an element spends memory on to answer sooner: it is a cache, keeps its data in memory, has a cache or a Bloom
/// filter in front of it, or reads such a thing itself.
fn remembered(ctx: &Context, id: ElementId) -> Option<String> {
    let element = ctx.element(id);
    let name = ctx.name(id);
    let keeps = |id: ElementId| {
        let e = ctx.element(id);
        matches!(e.kind, Kind::Cache | Kind::Cdn) || e.tech().is_some_and(|t| t.keeps_data_in_memory())
    };
    if keeps(id) {
        return Some(format!("`{name}` keeps its data in memory"));
    }
    if element.props.has("bloom_filter") {
        return Some(format!("`{name}` has a Bloom filter"));
    }
    let fronted = |(_, e): &(ElementId, &crate::model::Element)| e.props.elements("of").any(|of| of == id);
    if let Some((front, _)) = ctx.model.elements().find(fronted) {
        return Some(format!("`{}` keeps what is read of `{name}`", ctx.name(front)));
    }
    let read = ctx.hops().find(|h| h.step.from == id && keeps(h.step.to))?;
    Some(format!("`{name}` asks `{}`, which keeps its data in memory", ctx.name(read.step.to)))
}

/// Against latency bought with memory: reads that somebody waits for, each from disk.
fn read_from_disk(ctx: &Context, id: ElementId) -> Option<Against> {
    if ctx.element(id).kind != Kind::Store || ctx.element(id).tech().is_none() {
        return None;
    }
    let read = ctx
        .hops()
        .find(|h| h.step.to == id && h.step.operation == Operation::Read && !h.step.asynchronous)?;
    let name = ctx.name(id);
    Some((
        read.step.span,
        format!("every read of `{name}` goes to its disks: no cache stands in front of it"),
    ))
}

fn peak(facts: &Facts, id: ElementId) -> Option<f64> {
    facts.value(facts.element(id).utilization.peak)
}

/// Against throughput: machines that wait for work.
fn idle(ctx: &Context, id: ElementId) -> Option<Against> {
    let element = ctx.element(id);
    let works = matches!(element.kind, Kind::Service | Kind::Worker | Kind::Function | Kind::Job);
    let several = element.replicas().is_some_and(|r| matches!(r, Replicas::Fixed(n) if n > 1));
    let share = peak(ctx.facts(), id).filter(|share| works && several && *share < IDLE)?;
    let what =
        format!("`{}` is used to {} at peak: its machines wait for work", ctx.name(id), percent(share));
    Some((ctx.place(id, "replicas"), what))
}

/// Against latency: requests that wait for a free server.
fn waiting(ctx: &Context, id: ElementId) -> Option<Against> {
    let share = ctx.value(ctx.facts().element(id).wait.2).filter(|share| *share > WAITING)?;
    let what =
        format!("{} of the requests to `{}` wait for a free server at peak", percent(share), ctx.name(id));
    Some((ctx.place(id, "replicas"), what))
}

/// Against accuracy: answers that may be old or made up.
fn approximate(ctx: &Context, id: ElementId) -> Option<Against> {
    let name = ctx.name(id);
    let element = ctx.element(id);
    if element.kind == Kind::Cache {
        return Some((element.head.name_span, format!("`{name}` answers from copies")));
    }
    ctx.hops().filter(|h| h.step.to == id || h.step.from == id).find_map(|h| {
        let props = &h.step.props;
        let what = match (props.word("consistency"), props.word("from"), props.word("fallback")) {
            (Some("eventual"), _, _) => "may be old: it is read with eventual consistency",
            (_, Some("any" | "replica"), _) => "may be old: any copy answers",
            (_, _, Some("cached" | "default")) => "may be a stand-in where it fails",
            _ if ctx.element(h.step.to).kind == Kind::Cache => "may come from a cache",
            _ => return None,
        };
        Some((
            h.step.span,
            format!("what `{}` answers in `{}` {what}", ctx.name(h.step.to), h.flow.head.name),
        ))
    })
}

/// Against latency bought with accuracy: reads that wait until copies agree.
fn agreed(ctx: &Context, id: ElementId) -> Option<Against> {
    let name = ctx.name(id);
    let stated = |word: Option<&str>| word.filter(|w| AGREED.contains(w)).map(str::to_owned);
    if let Some(level) = stated(ctx.element(id).props.word("consistency")) {
        return Some((
            ctx.place(id, "consistency"),
            format!("`{name}` gives {level} reads, which wait until its copies agree"),
        ));
    }
    ctx.hops().filter(|h| h.step.to == id || h.step.from == id).find_map(|h| {
        let level = stated(h.step.props.word("consistency"))?;
        let to = ctx.name(h.step.to);
        Some((
            h.step.span,
            format!(
                "`{}` reads `{to}` with {level} consistency, which waits until its copies agree",
                h.flow.head.name
            ),
        ))
    })
}
