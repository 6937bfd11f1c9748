//! Brokers, consumers, retries, dual writes and copies beside the record.

use super::super::{BrokerFacts, Order};
use super::correctness;
use crate::catalog::Delivery;

fn broker(queue: &str, step: &str, rest: &str) -> BrokerFacts {
    let text = format!(
        "service api\nworker mailer {{ replicas 3 }}\nexternal smtp\nstore log: postgres\nstore boxes: postgres\n{queue}\n\
         flow send {{ api ~> jobs publish mail }}\nflow work {{ trigger jobs mail\njobs ~> mailer consume mail {step}\n{rest} }}"
    );
    correctness(&text).brokers.remove(0)
}

#[test]
fn at_least_once_into_a_consumer_with_effects_doubles_them() {
    let found = broker("queue jobs: sqs", "", "mailer -> smtp \"POST /send\"");
    assert_eq!(found.delivery.as_ref().unwrap().0, Delivery::AtLeastOnce);
    assert_eq!(found.consumers.len(), 1);
    let consumer = &found.consumers[0];
    assert_eq!((consumer.duplicates, consumer.idempotent, consumer.effects.len()), (Some(true), false, 1));
    assert!(consumer.triggered);
    assert_eq!(found.visibility_s.as_ref().unwrap().0, 30.0);
    assert_eq!(found.retention_s.as_ref().unwrap().0, 345_600.0);
    assert_eq!(found.publishers.len(), 1);
}

#[test]
fn an_idempotent_consumer_does_nothing_twice() {
    for (step, rest) in [
        ("{ idempotent by mail_id }", "mailer -> log write mail"),
        ("", "mailer -> log write mail { idempotent by mail_id }"),
        ("", "mailer -> log delete mail"),
        ("", "mailer -> smtp \"PUT /mails/{id}\""),
        ("", "mailer -> log read mail"),
    ] {
        assert!(broker("queue jobs: sqs", step, rest).consumers[0].idempotent, "{step} {rest}");
    }
    assert!(!broker("queue jobs: sqs", "", "mailer -> log write mail").consumers[0].idempotent);
}

#[test]
fn exactly_once_ends_where_the_broker_does() {
    let found = broker("queue jobs: kafka { delivery exactly_once }", "", "mailer -> log write mail");
    assert_eq!(found.consumers[0].duplicates, Some(false));
    assert_eq!(found.consumers[0].leaves_broker.len(), 1);
    // RabbitMQ offers at-least-once at most.
    let stated = broker("queue jobs: rabbitmq { delivery exactly_once }", "", "mailer -> log write mail");
    assert_eq!(stated.delivery_unsupported.as_ref().map(|(d, _)| *d), Some(Delivery::AtLeastOnce));
}

#[test]
fn an_order_for_all_needs_one_partition_and_one_consumer() {
    let order = |settings: &str| {
        let found = broker(&format!("queue jobs: {settings}"), "", "mailer -> log write mail");
        found.consumers[0].disordered.clone().map(String::from)
    };
    let several = order("kafka { ordering total, partitions 8 }");
    assert_eq!(several.as_deref(), Some("the broker does not keep that order"));
    assert_eq!(order("kafka { ordering total, partitions 1 }"), None);
    assert_eq!(order("kafka { ordering key, partitions 8 }"), None);
    assert_eq!(order("sqs { ordering key }").as_deref(), Some("the broker does not keep that order"));
    assert_eq!(order("rabbitmq { ordering total }").as_deref(), Some("3 consumers work at once"));
    let found = broker("queue jobs: kafka { ordering key }", "", "mailer -> log write mail");
    assert_eq!((found.order.unwrap().0, found.order_asked), (Order::Key, Some(Order::Key)));
}

#[test]
fn a_table_is_no_queue_and_redis_may_be_one() {
    assert!(broker("queue jobs: postgres", "", "mailer -> log write mail").table_as_queue);
    assert!(!broker("queue jobs: redis", "", "mailer -> log write mail").table_as_queue);
    let unknown = broker("queue jobs", "", "mailer -> log write mail");
    assert!(!unknown.table_as_queue);
    assert_eq!(unknown.delivery.err().as_deref(), Some("jobs.delivery"));
    assert_eq!(unknown.consumers[0].duplicates, None);
}

#[test]
fn a_retry_repeats_what_is_behind_the_call_and_not_what_a_broker_took_over() {
    let text = |property: &str, method: &str| {
        format!(
            "actor user\nservice api\nservice pay\nworker mailer\nqueue jobs: sqs\nstore books: postgres\nexternal bank\n\
             flow buy {{ user -> api\napi -> pay {{ retry {{ attempts 3 }}{property} }}\n\
             pay -> bank \"{method} /charge\"\npay ~> jobs publish paid {{ via outbox, idempotent }}\n\
             jobs ~> mailer consume paid\nmailer -> books write line }}"
        )
    };
    let effects = |text: &str| correctness(text).retries[0].effects.len();
    assert_eq!(correctness(&text("", "POST")).retries[0].attempts, 3);
    assert_eq!(effects(&text("", "POST")), 1);
    assert_eq!(effects(&text("", "GET")), 0);
    assert_eq!(effects(&text(", idempotent by payment_id", "POST")), 0);
}

#[test]
fn a_store_and_a_broker_part_unless_an_outbox_holds_them_together() {
    let text = |via: &str| {
        format!(
            "actor user\nservice api\nstore orders: postgres\ntopic events: kafka\ncache hot: redis {{ of orders }}\n\
             flow buy {{ user -> api\napi -> orders write order\napi -> hot write order\napi ~> events publish bought {via} }}"
        )
    };
    let found = correctness(&text("")).dual_writes;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].broker && !found[0].redelivered);
    for via in ["{ via outbox }", "{ via cdc }", "{ via saga }"] {
        assert!(correctness(&text(via)).dual_writes.is_empty(), "{via}");
    }
}

#[test]
fn what_a_consumer_writes_is_another_piece_of_work() {
    let text = "actor user\nservice api\nworker indexer\nstore orders: postgres\nstore index: elasticsearch\ntopic events: kafka\n\
                flow buy { user -> api\napi -> orders write order\napi ~> events publish bought { via outbox }\n\
                events ~> indexer consume bought\nindexer -> index write order }";
    assert!(correctness(text).dual_writes.is_empty());
}

#[test]
fn a_cache_that_no_write_touches_is_never_invalidated() {
    let text = |also: &str| {
        format!(
            "data post \"A post\" {{ size 1 kB }}\nactor user\nservice api\nstore posts: postgres {{ holds post }}\n\
             cache hot: redis {{ of posts }}\n\
             flow look {{ user -> api\napi -> hot read post\non miss {{ api -> posts read post }} }}\n\
             flow add {{ user -> api\napi -> posts write post{also} }}"
        )
    };
    let blind = correctness(&text("")).caches.remove(0);
    assert_eq!((blind.unseen_writes.len(), blind.ttl_s), (1, None));
    assert!(correctness(&text("\napi -> hot delete post")).caches[0].unseen_writes.is_empty());
}

#[test]
fn an_index_is_no_record_unless_messages_fill_it() {
    let text = |store: &str, flow: &str| {
        format!(
            "data post \"A post\" {{ size 1 kB }}\nactor user\nservice api\ntopic changes: kafka\n\
             store index: elasticsearch {{ holds post }}\n{store}\nflow add {{ {flow}\napi -> index write post }}"
        )
    };
    let found = |store: &str, flow: &str| correctness(&text(store, flow)).derived_sources;
    let alone = found("", "user -> api");
    assert_eq!((alone.len(), alone[0].why), (1, "index"));
    assert!(found("store posts: postgres { holds post }", "user -> api").is_empty());
    assert!(found("", "trigger changes post").is_empty());
    assert!(found("store rows: postgres", "user -> api\napi -> rows write row").is_empty());
}

#[test]
fn several_leaders_need_a_word_on_conflicts() {
    let found = correctness("store a: postgres { replication { leader multi } }\nstore b: postgres");
    assert_eq!(found.conflicts.len(), 1);
    assert!(found.conflicts[0].multi_leader && found.conflicts[0].conflicts.is_none());
    let cassandra = correctness("store a: cassandra { replication { conflicts last_write_wins } }");
    assert_eq!(cassandra.conflicts[0].conflicts.as_deref(), Some("last_write_wins"));
    assert!(!cassandra.conflicts[0].multi_leader);
}
