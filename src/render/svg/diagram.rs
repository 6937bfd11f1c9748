//! Diagrams: the graph that the layout is asked for, and the picture of its answer.

use super::super::resolve::Resolved;
use super::super::scene::Diagram;
use super::document::{Canvas, Heading, Options};
use super::icons::Icons;
use super::legend::Legend;
use super::{boundaries, cards, edges};
use crate::layout::{Graph, Layout, Size};
use crate::render::{describe, graph};

/// Narrower legends would take many rows below a small picture.
const LEGEND_ROOM: i32 = 420;

/// The graph of a diagram: sizes by the bundled font, ends by index. Give its layout to [`diagram`].
pub fn graph(scene: &Diagram) -> Graph {
    let resolved = Resolved::new(scene);
    let faces = cards::faces(&resolved);
    let sizes: Vec<Size> = faces.iter().map(|face| face.size).collect();
    graph::of(scene, &resolved, &sizes, boundaries::band, edges::label_size)
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
