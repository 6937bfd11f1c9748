//! Settings by which a broker loses what it acknowledged.

use crate::analysis::consistency::BrokerFacts;
use crate::diagnostic::Finding;
use crate::model::Replicas;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG010", "unsafe-broker-settings", Error, "unsafe_broker_settings");

fn check(ctx: &Context) -> Vec<Finding> {
    let brokers = ctx.facts().correctness.brokers.iter();
    brokers.filter_map(|broker| finding(ctx, broker)).collect()
}

/// The settings that would keep what the broker acknowledges, where those it has do not.
pub(in crate::rules) fn safe_settings(ctx: &Context, broker: &BrokerFacts) -> Option<Vec<String>> {
    judged(ctx, broker).map(|(.., settings)| settings)
}

fn finding(ctx: &Context, broker: &BrokerFacts) -> Option<Finding> {
    let (place, message, settings) = judged(ctx, broker)?;
    let name = ctx.name(broker.element);
    let help = format!("use `{}`", settings.join(", "));
    Some(Finding::new(CODE, ctx.place(broker.element, place), message).subject(name).help(help))
}

/// The property that is at fault, what is wrong with it, and what to state.
fn judged(ctx: &Context, broker: &BrokerFacts) -> Option<(&'static str, String, Vec<String>)> {
    let element = ctx.element(broker.element);
    let name = ctx.name(broker.element);
    let copies = match element.props.number("replication.factor") {
        Some(factor) => factor,
        None => element.replicas().map(|r| match r {
            Replicas::Fixed(n) | Replicas::Range(n, _) => f64::from(n),
        })?,
    };
    Some(match (broker.acks.as_deref(), broker.min_in_sync) {
        (Some("none"), _) => (
            "acks",
            format!("publishers to `{name}` never learn whether a message arrived"),
            vec!["acks all".to_string()],
        ),
        (Some("leader"), _) if copies > 1.0 => (
            "acks",
            format!("`{name}` acknowledges when its leader alone has a message: a failover loses it"),
            vec!["acks all".to_string(), "min_in_sync 2".to_string()],
        ),
        (Some("all"), Some(1)) if copies > 1.0 => (
            "min_in_sync",
            format!("`{name}` acknowledges with one copy in sync: `acks all` then means one"),
            vec!["min_in_sync 2".to_string()],
        ),
        (_, Some(n)) if f64::from(n) >= copies && copies > 1.0 => (
            "min_in_sync",
            format!("`{name}` needs all {n} copies in sync: the loss of one stops it"),
            vec![format!("min_in_sync {}", n - 1)],
        ),
        _ => return None,
    })
}
