//! What follows from a design: load, capacity, latency, reliability, consistency.
//!
//! Analyses write numbers into one derivation graph and plain facts beside it; they write
//! no sentence for a reader and open no file.

pub mod derivation;
pub mod facts;
mod stub;
pub use derivation::Operation;
pub use stub::*;
pub mod fault_tree;

pub use derivation::{Assumed, AssumptionId, Derivation, Fact, FactId, Unit};
pub use facts::*;
