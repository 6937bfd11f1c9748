//! Numerical kernels: the mathematics of queues, caches, filters, replicas and
//! latencies as plain functions of plain numbers.
//!
//! Arguments and results are in SI base units (seconds, per second, bytes,
//! fractions of 1). The module knows nothing of designs, units or findings; each
//! kernel names its source and the error it is held to.

pub mod bloom;
pub mod cache;
pub mod distribution;
pub mod durability;
pub mod erlang;
pub mod hashing;
pub mod hotspot;
pub mod interval;
pub mod normal;
pub mod packing;
pub mod queueing;
pub mod quorum;
pub mod random;
pub mod reliability;
pub mod retry_storm;
pub mod sensitivity;
#[cfg(test)]
pub mod testing;
pub mod token_bucket;
pub mod visibility;
