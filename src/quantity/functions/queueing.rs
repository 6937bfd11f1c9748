//! Queues, concurrency and scaling.

use super::{Body, Function, Parameter, ROW, Takes, UNSTABLE, optional, parameter};
use crate::numeric::queueing::{self, Mmc};
use crate::numeric::{erlang, reliability};
use crate::quantity::{Dimension, Quantity};

const SERVERS: Parameter = parameter("servers", Takes::Servers);
const OFFERED: Parameter = parameter("offered", Takes::Number);
const ARRIVAL: Parameter = parameter("arrival", Takes::Rate);
const SERVICE: Parameter = parameter("service_time", Takes::Time);
const QUANTILE: Parameter = parameter("quantile", Takes::Inside);

const ERLANG: &str = "A. K. Erlang 1917; R. B. Cooper, Introduction to Queueing Theory, 1981";
const GROSS: &str = "D. Gross, C. M. Harris, Fundamentals of Queueing Theory, section 2.3";
const GUNTHER: &str = "N. J. Gunther, Guerrilla Capacity Planning, 2007";

const TIME: Function = Function { result: Some(Dimension::TIME), source: GROSS, undefined: UNSTABLE, ..ROW };

fn queue(servers: f64, arrival: f64, service: f64) -> Mmc {
    Mmc { arrival, service, servers: servers as u64 }
}

/// The wait of a queue as a number; not a number where it is not stable.
fn wait(queue: Mmc, read: impl Fn(queueing::Waiting) -> f64) -> f64 {
    queue.waiting().map_or(f64::NAN, read)
}

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "erlang_b",
        parameters: &[SERVERS, OFFERED],
        doc: "the share of calls that find all servers busy and are lost",
        formula: "B(n) = aB(n-1) / (n + aB(n-1)), B(0) = 1",
        source: ERLANG,
        body: Body::Two(|servers, offered| erlang::loss_probability(servers as u64, offered)),
        ..ROW
    },
    Function {
        name: "erlang_c",
        parameters: &[SERVERS, OFFERED],
        doc: "the share of calls that have to wait; all of them where the load reaches the servers",
        formula: "C = B / (1 - ρ(1 - B)), ρ = offered / servers",
        source: ERLANG,
        body: Body::Two(|servers, offered| erlang::waiting_probability(servers as u64, offered)),
        ..ROW
    },
    Function {
        name: "offered_load",
        parameters: &[SERVERS, parameter("loss", Takes::Inside)],
        doc: "the load in Erlangs that the servers carry with this share lost",
        formula: "the inverse of erlang_b",
        undefined: "a loss below 1e-15 cannot be told from none",
        source: ERLANG,
        body: Body::Two(|servers, loss| erlang::offered_load(servers as u64, loss)),
        ..ROW
    },
    Function {
        name: "mm1_wait",
        parameters: &[ARRIVAL, SERVICE],
        doc: "the mean wait before service with one server",
        formula: "ρS / (1 - ρ), ρ = λS",
        body: Body::Two(|arrival, service| wait(queue(1.0, arrival, service), queueing::Waiting::mean)),
        ..TIME
    },
    Function {
        name: "mmc_wait",
        parameters: &[SERVERS, ARRIVAL, SERVICE],
        doc: "the mean wait before service with several servers and one line",
        formula: "C / (c/S - λ)",
        body: Body::Three(|servers, arrival, service| {
            wait(queue(servers, arrival, service), queueing::Waiting::mean)
        }),
        ..TIME
    },
    Function {
        name: "mmc_wait_quantile",
        parameters: &[SERVERS, ARRIVAL, SERVICE, QUANTILE],
        doc: "the wait that this share of the requests does not exceed",
        formula: "ln(C / (1 - q)) / (c/S - λ), at least 0",
        body: Body::Four(|servers, arrival, service, q| {
            wait(queue(servers, arrival, service), |waiting| waiting.quantile(q))
        }),
        ..TIME
    },
    Function {
        name: "mmc_response",
        parameters: &[SERVERS, ARRIVAL, SERVICE],
        doc: "the mean time from arrival to the end of service",
        formula: "S + C / (c/S - λ)",
        body: Body::Three(|servers, arrival, service| {
            queue(servers, arrival, service).mean_response().unwrap_or(f64::NAN)
        }),
        ..TIME
    },
    Function {
        name: "mmc_response_quantile",
        parameters: &[SERVERS, ARRIVAL, SERVICE, QUANTILE],
        doc: "the response time that this share of the requests does not exceed",
        formula: "P(T > t) = (1-C)e^{-μt} + C(θe^{-μt} - μe^{-θt})/(θ-μ), θ = cμ - λ, solved for t",
        body: Body::Four(|servers, arrival, service, q| {
            queue(servers, arrival, service).response_quantile(q).unwrap_or(f64::NAN)
        }),
        ..TIME
    },
    Function {
        name: "allen_cunneen_wait",
        parameters: &[
            SERVERS,
            ARRIVAL,
            SERVICE,
            parameter("arrival_cv2", Takes::Number),
            parameter("service_cv2", Takes::Number),
        ],
        doc: "the mean wait with arrivals and services of other variability: an approximation",
        formula: "mmc_wait · (ca² + cs²) / 2",
        source: "A. O. Allen, Probability, Statistics and Queueing Theory, 2nd ed. 1990",
        body: Body::Five(|servers, arrival, service, arrival_cv2, service_cv2| {
            wait(queue(servers, arrival, service), |waiting| {
                waiting.with_variability(arrival_cv2, service_cv2).mean()
            })
        }),
        ..TIME
    },
    Function {
        name: "mmc_p",
        parameters: &[parameter("n", Takes::Whole), SERVERS, OFFERED],
        doc: "the probability of exactly n waiting or served",
        formula: "p(c) = C(1 - ρ), p(n) = p(n+1)(n+1)/a below c, p(c)ρⁿ⁻ᶜ above",
        source: GROSS,
        undefined: UNSTABLE,
        body: Body::Three(|n, servers, offered| {
            queueing::number_in_system(n as u64, servers as u64, offered).unwrap_or(f64::NAN)
        }),
        ..ROW
    },
    Function {
        name: "littles_law",
        parameters: &[parameter("rate", Takes::Rate), parameter("time", Takes::Time)],
        doc: "how many are inside at once",
        formula: "L = λW",
        source: "J. D. C. Little, Operations Research 9 (1961)",
        body: Body::Two(|rate, time| rate * time),
        ..ROW
    },
    Function {
        name: "usl",
        parameters: &[
            parameter("nodes", Takes::Positive),
            parameter("contention", Takes::Share),
            parameter("coherency", Takes::Share),
            optional("one", Takes::Any, 1.0),
        ],
        result: None,
        doc: "the throughput of so many nodes, as a multiple of one node's, or of `one`",
        formula: "λn / (1 + α(n-1) + βn(n-1))",
        source: GUNTHER,
        body: Body::Quantities(|values| match values {
            [n, alpha, beta, one] => {
                Quantity::number(queueing::usl(n.value, alpha.value, beta.value)).times(*one)
            }
            _ => Ok(Quantity::number(0.0)),
        }),
        ..ROW
    },
    Function {
        name: "usl_peak",
        parameters: &[parameter("contention", Takes::Share), parameter("coherency", Takes::Share)],
        doc: "the number of nodes beyond which throughput falls",
        formula: "√((1 - α) / β)",
        source: GUNTHER,
        undefined: "without coherency cost throughput never falls",
        body: Body::Two(queueing::usl_peak),
        ..ROW
    },
    Function {
        name: "tail_at_scale",
        parameters: &[parameter("calls", Takes::Number), parameter("slow", Takes::Share)],
        doc: "the share of requests that meet at least one slow call of so many at once",
        formula: "1 - (1 - p)ⁿ",
        source: "J. Dean, L. A. Barroso, The Tail at Scale, CACM 56(2), 2013",
        body: Body::Two(reliability::tail_at_scale),
        ..ROW
    },
    Function {
        name: "required_quantile",
        parameters: &[parameter("calls", Takes::Positive), parameter("target", Takes::Share)],
        doc: "the quantile that each of so many calls at once must meet so that all meet the target",
        formula: "target^(1/n)",
        source: "inverse of tail_at_scale",
        body: Body::Two(reliability::required_quantile),
        ..ROW
    },
];
