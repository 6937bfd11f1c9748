//! Times over a call tree: one after the other, at once, by chance, repeatedly.
//!
//! The same walk serves distributions and hard bounds; what a single hop takes is given.

use super::calls::{Calls, Cause};
use super::derivation::FactId;
use super::scope::{Item, Scopes, units};
use crate::model::{BlockId, BlockKind, Flow, Guarded};
use crate::numeric::distribution::Distribution;
use crate::numeric::interval::Interval;

/// Something that takes time.
pub trait Duration: Clone {
    /// No time at all.
    fn zero() -> Self;
    /// One after the other.
    #[must_use]
    fn then(&self, next: &Self) -> Self;
    /// With this probability, else no time.
    #[must_use]
    fn by_chance(&self, p: f64) -> Self;
    /// So many times, one after the other.
    #[must_use]
    fn times(&self, n: f64) -> Self;
    /// So many times at once.
    #[must_use]
    fn at_once(&self, n: f64) -> Self;
    /// All at once.
    fn all(parts: &[Self]) -> Self;
}

impl Duration for Distribution {
    fn zero() -> Self {
        Distribution::constant(0.0)
    }

    fn then(&self, next: &Self) -> Self {
        Distribution::then(self, next)
    }

    fn by_chance(&self, p: f64) -> Self {
        if p >= 1.0 {
            return self.clone();
        }
        Distribution::mixture(&[(p.max(0.0), self), (1.0 - p.max(0.0), &Self::zero())])
    }

    /// A number that is no whole one lies between its neighbours.
    fn times(&self, n: f64) -> Self {
        if n == 1.0 {
            return self.clone();
        }
        let whole = n.clamp(0.0, f64::from(u32::MAX)).floor();
        let some = self.repeated(whole as u32);
        if n == whole { some } else { some.then(&self.by_chance(n - whole)) }
    }

    fn at_once(&self, n: f64) -> Self {
        if n == 1.0 { self.clone() } else { self.fan_out(n) }
    }

    fn all(parts: &[Self]) -> Self {
        Distribution::greatest(&parts.iter().collect::<Vec<_>>())
    }
}

impl Duration for Interval {
    fn zero() -> Self {
        Interval::exactly(0.0)
    }

    fn then(&self, next: &Self) -> Self {
        Interval::then(*self, *next)
    }

    fn by_chance(&self, p: f64) -> Self {
        if p >= 1.0 { *self } else { self.or(Self::zero()) }
    }

    fn times(&self, n: f64) -> Self {
        self.repeated(n)
    }

    fn at_once(&self, _: f64) -> Self {
        *self
    }

    fn all(parts: &[Self]) -> Self {
        parts.iter().fold(Self::zero(), |longest, part| longest.with(*part))
    }
}

/// A time, or the number that is missing for it.
pub type Timed<T> = Result<T, FactId>;

/// What a walk asks about hops and blocks.
pub trait Answers<T> {
    /// How long a hop takes by itself: on the wire, waiting, at work.
    fn alone(&self, at: usize) -> Timed<T>;
    /// The share of reads of a cache that miss.
    fn miss(&self, at: usize) -> Timed<f64>;
    /// The share of the calls of a hop that a cdn before it lets through.
    fn passed(&self, at: usize) -> f64;
    /// Whether what an `on failure` stands in for is down.
    fn is_down(&self, guarded: Guarded) -> bool;
}

/// The times of every hop of a flow.
pub struct Composed<'f, T, A> {
    flow: &'f Flow,
    calls: &'f Calls,
    /// The call tree.
    pub scopes: &'f Scopes,
    answers: &'f A,
    /// One call of each hop with all that its callee waits for.
    pub once: Vec<Timed<T>>,
}

impl<'f, T: Duration, A: Answers<T>> Composed<'f, T, A> {
    /// Composes the times of a flow from the leaves up.
    pub fn of(flow: &'f Flow, calls: &'f Calls, scopes: &'f Scopes, answers: &'f A) -> Self {
        let once = calls.hops.iter().map(|_| Ok(T::zero())).collect();
        let mut composed = Composed { flow, calls, scopes, answers, once };
        for at in &scopes.order {
            let below = composed.sequence(&scopes.below[*at]);
            composed.once[*at] = match (answers.alone(*at), below) {
                (Ok(alone), Ok(below)) => Ok(alone.then(&below)),
                (Err(missing), _) | (_, Err(missing)) => Err(missing),
            };
        }
        composed
    }

    /// The same from times of hops that are composed already.
    pub fn again(
        flow: &'f Flow,
        calls: &'f Calls,
        scopes: &'f Scopes,
        answers: &'f A,
        once: Vec<Timed<T>>,
    ) -> Self {
        Composed { flow, calls, scopes, answers, once }
    }

    /// The flow as its caller sees it.
    pub fn answer(&self) -> Timed<T> {
        self.sequence(&self.scopes.top)
    }

    /// Items one after the other; those that nobody waits for take no time.
    pub fn sequence(&self, items: &[Item]) -> Timed<T> {
        let mut total: Option<T> = None;
        for unit in units(self.flow, items) {
            if let Some(time) = self.unit(unit)? {
                total = Some(total.map_or_else(|| time.clone(), |t| t.then(&time)));
            }
        }
        Ok(total.unwrap_or_else(T::zero))
    }

    /// A step or block with what answers it; `None` where nobody waits.
    pub fn unit(&self, unit: &[Item]) -> Timed<Option<T>> {
        let Some((first, rest)) = unit.split_first() else { return Ok(None) };
        match first {
            Item::Hop(at) => self.hop(*at, rest),
            Item::Block(id, inner) => {
                let mut time = self.block(*id, inner)?;
                for item in rest {
                    if let Item::Block(id, inner) = item {
                        let answer = self.block(*id, inner)?;
                        time = join(time, answer);
                    }
                }
                Ok(time)
            }
        }
    }

    fn hop(&self, at: usize, answers: &[Item]) -> Timed<Option<T>> {
        let hop = &self.calls.hops[at];
        if !hop.waited {
            return Ok(None);
        }
        let step = self.flow.step(hop.step);
        let is_step = hop.cause == Cause::Step;
        let down =
            is_step && self.answers.is_down(Guarded::Step(hop.step)) && has_alternative(self.flow, answers);
        let mut time = if down { T::zero() } else { self.once[at].clone()? };
        for item in answers {
            let Item::Block(id, inner) = item else { continue };
            if let Some(answer) = self.block(*id, inner)? {
                time = time.then(&answer);
            }
        }
        if hop.cause == Cause::ReadThrough {
            time = time.by_chance(self.answers.miss(at)?);
        }
        time = time.by_chance(self.answers.passed(at));
        if !is_step {
            return Ok(Some(time));
        }
        if let Some(n) = step.props.number("fan_out") {
            time = time.at_once(n);
        }
        for key in ["times", "pages"] {
            if let Some(n) = step.props.number(key) {
                time = time.times(n);
            }
        }
        Ok(Some(match step.props.number("chance") {
            Some(p) => time.by_chance(p),
            None => time,
        }))
    }

    /// A block; `None` where nobody waits.
    pub fn block(&self, id: BlockId, inner: &[Item]) -> Timed<Option<T>> {
        Ok(Some(match &self.flow.block(id).kind {
            BlockKind::Compensate => return Ok(None),
            BlockKind::OnFailure(guarded) if !self.answers.is_down(*guarded) => return Ok(None),
            BlockKind::OnMiss(read) => {
                let miss = self.answers.miss(read.index())?;
                self.sequence(inner)?.by_chance(miss)
            }
            BlockKind::Chance(p) => self.sequence(inner)?.by_chance(p.value()),
            BlockKind::Repeat(n) => self.sequence(inner)?.times(n.value()),
            BlockKind::Parallel => {
                let mut branches = Vec::new();
                for unit in units(self.flow, inner) {
                    branches.extend(self.unit(unit)?);
                }
                T::all(&branches)
            }
            BlockKind::OnFailure(_) | BlockKind::Try | BlockKind::Transaction(_) | BlockKind::Nested(_) => {
                self.sequence(inner)?
            }
        }))
    }
}

fn join<T: Duration>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.then(&b)),
        (a, b) => a.or(b),
    }
}

/// Whether one of the blocks that follow a step stands in for it.
pub fn has_alternative(flow: &Flow, answers: &[Item]) -> bool {
    answers.iter().any(|item| match item {
        Item::Block(id, _) => matches!(flow.block(*id).kind, BlockKind::OnFailure(_)),
        Item::Hop(_) => false,
    })
}
