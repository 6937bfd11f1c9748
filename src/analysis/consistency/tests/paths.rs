//! What paths through real technologies give.

use super::{provided, read, reads};
use crate::catalog::Confidence;

/// A design with one store, asked once.
fn one(store: &str, step: &str) -> String {
    format!(
        "data post \"A post\" {{ size 1 kB, fields author }}\nactor user\nservice api\nstore posts{store}\n\
         flow view {{ rate 1/s; user -> api; api -> posts read post {step} }}"
    )
}

#[test]
fn a_postgres_leader_is_linearizable_and_its_replica_eventual() {
    let leader = read(&one(": postgres { holds post }", ""));
    assert_eq!(provided(&leader), "linearizable");
    assert_eq!((leader.staleness, leader.weakest, leader.met), (Some(0.0), None, None));
    let lag = ": postgres { holds post, replicas 3, replication { mode asynchronous, lag 200ms } }";
    let replica = read(&one(lag, "{ from replica, consistency read_your_writes }"));
    assert_eq!(provided(&replica), "eventual");
    assert_eq!((replica.met, replica.staleness, replica.weakest), (Some(false), Some(0.2), Some(0)));
    assert_eq!(replica.path[0].why, "replica, lag 200 ms");
    // The catalogue is of medium confidence here, so a finding may be a warning at most.
    assert_eq!(replica.confidence, Confidence::Medium);
    assert!(replica.path[0].grounds.iter().any(|g| g.fact == "replica_read" && !g.source.is_empty()));
}

#[test]
fn a_replica_without_a_stated_lag_has_no_bound() {
    let read = read(&one(": postgres { holds post, replicas 2 }", "{ from replica }"));
    assert_eq!(read.staleness, None);
    assert_eq!(read.unbounded.as_deref(), Some("posts.replication.lag is not stated"));
}

#[test]
fn the_only_copy_is_its_own_leader() {
    let read = read(&one(": postgres { holds post, replicas 1 }", "{ from any }"));
    assert_eq!(provided(&read), "linearizable");
}

#[test]
fn a_cache_in_front_is_the_weakest_hop() {
    let text = "data post \"A post\" { size 1 kB }\nactor user\nservice api\nstore posts: postgres { holds post }\n\
                cache feeds: redis { of posts, ttl 60s }\n\
                flow view { require { consistency read_your_writes }\nuser -> api\napi -> feeds read post\n\
                on miss { api -> posts read post; api -> feeds write post } }";
    let read = read(text);
    assert_eq!(provided(&read), "eventual");
    assert_eq!((read.met, read.staleness, read.weakest), (Some(false), Some(60.0), Some(0)));
    assert_eq!(read.path.len(), 2);
    assert_eq!(read.path[0].why, "cache with ttl 1 min");
    assert_eq!(read.required.as_deref(), Some("read_your_writes"));
}

#[test]
fn a_miss_that_asks_for_its_own_level_is_its_own_read() {
    let text = "data post \"A post\" { size 1 kB }\nactor user\nservice api\nstore posts: postgres { holds post }\n\
                cache feeds: redis { of posts, ttl 60s }\n\
                flow view { user -> api\napi -> feeds read post\non miss { api -> posts read post { consistency eventual } } }";
    assert_eq!(reads(text).len(), 2);
}

#[test]
fn a_write_through_cache_shows_what_the_caller_wrote() {
    let text = |writer: &str| {
        format!(
            "data post \"A post\" {{ size 1 kB }}\nactor user\nservice api\n\
             store posts: postgres {{ holds post }}\ncache feeds: redis {{ of posts, policy write_through, ttl 60s }}\n\
             flow view {{ require {{ consistency read_your_writes }}\nuser -> api\napi -> feeds read post }}\n\
             flow add {{ user -> api; api -> {writer} write post }}"
        )
    };
    let through = read(&text("feeds"));
    assert_eq!(provided(&through), "read_your_writes and monotonic_reads");
    assert_eq!((through.met, through.staleness), (Some(true), Some(0.0)));
    // A write that goes past the cache leaves it stale.
    assert_eq!(read(&text("posts")).met, Some(false));
}

#[test]
fn overlapping_quorums_of_cassandra_are_not_linearizable() {
    let store = |read: &str, write: &str| {
        format!(
            ": cassandra {{ holds post, replicas 3, replication {{ factor 3 }}, consistency {{ read {read}, write {write} }} }}"
        )
    };
    let quorum = read(&one(&store("quorum", "quorum"), "{ consistency read_your_writes }"));
    assert_eq!(provided(&quorum), "read_your_writes and monotonic_reads");
    // Asking for the level keeps what overlaps; it does not make it more.
    assert_eq!(quorum.met, Some(true));
    assert_eq!(quorum.quorum.as_ref().map(|q| (q.n, q.r, q.w)), Some((Some(3), Some(2), Some(2))));
    let one_one = read(&one(&store("one", "one"), ""));
    assert_eq!(provided(&one_one), "eventual");
    // PBS section 3.1: N = 3, R = W = 1 returns one of the last two versions with probability 5/9.
    let fresh = one_one.quorum.unwrap().fresh_within.unwrap();
    assert!((fresh[1] - 5.0 / 9.0).abs() < 1e-12);
}

/// Case `quorum-strict` (Gifford 1979) at the level of a design.
#[test]
fn quorums_overlap_as_published() {
    for ((r, w), strict) in [((1, 1), false), ((2, 1), false), ((2, 2), true), ((3, 1), true)] {
        let store =
            format!(": cassandra {{ replication {{ factor 3 }}, consistency {{ read {r}, write {w} }} }}");
        assert_eq!(read(&one(&store, "")).quorum.unwrap().overlaps, strict, "{r} {w}");
    }
}

#[test]
fn local_quorums_of_two_regions_do_not_overlap() {
    let store = "region us { zones 3 }\nregion eu { zones 3 }\n";
    let text = |level: &str| {
        let own = format!(
            ": cassandra {{ in us eu, replication {{ factor 6 }}, consistency {{ read {level}, write {level} }} }}"
        );
        format!("{store}{}", one(&own, ""))
    };
    assert_eq!(provided(&read(&text("local_quorum"))), "eventual");
    assert_eq!(provided(&read(&text("quorum"))), "read_your_writes and monotonic_reads");
}

#[test]
fn half_a_quorum_is_not_evaluated() {
    let read = read(&one(": cassandra { replication { factor 3 }, consistency { read quorum } }", ""));
    assert_eq!(read.needs.as_deref(), Some("posts.consistency.write"));
    assert_eq!(read.provided, None);
}

#[test]
fn dynamodb_is_strong_where_it_is_asked() {
    let default = read(&one(": dynamodb { holds post }", ""));
    assert_eq!(provided(&default), "eventual");
    let stated = read(&one(": dynamodb { holds post, consistency strong }", ""));
    assert_eq!(provided(&stated), "linearizable");
    let asked = read(&one(": dynamodb { holds post }", "{ consistency strong }"));
    assert_eq!((provided(&asked).as_str(), asked.met), ("linearizable", Some(true)));
    // The flow requires what nobody asks the store for: a setting away.
    let text = one(": dynamodb { holds post }", "").replace("rate 1/s;", "require { consistency strong };");
    let unasked = read(&text);
    assert_eq!((unasked.met, unasked.attainable), (Some(false), true));
    // A step that asks for less is given less.
    let less = read(&one(": dynamodb { holds post, consistency strong }", "{ consistency eventual }"));
    assert_eq!(provided(&less), "eventual");
}

#[test]
fn a_quorum_that_was_chosen_is_not_a_setting_away() {
    let store = ": cassandra { replication { factor 3 }, consistency { read one, write one } }";
    let text = one(store, "").replace("rate 1/s;", "require { consistency strong };");
    assert_eq!((read(&text).met, read(&text).attainable), (Some(false), false));
    let unset = one(": cassandra", "").replace("rate 1/s;", "require { consistency strong };");
    assert!(read(&unset).attainable);
}

#[test]
fn a_log_is_eventual_and_more_is_not_known() {
    let text = |level: &str| {
        format!(
            "data edit \"An edit\" {{ size 1 kB }}\nactor user\nservice api\n\
             topic edits: kafka {{ holds edit, retention forever }}\n\
             flow look {{ user -> api; api -> edits read edit {{ consistency {level} }} }}"
        )
    };
    assert_eq!(read(&text("eventual")).met, Some(true));
    assert_eq!((read(&text("causal")).met, read(&text("causal")).needs.is_some()), (None, true));
}

#[test]
fn a_cache_that_alone_holds_a_datum_is_its_record() {
    let text = "data session \"Who is signed in\" { size 1 kB }\nactor user\nservice api\nstore posts: postgres\n\
                cache hot: redis { of posts, holds session, ttl 30min }\n\
                flow look { user -> api; api -> hot read session { consistency strong } }";
    assert_eq!((read(text).met, read(text).path.len()), (Some(true), 1));
}

#[test]
fn a_global_table_is_not_strong_across_regions() {
    let read = read(&one(": dynamodb { holds post, consistency strong, global_tables yes }", ""));
    assert_eq!(provided(&read), "eventual");
}

#[test]
fn a_level_above_the_strongest_is_refused() {
    let read = read(&one(": elasticsearch { holds post }", "{ consistency strong }"));
    assert_eq!(read.met, Some(false));
    let refused = read.unsupported.unwrap();
    assert_eq!(refused.strongest, ["eventual"]);
    assert!(!read.attainable);
    // Refreshed once a second by default.
    assert_eq!(read.staleness, Some(1.0));
}

#[test]
fn a_store_without_a_technology_is_not_evaluated_unless_it_is_stated() {
    let unknown = read(&one("", ""));
    assert_eq!(unknown.needs.as_deref(), Some("posts: a technology"));
    assert_eq!(provided(&read(&one(" { consistency causal }", ""))), "causal");
}

#[test]
fn several_leaders_give_no_order() {
    let multi = ": postgres { replicas 2, replication { leader multi, mode asynchronous, lag 500ms } }";
    let read_it = read(&one(multi, ""));
    assert_eq!((provided(&read_it).as_str(), read_it.staleness), ("eventual", Some(0.5)));
    // Cosmos DB carries a session with each client, whoever takes the write.
    let session = read(&one(": cosmosdb { replication { leader multi } }", ""));
    assert_eq!(provided(&session), "read_your_writes");
}

#[test]
fn a_cdn_on_the_way_makes_the_read_as_old_as_its_ttl() {
    let text = "data photo \"A photo\" { size 1 MB }\nactor user\ncdn edge: cloudfront { ttl 1h }\n\
                store media: s3 { holds photo }\nflow view { user -> edge -> media read photo }";
    let read = read(text);
    assert_eq!((provided(&read).as_str(), read.staleness), ("eventual", Some(3600.0)));
    assert_eq!((read.path.len(), read.weakest), (2, Some(0)));
}

#[test]
fn isolation_comes_from_the_transaction_and_recency_from_the_path() {
    let text = |level: &str| {
        one(": postgres { holds post }", &format!("{{ consistency {level} }}"))
            .replace("api -> posts read", "transaction serializable { api -> posts read")
            .replace("} }", "} } }")
    };
    assert_eq!(read(&text("serializable")).met, Some(true));
    assert_eq!(read(&text("read_your_writes")).met, Some(true));
    // Both halves hold; whether they hold together is not published.
    let both = read(&text("strict_serializable"));
    assert_eq!((both.met, both.needs.is_some()), (None, true));
}

#[test]
fn a_copy_that_messages_fill_is_a_derived_copy() {
    let text = "data item \"An item\" { size 1 kB }\nactor user\nservice api\nworker indexer\n\
                store items: postgres { holds item }\nstore view: mongodb { holds item, consistency strong }\n\
                topic changes: kafka\n\
                flow look { require { consistency read_your_writes }\nuser -> api\napi -> view read item }\n\
                flow add { user -> api\napi -> items write item\napi ~> changes publish item { via outbox } }\n\
                flow fill { trigger changes item\nindexer -> view write item }";
    let read = read(text);
    assert_eq!((read.met, read.path[0].why.as_str()), (Some(false), "derived copy"));
    assert_eq!(read.staleness, None);
}
