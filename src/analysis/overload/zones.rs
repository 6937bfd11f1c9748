//! Zones that are lost: all that stands in one fails at once.

use super::{State, Trials};
use crate::analysis::facts::{Cascade, Lost};
use crate::analysis::placement::{self, Zone};
use crate::analysis::shape;
use crate::model::ElementId;
use crate::schema::Kind;
use std::collections::BTreeSet;

/// Adds what lost zones do that nothing smaller in them does: of zones that do the same the one that overloads most.
pub(super) fn cascades(trials: &mut Trials<'_, '_>, found: &mut Vec<Cascade>) {
    let smaller = found.len();
    let zones: BTreeSet<Zone> = standing(trials).into_iter().map(|(zone, ..)| zone).collect();
    for zone in zones {
        let Some(mut cascade) = trials.run(&[Lost::Zone(zone)]).cascade else { continue };
        let matters =
            |id| trials.moves.contains_key(&id) || cascade.overloads.iter().any(|o| o.element == id);
        let there = standing(trials).into_iter().filter(|(at, id, ..)| *at == zone && matters(*id));
        cascade.taken = there.map(|(_, id, lost, all)| (id, lost, all)).collect();
        let mut inside = State::default();
        trials.lose_zone(zone, &mut inside);
        let is_inside = |lost: &Lost| match lost {
            Lost::Replica(id) | Lost::Element(id) => {
                inside.replicas.contains_key(id) || inside.failed.contains(id)
            }
            Lost::Zone(_) => false,
        };
        let told = |known: &Cascade| {
            known.trigger.iter().all(is_inside) && cascade.flows.iter().all(|f| known.flows.contains(f))
        };
        if found[..smaller].iter().any(told) {
            continue;
        }
        match found[smaller..].iter_mut().find(|known| alike(known, &cascade)) {
            Some(known) if worst(known) < worst(&cascade) => *known = cascade,
            Some(_) => {}
            None => found.push(cascade),
        }
    }
}

/// Whether two failures overload the same elements and take the same flows down.
fn alike(one: &Cascade, other: &Cascade) -> bool {
    let elements = |c: &Cascade| c.overloads.iter().map(|o| o.element).collect::<BTreeSet<_>>();
    one.flows == other.flows && elements(one) == elements(other)
}

fn worst(cascade: &Cascade) -> f64 {
    cascade.overloads.iter().map(|o| o.utilization).fold(0.0, f64::max)
}

/// The zones in which replicas stand, with the element and how many of how many: what a provider spreads is not lost.
fn standing(trials: &Trials<'_, '_>) -> Vec<(Zone, ElementId, f64, f64)> {
    let model = trials.inputs.model;
    let mut found = Vec::new();
    for (id, element) in model.elements() {
        if element.kind == Kind::Actor || shape::is_outside(element) {
            continue;
        }
        let Some(all) = trials.nodes(id) else { continue };
        let placed = placement::spread(model, element, all as u32).unwrap_or_default();
        let there = placed.into_iter().filter(|(_, count)| *count > 0);
        found.extend(there.map(|(zone, count)| (zone, id, f64::from(count), all)));
    }
    found
}

impl Trials<'_, '_> {
    /// Takes a zone down: what has nothing elsewhere fails as a whole.
    pub(super) fn lose_zone(&self, zone: Zone, state: &mut State) {
        for (_, id, lost, all) in standing(self).into_iter().filter(|(at, ..)| *at == zone) {
            if lost < all {
                state.replicas.insert(id, lost);
            } else {
                state.failed.insert(id);
            }
        }
    }
}
