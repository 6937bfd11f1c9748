//! What removes single points of failure, and that it does where the design is changed so.

use crate::analysis::reliability::{improvements, improvements_to};
use crate::analysis::tests::{base, model, value};
use crate::analysis::{Change, FailureKind};
use crate::model::{ElementId, FlowId, Model};

/// The changes that clear the first single point of the first flow.
fn remedy(text: &str) -> Option<Vec<String>> {
    let (model, facts) = (model(text), base(text));
    let point = facts.flows[0].reliability.single_points.first()?;
    Some(texts(&model, &point.remedy.as_ref()?.changes))
}

fn texts(model: &Model, changes: &[(ElementId, Change)]) -> Vec<String> {
    changes.iter().map(|(id, change)| change.text(model.element(*id)).to_string()).collect()
}

fn design(body: &str) -> String {
    format!(
        "assume {{ zone 99% }}\nactor user\nservice api {{ availability 100% }}\n{body}\nflow f {{ user -> api; api -> x }}"
    )
}

/// The change to `x`, written into its declaration, removes every single point. Properties stand apart by `; `.
fn assert_cleared_by(kind: &str, properties: &str, change: &str) {
    let before = design(&format!("{kind} {{ {properties} }}"));
    assert_eq!(remedy(&before), Some(vec![change.to_owned()]), "{before}");
    let mut all: Vec<String> = properties.split("; ").filter(|p| !p.is_empty()).map(str::to_owned).collect();
    for part in change.split(", ") {
        let key = part.split_whitespace().next().unwrap_or_default();
        match all.iter_mut().find(|p| p.split_whitespace().next() == Some(key)) {
            Some(block) if part.contains('{') => {
                let inside = part.trim_start_matches("replication {").trim_end_matches('}');
                let kept = block.replace("factor 1,", "").replace("factor 2,", "");
                *block = kept.replacen('{', &format!("{{ {inside},"), 1);
            }
            Some(stated) => part.clone_into(stated),
            None => all.push(part.to_owned()),
        }
    }
    let text = design(&format!("{kind} {{ {} }}", all.join("; ")));
    assert!(base(&text).flows[0].reliability.single_points.is_empty(), "{text}");
}

#[test]
fn the_cheapest_change_clears_it() {
    assert_cleared_by("service x", "", "replicas 2");
    assert_cleared_by("service x", "replicas 2; needs 2", "replicas 3");
    assert_cleared_by("store x", "", "replicas 2, failover automatic");
    assert_cleared_by("store x", "replicas 2", "failover automatic");
    assert_cleared_by("store x", "replication { mode raft }", "replicas 3");
}

/// Of a store, copies are made by the factor, and each shard needs its own.
#[test]
fn copies_are_added_where_they_are_counted() {
    let quorum = "replication { factor 1, mode quorum }";
    assert_cleared_by("store x", &format!("replicas 6; {quorum}"), "replication { factor 3 }");
    assert_cleared_by("store x", &format!("replicas 1; {quorum}"), "replication { factor 3 }, replicas 3");
    assert_cleared_by("store x: cassandra", "replicas 6", "replication { factor 3 }");
    assert_cleared_by("store x: cassandra", "replicas 2 to 9", "replication { factor 3 }, replicas 3 to 9");
    let shards = "shard { count 4 }; replicas 4";
    assert_cleared_by("store x: postgresql", shards, "replicas 8, failover automatic");
    assert_cleared_by(
        "store x",
        &format!("shard {{ count 4 }}; replicas 4; {quorum}"),
        "replication { factor 3 }, replicas 12",
    );
    assert_cleared_by("topic x", "replication { factor 1, mode raft }", "replication { factor 2 }");
    assert_cleared_by("topic x", "replicas 1", "replicas 2");
    assert_cleared_by("service x", "replicas 1 to 9", "replicas 2 to 9");
}

#[test]
fn zones_are_cleared_by_more_zones() {
    assert_cleared_by("service x", "replicas 2; zones 1", "replicas 2, zones 2");
    assert_cleared_by("service x", "replicas 3; needs 2; zones 2", "replicas 4, zones 2");
    assert_cleared_by("store x", "replicas 3; replication { mode raft }; zones 1", "replicas 3, zones 3");
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
    assert_eq!(all[0].change.text(model.element(all[0].element)), "replicas 2, failover automatic");
    let after = base(&text.replace("99% }", "99%, replicas 2, failover automatic }"));
    let after = value(&after, "f.unavailability").unwrap();
    assert!((all[0].after - after).abs() < 1e-12 * after, "{} and {after}", all[0].after);
    assert!(all.windows(2).all(|w| w[0].after <= w[1].after));
}

#[test]
fn a_zone_that_takes_only_the_leader_is_cleared_by_a_failover() {
    assert_cleared_by("store x", "replicas 2; zones 2", "failover automatic");
    let zone = |text: &str| {
        let facts = base(text);
        let points = &facts.flows[0].reliability.single_points;
        let zone = points.iter().find(|p| p.kind == FailureKind::Zone)?;
        Some(texts(&model(text), &zone.remedy.as_ref()?.changes))
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
    let changes: Vec<String> =
        steps.iter().map(|s| s.change.text(model.element(s.element)).to_string()).collect();
    assert_eq!(changes, ["replicas 2", "replicas 2"]);
    // Two pairs of 99.9%: each is down with 1e-6.
    let down = 1.0 - (1.0 - 1e-6) * (1.0 - 1e-6);
    assert!((steps[1].after / down - 1.0).abs() < 1e-9, "{steps:?}");
    assert_eq!(improvements_to(&model, FlowId(0), 2e-3).len(), 1);
}
