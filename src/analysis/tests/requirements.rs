//! Promises: targets over computed numbers, requirements of flows, functional requirements, scenarios.

use super::analysed;
use crate::analysis::{Facts, Requirement, Status};

fn verdict<'f>(facts: &'f Facts, id: &str) -> &'f Requirement {
    facts.requirements.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("no requirement {id}"))
}

const TEXT: &str = "
    let budget = 250ms \"assumption\"
    network { within_zone 0ms }
    workload { peak 2x, growth 1x per year, horizon 2 year }
    actor u
    service api { replicas 4, capacity 100/s, latency { p50 100ms }, cost 100 USD/month }
    store db { replicas 1, capacity 1000/s, latency { p50 20ms }, cost 300 USD/month, disk 1 TB, replication { factor 1 } }
    data row { size 1 kB }
    flow write { rate 100/s, require { p99 150ms, mean 100ms, cost 800 USD/month, availability 99% }
      u -> api -> db write row }
    flow bare { rate 1/s, u -> api }
    functional \"Write\" via write
    functional \"Look\" via bare
    functional \"Nothing\"
    target fast { write.p99 <= budget / 2 }
    target slow { write.p99 < 120ms, api.utilization <= 60% }
    target cheap { total.cost <= 700 USD/month }
    target room { total.scales_to >= 1.9x }
    target disk { db.disk_full_in >= 100 day }
    target busy { all.utilization <= 51% }
    target sum { api.load.peak + db.load.peak == 402/s }
    target report_names { db.storage.bytes_per_day <= 10 GB, api.load.peak_per_s >= 1/s, write.latency_s.p99 <= 1 s }
    target unknown { db.wait_s.p99 <= api.nothing }
    target open { db.network.out_bytes_per_s <= 1 MB/s }
    target mixed { write.p99 <= 3 GB }
    target tenfold under ten { api.utilization <= 100% }
    scenario ten { rate 10x }
";

#[test]
fn targets_compare_computed_numbers() {
    let analysis = analysed(TEXT);
    let status = |id: &str| verdict(&analysis.base, id).status;
    assert_eq!(status("fast"), Status::Met);
    assert_eq!(status("slow"), Status::Violated);
    assert_eq!(status("cheap"), Status::Met);
    assert_eq!(status("room"), Status::Met);
    assert_eq!(status("disk"), Status::Met);
    assert_eq!(status("busy"), Status::Met);
    assert_eq!(status("sum"), Status::Met);
    assert_eq!(status("report_names"), Status::Met);
    assert_eq!(status("unknown"), Status::NotEvaluated);
    assert_eq!(verdict(&analysis.base, "unknown").why, "needs a number named api.nothing");
    assert_eq!(status("mixed"), Status::NotEvaluated);
    assert_eq!(verdict(&analysis.base, "fast").actual, "120 ms");
    assert_eq!(verdict(&analysis.base, "fast").expected, "write.p99 <= budget / 2");
}

#[test]
fn requirements_of_flows() {
    let analysis = analysed(TEXT);
    let met = verdict(&analysis.base, "write.p99");
    assert_eq!((met.status, met.actual.as_str(), met.expected.as_str()), (Status::Met, "120 ms", "≤ 150 ms"));
    assert_eq!(verdict(&analysis.base, "write.mean").status, Status::Violated);
    assert_eq!(verdict(&analysis.base, "write.cost").status, Status::Met);
    assert_eq!(verdict(&analysis.base, "functional.1").status, Status::Violated);
    assert_eq!(verdict(&analysis.base, "functional.2").status, Status::Met);
    assert_eq!(verdict(&analysis.base, "functional.3").status, Status::Violated);
}

#[test]
fn targets_under_a_scenario_are_judged_there() {
    let analysis = analysed(TEXT);
    let tenfold = verdict(&analysis.base, "tenfold");
    assert_eq!((tenfold.status, tenfold.scenario.is_some()), (Status::Violated, true));
    assert_eq!(verdict(&analysis.scenarios[0].1, "tenfold").status, Status::Violated);
    assert_eq!(verdict(&analysis.scenarios[0].1, "write.p99").status, Status::NotEvaluated);
}

#[test]
fn tokens_are_revocable_or_not() {
    let status = |auth: &str| {
        let text =
            format!("actor u; service a {{ auth {auth} }}; flow f {{ require {{ revocable yes }}, u -> a }}");
        verdict(&analysed(&text).base, "f.revocable").status
    };
    assert_eq!(status("session"), Status::Met);
    assert_eq!(status("jwt { revocable yes }"), Status::Met);
    assert_eq!(status("jwt { revocable no }"), Status::Violated);
    assert_eq!(status("jwt"), Status::NotEvaluated);
    assert_eq!(status("none"), Status::NotEvaluated);
}
