//! Charts of a design: what they show, in which order, and what they leave out.

use sysd::compile::{Design, Options, compile};
use sysd::render::scene::{BarChart, LineChart, Scene, Severity, Waterfall};
use sysd::source::NoFiles;
use sysd::views::{View, views};

const DESIGN: &str = r"
workload { headroom 30%, growth 2x per year, horizon 2 year }
network { within_zone 0ms }
actor user
service api { replicas 2, capacity 100 req/s, cost 100 USD/month, latency { p50 5ms } }
store db { capacity 100 req/s, cost 50 USD/month, latency { p50 20ms }, disk 1 TB }
store idle
data note { size 10 kB, keep forever }
flow ask { rate 60/s, require { p99 100ms }
  user -> api -> db write note
}
";

fn design(text: &str) -> Design {
    let design = compile("main.sysd", text.as_bytes(), &NoFiles, &Options::default());
    assert!(!design.has_language_errors(), "{:?}", design.findings);
    design
}

fn view(text: &str, name: &str) -> Option<View> {
    views(&design(text)).into_iter().find(|v| v.name == name)
}

fn bars(text: &str, name: &str) -> BarChart {
    match view(text, name).expect("a view").scene {
        Scene::Bars(chart) => chart,
        other => panic!("bars, found {other:?}"),
    }
}

fn lines(text: &str) -> LineChart {
    match view(text, "growth").expect("a view").scene {
        Scene::Lines(chart) => chart,
        other => panic!("lines, found {other:?}"),
    }
}

fn waterfall(text: &str) -> Waterfall {
    match view(text, "latency_ask").expect("a view").scene {
        Scene::Waterfall(chart) => chart,
        other => panic!("a waterfall, found {other:?}"),
    }
}

/// 60/s on two replicas of 100/s is 30%, on one 60%; a fifth of 75/s more would be above the 70% that are used.
#[test]
fn utilization_begins_with_the_busiest_and_marks_what_is_too_busy() {
    let chart = bars(DESIGN, "utilization");
    let shown: Vec<(&str, &str)> = chart.bars.iter().map(|b| (b.label.as_str(), b.text.as_str())).collect();
    assert_eq!(shown, [("db", "60%"), ("api", "30%")]);
    assert!(chart.bars.iter().all(|b| b.severity.is_none()));
    let limits: Vec<&str> = chart.limits.iter().map(|l| l.label.as_str()).collect();
    assert_eq!(limits, ["70% (headroom 30%)", "100%"]);
    let busier = bars(&DESIGN.replace("rate 60/s", "rate 75/s"), "utilization");
    assert_eq!(busier.bars[0].severity, Some(Severity::Warning));
    let broken = bars(&DESIGN.replace("rate 60/s", "rate 101/s"), "utilization");
    assert_eq!(broken.bars[0].severity, Some(Severity::Error));
}

/// Two replicas at 100 and one at 50 USD a month: 80% and 20% of 250.
#[test]
fn cost_shows_shares_and_says_what_has_no_price() {
    let chart = bars(DESIGN, "cost");
    let shown: Vec<(&str, &str)> = chart.bars.iter().map(|b| (b.label.as_str(), b.text.as_str())).collect();
    assert_eq!(shown, [("api", "200 USD/month · 80%"), ("db", "50 USD/month · 20%")]);
    assert_eq!(chart.subtitle, "250 USD/month for what has a price; one element has none");
    assert_eq!(
        view(&DESIGN.replace("cost 100 USD/month, ", "").replace("cost 50 USD/month, ", ""), "cost"),
        None
    );
}

/// 60% doubling each year reaches 100% after log2(1/0.6) = 0.737 years, 8.8 months; 60 × 10 kB a second, doubling
/// as well, fill 1 TB in log2(1 + 1 TB · ln 2 / (600 kB/s · year)) = 0.0519 years, 18.9 days.
#[test]
fn growth_shows_what_is_used_up_first() {
    let chart = lines(DESIGN);
    assert_eq!(chart.ticks.len(), 13);
    assert_eq!((chart.ticks[0].as_str(), chart.ticks[12].as_str()), ("today", "24 mo"));
    let names: Vec<&str> = chart.series.iter().map(|s| s.label.as_str()).collect();
    assert_eq!(names, ["db disk", "db utilization", "api utilization"]);
    assert_eq!(
        chart.footer,
        "used up: db disk in 18.9 days, db utilization in 8.8 months, api utilization in 20.8 months"
    );
    let busy = &chart.series[1];
    assert_eq!((busy.texts[0].as_str(), busy.texts[6].as_str()), ("60%", "120%"));
    assert_eq!(view(&DESIGN.replace(", horizon 2 year", ""), "growth"), None);
}

#[test]
fn a_waterfall_says_where_the_time_goes_and_what_is_promised() {
    let chart = waterfall(DESIGN);
    let shown: Vec<(&str, u8)> = chart.stages.iter().map(|s| (s.label.as_str(), s.depth)).collect();
    assert_eq!(shown[..2], [("user → api wait", 0), ("user → api work", 0)]);
    assert!(shown.contains(&("api → db work", 1)), "{shown:?}");
    assert!(
        chart.subtitle.contains("p99 ") && chart.subtitle.contains(" of 100 ms promised"),
        "{}",
        chart.subtitle
    );
    let end = chart.stages.iter().map(|s| s.start + s.length).fold(0.0, f64::max);
    let design = design(DESIGN);
    let mean = design.analysis.base.value(design.analysis.base.flows[0].latency.mean).expect("a mean");
    assert!((end / mean - 1.0).abs() < 1e-9, "{end} {mean}");
}

/// What takes no time that is known has no waterfall, and a design without numbers no chart.
#[test]
fn without_numbers_there_is_no_chart() {
    let all = views(&design("actor user; service api; flow ask { user -> api }"));
    assert!(all.iter().all(|v| !v.kind.is_chart()), "{all:?}");
}

/// 40/s at the median against 100/s: 40%; at the ends of the load 20% and 80%, of the capacity 50% and 32%.
#[test]
fn a_tornado_shows_what_moves_a_target() {
    let text = "let opens = 20/s to 80/s \"guess\"
        actor user; service api { capacity 80/s to 125/s }
        target calm { api.utilization <= 90% }
        flow ask { rate opens, user -> api }";
    let Scene::Waterfall(chart) = view(text, "tornado_calm").expect("a view").scene else {
        panic!("a waterfall")
    };
    let shown: Vec<(&str, &str)> = chart.stages.iter().map(|s| (s.label.as_str(), s.text.as_str())).collect();
    assert_eq!(shown, [("opens: 20/s to 80/s", "20% to 80%"), ("api.capacity: 80/s to 125/s", "50% to 32%")]);
    assert_eq!(chart.limits[0].label, "40% at the medians");
    assert!(chart.stages.iter().all(|s| s.turn.is_some_and(|t| (t - chart.limits[0].value).abs() < 1e-12)));
    let certain = text.replace("20/s to 80/s", "40/s").replace("80/s to 125/s", "100/s");
    assert_eq!(view(&certain, "tornado_calm"), None);
}
