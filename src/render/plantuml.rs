//! Scenes as `PlantUML`: deployment-style diagrams and sequence diagrams.

mod sequence;

pub use sequence::sequence;

use super::link::safe_link;
use super::put::Put as _;
use super::resolve::{Resolved, Wire, shown};
use super::scene::{ArrowStyle, BoundaryKind, Card, CardKind, Diagram, Direction};
use super::text::{
    EndIds, LONGEST, Losses, Text, card_lines, card_name, hue_colour, one_line, severity_colour, sign,
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

/// A diagram as one text.
pub fn diagram(scene: &Diagram) -> Text {
    let resolved = Resolved::new(scene);
    let ids = EndIds::of(&resolved, WORDS);
    let mut losses = Losses::default();
    losses.add_if(!scene.hints.is_empty(), "placing wishes", &scene.id);
    let mut out = head(&scene.title, &scene.footer);
    if scene.direction == Direction::Right {
        out.push_str("left to right direction\n");
    }
    out.push_str(
        "skinparam defaultFontName Inter\nskinparam shadowing false\nskinparam defaultTextAlignment left\n",
    );
    let writer = Writer { resolved: &resolved, ids: &ids };
    writer.inside(None, 0, &mut out, &mut losses);
    for wire in &resolved.wires {
        writer.wire(wire, &mut out, &mut losses);
    }
    out.push_str("@enduml\n");
    Text { parts: vec![out], losses: losses.into_list() }
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
    fn inside(&self, parent: Option<usize>, depth: usize, out: &mut String, losses: &mut Losses) {
        let indent = "  ".repeat(depth.min(20));
        for (at, card) in self.resolved.cards_in(parent) {
            losses.add_if(
                !card.tooltip.is_empty() && card.link.is_none(),
                "tooltips",
                shown(&card.title, &card.id),
            );
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
            let name = format!("{} {}", shown(&boundary.title, &boundary.id), boundary.note);
            let word = if boundary.kind == BoundaryKind::Group { "package" } else { "frame" };
            let dashed = matches!(boundary.kind, BoundaryKind::Zone | BoundaryKind::Trust);
            let line = if dashed { ";line.dashed" } else { "" };
            out.put(format_args!(
                "{indent}{word} \"{}\" as {id} #f5f7fa;line:b8c3d1{line} {{\n",
                creole(name.trim())
            ));
            self.inside(Some(at), depth + 1, out, losses);
            out.put(format_args!("{indent}}}\n"));
        }
    }

    fn wire(&self, wire: &Wire<'_>, out: &mut String, losses: &mut Losses) {
        let arrow = wire.arrow;
        let name = format!("{} → {}", self.resolved.name(wire.from), self.resolved.name(wire.to));
        losses.add_if(!arrow.tooltip.is_empty(), "tooltips", &name);
        losses.add_if(arrow.link.is_some(), "links of arrows", &name);
        let ring = self.resolved.contains(wire.from, wire.to) || self.resolved.contains(wire.to, wire.from);
        losses.add_if(ring, "arrows between a boundary and what stands in it", &name);
        if ring {
            return;
        }
        let mut style: Vec<String> = Vec::new();
        let mut label = creole(&arrow.label);
        if let Some(mark) = &arrow.flagged {
            style.push(severity_colour(mark.severity).to_owned());
            label = format!("{} {label}", sign(mark.severity));
        }
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
        let label = if label.trim().is_empty() { String::new() } else { format!(" : {}", label.trim()) };
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
        CardKind::Client | CardKind::Service | CardKind::Function | CardKind::System => "rectangle",
    }
}

/// Link and colours after a card.
fn tail(card: &Card) -> String {
    let colour = match &card.mark {
        Some(mark) => severity_colour(mark.severity),
        None => hue_colour(card.hue.unwrap_or(card.kind.hue())),
    };
    let mut out = String::new();
    if let Some(link) = card.link.as_deref().and_then(link) {
        // PlantUML 1.2026 fails on the code points of these two in a tooltip.
        let plain = |line: &String| creole(&line.replace('\\', "∖")).replace("<U+0024>", "$");
        let tooltip = card.tooltip.iter().map(|line| plain(line).replace(['{', '}', '[', ']'], " "));
        let tooltip = tooltip.collect::<Vec<_>>().join("\\n");
        let tooltip = if tooltip.trim().is_empty() { String::new() } else { format!("{{{tooltip}}}") };
        out.put(format_args!(" [[{link}{tooltip}]]"));
    }
    out.put(format_args!(" #ffffff;line:{};text:111827", colour.trim_start_matches('#')));
    if card.mark.is_some() {
        out.push_str(";line.bold");
    } else if card.dashed || card.kind == CardKind::External {
        out.push_str(";line.dashed");
    }
    out
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
