//! Pictures in sentences, for those who cannot see them.

use super::resolve::{Resolved, shown};
use super::scene::{Item, Message, Sequence};
use crate::render::put::Put as _;

/// Things and connections told before the rest is only counted: the most that one view shows.
const TOLD: usize = 40;

/// What a diagram shows.
pub(super) fn diagram(resolved: &Resolved<'_>) -> String {
    let cards = resolved.cards.iter().map(|card| {
        let name = shown(&card.item.title, &card.item.id);
        let mark = card.item.mark.as_ref().map(|mark| format!(", {}", mark.label)).unwrap_or_default();
        let change = card.item.change.map(|change| format!(", {}", change.word())).unwrap_or_default();
        format!("{name} ({}{mark}{change})", card.item.kind.word())
    });
    let wires = resolved.wires.iter().map(|wire| {
        let label = wire.arrow.label.trim();
        let colon = if label.is_empty() { "" } else { ": " };
        let change = wire.arrow.change.map(|change| format!(" ({})", change.word())).unwrap_or_default();
        format!("{} to {}{colon}{label}{change}", resolved.name(wire.from), resolved.name(wire.to))
    });
    join(&[list("Shows", cards.collect()), list("Connections:", wires.collect())])
}

/// What a sequence diagram shows.
pub(super) fn sequence(scene: &Sequence) -> String {
    let name = |id: &str| {
        let known = scene.participants.iter().find(|participant| participant.id == id);
        known.map_or(id, |participant| shown(&participant.title, &participant.id)).to_owned()
    };
    let steps = messages(&scene.items).into_iter().map(|message| {
        let label = message.label.trim();
        let colon = if label.is_empty() { "" } else { ": " };
        format!("{} to {}{colon}{label}", name(&message.from), name(&message.to))
    });
    list("Steps:", steps.collect())
}

/// Every message in the order of time, through all frames.
pub(super) fn messages(items: &[Item]) -> Vec<&Message> {
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Message(message) => out.push(message),
            Item::Frame(frame) => out.extend(frame.sections.iter().flat_map(|s| messages(&s.items))),
            Item::Note(_) | Item::Deactivate(_) => {}
        }
    }
    out
}

/// `lead` and the items, the first ones in full.
pub(super) fn list(lead: &str, items: Vec<String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let more = items.len().saturating_sub(TOLD);
    let mut told = items.into_iter().take(TOLD).collect::<Vec<_>>().join("; ");
    if more > 0 {
        told.put(format_args!("; and {more} more"));
    }
    format!("{lead} {told}.")
}

/// Sentences, one after another.
pub(super) fn join(sentences: &[String]) -> String {
    let said: Vec<&str> = sentences.iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    said.join(" ")
}
