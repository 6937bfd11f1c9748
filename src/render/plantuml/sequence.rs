//! Sequence diagrams for `PlantUML`.

use std::collections::BTreeMap;

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, FrameKind, Item, Message, MessageKind, Note, Sequence};
use super::super::text::{Ids, Losses, Text, participant_lines, severity_colour, sign};
use super::{WORDS, creole, head, link};

/// A sequence diagram as one text.
pub fn sequence(scene: &Sequence) -> Text {
    let mut ids = Ids::new(WORDS);
    let mut losses = Losses::default();
    let mut writer = Writer {
        names: BTreeMap::new(),
        lanes: Vec::new(),
        open: BTreeMap::new(),
        out: head(&scene.title, &scene.footer),
    };
    writer.out.push_str("skinparam defaultFontName Inter\nskinparam shadowing false\n");
    for participant in &scene.participants {
        if writer.names.contains_key(participant.id.as_str()) {
            continue;
        }
        let id = ids.make(&participant.id);
        let lines: Vec<String> = participant_lines(participant).iter().map(|line| creole(line)).collect();
        let link =
            participant.link.as_deref().and_then(link).map(|to| format!(" [[{to}]]")).unwrap_or_default();
        let word = word(participant.kind);
        writer.out.put(format_args!("{word} \"{}\" as {id}{link}\n", lines.join("\\n")));
        writer.names.insert(&participant.id, id);
        writer.lanes.push(&participant.id);
        losses.add_if(!participant.tooltip.is_empty(), "tooltips", &participant.id);
    }
    for message in super::super::describe::messages(&scene.items) {
        losses.add_if(!message.tooltip.is_empty(), "tooltips", &message.label);
    }
    writer.items(&scene.items, 0);
    writer.out.push_str("@enduml\n");
    Text { parts: vec![writer.out], losses: losses.into_list() }
}

fn word(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Person => "actor",
        CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => "database",
        CardKind::Queue | CardKind::Topic => "queue",
        _ => "participant",
    }
}

struct Writer<'a> {
    names: BTreeMap<&'a str, String>,
    lanes: Vec<&'a str>,
    /// Activations in the order of the text: one that has not begun must not be ended.
    open: BTreeMap<&'a str, u32>,
    out: String,
}

impl<'a> Writer<'a> {
    fn items(&mut self, items: &'a [Item], depth: usize) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message, depth),
                Item::Frame(frame) => self.frame(frame, depth),
                Item::Note(note) => self.note(note, depth),
                Item::Deactivate(id) => self.close(id, depth),
            }
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.out.put(format_args!("{}{}\n", "  ".repeat(depth.min(20)), text.trim_end()));
    }

    fn close(&mut self, id: &'a str, depth: usize) {
        let open = self.open.entry(id).or_default();
        if *open > 0 {
            *open -= 1;
            if let Some(name) = self.names.get(id).cloned() {
                self.line(depth, &format!("deactivate {name}"));
            }
        }
    }

    fn message(&mut self, message: &'a Message, depth: usize) {
        let (Some(from), Some(to)) =
            (self.names.get(message.from.as_str()), self.names.get(message.to.as_str()))
        else {
            return;
        };
        let (from, to) = (from.clone(), to.clone());
        let mut label = creole(&message.label);
        let mut colour = String::new();
        if let Some(mark) = &message.flagged {
            label = format!("{} {label}", sign(mark.severity));
            colour = format!("[{}]", severity_colour(mark.severity));
        }
        let arrow = match message.kind {
            MessageKind::Sync => format!("-{colour}>"),
            MessageKind::Async => format!("-{colour}>>"),
            MessageKind::Return => format!("-{colour}->>"),
            MessageKind::Lost => format!("-{colour}>x"),
        };
        let label = if label.trim().is_empty() { String::new() } else { format!(" : {}", label.trim()) };
        self.line(depth, &format!("{from} {arrow} {to}{label}"));
        if message.activate {
            *self.open.entry(&message.to).or_default() += 1;
            self.line(depth, &format!("activate {to}"));
        }
        if message.deactivate {
            self.close(&message.from, depth);
        }
    }

    fn note(&mut self, note: &Note, depth: usize) {
        let over: Vec<&String> = note.over.iter().filter_map(|id| self.names.get(id.as_str())).collect();
        let all: Vec<&String> = self.lanes.iter().filter_map(|id| self.names.get(id)).collect();
        let over = if over.is_empty() { all } else { over };
        let span = match (over.first(), over.last()) {
            (Some(first), Some(last)) if first != last => format!("{first}, {last}"),
            (Some(first), _) => (*first).clone(),
            _ => return,
        };
        let lines: Vec<String> = note.text.lines().map(creole).collect();
        self.line(depth, &format!("note over {span} : {}", lines.join("\\n")));
    }

    fn frame(&mut self, frame: &'a Frame, depth: usize) {
        if frame.sections.is_empty() {
            return;
        }
        for (number, section) in frame.sections.iter().enumerate() {
            let title = if number == 0 {
                format!("{} {}", frame.title, section.title)
            } else {
                section.title.clone()
            };
            let word = match (number, frame.kind) {
                (0, FrameKind::Group) if title.trim().is_empty() => "group steps",
                (0, kind) => kind.word(),
                _ => "else",
            };
            self.line(depth, &format!("{word} {}", creole(title.trim())));
            self.items(&section.items, depth + 1);
        }
        self.line(depth, "end");
    }
}
