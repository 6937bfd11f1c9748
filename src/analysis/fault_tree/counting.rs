//! How many of independent inputs are down: thresholds, their probabilities and derivatives.
//!
//! A fleet may have tens of thousands of replicas, so nothing here is quadratic in their number
//! where the threshold is not in their middle: a threshold is counted from its nearer end (at
//! least so many down, or fewer than so many up), and counts beyond it are one bin. Replicas of
//! equal probability are pooled: given which domains are down, those that are left are one binomial.
//! Everything is a sum of products of positive numbers.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::diagram::{Input, NEVER, NodeId, Value, Values, Weights};

/// Binomial distribution: outwards from its mode by the ratio of neighbours, then scaled to a sum of one. Only
/// products and sums of positive numbers, so that rare counts keep their relative accuracy (about `count` roundings);
/// linear, since a fleet may have tens of thousands of replicas.
pub(super) fn binomial(count: u32, down: f64) -> Vec<f64> {
    let n = count as usize;
    let mut terms = vec![0.0; n + 1];
    let up = 1.0 - down;
    if down <= 0.0 || up <= 0.0 {
        terms[if down <= 0.0 { 0 } else { n }] = 1.0;
        return terms;
    }
    let mode = ((f64::from(count) + 1.0) * down).floor().min(f64::from(count)) as usize;
    terms[mode] = 1.0;
    for k in mode..n {
        terms[k + 1] = terms[k] * ((n - k) as f64 / (k + 1) as f64) * (down / up);
    }
    for k in (0..mode).rev() {
        terms[k] = terms[k + 1] * ((k + 1) as f64 / (n - k) as f64) * (up / down);
    }
    let total = rising_sum(&terms);
    for term in &mut terms {
        *term /= total;
    }
    terms
}

/// Sum of numbers that rise to a mode and fall behind it, the smallest first, so that the tails are not lost.
fn rising_sum(terms: &[f64]) -> f64 {
    let (mut sum, mut rest) = (0.0, terms);
    while let [first, .., last] = rest {
        let smaller = first.min(*last);
        sum += smaller;
        rest = if first <= last { &rest[1..] } else { &rest[..rest.len() - 1] };
    }
    sum + rest.first().copied().unwrap_or(0.0)
}

/// A binomial distribution with its sums from both ends.
struct Binomial {
    counts: Vec<f64>,
    /// Probability of fewer than so many down.
    below: Vec<f64>,
    /// Probability of at least so many down.
    reached: Vec<f64>,
}

impl Binomial {
    fn new(count: u32, down: f64) -> Self {
        let counts = binomial(count, down);
        let mut below = vec![0.0];
        below.extend(counts.iter().scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        }));
        // The small end of the tail first: the sum loses nothing.
        let mut reached = vec![0.0; counts.len() + 1];
        for (at, share) in counts.iter().enumerate().rev() {
            reached[at] = reached[at + 1] + share;
        }
        Self { counts, below, reached }
    }

    fn at_least(&self, at_least: u32) -> Value {
        let at = (at_least as usize).min(self.counts.len());
        Value { down: at_or_zero(&self.reached, at), up: at_or_zero(&self.below, at) }
    }
}

/// Binomials by probability and number of replicas: elements of equal figures share them.
#[derive(Default)]
pub(super) struct Pools(FxHashMap<(u64, u32), Binomial>);

impl Pools {
    fn get(&mut self, down: f64, count: u32) -> &Binomial {
        self.0.entry((down.to_bits(), count)).or_insert_with(|| Binomial::new(count, down))
    }
}

/// Replicas of equal probability, each part with the domain that takes it down.
struct Pool {
    /// Probability that one replica is down.
    down: f64,
    parts: Vec<Part>,
}

#[derive(Clone, Copy)]
struct Part {
    domain: NodeId,
    /// What it contributes when its domain is down, and the replicas that may fail by themselves.
    weight: u32,
    own: u32,
}

/// Probability of each outcome of some domains: replicas that are left to fail by themselves, and replicas lost.
type Outcomes = BTreeMap<(u32, u32), f64>;

impl Pool {
    /// Where all inputs are replicas of equal probability and their domains have few outcomes, measured by
    /// what counting from the nearer end would cost.
    fn of(inputs: &[Input], limit: usize, weights: &Weights) -> Option<Pool> {
        let mut pool: Option<Pool> = None;
        let mut outcomes = 1_usize;
        for input in inputs {
            let Input::Replicas { event, domain } = *input else { return None };
            let down = weights.unavailability(event)?;
            let weight = weights.counts(event).len() as u32 - 1;
            let own = weight - u32::from(weights.kept_up(event));
            let known = pool.get_or_insert_with(|| Pool { down, parts: Vec::with_capacity(inputs.len()) });
            if known.down != down {
                return None;
            }
            known.parts.push(Part { domain, weight, own });
            outcomes = if domain == NEVER { outcomes } else { outcomes.saturating_mul(2) };
            if outcomes > limit.max(1) {
                return None;
            }
        }
        pool
    }

    fn outcomes(&self, without: Option<usize>, values: &Values) -> Outcomes {
        let mut outcomes = Outcomes::from([((0, 0), 1.0)]);
        for (_, part) in self.parts.iter().enumerate().filter(|(at, _)| Some(*at) != without) {
            let domain = values.get(part.domain);
            let mut next = Outcomes::new();
            for ((left, lost), share) in outcomes {
                if domain.up > 0.0 {
                    *next.entry((left + part.own, lost)).or_insert(0.0) += share * domain.up;
                }
                if domain.down > 0.0 {
                    *next.entry((left, lost + part.weight)).or_insert(0.0) += share * domain.down;
                }
            }
            outcomes = next;
        }
        outcomes
    }

    fn value(&self, at_least: u32, values: &Values, pools: &mut Pools) -> Value {
        let mut sum = Value { down: 0.0, up: 0.0 };
        for ((left, lost), share) in self.outcomes(None, values) {
            let value = match at_least.saturating_sub(lost) {
                0 => Value { down: 1.0, up: 0.0 },
                missing => pools.get(self.down, left).at_least(missing),
            };
            sum.down += share * value.down;
            sum.up += share * value.up;
        }
        sum
    }

    /// Derivatives by one replica and by the domain of each part, in their order.
    fn derivatives(&self, at_least: u32, values: &Values, pools: &mut Pools) -> Vec<(f64, f64)> {
        let of_part = |(at, part): (usize, &Part)| {
            let domain_up = values.get(part.domain).up;
            let (mut of_replica, mut of_domain) = (0.0, 0.0);
            for ((left, lost), share) in self.outcomes(Some(at), values) {
                let Some(missing) = at_least.checked_sub(lost).filter(|missing| *missing > 0) else {
                    continue;
                };
                let alike = pools.get(self.down, (left + part.own).saturating_sub(1));
                of_replica += share * domain_up * at_or_zero(&alike.counts, missing as usize - 1);
                if part.domain != NEVER {
                    of_domain += share * self.domain_matters(missing, left, part, pools);
                }
            }
            (of_replica, of_domain)
        };
        self.parts.iter().enumerate().map(of_part).collect()
    }

    /// Probability that the others alone are fewer than `missing` and that they are enough with all of the part,
    /// while the replicas of the part that are down by themselves are too few.
    fn domain_matters(&self, missing: u32, left: u32, part: &Part, pools: &mut Pools) -> f64 {
        // Fewer than so many of the part down, by that number.
        let fewer = pools.get(self.down, part.own).below.clone();
        let others = &pools.get(self.down, left).counts;
        let from = missing.saturating_sub(part.weight) as usize;
        let counted = others.iter().enumerate().take(missing as usize).skip(from);
        let all = fewer.last().copied().unwrap_or(1.0);
        counted.map(|(down, share)| share * fewer.get(missing as usize - down).copied().unwrap_or(all)).sum()
    }
}

fn at_or_zero(counts: &[f64], at: usize) -> f64 {
    counts.get(at).copied().unwrap_or(0.0)
}

/// A threshold seen from its nearer end: so many down are too many, or so many up are enough.
#[derive(Clone, Copy)]
struct Nearer {
    ups: bool,
    limit: usize,
}

impl Nearer {
    fn of(at_least: u32, inputs: &[Input], weights: &Weights) -> Nearer {
        let weight = |input: &Input| match input {
            Input::One(_) => 1,
            Input::Replicas { event, .. } => weights.counts(*event).len() - 1,
        };
        let total: usize = inputs.iter().map(weight).sum();
        let needed = (total + 1).saturating_sub(at_least as usize);
        if needed < at_least as usize {
            Nearer { ups: true, limit: needed }
        } else {
            Nearer { ups: false, limit: at_least as usize }
        }
    }

    /// The distribution of what an input contributes, from 0; all from the limit on in one bin.
    fn contribution(self, input: &Input, values: &Values, weights: &Weights) -> Vec<f64> {
        match *input {
            Input::One(node) => {
                let value = values.get(node);
                self.binned(
                    if self.ups { [value.down, value.up] } else { [value.up, value.down] }.into_iter(),
                )
            }
            Input::Replicas { event, domain } => {
                let domain = values.get(domain);
                let counts = weights.counts(event);
                let last = counts.len() - 1;
                let share = |(down, share): (usize, &f64)| {
                    let lost = if down == last { domain.down } else { 0.0 };
                    share * domain.up + lost
                };
                self.of_counts(counts.iter().enumerate().map(share))
            }
        }
    }

    /// Shares by number down, as shares by what this end counts.
    fn of_counts(self, counts: impl DoubleEndedIterator<Item = f64>) -> Vec<f64> {
        if self.ups { self.binned(counts.rev()) } else { self.binned(counts) }
    }

    fn binned(self, shares: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut bins: Vec<f64> = Vec::with_capacity(self.limit + 1);
        for share in shares {
            match bins.get_mut(self.limit) {
                Some(rest) => *rest += share,
                None => bins.push(share),
            }
        }
        bins
    }

    fn add(self, a: &[f64], b: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; (a.len() + b.len()).saturating_sub(1).min(self.limit + 1)];
        // What the rest of `b` adds once the limit is reached.
        let mut beyond = vec![0.0; b.len() + 1];
        for (at, share) in b.iter().enumerate().rev() {
            beyond[at] = beyond[at + 1] + share;
        }
        for (i, x) in a.iter().enumerate() {
            let room = self.limit.saturating_sub(i);
            for (sum, y) in sums.iter_mut().skip(i).zip(b.iter().take(room)) {
                *sum += x * y;
            }
            if let (Some(rest), Some(y)) = (sums.get_mut(self.limit), beyond.get(room)) {
                *rest += x * y;
            }
        }
        sums
    }

    fn value(self, sums: &[f64]) -> Value {
        let below: f64 = sums.iter().take(self.limit).sum();
        let reached = at_or_zero(sums, self.limit);
        if self.ups { Value { down: below, up: reached } } else { Value { down: reached, up: below } }
    }
}

/// The probability that at least so much of the inputs is down.
pub(super) fn value(
    at_least: u32,
    inputs: &[Input],
    values: &Values,
    weights: &Weights,
    pools: &mut Pools,
) -> Value {
    if let Some((down, count)) = alike(inputs, weights) {
        return pools.get(down, count).at_least(at_least);
    }
    let end = Nearer::of(at_least, inputs, weights);
    if let Some(pool) = Pool::of(inputs, end.limit, weights) {
        return pool.value(at_least, values, pools);
    }
    let none = vec![1.0];
    let sums = inputs.iter().fold(none, |sums, i| end.add(&sums, &end.contribution(i, values, weights)));
    end.value(&sums)
}

/// Replicas of equal probability outside any domain are one binomial, whatever their groups.
fn alike(inputs: &[Input], weights: &Weights) -> Option<(f64, u32)> {
    let mut pool: Option<(f64, u32)> = None;
    for input in inputs {
        let Input::Replicas { event, domain: NEVER } = *input else { return None };
        let down = weights.unavailability(event)?;
        let own = weights.counts(event).len() as u32 - 1 - u32::from(weights.kept_up(event));
        pool = match pool {
            None => Some((down, own)),
            Some((same, sum)) if same == down => Some((same, sum + own)),
            Some(_) => return None,
        };
    }
    pool
}

/// The derivatives of [`value`], in the order of the inputs: by one replica, and by the node of the input (of
/// replicas: of their domain).
pub(super) fn derivatives(
    at_least: u32,
    inputs: &[Input],
    values: &Values,
    weights: &Weights,
    pools: &mut Pools,
) -> Vec<(f64, f64)> {
    if let Some((down, count)) = alike(inputs, weights) {
        // Each matters where the others are one short.
        let matters = at_or_zero(&pools.get(down, count.saturating_sub(1)).counts, at_least as usize - 1);
        return vec![(matters, 0.0); inputs.len()];
    }
    let end = Nearer::of(at_least, inputs, weights);
    if let Some(pool) = Pool::of(inputs, end.limit, weights) {
        return pool.derivatives(at_least, values, pools);
    }
    let shares: Vec<Vec<f64>> = inputs.iter().map(|input| end.contribution(input, values, weights)).collect();
    let mut after = vec![vec![1.0]];
    for share in shares.iter().rev() {
        let next = after.last().map_or_else(Vec::new, |last| end.add(last, share));
        after.push(next);
    }
    let mut before = vec![1.0];
    let mut found = Vec::with_capacity(inputs.len());
    for (at, (input, share)) in inputs.iter().zip(&shares).enumerate() {
        let rest = after.get(inputs.len() - at - 1).map_or(&[][..], Vec::as_slice);
        found.push(end.derivative(input, &end.add(&before, rest), values, weights));
        before = end.add(&before, share);
    }
    found
}

impl Nearer {
    /// `others` is the distribution of what all other inputs contribute.
    fn derivative(self, input: &Input, others: &[f64], values: &Values, weights: &Weights) -> (f64, f64) {
        // Something matters where all else is one short of the limit.
        let short = self.limit.saturating_sub(1);
        match *input {
            Input::One(_) => (0.0, at_or_zero(others, short)),
            Input::Replicas { event, domain } => {
                let alike = self.of_counts(weights.others(event).iter().copied());
                let all_else: f64 =
                    (0..=short).map(|own| at_or_zero(&alike, own) * at_or_zero(others, short - own)).sum();
                let of_replica = values.get(domain).up * all_else;
                (of_replica, self.domain_matters(weights.counts(event), others))
            }
        }
    }

    /// A domain matters where the verdict differs between all of its replicas down and those that are anyway.
    fn domain_matters(self, counts: &[f64], others: &[f64]) -> f64 {
        let all = counts.len() - 1;
        let own = self.of_counts(counts.iter().copied());
        // Shares of at least so many, by that number.
        let mut reach = vec![0.0; own.len() + 1];
        for (at, share) in own.iter().enumerate().rev() {
            reach[at] = reach[at + 1] + share;
        }
        let mut fewer = vec![0.0];
        for share in &own {
            fewer.push(fewer.last().copied().unwrap_or(0.0) + share);
        }
        let below = others.iter().enumerate().take(self.limit);
        if self.ups {
            // Down, it contributes nothing; the others alone are not enough, with its own they are.
            return below.map(|(sum, share)| share * at_or_zero(&reach, self.limit - sum)).sum();
        }
        // Down, it contributes all; by themselves its own are too few.
        let enough = below.filter(|(sum, _)| sum + all >= self.limit);
        enough
            .map(|(sum, share)| share * fewer.get(self.limit - sum).or(fewer.last()).copied().unwrap_or(0.0))
            .sum()
    }
}
