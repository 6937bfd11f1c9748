//! What a server faces when it is back after an outage, while all that failed is tried again.
//!
//! Calls arrive evenly, each is tried so often, and a caller that has waited longer than its patience tries again
//! while the server still works on what it asked before. A server that is behind by more than that patience does
//! nothing but late work, and every call becomes all of its attempts: where that is more than it can serve, the
//! overload keeps itself up after its cause is gone. Sources: Site Reliability Engineering (2016), chapter 22;
//! N. Bronson and others, Metastable Failures in Distributed Systems, HotOS 2021.

/// A server and its callers; rates per second, times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryStorm {
    /// Calls, each counted once.
    pub arrivals: f64,
    /// What the server can serve.
    pub capacity: f64,
    /// Attempts that a call becomes while every one of them fails.
    pub attempts: f64,
    /// Calls that failed during the outage and come again after it, at the worst all at once.
    pub backlog: f64,
    /// How many of them the server has before it at once: what their callers can hold open.
    pub at_once: f64,
    /// How long a caller waits for one attempt.
    pub patience: f64,
}

/// How it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Every attempt of every call can be served: it is never overloaded.
    Absorbed,
    /// It is behind, but by less than callers wait: nobody tries again, and the backlog drains.
    Drained,
    /// It can be behind by more than callers wait, and then their attempts are more than it serves.
    Sustained,
}

impl Course {
    /// As in the report.
    pub fn word(self) -> &'static str {
        match self {
            Course::Absorbed => "absorbed",
            Course::Drained => "drained",
            Course::Sustained => "sustained",
        }
    }
}

impl RetryStorm {
    /// What is asked of the server over what it can serve, while everything is tried as often as it may be.
    pub fn utilization(&self) -> f64 {
        self.arrivals * self.attempts / self.capacity
    }

    /// The longest wait for an answer after the outage, in seconds.
    pub fn wait(&self) -> f64 {
        self.backlog.min(self.at_once) / self.capacity
    }

    /// How it goes on.
    pub fn course(&self) -> Course {
        if self.utilization() <= 1.0 {
            Course::Absorbed
        } else if self.wait() <= self.patience && self.arrivals < self.capacity {
            Course::Drained
        } else {
            Course::Sustained
        }
    }

    /// Seconds until nothing of the outage is left, at most; infinite where it may keep itself up.
    ///
    /// A backlog that nobody gives up waiting for drains by what is free; one that is tried again drains by what all
    /// attempts of all calls leave free.
    pub fn time(&self) -> f64 {
        let drains = |backlog: f64, load: f64| {
            let free = self.capacity - load;
            if free > 0.0 { backlog / free } else { f64::INFINITY }
        };
        match self.course() {
            Course::Sustained => f64::INFINITY,
            _ if self.wait() <= self.patience => drains(self.backlog, self.arrivals),
            _ => drains(self.backlog * self.attempts, self.arrivals * self.attempts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Rng;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// A run of the same thing, call by call: a server that works on one attempt after another in the order in which
    /// they came, and is down at first. Times are in microseconds.
    #[derive(Clone, Copy, Debug)]
    struct Run {
        gap: u64,
        service: u64,
        attempts: u32,
        patience: u64,
        outage: u64,
        until: u64,
        /// When nothing arrives.
        pause: (u64, u64),
    }

    impl Run {
        /// When the last attempt was made that was answered too late, and whether it goes on like that.
        fn late(&self) -> (u64, bool) {
            let arrives = |at: &u64| *at < self.pause.0 || *at >= self.pause.1;
            let first = (0..self.until / self.gap).map(|k| k * self.gap).filter(arrives);
            let mut attempts: BinaryHeap<Reverse<(u64, u32)>> = first.map(|at| Reverse((at, 1))).collect();
            let (mut free, mut last) = (0, 0);
            while let Some(Reverse((at, attempt))) = attempts.pop() {
                if at >= self.until {
                    break;
                }
                if at >= self.outage {
                    free = free.max(at) + self.service;
                    if free - at <= self.patience {
                        continue;
                    }
                    last = at;
                }
                if attempt < self.attempts {
                    attempts.push(Reverse((at + self.patience, attempt + 1)));
                }
            }
            (last, last + 4 * self.patience > self.until)
        }

        fn storm(&self) -> RetryStorm {
            let arrivals = 1e6 / self.gap as f64;
            let patience = self.patience as f64 / 1e6;
            RetryStorm {
                arrivals,
                capacity: 1e6 / self.service as f64,
                attempts: f64::from(self.attempts),
                // All but the last attempt of what arrived while it was down come again.
                backlog: arrivals * f64::from(self.attempts - 1) * patience,
                at_once: f64::INFINITY,
                patience,
            }
        }
    }

    #[test]
    fn a_run_call_by_call_is_over_within_the_time() {
        let mut rng = Rng::new(7);
        let (mut over, mut sustained) = (0, 0);
        for _ in 0..300 {
            let service = 500 + rng.below(2_000) as u64;
            let gap = (service as f64 * (1.05 + rng.between() * 3.0)) as u64;
            let attempts = 1 + rng.below(4) as u32;
            let patience = service * (3 + rng.below(60) as u64);
            let outage = patience * u64::from(attempts + 2);
            let until = outage + 400 * patience;
            let run = Run { gap, service, attempts, patience, outage, until, pause: (0, 0) };
            let storm = run.storm();
            let (last, goes_on) = run.late();
            if goes_on {
                sustained += 1;
                assert_eq!(storm.course(), Course::Sustained, "{run:?}");
            } else if storm.time().is_finite() {
                over += 1;
                // What was waited for when it came back is tried again within one patience; calls are whole.
                let slack = storm.patience + 2.0 * service as f64 / 1e6;
                let bound = outage as f64 / 1e6 + storm.time() + slack;
                assert!(last as f64 / 1e6 <= bound, "{run:?}: late at {last} µs, after {bound} s");
            }
        }
        assert!(over > 50 && sustained > 20, "{over} {sustained}");
    }

    #[test]
    fn what_keeps_itself_up_ends_when_the_load_falls_for_a_while() {
        // 800/s of 1000/s with four attempts of 20 ms: 3200/s are asked for, long after the outage.
        let (gap, service, patience) = (1_250, 1_000, 20_000);
        let forever =
            Run { gap, service, attempts: 4, patience, outage: 1_000_000, until: 60_000_000, pause: (0, 0) };
        assert_eq!(forever.storm().course(), Course::Sustained);
        assert_eq!(forever.storm().time(), f64::INFINITY);
        assert!(forever.late().1);
        let relieved = Run { pause: (10_000_000, 35_000_000), ..forever };
        assert!(!relieved.late().1);
        // With one retry and a quarter of the load all attempts are served.
        let absorbed = Run { attempts: 2, gap: 4 * gap, ..forever };
        assert_eq!(absorbed.storm().course(), Course::Absorbed);
        assert!(!absorbed.late().1);
    }

    /// By hand: 100/s of 150/s, three attempts, 40 calls come again, and a caller waits 1 s: 40 / 150 s of waiting, and
    /// 40 / (150 - 100) s until they are served. With 10 of them at once as long, but a wait of 10 / 150 s only.
    #[test]
    fn a_backlog_within_the_patience_drains() {
        let storm = RetryStorm {
            arrivals: 100.0,
            capacity: 150.0,
            attempts: 3.0,
            backlog: 40.0,
            at_once: f64::INFINITY,
            patience: 1.0,
        };
        assert_eq!(storm.course(), Course::Drained);
        assert!((storm.wait() / (40.0 / 150.0) - 1.0).abs() < 1e-12);
        assert!((storm.time() / 0.8 - 1.0).abs() < 1e-12);
        let held = RetryStorm { at_once: 10.0, patience: 0.1, ..storm };
        assert_eq!(held.course(), Course::Drained);
        assert_eq!(RetryStorm { patience: 0.1, ..storm }.course(), Course::Sustained);
    }
}
