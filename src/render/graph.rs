//! The graph that the layout is asked for, whatever the units of the picture.

use super::resolve::Resolved;
use super::scene::{Arrow, Boundary, Diagram, Placing};
use crate::layout::{Edge, Graph, Group, Hint, Node, Point, Size};

/// The graph of a resolved diagram: `cards` are the sizes of its cards, in order.
pub(super) fn of(
    scene: &Diagram,
    resolved: &Resolved<'_>,
    cards: &[Size],
    band: impl Fn(&Boundary) -> Size,
    label: impl Fn(&Arrow) -> Option<Size>,
) -> Graph {
    let nodes = resolved.cards.iter().zip(cards).map(|(card, size)| Node {
        id: card.item.id.clone(),
        parent: card.parent,
        size: *size,
        rank: card.item.rank.or(card.item.kind.rank()),
    });
    let groups =
        resolved.boxes.iter().map(|b| Group { id: b.item.id.clone(), parent: b.parent, title: band(b.item) });
    let edges = resolved.wires.iter().map(|wire| Edge {
        id: wire.id.clone(),
        from: wire.from,
        to: wire.to,
        label: label(wire.arrow),
    });
    Graph {
        direction: scene.direction,
        nodes: nodes.collect(),
        groups: groups.collect(),
        edges: edges.collect(),
        hints: hints(scene, resolved),
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
