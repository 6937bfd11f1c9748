//! Filters, caches, hashing, token buckets and bins.

use super::{Body, Function, Parameter, ROW, Takes, parameter};
use crate::numeric::cache::{Eviction, Popularity};
use crate::numeric::packing::least_bins;
use crate::numeric::{bloom, hashing, token_bucket};
use crate::quantity::{Dimension, Quantity, QuantityError};

const ITEMS: Parameter = parameter("items", Takes::Natural);
const FALSE_POSITIVE: Parameter = parameter("false_positive", Takes::Inside);
const NODES: Parameter = parameter("nodes", Takes::Natural);
const TOKENS: Parameter = parameter("tokens", Takes::Number);
const REFILL: Parameter = parameter("refill", Takes::PositiveRate);

const BLOOM: &str = "B. H. Bloom, CACM 13 (1970); L. Fan et al., Summary Cache, 2000";
const CHE: &str = "H. Che, Y. Tung, Z. Wang, IEEE JSAC 20 (2002)";
const MARTINA: &str = "V. Martina, M. Garetto, E. Leonardi, INFOCOM 2014";
const KARGER: &str = "D. Karger et al., STOC 1997";
const TURNER: &str = "J. Turner, IEEE Communications 24(10), 1986";

/// A cache of `cached` of `items` whose popularity follows Zipf's law.
const HIT_RATIO: Function = Function {
    parameters: &[ITEMS, parameter("cached", Takes::Number), parameter("exponent", Takes::Number)],
    ..ROW
};

fn hit_ratio(items: f64, cached: f64, exponent: f64, eviction: Eviction) -> f64 {
    Popularity::zipf(items, exponent).hit_ratio(cached, eviction)
}

/// The least number of bins for items measured like the bin, each at most as large.
fn bins(values: &[Quantity]) -> Result<Quantity, QuantityError> {
    let [bin, items @ ..] = values else { return Ok(Quantity::number(0.0)) };
    let needs = |found: Quantity, needs: &'static str| QuantityError::Range {
        function: "bin_packing_bound",
        needs: needs.into(),
        found,
    };
    if bin.value <= 0.0 {
        return Err(needs(*bin, "a bin above 0"));
    }
    let mut sizes = Vec::with_capacity(items.len());
    for item in items {
        let size = item.divided_by(*bin)?;
        item.expect(bin.dimension)?;
        if !(0.0..=1.0).contains(&size.value) {
            return Err(needs(*item, "items from 0 to the size of the bin"));
        }
        sizes.push((size.value, 1.0));
    }
    Ok(Quantity::number(least_bins(&sizes)))
}

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "bloom_bits",
        parameters: &[ITEMS, FALSE_POSITIVE],
        doc: "the bits of a Bloom filter; times `1 bit` it is a size",
        formula: "⌈-n ln p / ln²2⌉",
        source: BLOOM,
        body: Body::Two(bloom::bits),
        ..ROW
    },
    Function {
        name: "bloom_hashes",
        parameters: &[ITEMS, FALSE_POSITIVE],
        doc: "the best number of hash functions of a Bloom filter of that size",
        formula: "round(m/n · ln 2)",
        source: BLOOM,
        body: Body::Two(|items, p| bloom::hashes(bloom::bits(items, p), items)),
        ..ROW
    },
    Function {
        name: "bloom_false_positive",
        parameters: &[parameter("bits", Takes::Natural), ITEMS, parameter("hashes", Takes::Natural)],
        doc: "how often a Bloom filter reports an item that it does not hold",
        formula: "(1 - e^{-kn/m})ᵏ",
        source: BLOOM,
        body: Body::Three(bloom::false_positive),
        ..ROW
    },
    Function {
        name: "zipf_hit_ratio",
        doc: "the hit ratio of an LRU cache whose items follow Zipf's law",
        formula: "Σ pᵢ(1 - e^{-pᵢT}), Σ (1 - e^{-pᵢT}) = cached",
        source: CHE,
        body: Body::Three(|n, cached, s| hit_ratio(n, cached, s, Eviction::LeastRecentlyUsed)),
        ..HIT_RATIO
    },
    Function {
        name: "fifo_hit_ratio",
        doc: "the hit ratio where the item that came first is dropped",
        formula: "Σ pᵢ·pᵢT/(1 + pᵢT), Σ pᵢT/(1 + pᵢT) = cached",
        source: MARTINA,
        body: Body::Three(|n, cached, s| hit_ratio(n, cached, s, Eviction::FirstIn)),
        ..HIT_RATIO
    },
    Function {
        name: "random_hit_ratio",
        doc: "the hit ratio where any item is dropped; the same as for first in, first out",
        formula: "Σ pᵢ·pᵢT/(1 + pᵢT), Σ pᵢT/(1 + pᵢT) = cached",
        source: MARTINA,
        body: Body::Three(|n, cached, s| hit_ratio(n, cached, s, Eviction::Random)),
        ..HIT_RATIO
    },
    Function {
        name: "lfu_hit_ratio",
        doc: "the share of requests for the most popular items: no policy does better",
        formula: "Σ pᵢ over the first `cached` ranks",
        source: "definition of the static optimum",
        body: Body::Three(|n, cached, s| hit_ratio(n, cached, s, Eviction::LeastFrequentlyUsed)),
        ..HIT_RATIO
    },
    Function {
        name: "ttl_hit_ratio",
        parameters: &[
            ITEMS,
            parameter("exponent", Takes::Number),
            parameter("rate", Takes::Rate),
            parameter("ttl", Takes::Time),
        ],
        doc: "the hit ratio of an unlimited cache whose items expire a fixed time after they were fetched",
        formula: "Σ pᵢ·λpᵢT/(1 + λpᵢT)",
        source: "renewal argument; N. C. Fofack et al., VALUETOOLS 2012",
        body: Body::Four(|n, s, rate, ttl| Popularity::zipf(n, s).ttl_hit_ratio(rate * ttl)),
        ..ROW
    },
    Function {
        name: "consistent_hash_moved",
        parameters: &[NODES],
        doc: "the share of keys that move when one node joins, under consistent hashing",
        formula: "1 / (n + 1)",
        source: KARGER,
        body: Body::One(hashing::moved),
        ..ROW
    },
    Function {
        name: "modulo_hash_moved",
        parameters: &[NODES],
        doc: "the share of keys that move when one node joins, under hash modulo n",
        formula: "n / (n + 1)",
        source: "definition",
        body: Body::One(hashing::moved_by_modulo),
        ..ROW
    },
    Function {
        name: "consistent_hash_spread",
        parameters: &[parameter("virtual_nodes", Takes::Natural)],
        doc: "the standard deviation of a node's share over its mean",
        formula: "1 / √v",
        source: "J. Lamping, E. Veach, arXiv:1406.2294",
        body: Body::One(hashing::spread),
        ..ROW
    },
    Function {
        name: "bounded_load",
        parameters: &[parameter("keys", Takes::Number), NODES, parameter("factor", Takes::Positive)],
        doc: "the most keys that a node holds under consistent hashing with bounded loads",
        formula: "⌈c · keys / n⌉",
        source: "V. Mirrokni, M. Thorup, M. Zadimoghaddam, 2016",
        body: Body::Three(hashing::bounded_load),
        ..ROW
    },
    Function {
        name: "token_bucket_burst",
        parameters: &[TOKENS, parameter("load", Takes::Rate), parameter("refill", Takes::Rate)],
        result: Some(Dimension::TIME),
        doc: "how long a full bucket carries a load above its refill",
        formula: "tokens / (load - refill)",
        source: TURNER,
        undefined: "the load does not exceed the refill, so the bucket never empties",
        body: Body::Three(token_bucket::burst_duration),
        ..ROW
    },
    Function {
        name: "token_bucket_refill",
        parameters: &[TOKENS, REFILL],
        result: Some(Dimension::TIME),
        doc: "how long an empty bucket takes to fill",
        formula: "tokens / refill",
        source: TURNER,
        body: Body::Two(token_bucket::refill_time),
        ..ROW
    },
    Function {
        name: "token_bucket_admitted",
        parameters: &[TOKENS, REFILL, parameter("window", Takes::Time)],
        doc: "the most requests that are admitted within a window",
        formula: "tokens + refill · window",
        source: TURNER,
        body: Body::Three(token_bucket::admitted),
        ..ROW
    },
    Function {
        name: "bin_packing_bound",
        parameters: &[parameter("bin", Takes::Any), parameter("item", Takes::Any)],
        repeats: true,
        doc: "a lower bound on the bins that hold items of these sizes, all measured alike",
        formula: "the bound L₂, at least ⌈Σ items / bin⌉",
        source: "S. Martello, P. Toth, Knapsack Problems, 1990, section 8.3",
        body: Body::Quantities(bins),
        ..ROW
    },
];
