//! What elements face after an outage, by hand.

use crate::analysis::Status;

use super::{assert_needs, assert_number, base, value};

const DESIGN: &str = "
actor user
service web { replicas 4, capacity 1k/s, timeout 2s }
service db { capacity 1k/s, timeout 300ms }
flow read { rate 500/s, user -> web, web -> db { retry { attempts 3, backoff exponential 100ms } } }
flow list { rate 100/s, user -> web, web -> db }
";

#[test]
fn everything_comes_again() {
    // 500/s become 1500/s; two pauses of 100 and 200 ms and two timeouts of 300 ms: 900 ms × 500/s come again.
    let facts = base(DESIGN);
    assert_number(&facts, "db.after_outage.load", 1600.0);
    assert_number(&facts, "db.utilization.peak", 0.6);
    assert_number(&facts, "db.after_outage.utilization", 1.6);
    assert_number(&facts, "db.after_outage.backlog", 450.0);
    assert_number(&facts, "db.after_outage.wait", 0.45);
    assert_eq!(value(&facts, "db.after_outage.time"), Ok(f64::INFINITY));
    assert_number(&facts, "db.after_outage.ends_below", 1.0 / 1.6);
    // Nobody calls `web` again.
    assert!(facts.derivation.named("web.after_outage.load").is_none());
}

#[test]
fn a_backlog_drains_by_what_is_free_and_by_what_all_attempts_leave() {
    // A budget of 20%: 1.2 × 500/s + 100/s = 700/s; 0.2 of what one retry takes: 500 × 0.2 / 2 × 0.9 s = 45 calls.
    let budget = base(&DESIGN.replace("100ms }", "100ms, budget 20% }"));
    assert_number(&budget, "db.after_outage.load", 700.0);
    assert_number(&budget, "db.after_outage.backlog", 45.0);
    assert_number(&budget, "db.after_outage.time", 45.0 / 400.0);
    // 450 calls are served within 450 ms, and callers wait 500: two pauses and two timeouts more of them.
    let patient = base(&DESIGN.replace("timeout 300ms", "timeout 2s"));
    assert_number(&patient, "db.after_outage.backlog", 500.0 * 4.3);
    let ample = base(&DESIGN.replace("capacity 1k/s, timeout 300ms", "capacity 2k/s, timeout 300ms"));
    assert_number(&ample, "db.after_outage.time", 450.0 / 1400.0);
}

#[test]
fn callers_hold_no_more_open_than_they_have_slots() {
    // Four replicas of 50 slots each, and four of a bulkhead of 20; a wait within the 300 ms of the callers.
    let slots =
        base(&DESIGN.replace("capacity 1k/s, timeout 2s", "capacity 1k/s, timeout 2s, concurrency 50"));
    assert_number(&slots, "db.after_outage.at_once", 200.0);
    assert_number(&slots, "db.after_outage.wait", 0.2);
    assert_number(&slots, "db.after_outage.time", 450.0 / 400.0);
    let bulkhead = base(&DESIGN.replace("100ms } }", "100ms }, bulkhead 20 }"));
    assert_number(&bulkhead, "db.after_outage.at_once", 80.0);
}

#[test]
fn a_target_that_is_never_met_is_violated() {
    let text = format!(
        "{DESIGN}target back {{ db.after_outage.time <= 10s }}\ntarget long {{ db.after_outage.time >= 10s }}"
    );
    let facts = base(&text);
    let status = |id: &str| facts.requirements.iter().find(|r| r.id == id).map(|r| r.status);
    assert_eq!(status("back"), Some(Status::Violated));
    assert_eq!(status("long"), Some(Status::Met));
}

#[test]
fn what_is_not_known_is_said() {
    let no_timeout = base(&DESIGN.replace(", timeout 300ms", ""));
    assert_needs(&no_timeout, "db.after_outage.time", "a timeout of the calls of read to db");
    assert_number(&no_timeout, "db.after_outage.load", 1600.0);
    let no_capacity = base(&DESIGN.replace("{ capacity 1k/s, timeout 300ms }", "{ timeout 300ms }"));
    assert_needs(&no_capacity, "db.after_outage.time", "db.capacity");
}
