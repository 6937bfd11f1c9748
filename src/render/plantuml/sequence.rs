//! Sequence diagrams for `PlantUML`.

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, FrameKind, Item, Message, MessageKind, Note, Sequence};
use super::super::text::{Activations, Ids, Lanes, Losses, Text, participant_lines, severity_colour};
use super::{WORDS, after_colon, creole, head, link};

/// A sequence diagram as one text.
pub fn sequence(scene: &Sequence) -> Text {
    let lanes = Lanes::of(scene, &mut Ids::new(WORDS));
    let mut out = head(&scene.title, &scene.footer);
    out.push_str("skinparam defaultFontName Inter\nskinparam shadowing false\n");
    for (participant, id) in lanes.iter() {
        let lines: Vec<String> = participant_lines(participant).iter().map(|line| creole(line)).collect();
        let link =
            participant.link.as_deref().and_then(link).map(|to| format!(" [[{to}]]")).unwrap_or_default();
        out.put(format_args!("{} \"{}\" as {id}{link}\n", word(participant.kind), lines.join("\\n")));
    }
    let mut writer = Writer { lanes: &lanes, open: Activations::default(), out };
    writer.items(&scene.items, 0);
    writer.out.push_str("@enduml\n");
    Text { parts: vec![writer.out], losses: Losses::of_sequence(scene, true).into_list() }
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
    lanes: &'a Lanes<'a>,
    open: Activations<'a>,
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
        if self.open.end(id)
            && let Some(name) = self.lanes.get(id)
        {
            self.line(depth, &format!("deactivate {name}"));
        }
    }

    fn message(&mut self, message: &'a Message, depth: usize) {
        let (Some(from), Some(to)) = (self.lanes.get(&message.from), self.lanes.get(&message.to)) else {
            return;
        };
        let colour = message.flagged.as_ref().map(|mark| format!("[{}]", severity_colour(mark.severity)));
        let colour = colour.unwrap_or_default();
        let arrow = match message.kind {
            MessageKind::Sync => format!("-{colour}>"),
            MessageKind::Async => format!("-{colour}>>"),
            MessageKind::Return => format!("-{colour}->>"),
            MessageKind::Lost => format!("-{colour}>x"),
        };
        let label = after_colon(&message.label, message.flagged.as_ref());
        self.line(depth, &format!("{from} {arrow} {to}{label}"));
        if message.activate {
            self.open.begin(&message.to);
            self.line(depth, &format!("activate {to}"));
        }
        if message.deactivate {
            self.close(&message.from, depth);
        }
    }

    fn note(&mut self, note: &Note, depth: usize) {
        let Some((first, last)) = self.lanes.span(&note.over) else { return };
        let span = if first == last { first.to_owned() } else { format!("{first}, {last}") };
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
