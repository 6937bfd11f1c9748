//! Things of fixed sizes in bins: how many bins they need at least, and how many first-fit takes.
//!
//! Sizes are shares of one bin. Sources: S. Martello, P. Toth, Knapsack Problems, 1990, section 8.3 (the bound L₂);
//! G. Dósa, The tight bound of first fit decreasing bin-packing algorithm is FFD(I) ≤ 11/9 OPT(I) + 6/9, 2007, for one
//! resource; of several, first-fit takes at most one bin more for each time a resource fills.

/// So many things of one size.
pub type Alike = (f64, f64);

/// A lower bound on the bins that hold these things, at least the sum of their sizes rounded up.
///
/// Things above `1 - limit` have a bin each to which nothing of at least `limit` can be added; what is above a half
/// shares no bin with its like; the rest has to fit into what those leave, or into more bins.
pub fn least_bins(things: &[Alike]) -> f64 {
    let bound = |limit: f64| {
        let all = |from: f64, to: f64| things.iter().filter(move |(size, _)| *size > from && *size <= to);
        let count = |from, to| all(from, to).map(|(_, n)| n).sum::<f64>();
        let sum = |from, to| all(from, to).map(|(size, n)| size * n).sum::<f64>();
        let (large, halves) = (count(1.0 - limit, 1.0), count(0.5, 1.0 - limit));
        let small: f64 =
            things.iter().filter(|(s, _)| *s >= limit && *s <= 0.5).map(|(size, n)| size * n).sum();
        let free = halves - sum(0.5, 1.0 - limit);
        large + halves + ceil_of_sum((small - free).max(0.0))
    };
    things.iter().map(|t| t.0).filter(|s| *s <= 0.5).chain([0.0]).map(bound).fold(0.0, f64::max)
}

/// So many things that need these shares of the resources of a bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Sized {
    /// The shares, one for each resource.
    pub shares: Vec<f64>,
    /// How many.
    pub count: u64,
}

/// Bins of one content.
struct Filled {
    free: Vec<f64>,
    count: u64,
}

/// The bins that first-fit takes, the largest things first; `None` where one of them fits into no bin.
///
/// Things are ordered by the greatest of their shares. Those alike fill the first bins that have room, so they are
/// placed by groups of bins, with the same result as one by one.
pub fn first_fit(things: &[Sized]) -> Option<u64> {
    let most = |t: &Sized| t.shares.iter().copied().fold(0.0, f64::max);
    let mut order: Vec<&Sized> = things.iter().filter(|t| t.count > 0).collect();
    order.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let mut bins: Vec<Filled> = Vec::new();
    for thing in order {
        let mut left = thing.count;
        let mut at = 0;
        while left > 0 && at < bins.len() {
            let each = room(&bins[at].free, &thing.shares).min(left);
            if each > 0 {
                left -= place(&mut bins, at, &thing.shares, each, left);
            }
            at += 1;
        }
        if left > 0 {
            let empty = vec![1.0; thing.shares.len()];
            let each = room(&empty, &thing.shares);
            if each == 0 {
                return None;
            }
            let count = left.div_ceil(each);
            bins.push(Filled { free: empty, count });
            let last = bins.len() - 1;
            place(&mut bins, last, &thing.shares, each.min(left), left);
        }
    }
    Some(bins.iter().map(|b| b.count).sum())
}

/// Puts `each` things into every bin of a group, as far as `left` of them go; what is left over for one bin splits
/// the group. Gives how many were placed.
fn place(bins: &mut Vec<Filled>, at: usize, shares: &[f64], each: u64, left: u64) -> u64 {
    let full = (left / each).min(bins[at].count);
    let rest = if full < bins[at].count { left - full * each } else { 0 };
    let (free, others) = (bins[at].free.clone(), bins[at].count - full - u64::from(rest > 0));
    let less = |n: u64| free.iter().zip(shares).map(|(f, s)| f - s * n as f64).collect();
    let mut groups = Vec::new();
    for (free, count) in [(less(each), full), (less(rest), u64::from(rest > 0)), (free.clone(), others)] {
        if count > 0 {
            groups.push(Filled { free, count });
        }
    }
    bins.splice(at..=at, groups);
    full * each + rest
}

/// How many things of these shares fit into what is free.
fn room(free: &[f64], shares: &[f64]) -> u64 {
    let fits = free.iter().zip(shares).filter(|(_, share)| **share > 0.0);
    let each = fits.map(|(free, share)| ((free + ROUNDING) / share).floor()).fold(f64::INFINITY, f64::min);
    if each >= u64::MAX as f64 { u64::MAX } else { each.max(0.0) as u64 }
}

/// Sums such as 0.1 + 0.2 exceed the exact one by rounding; that must not cost a bin.
const ROUNDING: f64 = 1e-9;

fn ceil_of_sum(sum: f64) -> f64 {
    (sum - ROUNDING).ceil().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Rng;

    fn alone(sizes: &[f64]) -> Vec<Alike> {
        sizes.iter().map(|s| (*s, 1.0)).collect()
    }

    #[test]
    fn large_things_need_more_than_their_sum() {
        assert_eq!(least_bins(&[(0.6, 3.0)]), 3.0);
        // Neither 0.6 nor 0.7 leaves room for a 0.5: L₂ = 3 where the sum says 2.
        assert_eq!(least_bins(&alone(&[0.7, 0.6, 0.5])), 3.0);
        assert_eq!(least_bins(&[(0.1, 10.0)]), 1.0);
        assert_eq!(least_bins(&[(0.3, 7.0)]), 3.0);
        assert_eq!(least_bins(&[]), 0.0);
    }

    /// The least number of bins, by trying every placement.
    fn best(things: &[Vec<f64>], bins: &mut Vec<Vec<f64>>) -> usize {
        let Some((first, rest)) = things.split_first() else { return bins.len() };
        let mut least = usize::MAX;
        for at in 0..bins.len() {
            if bins[at].iter().zip(first).all(|(free, share)| share - free <= ROUNDING) {
                let before = bins[at].clone();
                bins[at].iter_mut().zip(first).for_each(|(free, share)| *free -= share);
                least = least.min(best(rest, bins));
                bins[at] = before;
            }
        }
        bins.push(first.iter().map(|share| 1.0 - share).collect());
        least = least.min(best(rest, bins));
        bins.pop();
        least
    }

    /// First-fit, the largest first, one thing after the other.
    fn one_by_one(things: &[Sized]) -> u64 {
        let most = |t: &[f64]| t.iter().copied().fold(0.0, f64::max);
        let mut all: Vec<&Vec<f64>> =
            things.iter().flat_map(|t| (0..t.count).map(move |_| &t.shares)).collect();
        all.sort_by(|a, b| most(b).total_cmp(&most(a)));
        let mut bins: Vec<Vec<f64>> = Vec::new();
        for thing in all {
            let fits = |bin: &&mut Vec<f64>| bin.iter().zip(thing).all(|(free, s)| s - free <= ROUNDING);
            match bins.iter_mut().find(fits) {
                Some(bin) => bin.iter_mut().zip(thing).for_each(|(free, share)| *free -= share),
                None => bins.push(thing.iter().map(|share| 1.0 - share).collect()),
            }
        }
        bins.len() as u64
    }

    /// Every placement of up to seven things: the bound is never above the best, first-fit never below; of one
    /// resource it is within Dósa's bound.
    #[test]
    fn the_best_lies_between_the_bound_and_first_fit() {
        let mut rng = Rng::new(7);
        for round in 0..400 {
            let resources = 1 + round % 2;
            let things: Vec<Vec<f64>> = (0..=rng.below(7))
                .map(|_| (0..resources).map(|_| (1 + rng.below(20)) as f64 / 20.0).collect())
                .collect();
            let exact = best(&things, &mut Vec::new()) as f64;
            let sized: Vec<Sized> = things.iter().map(|t| Sized { shares: t.clone(), count: 1 }).collect();
            let taken = first_fit(&sized).unwrap() as f64;
            let by_resource = |r: usize| least_bins(&things.iter().map(|t| (t[r], 1.0)).collect::<Vec<_>>());
            let bound = (0..resources).map(by_resource).fold(0.0, f64::max);
            assert!(bound <= exact && exact <= taken, "{things:?}: {bound} {exact} {taken}");
            assert!(resources > 1 || taken <= 11.0 / 9.0 * exact + 6.0 / 9.0 + 1e-9, "{things:?}");
        }
    }

    /// Groups of things alike are placed as each of them would be.
    #[test]
    fn groups_are_placed_as_one_by_one() {
        let mut rng = Rng::new(11);
        for _ in 0..300 {
            let things: Vec<Sized> = (0..=rng.below(6))
                .map(|_| Sized {
                    shares: vec![(1 + rng.below(64)) as f64 / 64.0, (1 + rng.below(64)) as f64 / 64.0],
                    count: rng.below(40) as u64,
                })
                .collect();
            assert_eq!(first_fit(&things), Some(one_by_one(&things)), "{things:?}");
        }
    }

    #[test]
    fn what_is_larger_than_a_bin_fits_nowhere() {
        assert_eq!(first_fit(&[Sized { shares: vec![0.5, 1.1], count: 1 }]), None);
        assert_eq!(first_fit(&[Sized { shares: vec![0.0, 0.1], count: 1_000_000_000 }]), Some(100_000_000));
        assert_eq!(first_fit(&[]), Some(0));
    }
}
