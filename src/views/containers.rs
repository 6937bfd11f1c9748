//! The elements of the system and how they call each other.

use super::common::{arrows, boundaries, card, system_title};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::ElementId;
use crate::render::scene::{Diagram, Scene};
use std::collections::BTreeSet;

pub(super) fn view(design: &Design) -> Option<View> {
    let elements: BTreeSet<ElementId> = design.lowered.model.elements().map(|(id, _)| id).collect();
    let title = format!("{}: elements", system_title(design));
    let scene = diagram(design, "containers", &title, &elements, None)?;
    Some(View { name: "containers".to_string(), title, kind: ViewKind::Containers, flow: None, scene })
}

/// The picture of some elements, with the arrows that some flows (all of them for `None`) make between them.
pub(super) fn diagram(
    design: &Design,
    id: &str,
    title: &str,
    elements: &BTreeSet<ElementId>,
    flows: Option<&BTreeSet<usize>>,
) -> Option<Scene> {
    if elements.is_empty() {
        return None;
    }
    Some(Scene::Diagram(Diagram {
        id: id.to_string(),
        title: title.to_string(),
        nodes: elements.iter().map(|id| card(design, *id)).collect(),
        boxes: boundaries(design, elements),
        edges: arrows(design, elements, flows),
        legend: true,
        ..Diagram::default()
    }))
}
