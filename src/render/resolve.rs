//! A diagram with its ids resolved to indexes: what every renderer of diagrams walks over.
//!
//! Keeps the promise of [`super::scene`] that no scene is wrong. Boundaries come out parents first.

use std::collections::BTreeMap;

use super::scene::{Arrow, Boundary, Card, Diagram};
use crate::layout::End;

/// The parts of a diagram that can be drawn, in its own order but for boundaries.
#[derive(Clone, Debug)]
pub(super) struct Resolved<'a> {
    /// Cards.
    pub cards: Vec<Placed<'a, Card>>,
    /// Boundaries, parents before children.
    pub boxes: Vec<Placed<'a, Boundary>>,
    /// Arrows with both ends.
    pub wires: Vec<Wire<'a>>,
}

/// A card or boundary, and the boundary around it by index.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a, T> {
    pub item: &'a T,
    pub parent: Option<usize>,
}

/// An arrow with its ends.
#[derive(Clone, Debug)]
pub(super) struct Wire<'a> {
    pub arrow: &'a Arrow,
    pub from: End,
    pub to: End,
    /// The arrow's id, or one made from its ends; unique.
    pub id: String,
}

impl<'a> Resolved<'a> {
    /// Resolves every name of `diagram`.
    pub fn new(diagram: &'a Diagram) -> Resolved<'a> {
        let boxes = ordered_boxes(diagram);
        let mut ends: BTreeMap<&str, End> =
            boxes.iter().enumerate().map(|(at, b)| (b.item.id.as_str(), End::Group(at))).collect();
        let mut cards = Vec::new();
        for card in &diagram.nodes {
            if ends.contains_key(card.id.as_str()) {
                continue;
            }
            let parent = card.parent.as_deref().and_then(|id| match ends.get(id) {
                Some(End::Group(at)) => Some(*at),
                _ => None,
            });
            ends.insert(&card.id, End::Node(cards.len()));
            cards.push(Placed { item: card, parent });
        }
        let wires = wires(diagram, &ends);
        Resolved { cards, boxes, wires }
    }

    /// How many boundaries stand around the boundary at `index`.
    pub fn depth(&self, index: usize) -> usize {
        let parent = |at: usize| self.boxes.get(at).and_then(|b| b.parent);
        std::iter::successors(parent(index), |at| parent(*at)).count()
    }

    /// The shown name of an end.
    pub fn name(&self, end: End) -> &'a str {
        match end {
            End::Node(at) => self.cards.get(at).map_or("", |card| shown(&card.item.title, &card.item.id)),
            End::Group(at) => self.boxes.get(at).map_or("", |b| shown(&b.item.title, &b.item.id)),
        }
    }

    /// The ends of an arrow as shown.
    pub fn way(&self, wire: &Wire<'_>) -> String {
        format!("{} → {}", self.name(wire.from), self.name(wire.to))
    }

    /// Whether `outer` is a boundary around `inner`.
    pub fn contains(&self, outer: End, inner: End) -> bool {
        let End::Group(outer) = outer else { return false };
        let parent = |at: usize| self.boxes.get(at).and_then(|b| b.parent);
        let around = match inner {
            End::Node(at) => self.cards.get(at).and_then(|card| card.parent),
            End::Group(at) => parent(at),
        };
        std::iter::successors(around, |at| parent(*at)).any(|at| at == outer)
    }

    /// Cards that stand directly in `parent`.
    pub fn cards_in(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &'a Card)> + '_ {
        let inside = self.cards.iter().enumerate().filter(move |(_, card)| card.parent == parent);
        inside.map(|(at, card)| (at, card.item))
    }

    /// Boundaries that stand directly in `parent`.
    pub fn boxes_in(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &'a Boundary)> + '_ {
        let inside = self.boxes.iter().enumerate().filter(move |(_, b)| b.parent == parent);
        inside.map(|(at, b)| (at, b.item))
    }
}

/// A title, or the id where there is none.
pub(super) fn shown<'a>(title: &'a str, id: &'a str) -> &'a str {
    if title.trim().is_empty() { id } else { title }
}

fn ordered_boxes(diagram: &Diagram) -> Vec<Placed<'_, Boundary>> {
    let mut first: BTreeMap<&str, &Boundary> = BTreeMap::new();
    let mut unique: Vec<&Boundary> = Vec::new();
    for boundary in &diagram.boxes {
        if !first.contains_key(boundary.id.as_str()) {
            first.insert(&boundary.id, boundary);
            unique.push(boundary);
        }
    }
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out: Vec<Placed<'_, Boundary>> = Vec::new();
    for boundary in unique {
        // From the boundary up to the first one that is placed, unknown or met twice; then down again.
        let mut chain: Vec<&Boundary> = Vec::new();
        let mut next = Some(boundary);
        while let Some(b) = next {
            if at.contains_key(b.id.as_str()) || chain.iter().any(|seen| seen.id == b.id) {
                break;
            }
            chain.push(b);
            next = b.parent.as_deref().and_then(|id| first.get(id).copied());
        }
        for b in chain.into_iter().rev() {
            let parent = b.parent.as_deref().and_then(|id| at.get(id).copied());
            at.insert(&b.id, out.len());
            out.push(Placed { item: b, parent });
        }
    }
    out
}

fn wires<'a>(diagram: &'a Diagram, ends: &BTreeMap<&str, End>) -> Vec<Wire<'a>> {
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    let mut out = Vec::new();
    for arrow in &diagram.edges {
        let (Some(from), Some(to)) = (ends.get(arrow.from.as_str()), ends.get(arrow.to.as_str())) else {
            continue;
        };
        let mut id = arrow.id.clone();
        if id.is_empty() {
            id = format!("{}-{}", arrow.from, arrow.to);
        }
        let id = unique(&mut used, &id);
        out.push(Wire { arrow, from: *from, to: *to, id });
    }
    out
}

/// `id`, or the id with the first number after it that makes it unique.
pub(super) fn unique(used: &mut BTreeMap<String, u32>, id: &str) -> String {
    let mut candidate = id.to_owned();
    while used.contains_key(&candidate) {
        let count = used.entry(id.to_owned()).or_insert(1);
        *count += 1;
        candidate = format!("{id}-{count}");
    }
    used.insert(candidate.clone(), 1);
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundary(id: &str, parent: Option<&str>) -> Boundary {
        Boundary { id: id.into(), parent: parent.map(Into::into), ..Boundary::default() }
    }

    fn card(id: &str, parent: &str) -> Card {
        Card { id: id.into(), parent: Some(parent.into()), ..Card::default() }
    }

    fn arrow(from: &str, to: &str) -> Arrow {
        Arrow { from: from.into(), to: to.into(), ..Arrow::default() }
    }

    #[test]
    fn parents_come_first_and_rings_are_opened() {
        let diagram = Diagram {
            boxes: vec![
                boundary("leaf", Some("mid")),
                boundary("mid", Some("top")),
                boundary("top", None),
                boundary("a", Some("b")),
                boundary("b", Some("a")),
                boundary("self", Some("self")),
                boundary("leaf", Some("a")),
            ],
            ..Diagram::default()
        };
        let resolved = Resolved::new(&diagram);
        let ids: Vec<&str> = resolved.boxes.iter().map(|b| b.item.id.as_str()).collect();
        assert_eq!(ids, ["top", "mid", "leaf", "b", "a", "self"]);
        assert!(resolved.boxes.iter().enumerate().all(|(at, b)| b.parent.is_none_or(|parent| parent < at)));
        assert_eq!((resolved.depth(2), resolved.depth(3), resolved.depth(99)), (2, 0, 0));
    }

    #[test]
    fn unknown_ends_drop_the_arrow_and_parallel_arrows_get_ids_of_their_own() {
        let diagram = Diagram {
            boxes: vec![boundary("g", None)],
            nodes: vec![card("a", "g"), card("b", "nowhere"), card("a", "g"), card("g", "g")],
            edges: vec![arrow("a", "b"), arrow("a", "b"), arrow("a", "?"), arrow("b", "g")],
            ..Diagram::default()
        };
        let resolved = Resolved::new(&diagram);
        assert_eq!(resolved.cards.len(), 2);
        assert_eq!(resolved.cards[1].parent, None);
        let ids: Vec<&str> = resolved.wires.iter().map(|wire| wire.id.as_str()).collect();
        assert_eq!(ids, ["a-b", "a-b-2", "b-g"]);
        assert_eq!(resolved.wires[2].to, End::Group(0));
    }
}
