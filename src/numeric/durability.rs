//! How long replicated or erasure-coded data lives: a birth-and-death process of
//! failed and repaired copies.
//!
//! Source: D. Patterson, G. Gibson, R. Katz, A Case for RAID (1988), generalised as in
//! K. S. Trivedi, Probability and Statistics, chapter 8. Failures are independent and
//! exponential, and every lost copy is repaired at the same time as the others.

use crate::math;

/// The mean time in seconds until fewer than `needed` of `copies` are left, starting with all:
/// exact for the process. `mttf` and `mttr` are the mean times in seconds to the failure and to the
/// repair of one copy. 0 where there are fewer copies than needed, or none is needed of none.
///
/// The time is Σ over states i of the expected time from i to i+1 failed copies,
/// h(i) = 1/λᵢ + (μᵢ/λᵢ)·h(i-1), with λᵢ = (n-i)/mttf and μᵢ = i/mttr: a sum of positive terms.
pub fn mean_time_to_loss(copies: u64, needed: u64, mttf: f64, mttr: f64) -> f64 {
    if needed == 0 {
        return f64::INFINITY;
    }
    let (mut total, mut step) = (0.0, 0.0);
    for failed in 0..(copies + 1).saturating_sub(needed) {
        let left = (copies - failed) as f64;
        let repairs_per_failure = if failed == 0 { 0.0 } else { failed as f64 / mttr * mttf / left };
        step = mttf / left + repairs_per_failure * step;
        total += step;
    }
    total
}

/// The probability that data is lost within `period` seconds: 1 - e^{-t/MTTDL}.
///
/// The time to loss is nearly exponential where repairs are much faster than failures; the error is
/// of the relative order of mttr/mttf, and on the safe side for periods longer than a repair.
pub fn loss_probability(copies: u64, needed: u64, mttf: f64, mttr: f64, period: f64) -> f64 {
    -math::exp_m1(-period / mean_time_to_loss(copies, needed, mttf, mttr))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Closed forms: a mirrored pair lasts (3λ+μ)/(2λ²); without repair, n copies last mttf·Hₙ.
    #[test]
    fn closed_forms() {
        let (mttf, mttr) = (1e5, 24.0);
        let (l, m) = (1.0 / mttf, 1.0 / mttr);
        assert_close(mean_time_to_loss(2, 1, mttf, mttr), (3.0 * l + m) / (2.0 * l * l), 1e-12);
        assert_close(mean_time_to_loss(1, 1, mttf, mttr), mttf, 1e-15);
        assert_close(
            mean_time_to_loss(4, 1, mttf, 1e300),
            mttf * (1.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0),
            1e-12,
        );
    }

    /// RAID (Patterson et al. 1988): MTTDL ≈ mttf² / (G(G-1)·mttr) for a group of G disks with one parity.
    #[test]
    fn single_parity_group() {
        let (mttf, mttr, group) = (30_000.0, 1.0, 11);
        let published = mttf * mttf / (11.0 * 10.0 * mttr);
        assert_close(mean_time_to_loss(group, group - 1, mttf, mttr), published, 0.001);
    }

    #[test]
    fn edges() {
        assert_eq!(mean_time_to_loss(2, 3, 1.0, 1.0), 0.0);
        assert_eq!(mean_time_to_loss(2, 0, 1.0, 1.0), f64::INFINITY);
        assert_eq!(loss_probability(1, 2, 1.0, 1.0, 1.0), 1.0);
        // Far below what 1 - p could hold.
        let loss = loss_probability(6, 1, 1e8, 3600.0, 3.15e7);
        assert!(loss > 0.0 && loss < 1e-20, "{loss}");
    }

    /// The expected time solves the equations of the chain: E(i) = (1 + λE(i+1) + μE(i-1)) / (λ+μ).
    #[test]
    fn solves_the_equations_of_the_chain() {
        let (copies, needed, mttf, mttr) = (5_u64, 2_u64, 50.0, 7.0);
        let states = (copies - needed + 1) as usize;
        let mut times = vec![0.0; states + 1];
        for _ in 0..200_000 {
            for i in 0..states {
                let (fail, repair) = ((copies as f64 - i as f64) / mttf, i as f64 / mttr);
                let before = if i == 0 { 0.0 } else { times[i - 1] };
                times[i] = (1.0 + fail * times[i + 1] + repair * before) / (fail + repair);
            }
        }
        assert_close(mean_time_to_loss(copies, needed, mttf, mttr), times[0], 1e-9);
    }
}
