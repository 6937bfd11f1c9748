//! Views of the author's own: `view media { include cdn api media; exclude kind actor; of upload }`.

use super::containers::diagram;
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::{ElementId, Entity, GroupId, Model, Prop, Value};
use crate::render::scene::{Direction, Placing, Scene};
use crate::schema::Kind;
use std::collections::BTreeSet;

pub(super) fn views(design: &Design) -> Vec<View> {
    let model = &design.lowered.model;
    let mut views = Vec::new();
    for view in &model.views {
        let of: BTreeSet<usize> = view
            .props
            .all("of")
            .flat_map(Prop::entities)
            .filter_map(|e| if let Entity::Flow(id) = e { Some(id.index()) } else { None })
            .collect();
        let flows = (!of.is_empty()).then_some(&of);
        let elements = elements(model, view, flows);
        let title = view.head.label().to_string();
        let Some(mut scene) = diagram(design, &view.head.name, &title, &elements, flows) else { continue };
        if let Scene::Diagram(scene) = &mut scene {
            scene.hints = hints(model, view);
            if view.props.word("direction") == Some("right") {
                scene.direction = Direction::Right;
            }
        }
        views.push(View {
            name: view.head.name.to_string(),
            title,
            kind: ViewKind::Custom,
            flow: None,
            scene,
        });
    }
    views
}

fn elements(
    model: &Model,
    view: &crate::model::View,
    flows: Option<&BTreeSet<usize>>,
) -> BTreeSet<ElementId> {
    let includes: Vec<&Prop> = view.props.all("include").collect();
    let mut chosen: BTreeSet<ElementId> = match flows {
        Some(flows) => model
            .flows
            .iter()
            .enumerate()
            .filter(|(i, _)| flows.contains(i))
            .flat_map(|(_, f)| f.steps.iter().flat_map(|s| [s.from, s.to]))
            .collect(),
        None if includes.is_empty() => model.elements().map(|(id, _)| id).collect(),
        None => BTreeSet::new(),
    };
    for prop in includes {
        chosen.extend(model.elements().map(|(id, _)| id).filter(|id| names(model, prop, *id)));
    }
    for prop in view.props.all("exclude") {
        chosen.retain(|id| !names(model, prop, *id));
    }
    chosen
}

/// Whether an `include` or `exclude` speaks of an element: by kind, by tag, by name, by group or by flow.
fn names(model: &Model, prop: &Prop, id: ElementId) -> bool {
    let element = model.element(id);
    if let Some(Value::Name(kind)) = prop.value("kind") {
        return Kind::of(kind) == Some(element.kind);
    }
    if let Some(Value::Name(tag)) = prop.value("tag") {
        return element
            .props
            .get("tags")
            .is_some_and(|p| p.values.iter().any(|f| f.value == Value::Name(tag.clone())));
    }
    prop.entities().any(|entity| match entity {
        Entity::Element(other) => other == id,
        Entity::Group(group) => inside(model, element.group, group),
        Entity::Flow(flow) => model.flow(flow).steps.iter().any(|s| s.from == id || s.to == id),
        _ => false,
    })
}

fn inside(model: &Model, mut at: Option<GroupId>, group: GroupId) -> bool {
    while let Some(id) = at {
        if id == group {
            return true;
        }
        at = model.group(id).parent;
    }
    false
}

fn hints(model: &Model, view: &crate::model::View) -> Vec<Placing> {
    let name = |id: ElementId| model.element(id).head.name.to_string();
    let mut hints = Vec::new();
    for prop in &view.props.entries {
        let elements: Vec<ElementId> = prop
            .entities()
            .filter_map(|e| if let Entity::Element(id) = e { Some(id) } else { None })
            .collect();
        let numbers: Vec<i32> = prop
            .values
            .iter()
            .filter_map(|f| if let Value::Quantity(n) = &f.value { Some(n.value() as i32) } else { None })
            .collect();
        match (prop.key, elements.as_slice(), numbers.as_slice()) {
            ("left", [a, b], _) => hints.push(Placing::LeftOf(name(*a), name(*b))),
            ("above", [a, b], _) => hints.push(Placing::Above(name(*a), name(*b))),
            ("pin", [a], [x, y]) => hints.push(Placing::Pin(name(*a), *x, *y)),
            _ => {}
        }
    }
    hints
}
