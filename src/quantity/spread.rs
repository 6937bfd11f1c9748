//! Uncertain values: `A to B` as a distribution with that 90% interval.

use crate::math;
use crate::numeric::normal;

/// The 90% interval of a lognormal distribution (both ends positive) or of a normal one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The 5th percentile, in base units.
    pub low: f64,
    /// The 95th percentile, in base units; not below `low`.
    pub high: f64,
}

impl Spread {
    /// Whether it is lognormal: both ends are positive.
    pub fn is_lognormal(self) -> bool {
        self.low > 0.0
    }

    /// The median: the geometric mean of the ends if lognormal, else their mean.
    pub fn median(self) -> f64 {
        if !self.is_lognormal() {
            return self.low + (self.high - self.low) / 2.0;
        }
        let product = self.low * self.high;
        // The root of the product is exact for `2 to 8`; the product of the roots cannot overflow.
        if product.is_normal() { math::sqrt(product) } else { math::sqrt(self.low) * math::sqrt(self.high) }
    }

    /// The quantile at `u` in (0, 1): how a uniform sample becomes a sample of the value.
    pub fn quantile(self, u: f64) -> f64 {
        let z = normal::quantile(u) / normal::Z95;
        if self.is_lognormal() {
            self.median() * math::exp(z * math::ln(self.high / self.low) / 2.0)
        } else {
            self.median() + z * (self.high - self.low) / 2.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By definition: 5% of a sample lies below the low end, 5% above the high end, half below the median.
    #[test]
    fn ends_are_the_5th_and_95th_percentile() {
        for spread in [Spread { low: 2e5, high: 3e6 }, Spread { low: -4.0, high: 10.0 }] {
            assert!((spread.quantile(0.05) / spread.low - 1.0).abs() < 1e-12);
            assert!((spread.quantile(0.95) / spread.high - 1.0).abs() < 1e-12);
            assert_eq!(spread.quantile(0.5), spread.median());
        }
        assert_eq!(Spread { low: 2.0, high: 8.0 }.median(), 4.0);
        assert_eq!(Spread { low: -4.0, high: 10.0 }.median(), 3.0);
        let wide = Spread { low: 1e-200, high: 1e-190 };
        assert!((wide.median() / 1e-195 - 1.0).abs() < 1e-12);
    }
}
