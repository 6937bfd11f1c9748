//! What goes down with an element, and how fast.

use super::common::{arrows, boundaries, card, system_title};
use super::{View, ViewKind};
use crate::analysis::blast::blast;
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::model::ElementId;
use crate::quantity::Quantity;
use crate::render::scene::{Card, Diagram, Mark, Scene};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

/// The view of an element; every element of the flows that touch it or stall with it is drawn.
pub(super) fn view(design: &Design, id: ElementId) -> View {
    let model = &design.lowered.model;
    let blast = blast(model, &design.analysis.base, id);
    let name = &model.element(id).head.name;
    let hit: BTreeSet<ElementId> = blast.stalls.iter().map(|s| s.element).chain([id]).collect();
    let concerned = model
        .flows
        .iter()
        .enumerate()
        .filter(|(_, flow)| flow.steps.iter().any(|s| hit.contains(&s.from) || hit.contains(&s.to)));
    let flows: BTreeSet<usize> = concerned.map(|(at, _)| at).collect();
    let steps = flows.iter().flat_map(|at| &model.flows[*at].steps);
    let elements: BTreeSet<ElementId> = steps.flat_map(|s| [s.from, s.to]).chain([id]).collect();
    let stalls: BTreeMap<ElementId, &crate::analysis::blast::Stall> =
        blast.stalls.iter().map(|s| (s.element, s)).collect();
    let nodes = elements.iter().map(|element| {
        let drawn = Card { mark: None, utilization: None, ..card(design, *element) };
        let after = |seconds: f64| Quantity::seconds(seconds).human();
        if *element == id {
            let text = format!("{name} is down or hangs");
            return Card { size: "down".into(), mark: Some(mark(Severity::Error, "down", text)), ..drawn };
        }
        match stalls.get(element) {
            Some(stall) => {
                let waits = &model.element(stall.waits_for).head.name;
                let text =
                    format!("all slots wait for {waits} {} after {name} began to hang", after(stall.after));
                let size = format!("stalls after {}", after(stall.after));
                Card { size, mark: Some(mark(Severity::Warning, "stalls", text)), ..drawn }
            }
            None => Card { size: String::new(), ..drawn },
        }
    });
    let nodes: Vec<Card> = nodes.collect();
    let down: Vec<&str> = blast.flows.iter().map(|f| model.flow(*f).head.name.as_str()).collect();
    let subtitle = if down.is_empty() {
        "no flow goes down with it".to_string()
    } else {
        format!("down with it: {}", words::enumeration(&down).replace('`', ""))
    };
    let title = format!("{}: what goes down with {name}", system_title(design));
    let scene = Scene::Diagram(Diagram {
        id: format!("blast-{}", name.as_str().replace('.', "-")),
        title: title.clone(),
        subtitle,
        nodes,
        boxes: boundaries(design, &elements),
        edges: arrows(design, &elements, Some(&flows)),
        legend: true,
        ..Diagram::default()
    });
    View {
        name: format!("blast_{}", name.as_str().replace('.', "_")),
        title,
        kind: ViewKind::Blast,
        flow: None,
        scene,
    }
}

fn mark(severity: Severity, label: &str, tooltip: String) -> Mark {
    Mark { severity, label: label.to_string(), tooltip }
}
