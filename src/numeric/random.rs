//! A seeded generator of our own, so that no result depends on a library's version.
//!
//! `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).

/// A stream of numbers fixed by its seed.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; zero for a bound of zero.
    pub fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() >> 16) as usize % bound }
    }

    /// A number between 0 and 1, neither included.
    pub fn between(&mut self) -> f64 {
        // The upper 52 bits and a half: no rounding, and both ends stay out.
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Puts the items in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}

/// Positions in (0, 1) of so many samples for each of so many inputs, stratified: each input has exactly one
/// position in each of `samples` strata of equal width, in random order (a Latin hypercube).
///
/// McKay, Beckman, Conover: A comparison of three methods for selecting values of input variables in the
/// analysis of output from a computer code, Technometrics 21, 1979.
pub fn latin_hypercube(samples: usize, inputs: usize, rng: &mut Rng) -> Vec<Vec<f64>> {
    let mut positions = Vec::with_capacity(inputs);
    for _ in 0..inputs {
        let mut strata: Vec<usize> = (0..samples).collect();
        rng.shuffle(&mut strata);
        positions.push(strata.into_iter().map(|at| (at as f64 + rng.between()) / samples as f64).collect());
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the reference implementation (Vigna, splitmix64.c) with seed 1234567.
    #[test]
    fn the_stream_is_the_published_one() {
        let mut rng = Rng::new(1_234_567);
        let stream: Vec<u64> = (0..5).map(|_| rng.next()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(stream, published);
    }

    #[test]
    fn each_stratum_of_each_input_has_one_position() {
        let positions = latin_hypercube(200, 3, &mut Rng::new(7));
        assert_eq!(positions.len(), 3);
        for input in &positions {
            let mut strata: Vec<usize> = input.iter().map(|u| (u * 200.0) as usize).collect();
            assert!(input.iter().all(|u| *u > 0.0 && *u < 1.0));
            assert_ne!(strata, (0..200).collect::<Vec<_>>());
            strata.sort_unstable();
            assert_eq!(strata, (0..200).collect::<Vec<_>>());
        }
        assert_ne!(positions[0], positions[1]);
        assert_eq!(positions, latin_hypercube(200, 3, &mut Rng::new(7)));
    }

    /// 20 samples of the mean of a uniform number: a plain sample errs by 0.29/√1000 = 0.009, a stratified one by
    /// 0.29/1000^1.5 = 0.00001.
    #[test]
    fn stratified_means_hardly_err() {
        for seed in 0..20 {
            let positions = latin_hypercube(1000, 1, &mut Rng::new(seed));
            let mean = positions[0].iter().sum::<f64>() / 1000.0;
            assert!((mean - 0.5).abs() < 5e-5, "{mean}");
        }
    }
}
