//! Bloom filters: their size, their hash functions and how often they err.
//!
//! Source: B. Bloom, CACM 13 (1970); L. Fan, P. Cao et al., Summary Cache (2000).

use std::f64::consts::LN_2;

use crate::math;

/// Bits of a filter for `items` items with the given false positive probability: ⌈-n ln p / ln²2⌉.
pub fn bits(items: f64, false_positive: f64) -> f64 {
    (-items * math::ln(false_positive) / (LN_2 * LN_2)).ceil()
}

/// The best number of hash functions: round(m/n · ln 2), at least 1.
pub fn hashes(bits: f64, items: f64) -> f64 {
    (bits / items * LN_2).round().max(1.0)
}

/// The probability that a filter reports an item that it does not hold: (1 - e^{-kn/m})ᵏ.
pub fn false_positive(bits: f64, items: f64, hashes: f64) -> f64 {
    math::pow(-math::exp_m1(-hashes * items / bits), hashes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `bloom-guava-huge` (google/guava BloomFilterTest.testOptimalSize); Guava truncates where we round up.
    #[test]
    fn largest_filter_of_guava() {
        assert!((bits(2_147_483_647.0, 5e-324) - 3_327_428_144_502.0).abs() <= 1.0);
    }

    /// Case `bloom-guava-k`: 3072 bits for 319 items take 7 hash functions.
    #[test]
    fn hash_functions_of_guava() {
        assert_eq!(hashes(3072.0, 319.0), 7.0);
        assert_eq!(hashes(1.0, 100.0), 1.0);
    }

    /// Case `bloom-06185` (Cao and Fan, "the math"): (1/2)^{ln 2 · m/n} is 0.6185 to the power m/n.
    #[test]
    fn half_full_filter() {
        assert!((false_positive(1.0, 1.0, LN_2) - 0.6185).abs() < 5e-5);
    }

    /// Case `bloom-cao-table` (Summary Cache, table 3).
    #[test]
    fn table_of_summary_cache() {
        for (bits_per_item, k, published) in
            [(8.0, 5.0, 0.0217), (8.0, 6.0, 0.0216), (10.0, 7.0, 0.00819), (16.0, 11.0, 0.000_459)]
        {
            assert_close(false_positive(bits_per_item, 1.0, k), published, 0.003);
        }
    }
}
