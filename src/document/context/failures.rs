//! What takes a flow down: cut sets, those that are the same but for the names of zones as one.
//!
//! Zones of a region are interchangeable to a reader: `db in zone1 and db in zone2` and the two like it are
//! one sentence. Which zones are meant, and how many ways there are, stands beside it.

use super::{Cell, Grid, Rows};
use crate::analysis::{CutSet, Unit, derivation};
use std::collections::BTreeMap;

/// More rows than this hide the first ones; the report has them all.
const MOST_ROWS: usize = 8;

/// Cut sets of one shape.
struct Shape {
    /// Events with `<us.A>` in the place of zones.
    events: Vec<String>,
    /// The zones that stand in that place, over all of them.
    zones: Vec<String>,
    order: u32,
    probability: Option<f64>,
    ways: u32,
    /// The first one, as it is.
    first: Vec<String>,
}

pub(super) fn failures(cut_sets: &[CutSet]) -> Rows {
    let shapes = shapes(cut_sets);
    let mut grid = Grid::new(&["what must fail", ">ways", ">at once", ">probability of each"]);
    for shape in shapes.iter().take(MOST_ROWS) {
        let probability = shape.probability.map(|p| derivation::show(p, Unit::Probability));
        grid.push(vec![
            Cell::Text(sentence(shape)),
            Cell::Number(if shape.ways > 1 { shape.ways.to_string() } else { String::new() }),
            Cell::Number(shape.order.to_string()),
            Cell::Number(probability.unwrap_or_default()),
        ]);
    }
    grid.finish()
}

fn shapes(cut_sets: &[CutSet]) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut at: BTreeMap<(Vec<String>, String), usize> = BTreeMap::new();
    for cut in cut_sets {
        let (events, zones) = shape(cut);
        let probability = cut.probability.map(|p| derivation::show(p, Unit::Probability)).unwrap_or_default();
        let place = *at.entry((events.clone(), probability)).or_insert_with(|| {
            shapes.push(Shape {
                events,
                zones: Vec::new(),
                order: cut.order,
                probability: cut.probability,
                ways: 0,
                first: cut.events.iter().map(|e| plainly(e)).collect(),
            });
            shapes.len() - 1
        });
        let shape = &mut shapes[place];
        shape.ways += 1;
        for zone in zones {
            if !shape.zones.contains(&zone) {
                shape.zones.push(zone);
            }
        }
    }
    shapes
}

/// Whether a word names a zone: `zone2`, `us.zone2`.
fn is_zone(word: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or(word);
    last.strip_prefix("zone").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn region(zone: &str) -> &str {
    zone.rsplit_once('.').map_or("", |(region, _)| region)
}

/// Its events with letters for zones, the same for all that differ in names of zones only; and its zones.
fn shape(cut: &CutSet) -> (Vec<String>, Vec<String>) {
    let mut zones: Vec<String> = Vec::new();
    for word in cut.events.iter().flat_map(|e| e.split(' ')) {
        if is_zone(word) && !zones.iter().any(|z| z == word) {
            zones.push(word.to_string());
        }
    }
    // Cut sets of more zones than the report lists stay as they are.
    if zones.is_empty() || zones.len() > 4 {
        return (cut.events.iter().map(ToString::to_string).collect(), Vec::new());
    }
    let mut best: Option<Vec<String>> = None;
    for order in orders(zones.len()) {
        let named: BTreeMap<&str, String> = letters(&zones, &order);
        let mut events: Vec<String> = cut
            .events
            .iter()
            .map(|event| {
                let words: Vec<&str> =
                    event.split(' ').map(|w| named.get(w).map_or(w, |l| l.as_str())).collect();
                words.join(" ")
            })
            .collect();
        events.sort();
        if best.as_ref().is_none_or(|b| events < *b) {
            best = Some(events);
        }
    }
    (best.unwrap_or_default(), zones)
}

fn letters<'a>(zones: &'a [String], order: &[usize]) -> BTreeMap<&'a str, String> {
    let mut next: BTreeMap<&str, u8> = BTreeMap::new();
    let mut named = BTreeMap::new();
    for at in order {
        let zone = zones[*at].as_str();
        let letter = next.entry(region(zone)).or_insert(b'A');
        named.insert(zone, format!("<{}.{}>", region(zone), char::from(*letter)));
        *letter += 1;
    }
    named
}

/// Every order of so many things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for at in 0..n {
        let longer = |order: Vec<usize>| {
            (0..=order.len()).map(move |place| {
                let mut longer = order.clone();
                longer.insert(place, at);
                longer
            })
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    all
}

/// `zone us.zone1` is the zone itself.
fn plainly(event: &str) -> String {
    match event.strip_prefix("zone ") {
        Some(zone) if is_zone(zone) => format!("{zone} as a whole"),
        _ => event.to_string(),
    }
}

fn sentence(shape: &Shape) -> String {
    if shape.ways < 2 || shape.zones.is_empty() {
        return shape.first.join(" and ");
    }
    let mut said: Vec<String> = Vec::new();
    let mut events = shape.events.clone();
    // The event that spells out the zones reads best where a zone as a whole does not come first.
    events.sort_by_key(|e| e.starts_with("zone <"));
    let sentences: Vec<String> = events.iter().map(|event| event_sentence(event, shape, &mut said)).collect();
    sentences.join(" and ")
}

fn event_sentence(event: &str, shape: &Shape, said: &mut Vec<String>) -> String {
    let event = event.strip_prefix("zone <").map_or(event.to_string(), |rest| format!("<{rest} as a whole"));
    let words: Vec<String> = event
        .split(' ')
        .map(|word| {
            let Some(inner) = word.strip_prefix('<').and_then(|w| w.strip_suffix('>')) else {
                return word.to_string();
            };
            let place = inner.rsplit_once('.').map_or("", |(region, _)| region);
            let same = said.iter().any(|s| s == inner);
            let others = said.iter().filter(|s| s.rsplit_once('.').is_some_and(|(r, _)| r == place)).count();
            if !same {
                said.push(inner.to_string());
            }
            match (same, others) {
                (true, 1) => "the same zone".to_string(),
                (true, _) => "one of these zones".to_string(),
                (false, 0) => format!("any one of {}", listed(&shape.zones, place)),
                (false, 1) => "another zone".to_string(),
                (false, _) => "a further zone".to_string(),
            }
        })
        .collect();
    words.join(" ")
}

/// `zone1…zone3`, or one by one where numbers are missing.
fn listed(zones: &[String], place: &str) -> String {
    let mut numbers: Vec<u32> = zones
        .iter()
        .filter(|z| region(z) == place)
        .filter_map(|z| z.rsplit("zone").next().and_then(|n| n.parse().ok()))
        .collect();
    numbers.sort_unstable();
    let name = |n: &u32| if place.is_empty() { format!("zone{n}") } else { format!("{place}.zone{n}") };
    match (numbers.first(), numbers.last()) {
        (Some(low), Some(high)) if numbers.len() > 2 && (high - low) as usize + 1 == numbers.len() => {
            format!("{}…{}", name(low), name(high))
        }
        _ => numbers.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(events: &[&str], probability: f64) -> CutSet {
        CutSet {
            events: events.iter().map(|e| (*e).into()).collect(),
            order: events.len() as u32,
            probability: Some(probability),
            shared: None,
        }
    }

    fn sentences(cuts: &[CutSet]) -> Vec<(String, u32)> {
        shapes(cuts).iter().map(|s| (sentence(s), s.ways)).collect()
    }

    #[test]
    fn cut_sets_that_differ_in_zones_only_are_one() {
        let cuts = [
            cut(&["s3"], 1e-3),
            cut(&["db in zone1", "db in zone2"], 2.5e-5),
            cut(&["db in zone1", "db in zone3"], 2.5e-5),
            cut(&["db in zone2", "db in zone3"], 2.5e-5),
            cut(&["db in zone1", "zone zone2"], 2.5e-6),
            cut(&["db in zone2", "zone zone1"], 2.5e-6),
            cut(&["db in zone1", "zone zone1"], 2.5e-6),
            cut(&["db in zone2", "zone zone2"], 2.5e-6),
        ];
        assert_eq!(
            sentences(&cuts),
            [
                ("s3".to_string(), 1),
                ("db in any one of zone1…zone3 and db in another zone".to_string(), 3),
                ("db in any one of zone1, zone2 and another zone as a whole".to_string(), 2),
                ("db in any one of zone1, zone2 and the same zone as a whole".to_string(), 2),
            ]
        );
    }

    #[test]
    fn zones_of_several_regions_and_other_probabilities_stay_apart() {
        let cuts = [
            cut(&["zone us.zone1", "zone eu.zone1"], 1e-7),
            cut(&["zone us.zone1", "zone us.zone2"], 1e-7),
            cut(&["zone us.zone1", "zone eu.zone2"], 2e-7),
        ];
        let said = sentences(&cuts);
        assert_eq!(said.len(), 3);
        assert_eq!(said[0].0, "us.zone1 as a whole and eu.zone1 as a whole");
    }

    #[test]
    fn one_of_a_shape_is_said_as_it_is() {
        assert_eq!(
            sentences(&[cut(&["zone zone1", "psh 2 of 3"], 0.1)])[0].0,
            "zone1 as a whole and psh 2 of 3"
        );
    }
}
