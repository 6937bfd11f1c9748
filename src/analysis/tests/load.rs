//! Load: multiplicities, triggers, queues, cache policies, peaks, scenarios.

use super::{analysed, assert_needs, assert_number, base};

const FEED: &str = "
    workload { peak 3x }
    actor user
    service api { replicas 4, capacity 1000/s }
    cache feeds { hit 90% }
    store posts
    data post { size 1 kB }
    data feed { size 2 kB }
    flow view { rate 600/s, user -> api
      api -> feeds read feed
      on miss { api -> posts read post { fan_out 20 }
                api -> feeds write feed } }
    flow publish { rate 60/s, peak 2x
      user -> api -> posts write post { times 2 }
      chance 25% { api -> feeds write feed } }
";

/// By hand: misses 60/s × 20 reads, 60/s × 2 writes; the feeds take 600 + 60 + 15.
#[test]
fn steps_multiply_what_encloses_them() {
    let facts = base(FEED);
    assert_number(&facts, "api.load.average", 660.0);
    assert_number(&facts, "api.load.peak", 3.0 * 600.0 + 2.0 * 60.0);
    assert_number(&facts, "posts.load.read.average", 1200.0);
    assert_number(&facts, "posts.load.write.average", 120.0);
    assert_number(&facts, "posts.load.average", 1320.0);
    assert_number(&facts, "feeds.load.average", 675.0);
    assert_number(&facts, "feeds.load.read.peak", 1800.0);
    assert_number(&facts, "feeds.load.write.peak", 180.0 + 30.0);
}

/// A miss answers each read: twenty reads at once miss twenty times as often.
#[test]
fn what_runs_on_a_miss_runs_for_each_read() {
    let text = "actor u; service api; cache c { hit 75% }; store s
        flow f { rate 100/s, u -> api -> c read x { fan_out 8 }; on miss { api -> s read x } }";
    assert_number(&base(text), "s.load.average", 200.0);
}

#[test]
fn an_unknown_hit_ratio_is_a_need() {
    let text = "actor u; service api; cache c; store s
        flow f { rate 100/s, u -> api -> c read x; on miss { api -> s read x } }";
    assert_needs(&base(text), "s.load.average", "c.hit");
    assert_number(&base(text), "c.load.average", 100.0);
}

#[test]
fn a_flow_without_a_rate_is_a_need() {
    let facts = base("actor u; service api; flow f { u -> api }");
    assert_needs(&facts, "api.load.peak", "f.rate");
}

/// Messages of two flows start a third; average and peak are solved apart.
#[test]
fn publishes_start_flows() {
    let text = "workload { peak 2x }
        actor u; service api; topic events; worker w; worker audit; store s
        flow a { rate 100/s, u -> api ~> events publish seen }
        flow b { rate 10/s, peak 5x, u -> api ~> events publish seen { times 3 } }
        flow c { rate 7/s, u -> api ~> events publish other }
        flow work { trigger events seen, events ~> w consume seen, w -> s write seen { times 2 } }
        flow all { trigger events, events ~> audit consume }";
    let facts = base(text);
    assert_number(&facts, "work.rate.average", 130.0);
    assert_number(&facts, "work.rate.peak", 350.0);
    assert_number(&facts, "w.load.peak", 350.0);
    assert_number(&facts, "s.load.average", 260.0);
    assert_number(&facts, "audit.load.average", 137.0);
    assert_number(&facts, "events.load.average", 137.0);
}

/// `trigger q x` alone delivers to what the flow starts with, once.
#[test]
fn a_trigger_delivers_once() {
    let text = "actor u; service api; queue q; worker w; store s
        flow a { rate 50/s, u -> api ~> q publish job }
        flow b { trigger q job, w -> s write x }";
    let facts = base(text);
    assert_number(&facts, "w.load.average", 50.0);
    assert_number(&facts, "s.load.average", 50.0);
}

/// A queue shares its messages by replicas, a topic copies them.
#[test]
fn consumers_of_a_queue_share() {
    let text = |kind: &str| {
        format!(
            "actor u; service api; {kind} q; worker big {{ replicas 3 }}; worker small {{ replicas 1 }}
             flow a {{ rate 80/s, u -> api ~> q publish job
               q ~> big consume job; q ~> small consume job }}"
        )
    };
    let facts = base(&text("queue"));
    assert_number(&facts, "big.load.average", 60.0);
    assert_number(&facts, "small.load.average", 20.0);
    let facts = base(&text("topic"));
    assert_number(&facts, "big.load.average", 80.0);
    assert_number(&facts, "small.load.average", 80.0);
}

/// Each message fails once in five and is published again: 100 / (1 - 0.2).
#[test]
fn feedback_is_solved() {
    let text = "actor u; service api; queue q; worker w
        flow a { rate 100/s, u -> api ~> q publish job }
        flow b { trigger q job, q ~> w consume job, w ~> q publish job { chance 20% } }";
    let facts = base(text);
    assert_number(&facts, "b.rate.average", 125.0);
    assert_number(&facts, "q.load.average", 125.0);
    assert!(facts.feedback.is_empty());
}

#[test]
fn endless_feedback_has_no_rate() {
    let text = "actor u; service api; queue q; worker w
        flow a { rate 100/s, u -> api ~> q publish job }
        flow b { trigger q job, q ~> w consume job, w ~> q publish job { times 1.3 } }";
    let facts = base(text);
    assert!((facts.feedback[0].radius / 1.3 - 1.0).abs() < 1e-9);
    assert_needs(
        &facts,
        "w.load.average",
        "a feedback in which each message causes less than one of its kind",
    );
}

#[test]
fn caches_call_their_origin_by_policy() {
    let text = |policy: &str| {
        format!(
            "actor u; service api; store s; cache c {{ of s, hit 80%, policy {policy} }}
             flow r {{ rate 100/s, u -> api -> c read x }}
             flow w {{ rate 30/s, u -> api -> c write x }}"
        )
    };
    assert_number(&base(&text("cache_aside")), "s.load.average", 0.0);
    assert_number(&base(&text("read_through")), "s.load.average", 20.0);
    assert_number(&base(&text("write_through")), "s.load.average", 30.0);
    assert_number(&base(&text("write_around")), "s.load.write.average", 30.0);
    assert_number(&base(&text("write_back")), "s.load.average", 30.0);
}

#[test]
fn a_clock_has_no_peak() {
    let text = "workload { peak 4x }; worker w; store s; flow f { trigger every 1 min, w -> s write x }";
    let facts = base(text);
    assert_number(&facts, "f.rate.average", 1.0 / 60.0);
    assert_number(&facts, "f.rate.peak", 1.0 / 60.0);
}

#[test]
fn scenarios_change_rates_and_hit_ratios() {
    let text = format!(
        "{FEED}
        scenario ten {{ rate 10x, rate publish 2x }}
        scenario cold {{ hit feeds 0% }}
        scenario down {{ fail feeds }}"
    );
    let analysis = analysed(&text);
    let [(_, ten), (_, cold), (_, down)] = &analysis.scenarios[..] else { panic!() };
    assert_number(ten, "api.load.average", 6000.0 + 120.0);
    assert_number(cold, "posts.load.read.average", 12_000.0);
    assert_number(down, "posts.load.read.average", 12_000.0);
}

#[test]
fn what_undoes_and_what_replaces_runs_after_failures_only() {
    let text = "actor u; service api; store s; external bank
        flow f { rate 10/s, u -> api -> s write x
          api -> bank
          on failure { api -> s write later }
          compensate { api -> s delete x } }
        scenario bank_down { fail bank }";
    let analysis = analysed(text);
    assert_number(&analysis.scenarios[0].1, "s.load.average", 20.0);
    assert_needs(&analysis.base, "s.load.average", "bank.availability");
}

/// An item that is asked for λ times a second and expires after T is hit λT / (1 + λT) of the time, where there is
/// room for all: 0.1/s and 10 s give a half, and the cache behind it is asked half as often: a third.
#[test]
fn what_expires_must_be_asked_for_again() {
    let cache = "items 1000, item_size 1 kB, memory 1 GB, skew uniform, ttl 10s";
    let text = format!(
        "actor u; service api; store s: postgresql; cache near: redis {{ of far, {cache} }}
        cache far: redis {{ of s, {cache} }}
        flow f {{ rate 100/s, u -> api -> near read x
          on miss {{ api -> far read x
            on miss {{ api -> s read x }} }} }}
        scenario busy {{ rate 9x }}; scenario cold {{ hit near 0% }}"
    );
    let analysis = analysed(&text);
    assert_number(&analysis.base, "near.cache.hit_ratio", 0.5);
    assert_number(&analysis.base, "far.cache.hit_ratio", 1.0 / 3.0);
    assert_number(&analysis.base, "s.load.average", 100.0 / 3.0);
    assert_number(&analysis.scenarios[0].1, "near.cache.hit_ratio", 0.9);
    assert_number(&analysis.scenarios[1].1, "far.cache.hit_ratio", 0.5);
    let unknown = text.replace("rate 100/s, ", "");
    assert_needs(&base(&unknown), "near.cache.hit_ratio", "near.hit, or how often near is read");
}

/// Each request to what is limited is a write of its counter: 10/s at `api`, 20/s of the limited step, 10/s of the flow.
#[test]
fn counters_of_rate_limits_are_written() {
    let facts = base(
        "actor u; service api { limit { rate 100/s, counters hits } }; service b
        cache hits: redis; cache own: redis
        flow f { rate 10/s, limit { rate 5/s, counters own }, u -> api
          api -> b { times 2, limit { rate 50/s, counters hits } } }",
    );
    assert_number(&facts, "hits.load.average", 30.0);
    assert_number(&facts, "hits.load.write.average", 30.0);
    assert_number(&facts, "own.load.average", 10.0);
}

/// What a flow sets off is among the numbers of its completion.
#[test]
fn completions_name_the_flows_that_are_set_off() {
    let facts = base(
        "actor u; service api { latency { p50 1ms } }; service w { latency { p50 50ms } }
        queue q: sqs { latency { p50 2ms } }; network { within_zone 0ms }
        flow f { rate 10/s, u -> api ~> q publish job }
        flow g { trigger q job, q ~> w consume job }",
    );
    let id = facts.derivation.named("f.completed.p99").unwrap();
    let inputs = &facts.derivation.fact(id).inputs;
    let labels: Vec<&str> = inputs.iter().map(|i| facts.derivation.fact(*i).label.as_str()).collect();
    let last = labels.last().copied().unwrap();
    assert_eq!(last, "mean completion of g, which it sets off");
    super::assert_near(&facts, "f.completed.p50", 0.053, 1e-6);
}
