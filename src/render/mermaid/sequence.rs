//! Sequence diagrams for Mermaid.

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, FrameKind, Item, Message, MessageKind, Note, Section, Sequence};
use super::super::text::{
    Activations, Ids, LONGEST, Lanes, Losses, Text, one_line, participant_lines, signed,
};
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
    let lanes = Lanes::of(scene, &mut Ids::new(WORDS));
    let mut parts = Vec::new();
    split(scene, &lanes, &scene.items, &mut parts);
    Text { parts, losses: Losses::of_sequence(scene, false).into_list() }
}

/// Writes the items as one text, or each half of them by itself where that is too large.
fn split<'a>(scene: &'a Sequence, lanes: &'a Lanes<'a>, items: &'a [Item], parts: &mut Vec<String>) {
    let mut writer = Writer { lanes, open: Activations::default(), out: String::new() };
    writer.head(scene);
    writer.items(items, 1);
    if items.len() < 2 || writer.out.encode_utf16().count() <= MOST_UNITS {
        parts.push(writer.out);
        return;
    }
    let (first, second) = items.split_at(items.len() / 2);
    split(scene, lanes, first, parts);
    split(scene, lanes, second, parts);
}

struct Writer<'a> {
    lanes: &'a Lanes<'a>,
    open: Activations<'a>,
    out: String,
}

impl<'a> Writer<'a> {
    fn head(&mut self, scene: &Sequence) {
        self.out.push_str(&front_matter(&scene.title));
        self.out.push_str("sequenceDiagram\n");
        for (participant, id) in self.lanes.iter() {
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
                    if let Some(name) = self.lanes.get(id)
                        && self.open.end(id)
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

    fn message(&mut self, message: &'a Message, depth: usize) {
        let (Some(from), Some(to)) = (self.lanes.get(&message.from), self.lanes.get(&message.to)) else {
            return;
        };
        let arrow = match message.kind {
            MessageKind::Sync => "->>",
            MessageKind::Async => "-)",
            MessageKind::Return => "-->>",
            MessageKind::Lost => "-x",
        };
        if message.activate {
            self.open.begin(&message.to);
        }
        let (plus, minus) = (message.activate, message.deactivate && self.open.end(&message.from));
        let short = match (plus, minus) {
            (true, _) => "+",
            (false, true) => "-",
            (false, false) => "",
        };
        let label = signed(&plain(&message.label), message.flagged.as_ref());
        self.line(depth, &format!("{from}{arrow}{short}{to}: {label}"));
        if plus && minus {
            self.line(depth, &format!("deactivate {from}"));
        }
    }

    fn note(&mut self, note: &Note, depth: usize) {
        let Some((first, last)) = self.lanes.span(&note.over) else { return };
        let span = if first == last { first.to_owned() } else { format!("{first},{last}") };
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
