//! `sysd report --format json`: every number of a design; the field names are the contract.
//!
//! Values are in SI base units (seconds, bytes, per second, shares of 1); money is per month of
//! 30 days. A number that could not be evaluated is `null`, and what it needs stands under
//! `not_evaluated`.

use super::nodes::Nodes;
use crate::analysis::{
    Derivation, ElementFacts, FactId, Facts, FlowFacts, Percentiles, Rate, Requirement as Judged,
};
use crate::compile::Design;
use crate::diagnostic::{Finding as Found, Label, fingerprint};
use crate::model::Model;
use crate::numeric::retry_storm::Course;
use crate::quantity::MONTH;
use crate::source::SourceMap;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// The name of this form of the report; it changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "sysd-report/1";

/// The report on one design.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The form of this report: `sysd-report/1`.
    pub schema: &'static str,
    /// Name of the system.
    pub system: String,
    /// Its title.
    pub title: String,
    /// Documented defaults that were used, and assumptions in words.
    pub assumptions: Vec<Assumption>,
    /// Inputs of the design (`let`), by name.
    pub inputs: IndexMap<String, Input>,
    /// Numbers by element.
    pub elements: IndexMap<String, Element>,
    /// Numbers by flow.
    pub flows: IndexMap<String, Flow>,
    /// Machines that run containers, by name.
    pub nodes: IndexMap<String, Nodes>,
    /// Numbers of the whole.
    pub total: Total,
    /// What growth uses up, the first first.
    pub limits: Vec<Limit>,
    /// Every requirement with its verdict.
    pub requirements: Vec<Requirement>,
    /// The same under each scenario.
    pub scenarios: IndexMap<String, Scenario>,
    /// Every finding; accepted ones are among them.
    pub findings: Vec<Finding>,
    /// What could not be evaluated, and what it needs.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// A limit that growth will meet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Limit {
    /// The element.
    pub element: String,
    /// `utilization`, `disk`, `connections`, `memory`, `network` or `largest_machine`.
    pub what: String,
    /// The share of it that is used at peak today; `null` for what fills.
    pub used: Option<f64>,
    /// The factor on today's peak load at which it is reached; `null` for what fills.
    pub reached_at: Option<f64>,
    /// Seconds from today; 0 where it is met already, `null` for never.
    pub in_s: Option<f64>,
}

/// A default that was used, or an assumption in words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Assumption {
    /// What is assumed.
    pub what: String,
    /// Its value; `null` for one in words.
    pub value: Option<f64>,
    /// Its unit.
    pub unit: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// An input of the design.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Input {
    /// Its value in base units.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// As it is written.
    pub text: String,
    /// Where the number comes from.
    pub note: Option<String>,
}

/// Average and peak.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Load {
    /// Average, per second.
    pub average_per_s: Option<f64>,
    /// At peak, per second.
    pub peak_per_s: Option<f64>,
}

/// Load of an element.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ElementLoad {
    /// Average, per second.
    pub average_per_s: Option<f64>,
    /// At peak, per second.
    pub peak_per_s: Option<f64>,
    /// By operation.
    pub by_operation: IndexMap<String, Load>,
}

/// Shares of the capacity in use.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Utilization {
    /// At average load.
    pub average: Option<f64>,
    /// At peak.
    pub peak: Option<f64>,
    /// At peak with the fullest zone lost.
    pub zone_loss: Option<f64>,
    /// At peak with the fullest region lost.
    pub region_loss: Option<f64>,
    /// At peak at the horizon.
    pub horizon: Option<f64>,
}

/// Numbers of replicas.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Replicas {
    /// Declared.
    pub declared: Option<f64>,
    /// Required at peak.
    pub required: Option<f64>,
    /// Required so that the survivors of a lost zone carry the peak.
    pub required_zone_loss: Option<f64>,
    /// Required at the horizon.
    pub required_horizon: Option<f64>,
}

/// Slots.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Concurrency {
    /// Declared in all replicas.
    pub declared: Option<f64>,
    /// Needed at peak, by Little's law.
    pub needed: Option<f64>,
}

/// Waiting before service.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Wait {
    /// Mean.
    pub mean: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// Probability that a request waits at all.
    pub probability: Option<f64>,
}

/// Data kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Storage {
    /// Written a day, all copies and indexes included.
    pub bytes_per_day: Option<f64>,
    /// Kept at the horizon.
    pub bytes_at_horizon: Option<f64>,
    /// Seconds until the disks are full.
    pub full_in_s: Option<f64>,
}

/// Data in and out.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Network {
    /// In, at peak.
    pub in_bytes_per_s: Option<f64>,
    /// Out, at peak.
    pub out_bytes_per_s: Option<f64>,
}

/// Memory.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Memory {
    /// There is.
    pub declared_bytes: Option<f64>,
    /// Needed for the working set.
    pub needed_bytes: Option<f64>,
}

/// A cache.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cache {
    /// Share of reads that it serves.
    pub hit_ratio: Option<f64>,
    /// How old an answer may be.
    pub staleness_s: Option<f64>,
}

/// How long what a store keeps lasts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Durability {
    /// Probability that a datum outlives a year.
    pub per_year: Option<f64>,
    /// Probability that it does not, without cancellation.
    pub loss_per_year: Option<f64>,
    /// Mean seconds until every copy of a datum is lost.
    pub mean_time_to_loss_s: Option<f64>,
}

/// What an element faces when it is back after an outage, at peak.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AfterOutage {
    /// Calls while every one of them is tried as often as it may be.
    pub load_per_s: Option<f64>,
    /// That over what it can serve.
    pub utilization: Option<f64>,
    /// Calls that failed while it was down and come again.
    pub backlog: Option<f64>,
    /// So many of them at once, at most: what their callers can hold open.
    pub at_once: Option<f64>,
    /// The longest wait for an answer.
    pub wait_s: Option<f64>,
    /// Time until nothing of the outage is left, at most; `null` where it may keep itself up.
    pub time_s: Option<f64>,
    /// The share of the peak load below which the overload ends by itself.
    pub ends_below: Option<f64>,
    /// `absorbed`, `drained` or `sustained`; `null` where not evaluated.
    pub course: Option<&'static str>,
}

/// How soon reads of a store see what it acknowledged, where both ask some of its copies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Visibility {
    /// Share of the reads that see a write if they start when it is acknowledged.
    pub at_once: Option<f64>,
    /// How long after that 99% of the reads see it.
    pub p99_s: Option<f64>,
    /// How long after that 99.9% of the reads see it.
    pub p999_s: Option<f64>,
    /// How far the sampling may err; `null` where it is exact or not evaluated.
    pub sampling_error: Option<SamplingError>,
}

/// How far what is sampled may be from what more samples would give.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SamplingError {
    /// Sampled reads.
    pub samples: usize,
    /// Standard error of `at_once`.
    pub at_once: f64,
    /// The 95% interval of `p99_s`.
    pub p99_s: (f64, f64),
    /// The 95% interval of `p999_s`.
    pub p999_s: (f64, f64),
}

/// An element.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Element {
    /// Its kind.
    pub kind: String,
    /// Its technology.
    pub technology: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What arrives.
    pub load: ElementLoad,
    /// What one replica serves.
    pub capacity_per_s: Option<f64>,
    /// Shares of the capacity in use.
    pub utilization: Utilization,
    /// Numbers of replicas.
    pub replicas: Replicas,
    /// Slots.
    pub concurrency: Concurrency,
    /// Waiting before service, in seconds.
    pub wait_s: Wait,
    /// Data kept.
    pub storage: Storage,
    /// Data in and out.
    pub network: Network,
    /// Memory.
    pub memory: Memory,
    /// Of a cache.
    pub cache: Option<Cache>,
    /// Of a store that states its quorums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Of what is called again when calls fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_outage: Option<AfterOutage>,
    /// Availability of the whole element.
    pub availability: Option<f64>,
    /// Of a store that says how often copies are lost and how soon they are made anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub durability: Option<Durability>,
    /// Cost, per month.
    pub cost_per_month: Option<f64>,
}

/// Mean and percentiles, in seconds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Latency {
    /// Mean.
    pub mean: Option<f64>,
    /// Median.
    pub p50: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
    /// 99.9th percentile.
    pub p999: Option<f64>,
}

/// A minimal cut set.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CutSet {
    /// What must fail together.
    pub events: Vec<String>,
    /// How many things that is, each replica counted.
    pub order: u32,
    /// Its probability.
    pub probability: Option<f64>,
    /// Of two things: the zone or region that both live in, so that they are nearly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<String>,
}

/// What a promise of an availability allows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorBudget {
    /// The promise.
    pub promise: String,
    /// The availability that is promised.
    pub required: f64,
    /// Seconds a month that may be lost.
    pub allowed_s_per_month: Option<f64>,
    /// Share of it that is spent.
    pub spent: Option<f64>,
}

/// How much an event matters.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Importance {
    /// The event.
    pub event: String,
    /// Birnbaum importance.
    pub birnbaum: f64,
    /// Criticality importance.
    pub criticality: f64,
    /// Risk achievement worth.
    pub risk_achievement_worth: f64,
    /// Risk reduction worth.
    pub risk_reduction_worth: f64,
}

/// Retry amplification.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Amplification {
    /// The worst product of attempts along a chain.
    pub worst: f64,
    /// The same, bounded by budgets and breakers.
    pub bounded: f64,
}

/// What a read is given.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Read {
    /// What is read.
    pub data: String,
    /// The step: `api -> posts`.
    pub step: String,
    /// The level required.
    pub required: Option<String>,
    /// The strongest levels given; `null` where not evaluated.
    pub provided: Option<Vec<String>>,
    /// Upper bound of the staleness, in seconds.
    pub staleness_s: Option<f64>,
    /// The elements on its path.
    pub path: Vec<String>,
}

/// A flow.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Flow {
    /// Its title.
    pub title: Option<String>,
    /// Arrivals.
    pub rate: Load,
    /// The caller's answer.
    pub latency_s: Latency,
    /// The completion of everything it set off.
    pub completed_s: Latency,
    /// Share of time in which it works.
    pub availability: Option<f64>,
    /// 1 − availability, without cancellation.
    pub unavailability: Option<f64>,
    /// Seconds a year in which it does not work.
    pub downtime_s_per_year: Option<f64>,
    /// The same a month, a twelfth of that year.
    pub downtime_s_per_month: Option<f64>,
    /// Requests that fail in a day, at the average rate.
    pub failed_per_day: Option<f64>,
    /// The error budget of each promise of its availability.
    pub error_budgets: Vec<ErrorBudget>,
    /// What alone takes it down.
    pub single_points_of_failure: Vec<String>,
    /// Minimal cut sets up to order 3.
    pub cut_sets: Vec<CutSet>,
    /// How many there are of order 1, 2, 3 …
    pub cut_sets_by_order: Vec<f64>,
    /// Importance of each event.
    pub importance: Vec<Importance>,
    /// Proven bounds of the unavailability where it is not exact.
    pub inexact: Option<Bounds>,
    /// Retry amplification.
    pub amplification: Amplification,
    /// Its reads.
    pub reads: Vec<Read>,
}

/// Proven bounds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Bounds {
    /// Why the number is not exact.
    pub why: String,
    /// Lower bound of the unavailability.
    pub lower: f64,
    /// Upper bound of the unavailability.
    pub upper: f64,
}

/// Numbers of the whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Total {
    /// Cost, per month.
    pub cost_per_month: Option<f64>,
    /// The largest factor on all rates at which nothing is overloaded.
    pub scales_to: Option<f64>,
}

/// A requirement and its verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requirement {
    /// Stable name.
    pub id: String,
    /// Its kind: functional, require, target, invariant or recovery.
    pub kind: String,
    /// In words.
    pub text: String,
    /// `met`, `violated` or `not_evaluated`.
    pub status: String,
    /// What is expected.
    pub expected: String,
    /// What is.
    pub actual: String,
    /// Why.
    pub why: String,
}

/// A scenario.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Scenario {
    /// Its title.
    pub title: Option<String>,
    /// Numbers by element.
    pub elements: IndexMap<String, Element>,
    /// Numbers by flow.
    pub flows: IndexMap<String, Flow>,
    /// Requirements judged under it.
    pub requirements: Vec<Requirement>,
    /// Findings under it.
    pub findings: Vec<Finding>,
}

/// A place and what is said about it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// Why a finding is accepted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Accepted {
    /// The author's reason.
    pub reason: String,
    /// Until when.
    pub until: Option<String>,
}

/// A finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// The reasoning, a line each.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// The flow in which it shows.
    pub flow: Option<String>,
    /// The file.
    pub file: String,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// Other places.
    pub related: Vec<Related>,
    /// Stays the same when lines move.
    pub fingerprint: String,
    /// Set where the author accepts it.
    pub accepted: Option<Accepted>,
}

/// Something that could not be evaluated.
#[derive(Debug, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotEvaluated {
    /// What.
    pub what: String,
    /// What it needs.
    pub needs: String,
}

/// The report on a design.
pub fn report(design: &Design) -> Report {
    let model = &design.lowered.model;
    let base = &design.analysis.base;
    let sources = &design.lowered.sources;
    let scenarios =
        design.analysis.scenarios.iter().zip(design.scenario_findings()).map(|((id, facts), found)| {
            let head = &model.scenarios[id.index()].head;
            let findings = found.iter().map(|f| finding(f, sources)).collect();
            (head.name.to_string(), Scenario { findings, ..scenario(model, facts, head.title.as_deref()) })
        });
    Report {
        schema: SCHEMA,
        system: system_name(design),
        title: crate::views::system_title(design),
        assumptions: assumptions(model, &base.derivation),
        inputs: inputs(design),
        elements: elements(model, base),
        flows: flows(model, base),
        nodes: super::nodes::nodes(model, base),
        total: Total { cost_per_month: per_month(base, base.cost), scales_to: base.value(base.scales_to) },
        limits: base.limits.iter().map(|limit| limit_row(model, base, limit)).collect(),
        requirements: base.requirements.iter().map(requirement).collect(),
        scenarios: scenarios.collect(),
        findings: design.findings.iter().map(|f| finding(f, &design.lowered.sources)).collect(),
        not_evaluated: not_evaluated(design),
    }
}

/// The report as one JSON document.
pub fn json(design: &Design) -> String {
    // Plain structures without maps of odd keys: they always serialise.
    let mut text = serde_json::to_string_pretty(&report(design)).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of the report.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap_or_default();
    text.push('\n');
    text
}

/// The name of the system, else that of its file.
pub fn system_name(design: &Design) -> String {
    let head = &design.lowered.model.system.head;
    if !head.name.is_empty() {
        return head.name.to_string();
    }
    let path = &design.lowered.sources.file(head.span.file).path;
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".sysd").to_string()
}

fn assumptions(model: &Model, derivation: &Derivation) -> Vec<Assumption> {
    let defaults = derivation.assumptions().iter().map(|a| Assumption {
        what: a.what.to_string(),
        value: Some(a.value),
        unit: Some(unit_of(a.unit)),
        source: Some(a.source.to_string()),
    });
    let stated = model.assumptions.iter().map(|a| Assumption {
        what: a.text.to_string(),
        value: None,
        unit: None,
        source: a.source.as_ref().map(ToString::to_string),
    });
    defaults.chain(stated).collect()
}

/// The base unit of a number.
pub(super) fn unit_of(unit: crate::analysis::Unit) -> String {
    match unit {
        crate::analysis::Unit::Of(dimension, label) if dimension.is_none() => label.to_string(),
        crate::analysis::Unit::Of(dimension, _) => dimension.base_unit(),
        _ => "1".to_string(),
    }
}

fn inputs(design: &Design) -> IndexMap<String, Input> {
    let rows = design.lowered.model.inputs.iter().map(|input| {
        let quantity = input.scalar.quantity;
        let unit = if quantity.dimension.is_none() {
            quantity.label.unwrap_or("").to_string()
        } else {
            quantity.dimension.base_unit()
        };
        let value = Input {
            value: quantity.value,
            unit,
            text: design.lowered.sources.text(input.scalar.span).to_string(),
            note: input.note.as_ref().map(ToString::to_string),
        };
        (input.head.name.to_string(), value)
    });
    rows.collect()
}

fn elements(model: &Model, facts: &Facts) -> IndexMap<String, Element> {
    let rows = model.elements.iter().zip(&facts.elements);
    rows.map(|(element, numbers)| (element.head.name.to_string(), element_row(element, numbers, facts)))
        .collect()
}

fn element_row(element: &crate::model::Element, n: &ElementFacts, facts: &Facts) -> Element {
    let v = |id: FactId| facts.value(id);
    let by_operation = n
        .load
        .by_operation
        .iter()
        .map(|(operation, rate)| (operation.word().to_string(), load(*rate, facts)));
    Element {
        kind: element.kind.word().to_string(),
        technology: element.tech().map(|t| t.id.clone()),
        title: element.head.title.as_ref().map(ToString::to_string),
        load: ElementLoad {
            average_per_s: v(n.load.total.average),
            peak_per_s: v(n.load.total.peak),
            by_operation: by_operation.collect(),
        },
        capacity_per_s: v(n.capacity),
        utilization: Utilization {
            average: v(n.utilization.average),
            peak: v(n.utilization.peak),
            zone_loss: v(n.utilization.zone_loss),
            region_loss: v(n.utilization.region_loss),
            horizon: v(n.utilization.horizon),
        },
        replicas: Replicas {
            declared: v(n.replicas.declared),
            required: v(n.replicas.required),
            required_zone_loss: v(n.replicas.required_zone_loss),
            required_horizon: v(n.replicas.required_horizon),
        },
        concurrency: Concurrency { declared: v(n.concurrency.0), needed: v(n.concurrency.1) },
        wait_s: Wait { mean: v(n.wait.0), p99: v(n.wait.1), probability: v(n.wait.2) },
        storage: Storage {
            bytes_per_day: v(n.storage.0),
            bytes_at_horizon: v(n.storage.1),
            full_in_s: v(n.storage.2),
        },
        network: Network { in_bytes_per_s: v(n.network.0), out_bytes_per_s: v(n.network.1) },
        memory: Memory { declared_bytes: v(n.memory.0), needed_bytes: v(n.memory.1) },
        cache: n.cache.map(|(hit, stale)| Cache { hit_ratio: v(hit), staleness_s: v(stale) }),
        visibility: n.visibility.as_ref().map(|seen| visibility(seen, facts)),
        after_outage: n.after_outage.as_ref().map(|after| AfterOutage {
            load_per_s: v(after.load),
            utilization: v(after.utilization),
            backlog: v(after.backlog),
            at_once: v(after.at_once),
            wait_s: v(after.wait),
            time_s: v(after.time).filter(|time| time.is_finite()),
            ends_below: v(after.ends_below),
            course: after.course.map(Course::word),
        }),
        availability: v(n.availability),
        durability: n.durability.filter(|d| v(d.durability).is_some()).map(|d| Durability {
            per_year: v(d.durability),
            loss_per_year: v(d.loss),
            mean_time_to_loss_s: v(d.time),
        }),
        cost_per_month: per_month(facts, n.cost),
    }
}

fn per_month(facts: &Facts, id: FactId) -> Option<f64> {
    facts.value(id).map(|per_second| per_second * MONTH)
}

fn load(rate: Rate, facts: &Facts) -> Load {
    Load { average_per_s: facts.value(rate.average), peak_per_s: facts.value(rate.peak) }
}

fn flows(model: &Model, facts: &Facts) -> IndexMap<String, Flow> {
    let rows = model.flows.iter().zip(&facts.flows);
    rows.map(|(flow, numbers)| (flow.head.name.to_string(), flow_row(model, flow, numbers, facts))).collect()
}

fn flow_row(model: &Model, flow: &crate::model::Flow, n: &FlowFacts, facts: &Facts) -> Flow {
    let r = &n.reliability;
    Flow {
        title: flow.head.title.as_ref().map(ToString::to_string),
        rate: load(n.rate, facts),
        latency_s: latency(n.latency, facts),
        completed_s: latency(n.completed, facts),
        availability: facts.value(r.availability),
        unavailability: facts.value(r.unavailability),
        downtime_s_per_year: facts.value(r.downtime),
        downtime_s_per_month: facts.value(r.downtime_month),
        failed_per_day: facts.value(r.failed_per_day),
        error_budgets: r
            .budgets
            .iter()
            .map(|b| ErrorBudget {
                promise: b.promise.to_string(),
                required: b.required,
                allowed_s_per_month: facts.value(b.allowed_month),
                spent: facts.value(b.spent),
            })
            .collect(),
        single_points_of_failure: r.single_points.iter().map(|p| p.event.to_string()).collect(),
        cut_sets: r
            .cut_sets
            .iter()
            .map(|c| CutSet {
                events: c.events.iter().map(ToString::to_string).collect(),
                order: c.order,
                probability: c.probability,
                shared: c.shared.as_ref().map(ToString::to_string),
            })
            .collect(),
        cut_sets_by_order: r.cut_sets_by_order.clone(),
        importance: r
            .importance
            .iter()
            .map(|i| Importance {
                event: i.event.to_string(),
                birnbaum: i.birnbaum,
                criticality: i.criticality,
                risk_achievement_worth: i.achievement,
                risk_reduction_worth: i.reduction,
            })
            .collect(),
        inexact: r.inexact.as_ref().map(|(why, lower, upper)| Bounds {
            why: why.to_string(),
            lower: *lower,
            upper: *upper,
        }),
        amplification: Amplification { worst: n.amplification.0, bounded: n.amplification.1 },
        reads: n.reads.iter().map(|read| read_row(model, flow, read)).collect(),
    }
}

fn visibility(seen: &crate::analysis::visibility::Visibility, facts: &Facts) -> Visibility {
    let v = |id| facts.value(id);
    Visibility {
        at_once: v(seen.at_once),
        p99_s: v(seen.p99),
        p999_s: v(seen.p999),
        sampling_error: seen.error.map(|e| SamplingError {
            samples: e.samples,
            at_once: e.at_once,
            p99_s: e.p99,
            p999_s: e.p999,
        }),
    }
}

fn read_row(model: &Model, flow: &crate::model::Flow, read: &crate::analysis::Read) -> Read {
    let step = flow.step(read.step);
    let name = |id| model.element(id).head.name.to_string();
    Read {
        data: read.data.to_string(),
        step: format!("{} {} {}", name(step.from), step.arrow.symbol(), name(step.to)),
        required: read.required.as_ref().map(ToString::to_string),
        provided: read.provided.as_ref().map(|p| p.iter().map(ToString::to_string).collect()),
        staleness_s: read.staleness,
        path: read.path.iter().map(|hop| name(hop.element)).collect(),
    }
}

fn latency(p: Percentiles, facts: &Facts) -> Latency {
    let v = |id| facts.value(id);
    Latency { mean: v(p.mean), p50: v(p.p50), p95: v(p.p95), p99: v(p.p99), p999: v(p.p999) }
}

fn requirement(judged: &Judged) -> Requirement {
    Requirement {
        id: judged.id.to_string(),
        kind: judged.kind.to_string(),
        text: judged.text.to_string(),
        status: judged.status.word().to_string(),
        expected: judged.expected.to_string(),
        actual: judged.actual.to_string(),
        why: judged.why.to_string(),
    }
}

fn scenario(model: &Model, facts: &Facts, title: Option<&str>) -> Scenario {
    Scenario {
        title: title.map(str::to_string),
        elements: elements(model, facts),
        flows: flows(model, facts),
        requirements: facts.requirements.iter().map(requirement).collect(),
        findings: Vec::new(),
    }
}

/// A finding as JSON.
pub fn finding(found: &Found, sources: &SourceMap) -> Finding {
    let (start, end) = (sources.start(found.primary.span), sources.end(found.primary.span));
    let related = |label: &Label| {
        let at = sources.start(label.span);
        Related {
            message: label.text.clone(),
            file: sources.file(label.span.file).path.clone(),
            line: at.line,
            column: at.column,
        }
    };
    Finding {
        code: found.code.code.to_string(),
        name: found.code.name.to_string(),
        severity: found.severity.word().to_string(),
        message: found.message.clone(),
        notes: found.notes.clone(),
        help: found.help.clone(),
        subject: found.subject.clone(),
        flow: found.flow.clone(),
        file: sources.file(found.primary.span.file).path.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        related: found.related.iter().map(related).collect(),
        fingerprint: fingerprint(found),
        accepted: found
            .accepted
            .as_ref()
            .map(|a| Accepted { reason: a.reason.clone(), until: a.until.clone() }),
    }
}

fn limit_row(model: &Model, facts: &Facts, limit: &crate::analysis::Limit) -> Limit {
    Limit {
        element: model.element(limit.element).head.name.to_string(),
        what: limit.what.to_string(),
        used: limit.used.and_then(|used| facts.value(used)),
        reached_at: facts.room(limit),
        in_s: facts.value(limit.time).filter(|time| time.is_finite()),
    }
}

fn not_evaluated(design: &Design) -> Vec<NotEvaluated> {
    let derivation = &design.analysis.base.derivation;
    // Several names lead to one need: what is missing is one node of the graph.
    let mut rows: Vec<NotEvaluated> = derivation
        .names()
        .into_iter()
        .filter_map(|name| {
            let needs = derivation.need(derivation.named(name)?)?;
            Some(NotEvaluated { what: name.to_string(), needs: needs.to_string() })
        })
        .collect();
    rows.extend(design.missing.iter().map(|m| NotEvaluated { what: m.what.clone(), needs: m.needs.clone() }));
    rows.sort();
    rows.dedup();
    rows
}
