//! Diagrams: the graph that the layout is asked for, and the picture of its answer.

use super::super::resolve::Resolved;
use super::super::scene::Diagram;
use super::document::{Canvas, Heading, Options};
use super::icons::Icons;
use super::legend::Legend;
use super::{boundaries, cards, edges};
use crate::layout::{End, Graph, Layout, Point, Rect, Size};
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
    let mut layout = trimmed(layout);
    meet_outlines(&resolved, &mut layout);
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
    for index in 0..layout.groups.len() {
        boundaries::draw_title(&mut canvas, &resolved, index, &layout);
    }
    for (wire, route) in routed() {
        let halo = boundaries::halo(&resolved, &layout.groups, route.label.unwrap_or_default());
        edges::draw_label(&mut canvas, &mut icons, wire.arrow, route, &halo);
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

/// The layout moved to the top left corner and cut to what it draws, so that heading and content align.
fn trimmed(layout: &Layout) -> Layout {
    let mut out = layout.clone();
    let labels = layout.edges.iter().filter_map(|route| route.label);
    let mut rects: Vec<Rect> = layout.nodes.iter().chain(&layout.groups).copied().chain(labels).collect();
    let points = layout.edges.iter().flat_map(|route| &route.points);
    // Half a line and its head stand out to either side.
    rects.extend(points.map(|p| Rect { x: p.x - 5, y: p.y - 5, width: 10, height: 10 }));
    let left = rects.iter().map(|rect| rect.x).min().unwrap_or(0);
    let top = rects.iter().map(|rect| rect.y).min().unwrap_or(0);
    let right = rects.iter().map(|rect| rect.x + rect.width).max().unwrap_or(0);
    let bottom = rects.iter().map(|rect| rect.y + rect.height).max().unwrap_or(0);
    out.size = Size { width: right - left, height: bottom - top };
    let moved = out.nodes.iter_mut().chain(&mut out.groups);
    for rect in moved.chain(out.edges.iter_mut().filter_map(|route| route.label.as_mut())) {
        rect.x -= left;
        rect.y -= top;
    }
    for point in out.edges.iter_mut().flat_map(|route| &mut route.points) {
        point.x -= left;
        point.y -= top;
    }
    out
}

/// Moves the ends of every line to the outlines that it meets: layouts know rectangles only.
fn meet_outlines(resolved: &Resolved<'_>, layout: &mut Layout) {
    let (nodes, groups) = (&layout.nodes, &layout.groups);
    for (wire, route) in resolved.wires.iter().zip(&mut layout.edges) {
        let meet = |end: End, at: &mut Point, towards: Point| match end {
            End::Node(index) => {
                if let (Some(card), Some(rect)) = (resolved.cards.get(index), nodes.get(index)) {
                    cards::meet_outline(card.item, *rect, at, towards);
                }
            }
            End::Group(index) => {
                if let Some(rect) = groups.get(index) {
                    boundaries::meet_outline(*rect, at, towards);
                }
            }
        };
        if let [first, second, ..] = route.points.as_mut_slice() {
            meet(wire.from, first, *second);
        }
        if let [.., before, last] = route.points.as_mut_slice() {
            meet(wire.to, last, *before);
        }
    }
}
