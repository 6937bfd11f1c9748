//! The fault tree and its builder: named events with probabilities, and gates over them.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use thiserror::Error;

use super::arena::{Arena, Formula, Gate, Term};

/// A basic event, or a group of interchangeable replicas, of one [`FaultTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub(super) u32);

impl EventId {
    /// Its position among the events of its tree.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A group of interchangeable, independent replicas; a basic event is a group of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name, as printed.
    pub name: String,
    /// Number of replicas, at least 1.
    pub count: u32,
    /// Probability that one replica is down, 0 to 1.
    pub unavailability: f64,
}

/// Some replicas of a group that is spread over several domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The replicas in this domain.
    pub event: EventId,
    /// What takes all of them down at once, such as `zone or region`; [`Formula::FALSE`] for none.
    pub domain: Formula,
}

/// Why an event was refused.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FaultTreeError {
    /// A probability outside 0 to 1, or not a number.
    #[error("unavailability of `{name}` is {value}, not a probability")]
    NotAProbability {
        /// Name of the event.
        name: String,
        /// What was given.
        value: f64,
    },
    /// A group of no replicas.
    #[error("`{name}` has no replicas")]
    NoReplicas {
        /// Name of the event.
        name: String,
    },
}

/// Events and gates. Gates are shared and simplified as they are built; a gate can only use
/// gates built before it, so that no cycle can arise.
///
/// An event that never fails (unavailability 0) is no event: its formulas are [`Formula::FALSE`].
#[derive(Debug, Clone, Default)]
pub struct FaultTree {
    pub(super) arena: Arena,
    events: Vec<Event>,
}

impl FaultTree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a basic event.
    ///
    /// # Errors
    /// Where `unavailability` is not a probability.
    pub fn event(&mut self, name: impl Into<String>, unavailability: f64) -> Result<EventId, FaultTreeError> {
        self.replicas(name, 1, unavailability)
    }

    /// Adds a group of `count` interchangeable replicas, each down with probability `unavailability`,
    /// independently of all else.
    ///
    /// # Errors
    /// Where `unavailability` is not a probability or `count` is 0.
    pub fn replicas(
        &mut self,
        name: impl Into<String>,
        count: u32,
        unavailability: f64,
    ) -> Result<EventId, FaultTreeError> {
        let name = name.into();
        if !(0.0..=1.0).contains(&unavailability) {
            return Err(FaultTreeError::NotAProbability { name, value: unavailability });
        }
        if count == 0 {
            return Err(FaultTreeError::NoReplicas { name });
        }
        self.events.push(Event { name, count, unavailability });
        Ok(EventId(self.arena.variable(count)))
    }

    /// All events, in the order in which they were added.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events of this tree, in their order.
    pub fn ids(&self) -> impl Iterator<Item = EventId> + use<> {
        (0..self.events.len() as u32).map(EventId)
    }

    /// An event of this tree.
    pub fn get(&self, event: EventId) -> Option<&Event> {
        self.events.get(event.0 as usize)
    }

    /// Whether a gate's variable is this event.
    pub fn is_variable(&self, event: EventId, variable: u32) -> bool {
        event.0 == variable
    }

    /// All replicas of the event are down; for a basic event: it happens.
    pub fn down(&mut self, event: EventId) -> Formula {
        self.at_least_down(event, self.arena.count(event.0))
    }

    /// At least `threshold` replicas of the event are down.
    pub fn at_least_down(&mut self, event: EventId, threshold: u32) -> Formula {
        if threshold > 0 && self.never_fails(event) {
            return Formula::FALSE;
        }
        self.arena.down(event.0, threshold)
    }

    fn never_fails(&self, event: EventId) -> bool {
        self.get(event).is_none_or(|event| event.unavailability == 0.0)
    }

    /// All inputs hold; with none, always.
    pub fn and(&mut self, inputs: impl IntoIterator<Item = Formula>) -> Formula {
        self.arena.and(inputs.into_iter().collect())
    }

    /// Any input holds; with none, never.
    pub fn or(&mut self, inputs: impl IntoIterator<Item = Formula>) -> Formula {
        self.arena.or(inputs.into_iter().collect())
    }

    /// At least `threshold` of the inputs hold; a repeated input counts repeatedly.
    pub fn at_least(&mut self, threshold: u32, inputs: impl IntoIterator<Item = Formula>) -> Formula {
        self.arena.sum(threshold, inputs.into_iter().map(Term::One).collect())
    }

    /// At least `threshold` replicas are down, counting those of a part whose domain is down as down.
    pub fn spread_down(&mut self, parts: &[Part], threshold: u32) -> Formula {
        let mut terms = Vec::with_capacity(parts.len());
        for part in parts {
            if self.never_fails(part.event) {
                let count = self.arena.count(part.event.0) as usize;
                terms.extend(std::iter::repeat_n(Term::One(part.domain), count));
            } else {
                terms.push(Term::Replicas { var: part.event.0, domain: part.domain });
            }
        }
        self.arena.sum(threshold, terms)
    }

    /// Fewer than `needed` of all replicas of the parts are up: a group that `needs` so many has failed.
    pub fn group_fails(&mut self, parts: &[Part], needed: u32) -> Formula {
        let total = parts.iter().fold(0_u32, |sum, part| sum.saturating_add(self.arena.count(part.event.0)));
        if needed == 0 {
            return Formula::FALSE;
        }
        self.spread_down(parts, (total + 1).saturating_sub(needed))
    }

    /// Whether another tree has the same events and gates, under the same numbers.
    pub fn is_same(&self, other: &FaultTree) -> bool {
        self.events == other.events && self.arena.gates() == other.arena.gates()
    }

    /// A number that is equal for trees that are [the same](Self::is_same).
    pub fn fingerprint(&self, top: Formula) -> u64 {
        let mut hasher = FxHasher::default();
        for event in &self.events {
            (&event.name, event.count, event.unavailability.to_bits()).hash(&mut hasher);
        }
        (self.arena.gates(), top).hash(&mut hasher);
        hasher.finish()
    }

    /// The gate behind a formula, for walks over the tree. Variables are numbered like [`Self::events`].
    pub fn gate(&self, formula: Formula) -> &Gate {
        self.arena.gate(formula)
    }
}
