//! Scenes as `PlantUML`: deployment-style diagrams and sequence diagrams.

mod sequence;

pub use sequence::sequence;

use super::link::safe_link;
use super::put::Put as _;
use super::resolve::{Resolved, Wire};
use super::scene::{ArrowStyle, BoundaryKind, Card, CardKind, Change, Diagram, Direction, Mark};
use super::text::{
    Abilities, EndIds, LONGEST, Losses, Text, Trait, arrow_colour, arrow_label, boundary_name, card_colour,
    card_lines, card_name, drawable, one_line, signed,
};
use crate::layout::End;

/// Words that begin a statement, and ids that the renderer uses itself.
pub(super) const WORDS: &[&str] = &[
    "end",
    "as",
    "of",
    "is",
    "left",
    "right",
    "up",
    "down",
    "top",
    "bottom",
    "note",
    "actor",
    "person",
    "node",
    "database",
    "queue",
    "cloud",
    "storage",
    "folder",
    "frame",
    "package",
    "rectangle",
    "component",
    "interface",
    "agent",
    "card",
    "collections",
    "stack",
    "hexagon",
    "file",
    "artifact",
    "boundary",
    "control",
    "entity",
    "usecase",
    "label",
    "process",
    "action",
    "together",
    "skinparam",
    "hide",
    "show",
    "remove",
    "title",
    "header",
    "footer",
    "legend",
    "caption",
    "scale",
    "newpage",
    "url",
    "class",
    "abstract",
    "enum",
    "annotation",
    "state",
    "object",
    "participant",
    "alt",
    "else",
    "opt",
    "loop",
    "par",
    "par2",
    "break",
    "critical",
    "group",
    "activate",
    "deactivate",
    "destroy",
    "create",
    "return",
    "ref",
    "box",
    "autonumber",
    "mainframe",
    "over",
    "across",
    "portin",
    "portout",
    "port",
    "circle",
    "archimate",
    "sprite",
    "style",
    "page",
    "allowmixing",
    "start",
    "stop",
    "if",
    "while",
    "repeat",
];

const ABILITIES: Abilities =
    Abilities { card_tooltip: |card| card.link.is_some(), lacks: &[Trait::Tooltip, Trait::Link] };

/// A diagram as one text.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, WORDS);
    let mut out = head(&scene.title, &scene.footer);
    if scene.direction == Direction::Right {
        out.push_str("left to right direction\n");
    }
    out.push_str(
        "skinparam defaultFontName Inter\nskinparam shadowing false\nskinparam defaultTextAlignment left\n",
    );
    let writer = Writer { resolved: &resolved, ids: &ids };
    writer.inside(None, 0, &mut out);
    for (_, wire) in drawable(&resolved) {
        writer.wire(wire, &mut out);
    }
    out.push_str("@enduml\n");
    Text { parts: vec![out], losses: Losses::of(scene, &resolved, &ABILITIES).into_list() }
}

/// The first lines of every text.
pub(super) fn head(title: &str, footer: &str) -> String {
    let mut out = String::from("@startuml\n");
    if !title.trim().is_empty() {
        out.put(format_args!("title {}\n", creole(title)));
    }
    if !footer.trim().is_empty() {
        out.put(format_args!("footer {}\n", creole(footer)));
    }
    out
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
            let mut lines = vec![format!("**{}**", creole(&card_name(card)))];
            lines.extend(card_lines(card).iter().map(|line| creole(line)));
            out.put(format_args!(
                "{indent}{} \"{}\" as {id}{}\n",
                word(card.kind),
                lines.join("\\n"),
                tail(card)
            ));
        }
        for (at, boundary) in self.resolved.boxes_in(parent) {
            let id = self.ids.get(End::Group(at));
            let name = boundary_name(boundary);
            let word = if boundary.kind == BoundaryKind::Group { "package" } else { "frame" };
            let dashed = matches!(boundary.kind, BoundaryKind::Zone | BoundaryKind::Trust);
            let line = if dashed { ";line.dashed" } else { "" };
            out.put(format_args!(
                "{indent}{word} \"{}\" as {id} #f5f7fa;line:b8c3d1{line} {{\n",
                creole(&name)
            ));
            self.inside(Some(at), depth + 1, out);
            out.put(format_args!("{indent}}}\n"));
        }
    }

    fn wire(&self, wire: &Wire<'_>, out: &mut String) {
        let arrow = wire.arrow;
        let mut style: Vec<String> = Vec::new();
        style.extend(arrow_colour(arrow).map(str::to_owned));
        if arrow.weight > 1 {
            style.push(format!("thickness={}", arrow.weight.min(3)));
        }
        match (arrow.back, arrow.style) {
            (true, _) => style.push("dotted".into()),
            (false, ArrowStyle::Async) => style.push("dashed".into()),
            (false, _) => {}
        }
        let style = if style.is_empty() { String::new() } else { format!("[{}]", style.join(",")) };
        let shaft = match arrow.style {
            ArrowStyle::Replication => format!("={style}=>>"),
            ArrowStyle::Relation => format!("-{style}->>"),
            ArrowStyle::Sync | ArrowStyle::Async => format!("-{style}->"),
        };
        let label = colon(arrow_label(&creole(&arrow.label), arrow));
        out.put(format_args!("{} {shaft} {}{label}\n", self.ids.get(wire.from), self.ids.get(wire.to)));
    }
}

/// The keyword that gives a kind its shape.
fn word(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Person => "actor",
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => "database",
        CardKind::Queue | CardKind::Topic => "queue",
        CardKind::Balancer | CardKind::Gateway => "hexagon",
        CardKind::Cdn | CardKind::External => "cloud",
        CardKind::Group => "folder",
        CardKind::Entity => "card",
        CardKind::Worker | CardKind::Job => "process",
        CardKind::Region => "node",
        CardKind::AllGate | CardKind::AnyGate | CardKind::VoteGate => "hexagon",
        CardKind::Client | CardKind::Service | CardKind::Function | CardKind::System => "rectangle",
    }
}

/// Link and colours after a card.
fn tail(card: &Card) -> String {
    let mut out = String::new();
    if let Some(link) = card.link.as_deref().and_then(link) {
        // PlantUML 1.2026 fails on the code points of these two in a tooltip.
        let plain = |line: &String| creole(&line.replace('\\', "∖")).replace("<U+0024>", "$");
        let tooltip = card.tooltip.iter().map(|line| plain(line).replace(['{', '}', '[', ']'], " "));
        let tooltip = tooltip.collect::<Vec<_>>().join("\\n");
        let tooltip = if tooltip.trim().is_empty() { String::new() } else { format!("{{{tooltip}}}") };
        out.put(format_args!(" [[{link}{tooltip}]]"));
    }
    out.put(format_args!(" #ffffff;line:{};text:111827", card_colour(card).trim_start_matches('#')));
    if card.mark.is_some() || card.change.is_some_and(|change| change != Change::Removed) {
        out.push_str(";line.bold");
    } else if card.dashed || card.kind == CardKind::External {
        out.push_str(";line.dashed");
    }
    out
}

/// The label of an arrow or message, if it has one or a finding.
pub(super) fn after_colon(label: &str, mark: Option<&Mark>) -> String {
    colon(signed(&creole(label), mark))
}

fn colon(label: String) -> String {
    if label.is_empty() { label } else { format!(" : {label}") }
}

/// A link target inside double brackets.
pub(super) fn link(link: &str) -> Option<String> {
    let safe = safe_link(link)?;
    let mut out = String::new();
    for c in safe.chars() {
        match c {
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            '"' => out.push_str("%22"),
            c if c.is_whitespace() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    Some(out)
}

/// `text` as label: what is markup, a quote, an escape or a call of the preprocessor is written by its code point.
pub(super) fn creole(text: &str) -> String {
    let text = one_line(text, LONGEST);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().copied().enumerate() {
        let near = |other: Option<&char>| other == Some(&c);
        let doubled =
            near(chars.get(at + 1)) || at.checked_sub(1).is_some_and(|before| near(chars.get(before)));
        let code = match c {
            '"' | '\\' | '<' | '>' | '~' | '%' | '&' | '[' | ']' | '{' | '}' | '|' | '#' | '!' | '@'
            | ';' => true,
            '*' | '/' | '_' | '-' | '=' | '.' | '$' | '^' | '`' => doubled || at == 0,
            '\'' => true,
            _ => false,
        };
        if code {
            out.put(format_args!("<U+{:04X}>", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
