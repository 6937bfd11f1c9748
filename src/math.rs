//! The one door to transcendental functions.
//!
//! The platform's libm differs between machines in the last bit, and reports are
//! compared byte by byte. These wrappers use the pure-Rust `libm`, which gives the
//! same bits everywhere. The module knows nothing of designs.

/// Natural logarithm.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Logarithm to base 2.
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// Logarithm to base 10.
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// `ln(1 + x)`, accurate for small `x`.
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// The exponential function.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `exp(x) - 1`, accurate for small `x`.
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `x` to the power `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// `x` to a whole power by repeated squaring: exact order of operations, so the same bits everywhere.
pub fn powi(x: f64, n: u32) -> f64 {
    let (mut base, mut left, mut result) = (x, n, 1.0);
    while left > 0 {
        if left & 1 == 1 {
            result *= base;
        }
        base *= base;
        left >>= 1;
    }
    result
}

/// Square root (correctly rounded on every platform).
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// Sine, in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine, in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Complementary error function.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Cumulative distribution function of the standard normal distribution.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / std::f64::consts::SQRT_2)
}

/// Whether two numbers are the same but for rounding, far below any stated digit; an infinite one is near itself only.
pub fn near(a: f64, b: f64) -> bool {
    const SLACK: f64 = 1e-12;
    a == b || (a.is_finite() && b.is_finite() && (a - b).abs() <= SLACK * a.abs().max(b.abs()))
}

/// Natural logarithm of the gamma function.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_match_repeated_multiplication() {
        assert_eq!(powi(3.0, 0), 1.0);
        assert_eq!(powi(3.0, 5), 243.0);
    }

    #[test]
    fn rounding_is_near_and_the_infinite_is_not() {
        assert!(near(0.1 + 0.2, 0.3) && near(f64::INFINITY, f64::INFINITY) && near(0.0, 0.0));
        assert!(!near(1.0, 1.0 + 1e-9) && !near(f64::INFINITY, 10.0) && !near(0.0, 1e-300));
    }

    #[test]
    fn normal_cdf_at_known_points() {
        assert!((normal_cdf(0.0) - 0.5).abs() < 1e-15);
        // Published: Φ(1.2815515655446004) = 0.9.
        assert!((normal_cdf(1.281_551_565_544_600_4) - 0.9).abs() < 1e-14);
    }
}
