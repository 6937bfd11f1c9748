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
    assert_eq!(verdict(&facts, "recovery.rto"), (Status::Met, "40 s of db".to_owned()));
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
