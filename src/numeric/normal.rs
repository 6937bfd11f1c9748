//! The quantiles of the standard normal distribution.
#![allow(clippy::excessive_precision)] // the coefficients stand as they were published

use crate::math;

/// The z of a 90% interval: Φ(z) = 0.95.
pub const Z95: f64 = 1.644_853_626_951_472_2;

/// The z of a 99th percentile: Φ(z) = 0.99.
pub const Z99: f64 = 2.326_347_874_040_840_8;

/// The z with Φ(z) = `p`, to about 1 part in 10¹⁶; infinite at 0 and 1, not a number outside.
///
/// Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988), 477–484.
pub fn quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&CENTRE_ABOVE, r) / polynomial(&CENTRE_BELOW, r);
    }
    upper_tail(if q < 0.0 { p } else { 1.0 - p }) * q.signum()
}

/// The z with 1 - Φ(z) = `tail`: keeps its accuracy where `tail` is tiny.
pub fn upper_quantile(tail: f64) -> f64 {
    if tail >= 0.075 { -quantile(tail) } else { upper_tail(tail) }
}

fn upper_tail(tail: f64) -> f64 {
    if tail == 0.0 {
        return f64::INFINITY;
    }
    let r = math::sqrt(-math::ln(tail));
    if r <= 5.0 {
        polynomial(&MIDDLE_ABOVE, r - 1.6) / polynomial(&MIDDLE_BELOW, r - 1.6)
    } else {
        polynomial(&FAR_ABOVE, r - 5.0) / polynomial(&FAR_BELOW, r - 5.0)
    }
}

fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_608,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561e3,
];
const MIDDLE_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_7e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_4e-4,
];
const MIDDLE_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    6.897_673_349_851_000_045_5e-1,
    1.481_039_764_274_800_745_9e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    2.965_605_718_285_048_912_3e-1,
    2.653_218_952_657_612_309_3e-2,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const FAR_BELOW: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_9e-1,
    1.369_298_809_227_358_053_1e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_points() {
        // Wichura's own check values for PPND16, and the constants of every table.
        for (p, z) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.95, Z95),
            (0.99, Z99),
        ] {
            assert!((quantile(p) / z - 1.0).abs() < 1e-14, "{p}: {}", quantile(p));
        }
        assert!(quantile(f64::NAN).is_nan() && quantile(1.5).is_nan());
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
    }

    /// The quantile inverts the distribution function, in both directions and in the far tail.
    #[test]
    fn inverts_the_distribution_function() {
        for step in 1..2000 {
            let p = f64::from(step) / 2000.0;
            assert!((crate::math::normal_cdf(quantile(p)) / p - 1.0).abs() < 1e-13, "{p}");
        }
        for power in 1..250 {
            let tail = crate::math::pow(10.0, -f64::from(power));
            let back = crate::math::normal_cdf(-upper_quantile(tail));
            // The tail falls as exp(-z²/2), so the error of z is amplified by z².
            assert!((back / tail - 1.0).abs() < 1e-12, "1e-{power}: {back}");
        }
    }
}
