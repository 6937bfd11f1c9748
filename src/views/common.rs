//! What views share: cards of elements, arrows between them, marks of findings.

use crate::analysis::{Facts, FailureKind};
use crate::catalog::Class;
use crate::compile::Design;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Arrow as StepArrow, Element, ElementId, Operation, Placement, Replicas};
use crate::quantity::{Quantity, count, percent};
use crate::render::scene::{Arrow, ArrowStyle, Boundary, BoundaryKind, Card, CardKind, Mark};
use crate::schema::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// The system's title, else its name, else the name of its file.
pub(super) fn system_title(design: &Design) -> String {
    let system = &design.lowered.model.system.head;
    if let Some(title) = &system.title {
        return title.to_string();
    }
    if !system.name.is_empty() {
        return system.name.to_string();
    }
    let file = design.lowered.sources.file(system.span.file);
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    name.trim_end_matches(".sysd").replace('_', " ")
}

/// A rate as it stands on a picture: two digits, as `17k/s`.
pub(super) fn short_rate(per_second: f64) -> String {
    if per_second == 0.0 {
        return "0/s".to_string();
    }
    if per_second < 0.1 {
        return Quantity::per_second(two_digits(per_second)).human();
    }
    format!("{}/s", count(two_digits(per_second)))
}

/// A number rounded to two significant digits.
fn two_digits(value: f64) -> f64 {
    let power = crate::math::log10(value.abs()).floor() as i32 - 1;
    let scale = crate::math::pow(10.0, f64::from(power.abs()));
    if power >= 0 { (value / scale).round() * scale } else { (value * scale).round() / scale }
}

/// What kind of card an element is.
pub(super) fn card_kind(element: &Element) -> CardKind {
    match element.kind {
        Kind::Actor => CardKind::Person,
        Kind::Service => CardKind::Service,
        Kind::Worker => CardKind::Worker,
        Kind::Function => CardKind::Function,
        Kind::Job => CardKind::Job,
        Kind::Balancer => CardKind::Balancer,
        Kind::Gateway => CardKind::Gateway,
        Kind::Cdn => CardKind::Cdn,
        Kind::Cache => CardKind::Cache,
        Kind::Queue => CardKind::Queue,
        Kind::Topic => CardKind::Topic,
        Kind::External => CardKind::External,
        Kind::Store => match element.tech().and_then(crate::catalog::Technology::class) {
            Some(Class::Object) => CardKind::ObjectStore,
            Some(Class::Search) => CardKind::SearchIndex,
            _ => CardKind::Store,
        },
    }
}

/// How many replicas are drawn: declared, or placed, or the low end of a range.
pub(super) fn replicas(element: &Element) -> Option<u32> {
    match (element.replicas(), element.placement()) {
        (Some(Replicas::Fixed(n) | Replicas::Range(n, _)), _) => Some(n),
        (None, Placement::Explicit(places)) => Some(places.iter().map(|p| p.2).sum()),
        (None, _) => None,
    }
}

/// The card of an element with its numbers and findings.
pub(super) fn card(design: &Design, id: ElementId) -> Card {
    let model = &design.lowered.model;
    let element = model.element(id);
    let facts = &design.analysis.base;
    Card {
        id: element.head.name.to_string(),
        title: element.head.label().to_string(),
        technology: technology(element),
        size: size_line(element, facts, id),
        kind: card_kind(element),
        replicas: replicas(element),
        utilization: facts.elements.get(id.index()).and_then(|e| facts.value(e.utilization.peak)),
        mark: mark(design, id),
        link: Some(format!("#{}", anchor(&element.head.name))),
        tooltip: tooltip(element, facts, id),
        parent: element.group.map(|g| model.group(g).head.name.to_string()),
        dashed: element.head.imported,
        ..Card::default()
    }
}

/// The anchor of an element's section in documents.
pub(super) fn anchor(name: &str) -> String {
    format!("element-{}", name.replace('.', "-"))
}

fn technology(element: &Element) -> String {
    match element.tech() {
        Some(technology) => technology.name.clone(),
        None => String::new(),
    }
}

fn size_line(element: &Element, facts: &Facts, id: ElementId) -> String {
    let Some(numbers) = facts.elements.get(id.index()) else { return String::new() };
    if element.kind == Kind::Actor {
        return String::new();
    }
    match facts.value(numbers.load.total.peak) {
        Some(peak) if peak > 0.0 => format!("{} at peak", short_rate(peak)),
        _ => String::new(),
    }
}

fn tooltip(element: &Element, facts: &Facts, id: ElementId) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(numbers) = facts.elements.get(id.index()) {
        if let Some(share) = facts.value(numbers.utilization.peak) {
            lines.push(format!("utilization at peak: {}", percent(share)));
        }
        if let Some(n) = facts.value(numbers.replicas.required) {
            lines.push(format!("replicas needed at peak: {}", count(n)));
        }
    }
    let text = element.head.doc.lines().next().unwrap_or("");
    if !text.is_empty() {
        lines.push(text.to_string());
    }
    lines
}

/// The gravest finding that an element wears: a single point of failure before anything else.
pub(super) fn mark(design: &Design, id: ElementId) -> Option<Mark> {
    let name = design.lowered.model.element(id).head.name.as_str();
    let about =
        |f: &&Finding| f.is_open() && f.severity > Severity::Info && f.subject.as_deref() == Some(name);
    let grave = design.findings.iter().filter(about).max_by_key(|f| (f.code.code == "REL001", f.severity));
    if let Some(finding) = grave {
        return Some(Mark {
            severity: finding.severity,
            label: finding.code.name.replace('-', " "),
            tooltip: finding.message.clone(),
        });
    }
    let flows = &design.analysis.base.flows;
    let single = flows
        .iter()
        .flat_map(|f| &f.reliability.single_points)
        .find(|p| p.element == Some(id) && matches!(p.kind, FailureKind::Instance | FailureKind::Element));
    single.map(|point| Mark {
        severity: Severity::Info,
        label: "single point of failure".to_string(),
        tooltip: format!("{} is a single point of failure, accepted by the author", point.event),
    })
}

/// The boundaries of the groups that these elements stand in.
pub(super) fn boundaries(design: &Design, elements: &BTreeSet<ElementId>) -> Vec<Boundary> {
    let model = &design.lowered.model;
    let mut used = BTreeSet::new();
    for id in elements {
        let mut group = model.element(*id).group;
        while let Some(id) = group {
            used.insert(id);
            group = model.group(id).parent;
        }
    }
    used.into_iter()
        .map(|id| {
            let group = model.group(id);
            Boundary {
                id: group.head.name.to_string(),
                title: group.head.label().to_string(),
                note: group.props.text("owner").map(ToString::to_string).unwrap_or_default(),
                kind: BoundaryKind::Group,
                parent: group.parent.map(|p| model.group(p).head.name.to_string()),
                link: None,
                tooltip: group.head.doc.lines().take(1).map(str::to_string).collect(),
                change: None,
            }
        })
        .collect()
}

/// What flows from one element to another, over all steps and relations.
#[derive(Default)]
struct Traffic {
    peak: f64,
    unknown: bool,
    operations: BTreeMap<Operation, f64>,
    synchronous: bool,
    titles: Vec<String>,
    tooltip: Vec<String>,
    relation: bool,
}

/// The arrows between these elements: one for each pair that a step or relation joins.
pub(super) fn arrows(
    design: &Design,
    elements: &BTreeSet<ElementId>,
    flows: Option<&BTreeSet<usize>>,
) -> Vec<Arrow> {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let mut traffic: BTreeMap<(ElementId, ElementId), Traffic> = BTreeMap::new();
    let mut order: Vec<(ElementId, ElementId)> = Vec::new();
    for (index, flow) in model.flows.iter().enumerate().filter(|(i, _)| flows.is_none_or(|f| f.contains(i))) {
        for (id, step) in flow.steps() {
            let pair = (step.from, step.to);
            if !elements.contains(&pair.0) || !elements.contains(&pair.1) || pair.0 == pair.1 {
                continue;
            }
            if !traffic.contains_key(&pair) {
                order.push(pair);
            }
            let seen = traffic.entry(pair).or_default();
            let hop =
                facts.flows.get(index).and_then(|f| f.hops.get(id.index())).and_then(|r| facts.value(r.peak));
            seen.peak += hop.unwrap_or(0.0);
            seen.unknown |= hop.is_none();
            *seen.operations.entry(step.operation).or_default() += hop.unwrap_or(0.0);
            seen.synchronous |= step.arrow == StepArrow::Sync;
            let load = hop.map(|h| format!(" {}", short_rate(h))).unwrap_or_default();
            let what = step.title.as_deref().unwrap_or(step.operation.word());
            seen.tooltip.push(format!("{}: {what}{load}", flow.head.name));
        }
    }
    for relation in &model.relations {
        let pair = (relation.from, relation.to);
        if flows.is_some() || !elements.contains(&pair.0) || !elements.contains(&pair.1) || pair.0 == pair.1 {
            continue;
        }
        if !traffic.contains_key(&pair) {
            order.push(pair);
        }
        let seen = traffic.entry(pair).or_default();
        seen.relation = true;
        seen.unknown = true;
        seen.synchronous |= relation.arrow == StepArrow::Sync;
        seen.titles.extend(relation.title.iter().map(ToString::to_string));
        seen.operations.entry(relation.operation).or_default();
    }
    let most = traffic.values().map(|t| t.peak).fold(0.0, f64::max);
    order.iter().filter_map(|pair| Some(arrow(design, *pair, traffic.get(pair)?, most))).collect()
}

fn arrow(design: &Design, (from, to): (ElementId, ElementId), traffic: &Traffic, most: f64) -> Arrow {
    let model = &design.lowered.model;
    let (source, target) = (model.element(from), model.element(to));
    let mut tooltip = traffic.tooltip.clone();
    // A tooltip is read at a glance.
    tooltip.truncate(8);
    Arrow {
        from: source.head.name.to_string(),
        to: target.head.name.to_string(),
        label: label(traffic),
        style: if traffic.synchronous { ArrowStyle::Sync } else { ArrowStyle::Async },
        weight: weight(traffic.peak, most),
        back: target.kind == Kind::Actor && source.kind != Kind::Actor,
        tooltip,
        ..Arrow::default()
    }
}

/// One verb and the load: the operation that carries most of it.
fn label(traffic: &Traffic) -> String {
    if let Some(title) = traffic.titles.first() {
        return title.clone();
    }
    let main = traffic.operations.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
    let verb = match main.map(|(operation, _)| *operation) {
        None | Some(Operation::Call) => "",
        Some(operation) => operation.word(),
    };
    let both = traffic.operations.contains_key(&Operation::Read)
        && traffic.operations.contains_key(&Operation::Write);
    let verb = if both { "read, write" } else { verb };
    match (verb, traffic.peak > 0.0) {
        ("", true) => short_rate(traffic.peak),
        (verb, true) => format!("{verb} {}", short_rate(traffic.peak)),
        (verb, false) => verb.to_string(),
    }
}

/// Three steps of width by traffic, each a factor of ten below the busiest arrow.
fn weight(peak: f64, most: f64) -> u8 {
    if most <= 0.0 || peak <= 0.0 {
        1
    } else if peak >= most / 3.0 {
        3
    } else if peak >= most / 30.0 {
        2
    } else {
        1
    }
}
