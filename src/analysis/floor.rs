//! What the network alone takes of a flow's answer, whatever machines serve it.
//!
//! Network times of the hops that every request makes one after another add up. A percentile of their sum is at
//! least that of any one of them with the least times of the others, whether they depend on each other or not; the
//! mean is the sum of the means. What only some requests do, and what happens at once, counts as no time.

use super::calls::{Calls, blocks_below};
use super::facts::NetworkFloor;
use super::network_time::Wire;
use crate::model::{BlockKind, Flow, StepId};

/// The shares of the percentiles, in the order of [`NetworkFloor`].
const SHARES: [f64; 4] = [0.5, 0.95, 0.99, 0.999];

/// The floor of a flow; `wire` is the network time of a hop, where it is known.
pub fn network_floor<'w>(
    flow: &Flow,
    calls: &Calls,
    wire: impl Fn(usize) -> Option<&'w Wire>,
) -> NetworkFloor {
    let (mut mean, mut least) = (0.0, 0.0);
    // What one hop takes beyond its least time, for each percentile.
    let mut beyond = [0.0_f64; 4];
    if !on_one_path(flow) {
        return NetworkFloor::default();
    }
    for (at, hop) in calls.hops.iter().enumerate().take(flow.steps.len()) {
        let Some(wire) = wire(at).filter(|w| hop.on_path && !w.parts.is_empty()) else { continue };
        let Some(times) = how_often(flow, hop.step).filter(|n| *n >= 1.0) else { continue };
        let shortest = wire.parts.iter().map(|(_, t)| *t).fold(f64::INFINITY, f64::min);
        mean += times * wire.mean();
        least += times * shortest;
        if times == 1.0 {
            for (beyond, share) in beyond.iter_mut().zip(SHARES) {
                *beyond = beyond.max(quantile(&wire.parts, share) - shortest);
            }
        }
    }
    let [p50, p95, p99, p999] = beyond.map(|b| least + b);
    NetworkFloor { mean, p50, p95, p99, p999 }
}

/// The least time within which such a share of the calls is done.
fn quantile(parts: &[(f64, f64)], share: f64) -> f64 {
    let mut sorted = parts.to_vec();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut sum = 0.0;
    for (p, t) in &sorted {
        sum += p;
        // Shares of replicas add up to 1 but for rounding.
        if sum >= share - 1e-12 {
            return *t;
        }
    }
    sorted.last().map_or(0.0, |(_, t)| *t)
}

/// Whether everything that takes time comes one after another.
fn on_one_path(flow: &Flow) -> bool {
    let parallel = flow.blocks.iter().any(|b| matches!(b.kind, BlockKind::Parallel));
    !parallel && flow.steps.iter().all(|s| !s.props.has("fan_out"))
}

/// How often every request takes a step; `None` for what only some take.
fn how_often(flow: &Flow, step: StepId) -> Option<f64> {
    let mut times = 1.0;
    // Parents come before their children, so that the climb ends.
    let mut at = Some(step);
    while let Some(id) = at {
        let step = flow.step(id);
        if step.props.has("chance") {
            return None;
        }
        let number = |key: &str| step.props.number(key).unwrap_or(1.0);
        times *= number("times") * number("pages");
        let parent = step.parent.filter(|parent| parent.index() < id.index());
        for block in blocks_below(flow, id, parent) {
            match &flow.block(block).kind {
                BlockKind::OnMiss(_)
                | BlockKind::OnFailure(_)
                | BlockKind::Chance(_)
                | BlockKind::Compensate
                | BlockKind::Parallel => return None,
                BlockKind::Repeat(n) => times *= n.value(),
                BlockKind::Try | BlockKind::Transaction(_) | BlockKind::Nested(_) => {}
            }
        }
        at = parent;
    }
    Some(times)
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn a_percentile_is_the_time_within_which_its_share_is_done() {
        let parts = [(0.4, 80.0), (0.6, 1.0)];
        assert_eq!([0.5, 0.6, 0.61, 0.99].map(|q| quantile(&parts, q)), [1.0, 1.0, 80.0, 80.0]);
        assert_eq!(quantile(&[(1.0, 3.0)], 0.999), 3.0);
    }
}
