//! Consistency models, what implies what, and what survives a partition; isolation of real databases.
//!
//! Data and algebra only. A read is given a down-closed SET of models; a meet is an intersection, a requirement is met
//! when it is contained, and what is incomparable stays incomparable. Quorums, paths and designs live elsewhere.
//! Sources: `catalog/consistency/README.md`.

pub mod isolation;
mod lattice;
mod model;
#[cfg(test)]
mod tests;

pub use isolation::{Anomaly, IsolationLevel, Prevention};
pub use lattice::{Availability, ModelSet, Phenomenon, edges};
pub use model::Model;
