//! A design that does not do what a decision chose.

use crate::catalog::Class;
use crate::diagnostic::Finding;
use crate::model::{ElementId, Entity, Operation, Record, Replicas};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use crate::source::Span;

declare_rule!("EVO003", "decision-contradicted", Warning, "decision_contradicted");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.model
        .decisions
        .iter()
        .filter(|d| !matches!(d.props.word("status"), Some("rejected" | "superseded")))
        .filter_map(|d| finding(ctx, d))
        .collect()
}

fn finding(ctx: &Context, decision: &Record) -> Option<Finding> {
    let chosen = decision.props.get("choose")?;
    let side = chosen.word()?;
    let elements: Vec<ElementId> = about(ctx, decision);
    if elements.iter().any(|id| follows(ctx, *id, side)) {
        return None;
    }
    let (place, against) =
        elements.iter().find_map(|id| contradiction(ctx, *id, side)).or_else(|| of_the_whole(ctx, side))?;
    let name = &decision.head.name;
    Some(
        Finding::new(
            CODE,
            chosen.span,
            format!("decision `{name}` chooses {}, and {against}", side.replace('_', " ")),
        )
        .subject(name.as_str())
        .related(place, "stands against it")
        .help("change the design, or supersede the decision by one that says why"),
    )
}

/// The elements that a decision speaks of: named ones, and those of named flows.
fn about(ctx: &Context, decision: &Record) -> Vec<ElementId> {
    let mut elements = Vec::new();
    for entity in &decision.about {
        match entity {
            Entity::Element(id) => elements.push(*id),
            Entity::Flow(id) => elements.extend(ctx.model.flow(*id).steps.iter().map(|s| s.to)),
            Entity::Group(group) => elements
                .extend(ctx.model.elements().filter(|(_, e)| e.group == Some(*group)).map(|(id, _)| id)),
            Entity::Data(datum) => elements.extend(
                ctx.model.elements().filter(|(_, e)| e.holds().any(|d| d == *datum)).map(|(id, _)| id),
            ),
            _ => {}
        }
    }
    elements
}

/// Whether an element does what was chosen between SQL and NoSQL: a decision may speak of both kinds of stores.
fn follows(ctx: &Context, id: ElementId, side: &str) -> bool {
    let element = ctx.element(id);
    let relational = element.tech().map(|t| t.is(Class::Relational));
    element.kind == Kind::Store && matches!((side, relational), ("sql", Some(true)) | ("nosql", Some(false)))
}

/// What an element does against a side of a trade-off.
fn contradiction(ctx: &Context, id: ElementId, side: &str) -> Option<(Span, String)> {
    let element = ctx.element(id);
    let name = ctx.name(id);
    let relational = element.tech().map(|t| t.is(Class::Relational));
    let place = |path: &str| ctx.place(id, path);
    match side {
        "sql" if element.kind == Kind::Store && relational == Some(false) => {
            Some((element.head.name_span, format!("`{name}` is no relational store")))
        }
        "nosql" if element.kind == Kind::Store && relational == Some(true) => {
            Some((element.head.name_span, format!("`{name}` is a relational store")))
        }
        "consistency" => {
            let asynchronous = element.props.word("replication.mode") == Some("asynchronous")
                && element.props.word("failover.mode") == Some("automatic");
            let weak = element.props.word("consistency") == Some("eventual");
            if weak {
                Some((place("consistency"), format!("`{name}` gives eventual reads")))
            } else if asynchronous && element.kind == Kind::Store {
                Some((
                    place("replication"),
                    format!(
                        "`{name}` may lose acknowledged writes in a failover: its copies follow asynchronously"
                    ),
                ))
            } else {
                None
            }
        }
        "availability"
            if matches!(
                element.props.word("consistency"),
                Some("linearizable" | "strict_serializable" | "serializable")
            ) =>
        {
            Some((place("consistency"), format!("`{name}` must refuse to answer while the network is split")))
        }
        "horizontal" if element.props.word("scaling") == Some("vertical") => {
            Some((place("scaling"), format!("`{name}` grows by a larger machine")))
        }
        "vertical"
            if element.replicas().is_some_and(|r| matches!(r, Replicas::Fixed(n) if n > 1))
                && !element.kind.is_stateful() =>
        {
            Some((place("replicas"), format!("`{name}` grows by more replicas")))
        }
        _ => polled(ctx, id, side),
    }
}

/// Pull against push: how the element is asked, or asks.
fn polled(ctx: &Context, id: ElementId, side: &str) -> Option<(Span, String)> {
    let name = ctx.name(id);
    let mut hops = ctx.hops().filter(|h| h.step.to == id || h.step.from == id);
    match side {
        "push" => hops
            .find(|h| h.step.operation == Operation::Poll || h.step.props.has("poll"))
            .map(|h| (h.step.span, format!("`{name}` is polled")))
            .or_else(|| ctx.element(id).props.get("poll").map(|p| (p.span, format!("`{name}` is polled")))),
        "pull" => hops
            .find(|h| h.step.operation == Operation::Push)
            .map(|h| (h.step.span, format!("`{name}` is pushed to"))),
        _ => None,
    }
}

/// What the design as a whole does against a side of a trade-off.
fn of_the_whole(ctx: &Context, side: &str) -> Option<(Span, String)> {
    let services: Vec<_> = ctx.model.elements.iter().filter(|e| e.kind == Kind::Service).collect();
    match (side, services.as_slice()) {
        ("monolith", [_, second, ..]) => {
            Some((second.head.name_span, format!("there are {} services", services.len())))
        }
        ("microservices", [only]) => Some((only.head.name_span, "there is one service".to_string())),
        _ => None,
    }
}
