//! Queues with `c` servers: waiting, response and numbers in the system, and Gunther's
//! law of scalability.
//!
//! Sources: D. Gross, C. M. Harris, Fundamentals of Queueing Theory (M/M/c);
//! A. O. Allen, Probability, Statistics and Queueing Theory (Allen–Cunneen);
//! N. J. Gunther, Guerrilla Capacity Planning (USL).

use super::erlang;
use crate::math;

/// An M/M/c queue: Poisson arrivals, exponential service, one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    /// Arrivals per second.
    pub arrival: f64,
    /// Mean service time in seconds; above 0.
    pub service: f64,
    /// Servers; at least 1.
    pub servers: u64,
}

/// How long a request waits before it is served: not at all, or for an exponential time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// The probability of waiting at all.
    pub probability: f64,
    /// The mean wait in seconds of those who wait.
    pub mean_if_waiting: f64,
}

impl Waiting {
    /// The mean wait in seconds over all requests.
    pub fn mean(self) -> f64 {
        self.probability * self.mean_if_waiting
    }

    /// The wait in seconds that the share `q` of the requests does not exceed.
    pub fn quantile(self, q: f64) -> f64 {
        if 1.0 - q >= self.probability {
            return 0.0;
        }
        self.mean_if_waiting * math::ln(self.probability / (1.0 - q))
    }

    /// Allen and Cunneen's approximation for general arrivals and services: the wait grows by
    /// (ca² + cs²)/2, of the squared coefficients of variation. Exact for M/M/c and M/G/1 in the mean.
    #[must_use]
    pub fn with_variability(self, arrival_cv2: f64, service_cv2: f64) -> Waiting {
        Waiting { mean_if_waiting: self.mean_if_waiting * f64::midpoint(arrival_cv2, service_cv2), ..self }
    }
}

impl Mmc {
    /// Offered load in Erlangs: the mean number of busy servers.
    pub fn offered(self) -> f64 {
        self.arrival * self.service
    }

    /// Utilization of the servers; from 1 on the queue grows without end.
    pub fn utilization(self) -> f64 {
        self.offered() / self.servers as f64
    }

    /// The waiting time; `None` where the queue is not stable.
    pub fn waiting(self) -> Option<Waiting> {
        let spare = self.servers as f64 / self.service - self.arrival;
        (spare > 0.0).then(|| Waiting {
            probability: erlang::waiting_probability(self.servers, self.offered()),
            mean_if_waiting: 1.0 / spare,
        })
    }

    /// Mean time in seconds from arrival to the end of service; `None` where not stable.
    pub fn mean_response(self) -> Option<f64> {
        Some(self.waiting()?.mean() + self.service)
    }

    /// Mean number waiting; `None` where not stable.
    pub fn in_queue(self) -> Option<f64> {
        Some(self.arrival * self.waiting()?.mean())
    }

    /// Mean number waiting or served; `None` where not stable.
    pub fn in_system(self) -> Option<f64> {
        Some(self.arrival * self.mean_response()?)
    }

    /// The probability that a response takes longer than `t` seconds; `None` where not stable.
    pub fn response_exceeds(self, t: f64) -> Option<f64> {
        let waiting = self.waiting()?;
        let (served, freed) = (1.0 / self.service, 1.0 / waiting.mean_if_waiting);
        let direct = math::exp(-served * t);
        let gap = (freed - served) * t;
        // (e^{-μt} - e^{-θt}) / (θ - μ), also where the two rates are equal.
        let between = if gap == 0.0 { t * direct } else { -math::exp_m1(-gap) / gap * t * direct };
        // Wait and service of those who wait: P(W + S > t) = (θe^{-μt} - μe^{-θt}) / (θ - μ).
        let waited = direct + served * between;
        Some((1.0 - waiting.probability) * direct + waiting.probability * waited)
    }

    /// The response time in seconds that the share `q` of the requests does not exceed, to about
    /// 1 part in 10¹²; `None` where not stable.
    pub fn response_quantile(self, q: f64) -> Option<f64> {
        let tail = 1.0 - q;
        let (mut low, mut high) = (0.0, self.service);
        while self.response_exceeds(high)? > tail && high < 1e300 {
            high *= 2.0;
        }
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if self.response_exceeds(middle)? > tail { low = middle } else { high = middle }
        }
        Some(f64::midpoint(low, high))
    }
}

/// Gunther's Universal Scalability Law: throughput of `n` nodes as a multiple of one node's, with
/// contention `alpha` and coherency `beta`: n / (1 + α(n-1) + βn(n-1)).
pub fn usl(n: f64, alpha: f64, beta: f64) -> f64 {
    n / (1.0 + alpha * (n - 1.0) + beta * n * (n - 1.0))
}

/// The number of nodes at which the Universal Scalability Law peaks, √((1-α)/β); infinite without
/// coherency cost.
pub fn usl_peak(alpha: f64, beta: f64) -> f64 {
    math::sqrt((1.0 - alpha) / beta)
}

/// The probability of exactly `n` in an M/M/c system (Gross and Harris, section 2.3); `None` where the
/// queue is not stable.
///
/// Written from p(c) = C(1-ρ) downwards, which needs no normalising sum; where practically nobody
/// waits the number is Poisson.
pub fn number_in_system(n: u64, servers: u64, offered: f64) -> Option<f64> {
    let load = offered / servers as f64;
    if servers == 0 || load >= 1.0 {
        return None;
    }
    if offered <= 0.0 {
        return Some(if n == 0 { 1.0 } else { 0.0 });
    }
    let log_ratio = |from: u64, to: u64| {
        let (a, b) = (from as f64, to as f64);
        math::ln_gamma(b + 1.0) - math::ln_gamma(a + 1.0) - (b - a) * math::ln(offered)
    };
    let waits = erlang::waiting_probability(servers, offered);
    if waits == 0.0 {
        return Some(math::exp(-offered - log_ratio(0, n)));
    }
    let all_busy = waits * (1.0 - load);
    if n >= servers {
        return Some(all_busy * math::exp((n - servers) as f64 * math::ln(load)));
    }
    if servers - n > PRODUCT_LENGTH {
        return Some(all_busy * math::exp(log_ratio(n, servers)));
    }
    Some((n + 1..=servers).rev().fold(all_busy, |p, k| p * (k as f64 / offered)))
}

/// Up to this many factors are multiplied; beyond it logarithms are as accurate and faster.
const PRODUCT_LENGTH: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::testing::assert_close;

    /// Case `mm1-bronson-23.3` (Bronson 1982, ex. 23.3).
    #[test]
    fn single_server_of_bronson() {
        let queue = Mmc { arrival: 24.0, service: 1.0 / 30.0, servers: 1 };
        assert_close(queue.in_system().unwrap(), 4.0, 1e-12);
        assert_close(queue.mean_response().unwrap(), 1.0 / 6.0, 1e-12);
        assert_close(number_in_system(0, 1, queue.offered()).unwrap(), 0.2, 1e-12);
        assert_eq!(number_in_system(0, 1, 1.0), None);
    }

    /// Case `mm1-bronson-23.14` (Bronson 1982, ex. 23.14), in minutes.
    #[test]
    fn second_single_server_of_bronson() {
        let queue = Mmc { arrival: 0.5, service: 1.5, servers: 1 };
        assert_close(queue.in_queue().unwrap(), 2.25, 1e-12);
        assert_close(queue.waiting().unwrap().mean(), 4.5, 1e-12);
        assert_close(number_in_system(0, 1, queue.offered()).unwrap(), 0.25, 1e-12);
    }

    /// Cases `mm3-pdq` and `mm1-pdq` (PDQ demos mmm.R and mm1.R; closed forms).
    #[test]
    fn queues_of_pdq() {
        let three = Mmc { arrival: 2.0, service: 1.0, servers: 3 };
        assert_close(three.waiting().unwrap().probability, 4.0 / 9.0, 1e-13);
        assert_close(three.waiting().unwrap().mean(), 4.0 / 9.0, 1e-13);
        assert_close(three.mean_response().unwrap(), 13.0 / 9.0, 1e-13);
        assert_close(three.in_system().unwrap(), 26.0 / 9.0, 1e-13);
        let one = Mmc { arrival: 75.0, service: 0.01, servers: 1 };
        assert_close(one.mean_response().unwrap(), 0.04, 1e-12);
        assert_close(one.in_system().unwrap(), 3.0, 1e-12);
        assert_close(one.utilization(), 0.75, 1e-15);
    }

    /// Cases `ggm-MD1-rho.8`, `ggm-MH21-cv2=4-rho.8`, `ggm-E2M1-rho.8` and `ggm-ME23-rho.8`, in this order: simulated
    /// waits, each with the tolerance stated beside it in the case.
    #[test]
    fn general_services_by_allen_and_cunneen() {
        let wait = |servers, arrival_cv2, service_cv2| {
            let arrival = 0.8 * servers as f64;
            let queue = Mmc { arrival, service: 1.0, servers };
            queue.waiting().unwrap().with_variability(arrival_cv2, service_cv2).mean()
        };
        assert_close(wait(1, 1.0, 0.0), 1.9994, 0.02);
        assert_close(wait(1, 1.0, 4.0), 9.9873, 0.03);
        assert_close(wait(1, 0.5, 1.0), 2.841, 0.08);
        assert_close(wait(3, 1.0, 0.5), 0.815, 0.03);
    }

    #[test]
    fn probabilities_of_the_number_sum_to_one() {
        for (servers, offered) in [(1, 0.5), (3, 2.0), (40, 39.0), (200, 10.0), (20_000, 19_990.0)] {
            let sum: f64 = (0..60_000).map(|n| number_in_system(n, servers, offered).unwrap()).sum();
            let cut =
                if servers == 20_000 { crate::math::powi(offered / servers as f64, 40_000) } else { 0.0 };
            assert!((sum + cut - 1.0).abs() < 1e-9, "{servers} {offered}: {sum}");
        }
    }

    /// M/M/1: the response is exponential with the rate μ - λ. Elsewhere the mean is the integral of the tail.
    #[test]
    fn response_times_have_the_right_law() {
        let one = Mmc { arrival: 75.0, service: 0.01, servers: 1 };
        for q in [0.5, 0.95, 0.99, 0.999] {
            assert_close(one.response_quantile(q).unwrap(), -0.04 * crate::math::ln_1p(-q), 1e-9);
        }
        // c = 2, λ = μ: θ = 2μ - λ = μ, the double root.
        for queue in
            [Mmc { arrival: 1.0, service: 1.0, servers: 2 }, Mmc { arrival: 2.0, service: 1.0, servers: 3 }]
        {
            let step = 1e-3;
            let integral: f64 = (0..60_000)
                .map(|i| queue.response_exceeds((f64::from(i) + 0.5) * step).unwrap() * step)
                .sum();
            assert_close(integral, queue.mean_response().unwrap(), 1e-6);
        }
    }

    #[test]
    fn waits_by_percentile() {
        let wait = Mmc { arrival: 2.0, service: 1.0, servers: 3 }.waiting().unwrap();
        assert_eq!(wait.quantile(0.5), 0.0);
        // P(W > t) = C e^{-(cμ-λ)t}.
        assert_close(wait.quantile(0.99), crate::math::ln(4.0 / 9.0 / 0.01), 1e-12);
        assert_eq!(Mmc { arrival: 3.0, service: 1.0, servers: 3 }.waiting(), None);
    }

    /// Case `usl-specsdm91` (coefficients of the usl package's SPEC SDM91 data): peak at 96.5 users.
    #[test]
    fn scalability_peaks_where_published() {
        let (alpha, beta, one) = (0.027_728_5, 0.000_104_4, 89.995_233);
        assert!((usl_peak(alpha, beta) - 96.5).abs() < 0.05);
        assert_close(one * usl(usl_peak(alpha, beta), alpha, beta), 1883.8, 1e-4);
        assert_eq!(usl(1.0, alpha, beta), 1.0);
        assert_eq!(usl_peak(alpha, 0.0), f64::INFINITY);
    }
}
