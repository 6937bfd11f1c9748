//! Placing keys on nodes: what moves when a node comes, and how uneven the shares are.
//!
//! Sources: D. Karger et al., STOC 1997; J. Lamping, E. Veach, arXiv:1406.2294;
//! V. Mirrokni et al., Consistent Hashing with Bounded Loads (2016).

use crate::math;

/// The share of keys that move when one node joins `nodes`, under consistent hashing: 1/(n+1).
pub fn moved(nodes: f64) -> f64 {
    1.0 / (nodes + 1.0)
}

/// The share of keys that move when one node joins `nodes`, under hash modulo n: n/(n+1).
pub fn moved_by_modulo(nodes: f64) -> f64 {
    nodes / (nodes + 1.0)
}

/// The standard deviation of a node's share over its mean, with so many virtual nodes each: 1/√v.
pub fn spread(virtual_nodes: f64) -> f64 {
    1.0 / math::sqrt(virtual_nodes)
}

/// The most keys that a node holds under bounded loads with the factor `c`: ⌈c · keys / nodes⌉.
pub fn bounded_load(keys: f64, nodes: f64, c: f64) -> f64 {
    (c * keys / nodes).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `hash-vnode-spread` (Lamping and Veach's table of measured standard errors).
    #[test]
    fn spread_by_virtual_nodes() {
        for (points, published) in
            [(1.0, 0.997_906), (10.0, 0.315_181), (100.0, 0.099_699_6), (1000.0, 0.031_572_3)]
        {
            assert_close(spread(points), published, 0.005);
        }
    }

    /// Case `hash-remap` (Karger et al. 1997).
    #[test]
    fn tenth_node_moves_a_tenth() {
        assert_close(moved(9.0), 0.1, 1e-12);
        assert_close(moved_by_modulo(9.0), 0.9, 1e-12);
    }

    /// Case `hash-bounded` (Mirrokni et al. 2016, definition).
    #[test]
    fn bounded_loads() {
        assert_eq!(bounded_load(1000.0, 10.0, 1.25), 125.0);
    }
}
