//! A failure whose load overloads what is left, until a flow is down.

use crate::analysis::{Cascade, Lost};
use crate::diagnostic::{Finding, Severity};
use crate::model::{ElementId, Entity};
use crate::quantity::{Quantity, count, percent};
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CAS010", "overload-cascade", Warning, "overload_cascade");

fn check(ctx: &Context) -> Vec<Finding> {
    let cascades = ctx.facts().cascades.iter();
    cascades.filter(|c| !said_of_a_zone(ctx, c)).filter_map(|c| finding(ctx, c)).collect()
}

/// Whether CAP003 says as much: of elements whose rest cannot carry the load of a lost zone.
fn said_of_a_zone(ctx: &Context, cascade: &Cascade) -> bool {
    let said = |id: ElementId| {
        let utilization = ctx.facts().element(id).utilization;
        ctx.value(utilization.zone_loss).is_some_and(|u| u > 1.0)
    };
    match (cascade.trigger.as_slice(), cascade.overloads.as_slice()) {
        ([Lost::Replica(lost)], [only]) if *lost == only.element => said(*lost),
        ([Lost::Zone(_)], overloads) => overloads.iter().all(|o| said(o.element)),
        _ => false,
    }
}

fn finding(ctx: &Context, cascade: &Cascade) -> Option<Finding> {
    // A zone has no place in the text of its own: what it overloads has.
    let first = cascade.trigger.first()?.element().or_else(|| Some(cascade.overloads.first()?.element))?;
    let of_zone = matches!(cascade.trigger.as_slice(), [Lost::Zone(_)]);
    let victims: Vec<String> = cascade
        .overloads
        .iter()
        .map(|o| {
            let whose =
                if o.element == first && !of_zone { "what is left of it" } else { ctx.name(o.element) };
            let name = if o.element == first && !of_zone { whose.to_string() } else { format!("`{whose}`") };
            format!("{name} ({} of what it can serve)", percent(o.utilization))
        })
        .collect();
    let flows: Vec<&str> = cascade.flows.iter().map(|f| ctx.model.flow(*f).head.name.as_str()).collect();
    let lost: Vec<String> = cascade.trigger.iter().map(|lost| loss(ctx, *lost)).collect();
    let message = format!(
        "losing {} at peak overloads {}, and takes down {}",
        lost.join(" and "),
        victims.join(", then "),
        words::enumeration(&flows)
    );
    let mut finding = Finding::new(CODE, ctx.element(first).head.name_span, message).subject(ctx.name(first));
    if cascade.trigger.len() > 1 {
        finding.severity = Severity::Info;
    }
    if !cascade.taken.is_empty() {
        let of = |(id, lost, all): &(ElementId, f64, f64)| {
            format!("{} of the {} replicas of `{}`", count(*lost), count(*all), ctx.name(*id))
        };
        let taken: Vec<String> = cascade.taken.iter().map(of).collect();
        finding = finding.note(format!("it takes {}", taken.join(", ")));
    }
    for overload in &cascade.overloads {
        let name = ctx.name(overload.element);
        let retries = if overload.retries > 0.0 {
            format!(" ({} of them retries)", Quantity::per_second(overload.retries).human())
        } else {
            String::new()
        };
        finding = finding.note(format!(
            "`{name}` is then asked for {}{retries} at peak and has {} {} up",
            Quantity::per_second(overload.load).human(),
            count(overload.left),
            if overload.left > 1.0 { "replicas" } else { "replica" }
        ));
        if overload.element != first {
            finding = finding.related(ctx.element(overload.element).head.name_span, "overloaded then");
        }
    }
    Some(finding.help(
        "give what is overloaded the replicas to carry it, or shed what it cannot serve: a `limit` within its capacity, a `budget` or `breaker` for what is tried again",
    ))
}

fn loss(ctx: &Context, lost: Lost) -> String {
    match lost {
        Lost::Replica(id) => {
            let replicas =
                ctx.value(ctx.facts().element(id).replicas.declared).map(count).unwrap_or_default();
            format!("one of the {replicas} replicas of `{}`", ctx.name(id))
        }
        Lost::Element(id) => format!("`{}`", ctx.name(id)),
        Lost::Zone((region, n)) => format!("zone `{}`", ctx.model.entity_name(Entity::Zone(region, n))),
    }
}
