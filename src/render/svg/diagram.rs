//! Diagrams: the graph that the layout is asked for, and the picture of its answer.

use super::super::resolve::Resolved;
use super::super::scene::{Diagram, Placing};
use super::document::{Canvas, Heading, Options};
use super::icons::Icons;
use super::legend::Legend;
use super::{boundaries, cards, edges};
use crate::layout::{Edge, Graph, Group, Hint, Layout, Node, Point};
use crate::render::describe;

/// Narrower legends would take many rows below a small picture.
const LEGEND_ROOM: i32 = 420;

/// The graph of a diagram: sizes by the bundled font, ends by index. Give its layout to [`diagram`].
pub fn graph(scene: &Diagram) -> Graph {
    let resolved = Resolved::new(scene);
    let faces = cards::faces(&resolved);
    let nodes = resolved.cards.iter().zip(&faces).map(|(card, face)| Node {
        id: card.item.id.clone(),
        parent: card.parent,
        size: face.size,
        rank: card.item.rank.or(card.item.kind.rank()),
    });
    let groups = resolved.boxes.iter().map(|b| Group {
        id: b.item.id.clone(),
        parent: b.parent,
        title: boundaries::band(b.item),
    });
    let edges = resolved.wires.iter().map(|wire| Edge {
        id: wire.id.clone(),
        from: wire.from,
        to: wire.to,
        label: edges::label_size(wire.arrow),
    });
    Graph {
        direction: scene.direction,
        nodes: nodes.collect(),
        groups: groups.collect(),
        edges: edges.collect(),
        hints: hints(scene, &resolved),
    }
}

fn hints(scene: &Diagram, resolved: &Resolved<'_>) -> Vec<Hint> {
    let at = |id: &str| resolved.cards.iter().position(|card| card.item.id == id);
    let hint = |placing: &Placing| match placing {
        Placing::LeftOf(a, b) => Some(Hint::LeftOf(at(a)?, at(b)?)),
        Placing::Above(a, b) => Some(Hint::Above(at(a)?, at(b)?)),
        Placing::Pin(card, x, y) => Some(Hint::Pin(at(card)?, Point { x: *x, y: *y })),
    };
    scene.hints.iter().filter_map(hint).collect()
}

/// Draws a diagram by the layout of its [`graph`]; what the layout lacks is left out.
pub fn diagram(scene: &Diagram, layout: &Layout, options: &Options) -> String {
    let resolved = Resolved::new(scene);
    let faces = cards::faces(&resolved);
    let mut canvas = Canvas::new(&scene.id);
    let mut icons = Icons::default();
    for (index, rect) in layout.groups.iter().enumerate() {
        boundaries::draw(&mut canvas, &resolved, index, *rect);
    }
    let routed = || resolved.wires.iter().zip(&layout.edges);
    for (wire, route) in routed() {
        edges::draw(&mut canvas, &resolved, wire, route);
    }
    for ((card, face), rect) in resolved.cards.iter().zip(&faces).zip(&layout.nodes) {
        cards::draw(&mut canvas, &mut icons, card.item, face, *rect);
    }
    for (wire, route) in routed() {
        edges::draw_label(&mut canvas, &mut icons, wire.arrow, route);
    }
    let mut content = (layout.size.width, layout.size.height);
    if scene.legend {
        let room = content.0.max(LEGEND_ROOM);
        let legend = Legend::of(&resolved, room);
        if legend.height > 0 {
            legend.draw(&mut canvas, &mut icons, content.1 + 24, room);
            content = (room, content.1 + 24 + legend.height);
        }
    }
    let desc = if scene.desc.is_empty() { describe::diagram(&resolved) } else { scene.desc.clone() };
    let definitions = icons.definitions(&canvas);
    let heading = Heading {
        id: &scene.id,
        title: &scene.title,
        subtitle: &scene.subtitle,
        footer: &scene.footer,
        desc,
        content,
    };
    canvas.finish(&heading, &definitions, options)
}
