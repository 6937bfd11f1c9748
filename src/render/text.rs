//! What the text formats share: identifiers, the lines of a card, the list of losses.

use std::collections::{BTreeMap, BTreeSet};

use super::describe;
use super::resolve::{Resolved, Wire, shown};
use super::scene::{
    Arrow, Boundary, Card, Change, Diagram, Frame, Hue, Mark, Participant, Section, Sequence, Severity,
};
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

/// What a format carries of a diagram beside names, labels, kinds and findings.
pub(super) struct Abilities {
    /// Whether it keeps this card's tooltip.
    pub card_tooltip: fn(&Card) -> bool,
    /// What it cannot say of an arrow.
    pub lacks: &'static [Trait],
}

/// Something that an arrow may have beside its ends, label and style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trait {
    Tooltip,
    Link,
    Width,
    Backward,
}

impl Trait {
    fn is_of(self, arrow: &Arrow) -> bool {
        match self {
            Trait::Tooltip => !arrow.tooltip.is_empty(),
            Trait::Link => arrow.link.is_some(),
            Trait::Width => arrow.weight > 1,
            Trait::Backward => arrow.back,
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Trait::Tooltip => "tooltips",
            Trait::Link => "links of arrows",
            Trait::Width => "widths of arrows",
            Trait::Backward => "arrows against the reading direction as such",
        }
    }
}

impl Losses {
    /// The losses of a diagram in a format.
    pub fn of(scene: &Diagram, resolved: &Resolved<'_>, format: &Abilities) -> Losses {
        let mut losses = Losses::default();
        losses.add_if(!scene.hints.is_empty(), "placing wishes", &scene.id);
        for card in resolved.cards.iter().map(|card| card.item) {
            let lost = !card.tooltip.is_empty() && !(format.card_tooltip)(card);
            losses.add_if(lost, "tooltips", shown(&card.title, &card.id));
        }
        for wire in &resolved.wires {
            let way = resolved.way(wire);
            losses.add_if(
                !is_drawable(resolved, wire),
                "arrows between a boundary and what stands in it",
                &way,
            );
            for lack in format.lacks {
                losses.add_if(lack.is_of(wire.arrow), lack.plural(), &way);
            }
        }
        losses
    }

    /// The losses of a sequence diagram in a format that keeps links of lifelines, or does not.
    pub fn of_sequence(scene: &Sequence, links: bool) -> Losses {
        let mut losses = Losses::default();
        for participant in &scene.participants {
            losses.add_if(!links && participant.link.is_some(), "links of lifelines", &participant.id);
            losses.add_if(!participant.tooltip.is_empty(), "tooltips", &participant.id);
        }
        for message in describe::messages(&scene.items) {
            losses.add_if(!message.tooltip.is_empty(), "tooltips", &message.label);
        }
        losses
    }
}

/// Other tools cannot draw an arrow between a boundary and something inside it.
fn is_drawable(resolved: &Resolved<'_>, wire: &Wire<'_>) -> bool {
    !resolved.contains(wire.from, wire.to) && !resolved.contains(wire.to, wire.from)
}

/// The arrows that other tools can draw.
pub(super) fn drawable<'r, 'a>(resolved: &'r Resolved<'a>) -> impl Iterator<Item = (usize, &'r Wire<'a>)> {
    resolved.wires.iter().enumerate().filter(|(_, wire)| is_drawable(resolved, wire))
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

/// Lifelines with their identifiers, from left to right.
pub(super) struct Lanes<'a> {
    lanes: Vec<(&'a Participant, String)>,
    index: BTreeMap<&'a str, usize>,
}

impl<'a> Lanes<'a> {
    /// The lifelines of a scene; `ids` makes the identifiers.
    pub fn of(scene: &'a Sequence, ids: &mut Ids) -> Lanes<'a> {
        let mut out = Lanes { lanes: Vec::new(), index: BTreeMap::new() };
        for participant in &scene.participants {
            if !out.index.contains_key(participant.id.as_str()) {
                out.index.insert(&participant.id, out.lanes.len());
                out.lanes.push((participant, ids.make(&participant.id)));
            }
        }
        out
    }

    /// Participants with their identifiers.
    pub fn iter(&self) -> impl Iterator<Item = (&'a Participant, &str)> {
        self.lanes.iter().map(|(participant, id)| (*participant, id.as_str()))
    }

    /// The identifier of the participant of this id.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.index.get(id).and_then(|at| self.lanes.get(*at)).map(|(_, id)| id.as_str())
    }

    /// The identifiers of the first and last lifeline of a note; of all lifelines, if it names none.
    pub fn span(&self, over: &[String]) -> Option<(&str, &str)> {
        let places = over.iter().filter_map(|id| self.index.get(id.as_str()));
        let (low, high) = match (places.clone().min(), places.max()) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (0, self.lanes.len().saturating_sub(1)),
        };
        Some((&self.lanes.get(low)?.1, &self.lanes.get(high)?.1))
    }
}

/// Activations in the order of the text: other tools refuse to end one that has not begun.
#[derive(Default)]
pub(super) struct Activations<'a>(BTreeMap<&'a str, u32>);

impl<'a> Activations<'a> {
    pub fn begin(&mut self, id: &'a str) {
        *self.0.entry(id).or_default() += 1;
    }

    /// Whether there was one to end.
    pub fn end(&mut self, id: &'a str) -> bool {
        let open = self.0.entry(id).or_default();
        let ends = *open > 0;
        *open = open.saturating_sub(1);
        ends
    }
}

/// A boundary's name and note.
pub(super) fn boundary_name(boundary: &Boundary) -> String {
    let name = format!("{} {}", shown(&boundary.title, &boundary.id), boundary.note);
    worded(name.trim(), boundary.change)
}

/// A text with the word of what became of it.
fn worded(text: &str, change: Option<Change>) -> String {
    match change {
        Some(change) => format!("{text} ({})", change.word()).trim().to_owned(),
        None => text.to_owned(),
    }
}

/// The label of an arrow, ready for its tool, after the sign of its finding and with the word of what became of it.
pub(super) fn arrow_label(label: &str, arrow: &Arrow) -> String {
    worded(&signed(label, arrow.flagged.as_ref()), arrow.change)
}

/// The colour of an arrow that is not drawn as others are.
pub(super) fn arrow_colour(arrow: &Arrow) -> Option<&'static str> {
    let finding = arrow.flagged.as_ref().map(|mark| severity_colour(mark.severity));
    arrow.change.map(change_colour).or(finding)
}

/// The light colour of what became of a part, `#rrggbb`.
pub(super) fn change_colour(change: Change) -> &'static str {
    match change {
        Change::Added => hue_colour(Hue::Green),
        Change::Changed => severity_colour(Severity::Warning),
        Change::Removed => severity_colour(Severity::Error),
    }
}

/// The lines of a card's tooltip, with its finding.
pub(super) fn card_tooltip(card: &Card) -> Vec<&str> {
    let finding = card.mark.iter().map(|mark| mark.tooltip.as_str());
    card.tooltip.iter().map(String::as_str).chain(finding).collect()
}

/// The lines of an arrow's tooltip, with its finding.
pub(super) fn arrow_tooltip(arrow: &Arrow) -> Vec<&str> {
    let finding = arrow.flagged.iter().map(|mark| mark.tooltip.as_str());
    arrow.tooltip.iter().map(String::as_str).chain(finding).collect()
}

/// The colour of a card's border: that of what became of it, of its finding or of its hue.
pub(super) fn card_colour(card: &Card) -> &'static str {
    match (&card.change, &card.mark) {
        (Some(change), _) => change_colour(*change),
        (None, Some(mark)) => severity_colour(mark.severity),
        (None, None) => hue_colour(card.hue.unwrap_or(card.kind.hue())),
    }
}

/// A label after the sign of its finding; empty if there is neither.
pub(super) fn signed(label: &str, mark: Option<&Mark>) -> String {
    let sign = mark.map_or("", |mark| sign(mark.severity));
    format!("{sign} {label}").trim().to_owned()
}

/// The word of a frame's section with its title and condition, as `alt [hit]` or `else [miss]`.
pub(super) fn section_title(frame: &Frame, number: usize, section: &Section) -> String {
    let (word, title) = if number == 0 { (frame.kind.word(), frame.title.trim()) } else { ("else", "") };
    let condition = section.title.trim();
    let condition = if condition.is_empty() { String::new() } else { format!("[{condition}]") };
    format!("{word} {title} {condition}").split_whitespace().collect::<Vec<_>>().join(" ")
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
    // What nothing reaches is not called busy.
    if let Some(share) = card.utilization.filter(|share| share.is_finite() && *share > 0.0) {
        let comma = if size.is_empty() { "" } else { ", " };
        size = format!("{size}{comma}{} busy", share_in_percent(share));
    }
    lines.extend([card.technology.trim().to_owned(), size]);
    lines.extend(card.mark.iter().map(|mark| format!("{} {}", sign(mark.severity), mark.label)));
    lines.extend(card.change.map(|change| format!("({})", change.word())));
    lines.extend(card.rows.iter().cloned());
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// A share as a whole percentage that never reads as a bound which it has not reached.
pub(super) fn share_in_percent(share: f64) -> String {
    match share * 100.0 {
        p if p <= 0.0 => "0%".to_owned(),
        p if p < 1.0 => "<1%".to_owned(),
        p if p < 100.0 => format!("{:.0}%", p.min(99.0)),
        p if p > 100.0 && p < 101.0 => ">100%".to_owned(),
        // A card has no room for more, and nobody tells a hundredfold overload from a larger one by its digits.
        p if p > 9999.0 => ">9999%".to_owned(),
        p => format!("{p:.0}%"),
    }
}

/// The sign before the words of a finding.
fn sign(severity: Severity) -> &'static str {
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

/// Some lines as one string between quotes, each escaped, empty ones left out.
pub(super) fn quoted_lines<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    escape: impl Fn(String) -> String,
) -> String {
    let lines: Vec<String> = lines
        .into_iter()
        .map(|line| escape(one_line(line, LONGEST)))
        .filter(|line| !line.is_empty())
        .collect();
    format!("\"{}\"", lines.join("\\n"))
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
