//! Data and where they are kept: the source of truth, copies and indexes.

use super::common::{card, system_title};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::{Data, DataId, ElementId, Value};
use crate::render::scene::{Arrow, ArrowStyle, Card, CardKind, Diagram, Scene};
use crate::schema::Kind;
use std::collections::BTreeSet;

pub(super) fn view(design: &Design) -> Option<View> {
    let model = &design.lowered.model;
    let mut keepers: BTreeSet<ElementId> = BTreeSet::new();
    let mut kept: BTreeSet<DataId> = BTreeSet::new();
    let mut edges = Vec::new();
    for (id, element) in model.elements() {
        for datum in element.holds() {
            keepers.insert(id);
            kept.insert(datum);
            edges.push(Arrow {
                from: datum_id(&model.datum(datum).head.name),
                to: element.head.name.to_string(),
                label: shard_label(design, id),
                style: ArrowStyle::Relation,
                ..Arrow::default()
            });
        }
    }
    for (id, element) in model.elements().filter(|(_, e)| e.kind == Kind::Cache) {
        for origin in element.props.elements("of") {
            keepers.extend([id, origin]);
            edges.push(Arrow {
                from: model.element(origin).head.name.to_string(),
                to: element.head.name.to_string(),
                label: element.props.word("policy").unwrap_or("copies").replace('_', " "),
                style: ArrowStyle::Replication,
                ..Arrow::default()
            });
        }
    }
    if kept.is_empty() {
        return None;
    }
    let mut nodes: Vec<Card> = kept.iter().map(|id| entity(model.datum(*id))).collect();
    nodes.extend(keepers.iter().map(|id| Card { parent: None, utilization: None, ..card(design, *id) }));
    let title = format!("{}: data", system_title(design));
    let scene = Scene::Diagram(Diagram {
        id: "data".to_string(),
        title: title.clone(),
        nodes,
        edges,
        legend: true,
        ..Diagram::default()
    });
    Some(View { name: "data".to_string(), title, kind: ViewKind::Data, flow: None, scene })
}

/// Data and elements may share a name; ids of cards may not.
fn datum_id(name: &str) -> String {
    format!("data {name}")
}

fn shard_label(design: &Design, id: ElementId) -> String {
    let element = design.lowered.model.element(id);
    element.props.word("shard.by").map(|key| format!("by {key}")).unwrap_or_default()
}

fn entity(datum: &Data) -> Card {
    let mut rows: Vec<String> = datum
        .props
        .get("fields")
        .into_iter()
        .flat_map(|p| &p.values)
        .filter_map(|f| match &f.value {
            Value::Name(name) => Some(name.to_string()),
            _ => None,
        })
        .collect();
    if let Some(key) = datum.props.word("key") {
        match rows.iter_mut().find(|r| *r == key) {
            Some(row) => row.push_str(" (key)"),
            None => rows.insert(0, format!("{key} (key)")),
        }
    }
    Card {
        id: datum_id(&datum.head.name),
        title: datum.head.short.to_string(),
        technology: datum.class().map(|c| format!("{c} data")).unwrap_or_default(),
        size: datum.size().map(|s| s.quantity.human()).unwrap_or_default(),
        rows,
        kind: CardKind::Entity,
        link: Some(format!("#data-{}", datum.head.name)),
        rank: Some(3),
        tooltip: datum.head.title.iter().map(ToString::to_string).collect(),
        ..Card::default()
    }
}
