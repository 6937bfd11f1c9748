//! How soon reads of partial quorums see a write, against published figures and `NumPy`.

use super::{analysed, assert_near, assert_needs, assert_number, base};

fn store(quorums: &str, rest: &str) -> String {
    format!("store s: cassandra {{ replicas 3, consistency {{ {quorums} }}, {rest} }}")
}

const ONE: &str = "read one, write one";

/// Bailis et al., VLDB 2012, section 5.3: 41% at once and 99.9% after 65 ms; a million samples with `NumPy`
/// give 41.96% and 63.2 ms.
#[test]
fn published_delays() {
    let facts = base(&store(
        ONE,
        "replication { factor 3, mode quorum, propagation { write { mean 10ms }, acknowledge { mean 1ms },
           request { mean 1ms }, response { mean 1ms } } }",
    ));
    assert_near(&facts, "s.visibility.at_once", 0.419_57, 0.02);
    assert_near(&facts, "s.visibility.p999", 63.2e-3, 0.1);
    let seen = facts.elements[0].visibility.clone().unwrap();
    let error = seen.error.unwrap();
    assert!((error.at_once - 0.0022).abs() < 1e-4 && error.samples == 50_000);
    assert!(error.p999.0 < 63.2e-3 && 63.2e-3 < error.p999.1);
}

/// Lognormal work of 2 ms at p50 and 20 ms at p99, copies in three zones: a million samples with `NumPy` give
/// 43.02% at once, 18.05 ms and 41.1 ms.
#[test]
fn the_store_s_own_time_and_network() {
    let rest = "zones 3, latency { p50 2ms, p99 20ms }, replication { factor 3, mode quorum }";
    let facts = base(&store(ONE, rest));
    assert_near(&facts, "s.visibility.at_once", 0.430_22, 0.02);
    assert_near(&facts, "s.visibility.p99", 18.053e-3, 0.06);
    assert_near(&facts, "s.visibility.p999", 41.1e-3, 0.15);
}

#[test]
fn quorums_that_meet_need_no_times() {
    let facts = base(&store("read quorum, write quorum", "replication { factor 3, mode quorum }"));
    assert_number(&facts, "s.visibility.at_once", 1.0);
    assert_number(&facts, "s.visibility.p999", 0.0);
}

#[test]
fn what_is_not_known_is_said() {
    let unknown = base(&store(ONE, "replication { factor 3, mode quorum }"));
    assert_needs(&unknown, "s.visibility.p99", "s.latency.p50");
    let bounds = "latency { min 1ms, max 2ms }, replication { factor 3, mode quorum }";
    assert_needs(&base(&store(ONE, bounds)), "s.visibility.at_once", "s.latency.p50");
    let apart = format!(
        "region us {{ zones 1 }}; region eu {{ zones 1 }}; {}",
        store(ONE, "in us eu, latency { mean 1ms }, replication { factor 3, mode quorum }")
    );
    let need = "s.replication.propagation, as its copies are in several regions";
    assert_needs(&base(&apart), "s.visibility.p999", need);
    assert!(base("store s: postgresql { replicas 2 }").elements[0].visibility.is_none());
}

#[test]
fn scenarios_slow_it_down_or_leave_it_open() {
    let rest = "zones 3, latency { mean 2ms }, replication { factor 3, mode quorum }";
    let text =
        format!("{}; scenario slow {{ latency s 10x }}; scenario lost {{ fail zone1 }}", store(ONE, rest));
    let found = analysed(&text);
    let slow = &found.scenarios[0].1;
    let at = |facts: &crate::analysis::Facts| super::value(facts, "s.visibility.p999");
    assert!(at(slow).unwrap() > 5.0 * at(&found.base).unwrap());
    let need = "which copies of s answer in this scenario".to_owned();
    assert_eq!(at(&found.scenarios[1].1), Err(need));
}
