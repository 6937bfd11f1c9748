//! Hard bounds: the least and the most that something can take.
//!
//! Source: interval arithmetic as in the latency analysis of AADL (OSATE).

/// A value known to lie between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound; not below `low`.
    pub high: f64,
}

impl Interval {
    /// Between these two, in either order.
    pub fn between(a: f64, b: f64) -> Interval {
        Interval { low: a.min(b), high: a.max(b) }
    }

    /// Exactly this.
    pub fn exactly(value: f64) -> Interval {
        Interval { low: value, high: value }
    }

    /// One after the other.
    #[must_use]
    pub fn then(self, next: Interval) -> Interval {
        Interval { low: self.low + next.low, high: self.high + next.high }
    }

    /// `n` times one after the other; `n` not negative.
    #[must_use]
    pub fn repeated(self, n: f64) -> Interval {
        Interval { low: self.low * n, high: self.high * n }
    }

    /// One or the other.
    #[must_use]
    pub fn or(self, other: Interval) -> Interval {
        Interval { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Both at once, done when the last is done.
    #[must_use]
    pub fn with(self, other: Interval) -> Interval {
        Interval { low: self.low.max(other.low), high: self.high.max(other.high) }
    }

    /// The wait behind at most `length` others, each served within `each` seconds: none if the queue is empty.
    pub fn queue(length: f64, each: f64) -> Interval {
        Interval { low: 0.0, high: length * each }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case `osate-latency-queuing` (OSATE2 queuing.aadl, QueuingTest.java), in milliseconds: a queue of
    /// one, none, one emptied every 10 ms, and a data port.
    #[test]
    fn queues_of_osate() {
        let (source, sink) = (Interval::between(1.0, 2.0), Interval::between(1.0, 2.0));
        let through = |length, each| source.then(Interval::queue(length, each)).then(sink);
        assert_eq!(through(1.0, sink.high), Interval { low: 2.0, high: 6.0 });
        assert_eq!(through(0.0, sink.high), Interval { low: 2.0, high: 4.0 });
        assert_eq!(through(1.0, 10.0), Interval { low: 2.0, high: 14.0 });
        assert_eq!(through(1.0, sink.high), Interval { low: 2.0, high: 6.0 });
    }

    #[test]
    fn branches_and_maxima() {
        let (a, b) = (Interval::between(3.0, 1.0), Interval::exactly(2.0));
        assert_eq!(a.or(b), Interval { low: 1.0, high: 3.0 });
        assert_eq!(a.with(b), Interval { low: 2.0, high: 3.0 });
        assert_eq!(a.repeated(3.0), Interval { low: 3.0, high: 9.0 });
    }
}
