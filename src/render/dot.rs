//! Diagrams as DOT, for Graphviz.

use super::link::safe_link;
use super::put::Put as _;
use super::resolve::{Resolved, Wire};
use super::scene::{ArrowStyle, BoundaryKind, Card, CardKind, Diagram, Direction};
use super::text::{
    Abilities, EndIds, Losses, Text, arrow_colour, arrow_label, arrow_tooltip, boundary_name, card_colour,
    card_lines, card_name, card_tooltip, drawable, quoted_lines,
};
use crate::layout::End;

/// Words of the language; ids are quoted, the list keeps them readable elsewhere.
const WORDS: &[&str] = &["node", "edge", "graph", "digraph", "subgraph", "strict"];

const ABILITIES: Abilities = Abilities { card_tooltip: |_| true, lacks: &[] };

/// A diagram as one digraph.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, WORDS);
    let mut out = String::from("digraph {\n");
    let way = if scene.direction == Direction::Right { "LR" } else { "TB" };
    out.put(format_args!(
        "  graph [rankdir={way}, compound=true, fontname=\"Inter\", fontsize=12, nodesep=0.5, ranksep=0.7"
    ));
    if !scene.title.trim().is_empty() {
        out.put(format_args!(", labelloc=t, label={}", quoted([scene.title.as_str(), &scene.subtitle])));
    }
    out.push_str("]\n");
    out.push_str("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", fontname=\"Inter\", fontsize=12]\n");
    out.push_str("  edge [fontname=\"Inter\", fontsize=11, color=\"#4b5a6e\"]\n");
    let writer = Writer { resolved: &resolved, ids: &ids };
    writer.inside(None, 1, &mut out);
    for (_, wire) in drawable(&resolved) {
        writer.wire(wire, &mut out);
    }
    out.push_str("}\n");
    Text { parts: vec![out], losses: Losses::of(scene, &resolved, &ABILITIES).into_list() }
}

struct Writer<'a> {
    resolved: &'a Resolved<'a>,
    ids: &'a EndIds,
}

impl Writer<'_> {
    fn inside(&self, parent: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth.min(20));
        for (at, card) in self.resolved.cards_in(parent) {
            out.put(format_args!(
                "{indent}{} [{}]\n",
                self.ids.get(End::Node(at)),
                attributes(card).join(", ")
            ));
        }
        for (at, boundary) in self.resolved.boxes_in(parent) {
            let id = self.ids.get(End::Group(at));
            let dashed = matches!(boundary.kind, BoundaryKind::Zone | BoundaryKind::Trust);
            let style = if dashed { "rounded,filled,dashed" } else { "rounded,filled" };
            out.put(format_args!("{indent}subgraph cluster_{id} {{\n"));
            out.put(format_args!(
                "{indent}  graph [label={}, labeljust=l, style=\"{style}\", color=\"#b8c3d1\", fillcolor=\"#f5f7fa\"]\n",
                quoted([boundary_name(boundary).as_str()])
            ));
            if self.representative(at).is_none() {
                // A cluster without a node is not drawn.
                out.put(format_args!("{indent}  in_{id} [style=invis, width=0.5, height=0.1, label=\"\"]\n"));
            }
            self.inside(Some(at), depth + 1, out);
            out.put(format_args!("{indent}}}\n"));
        }
    }

    /// The first card inside a boundary, at any depth: edges to the boundary end there, cut at its border.
    fn representative(&self, boundary: usize) -> Option<usize> {
        (0..self.resolved.cards.len()).find(|at| self.resolved.contains(End::Group(boundary), End::Node(*at)))
    }

    /// The node of an end, and the cluster at whose border the edge is cut.
    fn node(&self, end: End) -> (String, Option<String>) {
        match end {
            End::Node(_) => (self.ids.get(end).to_owned(), None),
            End::Group(at) => {
                let id = self.ids.get(end);
                let inside = self.representative(at).map(|card| self.ids.get(End::Node(card)).to_owned());
                (inside.unwrap_or_else(|| format!("in_{id}")), Some(format!("cluster_{id}")))
            }
        }
    }

    fn wire(&self, wire: &Wire<'_>, out: &mut String) {
        let arrow = wire.arrow;
        let ((from, tail), (to, head)) = (self.node(wire.from), self.node(wire.to));
        let mut list: Vec<String> = Vec::new();
        let label = arrow_label(&arrow.label, arrow);
        if !label.is_empty() {
            list.push(format!("label={}", quoted([label.as_str()])));
        }
        list.extend(tail.map(|cluster| format!("ltail={cluster}")));
        list.extend(head.map(|cluster| format!("lhead={cluster}")));
        match arrow.style {
            ArrowStyle::Sync => {}
            ArrowStyle::Async => list.push("style=dashed".into()),
            ArrowStyle::Relation => list.push("arrowhead=vee".into()),
            // Two parallel lines.
            ArrowStyle::Replication => list.push("color=\"#4b5a6e:#ffffff:#4b5a6e\"".into()),
        }
        if arrow.weight > 1 {
            list.push(format!("penwidth={}", arrow.weight.min(3)));
        }
        if arrow.back {
            list.push("constraint=false, style=dotted".into());
        }
        let tooltip = arrow_tooltip(arrow);
        if let Some(colour) = arrow_colour(arrow) {
            list.push(format!("color=\"{colour}\", fontcolor=\"{colour}\""));
        }
        if !tooltip.is_empty() {
            list.push(format!("tooltip={}", quoted(tooltip)));
        }
        list.extend(arrow.link.as_deref().and_then(safe_link).map(|link| format!("URL={}", quoted([link]))));
        let list = if list.is_empty() { String::new() } else { format!(" [{}]", list.join(", ")) };
        out.put(format_args!("  {from} -> {to}{list}\n"));
    }
}

fn attributes(card: &Card) -> Vec<String> {
    let mut lines = vec![card_name(card)];
    lines.extend(card_lines(card));
    let mut list = vec![format!("label={}", quoted(lines.iter().map(String::as_str)))];
    let shape = match card.kind {
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => "cylinder",
        CardKind::Balancer | CardKind::Gateway | CardKind::Cdn => "octagon",
        CardKind::Queue | CardKind::Topic => "cds",
        CardKind::Group => "folder",
        CardKind::Entity => "note",
        CardKind::System => "box3d",
        _ => "box",
    };
    let dashed = card.dashed || card.kind == CardKind::External;
    match (shape, dashed) {
        ("box", false) => {}
        ("box", true) => list.push("style=\"rounded,filled,dashed\"".into()),
        (shape, false) => list.push(format!("shape={shape}, style=filled")),
        (shape, true) => list.push(format!("shape={shape}, style=\"filled,dashed\"")),
    }
    if card.replicas.is_some_and(|count| count > 1) && shape == "box" {
        list.push("peripheries=2".into());
    }
    let width = if card.mark.is_some() || card.change.is_some() { ", penwidth=2" } else { "" };
    list.push(format!("color=\"{}\"{width}", card_colour(card)));
    let tooltip = card_tooltip(card);
    if !tooltip.is_empty() {
        list.push(format!("tooltip={}", quoted(tooltip)));
    }
    list.extend(card.link.as_deref().and_then(safe_link).map(|link| format!("URL={}", quoted([link]))));
    list
}

/// A quoted string of some lines. Graphviz reads entities and backslashes in it.
fn quoted<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let escape = |line: String| line.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"");
    quoted_lines(lines, escape)
}
