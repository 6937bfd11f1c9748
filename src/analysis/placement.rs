//! Where the replicas of an element stand: spread evenly over its zones, the remainder to the first.

use super::overrides::Overrides;
use crate::model::{Element, Model, Placement, RegionId};

/// A zone: of a region, or one of those that `zones N` shares.
pub type Zone = (Option<RegionId>, u32);

/// The zones of an element with the replicas in each; `None` where it is not placed.
pub fn spread(model: &Model, element: &Element, replicas: u32) -> Option<Vec<(Zone, u32)>> {
    placed(model, &element.placement(), replicas)
}

/// So many replicas at a placement, by zone; `None` where it says nothing.
pub fn placed(model: &Model, placement: &Placement, replicas: u32) -> Option<Vec<(Zone, u32)>> {
    let zones = match placement {
        Placement::Nowhere => return None,
        Placement::Zones(n) => (1..=*n).map(|z| (None, z)).collect(),
        Placement::Regions(regions) => zones_of(model, regions),
        Placement::Explicit(places) => return Some(explicit(model, places)),
    };
    Some(evenly(&zones, replicas))
}

/// The first zone of each region, then the second of each: so the remainder is spread over regions too.
fn zones_of(model: &Model, regions: &[RegionId]) -> Vec<Zone> {
    let zones = |r: &RegionId| model.region(*r).zones.max(1);
    let most = regions.iter().map(zones).max().unwrap_or(0);
    let of_all = |z: u32| regions.iter().filter(move |r| z <= zones(r)).map(move |r| (Some(*r), z));
    (1..=most).flat_map(of_all).collect()
}

/// So many replicas over these zones, the remainder to the first of them.
pub fn evenly(zones: &[Zone], replicas: u32) -> Vec<(Zone, u32)> {
    let count = zones.len().max(1) as u32;
    let of = |i: usize| replicas / count + u32::from((i as u32) < replicas % count);
    zones.iter().enumerate().map(|(i, zone)| (*zone, of(i))).collect()
}

/// Stated places; those that name a region only are spread over its zones.
fn explicit(model: &Model, places: &[(Option<RegionId>, u32, u32)]) -> Vec<(Zone, u32)> {
    let mut zones: Vec<(Zone, u32)> = Vec::new();
    for (region, zone, count) in places {
        let parts = match (region, zone) {
            (Some(region), 0) => evenly(&zones_of(model, &[*region]), *count),
            _ => vec![((*region, *zone), *count)],
        };
        for (zone, count) in parts {
            match zones.iter_mut().find(|(z, _)| *z == zone) {
                Some((_, n)) => *n += count,
                None => zones.push((zone, count)),
            }
        }
    }
    zones
}

/// The replicas that are left when the zones that a scenario fails are gone, with the zones that hold any.
pub fn survivors(overrides: &Overrides, placed: &[(Zone, u32)]) -> (u32, Vec<u32>) {
    let up = placed.iter().filter(|(zone, n)| *n > 0 && !overrides.is_zone_failed(*zone));
    let counts: Vec<u32> = up.map(|(_, n)| *n).collect();
    (counts.iter().sum(), counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remainder_goes_to_the_first_zones() {
        let zones: Vec<Zone> = (1..=3).map(|z| (None, z)).collect();
        let counts: Vec<u32> = evenly(&zones, 8).into_iter().map(|(_, n)| n).collect();
        assert_eq!(counts, [3, 3, 2]);
    }
}
