//! Distributions that are computed once: elements of one making, and sums of the same times, share theirs.
//!
//! What is shared is bounded, and sharing never changes a result.

use super::compose::Duration;
use crate::numeric::distribution::Distribution;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

/// More results than this are not kept: some 20 MB of them.
pub const KEPT: usize = 4096;

/// What was computed already.
#[derive(Default)]
pub struct Memo {
    results: RefCell<FxHashMap<Key, Entry>>,
}

/// An operation on the addresses of its operands, or on one and the bits of a number.
type Key = (Operation, usize, u64);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    Then,
    ByChance,
    Times,
    AtOnce,
}

/// A result with its operands, which are kept so that no address is used twice.
struct Entry {
    _operands: (Rc<Distribution>, Option<Rc<Distribution>>),
    result: Rc<Distribution>,
}

/// A distribution that may be shared.
#[derive(Clone)]
pub struct Shared<'k> {
    time: Rc<Distribution>,
    memo: Option<&'k Memo>,
}

impl Memo {
    /// Whether nothing more is kept.
    pub fn is_full(&self) -> bool {
        self.results.borrow().len() >= KEPT
    }

    /// A distribution whose sums and branches are shared.
    pub fn share(&self, time: Rc<Distribution>) -> Shared<'_> {
        Shared { time, memo: Some(self) }
    }
}

impl<'k> Shared<'k> {
    /// A branch of two.
    #[must_use]
    pub fn or(&self, p: f64, other: &Shared<'k>) -> Shared<'k> {
        let time = Distribution::mixture(&[(p, &*self.time), (1.0 - p, &*other.time)]);
        Shared { time: Rc::new(time), memo: self.memo.or(other.memo) }
    }

    fn address(&self) -> usize {
        Rc::as_ptr(&self.time) as usize
    }

    fn keep(
        &self,
        key: Key,
        other: Option<&Shared<'k>>,
        compute: impl FnOnce() -> Distribution,
    ) -> Shared<'k> {
        let memo = self.memo.or(other.and_then(|o| o.memo));
        let Some(memo) = memo else { return Shared { time: Rc::new(compute()), memo: None } };
        if let Some(known) = memo.results.borrow().get(&key) {
            return memo.share(known.result.clone());
        }
        let result = Rc::new(compute());
        let mut results = memo.results.borrow_mut();
        if results.len() < KEPT {
            let operands = (self.time.clone(), other.map(|o| o.time.clone()));
            results.insert(key, Entry { _operands: operands, result: result.clone() });
        }
        memo.share(result)
    }
}

impl Deref for Shared<'_> {
    type Target = Distribution;

    fn deref(&self) -> &Distribution {
        &self.time
    }
}

impl Duration for Shared<'_> {
    fn zero() -> Self {
        Shared { time: Rc::new(Distribution::constant(0.0)), memo: None }
    }

    fn then(&self, next: &Self) -> Self {
        if next.is_nothing() {
            return self.clone();
        }
        if self.is_nothing() {
            return next.clone();
        }
        let key = (Operation::Then, self.address(), next.address() as u64);
        self.keep(key, Some(next), || self.time.then(&next.time))
    }

    fn by_chance(&self, p: f64) -> Self {
        let key = (Operation::ByChance, self.address(), p.to_bits());
        if p >= 1.0 { self.clone() } else { self.keep(key, None, || Duration::by_chance(&*self.time, p)) }
    }

    fn times(&self, n: f64) -> Self {
        let key = (Operation::Times, self.address(), n.to_bits());
        if n == 1.0 { self.clone() } else { self.keep(key, None, || Duration::times(&*self.time, n)) }
    }

    fn at_once(&self, n: f64) -> Self {
        let key = (Operation::AtOnce, self.address(), n.to_bits());
        if n == 1.0 { self.clone() } else { self.keep(key, None, || Duration::at_once(&*self.time, n)) }
    }

    fn all(parts: &[Self]) -> Self {
        let memo = parts.iter().find_map(|p| p.memo);
        let times: Vec<&Distribution> = parts.iter().map(|p| &*p.time).collect();
        Shared { time: Rc::new(Distribution::greatest(&times)), memo }
    }
}

impl Shared<'_> {
    fn is_nothing(&self) -> bool {
        // No time is negative, so a mean of 0 leaves nothing else.
        self.time.mean() == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shared or not, a result is the same to the last bit.
    #[test]
    fn sharing_changes_nothing() {
        let memo = Memo::default();
        let (a, b) = (Rc::new(Distribution::lognormal(0.01, 0.05)), Rc::new(Distribution::exponential(0.02)));
        let (shared_a, shared_b) = (memo.share(a.clone()), memo.share(b.clone()));
        for _ in 0..2 {
            let shared = shared_a.then(&shared_b).by_chance(0.3).times(3.0).at_once(7.0);
            let plain = Duration::at_once(&Duration::times(&Duration::by_chance(&a.then(&b), 0.3), 3.0), 7.0);
            assert_eq!(shared.quantile(0.99).to_bits(), plain.quantile(0.99).to_bits());
        }
        assert_eq!(memo.results.borrow().len(), 4);
    }
}
