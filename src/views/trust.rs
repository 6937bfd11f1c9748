//! Which data cross which trust boundary, and what guards the way: the data-flow view of a threat model.

use super::common::{card, system_title};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Arrow as StepArrow, DataId, ElementId, Flow, Model, StepId};
use crate::render::scene::{Arrow, ArrowStyle, Boundary, BoundaryKind, Card, Diagram, Mark, Scene};
use std::collections::{BTreeMap, BTreeSet};

/// The zone of people and other parties, which stands open around the frames of the others.
const OUTSIDE: &str = "external";
/// The zones that have a frame, and what they are called.
const FRAMES: [(&str, &str); 2] = [("internal", "Inside the trust boundary"), ("partner", "Partners")];
/// Classes of data, the most sensitive first.
const CLASSES: [&str; 5] = ["secret", "financial", "personal", "internal", "public"];
/// Data that an arrow names before it counts the rest.
const NAMED: usize = 3;

/// What passes from one element to another.
#[derive(Default)]
struct Passage {
    data: BTreeSet<DataId>,
    synchronous: bool,
    guards: BTreeSet<String>,
    tooltip: Vec<String>,
    finding: Option<Mark>,
}

/// The view; none where the design says nothing of trust, authentication, encryption or classes of data, or where
/// nothing crosses a boundary.
pub(super) fn view(design: &Design) -> Option<View> {
    let model = &design.lowered.model;
    if !speaks_of_trust(model) {
        return None;
    }
    let mut passages: BTreeMap<(ElementId, ElementId), Passage> = BTreeMap::new();
    for flow in &model.flows {
        for run in flow.runs() {
            add_run(model, flow, &run, &mut passages);
        }
    }
    passages.retain(|(from, to), _| from != to);
    let crosses = |(from, to): &(ElementId, ElementId)| model.trust_zone(*from) != model.trust_zone(*to);
    if !passages.keys().any(crosses) {
        return None;
    }
    mark_passages(design, &mut passages);
    let elements: BTreeSet<ElementId> = passages.keys().flat_map(|(from, to)| [*from, *to]).collect();
    let ways_in: BTreeSet<ElementId> =
        passages.keys().filter(|(from, to)| is_way_in(model, *from, *to)).map(|(_, to)| *to).collect();
    let nodes = elements.iter().map(|id| element_card(design, *id, ways_in.contains(id)));
    let edges = passages.iter().map(|(ends, passage)| arrow(model, *ends, passage, crosses(ends)));
    let title = format!("{}: what crosses the trust boundary", system_title(design));
    let scene = Scene::Diagram(Diagram {
        id: "trust".to_string(),
        title: title.clone(),
        subtitle:
            "what stands in no frame is outside; an arrow names the data that pass and how they are guarded"
                .to_string(),
        nodes: nodes.collect(),
        boxes: frames(model, &elements),
        edges: edges.collect(),
        legend: true,
        ..Diagram::default()
    });
    Some(View { name: "trust".to_string(), title, kind: ViewKind::Trust, flow: None, scene })
}

/// Whether the design states anything that the view could show beside calls.
fn speaks_of_trust(model: &Model) -> bool {
    let guarded = |props: &crate::model::Props| {
        ["trust", "auth", "public", "encrypted"].iter().any(|key| props.has(key))
    };
    model.elements.iter().any(|e| guarded(&e.props))
        || model.groups.iter().any(|g| g.props.has("trust"))
        || model.data.iter().any(|d| d.class().is_some())
        || model.flows.iter().flat_map(|f| &f.steps).any(|s| guarded(&s.props))
}

/// What the last hop of a run touches passes over all of its hops.
fn add_run(
    model: &Model,
    flow: &Flow,
    run: &[StepId],
    passages: &mut BTreeMap<(ElementId, ElementId), Passage>,
) {
    let data: BTreeSet<DataId> = run.iter().flat_map(|id| flow.step(*id).data()).collect();
    for step in run.iter().map(|id| flow.step(*id)) {
        let seen = passages.entry((step.from, step.to)).or_default();
        seen.data.extend(&data);
        seen.synchronous |= step.arrow == StepArrow::Sync;
        let guards: Vec<&str> =
            ["protocol", "encrypted", "auth"].iter().filter_map(|key| step.props.word(key)).collect();
        let encrypted = step.props.word("encrypted");
        seen.guards.extend(encrypted.map(|word| match word {
            "none" => "in the clear".to_string(),
            word => word.replace('_', " "),
        }));
        let names: Vec<&str> = data.iter().map(|id| model.datum(*id).head.name.as_str()).collect();
        let line = format!("{}: {} {}", flow.head.name, guards.join(" "), names.join(" "));
        seen.tooltip.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// Hangs each finding on security to the arrow that it speaks of: of a run, to the hop that crosses the boundary.
fn mark_passages(design: &Design, passages: &mut BTreeMap<(ElementId, ElementId), Passage>) {
    let model = &design.lowered.model;
    for finding in design.findings.iter().filter(|f| f.code.code.starts_with("SEC")) {
        let flow = model.flows.iter().find(|f| finding.flow.as_deref() == Some(f.head.name.as_str()));
        let Some(flow) = flow else { continue };
        let runs = flow.runs();
        let Some(run) =
            runs.iter().find(|run| run.iter().any(|id| flow.step(*id).span == finding.primary.span))
        else {
            continue;
        };
        let hops = || run.iter().map(|id| flow.step(*id));
        let own = hops().rev().find(|s| s.span == finding.primary.span);
        let crossing = hops().find(|s| model.trust_zone(s.from) != model.trust_zone(s.to));
        let Some(step) = crossing.or(own) else { continue };
        let Some(seen) = passages.get_mut(&(step.from, step.to)) else { continue };
        let mark = finding_mark(finding);
        seen.tooltip.push(mark.tooltip.clone());
        if seen.finding.as_ref().is_none_or(|known| known.severity < mark.severity) {
            seen.finding = Some(mark);
        }
    }
}

/// What a finding wears: an accepted one no more than a hint.
fn finding_mark(finding: &Finding) -> Mark {
    let word = finding.code.name.replace('-', " ");
    if finding.is_open() {
        return Mark { severity: finding.severity, label: word, tooltip: finding.message.clone() };
    }
    Mark {
        severity: Severity::Info,
        label: format!("{word}, accepted"),
        tooltip: format!("{}; accepted by the author", finding.message),
    }
}

/// Whether a call comes from outside.
fn is_way_in(model: &Model, from: ElementId, to: ElementId) -> bool {
    model.trust_zone(from) == OUTSIDE && model.trust_zone(to) != OUTSIDE
}

fn element_card(design: &Design, id: ElementId, way_in: bool) -> Card {
    let element = design.lowered.model.element(id);
    let name = element.head.name.as_str();
    let about = design
        .findings
        .iter()
        .filter(|f| f.code.code.starts_with("SEC") && f.subject.as_deref() == Some(name) && f.flow.is_none());
    let grave = about.max_by_key(|f| (f.is_open(), f.severity));
    let auth = element.props.word("auth").map(|word| match word {
        "none" => "asks nobody who they are".to_string(),
        word => format!("asks for {}", word.replace('_', " ")),
    });
    let way_in = way_in.then(|| "way in".to_string());
    let lines: Vec<String> = way_in.into_iter().chain(auth).collect();
    Card {
        size: lines.join(", "),
        mark: grave.map(finding_mark),
        utilization: None,
        replicas: None,
        tooltip: element.head.doc.lines().take(1).map(str::to_string).collect(),
        parent: FRAMES
            .iter()
            .find(|(zone, _)| *zone == design.lowered.model.trust_zone(id))
            .map(|(zone, _)| frame_id(zone)),
        ..card(design, id)
    }
}

/// No element has such a name, since names have no blanks.
fn frame_id(zone: &str) -> String {
    format!("zone {zone}")
}

fn frames(model: &Model, elements: &BTreeSet<ElementId>) -> Vec<Boundary> {
    let used: BTreeSet<&str> = elements.iter().map(|id| model.trust_zone(*id)).collect();
    let frames = FRAMES.iter().filter(|(zone, _)| used.contains(zone));
    frames
        .map(|(zone, title)| Boundary {
            id: frame_id(zone),
            title: (*title).to_string(),
            kind: BoundaryKind::Trust,
            ..Boundary::default()
        })
        .collect()
}

fn arrow(model: &Model, (from, to): (ElementId, ElementId), passage: &Passage, crosses: bool) -> Arrow {
    let (source, target) = (model.element(from), model.element(to));
    let mut label = data_label(model, &passage.data, crosses);
    if crosses {
        let guards: Vec<&str> = passage.guards.iter().map(String::as_str).collect();
        label.extend((!guards.is_empty()).then(|| guards.join(", ")));
    }
    let mut tooltip = passage.tooltip.clone();
    tooltip.dedup();
    tooltip.truncate(8);
    Arrow {
        from: source.head.name.to_string(),
        to: target.head.name.to_string(),
        label: label.join(", "),
        style: if passage.synchronous { ArrowStyle::Sync } else { ArrowStyle::Async },
        weight: 1,
        flagged: passage.finding.clone(),
        back: target.kind == crate::schema::Kind::Actor && source.kind != crate::schema::Kind::Actor,
        tooltip,
        ..Arrow::default()
    }
}

/// The data by class, the most sensitive first: by name where they cross a boundary, else by class alone.
fn data_label(model: &Model, data: &BTreeSet<DataId>, crosses: bool) -> Vec<String> {
    let class = |id: &DataId| model.datum(*id).class();
    let mut parts = Vec::new();
    for word in CLASSES {
        let names: Vec<&str> = data
            .iter()
            .filter(|id| class(id) == Some(word))
            .map(|id| model.datum(*id).head.short.as_str())
            .collect();
        match names.len() {
            0 => {}
            _ if !crosses => parts.push(word.to_string()),
            n if n > NAMED => {
                parts.push(format!("{word}: {} and {} more", names[..NAMED - 1].join(", "), n + 1 - NAMED));
            }
            _ => parts.push(format!("{word}: {}", names.join(", "))),
        }
    }
    parts
}
