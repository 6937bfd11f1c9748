//! Where replicas stand: regions, their zones, and what belongs to no place.

use super::common::{anchor, card, system_title};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::{Element, ElementId, Placement, RegionId};
use crate::render::scene::{Boundary, BoundaryKind, Card, Diagram, Placing, Scene};
use crate::schema::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Above so many cards, zones fold into their region: a view has at most 25 cards.
const MOST_CARDS: usize = 25;

/// A place: a region (or the zones without one) and perhaps a zone of it.
type Place = (Option<RegionId>, u32);

pub(super) fn view(design: &Design) -> Option<View> {
    let model = &design.lowered.model;
    let mut placed: Vec<(ElementId, BTreeMap<Place, u32>)> = Vec::new();
    for (id, element) in model.elements().filter(|(_, e)| e.kind != Kind::Actor) {
        let places = places(design, element);
        if !places.is_empty() {
            placed.push((id, places));
        }
    }
    if placed.is_empty() {
        return None;
    }
    let by_zone = placed.iter().map(|(_, p)| p.len()).sum::<usize>() <= MOST_CARDS;
    let title = format!("{}: deployment", system_title(design));
    let mut nodes = Vec::new();
    let mut boxes: Vec<Boundary> = Vec::new();
    for (id, places) in &placed {
        let places = if by_zone { places.clone() } else { folded(places) };
        for (place, count) in places {
            boundary(design, place, by_zone, &mut boxes);
            nodes.push(placed_card(design, *id, place, count));
        }
    }
    boxes.sort_by(|a, b| (a.parent.is_some(), &a.id).cmp(&(b.parent.is_some(), &b.id)));
    let hints = in_order(&nodes, &boxes);
    let scene = Scene::Diagram(Diagram {
        id: "deployment".to_string(),
        title: title.clone(),
        nodes,
        boxes,
        hints,
        legend: true,
        ..Diagram::default()
    });
    Some(View { name: "deployment".to_string(), title, kind: ViewKind::Deployment, flow: None, scene })
}

/// Zones of one region from left to right by their numbers: no arrow says where they belong.
fn in_order(nodes: &[Card], boxes: &[Boundary]) -> Vec<Placing> {
    let first = |zone: &Boundary| nodes.iter().find(|card| card.parent.as_ref() == Some(&zone.id));
    let zones: Vec<&Boundary> = boxes.iter().filter(|b| b.kind == BoundaryKind::Zone).collect();
    let pairs = zones.windows(2).filter_map(|pair| match pair {
        [a, b] if a.parent == b.parent => Some((first(a)?.id.clone(), first(b)?.id.clone())),
        _ => None,
    });
    pairs.map(|(a, b)| Placing::LeftOf(a, b)).collect()
}

/// How many replicas stand in each zone; spread evenly, the remainder to the first zones.
fn places(design: &Design, element: &Element) -> BTreeMap<Place, u32> {
    let model = &design.lowered.model;
    let count = super::common::replicas(element).unwrap_or(1);
    let zones: Vec<Place> = match element.placement() {
        Placement::Nowhere => return BTreeMap::new(),
        Placement::Explicit(list) => {
            let mut places = BTreeMap::new();
            for (region, zone, n) in list {
                *places.entry((region, zone)).or_default() += n;
            }
            return places;
        }
        Placement::Zones(n) => (1..=n).map(|zone| (None, zone)).collect(),
        Placement::Regions(regions) => {
            regions.iter().flat_map(|r| (1..=model.region(*r).zones).map(|zone| (Some(*r), zone))).collect()
        }
    };
    let each = count / zones.len().max(1) as u32;
    let rest = count % zones.len().max(1) as u32;
    let spread = zones.iter().enumerate().map(|(i, place)| (*place, each + u32::from((i as u32) < rest)));
    spread.filter(|(_, n)| *n > 0).collect()
}

/// The same by region.
fn folded(places: &BTreeMap<Place, u32>) -> BTreeMap<Place, u32> {
    let mut regions = BTreeMap::new();
    for ((region, _), count) in places {
        *regions.entry((*region, 0)).or_default() += count;
    }
    regions
}

fn region_id(design: &Design, region: Option<RegionId>) -> String {
    region.map_or("zones".to_string(), |r| design.lowered.model.region(r).head.name.to_string())
}

fn boundary(design: &Design, (region, zone): Place, by_zone: bool, boxes: &mut Vec<Boundary>) {
    let model = &design.lowered.model;
    let outer = region_id(design, region);
    let mut ids: BTreeSet<String> = boxes.iter().map(|b| b.id.clone()).collect();
    if ids.insert(format!("place {outer}")) {
        let zones = match region {
            Some(r) => model.region(r).zones,
            None => model.elements.iter().filter_map(|e| e.props.number("zones")).fold(0.0, f64::max) as u32,
        };
        boxes.push(Boundary {
            id: format!("place {outer}"),
            title: region.map_or("One place".to_string(), |r| model.region(r).head.label().to_string()),
            note: if zones == 1 { "1 zone".to_string() } else { format!("{zones} zones") },
            kind: BoundaryKind::Region,
            ..Boundary::default()
        });
    }
    if by_zone && zone > 0 && ids.insert(format!("place {outer}.zone{zone}")) {
        boxes.push(Boundary {
            id: format!("place {outer}.zone{zone}"),
            title: format!("zone{zone}"),
            kind: BoundaryKind::Zone,
            parent: Some(format!("place {outer}")),
            ..Boundary::default()
        });
    }
}

fn placed_card(design: &Design, id: ElementId, (region, zone): Place, count: u32) -> Card {
    let element = design.lowered.model.element(id);
    let outer = region_id(design, region);
    let place = if zone > 0 { format!("{outer}.zone{zone}") } else { outer };
    Card {
        id: format!("{} in {place}", element.head.name),
        size: String::new(),
        replicas: Some(count),
        parent: Some(format!("place {place}")),
        link: Some(format!("#{}", anchor(&element.head.name))),
        ..card(design, id)
    }
}
