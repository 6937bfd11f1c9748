//! Laws of the lattice and the published cases.

use proptest::prelude::*;

use super::isolation::{self, prevention};
use super::*;

fn set() -> impl Strategy<Value = ModelSet> {
    proptest::collection::vec(0..Model::ALL.len(), 0..5)
        .prop_map(|picks| picks.into_iter().map(|pick| Model::ALL[pick]).collect())
}

proptest! {
    #[test]
    fn meet_is_commutative_associative_idempotent(a in set(), b in set(), c in set()) {
        prop_assert_eq!(a.meet(b), b.meet(a));
        prop_assert_eq!(a.meet(b).meet(c), a.meet(b.meet(c)));
        prop_assert_eq!(a.meet(a), a);
        prop_assert_eq!(a.meet(ModelSet::all()), a);
        prop_assert_eq!(a.meet(ModelSet::EMPTY), ModelSet::EMPTY);
    }

    #[test]
    fn sets_stay_down_closed(a in set(), b in set()) {
        for set in [a, a.meet(b), a.union(b)] {
            for model in set.models() {
                prop_assert!(set.contains(ModelSet::closure(model)), "{} lacks what {} implies", set, model);
            }
        }
    }

    #[test]
    fn a_set_is_described_by_its_maximal_models(a in set()) {
        let described: ModelSet = a.maximal().into_iter().collect();
        prop_assert_eq!(described, a);
        for one in a.maximal() {
            for other in a.maximal() {
                prop_assert!(one == other || !one.implies(other));
            }
        }
    }
}

#[test]
fn the_lattice_is_the_published_one() {
    assert_eq!(edges().len(), 51);
    let mut ordered: Vec<Model> = edges().iter().flat_map(|(from, to)| [*from, *to]).collect();
    ordered.sort_unstable();
    ordered.dedup();
    assert_eq!(ordered.len(), 36);
    // Six more models have an availability class and no edge.
    assert_eq!(Model::ALL.len(), 42);
}

#[test]
fn implication_is_a_partial_order_below_which_everything_is_eventual() {
    for one in Model::ALL.iter().copied() {
        assert!(one.implies(one));
        assert!(one.implies(Model::Eventual));
        for other in Model::ALL.iter().copied() {
            assert!(one == other || !(one.implies(other) && other.implies(one)), "{one} and {other}");
        }
    }
    for &(from, to) in edges() {
        assert!(from.implies(to));
    }
}

#[test]
fn closures_are_paths_of_edges() {
    // Independent of the bit sets: a depth-first search.
    fn reaches(from: Model, to: Model) -> bool {
        from == to || edges().iter().any(|(a, b)| *a == from && reaches(*b, to))
    }
    for from in Model::ALL.iter().copied() {
        for to in Model::ALL.iter().copied() {
            let expected = to == Model::Eventual || reaches(from, to);
            assert_eq!(from.implies(to), expected, "{from} {to}");
        }
    }
}

#[test]
fn incomparable_stays_incomparable() {
    let (snapshot, repeatable) = (Model::SnapshotIsolation, Model::RepeatableRead);
    assert!(!snapshot.implies(repeatable) && !repeatable.implies(snapshot));
    assert!(!Model::Serializable.implies(Model::Linearizable));
    assert!(!Model::Serializable.implies(Model::ReadYourWrites));
    assert!(Model::StrictSerializable.implies(Model::ReadYourWrites));
    let both: ModelSet = [snapshot, repeatable].into_iter().collect();
    assert_eq!(both.to_string(), "snapshot_isolation and repeatable_read");
}

/// Case `consistency-availability`: Jepsen's map; Bailis et al., Highly Available Transactions (VLDB 2013), table 3.
#[test]
fn availability_under_partition_is_as_published() {
    use Availability::{Sticky, Total, Unavailable};
    let published = [
        ("linearizable", Unavailable),
        ("sequential", Unavailable),
        ("snapshot-isolation", Unavailable),
        ("cursor-stability", Unavailable),
        ("causal", Sticky),
        ("PRAM", Sticky),
        ("read-your-writes", Sticky),
        ("monotonic-reads", Total),
        ("monotonic-writes", Total),
        ("writes-follow-reads", Total),
        ("read-committed", Total),
        ("monotonic-atomic-view", Total),
    ];
    for (name, class) in published {
        assert_eq!(Model::parse(name).and_then(Model::availability), Some(class), "{name}");
    }
    assert_eq!(Model::Prefix.availability(), None);
}

#[test]
fn a_stronger_model_is_never_more_available() {
    for one in Model::ALL.iter().copied() {
        for other in Model::ALL.iter().copied().filter(|other| one.implies(*other)) {
            if let (Some(stronger), Some(weaker)) = (one.availability(), other.availability()) {
                assert!(stronger <= weaker, "{one} {other}");
            }
        }
    }
}

/// Case `consistency-hermitage`: ept/hermitage README @000346f (CC BY 4.0).
#[test]
fn prevented_anomalies_are_as_measured() {
    use Prevention::{No, ReadOnly, Yes};
    let measured = [
        ("PostgreSQL", "read committed", "P4", No),
        ("PostgreSQL", "repeatable read", "P4", Yes),
        ("PostgreSQL", "repeatable read", "G2-item", No),
        ("PostgreSQL", "serializable", "G2", Yes),
        ("MySQL/InnoDB", "repeatable read", "P4", No),
        ("MySQL/InnoDB", "repeatable read", "G-single", ReadOnly),
        ("Oracle DB", "serializable", "G2-item", No),
        ("MS SQL Server", "snapshot", "G2-item", No),
        ("MS SQL Server", "repeatable read", "G2-item", Yes),
        ("CockroachDB", "serializable", "G2", Yes),
        ("Memgraph", "read committed", "P4", Yes),
    ];
    for (database, level, anomaly, expected) in measured {
        let anomaly = Anomaly::parse(anomaly).unwrap();
        assert_eq!(prevention(database, level, anomaly), Some(expected), "{database} {level} {anomaly:?}");
    }
}

#[test]
fn a_level_is_found_by_what_a_design_calls_it() {
    // SQL Server has two kinds of read committed; the locking one is the default.
    let levels = isolation::levels_of("sqlserver").unwrap();
    assert_eq!(isolation::choose(&levels, "read_committed").unwrap().name, "read committed (locking)");
    assert_eq!(isolation::choose(&levels, "snapshot_isolation").unwrap().name, "snapshot");
    // Oracle's serializable is snapshot isolation.
    let oracle = isolation::levels_of("oracle").unwrap();
    let serializable = isolation::choose(&oracle, "serializable").unwrap();
    assert_eq!(serializable.actual, Some(Model::SnapshotIsolation));
    assert!(serializable.write_skew_possible() && !serializable.lost_update_possible());
    assert_eq!(isolation::lost_update_possible("mysql", "repeatable_read"), Some(true));
    assert_eq!(isolation::write_skew_possible("postgresql", "serializable"), Some(false));
    assert_eq!(isolation::lost_update_possible("mongodb", "snapshot_isolation"), None);
    assert_eq!(isolation::lost_update_possible("postgresql", "read_uncommitted"), None);
}

#[test]
fn models_exclude_what_they_are_published_to_exclude() {
    let excludes = |model, phenomenon| ModelSet::closure(model).excludes(phenomenon);
    assert!(excludes(Model::SnapshotIsolation, Phenomenon::LostUpdate));
    assert!(!excludes(Model::SnapshotIsolation, Phenomenon::WriteSkew));
    assert!(excludes(Model::Serializable, Phenomenon::WriteSkew));
    assert!(!excludes(Model::MonotonicAtomicView, Phenomenon::LostUpdate));
    assert!(excludes(Model::Linearizable, Phenomenon::StaleRead));
    assert!(!excludes(Model::Serializable, Phenomenon::StaleRead));
}

#[test]
fn every_row_of_the_table_names_a_model() {
    for database in ["PostgreSQL", "MySQL/InnoDB", "Oracle DB", "MS SQL Server", "FDB SQL Layer", "Memgraph"]
    {
        let levels = isolation::levels_of(database).unwrap();
        assert_eq!(levels.iter().filter(|level| level.default).count(), 1, "{database}");
        assert!(levels.iter().all(|level| level.actual.is_some()), "{database}");
    }
}

#[test]
fn names_of_a_design_are_models() {
    for name in Model::USER_NAMES {
        let model = Model::from_user(name).unwrap();
        assert!(*name == "strong" || model.name() == *name);
    }
    assert_eq!(Model::from_user("strong"), Some(Model::Linearizable));
    assert_eq!(Model::from_user("rola"), None);
    assert!(Model::Serializable.is_transactional() && !Model::Causal.is_transactional());
}
