//! Elements, groups, regions, data and roles.

use super::props::{Props, Scalar, Value};
use super::{DataId, GroupId, RegionId};
use crate::catalog::Technology;
use crate::schema::Kind;
use crate::source::Span;
use ecow::EcoString;
use std::sync::Arc;

/// What every declaration has.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Full name: `media.api`.
    pub name: EcoString,
    /// Last part of the name: `api`.
    pub short: EcoString,
    /// The title, if one is written.
    pub title: Option<EcoString>,
    /// Its `///` text; Markdown, empty where there is none.
    pub doc: EcoString,
    /// The head of the declaration.
    pub span: Span,
    /// The name in it.
    pub name_span: Span,
    /// Whether it comes from an imported file.
    pub imported: bool,
}

impl Declared {
    /// What a reader sees: the title, else the short name.
    pub fn label(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.short)
    }
}

/// An element.
#[derive(Clone, Debug)]
pub struct Element {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// Its kind.
    pub kind: Kind,
    /// The keyword as written: an archetype's name or the kind's.
    pub keyword: EcoString,
    /// The technology as written, and what the catalogue and the design know about it.
    pub technology: Option<(EcoString, Arc<Technology>)>,
    /// The group that it stands in.
    pub group: Option<GroupId>,
    /// Own properties, then the archetype's, then the defaults'; the first of a key wins.
    pub props: Props,
}

/// How many replicas there are.
#[derive(Clone, Debug, PartialEq)]
pub enum Replicas {
    /// A fixed number.
    Fixed(u32),
    /// An autoscaling range.
    Range(u32, u32),
}

/// Machines of one size that run containers.
#[derive(Clone, Debug)]
pub struct Nodes {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// `count`, `cpu`, `memory`, `reserved`, where they stand, `cost`.
    pub props: Props,
}

impl Nodes {
    /// Where they stand.
    pub fn placement(&self) -> Placement {
        let regions: Vec<RegionId> = self.props.regions("in").collect();
        if !regions.is_empty() {
            return Placement::Regions(regions);
        }
        self.props.number("zones").map_or(Placement::Nowhere, |n| Placement::Zones(n as u32))
    }
}

/// Where replicas stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// Nothing is said: it lives in no failure domain.
    Nowhere,
    /// `zones N` alone: spread evenly over zones that all such elements share, in no region.
    Zones(u32),
    /// `in us eu`: spread evenly over the zones of these regions.
    Regions(Vec<RegionId>),
    /// `place { us.zone1 2 }`: region, zone (from 1), replicas.
    Explicit(Vec<(Option<RegionId>, u32, u32)>),
}

impl Element {
    /// Stated replicas.
    pub fn replicas(&self) -> Option<Replicas> {
        match self.props.get("replicas")?.value("count")? {
            Value::Quantity(n) => Some(Replicas::Fixed(n.value() as u32)),
            Value::Range(ends) => Some(Replicas::Range(ends.0.value() as u32, ends.1.value() as u32)),
            _ => None,
        }
    }

    /// Where its replicas stand.
    pub fn placement(&self) -> Placement {
        if let Some(place) = self.props.get("place").and_then(|p| p.block.as_ref()) {
            return Placement::Explicit(places(place));
        }
        let regions: Vec<RegionId> = self.props.regions("in").collect();
        if !regions.is_empty() && self.kind != Kind::Actor {
            return Placement::Regions(regions);
        }
        self.props.number("zones").map_or(Placement::Nowhere, |n| Placement::Zones(n as u32))
    }

    /// Where people are: regions with the share of the people in each; regions without a share divide what the others
    /// leave. Empty where nothing is said.
    pub fn homes(&self) -> Vec<(RegionId, f64)> {
        let mut homes: Vec<(RegionId, Option<f64>)> = Vec::new();
        for prop in self.props.all("in") {
            let regions: Vec<RegionId> = prop
                .entities()
                .filter_map(|e| if let super::Entity::Region(id) = e { Some(id) } else { None })
                .collect();
            let share = prop.quantity().map(|s| s.value() / regions.len().max(1) as f64);
            homes.extend(regions.into_iter().map(|r| (r, share)));
        }
        let stated: f64 = homes.iter().filter_map(|h| h.1).sum();
        let open = homes.iter().filter(|h| h.1.is_none()).count().max(1);
        let each = (1.0 - stated).max(0.0) / open as f64;
        homes.into_iter().map(|(region, share)| (region, share.unwrap_or(each))).collect()
    }

    /// The data that are kept here.
    pub fn holds(&self) -> impl Iterator<Item = DataId> + '_ {
        self.props.data("holds")
    }

    /// Whether it runs in containers, and on which machines if it says so.
    pub fn containers(&self) -> Option<Option<super::NodesId>> {
        let runs = self.props.all("runs").find(|p| p.word() == Some("containers"))?;
        Some(runs.entities().find_map(|e| if let super::Entity::Nodes(id) = e { Some(id) } else { None }))
    }

    /// The technology, if one is named.
    pub fn tech(&self) -> Option<&Technology> {
        self.technology.as_ref().map(|(_, t)| &**t)
    }

    /// A stated time, rate, size …, at a dotted path.
    pub fn scalar(&self, path: &str) -> Option<&Scalar> {
        self.props.quantity(path)
    }
}

fn places(block: &Props) -> Vec<(Option<RegionId>, u32, u32)> {
    let mut places = Vec::new();
    for prop in &block.entries {
        let Some(count) = prop.quantity() else { continue };
        for entity in prop.entities() {
            match entity {
                super::Entity::Zone(region, zone) => places.push((region, zone, count.value() as u32)),
                super::Entity::Region(region) => places.push((Some(region), 0, count.value() as u32)),
                _ => {}
            }
        }
    }
    places
}

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// The group around it.
    pub parent: Option<GroupId>,
    /// Its properties.
    pub props: Props,
}

/// A region.
#[derive(Clone, Debug)]
pub struct Region {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// How many zones it has; at least 1.
    pub zones: u32,
    /// Its properties.
    pub props: Props,
}

/// A kind of data.
#[derive(Clone, Debug)]
pub struct Data {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// Its properties.
    pub props: Props,
}

impl Data {
    /// Size of one, in bytes.
    pub fn size(&self) -> Option<&Scalar> {
        self.props.quantity("size")
    }

    /// Its class: public, internal, personal, financial or secret.
    pub fn class(&self) -> Option<&str> {
        self.props.word("class")
    }
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Name, title, documentation, place.
    pub head: Declared,
}
