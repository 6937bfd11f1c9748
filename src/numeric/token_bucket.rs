//! Token buckets: how long a burst lasts and how long it takes to earn the next.
//!
//! Source: J. Turner, IEEE Communications 24(10) (1986); the law is the conservation
//! of tokens. All rates are in tokens per second.

/// How long in seconds a full bucket of `tokens` carries a load of `load` while `refill` come back;
/// infinite where the load does not exceed the refill.
pub fn burst_duration(tokens: f64, load: f64, refill: f64) -> f64 {
    if load <= refill { f64::INFINITY } else { tokens / (load - refill) }
}

/// How long in seconds an empty bucket takes to fill.
pub fn refill_time(tokens: f64, refill: f64) -> f64 {
    tokens / refill
}

/// The most requests that are admitted in a window of so many seconds: the bucket and the refill.
pub fn admitted(tokens: f64, refill: f64, window: f64) -> f64 {
    tokens + refill * window
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `nr-token-ebs-1gib`: AWS prints 1802 s for the 1 GiB volume, with 3 IOPS of refill, where the
    /// table's own refill row says 100: 5.4M / (3000 - 100) = 1862 s. The printed figure is not reproduced.
    #[test]
    fn burst_of_the_smallest_ebs_volume() {
        let seconds = burst_duration(5.4e6, 3000.0, 100.0);
        assert_close(seconds, 1_862.068_965_517_241_4, 1e-12);
        assert!((seconds - 1802.0).abs() > 1.0);
        assert_close(burst_duration(5.4e6, 3000.0, 3.0), 1802.0, 1e-3);
    }

    #[test]
    fn refill_and_admission() {
        assert_eq!(burst_duration(10.0, 5.0, 5.0), f64::INFINITY);
        assert_eq!(refill_time(5.4e6, 100.0), 54_000.0);
        assert_eq!(admitted(20.0, 100.0 / 60.0, 60.0), 120.0);
    }
}
