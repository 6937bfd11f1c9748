//! Latency: closed forms, published cases, placement, completion.

use super::{analysed, assert_near, assert_needs, assert_number, base};

const NEAR: &str = "network { within_zone 0ms }\n";

/// The sum of three exponentials of 10 ms is Erlang: F(t) = 1 - e^{-x}(1 + x + x²/2), x = t / 10 ms.
#[test]
fn a_chain_of_exponentials_is_erlang() {
    let facts = base(&format!(
        "{NEAR} actor u
         service a {{ latency {{ mean 10ms }} }}; service b {{ latency {{ mean 10ms }} }}
         store s {{ latency {{ mean 10ms }} }}
         flow f {{ u -> a -> b -> s read x }}"
    ));
    assert_number(&facts, "f.mean", 0.030);
    // Chi-squared tables: the 99th percentile with 6 degrees of freedom is 16.8119, halved.
    assert_near(&facts, "f.p99", 0.084_059_5, 0.005);
    assert_near(&facts, "f.latency_s.p95", 0.062_957_9, 0.005);
    assert_near(&facts, "f.completed.p99", 0.084_059_5, 0.005);
}

/// Case `tail-100` (Dean and Barroso): with 100 servers, 63% of requests are slower than the servers' p99.
#[test]
fn fan_out_takes_the_greatest() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 0ms }} }}; service leaf {{ latency {{ mean 1s }} }}
         flow f {{ u -> a -> leaf {{ fan_out 100 }} }}"
    ));
    // F(t) = (1 - e^{-t})^100: the median is -ln(1 - 0.5^{1/100}), the mean the 100th harmonic number.
    assert_near(&facts, "f.p50", 4.976_89, 0.005);
    assert_near(&facts, "f.mean", 5.187_377_5, 0.002);
}

/// Case `tail-required-quantile`: at a fan-out of 100 the p99 is the leaves' 99.98995th percentile.
#[test]
fn a_fan_out_needs_the_tail_of_its_leaves() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 0ms }} }}; service leaf {{ latency {{ mean 1s }} }}
         flow f {{ u -> a -> leaf {{ fan_out 100 }} }}"
    ));
    assert_near(&facts, "f.p99", -crate::math::ln(1.0 - 0.999_899_5), 0.005);
}

#[test]
fn parallel_waits_for_the_last() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 5ms }} }}
         store x {{ latency {{ p50 20ms }} }}; store y {{ latency {{ p50 30ms }} }}
         flow f {{ u -> a
           parallel {{ a -> x read p; a -> y read q }}
           a -> x read r {{ times 3 }} }}"
    ));
    assert_number(&facts, "f.p99", 0.005 + 0.030 + 0.060);
}

/// A hit in 1 ms for 90%, a miss of 1 + 50 ms for the rest.
#[test]
fn misses_mix() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 0ms }} }}
         cache c {{ hit 90%, latency {{ p50 1ms }} }}; store s {{ latency {{ p50 50ms }} }}
         flow f {{ u -> a -> c read x; on miss {{ a -> s read x }} }}"
    ));
    assert_number(&facts, "f.p50", 0.001);
    assert_number(&facts, "f.p95", 0.051);
    assert_number(&facts, "f.mean", 0.006);
}

/// A read that passes through a cdn: 90% are answered in its 1 ms, the rest take 50 ms more; of three at once each
/// misses by itself. A call is never answered by a cdn, and one without a hit ratio passes everything on.
#[test]
fn what_a_cdn_has_goes_no_further() {
    let facts = base(&format!(
        "{NEAR} actor u; cdn c {{ hit 90%, latency {{ p50 1ms }} }}; cdn bare {{ latency {{ p50 1ms }} }}
         store s {{ latency {{ p50 50ms }} }}; store t {{ latency {{ p50 50ms }} }}; store v {{ latency {{ p50 50ms }} }}
         topic q {{ latency {{ p50 0ms }} }}; worker w {{ latency {{ p50 100ms }} }}
         flow read {{ rate 100/s, u -> c -> s read x }}
         flow three {{ rate 1/s, u -> c -> v read x {{ fan_out 3 }} }}
         flow call {{ rate 10/s, u -> c -> t \"PUT /x\" }}
         flow all {{ rate 10/s, u -> bare -> t read x }}
         flow said {{ rate 10/s, u -> c read x; on miss {{ c -> t read x }} }}
         flow queued {{ rate 0/s, u -> c -> s read x; c ~> q publish m; q ~> w consume m }}"
    ));
    assert_number(&facts, "read.p50", 0.001);
    assert_number(&facts, "read.p95", 0.051);
    assert_number(&facts, "read.mean", 0.006);
    assert_number(&facts, "three.mean", 0.001 + 0.050 * (1.0 - 0.9 * 0.9 * 0.9));
    assert_number(&facts, "call.p50", 0.051);
    assert_number(&facts, "all.p50", 0.051);
    assert_number(&facts, "said.mean", 0.006);
    assert_number(&facts, "queued.completed.p50", 0.101);
    assert_number(&facts, "queued.completed.p95", 0.151);
    assert_number(&facts, "s.load.average", 10.0);
    assert_number(&facts, "v.load.average", 0.3);
    assert_number(&facts, "t.load.average", 10.0 + 10.0 + 1.0);
    assert_number(&facts, "c.load.read.average", 100.0 + 1.0 + 10.0);
}

/// Twenty reads at once, each of which misses by itself: 1 - 0.99^20 = 18% of answers see a miss.
#[test]
fn misses_of_a_fan_out_are_independent() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 0ms }} }}
         cache c {{ hit 99%, latency {{ p50 1ms }} }}; store s {{ latency {{ p50 50ms }} }}
         flow f {{ u -> a -> c read x {{ fan_out 20 }}; on miss {{ a -> s read x }} }}"
    ));
    let missed = 1.0 - crate::math::powi(0.99, 20);
    assert_number(&facts, "f.mean", 0.001 + 0.050 * missed);
    assert_number(&facts, "f.p95", 0.051);
}

/// Case `mm1-pdq`: λ = 75, μ = 100: a response of 40 ms on average, exponential.
#[test]
fn waiting_at_peak_is_part_of_it() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ concurrency 1, latency {{ mean 10ms }} }}
         flow f {{ rate 75/s, u -> a }}"
    ));
    assert_number(&facts, "f.mean", 0.040);
    assert_near(&facts, "f.p99", 0.040 * crate::math::ln(100.0), 0.005);
    assert_number(&facts, "a.concurrency.needed", 3.0);
}

#[test]
fn no_latency_no_answer() {
    let facts = base("actor u; service a { latency { mean 1ms } }; store s; flow f { u -> a -> s read x }");
    assert_needs(&facts, "f.p99", "s.latency");
}

#[test]
fn an_overloaded_element_has_no_latency() {
    let facts =
        base("actor u; service a { capacity 10/s, latency { mean 1ms } }; flow f { rate 20/s, u -> a }");
    assert_needs(&facts, "f.p99", "a utilization of a below 100%");
}

/// Two zones of three replicas each: half of the calls stay within a zone.
#[test]
fn network_time_by_placement() {
    let facts = base(
        "network { within_zone 1ms, between_zones 3ms, us eu 80ms }
         region us { zones 2 }
         region eu { zones 2 }
         actor u { rtt 40ms }
         service a { in us, replicas 6, latency { p50 0ms } }
         service b { in us, replicas 6, latency { p50 0ms } }
         service far { in eu, replicas 2, latency { p50 0ms } }
         flow near { u -> a -> b }
         flow away { u -> a -> far }",
    );
    assert_number(&facts, "near.mean", 0.042);
    assert_number(&facts, "near.p99", 0.043);
    assert_number(&facts, "away.p99", 0.120);
}

/// Writes of the callers in `eu`, half of all, pay the way to the leader in `us`; reads stay.
#[test]
fn a_leader_elsewhere_costs_the_way() {
    let facts = base(
        "network { within_zone 1ms, us eu 80ms }
         region us
         region eu
         service a { in us eu, replicas 4, latency { p50 0ms } }
         store db { in us eu, replicas 2, latency { p50 0ms }, replication { leader single in us } }
         actor u
         flow w { u -> a -> db write x }
         flow r { u -> a -> db read x { from any } }",
    );
    assert_number(&facts, "w.mean", 0.5 * 0.001 + 0.5 * 0.080);
    assert_number(&facts, "r.mean", 0.001);
}

/// By hand: 60% of the people are beside a replica and pay their own 20 ms; the others pay 80 ms more to the balancer
/// that stands in `us` alone, and everybody in `eu` to the leader.
#[test]
fn people_pay_the_way_to_the_nearest_region() {
    let facts = base(
        "network { within_zone 0ms, us eu 80ms, us ap 150ms, eu ap 120ms }
         region us; region eu; region ap
         actor u { in us 60%, in eu 40%, rtt 20ms }
         actor asian { in ap, rtt 20ms }
         service one { in us, replicas 2, latency { p50 0ms } }
         service both { in us eu, replicas 2, latency { p50 0ms } }
         store db { in us eu, replicas 2, latency { p50 0ms }, replication { leader single in us } }
         service nowhere { replicas 2, latency { p50 0ms } }
         flow far { u -> one }
         flow near { u -> both }
         flow led { u -> db write x }
         flow unplaced { u -> nowhere }
         flow third { asian -> both }
         flow push { one -> u push x }",
    );
    assert_number(&facts, "far.mean", 0.020 + 0.4 * 0.080);
    assert_number(&facts, "far.p50", 0.020);
    assert_number(&facts, "far.p95", 0.100);
    assert_number(&facts, "near.p99", 0.020);
    assert_number(&facts, "led.mean", 0.020 + 0.4 * 0.080);
    assert_number(&facts, "unplaced.p99", 0.020);
    assert_number(&facts, "third.p99", 0.020 + 0.120);
    assert_number(&facts, "push.mean", 0.020 + 0.4 * 0.080);
}

#[test]
fn regions_without_a_distance_are_a_need() {
    let facts = base(
        "region us
         region eu
         actor u; service a { in us, latency { p50 0ms } }; service b { in eu, latency { p50 0ms } }
         flow f { u -> a -> b }",
    );
    assert_needs(&facts, "f.p99", "the network time between us and eu");
}

/// The answer ends at the hand-over; completion adds the consumer and the push.
#[test]
fn completion_goes_beyond_the_answer() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 10ms }} }}; topic t {{ latency {{ p50 2ms }} }}
         worker w {{ latency {{ p50 30ms }} }}; store s {{ latency {{ p50 7ms }} }}
         flow send {{ rate 1/s, u -> a
           a ~> t publish msg
           t ~> w consume msg
           w -> u push msg
           a -> s write log }}
         flow index {{ trigger t msg, t ~> w consume msg, w -> s write x {{ times 10 }} }}"
    ));
    assert_number(&facts, "send.p99", 0.019);
    // Beside the write of 7 ms: 30 ms of the inline consumer, 100 ms of the triggered flow.
    assert_number(&facts, "send.completed.p99", 0.010 + 0.002 + 0.100);
    assert_number(&facts, "index.p99", 0.100);
}

#[test]
fn an_outbox_takes_the_broker_off_the_path() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 10ms }} }}; topic t {{ latency {{ p50 2ms }} }}
         flow f {{ u -> a ~> t publish m {{ via outbox }} }}"
    ));
    assert_number(&facts, "f.p99", 0.010);
    assert_number(&facts, "f.completed.p99", 0.012);
}

/// `read_through`: the cache itself goes to the origin on a miss.
#[test]
fn caches_take_the_time_of_their_origin() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 0ms }} }}
         cache c {{ of s, policy read_through, hit 50%, latency {{ p50 1ms }} }}; store s {{ latency {{ p50 9ms }} }}
         flow f {{ u -> a -> c read x }}"
    ));
    assert_number(&facts, "f.mean", 0.0055);
    assert_number(&facts, "f.p99", 0.010);
}

/// Case `osate-latency-queuing` without queues: [1, 2] ms and [1, 2] ms are [2, 4] ms.
#[test]
fn bounds_add_up() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ latency {{ min 1ms, max 2ms }} }}; service b {{ latency {{ min 1ms, max 2ms }} }}
         flow f {{ u -> a -> b }}"
    ));
    assert_number(&facts, "f.min", 0.002);
    assert_number(&facts, "f.max", 0.004);
    assert_needs(&facts, "f.p99", "a.latency.p50");
}

/// Little's law: 100/s for 20 ms own and 3 × 10 ms below.
#[test]
fn residence_includes_what_is_waited_for() {
    let facts = base(&format!(
        "{NEAR} actor u; service a {{ replicas 2, concurrency 8, latency {{ p50 20ms }} }}; store s {{ latency {{ p50 10ms }} }}
         topic t {{ latency {{ p50 0ms }} }}; worker w {{ concurrency 1, latency {{ p50 1ms }} }}
         flow f {{ rate 100/s, u -> a -> s read x {{ times 3 }}; a ~> t publish m
           t ~> w consume m; w -> s write y }}"
    ));
    let wait = super::value(&facts, "a.wait.mean").unwrap();
    assert_number(&facts, "a.concurrency.needed", 100.0 * (0.050 + wait));
    assert_number(&facts, "a.concurrency.declared", 16.0);
}

#[test]
fn a_slow_element_slows_the_flow() {
    let analysis = analysed(&format!(
        "{NEAR} actor u; service a {{ latency {{ p50 10ms }} }}; flow f {{ u -> a }}
         scenario slow {{ latency a 2x }}"
    ));
    assert_number(&analysis.scenarios[0].1, "f.p99", 0.020);
}

/// Case `retry-64` (SRE book, chapter 22): three layers of four attempts.
#[test]
fn retries_multiply() {
    let facts = base(
        "actor u; service a; service b; service c
         flow f { u -> a { retry { attempts 4 } }; a -> b { retry { attempts 4, budget 10% } }
           b -> c { retry { attempts 4 }, breaker { opens 50% } } }",
    );
    assert_eq!(facts.flows[0].amplification.0, 64.0);
    assert!((facts.flows[0].amplification.1 / 4.4 - 1.0).abs() < 1e-12);
}

#[test]
fn the_waterfall_covers_the_mean() {
    let facts = base(
        "actor u { rtt 40ms }; service a { latency { mean 10ms } }; store s { latency { mean 5ms } }
         flow f { u -> a -> s read x }",
    );
    let total: f64 = facts.flows[0].waterfall.iter().map(|s| s.mean).sum();
    assert_number(&facts, "f.mean", total);
}

/// By hand: 20 + 10 ms; a read of 1 ms; for one in ten, two calls of 3 + 30 ms; three calls of 4 ms; then
/// the greatest of two exponential times of 10 ms (mean 15 ms, of which the longer branch shows 10); then
/// the slowest of two (15 ms); none of what is handed over.
#[test]
fn the_waterfall_weighs_branches_and_ends_at_the_mean() {
    let facts = base(&format!(
        "{NEAR} actor u {{ rtt 20ms }}; service a {{ latency {{ p50 10ms }} }}
         cache c {{ hit 90%, latency {{ p50 1ms }} }}; service b {{ latency {{ p50 3ms }} }}
         store s {{ latency {{ mean 30ms }} }}; service d {{ latency {{ p50 4ms }} }}
         service x {{ latency {{ mean 10ms }} }}; topic t {{ latency {{ p50 0ms }} }}; worker w
         flow f {{ u -> a; a -> c read p; on miss {{ a -> b {{ times 2 }}; b -> s read p }}
           a -> d {{ times 3 }}
           parallel {{ a -> x; a -> x }}
           a -> x {{ fan_out 2 }}
           a ~> t publish m; t ~> w consume m }}"
    ));
    let spent = &facts.flows[0].waterfall;
    let shown: Vec<(usize, &str, f64)> =
        spent.iter().map(|s| (s.step.index(), s.what.word(), (s.mean * 1e6).round() / 1e3)).collect();
    let expected = [
        (0, "network", 20.0),
        (0, "work", 10.0),
        (1, "work", 1.0),
        (2, "work", 0.6),
        (3, "work", 6.0),
        (4, "work", 12.0),
        (5, "work", 10.0),
        (6, "work", 10.0),
        (5, "slowest", 5.0),
        (7, "slowest", 15.0),
    ];
    for ((step, what, mean), found) in expected.iter().zip(&shown) {
        assert_eq!((*step, *what), (found.0, found.1), "{shown:?}");
        // The greatest of two is read off a grid.
        assert!((mean / found.2 - 1.0).abs() < 2e-3, "{shown:?}");
    }
    assert_eq!(shown.len(), expected.len(), "{shown:?}");
    let end = spent.iter().map(|s| s.start + s.mean).fold(0.0, f64::max);
    assert_number(&facts, "f.mean", end);
}

/// TCP and TLS take a round trip of 80 ms each, the name 20 ms.
#[test]
fn cold_requests_set_up_a_connection() {
    let facts = base(
        "network { dns 20ms }
         actor u { rtt 80ms }
         balancer lb
         service a { latency { p50 5ms } }
         flow f { u -> lb -> a { encrypted tls } }
         flow g { u -> a { protocol quic, encrypted tls } }",
    );
    assert_number(&facts, "f.cold_s", 0.180);
    assert_number(&facts, "g.cold_s", 0.100);
}
