//! A design that does not do what a decision chose.

use crate::diagnostic::Finding;
use crate::model::{ElementId, Entity, Record};
use crate::rules::tradeoffs::Sides;
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
    let sides = Sides::of(decision, side);
    let (place, against) = sides.against(ctx, &elements).or_else(|| of_the_whole(ctx, side))?;
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
