//! What a template may show of a design.

use crate::analysis::{Facts, Status};
use crate::compile::Design;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Change, Element, ElementId, FlowId, Model, Record, Value};
use crate::quantity::{availability_percent, count};
use crate::report::summary::{self, shown};
use crate::report::table::Table;
use crate::schema::Kind;
use crate::views::{ViewKind, system_title, views};
use serde::Serialize;

/// Everything that a design document shows.
#[derive(Debug, Serialize)]
pub struct Document {
    /// The system's title.
    pub title: String,
    /// Its description; Markdown.
    pub doc: String,
    /// `draft`, `live` …; empty where not stated.
    pub status: String,
    /// Who answers for it.
    pub owner: String,
    /// Version of the design.
    pub version: String,
    /// Whether it holds, in one sentence.
    pub verdict: String,
    /// The gravest open finding, in one sentence; empty where there is none.
    pub worst: String,
    /// Goals.
    pub goals: Vec<String>,
    /// Non-goals.
    pub non_goals: Vec<String>,
    /// Requirements with verdicts and evidence.
    pub requirements: Rows,
    /// The pictures of the whole.
    pub pictures: Vec<Picture>,
    /// The elements.
    pub elements: Vec<ElementSection>,
    /// The data.
    pub data: Rows,
    /// The flows.
    pub flows: Vec<FlowSection>,
    /// Inputs of the estimate.
    pub inputs: Rows,
    /// Load and capacity.
    pub capacity: Rows,
    /// Storage, traffic and cost.
    pub storage: Rows,
    /// Availability of the flows.
    pub reliability: Rows,
    /// What reads are given.
    pub consistency: Rows,
    /// The scenarios side by side.
    pub scenarios: Vec<ScenarioSection>,
    /// Who may do what to which data.
    pub access: Rows,
    /// Decisions.
    pub decisions: Vec<DecisionSection>,
    /// Risks.
    pub risks: Rows,
    /// Accepted findings with their reasons.
    pub accepted: Rows,
    /// Open findings.
    pub findings: Rows,
    /// Assumptions with their sources.
    pub assumptions: Rows,
    /// What could not be evaluated.
    pub missing: Rows,
    /// Technologies in use.
    pub technologies: Rows,
}

/// A table for a template; empty where there is nothing to show.
#[derive(Debug, Default, Serialize)]
pub struct Rows {
    /// Whether there are rows.
    pub any: bool,
    /// The table in Markdown.
    pub markdown: String,
}

impl From<Table> for Rows {
    fn from(table: Table) -> Rows {
        Rows { any: !table.rows.is_empty(), markdown: table.without_empty_columns().markdown() }
    }
}

/// A picture beside the document.
#[derive(Debug, Serialize)]
pub struct Picture {
    /// Its heading.
    pub heading: String,
    /// What it shows, for readers who do not see it.
    pub alt: String,
    /// Its file.
    pub file: String,
}

/// An element.
#[derive(Debug, Serialize)]
pub struct ElementSection {
    /// Anchor.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Its full name.
    pub name: String,
    /// Kind and technology in words.
    pub what: String,
    /// Its description; Markdown.
    pub doc: String,
    /// Its numbers.
    pub facts: Rows,
}

/// A flow.
#[derive(Debug, Serialize)]
pub struct FlowSection {
    /// Anchor.
    pub anchor: String,
    /// Its title.
    pub title: String,
    /// Its full name.
    pub name: String,
    /// Its description; Markdown.
    pub doc: String,
    /// Its picture.
    pub picture: Picture,
    /// Its numbers.
    pub facts: Rows,
    /// What takes it down.
    pub failures: Rows,
}

/// A scenario.
#[derive(Debug, Serialize)]
pub struct ScenarioSection {
    /// Its title.
    pub title: String,
    /// Its description; Markdown.
    pub doc: String,
    /// What it changes, a line each.
    pub changes: Vec<String>,
    /// Numbers that differ from the base case.
    pub differences: Rows,
    /// Requirements judged under it.
    pub requirements: Rows,
}

/// A decision.
#[derive(Debug, Serialize)]
pub struct DecisionSection {
    /// Its title.
    pub title: String,
    /// Status and date.
    pub status: String,
    /// The trade-off and the side taken.
    pub tradeoff: String,
    /// Why; Markdown.
    pub because: String,
    /// What else was looked at.
    pub options: Vec<String>,
}

/// The context of a design.
pub fn context(design: &Design) -> Document {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let word = |path: &str| model.system.props.word(path).unwrap_or("").to_string();
    let text = |path: &str| model.system.props.text(path).map(ToString::to_string).unwrap_or_default();
    let (verdict, worst) = verdict(design);
    Document {
        title: system_title(design),
        doc: model.system.head.doc.to_string(),
        status: word("status"),
        owner: text("owner"),
        version: text("version"),
        verdict,
        worst,
        goals: model.goals.iter().map(|g| g.text.to_string()).collect(),
        non_goals: model.non_goals.iter().map(|g| g.text.to_string()).collect(),
        requirements: summary::requirements(facts).into(),
        pictures: pictures(design),
        elements: model.elements().map(|(id, e)| element(design, id, e)).collect(),
        data: data(model).into(),
        flows: model.flows().map(|(id, _)| flow(design, id)).collect(),
        inputs: inputs(design).into(),
        capacity: summary::capacity(design, facts).into(),
        storage: summary::storage(design, facts).into(),
        reliability: summary::flows(design, facts).into(),
        consistency: summary::reads(design, facts).into(),
        scenarios: scenarios(design),
        access: access(model).into(),
        decisions: model.decisions.iter().map(decision).collect(),
        risks: risks(model).into(),
        accepted: accepted(design).into(),
        findings: findings(design).into(),
        assumptions: summary::assumptions(design, facts).into(),
        missing: missing(design).into(),
        technologies: technologies(model).into(),
    }
}

/// Whether the design holds, and the worst that is open.
fn verdict(design: &Design) -> (String, String) {
    let of = |status| design.analysis.base.requirements.iter().filter(|r| r.status == status).count();
    let (met, violated, open) = (of(Status::Met), of(Status::Violated), of(Status::NotEvaluated));
    let errors = design.open_findings().filter(|f| f.severity == Severity::Error).count();
    let many = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let promises = if met + violated + open == 0 {
        "It promises nothing yet".to_string()
    } else {
        let mut parts = vec![format!("{met} of {} met", many(met + violated + open, "requirement"))];
        if violated > 0 {
            parts.push(format!("{violated} violated"));
        }
        if open > 0 {
            parts.push(format!("{open} not evaluated"));
        }
        parts.join(", ")
    };
    let holds = match (violated + errors, open) {
        (0, 0) => "The design holds",
        (0, _) => "Nothing is broken, and not everything could be judged",
        _ => "The design does not hold yet",
    };
    let verdict = if met + violated + open == 0 && errors == 0 {
        format!("{promises}.")
    } else {
        format!("{holds}: {promises}, {}.", many(errors, "open error"))
    };
    let worst = design.open_findings().filter(|f| f.severity > Severity::Info).max_by_key(|f| f.severity);
    (verdict, worst.map(|f| format!("{} ({})", f.message, f.code.code)).unwrap_or_default())
}

fn pictures(design: &Design) -> Vec<Picture> {
    let whole = views(design).into_iter().filter(|v| v.kind != ViewKind::Sequence && !v.kind.is_chart());
    whole
        .map(|view| Picture {
            heading: match view.kind {
                ViewKind::Context => "Context".to_string(),
                ViewKind::Containers => "Elements".to_string(),
                ViewKind::Deployment => "Deployment".to_string(),
                ViewKind::Data => "Data".to_string(),
                _ => view.title.clone(),
            },
            alt: view.title,
            file: format!("diagrams/{}.svg", view.name),
        })
        .collect()
}

fn anchor(prefix: &str, name: &str) -> String {
    format!("{prefix}-{}", name.replace('.', "-"))
}

fn element(design: &Design, id: ElementId, element: &Element) -> ElementSection {
    let facts = &design.analysis.base;
    let mut table = Table::new(&["number", ">value"]);
    if let Some(n) = facts.elements.get(id.index()).filter(|_| element.kind != Kind::Actor) {
        let rows = [
            ("load at peak", n.load.total.peak),
            ("one replica serves", n.capacity),
            ("replicas", n.replicas.declared),
            ("replicas needed at peak", n.replicas.required),
            ("utilization at peak", n.utilization.peak),
            ("utilization with a zone lost", n.utilization.zone_loss),
            ("slots needed", n.concurrency.1),
            ("written a day", n.storage.0),
            ("kept at the horizon", n.storage.1),
            ("availability", n.availability),
            ("cost", n.cost),
        ];
        for (label, fact) in rows {
            let value = shown(facts, fact);
            if !value.is_empty() {
                table.rows.push(vec![label.to_string(), value]);
            }
        }
    }
    let technology = element.tech().map(|t| format!(", {}", t.name)).unwrap_or_default();
    ElementSection {
        anchor: anchor("element", &element.head.name),
        title: element.head.label().to_string(),
        name: element.head.name.to_string(),
        what: format!("{}{technology}", element.kind.word()),
        doc: element.head.doc.to_string(),
        facts: table.into(),
    }
}

fn data(model: &Model) -> Table {
    let mut table = Table::new(&["data", "what", ">size", "class", "kept", "held by"]);
    for (index, datum) in model.data.iter().enumerate() {
        let id = crate::model::DataId(index as u32);
        let holders: Vec<String> = model
            .elements()
            .filter(|(_, e)| e.holds().any(|d| d == id))
            .map(|(_, e)| e.head.name.to_string())
            .collect();
        let keep = datum.props.get("keep").map(|p| match p.quantity() {
            Some(time) => time.quantity.human(),
            None => p.word().unwrap_or("").to_string(),
        });
        table.rows.push(vec![
            datum.head.name.to_string(),
            datum.head.title.as_ref().map(ToString::to_string).unwrap_or_default(),
            datum.size().map(|s| s.quantity.human()).unwrap_or_default(),
            datum.class().unwrap_or("").to_string(),
            keep.unwrap_or_default(),
            holders.join(", "),
        ]);
    }
    table
}

fn flow(design: &Design, id: FlowId) -> FlowSection {
    let model = &design.lowered.model;
    let flow = model.flow(id);
    let facts = &design.analysis.base;
    let mut table = Table::new(&["number", ">value"]);
    let mut failures = Table::new(&["what must fail", ">how many at once", ">probability"]);
    if let Some(n) = facts.flows.get(id.index()) {
        let rows = [
            ("average arrivals", n.rate.average),
            ("arrivals at peak", n.rate.peak),
            ("median answer", n.latency.p50),
            ("p99 answer", n.latency.p99),
            ("p99 until everything is done", n.completed.p99),
        ];
        for (label, fact) in rows {
            let value = shown(facts, fact);
            if !value.is_empty() {
                table.rows.push(vec![label.to_string(), value]);
            }
        }
        if let Some(share) = facts.value(n.reliability.unavailability) {
            table.rows.push(vec!["availability".to_string(), availability_percent(share)]);
            table.rows.push(vec!["down a year".to_string(), shown(facts, n.reliability.downtime)]);
        }
        // The first ten say where to look; the report has them all.
        for cut in n.reliability.cut_sets.iter().take(10) {
            let events: Vec<&str> = cut.events.iter().map(ecow::EcoString::as_str).collect();
            let show = |p| crate::analysis::derivation::show(p, crate::analysis::Unit::Probability);
            let probability = cut.probability.map(show).unwrap_or_default();
            failures.rows.push(vec![events.join(" and "), cut.order.to_string(), probability]);
        }
    }
    let name = flow.head.name.to_string();
    FlowSection {
        anchor: anchor("flow", &name),
        title: flow.head.label().to_string(),
        doc: flow.head.doc.to_string(),
        picture: Picture {
            heading: flow.head.label().to_string(),
            alt: format!("{}, step by step", flow.head.label()),
            file: format!("diagrams/flow_{}.svg", name.replace('.', "_")),
        },
        name,
        facts: table.into(),
        failures: failures.into(),
    }
}

fn inputs(design: &Design) -> Table {
    let mut table = Table::new(&["input", "written", ">value", "where it comes from"]);
    for input in &design.lowered.model.inputs {
        let written = design.lowered.sources.text(input.scalar.span);
        table.rows.push(vec![
            input.head.name.to_string(),
            format!("`{written}`"),
            input.scalar.quantity.human(),
            input.note.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    table
}

fn scenarios(design: &Design) -> Vec<ScenarioSection> {
    let model = &design.lowered.model;
    let base = &design.analysis.base;
    let cases = design.analysis.scenarios.iter();
    cases
        .map(|(id, facts)| {
            let scenario = &model.scenarios[id.index()];
            ScenarioSection {
                title: scenario.head.label().to_string(),
                doc: scenario.head.doc.to_string(),
                changes: scenario.changes.iter().map(|c| change(design, c)).collect(),
                differences: differences(model, base, facts).into(),
                requirements: scenario_requirements(base, facts).into(),
            }
        })
        .collect()
}

fn change(design: &Design, change: &Change) -> String {
    let model = &design.lowered.model;
    match change {
        Change::Rate(None, factor) => format!("every rate × {}", count(factor.value())),
        Change::Rate(Some(flow), factor) => {
            format!("rate of {} × {}", model.flow(*flow).head.name, count(factor.value()))
        }
        Change::Fail(entity, _) => format!("{} is down", model.entity_name(*entity)),
        Change::Hit(id, share) => {
            format!(
                "{} serves {} of its reads",
                model.element(*id).head.name,
                crate::quantity::percent(share.value())
            )
        }
        Change::Latency(id, factor) => {
            format!("{} takes {} times as long", model.element(*id).head.name, count(factor.value()))
        }
        Change::Property(id, prop) => {
            format!("{}: `{}`", model.element(*id).head.name, design.lowered.sources.text(prop.span))
        }
    }
}

/// Numbers of elements and flows that differ from the base case.
fn differences(model: &Model, base: &Facts, facts: &Facts) -> Table {
    let mut table = Table::new(&["number", ">base", ">scenario"]);
    let mut compare = |label: String, before: crate::analysis::FactId, after: crate::analysis::FactId| {
        let (old, new) = (base.derivation.show(before), facts.derivation.show(after));
        if old != new {
            table.rows.push(vec![label, old, new]);
        }
    };
    for ((flow, b), s) in model.flows.iter().zip(&base.flows).zip(&facts.flows) {
        compare(format!("{}: p99", flow.head.name), b.latency.p99, s.latency.p99);
        compare(
            format!("{}: availability", flow.head.name),
            b.reliability.availability,
            s.reliability.availability,
        );
    }
    for ((element, b), s) in model.elements.iter().zip(&base.elements).zip(&facts.elements) {
        compare(
            format!("{}: utilization at peak", element.head.name),
            b.utilization.peak,
            s.utilization.peak,
        );
    }
    table
}

/// Requirements whose verdict differs from the base case, and those that speak of the scenario.
fn scenario_requirements(base: &Facts, facts: &Facts) -> Table {
    let mut table = Table::new(&["requirement", "base", "scenario", "actual"]);
    for r in &facts.requirements {
        // The base case judges what is promised in general; a target of the scenario itself has no base verdict.
        let before =
            base.requirements.iter().find(|b| b.id == r.id && b.scenario.is_none()).map(|b| b.status);
        if before == Some(r.status) {
            continue;
        }
        let word = |s: Status| s.word().replace('_', " ");
        table.rows.push(vec![
            r.text.to_string(),
            before.map_or_else(|| "not promised".to_string(), word),
            word(r.status),
            if r.actual.is_empty() { r.why.to_string() } else { r.actual.to_string() },
        ]);
    }
    table
}

fn access(model: &Model) -> Table {
    let mut table = Table::new(&["data", "role", "may", "condition"]);
    for access in &model.access {
        let data: Vec<String> = access.data.iter().map(|d| model.datum(*d).head.name.to_string()).collect();
        for grant in &access.grants {
            let operations: Vec<&str> = grant.operations.iter().map(|o| o.word()).collect();
            table.rows.push(vec![
                data.join(", "),
                model.roles[grant.role.index()].head.name.to_string(),
                operations.join(", "),
                grant.condition.as_ref().map(ToString::to_string).unwrap_or_default(),
            ]);
        }
    }
    table
}

fn decision(record: &Record) -> DecisionSection {
    let props = &record.props;
    let word = |key: &str| props.word(key).unwrap_or("").replace('_', " ");
    let date = props.get("date").and_then(|p| p.values.first()).and_then(|f| match &f.value {
        Value::Date(date) => Some(date.to_string()),
        _ => None,
    });
    let status: Vec<String> =
        [Some(word("status")).filter(|s| !s.is_empty()), date].into_iter().flatten().collect();
    let tradeoff = props.get("tradeoff").map(|p| {
        let side = |slot: &str| match p.value(slot) {
            Some(Value::Name(name)) => name.replace("_", " ").to_string(),
            _ => String::new(),
        };
        format!("{} against {}: {}", side("one"), side("other"), word("choose"))
    });
    let options = props.all("option").map(|p| {
        let name = p.word().unwrap_or("").replace('_', " ");
        p.text().map_or(name.clone(), |verdict| format!("{name}: {verdict}"))
    });
    DecisionSection {
        title: record.head.label().to_string(),
        status: status.join(", "),
        tradeoff: tradeoff.unwrap_or_default(),
        because: props.text("because").map(ToString::to_string).unwrap_or_default(),
        options: options.collect(),
    }
}

fn risks(model: &Model) -> Table {
    let mut table = Table::new(&["risk", "likelihood", "impact", "what is done about it", "owner"]);
    for risk in &model.risks {
        let word = |key: &str| risk.props.word(key).unwrap_or("").to_string();
        let text = |key: &str| risk.props.text(key).map(ToString::to_string).unwrap_or_default();
        table.rows.push(vec![
            risk.head.label().to_string(),
            word("likelihood"),
            word("impact"),
            text("mitigation"),
            text("owner"),
        ]);
    }
    table
}

fn place(design: &Design, finding: &Finding) -> String {
    design.lowered.sources.location(finding.primary.span)
}

fn accepted(design: &Design) -> Table {
    let mut table = Table::new(&["finding", "what", "why it is accepted", "until"]);
    for finding in &design.findings {
        if let Some(acceptance) = &finding.accepted {
            table.rows.push(vec![
                finding.code.code.to_string(),
                finding.message.clone(),
                acceptance.reason.clone(),
                acceptance.until.clone().unwrap_or_default(),
            ]);
        }
    }
    table
}

fn findings(design: &Design) -> Table {
    let mut table = Table::new(&["finding", "severity", "what", "way out", "where"]);
    let mut open: Vec<&Finding> = design.open_findings().collect();
    open.sort_by_key(|f| std::cmp::Reverse(f.severity));
    for finding in open {
        table.rows.push(vec![
            finding.code.code.to_string(),
            finding.severity.word().to_string(),
            finding.message.clone(),
            finding.help.clone().unwrap_or_default(),
            place(design, finding),
        ]);
    }
    table
}

fn missing(design: &Design) -> Table {
    let mut table = Table::new(&["what", "needs"]);
    for m in &design.missing {
        table.rows.push(vec![m.what.clone(), m.needs.clone()]);
    }
    table
}

fn technologies(model: &Model) -> Table {
    let mut table = Table::new(&["technology", "what it is", "used by"]);
    let mut seen: Vec<(String, String, Vec<String>)> = Vec::new();
    for element in &model.elements {
        let Some(technology) = element.tech() else { continue };
        let name = element.head.name.to_string();
        match seen.iter_mut().find(|(n, _, _)| *n == technology.name) {
            Some((_, _, users)) => users.push(name),
            None => seen.push((technology.name.clone(), technology.kind.clone(), vec![name])),
        }
    }
    seen.sort();
    for (name, kind, users) in seen {
        table.rows.push(vec![name, kind, users.join(", ")]);
    }
    table
}
