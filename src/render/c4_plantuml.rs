//! Diagrams as C4-PlantUML, on the C4 library that `PlantUML` brings along.

use super::plantuml::{self, creole};
use super::put::Put as _;
use super::resolve::{Resolved, Wire, shown};
use super::scene::{ArrowStyle, BoundaryKind, Card, CardKind, Change, Diagram, Direction};
use super::text::{
    Abilities, EndIds, Losses, Text, Trait, arrow_label, card_lines, card_name, change_colour, drawable,
    severity_colour,
};
use crate::layout::End;

const ABILITIES: Abilities =
    Abilities { card_tooltip: |_| false, lacks: &[Trait::Tooltip, Trait::Width, Trait::Backward] };

/// A diagram as one text.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, plantuml::WORDS);
    let mut out = String::from("@startuml\n!include <C4/C4_Container>\n");
    if !scene.title.trim().is_empty() {
        out.put(format_args!("title {}\n", creole(&scene.title)));
    }
    out.push_str(if scene.direction == Direction::Right {
        "LAYOUT_LEFT_RIGHT()\n"
    } else {
        "LAYOUT_TOP_DOWN()\n"
    });
    out.push_str(
        "AddRelTag(\"async\", $lineStyle=DashedLine())\nAddRelTag(\"replication\", $lineStyle=BoldLine())\n",
    );
    let findings = marks(&resolved).into_iter().map(|severity| (severity.word(), severity_colour(severity)));
    let changes = changes(&resolved).into_iter().map(|change| (change.word(), change_colour(change)));
    for (word, colour) in findings.chain(changes) {
        out.put(format_args!("AddElementTag(\"{word}\", $borderColor=\"{colour}\")\n"));
        out.put(format_args!("AddRelTag(\"{word}\", $lineColor=\"{colour}\", $textColor=\"{colour}\")\n"));
    }
    let writer = Writer { resolved: &resolved, ids: &ids };
    writer.inside(None, 0, &mut out);
    for (_, wire) in drawable(&resolved) {
        writer.wire(wire, &mut out);
    }
    if scene.legend {
        out.push_str("SHOW_LEGEND()\n");
    }
    out.push_str("@enduml\n");
    Text { parts: vec![out], losses: Losses::of(scene, &resolved, &ABILITIES).into_list() }
}

/// The severities in use.
fn marks(resolved: &Resolved<'_>) -> std::collections::BTreeSet<super::scene::Severity> {
    let cards = resolved.cards.iter().filter_map(|card| card.item.mark.as_ref());
    let wires = resolved.wires.iter().filter_map(|wire| wire.arrow.flagged.as_ref());
    cards.chain(wires).map(|mark| mark.severity).collect()
}

/// What became of parts, each once.
fn changes(resolved: &Resolved<'_>) -> std::collections::BTreeSet<Change> {
    let cards = resolved.cards.iter().filter_map(|card| card.item.change);
    cards.chain(resolved.wires.iter().filter_map(|wire| wire.arrow.change)).collect()
}

struct Writer<'a> {
    resolved: &'a Resolved<'a>,
    ids: &'a EndIds,
}

impl Writer<'_> {
    fn inside(&self, parent: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth.min(20));
        for (at, card) in self.resolved.cards_in(parent) {
            out.put(format_args!("{indent}{}\n", element(card, self.ids.get(End::Node(at)))));
        }
        for (at, boundary) in self.resolved.boxes_in(parent) {
            let id = self.ids.get(End::Group(at));
            let change = boundary.change.map(|change| format!(" ({})", change.word())).unwrap_or_default();
            let name = creole(&format!("{}{change}", shown(&boundary.title, &boundary.id)));
            let note =
                if boundary.note.trim().is_empty() { boundary.kind.word() } else { boundary.note.as_str() };
            if boundary.kind == BoundaryKind::System {
                out.put(format_args!("{indent}System_Boundary({id}, \"{name}\") {{\n"));
            } else {
                out.put(format_args!("{indent}Boundary({id}, \"{name}\", \"{}\") {{\n", creole(note)));
            }
            self.inside(Some(at), depth + 1, out);
            out.put(format_args!("{indent}}}\n"));
        }
    }

    fn wire(&self, wire: &Wire<'_>, out: &mut String) {
        let arrow = wire.arrow;
        let mut tags: Vec<&str> = match arrow.style {
            ArrowStyle::Async => vec!["async"],
            ArrowStyle::Replication => vec!["replication"],
            ArrowStyle::Sync | ArrowStyle::Relation => Vec::new(),
        };
        tags.extend(arrow.flagged.as_ref().map(|mark| mark.severity.word()));
        tags.extend(arrow.change.map(Change::word));
        let label = arrow_label(&creole(&arrow.label), arrow);
        let mut tail = String::new();
        if !tags.is_empty() {
            tail.put(format_args!(", $tags=\"{}\"", tags.join("+")));
        }
        if let Some(link) = arrow.link.as_deref().and_then(plantuml::link) {
            tail.put(format_args!(", $link=\"{link}\""));
        }
        let (from, to) = (self.ids.get(wire.from), self.ids.get(wire.to));
        out.put(format_args!("Rel({from}, {to}, \"{label}\"{tail})\n"));
    }
}

fn element(card: &Card, id: &str) -> String {
    let (call, technology) = match card.kind {
        CardKind::Person => ("Person", false),
        CardKind::External => ("System_Ext", false),
        CardKind::System | CardKind::Group | CardKind::Region => ("System", false),
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => {
            ("ContainerDb", true)
        }
        CardKind::Queue | CardKind::Topic => ("ContainerQueue", true),
        _ => ("Container", true),
    };
    let name = creole(&card_name(card));
    let skip = usize::from(technology && !card.technology.trim().is_empty());
    let lines: Vec<String> = card_lines(card).iter().skip(skip).map(|line| creole(line)).collect();
    let mut out = format!("{call}({id}, \"{name}\"");
    if technology {
        out.put(format_args!(", \"{}\"", creole(&card.technology)));
    }
    out.put(format_args!(", \"{}\"", lines.join("\\n")));
    let finding = card.mark.as_ref().map(|mark| mark.severity.word());
    let tags: Vec<&str> = finding.into_iter().chain(card.change.map(Change::word)).collect();
    if !tags.is_empty() {
        out.put(format_args!(", $tags=\"{}\"", tags.join("+")));
    }
    if let Some(link) = card.link.as_deref().and_then(plantuml::link) {
        out.put(format_args!(", $link=\"{link}\""));
    }
    out.push(')');
    out
}
