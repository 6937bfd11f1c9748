//! Text to verdict on generated designs: cost must be linear in the size of the design.
//!
//! `cargo bench --bench check` prints times; 10 000 elements and 15 000 steps should take under a second.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use sysd::compile::{Options, compile};
use sysd::source::NoFiles;

/// A design of about so many elements, with one and a half steps for each: teams of ten elements, each
/// with a gateway, services, a cache, a store and a topic, and three flows of five steps.
fn design(elements: usize) -> String {
    let mut text = String::from(
        "let dau = 50M users \"assumption\"\nworkload { peak 3x, growth 2x per year, horizon 3 year }\n\
         region us { zones 3 }\nactor user \"People\"\ndefaults service { timeout 1s, auth jwt }\n",
    );
    for team in 0..elements.div_ceil(10) {
        let _ = write!(
            text,
            r#"group team{team} "Team {team}" {{
  gateway edge "Entry" {{ replicas 3, in us, capacity 20k req/s, timeout 2s, limit {{ rate 100/min per user }} }}
  service api "Answers" {{ replicas 12, in us, capacity 800 req/s, concurrency 200, latency {{ p50 8ms, p99 60ms }} }}
  service search "Finds" {{ replicas 6, in us, capacity 400 req/s, latency {{ p50 12ms, p99 90ms }} }}
  service mail "Sends" {{ replicas 2, in us, latency {{ mean 20ms }}, capacity 100 req/s }}
  worker index "Indexes" {{ replicas 4, in us, capacity 200 msg/s, timeout 10s }}
  cache hot: redis "Hot items" {{ replicas 6, in us, hit 95%, memory 16 GB, capacity 60k req/s, timeout 100ms, latency {{ p50 0.4ms, p99 2ms }} }}
  store items: postgresql "Items" {{ replicas 3, in us, replication {{ mode synchronous, leader single }}, failover automatic 30s, capacity {{ read 5k req/s, write 2k req/s }}, timeout 500ms, latency {{ p50 2ms, p99 15ms }}, holds item }}
  store found: elasticsearch "Index" {{ replicas 3, in us, capacity 2k req/s, timeout 500ms, latency {{ p50 10ms, p99 80ms }} }}
  topic changes: kafka "Changes" {{ replicas 3, in us, partitions 24, retention 7 day, capacity 100k msg/s, timeout 1s }}
  external bank "Bank" {{ availability 99.9%, timeout 2s, latency {{ p50 90ms, p99 400ms }} }}
  data item {{ size 2 kB, class internal, keep 1 year }}
  flow read "Read" {{
    rate dau * 2/day; require {{ p99 300ms, availability 99.9% }}
    user -> edge -> api "GET /v1/items"
    api -> hot read item
    on miss {{ api -> items read item; api -> hot write item }}
  }}
  flow save "Save" {{
    rate dau * 0.2/day
    user -> edge -> api "POST /v1/items"
    api -> items write item {{ idempotent by id }}
    api ~> changes publish changed
    changes ~> index consume changed
    index -> found write entry
  }}
  flow find "Find" {{
    rate dau * 0.5/day
    user -> edge -> search "GET /v1/search"
    search -> found read entry
    search -> bank "rates" {{ optional, breaker {{ opens 50%, after 10s }} }}
  }}
}}
"#
        );
    }
    text
}

fn check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    for elements in [1_000, 10_000, 100_000] {
        let text = design(elements);
        group.throughput(Throughput::Elements(elements as u64));
        group.bench_with_input(BenchmarkId::from_parameter(elements), &text, |bencher, text| {
            bencher.iter(|| {
                black_box(
                    compile("design.sysd", text.as_bytes(), &NoFiles, &Options::default()).findings.len(),
                )
            });
        });
    }
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
