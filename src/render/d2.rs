//! Scenes as D2: containers with connections, and sequence diagrams.

mod sequence;

pub use sequence::sequence;

use super::link::safe_link;
use super::put::Put as _;
use super::resolve::{Resolved, Wire};
use super::scene::{ArrowStyle, BoundaryKind, Card, CardKind, Diagram, Direction};
use super::text::{
    Abilities, EndIds, Losses, Text, Trait, arrow_colour, arrow_label, arrow_tooltip, boundary_name,
    card_colour, card_lines, card_name, card_tooltip, drawable, quoted_lines, severity_colour,
};
use crate::layout::End;

/// Words that D2 takes for attributes, and the keys that this writer sets itself.
const WORDS: &[&str] = &[
    "label",
    "desc",
    "shape",
    "icon",
    "constraint",
    "tooltip",
    "link",
    "near",
    "width",
    "height",
    "direction",
    "top",
    "left",
    "grid-rows",
    "grid-columns",
    "class",
    "classes",
    "vars",
    "layers",
    "scenarios",
    "steps",
    "style",
    "source",
    "target",
    "title",
    "null",
    "opacity",
    "stroke",
    "fill",
    "shadow",
    "multiple",
    "animated",
    "filled",
    "suspend",
    "unsuspend",
    "font",
    "bold",
    "italic",
    "underline",
    "border",
    "true",
    "false",
    "x",
    "y",
];

const ABILITIES: Abilities = Abilities { card_tooltip: |_| true, lacks: &[Trait::Backward] };

/// A diagram as one text.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, WORDS);
    let mut out = String::new();
    out.push_str(if scene.direction == Direction::Right {
        "direction: right\n"
    } else {
        "direction: down\n"
    });
    write_title(&scene.title, &mut out);
    let writer = Writer { resolved: &resolved, ids: &ids };
    writer.inside(None, 0, &mut out);
    for (_, wire) in drawable(&resolved) {
        writer.wire(wire, &mut out);
    }
    Text { parts: vec![out], losses: Losses::of(scene, &resolved, &ABILITIES).into_list() }
}

fn write_title(title: &str, out: &mut String) {
    if !title.trim().is_empty() {
        out.put(format_args!(
            "title: {} {{shape: text; near: top-center; style: {{font-size: 28; bold: true}}}}\n",
            quoted([title])
        ));
    }
}

struct Writer<'a> {
    resolved: &'a Resolved<'a>,
    ids: &'a EndIds,
}

impl Writer<'_> {
    fn inside(&self, parent: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth.min(20));
        for (at, card) in self.resolved.cards_in(parent) {
            let id = self.ids.get(End::Node(at));
            let mut lines = vec![card_name(card)];
            lines.extend(card_lines(card));
            let label = quoted(lines.iter().map(String::as_str));
            out.put(format_args!("{indent}{id}: {label} {{{}}}\n", attributes(card).join("; ")));
        }
        for (at, boundary) in self.resolved.boxes_in(parent) {
            let id = self.ids.get(End::Group(at));
            out.put(format_args!("{indent}{id}: {} {{\n", quoted([boundary_name(boundary).as_str()])));
            if matches!(boundary.kind, BoundaryKind::Zone | BoundaryKind::Trust) {
                out.put(format_args!("{indent}  style.stroke-dash: 4\n"));
            }
            self.inside(Some(at), depth + 1, out);
            out.put(format_args!("{indent}}}\n"));
        }
    }

    /// The key of an end from the root.
    fn path(&self, end: End) -> String {
        let parent = match end {
            End::Node(at) => self.resolved.cards.get(at).and_then(|card| card.parent),
            End::Group(at) => self.resolved.boxes.get(at).and_then(|b| b.parent),
        };
        let above = std::iter::successors(parent, |at| self.resolved.boxes.get(*at).and_then(|b| b.parent));
        let mut keys: Vec<&str> = above.map(|at| self.ids.get(End::Group(at))).collect();
        keys.reverse();
        keys.push(self.ids.get(end));
        keys.join(".")
    }

    fn wire(&self, wire: &Wire<'_>, out: &mut String) {
        let arrow = wire.arrow;
        let mut list: Vec<String> = Vec::new();
        match arrow.style {
            ArrowStyle::Sync => {}
            ArrowStyle::Async => list.push("style.stroke-dash: 4".into()),
            ArrowStyle::Relation => list.push("target-arrowhead.shape: arrow".into()),
            ArrowStyle::Replication => list.push("target-arrowhead.shape: diamond".into()),
        }
        if arrow.weight > 1 {
            list.push(format!("style.stroke-width: {}", arrow.weight.min(3) + 1));
        }
        let label = arrow_label(&arrow.label, arrow);
        list.extend(arrow_colour(arrow).map(|colour| format!("style.stroke: \"{colour}\"")));
        let tooltip = arrow_tooltip(arrow);
        if !tooltip.is_empty() {
            list.push(format!("tooltip: {}", tooltip_string(&tooltip)));
        }
        list.extend(
            arrow.link.as_deref().and_then(safe_link).map(|link| format!("link: {}", quoted([link]))),
        );
        let label = if label.is_empty() { label } else { quoted([label.as_str()]) };
        let list = if list.is_empty() { String::new() } else { format!(" {{{}}}", list.join("; ")) };
        let colon = if label.is_empty() && list.is_empty() { "" } else { ": " };
        out.put(format_args!(
            "{} -> {}{colon}{label}{}\n",
            self.path(wire.from),
            self.path(wire.to),
            if label.is_empty() { list.trim_start() } else { &list }
        ));
    }
}

fn attributes(card: &Card) -> Vec<String> {
    let shape = match card.kind {
        CardKind::Person => "person",
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => "cylinder",
        CardKind::Queue | CardKind::Topic => "queue",
        CardKind::Balancer | CardKind::Gateway => "hexagon",
        CardKind::Cdn => "cloud",
        CardKind::Group => "package",
        CardKind::Entity => "page",
        _ => "rectangle",
    };
    let mut list = vec![format!("shape: {shape}")];
    let colour = card_colour(card);
    list.push(format!("style.stroke: \"{colour}\"; style.fill: \"#ffffff\""));
    if card.mark.is_some() || card.change.is_some() {
        list.push("style.stroke-width: 4".into());
    }
    if card.dashed || card.kind == CardKind::External {
        list.push("style.stroke-dash: 4".into());
    }
    if card.replicas.is_some_and(|count| count > 1) && shape == "rectangle" {
        list.push("style.multiple: true".into());
    }
    let tooltip = card_tooltip(card);
    if !tooltip.is_empty() {
        list.push(format!("tooltip: {}", tooltip_string(&tooltip)));
    }
    list.extend(card.link.as_deref().and_then(safe_link).map(|link| format!("link: {}", quoted([link]))));
    list
}

/// A quoted string of some lines; `$` would begin a substitution.
fn quoted<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let escape = |line: String| line.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    quoted_lines(lines, escape)
}

/// A tooltip, which D2 reads as Markdown: its signs are written as character references.
fn tooltip_string(lines: &[&str]) -> String {
    let plain = |line: &&str| {
        let mut out = String::new();
        for c in line.chars() {
            if matches!(c, '&' | '<' | '>' | '*' | '_' | '`' | '[' | ']' | '#' | '~' | '|' | '\\') {
                out.put(format_args!("&#{};", u32::from(c)));
            } else {
                out.push(c);
            }
        }
        out
    };
    let lines: Vec<String> = lines.iter().map(plain).collect();
    quoted(lines.iter().map(String::as_str))
}
