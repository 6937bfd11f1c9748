//! What removes single points of failure, and that it does where the design is changed so.

use crate::analysis::FailureKind;
use crate::analysis::reliability::{improvements, improvements_to};
use crate::analysis::tests::{base, model, value};
use crate::model::FlowId;

/// The changes that clear the first single point of the first flow.
fn remedy(text: &str) -> Option<Vec<String>> {
    let facts = base(text);
    let point = facts.flows[0].reliability.single_points.first()?;
    let remedy = point.remedy.as_ref()?;
    Some(remedy.changes.iter().map(|(_, change)| change.text().to_string()).collect())
}

fn design(body: &str) -> String {
    format!(
        "assume {{ zone 99% }}\nactor user\nservice api {{ availability 100% }}\n{body}\nflow f {{ user -> api; api -> x }}"
    )
}

/// The change to `x`, written into its declaration, removes every single point.
fn assert_cleared_by(kind: &str, properties: &str, change: &str) {
    let before = design(&format!("{kind} x {{ {properties} }}"));
    assert_eq!(remedy(&before), Some(vec![change.to_owned()]), "{before}");
    let key = |p: &str| p.split_whitespace().next().unwrap_or_default().to_owned();
    let changed: Vec<String> = change.split(", ").map(key).collect();
    let kept = properties.split(", ").filter(|p| !p.is_empty() && !changed.contains(&key(p)));
    let mut all: Vec<&str> = kept.collect();
    all.extend(change.split(", "));
    let after = base(&design(&format!("{kind} x {{ {} }}", all.join(", "))));
    assert!(after.flows[0].reliability.single_points.is_empty(), "{kind} {properties}, {change}");
}

#[test]
fn the_cheapest_change_clears_it() {
    assert_cleared_by("service", "", "replicas 2");
    assert_cleared_by("service", "replicas 2, needs 2", "replicas 3");
    assert_cleared_by("store", "", "replicas 2, failover automatic");
    assert_cleared_by("store", "replicas 2", "failover automatic");
    assert_cleared_by("store", "replication { mode raft }", "replicas 3");
}

#[test]
fn zones_are_cleared_by_more_zones() {
    assert_cleared_by("service", "replicas 2, zones 1", "replicas 2, zones 2");
    assert_cleared_by("service", "replicas 3, needs 2, zones 2", "replicas 4, zones 2");
    assert_cleared_by("store", "replicas 3, replication { mode raft }, zones 1", "replicas 3, zones 3");
}

#[test]
fn a_provider_needs_an_alternative_and_a_common_cause_has_no_remedy_here() {
    let text = design("external x { availability 99% }");
    assert_eq!(remedy(&text), Some(vec!["on failure { … }".to_owned()]));
    assert_eq!(remedy(&design("service x { replicas 2, common_cause 10% }")), None);
}

#[test]
fn the_change_that_buys_the_most_comes_first() {
    let text = "actor user
service api { availability 99.9% }
store db { availability 99% }
flow f { user -> api; api -> db }";
    let model = model(text);
    let all = improvements(&model, FlowId(0));
    assert_eq!(model.element(all[0].element).head.name, "db");
    assert_eq!(all[0].change.text(), "replicas 2, failover automatic");
    let after = base(&text.replace("99% }", "99%, replicas 2, failover automatic }"));
    let after = value(&after, "f.unavailability").unwrap();
    assert!((all[0].after - after).abs() < 1e-12 * after, "{} and {after}", all[0].after);
    assert!(all.windows(2).all(|w| w[0].after <= w[1].after));
}

#[test]
fn a_zone_that_takes_only_the_leader_is_cleared_by_a_failover() {
    assert_cleared_by("store", "replicas 2, zones 2", "failover automatic");
    let zone = |text: &str| {
        let facts = base(text);
        let points = &facts.flows[0].reliability.single_points;
        let zone = points.iter().find(|p| p.kind == FailureKind::Zone)?;
        Some(zone.remedy.as_ref()?.changes.iter().map(|(_, c)| c.text().to_string()).collect::<Vec<_>>())
    };
    assert_eq!(zone(&design("store x { replicas 2, zones 2 }")), Some(vec!["failover automatic".to_owned()]));
    let alone = zone(&design("store x { replicas 2, zones 1 }"));
    assert_eq!(alone, Some(vec!["replicas 2, zones 2, failover automatic".to_owned()]));
}

#[test]
fn changes_are_added_until_the_promise_is_kept() {
    let text = "actor user
service api { availability 99.9% }
service list { availability 99.9% }
flow f { user -> api; api -> list }";
    let model = model(text);
    let steps = improvements_to(&model, FlowId(0), 1e-4);
    let changes: Vec<String> = steps.iter().map(|s| s.change.text().to_string()).collect();
    assert_eq!(changes, ["replicas 2", "replicas 2"]);
    // Two pairs of 99.9%: each is down with 1e-6.
    let down = 1.0 - (1.0 - 1e-6) * (1.0 - 1e-6);
    assert!((steps[1].after / down - 1.0).abs() < 1e-9, "{steps:?}");
    assert_eq!(improvements_to(&model, FlowId(0), 2e-3).len(), 1);
}
