//! Scenes as Mermaid: flowcharts and sequence diagrams.
//!
//! Mermaid refuses more than 500 edges and more than 50 000 characters; larger scenes become several texts.

mod sequence;

pub use sequence::sequence;

use super::link::safe_link;
use super::put::Put as _;
use super::resolve::{Resolved, Wire};
use super::scene::{ArrowStyle, Card, CardKind, Diagram, Direction, Hue};
use super::text::{
    Abilities, EndIds, LONGEST, Losses, Text, Trait, arrow_colour, arrow_label, boundary_name, card_colour,
    card_lines, card_name, drawable, hue_colour, one_line,
};
use crate::layout::End;

/// Mermaid's `maxEdges` is 500.
const MOST_EDGES: usize = 499;
/// Mermaid's `maxTextSize` is 50 000 UTF-16 units.
const MOST_UNITS: usize = 49_000;

/// Words that a flowchart cannot use as ids.
const WORDS: &[&str] = &[
    "end",
    "graph",
    "flowchart",
    "subgraph",
    "class",
    "classdef",
    "style",
    "linkstyle",
    "click",
    "href",
    "call",
    "default",
    "direction",
    "interpolate",
    "tb",
    "td",
    "bt",
    "rl",
    "lr",
    "o",
    "x",
    "v",
    "acctitle",
    "accdescr",
];

const ABILITIES: Abilities = Abilities {
    // One line, and only where there is a link.
    card_tooltip: |card| card.link.is_some() && card.tooltip.len() < 2,
    lacks: &[Trait::Tooltip, Trait::Link, Trait::Backward],
};

/// Something that goes into one part or another.
#[derive(Clone, Copy)]
enum Unit {
    Wire(usize),
    Card(usize),
    Box(usize),
}

/// A diagram as one or more flowcharts.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, WORDS);
    let losses = Losses::of(scene, &resolved, &ABILITIES);
    let wires: Vec<usize> = drawable(&resolved).map(|(at, _)| at).collect();
    let mut units: Vec<Unit> = wires.iter().map(|at| Unit::Wire(*at)).collect();
    units.extend(
        (0..resolved.cards.len()).filter(|at| !touches(&resolved, &wires, End::Node(*at))).map(Unit::Card),
    );
    units.extend((0..resolved.boxes.len()).map(Unit::Box));
    let writer = Writer { scene, resolved: &resolved, ids: &ids };
    let mut parts = Vec::new();
    writer.split(&units, &mut parts);
    Text { parts, losses: losses.into_list() }
}

fn touches(resolved: &Resolved<'_>, wires: &[usize], end: End) -> bool {
    let wires = wires.iter().filter_map(|at| resolved.wires.get(*at));
    wires.into_iter().any(|wire| wire.from == end || wire.to == end)
}

struct Writer<'a> {
    scene: &'a Diagram,
    resolved: &'a Resolved<'a>,
    ids: &'a EndIds,
}

impl Writer<'_> {
    /// Writes the units as one text, or each half of them by itself where that is too large.
    fn split(&self, units: &[Unit], parts: &mut Vec<String>) {
        let wires = units.iter().filter(|unit| matches!(unit, Unit::Wire(_))).count();
        let text = if wires > MOST_EDGES { None } else { Some(self.write(units)) };
        match text {
            Some(text) if units.len() < 2 || text.encode_utf16().count() <= MOST_UNITS => parts.push(text),
            _ => {
                let (first, second) = units.split_at(units.len() / 2);
                self.split(first, parts);
                self.split(second, parts);
            }
        }
    }

    fn write(&self, units: &[Unit]) -> String {
        let mut drawn = Drawn::new(self.resolved, units);
        let mut out = front_matter(&self.scene.title);
        let way = if self.scene.direction == Direction::Right { "LR" } else { "TB" };
        out.put(format_args!("flowchart {way}\n"));
        self.write_inside(None, 1, &drawn, &mut out);
        drawn.wires.sort_unstable();
        let wires: Vec<&Wire<'_>> =
            drawn.wires.iter().filter_map(|at| self.resolved.wires.get(*at)).collect();
        for wire in &wires {
            self.write_wire(wire, &mut out);
        }
        self.write_classes(&drawn, &mut out);
        for (at, wire) in wires.iter().enumerate() {
            let mut style: Vec<String> = Vec::new();
            if wire.arrow.weight > 1 {
                style.push(format!("stroke-width:{}px", if wire.arrow.weight > 2 { 4 } else { 3 }));
            }
            style.extend(arrow_colour(wire.arrow).map(|colour| format!("stroke:{colour}")));
            if !style.is_empty() {
                out.put(format_args!("  linkStyle {at} {}\n", style.join(",")));
            }
        }
        out
    }

    fn write_inside(&self, parent: Option<usize>, depth: usize, drawn: &Drawn, out: &mut String) {
        let indent = "  ".repeat(depth.min(20));
        for (at, card) in self.resolved.cards_in(parent).filter(|(at, _)| drawn.has_card(*at)) {
            let id = self.ids.get(End::Node(at));
            let (open, close) = brackets(card.kind);
            let mut lines = vec![format!("<b>{}</b>", quoted(&card_name(card)))];
            lines.extend(card_lines(card).iter().map(|line| quoted(line)));
            out.put(format_args!("{indent}{id}{open}\"{}\"{close}\n", lines.join("<br/>")));
        }
        for (at, boundary) in self.resolved.boxes_in(parent).filter(|(at, _)| drawn.has_box(*at)) {
            let id = self.ids.get(End::Group(at));
            let name = boundary_name(boundary);
            out.put(format_args!("{indent}subgraph {id}[\"{}\"]\n", quoted(&name)));
            self.write_inside(Some(at), depth + 1, drawn, out);
            out.put(format_args!("{indent}end\n"));
        }
    }

    fn write_wire(&self, wire: &Wire<'_>, out: &mut String) {
        let arrow = match wire.arrow.style {
            ArrowStyle::Sync | ArrowStyle::Relation => "-->",
            ArrowStyle::Async => "-.->",
            ArrowStyle::Replication => "==>",
        };
        let label = arrow_label(&quoted(&wire.arrow.label), wire.arrow);
        let label = if label.is_empty() { label } else { format!("|\"{label}\"|") };
        let (from, to) = (self.ids.get(wire.from), self.ids.get(wire.to));
        out.put(format_args!("  {from} {arrow}{label} {to}\n"));
    }

    /// Colours by hue, borders of findings, dashes, links.
    fn write_classes(&self, drawn: &Drawn, out: &mut String) {
        let cards = || self.resolved.cards.iter().enumerate().filter(|(at, _)| drawn.has_card(*at));
        for hue in Hue::ALL {
            let of_hue = cards().filter(|(_, card)| card.item.hue.unwrap_or(card.item.kind.hue()) == hue);
            let names: Vec<&str> = of_hue.map(|(at, _)| self.ids.get(End::Node(at))).collect();
            if !names.is_empty() {
                let word = hue.word();
                out.put(format_args!(
                    "  classDef {word} fill:#fff,stroke:{},color:#111827\n",
                    hue_colour(hue)
                ));
                out.put(format_args!("  class {} {word}\n", names.join(",")));
            }
        }
        let boxes = (0..self.resolved.boxes.len()).filter(|at| drawn.has_box(*at));
        let boxes: Vec<&str> = boxes.map(|at| self.ids.get(End::Group(at))).collect();
        if !boxes.is_empty() {
            out.put(format_args!("  classDef area fill:#f5f7fa,stroke:#b8c3d1,color:#4a5768\n"));
            out.put(format_args!("  class {} area\n", boxes.join(",")));
        }
        for (at, card) in cards() {
            let id = self.ids.get(End::Node(at));
            if card.item.mark.is_some() || card.item.change.is_some() {
                out.put(format_args!("  style {id} stroke:{},stroke-width:3px\n", card_colour(card.item)));
            }
            if card.item.dashed || card.item.kind == CardKind::External {
                out.put(format_args!("  style {id} stroke-dasharray:6 4\n"));
            }
            write_link(id, card.item, out);
        }
    }
}

fn write_link(id: &str, card: &Card, out: &mut String) {
    let Some(link) = card.link.as_deref().and_then(safe_link) else { return };
    let link = link.replace('"', "%22");
    let tooltip = card.tooltip.first().map(|line| format!(" \"{}\"", quoted(line))).unwrap_or_default();
    out.put(format_args!("  click {id} href \"{link}\"{tooltip}\n"));
}

/// What one part shows.
struct Drawn {
    wires: Vec<usize>,
    cards: Vec<bool>,
    boxes: Vec<bool>,
}

impl Drawn {
    fn new(resolved: &Resolved<'_>, units: &[Unit]) -> Drawn {
        let mut drawn = Drawn {
            wires: Vec::new(),
            cards: vec![false; resolved.cards.len()],
            boxes: vec![false; resolved.boxes.len()],
        };
        for unit in units {
            match unit {
                Unit::Card(at) => drawn.show(resolved, End::Node(*at)),
                Unit::Box(at) => drawn.show(resolved, End::Group(*at)),
                Unit::Wire(at) => {
                    drawn.wires.push(*at);
                    if let Some(wire) = resolved.wires.get(*at) {
                        drawn.show(resolved, wire.from);
                        drawn.show(resolved, wire.to);
                    }
                }
            }
        }
        drawn
    }

    /// Shows the end and every boundary around it.
    fn show(&mut self, resolved: &Resolved<'_>, end: End) {
        let mut parent = match end {
            End::Node(at) => {
                self.cards.iter_mut().skip(at).take(1).for_each(|shown| *shown = true);
                resolved.cards.get(at).and_then(|card| card.parent)
            }
            End::Group(at) => Some(at),
        };
        while let Some(at) = parent {
            self.boxes.iter_mut().skip(at).take(1).for_each(|shown| *shown = true);
            parent = resolved.boxes.get(at).and_then(|b| b.parent);
        }
    }

    fn has_card(&self, at: usize) -> bool {
        self.cards.get(at).copied().unwrap_or(false)
    }

    fn has_box(&self, at: usize) -> bool {
        self.boxes.get(at).copied().unwrap_or(false)
    }
}

/// The brackets that give a kind its shape.
fn brackets(kind: CardKind) -> (&'static str, &'static str) {
    match kind {
        CardKind::Person | CardKind::Client => ("([", "])"),
        CardKind::Balancer | CardKind::Gateway | CardKind::Cdn => ("{{", "}}"),
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => ("[(", ")]"),
        CardKind::Queue | CardKind::Topic => ("[/", "/]"),
        CardKind::Function | CardKind::Job | CardKind::System | CardKind::Group => ("[[", "]]"),
        CardKind::Worker => ("(", ")"),
        CardKind::Service | CardKind::External | CardKind::Region | CardKind::Entity => ("[", "]"),
        CardKind::AllGate => ("[/", "\\]"),
        CardKind::AnyGate | CardKind::VoteGate => ("{{", "}}"),
    }
}

/// `text` between the quotes of a label: markup, entities, Markdown, formulas and icons are written as
/// character codes.
fn quoted(text: &str) -> String {
    let text = one_line(text, LONGEST);
    let risky = text.contains("$$") || text.contains(":fa-") || text.contains("fa:");
    let lists = text.trim_start_matches(|c: char| c.is_ascii_digit()).len() < text.len();
    let mut out = String::with_capacity(text.len());
    let mut number = lists;
    for (at, c) in text.char_indices() {
        let code = match c {
            '"' => "quot",
            '<' => "lt",
            '>' => "gt",
            '&' => "amp",
            '#' => "35",
            '`' => "96",
            '\\' => "92",
            '_' if text.starts_with('_') || text.contains("__") => "95",
            '*' => "42",
            '$' | ':' if risky => {
                if c == '$' {
                    "36"
                } else {
                    "58"
                }
            }
            // "1. x", "- x" and "+ x" would be lists.
            '.' | ')' if number => {
                if c == '.' {
                    "46"
                } else {
                    "41"
                }
            }
            '-' if at == 0 => "45",
            '+' if at == 0 => "43",
            c => {
                number = number && c.is_ascii_digit();
                out.push(c);
                continue;
            }
        };
        number = false;
        out.put(format_args!("#{code};"));
    }
    out
}

/// The front matter with the title. Mermaid reads a title as HTML and drops what looks like a tag, so the signs of
/// markup give way to their look-alikes.
fn front_matter(title: &str) -> String {
    let title = one_line(title, LONGEST).replace('<', "‹").replace('>', "›").replace('&', "＆");
    if title.is_empty() {
        return String::new();
    }
    format!("---\ntitle: \"{}\"\n---\n", title.replace('\\', "\\\\").replace('"', "\\\""))
}
