//! How fast texts become trees: the grammar alone, and `parse` with all that follows it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use sysd::source::FileId;

const UNITS: &[&str] = &[
    "ns", "us", "ms", "s", "min", "h", "day", "month", "year", "kB", "MB", "GB", "TB", "req", "users", "USD",
];

/// A design of about a megabyte: the constructs in the proportions in which people use them.
fn design(bytes: usize) -> String {
    let mut text = String::from(
        "//! A large system, for measuring.\n\nsystem large \"Large\" { owner \"core\", status draft }\n\n",
    );
    let mut n = 0;
    while text.len() < bytes {
        n += 1;
        let part = write!(
            text,
            r#"/// The part that serves area {n}; its owner answers within a day.
group area{n} "Area {n}" {{
  let dau{n} = {n}M users "from the yearly report"
  service api{n}: go "API of area {n}" {{
    replicas 6, zones 3
    capacity 800 req/s       // measured in March
    latency {{ p50 8ms, p99 60ms }}
    timeout 1s; in us eu
    cost 210 USD/month
  }}
  store posts{n}: cassandra "Posts" {{
    holds post{n} comment{n}
    replication {{ factor 3, mode quorum, leader none, lag 200ms }}
    shard {{ by user_id, strategy hash, count 64 }}
    disk 2 TB; consistency {{ read quorum, write quorum }}
  }}
  cache feeds{n}: redis {{ of posts{n}, policy cache_aside, eviction lru, ttl 60s, hit 95% }}
}}

data post{n} "A post" {{ size 1.2 kB, key user_id, class personal, keep forever }}

flow view{n} "Open the feed of area {n}" {{
  rate dau{n} * 12/day
  peak 3x
  require {{ p99 250ms, availability 99.95%, consistency read_your_writes }}

  user -> edge -> api{n} "GET /v1/feed"
  api{n} -> feeds{n} read feed
  on miss {{
    api{n} -> posts{n} read post{n} {{ fan_out 20, consistency eventual }}
    api{n} -> feeds{n} write feed
  }}
  api{n} ~> events publish viewed{n}
}}

target fast{n} "Low latency" {{ view{n}.p99 <= 250ms }}
decision store{n} "Posts live in Cassandra" {{
  status accepted; date 2026-03-01; about posts{n}
  tradeoff consistency vs availability; choose availability
  because """
    Writes dominate, and a reader may see a post a second late.
    The team runs it already.
    """
}}

"#
        );
        if part.is_err() {
            break;
        }
    }
    text
}

fn parse(c: &mut Criterion) {
    let text = design(1_000_000);
    let is_unit = |word: &str| UNITS.contains(&word);
    assert!(sysd::syntax::parse(FileId(0), &text, &is_unit).findings.is_empty());
    let mut group = c.benchmark_group("syntax");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    group.bench_function("grammar", |b| b.iter(|| sysd::syntax::token_count(black_box(&text))));
    group.bench_function("parse", |b| b.iter(|| sysd::syntax::parse(FileId(0), black_box(&text), &is_unit)));
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
