//! How much of the variance of a result each input explains, read off one sample.
//!
//! The first-order index of an input X is Var(E\[Y | X\]) / Var(Y) (Sobol' 1993): the share of the variance
//! that would go if X were known. E\[Y | X\] is estimated by a regression of Y on X that is linear in each of
//! some strata of equal probability, and the index is the adjusted R² of it, so that an input without
//! influence is expected at 0 and not above. Most formulas are linear, or nearly so, in one input at a time,
//! and then the heavy tail of a lognormal does no harm.
//!
//! The error is estimated from independent parts of the sample: the standard deviation of their indices
//! over the root of their number.

/// A share of the variance, and the standard error of the estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// From 0 to 1.
    pub share: f64,
    /// One standard deviation of the estimate.
    pub error: f64,
}

/// More strata than this cost more in noise than they gain.
const MOST_STRATA: usize = 16;

/// The values of one input, sorted into strata.
#[derive(Clone, Debug)]
pub struct Input {
    /// Values less the mean of their stratum.
    values: Vec<f64>,
    /// The stratum of each value.
    strata: Vec<usize>,
    count: usize,
    parts: usize,
}

/// Sums over the samples of one stratum in one part.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Sums {
    fn add(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    fn join(&mut self, other: &Sums) {
        self.n += other.n;
        self.x += other.x;
        self.y += other.y;
        self.xx += other.xx;
        self.xy += other.xy;
        self.yy += other.yy;
    }

    /// What a line through the stratum leaves unexplained, and how many parameters it has.
    fn residual(&self) -> (f64, f64) {
        if self.n == 0.0 {
            return (0.0, 0.0);
        }
        let of_y = self.yy - self.y * self.y / self.n;
        let of_x = self.xx - self.x * self.x / self.n;
        let both = self.xy - self.x * self.y / self.n;
        if of_x > 0.0 && self.n > 2.0 {
            ((of_y - both * both / of_x).max(0.0), 2.0)
        } else {
            (of_y.max(0.0), 1.0)
        }
    }
}

impl Input {
    /// An input by its positions in (0, 1) and its values; the sample consists of so many independent parts of
    /// equal size, one behind the other.
    pub fn new(positions: &[f64], values: &[f64], parts: usize) -> Input {
        let parts = parts.max(1);
        // Ten samples to a stratum of a part.
        let count = (positions.len() / parts / 10).clamp(1, MOST_STRATA);
        let stratum = |u: &f64| ((u * count as f64) as usize).min(count - 1);
        let strata: Vec<usize> = positions.iter().map(stratum).collect();
        let mut sums = vec![(0.0, 0.0); count];
        for (at, value) in strata.iter().zip(values) {
            sums[*at].0 += value;
            sums[*at].1 += 1.0;
        }
        let centred = strata.iter().zip(values).map(|(at, value)| value - sums[*at].0 / sums[*at].1);
        Input { values: centred.collect(), strata, count, parts }
    }

    /// In how many strata the input is sorted.
    pub fn strata(&self) -> usize {
        self.count
    }

    /// The share of the variance of a result that the input explains; `None` where the result does not vary, or
    /// is not finite in every sample.
    pub fn explains(&self, result: &[f64]) -> Option<Share> {
        let n = result.len();
        if n != self.values.len() || n < 2 * self.parts || !result.iter().all(|y| y.is_finite()) {
            return None;
        }
        let mean = result.iter().sum::<f64>() / n as f64;
        let mut sums = vec![Sums::default(); self.parts * self.count];
        let size = n.div_ceil(self.parts);
        for (at, ((x, stratum), y)) in self.values.iter().zip(&self.strata).zip(result).enumerate() {
            sums[at / size * self.count + stratum].add(*x, y - mean);
        }
        let mut whole = vec![Sums::default(); self.count];
        for part in sums.chunks(self.count) {
            whole.iter_mut().zip(part).for_each(|(all, part)| all.join(part));
        }
        let share = adjusted(&whole)?;
        let parts: Vec<f64> = sums.chunks(self.count).map(|part| adjusted(part).unwrap_or(share)).collect();
        Some(Share { share: share.clamp(0.0, 1.0), error: standard_error(&parts) })
    }
}

/// The adjusted R² of the regression; `None` where there is no variance.
fn adjusted(strata: &[Sums]) -> Option<f64> {
    let mut all = Sums::default();
    let (mut left, mut parameters) = (0.0, 0.0);
    for sums in strata {
        all.join(sums);
        let (residual, used) = sums.residual();
        left += residual;
        parameters += used;
    }
    let total = all.yy - all.y * all.y / all.n;
    let free = all.n - parameters;
    // Below the rounding of the sums there is nothing to explain.
    if total <= f64::EPSILON * all.yy || free <= 0.0 {
        return None;
    }
    Some(1.0 - (left / free) / (total / (all.n - 1.0)))
}

/// The standard error of the mean of independent estimates.
pub fn standard_error(estimates: &[f64]) -> f64 {
    let n = estimates.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = estimates.iter().sum::<f64>() / n;
    let variance = estimates.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (n - 1.0);
    crate::math::sqrt(variance / n)
}

/// The value that a share `q` of the ascending values does not exceed: interpolated between the middles of
/// equal strata (Hazen). Between a finite and an infinite value it is the nearer one.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = (q * sorted.len() as f64 - 0.5).clamp(0.0, last as f64);
    let (below, above) = (sorted.get(at.floor() as usize)?, sorted.get(at.ceil() as usize)?);
    let way = at - at.floor();
    if below.is_finite() && above.is_finite() {
        Some(below + way * (above - below))
    } else {
        Some(if way < 0.5 { *below } else { *above })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::numeric::normal;
    use crate::numeric::random::{Rng, latin_hypercube};
    use crate::numeric::testing::assert_close;

    const PARTS: usize = 10;

    /// Positions of a sample in ten Latin hypercubes, by input.
    fn sample(samples: usize, inputs: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut rng = Rng::new(seed);
        let mut all = vec![Vec::new(); inputs];
        for _ in 0..PARTS {
            for (input, part) in all.iter_mut().zip(latin_hypercube(samples / PARTS, inputs, &mut rng)) {
                input.extend(part);
            }
        }
        all
    }

    /// Shares of the variance of a function of inputs that are drawn by their quantile functions.
    fn shares(draw: &[&dyn Fn(f64) -> f64], f: impl Fn(&[f64]) -> f64, seed: u64) -> Vec<Share> {
        let positions = sample(10_000, draw.len(), seed);
        let values: Vec<Vec<f64>> =
            positions.iter().zip(draw).map(|(u, draw)| u.iter().map(|u| draw(*u)).collect()).collect();
        let result: Vec<f64> =
            (0..10_000).map(|i| f(&values.iter().map(|v| v[i]).collect::<Vec<_>>())).collect();
        let inputs = positions.iter().zip(&values).map(|(u, v)| Input::new(u, v, PARTS));
        inputs.map(|input| input.explains(&result).expect("a share")).collect()
    }

    fn lognormal(sigma: f64) -> impl Fn(f64) -> f64 {
        move |u| math::exp(sigma * normal::quantile(u))
    }

    /// A sum of uniform numbers: each explains its own variance, w² of Σ w².
    #[test]
    fn sums_are_explained_by_their_weights() {
        let uniform = |u: f64| u;
        let found = shares(&[&uniform, &uniform, &uniform], |x| x[0] + 2.0 * x[1] + 3.0 * x[2], 1);
        for (share, expected) in found.iter().zip([1.0 / 14.0, 4.0 / 14.0, 9.0 / 14.0]) {
            assert!((share.share - expected).abs() < 0.015, "{found:?}");
            assert!(share.error < 0.01, "{found:?}");
        }
    }

    /// Ishigami's function with a = 7, b = 0.1 (Saltelli et al., Global Sensitivity Analysis, 2008): 0.3139,
    /// 0.4424 and 0, the rest being the first and third together.
    #[test]
    fn ishigami() {
        let pi = std::f64::consts::PI;
        let angle = |u: f64| (2.0 * u - 1.0) * pi;
        let f = |x: &[f64]| {
            let (a, b) = (libm::sin(x[0]), libm::sin(x[1]));
            a + 7.0 * b * b + 0.1 * math::powi(x[2], 4) * a
        };
        let found = shares(&[&angle, &angle, &angle], f, 5);
        for (share, expected) in found.iter().zip([0.3139, 0.4424, 0.0]) {
            assert!((share.share - expected).abs() < 0.01, "{found:?}");
        }
    }

    /// A product of lognormal numbers has the squared variation Π(1 + cᵢ) - 1, of which cᵢ = e^{σᵢ²} - 1 is
    /// explained by each alone, however heavy the tail.
    #[test]
    fn products_of_lognormal_numbers() {
        let sigmas = [0.3, 0.6, 0.1];
        let draws: Vec<_> = sigmas.iter().map(|s| lognormal(*s)).collect();
        let c: Vec<f64> = sigmas.iter().map(|s| math::exp_m1(s * s)).collect();
        let all: f64 = c.iter().map(|c| 1.0 + c).product::<f64>() - 1.0;
        let mut near = 0;
        for seed in 0..20 {
            let found = shares(&[&draws[0], &draws[1], &draws[2]], |x| x.iter().product(), seed);
            for (share, c) in found.iter().zip(&c) {
                let off = (share.share - c / all).abs();
                assert!(off < 0.03, "{share:?} {}", c / all);
                near += usize::from(off <= 2.0 * share.error + 0.002);
            }
        }
        // Two standard errors hold 19 of 20 if the error is what it says; ten parts make that 18 of 20.
        assert!(near >= 52, "{near} of 60");
    }

    #[test]
    fn an_input_without_influence_explains_nothing() {
        let uniform = |u: f64| u;
        for seed in 0..10 {
            let found = shares(&[&uniform, &uniform], |x| x[0], seed);
            assert!(found[1].share < 0.005, "{found:?}");
            assert!((found[0].share - 1.0).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn what_does_not_vary_or_is_not_finite_has_no_shares() {
        let u: Vec<f64> = (0..100).map(|i| (f64::from(i) + 0.5) / 100.0).collect();
        let input = Input::new(&u, &u, 10);
        assert_eq!(input.explains(&[3.0; 100]), None);
        let mut result = u.clone();
        result[3] = f64::INFINITY;
        assert_eq!(input.explains(&result), None);
        assert_eq!(input.explains(&[]), None);
    }

    #[test]
    fn quantiles_stand_in_the_middle_of_strata() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        assert_close(quantile(&values, 0.5).expect("a median"), 49.5, 1e-12);
        assert_close(quantile(&values, 0.05).expect("a quantile"), 4.5, 1e-12);
        assert_eq!(quantile(&values, 0.0), Some(0.0));
        assert_eq!(quantile(&values, 1.0), Some(99.0));
        assert_eq!(quantile(&[1.0, f64::INFINITY], 0.5), Some(f64::INFINITY));
        assert_eq!(quantile(&[1.0, 2.0, f64::INFINITY], 0.5), Some(2.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
