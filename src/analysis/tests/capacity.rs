//! Utilization, replicas, storage, cost, growth against numbers worked by hand and published estimates.

use super::{analysed, assert_near, assert_needs, assert_number, base};

#[test]
fn stateless_replicas() {
    let facts = base(
        "workload { peak 3x, headroom 30%, growth 2x per year, horizon 3 year }
         actor u; service api { replicas 12, zones 3, capacity 800/s }
         flow f { rate 1000/s, u -> api }",
    );
    assert_number(&facts, "api.utilization.average", 1000.0 / 9600.0);
    assert_number(&facts, "api.utilization.peak", 3000.0 / 9600.0);
    assert_number(&facts, "api.utilization", 3000.0 / 9600.0);
    assert_number(&facts, "api.utilization.zone_loss", 3000.0 / 6400.0);
    assert_number(&facts, "api.utilization.horizon", 24_000.0 / 9600.0);
    assert_number(&facts, "api.replicas.required", 6.0);
    assert_number(&facts, "api.replicas.required_zone_loss", 9.0);
    assert_number(&facts, "api.replicas.required_horizon", 43.0);
    assert_number(&facts, "total.scales_to", 9600.0 / 3000.0);
}

#[test]
fn missing_facts_are_needs() {
    let facts = base("actor u; service api { replicas 2 }; flow f { rate 10/s, u -> api }");
    assert_needs(&facts, "api.utilization.peak", "api.capacity");
    assert_needs(&facts, "api.replicas.required", "api.capacity");
    assert_needs(&facts, "api.utilization.zone_loss", "api.zones");
    assert_needs(&facts, "api.utilization.horizon", "workload.growth");
    assert_needs(&facts, "total.cost", "api.cost");
}

/// 40 slots of 20 ms serve 2000 a second.
#[test]
fn capacity_from_concurrency() {
    let facts = base(
        "actor u; service api { concurrency 40, latency { mean 20ms } }; flow f { rate 500/s, u -> api }",
    );
    assert_number(&facts, "api.capacity", 2000.0);
    assert_number(&facts, "api.utilization.peak", 0.25);
}

#[test]
fn a_single_leader_is_the_bound() {
    let text = |more: &str| {
        format!(
            "actor u; service api
             store db: postgres {{ replicas 3, capacity {{ read 1000/s, write 500/s }} }}
             flow w {{ rate 200/s, u -> api -> db write x }}
             flow r {{ rate 900/s, u -> api -> db read x {more} }}"
        )
    };
    let facts = base(&text(""));
    assert_number(&facts, "db.utilization.peak", 0.4 + 0.9);
    assert_needs(&facts, "db.replicas.required", "more shards of db: it is leader-bound");
    let facts = base(&text("{ from replica }"));
    assert_number(&facts, "db.utilization.peak", 0.4 + 0.45);
    assert_number(&facts, "db.replicas.required", 3.0);
}

/// Nodes = factor × shards where no replicas are given; the hottest shard carries half as much again.
#[test]
fn shards_with_skew() {
    let facts = base(
        "actor u; service api
         store db: postgres { shard { by k, count 4, skew 1.5x }, replication { factor 3, leader single }, capacity 1000/s }
         flow w { rate 1600/s, u -> api -> db write x }",
    );
    assert_number(&facts, "db.replicas.declared", 12.0);
    assert_number(&facts, "db.utilization.peak", 1600.0 / 4000.0 * 1.5);
}

/// Writes land on three nodes, reads ask a majority of two: 600·3/6000 + 900·2/6000.
#[test]
fn quorums() {
    let facts = base(
        "actor u; service api
         store db: cassandra { replicas 6, replication { factor 3, mode quorum, leader none }, capacity 1000/s }
         flow w { rate 600/s, u -> api -> db write x }
         flow r { rate 900/s, u -> api -> db read x }",
    );
    assert_number(&facts, "db.utilization.peak", 0.3 + 0.3);
}

#[test]
fn autoscaling_counts_what_is_required() {
    let facts = base(
        "workload { peak 4x }
         actor u; service api { replicas 2 to 10, capacity 100/s, cost 30 USD/month }
         flow f { rate 150/s, u -> api }",
    );
    assert_number(&facts, "api.replicas.required", 6.0);
    assert_number(&facts, "api.utilization.peak", 1.0);
    assert_number(&facts, "total.scales_to", 1000.0 / 600.0);
    // Two replicas on average, at 30 USD for 30 days.
    assert_number(&facts, "total.cost", 60.0 / (30.0 * 86_400.0));
}

#[test]
fn a_failed_zone_takes_its_replicas() {
    let analysis = analysed(
        "region us { zones 3 }
         actor u; service api { replicas 8, in us, capacity 100/s }
         flow f { rate 300/s, u -> api }
         scenario lost { fail us.zone1 }",
    );
    assert_number(&analysis.base, "api.utilization.zone_loss", 0.6);
    let lost = &analysis.scenarios[0].1;
    assert_number(lost, "api.utilization.peak", 0.6);
    assert_number(lost, "api.utilization.zone_loss", 300.0 / 200.0);
}

/// Case `est-xu-twitter` (Xu, System Design Interview, chapter 2): 3500 queries a second, 7000 at peak,
/// 30 TB a day, 55 PB in five years.
#[test]
fn xu_twitter() {
    let facts = base(
        "let mau = 300M users \"Xu\"; let dau = mau * 50% \"Xu\"
         workload { peak 2x, growth 1x per year, horizon 5 year }
         actor u; service api; store media
         data picture { size 1 MB, keep forever }
         flow tweet { rate dau * 2/day, u -> api -> media write picture { chance 10% } }",
    );
    assert_near(&facts, "api.load.average", 3472.0, 1e-4);
    assert_near(&facts, "api.load.peak", 6944.0, 1e-4);
    assert_number(&facts, "media.storage.bytes_per_day", 30e12);
    assert_number(&facts, "media.storage.bytes_at_horizon", 54.75e15);
}

/// Case `est-twitter` (system-design-primer): 150 TB of tweets a month, 5.4 PB in 36 months of 30 days.
#[test]
fn primer_twitter() {
    let facts = base(
        "workload { horizon 36 month, growth 1x per year }
         actor u; service api; store tweets; data tweet { size 10 kB }
         flow post { rate 500M/day, u -> api -> tweets write tweet }",
    );
    assert_number(&facts, "tweets.storage.bytes_at_horizon", 5.4e15);
}

/// Case `est-xu-urlshort` (Xu, chapter 8): 1160 writes and 11 600 reads a second, 36.5 TB in ten years.
#[test]
fn xu_url_shortener() {
    let facts = base(
        "let shortened = 100M/day \"Xu\"
         workload { horizon 10 year, growth 1x per year }
         actor u; service api; store links; data link { size 100 B }
         flow shorten { rate shortened, u -> api -> links write link }
         flow follow { rate shortened * 10, u -> api -> links read link }",
    );
    assert_near(&facts, "links.load.write.average", 1160.0, 0.003);
    assert_near(&facts, "links.load.read.average", 11_600.0, 0.003);
    assert_number(&facts, "links.storage.bytes_at_horizon", 36.5e12);
}

/// Case `est-querycache` (system-design-primer): 10bn searches a month of 270 B are 2.7 TB a month.
#[test]
fn primer_query_cache() {
    let facts = base(
        "workload { horizon 1 month, growth 1x per year }
         actor u; service api; store results; data result { size 50 B + 20 B + 200 B }
         flow search { rate 10bn/month, u -> api -> results write result }",
    );
    assert_near(&facts, "api.load.average", 4000.0, 0.05);
    assert_number(&facts, "results.storage.bytes_at_horizon", 2.7e12);
}

/// Case `retry-growth` (SRE book, chapter 22): 10 100 offered to 10 000 leave 100 more each second.
#[test]
fn backlogs_grow_by_what_is_not_served() {
    let facts = base(
        "actor u; service api; queue q; worker w { capacity 10000/s }
         flow f { rate 10100/s, u -> api ~> q publish job; q ~> w consume job }",
    );
    assert_number(&facts, "q.queue.backlog_growth", 100.0);
    assert_needs(&facts, "q.queue.drain_ratio", "more capacity of w");
}

/// By hand: 100 rows of 1 kB a second, three copies, a fifth for indexes, on disks of 1 TB.
#[test]
fn disks_fill() {
    let text = "workload { horizon 1 year, growth 2x per year }
         actor u; service api
         store db: cassandra { replicas 6, replication { factor 3, leader none, mode quorum }, disk 1 TB, index_overhead 20% }
         data row { size 1 kB, keep 10 day }
         flow w { rate 100/s, u -> api -> db write row }";
    let facts = base(text);
    assert_number(&facts, "db.storage.bytes_per_day", 360e3 * 86_400.0);
    // Writes that double each year: the integral of 2^(t/year) over the last ten days, in seconds of today's writes.
    let (year, ln2) = (365.0 * 86_400.0, crate::math::ln(2.0));
    let pow = |x: f64| crate::math::exp(x * ln2);
    let last = |days: f64| year / ln2 * (2.0 - pow(1.0 - days / 365.0));
    assert_number(&facts, "db.storage.bytes_at_horizon", 360e3 * last(10.0));
    // Ten days of rows are 0.3 TB of 6 TB today and double each year.
    let ten_days = 360e3 * year / ln2 * (1.0 - pow(-10.0 / 365.0));
    assert_number(&facts, "db.disk_full_in", year * crate::math::ln(6e12 / ten_days) / ln2);
    let facts = base(&text.replace("keep 10 day", "keep forever"));
    assert_number(&facts, "db.storage.bytes_at_horizon", 360e3 * year / ln2);
    let full = year * crate::math::ln(1.0 + 6e12 / (360e3 * year / ln2)) / ln2;
    assert_number(&facts, "db.disk_full_in", full);
    // Without growth ten days of rows never fill it, and all of them do in a straight line.
    let level = text.replace(", growth 2x per year", "");
    let facts = base(&level);
    assert_number(&facts, "db.storage.bytes_at_horizon", 360e3 * 864_000.0);
    assert_eq!(super::value(&facts, "db.disk_full_in"), Ok(f64::INFINITY));
    let facts = base(&level.replace("keep 10 day", "keep forever"));
    assert_number(&facts, "db.disk_full_in", 6e12 / 360e3);
}

#[test]
fn labels_have_no_size() {
    let facts = base("actor u; service api; store db; flow w { rate 1/s, u -> api -> db write row }");
    assert_needs(&facts, "db.storage.bytes_per_day", "data row with a size");
}

#[test]
fn bandwidth_and_offload() {
    let facts = base(
        "actor u; cdn edge { of origin, hit 95% }; store origin; data photo { size 200 kB }
         flow see { rate 1000/s, u -> edge read photo; on miss { edge -> origin read photo } }",
    );
    assert_number(&facts, "edge.network.out", 200e6);
    assert_number(&facts, "edge.network.in", 10e6);
    assert_number(&facts, "origin.network.out", 10e6);
    assert_number(&facts, "edge.cache.offload", 190e6);
}

#[test]
fn memory_and_hit_ratio() {
    let facts = base(
        "actor u; service api; store s
         cache c { of s, replicas 4, memory 1 GB, replication { factor 2 }, items 1M, item_size 4 kB, skew uniform }
         flow f { rate 100/s, u -> api -> c read x; on miss { api -> s read x } }",
    );
    assert_number(&facts, "c.memory.declared", 2e9);
    assert_number(&facts, "c.memory.needed", 4e9);
    assert_near(&facts, "c.cache.hit_ratio", 0.5, 1e-6);
    assert_near(&facts, "s.load.average", 50.0, 1e-6);
}

/// Case `che-zipf0.8-n1000-c100`: a simulated LRU cache hits 0.3776.
#[test]
fn che() {
    let facts = base("cache c { memory 100 kB, items 1000, item_size 1 kB, skew zipf 0.8 }");
    assert_near(&facts, "c.cache.hit_ratio", 0.3776, 0.008);
}

#[test]
fn prices() {
    let facts = base(
        "workload { horizon 1 year, growth 1x per year }
         actor u; service api { replicas 3, cost 100 USD/month }
         store s { cost 0 USD/month, price { storage 0.02 USD/GB/month, request 0.4 USD/M } }
         data row { size 1 kB, keep 30 day }
         flow w { rate 1000/s, u -> api -> s write row }",
    );
    let month = 30.0 * 86_400.0;
    assert_number(&facts, "api.cost", 300.0 / month);
    // 2.592 TB kept and 2.592bn requests a month.
    assert_number(&facts, "s.cost", (2592.0 * 0.02 + 2592.0 * 0.4) / month);
}

#[test]
fn pools_against_connections() {
    let facts = base(
        "actor u; service api { replicas 780, pool 2 }; worker w { replicas 90, pool 2 }
         store db: postgres
         flow f { rate 1/s, u -> api -> db read x }
         flow g { trigger every 1 min, w -> db read x }",
    );
    assert_number(&facts, "db.connections.needed", 1740.0);
    assert_number(&facts, "db.connections.declared", 100.0);
}

/// 100 a second for 25 minutes on 3 replicas.
#[test]
fn streams_hold_connections() {
    let facts = base(
        "actor u; balancer lb { replicas 2 }; service chat { replicas 3, connections 100k }
         flow f { rate 100/s, u -> lb -> chat { stream { open 25 min } } }",
    );
    assert_number(&facts, "chat.connections.needed", 50_000.0);
    assert_number(&facts, "lb.connections.needed", 75_000.0);
}

/// 300/s doubling each year reach 1000/s after log2(10/3) years.
#[test]
fn what_breaks_first() {
    let facts = base(
        "workload { growth 2x per year, horizon 3 year }
         actor u; service slow { capacity 400/s }; service fast { capacity 1000/s }
         flow f { rate 300/s, u -> fast -> slow }",
    );
    let year = 365.0 * 86_400.0;
    assert_number(&facts, "fast.limits.utilization", crate::math::log2(10.0 / 3.0) * year);
    assert_eq!(facts.limits[0].element.index(), 1);
}

#[test]
fn queues() {
    let facts = base(
        "workload { peak 3x }
         actor u; service api; queue q { retention 1 day, limit_length 1M, partitions 8, poll every 2s }
         worker w { replicas 4, capacity 100/s }
         flow a { rate 200/s, u -> api ~> q publish job; q ~> w consume job }",
    );
    assert_number(&facts, "q.queue.backlog_growth", 200.0);
    assert_number(&facts, "q.queue.drain_ratio", 1.0);
    assert_number(&facts, "q.queue.outage_survived_s", 1e6 / 600.0);
    assert_number(&facts, "q.queue.polling", 2.0);
}

/// Case `mm3-pdq`: λ = 2, S = 1, three servers wait 4/9 s on average.
#[test]
fn waiting_of_three_servers() {
    let facts = base(
        "actor u; service api { replicas 3, concurrency 1, latency { mean 1s } }; flow f { rate 2/s, u -> api }",
    );
    assert_number(&facts, "api.wait.mean", 4.0 / 9.0);
    assert_number(&facts, "api.wait.probability", 4.0 / 9.0);
}

/// Case `mm1-bronson-23.3`, by capacity: μ = 30, λ = 24: 1/6 s in all, 4/30 of them waiting.
#[test]
fn waiting_by_capacity() {
    let facts =
        base("actor u; service api { capacity 30/s, latency { mean 33ms } }; flow f { rate 24/s, u -> api }");
    assert_number(&facts, "api.wait.mean", 4.0 / 30.0);
}

/// A machine four times as large carries four times the load: two doublings more than now at 50%.
#[test]
fn the_largest_machine_is_a_limit() {
    let facts = base(
        "workload { growth 2x per year, horizon 3 year }
         actor u; service api; store db { capacity 200/s, network 1 MB/s, scaling vertical { capacity 4x } }
         data row { size 2.5 kB }
         flow f { rate 100/s, u -> api -> db read row }",
    );
    assert_number(&facts, "db.limits.largest_machine", 3.0 * 365.0 * 86_400.0);
    assert_number(&facts, "db.network.utilization", 0.25);
    assert_number(&facts, "db.limits.network", 2.0 * 365.0 * 86_400.0);
}

/// Ranges that agree by themselves have a leader on every node: 9 nodes serve reads, each write lands on 3.
#[test]
fn consensus_of_many_ranges_spreads_leaders() {
    let facts = base(
        "actor u; service api; store db: cockroachdb { replicas 9, capacity 1000/s }
         flow w { rate 1500/s, u -> api -> db write x }
         flow r { rate 1800/s, u -> api -> db read x }",
    );
    assert_number(&facts, "db.utilization.peak", 1500.0 * 3.0 / 9000.0 + 1800.0 / 9000.0);
}

/// What scales by itself grows when a zone is lost, as far as it may: 9 of 3 zones leave the 6 that are needed.
#[test]
fn autoscaling_answers_a_lost_zone() {
    let text = |most: u32| {
        format!(
            "actor u; service api {{ replicas 3 to {most}, zones 3, capacity 100/s }}; flow f {{ rate 600/s, u -> api }}"
        )
    };
    let facts = base(&text(20));
    assert_number(&facts, "api.replicas.required_zone_loss", 9.0);
    assert_number(&facts, "api.utilization.zone_loss", 1.0);
    assert_number(&base(&text(6)), "api.utilization.zone_loss", 1.5);
}

/// 200 seats a second, each held for 10 minutes.
#[test]
fn holds_follow_littles_law() {
    let facts = base(
        "actor u; service api { limit { rate 5/min per user } }; store s
         workload { users 1200 }
         flow book { rate 200/s, limit { rate 300/s }, u -> api -> s write seat { hold 10 min } }",
    );
    assert_number(&facts, "book.held", 120_000.0);
    assert_number(&facts, "api.limit.admitted", 100.0);
    assert_number(&facts, "book.limit.admitted", 300.0);
}

/// Growth breaks first what is used most: the factor on today's peak is 1 / share, reached after ln(1/share)/ln 2 years.
#[test]
fn limits_say_at_which_factor_they_are_met() {
    let facts = base(
        "workload { growth 2x per year, horizon 3 year }
        actor u; service a { replicas 2, capacity 100/s }; service b { replicas 8, capacity 100/s }
        flow f { rate 100/s, u -> a -> b }",
    );
    let room: Vec<f64> = facts.limits.iter().map(|l| facts.room(l).unwrap()).collect();
    assert_eq!(room, [2.0, 8.0]);
    assert_number(&facts, "a.limits.utilization", 365.0 * 86_400.0);
    assert_number(&facts, "b.limits.utilization", 3.0 * 365.0 * 86_400.0);
}

/// Ten consumers of 10/s each on a topic of four partitions: four of them work, and take 40/s of 50/s.
#[test]
fn consumers_without_a_partition_take_nothing() {
    let text = |replicas: u32, partitions: u32| {
        format!(
            "actor u; service a; worker w {{ replicas {replicas}, concurrency 1, latency {{ mean 100ms }} }}
            topic t: kafka {{ partitions {partitions}, replicas 3 }}
            flow f {{ rate 50/s, u -> a ~> t publish e }}
            flow g {{ trigger t e, t ~> w consume e }}"
        )
    };
    let few = base(&text(10, 4));
    assert_number(&few, "w.utilization.peak", 1.25);
    assert_number(&few, "t.queue.backlog_growth", 10.0);
    let enough = base(&text(10, 10));
    assert_number(&enough, "w.utilization.peak", 0.5);
    assert_number(&enough, "t.queue.backlog_growth", 0.0);
    let spare = base(&text(10, 8));
    assert_number(&spare, "w.utilization.peak", 0.625);
    // M/M/8 at 50/s and 100 ms, by the recursion on Erlang B.
    let mut blocked = 1.0;
    for servers in 1..=8 {
        blocked = 5.0 * blocked / (f64::from(servers) + 5.0 * blocked);
    }
    let waits = blocked / (1.0 - 0.625 * (1.0 - blocked));
    assert_number(&spare, "w.wait.mean", waits * 0.1 / 3.0);
}
