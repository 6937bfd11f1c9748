//! Verdicts on what a design promises about its data.

use crate::analysis::facts::Status;
use crate::analysis::requirements::judge_all;
use crate::analysis::tests::model;

/// The verdict on the requirement of this name.
fn verdict(text: &str, id: &str) -> (Status, String) {
    let model = model(text);
    let mut analysis = crate::analysis::analyse(&model);
    judge_all(&model, &crate::quantity::UnitTable::new(), &mut analysis);
    let all = &analysis.base.requirements;
    let found = all.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("{id} is not among {all:?}"));
    (found.status, found.why.to_string())
}

fn design(store: &str, require: &str) -> String {
    format!(
        "data post \"A post\" {{ size 1 kB }}\nactor user\nservice api\nstore posts: {store}\n\
         flow add {{ require {{ {require} }}\nuser -> api\napi -> posts write post }}\n\
         recovery {{ rpo 1s }}\ninvariant one \"One\" {{ on post }}"
    )
}

#[test]
fn no_loss_is_met_by_what_survives_and_violated_by_a_lag() {
    let of = |store: &str| verdict(&design(store, "loss none"), "add.loss").0;
    assert_eq!(of("postgres { replicas 3, replication { mode synchronous } }"), Status::Met);
    assert_eq!(of("postgres { replicas 3, replication { mode asynchronous, lag 1s } }"), Status::Violated);
    assert_eq!(of("redis { replicas 1 }"), Status::Violated);
    assert_eq!(of("dynamodb"), Status::Met);
    let unknown = verdict(
        &design("x\ntechnology x: relational { read_default linearizable }", "loss none"),
        "add.loss",
    );
    assert_eq!(unknown.0, Status::NotEvaluated);
}

#[test]
fn the_recovery_point_is_the_longest_loss() {
    let of = |store: &str| verdict(&design(store, "loss none"), "recovery.rpo").0;
    assert_eq!(of("postgres { replicas 3, replication { mode asynchronous, lag 900ms } }"), Status::Met);
    assert_eq!(of("postgres { replicas 3, replication { mode asynchronous, lag 2s } }"), Status::Violated);
    assert_eq!(of("postgres { replicas 3 }"), Status::NotEvaluated);
    // The only copy goes back to its last backup.
    assert_eq!(of("postgres { replicas 1, backup { every 24h } }"), Status::Violated);
}

#[test]
fn an_invariant_is_judged_by_the_level_in_force() {
    let of = |store: &str| verdict(&design(store, "loss none"), "one").0;
    assert_eq!(of("postgres"), Status::Violated);
    assert_eq!(of("postgres { isolation repeatable_read }"), Status::Met);
}

#[test]
fn a_promise_under_partition_is_judged_by_the_level() {
    let of = |level: &str| {
        verdict(
            &design("cassandra", &format!("consistency {level}, available under partition")),
            "add.available",
        )
        .0
    };
    assert_eq!(of("linearizable"), Status::Violated);
    assert_eq!(of("monotonic_reads"), Status::Met);
    assert_eq!(of("eventual"), Status::Met);
}
