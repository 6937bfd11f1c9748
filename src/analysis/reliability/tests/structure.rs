//! One design for each sentence of the semantics, its number worked by hand.

use super::{assert_down, cuts, facts, points};
use crate::analysis::FailureKind;
use crate::analysis::tests::{assert_needs, assert_number, base, value};
use crate::math::powi;

const A: f64 = 0.01;
const B: f64 = 0.02;
const C: f64 = 0.05;

/// Services `a`, `b`, `c` that fail with 1%, 2% and 5%, and the steps of the flow `f`.
fn three(steps: &str) -> String {
    format!(
        "actor user
service api {{ availability 100% }}
service a {{ availability 99% }}
service b {{ availability 98% }}
service c {{ availability 95% }}
store db {{ availability 99.9% }}
cache hot {{ availability 90% }}
queue jobs {{ availability 97% }}
flow f {{
  user -> api
  {steps}
}}"
    )
}

fn or(parts: &[f64]) -> f64 {
    1.0 - parts.iter().map(|p| 1.0 - p).product::<f64>()
}

#[test]
fn a_chain_needs_each_of_its_elements_once() {
    assert_down(&three("api -> a -> b\napi -> a"), or(&[A, B]));
}

#[test]
fn what_stands_in_is_or() {
    assert_down(&three("api -> a\non failure { api -> b }"), A * B);
    assert_down(&three("api -> a\non failure { api -> b }\non failure { api -> c }"), A * B * C);
    assert_down(&three("try { api -> a; api -> b }\non failure { api -> c }"), or(&[A, B]) * C);
    assert_down(&three("try { api -> a; api -> b }\non failure { api -> b -> c }"), {
        // Given b, everything fails; else a and c must.
        B + (1.0 - B) * A * C
    });
}

#[test]
fn what_a_guarded_step_sets_off_is_guarded_with_it() {
    assert_down(&three("api -> a\non failure { api -> b }\na -> c"), or(&[A, C]) * B);
    assert_down(&three("api -> a { a -> c }\non failure { api -> b }"), or(&[A, C]) * B);
}

#[test]
fn what_comes_after_both_ways_is_needed() {
    let text = "service lb1 { availability 99% }
service lb2 { availability 98% }
actor user
service api { availability 100% }
store db { availability 95% }
flow f {
  user -> lb1 -> api
  on failure { user -> lb2 -> api }
  api -> db
}";
    assert_down(text, or(&[A * B, C]));
    assert_eq!(points(&facts(text)), [("db".to_owned(), FailureKind::Element)]);
}

#[test]
fn a_run_is_guarded_from_where_the_alternative_starts() {
    assert_down(&three("api -> a -> b\non failure { api -> c }"), or(&[A, B]) * C);
    assert_down(&three("api -> a -> b\non failure { a -> c }"), or(&[A, B * C]));
}

#[test]
fn what_is_tolerated_does_not_count() {
    assert_down(&three("api -> a { optional }\na -> b\napi -> c"), C);
    assert_down(&three("api -> a { fallback cached }\napi -> b { fallback default }\napi -> c"), C);
    assert_down(&three("api -> a { fallback fail }"), A);
    assert_down(&three("api -> c\ncompensate { api -> a }"), C);
}

#[test]
fn how_often_a_step_happens_changes_nothing() {
    assert_down(
        &three(
            "chance 5% { api -> a }\nrepeat 9 { api -> b }\nparallel { api -> c { fan_out 20, times 3, retry { attempts 5 } } }",
        ),
        or(&[A, B, C]),
    );
}

#[test]
fn a_hand_over_needs_the_broker_and_nothing_behind_it() {
    assert_down(&three("api ~> jobs publish x\njobs ~> a consume x\na -> b"), 0.03);
    assert_down(&three("api -> jobs publish x\njobs -> a consume x"), 0.03);
    assert_down(&three("api -> c\napi ~> jobs publish x { via outbox }"), C);
    assert_down(&three("api -> c\napi ~> jobs publish x { via cdc }"), C);
    assert_down(&three("api -> c\napi ~> a"), C);
}

#[test]
fn a_triggered_flow_needs_its_broker() {
    let text = "queue jobs { availability 97% }
worker w { availability 99% }
store db { availability 95% }
flow f { trigger jobs x; jobs ~> w consume x; w -> db }";
    assert_down(text, or(&[0.03, A, C]));
    let text = text.replace("jobs ~> w consume x; ", "");
    assert_down(&text, or(&[0.03, A, C]));
    let clocked =
        "job j { availability 99% }\nstore db { availability 95% }\nflow f { trigger every 1h; j -> db }";
    assert_down(clocked, or(&[A, C]));
}

#[test]
fn a_cache_is_needed_only_where_nothing_answers_its_misses() {
    assert_down(&three("api -> hot read x"), 0.1);
    assert_down(&three("api -> hot read x\non miss { api -> db read x; api -> hot write x }"), 0.001);
    assert_down(&three("api -> hot read x\non miss { api -> db read x { fallback cached } }"), 0.001 * 0.1);
    assert_down(&three("api -> hot read x\non miss { api -> db read x { fallback default } }\napi -> c"), C);
    assert_down(
        &three("api -> hot read x\non miss { api -> db read x }\non failure { api -> a }"),
        0.001 * A,
    );
}

#[test]
fn a_cdn_that_fetches_itself_is_needed() {
    let text = "actor user
cdn edge { availability 99% }
service origin { availability 95% }
flow f { user -> edge read page; on miss { edge -> origin read page } }";
    assert_down(text, or(&[A, C]));
}

#[test]
fn a_cache_that_calls_its_origin_needs_it() {
    let text = |policy: &str, operation: &str| {
        format!(
            "service api {{ availability 100% }}
actor user
store db {{ availability 95% }}
cache hot {{ of db, policy {policy}, availability 99% }}
flow f {{ user -> api; api -> hot {operation} x }}"
        )
    };
    assert_down(&text("read_through", "read"), or(&[A, C]));
    assert_down(&text("write_through", "write"), or(&[A, C]));
    assert_down(&text("write_back", "write"), A);
}

#[test]
fn replicas_and_needs() {
    let text =
        |body: &str| format!("actor user\nservice a {{ availability 99%, {body} }}\nflow f {{ user -> a }}");
    assert_down(&text("replicas 3"), powi(A, 3));
    assert_down(&text("replicas 3, needs 2"), 3.0 * A * A * (1.0 - A) + powi(A, 3));
    assert_down(&text("replicas 2 to 9"), A * A);
    let all = facts(&text("replicas 2, needs 2"));
    assert_eq!(points(&all), [("a".to_owned(), FailureKind::Instance)]);
    assert_eq!(cuts(&all), ["a 1 of 2"]);
    assert_eq!(all.flows[0].reliability.cut_sets_by_order, [2.0]);
    // Beta factor: both alone, or both at once.
    let beta = facts(&text("replicas 2, common_cause 10%"));
    assert_number(&beta, "f.unavailability", or(&[0.001, 0.009 * 0.009]));
    assert_eq!(points(&beta), [("a".to_owned(), FailureKind::CommonCause)]);
}

#[test]
fn stores_by_how_they_agree() {
    let text = |body: &str| {
        format!(
            "actor user\nservice api {{ availability 100% }}\nstore db {{ availability 99%, {body} }}
flow f {{ user -> api; api -> db read x }}"
        )
    };
    let majority = 3.0 * A * A * (1.0 - A) + powi(A, 3);
    assert_down(&text("replicas 3, replication { mode raft }"), majority);
    assert_down(&text("replicas 3, replication { mode quorum }"), majority);
    assert_down(&text("replicas 9, replication { mode quorum, factor 3 }"), majority);
    assert_down(
        &text("replication { mode quorum, factor 3 }, consistency { read one, write all }"),
        powi(A, 3),
    );
    assert_down(&text("replicas 2, failover automatic 30s"), A * A);
    assert_down(&text("replicas 2, failover manual 30min"), A * A);
    assert_down(&text("replicas 2, failover none"), A);
    assert_down(&text("replicas 2"), A);
    // One key lives in one shard: its copies are what the request needs.
    assert_down(&text("replicas 8, shard { count 4 }, failover automatic"), A * A);
}

#[test]
fn writes_need_the_write_quorum() {
    let text = "actor user\nservice api { availability 100% }
store db { availability 99%, replication { mode quorum, factor 3 }, consistency { read one, write all } }
flow f { user -> api; api -> db write x }";
    assert_down(text, or(&[A, A, A]));
}

#[test]
fn a_read_may_ask_a_follower() {
    let text = |from: &str| {
        format!(
            "actor user\nservice api {{ availability 100% }}\nstore db {{ availability 99%, replicas 3 }}
flow f {{ user -> api; api -> db read x {{ from {from} }} }}"
        )
    };
    assert_down(&text("leader"), A);
    assert_down(&text("replica"), A * A);
    assert_down(&text("any"), powi(A, 3));
}

#[test]
fn brokers_need_what_must_be_in_sync() {
    let text = |body: &str| {
        format!(
            "service api {{ availability 100% }}\ntopic t {{ availability 99%, {body} }}
actor user\nflow f {{ user -> api; api ~> t publish x }}"
        )
    };
    assert_down(&text("replicas 3, min_in_sync 2"), 3.0 * A * A * (1.0 - A) + powi(A, 3));
    assert_down(&text("replicas 3"), powi(A, 3));
    // A message lives on the copies of one partition.
    assert_down(&text("replicas 6, replication { factor 3 }, min_in_sync 3"), or(&[A, A, A]));
}

#[test]
fn replicas_die_with_their_zone_and_region() {
    let text = "assume { instance 99%, zone 99.9%, region 99.99% }
region us { zones 3 }
actor user
service a { replicas 3, in us }
flow f { user -> a }";
    let facts = base(text);
    let zone_or_replica = or(&[0.001, A]);
    assert_number(&facts, "f.unavailability", or(&[1e-4, powi(zone_or_replica, 3)]));
    assert_number(&facts, "a.availability", (1.0 - 1e-4) * (1.0 - powi(zone_or_replica, 3)));
    assert_eq!(points(&facts), [("us".to_owned(), FailureKind::Region)]);
    assert_eq!(facts.flows[0].reliability.cut_sets_by_order, [1.0, 0.0, 8.0]);
    assert!(cuts(&facts).contains(&"region us".to_owned()));
    assert!(
        cuts(&facts).contains(&"a in us.zone1 & zone us.zone2 & zone us.zone3".to_owned()),
        "{:?}",
        cuts(&facts)
    );
}

#[test]
fn zones_are_shared_by_all_that_live_in_them() {
    let text = "assume { instance 100%, zone 99.9%, region 99.99% }
actor user
service a { zones 1 }
service b { zones 1 }
flow f { user -> a -> b }";
    let facts = base(text);
    assert_number(&facts, "f.unavailability", 0.001);
    assert_eq!(points(&facts), [("zone1".to_owned(), FailureKind::Zone)]);
    assert_eq!(cuts(&facts), ["zone zone1"]);
    assert_eq!(facts.flows[0].reliability.single_points[0].step, Some(crate::model::StepId(0)));
}

#[test]
fn two_regions_take_over_from_one_another() {
    let text = "assume { instance 100%, zone 100% }
region us { zones 2, availability 99% }
region eu { zones 2, availability 98% }
actor user
service a { replicas 2, in us eu }
flow f { user -> a }";
    assert_number(&base(text), "f.unavailability", A * B);
}

#[test]
fn explicit_places() {
    let text = "assume { instance 99%, zone 99.9%, region 100% }
region us { zones 2 }
actor user
service a { place { us.zone1 2, us.zone2 1 }, needs 2 }
flow f { user -> a }";
    let facts = base(text);
    // Given zone 1: up (2 of 3, the third alone with its zone) or down (everything).
    let (z, r) = (0.001, A);
    let third = or(&[z, r]);
    let up = 1.0 - (r * r + 2.0 * r * (1.0 - r) * third);
    assert_number(&facts, "f.unavailability", z + (1.0 - z) * (1.0 - up));
    assert_eq!(points(&facts), [("us.zone1".to_owned(), FailureKind::Zone)]);
    assert!(cuts(&facts).contains(&"a 2 of 2 in us.zone1".to_owned()), "{:?}", cuts(&facts));
}

/// Case `spof-zone-2of3-spread`: two of three replicas, each in its own zone.
#[test]
fn two_of_three_zones() {
    let text = "assume { instance 99%, zone 99.9%, region 100% }
actor user
service a { replicas 3, zones 3, needs 2 }
flow f { user -> a }";
    let facts = base(text);
    assert_number(&facts, "f.unavailability", 0.000_359_685_553_402_003_6);
    assert_eq!(facts.flows[0].reliability.cut_sets_by_order, [0.0, 12.0]);
    assert_eq!(points(&facts), []);
}

#[test]
fn what_nobody_knows_is_not_made_up() {
    let text = "actor user\nservice a { availability 99% }\nexternal bank\nflow f { user -> a -> bank }";
    let facts = facts(text);
    assert_needs(&facts, "f.availability", "bank.availability");
    // What nobody knows stands before what is known to be unlikely.
    assert_eq!(cuts(&facts), ["bank", "a"]);
    let probabilities: Vec<_> = facts.flows[0].reliability.cut_sets.iter().map(|c| c.probability).collect();
    assert_eq!(probabilities[0], None);
    assert!((probabilities[1].unwrap() - A).abs() < 1e-15);
    assert_eq!(
        points(&facts),
        [("bank".to_owned(), FailureKind::Provider), ("a".to_owned(), FailureKind::Element)]
    );
    let tolerated = text.replace("-> bank", "\n a -> bank { optional }");
    assert_down(&tolerated, A);
}

#[test]
fn managed_services_keep_their_commitment() {
    let text = "actor user\nservice a { availability 100% }\nstore pics: s3\nflow f { user -> a -> pics }";
    let facts = facts(text);
    assert_number(&facts, "f.unavailability", 1.0 - 0.999);
    assert_eq!(points(&facts), [("pics".to_owned(), FailureKind::Provider)]);
}

#[test]
fn defaults_are_assumptions_with_their_source() {
    let facts = base("actor user\nservice a { zones 2 }\nflow f { user -> a }");
    let assumed: Vec<&str> = facts.derivation.assumptions().iter().map(|a| a.what.as_str()).collect();
    assert!(assumed.contains(&"availability of an instance"), "{assumed:?}");
    assert!(assumed.contains(&"availability of a zone"), "{assumed:?}");
    assert!(!assumed.contains(&"availability of a region"), "{assumed:?}");
    assert_number(&facts, "f.unavailability", or(&[0.005, 0.0005]));
}

#[test]
fn the_year_is_a_convention() {
    let text = "actor user\nservice a { availability 99.9% }\nflow f { user -> a }";
    assert_number(&base(text), "f.downtime", 31_556.952);
    let other = format!("assume {{ downtime_year 365 day }}\n{text}");
    assert_number(&base(&other), "f.downtime", 31_536.0);
}

#[test]
fn a_scenario_takes_things_down() {
    let text = "assume { instance 99%, zone 100%, region 100% }
region us { zones 2 }
actor user
service a { replicas 2, in us }
service b
flow f { user -> a; a -> b { optional } }
scenario zone { fail us.zone1 }
scenario all { fail a }
scenario half { fail b }
scenario gone { fail us }";
    let analysis = crate::analysis::tests::analysed(text);
    let down: Vec<f64> =
        analysis.scenarios.iter().map(|(_, f)| value(f, "f.unavailability").unwrap()).collect();
    assert!((down[0] - A).abs() < 1e-12, "{down:?}");
    assert_eq!(down[1], 1.0);
    assert!((down[2] - A * A).abs() < 1e-15, "{down:?}");
    assert_eq!(down[3], 1.0);
}

/// Case `spof-shared-db`: the shared database counts once.
#[test]
fn shared_dependencies_count_once() {
    let text = "actor user
balancer lb { availability 99.99% }
service app1 { availability 99% }
service app2 { availability 99% }
store db { availability 99.9% }
flow f {
  user -> lb
  try { lb -> app1 -> db }
  on failure { lb -> app2 -> db }
}";
    let facts = facts(text);
    assert_number(&facts, "f.unavailability", 0.001_199_790_009_999_923_7);
    let names: Vec<String> = points(&facts).into_iter().map(|p| p.0).collect();
    assert_eq!(names, ["db", "lb"]);
}

/// A common cause is what the author says of the replicas; that one of them is needed is found.
#[test]
fn a_needed_replica_says_more_than_a_common_cause() {
    let both = facts(
        "actor user\nservice a { availability 99%, replicas 2, needs 2, common_cause 10% }\nflow f { user -> a }",
    );
    assert_eq!(points(&both), [("a".to_owned(), FailureKind::Instance)]);
    let shared = facts(
        "recovery { survives instance }\nactor user\nservice a { replicas 2, common_cause 10% }\nflow f { user -> a }",
    );
    assert_eq!(shared.requirements[0].status, crate::analysis::Status::Met);
}
