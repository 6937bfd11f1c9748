//! Real technologies against what their makers publish, and laws that hold for every path.

mod anomalies;
mod durability;
mod laws;
mod messages;
mod paths;
mod promises;

use crate::analysis::facts::Read;
use crate::analysis::tests::base;

/// The reads of the first flow of a design.
fn reads(text: &str) -> Vec<Read> {
    base(text).flows.into_iter().next().map(|flow| flow.reads).unwrap_or_default()
}

/// The only read of the first flow of a design.
fn read(text: &str) -> Read {
    let mut all = reads(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn provided(read: &Read) -> String {
    read.provided.as_ref().map_or_else(|| format!("needs {:?}", read.needs), |levels| levels.join(" and "))
}

fn correctness(text: &str) -> super::Correctness {
    base(text).correctness
}
