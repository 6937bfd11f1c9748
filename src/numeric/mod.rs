//! Numerical kernels: the mathematics of queues, caches, filters, replicas and
//! latencies as plain functions of plain numbers.
//!
//! Arguments and results are in SI base units (seconds, per second, bytes,
//! fractions of 1). The module knows nothing of designs, units or findings; each
//! kernel names its source and the error it is held to.

pub mod normal;
