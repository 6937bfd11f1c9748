//! Sequence diagrams for D2.

use std::collections::BTreeMap;

use super::super::put::Put as _;
use super::super::scene::{CardKind, Frame, Item, Message, MessageKind, Note, Sequence};
use super::super::text::{Ids, Losses, Text, participant_lines, sign};
use super::{WORDS, quoted, write_title};

/// A sequence diagram as one text.
pub fn sequence(scene: &Sequence) -> Text {
    let mut writer =
        Writer { ids: Ids::new(WORDS), names: BTreeMap::new(), lanes: Vec::new(), out: String::new() };
    let mut losses = Losses::default();
    write_title(&scene.title, &mut writer.out);
    // The title stands beside the diagram, which therefore is a container.
    writer.out.push_str("steps_of: \"\" {\n  shape: sequence_diagram\n");
    for participant in &scene.participants {
        if writer.names.contains_key(participant.id.as_str()) {
            continue;
        }
        let id = writer.ids.make(&participant.id);
        let lines = participant_lines(participant);
        let label = quoted(lines.iter().map(String::as_str));
        let shape = if participant.kind == CardKind::Person { " {shape: person}" } else { "" };
        writer.out.put(format_args!("  {id}: {label}{shape}\n"));
        writer.names.insert(&participant.id, id);
        writer.lanes.push(&participant.id);
        losses.add_if(participant.link.is_some(), "links of lifelines", &participant.id);
    }
    let bars = super::super::describe::messages(&scene.items).iter().any(|message| message.activate);
    losses.add_if(bars, "activation bars", &scene.id);
    writer.items(&scene.items, 1);
    writer.out.push_str("}\n");
    Text { parts: vec![writer.out], losses: losses.into_list() }
}

struct Writer<'a> {
    ids: Ids,
    names: BTreeMap<&'a str, String>,
    lanes: Vec<&'a str>,
    out: String,
}

impl<'a> Writer<'a> {
    fn items(&mut self, items: &'a [Item], depth: usize) {
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
        let (Some(from), Some(to)) =
            (self.names.get(message.from.as_str()), self.names.get(message.to.as_str()))
        else {
            return;
        };
        let mut label = message.label.clone();
        let mut style = match message.kind {
            MessageKind::Sync => Vec::new(),
            MessageKind::Async => vec!["target-arrowhead.shape: arrow".to_owned()],
            MessageKind::Return => vec!["style.stroke-dash: 4".to_owned()],
            MessageKind::Lost => vec!["target-arrowhead.shape: cross".to_owned()],
        };
        if let Some(mark) = &message.flagged {
            label = format!("{} {label}", sign(mark.severity));
            style.push(format!("style.stroke: \"{}\"", super::severity_colour(mark.severity)));
        }
        let style = if style.is_empty() { String::new() } else { format!(" {{{}}}", style.join("; ")) };
        let text = format!("{from} -> {to}: {}{style}", quoted([label.as_str()]));
        self.line(depth, &text);
    }

    /// A note belongs to one lifeline here: the first.
    fn note(&mut self, note: &Note, depth: usize) {
        let over = note.over.iter().find_map(|id| self.names.get(id.as_str()));
        let over = over.or_else(|| self.lanes.first().and_then(|id| self.names.get(id))).cloned();
        let Some(over) = over else { return };
        let id = self.ids.make("note");
        self.line(depth, &format!("{over}.{id}: {}", quoted(note.text.lines())));
    }

    fn frame(&mut self, frame: &'a Frame, depth: usize) {
        for (number, section) in frame.sections.iter().enumerate() {
            let word = if number == 0 { frame.kind.word() } else { "else" };
            let condition = section.title.trim();
            let condition = if condition.is_empty() { String::new() } else { format!("[{condition}]") };
            let title = if number == 0 { frame.title.trim() } else { "" };
            let label =
                format!("{word} {title} {condition}").split_whitespace().collect::<Vec<_>>().join(" ");
            let id = self.ids.make(frame.kind.word());
            self.line(depth, &format!("{id}: {} {{", quoted([label.as_str()])));
            self.items(&section.items, depth + 1);
            self.line(depth, "}");
        }
    }
}
