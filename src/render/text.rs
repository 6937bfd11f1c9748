//! What the text formats share: identifiers, the lines of a card, the list of losses.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{Resolved, shown};
use super::scene::{Card, Hue, Participant, Severity};
use super::svg::theme::LIGHT;
use crate::layout::End;

/// A picture as text for another tool.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text {
    /// The texts; more than one where the tool has a limit on size.
    pub parts: Vec<String>,
    /// What the scene shows and the format cannot, most of it first.
    pub losses: Vec<Loss>,
}

/// One thing that could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// What, in the plural: `tooltips`.
    pub what: &'static str,
    /// Names of the cards, boundaries or arrows it is about, each once.
    pub names: Vec<String>,
}

/// Collects losses while a text is written.
#[derive(Default)]
pub(super) struct Losses(BTreeMap<&'static str, BTreeSet<String>>);

impl Losses {
    /// Notes that `what` of the thing called `name` is lost.
    pub fn add(&mut self, what: &'static str, name: &str) {
        self.0.entry(what).or_default().insert(name.to_owned());
    }

    /// Notes it if `lost`.
    pub fn add_if(&mut self, lost: bool, what: &'static str, name: &str) {
        if lost {
            self.add(what, name);
        }
    }

    /// The losses, those of most things first.
    pub fn into_list(self) -> Vec<Loss> {
        let list = self.0.into_iter().map(|(what, names)| Loss { what, names: names.into_iter().collect() });
        let mut list: Vec<Loss> = list.collect();
        list.sort_by_key(|loss| std::cmp::Reverse(loss.names.len()));
        list
    }
}

/// Identifiers for another tool: a letter, then letters, digits and `_`; unique without regard to case, since
/// some tools fold it; never a word of the tool's own.
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Ids {
    /// No identifier yet; `words` are never used.
    pub fn new(words: &[&str]) -> Ids {
        Ids { taken: words.iter().map(|word| word.to_lowercase()).collect() }
    }

    /// An identifier that reads like `name`.
    pub fn make(&mut self, name: &str) -> String {
        let mut plain = String::new();
        for c in name.chars().take(60) {
            if c.is_ascii_alphanumeric() {
                plain.push(c);
            } else if !plain.ends_with('_') {
                plain.push('_');
            }
        }
        let plain = plain.trim_matches('_');
        let plain = match plain.chars().next() {
            None => "thing".to_owned(),
            Some(c) if c.is_ascii_digit() => format!("n{plain}"),
            Some(_) => plain.to_owned(),
        };
        let mut candidate = plain.clone();
        let mut number = 1;
        while !self.taken.insert(candidate.to_lowercase()) {
            number += 1;
            candidate = format!("{plain}_{number}");
        }
        candidate
    }
}

/// Identifiers of a diagram's cards and boundaries.
pub(super) struct EndIds {
    cards: Vec<String>,
    boxes: Vec<String>,
}

impl EndIds {
    pub fn of(resolved: &Resolved<'_>, words: &[&str]) -> EndIds {
        let mut ids = Ids::new(words);
        let boxes = resolved.boxes.iter().map(|b| ids.make(&b.item.id)).collect();
        let cards = resolved.cards.iter().map(|card| ids.make(&card.item.id)).collect();
        EndIds { cards, boxes }
    }

    pub fn get(&self, end: End) -> &str {
        let (list, at) = match end {
            End::Node(at) => (&self.cards, at),
            End::Group(at) => (&self.boxes, at),
        };
        list.get(at).map_or("", String::as_str)
    }
}

/// A card's name, with its replicas.
pub(super) fn card_name(card: &Card) -> String {
    let name = shown(&card.title, &card.id);
    match card.replicas {
        Some(count) if count > 1 => format!("{name} ×{count}"),
        _ => name.to_owned(),
    }
}

/// The lines below a card's name: technology, size and load, finding, rows.
pub(super) fn card_lines(card: &Card) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut size = card.size.trim().to_owned();
    if let Some(share) = card.utilization.filter(|share| share.is_finite()) {
        let comma = if size.is_empty() { "" } else { ", " };
        size = format!("{size}{comma}{:.0}% busy", (share * 100.0).clamp(0.0, 9999.0));
    }
    lines.extend([card.technology.trim().to_owned(), size]);
    lines.extend(card.mark.iter().map(|mark| format!("{} {}", sign(mark.severity), mark.label)));
    lines.extend(card.rows.iter().cloned());
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// The sign before the words of a finding.
pub(super) fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "ℹ",
        Severity::Warning => "⚠",
        Severity::Error => "✖",
    }
}

/// A participant's name and technology.
pub(super) fn participant_lines(participant: &Participant) -> Vec<String> {
    let mut lines = vec![shown(&participant.title, &participant.id).to_owned()];
    if !participant.technology.trim().is_empty() {
        lines.push(participant.technology.trim().to_owned());
    }
    lines
}

/// The light colour of a hue, `#rrggbb`.
pub(super) fn hue_colour(hue: Hue) -> &'static str {
    let at = Hue::ALL.iter().position(|other| *other == hue).unwrap_or(0);
    LIGHT.hues.get(at).copied().unwrap_or(LIGHT.line)
}

/// The light colour of a severity, `#rrggbb`.
pub(super) fn severity_colour(severity: Severity) -> &'static str {
    let [info, warning, error] = LIGHT.severities;
    match severity {
        Severity::Info => info,
        Severity::Warning => warning,
        Severity::Error => error,
    }
}

/// `text` on one line without control characters, at most `limit` characters.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut out: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .take(limit)
        .collect();
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out.trim().to_owned()
}

/// The longest name or label that is written out; nobody reads a longer one in a picture.
pub(super) const LONGEST: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_plain_unique_and_no_keywords() {
        let mut ids = Ids::new(&["end", "class"]);
        let made = ["end", "End", "media.api", "media api", "API", "api", "خدمة", "42", "🚀", "class"];
        let made = made.map(|name| ids.make(name));
        assert_eq!(
            made,
            [
                "end_2",
                "End_3",
                "media_api",
                "media_api_2",
                "API",
                "api_2",
                "thing",
                "n42",
                "thing_2",
                "class_2"
            ]
        );
    }

    #[test]
    fn losses_are_listed_once_and_by_weight() {
        let mut losses = Losses::default();
        losses.add("links", "a");
        losses.add("tooltips", "b");
        losses.add("tooltips", "a");
        losses.add("tooltips", "a");
        losses.add_if(false, "hints", "a");
        let list = losses.into_list();
        assert_eq!(list[0], Loss { what: "tooltips", names: vec!["a".into(), "b".into()] });
        assert_eq!(list.len(), 2);
    }
}
