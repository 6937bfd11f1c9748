//! Detection, recovery, error budgets, and the promises that rest on them.

use crate::analysis::tests::{assert_needs, assert_number, base};
use crate::analysis::{Facts, Status};

fn verdict(facts: &Facts, id: &str) -> (Status, String) {
    let found = facts.requirements.iter().find(|r| r.id == id).expect("the requirement is there");
    (found.status, if found.actual.is_empty() { found.why.to_string() } else { found.actual.to_string() })
}

#[test]
fn failures_are_noticed_by_heartbeats_and_health_checks() {
    let facts = base(
        "actor user
balancer lb { replicas 2, health_check { every 5s, misses 3 } }
service api { replicas 2 }
service beating { replicas 2, discovery { heartbeat 2s, misses 4 } }
service accrual { replicas 2, discovery { heartbeat 1s, phi 8 } }
service silent { replicas 2 }
flow f { user -> lb -> api; api -> beating; api -> accrual; api -> silent }",
    );
    assert_number(&facts, "api.detection_time", 15.0);
    assert_number(&facts, "beating.detection_time", 8.0);
    assert_number(&facts, "beating.recovery_time", 8.0);
    // Case `phi-cassandra`.
    assert_number(&facts, "accrual.detection_time", 18.420_680_743_952_367);
    assert_needs(&facts, "silent.detection_time", "silent.discovery or a health check before it");
}

#[test]
fn a_failover_adds_to_its_detection() {
    let text = |rto: &str, store: &str| {
        format!(
            "recovery {{ rto {rto} }}
actor user
service api {{ replicas 2, discovery {{ heartbeat 2s, misses 3 }} }}
store db {{ replicas 2, discovery {{ heartbeat 5s, misses 2 }}, {store} }}
flow f {{ user -> api; api -> db }}"
        )
    };
    let facts = base(&text("45s", "failover automatic 30s"));
    assert_number(&facts, "db.recovery_time", 40.0);
    assert_eq!(verdict(&facts, "recovery.rto"), (Status::Met, "40 s (db)".to_owned()));
    let facts = base(&text("30s", "failover automatic 30s"));
    assert_eq!(verdict(&facts, "recovery.rto").0, Status::Violated);
    let facts = base(&text("30s", "failover none"));
    assert_eq!(verdict(&facts, "recovery.rto").0, Status::NotEvaluated);
}

#[test]
fn what_must_survive() {
    let text = |survives: &str, api: &str| {
        format!(
            "recovery {{ survives {survives} }}\nactor user\nservice api {{ {api} }}\nflow f {{ rate 10/s, user -> api }}"
        )
    };
    let judged = |survives, api| verdict(&base(&text(survives, api)), "recovery.survives");
    assert_eq!(judged("instance", "").0, Status::Violated);
    assert_eq!(judged("instance", "replicas 2").0, Status::Met);
    assert_eq!(judged("zone", "replicas 2"), (Status::NotEvaluated, "needs api.zones".to_owned()));
    assert_eq!(judged("zone", "replicas 2, zones 2").0, Status::NotEvaluated);
    assert_eq!(judged("zone", "replicas 2, zones 2, capacity 10/s").0, Status::Met);
    assert_eq!(judged("zone", "replicas 2, zones 2, capacity 9/s").0, Status::Violated);
    assert_eq!(judged("zone", "replicas 3, needs 2, zones 2, capacity 90/s").0, Status::Violated);
    assert_eq!(judged("region", "replicas 2, zones 2").0, Status::NotEvaluated);
}

/// Without a region, the others carry everything: of 6 replicas over us and eu 3 are left, of 3 + 1 one.
#[test]
fn a_region_must_leave_enough_capacity() {
    let text = |api: &str| {
        format!(
            "region us {{ zones 3 }}\nregion eu {{ zones 1 }}\nrecovery {{ survives region }}\nactor user\n\
             service api {{ {api} }}\nflow f {{ rate 10/s, user -> api }}"
        )
    };
    let facts = base(&text("replicas 6, in us eu, capacity 5/s"));
    // Four zones in turn, the remainder to the first two: 2, 2, 1, 1, of which us has 2 + 1 + 1.
    assert_number(&facts, "api.utilization.region_loss", 10.0 / (2.0 * 5.0));
    assert_eq!(verdict(&facts, "recovery.survives").0, Status::Met);
    let facts = base(&text("place { us.zone1 3, eu.zone1 1 }, capacity 5/s"));
    assert_number(&facts, "api.utilization.region_loss", 10.0 / 5.0);
    assert_eq!(verdict(&facts, "recovery.survives").0, Status::Violated);
    let facts = base(&text("place { us.zone1 3, eu.zone1 1 }"));
    assert_eq!(verdict(&facts, "recovery.survives").0, Status::NotEvaluated);
    // Structure comes first: one region takes the flow down, whatever the capacity.
    let facts = base(&text("replicas 6, in us, capacity 50/s"));
    assert_eq!(verdict(&facts, "recovery.survives").0, Status::Violated);
    assert_needs(&facts, "api.utilization.region_loss", "a second region of api");
}

/// Every promise has its budget: 1 - 99.99% spends a fifth of 99.95% and all of 99.99%.
#[test]
fn every_promise_has_an_error_budget() {
    let text = "system shop { availability 99.9% }
assume { downtime_year 360 day }
actor user
service a { availability 99.99% }
flow f { require { availability 99.95% }, user -> a }
target always { f.availability >= 99.99% }
target all_of_them { all.availability >= 99% }
target quick { f.p99 <= 1s }";
    let facts = base(text);
    let budgets = &facts.flows[0].reliability.budgets;
    let names: Vec<&str> = budgets.iter().map(|b| b.promise.as_str()).collect();
    assert_eq!(names, ["f.availability", "shop.availability", "always", "all_of_them"]);
    for (budget, spent) in budgets.iter().zip([0.2, 0.1, 1.0, 0.01]) {
        let value = facts.value(budget.spent).unwrap_or_default();
        assert!((value / spent - 1.0).abs() < 1e-9, "{} spends {value}", budget.promise);
    }
    // A month of 30 days at 99.95%: 21.6 minutes (azure-downtime-table).
    let month = facts.value(budgets[0].allowed_month).unwrap_or_default();
    assert!((month / 1296.0 - 1.0).abs() < 1e-9, "{month}");
}

/// Two replicas in one zone, and two elements in one region, are nearly one thing.
#[test]
fn two_that_share_a_domain_are_marked() {
    let text = "region us { zones 2 }
actor user
service a { replicas 2, place { us.zone1 2 } }
service b { replicas 2, in us }
service c { replicas 2 }
flow f { user -> a -> b -> c }";
    let facts = base(text);
    let shared = |events: &[&str]| {
        let sets = &facts.flows[0].reliability.cut_sets;
        let found = sets.iter().find(|set| set.events == events);
        found.map(|set| set.shared.as_ref().map(ToString::to_string))
    };
    assert_eq!(shared(&["a 2 of 2"]), Some(Some("zone us.zone1".to_owned())));
    assert_eq!(shared(&["b in us.zone1", "b in us.zone2"]), Some(Some("region us".to_owned())));
    assert_eq!(shared(&["c 2 of 2"]), Some(None));
}

/// Case `sre-requests-250` (Site Reliability Engineering, chapter 3): 2.5 million requests a day at 99.99%.
#[test]
fn requests_that_fail_in_a_day() {
    let text = "actor user
service a { availability 99.99% }
flow f { rate 2.5M/day, require { availability 99.95% }, user -> a }";
    let facts = base(text);
    assert_number(&facts, "f.failed_per_day", 250.0);
    assert_number(&facts, "f.budget_spent", 0.2);
    assert_needs(&base(&text.replace("rate 2.5M/day, ", "")), "f.failed_per_day", "f.rate");
}

/// Where every copy answers nobody takes over, and no failover is asked for.
#[test]
fn without_a_leader_nothing_fails_over() {
    let facts = base(
        "actor u; service a; store s: cassandra { replicas 3, zones 3, replication { factor 3, mode quorum } }
        flow f { u -> a -> s read x }",
    );
    assert_number(&facts, "s.recovery_time", 0.0);
}
