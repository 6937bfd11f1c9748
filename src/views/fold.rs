//! Large pictures made readable: groups fold into one card each, which says how many elements it stands for.

use crate::render::scene::{Arrow, ArrowStyle, Card, CardKind, Diagram};
use std::collections::{BTreeMap, BTreeSet};

/// Cards above which groups fold: what still fits a page at a size that can be read.
pub(super) const MOST_CARDS: usize = 60;
/// Lines of a tooltip.
const LINES: usize = 8;

/// Folds groups, the largest innermost first, until no more than [`MOST_CARDS`] are left or nothing can be folded;
/// `open` stays. The names of the folded groups, outer ones in place of those inside them.
pub(super) fn fold(diagram: &mut Diagram, open: Option<&str>) -> Vec<String> {
    let mut folded: BTreeSet<String> = BTreeSet::new();
    while diagram.nodes.len() > MOST_CARDS {
        let Some(group) = next(diagram, open) else { break };
        collapse(diagram, &group);
        folded.retain(|inner| diagram.nodes.iter().any(|card| card.id == *inner));
        folded.insert(group);
    }
    if let Some(first) = folded.iter().next() {
        let count = folded.len();
        let groups = if count == 1 { "one group is".to_string() } else { format!("{count} groups are") };
        diagram.subtitle =
            format!("{groups} folded into a card; a view of its own opens each, as {}", view_name(first));
    }
    folded.into_iter().collect()
}

/// The name of the view that opens a group.
pub(super) fn view_name(group: &str) -> String {
    format!("group_{}", group.replace('.', "_"))
}

/// The group without groups inside that stands for most cards; of equal ones the first.
fn next(diagram: &Diagram, open: Option<&str>) -> Option<String> {
    let mut cards: BTreeMap<&str, usize> = BTreeMap::new();
    for parent in diagram.nodes.iter().filter_map(|card| card.parent.as_deref()) {
        *cards.entry(parent).or_default() += 1;
    }
    let outer: BTreeSet<&str> = diagram.boxes.iter().filter_map(|b| b.parent.as_deref()).collect();
    // A group that is open stays so with everything around it.
    let parent = |id: &str| diagram.boxes.iter().find(|b| b.id == id).and_then(|b| b.parent.as_deref());
    let kept: BTreeSet<&str> =
        std::iter::successors(open, |id| parent(id)).take(diagram.boxes.len() + 1).collect();
    let leaves =
        diagram.boxes.iter().filter(|b| !outer.contains(b.id.as_str()) && !kept.contains(b.id.as_str()));
    let sized = leaves.filter_map(|b| Some((*cards.get(b.id.as_str())?, b))).filter(|(count, _)| *count > 1);
    let largest = sized.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.id.cmp(&a.1.id)));
    largest.map(|(_, b)| b.id.clone())
}

/// Puts one card in place of a group and everything in it.
fn collapse(diagram: &mut Diagram, group: &str) {
    let Some(at) = diagram.boxes.iter().position(|b| b.id == group) else { return };
    let boundary = diagram.boxes.remove(at);
    let (inside, rest): (Vec<Card>, Vec<Card>) = std::mem::take(&mut diagram.nodes)
        .into_iter()
        .partition(|card| card.parent.as_deref() == Some(group));
    let names: BTreeSet<&str> = inside.iter().map(|card| card.id.as_str()).collect();
    let busiest = inside.iter().filter_map(|card| card.utilization).filter(|share| share.is_finite());
    let count: usize = inside.iter().map(stands_for).sum();
    let mark = inside.iter().filter_map(|card| card.mark.as_ref()).max_by_key(|mark| mark.severity);
    let card = Card {
        id: boundary.id.clone(),
        title: boundary.title.clone(),
        technology: boundary.note.clone(),
        size: format!("{count} elements"),
        kind: CardKind::Group,
        utilization: busiest
            .fold(None, |most: Option<f64>, share| Some(most.map_or(share, |m| m.max(share)))),
        mark: mark.cloned(),
        rank: mean_rank(&inside),
        link: Some(format!("{}.svg", view_name(group))),
        tooltip: inside.iter().take(LINES).map(|card| card.title.clone()).collect(),
        parent: boundary.parent.clone(),
        ..Card::default()
    };
    let wires = std::mem::take(&mut diagram.edges);
    diagram.edges = merged(wires, &names, group);
    diagram.nodes = rest;
    diagram.nodes.push(card);
    diagram.hints.clear();
}

/// How many elements a card stands for: a folded group says so itself.
fn stands_for(card: &Card) -> usize {
    let told = card.size.strip_suffix(" elements").filter(|_| card.kind == CardKind::Group);
    told.and_then(|count| count.parse().ok()).unwrap_or(1)
}

fn mean_rank(cards: &[Card]) -> Option<u8> {
    let ranks: Vec<u32> =
        cards.iter().filter_map(|card| card.rank.or(card.kind.rank())).map(u32::from).collect();
    let count = u32::try_from(ranks.len()).ok().filter(|count| *count > 0)?;
    u8::try_from(ranks.iter().sum::<u32>() / count).ok()
}

/// The arrows with the group at the ends of those that lead into it; several between two ends become one.
fn merged(wires: Vec<Arrow>, inside: &BTreeSet<&str>, group: &str) -> Vec<Arrow> {
    let mut out: Vec<Arrow> = Vec::new();
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    for mut arrow in wires {
        let before = format!("{} → {} {}", arrow.from, arrow.to, arrow.label).trim().to_string();
        let mut moved = false;
        for end in [&mut arrow.from, &mut arrow.to] {
            if inside.contains(end.as_str()) {
                *end = group.to_string();
                moved = true;
            }
        }
        if !moved {
            out.push(arrow);
            continue;
        }
        if arrow.from == arrow.to {
            continue;
        }
        let calls = calls(&arrow);
        if calls.is_none() {
            arrow.tooltip = vec![before.clone()];
        }
        match known.get(&(arrow.from.clone(), arrow.to.clone())).and_then(|at| out.get_mut(*at)) {
            None => {
                known.insert((arrow.from.clone(), arrow.to.clone()), out.len());
                out.push(arrow);
            }
            Some(first) => {
                let count = self::calls(first).unwrap_or(1) + calls.unwrap_or(1);
                first.label = format!("{count} calls");
                first.weight = first.weight.max(arrow.weight);
                first.back &= arrow.back;
                if arrow.style == ArrowStyle::Sync {
                    first.style = ArrowStyle::Sync;
                }
                let graver = |mark: &crate::render::scene::Mark| {
                    first.flagged.as_ref().is_none_or(|other| other.severity < mark.severity)
                };
                if arrow.flagged.as_ref().is_some_and(graver) {
                    first.flagged = arrow.flagged;
                }
                first.tooltip.append(&mut arrow.tooltip);
                first.tooltip.truncate(LINES);
            }
        }
    }
    out
}

/// How many calls an arrow stands for, where it stands for several.
fn calls(arrow: &Arrow) -> Option<usize> {
    arrow.label.strip_suffix(" calls").and_then(|count| count.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::scene::Boundary;

    fn large(groups: usize, each: usize) -> Diagram {
        let mut diagram = Diagram::default();
        for group in 0..groups {
            diagram.boxes.push(Boundary {
                id: format!("g{group}"),
                title: format!("Group {group}"),
                ..Boundary::default()
            });
            for n in 0..each {
                let id = format!("g{group}.n{n}");
                let before = format!("g{group}.n{}", n.saturating_sub(1));
                diagram.edges.push(Arrow { from: before, to: id.clone(), ..Arrow::default() });
                let next = format!("g{}.n{n}", (group + 1) % groups);
                diagram.edges.push(Arrow {
                    from: id.clone(),
                    to: next,
                    label: "read".into(),
                    ..Arrow::default()
                });
                diagram.nodes.push(Card { id, parent: Some(format!("g{group}")), ..Card::default() });
            }
        }
        diagram
    }

    #[test]
    fn small_pictures_stay_as_they_are() {
        let mut diagram = large(6, 10);
        let before = diagram.clone();
        assert!(fold(&mut diagram, None).is_empty());
        assert_eq!(diagram, before);
    }

    #[test]
    fn groups_fold_until_the_picture_can_be_read_and_no_element_is_lost() {
        let mut diagram = large(10, 10);
        let folded = fold(&mut diagram, None);
        assert_eq!(folded.len(), 5, "five groups of ten become five cards: 55 are left");
        assert_eq!(diagram.nodes.len(), 55);
        let counted: usize = diagram.nodes.iter().map(stands_for).sum();
        assert_eq!(counted, 100);
        let between = diagram.edges.iter().find(|a| a.from == "g0" && a.to == "g1").unwrap();
        assert_eq!(between.label, "10 calls");
        let ids: BTreeSet<&str> = diagram.nodes.iter().map(|c| c.id.as_str()).collect();
        assert!(diagram.edges.iter().all(|a| ids.contains(a.from.as_str()) && ids.contains(a.to.as_str())));
        assert!(diagram.subtitle.contains("5 groups") && diagram.subtitle.contains("group_g0"));
    }

    #[test]
    fn a_group_that_is_open_stays_open_with_those_around_it() {
        let mut diagram = large(8, 10);
        diagram.boxes.push(Boundary { id: "all".into(), ..Boundary::default() });
        diagram.boxes.iter_mut().filter(|b| b.id != "all").for_each(|b| b.parent = Some("all".into()));
        let folded = fold(&mut diagram, Some("g0"));
        assert!(!folded.contains(&"g0".to_string()) && !folded.contains(&"all".to_string()));
        assert_eq!(diagram.nodes.iter().filter(|c| c.parent.as_deref() == Some("g0")).count(), 10);
    }

    #[test]
    fn elements_without_groups_are_drawn_all_the_same() {
        let mut diagram = Diagram {
            nodes: (0..90).map(|n| Card { id: format!("n{n}"), ..Card::default() }).collect(),
            ..Diagram::default()
        };
        assert!(fold(&mut diagram, None).is_empty());
        assert_eq!(diagram.nodes.len(), 90);
    }
}
