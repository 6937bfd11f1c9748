//! The hottest of several shards when keys of unequal popularity are placed by a hash.
//!
//! By sampling with a fixed seed: the most popular keys are placed one by one, the many others together as a normal
//! share of each shard, of which there is more than enough for the central limit theorem. Compare M. Mitzenmacher,
//! E. Upfal, Probability and Computing, 2nd ed. 2017, chapter 5: balls into bins.

use super::cache::Popularity;
use super::normal;
use super::random::Rng;
use crate::math;

/// The hottest shard over the mean one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hottest {
    /// Its load over the mean load, on average over placements.
    pub ratio: f64,
    /// The standard error of that average.
    pub error: f64,
    /// How many placements were sampled.
    pub samples: usize,
}

/// The seed of every sample: the same keys give the same figures.
const SEED: u64 = 1;
/// Keys and shards that are drawn in all samples together: some twenty milliseconds.
const DRAWS: f64 = 4e6;
/// The fewest samples, of very many shards.
const FEWEST: usize = 50;
/// The most samples: the error is then a sixtieth of the spread between placements.
const MOST: usize = 4000;
/// More shards than this are not sampled.
pub const MOST_SHARDS: f64 = 1e5;

/// The hottest of so many shards; `None` for fewer than one or more than [`MOST_SHARDS`].
pub fn hottest(popularity: &Popularity, shards: f64) -> Option<Hottest> {
    let shards = shards.floor();
    if !(1.0..=MOST_SHARDS).contains(&shards) {
        return None;
    }
    let (single, rest) = popularity.split();
    let samples = (DRAWS / (single.len() as f64 + shards)).clamp(FEWEST as f64, MOST as f64) as usize;
    let mut rng = Rng::new(SEED);
    let count = shards as usize;
    let rest = Rest::of(&rest, shards);
    let mut load = vec![0.0; count];
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..samples {
        rest.spread(&mut load, &mut rng);
        for share in &single {
            load[rng.below(count)] += share;
        }
        let ratio = load.iter().copied().fold(0.0, f64::max) * shards;
        sum += ratio;
        squares += ratio * ratio;
    }
    let n = samples as f64;
    let ratio = sum / n;
    let variance = ((squares / n - ratio * ratio) * n / (n - 1.0)).max(0.0);
    Some(Hottest { ratio, error: math::sqrt(variance / n), samples })
}

/// The keys that are not placed one by one: their share of a shard on average, and its deviation.
struct Rest {
    mean: f64,
    deviation: f64,
}

impl Rest {
    /// Of classes of keys: how many of each, and the share of the load of one.
    fn of(classes: &[(f64, f64)], shards: f64) -> Rest {
        let sum = |f: fn(&(f64, f64)) -> f64| classes.iter().map(f).sum::<f64>();
        Rest { mean: sum(|c| c.0 * c.1) / shards, deviation: math::sqrt(sum(|c| c.0 * c.1 * c.1) / shards) }
    }

    /// Writes their share into every shard: what one has more, the others have less.
    fn spread(&self, load: &mut [f64], rng: &mut Rng) {
        if self.deviation == 0.0 {
            load.fill(self.mean);
            return;
        }
        for share in &mut *load {
            *share = self.deviation * normal::quantile(rng.between());
        }
        let surplus = load.iter().sum::<f64>() / load.len() as f64;
        for share in load {
            *share = (*share - surplus + self.mean).max(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// The mean of the fullest shard over every placement of a few keys.
    fn enumerated(shares: &[f64], shards: usize) -> f64 {
        let placements = shards.pow(shares.len() as u32);
        let mut sum = 0.0;
        for placement in 0..placements {
            let (mut load, mut code) = (vec![0.0; shards], placement);
            for share in shares {
                load[code % shards] += share;
                code /= shards;
            }
            sum += load.iter().copied().fold(0.0, f64::max) * shards as f64;
        }
        sum / placements as f64
    }

    /// Every placement of up to eight keys: within four standard errors, and within 2%.
    #[test]
    fn few_keys_equal_the_enumeration() {
        for (keys, exponent, shards) in
            [(2, 0.0, 2), (8, 0.0, 3), (6, 1.0, 3), (8, 0.7, 4), (5, 2.0, 5), (7, 1.3, 2)]
        {
            let weights: Vec<f64> = (1..=keys).map(|rank| math::pow(f64::from(rank), -exponent)).collect();
            let total: f64 = weights.iter().sum();
            let shares: Vec<f64> = weights.iter().map(|w| w / total).collect();
            let exact = enumerated(&shares, shards);
            let found = hottest(&Popularity::weighted(&weights), shards as f64).unwrap();
            assert!((found.ratio - exact).abs() <= 4.0 * found.error, "{keys} {shards}: {found:?}, {exact}");
            assert_close(found.ratio, exact, 0.02);
        }
        // By hand: two keys in two shards are together half of the time.
        assert_eq!(enumerated(&[0.5, 0.5], 2), 1.5);
    }

    /// Ten thousand keys, each placed by itself in a simulation of its own: the normal rest costs less than 1%.
    #[test]
    fn many_keys_equal_a_simulation_of_each() {
        for (exponent, shards) in [(0.0, 64_usize), (0.5, 64), (0.9, 16), (1.1, 256)] {
            let weights: Vec<f64> = (1..=10_000).map(|rank| math::pow(f64::from(rank), -exponent)).collect();
            let total: f64 = weights.iter().sum();
            let mut rng = Rng::new(99);
            let mut sum = 0.0;
            for _ in 0..300 {
                let mut load = vec![0.0; shards];
                for weight in &weights {
                    load[rng.below(shards)] += weight / total;
                }
                sum += load.iter().copied().fold(0.0, f64::max) * shards as f64;
            }
            let found = hottest(&Popularity::zipf(10_000.0, exponent), shards as f64).unwrap();
            assert_close(found.ratio, sum / 300.0, 0.01);
        }
    }

    /// A single shard has everything; no shard is hotter than all keys, nor cooler than the one with the hottest key.
    #[test]
    fn bounds_hold() {
        let one = hottest(&Popularity::zipf(1e6, 1.0), 1.0).unwrap();
        assert_close(one.ratio, 1.0, 1e-9);
        for exponent in [0.0, 0.8, 1.5, 3.0] {
            let keys = Popularity::zipf(1e9, exponent);
            let found = hottest(&keys, 100.0).unwrap();
            let first = keys.split().0[0];
            assert!(found.ratio >= first * 100.0 + (1.0 - first) - 4.0 * found.error && found.ratio <= 100.0);
        }
        assert_eq!(hottest(&Popularity::uniform(10.0), 0.0), None);
        assert_eq!(hottest(&Popularity::uniform(10.0), 1e6), None);
    }
}
