//! Invariants, read-modify-writes, partitions and transactions.

use super::super::{InvariantFacts, LevelSource};
use super::correctness;
use crate::catalog::consistency::Availability;

fn seat(store: &str, invariant: &str, steps: &str) -> String {
    format!(
        "data seat \"A seat\" {{ size 1 kB, key seat_id }}\nservice api\nstore seats: {store}\n\
         invariant one \"Sold once\" {{ on seat {invariant} }}\nflow book {{\n{steps}\n}}"
    )
}

fn invariant(store: &str, invariant: &str, steps: &str) -> InvariantFacts {
    correctness(&seat(store, invariant, steps)).invariants.remove(0)
}

const IN_TRANSACTION: &str = "transaction { api -> seats read seat; api -> seats write seat }";

/// Case `consistency-hermitage` at the level of a design: lost update (P4) and write skew (G2-item).
#[test]
fn hermitage_decides_what_a_level_lets_through() {
    let at = |store: &str, level: &str| {
        let store = format!("{store} {{ holds seat, isolation {level} }}");
        let site = invariant(&store, "", IN_TRANSACTION).sites.remove(0);
        (site.lost_update, site.write_skew)
    };
    assert_eq!(at("postgres", "read_committed"), (Some(true), Some(true)));
    assert_eq!(at("postgres", "repeatable_read"), (Some(false), Some(true)));
    assert_eq!(at("postgres", "serializable"), (Some(false), Some(false)));
    assert_eq!(at("mysql", "repeatable_read").0, Some(true));
    assert_eq!(at("oracle", "serializable"), (Some(false), Some(true)));
    assert_eq!(at("cockroachdb", "serializable"), (Some(false), Some(false)));
}

#[test]
fn the_default_level_counts_where_none_is_stated() {
    let facts = invariant("postgres { holds seat }", "", IN_TRANSACTION);
    let level = facts.sites[0].level.as_ref().unwrap();
    assert_eq!((level.level.as_str(), level.source), ("read committed", LevelSource::Default));
    assert_eq!(facts.kept, Some(false));
    assert!(!facts.sites[0].grounds.is_empty());
}

#[test]
fn a_guard_keeps_one_row_and_not_always_several() {
    let kept = |guard: &str| invariant("postgres { holds seat }", guard, IN_TRANSACTION).kept;
    assert_eq!(kept(", guard optimistic"), Some(true));
    assert_eq!(kept(", guard optimistic, rows several"), Some(false));
    assert_eq!(kept(", guard pessimistic, rows several"), Some(true));
    let contradicted = invariant("postgres { holds seat }", ", guard serializable", IN_TRANSACTION);
    assert!(contradicted.sites[0].guard_contradicted);
    assert_eq!(contradicted.kept, Some(false));
    let serial = "transaction serializable { api -> seats read seat; api -> seats write seat }";
    let fine = invariant("postgres { holds seat }", ", guard serializable, rows several", serial);
    assert_eq!((fine.kept, fine.sites[0].guard_contradicted), (Some(true), false));
}

#[test]
fn a_version_does_not_bind_another_leader() {
    let store = "postgres { holds seat, replicas 2, replication { leader multi } }";
    assert_eq!(invariant(store, ", guard optimistic", IN_TRANSACTION).kept, Some(false));
    assert_eq!(invariant(store, ", guard crdt", IN_TRANSACTION).kept, Some(true));
}

#[test]
fn an_invariant_that_nobody_writes_is_not_evaluated() {
    let facts = invariant("postgres { holds seat }", "", "api -> seats read seat");
    assert_eq!((facts.kept, facts.needs.is_some()), (None, true));
    // What merges is kept where it is merged.
    let merged = invariant("postgres { holds seat }", ", guard crdt", "api -> seats read seat");
    assert_eq!(merged.kept, Some(true));
}

#[test]
fn a_read_followed_by_a_write_may_lose_an_update() {
    let found = |steps: &str, guard: &str| {
        correctness(&seat("postgres { holds seat }", guard, steps)).read_modify_writes
    };
    let bare = found("api -> seats read seat\napi -> seats write seat", "");
    assert_eq!((bare.len(), bare[0].lost_update, bare[0].transaction), (1, Some(true), false));
    assert_eq!(found(IN_TRANSACTION, "")[0].lost_update, Some(true));
    let serial = "transaction serializable { api -> seats read seat; api -> seats write seat }";
    assert_eq!(found(serial, "")[0].lost_update, Some(false));
    assert_eq!(found(IN_TRANSACTION, ", guard optimistic")[0].lost_update, Some(false));
    assert!(found("api -> seats write seat\napi -> seats read seat", "").is_empty());
    // A compared version keeps the update; what is only repeatable says nothing of the read.
    let by = |key: &str| {
        found(&format!("api -> seats read seat\napi -> seats write seat {{ idempotent by {key} }}"), "")
    };
    assert_eq!((by("version")[0].lost_update, by("request_id")[0].lost_update), (Some(false), None));
}

/// Case `consistency-availability` at the level of a design.
#[test]
fn a_level_that_cannot_be_available_contradicts_the_promise() {
    let facts = |level: &str, sticky: &str| {
        let text = format!(
            "balancer lb {{ layer 7{sticky} }}\nactor user\nservice api\nstore posts: cassandra\nflow f {{\n\
             require {{ consistency {level}, available under partition }}\nuser -> lb -> api\napi -> posts read post }}"
        );
        correctness(&text).partitions.remove(0)
    };
    for (level, class, contradiction) in [
        ("linearizable", Availability::Unavailable, true),
        ("sequential", Availability::Unavailable, true),
        ("snapshot_isolation", Availability::Unavailable, true),
        ("causal", Availability::Sticky, true),
        ("pram", Availability::Sticky, true),
        ("read_your_writes", Availability::Sticky, true),
        ("monotonic_reads", Availability::Total, false),
        ("monotonic_writes", Availability::Total, false),
        ("writes_follow_reads", Availability::Total, false),
        ("read_committed", Availability::Total, false),
    ] {
        let found = facts(level, "");
        assert_eq!((found.class, found.contradiction), (Some(class), Some(contradiction)), "{level}");
    }
    assert_eq!(facts("read_your_writes", ", sticky by user_id").contradiction, Some(false));
    assert_eq!(facts("linearizable", ", sticky by user_id").contradiction, Some(true));
}

#[test]
fn a_transaction_tells_what_it_spans() {
    let text = "data order \"An order\" { size 1 kB, key order_id }\nservice api\nservice tax\n\
                store orders: postgres { holds order, shard { by customer_id, strategy hash, count 8 } }\n\
                store stock: mysql\ntopic events: kafka\n\
                flow buy { transaction serializable {\napi -> orders write order\napi -> stock write item\n\
                api -> tax\napi ~> events publish bought\n} }";
    let found = correctness(text).transactions.remove(0);
    assert_eq!((found.stores.len(), found.two_phase), (2, false));
    assert_eq!((found.calls.len(), found.publishes.len()), (1, 1));
    assert_eq!(found.across_shards.len(), 1);
    assert_eq!(found.across_shards[0].supported, Some(false));
    assert_eq!(found.across_shards[0].why, "order is kept by order_id, the shards by customer_id");
}
