//! Answers that depend on the facts of a finding.

use super::Desk;
use super::edit::Edits;
use crate::analysis::FactId;
use crate::diagnostic::Finding;
use crate::model::{ElementId, Step};
use crate::quantity::{Quantity, count};
use crate::rules::latency::deadline;
use crate::rules::{Hop, messaging};
use crate::source::Span;

type Answer = Option<(String, Edits)>;

/// The inner timeout of an inversion becomes four fifths of the outer one: the caller needs time of its own.
const SHARE_OF_OUTER: f64 = 0.8;

impl<'a> Desk<'a> {
    fn subject(&self, finding: &Finding) -> Option<ElementId> {
        self.ctx.model.element_named(finding.subject.as_deref()?)
    }

    fn hop(&self, place: Span) -> Option<Hop<'a>> {
        self.ctx.hops().find(|hop| hop.step.span == place)
    }

    fn set_at(&self, place: Span, property: &str) -> Answer {
        Some((format!("write `{property}`"), self.pages.set(self.pages.at(place)?.item, property)))
    }

    fn set_on_step(&self, step: &Step, property: &str) -> Answer {
        Some((format!("write `{property}`"), self.pages.set(self.pages.step(step.span)?.item, property)))
    }

    fn raised(&self, id: ElementId, key: &str, to: FactId) -> Answer {
        let needed = self.ctx.value(to)?;
        self.set_at(self.ctx.element(id).head.name_span, &format!("{key} {}", count(needed)))
    }
}

/// As many replicas as the load at peak needs.
pub(super) fn replicas(desk: &Desk, finding: &Finding) -> Answer {
    let id = desk.subject(finding)?;
    desk.raised(id, "replicas", desk.ctx.facts().element(id).replicas.required)
}

/// As many replicas as carry everything when a zone is lost.
pub(super) fn replicas_after_zone_loss(desk: &Desk, finding: &Finding) -> Answer {
    let id = desk.subject(finding)?;
    desk.raised(id, "replicas", desk.ctx.facts().element(id).replicas.required_zone_loss)
}

/// As many partitions as there are consumers.
pub(super) fn partitions(desk: &Desk, finding: &Finding) -> Answer {
    let id = desk.subject(finding)?;
    desk.raised(id, "partitions", desk.ctx.facts().element(id).queue?.consumers)
}

/// A budget for every retry of the flow that has none.
pub(super) fn retry_budgets(desk: &Desk, finding: &Finding) -> Answer {
    let name = finding.flow.as_deref()?;
    let flow = desk.ctx.model.flows.iter().find(|f| f.head.name == name)?;
    budgets_of(desk, flow.steps.iter())
}

/// A budget for every retry that ends at an element which they keep overloaded, where budgets are enough.
pub(super) fn storm_budgets(desk: &Desk, finding: &Finding) -> Answer {
    let after = desk.ctx.facts().element(desk.subject(finding)?).after_outage.as_ref()?;
    if after.with_budget.is_none_or(|share| share > 1.0) {
        return None;
    }
    let flows = after.again.iter().map(|again| desk.ctx.model.flow(again.at.0));
    budgets_of(desk, flows.flat_map(|flow| &flow.steps))
}

fn budgets_of<'s>(desk: &Desk, steps: impl Iterator<Item = &'s Step>) -> Answer {
    let mut edits = Edits::new();
    for retry in steps.filter_map(|s| s.props.get("retry")) {
        if retry.block.as_ref().is_some_and(|b| b.has("budget")) {
            continue;
        }
        edits.extend(desk.pages.set(desk.pages.at(retry.span)?.item, "budget 10%"));
    }
    edits.sort_by_key(|(span, _)| *span);
    edits.dedup();
    Some(("add `budget 10%` to the retries".to_string(), edits))
}

/// A growing pause with jitter.
pub(super) fn backoff(desk: &Desk, finding: &Finding) -> Answer {
    let item = desk.pages.at(finding.primary.span)?.item;
    let hop = desk
        .ctx
        .hops()
        .find(|h| h.step.props.get("retry").is_some_and(|r| r.span == finding.primary.span))?;
    let block = hop.step.props.get("retry")?.block.as_ref()?;
    let hurried = matches!(block.word("backoff"), None | Some("none"));
    let text = match (hurried, block.has("backoff") || block.has("jitter")) {
        (true, false) => "backoff exponential, jitter on",
        (true, true) => "backoff exponential",
        (false, _) => "jitter on",
    };
    Some((format!("add `{text}`"), desk.pages.set(item, text)))
}

/// The hand-over goes through an outbox in the store that was written first.
pub(super) fn outbox(desk: &Desk, finding: &Finding) -> Answer {
    let duals = &desk.ctx.facts().correctness.dual_writes;
    let dual = duals
        .iter()
        .find(|d| d.broker && desk.ctx.model.flow(d.flow).step(d.second).span == finding.primary.span)?;
    desk.set_on_step(desk.ctx.model.flow(dual.flow).step(dual.second), "via outbox")
}

/// The level that is required is asked for in the step.
pub(super) fn level(desk: &Desk, finding: &Finding) -> Answer {
    let hop = desk.hop(finding.primary.span)?;
    let reads = &desk.ctx.facts().flows.get(hop.flow_id.index())?.reads;
    let required = reads.iter().find(|r| r.step == hop.id)?.required.clone()?;
    desk.set_on_step(hop.step, &format!("consistency {required}"))
}

/// Of two items that say the same, the second goes.
pub(super) fn said_twice(desk: &Desk, finding: &Finding) -> Answer {
    let first = desk.pages.at(finding.related.first()?.span)?;
    let second = desk.pages.at(finding.primary.span)?;
    let words = |span| desk.pages.text(span).split_whitespace().collect::<Vec<_>>();
    let same = words(first.item.span) == words(second.item.span) && first.item.span != second.item.span;
    if !same {
        return None;
    }
    Some(("remove the second one, which says the same".to_string(), desk.pages.removed(second)?))
}

/// `/v1` before the path.
pub(super) fn version(desk: &Desk, finding: &Finding) -> Answer {
    let found = desk.pages.step(finding.primary.span)?;
    let path = finding.message.split('`').nth(1)?;
    let title = found.item.args.iter().map(crate::syntax::Arg::span).find(|span| {
        let text = desk.pages.text(*span);
        text.starts_with('"') && text.contains(&format!(" {path}"))
    })?;
    let at = title.start + u32::try_from(desk.pages.text(title).find(&format!(" {path}"))?).ok()? + 1;
    Some((format!("write `/v1{path}`"), vec![(Span { start: at, end: at, ..title }, "/v1".to_string())]))
}

/// A timeout within what the caller of the caller waits.
pub(super) fn shorter_timeout(desk: &Desk, finding: &Finding) -> Answer {
    let hop = desk.hop(finding.primary.span)?;
    let (outer, _) = deadline(desk.ctx, &hop)?;
    let text = format!("timeout {}", Quantity::seconds(outer * SHARE_OF_OUTER).human());
    desk.set_on_step(hop.step, &text)
}

/// The step with the effect tells requests apart.
pub(super) fn idempotent_effect(desk: &Desk, finding: &Finding) -> Answer {
    let retries = &desk.ctx.facts().correctness.retries;
    let retry = retries.iter().find(|r| {
        desk.ctx.model.flow(r.flow).step(r.step).span == finding.primary.span && !r.effects.is_empty()
    })?;
    let flow = desk.ctx.model.flow(retry.flow);
    let mut edits = Edits::new();
    for effect in &retry.effects {
        edits.extend(
            desk.pages.set(desk.pages.step(flow.step(*effect).span)?.item, "idempotent by request_id"),
        );
    }
    Some(("add `idempotent by request_id` to what has the effect".to_string(), edits))
}

/// The settings by which a broker keeps what it acknowledged.
pub(super) fn broker_settings(desk: &Desk, finding: &Finding) -> Answer {
    let id = desk.subject(finding)?;
    let broker = desk.ctx.facts().correctness.brokers.iter().find(|b| b.element == id)?;
    let settings = messaging::safe_settings(desk.ctx, broker)?;
    let item = desk.pages.at(desk.ctx.element(id).head.name_span)?.item;
    // Keys that stand there change in their places; the others come behind, side by side.
    let mut edits = Edits::new();
    let mut new = Vec::new();
    for setting in &settings {
        let key = setting.split(' ').next().unwrap_or(setting);
        let stands = item.block.iter().flat_map(|b| &b.items).any(|i| i.key() == Some(key));
        if stands {
            edits.extend(desk.pages.set(item, setting));
        } else {
            new.push(setting.as_str());
        }
    }
    if !new.is_empty() {
        edits.extend(desk.pages.set(item, &new.join(", ")));
    }
    Some((format!("write `{}`", settings.join(", ")), edits))
}

/// The element that is entered asks who is there.
pub(super) fn authentication(desk: &Desk, finding: &Finding) -> Answer {
    let id = desk.subject(finding)?;
    // What the design says about it is its author's to take back.
    if desk.ctx.element(id).props.has("auth") || !finding.related.is_empty() {
        return None;
    }
    desk.set_at(desk.ctx.element(id).head.name_span, "auth oidc")
}
