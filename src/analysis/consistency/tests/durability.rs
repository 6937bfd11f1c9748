//! What acknowledged writes survive, with real technologies and settings.

use super::super::{Durability, Survival};
use super::correctness;

fn of(store: &str) -> Durability {
    let text = format!("store posts: {store}\nservice api\nflow f {{ api -> posts write post }}");
    correctness(&text).durability.into_iter().flatten().next().unwrap()
}

#[test]
fn redis_loses_an_hour_a_second_or_nothing_by_how_it_flushes() {
    // redis.conf: `save 3600 1` by default; appendfsync everysec loses a second; always loses nothing.
    assert_eq!(of("redis { replicas 1 }").window_s(), Ok(3600.0));
    assert_eq!(of("redis { replicas 1, aof everysec }").window_s(), Ok(1.0));
    let always = of("redis { replicas 1, aof always }");
    assert_eq!((always.loses(), always.only_copy), (Some(false), Some(true)));
}

#[test]
fn an_asynchronous_replica_loses_the_lag() {
    let lag = of("postgres { replicas 2, replication { mode asynchronous, lag 200ms } }");
    assert_eq!(lag.failover, Survival::Lost(Some(0.2), None));
    assert_eq!((lag.restart, lag.only_copy), (Survival::Kept, Some(false)));
    let unknown = of("postgres { replicas 2 }");
    assert_eq!((unknown.loses(), unknown.window_s()), (Some(true), Err("posts.replication.lag".into())));
    assert!(unknown.failover_grounds.iter().any(|g| g.fact == "acked_survive_failover_default"));
}

#[test]
fn a_synchronous_standby_keeps_what_was_acknowledged() {
    let kept = of("postgres { replicas 3, replication { mode synchronous } }");
    assert_eq!((kept.loses(), kept.window_s()), (Some(false), Ok(0.0)));
    // Redis offers no setting under which a failover keeps every acknowledged write.
    let redis = of("redis { replicas 3, replication { mode synchronous, lag 10ms }, aof always }");
    assert_eq!(redis.failover, Survival::Lost(Some(0.01), None));
}

#[test]
fn a_quorum_write_survives_the_loss_of_one_copy_and_a_single_one_does_not() {
    let store = |write: &str| {
        of(&format!("cassandra {{ replication {{ factor 3 }}, consistency {{ read one, write {write} }} }}"))
    };
    assert_eq!(store("quorum").failover, Survival::Kept);
    assert_eq!(store("one").failover.keeps(), Some(false));
}

#[test]
fn a_single_copy_has_no_failover() {
    let one = of("postgres { replicas 1, backup { every 24h } }");
    assert_eq!((one.failover, one.only_copy, one.backup_s), (Survival::Never, Some(true), Some(86400.0)));
}

#[test]
fn kafka_keeps_messages_by_factor_and_acknowledgement() {
    let topic = |settings: &str| {
        let text = format!(
            "topic events: kafka {{ {settings} }}\nservice api\nflow f {{ api ~> events publish x }}"
        );
        correctness(&text).durability.into_iter().flatten().next().unwrap()
    };
    let safe = topic("replication { factor 3 }, min_in_sync 2, acks all");
    assert_eq!((safe.failover, safe.restart), (Survival::Kept, Survival::Kept));
    assert_eq!(topic("replication { factor 3 }, min_in_sync 1").failover.keeps(), Some(false));
}

#[test]
fn what_is_not_known_is_asked_for() {
    let unknown = of("mydb { replicas 2 }\ntechnology mydb: relational { read_default linearizable }");
    assert_eq!(unknown.failover, Survival::Unknown("acked_survive_failover_default of mydb".into()));
    assert_eq!((unknown.loses(), unknown.restart.keeps()), (None, None));
}

#[test]
fn the_fill_of_a_cache_is_no_record_and_a_write_back_is() {
    let text = |policy: &str| {
        format!(
            "data post \"A post\" {{ size 1 kB }}\nservice api\nstore posts: postgres {{ holds post }}\n\
             cache feeds: redis {{ of posts, policy {policy} }}\nflow f {{ api -> feeds write post }}"
        )
    };
    assert!(correctness(&text("cache_aside")).writes.is_empty());
    let back = correctness(&text("write_back")).writes;
    assert_eq!(back.len(), 1, "{back:?}");
    assert!(back[0].write_back && !back[0].only_holder);
    let through = correctness(&text("write_through")).writes;
    assert!(through.iter().all(|w| !w.write_back) && through.len() == 1, "{through:?}");
}

/// The changes that bound the loss of one store, by where it comes from.
#[test]
fn what_bounds_the_loss_depends_on_where_it_comes_from() {
    use super::super::loss_remedy;
    let remedy = |body: &str, limit: f64| {
        let model = crate::analysis::tests::model(&format!("store x: {body}"));
        let (_, element) = model.elements().next().unwrap();
        let durability = super::super::writes::durability(element).unwrap();
        let all = loss_remedy(element, &durability, limit);
        all.iter().map(|c| c.text().to_string()).collect::<Vec<_>>()
    };
    let lag = "postgresql { replicas 2, failover automatic, replication { mode asynchronous, lag 5s } }";
    assert_eq!(remedy(lag, 0.0), ["replication { mode synchronous }"]);
    let second = "replicas 2, replication { mode synchronous }, failover automatic";
    assert_eq!(remedy("postgresql { backup { every 24h } }", 0.0), [second]);
    assert_eq!(remedy("postgresql { backup { every 24h } }", 3600.0), ["backup { every 1 h }"]);
    assert_eq!(remedy("postgresql", 60.0), [second]);
    // Redis copies later whatever is asked, so that nothing keeps the tail; a restart is a matter of a setting.
    let copied = "redis { replicas 2, failover automatic, replication { mode asynchronous, lag 1s } }";
    assert_eq!(remedy(copied, 0.0), Vec::<String>::new());
    assert_eq!(remedy(copied, 10.0), ["aof always"]);
}
