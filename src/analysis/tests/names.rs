//! The table of numbers that conditions may name, held against the numbers that there are.

use super::base;
use crate::analysis::Unit;
use crate::analysis::names::find;
use crate::quantity::Dimension;
use crate::schema::{ELEMENT_NUMBERS, FLOW_NUMBERS, Measure, NODES_NUMBERS, Number};

const DESIGN: &str = "
workload { peak 2x, growth 2x per year, horizon 2 year }
data post { size 1 kB }
actor user
service api { replicas 2, zones 2, capacity 100/s, timeout 1s, concurrency 10, latency { p50 5ms, p99 20ms }, cost 10 USD/month,
  memory 1 GB, network 1 Gbit/s, connections 100, failover automatic 5s, cpu 2, runs containers }
nodes workers { count 4, cpu 4, memory 8 GB, zones 2, cost 100 USD/month }
cache hot: redis { of posts, hit 90%, ttl 5s, memory 1 GB, latency { mean 1ms } }
store posts: postgresql { holds post, replicas 2, disk 1 TB, latency { mean 2ms }, failover automatic 30s }
store likes: cassandra { replicas 3, latency { mean 2ms }, replication { factor 3 }, consistency { read one, write one } }
flow view {
  rate 10/s
  require { availability 99% }
  user -> api { retry { attempts 2, backoff exponential 100ms } }
  api -> hot read post
  on miss { api -> posts read post }
  api -> posts write post
}
";

fn dimension(measure: Measure) -> Dimension {
    match measure {
        Measure::Time => Dimension::TIME,
        Measure::Rate => Dimension::RATE,
        Measure::Data => Dimension::DATA,
        Measure::DataRate => Dimension::BANDWIDTH,
        Measure::MoneyRate => Dimension::COST,
        _ => Dimension::NONE,
    }
}

#[test]
fn every_number_of_the_table_is_there_and_measures_what_it_says() {
    let model = super::model(DESIGN);
    let facts = base(DESIGN);
    let graph = &facts.derivation;
    let look = |numbers: &[Number], subjects: &[&str]| {
        for number in numbers {
            let found = subjects.iter().filter_map(|s| find(&model, graph, &format!("{s}.{}", number.name)));
            let ids: Vec<_> = found.collect();
            assert!(!ids.is_empty(), "no number is named {}", number.name);
            for id in ids.into_iter().filter(|id| graph.value(*id).is_some()) {
                let found = match graph.fact(id).unit {
                    Unit::Of(dimension, _) => dimension,
                    _ => Dimension::NONE,
                };
                assert_eq!(found, dimension(number.measure), "{}", number.name);
            }
        }
    };
    look(ELEMENT_NUMBERS, &["api", "hot", "posts", "likes"]);
    look(FLOW_NUMBERS, &["view"]);
    look(NODES_NUMBERS, &["workers"]);
}
