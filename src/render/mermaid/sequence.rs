//! Sequence diagrams for Mermaid.

use std::collections::BTreeMap;

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, FrameKind, Item, Message, MessageKind, Note, Section, Sequence};
use super::super::text::{Ids, LONGEST, Losses, Text, one_line, participant_lines, sign};
use super::{MOST_UNITS, front_matter};

/// Words that a sequence diagram cannot use as ids.
const WORDS: &[&str] = &[
    "end",
    "loop",
    "alt",
    "else",
    "opt",
    "par",
    "and",
    "rect",
    "critical",
    "option",
    "break",
    "note",
    "over",
    "left",
    "right",
    "of",
    "participant",
    "actor",
    "as",
    "activate",
    "deactivate",
    "autonumber",
    "title",
    "box",
    "links",
    "link",
    "properties",
    "details",
    "create",
    "destroy",
    "par_over",
    "sequencediagram",
];

/// A sequence diagram as one or more texts.
pub fn sequence(scene: &Sequence) -> Text {
    let mut ids = Ids::new(WORDS);
    let mut names = BTreeMap::new();
    for participant in &scene.participants {
        if !names.contains_key(participant.id.as_str()) {
            names.insert(participant.id.as_str(), ids.make(&participant.id));
        }
    }
    let mut losses = Losses::default();
    for participant in &scene.participants {
        losses.add_if(participant.link.is_some(), "links of lifelines", &participant.id);
        losses.add_if(!participant.tooltip.is_empty(), "tooltips", &participant.id);
    }
    for message in super::super::describe::messages(&scene.items) {
        losses.add_if(!message.tooltip.is_empty(), "tooltips", &message.label);
    }
    let mut parts = Vec::new();
    split(scene, &names, &scene.items, &mut parts);
    Text { parts, losses: losses.into_list() }
}

/// Writes the items as one text, or each half of them by itself where that is too large.
fn split<'a>(
    scene: &'a Sequence,
    names: &'a BTreeMap<&'a str, String>,
    items: &'a [Item],
    parts: &mut Vec<String>,
) {
    let mut writer = Writer { names, lanes: Vec::new(), open: BTreeMap::new(), out: String::new() };
    writer.head(scene);
    writer.items(items, 1);
    if items.len() < 2 || writer.out.encode_utf16().count() <= MOST_UNITS {
        parts.push(writer.out);
        return;
    }
    let (first, second) = items.split_at(items.len() / 2);
    split(scene, names, first, parts);
    split(scene, names, second, parts);
}

struct Writer<'a> {
    names: &'a BTreeMap<&'a str, String>,
    /// Lifelines from left to right.
    lanes: Vec<&'a str>,
    /// Activations that Mermaid counts: it refuses to end one that has not begun, in the order of the text.
    open: BTreeMap<&'a str, u32>,
    out: String,
}

impl<'a> Writer<'a> {
    fn head(&mut self, scene: &'a Sequence) {
        self.out.push_str(&front_matter(&scene.title));
        self.out.push_str("sequenceDiagram\n");
        for participant in &scene.participants {
            let Some(id) = self.names.get(participant.id.as_str()) else { continue };
            if self.lanes.contains(&participant.id.as_str()) {
                continue;
            }
            self.lanes.push(&participant.id);
            let word = if participant.kind == CardKind::Person { "actor" } else { "participant" };
            let lines: Vec<String> = participant_lines(participant).iter().map(|line| plain(line)).collect();
            self.out.put(format_args!("  {word} {id} as {}\n", lines.join("<br/>")));
        }
    }

    fn items(&mut self, items: &'a [Item], depth: usize) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message, depth),
                Item::Frame(frame) => self.frame(frame, depth),
                Item::Note(note) => self.note(note, depth),
                Item::Deactivate(id) => {
                    if let Some((key, name)) = self.names.get_key_value(id.as_str())
                        && self.close(key)
                    {
                        self.line(depth, &format!("deactivate {name}"));
                    }
                }
            }
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.out.put(format_args!("{}{text}\n", "  ".repeat(depth.min(20))));
    }

    /// Ends an activation, if one has begun.
    fn close(&mut self, id: &'a str) -> bool {
        let open = self.open.entry(id).or_default();
        let closes = *open > 0;
        *open = open.saturating_sub(1);
        closes
    }

    fn message(&mut self, message: &'a Message, depth: usize) {
        let (Some(from), Some(to)) =
            (self.names.get(message.from.as_str()), self.names.get(message.to.as_str()))
        else {
            return;
        };
        let arrow = match message.kind {
            MessageKind::Sync => "->>",
            MessageKind::Async => "-)",
            MessageKind::Return => "-->>",
            MessageKind::Lost => "-x",
        };
        if message.activate {
            *self.open.entry(&message.to).or_default() += 1;
        }
        let (plus, minus) = (message.activate, message.deactivate && self.close(&message.from));
        let short = match (plus, minus) {
            (true, _) => "+",
            (false, true) => "-",
            (false, false) => "",
        };
        let mut label = plain(&message.label);
        if let Some(mark) = &message.flagged {
            label = format!("{} {label}", sign(mark.severity));
        }
        self.line(depth, &format!("{from}{arrow}{short}{to}: {}", label.trim()));
        if plus && minus {
            self.line(depth, &format!("deactivate {from}"));
        }
    }

    fn note(&mut self, note: &Note, depth: usize) {
        let all: Vec<&String> = self.lanes.iter().filter_map(|id| self.names.get(id)).collect();
        let over: Vec<&String> = note.over.iter().filter_map(|id| self.names.get(id.as_str())).collect();
        let over = if over.is_empty() { &all } else { &over };
        let (Some(first), Some(last)) = (over.first(), over.last()) else { return };
        let span = if first == last { (*first).clone() } else { format!("{first},{last}") };
        let lines: Vec<String> = note.text.lines().map(plain).collect();
        self.line(depth, &format!("Note over {span}: {}", lines.join("<br/>")));
    }

    fn frame(&mut self, frame: &'a Frame, depth: usize) {
        let (word, next) = match frame.kind {
            FrameKind::Alt => ("alt", Some("else")),
            FrameKind::Par => ("par", Some("and")),
            FrameKind::Critical => ("critical", Some("option")),
            FrameKind::Opt => ("opt", None),
            FrameKind::Loop => ("loop", None),
            FrameKind::Break => ("break", None),
            // Without a word of its own: a shaded area, and its title as a note.
            FrameKind::Group => ("rect", None),
        };
        for (number, section) in frame.sections.iter().enumerate() {
            match (number, next) {
                (0, _) => self.begin(word, frame, section, depth),
                (_, Some(next)) => self.line(depth, format!("{next} {}", plain(&section.title)).trim_end()),
                (_, None) => {
                    self.line(depth, "end");
                    self.begin(word, frame, section, depth);
                }
            }
            self.items(&section.items, depth + 1);
        }
        if !frame.sections.is_empty() {
            self.line(depth, "end");
        }
    }

    fn begin(&mut self, word: &str, frame: &Frame, section: &Section, depth: usize) {
        let title = format!("{} {}", frame.title.trim(), section.title.trim());
        if frame.kind == FrameKind::Group {
            self.line(depth, "rect rgb(237, 241, 246)");
            if !title.trim().is_empty() {
                self.note(&Note { over: Vec::new(), text: title }, depth + 1);
            }
        } else {
            self.line(depth, format!("{word} {}", plain(title.trim())).trim_end());
        }
    }
}

/// `text` up to the end of a line: what ends a statement, begins a comment or is an entity is written as its code.
fn plain(text: &str) -> String {
    let text = one_line(text, LONGEST);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            ';' => out.push_str("#59;"),
            '#' => out.push_str("#35;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '"' => out.push_str("#quot;"),
            '&' => out.push_str("#amp;"),
            '%' if text.contains("%%") => out.push_str("#37;"),
            '$' if text.contains("$$") => out.push_str("#36;"),
            '\\' => out.push_str("#92;"),
            '{' => out.push_str("#123;"),
            '}' => out.push_str("#125;"),
            '@' => out.push_str("#64;"),
            // `wrap:` and `nowrap:` at the beginning are instructions.
            ':' if at <= 6 => out.push_str("#58;"),
            c => out.push(c),
        }
    }
    out
}
