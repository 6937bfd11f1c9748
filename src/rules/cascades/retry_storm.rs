//! Retries that keep an element overloaded after its outage is over.

use crate::analysis::aftermath::{Aftermath, Again, USUAL_BUDGET};
use crate::diagnostic::Finding;
use crate::model::ElementId;
use crate::numeric::retry_storm::Course;
use crate::quantity::{Quantity, factor, percent};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("CAS013", "retry-storm", Warning, "retry_storm");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements();
    let after = elements.filter_map(|(id, _)| Some((id, ctx.facts().element(id).after_outage.as_ref()?)));
    after.filter_map(|(id, after)| finding(ctx, id, after)).collect()
}

fn finding(ctx: &Context, id: ElementId, after: &Aftermath) -> Option<Finding> {
    let (name, element) = (ctx.name(id), ctx.element(id));
    let facts = ctx.facts().element(id);
    // What a provider's service can take is the provider's to know, where the design does not say.
    let provided = element.kind == Kind::External || element.tech().is_some_and(|t| t.managed);
    if !(provided && ctx.value(facts.capacity).is_none()) {
        ctx.known(after.time, || format!("whether `{name}` recovers from an outage"))?;
    }
    // What is overloaded without retries is CAP001.
    let peak = ctx.value(facts.utilization.peak).filter(|peak| *peak <= 1.0)?;
    let storm = ctx.value(after.utilization)?;
    if after.course != Some(Course::Sustained) {
        return None;
    }
    let most = after.again.iter().max_by(|a, b| extra(a).total_cmp(&extra(b)))?;
    let flow = ctx.model.flow(most.at.0);
    let message = format!(
        "retries can keep `{name}` overloaded after an outage at peak: {} of what it can serve",
        percent(storm)
    );
    let mut finding = Finding::new(CODE, element.head.name_span, message).subject(name);
    for again in &after.again {
        let flow = ctx.model.flow(again.at.0);
        finding = finding.note(format!(
            "`{}` asks for {} and, while every call fails, {} as much for {}",
            flow.head.name,
            Quantity::per_second(again.rate).human(),
            factor(again.attempts),
            Quantity::seconds(again.tries_for).human(),
        ));
    }
    finding = finding.note(format!(
        "when it is back, {} calls come again, up to {} at once: {} of waiting, of which a caller waits {}; what it answers too late is tried again",
        ctx.show(after.backlog),
        ctx.show(after.at_once),
        ctx.show(after.wait),
        Quantity::seconds(after.patience).human(),
    ));
    finding = finding.note(format!(
        "at peak without retries it is at {}; the overload ends where the load falls below {} of the peak",
        percent(peak),
        ctx.show(after.ends_below),
    ));
    finding = finding.related(flow.step(most.at.1).span, "called again from here");
    Some(finding.help(help(after.with_budget)))
}

fn extra(again: &Again) -> f64 {
    again.rate * (again.attempts - 1.0)
}

fn help(with_budget: Option<f64>) -> String {
    match with_budget {
        Some(share) if share <= 1.0 => format!(
            "give the retries a `budget {}`: it is then asked for {} of what it can serve; a `breaker` or a `limit` helps as well",
            percent(USUAL_BUDGET),
            percent(share)
        ),
        _ => {
            "let a `breaker` stop the attempts, or give the element a `limit` within its capacity".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::help;

    #[test]
    fn a_budget_is_advised_only_where_it_is_enough() {
        assert!(help(Some(0.9)).contains("`budget 10%`: it is then asked for 90%"));
        assert!(!help(Some(1.05)).contains("budget"));
        assert!(!help(None).contains("budget"));
    }
}
