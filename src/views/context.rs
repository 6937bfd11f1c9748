//! The system as one box among people and other systems.

use super::common::{card, short_rate, system_title};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::{Arrow as StepArrow, ElementId};
use crate::render::scene::{Arrow, ArrowStyle, Card, CardKind, Diagram, Scene};
use crate::schema::Kind;
use std::collections::BTreeMap;

/// The id of the system's own card; no element has it, since names have no blanks.
const SYSTEM: &str = "the system";

/// What passes between the system and one outsider.
#[derive(Default)]
struct Exchange {
    titles: Vec<String>,
    peak: f64,
    synchronous: bool,
}

pub(super) fn view(design: &Design) -> Option<View> {
    let model = &design.lowered.model;
    let is_outside = |id: ElementId| matches!(model.element(id).kind, Kind::Actor | Kind::External);
    let mut exchanges: BTreeMap<(ElementId, bool), Exchange> = BTreeMap::new();
    let facts = &design.analysis.base;
    for (index, flow) in model.flows.iter().enumerate() {
        for (id, step) in flow.steps() {
            let (outsider, inwards) = match (is_outside(step.from), is_outside(step.to)) {
                (true, false) => (step.from, true),
                (false, true) => (step.to, false),
                _ => continue,
            };
            let seen = exchanges.entry((outsider, inwards)).or_default();
            let title = flow.head.label().to_string();
            if !seen.titles.contains(&title) {
                seen.titles.push(title);
            }
            let hop = facts.flows.get(index).and_then(|f| f.hops.get(id.index()));
            seen.peak += hop.and_then(|r| facts.value(r.peak)).unwrap_or(0.0);
            seen.synchronous |= step.arrow == StepArrow::Sync;
        }
    }
    if exchanges.is_empty() {
        return None;
    }
    let title = format!("{}: context", system_title(design));
    let outsiders = model.elements().filter(|(id, _)| is_outside(*id)).map(|(id, _)| id);
    let mut nodes: Vec<Card> =
        outsiders.map(|id| Card { parent: None, utilization: None, ..card(design, id) }).collect();
    let inside = model.elements.len() - nodes.len();
    nodes.push(Card {
        id: SYSTEM.to_string(),
        title: system_title(design),
        size: format!("{}, {}", several(inside, "element"), several(model.flows.len(), "flow")),
        kind: CardKind::System,
        tooltip: model.system.head.doc.lines().take(1).map(str::to_string).collect(),
        ..Card::default()
    });
    for card in nodes.iter_mut().filter(|c| c.kind == CardKind::External) {
        card.rank = Some(8);
    }
    let edges = exchanges
        .iter()
        .map(|((outsider, inwards), seen)| arrow(design, *outsider, *inwards, seen))
        .collect();
    let scene = Scene::Diagram(Diagram {
        id: "context".to_string(),
        title: title.clone(),
        nodes,
        edges,
        legend: true,
        ..Diagram::default()
    });
    Some(View { name: "context".to_string(), title, kind: ViewKind::Context, flow: None, scene })
}

fn arrow(design: &Design, outsider: ElementId, inwards: bool, seen: &Exchange) -> Arrow {
    let element = design.lowered.model.element(outsider);
    let name = element.head.name.to_string();
    let (from, to) = if inwards { (name, SYSTEM.to_string()) } else { (SYSTEM.to_string(), name) };
    let what = match seen.titles.as_slice() {
        [only] => only.clone(),
        several => format!("{} flows", several.len()),
    };
    let label = if seen.peak > 0.0 { format!("{what}, {}", short_rate(seen.peak)) } else { what };
    Arrow {
        from,
        to,
        label,
        style: if seen.synchronous { ArrowStyle::Sync } else { ArrowStyle::Async },
        back: !inwards && element.kind == Kind::Actor,
        tooltip: seen.titles.iter().take(10).cloned().collect(),
        ..Arrow::default()
    }
}

/// `1 flow`, `2 flows`.
fn several(count: usize, of: &str) -> String {
    format!("{count} {of}{}", if count == 1 { "" } else { "s" })
}
