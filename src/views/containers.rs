//! The elements of the system and how they call each other.

use super::common::{arrows, boundaries, card, system_title};
use super::{View, ViewKind, fold};
use crate::compile::Design;
use crate::model::ElementId;
use crate::render::scene::{Diagram, Scene};
use std::collections::BTreeSet;

/// The whole, and where it is too large for one picture, a view for each group that is folded in it.
pub(super) fn views(design: &Design) -> Vec<View> {
    let elements: BTreeSet<ElementId> = design.lowered.model.elements().map(|(id, _)| id).collect();
    let title = format!("{}: elements", system_title(design));
    let Some(mut whole) = boxes(design, "containers", &title, &elements, None) else { return Vec::new() };
    let complete = whole.clone();
    let folded = fold::fold(&mut whole, None);
    let mut views = vec![View {
        name: "containers".to_string(),
        title,
        kind: ViewKind::Containers,
        flow: None,
        scene: Scene::Diagram(whole),
    }];
    views.extend(folded.iter().map(|group| opened(design, &complete, group)));
    views
}

/// A group with everything in it and what it calls or is called by.
fn opened(design: &Design, complete: &Diagram, group: &str) -> View {
    let mut diagram = complete.clone();
    let parents: std::collections::BTreeMap<&str, Option<&str>> =
        complete.boxes.iter().map(|b| (b.id.as_str(), b.parent.as_deref())).collect();
    let inside = |id: &str| {
        let card = complete.nodes.iter().find(|card| card.id == id);
        let up = |at: &&str| parents.get(*at).copied().flatten();
        let first = card.and_then(|card| card.parent.as_deref());
        std::iter::successors(first, up).take(parents.len() + 1).any(|at| at == group)
    };
    let own: BTreeSet<&str> =
        complete.nodes.iter().map(|card| card.id.as_str()).filter(|id| inside(id)).collect();
    diagram.edges.retain(|a| own.contains(a.from.as_str()) || own.contains(a.to.as_str()));
    let ends = diagram.edges.iter().flat_map(|a| [a.from.clone(), a.to.clone()]);
    let shown: BTreeSet<String> = ends.chain(own.iter().map(ToString::to_string)).collect();
    diagram.nodes.retain(|card| shown.contains(&card.id));
    let mut around: BTreeSet<&str> = BTreeSet::new();
    for card in &diagram.nodes {
        let first = complete.nodes.iter().find(|c| c.id == card.id).and_then(|c| c.parent.as_deref());
        around.extend(
            std::iter::successors(first, |at| parents.get(*at).copied().flatten()).take(parents.len() + 1),
        );
    }
    diagram.boxes.retain(|b| around.contains(b.id.as_str()));
    let label = complete.boxes.iter().find(|b| b.id == group).map_or(group, |b| b.title.as_str());
    let name = fold::view_name(group);
    let title = format!("{}: {label}", system_title(design));
    diagram.id.clone_from(&name);
    diagram.title.clone_from(&title);
    fold::fold(&mut diagram, Some(group));
    View { name, title, kind: ViewKind::Custom, flow: None, scene: Scene::Diagram(diagram) }
}

/// The picture of some elements, with the arrows that some flows (all of them for `None`) make between them; groups
/// fold where there are too many.
pub(super) fn diagram(
    design: &Design,
    id: &str,
    title: &str,
    elements: &BTreeSet<ElementId>,
    flows: Option<&BTreeSet<usize>>,
) -> Option<Scene> {
    let mut diagram = boxes(design, id, title, elements, flows)?;
    fold::fold(&mut diagram, None);
    Some(Scene::Diagram(diagram))
}

fn boxes(
    design: &Design,
    id: &str,
    title: &str,
    elements: &BTreeSet<ElementId>,
    flows: Option<&BTreeSet<usize>>,
) -> Option<Diagram> {
    if elements.is_empty() {
        return None;
    }
    Some(Diagram {
        id: id.to_string(),
        title: title.to_string(),
        nodes: elements.iter().map(|id| card(design, *id)).collect(),
        boxes: boundaries(design, elements),
        edges: arrows(design, elements, flows),
        legend: true,
        ..Diagram::default()
    })
}
