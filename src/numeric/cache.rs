//! Hit ratios of caches under independent requests.
//!
//! Sources: H. Che, Y. Tung, Z. Wang, JSAC 20 (2002) for LRU; V. Martina, M. Garetto,
//! E. Leonardi, INFOCOM 2014, for FIFO and random; C. Fricker, P. Robert, J. Roberts,
//! ITC 24 (2012), on why the approximation is good to a few thousandths.

use crate::math;

/// What a cache drops when it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// The least recently used item.
    LeastRecentlyUsed,
    /// The item that came first.
    FirstIn,
    /// Any item.
    Random,
    /// The least frequently used item, with perfect knowledge: an upper bound for every policy.
    LeastFrequentlyUsed,
}

/// How requests spread over items: classes of items, each with the number of items and the
/// probability that a request is for one given item of it, most popular first.
#[derive(Clone, Debug, PartialEq)]
pub struct Popularity {
    classes: Vec<(f64, f64)>,
    /// The exponent, where it is a Zipf law.
    zipf: Option<f64>,
}

/// Ranks that are summed one by one; the rest of a Zipf law is integrated. The midpoint rule errs by
/// s(s+1)/(24 rank²) of each term, so by less than 10⁻⁷ of the whole for exponents up to 2.
const EXACT_RANKS: f64 = 1024.0;

/// Nodes and weights of Gauss and Legendre's rule with 8 points on (-1, 1), the positive half.
const GAUSS_8: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

impl Popularity {
    /// Zipf's law: the item of rank i is asked for in proportion to i to the power `-exponent`.
    /// `items` is rounded down; up to 10¹⁵ of them, in the same time.
    pub fn zipf(items: f64, exponent: f64) -> Popularity {
        Popularity { zipf: Some(exponent), ..Popularity::normalised(zipf_classes(items, exponent)) }
    }

    /// Every one of `items` is asked for as often as any other.
    pub fn uniform(items: f64) -> Popularity {
        Popularity::normalised(vec![(items.floor().max(1.0), 1.0)])
    }

    /// Items with these relative frequencies.
    pub fn weighted(frequencies: &[f64]) -> Popularity {
        let mut classes: Vec<(f64, f64)> = frequencies.iter().map(|&f| (1.0, f)).collect();
        classes.sort_by(|a, b| b.1.total_cmp(&a.1));
        Popularity::normalised(classes)
    }

    fn normalised(mut classes: Vec<(f64, f64)>) -> Popularity {
        let total = requests_for(&classes);
        for (_, frequency) in &mut classes {
            *frequency /= total;
        }
        Popularity { classes, zipf: None }
    }

    /// The most popular items one by one, by their shares of the requests, and classes of the others: how many there
    /// are, and the share of one.
    pub fn split(&self) -> (Vec<f64>, Vec<(f64, f64)>) {
        let (single, rest): (Vec<_>, Vec<_>) = self.classes.iter().copied().partition(|c| c.0 == 1.0);
        (single.into_iter().map(|c| c.1).collect(), rest)
    }

    /// The number of items.
    pub fn items(&self) -> f64 {
        self.classes.iter().map(|(count, _)| count).sum()
    }

    /// The share of requests that a cache of `cached` items answers.
    ///
    /// LRU, FIFO and random by Che's approximation and its variants (a few thousandths off a
    /// simulation); LFU is the share of the `cached` most popular items.
    pub fn hit_ratio(&self, cached: f64, eviction: Eviction) -> f64 {
        if cached >= self.items() {
            return 1.0;
        }
        if cached <= 0.0 {
            return 0.0;
        }
        match eviction {
            Eviction::LeastFrequentlyUsed => self.most_popular(cached),
            Eviction::LeastRecentlyUsed => self.hits(self.characteristic_time(cached, lru), lru),
            Eviction::FirstIn | Eviction::Random => self.hits(self.characteristic_time(cached, fifo), fifo),
        }
    }

    /// The share of requests answered by items that expire a fixed time after they were fetched;
    /// `requests` is the mean number of requests for all items in that time.
    pub fn ttl_hit_ratio(&self, requests: f64) -> f64 {
        self.hits(requests, fifo)
    }

    /// The share of requests that a cache of `cached` items answers whose items expire a fixed time after they were
    /// fetched; `requests` is the mean number of requests for all items in that time.
    ///
    /// By renewal: an item that is asked for λ times a second is present for E[D] from each fetch on, D the time until
    /// it expires or is dropped, and hit λE[D] / (1 + λE[D]) of the time; Che's time makes what is present fill the
    /// cache, where that is less than the items that have not expired. For LRU the density of D between Che's time and
    /// the expiry is taken as exponential with the mean of an item that does not expire. Within a hundredth of a
    /// simulation, and exact where one of both limits does not bind.
    pub fn expiring_hit_ratio(&self, cached: f64, eviction: Eviction, requests: f64) -> f64 {
        if cached <= 0.0 || requests <= 0.0 {
            return 0.0;
        }
        if eviction == Eviction::LeastFrequentlyUsed {
            return self.expiring_most_popular(cached, requests);
        }
        let present = |time: f64| {
            let of = |&(count, p): &(f64, f64)| {
                let asked = p * stay(eviction, p, time, requests);
                (count * asked / (1.0 + asked), count * p * asked / (1.0 + asked))
            };
            self.classes.iter().map(of).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1))
        };
        let (unlimited, hits) = present(f64::INFINITY);
        if unlimited <= cached {
            return hits.min(1.0);
        }
        let (mut low, mut high) = (0.0, cached);
        while present(high).0 < cached && high < 1e300 {
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1e-10 * high {
            let middle = f64::midpoint(low, high);
            if present(middle).0 < cached { low = middle } else { high = middle }
        }
        present(low).1.min(1.0)
    }

    /// The most popular items are kept, each until it expires.
    fn expiring_most_popular(&self, cached: f64, requests: f64) -> f64 {
        let (mut left, mut share) = (cached, 0.0);
        for &(count, p) in &self.classes {
            let taken = count.min(left);
            share += taken * p * fifo(p * requests).0;
            left -= taken;
        }
        share.min(1.0)
    }

    /// Che's characteristic time, in requests, of an LRU cache of `cached` items.
    pub fn lru_characteristic_time(&self, cached: f64) -> f64 {
        self.characteristic_time(cached, lru)
    }

    /// The time T, in requests, after which a cache of `cached` items is full: Σ presence(pT) = cached.
    ///
    /// The sum is concave and below T, so Newton's steps from T = cached rise towards the root and
    /// never pass it.
    fn characteristic_time(&self, cached: f64, presence: Presence) -> f64 {
        let mut time = cached;
        for _ in 0..200 {
            let (mut filled, mut slope) = (0.0, 0.0);
            for &(count, p) in &self.classes {
                let (present, growth) = presence(p * time);
                filled += count * present;
                slope += count * p * growth;
            }
            let step = (cached - filled) / slope;
            // Rounding can turn the last step around or, nearly full, make the slope vanish.
            if !step.is_finite() || step <= 1e-13 * time {
                break;
            }
            time += step;
        }
        time
    }

    fn hits(&self, time: f64, presence: Presence) -> f64 {
        let sum: f64 = self.classes.iter().map(|&(count, p)| count * p * presence(p * time).0).sum();
        sum.min(1.0)
    }

    fn most_popular(&self, cached: f64) -> f64 {
        if let Some(exponent) = self.zipf {
            let whole = cached.floor();
            let next = (cached - whole) * math::pow(whole + 1.0, -exponent);
            let top = if whole < 1.0 { 0.0 } else { requests_for(&zipf_classes(whole, exponent)) };
            return (top + next) / requests_for(&zipf_classes(self.items().round(), exponent));
        }
        let (mut left, mut share) = (cached, 0.0);
        for &(count, p) in &self.classes {
            let taken = count.min(left);
            share += taken * p;
            left -= taken;
        }
        share.min(1.0)
    }
}

/// The classes of a Zipf law with relative frequencies: the first ranks one by one, the rest by
/// integration over octaves.
fn zipf_classes(items: f64, exponent: f64) -> Vec<(f64, f64)> {
    let items = items.floor().max(1.0);
    let exact = items.min(EXACT_RANKS);
    let mut classes: Vec<(f64, f64)> = Vec::new();
    let mut rank = 1.0;
    while rank <= exact {
        classes.push((1.0, math::pow(rank, -exponent)));
        rank += 1.0;
    }
    // The sum over the ranks a+1 ..= b is near the integral from a+½ to b+½.
    let end = items + 0.5;
    let mut from = exact + 0.5;
    while from < end {
        let to = end.min(2.0 * from);
        let (middle, half) = (f64::midpoint(from, to), (to - from) / 2.0);
        for (node, weight) in GAUSS_8.iter().rev().map(|&(x, w)| (-x, w)).chain(GAUSS_8) {
            classes.push((weight * half, math::pow(middle + half * node, -exponent)));
        }
        from = to;
    }
    classes
}

fn requests_for(classes: &[(f64, f64)]) -> f64 {
    classes.iter().map(|(count, frequency)| count * frequency).sum()
}

/// How long an item stays from its fetch on, on average: until it is dropped, Che's `time` after it was last asked
/// for or after it came, or until it expires. All in requests.
fn stay(eviction: Eviction, p: f64, time: f64, expiry: f64) -> f64 {
    if !time.is_finite() {
        return expiry;
    }
    match eviction {
        Eviction::FirstIn | Eviction::LeastFrequentlyUsed => time.min(expiry),
        Eviction::Random => -time * math::exp_m1(-expiry / time),
        Eviction::LeastRecentlyUsed if expiry <= time => expiry,
        Eviction::LeastRecentlyUsed => {
            let asked = p * time;
            // Asked for so often, it is never dropped.
            if asked > 500.0 {
                return expiry;
            }
            let rest = math::exp_m1(asked) / p - time;
            let rate = -math::exp_m1(-asked) / rest;
            if rest > 0.0 { time - rest * math::exp_m1(-rate * (expiry - time)) } else { time }
        }
    }
}

/// The probability that an item is present, and its derivative, by the mean number of requests for it
/// in the characteristic time.
type Presence = fn(f64) -> (f64, f64);

fn lru(requests: f64) -> (f64, f64) {
    let present = -math::exp_m1(-requests);
    (present, 1.0 - present)
}

fn fifo(requests: f64) -> (f64, f64) {
    let absent = 1.0 / (1.0 + requests);
    (requests * absent, absent * absent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    use Eviction::{FirstIn, LeastFrequentlyUsed, LeastRecentlyUsed, Random};

    /// Case `che-icarus` (icarus test_cacheperf.py): T in [72.1, 72.3], h ≈ 0.64.
    #[test]
    fn characteristic_time_of_icarus() {
        let zipf = Popularity::zipf(100.0, 0.8);
        let time = zipf.lru_characteristic_time(40.0);
        assert!((72.1..72.3).contains(&time), "{time}");
        assert_close(zipf.hit_ratio(40.0, LeastRecentlyUsed), 0.64, 0.011);
    }

    /// Cases `che-zipf0.8-n1000-c100` and `che-zipf1.0-n1000-c100`: simulated LRU caches.
    #[test]
    fn hit_ratios_of_simulated_caches() {
        for (exponent, simulated) in [(0.8, 0.3776), (1.0, 0.57632)] {
            let ratio = Popularity::zipf(1000.0, exponent).hit_ratio(100.0, LeastRecentlyUsed);
            assert!((ratio - simulated).abs() < 0.003, "{exponent}: {ratio}");
        }
    }

    /// Case `lru-uniform` (icarus TestNumericCacheHitRatio): with equal items the ratio is c/n, for every policy.
    #[test]
    fn equal_items_are_hit_in_proportion() {
        for eviction in [LeastRecentlyUsed, FirstIn, Random, LeastFrequentlyUsed] {
            assert_close(Popularity::zipf(500.0, 0.0).hit_ratio(50.0, eviction), 0.1, 1e-10);
            assert_close(Popularity::uniform(1e12).hit_ratio(1e11, eviction), 0.1, 1e-10);
        }
    }

    /// Integrating the tail of the law gives what summing every rank gives, to the stated 10⁻⁷.
    #[test]
    fn integrated_tail_equals_the_sum() {
        for exponent in [0.0, 0.6, 0.9, 1.0, 1.2, 2.0] {
            let frequencies: Vec<f64> = (1..=200_000).map(|i| math::pow(f64::from(i), -exponent)).collect();
            let summed = Popularity::weighted(&frequencies);
            let integrated = Popularity::zipf(200_000.0, exponent);
            assert_close(integrated.items(), 200_000.0, 1e-12);
            for cached in [10.0, 2000.0, 150_000.0] {
                for eviction in [LeastRecentlyUsed, FirstIn, LeastFrequentlyUsed] {
                    let expected = summed.hit_ratio(cached, eviction);
                    assert_close(integrated.hit_ratio(cached, eviction), expected, 1e-7);
                }
            }
        }
    }

    #[test]
    fn policies_are_ordered_and_bounded() {
        let zipf = Popularity::zipf(1e10, 0.9);
        for cached in [1.0, 1e3, 1e6, 1e9, 9.999e9] {
            let [fifo, lru, lfu] =
                [FirstIn, LeastRecentlyUsed, LeastFrequentlyUsed].map(|e| zipf.hit_ratio(cached, e));
            assert!(
                0.0 < fifo && fifo <= lru && lru <= lfu * (1.0 + 1e-12) && lfu <= 1.0,
                "{cached}: {fifo} {lru} {lfu}"
            );
        }
        assert_eq!(zipf.hit_ratio(0.0, LeastRecentlyUsed), 0.0);
        assert_eq!(zipf.hit_ratio(1e10, LeastRecentlyUsed), 1.0);
    }

    /// A simulation of 400 000 requests with Poisson arrivals, expired items dropped at once (`NumPy`).
    #[test]
    fn expiring_items_of_simulated_caches() {
        let simulated = [
            (1000.0, 0.8, 100.0, 50.0, [0.1973, 0.1973, 0.1973]),
            (1000.0, 0.8, 100.0, 150.0, [0.3286, 0.3268, 0.3232]),
            (1000.0, 0.8, 100.0, 300.0, [0.3591, 0.3330, 0.3318]),
            (1000.0, 0.8, 100.0, 50_000.0, [0.3765, 0.3330, 0.3334]),
            (5000.0, 1.0, 300.0, 300.0, [0.4478, 0.4478, 0.4478]),
            (5000.0, 1.0, 300.0, 1000.0, [0.5502, 0.5293, 0.5287]),
        ];
        for (items, exponent, cached, requests, ratios) in simulated {
            let zipf = Popularity::zipf(items, exponent);
            for (eviction, ratio) in [LeastRecentlyUsed, FirstIn, Random].into_iter().zip(ratios) {
                let found = zipf.expiring_hit_ratio(cached, eviction, requests);
                assert!((found - ratio).abs() < 0.011, "{eviction:?} {requests}: {found}, simulated {ratio}");
            }
        }
    }

    #[test]
    fn expiry_and_room_are_the_limits() {
        let zipf = Popularity::zipf(10_000.0, 0.9);
        for eviction in [LeastRecentlyUsed, FirstIn, Random, LeastFrequentlyUsed] {
            // Never expiring: what room alone gives. Room for all: what expiry alone gives.
            assert_close(
                zipf.expiring_hit_ratio(500.0, eviction, 1e15),
                zipf.hit_ratio(500.0, eviction),
                1e-6,
            );
            assert_close(zipf.expiring_hit_ratio(1e5, eviction, 2e4), zipf.ttl_hit_ratio(2e4), 1e-12);
            let both = zipf.expiring_hit_ratio(500.0, eviction, 800.0);
            let least = zipf.hit_ratio(500.0, eviction).min(zipf.ttl_hit_ratio(800.0));
            assert!(both > 0.0 && both <= least * 1.000_001, "{eviction:?}: {both} of {least}");
            assert_eq!(zipf.expiring_hit_ratio(500.0, eviction, 0.0), 0.0);
        }
    }

    /// One item asked for λT times in its life is hit λT/(1+λT) of the time (renewal argument).
    #[test]
    fn expiry_of_a_single_item() {
        assert_close(Popularity::uniform(1.0).ttl_hit_ratio(9.0), 0.9, 1e-12);
    }
}
