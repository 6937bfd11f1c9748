//! How soon an acknowledged write is seen by reads of a partial quorum: t-visibility by the WARS model.
//!
//! A write goes to all N copies: copy i has it after `Wᵢ` and its acknowledgement is back after `Aᵢ` more; the
//! write is acknowledged at the W-th of `Wᵢ + Aᵢ`. A read that starts t later reaches copy i after `Rᵢ`, whose
//! response is back after `Sᵢ` more, and returns with the R-th response. It is stale where each of those R copies
//! was reached before the write: `acknowledged + t + Rᵢ < Wᵢ`. No copy fails, no repair helps, and the delays are
//! independent. Source: P. Bailis et al., Probabilistically Bounded Staleness for Practical Partial Quorums,
//! VLDB 2012, section 4.1 and equation 3.

use super::normal;
use super::quorum;
use super::random::Rng;
use crate::math;

/// Samples of a store of a few copies: the standard error of a share near 99.9% is then 0.014 points.
const TRIALS: usize = 50_000;
/// Copies that are drawn for in all: stores of very many copies get fewer samples.
const DRAWN: usize = 10_000_000;
/// The fewest samples.
const FEWEST: usize = 1_000;
/// Half the width of a 95% interval in standard errors.
const Z: f64 = 1.96;

/// A time that is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Always the same.
    Constant(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Lognormal with this median and sigma.
    Lognormal(f64, f64),
}

impl Delay {
    fn draw(self, rng: &mut Rng) -> f64 {
        match self {
            Delay::Constant(time) => time,
            Delay::Exponential(0.0) => 0.0,
            Delay::Exponential(mean) => -mean * math::ln(rng.between()),
            Delay::Lognormal(median, sigma) => median * math::exp(sigma * normal::quantile(rng.between())),
        }
    }
}

/// The way to a copy and back.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// One way on the wire: probabilities and seconds; both ways of one message take the same.
    pub wire: Vec<(f64, f64)>,
    /// Whether the way there is on the wire, and the way back.
    pub wired: (bool, bool),
    /// What the way there adds.
    pub out: Delay,
    /// What the way back adds.
    pub back: Delay,
}

impl Way {
    /// When a copy is reached, and when the caller has its word.
    fn draw(&self, rng: &mut Rng) -> (f64, f64) {
        let wire = match self.wire.as_slice() {
            [] => 0.0,
            [(_, only)] => *only,
            parts => {
                let mut left = rng.between();
                let found = parts.iter().find(|(p, _)| {
                    left -= p;
                    left <= 0.0
                });
                found.or(parts.last()).map_or(0.0, |(_, time)| *time)
            }
        };
        let on = |wired: bool| if wired { wire } else { 0.0 };
        let there = on(self.wired.0) + self.out.draw(rng);
        (there, there + on(self.wired.1) + self.back.draw(rng))
    }
}

/// A store of N copies; its writes wait for W of them, its reads for R.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// Copies.
    pub n: u64,
    /// Copies that a read waits for.
    pub r: u64,
    /// Copies that a write waits for.
    pub w: u64,
    /// A write to a copy, and its acknowledgement.
    pub write: Way,
    /// A read of a copy, and its response.
    pub read: Way,
}

/// For each sampled read how long after the acknowledgement it must start to see the write, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Visibility(Vec<f64>);

impl Store {
    /// Samples reads of a store; none where a quorum exceeds the copies or is empty.
    pub fn sample(&self, seed: u64) -> Option<Visibility> {
        let quorums = 1..=self.n;
        if !quorums.contains(&self.r) || !quorums.contains(&self.w) {
            return None;
        }
        let n = usize::try_from(self.n).ok().filter(|n| *n <= DRAWN / FEWEST)?;
        if quorum::overlaps(self.n, self.r, self.w) {
            return Some(Visibility(vec![0.0; FEWEST]));
        }
        let mut rng = Rng::new(seed);
        let trials = (DRAWN / n).clamp(FEWEST, TRIALS);
        let mut room = Room::default();
        let mut waits: Vec<f64> = (0..trials).map(|_| self.trial(n, &mut rng, &mut room)).collect();
        waits.sort_unstable_by(f64::total_cmp);
        Some(Visibility(waits))
    }

    /// How long after the acknowledgement one read must start so that one of its R copies has the write.
    fn trial(&self, n: usize, rng: &mut Rng, room: &mut Room) -> f64 {
        let (r, w) = (self.r as usize, self.w as usize);
        room.written.clear();
        room.acknowledged.clear();
        room.answers.clear();
        for _ in 0..n {
            let (written, acknowledged) = self.write.draw(rng);
            room.written.push(written);
            room.acknowledged.push(acknowledged);
        }
        let done = *room.acknowledged.select_nth_unstable_by(w - 1, f64::total_cmp).1;
        for written in &room.written {
            let (asked, answered) = self.read.draw(rng);
            room.answers.push((answered, written - done - asked));
        }
        // Copies are alike, so which of two that answer at once comes first does not matter.
        room.answers.select_nth_unstable_by(r - 1, |a, b| a.0.total_cmp(&b.0));
        room.answers[..r].iter().map(|(_, late)| *late).fold(f64::INFINITY, f64::min).max(0.0)
    }
}

#[derive(Default)]
struct Room {
    written: Vec<f64>,
    acknowledged: Vec<f64>,
    answers: Vec<(f64, f64)>,
}

impl Visibility {
    /// How many reads were sampled.
    pub fn trials(&self) -> usize {
        self.0.len()
    }

    /// The share of reads that see the write if they start so long after its acknowledgement.
    pub fn fresh_after(&self, time: f64) -> f64 {
        self.0.partition_point(|late| *late <= time) as f64 / self.trials() as f64
    }

    /// The standard error of such a share.
    pub fn error(&self, share: f64) -> f64 {
        math::sqrt(share * (1.0 - share) / self.trials() as f64)
    }

    /// How long after the acknowledgement so large a share of the reads sees the write.
    pub fn time(&self, share: f64) -> f64 {
        self.at(share * self.trials() as f64)
    }

    /// The 95% interval of that time, by order statistics.
    pub fn time_between(&self, share: f64) -> (f64, f64) {
        let n = self.trials() as f64;
        let half = Z * math::sqrt(n * share * (1.0 - share));
        (self.at(n * share - half), self.at(n * share + half))
    }

    fn at(&self, rank: f64) -> f64 {
        let rank = (rank.ceil().max(1.0) as usize).min(self.trials());
        self.0.get(rank - 1).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(out: Delay, back: Delay) -> Way {
        Way { wire: Vec::new(), wired: (true, true), out, back }
    }

    fn exponential(n: u64, r: u64, w: u64, means: [f64; 4]) -> Visibility {
        let [write, ack, request, response] = means.map(Delay::Exponential);
        Store { n, r, w, write: way(write, ack), read: way(request, response) }.sample(1).unwrap()
    }

    fn assert_share(found: &Visibility, time: f64, expected: f64, tolerance: f64) {
        let share = found.fresh_after(time);
        assert!((share - expected).abs() <= tolerance, "{share} after {time}, not {expected}");
    }

    /// Section 5.3 of the paper, N = 3, R = W = 1, A = R = S exponential with mean 1 ms. The paper's figures are
    /// those of its own sampling: 94% and 41% at once; a million samples with `NumPy` give 94.31% and 41.96%.
    #[test]
    fn published_exponentials() {
        let fast = exponential(3, 1, 1, [0.25e-3, 1e-3, 1e-3, 1e-3]);
        assert_share(&fast, 0.0, 0.943_06, 4.0 * fast.error(0.943));
        assert_share(&fast, 1e-3, 0.998_94, 4.0 * fast.error(0.998_9));
        assert_eq!((fast.fresh_after(0.0) * 100.0).floor(), 94.0);
        assert_eq!((fast.fresh_after(1e-3) * 1000.0).round(), 999.0);
        let slow = exponential(3, 1, 1, [10e-3, 1e-3, 1e-3, 1e-3]);
        assert_share(&slow, 0.0, 0.419_57, 4.0 * slow.error(0.42));
        assert_eq!((slow.fresh_after(0.0) * 100.0).floor(), 41.0);
        assert_share(&slow, 65e-3, 0.999_16, 4.0 * slow.error(0.999));
        let (low, high) = slow.time_between(0.999);
        assert!(low < 63.195e-3 && 63.195e-3 < high && high - low < 10e-3, "{low} {high}");
    }

    /// Where only the write takes time, exponentially: W copies have it when it is acknowledged, and the others
    /// still take as long as at first, so that a read of R is stale with C(N-W,R) / C(N,R) · e^{-Rt/mean}.
    #[test]
    fn closed_form_without_memory() {
        for (n, r, w) in
            [(2, 1, 1), (3, 1, 1), (3, 1, 2), (3, 2, 1), (5, 2, 1), (5, 1, 3), (5, 2, 2), (7, 3, 2)]
        {
            let found = exponential(n, r, w, [1.0, 0.0, 0.0, 0.0]);
            for time in [0.0, 0.1, 0.5, 1.0, 3.0] {
                let stale = quorum::missed(n, r, w) * math::exp(-(r as f64) * time);
                assert_share(&found, time, 1.0 - stale, 4.5 * found.error(stale) + 1e-4);
            }
        }
    }

    #[test]
    fn quorums_that_meet_are_always_fresh() {
        let strict = exponential(3, 2, 2, [1.0, 1.0, 1.0, 1.0]);
        assert_eq!((strict.fresh_after(0.0), strict.time(0.999)), (1.0, 0.0));
        // The sampling itself finds no stale read either.
        let store = Store {
            n: 3,
            r: 2,
            w: 2,
            write: way(Delay::Lognormal(1.0, 2.0), Delay::Exponential(1.0)),
            read: way(Delay::Exponential(0.1), Delay::Constant(0.0)),
        };
        let (mut rng, mut room) = (Rng::new(3), Room::default());
        assert!((0..20_000).all(|_| store.trial(3, &mut rng, &mut room) == 0.0));
        assert!(Store { r: 4, ..store.clone() }.sample(1).is_none());
        assert!(Store { w: 0, ..store }.sample(1).is_none());
    }

    #[test]
    fn more_copies_asked_never_see_less() {
        let at_once = |r, w| exponential(5, r, w, [5.0, 1.0, 1.0, 1.0]).fresh_after(0.0);
        assert!(
            at_once(1, 1) < at_once(2, 1) && at_once(2, 1) < at_once(2, 2) && at_once(1, 1) < at_once(1, 2)
        );
    }

    /// A write that takes the same time to every copy is there when the first acknowledgement is.
    #[test]
    fn constant_times_are_never_stale() {
        let store = Store {
            n: 3,
            r: 1,
            w: 1,
            write: way(Delay::Constant(5.0), Delay::Constant(0.0)),
            read: way(Delay::Constant(0.0), Delay::Constant(0.0)),
        };
        assert_eq!(store.sample(1).unwrap().fresh_after(0.0), 1.0);
        // Copies that are 1 s further off from half of the callers: a near read may overtake a far write by that.
        let apart =
            Store { write: Way { wire: vec![(0.5, 0.0), (0.5, 1.0)], ..store.write.clone() }, ..store };
        assert!(apart.sample(1).unwrap().fresh_after(0.0) < 1.0);
        assert_eq!(apart.sample(1).unwrap().fresh_after(1.0), 1.0);
    }

    #[test]
    fn very_many_copies_take_fewer_samples() {
        let many = exponential(10_000, 1, 1, [1.0, 1.0, 1.0, 1.0]);
        assert_eq!(many.trials(), FEWEST);
    }
}
