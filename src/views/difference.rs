//! Two versions of a view as one picture: what came, what changed, and what went as a ghost.

use super::{View, ViewKind, system_title, views};
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::diff::{self, Class, Diff, ThingChange, diff};
use crate::render::scene::{Arrow, Boundary, Card, Change, Diagram, Mark, Scene};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

/// Cards from which only what changed is drawn, with its neighbours: the most that one view shows.
const MOST_CARDS: usize = 25;
/// Changes that a card lists; the tooltip has them all.
const ROWS: usize = 4;

/// Why there is no picture of what changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDifference {
    /// Neither version has a view of this name that shows boxes.
    #[error("there is no view `{0}` of boxes to compare; {1}")]
    NoView(String, String),
}

/// The view of this name in two versions as one picture. A version that is not there has nothing in it.
///
/// # Errors
///
/// Where neither version has a view of this name, or it is no picture of boxes and arrows.
pub fn difference(old: Option<&Design>, new: Option<&Design>, name: &str) -> Result<View, NoDifference> {
    let all = [old, new].map(|design| design.map(views).unwrap_or_default());
    let find = |views: &[View]| {
        let named = views.iter().find(|view| view.name == name);
        named.and_then(|view| if let Scene::Diagram(d) = &view.scene { Some(d.clone()) } else { None })
    };
    let [before, after] = [find(&all[0]), find(&all[1])];
    if before.is_none() && after.is_none() {
        let boxes = all.iter().flatten().filter(|view| matches!(view.scene, Scene::Diagram(_)));
        let names: BTreeSet<&str> = boxes.map(|view| view.name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let hint = words::did_you_mean(name, names.iter().copied())
            .unwrap_or_else(|| format!("there are {}", words::enumeration(&names)));
        return Err(NoDifference::NoView(name.to_string(), hint));
    }
    let diff = diff(old, new);
    let before = renamed(before.unwrap_or_default(), &diff.moved);
    let after = after.unwrap_or_default();
    let system = new.or(old).map(system_title).unwrap_or_default();
    let title = format!("{system}: what changed");
    let mut merged = Merge { diff: &diff, before: &before, after: &after }.diagram();
    merged.subtitle = summary(&merged, &diff);
    let hidden = fold(&mut merged);
    if hidden > 0 {
        merged.footer = format!("{hidden} unchanged, away from what changed: not drawn");
    }
    merged.id = "difference".to_string();
    merged.title.clone_from(&title);
    let scene = Scene::Diagram(merged);
    Ok(View { name: format!("{name}_difference"), title, kind: ViewKind::Difference, flow: None, scene })
}

/// The earlier picture with elements that moved to another group under their later names.
fn renamed(mut diagram: Diagram, moved: &[(String, String)]) -> Diagram {
    let rename = |name: &mut String| {
        if let Some((_, new)) = moved.iter().find(|(old, _)| old == name) {
            name.clone_from(new);
        }
    };
    diagram.nodes.iter_mut().for_each(|card| rename(&mut card.id));
    for arrow in &mut diagram.edges {
        rename(&mut arrow.from);
        rename(&mut arrow.to);
    }
    diagram
}

/// Two versions of a picture, and what is known of their designs.
struct Merge<'a> {
    diff: &'a Diff,
    before: &'a Diagram,
    after: &'a Diagram,
}

impl Merge<'_> {
    /// The later picture with its changes, and what went after it.
    fn diagram(&self) -> Diagram {
        let mut diagram = self.after.clone();
        if diagram.nodes.is_empty() {
            diagram.direction = self.before.direction;
        }
        diagram.legend = true;
        diagram.nodes = self.cards();
        diagram.boxes = self.boundaries();
        diagram.edges = self.arrows();
        diagram
    }

    fn cards(&self) -> Vec<Card> {
        let old: BTreeMap<&str, &Card> = self.before.nodes.iter().map(|c| (c.id.as_str(), c)).collect();
        let new: BTreeSet<&str> = self.after.nodes.iter().map(|c| c.id.as_str()).collect();
        let stays = self.after.nodes.iter().map(|card| {
            let card = Card { mark: self.finding(&card.id), ..card.clone() };
            match old.get(card.id.as_str()) {
                None => Card { change: Some(Change::Added), ..card },
                Some(before) => self.compared(before, card),
            }
        });
        let gone = self.before.nodes.iter().filter(|card| !new.contains(card.id.as_str()));
        let ghost = |card: &Card| Card {
            change: Some(Change::Removed),
            dashed: true,
            mark: None,
            utilization: None,
            link: None,
            ..card.clone()
        };
        stays.chain(gone.map(ghost)).collect()
    }

    /// A card that both pictures have: its changes as rows, its earlier load beside the later one.
    fn compared(&self, before: &Card, mut card: Card) -> Card {
        let mut lines = self.stated(&card.id);
        if let Some((old, _)) = self.diff.moved.iter().find(|(_, new)| *new == card.id) {
            lines.insert(0, format!("was {old}"));
        }
        let looks = |card: &Card| {
            (card.title.clone(), card.technology.clone(), card.kind, card.replicas, card.rows.clone())
        };
        let same = lines.is_empty() && looks(before) == looks(&card) && before.parent == card.parent;
        if before.size != card.size {
            card.size = with_earlier(&before.size, &card.size);
        }
        if !same {
            card.change = Some(Change::Changed);
            card.tooltip.clone_from(&lines);
            let more = lines.len().saturating_sub(ROWS);
            lines.truncate(ROWS);
            if more > 0 {
                lines.push(format!("and {more} more"));
            }
            lines.append(&mut card.rows);
            card.rows = lines;
        }
        card
    }

    /// What is stated otherwise of the thing of this name.
    fn stated(&self, id: &str) -> Vec<String> {
        let about = |c: &&ThingChange| match c.key.class {
            Class::Element => c.key.name == id,
            Class::Data => id.strip_prefix("data ") == Some(c.key.name.as_str()),
            _ => false,
        };
        self.diff.things.iter().filter(about).flat_map(facts).collect()
    }

    /// The gravest finding about an element that the later version has and the earlier had not.
    fn finding(&self, id: &str) -> Option<Mark> {
        let new = self.diff.new_findings.iter().map(|noted| &noted.finding);
        let about = new.filter(|f| f.subject.as_deref() == Some(id) && f.severity > Severity::Info);
        let grave = about.max_by_key(|f| f.severity)?;
        Some(Mark {
            severity: grave.severity,
            label: format!("new: {}", grave.code.name.replace('-', " ")),
            tooltip: grave.message.clone(),
        })
    }

    fn boundaries(&self) -> Vec<Boundary> {
        let of = |boundaries: &[Boundary]| -> BTreeSet<String> {
            boundaries.iter().map(|b| b.id.clone()).collect()
        };
        let (old, new) = (of(&self.before.boxes), of(&self.after.boxes));
        let stays = self.after.boxes.iter().map(|b| {
            let change = (!old.contains(&b.id)).then_some(Change::Added);
            Boundary { change, ..b.clone() }
        });
        let gone = self.before.boxes.iter().filter(|b| !new.contains(&b.id));
        stays
            .chain(gone.map(|b| Boundary { change: Some(Change::Removed), link: None, ..b.clone() }))
            .collect()
    }

    fn arrows(&self) -> Vec<Arrow> {
        let ends = |arrow: &Arrow| (arrow.from.clone(), arrow.to.clone());
        let old: BTreeMap<_, &Arrow> = self.before.edges.iter().map(|a| (ends(a), a)).collect();
        let new: BTreeSet<_> = self.after.edges.iter().map(ends).collect();
        let stays = self.after.edges.iter().map(|arrow| match old.get(&ends(arrow)) {
            None => Arrow { change: Some(Change::Added), ..arrow.clone() },
            Some(before) => self.compared_arrow(before, arrow),
        });
        let gone = self.before.edges.iter().filter(|arrow| !new.contains(&ends(arrow)));
        let ghost = |arrow: &Arrow| Arrow {
            change: Some(Change::Removed),
            flagged: None,
            weight: 1,
            ..arrow.clone()
        };
        stays.chain(gone.map(ghost)).collect()
    }

    fn compared_arrow(&self, before: &Arrow, arrow: &Arrow) -> Arrow {
        let between = self.diff.calls.iter().filter(|c| c.key.ends() == Some((&arrow.from, &arrow.to)));
        let lines: Vec<String> = between.map(told).collect();
        // A load that follows from elsewhere is no change of the call itself.
        let words = |label: &str| -> Vec<String> {
            let plain = label.split_whitespace().filter(|w| !w.contains(|c: char| c.is_ascii_digit()));
            plain.map(str::to_string).collect()
        };
        let same =
            lines.is_empty() && before.style == arrow.style && words(&before.label) == words(&arrow.label);
        let label = if before.label == arrow.label {
            arrow.label.clone()
        } else {
            with_earlier(&before.label, &arrow.label)
        };
        let tooltip = lines.into_iter().chain(arrow.tooltip.iter().cloned()).take(8).collect();
        Arrow { label, tooltip, change: (!same).then_some(Change::Changed), ..arrow.clone() }
    }
}

/// A call that changed, in words.
fn told(change: &ThingChange) -> String {
    let name = match change.key.owner.as_str() {
        "" => change.key.name.clone(),
        flow => format!("{flow}: {}", change.key.name),
    };
    match change.change {
        diff::Change::Added => format!("added {name}"),
        diff::Change::Removed => format!("removed {name}"),
        diff::Change::Changed(_) => format!("{name}, {}", facts(change).join(", ")),
    }
}

/// Every property that is stated otherwise: `replicas 2 → 3`.
fn facts(change: &ThingChange) -> Vec<String> {
    let diff::Change::Changed(facts) = &change.change else { return Vec::new() };
    let each = facts.iter().map(|(path, before, after)| match (before.as_str(), after.as_str()) {
        ("", after) => format!("{path} now {after}"),
        (before, "") => format!("{path} was {before}"),
        (before, after) => format!("{path} {before} → {after}"),
    });
    each.collect()
}

/// `21k/s at peak (was 17k/s)`: the words that both begin or end with stand once.
fn with_earlier(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_whitespace().collect(), after.split_whitespace().collect());
    if old.is_empty() {
        return after.to_string();
    }
    if new.is_empty() {
        return format!("was {before}");
    }
    let least = old.len().min(new.len());
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let same_tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let last = same_tail.min(least - first);
    let told = &old[first..old.len() - last];
    if told.is_empty() { after.to_string() } else { format!("{after} (was {})", told.join(" ")) }
}

/// What changed, counted, and what it did to the promises.
fn summary(diagram: &Diagram, diff: &Diff) -> String {
    let count = |change: Change| {
        let cards = diagram.nodes.iter().filter(|c| c.change == Some(change)).count();
        let arrows = diagram.edges.iter().filter(|a| a.change == Some(change)).count();
        match (cards, arrows) {
            (0, 0) => None,
            (n, 0) => Some(format!("{n} {}", change.word())),
            (0, n) => Some(format!("{n} {} {}", if n == 1 { "arrow" } else { "arrows" }, change.word())),
            (n, m) => {
                Some(format!("{n} {} with {m} {}", change.word(), if m == 1 { "arrow" } else { "arrows" }))
            }
        }
    };
    let counts: Vec<String> =
        [Change::Added, Change::Changed, Change::Removed].into_iter().filter_map(count).collect();
    let mut sentences =
        vec![if counts.is_empty() { "nothing drawn here changed".into() } else { counts.join(", ") }];
    let names = |points: &[(String, Vec<String>)]| -> String {
        let names: Vec<&str> = points.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    };
    if !diff.new_points.is_empty() {
        sentences.push(format!("new single point of failure: {}", names(&diff.new_points)));
    }
    if !diff.gone_points.is_empty() {
        sentences.push(format!("no longer a single point of failure: {}", names(&diff.gone_points)));
    }
    sentences.join("; ")
}

/// Leaves out what did not change and touches nothing that did, where there is more than one view shows; how many
/// that were.
fn fold(diagram: &mut Diagram) -> usize {
    if diagram.nodes.len() <= MOST_CARDS {
        return 0;
    }
    let changed = diagram.nodes.iter().filter(|card| card.change.is_some()).map(|card| card.id.clone());
    let changed: BTreeSet<String> = changed.collect();
    let mut kept = changed.clone();
    for arrow in &diagram.edges {
        if arrow.change.is_some() || changed.contains(&arrow.from) || changed.contains(&arrow.to) {
            kept.extend([arrow.from.clone(), arrow.to.clone()]);
        }
    }
    if kept.is_empty() {
        return 0;
    }
    let all = diagram.nodes.len();
    diagram.nodes.retain(|card| kept.contains(&card.id));
    let mut around: BTreeSet<String> = diagram.nodes.iter().filter_map(|card| card.parent.clone()).collect();
    // A box that came or went is told even where it is empty; others stand around what is drawn.
    around.extend(diagram.boxes.iter().filter(|b| b.change.is_some()).map(|b| b.id.clone()));
    for _ in 0..diagram.boxes.len() {
        let outer = diagram.boxes.iter().filter(|b| around.contains(&b.id)).filter_map(|b| b.parent.clone());
        let outer: Vec<String> = outer.collect();
        around.extend(outer);
    }
    diagram.boxes.retain(|b| around.contains(&b.id));
    all - diagram.nodes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_load_stands_behind_the_later_one() {
        assert_eq!(with_earlier("17k/s at peak", "21k/s at peak"), "21k/s at peak (was 17k/s)");
        assert_eq!(with_earlier("read 17k/s", "read 21k/s"), "read 21k/s (was 17k/s)");
        assert_eq!(with_earlier("read", "read, write"), "read, write (was read)");
        assert_eq!(with_earlier("", "read"), "read");
        assert_eq!(with_earlier("read", ""), "was read");
        assert_eq!(with_earlier("a a", "a a a"), "a a a");
    }
}
