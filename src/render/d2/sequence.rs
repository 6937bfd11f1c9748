//! Sequence diagrams for D2.

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, Item, Message, MessageKind, Note, Sequence};
use super::super::text::{Ids, Lanes, Losses, Text, participant_lines, section_title, signed};
use super::{WORDS, quoted, write_title};

/// A sequence diagram as one text.
pub fn sequence(scene: &Sequence) -> Text {
    let mut ids = Ids::new(WORDS);
    let lanes = Lanes::of(scene, &mut ids);
    let mut losses = Losses::of_sequence(scene, false);
    let mut out = String::new();
    write_title(&scene.title, &mut out);
    // The title stands beside the diagram, which therefore is a container.
    out.push_str("steps_of: \"\" {\n  shape: sequence_diagram\n");
    for (participant, id) in lanes.iter() {
        let lines = participant_lines(participant);
        let label = quoted(lines.iter().map(String::as_str));
        let shape = if participant.kind == CardKind::Person { " {shape: person}" } else { "" };
        out.put(format_args!("  {id}: {label}{shape}\n"));
    }
    let mut writer = Writer { ids, lanes, out };
    let bars = super::super::describe::messages(&scene.items).iter().any(|message| message.activate);
    losses.add_if(bars, "activation bars", &scene.id);
    writer.items(&scene.items, 1);
    writer.out.push_str("}\n");
    Text { parts: vec![writer.out], losses: losses.into_list() }
}

struct Writer<'a> {
    ids: Ids,
    lanes: Lanes<'a>,
    out: String,
}

impl Writer<'_> {
    fn items(&mut self, items: &[Item], depth: usize) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message, depth),
                Item::Frame(frame) => self.frame(frame, depth),
                Item::Note(note) => self.note(note, depth),
                Item::Deactivate(_) => {}
            }
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.out.put(format_args!("{}{text}\n", "  ".repeat(depth.min(20))));
    }

    fn message(&mut self, message: &Message, depth: usize) {
        let (Some(from), Some(to)) = (self.lanes.get(&message.from), self.lanes.get(&message.to)) else {
            return;
        };
        let label = signed(&message.label, message.flagged.as_ref());
        let mut style = match message.kind {
            MessageKind::Sync => Vec::new(),
            MessageKind::Async => vec!["target-arrowhead.shape: arrow".to_owned()],
            MessageKind::Return => vec!["style.stroke-dash: 4".to_owned()],
            MessageKind::Lost => vec!["target-arrowhead.shape: cross".to_owned()],
        };
        if let Some(mark) = &message.flagged {
            style.push(format!("style.stroke: \"{}\"", super::severity_colour(mark.severity)));
        }
        let style = if style.is_empty() { String::new() } else { format!(" {{{}}}", style.join("; ")) };
        let text = format!("{from} -> {to}: {}{style}", quoted([label.as_str()]));
        self.line(depth, &text);
    }

    /// A note belongs to one lifeline here: the first.
    fn note(&mut self, note: &Note, depth: usize) {
        let Some((over, _)) = self.lanes.span(&note.over) else { return };
        let over = over.to_owned();
        let id = self.ids.make("note");
        self.line(depth, &format!("{over}.{id}: {}", quoted(note.text.lines())));
    }

    fn frame(&mut self, frame: &Frame, depth: usize) {
        for (number, section) in frame.sections.iter().enumerate() {
            let label = section_title(frame, number, section);
            let id = self.ids.make(frame.kind.word());
            self.line(depth, &format!("{id}: {} {{", quoted([label.as_str()])));
            self.items(&section.items, depth + 1);
            self.line(depth, "}");
        }
    }
}
