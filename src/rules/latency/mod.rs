//! The family `LAT`: latency targets, timeouts and deadlines.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
