//! Quorums of replicas: overlap, majorities and how stale a partial quorum reads.
//!
//! Sources: D. Gifford, SOSP 1979; P. Bailis et al., Probabilistically Bounded
//! Staleness, VLDB 2012.

use crate::math;

/// Whether every read quorum meets every write quorum: R + W > N.
pub fn overlaps(n: u64, r: u64, w: u64) -> bool {
    u128::from(r) + u128::from(w) > u128::from(n)
}

/// Whether any two write quorums meet, which orders writes: W > N/2.
pub fn orders_writes(n: u64, w: u64) -> bool {
    u128::from(w) * 2 > u128::from(n)
}

/// The majority of `n`: ⌊n/2⌋ + 1.
pub fn majority(n: u64) -> u64 {
    n / 2 + 1
}

/// How many of `n` may fail while a majority is left; 0 of 0.
pub fn tolerated(n: u64) -> u64 {
    n.saturating_sub(majority(n))
}

/// The probability that a read of R of N replicas returns one of the last `k` versions, each written
/// to W of them and spread no further: 1 - (C(N-W, R) / C(N, R))ᵏ (Bailis et al., section 3.1).
pub fn fresh_within(n: u64, r: u64, w: u64, k: u32) -> f64 {
    1.0 - math::powi(missed(n, r, w), k)
}

/// The probability that R of N replicas, drawn at random, meet none of W: C(N-W, R) / C(N, R).
pub fn missed(n: u64, r: u64, w: u64) -> f64 {
    if overlaps(n, r, w) {
        return 0.0;
    }
    (0..r).fold(1.0, |p, i| p * (n - w - i) as f64 / (n - i) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `quorum-strict` (Gifford 1979; PBS section 1.1).
    #[test]
    fn strict_quorums_overlap() {
        let strict = [(1, 1), (2, 1), (2, 2), (3, 1)].map(|(r, w)| overlaps(3, r, w));
        assert_eq!(strict, [false, false, true, true]);
        assert!(overlaps(u64::MAX, u64::MAX, 1) && !orders_writes(4, 2) && orders_writes(5, 3));
    }

    /// Case `quorum-fault-tolerance` (etcd FAQ, failure tolerance table).
    #[test]
    fn majorities_of_etcd() {
        let sizes: Vec<u64> = (1..=9).collect();
        let majorities: Vec<u64> = sizes.iter().map(|&n| majority(n)).collect();
        let failures: Vec<u64> = sizes.iter().map(|&n| tolerated(n)).collect();
        assert_eq!(majorities, [1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(failures, [0, 0, 1, 1, 2, 2, 3, 3, 4]);
        assert_eq!(tolerated(0), 0);
    }

    /// Counting every pair of subsets gives the formula.
    #[test]
    fn staleness_by_enumeration() {
        for n in 1..=6_u32 {
            for (r, w) in (0..=n).flat_map(|r| (0..=n).map(move |w| (r, w))) {
                let of_size = |size: u32| (0..1_u32 << n).filter(move |s| s.count_ones() == size);
                let pairs: Vec<bool> = of_size(r).flat_map(|a| of_size(w).map(move |b| a & b == 0)).collect();
                let apart = pairs.iter().filter(|apart| **apart).count() as f64 / pairs.len() as f64;
                assert!((missed(n.into(), r.into(), w.into()) - apart).abs() < 1e-12, "{n} {r} {w}");
            }
        }
        // PBS section 3.1: N = 3, R = W = 1: k = 2 gives 1 - (2/3)² = 0.556, k = 3 gives 0.704.
        assert_close(fresh_within(3, 1, 1, 2), 5.0 / 9.0, 1e-12);
        assert_close(fresh_within(3, 1, 1, 3), 19.0 / 27.0, 1e-12);
    }
}
