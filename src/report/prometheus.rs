//! `sysd export prometheus`: recording rules and alerts from what a design promises and watches.
//!
//! Burn-rate alerts on several windows as chapter 5 of The Site Reliability Workbook recommends: of a budget for
//! 30 days, 2% in an hour or 5% in six hours call somebody, 10% in three days open a ticket; each only while the
//! short window burns too, so that an alert ends soon after its cause.

use crate::analysis::objectives::{Good, Objective, Watch, objectives, watches};
use crate::analysis::show_value;
use crate::compile::Design;
use crate::model::{Entity, FlowId, Model};
use crate::syntax::BinaryOp;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How fast a budget burns, over which long and short window.
struct Burn {
    /// How many times as fast as the whole period allows.
    factor: f64,
    long: &'static str,
    short: &'static str,
    severity: &'static str,
    /// The end of the alert's name.
    name: &'static str,
}

const BURNS: [Burn; 3] = [
    Burn { factor: 14.4, long: "1h", short: "5m", severity: "page", name: "burns fast" },
    Burn { factor: 6.0, long: "6h", short: "30m", severity: "page", name: "burns" },
    Burn { factor: 1.0, long: "3d", short: "6h", severity: "ticket", name: "burns slowly" },
];

/// The windows that are recorded.
const WINDOWS: [&str; 5] = ["5m", "30m", "1h", "6h", "3d"];

const SERIES: &str = "\
# It reads these series, which the services of the design expose or a recording rule derives from what they expose:
#   sysd_flow_requests_total{system, flow, outcome=\"success|failure\"}   counter
#   sysd_flow_duration_seconds{system, flow}                            histogram: until the caller is answered
#   sysd_flow_completion_seconds{system, flow}                          histogram: until all that was set off is done
#   sysd_element_requests_total{system, element, outcome}               counter
#   sysd_element_duration_seconds{system, element}                      histogram
#   sysd_element_utilization{system, element}                           gauge: share of the capacity in use
#   sysd_element_backlog{system, element}                               gauge: messages that wait
";

/// The rules, and what could not be carried over.
pub struct Exported {
    /// The file of rules.
    pub text: String,
    /// Alerts of the design that are not in it, and why.
    pub left_out: Vec<String>,
}

/// The rules of a design, or of one of its flows.
pub fn prometheus(design: &Design, only: Option<FlowId>) -> Exported {
    let model = &design.lowered.model;
    let (facts, units) = (&design.analysis.base, &design.lowered.units);
    let system = super::json::system_name(design);
    let wanted = |flow: FlowId| only.is_none_or(|o| o == flow);
    let objectives: Vec<Objective> =
        objectives(model, facts, units).into_iter().filter(|o| wanted(o.flow)).collect();
    let (watched, left) = watches(model, facts, units);
    let mut left_out: Vec<String> =
        left.into_iter().map(|text| format!("alert {text}: it compares no number with a value")).collect();
    let mut writer = Writer { design, system: &system, alerts: BTreeMap::new(), out: String::new() };
    let _ = writeln!(
        writer.out,
        "# Recording rules and alerts of {}, written by `sysd export prometheus`.\n{SERIES}groups:",
        one_line(&crate::views::system_title(design))
    );
    writer.recorded(&objectives);
    writer.burning(&objectives);
    let mut stated = Vec::new();
    for watch in watched {
        match (expression(model, &system, &watch), watch.subject) {
            (_, Entity::Flow(flow)) if !wanted(flow) => {}
            (_, Entity::Element(_)) if only.is_some() => {}
            (Some(expression), _) => stated.push((watch, expression)),
            (None, subject) => left_out.push(format!(
                "alert {} {{ {} }}: there is no series for it",
                model.entity_name(subject),
                watch.text
            )),
        }
    }
    writer.stated(&stated);
    let mut text = writer.out;
    if objectives.is_empty() && stated.is_empty() {
        text = text.replace("groups:\n", "groups: []\n");
    }
    Exported { text, left_out }
}

struct Writer<'a> {
    design: &'a Design,
    system: &'a str,
    /// How often each name of an alert was given.
    alerts: BTreeMap<String, usize>,
    out: String,
}

/// The series of the share of bad requests, without its window.
fn recorded(objective: &Objective) -> &'static str {
    match objective.good {
        Good::Success => "flow:errors:ratio_rate",
        Good::Answered(_) => "flow:slow:ratio_rate",
        Good::Completed(_) => "flow:late:ratio_rate",
    }
}

impl Writer<'_> {
    fn model(&self) -> &Model {
        &self.design.lowered.model
    }

    fn flow(&self, id: FlowId) -> &str {
        &self.model().flow(id).head.name
    }

    fn labels(&self, objective: &Objective) -> String {
        let (system, flow) = (quoted(self.system), quoted(self.flow(objective.flow)));
        match objective.good {
            Good::Success => format!("system={system},flow={flow}"),
            _ => format!("system={system},flow={flow},objective={}", quoted(&objective.metric)),
        }
    }

    fn recorded(&mut self, objectives: &[Objective]) {
        if objectives.is_empty() {
            return;
        }
        let _ = writeln!(
            self.out,
            "  - name: {}\n    rules:",
            quoted(&format!("{}: shares of bad requests", self.system))
        );
        for objective in objectives {
            for window in WINDOWS {
                let expression = self.bad(objective, window);
                let (system, flow) = (quoted(self.system), quoted(self.flow(objective.flow)));
                let _ = writeln!(
                    self.out,
                    "      - record: {}{window}\n        expr: {}\n        labels:\n          system: {system}\n          flow: {flow}",
                    recorded(objective),
                    quoted(&expression)
                );
                if objective.good != Good::Success {
                    let _ = writeln!(self.out, "          objective: {}", quoted(&objective.metric));
                }
            }
        }
    }

    /// The share of bad requests over a window.
    fn bad(&self, objective: &Objective, window: &str) -> String {
        let of = format!("system={},flow={}", quoted(self.system), quoted(self.flow(objective.flow)));
        let histogram = |series: &str, limit: f64| {
            format!(
                "1 - sum(rate({series}_bucket{{{of},le=\"{}\"}}[{window}])) / sum(rate({series}_count{{{of}}}[{window}]))",
                decimal(limit)
            )
        };
        match objective.good {
            Good::Success => format!(
                "(sum(rate(sysd_flow_requests_total{{{of},outcome=\"failure\"}}[{window}])) or vector(0)) / sum(rate(sysd_flow_requests_total{{{of}}}[{window}]))"
            ),
            Good::Answered(limit) => histogram("sysd_flow_duration_seconds", limit),
            Good::Completed(limit) => histogram("sysd_flow_completion_seconds", limit),
        }
    }

    fn burning(&mut self, objectives: &[Objective]) {
        if objectives.is_empty() {
            return;
        }
        let _ = writeln!(
            self.out,
            "  - name: {}\n    rules:",
            quoted(&format!("{}: error budgets", self.system))
        );
        for objective in objectives {
            let budget = 1.0 - objective.share;
            let (series, labels) = (recorded(objective), self.labels(objective));
            let flow = self.flow(objective.flow).to_string();
            for Burn { factor, long, short, severity, name } in BURNS {
                let limit = factor * budget;
                // A share of bad requests is at most 1: such a budget cannot burn so fast.
                if limit >= 1.0 {
                    continue;
                }
                let limit = decimal(limit);
                let expression =
                    format!("{series}{long}{{{labels}}} > {limit} and {series}{short}{{{labels}}} > {limit}");
                let times = if factor == 1.0 {
                    "faster than 30 days allow".to_string()
                } else {
                    format!("more than {} times as fast as 30 days allow", decimal(factor))
                };
                let summary = format!("{flow} burns the error budget of its {} {times}", objective.metric);
                let text = format!("Promised: {} ({}).", promise(objective), objective.promised_by);
                let name = format!("{flow} {} {name}", objective.metric);
                self.alert(&name, &expression, None, severity, &flow, (&summary, &text));
            }
        }
    }

    fn stated(&mut self, stated: &[(Watch, String)]) {
        if stated.is_empty() {
            return;
        }
        let _ = writeln!(
            self.out,
            "  - name: {}\n    rules:",
            quoted(&format!("{}: alerts of the design", self.system))
        );
        for (watch, expression) in stated {
            let subject = self.model().entity_name(watch.subject);
            let place = self.design.lowered.sources.location(watch.span);
            let summary = format!("{subject}: {}", watch.text);
            let text = format!("Stated at {place}.");
            let hold = (watch.hold > 0.0).then(|| format!("{}s", decimal(watch.hold)));
            let name = format!("{subject} {}", watch.metric);
            self.alert(&name, expression, hold.as_deref(), "page", &subject, (&summary, &text));
        }
    }

    fn alert(
        &mut self,
        name: &str,
        expression: &str,
        hold: Option<&str>,
        severity: &str,
        subject: &str,
        (summary, text): (&str, &str),
    ) {
        let name = camel(name);
        let count = self.alerts.entry(name.clone()).or_insert(0);
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name}{count}") };
        let _ = writeln!(self.out, "      - alert: {name}\n        expr: {}", quoted(expression));
        if let Some(hold) = hold {
            let _ = writeln!(self.out, "        for: {hold}");
        }
        let _ = writeln!(
            self.out,
            "        labels:\n          severity: {severity}\n          system: {}\n          subject: {}",
            quoted(self.system),
            quoted(subject)
        );
        let _ = writeln!(
            self.out,
            "        annotations:\n          summary: {}\n          description: {}",
            quoted(&template(summary)),
            quoted(&template(text))
        );
    }
}

/// What an objective promises, in words.
pub fn promise(objective: &Objective) -> String {
    let share = crate::quantity::availability_percent(1.0 - objective.share);
    let seconds = |s: f64| show_value(s, crate::analysis::derive::TIME);
    match objective.good {
        Good::Success => format!("{share} of requests succeed"),
        Good::Answered(limit) => format!("{share} of requests are answered within {}", seconds(limit)),
        Good::Completed(limit) => format!("{share} are completed within {}", seconds(limit)),
    }
}

/// What an alert of the design compares, as PromQL.
fn expression(model: &Model, system: &str, watch: &Watch) -> Option<String> {
    let name = model.entity_name(watch.subject);
    let (kind, label) = match watch.subject {
        Entity::Flow(_) => ("flow", "flow"),
        Entity::Element(_) => ("element", "element"),
        _ => return None,
    };
    let of = format!("system={},{label}={}", quoted(system), quoted(&name));
    let quantile = |name: &str| {
        let share = match name {
            "p50" => "0.5",
            "p95" => "0.95",
            "p99" => "0.99",
            "p999" => "0.999",
            _ => return None,
        };
        Some(share)
    };
    let histogram = |share: &str, series: &str| {
        format!("histogram_quantile({share}, sum by (le) (rate({series}_bucket{{{of}}}[5m])))")
    };
    let left = match (watch.metric.as_str(), kind) {
        ("error_rate", _) => format!(
            "(sum(rate(sysd_{kind}_requests_total{{{of},outcome=\"failure\"}}[5m])) or vector(0)) / sum(rate(sysd_{kind}_requests_total{{{of}}}[5m]))"
        ),
        ("rate" | "load", _) => format!("sum(rate(sysd_{kind}_requests_total{{{of}}}[5m]))"),
        ("utilization", "element") => format!("max(sysd_element_utilization{{{of}}})"),
        ("backlog", "element") => format!("sum(sysd_element_backlog{{{of}}})"),
        (metric, "flow") if metric.starts_with("completed.") => {
            histogram(quantile(&metric["completed.".len()..])?, "sysd_flow_completion_seconds")
        }
        (metric, _) => histogram(quantile(metric)?, &format!("sysd_{kind}_duration_seconds")),
    };
    let op = match watch.op {
        BinaryOp::Less => "<",
        BinaryOp::LessOrEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterOrEqual => ">=",
        _ => return None,
    };
    Some(format!("{left} {op} {}", decimal(watch.limit)))
}

/// A number without an exponent and without the noise of binary fractions.
fn decimal(value: f64) -> String {
    let text = format!("{value:.12}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-" { "0".to_string() } else { text.to_string() }
}

/// A string of YAML and of PromQL: both read the escapes of JSON.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Annotations are templates of Go: what opens one stands for itself.
fn template(text: &str) -> String {
    text.replace("{{", "{{\"{{\"}}")
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// `view_feed p99 budget` as `ViewFeedP99Budget`.
fn camel(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let mut name = String::new();
    for word in words {
        let (first, rest) = word.split_at(1);
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{camel, decimal, prometheus, template};
    use crate::compile::{Design, Options, compile};
    use crate::report::openslo::openslo;
    use crate::source::NoFiles;

    fn design(text: &str) -> Design {
        let design = compile("shop.sysd", text.as_bytes(), &NoFiles, &Options::default());
        assert!(!design.has_language_errors(), "{:?}", design.findings);
        design
    }

    const SHOP: &str = "
let most = 250ms
actor user
service api
queue jobs
flow buy { require { p99 300ms, availability 99.9% }, user -> api, api ~> jobs publish x }
flow look { user -> api }
target quick \"Quick\" { buy.p99 <= most, buy.completed.p95 <= 2s, look.availability >= 80%, total.cost <= 9 USD/month }
target loose { buy.availability >= 99% }
alert buy { error_rate > 2% for 5 min, p999 > 1s }
alert quick { error_rate > 5% }
alert jobs { backlog > 10k for 10 min, size > 3 MB }
";

    #[test]
    fn the_strictest_promise_counts_and_its_budget_burns_as_the_workbook_says() {
        let text = prometheus(&design(SHOP), None).text;
        // 14.4 × 0.1%, 6 × 0.1%, 0.1%, of availability; 14.4 × 1% of the 99th percentile within 250 ms.
        for wanted in [
            "flow:errors:ratio_rate1h{system=\\\"shop\\\",flow=\\\"buy\\\"} > 0.0144 and",
            "flow:errors:ratio_rate30m{system=\\\"shop\\\",flow=\\\"buy\\\"} > 0.006\"",
            "flow:errors:ratio_rate3d{system=\\\"shop\\\",flow=\\\"buy\\\"} > 0.001 and",
            "flow:slow:ratio_rate5m{system=\\\"shop\\\",flow=\\\"buy\\\",objective=\\\"p99\\\"} > 0.144\"",
            "flow=\\\"buy\\\",le=\\\"0.25\\\"}[6h]",
            "sysd_flow_completion_seconds_bucket{system=\\\"shop\\\",flow=\\\"buy\\\",le=\\\"2\\\"}[3d]",
            "99% of requests are answered within 250 ms (target quick: Quick)",
            "99.9% of requests succeed (require)",
        ] {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
        // 14.4 times 20% is more than everything: that alert could never fire.
        assert!(
            !text.contains("LookAvailabilityBurnsFast") && text.contains("LookAvailabilityBurnsSlowly"),
            "{text}"
        );
    }

    #[test]
    fn the_alerts_of_the_design_are_carried_over_or_named() {
        let exported = prometheus(&design(SHOP), None);
        for wanted in [
            "alert: BuyErrorRate\n",
            "alert: BuyErrorRate2\n",
            "alert: LookErrorRate\n",
            "alert: BuyP999\n",
            "alert: JobsBacklog\n",
            "for: 300s",
            "> 10000\"",
        ] {
            assert!(exported.text.contains(wanted), "{wanted}\n{}", exported.text);
        }
        assert_eq!(exported.left_out.len(), 1, "{:?}", exported.left_out);
        assert!(exported.left_out[0].contains("jobs { size > 3 MB }"));
        let only = prometheus(&design(SHOP), design(SHOP).lowered.model.flow_named("look")).text;
        assert!(only.contains("LookErrorRate") && !only.contains("Buy") && !only.contains("Jobs"), "{only}");
    }

    #[test]
    fn a_design_that_promises_nothing_has_no_rules() {
        let silent = design("actor user\nservice api\nflow look { user -> api }\n");
        assert!(prometheus(&silent, None).text.ends_with("groups: []\n"));
        assert!(openslo(&silent, None).is_empty());
    }

    #[test]
    fn objectives_are_documents_with_names_of_their_own() {
        let documents = openslo(&design(SHOP), None);
        assert_eq!(documents.len(), 5);
        assert!(documents[0].contains("kind: Service\n") && documents[0].contains("name: shop\n"));
        let names: Vec<&str> = documents.iter().filter_map(|d| d.lines().nth(3)).collect();
        assert_eq!(
            names,
            [
                "  name: shop",
                "  name: buy-availability",
                "  name: buy-completed-p95",
                "  name: buy-p99",
                "  name: look-availability"
            ]
        );
        assert!(
            documents[3].contains("target: 0.99\n") && documents[3].contains("le=\\\"0.25\\\""),
            "{}",
            documents[3]
        );
    }

    #[test]
    fn numbers_names_and_templates_are_plain() {
        assert_eq!([0.001 * 14.4, 1.0, 300.0, 1e-9].map(decimal), ["0.0144", "1", "300", "0.000000001"]);
        assert_eq!(camel("media.view_feed p99 burns"), "MediaViewFeedP99Burns");
        assert_eq!(template("{{x}}"), "{{\"{{\"}}x}}");
    }
}
