//! Laws: a cache never strengthens, a stronger level never weakens, the meet forgets nothing.

use super::reads;
use crate::catalog::consistency::{Model as Level, ModelSet};
use proptest::prelude::*;

const STORES: &[&str] = &[
    "postgres { holds post, replicas 3 }",
    "postgres { holds post, replicas 3, replication { mode asynchronous, lag 1s } }",
    "cassandra { holds post, replication { factor 3 }, consistency { read quorum, write quorum } }",
    "cassandra { holds post, replication { factor 3 }, consistency { read one, write one } }",
    "dynamodb { holds post }",
    "dynamodb { holds post, consistency strong }",
    "mongodb { holds post }",
    "cosmosdb { holds post }",
    "elasticsearch { holds post }",
    "spanner { holds post }",
    "redis { holds post }",
];
const POLICIES: &[&str] = &["cache_aside", "read_through", "write_through", "write_back", "write_around"];
const FROM: &[&str] = &["", "from leader", "from replica", "from any"];

fn design(store: &str, cache: Option<&str>, from: &str, level: Option<&str>) -> String {
    let front = cache.map_or(String::new(), |policy| {
        format!("cache front: redis {{ of posts, policy {policy}, ttl 30s }}\n")
    });
    let step = match cache {
        Some(_) => format!("api -> front read post\non miss {{ api -> posts read post {{ {from} }} }}"),
        None => format!("api -> posts read post {{ {from} }}"),
    };
    let required = level.map_or(String::new(), |level| format!("require {{ consistency {level} }}\n"));
    format!(
        "data post \"A post\" {{ size 1 kB }}\nactor user\nservice api\nstore posts: {store}\n{front}\
         flow view {{ {required}user -> api\n{step} }}\nflow add {{ user -> api; api -> posts write post }}"
    )
}

/// What the first read of the first flow is given along its path; `None` where that is not known.
fn given(text: &str) -> Option<ModelSet> {
    let all = reads(text);
    let first = all.first()?;
    let set = first.path.iter().fold(ModelSet::all(), |set, hop| set.meet(hop.strength));
    first.needs.is_none().then_some(set)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_cache_never_strengthens_a_read(store in 0..STORES.len(), policy in 0..POLICIES.len(), from in 0..FROM.len()) {
        let bare = given(&design(STORES[store], None, FROM[from], None));
        let cached = given(&design(STORES[store], Some(POLICIES[policy]), FROM[from], None));
        prop_assert_eq!(bare.is_some(), cached.is_some());
        if let (Some(bare), Some(cached)) = (bare, cached) {
            prop_assert!(bare.contains(cached), "{bare} {cached}");
        }
    }

    #[test]
    fn asking_for_more_never_gives_less(store in 0..STORES.len(), a in 0..Level::USER_NAMES.len(), b in 0..Level::USER_NAMES.len()) {
        let (a, b) = (Level::USER_NAMES[a], Level::USER_NAMES[b]);
        let (weak, strong) = (Level::from_user(a).unwrap(), Level::from_user(b).unwrap());
        prop_assume!(strong.implies(weak));
        let asked = |level: &str| given(&design(STORES[store], None, &format!("consistency {level}"), None));
        if let (Some(less), Some(more)) = (asked(a), asked(b)) {
            prop_assert!(more.contains(less), "{a} {less}, {b} {more}");
        }
    }

    #[test]
    fn a_met_requirement_is_met_when_less_is_required(store in 0..STORES.len(), from in 0..FROM.len(), a in 0..Level::USER_NAMES.len(), b in 0..Level::USER_NAMES.len()) {
        let (a, b) = (Level::USER_NAMES[a], Level::USER_NAMES[b]);
        prop_assume!(Level::from_user(b).unwrap().implies(Level::from_user(a).unwrap()));
        let met = |level: &str| reads(&design(STORES[store], None, FROM[from], Some(level)))[0].met;
        if let (Some(less), Some(more)) = (met(a), met(b)) {
            prop_assert!(less || !more, "{a} {less}, {b} {more}");
        }
    }
}

#[test]
fn the_order_of_hops_does_not_matter_to_what_is_given() {
    for store in STORES {
        let all = reads(&design(store, Some("cache_aside"), "", None));
        let first = all.first().unwrap();
        let meet = |hops: &mut dyn Iterator<Item = ModelSet>| hops.fold(ModelSet::all(), ModelSet::meet);
        let forth = meet(&mut first.path.iter().map(|hop| hop.strength));
        assert_eq!(forth, meet(&mut first.path.iter().rev().map(|hop| hop.strength)));
        assert_eq!(first.path.len(), 2, "{store}: {:?}", first.needs);
        assert!(first.path.iter().all(|hop| hop.strength.contains(forth)));
    }
}
