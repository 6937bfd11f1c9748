//! Stores whose copies agree by majority or quorum: how many there are, how many must be up, and the zone that
//! takes too many of them.

use super::super::case::Case;
use super::super::overrides::Overrides;
use super::super::placement::Zone;
use super::super::shape;
use super::grounds::Grounds;
use super::group::{Demand, Group};
use crate::model::{ElementId, Model};
use crate::schema::Kind;

/// A store that votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voters {
    /// The store.
    pub element: ElementId,
    /// Copies of one key.
    pub copies: u32,
    /// So many of them must be up for reads and writes alike.
    pub needed: u32,
    /// One of several zones with so many copies that too few are left without it.
    pub zone: Option<Zone>,
}

/// Every store whose copies agree by majority or quorum; where a majority of one region is enough, none is told.
pub fn voters(model: &Model) -> Vec<Voters> {
    if !model.elements().any(|(_, e)| e.kind == Kind::Store) {
        return Vec::new();
    }
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let voting = model.elements().filter(|(id, _)| grounds.majority.get(id.index()) == Some(&true));
    voting.filter_map(|(id, _)| of_group(id, grounds.group(id)?)).collect()
}

fn of_group(element: ElementId, group: &Group) -> Option<Voters> {
    let Group::Replicas { places, demands, .. } = group else { return None };
    let needed = demands.iter().map(|demand| match demand {
        Demand::AtLeast(needed) => Some(*needed),
        _ => None,
    });
    let needed = needed.collect::<Option<Vec<_>>>()?.into_iter().max()?;
    let copies = group.total();
    // All copies in one zone share its fate whatever they agree on.
    let heaviest = places.iter().rev().filter(|_| places.len() > 1).max_by_key(|place| place.count);
    let zone = heaviest.filter(|place| copies - place.count < needed).and_then(|place| place.zone);
    Some(Voters { element, copies, needed, zone })
}
