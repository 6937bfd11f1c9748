//! What a template may show of a design.
//!
//! Fields that say "Markdown" are ready to stand in a document; all others are plain text, which a template
//! writes with `{{plain x}}`. Nothing here computes: numbers and verdicts are those of the analyses.

mod decisions;
pub(super) mod elements;
mod estimate;
mod failures;
mod findings;
pub(super) mod flows;
mod glossary;
mod house;
mod overview;
mod requirements;
mod review;
pub(super) mod scenarios;
mod security;
mod technologies;

pub use decisions::DecisionSection;
pub use elements::ElementSection;
pub use estimate::{Arithmetic, Step};
pub use findings::FindingEntry;
pub use flows::FlowSection;
pub use house::HouseRuleSection;
pub use review::ReviewSection;
pub use scenarios::ScenarioSection;

use super::authored::authored;
use super::cells::{Cell, Grid, Heading, linked};
use super::setting::Setting;
use crate::compile::Design;
use crate::render::mermaid;
use crate::render::scene::Scene;
use crate::report::summary;
use crate::views::{View, ViewKind, reliability_views, system_title, views};
use schemars::JsonSchema;
use serde::Serialize;

/// Everything that a document may show.
#[derive(Debug, Serialize, JsonSchema)]
#[allow(clippy::struct_excessive_bools, reason = "templates ask whether a section has anything to say")]
pub struct Document {
    /// The system's title.
    pub title: String,
    /// Its name in designs.
    pub name: String,
    /// Its description; Markdown.
    pub doc: String,
    /// What the reader's tool replaces by a table of contents; empty where it shows one by itself.
    pub contents: &'static str,
    /// `draft`, `live` …; empty where not stated.
    pub status: String,
    /// Who answers for it; empty where not stated.
    pub owner: String,
    /// Version of the design; empty where not stated.
    pub version: String,
    /// `holds`, `open` (nothing is broken, and not everything could be judged), `broken` or `silent` (nothing is
    /// promised).
    pub state: &'static str,
    /// Whether it holds, in one sentence.
    pub verdict: String,
    /// The gravest open finding; null where there is none.
    pub worst: Option<FindingEntry>,
    /// The figures of the first screen.
    pub glance: Rows,
    /// Goals.
    pub goals: Vec<String>,
    /// Non-goals.
    pub non_goals: Vec<String>,
    /// Whether there are goals or non-goals.
    pub has_goals: bool,
    /// Whether anything is required.
    pub has_requirements: bool,
    /// Whether there is anything to say of capacity.
    pub has_estimate: bool,
    /// Whether there is anything to say of growth.
    pub has_growth: bool,
    /// Whether there is anything to say of security.
    pub has_security: bool,
    /// Whether there is anything to say of what changed since an earlier version.
    pub has_changed: bool,
    /// Functional requirements, the flows that meet them, verdicts.
    pub functional: Rows,
    /// What each flow requires, and what is.
    pub promises: Rows,
    /// Targets, invariants and recovery, with verdicts and evidence.
    pub targets: Rows,
    /// Why requirements are violated or not evaluated, a line each; Markdown.
    pub unmet: Vec<String>,
    /// The system among people and other systems; null where there is none.
    pub context: Option<Picture>,
    /// Its elements; null where there is none.
    pub containers: Option<Picture>,
    /// Where its replicas stand; null where nothing is placed.
    pub deployment: Option<Picture>,
    /// Its data and where they are kept; null where there are none.
    pub entities: Option<Picture>,
    /// How busy each element is; null where it is not known.
    pub utilization: Option<Picture>,
    /// What growth breaks first; null where nothing grows.
    pub growth: Option<Picture>,
    /// What each element costs; null where no cost is stated.
    pub cost: Option<Picture>,
    /// Other pictures of the whole: the author's own views, and more charts.
    pub pictures: Vec<Picture>,
    /// The elements.
    pub elements: Vec<ElementSection>,
    /// The data.
    pub data: Rows,
    /// The flows.
    pub flows: Vec<FlowSection>,
    /// Inputs of the estimate.
    pub inputs: Rows,
    /// What the workload says of peak, growth, horizon and headroom.
    pub workload: Rows,
    /// The arithmetic from the inputs to loads, replicas, storage and cost, step by step.
    pub arithmetic: Vec<Arithmetic>,
    /// Load and capacity.
    pub capacity: Rows,
    /// Machines that run containers: how many there are and how many are needed.
    pub nodes: Rows,
    /// Storage, traffic and cost.
    pub storage: Rows,
    /// When each limit is met.
    pub limits: Rows,
    /// Latency and availability of the flows.
    pub reliability: Rows,
    /// What reads that require something are given.
    pub consistency: Rows,
    /// Scenarios.
    pub scenarios: Vec<ScenarioSection>,
    /// Numbers of the base case and of each scenario that differ, side by side.
    pub side_by_side: Rows,
    /// Who may do what to which data.
    pub access: Rows,
    /// Under which conditions, a line each; Markdown.
    pub access_conditions: Vec<String>,
    /// Which data cross the trust boundary; null where the design says nothing of it.
    pub trust: Option<Picture>,
    /// Where requests come in, and what guards them.
    pub entries: Rows,
    /// Decisions.
    pub decisions: Vec<DecisionSection>,
    /// Migrations.
    pub migrations: Rows,
    /// Alerts.
    pub alerts: Rows,
    /// Risks.
    pub risks: Rows,
    /// What changed since the version that the design supersedes; null where it names none.
    pub review: Option<ReviewSection>,
    /// Designs that supersede this one; Markdown, empty where there are none.
    pub superseded_by: String,
    /// Open findings, the gravest first.
    pub findings: Vec<FindingEntry>,
    /// Findings that the author has accepted.
    pub accepted: Vec<FindingEntry>,
    /// Rules of the house that the design is held against.
    pub house_rules: Rows,
    /// The same, each with where it is broken; they have a page of their own.
    pub house_rule_sections: Vec<HouseRuleSection>,
    /// What could not be evaluated.
    pub missing: Rows,
    /// Assumptions with their sources.
    pub assumptions: Rows,
    /// Technologies in use.
    pub technologies: Rows,
    /// Facts of the catalogue that the numbers rest on, with their sources.
    pub catalogue: Rows,
    /// Words of this design, and of the field as they are used here.
    pub glossary: Rows,
    /// Other designs that this one imports.
    pub imports: Rows,
    /// Other designs that import this one.
    pub users: Rows,
}

/// A table for a template.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Rows {
    /// Whether there are rows.
    pub any: bool,
    /// Headings; columns that are empty everywhere are left out.
    pub headings: Vec<Heading>,
    /// The rows as plain text.
    pub rows: Vec<Vec<String>>,
    /// The table; Markdown.
    pub markdown: String,
}

/// A picture of a document.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Picture {
    /// Its heading.
    pub heading: String,
    /// What it shows, for readers who do not see it.
    pub alt: String,
    /// Its file, relative to the document.
    pub file: String,
    /// The picture as Mermaid, in parts; empty where pictures are files, or Mermaid cannot draw it.
    pub mermaid: Vec<String>,
}

impl Picture {
    fn of(view: &View, heading: &str, setting: &Setting) -> Picture {
        let mermaid = match (&view.scene, setting.diagrams) {
            (Scene::Diagram(scene), super::Diagrams::Mermaid) => mermaid::diagram(scene).parts,
            (Scene::Sequence(scene), super::Diagrams::Mermaid) => mermaid::sequence(scene).parts,
            _ => Vec::new(),
        };
        Picture {
            heading: heading.to_string(),
            alt: view.title.clone(),
            file: format!("diagrams/{}.svg", view.name),
            mermaid: mermaid.into_iter().map(|part| part.trim_end().to_string()).collect(),
        }
    }
}

/// The context of a design.
pub fn context(design: &Design, setting: &Setting) -> Document {
    let views: Vec<View> = views(design).into_iter().chain(reliability_views(design)).collect();
    showing(design, setting, &views.iter().collect::<Vec<_>>())
}

/// The context of a design for a page that shows no picture of it.
pub fn context_without_pictures(design: &Design, setting: &Setting) -> Document {
    showing(design, setting, &[])
}

/// The context of a design with these pictures.
pub(super) fn showing(design: &Design, setting: &Setting, views: &[&View]) -> Document {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let one = |kind, heading: &str| {
        views.iter().find(|v| v.kind == kind).map(|view| Picture::of(view, heading, setting))
    };
    let element = |name: &str| {
        let found = model.elements.iter().find(|e| e.head.name == name);
        (found.map_or(name, |e| e.head.label()).to_string(), setting.element(name))
    };
    let flow = |name: &str| {
        let found = model.flows.iter().find(|f| f.head.name == name);
        (found.map_or(name, |f| f.head.label()).to_string(), setting.flow(name))
    };
    let nodes = |name: &str| {
        let found = model.nodes.iter().find(|n| n.head.name == name);
        (found.map_or(name, |n| n.head.label()).to_string(), None)
    };
    let overview = overview::overview(design, setting);
    let requirements = requirements::requirements(design, setting);
    let (access, access_conditions) = security::access(design);
    let entries = security::entries(design, setting);
    let inputs = estimate::inputs(design);
    let limits = estimate::limits(design, setting);
    let capacity = linked(&summary::capacity(design, facts), element);
    let review = review::review(design, setting);
    Document {
        has_changed: review.as_ref().is_some_and(|r| r.findings.any || r.promises.any || r.numbers.any),
        has_goals: !model.goals.is_empty() || !model.non_goals.is_empty(),
        has_requirements: !facts.requirements.is_empty(),
        has_growth: limits.any || views.iter().any(|v| v.kind == ViewKind::Growth),
        has_estimate: inputs.any || capacity.any,
        has_security: access.any || entries.any || views.iter().any(|v| v.kind == ViewKind::Trust),
        title: system_title(design),
        name: model.system.head.name.to_string(),
        doc: authored(&model.system.head.doc),
        contents: setting.flavour.contents(),
        status: overview.status,
        owner: overview.owner,
        version: overview.version,
        state: overview.state,
        verdict: overview.verdict,
        worst: overview.worst,
        glance: overview.glance,
        goals: model.goals.iter().map(|g| g.text.to_string()).collect(),
        non_goals: model.non_goals.iter().map(|g| g.text.to_string()).collect(),
        functional: requirements.functional,
        promises: requirements.promises,
        targets: requirements.targets,
        unmet: requirements.unmet,
        context: one(ViewKind::Context, "Context"),
        containers: one(ViewKind::Containers, "Elements"),
        deployment: one(ViewKind::Deployment, "Deployment"),
        entities: one(ViewKind::Data, "Data"),
        utilization: one(ViewKind::Utilization, "Utilization"),
        growth: one(ViewKind::Growth, "Growth"),
        cost: one(ViewKind::Cost, "Cost"),
        pictures: others(views, setting),
        elements: elements::sections(design, setting),
        data: elements::data(design, setting),
        flows: flows::sections(design, setting, views),
        inputs,
        workload: estimate::workload(design),
        arithmetic: estimate::arithmetic(design),
        capacity,
        nodes: linked(&crate::report::nodes::table(design, facts), nodes),
        storage: linked(&summary::storage(design, facts), element),
        limits,
        reliability: linked(&summary::flows(design, facts), flow),
        consistency: flows::required_reads(design, setting),
        scenarios: scenarios::sections(design),
        side_by_side: scenarios::side_by_side(design),
        access,
        access_conditions,
        trust: one(ViewKind::Trust, "Trust boundary"),
        entries,
        decisions: decisions::decisions(design, setting),
        migrations: decisions::migrations(design),
        alerts: decisions::alerts(design),
        risks: decisions::risks(model),
        review,
        superseded_by: overview::superseded_by(setting),
        findings: findings::open(design, setting),
        accepted: findings::accepted(design, setting),
        house_rules: house::table(design, setting),
        house_rule_sections: house::sections(design, setting),
        missing: missing(design),
        assumptions: decisions::assumptions(design),
        technologies: technologies::technologies(model, setting),
        catalogue: technologies::catalogue(facts),
        glossary: glossary::glossary(design),
        imports: overview::imports(design, setting),
        users: overview::users(setting),
    }
}

/// Pictures that have no place of their own in the document.
fn others(views: &[&View], setting: &Setting) -> Vec<Picture> {
    let placed = [
        ViewKind::Context,
        ViewKind::Containers,
        ViewKind::Deployment,
        ViewKind::Data,
        ViewKind::Trust,
        ViewKind::Utilization,
        ViewKind::Growth,
        ViewKind::Cost,
    ];
    let free = views.iter().filter(|v| v.flow.is_none() && !placed.contains(&v.kind));
    free.map(|view| Picture::of(view, &view.title, setting)).collect()
}

fn missing(design: &Design) -> Rows {
    let mut grid = Grid::new(&["what", "needs"]);
    for m in &design.missing {
        grid.push(vec![Cell::Message(m.what.clone()), Cell::Message(m.needs.clone())]);
    }
    grid.finish()
}
